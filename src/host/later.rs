//! Answers that come when something has happened: until then the calling fiber waits, and others run.

use super::{Data, Failure, IntoScheme};
use crate::net::Interest;
use crate::net::poller::is_ready;
use crate::vm::cx::{Answer, Cx, Exit, Wait};
use crate::vm::host::Pending;
use nix::sys::eventfd::{EfdFlags, EventFd};
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

/// What a function of the host's answers when it has nothing to answer yet: the fiber that called it waits, and nobody else.
///
/// ```
/// use sockeye::{Engine, Later};
/// use std::time::Duration;
/// let mut engine = Engine::new()?;
/// engine.register("slow-add", |a: i64, b: i64| Later::thread(move || a + b))?;
/// engine.register("nap", || Later::after(Duration::from_millis(1), || "rested".to_string()))?;
/// assert_eq!(engine.eval::<i64>("(slow-add 1 2)")?, 3);
/// assert_eq!(engine.eval::<String>("(nap)")?, "rested");
/// let sum: i64 = engine.eval("(apply + (map fiber-join (map (lambda (n) (spawn-fiber (lambda () (slow-add n n)))) '(1 2 3))))")?;
/// assert_eq!(sum, 12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Later<T> {
    wait: Wait,
    /// Asked again and again; answers once.
    answer: Box<dyn FnMut() -> Option<Result<T, Failure>> + Send>,
}

/// Ends the wait of a `Later`, from whatever thread; if it is dropped instead, that is an error of the function that was called.
pub struct Completer<T> {
    slot: Arc<Slot<T>>,
}

struct Slot<T> {
    value: Mutex<Option<Result<T, Failure>>>,
    /// Readable when there is something in it.
    ready: EventFd,
}

impl<T> Slot<T> {
    fn put(&self, value: Result<T, Failure>) {
        let mut slot = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.is_none() {
            *slot = Some(value);
        }
        drop(slot);
        // The one failure is a counter at its limit, which is readable.
        let _ = self.ready.write(1);
    }
}

impl<T> Completer<T> {
    pub fn complete(self, value: T) {
        self.slot.put(Ok(value));
    }
}

impl<T> Drop for Completer<T> {
    fn drop(&mut self) {
        self.slot.put(Err(Failure::new("nobody is left to answer")));
    }
}

/// What a future wakes: a descriptor that becomes readable.
struct Signal(EventFd);

impl Wake for Signal {
    fn wake(self: Arc<Signal>) {
        // The one failure is a counter at its limit, which is readable.
        let _ = self.0.write(1);
    }
}

impl<T: Send + 'static> Later<T> {
    /// An answer that somebody else gives, on whatever thread. Fails when there is no descriptor left.
    pub fn channel() -> io::Result<(Completer<T>, Later<T>)> {
        let ready = EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?;
        let slot = Arc::new(Slot { value: Mutex::new(None), ready });
        let fd = slot.ready.as_fd().as_raw_fd();
        let completer = Completer { slot: slot.clone() };
        let answer = move || slot.value.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok((completer, Later { wait: Wait { read: Some(fd), ..Wait::default() }, answer: Box::new(answer) }))
    }

    /// What `work` answers, on a thread of its own.
    pub fn thread(work: impl FnOnce() -> T + Send + 'static) -> Later<T> {
        let started = Later::channel().and_then(|(completer, later)| {
            std::thread::Builder::new().spawn(move || completer.complete(work()))?;
            Ok(later)
        });
        match started {
            Ok(later) => later,
            Err(error) => Later::failed(error.into()),
        }
    }

    /// After so long, what `work` answers.
    pub fn after(time: Duration, work: impl FnOnce() -> T + Send + 'static) -> Later<T> {
        let deadline = Instant::now() + time;
        let mut work = Some(work);
        let answer = move || if Instant::now() < deadline { None } else { work.take().map(|work| Ok(work())) };
        Later { wait: Wait { deadline: Some(deadline), ..Wait::default() }, answer: Box::new(answer) }
    }

    /// What a future comes to. It is polled where the engine runs, so that what needs a runtime (tokio's sockets and timers) finds
    /// that of the task which awaits the engine; and it is dropped when the call that waits for it is cancelled.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use sockeye::{Engine, Later};
    /// async fn fetch(page: String) -> std::io::Result<String> {
    ///     tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    ///     Ok(format!("<{page}>"))
    /// }
    /// let mut engine = Engine::new()?;
    /// engine.register("fetch", |page: String| Later::future(fetch(page)))?;
    /// let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    /// # #[cfg(feature = "async")]
    /// assert_eq!(runtime.block_on(engine.eval_async::<String>("(fetch \"index\")"))?, "<index>");
    /// # Ok(())
    /// # }
    /// ```
    pub fn future(future: impl Future<Output = T> + Send + 'static) -> Later<T> {
        let ready = match EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK) {
            Ok(ready) => ready,
            Err(errno) => return Later::failed(io::Error::from(errno).into()),
        };
        let wait = Wait { read: Some(ready.as_fd().as_raw_fd()), ..Wait::default() };
        let signal = Arc::new(Signal(ready));
        let mut future = Box::pin(future);
        let answer = move || {
            // What wakes it from now on is news; a counter that is at nothing has none to take.
            let _ = signal.0.read();
            match future.as_mut().poll(&mut Context::from_waker(&Waker::from(signal.clone()))) {
                Poll::Ready(value) => Some(Ok(value)),
                Poll::Pending => None,
            }
        };
        Later { wait, answer: Box::new(answer) }
    }

    fn failed(failure: Failure) -> Later<T> {
        let mut failure = Some(Err(failure));
        Later { wait: Wait::default(), answer: Box::new(move || failure.take()) }
    }

    /// When there is something to read, what `work` answers.
    pub fn readable(source: OwnedFd, work: impl FnOnce(OwnedFd) -> T + Send + 'static) -> Later<T> {
        let wait = Wait { read: Some(source.as_raw_fd()), ..Wait::default() };
        Later { wait, answer: when_ready(source, Interest::Read, work) }
    }

    /// When something can be written, what `work` answers.
    pub fn writable(target: OwnedFd, work: impl FnOnce(OwnedFd) -> T + Send + 'static) -> Later<T> {
        let wait = Wait { write: Some(target.as_raw_fd()), ..Wait::default() };
        Later { wait, answer: when_ready(target, Interest::Write, work) }
    }
}

fn when_ready<T>(
    fd: OwnedFd,
    interest: Interest,
    work: impl FnOnce(OwnedFd) -> T + Send + 'static,
) -> Box<dyn FnMut() -> Option<Result<T, Failure>> + Send> {
    let mut both = Some((fd, work));
    Box::new(move || {
        let ready = both.as_ref().is_some_and(|(fd, _)| is_ready(fd.as_raw_fd(), interest));
        let (fd, work) = both.take_if(|_| ready)?;
        Some(Ok(work(fd)))
    })
}

impl<T: IntoScheme + Send + 'static> IntoScheme for Later<T> {
    fn into_data(self) -> Result<Data, Failure> {
        Err(Failure::new("only what a function answers can come later"))
    }

    fn build(self, cx: &mut Cx) -> Answer {
        self.reply(cx, "host")
    }

    fn reply(self, cx: &mut Cx, who: &str) -> Answer {
        let Later { wait, mut answer } = self;
        let who = who.to_string();
        let poll = move |cx: &mut Cx| answer().map(|answer| answer.reply(cx, &who));
        let pending = cx.heap.external(Box::new(Pending { wait, poll: Box::new(poll) }));
        match cx.builtin("%host-answer") {
            Some(procedure) => Err(Box::new(Exit::TailCall(procedure, vec![pending]))),
            None => Ok(pending),
        }
    }
}
