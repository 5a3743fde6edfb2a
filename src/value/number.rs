//! Numbers as values: small integers in the word, all others in the heap; to and from the owned numbers of `num`.
//!
//! Invariants: a bignum is outside the range of fixnums, and its highest limb is not 0; a ratnum is in lowest terms with a
//! denominator above 1; the parts of a compnum are real, the imaginary one not exact 0. So `eqv?` compares parts.

use super::stop::Stop;
use super::{Heap, Kind, Value};
use crate::num::{self, Int, NumError, Number, Real};

pub fn is_number(v: Value) -> bool {
    v.is_fixnum() || matches!(v.kind(), Some(Kind::Flonum | Kind::Bignum | Kind::Ratnum | Kind::Compnum))
}

pub fn is_real(v: Value) -> bool {
    v.is_fixnum() || matches!(v.kind(), Some(Kind::Flonum | Kind::Bignum | Kind::Ratnum))
}

pub fn is_exact_integer(v: Value) -> bool {
    v.is_fixnum() || v.is_kind(Kind::Bignum)
}

/// The number that a value is.
pub fn load(heap: &Heap, v: Value) -> Option<Number> {
    if let Some(n) = v.as_fixnum() {
        return Some(Number::from(n));
    }
    if v.is_kind(Kind::Compnum) {
        return Some(Number::rectangular(load_real(heap, v.field(0))?, load_real(heap, v.field(1))?));
    }
    load_real(heap, v).map(Number::Real)
}

pub fn load_real(heap: &Heap, v: Value) -> Option<Real> {
    if let Some(n) = v.as_fixnum() {
        return Some(Real::from(n));
    }
    match v.kind()? {
        Kind::Flonum => v.as_flonum().map(Real::from),
        Kind::Bignum => load_integer(heap, v).map(Real::Int),
        Kind::Ratnum => {
            let (numerator, denominator) = (load_integer(heap, v.field(0))?, load_integer(heap, v.field(1))?);
            Some(num::in_lowest_terms(numerator, denominator))
        }
        _ => None,
    }
}

pub fn load_integer(heap: &Heap, v: Value) -> Option<Int> {
    match v.as_fixnum() {
        Some(n) => Some(Int::from(n)),
        None => heap.bignum_limbs(v).map(|(negative, limbs)| Int::from_limbs(negative, limbs)),
    }
}

/// The value of a number. Who lets numbers grow has asked for the memory.
pub fn store(heap: &Heap, n: &Number) -> Value {
    match n {
        Number::Real(x) => store_real(heap, x),
        Number::Complex(z) => heap.make(Kind::Compnum, &[store_real(heap, z.re()), store_real(heap, z.im())]),
    }
}

pub fn store_real(heap: &Heap, x: &Real) -> Value {
    match x {
        Real::Int(n) => store_integer(heap, n),
        Real::Float(x) => heap.flonum(*x),
        Real::Ratio(q) => {
            let parts = [store_integer(heap, q.numerator()), store_integer(heap, q.denominator())];
            heap.make(Kind::Ratnum, &parts)
        }
    }
}

pub fn store_integer(heap: &Heap, n: &Int) -> Value {
    match n.to_i64().and_then(Value::try_fixnum) {
        Some(v) => v,
        None => n.with_limbs(|negative, limbs| heap.bignum(negative, limbs)),
    }
}

/// Bytes that the parts of a number take, nearly.
pub fn size(n: &Number) -> usize {
    let integer = |n: &Int| (n.bit_length() / 8) as usize;
    let real = |x: &Real| match x {
        Real::Int(n) => integer(n),
        Real::Ratio(q) => integer(q.numerator()).saturating_add(integer(q.denominator())),
        Real::Float(_) => 0,
    };
    match n {
        Number::Real(x) => real(x),
        Number::Complex(z) => real(z.re()).saturating_add(real(z.im())),
    }
}

pub fn integer_from_i64(heap: &Heap, n: i64) -> Value {
    Value::try_fixnum(n).unwrap_or_else(|| heap.bignum(n < 0, &[n.unsigned_abs()]))
}

pub fn integer_from_u64(heap: &Heap, n: u64) -> Value {
    i64::try_from(n).ok().and_then(Value::try_fixnum).unwrap_or_else(|| heap.bignum(false, &[n]))
}

pub fn integer_from_i128(heap: &Heap, n: i128) -> Value {
    match i64::try_from(n) {
        Ok(n) => integer_from_i64(heap, n),
        Err(_) => {
            let magnitude = n.unsigned_abs();
            let limbs = [magnitude as u64, (magnitude >> 64) as u64];
            heap.bignum(n < 0, if limbs[1] == 0 { &limbs[..1] } else { &limbs })
        }
    }
}

/// An exact integer, if it fits.
pub fn integer_to_i64(heap: &Heap, v: Value) -> Option<i64> {
    if v.is_fixnum() { v.as_fixnum() } else { load_integer(heap, v)?.to_i64() }
}

pub fn integer_to_u64(heap: &Heap, v: Value) -> Option<u64> {
    match v.as_fixnum() {
        Some(n) => u64::try_from(n).ok(),
        None => load_integer(heap, v)?.to_u64(),
    }
}

/// A number as text; nothing if it is none.
pub fn number_text(heap: &Heap, v: Value, radix: u32) -> Result<String, Stop> {
    let mut text = String::new();
    if let (Some(n), 10) = (v.as_fixnum(), radix) {
        num::format_fixnum(n, &mut text);
    } else if let (Some(x), 10) = (v.as_flonum(), radix) {
        num::format_float(x, &mut text);
    } else if let Some(n) = load(heap, v) {
        let interrupted = || heap.control.interrupted();
        text = num::format(&n, radix, &num::Stop(&interrupted)).map_err(|error| match error {
            NumError::Interrupted => Stop::Interrupted,
            _ => Stop::Memory(usize::MAX),
        })?;
    }
    Ok(text)
}

/// Whether a text denotes a number in radix 10.
pub fn is_numeral(text: &str) -> bool {
    // Only the beginning tells, however long the digits are; a million of them need not be converted for that.
    match num::parse_checked(text, 10, &num::Stop(&|| true)) {
        Ok(number) => number.is_some(),
        Err(_) => true,
    }
}
