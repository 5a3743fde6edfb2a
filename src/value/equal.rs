//! Equivalence: `eqv?`, `equal?` on any data, cycles included, and the hashes that go with them.
//!
//! `equal?` follows Adams and Dybvig, "Efficient nondestructive equality checking for trees and graphs" (ICFP 2008): it
//! compares as if the data were trees for a while, then for a few nodes remembers in a union-find table which nodes
//! it has set equal, and so on in turn. Small data never sees the table, cycles end, shared parts cost what they have.

use super::array::{Element, View};
use super::stop::{STRIDE, Stop};
use super::{Heap, Kind, Value, uniform};
use rustc_hash::{FxHashMap, FxHasher};
use smallvec::{SmallVec, smallvec};
use std::hash::Hasher;

/// `eqv?`: the same object, or numbers of the same exactness and value.
#[inline]
pub fn eqv(heap: &Heap, a: Value, b: Value) -> bool {
    a == b || (a.is_pointer() && b.is_pointer() && eqv_numbers(heap, a, b))
}

fn eqv_numbers(heap: &Heap, a: Value, b: Value) -> bool {
    match (a.kind(), b.kind()) {
        (Some(Kind::Flonum), Some(Kind::Flonum)) => match (a.as_flonum(), b.as_flonum()) {
            (Some(x), Some(y)) => x.to_bits() == y.to_bits() || x.is_nan() && y.is_nan(),
            _ => false,
        },
        (Some(Kind::Bignum), Some(Kind::Bignum)) => heap.bignum_limbs(a) == heap.bignum_limbs(b),
        // Parts of a ratnum are integers, parts of a compnum reals: this ends after two rounds.
        (Some(Kind::Ratnum), Some(Kind::Ratnum)) | (Some(Kind::Compnum), Some(Kind::Compnum)) => {
            eqv(heap, a.field(0), b.field(0)) && eqv(heap, a.field(1), b.field(1))
        }
        _ => false,
    }
}

/// Nodes compared before the first look at the table: most data is smaller, and cycles cost no more than that.
const FIRST_STEPS: i32 = 50_000;
/// Nodes compared between two looks at the table, about.
const PLAIN_STEPS: i32 = 400;
/// Nodes entered into the table in one stretch.
const TABLE_STEPS: i32 = 40;
/// The field of a record type that says whether its records are equal to themselves alone.
pub const TYPE_APART: usize = 5;
/// Bytes that a node costs in the table, or waiting.
const NODE_BYTES: usize = 32;

/// `equal?`.
pub fn equal(heap: &Heap, a: Value, b: Value) -> Result<bool, Stop> {
    if eqv(heap, a, b) {
        return Ok(true);
    }
    if !(a.is_pointer() && b.is_pointer()) {
        return Ok(false);
    }
    Comparison { heap, classes: FxHashMap::default(), pending: Vec::new(), plain: FIRST_STEPS, table: 0, random: 1 }
        .run(a, b)
}

struct Comparison<'h> {
    heap: &'h Heap,
    /// Union-find: a node's representative, or minus the number of nodes that it represents.
    classes: FxHashMap<Value, Class>,
    /// Vectors, records, or pairs whose cars are being compared, and the index of the next part.
    pending: Vec<(Value, Value, usize)>,
    plain: i32,
    table: i32,
    random: u32,
}

#[derive(Clone, Copy)]
enum Class {
    Head(usize),
    Member(Value),
}

impl Comparison<'_> {
    fn run(&mut self, a: Value, b: Value) -> Result<bool, Stop> {
        let mut steps = 0usize;
        let mut next = Some((a, b));
        loop {
            if let Some((a, b)) = next.take() {
                steps += 1;
                if steps.is_multiple_of(STRIDE) {
                    self.heap.go_on((self.classes.len() + self.pending.len()) * NODE_BYTES)?;
                }
                if a == b {
                } else if a.is_pair() && b.is_pair() {
                    if !self.known(a, b) {
                        let (first, other) = (a.car(), b.car());
                        if first == other {
                            next = Some((a.cdr(), b.cdr()));
                        } else {
                            self.pending.push((a, b, 1));
                            next = Some((first, other));
                        }
                        continue;
                    }
                } else if !(a.is_pointer() && b.is_pointer() && self.equal_leaves(a, b)?) {
                    return Ok(false);
                }
            }
            let Some((a, b, index)) = self.pending.pop() else { return Ok(true) };
            if a.is_pair() {
                next = Some((a.cdr(), b.cdr()));
            } else {
                let count = a.field_count();
                let Some(at) = (index..count).find(|&at| a.field(at) != b.field(at)) else { continue };
                if at + 1 < count {
                    self.pending.push((a, b, at + 1));
                }
                next = Some((a.field(at), b.field(at)));
            }
        }
    }

    /// Compares anything but pairs; the fields of vectors and records are left pending.
    fn equal_leaves(&mut self, a: Value, b: Value) -> Result<bool, Stop> {
        Ok(match (a.kind(), b.kind()) {
            (Some(Kind::String), Some(Kind::String)) => {
                let text = |v| self.heap.str(v).unwrap_or_default().as_bytes();
                self.heap.same_bytes(text(a), text(b))?
            }
            (Some(Kind::Bytevector), Some(Kind::Bytevector)) => {
                let bytes = |v| self.heap.bytes(v).unwrap_or_default();
                self.heap.element_code(a) == self.heap.element_code(b) && self.heap.same_bytes(bytes(a), bytes(b))?
            }
            (Some(Kind::Bitvector), Some(Kind::Bitvector)) => uniform::same_bits(self.heap, a, b),
            (Some(Kind::Vector), Some(Kind::Vector)) => {
                let same_length = a.field_count() == b.field_count();
                if same_length && !self.known(a, b) {
                    self.pending.push((a, b, 0));
                }
                same_length
            }
            (Some(Kind::Record), Some(Kind::Record)) => {
                let same_type = a.field(0) == b.field(0) && !a.field(0).field(TYPE_APART).is_true();
                if same_type && !self.known(a, b) {
                    self.pending.push((a, b, 1));
                }
                same_type
            }
            (Some(Kind::Array), _) | (_, Some(Kind::Array)) => match (View::of(self.heap, a), View::of(self.heap, b)) {
                (Some(x), Some(y)) => self.known(a, b) || self.equal_arrays(&x, &y)?,
                _ => false,
            },
            _ => eqv_numbers(self.heap, a, b),
        })
    }

    /// Compares shapes and elements; elements of any kind are left pending.
    fn equal_arrays(&mut self, x: &View, y: &View) -> Result<bool, Stop> {
        let element = x.element(self.heap);
        if !x.same_shape(y) || y.element(self.heap) != element {
            return Ok(false);
        }
        let (first, second) = (elements(self.heap, x)?, elements(self.heap, y)?);
        if element == Element::Any {
            self.pending.push((self.heap.long_vector(&first)?, self.heap.long_vector(&second)?, 0));
            return Ok(true);
        }
        Ok(first.len() == second.len() && first.iter().zip(&second).all(|(&a, &b)| eqv(self.heap, a, b)))
    }

    /// Whether the nodes have been set equal before; sometimes, without looking, no.
    fn known(&mut self, a: Value, b: Value) -> bool {
        if self.plain > 0 {
            self.plain -= 1;
            return false;
        }
        if self.union(a, b) {
            // Shared data: there is more of it here, stay with the table.
            self.table = 0;
            return true;
        }
        self.table += 1;
        if self.table >= TABLE_STEPS {
            self.table = 0;
            // Stretches of chance length, so that no regular data always escapes the table.
            self.random = self.random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            self.plain = (self.random >> 16) as i32 % (2 * PLAIN_STEPS);
        }
        false
    }

    /// Puts both nodes into one class; true if they were in one already.
    fn union(&mut self, a: Value, b: Value) -> bool {
        let (a, a_size) = self.find(a);
        let (b, b_size) = self.find(b);
        if a == b {
            return true;
        }
        let (head, member) = if a_size >= b_size { (a, b) } else { (b, a) };
        self.classes.insert(head, Class::Head(a_size + b_size));
        self.classes.insert(member, Class::Member(head));
        false
    }

    fn find(&mut self, mut v: Value) -> (Value, usize) {
        loop {
            match self.classes.get(&v) {
                None => return (v, 1),
                Some(&Class::Head(size)) => return (v, size),
                Some(&Class::Member(above)) => {
                    // Halving the path on the way keeps paths short.
                    if let Some(&Class::Member(higher)) = self.classes.get(&above) {
                        self.classes.insert(v, Class::Member(higher));
                    }
                    v = above;
                }
            }
        }
    }
}

// ---- hashes ------------------------------------------------------------------------------------------------------

/// A hash, and whether it rests on an address: then it holds until the next collection only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hash {
    pub value: u64,
    pub moves: bool,
}

/// Nodes and bytes that `equal_hash` looks at.
const HASHED_NODES: usize = 64;

pub fn string_hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.write_usize(text.len());
    hasher.finish()
}

pub fn eq_hash(v: Value) -> Hash {
    let mut hasher = FxHasher::default();
    hasher.write_u64(v.bits());
    Hash { value: hasher.finish(), moves: v.is_pointer() }
}

/// The elements of an array, the last index running fastest.
fn elements(heap: &Heap, view: &View) -> Result<Vec<Value>, Stop> {
    let mut found = Vec::new();
    let mut stop = Ok(());
    view.places(|place| {
        found.push(view.get(heap, place).unwrap_or(Value::FALSE));
        if found.len().is_multiple_of(STRIDE) {
            stop = heap.go_on(found.len() * 8);
        }
        stop.is_ok()
    });
    stop.map(|()| found)
}

/// A hash that is the same for values that are `eqv?`.
pub fn eqv_hash(heap: &Heap, v: Value) -> Hash {
    let mut hasher = FxHasher::default();
    if write_number(heap, v, &mut hasher) { Hash { value: hasher.finish(), moves: false } } else { eq_hash(v) }
}

/// Feeds a number that is not a fixnum; false if it is something else.
fn write_number(heap: &Heap, v: Value, hasher: &mut FxHasher) -> bool {
    match v.kind() {
        Some(Kind::Flonum) => {
            let x = v.as_flonum().unwrap_or_default();
            hasher.write_u64(if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() });
        }
        Some(Kind::Bignum) => {
            for &limb in heap.bignum_limbs(v).map_or(&[][..], |(_, limbs)| limbs).iter().take(HASHED_NODES) {
                hasher.write_u64(limb);
            }
        }
        Some(Kind::Ratnum | Kind::Compnum) => {
            for part in v.fields() {
                if !write_number(heap, part, hasher) {
                    hasher.write_u64(part.bits());
                }
            }
        }
        _ => return false,
    }
    true
}

/// A hash that is the same for values that are `equal?`; looks at a bounded number of parts, so cycles do no harm.
pub fn equal_hash(heap: &Heap, v: Value) -> Hash {
    hash_parts(heap, v, true)
}

/// The same, but from no address: it stays as it is, and does not tell procedures and the like from each other.
pub fn equal_hash_apart(heap: &Heap, v: Value) -> u64 {
    hash_parts(heap, v, false).value
}

fn hash_parts(heap: &Heap, v: Value, addresses: bool) -> Hash {
    let mut hasher = FxHasher::default();
    let mut moves = false;
    let mut left = HASHED_NODES;
    // Most keys are no larger.
    let mut stack: SmallVec<[Value; 8]> = smallvec![v];
    while let Some(v) = stack.pop() {
        if left == 0 {
            break;
        }
        left -= 1;
        if let Some((car, cdr)) = v.as_pair() {
            hasher.write_u8(1);
            stack.push(cdr);
            stack.push(car);
            continue;
        }
        match v.kind() {
            Some(Kind::String) => hasher.write_u64(string_hash(heap.str(v).unwrap_or_default())),
            Some(Kind::Bytevector) => hasher.write(heap.bytes(v).unwrap_or_default()),
            Some(Kind::Bitvector) => hasher.write_usize(heap.bits(v).map_or(0, |(_, len)| len)),
            Some(Kind::Vector) => {
                hasher.write_usize(v.field_count());
                stack.extend((0..v.field_count().min(left)).rev().map(|index| v.field(index)));
            }
            Some(Kind::Record) if !v.field(0).field(TYPE_APART).is_true() => {
                hasher.write_usize(v.field_count());
                stack.extend((1..v.field_count().min(left)).rev().map(|index| v.field(index)));
            }
            // Some are equal to a vector or the like.
            Some(Kind::Array) => match View::of(heap, v) {
                Some(view) if view.dimensions.len() == 1 => {
                    let mut items = Vec::new();
                    view.places(|place| {
                        items.push(view.get(heap, place).unwrap_or(Value::FALSE));
                        items.len() < left
                    });
                    match view.element(heap) {
                        Element::Any => {
                            hasher.write_usize(view.dimensions[0].length);
                            stack.extend(items.iter().rev().copied());
                        }
                        _ => hasher.write_u8(2),
                    }
                }
                _ => hasher.write_u8(3),
            },
            _ => {
                if !write_number(heap, v, &mut hasher) && (addresses || !v.is_pointer()) {
                    hasher.write_u64(v.bits());
                    moves |= v.is_pointer();
                }
            }
        }
    }
    Hash { value: hasher.finish(), moves }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(heap: &Heap, a: Value, b: Value) -> bool {
        let answer = equal(heap, a, b).unwrap();
        if answer {
            assert_eq!(equal_hash(heap, a).value, equal_hash(heap, b).value, "equal data has equal hashes");
        }
        answer
    }

    #[test]
    fn numbers_are_equal_with_exactness() {
        let heap = Heap::new();
        let big = |n| heap.bignum(false, &[n, 1]);
        let half = || heap.make(Kind::Ratnum, &[Value::fixnum(1), Value::fixnum(2)]);
        assert!(eqv(&heap, big(5), big(5)) && !eqv(&heap, big(5), big(6)));
        assert!(!eqv(&heap, heap.bignum(true, &[5, 1]), big(5)));
        assert!(eqv(&heap, heap.flonum(1.5), heap.flonum(1.5)));
        assert!(!eqv(&heap, heap.flonum(0.0), heap.flonum(-0.0)));
        assert!(eqv(&heap, heap.flonum(f64::NAN), heap.flonum(-f64::NAN)));
        assert!(!eqv(&heap, heap.flonum(1.0), Value::fixnum(1)));
        assert!(eqv(&heap, half(), half()));
        assert!(!eqv(&heap, heap.string(""), heap.string("")));
        for (a, b) in [(big(5), big(5)), (half(), half()), (heap.flonum(f64::NAN), heap.flonum(-f64::NAN))] {
            assert_eq!(eqv_hash(&heap, a), eqv_hash(&heap, b));
            assert!(!eqv_hash(&heap, a).moves);
        }
    }

    #[test]
    fn contents_decide_for_pairs_vectors_and_text() {
        let heap = Heap::new();
        let make = |last: u8| {
            let inner = heap.vector(&[heap.string("aé"), heap.bytevector(&[1, last]), Value::NIL]);
            heap.list(&[Value::fixnum(1), inner, heap.cons(Value::TRUE, heap.flonum(2.5))])
        };
        assert!(same(&heap, make(2), make(2)));
        assert!(!same(&heap, make(2), make(3)));
        assert!(!same(&heap, heap.vector(&[]), heap.vector(&[Value::NIL])));
        assert!(!same(&heap, heap.string("a"), heap.string("b")));
        assert!(!same(&heap, heap.boxed(Value::NIL), heap.boxed(Value::NIL)));
    }

    /// A circular list of `round` pairs after `lead` others, all holding 1.
    fn circle(heap: &Heap, lead: usize, round: usize) -> Value {
        let last = heap.cons(Value::fixnum(1), Value::NIL);
        let start = heap.list_with_tail(&vec![Value::fixnum(1); round - 1], last);
        heap.set_cdr(last, start);
        heap.list_with_tail(&vec![Value::fixnum(1); lead], start)
    }

    #[test]
    fn cycles_are_equal_when_what_they_unroll_to_is() {
        let heap = Heap::new();
        assert!(same(&heap, circle(&heap, 0, 1), circle(&heap, 0, 1)));
        assert!(same(&heap, circle(&heap, 0, 2), circle(&heap, 3, 7)));
        assert!(same(&heap, circle(&heap, 5, 997), circle(&heap, 0, 1009)));
        let other = circle(&heap, 1000, 3);
        heap.set_car(other.cdr().cdr(), Value::fixnum(2));
        assert!(!same(&heap, circle(&heap, 0, 2), other));
        let around = || {
            let v = heap.vector(&[Value::NIL, Value::NIL]);
            heap.set_field(v, 0, v);
            heap.set_field(v, 1, heap.cons(v, v));
            v
        };
        assert!(same(&heap, around(), around()));
    }

    #[test]
    fn shared_parts_cost_what_they_have() {
        let heap = Heap::new();
        let shared = |depth| (0..depth).fold(Value::NIL, |v, _| heap.cons(v, v));
        assert!(same(&heap, shared(5000), shared(5000)));
        assert!(!same(&heap, shared(5000), shared(5001)));
    }

    #[test]
    fn deep_and_long_data_is_compared_without_recursion() {
        let heap = Heap::new();
        let deep = || (0..500_000).fold(Value::NIL, |v, _| heap.cons(v, Value::NIL));
        let long = || heap.list(&vec![heap.vector(&[Value::TRUE]); 100_000]);
        assert!(same(&heap, deep(), deep()));
        assert!(same(&heap, long(), long()));
    }
}
