//! The collector as programs see it: asking for collections, putting them off, what they took, and guardians.
//!
//! A guardian's state is a tagged object: its name, how many objects wait to be asked for, the entries it watches, and those whose
//! objects wait. An entry is that of a weak table but for its mode (see value/tracer.rs).

use crate::builtins;
use crate::value::stop::{STRIDE, Stop};
use crate::value::tracer::{GIVEN, GUARDED};
use crate::value::{Heap, Kind, Value};
use crate::vm::cx::Cx;

const GIVEN_COUNT: usize = 1;
const WATCHED: usize = 2;
const WAITING: usize = 3;

const MODE: usize = 0;
const OBJECT: usize = 1;

builtins! { COLLECTOR;

/// Collects what the program can no longer reach. [Guile]
///
///     (gc)
fn "gc" (cx) { cx.heap.request_major() }

/// Puts collections off until gc-enable has been called as often as gc-disable. When memory comes to its limit, collections are
/// made all the same. [Guile]
///
///     (begin (gc-disable) (gc-enable))
fn "gc-disable" (cx) { cx.heap.pauses.set(cx.heap.pauses.get().saturating_add(1)) }

/// Takes one gc-disable back. [Guile]
///
///     (gc-enable)
fn "gc-enable" (cx) {
    cx.heap.pauses.set(cx.heap.pauses.get().saturating_sub(1));
    cx.heap.control.request_collection();
}

/// The time that collections have taken so far, in units of which a second has internal-time-units-per-second. [Guile]
///
///     (>= (gc-run-time) 0)  => #t
fn "gc-run-time" (cx) needs time { cx.heap.collecting.as_nanos() as usize }

/// An association list about the program's memory: the time that collections have taken (gc-time-taken, as gc-run-time has
/// it), how many bytes may be in use before live data are too many (heap-size), how many are not in use (heap-free-size), how many
/// were ever taken (heap-total-allocated) and how many since the last collection (heap-allocated-since-gc), and how many collections
/// there were (gc-times). [Guile]
///
///     (exact-integer? (assq-ref (gc-stats) 'gc-times))  => #t
fn "gc-stats" (cx) needs time {
    let heap = &cx.heap;
    let (used, fresh) = (heap.used_bytes(), heap.fresh_bytes());
    let limit = heap.ledger.limit();
    let entries = [
        ("gc-time-taken", heap.collecting.as_nanos() as u64),
        ("heap-size", limit as u64),
        ("heap-free-size", limit.saturating_sub(used) as u64),
        ("heap-total-allocated", heap.taken + fresh as u64),
        ("heap-allocated-since-gc", fresh as u64),
        ("protected-objects", 0),
        ("gc-times", heap.minor_collections + heap.major_collections),
    ];
    let mut list = Value::NIL;
    for (name, number) in entries.into_iter().rev() {
        let name = Value::symbol(cx.symbols.intern(name));
        let entry = cx.heap.cons(name, Value::fixnum(i64::try_from(number).unwrap_or(i64::MAX)));
        list = cx.heap.cons(entry, list);
    }
    list
}

/// The state of a new guardian.
fn "%make-guardian" (cx) {
    let name = Value::symbol(cx.symbols.intern("guardian"));
    cx.heap.make(Kind::Tagged, &[name, Value::fixnum(0), Value::NIL, Value::NIL])
}

/// Whether OBJ is the state of a guardian.
fn "%guardian?" (cx, obj: Value) { is_guardian(cx, obj) }

/// From now on the guardian with this STATE watches over OBJ.
fn "%guard!" (cx, state: Value, obj: Value) {
    if is_guardian(cx, state) {
        let entry = cx.heap.make(Kind::Weak, &[Value::fixnum(GUARDED), obj, Value::FALSE, state]);
        cx.heap.set_field(state, WATCHED, cx.heap.cons(entry, state.field(WATCHED)));
    }
}

/// An object that the guardian with this STATE has watched over and that nothing else holds, and no longer watches over; or #f.
fn "%guarded" (cx, state: Value) {
    if !is_guardian(cx, state) || state.field(GIVEN_COUNT) == Value::fixnum(0) && state.field(WAITING).is_null() {
        return Ok(Value::FALSE);
    }
    if state.field(WAITING).is_null() {
        sort_out(&cx.heap, state)?;
    }
    let Some((entry, rest)) = state.field(WAITING).as_pair() else { return Ok(Value::FALSE) };
    cx.heap.set_field(state, WAITING, rest);
    Ok(entry.field(OBJECT))
}

}

fn is_guardian(cx: &mut Cx, v: Value) -> bool {
    let name = Value::symbol(cx.symbols.intern("guardian"));
    v.is_kind(Kind::Tagged) && v.field_count() == 4 && v.field(0) == name
}

/// Moves the entries that the collector has given to the guardian from those watched to those waiting. Each entry is in one list at
/// any time, so that all may begin anew after an interrupt.
fn sort_out(heap: &Heap, state: Value) -> Result<(), Stop> {
    let mut before = None;
    let mut list = state.field(WATCHED);
    let mut count: usize = 0;
    while let Some((entry, rest)) = list.as_pair() {
        count += 1;
        if count.is_multiple_of(STRIDE) {
            heap.go_on(0)?;
        }
        if entry.field(MODE) == Value::fixnum(GIVEN) {
            match before {
                Some(before) => heap.set_cdr(before, rest),
                None => heap.set_field(state, WATCHED, rest),
            }
            heap.set_cdr(list, state.field(WAITING));
            heap.set_field(state, WAITING, list);
        } else {
            before = Some(list);
        }
        list = rest;
    }
    heap.set_field(state, GIVEN_COUNT, Value::fixnum(0));
    Ok(())
}
