//! `Int`: exact integers of any size. The only file, with `huge` and the digits of `parse` and `format`, that knows the library below.

use super::{MAX_BITS, NumError, Result, Stop, huge};
use dashu_int::ops::{BitTest, DivRem};
use dashu_int::{IBig, Sign, UBig};
use std::cmp::Ordering;

/// Equality, order and hash are those of the value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Int(pub(super) IBig);

/// Operands of up to so many bits go to the library at once, without a look at what to do with huge ones.
const SMALL: usize = 1 << 16;

impl From<i64> for Int {
    fn from(n: i64) -> Int {
        Int(IBig::from(n))
    }
}

impl From<u64> for Int {
    fn from(n: u64) -> Int {
        Int(IBig::from(n))
    }
}

impl From<i128> for Int {
    fn from(n: i128) -> Int {
        Int(IBig::from(n))
    }
}

impl Int {
    pub const ZERO: Int = Int(IBig::ZERO);
    pub const ONE: Int = Int(IBig::ONE);

    /// The heap keeps integers as sign and limbs, least significant first; leading zero limbs do no harm.
    pub fn from_limbs(negative: bool, limbs: &[u64]) -> Int {
        Int(IBig::from_sign_words(if negative { Sign::Negative } else { Sign::Positive }, limbs))
    }

    /// Shows sign and limbs, without leading zeros; zero has none.
    pub fn with_limbs<R>(&self, f: impl FnOnce(bool, &[u64]) -> R) -> R {
        let (sign, limbs) = self.0.as_sign_words();
        f(sign == Sign::Negative, limbs)
    }

    pub(super) fn magnitude(&self) -> UBig {
        self.0.clone().into_parts().1
    }

    pub(super) fn from_magnitude(negative: bool, magnitude: UBig) -> Int {
        Int(IBig::from_parts(if negative { Sign::Negative } else { Sign::Positive }, magnitude))
    }

    pub fn to_i64(&self) -> Option<i64> {
        i64::try_from(&self.0).ok()
    }

    pub fn to_u64(&self) -> Option<u64> {
        u64::try_from(&self.0).ok()
    }

    /// The nearest float, ties to even; an infinity when out of range.
    pub fn to_f64(&self) -> f64 {
        if let Some(n) = self.to_i64() {
            return n as f64;
        }
        let bits = self.bit_length();
        if bits > 1024 {
            return if self.is_negative() { f64::NEG_INFINITY } else { f64::INFINITY };
        }
        let shift = bits.saturating_sub(128) as usize;
        let magnitude = self.magnitude();
        let lost = magnitude.trailing_zeros().is_some_and(|zeros| zeros < shift);
        let top = u128::try_from(magnitude >> shift).unwrap_or(u128::MAX);
        let value = scaled(top | u128::from(lost), shift as i64);
        if self.is_negative() { -value } else { value }
    }

    /// The integer that X is, if it is one.
    pub fn from_f64(x: f64) -> Option<Int> {
        if !x.is_finite() || x.fract() != 0.0 {
            return None;
        }
        if x.abs() < 9.0e18 {
            return Some(Int::from(x as i64));
        }
        let (mantissa, exponent) = decode(x);
        Some(Int(IBig::from(mantissa) << exponent.max(0) as usize))
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i32 {
        match self.0.sign() {
            _ if self.is_zero() => 0,
            Sign::Positive => 1,
            Sign::Negative => -1,
        }
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    pub fn is_one(&self) -> bool {
        self.0.is_one()
    }

    pub fn is_negative(&self) -> bool {
        self.signum() < 0
    }

    pub fn is_even(&self) -> bool {
        self.with_limbs(|_, limbs| limbs.first().is_none_or(|limb| limb & 1 == 0))
    }

    /// Bits of the magnitude: 0 has none, -1 and 1 have one.
    pub fn bit_length(&self) -> u64 {
        self.with_limbs(|_, limbs| {
            limbs.last().map_or(0, |top| limbs.len() as u64 * 64 - u64::from(top.leading_zeros()))
        })
    }

    /// The logarithm of the magnitude to base 2, finite for all but zero.
    pub(super) fn log2(&self) -> f64 {
        let shift = self.bit_length().saturating_sub(64);
        self.abs().shift_right(shift).to_f64().log2() + shift as f64
    }

    /// How often 2 divides this; zero for zero.
    pub fn trailing_zeros(&self) -> u64 {
        self.0.trailing_zeros().unwrap_or(0) as u64
    }

    pub fn neg(&self) -> Int {
        Int(-&self.0)
    }

    pub fn abs(&self) -> Int {
        if self.is_negative() { self.neg() } else { self.clone() }
    }

    pub fn add(&self, other: &Int) -> Int {
        Int(&self.0 + &other.0)
    }

    pub fn sub(&self, other: &Int) -> Int {
        Int(&self.0 - &other.0)
    }

    pub fn mul(&self, other: &Int, stop: &Stop) -> Result<Int> {
        let bits = self.bit_length() + other.bit_length();
        if bits <= SMALL as u64 {
            return Ok(Int(&self.0 * &other.0));
        }
        if bits > MAX_BITS {
            return Err(NumError::TooLarge);
        }
        let a = self.magnitude();
        let product = if self == other { huge::mul(&a, &a, stop)? } else { huge::mul(&a, &other.magnitude(), stop)? };
        Ok(Int::from_magnitude(self.is_negative() != other.is_negative(), product))
    }

    /// The quotient rounded towards zero, and the remainder, which has the sign of SELF.
    pub fn div_rem(&self, other: &Int, stop: &Stop) -> Result<(Int, Int)> {
        if other.is_zero() {
            return Err(NumError::DivideByZero);
        }
        if self.bit_length() <= SMALL as u64 {
            let (q, r) = (&self.0).div_rem(&other.0);
            return Ok((Int(q), Int(r)));
        }
        let (q, r) = huge::div_rem(&self.magnitude(), &other.magnitude(), stop)?;
        let negative = self.is_negative() != other.is_negative();
        Ok((Int::from_magnitude(negative, q), Int::from_magnitude(self.is_negative(), r)))
    }

    /// The quotient of a division known to leave nothing.
    pub(super) fn div_exact(&self, other: &Int, stop: &Stop) -> Result<Int> {
        if other.is_one() { Ok(self.clone()) } else { Ok(self.div_rem(other, stop)?.0) }
    }

    pub fn gcd(&self, other: &Int, stop: &Stop) -> Result<Int> {
        if self.is_one() || other.is_one() {
            return Ok(Int::ONE);
        }
        Ok(Int(IBig::from(huge::gcd(&self.magnitude(), &other.magnitude(), stop)?)))
    }

    /// SELF to the power EXPONENT, refused beforehand if it would have too many bits.
    pub fn pow(&self, exponent: u64, stop: &Stop) -> Result<Int> {
        let negative = self.is_negative() && exponent & 1 == 1;
        match self.bit_length() {
            0 if exponent > 0 => return Ok(Int::ZERO),
            0 | 1 => return Ok(if negative { Int::from(-1i64) } else { Int::ONE }),
            _ => {}
        }
        if self.log2() * exponent as f64 >= MAX_BITS as f64 {
            return Err(NumError::TooLarge);
        }
        // Powers of two in the base cost only a shift.
        let zeros = self.trailing_zeros();
        let odd = self.magnitude() >> zeros as usize;
        let power = if odd.is_one() { odd } else { huge::pow(&odd, exponent, stop)? };
        Int::from_magnitude(negative, power).shift_left(zeros * exponent)
    }

    /// The square root rounded down, and what is left; SELF must not be negative.
    pub fn sqrt_rem(&self, stop: &Stop) -> Result<(Int, Int)> {
        if self.is_negative() {
            return NumError::wrong(1, "an exact integer not below 0");
        }
        let (root, rest) = huge::sqrt_rem(&self.magnitude(), stop)?;
        Ok((Int(IBig::from(root)), Int(IBig::from(rest))))
    }

    pub fn shift_left(&self, bits: u64) -> Result<Int> {
        if self.is_zero() {
            return Ok(Int::ZERO);
        }
        if bits > MAX_BITS || self.bit_length() + bits > MAX_BITS {
            return Err(NumError::TooLarge);
        }
        Ok(Int(&self.0 << bits as usize))
    }

    /// Divides by 2^BITS and rounds down.
    pub fn shift_right(&self, bits: u64) -> Int {
        if bits >= self.bit_length() {
            return if self.is_negative() { Int::from(-1i64) } else { Int::ZERO };
        }
        Int(&self.0 >> bits as usize)
    }

    /// Bit INDEX of the two's complement, which goes on forever to the left.
    pub fn bit(&self, index: u64) -> bool {
        if index >= self.bit_length() { self.is_negative() } else { self.0.bit(index as usize) }
    }

    pub(super) fn cmp_abs(&self, other: &Int) -> Ordering {
        self.with_limbs(|_, a| {
            other.with_limbs(|_, b| a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev())))
        })
    }
}

/// M·2^EXPONENT as the nearest float, ties to even. Where M stands for a longer number its last bit should be set if
/// anything was cut off; the other 127 are enough to round by.
pub(super) fn scaled(m: u128, exponent: i64) -> f64 {
    if m == 0 {
        return 0.0;
    }
    let bits = 128 - i64::from(m.leading_zeros());
    let top = bits + exponent;
    if top > 1024 {
        return f64::INFINITY;
    }
    // Below 2^-1022 the floats lose precision, down to none.
    let precision = if top >= -1021 { 53 } else { top + 1074 };
    if precision < 0 {
        return 0.0;
    }
    let drop = bits - precision;
    let mantissa = if drop <= 0 {
        m << -drop
    } else if drop == 128 {
        u128::from(m > 1 << 127)
    } else {
        let (kept, rest, half) = (m >> drop, m & ((1 << drop) - 1), 1u128 << (drop - 1));
        kept + u128::from(rest > half || (rest == half && kept & 1 == 1))
    };
    mantissa as f64 * power_of_two(exponent + drop)
}

/// 2^K for K from -1074 to 1023.
fn power_of_two(k: i64) -> f64 {
    f64::from_bits(if k >= -1022 { ((k + 1023) as u64) << 52 } else { 1 << (k + 1074).max(0) })
}

/// A finite float as mantissa·2^exponent.
pub(super) fn decode(x: f64) -> (i64, i32) {
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32;
    let fraction = (bits & ((1 << 52) - 1)) as i64;
    let (mantissa, exponent) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    (if x.is_sign_negative() { -mantissa } else { mantissa }, exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power(base: i64, exponent: u64) -> Int {
        Int::from(base).pow(exponent, &Stop::NEVER).unwrap()
    }

    #[test]
    fn limbs_go_out_and_come_back() {
        for n in [0, 1, -1, i128::from(u64::MAX), -(1 << 64), i128::MIN] {
            let int = Int::from(n);
            assert_eq!(int.with_limbs(Int::from_limbs), int);
        }
        Int::ZERO.with_limbs(|negative, limbs| assert!(!negative && limbs.is_empty()));
        assert_eq!(Int::from_limbs(true, &[0, 0, 0]), Int::ZERO);
        assert_eq!(Int::from_limbs(true, &[5, 0]), Int::from(-5i64));
        let big = power(-3, 1001);
        assert_eq!(big.with_limbs(Int::from_limbs), big);
    }

    #[test]
    fn to_float_rounds_to_even() {
        let two_53 = 1i64 << 53;
        for (n, x) in
            [(two_53 + 1, 9007199254740992.0), (two_53 + 3, 9007199254740996.0), (-two_53 - 1, -9007199254740992.0)]
        {
            assert_eq!(Int::from(n).to_f64(), x);
            for shift in [1u64, 70, 200, 900] {
                let shifted = Int::from(n).shift_left(shift).unwrap();
                assert_eq!(shifted.to_f64(), x * 2f64.powi(shift as i32));
                let more = shifted.add(&Int::from(n.signum()));
                let up = if n.abs() & 2 == 0 { 2.0 } else { 0.0 } * x.signum();
                assert_eq!(more.to_f64(), (x + up) * 2f64.powi(shift as i32), "{n} {shift}");
            }
        }
        let top = Int::from((1i64 << 54) - 1).shift_left(970).unwrap();
        assert_eq!(top.to_f64(), f64::INFINITY);
        assert_eq!(top.sub(&Int::ONE).to_f64(), f64::MAX);
        assert_eq!(power(-10, 401).to_f64(), f64::NEG_INFINITY);
    }

    #[test]
    fn from_float_is_exact() {
        assert_eq!(Int::from_f64(1e22), Some(power(10, 22)));
        assert_eq!(Int::from_f64(-9.0e18), Some(Int::from(-9_000_000_000_000_000_000i64)));
        assert_eq!(Int::from_f64(0.5), None);
        assert_eq!(Int::from_f64(f64::NAN), None);
        assert_eq!(Int::from_f64(f64::MAX).unwrap().to_f64(), f64::MAX);
    }

    #[test]
    fn scaled_reaches_the_smallest_floats() {
        assert_eq!(scaled(1, -1074), 5e-324);
        assert_eq!(scaled(1, -1075), 0.0);
        assert_eq!(scaled(3, -1076), 5e-324);
        assert_eq!(scaled(u128::MAX, -1203), 0.0);
        assert_eq!(scaled(u128::MAX, -1202), 5e-324);
        assert_eq!(scaled(1 << 127, -1202), 0.0);
        assert_eq!(scaled((1 << 53) - 1, -1075), 2.2250738585072014e-308);
        assert_eq!(scaled(1, 1024), f64::INFINITY);
    }

    #[test]
    fn shifts_round_down_and_refuse_the_absurd() {
        assert_eq!(Int::from(-5i64).shift_right(1), Int::from(-3i64));
        assert_eq!(Int::from(-5i64).shift_right(u64::MAX), Int::from(-1i64));
        assert_eq!(power(2, 100).neg().shift_right(100), Int::from(-1i64));
        assert_eq!(power(2, 100).neg().shift_right(99), Int::from(-2i64));
        assert_eq!(Int::ONE.shift_left(MAX_BITS), Err(NumError::TooLarge));
        assert_eq!(Int::ONE.shift_left(u64::MAX), Err(NumError::TooLarge));
        assert_eq!(Int::ZERO.shift_left(u64::MAX), Ok(Int::ZERO));
    }

    #[test]
    fn powers_refuse_the_absurd_only() {
        assert_eq!(Int::from(7i64).pow(u64::MAX, &Stop::NEVER), Err(NumError::TooLarge));
        assert_eq!(Int::from(2i64).pow(MAX_BITS, &Stop::NEVER), Err(NumError::TooLarge));
        assert_eq!(power(1, u64::MAX), Int::ONE);
        assert_eq!(power(-1, u64::MAX), Int::from(-1i64));
        assert_eq!(power(0, u64::MAX), Int::ZERO);
        assert_eq!(power(0, 0), Int::ONE);
        assert_eq!(power(-6, 3), Int::from(-216i64));
        assert_eq!(power(2, 1 << 20).bit_length(), (1 << 20) + 1);
    }

    #[test]
    fn bits_of_negative_numbers_go_on_forever() {
        assert!(Int::from(-1i64).bit(1000) && Int::from(-8i64).bit(3) && !Int::from(-8i64).bit(2));
        assert!(power(2, 70).neg().bit(70) && !power(2, 70).neg().bit(69));
    }
}
