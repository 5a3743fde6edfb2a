//! Values of a program, copied out of it.

use super::Handle;
use crate::num;
use crate::value::{Kind, Value, number, print, table, uniform};
use crate::vm::cx::{Answer, Cx};
use std::fmt;

/// A value of a program as data of the host's. What is no data (procedures, ports, records) is a handle.
///
/// ```
/// use sockeye::Data;
/// let mut engine = sockeye::Engine::new()?;
/// let data: Data = engine.eval("'(port 7007 #(#t 1.5))")?;
/// assert_eq!(data.to_string(), "(port 7007 #(#t 1.5))");
/// assert_eq!(data.list().unwrap()[1], Data::Int(7007));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub enum Data {
    /// What procedures answer that have nothing to say.
    #[default]
    Nothing,
    Bool(bool),
    Int(i64),
    /// An integer of any size, in decimal.
    BigInt(String),
    Float(f64),
    /// Any other number, as it is written: `1/3`, `2+3i`.
    Number(String),
    Char(char),
    String(String),
    Symbol(String),
    Bytes(Vec<u8>),
    List(Vec<Data>),
    /// A pair that does not begin a list.
    Pair(Box<(Data, Data)>),
    Vector(Vec<Data>),
    /// The entries of a hash table.
    Map(Vec<(Data, Data)>),
    Handle(Handle),
}

/// Deeper data stays with the engine.
const DEEPEST: usize = 512;

impl Data {
    /// A copy, or nothing where that would take more memory than the engine itself may.
    pub(super) fn of(cx: &mut Cx, v: Value) -> Option<Data> {
        Data::nested(cx, v, 0)
    }

    fn nested(cx: &mut Cx, v: Value, depth: usize) -> Option<Data> {
        if depth > DEEPEST {
            return Some(Data::Handle(Handle::new(cx, v)));
        }
        if let Some(n) = v.as_fixnum() {
            return Some(Data::Int(n));
        }
        if let Some(b) = v.as_bool() {
            return Some(Data::Bool(b));
        }
        if let Some(c) = v.as_char() {
            return Some(Data::Char(c));
        }
        if let Some(x) = v.as_flonum() {
            return Some(Data::Float(x));
        }
        if let Some(symbol) = v.as_symbol() {
            let name = cx.symbols.name(symbol);
            return cx.hosts.spend(name.len()).then(|| Data::Symbol(name.to_string()));
        }
        if let Some(text) = cx.heap.str(v) {
            return cx.hosts.spend(text.len()).then(|| Data::String(text.to_string()));
        }
        if v.is_bytevector() {
            let bytes = cx.heap.bytes(v).unwrap_or_default();
            return cx.hosts.spend(bytes.len()).then(|| Data::Bytes(bytes.to_vec()));
        }
        if v == Value::UNSPECIFIED || v == Value::DEFAULT {
            return Some(Data::Nothing);
        }
        if v.is_null() {
            return Some(Data::List(Vec::new()));
        }
        if v.is_pair() {
            return match chain(v) {
                Chain::List(items) => Data::all(cx, items, depth).map(Data::List),
                Chain::Dotted(items, end) if items.len() + depth <= DEEPEST => {
                    let items = Data::all(cx, items, depth)?;
                    let end = Data::nested(cx, end, depth + 1)?;
                    Some(items.into_iter().rev().fold(end, |rest, item| Data::Pair(Box::new((item, rest)))))
                }
                // What goes round, too, can only be held.
                Chain::Dotted(..) | Chain::Circle => Some(Data::Handle(Handle::new(cx, v))),
            };
        }
        if v.is_vector() {
            return Data::all(cx, v.fields().collect(), depth).map(Data::Vector);
        }
        if v.is_kind(Kind::Values) {
            return Data::all(cx, v.fields().collect(), depth).map(Data::List);
        }
        if v.is_kind(Kind::Table) {
            let (keys, values) = table::entries(v).into_iter().unzip();
            let keys = Data::all(cx, keys, depth)?;
            return Some(Data::Map(keys.into_iter().zip(Data::all(cx, values, depth)?).collect()));
        }
        if let Some(n) = number::integer_to_i64(&cx.heap, v) {
            return Some(Data::Int(n));
        }
        if number::is_number(v) {
            let text = number::number_text(&cx.heap, v, 10).ok()?;
            let made = if number::is_exact_integer(v) { Data::BigInt } else { Data::Number };
            return cx.hosts.spend(text.len()).then(|| made(text));
        }
        Some(Data::Handle(Handle::new(cx, v)))
    }

    fn all(cx: &mut Cx, items: Vec<Value>, depth: usize) -> Option<Vec<Data>> {
        let paid = cx.hosts.spend(items.len() * size_of::<Data>());
        paid.then(|| items.into_iter().map(|item| Data::nested(cx, item, depth + 1)).collect())?
    }

    pub(super) fn into_value(self, cx: &mut Cx) -> Answer {
        Ok(match self {
            Data::Nothing => Value::UNSPECIFIED,
            Data::Bool(b) => Value::bool(b),
            Data::Int(n) => number::integer_from_i64(&cx.heap, n),
            Data::BigInt(text) => match text.parse::<i64>() {
                Ok(n) => number::integer_from_i64(&cx.heap, n),
                Err(_) => parsed(cx, &text, number::is_exact_integer, "an integer")?,
            },
            Data::Number(text) => parsed(cx, &text, number::is_number, "a number")?,
            Data::Float(x) => cx.heap.flonum(x),
            Data::Char(c) => Value::char(c),
            Data::String(text) => cx.heap.long_string(&text)?,
            Data::Symbol(name) => Value::symbol(cx.symbols.intern(&name)),
            Data::Bytes(bytes) => cx.heap.long_bytevector(&bytes)?,
            Data::List(items) => {
                let items = values(cx, items)?;
                cx.heap.long_list(items.into_iter(), Value::NIL)?
            }
            Data::Pair(pair) => {
                let (car, cdr) = *pair;
                let (car, cdr) = (car.into_value(cx)?, cdr.into_value(cx)?);
                cx.heap.cons(car, cdr)
            }
            Data::Vector(items) => {
                let items = values(cx, items)?;
                cx.heap.long_vector(&items)?
            }
            Data::Map(entries) => {
                let made = table::make(&cx.heap, 0, entries.len());
                for (key, value) in entries {
                    let (key, value) = (key.into_value(cx)?, value.into_value(cx)?);
                    table::set(&cx.heap, made, table::How::Equal, key, value)?;
                }
                made
            }
            Data::Handle(handle) => handle.value_in(cx)?,
        })
    }

    /// The items of a list or vector.
    ///
    /// ```
    /// use sockeye::Data;
    /// let data: Data = sockeye::Engine::new()?.eval("(list 1 2)")?;
    /// assert_eq!(data.list(), Some(&[Data::Int(1), Data::Int(2)][..]));
    /// assert_eq!(Data::Int(1).list(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn list(&self) -> Option<&[Data]> {
        match self {
            Data::List(items) | Data::Vector(items) => Some(items),
            _ => None,
        }
    }

    /// The text of a string or symbol.
    ///
    /// ```
    /// use sockeye::Data;
    /// let data: Vec<Data> = sockeye::Engine::new()?.eval("'(name \"web\" 5)")?;
    /// let texts: Vec<_> = data.iter().map(Data::text).collect();
    /// assert_eq!(texts, [Some("name"), Some("web"), None]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn text(&self) -> Option<&str> {
        match self {
            Data::String(text) | Data::Symbol(text) => Some(text),
            _ => None,
        }
    }
}

fn values(cx: &mut Cx, items: Vec<Data>) -> Answer<Vec<Value>> {
    items.into_iter().map(|item| item.into_value(cx)).collect()
}

fn parsed(cx: &mut Cx, text: &str, is_right: fn(Value) -> bool, wanted: &str) -> Answer {
    match num::parse(text, 10).map(|n| number::store(&cx.heap, &n)) {
        Some(n) if is_right(n) => Ok(n),
        _ => cx.fail(|make| make.misc("host", &format!("{text} is not {wanted}"))),
    }
}

/// What begins with a pair.
enum Chain {
    List(Vec<Value>),
    /// Items, and what stands behind the dot.
    Dotted(Vec<Value>, Value),
    Circle,
}

fn chain(v: Value) -> Chain {
    let (mut items, mut rest, mut mark) = (Vec::new(), v, v);
    while let Some((car, cdr)) = rest.as_pair() {
        items.push(car);
        rest = cdr;
        if rest == mark {
            return Chain::Circle;
        }
        // What goes round meets the mark once that is inside of the circle, and the circle shorter than the way since then.
        if items.len().is_power_of_two() {
            mark = rest;
        }
    }
    if rest.is_null() { Chain::List(items) } else { Chain::Dotted(items, rest) }
}

/// The items of a list that has an end.
pub(super) fn proper(v: Value) -> Option<Vec<Value>> {
    if v.is_null() {
        return Some(Vec::new());
    }
    if let Chain::List(items) = chain(v) { Some(items) } else { None }
}

/// What a sequence of the host's is made from: a list, a vector, the numbers of a bytevector or uniform vector, or several values
/// at once.
pub(super) fn sequence(cx: &Cx, v: Value) -> Option<Vec<Value>> {
    if v.is_vector() || v.is_kind(Kind::Values) {
        return Some(v.fields().collect());
    }
    let Some(bytes) = cx.heap.bytes(v) else { return proper(v) };
    Some(match uniform::element(&cx.heap, v) {
        None => bytes.iter().map(|&byte| Value::fixnum(byte.into())).collect(),
        Some(element) => (0..uniform::length(&cx.heap, v)).map(|at| uniform::get(&cx.heap, v, element, at)).collect(),
    })
}

impl PartialEq for Data {
    fn eq(&self, other: &Data) -> bool {
        match (self, other) {
            (Data::Nothing, Data::Nothing) => true,
            (Data::Bool(a), Data::Bool(b)) => a == b,
            (Data::Int(a), Data::Int(b)) => a == b,
            (Data::Float(a), Data::Float(b)) => a == b,
            (Data::Char(a), Data::Char(b)) => a == b,
            (Data::BigInt(a), Data::BigInt(b))
            | (Data::Number(a), Data::Number(b))
            | (Data::String(a), Data::String(b))
            | (Data::Symbol(a), Data::Symbol(b)) => a == b,
            (Data::Bytes(a), Data::Bytes(b)) => a == b,
            (Data::List(a), Data::List(b)) | (Data::Vector(a), Data::Vector(b)) => a == b,
            (Data::Pair(a), Data::Pair(b)) => a == b,
            (Data::Map(a), Data::Map(b)) => a == b,
            _ => false,
        }
    }
}

/// As `write` prints it.
impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let items = |f: &mut fmt::Formatter, items: &[Data]| -> fmt::Result {
            for (index, item) in items.iter().enumerate() {
                let space = if index > 0 { " " } else { "" };
                write!(f, "{space}{item}")?;
            }
            f.write_str(")")
        };
        let put = |f: &mut fmt::Formatter, write: &dyn Fn(&mut String)| {
            let mut text = String::new();
            write(&mut text);
            f.write_str(&text)
        };
        match self {
            Data::Nothing => f.write_str("#<unspecified>"),
            Data::Bool(b) => f.write_str(if *b { "#t" } else { "#f" }),
            Data::Int(n) => write!(f, "{n}"),
            Data::Float(x) => put(f, &|text| num::format_float(*x, text)),
            Data::BigInt(text) | Data::Number(text) => f.write_str(text),
            Data::Char(c) => put(f, &|text| print::write_char(*c, text)),
            Data::String(name) => put(f, &|text| print::write_quoted(name, '"', text)),
            Data::Symbol(name) if print::needs_bars(name) => put(f, &|text| print::write_quoted(name, '|', text)),
            Data::Symbol(name) => f.write_str(name),
            Data::Bytes(bytes) => {
                f.write_str("#vu8(")?;
                let bytes: Vec<Data> = bytes.iter().map(|byte| Data::Int(i64::from(*byte))).collect();
                items(f, &bytes)
            }
            Data::List(list) => {
                f.write_str("(")?;
                items(f, list)
            }
            Data::Vector(list) => {
                f.write_str("#(")?;
                items(f, list)
            }
            Data::Pair(pair) => {
                write!(f, "({}", pair.0)?;
                let mut rest = &pair.1;
                while let Data::Pair(pair) = rest {
                    write!(f, " {}", pair.0)?;
                    rest = &pair.1;
                }
                write!(f, " . {rest})")
            }
            Data::Map(entries) => {
                f.write_str("#<hash-table")?;
                for (key, value) in entries {
                    write!(f, " {key}: {value}")?;
                }
                f.write_str(">")
            }
            Data::Handle(_) => f.write_str("#<object>"),
        }
    }
}
