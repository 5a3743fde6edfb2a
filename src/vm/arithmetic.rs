//! Arithmetic on values: what the vm's instructions do when operands are not two small integers or floats, and what the
//! procedures on numbers are made of.
//!
//! Errors name the procedure, so the same mistake reads the same wherever the call was compiled to.

use super::cx::{Answer, Cx, Exit};
use crate::num::{self, NumError, Number, Stop};
use crate::value::number::{self, integer_from_i64, integer_from_i128, is_number, is_real, load, load_real, store};
use crate::value::{Heap, Value};
use std::cmp::Ordering;

pub const NUMBER: &str = "a number";
pub const REAL: &str = "a real number";

#[cold]
fn wrong_type<T>(cx: &mut Cx, who: &str, position: usize, expected: &str, got: Value) -> Answer<T> {
    let shown = cx.show(got);
    cx.fail(|make| make.wrong_type(who, position, "", expected, got, &shown))
}

/// Fails unless argument `position` is a number.
pub fn check_number(cx: &mut Cx, who: &str, position: usize, v: Value) -> Answer<()> {
    if is_number(v) { Ok(()) } else { wrong_type(cx, who, position, NUMBER, v) }
}

pub fn check_real(cx: &mut Cx, who: &str, position: usize, v: Value) -> Answer<()> {
    if is_real(v) { Ok(()) } else { wrong_type(cx, who, position, REAL, v) }
}

/// The number that argument `position` is.
pub fn number_argument(cx: &mut Cx, who: &str, position: usize, v: Value) -> Answer<Number> {
    match load(&cx.heap, v) {
        Some(n) => Ok(n),
        None => wrong_type(cx, who, position, NUMBER, v),
    }
}

pub fn real_to_f64(cx: &mut Cx, who: &str, position: usize, v: Value) -> Answer<f64> {
    match load_real(&cx.heap, v) {
        Some(x) => Ok(x.to_f64()),
        None => wrong_type(cx, who, position, REAL, v),
    }
}

/// Runs an operation of `num` that long operands make long.
pub fn with_stop<T>(heap: &Heap, operation: impl FnOnce(&Stop) -> num::Result<T>) -> num::Result<T> {
    operation(&Stop(&|| heap.control.interrupted()))
}

/// The failure that an error of `num` is; `args` are the operands, the first of them argument `position`.
#[cold]
pub fn failure<T>(cx: &mut Cx, who: &str, position: usize, args: &[Value], error: NumError) -> Answer<T> {
    match error {
        NumError::DivideByZero => cx.fail(|make| make.divide_by_zero(who)),
        NumError::TooLarge => cx.fail(|make| make.out_of_memory(who, "the result is too large")),
        NumError::Interrupted => Err(Box::new(Exit::Interrupted)),
        NumError::Wrong { argument, expected } => {
            let got = args.get(argument.saturating_sub(1)).copied().unwrap_or(Value::FALSE);
            wrong_type(cx, who, position + argument.saturating_sub(1), expected, got)
        }
    }
}

/// The value of a result.
pub fn finish(cx: &mut Cx, n: &Number) -> Answer {
    cx.admit(number::size(n))?;
    Ok(store(&cx.heap, n))
}

/// One operand, argument 1 of `who`.
pub fn unary(cx: &mut Cx, who: &str, v: Value, f: impl FnOnce(&Number, &Stop) -> num::Result<Number>) -> Answer {
    let n = number_argument(cx, who, 1, v)?;
    match with_stop(&cx.heap, |stop| f(&n, stop)) {
        Ok(result) => finish(cx, &result),
        Err(error) => failure(cx, who, 1, &[v], error),
    }
}

/// Two operands, of which the first is argument `position` of `who`.
pub fn binary(
    cx: &mut Cx,
    who: &str,
    position: usize,
    a: Value,
    b: Value,
    f: impl FnOnce(&Number, &Number, &Stop) -> num::Result<Number>,
) -> Answer {
    let (x, y) = (number_argument(cx, who, position, a)?, number_argument(cx, who, position + 1, b)?);
    match with_stop(&cx.heap, |stop| f(&x, &y, stop)) {
        Ok(result) => finish(cx, &result),
        Err(error) => failure(cx, who, position, &[a, b], error),
    }
}

/// Two operands as floats, if they are a float and a float or a small integer.
#[inline]
fn as_floats(a: Value, b: Value) -> Option<(f64, f64)> {
    match (a.as_fixnum(), b.as_fixnum()) {
        (None, None) => Some((a.as_flonum()?, b.as_flonum()?)),
        (Some(n), None) => Some((n as f64, b.as_flonum()?)),
        (None, Some(n)) => Some((a.as_flonum()?, n as f64)),
        (Some(_), Some(_)) => None,
    }
}

pub fn add(cx: &mut Cx, a: Value, b: Value) -> Answer {
    add_at(cx, 1, a, b)
}

/// `a` + `b`, of which `a` is argument `position` of +.
pub fn add_at(cx: &mut Cx, position: usize, a: Value, b: Value) -> Answer {
    if let (Some(m), Some(n)) = (a.as_fixnum(), b.as_fixnum()) {
        return Ok(integer_from_i64(&cx.heap, m + n));
    }
    match as_floats(a, b) {
        Some((x, y)) => Ok(cx.heap.flonum(x + y)),
        None => binary(cx, "+", position, a, b, Number::add),
    }
}

pub fn subtract(cx: &mut Cx, a: Value, b: Value) -> Answer {
    subtract_at(cx, 1, a, b)
}

pub fn subtract_at(cx: &mut Cx, position: usize, a: Value, b: Value) -> Answer {
    if let (Some(m), Some(n)) = (a.as_fixnum(), b.as_fixnum()) {
        return Ok(integer_from_i64(&cx.heap, m - n));
    }
    match as_floats(a, b) {
        Some((x, y)) => Ok(cx.heap.flonum(x - y)),
        None => binary(cx, "-", position, a, b, Number::sub),
    }
}

pub fn multiply(cx: &mut Cx, a: Value, b: Value) -> Answer {
    multiply_at(cx, 1, a, b)
}

pub fn multiply_at(cx: &mut Cx, position: usize, a: Value, b: Value) -> Answer {
    if let (Some(m), Some(n)) = (a.as_fixnum(), b.as_fixnum()) {
        return Ok(integer_from_i128(&cx.heap, m as i128 * n as i128));
    }
    match as_floats(a, b) {
        // Exact zero times anything is for `num` to decide.
        Some((x, y)) if a != Value::fixnum(0) && b != Value::fixnum(0) => Ok(cx.heap.flonum(x * y)),
        _ => binary(cx, "*", position, a, b, Number::mul),
    }
}

pub fn divide(cx: &mut Cx, a: Value, b: Value) -> Answer {
    divide_at(cx, 1, a, b)
}

pub fn divide_at(cx: &mut Cx, position: usize, a: Value, b: Value) -> Answer {
    if let (Some(m), Some(n)) = (a.as_fixnum(), b.as_fixnum())
        && n != 0
        && m % n == 0
    {
        return Ok(integer_from_i64(&cx.heap, m / n));
    }
    match as_floats(a, b) {
        Some((x, y)) if a != Value::fixnum(0) && b != Value::fixnum(0) => Ok(cx.heap.flonum(x / y)),
        _ => binary(cx, "/", position, a, b, Number::div),
    }
}

pub fn quotient(cx: &mut Cx, a: Value, b: Value) -> Answer {
    match (a.as_fixnum(), b.as_fixnum()) {
        (Some(m), Some(n)) if n != 0 => Ok(integer_from_i64(&cx.heap, m / n)),
        _ => binary(cx, "quotient", 1, a, b, Number::quotient),
    }
}

pub fn remainder(cx: &mut Cx, a: Value, b: Value) -> Answer {
    match (a.as_fixnum(), b.as_fixnum()) {
        (Some(m), Some(n)) if n != 0 => Ok(Value::fixnum(m % n)),
        _ => binary(cx, "remainder", 1, a, b, Number::remainder),
    }
}

pub fn modulo(cx: &mut Cx, a: Value, b: Value) -> Answer {
    match (a.as_fixnum(), b.as_fixnum()) {
        (Some(m), Some(n)) if n != 0 => {
            let rest = m % n;
            Ok(Value::fixnum(if rest != 0 && (rest < 0) != (n < 0) { rest + n } else { rest }))
        }
        _ => binary(cx, "modulo", 1, a, b, Number::modulo),
    }
}

/// Integers below this convert to floats exactly.
const EXACT_FLOATS: u64 = 1 << 53;

/// The order of two real numbers, the first of which is argument `position` of `who`; none if one is a NaN.
pub fn compare_at(cx: &mut Cx, who: &str, position: usize, a: Value, b: Value) -> Answer<Option<Ordering>> {
    if let Some(order) = quick_compare(a, b) {
        return Ok(order);
    }
    check_real(cx, who, position, a)?;
    check_real(cx, who, position + 1, b)?;
    let (x, y) = (number_argument(cx, who, position, a)?, number_argument(cx, who, position + 1, b)?);
    match with_stop(&cx.heap, |stop| x.compare(&y, stop)) {
        Ok(order) => Ok(order),
        Err(error) => failure(cx, who, position, &[a, b], error),
    }
}

/// The order of `a` and `b`, for the comparison `who` of two arguments.
pub fn compare(cx: &mut Cx, who: &str, a: Value, b: Value) -> Answer<Option<Ordering>> {
    compare_at(cx, who, 1, a, b)
}

fn quick_compare(a: Value, b: Value) -> Option<Option<Ordering>> {
    let small = |v: Value| v.as_fixnum().is_none_or(|n| n.unsigned_abs() < EXACT_FLOATS);
    match (a.as_fixnum(), b.as_fixnum()) {
        (Some(m), Some(n)) => Some(Some(m.cmp(&n))),
        _ if small(a) && small(b) => as_floats(a, b).map(|(x, y)| x.partial_cmp(&y)),
        _ => None,
    }
}

/// `=` of two numbers.
pub fn equal(cx: &mut Cx, a: Value, b: Value) -> Answer<bool> {
    equal_at(cx, 1, a, b)
}

pub fn equal_at(cx: &mut Cx, position: usize, a: Value, b: Value) -> Answer<bool> {
    if let Some(order) = quick_compare(a, b) {
        return Ok(order == Some(Ordering::Equal));
    }
    let (x, y) = (number_argument(cx, "=", position, a)?, number_argument(cx, "=", position + 1, b)?);
    match with_stop(&cx.heap, |stop| x.equals(&y, stop)) {
        Ok(equal) => Ok(equal),
        Err(error) => failure(cx, "=", position, &[a, b], error),
    }
}
