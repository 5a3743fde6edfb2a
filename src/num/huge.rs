//! Interruptible arithmetic on huge magnitudes: multiplication, division, greatest common divisor, square root, power.
//!
//! The library below works uninterrupted until it is done. So operands are taken apart here until a piece takes it some
//! twenty milliseconds at most, and the [`Stop`] is asked between pieces. The methods are the textbook ones: Karatsuba
//! multiplication, Burnikel and Ziegler's recursive division, Lehmer's gcd (Knuth 4.5.2 L), Zimmermann's square root.
//! Every recursion halves its operand, so its depth is a logarithm of the size.

use super::{Result, Stop};
use dashu_int::UBig;
use dashu_int::ops::{BitTest, DivRem, Gcd, SquareRootRem};

/// Products, quotients and so on of operands up to these sizes are left to the library.
const MUL_LEAF: usize = 3 << 20;
const DIV_LEAF: usize = 1 << 19;
const SQRT_LEAF: usize = 1 << 20;
const GCD_LEAF: usize = 1 << 17;

/// Asked on operands above this size, that is at most about a thousand times a second; below it even a thousand
/// operations in a row are soon done.
const ASKING: usize = 1 << 17;

fn check(bits: usize, stop: &Stop) -> Result<()> {
    if bits > ASKING { stop.check() } else { Ok(()) }
}

/// The number below bit 64·WORDS, and the number above.
fn split(n: &UBig, words: usize) -> (UBig, UBig) {
    let all = n.as_words();
    let at = words.min(all.len());
    (UBig::from_words(&all[..at]), UBig::from_words(&all[at..]))
}

/// The number below bit BITS, and the number above.
fn split_bits(n: &UBig, bits: usize) -> (UBig, UBig) {
    n.clone().split_bits(bits)
}

pub(super) fn mul(a: &UBig, b: &UBig, stop: &Stop) -> Result<UBig> {
    let (long, short) = if a.bit_len() >= b.bit_len() { (a, b) } else { (b, a) };
    check(long.bit_len(), stop)?;
    if long.bit_len() <= MUL_LEAF {
        return Ok(if std::ptr::eq(long, short) { long.sqr() } else { long * short });
    }
    let words = long.as_words().len() / 2;
    let shift = words * 64;
    let (low, high) = split(long, words);
    if short.as_words().len() <= words {
        return Ok((mul(&high, short, stop)? << shift) + mul(&low, short, stop)?);
    }
    let same = std::ptr::eq(long, short);
    let other = if same { None } else { Some(split(short, words)) };
    let (low2, high2) = other.as_ref().map_or((&low, &high), |(l, h)| (l, h));
    let top = mul(&high, high2, stop)?;
    let bottom = mul(&low, low2, stop)?;
    let sum = &high + &low;
    let middle = if same { mul(&sum, &sum, stop)? } else { mul(&sum, &(high2 + low2), stop)? };
    let middle = middle - &top - &bottom;
    Ok((((top << shift) + middle) << shift) + bottom)
}

/// Quotient and remainder; the divisor must not be zero.
pub(super) fn div_rem(a: &UBig, b: &UBig, stop: &Stop) -> Result<(UBig, UBig)> {
    check(a.bit_len(), stop)?;
    if a.bit_len() <= 2 * DIV_LEAF || a < b {
        return Ok(a.div_rem(b));
    }
    let bits = b.bit_len();
    if bits <= DIV_LEAF {
        // The dividend is too long: divide it piece by piece, as by hand.
        let words = DIV_LEAF / 64;
        let mut rest = UBig::ZERO;
        let mut quotient = Vec::with_capacity(a.as_words().len());
        for piece in a.as_words().rchunks(words) {
            stop.check()?;
            let (q, r) = ((rest << (piece.len() * 64)) + UBig::from_words(piece)).div_rem(b);
            push_piece(&mut quotient, &q, piece.len());
            rest = r;
        }
        return Ok((join_pieces(quotient), rest));
    }
    // The recursion wants a divisor with its top bit set and a width that halves evenly down to the leaf.
    let levels = (bits / DIV_LEAF).ilog2() + 1;
    let width = bits.div_ceil(64 << levels) * (64 << levels);
    let shift = width - bits;
    let divisor = b << shift;
    let dividend = a << shift;
    let words = width / 64;
    let mut rest = UBig::ZERO;
    let mut quotient = Vec::with_capacity(dividend.as_words().len());
    for piece in dividend.as_words().rchunks(words) {
        let (q, r) = div_two_by_one(&((rest << (piece.len() * 64)) + UBig::from_words(piece)), &divisor, width, stop)?;
        push_piece(&mut quotient, &q, piece.len());
        rest = r;
    }
    Ok((join_pieces(quotient), rest >> shift))
}

/// Keeps the words of PIECE, most significant first, filled up to LENGTH words.
fn push_piece(to: &mut Vec<u64>, piece: &UBig, length: usize) {
    let words = piece.as_words();
    to.extend(std::iter::repeat_n(0, length.saturating_sub(words.len())));
    to.extend(words.iter().rev());
}

fn join_pieces(mut words: Vec<u64>) -> UBig {
    words.reverse();
    UBig::from_words(&words)
}

/// A (less than B·2^WIDTH) by B (of exactly WIDTH bits).
fn div_two_by_one(a: &UBig, b: &UBig, width: usize, stop: &Stop) -> Result<(UBig, UBig)> {
    if width <= DIV_LEAF {
        stop.check()?;
        return Ok(a.div_rem(b));
    }
    let half = width / 2;
    let (low, high) = split_bits(a, half);
    let (q1, r1) = div_three_by_two(&high, b, half, stop)?;
    let (q0, r0) = div_three_by_two(&((r1 << half) + low), b, half, stop)?;
    Ok(((q1 << half) + q0, r0))
}

/// A (less than B·2^HALF) by B (of exactly 2·HALF bits).
fn div_three_by_two(a: &UBig, b: &UBig, half: usize, stop: &Stop) -> Result<(UBig, UBig)> {
    let (a_low, a_high) = split_bits(a, half);
    let (b_low, b_high) = split_bits(b, half);
    let (mut q, r) = if &a_high >> half < b_high {
        div_two_by_one(&a_high, &b_high, half, stop)?
    } else {
        // The quotient of the upper halves does not fit: take the largest that does.
        let r = a_high + &b_high - (&b_high << half);
        (UBig::ones(half), r)
    };
    let product = mul(&q, &b_low, stop)?;
    let mut rest = (r << half) + a_low;
    while rest < product {
        q -= 1u8;
        rest += b;
    }
    Ok((q, rest - product))
}

pub(super) fn gcd(a: &UBig, b: &UBig, stop: &Stop) -> Result<UBig> {
    if a.is_zero() || b.is_zero() {
        return Ok(a + b);
    }
    if a.bit_len() <= GCD_LEAF && b.bit_len() <= GCD_LEAF {
        return Ok(a.gcd(b));
    }
    let (mut a, mut b) = if a >= b { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) };
    while b.bit_len() > GCD_LEAF {
        stop.check()?;
        match lehmer_steps(&a, &b) {
            Some((next_a, next_b)) => (a, b) = (next_a, next_b),
            None => {
                let rest = div_rem(&a, &b, stop)?.1;
                (a, b) = (b, rest);
            }
        }
    }
    if b.is_zero() {
        return Ok(a);
    }
    let rest = div_rem(&a, &b, stop)?.1;
    Ok(if rest.is_zero() { b } else { b.gcd(rest) })
}

/// As many of Euclid's steps at once as the leading digits of A >= B decide; none if they decide none.
fn lehmer_steps(a: &UBig, b: &UBig) -> Option<(UBig, UBig)> {
    let shift = a.bit_len().saturating_sub(120);
    let mut x = i128::try_from(a >> shift).ok()?;
    let mut y = i128::try_from(b >> shift).ok()?;
    let (mut a1, mut b1, mut a2, mut b2) = (1i128, 0i128, 0i128, 1i128);
    while y + a2 != 0 && y + b2 != 0 {
        let q = (x + a1) / (y + a2);
        if q != (x + b1) / (y + b2) || q >= 1 << 60 {
            break;
        }
        let (next_a, next_b) = (a1 - q * a2, b1 - q * b2);
        if next_a.unsigned_abs() >= 1 << 62 || next_b.unsigned_abs() >= 1 << 62 {
            break;
        }
        (a1, a2, b1, b2) = (a2, next_a, b2, next_b);
        (x, y) = (y, x - q * y);
    }
    if b1 == 0 {
        return None;
    }
    // Of two cofactors one is positive and the other is not, and the combination is a remainder, never negative.
    let combine = |p: i128, q: i128| {
        let (plus, minus) = if p > 0 {
            (a * p as u64, b * q.unsigned_abs() as u64)
        } else {
            (b * q as u64, a * p.unsigned_abs() as u64)
        };
        (plus >= minus).then(|| plus - minus)
    };
    Some((combine(a1, b1)?, combine(a2, b2)?))
}

/// The integer square root and what is left.
pub(super) fn sqrt_rem(n: &UBig, stop: &Stop) -> Result<(UBig, UBig)> {
    if n.bit_len() <= SQRT_LEAF {
        return Ok(n.sqrt_rem());
    }
    stop.check()?;
    // Zimmermann's step wants the two leading bits not both zero, and a length divisible by four.
    let width = n.bit_len().div_ceil(4) * 4;
    let shift = (width - n.bit_len()) & !1;
    if shift > 0 {
        let root = sqrt_rem(&(n << shift), stop)?.0 >> (shift / 2);
        let rest = n - mul(&root, &root, stop)?;
        return Ok((root, rest));
    }
    let quarter = width / 4;
    let (low, high) = split_bits(n, 2 * quarter);
    let (a0, a1) = split_bits(&low, quarter);
    let (s, r) = sqrt_rem(&high, stop)?;
    let (q, u) = div_rem(&((r << quarter) + a1), &(&s << 1), stop)?;
    let mut root = (s << quarter) + &q;
    let mut plus = (u << quarter) + a0;
    let minus = mul(&q, &q, stop)?;
    while plus < minus {
        // (root - 1)² = root² - 2·root + 1
        plus += (&root << 1) - 1u8;
        root -= 1u8;
    }
    Ok((root, plus - minus))
}

/// The caller has made sure that the result is of a bearable size.
pub(super) fn pow(base: &UBig, exponent: u64, stop: &Stop) -> Result<UBig> {
    let mut result = UBig::ONE;
    for i in (0..u64::BITS - exponent.leading_zeros()).rev() {
        result = mul(&result, &result, stop)?;
        if exponent >> i & 1 == 1 {
            result = mul(&result, base, stop)?;
        }
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::NumError;
    use std::cell::Cell;

    /// Digits without pattern, but the same each time.
    fn noise(bits: usize, seed: u64) -> UBig {
        let mut state = seed | 1;
        let words: Vec<u64> = (0..bits.div_ceil(64))
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state
            })
            .collect();
        UBig::from_words(&words) >> (words.len() * 64 - bits)
    }

    #[test]
    fn pieces_multiply_as_the_whole() {
        for (m, n) in [(MUL_LEAF + 77, MUL_LEAF + 5), (MUL_LEAF * 2, 1000), (MUL_LEAF * 2, MUL_LEAF - 9)] {
            let (a, b) = (noise(m, 1), noise(n, 2));
            assert!(mul(&a, &b, &Stop::NEVER).unwrap() == &a * &b);
            assert!(mul(&a, &a, &Stop::NEVER).unwrap() == a.sqr());
        }
    }

    #[test]
    fn pieces_divide_as_the_whole() {
        let d = DIV_LEAF;
        for (m, n) in [(4 * d, 2 * d + 3), (5 * d, d + 1), (3 * d, 64), (3 * d, 1), (3 * d + 9, d), (3 * d, 3 * d - 5)]
        {
            let (a, b) = (noise(m, 3), noise(n, 4) + UBig::ONE);
            let (q, r) = div_rem(&a, &b, &Stop::NEVER).unwrap();
            assert!(r < b && q * b + r == a);
        }
        // All ones drive the quotient digit to its limit.
        let (a, b) = (UBig::ones(5 * d), UBig::ones(2 * d) - UBig::ones(d / 2));
        let (q, r) = div_rem(&a, &b, &Stop::NEVER).unwrap();
        assert!(r < b && q * b + r == a);
    }

    #[test]
    fn gcd_finds_the_common_factor() {
        let common = noise(GCD_LEAF, 5);
        let (p, q) = ((UBig::ONE << 20_011) - UBig::ONE, (UBig::ONE << 30_011) - UBig::ONE);
        let found = gcd(&(&common * &p), &(&common * &q), &Stop::NEVER).unwrap();
        assert!(found == common);
        let (a, b) = (noise(GCD_LEAF * 2, 6), noise(GCD_LEAF + 1000, 7));
        assert!(gcd(&a, &b, &Stop::NEVER).unwrap() == (&a).gcd(&b));
        assert!(gcd(&a, &UBig::ZERO, &Stop::NEVER).unwrap() == a);
    }

    #[test]
    fn square_root_leaves_less_than_a_step() {
        for bits in SQRT_LEAF * 2 + 1..SQRT_LEAF * 2 + 5 {
            let n = noise(bits, 8);
            let (s, r) = sqrt_rem(&n, &Stop::NEVER).unwrap();
            assert!(r <= &s * UBig::from(2u8) && s.sqr() + r == n);
        }
        let s = noise(SQRT_LEAF, 9);
        assert!(sqrt_rem(&s.sqr(), &Stop::NEVER).unwrap() == (s, UBig::ZERO));
    }

    #[test]
    fn power_is_repeated_multiplication() {
        assert_eq!(pow(&UBig::from(7u8), 0, &Stop::NEVER).unwrap(), UBig::ONE);
        assert_eq!(pow(&UBig::from(7u8), 25, &Stop::NEVER).unwrap(), UBig::from(7u8).pow(25));
    }

    #[test]
    fn each_gives_up_when_told() {
        let (a, b) = (noise(MUL_LEAF * 2, 10), noise(MUL_LEAF, 11));
        let asked = Cell::new(0);
        let third_time = || {
            asked.set(asked.get() + 1);
            asked.get() >= 3
        };
        let stop = Stop(&third_time);
        let check = |interrupted: bool| {
            assert!(interrupted && asked.get() == 3);
            asked.set(0);
        };
        check(mul(&a, &b, &stop) == Err(NumError::Interrupted));
        check(div_rem(&a, &b, &stop).err() == Some(NumError::Interrupted));
        check(gcd(&a, &b, &stop) == Err(NumError::Interrupted));
        check(sqrt_rem(&a, &stop).err() == Some(NumError::Interrupted));
        check(pow(&b, 3, &stop) == Err(NumError::Interrupted));
    }
}
