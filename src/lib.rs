//! sockeye: a Scheme made for sockets.
//!
//! ```
//! use sockeye::{Engine, Permissions};
//! use std::time::Duration;
//! let mut engine = Engine::builder()
//!     .permissions(Permissions::none().allow_net("127.0.0.1:7007")?)
//!     .time(Duration::from_secs(1))
//!     .build()?;
//! engine.register("add", |a: i64, b: i64| a + b)?;
//! assert_eq!(engine.eval::<i64>("(add 1 2)")?, 3);
//! let refused = engine.eval::<()>("(socket AF_UNIX SOCK_STREAM 0)").unwrap_err();
//! assert_eq!(refused.kind(), sockeye::ErrorKind::Refused);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! That is the face for Rust programs, which `host` makes: `Engine` and `Builder`, conversions by `FromScheme` and `IntoScheme`,
//! `Handle`s, `Object`s, `Later`, `Library`, `Port`, `Task`, `Error` and `Failure`. All else here is the interpreter itself.
//!
//! Source becomes a value by going up a staircase: `reader` (text to data), `expander` (syntax to the core language), `compiler`
//! (core to code), `vm` (code to values). `value` is what they stand on, `builtins` what programs call, `net` and `port` the
//! sockets and streams without any Scheme, `permission` says what is allowed, and `engine` wires all of it. tests/layers.rs holds who may import whom.
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
    Handle, IntoScheme, Later, Library, Object, Port, Progress, Reason, Rest, Symbol, Target, Task,
};
pub use net::Interrupt;
pub use permission::{Access, Permissions};
pub use vm::limits::Limit;
