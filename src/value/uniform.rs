//! Uniform vectors (SRFI 4): bytevectors whose bytes are numbers of one type, and bitvectors.
//!
//! As in Guile, a vector of 16-bit integers is a bytevector with a word on what its bytes are, so that every procedure on
//! bytes takes it; a plain bytevector is the uniform vector of bytes. Numbers stand in the order of this machine.

use super::number::{integer_from_i64, integer_from_u64, load};
use super::{Heap, Kind, Value};
use crate::reader::{Kind as Node, NodeId, Tree, Uniform};

/// The type of a bytevector's elements; none for plain bytes.
pub fn element(heap: &Heap, v: Value) -> Option<Uniform> {
    let code = heap.element_code(v) as usize;
    code.checked_sub(1).and_then(|index| Uniform::all().nth(index))
}

fn code(element: Uniform) -> u8 {
    Uniform::all().position(|each| each == element).map_or(0, |index| index as u8 + 1)
}

/// How many elements a bytevector has.
pub fn length(heap: &Heap, v: Value) -> usize {
    heap.bytes(v).map_or(0, <[u8]>::len) / element(heap, v).map_or(1, Uniform::size)
}

/// A uniform vector of these bytes.
pub fn from_bytes(heap: &Heap, element: Option<Uniform>, bytes: &[u8]) -> Value {
    let v = heap.bytevector(bytes);
    heap.set_element_code(v, element.map_or(0, code));
    v
}

/// Element `index`, which there must be.
pub fn get(heap: &Heap, v: Value, element: Uniform, index: usize) -> Value {
    let size = element.size();
    let bytes = &heap.bytes(v).unwrap_or_default()[index * size..(index + 1) * size];
    fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
        bytes[at..at + N].try_into().expect("as many bytes as asked for")
    }
    let complex = |re: f64, im: f64| heap.make(Kind::Compnum, &[heap.flonum(re), heap.flonum(im)]);
    match element {
        Uniform::S8 => Value::fixnum(i8::from_ne_bytes(part(bytes, 0)) as i64),
        Uniform::U16 => Value::fixnum(u16::from_ne_bytes(part(bytes, 0)) as i64),
        Uniform::S16 => Value::fixnum(i16::from_ne_bytes(part(bytes, 0)) as i64),
        Uniform::U32 => Value::fixnum(u32::from_ne_bytes(part(bytes, 0)) as i64),
        Uniform::S32 => Value::fixnum(i32::from_ne_bytes(part(bytes, 0)) as i64),
        Uniform::U64 => integer_from_u64(heap, u64::from_ne_bytes(part(bytes, 0))),
        Uniform::S64 => integer_from_i64(heap, i64::from_ne_bytes(part(bytes, 0))),
        Uniform::F32 => heap.flonum(f32::from_ne_bytes(part(bytes, 0)) as f64),
        Uniform::F64 => heap.flonum(f64::from_ne_bytes(part(bytes, 0))),
        Uniform::C32 => complex(f32::from_ne_bytes(part(bytes, 0)) as f64, f32::from_ne_bytes(part(bytes, 4)) as f64),
        Uniform::C64 => complex(f64::from_ne_bytes(part(bytes, 0)), f64::from_ne_bytes(part(bytes, 8))),
    }
}

/// Appends the bytes of a number; false if it is not one that such a vector takes.
pub fn encode(heap: &Heap, element: Option<Uniform>, number: Value, out: &mut Vec<u8>) -> bool {
    match element {
        None => match number.as_fixnum().and_then(|n| u8::try_from(n).ok()) {
            Some(byte) => {
                out.push(byte);
                true
            }
            None => false,
        },
        Some(element) => load(heap, number).is_some_and(|n| element.encode(&n, out)),
    }
}

/// The vector that a literal stands for. The reader has seen that all items are numbers that fit.
pub fn from_tree(heap: &Heap, tree: &Tree, element: Uniform, items: &[NodeId]) -> Value {
    let mut bytes = Vec::with_capacity(items.len() * element.size());
    for &item in items {
        if let Node::Number(n) = tree.kind(item) {
            element.encode(n, &mut bytes);
        }
    }
    from_bytes(heap, Some(element), &bytes)
}

pub fn bitvector(heap: &Heap, bits: &[bool]) -> Value {
    let v = heap.bitvector_filled(bits.len(), false);
    // Nothing else knows the new object, so its words can be written one by one.
    let words: Vec<u64> =
        bits.chunks(64).map(|chunk| chunk.iter().rev().fold(0, |word, &bit| word << 1 | bit as u64)).collect();
    heap.fill_bits(v, &words);
    v
}

pub fn same_bits(heap: &Heap, a: Value, b: Value) -> bool {
    let bit = |words: &[u64], index: usize| words[index / 64] >> (index % 64) & 1;
    match (heap.bits(a), heap.bits(b)) {
        (Some((x, n)), Some((y, m))) => n == m && (0..n).all(|index| bit(x, index) == bit(y, index)),
        _ => false,
    }
}
