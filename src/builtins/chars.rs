//! Characters, R7RS section 6.6, by the tables of Unicode.

use super::declare::{all_are, out_of_range};
use crate::builtins;
use crate::value::Value;
use crate::vm::cx::{Answer, Cx};
use std::cmp::Ordering;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

builtins! { CHARS;

/// Whether OBJ is a character. [R7RS 6.6]
///
///     (char? #\a)  => #t
///     (char? "a")  => #f
fn "char?" (cx, obj: Value) { obj.as_char().is_some() }

/// Whether the CHARS are all the same. [R7RS 6.6]
///
///     (char=? #\a #\a)  => #t
fn "char=?" (cx, ..chars) { compare(cx, "char=?", chars, |c| c, Ordering::is_eq) }

/// Whether the code points of the CHARS rise. [R7RS 6.6]
///
///     (char<? #\a #\b #\z)  => #t
fn "char<?" (cx, ..chars) { compare(cx, "char<?", chars, |c| c, Ordering::is_lt) }

/// Whether the code points of the CHARS fall. [R7RS 6.6]
///
///     (char>? #\b #\a)  => #t
fn "char>?" (cx, ..chars) { compare(cx, "char>?", chars, |c| c, Ordering::is_gt) }

/// Whether the code points of the CHARS nowhere fall. [R7RS 6.6]
///
///     (char<=? #\a #\a #\b)  => #t
fn "char<=?" (cx, ..chars) { compare(cx, "char<=?", chars, |c| c, Ordering::is_le) }

/// Whether the code points of the CHARS nowhere rise. [R7RS 6.6]
///
///     (char>=? #\b #\a #\a)  => #t
fn "char>=?" (cx, ..chars) { compare(cx, "char>=?", chars, |c| c, Ordering::is_ge) }

/// Like char=? after char-foldcase. [R7RS 6.6]
///
///     (char-ci=? #\a #\A)  => #t
fn "char-ci=?" (cx, ..chars) { compare(cx, "char-ci=?", chars, fold, Ordering::is_eq) }

/// Like char<? after char-foldcase. [R7RS 6.6]
///
///     (char-ci<? #\a #\B)  => #t
fn "char-ci<?" (cx, ..chars) { compare(cx, "char-ci<?", chars, fold, Ordering::is_lt) }

/// Like char>? after char-foldcase. [R7RS 6.6]
///
///     (char-ci>? #\B #\a)  => #t
fn "char-ci>?" (cx, ..chars) { compare(cx, "char-ci>?", chars, fold, Ordering::is_gt) }

/// Like char<=? after char-foldcase. [R7RS 6.6]
///
///     (char-ci<=? #\a #\A #\b)  => #t
fn "char-ci<=?" (cx, ..chars) { compare(cx, "char-ci<=?", chars, fold, Ordering::is_le) }

/// Like char>=? after char-foldcase. [R7RS 6.6]
///
///     (char-ci>=? #\b #\A #\a)  => #t
fn "char-ci>=?" (cx, ..chars) { compare(cx, "char-ci>=?", chars, fold, Ordering::is_ge) }

/// Whether CHAR is a letter (has the Unicode property Alphabetic). [R7RS 6.6]
///
///     (char-alphabetic? #\a)  => #t
///     (char-alphabetic? #\1)  => #f
fn "char-alphabetic?" (cx, char: char) { char.is_alphabetic() }

/// Whether CHAR is a decimal digit of some script. [R7RS 6.6]
///
///     (char-numeric? #\3)  => #t
///     (char-numeric? #\x0664)  => #t
///     (char-numeric? #\x00bd)  => #f
fn "char-numeric?" (cx, char: char) { digit_value(char).is_some() }

/// Whether CHAR is white space. [R7RS 6.6]
///
///     (char-whitespace? #\space)  => #t
///     (char-whitespace? #\a)  => #f
fn "char-whitespace?" (cx, char: char) { char.is_whitespace() }

/// Whether CHAR is a capital letter. [R7RS 6.6]
///
///     (char-upper-case? #\A)  => #t
fn "char-upper-case?" (cx, char: char) { char.is_uppercase() }

/// Whether CHAR is a small letter. [R7RS 6.6]
///
///     (char-lower-case? #\a)  => #t
fn "char-lower-case?" (cx, char: char) { char.is_lowercase() }

/// Whether CHAR is a capital or a small letter. [Guile]
///
///     (char-is-both? #\a)  => #t
///     (char-is-both? #\1)  => #f
fn "char-is-both?" (cx, char: char) { char.is_lowercase() || char.is_uppercase() }

/// The number from 0 to 9 that CHAR stands for if it is a decimal digit of some script, else #f. [R7RS 6.6]
///
///     (digit-value #\3)  => 3
///     (digit-value #\x0664)  => 4
///     (digit-value #\x0ea6)  => #f
fn "digit-value" (cx, char: char) { digit_value(char) }

/// The two letters of the Unicode category of CHAR, as a symbol. [Guile]
///
///     (char-general-category #\a)  => Ll
///     (char-general-category #\space)  => Zs
fn "char-general-category" (cx, char: char) { Value::symbol(cx.symbols.intern(category_text(char))) }

/// The code point of CHAR. [R7RS 6.6]
///
///     (char->integer #\A)  => 65
fn "char->integer" (cx, char: char) { char as usize }

/// The character with the code point N, which is below #x110000 and no surrogate. [R7RS 6.6]
///
///     (integer->char 955)  => #\λ
fn "integer->char" (cx, n: i64) {
    match u32::try_from(n).ok().and_then(char::from_u32) {
        Some(char) => Ok(char),
        None => out_of_range(cx, "integer->char", 1, "n", "a code point (to #xd7ff, or from #xe000 to #x10ffff)", Value::fixnum(n)),
    }
}

/// The capital letter of CHAR, if Unicode has one that is a single character; else CHAR. [R7RS 6.6]
///
///     (char-upcase #\i)  => #\I
///     (char-upcase #\ß)  => #\ß
fn "char-upcase" (cx, char: char) { upcase(char) }

/// The small letter of CHAR, if Unicode has one; else CHAR. [R7RS 6.6]
///
///     (char-downcase #\I)  => #\i
fn "char-downcase" (cx, char: char) { downcase(char) }

/// CHAR without the difference of capital and small letters. [R7RS 6.6]
///
///     (char-foldcase #\Σ)  => #\σ
///     (char-foldcase #\ς)  => #\σ
fn "char-foldcase" (cx, char: char) { fold(char) }
}

fn compare(cx: &mut Cx, who: &str, chars: &[Value], key: fn(char) -> char, test: fn(Ordering) -> bool) -> Answer<bool> {
    all_are::<char>(cx, who, 1, "chars", chars)?;
    let keys: Vec<char> = chars.iter().filter_map(|v| v.as_char()).map(key).collect();
    Ok(keys.windows(2).all(|pair| test(pair[0].cmp(&pair[1]))))
}

/// The one character of an iterator, if it has just one.
fn single(mut chars: impl Iterator<Item = char>) -> Option<char> {
    chars.next().filter(|_| chars.next().is_none())
}

pub fn upcase(c: char) -> char {
    single(c.to_uppercase()).unwrap_or(match c {
        // Their full mapping writes the iota out; the simple one is the title case letter.
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => offset(c, 8),
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => offset(c, 9),
        _ => c,
    })
}

pub fn downcase(c: char) -> char {
    // Only İ has a longer mapping.
    single(c.to_lowercase()).unwrap_or(if c == 'İ' { 'i' } else { c })
}

fn offset(c: char, by: u32) -> char {
    char::from_u32(c as u32 + by).unwrap_or(c)
}

/// Simple case folding (status C and S of Unicode's CaseFolding).
pub fn fold(c: char) -> char {
    match c {
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        // Only Turkish folds these two, and Cherokee folds to capitals.
        'İ' | 'ı' | '\u{13a0}'..='\u{13f5}' => c,
        '\u{13f8}'..='\u{13fd}' | '\u{ab70}'..='\u{abbf}' => upcase(c),
        _ => downcase(upcase(c)),
    }
}

/// Full case folding (status C and F), appended to `out`.
pub fn fold_fully(c: char, out: &mut String) {
    match c {
        _ if c.is_ascii() => out.push(c.to_ascii_lowercase()),
        'ı' | '\u{13a0}'..='\u{13f5}' | '\u{13f8}'..='\u{13fd}' | '\u{ab70}'..='\u{abbf}' => out.push(fold(c)),
        'ẞ' => out.push_str("ss"),
        _ => out.extend(c.to_uppercase().flat_map(char::to_lowercase)),
    }
}

pub fn digit_value(c: char) -> Option<usize> {
    let is_digit = |n: u32| char::from_u32(n).is_some_and(|c| c.general_category() == GeneralCategory::DecimalNumber);
    if c.is_ascii() {
        return c.to_digit(10).map(|digit| digit as usize);
    }
    // Unicode keeps each script's digits together, in order, from zero; several sets may follow each other.
    let n = c as u32;
    is_digit(n).then(|| (0..n).rev().take_while(|&before| is_digit(before)).count() % 10)
}

fn category_text(c: char) -> &'static str {
    use GeneralCategory::*;
    match c.general_category() {
        UppercaseLetter => "Lu",
        LowercaseLetter => "Ll",
        TitlecaseLetter => "Lt",
        ModifierLetter => "Lm",
        OtherLetter => "Lo",
        NonspacingMark => "Mn",
        SpacingMark => "Mc",
        EnclosingMark => "Me",
        DecimalNumber => "Nd",
        LetterNumber => "Nl",
        OtherNumber => "No",
        ConnectorPunctuation => "Pc",
        DashPunctuation => "Pd",
        OpenPunctuation => "Ps",
        ClosePunctuation => "Pe",
        InitialPunctuation => "Pi",
        FinalPunctuation => "Pf",
        OtherPunctuation => "Po",
        MathSymbol => "Sm",
        CurrencySymbol => "Sc",
        ModifierSymbol => "Sk",
        OtherSymbol => "So",
        SpaceSeparator => "Zs",
        LineSeparator => "Zl",
        ParagraphSeparator => "Zp",
        Control => "Cc",
        Format => "Cf",
        Surrogate => "Cs",
        PrivateUse => "Co",
        Unassigned => "Cn",
    }
}
