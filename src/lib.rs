//! sockeye: a Scheme made for sockets.
#![deny(unsafe_code)]

pub mod builtins;
pub mod compiler;
pub mod expander;
pub mod net;
pub mod num;
pub mod opcode;
pub mod port;
pub mod reader;
pub mod source;
pub mod symbol;
pub mod value;
pub mod vm;
