//! How a builtin is declared: once, as a row of a table.
//!
//! ```text
//! builtins! { PAIRS;
//!
//! /// A new pair of CAR and CDR. [R7RS 6.4]
//! ///
//! ///     (cons 1 2)  => (1 . 2)
//! fn "cons" (cx, car: Value, cdr: Value) { cx.heap.cons(car, cdr) }
//! }
//! ```
//!
//! Parameters are `name: Type`, then optional ones `[name: Type]` (an `Option`), then perhaps `..name` (a slice). A type is
//! anything that is an `Argument`; a value that does not fit raises an error that names the procedure and the parameter.
//! The body's value is anything that is an `IntoAnswer`. At least one line of documentation is required; lines with `=>`
//! are examples that the tests run.
//!
//! What reaches out of the engine says what it needs before its body: `needs read(name)` asks builtins/permit whether NAME may
//! be read. Whoever is asked hands its arguments back, since a path may be replaced by where it leads.
//!
//! Where the time of the arguments' taking apart counts, `first f` lets F look at them: it may answer, in the usual case.

use crate::value::stop::Stop;
use crate::value::{Kind, Value, number};
use crate::vm::cx::{Answer, Cx, Exit};

#[macro_export]
macro_rules! builtins {
    ($table:ident; $(
        $(#[doc = $doc:literal])+
        fn $name:literal ($cx:ident $($parameters:tt)*) $(first $first:ident)? $(needs $($need:ident $(($($about:ident),+))?),+)? $body:block
    )*) => {
        pub const $table: &[$crate::vm::builtin::Row] = &[$(
            $crate::vm::builtin::Row {
                name: $name,
                parameters: $crate::parameters!([] $($parameters)*),
                documentation: concat!($($doc, "\n",)+),
                needs: &[$($(stringify!($need)),+)?],
                body: $crate::vm::builtin::Body::Leaf({
                    #[allow(unused_variables, unused_parens)]
                    fn body($cx: &mut $crate::vm::cx::Cx, args: &[$crate::value::Value]) -> $crate::vm::cx::Answer {
                        $(if let Some(answer) = $first($cx, args) {
                            return answer;
                        })?
                        $crate::take_arguments!($cx, args, $name, 0usize; $($parameters)*);
                        $($(let ($($($about),+)?) = $crate::builtins::permit::$need($cx, $name $(, $($about),+)?)?;)+)?
                        let answer = $body;
                        $crate::builtins::declare::IntoAnswer::into_answer(answer, $cx)
                    }
                    body
                }),
            },
        )*];
    };
}

/// The parameters of a row as data.
#[macro_export]
macro_rules! parameters {
    ([$($done:tt)*]) => { &[$($done)*] };
    ([$($done:tt)*] , $name:ident : $type:ty $(, $($rest:tt)*)?) => {
        $crate::parameters!([$($done)* $crate::vm::builtin::Parameter {
            name: stringify!($name), expected: <$type as $crate::builtins::declare::Argument>::EXPECTED, sort: $crate::vm::builtin::Sort::Required,
        },] $(, $($rest)*)?)
    };
    ([$($done:tt)*] , [$name:ident : $type:ty] $(, $($rest:tt)*)?) => {
        $crate::parameters!([$($done)* $crate::vm::builtin::Parameter {
            name: stringify!($name), expected: <$type as $crate::builtins::declare::Argument>::EXPECTED, sort: $crate::vm::builtin::Sort::Optional,
        },] $(, $($rest)*)?)
    };
    ([$($done:tt)*] , .. $name:ident) => {
        $crate::parameters!([$($done)* $crate::vm::builtin::Parameter {
            name: stringify!($name), expected: "any value", sort: $crate::vm::builtin::Sort::Rest,
        },])
    };
}

/// Binds the parameters to what the arguments stand for. The vm has checked their number.
#[macro_export]
macro_rules! take_arguments {
    ($cx:ident, $args:ident, $who:expr, $index:expr;) => {};
    ($cx:ident, $args:ident, $who:expr, $index:expr; , $name:ident : $type:ty $(, $($rest:tt)*)?) => {
        let $name = match <$type as $crate::builtins::declare::Argument>::take($cx, $args[$index]) {
            Some(taken) => taken,
            None => return $crate::builtins::declare::refuse::<$type>($cx, $who, $index, stringify!($name), $args[$index]),
        };
        $crate::take_arguments!($cx, $args, $who, $index + 1; $(, $($rest)*)?);
    };
    ($cx:ident, $args:ident, $who:expr, $index:expr; , [$name:ident : $type:ty] $(, $($rest:tt)*)?) => {
        let $name = match $args.get($index) {
            None => None,
            Some(&given) if given == $crate::value::Value::DEFAULT => None,
            Some(&given) => match <$type as $crate::builtins::declare::Argument>::take($cx, given) {
                Some(taken) => Some(taken),
                None => return $crate::builtins::declare::refuse::<$type>($cx, $who, $index, stringify!($name), given),
            },
        };
        $crate::take_arguments!($cx, $args, $who, $index + 1; $(, $($rest)*)?);
    };
    ($cx:ident, $args:ident, $who:expr, $index:expr; , .. $name:ident) => {
        let $name: &[$crate::value::Value] = $args.get($index..).unwrap_or(&[]);
    };
}

/// What a parameter of a builtin may be declared as.
pub trait Argument: Sized {
    /// With its article, as it stands in "should be ...".
    const EXPECTED: &'static str;
    /// Whether it is a range of the exact integers: one that does not fit is of the right type.
    const OF_INTEGERS: bool = false;
    fn take(cx: &Cx, v: Value) -> Option<Self>;
}

#[cold]
pub fn refuse<T: Argument>(cx: &mut Cx, who: &str, index: usize, name: &str, got: Value) -> Answer {
    if T::OF_INTEGERS && number::is_exact_integer(got) {
        return out_of_range(cx, who, index + 1, name, T::EXPECTED, got);
    }
    wrong_type(cx, who, index + 1, name, T::EXPECTED, got)
}

/// The name under which a program knows a primitive: %string-index does the work of string-index.
fn public(who: &str) -> &str {
    who.strip_prefix('%').unwrap_or(who)
}

/// Fails with a type error for argument `position`, counted from 1.
#[cold]
pub fn wrong_type<T>(cx: &mut Cx, who: &str, position: usize, name: &str, expected: &str, got: Value) -> Answer<T> {
    let shown = cx.show(got);
    let who = public(who);
    cx.fail(|make| make.wrong_type(who, position, name, expected, got, &shown))
}

#[cold]
pub fn out_of_range<T>(cx: &mut Cx, who: &str, position: usize, name: &str, range: &str, got: Value) -> Answer<T> {
    let shown = cx.show(got);
    let who = public(who);
    cx.fail(|make| make.out_of_range(who, position, name, range, got, &shown))
}

impl From<Stop> for Box<Exit> {
    fn from(stop: Stop) -> Box<Exit> {
        Box::new(match stop {
            Stop::Interrupted => Exit::Interrupted,
            Stop::Memory(bytes) => Exit::Memory(bytes),
        })
    }
}

/// Checks arguments of a rest parameter, the first of which is argument `position`.
pub fn all_are<T: Argument>(cx: &mut Cx, who: &str, position: usize, name: &str, args: &[Value]) -> Answer<()> {
    match args.iter().position(|&v| T::take(cx, v).is_none()) {
        None => Ok(()),
        Some(index) => wrong_type(cx, who, position + index, name, T::EXPECTED, args[index]),
    }
}

/// The index `k`, checked to be below `length`.
#[inline]
pub fn index(cx: &mut Cx, who: &str, position: usize, name: &str, k: usize, length: usize) -> Answer<usize> {
    if k < length { Ok(k) } else { index_failure(cx, who, position, name, k, length) }
}

#[cold]
fn index_failure<T>(cx: &mut Cx, who: &str, position: usize, name: &str, k: usize, length: usize) -> Answer<T> {
    let range = if length == 0 { "an index of something not empty".into() } else { format!("an index below {length}") };
    out_of_range(cx, who, position, name, &range, Value::fixnum(k as i64))
}

/// The range that optional arguments `start` (argument `position`) and `end` (the one after it) select of `length` items.
#[inline]
pub fn range(
    cx: &mut Cx,
    who: &str,
    position: usize,
    start: Option<usize>,
    end: Option<usize>,
    length: usize,
) -> Answer<(usize, usize)> {
    let (from, to) = (start.unwrap_or(0), end.unwrap_or(length));
    if from <= to && to <= length { Ok((from, to)) } else { range_failure(cx, who, position, (from, to), length) }
}

#[cold]
fn range_failure<T>(cx: &mut Cx, who: &str, position: usize, (from, to): (usize, usize), length: usize) -> Answer<T> {
    if to > length {
        out_of_range(cx, who, position + 1, "end", &format!("at most {length}"), Value::fixnum(to as i64))
    } else {
        out_of_range(cx, who, position, "start", &format!("at most {to}"), Value::fixnum(from as i64))
    }
}

/// What the body of a builtin may come to.
pub trait IntoAnswer {
    fn into_answer(self, cx: &mut Cx) -> Answer;
}

impl IntoAnswer for Value {
    #[inline(always)]
    fn into_answer(self, _: &mut Cx) -> Answer {
        Ok(self)
    }
}

impl IntoAnswer for bool {
    #[inline(always)]
    fn into_answer(self, _: &mut Cx) -> Answer {
        Ok(Value::bool(self))
    }
}

impl IntoAnswer for () {
    fn into_answer(self, _: &mut Cx) -> Answer {
        Ok(Value::UNSPECIFIED)
    }
}

impl IntoAnswer for char {
    fn into_answer(self, _: &mut Cx) -> Answer {
        Ok(Value::char(self))
    }
}

/// Sizes and counts: below 2^61, as memory is.
impl IntoAnswer for usize {
    fn into_answer(self, _: &mut Cx) -> Answer {
        Ok(Value::fixnum(self as i64))
    }
}

/// What the system counts: descriptors, processes, error numbers.
impl IntoAnswer for i32 {
    fn into_answer(self, _: &mut Cx) -> Answer {
        Ok(Value::fixnum(self.into()))
    }
}

/// A value, or false.
impl<T: IntoAnswer> IntoAnswer for Option<T> {
    fn into_answer(self, cx: &mut Cx) -> Answer {
        self.map_or(Ok(Value::FALSE), |value| value.into_answer(cx))
    }
}

impl IntoAnswer for f64 {
    fn into_answer(self, cx: &mut Cx) -> Answer {
        Ok(cx.heap.flonum(self))
    }
}

impl IntoAnswer for String {
    fn into_answer(self, cx: &mut Cx) -> Answer {
        Ok(cx.heap.long_string(&self)?)
    }
}

impl<T: IntoAnswer> IntoAnswer for Answer<T> {
    #[inline(always)]
    fn into_answer(self, cx: &mut Cx) -> Answer {
        self.and_then(|value| value.into_answer(cx))
    }
}

impl IntoAnswer for Exit {
    fn into_answer(self, _: &mut Cx) -> Answer {
        Err(Box::new(self))
    }
}

impl Argument for Value {
    const EXPECTED: &'static str = "any value";
    #[inline(always)]
    fn take(_: &Cx, v: Value) -> Option<Value> {
        Some(v)
    }
}

impl Argument for char {
    const EXPECTED: &'static str = "a character";
    fn take(_: &Cx, v: Value) -> Option<char> {
        v.as_char()
    }
}

impl Argument for bool {
    const EXPECTED: &'static str = "a boolean";
    fn take(_: &Cx, v: Value) -> Option<bool> {
        v.as_bool()
    }
}

/// A fixnum: for arguments where a larger integer could only be out of range, the body refuses with the range instead.
impl Argument for i64 {
    const EXPECTED: &'static str = "an exact integer";
    const OF_INTEGERS: bool = true;
    #[inline(always)]
    fn take(_: &Cx, v: Value) -> Option<i64> {
        v.as_fixnum()
    }
}

/// An index, count or size.
impl Argument for usize {
    const EXPECTED: &'static str = "an exact non-negative integer";
    const OF_INTEGERS: bool = true;
    #[inline(always)]
    fn take(_: &Cx, v: Value) -> Option<usize> {
        v.as_fixnum().and_then(|n| usize::try_from(n).ok())
    }
}

impl Argument for u8 {
    const EXPECTED: &'static str = "a byte (an exact integer from 0 to 255)";
    const OF_INTEGERS: bool = true;
    fn take(_: &Cx, v: Value) -> Option<u8> {
        v.as_fixnum().and_then(|n| u8::try_from(n).ok())
    }
}

/// Arguments that stay values but must be of one kind.
macro_rules! wrapped {
    ($($(#[$doc:meta])* $name:ident, $expected:literal, $test:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name(pub Value);

        impl Argument for $name {
            const EXPECTED: &'static str = $expected;
            #[inline(always)]
            fn take(_: &Cx, v: Value) -> Option<$name> {
                let test: fn(Value) -> bool = $test;
                test(v).then_some($name(v))
            }
        }

        impl IntoAnswer for $name {
            fn into_answer(self, _: &mut Cx) -> Answer {
                Ok(self.0)
            }
        }
    )*};
}

wrapped! {
    Pair, "a pair", |v| v.is_pair();
    /// A pair or the empty list; not checked to its end.
    ListOrNil, "a list", |v| v.is_pair() || v.is_null();
    Str, "a string", |v| v.is_string();
    MutableStr, "a string that can be changed (a literal cannot)", |v| v.is_string() && !v.is_immutable();
    Sym, "a symbol", |v| v.is_symbol();
    Keyword, "a keyword", |v| v.as_keyword().is_some();
    Vector, "a vector", |v| v.is_vector();
    MutableVector, "a vector that can be changed (a literal cannot)", |v| v.is_vector() && !v.is_immutable();
    Bytes, "a bytevector", |v| v.is_bytevector();
    MutableBytes, "a bytevector that can be changed (a literal cannot)", |v| v.is_bytevector() && !v.is_immutable();
    Procedure, "a procedure", |v| v.is_procedure();
    BoxArg, "a box", |v| v.is_kind(Kind::Box);
    RecordTypeArg, "a record type", |v| v.is_kind(Kind::RecordType);
    PromiseArg, "a promise", |v| v.is_kind(Kind::Promise);
    ParameterArg, "a parameter", |v| v.is_kind(Kind::Parameter);
    ConditionArg, "a condition", |v| v.is_kind(Kind::Condition);
}
