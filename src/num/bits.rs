//! Bitwise operations on exact integers, seen as two's complement numbers that go on forever to the left.

use super::{Int, NumError, Number, Real, Result};
use dashu_int::IBig;

const AN_INDEX: &str = "an exact integer not below 0";

impl Number {
    pub fn bit_and(&self, other: &Number) -> Result<Number> {
        self.bitwise(other, |a, b| a & b)
    }

    pub fn bit_or(&self, other: &Number) -> Result<Number> {
        self.bitwise(other, |a, b| a | b)
    }

    pub fn bit_xor(&self, other: &Number) -> Result<Number> {
        self.bitwise(other, |a, b| a ^ b)
    }

    fn bitwise(&self, other: &Number, f: impl FnOnce(&IBig, &IBig) -> IBig) -> Result<Number> {
        Ok(Number::from(Int(f(&self.exact_integer(1)?.0, &other.exact_integer(2)?.0))))
    }

    pub fn bit_not(&self) -> Result<Number> {
        Ok(Number::from(Int(!&self.exact_integer(1)?.0)))
    }

    /// Whether the two have a bit in common.
    pub fn bit_test(&self, other: &Number) -> Result<bool> {
        Ok(!self.bit_and(other)?.is_zero())
    }

    /// Shifts left by COUNT bits, or right, rounding down, if COUNT is negative.
    pub fn shift(&self, count: &Number) -> Result<Number> {
        let (n, count) = (self.exact_integer(1)?, count.exact_integer(2)?);
        let distance = count.abs().to_u64().unwrap_or(u64::MAX);
        Ok(Number::from(if count.is_negative() { n.shift_right(distance) } else { n.shift_left(distance)? }))
    }

    /// As `shift`, but rounds to the nearest, and halves to even.
    pub fn shift_round(&self, count: &Number) -> Result<Number> {
        let shifted = self.shift(count)?;
        let (n, count) = (self.exact_integer(1)?, count.exact_integer(2)?);
        let distance = count.abs().to_u64().unwrap_or(u64::MAX);
        if !count.is_negative() || distance > n.bit_length() {
            return Ok(if count.is_negative() { Number::from(Int::ZERO) } else { shifted });
        }
        let down = n.shift_right(distance);
        let half = n.bit(distance - 1);
        let up = half && (n.trailing_zeros() < distance - 1 || !down.is_even());
        Ok(Number::from(if up { down.add(&Int::ONE) } else { down }))
    }

    /// The ones of a number not below 0, the zeros of a negative one.
    pub fn bit_count(&self) -> Result<u64> {
        let n = self.exact_integer(1)?;
        let ones = |n: &Int| n.with_limbs(|_, limbs| limbs.iter().map(|limb| u64::from(limb.count_ones())).sum());
        Ok(if n.is_negative() { ones(&Int(!&n.0)) } else { ones(n) })
    }

    /// How many bits the number needs beside its sign.
    pub fn integer_length(&self) -> Result<u64> {
        let n = self.exact_integer(1)?;
        Ok(if n.is_negative() { Int(!&n.0).bit_length() } else { n.bit_length() })
    }

    /// Whether bit INDEX is set. INDEX comes first, as in Scheme.
    pub fn bit_set(index: &Number, n: &Number) -> Result<bool> {
        Ok(n.exact_integer(2)?.bit(index.bit_index(1)?))
    }

    /// The bits from START up to, and without, END.
    pub fn bit_extract(&self, start: &Number, end: &Number) -> Result<Number> {
        let n = self.exact_integer(1)?;
        let (start, end) = (start.bit_index(2)?, end.bit_index(3)?);
        let Some(width) = end.checked_sub(start) else {
            return NumError::wrong(3, "an exact integer not below the start");
        };
        let shifted = n.shift_right(start);
        if !shifted.is_negative() && width >= shifted.bit_length() {
            return Ok(Number::from(shifted));
        }
        let mask = Int::ONE.shift_left(width)?.sub(&Int::ONE);
        Ok(Number::from(Int(&shifted.0 & &mask.0)))
    }

    /// An index; those beyond what memory could hold are all alike.
    fn bit_index(&self, argument: usize) -> Result<u64> {
        match self {
            Number::Real(Real::Int(n)) if !n.is_negative() => Ok(n.to_u64().unwrap_or(u64::MAX)),
            _ => NumError::wrong(argument, AN_INDEX),
        }
    }
}
