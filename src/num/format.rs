//! Numbers as text: integers in any radix, floats in the fewest digits that read back as the same float.
//!
//! Floats look as in Guile 3.0.8: `100.0`, `1.0e21`, `1.5e-7`; an exponent appears when the point would otherwise stand
//! three zeros or more away from the digits. Digits of radix 10 come from zmij, those of other radixes from the exact
//! method of Steele and White (1990).

use super::{Int, NumError, Number, Real, Result, Stop, huge, int};
use dashu_int::UBig;
use std::cmp::Ordering;

/// Longer texts are refused.
pub const MAX_DIGITS: u64 = 1 << 29;

/// Integers of up to so many bits are left to the library, which takes a millisecond for them.
const LEAF_BITS: usize = 1 << 16;

/// Writes N in RADIX, 2 to 36; floats too, whose exponents are then also of and in that radix.
pub fn format(n: &Number, radix: u32, stop: &Stop) -> Result<String> {
    if !(2..=36).contains(&radix) {
        return NumError::wrong(2, "a radix from 2 to 36");
    }
    let mut out = String::new();
    match n {
        Number::Real(x) => push_real(x, radix, stop, &mut out)?,
        Number::Complex(z) => {
            if !z.re().is_exact_zero() {
                push_real(z.re(), radix, stop, &mut out)?;
            }
            let start = out.len();
            if !z.im().abs().is_exact_one() {
                push_real(z.im(), radix, stop, &mut out)?;
            } else if z.im().is_negative() {
                out.push('-');
            }
            if !out[start..].starts_with(['+', '-']) {
                out.insert(start, '+');
            }
            out.push('i');
        }
    }
    Ok(out)
}

fn push_real(x: &Real, radix: u32, stop: &Stop, out: &mut String) -> Result<()> {
    match x {
        Real::Int(n) => push_int(n, radix, stop, out)?,
        Real::Ratio(q) => {
            push_int(q.numerator(), radix, stop, out)?;
            out.push('/');
            push_int(q.denominator(), radix, stop, out)?;
        }
        Real::Float(x) if radix == 10 => format_float(*x, out),
        Real::Float(x) => push_float(*x, radix, |x, digits| radix_digits(x, radix, digits), out),
    }
    Ok(())
}

/// Appends N in radix 10.
pub fn format_fixnum(n: i64, out: &mut String) {
    if n < 0 {
        out.push('-');
    }
    let mut digits = [0u8; 20];
    let mut start = digits.len();
    let mut rest = n.unsigned_abs();
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    push_ascii(&digits[start..], out);
}

fn push_ascii(digits: &[u8], out: &mut String) {
    out.push_str(std::str::from_utf8(digits).unwrap_or_default());
}

/// Appends X in radix 10.
pub fn format_float(x: f64, out: &mut String) {
    push_float(x, 10, decimal_digits, out);
}

/// DIGITS is given a positive finite float; it appends digits d₁d₂… (the first not 0) and returns the e for which the
/// float is d₁.d₂…·radix^e.
fn push_float(x: f64, radix: u32, digits: impl FnOnce(f64, &mut Vec<u8>) -> i32, out: &mut String) {
    if x.is_nan() {
        return out.push_str("+nan.0");
    }
    if x.is_infinite() {
        return out.push_str(if x > 0.0 { "+inf.0" } else { "-inf.0" });
    }
    if x.is_sign_negative() {
        out.push('-');
    }
    if x == 0.0 {
        return out.push_str("0.0");
    }
    let mut buffer = Vec::with_capacity(24);
    let exponent = digits(x.abs(), &mut buffer);
    let length = buffer.len() as i32;
    if exponent < -3 || exponent > 6.max(length + 2) {
        let (first, rest) = buffer.split_at(1);
        push_ascii(first, out);
        out.push('.');
        push_ascii(if rest.is_empty() { b"0" } else { rest }, out);
        out.push('e');
        // An exponent has at most four digits (of radix 2: eleven), for which no Stop is asked.
        let _ = push_int(&Int::from(i64::from(exponent)), radix, &Stop::NEVER, out);
    } else if exponent < 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', (-exponent - 1) as usize));
        push_ascii(&buffer, out);
    } else if exponent + 1 >= length {
        push_ascii(&buffer, out);
        out.extend(std::iter::repeat_n('0', (exponent + 1 - length) as usize));
        out.push_str(".0");
    } else {
        let (whole, fraction) = buffer.split_at((exponent + 1) as usize);
        push_ascii(whole, out);
        out.push('.');
        push_ascii(fraction, out);
    }
}

fn decimal_digits(x: f64, digits: &mut Vec<u8>) -> i32 {
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(x);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut exponent = exponent.parse::<i32>().unwrap_or(0) + whole.len() as i32 - 1;
    digits.extend(whole.bytes().chain(fraction.bytes()));
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    digits.drain(..zeros);
    exponent -= zeros as i32;
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    exponent
}

/// Steele and White's digits: X is r/s, and numbers within `low` below and `high` above it, over s too, read as X.
fn radix_digits(x: f64, radix: u32, digits: &mut Vec<u8>) -> i32 {
    let (mantissa, exponent) = int::decode(x);
    let one = UBig::ONE;
    // Above a power of two the gap to the next float is twice that to the one before.
    let uneven = mantissa == 1 << 52 && exponent > -1074;
    let extra = 1 + usize::from(uneven);
    let mut r = UBig::from(mantissa.unsigned_abs()) << extra;
    let mut s = &one << extra;
    let mut low = one.clone();
    if exponent >= 0 {
        r <<= exponent as usize;
        low <<= exponent as usize;
    } else {
        s <<= exponent.unsigned_abs() as usize;
    }
    let mut high = if uneven { &low << 1 } else { low.clone() };
    // The reader rounds ties to even, so the ends of the interval count for even mantissas.
    let ends = mantissa & 1 == 0;
    let reaches = |a: &UBig, b: &UBig| if ends { a >= b } else { a > b };
    // Scale so that the first digit is not 0; the logarithm may be one too small.
    let mut k = (x.ln() / f64::from(radix).ln()).ceil() as i32 - 1;
    let scale = UBig::from(radix).pow(k.unsigned_abs() as usize);
    if k >= 0 {
        s *= &scale;
    } else {
        r *= &scale;
        low *= &scale;
        high *= &scale;
    }
    while reaches(&(&r + &high), &(&s * radix)) {
        s *= radix;
        k += 1;
    }
    while !reaches(&(&r + &high), &s) {
        r *= radix;
        low *= radix;
        high *= radix;
        k -= 1;
    }
    loop {
        let quotient = &r / &s;
        let digit = u32::try_from(&quotient).unwrap_or(0);
        r -= quotient * &s;
        let below = if ends { r <= low } else { r < low };
        let above = reaches(&(&r + &high), &s);
        let up = match (below, above) {
            (false, false) => {
                digits.push(digit_char(digit, radix));
                r *= radix;
                low *= radix;
                high *= radix;
                continue;
            }
            (true, true) => match (&r << 1).cmp(&s) {
                Ordering::Equal => digit & 1 == 1,
                order => order == Ordering::Greater,
            },
            (_, above) => above,
        };
        digits.push(digit_char(digit + u32::from(up), radix));
        return k;
    }
}

fn digit_char(digit: u32, radix: u32) -> u8 {
    char::from_digit(digit, radix).map_or(b'0', |digit| digit as u8)
}

fn push_int(n: &Int, radix: u32, stop: &Stop, out: &mut String) -> Result<()> {
    if let (10, Some(n)) = (radix, n.to_i64()) {
        format_fixnum(n, out);
        return Ok(());
    }
    if n.is_negative() {
        out.push('-');
    }
    let bits = n.bit_length();
    if bits / u64::from(radix.ilog2()) > MAX_DIGITS {
        return Err(NumError::TooLarge);
    }
    if bits <= LEAF_BITS as u64 {
        out.push_str(&in_radix(&n.magnitude(), radix));
        Ok(())
    } else if radix.is_power_of_two() {
        n.with_limbs(|_, limbs| push_by_shifting(limbs, radix, stop, out))
    } else {
        push_by_dividing(n.magnitude(), radix, stop, out)
    }
}

fn in_radix(n: &UBig, radix: u32) -> String {
    n.in_radix(radix as u8).to_string()
}

/// Appends N in RADIX, filled up with zeros to WIDTH digits.
fn push_padded(n: &UBig, radix: u32, width: usize, out: &mut String) {
    let digits = in_radix(n, radix);
    out.extend(std::iter::repeat_n('0', width.saturating_sub(digits.len())));
    out.push_str(&digits);
}

/// A whole number of limbs holds a whole number of digits of a power of two.
fn push_by_shifting(limbs: &[u64], radix: u32, stop: &Stop, out: &mut String) -> Result<()> {
    let digit_bits = radix.ilog2() as usize;
    let step = LEAF_BITS / 64 * digit_bits;
    out.reserve(limbs.len() * 64 / digit_bits + 1);
    let (mut width, mut end) = (0, limbs.len());
    while end > 0 {
        stop.check()?;
        let start = (end - 1) / step * step;
        push_padded(&UBig::from_words(&limbs[start..end]), radix, width, out);
        (width, end) = (step * 64 / digit_bits, start);
    }
    Ok(())
}

/// Divides by the middle power of the radix, and both halves likewise.
fn push_by_dividing(n: UBig, radix: u32, stop: &Stop, out: &mut String) -> Result<()> {
    // Powers: radix^width, and its squares up to about the root of N.
    let width = LEAF_BITS / (radix.ilog2() as usize + 1);
    let mut powers = vec![UBig::from(radix).pow(width)];
    while let Some(last) = powers.last()
        && last.as_words().len() * 2 <= n.as_words().len() + 1
    {
        powers.push(huge::mul(last, last, stop)?);
    }
    // What is still to be written, the most significant on top: a number, the index of the power that splits it, and
    // whether it needs its leading zeros.
    let mut rest = vec![(n, powers.len(), false)];
    while let Some((n, level, padded)) = rest.pop() {
        let Some(next) = level.checked_sub(1) else {
            push_padded(&n, radix, if padded { width } else { 0 }, out);
            continue;
        };
        stop.check()?;
        let (high, low) = huge::div_rem(&n, &powers[next], stop)?;
        if padded || !high.is_zero() {
            rest.push((low, next, true));
            rest.push((high, next, padded));
        } else {
            rest.push((low, next, false));
        }
    }
    Ok(())
}
