//! The part of SRFI 13 that works on characters without calling procedures: searching, trimming, padding, comparing.
//!
//! Where SRFI 13 takes a character, a character set or a predicate, the rows here take the first two; the procedures of the
//! standard library that use them take predicates, too.

use super::char_sets::CharSet;
use super::chars;
use super::declare::{Argument, MutableStr, Str, Sym, all_are, out_of_range, range, wrong_type};
use super::lists::elements;
use super::strings::{concatenate, contains, last_position, position, split};
use crate::builtins;
use crate::value::Value;
use crate::value::stop::{STRIDE, Watched};
use crate::vm::cx::{Answer, Cx};
use std::cmp::Ordering;
use std::str::Chars;
use unicode_normalization::UnicodeNormalization;

builtins! { STRING_SEARCH;

/// The position of the first character of STRING from START to before END that is WHAT or in the set WHAT, or #f.
fn "%string-index" (cx, string: Str, what: What, [start: usize], [end: usize]) { find(cx, "string-index", string, &what, true, start, end) }

/// The position of the last character of STRING from START to before END that is WHAT or in the set WHAT, or #f.
fn "%string-index-right" (cx, string: Str, what: What, [start: usize], [end: usize]) { find_last(cx, "string-index-right", string, &what, true, start, end) }

/// The position of the first character of STRING from START to before END that is not WHAT or in the set WHAT, or #f.
fn "%string-skip" (cx, string: Str, what: What, [start: usize], [end: usize]) { find(cx, "string-skip", string, &what, false, start, end) }

/// The position of the last character of STRING from START to before END that is not WHAT or in the set WHAT, or #f.
fn "%string-skip-right" (cx, string: Str, what: What, [start: usize], [end: usize]) { find_last(cx, "string-skip-right", string, &what, false, start, end) }

/// How many characters of STRING from START to before END are WHAT or in the set WHAT.
fn "%string-count" (cx, string: Str, what: What, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "string-count", 3, start, end, cx.heap.string_length(string.0))?;
    let text = cx.heap.substring(string.0, start, end);
    let mut count = 0;
    for (index, c) in text.chars().enumerate() {
        if index.is_multiple_of(STRIDE) { cx.check_interrupt()?; }
        count += what.is(c) as usize;
    }
    Ok(count)
}

/// STRING from START to before END without the characters at its SIDES (1: left, 2: right, 3: both) that are WHAT or in the
/// set WHAT.
fn "%string-trim" (cx, string: Str, what: What, sides: usize, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "string-trim", 3, start, end, cx.heap.string_length(string.0))?;
    let text = trimmed(cx, string, start, end, &what, sides);
    cx.heap.go_on(text.len())?;
    Ok(cx.heap.long_string(text)?)
}

/// The characters of STRING from START to before END that are WHAT or in the set WHAT, or, if not KEEP, the others.
fn "%string-filter" (cx, string: Str, what: What, keep: bool, [start: usize], [end: usize]) {
    let who = if keep { "string-filter" } else { "string-delete" };
    let (start, end) = range(cx, who, 3, start, end, cx.heap.string_length(string.0))?;
    cx.admit(cx.heap.substring(string.0, start, end).len())?;
    let mut out = String::new();
    for (index, c) in cx.heap.substring(string.0, start, end).chars().enumerate() {
        if index.is_multiple_of(STRIDE) { cx.check_interrupt()?; }
        if what.is(c) == keep { out.push(c); }
    }
    Ok(out)
}

/// A list of the longest parts of STRING, from START to before END, that consist of characters in SET.
fn "%string-tokenize" (cx, string: Str, set: CharSet, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "string-tokenize", 3, start, end, cx.heap.string_length(string.0))?;
    let text = cx.heap.substring(string.0, start, end);
    let (mut parts, mut begun) = (Vec::new(), None);
    for (at, c) in cx.heap.watch(text.char_indices()) {
        if set.contains(c) {
            begun = begun.or(Some(at));
        } else if let Some(from) = begun.take() {
            parts.push(from..at);
        }
    }
    cx.check_interrupt()?;
    parts.extend(begun.map(|from| from..text.len()));
    let size = text.len();
    cx.admit(size.saturating_add(parts.len().saturating_mul(100)))?;
    let text = cx.heap.substring(string.0, start, end);
    let parts: Vec<Value> = cx.heap.watch(parts.into_iter()).map(|part| cx.heap.string(&text[part])).collect();
    cx.check_interrupt()?;
    Ok(cx.heap.list(&parts))
}

/// A list of the parts of STRING between the characters that are WHAT or in the set WHAT.
fn "%string-split" (cx, string: Str, what: What) {
    split(cx, string.0, |c| what.is(c))
}

/// The end of the range that START and END select of LENGTH items, for the procedure WHO, whose arguments POSITION and the next
/// they are.
fn "%range-end" (cx, who: Sym, position: usize, length: usize, start: Value, end: Value) {
    let who = who.0.as_symbol().map_or(String::new(), |who| cx.symbols.name(who).to_string());
    let mut bounds = [None, None];
    for (index, bound) in [start, end].into_iter().enumerate() {
        bounds[index] = match bound {
            Value::DEFAULT => None,
            _ => match bound.as_fixnum().and_then(|n| usize::try_from(n).ok()) {
                Some(n) => Some(n),
                None => return wrong_type(cx, &who, position + index, ["start", "end"][index], <usize as Argument>::EXPECTED, bound),
            },
        };
    }
    Ok(range(cx, &who, position, bounds[0], bounds[1], length)?.1)
}

/// The position in STRING, from START to before END, at which PART, from PART-START to before PART-END, first begins, or
/// #f. [SRFI 13]
///
///     (string-contains "sockeye" "key")  => 3
///     (string-contains "sockeye" "yes")  => #f
fn "string-contains" (cx, string: Str, part: Str, [start: usize], [end: usize], [part_start: usize], [part_end: usize]) {
    let (start, end) = range(cx, "string-contains", 3, start, end, cx.heap.string_length(string.0))?;
    let (from, to) = range(cx, "string-contains", 5, part_start, part_end, cx.heap.string_length(part.0))?;
    contains(cx, string.0, start, end, cx.heap.substring(part.0, from, to))
}

/// Like string-contains, but capital and small letters are the same. [SRFI 13]
///
///     (string-contains-ci "Sockeye" "KEY")  => 3
fn "string-contains-ci" (cx, string: Str, part: Str, [start: usize], [end: usize], [part_start: usize], [part_end: usize]) {
    let (start, end) = range(cx, "string-contains-ci", 3, start, end, cx.heap.string_length(string.0))?;
    let (from, to) = range(cx, "string-contains-ci", 5, part_start, part_end, cx.heap.string_length(part.0))?;
    let (text, part) = (folded(cx, string, start, end)?, folded(cx, part, from, to)?);
    Ok(text.find(&part).map(|at| start + characters(&text[..at])))
}

/// Whether STRING begins with PREFIX; of both, only the part from a start to before an end counts. [SRFI 13]
///
///     (string-prefix? "sock" "sockeye")  => #t
fn "string-prefix?" (cx, prefix: Str, string: Str, [start1: usize], [end1: usize], [start2: usize], [end2: usize]) {
    let (a, b) = two(cx, "string-prefix?", prefix, string, [start1, end1, start2, end2])?;
    Ok(cx.heap.substring(string.0, b.0, b.1).starts_with(cx.heap.substring(prefix.0, a.0, a.1)))
}

/// Whether STRING ends with SUFFIX; of both, only the part from a start to before an end counts. [SRFI 13]
///
///     (string-suffix? "eye" "sockeye")  => #t
fn "string-suffix?" (cx, suffix: Str, string: Str, [start1: usize], [end1: usize], [start2: usize], [end2: usize]) {
    let (a, b) = two(cx, "string-suffix?", suffix, string, [start1, end1, start2, end2])?;
    Ok(cx.heap.substring(string.0, b.0, b.1).ends_with(cx.heap.substring(suffix.0, a.0, a.1)))
}

/// Like string-prefix?, but capital and small letters are the same. [SRFI 13]
///
///     (string-prefix-ci? "SOCK" "sockeye")  => #t
fn "string-prefix-ci?" (cx, prefix: Str, string: Str, [start1: usize], [end1: usize], [start2: usize], [end2: usize]) {
    let (a, b) = two(cx, "string-prefix-ci?", prefix, string, [start1, end1, start2, end2])?;
    Ok(folded(cx, string, b.0, b.1)?.starts_with(&folded(cx, prefix, a.0, a.1)?))
}

/// Like string-suffix?, but capital and small letters are the same. [SRFI 13]
///
///     (string-suffix-ci? "EYE" "sockeye")  => #t
fn "string-suffix-ci?" (cx, suffix: Str, string: Str, [start1: usize], [end1: usize], [start2: usize], [end2: usize]) {
    let (a, b) = two(cx, "string-suffix-ci?", suffix, string, [start1, end1, start2, end2])?;
    Ok(folded(cx, string, b.0, b.1)?.ends_with(&folded(cx, suffix, a.0, a.1)?))
}

/// How many characters S1 and S2 have in common at their beginnings. [SRFI 13]
///
///     (string-prefix-length "sockeye" "socket")  => 5
fn "string-prefix-length" (cx, s1: Str, s2: Str, [start1: usize], [end1: usize], [start2: usize], [end2: usize]) {
    let (a, b) = two(cx, "string-prefix-length", s1, s2, [start1, end1, start2, end2])?;
    let (x, y) = (cx.heap.substring(s1.0, a.0, a.1), cx.heap.substring(s2.0, b.0, b.1));
    common(cx, x.chars().zip(y.chars()))
}

/// How many characters S1 and S2 have in common at their ends. [SRFI 13]
///
///     (string-suffix-length "sockeye" "eye")  => 3
fn "string-suffix-length" (cx, s1: Str, s2: Str, [start1: usize], [end1: usize], [start2: usize], [end2: usize]) {
    let (a, b) = two(cx, "string-suffix-length", s1, s2, [start1, end1, start2, end2])?;
    let (x, y) = (cx.heap.substring(s1.0, a.0, a.1), cx.heap.substring(s2.0, b.0, b.1));
    common(cx, x.chars().rev().zip(y.chars().rev()))
}

/// Like string-prefix-length, but capital and small letters are the same. [SRFI 13]
///
///     (string-prefix-length-ci "SOCKeye" "socket")  => 5
fn "string-prefix-length-ci" (cx, s1: Str, s2: Str, [start1: usize], [end1: usize], [start2: usize], [end2: usize]) {
    let (a, b) = two(cx, "string-prefix-length-ci", s1, s2, [start1, end1, start2, end2])?;
    let (x, y) = (folded(cx, s1, a.0, a.1)?, folded(cx, s2, b.0, b.1)?);
    common(cx, x.chars().zip(y.chars()))
}

/// Like string-suffix-length, but capital and small letters are the same. [SRFI 13]
///
///     (string-suffix-length-ci "sockEYE" "eye")  => 3
fn "string-suffix-length-ci" (cx, s1: Str, s2: Str, [start1: usize], [end1: usize], [start2: usize], [end2: usize]) {
    let (a, b) = two(cx, "string-suffix-length-ci", s1, s2, [start1, end1, start2, end2])?;
    let (x, y) = (folded(cx, s1, a.0, a.1)?, folded(cx, s2, b.0, b.1)?);
    common(cx, x.chars().rev().zip(y.chars().rev()))
}

/// Compares a part of S1 with a part of S2 for the procedure WHO: a pair of -1, 0 or 1, and of the position in S1 where they first
/// differ. FOLD: capital and small letters are the same.
fn "%string-compare" (cx, who: Sym, fold: bool, s1: Str, s2: Str, [start1: usize], [end1: usize], [start2: usize], [end2: usize]) {
    let who = who.0.as_symbol().map_or(String::new(), |who| cx.symbols.name(who).to_string());
    let (a, b) = two(cx, &who, s1, s2, [start1, end1, start2, end2])?;
    let key = |c: char| if fold { chars::fold(c) } else { c };
    let mut x = cx.heap.watch(cx.heap.substring(s1.0, a.0, a.1).chars().map(key));
    let mut y = cx.heap.substring(s2.0, b.0, b.1).chars().map(key);
    let mut same = 0;
    let order = loop {
        match (x.next(), y.next()) {
            (Some(c), Some(d)) if c == d => same += 1,
            (c, d) => break c.cmp(&d),
        }
    };
    cx.check_interrupt()?;
    let order = match order { Ordering::Less => -1, Ordering::Equal => 0, Ordering::Greater => 1 };
    Ok(cx.heap.cons(Value::fixnum(order), Value::fixnum((a.0 + same) as i64)))
}

/// The last K characters of STRING, from START to before END, with CHAR (or spaces) in front if it has fewer. [SRFI 13]
///
///     (string-pad "325" 5)  => "  325"
///     (string-pad "8871325" 5)  => "71325"
fn "string-pad" (cx, string: Str, k: usize, [char: char], [start: usize], [end: usize]) { pad(cx, "string-pad", string, k, char, start, end, true) }

/// The first K characters of STRING, from START to before END, with CHAR (or spaces) behind if it has fewer. [SRFI 13]
///
///     (string-pad-right "325" 5)  => "325  "
///     (string-pad-right "8871325" 5)  => "88713"
fn "string-pad-right" (cx, string: Str, k: usize, [char: char], [start: usize], [end: usize]) { pad(cx, "string-pad-right", string, k, char, start, end, false) }

/// The first K characters of STRING. [SRFI 13]
///
///     (string-take "sockeye" 4)  => "sock"
fn "string-take" (cx, string: Str, k: usize) { piece(cx, "string-take", string, k, |_, k| (0, k)) }

/// STRING without its first K characters. [SRFI 13]
///
///     (string-drop "sockeye" 4)  => "eye"
fn "string-drop" (cx, string: Str, k: usize) { piece(cx, "string-drop", string, k, |n, k| (k, n)) }

/// The last K characters of STRING. [SRFI 13]
///
///     (string-take-right "sockeye" 3)  => "eye"
fn "string-take-right" (cx, string: Str, k: usize) { piece(cx, "string-take-right", string, k, |n, k| (n - k, n)) }

/// STRING without its last K characters. [SRFI 13]
///
///     (string-drop-right "sockeye" 3)  => "sock"
fn "string-drop-right" (cx, string: Str, k: usize) { piece(cx, "string-drop-right", string, k, |n, k| (0, n - k)) }

/// S1 with the characters from START1 to before END1 replaced by those of S2 from START2 to before END2. [SRFI 13]
///
///     (string-replace "The TCL programmer" "Scheme" 4 7)  => "The Scheme programmer"
fn "string-replace" (cx, s1: Str, s2: Str, [start1: usize], [end1: usize], [start2: usize], [end2: usize]) {
    let (a, b) = two(cx, "string-replace", s1, s2, [start1, end1, start2, end2])?;
    let whole = cx.heap.string_length(s1.0);
    let pieces = [cx.heap.substring(s1.0, 0, a.0), cx.heap.substring(s2.0, b.0, b.1), cx.heap.substring(s1.0, a.1, whole)];
    let size = pieces.iter().map(|piece| piece.len()).sum::<usize>();
    cx.admit(size.saturating_mul(2))?;
    let pieces = [cx.heap.substring(s1.0, 0, a.0), cx.heap.substring(s2.0, b.0, b.1), cx.heap.substring(s1.0, a.1, whole)];
    Ok(pieces.concat())
}

/// Reverses the characters of STRING from START to before END in place. [SRFI 13]
///
///     (let ((s (string-copy "abc"))) (string-reverse! s) s)  => "cba"
fn "string-reverse!" (cx, string: MutableStr, [start: usize], [end: usize]) {
    change(cx, "string-reverse!", string, start, end, |chars| chars.rev().collect())
}

/// Makes capital letters of the letters of STRING from START to before END, in place. [SRFI 13]
///
///     (let ((s (string-copy "abc"))) (string-upcase! s) s)  => "ABC"
fn "string-upcase!" (cx, string: MutableStr, [start: usize], [end: usize]) {
    change(cx, "string-upcase!", string, start, end, |chars| chars.map(chars::upcase).collect())
}

/// Makes small letters of the letters of STRING from START to before END, in place. [SRFI 13]
///
///     (let ((s (string-copy "ABC"))) (string-downcase! s) s)  => "abc"
fn "string-downcase!" (cx, string: MutableStr, [start: usize], [end: usize]) {
    change(cx, "string-downcase!", string, start, end, |chars| chars.map(chars::downcase).collect())
}

/// Makes the first letter of each word of STRING from START to before END a capital one and the others small, in place. [SRFI 13]
///
///     (let ((s (string-copy "hELLO world"))) (string-titlecase! s) s)  => "Hello World"
fn "string-titlecase!" (cx, string: MutableStr, [start: usize], [end: usize]) { change(cx, "string-titlecase!", string, start, end, titlecase) }

/// STRING from START to before END with the first letter of each word a capital one and the others small. [SRFI 13]
///
///     (string-titlecase "--capitalize tHIS sentence.")  => "--Capitalize This Sentence."
fn "string-titlecase" (cx, string: Str, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "string-titlecase", 2, start, end, cx.heap.string_length(string.0))?;
    cx.admit(cx.heap.substring(string.0, start, end).len().saturating_mul(2))?;
    let title = titlecase(cx.heap.watch(cx.heap.substring(string.0, start, end).chars()));
    cx.check_interrupt()?;
    Ok(title)
}

/// STRING with the first letter of each word a capital one and the others small. [Guile]
///
///     (string-capitalize "hello world")  => "Hello World"
fn "string-capitalize" (cx, string: Str) {
    cx.admit(cx.heap.str(string.0).map_or(0, str::len).saturating_mul(2))?;
    let title = titlecase(cx.heap.watch(cx.heap.str(string.0).unwrap_or_default().chars()));
    cx.check_interrupt()?;
    Ok(title)
}

/// Makes the first letter of each word of STRING a capital one and the others small, in place. [Guile]
///
///     (let ((s (string-copy "abc"))) (string-capitalize! s) s)  => "Abc"
fn "string-capitalize!" (cx, string: MutableStr) { change(cx, "string-capitalize!", string, None, None, titlecase) }

/// The title case letter of CHAR, if Unicode has one that is a single character; else CHAR. [Guile]
///
///     (char-titlecase #\a)  => #\A
fn "char-titlecase" (cx, char: char) { title(char) }

/// The strings in LIST, one after the other. [SRFI 13]
///
///     (string-concatenate '("a" "b"))  => "ab"
fn "string-concatenate" (cx, list: Value) {
    let strings = elements(cx, "string-concatenate", 1, "list", list)?;
    if strings.iter().any(|v| !v.is_string()) {
        return wrong_type(cx, "string-concatenate", 1, "list", "a list of strings", list);
    }
    concatenate(cx, &strings, None, false, false)
}

/// The strings in LIST in reverse order, one after the other, then FINAL-STRING up to END. [SRFI 13]
///
///     (string-concatenate-reverse '(" must be" "Hello, I") " going.XXXX" 7)  => "Hello, I must be going."
fn "string-concatenate-reverse" (cx, list: Value, [final_string: Str], [end: usize]) {
    let mut strings = elements(cx, "string-concatenate-reverse", 1, "list", list)?;
    if strings.iter().any(|v| !v.is_string()) {
        return wrong_type(cx, "string-concatenate-reverse", 1, "list", "a list of strings", list);
    }
    strings.reverse();
    if let Some(last) = final_string {
        let (_, end) = range(cx, "string-concatenate-reverse", 2, None, end, cx.heap.string_length(last.0))?;
        let part = cx.heap.substring(last.0, 0, end);
        cx.admit(part.len())?;
        strings.push(cx.heap.long_string(part)?);
    }
    concatenate(cx, &strings, None, false, false)
}

/// A string of the characters in LIST in reverse order. [SRFI 13]
///
///     (reverse-list->string '(#\a #\B #\c))  => "cBa"
fn "reverse-list->string" (cx, list: Value) {
    let items = elements(cx, "reverse-list->string", 1, "list", list)?;
    match items.iter().rev().map(|v| v.as_char()).collect::<Option<String>>() {
        Some(text) => Ok(text),
        None => wrong_type(cx, "reverse-list->string", 1, "list", "a list of characters", list),
    }
}

/// The characters FROM to before TO of the string that repeats STRING, from START to before END, without end in both
/// directions. [SRFI 13]
///
///     (xsubstring "abcdef" 2 8)  => "cdefab"
fn "xsubstring" (cx, string: Str, from: i64, [to: i64], [start: usize], [end: usize]) {
    let (start, end) = range(cx, "xsubstring", 4, start, end, cx.heap.string_length(string.0))?;
    repeat(cx, "xsubstring", string, start, end, from, to)
}

/// Puts the characters that xsubstring gives for STRING, FROM, TO, START and END into TARGET from AT on. [SRFI 13]
///
///     (let ((s (make-string 5 #\-))) (string-xcopy! s 1 "ab" 0 3) s)  => "-aba-"
fn "string-xcopy!" (cx, target: MutableStr, at: usize, string: Str, from: i64, [to: i64], [start: usize], [end: usize]) {
    let (start, end) = range(cx, "string-xcopy!", 6, start, end, cx.heap.string_length(string.0))?;
    let text = repeat(cx, "string-xcopy!", string, start, end, from, to)?;
    let count = characters(&text);
    super::vectors::room(cx, "string-xcopy!", at, count, cx.heap.string_length(target.0))?;
    cx.heap.string_splice(target.0, at, at + count, &text)?;
    Ok(())
}

/// How many bytes STRING has in UTF-8. [Guile]
///
///     (string-utf8-length "λ")  => 2
fn "string-utf8-length" (cx, string: Str) { cx.heap.str(string.0).map_or(0, str::len) }

/// STRING in Unicode's normalization form C: letters and their marks composed. [Guile]
///
///     (string-length (string-normalize-nfc "e\x301;"))  => 1
fn "string-normalize-nfc" (cx, string: Str) { normalize(cx, string, |chars| chars.nfc().collect()) }

/// STRING in Unicode's normalization form D: letters and their marks taken apart. [Guile]
///
///     (string-length (string-normalize-nfd "é"))  => 2
fn "string-normalize-nfd" (cx, string: Str) { normalize(cx, string, |chars| chars.nfd().collect()) }

/// STRING in Unicode's normalization form KC: composed, and variants of characters replaced. [Guile]
///
///     (string-normalize-nfkc "ﬁ")  => "fi"
fn "string-normalize-nfkc" (cx, string: Str) { normalize(cx, string, |chars| chars.nfkc().collect()) }

/// STRING in Unicode's normalization form KD: taken apart, and variants of characters replaced. [Guile]
///
///     (string-normalize-nfkd "ﬁ")  => "fi"
fn "string-normalize-nfkd" (cx, string: Str) { normalize(cx, string, |chars| chars.nfkd().collect()) }

/// The symbol with the characters in LIST for its name. [Guile]
///
///     (list->symbol '(#\a #\b))  => ab
fn "list->symbol" (cx, list: Value) {
    let items = elements(cx, "list->symbol", 1, "list", list)?;
    match items.iter().map(|v| v.as_char()).collect::<Option<String>>() {
        Some(name) => Ok(Value::symbol(cx.symbols.intern_loose(&name))),
        None => wrong_type(cx, "list->symbol", 1, "list", "a list of characters", list),
    }
}

/// The symbol with the CHARS for its name. [Guile]
///
///     (symbol #\a #\b)  => ab
fn "symbol" (cx, ..chars) {
    all_are::<char>(cx, "symbol", 1, "chars", chars)?;
    let name: String = chars.iter().filter_map(|v| v.as_char()).collect();
    Ok(Value::symbol(cx.symbols.intern_loose(&name)))
}
}

/// What characters are looked for: one, or those of a set.
enum What {
    Char(char),
    Set(CharSet),
}

impl Argument for What {
    const EXPECTED: &'static str = "a character, a character set or a procedure";
    fn take(cx: &Cx, v: Value) -> Option<What> {
        v.as_char().map(What::Char).or_else(|| CharSet::take(cx, v).map(What::Set))
    }
}

impl What {
    fn is(&self, c: char) -> bool {
        match self {
            What::Char(wanted) => c == *wanted,
            What::Set(set) => set.contains(c),
        }
    }
}

pub fn characters(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

fn find(
    cx: &mut Cx,
    who: &str,
    string: Str,
    what: &What,
    wanted: bool,
    start: Option<usize>,
    end: Option<usize>,
) -> Answer<Option<usize>> {
    let (start, end) = range(cx, who, 3, start, end, cx.heap.string_length(string.0))?;
    match what {
        What::Char(c) if wanted => position(cx, string.0, start, end, |piece| piece.find(*c)),
        _ => position(cx, string.0, start, end, |piece| piece.find(|c| what.is(c) == wanted)),
    }
}

fn find_last(
    cx: &mut Cx,
    who: &str,
    string: Str,
    what: &What,
    wanted: bool,
    start: Option<usize>,
    end: Option<usize>,
) -> Answer<Option<usize>> {
    let (start, end) = range(cx, who, 3, start, end, cx.heap.string_length(string.0))?;
    last_position(cx, string.0, start, end, |piece| piece.rfind(|c| what.is(c) == wanted))
}

fn trimmed<'c>(cx: &'c Cx, string: Str, start: usize, end: usize, what: &What, sides: usize) -> &'c str {
    let text = cx.heap.substring(string.0, start, end);
    let mut left = STRIDE;
    let mut is_what = |c| {
        left = if left == 0 { STRIDE } else { left - 1 };
        // Whoever asks sees that it was interrupted, too.
        what.is(c) && (left > 0 || !cx.heap.control.interrupted())
    };
    let text = if sides & 1 != 0 { text.trim_start_matches(&mut is_what) } else { text };
    if sides & 2 != 0 { text.trim_end_matches(&mut is_what) } else { text }
}

/// A part of a string, each character folded to one character.
fn folded(cx: &mut Cx, string: Str, start: usize, end: usize) -> Answer<String> {
    let size = cx.heap.substring(string.0, start, end).len();
    cx.admit(size.saturating_mul(2))?;
    let text = cx.heap.watch(cx.heap.substring(string.0, start, end).chars()).map(chars::fold).collect();
    cx.check_interrupt()?;
    Ok(text)
}

type Bounds = (usize, usize);

/// The ranges of two strings, whose bounds are the arguments from `start1` on in this order.
fn two(cx: &mut Cx, who: &str, a: Str, b: Str, bounds: [Option<usize>; 4]) -> Answer<(Bounds, Bounds)> {
    let first = range(cx, who, 3, bounds[0], bounds[1], cx.heap.string_length(a.0))?;
    let second = range(cx, who, 5, bounds[2], bounds[3], cx.heap.string_length(b.0))?;
    Ok((first, second))
}

#[allow(clippy::too_many_arguments)]
fn pad(
    cx: &mut Cx,
    who: &str,
    string: Str,
    k: usize,
    char: Option<char>,
    start: Option<usize>,
    end: Option<usize>,
    left: bool,
) -> Answer<String> {
    let (start, end) = range(cx, who, 4, start, end, cx.heap.string_length(string.0))?;
    let (length, char) = (end - start, char.unwrap_or(' '));
    let (from, to) = match length > k {
        true if left => (end - k, end),
        true => (start, start + k),
        false => (start, end),
    };
    let missing = k.saturating_sub(length);
    cx.admit(missing.saturating_mul(8).saturating_add(cx.heap.substring(string.0, from, to).len().saturating_mul(2)))?;
    let filling = char.to_string().repeat(missing);
    let text = cx.heap.substring(string.0, from, to);
    Ok(if left { filling + text } else { [text, &filling].concat() })
}

fn piece(
    cx: &mut Cx,
    who: &str,
    string: Str,
    k: usize,
    bounds: impl Fn(usize, usize) -> (usize, usize),
) -> Answer<Value> {
    let length = cx.heap.string_length(string.0);
    if k > length {
        return out_of_range(cx, who, 2, "k", &format!("at most {length}"), Value::fixnum(k as i64));
    }
    let (from, to) = bounds(length, k);
    cx.admit(cx.heap.substring(string.0, from, to).len())?;
    Ok(cx.heap.long_string(cx.heap.substring(string.0, from, to))?)
}

fn change(
    cx: &mut Cx,
    who: &str,
    string: MutableStr,
    start: Option<usize>,
    end: Option<usize>,
    convert: impl Fn(Watched<Chars>) -> String,
) -> Answer {
    let (start, end) = range(cx, who, 2, start, end, cx.heap.string_length(string.0))?;
    cx.admit(cx.heap.str(string.0).map_or(0, str::len).saturating_mul(4))?;
    let text = convert(cx.heap.watch(cx.heap.substring(string.0, start, end).chars()));
    cx.check_interrupt()?;
    cx.heap.string_splice(string.0, start, end, &text)?;
    Ok(string.0)
}

/// How many pairs there are until the first of two different characters.
fn common(cx: &Cx, pairs: impl Iterator<Item = (char, char)>) -> Answer<usize> {
    let count = cx.heap.watch(pairs).take_while(|(x, y)| x == y).count();
    cx.check_interrupt()?;
    Ok(count)
}

/// The title case letter of a character: for all but these few the capital one.
fn title(c: char) -> char {
    match c {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => c,
        _ => chars::upcase(c),
    }
}

fn titlecase(chars: Watched<Chars>) -> String {
    let mut inside = false;
    chars
        .map(|c| {
            let letter = c.is_alphabetic();
            let converted = match (letter, inside) {
                (true, false) => title(c),
                (true, true) => chars::downcase(c),
                _ => c,
            };
            inside = letter;
            converted
        })
        .collect()
}

fn repeat(cx: &mut Cx, who: &str, string: Str, start: usize, end: usize, from: i64, to: Option<i64>) -> Answer<String> {
    let length = (end - start) as i64;
    let to = to.unwrap_or(from.saturating_add(length));
    if from > to || length == 0 && from < to {
        return out_of_range(
            cx,
            who,
            3,
            "to",
            &format!("at least {from}, of a text that is not empty"),
            Value::fixnum(to),
        );
    }
    cx.admit(((to - from) as usize).saturating_mul(8))?;
    let text: Vec<char> = cx.heap.watch(cx.heap.substring(string.0, start, end).chars()).collect();
    cx.check_interrupt()?;
    let mut out = String::new();
    for (count, k) in (from..to).enumerate() {
        if count.is_multiple_of(STRIDE) {
            cx.check_interrupt()?;
        }
        out.push(text[k.rem_euclid(length) as usize]);
    }
    Ok(out)
}

fn normalize(cx: &mut Cx, string: Str, form: impl Fn(Watched<Chars>) -> String) -> Answer<String> {
    cx.admit(cx.heap.str(string.0).map_or(0, str::len).saturating_mul(6))?;
    let text = form(cx.heap.watch(cx.heap.str(string.0).unwrap_or_default().chars()));
    cx.check_interrupt()?;
    Ok(text)
}
