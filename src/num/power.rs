//! Powers and roots: square roots exact where they can be, `expt` in all its cases, powers modulo a number.

use super::transcendental::{ComplexFloat, to_complex_float};
use super::{Int, NumError, Number, Real, Result, Stop, int, ratio};

/// Complex floats to exponents up to this are multiplied again and again; beyond it the logarithm is as precise.
const REPEATED: f64 = 1024.0;

const NOT_NEGATIVE: &str = "an exact integer not below 0";

impl Int {
    /// The exact square root, if there is one; SELF must not be negative.
    fn exact_sqrt(&self, stop: &Stop) -> Result<Option<Int>> {
        // Squares of odd numbers are 1 modulo 8, and the rest of a square is a power of 4.
        let zeros = self.trailing_zeros();
        if !self.is_zero() && (zeros & 1 == 1 || self.bit(zeros + 1) || self.bit(zeros + 2)) {
            return Ok(None);
        }
        let (root, rest) = self.sqrt_rem(stop)?;
        Ok(rest.is_zero().then_some(root))
    }
}

/// The square root of N/D, both positive, which is not rational, as the nearest float.
fn irrational_sqrt(n: &Int, d: &Int, stop: &Stop) -> Result<f64> {
    // An integer near N/D·4^k of at least 128 bits has a root of 64, and its last bit may stand for all the rest.
    let half = (130 + d.bit_length() as i64 - n.bit_length() as i64).div_euclid(2);
    let distance = 2 * half.unsigned_abs();
    let scaled = if half >= 0 { n.shift_left(distance)? } else { n.shift_right(distance) };
    let root = scaled.div_rem(d, stop)?.0.sqrt_rem(stop)?.0;
    Ok(int::scaled(u128::try_from(&root.0).unwrap_or(0) | 1, -half))
}

impl Real {
    /// The square root of a number that is not negative.
    pub(super) fn sqrt_of_positive(&self, stop: &Stop) -> Result<Real> {
        let Some(x) = self.fraction() else { return Ok(Real::Float(self.to_f64().sqrt())) };
        if let (Some(n), Some(d)) = (x.n.exact_sqrt(stop)?, x.d.exact_sqrt(stop)?) {
            return Ok(ratio::in_lowest_terms(n, d));
        }
        irrational_sqrt(x.n, x.d, stop).map(Real::Float)
    }

    /// SELF to an integer power; exact if SELF is.
    fn integer_power(&self, exponent: &Int, stop: &Stop) -> Result<Real> {
        let Some(base) = self.fraction() else { return Ok(Real::Float(float_power(self.to_f64(), exponent))) };
        if self.is_zero() && exponent.is_negative() {
            return Err(NumError::DivideByZero);
        }
        // Only 0, 1 and -1 have bearable powers to exponents this large, and there only the parity matters.
        let times = exponent.abs().to_u64().unwrap_or(if exponent.is_even() { u64::MAX - 1 } else { u64::MAX });
        let (n, d) = (base.n.pow(times, stop)?, base.d.pow(times, stop)?);
        Ok(match exponent.is_negative() {
            false => ratio::in_lowest_terms(n, d),
            true if n.is_negative() => ratio::in_lowest_terms(d.neg(), n.neg()),
            true => ratio::in_lowest_terms(d, n),
        })
    }
}

/// X to an integer power, of whose parity a float would know nothing when it is large.
fn float_power(x: f64, exponent: &Int) -> f64 {
    let power = x.abs().powf(exponent.to_f64());
    if x.is_sign_negative() && !exponent.is_even() { -power } else { power }
}

impl Number {
    /// Exact when the root of an exact number is: of -4 it is +2i.
    pub fn sqrt(&self, stop: &Stop) -> Result<Number> {
        match self {
            Number::Real(x) if x.is_negative() => Ok(Number::rectangular(Real::ZERO, x.neg().sqrt_of_positive(stop)?)),
            Number::Real(x) => Ok(Number::Real(x.sqrt_of_positive(stop)?)),
            Number::Complex(z) => {
                if self.is_exact()
                    && let Some(root) = exact_complex_sqrt(self, z.re(), z.im(), stop)?
                {
                    return Ok(root);
                }
                Ok(to_complex_float(self).sqrt().into())
            }
        }
    }

    /// The largest integer whose square is not above this, and what the square lacks.
    pub fn exact_integer_sqrt(&self, stop: &Stop) -> Result<(Number, Number)> {
        match self {
            Number::Real(Real::Int(n)) if !n.is_negative() => {
                let (root, rest) = n.sqrt_rem(stop)?;
                Ok((Number::from(root), Number::from(rest)))
            }
            _ => NumError::wrong(1, NOT_NEGATIVE),
        }
    }

    pub fn expt(&self, exponent: &Number, stop: &Stop) -> Result<Number> {
        match exponent {
            Number::Real(Real::Int(n)) => self.integer_expt_by(n, stop),
            // Above an exact 0 the exponent's sign decides, and nothing is to be computed.
            _ if self.is_zero() => expt_of_zero(self, exponent),
            Number::Real(e) => self.real_expt(e, stop),
            Number::Complex(_) => self.complex_expt(exponent),
        }
    }

    /// `expt` for exact integer exponents alone.
    pub fn integer_expt(&self, exponent: &Number, stop: &Stop) -> Result<Number> {
        self.integer_expt_by(exponent.exact_integer(2)?, stop)
    }

    fn integer_expt_by(&self, exponent: &Int, stop: &Stop) -> Result<Number> {
        match self {
            // R7RS wants 0.0 to stay inexact; other inexact numbers give exact 1, as in Guile.
            _ if exponent.is_zero() && self.is_zero() && !self.is_exact() => Ok(Number::from(1.0)),
            _ if exponent.is_zero() => Ok(Number::from(Int::ONE)),
            Number::Real(x) => x.integer_power(exponent, stop).map(Number::Real),
            Number::Complex(_) => match exponent.abs().to_u64() {
                Some(times) if self.is_exact() || times as f64 <= REPEATED => {
                    let power = self.repeated_square(times, stop)?;
                    if exponent.is_negative() { Number::from(Int::ONE).div(&power, stop) } else { Ok(power) }
                }
                None if self.is_exact() => Err(NumError::TooLarge),
                _ => self.complex_expt(&Number::from(exponent.to_f64())),
            },
        }
    }

    fn repeated_square(&self, times: u64, stop: &Stop) -> Result<Number> {
        let mut power = self.clone();
        for i in (0..u64::BITS - 1 - times.leading_zeros()).rev() {
            stop.check()?;
            power = power.square(stop)?;
            if times >> i & 1 == 1 {
                power = power.mul(self, stop)?;
            }
        }
        Ok(power)
    }

    /// The exponent is not an exact integer; the result is inexact, also where it could be exact, as in Guile.
    fn real_expt(&self, exponent: &Real, stop: &Stop) -> Result<Number> {
        let e = exponent.to_f64();
        match self {
            // The root is more precise than the logarithm, and of a negative number purely imaginary.
            _ if e == 0.5 => Ok(self.sqrt(stop)?.to_inexact()),
            Number::Real(x) if !x.is_negative() || e.fract() == 0.0 => Ok(Number::from(x.to_f64().powf(e))),
            _ if e.abs() <= REPEATED && e.fract() == 0.0 => {
                Ok(self.integer_expt_by(&Int::from(e as i64), stop)?.to_inexact())
            }
            _ => self.complex_expt(&Number::from(e)),
        }
    }

    fn complex_expt(&self, exponent: &Number) -> Result<Number> {
        if exponent.is_zero() {
            return Ok(Number::from(1.0));
        }
        Ok(to_complex_float(self).ln().mul(to_complex_float(exponent)).exp().into())
    }

    /// SELF to the power EXPONENT modulo MODULUS; the result has the sign of MODULUS.
    pub fn modulo_expt(&self, exponent: &Number, modulus: &Number, stop: &Stop) -> Result<Number> {
        let (base, exponent, modulus) = (self.exact_integer(1)?, exponent.exact_integer(2)?, modulus.exact_integer(3)?);
        if modulus.is_zero() {
            return Err(NumError::DivideByZero);
        }
        let m = modulus.abs();
        let reduce = |n: &Int| -> Result<Int> {
            let rest = n.div_rem(&m, stop)?.1;
            Ok(if rest.is_negative() { rest.add(&m) } else { rest })
        };
        let mut base = reduce(base)?;
        if exponent.is_negative() {
            base = inverse(&base, &m, stop)?;
        }
        let times = exponent.abs();
        let mut power = reduce(&Int::ONE)?;
        for i in (0..times.bit_length()).rev() {
            // A step costs little only while the modulus is small; but there may be millions of steps.
            if i % 1024 == 0 {
                stop.check()?;
            }
            power = reduce(&power.mul(&power, stop)?)?;
            if times.bit(i) {
                power = reduce(&power.mul(&base, stop)?)?;
            }
        }
        Ok(Number::from(if modulus.is_negative() && !power.is_zero() { power.add(modulus) } else { power }))
    }
}

/// The inverse of N modulo M > 0, by Euclid's extended algorithm.
fn inverse(n: &Int, m: &Int, stop: &Stop) -> Result<Int> {
    let (mut a, mut b) = (m.clone(), n.clone());
    let (mut u, mut v) = (Int::ZERO, Int::ONE);
    while !b.is_zero() {
        stop.check()?;
        let (q, r) = a.div_rem(&b, stop)?;
        let next = u.sub(&q.mul(&v, stop)?);
        (a, b, u, v) = (b, r, v, next);
    }
    if !a.is_one() {
        return Err(NumError::DivideByZero);
    }
    Ok(if u.is_negative() { u.add(m) } else { u })
}

/// Zero to a power that is not an exact integer.
fn expt_of_zero(base: &Number, exponent: &Number) -> Result<Number> {
    match exponent {
        Number::Real(e) if e.is_zero() => Ok(Number::from(1.0)),
        Number::Real(e) => Ok(Number::from(base.real_part().to_f64().powf(e.to_f64()))),
        Number::Complex(e) if e.re().signum() > 0 => Ok(Number::from(0.0)),
        _ if base.is_exact() => Err(NumError::DivideByZero),
        _ => Ok(ComplexFloat { re: f64::NAN, im: f64::NAN }.into()),
    }
}

/// With m the magnitude, the root of z is √((m + re)/2) ± i·√((m - re)/2).
fn exact_complex_sqrt(z: &Number, re: &Real, im: &Real, stop: &Stop) -> Result<Option<Number>> {
    let magnitude = z.magnitude(stop)?;
    if !magnitude.is_exact() {
        return Ok(None);
    }
    let half_root = |x: Real| x.div(&Real::from(2i64), stop)?.sqrt_of_positive(stop);
    let (u, v) = (half_root(magnitude.add(re, stop)?)?, half_root(magnitude.sub(re, stop)?)?);
    if !(u.is_exact() && v.is_exact()) {
        return Ok(None);
    }
    Ok(Some(Number::rectangular(u, if im.is_negative() { v.neg() } else { v })))
}
