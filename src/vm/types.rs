//! What the run loop knows of types: the tests that are single instructions, and which record types extend others.

use crate::symbol::Symbol;
use crate::value::word::*;
use crate::value::{Kind, Value};

/// What a value of some type looks like: the bits of its word under a mask, and the kind in the header that it points to, if it
/// is one that has a header.
struct Look {
    mask: u64,
    bits: u64,
    kind: Option<Kind>,
}

impl Look {
    const fn tag(mask: u64, bits: u64) -> Look {
        Look { mask, bits, kind: None }
    }

    const fn object(kind: Kind) -> Look {
        Look { mask: TAG_MASK, bits: TAG_OBJECT, kind: Some(kind) }
    }

    #[inline(always)]
    fn fits(&self, v: Value) -> bool {
        v.0 & self.mask == self.bits && self.kind.is_none_or(|kind| header_kind_byte(v.header()) == kind as u8)
    }
}

/// Whether the value has the type with this number.
#[inline(always)]
pub(super) fn type_holds(v: Value, test: u8) -> bool {
    const TESTS: [Look; 10] = [
        Look::tag(3, 0),
        Look::tag(SORT_MASK, Value::symbol(Symbol(0)).0),
        Look::object(Kind::String),
        Look::tag(SORT_MASK, Value::char('\0').0),
        Look::object(Kind::Vector),
        Look::object(Kind::Bytevector),
        Look::tag(TAG_MASK, TAG_PROCEDURE),
        // #f and #nil; #t is one value more.
        Look::tag(!(Value::FALSE.0 ^ Value::FALSE_NIL.0), Value::FALSE.0),
        Look::tag(!0, Value::EOF.0),
        Look::object(Kind::Flonum),
    ];
    const BOOLEAN: u8 = 7;
    TESTS[test as usize].fits(v) || test == BOOLEAN && v == Value::TRUE
}

/// Whether a value is a record of a type; nothing if that is no record type.
#[inline(always)]
pub(super) fn is_record(v: Value, kind: Value) -> Option<bool> {
    if !v.is_kind(Kind::Record) {
        return kind.is_kind(Kind::RecordType).then_some(false);
    }
    if v.word(1) == kind || extends(v, kind) { Some(true) } else { kind.is_kind(Kind::RecordType).then_some(false) }
}

/// Whether the type of a record extends another one.
#[cold]
pub(super) fn extends(record: Value, kind: Value) -> bool {
    /// Field of a record type: the type that it extends, or #f.
    const PARENT: usize = 1;
    let mut of = record.field(0);
    while of.is_kind(Kind::RecordType) && of != kind {
        of = of.field(PARENT);
    }
    of == kind && kind.is_kind(Kind::RecordType)
}
