//! Interrupting an engine: a flag that all its waits look at, and Ctrl-C as one who raises it.
//!
//! An embedded engine is interrupted by `Interrupt::raise` from any thread; its waits sleep in poll(2), where an eventfd
//! wakes them. The command line calls `catch_sigint` instead, after which plain blocking system calls are interruptible
//! too: a signal ends them with EINTR. One signal is not enough, because it may land between the look at the flag and
//! the system call; so the handler arms a timer that signals the engine's thread again every 20 ms until the
//! interrupt is acknowledged.
//!
//! Invariants of the unsafe part:
//! - The handler does only what signal-safety(7) allows: atomics, write, timer_settime, clock_gettime, _exit.
//! - `CAUGHT.target` is null or points to an `Inner` that is never freed (its Arc is leaked by `catch_sigint`).
//! - `CAUGHT.timer` is read only when `target` is not null, and is set before it.
#![allow(unsafe_code)]

use std::io;
use std::mem::{MaybeUninit, zeroed};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicPtr, Ordering};

use nix::libc::{self, c_int, c_void};
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::unistd::{read, write};

/// A handle on one engine's interrupt flag; any thread may hold one.
#[derive(Clone, Debug)]
pub struct Interrupt(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    raised: AtomicBool,
    /// An eventfd, readable while somebody wants the engine's attention.
    wakes: OwnedFd,
}

impl Interrupt {
    pub fn new() -> io::Result<Interrupt> {
        let wakes = EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?.into();
        Ok(Interrupt(Arc::new(Inner { raised: AtomicBool::new(false), wakes })))
    }

    /// Asks the engine to stop what it does, as soon as it can.
    pub fn raise(&self) {
        self.0.raised.store(true, Ordering::SeqCst);
        self.call();
    }

    /// Ends the engine's present wait, without interrupting what it does.
    pub fn call(&self) {
        // The one failure is a counter at its limit, and then the engine is woken already.
        let _ = write(&self.0.wakes, &1u64.to_ne_bytes());
    }

    #[inline]
    pub fn is_raised(&self) -> bool {
        self.0.raised.load(Ordering::Relaxed)
    }

    /// The interrupt has been dealt with: lowers the flag and stops the repeated signals. True if it was raised.
    pub fn acknowledge(&self) -> bool {
        // In this order: a signal that comes in between raises the flag again, and every wait looks at the flag first.
        let raised = self.0.raised.swap(false, Ordering::SeqCst);
        if std::ptr::eq(CAUGHT.target.load(Ordering::SeqCst), Arc::as_ptr(&self.0)) {
            set_timer(CAUGHT.timer.load(Ordering::SeqCst), 0);
        }
        self.drain();
        raised
    }

    pub(crate) fn wakes(&self) -> BorrowedFd<'_> {
        self.0.wakes.as_fd()
    }

    /// Forgets the calls so far.
    pub(crate) fn drain(&self) {
        let _ = read(&self.0.wakes, &mut [0; 8]);
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
}

static CAUGHT: Caught =
    Caught { target: AtomicPtr::new(null_mut()), timer: AtomicPtr::new(null_mut()), since: AtomicI64::new(0) };

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
    let repeat = libc::SIGRTMIN() + 3;
    // SAFETY: a sigevent may be all zeros; the fields that SIGEV_THREAD_ID reads are set.
    let timer = unsafe {
        let mut event: libc::sigevent = zeroed();
        event.sigev_notify = libc::SIGEV_THREAD_ID;
        event.sigev_signo = repeat;
        event.sigev_notify_thread_id = libc::gettid();
        let mut timer = MaybeUninit::<libc::timer_t>::uninit();
        if libc::timer_create(libc::CLOCK_MONOTONIC, &mut event, timer.as_mut_ptr()) != 0 {
            return Err(io::Error::last_os_error());
        }
        timer.assume_init()
    };
    CAUGHT.timer.store(timer, Ordering::SeqCst);
    CAUGHT.target.store(Arc::into_raw(Arc::clone(&interrupt.0)).cast_mut(), Ordering::SeqCst);
    handle(repeat, on_repeat)?;
    handle(libc::SIGINT, on_sigint)
}

/// Installs a handler without SA_RESTART, so that it ends blocking calls.
fn handle(signal: c_int, handler: extern "C" fn(c_int)) -> io::Result<()> {
    // SAFETY: a sigaction may be all zeros (no flags, no mask); the handler is a function of the right type, for ever.
    let answer = unsafe {
        let mut action: libc::sigaction = zeroed();
        action.sa_sigaction = handler as *const () as libc::sighandler_t;
        libc::sigaction(signal, &action, null_mut())
    };
    if answer == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

extern "C" fn on_repeat(_signal: c_int) {}

extern "C" fn on_sigint(_signal: c_int) {
    // SAFETY: null, or an Inner that is never freed.
    let Some(target) = (unsafe { CAUGHT.target.load(Ordering::SeqCst).as_ref() }) else { return };
    // SAFETY: errno is the thread's own; the interrupted code must find it as it was.
    let errno = unsafe { *libc::__errno_location() };
    let now = milliseconds();
    if !target.raised.swap(true, Ordering::SeqCst) {
        CAUGHT.since.store(now, Ordering::SeqCst);
    } else if now - CAUGHT.since.load(Ordering::SeqCst) > PATIENCE {
        // SAFETY: ends the process at once.
        unsafe { libc::_exit(KILLED_BY_SIGINT) }
    }
    let one = 1u64.to_ne_bytes();
    // SAFETY: pointer and length are of one array; the descriptor lives as long as the target.
    unsafe { libc::write(target.wakes.as_raw_fd(), one.as_ptr().cast(), one.len()) };
    set_timer(CAUGHT.timer.load(Ordering::SeqCst), REPEAT);
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = errno };
}

/// Lets the timer fire every so many milliseconds; 0 stops it.
fn set_timer(timer: libc::timer_t, every: i64) {
    let pace = libc::timespec { tv_sec: 0, tv_nsec: every * 1_000_000 };
    let times = libc::itimerspec { it_interval: pace, it_value: pace };
    // SAFETY: `times` is only read; a bad timer id is refused by the kernel.
    unsafe { libc::timer_settime(timer, 0, &times, null_mut()) };
}

fn milliseconds() -> i64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` is alive during the call.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
    now.tv_sec.saturating_mul(1000).saturating_add(now.tv_nsec / 1_000_000)
}
