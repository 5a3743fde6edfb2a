//! Readiness sets: what (sockeye net poller) is made of.
//!
//! A poller is a port on an epoll instance, and wakes by an eventfd that is one of its members. The numbers that members are
//! known by, and the keys they stand for, are kept in Scheme; so is what makes a wait out of these steps.

use super::declare::{ListOrNil, Sym, out_of_range};
use super::descriptors::{descriptor, failed, number_of};
use super::fibers::duration;
use super::lists::elements;
use super::port_value::{PortArg, Use, port_value, stopped};
use crate::builtins;
use crate::net::poller::{Readiness, Woken, change, drain, epoll, eventfd, notify, ready};
use crate::net::{self, Interest, Mode};
use crate::port::{Buffering, Descriptor, Port, Ways};
use crate::value::Value;
use crate::vm::cx::{Answer, Cx, Exit, Wait};
use nix::sys::epoll::{EpollFlags, EpollOp};
use std::io;
use std::os::fd::{OwnedFd, RawFd};
use std::time::{Duration, Instant};

builtins! { POLLERS;

/// Seconds of a clock that nobody sets, counted from the program's start.
///
///     (<= 0 (monotonic-time) (monotonic-time))  => #t
fn "monotonic-time" (cx) needs time { cx.started.elapsed().as_secs_f64() }

/// A port on a new epoll instance.
fn "%make-poller-port" (cx) needs room {
    let made = epoll();
    port_on(cx, "make-poller", "poller", made)
}

/// A port on a new eventfd.
fn "%make-wake-port" (cx) needs room {
    let made = eventfd();
    port_on(cx, "make-poller", "wake-up", made)
}

/// Makes the eventfd of PORT readable.
fn "%notify!" (cx, port: PortArg) {
    let fd = descriptor(cx, Use::of("poller-wake!", 1, port))?;
    notify(fd).or_else(|error| refused(cx, "poller-wake!", &error))
}

/// Makes the eventfd of PORT not readable any more.
fn "%drain!" (cx, port: PortArg) {
    let fd = descriptor(cx, Use::of("poller-wait!", 1, port))?;
    drain(fd);
    Ok(Value::UNSPECIFIED)
}

/// Makes MEMBER, a port or descriptor, a member of POLLER with this NUMBER, in the name of poller-add!; INTEREST is a list of the
/// symbols read and write.
fn "%poller-add!" (cx, poller: PortArg, member: Value, interest: ListOrNil, number: usize) needs descriptor(member) {
    control(cx, "poller-add!", EpollOp::EpollCtlAdd, poller, member, interest.0, number)
}

/// Changes what a member is waited for.
fn "%poller-modify!" (cx, poller: PortArg, member: Value, interest: ListOrNil, number: usize) needs descriptor(member) {
    control(cx, "poller-modify!", EpollOp::EpollCtlMod, poller, member, interest.0, number)
}

/// Makes MEMBER no member any more.
fn "%poller-remove!" (cx, poller: PortArg, member: Value) {
    control(cx, "poller-remove!", EpollOp::EpollCtlDel, poller, member, Value::NIL, 0)
}

/// The descriptor that MEMBER stands on, in the name of WHO.
fn "%member-number" (cx, member: Value) { number_of(cx, "poller-add!", 2, "port", member) }

/// When SECONDS from now are over, in nanoseconds of get-internal-real-time; WHO is told of in failures.
fn "%deadline" (cx, who: Sym, seconds: Value) {
    let who = cx.symbols.name(who.0.as_symbol().expect("a symbol")).to_string();
    let left = duration(cx, &who, "seconds", seconds, 1.0)?;
    Ok(cx.started.elapsed().saturating_add(left).as_nanos() as usize)
}

/// Waits until members of POLLER are ready, or DEADLINE has come, in nanoseconds of get-internal-real-time, if it is not #f: a list of
/// their numbers, each before a list of what it is ready for.
fn "%poller-wait!" (cx, poller: PortArg, deadline: Value) {
    let nanoseconds = deadline.as_fixnum().map(|n| u64::try_from(n).unwrap_or(0));
    let deadline = nanoseconds.and_then(|n| cx.started.checked_add(Duration::from_nanos(n)));
    wait(cx, poller, deadline)
}
}

fn port_on(cx: &mut Cx, who: &str, name: &'static str, made: io::Result<OwnedFd>) -> Answer {
    let fd = match made {
        Ok(fd) => fd,
        Err(error) => return refused(cx, who, &error),
    };
    match Descriptor::new(fd) {
        Ok(device) => Ok(port_value(cx, Port::new(name, Box::new(device), Ways::INPUT, Buffering::None))),
        Err(stop) => Err(stopped(cx, who, stop, None)),
    }
}

fn refused<T>(cx: &mut Cx, who: &str, error: &io::Error) -> Answer<T> {
    Err(stopped(cx, who, net::Error::from_io("descriptor", error).into(), None))
}

fn control(
    cx: &mut Cx,
    who: &str,
    operation: EpollOp,
    poller: PortArg,
    member: Value,
    interest: Value,
    number: usize,
) -> Answer {
    let epoll = descriptor(cx, Use::of(who, 1, poller))?;
    let fd = number_of(cx, who, 2, "port", member)?;
    if cx.net.owns(fd) {
        return failed(cx, who, nix::libc::EBADF);
    }
    let mut flags = EpollFlags::empty();
    for wanted in elements(cx, who, 3, "interest", interest)? {
        flags |= match wanted.as_symbol().map(|symbol| cx.symbols.name(symbol)) {
            Some("read") => EpollFlags::EPOLLIN | EpollFlags::EPOLLRDHUP,
            Some("write") => EpollFlags::EPOLLOUT,
            _ => return out_of_range(cx, who, 3, "interest", "a list of the symbols read and write", interest),
        };
    }
    match change(epoll, operation, fd, flags, number as u64) {
        Ok(()) => Ok(Value::UNSPECIFIED),
        Err(error) => refused(cx, who, &error),
    }
}

fn wait(cx: &mut Cx, poller: PortArg, deadline: Option<Instant>) -> Answer {
    const WHO: &str = "poller-wait!";
    let fd: RawFd = descriptor(cx, Use::of(WHO, 1, poller))?;
    loop {
        let found = match ready(fd) {
            Ok(found) => found,
            Err(error) => return refused(cx, WHO, &error),
        };
        if !found.is_empty() {
            return Ok(listed(cx, &found));
        }
        if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            return Ok(Value::NIL);
        }
        if cx.net.mode == Mode::Try {
            return Err(Box::new(Exit::Wait(Wait { read: Some(fd), deadline, ..Wait::default() })));
        }
        match cx.net.wait(&[(fd, Interest::Read)], deadline, WHO) {
            Ok(Woken::Interrupted) if cx.heap.control.interrupted() => return Err(Box::new(Exit::Interrupted)),
            // A signal: its handler is run when this has answered that nothing is ready.
            Ok(Woken::Interrupted) => return Ok(Value::NIL),
            Ok(Woken::Called) if cx.heap.control.is_called() => return Ok(Value::NIL),
            Ok(_) => {}
            Err(stop) => return Err(stopped(cx, WHO, stop, None)),
        }
    }
}

fn listed(cx: &mut Cx, found: &[Readiness]) -> Value {
    const NAMES: [(EpollFlags, &str); 4] = [
        (EpollFlags::EPOLLIN, "read"),
        (EpollFlags::EPOLLOUT, "write"),
        (EpollFlags::EPOLLHUP.union(EpollFlags::EPOLLRDHUP), "hangup"),
        (EpollFlags::EPOLLERR, "error"),
    ];
    let mut members = Vec::with_capacity(found.len());
    for Readiness { number, flags } in found {
        let seen = NAMES.iter().filter(|(mask, _)| flags.intersects(*mask));
        let seen: Vec<Value> = seen.map(|(_, name)| Value::symbol(cx.symbols.intern(name))).collect();
        let events = cx.heap.list(&seen);
        members.push(cx.heap.cons(Value::fixnum(*number as i64), events));
    }
    cx.heap.list(&members)
}
