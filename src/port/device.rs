//! What a port stands on: something that moves bytes. Ports without a device are memory: their buffer is all there is.

use std::os::fd::RawFd;

use nix::libc;

use crate::net::{self, Error, Interest, Net, Socket};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whence {
    Start,
    Current,
    End,
}

/// A device is asked for bytes in bulk, never for single characters. A host may bring its own.
pub trait Device {
    /// At most as many as there is room for; 0 at the end.
    fn read(&mut self, net: &mut Net, room: &mut [u8]) -> net::Result<usize>;

    /// How many were taken; at least one.
    fn write(&mut self, net: &mut Net, bytes: &[u8]) -> net::Result<usize>;

    /// Whether `peek` works, so that an unbuffered port can look ahead without taking.
    fn can_peek(&self) -> bool {
        false
    }

    /// Like `read`, but the bytes stay where they are. Waits for the first one.
    fn peek(&mut self, _net: &mut Net, _room: &mut [u8]) -> net::Result<usize> {
        Err(Error::new("peek", libc::EOPNOTSUPP).into())
    }

    /// The new position from the start.
    fn seek(&mut self, _offset: i64, _whence: Whence) -> net::Result<u64> {
        Err(Error::new("seek", libc::ESPIPE).into())
    }

    fn truncate(&mut self, _length: u64) -> net::Result<()> {
        Err(Error::new("truncate", libc::EINVAL).into())
    }

    /// Whether a read or write would go on at once.
    fn is_ready(&self, _interest: Interest) -> bool {
        true
    }

    /// Gives up what the device holds, once; later calls do nothing.
    fn close(&mut self, net: &mut Net) -> net::Result<()>;

    /// The port is dropped without having been closed: a last chance for what it had not written yet, without waiting.
    fn abandon(&mut self, _pending: &[u8]) {}

    fn fd(&self) -> Option<RawFd> {
        None
    }

    fn socket(&self) -> Option<&Socket> {
        None
    }

    fn is_terminal(&self) -> bool {
        false
    }
}

/// Takes everything and has nothing.
pub struct Void;

impl Device for Void {
    fn read(&mut self, _net: &mut Net, _room: &mut [u8]) -> net::Result<usize> {
        Ok(0)
    }

    fn write(&mut self, _net: &mut Net, bytes: &[u8]) -> net::Result<usize> {
        Ok(bytes.len())
    }

    fn close(&mut self, _net: &mut Net) -> net::Result<()> {
        Ok(())
    }
}
