//! Guile's regular expressions: POSIX patterns, run by the finite automata of regex-automata.
//!
//! The overall match is POSIX's: leftmost, and the longest of those. One automaton finds where the leftmost match begins; then
//! one that follows all ways at once finds the longest that begins there, and the groups of it. Which of several ways to split
//! the same match into groups is reported may differ from the C library's. Time grows with the text, never worse.

use super::declare::{Str, out_of_range, wrong_type};
use super::posix_pattern::{Flags, translate};
use super::string_search::characters;
use crate::builtins;
use crate::value::condition::Parts;
use crate::value::{External, Kind, Value};
use crate::vm::cx::{Answer, Cx};
use regex_automata::nfa::thompson::{self, pikevm};
use regex_automata::util::primitives::NonMaxUsize;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind, meta};

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
/// The memory that an expression may compile to: no reasonable one comes near.
const LARGEST: usize = 8 << 20;

struct Regexp {
    leftmost: meta::Regex,
    /// Finds the longest match; without it, the first alternative that matches counts.
    longest: Option<(pikevm::PikeVM, pikevm::Cache)>,
}

impl External for Regexp {
    fn type_name(&self) -> &'static str {
        "regexp"
    }
}

/// The machine that goes through a text state by state, unless its memory were too much: for each state it notes where all the
/// groups begin and end.
fn machine(syntax: syntax::Config, kind: MatchKind, pattern: &str) -> Option<pikevm::PikeVM> {
    let machine = pikevm::PikeVM::builder()
        .syntax(syntax)
        .thompson(thompson::Config::new().nfa_size_limit(Some(LARGEST)))
        .configure(pikevm::Config::new().match_kind(kind))
        .build(pattern)
        .ok()?;
    let nfa = machine.get_nfa();
    let places = nfa.states().len().saturating_mul(nfa.group_info().slot_len());
    (places <= LARGEST).then_some(machine)
}

/// No longer pattern would come to a machine of allowed size.
const LONGEST: usize = 1 << 20;

fn build(pattern: &str, flags: i64) -> Result<Regexp, &'static str> {
    const TOO_BIG: &str = "Regular expression too big";
    if pattern.len() > LONGEST {
        return Err(TOO_BIG);
    }
    let extended = flags & EXTENDED != 0;
    let translated = translate(pattern, Flags { extended, newline: flags & NEWLINE != 0 })?;
    let syntax = syntax::Config::new().case_insensitive(flags & ICASE != 0).multi_line(flags & NEWLINE != 0);
    let longest = machine(syntax, MatchKind::All, &translated).ok_or(TOO_BIG)?;
    let size = meta::Config::new().nfa_size_limit(Some(LARGEST)).hybrid_cache_capacity(LARGEST);
    let leftmost = meta::Regex::builder().syntax(syntax).configure(size).build(&translated).map_err(|_| TOO_BIG)?;
    let cache = longest.create_cache();
    Ok(Regexp { leftmost, longest: Some((longest, cache)) })
}

/// A pattern in the syntax of the regex crates, as (srfi 115) makes them.
fn native(cx: &mut Cx, pattern: Str) -> Answer {
    let text = cx.heap.str(pattern.0).unwrap_or_default();
    let size = meta::Config::new().nfa_size_limit(Some(LARGEST)).hybrid_cache_capacity(LARGEST);
    let usual = || machine(syntax::Config::new(), MatchKind::LeftmostFirst, text);
    match (text.len() <= LONGEST)
        .then(usual)
        .flatten()
        .and_then(|_| meta::Regex::builder().configure(size).build(text).ok())
    {
        Some(leftmost) => Ok(cx.heap.external(Box::new(Regexp { leftmost, longest: None }))),
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
    match build(text, all) {
        Ok(regexp) => Ok(cx.heap.external(Box::new(regexp))),
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
    cx.admit(cx.heap.str(string.0).map_or(0, str::len).saturating_mul(2))?;
    let found = cx.heap.with_external::<Regexp, _>(regexp, |regexp, heap| {
        let text = heap.substring(string.0, start, length);
        // A blank before or behind keeps `^` and `$` from matching there, and is not part of what is searched.
        let before = if flags & NOTBOL != 0 { " " } else { "" };
        let after = if flags & NOTEOL != 0 { " " } else { "" };
        let joined;
        let haystack = if before.is_empty() && after.is_empty() {
            text
        } else {
            joined = [before, text, after].concat();
            &joined
        };
        let span = before.len()..before.len() + text.len();
        let slots = regexp.slots(haystack, span.clone())?;
        let offset = |slot: Option<NonMaxUsize>| {
            slot.map(|at| start + characters(&haystack[span.start..at.get()])).map_or(-1, |at| at as i64)
        };
        let mut items = vec![string.0];
        for pair in slots.chunks_exact(2) {
            items.push(heap.cons(Value::fixnum(offset(pair[0])), Value::fixnum(offset(pair[1]))));
        }
        Some(heap.make(Kind::Vector, &items))
    });
    Ok(found.flatten().unwrap_or(Value::FALSE))
}

impl Regexp {
    /// The bounds of the match and of its groups.
    fn slots(&mut self, haystack: &str, span: std::ops::Range<usize>) -> Option<Vec<Option<NonMaxUsize>>> {
        let first = self.leftmost.find(Input::new(haystack).span(span.clone()))?;
        let input = Input::new(haystack).span(first.start()..span.end).anchored(Anchored::Yes);
        let Some((longest, cache)) = &mut self.longest else {
            let mut captures = self.leftmost.create_captures();
            self.leftmost.search_captures(&input, &mut captures);
            return Some(captures.slots().to_vec());
        };
        let mut slots = vec![None; longest.get_nfa().group_info().slot_len()];
        longest.search_slots(cache, &input, &mut slots);
        Some(slots)
    }
}
