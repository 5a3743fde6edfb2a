//! Character sets, SRFI 14: sorted ranges of code points. What takes a procedure is in the standard library.
//!
//! Sets never change: what SRFI 14 calls linear update makes a new set, as it allows.

use super::declare::{Argument, IntoAnswer, Str, Sym, all_are, out_of_range, wrong_type};
use super::lists::elements;
use crate::builtins;
use crate::value::stop::text_pieces;
use crate::value::{External, Value};
use crate::vm::cx::{Answer, Cx};
use std::fmt::Write;
use std::rc::Rc;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup as Group, UnicodeGeneralCategory};

builtins! { CHAR_SETS;

/// Whether OBJ is a character set. [SRFI 14]
///
///     (char-set? (char-set #\a))  => #t
///     (char-set? "a")  => #f
fn "char-set?" (cx, obj: Value) { cx.heap.is_external::<CharSet>(obj) }

/// Whether the SETS all have the same characters. [SRFI 14]
///
///     (char-set= (char-set #\a #\b) (string->char-set "ba"))  => #t
fn "char-set=" (cx, ..sets) {
    let sets = all_sets(cx, "char-set=", sets)?;
    sets.windows(2).all(|pair| pair[0].ranges == pair[1].ranges).into_answer(cx)
}

/// Whether each of the SETS has all characters of the one before it. [SRFI 14]
///
///     (char-set<= (char-set #\a) (string->char-set "abc"))  => #t
fn "char-set<=" (cx, ..sets) {
    let sets = all_sets(cx, "char-set<=", sets)?;
    sets.windows(2).all(|pair| minus(&pair[0], &pair[1]).ranges.is_empty()).into_answer(cx)
}

/// A number that is the same for sets with the same characters, from 0 to below BOUND. [SRFI 14]
///
///     (= (char-set-hash (char-set #\a)) (char-set-hash (string->char-set "a")))  => #t
fn "char-set-hash" (cx, set: CharSet, [bound: usize]) {
    let sum = set.ranges.iter().fold(0u64, |sum, &(from, to)| {
        sum.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17) ^ ((from as u64) << 32 | to as u64)
    });
    let bound = bound.filter(|&bound| bound > 0).unwrap_or(1 << 40) as u64;
    (sum % bound) as usize
}

/// A set of the CHARS. [SRFI 14]
///
///     (char-set-contains? (char-set #\a #\b) #\b)  => #t
fn "char-set" (cx, ..chars) {
    all_are::<char>(cx, "char-set", 1, "chars", chars)?;
    Ok(of_chars(chars.iter().filter_map(|v| v.as_char())))
}

/// A set of the characters in LIST, and those of BASE if it is given. [SRFI 14]
///
///     (char-set->string (list->char-set '(#\c #\a)))  => "ac"
fn "list->char-set" (cx, list: Value, [base: CharSet]) {
    let items = elements(cx, "list->char-set", 1, "list", list)?;
    match items.iter().map(|v| v.as_char()).collect::<Option<Vec<char>>>() {
        Some(chars) => Ok(with_base(of_chars(chars.into_iter()), base)),
        None => wrong_type(cx, "list->char-set", 1, "list", "a list of characters", list),
    }
}

/// A set of the characters of STRING, and those of BASE if it is given. [SRFI 14]
///
///     (char-set-size (string->char-set "hello"))  => 4
fn "string->char-set" (cx, string: Str, [base: CharSet]) {
    let set = of_text(cx, string.0)?;
    Ok(with_base(set, base))
}

/// A set of the characters whose code points are from FROM to before TO, and those of BASE if it is given. [SRFI 14]
///
///     (char-set->string (ucs-range->char-set 97 100))  => "abc"
fn "ucs-range->char-set" (cx, from: usize, to: usize, [strict: Value], [base: CharSet]) {
    let _ = strict;
    if from > to || to > LIMIT as usize {
        return out_of_range(cx, "ucs-range->char-set", 2, "to", &format!("from {from} to {LIMIT}"), Value::fixnum(to as i64));
    }
    Ok(with_base(normal(vec![(from as u32, to as u32)]), base))
}

/// OBJ, a character, string or set, as a set. [SRFI 14]
///
///     (char-set->string (->char-set #\a))  => "a"
fn "->char-set" (cx, obj: Value) {
    match (CharSet::take(cx, obj), obj.as_char(), cx.heap.str(obj)) {
        (Some(set), _, _) => Ok(set),
        (_, Some(c), _) => Ok(of_chars(std::iter::once(c))),
        (_, _, Some(_)) => of_text(cx, obj),
        _ => wrong_type(cx, "->char-set", 1, "obj", "a character, a string or a character set", obj),
    }
}

/// A set with the same characters as SET. [SRFI 14]
///
///     (let ((s (char-set #\a))) (char-set= (char-set-copy s) s))  => #t
fn "char-set-copy" (cx, set: CharSet) { set }

/// Whether CHAR is in SET. [SRFI 14]
///
///     (char-set-contains? (char-set #\5 #\6) #\5)  => #t
fn "char-set-contains?" (cx, set: CharSet, char: char) { set.contains(char) }

/// How many characters SET has. [SRFI 14]
///
///     (char-set-size (char-set #\a #\b #\a))  => 2
fn "char-set-size" (cx, set: CharSet) { set.size() }

/// A list of the characters of SET. [SRFI 14]
///
///     (char-set->list (string->char-set "cab"))  => (#\a #\b #\c)
fn "char-set->list" (cx, set: CharSet) {
    cx.admit(set.size().saturating_mul(24))?;
    let chars: Vec<Value> = set.chars().map(Value::char).collect();
    Ok(cx.heap.list(&chars))
}

/// A string of the characters of SET. [SRFI 14]
///
///     (char-set->string (char-set #\b #\a))  => "ab"
fn "char-set->string" (cx, set: CharSet) { set.chars().collect::<String>() }

/// The characters of SET and the CHARS. [SRFI 14]
///
///     (char-set->string (char-set-adjoin (char-set #\a) #\c))  => "ac"
fn "char-set-adjoin" (cx, set: CharSet, ..chars) {
    all_are::<char>(cx, "char-set-adjoin", 2, "chars", chars)?;
    Ok(plus(&set, &of_chars(chars.iter().filter_map(|v| v.as_char()))))
}

/// The characters of SET but for the CHARS. [SRFI 14]
///
///     (char-set->string (char-set-delete (string->char-set "abc") #\b))  => "ac"
fn "char-set-delete" (cx, set: CharSet, ..chars) {
    all_are::<char>(cx, "char-set-delete", 2, "chars", chars)?;
    Ok(minus(&set, &of_chars(chars.iter().filter_map(|v| v.as_char()))))
}

/// All characters that are not in SET. [SRFI 14]
///
///     (char-set-contains? (char-set-complement (char-set #\a)) #\b)  => #t
fn "char-set-complement" (cx, set: CharSet) { complement(&set) }

/// The characters that are in any of the SETS. [SRFI 14]
///
///     (char-set->string (char-set-union (char-set #\a) (char-set #\b)))  => "ab"
fn "char-set-union" (cx, ..sets) {
    let sets = all_sets(cx, "char-set-union", sets)?;
    Ok(sets.iter().fold(CharSet::default(), |all, set| plus(&all, set)))
}

/// The characters that are in all of the SETS. [SRFI 14]
///
///     (char-set->string (char-set-intersection (string->char-set "abc") (string->char-set "bcd")))  => "bc"
fn "char-set-intersection" (cx, ..sets) {
    let sets = all_sets(cx, "char-set-intersection", sets)?;
    Ok(sets.iter().fold(complement(&CharSet::default()), |all, set| both(&all, set)))
}

/// The characters that are in SET but in none of the OTHERS. [SRFI 14]
///
///     (char-set->string (char-set-difference (string->char-set "abc") (char-set #\b)))  => "ac"
fn "char-set-difference" (cx, set: CharSet, ..others) {
    let others = all_sets(cx, "char-set-difference", others)?;
    Ok(others.iter().fold(set, |left, other| minus(&left, other)))
}

/// The characters that are in an odd number of the SETS. [SRFI 14]
///
///     (char-set->string (char-set-xor (string->char-set "abc") (string->char-set "bcd")))  => "ad"
fn "char-set-xor" (cx, ..sets) {
    let sets = all_sets(cx, "char-set-xor", sets)?;
    Ok(sets.iter().fold(CharSet::default(), |odd, set| plus(&minus(&odd, set), &minus(set, &odd))))
}

/// The code point of the first character of SET from the code point FROM on, or #f.
fn "%char-set-next" (cx, set: CharSet, from: usize) { set.next(from as u32).map(|code| code as usize) }

/// One of the sets of SRFI 14, by its name.
fn "%standard-char-set" (cx, name: Sym) {
    let name = name.0.as_symbol().map_or(String::new(), |name| cx.symbols.name(name).to_string());
    standard(&name)
}
}

/// One past the last code point.
const LIMIT: u32 = 0x110000;
const SURROGATES: (u32, u32) = (0xd800, 0xe000);

/// The ranges of a set: each from a code point to before another, rising, with gaps between them, and without surrogates.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CharSet {
    ranges: Rc<[(u32, u32)]>,
    /// A bit for each of the first 128 characters, which are asked for most.
    ascii: u128,
}

impl External for CharSet {
    fn type_name(&self) -> &'static str {
        "charset"
    }

    /// As Guile prints it: the first ranges.
    fn describe(&self) -> String {
        let mut text = "#<charset {".to_string();
        let shown = |code: u32| {
            let mut out = String::new();
            crate::value::print::write_char(char::from_u32(code).unwrap_or(' '), &mut out);
            out
        };
        for (index, &(from, to)) in self.ranges.iter().enumerate() {
            let blank = if index > 0 { " " } else { "" };
            let _ = match to - from {
                _ if index == 40 => write!(text, "{blank}..."),
                1 => write!(text, "{blank}{}", shown(from)),
                _ => write!(text, "{blank}{}..{}", shown(from), shown(to - 1)),
            };
            if index == 40 {
                break;
            }
        }
        text + "}>"
    }
}

impl Argument for CharSet {
    const EXPECTED: &'static str = "a character set";
    fn take(cx: &Cx, v: Value) -> Option<CharSet> {
        cx.heap.external_clone::<CharSet>(v)
    }
}

impl IntoAnswer for CharSet {
    fn into_answer(self, cx: &mut Cx) -> Answer {
        Ok(cx.heap.external(Box::new(self)))
    }
}

impl CharSet {
    pub fn contains(&self, c: char) -> bool {
        let code = c as u32;
        if code < 128 {
            return self.ascii >> code & 1 == 1;
        }
        let after = self.ranges.partition_point(|&(from, _)| from <= code);
        after > 0 && code < self.ranges[after - 1].1
    }

    fn size(&self) -> usize {
        self.ranges.iter().map(|&(from, to)| (to - from) as usize).sum()
    }

    fn chars(&self) -> impl Iterator<Item = char> {
        self.ranges.iter().flat_map(|&(from, to)| (from..to).filter_map(char::from_u32))
    }

    fn next(&self, code: u32) -> Option<u32> {
        let at = self.ranges.partition_point(|&(_, to)| to <= code);
        self.ranges.get(at).map(|&(from, _)| from.max(code))
    }
}

/// The set of any ranges.
fn normal(mut ranges: Vec<(u32, u32)>) -> CharSet {
    ranges.sort_unstable();
    let mut joined: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    let mut add = |from: u32, to: u32| match joined.last_mut() {
        _ if from >= to => {}
        Some(last) if from <= last.1 => last.1 = last.1.max(to),
        _ => joined.push((from, to)),
    };
    for (from, to) in ranges {
        add(from, to.min(SURROGATES.0.max(from)));
        add(from.max(SURROGATES.1), to);
    }
    joined.retain(|&(from, to)| to <= SURROGATES.0 || from >= SURROGATES.1);
    let ascii =
        joined.iter().fold(0u128, |bits, &(from, to)| (from..to.min(128)).fold(bits, |bits, code| bits | 1 << code));
    CharSet { ranges: joined.into(), ascii }
}

fn of_chars(chars: impl Iterator<Item = char>) -> CharSet {
    normal(chars.map(|c| (c as u32, c as u32 + 1)).collect())
}

/// The characters of a string.
fn of_text(cx: &Cx, string: Value) -> Answer<CharSet> {
    let mut set = of_chars(std::iter::empty());
    for piece in text_pieces(cx.heap.str(string).unwrap_or_default()) {
        cx.check_interrupt()?;
        set = plus(&set, &of_chars(piece.chars()));
    }
    Ok(set)
}

fn with_base(set: CharSet, base: Option<CharSet>) -> CharSet {
    base.map_or(set.clone(), |base| plus(&set, &base))
}

fn plus(a: &CharSet, b: &CharSet) -> CharSet {
    normal(a.ranges.iter().chain(b.ranges.iter()).copied().collect())
}

fn complement(set: &CharSet) -> CharSet {
    let mut gaps = Vec::with_capacity(set.ranges.len() + 1);
    let mut from = 0;
    for &(start, end) in set.ranges.iter() {
        gaps.push((from, start));
        from = end;
    }
    gaps.push((from, LIMIT));
    normal(gaps)
}

fn both(a: &CharSet, b: &CharSet) -> CharSet {
    let mut shared = Vec::new();
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.ranges.get(i), b.ranges.get(j)) {
        shared.push((x.0.max(y.0), x.1.min(y.1).max(x.0.max(y.0))));
        if x.1 < y.1 { i += 1 } else { j += 1 }
    }
    normal(shared)
}

fn minus(a: &CharSet, b: &CharSet) -> CharSet {
    both(a, &complement(b))
}

fn all_sets(cx: &mut Cx, who: &str, sets: &[Value]) -> Answer<Vec<CharSet>> {
    all_are::<CharSet>(cx, who, 1, "sets", sets)?;
    Ok(sets.iter().filter_map(|&set| CharSet::take(cx, set)).collect())
}

/// The set of the characters for which `test` holds. No plane past these is assigned but for private use.
fn where_holds(test: impl Fn(char) -> bool) -> CharSet {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for code in (0..0x34000).chain(0xe0000..0xe0200) {
        if char::from_u32(code).is_some_and(&test) {
            match ranges.last_mut() {
                Some(last) if last.1 == code => last.1 = code + 1,
                _ => ranges.push((code, code + 1)),
            }
        }
    }
    normal(ranges)
}

/// The characters of these groups of categories.
fn of_groups(groups: &[Group]) -> CharSet {
    where_holds(|c| groups.contains(&c.general_category_group()))
}

fn is_space(c: char) -> bool {
    c.general_category_group() == Group::Separator || ('\t'..='\r').contains(&c)
}

fn standard(name: &str) -> CharSet {
    const GRAPHIC: [Group; 5] = [Group::Letter, Group::Mark, Group::Number, Group::Punctuation, Group::Symbol];
    let category = |category| where_holds(move |c| c.general_category() == category);
    match name {
        "lower-case" => where_holds(char::is_lowercase),
        "upper-case" => where_holds(char::is_uppercase),
        "title-case" => category(GeneralCategory::TitlecaseLetter),
        "letter" => of_groups(&[Group::Letter]),
        "digit" => category(GeneralCategory::DecimalNumber),
        "letter+digit" => plus(&of_groups(&[Group::Letter]), &category(GeneralCategory::DecimalNumber)),
        "graphic" => of_groups(&GRAPHIC),
        "printing" => plus(&of_groups(&GRAPHIC), &where_holds(is_space)),
        "whitespace" => where_holds(is_space),
        "iso-control" => normal(vec![(0, 0x20), (0x7f, 0xa0)]),
        "punctuation" => of_groups(&[Group::Punctuation]),
        "symbol" => of_groups(&[Group::Symbol]),
        "hex-digit" => of_chars("0123456789abcdefABCDEF".chars()),
        "blank" => where_holds(|c| c == '\t' || c.general_category() == GeneralCategory::SpaceSeparator),
        "ascii" => normal(vec![(0, 0x80)]),
        "designated" => {
            let assigned = where_holds(|c| c.general_category() != GeneralCategory::Unassigned);
            plus(&assigned, &normal(vec![(0xf0000, 0xffffe), (0x100000, 0x10fffe)]))
        }
        "full" => complement(&CharSet::default()),
        _ => CharSet::default(),
    }
}
