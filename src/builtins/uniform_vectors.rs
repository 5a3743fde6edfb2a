//! Uniform vectors, SRFI 4, eight procedures for each of the twelve types, and Guile's bitvectors.
//!
//! The rows of the types differ in nothing but the type, so a macro writes them; `common` does their work.

use super::declare::{Argument, IntoAnswer, index, out_of_range, wrong_type};
use super::lists::elements;
use crate::reader::Uniform;
use crate::value::stop::{PIECE, STRIDE, pieces};
use crate::value::{Kind, Value, uniform};
use crate::vm::builtin::{Body, Row};
use crate::vm::cx::{Answer, Cx};
use crate::{builtins, parameters, take_arguments};

/// One row: its name and text are put together from the type's tag.
macro_rules! row {
    ($name:expr, $doc:expr, ($cx:ident $($parameters:tt)*) $body:block) => {
        Row {
            name: $name,
            parameters: parameters!([] $($parameters)*),
            documentation: $doc,
            needs: &[],
            body: Body::Leaf(|$cx: &mut Cx, args: &[Value]| {
                take_arguments!($cx, args, $name, 0usize; $($parameters)*);
                let answer = $body;
                IntoAnswer::into_answer(answer, $cx)
            }),
        }
    };
}

macro_rules! uniform_rows {
    ($($tag:literal $type:expr, $one:literal;)*) => {
        pub static UNIFORM: &[Row] = &[$(
            row!(
                concat!($tag, "vector?"),
                concat!("Whether OBJ is a uniform vector of the type ", $tag, ". [SRFI 4]\n\n",
                    "     (", $tag, "vector? (", $tag, "vector ", $one, "))  => #t\n     (", $tag, "vector? '())  => #f\n"),
                (cx, obj: Value) { obj.is_bytevector() && uniform::element(&cx.heap, obj) == $type }
            ),
            row!(
                concat!("make-", $tag, "vector"),
                concat!("A new uniform vector of the type ", $tag, " of K elements, each FILL (or 0). [SRFI 4]\n\n",
                    "     (", $tag, "vector-length (make-", $tag, "vector 3 ", $one, "))  => 3\n"),
                (cx, k: usize, [fill: Value]) { filled(cx, concat!("make-", $tag, "vector"), $type, k, fill) }
            ),
            row!(
                concat!($tag, "vector"),
                concat!("A new uniform vector of the NUMBERS, which must fit into the type ", $tag, ". [SRFI 4]\n\n",
                    "     (", $tag, "vector-ref (", $tag, "vector ", $one, " ", $one, ") 1)  => ", $one, "\n"),
                (cx, ..numbers) { collect(cx, concat!($tag, "vector"), $type, numbers, None) }
            ),
            row!(
                concat!($tag, "vector-length"),
                concat!("How many elements VECTOR, of the type ", $tag, ", has. [SRFI 4]\n\n",
                    "     (", $tag, "vector-length (", $tag, "vector ", $one, "))  => 1\n"),
                (cx, vector: Value) {
                    check(cx, concat!($tag, "vector-length"), $tag, $type, vector)?;
                    Ok(uniform::length(&cx.heap, vector))
                }
            ),
            row!(
                concat!($tag, "vector-ref"),
                concat!("Element K of VECTOR, of the type ", $tag, "; the first is element 0. [SRFI 4]\n\n",
                    "     (", $tag, "vector-ref (", $tag, "vector ", $one, ") 0)  => ", $one, "\n"),
                (cx, vector: Value, k: usize) {
                    check(cx, concat!($tag, "vector-ref"), $tag, $type, vector)?;
                    let k = index(cx, concat!($tag, "vector-ref"), 2, "k", k, uniform::length(&cx.heap, vector))?;
                    Ok(element(cx, $type, vector, k))
                }
            ),
            row!(
                concat!($tag, "vector-set!"),
                concat!("Puts NUMBER into element K of VECTOR, of the type ", $tag, ". [SRFI 4]\n\n",
                    "     (let ((v (make-", $tag, "vector 1))) (", $tag, "vector-set! v 0 ", $one, ") (", $tag,
                    "vector-ref v 0))  => ", $one, "\n"),
                (cx, vector: Value, k: usize, number: Value) {
                    check(cx, concat!($tag, "vector-set!"), $tag, $type, vector)?;
                    set(cx, concat!($tag, "vector-set!"), $type, vector, k, number)
                }
            ),
            row!(
                concat!($tag, "vector->list"),
                concat!("A list of the elements of VECTOR, of the type ", $tag, ". [SRFI 4]\n\n",
                    "     (", $tag, "vector->list (", $tag, "vector ", $one, "))  => (", $one, ")\n"),
                (cx, vector: Value) {
                    check(cx, concat!($tag, "vector->list"), $tag, $type, vector)?;
                    let length = uniform::length(&cx.heap, vector);
                    cx.admit(length.saturating_mul(64))?;
                    let items: Vec<Value> = (0..length).map(|k| element(cx, $type, vector, k)).collect();
                    Ok(cx.heap.list(&items))
                }
            ),
            row!(
                concat!("list->", $tag, "vector"),
                concat!("A uniform vector of the numbers in LIST, which must fit into the type ", $tag, ". [SRFI 4]\n\n",
                    "     (", $tag, "vector-length (list->", $tag, "vector '(", $one, " ", $one, ")))  => 2\n"),
                (cx, list: Value) {
                    let items = elements(cx, concat!("list->", $tag, "vector"), 1, "list", list)?;
                    collect(cx, concat!("list->", $tag, "vector"), $type, &items, Some(list))
                }
            ),
        )*];
    };
}

uniform_rows! {
    "u8" None, "1";
    "s8" Some(Uniform::S8), "-1";
    "u16" Some(Uniform::U16), "1";
    "s16" Some(Uniform::S16), "-1";
    "u32" Some(Uniform::U32), "1";
    "s32" Some(Uniform::S32), "-1";
    "u64" Some(Uniform::U64), "1";
    "s64" Some(Uniform::S64), "-1";
    "f32" Some(Uniform::F32), "1.5";
    "f64" Some(Uniform::F64), "1.5";
    "c32" Some(Uniform::C32), "1.0+2.0i";
    "c64" Some(Uniform::C64), "1.0+2.0i";
}

type Element = Option<Uniform>;

fn check(cx: &mut Cx, who: &str, tag: &str, element: Element, vector: Value) -> Answer<()> {
    if vector.is_bytevector() && (element.is_none() || uniform::element(&cx.heap, vector) == element) {
        return Ok(());
    }
    wrong_type(cx, who, 1, "vector", &format!("a uniform vector of the type {tag}"), vector)
}

fn element(cx: &Cx, element: Element, vector: Value, k: usize) -> Value {
    match element {
        Some(element) => uniform::get(&cx.heap, vector, element, k),
        None => Value::fixnum(cx.heap.bytes(vector).map_or(0, |bytes| bytes[k]) as i64),
    }
}

fn encode(cx: &mut Cx, who: &str, position: usize, element: Element, number: Value, out: &mut Vec<u8>) -> Answer<()> {
    if uniform::encode(&cx.heap, element, number, out) {
        return Ok(());
    }
    let expected = format!("a number that fits into the type {}", element.map_or("u8", Uniform::tag));
    wrong_type(cx, who, position, "number", &expected, number)
}

fn filled(cx: &mut Cx, who: &str, element: Element, k: usize, fill: Option<Value>) -> Answer {
    let size = k.saturating_mul(element.map_or(1, Uniform::size));
    cx.admit(size)?;
    let mut one = Vec::new();
    encode(cx, who, 2, element, fill.unwrap_or(Value::fixnum(0)), &mut one)?;
    let vector = cx.heap.bytevector_room(size);
    for range in pieces(k, PIECE / one.len()).filter(|_| fill.is_some()) {
        cx.check_interrupt()?;
        if let Some(bytes) = cx.heap.bytes_mut(vector) {
            let bytes = &mut bytes[range.start * one.len()..range.end * one.len()];
            bytes.chunks_exact_mut(one.len()).for_each(|place| place.copy_from_slice(&one));
        }
    }
    Ok(typed(cx, element, vector))
}

/// The same bytes as a vector of that type.
fn typed(cx: &Cx, element: Element, vector: Value) -> Value {
    let empty = uniform::from_bytes(&cx.heap, element, &[]);
    cx.heap.set_element_code(vector, cx.heap.element_code(empty));
    vector
}

fn collect(cx: &mut Cx, who: &str, element: Element, numbers: &[Value], list: Option<Value>) -> Answer {
    cx.admit(numbers.len().saturating_mul(element.map_or(1, Uniform::size)).saturating_mul(2))?;
    let mut bytes = Vec::with_capacity(numbers.len() * element.map_or(1, Uniform::size));
    for (place, &number) in numbers.iter().enumerate() {
        if place.is_multiple_of(STRIDE) {
            cx.check_interrupt()?;
        }
        let position = if list.is_some() { 1 } else { place + 1 };
        encode(cx, who, position, element, number, &mut bytes)?;
    }
    Ok(uniform::from_bytes(&cx.heap, element, &bytes))
}

fn set(cx: &mut Cx, who: &str, element: Element, vector: Value, k: usize, number: Value) -> Answer<()> {
    if vector.is_immutable() {
        return wrong_type(cx, who, 1, "vector", "a vector that can be changed (a literal cannot)", vector);
    }
    let k = index(cx, who, 2, "k", k, uniform::length(&cx.heap, vector))?;
    let mut bytes = Vec::with_capacity(16);
    encode(cx, who, 3, element, number, &mut bytes)?;
    let at = k * bytes.len();
    if let Some(all) = cx.heap.bytes_mut(vector) {
        all[at..at + bytes.len()].copy_from_slice(&bytes);
    }
    Ok(())
}

builtins! { BITVECTORS;

/// The type of the elements of VECTOR, a bytevector or other uniform vector, as a symbol: u8, s16, f64 and so on. [Guile]
///
///     (%uniform-type (f64vector 1.5))
fn "%uniform-type" (cx, vector: super::declare::Bytes) {
    let tag = uniform::element(&cx.heap, vector.0).map_or("u8", Uniform::tag);
    Value::symbol(cx.symbols.intern(tag))
}

/// Whether OBJ is a bitvector. [Guile]
///
///     (bitvector? #*101)  => #t
fn "bitvector?" (cx, obj: Value) { obj.is_kind(Kind::Bitvector) }

/// A new bitvector of LENGTH bits, each FILL (or #f). [Guile]
///
///     (make-bitvector 3 #t)  => #*111
fn "make-bitvector" (cx, length: usize, [fill: Value]) {
    cx.admit(length / 8)?;
    if length >> 38 > 0 {
        return out_of_range(cx, "make-bitvector", 1, "length", "a number of bits that fits into memory", Value::fixnum(length as i64));
    }
    Ok(cx.heap.bitvector_filled(length, fill.is_some_and(Value::is_true)))
}

/// A new bitvector of the BITS, each taken as true or false. [Guile]
///
///     (bitvector #t #f 1)  => #*101
fn "bitvector" (cx, ..bits) { from_bits(cx, bits) }

/// A bitvector of the elements of LIST, each taken as true or false. [Guile]
///
///     (list->bitvector '(#t #f))  => #*10
fn "list->bitvector" (cx, list: Value) {
    let bits = elements(cx, "list->bitvector", 1, "list", list)?;
    Ok(from_bits(cx, &bits))
}

/// A list of the bits of BITVECTOR, as #t and #f. [Guile]
///
///     (bitvector->list #*10)  => (#t #f)
fn "bitvector->list" (cx, bitvector: Bits) {
    cx.admit(bitvector.len(cx).saturating_mul(16))?;
    let places = cx.heap.watch((0..bitvector.len(cx)).rev());
    let list = places.fold(Value::NIL, |rest, k| cx.heap.cons(Value::bool(bitvector.bit(cx, k)), rest));
    cx.check_interrupt()?;
    Ok(list)
}

/// How many bits BITVECTOR has. [Guile]
///
///     (bitvector-length #*101)  => 3
fn "bitvector-length" (cx, bitvector: Bits) { bitvector.len(cx) }

/// Whether bit K of BITVECTOR is set. [Guile]
///
///     (bitvector-ref #*101 1)  => #f
fn "bitvector-ref" (cx, bitvector: Bits, k: usize) {
    let k = index(cx, "bitvector-ref", 2, "k", k, bitvector.len(cx))?;
    Ok(bitvector.bit(cx, k))
}

/// Whether bit K of BITVECTOR is set. [Guile]
///
///     (bitvector-bit-set? #*101 0)  => #t
fn "bitvector-bit-set?" (cx, bitvector: Bits, k: usize) {
    let k = index(cx, "bitvector-bit-set?", 2, "k", k, bitvector.len(cx))?;
    Ok(bitvector.bit(cx, k))
}

/// Whether bit K of BITVECTOR is clear. [Guile]
///
///     (bitvector-bit-clear? #*101 0)  => #f
fn "bitvector-bit-clear?" (cx, bitvector: Bits, k: usize) {
    let k = index(cx, "bitvector-bit-clear?", 2, "k", k, bitvector.len(cx))?;
    Ok(!bitvector.bit(cx, k))
}

/// Sets bit K of BITVECTOR if OBJ is true, and clears it if not. [Guile]
///
///     (let ((b (bitvector #f #f))) (bitvector-set! b 1 #t) b)  => #*01
fn "bitvector-set!" (cx, bitvector: Bits, k: usize, obj: Value) { bitvector.change(cx, "bitvector-set!", k, |_| obj.is_true()) }

/// Sets bit K of BITVECTOR. [Guile]
///
///     (let ((b (bitvector #f #f))) (bitvector-set-bit! b 1) b)  => #*01
fn "bitvector-set-bit!" (cx, bitvector: Bits, k: usize) { bitvector.change(cx, "bitvector-set-bit!", k, |_| true) }

/// Clears bit K of BITVECTOR. [Guile]
///
///     (let ((b (bitvector #t #t))) (bitvector-clear-bit! b 1) b)  => #*10
fn "bitvector-clear-bit!" (cx, bitvector: Bits, k: usize) { bitvector.change(cx, "bitvector-clear-bit!", k, |_| false) }

/// Sets all bits of BITVECTOR. [Guile]
///
///     (let ((b (bitvector #f #t))) (bitvector-set-all-bits! b) b)  => #*11
fn "bitvector-set-all-bits!" (cx, bitvector: Bits) { bitvector.words(cx, |_| u64::MAX) }

/// Clears all bits of BITVECTOR. [Guile]
///
///     (let ((b (bitvector #f #t))) (bitvector-clear-all-bits! b) b)  => #*00
fn "bitvector-clear-all-bits!" (cx, bitvector: Bits) { bitvector.words(cx, |_| 0) }

/// Changes each bit of BITVECTOR. [Guile]
///
///     (let ((b (bitvector #f #t))) (bitvector-flip-all-bits! b) b)  => #*10
fn "bitvector-flip-all-bits!" (cx, bitvector: Bits) { bitvector.words(cx, |word| !word) }

/// How many bits of BITVECTOR are set. [Guile]
///
///     (bitvector-count #*101)  => 2
fn "bitvector-count" (cx, bitvector: Bits) {
    let (words, length) = cx.heap.bits(bitvector.0).unwrap_or_default();
    let ones: usize = words.iter().map(|word| word.count_ones() as usize).sum();
    // Bits behind the last one do not count.
    let behind = words.last().filter(|_| length % 64 > 0).map_or(0, |word| (word >> (length % 64)).count_ones() as usize);
    Ok(ones - behind)
}

/// A new bitvector of the bits of BITVECTOR from START to before END. [Guile]
///
///     (bitvector-copy #*1010 1 3)  => #*01
fn "bitvector-copy" (cx, bitvector: Bits, [start: usize], [end: usize]) {
    let (start, end) = super::declare::range(cx, "bitvector-copy", 2, start, end, bitvector.len(cx))?;
    cx.admit(end - start)?;
    let bits: Vec<bool> = cx.heap.watch(start..end).map(|k| bitvector.bit(cx, k)).collect();
    cx.check_interrupt()?;
    Ok(uniform::bitvector(&cx.heap, &bits))
}

/// The place of the first bit of BITVECTOR from START on that is as BIT says, or #f. [Guile]
///
///     (bitvector-position #*0010 #t)  => 2
fn "bitvector-position" (cx, bitvector: Bits, bit: Value, [start: usize]) {
    let places = start.unwrap_or(0)..bitvector.len(cx);
    let found = cx.heap.watch(places).find(|&k| bitvector.bit(cx, k) == bit.is_true());
    cx.check_interrupt()?;
    Ok(found)
}
}

#[derive(Clone, Copy)]
struct Bits(Value);

impl Argument for Bits {
    const EXPECTED: &'static str = "a bitvector";
    fn take(_: &Cx, v: Value) -> Option<Bits> {
        v.is_kind(Kind::Bitvector).then_some(Bits(v))
    }
}

impl Bits {
    fn len(self, cx: &Cx) -> usize {
        cx.heap.bits(self.0).map_or(0, |(_, len)| len)
    }

    fn bit(self, cx: &Cx, k: usize) -> bool {
        cx.heap.bits(self.0).is_some_and(|(words, _)| words[k / 64] >> (k % 64) & 1 == 1)
    }

    fn change(self, cx: &mut Cx, who: &str, k: usize, f: impl Fn(bool) -> bool) -> Answer<()> {
        let k = index(cx, who, 2, "k", k, self.len(cx))?;
        let bit = f(self.bit(cx, k)) as u64;
        if let Some(words) = cx.heap.bits_mut(self.0) {
            words[k / 64] = words[k / 64] & !(1 << (k % 64)) | bit << (k % 64);
        }
        Ok(())
    }

    fn words(self, cx: &mut Cx, f: impl Fn(u64) -> u64) {
        if let Some(words) = cx.heap.bits_mut(self.0) {
            words.iter_mut().for_each(|word| *word = f(*word));
        }
    }
}

fn from_bits(cx: &mut Cx, bits: &[Value]) -> Value {
    let bits: Vec<bool> = bits.iter().map(|bit| bit.is_true()).collect();
    uniform::bitvector(&cx.heap, &bits)
}
