//! sockeye: a Scheme made for sockets.
//!
//! ```
//! let mut engine = sockeye::Engine::new().unwrap();
//! let value = engine.run_text("sum", "(apply + (map (lambda (x) (* x x)) '(1 2 3)))").ok().unwrap();
//! assert_eq!(engine.written(value), "14");
//! ```
//!
//! Source becomes a value by going up a staircase: `reader` (text to data), `expander` (syntax to the core language), `compiler`
//! (core to code), `vm` (code to values). `value` is what they stand on, `builtins` what programs call, `net` and `port` the
//! sockets and streams without any Scheme, and `engine` wires all of it. tests/layers.rs holds who may import whom.
#![deny(unsafe_code)]

pub mod builtins;
pub mod cli;
pub mod compiler;
pub mod engine;
pub mod expander;
pub mod fiber;
pub mod files;
pub mod host;
pub mod ledger;
pub mod net;
pub mod num;
pub mod opcode;
pub mod permission;
pub mod port;
pub mod posix;
pub mod reader;
pub mod source;
pub mod spelling;
pub mod symbol;
pub mod trace;
pub mod value;
pub mod vm;

#[cfg(feature = "async")]
pub use host::Running;
#[cfg(feature = "serde")]
pub use host::Serial;
pub use host::{
    Arguments, Builder, Bytes, Class, Completer, Data, Engine, Error, ErrorKind, Failure, Frame, FromScheme, Function,
    Handle, IntoScheme, Later, Library, Object, Port, Progress, Rest, Symbol, Target, Task,
};
pub use net::Interrupt;
pub use permission::Permissions;
pub use vm::limits::Limit;
