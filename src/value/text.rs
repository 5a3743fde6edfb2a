//! Strings: UTF-8 in a buffer, with the character count, and an index of every 64th character once somebody asks.
//!
//! Fields of a string: buffer (a bytevector, at least as long as the text), bytes, characters, index (#f or a
//! bytevector of offsets). When bytes and characters are equal, the text is ASCII and needs no index.

use super::word::header_size;
use super::{Heap, Kind, Value};

const BUFFER: usize = 0;
const BYTES: usize = 1;
const CHARS: usize = 2;
const INDEX: usize = 3;
const STRIDE: usize = 64;

fn number(v: Value) -> usize {
    v.fixnum_value() as usize
}

impl Heap {
    pub fn string(&self, text: &str) -> Value {
        let chars = if text.is_ascii() { text.len() } else { text.chars().count() };
        let buffer = self.bytevector(text.as_bytes());
        self.make(Kind::String, &[buffer, Value::fixnum(text.len() as i64), Value::fixnum(chars as i64), Value::FALSE])
    }

    /// The text of a string.
    pub fn str(&self, v: Value) -> Option<&str> {
        v.is_string().then(|| self.text(v))
    }

    #[allow(unsafe_code)]
    fn text(&self, v: Value) -> &str {
        let bytes = self.bytes(v.field(BUFFER)).expect("a string has a buffer");
        // SAFETY: only this file writes to the buffer of a string, and it writes UTF-8.
        unsafe { std::str::from_utf8_unchecked(&bytes[..number(v.field(BYTES))]) }
    }

    pub fn string_length(&self, v: Value) -> usize {
        assert!(v.is_string(), "length of a string");
        number(v.field(CHARS))
    }

    fn is_ascii_string(v: Value) -> bool {
        v.field(BYTES) == v.field(CHARS)
    }

    /// The byte offset of character `k`, which is at most the length.
    pub fn string_offset(&self, v: Value, k: usize) -> usize {
        let chars = self.string_length(v);
        assert!(k <= chars, "character {k} of a string of {chars}");
        if Self::is_ascii_string(v) {
            return k;
        }
        if k == chars {
            return number(v.field(BYTES));
        }
        if chars <= STRIDE {
            return skip(self.text(v), 0, k);
        }
        if !v.field(INDEX).is_true() {
            self.build_index(v);
        }
        let entry = (k / STRIDE) * 4;
        let offsets = self.bytes(v.field(INDEX)).expect("an index is a bytevector");
        let start = u32::from_le_bytes(offsets[entry..entry + 4].try_into().expect("four bytes")) as usize;
        skip(self.text(v), start, k % STRIDE)
    }

    fn build_index(&self, v: Value) {
        let text = self.text(v);
        let mut offsets = Vec::with_capacity(text.len() / STRIDE * 4 + 4);
        for (count, (at, _)) in text.char_indices().enumerate() {
            if count % STRIDE == 0 {
                offsets.extend_from_slice(&(at as u32).to_le_bytes());
            }
        }
        let index = self.bytevector(&offsets);
        self.store(v, INDEX + 1, index);
    }

    pub fn string_ref(&self, v: Value, k: usize) -> Option<char> {
        if !v.is_string() || k >= self.string_length(v) {
            return None;
        }
        if Self::is_ascii_string(v) {
            return self.bytes(v.field(BUFFER)).map(|bytes| bytes[k] as char);
        }
        self.text(v)[self.string_offset(v, k)..].chars().next()
    }

    /// Characters `start` to `end` of a string; both in range, in order.
    pub fn substring(&self, v: Value, start: usize, end: usize) -> &str {
        let (from, to) = (self.string_offset(v, start), self.string_offset(v, end));
        &self.text(v)[from..to]
    }

    /// Puts a text in place of characters `start` to `end`: all changes of strings are made of this.
    pub fn string_splice(&mut self, v: Value, start: usize, end: usize, text: &str) {
        let (from, to) = (self.string_offset(v, start), self.string_offset(v, end));
        let old_bytes = number(v.field(BYTES));
        let new_bytes = old_bytes - (to - from) + text.len();
        let inserted = text.chars().count();
        let chars = self.string_length(v) - (end - start) + inserted;
        let buffer = v.field(BUFFER);
        let same_layout = to - from == text.len();
        if new_bytes <= header_size(buffer.header()) {
            let bytes = self.bytes_mut(buffer).expect("a string has a buffer");
            if !same_layout {
                bytes.copy_within(to..old_bytes, from + text.len());
            }
            bytes[from..from + text.len()].copy_from_slice(text.as_bytes());
        } else {
            let whole = [&self.text(v).as_bytes()[..from], text.as_bytes(), &self.text(v).as_bytes()[to..]].concat();
            let room = if inserted > end - start { whole.len() + whole.len() / 2 } else { whole.len() };
            let buffer = self.bytevector_filled(room, 0);
            self.bytes_mut(buffer).expect("a bytevector")[..whole.len()].copy_from_slice(&whole);
            self.set_field(v, BUFFER, buffer);
        }
        self.set_field(v, BYTES, Value::fixnum(new_bytes as i64));
        self.set_field(v, CHARS, Value::fixnum(chars as i64));
        // Characters of other widths inside the same stretch of bytes move those between them, too.
        self.set_field(v, INDEX, Value::FALSE);
    }
}

fn skip(text: &str, from: usize, chars: usize) -> usize {
    text[from..].char_indices().nth(chars).map_or(text.len(), |(at, _)| from + at)
}
