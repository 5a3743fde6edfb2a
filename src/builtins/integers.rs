//! Division of numbers in all its roundings, divisors, and the bits of exact integers; R7RS section 6.2.6 and Guile.

use crate::builtins;
use crate::num::{self, Number, Rounding};
use crate::value::{Kind, Value};
use crate::vm::arithmetic::{self, binary, check_number, failure, finish, number_argument, unary, with_stop};
use crate::vm::cx::{Answer, Cx};

builtins! { INTEGERS;

/// The integer part of N divided by D. [R7RS 6.2]
///
///     (quotient 17 -5)  => -3
fn "quotient" (cx, n: Value, d: Value) { arithmetic::quotient(cx, n, d) }

/// What N divided by D leaves; it has the sign of N. [R7RS 6.2]
///
///     (remainder -13 4)  => -1
fn "remainder" (cx, n: Value, d: Value) { arithmetic::remainder(cx, n, d) }

/// What N divided by D leaves; it has the sign of D. [R7RS 6.2]
///
///     (modulo -13 4)  => 3
fn "modulo" (cx, n: Value, d: Value) { arithmetic::modulo(cx, n, d) }

/// The quotient of N and D, rounded down, and the remainder: two values. [R7RS 6.2]
///
///     (call-with-values (lambda () (floor/ -7 2)) list)  => (-4 1)
fn "floor/" (cx, n: Value, d: Value) { two_values(cx, "floor/", n, d, Rounding::Floor) }

/// The quotient of N and D, rounded down. [R7RS 6.2]
///
///     (floor-quotient -7 2)  => -4
fn "floor-quotient" (cx, n: Value, d: Value) { binary(cx, "floor-quotient", 1, n, d, |n, d, stop| Ok(n.divide(d, Rounding::Floor, stop)?.0)) }

/// What remains of N after the quotient with D, rounded down. [R7RS 6.2]
///
///     (floor-remainder -7 2)  => 1
fn "floor-remainder" (cx, n: Value, d: Value) { binary(cx, "floor-remainder", 1, n, d, |n, d, stop| Ok(n.divide(d, Rounding::Floor, stop)?.1)) }

/// The quotient of N and D, without what follows the point, and the remainder: two values. [R7RS 6.2]
///
///     (call-with-values (lambda () (truncate/ -7 2)) list)  => (-3 -1)
fn "truncate/" (cx, n: Value, d: Value) { two_values(cx, "truncate/", n, d, Rounding::Truncate) }

/// The quotient of N and D, without what follows the point. [R7RS 6.2]
///
///     (truncate-quotient -7 2)  => -3
fn "truncate-quotient" (cx, n: Value, d: Value) { binary(cx, "truncate-quotient", 1, n, d, |n, d, stop| Ok(n.divide(d, Rounding::Truncate, stop)?.0)) }

/// What remains of N after the quotient with D, without what follows the point. [R7RS 6.2]
///
///     (truncate-remainder -7 2)  => -1
fn "truncate-remainder" (cx, n: Value, d: Value) { binary(cx, "truncate-remainder", 1, n, d, |n, d, stop| Ok(n.divide(d, Rounding::Truncate, stop)?.1)) }

/// The quotient of N and D, rounded so that the remainder is not negative, and the remainder: two values. [Guile]
///
///     (call-with-values (lambda () (euclidean/ -7 2)) list)  => (-4 1)
fn "euclidean/" (cx, n: Value, d: Value) { two_values(cx, "euclidean/", n, d, Rounding::Euclidean) }

/// The quotient of N and D, rounded so that the remainder is not negative. [Guile]
///
///     (euclidean-quotient -7 2)  => -4
fn "euclidean-quotient" (cx, n: Value, d: Value) { binary(cx, "euclidean-quotient", 1, n, d, |n, d, stop| Ok(n.divide(d, Rounding::Euclidean, stop)?.0)) }

/// What remains of N after the quotient with D, rounded so that the remainder is not negative. [Guile]
///
///     (euclidean-remainder -7 2)  => 1
fn "euclidean-remainder" (cx, n: Value, d: Value) { binary(cx, "euclidean-remainder", 1, n, d, |n, d, stop| Ok(n.divide(d, Rounding::Euclidean, stop)?.1)) }

/// The quotient of N and D, rounded up, and the remainder: two values. [Guile]
///
///     (call-with-values (lambda () (ceiling/ -7 2)) list)  => (-3 -1)
fn "ceiling/" (cx, n: Value, d: Value) { two_values(cx, "ceiling/", n, d, Rounding::Ceiling) }

/// The quotient of N and D, rounded up. [Guile]
///
///     (ceiling-quotient -7 2)  => -3
fn "ceiling-quotient" (cx, n: Value, d: Value) { binary(cx, "ceiling-quotient", 1, n, d, |n, d, stop| Ok(n.divide(d, Rounding::Ceiling, stop)?.0)) }

/// What remains of N after the quotient with D, rounded up. [Guile]
///
///     (ceiling-remainder -7 2)  => -1
fn "ceiling-remainder" (cx, n: Value, d: Value) { binary(cx, "ceiling-remainder", 1, n, d, |n, d, stop| Ok(n.divide(d, Rounding::Ceiling, stop)?.1)) }

/// The quotient of N and D, rounded to the nearest integer, from halfway to the even one, and the remainder: two values. [Guile]
///
///     (call-with-values (lambda () (round/ -7 2)) list)  => (-4 1)
fn "round/" (cx, n: Value, d: Value) { two_values(cx, "round/", n, d, Rounding::Round) }

/// The quotient of N and D, rounded to the nearest integer, from halfway to the even one. [Guile]
///
///     (round-quotient -7 2)  => -4
fn "round-quotient" (cx, n: Value, d: Value) { binary(cx, "round-quotient", 1, n, d, |n, d, stop| Ok(n.divide(d, Rounding::Round, stop)?.0)) }

/// What remains of N after the quotient with D, rounded to the nearest integer, from halfway to the even one. [Guile]
///
///     (round-remainder -7 2)  => 1
fn "round-remainder" (cx, n: Value, d: Value) { binary(cx, "round-remainder", 1, n, d, |n, d, stop| Ok(n.divide(d, Rounding::Round, stop)?.1)) }

/// The quotient of N and D, rounded so that the remainder is from -|D/2| to below |D/2|, and the remainder: two values. [Guile]
///
///     (call-with-values (lambda () (centered/ -7 2)) list)  => (-3 -1)
fn "centered/" (cx, n: Value, d: Value) { two_values(cx, "centered/", n, d, Rounding::Centered) }

/// The quotient of N and D, rounded so that the remainder is from -|D/2| to below |D/2|. [Guile]
///
///     (centered-quotient -7 2)  => -3
fn "centered-quotient" (cx, n: Value, d: Value) { binary(cx, "centered-quotient", 1, n, d, |n, d, stop| Ok(n.divide(d, Rounding::Centered, stop)?.0)) }

/// What remains of N after the quotient with D, rounded so that the remainder is from -|D/2| to below |D/2|. [Guile]
///
///     (centered-remainder -7 2)  => -1
fn "centered-remainder" (cx, n: Value, d: Value) { binary(cx, "centered-remainder", 1, n, d, |n, d, stop| Ok(n.divide(d, Rounding::Centered, stop)?.1)) }

/// The greatest common divisor of the NUMBERS; 0 if there are none. [R7RS 6.2]
///
///     (gcd 32 -36)  => 4
///     (gcd)  => 0
fn "gcd" (cx, ..numbers) { fold(cx, "gcd", 0, numbers, Number::gcd) }

/// The least common multiple of the NUMBERS; 1 if there are none. [R7RS 6.2]
///
///     (lcm 32 -36)  => 288
///     (lcm)  => 1
fn "lcm" (cx, ..numbers) { fold(cx, "lcm", 1, numbers, Number::lcm) }

/// The largest integer whose square is not above N, and what the square lacks: two values. [R7RS 6.2]
///
///     (call-with-values (lambda () (exact-integer-sqrt 17)) list)  => (4 1)
fn "exact-integer-sqrt" (cx, n: Value) {
    let n_value = number_argument(cx, "exact-integer-sqrt", 1, n)?;
    match with_stop(&cx.heap, |stop| n_value.exact_integer_sqrt(stop)) {
        Ok((root, rest)) => values(cx, &root, &rest),
        Err(error) => failure(cx, "exact-integer-sqrt", 1, &[n], error),
    }
}

/// The bits that all of the NUMBERS have. [Guile]
///
///     (logand 12 10)  => 8
fn "logand" (cx, ..numbers) { fold(cx, "logand", -1, numbers, |a, b, _| a.bit_and(b)) }

/// The bits that all of the NUMBERS have. [R6RS]
///
///     (bitwise-and 12 10)  => 8
fn "bitwise-and" (cx, ..numbers) { fold(cx, "bitwise-and", -1, numbers, |a, b, _| a.bit_and(b)) }

/// The bits that any of the NUMBERS has. [Guile]
///
///     (logior 12 10)  => 14
fn "logior" (cx, ..numbers) { fold(cx, "logior", 0, numbers, |a, b, _| a.bit_or(b)) }

/// The bits that any of the NUMBERS has. [R6RS]
///
///     (bitwise-ior 12 10)  => 14
fn "bitwise-ior" (cx, ..numbers) { fold(cx, "bitwise-ior", 0, numbers, |a, b, _| a.bit_or(b)) }

/// The bits that an odd number of the NUMBERS have. [Guile]
///
///     (logxor 12 10)  => 6
fn "logxor" (cx, ..numbers) { fold(cx, "logxor", 0, numbers, |a, b, _| a.bit_xor(b)) }

/// The bits that an odd number of the NUMBERS have. [R6RS]
///
///     (bitwise-xor 12 10)  => 6
fn "bitwise-xor" (cx, ..numbers) { fold(cx, "bitwise-xor", 0, numbers, |a, b, _| a.bit_xor(b)) }

/// The bits that N does not have; this is -1 - N. [Guile]
///
///     (lognot 10)  => -11
fn "lognot" (cx, n: Value) { unary(cx, "lognot", n, |n, _| n.bit_not()) }

/// The bits that N does not have; this is -1 - N. [R6RS]
///
///     (bitwise-not 10)  => -11
fn "bitwise-not" (cx, n: Value) { unary(cx, "bitwise-not", n, |n, _| n.bit_not()) }

/// Whether A and B have a bit in common. [Guile]
///
///     (logtest 12 4)  => #t
///     (logtest 12 3)  => #f
fn "logtest" (cx, a: Value, b: Value) { Ok(binary(cx, "logtest", 1, a, b, |a, b, _| a.bit_and(b))? != Value::fixnum(0)) }

/// Whether bit INDEX of N is set; bit 0 counts 1. [Guile]
///
///     (logbit? 1 2)  => #t
///     (logbit? 0 2)  => #f
fn "logbit?" (cx, index: Value, n: Value) {
    let (index_number, number) = (number_argument(cx, "logbit?", 1, index)?, number_argument(cx, "logbit?", 2, n)?);
    Number::bit_set(&index_number, &number).or_else(|error| failure(cx, "logbit?", 1, &[index, n], error))
}

/// How many bits of N are set, or, for a negative N, are not. [Guile]
///
///     (logcount 13)  => 3
///     (logcount -5)  => 1
fn "logcount" (cx, n: Value) { count(cx, "logcount", n, Number::bit_count) }

/// How many bits N needs besides its sign. [Guile]
///
///     (integer-length 8)  => 4
///     (integer-length -8)  => 3
fn "integer-length" (cx, n: Value) { count(cx, "integer-length", n, Number::integer_length) }

/// The bits of N from number START to before number END. [Guile]
///
///     (bit-extract 13 0 3)  => 5
fn "bit-extract" (cx, n: Value, start: Value, end: Value) { bit_extract(cx, n, start, end) }

/// N shifted left by COUNT bits, or to the right, rounding down, if COUNT is negative. [Guile]
///
///     (ash 1 10)  => 1024
///     (ash -5 -1)  => -3
fn "ash" (cx, n: Value, count: Value) { binary(cx, "ash", 1, n, count, |n, count, _| n.shift(count)) }

/// N shifted left by COUNT bits, or to the right, rounding down, if COUNT is negative. [SRFI 151]
///
///     (arithmetic-shift 1 10)  => 1024
///     (arithmetic-shift -5 -1)  => -3
fn "arithmetic-shift" (cx, n: Value, count: Value) { binary(cx, "arithmetic-shift", 1, n, count, |n, count, _| n.shift(count)) }

/// N shifted left by COUNT bits, or to the right, rounding to the nearest integer, if COUNT is negative. [Guile]
///
///     (round-ash 7 -1)  => 4
fn "round-ash" (cx, n: Value, count: Value) { binary(cx, "round-ash", 1, n, count, |n, count, _| n.shift_round(count)) }

/// N to the power of K, modulo M. [Guile]
///
///     (modulo-expt 2 10 1000)  => 24
fn "modulo-expt" (cx, n: Value, k: Value, m: Value) { modulo_expt(cx, n, k, m) }
}

fn values(cx: &mut Cx, a: &Number, b: &Number) -> Answer {
    let values = [finish(cx, a)?, finish(cx, b)?];
    Ok(cx.heap.make(Kind::Values, &values))
}

fn two_values(cx: &mut Cx, who: &str, n: Value, d: Value, rounding: Rounding) -> Answer {
    let (x, y) = (number_argument(cx, who, 1, n)?, number_argument(cx, who, 2, d)?);
    match with_stop(&cx.heap, |stop| x.divide(&y, rounding, stop)) {
        Ok((quotient, remainder)) => values(cx, &quotient, &remainder),
        Err(error) => failure(cx, who, 1, &[n, d], error),
    }
}

/// Joins all numbers; a single one is joined with `unit`, so that it is checked, too.
fn fold(
    cx: &mut Cx,
    who: &str,
    unit: i64,
    numbers: &[Value],
    f: fn(&Number, &Number, &num::Stop) -> num::Result<Number>,
) -> Answer {
    let Some((&first, others)) = numbers.split_first() else { return Ok(Value::fixnum(unit)) };
    check_number(cx, who, 1, first)?;
    let mut result = unary(cx, who, first, |n, stop| f(n, &Number::from(unit), stop))?;
    for (index, &v) in others.iter().enumerate() {
        result = binary(cx, who, index + 1, result, v, f)?;
    }
    Ok(result)
}

fn count(cx: &mut Cx, who: &str, n: Value, f: fn(&Number) -> num::Result<u64>) -> Answer<usize> {
    let number = number_argument(cx, who, 1, n)?;
    match f(&number) {
        Ok(count) => Ok(count as usize),
        Err(error) => failure(cx, who, 1, &[n], error),
    }
}

fn ternary(
    cx: &mut Cx,
    who: &str,
    args: [Value; 3],
    f: impl FnOnce(&Number, &Number, &Number, &num::Stop) -> num::Result<Number>,
) -> Answer {
    let a = number_argument(cx, who, 1, args[0])?;
    let b = number_argument(cx, who, 2, args[1])?;
    let c = number_argument(cx, who, 3, args[2])?;
    match with_stop(&cx.heap, |stop| f(&a, &b, &c, stop)) {
        Ok(result) => finish(cx, &result),
        Err(error) => failure(cx, who, 1, &args, error),
    }
}

fn bit_extract(cx: &mut Cx, n: Value, start: Value, end: Value) -> Answer {
    ternary(cx, "bit-extract", [n, start, end], |n, start, end, _| n.bit_extract(start, end))
}

fn modulo_expt(cx: &mut Cx, n: Value, k: Value, m: Value) -> Answer {
    ternary(cx, "modulo-expt", [n, k, m], |n, k, m, stop| n.modulo_expt(k, m, stop))
}
