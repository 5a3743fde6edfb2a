//! A device between a port and its own: it changes line ends, and puts bytes into the chunks of HTTP/1.1 and takes them out.
//! [RFC 9112, section 7.1]
//!
//! ```text
//! read    device -> raw -> data of the chunks -> line feeds -> port
//! write   port -> line ends -> one chunk -> pending -> device
//! ```
//!
//! What is written in one go becomes one chunk. A write that is told to wait has taken nothing yet, as far as the port knows; the same
//! bytes come again, and what is pending of them goes on. After the last chunk, which is the end for the port, `raw` is left alone:
//! it begins with the trailer, for whoever reads plainly from there.

use std::cell::Cell;
use std::os::fd::RawFd;
use std::rc::Rc;

use nix::libc;

use super::device::{Device, Whence};
use crate::net::{self, Error, Interest, Net, Socket};

/// What stands for a line's end on the other side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineEnd {
    Lf,
    Crlf,
    Cr,
}

/// Where in chunked input we are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// The bytes are no chunks.
    Plain,
    /// Before a line with a size.
    Size,
    /// Within a chunk, of which so many bytes are to come.
    Data(u64),
    /// Before the end of the line after a chunk.
    After,
    /// Past the last chunk.
    End,
}

pub struct Framing {
    inner: Box<dyn Device>,
    line_end: LineEnd,
    chunk_output: bool,
    place: Place,
    /// Read from the device and not looked at yet.
    raw: Vec<u8>,
    /// A carriage return, which may be the first half of a line's end.
    held: bool,
    /// To be written to the device, from `sent` on; stands for `claimed` bytes of the port's.
    pending: Vec<u8>,
    sent: usize,
    claimed: usize,
}

/// The longest line with the size of a chunk, extensions included.
const SIZE_LINE: usize = 4096;

const PIECE: usize = 4096;

impl Framing {
    pub fn new(inner: Box<dyn Device>) -> Framing {
        Framing {
            inner,
            line_end: LineEnd::Lf,
            chunk_output: false,
            place: Place::Plain,
            raw: Vec::new(),
            held: false,
            pending: Vec::new(),
            sent: 0,
            claimed: 0,
        }
    }

    pub fn set_line_end(&mut self, line_end: LineEnd) {
        self.line_end = line_end;
    }

    pub fn chunk_output(&mut self, on: bool) {
        self.chunk_output = on;
    }

    /// From here on the input is in chunks, beginning with `fetched`, or it is plain.
    pub fn chunk_input(&mut self, on: bool, fetched: &[u8]) {
        self.place = if on { Place::Size } else { Place::Plain };
        self.raw.splice(..0, fetched.iter().copied());
    }

    /// Whether something was fetched that may be read, or the end has come.
    pub fn has_input(&self) -> bool {
        !self.raw.is_empty() || self.place == Place::End
    }

    fn fill(&mut self, net: &mut Net) -> net::Result<usize> {
        let mut room = vec![0; PIECE];
        let count = self.inner.read(net, &mut room)?;
        self.raw.extend_from_slice(&room[..count]);
        Ok(count)
    }

    /// A line of `raw` without its end; None at the end of the input.
    fn line(&mut self, net: &mut Net) -> net::Result<Option<Vec<u8>>> {
        loop {
            if let Some(at) = self.raw.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.raw.drain(..=at).collect();
                line.pop();
                line.pop_if(|last| *last == b'\r');
                return Ok(Some(line));
            }
            if self.raw.len() > SIZE_LINE {
                return Err(malformed());
            }
            if self.fill(net)? == 0 {
                return Ok(None);
            }
        }
    }

    /// Bytes of the input without its chunks.
    fn read_data(&mut self, net: &mut Net, room: &mut [u8]) -> net::Result<usize> {
        loop {
            let wanted = match self.place {
                Place::End => return Ok(0),
                Place::Plain => room.len(),
                Place::Data(left) => room.len().min(usize::try_from(left).unwrap_or(usize::MAX)),
                Place::After => {
                    match self.line(net)? {
                        Some(line) if line.is_empty() => self.place = Place::Size,
                        Some(_) => return Err(malformed()),
                        None => return Ok(0),
                    }
                    continue;
                }
                Place::Size => {
                    match self.line(net)? {
                        // What is left of the trailer of chunks before these.
                        Some(line) if line.is_empty() => {}
                        Some(line) => {
                            self.place = match size(&line).ok_or_else(malformed)? {
                                0 => Place::End,
                                size => Place::Data(size),
                            }
                        }
                        None => return Ok(0),
                    }
                    continue;
                }
            };
            let count = if self.raw.is_empty() {
                self.inner.read(net, &mut room[..wanted])?
            } else {
                let count = wanted.min(self.raw.len());
                room[..count].copy_from_slice(&self.raw[..count]);
                self.raw.drain(..count);
                count
            };
            if let Place::Data(left) = self.place {
                let left = left.saturating_sub(count as u64);
                self.place = if left == 0 { Place::After } else { Place::Data(left) };
            }
            return Ok(count);
        }
    }

    fn encode(&mut self, bytes: &[u8]) {
        let mut body = Vec::with_capacity(bytes.len());
        match self.line_end {
            LineEnd::Lf => body.extend_from_slice(bytes),
            LineEnd::Cr => body.extend(bytes.iter().map(|byte| if *byte == b'\n' { b'\r' } else { *byte })),
            LineEnd::Crlf => {
                for byte in bytes {
                    if *byte == b'\n' {
                        body.push(b'\r');
                    }
                    body.push(*byte);
                }
            }
        }
        if self.chunk_output {
            self.pending = format!("{:x}\r\n", body.len()).into_bytes();
            self.pending.extend_from_slice(&body);
            self.pending.extend_from_slice(b"\r\n");
        } else {
            self.pending = body;
        }
        self.claimed = bytes.len();
    }
}

/// The number that a line says in hexadecimal, before extensions.
fn size(line: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(line).ok()?;
    let digits = text.split(';').next()?.trim();
    if digits.starts_with('+') { None } else { u64::from_str_radix(digits, 16).ok() }
}

fn malformed() -> net::Stop {
    Error::new("read", libc::EPROTO).into()
}

impl Device for Framing {
    fn read(&mut self, net: &mut Net, room: &mut [u8]) -> net::Result<usize> {
        if room.is_empty() {
            return Ok(0);
        }
        loop {
            // A carriage return that was held back takes the first place.
            let held = usize::from(self.held);
            let mut bytes = vec![0; room.len().max(2) - held];
            let count = match self.read_data(net, &mut bytes) {
                Ok(0) if self.held => {
                    self.held = false;
                    room[0] = b'\r';
                    return Ok(1);
                }
                other => other?,
            };
            let mut input = Vec::with_capacity(count + held);
            input.extend((held == 1).then_some(b'\r'));
            input.extend_from_slice(&bytes[..count]);
            self.held = false;
            match self.line_end {
                LineEnd::Lf => {}
                LineEnd::Cr => input.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n'),
                LineEnd::Crlf => {
                    if count > 0 && input.pop_if(|last| *last == b'\r').is_some() {
                        self.held = true;
                    }
                    let mut bytes = std::mem::take(&mut input).into_iter().peekable();
                    while let Some(byte) = bytes.next() {
                        if byte != b'\r' || bytes.peek() != Some(&b'\n') {
                            input.push(byte);
                        }
                    }
                }
            }
            if input.is_empty() && count > 0 {
                continue;
            }
            // Room for one byte alone was read with room for two.
            let taken = input.len().min(room.len());
            room[..taken].copy_from_slice(&input[..taken]);
            if taken < input.len() {
                self.put_back(&input[taken..]);
            }
            return Ok(taken);
        }
    }

    fn write(&mut self, net: &mut Net, bytes: &[u8]) -> net::Result<usize> {
        if self.sent == self.pending.len() {
            self.encode(bytes);
            self.sent = 0;
        }
        while self.sent < self.pending.len() {
            match self.inner.write(net, &self.pending[self.sent..]) {
                Ok(count) => self.sent += count,
                Err(stop) => {
                    if matches!(stop, net::Stop::Failed(_)) {
                        self.sent = self.pending.len();
                    }
                    return Err(stop);
                }
            }
        }
        Ok(self.claimed)
    }

    fn is_ready(&self, interest: Interest) -> bool {
        interest == Interest::Read && self.has_input() || self.inner.is_ready(interest)
    }

    fn close(&mut self, net: &mut Net) -> net::Result<()> {
        self.inner.close(net)
    }

    fn abandon(&mut self, pending: &[u8]) {
        if self.sent == self.pending.len() {
            self.encode(pending);
            self.sent = 0;
        }
        self.inner.abandon(&self.pending[self.sent..]);
    }

    fn seek(&mut self, offset: i64, whence: Whence) -> net::Result<u64> {
        self.inner.seek(offset, whence)
    }

    fn fd(&self) -> Option<RawFd> {
        self.inner.fd()
    }

    fn socket(&self) -> Option<&Socket> {
        self.inner.socket()
    }

    fn is_terminal(&self) -> bool {
        self.inner.is_terminal()
    }

    fn share(&mut self) -> Option<Rc<Cell<bool>>> {
        self.inner.share()
    }

    fn set_limited(&mut self) {
        self.inner.set_limited();
    }

    fn release(&mut self) {
        self.inner.release();
    }

    fn refresh(&mut self) -> net::Result<()> {
        self.inner.refresh()
    }

    fn framing(&mut self) -> Option<&mut Framing> {
        Some(self)
    }
}

impl Framing {
    /// Bytes that were read one too many, to be read next.
    fn put_back(&mut self, bytes: &[u8]) {
        match self.place {
            Place::Data(left) => self.place = Place::Data(left + bytes.len() as u64),
            Place::After => self.place = Place::Data(bytes.len() as u64),
            _ => {}
        }
        self.raw.splice(..0, bytes.iter().copied());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its input in pieces, and takes at most three bytes at a time.
    struct Tape {
        input: Vec<Vec<u8>>,
        output: Rc<std::cell::RefCell<Vec<u8>>>,
    }

    impl Device for Tape {
        fn read(&mut self, _: &mut Net, room: &mut [u8]) -> net::Result<usize> {
            let Some(piece) = self.input.first_mut() else { return Ok(0) };
            let count = piece.len().min(room.len());
            room[..count].copy_from_slice(&piece[..count]);
            piece.drain(..count);
            if piece.is_empty() {
                self.input.remove(0);
            }
            Ok(count)
        }
        fn write(&mut self, _: &mut Net, bytes: &[u8]) -> net::Result<usize> {
            let count = bytes.len().min(3);
            self.output.borrow_mut().extend_from_slice(&bytes[..count]);
            Ok(count)
        }
        fn close(&mut self, _: &mut Net) -> net::Result<()> {
            Ok(())
        }
    }

    fn framing(pieces: &[&str]) -> (Framing, Rc<std::cell::RefCell<Vec<u8>>>) {
        let output = Rc::default();
        // An empty piece would be the end.
        let input = pieces.iter().filter(|piece| !piece.is_empty()).map(|piece| piece.as_bytes().to_vec()).collect();
        (Framing::new(Box::new(Tape { input, output: Rc::clone(&output) })), output)
    }

    fn all(framing: &mut Framing, net: &mut Net, size: usize) -> String {
        let mut text = Vec::new();
        loop {
            let mut room = vec![0; size];
            match framing.read(net, &mut room).unwrap() {
                0 => return String::from_utf8(text).unwrap(),
                count => text.extend_from_slice(&room[..count]),
            }
        }
    }

    #[test]
    fn chunks_are_taken_apart_wherever_the_pieces_end() {
        let net = &mut Net::new().unwrap();
        let text = "5\r\nhello\r\n8;x=y\r\n, world!\r\n0\r\n\r\nnext";
        for size in 1..40 {
            for cut in 0..text.len() {
                let (mut framing, _) = framing(&[&text[2..cut.max(2)], &text[cut.max(2)..]]);
                framing.chunk_input(true, &text.as_bytes()[..2]);
                assert_eq!(all(&mut framing, net, size), "hello, world!", "{size} {cut}");
                assert_eq!(all(&mut framing, net, size), "");
                framing.chunk_input(false, b"");
                assert_eq!(all(&mut framing, net, size), "\r\nnext");
            }
        }
    }

    #[test]
    fn line_ends_are_changed_both_ways() {
        let net = &mut Net::new().unwrap();
        for size in 1..9 {
            let (mut framing, _) = framing(&["a\r", "\nb\rc\r\n\r\n", "\r"]);
            framing.set_line_end(LineEnd::Crlf);
            assert_eq!(all(&mut framing, net, size), "a\nb\rc\n\n\r", "{size}");
        }
        let (mut framing, output) = framing(&[]);
        framing.set_line_end(LineEnd::Crlf);
        framing.chunk_output(true);
        assert_eq!(framing.write(net, b"ab\ncdefghijklmno").unwrap(), 16);
        assert_eq!(String::from_utf8_lossy(&output.borrow()), "11\r\nab\r\ncdefghijklmno\r\n");
    }

    #[test]
    fn what_is_no_chunk_is_an_error() {
        let net = &mut Net::new().unwrap();
        for text in ["hello\r\n", "+5\r\nhello", "-1\r\n", "5\r\nhello!\r\n", "ffffffffffffffffff\r\n"] {
            let (mut framing, _) = framing(&[text]);
            framing.chunk_input(true, b"");
            let mut room = [0; 64];
            let first = framing.read(net, &mut room);
            assert!(first.is_err() || framing.read(net, &mut room).is_err(), "{text}");
        }
    }
}
