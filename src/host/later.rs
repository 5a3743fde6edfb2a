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
///
/// ```
/// use sockeye::Later;
/// let mut engine = sockeye::Engine::new()?;
/// engine.register("ask", || {
///     let (completer, later) = Later::channel().unwrap();
///     std::thread::spawn(move || completer.complete(42));
///     later
/// })?;
/// engine.register("ask-nobody", || Later::<i64>::channel().map(|(_, later)| later).unwrap())?;
/// assert_eq!(engine.eval::<i64>("(ask)")?, 42);
/// assert!(engine.eval::<i64>("(ask-nobody)").unwrap_err().message().contains("nobody is left to answer"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// Gives the answer: the fiber that waits goes on with it.
    ///
    /// ```
    /// use sockeye::{Completer, Later};
    /// use std::sync::mpsc::channel;
    /// let (sender, questions) = channel::<(i64, Completer<i64>)>();
    /// std::thread::spawn(move || questions.into_iter().for_each(|(n, completer)| completer.complete(n * 2)));
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.register("double", move |n: i64| {
    ///     let (completer, later) = Later::channel().unwrap();
    ///     sender.send((n, completer)).unwrap();
    ///     later
    /// })?;
    /// assert_eq!(engine.eval::<i64>("(+ (double 1) (double 20))")?, 42);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn complete(self, value: T) {
        self.slot.put(Ok(value));
    }
}

impl<T> Drop for Completer<T> {
    fn drop(&mut self) {
        self.slot.put(Err(Failure::new("nobody is left to answer")));
    }
}

/// A hundred years: longer times are more than a clock can tell.
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 86_400);

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
    ///
    /// ```
    /// use sockeye::Later;
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.register("answer", || {
    ///     let (completer, later) = Later::channel().unwrap();
    ///     completer.complete("yes".to_string()); // or from wherever it comes
    ///     later
    /// })?;
    /// assert_eq!(engine.eval::<String>("(answer)")?, "yes");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn channel() -> io::Result<(Completer<T>, Later<T>)> {
        let ready = EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?;
        let slot = Arc::new(Slot { value: Mutex::new(None), ready });
        let fd = slot.ready.as_fd().as_raw_fd();
        let completer = Completer { slot: slot.clone() };
        let answer = move || slot.value.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok((completer, Later { wait: Wait { read: Some(fd), ..Wait::default() }, answer: Box::new(answer) }))
    }

    /// What `work` answers, on a thread of its own.
    ///
    /// ```
    /// use sockeye::Later;
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.register("sum", |to: u64| Later::thread(move || (1..=to).sum::<u64>()))?;
    /// assert_eq!(engine.eval::<u64>("(sum 1000000)")?, 500_000_500_000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
    ///
    /// ```
    /// use sockeye::Later;
    /// use std::time::Duration;
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.register("nap", |n: u64| Later::after(Duration::from_millis(n), || "rested".to_string()))?;
    /// assert_eq!(engine.eval::<String>("(nap 2)")?, "rested");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn after(time: Duration, work: impl FnOnce() -> T + Send + 'static) -> Later<T> {
        let now = Instant::now();
        let deadline = now.checked_add(time).unwrap_or(now + FOR_EVER);
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
    ///
    /// ```
    /// use sockeye::{Engine, Later};
    /// use std::io::{Read, Write};
    /// use std::os::unix::net::UnixStream;
    /// let (mut ours, theirs) = UnixStream::pair()?;
    /// let mut engine = Engine::new()?;
    /// engine.register("next-byte", move || {
    ///     let source = theirs.try_clone().unwrap();
    ///     Later::readable(source.into(), |fd| {
    ///         let mut byte = [0];
    ///         UnixStream::from(fd).read(&mut byte).map(|_| byte[0])
    ///     })
    /// })?;
    /// ours.write_all(b"A")?;
    /// assert_eq!(engine.eval::<u8>("(next-byte)")?, b'A');
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn readable(source: OwnedFd, work: impl FnOnce(OwnedFd) -> T + Send + 'static) -> Later<T> {
        let wait = Wait { read: Some(source.as_raw_fd()), ..Wait::default() };
        Later { wait, answer: when_ready(source, Interest::Read, work) }
    }

    /// When something can be written, what `work` answers.
    ///
    /// ```
    /// use sockeye::{Engine, Later};
    /// use std::io::{Read, Write};
    /// use std::os::unix::net::UnixStream;
    /// let (mut ours, theirs) = UnixStream::pair()?;
    /// let mut engine = Engine::new()?;
    /// engine.register("send-byte", move |byte: u8| {
    ///     let target = theirs.try_clone().unwrap();
    ///     Later::writable(target.into(), move |fd| UnixStream::from(fd).write_all(&[byte]))
    /// })?;
    /// engine.eval::<()>("(send-byte 65)")?;
    /// let mut byte = [0];
    /// ours.read_exact(&mut byte)?;
    /// assert_eq!(byte, *b"A");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
