//! Numbers, R7RS section 6.2: predicates, comparison, the four operations, exactness, parts, and text.

use super::declare::{Str, out_of_range, wrong_type};
use crate::builtins;
use crate::num::{self, Number, Real};
use crate::value::number::{is_exact_integer, is_number, is_real, load_real};
use crate::value::stop::STRIDE;
use crate::value::{Kind, Value};
use crate::vm::arithmetic::{self, REAL, binary, check_number, check_real, failure, unary, with_stop};
use crate::vm::cx::{Answer, Cx};
use std::cmp::Ordering;

builtins! { NUMBERS;

/// Whether OBJ is a number. [R7RS 6.2]
///
///     (number? 1/2)  => #t
///     (number? 'a)  => #f
fn "number?" (cx, obj: Value) { is_number(obj) }

/// Whether OBJ is a complex number; all numbers are. [R7RS 6.2]
///
///     (complex? 3+4i)  => #t
///     (complex? 3)  => #t
fn "complex?" (cx, obj: Value) { is_number(obj) }

/// Whether OBJ is a real number. [R7RS 6.2]
///
///     (real? 1.5)  => #t
///     (real? 1+i)  => #f
///     (real? +nan.0)  => #t
fn "real?" (cx, obj: Value) { is_real(obj) }

/// Whether OBJ is a rational number: a finite real one. [R7RS 6.2]
///
///     (rational? 6/10)  => #t
///     (rational? +inf.0)  => #f
fn "rational?" (cx, obj: Value) { is_real(obj) && obj.as_flonum().is_none_or(f64::is_finite) }

/// Whether OBJ is an integer, exact or not. [R7RS 6.2]
///
///     (integer? 3.0)  => #t
///     (integer? 8/4)  => #t
///     (integer? 3.5)  => #f
fn "integer?" (cx, obj: Value) { is_integer(obj) }

/// Whether Z is exact. [R7RS 6.2]
///
///     (exact? 3)  => #t
///     (exact? 3.0)  => #f
fn "exact?" (cx, z: Value) { is_exact(cx, "exact?", z) }

/// Whether Z is inexact. [R7RS 6.2]
///
///     (inexact? 3.0)  => #t
///     (inexact? 1/3)  => #f
fn "inexact?" (cx, z: Value) { Ok(!is_exact(cx, "inexact?", z)?) }

/// Whether OBJ is an exact integer. [R7RS 6.2]
///
///     (exact-integer? 32)  => #t
///     (exact-integer? 32.0)  => #f
fn "exact-integer?" (cx, obj: Value) { is_exact_integer(obj) }

/// Whether OBJ is an exact rational number. [MIT]
///
///     (exact-rational? 1/2)  => #t
///     (exact-rational? 0.5)  => #f
fn "exact-rational?" (cx, obj: Value) { is_exact_integer(obj) || obj.is_kind(Kind::Ratnum) }

/// Whether OBJ is an exact integer from 0 on. [MIT]
///
///     (exact-nonnegative-integer? 0)  => #t
///     (exact-nonnegative-integer? -1)  => #f
fn "exact-nonnegative-integer?" (cx, obj: Value) {
    match obj.as_fixnum() {
        Some(n) => n >= 0,
        None => cx.heap.bignum_limbs(obj).is_some_and(|(negative, _)| !negative),
    }
}

/// Whether Z, or both parts of it, are finite. [R7RS 6.2]
///
///     (finite? 3)  => #t
///     (finite? -inf.0)  => #f
///     (finite? 3.0+inf.0i)  => #f
fn "finite?" (cx, z: Value) { test(cx, "finite?", z, |x| Ok(x.is_finite())) }

/// Whether Z, or a part of it, is an infinity. [R7RS 6.2]
///
///     (infinite? 3)  => #f
///     (infinite? 3.0+inf.0i)  => #t
fn "infinite?" (cx, z: Value) { test(cx, "infinite?", z, |x| Ok(x.is_infinite())) }

/// Whether Z, or a part of it, is an infinity. [Guile]
///
///     (inf? -inf.0)  => #t
fn "inf?" (cx, z: Value) { test(cx, "inf?", z, |x| Ok(x.is_infinite())) }

/// Whether Z, or a part of it, is not a number. [R7RS 6.2]
///
///     (nan? +nan.0)  => #t
///     (nan? 32)  => #f
fn "nan?" (cx, z: Value) { test(cx, "nan?", z, |x| Ok(x.is_nan())) }

/// Whether the NUMBERS are all equal. [R7RS 6.2]
///
///     (= 1 1.0 2/2)  => #t
///     (= 1 2)  => #f
fn "=" (cx, ..numbers) { all_equal(cx, numbers) }

/// Whether the NUMBERS rise. They must be real. [R7RS 6.2]
///
///     (< 1 2 3)  => #t
///     (< 1 1)  => #f
fn "<" (cx, ..numbers) { in_order(cx, "<", numbers, Ordering::is_lt) }

/// Whether the NUMBERS fall. They must be real. [R7RS 6.2]
///
///     (> 3 2 1)  => #t
fn ">" (cx, ..numbers) { in_order(cx, ">", numbers, Ordering::is_gt) }

/// Whether the NUMBERS nowhere fall. They must be real. [R7RS 6.2]
///
///     (<= 1 1 2)  => #t
fn "<=" (cx, ..numbers) { in_order(cx, "<=", numbers, Ordering::is_le) }

/// Whether the NUMBERS nowhere rise. They must be real. [R7RS 6.2]
///
///     (>= 2 1 1)  => #t
fn ">=" (cx, ..numbers) { in_order(cx, ">=", numbers, Ordering::is_ge) }

/// Whether Z is zero. [R7RS 6.2]
///
///     (zero? 0.0)  => #t
///     (zero? 1/2)  => #f
fn "zero?" (cx, z: Value) {
    match z.as_fixnum() {
        Some(n) => Ok(n == 0),
        None => test(cx, "zero?", z, |x| Ok(x.is_zero())),
    }
}

/// Whether X is above zero. [R7RS 6.2]
///
///     (positive? 1/2)  => #t
fn "positive?" (cx, x: Value) {
    match x.as_fixnum() {
        Some(n) => Ok(n > 0),
        None => test(cx, "positive?", x, |x| x.is_positive()),
    }
}

/// Whether X is below zero. [R7RS 6.2]
///
///     (negative? -1)  => #t
fn "negative?" (cx, x: Value) {
    match x.as_fixnum() {
        Some(n) => Ok(n < 0),
        None => test(cx, "negative?", x, |x| x.is_negative()),
    }
}

/// Whether N is an odd integer. [R7RS 6.2]
///
///     (odd? 3)  => #t
fn "odd?" (cx, n: Value) {
    match n.as_fixnum() {
        Some(n) => Ok(n & 1 == 1),
        None => test(cx, "odd?", n, |x| x.is_odd()),
    }
}

/// Whether N is an even integer. [R7RS 6.2]
///
///     (even? 3)  => #f
///     (even? 0.0)  => #t
fn "even?" (cx, n: Value) {
    match n.as_fixnum() {
        Some(n) => Ok(n & 1 == 0),
        None => test(cx, "even?", n, |x| x.is_even()),
    }
}

/// The largest of the numbers. If one of them is inexact, so is the result. [R7RS 6.2]
///
///     (max 3 4)  => 4
///     (max 3.9 4)  => 4.0
fn "max" (cx, x: Value, ..others) { extreme(cx, "max", x, others, Number::max) }

/// The smallest of the numbers. If one of them is inexact, so is the result. [R7RS 6.2]
///
///     (min 3 4)  => 3
///     (min 3 4.0)  => 3.0
fn "min" (cx, x: Value, ..others) { extreme(cx, "min", x, others, Number::min) }

/// The sum of the NUMBERS. [R7RS 6.2]
///
///     (+ 3 4)  => 7
///     (+ 1/2 1/3)  => 5/6
///     (+)  => 0
fn "+" (cx, ..numbers) { fold(cx, "+", Value::fixnum(0), numbers, arithmetic::add_at) }

/// The product of the NUMBERS. [R7RS 6.2]
///
///     (* 4 0.5)  => 2.0
///     (*)  => 1
fn "*" (cx, ..numbers) { fold(cx, "*", Value::fixnum(1), numbers, arithmetic::multiply_at) }

/// Z without the sum of the OTHERS; without others, Z with the other sign. [R7RS 6.2]
///
///     (- 3 4 5)  => -6
///     (- 3)  => -3
fn "-" (cx, z: Value, ..others) {
    match others {
        [] => unary(cx, "-", z, |z, _| Ok(z.neg())),
        _ => fold_from(cx, z, others, arithmetic::subtract_at),
    }
}

/// Z divided by all of the OTHERS; without others, 1 divided by Z. [R7RS 6.2]
///
///     (/ 3 4 5)  => 3/20
///     (/ 3)  => 1/3
///     (/ 1 2.0)  => 0.5
fn "/" (cx, z: Value, ..others) {
    match others {
        [] => unary(cx, "/", z, |z, stop| Number::from(1i64).div(z, stop)),
        _ => fold_from(cx, z, others, arithmetic::divide_at),
    }
}

/// Z and one more. [Guile]
///
///     (1+ 5)  => 6
fn "1+" (cx, z: Value) { arithmetic::add(cx, z, Value::fixnum(1)) }

/// Z less one. [Guile]
///
///     (1- 5)  => 4
fn "1-" (cx, z: Value) { arithmetic::subtract(cx, z, Value::fixnum(1)) }

/// The absolute value of X. [R7RS 6.2]
///
///     (abs -7)  => 7
fn "abs" (cx, x: Value) { unary(cx, "abs", x, |x, _| x.abs()) }

/// The distance of Z from 0. [R7RS 6.2]
///
///     (magnitude -5)  => 5
///     (magnitude 3+4i)  => 5
fn "magnitude" (cx, z: Value) { unary(cx, "magnitude", z, |z, stop| z.magnitude(stop).map(Number::Real)) }

/// Z multiplied by itself. [R7RS 6.2]
///
///     (square 42)  => 1764
///     (square 2.0)  => 4.0
fn "square" (cx, z: Value) { arithmetic::multiply(cx, z, z) }

/// The largest integer that is not above X. [R7RS 6.2]
///
///     (floor -4.3)  => -5.0
///     (floor 7/2)  => 3
fn "floor" (cx, x: Value) { unary(cx, "floor", x, Number::floor) }

/// The smallest integer that is not below X. [R7RS 6.2]
///
///     (ceiling -4.3)  => -4.0
fn "ceiling" (cx, x: Value) { unary(cx, "ceiling", x, Number::ceiling) }

/// X without what follows the point. [R7RS 6.2]
///
///     (truncate -4.3)  => -4.0
fn "truncate" (cx, x: Value) { unary(cx, "truncate", x, Number::truncate) }

/// The integer nearest to X; from halfway, the even one. [R7RS 6.2]
///
///     (round 3.5)  => 4.0
///     (round 7/2)  => 4
///     (round -2.5)  => -2.0
fn "round" (cx, x: Value) { unary(cx, "round", x, Number::round) }

/// The numerator of X in lowest terms. [R7RS 6.2]
///
///     (numerator 6/4)  => 3
fn "numerator" (cx, x: Value) { unary(cx, "numerator", x, |x, _| x.numerator()) }

/// The denominator of X in lowest terms; it is positive. [R7RS 6.2]
///
///     (denominator 6/4)  => 2
///     (denominator 0.5)  => 2.0
fn "denominator" (cx, x: Value) { unary(cx, "denominator", x, |x, _| x.denominator()) }

/// The simplest rational number that differs from X by no more than Y. [R7RS 6.2]
///
///     (rationalize 3/10 1/10)  => 1/3
///     (rationalize .3 1/10)  => 0.3333333333333333
fn "rationalize" (cx, x: Value, y: Value) { binary(cx, "rationalize", 1, x, y, Number::rationalize) }

/// The exact number nearest to Z. [R7RS 6.2]
///
///     (exact 2.5)  => 5/2
fn "exact" (cx, z: Value) { unary(cx, "exact", z, |z, _| z.to_exact()) }

/// The inexact number nearest to Z. [R7RS 6.2]
///
///     (inexact 1/4)  => 0.25
fn "inexact" (cx, z: Value) { unary(cx, "inexact", z, |z, _| Ok(z.to_inexact())) }

/// The same as exact. [R5RS]
///
///     (inexact->exact 2.0)  => 2
fn "inexact->exact" (cx, z: Value) { unary(cx, "inexact->exact", z, |z, _| z.to_exact()) }

/// The same as inexact. [R5RS]
///
///     (exact->inexact 1/4)  => 0.25
fn "exact->inexact" (cx, z: Value) { unary(cx, "exact->inexact", z, |z, _| Ok(z.to_inexact())) }

/// The complex number X + Y·i. [R7RS 6.2]
///
///     (make-rectangular 3 -4)  => 3-4i
fn "make-rectangular" (cx, x: Value, y: Value) {
    let (x, y) = (real(cx, "make-rectangular", 1, x)?, real(cx, "make-rectangular", 2, y)?);
    arithmetic::finish(cx, &Number::rectangular(x, y))
}

/// The complex number at the distance MAGNITUDE from 0, in the direction ANGLE. [R7RS 6.2]
///
///     (make-polar 2 0)  => 2
fn "make-polar" (cx, magnitude: Value, angle: Value) {
    let (magnitude, angle) = (real(cx, "make-polar", 1, magnitude)?, real(cx, "make-polar", 2, angle)?);
    arithmetic::finish(cx, &Number::polar(&magnitude, &angle))
}

/// The real part of Z. [R7RS 6.2]
///
///     (real-part 3-4i)  => 3
fn "real-part" (cx, z: Value) { unary(cx, "real-part", z, |z, _| Ok(Number::Real(z.real_part()))) }

/// The imaginary part of Z. [R7RS 6.2]
///
///     (imag-part 3-4i)  => -4
///     (imag-part 1.5)  => 0
fn "imag-part" (cx, z: Value) { unary(cx, "imag-part", z, |z, _| Ok(Number::Real(z.imag_part()))) }

/// The direction of Z, seen from 0; that of an exact number not below 0 is exact. [R7RS 6.2]
///
///     (angle -1.0)  => 3.141592653589793
///     (angle 5)  => 0
fn "angle" (cx, z: Value) {
    unary(cx, "angle", z, |z, _| Ok(if z.is_exact_rational() && !z.is_negative()? { Number::from(0i64) } else { Number::Real(z.angle()) }))
}

/// Z written in RADIX, from 2 to 36 (or 10). [R7RS 6.2]
///
///     (number->string 255 16)  => "ff"
///     (number->string 0.5)  => "0.5"
fn "number->string" (cx, z: Value, [radix: usize]) { number_to_string(cx, z, radix) }

/// The number that STRING denotes in RADIX, from 2 to 36 (or 10); #f if it denotes none. [R7RS 6.2]
///
///     (string->number "100" 16)  => 256
///     (string->number "1e2")  => 100.0
///     (string->number "one")  => #f
fn "string->number" (cx, string: Str, [radix: usize]) { string_to_number(cx, string, radix) }
}

fn is_integer(obj: Value) -> bool {
    is_exact_integer(obj) || obj.as_flonum().is_some_and(|x| x.is_finite() && x.fract() == 0.0)
}

fn is_exact(cx: &mut Cx, who: &str, z: Value) -> Answer<bool> {
    test(cx, who, z, |z| Ok(z.is_exact()))
}

/// Asks a number something.
fn test(cx: &mut Cx, who: &str, z: Value, ask: impl FnOnce(&Number) -> num::Result<bool>) -> Answer<bool> {
    let n = arithmetic::number_argument(cx, who, 1, z)?;
    ask(&n).or_else(|error| failure(cx, who, 1, &[z], error))
}

fn real(cx: &mut Cx, who: &str, position: usize, x: Value) -> Answer<Real> {
    match load_real(&cx.heap, x) {
        Some(x) => Ok(x),
        None => wrong_type(cx, who, position, "", REAL, x),
    }
}

fn all_equal(cx: &mut Cx, numbers: &[Value]) -> Answer<bool> {
    for (index, &v) in numbers.iter().enumerate() {
        check_number(cx, "=", index + 1, v)?;
    }
    for (index, pair) in numbers.windows(2).enumerate() {
        if !arithmetic::equal_at(cx, index + 1, pair[0], pair[1])? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn in_order(cx: &mut Cx, who: &str, numbers: &[Value], test: fn(Ordering) -> bool) -> Answer<bool> {
    for (index, &v) in numbers.iter().enumerate() {
        check_real(cx, who, index + 1, v)?;
    }
    for (index, pair) in numbers.windows(2).enumerate() {
        if !arithmetic::compare_at(cx, who, index + 1, pair[0], pair[1])?.is_some_and(test) {
            return Ok(false);
        }
    }
    Ok(true)
}

type Step = fn(&mut Cx, usize, Value, Value) -> Answer;

/// Joins all numbers, beginning with `unit`, which changes nothing.
fn fold(cx: &mut Cx, who: &str, unit: Value, numbers: &[Value], step: Step) -> Answer {
    match numbers.split_first() {
        None => Ok(unit),
        Some((&first, others)) => {
            check_number(cx, who, 1, first)?;
            fold_from(cx, first, others, step)
        }
    }
}

fn fold_from(cx: &mut Cx, first: Value, others: &[Value], step: Step) -> Answer {
    let mut result = first;
    for (index, &v) in others.iter().enumerate() {
        if (index + 1).is_multiple_of(STRIDE) {
            cx.check_interrupt()?;
        }
        result = step(cx, index + 1, result, v)?;
    }
    Ok(result)
}

fn extreme(
    cx: &mut Cx,
    who: &str,
    first: Value,
    others: &[Value],
    choose: fn(&Number, &Number, &num::Stop) -> num::Result<Number>,
) -> Answer {
    check_real(cx, who, 1, first)?;
    for (index, &v) in others.iter().enumerate() {
        check_real(cx, who, index + 2, v)?;
    }
    let mut result = first;
    for (index, &v) in others.iter().enumerate() {
        if index.is_multiple_of(STRIDE) {
            cx.check_interrupt()?;
        }
        result = binary(cx, who, index + 1, result, v, choose)?;
    }
    Ok(result)
}

fn radix_argument(cx: &mut Cx, who: &str, radix: Option<usize>) -> Answer<u32> {
    match radix.unwrap_or(10) {
        radix @ 2..=36 => Ok(radix as u32),
        radix => out_of_range(cx, who, 2, "radix", "from 2 to 36", Value::fixnum(radix as i64)),
    }
}

fn number_to_string(cx: &mut Cx, z: Value, radix: Option<usize>) -> Answer<String> {
    let radix = radix_argument(cx, "number->string", radix)?;
    let n = arithmetic::number_argument(cx, "number->string", 1, z)?;
    match with_stop(&cx.heap, |stop| num::format(&n, radix, stop)) {
        Ok(text) => {
            cx.admit(text.len())?;
            Ok(text)
        }
        Err(error) => failure(cx, "number->string", 1, &[z], error),
    }
}

fn string_to_number(cx: &mut Cx, string: Str, radix: Option<usize>) -> Answer {
    let radix = radix_argument(cx, "string->number", radix)?;
    let text = cx.heap.str(string.0).unwrap_or_default();
    match with_stop(&cx.heap, |stop| num::parse_checked(text, radix, stop)) {
        Ok(None) => Ok(Value::FALSE),
        Ok(Some(n)) => arithmetic::finish(cx, &n),
        Err(error) => failure(cx, "string->number", 1, &[string.0], error),
    }
}
