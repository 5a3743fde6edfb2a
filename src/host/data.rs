//! Values of a program, copied out of it.

use super::Handle;
use crate::num;
use crate::value::{Kind, Value, number, table};
use crate::vm::cx::{Answer, Cx};
use crate::vm::machine::list_items;
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

/// A list of more items than this is one without an end.
const LONGEST: usize = 100_000_000;

impl Data {
    pub(super) fn of(cx: &mut Cx, v: Value) -> Data {
        Data::nested(cx, v, 0)
    }

    fn nested(cx: &mut Cx, v: Value, depth: usize) -> Data {
        if depth > DEEPEST {
            return Data::Handle(Handle::new(cx, v));
        }
        if let Some(n) = v.as_fixnum() {
            return Data::Int(n);
        }
        if let Some(b) = v.as_bool() {
            return Data::Bool(b);
        }
        if let Some(c) = v.as_char() {
            return Data::Char(c);
        }
        if let Some(x) = v.as_flonum() {
            return Data::Float(x);
        }
        if let Some(symbol) = v.as_symbol() {
            return Data::Symbol(cx.symbols.name(symbol).to_string());
        }
        if let Some(text) = cx.heap.str(v) {
            return Data::String(text.to_string());
        }
        if v.is_bytevector() {
            return Data::Bytes(cx.heap.bytes(v).unwrap_or_default().to_vec());
        }
        if v == Value::UNSPECIFIED || v == Value::DEFAULT {
            return Data::Nothing;
        }
        if v.is_null() {
            return Data::List(Vec::new());
        }
        if let Some((car, cdr)) = v.as_pair() {
            return match proper(v) {
                Some(items) => Data::List(items.into_iter().map(|item| Data::nested(cx, item, depth + 1)).collect()),
                None => {
                    let car = Data::nested(cx, car, depth + 1);
                    Data::Pair(Box::new((car, Data::nested(cx, cdr, depth + 1))))
                }
            };
        }
        if v.is_vector() {
            let items: Vec<Value> = v.fields().collect();
            return Data::Vector(items.into_iter().map(|item| Data::nested(cx, item, depth + 1)).collect());
        }
        if v.is_kind(Kind::Table) {
            let entries = table::entries(v);
            let mut pair = |(key, value)| (Data::nested(cx, key, depth + 1), Data::nested(cx, value, depth + 1));
            return Data::Map(entries.into_iter().map(&mut pair).collect());
        }
        if number::is_exact_integer(v)
            && let Ok(text) = number::number_text(&cx.heap, v, 10)
        {
            return Data::BigInt(text);
        }
        Data::Handle(Handle::new(cx, v))
    }

    pub(super) fn into_value(self, cx: &mut Cx) -> Answer {
        Ok(match self {
            Data::Nothing => Value::UNSPECIFIED,
            Data::Bool(b) => Value::bool(b),
            Data::Int(n) => number::integer_from_i64(&cx.heap, n),
            Data::BigInt(text) => match text.parse::<i64>() {
                Ok(n) => number::integer_from_i64(&cx.heap, n),
                Err(_) => match num::parse(&text, 10).map(|n| number::store(&cx.heap, &n)) {
                    Some(n) if number::is_exact_integer(n) => n,
                    _ => return cx.fail(|make| make.misc("host", &format!("{text} is not an integer"))),
                },
            },
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
    pub fn list(&self) -> Option<&[Data]> {
        match self {
            Data::List(items) | Data::Vector(items) => Some(items),
            _ => None,
        }
    }

    /// The text of a string or symbol.
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

/// The items of a list that has an end.
pub(super) fn proper(v: Value) -> Option<Vec<Value>> {
    let items: Vec<Value> = list_items(v).take(LONGEST).collect();
    let mut rest = v;
    for _ in 0..items.len() {
        rest = rest.cdr();
    }
    rest.is_null().then_some(items)
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
        match self {
            Data::Nothing => f.write_str("#<unspecified>"),
            Data::Bool(b) => f.write_str(if *b { "#t" } else { "#f" }),
            Data::Int(n) => write!(f, "{n}"),
            Data::Float(x) => write!(f, "{x:?}"),
            Data::Char(c) => write!(f, "#\\{c}"),
            Data::String(text) => write!(f, "{text:?}"),
            Data::BigInt(text) | Data::Symbol(text) => f.write_str(text),
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
            Data::Pair(pair) => write!(f, "({} . {})", pair.0, pair.1),
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
