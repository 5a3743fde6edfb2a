//! The printer: from values to their external representation.
//!
//! Formats follow R7RS section 6.13.3, and Guile where R7RS leaves the form open (`#<procedure car (pair)>`, records). No
//! recursion: what is still to be printed stands on a stack of tasks. `write` and `display` label the heads of cycles and
//! nothing else, `write-shared` labels whatever occurs twice, `write-simple` labels nothing.
//!
//! Most data is small and without cycles: a walk of a bounded number of steps that comes to its end proves that. Only
//! when it does not, addresses go into a table (objects do not move while a builtin runs).

use super::array::{Dimension, Element, View};
use super::condition;
use super::dialect::{self, Dialect};
use super::number::number_text;
use super::stop::{STRIDE, Stop, boundary, text_pieces};
use super::{Heap, Kind, Value, table, uniform};
use crate::symbol::Symbols;
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt::Write;
use std::rc::Rc;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    Display,
    Write,
    WriteShared,
    WriteSimple,
}

/// What the printer has to ask of those who know more than the heap does.
pub trait Names {
    fn symbols(&self) -> &Symbols;
    /// Name and parameters of a procedure, or what else tells it from others: `car (pair)`.
    fn procedure(&self, procedure: Value) -> String;
    /// The whole text of a value that owns a Rust object: `#<input: file echo.scm>`.
    fn external(&self, v: Value) -> String;
    /// A fiber, or something of its scheduler's.
    fn scheduled(&self, v: Value) -> String;
    /// Whose language to write.
    fn dialect(&self) -> Dialect {
        Dialect::R7rs
    }
    /// What the printer of its type has made of a record, if that is known.
    fn printed(&self, _record: Value) -> Option<&str> {
        None
    }
}

/// Nodes that the walk without a table looks at.
const SMALL: usize = 10_000;
/// Bytes that a node costs in the tables of `labels`: a table entry, a place on the stack, and room to grow.
const NODE_BYTES: usize = 64;

/// Appends the text of `v` to `out`. With a limit, the text is cut after about so many bytes, and ends in "...".
pub fn print(
    heap: &Heap,
    names: &dyn Names,
    v: Value,
    style: Style,
    limit: Option<usize>,
    out: &mut String,
) -> Result<(), Stop> {
    let start = out.len();
    let end = limit.map_or(usize::MAX, |limit| start + limit);
    let labels = if is_small_tree(v) && style != Style::WriteShared || style == Style::WriteSimple {
        FxHashMap::default()
    } else {
        // A pair takes three steps and leaves two characters at least, and all are met in the order of printing.
        labels(heap, v, style == Style::WriteShared, limit.map_or(usize::MAX, |limit| 2 * limit + 4))?
    };
    let quoted = style != Style::Display;
    let mut printer = Printer { heap, names, quoted, end, labels, next_label: 0, tasks: vec![Task::Datum(v)], out };
    printer.run(start)?;
    if limit.is_some() && out.len() > end {
        out.truncate(boundary(out, end.min(out.len())));
        out.push_str("...");
    }
    Ok(())
}

/// A value as `write` prints it, in at most about `limit` bytes.
pub fn short_text(heap: &Heap, names: &dyn Names, v: Value, limit: usize) -> String {
    let mut text = String::new();
    if print(heap, names, v, Style::Write, Some(limit), &mut text).is_err() {
        text.push_str("...");
    }
    text
}

/// Whether a procedure of the program's prints this record.
fn has_printer(v: Value) -> bool {
    v.is_kind(Kind::Record) && v.field(0).field(3).is_procedure()
}

/// The records among the values and their parts that procedures of the program's print, each once.
pub fn records_with_printers(heap: &Heap, values: &[Value]) -> Result<Vec<Value>, Stop> {
    let mut seen = FxHashSet::default();
    let mut found = Vec::new();
    let mut stack: Vec<Value> = values.iter().rev().copied().collect();
    while let Some(v) = stack.pop() {
        if !v.is_pointer() || !seen.insert(v) {
            continue;
        }
        if seen.len().is_multiple_of(STRIDE) {
            heap.go_on(seen.len() * NODE_BYTES)?;
        }
        if has_printer(v) {
            found.push(v);
        }
        stack.extend((0..).map_while(|index| part(v, index)));
    }
    Ok(found)
}

/// The `index`th value that is printed as a part of `v`.
fn part(v: Value, index: usize) -> Option<Value> {
    if let Some((car, cdr)) = v.as_pair() {
        return [car, cdr].get(index).copied();
    }
    let at = match v.kind()? {
        Kind::Vector | Kind::Values | Kind::Box => index,
        Kind::Record if !v.field(0).field(3).is_true() => index + 1,
        Kind::Cell if index == 0 => 0,
        Kind::Promise if index == 0 => return Some(v.field(0).cdr()),
        Kind::Syntax | Kind::Array if index == 0 => 0,
        Kind::Condition if index == 0 && !v.field(condition::TEXT).is_true() => condition::IRRITANTS,
        _ => return None,
    };
    (at < v.field_count()).then(|| v.field(at))
}

/// Whether the data is a tree (or a graph without cycles) of few nodes.
fn is_small_tree(v: Value) -> bool {
    if part(v, 0).is_none() {
        return true;
    }
    let mut stack = vec![v];
    let mut seen = 0;
    while let Some(v) = stack.pop() {
        let mut index = 0;
        while let Some(part) = part(v, index) {
            index += 1;
            seen += 1;
            if seen > SMALL {
                return false;
            }
            if part.is_pointer() {
                stack.push(part);
            }
        }
    }
    true
}

/// What needs a label: heads of cycles, or everything that occurs more than once. `bound` limits the steps.
fn labels(heap: &Heap, v: Value, sharing: bool, bound: usize) -> Result<FxHashMap<Value, Option<usize>>, Stop> {
    let mut labels = FxHashMap::default();
    // True while the walk is inside the node: to meet such a node again is to have gone round a cycle.
    let mut inside = FxHashMap::default();
    let mut path = Vec::new();
    let mut next = Some(v);
    let mut seen = 0;
    while let Some(v) = next.take() {
        if part(v, 0).is_some() {
            match inside.get(&v) {
                None => {
                    inside.insert(v, true);
                    path.push((v, 0));
                }
                Some(&open) if open || sharing => {
                    labels.insert(v, None);
                }
                _ => {}
            }
        }
        while let Some((node, index)) = path.last_mut() {
            next = part(*node, *index);
            *index += 1;
            seen += 1;
            if seen == bound {
                return Ok(labels);
            }
            if seen.is_multiple_of(STRIDE) {
                heap.go_on(inside.len() * NODE_BYTES)?;
            }
            if next.is_some_and(Value::is_pointer) {
                break;
            }
            if next.is_none() {
                inside.insert(*node, false);
                path.pop();
            }
        }
    }
    Ok(labels)
}

/// What is still to be printed.
enum Task {
    Datum(Value),
    /// The rest of a list, after the blank or the dot, up to the parenthesis.
    Rest(Value),
    /// The parts of an object from an index on, and what closes it.
    Parts(Value, usize, &'static str),
    Close(&'static str),
    /// The elements of an array from an index of a dimension on, which is at a place of the root.
    Slice(Rc<View>, usize, usize, i64),
}

struct Printer<'a> {
    heap: &'a Heap,
    names: &'a dyn Names,
    quoted: bool,
    /// Past this length of `out`, nothing more is wanted.
    end: usize,
    labels: FxHashMap<Value, Option<usize>>,
    next_label: usize,
    tasks: Vec<Task>,
    out: &'a mut String,
}

impl Printer<'_> {
    fn run(&mut self, start: usize) -> Result<(), Stop> {
        let mut rounds = 0usize;
        while let Some(task) = self.tasks.pop() {
            rounds += 1;
            if rounds.is_multiple_of(STRIDE) {
                self.heap.go_on(self.out.len() - start)?;
            }
            if self.out.len() > self.end {
                break;
            }
            match task {
                Task::Datum(v) => self.datum(v)?,
                Task::Rest(v) => self.rest(v),
                Task::Parts(v, index, close) => match part(v, index) {
                    None => self.out.push_str(close),
                    Some(next) => {
                        self.part_head(v, index);
                        self.tasks.push(Task::Parts(v, index + 1, close));
                        self.tasks.push(Task::Datum(next));
                    }
                },
                Task::Close(text) => self.out.push_str(text),
                Task::Slice(view, depth, index, place) => self.slice(view, depth, index, place),
            }
        }
        Ok(())
    }

    /// What separates a part from what came before.
    fn part_head(&mut self, v: Value, index: usize) {
        let vector = v.is_vector();
        if index > 0 || !vector {
            self.out.push(' ');
        }
        if v.is_kind(Kind::Record) {
            let names = v.field(0).field(2);
            if names.is_vector() && index < names.field_count() {
                let _ = self.plain(names.field(index));
                self.out.push_str(": ");
            }
        } else if v.is_kind(Kind::Box) || v.is_kind(Kind::Cell) {
            self.out.push_str("value: ");
        } else if v.is_kind(Kind::Promise) {
            self.out.push_str(if v.field(0).car() == Value::FALSE { "=> " } else { "= " });
        }
    }

    /// The label of `v` if it has one; true when that says it all.
    fn label(&mut self, v: Value) -> bool {
        match self.labels.get_mut(&v) {
            None => false,
            Some(Some(number)) => {
                let _ = write!(self.out, "#{number}#");
                true
            }
            Some(number) => {
                let _ = write!(self.out, "#{}=", self.next_label);
                *number = Some(self.next_label);
                self.next_label += 1;
                false
            }
        }
    }

    fn rest(&mut self, v: Value) {
        match v.as_pair() {
            Some((car, cdr)) if !self.labels.contains_key(&v) => {
                self.out.push(' ');
                self.tasks.push(Task::Rest(cdr));
                self.tasks.push(Task::Datum(car));
            }
            _ if v.is_null() => self.out.push(')'),
            _ => {
                self.out.push_str(" . ");
                self.tasks.push(Task::Close(")"));
                self.tasks.push(Task::Datum(v));
            }
        }
    }

    fn datum(&mut self, v: Value) -> Result<(), Stop> {
        if let Some(n) = v.as_fixnum() {
            let _ = write!(self.out, "{n}");
        } else if let Some((car, cdr)) = v.as_pair() {
            if !self.label(v) {
                self.out.push('(');
                self.tasks.push(Task::Rest(cdr));
                self.tasks.push(Task::Datum(car));
            }
        } else if let Some(symbol) = v.as_symbol() {
            self.symbol(self.names.symbols().name(symbol))?;
        } else if let Some(symbol) = v.as_keyword() {
            self.out.push_str("#:");
            self.symbol(self.names.symbols().name(symbol))?;
        } else if let Some(c) = v.as_char() {
            match self.names.dialect() {
                _ if !self.quoted => self.out.push(c),
                Dialect::R7rs => write_char(c, self.out),
                Dialect::Guile => dialect::write_char(c, self.out),
            }
        } else if let Some(kind) = v.kind() {
            if part(v, 0).is_none() || !self.label(v) {
                self.object(v, kind)?;
            }
        } else {
            self.out.push_str(constant_text(v));
        }
        Ok(())
    }

    fn object(&mut self, v: Value, kind: Kind) -> Result<(), Stop> {
        match kind {
            Kind::Flonum | Kind::Ratnum | Kind::Compnum | Kind::Bignum => self.number(v)?,
            Kind::String => {
                let text = self.heap.str(v).unwrap_or_default();
                if self.quoted { self.quote(text, '"')? } else { self.raw(text)? }
            }
            Kind::Bytevector => self.bytes(v)?,
            Kind::Bitvector => self.bits(v)?,
            Kind::Vector => self.parts(v, "#(", ")"),
            Kind::Array => self.array(v),
            Kind::Values => self.parts(v, "#<values", ">"),
            Kind::Box => self.parts(v, "#<box", ">"),
            Kind::Syntax => self.parts(v, "#<syntax", ">"),
            Kind::Record => {
                if let Some(text) = self.names.printed(v) {
                    self.out.push_str(text);
                    return Ok(());
                }
                self.out.push_str("#<");
                self.plain(v.field(0).field(0))?;
                // A type may say that what its records hold is nobody's business.
                if v.field(0).field(3).is_true() {
                    self.out.push('>');
                } else {
                    self.tasks.push(Task::Parts(v, 0, ">"));
                }
            }
            Kind::Condition => self.condition(v)?,
            Kind::RecordType => self.named("#<record-type ", v.field(0))?,
            Kind::Cell => self.parts(v, "#<variable", ">"),
            Kind::Promise => self.parts(v, "#<promise", ">"),
            Kind::Segment => self.out.push_str("#<stack>"),
            Kind::Tagged => self.named("#<", v.field(0))?,
            Kind::Table => {
                let sort = if table::weakness(v) == 0 { "hash-table" } else { "weak-table" };
                let (count, buckets) = (table::count(v), table::slot_count(self.heap, v));
                let _ = write!(self.out, "#<{sort} {count}/{buckets}>");
            }
            Kind::Weak => self.out.push_str("#<weak-entry>"),
            Kind::Cells => self.out.push_str("#<cells>"),
            Kind::Fiber | Kind::Wait | Kind::Queue => {
                let text = self.names.scheduled(v);
                self.out.push_str(&text);
            }
            Kind::External => {
                let text = self.names.external(v);
                self.out.push_str(&text);
            }
            Kind::Continuation => self.out.push_str("#<continuation>"),
            Kind::Parameter => self.out.push_str("#<parameter>"),
            Kind::Closure | Kind::Builtin => {
                let text = self.names.procedure(v);
                let _ = write!(self.out, "#<procedure {text}>");
            }
        }
        Ok(())
    }

    fn number(&mut self, v: Value) -> Result<(), Stop> {
        let limbs = |v: Value| self.heap.bignum_limbs(v).map_or(0, |(_, limbs)| limbs.len());
        let parts = |v: Value| if matches!(v.kind(), Some(Kind::Ratnum | Kind::Compnum)) { v.field_count() } else { 0 };
        // The parts of a complex number may be ratios.
        let of_ratio = |v: Value| limbs(v) + (0..parts(v)).map(|index| limbs(v.field(index))).sum::<usize>();
        let digits = 19 * (of_ratio(v) + (0..parts(v)).map(|index| of_ratio(v.field(index))).sum::<usize>());
        if digits > self.end.saturating_sub(self.out.len()).saturating_add(64) {
            // A message has no use for the first digits of millions, and they would take long.
            let sort = if parts(v) == 0 { "integer" } else { "number" };
            let _ = write!(self.out, "#<{sort} of about {digits} digits>");
        } else {
            self.out.push_str(&number_text(self.heap, v, 10)?);
        }
        Ok(())
    }

    /// An array as Guile writes it: `#2u8@1@1((1 2) (3 4))`.
    fn array(&mut self, v: Value) {
        let Some(view) = View::of(self.heap, v) else {
            self.out.push_str("#<array>");
            return;
        };
        let (dimensions, element) = (&view.dimensions, view.element(self.heap));
        let tag = if element == Element::Byte { "u8" } else { element.tag() };
        let _ = write!(self.out, "#{}{tag}", dimensions.len());
        let says_low = dimensions.iter().any(|dimension| dimension.low != 0);
        // The elements say how many there are, unless there are none.
        let empty = dimensions.iter().position(|dimension| dimension.length == 0);
        let says_length = empty.is_some_and(|at| dimensions[at..].iter().any(|dimension| dimension.length > 0));
        for &Dimension { low, length, .. } in dimensions {
            if says_low {
                let _ = write!(self.out, "@{low}");
            }
            if says_length {
                let _ = write!(self.out, ":{length}");
            }
        }
        if dimensions.is_empty() {
            self.out.push('(');
            self.tasks.push(Task::Close(")"));
        }
        let offset = view.offset;
        self.tasks.push(Task::Slice(Rc::new(view), 0, 0, offset));
    }

    fn slice(&mut self, view: Rc<View>, depth: usize, index: usize, place: i64) {
        let Some(&Dimension { length, step, .. }) = view.dimensions.get(depth) else {
            self.tasks.push(Task::Datum(view.get(self.heap, place).unwrap_or(Value::UNSPECIFIED)));
            return;
        };
        match index {
            0 => self.out.push('('),
            _ if index < length => self.out.push(' '),
            _ => {}
        }
        if index == length {
            self.out.push(')');
        } else {
            self.tasks.push(Task::Slice(view.clone(), depth, index + 1, place.wrapping_add(step)));
            self.tasks.push(Task::Slice(view, depth + 1, 0, place));
        }
    }

    fn parts(&mut self, v: Value, open: &str, close: &'static str) {
        self.out.push_str(open);
        self.tasks.push(Task::Parts(v, 0, close));
    }

    fn condition(&mut self, v: Value) -> Result<(), Stop> {
        self.out.push_str("#<condition ");
        self.plain(v.field(condition::KEY))?;
        self.out.push(' ');
        let text = v.field(condition::TEXT);
        let message = if text.is_true() { text } else { v.field(condition::MESSAGE) };
        match self.heap.str(message) {
            Some(text) => self.quote(text, '"')?,
            None => self.plain(message)?,
        }
        self.tasks.push(Task::Parts(v, 0, ">"));
        Ok(())
    }

    fn named(&mut self, open: &str, name: Value) -> Result<(), Stop> {
        self.out.push_str(open);
        self.plain(name)?;
        self.out.push('>');
        Ok(())
    }

    /// A name: a symbol or string as it is.
    fn plain(&mut self, name: Value) -> Result<(), Stop> {
        match name.as_symbol() {
            Some(symbol) => self.raw(self.names.symbols().name(symbol)),
            None => match self.heap.str(name) {
                Some(text) => self.raw(text),
                None => self.raw("tagged"),
            },
        }
    }

    fn raw(&mut self, text: &str) -> Result<(), Stop> {
        let room = self.end.saturating_sub(self.out.len());
        // Four bytes more, so that what is cut here is seen to be past the end.
        let end = boundary(text, room.saturating_add(4).min(text.len()));
        for piece in text_pieces(&text[..end]) {
            self.heap.go_on(self.out.len())?;
            self.out.push_str(piece);
        }
        Ok(())
    }

    fn symbol(&mut self, name: &str) -> Result<(), Stop> {
        match self.names.dialect() {
            Dialect::R7rs if self.quoted && needs_bars(name) => self.quote(name, '|'),
            Dialect::Guile if self.quoted && dialect::needs_braces(name, reads_as_number(name)) => {
                self.out.push_str("#{");
                self.escaped(name, |c, out| {
                    dialect::push_in_braces(c, out);
                })?;
                self.out.push_str("}#");
                Ok(())
            }
            _ => self.raw(name),
        }
    }

    /// Text with escapes.
    fn escaped(&mut self, text: &str, push: impl Fn(char, &mut String)) -> Result<(), Stop> {
        let mut next = STRIDE;
        for (at, c) in text.char_indices() {
            if at > next {
                next = at + STRIDE;
                self.heap.go_on(self.out.len())?;
            }
            push(c, self.out);
            if self.out.len() > self.end {
                break;
            }
        }
        Ok(())
    }

    /// Text between delimiters, with escapes.
    fn quote(&mut self, text: &str, delimiter: char) -> Result<(), Stop> {
        self.out.push(delimiter);
        match self.names.dialect() {
            Dialect::Guile if delimiter == '"' => self.escaped(text, dialect::push_in_string)?,
            _ => self.escaped(text, |c, out| push_escaped(c, delimiter, out))?,
        }
        self.out.push(delimiter);
        Ok(())
    }

    /// A bytevector or another uniform vector.
    fn bytes(&mut self, v: Value) -> Result<(), Stop> {
        let element = uniform::element(self.heap, v);
        let own = if self.names.dialect() == Dialect::Guile { "vu8" } else { "u8" };
        let _ = write!(self.out, "#{}(", element.map_or(own, |element| element.tag()));
        for index in 0..uniform::length(self.heap, v) {
            if index > 0 {
                self.out.push(' ');
            }
            match element {
                None => {
                    let byte = self.heap.bytes(v).map_or(0, |bytes| bytes[index]);
                    let _ = write!(self.out, "{byte}");
                }
                Some(element) => {
                    let number = uniform::get(self.heap, v, element, index);
                    self.out.push_str(&number_text(self.heap, number, 10)?);
                }
            }
            if index.is_multiple_of(STRIDE) {
                self.heap.go_on(self.out.len())?;
            }
            if self.out.len() > self.end {
                return Ok(());
            }
        }
        self.out.push(')');
        Ok(())
    }

    fn bits(&mut self, v: Value) -> Result<(), Stop> {
        self.out.push_str("#*");
        let (words, len) = self.heap.bits(v).unwrap_or_default();
        for index in 0..len {
            self.out.push(if words[index / 64] >> (index % 64) & 1 == 1 { '1' } else { '0' });
            if index.is_multiple_of(STRIDE) {
                self.heap.go_on(self.out.len())?;
            }
            if self.out.len() > self.end {
                return Ok(());
            }
        }
        Ok(())
    }
}

fn constant_text(v: Value) -> &'static str {
    match v {
        Value::FALSE => "#f",
        Value::TRUE => "#t",
        Value::NIL => "()",
        Value::FALSE_NIL => "#nil",
        Value::EOF => "#<eof>",
        Value::UNSPECIFIED => "#<unspecified>",
        Value::DEFAULT => "#<default>",
        Value::UNBOUND => "#<unbound>",
        Value::HANDLER_KEY => "#<handler-key>",
        Value::WIND_KEY => "#<wind-key>",
        Value::OPTIONAL => "#!optional",
        Value::REST => "#!rest",
        Value::KEY => "#!key",
        _ => "#<unknown>",
    }
}

/// The characters with names, R7RS 6.6.
pub const CHAR_NAMES: [(char, &str); 9] = [
    ('\x07', "alarm"),
    ('\x08', "backspace"),
    ('\x7f', "delete"),
    ('\x1b', "escape"),
    ('\n', "newline"),
    ('\0', "null"),
    ('\r', "return"),
    (' ', "space"),
    ('\t', "tab"),
];

pub fn write_char(c: char, out: &mut String) {
    use GeneralCategoryGroup::{Mark, Other, Separator};
    out.push_str("#\\");
    if let Some((_, name)) = CHAR_NAMES.iter().find(|(named, _)| *named == c) {
        out.push_str(name);
    } else if !c.is_ascii() && matches!(c.general_category_group(), Mark | Other | Separator) || c.is_control() {
        let _ = write!(out, "x{:x}", c as u32);
    } else {
        out.push(c);
    }
}

/// A string or the name of a symbol between its delimiters, as R7RS reads them.
pub fn write_quoted(text: &str, delimiter: char, out: &mut String) {
    out.push(delimiter);
    text.chars().for_each(|c| push_escaped(c, delimiter, out));
    out.push(delimiter);
}

fn push_escaped(c: char, delimiter: char, out: &mut String) {
    match c {
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        '\x07' => out.push_str("\\a"),
        '\x08' => out.push_str("\\b"),
        _ if c == delimiter => out.extend(['\\', c]),
        _ if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
            let _ = write!(out, "\\x{:x};", c as u32);
        }
        _ => out.push(c),
    }
}

/// Whether a symbol of this name must be written between bars to be read as that symbol, by whatever reader.
pub fn needs_bars(name: &str) -> bool {
    let odd = |c: char| {
        c.is_control()
            || c.is_whitespace()
            || matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '"' | ';' | '\'' | '`' | ',' | '|' | '\\')
            || c == '\u{feff}'
    };
    name.is_empty() || name == "." || name.starts_with('#') || name.contains(odd) || reads_as_number(name)
        // Some readers take what follows an infinity or a nan for the rest of a number.
        || name.get(..6).is_some_and(|sign_and_word| {
            ["+inf.0", "-inf.0", "+nan.0", "-nan.0"].iter().any(|number| sign_and_word.eq_ignore_ascii_case(number))
        })
}

fn reads_as_number(name: &str) -> bool {
    // Only these can begin a number in radix ten; spare the others the parser.
    name.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) && super::number::is_numeral(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::interrupt::Interrupt;

    struct NoNames(Symbols);

    impl Names for NoNames {
        fn scheduled(&self, _: Value) -> String {
            "#<fiber>".into()
        }

        fn symbols(&self) -> &Symbols {
            &self.0
        }
        fn procedure(&self, _: Value) -> String {
            "car (pair)".into()
        }
        fn external(&self, _: Value) -> String {
            "#<port>".into()
        }
    }

    fn show(heap: &Heap, symbols: Symbols, v: Value, style: Style) -> String {
        let mut out = String::new();
        print(heap, &NoNames(symbols), v, style, None, &mut out).unwrap();
        out
    }

    fn written(heap: &Heap, v: Value) -> String {
        show(heap, Symbols::new(), v, Style::Write)
    }

    #[test]
    fn symbols_that_would_read_as_something_else_stand_between_bars() {
        let heap = Heap::new();
        for (name, text) in [
            ("abc", "abc"),
            ("", "||"),
            ("a b", "|a b|"),
            ("a|b", "|a\\|b|"),
            ("A", "A"),
            ("1", "|1|"),
            ("+1", "|+1|"),
            ("-i", "|-i|"),
            ("+inf.0", "|+inf.0|"),
            ("+NaN.0abc", "|+NaN.0abc|"),
            ("+info", "+info"),
            ("1/2", "|1/2|"),
            (".5", "|.5|"),
            (".", "|.|"),
            ("...", "..."),
            ("+", "+"),
            ("1+", "1+"),
            ("-x", "-x"),
            ("->x", "->x"),
            ("#foo", "|#foo|"),
            ("a#", "a#"),
            ("a\nb", "|a\\nb|"),
            ("a'b", "|a'b|"),
            ("grüße", "grüße"),
            ("\u{85}", "|\\x85;|"),
        ] {
            let mut symbols = Symbols::new();
            let v = Value::symbol(symbols.intern(name));
            assert_eq!(show(&heap, symbols, v, Style::Write), text, "{name:?}");
        }
    }

    #[test]
    fn strings_and_characters_are_escaped_by_write_and_not_by_display() {
        let heap = Heap::new();
        let text = "a\"\\\u{7}\u{8}\t\n\r\0\u{7f}é😀";
        let v = heap.string(text);
        assert_eq!(written(&heap, v), r#""a\"\\\a\b\t\n\r\x0;\x7f;é😀""#);
        assert_eq!(show(&heap, Symbols::new(), v, Style::Display), text);
        for (c, text) in
            [('a', "a"), (' ', "space"), ('\0', "null"), ('\u{7f}', "delete"), ('λ', "λ"), ('\u{301}', "x301")]
        {
            assert_eq!(written(&heap, Value::char(c)), format!("#\\{text}"));
        }
    }

    #[test]
    fn data_looks_as_it_is_read() {
        let heap = Heap::new();
        let (one, two) = (Value::fixnum(1), Value::fixnum(2));
        let dotted = heap.list_with_tail(&[one, heap.vector(&[two, Value::NIL]), Value::TRUE], two);
        assert_eq!(written(&heap, dotted), "(1 #(2 ()) #t . 2)");
        assert_eq!(written(&heap, heap.bytevector(&[1, 255])), "#u8(1 255)");
        assert_eq!(written(&heap, heap.vector(&[])), "#()");
        assert_eq!(
            written(&heap, heap.list(&[heap.flonum(1.0), heap.flonum(-0.0), heap.flonum(1e21)])),
            "(1.0 -0.0 1.0e21)"
        );
        let mut symbols = Symbols::new();
        let [point, x, y] = ["point", "x", "y"].map(|name| Value::symbol(symbols.intern(name)));
        let fields = heap.vector(&[x, y]);
        let kind = heap.make(Kind::RecordType, &[point, Value::FALSE, fields, Value::FALSE, Value::NIL, Value::FALSE]);
        let record = heap.make(Kind::Record, &[kind, one, heap.string("a")]);
        assert_eq!(show(&heap, symbols, record, Style::Write), "#<point x: 1 y: \"a\">");
    }

    #[test]
    fn labels_stand_for_cycles_only_unless_sharing_is_wanted() {
        let heap = Heap::new();
        let shared = heap.list(&[Value::fixnum(1)]);
        let twice = heap.list(&[shared, shared]);
        assert_eq!(written(&heap, twice), "((1) (1))");
        assert_eq!(show(&heap, Symbols::new(), twice, Style::WriteShared), "(#0=(1) #0#)");
        let circle = heap.list(&[Value::fixnum(1), Value::fixnum(2)]);
        heap.set_cdr(circle.cdr(), circle);
        assert_eq!(written(&heap, circle), "#0=(1 2 . #0#)");
        assert_eq!(written(&heap, heap.cons(shared, heap.cons(shared, circle))), "((1) (1) . #0=(1 2 . #0#))");
        let around = heap.vector(&[Value::NIL, circle, Value::NIL]);
        heap.set_field(around, 0, around);
        heap.set_field(around, 2, circle);
        assert_eq!(written(&heap, around), "#0=#(#0# #1=(1 2 . #1#) #1#)");
        // A cycle at the far end of data that is past the walk without a table.
        let far = heap.list_with_tail(&vec![Value::NIL; SMALL], circle);
        assert!(written(&heap, far).ends_with("() . #0=(1 2 . #0#))"));
    }

    #[test]
    fn deep_and_long_data_is_printed_without_recursion() {
        let heap = Heap::new();
        let deep = (0..1_000_000).fold(Value::NIL, |inner, _| heap.cons(inner, Value::NIL));
        assert_eq!(written(&heap, deep), format!("{}(){}", "(".repeat(1_000_000), ")".repeat(1_000_000)));
        let long = heap.vector(&vec![Value::fixnum(7); 1_000_000]);
        assert_eq!(written(&heap, long).len(), 2_000_002);
    }

    #[test]
    fn a_limit_cuts_anything_soon() {
        let mut heap = Heap::new();
        let names = NoNames(Symbols::new());
        let short = |heap: &Heap, v| short_text(heap, &names, v, 20);
        assert_eq!(short(&heap, heap.string("abc")), "\"abc\"");
        assert_eq!(short(&heap, heap.string(&"日本".repeat(100))), "\"日本日本日本...");
        assert_eq!(short(&heap, heap.list(&[Value::fixnum(123); 100])), "(123 123 123 123 123...");
        let circle = heap.list(&[Value::fixnum(1)]);
        heap.set_cdr(circle, circle);
        assert_eq!(short(&heap, circle), "#0=(1 . #0#)");
        let wide = (0..60).fold(Value::NIL, |v, _| heap.cons(v, v));
        assert_eq!(short(&heap, wide), "((((((((((((((((((((...");
        let digits = heap.bignum(false, &vec![u64::MAX; 100_000]);
        assert_eq!(short(&heap, digits), "#<integer of about 1...");
        // Without one, what would never end is stopped from outside, or by its size.
        let mut out = String::new();
        let interrupt = Interrupt::new();
        interrupt.raise();
        heap.control.interrupt = Some(interrupt);
        assert_eq!(print(&heap, &names, wide, Style::Write, None, &mut out), Err(Stop::Interrupted));
        heap.control.interrupt = None;
        heap.ledger.set_limit(2 << 20);
        assert!(matches!(print(&heap, &names, circle, Style::WriteSimple, None, &mut out), Err(Stop::Memory(_))));
    }
}
