//! The embedding face: what a Rust program makes of an engine. `lib.rs` shows it at work.
//!
//! ```text
//! Engine, Builder   an interpreter with its permissions and limits                 here
//! FromScheme, IntoScheme, Data   values on their way between the two worlds        convert.rs, data.rs
//! Function, Rest    closures and plain functions as procedures                     function.rs
//! Handle            a value that the host holds on to                              handle.rs
//! Object            a Rust value that a program passes around                      object.rs
//! Later             an answer that comes when something has happened               later.rs
//! Library           functions under a library's name                               library.rs
//! Error, Failure    what went wrong in the program, and in a function of the host  error.rs
//! ```
//!
//! Nothing here lets a value of the engine's out that the collector does not know: hosts have `Data`, which is theirs, and
//! `Handle`s, which the engine keeps up to date.

mod convert;
mod data;
mod error;
mod function;
mod handle;
mod later;
mod library;
mod object;
mod port;
#[cfg(feature = "async")]
mod run_async;
#[cfg(feature = "serde")]
mod serial;
mod task;

pub use convert::{Bytes, FromScheme, IntoScheme, Symbol};
pub use data::Data;
pub use error::{Error, ErrorKind, Failure, Frame, Reason};
pub use function::{Arguments, Function, Rest};
pub use handle::{Handle, Target};
pub use later::{Completer, Later};
pub use library::Library;
pub use object::{Class, Object};
pub use port::Port;
#[cfg(feature = "async")]
pub use run_async::Running;
#[cfg(feature = "serde")]
pub use serial::Serial;
pub use task::{Progress, Task};

use crate::engine as core;
use crate::expander::env::{Binding, MarkId};
use crate::expander::library::USER;
use crate::files::{self, Files};
use crate::net::{Interrupt, interrupt};
use crate::permission::Permissions;
use crate::value::Value;
use crate::value::heap::cell;
use crate::vm::limits::Limits;
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

/// One interpreter with everything it owns. There may be many in a process and in a thread; they share nothing, and each may
/// move from thread to thread.
///
/// ```
/// let mut engine = sockeye::Engine::new()?;
/// let sum: i64 = engine.eval("(apply + (map (lambda (x) (* x x)) '(1 2 3)))")?;
/// assert_eq!(sum, 14);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Engine {
    core: core::Engine,
    /// What the engine's captured output has come to is read through here.
    captured: Option<port::Captured>,
}

/// An engine in the making.
///
/// ```
/// use sockeye::{Engine, Permissions};
/// use std::time::Duration;
/// let mut engine = Engine::builder()
///     .permissions(Permissions::none().allow_net("127.0.0.1:7007")?)
///     .time(Duration::from_millis(50))
///     .memory(32 << 20)
///     .build()?;
/// assert!(engine.eval::<()>("(let loop () (loop))").is_err_and(|error| error.is_limit()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub struct Builder {
    permissions: Permissions,
    limits: Limits,
    memory: Option<usize>,
    sources: BTreeMap<String, String>,
    load_path: Vec<String>,
    input: Option<Box<dyn Read + Send>>,
    output: Option<Box<dyn Write + Send>>,
    errors: Option<Box<dyn Write + Send>>,
    capture: bool,
    signals: bool,
}

impl Default for Builder {
    fn default() -> Builder {
        Builder {
            permissions: Permissions::none(),
            limits: Limits::default(),
            memory: None,
            sources: BTreeMap::new(),
            load_path: Vec::new(),
            input: None,
            output: None,
            errors: None,
            capture: false,
            signals: false,
        }
    }
}

impl Builder {
    /// What programs may do; nothing at all if this is not said.
    ///
    /// ```
    /// use sockeye::{Engine, Permissions};
    /// let granted = Permissions::none().allow_env("HOME")?;
    /// let mut engine = Engine::builder().permissions(granted).build()?;
    /// engine.eval::<()>("(getenv \"HOME\")")?;
    /// assert!(engine.eval::<()>("(getenv \"PATH\")").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn permissions(mut self, permissions: Permissions) -> Builder {
        self.permissions = permissions;
        self
    }

    /// Calls and loop rounds of one run: past them it ends, always at the same place.
    ///
    /// ```
    /// use sockeye::{Engine, ErrorKind, Limit};
    /// let mut engine = Engine::builder().steps(10_000).build()?;
    /// let error = engine.eval::<()>("(let loop () (loop))").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Limit(Limit::Steps));
    /// assert_eq!(engine.eval::<i64>("(+ 1 2)")?, 3); // the next run has as many
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn steps(mut self, steps: u64) -> Builder {
        self.limits.steps = Some(steps);
        self
    }

    /// Time of one run, by the clock: it ends wherever it is, in a long computation or a wait.
    ///
    /// ```
    /// use std::time::Duration;
    /// let mut engine = sockeye::Engine::builder().time(Duration::from_millis(20)).build()?;
    /// assert!(engine.eval::<()>("(read-char (car (pipe)))").unwrap_err().is_limit());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn time(mut self, time: Duration) -> Builder {
        self.limits.time = Some(time);
        self
    }

    /// Bytes of live data. Past them programs get an error, which they may handle by letting go of some.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder().memory(16 << 20).build()?;
    /// let text = "(guard (e (#t 'too-much)) (make-vector 100000000 0))";
    /// assert_eq!(engine.eval::<sockeye::Symbol>(text)?.0, "too-much");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn memory(mut self, bytes: usize) -> Builder {
        self.memory = Some(bytes);
        self
    }

    /// Bytes of the frames of nested calls; past them programs get an error.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder().depth(1 << 20).build()?;
    /// assert!(engine.eval::<bool>("(guard (e (#t #t)) (let deeper () (+ 1 (deeper))))")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn depth(mut self, bytes: usize) -> Builder {
        self.limits.depth = Some(bytes);
        self
    }

    /// Bytes that one run may write, to whatever it writes. They count when a port takes them over, written yet or not.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder().output_size(1000).capture_output().build()?;
    /// assert!(engine.eval::<()>("(let loop () (display \"more and \") (loop))").unwrap_err().is_limit());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn output_size(mut self, bytes: u64) -> Builder {
        self.limits.output = Some(bytes);
        self
    }

    /// How many descriptors of its own a program may have open.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder().descriptors(2).build()?;
    /// engine.eval::<()>("(define ends (pipe))")?;
    /// assert!(engine.eval::<()>("(pipe)").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn descriptors(mut self, count: usize) -> Builder {
        self.limits.descriptors = Some(count);
        self
    }

    /// How many fibers may be under way.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder().fibers(10).build()?;
    /// assert!(engine.eval::<()>("(let loop () (spawn-fiber (lambda () (read-char (car (pipe))))) (loop))").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fibers(mut self, count: usize) -> Builder {
        self.limits.fibers = Some(count);
        self
    }

    /// How many timers may run: each sleep and each time limit has one.
    ///
    /// ```
    /// use sockeye::{Access, Engine, Permissions};
    /// let mut engine = Engine::builder().permissions(Permissions::none().grant(Access::Time)).timers(3).build()?;
    /// let naps = "(for-each fiber-join (reverse (map (lambda (n) (spawn-fiber (lambda () (sleep 60)))) (iota 9))))";
    /// assert!(engine.eval::<()>(naps).unwrap_err().message().contains("no more than 3 timers"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn timers(mut self, count: usize) -> Builder {
        self.limits.timers = Some(count);
        self
    }

    /// A file that comes with the host: `import` finds the library `app/util.sld`, and `include` whatever path it has,
    /// before they look in folders. No permission is needed.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder()
    ///     .source("app/util.sld", "(define-library (app util) (export twice) (import (scheme base))
    ///                                (begin (define (twice x) (* 2 x))))")
    ///     .build()?;
    /// assert_eq!(engine.eval::<i64>("(import (app util)) (twice 21)")?, 42);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn source(mut self, path: &str, text: &str) -> Builder {
        self.sources.insert(path.to_string(), text.to_string());
        self
    }

    /// A folder in which libraries are looked for, if programs may read it.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().canonicalize()?.display().to_string();
    /// std::fs::write(folder.path().join("greet.sld"), "(define-library (greet) (export hi) (import (scheme base))
    ///                                                    (begin (define hi \"hello\")))")?;
    /// use sockeye::{Engine, Permissions};
    /// let granted = Permissions::none().allow_read(&path)?;
    /// let mut engine = Engine::builder().permissions(granted).load_path(&path).build()?;
    /// assert_eq!(engine.eval::<String>("(import (greet)) hi")?, "hello");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn load_path(mut self, folder: &str) -> Builder {
        self.load_path.push(folder.to_string());
        self
    }

    /// What programs read as their standard input; empty if this is not said.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder().input("first\nsecond\n".as_bytes()).build()?;
    /// assert_eq!(engine.eval::<String>("(read-line)")?, "first");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn input(mut self, input: impl Read + Send + 'static) -> Builder {
        self.input = Some(Box::new(input));
        self
    }

    /// Where the standard output goes; to that of the process if this is not said.
    ///
    /// ```
    /// let log = tempfile::NamedTempFile::new()?;
    /// let mut engine = sockeye::Engine::builder().output(log.reopen()?).build()?;
    /// engine.eval::<()>("(display \"hello\")")?;
    /// engine.flush()?;
    /// assert_eq!(std::fs::read_to_string(log.path())?, "hello");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn output(mut self, output: impl Write + Send + 'static) -> Builder {
        self.output = Some(Box::new(output));
        self
    }

    /// Where the standard error goes.
    ///
    /// ```
    /// let log = tempfile::NamedTempFile::new()?;
    /// let mut engine = sockeye::Engine::builder().errors(log.reopen()?).build()?;
    /// engine.eval::<()>("(display \"oh\" (current-error-port))")?;
    /// engine.flush()?;
    /// assert_eq!(std::fs::read_to_string(log.path())?, "oh");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn errors(mut self, errors: impl Write + Send + 'static) -> Builder {
        self.errors = Some(Box::new(errors));
        self
    }

    /// Keeps the standard output for `Engine::take_output`.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder().capture_output().build()?;
    /// engine.eval::<()>("(display \"hello\")")?;
    /// assert_eq!(engine.take_output(), "hello");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn capture_output(mut self) -> Builder {
        self.capture = true;
        self
    }

    /// SIGINT interrupts this engine, as Ctrl-C does at a prompt. The signal belongs to the process: one engine can have it,
    /// on the thread that builds it.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder().catch_sigint().build()?;
    /// engine.register("press-ctrl-c", || nix::sys::signal::raise(nix::sys::signal::SIGINT).unwrap())?;
    /// let error = engine.eval::<()>("(press-ctrl-c) (let loop () (loop))").unwrap_err();
    /// assert_eq!(error.kind(), sockeye::ErrorKind::Interrupted);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn catch_sigint(mut self) -> Builder {
        self.signals = true;
        self
    }

    /// The engine. Fails where the system has no descriptor or memory for it.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder().memory(32 << 20).build()?;
    /// assert_eq!(engine.eval::<i64>("(* 6 7)")?, 42);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn build(self) -> io::Result<Engine> {
        let mut core = core::Engine::with(self.permissions.clone(), self.limits)?;
        let cx = core.cx();
        if let Some(bytes) = self.memory {
            cx.heap.ledger.set_limit(bytes);
        }
        let sources = self.sources.into_iter().map(|(path, text)| (path, text.into())).collect();
        let files = Files::new(self.permissions, cx.net.interrupt(), cx.heap.ledger.limit());
        cx.loader = Some(Box::new(Files { sources, ..files }));
        if self.signals {
            interrupt::catch_sigint(cx.net.interrupt())?;
            cx.net.mode = crate::net::Mode::Block;
        }
        let input = self.input.unwrap_or_else(|| Box::new(io::empty()));
        port::set_input(cx, input);
        let mut captured = None;
        if self.capture {
            let (writer, kept) = port::capture();
            captured = Some(kept);
            port::set_output(cx, Box::new(writer));
        } else if let Some(output) = self.output {
            port::set_output(cx, output);
        }
        if let Some(errors) = self.errors {
            port::set_errors(cx, errors);
        }
        core.set_load_path(&self.load_path);
        Ok(Engine { core, captured })
    }
}

impl Engine {
    /// An engine that was granted nothing, and has no limits but that of memory.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// assert_eq!(engine.eval::<i64>("(* 6 7)")?, 42);
    /// assert!(engine.eval::<()>("(open-input-file \"/etc/passwd\")").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new() -> io::Result<Engine> {
        Engine::builder().build()
    }

    /// An engine in the making, to be given permissions, limits, ports and sources.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder().steps(1_000_000).capture_output().build()?;
    /// engine.eval::<()>("(display 42)")?;
    /// assert_eq!(engine.take_output(), "42");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Runs all forms of a text in the user's module, and answers the last one's value.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// let words: Vec<String> = engine.eval("(define n 2) (map number->string (list n (* n n)))")?;
    /// assert_eq!(words, ["2", "4"]);
    /// let error = engine.eval::<()>("(vector-ref (vector 1) 5)").unwrap_err();
    /// assert!(error.message().contains("vector-ref") && error.report().contains('^'));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn eval<T: FromScheme>(&mut self, text: &str) -> Result<T, Error> {
        self.load("eval", text)
    }

    /// The same with the name that errors in the text go by.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// let error = engine.load::<()>("rules.scm", "(define limit 5)\n(car limit)").unwrap_err();
    /// assert_eq!(error.place(), Some(("rules.scm", 2, 1)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn load<T: FromScheme>(&mut self, name: &str, text: &str) -> Result<T, Error> {
        self.run_for(|core| core.run_text(name, text))
    }

    /// Runs a file of the host's choice, for which no permission is needed.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("config.scm");
    /// std::fs::write(&path, "(define port 7007) (+ port 1)")?;
    /// let mut engine = sockeye::Engine::new()?;
    /// assert_eq!(engine.run_file::<i64>(&path)?, 7008);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run_file<T: FromScheme>(&mut self, path: impl AsRef<Path>) -> Result<T, Error> {
        match files::read(path.as_ref()) {
            Ok((name, text)) => self.load(&name, &text),
            Err(error) => Err(Error::host(error.message)),
        }
    }

    /// Calls a procedure, by its name in the user's module or by a handle.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.eval::<()>("(define (area w h) (* w h))")?;
    /// assert_eq!(engine.call::<i64>("area", (6, 7))?, 42);
    /// let area: sockeye::Handle = engine.get("area")?;
    /// assert_eq!(engine.call::<f64>(&area, (1.5, 2))?, 3.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn call<T: FromScheme>(&mut self, target: impl Target, arguments: impl Arguments) -> Result<T, Error> {
        let procedure = target.procedure(self)?;
        let cx = self.core.cx();
        match arguments.values(cx) {
            Ok(arguments) => self.run_for(|core| core.call(procedure, &arguments)),
            Err(exit) => {
                let object = error::raised(*exit, cx);
                Err(Error::of(&mut self.core, core::Stop::Raised { object }))
            }
        }
    }

    /// The value of a variable of the user's module.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.eval::<()>("(define port 7007) (define name \"web\")")?;
    /// assert_eq!((engine.get::<u16>("port")?, engine.get::<String>("name")?), (7007, "web".to_string()));
    /// assert!(engine.get::<bool>("port").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get<T: FromScheme>(&mut self, name: &str) -> Result<T, Error> {
        let value = self.variable(name)?;
        self.convert(value)
    }

    /// Defines a variable in the user's module.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.define("limits", vec![("a", 1), ("b", 2)])?;
    /// assert_eq!(engine.eval::<i64>("(cadr (assoc \"b\" limits))")?, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn define(&mut self, name: &str, value: impl IntoScheme) -> Result<(), Error> {
        let cx = self.core.cx();
        match value.build(cx) {
            Ok(value) => {
                let symbol = cx.symbols.intern(name);
                // Code that has been compiled goes on with the variable that it knows.
                match cx.expander.modules.own(USER, symbol) {
                    Some(Binding::Variable(known)) => cell::set_value(&cx.heap, known, value),
                    _ => {
                        let variable = cell::make(&cx.heap, symbol, value);
                        cx.expander.modules.define(USER, symbol, MarkId::NONE, Binding::Variable(variable));
                    }
                }
                Ok(())
            }
            Err(exit) => {
                let object = error::raised(*exit, cx);
                Err(Error::of(&mut self.core, core::Stop::Raised { object }))
            }
        }
    }

    /// Defines a procedure of the user's module: a closure or function of up to eight arguments.
    ///
    /// Arguments are converted; an `Option` may be left out, and `Rest` takes all that are left. What the function answers is
    /// converted back, and an `Err` is raised as an error in its name.
    ///
    /// ```
    /// use sockeye::{Failure, Rest};
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.register("add", |a: i64, b: i64| a + b)?;
    /// engine.register("greet", |name: String, mark: Option<char>| format!("Hello, {name}{}", mark.unwrap_or('.')))?;
    /// engine.register("total", |Rest(numbers): Rest<f64>| numbers.iter().sum::<f64>())?;
    /// engine.register("parse", |text: String| -> Result<i64, Failure> { Ok(text.parse()?) })?;
    /// assert_eq!(engine.eval::<i64>("(add 1 2)")?, 3);
    /// assert_eq!(engine.eval::<String>("(greet \"you\" #\\!)")?, "Hello, you!");
    /// assert_eq!(engine.eval::<f64>("(total 1 2 1/2)")?, 3.5);
    /// assert!(engine.eval::<bool>("(guard (e (#t (error-object? e))) (parse \"x\"))")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn register<A>(&mut self, name: &str, function: impl Function<A>) -> Result<(), Error> {
        let procedure = function.procedure(name, self.core.cx());
        self.define(name, convert::Raw(procedure))
    }

    /// A library of the host's, found by `import`.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.library("(app math)").register("add", |a: i64, b: i64| a + b).define("zero", 0).finish()?;
    /// assert_eq!(engine.eval::<i64>("(import (prefix (app math) m:)) (m:add 1 m:zero)")?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn library(&mut self, name: &str) -> Library<'_> {
        Library::new(self, name)
    }

    /// Makes procedures for objects of a Rust type; see `Object`.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// engine
    ///     .class::<Vec<i64>>("stack")
    ///     .constructor(|| Vec::new())
    ///     .method("push!", |stack: &mut Vec<i64>, n: i64| stack.push(n))
    ///     .method("pop!", |stack: &mut Vec<i64>| stack.pop())
    ///     .finish()?;
    /// let text = "(define s (make-stack)) (stack-push! s 42) (list (stack-pop! s) (stack-pop! s))";
    /// assert_eq!(engine.eval::<(i64, Option<i64>)>(text)?, (42, None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn class<T: Send + 'static>(&mut self, name: &str) -> Class<'_, T> {
        Class::new(self, name)
    }

    /// What programs have written to the standard output since the last time, if it is captured.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder().capture_output().build()?;
    /// engine.eval::<()>("(display 1)")?;
    /// assert_eq!((engine.take_output(), engine.take_output()), ("1".to_string(), String::new()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn take_output(&mut self) -> String {
        // What cannot be written is not there to be taken.
        let _ = self.core.flush();
        self.captured.as_ref().map_or(String::new(), port::Captured::take)
    }

    /// Writes out what the standard ports hold back.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder().output(std::io::sink()).build()?;
    /// engine.eval::<()>("(display \"held back\")")?;
    /// engine.flush()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn flush(&mut self) -> io::Result<()> {
        self.core.flush().map_err(|error| io::Error::other(error.to_string()))
    }

    /// Interrupts the engine from any thread: what it does ends with an error that programs could handle, as Ctrl-C does.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// let interrupt = engine.interrupt_handle();
    /// std::thread::spawn(move || interrupt.raise());
    /// let error = engine.eval::<()>("(let loop () (loop))").unwrap_err();
    /// assert_eq!(error.kind(), sockeye::ErrorKind::Interrupted);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn interrupt_handle(&mut self) -> Interrupt {
        self.core.cx().net.interrupt().clone()
    }

    /// Collects garbage now: objects that nobody can reach are dropped.
    ///
    /// ```
    /// use std::sync::Arc;
    /// let mut engine = sockeye::Engine::new()?;
    /// let lent = Arc::new(());
    /// engine.define("thing", sockeye::Object::new("thing", lent.clone()))?;
    /// engine.eval::<()>("(set! thing #f)")?;
    /// engine.collect();
    /// assert_eq!(Arc::strong_count(&lent), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn collect(&mut self) {
        self.core.collect();
    }

    /// The bytes of live data.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// let before = engine.memory_used();
    /// engine.eval::<()>("(define kept (make-bytevector 1000000 0))")?;
    /// assert!(engine.memory_used() >= before + 1_000_000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn memory_used(&mut self) -> usize {
        self.core.cx().heap.used_bytes()
    }

    /// The engine below this face, for the command line and those who extend the interpreter itself.
    #[doc(hidden)]
    pub fn core(&mut self) -> &mut core::Engine {
        &mut self.core
    }

    fn variable(&mut self, name: &str) -> Result<Value, Error> {
        let symbol = self.core.cx().symbols.intern(name);
        let own = self.core.cx().expander.modules.own(USER, symbol);
        if let Some(Binding::Variable(variable)) = own {
            let value = cell::value(variable);
            if value != Value::UNBOUND {
                return Ok(value);
            }
        }
        let result = self.core.eval_in_current_module(Value::symbol(symbol));
        result.map_err(|stop| Error::of(&mut self.core, stop))
    }

    /// One run and its answer, which is copied out within the run's limits.
    fn run_for<T: FromScheme>(
        &mut self,
        action: impl FnOnce(&mut core::Engine) -> Result<Value, core::Stop>,
    ) -> Result<T, Error> {
        let result = self.core.run(|core| {
            let value = action(core)?;
            match take(core, value) {
                Some(taken) => Ok(Ok(taken)),
                None => core.limit_reached().map_or(Ok(Err(value)), |limit| Err(core::Stop::Limit(limit))),
            }
        });
        match result {
            Ok(Ok(taken)) => Ok(taken),
            Ok(Err(value)) => Err(self.mistaken::<T>(value)),
            Err(stop) => Err(Error::of(&mut self.core, stop)),
        }
    }

    fn convert<T: FromScheme>(&mut self, value: Value) -> Result<T, Error> {
        take(&mut self.core, value).ok_or_else(|| self.mistaken::<T>(value))
    }

    fn mistaken<T: FromScheme>(&mut self, value: Value) -> Error {
        let cx = self.core.cx();
        let wanted = if cx.hosts.is_spent() { convert::TOO_LARGE.to_string() } else { T::wanted(cx, value) };
        let shown = cx.show(value);
        Error::host(format!("the value should be {wanted}, got {shown}"))
    }

    fn finish<T: FromScheme>(&mut self, result: Result<Value, core::Stop>) -> Result<T, Error> {
        match result {
            Ok(value) => self.convert(value),
            Err(stop) => Err(Error::of(&mut self.core, stop)),
        }
    }
}

fn take<T: FromScheme>(core: &mut core::Engine, value: Value) -> Option<T> {
    let cx = core.cx();
    cx.hosts.make_room(cx.heap.ledger.limit());
    T::take(cx, value)
}
