//! Reading from a port.
//!
//! Every operation has one shape: look at the unread bytes, get more while they do not suffice, and only at the end
//! consume what was used. An error or a pause on the way leaves the bytes where they are. The end of the input is
//! told once for each time the device said so; a peek does not use it up.

use std::os::fd::RawFd;
use std::str::Utf8Error;

use memchr::memchr;

use super::Buffering;
use super::buffer::{Input, Place, Source};
use super::device::{Device, Errand};
use super::error::{PortError, Result};
use super::text::{Encoding, Mark, Step, Strategy};
use super::{Port, Side};
use crate::ledger::Loan;
use crate::net::{Interest, Mode, Net};

/// Text that can be read, as far as it was fetched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text<'a> {
    pub text: &'a str,
    /// Nothing follows it.
    pub at_end: bool,
}

/// What to do with a character met while gathering text.
enum Verdict {
    More,
    /// Keep it and stop.
    Last,
    /// Stop before it.
    Before,
    /// Use it up, leave it out, and stop.
    Drop,
}

/// How many bytes `fill_text` decodes for a first look.
const WINDOW: usize = 2048;

/// Characters of a long text between two looks at the interrupt flag.
const TICK: usize = 1 << 14;

/// Bytes that are copied between two looks.
const PIECE: usize = 1 << 20;

/// How far into a file its encoding may be declared.
const DECLARED: usize = 500;

const REPLACEMENT: char = '\u{fffd}';

/// What `Port::fetch_at_once` has come to.
pub enum Fetched<T> {
    Made(T),
    End,
    /// There is nothing, and this descriptor is what to wait for.
    Awaited(RawFd),
}

impl Port {
    fn input(&mut self) -> Result<(&mut Input, &mut Source)> {
        let input = self.input.open_or(PortError::NotInput)?;
        input.begin();
        Ok((input, &mut self.device))
    }

    /// What waits to be written at the same place of a file goes first.
    fn before_reading(&mut self, net: &mut Net) -> Result<()> {
        if self.random && self.waiting() > 0 { self.flush(net) } else { Ok(()) }
    }

    /// The input, past a byte-order mark.
    fn text_input(&mut self, net: &mut Net) -> Result<(&mut Input, &mut Source, Strategy)> {
        self.before_reading(net)?;
        let strategy = self.strategy;
        let (input, source) = self.input()?;
        while input.at_start {
            match input.encoding.mark(input.unread(), input.eof) {
                Mark::Short => {
                    input.more(source, net, 1)?;
                }
                Mark::Found(length, encoding) => {
                    input.advance(source, net, length)?;
                    (input.at_start, input.encoding) = (false, encoding);
                }
                Mark::Absent(encoding) => (input.at_start, input.encoding) = (false, encoding),
            }
        }
        Ok((input, source, strategy))
    }

    fn byte_input(&mut self, net: &mut Net) -> Result<(&mut Input, &mut Source)> {
        self.before_reading(net)?;
        let (input, source) = self.input()?;
        input.at_start = false;
        Ok((input, source))
    }

    /// The descriptor that whoever wants something to read has to wait for, where that is known without trying.
    #[inline]
    pub fn awaited(&mut self, net: &mut Net) -> Option<RawFd> {
        let (Side::Open(input), Some(device)) = (&mut self.input, &self.device) else { return None };
        let fd = if input.is_drained() { device.awaited(net) } else { None };
        if fd.is_some() {
            input.drop_buffer();
        }
        fd
    }

    /// What a buffered socket has for a port that holds nothing, made into something on the way: the usual case of `use_some`.
    /// None, and nothing has happened, in all others.
    #[inline]
    pub fn fetch_at_once<T>(&mut self, net: &mut Net, make: impl FnOnce(&[u8]) -> T) -> Option<Fetched<T>> {
        let (Side::Open(input), Some(device)) = (&mut self.input, &mut self.device) else { return None };
        if self.random || !input.is_drained() {
            return None;
        }
        if let Some(fd) = device.awaited(net) {
            input.drop_buffer();
            return Some(Fetched::Awaited(fd));
        }
        let room = input.room_at_once(net)?;
        input.at_start = false;
        let mut spare = net.take_spare();
        let count = device.read_at_once(net, &mut spare[..room]);
        let fetched = match count {
            Some(0) => Some(Fetched::End),
            Some(count) => Some(Fetched::Made(make(&spare[..count]))),
            None => None,
        };
        net.spare = spare;
        fetched
    }

    pub fn read_char(&mut self, net: &mut Net) -> Result<Option<char>> {
        if let Side::Open(input) = &mut self.input
            && let Some(char) = input.next_ascii()
        {
            return Ok(Some(char));
        }
        let (input, source, strategy) = self.text_input(net)?;
        let Some((char, length)) = next_char(input, source, net, strategy)? else {
            input.eof = false;
            return Ok(None);
        };
        input.advance(source, net, length)?;
        input.place.pass(char.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(Some(char))
    }

    /// The next character, which from then on lives in the port: other readers of the descriptor do not see it.
    pub fn peek_char(&mut self, net: &mut Net) -> Result<Option<char>> {
        let (input, source, strategy) = self.text_input(net)?;
        let Some((char, length)) = next_char(input, source, net, strategy)? else { return Ok(None) };
        input.keep(source, net, length)?;
        Ok(Some(char))
    }

    /// Whether the next character is at hand: the usual case of `char_ready`.
    #[inline]
    pub fn has_ascii(&self) -> bool {
        matches!(&self.input, Side::Open(input) if input.has_ascii())
    }

    /// Whether `read_char` would answer without waiting, be it with the end.
    pub fn char_ready(&mut self, net: &mut Net) -> Result<bool> {
        let (input, source) = self.input()?;
        loop {
            // A mark that may still grow is no character yet.
            let marked = input.at_start && input.encoding.mark(input.unread(), input.eof) == Mark::Short;
            if input.eof
                || input.failed.is_some()
                || !marked && input.encoding.step(input.unread(), false) != Step::Short
            {
                input.begin();
                return Ok(true);
            }
            if source.as_ref().is_some_and(|device| device.is_relay()) {
                return Err(PortError::Ask(Errand::Ready));
            }
            let can_read = |device: &dyn Device| !device.is_just_read(net) && device.is_ready(Interest::Read);
            let ready = source.as_deref().is_none_or(can_read);
            let before = input.unread().len();
            if !ready {
                input.begin();
                return Ok(false);
            }
            // Peeked again from where it was, in case only a part of a character has come.
            input.begin();
            let mode = std::mem::replace(&mut net.mode, Mode::Try);
            let answer = input.more(source, net, 1);
            net.mode = mode;
            match answer {
                Err(PortError::Wait(..) | PortError::Later(_)) => return Ok(false),
                Err(PortError::Failed(error)) => {
                    input.failed = Some(error);
                    return Ok(true);
                }
                Err(error) => return Err(error),
                Ok(_) if input.unread().len() == before && !input.eof => {
                    input.begin();
                    return Ok(false);
                }
                Ok(_) => {}
            }
        }
    }

    /// The next line, where the port's buffer has all of it as UTF-8: what `make` makes of what was not read yet, together with
    /// the length of the line without its newline. If that is nothing, the line is still to be read, as it is where the answer is
    /// nothing for another reason.
    #[inline]
    pub fn next_line<T>(&mut self, make: impl FnOnce(&[u8]) -> Option<(T, usize)>) -> Option<T> {
        let Side::Open(input) = &mut self.input else { return None };
        input.next_line(make)
    }

    /// A line without its newline; None at the end. Only newline ends a line.
    pub fn read_line(&mut self, net: &mut Net) -> Result<Option<String>> {
        let (input, source, strategy) = self.text_input(net)?;
        if input.encoding != Encoding::Utf8 {
            let judge = |char| if char == '\n' { Verdict::Drop } else { Verdict::More };
            return Ok(gather(input, source, net, strategy, judge)?.map(|(line, _)| line));
        }
        let mut looked = 0;
        let (length, newline) = loop {
            let unread = input.unread();
            if let Some(at) = memchr(b'\n', &unread[looked..]) {
                break (looked + at, true);
            }
            looked = unread.len();
            if !input.more(source, net, 1)? {
                break (looked, false);
            }
        };
        if length == 0 && !newline {
            input.eof = false;
            return Ok(None);
        }
        let line = take_utf8(input, source, net, strategy, length, usize::from(newline))?;
        if newline {
            input.place = Place { line: input.place.line.saturating_add(1), column: 0 };
        }
        Ok(Some(line))
    }

    /// Text up to one of `delimiters`, which are in ascending order, and which it was (None: the end of the input). The delimiter is used up or left,
    /// as `take` says. None at the end.
    pub fn read_delimited(
        &mut self,
        net: &mut Net,
        delimiters: &[char],
        take: bool,
    ) -> Result<Option<(String, Option<char>)>> {
        self.read_delimited_up_to(net, delimiters, take, usize::MAX)
    }

    /// The same, but no more than `limit` characters, which is not 0; what comes then is not looked at.
    pub fn read_delimited_up_to(
        &mut self,
        net: &mut Net,
        delimiters: &[char],
        take: bool,
        limit: usize,
    ) -> Result<Option<(String, Option<char>)>> {
        let (input, source, strategy) = self.text_input(net)?;
        const FEW: usize = 8;
        let ends = |char| {
            if delimiters.len() <= FEW { delimiters.contains(&char) } else { delimiters.binary_search(&char).is_ok() }
        };
        let mut left = limit;
        gather(input, source, net, strategy, |char| match (ends(char), take) {
            (false, _) => {
                left -= 1;
                if left == 0 { Verdict::Last } else { Verdict::More }
            }
            (true, true) => Verdict::Drop,
            (true, false) => Verdict::Before,
        })
    }

    /// The next `count` characters, fewer before the end; None at the end.
    pub fn read_string(&mut self, net: &mut Net, count: usize) -> Result<Option<String>> {
        if count == 0 {
            // Asking for nothing waits for nothing, not even for a mark.
            self.input()?;
            return Ok(Some(String::new()));
        }
        let (input, source, strategy) = self.text_input(net)?;
        let mut left = count;
        let text = gather(input, source, net, strategy, |_| {
            left -= 1;
            if left == 0 { Verdict::Last } else { Verdict::More }
        })?;
        Ok(text.map(|(text, _)| text))
    }

    /// All text up to the end; None at the end.
    pub fn read_text(&mut self, net: &mut Net) -> Result<Option<String>> {
        let (input, source, strategy) = self.text_input(net)?;
        if input.encoding != Encoding::Utf8 {
            return Ok(gather(input, source, net, strategy, |_| Verdict::More)?.map(|(text, _)| text));
        }
        while input.more(source, net, input.unread().len())? {}
        let length = input.unread().len();
        if length == 0 {
            input.eof = false;
            return Ok(None);
        }
        take_utf8(input, source, net, strategy, length, 0).map(Some)
    }

    /// More than `seen` bytes of the text that follows, or all of it: for a lexer, which asks again with what it has
    /// seen when a datum does not end there. `consume_text` must follow, before any other operation on the port.
    pub fn fill_text(&mut self, net: &mut Net, seen: usize) -> Result<Text<'_>> {
        // Not text_input, which would forget the peeked bytes that were shown the last time.
        let at_start = match &self.input {
            Side::Open(input) => input.at_start,
            _ => true,
        };
        let (input, source, strategy) = if at_start || seen == 0 {
            self.text_input(net)?
        } else {
            let strategy = self.strategy;
            (self.input.open_or(PortError::NotInput)?, &mut self.device, strategy)
        };
        input.scratch = None;
        let window = seen.saturating_mul(2).max(WINDOW);
        loop {
            let unread = input.unread();
            let looked = &unread[..unread.len().min(window)];
            let (valid, error) = match input.encoding {
                Encoding::Utf8 => match sound(looked, net)? {
                    Ok(()) => (looked.len(), None),
                    Err((valid, error)) => (valid, Some(error)),
                },
                _ => (0, None),
            };
            let rest_is_text =
                input.encoding == Encoding::Utf8 && error.is_none_or(|error| error.error_len().is_none() && !input.eof);
            let at_end = input.eof && valid == unread.len();
            if valid > seen || at_end {
                return Ok(Text { text: valid_text(&input.unread()[..valid]), at_end });
            }
            if !rest_is_text {
                // Bytes that are not UTF-8 as they stand: decode them aside.
                if transcribe(input, strategy, seen, window)? {
                    let at_end = input.eof && transcribed(input, input.scratch().len()) == input.unread().len();
                    return Ok(Text { text: input.scratch(), at_end });
                }
                input.scratch = None;
            }
            input.more(source, net, seen)?;
        }
    }

    /// Consumes the first `length` bytes of what `fill_text` answered last.
    pub fn consume_text(&mut self, net: &mut Net, length: usize) -> Result<()> {
        let input = self.input.open_or(PortError::NotInput)?;
        if input.scratch().is_empty() {
            let length = length.min(input.unread().len());
            return pass_and_advance(input, &mut self.device, net, length);
        }
        let scratch = input.scratch.take().unwrap_or_default();
        let used = transcribed(input, length);
        input.place.pass(scratch.as_bytes().get(..length).unwrap_or(scratch.as_bytes()));
        input.advance(&mut self.device, net, used)
    }

    /// The end was reached by `fill_text` and told: the next operation asks the device again.
    pub fn consume_end(&mut self) {
        if let Side::Open(input) = &mut self.input
            && input.unread().is_empty()
        {
            input.eof = false;
        }
    }

    pub fn read_u8(&mut self, net: &mut Net) -> Result<Option<u8>> {
        let (input, source) = self.byte_input(net)?;
        let Some(byte) = next_byte(input, source, net)? else {
            input.eof = false;
            return Ok(None);
        };
        input.advance(source, net, 1)?;
        Ok(Some(byte))
    }

    pub fn peek_u8(&mut self, net: &mut Net) -> Result<Option<u8>> {
        let (input, source) = self.byte_input(net)?;
        next_byte(input, source, net)
    }

    /// The encoding that the input says it has, by name, within its next bytes; they stay to be read.
    pub fn declared_encoding(&mut self, net: &mut Net) -> Result<Option<String>> {
        let (input, source) = self.input()?;
        while input.mode.get() != Buffering::None
            && input.unread().len() < DECLARED
            && input.more(source, net, DECLARED)?
        {}
        input.eof = false;
        let start = input.unread();
        Ok(super::text::declared(&start[..start.len().min(DECLARED)]))
    }

    /// Whether `read_u8` would answer without waiting.
    pub fn u8_ready(&mut self) -> Result<bool> {
        let (input, source) = self.input()?;
        input.at_start = false;
        Ok(!input.unread().is_empty()
            || input.eof
            || input.failed.is_some()
            || source.as_ref().is_none_or(|device| device.is_ready(Interest::Read)))
    }

    /// The next `count` bytes, fewer before the end; None at the end.
    pub fn read_bytes(&mut self, net: &mut Net, count: usize) -> Result<Option<Vec<u8>>> {
        let (input, source) = self.byte_input(net)?;
        let count = gather_bytes(input, source, net, count)?;
        let Some(count) = count else { return Ok(None) };
        let bytes = copied(&input.unread()[..count], net)?;
        input.advance(source, net, count)?;
        Ok(Some(bytes))
    }

    /// Fills `room`, fewer before the end; None at the end. An empty room is filled at once.
    pub fn read_into(&mut self, net: &mut Net, room: &mut [u8]) -> Result<Option<usize>> {
        let (input, source) = self.byte_input(net)?;
        let count = gather_bytes(input, source, net, room.len())?;
        let Some(count) = count else { return Ok(None) };
        for (to, from) in room[..count].chunks_mut(PIECE).zip(input.unread().chunks(PIECE)) {
            if count > PIECE && net.interrupt().ends_work() {
                return Err(PortError::Interrupted);
            }
            let length = to.len();
            to.copy_from_slice(&from[..length]);
        }
        input.advance(source, net, count)?;
        Ok(Some(count))
    }

    /// What is there, at most `limit` bytes and at least one; None at the end.
    pub fn read_some(&mut self, net: &mut Net, limit: usize) -> Result<Option<Vec<u8>>> {
        self.use_some(net, limit, <[u8]>::to_vec)
    }

    /// The same, made into something on the way.
    pub fn use_some<T>(&mut self, net: &mut Net, limit: usize, make: impl FnOnce(&[u8]) -> T) -> Result<Option<T>> {
        let (input, source) = self.byte_input(net)?;
        input.use_some(source, net, limit, make)
    }

    /// All bytes up to the end; None at the end.
    pub fn read_all_bytes(&mut self, net: &mut Net) -> Result<Option<Vec<u8>>> {
        self.read_bytes(net, usize::MAX)
    }

    /// Puts a character back, to be read next.
    pub fn unread_char(&mut self, net: &Net, char: char) -> Result<()> {
        self.unread_str(net, char.encode_utf8(&mut [0; 4]))
    }

    /// Puts a text back, to be read next.
    pub fn unread_str(&mut self, net: &Net, text: &str) -> Result<()> {
        room_for_copies(text.len(), net)?;
        let strategy = self.strategy;
        let (input, _) = self.input()?;
        let (mut bytes, mut lines, mut chars) = (Vec::with_capacity(text.len()), 0, 0);
        let mut rest = text;
        while !rest.is_empty() {
            if text.len() > PIECE && net.interrupt().ends_work() {
                return Err(PortError::Interrupted);
            }
            let end = (0..=PIECE.min(rest.len())).rev().find(|&at| rest.is_char_boundary(at));
            let piece;
            (piece, rest) = rest.split_at(end.unwrap_or(rest.len()));
            input.encoding.encode(piece, strategy, &mut bytes).map_err(PortError::Encode)?;
            lines += piece.matches('\n').count();
            chars += piece.chars().count();
        }
        input.unread_bytes(&bytes);
        // The column before a newline is not remembered.
        input.place.line = input.place.line.saturating_sub(lines);
        input.place.column = if lines > 0 { 0 } else { input.place.column.saturating_sub(chars) };
        Ok(())
    }

    /// Puts bytes back, to be read next.
    pub fn unread_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        let (input, _) = self.input()?;
        input.at_start = false;
        input.unread_bytes(bytes);
        Ok(())
    }

    /// Takes what is in the buffer, without asking the device.
    pub fn drain_input(&mut self, net: &mut Net) -> Result<Vec<u8>> {
        let (input, source) = self.input()?;
        let bytes = input.unread().to_vec();
        input.advance(source, net, bytes.len())?;
        Ok(bytes)
    }

    /// Whether input is waiting in the port itself, where poll would not see it.
    pub fn has_buffered_input(&mut self) -> bool {
        self.input().is_ok_and(|(input, source)| {
            input.eof
                || !input.unread().is_empty()
                || source.as_mut().and_then(|device| device.framing()).is_some_and(|framing| framing.has_input())
        })
    }

    /// Where the next character to be read stands.
    pub fn place(&self) -> Place {
        match &self.input {
            Side::Open(input) => input.place,
            _ => Place::default(),
        }
    }

    pub fn set_place(&mut self, place: Place) {
        if let Side::Open(input) = &mut self.input {
            input.place = place;
        }
    }
}

/// The next character and its length in bytes, not consumed; None at the end.
fn next_char(
    input: &mut Input,
    source: &mut Source,
    net: &mut Net,
    strategy: Strategy,
) -> Result<Option<(char, usize)>> {
    loop {
        match input.encoding.step(input.unread(), input.eof) {
            Step::Char(char, length) => return Ok(Some((char, length))),
            Step::Bad(length) => return replaced(input.unread(), length, strategy).map(|char| Some((char, length))),
            Step::Short => {
                if !input.more(source, net, 1)? && input.unread().is_empty() {
                    return Ok(None);
                }
            }
        }
    }
}

fn next_byte(input: &mut Input, source: &mut Source, net: &mut Net) -> Result<Option<u8>> {
    if input.unread().is_empty() && !input.more_bytes(source, net, 1)? {
        return Ok(None);
    }
    Ok(input.unread().first().copied())
}

/// Gets `count` bytes into the buffer, fewer before the end; None at the end.
fn gather_bytes(input: &mut Input, source: &mut Source, net: &mut Net, count: usize) -> Result<Option<usize>> {
    while input.unread().len() < count {
        if !input.more_bytes(source, net, count - input.unread().len())? {
            if input.unread().is_empty() {
                input.eof = false;
                return Ok(None);
            }
            return Ok(Some(input.unread().len()));
        }
    }
    Ok(Some(count))
}

/// Collects characters until `judge` has enough or the input ends, and consumes them. Also answers the delimiter that
/// ended the text. None at the end.
fn gather(
    input: &mut Input,
    source: &mut Source,
    net: &mut Net,
    strategy: Strategy,
    mut judge: impl FnMut(char) -> Verdict,
) -> Result<Option<(String, Option<char>)>> {
    let mut text = String::new();
    let mut loan = Loan::new(&net.ledger);
    let (mut used, mut gathered) = (0, 0usize);
    let delimiter = 'all: loop {
        loop {
            let rest = &input.unread()[used..];
            let (char, length) = match input.encoding.step(rest, input.eof) {
                Step::Char(char, length) => (char, length),
                Step::Short => break,
                Step::Bad(length) => match replaced(rest, length, strategy) {
                    Ok(char) => (char, length),
                    Err(error) => {
                        input.place.pass(text.as_bytes());
                        input.advance(source, net, used)?;
                        return Err(error);
                    }
                },
            };
            gathered += 1;
            if gathered % TICK == 0 && net.interrupt().ends_work() {
                return Err(PortError::Interrupted);
            }
            let verdict = judge(char);
            if let Verdict::Before = verdict {
                break 'all Some(char);
            }
            used += length;
            match verdict {
                Verdict::Drop => {
                    input.advance(source, net, used)?;
                    input.place.pass(text.as_bytes());
                    input.place.pass(char.encode_utf8(&mut [0; 4]).as_bytes());
                    return Ok(Some((text, Some(char))));
                }
                _ => {
                    if text.capacity() - text.len() < 4 {
                        let more = (text.capacity() / 2).max(64);
                        if !loan.take(more) {
                            return Err(PortError::Memory(more));
                        }
                        text.reserve_exact(more);
                    }
                    text.push(char);
                }
            }
            if let Verdict::Last = verdict {
                break 'all None;
            }
        }
        if !input.more(source, net, 1)? && used == input.unread().len() {
            if used == 0 {
                input.eof = false;
                return Ok(None);
            }
            break None;
        }
    };
    input.advance(source, net, used)?;
    input.place.pass(text.as_bytes());
    Ok(Some((text, delimiter)))
}

/// What stands for bytes that are no character.
fn replaced(bytes: &[u8], length: usize, strategy: Strategy) -> Result<char> {
    match strategy {
        // There is no text that a program could tell from an escape.
        Strategy::Error | Strategy::Escape => Err(PortError::Decode(bytes[..length].to_vec())),
        Strategy::Substitute => Ok(REPLACEMENT),
    }
}

/// Consumes `length` bytes of UTF-8 and `beyond` bytes more, in bulk; text before an error is consumed alone.
fn take_utf8(
    input: &mut Input,
    source: &mut Source,
    net: &mut Net,
    strategy: Strategy,
    length: usize,
    beyond: usize,
) -> Result<String> {
    room_for_copies(length, net)?;
    let mut loan = Loan::new(&net.ledger);
    let bytes = &input.unread()[..length];
    let mut text = String::with_capacity(length);
    let mut used = 0;
    while used < length {
        if net.interrupt().ends_work() {
            return Err(PortError::Interrupted);
        }
        let rest = &bytes[used..];
        let piece = &rest[..rest.len().min(PIECE)];
        if text.capacity() - text.len() < piece.len() {
            // A bad byte becomes three.
            let more = text.capacity() / 2 + piece.len();
            if !loan.take(more) {
                return Err(PortError::Memory(more));
            }
            text.reserve_exact(more);
        }
        let error = match std::str::from_utf8(piece) {
            Ok(piece) => {
                text.push_str(piece);
                used += piece.len();
                continue;
            }
            Err(error) => error,
        };
        let valid = error.valid_up_to();
        text.push_str(valid_text(&piece[..valid]));
        used += valid;
        // A character may be cut in two where the piece ends.
        if error.error_len().is_none() && piece.len() < rest.len() {
            continue;
        }
        if strategy != Strategy::Substitute {
            let bad = &rest[valid..];
            let bad = bad[..error.error_len().unwrap_or(bad.len())].to_vec();
            pass_and_advance(input, source, net, used)?;
            return Err(PortError::Decode(bad));
        }
        // As far as the piece goes: there may be as many bad bytes as there are bytes.
        let cut = piece.len() < rest.len();
        let mut bad = &piece[valid..];
        while let Some(chunk) = bad.utf8_chunks().next() {
            let (good, invalid) = (chunk.valid(), chunk.invalid());
            let taken = good.len() + invalid.len();
            // What is cut off there is looked at with what follows.
            if cut && taken == bad.len() {
                break;
            }
            text.push_str(good);
            if !invalid.is_empty() {
                text.push(REPLACEMENT);
            }
            used += taken;
            bad = &bad[taken..];
        }
    }
    input.advance(source, net, length + beyond)?;
    if beyond == 0 {
        input.place.pass(text.as_bytes());
    }
    Ok(text)
}

/// Refuses to make a long copy and the value that is made of that, if there is no memory for both.
fn room_for_copies(length: usize, net: &Net) -> Result<()> {
    let bytes = 2 * length;
    if length <= TICK || net.ledger.admits(bytes) { Ok(()) } else { Err(PortError::Memory(bytes)) }
}

fn copied(bytes: &[u8], net: &Net) -> Result<Vec<u8>> {
    room_for_copies(bytes.len(), net)?;
    let mut copy = Vec::with_capacity(bytes.len());
    for piece in bytes.chunks(PIECE) {
        if net.interrupt().ends_work() {
            return Err(PortError::Interrupted);
        }
        copy.extend_from_slice(piece);
    }
    Ok(copy)
}

/// Whether bytes are UTF-8; if not, up to where, and what comes there.
fn sound(bytes: &[u8], net: &Net) -> Result<std::result::Result<(), (usize, Utf8Error)>> {
    let mut seen = 0;
    while seen < bytes.len() {
        let rest = &bytes[seen..];
        let piece = &rest[..rest.len().min(PIECE)];
        if let Err(error) = std::str::from_utf8(piece) {
            let valid = error.valid_up_to();
            seen += valid;
            // A character may be cut in two where the piece ends.
            if valid == 0 || error.error_len().is_some() || piece.len() == rest.len() {
                return Ok(Err((seen, error)));
            }
        } else {
            seen += piece.len();
        }
        if piece.len() == PIECE && net.interrupt().ends_work() {
            return Err(PortError::Interrupted);
        }
    }
    Ok(Ok(()))
}

/// Bytes just found valid; looked at twice, because the borrow checker lets no loop answer what it may also drop.
fn valid_text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// Consumes so many bytes of valid UTF-8.
fn pass_and_advance(input: &mut Input, source: &mut Source, net: &mut Net, length: usize) -> Result<()> {
    let mut place = input.place;
    place.pass(&input.unread()[..length]);
    input.advance(source, net, length)?;
    input.place = place;
    Ok(())
}

/// Decodes unread bytes into the scratch text until that has more than `seen` bytes. False if more input is needed.
fn transcribe(input: &mut Input, strategy: Strategy, seen: usize, window: usize) -> Result<bool> {
    let mut scratch = input.scratch.take().unwrap_or_default();
    scratch.clear();
    let mut used = 0;
    while scratch.len() < window {
        let rest = &input.unread()[used..];
        match input.encoding.step(rest, input.eof) {
            Step::Char(char, length) => {
                scratch.push(char);
                used += length;
            }
            // What comes before the bad bytes can be read first.
            Step::Bad(_) if strategy != Strategy::Substitute && scratch.len() > seen => break,
            Step::Bad(length) => {
                scratch.push(replaced(rest, length, strategy)?);
                used += length;
            }
            Step::Short => break,
        }
    }
    let enough = scratch.len() > seen || input.eof && used == input.unread().len();
    input.scratch = Some(scratch);
    Ok(enough)
}

/// How many bytes stand behind the first `length` bytes of the scratch text.
fn transcribed(input: &Input, length: usize) -> usize {
    let (mut used, mut passed) = (0, 0);
    while passed < length {
        let (char, size) = match input.encoding.step(&input.unread()[used..], input.eof) {
            Step::Char(char, size) => (char, size),
            Step::Bad(size) => (REPLACEMENT, size),
            Step::Short => break,
        };
        used += size;
        passed += char.len_utf8();
    }
    used
}
