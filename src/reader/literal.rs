//! What the written form of a string, a byte string, a quoted symbol, a character, or what begins with `#` stands for.
//!
//! Strings know all escapes of R7RS and those of Guile that do not contradict it. (Guile's `"\x41"` without a `;` does:
//! it is refused, so that nobody gets another character than he meant.) A line end in a string is a newline, however
//! the file ends its lines.

use super::datum::{Kind, Special};
use super::names::shorten;
use crate::num;
use std::ops::Range;

/// What is wrong with a literal: the bytes of its body at fault, and why.
#[derive(PartialEq, Eq, Debug)]
pub struct Fault {
    pub range: Range<usize>,
    pub message: String,
}

fn fault<T>(range: Range<usize>, message: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { range, message: message.into() })
}

/// Bytes of a body between two looks at whether to give up.
const PIECE: usize = 1 << 18;

/// The beginning of a text: so many bytes at most, and no part of a character.
pub fn head(text: &str, bytes: usize) -> &str {
    (0..=bytes.min(text.len())).rev().find_map(|end| text.get(..end)).unwrap_or(text)
}

/// Asks from time to time whether to give up.
struct Pace<'s> {
    stop: &'s dyn Fn() -> bool,
    /// Where it was asked last.
    asked: usize,
}

impl Pace<'_> {
    fn new(stop: &dyn Fn() -> bool) -> Pace<'_> {
        Pace { stop, asked: 0 }
    }

    /// An error to give up by, which nobody is told of.
    fn go_on(&mut self, at: usize) -> Result<(), Fault> {
        if at - self.asked < PIECE {
            return Ok(());
        }
        self.asked = at;
        if (self.stop)() { fault(at..at, "given up") } else { Ok(()) }
    }
}

/// What one escape stands for: `None` for an escaped line end.
type Escaped = (Option<char>, usize);

/// The value of what stands between the quotes of a string, or between the bars of a symbol.
pub fn string(body: &str, stop: &dyn Fn() -> bool) -> Result<String, Fault> {
    let mut value = String::with_capacity(body.len());
    let (mut from, mut pace) = (0, Pace::new(stop));
    while from < body.len() {
        pace.go_on(from)?;
        let piece = head(&body[from..], PIECE);
        let Some(at) = memchr::memchr2(b'\\', b'\r', piece.as_bytes()) else {
            value.push_str(piece);
            from += piece.len();
            continue;
        };
        let at = from + at;
        value.push_str(&body[from..at]);
        if body.as_bytes()[at] == b'\r' {
            value.push('\n');
            from = at + line_end(&body[at..]);
        } else {
            let (c, length) = escape(body, at)?;
            value.extend(c);
            from = at + length;
        }
    }
    Ok(value)
}

/// The value of what stands between the quotes of `#u8"…"` (SRFI 207).
pub fn byte_string(body: &str, stop: &dyn Fn() -> bool) -> Result<Box<[u8]>, Fault> {
    let mut bytes = Vec::with_capacity(body.len());
    let (mut from, mut pace) = (0, Pace::new(stop));
    while let Some(c) = body[from..].chars().next() {
        pace.go_on(from)?;
        let mut end = from + c.len_utf8();
        match c {
            '\\' => {
                let (value, length) = escape(body, from)?;
                end = from + length;
                let of_strings_only =
                    matches!(body.as_bytes().get(from + 1), Some(b'f' | b'v' | b'0' | b'u' | b'U' | b'('));
                match value.map(u8::try_from) {
                    _ if of_strings_only => {
                        return fault(from..end, format!("`{}` is no escape of byte strings", &body[from..end]));
                    }
                    Some(Ok(byte)) => bytes.push(byte),
                    Some(Err(_)) => {
                        return fault(
                            from..end,
                            format!("expected a byte (at most \\xff;), got `{}`", &body[from..end]),
                        );
                    }
                    None => {}
                }
            }
            ' '..='~' => bytes.push(c as u8),
            _ => {
                let message = format!("expected printable ASCII in a byte string, got {}", describe(c));
                return fault(from..end, message);
            }
        }
        from = end;
    }
    Ok(bytes.into_boxed_slice())
}

/// The name that stands between `#{` and `}#`: only `\x41;` is special, and a backslash before any other character.
pub fn brace_symbol(body: &str, stop: &dyn Fn() -> bool) -> Result<String, Fault> {
    let mut name = String::with_capacity(body.len());
    let (mut from, mut pace) = (0, Pace::new(stop));
    while from < body.len() {
        pace.go_on(from)?;
        let piece = head(&body[from..], PIECE);
        let Some(at) = piece.find('\\') else {
            name.push_str(piece);
            from += piece.len();
            continue;
        };
        let at = from + at;
        name.push_str(&body[from..at]);
        match body[at + 1..].chars().next() {
            Some('x') => {
                let (c, length) = hex_escape(body, at)?;
                name.push(c);
                from = at + length;
            }
            Some(c) => {
                name.push(c);
                from = at + 1 + c.len_utf8();
            }
            None => from = at + 1,
        }
    }
    Ok(name)
}

/// The escape that begins with the backslash at `at`, and its length.
fn escape(body: &str, at: usize) -> Result<Escaped, Fault> {
    let Some(letter) = body[at + 1..].chars().next() else {
        return fault(at..at + 1, "expected something after the backslash");
    };
    let c = match letter {
        'a' => '\x07',
        'b' => '\x08',
        't' => '\t',
        'n' => '\n',
        'v' => '\x0B',
        'f' => '\x0C',
        'r' => '\r',
        '0' => '\0',
        '"' | '\\' | '|' | '(' => letter,
        'x' | 'X' => return hex_escape(body, at).map(|(c, length)| (Some(c), length)),
        'u' => return fixed_escape(body, at, 4),
        'U' => return fixed_escape(body, at, 6),
        _ => {
            // A backslash before a line end, white space around it allowed, goes on with the next line's text.
            let rest = &body[at + 1..];
            let blanks = blank(rest);
            let end = line_end(&rest[blanks..]);
            if end > 0 {
                return Ok((None, 1 + blanks + end + blank(&rest[blanks + end..])));
            }
            let end = at + 1 + letter.len_utf8();
            return fault(at..end, format!("unknown escape `\\{}`", printable(letter)));
        }
    };
    Ok((Some(c), 2))
}

/// `\x`, hexadecimal digits, `;`; or, as Guile has it, `\x` and two hexadecimal digits.
fn hex_escape(body: &str, at: usize) -> Result<(char, usize), Fault> {
    let from = at + 2;
    let end = from + body[from..].bytes().take_while(u8::is_ascii_hexdigit).count();
    let digits = &body[from..end];
    if digits.is_empty() {
        let found = body[end..].chars().next().map_or("the end".to_string(), |c| format!("`{}`", printable(c)));
        return fault(at..end, format!("expected hexadecimal digits after `\\x`, got {found}"));
    }
    if !body[end..].starts_with(';') {
        if digits.len() < 2 {
            return fault(at..end, format!("expected `;` after `{}`", &body[at..end]));
        }
        let end = from + 2;
        return Ok((scalar(&body[from..end]).or_else(|message| fault(at..end, message))?, end - at));
    }
    let c = scalar(digits).or_else(|message| fault(at..end + 1, message))?;
    Ok((c, end + 1 - at))
}

/// `\u` or `\U` and so many hexadecimal digits, as Guile has them.
fn fixed_escape(body: &str, at: usize, count: usize) -> Result<Escaped, Fault> {
    let from = at + 2;
    let digits = body[from..].bytes().take(count).take_while(u8::is_ascii_hexdigit).count();
    let end = from + digits;
    if digits < count {
        return fault(at..end, format!("expected {count} hexadecimal digits after `{}`", &body[at..from]));
    }
    let c = scalar(&body[from..end]).or_else(|message| fault(at..end, message))?;
    Ok((Some(c), end - at))
}

/// The character of this number; the digits are hexadecimal.
fn scalar(digits: &str) -> Result<char, String> {
    let digits = digits.trim_start_matches('0');
    let value = if digits.is_empty() { Ok(0) } else { u32::from_str_radix(digits, 16) };
    match value {
        Ok(0xD800..=0xDFFF) => Err(format!("#x{digits} is half of a surrogate pair, not a character")),
        Ok(value) if value <= 0x10FFFF => Ok(char::from_u32(value).unwrap_or('\u{FFFD}')),
        _ => Err(format!("there is no character number #x{}: the last is #x10ffff", shorten(digits))),
    }
}

/// The length of the line end at the start of the text.
fn line_end(text: &str) -> usize {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

/// The length of the white space at the start of the text, as far as the line goes.
fn blank(text: &str) -> usize {
    text.find(|c: char| !c.is_whitespace() || c == '\n' || c == '\r').unwrap_or(text.len())
}

/// A character as an error shows it.
pub fn describe(c: char) -> String {
    if c.is_control() { format!("character U+{:04X}", c as u32) } else { format!("`{c}`") }
}

fn printable(c: char) -> String {
    if c.is_control() { format!("U+{:04X}", c as u32) } else { c.to_string() }
}

/// Every name a character has; the first of a character's names is the one to write it with.
pub const CHARACTER_NAMES: &[(&str, char)] = &[
    ("null", '\0'),
    ("nul", '\0'),
    ("soh", '\x01'),
    ("stx", '\x02'),
    ("etx", '\x03'),
    ("eot", '\x04'),
    ("enq", '\x05'),
    ("ack", '\x06'),
    ("alarm", '\x07'),
    ("bel", '\x07'),
    ("backspace", '\x08'),
    ("bs", '\x08'),
    ("tab", '\t'),
    ("ht", '\t'),
    ("newline", '\n'),
    ("linefeed", '\n'),
    ("lf", '\n'),
    ("nl", '\n'),
    ("vtab", '\x0B'),
    ("vt", '\x0B'),
    ("page", '\x0C'),
    ("ff", '\x0C'),
    ("np", '\x0C'),
    ("return", '\r'),
    ("cr", '\r'),
    ("so", '\x0E'),
    ("si", '\x0F'),
    ("dle", '\x10'),
    ("dc1", '\x11'),
    ("dc2", '\x12'),
    ("dc3", '\x13'),
    ("dc4", '\x14'),
    ("nak", '\x15'),
    ("syn", '\x16'),
    ("etb", '\x17'),
    ("can", '\x18'),
    ("em", '\x19'),
    ("sub", '\x1A'),
    ("escape", '\x1B'),
    ("esc", '\x1B'),
    ("altmode", '\x1B'),
    ("fs", '\x1C'),
    ("gs", '\x1D'),
    ("rs", '\x1E'),
    ("us", '\x1F'),
    ("space", ' '),
    ("sp", ' '),
    ("delete", '\x7F'),
    ("rubout", '\x7F'),
    ("del", '\x7F'),
];

/// The character written `#\` and this name, or why there is none. Names count regardless of case, as in Guile.
pub fn character(name: &str) -> Result<char, String> {
    let mut chars = name.chars();
    let (Some(first), rest) = (chars.next(), chars.as_str()) else {
        return Err("expected a character after `#\\`".to_string());
    };
    if rest.is_empty() {
        return Ok(first);
    }
    if let Some(&(_, c)) = CHARACTER_NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        return Ok(c);
    }
    if matches!(first, 'x' | 'X') && rest.bytes().all(|b| b.is_ascii_hexdigit()) {
        return scalar(rest);
    }
    if name.bytes().all(|b| matches!(b, b'0'..=b'7')) {
        let value = u32::from_str_radix(name, 8).unwrap_or(u32::MAX);
        return scalar(&format!("{value:x}"));
    }
    // A combining character may be shown on a dotted circle.
    let mut marked = rest.chars();
    if let ('\u{25CC}', Some(mark), None) = (first, marked.next(), marked.next()) {
        return Ok(mark);
    }
    Err(format!("there is no character named `{name}`"))
}

/// In radix 10 no other text is a number, which spares most symbols the attempt.
pub(super) fn may_be_number(text: &str) -> bool {
    matches!(text.as_bytes(), [b'0'..=b'9', ..] | [b'+' | b'-' | b'.', _, ..])
}

/// Booleans, bit vectors, and numbers with a prefix.
pub(super) fn hash_atom(text: &str) -> Result<Kind, String> {
    let word = &text[1..];
    match word.as_bytes() {
        [b't' | b'T'] => return Ok(Kind::Bool(true)),
        [b'f' | b'F'] => return Ok(Kind::Bool(false)),
        b"nil" => return Ok(Kind::Special(Special::FalseNil)),
        [b'*', bits @ ..] if bits.iter().all(|bit| matches!(bit, b'0' | b'1')) => {
            return Ok(Kind::Bitvector(bits.iter().map(|&bit| bit == b'1').collect()));
        }
        [b'x' | b'X' | b'd' | b'D' | b'b' | b'B' | b'o' | b'O' | b'e' | b'E' | b'i' | b'I', ..] => {
            return match num::parse(text, 10) {
                Some(number) => Ok(Kind::Number(number)),
                None => Err(format!("expected a number after `{}`, got `{}`", &text[..2], shorten(&text[2..]))),
            };
        }
        [] => return Err("expected something after `#`".to_string()),
        [b'<', ..] => return Err("`#<` begins how an object is shown that cannot be read".to_string()),
        _ => {}
    }
    if word.eq_ignore_ascii_case("true") {
        Ok(Kind::Bool(true))
    } else if word.eq_ignore_ascii_case("false") {
        Ok(Kind::Bool(false))
    } else {
        Err(format!("`{}` means nothing here", shorten(text)))
    }
}
