//! Values that the host holds on to.

use super::{Data, Engine, Error, Failure, FromScheme, IntoScheme};
use crate::value::Value;
use crate::vm::cx::{Answer, Cx};
use crate::vm::host::Held;
use std::sync::Arc;

/// A value of one engine that lives as long as this does: a procedure to call later, a record, a port. It may be kept anywhere,
/// on any thread, and is given back to its engine by `call`, `define` and conversions.
///
/// ```
/// let mut engine = sockeye::Engine::new()?;
/// let counter: sockeye::Handle = engine.eval("(let ((n 0)) (lambda () (set! n (+ n 1)) n))")?;
/// engine.call::<()>(&counter, ())?;
/// engine.collect();
/// assert_eq!(engine.call::<i64>(&counter, ())?, 2);
/// let other = sockeye::Engine::new()?.call::<i64>(&counter, ());
/// assert!(other.unwrap_err().message().contains("another engine"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Handle(Arc<Held>);

impl Handle {
    pub(super) fn new(cx: &mut Cx, value: Value) -> Handle {
        Handle(Arc::new(cx.hosts.hold(value)))
    }

    pub(super) fn value_in(&self, cx: &mut Cx) -> Answer {
        match cx.hosts.value(&self.0) {
            Some(value) => Ok(value),
            None => Err(Failure::new("the handle is of another engine").exit(cx, "host")),
        }
    }
}

impl FromScheme for Handle {
    const EXPECTED: &'static str = "any value";

    fn from_data(data: Data) -> Option<Handle> {
        if let Data::Handle(handle) = data { Some(handle) } else { None }
    }

    fn take(cx: &mut Cx, v: Value) -> Option<Handle> {
        Some(Handle::new(cx, v))
    }
}

impl IntoScheme for Handle {
    fn into_data(self) -> Result<Data, Failure> {
        Ok(Data::Handle(self))
    }

    fn build(self, cx: &mut Cx) -> Answer {
        self.value_in(cx)
    }
}

impl IntoScheme for &Handle {
    fn into_data(self) -> Result<Data, Failure> {
        Ok(Data::Handle(self.clone()))
    }

    fn build(self, cx: &mut Cx) -> Answer {
        self.value_in(cx)
    }
}

/// What can be called: a name in the user's module, or a handle.
///
/// ```
/// let mut engine = sockeye::Engine::new()?;
/// let twice: sockeye::Handle = engine.eval("(define (twice n) (* 2 n)) twice")?;
/// assert_eq!(engine.call::<i64>("twice", (21,))?, 42);
/// assert_eq!(engine.call::<i64>(&twice, (21,))?, 42);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Target {
    #[doc(hidden)]
    fn procedure(self, engine: &mut Engine) -> Result<Value, Error>;
}

impl Target for &str {
    fn procedure(self, engine: &mut Engine) -> Result<Value, Error> {
        engine.variable(self)
    }
}

impl Target for &Handle {
    fn procedure(self, engine: &mut Engine) -> Result<Value, Error> {
        let cx = engine.core.cx();
        cx.hosts.value(&self.0).ok_or_else(|| Error::host("the handle is of another engine".to_string()))
    }
}
