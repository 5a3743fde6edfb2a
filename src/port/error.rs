//! Why an operation on a port did not finish.

use std::fmt;
use std::os::fd::RawFd;
use std::time::Duration;

use super::device::Errand;
use crate::net::{self, Interest, Stop};

pub type Result<T> = std::result::Result<T, PortError>;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PortError {
    /// Call again when the descriptor is ready. What was read meanwhile is kept in the port, and nothing is consumed.
    Wait(RawFd, Interest),
    /// Call again after this time.
    Later(Duration),
    /// The engine was interrupted. As with `Wait`, the call may be made again.
    Interrupted,
    /// The program must do this first; then the call may be made again, except for `Close` and `Seek`.
    Ask(Errand),
    /// The system refused.
    Failed(Box<net::Error>),
    /// The direction asked for was closed.
    Closed,
    NotInput,
    NotOutput,
    /// These bytes are no text in the port's encoding; they are the next to be read.
    Decode(Vec<u8>),
    /// The port's encoding has no such character; what stands before it was written.
    Encode(char),
    /// The port wants to hold this many bytes more, for which there is no memory; nothing was done.
    Memory(usize),
    /// A port of memory has no such place; nothing was done.
    Place(i64),
    /// What the port stands on cannot be cut.
    Uncut,
}

impl PortError {
    /// Whether the operation is to be repeated, rather than given up.
    pub fn is_pause(&self) -> bool {
        matches!(self, PortError::Wait(..) | PortError::Later(_) | PortError::Interrupted | PortError::Ask(_))
    }
}

impl From<Stop> for PortError {
    fn from(stop: Stop) -> PortError {
        match stop {
            Stop::Wait(fd, interest) => PortError::Wait(fd, interest),
            Stop::Later(pause) => PortError::Later(pause),
            Stop::Interrupted => PortError::Interrupted,
            Stop::Failed(error) => PortError::Failed(error),
        }
    }
}

impl From<net::Error> for PortError {
    fn from(error: net::Error) -> PortError {
        PortError::Failed(Box::new(error))
    }
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PortError::Wait(fd, _) => write!(f, "descriptor {fd} is not ready"),
            PortError::Later(_) => f.write_str("not ready"),
            PortError::Interrupted => f.write_str("interrupted"),
            PortError::Ask(_) => f.write_str("the port waits for the program"),
            PortError::Failed(error) => error.fmt(f),
            PortError::Closed => f.write_str("the port is closed"),
            PortError::NotInput => f.write_str("the port is not for input"),
            PortError::NotOutput => f.write_str("the port is not for output"),
            PortError::Decode(bytes) => write!(f, "input decoding error at the bytes {bytes:02x?}"),
            PortError::Encode(char) => write!(f, "the port's encoding has no character {char:?}"),
            PortError::Place(place) => write!(f, "the port has no place {place}"),
            PortError::Uncut => f.write_str("the port cannot be truncated"),
            PortError::Memory(bytes) => write!(f, "there is no memory for {bytes} bytes more"),
        }
    }
}

impl std::error::Error for PortError {}
