//! The builtin procedures, a table for each subject.

pub mod bytevectors;
pub mod chars;
pub mod conditions;
pub mod control;
pub mod cxr;
pub mod declare;
pub mod equivalence;
// pub mod evaluation;
pub mod functions;
pub mod integers;
pub mod lists;
pub mod numbers;
pub mod objects;
pub mod procedures;
pub mod strings;
pub mod symbols;
pub mod system;
pub mod vectors;

use crate::vm::builtin::Row;

/// All tables: what is listed here exists, and nothing else lists builtins.
pub fn tables() -> [&'static [Row]; 17] {
    [
        bytevectors::BYTEVECTORS,
        chars::CHARS,
        conditions::CONDITIONS,
        control::CONTROL,
        control::STATE,
        cxr::CXR,
        equivalence::EQUIVALENCE,
        // evaluation::EVALUATION,
        functions::FUNCTIONS,
        integers::INTEGERS,
        lists::LISTS,
        numbers::NUMBERS,
        objects::OBJECTS,
        procedures::PROCEDURES,
        strings::STRINGS,
        symbols::SYMBOLS,
        system::SYSTEM,
        vectors::VECTORS,
    ]
}

#[cfg(test)]
mod tests;
