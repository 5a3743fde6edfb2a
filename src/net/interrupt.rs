//! Interrupting an engine: a flag that all its waits look at, and Ctrl-C and other signals as those who raise it.
//!
//! An embedded engine is interrupted by `Interrupt::raise` from any thread; its waits sleep in poll(2), where an eventfd
//! wakes them. An engine that may open nothing has none before it waits. The command line calls `catch_sigint` instead, after
//! which plain blocking system calls are interruptible too: a signal ends them with EINTR. One signal is not enough, because
//! it may land between the look at the flag and the system call; so the handler arms a timer that signals the engine's thread
//! again every 20 ms until the interrupt is acknowledged.
//!
//! A signal that the program handles is noted in `CAUGHT.pending` and raises the same flag, in another bit; the engine
//! then runs its handler in Scheme. Which signals those are is decided in signal.rs.
//!
//! Invariants of the unsafe part:
//! - The handler does only what signal-safety(7) allows: atomics, write, timer_settime, clock_gettime, _exit.
//! - `CAUGHT.target` is null or points to an `Inner` that is never freed (its Arc is leaked by `catch_sigint`).
//! - `CAUGHT.timer` is read only when `target` is not null, and is set before it.
#![allow(unsafe_code)]

use std::io;
use std::mem::{MaybeUninit, zeroed};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicI64, AtomicPtr, AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nix::libc::{self, c_int, c_void};
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::unistd::read;

/// A handle on one engine's interrupt flag; any thread may hold one.
///
/// ```
/// let mut engine = sockeye::Engine::new()?;
/// let interrupt: sockeye::Interrupt = engine.interrupt_handle();
/// std::thread::spawn(move || {
///     std::thread::sleep(std::time::Duration::from_millis(5));
///     interrupt.raise();
/// });
/// assert!(engine.eval::<()>("(read-char (car (pipe)))").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Interrupt(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// BREAK and SIGNALS: what wants the engine's attention.
    raised: AtomicU8,
    /// When the time of the run is over, in nanoseconds of the monotonic clock; 0 if it has no limit.
    deadline: AtomicU64,
    /// An eventfd, readable while somebody wants the engine's attention; NONE before the first wait.
    wakes: AtomicI32,
    /// Somebody has called before there was an eventfd.
    early: AtomicBool,
}

const NONE: RawFd = -1;

/// The engine shall stop what it does.
const BREAK: u8 = 1;
/// Handlers of signals, or other asyncs, shall run.
const SIGNALS: u8 = 2;
/// Calls were reported, and the engine shall tell of them: no reason to end a wait.
const NEWS: u8 = 4;
/// The time of the run is over; stays until the next run begins.
const LATE: u8 = 8;

impl Interrupt {
    /// One that belongs to no engine yet.
    ///
    /// ```
    /// assert!(!sockeye::Interrupt::new().is_raised());
    /// ```
    pub fn new() -> Interrupt {
        Interrupt(Arc::new(Inner {
            raised: AtomicU8::new(0),
            deadline: AtomicU64::new(0),
            wakes: AtomicI32::new(NONE),
            early: AtomicBool::new(false),
        }))
    }

    /// Asks the engine to stop what it does, as soon as it can.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.interrupt_handle().raise();
    /// assert_eq!(engine.eval::<()>("(let loop () (loop))").unwrap_err().kind(), sockeye::ErrorKind::Interrupted);
    /// assert_eq!(engine.eval::<i64>("(+ 1 2)")?, 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn raise(&self) {
        self.0.raised.fetch_or(BREAK, Ordering::SeqCst);
        self.call();
    }

    /// Lets the engine look for asyncs at its next safepoint. For its own thread: it ends no wait.
    #[doc(hidden)]
    pub fn mark(&self) {
        self.0.raised.fetch_or(SIGNALS, Ordering::SeqCst);
    }

    /// Ends the engine's present wait, without interrupting what it does.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// let interrupt = engine.interrupt_handle();
    /// std::thread::spawn(move || interrupt.call());
    /// engine.wait(std::time::Duration::from_secs(60))?; // ends at once: the host has something else to do
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn call(&self) {
        self.0.call();
    }

    /// Whether anything wants the engine's attention: its waits end.
    ///
    /// ```
    /// let interrupt = sockeye::Interrupt::new();
    /// interrupt.raise();
    /// assert!(interrupt.is_raised());
    /// ```
    #[inline]
    pub fn is_raised(&self) -> bool {
        self.0.raised.load(Ordering::Relaxed) & !NEWS != 0
    }

    /// Whether there is anything to do at the next safepoint, news to tell included.
    #[inline]
    #[doc(hidden)]
    pub fn is_called(&self) -> bool {
        self.0.raised.load(Ordering::Relaxed) != 0
    }

    /// Lets the engine tell of reported calls right after the builtin that made them.
    #[doc(hidden)]
    pub fn mark_news(&self) {
        self.0.raised.fetch_or(NEWS, Ordering::SeqCst);
    }

    /// Whether there are news to tell, which is lowered.
    #[doc(hidden)]
    pub fn take_news(&self) -> bool {
        self.0.raised.fetch_and(!NEWS, Ordering::SeqCst) & NEWS != 0
    }

    /// Whether the engine is asked to stop what it does, or has no time left.
    #[inline]
    #[doc(hidden)]
    pub fn is_break(&self) -> bool {
        self.0.raised.load(Ordering::Relaxed) & (BREAK | LATE) != 0 || self.is_late()
    }

    /// Whether long work on data is to be given up, be it for a while: something wants attention, or the time is over. For every few
    /// thousand bytes, as it looks at the clock.
    #[inline]
    #[doc(hidden)]
    pub fn ends_work(&self) -> bool {
        self.is_raised() || self.is_late()
    }

    /// Gives the engine's run this much time, or as much as it wants.
    #[doc(hidden)]
    pub fn set_time(&self, time: Option<Duration>) {
        let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let deadline = time.map_or(0, |time| nanoseconds().saturating_add(nanos(time)).max(1));
        let before = self.0.deadline.swap(deadline, Ordering::SeqCst);
        let raised = self.0.raised.fetch_and(!LATE, Ordering::SeqCst);
        if deadline != before && self.is_target() && raised & BREAK == 0 {
            self.arm();
        }
    }

    /// Lets the signals that end blocking calls begin when the time is over.
    fn arm(&self) {
        let timer = CAUGHT.timer.load(Ordering::SeqCst);
        match self.0.deadline.load(Ordering::SeqCst) {
            0 => set_timer(timer, 0, 0),
            deadline => set_timer(timer, deadline.saturating_sub(nanoseconds()).max(1), REPEAT),
        }
    }

    /// When the time is over.
    #[doc(hidden)]
    pub fn deadline(&self) -> Option<Instant> {
        match self.0.deadline.load(Ordering::Relaxed) {
            0 => None,
            deadline => {
                let left = deadline.saturating_sub(nanoseconds());
                Instant::now().checked_add(Duration::from_nanos(left))
            }
        }
    }

    /// Whether the time is over; if so, the flag is up from now on.
    #[inline]
    #[doc(hidden)]
    pub fn is_late(&self) -> bool {
        self.0.deadline.load(Ordering::Relaxed) != 0 && self.look_at_clock()
    }

    #[cold]
    fn look_at_clock(&self) -> bool {
        self.0.note_lateness()
    }

    /// Whether the time was seen to be over.
    #[inline]
    #[doc(hidden)]
    pub fn was_late(&self) -> bool {
        self.0.raised.load(Ordering::Relaxed) & LATE != 0
    }

    /// The interrupt has been dealt with: lowers the flag and stops the repeated signals. True if it was raised.
    #[doc(hidden)]
    pub fn acknowledge(&self) -> bool {
        self.lower(BREAK)
    }

    /// The asyncs are being run. True if some were announced.
    #[doc(hidden)]
    pub fn acknowledge_asyncs(&self) -> bool {
        self.lower(SIGNALS)
    }

    fn lower(&self, bit: u8) -> bool {
        // In this order: a signal that comes in between raises the flag again, and every wait looks at the flag first.
        let before = self.0.raised.fetch_and(!bit, Ordering::SeqCst);
        if before & !bit & !NEWS == 0 {
            if self.is_target() {
                self.arm();
            }
            self.drain();
        }
        before & bit != 0
    }

    /// Whether the signals of the process go to this engine.
    #[doc(hidden)]
    pub fn is_target(&self) -> bool {
        std::ptr::eq(CAUGHT.target.load(Ordering::SeqCst), Arc::as_ptr(&self.0))
    }

    /// Makes the signals of the process go to this engine, whose thread calls; false if another engine has them.
    #[doc(hidden)]
    pub fn claim_signals(&self) -> io::Result<bool> {
        if CAUGHT.target.load(Ordering::SeqCst).is_null() {
            self.become_target()?;
        }
        Ok(self.is_target())
    }

    fn become_target(&self) -> io::Result<()> {
        CAUGHT.timer.store(make_timer()?, Ordering::SeqCst);
        CAUGHT.target.store(Arc::into_raw(Arc::clone(&self.0)).cast_mut(), Ordering::SeqCst);
        handle(repeat_signal(), on_repeat as *const (), 0)
    }

    /// A signal that came and whose handler has not run, if this engine has the signals: it is taken away.
    #[doc(hidden)]
    pub fn take_signal(&self) -> Option<c_int> {
        if !self.is_target() {
            return None;
        }
        let pending = CAUGHT.pending.load(Ordering::SeqCst);
        let lowest = pending & pending.wrapping_neg();
        CAUGHT.pending.fetch_and(!lowest, Ordering::SeqCst);
        (lowest != 0).then(|| lowest.trailing_zeros() as c_int + 1)
    }

    /// In a forked child, by its one thread: what it shares with its parent, or has lost, is made anew.
    #[doc(hidden)]
    pub fn renew_in_child(&self) -> io::Result<()> {
        if let Some(wakes) = self.0.wakes() {
            let fresh = event()?;
            // SAFETY: two open descriptors; the number of the second goes over to the new eventfd.
            if unsafe { libc::dup3(fresh.as_raw_fd(), wakes.as_raw_fd(), libc::O_CLOEXEC) } < 0 {
                return Err(io::Error::last_os_error());
            }
        }
        self.0.early.store(false, Ordering::SeqCst);
        if self.is_target() {
            CAUGHT.timer.store(make_timer()?, Ordering::SeqCst);
            CAUGHT.pending.store(0, Ordering::SeqCst);
        }
        self.0.raised.store(0, Ordering::SeqCst);
        Ok(())
    }

    /// What is readable once somebody has called.
    pub(crate) fn wakes(&self) -> io::Result<BorrowedFd<'_>> {
        if let Some(wakes) = self.0.wakes() {
            return Ok(wakes);
        }
        let fresh = event()?;
        let taken = self.0.wakes.compare_exchange(NONE, fresh.as_raw_fd(), Ordering::SeqCst, Ordering::SeqCst);
        if taken.is_ok() {
            // `Inner` closes it.
            let _ = fresh.into_raw_fd();
        }
        // Who has called before now either sees the eventfd, or is seen here.
        if self.0.early.swap(false, Ordering::SeqCst) {
            self.call();
        }
        self.0.wakes().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Whether this is the descriptor that `wakes` tells.
    pub(crate) fn owns(&self, fd: RawFd) -> bool {
        self.0.wakes().is_some_and(|wakes| wakes.as_raw_fd() == fd)
    }

    /// Forgets the calls so far.
    pub(crate) fn drain(&self) {
        self.0.early.store(false, Ordering::SeqCst);
        if let Some(wakes) = self.0.wakes() {
            let _ = read(wakes, &mut [0; 8]);
        }
    }
}

impl Default for Interrupt {
    fn default() -> Interrupt {
        Interrupt::new()
    }
}

fn event() -> io::Result<OwnedFd> {
    Ok(EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?.into())
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(wakes) = self.wakes() {
            // SAFETY: it was taken out of an OwnedFd, and nobody can use it any more.
            drop(unsafe { OwnedFd::from_raw_fd(wakes.as_raw_fd()) });
        }
    }
}

impl Inner {
    fn wakes(&self) -> Option<BorrowedFd<'_>> {
        let fd = self.wakes.load(Ordering::SeqCst);
        // SAFETY: once there, it stays open as long as this lives.
        (fd != NONE).then(|| unsafe { BorrowedFd::borrow_raw(fd) })
    }

    /// Makes the eventfd readable, now or once there is one. Also called in a signal handler.
    fn call(&self) {
        if self.wakes().is_none() {
            self.early.store(true, Ordering::SeqCst);
        }
        // It may be there by now.
        if let Some(wakes) = self.wakes() {
            let one = 1u64.to_ne_bytes();
            // The one failure is a counter at its limit, and then the engine is woken already.
            // SAFETY: pointer and length are of one array; the descriptor lives as long as this.
            unsafe { libc::write(wakes.as_raw_fd(), one.as_ptr().cast(), one.len()) };
        }
    }

    /// Raises the flag if the time is over. Also called in a signal handler.
    fn note_lateness(&self) -> bool {
        let deadline = self.deadline.load(Ordering::Relaxed);
        let late = deadline != 0 && nanoseconds() >= deadline;
        if late {
            self.raised.fetch_or(LATE, Ordering::SeqCst);
        }
        late
    }
}

/// What the signal handler reaches. A handler has no argument to carry a context, so this is the one static of
/// the program; it says which engine Ctrl-C is for.
struct Caught {
    target: AtomicPtr<Inner>,
    /// A POSIX timer's id.
    timer: AtomicPtr<c_void>,
    /// When the interrupt that still waits for acknowledgement came, in milliseconds.
    since: AtomicI64,
    /// Signals whose handlers are still to run: the lowest bit is signal 1.
    pending: AtomicU64,
}

static CAUGHT: Caught = Caught {
    target: AtomicPtr::new(null_mut()),
    timer: AtomicPtr::new(null_mut()),
    since: AtomicI64::new(0),
    pending: AtomicU64::new(0),
};

/// Milliseconds between the repeated signals: several fit into the 100 ms within which a call must end.
const REPEAT: i64 = 20;

/// An engine that has not noticed an interrupt for so many milliseconds is stuck; the next Ctrl-C ends the process.
const PATIENCE: i64 = 1000;

/// The exit status of a program that SIGINT ended.
const KILLED_BY_SIGINT: c_int = 130;

/// From now on SIGINT raises `interrupt`, and ends any blocking system call of the calling thread, the engine's; so its
/// `Net` may go over to `Mode::Block`.
/// There is one such engine in a process; a later call replaces the earlier.
pub fn catch_sigint(interrupt: &Interrupt) -> io::Result<()> {
    interrupt.become_target()?;
    break_on_sigint()
}

/// SIGINT asks the engine that has the signals to stop what it does.
pub(super) fn break_on_sigint() -> io::Result<()> {
    handle(libc::SIGINT, on_sigint as *const (), 0)
}

/// The signal is noted for the engine that has the signals, to be handled at its next safepoint.
pub(super) fn note(signal: c_int, flags: c_int) -> io::Result<()> {
    handle(signal, on_signal as *const (), flags | libc::SA_SIGINFO)
}

/// The signal that is repeated while an interrupt waits for acknowledgement.
pub(super) fn repeat_signal() -> c_int {
    libc::SIGRTMIN() + 3
}

/// A timer that sends the calling thread the repeated signal, once set.
fn make_timer() -> io::Result<libc::timer_t> {
    // SAFETY: a sigevent may be all zeros; the fields that SIGEV_THREAD_ID reads are set.
    unsafe {
        let mut event: libc::sigevent = zeroed();
        event.sigev_notify = libc::SIGEV_THREAD_ID;
        event.sigev_signo = repeat_signal();
        event.sigev_notify_thread_id = libc::gettid();
        let mut timer = MaybeUninit::<libc::timer_t>::uninit();
        if libc::timer_create(libc::CLOCK_MONOTONIC, &mut event, timer.as_mut_ptr()) != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(timer.assume_init())
    }
}

/// Installs a handler without SA_RESTART, so that it ends blocking calls.
fn handle(signal: c_int, handler: *const (), flags: c_int) -> io::Result<()> {
    // SAFETY: a sigaction may be all zeros (no flags, no mask); the handler is a function of the type that the flags say,
    // for ever.
    let answer = unsafe {
        let mut action: libc::sigaction = zeroed();
        action.sa_sigaction = handler as libc::sighandler_t;
        action.sa_flags = flags;
        libc::sigaction(signal, &action, null_mut())
    };
    if answer == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

extern "C" fn on_repeat(_signal: c_int) {
    // SAFETY: null, or an Inner that is never freed.
    if let Some(target) = unsafe { CAUGHT.target.load(Ordering::SeqCst).as_ref() } {
        target.note_lateness();
    }
}

extern "C" fn on_sigint(_signal: c_int) {
    // SAFETY: null, or an Inner that is never freed.
    let Some(target) = (unsafe { CAUGHT.target.load(Ordering::SeqCst).as_ref() }) else { return };
    let now = milliseconds();
    if target.raised.fetch_or(BREAK, Ordering::SeqCst) & BREAK == 0 {
        CAUGHT.since.store(now, Ordering::SeqCst);
    } else if now - CAUGHT.since.load(Ordering::SeqCst) > PATIENCE {
        // SAFETY: ends the process at once.
        unsafe { libc::_exit(KILLED_BY_SIGINT) }
    }
    alert(target);
}

extern "C" fn on_signal(signal: c_int, information: *mut libc::siginfo_t, _context: *mut c_void) {
    // SAFETY: null, or an Inner that is never freed.
    let Some(target) = (unsafe { CAUGHT.target.load(Ordering::SeqCst).as_ref() }) else { return };
    let is_fault = matches!(signal, libc::SIGSEGV | libc::SIGBUS | libc::SIGFPE | libc::SIGILL);
    // SAFETY: the system hands a siginfo with SA_SIGINFO.
    if is_fault && !information.is_null() && unsafe { (*information).si_code } > 0 {
        // An instruction of this program's own failed, and returning would only run it again: let it end the process.
        // SAFETY: restoring the default action is always allowed.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
        return;
    }
    CAUGHT.pending.fetch_or(1 << (signal - 1), Ordering::SeqCst);
    target.raised.fetch_or(SIGNALS, Ordering::SeqCst);
    alert(target);
}

/// Ends whatever the engine waits for.
fn alert(target: &Inner) {
    // SAFETY: errno is the thread's own; the interrupted code must find it as it was.
    let errno = unsafe { *libc::__errno_location() };
    target.call();
    set_timer(CAUGHT.timer.load(Ordering::SeqCst), REPEAT as u64 * 1_000_000, REPEAT);
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = errno };
}

/// Lets the timer fire after so many nanoseconds, and then every so many milliseconds; 0 stops it.
fn set_timer(timer: libc::timer_t, first: u64, every: i64) {
    const SECOND: u64 = 1_000_000_000;
    let pace = libc::timespec { tv_sec: 0, tv_nsec: every * 1_000_000 };
    let first = libc::timespec { tv_sec: (first / SECOND) as i64, tv_nsec: (first % SECOND) as i64 };
    let times = libc::itimerspec { it_interval: pace, it_value: first };
    // SAFETY: `times` is only read; a bad timer id is refused by the kernel.
    unsafe { libc::timer_settime(timer, 0, &times, null_mut()) };
}

fn milliseconds() -> i64 {
    (nanoseconds() / 1_000_000) as i64
}

/// Of the monotonic clock.
fn nanoseconds() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` is alive during the call.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
    (now.tv_sec as u64).saturating_mul(1_000_000_000).saturating_add(now.tv_nsec as u64)
}
