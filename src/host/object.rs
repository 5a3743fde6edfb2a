//! Rust values that programs pass around.

use super::function::{Parameter, arity};
use super::{Engine, Error, Failure, Function, Handle, IntoScheme, data::Data};
use crate::builtins::declare::wrong_type;
use crate::value::{External, Value};
use crate::vm::cx::{Answer, Cx};
use crate::vm::host::HostBody;
use std::marker::PhantomData;

/// A Rust value as an object of the program's, which can do nothing with it but hand it on, and to the methods of its class. It
/// is dropped when the program has lost it, or with the engine.
///
/// ```
/// use sockeye::{Engine, Handle, Object};
/// struct Counter { count: i64 }
/// let mut engine = Engine::new()?;
/// engine
///     .class::<Counter>("counter")
///     .constructor(|start: Option<i64>| Counter { count: start.unwrap_or(0) })
///     .method("add!", |counter: &mut Counter, n: i64| { counter.count += n; counter.count })
///     .finish()?;
/// assert_eq!(engine.eval::<i64>("(define c (make-counter 40)) (counter-add! c 2)")?, 42);
/// assert!(engine.eval::<bool>("(and (counter? c) (not (counter? 5)))")?);
///
/// let c: Handle = engine.get("c")?;
/// assert_eq!(engine.with_object(&c, |counter: &mut Counter| counter.count), Some(42));
/// assert_eq!(engine.with_object(&c, |text: &mut String| text.len()), None);
/// engine.define("d", Object::new("counter", Counter { count: 1 }))?;
/// assert_eq!(engine.eval::<i64>("(counter-add! d 1)")?, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Object<T> {
    class: String,
    value: T,
}

impl<T: Send + 'static> Object<T> {
    /// `class` is what it prints as.
    ///
    /// ```
    /// use sockeye::{Engine, Object};
    /// let mut engine = Engine::new()?;
    /// engine.define("door", Object::new("door", true))?;
    /// assert_eq!(engine.eval::<String>("(object->string door)")?, "#<door>");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(class: &str, value: T) -> Object<T> {
        Object { class: class.to_string(), value }
    }
}

impl<T: Send + 'static> External for Object<T> {
    fn type_name(&self) -> &'static str {
        "object of the host's"
    }

    fn describe(&self) -> String {
        format!("#<{}>", self.class)
    }
}

impl<T: Send + 'static> IntoScheme for Object<T> {
    fn into_data(self) -> Result<Data, Failure> {
        Err(Failure::new("an object is made by the engine that it is for"))
    }

    fn build(self, cx: &mut Cx) -> Answer {
        Ok(cx.heap.external(Box::new(self)))
    }
}

impl Engine {
    /// Lets `action` at the Rust value behind a handle, if it is of that type.
    ///
    /// ```
    /// use sockeye::{Engine, Handle, Object};
    /// let mut engine = Engine::new()?;
    /// engine.define("seen", Object::new("seen", vec![1]))?;
    /// let seen: Handle = engine.get("seen")?;
    /// engine.with_object(&seen, |seen: &mut Vec<i32>| seen.push(2));
    /// assert_eq!(engine.with_object(&seen, |seen: &mut Vec<i32>| seen.len()), Some(2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_object<T: Send + 'static, R>(
        &mut self,
        handle: &Handle,
        action: impl FnOnce(&mut T) -> R,
    ) -> Option<R> {
        let cx = self.core.cx();
        let value = handle.value_in(cx).ok()?;
        cx.heap.external_mut::<Object<T>>(value).map(|object| action(&mut object.value))
    }
}

/// The procedures of a Rust type, in the making.
///
/// ```
/// struct Door { open: bool }
/// let mut engine = sockeye::Engine::new()?;
/// engine
///     .class::<Door>("door")
///     .constructor(|| Door { open: false })
///     .method("open!", |door: &mut Door| door.open = true)
///     .method("open?", |door: &mut Door| door.open)
///     .finish()?;
/// assert!(engine.eval::<bool>("(define d (make-door)) (door-open! d) (door-open? d)")?);
/// assert!(engine.eval::<()>("(door-open? 5)").unwrap_err().message().contains("should be a door"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub struct Class<'e, T> {
    engine: &'e mut Engine,
    name: String,
    failed: Option<Error>,
    of: PhantomData<T>,
}

impl<'e, T: Send + 'static> Class<'e, T> {
    pub(super) fn new(engine: &'e mut Engine, name: &str) -> Class<'e, T> {
        let mut class = Class { engine, name: name.to_string(), failed: None, of: PhantomData };
        let body: HostBody = Box::new(|cx, arguments| Ok(Value::bool(cx.heap.is_external::<Object<T>>(arguments[0]))));
        class.add(&format!("{name}?"), (1, 0, false), body);
        class
    }

    fn add(&mut self, name: &str, arity: (usize, usize, bool), body: HostBody) {
        let procedure = self.engine.core.cx().host_function(name, arity, body);
        self.note(name, procedure);
    }

    fn note(&mut self, name: &str, procedure: Value) {
        if let Err(error) = self.engine.define(name, super::convert::Raw(procedure)) {
            self.failed.get_or_insert(error);
        }
    }

    /// `make-NAME` makes one.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.class::<String>("name").constructor(|text: String| text).method("length", |name: &mut String| name.len()).finish()?;
    /// assert_eq!(engine.eval::<i64>("(name-length (make-name \"four\"))")?, 4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn constructor<A, F: Constructor<T, A>>(mut self, function: F) -> Class<'e, T> {
        let name = format!("make-{}", self.name);
        let class = self.name.clone();
        let procedure = function.into_function(class).procedure(&name, self.engine.core.cx());
        self.note(&name, procedure);
        self
    }

    /// `NAME-METHOD` calls it with the object and further arguments.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// engine
    ///     .class::<i64>("account")
    ///     .constructor(|| 0)
    ///     .method("pay!", |account: &mut i64, sum: i64| {
    ///         if sum < 0 { return Err("nobody pays less than nothing") }
    ///         *account += sum;
    ///         Ok(*account)
    ///     })
    ///     .finish()?;
    /// assert_eq!(engine.eval::<i64>("(account-pay! (make-account) 5)")?, 5);
    /// assert!(engine.eval::<i64>("(account-pay! (make-account) -5)").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn method<A, F: Method<T, A>>(mut self, name: &str, function: F) -> Class<'e, T> {
        let name = format!("{}-{name}", self.name);
        let (arity, body) = function.into_body(&name, &self.name);
        self.add(&name, arity, body);
        self
    }

    /// Tells whether all of it was defined.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.class::<u8>("byte").constructor(|n: u8| n).finish()?;
    /// assert!(engine.eval::<bool>("(byte? (make-byte 5))")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finish(self) -> Result<(), Error> {
        self.failed.map_or(Ok(()), Err)
    }
}

/// A function that makes an object.
pub trait Constructor<T, A> {
    #[doc(hidden)]
    type Made: Function<A>;
    #[doc(hidden)]
    fn into_function(self, class: String) -> Self::Made;
}

/// A function of an object and further arguments.
pub trait Method<T, A>: 'static {
    #[doc(hidden)]
    fn into_body(self, name: &str, class: &str) -> ((usize, usize, bool), HostBody);
}

#[cold]
fn no_object<T>(cx: &mut Cx, who: &str, class: &str, got: Value) -> Answer<T> {
    wrong_type(cx, who, 1, "", &format!("a {class}"), got)
}

macro_rules! methods {
    ($(($($name:ident $value:ident $index:tt),*);)*) => {$(
        impl<T: Send + 'static, F, R, $($name),*> Method<T, ($($name,)*)> for F
        where
            F: FnMut(&mut T, $($name),*) -> R + Send + 'static,
            R: IntoScheme,
            $($name: Parameter,)*
        {
            fn into_body(mut self, name: &str, class: &str) -> ((usize, usize, bool), HostBody) {
                let (required, optional, rest) = arity(&[(false, false), $(($name::OPTIONAL, $name::REST)),*]);
                let (who, class): (Box<str>, Box<str>) = (name.into(), class.into());
                let body: HostBody = Box::new(move |cx, arguments| {
                    $(let $value = $name::receive(cx, &who, arguments, $index)?;)*
                    let answer = match cx.heap.external_mut::<Object<T>>(arguments[0]) {
                        Some(object) => self(&mut object.value, $($value),*),
                        None => return no_object(cx, &who, &class, arguments[0]),
                    };
                    answer.reply(cx, &who)
                });
                ((required, optional, rest), body)
            }
        }
    )*};
}

methods! {
    ();
    (A a 1);
    (A a 1, B b 2);
    (A a 1, B b 2, C c 3);
    (A a 1, B b 2, C c 3, D d 4);
}

macro_rules! constructors {
    ($(($($name:ident $value:ident),*);)*) => {$(
        impl<T: Send + 'static, F, $($name),*> Constructor<T, ($($name,)*)> for F
        where
            F: FnMut($($name),*) -> T + Send + 'static,
            $($name: Parameter + 'static,)*
        {
            type Made = Box<dyn FnMut($($name),*) -> Object<T> + Send>;

            fn into_function(mut self, class: String) -> Self::Made {
                Box::new(move |$($value),*| Object::new(&class, self($($value),*)))
            }
        }
    )*};
}

constructors! {
    ();
    (A a);
    (A a, B b);
    (A a, B b, C c);
    (A a, B b, C c, D d);
}
