//! Where R7RS and Guile write the same value otherwise: bytevectors, odd symbols, and characters that are no letters.
//!
//! A program that begins with an import or a library is written in R7RS, and any other in Guile's language. Both are read.

use std::fmt::Write;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Dialect {
    #[default]
    R7rs,
    Guile,
}

impl Dialect {
    /// What a program is written in.
    pub fn of_program(text: &str) -> Dialect {
        match first_word(text) {
            Some("import" | "define-library") => Dialect::R7rs,
            _ => Dialect::Guile,
        }
    }

    pub fn other(self) -> Dialect {
        match self {
            Dialect::R7rs => Dialect::Guile,
            Dialect::Guile => Dialect::R7rs,
        }
    }
}

/// What the first list of a source begins with.
fn first_word(text: &str) -> Option<&str> {
    let mut rest = text;
    if rest.starts_with("#!") && !rest.starts_with("#!fold-case") && !rest.starts_with("#!no-fold-case") {
        // The line that names the interpreter; Guile's ends with !#.
        let line = rest.find('\n').unwrap_or(rest.len());
        let end = rest.find("\n!#").map(|at| at + 3);
        rest = &rest[end.unwrap_or(line)..];
    }
    loop {
        rest = rest.trim_start();
        if rest.starts_with(';') {
            rest = &rest[rest.find('\n')?..];
        } else if rest.starts_with("#|") {
            rest = &rest[block_end(rest)?..];
        } else if let Some(behind) = rest.strip_prefix("#!fold-case").or_else(|| rest.strip_prefix("#!no-fold-case")) {
            rest = behind;
        } else {
            break;
        }
    }
    let word = rest.strip_prefix('(')?.trim_start();
    let end = word.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | ';')).unwrap_or(word.len());
    Some(&word[..end])
}

/// Where a comment ends that begins with `#|`; such comments nest.
fn block_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0u32, 0);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"#|" => (depth, at) = (depth + 1, at + 2),
            b"|#" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// Guile's names of the characters that ASCII keeps for controls.
const CONTROLS: [&str; 33] = [
    "nul",
    "soh",
    "stx",
    "etx",
    "eot",
    "enq",
    "ack",
    "alarm",
    "backspace",
    "tab",
    "newline",
    "vtab",
    "page",
    "return",
    "so",
    "si",
    "dle",
    "dc1",
    "dc2",
    "dc3",
    "dc4",
    "nak",
    "syn",
    "etb",
    "can",
    "em",
    "sub",
    "esc",
    "fs",
    "gs",
    "rs",
    "us",
    "space",
];

/// Whether Guile shows a character as it is.
fn is_graphic(c: char) -> bool {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator, PrivateUse, SpaceSeparator};
    use GeneralCategory::{Surrogate, Unassigned};
    let blank = [SpaceSeparator, LineSeparator, ParagraphSeparator];
    let nothing = [Control, Format, PrivateUse, Surrogate, Unassigned];
    c == ' ' || c.is_ascii_graphic() || {
        let category = c.general_category();
        !blank.contains(&category) && !nothing.contains(&category)
    }
}

/// Writes a character as Guile does.
pub fn write_char(c: char, out: &mut String) {
    use GeneralCategory::{EnclosingMark, NonspacingMark, SpacingMark};
    out.push_str("#\\");
    match CONTROLS.get(c as usize) {
        Some(name) => out.push_str(name),
        None if c == '\x7f' => out.push_str("delete"),
        None if !is_graphic(c) => {
            let _ = write!(out, "{:o}", c as u32);
        }
        None => {
            // A mark needs something to stand on.
            if [NonspacingMark, SpacingMark, EnclosingMark].contains(&c.general_category()) {
                out.push('\u{25cc}');
            }
            out.push(c);
        }
    }
}

/// Appends how Guile writes a character of a string.
pub fn push_in_string(c: char, out: &mut String) {
    let letter = match c {
        '"' | '\\' => c,
        '\x07' => 'a',
        '\x08' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\x0b' => 'v',
        '\x0c' => 'f',
        '\r' => 'r',
        _ if is_graphic(c) => return out.push(c),
        _ => {
            let _ = match c as u32 {
                code @ ..=0xff => write!(out, "\\x{code:02x}"),
                code @ ..=0xffff => write!(out, "\\u{code:04x}"),
                code => write!(out, "\\U{code:06x}"),
            };
            return;
        }
    };
    out.extend(['\\', letter]);
}

/// Whether a symbol's name may begin with this character, or may hold it further on.
fn is_symbol_char(c: char, first: bool) -> bool {
    use GeneralCategory::{ClosePunctuation, DecimalNumber, EnclosingMark, FinalPunctuation, InitialPunctuation};
    use GeneralCategory::{OpenPunctuation, SpacingMark};
    // Bars are letters to Guile's reader, but not to this one.
    if matches!(c, '"' | ';' | '#' | '|') || first && matches!(c, '\'' | '`' | ',') {
        return false;
    }
    let never = [OpenPunctuation, ClosePunctuation, InitialPunctuation, FinalPunctuation];
    let later = [DecimalNumber, SpacingMark, EnclosingMark];
    let category = c.general_category();
    c != ' ' && is_graphic(c) && !never.contains(&category) && !(first && later.contains(&category))
}

/// Whether Guile writes a symbol of this name between `#{` and `}#`.
pub fn needs_braces(name: &str, reads_as_number: bool) -> bool {
    let mut chars = name.chars();
    match chars.next() {
        None => true,
        Some(first) => {
            name == "." || reads_as_number || !is_symbol_char(first, true) || chars.any(|c| !is_symbol_char(c, false))
        }
    }
}

/// Appends how Guile writes a character between `#{` and `}#`.
pub fn push_in_braces(c: char, out: &mut String) {
    if is_symbol_char(c, false) && c != '\\' || matches!(c, ' ' | '"' | ';' | '#' | '|') {
        out.push(c);
    } else {
        let _ = write!(out, "\\x{:x};", c as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_says_by_its_first_form_what_it_is_written_in() {
        for (text, dialect) in [
            ("(import (scheme base))", Dialect::R7rs),
            ("#!/usr/bin/sockeye\n; a comment\n#| and #| another |# |#\n( define-library (x))", Dialect::R7rs),
            ("#!fold-case\n(IMPORT)", Dialect::Guile),
            ("#!fold-case\n(import (x))", Dialect::R7rs),
            ("#!/usr/bin/guile -s\n!#\n(import (x))", Dialect::R7rs),
            ("(use-modules (x))\n(import (y))", Dialect::Guile),
            ("(importer)", Dialect::Guile),
            ("", Dialect::Guile),
            ("#| never closed", Dialect::Guile),
            ("5", Dialect::Guile),
        ] {
            assert_eq!(Dialect::of_program(text), dialect, "{text}");
        }
    }
}
