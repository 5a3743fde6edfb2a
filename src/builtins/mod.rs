//! The builtin procedures, a table for each subject.

pub mod addresses;
pub mod attempts;
pub mod bytevector_numbers;
pub mod bytevectors;
pub mod char_sets;
pub mod chars;
pub mod children;
mod collector;
pub mod conditions;
pub mod constants;
pub mod control;
pub mod cxr;
pub mod databases;
pub mod declare;
pub mod descriptors;
pub mod equivalence;
pub mod evaluation;
pub mod explaining;
pub mod fibers;
pub mod file_system;
pub mod files;
pub mod functions;
pub mod hash_tables;
pub mod hosts;
pub mod integers;
pub mod lists;
pub mod messages;
pub mod modules;
pub mod network_error;
pub mod numbers;
pub mod objects;
pub mod options;
pub mod permit;
pub mod pipes;
pub mod pollers;
pub mod port_value;
pub mod ports;
pub mod posix_pattern;
pub mod procedures;
pub mod process;
pub mod random;
pub mod read;
pub mod regexp_search;
pub mod regexps;
pub mod relays;
pub mod select;
pub mod signals;
pub mod sockets;
pub mod streams;
pub mod string_search;
pub mod strings;
pub mod surroundings;
pub mod symbols;
pub mod syntax;
pub mod system;
pub mod text_io;
pub mod times;
pub mod uniform_vectors;
pub mod users;
pub mod vectors;
pub mod write;

use crate::vm::builtin::Row;
use std::sync::OnceLock;

macro_rules! tables {
    ($($subject:ident::$table:ident,)*) => {
        /// All tables: what is listed here exists, and nothing else lists builtins.
        pub fn tables() -> &'static [&'static [Row]] {
            const TABLES: &[&[Row]] = &[$($subject::$table),*];
            TABLES
        }

        /// What each table is about.
        pub fn subjects() -> &'static [&'static str] {
            &[$(stringify!($subject)),*]
        }
    };
}

tables! {
    addresses::ADDRESSES,
    attempts::ATTEMPTS,
    bytevector_numbers::BYTEVECTOR_NUMBERS,
    bytevectors::BYTEVECTORS,
    char_sets::CHAR_SETS,
    chars::CHARS,
    children::CHILDREN,
    collector::COLLECTOR,
    conditions::CONDITIONS,
    control::CONTROL,
    control::STATE,
    cxr::CXR,
    descriptors::DESCRIPTORS,
    databases::DATABASES,
    equivalence::EQUIVALENCE,
    evaluation::EVALUATION,
    explaining::EXPLAINING,
    fibers::FIBERS,
    fibers::TURNS,
    file_system::FILE_SYSTEM,
    files::FILES,
    functions::FUNCTIONS,
    hash_tables::HASH_TABLES,
    hosts::HOSTS,
    integers::INTEGERS,
    lists::LISTS,
    messages::MESSAGES,
    network_error::NETWORK_ERRORS,
    modules::MODULES,
    numbers::NUMBERS,
    objects::OBJECTS,
    options::OPTIONS,
    pipes::PIPES,
    pollers::POLLERS,
    ports::PORTS,
    procedures::PROCEDURES,
    process::PROCESS,
    random::RANDOM,
    read::READING,
    relays::RELAYS,
    select::SELECT,
    regexps::REGEXPS,
    signals::SIGNALS,
    sockets::SOCKETS,
    streams::STREAMS,
    string_search::STRING_SEARCH,
    strings::STRINGS,
    surroundings::SURROUNDINGS,
    symbols::SYMBOLS,
    syntax::SYNTAX,
    system::SYSTEM,
    text_io::TEXT_IO,
    uniform_vectors::UNIFORM,
    uniform_vectors::BITVECTORS,
    times::TIMES,
    users::USERS,
    vectors::VECTORS,
    write::WRITING,
}

/// All rows, in the order of their tables: a builtin's number is its place here.
pub fn rows() -> &'static [&'static Row] {
    static ROWS: OnceLock<Vec<&'static Row>> = OnceLock::new();
    ROWS.get_or_init(|| tables().iter().copied().flatten().collect())
}

/// The numbers of the system, to be defined by name.
pub fn constants() -> &'static [(&'static str, i64)] {
    constants::CONSTANTS
}

#[cfg(test)]
mod io_tests;
#[cfg(test)]
mod tests;
