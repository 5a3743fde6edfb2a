//! Vectors, R7RS section 6.8. What takes a procedure (vector-map, vector-for-each) is in the standard library.

use super::declare::{MutableVector, Vector, all_are, index, out_of_range, range};
use super::lists::elements;
use crate::builtins;
use crate::value::{Kind, Value};
use crate::vm::cx::{Answer, Cx};

builtins! { VECTORS;

/// Whether OBJ is a vector. [R7RS 6.8]
///
///     (vector? #(1 2))  => #t
///     (vector? '(1 2))  => #f
fn "vector?" (cx, obj: Value) { obj.is_vector() }

/// A new vector of K elements, each FILL. [R7RS 6.8]
///
///     (make-vector 3 'a)  => #(a a a)
fn "make-vector" (cx, k: usize, [fill: Value]) {
    cx.admit(k.saturating_mul(8))?;
    Ok(cx.heap.long_filled(Kind::Vector, k, fill.unwrap_or(Value::UNSPECIFIED))?)
}

/// A new vector of the OBJS. [R7RS 6.8]
///
///     (vector 'a 'b 'c)  => #(a b c)
fn "vector" (cx, ..objs) { Ok(cx.heap.long_vector(objs)?) }

/// How many elements VECTOR has. [R7RS 6.8]
///
///     (vector-length #(a b c))  => 3
fn "vector-length" (cx, vector: Vector) { vector.0.field_count() }

/// Element K of VECTOR; the first is element 0. [R7RS 6.8]
///
///     (vector-ref #(1 1 2 3 5 8 13 21) 5)  => 8
fn "vector-ref" (cx, vector: Vector, k: usize) {
    let k = index(cx, "vector-ref", 2, "k", k, vector.0.field_count())?;
    Ok(vector.0.field(k))
}

/// Puts OBJ into element K of VECTOR. [R7RS 6.8]
///
///     (let ((v (vector 0 1 2))) (vector-set! v 1 'x) v)  => #(0 x 2)
fn "vector-set!" (cx, vector: MutableVector, k: usize, obj: Value) {
    let k = index(cx, "vector-set!", 2, "k", k, vector.0.field_count())?;
    cx.heap.set_field(vector.0, k, obj);
    Ok(())
}

/// A list of the elements of VECTOR from START to before END. [R7RS 6.8]
///
///     (vector->list #(a b c) 1)  => (b c)
fn "vector->list" (cx, vector: Vector, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "vector->list", 2, start, end, vector.0.field_count())?;
    cx.admit((end - start).saturating_mul(16))?;
    let items = &cx.heap.slice(vector.0).unwrap_or_default()[start..end];
    Ok(cx.heap.long_list(items.iter().copied(), Value::NIL)?)
}

/// A vector of the elements of LIST. [R7RS 6.8]
///
///     (list->vector '(a b))  => #(a b)
fn "list->vector" (cx, list: Value) {
    let items = elements(cx, "list->vector", 1, "list", list)?;
    Ok(cx.heap.long_vector(&items)?)
}

/// A new vector of the elements of VECTOR from START to before END. [R7RS 6.8]
///
///     (vector-copy #(1 8 2 8))  => #(1 8 2 8)
///     (vector-copy #(1 8 2 8) 2 4)  => #(2 8)
fn "vector-copy" (cx, vector: Vector, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "vector-copy", 2, start, end, vector.0.field_count())?;
    cx.admit((end - start).saturating_mul(8))?;
    Ok(cx.heap.long_vector(&cx.heap.slice(vector.0).unwrap_or_default()[start..end])?)
}

/// Puts the elements of FROM between START and END into TO, from position AT on. They may be the same vector. [R7RS 6.8]
///
///     (let ((v (vector 1 2 3 4 5))) (vector-copy! v 1 #(a b c) 0 2) v)  => #(1 a b 4 5)
fn "vector-copy!" (cx, to: MutableVector, at: usize, from: Vector, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "vector-copy!", 4, start, end, from.0.field_count())?;
    room(cx, "vector-copy!", at, end - start, to.0.field_count())?;
    Ok(cx.heap.copy_fields(to.0, at, from.0, start, end - start)?)
}

/// A new vector of the elements of all the VECTORS, one after the other. [R7RS 6.8]
///
///     (vector-append #(a b c) #(d e f))  => #(a b c d e f)
fn "vector-append" (cx, ..vectors) { append(cx, vectors) }

/// Puts FILL into the elements of VECTOR from START to before END. [R7RS 6.8]
///
///     (let ((v (vector 1 2 3 4 5))) (vector-fill! v 'x 2 4) v)  => #(1 2 x x 5)
fn "vector-fill!" (cx, vector: MutableVector, fill: Value, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "vector-fill!", 3, start, end, vector.0.field_count())?;
    Ok(cx.heap.fill_fields(vector.0, start, end, fill)?)
}
}

/// Fails unless `count` items fit into something of `length` from position `at` (argument 2) on.
pub fn room(cx: &mut Cx, who: &str, at: usize, count: usize, length: usize) -> Answer<()> {
    room_for(cx, who, 2, "at", at, count, length)
}

/// The same, where the position is argument `position`.
pub fn room_for(
    cx: &mut Cx,
    who: &str,
    position: usize,
    name: &str,
    at: usize,
    count: usize,
    length: usize,
) -> Answer<()> {
    if at <= length && count <= length - at {
        return Ok(());
    }
    let range = match length.checked_sub(count) {
        Some(most) => format!("at most {most}, so that {count} items fit in"),
        None => format!("a place where {count} items fit in (there are {length} in all)"),
    };
    out_of_range(cx, who, position, name, &range, Value::fixnum(at as i64))
}

fn append(cx: &mut Cx, vectors: &[Value]) -> Answer {
    all_are::<Vector>(cx, "vector-append", 1, "vectors", vectors)?;
    let count = vectors.iter().map(|v| v.field_count()).sum::<usize>();
    cx.admit(count.saturating_mul(8))?;
    let result = cx.heap.long_filled(Kind::Vector, count, Value::fixnum(0))?;
    let mut at = 0;
    for &vector in vectors {
        cx.heap.copy_fields(result, at, vector, 0, vector.field_count())?;
        at += vector.field_count();
    }
    Ok(result)
}
