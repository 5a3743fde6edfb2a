//! Guile's regular expressions: POSIX patterns, run by finite automata; see `regexp_search`.
//!
//! The overall match is POSIX's: leftmost, and the longest of those. Which of several ways to split the same match into groups is
//! reported may differ from the C library's. Time grows with the text, never worse.

use super::declare::{Str, out_of_range, wrong_type};
use super::posix_pattern::{Flags, TOO_BIG, translate};
use super::regexp_search::{Search, Text, Watch};
use crate::builtins;
use crate::value::condition::Parts;
use crate::value::{External, Kind, Value};
use crate::vm::cx::{Answer, Cx};
use regex_automata::util::syntax;

builtins! { REGEXPS;

/// The regular expression that the string PATTERN describes, for regexp-exec. The FLAGS are regexp/extended (which is the usual
/// syntax), regexp/basic, regexp/icase (capital and small letters are the same) and regexp/newline (`.` matches no newline, `^`
/// and `$` match at lines). [Guile]
///
///     (regexp? (make-regexp "a(b|c)*"))  => #t
fn "make-regexp" (cx, pattern: Str, ..flags) { compile(cx, pattern, flags) }

/// The regular expression that PATTERN, in the syntax of the regex crates, describes, for regexp-exec.
fn "%make-native-regexp" (cx, pattern: Str) { native(cx, pattern) }

/// Whether OBJ is a regular expression, as make-regexp makes them. [Guile]
///
///     (regexp? "a*")  => #f
fn "regexp?" (cx, obj: Value) { cx.heap.is_external::<Regexp>(obj) }

/// What REGEXP matches first in STRING from START on: a vector of STRING and of pairs of positions, for the whole and for each
/// group; or #f. FLAGS are regexp/notbol and regexp/noteol: the ends of STRING are no ends of a line. [Guile]
///
///     (regexp-exec (make-regexp "b(c)?") "abd")  => #("abd" (1 . 2) (-1 . -1))
///     (regexp-exec (make-regexp "x") "abd")  => #f
fn "regexp-exec" (cx, regexp: Value, string: Str, [start: usize], [flags: i64]) { exec(cx, regexp, string, start.unwrap_or(0), flags.unwrap_or(0)) }
}

const EXTENDED: i64 = 1;
const ICASE: i64 = 2;
const NEWLINE: i64 = 4;
const NOTBOL: i64 = 1;
const NOTEOL: i64 = 2;

struct Regexp(Search);

impl External for Regexp {
    fn type_name(&self) -> &'static str {
        "regexp"
    }
    fn weight(&self) -> usize {
        self.0.weight()
    }
}

/// A pattern in the syntax of the regex crates, as (srfi 115) makes them.
fn native(cx: &mut Cx, pattern: Str) -> Answer {
    let text = cx.heap.str(pattern.0).unwrap_or_default();
    match Search::new(text, syntax::Config::new(), false, &cx.heap)? {
        Some(search) => Ok(cx.heap.external(Box::new(Regexp(search)))),
        None => wrong_type(cx, "regexp", 1, "re", "an expression that is not too big", pattern.0),
    }
}

fn compile(cx: &mut Cx, pattern: Str, flags: &[Value]) -> Answer {
    let mut all = EXTENDED;
    for (index, &flag) in flags.iter().enumerate() {
        match flag.as_fixnum() {
            Some(0) => all &= !EXTENDED,
            Some(bits) => all |= bits,
            None => return wrong_type(cx, "make-regexp", index + 2, "flags", "an exact integer", flag),
        }
    }
    let text = cx.heap.str(pattern.0).unwrap_or_default();
    let syntax = syntax::Config::new().case_insensitive(all & ICASE != 0).multi_line(all & NEWLINE != 0);
    let search = match translate(text, Flags { extended: all & EXTENDED != 0, newline: all & NEWLINE != 0 }) {
        Ok(translated) => Search::new(&translated, syntax, true, &cx.heap)?.ok_or(TOO_BIG),
        Err(message) => Err(message),
    };
    match search {
        Ok(search) => Ok(cx.heap.external(Box::new(Regexp(search)))),
        Err(message) => {
            let data = cx.heap.list(&[pattern.0]);
            let text = format!("make-regexp: {message}: {}", cx.show(pattern.0));
            cx.fail(|make| {
                make.make(Parts {
                    key: "regular-expression-syntax",
                    who: Some("make-regexp"),
                    message,
                    irritants: Value::FALSE,
                    data,
                    text: Some(text),
                })
            })
        }
    }
}

fn exec(cx: &mut Cx, regexp: Value, string: Str, start: usize, flags: i64) -> Answer {
    if !cx.heap.is_external::<Regexp>(regexp) {
        return wrong_type(cx, "regexp-exec", 1, "regexp", "a regular expression (see make-regexp)", regexp);
    }
    let length = cx.heap.string_length(string.0);
    if start > length {
        return out_of_range(cx, "regexp-exec", 3, "start", &format!("at most {length}"), Value::fixnum(start as i64));
    }
    let searched = cx.heap.use_external::<Regexp, _>(regexp, |Regexp(search), heap| {
        let before = search.weight();
        let bytes = heap.substring(string.0, start, length).as_bytes();
        let text = Text { bytes, begins: flags & NOTBOL == 0, ends: flags & NOTEOL == 0 };
        let found = search.find(&text, &mut Watch::new(heap));
        heap.ledger.add_object(search.weight().saturating_sub(before));
        found
    });
    let Some(slots) = searched.transpose()?.flatten() else { return Ok(Value::FALSE) };
    let text = cx.heap.substring(string.0, start, length);
    let mut places = Vec::with_capacity(slots.len());
    // The last place that was counted, in bytes and in characters: most are beyond it.
    let (mut byte, mut character) = (0, 0);
    for slot in slots {
        places.push(match slot.checked_sub(1) {
            None => -1,
            Some(at) => {
                if at < byte {
                    (byte, character) = (0, 0);
                }
                character += cx.heap.count_chars(&text[byte..at])?;
                byte = at;
                (start + character) as i64
            }
        });
    }
    let mut items = vec![string.0];
    for pair in places.chunks_exact(2) {
        items.push(cx.heap.cons(Value::fixnum(pair[0]), Value::fixnum(pair[1])));
    }
    Ok(cx.heap.make(Kind::Vector, &items))
}
