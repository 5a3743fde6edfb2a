//! select: waiting until one of several ports or descriptors can go on. On poll, so numbers have no limit.
//!
//! The time limit counts from the first call; a call that is made again, after its fibre has slept, gets what is left of it
//! (`%select-until`).

use super::addresses::Int;
use super::declare::{Argument, ListOrNil, out_of_range, wrong_type};
use super::descriptors::{failed, number_of};
use super::port_value::{PortObject, is_port, stopped};
use crate::builtins;
use crate::net::poller::Woken;
use crate::net::{Interest, Mode};
use crate::value::{Value, number};
use crate::vm::cx::{Answer, Cx, Exit, Wait};
use nix::libc;
use std::os::fd::RawFd;
use std::time::{Duration, Instant};

builtins! { SELECT;

/// Waits until one of the ports or descriptors in READS has input, in WRITES takes output, or in EXCEPTS has urgent data; at most
/// SECS seconds and USECS microseconds, for ever without them. READS, WRITES and EXCEPTS are lists or vectors; the answer is a list
/// of three such, of the members that can go on, in their order. Input that a port has fetched already counts. [Guile]
///
///     (select '() '() '() 0)  => (() () ())
fn "select" (cx, reads: Value, writes: Value, excepts: Value, [secs: Value], [usecs: Value]) needs waited(reads, writes, excepts) {
    let limit = time_limit(cx, secs, usecs)?;
    // Past what a clock can count to, the limit is for ever.
    let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
    let collections = [reads, writes, excepts];
    match (cx.net.mode, deadline, cx.builtin("%select-until")) {
        (Mode::Try, Some(deadline), Some(procedure)) => {
            let nanoseconds = deadline.saturating_duration_since(cx.started).as_nanos();
            let nanoseconds = Value::fixnum(i64::try_from(nanoseconds).unwrap_or(i64::MAX >> 4).min(i64::MAX >> 4));
            Err(Box::new(Exit::TailCall(procedure, vec![reads, writes, excepts, nanoseconds])))
        }
        _ => select(cx, collections, deadline),
    }
}

/// The rest of a `select` that was told to wait: DEADLINE is in nanoseconds since the engine's start, or #f.
fn "%select-until" (cx, reads: Value, writes: Value, excepts: Value, deadline: Value) needs waited(reads, writes, excepts) {
    let nanoseconds = deadline.as_fixnum().and_then(|n| u64::try_from(n).ok());
    let deadline = nanoseconds.map(|n| cx.started + Duration::from_nanos(n));
    select(cx, [reads, writes, excepts], deadline)
}
}

struct Member {
    value: Value,
    fd: RawFd,
    /// Its port holds input already.
    at_hand: bool,
}

fn time_limit(cx: &mut Cx, secs: Option<Value>, usecs: Option<Value>) -> Answer<Option<Duration>> {
    let Some(secs) = secs.filter(|secs| *secs != Value::FALSE) else { return Ok(None) };
    let Some(seconds) = number::load_real(&cx.heap, secs).map(|n| n.to_f64()) else {
        return wrong_type(cx, "select", 4, "secs", "a real number", secs);
    };
    let micros = match usecs {
        None => 0,
        Some(_) if !number::is_exact_integer(secs) => {
            return wrong_type(cx, "select", 4, "secs", "an exact integer, where microseconds follow", secs);
        }
        Some(v) => match number::integer_to_i64(&cx.heap, v) {
            Some(n) => n,
            None => return wrong_type(cx, "select", 5, "usecs", Int::EXPECTED, v),
        },
    };
    let total = seconds + micros as f64 / 1e6;
    if seconds < 0.0 || micros < 0 || total.is_nan() {
        return failed(cx, "select", libc::EINVAL);
    }
    Ok(Duration::try_from_secs_f64(total).ok())
}

/// The members of a list or vector of ports and descriptors.
fn members(cx: &mut Cx, position: usize, collection: Value) -> Answer<Vec<Member>> {
    const NAMES: [&str; 3] = ["reads", "writes", "excepts"];
    let name = NAMES[position - 1];
    let refuse =
        |cx: &mut Cx| wrong_type(cx, "select", position, name, "a list or vector of ports and descriptors", collection);
    let mut values = Vec::new();
    if let Some(items) = cx.heap.slice(collection) {
        if items.len() > LARGEST {
            return refuse(cx);
        }
        values.extend_from_slice(items);
    } else if ListOrNil::take(cx, collection).is_some() {
        let mut rest = collection;
        while let Some((first, more)) = rest.as_pair() {
            values.push(first);
            rest = more;
            // A circular list has no end.
            if values.len() > LARGEST {
                return refuse(cx);
            }
        }
        if !rest.is_null() {
            return refuse(cx);
        }
    } else {
        return refuse(cx);
    }
    let mut members = Vec::with_capacity(values.len());
    for value in values {
        let fd = number_of(cx, "select", position, name, value)?;
        if fd < 0 {
            return out_of_range(cx, "select", position, name, "descriptors, which are not negative", value);
        }
        let at_hand = position == 1
            && is_port(cx, value)
            && cx.heap.external_mut::<PortObject>(value).is_some_and(|object| object.port.has_buffered_input());
        members.push(Member { value, fd, at_hand });
    }
    Ok(members)
}

/// More than the system has descriptors.
const LARGEST: usize = 1 << 20;

fn select(cx: &mut Cx, collections: [Value; 3], deadline: Option<Instant>) -> Answer {
    let all = [members(cx, 1, collections[0])?, members(cx, 2, collections[1])?, members(cx, 3, collections[2])?];
    let interests = [Interest::Read, Interest::Write, Interest::Except];
    let mut set = Vec::new();
    for (members, interest) in all.iter().zip(interests) {
        set.extend(members.iter().map(|member| (member.fd, interest)));
    }
    let at_hand = all[0].iter().any(|member| member.at_hand);
    let now = Instant::now();
    let due = at_hand || deadline.is_some_and(|deadline| deadline <= now);
    let patient = cx.net.mode != Mode::Try;
    let until = if due || !patient { Some(now) } else { deadline };
    let ready = loop {
        match cx.net.wait(&set, until, "select") {
            Ok(Woken::Ready(ready)) => break ready,
            Ok(Woken::Deadline) if due || patient => break Vec::new(),
            // Where other fibers run, nothing may block: the select is made again when something has happened.
            Ok(Woken::Deadline) => return Err(Box::new(Exit::Wait(Wait { deadline, more: set, ..Wait::default() }))),
            // A signal: its handler is run when this has answered that nothing is ready.
            Ok(Woken::Called) if cx.heap.control.is_called() => break Vec::new(),
            Ok(Woken::Called) => {}
            Ok(Woken::Interrupted) if cx.heap.control.interrupted() => return Err(Box::new(Exit::Interrupted)),
            // A signal that the program handles ends it with nothing; the handler runs before anybody sees that.
            Ok(Woken::Interrupted) => break Vec::new(),
            Err(stop) => return Err(stopped(cx, "select", stop, None)),
        }
    };
    let mut answered = vec![false; set.len()];
    for at in ready {
        answered[at] = true;
    }
    let mut offset = 0;
    let mut parts = Vec::new();
    for (members, collection) in all.iter().zip(collections) {
        let flags = &answered[offset..offset + members.len()];
        offset += members.len();
        let chosen: Vec<Value> = members
            .iter()
            .zip(flags)
            .filter(|(member, ready)| **ready || member.at_hand)
            .map(|(m, _)| m.value)
            .collect();
        parts.push(if collection.is_vector() { cx.heap.vector(&chosen) } else { cx.heap.list(&chosen) });
    }
    Ok(cx.heap.list(&parts))
}
