//! Guile's arrays: a vector, string, bitvector or uniform vector seen in any number of dimensions.
//!
//! An array is a heap object around such a root: where in it the first element is, and for each dimension its bounds and how far
//! apart neighbors are. Whoever makes one answers for it that all elements lie in the root (stdlib/sockeye/arrays, the reader);
//! what does not is seen here as if it were not there.
//!
//! ```text
//!   root | offset, a fixnum | ((low . high) ...) | (step ...)
//! ```

use super::{Heap, Kind, Value, uniform};
use crate::reader::Uniform;

/// Fields of an array.
pub const ROOT: usize = 0;
const OFFSET: usize = 1;
const BOUNDS: usize = 2;
const STEPS: usize = 3;

/// One dimension: its first index, how many there are, and how far apart neighbors are in the root.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dimension {
    pub low: i64,
    pub length: usize,
    pub step: i64,
}

/// An array, or a vector or the like as the array of one dimension that it is.
pub struct View {
    pub root: Value,
    pub offset: i64,
    pub dimensions: Vec<Dimension>,
}

/// What the elements are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Element {
    Any,
    Char,
    Bit,
    Byte,
    Number(Uniform),
}

impl Element {
    /// The letters that say it in the written form.
    pub fn tag(self) -> &'static str {
        match self {
            Element::Any => "",
            Element::Char => "a",
            Element::Bit => "b",
            Element::Byte => "vu8",
            Element::Number(uniform) => uniform.tag(),
        }
    }
}

/// A new array whose elements stand one after the other in the root, the last index running fastest.
pub fn of_rows(heap: &Heap, root: Value, bounds: &[(i64, usize)]) -> Value {
    let mut step = 1;
    let mut steps = Value::NIL;
    let mut ends = Value::NIL;
    for &(low, length) in bounds.iter().rev() {
        steps = heap.cons(Value::fixnum(step), steps);
        ends = heap.cons(heap.cons(Value::fixnum(low), Value::fixnum(low + length as i64 - 1)), ends);
        step *= length as i64;
    }
    heap.make(Kind::Array, &[root, Value::fixnum(0), ends, steps])
}

impl View {
    /// How `v` is seen as an array; nothing if it is none.
    pub fn of(heap: &Heap, v: Value) -> Option<View> {
        if !v.is_kind(Kind::Array) {
            let length = root_length(heap, v)?;
            return Some(View { root: v, offset: 0, dimensions: vec![Dimension { low: 0, length, step: 1 }] });
        }
        let (mut bounds, mut steps) = (v.field(BOUNDS), v.field(STEPS));
        let mut dimensions = Vec::new();
        while let (Some((ends, more)), Some((step, further))) = (bounds.as_pair(), steps.as_pair()) {
            let (low, high) = ends.as_pair()?;
            let (low, high) = (low.as_fixnum()?, high.as_fixnum()?);
            let length = usize::try_from(high.checked_sub(low)? + 1).unwrap_or(0);
            dimensions.push(Dimension { low, length, step: step.as_fixnum()? });
            (bounds, steps) = (more, further);
        }
        Some(View { root: v.field(ROOT), offset: v.field(OFFSET).as_fixnum()?, dimensions })
    }

    pub fn element(&self, heap: &Heap) -> Element {
        match self.root.kind() {
            Some(Kind::String) => Element::Char,
            Some(Kind::Bitvector) => Element::Bit,
            Some(Kind::Bytevector) => uniform::element(heap, self.root).map_or(Element::Byte, Element::Number),
            _ => Element::Any,
        }
    }

    /// The element at a place of the root.
    pub fn get(&self, heap: &Heap, place: i64) -> Option<Value> {
        let index =
            usize::try_from(place).ok().filter(|&at| root_length(heap, self.root).is_some_and(|len| at < len))?;
        Some(match self.element(heap) {
            Element::Any => self.root.field(index),
            Element::Char => Value::char(heap.string_ref(self.root, index)?),
            Element::Bit => Value::bool(heap.bits(self.root)?.0[index / 64] >> (index % 64) & 1 == 1),
            Element::Byte => Value::fixnum(heap.bytes(self.root)?[index].into()),
            Element::Number(uniform) => uniform::get(heap, self.root, uniform, index),
        })
    }

    /// Calls `each` with the place of every element, the last index running fastest, until it answers false.
    pub fn places(&self, mut each: impl FnMut(i64) -> bool) {
        if self.dimensions.iter().any(|dimension| dimension.length == 0) {
            return;
        }
        let mut indices = vec![0; self.dimensions.len()];
        let mut place = self.offset;
        loop {
            if !each(place) {
                return;
            }
            let mut at = indices.len();
            loop {
                let Some(next) = at.checked_sub(1) else { return };
                at = next;
                let Dimension { length, step, .. } = self.dimensions[at];
                indices[at] += 1;
                place += step;
                if indices[at] < length {
                    break;
                }
                place -= step * length as i64;
                indices[at] = 0;
            }
        }
    }

    pub fn same_shape(&self, other: &View) -> bool {
        let shape = |view: &View| view.dimensions.iter().map(|d| (d.low, d.length)).collect::<Vec<_>>();
        shape(self) == shape(other)
    }
}

fn root_length(heap: &Heap, v: Value) -> Option<usize> {
    match v.kind()? {
        Kind::Vector => Some(v.field_count()),
        Kind::String => Some(heap.string_length(v)),
        Kind::Bytevector => Some(uniform::length(heap, v)),
        Kind::Bitvector => heap.bits(v).map(|(_, length)| length),
        _ => None,
    }
}
