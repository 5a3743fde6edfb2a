//! What went wrong: in the program (`Error`), or in a function of the host's that the program has called (`Failure`).

use super::{Data, Handle};
use crate::engine as core;
use crate::source::Place;
use crate::value::condition::{DATA, HOST, IRRITANTS, KEY, Parts, WHO};
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

/// Irritants that come to more bytes than this are left out: nobody waits for a long time to be told of an error.
const LARGEST: usize = 1 << 20;

/// ```
/// use sockeye::{Engine, ErrorKind};
/// let mut engine = Engine::builder().steps(100_000).build()?;
/// let mut kind = |text: &str| engine.eval::<()>(text).unwrap_err().kind();
/// assert_eq!(kind("(raise 'x)"), ErrorKind::Raised);
/// assert_eq!(kind("(socket AF_INET SOCK_STREAM 0)"), ErrorKind::Refused);
/// assert_eq!(kind("(exit 3)"), ErrorKind::Exit(3));
/// assert!(matches!(kind("(let loop () (loop))"), ErrorKind::Limit(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
///
/// ```
/// let mut engine = sockeye::Engine::new()?;
/// let error = engine.eval::<()>("(define (first l) (list (car l)))\n(list (first 5))").unwrap_err();
/// let frame = &error.frames()[0];
/// assert_eq!((frame.name.as_str(), frame.place.clone()), ("first", Some(("eval".to_string(), 1, 25))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
            cx.hosts.make_room(cx.heap.ledger.limit().min(LARGEST));
            if let Some(Data::List(items)) = Data::of(cx, object.field(IRRITANTS)) {
                facts.irritants = items;
            }
        }
        facts.object = Some(Handle::new(cx, object));
        error
    }

    /// What kind of end it was.
    ///
    /// ```
    /// let error = sockeye::Engine::new()?.eval::<()>("(exit 3)").unwrap_err();
    /// assert_eq!(error.kind(), sockeye::ErrorKind::Exit(3));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether a bound of the host's was reached.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder().steps(1000).build()?;
    /// assert!(engine.eval::<()>("(let loop () (loop))").unwrap_err().is_limit());
    /// assert!(!engine.eval::<()>("(car 5)").unwrap_err().is_limit());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_limit(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Limit(_))
    }

    /// What happened, in a sentence.
    ///
    /// ```
    /// let error = sockeye::Engine::new()?.eval::<()>("(car 5)").unwrap_err();
    /// assert_eq!(error.message(), "car: argument 1 (pair) should be a pair, got 5");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The condition's key, such as `system-error`; empty where there is no condition.
    ///
    /// ```
    /// let error = sockeye::Engine::new()?.eval::<()>("(throw 'no-route 1 2)").unwrap_err();
    /// assert_eq!(error.key(), "no-route");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn key(&self) -> &str {
        &self.0.key
    }

    /// The values that the condition is about.
    ///
    /// ```
    /// let error = sockeye::Engine::new()?.eval::<()>("(error \"no route to\" \"web\" 80)").unwrap_err();
    /// assert_eq!(error.irritants(), [sockeye::Data::String("web".to_string()), sockeye::Data::Int(80)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn irritants(&self) -> &[Data] {
        &self.0.irritants
    }

    /// All calls that led to it, the innermost first; where they are nested deeper than a hundred thousand, so many.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.register("fetch", |page: String| Err::<(), _>(format!("there is no {page}")))?;
    /// let error = engine.eval::<()>("(define (show) (list (fetch \"index\")))\n(list (show))").unwrap_err();
    /// let names: Vec<_> = error.frames().iter().map(|frame| frame.name.as_str()).collect();
    /// assert_eq!(names, ["fetch", "show", "top level"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn frames(&self) -> &[Frame] {
        &self.0.frames
    }

    /// Source, line and column of the innermost call that has one.
    ///
    /// ```
    /// let error = sockeye::Engine::new()?.load::<()>("a.scm", "\n  (car 5)").unwrap_err();
    /// assert_eq!(error.place(), Some(("a.scm", 2, 3)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn place(&self) -> Option<(&str, usize, usize)> {
        self.0.place.as_ref().map(|(name, line, column)| (name.as_str(), *line, *column))
    }

    /// The line there, with a caret.
    ///
    /// ```
    /// let error = sockeye::Engine::new()?.eval::<()>("(list (car 5))").unwrap_err();
    /// assert!(error.excerpt().is_some_and(|text| text.contains("(list (car 5))") && text.contains('^')));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn excerpt(&self) -> Option<&str> {
        self.0.excerpt.as_deref()
    }

    /// All of it, as the command line prints it.
    ///
    /// ```
    /// let error = sockeye::Engine::new()?.eval::<()>("(car 5)").unwrap_err();
    /// assert!(error.report().starts_with("error: car: argument 1 (pair) should be a pair, got 5\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn report(&self) -> &str {
        &self.0.report
    }

    /// The raised object.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// let error = engine.eval::<()>("(raise (list 1 2))").unwrap_err();
    /// assert_eq!(engine.call::<i64>("cadr", (error.object().unwrap(),))?, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
/// one of the system's keeps its number. Programs see message and irritants as those of `error`.
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
    /// A failure with the key `misc-error`.
    ///
    /// ```
    /// use sockeye::Failure;
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.register("fetch", || -> Result<i64, Failure> { Err(Failure::new("the line is down")) })?;
    /// assert_eq!(engine.eval::<()>("(fetch)").unwrap_err().message(), "fetch: the line is down");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), key: "misc-error".to_string(), irritants: Vec::new(), errno: None }
    }

    /// The key under which programs catch it.
    ///
    /// ```
    /// use sockeye::Failure;
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.register("fetch", || -> Result<i64, Failure> { Err(Failure::new("no").key("http-error")) })?;
    /// assert_eq!(engine.eval::<i64>("(catch 'http-error fetch (lambda args 404))")?, 404);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn key(mut self, key: &str) -> Failure {
        self.key = key.to_string();
        self
    }

    /// A value that it is about.
    ///
    /// ```
    /// use sockeye::Failure;
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.register("fetch", || -> Result<i64, Failure> { Err(Failure::new("no page").irritant(404)) })?;
    /// assert_eq!(engine.eval::<()>("(fetch)").unwrap_err().irritants(), [sockeye::Data::Int(404)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
                let condition = cx.maker().make(Parts {
                    key: &self.key,
                    who: Some(who),
                    message: &self.message,
                    irritants,
                    data: Value::FALSE,
                    text: Some(text),
                });
                let kind = Value::symbol(cx.symbols.intern(HOST));
                cx.maker().add_extra(condition, "kind", kind);
                condition
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
///
/// ```
/// let mut engine = sockeye::Engine::new()?;
/// engine.register("parse", |text: String| text.parse::<i64>())?;
/// engine.register("check", |n: i64| if n > 0 { Ok(n) } else { Err(format!("{n} is not positive")) })?;
/// assert_eq!(engine.eval::<()>("(check (parse \"-1\"))").unwrap_err().message(), "check: -1 is not positive");
/// assert!(engine.eval::<()>("(parse \"x\")").unwrap_err().message().contains("invalid digit"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
