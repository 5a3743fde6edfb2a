//! An engine as a future, for whatever runtime: while nothing in it can run, a thread of the future's own waits for its
//! descriptor, and wakes the task.

use super::{Arguments, Engine, Error, FromScheme, Progress, Target, Task};
use crate::net::poller;
use crate::net::{Interest, Interrupt};
use crate::vm::host::Pending;
use std::future::Future;
use std::marker::PhantomData;
use std::os::fd::RawFd;
use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Instant;

/// A call under way. It goes on while it is awaited; when it is dropped before its end, it is cancelled.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut engine = sockeye::Engine::new()?;
/// engine.register("nap", |n: u64| sockeye::Later::after(std::time::Duration::from_secs(n), || ()))?;
/// let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// runtime.block_on(async {
///     let nap = engine.eval_async::<()>("(nap 60)");
///     assert!(tokio::time::timeout(std::time::Duration::from_millis(5), nap).await.is_err());
///     assert_eq!(engine.eval_async::<i64>("(+ 1 2)").await.unwrap(), 3);
/// });
/// # Ok(())
/// # }
/// ```
#[must_use = "a call goes on while it is awaited"]
pub struct Running<'e, T> {
    engine: &'e mut Engine,
    /// None once the end has been taken, or where the call could not begin.
    task: Option<Task>,
    failed: Option<Error>,
    watcher: Option<Watcher>,
    of: PhantomData<fn() -> T>,
}

impl Engine {
    /// Calls a procedure, and lets the task wait where the program does. All other fibers of the engine go on meanwhile.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.register("nap", |n: i64| sockeye::Later::after(std::time::Duration::from_millis(2), move || n))?;
    /// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// let answer: i64 = runtime.block_on(engine.call_async("nap", (42,)))?;
    /// assert_eq!(answer, 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn call_async<T: FromScheme>(&mut self, target: impl Target, arguments: impl Arguments) -> Running<'_, T> {
        let (task, failed) = match self.spawn(target, arguments) {
            Ok(task) => (Some(task), None),
            Err(error) => (None, Some(error)),
        };
        Running { engine: self, task, failed, watcher: None, of: PhantomData }
    }

    /// Runs a text as `eval` does, and lets the task wait where the program does.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.register("slow", |n: i64| sockeye::Later::thread(move || n * 2))?;
    /// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// assert_eq!(runtime.block_on(engine.eval_async::<i64>("(define n 20) (+ 2 (slow n))"))?, 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn eval_async<T: FromScheme>(&mut self, text: &str) -> Running<'_, T> {
        match self.core.base("%load-text") {
            Ok(load) => {
                let load = super::Handle::new(self.core.cx(), load);
                self.call_async(&load, ("eval", text))
            }
            Err(stop) => {
                let failed = Some(Error::of(&mut self.core, stop));
                Running { engine: self, task: None, failed, watcher: None, of: PhantomData }
            }
        }
    }
}

impl<T: FromScheme> Future for Running<'_, T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T, Error>> {
        if let Some(error) = self.failed.take() {
            return Poll::Ready(Err(error));
        }
        let Some(task) = self.task.take() else {
            return Poll::Ready(Err(Error::host("the call has ended before".to_string())));
        };
        let progress = self.engine.poll_once();
        let ended = self.engine.take(&task);
        if ended.is_none() {
            self.task = Some(task);
        }
        // An error tells more than the end of the task, if that is the same.
        let progress = match (progress, ended) {
            (Err(error), _) => return Poll::Ready(Err(error)),
            (_, Some(result)) => return Poll::Ready(result),
            (Ok(progress), None) => progress,
        };
        match progress {
            Progress::More => context.waker().wake_by_ref(),
            Progress::Waiting(until) => {
                if let Err(error) = self.watch(until, context.waker()) {
                    return Poll::Ready(Err(Error::host(format!("cannot wait: {error}"))));
                }
            }
            Progress::Idle => {
                return Poll::Ready(Err(Error::host("the call waits for what cannot come".to_string())));
            }
        }
        Poll::Pending
    }
}

impl<T> Running<'_, T> {
    fn watch(&mut self, until: Option<Instant>, waker: &Waker) -> std::io::Result<()> {
        let fd = self.engine.wait_descriptor()?;
        let watcher = match &self.watcher {
            Some(watcher) => watcher,
            None => self.watcher.insert(Watcher::new()?),
        };
        watcher.watch(Watch { fd, until, waker: waker.clone() });
        Ok(())
    }
}

impl<T> Drop for Running<'_, T> {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            self.engine.drop_task(&task);
            // Futures of the host's among it, too.
            if !self.engine.core.cx().heap.externals_of::<Pending>().is_empty() {
                self.engine.collect();
            }
        }
    }
}

struct Watch {
    fd: RawFd,
    until: Option<Instant>,
    waker: Waker,
}

/// A thread that waits for descriptors on behalf of a future.
struct Watcher {
    orders: Sender<Watch>,
    interrupt: Interrupt,
    thread: Option<thread::JoinHandle<()>>,
}

impl Watcher {
    fn new() -> std::io::Result<Watcher> {
        let interrupt = Interrupt::new();
        let (orders, inbox) = channel();
        let own = interrupt.clone();
        let thread = thread::Builder::new().name("sockeye".to_string()).spawn(move || keep_watch(&inbox, &own))?;
        Ok(Watcher { orders, interrupt, thread: Some(thread) })
    }

    fn watch(&self, order: Watch) {
        // The thread lives as long as this.
        let _ = self.orders.send(order);
        self.interrupt.call();
    }
}

fn keep_watch(inbox: &Receiver<Watch>, interrupt: &Interrupt) {
    let mut next = inbox.recv().ok();
    while let Some(order) = next.take() {
        let woken = poller::wait(interrupt, &[(order.fd, Interest::Read)], order.until);
        if interrupt.is_raised() {
            return;
        }
        next = match inbox.try_recv() {
            // A newer order is in place of this one.
            Ok(newer) => Some(newer),
            Err(_) if matches!(woken, Ok(poller::Woken::Called)) => Some(order),
            Err(_) => {
                order.waker.wake();
                inbox.recv().ok()
            }
        };
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.interrupt.raise();
        let (closed, _) = channel();
        self.orders = closed;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
