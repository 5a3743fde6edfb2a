//! Division with remainder in its six roundings, greatest common divisors, numerators, and the simplest rational nearby.
//!
//! Each is reduced to one division of exact integers. Floats go in and come out by their exact values, so that
//! remainders of huge floats are right to the last digit.

use super::number::{A_RATIONAL, AN_INTEGER};
use super::{Int, NumError, Number, Real, Result, Stop, ratio};
use std::cmp::Ordering;

/// How the quotient is made an integer. The remainder is what is left of the dividend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Down: the remainder has the sign of the divisor.
    Floor,
    /// Up.
    Ceiling,
    /// Towards zero: the remainder has the sign of the dividend.
    Truncate,
    /// To the nearest, halves to even.
    Round,
    /// So that the remainder is not negative.
    Euclidean,
    /// So that the remainder is at least -|d/2| and less than |d/2|.
    Centered,
}

fn divide(n: &Int, d: &Int, rounding: Rounding, stop: &Stop) -> Result<(Int, Int)> {
    let (q, r) = n.div_rem(d, stop)?;
    if r.is_zero() {
        return Ok((q, r));
    }
    let same_sign = r.is_negative() == d.is_negative();
    let down = |(q, r): (Int, Int)| (q.sub(&Int::ONE), r.add(d));
    let up = |(q, r): (Int, Int)| (q.add(&Int::ONE), r.sub(d));
    let floor = |pair| if same_sign { pair } else { down(pair) };
    let euclidean = |pair: (Int, Int)| match pair.1.is_negative() {
        false => pair,
        true if d.is_negative() => up(pair),
        true => down(pair),
    };
    Ok(match rounding {
        Rounding::Truncate => (q, r),
        Rounding::Floor => floor((q, r)),
        Rounding::Ceiling if same_sign => up((q, r)),
        Rounding::Ceiling => (q, r),
        Rounding::Euclidean => euclidean((q, r)),
        Rounding::Round => {
            let (q, r) = floor((q, r));
            match r.add(&r).cmp_abs(d) {
                Ordering::Less => (q, r),
                Ordering::Equal if q.is_even() => (q, r),
                _ => up((q, r)),
            }
        }
        Rounding::Centered => {
            let (q, r) = euclidean((q, r));
            match r.add(&r).cmp_abs(d) {
                Ordering::Less => (q, r),
                _ if d.is_negative() => down((q, r)),
                _ => up((q, r)),
            }
        }
    })
}

/// For dividends and divisors that are infinite or NaN; as Guile does it.
fn divide_floats(x: f64, y: f64, rounding: Rounding) -> (Real, Real) {
    let q = match rounding {
        Rounding::Floor => (x / y).floor(),
        Rounding::Ceiling => (x / y).ceil(),
        Rounding::Truncate => (x / y).trunc(),
        Rounding::Round => (x / y).round_ties_even(),
        Rounding::Euclidean | Rounding::Centered if y > 0.0 => (x / y).floor(),
        Rounding::Euclidean | Rounding::Centered => (x / y).ceil(),
    };
    (Real::Float(q), Real::Float(x - y * q))
}

impl Real {
    fn divide(&self, other: &Real, rounding: Rounding, stop: &Stop) -> Result<(Real, Real)> {
        if other.is_zero() {
            return Err(NumError::DivideByZero);
        }
        let inexact = !(self.is_exact() && other.is_exact());
        let (Some(x), Some(y)) = (self.to_exact(), other.to_exact()) else {
            return Ok(divide_floats(self.to_f64(), other.to_f64(), rounding));
        };
        let (Some(a), Some(b)) = (x.fraction(), y.fraction()) else {
            return NumError::wrong(1, A_RATIONAL);
        };
        let (q, r) = if a.d.is_one() && b.d.is_one() {
            let (q, r) = divide(a.n, b.n, rounding, stop)?;
            (q, Real::Int(r))
        } else {
            let (q, r) = divide(&a.n.mul(b.d, stop)?, &b.n.mul(a.d, stop)?, rounding, stop)?;
            (q, ratio::divide(&r, &a.d.mul(b.d, stop)?, stop)?)
        };
        if !inexact {
            return Ok((Real::Int(q), r));
        }
        // A quotient of 0.0 keeps the sign that the division gives it.
        let negative = self.to_f64().is_sign_negative() != other.to_f64().is_sign_negative();
        let quotient = if q.is_zero() && negative { -0.0 } else { q.to_f64() };
        Ok((Real::Float(quotient), r.to_inexact()))
    }
}

impl Number {
    /// Quotient and remainder of any two real numbers, as in Guile; R7RS asks for integers.
    pub fn divide(&self, other: &Number, rounding: Rounding, stop: &Stop) -> Result<(Number, Number)> {
        let (q, r) = self.real(1)?.divide(other.real(2)?, rounding, stop)?;
        Ok((Number::Real(q), Number::Real(r)))
    }

    /// Quotient and remainder of two integers, exact or not.
    pub fn divide_integers(&self, other: &Number, rounding: Rounding, stop: &Stop) -> Result<(Number, Number)> {
        for (argument, n) in [(1, self), (2, other)] {
            if !n.is_integer() {
                return NumError::wrong(argument, AN_INTEGER);
            }
        }
        self.divide(other, rounding, stop)
    }

    pub fn quotient(&self, other: &Number, stop: &Stop) -> Result<Number> {
        Ok(self.divide_integers(other, Rounding::Truncate, stop)?.0)
    }

    pub fn remainder(&self, other: &Number, stop: &Stop) -> Result<Number> {
        Ok(self.divide_integers(other, Rounding::Truncate, stop)?.1)
    }

    pub fn modulo(&self, other: &Number, stop: &Stop) -> Result<Number> {
        Ok(self.divide_integers(other, Rounding::Floor, stop)?.1)
    }

    fn integer_result(&self, other: &Number, n: Int) -> Number {
        let inexact = !(self.is_exact() && other.is_exact());
        Number::Real(if inexact { Real::Float(n.to_f64()) } else { Real::Int(n) })
    }

    pub fn gcd(&self, other: &Number, stop: &Stop) -> Result<Number> {
        let n = self.integer(1)?.gcd(&other.integer(2)?, stop)?;
        Ok(self.integer_result(other, n.abs()))
    }

    pub fn lcm(&self, other: &Number, stop: &Stop) -> Result<Number> {
        let (a, b) = (self.integer(1)?, other.integer(2)?);
        if a.is_zero() || b.is_zero() {
            return Ok(self.integer_result(other, Int::ZERO));
        }
        let gcd = a.gcd(&b, stop)?;
        Ok(self.integer_result(other, a.div_exact(&gcd, stop)?.mul(&b, stop)?.abs()))
    }

    pub fn numerator(&self) -> Result<Number> {
        match self.real(1)? {
            Real::Float(0.0) => Ok(self.clone()),
            x => part_of_fraction(x, |x| x.n.clone()),
        }
    }

    pub fn denominator(&self) -> Result<Number> {
        part_of_fraction(self.real(1)?, |x| x.d.clone())
    }

    /// The simplest rational number that differs from this by no more than TOLERANCE.
    pub fn rationalize(&self, tolerance: &Number, stop: &Stop) -> Result<Number> {
        let (x, y) = (self.real(1)?, tolerance.real(2)?);
        let (Some(exact_x), Some(exact_y)) = (x.to_exact(), y.to_exact()) else {
            // An infinite tolerance reaches 0; an infinite number stays what it is.
            let infinite_y = y.to_f64().is_infinite();
            return Ok(Number::from(match x.to_f64() {
                x if y.is_nan() || infinite_y && !x.is_finite() => f64::NAN,
                _ if infinite_y => 0.0,
                x => x,
            }));
        };
        let exact_y = exact_y.abs();
        let (low, high) = (exact_x.sub(&exact_y, stop)?, exact_x.add(&exact_y, stop)?);
        let simplest = if low.signum() * high.signum() <= 0 {
            Real::ZERO
        } else if high.is_negative() {
            simplest_between(&high.neg(), &low.neg(), stop)?.neg()
        } else {
            simplest_between(&low, &high, stop)?
        };
        Ok(Number::Real(if x.is_exact() && y.is_exact() { simplest } else { simplest.to_inexact() }))
    }
}

fn part_of_fraction(x: &Real, part: impl FnOnce(super::ratio::Fraction) -> Int) -> Result<Number> {
    let exact = x.to_exact();
    let Some(fraction) = exact.as_ref().and_then(Real::fraction) else {
        return NumError::wrong(1, A_RATIONAL);
    };
    let n = part(fraction);
    Ok(Number::Real(if x.is_exact() { Real::Int(n) } else { Real::Float(n.to_f64()) }))
}

/// The rational with the smallest denominator in [LOW, HIGH], both positive: the continued fractions of both ends, as
/// far as they agree, and then the least integer that fits between.
fn simplest_between(low: &Real, high: &Real, stop: &Stop) -> Result<Real> {
    let (mut low, mut high) = (low.clone(), high.clone());
    // The convergents so far: p1/q1 is the last, p0/q0 the one before.
    let (mut p0, mut q0, mut p1, mut q1) = (Int::ZERO, Int::ONE, Int::ONE, Int::ZERO);
    loop {
        stop.check()?;
        let (floor, ceiling) = (low.floor(stop)?, low.ceiling(stop)?);
        let fits = ceiling.compare(&high, stop)? != Some(Ordering::Greater);
        let Real::Int(term) = (if fits { &ceiling } else { &floor }) else { return Ok(low) };
        let p = term.mul(&p1, stop)?.add(&p0);
        let q = term.mul(&q1, stop)?.add(&q0);
        if fits {
            return ratio::divide(&p, &q, stop);
        }
        (p0, q0, p1, q1) = (p1, q1, p, q);
        let turn = |x: &Real| Real::ONE.div(&x.sub(&floor, stop)?, stop);
        (low, high) = (turn(&high)?, turn(&low)?);
    }
}
