//! Calls that go on side by side, for hosts with a loop of their own.

use super::{Arguments, Engine, Error, FromScheme, Target, error};
use crate::engine::{self as core, Step, Stop};
use crate::net::poller;
use crate::net::{Interest, Interrupt};
use std::io;
use std::os::fd::RawFd;
use std::time::{Duration, Instant};

/// A call that was started by `spawn` and whose end has not been taken.
#[derive(Debug)]
pub struct Task(pub(super) core::Task);

/// How far `poll_once` has come.
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
            Ok(arguments) => Ok(Task(self.core.spawn(procedure, &arguments))),
            Err(exit) => {
                let object = error::raised(*exit, cx);
                Err(Error::of(&mut self.core, Stop::Raised { object }))
            }
        }
    }

    /// What the call has come to, once; None as long as it goes on.
    pub fn take<T: FromScheme>(&mut self, task: &Task) -> Option<Result<T, Error>> {
        let result = self.core.take_result(task.0)?;
        Some(self.finish(result))
    }

    /// Ends a call where it is, in the steps to come.
    pub fn cancel(&mut self, task: &Task) {
        self.core.cancel(task.0);
    }

    /// Lets fibers run for a few milliseconds, and waits for nothing.
    pub fn poll_once(&mut self) -> Result<Progress, Error> {
        match self.core.step(Instant::now() + STEP) {
            Ok(Step::More) => Ok(Progress::More),
            Ok(Step::Waiting(until)) => Ok(Progress::Waiting(until)),
            Ok(Step::Idle) => Ok(Progress::Idle),
            Err(stop) => Err(Error::of(&mut self.core, stop)),
        }
    }

    /// Runs all fibers to their ends.
    pub fn run(&mut self) -> Result<(), Error> {
        loop {
            match self.poll_once()? {
                Progress::More => {}
                Progress::Idle => return Ok(()),
                Progress::Waiting(until) => {
                    let most = Instant::now() + Duration::from_secs(3600);
                    self.wait_until(until.map_or(most, |until| until.min(most)))?;
                }
            }
        }
    }

    /// A descriptor that is readable when `poll_once` has something to do, for the host's own poll or epoll. It stays the same.
    pub fn wait_descriptor(&mut self) -> io::Result<RawFd> {
        self.core.wait_descriptor()
    }

    /// Waits for that, or until the time is over.
    pub fn wait(&mut self, time: Duration) -> Result<(), Error> {
        self.wait_until(Instant::now() + time)
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
