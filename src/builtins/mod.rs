//! The builtin procedures, a table for each subject.

pub mod addresses;
pub mod bytevectors;
pub mod chars;
pub mod children;
pub mod conditions;
pub mod constants;
pub mod control;
pub mod cxr;
pub mod declare;
pub mod equivalence;
pub mod evaluation;
pub mod files;
pub mod functions;
pub mod integers;
pub mod lists;
pub mod numbers;
pub mod objects;
pub mod pipes;
pub mod port_value;
pub mod ports;
pub mod procedures;
pub mod process;
pub mod read;
pub mod signals;
pub mod sockets;
pub mod strings;
pub mod symbols;
pub mod syntax;
pub mod system;
pub mod times;
pub mod users;
pub mod vectors;
pub mod write;

use crate::vm::builtin::Row;

/// All tables: what is listed here exists, and nothing else lists builtins.
pub fn tables() -> [&'static [Row]; 31] {
    [
        addresses::ADDRESSES,
        bytevectors::BYTEVECTORS,
        chars::CHARS,
        children::CHILDREN,
        conditions::CONDITIONS,
        control::CONTROL,
        control::STATE,
        cxr::CXR,
        equivalence::EQUIVALENCE,
        evaluation::EVALUATION,
        files::FILES,
        functions::FUNCTIONS,
        integers::INTEGERS,
        lists::LISTS,
        numbers::NUMBERS,
        objects::OBJECTS,
        pipes::PIPES,
        ports::PORTS,
        procedures::PROCEDURES,
        process::PROCESS,
        read::READING,
        signals::SIGNALS,
        sockets::SOCKETS,
        strings::STRINGS,
        symbols::SYMBOLS,
        syntax::SYNTAX,
        system::SYSTEM,
        times::TIMES,
        users::USERS,
        vectors::VECTORS,
        write::WRITING,
    ]
}

/// The numbers of the system, to be defined by name.
pub fn constants() -> &'static [(&'static str, i64)] {
    constants::CONSTANTS
}

#[cfg(test)]
mod io_tests;
#[cfg(test)]
mod tests;
