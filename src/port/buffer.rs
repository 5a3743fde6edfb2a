//! The buffers of a port: bytes that were read and not used, bytes that were accepted and not written.
//!
//! The bytes of an input, from the left:
//!
//! ```text
//! used | taken, not used | peeked: seen by MSG_PEEK, still in the kernel
//!      ^ start            ^ bytes.len() - peeked
//! ```
//!
//! Peeked bytes last for one operation: at its end they are taken from the kernel as far as they were used, and the
//! rest is forgotten, so that whoever reads the descriptor next finds them there.

use super::device::{Device, Errand};
use super::error::{PortError, Result};
use super::text::Encoding;
use crate::ledger::Ledger;
use crate::net::{Error, Net};
use memchr::{memchr, memchr_iter, memrchr};
use nix::libc;

/// When bytes move between buffer and device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Buffering {
    /// At once, and never more than asked for.
    None,
    /// Output goes out with each newline. Input as `Block`.
    Line,
    /// In pieces of about this size.
    Block(usize),
}

impl Buffering {
    pub const SIZE: usize = 4096;
    pub const BLOCK: Buffering = Buffering::Block(Buffering::SIZE);
    /// Files never make anybody wait, so fewer and larger pieces are better.
    pub const FILE: Buffering = Buffering::Block(1 << 14);

    /// Room for one read. A wish for a huge buffer is granted by reading large pieces, not by a huge reserve.
    fn piece(self) -> usize {
        match self {
            Buffering::None | Buffering::Line => Buffering::SIZE,
            Buffering::Block(size) => size.clamp(1, 1 << 16),
        }
    }
}

/// A `Buffering` in four bytes, as ports are many. A size past four billion is that.
#[derive(Clone, Copy)]
pub(super) struct Packed(u32);

impl From<Buffering> for Packed {
    fn from(buffering: Buffering) -> Packed {
        Packed(match buffering {
            Buffering::None => 0,
            Buffering::Line => 1,
            Buffering::Block(size) => u32::try_from(size.saturating_add(2)).unwrap_or(u32::MAX),
        })
    }
}

impl Packed {
    #[inline]
    pub fn get(self) -> Buffering {
        match self.0 {
            0 => Buffering::None,
            1 => Buffering::Line,
            size => Buffering::Block(size as usize - 2),
        }
    }
}

pub(super) type Source = Option<Box<dyn Device>>;

pub(super) struct Input {
    bytes: Vec<u8>,
    start: usize,
    /// A megabyte at most.
    peeked: u32,
    /// The device has said "end", and no operation has passed it on yet.
    pub eof: bool,
    /// Whether that end is only a gap, which the next operation does not see.
    gap: bool,
    /// What went wrong when the device was only asked whether it is ready: the next read says it, since a socket says
    /// it once.
    pub failed: Option<Box<Error>>,
    pub mode: Packed,
    /// Nothing textual was read yet, so a byte-order mark may follow.
    pub at_start: bool,
    pub encoding: Encoding,
    pub place: Place,
    /// Decoded text, where the bytes themselves are not valid UTF-8 (see `fill_text`). Few ports ever have one.
    #[allow(clippy::box_collection)]
    pub scratch: Option<Box<String>>,
}

/// Line and column of the next character, both from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

impl Place {
    /// Moves over some UTF-8.
    pub fn pass(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        if let Some(last) = memrchr(b'\n', bytes) {
            self.line = self.line.saturating_add(memchr_iter(b'\n', bytes).count());
            self.column = 0;
            rest = &bytes[last + 1..];
        }
        // Mostly there is nothing but characters of one column each.
        if rest.iter().fold(true, |plain, byte| plain & (byte.wrapping_sub(b' ') < 0x5f)) {
            self.column = self.column.saturating_add(rest.len());
            return;
        }
        for byte in rest {
            match byte {
                b'\t' => self.column = (self.column / 8).saturating_add(1).saturating_mul(8),
                b'\r' => self.column = 0,
                0x08 => self.column = self.column.saturating_sub(1),
                // The later bytes of a character do not count, nor does the bell.
                0x80..0xc0 | 0x07 => {}
                _ => self.column = self.column.saturating_add(1),
            }
        }
    }
}

impl Input {
    pub fn new(mode: Buffering) -> Input {
        Input {
            bytes: Vec::new(),
            start: 0,
            peeked: 0,
            eof: false,
            gap: false,
            failed: None,
            mode: mode.into(),
            at_start: true,
            encoding: Encoding::Utf8,
            place: Place::default(),
            scratch: None,
        }
    }

    pub fn of_memory(bytes: Vec<u8>) -> Input {
        // A string that begins with U+FEFF has it as a character, not as a mark.
        Input { bytes, at_start: false, ..Input::new(Buffering::BLOCK) }
    }

    /// The bytes its buffers take.
    pub fn weight(&self) -> usize {
        self.bytes.capacity() + self.scratch.as_ref().map_or(0, |text| text.capacity())
    }

    pub fn scratch(&self) -> &str {
        self.scratch.as_ref().map_or("", |text| text.as_str())
    }

    /// Whether the next byte has to come from the device.
    #[inline]
    pub fn is_drained(&self) -> bool {
        self.start >= self.bytes.len() && !self.eof && self.failed.is_none()
    }

    /// A port that waits costs no buffer. This one holds nothing.
    #[inline]
    pub fn drop_buffer(&mut self) {
        if self.bytes.capacity() > 0 {
            self.bytes = Vec::new();
        }
        self.start = 0;
    }

    /// What was read and not used, peeked bytes included.
    #[inline]
    pub fn unread(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// Whether a character of ASCII is at hand: the commonest case of asking whether there is any.
    #[inline]
    pub fn has_ascii(&self) -> bool {
        let plain = self.peeked == 0 && !self.at_start && self.encoding == Encoding::Utf8;
        plain && self.bytes.get(self.start).is_some_and(u8::is_ascii)
    }

    /// The commonest step: one character of ASCII that the port holds already, consumed.
    #[inline]
    pub fn next_ascii(&mut self) -> Option<char> {
        let byte = *self.bytes.get(self.start)?;
        if self.peeked > 0 || self.at_start || self.encoding != Encoding::Utf8 || !matches!(byte, b'\n' | b' '..0x7f) {
            return None;
        }
        self.start += 1;
        self.place = match byte {
            b'\n' => Place { line: self.place.line.saturating_add(1), column: 0 },
            _ => Place { column: self.place.column.saturating_add(1), ..self.place },
        };
        Some(char::from(byte))
    }

    /// See `Port::next_line`.
    #[inline]
    pub fn next_line<T>(&mut self, make: impl FnOnce(&[u8]) -> Option<(T, usize)>) -> Option<T> {
        if self.peeked > 0 || self.at_start || self.encoding != Encoding::Utf8 {
            return None;
        }
        let unread = self.bytes.get(self.start..)?;
        let (made, length) = make(unread)?;
        self.start += length + 1;
        self.place = Place { line: self.place.line.saturating_add(1), column: 0 };
        Some(made)
    }

    /// Forgets what was only peeked: each operation begins so.
    #[inline]
    pub fn begin(&mut self) {
        if self.gap {
            (self.eof, self.gap) = (false, false);
        }
        if self.peeked > 0 {
            self.bytes.truncate(self.bytes.len() - self.peeked as usize);
            self.peeked = 0;
        }
    }

    /// How many bytes the port itself holds back from the device's next reader.
    pub fn settled(&mut self) -> usize {
        self.begin();
        self.unread().len()
    }

    pub fn forget_all(&mut self) {
        (self.start, self.peeked, self.eof) = (0, 0, false);
        self.bytes.clear();
    }

    /// Memory only: the place of the next byte, and the length.
    pub fn extent(&self) -> (usize, usize) {
        (self.start, self.bytes.len())
    }

    pub fn move_to(&mut self, place: usize) {
        self.start = place.min(self.bytes.len());
        self.eof = false;
    }

    /// Gets more of the input, for an operation that can use all of `unread()` and needs about `missing` bytes
    /// beyond. False at the end.
    pub fn more(&mut self, source: &mut Source, net: &mut Net, missing: usize) -> Result<bool> {
        if let Some(error) = self.failed.take() {
            return Err(PortError::Failed(error));
        }
        if self.eof {
            return Ok(false);
        }
        let Some(device) = source else {
            self.eof = true;
            return Ok(false);
        };
        // What is always ready, such as a file, never waits, so nobody else would look.
        if net.interrupt().is_break() {
            return Err(PortError::Interrupted);
        }
        if self.mode.get() != Buffering::None {
            return self.read(device.as_mut(), net, missing.clamp(self.mode.get().piece(), 1 << 20));
        }
        if !device.can_peek() {
            return self.read(device.as_mut(), net, 1);
        }
        let peeked = self.peeked as usize;
        self.take(device.as_mut(), net, peeked)?;
        let room = missing.clamp(Buffering::SIZE, 1 << 20);
        self.make_room(room, &net.ledger)?;
        let seen = self.append(room, |room| device.peek(net, room))?;
        self.peeked = seen as u32;
        self.gap = seen == 0 && device.take_gap();
        if seen == 0 && !self.gap {
            // The end of an empty datagram must be taken, too, or it would be met for ever.
            device.read(net, &mut [])?;
        }
        self.eof = seen == 0;
        Ok(seen > 0)
    }

    /// The same for bytes: an unbuffered port takes at most `missing`.
    pub fn more_bytes(&mut self, source: &mut Source, net: &mut Net, missing: usize) -> Result<bool> {
        match source {
            Some(device) if self.mode.get() == Buffering::None && !self.eof && self.failed.is_none() => {
                self.read(device.as_mut(), net, missing.min(1 << 20))
            }
            _ => self.more(source, net, missing),
        }
    }

    /// What bytes there are, at most `limit`, made into something on the way; None at the end.
    pub fn use_some<T>(
        &mut self,
        source: &mut Source,
        net: &mut Net,
        limit: usize,
        make: impl FnOnce(&[u8]) -> T,
    ) -> Result<Option<T>> {
        // A buffered port reads what its buffer is for: more room would only have to be cleared.
        let room = if self.mode.get() == Buffering::None { limit } else { self.mode.get().piece() };
        if limit > 0 && self.unread().is_empty() && !self.more_bytes(source, net, room)? {
            self.eof = false;
            return Ok(None);
        }
        let length = self.unread().len().min(limit);
        let made = make(&self.unread()[..length]);
        self.advance(source, net, length)?;
        Ok(Some(made))
    }

    /// The unread bytes are these from now on.
    fn hold(&mut self, bytes: &[u8], ledger: &Ledger) {
        let held = self.bytes.capacity();
        self.bytes.clear();
        self.start = 0;
        self.bytes.extend_from_slice(bytes);
        ledger.add_object(self.bytes.capacity() - held);
    }

    fn read(&mut self, device: &mut dyn Device, net: &mut Net, room: usize) -> Result<bool> {
        if device.is_relay() {
            return Err(PortError::Ask(Errand::Fill));
        }
        let count = if self.unread().is_empty() && room <= Net::SPARE && net.ledger.admits(room) {
            self.read_by_way(device, net, room)?
        } else {
            if device.is_dry(net) {
                if self.unread().is_empty() {
                    self.drop_buffer();
                }
                // It will say so, and what to wait for.
                device.read(net, &mut [])?;
            }
            self.make_room(room, &net.ledger)?;
            self.append(room, |room| device.read(net, room))?
        };
        self.eof = count == 0;
        self.gap = self.eof && device.take_gap();
        Ok(count > 0)
    }

    /// How much a buffered port reads, if that fits into the engine's room.
    #[inline]
    pub fn room_at_once(&self, net: &Net) -> Option<usize> {
        match self.mode.get() {
            Buffering::None => None,
            mode => Some(mode.piece()).filter(|room| *room <= Net::SPARE && net.ledger.admits(*room)),
        }
    }

    /// Reads into the engine's room first. So a port that waits costs no buffer, one that got little holds no more than
    /// that, and no room need be cleared.
    fn read_by_way(&mut self, device: &mut dyn Device, net: &mut Net, room: usize) -> Result<usize> {
        let mut spare = net.take_spare();
        let answer = device.read(net, &mut spare[..room]).map(|count| count.min(room));
        match answer {
            Ok(count @ 1..) => self.hold(&spare[..count], &net.ledger),
            _ => self.drop_buffer(),
        }
        net.spare = spare;
        Ok(answer?)
    }

    fn make_room(&mut self, room: usize, ledger: &Ledger) -> Result<()> {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        if ledger.grow(&mut self.bytes, room) { Ok(()) } else { Err(PortError::Memory(room)) }
    }

    /// What `make_room` has made room for.
    fn append(&mut self, room: usize, fill: impl FnOnce(&mut [u8]) -> crate::net::Result<usize>) -> Result<usize> {
        let held = self.bytes.len();
        self.bytes.resize(held + room, 0);
        // A host's device may claim more than it had room for.
        let answer = fill(&mut self.bytes[held..]).map(|count| count.min(room));
        self.bytes.truncate(held + answer.as_ref().map_or(0, |count| *count));
        if self.bytes.is_empty() {
            // A port that waits costs no buffer.
            self.bytes = Vec::new();
        }
        Ok(answer?)
    }

    /// Takes the first `count` peeked bytes out of the kernel. If another reader was faster, takes what is left.
    fn take(&mut self, device: &mut dyn Device, net: &mut Net, count: usize) -> Result<()> {
        let mut left = count.min(self.peeked as usize);
        while left > 0 {
            let at = self.bytes.len() - self.peeked as usize;
            let taken = device.read(net, &mut self.bytes[at..at + left])?;
            if taken == 0 {
                break;
            }
            left -= taken;
            self.peeked -= taken as u32;
        }
        Ok(())
    }

    /// The first `count` unread bytes become the port's own: no other reader of the descriptor will see them.
    pub fn keep(&mut self, source: &mut Source, net: &mut Net, count: usize) -> Result<()> {
        if self.peeked > 0
            && let Some(device) = source
        {
            let own = self.unread().len() - (self.peeked as usize).min(self.unread().len());
            let taken = self.take(device.as_mut(), net, count.saturating_sub(own));
            self.begin();
            return taken;
        }
        Ok(())
    }

    /// Ends an operation that used the first `count` unread bytes.
    #[inline]
    pub fn advance(&mut self, source: &mut Source, net: &mut Net, count: usize) -> Result<()> {
        if self.peeked > 0 {
            self.keep(source, net, count)?;
        }
        self.start = (self.start + count).min(self.bytes.len());
        if self.start == self.bytes.len() && source.is_some() {
            self.bytes.clear();
            self.start = 0;
        }
        Ok(())
    }

    /// Gives away what was fetched and not read; the end, if it was met, will be met again.
    pub fn take_unread(&mut self) -> Vec<u8> {
        self.begin();
        let unread = self.unread().to_vec();
        self.forget_all();
        unread
    }

    /// Adds bytes that somebody else has fetched; none means the end.
    pub fn feed(&mut self, bytes: &[u8], ledger: &Ledger) -> Result<()> {
        self.make_room(bytes.len(), ledger)?;
        self.eof = bytes.is_empty();
        self.append(bytes.len(), |room| {
            room.copy_from_slice(bytes);
            Ok(bytes.len())
        })?;
        Ok(())
    }

    /// Puts bytes back, to be read next.
    pub fn unread_bytes(&mut self, bytes: &[u8]) {
        self.begin();
        match self.start.checked_sub(bytes.len()) {
            Some(start) => {
                self.bytes[start..self.start].copy_from_slice(bytes);
                self.start = start;
            }
            None => {
                self.bytes = [bytes, self.unread()].concat();
                self.start = 0;
            }
        }
    }
}

/// A port keeps a buffer of at least this size for its next output; a smaller one goes from port to port.
const KEPT: usize = 512;

pub(super) struct Output {
    bytes: Vec<u8>,
    /// How many of them are written already.
    start: usize,
    /// Memory only: how many of them lie behind the place where the next one goes; `move_to` has gone back over them.
    behind: usize,
    pub mode: Packed,
    pub encoding: Encoding,
    pub place: Place,
}

impl Output {
    pub fn new(mode: Buffering) -> Output {
        Output {
            bytes: Vec::new(),
            start: 0,
            behind: 0,
            mode: mode.into(),
            encoding: Encoding::Utf8,
            place: Place::default(),
        }
    }

    /// The bytes its buffer takes.
    pub fn weight(&self) -> usize {
        self.bytes.capacity()
    }

    /// What was accepted and not written. All of it, for memory.
    pub fn waiting(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// Somebody else has written the first `count` bytes that waited.
    pub fn drop_waiting(&mut self, count: usize) {
        self.start = self.start.saturating_add(count).min(self.bytes.len());
        if self.start == self.bytes.len() {
            self.take();
        }
    }

    pub fn take(&mut self) -> Vec<u8> {
        (self.start, self.behind) = (0, 0);
        std::mem::take(&mut self.bytes)
    }

    /// Memory only: the place of the next byte, and the length.
    pub fn extent(&self) -> (usize, usize) {
        (self.bytes.len() - self.behind, self.bytes.len())
    }

    /// Memory only: what is written next takes the place of what is there.
    pub fn move_to(&mut self, place: usize) {
        self.behind = self.bytes.len().saturating_sub(place);
    }

    /// Memory only: gives up what comes after the first `length` bytes.
    pub fn cut(&mut self, length: usize) {
        let (place, _) = self.extent();
        self.bytes.truncate(length);
        self.move_to(place);
    }

    /// Takes over `bytes`, and writes what the mode says is due. A pause leaves the rest in the buffer; any other error
    /// gives it up. Where output is limited the bytes count now, since nothing stops what waits from being written later.
    pub fn accept(&mut self, sink: &mut Source, net: &mut Net, bytes: &[u8]) -> Result<()> {
        let Some(device) = sink else { return self.append(bytes, &net.ledger) };
        if net.output_left.is_some() && !device.is_relay() && !device.is_void() {
            net.pay(bytes.len())?;
        }
        let due = match self.mode.get() {
            Buffering::None => true,
            Buffering::Line => memchr(b'\n', bytes).is_some() || self.waiting().len() + bytes.len() > Buffering::SIZE,
            // A size like the usual ones says how much may wait, and a little more saves calls; a tiny one is meant.
            Buffering::Block(size) => {
                let size = if size < KEPT { size } else { size.max(Buffering::SIZE) };
                self.waiting().len().saturating_add(bytes.len()) > size
            }
        };
        if !due || !self.waiting().is_empty() {
            if self.bytes.capacity() == 0 {
                self.bytes = std::mem::take(&mut net.drained);
            }
            self.append(bytes, &net.ledger)?;
            return if due { self.drain(device.as_mut(), net) } else { Ok(()) };
        }
        // Nothing waits before it: no need to copy what goes out at once.
        let mut rest = bytes;
        while !rest.is_empty() {
            match write(device.as_mut(), net, rest) {
                Ok(taken) => rest = rest.get(taken..).unwrap_or_default(),
                Err(error) => {
                    if error.is_pause() {
                        // Part of it is gone: to refuse the rest now would lose it.
                        self.bytes.extend_from_slice(rest);
                        net.ledger.add_object(rest.len());
                    }
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// `accept` where that is a copy into a buffer that is large enough.
    #[inline]
    pub fn hold_at_once(&mut self, net: &mut Net, bytes: &[u8]) -> Option<()> {
        let Buffering::Block(size) = self.mode.get() else { return None };
        if net.output_left.is_some() {
            return None;
        }
        if self.bytes.capacity() == 0 {
            self.bytes = std::mem::take(&mut net.drained);
        }
        let fits =
            bytes.len() <= self.bytes.capacity() - self.bytes.len() && self.waiting().len() + bytes.len() <= size;
        fits.then(|| self.bytes.extend_from_slice(bytes))
    }

    /// `drain` where the device takes all there is.
    #[inline]
    pub fn drain_at_once(&mut self, device: &mut dyn Device, net: &mut Net) -> Option<()> {
        let waiting = self.waiting();
        if waiting.is_empty() {
            return None;
        }
        let taken = device.write_at_once(net, waiting)?;
        self.start += taken;
        if self.start < self.bytes.len() {
            return None;
        }
        self.begin_anew(net);
        Some(())
    }

    fn append(&mut self, bytes: &[u8], ledger: &Ledger) -> Result<()> {
        if self.behind > 0 {
            let over = self.behind.min(bytes.len());
            let place = self.bytes.len() - self.behind;
            self.append_at_end(&bytes[over..], ledger)?;
            self.bytes[place..place + over].copy_from_slice(&bytes[..over]);
            self.behind -= over;
            return Ok(());
        }
        self.append_at_end(bytes, ledger)
    }

    fn append_at_end(&mut self, bytes: &[u8], ledger: &Ledger) -> Result<()> {
        if !ledger.grow(&mut self.bytes, bytes.len()) {
            return Err(PortError::Memory(bytes.len()));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Writes all that waits. What a failed write leaves is given up, so that it fails once.
    pub fn drain(&mut self, device: &mut dyn Device, net: &mut Net) -> Result<()> {
        while self.start < self.bytes.len() {
            match write(device, net, &self.bytes[self.start..]) {
                Ok(taken) => self.start += taken,
                Err(error) => {
                    if !error.is_pause() {
                        self.take();
                    }
                    return Err(error);
                }
            }
        }
        self.begin_anew(net);
        Ok(())
    }

    /// All is written.
    #[inline]
    fn begin_anew(&mut self, net: &mut Net) {
        self.start = 0;
        self.bytes.clear();
        if self.bytes.capacity() < KEPT {
            // Mostly the next to write is another port.
            net.drained = std::mem::take(&mut self.bytes);
        }
    }
}

/// Writes what the port has taken over, which was counted then.
fn write(device: &mut dyn Device, net: &mut Net, bytes: &[u8]) -> Result<usize> {
    let left = net.output_left.take();
    let answer = write_counted(device, net, bytes);
    net.output_left = left;
    answer
}

/// Writes what counts as far as it is taken.
pub(super) fn write_counted(device: &mut dyn Device, net: &mut Net, bytes: &[u8]) -> Result<usize> {
    if device.is_relay() {
        return Err(PortError::Ask(Errand::Drain));
    }
    match device.write(net, bytes)? {
        // A device that takes nothing would be asked for ever.
        0 => Err(Error::new("write", libc::EIO).into()),
        taken => Ok(taken.min(bytes.len())),
    }
}
