//! Conversions between Rust's types and the program's values, by traits that hosts may implement for types of their own.
//!
//! | Rust | Scheme |
//! | --- | --- |
//! | integers, `f32`, `f64` | numbers; what does not fit is refused, and so is a fraction where an integer is wanted |
//! | `bool`, `char`, `Symbol` | booleans, characters, symbols |
//! | `String`, `&str`, `Box<str>`, `Arc<str>`, `Cow<str>`, `PathBuf` | strings |
//! | `Bytes` | bytevectors |
//! | `Vec`, arrays, slices, `VecDeque`, `HashSet`, `BTreeSet` | lists (and vectors of all kinds and several values, on the way to Rust) |
//! | tuples | lists of so many items (and the same; a pair is a tuple of two) |
//! | `Option` | the value, or #f: so `Some(false)` and `Some(None)` come back as `None` |
//! | `HashMap`, `BTreeMap` | association lists (and hash tables, on the way to Rust) |
//! | `()` | nothing of interest |
//! | `Data`, `Handle`, `Object` | anything; anything; objects of that type |

use super::data::{proper, sequence};
use super::error::Reason;
use super::{Data, Failure};
use crate::num::{self, Number};
use crate::value::{Kind, Value, number, table};
use crate::vm::cx::{Answer, Cx};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::path::PathBuf;
use std::sync::Arc;

/// Copies repeat what is shared, so that a small value can make a large one.
pub(super) const TOO_LARGE: &str = "small enough for a copy within the memory limit";

/// What can be made of a program's value.
///
/// ```
/// use sockeye::{Data, FromScheme};
/// #[derive(Debug, PartialEq)]
/// struct Point { x: f64, y: f64 }
/// impl FromScheme for Point {
///     const EXPECTED: &'static str = "a list of two numbers";
///     fn from_data(data: Data) -> Option<Point> {
///         match data.list()? {
///             [Data::Float(x), Data::Float(y)] => Some(Point { x: *x, y: *y }),
///             _ => None,
///         }
///     }
/// }
/// let mut engine = sockeye::Engine::new()?;
/// assert_eq!(engine.eval::<Point>("(list 1.0 2.0)")?, Point { x: 1.0, y: 2.0 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait FromScheme: Sized {
    /// With its article, as it stands in "should be ...".
    const EXPECTED: &'static str;

    /// Whether an argument of this type may be left out.
    #[doc(hidden)]
    const OPTIONAL: bool = false;

    fn from_data(data: Data) -> Option<Self>;

    #[doc(hidden)]
    fn take(cx: &mut Cx, v: Value) -> Option<Self> {
        Self::from_data(Data::of(cx, v)?)
    }

    /// What VALUE should be and is not: more than `EXPECTED` where more is known.
    #[doc(hidden)]
    fn wanted(_: &mut Cx, _: Value) -> String {
        Self::EXPECTED.to_string()
    }

    /// What an argument stands for that was not given.
    #[doc(hidden)]
    fn absent() -> Option<Self> {
        None
    }
}

/// What a value of the program can be made of.
///
/// ```
/// use sockeye::{Data, Failure, IntoScheme};
/// struct Point { x: f64, y: f64 }
/// impl IntoScheme for Point {
///     fn into_data(self) -> Result<Data, Failure> {
///         Ok(Data::List(vec![Data::Float(self.x), Data::Float(self.y)]))
///     }
/// }
/// let mut engine = sockeye::Engine::new()?;
/// engine.define("start", Point { x: 1.5, y: 2.0 })?;
/// assert_eq!(engine.eval::<f64>("(apply + start)")?, 3.5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait IntoScheme: Sized {
    fn into_data(self) -> Result<Data, Failure>;

    #[doc(hidden)]
    fn build(self, cx: &mut Cx) -> Answer {
        match self.into_data() {
            Ok(data) => data.into_value(cx),
            Err(failure) => Err(failure.exit(cx, "host")),
        }
    }

    /// What a function of this name has come to.
    #[doc(hidden)]
    fn reply(self, cx: &mut Cx, _who: &str) -> Answer {
        self.build(cx)
    }
}

/// The bytes of a bytevector.
///
/// ```
/// use sockeye::Bytes;
/// let mut engine = sockeye::Engine::new()?;
/// engine.define("packet", Bytes(vec![1, 2, 255]))?;
/// assert_eq!(engine.eval::<Bytes>("(bytevector-append packet (bytevector 4))")?, Bytes(vec![1, 2, 255, 4]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bytes(pub Vec<u8>);

/// The name of a symbol.
///
/// ```
/// use sockeye::Symbol;
/// let mut engine = sockeye::Engine::new()?;
/// engine.define("mode", Symbol("fast".to_string()))?;
/// assert_eq!(engine.eval::<Symbol>("(case mode ((fast) 'quick) (else 'slow))")?.0, "quick");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Symbol(pub String);

/// A value that is one already.
pub(super) struct Raw(pub Value);

impl IntoScheme for Raw {
    fn into_data(self) -> Result<Data, Failure> {
        Ok(Data::Nothing)
    }

    fn build(self, _: &mut Cx) -> Answer {
        Ok(self.0)
    }
}

impl FromScheme for Data {
    const EXPECTED: &'static str = "any value";

    fn from_data(data: Data) -> Option<Data> {
        Some(data)
    }
}

impl IntoScheme for Data {
    fn into_data(self) -> Result<Data, Failure> {
        Ok(self)
    }
}

/// Nothing is asked of the value.
impl FromScheme for () {
    const EXPECTED: &'static str = "any value";

    fn from_data(_: Data) -> Option<()> {
        Some(())
    }

    fn take(_: &mut Cx, _: Value) -> Option<()> {
        Some(())
    }
}

/// Types with a direct way in both directions.
macro_rules! direct {
    ($($type:ty, $expected:literal, |$cx:ident, $v:ident| $take:expr, |$heap:ident, $own:ident| $build:expr, $data:expr;)*) => {$(
        impl FromScheme for $type {
            const EXPECTED: &'static str = $expected;

            fn from_data(data: Data) -> Option<$type> {
                // Types of hosts' own are made of data that is taken apart already.
                let take: fn(Data) -> Option<$type> = $data;
                take(data)
            }

            #[inline]
            fn take($cx: &mut Cx, $v: Value) -> Option<$type> {
                $take
            }
        }

        impl IntoScheme for $type {
            fn into_data(self) -> Result<Data, Failure> {
                Ok(Data::from(self))
            }

            #[inline]
            fn build(self, $heap: &mut Cx) -> Answer {
                let $own = self;
                Ok($build)
            }
        }
    )*};
}

macro_rules! integers {
    ($($type:ty, $expected:literal;)*) => {
        direct! {$(
            $type, $expected,
            |cx, v| match v.as_fixnum() {
                Some(n) => <$type>::try_from(n).ok(),
                None => match number::integer_to_i64(&cx.heap, v) {
                    Some(n) => <$type>::try_from(n).ok(),
                    None => number::integer_to_u64(&cx.heap, v).and_then(|n| <$type>::try_from(n).ok()),
                },
            },
            |cx, n| number::integer_from_i128(&cx.heap, n as i128),
            |data| match data {
                Data::Int(n) => <$type>::try_from(n).ok(),
                Data::BigInt(text) => text.parse().ok(),
                _ => None,
            };
        )*}
        $(impl From<$type> for Data {
            fn from(n: $type) -> Data {
                i64::try_from(n).map_or_else(|_| Data::BigInt(n.to_string()), Data::Int)
            }
        })*
    };
}

integers! {
    i8, "an exact integer of 8 bits";
    i16, "an exact integer of 16 bits";
    i32, "an exact integer of 32 bits";
    u8, "an exact integer from 0 to 255";
    u16, "an exact integer from 0 to 65535";
    u32, "an exact integer from 0 to 4294967295";
    u64, "an exact non-negative integer of 64 bits";
    usize, "an exact non-negative integer";
    isize, "an exact integer of 64 bits";
}

direct! {
    i64, "an exact integer of 64 bits",
    |cx, v| match v.as_fixnum() {
        Some(n) => Some(n),
        None => number::integer_to_i64(&cx.heap, v),
    },
    |cx, n| number::integer_from_i64(&cx.heap, n),
    |data| if let Data::Int(n) = data { Some(n) } else { None };

    f64, "a real number",
    |cx, v| match v.as_flonum() {
        Some(x) => Some(x),
        None => number::load_real(&cx.heap, v).map(|n| n.to_f64()).filter(|x| x.is_finite()),
    },
    |cx, x| cx.heap.flonum(x),
    |data| match data {
        Data::Float(x) => Some(x),
        Data::Int(n) => Some(n as f64),
        Data::BigInt(text) => text.parse().ok().filter(|x: &f64| x.is_finite()),
        Data::Number(text) => match num::parse(&text, 10)? {
            Number::Real(x) => Some(x.to_f64()).filter(|x| x.is_finite()),
            _ => None,
        },
        _ => None,
    };

    i128, "an exact integer of 128 bits",
    |cx, v| match number::integer_to_i64(&cx.heap, v) {
        Some(n) => Some(n.into()),
        None => i128::from_data(Data::of(cx, v)?),
    },
    |cx, n| number::integer_from_i128(&cx.heap, n),
    |data| match data {
        Data::Int(n) => Some(n.into()),
        Data::BigInt(text) => text.parse().ok(),
        _ => None,
    };

    u128, "an exact non-negative integer of 128 bits",
    |cx, v| match number::integer_to_u64(&cx.heap, v) {
        Some(n) => Some(n.into()),
        None => u128::from_data(Data::of(cx, v)?),
    },
    |cx, n| Data::from(n).into_value(cx)?,
    |data| match data {
        Data::Int(n) => n.try_into().ok(),
        Data::BigInt(text) => text.parse().ok(),
        _ => None,
    };

    f32, "a real number",
    |cx, v| f64::take(cx, v).and_then(narrow),
    |cx, x| cx.heap.flonum(f64::from(x)),
    |data| f64::from_data(data).and_then(narrow);

    bool, "a boolean",
    |_cx, v| v.as_bool(),
    |_cx, b| Value::bool(b),
    |data| if let Data::Bool(b) = data { Some(b) } else { None };

    char, "a character",
    |_cx, v| v.as_char(),
    |_cx, c| Value::char(c),
    |data| if let Data::Char(c) = data { Some(c) } else { None };

    String, "a string",
    |cx, v| cx.heap.str(v).filter(|text| cx.hosts.spend(text.len())).map(str::to_string),
    |cx, text| cx.heap.long_string(&text)?,
    |data| if let Data::String(text) = data { Some(text) } else { None };

    Bytes, "a bytevector",
    |cx, v| cx.heap.bytes(v).filter(|bytes| cx.hosts.spend(bytes.len())).map(|bytes| Bytes(bytes.to_vec())),
    |cx, bytes| cx.heap.long_bytevector(&bytes.0)?,
    |data| if let Data::Bytes(bytes) = data { Some(Bytes(bytes)) } else { None };

    Symbol, "a symbol",
    |cx, v| v.as_symbol().map(|symbol| Symbol(cx.symbols.name(symbol).to_string())),
    |cx, symbol| Value::symbol(cx.symbols.intern(&symbol.0)),
    |data| if let Data::Symbol(name) = data { Some(Symbol(name)) } else { None };
}

/// The nearest number of 32 bits; a finite one has none that is not.
fn narrow(x: f64) -> Option<f32> {
    Some(x as f32).filter(|near| near.is_finite() || !x.is_finite())
}

macro_rules! into_data {
    ($($type:ty, |$own:ident| $data:expr;)*) => {$(
        impl From<$type> for Data {
            fn from($own: $type) -> Data {
                $data
            }
        }
    )*};
}

into_data! {
    i64, |n| Data::Int(n);
    i128, |n| i64::try_from(n).map_or_else(|_| Data::BigInt(n.to_string()), Data::Int);
    u128, |n| i64::try_from(n).map_or_else(|_| Data::BigInt(n.to_string()), Data::Int);
    f64, |x| Data::Float(x);
    f32, |x| Data::Float(f64::from(x));
    bool, |b| Data::Bool(b);
    char, |c| Data::Char(c);
    String, |text| Data::String(text);
    &str, |text| Data::String(text.to_string());
    &String, |text| Data::String(text.clone());
    Bytes, |bytes| Data::Bytes(bytes.0);
    Symbol, |symbol| Data::Symbol(symbol.0);
    (), |_nothing| Data::Nothing;
}

impl IntoScheme for () {
    fn into_data(self) -> Result<Data, Failure> {
        Ok(Data::Nothing)
    }

    fn build(self, _: &mut Cx) -> Answer {
        Ok(Value::UNSPECIFIED)
    }
}

impl IntoScheme for &str {
    fn into_data(self) -> Result<Data, Failure> {
        Ok(Data::from(self))
    }

    fn build(self, cx: &mut Cx) -> Answer {
        Ok(cx.heap.long_string(self)?)
    }
}

impl<T: FromScheme> FromScheme for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    const OPTIONAL: bool = true;

    fn from_data(data: Data) -> Option<Option<T>> {
        if data == Data::Bool(false) { Some(None) } else { T::from_data(data).map(Some) }
    }

    fn take(cx: &mut Cx, v: Value) -> Option<Option<T>> {
        if v == Value::FALSE || v == Value::DEFAULT { Some(None) } else { T::take(cx, v).map(Some) }
    }

    fn absent() -> Option<Option<T>> {
        Some(None)
    }
}

impl<T: IntoScheme> IntoScheme for Option<T> {
    fn into_data(self) -> Result<Data, Failure> {
        self.map_or(Ok(Data::Bool(false)), T::into_data)
    }

    fn build(self, cx: &mut Cx) -> Answer {
        self.map_or(Ok(Value::FALSE), |value| value.build(cx))
    }
}

impl<T: IntoScheme, E: Reason> IntoScheme for Result<T, E> {
    fn into_data(self) -> Result<Data, Failure> {
        self.map_err(Reason::into_failure).and_then(T::into_data)
    }

    fn build(self, cx: &mut Cx) -> Answer {
        self.reply(cx, "host")
    }

    fn reply(self, cx: &mut Cx, who: &str) -> Answer {
        match self {
            Ok(value) => value.reply(cx, who),
            Err(error) => Err(error.into_failure().exit(cx, who)),
        }
    }
}

impl IntoScheme for &String {
    fn into_data(self) -> Result<Data, Failure> {
        Ok(Data::from(self))
    }
}

/// What is a text in another form.
macro_rules! texts {
    ($($type:ty, |$own:ident| $text:expr;)*) => {$(
        impl FromScheme for $type {
            const EXPECTED: &'static str = "a string";

            fn from_data(data: Data) -> Option<$type> {
                String::from_data(data).map(Into::into)
            }

            fn take(cx: &mut Cx, v: Value) -> Option<$type> {
                String::take(cx, v).map(Into::into)
            }
        }

        impl IntoScheme for $type {
            fn into_data(self) -> Result<Data, Failure> {
                let $own = &self;
                Ok(Data::from($text))
            }
        }
    )*};
}

texts! {
    Box<str>, |text| &**text;
    Arc<str>, |text| &**text;
    Cow<'static, str>, |text| &**text;
    PathBuf, |path| path.to_str().ok_or_else(|| Failure::new("the path is not written in UTF-8"))?;
}

fn take_all<T: FromScheme, C: FromIterator<T>>(cx: &mut Cx, v: Value) -> Option<C> {
    let items = sequence(cx, v)?;
    let paid = cx.hosts.spend(items.len() * size_of::<T>());
    paid.then(|| items.into_iter().map(|item| T::take(cx, item)).collect())?
}

/// What the first item of a sequence should be that is something else.
fn wanted_item<T: FromScheme>(cx: &mut Cx, v: Value) -> Option<String> {
    let items = sequence(cx, v)?;
    let at = items.iter().position(|&item| T::take(cx, item).is_none())?;
    Some(format!("a list whose item {} is {}", at + 1, T::wanted(cx, items[at])))
}

fn build_all<T: IntoScheme>(cx: &mut Cx, items: impl IntoIterator<Item = T>) -> Answer {
    // Nothing is collected before this is over.
    let items: Vec<Value> = items.into_iter().map(|item| item.build(cx)).collect::<Answer<_>>()?;
    Ok(cx.heap.long_list(items.into_iter(), Value::NIL)?)
}

macro_rules! sequences {
    ($($type:ident $(, $bound:path)*;)*) => {$(
        impl<T: FromScheme $(+ $bound)*> FromScheme for $type<T> {
            const EXPECTED: &'static str = "a list";

            fn from_data(data: Data) -> Option<$type<T>> {
                match data {
                    Data::List(items) | Data::Vector(items) => items.into_iter().map(T::from_data).collect(),
                    Data::Bytes(bytes) => bytes.into_iter().map(|byte| T::from_data(Data::from(byte))).collect(),
                    _ => None,
                }
            }

            fn take(cx: &mut Cx, v: Value) -> Option<$type<T>> {
                take_all(cx, v)
            }

            fn wanted(cx: &mut Cx, v: Value) -> String {
                wanted_item::<T>(cx, v).unwrap_or_else(|| Self::EXPECTED.to_string())
            }
        }

        impl<T: IntoScheme> IntoScheme for $type<T> {
            fn into_data(self) -> Result<Data, Failure> {
                self.into_iter().map(T::into_data).collect::<Result<_, _>>().map(Data::List)
            }

            fn build(self, cx: &mut Cx) -> Answer {
                build_all(cx, self)
            }
        }
    )*};
}

sequences! {
    Vec;
    VecDeque;
    HashSet, Eq, Hash;
    BTreeSet, Ord;
}

impl<T: FromScheme, const N: usize> FromScheme for [T; N] {
    const EXPECTED: &'static str = "a list of the right length";

    fn from_data(data: Data) -> Option<[T; N]> {
        Vec::from_data(data)?.try_into().ok()
    }

    fn take(cx: &mut Cx, v: Value) -> Option<[T; N]> {
        take_all::<T, Vec<T>>(cx, v)?.try_into().ok()
    }
}

impl<T: IntoScheme, const N: usize> IntoScheme for [T; N] {
    fn into_data(self) -> Result<Data, Failure> {
        Vec::from(self).into_data()
    }

    fn build(self, cx: &mut Cx) -> Answer {
        build_all(cx, self)
    }
}

impl<T: IntoScheme + Clone> IntoScheme for &[T] {
    fn into_data(self) -> Result<Data, Failure> {
        self.to_vec().into_data()
    }

    fn build(self, cx: &mut Cx) -> Answer {
        build_all(cx, self.iter().cloned())
    }
}

macro_rules! maps {
    ($($map:ident, $($bound:path),+;)*) => {$(
        impl<K: FromScheme $(+ $bound)+, V: FromScheme> FromScheme for $map<K, V> {
            const EXPECTED: &'static str = "an association list or a hash table";

            fn from_data(data: Data) -> Option<$map<K, V>> {
                match data {
                    Data::Map(entries) => {
                        entries.into_iter().map(|(key, value)| Some((K::from_data(key)?, V::from_data(value)?))).collect()
                    }
                    // The first entry of a key counts, so it comes last.
                    Data::List(entries) => entries
                        .into_iter()
                        .rev()
                        .map(|entry| match entry {
                            Data::Pair(pair) => Some((K::from_data(pair.0)?, V::from_data(pair.1)?)),
                            // A pair whose second part is a list.
                            Data::List(mut items) if !items.is_empty() => {
                                let key = items.remove(0);
                                Some((K::from_data(key)?, V::from_data(Data::List(items))?))
                            }
                            _ => None,
                        })
                        .collect(),
                    _ => None,
                }
            }

            fn take(cx: &mut Cx, v: Value) -> Option<$map<K, V>> {
                let pairs = match v.is_kind(Kind::Table) {
                    true => table::entries(v),
                    false => proper(v)?.into_iter().map(Value::as_pair).collect::<Option<_>>()?,
                };
                if !cx.hosts.spend(pairs.len() * size_of::<(K, V)>()) {
                    return None;
                }
                // The first entry of a key counts, so it comes last.
                pairs.into_iter().rev().map(|(key, value)| Some((K::take(cx, key)?, V::take(cx, value)?))).collect()
            }
        }

        impl<K: IntoScheme $(+ $bound)+, V: IntoScheme> IntoScheme for $map<K, V> {
            fn into_data(self) -> Result<Data, Failure> {
                let entry = |(key, value): (K, V)| Ok(Data::Pair(Box::new((key.into_data()?, value.into_data()?))));
                self.into_iter().map(entry).collect::<Result<_, _>>().map(Data::List)
            }

            fn build(self, cx: &mut Cx) -> Answer {
                let mut pairs = Vec::with_capacity(self.len());
                for (key, value) in self {
                    let (key, value) = (key.build(cx)?, value.build(cx)?);
                    pairs.push(cx.heap.cons(key, value));
                }
                Ok(cx.heap.long_list(pairs.into_iter(), Value::NIL)?)
            }
        }
    )*};
}

maps! {
    HashMap, Eq, Hash;
    BTreeMap, Ord;
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),+) $count:literal;)*) => {$(
        impl<$($name: FromScheme),+> FromScheme for ($($name,)+) {
            const EXPECTED: &'static str = concat!("a list of ", $count, " items");

            fn from_data(data: Data) -> Option<($($name,)+)> {
                let items = match data {
                    Data::List(items) | Data::Vector(items) => items,
                    Data::Pair(pair) => vec![pair.0, pair.1],
                    _ => return None,
                };
                let mut items: [Data; $count] = items.try_into().ok()?;
                Some(($($name::from_data(std::mem::take(&mut items[$index]))?,)+))
            }

            fn take(cx: &mut Cx, v: Value) -> Option<($($name,)+)> {
                let items = match sequence(cx, v) {
                    Some(items) => items,
                    None => v.as_pair().map(|(car, cdr)| vec![car, cdr])?,
                };
                if items.len() != $count {
                    return None;
                }
                Some(($($name::take(cx, items[$index])?,)+))
            }
        }

        impl<$($name: IntoScheme),+> IntoScheme for ($($name,)+) {
            fn into_data(self) -> Result<Data, Failure> {
                Ok(Data::List(vec![$(self.$index.into_data()?),+]))
            }

            fn build(self, cx: &mut Cx) -> Answer {
                let items = [$(self.$index.build(cx)?),+];
                Ok(cx.heap.list(&items))
            }
        }
    )*};
}

tuples! {
    (A 0) 1;
    (A 0, B 1) 2;
    (A 0, B 1, C 2) 3;
    (A 0, B 1, C 2, D 3) 4;
    (A 0, B 1, C 2, D 3, E 4) 5;
    (A 0, B 1, C 2, D 3, E 4, F 5) 6;
}
