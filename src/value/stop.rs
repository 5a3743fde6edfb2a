//! Why a long walk over data was given up.

use super::Heap;
use std::cmp::Ordering;
use std::ops::Range;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// Ctrl-C, or another thread.
    Interrupted,
    /// This many bytes are wanted, more than the limit leaves.
    Memory(usize),
}

/// Steps between two looks at the interrupt flag: well below a millisecond of work.
pub const STRIDE: usize = 4096;

/// Bytes that are copied, filled or compared between two looks: fresh memory takes a millisecond for so many.
pub const PIECE: usize = 1 << 20;

/// The ranges that make up 0..count, each of `piece` items but the last.
pub fn pieces(count: usize, piece: usize) -> impl DoubleEndedIterator<Item = Range<usize>> {
    (0..count.div_ceil(piece)).map(move |index| index * piece..count.min((index + 1) * piece))
}

/// A text in parts of about `PIECE` bytes.
pub fn text_pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, next) = rest.split_at(boundary(rest, PIECE.min(rest.len())));
        rest = next;
        (!piece.is_empty()).then_some(piece)
    })
}

/// The last place up to `at` where a character begins.
pub fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Items until the program is interrupted: who has used them up asks `go_on` whether they were all.
pub struct Watched<'h, I> {
    heap: &'h Heap,
    items: I,
    /// Items until the next look.
    left: usize,
}

impl<I: Iterator> Iterator for Watched<'_, I> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<I::Item> {
        if self.left == 0 {
            if self.heap.control.interrupted() {
                return None;
            }
            self.left = STRIDE;
        }
        self.left -= 1;
        self.items.next()
    }
}

impl<I: DoubleEndedIterator> DoubleEndedIterator for Watched<'_, I> {
    #[inline]
    fn next_back(&mut self) -> Option<I::Item> {
        if self.left == 0 {
            if self.heap.control.interrupted() {
                return None;
            }
            self.left = STRIDE;
        }
        self.left -= 1;
        self.items.next_back()
    }
}

impl Heap {
    pub fn watch<I>(&self, items: I) -> Watched<'_, I> {
        Watched { heap: self, items, left: STRIDE }
    }

    /// For walks: whether to go on, `bytes` being what the walk itself holds by now.
    pub fn go_on(&self, bytes: usize) -> Result<(), Stop> {
        if self.control.interrupted() {
            Err(Stop::Interrupted)
        } else if !self.admits(bytes) {
            Err(Stop::Memory(bytes))
        } else {
            Ok(())
        }
    }
    /// The order of two long texts or bytevectors.
    pub fn compare_bytes(&self, a: &[u8], b: &[u8]) -> Result<Ordering, Stop> {
        let common = a.len().min(b.len());
        for range in pieces(common, PIECE) {
            self.go_on(0)?;
            match a[range.clone()].cmp(&b[range]) {
                Ordering::Equal => {}
                order => return Ok(order),
            }
        }
        Ok(a.len().cmp(&b.len()))
    }

    pub fn same_bytes(&self, a: &[u8], b: &[u8]) -> Result<bool, Stop> {
        if a.len() != b.len() || a.len() < PIECE {
            return Ok(a == b);
        }
        Ok(self.compare_bytes(a, b)?.is_eq())
    }

    /// How many characters a text has.
    pub fn count_chars(&self, text: &str) -> Result<usize, Stop> {
        let mut count = 0;
        for range in pieces(text.len(), PIECE) {
            self.go_on(0)?;
            // All bytes but those that continue a character.
            count += text.as_bytes()[range].iter().filter(|&&byte| byte as i8 >= -0x40).count();
        }
        Ok(count)
    }

    /// Many bytes, copied.
    pub fn copy_bytes(&self, bytes: &[u8]) -> Result<Vec<u8>, Stop> {
        let mut copy = Vec::with_capacity(bytes.len());
        for piece in bytes.chunks(PIECE) {
            self.go_on(0)?;
            copy.extend_from_slice(piece);
        }
        Ok(copy)
    }

    /// A long text, copied.
    pub fn copy_text(&self, text: &str) -> Result<String, Stop> {
        let mut copy = String::with_capacity(text.len());
        for piece in text_pieces(text) {
            self.go_on(0)?;
            copy.push_str(piece);
        }
        Ok(copy)
    }
}
