//! The tower seen from Scheme: a table of expressions and what they give, most of it as printed by Guile 3.0.8.
//!
//! Where Guile has no exact complex numbers, prints them otherwise, deviates from R7RS or is less precise, the lines stand
//! under a heading that says so.

use super::*;
use std::cell::Cell;
use std::cmp::Ordering;
use std::time::{Duration, Instant};

const NEVER: &Stop = &Stop::NEVER;

/// Reads and evaluates one expression: a number, a string without blanks, or (operator operand ...).
fn eval(text: &str) -> std::result::Result<Vec<Number>, String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let mut open: Vec<Vec<&str>> = vec![vec![]];
    let mut values: Vec<Vec<Number>> = vec![vec![]];
    for token in spaced.split_whitespace() {
        match token {
            "(" => {
                open.push(vec![]);
                values.push(vec![]);
            }
            ")" => {
                let (operator, operands) = (open.pop().unwrap(), values.pop().unwrap());
                let result = apply(operator[0], &operands).map_err(|error| match error {
                    NumError::DivideByZero => "divide-by-zero".to_string(),
                    NumError::TooLarge => "too-large".to_string(),
                    NumError::Interrupted => "interrupted".to_string(),
                    NumError::Wrong { argument, .. } => format!("wrong-{argument}"),
                })?;
                values.last_mut().unwrap().extend(result);
            }
            _ if open.len() > 1 && open.last().unwrap().is_empty() => open.last_mut().unwrap().push(token),
            _ => values.last_mut().unwrap().push(parse(token, 10).unwrap_or_else(|| panic!("{token} in {text}"))),
        }
    }
    Ok(values.pop().unwrap())
}

fn boolean(b: bool) -> Number {
    Number::from(i64::from(b))
}

fn fold(operands: &[Number], start: i64, f: fn(&Number, &Number, &Stop) -> Result<Number>) -> Result<Number> {
    operands.iter().try_fold(Number::from(start), |a, b| f(&a, b, NEVER))
}

fn apply(operator: &str, operands: &[Number]) -> Result<Vec<Number>> {
    if let Some(rounding) = match operator {
        "floor/" => Some(Rounding::Floor),
        "ceiling/" => Some(Rounding::Ceiling),
        "truncate/" => Some(Rounding::Truncate),
        "round/" => Some(Rounding::Round),
        "euclidean/" => Some(Rounding::Euclidean),
        "centered/" => Some(Rounding::Centered),
        _ => None,
    } {
        let (q, r) = operands[0].divide(&operands[1], rounding, NEVER)?;
        return Ok(vec![q, r]);
    }
    if operator == "exact-integer-sqrt" {
        let (s, r) = operands[0].exact_integer_sqrt(NEVER)?;
        return Ok(vec![s, r]);
    }
    let a = operands.first().unwrap_or(&Number::Real(Real::ZERO)).clone();
    let b = operands.get(1).unwrap_or(&Number::Real(Real::ZERO)).clone();
    let order = |wanted: Ordering| Ok(boolean(a.compare(&b, NEVER)? == Some(wanted)));
    let result = match (operator, operands.len()) {
        ("+", 2) => a.add(&b, NEVER),
        ("*", 2) => a.mul(&b, NEVER),
        ("-", 1) => Ok(a.neg()),
        ("-", 2) => a.sub(&b, NEVER),
        ("/", 1) => Number::from(1i64).div(&a, NEVER),
        ("/", 2) => a.div(&b, NEVER),
        ("=", 2) => Ok(boolean(a.equals(&b, NEVER)?)),
        ("<", 2) => order(Ordering::Less),
        (">", 2) => order(Ordering::Greater),
        ("eqv?", 2) => Ok(boolean(a == b)),
        ("max", 2) => a.max(&b, NEVER),
        ("min", 2) => a.min(&b, NEVER),
        ("abs", 1) => a.abs(),
        ("square", 1) => a.square(NEVER),
        ("quotient", 2) => a.quotient(&b, NEVER),
        ("remainder", 2) => a.remainder(&b, NEVER),
        ("modulo", 2) => a.modulo(&b, NEVER),
        ("gcd", _) => fold(operands, 0, Number::gcd),
        ("lcm", _) => fold(operands, 1, Number::lcm),
        ("numerator", 1) => a.numerator(),
        ("denominator", 1) => a.denominator(),
        ("rationalize", 2) => a.rationalize(&b, NEVER),
        ("floor", 1) => a.floor(NEVER),
        ("ceiling", 1) => a.ceiling(NEVER),
        ("truncate", 1) => a.truncate(NEVER),
        ("round", 1) => a.round(NEVER),
        ("exact", 1) => a.to_exact(),
        ("inexact", 1) => Ok(a.to_inexact()),
        ("exp", 1) => Ok(a.exp()),
        ("log", 1) => a.log(NEVER),
        ("log", 2) => a.log_base(&b, NEVER),
        ("sin", 1) => Ok(a.sin()),
        ("cos", 1) => Ok(a.cos()),
        ("tan", 1) => Ok(a.tan()),
        ("asin", 1) => Ok(a.asin()),
        ("acos", 1) => Ok(a.acos()),
        ("atan", 1) => Ok(a.atan()),
        ("atan", 2) => a.atan2(&b),
        ("sinh", 1) => Ok(a.sinh()),
        ("cosh", 1) => Ok(a.cosh()),
        ("tanh", 1) => Ok(a.tanh()),
        ("asinh", 1) => Ok(a.asinh()),
        ("acosh", 1) => Ok(a.acosh()),
        ("atanh", 1) => Ok(a.atanh()),
        ("sqrt", 1) => a.sqrt(NEVER),
        ("expt", 2) => a.expt(&b, NEVER),
        ("integer-expt", 2) => a.integer_expt(&b, NEVER),
        ("modulo-expt", 3) => a.modulo_expt(&b, &operands[2], NEVER),
        ("make-rectangular", 2) => Ok(Number::rectangular(a.real(1)?.clone(), b.real(2)?.clone())),
        ("make-polar", 2) => Ok(Number::polar(a.real(1)?, b.real(2)?)),
        ("real-part", 1) => Ok(Number::Real(a.real_part())),
        ("imag-part", 1) => Ok(Number::Real(a.imag_part())),
        ("magnitude", 1) => Ok(Number::Real(a.magnitude(NEVER)?)),
        ("angle", 1) => Ok(Number::Real(a.angle())),
        ("logand", 2) => a.bit_and(&b),
        ("logior", 2) => a.bit_or(&b),
        ("logxor", 2) => a.bit_xor(&b),
        ("lognot", 1) => a.bit_not(),
        ("logtest", 2) => Ok(boolean(a.bit_test(&b)?)),
        ("ash", 2) => a.shift(&b),
        ("round-ash", 2) => a.shift_round(&b),
        ("logcount", 1) => Ok(Number::from(a.bit_count()? as i64)),
        ("integer-length", 1) => Ok(Number::from(a.integer_length()? as i64)),
        ("logbit?", 2) => Ok(boolean(Number::bit_set(&a, &b)?)),
        ("bit-extract", 3) => a.bit_extract(&b, &operands[2]),
        ("integer?", 1) => Ok(boolean(a.is_integer())),
        ("rational?", 1) => Ok(boolean(a.is_rational())),
        ("real?", 1) => Ok(boolean(a.is_real())),
        ("exact?", 1) => Ok(boolean(a.is_exact())),
        ("exact-integer?", 1) => Ok(boolean(a.is_exact_integer())),
        ("nan?", 1) => Ok(boolean(a.is_nan())),
        ("finite?", 1) => Ok(boolean(a.is_finite())),
        ("infinite?", 1) => Ok(boolean(a.is_infinite())),
        ("zero?", 1) => Ok(boolean(a.is_zero())),
        ("positive?", 1) => a.is_positive().map(boolean),
        ("negative?", 1) => a.is_negative().map(boolean),
        ("odd?", 1) => a.is_odd().map(boolean),
        ("even?", 1) => a.is_even().map(boolean),
        _ => panic!("no operation {operator} of {} operands", operands.len()),
    };
    Ok(vec![result?])
}

/// Checks lines of the form `expression ==> value ...`; a boolean is 1 or 0, an error its name.
fn check(table: &str) {
    let mut wrong = vec![];
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (expression, expected) = line.split_once(" ==> ").expect(line);
        let printed = match eval(expression) {
            Ok(values) => values.iter().map(|value| format(value, 10, NEVER).unwrap()).collect::<Vec<_>>().join(" "),
            Err(error) => error,
        };
        if printed != expected {
            wrong.push(format!("{expression} ==> {printed}, should be {expected}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn sums_and_products() {
    check(
        "
        (+ 0 1.5) ==> 1.5
        (+ 0 -0.0) ==> 0.0
        (- 0 0.0) ==> -0.0
        (- 0 -0.0) ==> 0.0
        (- -0.0) ==> 0.0
        (- 0.0 0) ==> 0.0
        (- -0.0 0) ==> -0.0
        (+ -0.0 0) ==> 0.0
        (* 0 1.5) ==> 0.0
        (* 0 -1.5) ==> -0.0
        (* 0 +inf.0) ==> +nan.0
        (* 0 +nan.0) ==> +nan.0
        (* 0.0 0) ==> 0.0
        (* -1 0.0) ==> -0.0
        (* 1/2 1.5) ==> 0.75
        (* 1/3 3.0) ==> 1.0
        (+ 1/3 0.1) ==> 0.43333333333333335
        (+ 1/2 1/2) ==> 1
        (- 1/2 1/3) ==> 1/6
        (* 2/3 3/2) ==> 1
        (/ 6 4) ==> 3/2
        (/ 3 1) ==> 3
        (/ 2) ==> 1/2
        (/ 0.5) ==> 2.0
        (/ -4 6) ==> -2/3
        (/ 4 -6) ==> -2/3
        (/ 1/2 -3/4) ==> -2/3
        (/ 0 1.5) ==> 0.0
        (/ 0 0.0) ==> +nan.0
        (/ 0 0) ==> divide-by-zero
        (/ 1 0) ==> divide-by-zero
        (/ 1 0.0) ==> +inf.0
        (/ 1 -0.0) ==> -inf.0
        (/ 1.0 0) ==> divide-by-zero
        (/ 0.0 0) ==> divide-by-zero
        (/ 1/2 0.0) ==> +inf.0
        (/ 0 +inf.0) ==> 0.0
        (/ 0 +nan.0) ==> +nan.0
        (/ 0) ==> divide-by-zero
        (/ 0.0) ==> +inf.0
        (/ 1/2 0) ==> divide-by-zero
        (- 5) ==> -5
        (+ 9223372036854775807 1) ==> 9223372036854775808
        (- -9223372036854775808 1) ==> -9223372036854775809
        (* 4294967296 4294967296) ==> 18446744073709551616
        (- 18446744073709551616 18446744073709551615) ==> 1
        (* 99999999999999999999 99999999999999999999) ==> 9999999999999999999800000000000000000001
        (+ 1/3 2/3) ==> 1
        (+ 1/6 1/10) ==> 4/15
        (- 0 1/2) ==> -1/2
        (* 0 1/2) ==> 0
        (- (expt 10 30)) ==> -1000000000000000000000000000000
        (abs -5) ==> 5
        (abs -1/2) ==> 1/2
        (abs -0.0) ==> 0.0
        (abs -inf.0) ==> +inf.0
        ",
    );
}

#[test]
fn order() {
    check(
        "
        (= 1 1.0) ==> 1
        (= 1/3 0.3333333333333333) ==> 0
        (< 1/3 0.3333333333333333) ==> 0
        (> 1/3 0.3333333333333333) ==> 1
        (= (expt 2 53) 9007199254740992.0) ==> 1
        (= (+ 1 (expt 2 53)) 9007199254740992.0) ==> 0
        (> (+ 1 (expt 2 53)) 9007199254740992.0) ==> 1
        (< (expt 10 400) +inf.0) ==> 1
        (> (- (expt 10 400)) -inf.0) ==> 1
        (> (expt 10 400) 1e308) ==> 1
        (< +nan.0 1) ==> 0
        (> +nan.0 1) ==> 0
        (= +nan.0 +nan.0) ==> 0
        (= 0.0 -0.0) ==> 1
        (= 1/2 0.5) ==> 1
        (< 1/2 2/3) ==> 1
        (< -2/3 -1/2) ==> 1
        (< 5e-324 (/ 1 (expt 10 400))) ==> 0
        (> 1/1000000000000000000000 0) ==> 1
        (eqv? 0.0 -0.0) ==> 0
        (eqv? +nan.0 +nan.0) ==> 1
        (eqv? 1 1.0) ==> 0
        (eqv? (expt 10 30) (expt 10 30)) ==> 1
        (eqv? 1/2 1/2) ==> 1
        (max 1 2.0) ==> 2.0
        (max 3 2.0) ==> 3.0
        (min 1 2.0) ==> 1.0
        (min 3 2.0) ==> 2.0
        (max 1 +nan.0) ==> +nan.0
        (max +nan.0 1) ==> +nan.0
        (min +nan.0 1.0) ==> +nan.0
        (max 1/2 0.3) ==> 0.5
        (max 1/2 2/3) ==> 2/3
        (max -0.0 0) ==> 0.0
        (max 0 -0.0) ==> 0.0
        (max 0.0 -0.0) ==> 0.0
        (min 0.0 -0.0) ==> -0.0
        (min -0.0 0.0) ==> -0.0
        (max (expt 10 400) 1.0) ==> +inf.0
        (max +inf.0 (expt 10 400)) ==> +inf.0
        ",
    );
}

#[test]
fn predicates() {
    check(
        "
        (integer? 1.0) ==> 1
        (integer? 1.5) ==> 0
        (integer? +inf.0) ==> 0
        (integer? 1/2) ==> 0
        (rational? +inf.0) ==> 0
        (rational? 1.5) ==> 1
        (real? +inf.0) ==> 1
        (real? 1.0+0.0i) ==> 0
        (real? 1+0i) ==> 1
        (nan? 1) ==> 0
        (nan? +nan.0) ==> 1
        (finite? -inf.0) ==> 0
        (finite? 1/2) ==> 1
        (odd? 3.0) ==> 1
        (even? 2.0) ==> 1
        (odd? 1.5) ==> wrong-1
        (odd? +inf.0) ==> wrong-1
        (even? 1/2) ==> wrong-1
        (even? 0) ==> 1
        (odd? -1) ==> 1
        (zero? 0.0) ==> 1
        (zero? -0.0) ==> 1
        (zero? 1+i) ==> 0
        (zero? 0.0+0.0i) ==> 1
        (positive? +inf.0) ==> 1
        (positive? +nan.0) ==> 0
        (positive? 0) ==> 0
        (negative? -1/2) ==> 1
        (negative? -0.0) ==> 0
        (positive? 1+i) ==> wrong-1
        (exact-integer? 5) ==> 1
        (exact-integer? 5.0) ==> 0
        (exact-integer? 1/2) ==> 0
        (exact? 1/2) ==> 1
        (exact? 1.0) ==> 0
        (exact? 1.0+1.0i) ==> 0
        ",
    );
}

#[test]
fn quotients_of_integers() {
    check(
        "
        (quotient 17 5) ==> 3
        (quotient -17 5) ==> -3
        (quotient 17.0 5) ==> 3.0
        (quotient 17.5 5) ==> wrong-1
        (quotient 1/2 5) ==> wrong-1
        (quotient 1 0) ==> divide-by-zero
        (quotient 1.0 0) ==> divide-by-zero
        (quotient 1.0 0.0) ==> divide-by-zero
        (modulo 1 0.0) ==> divide-by-zero
        (modulo -7 2) ==> 1
        (modulo 7 -2) ==> -1
        (modulo -7 2.0) ==> 1.0
        (remainder -7 2) ==> -1
        (remainder 7 -2) ==> 1
        (remainder -7.0 2) ==> -1.0
        (remainder +inf.0 2) ==> wrong-1
        (modulo -1.0 1) ==> 0.0
        (modulo 1.0 -1) ==> 0.0
        (remainder -1.0 1) ==> 0.0
        (modulo -1 1.0) ==> 0.0
        (modulo (expt 10 30) 7) ==> 1
        (modulo (- (expt 10 30)) 7) ==> 6
        (modulo 7 (- (expt 10 30))) ==> -999999999999999999999999999993
        (quotient (expt 10 30) (expt 10 28)) ==> 100
        (quotient 1e20 -7) ==> -14285714285714287000.0
        ",
    );
}

#[test]
fn divisions_in_six_roundings() {
    check(
        "
        (floor/ 7 2) ==> 3 1
        (floor/ -7 2) ==> -4 1
        (floor/ 7 -2) ==> -4 -1
        (floor/ -7 -2) ==> 3 -1
        (floor/ 7.0 -2) ==> -4.0 -1.0
        (floor/ 7.5 2) ==> 3.0 1.5
        (floor/ 7/2 2) ==> 1 3/2
        (floor/ 1 0) ==> divide-by-zero
        (floor/ 1.0 0) ==> divide-by-zero
        (floor/ 1.0 0.0) ==> divide-by-zero
        (floor/ 5 +inf.0) ==> 0.0 +nan.0
        (floor/ -5 +inf.0) ==> -0.0 +nan.0
        (floor/ +inf.0 2) ==> +inf.0 +nan.0
        (floor/ +nan.0 2) ==> +nan.0 +nan.0
        (floor/ 0.0 2) ==> 0.0 0.0
        (floor/ -0.0 2) ==> -0.0 0.0
        (floor/ -1.0 1) ==> -1.0 0.0
        (truncate/ 7 2) ==> 3 1
        (truncate/ -7 2) ==> -3 -1
        (truncate/ 7 -2) ==> -3 1
        (truncate/ -7 -2) ==> 3 -1
        (truncate/ -7.5 2) ==> -3.0 -1.5
        (truncate/ 7/2 -2/3) ==> -5 1/6
        (truncate/ 1.0 0.0) ==> divide-by-zero
        (truncate/ -5 +inf.0) ==> -0.0 +nan.0
        (truncate/ -1.0 1) ==> -1.0 0.0
        (euclidean/ -7 2) ==> -4 1
        (euclidean/ -7 -2) ==> 4 1
        (euclidean/ 7 -2) ==> -3 1
        (euclidean/ 7.5 -2) ==> -3.0 1.5
        (euclidean/ -5 +inf.0) ==> -0.0 +nan.0
        (euclidean/ -5 -inf.0) ==> 0.0 +nan.0
        (euclidean/ 1 0) ==> divide-by-zero
        (ceiling/ 7 2) ==> 4 -1
        (ceiling/ -7 2) ==> -3 -1
        (ceiling/ 7 -2) ==> -3 1
        (ceiling/ -7 -2) ==> 4 1
        (ceiling/ 7.5 2) ==> 4.0 -0.5
        (ceiling/ 7/2 2) ==> 2 -1/2
        (ceiling/ 5 +inf.0) ==> 0.0 +nan.0
        (ceiling/ 6 2) ==> 3 0
        (round/ 7 2) ==> 4 -1
        (round/ 5 2) ==> 2 1
        (round/ -7 2) ==> -4 1
        (round/ 7 -2) ==> -4 -1
        (round/ -5 2) ==> -2 -1
        (round/ -5 -2) ==> 2 -1
        (round/ 5.0 2) ==> 2.0 1.0
        (round/ 7/2 1) ==> 4 -1/2
        (round/ 3 5) ==> 1 -2
        (round/ -3 5) ==> -1 2
        (round/ 2 5) ==> 0 2
        (round/ 5 +inf.0) ==> 0.0 +nan.0
        (centered/ 7 2) ==> 4 -1
        (centered/ 5 2) ==> 3 -1
        (centered/ -7 2) ==> -3 -1
        (centered/ 7 -2) ==> -4 -1
        (centered/ 5.0 2) ==> 3.0 -1.0
        (centered/ 7/2 1) ==> 4 -1/2
        (centered/ 1 2) ==> 1 -1
        (centered/ -1 2) ==> 0 -1
        (centered/ 1 -2) ==> -1 -1
        (centered/ -1 -2) ==> 0 -1
        (centered/ 5 +inf.0) ==> 0.0 +nan.0
        (centered/ 3 -5) ==> -1 -2
        (centered/ -3 5) ==> -1 2
        (centered/ 2 5) ==> 0 2
        (floor/ (expt 10 30) -7) ==> -142857142857142857142857142858 -6
        (round/ (expt 10 30) (- (expt 10 29) 1)) ==> 10 10
        ",
    );
}

#[test]
fn common_divisors_and_fractions() {
    check(
        "
        (gcd) ==> 0
        (gcd 12 18) ==> 6
        (gcd 12.0 18) ==> 6.0
        (gcd 0 0) ==> 0
        (gcd -12 18) ==> 6
        (gcd 0 5) ==> 5
        (gcd 0.0 5) ==> 5.0
        (gcd -5) ==> 5
        (gcd -5.0) ==> 5.0
        (gcd 0 5.0) ==> 5.0
        (gcd 1e20 15) ==> 5.0
        (gcd (expt 6 50) (expt 10 40)) ==> 1099511627776
        (lcm) ==> 1
        (lcm 4 6) ==> 12
        (lcm 4.0 6) ==> 12.0
        (lcm 0 5) ==> 0
        (lcm -4 6) ==> 12
        (lcm -5) ==> 5
        (lcm 0 5.0) ==> 0.0
        (lcm 32 -36) ==> 288
        (numerator 6/4) ==> 3
        (denominator 6/4) ==> 2
        (numerator -6/4) ==> -3
        (numerator 2.5) ==> 5.0
        (denominator 2.5) ==> 2.0
        (numerator 3) ==> 3
        (denominator 0) ==> 1
        (denominator 0.0) ==> 1.0
        (numerator -0.0) ==> -0.0
        (rationalize 3/10 1/10) ==> 1/3
        (rationalize 0.3 1/10) ==> 0.3333333333333333
        (rationalize 1/2 0) ==> 1/2
        (rationalize +inf.0 1) ==> +inf.0
        (rationalize 1 +inf.0) ==> 0.0
        (rationalize +inf.0 +inf.0) ==> +nan.0
        (rationalize -3/10 1/10) ==> -1/3
        (rationalize 1/10 1) ==> 0
        (rationalize +nan.0 1) ==> +nan.0
        (rationalize 5 1/2) ==> 5
        (rationalize 1 +nan.0) ==> +nan.0
        (rationalize 3/10 -1/10) ==> 1/3
        (rationalize 355/113 1/1000) ==> 201/64
        (rationalize 3.14159265358979 1e-6) ==> 3.1415929203539825
        (rationalize 10 1/100) ==> 10
        (rationalize 7/2 1/2) ==> 3
        ",
    );
}

#[test]
fn rounding() {
    check(
        "
        (floor 2.5) ==> 2.0
        (floor -7/2) ==> -4
        (ceiling -7/2) ==> -3
        (truncate -7/2) ==> -3
        (floor 7/2) ==> 3
        (ceiling 7/2) ==> 4
        (truncate 7/2) ==> 3
        (round 7/2) ==> 4
        (round 5/2) ==> 2
        (round -5/2) ==> -2
        (round -7/2) ==> -4
        (round 8/3) ==> 3
        (round -8/3) ==> -3
        (round 1/3) ==> 0
        (round 2.5) ==> 2.0
        (round 3.5) ==> 4.0
        (round -2.5) ==> -2.0
        (ceiling -0.5) ==> -0.0
        (floor +inf.0) ==> +inf.0
        (round +nan.0) ==> +nan.0
        (floor 1+i) ==> wrong-1
        (round 0.49999999999999994) ==> 0.0
        (round 4503599627370497.5) ==> 4503599627370498.0
        (truncate -2.7) ==> -2.0
        (round 7) ==> 7
        (exact 2.5) ==> 5/2
        (exact 1e18) ==> 1000000000000000000
        (exact 1e20) ==> 100000000000000000000
        (exact -0.1) ==> -3602879701896397/36028797018963968
        (exact -0.0) ==> 0
        (exact 5e-324) ==> 1/202402253307310618352495346718917307049556649764142118356901358027430339567995346891960383701437124495187077864316811911389808737385793476867013399940738509921517424276566361364466907742093216341239767678472745068562007483424692698618103355649159556340810056512358769552333414615230502532186327508646006263307707741093494784
        (inexact 1/3) ==> 0.3333333333333333
        (inexact (/ (expt 10 400) (+ 1 (expt 10 399)))) ==> 10.0
        (inexact (/ 1 (expt 10 320))) ==> 1.0e-320
        (inexact (/ 1 (expt 10 400))) ==> 0.0
        (inexact 12345678901234567890123) ==> 1.2345678901234568e22
        (inexact (- (expt 10 400))) ==> -inf.0
        (inexact (/ (expt 3 700) (expt 2 1100))) ==> 711.0220569369853
        (inexact 9007199254740993/9007199254740992) ==> 1.0
        ",
    );
}

#[test]
fn powers() {
    check(
        "
        (expt 0 0) ==> 1
        (expt 0 5) ==> 0
        (expt 0.0 5) ==> 0.0
        (expt 0 0.0) ==> 1.0
        (expt 0 1.5) ==> 0.0
        (expt 0 2.0) ==> 0.0
        (expt 0 1/2) ==> 0.0
        (expt 0 +nan.0) ==> +nan.0
        (expt 0 +inf.0) ==> 0.0
        (expt 0.0 0.0) ==> 1.0
        (expt 0.0 0.5) ==> 0.0
        (expt -0.0 3) ==> -0.0
        (expt 1 1.5) ==> 1.0
        (expt 1 +nan.0) ==> 1.0
        (expt 1 +inf.0) ==> 1.0
        (expt 2 0.5) ==> 1.4142135623730951
        (expt 4 1/2) ==> 2.0
        (expt 8 1/3) ==> 2.0
        (expt 27 2/3) ==> 8.999999999999998
        (expt 9/4 1/2) ==> 1.5
        (expt 2/3 -3) ==> 27/8
        (expt 2/3 2.0) ==> 0.4444444444444444
        (expt -1/2 3) ==> -1/8
        (expt -1/2 -3) ==> -8
        (expt -8 1/3) ==> 1.0+1.732050807568877i
        (expt 2.0 3) ==> 8.0
        (expt -2.0 3) ==> -8.0
        (expt 2 -3) ==> 1/8
        (expt -2 -3) ==> -1/8
        (expt -2 3.0) ==> -8.0
        (expt -2.0 3.0) ==> -8.0
        (expt 2 1.0) ==> 2.0
        (expt 10 -5) ==> 1/100000
        (expt 10 2.0) ==> 100.0
        (expt 2.0 1000000) ==> +inf.0
        (expt -1 1e20) ==> 1.0
        (expt +inf.0 0) ==> 1
        (expt +inf.0 -1) ==> 0.0
        (expt -inf.0 3) ==> -inf.0
        (expt +nan.0 0) ==> 1
        (expt +nan.0 0.0) ==> 1.0
        (expt 1 (expt 10 30)) ==> 1
        (expt -1 (expt 10 30)) ==> 1
        (expt -1 (+ 1 (expt 10 30))) ==> -1
        (expt 0 (expt 10 30)) ==> 0
        (expt 7 25) ==> 1341068619663964900807
        (expt -3 41) ==> -36472996377170786403
        (integer-expt 2 10) ==> 1024
        (integer-expt 0.5 3) ==> 0.125
        (integer-expt 2 -2) ==> 1/4
        (integer-expt 0 0) ==> 1
        (modulo-expt 3 100 7) ==> 4
        (modulo-expt 3 -1 7) ==> 5
        (modulo-expt 2 -1 4) ==> divide-by-zero
        (modulo-expt 3 5 -7) ==> -2
        (modulo-expt -3 5 7) ==> 2
        (modulo-expt 3 5 0) ==> divide-by-zero
        (modulo-expt 3 5 1) ==> 0
        (modulo-expt 3 0 1) ==> 0
        (modulo-expt 3 0 -7) ==> -6
        (modulo-expt 7 (expt 10 40) (+ 1 (expt 10 30))) ==> 613686378350578300135472064692
        ",
    );
}

#[test]
fn roots() {
    check(
        "
        (sqrt 16) ==> 4
        (sqrt 2) ==> 1.4142135623730951
        (sqrt 2.25) ==> 1.5
        (sqrt 1/4) ==> 1/2
        (sqrt 2/9) ==> 0.4714045207910317
        (sqrt 1/3) ==> 0.5773502691896257
        (sqrt -0.0) ==> -0.0
        (sqrt 0) ==> 0
        (sqrt 0.0) ==> 0.0
        (sqrt +inf.0) ==> +inf.0
        (sqrt +nan.0) ==> +nan.0
        (sqrt (expt 10 60)) ==> 1000000000000000000000000000000
        (sqrt (+ 1 (expt 10 400))) ==> 1.0e200
        (sqrt (/ 1 (expt 10 40))) ==> 1/100000000000000000000
        (sqrt 152415787532388367501905199875019052100) ==> 12345678901234567890
        (sqrt (expt 2 53)) ==> 94906265.62425156
        (sqrt 12345678987654321) ==> 111111111
        (exact-integer-sqrt 17) ==> 4 1
        (exact-integer-sqrt 0) ==> 0 0
        (exact-integer-sqrt -1) ==> wrong-1
        (exact-integer-sqrt 4.0) ==> wrong-1
        (exact-integer-sqrt (+ 5 (expt 10 40))) ==> 100000000000000000000 5
        ",
    );
}

#[test]
fn transcendental_functions_of_reals() {
    check(
        "
        (exp 0) ==> 1.0
        (exp 0.0) ==> 1.0
        (exp 1) ==> 2.718281828459045
        (exp -inf.0) ==> 0.0
        (exp 1/2) ==> 1.6487212707001282
        (exp +nan.0) ==> +nan.0
        (log 1) ==> 0.0
        (log 0) ==> divide-by-zero
        (log 0.0) ==> -inf.0
        (log -1) ==> 0.0+3.141592653589793i
        (log -1.0) ==> 0.0+3.141592653589793i
        (log -0.0) ==> -inf.0+3.141592653589793i
        (log (expt 10 400)) ==> 921.0340371976182
        (log (- (expt 10 400))) ==> 921.0340371976182+3.141592653589793i
        (log (/ 1 (expt 10 400))) ==> -921.0340371976182
        (log -1/3) ==> -1.0986122886681098+3.141592653589793i
        (log 1.0) ==> 0.0
        (log +inf.0) ==> +inf.0
        (log -inf.0) ==> +inf.0+3.141592653589793i
        (log +nan.0) ==> +nan.0
        (sin 0) ==> 0
        (cos 0) ==> 1
        (tan 0) ==> 0
        (asin 0) ==> 0
        (acos 1) ==> 0
        (acos 0) ==> 1.5707963267948966
        (atan 0) ==> 0
        (sin 0.0) ==> 0.0
        (cos 0.0) ==> 1.0
        (atan 1) ==> 0.7853981633974483
        (asin 1) ==> 1.5707963267948966
        (asin 1/2) ==> 0.5235987755982989
        (asin 2) ==> 1.5707963267948966-1.3169578969248166i
        (acos 2) ==> 0.0+1.3169578969248166i
        (atan 0 1) ==> 0.0
        (atan 1 0) ==> 1.5707963267948966
        (atan 0 -1) ==> 3.141592653589793
        (atan 0.0 0) ==> 0.0
        (atan 0 1.0) ==> 0.0
        (atan 1 1) ==> 0.7853981633974483
        (atan -0.0 -1) ==> -3.141592653589793
        (atan 0 -1.0) ==> 3.141592653589793
        (atan 1 2) ==> 0.4636476090008061
        (atan 1/2 1/3) ==> 0.982793723247329
        (atan 0.0 0.0) ==> 0.0
        (atan -1 0) ==> -1.5707963267948966
        (sinh 0) ==> 0
        (cosh 0) ==> 1
        (tanh 0) ==> 0
        (asinh 0) ==> 0
        (acosh 1) ==> 0
        (acosh 0) ==> 0.0+1.5707963267948966i
        (atanh 0) ==> 0
        (atanh 1) ==> +inf.0
        (atanh 0.5) ==> 0.5493061443340548
        (sinh 1) ==> 1.1752011936438014
        (cosh 1) ==> 1.5430806348152437
        (tanh 1) ==> 0.7615941559557649
        (asinh 1) ==> 0.881373587019543
        (acosh 2) ==> 1.3169578969248166
        ",
    );
}

#[test]
fn transcendental_functions_of_complex_numbers() {
    check(
        "
        (exp +i) ==> 0.5403023058681398+0.8414709848078965i
        (exp 1+i) ==> 1.4686939399158851+2.2873552871788423i
        (log +i) ==> 0.0+1.5707963267948966i
        (log 1+i) ==> 0.34657359027997264+0.7853981633974483i
        (sin 1+i) ==> 1.2984575814159773+0.6349639147847361i
        (cos 1+i) ==> 0.8337300251311491-0.9888977057628651i
        (sin +i) ==> 0.0+1.1752011936438014i
        (atan 2+i) ==> 1.1780972450961724+0.17328679513998632i
        (atan +2i) ==> 1.5707963267948966+0.5493061443340549i
        (atan 1+i) ==> 1.0172219678978514+0.40235947810852507i
        (sinh +i) ==> 0.0+0.8414709848078965i
        (cosh +i) ==> 0.5403023058681398+0.0i
        (asinh +i) ==> 0.0+1.5707963267948966i
        (asinh +2i) ==> 1.3169578969248166+1.5707963267948966i
        (atanh +i) ==> 0.0+0.7853981633974483i
        (sqrt 3.0+4.0i) ==> 2.0+1.0i
        (sqrt -3.0+4.0i) ==> 1.0+2.0i
        (sqrt -1.0+0.0i) ==> 0.0+1.0i
        (sqrt -1.0-0.0i) ==> 0.0-1.0i
        (sqrt 1/4+i) ==> 0.8002425902201205+0.6248105338438266i
        (expt +i 0.0) ==> 1.0
        (expt 1+2i 3.0) ==> -11.0-2.0i
        (expt 2 +i) ==> 0.7692389013639721+0.6389612763136348i
        (expt 0.5 +i) ==> 0.7692389013639721-0.6389612763136348i
        (expt +i 0) ==> 1
        ",
    );
}

#[test]
fn polar_and_rectangular() {
    check(
        "
        (make-rectangular 1 0) ==> 1
        (make-rectangular 1.5 0) ==> 1.5
        (make-polar 1 2) ==> -0.4161468365471424+0.9092974268256817i
        (make-polar 0 2) ==> 0
        (make-polar 2 0) ==> 2
        (make-polar 2.0 0) ==> 2.0
        (make-polar 2 0.0) ==> 2.0+0.0i
        (real-part 1.5) ==> 1.5
        (imag-part 1.5) ==> 0
        (magnitude -5) ==> 5
        (magnitude 1+i) ==> 1.4142135623730951
        (magnitude 3.0+4.0i) ==> 5.0
        (angle -1) ==> 3.141592653589793
        (angle 1) ==> 0.0
        (angle -1.0) ==> 3.141592653589793
        (angle 1.0) ==> 0.0
        (angle +i) ==> 1.5707963267948966
        (angle 0) ==> 0.0
        (angle -0.0) ==> 3.141592653589793
        (angle 1.0+0.0i) ==> 0.0
        (magnitude +inf.0+i) ==> +inf.0
        (angle -1/2) ==> 3.141592653589793
        (/ 1+i 0) ==> divide-by-zero
        (/ 1.0+2.0i 3+4i) ==> 0.44+0.08i
        (+ 0 1.0+2.0i) ==> 1.0+2.0i
        (/ 2 1.0+1.0i) ==> 1.0-1.0i
        (= 1.0+0.0i 1) ==> 1
        (= 1+i 1.0+1.0i) ==> 1
        (< 1+i 2) ==> wrong-1
        (max 1+i 2) ==> wrong-1
        (eqv? 1+i 1+i) ==> 1
        (abs 1+i) ==> wrong-1
        ",
    );
}

#[test]
fn bits() {
    check(
        "
        (logand 5 3) ==> 1
        (logior 5 -8) ==> -3
        (logxor -1 5) ==> -6
        (lognot 5) ==> -6
        (lognot -1) ==> 0
        (logand -1 (expt 2 70)) ==> 1180591620717411303424
        (logior -1 (expt 2 70)) ==> -1
        (logxor (- (expt 2 70)) (expt 2 70)) ==> -2361183241434822606848
        (logand 1.0 2) ==> wrong-1
        (logand 1/2 1) ==> wrong-1
        (ash 1 10) ==> 1024
        (ash -5 -1) ==> -3
        (ash 1 -100) ==> 0
        (ash -1 -100) ==> -1
        (ash 1 100) ==> 1267650600228229401496703205376
        (ash (- (expt 2 70)) -69) ==> -2
        (ash 1.0 2) ==> wrong-1
        (ash -3 3) ==> -24
        (round-ash 5 -1) ==> 2
        (round-ash 7 -1) ==> 4
        (round-ash -5 -1) ==> -2
        (round-ash -7 -1) ==> -4
        (round-ash 1 -1) ==> 0
        (round-ash 3 -2) ==> 1
        (round-ash 1 -100) ==> 0
        (round-ash 3 2) ==> 12
        (round-ash 6 -2) ==> 2
        (round-ash 10 -2) ==> 2
        (logcount 5) ==> 2
        (logcount -5) ==> 1
        (logcount 0) ==> 0
        (logcount (- (expt 2 70))) ==> 70
        (integer-length 255) ==> 8
        (integer-length 256) ==> 9
        (integer-length -256) ==> 8
        (integer-length -257) ==> 9
        (integer-length 0) ==> 0
        (integer-length -1) ==> 0
        (logbit? 0 5) ==> 1
        (logbit? 1 5) ==> 0
        (logbit? 1000 -1) ==> 1
        (logbit? -1 5) ==> wrong-1
        (bit-extract 1234 2 5) ==> 4
        (bit-extract -1 4 10) ==> 63
        (bit-extract 5 0 0) ==> 0
        (bit-extract -1 0 70) ==> 1180591620717411303423
        (logtest 1 2) ==> 0
        (logtest 3 2) ==> 1
        ",
    );
}

/// R7RS where Guile parts from it, or a more precise result.
#[test]
fn where_guile_differs() {
    check(
        "
        (round -0.5) ==> -0.0
        (modulo 1e20 7.0) ==> 2.0
        (remainder 1e300 7) ==> 1.0
        (expt 0.0 0) ==> 1.0
        (integer-expt 0.0 0) ==> 1.0
        (expt 0 -1) ==> divide-by-zero
        (expt 0.0 -1) ==> +inf.0
        (expt -0.0 -3) ==> -inf.0
        (expt 0 -1.0) ==> +inf.0
        (expt 0 1+i) ==> 0.0
        (expt 0 +i) ==> divide-by-zero
        (expt 0 -1+i) ==> divide-by-zero
        (expt 0.0 +i) ==> +nan.0+nan.0i
        (expt 2.5 -2) ==> 0.16
        (expt 10.0 -5) ==> 1.0e-5
        (expt -2.0 (+ 1 (expt 2 60))) ==> -inf.0
        (expt -1.0 (+ 1 (expt 10 30))) ==> -1.0
        (expt -1 1/2) ==> 0.0+1.0i
        (expt -4.0 0.5) ==> 0.0+2.0i
        (expt +i 1/2) ==> 0.7071067811865476+0.7071067811865476i
        (gcd 1/2 2) ==> wrong-2
        (lcm 1.5 2) ==> wrong-2
        (quotient 3 1/2) ==> wrong-2
        (modulo-expt 2 3 1.0) ==> wrong-3
        (log 1/3) ==> -1.0986122886681098
        (log 1000000000000000000001/1000000000000000000000) ==> 1.0e-21
        (log 8 2) ==> 3.0
        (log 100 10) ==> 2.0
        (log 4096 2) ==> 12.0
        (log 2 1) ==> +inf.0
        (log 0 2) ==> divide-by-zero
        (log 2 0) ==> divide-by-zero
        (log -8 2) ==> 3.0+4.532360141827194i
        (asin -2) ==> -1.5707963267948966+1.3169578969248166i
        (acos -2) ==> 3.141592653589793-1.3169578969248166i
        (acosh -2) ==> 1.3169578969248166+3.141592653589793i
        (acosh 0.5) ==> 0.0+1.0471975511965979i
        (atanh 2) ==> 0.5493061443340548+1.5707963267948966i
        (atanh -2) ==> -0.5493061443340548+1.5707963267948966i
        (acosh +i) ==> 0.881373587019543+1.5707963267948966i
        (tan 1+i) ==> 0.27175258531951174+1.0839233273386946i
        (tan 1+400i) ==> 0.0+1.0i
        (tanh 3-2i) ==> 1.0032386273536098+0.003764025641504248i
        (tanh +i) ==> 0.0+1.5574077246549023i
        (asin 1+i) ==> 0.6662394324925153+1.0612750619050357i
        (acosh 1+i) ==> 1.0612750619050357+0.9045568943023814i
        (atan +i) ==> 0.0+inf.0i
        (sqrt 1e308+1e308i) ==> 1.09868411346781e154+4.5508986056222734e153i
        (sqrt 1e-320-1e-320i) ==> 1.0986779977260263e-160-4.5508732733903664e-161i
        (sqrt (/ (expt 10 900) (+ 1 (expt 10 299)))) ==> 3.1622776601683795e300
        (sqrt (+ 1 (expt 10 601))) ==> 3.1622776601683795e300
        ",
    );
}

/// Parts keep their exactness each for itself, and an exact 0 before the imaginary part is not written.
#[test]
fn complex_numbers() {
    check(
        "
        (+ 1+i 1-i) ==> 2
        (+ +i 0) ==> +i
        (- +i +i) ==> 0
        (- 1+2i) ==> -1-2i
        (* 1+i 1-i) ==> 2
        (* +i +i) ==> -1
        (* +i 0) ==> 0
        (* 2.0 +i) ==> 0.0+2.0i
        (* 2 +2.5i) ==> +5.0i
        (* 1/2 1+2i) ==> 1/2+i
        (/ 1 +i) ==> -i
        (/ +i) ==> -i
        (/ 1+i 1-i) ==> +i
        (/ 1+2i 3+4i) ==> 11/25+2/25i
        (/ 1+i 0) ==> divide-by-zero
        (/ 0 1+i) ==> 0
        (/ 1e200+1e200i 1e200+1e200i) ==> 1.0+0.0i
        (+ 1.0 +i) ==> 1.0+i
        (square +i) ==> -1
        (sqrt -4) ==> +2i
        (sqrt -1/4) ==> +1/2i
        (sqrt -2) ==> +1.4142135623730951i
        (sqrt -4.0) ==> +2.0i
        (sqrt -inf.0) ==> +inf.0i
        (sqrt +2i) ==> 1+i
        (sqrt 3+4i) ==> 2+i
        (sqrt -3-4i) ==> 1-2i
        (sqrt 1/4+i) ==> 0.8002425902201205+0.6248105338438266i
        (expt +i 2) ==> -1
        (expt +i 3) ==> -i
        (expt 1+i 10) ==> +32i
        (expt 1+i -2) ==> -1/2i
        (expt 1.0+i 3) ==> -2.0+2.0i
        (expt 1+i 0) ==> 1
        (expt +i (expt 10 30)) ==> too-large
        (exact 1.5+2.5i) ==> 3/2+5/2i
        (exact 1.0+0.0i) ==> 1
        (exact 1.0+inf.0i) ==> wrong-1
        (inexact 1/2+i) ==> 0.5+1.0i
        (inexact +i) ==> 0.0+1.0i
        (exact? +i) ==> 1
        (exact? +1.0i) ==> 0
        (exact? 1.0+i) ==> 0
        (magnitude 3+4i) ==> 5
        (magnitude 3/5+4/5i) ==> 1
        (make-rectangular 1 0.0) ==> 1+0.0i
        (make-rectangular 0 +inf.0) ==> +inf.0i
        (make-rectangular +nan.0 1) ==> +nan.0+i
        (make-rectangular -0.0 -1) ==> -0.0-i
        (make-rectangular 1 +i) ==> wrong-2
        (real? 1+0i) ==> 1
        (nan? +nan.0+i) ==> 1
        (infinite? 1-inf.0i) ==> 1
        (finite? 1-inf.0i) ==> 0
        (= 1+i 1) ==> 0
        (= +nan.0+i +nan.0+i) ==> 0
        (eqv? 1+i 1.0+i) ==> 0
        (zero? +0.0i) ==> 1
        ",
    );
}

#[test]
fn the_absurd_is_refused_at_once() {
    let start = Instant::now();
    check(
        "
        (expt 10 (expt 10 10)) ==> too-large
        (expt 10 (expt 10 30)) ==> too-large
        (expt 1/10 (expt 10 10)) ==> too-large
        (expt 1/10 (- (expt 10 30))) ==> too-large
        (ash 1 (expt 10 12)) ==> too-large
        (ash 1 (expt 10 30)) ==> too-large
        (ash 0 (expt 10 30)) ==> 0
        (ash 5 (- (expt 10 30))) ==> 0
        (ash -5 (- (expt 10 30))) ==> -1
        (round-ash -5 (- (expt 10 30))) ==> 0
        (bit-extract -1 0 (expt 10 30)) ==> too-large
        (bit-extract 5 (expt 10 30) (expt 10 31)) ==> 0
        (bit-extract 5 3 1) ==> wrong-3
        (bit-extract 5 -1 1) ==> wrong-2
        (logbit? (expt 10 30) -5) ==> 1
        (exact +inf.0) ==> wrong-1
        (exact +nan.0) ==> wrong-1
        (numerator +inf.0) ==> wrong-1
        (denominator +nan.0) ==> wrong-1
        (expt 2.0 (expt 10 30)) ==> +inf.0
        ",
    );
    for text in ["#e1e1000000000", "#e-1e99999999999999999999", "#e1e-1000000000"] {
        assert_eq!(parse_checked(text, 10, NEVER), Err(NumError::TooLarge), "{text}");
    }
    assert!(start.elapsed() < Duration::from_millis(500));
}

#[test]
fn hashes_go_with_eqv() {
    use std::hash::BuildHasher;
    let hasher = rustc_hash::FxBuildHasher;
    let all =
        ["1", "1.0", "-0.0", "0.0", "0", "+nan.0", "1/2", "0.5", "1+i", "1.0+i", "123456789012345678901234567890"];
    for a in all {
        for b in all {
            let (x, y) = (parse(a, 10).unwrap(), parse(b, 10).unwrap());
            assert_eq!(x == y, a == b, "{a} {b}");
            assert_eq!(hasher.hash_one(&x) == hasher.hash_one(&y), a == b, "{a} {b}");
        }
    }
    assert_eq!(Number::from(f64::NAN), Number::from(-f64::NAN));
    assert_eq!(hasher.hash_one(Number::from(f64::NAN)), hasher.hash_one(Number::from(-f64::NAN)));
}

/// A NaN of either sign is written the same.
#[test]
fn floats_are_written_shortest() {
    for (x, text) in [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (100.0, "100.0"),
        (1e6, "1000000.0"),
        (1e7, "1.0e7"),
        (9.9e6, "9900000.0"),
        (123456000.0, "123456000.0"),
        (1234560000.0, "1.23456e9"),
        (12345678000.0, "12345678000.0"),
        (123456780000.0, "1.2345678e11"),
        (1234567890123456000.0, "1234567890123456000.0"),
        (12345678901234560000.0, "1.234567890123456e19"),
        (1e20, "1.0e20"),
        (1e21, "1.0e21"),
        (1e22, "1.0e22"),
        (1e23, "1.0e23"),
        (1e100, "1.0e100"),
        (123456789.123, "123456789.123"),
        (9007199254740993.0, "9007199254740992.0"),
        (0.1, "0.1"),
        (0.001, "0.001"),
        (0.00123456, "0.00123456"),
        (0.0001, "1.0e-4"),
        (0.000999, "9.99e-4"),
        (1.5e-5, "1.5e-5"),
        (-1e-7, "-1.0e-7"),
        (5e-324, "5.0e-324"),
        (f64::MAX, "1.7976931348623157e308"),
        (f64::INFINITY, "+inf.0"),
        (f64::NEG_INFINITY, "-inf.0"),
        (f64::NAN, "+nan.0"),
        (-f64::NAN, "+nan.0"),
    ] {
        let mut out = String::from(">");
        format_float(x, &mut out);
        assert_eq!(out, format!(">{text}"));
    }
}

#[test]
fn numbers_are_written_in_any_radix() {
    for (text, radix, written) in [
        ("10", 2, "1010"),
        ("-255", 16, "-ff"),
        ("35", 36, "z"),
        ("1/3", 3, "1/10"),
        ("-9223372036854775808", 10, "-9223372036854775808"),
        ("0.5", 2, "0.1"),
        ("0.1", 2, "1.100110011001100110011001100110011001100110011001101e-100"),
        ("255.5", 16, "ff.8"),
        ("-255.75", 16, "-ff.c"),
        ("1e21", 2, "1.101100011010111001001101011011100010111011110101e1000101"),
        ("1e-7", 8, "1.53277451527453644e-10"),
        ("1e-7", 2, "1.1010110101111111001010011010101111001010111101001e-11000"),
        ("1024.0", 2, "1.0e1010"),
        ("64.0", 2, "1000000.0"),
        ("0.125", 2, "0.001"),
        ("0.0625", 2, "1.0e-100"),
        ("1e10", 16, "2540be400.0"),
        ("1e22", 16, "2.1e19e0c9bab24e12"),
        ("0.001", 16, "0.004189374bc6a7f"),
        ("0.1", 3, "0.0022002200220022002200220022002201"),
        ("-0.5", 3, "-0.1111111111111111111111111111111112"),
        ("1e100", 3, "1.220122101121201121112120100111e21202"),
        ("0.1", 36, "0.3lllllllllm"),
        ("1e22", 36, "1.mmfb877tu1ee"),
        ("1.5", 11, "1.5555555555555556"),
        ("123456.789", 36, "2n9c.sejl0v4"),
        ("1e300", 16, "1.7e43c8800759cef9"),
        ("+inf.0", 2, "+inf.0"),
        ("5+2.5i", 2, "101+10.1i"),
        ("-i", 7, "-i"),
    ] {
        assert_eq!(format(&parse(text, 10).unwrap(), radix, NEVER).as_deref(), Ok(written), "{text} {radix}");
    }
    for radix in [0, 1, 37, u32::MAX] {
        assert!(format(&Number::from(35i64), radix, NEVER).is_err());
        assert!(parse_checked("1", radix, NEVER).is_err());
    }
}

/// `text > number`, with `-` for no number. Guile agrees but for the last group.
#[test]
fn numbers_are_read() {
    let table = "
        1 > 1          +1 > 1          -1 > -1         + > -           - > -           . > -           1. > 1.0
        .5 > 0.5       +.5 > 0.5       -.5e2 > -50.0   1e3 > 1000.0    1e > -          e1 > -          1e+3 > 1000.0
        1e-3 > 0.001   1E3 > 1000.0    1s3 > 1000.0    1f3 > 1000.0    1d3 > 1000.0    1L3 > 1000.0    1/2 > 1/2
        1/0 > -        0/0 > -         -1/2 > -1/2     1/-2 > -        1/+2 > -        1/2/3 > -       1./2 > -
        1/2. > -       1/2e2 > -       #e1.5 > 3/2     #e1.5e3 > 1500  #i1/2 > 0.5     #i1 > 1.0       #e1/2 > 1/2
        #x10 > 16      #xff > 255      #xFF > 255      #b101 > 5       #b102 > -       #o17 > 15       #d10 > 10
        #x#e10 > 16    #e#x10 > 16     #e#e1 > -       #x#x1 > -       #i#e1 > -       #x1.5 > -       #b1.1 > -
        #b1e10 > -     #x1e10 > 7696   #e#b1.1 > -     i > -           1i > -          1+2 > -         1+2i3 > -
        +inf.0 > +inf.0                -inf.0 > -inf.0                 +nan.0 > +nan.0                 -nan.0 > +nan.0
        inf.0 > -      +INF.0 > +inf.0                 1@2 > -0.4161468365471424+0.9092974268256817i   1@ > -
        @1 > -         1@0 > 1         1.5@+inf.0 > +nan.0+nan.0i                      0@1 > 0         1@2i > -
        #e1@0 > 1      #e+inf.0 > -    #e+nan.0 > -    #i+inf.0 > +inf.0               #e1e10 > 10000000000
        #e1e-10 > 1/10000000000        12#3 > -        # > -           #x > -          #e > -          ## > -
        1_000 > -      ٣ > -           1e1.5 > -       1..2 > -        --1 > -         +-1 > -         1+ > -
        1- > -         1+i+i > -       #x1/a > 1/10    #xe > 14        #xe1e1 > 57825  #d#i1 > 1.0     1e3/2 > -
        1/2e3 > -      .e1 > -         -. > -          +.i > -         -0 > 0          -0.0 > -0.0     #e-0.0 > 0
        0/5 > 0        10/5 > 2        #i1/0 > -       #i0/0 > -       1/0+i > -       0/0i > -        +i@1 > -
        1@1@1 > -      1.2.3 > -       #X1F > 31       #E1.5 > 3/2     #I1 > 1.0       1|2 > -         1; > -
        #b-101/11 > -5/3               #o8 > -         1e0 > 1.0       1@1/2 > 0.8775825618903728+0.479425538604203i
        1e2@0 > 100.0  1e-i > -        1e+i > -        #x1@1 > 0.5403023058681398+0.8414709848078965i  1.e2 > 100.0
        #b.1 > -       #x.8 > -        #o1.4 > -       +inf.0e1 > -    +inf.00 > -     +inf.5 > -      infinity > -
        +infinity > -  #e1.2e-3 > 3/2500               123456789012345678901234567890 > 123456789012345678901234567890
        000 > 0        007 > 7         -007.50 > -7.5  1/2i > -        1.5/2 > -       +i1 > -         +ii > -
        1+2ii > -      1+-2i > -       #i#x10 > 16.0   #x#i10 > 16.0   #i > -          1@+i > -        1e21 > 1.0e21
        999999999999999999 > 999999999999999999        -9223372036854775809 > -9223372036854775809

        +i > +i        -i > -i         1+i > 1+i       1-i > 1-i       1+2i > 1+2i     +1i > +i        -1I > -i
        1+2.5i > 1+2.5i                1/2+3/4i > 1/2+3/4i             1e2+1e3i > 100.0+1000.0i        +1/2i > +1/2i
        +inf.0i > +inf.0i              -nan.0i > +nan.0i               1-inf.0i > 1-inf.0i             +5.i > +5.0i
        +inf.0-nan.0i > +inf.0+nan.0i  #i1+2i > 1.0+2.0i               #e1.5+2.5i > 3/2+5/2i           #i+i > 0.0+1.0i
        #x+i > +i      #xab+cdi > 171+205i             -5.5e-3-2i > -0.0055-2i         1+0i > 1        1+0.0i > 1+0.0i
        1e400 > +inf.0 -1e400 > -inf.0 1e-400 > 0.0    1e10000000000 > +inf.0          1e-99999999999999999999 > 0.0
        0e99999999999999999999 > 0.0   #e0e99999999999999999999 > 0    #i-0 > 0.0      1# > -          +1e400i > +inf.0i
    ";
    let mut words = table.split_whitespace();
    let mut count = 0;
    while let (Some(text), Some(arrow), Some(expected)) = (words.next(), words.next(), words.next()) {
        assert_eq!(arrow, ">", "{text}");
        let read = parse(text, 10).map_or("-".to_string(), |n| format(&n, 10, NEVER).unwrap());
        assert_eq!(read, expected, "{text}");
        count += 1;
    }
    assert!(count > 150);
    for (text, radix, expected) in [
        ("zz", 36, Some("1295")),
        ("FF", 16, Some("255")),
        ("#d10", 16, Some("10")),
        ("1.5", 16, None),
        ("1e2", 16, Some("482")),
        ("102", 2, None),
        ("1/2", 3, Some("1/2")),
        ("1.1", 2, None),
        ("+inf.0", 36, Some("+inf.0")),
        ("i", 36, Some("18")),
        ("+i", 36, Some("18")),
        ("1+i", 36, None),
        ("#b101", 10, Some("5")),
        ("-zz/y", 36, Some("-1295/34")),
        ("", 10, None),
        (" 1", 10, None),
        ("1 ", 10, None),
    ] {
        let read = parse(text, radix).map(|n| format(&n, 10, NEVER).unwrap());
        assert_eq!(read.as_deref(), expected, "{text} {radix}");
    }
}

/// What is written is read again as the same number.
#[test]
fn text_goes_round() {
    let mut state = 88172645463325252u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut numbers = vec![];
    for size in 1..60 {
        let limbs: Vec<u64> = (0..size * size).map(|_| random()).collect();
        let n = Real::Int(Int::from_limbs(size % 2 == 0, &limbs));
        let d = Real::from(random() as i64 | 1);
        numbers.push(Number::Real(n.div(&d, NEVER).unwrap()));
        numbers.push(Number::rectangular(d, n));
    }
    for n in &numbers {
        for radix in [2, 3, 8, 10, 16] {
            assert_eq!(parse(&format(n, radix, NEVER).unwrap(), radix).as_ref(), Some(n));
        }
    }
    for _ in 0..2000 {
        let x = Number::from(f64::from_bits(random()));
        assert_eq!(parse(&format(&x, 10, NEVER).unwrap(), 10), Some(x));
    }
    // Long texts are taken apart and put together on the way.
    for radix in [3, 10, 16, 32, 36] {
        let n = Number::from(Int::from(7i64).pow(100_000, NEVER).unwrap());
        let text = format(&n, radix, NEVER).unwrap();
        assert_eq!(text, dashu_int::UBig::from(7u8).pow(100_000).in_radix(radix as u8).to_string());
        assert_eq!(parse(&text, radix), Some(n));
        let round = Number::from(Int::from(i64::from(radix)).pow(100_000, NEVER).unwrap());
        let text = format(&round, radix, NEVER).unwrap();
        assert_eq!(text, format!("1{}", "0".repeat(100_000)));
        assert_eq!(parse(&text, radix), Some(round));
    }
}

#[test]
fn fixnums_are_written() {
    for n in [0, 7, -7, 10, 1234567890, i64::MAX, i64::MIN] {
        let mut out = String::new();
        format_fixnum(n, &mut out);
        assert_eq!(out, n.to_string());
    }
}

/// Each of these would run for seconds; told to stop after a moment, none goes on for long.
#[test]
fn long_operations_stop_soon_after_they_are_told() {
    let mut state = 1u64;
    let mut noise = |bits: usize| {
        let limbs: Vec<u64> = (0..bits / 64)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                state ^ state >> 29
            })
            .collect();
        Int::from_limbs(false, &limbs)
    };
    let (a, b) = (noise(1 << 26), noise(1 << 25));
    let digits = "7".repeat(20_000_000);
    let (na, nb) = (Number::from(a.clone()), Number::from(b.clone()));
    let seven = Number::from(7i64);
    type Operation<'a> = &'a dyn Fn(&Stop) -> Result<()>;
    let operations: [(&str, Operation); 9] = [
        ("multiply", &|stop| a.mul(&b, stop).map(drop)),
        ("divide", &|stop| a.div_rem(&b, stop).map(drop)),
        ("gcd", &|stop| a.gcd(&b, stop).map(drop)),
        ("square root", &|stop| a.sqrt_rem(stop).map(drop)),
        ("power", &|stop| seven.expt(&Number::from(100_000_000i64), stop).map(drop)),
        ("power modulo", &|stop| seven.modulo_expt(&na, &nb, stop).map(drop)),
        ("add ratios", &|stop| seven.div(&na, stop)?.add(&seven.div(&nb, stop)?, stop).map(drop)),
        ("write", &|stop| format(&na, 10, stop).map(drop)),
        ("read", &|stop| parse_checked(&digits, 10, stop).map(drop)),
    ];
    for (name, operation) in operations {
        let told = Cell::new(None);
        let start = Instant::now();
        let moment = || {
            if told.get().is_none() && start.elapsed() > Duration::from_millis(100) {
                told.set(Some(Instant::now()));
            }
            told.get().is_some()
        };
        assert_eq!(operation(&Stop(&moment)), Err(NumError::Interrupted), "{name}");
        // Hardly optimised and on a busy machine; in a release build it is some tens of milliseconds.
        let late = start.elapsed() - Duration::from_millis(100);
        assert!(late < Duration::from_secs(2), "{name} went on for {late:?}");
        eprintln!("{name}: {late:?}");
    }
}
