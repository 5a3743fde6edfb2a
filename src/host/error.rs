//! What went wrong: in the program (`Error`), or in a function of the host's that the program has called (`Failure`).

use super::{Data, Handle};
use crate::engine as core;
use crate::source::Place;
use crate::value::condition::{DATA, IRRITANTS, KEY, Parts, WHO};
use crate::value::{Kind, Value};
use crate::vm::cx::{Cx, Exit};
use crate::vm::limits::Limit;
use std::any::Any;
use std::{fmt, io};

/// How a run ended, if not with a value.
///
/// ```
/// let mut engine = sockeye::Engine::new()?;
/// engine.register("fetch", |_: String| -> Result<(), _> { Err(sockeye::Failure::new("no such page")) })?;
/// let error = engine.load::<()>("page.scm", "(define (show name)\n  (list (fetch name)))\n(show \"index\")").unwrap_err();
/// assert_eq!(error.message(), "fetch: no such page");
/// assert_eq!(error.place(), Some(("page.scm", 2, 9)));
/// assert_eq!(error.frames()[0].name, "fetch");
/// assert!(error.excerpt().unwrap().contains("(list (fetch name))"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Error(Box<Facts>);

#[derive(Clone, Debug)]
struct Facts {
    kind: ErrorKind,
    message: String,
    key: String,
    irritants: Vec<Data>,
    frames: Vec<Frame>,
    place: Option<(String, usize, usize)>,
    excerpt: Option<String>,
    report: String,
    object: Option<Handle>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// An object was raised that nobody handled.
    Raised,
    /// A permission was missing, and nobody handled that.
    Refused,
    /// Somebody has interrupted the engine.
    Interrupted,
    /// `(exit)` was called, with this status.
    Exit(i32),
    /// A bound of the host's was reached.
    Limit(Limit),
    /// The host asked for what cannot be: another type, a file that is not there.
    Host,
}

/// One of the calls that led to an error.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    /// The procedure; a function of the host's is among them by the name it was registered with.
    pub name: String,
    /// Source, line and column, counted from 1. A function of the host's has none.
    pub place: Option<(String, usize, usize)>,
}

impl Facts {
    /// Where the last run has ended.
    fn set_frames(&mut self, core: &mut core::Engine, object: Option<Value>) {
        let (calls, excerpt) = core.whole_trace(object);
        let shown = |place: Place| (place.name.to_string(), place.line, place.column);
        self.frames = calls.into_iter().map(|(name, place)| Frame { name, place: place.map(shown) }).collect();
        self.place = self.frames.iter().find_map(|frame| frame.place.clone());
        self.excerpt = excerpt;
    }
}

impl Error {
    pub(super) fn of(core: &mut core::Engine, stop: core::Stop) -> Error {
        match stop {
            core::Stop::Raised { object } => Error::raised(core, object),
            core::Stop::Exit(status) => {
                Error::plain(ErrorKind::Exit(status), format!("the program has ended with status {status}"))
            }
            core::Stop::Limit(limit) => {
                let mut error = Error::plain(ErrorKind::Limit(limit), limit.to_string());
                error.0.set_frames(core, None);
                if let Some(excerpt) = &error.0.excerpt {
                    error.0.report.push_str(excerpt);
                }
                error
            }
        }
    }

    pub(super) fn host(message: String) -> Error {
        Error::plain(ErrorKind::Host, message)
    }

    fn plain(kind: ErrorKind, message: String) -> Error {
        let report = format!("error: {message}\n");
        Error(Box::new(Facts {
            kind,
            message,
            report,
            key: String::new(),
            irritants: Vec::new(),
            frames: Vec::new(),
            place: None,
            excerpt: None,
            object: None,
        }))
    }

    fn raised(core: &mut core::Engine, object: Value) -> Error {
        let message = core.describe(object);
        let report = core.report(object);
        let interrupted = core.is_interrupt(object);
        let refused = core.is_refusal(object);
        let kind = match (interrupted, refused) {
            (true, _) => ErrorKind::Interrupted,
            (_, true) => ErrorKind::Refused,
            _ => ErrorKind::Raised,
        };
        let mut error = Error::plain(kind, message);
        let facts = &mut *error.0;
        facts.report = report;
        facts.set_frames(core, Some(object));
        let cx = core.cx();
        if object.is_kind(Kind::Condition) {
            facts.key = object.field(KEY).as_symbol().map_or(String::new(), |key| cx.symbols.name(key).to_string());
            cx.hosts.make_room(cx.heap.ledger.limit());
            if let Some(Data::List(items)) = Data::of(cx, object.field(IRRITANTS)) {
                facts.irritants = items;
            }
        }
        facts.object = Some(Handle::new(cx, object));
        error
    }

    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether a bound of the host's was reached.
    pub fn is_limit(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Limit(_))
    }

    /// What happened, in a sentence.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The condition's key, such as `system-error`; empty where there is no condition.
    pub fn key(&self) -> &str {
        &self.0.key
    }

    pub fn irritants(&self) -> &[Data] {
        &self.0.irritants
    }

    /// All calls that led to it, the innermost first; where they are nested deeper than a hundred thousand, so many.
    pub fn frames(&self) -> &[Frame] {
        &self.0.frames
    }

    /// Source, line and column of the innermost call that has one.
    pub fn place(&self) -> Option<(&str, usize, usize)> {
        self.0.place.as_ref().map(|(name, line, column)| (name.as_str(), *line, *column))
    }

    /// The line there, with a caret.
    pub fn excerpt(&self) -> Option<&str> {
        self.0.excerpt.as_deref()
    }

    /// All of it, as the command line prints it.
    pub fn report(&self) -> &str {
        &self.0.report
    }

    /// The raised object.
    pub fn object(&self) -> Option<&Handle> {
        self.0.object.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for Error {}

/// Why a function of the host's has failed, where more is to be said than a text. Any error becomes one by `?`, with its causes;
/// one of the system's keeps its number.
///
/// ```
/// use sockeye::Failure;
/// let mut engine = sockeye::Engine::new()?;
/// engine.register("half", |n: i64| if n % 2 == 0 { Ok(n / 2) } else { Err("an odd number has no half") })?;
/// engine.register("fetch", |page: String| -> Result<(), Failure> {
///     Err(Failure::new("no such page").key("http-error").irritant(404).irritant(page))
/// })?;
/// engine.register("load", || std::fs::read_to_string("/nowhere"))?;
/// assert_eq!(engine.eval::<i64>("(half 5)").unwrap_err().message(), "half: an odd number has no half");
/// let code: i64 = engine.eval("(catch 'http-error (lambda () (fetch \"a\")) (lambda (key who message irritants . rest) (car irritants)))")?;
/// assert_eq!(code, 404);
/// assert!(engine.eval::<bool>("(catch 'system-error load (lambda args (= ENOENT (system-error-errno args))))")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Failure {
    message: String,
    key: String,
    irritants: Vec<Data>,
    errno: Option<i32>,
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), key: "misc-error".to_string(), irritants: Vec::new(), errno: None }
    }

    /// The key under which programs catch it.
    #[must_use]
    pub fn key(mut self, key: &str) -> Failure {
        self.key = key.to_string();
        self
    }

    /// A value that it is about.
    #[must_use]
    pub fn irritant(mut self, value: impl Into<Data>) -> Failure {
        self.irritants.push(value.into());
        self
    }

    pub(super) fn exit(self, cx: &mut Cx, who: &str) -> Box<Exit> {
        let mut irritants = Vec::new();
        let mut shown = String::new();
        for data in self.irritants {
            match data.into_value(cx) {
                Ok(value) => {
                    shown = format!("{shown} {}", cx.show(value));
                    irritants.push(value);
                }
                Err(exit) => return exit,
            }
        }
        let text = format!("{who}: {}{shown}", self.message);
        let condition = match self.errno {
            Some(errno) => cx.maker().system(who, errno, &self.message, &text),
            None => {
                let irritants = cx.heap.list(&irritants);
                cx.maker().make(Parts {
                    key: &self.key,
                    who: Some(who),
                    message: &self.message,
                    irritants,
                    data: Value::FALSE,
                    text: Some(text),
                })
            }
        };
        debug_assert!(condition.field(WHO).is_string() && condition.field_count() > DATA);
        Box::new(Exit::Raise(condition))
    }
}

impl<E: std::error::Error + 'static> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure::of(&error)
    }
}

impl Failure {
    /// What it says and what its causes say; one of the system's by its number.
    fn of(error: &(dyn std::error::Error + 'static)) -> Failure {
        if let Some(errno) = error.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error) {
            return Failure { errno: Some(errno), ..Failure::new(crate::net::errno::text(errno)) };
        }
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let text = error.to_string();
            // Many an error tells its cause itself.
            if !message.contains(&text) {
                message = format!("{message}: {text}");
            }
            cause = error.source();
        }
        Failure::new(message)
    }
}

/// What the `Err` of a function may be: a `Failure`, or whatever can be shown, such as a text, an error or a box of one.
pub trait Reason {
    #[doc(hidden)]
    fn into_failure(self) -> Failure;
}

impl Reason for Failure {
    fn into_failure(self) -> Failure {
        self
    }
}

impl<E: fmt::Display + 'static> Reason for E {
    fn into_failure(self) -> Failure {
        let any: &dyn Any = &self;
        if let Some(error) = any.downcast_ref::<io::Error>() {
            return Failure::of(error);
        }
        if let Some(error) = any.downcast_ref::<Box<dyn std::error::Error>>() {
            return Failure::of(error.as_ref());
        }
        if let Some(error) = any.downcast_ref::<Box<dyn std::error::Error + Send + Sync>>() {
            return Failure::of(error.as_ref());
        }
        Failure::new(self.to_string())
    }
}

/// The condition of an exit that did not come from a program.
pub(super) fn raised(exit: Exit, cx: &mut Cx) -> Value {
    match exit {
        Exit::Raise(object) | Exit::Collect(object) | Exit::Uncaught(object) => object,
        Exit::Memory(bytes) => {
            let detail = format!("this needs {bytes} bytes, more than the memory limit leaves");
            cx.maker().out_of_memory("host", &detail)
        }
        _ => cx.maker().interrupted(),
    }
}
