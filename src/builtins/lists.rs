//! Pairs and lists, R7RS section 6.4, and what Guile adds to them.
//!
//! Whatever walks a list notices when it goes round in a circle, and looks at the interrupt flag from time to time.

use super::declare::{ListOrNil, Pair, index, wrong_type};
use crate::builtins;
use crate::value::equal::{equal, eqv};
use crate::value::stop::STRIDE;
use crate::value::{Heap, Value};
use crate::vm::arithmetic;
use crate::vm::cx::{Answer, Cx};

builtins! { LISTS;

/// Whether OBJ is a pair. [R7RS 6.4]
///
///     (pair? '(a . b))  => #t
///     (pair? '())  => #f
fn "pair?" (cx, obj: Value) { obj.is_pair() }

/// A new pair of CAR and CDR. [R7RS 6.4]
///
///     (cons 1 2)  => (1 . 2)
///     (cons 'a '(b c))  => (a b c)
fn "cons" (cx, car: Value, cdr: Value) { cx.heap.cons(car, cdr) }

/// The first half of PAIR. [R7RS 6.4]
///
///     (car '(a b c))  => a
fn "car" (cx, pair: Pair) { pair.0.car() }

/// The second half of PAIR. [R7RS 6.4]
///
///     (cdr '(a b c))  => (b c)
fn "cdr" (cx, pair: Pair) { pair.0.cdr() }

/// Puts OBJ into the first half of PAIR. [R7RS 6.4]
///
///     (let ((p (cons 1 2))) (set-car! p 3) p)  => (3 . 2)
fn "set-car!" (cx, pair: Pair, obj: Value) { cx.heap.set_car(pair.0, obj) }

/// Puts OBJ into the second half of PAIR. [R7RS 6.4]
///
///     (let ((p (cons 1 2))) (set-cdr! p 3) p)  => (1 . 3)
fn "set-cdr!" (cx, pair: Pair, obj: Value) { cx.heap.set_cdr(pair.0, obj) }

/// Whether OBJ is the empty list. [R7RS 6.4]
///
///     (null? '())  => #t
///     (null? '(a))  => #f
fn "null?" (cx, obj: Value) { obj.is_null() }

/// Whether OBJ is a list: pairs that end with the empty list. A circle of pairs is none. [R7RS 6.4]
///
///     (list? '(a b c))  => #t
///     (list? '(a . b))  => #f
///     (let ((x (list 'a))) (set-cdr! x x) (list? x))  => #f
fn "list?" (cx, obj: Value) { Ok(matches!(walk(cx, obj, |_| true)?, End::Proper)) }

/// A new list of the OBJS. [R7RS 6.4]
///
///     (list 1 (+ 1 1) 3)  => (1 2 3)
///     (list)  => ()
fn "list" (cx, ..objs) { Ok(cx.heap.long_list(objs.iter().copied(), Value::NIL)?) }

/// A new list of the arguments in which the last one is the tail. [Guile]
///
///     (cons* 1 2 '(3 4))  => (1 2 3 4)
///     (cons* 1)  => 1
fn "cons*" (cx, first: Value, ..rest) {
    match rest.split_last() {
        None => first,
        Some((&tail, middle)) => { let tail = cx.heap.long_list(middle.iter().copied(), tail)?; cx.heap.cons(first, tail) }
    }
}

/// A new list of K elements, each FILL. [R7RS 6.4]
///
///     (make-list 2 3)  => (3 3)
fn "make-list" (cx, k: usize, [fill: Value]) {
    cx.admit(k.saturating_mul(16))?;
    repeat(cx, k, fill.unwrap_or(Value::UNSPECIFIED))
}

/// How many elements LIST has. [R7RS 6.4]
///
///     (length '(a (b) (c d e)))  => 3
///     (length '())  => 0
fn "length" (cx, list: ListOrNil) { length(cx, "length", 1, list.0) }

/// A list of the elements of the LISTS, one after the other. The last argument becomes the tail as it is. [R7RS 6.4]
///
///     (append '(a) '(b c d))  => (a b c d)
///     (append '(a b) '(c . d))  => (a b c . d)
///     (append '() 'a)  => a
fn "append" (cx, ..lists) { append(cx, lists) }

/// Like append, but changes the LISTS, all but the last, instead of copying them. [Guile]
///
///     (append! (list 1 2) (list 3))  => (1 2 3)
fn "append!" (cx, ..lists) { append_in_place(cx, lists) }

/// A new list of the elements of LIST in reverse order. [R7RS 6.4]
///
///     (reverse '(a (b c) d))  => (d (b c) a)
fn "reverse" (cx, list: ListOrNil) {
    let items = elements(cx, "reverse", 1, "list", list.0)?;
    Ok(cx.heap.long_list(items.iter().rev().copied(), Value::NIL)?)
}

/// Reverses LIST by changing its pairs. Its new first pair is the answer. [Guile]
///
///     (reverse! (list 1 2 3))  => (3 2 1)
fn "reverse!" (cx, list: ListOrNil) {
    length(cx, "reverse!", 1, list.0)?;
    let (mut done, mut at, mut steps) = (Value::NIL, list.0, 0usize);
    while let Some((_, next)) = at.as_pair() {
        cx.heap.set_cdr(at, done);
        (done, at) = (at, next);
        steps += 1;
        if steps.is_multiple_of(STRIDE) {
            cx.check_interrupt()?;
        }
    }
    Ok(done)
}

/// What is left of LIST without its first K elements. [R7RS 6.4]
///
///     (list-tail '(a b c d) 2)  => (c d)
fn "list-tail" (cx, list: Value, k: usize) { tail(cx, "list-tail", list, k, false) }

/// A new list of the first K elements of LIST. [Guile]
///
///     (list-head '(a b c d) 2)  => (a b)
fn "list-head" (cx, list: Value, k: usize) {
    tail(cx, "list-head", list, k, false)?;
    cx.admit(k.saturating_mul(16))?;
    let mut items = Vec::with_capacity(k);
    walk(cx, list, |pair| { items.push(pair.car()); items.len() < k })?;
    items.truncate(k);
    Ok(cx.heap.long_list(items.into_iter(), Value::NIL)?)
}

/// Element K of LIST; the first is element 0. [R7RS 6.4]
///
///     (list-ref '(a b c d) 2)  => c
fn "list-ref" (cx, list: Value, k: usize) { Ok(tail(cx, "list-ref", list, k, true)?.car()) }

/// Puts OBJ into element K of LIST. [R7RS 6.4]
///
///     (let ((l (list 1 2 3))) (list-set! l 1 'b) l)  => (1 b 3)
fn "list-set!" (cx, list: Value, k: usize, obj: Value) {
    let pair = tail(cx, "list-set!", list, k, true)?;
    cx.heap.set_car(pair, obj);
    Ok(())
}

/// The last pair of LIST, or the empty list if that is what LIST is. [Guile]
///
///     (last-pair '(1 2 3))  => (3)
fn "last-pair" (cx, list: ListOrNil) {
    let mut last = list.0;
    match walk(cx, list.0, |pair| { last = pair; true })? {
        End::Circular => wrong_type(cx, "last-pair", 1, "list", "a list that ends", list.0),
        _ => Ok(last),
    }
}

/// A new list with the elements of OBJ. What ends it stays what it is; an OBJ that is no pair is the answer. [R7RS 6.4]
///
///     (list-copy '(1 2 3))  => (1 2 3)
///     (list-copy '(1 2 . 3))  => (1 2 . 3)
///     (list-copy 5)  => 5
fn "list-copy" (cx, obj: Value) {
    let mut items = Vec::new();
    let end = walk(cx, obj, |pair| { items.push(pair.car()); true })?;
    cx.admit(items.len().saturating_mul(16))?;
    match end {
        End::Dotted(tail) => Ok(cx.heap.long_list(items.into_iter(), tail)?),
        End::Circular => wrong_type(cx, "list-copy", 1, "obj", "a list that ends", obj),
        _ => Ok(cx.heap.long_list(items.into_iter(), Value::NIL)?),
    }
}

/// The rest of LIST from the first element that is eq? to OBJ, or #f. [R7RS 6.4]
///
///     (memq 'c '(a b c d e))  => (c d e)
///     (memq 'x '(a b))  => #f
fn "memq" (cx, obj: Value, list: Value) { member(cx, "memq", list, |_, item| Ok(item == obj)) }

/// The rest of LIST from the first element that is eqv? to OBJ, or #f. [R7RS 6.4]
///
///     (memv 101 '(100 101 102))  => (101 102)
fn "memv" (cx, obj: Value, list: Value) { member(cx, "memv", list, |heap, item| Ok(eqv(heap, item, obj))) }

/// The rest of LIST from the first element that is equal? to OBJ, or #f: member without its third argument.
fn "%member" (cx, obj: Value, list: Value) { member(cx, "member", list, |heap, item| Ok(equal(heap, item, obj)?)) }

/// The first pair in ALIST whose car is eq? to OBJ, or #f. [R7RS 6.4]
///
///     (assq 'b '((a 1) (b 2)))  => (b 2)
///     (assq 'd '((a 1) (b 2)))  => #f
fn "assq" (cx, obj: Value, alist: Value) { assoc(cx, "assq", alist, |_, key| Ok(key == obj)) }

/// The first pair in ALIST whose car is eqv? to OBJ, or #f. [R7RS 6.4]
///
///     (assv 5 '((2 3) (5 7) (11 13)))  => (5 7)
fn "assv" (cx, obj: Value, alist: Value) { assoc(cx, "assv", alist, |heap, key| Ok(eqv(heap, key, obj))) }

/// The first pair in ALIST whose car is equal? to OBJ, or #f: assoc without its third argument.
fn "%assoc" (cx, obj: Value, alist: Value) { assoc(cx, "assoc", alist, |heap, key| Ok(equal(heap, key, obj)?)) }

/// A list of COUNT numbers from START (or 0), each STEP (or 1) more than the one before. [SRFI 1]
///
///     (iota 5)  => (0 1 2 3 4)
///     (iota 3 10 -2)  => (10 8 6)
fn "iota" (cx, count: usize, [start: Value], [step: Value]) { iota(cx, count, start, step) }
}

/// How a walk along a list ended.
pub enum End {
    Proper,
    Dotted(Value),
    Circular,
    /// The visitor had seen enough, at this pair.
    Stopped(Value),
}

/// Shows `visit` each pair of a list until it answers false. In a circle, pairs are visited up to three times.
pub fn walk(cx: &Cx, list: Value, mut visit: impl FnMut(Value) -> bool) -> Answer<End> {
    // Brent's method: a marker stays behind at distances that double; whoever meets it again has gone round.
    let (mut at, mut marker) = (list, Value::NIL);
    let (mut steps, mut turn) = (0usize, 1usize);
    while let Some((_, rest)) = at.as_pair() {
        if !visit(at) {
            return Ok(End::Stopped(at));
        }
        if rest == marker && rest.is_pair() {
            return Ok(End::Circular);
        }
        at = rest;
        steps += 1;
        if steps == turn {
            marker = at;
            turn *= 2;
        }
        if steps.is_multiple_of(STRIDE) {
            cx.check_interrupt()?;
        }
    }
    Ok(if at.is_null() { End::Proper } else { End::Dotted(at) })
}

/// The elements of argument `position`, which must be a proper list.
pub fn elements(cx: &mut Cx, who: &str, position: usize, name: &str, list: Value) -> Answer<Vec<Value>> {
    let mut items = Vec::new();
    match walk(cx, list, |pair| {
        items.push(pair.car());
        true
    })? {
        End::Proper => {
            // Most callers make something of as many pairs.
            cx.admit(items.len().saturating_mul(16))?;
            Ok(items)
        }
        _ => wrong_type(cx, who, position, name, "a proper list", list),
    }
}

pub fn length(cx: &mut Cx, who: &str, position: usize, list: Value) -> Answer<usize> {
    let mut count = 0;
    match walk(cx, list, |_| {
        count += 1;
        true
    })? {
        End::Proper => Ok(count),
        _ => wrong_type(cx, who, position, "list", "a proper list", list),
    }
}

fn repeat(cx: &Cx, k: usize, fill: Value) -> Answer {
    let mut list = Value::NIL;
    for count in 0..k {
        if count.is_multiple_of(STRIDE) {
            cx.check_interrupt()?;
        }
        list = cx.heap.cons(fill, list);
    }
    Ok(list)
}

fn append(cx: &mut Cx, lists: &[Value]) -> Answer {
    let Some((&tail, fronts)) = lists.split_last() else { return Ok(Value::NIL) };
    let mut items = Vec::new();
    for (index, &list) in fronts.iter().enumerate() {
        items.append(&mut elements(cx, "append", index + 1, "list", list)?);
    }
    cx.admit(items.len().saturating_mul(16))?;
    Ok(cx.heap.long_list(items.into_iter(), tail)?)
}

fn append_in_place(cx: &mut Cx, lists: &[Value]) -> Answer {
    let Some((&tail, fronts)) = lists.split_last() else { return Ok(Value::NIL) };
    // All are checked before the first is changed; a list given twice is found out when it comes up again.
    for (index, &list) in fronts.iter().enumerate() {
        length(cx, "append!", index + 1, list)?;
    }
    let mut first = None;
    let mut open: Option<Value> = None;
    for (index, &list) in fronts.iter().enumerate().filter(|(_, list)| list.is_pair()) {
        if let Some(open) = open {
            cx.heap.set_cdr(open, list);
        }
        let mut last = list;
        if let End::Circular = walk(cx, list, |pair| {
            last = pair;
            true
        })? {
            return wrong_type(cx, "append!", index + 1, "list", "a list not yet in the result", list);
        }
        open = Some(last);
        first = first.or(Some(list));
    }
    if let Some(open) = open {
        cx.heap.set_cdr(open, tail);
    }
    Ok(first.unwrap_or(tail))
}

/// What follows the first `k` pairs of a list; `inside`: it must be a pair itself.
fn tail(cx: &mut Cx, who: &str, list: Value, k: usize, inside: bool) -> Answer {
    let mut at = list;
    let mut step = 0;
    // Brent's method, as in `walk`: how far it is once around a circle need not be walked again and again.
    let (mut marker, mut marked) = (Value::NIL, 0);
    let mut end = k;
    loop {
        if at == marker && at.is_pair() {
            end = step + (end - step) % (step - marked);
            marker = Value::NIL;
        } else if step.is_power_of_two() {
            (marker, marked) = (at, step);
        }
        match at.as_pair() {
            _ if step == end && !inside => return Ok(at),
            Some(_) if step == end => return Ok(at),
            Some((_, rest)) => at = rest,
            None if step == 0 && !list.is_null() => return wrong_type(cx, who, 1, "list", "a list", list),
            None if inside => return index(cx, who, 2, "k", k, step).map(|_| at),
            None => {
                let (expected, shown) = (format!("a list of at least {k} elements"), cx.show(list));
                return cx.fail(|make| make.wrong_type(who, 1, "list", &expected, at, &shown));
            }
        }
        step += 1;
        if step.is_multiple_of(STRIDE) {
            cx.check_interrupt()?;
        }
    }
}

fn member(cx: &mut Cx, who: &str, list: Value, mut test: impl FnMut(&Heap, Value) -> Answer<bool>) -> Answer {
    let mut failure = Ok(());
    let end = walk(cx, list, |pair| match test(&cx.heap, pair.car()) {
        Ok(found) => !found,
        Err(exit) => {
            failure = Err(exit);
            false
        }
    })?;
    failure?;
    match end {
        End::Stopped(pair) => Ok(pair),
        End::Proper => Ok(Value::FALSE),
        _ => wrong_type(cx, who, 2, "list", "a proper list", list),
    }
}

fn assoc(cx: &mut Cx, who: &str, alist: Value, mut test: impl FnMut(&Heap, Value) -> Answer<bool>) -> Answer {
    let found = member(cx, who, alist, |heap, entry| match entry.as_pair() {
        Some((key, _)) => test(heap, key),
        // Stops here, to fail below.
        None => Ok(true),
    })?;
    match found.as_pair() {
        None => Ok(Value::FALSE),
        Some((entry, _)) if entry.is_pair() => Ok(entry),
        Some(_) => wrong_type(cx, who, 2, "alist", "an association list (its elements pairs)", alist),
    }
}

fn iota(cx: &mut Cx, count: usize, start: Option<Value>, step: Option<Value>) -> Answer {
    cx.admit(count.saturating_mul(16))?;
    let (start, step) = (start.unwrap_or(Value::fixnum(0)), step.unwrap_or(Value::fixnum(1)));
    arithmetic::check_number(cx, "iota", 2, start)?;
    arithmetic::check_number(cx, "iota", 3, step)?;
    let mut list = Value::NIL;
    for index in (0..count).rev() {
        if index.is_multiple_of(STRIDE) {
            cx.check_interrupt()?;
        }
        // By multiplication, as SRFI 1 wants it: inexact steps do not add up their errors.
        let way = arithmetic::multiply(cx, Value::fixnum(index as i64), step)?;
        let number = arithmetic::add(cx, start, way)?;
        list = cx.heap.cons(number, list);
    }
    Ok(list)
}
