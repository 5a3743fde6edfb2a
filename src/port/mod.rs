//! Ports: streams of bytes and characters. Files, strings, bytevectors, the console and sockets all stand on this one.
//!
//! ```text
//! Port        directions, buffers, encoding, position          here; its reading in input.rs, its writing in output.rs
//! Device      what moves the bytes; none for memory            device.rs, fd.rs (files and sockets), file.rs (opening)
//! Framing     changes the bytes before a device: chunks        framing.rs
//! Encoding    from bytes to characters and back                text.rs
//! ```
//!
//! Operations may be told to wait (`PortError::is_pause`). Reading then has consumed nothing: what came so far is kept
//! in the buffer, and the same call, made again, goes on from there. Writing is different, since making the same call
//! again would write twice: see `Written`.
//!
//! A buffer holds bytes, not characters, so binary and textual operations mix freely on one port. An unbuffered port
//! never takes a byte more than was asked for; on a socket it looks ahead with MSG_PEEK and then takes exactly what it
//! used, elsewhere it reads byte by byte.

mod buffer;
pub mod device;
pub mod duplex;
pub mod error;
pub mod fd;
pub mod file;
pub mod framing;
mod input;
mod output;
pub mod text;

use std::borrow::Cow;
use std::cell::Cell;
use std::os::fd::RawFd;
use std::rc::Rc;

use nix::libc;

pub use buffer::{Buffering, Place};
use buffer::{Input, Output};
pub use device::{Device, Errand, Relay, Void, Whence};
pub use error::{PortError, Result};
pub use fd::Descriptor;
pub use framing::{Framing, LineEnd};
pub use input::{Fetched, Text};
pub use output::Written;
pub use text::{Encoding, Step, Strategy};

use crate::net::{self, Net, Socket};

pub struct Port {
    /// What the port is called: a file's path, "socket", "string".
    pub name: Cow<'static, str>,
    pub label: Label,
    /// How many users rely on the descriptor's number.
    pub revealed: u32,
    /// Whether `read` folds the case of symbols (`#!fold-case`).
    pub fold_case: bool,
    textual: bool,
    binary: bool,
    encoding: Encoding,
    strategy: Strategy,
    device: Option<Box<dyn Device>>,
    input: Side<Input>,
    output: Side<Output>,
    /// Without any direction, and open all the same: a socket that only takes connections or datagrams.
    barred: bool,
    /// Reads and writes at one place of a file: what was read ahead is given back before a write, and what waits is written
    /// before a read. So never does one of the two buffers hold something while the other does.
    random: bool,
}

/// What a port's name is, to those who ask for its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Label {
    /// Not a file's.
    Nothing,
    /// A word for what has no path: "socket".
    Word,
    Path,
}

/// One direction of a port.
enum Side<T> {
    None,
    Open(T),
    Closed,
}

impl<T> Side<T> {
    fn when(wanted: bool, make: impl FnOnce() -> T) -> Side<T> {
        if wanted { Side::Open(make()) } else { Side::None }
    }

    fn is_open(&self) -> bool {
        matches!(self, Side::Open(_))
    }

    fn exists(&self) -> bool {
        !matches!(self, Side::None)
    }

    fn close(&mut self) {
        if self.is_open() {
            *self = Side::Closed;
        }
    }

    fn open_or(&mut self, missing: PortError) -> Result<&mut T> {
        match self {
            Side::Open(side) => Ok(side),
            Side::Closed => Err(PortError::Closed),
            Side::None => Err(missing),
        }
    }
}

/// What may be done with a new port.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ways {
    pub input: bool,
    pub output: bool,
    pub textual: bool,
    pub binary: bool,
}

impl Ways {
    pub const INPUT: Ways = Ways { input: true, output: false, textual: true, binary: true };
    pub const OUTPUT: Ways = Ways { input: false, output: true, textual: true, binary: true };
    pub const BOTH: Ways = Ways { input: true, output: true, textual: true, binary: true };

    pub const fn textual(self) -> Ways {
        Ways { binary: false, textual: true, ..self }
    }

    pub const fn binary(self) -> Ways {
        Ways { binary: true, textual: false, ..self }
    }
}

impl Port {
    /// A port on a device, both directions buffered alike.
    pub fn new(name: impl Into<Cow<'static, str>>, device: Box<dyn Device>, ways: Ways, buffering: Buffering) -> Port {
        let input = Side::when(ways.input, || Input::new(buffering));
        let output = Side::when(ways.output, || Output::new(buffering));
        Port::of(name.into(), Some(device), ways, input, output)
    }

    fn of(
        name: Cow<'static, str>,
        device: Option<Box<dyn Device>>,
        ways: Ways,
        input: Side<Input>,
        output: Side<Output>,
    ) -> Port {
        let random = ways.input && ways.output && device.as_ref().is_some_and(|device| device.has_place());
        Port {
            random,
            name,
            label: Label::Nothing,
            revealed: 0,
            fold_case: false,
            textual: ways.textual,
            binary: ways.binary,
            encoding: Encoding::Utf8,
            strategy: Strategy::default(),
            device,
            input,
            output,
            barred: false,
        }
    }

    /// A socket is a port: binary and textual, input and output at once, and unbuffered until told otherwise.
    pub fn of_socket(socket: Socket) -> Port {
        Port::of_socket_device(Descriptor::of_socket(socket))
    }

    /// The same on a descriptor that is known to be a socket's.
    pub fn of_socket_device(device: Descriptor) -> Port {
        let mut port = Port::new("socket", Box::new(device), Ways::BOTH, Buffering::None);
        port.label = Label::Word;
        port
    }

    pub fn input_string(text: impl Into<String>) -> Port {
        Port::memory_input("string", text.into().into_bytes(), Ways::INPUT.textual())
    }

    pub fn input_bytes(bytes: Vec<u8>) -> Port {
        let mut port = Port::memory_input("bytevector", bytes, Ways::INPUT.binary());
        port.set_encoding(Encoding::Latin1);
        port.set_strategy(Strategy::Error);
        // Text in another encoding, which it may be given, may begin with a mark.
        if let Side::Open(input) = &mut port.input {
            input.at_start = true;
        }
        port
    }

    fn memory_input(name: &'static str, bytes: Vec<u8>, ways: Ways) -> Port {
        Port::of(name.into(), None, ways, Side::Open(Input::of_memory(bytes)), Side::None)
    }

    pub fn output_string() -> Port {
        Port::memory_output("string", Ways::OUTPUT.textual())
    }

    pub fn output_bytes() -> Port {
        let mut port = Port::memory_output("bytevector", Ways::OUTPUT.binary());
        port.set_encoding(Encoding::Latin1);
        port.set_strategy(Strategy::Error);
        port
    }

    fn memory_output(name: &'static str, ways: Ways) -> Port {
        Port::of(name.into(), None, ways, Side::None, Side::Open(Output::new(Buffering::None)))
    }

    /// Takes everything, has nothing.
    pub fn void() -> Port {
        Port::void_for(Ways::BOTH)
    }

    /// The same, in some directions only.
    pub fn void_for(ways: Ways) -> Port {
        Port::new("void", Box::new(Void), ways, Buffering::BLOCK)
    }

    /// The bytes it has allocated for its buffers and name.
    pub fn weight(&self) -> usize {
        let input = if let Side::Open(input) = &self.input { input.weight() } else { 0 };
        let output = if let Side::Open(output) = &self.output { output.weight() } else { 0 };
        self.name.len() + input + output
    }

    pub fn is_input(&self) -> bool {
        self.input.exists()
    }

    pub fn is_output(&self) -> bool {
        self.output.exists()
    }

    pub fn is_textual(&self) -> bool {
        self.textual
    }

    pub fn is_binary(&self) -> bool {
        self.binary
    }

    pub fn is_input_open(&self) -> bool {
        self.input.is_open()
    }

    pub fn is_output_open(&self) -> bool {
        self.output.is_open()
    }

    pub fn is_closed(&self) -> bool {
        !self.barred && !self.input.is_open() && !self.output.is_open()
    }

    /// Whether the port is memory: a string's or bytevector's.
    pub fn is_memory(&self) -> bool {
        self.device.is_none()
    }

    /// Whether the program itself moves the port's bytes.
    pub fn is_relay(&self) -> bool {
        self.device.as_ref().is_some_and(|device| device.is_relay())
    }

    /// The mark that ports on this descriptor share; see `Device`.
    pub fn share(&mut self) -> Option<Rc<Cell<bool>>> {
        self.device.as_mut()?.share()
    }

    /// Closing is no error from now on where another port has closed the descriptor.
    pub fn set_quiet(&mut self) {
        if let Some(device) = &mut self.device {
            device.set_quiet();
        }
    }

    /// Goes on with another device, with the buffers as they are; the old one is given back, to be closed.
    pub fn replace_device(&mut self, device: Box<dyn Device>) -> Option<Box<dyn Device>> {
        self.device.replace(device)
    }

    /// The descriptor's number stands for something else now.
    pub fn refresh(&mut self) -> net::Result<()> {
        self.device.as_mut().map_or(Ok(()), |device| device.refresh())
    }

    /// What changes the bytes between the port and its device; put there when first asked for. None for ports of memory.
    pub fn framing(&mut self) -> Option<&mut Framing> {
        if self.device.as_mut()?.framing().is_none() {
            let inner = self.device.take()?;
            self.device = Some(Box::new(Framing::new(inner)));
        }
        self.device.as_mut()?.framing()
    }

    /// Switches chunks in the input on or off, from what was not read yet.
    pub fn chunk_input(&mut self, on: bool) {
        let fetched = match &mut self.input {
            Side::Open(input) if on => input.take_unread(),
            Side::Open(input) => {
                input.eof = false;
                Vec::new()
            }
            _ => Vec::new(),
        };
        if let Some(framing) = self.framing() {
            framing.chunk_input(on, &fetched);
        }
    }

    /// What was fetched and not yet read.
    pub fn read_ahead(&mut self) -> &[u8] {
        let Side::Open(input) = &mut self.input else { return &[] };
        input.begin();
        input.unread()
    }

    /// From now on the port cannot be read, or written; it stays open. What its buffer holds in that direction is lost.
    pub fn bar(&mut self, input: bool, output: bool) {
        if self.is_closed() {
            return;
        }
        self.barred = true;
        if input {
            self.input = Side::None;
        }
        if output {
            self.output = Side::None;
        }
    }

    /// Forgets what waits to be written.
    pub fn forget_output(&mut self) {
        self.drop_waiting(self.waiting());
    }

    /// Forgets what was read ahead.
    pub fn forget_input(&mut self) {
        if let Side::Open(input) = &mut self.input {
            input.forget_all();
        }
    }

    /// More input for a port whose device is the program; none at the end.
    pub fn feed(&mut self, net: &Net, bytes: &[u8]) -> Result<()> {
        self.input.open_or(PortError::NotInput)?.feed(bytes, &net.ledger)
    }

    /// What a port whose device is the program has to be written.
    pub fn waiting_bytes(&self) -> &[u8] {
        match &self.output {
            Side::Open(output) if self.device.is_some() => output.waiting(),
            _ => &[],
        }
    }

    /// The program has written the first `count` of them.
    pub fn drop_waiting(&mut self, count: usize) {
        if let Side::Open(output) = &mut self.output {
            output.drop_waiting(count);
        }
    }

    /// The descriptor, while the port is open.
    pub fn fd(&self) -> Option<RawFd> {
        self.device.as_ref()?.fd()
    }

    /// The socket, if it stands on one and is open.
    pub fn socket(&self) -> Option<&Socket> {
        self.device.as_ref()?.socket()
    }

    pub fn is_terminal(&self) -> bool {
        self.device.as_ref().is_some_and(|device| device.is_terminal())
    }

    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// From the next character on, in both directions.
    pub fn set_encoding(&mut self, encoding: Encoding) {
        self.encoding = encoding;
        if let Side::Open(input) = &mut self.input {
            // A mark is looked for where the input has not begun; in mid-stream the order must be settled at once.
            input.encoding = if input.at_start { encoding } else { encoding.ordered() };
        }
        if let Side::Open(output) = &mut self.output {
            output.encoding = encoding;
        }
    }

    pub fn strategy(&self) -> Strategy {
        self.strategy
    }

    pub fn set_strategy(&mut self, strategy: Strategy) {
        self.strategy = strategy;
    }

    /// What `open` would be told to make such a port: r, w or r+, and 0 where nothing is buffered.
    pub fn mode(&self) -> &'static str {
        match (self.is_input(), self.is_output(), self.buffering() == Buffering::None && !self.is_memory()) {
            (true, true, true) => "r+0",
            (true, true, false) => "r+",
            (true, false, true) => "r0",
            (true, false, false) => "r",
            (_, _, true) => "w0",
            (_, _, false) => "w",
        }
    }

    /// How the port is buffered; ports open in both directions answer for their output.
    pub fn buffering(&self) -> Buffering {
        match (&self.output, &self.input) {
            (Side::Open(output), _) => output.mode.get(),
            (_, Side::Open(input)) => input.mode.get(),
            _ => Buffering::None,
        }
    }

    /// Changes both directions. Input that is buffered already stays; waiting output is written.
    pub fn set_buffering(&mut self, net: &mut Net, mode: Buffering) -> Result<()> {
        if self.is_closed() {
            return Err(PortError::Closed);
        }
        if self.output.is_open() {
            self.flush(net)?;
        }
        if let Side::Open(input) = &mut self.input {
            input.mode = mode.into();
        }
        if let Side::Open(output) = &mut self.output {
            output.mode = mode.into();
        }
        Ok(())
    }

    /// Gives each direction a buffer of its own size. Waiting output is written.
    pub fn set_buffer_sizes(&mut self, net: &mut Net, input: usize, output: usize) -> Result<()> {
        self.set_buffering(net, Buffering::Block(output))?;
        if let Side::Open(side) = &mut self.input {
            side.mode = Buffering::Block(input).into();
        }
        Ok(())
    }

    /// Ends reading; the device goes with the last direction. False if it was closed before.
    pub fn close_input(&mut self, net: &mut Net) -> Result<bool> {
        if !self.is_input() {
            return Err(PortError::NotInput);
        }
        if !self.output.is_open() {
            return self.close(net);
        }
        let was_open = self.input.is_open();
        self.input.close();
        Ok(was_open)
    }

    /// Writes what is waiting and ends writing. May be told to wait; then the port is still open.
    pub fn close_output(&mut self, net: &mut Net) -> Result<bool> {
        if !self.is_output() {
            return Err(PortError::NotOutput);
        }
        if !self.input.is_open() {
            return self.close(net);
        }
        let was_open = self.output.is_open();
        let flushed = if was_open { self.flush(net) } else { Ok(()) };
        if matches!(&flushed, Err(error) if error.is_pause()) {
            return flushed.map(|()| true);
        }
        self.output.close();
        flushed.map(|()| was_open)
    }

    /// Writes what is waiting and closes. A failed write is reported, but the descriptor is closed in any case; only
    /// when told to wait is the port still open. False if it was closed before.
    pub fn close(&mut self, net: &mut Net) -> Result<bool> {
        if self.is_closed() {
            return Ok(false);
        }
        let flushed = if self.output.is_open() { self.flush(net) } else { Ok(()) };
        if matches!(&flushed, Err(error) if error.is_pause()) {
            return flushed.map(|()| true);
        }
        let closed = self.close_device(net);
        flushed?;
        closed.map(|()| true)
    }

    /// For a port nobody can reach any more: writes what goes without waiting, closes, and asks no questions.
    pub fn discard(mut self, net: &mut Net) {
        let mode = std::mem::replace(&mut net.mode, net::Mode::Try);
        if self.output.is_open() {
            let _ = self.flush(net);
        }
        let _ = self.close_device(net);
        net.mode = mode;
    }

    fn close_device(&mut self, net: &mut Net) -> Result<()> {
        self.input.close();
        self.output.close();
        self.barred = false;
        match &mut self.device {
            Some(device) if device.is_relay() => Err(PortError::Ask(Errand::Close)),
            Some(device) => Ok(device.close(net)?),
            None => Ok(()),
        }
    }

    /// Moves the place of the next byte, in a file or an input of memory; the new one from the start.
    pub fn seek(&mut self, net: &mut Net, offset: i64, whence: Whence) -> Result<u64> {
        if self.is_closed() {
            return Err(PortError::Closed);
        }
        let Some(device) = &mut self.device else { return self.seek_memory(offset, whence) };
        // Asking for the place must not disturb it.
        let (unread, unsent) = match (&mut self.input, &mut self.output) {
            (Side::Open(input), Side::Open(output)) => (input.settled(), output.waiting().len()),
            (Side::Open(input), _) => (input.settled(), 0),
            (_, Side::Open(output)) => (0, output.waiting().len()),
            _ => (0, 0),
        };
        if device.is_relay() {
            let errand = Errand::Seek { offset, whence, unread, waiting: unsent };
            if (offset, whence) != (0, Whence::Current) {
                if unsent > 0 {
                    self.flush(net)?;
                }
                self.forget_input();
            }
            return Err(PortError::Ask(errand));
        }
        if (offset, whence) == (0, Whence::Current) {
            let place = device.seek(0, whence)?;
            return Ok(place.saturating_add(unsent as u64).saturating_sub(unread as u64));
        }
        if self.output.is_open() {
            self.flush(net)?;
        }
        // Writing may have given back what was read ahead.
        let unread = self.input.open_or(PortError::NotInput).map_or(0, Input::settled);
        let back = if whence == Whence::Current { unread as i64 } else { 0 };
        let Some(device) = &mut self.device else { return Ok(0) };
        let place = device.seek(offset.saturating_sub(back), whence)?;
        if let Side::Open(input) = &mut self.input {
            input.forget_all();
            input.at_start = place == 0;
        }
        Ok(place)
    }

    fn seek_memory(&mut self, offset: i64, whence: Whence) -> Result<u64> {
        let (here, length) = match (&self.input, &self.output) {
            (Side::Open(input), _) => input.extent(),
            (_, Side::Open(output)) => output.extent(),
            _ => return Err(PortError::Closed),
        };
        let base = match whence {
            Whence::Start => 0,
            Whence::Current => here,
            Whence::End => length,
        };
        let target = i64::try_from(base).ok().and_then(|base| base.checked_add(offset));
        let target = target.and_then(|target| usize::try_from(target).ok()).filter(|target| *target <= length);
        let Some(target) = target else { return Err(PortError::Place(offset)) };
        match (&mut self.input, &mut self.output) {
            (Side::Open(input), _) => {
                input.move_to(target);
                input.at_start = self.binary && target == 0;
            }
            (_, Side::Open(output)) => output.move_to(target),
            _ => {}
        }
        Ok(target as u64)
    }

    /// Cuts or extends a file, waiting output being written first; or cuts what was written to a string, though not before
    /// the place where it goes on.
    pub fn truncate(&mut self, net: &mut Net, length: i64) -> Result<()> {
        if !self.output.is_open() {
            return Err(PortError::NotOutput);
        }
        self.flush(net)?;
        match (&mut self.device, &mut self.output) {
            (Some(device), _) if device.is_relay() || device.is_void() => Err(PortError::Uncut),
            (Some(device), _) => match u64::try_from(length) {
                Ok(length) => Ok(device.truncate(length)?),
                Err(_) => Err(net::Error::new("truncate", libc::EINVAL).into()),
            },
            (None, Side::Open(output)) if self.textual => {
                let (place, held) = output.extent();
                match usize::try_from(length) {
                    Ok(length) if (place..=held).contains(&length) => output.cut(length),
                    _ => return Err(PortError::Place(length)),
                }
                Ok(())
            }
            _ => Err(PortError::Uncut),
        }
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        let Some(device) = &mut self.device else { return };
        if let Side::Open(output) = &mut self.output
            && !output.waiting().is_empty()
        {
            device.abandon(output.waiting());
        }
        // Somebody relies on the number.
        if self.revealed > 0 && (self.input.is_open() || self.output.is_open()) {
            device.release();
        }
    }
}

#[cfg(test)]
mod tests;
