//! `Ratio`: exact fractions in lowest terms, and the exact arithmetic that makes and takes them.

use super::{Int, NumError, Real, Result, Stop, int};
use std::cmp::Ordering;

/// Invariant: no common factor, and a denominator above 1. So equality and hash are those of the value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: Int,
    denominator: Int,
}

impl Ratio {
    pub fn numerator(&self) -> &Int {
        &self.numerator
    }

    pub fn denominator(&self) -> &Int {
        &self.denominator
    }

    /// The nearest float, ties to even.
    pub fn to_f64(&self) -> f64 {
        let (top, exponent) = quotient_bits(&self.numerator.abs(), &self.denominator);
        let value = int::scaled(top, exponent);
        if self.numerator.is_negative() { -value } else { value }
    }
}

/// A/B (both positive) as at least 64 bits and an exponent; the last bit is set if anything was cut off.
/// Of operands longer than that only the leading bits are looked at, so this is quick for any size.
fn quotient_bits(a: &Int, b: &Int) -> (u128, i64) {
    const KEPT: u64 = 1 << 14;
    let skip = |n: &Int| n.bit_length().saturating_sub(KEPT);
    let (skip_a, skip_b) = (skip(a), skip(b));
    let shortened = skip_a > 0 || skip_b > 0;
    let (a, b) = if shortened { (a.shift_right(skip_a), b.shift_right(skip_b)) } else { (a.clone(), b.clone()) };
    let shift = b.bit_length() as i64 - a.bit_length() as i64 + 80;
    let scaled =
        if shift >= 0 { a.shift_left(shift as u64).unwrap_or(Int::ZERO) } else { a.shift_right(-shift as u64) };
    // Neither operand is long, nor the divisor zero: this neither fails nor lasts.
    let (q, r) = scaled.div_rem(&b, &Stop::NEVER).unwrap_or((Int::ZERO, Int::ZERO));
    let lost = shortened || !r.is_zero() || shift < 0 && a.trailing_zeros() < -shift as u64;
    let top = u128::try_from(&q.0).unwrap_or(0);
    (top | u128::from(lost), skip_a as i64 - skip_b as i64 - shift)
}

/// The exact quotient of two integers.
pub(super) fn divide(numerator: &Int, denominator: &Int, stop: &Stop) -> Result<Real> {
    if denominator.is_zero() {
        return Err(NumError::DivideByZero);
    }
    let gcd = numerator.gcd(denominator, stop)?;
    let (n, d) = (numerator.div_exact(&gcd, stop)?, denominator.div_exact(&gcd, stop)?);
    let (numerator, denominator) = if d.is_negative() { (n.neg(), d.neg()) } else { (n, d) };
    Ok(in_lowest_terms(numerator, denominator))
}

/// N/D, when they have no common factor and D is above 0.
pub fn in_lowest_terms(numerator: Int, denominator: Int) -> Real {
    if denominator.is_one() { Real::Int(numerator) } else { Real::Ratio(Box::new(Ratio { numerator, denominator })) }
}

/// An exact number as a fraction, borrowed.
#[derive(Clone, Copy)]
pub(super) struct Fraction<'a> {
    pub n: &'a Int,
    pub d: &'a Int,
}

impl Fraction<'_> {
    pub fn add(self, other: Fraction, stop: &Stop) -> Result<Real> {
        self.combine(other, stop, Int::add)
    }

    pub fn sub(self, other: Fraction, stop: &Stop) -> Result<Real> {
        self.combine(other, stop, Int::sub)
    }

    fn combine(self, other: Fraction, stop: &Stop, f: impl FnOnce(&Int, &Int) -> Int) -> Result<Real> {
        if self.d == other.d {
            return divide(&f(self.n, other.n), self.d, stop);
        }
        let sum = f(&self.n.mul(other.d, stop)?, &other.n.mul(self.d, stop)?);
        if self.d.is_one() || other.d.is_one() {
            // A fraction plus an integer stays in lowest terms.
            return Ok(in_lowest_terms(sum, self.d.mul(other.d, stop)?));
        }
        divide(&sum, &self.d.mul(other.d, stop)?, stop)
    }

    pub fn mul(self, other: Fraction, stop: &Stop) -> Result<Real> {
        // What the numerator of one and the denominator of the other have in common goes first: small factors are quicker
        // to find than one of the product.
        let (p, q) = (self.n.gcd(other.d, stop)?, other.n.gcd(self.d, stop)?);
        let part = |n: &Int, by: &Int| n.div_exact(by, stop);
        let numerator = part(self.n, &p)?.mul(&part(other.n, &q)?, stop)?;
        Ok(in_lowest_terms(numerator, part(self.d, &q)?.mul(&part(other.d, &p)?, stop)?))
    }

    pub fn div(self, other: Fraction, stop: &Stop) -> Result<Real> {
        divide(&self.n.mul(other.d, stop)?, &self.d.mul(other.n, stop)?, stop)
    }

    pub fn compare(self, other: Fraction, stop: &Stop) -> Result<Ordering> {
        let (mine, theirs) = (self.n.signum(), other.n.signum());
        if mine != theirs || mine == 0 {
            return Ok(mine.cmp(&theirs));
        }
        // Sizes that differ by more than the rounding of logarithms decide without multiplying.
        let log = |f: &Fraction| f.n.bit_length() as i64 - f.d.bit_length() as i64;
        let (a, b) = (log(&self), log(&other));
        if (a - b).abs() >= 2 {
            return Ok(if mine > 0 { a.cmp(&b) } else { b.cmp(&a) });
        }
        Ok(self.n.mul(other.d, stop)?.cmp(&other.n.mul(self.d, stop)?))
    }
}
