//! What a port stands on: something that moves bytes. Ports without a device are memory: their buffer is all there is.

use std::cell::Cell;
use std::os::fd::RawFd;
use std::rc::Rc;

use nix::libc;

use super::framing::Framing;
use crate::net::{self, Error, Interest, Net, Socket};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whence {
    Start,
    Current,
    End,
}

/// What a port wants of the program it stands on: see `Relay`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Errand {
    /// More input: `Port::feed`.
    Fill,
    /// What waits in the output buffer, by `Port::waiting_bytes` and `Port::drop_waiting`.
    Drain,
    /// The port has been closed.
    Close,
    /// To be asked whether input would come at once.
    Ready,
    /// Another place, counted as lseek does; so many bytes were fetched and not read, and so many not yet written.
    Seek { offset: i64, whence: Whence, unread: usize, waiting: usize },
}

/// A device is asked for bytes in bulk, never for single characters. A host may bring its own.
pub trait Device {
    /// At most as many as there is room for; 0 at the end.
    fn read(&mut self, net: &mut Net, room: &mut [u8]) -> net::Result<usize>;

    /// How many were taken; at least one.
    fn write(&mut self, net: &mut Net, bytes: &[u8]) -> net::Result<usize>;

    /// `read` where one call to the system is all there is to it. None: `read` has to be asked.
    fn read_at_once(&mut self, _net: &mut Net, _room: &mut [u8]) -> Option<usize> {
        None
    }

    /// The same for `write`.
    fn write_at_once(&mut self, _net: &mut Net, _bytes: &[u8]) -> Option<usize> {
        None
    }

    /// Whether `peek` works, so that an unbuffered port can look ahead without taking.
    fn can_peek(&self) -> bool {
        false
    }

    /// Like `read`, but the bytes stay where they are. Waits for the first one.
    fn peek(&mut self, _net: &mut Net, _room: &mut [u8]) -> net::Result<usize> {
        Err(Error::new("peek", libc::EOPNOTSUPP).into())
    }

    /// Whether a read is known to find nothing, so that no room need be made for it.
    fn is_dry(&self, _net: &Net) -> bool {
        false
    }

    /// The descriptor to wait for, where that is known to be all that a read could do.
    fn awaited(&self, _net: &mut Net) -> Option<RawFd> {
        None
    }

    /// Whether reads and writes happen at one place, which `seek` moves.
    fn has_place(&self) -> bool {
        false
    }

    /// The new position from the start.
    fn seek(&mut self, _offset: i64, _whence: Whence) -> net::Result<u64> {
        Err(Error::new("seek", libc::ESPIPE).into())
    }

    fn truncate(&mut self, _length: u64) -> net::Result<()> {
        Err(Error::new("truncate", libc::EINVAL).into())
    }

    /// Whether all that there was has this moment been read.
    fn is_just_read(&self, _net: &Net) -> bool {
        false
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

    /// Whether the program itself is the device: then nothing else here is called but `close`.
    fn is_relay(&self) -> bool {
        false
    }

    /// Whether it takes everything and has nothing.
    fn is_void(&self) -> bool {
        false
    }

    /// The mark that ports on the same descriptor share: false once one of them has closed it. None if there is no
    /// descriptor of the device's own.
    fn share(&mut self) -> Option<Rc<Cell<bool>>> {
        None
    }

    /// The socket's own time limits mean to reads that nothing more has come, an end of which more may follow, and to
    /// writes that the program's limit has passed.
    fn set_limited(&mut self) {}

    /// Closing is no error from now on where another port has closed the descriptor.
    fn set_quiet(&mut self) {}

    /// Whether the end that was just read is such a one; asked once.
    fn take_gap(&mut self) -> bool {
        false
    }

    /// Forgets the descriptor without closing it.
    fn release(&mut self) {}

    /// The descriptor's number stands for something else now.
    fn refresh(&mut self) -> net::Result<()> {
        Ok(())
    }

    /// Itself, if it is one that changes what passes.
    fn framing(&mut self) -> Option<&mut Framing> {
        None
    }
}

/// The program itself, which moves the bytes by procedures of its own. No port can call those: where it needs them it
/// answers `PortError::Ask`, and whoever runs the program sees to it and comes back.
pub struct Relay;

impl Device for Relay {
    fn read(&mut self, _net: &mut Net, _room: &mut [u8]) -> net::Result<usize> {
        Ok(0)
    }

    fn write(&mut self, _net: &mut Net, bytes: &[u8]) -> net::Result<usize> {
        Ok(bytes.len())
    }

    fn close(&mut self, _net: &mut Net) -> net::Result<()> {
        Ok(())
    }

    fn is_relay(&self) -> bool {
        true
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

    fn is_void(&self) -> bool {
        true
    }

    fn close(&mut self, _net: &mut Net) -> net::Result<()> {
        Ok(())
    }
}
