//! Strings, R7RS section 6.7, and a few of Guile's procedures on them.
//!
//! Positions count characters. What may make a long string asks first whether there is memory for it.

use super::chars::fold_fully;
use super::declare::{MutableStr, Str, Sym, Vector, all_are, index, out_of_range, range, wrong_type};
use super::lists::elements;
use super::vectors::room;
use crate::builtins;
use crate::value::Value;
use crate::vm::cx::{Answer, Cx};
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
    Ok(chars.iter().filter_map(|v| v.as_char()).collect::<String>())
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
    cx.heap.string_set(string.0, k, char);
    Ok(())
}

/// Whether the STRINGS are all the same. [R7RS 6.7]
///
///     (string=? "ab" "ab")  => #t
fn "string=?" (cx, ..strings) { compare(cx, "string=?", strings, Ordering::is_eq) }

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

/// STRING in capital letters; it may get longer. [R7RS 6.7]
///
///     (string-upcase "Straße")  => "STRASSE"
fn "string-upcase" (cx, string: Str) { by_pieces(cx, string.0, |piece, out| out.push_str(&piece.to_uppercase())) }

/// STRING in small letters. A sigma at the end of a word becomes a final one. [R7RS 6.7]
///
///     (string-downcase "ΧΑΟΣ")  => "χαος"
fn "string-downcase" (cx, string: Str) { by_pieces(cx, string.0, |piece, out| out.push_str(&piece.to_lowercase())) }

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
    concatenate(cx, strings, "")
}

/// A list of the characters of STRING from START to before END. [R7RS 6.7]
///
///     (string->list "abc" 1)  => (#\b #\c)
fn "string->list" (cx, string: Str, [start: usize], [end: usize]) {
    let chars = chars(cx, "string->list", string, start, end)?;
    Ok(cx.heap.list(&chars))
}

/// A string of the characters in LIST. [R7RS 6.7]
///
///     (list->string '(#\a #\b))  => "ab"
fn "list->string" (cx, list: Value) {
    let chars = elements(cx, "list->string", 1, "list", list)?;
    text_of(cx, "list->string", "list", "a list of characters", list, &chars)
}

/// A vector of the characters of STRING from START to before END. [R7RS 6.8]
///
///     (string->vector "abc")  => #(#\a #\b #\c)
fn "string->vector" (cx, string: Str, [start: usize], [end: usize]) {
    let chars = chars(cx, "string->vector", string, start, end)?;
    Ok(cx.heap.vector(&chars))
}

/// A string of the characters in VECTOR from START to before END. [R7RS 6.8]
///
///     (vector->string #(#\a #\b #\c) 1)  => "bc"
fn "vector->string" (cx, vector: Vector, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "vector->string", 2, start, end, vector.0.field_count())?;
    let chars = cx.heap.slice(vector.0).unwrap_or_default()[start..end].to_vec();
    text_of(cx, "vector->string", "vector", "a vector of characters", vector.0, &chars)
}

/// Puts CHAR in place of the characters of STRING from START to before END. [R7RS 6.7]
///
///     (let ((s (make-string 3 #\a))) (string-fill! s #\b 1) s)  => "abb"
fn "string-fill!" (cx, string: MutableStr, char: char, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "string-fill!", 3, start, end, cx.heap.string_length(string.0))?;
    cx.admit(room_to_change(cx, string.0).saturating_add((end - start).saturating_mul(4)))?;
    let text = char.to_string().repeat(end - start);
    cx.heap.string_splice(string.0, start, end, &text);
    Ok(())
}

/// Puts the characters of FROM between START and END into TO, from position AT on. [R7RS 6.7]
///
///     (let ((s (string-copy "12345"))) (string-copy! s 1 "abcde" 0 2) s)  => "1ab45"
fn "string-copy!" (cx, to: MutableStr, at: usize, from: Str, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "string-copy!", 4, start, end, cx.heap.string_length(from.0))?;
    let length = cx.heap.string_length(to.0);
    room(cx, "string-copy!", at, end - start, length)?;
    cx.admit(room_to_change(cx, to.0).saturating_add(cx.heap.str(from.0).map_or(0, str::len)))?;
    let text = cx.heap.substring(from.0, start, end).to_string();
    cx.heap.string_splice(to.0, at, at + (end - start), &text);
    Ok(())
}

/// Whether STRING has no characters. [Guile]
///
///     (string-null? "")  => #t
fn "string-null?" (cx, string: Str) { cx.heap.string_length(string.0) == 0 }

/// The characters of STRING from START to before END, in reverse order. [Guile]
///
///     (string-reverse "abc")  => "cba"
fn "string-reverse" (cx, string: Str, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "string-reverse", 2, start, end, cx.heap.string_length(string.0))?;
    cx.admit(cx.heap.str(string.0).map_or(0, str::len))?;
    Ok(cx.heap.substring(string.0, start, end).chars().rev().collect::<String>())
}

/// The strings in LIST, one after the other, with DELIMITER (or a space) between them. GRAMMAR may ask for more
/// delimiters: infix (between), strict-infix (the same, but LIST must not be empty), suffix (after each), prefix
/// (before each). [Guile]
///
///     (string-join '("a" "b" "c") ", ")  => "a, b, c"
///     (string-join '("a" "b") ";" 'suffix)  => "a;b;"
fn "string-join" (cx, list: Value, [delimiter: Str], [grammar: Sym]) { join(cx, list, delimiter, grammar) }
}

/// What a change of a string may need at most, beyond the text that comes in.
fn room_to_change(cx: &Cx, string: Value) -> usize {
    cx.heap.str(string).map_or(0, |text| text.len().saturating_mul(2).saturating_add(8))
}

fn filled(cx: &mut Cx, k: usize, char: char) -> Answer<String> {
    cx.admit(k.saturating_mul(2 * char.len_utf8()))?;
    Ok(char.encode_utf8(&mut [0; 4]).repeat(k))
}

fn copy(cx: &mut Cx, who: &str, string: Str, start: Option<usize>, end: Option<usize>) -> Answer {
    let (start, end) = range(cx, who, 2, start, end, cx.heap.string_length(string.0))?;
    let size = cx.heap.substring(string.0, start, end).len();
    cx.admit(size)?;
    Ok(cx.heap.string(cx.heap.substring(string.0, start, end)))
}

/// The characters of a range, as values.
fn chars(cx: &mut Cx, who: &str, string: Str, start: Option<usize>, end: Option<usize>) -> Answer<Vec<Value>> {
    let (start, end) = range(cx, who, 2, start, end, cx.heap.string_length(string.0))?;
    cx.admit((end - start).saturating_mul(16))?;
    Ok(cx.heap.substring(string.0, start, end).chars().map(Value::char).collect())
}

/// The text of values that should be characters; `whole` is the argument that they come from.
fn text_of(cx: &mut Cx, who: &str, name: &str, expected: &str, whole: Value, chars: &[Value]) -> Answer<String> {
    cx.admit(chars.len().saturating_mul(2))?;
    match chars.iter().map(|v| v.as_char()).collect::<Option<String>>() {
        Some(text) => Ok(text),
        None => wrong_type(cx, who, 1, name, expected, whole),
    }
}

fn compare(cx: &mut Cx, who: &str, strings: &[Value], test: fn(Ordering) -> bool) -> Answer<bool> {
    all_are::<Str>(cx, who, 1, "strings", strings)?;
    // The order of UTF-8 bytes is the order of code points.
    Ok(strings.windows(2).all(|pair| test(cx.heap.str(pair[0]).cmp(&cx.heap.str(pair[1])))))
}

fn compare_folded(cx: &mut Cx, who: &str, strings: &[Value], test: fn(Ordering) -> bool) -> Answer<bool> {
    all_are::<Str>(cx, who, 1, "strings", strings)?;
    let mut previous: Option<String> = None;
    let mut holds = true;
    for &string in strings {
        let folded = by_pieces(cx, string, fold_piece)?;
        holds &= previous.is_none_or(|previous| test(previous.cmp(&folded)));
        previous = Some(folded);
    }
    Ok(holds)
}

fn fold_piece(piece: &str, out: &mut String) {
    piece.chars().for_each(|c| fold_fully(c, out));
}

/// Converts a text in pieces, so that long ones can be interrupted. They end with a space, where no rule of Unicode for
/// letters looks at both sides.
fn by_pieces(cx: &mut Cx, string: Value, convert: impl Fn(&str, &mut String)) -> Answer<String> {
    const PIECE: usize = 1 << 16;
    let size = cx.heap.str(string).map_or(0, str::len);
    cx.admit(size.saturating_mul(3))?;
    let mut rest = cx.heap.str(string).unwrap_or_default();
    let mut out = String::with_capacity(size);
    while !rest.is_empty() {
        cx.check_interrupt()?;
        let end =
            rest.as_bytes().iter().skip(PIECE).position(|&byte| byte == b' ').map_or(rest.len(), |at| PIECE + at + 1);
        convert(&rest[..end], &mut out);
        rest = &rest[end..];
    }
    Ok(out)
}

/// The strings, which have been checked, with `delimiter` between them.
pub fn concatenate(cx: &mut Cx, strings: &[Value], delimiter: &str) -> Answer<String> {
    let size: usize = strings.iter().map(|&v| cx.heap.str(v).map_or(0, str::len) + delimiter.len()).sum();
    cx.admit(size.saturating_mul(2))?;
    let mut out = String::with_capacity(size);
    for (index, &string) in strings.iter().enumerate() {
        out.push_str(if index > 0 { delimiter } else { "" });
        out.push_str(cx.heap.str(string).unwrap_or_default());
    }
    Ok(out)
}

fn join(cx: &mut Cx, list: Value, delimiter: Option<Str>, grammar: Option<Sym>) -> Answer<String> {
    let strings = elements(cx, "string-join", 1, "list", list)?;
    if strings.iter().any(|v| !v.is_string()) {
        return wrong_type(cx, "string-join", 1, "list", "a list of strings", list);
    }
    let delimiter = delimiter.and_then(|given| cx.heap.str(given.0)).unwrap_or(" ").to_string();
    let grammar = grammar.map_or(Value::FALSE, |grammar| grammar.0);
    let grammar_name = grammar.as_symbol().map_or("infix", |symbol| cx.symbols.name(symbol)).to_string();
    let (before, after) = match &*grammar_name {
        "strict-infix" if strings.is_empty() => {
            return wrong_type(cx, "string-join", 1, "list", "a list that is not empty (for strict-infix)", list);
        }
        "infix" | "strict-infix" => (false, false),
        "suffix" => (false, !strings.is_empty()),
        "prefix" => (!strings.is_empty(), false),
        _ => {
            let expected = "one of infix, strict-infix, suffix, prefix";
            return out_of_range(cx, "string-join", 3, "grammar", expected, grammar);
        }
    };
    let mut text = concatenate(cx, &strings, &delimiter)?;
    if before {
        text.insert_str(0, &delimiter);
    }
    if after {
        text.push_str(&delimiter);
    }
    Ok(text)
}
