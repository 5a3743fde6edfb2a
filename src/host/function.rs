//! Closures and plain functions as procedures: one implementation for each number of arguments.

use super::convert::TOO_LARGE;
use super::{FromScheme, IntoScheme};
use crate::builtins::declare::wrong_type;
use crate::value::Value;
use crate::vm::cx::{Answer, Cx};
use smallvec::SmallVec;

/// What `register` takes: a function or closure of up to eight arguments that can be converted.
///
/// ```
/// fn add(a: i64, b: i64) -> i64 { a + b }
/// let mut engine = sockeye::Engine::new()?;
/// engine.register("add", add)?;
/// let mut calls = 0;
/// engine.register("count", move || { calls += 1; calls })?;
/// assert_eq!(engine.eval::<i64>("(count) (add 40 (count))")?, 42);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Function<A>: 'static {
    #[doc(hidden)]
    fn procedure(self, name: &str, cx: &mut Cx) -> Value;
}

/// All arguments from here on.
///
/// ```
/// use sockeye::Rest;
/// let mut engine = sockeye::Engine::new()?;
/// engine.register("join", |mark: char, Rest(words): Rest<String>| words.join(&mark.to_string()))?;
/// assert_eq!(engine.eval::<String>("(join #\\- \"a\" \"b\" \"c\")")?, "a-b-c");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rest<T>(pub Vec<T>);

/// One parameter of a function.
#[doc(hidden)]
pub trait Parameter: Sized {
    const OPTIONAL: bool;
    const REST: bool = false;
    fn receive(cx: &mut Cx, who: &str, arguments: &[Value], index: usize) -> Answer<Self>;
}

impl<T: FromScheme> Parameter for T {
    const OPTIONAL: bool = T::OPTIONAL;

    #[inline]
    fn receive(cx: &mut Cx, who: &str, arguments: &[Value], index: usize) -> Answer<T> {
        let taken = match arguments.get(index) {
            Some(&v) => T::take(cx, v),
            None => T::absent(),
        };
        match taken {
            Some(taken) => Ok(taken),
            None => {
                let got = arguments.get(index).copied();
                let wanted = match got {
                    Some(_) if cx.hosts.is_spent() => TOO_LARGE.to_string(),
                    Some(v) => T::wanted(cx, v),
                    None => T::EXPECTED.to_string(),
                };
                refuse(cx, who, index, &wanted, got)
            }
        }
    }
}

impl<T: FromScheme> Parameter for Rest<T> {
    const OPTIONAL: bool = true;
    const REST: bool = true;

    fn receive(cx: &mut Cx, who: &str, arguments: &[Value], index: usize) -> Answer<Rest<T>> {
        (index..arguments.len()).map(|at| T::receive(cx, who, arguments, at)).collect::<Answer<_>>().map(Rest)
    }
}

#[cold]
fn refuse<T>(cx: &mut Cx, who: &str, index: usize, expected: &str, got: Option<Value>) -> Answer<T> {
    wrong_type(cx, who, index + 1, "", expected, got.unwrap_or(Value::UNSPECIFIED))
}

/// How many arguments must be given, how many more may be, and whether any number more.
pub(super) fn arity(parameters: &[(bool, bool)]) -> (usize, usize, bool) {
    let rest = parameters.last().is_some_and(|last| last.1);
    let plain = parameters.len() - usize::from(rest);
    let required = parameters.iter().rposition(|(optional, _)| !optional).map_or(0, |last| last + 1);
    (required, plain.saturating_sub(required), rest)
}

macro_rules! functions {
    ($(($($name:ident $index:tt),*);)*) => {$(
        impl<F, R, $($name),*> Function<($($name,)*)> for F
        where
            F: FnMut($($name),*) -> R + Send + 'static,
            R: IntoScheme,
            $($name: Parameter,)*
        {
            #[allow(unused_variables)]
            fn procedure(mut self, name: &str, cx: &mut Cx) -> Value {
                let arity = arity(&[$(($name::OPTIONAL, $name::REST)),*]);
                let who: Box<str> = name.into();
                cx.host_function(name, arity, Box::new(move |cx, arguments| {
                    self($($name::receive(cx, &who, arguments, $index)?),*).reply(cx, &who)
                }))
            }
        }
    )*};
}

functions! {
    ();
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
    (A 0, B 1, C 2, D 3, E 4);
    (A 0, B 1, C 2, D 3, E 4, G 5);
    (A 0, B 1, C 2, D 3, E 4, G 5, H 6);
    (A 0, B 1, C 2, D 3, E 4, G 5, H 6, I 7);
}

/// The arguments of a call: a tuple, `()` for none, or a `Vec` of one type.
///
/// ```
/// let mut engine = sockeye::Engine::new()?;
/// assert_eq!(engine.call::<i64>("+", ())?, 0);
/// assert_eq!(engine.call::<String>("make-string", (2, 'x'))?, "xx");
/// assert_eq!(engine.call::<i64>("+", vec![1, 2, 3])?, 6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Arguments {
    #[doc(hidden)]
    fn values(self, cx: &mut Cx) -> Answer<SmallVec<[Value; 8]>>;
}

impl Arguments for () {
    fn values(self, _: &mut Cx) -> Answer<SmallVec<[Value; 8]>> {
        Ok(SmallVec::new())
    }
}

impl<T: IntoScheme> Arguments for Vec<T> {
    fn values(self, cx: &mut Cx) -> Answer<SmallVec<[Value; 8]>> {
        self.into_iter().map(|item| item.build(cx)).collect()
    }
}

macro_rules! arguments {
    ($(($($name:ident $index:tt),+);)*) => {$(
        impl<$($name: IntoScheme),+> Arguments for ($($name,)+) {
            #[inline]
            fn values(self, cx: &mut Cx) -> Answer<SmallVec<[Value; 8]>> {
                Ok(SmallVec::from_slice(&[$(self.$index.build(cx)?),+]))
            }
        }
    )*};
}

arguments! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
    (A 0, B 1, C 2, D 3, E 4);
    (A 0, B 1, C 2, D 3, E 4, F 5);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6);
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
}
