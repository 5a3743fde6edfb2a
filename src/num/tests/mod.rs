//! The tower seen from Scheme: tables of expressions and what they give. Those in `guile` are as Guile 3.0.8 prints them;
//! those here are where Guile has no exact complex numbers, parts from R7RS or is less precise. `text` reads and writes.

mod guile;
mod text;

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
    let (a, b) = (noise((1 << 24) - 64), noise((1 << 23) - 64));
    let digits = "7".repeat(9_000_000);
    let (na, nb) = (Number::from(a.clone()), Number::from(b.clone()));
    let seven = Number::from(7i64);
    type Operation<'a> = &'a dyn Fn(&Stop) -> Result<()>;
    let operations: [(&str, Operation); 9] = [
        ("multiply", &|stop| a.mul(&b, stop).map(drop)),
        ("divide", &|stop| a.div_rem(&b, stop).map(drop)),
        ("gcd", &|stop| a.gcd(&b, stop).map(drop)),
        ("square root", &|stop| a.sqrt_rem(stop).map(drop)),
        ("power", &|stop| seven.expt(&Number::from(10_000_000i64), stop).map(drop)),
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
