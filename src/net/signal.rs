//! What the process does about each signal, and its timers.
//!
//! The program's dispositions are the process's: the engine that has claimed the signals (see interrupt.rs) changes them,
//! and `Signals` remembers what was there before, to put it back. SIGINT, where the engine catches it, stays with the
//! engine when the program asks for its default.
//!
//! Invariants of the unsafe part:
//! - a `sigaction` is all zeros, or came from the system, or names a function of interrupt.rs, which lives for ever;
//! - a signal's number is checked by the system, which refuses what it does not know.
#![allow(unsafe_code)]

use std::collections::BTreeMap;
use std::io;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

use nix::libc::{self, c_int};

use super::interrupt::{self, Interrupt};

/// What becomes of a signal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disposition {
    Default,
    Ignore,
    /// The engine is told, and runs the program's handler.
    Handle,
}

/// Which signals the program has changed, and what was in force before.
#[derive(Default)]
pub struct Signals {
    before: BTreeMap<c_int, libc::sigaction>,
    /// SIGINT and SIGQUIT as they were when the shield went up.
    shielded: Option<[libc::sigaction; 2]>,
}

/// What a terminal sends to all programs that share it.
const FROM_TERMINAL: [c_int; 2] = [libc::SIGINT, libc::SIGQUIT];

impl Signals {
    /// What is in force for a signal, apart from handlers of the program: those read as `Default`.
    pub fn disposition(signal: c_int) -> io::Result<Disposition> {
        let action = current(signal)?;
        Ok(if action.sa_sigaction == libc::SIG_IGN { Disposition::Ignore } else { Disposition::Default })
    }

    pub fn set(&mut self, signal: c_int, disposition: Disposition, flags: c_int) -> io::Result<()> {
        let before = current(signal)?;
        if signal == interrupt::repeat_signal() {
            return Err(io::Error::from_raw_os_error(libc::EINVAL));
        }
        let mine = libc::SA_NOCLDSTOP | libc::SA_NOCLDWAIT | libc::SA_RESETHAND | libc::SA_NODEFER | libc::SA_ONSTACK;
        match disposition {
            Disposition::Handle => interrupt::note(signal, flags & mine)?,
            Disposition::Ignore => install(signal, &plain(libc::SIG_IGN, flags & mine))?,
            // The engine's own way with SIGINT is its default.
            Disposition::Default
                if signal == libc::SIGINT && self.first(signal, &before).sa_sigaction > libc::SIG_IGN =>
            {
                interrupt::break_on_sigint()?;
            }
            Disposition::Default => install(signal, &plain(libc::SIG_DFL, flags & mine))?,
        }
        self.before.entry(signal).or_insert(before);
        Ok(())
    }

    fn first(&self, signal: c_int, now: &libc::sigaction) -> libc::sigaction {
        *self.before.get(&signal).unwrap_or(now)
    }

    /// Puts back what was in force before the program changed it.
    pub fn restore(&mut self, signal: c_int) -> io::Result<()> {
        match self.before.remove(&signal) {
            Some(action) => install(signal, &action),
            None => current(signal).map(drop),
        }
    }

    /// From now on what is typed at the terminal is for the program that this one waits for.
    pub fn shield(&mut self) -> io::Result<()> {
        let [a, b] = FROM_TERMINAL;
        self.shielded = Some([current(a)?, current(b)?]);
        FROM_TERMINAL.into_iter().try_for_each(|signal| install(signal, &plain(libc::SIG_IGN, 0)))
    }

    pub fn unshield(&mut self) -> io::Result<()> {
        let actions = self.shielded.take().into_iter().flatten();
        FROM_TERMINAL.into_iter().zip(actions).try_for_each(|(signal, action)| install(signal, &action))
    }

    /// Every signal the program has changed.
    pub fn changed(&self) -> Vec<c_int> {
        self.before.keys().copied().collect()
    }

    /// What a new program must be given by its default action though this process ignores it: what is shielded from, and
    /// SIGPIPE, unless the script itself has asked for that.
    pub fn hidden_ignores(&self) -> Vec<c_int> {
        let mut hidden = Vec::new();
        if !self.before.contains_key(&libc::SIGPIPE) {
            hidden.push(libc::SIGPIPE);
        }
        for (signal, action) in FROM_TERMINAL.into_iter().zip(self.shielded.iter().flatten()) {
            if action.sa_sigaction != libc::SIG_IGN {
                hidden.push(signal);
            }
        }
        hidden
    }
}

/// Which engine gets the signals is settled before a handler is installed.
pub fn claim(interrupt: &Interrupt) -> io::Result<()> {
    if interrupt.claim_signals()? { Ok(()) } else { Err(io::Error::from_raw_os_error(libc::EBUSY)) }
}

fn current(signal: c_int) -> io::Result<libc::sigaction> {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: the system only writes to `action`.
    if unsafe { libc::sigaction(signal, null(), action.as_mut_ptr()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the system has filled it in.
    Ok(unsafe { action.assume_init() })
}

fn plain(handler: libc::sighandler_t, flags: c_int) -> libc::sigaction {
    // SAFETY: a sigaction may be all zeros.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = handler;
    action.sa_flags = flags;
    action
}

fn install(signal: c_int, action: &libc::sigaction) -> io::Result<()> {
    // SAFETY: `action` is only read, and see the head.
    if unsafe { libc::sigaction(signal, action, null_mut()) } == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Gives a signal its default action; for a child that is about to become another program.
pub(super) fn reset(signal: c_int) {
    let _ = install(signal, &plain(libc::SIG_DFL, 0));
}

/// Ignores a signal again, when such a child could not become one.
pub(super) fn ignore(signal: c_int) {
    let _ = install(signal, &plain(libc::SIG_IGN, 0));
}

/// Sends a signal to this thread, whose handler has run when this returns.
pub fn raise(signal: c_int) -> io::Result<()> {
    // SAFETY: touches no memory.
    if unsafe { libc::raise(signal) } == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Sends a signal to a process or a group of them; 0 only asks whether there is one.
pub fn kill(process: c_int, signal: c_int) -> io::Result<()> {
    // SAFETY: touches no memory.
    if unsafe { libc::kill(process, signal) } == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Lets SIGALRM come after so many seconds, or not at all; how many were left of the last such request.
pub fn alarm(seconds: u32) -> u32 {
    // SAFETY: touches no memory.
    unsafe { libc::alarm(seconds) }
}

/// Seconds and microseconds.
pub type Span = (i64, i64);

/// The interval of a timer, and what is left of the present one.
pub fn timer(which: c_int) -> io::Result<(Span, Span)> {
    let mut times = MaybeUninit::<libc::itimerval>::zeroed();
    // SAFETY: the system only writes to `times`.
    if unsafe { libc::getitimer(which, times.as_mut_ptr()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the system has filled it in.
    Ok(spans(unsafe { times.assume_init() }))
}

/// Sets a timer; what it was before.
pub fn set_timer(which: c_int, interval: Span, value: Span) -> io::Result<(Span, Span)> {
    let time = |(seconds, micros)| libc::timeval { tv_sec: seconds, tv_usec: micros };
    let new = libc::itimerval { it_interval: time(interval), it_value: time(value) };
    let mut old = MaybeUninit::<libc::itimerval>::zeroed();
    // SAFETY: `new` is only read, `old` only written.
    if unsafe { libc::setitimer(which, &new, old.as_mut_ptr()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the system has filled it in.
    Ok(spans(unsafe { old.assume_init() }))
}

fn spans(times: libc::itimerval) -> (Span, Span) {
    let span = |time: libc::timeval| (time.tv_sec, time.tv_usec);
    (span(times.it_interval), span(times.it_value))
}
