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
fn guile_all() {
    check(
        "
        (* 0 1.5) ==> 0.0
        (* 0 +inf.0) ==> +nan.0
        (* 0 +nan.0) ==> +nan.0
        (* 0.0 0) ==> 0.0
        (* 0 1.5+2.0i) ==> 0.0+0.0i
        (+ 0 1.5) ==> 1.5
        (+ 0 -0.0) ==> 0.0
        (- 0 0.0) ==> -0.0
        (- -0.0) ==> 0.0
        (- 0.0 0) ==> 0.0
        (+ -0.0 0) ==> 0.0
        (expt 0 0.0) ==> 1.0
        (expt 0.0 0) ==> 1
        (expt 0 1.5) ==> 0.0
        (expt 0 -1) ==> +nan.0
        (expt 0.0 -1) ==> +nan.0
        (expt 0 0) ==> 1
        (expt 0 1/2) ==> 0.0
        (expt 0 0.0+1.0i) ==> divide-by-zero
        (expt 0 1.0+1.0i) ==> divide-by-zero
        (expt 1 1.5) ==> 1.0
        (expt 1 +nan.0) ==> 1.0
        (expt 1 +inf.0) ==> 1.0
        (expt 2 0.5) ==> 1.4142135623730951
        (expt 4 1/2) ==> 2.0
        (expt 8 1/3) ==> 2.0
        (expt 27 2/3) ==> 8.999999999999998
        (expt 2/3 -3) ==> 27/8
        (expt 1/4 1/2) ==> 0.5
        (expt -8 1/3) ==> 1.0+1.732050807568877i
        (expt -1 1/2) ==> 6.123233995736766e-17+1.0i
        (expt -1 0.5) ==> 6.123233995736766e-17+1.0i
        (expt 2.0 3) ==> 8.0
        (expt -2.0 3) ==> -8.0
        (expt 2 -3) ==> 1/8
        (expt 2.5 -2) ==> 0.16000000000000003
        (expt 0.0+1.0i 2) ==> -1.0+0.0i
        (expt 1.0+1.0i 10) ==> 0.0+32.0i
        (expt 1.0+1.0i -2) ==> 0.0-0.5i
        (expt 1.0+1.0i 3) ==> -2.0+2.0i
        (expt 2 0.0+1.0i) ==> 0.7692389013639721+0.6389612763136348i
        (expt 2.0 1000000) ==> +inf.0
        (expt 0 -1.0) ==> +nan.0
        (expt 0.0 0.0) ==> 1.0
        (expt -4 1/2) ==> 1.2246467991473532e-16+2.0i
        (expt -4.0 1/2) ==> 1.2246467991473532e-16+2.0i
        (expt -4.0 0.5) ==> 1.2246467991473532e-16+2.0i
        (expt 4.0 1/2) ==> 2.0
        (expt 0.0 0.0+1.0i) ==> +nan.0+nan.0i
        (expt 0 0.0+1.0i) ==> divide-by-zero
        (expt 2 1.0) ==> 2.0
        (expt -1 1.0e20) ==> 1.0
        (expt 10 -5) ==> 1/100000
        (expt 10.0 -5) ==> 1.0000000000000006e-5
        (expt -2 -3) ==> -1/8
        (expt +inf.0 0) ==> 1
        (expt +nan.0 0) ==> 1
        (expt +nan.0 0.0) ==> 1.0
        (exp 0) ==> 1.0
        (exp 0.0) ==> 1.0
        (exp 1) ==> 2.718281828459045
        (exp 0.0+1.0i) ==> 0.5403023058681398+0.8414709848078965i
        (exp -inf.0) ==> 0.0
        (exp 1/2) ==> 1.6487212707001282
        (log 1) ==> 0.0
        (log 0) ==> divide-by-zero
        (log 0.0) ==> -inf.0
        (log -1) ==> 0.0+3.141592653589793i
        (log -1.0) ==> 0.0+3.141592653589793i
        (log -0.0) ==> -inf.0+3.141592653589793i
        (log (expt 10 400)) ==> 921.0340371976182
        (log (- (expt 10 400))) ==> 921.0340371976182+3.141592653589793i
        (log 1/3) ==> -1.0986122886681096
        (log (/ 1 (expt 10 400))) ==> -921.0340371976182
        (log 0.0+1.0i) ==> 0.0+1.5707963267948966i
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
        (atan 1) ==> 0.7853981633974483
        (asin 1) ==> 1.5707963267948966
        (asin 2) ==> 1.5707963267948966-1.3169578969248166i
        (acos 2) ==> 0.0+1.3169578969248166i
        (asin -2) ==> -1.5707963267948966-1.3169578969248166i
        (acos -2) ==> 3.141592653589793+1.3169578969248166i
        (asin 2.0) ==> 1.5707963267948966-1.3169578969248166i
        (atan 2.0+1.0i) ==> 1.1780972450961724+0.17328679513998632i
        (atan 0.0+2.0i) ==> 1.5707963267948966+0.5493061443340549i
        (atan 0.0+1.0i) ==> +nan.0+inf.0i
        (atan 0.0-1.0i) ==> +nan.0+nan.0i
        (atan 0 1) ==> 0.0
        (atan 1 0) ==> 1.5707963267948966
        (atan 0 -1) ==> 3.141592653589793
        (atan 0 0) ==> 0.0
        (atan 0.0 0) ==> 0.0
        (atan 0 0.0) ==> 0.0
        (atan 0 1.0) ==> 0.0
        (atan 1 1) ==> 0.7853981633974483
        (atan -0.0 -1) ==> -3.141592653589793
        (atan 0 -1.0) ==> 3.141592653589793
        (atan 0.0 -1) ==> 3.141592653589793
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
        (acosh 0.5) ==> -4.345318932600586e-17+1.0471975511965976i
        (atanh 0) ==> 0
        (atanh 1) ==> +inf.0
        (atanh 2) ==> 0.5493061443340549+1.5707963267948966i
        (atanh 0.5) ==> 0.5493061443340548
        (sinh 1) ==> 1.1752011936438014
        (cosh 1) ==> 1.5430806348152437
        (tanh 1) ==> 0.7615941559557649
        (asinh 1) ==> 0.881373587019543
        (acosh 2) ==> 1.3169578969248166
        (sinh 0.0+1.0i) ==> 0.0+0.8414709848078965i
        (cosh 0.0+1.0i) ==> 0.5403023058681398+0.0i
        (tanh 0.0+1.0i) ==> 0.0+1.557407724654902i
        (asinh 0.0+1.0i) ==> 0.0+1.5707963267948966i
        (acosh 0.0+1.0i) ==> 0.8813735870195429+1.5707963267948966i
        (acosh -2) ==> -1.3169578969248164+3.141592653589793i
        (atanh 0.0+1.0i) ==> 0.0+0.7853981633974483i
        (atanh -2) ==> -0.5493061443340549+1.5707963267948966i
        (asinh 0.0+2.0i) ==> 1.3169578969248166+1.5707963267948966i
        (sin 1.0+1.0i) ==> 1.2984575814159773+0.6349639147847361i
        (cos 1.0+1.0i) ==> 0.8337300251311491-0.9888977057628651i
        (tan 1.0+1.0i) ==> 0.27175258531951174+1.0839233273386948i
        (asin 1.0+1.0i) ==> 0.6662394324925153+1.0612750619050355i
        (acos 1.0+1.0i) ==> 0.9045568943023813-1.0612750619050355i
        (atan 1.0+1.0i) ==> 1.0172219678978514+0.40235947810852507i
        (sin 0.0+1.0i) ==> 0.0+1.1752011936438014i
        (cos 0.0+1.0i) ==> 1.5430806348152437-0.0i
        (asin 1/2) ==> 0.5235987755982989
        (sqrt 16) ==> 4
        (sqrt 2) ==> 1.4142135623730951
        (sqrt 2.25) ==> 1.5
        (sqrt -4) ==> 0.0+2.0i
        (sqrt -4.0) ==> 0.0+2.0i
        (sqrt -2) ==> 0.0+1.4142135623730951i
        (sqrt 1/4) ==> 1/2
        (sqrt -1/4) ==> 0.0+0.5i
        (sqrt 2/9) ==> 0.4714045207910317
        (sqrt 0.0+1.0i) ==> 0.7071067811865476+0.7071067811865476i
        (sqrt -1.0+0.0i) ==> 0.0+1.0i
        (sqrt 0.0+2.0i) ==> 1.0+1.0i
        (sqrt 3.0+4.0i) ==> 2.0+1.0i
        (sqrt -3.0+4.0i) ==> 1.0+2.0i
        (sqrt -0.0) ==> -0.0
        (sqrt +inf.0) ==> +inf.0
        (sqrt -inf.0) ==> 0.0+inf.0i
        (sqrt +nan.0) ==> +nan.0
        (sqrt (+ 1 (expt 10 400))) ==> 1.0e200
        (sqrt (- (+ 1 (expt 10 800)))) ==> 0.0+inf.0i
        (sqrt 0) ==> 0
        (sqrt 0.0) ==> 0.0
        (sqrt 1/3) ==> 0.5773502691896257
        (sqrt -2.0+0.0i) ==> 0.0+1.4142135623730951i
        (sqrt 5.0+12.0i) ==> 3.0+2.0i
        (sqrt 0.25+1.0i) ==> 0.8002425902201205+0.6248105338438266i
        (exact-integer-sqrt 17) ==> 4 1
        (exact-integer-sqrt -1) ==> wrong-1
        (exact-integer-sqrt 4.0) ==> wrong-1
        (max 1 2.0) ==> 2.0
        (max 3 2.0) ==> 3.0
        (min 1 2.0) ==> 1.0
        (max 1 +nan.0) ==> +nan.0
        (max +nan.0 1) ==> +nan.0
        (min +nan.0 1.0) ==> +nan.0
        (max 1/2 0.3) ==> 0.5
        (max -0.0 0) ==> 0.0
        (max 0 -0.0) ==> 0.0
        (max 0.0 -0.0) ==> 0.0
        (min 0.0 -0.0) ==> -0.0
        (max 1.0+1.0i 2) ==> wrong-1
        (max (expt 10 400) 1.0) ==> +inf.0
        (max +inf.0 (expt 10 400)) ==> +inf.0
        ",
    );
}
