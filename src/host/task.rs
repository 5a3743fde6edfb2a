//! Calls that go on side by side, for hosts with a loop of their own.

use super::{Arguments, Engine, Error, FromScheme, Handle, Target, error};
use crate::engine::{self as core, Step, Stop};
use crate::net::poller;
use crate::net::{Interest, Interrupt};
use std::io;
use std::os::fd::RawFd;
use std::time::{Duration, Instant};

/// A call that was started by `spawn` and whose end has not been taken.
///
/// ```
/// let mut engine = sockeye::Engine::new()?;
/// let task = engine.spawn("+", (1, 2))?;
/// engine.run()?;
/// assert_eq!(engine.take::<i64>(&task).unwrap()?, 3);
/// assert!(engine.take::<i64>(&task).is_none()); // it was taken
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Task {
    number: core::Task,
    /// Numbers are used again, and by other engines.
    fiber: Handle,
}

/// How far `poll_once` has come.
///
/// ```
/// use sockeye::Progress;
/// let mut engine = sockeye::Engine::new()?;
/// engine.register("nap", || sockeye::Later::after(std::time::Duration::from_secs(60), || ()))?;
/// let nap = engine.spawn("nap", ())?;
/// let progress = loop {
///     match engine.poll_once()? {
///         Progress::More => {}
///         other => break other,
///     }
/// };
/// assert!(matches!(progress, Progress::Waiting(Some(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// There is more to do at once.
    More,
    /// Nothing before `wait_descriptor` is readable, or this time has come.
    Waiting(Option<Instant>),
    /// Nothing is left to do.
    Idle,
}

/// Fibers run for so long before the host has its turn.
const STEP: Duration = Duration::from_millis(5);
/// The longest wait at once; a clock cannot tell any time.
const LONGEST: Duration = Duration::from_secs(3600);

impl Engine {
    /// Starts a call that runs in `poll_once`, in `run`, and while something else is evaluated.
    ///
    /// ```
    /// use sockeye::{Engine, Progress};
    /// let mut engine = Engine::new()?;
    /// engine.register("wait", || sockeye::Later::after(std::time::Duration::from_millis(1), || 42))?;
    /// let task = engine.spawn("wait", ())?;
    /// let answer: i64 = loop {
    ///     if let Some(result) = engine.take(&task) {
    ///         break result?;
    ///     }
    ///     if let Progress::Waiting(_) = engine.poll_once()? {
    ///         engine.wait(std::time::Duration::from_secs(1))?; // or a loop of the host's own
    ///     }
    /// };
    /// assert_eq!(answer, 42);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn spawn(&mut self, target: impl Target, arguments: impl Arguments) -> Result<Task, Error> {
        let procedure = target.procedure(self)?;
        let cx = self.core.cx();
        match arguments.values(cx) {
            Ok(arguments) => {
                let (number, fiber) = self.core.spawn(procedure, &arguments);
                Ok(Task { number, fiber: Handle::new(self.core.cx(), fiber) })
            }
            Err(exit) => {
                let object = error::raised(*exit, cx);
                Err(Error::of(&mut self.core, Stop::Raised { object }))
            }
        }
    }

    /// What the call has come to, once; None as long as it goes on.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// let good = engine.spawn("*", (6, 7))?;
    /// let bad = engine.spawn("car", (5,))?;
    /// engine.run()?;
    /// assert_eq!(engine.take::<i64>(&good).unwrap()?, 42);
    /// assert!(engine.take::<i64>(&bad).unwrap().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn take<T: FromScheme>(&mut self, task: &Task) -> Option<Result<T, Error>> {
        let number = match self.number_of(task) {
            Ok(number) => number?,
            Err(error) => return Some(Err(error)),
        };
        let result = self.core.take_result(number)?;
        Some(self.finish(result))
    }

    /// The number of a task that has not been taken; an error if it is another engine's.
    fn number_of(&mut self, task: &Task) -> Result<Option<core::Task>, Error> {
        let cx = self.core.cx();
        let Ok(fiber) = task.fiber.value_in(cx) else {
            return Err(Error::host("the task is of another engine".to_string()));
        };
        Ok(Some(task.number).filter(|number| cx.fibers.fiber_of(*number) == Some(fiber)))
    }

    /// Ends a call where it is, in the steps to come.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.eval::<()>("(define done '()) (define (wait)
    ///     (dynamic-wind (lambda () #f) (lambda () (read-char (car (pipe)))) (lambda () (set! done 'cleaned))))")?;
    /// let task = engine.spawn("wait", ())?;
    /// engine.poll_once()?;
    /// engine.cancel(&task);
    /// engine.run()?;
    /// assert!(engine.take::<()>(&task).unwrap().is_err());
    /// assert_eq!(engine.get::<sockeye::Symbol>("done")?.0, "cleaned");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cancel(&mut self, task: &Task) {
        if let Ok(Some(number)) = self.number_of(task) {
            self.core.cancel(number);
        }
    }

    /// Ends a call of which nobody wants to hear any more.
    #[cfg(feature = "async")]
    pub(super) fn drop_task(&mut self, task: &Task) {
        self.cancel(task);
        // What it leaves behind is done now, if it can be.
        let _ = self.poll_once();
        if let Ok(Some(number)) = self.number_of(task) {
            self.core.disown(number);
        }
    }

    /// Lets fibers run for a few milliseconds, and waits for nothing.
    ///
    /// ```
    /// use sockeye::Progress;
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.eval::<()>("(define n 0) (define (work) (if (< n 100000) (begin (set! n (+ n 1)) (work))))")?;
    /// engine.spawn("work", ())?;
    /// while engine.poll_once()? != Progress::Idle {
    ///     // the host does other work in between
    /// }
    /// assert_eq!(engine.get::<i64>("n")?, 100_000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn poll_once(&mut self) -> Result<Progress, Error> {
        match self.core.step(Instant::now() + STEP) {
            Ok(Step::More) => Ok(Progress::More),
            Ok(Step::Waiting(until)) => Ok(Progress::Waiting(until)),
            Ok(Step::Idle) => Ok(Progress::Idle),
            Err(stop) => Err(Error::of(&mut self.core, stop)),
        }
    }

    /// Runs all fibers to their ends.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::builder().capture_output().build()?;
    /// engine.eval::<()>("(define (say what) (yield-fiber) (display what))")?;
    /// engine.spawn("say", ("a",))?;
    /// engine.spawn("say", ("b",))?;
    /// engine.run()?;
    /// assert_eq!(engine.take_output(), "ab");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run(&mut self) -> Result<(), Error> {
        loop {
            match self.poll_once()? {
                Progress::More => {}
                Progress::Idle => return Ok(()),
                Progress::Waiting(until) => {
                    let most = Instant::now() + LONGEST;
                    self.wait_until(until.map_or(most, |until| until.min(most)))?;
                }
            }
        }
    }

    /// A descriptor that is readable when `poll_once` has something to do, for the host's own poll or epoll. It stays the same.
    ///
    /// ```
    /// use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    /// use std::os::fd::BorrowedFd;
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.register("slow", || sockeye::Later::thread(|| 42))?;
    /// let task = engine.spawn("slow", ())?;
    /// let fd = engine.wait_descriptor()?;
    /// let answer = loop {
    ///     engine.poll_once()?;
    ///     if let Some(answer) = engine.take::<i64>(&task) {
    ///         break answer?;
    ///     }
    ///     // The host waits for what it likes, and for the engine.
    ///     let engine_fd = unsafe { BorrowedFd::borrow_raw(fd) };
    ///     poll(&mut [PollFd::new(engine_fd, PollFlags::POLLIN)], PollTimeout::from(1000u16))?;
    /// };
    /// assert_eq!(answer, 42);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wait_descriptor(&mut self) -> io::Result<RawFd> {
        self.core.wait_descriptor()
    }

    /// Waits for that, or until the time is over, an hour at most.
    ///
    /// ```
    /// use std::time::Duration;
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.register("slow", || sockeye::Later::thread(|| 42))?;
    /// let task = engine.spawn("slow", ())?;
    /// let answer = loop {
    ///     engine.poll_once()?;
    ///     match engine.take::<i64>(&task) {
    ///         Some(answer) => break answer?,
    ///         None => engine.wait(Duration::from_secs(10))?,
    ///     }
    /// };
    /// assert_eq!(answer, 42);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wait(&mut self, time: Duration) -> Result<(), Error> {
        self.wait_until(Instant::now() + time.min(LONGEST))
    }

    fn wait_until(&mut self, until: Instant) -> Result<(), Error> {
        let nobody = |error: io::Error| Error::host(format!("cannot wait: {error}"));
        let fd = self.core.wait_descriptor().map_err(nobody)?;
        let until = self.core.cx().fibers.next_timer().map_or(until, |timer| timer.min(until));
        // Whoever calls the engine makes the descriptor readable, too.
        let own = Interrupt::new();
        poller::wait(&own, &[(fd, Interest::Read)], Some(until)).map(drop).map_err(nobody)
    }
}
