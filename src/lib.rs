//! sockeye: a Scheme made for sockets.
#![deny(unsafe_code)]

pub mod expander;
pub mod net;
pub mod num;
pub mod port;
pub mod reader;
pub mod source;
pub mod symbol;
pub mod value;
