//! Strings, R7RS section 6.7, and a few of Guile's procedures on them.
//!
//! Positions count characters. What may make a long string asks first whether there is memory for it.

use super::chars::fold_fully;
use super::declare::{MutableStr, Str, Sym, Vector, all_are, index, range, wrong_type};
use super::lists::elements;
use super::vectors::room;
use crate::builtins;
use crate::value::stop::{PIECE, STRIDE, boundary, text_pieces};
use crate::value::{Kind, Value};
use crate::vm::cx::{Answer, Cx, Exit};
use memchr::memmem;
use std::cmp::Ordering;

builtins! { STRINGS;

/// Whether OBJ is a string. [R7RS 6.7]
///
///     (string? "a")  => #t
///     (string? 'a)  => #f
fn "string?" (cx, obj: Value) { obj.is_string() }

/// A new string of K characters, each CHAR (or a space). [R7RS 6.7]
///
///     (make-string 3 #\x)  => "xxx"
fn "make-string" (cx, k: usize, [char: char]) { filled(cx, k, char.unwrap_or(' ')) }

/// A new string of the CHARS. [R7RS 6.7]
///
///     (string #\a #\b)  => "ab"
///     (string)  => ""
fn "string" (cx, ..chars) {
    all_are::<char>(cx, "string", 1, "chars", chars)?;
    Ok(collect_chars(cx, chars)?.unwrap_or_default())
}

/// How many characters STRING has. [R7RS 6.7]
///
///     (string-length "grüße")  => 5
fn "string-length" (cx, string: Str) { cx.heap.string_length(string.0) }

/// Character K of STRING; the first is character 0. [R7RS 6.7]
///
///     (string-ref "grüße" 2)  => #\ü
fn "string-ref" (cx, string: Str, k: usize) {
    match cx.heap.string_ref(string.0, k) {
        Some(char) => Ok(char),
        None => index(cx, "string-ref", 2, "k", k, cx.heap.string_length(string.0)).map(|_| '\0'),
    }
}

/// Puts CHAR in place of character K of STRING. [R7RS 6.7]
///
///     (let ((s (string #\a #\b))) (string-set! s 1 #\λ) s)  => "aλ"
fn "string-set!" (cx, string: MutableStr, k: usize, char: char) {
    let k = index(cx, "string-set!", 2, "k", k, cx.heap.string_length(string.0))?;
    cx.admit(room_to_change(cx, string.0))?;
    Ok(cx.heap.string_set(string.0, k, char)?)
}

/// Whether the STRINGS are all the same. [R7RS 6.7]
///
///     (string=? "ab" "ab")  => #t
fn "string=?" (cx, ..strings) first equal_at_once { compare(cx, "string=?", strings, Ordering::is_eq) }

/// Whether the STRINGS rise, compared character by character. [R7RS 6.7]
///
///     (string<? "a" "ab" "b")  => #t
fn "string<?" (cx, ..strings) { compare(cx, "string<?", strings, Ordering::is_lt) }

/// Whether the STRINGS fall. [R7RS 6.7]
///
///     (string>? "b" "ab")  => #t
fn "string>?" (cx, ..strings) { compare(cx, "string>?", strings, Ordering::is_gt) }

/// Whether the STRINGS nowhere fall. [R7RS 6.7]
///
///     (string<=? "a" "a" "b")  => #t
fn "string<=?" (cx, ..strings) { compare(cx, "string<=?", strings, Ordering::is_le) }

/// Whether the STRINGS nowhere rise. [R7RS 6.7]
///
///     (string>=? "b" "a" "a")  => #t
fn "string>=?" (cx, ..strings) { compare(cx, "string>=?", strings, Ordering::is_ge) }

/// Like string=? after string-foldcase. [R7RS 6.7]
///
///     (string-ci=? "Straße" "STRASSE")  => #t
fn "string-ci=?" (cx, ..strings) { compare_folded(cx, "string-ci=?", strings, Ordering::is_eq) }

/// Like string<? after string-foldcase. [R7RS 6.7]
///
///     (string-ci<? "a" "B")  => #t
fn "string-ci<?" (cx, ..strings) { compare_folded(cx, "string-ci<?", strings, Ordering::is_lt) }

/// Like string>? after string-foldcase. [R7RS 6.7]
///
///     (string-ci>? "B" "a")  => #t
fn "string-ci>?" (cx, ..strings) { compare_folded(cx, "string-ci>?", strings, Ordering::is_gt) }

/// Like string<=? after string-foldcase. [R7RS 6.7]
///
///     (string-ci<=? "a" "A")  => #t
fn "string-ci<=?" (cx, ..strings) { compare_folded(cx, "string-ci<=?", strings, Ordering::is_le) }

/// Like string>=? after string-foldcase. [R7RS 6.7]
///
///     (string-ci>=? "a" "A")  => #t
fn "string-ci>=?" (cx, ..strings) { compare_folded(cx, "string-ci>=?", strings, Ordering::is_ge) }

/// STRING, from START to before END, in capital letters; it may get longer. [R7RS 6.7, SRFI 13]
///
///     (string-upcase "Straße")  => "STRASSE"
fn "string-upcase" (cx, string: Str, [start: usize], [end: usize]) {
    let string = part(cx, "string-upcase", string, start, end)?;
    by_pieces(cx, string, |piece, out| out.push_str(&piece.to_uppercase()))
}

/// STRING, from START to before END, in small letters. A sigma at the end of a word becomes a final one. [R7RS 6.7, SRFI
/// 13]
///
///     (string-downcase "ΧΑΟΣ")  => "χαος"
fn "string-downcase" (cx, string: Str, [start: usize], [end: usize]) {
    let string = part(cx, "string-downcase", string, start, end)?;
    by_pieces(cx, string, |piece, out| out.push_str(&piece.to_lowercase()))
}

/// STRING without the difference of capital and small letters; it may get longer. [R7RS 6.7]
///
///     (string-foldcase "Straße")  => "strasse"
fn "string-foldcase" (cx, string: Str) { by_pieces(cx, string.0, fold_piece) }

/// The characters of STRING from START to before END. [R7RS 6.7]
///
///     (substring "sockeye" 0 4)  => "sock"
fn "substring" (cx, string: Str, start: usize, [end: usize]) { copy(cx, "substring", string, Some(start), end) }

/// A new string of the characters of STRING from START to before END. [R7RS 6.7]
///
///     (string-copy "sockeye" 4)  => "eye"
fn "string-copy" (cx, string: Str, [start: usize], [end: usize]) { copy(cx, "string-copy", string, start, end) }

/// A new string of all the STRINGS, one after the other. [R7RS 6.7]
///
///     (string-append "sock" "eye")  => "sockeye"
fn "string-append" (cx, ..strings) {
    all_are::<Str>(cx, "string-append", 1, "strings", strings)?;
    concatenate(cx, strings, None, false, false)
}

/// A list of the characters of STRING from START to before END. [R7RS 6.7]
///
///     (string->list "abc" 1)  => (#\b #\c)
fn "string->list" (cx, string: Str, [start: usize], [end: usize]) {
    let (start, end) = chars_range(cx, "string->list", string, start, end, 16)?;
    let chars = cx.heap.substring(string.0, start, end).chars().map(Value::char);
    Ok(cx.heap.long_list(chars, Value::NIL)?)
}

/// A string of the characters in LIST. [R7RS 6.7]
///
///     (list->string '(#\a #\b))  => "ab"
fn "list->string" (cx, list: Value) {
    let chars = elements(cx, "list->string", 1, "list", list)?;
    match collect_chars(cx, &chars)? {
        Some(text) => Ok(text),
        None => wrong_type(cx, "list->string", 1, "list", "a list of characters", list),
    }
}

/// A vector of the characters of STRING from START to before END. [R7RS 6.8]
///
///     (string->vector "abc")  => #(#\a #\b #\c)
fn "string->vector" (cx, string: Str, [start: usize], [end: usize]) {
    let (start, end) = chars_range(cx, "string->vector", string, start, end, 8)?;
    let vector = cx.heap.long_filled(Kind::Vector, end - start, Value::fixnum(0))?;
    for (index, char) in cx.heap.substring(string.0, start, end).chars().enumerate() {
        if index.is_multiple_of(STRIDE) { cx.check_interrupt()?; }
        cx.heap.set_field(vector, index, Value::char(char));
    }
    Ok(vector)
}

/// A string of the characters in VECTOR from START to before END. [R7RS 6.8]
///
///     (vector->string #(#\a #\b #\c) 1)  => "bc"
fn "vector->string" (cx, vector: Vector, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "vector->string", 2, start, end, vector.0.field_count())?;
    match collect_chars(cx, &cx.heap.slice(vector.0).unwrap_or_default()[start..end])? {
        Some(text) => Ok(text),
        None => wrong_type(cx, "vector->string", 1, "vector", "a vector of characters", vector.0),
    }
}

/// Puts CHAR in place of the characters of STRING from START to before END. [R7RS 6.7]
///
///     (let ((s (make-string 3 #\a))) (string-fill! s #\b 1) s)  => "abb"
fn "string-fill!" (cx, string: MutableStr, char: char, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "string-fill!", 3, start, end, cx.heap.string_length(string.0))?;
    if !(char.is_ascii() && cx.heap.str(string.0).is_some_and(|text| text.len() == cx.heap.string_length(string.0))) {
        cx.admit(room_to_change(cx, string.0).saturating_add((end - start).saturating_mul(2 * char.len_utf8())))?;
    }
    Ok(cx.heap.string_fill(string.0, start, end, char)?)
}

/// Puts the characters of FROM between START and END into TO, from position AT on. [R7RS 6.7]
///
///     (let ((s (string-copy "12345"))) (string-copy! s 1 "abcde" 0 2) s)  => "1ab45"
fn "string-copy!" (cx, to: MutableStr, at: usize, from: Str, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "string-copy!", 4, start, end, cx.heap.string_length(from.0))?;
    let length = cx.heap.string_length(to.0);
    room(cx, "string-copy!", at, end - start, length)?;
    cx.admit(room_to_change(cx, to.0).saturating_add(cx.heap.str(from.0).map_or(0, str::len)))?;
    let text = cx.heap.copy_text(cx.heap.substring(from.0, start, end))?;
    Ok(cx.heap.string_splice(to.0, at, at + (end - start), &text)?)
}

/// Whether STRING has no characters. [Guile]
///
///     (string-null? "")  => #t
fn "string-null?" (cx, string: Str) { cx.heap.string_length(string.0) == 0 }

/// STRING with its characters from START to before END in reverse order. [Guile]
///
///     (string-reverse "abc")  => "cba"
fn "string-reverse" (cx, string: Str, [start: usize], [end: usize]) {
    let length = cx.heap.string_length(string.0);
    let (start, end) = range(cx, "string-reverse", 2, start, end, length)?;
    cx.admit(cx.heap.str(string.0).map_or(0, str::len).saturating_mul(2))?;
    let mut reversed = cx.heap.substring(string.0, 0, start).to_string();
    for (index, char) in cx.heap.substring(string.0, start, end).chars().rev().enumerate() {
        if index.is_multiple_of(STRIDE) { cx.check_interrupt()?; }
        reversed.push(char);
    }
    reversed.push_str(cx.heap.substring(string.0, end, length));
    Ok(reversed)
}

/// The strings in LIST, one after the other, with DELIMITER (or a space) between them. GRAMMAR may ask for more
/// delimiters: infix (between), strict-infix (the same, but LIST must not be empty), suffix (after each), prefix
/// (before each). [Guile]
///
///     (string-join '("a" "b" "c") ", ")  => "a, b, c"
///     (string-join '("a" "b") ";" 'suffix)  => "a;b;"
fn "string-join" (cx, list: Value, [delimiter: Str], [grammar: Sym]) { join(cx, list, delimiter, grammar) }
}

/// The position of the first place in a range of a string that `find` finds in a piece of its text.
pub fn position(
    cx: &Cx,
    string: Value,
    start: usize,
    end: usize,
    find: impl Fn(&str) -> Option<usize>,
) -> Answer<Option<usize>> {
    let text = cx.heap.substring(string, start, end);
    let mut before = 0;
    for piece in text_pieces(text) {
        cx.check_interrupt()?;
        if let Some(at) = find(piece) {
            return Ok(Some(start + cx.heap.count_chars(&text[..before + at])?));
        }
        before += piece.len();
    }
    Ok(None)
}

/// The position of the last place in a range of a string that `find` finds in a piece of its text.
pub fn last_position(
    cx: &Cx,
    string: Value,
    start: usize,
    end: usize,
    find: impl Fn(&str) -> Option<usize>,
) -> Answer<Option<usize>> {
    let text = cx.heap.substring(string, start, end);
    let mut to = text.len();
    while to > 0 {
        cx.check_interrupt()?;
        let from = boundary(text, to.saturating_sub(PIECE));
        if let Some(at) = find(&text[from..to]) {
            return Ok(Some(start + cx.heap.count_chars(&text[..from + at])?));
        }
        to = from;
    }
    Ok(None)
}

pub fn contains(cx: &Cx, string: Value, start: usize, end: usize, part: &str) -> Answer<Option<usize>> {
    let text = cx.heap.substring(string, start, end);
    let part = part.as_bytes();
    if part.len() > PIECE {
        let found = find_long(cx, text.as_bytes(), part)?;
        return Ok(found.map(|at| cx.heap.count_chars(&text[..at])).transpose()?.map(|before| start + before));
    }
    let finder = memmem::Finder::new(part);
    // Windows overlap by the length of the part. One of twice that length keeps the search linear.
    let window = 2 * PIECE;
    let mut from = 0;
    loop {
        cx.check_interrupt()?;
        let to = text.len().min(from + window);
        if let Some(at) = finder.find(&text.as_bytes()[from..to]) {
            return Ok(Some(start + cx.heap.count_chars(&text[..from + at])?));
        }
        if to == text.len() {
            return Ok(None);
        }
        from = to - part.len() + 1;
    }
}

/// The first place of a part that is too long for a search that nobody can interrupt. (Karp and Rabin: the hash of as many bytes
/// as the part has rolls along the text, modulo a prime number.)
fn find_long(cx: &Cx, text: &[u8], part: &[u8]) -> Answer<Option<usize>> {
    const PRIME: u64 = (1 << 61) - 1;
    const BASE: u64 = 0x0b5f_3c91_7a2d_e84d;
    let reduce = |n: u64| if n >= PRIME { n - PRIME } else { n };
    let times = |a: u64, b: u64| {
        let product = a as u128 * b as u128;
        reduce((product as u64 & PRIME) + (product >> 61) as u64)
    };
    let append = |hash: u64, byte: u8| reduce(times(hash, BASE) + byte as u64);
    let length = part.len();
    if length > text.len() {
        return Ok(None);
    }
    let (mut wanted, mut here, mut weight) = (0, 0, 1);
    for (index, (&a, &b)) in part.iter().zip(text).enumerate() {
        if index.is_multiple_of(STRIDE) {
            cx.check_interrupt()?;
        }
        (wanted, here) = (append(wanted, a), append(here, b));
        weight = if index == 0 { 1 } else { times(weight, BASE) };
    }
    for (at, (&leaving, next)) in text.iter().zip(text[length..].iter().map(Some).chain([None])).enumerate() {
        if at.is_multiple_of(STRIDE) {
            cx.check_interrupt()?;
        }
        if here == wanted && cx.heap.same_bytes(&text[at..at + length], part)? {
            return Ok(Some(at));
        }
        if let Some(&next) = next {
            here = append(reduce(here + PRIME - times(leaving as u64, weight)), next);
        }
    }
    Ok(None)
}

pub fn split(cx: &mut Cx, string: Value, is_between: impl Fn(char) -> bool) -> Answer {
    let text = cx.heap.str(string).unwrap_or_default();
    let mut count = 0usize;
    for piece in text_pieces(text) {
        cx.check_interrupt()?;
        count += piece.matches(&is_between).count();
    }
    cx.admit(text.len().saturating_add(count.saturating_mul(100)))?;
    let text = cx.heap.str(string).unwrap_or_default();
    let mut pieces = Vec::new();
    let mut before = 0;
    for piece in text_pieces(text) {
        pieces.push((before, piece));
        before += piece.len();
    }
    let (mut list, mut made, mut end) = (Value::NIL, 0usize, text.len());
    for (before, piece) in pieces.into_iter().rev() {
        cx.check_interrupt()?;
        for (at, between) in piece.rmatch_indices(&is_between) {
            made += 1;
            if made.is_multiple_of(STRIDE) {
                cx.check_interrupt()?;
            }
            let part = cx.heap.long_string(&text[before + at + between.len()..end])?;
            list = cx.heap.cons(part, list);
            end = before + at;
        }
    }
    let first = cx.heap.long_string(&text[..end])?;
    Ok(cx.heap.cons(first, list))
}

/// What a change of a string may need at most, beyond the text that comes in.
fn room_to_change(cx: &Cx, string: Value) -> usize {
    cx.heap.str(string).map_or(0, |text| text.len().saturating_mul(2).saturating_add(8))
}

fn filled(cx: &mut Cx, k: usize, char: char) -> Answer {
    cx.admit(k.saturating_mul(char.len_utf8()))?;
    Ok(cx.heap.long_repeat(char, k)?)
}

fn copy(cx: &mut Cx, who: &str, string: Str, start: Option<usize>, end: Option<usize>) -> Answer {
    let (start, end) = range(cx, who, 2, start, end, cx.heap.string_length(string.0))?;
    let size = cx.heap.substring(string.0, start, end).len();
    cx.admit(size)?;
    Ok(cx.heap.long_string(cx.heap.substring(string.0, start, end))?)
}

/// A range of characters, each of which is to become something of so many bytes.
fn chars_range(
    cx: &mut Cx,
    who: &str,
    string: Str,
    start: Option<usize>,
    end: Option<usize>,
    bytes: usize,
) -> Answer<(usize, usize)> {
    let (start, end) = range(cx, who, 2, start, end, cx.heap.string_length(string.0))?;
    cx.admit((end - start).saturating_mul(bytes))?;
    Ok((start, end))
}

/// The text of values that should be characters, if all are.
fn collect_chars(cx: &Cx, chars: &[Value]) -> Answer<Option<String>> {
    let mut text = String::new();
    for (index, piece) in chars.chunks(STRIDE).enumerate() {
        cx.check_interrupt()?;
        if !cx.heap.admits(index * STRIDE) {
            return Err(Box::new(Exit::Memory(chars.len())));
        }
        for v in piece {
            let Some(char) = v.as_char() else { return Ok(None) };
            text.push(char);
        }
    }
    Ok(Some(text))
}

/// `string=?` of two strings.
#[inline(always)]
fn equal_at_once(cx: &mut Cx, args: &[Value]) -> Option<Answer> {
    let &[a, b] = args else { return None };
    if !a.is_string() || !b.is_string() {
        return None;
    }
    Some(cx.heap.same_text(a, b).map(Value::bool).map_err(Into::into))
}

fn compare(cx: &mut Cx, who: &str, strings: &[Value], test: fn(Ordering) -> bool) -> Answer<bool> {
    all_are::<Str>(cx, who, 1, "strings", strings)?;
    // The order of UTF-8 bytes is the order of code points.
    for pair in strings.windows(2) {
        let text = |v| cx.heap.str(v).unwrap_or_default().as_bytes();
        if !test(cx.heap.compare_bytes(text(pair[0]), text(pair[1]))?) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compare_folded(cx: &mut Cx, who: &str, strings: &[Value], test: fn(Ordering) -> bool) -> Answer<bool> {
    all_are::<Str>(cx, who, 1, "strings", strings)?;
    let mut previous: Option<String> = None;
    let mut holds = true;
    for &string in strings {
        let folded = by_pieces(cx, string, fold_piece)?;
        if let Some(previous) = previous {
            holds &= test(cx.heap.compare_bytes(previous.as_bytes(), folded.as_bytes())?);
        }
        previous = Some(folded);
    }
    Ok(holds)
}

fn fold_piece(piece: &str, out: &mut String) {
    piece.chars().for_each(|c| fold_fully(c, out));
}

/// Converts a text in pieces, so that long ones can be interrupted.
fn by_pieces(cx: &mut Cx, string: Value, convert: impl Fn(&str, &mut String)) -> Answer<String> {
    let size = cx.heap.str(string).map_or(0, str::len);
    cx.admit(size.saturating_mul(3))?;
    let mut rest = cx.heap.str(string).unwrap_or_default();
    let mut out = String::with_capacity(size);
    while !rest.is_empty() {
        cx.check_interrupt()?;
        let (piece, next) = rest.split_at(place_to_cut(rest));
        convert(piece, &mut out);
        rest = next;
    }
    Ok(out)
}

/// The string itself, or a new one of a part of it.
fn part(cx: &mut Cx, who: &str, string: Str, start: Option<usize>, end: Option<usize>) -> Answer {
    if start.is_none() && end.is_none() { Ok(string.0) } else { copy(cx, who, string, start, end) }
}

/// Where a text may be cut after some 64 KiB: between two characters past which no rule of Unicode for letters looks.
fn place_to_cut(text: &str) -> usize {
    const LENGTH: usize = 1 << 16;
    if text.len() <= LENGTH {
        return text.len();
    }
    let stops = |c: char| {
        matches!(c, ' ' | '\n' | '0'..='9' | 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | 'Α'..='Ω' | 'α'..='ω' | 'А'..='я'
            | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
    };
    let from = boundary(text, LENGTH);
    let mut previous = false;
    for (at, c) in text[from..].char_indices() {
        if previous && stops(c) {
            return from + at;
        }
        previous = stops(c);
    }
    text.len()
}

/// The strings, which have been checked, with `delimiter` between them, and perhaps before and after them all.
pub fn concatenate(cx: &mut Cx, strings: &[Value], delimiter: Option<Value>, before: bool, after: bool) -> Answer {
    let length = |v: Value| cx.heap.str(v).map_or(0, str::len);
    let between = delimiter.map_or(0, length);
    let size = strings.iter().map(|&v| length(v) + between).sum::<usize>().saturating_add(2 * between);
    cx.admit(size)?;
    let gap = |wanted: bool| delimiter.filter(|_| wanted);
    let parts = strings.iter().enumerate().flat_map(|(index, &string)| [gap(index > 0), Some(string)]);
    let mut parts = [gap(before)].into_iter().chain(parts).chain([gap(after)]).flatten();
    if size > PIECE {
        return Ok(cx.heap.long_concatenation(&mut parts, size)?);
    }
    let mut out = String::with_capacity(size);
    parts.for_each(|part| out.push_str(cx.heap.str(part).unwrap_or_default()));
    Ok(cx.heap.string(&out))
}

fn join(cx: &mut Cx, list: Value, delimiter: Option<Str>, grammar: Option<Sym>) -> Answer {
    let strings = elements(cx, "string-join", 1, "list", list)?;
    if strings.iter().any(|v| !v.is_string()) {
        return wrong_type(cx, "string-join", 1, "list", "a list of strings", list);
    }
    let delimiter = delimiter.map_or_else(|| cx.heap.string(" "), |given| given.0);
    let grammar = grammar.map_or(Value::FALSE, |grammar| grammar.0);
    let grammar_name = grammar.as_symbol().map_or("infix", |symbol| cx.symbols.name(symbol)).to_string();
    let (before, after) = match &*grammar_name {
        "strict-infix" if strings.is_empty() => {
            return cx.fail(|make| make.misc("string-join", "strict-infix grammar requires non-empty list"));
        }
        "infix" | "strict-infix" => (false, false),
        "suffix" => (false, !strings.is_empty()),
        "prefix" => (!strings.is_empty(), false),
        _ => {
            let expected = "one of infix, strict-infix, suffix, prefix";
            return wrong_type(cx, "string-join", 3, "grammar", expected, grammar);
        }
    };
    concatenate(cx, &strings, Some(delimiter), before, after)
}
