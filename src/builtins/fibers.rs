//! What stdlib/sockeye/fibers.scm makes fibers, operations, channels, conditions, mutexes and threads of.
//!
//! Each of these is one step that nothing comes between: fibers are pre-empted at safepoints only, never inside of a
//! builtin.

use super::declare::{Argument, Procedure, Str, Vector, wrong_type};
use super::port_value::PortObject;
use crate::builtins;
use crate::fiber::object::{Phase, State, fiber, group, queue, wait};
use crate::net::Interest;
use crate::net::poller::is_ready;
use crate::value::{Heap, Kind, Value, number};
use crate::vm::builtin::{Body, Control, Parameter, Row, Sort};
use crate::vm::cx::{Answer, Cx, Exit, Wait};
use std::time::{Duration, Instant};

const fn required(name: &'static str, expected: &'static str) -> Parameter {
    Parameter { name, expected, sort: Sort::Required }
}

pub static TURNS: &[Row] = &[
    Row {
        name: "%park",
        parameters: &[required("wait", "a wait of this fiber")],
        documentation: "Stops the running fiber until WAIT is over, and answers what it was ended with; #!default when the fiber was interrupted: then whatever it waited for has to be asked for again.\n",
        needs: &[],
        body: Body::Control(Control::Park),
    },
    Row {
        name: "%yield",
        parameters: &[],
        documentation: "Lets all other fibers that can run have a turn.\n",
        needs: &[],
        body: Body::Control(Control::Yield),
    },
    Row {
        name: "%section",
        parameters: &[],
        documentation: "Promises that the next thousand calls of this fiber are not interrupted by others, which run before if need be.\n",
        needs: &[],
        body: Body::Control(Control::Section),
    },
    Row {
        name: "%end-fiber",
        parameters: &[required("cancelled?", "a boolean"), required("value", "any value")],
        documentation: "Ends the running fiber with VALUE. Runs no winds. In the main line it ends the program.\n",
        needs: &[],
        body: Body::Control(Control::EndFiber),
    },
];

builtins! { FIBERS;

/// A new fiber that calls THUNK, in the group GROUP if that is not #f. It has the parameters of its maker, in boxes of its own,
/// and neither its handlers nor its winds.
fn "%spawn-fiber" (cx, thunk: Procedure, group: Value) needs fiber_room {
    let dynamic = inherited(cx);
    let action = cx.heap.list(&[thunk.0]);
    cx.fibers.spawn(&cx.heap, &mut cx.net, action, dynamic, group)
}

/// The fiber that runs.
///
///     (fiber? (current-fiber))  => #t
fn "current-fiber" (cx) { cx.fibers.current }

/// Whether OBJ is a fiber.
///
///     (fiber? car)  => #f
fn "fiber?" (cx, obj: Value) { obj.is_kind(Kind::Fiber) }

/// The main line of the program.
fn "%main-fiber" (cx) { cx.fibers.main }

/// The state of a fiber: ready, running, parked, done, failed or cancelled.
///
///     (fiber-state (current-fiber))  => running
fn "fiber-state" (cx, fiber: FiberArg) {
    let name = match fiber::state(fiber.0) {
        State::Ready => "ready",
        State::Running => "running",
        State::Parked => "parked",
        State::Done => "done",
        State::Failed => "failed",
        State::Cancelled => "cancelled",
    };
    Value::symbol(cx.symbols.intern(name))
}

/// Whether the fiber has ended, in whatever way.
///
///     (fiber-over? (current-fiber))  => #f
fn "fiber-over?" (cx, fiber: FiberArg) { fiber::state(fiber.0).is_over() }

/// What an ended fiber has returned or raised.
fn "%fiber-value" (cx, fiber: FiberArg) { fiber.0.field(fiber::VALUE) }

/// The number of a fiber; the main line has 0.
///
///     (exact-integer? (fiber-id (current-fiber)))  => #t
fn "fiber-id" (cx, fiber: FiberArg) { fiber.0.field(fiber::ID) }

/// The name of a fiber, or #f.
///
///     (fiber-name (current-fiber))  => #f
fn "fiber-name" (cx, fiber: FiberArg) { fiber.0.field(fiber::NAME) }

/// Gives a fiber a name, for messages.
///
///     (set-fiber-name! (current-fiber) "main")
fn "set-fiber-name!" (cx, fiber: FiberArg, name: Str) { cx.heap.set_field(fiber.0, fiber::NAME, name.0) }

/// The association list in which the library keeps what it knows of a fiber.
fn "%fiber-notes" (cx, fiber: FiberArg) { fiber.0.field(fiber::NOTES) }

/// Puts NOTES in place of the association list that %fiber-notes answers.
fn "%set-fiber-notes!" (cx, fiber: FiberArg, notes: Value) { cx.heap.set_field(fiber.0, fiber::NOTES, notes) }

/// The queue of who waits for the fiber's end.
fn "%fiber-joiners" (cx, fiber: FiberArg) { fiber::joiners(&cx.heap, fiber.0) }

/// The group the fiber was started in, or #f.
fn "%fiber-group" (cx, fiber: FiberArg) { fiber.0.field(fiber::GROUP) }

/// A new group of fibers: also the queue of who waits for its last fiber to end.
fn "%make-group" (cx) { group::make(&cx.heap) }

/// How many fibers of the group have not ended.
fn "%group-live" (cx, group: QueueArg) { Value::fixnum(group::live(group.0)) }

/// No fiber of the group runs any more.
fn "%group-end!" (cx, group: QueueArg) { group::end(&cx.heap, group.0) }

/// A new wait of the running fiber, open until it parks in it.
fn "%open-wait" (cx) { cx.fibers.open_wait(&cx.heap) }

/// The fiber will not park in its open wait.
fn "%drop-wait" (cx, wait: WaitArg) {
    cx.fibers.wake(&cx.heap, wait.0, Value::FALSE);
    cx.heap.set_field(cx.fibers.current, fiber::OPEN, Value::FALSE);
}

/// Whether the wait of this entry is over.
fn "%wait-over?" (cx, entry: Entry) { wait::phase(wait::of_entry(entry.0)) == Phase::Over }

/// Ends the wait of this entry with VALUE, if it is not over; whether it was this call that ended it.
fn "%wake!" (cx, entry: Entry, value: Value) { cx.fibers.wake_entry(&cx.heap, entry.0, value) }

/// Ends the wait of this entry with #t after so many SECONDS.
fn "%wake-after!" (cx, entry: Entry, seconds: Value) needs timer_room {
    let time = duration(cx, "sleep", "seconds", seconds, 1.0)?;
    cx.fibers.wake_at(&cx.heap, entry.0, Instant::now() + time);
    Ok(Value::UNSPECIFIED)
}

/// Ends the wait of this entry with #t when PORT can be read or, if WRITE? is true, written.
fn "%wake-when-ready!" (cx, entry: Entry, port: Value, write: bool) needs descriptor(port) {
    let Some(fd) = descriptor(cx, port) else { return Ok(Value::bool(cx.fibers.wake_entry(&cx.heap, entry.0, Value::TRUE))) };
    if cx.fibers.wake_when_ready(&cx.heap, &mut cx.net, entry.0, fd, interest(write)).is_err() {
        cx.fibers.wake_entry(&cx.heap, entry.0, Value::TRUE);
    }
    Ok(Value::UNSPECIFIED)
}

/// Whether PORT, or a descriptor, can be read, or written if WRITE? is true, without waiting.
fn "%port-ready?" (cx, port: Value, write: bool) needs descriptor(port) {
    if let Some(object) = cx.heap.external_mut::<PortObject>(port)
        && !write
        && object.port.has_buffered_input()
    {
        return Ok(Value::TRUE);
    }
    Ok(Value::bool(descriptor(cx, port).is_none_or(|fd| is_ready(fd, interest(write)))))
}

/// Waits until the descriptor can be read that whoever runs the program waits for; programs cannot choose one.
fn "%await-descriptor" (cx) {
    let Some(fd) = cx.awaited else { return Ok(Value::UNSPECIFIED) };
    match is_ready(fd, Interest::Read) {
        true => Ok(Value::UNSPECIFIED),
        false => Err(Box::new(Exit::Wait(Wait { read: Some(fd), ..Wait::default() }))),
    }
}

/// A new queue of entries.
fn "%make-queue" (cx) { queue::make(&cx.heap) }

/// Puts an entry at the end of a queue.
fn "%queue-push!" (cx, queue: QueueArg, entry: Entry) { queue::push(&cx.heap, queue.0, entry.0) }

/// Whether some entry in the queue still waits.
fn "%queue-waited?" (cx, queue: QueueArg) { queue::is_waited_for(queue.0) }

/// Ends the wait of the first entry with VALUE, and answers its fiber; #f if nobody waits.
fn "%queue-wake-one!" (cx, queue: QueueArg, value: Value) {
    while let Some(entry) = queue::pop(&cx.heap, queue.0, Value::FALSE) {
        if cx.fibers.wake_entry(&cx.heap, entry, value) {
            return Ok(wait::of_entry(entry).field(wait::FIBER));
        }
    }
    Ok(Value::FALSE)
}

/// Ends the waits of all entries with VALUE; whether there were any.
fn "%queue-wake-all!" (cx, queue: QueueArg, value: Value) { cx.fibers.wake_all(&cx.heap, queue.0, value) }

/// Takes a message from the first of PUTTERS, whose wait ends: a box of it, or #f if nobody has one. OWN is the wait of who
/// asks, or #f: it takes nothing from itself.
fn "%channel-take!" (cx, putters: QueueArg, own: Value) { take_message(cx, putters, own).map(|message| cx.heap.boxed(message)) }

/// Hands MESSAGE to the first of GETTERS, whose wait ends; #f if nobody waits. OWN is the wait of who asks, or #f.
fn "%channel-give!" (cx, getters: QueueArg, message: Value, own: Value) { give_message(cx, getters, message, own) }

/// Puts the entry of one who wants a message in line, unless one is there by now: then both waits end.
fn "%channel-enter-getter!" (cx, putters: QueueArg, getters: QueueArg, entry: Entry) {
    if wait::is_alive(entry.0) {
        match take_message(cx, putters, wait::of_entry(entry.0)) {
            Some(message) => drop(cx.fibers.wake_entry(&cx.heap, entry.0, message)),
            None => queue::push(&cx.heap, getters.0, entry.0),
        }
    }
}

/// Puts the entry of one who has a message, in a vector's place 2, in line, unless somebody wants it by now: then both waits end.
fn "%channel-enter-putter!" (cx, putters: QueueArg, getters: QueueArg, entry: Vector) {
    if wait::is_entry(entry.0) && entry.0.field_count() > MESSAGE && wait::is_alive(entry.0) {
        if give_message(cx, getters, entry.0.field(MESSAGE), entry.0.field(0)) {
            cx.fibers.wake_entry(&cx.heap, entry.0, Value::UNSPECIFIED);
        } else {
            queue::push(&cx.heap, putters.0, entry.0);
        }
    }
}

/// Calls THUNK in FIBER, soon: out of whatever it waits for, which is then asked for again.
fn "%interrupt-fiber!" (cx, fiber: FiberArg, thunk: Procedure) { cx.fibers.interrupt(&cx.heap, fiber.0, thunk.0) }

/// Calls THUNK in the running fiber after so many SECONDS, if the number this answers is not given to %lift-limit! before.
fn "%set-limit!" (cx, seconds: Value, thunk: Procedure) needs timer_room {
    let time = duration(cx, "with-timeout", "seconds", seconds, 1.0)?;
    Ok(cx.fibers.set_limit(&cx.heap, &mut cx.net, Instant::now() + time, thunk.0))
}

/// Ends a time limit: LIMIT is its number, LIVE? whether its time has not come.
fn "%lift-limit!" (cx, limit: usize, live: bool) { cx.fibers.lift_limit(&mut cx.net, live.then_some(limit)) }

/// Whether calls on descriptors that were made non-blocking wait all the same. ON is a procedure where the program itself waits:
/// it is called as those of relay ports are, with the port and the symbol read or write, and makes the call again. #t leaves such
/// a procedure as it is.
fn "%set-suspendable!" (cx, on: Value) {
    cx.net.suspendable = on.is_true();
    if on != Value::TRUE {
        cx.net.asks = on.is_procedure();
        cx.roots.waiter = on;
    }
    Value::UNSPECIFIED
}

/// Fails as Ctrl-C does.
fn "%raise-interrupt" (cx) {
    cx.heap.control.acknowledge_interrupt();
    cx.heap.control.put_off_collection();
    Exit::Raise(cx.maker().interrupted())
}

/// Fails because nothing that is waited for can come.
fn "%raise-deadlock" (cx) {
    let stuck = std::mem::take(&mut cx.stuck);
    let text = format!("nothing can run any more: every fiber waits for another, or for what cannot come: {stuck}");
    cx.fail::<Value>(|make| make.misc("deadlock", &text))
}

/// Asks the system for readiness with poll(2) in place of epoll from now on.
fn "%use-poll!" (cx) { cx.fibers.use_poll(&mut cx.net) }
}

/// Where the message stands in a putter's entry.
const MESSAGE: usize = 2;

fn take_message(cx: &mut Cx, putters: QueueArg, own: Value) -> Option<Value> {
    while let Some(entry) = queue::pop(&cx.heap, putters.0, own) {
        let message = entry.field(MESSAGE);
        if cx.fibers.wake_entry(&cx.heap, entry, Value::UNSPECIFIED) {
            return Some(message);
        }
    }
    None
}

fn give_message(cx: &mut Cx, getters: QueueArg, message: Value, own: Value) -> bool {
    while let Some(entry) = queue::pop(&cx.heap, getters.0, own) {
        if cx.fibers.wake_entry(&cx.heap, entry, message) {
            return true;
        }
    }
    false
}

fn interest(write: bool) -> Interest {
    if write { Interest::Write } else { Interest::Read }
}

/// The number of a descriptor, or that of a port; None for what never makes anybody wait.
fn descriptor(cx: &mut Cx, port: Value) -> Option<i32> {
    match port.as_fixnum() {
        Some(number) => i32::try_from(number).ok(),
        None => cx.heap.external_mut::<PortObject>(port)?.port.fd(),
    }
}

/// The parameters of the running fiber, for a new one: the innermost binding of each, in a box of its own.
fn inherited(cx: &Cx) -> Value {
    let heap: &Heap = &cx.heap;
    let mut kept: Vec<(Value, Value)> = Vec::new();
    let mut dynamic = cx.dynamic;
    while let Some((entry, rest)) = dynamic.as_pair() {
        let parameter = entry.car();
        if parameter.is_kind(Kind::Parameter) && !kept.iter().any(|(known, _)| *known == parameter) {
            kept.push((parameter, entry.cdr().field(0)));
        }
        dynamic = rest;
    }
    let entries: Vec<Value> = kept.iter().map(|(parameter, value)| heap.cons(*parameter, heap.boxed(*value))).collect();
    heap.list(&entries)
}

/// A time to wait, given in units of so many seconds. For ever, for whoever asks for more than three centuries.
pub fn duration(cx: &mut Cx, who: &str, name: &str, time: Value, unit: f64) -> Answer<Duration> {
    const LONGEST: f64 = 1e10;
    let units = number::load_real(&cx.heap, time).map(|units| units.to_f64());
    match units.filter(|units| *units >= 0.0) {
        Some(units) => Ok(Duration::from_secs_f64((units * unit).min(LONGEST))),
        None => wrong_type(cx, who, 1, name, "a real number that is not negative", time),
    }
}

macro_rules! scheduled {
    ($($name:ident, $expected:literal, $test:expr;)*) => {$(
        #[derive(Clone, Copy)]
        pub struct $name(pub Value);

        impl Argument for $name {
            const EXPECTED: &'static str = $expected;
            fn take(_: &Cx, v: Value) -> Option<$name> {
                let test: fn(Value) -> bool = $test;
                test(v).then_some($name(v))
            }
        }
    )*};
}

scheduled! {
    FiberArg, "a fiber", |v| v.is_kind(Kind::Fiber);
    WaitArg, "a wait", |v| v.is_kind(Kind::Wait);
    QueueArg, "a queue", |v| v.is_kind(Kind::Queue);
    Entry, "an entry: a wait, or a vector that begins with one", wait::is_entry;
}
