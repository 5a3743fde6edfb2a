//! Roots, powers, logarithms, and the functions of the circle and the hyperbola; R7RS section 6.2.6.

use crate::builtins;
use crate::num::Number;
use crate::value::Value;
use crate::vm::arithmetic::{binary, unary};
use crate::vm::cx::{Answer, Cx};

builtins! { FUNCTIONS;

/// The square root of Z: exact if Z and the root are, complex if Z is negative. [R7RS 6.2]
///
///     (sqrt 9)  => 3
///     (sqrt -1)  => +i
///     (sqrt 2)  => 1.4142135623730951
fn "sqrt" (cx, z: Value) { of_float(cx, z, |x| x >= 0.0, f64::sqrt, |cx| unary(cx, "sqrt", z, Number::sqrt)) }

/// BASE to the power of EXPONENT. [R7RS 6.2]
///
///     (expt 2 10)  => 1024
///     (expt 2 -2)  => 1/4
///     (expt 2 0.5)  => 1.4142135623730951
fn "expt" (cx, base: Value, exponent: Value) { binary(cx, "expt", 1, base, exponent, Number::expt) }

/// N to the power of K, an exact integer. [Guile]
///
///     (integer-expt 2.0 3)  => 8.0
fn "integer-expt" (cx, n: Value, k: Value) { binary(cx, "integer-expt", 1, n, k, Number::integer_expt) }

/// e to the power of Z. [R7RS 6.2]
///
///     (exp 0.0)  => 1.0
///     (exp 1)  => 2.718281828459045
fn "exp" (cx, z: Value) { of_float(cx, z, |_| true, f64::exp, |cx| unary(cx, "exp", z, |z, _| Ok(z.exp()))) }

/// The logarithm of Z to the base BASE (or e). [R7RS 6.2]
///
///     (log 1.0)  => 0.0
///     (log 8 2)  => 3.0
fn "log" (cx, z: Value, [base: Value]) {
    match base {
        None => of_float(cx, z, |x| x > 0.0, f64::ln, |cx| unary(cx, "log", z, Number::log)),
        Some(base) => binary(cx, "log", 1, z, base, Number::log_base),
    }
}

/// The logarithm of Z to the base 10. [Guile]
///
///     (log10 100)  => 2.0
fn "log10" (cx, z: Value) { unary(cx, "log10", z, |z, stop| z.log_base(&Number::from(10i64), stop)) }

/// The sine of Z, an angle in radians. [R7RS 6.2]
///
///     (sin 0)  => 0
fn "sin" (cx, z: Value) { of_float(cx, z, |_| true, f64::sin, |cx| unary(cx, "sin", z, |z, _| Ok(z.sin()))) }

/// The cosine of Z, an angle in radians. [R7RS 6.2]
///
///     (cos 0)  => 1
fn "cos" (cx, z: Value) { of_float(cx, z, |_| true, f64::cos, |cx| unary(cx, "cos", z, |z, _| Ok(z.cos()))) }

/// The tangent of Z, an angle in radians. [R7RS 6.2]
///
///     (tan 0)  => 0
fn "tan" (cx, z: Value) { of_float(cx, z, |_| true, f64::tan, |cx| unary(cx, "tan", z, |z, _| Ok(z.tan()))) }

/// The angle whose sine is Z. [R7RS 6.2]
///
///     (asin 0)  => 0
fn "asin" (cx, z: Value) { of_float(cx, z, |x| x.abs() <= 1.0, f64::asin, |cx| unary(cx, "asin", z, |z, _| Ok(z.asin()))) }

/// The angle whose cosine is Z. [R7RS 6.2]
///
///     (acos 1)  => 0
fn "acos" (cx, z: Value) { of_float(cx, z, |x| x.abs() <= 1.0, f64::acos, |cx| unary(cx, "acos", z, |z, _| Ok(z.acos()))) }

/// The angle whose tangent is Y, or, with X, the direction of the point X, Y. [R7RS 6.2]
///
///     (atan 0)  => 0
///     (atan 1.0 -1.0)  => 2.356194490192345
fn "atan" (cx, y: Value, [x: Value]) {
    match x {
        None => of_float(cx, y, |_| true, f64::atan, |cx| unary(cx, "atan", y, |y, _| Ok(y.atan()))),
        Some(x) => binary(cx, "atan", 1, y, x, |y, x, _| y.atan2(x)),
    }
}

/// The hyperbolic sine of Z. [Guile]
///
///     (sinh 0)  => 0
fn "sinh" (cx, z: Value) { unary(cx, "sinh", z, |z, _| Ok(z.sinh())) }

/// The hyperbolic cosine of Z. [Guile]
///
///     (cosh 0)  => 1
fn "cosh" (cx, z: Value) { unary(cx, "cosh", z, |z, _| Ok(z.cosh())) }

/// The hyperbolic tangent of Z. [Guile]
///
///     (tanh 0)  => 0
fn "tanh" (cx, z: Value) { unary(cx, "tanh", z, |z, _| Ok(z.tanh())) }

/// The number whose hyperbolic sine is Z. [Guile]
///
///     (asinh 0)  => 0
fn "asinh" (cx, z: Value) { unary(cx, "asinh", z, |z, _| Ok(z.asinh())) }

/// The number whose hyperbolic cosine is Z. [Guile]
///
///     (acosh 1)  => 0
fn "acosh" (cx, z: Value) { unary(cx, "acosh", z, |z, _| Ok(z.acosh())) }

/// The number whose hyperbolic tangent is Z. [Guile]
///
///     (atanh 0)  => 0
fn "atanh" (cx, z: Value) { unary(cx, "atanh", z, |z, _| Ok(z.atanh())) }
}

/// The short way for floats inside the domain in which a function is real.
#[inline]
fn of_float(
    cx: &mut Cx,
    z: Value,
    inside: fn(f64) -> bool,
    f: fn(f64) -> f64,
    otherwise: impl FnOnce(&mut Cx) -> Answer,
) -> Answer {
    match z.as_flonum() {
        Some(x) if inside(x) => Ok(cx.heap.flonum(f(x))),
        _ => otherwise(cx),
    }
}
