//! `Number`: any Scheme number; exactness, predicates, arithmetic and comparison.

use super::{Complex, Int, NumError, Real, Result, Stop, complex};
use std::cmp::Ordering;

/// `==` is Scheme's `eqv?` (see [`Real`]), and the hash goes with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Number {
    Real(Real),
    Complex(Box<Complex>),
}

impl<T: Into<Real>> From<T> for Number {
    fn from(x: T) -> Number {
        Number::Real(x.into())
    }
}

pub(super) const A_REAL: &str = "a real number";
pub(super) const A_RATIONAL: &str = "a rational number";
pub(super) const AN_INTEGER: &str = "an integer";
pub(super) const AN_EXACT_INTEGER: &str = "an exact integer";

impl Number {
    pub fn is_exact(&self) -> bool {
        let (re, im) = self.parts();
        re.is_exact() && im.is_exact()
    }

    pub fn is_real(&self) -> bool {
        matches!(self, Number::Real(_))
    }

    pub fn is_rational(&self) -> bool {
        matches!(self, Number::Real(x) if x.is_finite())
    }

    pub fn is_integer(&self) -> bool {
        matches!(self, Number::Real(x) if x.is_integer())
    }

    pub fn is_exact_integer(&self) -> bool {
        matches!(self, Number::Real(Real::Int(_)))
    }

    pub fn is_exact_rational(&self) -> bool {
        matches!(self, Number::Real(x) if x.is_exact())
    }

    pub fn is_finite(&self) -> bool {
        let (re, im) = self.parts();
        re.is_finite() && im.is_finite()
    }

    /// Whether either part is an infinity.
    pub fn is_infinite(&self) -> bool {
        let infinite = |x: &Real| matches!(x, Real::Float(x) if x.is_infinite());
        let (re, im) = self.parts();
        infinite(re) || infinite(im)
    }

    /// Whether either part is a NaN.
    pub fn is_nan(&self) -> bool {
        let (re, im) = self.parts();
        re.is_nan() || im.is_nan()
    }

    pub fn is_zero(&self) -> bool {
        let (re, im) = self.parts();
        re.is_zero() && im.is_zero()
    }

    pub fn is_positive(&self) -> Result<bool> {
        Ok(self.real(1)?.signum() > 0)
    }

    pub fn is_negative(&self) -> Result<bool> {
        Ok(self.real(1)?.signum() < 0)
    }

    pub fn is_even(&self) -> Result<bool> {
        Ok(self.integer(1)?.is_even())
    }

    pub fn is_odd(&self) -> Result<bool> {
        Ok(!self.is_even()?)
    }

    /// The real number this is, as the call's operand number ARGUMENT.
    pub(super) fn real(&self, argument: usize) -> Result<&Real> {
        match self {
            Number::Real(x) => Ok(x),
            Number::Complex(_) => NumError::wrong(argument, A_REAL),
        }
    }

    /// The integer this is, exact or not.
    pub(super) fn integer(&self, argument: usize) -> Result<Int> {
        match self {
            Number::Real(x) => x.to_int(),
            Number::Complex(_) => None,
        }
        .ok_or(NumError::Wrong { argument, expected: AN_INTEGER })
    }

    pub(super) fn exact_integer(&self, argument: usize) -> Result<&Int> {
        match self {
            Number::Real(Real::Int(n)) => Ok(n),
            _ => NumError::wrong(argument, AN_EXACT_INTEGER),
        }
    }

    /// The nearest representable inexact number.
    pub fn to_inexact(&self) -> Number {
        match self {
            Number::Real(x) => Number::Real(x.to_inexact()),
            Number::Complex(z) => Number::rectangular(z.re().to_inexact(), z.im().to_inexact()),
        }
    }

    /// The exact number of the same value; infinities and NaN have none.
    pub fn to_exact(&self) -> Result<Number> {
        let (re, im) = self.parts();
        match (re.to_exact(), im.to_exact()) {
            (Some(re), Some(im)) => Ok(Number::rectangular(re, im)),
            _ => NumError::wrong(1, "a finite number"),
        }
    }

    pub fn neg(&self) -> Number {
        match self {
            Number::Real(x) => Number::Real(x.neg()),
            Number::Complex(z) => Number::rectangular(z.re().neg(), z.im().neg()),
        }
    }

    pub fn abs(&self) -> Result<Number> {
        Ok(Number::Real(self.real(1)?.abs()))
    }

    pub fn add(&self, other: &Number, stop: &Stop) -> Result<Number> {
        match (self, other) {
            (Number::Real(a), Number::Real(b)) => a.add(b, stop).map(Number::Real),
            _ => complex::add(self.parts(), other.parts(), stop),
        }
    }

    pub fn sub(&self, other: &Number, stop: &Stop) -> Result<Number> {
        match (self, other) {
            (Number::Real(a), Number::Real(b)) => a.sub(b, stop).map(Number::Real),
            _ => complex::sub(self.parts(), other.parts(), stop),
        }
    }

    pub fn mul(&self, other: &Number, stop: &Stop) -> Result<Number> {
        match (self, other) {
            (Number::Real(a), Number::Real(b)) => a.mul(b, stop).map(Number::Real),
            _ => complex::mul(self.parts(), other.parts(), stop),
        }
    }

    pub fn div(&self, other: &Number, stop: &Stop) -> Result<Number> {
        match (self, other) {
            (Number::Real(a), Number::Real(b)) => a.div(b, stop).map(Number::Real),
            _ => complex::div(self.parts(), other.parts(), stop),
        }
    }

    pub fn square(&self, stop: &Stop) -> Result<Number> {
        self.mul(self, stop)
    }

    /// Scheme's `=`.
    pub fn equals(&self, other: &Number, stop: &Stop) -> Result<bool> {
        let ((a, b), (c, d)) = (self.parts(), other.parts());
        let equal = Some(Ordering::Equal);
        Ok(a.compare(c, stop)? == equal && b.compare(d, stop)? == equal)
    }

    /// The order of two real numbers; None if either is a NaN.
    pub fn compare(&self, other: &Number, stop: &Stop) -> Result<Option<Ordering>> {
        self.real(1)?.compare(other.real(2)?, stop)
    }

    pub fn max(&self, other: &Number, stop: &Stop) -> Result<Number> {
        self.real(1)?.max(other.real(2)?, stop).map(Number::Real)
    }

    pub fn min(&self, other: &Number, stop: &Stop) -> Result<Number> {
        self.real(1)?.min(other.real(2)?, stop).map(Number::Real)
    }

    pub fn floor(&self, stop: &Stop) -> Result<Number> {
        self.real(1)?.floor(stop).map(Number::Real)
    }

    pub fn ceiling(&self, stop: &Stop) -> Result<Number> {
        self.real(1)?.ceiling(stop).map(Number::Real)
    }

    pub fn truncate(&self, stop: &Stop) -> Result<Number> {
        self.real(1)?.truncate(stop).map(Number::Real)
    }

    pub fn round(&self, stop: &Stop) -> Result<Number> {
        self.real(1)?.round(stop).map(Number::Real)
    }
}
