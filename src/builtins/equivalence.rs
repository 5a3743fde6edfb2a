//! Equivalence and booleans, R7RS sections 6.1 and 6.3.

use super::declare::all_are;
use crate::builtins;
use crate::value::Value;
use crate::value::equal::{equal, eqv};

builtins! { EQUIVALENCE;

/// Whether A and B are the same object. Numbers and characters may or may not be. [R7RS 6.1]
///
///     (eq? 'a 'a)  => #t
///     (eq? (list 'a) (list 'a))  => #f
fn "eq?" (cx, a: Value, b: Value) { a == b }

/// Whether A and B are the same object, or equal numbers of the same exactness, or the same character. [R7RS 6.1]
///
///     (eqv? 100000000000000000000 100000000000000000000)  => #t
///     (eqv? 2 2.0)  => #f
///     (eqv? 0.0 -0.0)  => #f
///     (eqv? "ab" (string #\a #\b))  => #f
fn "eqv?" (cx, a: Value, b: Value) { eqv(&cx.heap, a, b) }

/// Whether A and B look the same when written: pairs, vectors, strings and bytevectors are compared by their contents, all
/// else by eqv?. It ends on circular data, too. [R7RS 6.1]
///
///     (equal? '(a #(1 "x")) (list 'a (vector 1 "x")))  => #t
///     (equal? 2 2.0)  => #f
fn "equal?" (cx, a: Value, b: Value) { Ok(equal(&cx.heap, a, b)?) }

/// #t if OBJ is #f, else #f. [R7RS 6.3]
///
///     (not #f)  => #t
///     (not 3)  => #f
fn "not" (cx, obj: Value) { !obj.is_true() }

/// Whether OBJ is #t or #f. [R7RS 6.3]
///
///     (boolean? #f)  => #t
///     (boolean? '())  => #f
fn "boolean?" (cx, obj: Value) { obj.as_bool().is_some() || obj == Value::FALSE_NIL }

/// Whether the BOOLEANS are all #t or all #f. [R7RS 6.3]
///
///     (boolean=? #f #f #f)  => #t
///     (boolean=? #t #f)  => #f
fn "boolean=?" (cx, a: bool, b: bool, ..booleans) {
    all_are::<bool>(cx, "boolean=?", 3, "booleans", booleans)?;
    Ok(a == b && booleans.iter().all(|&other| other == Value::bool(a)))
}
}
