//! From syntax to the core language.
//!
//! ```text
//! syntax      syntax objects: data whose identifiers know their marks and spans
//! convert     between text, data and syntax objects
//! env         what identifiers mean: marks, environments, bindings
//! core_form   the names of the core forms
//! context     what all passes work with
//! pattern     patterns of macros: compiled once, matched against forms
//! template    templates of macros: compiled once, instantiated with what was matched
//! rules       syntax-rules
//! procedural  what syntax-case, syntax and the procedures on syntax objects stand on
//! library     modules
//! core        the core language
//! ```

pub mod context;
pub mod convert;
pub mod core;
pub mod core_form;
pub mod env;
pub mod library;
pub mod pattern;
pub mod procedural;
pub mod rules;
pub mod syntax;
pub mod template;

#[cfg(test)]
mod tests;
