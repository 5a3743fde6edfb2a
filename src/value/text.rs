//! Strings: UTF-8 in a buffer, with the character count, and an index of every 64th character once somebody asks.
//!
//! Fields of a string: buffer (a bytevector, at least as long as the text), bytes, characters, index (#f or a
//! bytevector of offsets). When bytes and characters are equal, the text is ASCII and needs no index.

use super::stop::{PIECE, Stop, pieces};
use super::word::header_size;
use super::{Heap, Kind, Value};
use memchr::memchr;

const BUFFER: usize = 0;
const BYTES: usize = 1;
const CHARS: usize = 2;
const INDEX: usize = 3;
const STRIDE: usize = 64;
/// Bytes of an entry of the index.
const ENTRY: usize = 8;

/// A field of a value that has been seen to be a string.
#[inline(always)]
fn field(string: Value, index: usize) -> Value {
    debug_assert!(string.is_string());
    string.word(index + 1)
}

fn number(v: Value) -> usize {
    v.fixnum_value() as usize
}

impl Heap {
    pub fn string(&self, text: &str) -> Value {
        let chars = if text.is_ascii() { text.len() } else { text.chars().count() };
        let buffer = self.bytevector(text.as_bytes());
        self.string_of(buffer, text.len(), chars)
    }

    /// Like `string`, for any length.
    pub fn long_string(&self, text: &str) -> Result<Value, Stop> {
        if text.len() <= PIECE {
            return Ok(self.string(text));
        }
        let chars = self.count_chars(text)?;
        let buffer = self.long_bytevector(text.as_bytes())?;
        Ok(self.string_of(buffer, text.len(), chars))
    }

    fn string_of(&self, buffer: Value, bytes: usize, chars: usize) -> Value {
        self.make(Kind::String, &[buffer, Value::fixnum(bytes as i64), Value::fixnum(chars as i64), Value::FALSE])
    }

    /// A string of `count` times the same character.
    pub fn long_repeat(&mut self, c: char, count: usize) -> Result<Value, Stop> {
        let width = c.len_utf8();
        let buffer = self.bytevector_room(count * width);
        let piece = c.encode_utf8(&mut [0; 4]).repeat(count.min(PIECE));
        for range in pieces(count, PIECE) {
            self.go_on(0)?;
            let bytes = self.bytes_mut(buffer).expect("a bytevector");
            bytes[range.start * width..range.end * width].copy_from_slice(&piece.as_bytes()[..range.len() * width]);
        }
        Ok(self.string_of(buffer, count * width, count))
    }

    /// A string of these strings, one after the other.
    pub fn long_concatenation(&mut self, parts: &mut dyn Iterator<Item = Value>, bytes: usize) -> Result<Value, Stop> {
        let buffer = self.bytevector_room(bytes);
        let (mut at, mut chars) = (0, 0);
        for part in parts {
            let size = number(field(part, BYTES));
            self.move_bytes(buffer, at, field(part, BUFFER), 0, size)?;
            at += size;
            chars += self.string_length(part);
        }
        Ok(self.string_of(buffer, at, chars))
    }

    /// A string of the bytes before the first newline, and how many these are; None if there is none, something is no ASCII, or
    /// it is too long to be made in one go.
    pub fn ascii_line(&self, bytes: &[u8]) -> Option<(Value, usize)> {
        let length = ascii_line(bytes)?;
        if length > PIECE || !self.admits(length) {
            return None;
        }
        Some((self.string_of(self.bytevector(&bytes[..length]), length, length), length))
    }

    /// The text of a string.
    pub fn str(&self, v: Value) -> Option<&str> {
        v.is_string().then(|| self.text(v))
    }

    #[allow(unsafe_code)]
    fn text(&self, v: Value) -> &str {
        let bytes = self.bytes(field(v, BUFFER)).expect("a string has a buffer");
        // SAFETY: only this file writes to the buffer of a string, and it writes UTF-8.
        unsafe { std::str::from_utf8_unchecked(&bytes[..number(field(v, BYTES))]) }
    }

    /// Whether two strings have the same characters. Mostly their lengths tell already.
    #[inline]
    pub fn same_text(&self, a: Value, b: Value) -> Result<bool, Stop> {
        assert!(a.is_string() && b.is_string(), "two strings");
        if field(a, BYTES) != field(b, BYTES) {
            return Ok(false);
        }
        self.same_bytes(self.text(a).as_bytes(), self.text(b).as_bytes())
    }

    pub fn string_length(&self, v: Value) -> usize {
        assert!(v.is_string(), "length of a string");
        number(field(v, CHARS))
    }

    fn is_ascii_string(v: Value) -> bool {
        field(v, BYTES) == field(v, CHARS)
    }

    /// The byte offset of character `k`, which is at most the length.
    pub fn string_offset(&self, v: Value, k: usize) -> usize {
        let chars = self.string_length(v);
        assert!(k <= chars, "character {k} of a string of {chars}");
        if k == 0 || Self::is_ascii_string(v) {
            return k;
        }
        if k == chars {
            return number(field(v, BYTES));
        }
        if chars <= STRIDE {
            return skip(self.text(v), 0, k);
        }
        if !field(v, INDEX).is_true() {
            self.build_index(v);
        }
        let entry = (k / STRIDE) * ENTRY;
        let offsets = self.bytes(field(v, INDEX)).expect("an index is a bytevector");
        let start = u64::from_le_bytes(offsets[entry..entry + ENTRY].try_into().expect("eight bytes")) as usize;
        skip(self.text(v), start, k % STRIDE)
    }

    fn build_index(&self, v: Value) {
        let text = self.text(v);
        let mut offsets = Vec::with_capacity((self.string_length(v) / STRIDE + 1) * ENTRY);
        // How many characters begin before this place.
        let mut seen = 0usize;
        // So many bytes have no more than one character of which the index tells.
        for (index, block) in text.as_bytes().chunks(STRIDE).enumerate() {
            let begins = begins(block);
            let nth = seen.next_multiple_of(STRIDE) - seen;
            if nth < begins {
                offsets.extend_from_slice(&((index * STRIDE + nth_char(block, nth)) as u64).to_le_bytes());
            }
            seen += begins;
        }
        let index = self.bytevector(&offsets);
        self.store(v, INDEX + 1, index);
    }

    pub fn string_ref(&self, v: Value, k: usize) -> Option<char> {
        if !v.is_string() || k >= self.string_length(v) {
            return None;
        }
        if Self::is_ascii_string(v) {
            return self.bytes(field(v, BUFFER)).map(|bytes| bytes[k] as char);
        }
        self.text(v)[self.string_offset(v, k)..].chars().next()
    }

    /// Characters `start` to `end` of a string; both in range, in order.
    pub fn substring(&self, v: Value, start: usize, end: usize) -> &str {
        let (from, to) = (self.string_offset(v, start), self.string_offset(v, end));
        &self.text(v)[from..to]
    }

    /// Puts `c` in place of character `k`, which there must be.
    pub fn string_set(&mut self, v: Value, k: usize, c: char) -> Result<(), Stop> {
        assert!(k < self.string_length(v), "character {k} of a string of {}", self.string_length(v));
        let at = self.string_offset(v, k);
        let old_width = self.text(v)[at..].chars().next().map_or(0, char::len_utf8);
        if old_width == c.len_utf8() {
            // Nothing moves, so the index stays good.
            let bytes = self.bytes_mut(field(v, BUFFER)).expect("a string has a buffer");
            c.encode_utf8(&mut bytes[at..at + old_width]);
            Ok(())
        } else {
            self.string_splice(v, k, k + 1, c.encode_utf8(&mut [0; 4]))
        }
    }

    /// Puts a text in place of characters `start` to `end`: all changes of strings but the simplest are made of this.
    pub fn string_splice(&mut self, v: Value, start: usize, end: usize, text: &str) -> Result<(), Stop> {
        let (from, to) = (self.string_offset(v, start), self.string_offset(v, end));
        let old_bytes = number(field(v, BYTES));
        let new_bytes = old_bytes - (to - from) + text.len();
        let inserted = self.count_chars(text)?;
        let chars = self.string_length(v) - (end - start) + inserted;
        let buffer = field(v, BUFFER);
        let same_layout = to - from == text.len();
        // What takes long may be given up in the middle, and must leave UTF-8: it is done elsewhere, unless it is ASCII.
        let at_once = text.len().max(if same_layout { 0 } else { old_bytes - to }) <= PIECE;
        let ascii = same_layout && Self::is_ascii_string(v) && inserted == text.len();
        if new_bytes <= header_size(buffer.header()) && (at_once || ascii) {
            if !same_layout {
                let bytes = self.bytes_mut(buffer).expect("a string has a buffer");
                bytes.copy_within(to..old_bytes, from + text.len());
            }
            self.put_bytes(buffer, from, text.as_bytes())?;
        } else {
            // A text that has grown will grow again: half as much more room keeps repeated growth linear.
            let room = if inserted > end - start { new_bytes + new_bytes / 2 } else { new_bytes };
            let new = self.bytevector_room(room);
            self.move_bytes(new, 0, buffer, 0, from)?;
            self.put_bytes(new, from, text.as_bytes())?;
            self.move_bytes(new, from + text.len(), buffer, to, old_bytes - to)?;
            self.set_field(v, BUFFER, new);
        }
        self.set_field(v, BYTES, Value::fixnum(new_bytes as i64));
        self.set_field(v, CHARS, Value::fixnum(chars as i64));
        // Characters of other widths inside the same stretch of bytes move those between them, too.
        self.set_field(v, INDEX, Value::FALSE);
        Ok(())
    }

    /// Puts the character in place of characters `start` to `end`.
    pub fn string_fill(&mut self, v: Value, start: usize, end: usize, c: char) -> Result<(), Stop> {
        if !(c.is_ascii() && Self::is_ascii_string(v)) {
            let filling = self.long_repeat(c, end - start)?;
            let text = self.copy_text(self.text(filling))?;
            return self.string_splice(v, start, end, &text);
        }
        for range in pieces(end - start, PIECE) {
            self.go_on(0)?;
            let bytes = self.bytes_mut(field(v, BUFFER)).expect("a string has a buffer");
            bytes[start + range.start..start + range.end].fill(c as u8);
        }
        Ok(())
    }

    /// Copies bytes into a bytevector, in pieces.
    fn put_bytes(&mut self, to: Value, at: usize, bytes: &[u8]) -> Result<(), Stop> {
        for range in pieces(bytes.len(), PIECE) {
            self.go_on(0)?;
            let target = self.bytes_mut(to).expect("a bytevector");
            target[at + range.start..at + range.end].copy_from_slice(&bytes[range]);
        }
        Ok(())
    }
}

/// All bytes do but those that continue a character.
fn begins_char(byte: u8) -> bool {
    byte as i8 >= -0x40
}

/// How many of these bytes, 255 at most, begin a character.
fn begins(bytes: &[u8]) -> usize {
    bytes.iter().map(|&byte| u8::from(begins_char(byte))).sum::<u8>().into()
}

/// Where the `nth` character begins of those that begin among these bytes.
fn nth_char(bytes: &[u8], nth: usize) -> usize {
    let mut left = nth;
    for (index, word) in bytes.chunks(8).enumerate() {
        let here = begins(word);
        if left < here {
            let at = word.iter().enumerate().filter(|&(_, &byte)| begins_char(byte)).nth(left);
            return index * 8 + at.map_or(0, |(at, _)| at);
        }
        left -= here;
    }
    bytes.len()
}

fn skip(text: &str, from: usize, chars: usize) -> usize {
    text[from..].char_indices().nth(chars).map_or(text.len(), |(at, _)| from + at)
}

/// Where the first newline is, if nothing but ASCII stands before it. Mostly that is soon, so the first bytes are looked at
/// by words, for both at once.
fn ascii_line(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const TOPS: u64 = ONES << 7;
    const NEWLINES: u64 = ONES * b'\n' as u64;
    let (words, _) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().take(8).enumerate() {
        let word = u64::from_le_bytes(*word);
        let others = word ^ NEWLINES;
        // The lowest of these bits is that of the first newline; higher ones may mean nothing.
        let newlines = others.wrapping_sub(ONES) & !others & TOPS;
        let strangers = word & TOPS;
        if newlines | strangers != 0 {
            let (newline, stranger) = (newlines.trailing_zeros(), strangers.trailing_zeros());
            return (newline < stranger).then_some(at * 8 + newline as usize / 8);
        }
    }
    let seen = 8 * words.len().min(8);
    let length = seen + memchr(b'\n', &bytes[seen..])?;
    bytes[seen..length].is_ascii().then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks every way to look at the string against the text it should be.
    fn check(heap: &Heap, v: Value, expected: &str) {
        assert_eq!(heap.str(v), Some(expected));
        let chars: Vec<char> = expected.chars().collect();
        assert_eq!(heap.string_length(v), chars.len());
        for (k, &c) in chars.iter().enumerate() {
            assert_eq!(heap.string_ref(v, k), Some(c), "character {k} of {expected:?}");
        }
        assert_eq!(heap.string_ref(v, chars.len()), None);
        for k in [0, chars.len() / 3, chars.len()] {
            assert_eq!(heap.substring(v, k, chars.len()), chars[k..].iter().collect::<String>());
        }
    }

    #[test]
    fn strings_of_every_width_are_indexed_by_character() {
        let heap = Heap::new();
        for piece in ["", "a", "abc", "grüße", "日本語", "😀x", "aé日😀"] {
            for times in [1, 15, 16, 17, 64, 65, 200] {
                let text = piece.repeat(times);
                check(&heap, heap.string(&text), &text);
            }
        }
    }

    #[test]
    fn setting_characters_of_other_widths_keeps_the_index_true() {
        let mut heap = Heap::new();
        let mut expected: Vec<char> = "abcdefghij".repeat(30).chars().collect();
        let v = heap.string(&expected.iter().collect::<String>());
        for (step, c) in "xé日😀yüz".chars().cycle().take(400).enumerate() {
            let k = step * 131 % expected.len();
            heap.string_ref(v, 299);
            heap.string_set(v, k, c).unwrap();
            expected[k] = c;
        }
        check(&heap, v, &expected.iter().collect::<String>());
    }

    #[test]
    fn splices_grow_shrink_and_empty_a_string() {
        let mut heap = Heap::new();
        let v = heap.string("hello");
        heap.string_splice(v, 5, 5, ", wörld").unwrap();
        check(&heap, v, "hello, wörld");
        heap.string_splice(v, 0, 5, "日").unwrap();
        check(&heap, v, "日, wörld");
        heap.string_splice(v, 1, 3, "").unwrap();
        check(&heap, v, "日wörld");
        heap.string_splice(v, 0, 6, "").unwrap();
        check(&heap, v, "");
        for _ in 0..1000 {
            let end = heap.string_length(v);
            heap.string_splice(v, end, end, "ab😀").unwrap();
        }
        check(&heap, v, &"ab😀".repeat(1000));
    }
}
