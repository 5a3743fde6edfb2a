//! `sockeye fmt [--check] FILE...`: indents programs as editors do, and tidies the ends of lines. Where lines are broken, and what
//! comments and strings hold, stays as it is.

use super::place::indentation;
use super::{complain, say};
use crate::reader::{Class, tokens};
use std::fs;

/// Formats the files in place, or, to check, only says which are not formatted. The exit status.
pub fn run(files: &[String], check: bool) -> u8 {
    let mut status = 0;
    for file in files {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) => {
                complain(&format!("sockeye: cannot read {file}: {error}\n"));
                status = 1;
                continue;
            }
        };
        let Some(formatted) = format(&text) else {
            complain(&format!("sockeye: {file} is not a whole program: a parenthesis or a quote is missing\n"));
            status = 1;
            continue;
        };
        if formatted == text {
            continue;
        }
        if check {
            status = 1;
            let _ = say(&format!("{file}\n"));
        } else if let Err(error) = fs::write(file, formatted) {
            complain(&format!("sockeye: cannot write {file}: {error}\n"));
            status = 1;
        }
    }
    status
}

/// The text, formatted; None if it is not whole.
pub fn format(text: &str) -> Option<String> {
    // Lines that begin inside of a string or a block comment are that one's own.
    let mut inside = Vec::new();
    let mut depth = 0usize;
    for (class, range) in tokens(text) {
        match class {
            Class::Open => depth += 1,
            Class::Close => depth = depth.checked_sub(1)?,
            Class::Invalid => return None,
            Class::String | Class::Comment | Class::Symbol if text[range.clone()].contains('\n') => inside.push(range),
            _ => {}
        }
    }
    if depth > 0 {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    // What stands before this is of no interest to the lines that follow.
    let mut form = 0;
    let mut at = 0;
    let mut blank = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let is_inside = |place: usize| inside.iter().any(|range| range.start < place && place < range.end);
        if is_inside(start) {
            // Its end may be followed by code, whose blanks at the end go.
            out.push_str(if is_inside(at) { line } else { line.trim_end_matches(['\n', ' ', '\t', '\r']) });
            if !is_inside(at) {
                out.push('\n');
            }
            blank = 0;
            continue;
        }
        let content = if is_inside(at) { line.trim_start_matches([' ', '\t']) } else { line.trim() };
        if content.is_empty() {
            blank += 1;
            if blank == 1 && !out.is_empty() {
                out.push('\n');
            }
            continue;
        }
        blank = 0;
        let columns = indentation(&out[form..]);
        if columns == 0 && !content.starts_with(';') {
            form = out.len();
        }
        out.extend(std::iter::repeat_n(' ', columns));
        out.push_str(content);
        if !is_inside(at) {
            out.push('\n');
        }
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::format;

    #[test]
    fn lines_are_indented_and_tidied() {
        let text = "(define (f x)   \n(if x\n1\n      2))\n\n\n\n;; more\n(f\n1)";
        let wanted = "(define (f x)\n  (if x\n      1\n      2))\n\n;; more\n(f\n 1)\n";
        assert_eq!(format(text).as_deref(), Some(wanted));
        assert_eq!(format(wanted).as_deref(), Some(wanted), "it comes to rest");
    }

    #[test]
    fn strings_and_comments_are_left_alone() {
        let text = "(display \"a  \n   b\")\n#| one\n     two |#\n(g)\n";
        assert_eq!(format(text).as_deref(), Some(text));
    }

    #[test]
    fn what_is_not_whole_is_not_touched() {
        assert!(format("(a (b)").is_none() && format("(a))").is_none());
    }
}
