//! Signals and asyncs: what the program wants done when something happens outside of it, and the timers.
//!
//! A handler is a Scheme procedure. The system's own handler only notes the signal (net/interrupt.rs); the machine, at its
//! next safepoint or where a wait was broken off, calls `%run-asyncs` (stdlib/sockeye/processes.scm), which asks
//! `%next-async` what to call until there is nothing more.

use super::addresses::Int;
use super::declare::{Procedure, out_of_range, wrong_type};
use super::port_value::stopped;
use super::process::settle;
use crate::builtins;
use crate::net::Mode;
use crate::net::poller::Woken;
use crate::net::signal::{self, Disposition, Signals, Span};
use crate::value::{Value, number};
use crate::vm::cx::{Answer, Cx, Exit, Wait};
use crate::vm::machine::list_items;
use nix::libc;
use std::time::{Duration, Instant};

builtins! { SIGNALS;

/// What is done about SIGNAL: a pair of its handler and flags. The handler is a procedure, SIG_DFL (the system's default) or
/// SIG_IGN (nothing). With HANDLER, one of these, that is done from now on; with #f, what was before the first change.
/// The answer is then what was done before. A handler gets the signal's number. It runs soon, even when the program is waiting,
/// which it then goes on doing; what the handler raises ends the wait. Of FLAGS, SA_NOCLDSTOP has an effect. [Guile: Signals]
///
///     (sigaction SIGUSR1 (lambda (signal) (display "usr1")))
fn "sigaction" (cx, signal: Int, [handler: Value], [flags: Int], [thread: Value]) needs signals {
    sigaction(cx, signal, handler, flags)
}

/// Puts back what was done about every signal before the program's first change. [Guile: Signals]
///
///     (restore-signals)
fn "restore-signals" (cx) needs signals {
    for signal in cx.net.signals.changed() {
        let result = cx.net.signals.restore(signal);
        settle(cx, "restore-signals", result)?;
        set_handler(cx, signal, Value::FALSE);
    }
    Ok::<(), Box<Exit>>(())
}

/// Sends SIGNAL to the process PID; to this process's group for 0, to the group -PID for a negative number. Signal 0 only
/// asks whether there is such a process. [Guile: Signals]
///
///     (kill (getpid) 0)
fn "kill" (cx, pid: Int, signal: Int) needs signals, process {
    let pid = pid.c_int(cx, "kill", 1, "pid")?;
    let signal = signal.c_int(cx, "kill", 2, "signal")?;
    // To itself: so that the handler has run when this returns.
    let own = pid == nix::unistd::getpid().as_raw() && signal != 0;
    let result = if own { signal::raise(signal) } else { signal::kill(pid, signal) };
    settle(cx, "kill", result)
}

/// Sends SIGNAL to this process. [Guile: Signals]
///
///     (%raise-signal 0)
fn "%raise-signal" (cx, signal: Int) needs signals {
    let signal = signal.c_int(cx, "raise", 1, "signal")?;
    let result = if signal == 0 { Ok(()) } else { signal::raise(signal) };
    settle(cx, "raise", result)
}

/// Lets SIGALRM come after SECONDS, or not at all for 0; answers how many seconds were left of the last request. [Guile: Signals]
///
///     (alarm 0)  => 0
fn "alarm" (cx, seconds: Int) needs signals {
    match number::integer_to_u64(&cx.heap, seconds.0).map(u32::try_from) {
        Some(Ok(seconds)) => Ok(signal::alarm(seconds) as usize),
        _ => out_of_range(cx, "alarm", 1, "seconds", "from 0 to 4294967295", seconds.0),
    }
}

/// Sets the timer WHICH (ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF): its signal comes after so many seconds and microseconds of
/// VALUE, and then again after each INTERVAL, if that is not 0. The answer is what it was set to: a list of two pairs of seconds
/// and microseconds, the interval and what was left. [Guile: Signals]
///
///     (setitimer ITIMER_VIRTUAL 0 0 0 0)  => ((0 . 0) (0 . 0))
fn "setitimer" (cx, which: Int, interval_s: Int, interval_us: Int, value_s: Int, value_us: Int) needs signals {
    let which = which.c_int(cx, "setitimer", 1, "which")?;
    let mut numbers = [0; 4];
    let names = ["interval_s", "interval_us", "value_s", "value_us"];
    for (index, part) in [interval_s, interval_us, value_s, value_us].into_iter().enumerate() {
        numbers[index] = part.c_int(cx, "setitimer", index + 2, names[index])?.into();
    }
    let [a, b, c, d] = numbers;
    // As Guile: a million microseconds and more are seconds.
    let span = |seconds: i64, micros: i64| (seconds + micros.div_euclid(MILLION) * i64::from(micros > 0), if micros > 0 { micros % MILLION } else { micros });
    let answer = signal::set_timer(which, span(a, b), span(c, d));
    let times = settle(cx, "setitimer", answer)?;
    Ok(times_value(cx, times))
}

/// What the timer WHICH is set to: a list of two pairs of seconds and microseconds, the interval and what is left. [Guile: Signals]
///
///     (getitimer ITIMER_VIRTUAL)  => ((0 . 0) (0 . 0))
fn "getitimer" (cx, which: Int) needs signals {
    let which = which.c_int(cx, "getitimer", 1, "which")?;
    let answer = signal::timer(which);
    let times = settle(cx, "getitimer", answer)?;
    Ok(times_value(cx, times))
}

/// Waits until a signal comes whose handler runs. [Guile: Signals]
///
///     (pause)
fn "pause" (cx) { wait_for_signal(cx, "pause", None).map(|_| ()) }

/// Waits until DEADLINE, a number of jiffies, or for ever if it is #f; answers #t when a signal's handler is to run before.
fn "%wait-for-signal" (cx, deadline: Value) {
    let deadline = number::integer_to_u64(&cx.heap, deadline).and_then(|nanos| cx.started.checked_add(Duration::from_nanos(nanos)));
    wait_for_signal(cx, "sleep", deadline)
}

/// Lets the program call THUNK at its next safepoint. [Guile: Asyncs]
///
///     (let ((ran #f)) (system-async-mark (lambda () (set! ran #t))) ran)  => #t
fn "system-async-mark" (cx, thunk: Procedure, [thread: Value]) {
    let table = table(cx);
    let waiting = append(cx, table.field(MARKED), thunk.0);
    cx.heap.set_field(table, MARKED, waiting);
    cx.net.interrupt().mark();
}

/// Holds asyncs and handlers of signals up once more (for a positive CHANGE) or less often; answers how often they were held up.
fn "%hold-asyncs" (cx, change: i64) {
    let table = table(cx);
    let before = table.field(HELD).fixnum_value();
    cx.heap.set_field(table, HELD, Value::fixnum(before.saturating_add(change)));
    if before.saturating_add(change) <= 0 {
        cx.net.interrupt().mark();
    }
    Value::fixnum(before)
}

/// What is to be called next because of signals and asyncs: a pair of procedure and arguments; #f for nothing.
fn "%next-async" (cx) { next_async(cx) }

/// Whether SIGINT and SIGQUIT are ignored while `system` waits for the program that it has started: ON is added to how often.
fn "%system" (cx, on: i64) needs process {
    let table = table(cx);
    let before = table.field(SHIELDED).fixnum_value();
    cx.heap.set_field(table, SHIELDED, Value::fixnum(before + on));
    let result = match (before, before + on) {
        (0, 1..) => cx.net.signals.shield(),
        (1.., 0) => cx.net.signals.unshield(),
        _ => Ok(()),
    };
    settle(cx, "system", result)
}
}

const MILLION: i64 = 1_000_000;

// The table of what the program wants, a vector: for each signal, by its number, a pair of handler and flags, or #f if the
// program has not changed it; and then:
const SIGNALS_KNOWN: usize = 65;
/// Thunks that were marked, the first one first.
const MARKED: usize = SIGNALS_KNOWN;
/// How often asyncs are held up.
const HELD: usize = SIGNALS_KNOWN + 1;
/// How many callers want SIGINT and SIGQUIT ignored.
const SHIELDED: usize = SIGNALS_KNOWN + 2;

fn table(cx: &mut Cx) -> Value {
    if !cx.roots.signals.is_vector() {
        let mut slots = [Value::FALSE; SIGNALS_KNOWN + 3];
        slots[MARKED] = Value::NIL;
        slots[HELD] = Value::fixnum(0);
        slots[SHIELDED] = Value::fixnum(0);
        cx.roots.signals = cx.heap.vector(&slots);
    }
    cx.roots.signals
}

fn set_handler(cx: &mut Cx, signal: i32, entry: Value) {
    let table = table(cx);
    if let Some(slot) = usize::try_from(signal).ok().filter(|slot| *slot < SIGNALS_KNOWN) {
        cx.heap.set_field(table, slot, entry);
    }
}

/// What the program has set for a signal: a pair of handler and flags.
fn handler(cx: &mut Cx, signal: i32) -> Option<(Value, Value)> {
    let table = table(cx);
    let slot = usize::try_from(signal).ok().filter(|slot| *slot < SIGNALS_KNOWN)?;
    table.field(slot).as_pair()
}

fn append(cx: &mut Cx, list: Value, last: Value) -> Value {
    let items: Vec<Value> = list_items(list).chain(std::iter::once(last)).collect();
    cx.heap.list(&items)
}

fn sigaction(cx: &mut Cx, signal: Int, wanted: Option<Value>, flags: Option<Int>) -> Answer {
    let who = "sigaction";
    let number = match number::integer_to_i64(&cx.heap, signal.0) {
        Some(n @ 0..=64) => n as i32,
        _ => return out_of_range(cx, who, 1, "signal", "from 0 to 64", signal.0),
    };
    let flags = flags.map_or(Ok(0), |flags| flags.c_int(cx, who, 3, "flags"))?;
    let before = match handler(cx, number) {
        Some((handler, flags)) => cx.heap.cons(handler, flags),
        None => {
            let answer = Signals::disposition(number);
            let disposition = settle(cx, who, answer)?;
            let handler = if disposition == Disposition::Ignore { libc::SIG_IGN } else { libc::SIG_DFL };
            cx.heap.cons(Value::fixnum(handler as i64), Value::fixnum(0))
        }
    };
    let Some(wanted) = wanted else { return Ok(before) };
    if wanted == Value::FALSE {
        let result = cx.net.signals.restore(number);
        settle(cx, who, result)?;
        set_handler(cx, number, Value::FALSE);
        return Ok(before);
    }
    let disposition = match wanted.as_fixnum() {
        Some(n) if n == libc::SIG_DFL as i64 => Disposition::Default,
        Some(n) if n == libc::SIG_IGN as i64 => Disposition::Ignore,
        Some(_) => return out_of_range(cx, who, 2, "handler", "SIG_DFL or SIG_IGN, if a number", wanted),
        None if wanted.is_procedure() => Disposition::Handle,
        None => return wrong_type(cx, who, 2, "handler", "a procedure, SIG_DFL, SIG_IGN or #f", wanted),
    };
    let claimed = signal::claim(cx.net.interrupt());
    settle(cx, who, claimed)?;
    // First the handler: the signal may come at once.
    let entry = cx.heap.cons(wanted, Value::fixnum(flags.into()));
    let old = handler(cx, number).map_or(Value::FALSE, |(handler, flags)| cx.heap.cons(handler, flags));
    set_handler(cx, number, entry);
    let result = cx.net.signals.set(number, disposition, flags);
    if result.is_err() {
        set_handler(cx, number, old);
    }
    settle(cx, who, result)?;
    Ok(before)
}

fn next_async(cx: &mut Cx) -> Value {
    let table = table(cx);
    if table.field(HELD).fixnum_value() > 0 {
        return Value::FALSE;
    }
    let next = loop {
        if let Some((thunk, rest)) = table.field(MARKED).as_pair() {
            cx.heap.set_field(table, MARKED, rest);
            break Some(cx.heap.list(&[thunk]));
        }
        let Some(signal) = cx.net.interrupt().take_signal() else { break None };
        match handler(cx, signal) {
            Some((procedure, _)) if procedure.is_procedure() => {
                break Some(cx.heap.list(&[procedure, Value::fixnum(signal.into())]));
            }
            // It was taken back since the signal came.
            _ => {}
        }
    };
    if next.is_some() {
        // If this one does not return, the others are still to be run.
        cx.net.interrupt().mark();
    }
    next.unwrap_or(Value::FALSE)
}

/// Whether a signal was the end of the wait.
fn wait_for_signal(cx: &mut Cx, who: &'static str, deadline: Option<Instant>) -> Answer<bool> {
    loop {
        if cx.heap.control.interrupted() {
            return Err(Box::new(Exit::Interrupted));
        }
        if cx.heap.control.is_called() {
            return Ok(true);
        }
        if cx.net.mode == Mode::Try {
            return match deadline {
                Some(deadline) if Instant::now() >= deadline => Ok(false),
                _ => Err(Box::new(Exit::Wait(Wait { deadline, ..Wait::default() }))),
            };
        }
        match cx.net.wait(&[], deadline, who) {
            Ok(Woken::Deadline) => return Ok(false),
            Ok(_) => {}
            Err(stop) => return Err(stopped(cx, who, stop, None)),
        }
    }
}

fn times_value(cx: &Cx, (interval, value): (Span, Span)) -> Value {
    let pair = |(seconds, micros)| cx.heap.cons(Value::fixnum(seconds), Value::fixnum(micros));
    cx.heap.list(&[pair(interval), pair(value)])
}
