//! What a host may set bounds to.
//!
//! ```text
//! steps, time, output               spent: when nothing is left the run ends, whatever the program would do about it
//! memory, depth                     held: going past is an error, which the program may handle by letting go
//! descriptors, fibers, timers       held: no more are made, which is an error
//! ```
//!
//! Memory is the ledger's (ledger.rs), the others stand here.

pub use crate::value::control::Limit;
use std::time::Duration;

#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// Calls and backward jumps of one run.
    pub steps: Option<u64>,
    /// Time of one run, by the clock.
    pub time: Option<Duration>,
    /// Bytes written to files, sockets and the console in one run.
    pub output: Option<u64>,
    /// Bytes of frames of calls that have not returned.
    pub depth: Option<usize>,
    /// Open descriptors of the program's own.
    pub descriptors: Option<usize>,
    /// Fibers that have not ended.
    pub fibers: Option<usize>,
    /// Timers that run.
    pub timers: Option<usize>,
}
