//! `Real`: an exact integer, an exact ratio or a float; arithmetic between them, order, rounding, exactness.

use super::ratio::{self, Fraction};
use super::{Int, NumError, Ratio, Result, Stop, int};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// `==` is Scheme's `eqv?`: exactness counts, 0.0 is not -0.0, and a NaN is itself.
#[derive(Clone, Debug)]
pub enum Real {
    Int(Int),
    Ratio(Box<Ratio>),
    Float(f64),
}

use Real::Float;

/// The denominator of an integer, to be borrowed.
static ONE: Int = Int::ONE;

/// All NaNs are one number to us.
fn float_bits(x: f64) -> u64 {
    if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() }
}

impl PartialEq for Real {
    fn eq(&self, other: &Real) -> bool {
        match (self, other) {
            (Real::Int(a), Real::Int(b)) => a == b,
            (Real::Ratio(a), Real::Ratio(b)) => a == b,
            (Float(a), Float(b)) => float_bits(*a) == float_bits(*b),
            _ => false,
        }
    }
}

impl Eq for Real {}

impl Hash for Real {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Real::Int(a) => a.hash(state),
            Real::Ratio(a) => a.hash(state),
            Float(a) => float_bits(*a).hash(state),
        }
    }
}

impl From<Int> for Real {
    fn from(n: Int) -> Real {
        Real::Int(n)
    }
}

impl From<f64> for Real {
    fn from(x: f64) -> Real {
        Float(x)
    }
}

impl From<i64> for Real {
    fn from(n: i64) -> Real {
        Real::Int(Int::from(n))
    }
}

impl Real {
    pub const ZERO: Real = Real::Int(Int::ZERO);
    pub const ONE: Real = Real::Int(Int::ONE);

    pub fn is_exact(&self) -> bool {
        !matches!(self, Float(_))
    }

    pub fn is_integer(&self) -> bool {
        match self {
            Real::Int(_) => true,
            Real::Ratio(_) => false,
            Float(x) => x.is_finite() && x.fract() == 0.0,
        }
    }

    pub fn is_finite(&self) -> bool {
        !matches!(self, Float(x) if !x.is_finite())
    }

    pub fn is_nan(&self) -> bool {
        matches!(self, Float(x) if x.is_nan())
    }

    pub fn is_zero(&self) -> bool {
        match self {
            Real::Int(n) => n.is_zero(),
            Real::Ratio(_) => false,
            Float(x) => *x == 0.0,
        }
    }

    pub fn is_exact_zero(&self) -> bool {
        matches!(self, Real::Int(n) if n.is_zero())
    }

    pub fn is_exact_one(&self) -> bool {
        matches!(self, Real::Int(n) if n.is_one())
    }

    /// -1, 0 or 1; 0 for a NaN.
    pub fn signum(&self) -> i32 {
        match self {
            Real::Int(n) => n.signum(),
            Real::Ratio(q) => q.numerator().signum(),
            Float(x) => i32::from(*x > 0.0) - i32::from(*x < 0.0),
        }
    }

    pub fn is_negative(&self) -> bool {
        self.signum() < 0
    }

    /// The nearest float.
    pub fn to_f64(&self) -> f64 {
        match self {
            Real::Int(n) => n.to_f64(),
            Real::Ratio(q) => q.to_f64(),
            Float(x) => *x,
        }
    }

    pub fn to_inexact(&self) -> Real {
        Float(self.to_f64())
    }

    /// None for infinities and NaN.
    pub fn to_exact(&self) -> Option<Real> {
        let Float(x) = *self else { return Some(self.clone()) };
        if let Some(n) = Int::from_f64(x) {
            return Some(Real::Int(n));
        }
        if !x.is_finite() {
            return None;
        }
        // Not an integer: the exponent is negative, and the mantissa, made odd, shares no factor with a power of two.
        let (mantissa, exponent) = int::decode(x);
        let zeros = mantissa.trailing_zeros();
        let bits = i64::from(-exponent) - i64::from(zeros);
        let denominator = Int::ONE.shift_left(u64::try_from(bits).ok()?).ok()?;
        Some(ratio::in_lowest_terms(Int::from(mantissa >> zeros), denominator))
    }

    /// The integer this is, whether exact or not.
    pub(super) fn to_int(&self) -> Option<Int> {
        match self {
            Real::Int(n) => Some(n.clone()),
            Real::Ratio(_) => None,
            Float(x) => Int::from_f64(*x),
        }
    }

    /// Numerator and denominator of an exact number; None for a float.
    pub(super) fn fraction(&self) -> Option<Fraction<'_>> {
        match self {
            Real::Int(n) => Some(Fraction { n, d: &ONE }),
            Real::Ratio(q) => Some(Fraction { n: q.numerator(), d: q.denominator() }),
            Float(_) => None,
        }
    }

    pub fn neg(&self) -> Real {
        match self {
            Real::Int(n) => Real::Int(n.neg()),
            Real::Ratio(q) => ratio::in_lowest_terms(q.numerator().neg(), q.denominator().clone()),
            Float(x) => Float(-x),
        }
    }

    pub fn abs(&self) -> Real {
        match self {
            Float(x) => Float(x.abs()),
            _ if self.is_negative() => self.neg(),
            _ => self.clone(),
        }
    }

    pub fn add(&self, other: &Real, stop: &Stop) -> Result<Real> {
        if let (Real::Int(a), Real::Int(b)) = (self, other) {
            return Ok(Real::Int(a.add(b)));
        }
        match (self.fraction(), other.fraction()) {
            (Some(a), Some(b)) => a.add(b, stop),
            _ => Ok(Float(self.to_f64() + other.to_f64())),
        }
    }

    /// From exact 0, a float is only negated: 0 - 0.0 is -0.0, as in Guile.
    pub fn sub(&self, other: &Real, stop: &Stop) -> Result<Real> {
        if let (Real::Int(a), Real::Int(b)) = (self, other) {
            return Ok(Real::Int(a.sub(b)));
        }
        match (self.fraction(), other.fraction()) {
            (Some(a), Some(b)) => a.sub(b, stop),
            _ if self.is_exact_zero() => Ok(other.neg()),
            _ => Ok(Float(self.to_f64() - other.to_f64())),
        }
    }

    /// Exact 0 times a float is a float (0.0, -0.0 or NaN), as in Guile.
    pub fn mul(&self, other: &Real, stop: &Stop) -> Result<Real> {
        if let (Real::Int(a), Real::Int(b)) = (self, other) {
            return Ok(Real::Int(a.mul(b, stop)?));
        }
        match (self.fraction(), other.fraction()) {
            (Some(a), Some(b)) => a.mul(b, stop),
            _ => Ok(Float(self.to_f64() * other.to_f64())),
        }
    }

    /// Division by exact 0 is an error, by 0.0 an infinity or NaN.
    pub fn div(&self, other: &Real, stop: &Stop) -> Result<Real> {
        match (self.fraction(), other.fraction()) {
            (Some(a), Some(b)) => a.div(b, stop),
            _ if other.is_exact_zero() => Err(NumError::DivideByZero),
            _ => Ok(Float(self.to_f64() / other.to_f64())),
        }
    }

    /// The order of the exact values, so that it is transitive among exact and inexact numbers; None beside a NaN.
    pub fn compare(&self, other: &Real, stop: &Stop) -> Result<Option<Ordering>> {
        match (self, other) {
            (Real::Int(a), Real::Int(b)) => Ok(Some(a.cmp(b))),
            (Float(a), Float(b)) => Ok(a.partial_cmp(b)),
            (Real::Int(n), Float(x)) if n.bit_length() <= 53 => Ok(n.to_f64().partial_cmp(x)),
            (Float(x), Real::Int(n)) if n.bit_length() <= 53 => Ok(x.partial_cmp(&n.to_f64())),
            (Float(x), _) if !x.is_finite() => Ok(x.partial_cmp(&0.0)),
            (_, Float(x)) if !x.is_finite() => Ok(0.0.partial_cmp(x)),
            _ => {
                let (a, b) = (self.to_exact(), other.to_exact());
                match (a.as_ref().and_then(Real::fraction), b.as_ref().and_then(Real::fraction)) {
                    (Some(a), Some(b)) => a.compare(b, stop).map(Some),
                    _ => Ok(None),
                }
            }
        }
    }

    /// An inexact argument makes the result inexact; a NaN wins.
    pub fn max(&self, other: &Real, stop: &Stop) -> Result<Real> {
        self.choose(other, stop, Ordering::Greater)
    }

    pub fn min(&self, other: &Real, stop: &Stop) -> Result<Real> {
        self.choose(other, stop, Ordering::Less)
    }

    fn choose(&self, other: &Real, stop: &Stop, wanted: Ordering) -> Result<Real> {
        let chosen = match self.compare(other, stop)? {
            None => return Ok(Float(f64::NAN)),
            Some(Ordering::Equal) => {
                // Only the zeros differ: the greater is the one with the plus sign.
                let plus = !matches!(self, Float(x) if x.is_sign_negative());
                if plus == (wanted == Ordering::Greater) { self } else { other }
            }
            Some(order) if order == wanted => self,
            Some(_) => other,
        };
        Ok(if self.is_exact() && other.is_exact() { chosen.clone() } else { chosen.to_inexact() })
    }

    pub fn floor(&self, stop: &Stop) -> Result<Real> {
        self.round_by(stop, f64::floor, |q, _| q)
    }

    pub fn ceiling(&self, stop: &Stop) -> Result<Real> {
        self.round_by(stop, f64::ceil, |q, _| q.add(&Int::ONE))
    }

    pub fn truncate(&self, stop: &Stop) -> Result<Real> {
        let negative = self.is_negative();
        self.round_by(stop, f64::trunc, |q, _| if negative { q.add(&Int::ONE) } else { q })
    }

    /// To even when halfway. (-0.5 gives -0.0, where Guile gives 0.0.)
    pub fn round(&self, stop: &Stop) -> Result<Real> {
        self.round_by(stop, f64::round_ties_even, |q, half| match half {
            Ordering::Less => q,
            Ordering::Equal if q.is_even() => q,
            _ => q.add(&Int::ONE),
        })
    }

    /// Of a ratio, EXACT is told the floor and how what is above it compares to a half.
    fn round_by(&self, stop: &Stop, float: fn(f64) -> f64, exact: impl FnOnce(Int, Ordering) -> Int) -> Result<Real> {
        match self {
            Real::Int(_) => Ok(self.clone()),
            Float(x) => Ok(Float(float(*x))),
            Real::Ratio(q) => {
                let (mut floor, mut rest) = q.numerator().div_rem(q.denominator(), stop)?;
                if rest.is_negative() {
                    (floor, rest) = (floor.sub(&Int::ONE), rest.add(q.denominator()));
                }
                let half = rest.add(&rest).cmp(q.denominator());
                Ok(Real::Int(exact(floor, half)))
            }
        }
    }
}
