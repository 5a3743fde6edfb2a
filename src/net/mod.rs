//! Sockets without Scheme, on socket2 and nix.
//!
//! ```text
//! Net      an engine's share of the network: listener, mode of waiting, interrupt     call.rs
//! Socket   an owned descriptor with the calls of the system's manual                   socket.rs
//! Address  where a socket is                                                           address.rs
//! Stop     an error, or "not yet"                                                      error.rs
//! resolve, database, worker: names of hosts and services, looked up on threads of their own
//! ```
//!
//! Nothing here is process-wide but the one cell a signal handler must have (interrupt.rs). SIGPIPE is left as
//! the Rust runtime has it, ignored, and no send raises it.

pub mod address;
pub mod call;
pub mod database;
pub mod errno;
pub mod error;
pub mod interrupt;
pub mod look;
pub mod message;
pub mod option;
pub mod poller;
pub mod process;
pub(crate) mod raw;
pub mod readiness;
pub mod resolve;
pub mod signal;
pub mod socket;
pub mod worker;

pub use address::{Address, UnixName};
pub use call::{Arg, Event, Listener, Mode, Net};
pub use error::{Cause, Error, Result, Stop};
pub use interrupt::Interrupt;
pub use poller::Interest;
pub use socket::{Asker, Socket};

#[cfg(test)]
mod tests;
