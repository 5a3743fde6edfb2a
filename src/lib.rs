//! sockeye: a Scheme made for sockets.
#![deny(unsafe_code)]

pub mod builtins;
pub mod cli;
pub mod compiler;
pub mod engine;
pub mod expander;
pub mod files;
pub mod net;
pub mod num;
pub mod opcode;
pub mod port;
pub mod reader;
pub mod source;
pub mod spelling;
pub mod symbol;
pub mod value;
pub mod vm;

pub use engine::Engine;
