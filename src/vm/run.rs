//! The run loop: one `match` over the instructions.
//!
//! `pc` and `fp` live in locals. Whatever is not the common case leaves through a method of the machine that gets them by
//! `self.pc` and `self.fp` and may change both; afterwards they are read anew. So no local lives across a call, and the
//! two keep their registers. Unsafe code here rests on the invariants of `machine` and on
//! the compiler: slots are below the frame size, constants and free variables exist, jumps land inside the code.
#![allow(unsafe_code)]

use super::machine::{Machine, Outcome, SLACK};
use super::types::{extends, is_record, type_holds};
use crate::opcode::*;
use crate::value::heap::cell;
use crate::value::stop::PIECE;
use crate::value::word::*;
use crate::value::{Kind, Value};

const FLONUM: u8 = Kind::Flonum as u8;

/// The bits of an Entry that tell the frame's size.
const ENTRY_SIZE: u64 = 0xffff << 16;

/// Whether both are flonums.
#[inline(always)]
fn both_flonums(a: Value, b: Value) -> bool {
    is_object(a, FLONUM) && is_object(b, FLONUM)
}

#[inline(always)]
fn is_object(v: Value, kind: u8) -> bool {
    v.tag() == TAG_OBJECT && header_kind_byte(v.header()) == kind
}

/// Which field, and of which record type, a procedure with so many parameters is all about, if it starts with that `op`.
///
/// # Safety
/// A procedure with the tag of one is one.
#[inline(always)]
unsafe fn field_procedure(procedure: Value, parameters: u16, op: Op) -> Option<(Value, usize)> {
    if procedure.tag() != TAG_PROCEDURE || header_kind_byte(procedure.header()) != Kind::Closure as u8 {
        return None;
    }
    // SAFETY: a closure's code has an entry and more behind it; what names a constant has one at that distance, here a cell.
    unsafe {
        let entry = procedure.word(1).0 as *const u64;
        let (first, second) = (*entry, *entry.add(1));
        if first & !ENTRY_SIZE != abc(Op::Entry, 0, parameters, 0) || second as u8 != op as u8 || a_of(second) != 1 {
            return None;
        }
        let cell = *(entry.add(2) as *const Value).offset(n_of(second) as isize);
        Some((cell.word(1 + cell::VALUE), x_of(second) as usize))
    }
}

#[inline(always)]
fn float(v: Value) -> f64 {
    f64::from_bits(v.word(1).0)
}

impl Machine {
    pub(super) fn run(&mut self) -> Outcome {
        let mut pc = self.pc;
        let mut fp = self.fp;

        // SAFETY: for all of the loop, see the head of this file.
        unsafe {
            macro_rules! r {
                ($index:expr) => {
                    *fp.add($index)
                };
            }
            // Constants stand before the instructions, at a distance from the next one.
            macro_rules! k {
                ($word:expr) => {
                    *(pc as *const Value).offset(n_of($word) as isize)
                };
            }
            // Goes on where a method has left the machine, or ends the run.
            macro_rules! go_on {
                ($result:expr) => {{
                    if let Err(outcome) = $result {
                        return outcome;
                    }
                    pc = self.pc;
                    fp = self.fp;
                    continue;
                }};
            }
            macro_rules! leave {
                ($method:ident($($argument:expr),*)) => {{
                    self.pc = pc;
                    self.fp = fp;
                    go_on!(self.$method($($argument),*))
                }};
            }
            // What an instruction cannot do itself, its builtin does.
            macro_rules! primitive {
                ($op:expr, $destination:expr, $a:expr) => {
                    leave!(primitive_1($op, $destination, $a))
                };
                ($op:expr, $destination:expr, $a:expr, $b:expr) => {
                    leave!(primitive_2($op, $destination, $a, $b))
                };
                ($op:expr, $destination:expr, $a:expr, $b:expr, $c:expr) => {
                    leave!(primitive_3($op, $destination, [$a, $b, $c]))
                };
            }
            macro_rules! safepoint {
                () => {
                    let ticks = self.cx.heap.control.ticks.get() - 1;
                    self.cx.heap.control.ticks.set(ticks);
                    if ticks < 0 {
                        leave!(safepoint());
                    }
                };
            }
            macro_rules! jump {
                ($distance:expr) => {
                    pc = pc.offset($distance as isize)
                };
            }
            // A conditional jump on the order of two numbers.
            macro_rules! compare {
                ($word:expr, $test:tt, $polarity:expr) => {{
                    let (a, b) = (r!(a_of($word)), r!(b_of($word)));
                    let holds = if (a.0 | b.0) & 3 == 0 {
                        (a.0 as i64) $test (b.0 as i64)
                    } else if both_flonums(a, b) {
                        float(a) $test float(b)
                    } else {
                        leave!(compare($word, $polarity, a, b))
                    };
                    if holds == $polarity {
                        jump!(ci_of($word));
                    }
                }};
            }
            macro_rules! compare_immediate {
                ($word:expr, $test:tt, $polarity:expr) => {{
                    let a = r!(a_of($word));
                    let b = bi_of($word) as i64;
                    let holds = if a.is_fixnum() {
                        (a.0 as i64) $test (b << 2)
                    } else if is_object(a, FLONUM) {
                        float(a) $test (b as f64)
                    } else {
                        leave!(compare($word, $polarity, a, Value::fixnum(b)))
                    };
                    if holds == $polarity {
                        jump!(ci_of($word));
                    }
                }};
            }
            macro_rules! arithmetic {
                ($word:expr, $op:expr, $checked:ident, $float:tt) => {{
                    let (b, c) = (r!(b_of($word)), r!(c_of($word)));
                    if (b.0 | c.0) & 3 == 0 && let Some(sum) = (b.0 as i64).$checked(c.0 as i64) {
                        r!(a_of($word)) = Value(sum as u64);
                    } else if both_flonums(b, c) {
                        r!(a_of($word)) = self.cx.heap.flonum(float(b) $float float(c));
                    } else {
                        primitive!($op, a_of($word), b, c)
                    }
                }};
            }
            macro_rules! division {
                ($word:expr, $op:expr, $compute:expr) => {{
                    let (b, c) = (r!(b_of($word)), r!(c_of($word)));
                    if (b.0 | c.0) & 3 == 0 && c.0 as i64 > 0 {
                        let compute: fn(i64, i64) -> i64 = $compute;
                        r!(a_of($word)) = Value::fixnum(compute(b.fixnum_value(), c.fixnum_value()));
                    } else {
                        primitive!($op, a_of($word), b, c)
                    }
                }};
            }
            // Enters the procedure in `*$frame`, whose link is in place.
            macro_rules! enter {
                ($frame:expr, $count:expr) => {{
                    let frame: *mut Value = $frame;
                    let count: usize = $count;
                    let procedure = *frame;
                    if procedure.tag() == TAG_PROCEDURE && header_kind_byte(procedure.header()) == Kind::Closure as u8 {
                        pc = procedure.word(1).0 as *const u64;
                        fp = frame;
                        // The usual entry is done on the spot.
                        let first = *pc;
                        if first & !ENTRY_SIZE == abc(Op::Entry, 0, count as u16, 0)
                            && fp.add(a_of(first) + SLACK) <= self.soft_limit
                        {
                            pc = pc.add(1);
                            safepoint!();
                            continue;
                        }
                        self.argument_count = count;
                        continue;
                    }
                    go_on!(self.apply(frame, count))
                }};
            }
            // A tail call: the procedure and its arguments move down to the frame's beginning.
            macro_rules! move_down {
                ($from:expr, $to:expr, $count:expr) => {{
                    let (mut from, mut to): (*mut Value, *mut Value) = ($from, $to);
                    let end = from.add($count);
                    while from < end {
                        *to = *from;
                        from = from.add(1);
                        to = to.add(1);
                    }
                }};
            }
            macro_rules! return_value {
                ($value:expr) => {{
                    let value: Value = $value;
                    let link = (*fp.sub(1)).0 as *const u64;
                    let call = *link.sub(1);
                    if link != self.underflow {
                        fp = fp.sub(a_of(call));
                        *fp.add(b_of(call)) = value;
                        pc = link;
                        continue;
                    }
                    go_on!(self.deliver(fp, value))
                }};
            }
            macro_rules! global {
                ($word:expr) => {{
                    let cell = k!($word);
                    let value = cell.word(1 + cell::VALUE);
                    if value == Value::UNBOUND {
                        leave!(unbound_global(cell));
                    }
                    value
                }};
            }

            if pc == self.underflow {
                // Only reached when nothing was started.
                return Outcome::Done(Value::UNSPECIFIED);
            }
            loop {
                let word = *pc;
                pc = pc.add(1);
                // SAFETY: the compiler emits numbers of `Op` only.
                let op: Op = std::mem::transmute(word as u8);
                match op {
                    Op::Move => r!(a_of(word)) = r!(b_of(word)),
                    Op::MoveTwo => {
                        r!(a_of(word)) = r!(b_of(word));
                        r!(a_of(word) + 1) = r!(c_of(word));
                    }
                    Op::Constant => r!(a_of(word)) = k!(word),
                    Op::Fixnum => r!(a_of(word)) = Value::fixnum(n_of(word) as i64),
                    Op::Immediate => r!(a_of(word)) = Value((n_of(word) as u64) << 16 | TAG_IMMEDIATE),
                    Op::Free => r!(a_of(word)) = (*fp).word(2 + b_of(word)),
                    Op::MakeBox => r!(a_of(word)) = self.cx.heap.boxed(r!(b_of(word))),
                    Op::Unbox => {
                        let cell = r!(b_of(word));
                        if !is_object(cell, Kind::Box as u8) {
                            primitive!(op, a_of(word), cell)
                        } else {
                            let value = cell.word(1);
                            if value == Value::UNBOUND {
                                leave!(uninitialized());
                            }
                            r!(a_of(word)) = value;
                        }
                    }
                    Op::FreeUnbox => {
                        let value = (*fp).word(2 + b_of(word)).word(1);
                        if value == Value::UNBOUND {
                            leave!(uninitialized());
                        }
                        r!(a_of(word)) = value;
                    }
                    Op::SetBox => {
                        let cell = r!(a_of(word));
                        if !is_object(cell, Kind::Box as u8) {
                            let value = r!(b_of(word));
                            primitive!(op, a_of(word), cell, value)
                        } else {
                            self.cx.heap.store(cell, 1, r!(b_of(word)));
                        }
                    }
                    Op::Global => r!(a_of(word)) = global!(word),
                    Op::SetGlobal => {
                        global!(word);
                        let cell = k!(word);
                        self.cx.heap.store(cell, 1 + cell::VALUE, r!(a_of(word)));
                    }
                    Op::DefineGlobal => {
                        let cell = k!(word);
                        self.cx.heap.store(cell, 1 + cell::VALUE, r!(a_of(word)));
                    }
                    Op::MakeClosure => {
                        let template = k!(word);
                        let free = match x_of(word) {
                            255 => self.cx.heap.closure_code(template).map_or(0, |code| code.free as usize),
                            free => free as usize,
                        };
                        r!(a_of(word)) = self.cx.heap.closure_like(template, free);
                    }
                    Op::Capture => self.cx.heap.store(r!(a_of(word)), 2 + b_of(word), r!(c_of(word))),

                    Op::Jump => jump!(n_of(word)),
                    Op::Loop => {
                        jump!(n_of(word));
                        safepoint!();
                    }
                    Op::AddILoop => {
                        let old = r!(a_of(word));
                        let more = (bi_of(word) as i64) << 2;
                        if old.is_fixnum()
                            && let Some(sum) = (old.0 as i64).checked_add(more)
                        {
                            r!(a_of(word)) = Value(sum as u64);
                            jump!(ci_of(word));
                            safepoint!();
                        } else if is_object(old, FLONUM) {
                            r!(a_of(word)) = self.cx.heap.flonum(float(old) + (more >> 2) as f64);
                        } else if x_of(word) == 0 {
                            primitive!(Op::Add, a_of(word), old, Value(more as u64))
                        } else {
                            primitive!(Op::Subtract, a_of(word), old, Value(-more as u64))
                        }
                    }
                    Op::JumpFalse => {
                        if !r!(a_of(word)).is_true() {
                            jump!(n_of(word));
                        }
                    }
                    Op::JumpTrue => {
                        if r!(a_of(word)).is_true() {
                            jump!(n_of(word));
                        }
                    }
                    Op::JumpNull => {
                        if r!(a_of(word)).is_null() {
                            jump!(n_of(word));
                        }
                    }
                    Op::JumpNotNull => {
                        if !r!(a_of(word)).is_null() {
                            jump!(n_of(word));
                        }
                    }
                    Op::JumpPair => {
                        if r!(a_of(word)).is_pair() {
                            jump!(n_of(word));
                        }
                    }
                    Op::JumpNotPair => {
                        if !r!(a_of(word)).is_pair() {
                            jump!(n_of(word));
                        }
                    }
                    Op::JumpEq => {
                        if r!(a_of(word)) == r!(b_of(word)) {
                            jump!(ci_of(word));
                        }
                    }
                    Op::JumpNotEq => {
                        if r!(a_of(word)) != r!(b_of(word)) {
                            jump!(ci_of(word));
                        }
                    }
                    Op::JumpType => {
                        let x = x_of(word);
                        if type_holds(r!(a_of(word)), x & !NOT) == (x & NOT == 0) {
                            jump!(n_of(word));
                        }
                    }
                    Op::JumpLess => compare!(word, <, true),
                    Op::JumpNotLess => compare!(word, <, false),
                    Op::JumpLessEqual => compare!(word, <=, true),
                    Op::JumpNotLessEqual => compare!(word, <=, false),
                    Op::JumpEqual => compare!(word, ==, true),
                    Op::JumpNotEqual => compare!(word, ==, false),
                    Op::JumpLessI => compare_immediate!(word, <, true),
                    Op::JumpNotLessI => compare_immediate!(word, <, false),
                    Op::JumpGreaterI => compare_immediate!(word, >, true),
                    Op::JumpNotGreaterI => compare_immediate!(word, >, false),
                    Op::JumpLessEqualI => compare_immediate!(word, <=, true),
                    Op::JumpNotLessEqualI => compare_immediate!(word, <=, false),
                    Op::JumpGreaterEqualI => compare_immediate!(word, >=, true),
                    Op::JumpNotGreaterEqualI => compare_immediate!(word, >=, false),
                    Op::JumpEqualI => compare_immediate!(word, ==, true),
                    Op::JumpNotEqualI => compare_immediate!(word, ==, false),

                    Op::Add => arithmetic!(word, Op::Add, checked_add, +),
                    Op::Subtract => arithmetic!(word, Op::Subtract, checked_sub, -),
                    Op::AddI => {
                        let b = r!(b_of(word));
                        let c = (ci_of(word) as i64) << 2;
                        if b.is_fixnum()
                            && let Some(sum) = (b.0 as i64).checked_add(c)
                        {
                            r!(a_of(word)) = Value(sum as u64);
                        } else if is_object(b, FLONUM) {
                            r!(a_of(word)) = self.cx.heap.flonum(float(b) + (c >> 2) as f64);
                        } else if x_of(word) == 0 {
                            primitive!(Op::Add, a_of(word), b, Value(c as u64))
                        } else {
                            primitive!(Op::Subtract, a_of(word), b, Value(-c as u64))
                        }
                    }
                    Op::Multiply => {
                        let (b, c) = (r!(b_of(word)), r!(c_of(word)));
                        if (b.0 | c.0) & 3 == 0
                            && let Some(product) = (b.0 as i64).checked_mul(c.fixnum_value())
                        {
                            r!(a_of(word)) = Value(product as u64);
                        } else if both_flonums(b, c) {
                            r!(a_of(word)) = self.cx.heap.flonum(float(b) * float(c));
                        } else {
                            primitive!(Op::Multiply, a_of(word), b, c)
                        }
                    }
                    Op::Quotient => division!(word, op, |b, c| b / c),
                    Op::Remainder => division!(word, op, |b, c| b % c),
                    Op::Modulo => division!(word, op, |b, c| b.rem_euclid(c)),

                    Op::Cons => r!(a_of(word)) = self.cx.heap.cons(r!(b_of(word)), r!(c_of(word))),
                    Op::Car => {
                        let pair = r!(b_of(word));
                        if pair.is_pair() {
                            r!(a_of(word)) = pair.word(0);
                        } else {
                            primitive!(op, a_of(word), pair)
                        }
                    }
                    Op::Cdr => {
                        let pair = r!(b_of(word));
                        if pair.is_pair() {
                            r!(a_of(word)) = pair.word(1);
                        } else {
                            primitive!(op, a_of(word), pair)
                        }
                    }
                    Op::Cxr => {
                        let whole = r!(b_of(word));
                        let mut path = c_of(word);
                        let mut value = whole;
                        while path > 1 && value.is_pair() {
                            value = value.word(path & 1);
                            path >>= 1;
                        }
                        if path == 1 {
                            r!(a_of(word)) = value;
                        } else {
                            leave!(cxr_failed(word, whole))
                        }
                    }
                    Op::SetCar => {
                        let (pair, value) = (r!(a_of(word)), r!(b_of(word)));
                        if pair.is_pair() {
                            self.cx.heap.store(pair, 0, value);
                        } else {
                            primitive!(op, a_of(word), pair, value)
                        }
                    }
                    Op::SetCdr => {
                        let (pair, value) = (r!(a_of(word)), r!(b_of(word)));
                        if pair.is_pair() {
                            self.cx.heap.store(pair, 1, value);
                        } else {
                            primitive!(op, a_of(word), pair, value)
                        }
                    }
                    Op::VectorRef => {
                        let (vector, index) = (r!(b_of(word)), r!(c_of(word)));
                        if is_object(vector, Kind::Vector as u8)
                            && index.is_fixnum()
                            && (index.fixnum_value() as usize) < header_size(vector.header())
                        {
                            r!(a_of(word)) = vector.word(1 + index.fixnum_value() as usize);
                        } else {
                            primitive!(op, a_of(word), vector, index)
                        }
                    }
                    Op::VectorSet => {
                        let (vector, index, value) = (r!(a_of(word)), r!(b_of(word)), r!(c_of(word)));
                        if is_object(vector, Kind::Vector as u8)
                            && index.is_fixnum()
                            && (index.fixnum_value() as usize) < header_size(vector.header())
                            && vector.header() & FLAG_IMMUTABLE == 0
                        {
                            self.cx.heap.store(vector, 1 + index.fixnum_value() as usize, value);
                        } else {
                            primitive!(op, a_of(word), vector, index, value)
                        }
                    }
                    Op::VectorLength => {
                        let vector = r!(b_of(word));
                        if is_object(vector, Kind::Vector as u8) {
                            r!(a_of(word)) = Value::fixnum(header_size(vector.header()) as i64);
                        } else {
                            primitive!(op, a_of(word), vector)
                        }
                    }
                    Op::StringRef => {
                        let (string, index) = (r!(b_of(word)), r!(c_of(word)));
                        let found = if index.is_fixnum() && is_object(string, Kind::String as u8) {
                            self.cx.heap.string_ref(string, index.fixnum_value() as usize)
                        } else {
                            None
                        };
                        match found {
                            Some(c) => r!(a_of(word)) = Value::char(c),
                            None => primitive!(op, a_of(word), string, index),
                        }
                    }
                    Op::BytesRef => {
                        let (bytes, index) = (r!(b_of(word)), r!(c_of(word)));
                        if is_object(bytes, Kind::Bytevector as u8)
                            && index.is_fixnum()
                            && (index.fixnum_value() as usize) < header_size(bytes.header())
                        {
                            let at = (bytes.address().add(1) as *const u8).add(index.fixnum_value() as usize);
                            r!(a_of(word)) = Value::fixnum(*at as i64);
                        } else {
                            primitive!(op, a_of(word), bytes, index)
                        }
                    }
                    Op::BytesSet => {
                        let (bytes, index, value) = (r!(a_of(word)), r!(b_of(word)), r!(c_of(word)));
                        if is_object(bytes, Kind::Bytevector as u8)
                            && index.is_fixnum()
                            && (index.fixnum_value() as usize) < header_size(bytes.header())
                            && value.is_fixnum()
                            && (value.fixnum_value() as usize) < 256
                            && bytes.header() & FLAG_IMMUTABLE == 0
                        {
                            *(bytes.address().add(1) as *mut u8).add(index.fixnum_value() as usize) =
                                value.fixnum_value() as u8;
                        } else {
                            primitive!(op, a_of(word), bytes, index, value)
                        }
                    }
                    Op::RecordRef => {
                        let (record, kind) = (r!(b_of(word)), r!(c_of(word)));
                        if is_object(record, Kind::Record as u8) && (record.word(1) == kind || extends(record, kind)) {
                            r!(a_of(word)) = record.word(2 + x_of(word) as usize);
                        } else {
                            leave!(not_of_type(record, kind))
                        }
                    }
                    Op::RecordSet => {
                        let (record, kind, value) = (r!(a_of(word)), r!(b_of(word)), r!(c_of(word)));
                        if is_object(record, Kind::Record as u8) && (record.word(1) == kind || extends(record, kind)) {
                            self.cx.heap.store(record, 2 + x_of(word) as usize, value);
                        } else {
                            leave!(not_of_type(record, kind))
                        }
                    }
                    Op::RecordIs => {
                        let (record, kind) = (r!(b_of(word)), r!(c_of(word)));
                        match is_record(record, kind) {
                            Some(is) => r!(a_of(word)) = Value::bool(is),
                            None => primitive!(op, a_of(word), record, kind),
                        }
                    }
                    Op::Eq => r!(a_of(word)) = Value::bool(r!(b_of(word)) == r!(c_of(word))),
                    Op::Not => r!(a_of(word)) = Value::bool(!r!(b_of(word)).is_true()),

                    Op::Builtin | Op::BuiltinAny => {
                        self.pc = pc;
                        self.fp = fp;
                        let super::builtin::Body::Leaf(body) = self.cx.builtins.get_unchecked(c_of(word)).body else {
                            unreachable!("only leaves are compiled to this")
                        };
                        let arguments =
                            std::slice::from_raw_parts(fp.add(b_of(word)) as *const Value, x_of(word) as usize);
                        let answer = body(&mut self.cx, arguments);
                        pc = self.pc;
                        fp = self.fp;
                        let word = *pc.sub(1);
                        match answer {
                            Ok(value) => {
                                r!(a_of(word)) =
                                    if word as u8 == Op::Builtin as u8 && is_object(value, Kind::Values as u8) {
                                        first_value(value)
                                    } else {
                                        value
                                    };
                                if self.cx.heap.control.is_called() {
                                    leave!(safepoint());
                                }
                            }
                            Err(exit) => go_on!(self.exit_in_frame(exit, a_of(word))),
                        }
                    }
                    Op::Call => {
                        let frame = fp.add(a_of(word));
                        *frame.sub(1) = Value(pc as u64);
                        enter!(frame, c_of(word))
                    }
                    Op::CallGlobal => {
                        let procedure = global!(word);
                        let call = *pc;
                        pc = pc.add(1);
                        let frame = fp.add(a_of(call));
                        *frame = procedure;
                        *frame.sub(1) = Value(pc as u64);
                        enter!(frame, c_of(call))
                    }
                    Op::CallGlobalWith => {
                        let procedure = global!(word);
                        let call = *pc;
                        pc = pc.add(1);
                        let frame = fp.add(a_of(call));
                        let count = c_of(call);
                        *frame.add(count) = r!(a_of(word));
                        *frame = procedure;
                        *frame.sub(1) = Value(pc as u64);
                        enter!(frame, count)
                    }
                    Op::CallAccessor => {
                        let procedure = global!(word);
                        let call = *pc;
                        pc = pc.add(1);
                        let argument = r!(a_of(word));
                        if let Some((kind, field)) = field_procedure(procedure, 1, Op::RecordRefReturn)
                            && is_object(argument, Kind::Record as u8)
                            && argument.word(1) == kind
                        {
                            r!(b_of(call)) = argument.word(2 + field);
                            continue;
                        }
                        let frame = fp.add(a_of(call));
                        *frame.add(1) = argument;
                        *frame = procedure;
                        *frame.sub(1) = Value(pc as u64);
                        enter!(frame, 1)
                    }
                    Op::CallPredicate => {
                        let procedure = global!(word);
                        let call = *pc;
                        pc = pc.add(1);
                        let argument = r!(a_of(word));
                        if let Some((kind, _)) = field_procedure(procedure, 1, Op::RecordIsReturn)
                            && let Some(is) = is_record(argument, kind)
                        {
                            r!(b_of(call)) = Value::bool(is);
                            continue;
                        }
                        let frame = fp.add(a_of(call));
                        *frame.add(1) = argument;
                        *frame = procedure;
                        *frame.sub(1) = Value(pc as u64);
                        enter!(frame, 1)
                    }
                    Op::CallModifier => {
                        let procedure = global!(word);
                        let call = *pc;
                        pc = pc.add(1);
                        let frame = fp.add(a_of(call));
                        let argument = *frame.add(1);
                        if let Some((kind, field)) = field_procedure(procedure, 2, Op::RecordSetReturn)
                            && is_object(argument, Kind::Record as u8)
                            && argument.word(1) == kind
                        {
                            self.cx.heap.store(argument, 2 + field, *frame.add(2));
                            r!(b_of(call)) = Value::UNSPECIFIED;
                            continue;
                        }
                        *frame = procedure;
                        *frame.sub(1) = Value(pc as u64);
                        enter!(frame, 2)
                    }
                    Op::TailCall => {
                        let count = c_of(word);
                        move_down!(fp.add(a_of(word)), fp, count + 1);
                        enter!(fp, count)
                    }
                    Op::TailCallGlobal => {
                        let procedure = global!(word);
                        let call = *pc;
                        let count = c_of(call);
                        *fp = procedure;
                        move_down!(fp.add(a_of(call) + 1), fp.add(1), count);
                        enter!(fp, count)
                    }
                    Op::TailCallGlobalWith => {
                        let procedure = global!(word);
                        let call = *pc;
                        let count = c_of(call);
                        let last = r!(a_of(word));
                        *fp = procedure;
                        move_down!(fp.add(a_of(call) + 1), fp.add(1), count - 1);
                        *fp.add(count) = last;
                        enter!(fp, count)
                    }
                    Op::Return => return_value!(r!(a_of(word))),
                    Op::ReturnFixnum => return_value!(Value::fixnum(n_of(word) as i64)),
                    Op::ReturnImmediate => return_value!(Value((n_of(word) as u64) << 16 | TAG_IMMEDIATE)),
                    Op::AddReturn => {
                        let (b, c) = (r!(b_of(word)), r!(c_of(word)));
                        if (b.0 | c.0) & 3 == 0
                            && let Some(sum) = (b.0 as i64).checked_add(c.0 as i64)
                        {
                            return_value!(Value(sum as u64));
                        }
                        if both_flonums(b, c) {
                            return_value!(self.cx.heap.flonum(float(b) + float(c)));
                        }
                        primitive!(Op::Add, a_of(word), b, c)
                    }
                    Op::ConsReturn => return_value!(self.cx.heap.cons(r!(b_of(word)), r!(c_of(word)))),
                    Op::RecordIsReturn => {
                        let (record, kind) = (r!(a_of(word)), global!(word));
                        match is_record(record, kind) {
                            Some(is) => return_value!(Value::bool(is)),
                            None => leave!(no_record_type(kind)),
                        }
                    }
                    Op::RecordRefReturn => {
                        let (record, kind) = (r!(a_of(word)), global!(word));
                        if is_object(record, Kind::Record as u8) && (record.word(1) == kind || extends(record, kind)) {
                            return_value!(record.word(2 + x_of(word) as usize));
                        }
                        leave!(not_of_type(record, kind))
                    }
                    Op::RecordSetReturn => {
                        let (record, kind) = (r!(a_of(word)), global!(word));
                        if is_object(record, Kind::Record as u8) && (record.word(1) == kind || extends(record, kind)) {
                            self.cx.heap.store(record, 2 + x_of(word) as usize, r!(a_of(word) + 1));
                            return_value!(Value::UNSPECIFIED);
                        }
                        leave!(not_of_type(record, kind))
                    }
                    Op::ReturnAny => {
                        let value = r!(a_of(word));
                        if is_object(value, Kind::Values as u8) {
                            go_on!(self.deliver(fp, value))
                        }
                        return_value!(value)
                    }
                    Op::ReturnValues => {
                        let values = std::slice::from_raw_parts(fp.add(a_of(word)) as *const Value, c_of(word));
                        let value = self.cx.heap.make(Kind::Values, values);
                        go_on!(self.deliver(fp, value))
                    }
                    Op::Unpack => {
                        self.pc = pc;
                        self.fp = fp;
                        go_on!(self.unpack(r!(a_of(word)), b_of(word), c_of(word), x_of(word) != 0))
                    }
                    Op::TailApplyValues => {
                        let (values, procedure) = (r!(a_of(word)), r!(b_of(word)));
                        let count = self.place_values(fp, procedure, values);
                        fp = self.fp;
                        enter!(fp, count)
                    }

                    Op::Entry => {
                        if self.argument_count != b_of(word) {
                            self.fp = fp;
                            go_on!(self.wrong_number_of_arguments(fp))
                        }
                        if fp.add(a_of(word) + SLACK) > self.soft_limit {
                            fp = self.ensure(fp, 1 + b_of(word), a_of(word));
                        }
                        safepoint!();
                    }
                    Op::EntryRest => {
                        let (count, required, optional) = (self.argument_count, b_of(word), c_of(word));
                        let rest = x_of(word) != 0;
                        if count < required || (!rest && count > required + optional) {
                            self.fp = fp;
                            go_on!(self.wrong_number_of_arguments(fp))
                        }
                        fp = self.ensure(fp, 1 + count, a_of(word).max(count + 1));
                        if !self.collect_rest(fp, required + optional, rest) {
                            self.fp = fp;
                            go_on!(self.interrupt_callee(fp))
                        }
                        safepoint!();
                    }
                    Op::EntryCase => {
                        let (count, required) = (self.argument_count, b_of(word));
                        let rest = x_of(word) != 0;
                        if if rest { count < required } else { count != required } {
                            jump!(ci_of(word));
                            continue;
                        }
                        fp = self.ensure(fp, 1 + count, a_of(word).max(count + 1));
                        if rest && !self.collect_rest(fp, required, true) {
                            self.fp = fp;
                            go_on!(self.interrupt_callee(fp))
                        }
                        safepoint!();
                    }
                    Op::EntryFail => {
                        self.fp = fp;
                        go_on!(self.wrong_number_of_arguments(fp))
                    }

                    Op::Underflow => unreachable!("links to it are recognised before they are followed"),
                    Op::TrapReturn => {
                        let size = a_of(word);
                        let destination = r!(size + 1).fixnum_value();
                        let value = r!(size + 2);
                        pc = r!(size).0 as *const u64;
                        if destination >= 0 {
                            r!(destination as usize) =
                                if is_object(value, Kind::Values as u8) { first_value(value) } else { value };
                        }
                    }
                    Op::GetDynamic => r!(a_of(word)) = self.cx.dynamic,
                    Op::SetDynamic => self.cx.dynamic = r!(a_of(word)),
                    Op::EnterDynamic => {
                        let state = r!(a_of(word));
                        if let Some(outer) = self.state_put_back(fp) {
                            self.cx.dynamic = self.shed(state, outer);
                            *fp = r!(c_of(word));
                            enter!(fp, 0)
                        }
                        r!(b_of(word)) = self.cx.dynamic;
                        self.cx.dynamic = state;
                    }
                }
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn primitive_1(&mut self, op: Op, destination: usize, a: Value) -> Result<(), Outcome> {
        self.primitive(op, destination, &[a])
    }

    #[cold]
    #[inline(never)]
    fn primitive_2(&mut self, op: Op, destination: usize, a: Value, b: Value) -> Result<(), Outcome> {
        self.primitive(op, destination, &[a, b])
    }

    #[cold]
    #[inline(never)]
    fn primitive_3(&mut self, op: Op, destination: usize, operands: [Value; 3]) -> Result<(), Outcome> {
        self.primitive(op, destination, &operands)
    }

    /// The builtin behind an instruction, for a case that the instruction does not do itself.
    fn primitive(&mut self, op: Op, destination: usize, operands: &[Value]) -> Result<(), Outcome> {
        if self.cx.heap.control.is_called() {
            self.cx.heap.control.hurry();
        }
        let answer = match self.primitives.of[op as usize] {
            Some(body) => body(&mut self.cx, operands),
            None => {
                let name = PRIMITIVES.iter().find(|p| p.1 == op).map_or("?", |p| p.0);
                self.cx.fail(|make| make.misc(name, "this engine has no such builtin"))
            }
        };
        self.take_answer(answer, destination)
    }

    pub(super) fn take_answer(&mut self, answer: super::cx::Answer, destination: usize) -> Result<(), Outcome> {
        match answer {
            Ok(value) => {
                // SAFETY: the compiler gave this slot of the frame to the instruction.
                unsafe { *self.fp.add(destination) = value };
                Ok(())
            }
            Err(exit) => self.exit_in_frame(exit, destination),
        }
    }

    /// What a comparing jump cannot decide itself, the builtin it stands for does.
    #[cold]
    #[inline(never)]
    fn compare(&mut self, word: u64, polarity: bool, a: Value, b: Value) -> Result<(), Outcome> {
        if self.cx.heap.control.is_called() {
            self.cx.heap.control.hurry();
        }
        let x = x_of(word);
        let which = (x & !Comparison::TURNED) as usize;
        let body = self.primitives.comparisons[which].expect("the comparisons are builtins");
        let answer = match x {
            _ if which == Comparison::Zero as usize => body(&mut self.cx, &[a]),
            _ if x & Comparison::TURNED != 0 => body(&mut self.cx, &[b, a]),
            _ => body(&mut self.cx, &[a, b]),
        };
        match answer {
            Ok(value) => {
                if value.is_true() == polarity {
                    self.pc = self.pc.wrapping_offset(ci_of(word) as isize);
                }
                Ok(())
            }
            Err(exit) => self.exit_in_condition(exit),
        }
    }

    /// A builtin run for a conditional jump has not returned a value.
    #[cold]
    fn exit_in_condition(&mut self, exit: Box<super::cx::Exit>) -> Result<(), Outcome> {
        // Slot 0 is the procedure, which must stay; comparisons never ask for tail calls, so nothing is stored there.
        self.exit_in_frame(exit, 0)
    }

    /// The interrupt that came while a closure was being entered.
    fn interrupt_callee(&mut self, fp: *mut Value) -> Result<(), Outcome> {
        let condition = self.take_interrupt()?.expect("who calls this has seen it");
        self.raise_in_callee(fp, condition)
    }

    /// The arguments past `fixed` become a list in the slot behind them, if wanted; missing ones before are defaulted. False if
    /// an interrupt came first.
    fn collect_rest(&mut self, fp: *mut Value, fixed: usize, rest: bool) -> bool {
        let count = self.argument_count;
        // SAFETY: `ensure` has made room for the arguments and the frame.
        unsafe {
            for index in count..fixed {
                *fp.add(1 + index) = Value::DEFAULT;
            }
            if rest {
                let extra = std::slice::from_raw_parts(fp.add(1 + fixed) as *const Value, count.saturating_sub(fixed));
                let mut list = Value::NIL;
                for piece in extra.rchunks(PIECE / 8) {
                    if piece.len() < extra.len() && self.cx.heap.control.interrupted() {
                        return false;
                    }
                    list = self.cx.heap.list_with_tail(piece, list);
                }
                *fp.add(1 + fixed) = list;
            }
        }
        true
    }

    /// Spreads values over slots from `first`.
    fn unpack(&mut self, values: Value, first: usize, required: usize, rest: bool) -> Result<(), Outcome> {
        let one = [values];
        let items: &[Value] = if values.is_kind(Kind::Values) {
            // SAFETY: no collection happens while the slice is in use.
            unsafe { std::slice::from_raw_parts(values.address().add(1) as *const Value, values.field_count()) }
        } else {
            &one
        };
        if items.len() < required || (!rest && items.len() > required) {
            let wanted = if rest { format!("at least {required}") } else { required.to_string() };
            let given = items.len();
            let condition = self.cx.maker().wrong_value_count(&wanted, given);
            return self.trap(condition);
        }
        // SAFETY: the compiler gave the slots to these variables.
        unsafe {
            for (index, &item) in items[..required].iter().enumerate() {
                *self.fp.add(first + index) = item;
            }
            if rest {
                *self.fp.add(first + required) = self.cx.heap.list(&items[required..]);
            }
        }
        Ok(())
    }

    /// Lays out a call of `procedure` with these values at `fp`; the frame may move to `self.fp`.
    fn place_values(&mut self, fp: *mut Value, procedure: Value, values: Value) -> usize {
        let count = if values.is_kind(Kind::Values) { values.field_count() } else { 1 };
        self.fp = self.ensure(fp, 0, count + 1);
        // SAFETY: `ensure` made room.
        unsafe {
            *self.fp = procedure;
            if values.is_kind(Kind::Values) {
                for index in 0..count {
                    *self.fp.add(1 + index) = values.word(1 + index);
                }
            } else {
                *self.fp.add(1) = values;
            }
        }
        count
    }
}

fn first_value(values: Value) -> Value {
    if values.field_count() > 0 { values.field(0) } else { Value::UNSPECIFIED }
}
