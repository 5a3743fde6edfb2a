//! Text as numbers: the complete number syntax of R7RS 7.1.1, with Guile's exponent markers s, f, d and l besides e.
//!
//! As R5RS and Guile have it, the last digits of a number may be `#`: they count as 0, and the number is inexact then.
//!
//! In radixes above 18 an `i` is a digit, so there are no complex numbers in rectangular notation. Decimal points and
//! exponents belong to radix 10.

use super::{Int, NumError, Number, Real, Result, Stop, huge, ratio};
use crate::num::MAX_BITS;
use dashu_int::{IBig, UBig};

/// The number that TEXT denotes, if it denotes one; for texts short enough that their value cannot be too large and
/// reading them need not be interrupted. A literal that is too large reads as no number.
pub fn parse(text: &str, radix: u32) -> Option<Number> {
    parse_checked(text, radix, &Stop::NEVER).ok().flatten()
}

/// The number that TEXT denotes in RADIX (or the one its prefix names), None if it denotes none.
pub fn parse_checked(text: &str, radix: u32, stop: &Stop) -> Result<Option<Number>> {
    if !(2..=36).contains(&radix) {
        return NumError::wrong(2, "a radix from 2 to 36");
    }
    if let Some(n) = small_decimal(text.as_bytes(), radix) {
        return Ok(Some(Number::from(n)));
    }
    let mut rest = text.as_bytes();
    let (mut radix, mut radix_given, mut exactness) = (radix, false, None);
    while let [b'#', letter, after @ ..] = rest {
        let (new_radix, new_exactness) = match letter.to_ascii_lowercase() {
            b'b' => (Some(2), None),
            b'o' => (Some(8), None),
            b'd' => (Some(10), None),
            b'x' => (Some(16), None),
            b'e' => (None, Some(Exactness::Exact)),
            b'i' => (None, Some(Exactness::Inexact)),
            _ => return Ok(None),
        };
        if let Some(new_radix) = new_radix {
            if radix_given {
                return Ok(None);
            }
            (radix, radix_given) = (new_radix, true);
        }
        if new_exactness.is_some() {
            if exactness.is_some() {
                return Ok(None);
            }
            exactness = new_exactness;
        }
        rest = after;
    }
    let plain;
    if rest.contains(&b'#') {
        let Some(zeros) = without_pounds(rest, radix) else { return Ok(None) };
        plain = zeros;
        rest = &plain;
        exactness = exactness.or(Some(Exactness::Inexact));
    }
    let exact = exactness == Some(Exactness::Exact);
    let scanner = Scanner { rest, radix, exact, stop };
    let Some(n) = scanner.number()? else { return Ok(None) };
    Ok(match exactness {
        None => Some(n),
        Some(Exactness::Exact) => n.to_exact().ok(),
        Some(Exactness::Inexact) => Some(n.to_inexact()),
    })
}

/// TEXT with a 0 for each `#`, if each stands where the last digits of a whole number, or of a fraction without exponent, may.
fn without_pounds(text: &[u8], radix: u32) -> Option<Vec<u8>> {
    let mut out = text.to_vec();
    // What the digits just before belong to, and whether one of them is a #.
    let (mut digits, mut fraction, mut pounds, mut exponent) = (false, false, false, false);
    for (at, &c) in text.iter().enumerate() {
        match c {
            b'#' if digits && !exponent => {
                pounds = true;
                out[at] = b'0';
            }
            b'#' => return None,
            b'.' if !fraction && !exponent => fraction = true,
            _ if char::from(c).is_digit(radix) => {
                if pounds {
                    return None;
                }
                digits = true;
            }
            b'+' | b'-' if exponent && !digits => {}
            b'e' | b'E' | b's' | b'S' | b'f' | b'F' | b'd' | b'D' | b'l' | b'L'
                if radix == 10 && digits && !exponent =>
            {
                (digits, fraction, pounds, exponent) = (false, false, false, true);
            }
            _ => (digits, fraction, pounds, exponent) = (false, false, false, false),
        }
    }
    Some(out)
}

/// The commonest text by far: a few decimal digits, perhaps with a sign.
fn small_decimal(text: &[u8], radix: u32) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if radix != 10 || digits.is_empty() || digits.len() > 18 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let n = digits.iter().fold(0, |n, digit| n * 10 + i64::from(digit - b'0'));
    Some(if negative { -n } else { n })
}

#[derive(Clone, Copy, PartialEq)]
enum Exactness {
    Exact,
    Inexact,
}

/// Reads from the front of `rest`. Its methods return None where the text goes on in a way no number does.
struct Scanner<'a> {
    rest: &'a [u8],
    radix: u32,
    /// Decimals are to be read as exact numbers.
    exact: bool,
    stop: &'a Stop<'a>,
}

impl<'a> Scanner<'a> {
    /// real | real @ real | [real] (+|-) [ureal] i
    fn number(mut self) -> Result<Option<Number>> {
        if let Some(unit) = self.unit() {
            return Ok(Some(Number::rectangular(Real::ZERO, unit)));
        }
        let signed = self.at_sign();
        let Some(first) = self.real()? else { return Ok(None) };
        match self.rest {
            [] => Ok(Some(Number::Real(first))),
            [b'i' | b'I'] if signed && self.radix <= 18 => Ok(Some(Number::rectangular(Real::ZERO, first))),
            [b'@', after @ ..] => {
                self.rest = after;
                let angle = self.real()?;
                Ok(angle.filter(|_| self.rest.is_empty()).map(|angle| Number::polar(&first, &angle)))
            }
            [b'+' | b'-', ..] if self.radix <= 18 => {
                if let Some(unit) = self.unit() {
                    return Ok(Some(Number::rectangular(first, unit)));
                }
                let im = self.real()?;
                Ok(im.filter(|_| matches!(self.rest, [b'i' | b'I'])).map(|im| Number::rectangular(first, im)))
            }
            _ => Ok(None),
        }
    }

    fn at_sign(&self) -> bool {
        matches!(self.rest, [b'+' | b'-', ..])
    }

    /// The imaginary unit with its sign, if that is all that is left.
    fn unit(&self) -> Option<Real> {
        match self.rest {
            [sign @ (b'+' | b'-'), b'i' | b'I'] if self.radix <= 18 => {
                Some(Real::from(if *sign == b'-' { -1i64 } else { 1 }))
            }
            _ => None,
        }
    }

    /// [+|-] ureal | (+|-) (inf.0|nan.0)
    fn real(&mut self) -> Result<Option<Real>> {
        let negative = self.rest.first() == Some(&b'-');
        if self.at_sign() {
            self.rest = &self.rest[1..];
            if let Some((word, after)) = self.rest.split_at_checked(5) {
                let value = match () {
                    () if word.eq_ignore_ascii_case(b"inf.0") => f64::INFINITY,
                    () if word.eq_ignore_ascii_case(b"nan.0") => f64::NAN,
                    () => 0.0,
                };
                if value != 0.0 {
                    self.rest = after;
                    return Ok(Some(Real::Float(if negative { -value } else { value })));
                }
            }
        }
        let magnitude = self.ureal()?;
        Ok(if negative { magnitude.map(|x| x.neg()) } else { magnitude })
    }

    /// digits | digits / digits | decimal
    fn ureal(&mut self) -> Result<Option<Real>> {
        let start = self.rest;
        let whole = self.digits()?;
        match self.rest {
            [b'/', after @ ..] if !whole.is_empty() => {
                self.rest = after;
                let below = self.digits()?;
                if below.is_empty() || below.iter().all(|&digit| digit == b'0') {
                    return Ok(None);
                }
                let (n, d) = (self.integer(whole)?, self.integer(below)?);
                ratio::divide(&n, &d, self.stop).map(Some)
            }
            [b'.' | b'e' | b'E' | b's' | b'S' | b'f' | b'F' | b'd' | b'D' | b'l' | b'L', ..] if self.radix == 10 => {
                self.decimal(start, whole)
            }
            _ if whole.is_empty() => Ok(None),
            _ => Ok(Some(Real::Int(self.integer(whole)?))),
        }
    }

    /// What follows the digits WHOLE at START: a fraction, an exponent or both.
    fn decimal(&mut self, start: &'a [u8], whole: &'a [u8]) -> Result<Option<Real>> {
        let mut fraction: &[u8] = &[];
        if let [b'.', after @ ..] = self.rest {
            self.rest = after;
            fraction = self.digits()?;
        }
        if whole.is_empty() && fraction.is_empty() {
            return Ok(None);
        }
        let mantissa = &start[..start.len() - self.rest.len()];
        let mut exponent: &[u8] = &[];
        if let [b'e' | b'E' | b's' | b'S' | b'f' | b'F' | b'd' | b'D' | b'l' | b'L', after @ ..] = self.rest {
            self.rest = after;
            let sign = usize::from(self.at_sign());
            self.rest = &after[sign..];
            let length = self.digits()?.len();
            if length == 0 {
                return Ok(None);
            }
            exponent = &after[..sign + length];
        }
        if self.exact {
            return self.exact_decimal(whole, fraction, exponent).map(Some);
        }
        // The standard library rounds correctly. It knows no other exponent marker than e.
        let (sign, digits) = exponent.split_at(exponent.iter().take_while(|c| !c.is_ascii_digit()).count());
        let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
        // A longer exponent comes to the same as this one: nothing, or infinity.
        let digits = if digits.len() - zeros > LONGEST_EXPONENT { &[b'9'; LONGEST_EXPONENT] } else { &digits[zeros..] };
        let text = match exponent.is_empty() {
            true => mantissa.to_vec(),
            false => [mantissa, b"e", sign, b"0", digits].concat(),
        };
        Ok(std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok()).map(Real::Float))
    }

    fn exact_decimal(&self, whole: &[u8], fraction: &[u8], exponent: &[u8]) -> Result<Real> {
        let mantissa = self.integer(&[whole, fraction].concat())?;
        if mantissa.is_zero() {
            return Ok(Real::ZERO);
        }
        let text = std::str::from_utf8(exponent).unwrap_or_default();
        // Only too long an exponent fails to parse.
        let exponent = if text.is_empty() { Some(0) } else { text.parse::<i64>().ok() };
        let scale = exponent.and_then(|e| e.checked_sub(fraction.len() as i64)).ok_or(NumError::TooLarge)?;
        let power = Int::from(10i64).pow(scale.unsigned_abs(), self.stop)?;
        if scale >= 0 {
            Ok(Real::Int(mantissa.mul(&power, self.stop)?))
        } else {
            ratio::divide(&mantissa, &power, self.stop)
        }
    }

    fn digits(&mut self) -> Result<&'a [u8]> {
        let mut length = 0;
        for piece in self.rest.chunks(LEAF_DIGITS) {
            let digits = piece.iter().take_while(|&&c| char::from(c).is_digit(self.radix)).count();
            length += digits;
            if digits < piece.len() {
                break;
            }
            if length > LEAF_DIGITS {
                self.stop.check()?;
            }
        }
        let (digits, after) = self.rest.split_at(length);
        self.rest = after;
        Ok(digits)
    }

    fn integer(&self, digits: &[u8]) -> Result<Int> {
        Ok(Int(IBig::from(magnitude(digits, self.radix, self.stop)?)))
    }
}

/// Digits of an exponent that is too large for any mantissa.
const LONGEST_EXPONENT: usize = 18;

/// Texts of up to so many digits are left to the library, which takes a millisecond for them.
const LEAF_DIGITS: usize = 1 << 14;

/// The value of DIGITS, all of them digits of RADIX.
fn magnitude(digits: &[u8], radix: u32, stop: &Stop) -> Result<UBig> {
    let leaf = |digits: &[u8]| {
        let text = std::str::from_utf8(digits).unwrap_or_default();
        UBig::from_str_radix(text, radix).unwrap_or(UBig::ZERO)
    };
    if digits.len() <= LEAF_DIGITS {
        return Ok(leaf(digits));
    }
    if digits.len() as u64 > MAX_BITS / u64::from(radix.ilog2()) {
        return Err(NumError::TooLarge);
    }
    // Pieces of equal length, least significant first, are joined two by two, and the results again.
    let mut pieces: Vec<UBig> = Vec::with_capacity(digits.len() / LEAF_DIGITS + 1);
    for piece in digits.rchunks(LEAF_DIGITS) {
        stop.check()?;
        pieces.push(leaf(piece));
    }
    let mut power = UBig::from(radix).pow(LEAF_DIGITS);
    loop {
        let mut joined = Vec::with_capacity(pieces.len().div_ceil(2));
        let mut rest = pieces.into_iter();
        while let Some(low) = rest.next() {
            stop.check()?;
            joined.push(match rest.next() {
                Some(high) => huge::mul(&high, &power, stop)? + low,
                None => low,
            });
        }
        if joined.len() <= 1 {
            return Ok(joined.pop().unwrap_or(UBig::ZERO));
        }
        pieces = joined;
        power = huge::mul(&power, &power, stop)?;
    }
}
