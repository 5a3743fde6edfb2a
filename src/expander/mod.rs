//! From syntax to the core language.

pub mod core;
