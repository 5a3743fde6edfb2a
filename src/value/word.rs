//! The one-word representation of every Scheme value.
//!
//! The tag stands in the low three bits:
//!
//! ```text
//!   ...............................................................00   fixnum: 62 bits, shifted left by two
//!   ......................  address of two words  ..................001   pair (no header)
//!   ......................  address of the header ..................101   any other heap object
//!   ......................  address of the header ..................111   procedure: closure, builtin, continuation, parameter
//!   payload:48 | sort:8 | 00000110                                        immediate: constants, characters, symbols, keywords
//!   size:40 | flags:8 | kind:8 | 00000110                                 the header of a heap object (never a value)
//! ```
//!
//! Invariants that the unsafe code here and in `heap`, `collect` and `vm/run` rests on:
//! - a `Value` with a pointer tag holds the address of a live object of its own engine's heap. Objects move only in a
//!   collection, a collection happens only at a safepoint, and whoever holds values across a safepoint is a root;
//! - so a `Value` in a local of a builtin is good until that builtin returns;
//! - a header's kind never changes, and its size tells exactly the words the object owns.
#![allow(unsafe_code)]

use crate::symbol::Symbol;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Value(pub(crate) u64);

pub const TAG_PAIR: u64 = 0b001;
pub const TAG_OBJECT: u64 = 0b101;
pub const TAG_PROCEDURE: u64 = 0b111;
pub const TAG_IMMEDIATE: u64 = 0b110;
pub const TAG_MASK: u64 = 0b111;

/// The sort of an immediate; below every `Kind`, with which it shares the second byte.
const SORT_CONSTANT: u64 = 0;
const SORT_CHAR: u64 = 1;
const SORT_SYMBOL: u64 = 2;
const SORT_KEYWORD: u64 = 3;
/// The bits of an immediate that tell its sort.
pub const SORT_MASK: u64 = 0xffff;

/// What a heap object is; the second byte of its header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    // Objects without values inside.
    Flonum = 16,
    Bignum,
    Bytevector,
    /// Its size counts bits, 64 in a word
    Bitvector,
    /// Words for who knows what they mean: a hash table's index
    Cells,
    // Objects whose words are all values.
    Ratnum = 32,
    Compnum,
    /// `buffer` (a bytevector), byte length, character length, index of every 64th character (or #f)
    String,
    Vector,
    Box,
    /// A global variable: value, name
    Cell,
    /// record type, fields...
    Record,
    /// name, parent (or #f), field names (vector), unique id, properties
    RecordType,
    /// done?, value or thunk; a promise is a box around one, so that promises can be shared
    Promise,
    /// Several values on their way to a call site that takes them all
    Values,
    /// Frames of a captured continuation; see vm/control
    Segment,
    /// Index into the heap's table of Rust objects, auxiliary value
    External,
    /// datum, wrap, span; see expander/syntax
    Syntax,
    /// key, who, message, irritants, data, place, trace, components; see value/condition
    Condition,
    /// Anything the vm or the expander wants to tell apart: tag, fields...
    Tagged,
    /// A hash table; see value/table
    Table,
    /// mode, key, value, table: an entry of a weak hash table. The collector treats the key, the value or both as if they were
    /// not there, as the mode says; see value/collect
    Weak,
    /// See fiber/object for these three.
    Fiber,
    Wait,
    Queue,
    /// root, offset, bounds, steps; see value/array
    Array,
    // Procedures.
    /// address of the code, free variables...
    Closure = 64,
    /// index into the table of builtins
    Builtin,
    /// segment, offset, dynamic state, ...
    Continuation,
    /// value, converter, name
    Parameter,
}

impl Kind {
    #[inline]
    pub fn from_byte(byte: u8) -> Kind {
        use Kind::*;
        const ALL: [Kind; 30] = [
            Flonum,
            Bignum,
            Bytevector,
            Bitvector,
            Cells,
            Ratnum,
            Compnum,
            String,
            Vector,
            Box,
            Cell,
            Record,
            RecordType,
            Promise,
            Values,
            Segment,
            External,
            Syntax,
            Condition,
            Tagged,
            Table,
            Weak,
            Fiber,
            Wait,
            Queue,
            Array,
            Closure,
            Builtin,
            Continuation,
            Parameter,
        ];
        const BY_BYTE: [Option<Kind>; 256] = {
            let mut table = [None; 256];
            let mut at = 0;
            while at < ALL.len() {
                table[ALL[at] as usize] = Some(ALL[at]);
                at += 1;
            }
            table
        };
        BY_BYTE[byte as usize].expect("a header has a known kind")
    }

    pub fn holds_no_values(self) -> bool {
        (self as u8) < 32
    }
}

pub const FLAG_LARGE: u64 = 1 << 16;
pub const FLAG_IMMUTABLE: u64 = 1 << 17;
pub const FLAG_NEGATIVE: u64 = 1 << 18;
pub const FLAG_MARKED: u64 = 1 << 19;
/// Four bits that say what a bytevector's bytes are as a uniform vector; see value/uniform.
pub const ELEMENT_SHIFT: u32 = 20;
pub const ELEMENT_MASK: u64 = 15 << ELEMENT_SHIFT;

pub const fn header(kind: Kind, size: usize) -> u64 {
    (size as u64) << 24 | (kind as u64) << 8 | TAG_IMMEDIATE
}

pub fn header_size(header: u64) -> usize {
    (header >> 24) as usize
}

pub fn header_kind_byte(header: u64) -> u8 {
    (header >> 8) as u8
}

/// The words behind the header that an object with this header owns.
pub fn payload_words(header: u64) -> usize {
    let size = header_size(header);
    match header_kind_byte(header) {
        kind if kind == Kind::Bytevector as u8 => size.div_ceil(8),
        kind if kind == Kind::Bitvector as u8 => size.div_ceil(64),
        _ => size,
    }
}

const fn constant(n: u64) -> Value {
    Value(n << 16 | SORT_CONSTANT << 8 | TAG_IMMEDIATE)
}

pub const FIXNUM_MAX: i64 = (1 << 61) - 1;
pub const FIXNUM_MIN: i64 = -(1 << 61);

impl Value {
    pub const FALSE: Value = constant(0);
    pub const TRUE: Value = constant(2);
    /// The empty list.
    pub const NIL: Value = constant(3);
    /// Guile's `#nil`, both false and the empty list to whoever asks: it differs from each by one bit.
    pub const FALSE_NIL: Value = constant(1);
    pub const EOF: Value = constant(13);
    /// What a procedure run for its effect returns.
    pub const UNSPECIFIED: Value = constant(4);
    /// Stands for an optional argument that was not given.
    pub const DEFAULT: Value = constant(5);
    /// In a cell or box: the variable has no value yet.
    pub const UNBOUND: Value = constant(6);
    /// The car of a pair that the collector has moved.
    pub const MOVED: Value = constant(7);
    /// Keys of entries in the dynamic state; see vm/control.
    pub const HANDLER_KEY: Value = constant(8);
    pub const WIND_KEY: Value = constant(9);
    /// Tokens of lambda lists.
    pub const OPTIONAL: Value = constant(10);
    pub const REST: Value = constant(11);
    pub const KEY: Value = constant(12);

    pub const fn fixnum(n: i64) -> Value {
        debug_assert!(n >= FIXNUM_MIN && n <= FIXNUM_MAX);
        Value((n << 2) as u64)
    }

    /// The fixnum of this number if it fits.
    pub fn try_fixnum(n: i64) -> Option<Value> {
        (FIXNUM_MIN..=FIXNUM_MAX).contains(&n).then(|| Value::fixnum(n))
    }

    pub const fn bool(b: bool) -> Value {
        if b { Value::TRUE } else { Value::FALSE }
    }

    pub const fn char(c: char) -> Value {
        Value((c as u64) << 16 | SORT_CHAR << 8 | TAG_IMMEDIATE)
    }

    pub const fn symbol(s: Symbol) -> Value {
        Value((s.0 as u64) << 16 | SORT_SYMBOL << 8 | TAG_IMMEDIATE)
    }

    pub const fn keyword(s: Symbol) -> Value {
        Value((s.0 as u64) << 16 | SORT_KEYWORD << 8 | TAG_IMMEDIATE)
    }

    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0
    }

    #[inline(always)]
    pub const fn is_fixnum(self) -> bool {
        self.0 & 3 == 0
    }

    #[inline(always)]
    pub const fn as_fixnum(self) -> Option<i64> {
        if self.is_fixnum() { Some(self.0 as i64 >> 2) } else { None }
    }

    /// The number in a word known to be a fixnum.
    #[inline(always)]
    pub const fn fixnum_value(self) -> i64 {
        self.0 as i64 >> 2
    }

    #[inline(always)]
    pub const fn is_pair(self) -> bool {
        self.0 & TAG_MASK == TAG_PAIR
    }

    #[inline(always)]
    pub const fn is_procedure(self) -> bool {
        self.0 & TAG_MASK == TAG_PROCEDURE
    }

    #[inline(always)]
    pub const fn is_null(self) -> bool {
        self.0 | (Value::FALSE_NIL.0 ^ Value::NIL.0) == Value::NIL.0
    }

    #[inline(always)]
    pub const fn is_true(self) -> bool {
        self.0 & !(Value::FALSE.0 ^ Value::FALSE_NIL.0) != Value::FALSE.0
    }

    const fn is_sort(self, sort: u64) -> bool {
        self.0 & SORT_MASK == sort << 8 | TAG_IMMEDIATE
    }

    pub const fn is_symbol(self) -> bool {
        self.is_sort(SORT_SYMBOL)
    }

    pub const fn as_symbol(self) -> Option<Symbol> {
        if self.is_symbol() { Some(Symbol((self.0 >> 16) as u32)) } else { None }
    }

    pub const fn as_keyword(self) -> Option<Symbol> {
        if self.is_sort(SORT_KEYWORD) { Some(Symbol((self.0 >> 16) as u32)) } else { None }
    }

    pub const fn as_char(self) -> Option<char> {
        if self.is_sort(SORT_CHAR) { char::from_u32((self.0 >> 16) as u32) } else { None }
    }

    pub const fn as_bool(self) -> Option<bool> {
        match self {
            Value(bits) if bits == Value::TRUE.0 => Some(true),
            Value(bits) if bits == Value::FALSE.0 => Some(false),
            _ => None,
        }
    }

    /// Whether this is a pointer into the heap.
    #[inline(always)]
    pub const fn is_pointer(self) -> bool {
        self.0 & 1 != 0
    }

    #[inline(always)]
    pub(crate) const fn address(self) -> *mut u64 {
        (self.0 & !TAG_MASK) as *mut u64
    }

    pub(crate) fn from_address(address: *const u64, tag: u64) -> Value {
        Value(address as u64 | tag)
    }

    pub(crate) const fn tag(self) -> u64 {
        self.0 & TAG_MASK
    }

    /// The header of an object or procedure.
    #[inline(always)]
    pub(crate) fn header(self) -> u64 {
        debug_assert!(self.tag() == TAG_OBJECT || self.tag() == TAG_PROCEDURE);
        // SAFETY: by the invariants above, a value with one of these tags is the address of a live header.
        unsafe { *self.address() }
    }

    /// Whether this is an object or procedure of that kind.
    #[inline(always)]
    pub fn is_kind(self, kind: Kind) -> bool {
        let tag = if kind as u8 >= Kind::Closure as u8 { TAG_PROCEDURE } else { TAG_OBJECT };
        self.0 & TAG_MASK == tag && header_kind_byte(self.header()) == kind as u8
    }

    /// The kind of an object or procedure; nothing for pairs and immediates.
    pub fn kind(self) -> Option<Kind> {
        matches!(self.tag(), TAG_OBJECT | TAG_PROCEDURE).then(|| Kind::from_byte(header_kind_byte(self.header())))
    }

    /// Word `index` of what this value points to (for objects, word 0 is the header), unchecked but in debug builds.
    #[inline(always)]
    pub(crate) fn word(self, index: usize) -> Value {
        debug_assert!(self.is_pointer());
        // SAFETY: callers have tested the kind, and the index is below the size that goes with it.
        unsafe { Value(*self.address().add(index)) }
    }

    /// The first half of a pair. Panics unless `is_pair`.
    #[inline(always)]
    pub fn car(self) -> Value {
        assert!(self.is_pair(), "car of a pair");
        self.word(0)
    }

    #[inline(always)]
    pub fn cdr(self) -> Value {
        assert!(self.is_pair(), "cdr of a pair");
        self.word(1)
    }

    #[inline(always)]
    pub fn as_pair(self) -> Option<(Value, Value)> {
        if self.is_pair() { Some((self.word(0), self.word(1))) } else { None }
    }

    pub fn is_flonum(self) -> bool {
        self.is_kind(Kind::Flonum)
    }

    #[inline(always)]
    pub fn as_flonum(self) -> Option<f64> {
        if self.is_kind(Kind::Flonum) { Some(f64::from_bits(self.word(1).0)) } else { None }
    }

    pub fn is_string(self) -> bool {
        self.is_kind(Kind::String)
    }

    pub fn is_vector(self) -> bool {
        self.is_kind(Kind::Vector)
    }

    pub fn is_bytevector(self) -> bool {
        self.is_kind(Kind::Bytevector)
    }

    /// The number of fields of an object whose words are all values.
    #[inline]
    pub fn field_count(self) -> usize {
        assert!(matches!(self.tag(), TAG_OBJECT | TAG_PROCEDURE), "an object");
        let header = self.header();
        assert!(header_kind_byte(header) >= Kind::Ratnum as u8, "an object with fields");
        header_size(header)
    }

    /// Field `index` (from 0) of an object whose words are all values. Panics when there is none.
    #[inline]
    pub fn field(self, index: usize) -> Value {
        assert!(index < self.field_count(), "field {index} of an object of {}", self.field_count());
        self.word(index + 1)
    }

    /// The fields of a vector, record or the like, as they are now.
    pub fn fields(self) -> impl Iterator<Item = Value> {
        (0..self.field_count()).map(move |index| self.word(index + 1))
    }

    pub fn is_immutable(self) -> bool {
        self.header() & FLAG_IMMUTABLE != 0
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.as_fixnum() {
            Some(n) => write!(f, "{n}"),
            None => match self.kind() {
                Some(kind) => write!(f, "#<{kind:?}>"),
                None => write!(f, "#<word {:x}>", self.0),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_come_back_from_their_bytes() {
        for byte in (16..=19).chain(32..=49).chain(64..=67) {
            assert_eq!(Kind::from_byte(byte) as u8, byte);
        }
    }

    #[test]
    fn immediates_keep_what_they_hold() {
        assert_eq!(Value::fixnum(-5).as_fixnum(), Some(-5));
        assert_eq!(Value::fixnum(FIXNUM_MIN).as_fixnum(), Some(FIXNUM_MIN));
        assert_eq!(Value::try_fixnum(FIXNUM_MAX + 1), None);
        assert_eq!(Value::char('λ').as_char(), Some('λ'));
        assert_eq!(Value::symbol(Symbol(7)).as_symbol(), Some(Symbol(7)));
        assert!(Value::symbol(Symbol(7)).as_keyword().is_none() && Value::FALSE.as_char().is_none());
    }
}
