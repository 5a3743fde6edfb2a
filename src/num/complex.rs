//! `Complex`: rectangular complex numbers with exact or inexact parts, and their arithmetic.
//!
//! The parts keep their exactness each for itself, so that `+2.5i` has an exact 0 for its real part and prints as it was
//! written. A number counts as exact when both parts are.

use super::{NumError, Number, Real, Result, Stop};

/// The imaginary part of a real number, to be borrowed.
static ZERO: Real = Real::ZERO;

/// Invariant: the imaginary part is not exact zero. `==` is `eqv?`, as for [`Real`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Complex {
    re: Real,
    im: Real,
}

impl Complex {
    pub fn re(&self) -> &Real {
        &self.re
    }

    pub fn im(&self) -> &Real {
        &self.im
    }
}

impl Number {
    /// RE + IM·i.
    pub fn rectangular(re: Real, im: Real) -> Number {
        if im.is_exact_zero() { Number::Real(re) } else { Number::Complex(Box::new(Complex { re, im })) }
    }

    /// The number at distance MAGNITUDE from 0, in the direction ANGLE.
    pub fn polar(magnitude: &Real, angle: &Real) -> Number {
        if angle.is_exact_zero() || magnitude.is_exact_zero() {
            return Number::Real(magnitude.clone());
        }
        let (m, a) = (magnitude.to_f64(), angle.to_f64());
        Number::rectangular(Real::Float(m * a.cos()), Real::Float(m * a.sin()))
    }

    pub fn real_part(&self) -> Real {
        self.parts().0.clone()
    }

    /// Exact 0 for a real number.
    pub fn imag_part(&self) -> Real {
        self.parts().1.clone()
    }

    pub(super) fn parts(&self) -> (&Real, &Real) {
        match self {
            Number::Real(x) => (x, &ZERO),
            Number::Complex(z) => (&z.re, &z.im),
        }
    }

    pub fn magnitude(&self, stop: &Stop) -> Result<Real> {
        match self {
            Number::Real(x) => Ok(x.abs()),
            Number::Complex(z) if self.is_exact() => {
                let norm = z.re.mul(&z.re, stop)?.add(&z.im.mul(&z.im, stop)?, stop)?;
                norm.sqrt_of_positive(stop)
            }
            Number::Complex(z) => Ok(Real::Float(z.re.to_f64().hypot(z.im.to_f64()))),
        }
    }

    pub fn angle(&self) -> Real {
        let (re, im) = self.parts();
        Real::Float(im.to_f64().atan2(re.to_f64()))
    }
}

type Pair<'a> = (&'a Real, &'a Real);

pub(super) fn add(a: Pair, b: Pair, stop: &Stop) -> Result<Number> {
    Ok(Number::rectangular(a.0.add(b.0, stop)?, a.1.add(b.1, stop)?))
}

pub(super) fn sub(a: Pair, b: Pair, stop: &Stop) -> Result<Number> {
    Ok(Number::rectangular(a.0.sub(b.0, stop)?, a.1.sub(b.1, stop)?))
}

/// A real factor scales both parts; it must not meet the other's parts as if it had an imaginary part 0.0.
pub(super) fn mul(a: Pair, b: Pair, stop: &Stop) -> Result<Number> {
    if b.1.is_exact_zero() {
        return Ok(Number::rectangular(a.0.mul(b.0, stop)?, a.1.mul(b.0, stop)?));
    }
    if a.1.is_exact_zero() {
        return mul(b, a, stop);
    }
    let re = a.0.mul(b.0, stop)?.sub(&a.1.mul(b.1, stop)?, stop)?;
    let im = a.0.mul(b.1, stop)?.add(&a.1.mul(b.0, stop)?, stop)?;
    Ok(Number::rectangular(re, im))
}

pub(super) fn div(a: Pair, b: Pair, stop: &Stop) -> Result<Number> {
    if b.1.is_exact_zero() {
        return Ok(Number::rectangular(a.0.div(b.0, stop)?, a.1.div(b.0, stop)?));
    }
    if [a.0, a.1, b.0, b.1].iter().all(|part| part.is_exact()) {
        let norm = b.0.mul(b.0, stop)?.add(&b.1.mul(b.1, stop)?, stop)?;
        let conjugate = b.1.neg();
        return div(mul(a, (b.0, &conjugate), stop)?.parts(), (&norm, &ZERO), stop);
    }
    let (c, d) = (b.0.to_f64(), b.1.to_f64());
    if c == 0.0 && d == 0.0 && [b.0, b.1].iter().all(|part| part.is_exact()) {
        return Err(NumError::DivideByZero);
    }
    // Smith's method: divide by the larger part first, lest the norm overflow.
    let (x, y) = (a.0.to_f64(), a.1.to_f64());
    let (re, im) = if c.abs() >= d.abs() {
        let (ratio, norm) = (d / c, c + d * (d / c));
        ((x + y * ratio) / norm, (y - x * ratio) / norm)
    } else {
        let (ratio, norm) = (c / d, d + c * (c / d));
        ((x * ratio + y) / norm, (y * ratio - x) / norm)
    };
    Ok(Number::rectangular(Real::Float(re), Real::Float(im)))
}
