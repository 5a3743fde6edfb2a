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
//! expand      the machine
//! body        definitions among expressions
//! forms_*     the core forms, by family
//! quasi       quasiquote and quasisyntax
//! library     modules
//! import      import and define-library
//! stdlib      the libraries that come with the program
//! show        units as text
//! core        the core language
//! ```

mod body;
pub mod context;
pub mod convert;
pub mod core;
pub mod core_form;
pub mod env;
pub mod expand;
mod forms_cond;
mod forms_control;
mod forms_core;
mod forms_define;
mod forms_lambda;
mod forms_let;
mod forms_module;
mod forms_source;
mod forms_syntax;
pub mod import;
pub mod library;
pub mod pattern;
pub mod procedural;
mod quasi;
pub mod rules;
pub mod shared;
pub mod show;
pub mod stdlib;
pub mod syntax;
pub mod template;

#[cfg(test)]
mod forms_tests;
#[cfg(test)]
mod tests;
