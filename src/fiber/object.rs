//! The heap objects of the scheduler: fibers, waits, queues. Only the modules named here know their fields.

use crate::value::{Heap, Kind, Value};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Ready,
    Running,
    Parked,
    /// It has returned VALUE.
    Done,
    /// It has raised VALUE, and nobody handled that.
    Failed,
    Cancelled,
}

impl State {
    const ALL: [State; 6] = [State::Ready, State::Running, State::Parked, State::Done, State::Failed, State::Cancelled];

    pub fn is_over(self) -> bool {
        matches!(self, State::Done | State::Failed | State::Cancelled)
    }
}

pub mod fiber {
    use super::*;

    /// The suspended continuation: a segment (or #f: nothing below) and the offset in it.
    pub const SEGMENT: usize = 0;
    pub const OFFSET: usize = 1;
    pub const DYNAMIC: usize = 2;
    const STATE: usize = 3;
    /// What to do on going on: apply the car of this list to its cdr; #f to hand VALUE to the continuation.
    pub const ACTION: usize = 4;
    pub const VALUE: usize = 5;
    /// The wait it is parked in, or has opened; or the number of the one descriptor that the call it is parked in waits for;
    /// #f if none.
    pub const OPEN: usize = 6;
    /// Thunks to call before anything else, or #f.
    pub const ASYNCS: usize = 7;
    /// A queue of who waits for its end; #f before anybody does.
    pub const JOINERS: usize = 8;
    /// The group it was started in, or #f.
    pub const GROUP: usize = 9;
    pub const NAME: usize = 10;
    pub const ID: usize = 11;
    /// Free for the library: an association list.
    pub const NOTES: usize = 12;
    /// The deadline of the call it is parked in, as a stamp; #f if it has none.
    pub const DEADLINE: usize = 13;
    /// Whether the segment is its own: nobody else refers to it, and the next time it is left, its frames go there again.
    const OWN: usize = 14;
    const FIELDS: usize = 15;

    pub fn make(heap: &Heap, id: i64, action: Value, dynamic: Value, group: Value) -> Value {
        let mut fields = [Value::FALSE; FIELDS];
        fields[OFFSET] = Value::fixnum(0);
        fields[DYNAMIC] = dynamic;
        fields[STATE] = Value::fixnum(State::Ready as i64);
        fields[ACTION] = action;
        fields[GROUP] = group;
        fields[ID] = Value::fixnum(id);
        fields[NOTES] = Value::NIL;
        heap.make(Kind::Fiber, &fields)
    }

    /// A field of what is known to be a fiber: each switch asks for many.
    #[inline(always)]
    pub fn get(fiber: Value, field: usize) -> Value {
        debug_assert!(fiber.is_kind(Kind::Fiber) && field < FIELDS);
        fiber.word(1 + field)
    }

    #[inline(always)]
    pub fn set(heap: &Heap, fiber: Value, field: usize, value: Value) {
        debug_assert!(fiber.is_kind(Kind::Fiber) && field < FIELDS);
        heap.store(fiber, 1 + field, value);
    }

    #[inline]
    pub fn state(fiber: Value) -> State {
        State::ALL[get(fiber, STATE).fixnum_value() as usize]
    }

    #[inline]
    pub fn set_state(heap: &Heap, fiber: Value, state: State) {
        set(heap, fiber, STATE, Value::fixnum(state as i64));
    }

    /// Its own segment, if it has one.
    #[inline]
    pub fn own_segment(fiber: Value) -> Option<Value> {
        get(fiber, OWN).is_true().then(|| get(fiber, SEGMENT))
    }

    /// It goes on, and what it has left in its segment was all taken out of it; or not.
    #[inline]
    pub fn keep_segment(heap: &Heap, fiber: Value, keep: bool) {
        if !keep {
            set(heap, fiber, SEGMENT, Value::FALSE);
            set(heap, fiber, OWN, Value::FALSE);
        }
    }

    /// It is left, with this continuation.
    pub fn set_segment(heap: &Heap, fiber: Value, segment: Value, offset: usize, own: bool) {
        set(heap, fiber, SEGMENT, segment);
        set(heap, fiber, OFFSET, Value::fixnum(offset as i64));
        set(heap, fiber, OWN, Value::bool(own));
    }

    /// The asyncs of a fiber and one more, behind them.
    pub fn asyncs_with(heap: &Heap, fiber: Value, thunk: Value) -> Value {
        let mut all = Vec::new();
        let mut list = fiber.field(ASYNCS);
        while let Some((first, rest)) = list.as_pair() {
            all.push(first);
            list = rest;
        }
        all.push(thunk);
        heap.list(&all)
    }

    /// The queue of who waits for the fiber's end.
    pub fn joiners(heap: &Heap, fiber: Value) -> Value {
        if !fiber.field(JOINERS).is_kind(Kind::Queue) {
            heap.set_field(fiber, JOINERS, queue::make(heap));
        }
        fiber.field(JOINERS)
    }
}

/// The fibers of one `run-fibers`: a queue whose first fields count them.
pub mod group {
    use super::*;

    const LIVE: usize = queue::FIELDS;
    const OVER: usize = queue::FIELDS + 1;

    pub fn make(heap: &Heap) -> Value {
        let mut fields = queue::FRESH.to_vec();
        fields.extend([Value::fixnum(0), Value::FALSE]);
        heap.make(Kind::Queue, &fields)
    }

    fn is_group(v: Value) -> bool {
        v.is_kind(Kind::Queue) && v.field_count() > OVER
    }

    /// Counts fibers that start or end; how many are left, -1 if this is no group.
    pub fn add(heap: &Heap, group: Value, more: i64) -> i64 {
        if !is_group(group) {
            return -1;
        }
        let count = live(group) + more;
        heap.set_field(group, LIVE, Value::fixnum(count));
        count
    }

    pub fn live(group: Value) -> i64 {
        if is_group(group) { group.field(LIVE).fixnum_value() } else { 0 }
    }

    /// No fiber of it runs any more.
    pub fn end(heap: &Heap, group: Value) {
        if is_group(group) {
            heap.set_field(group, OVER, Value::TRUE);
        }
    }

    pub fn is_over(group: Value) -> bool {
        is_group(group) && group.field(OVER) == Value::TRUE
    }

    /// The queue of who waits for its last fiber to end: the group itself.
    pub fn joiners(group: Value) -> Value {
        group
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    Open,
    Parked,
    Over,
}

/// One wait of a fiber. An *entry* is what stands in queues for it: the wait itself, or, when an operation waits for several
/// things at once, a vector that begins with the wait. A call that waits for nothing but one descriptor has no wait: there the
/// fiber itself stands in line.
pub mod wait {
    use super::*;

    pub const FIBER: usize = 0;
    const PHASE: usize = 1;
    pub const VALUE: usize = 2;
    /// Timers and descriptors that may end it: lists, or, when there is but one, its number.
    pub const TIMERS: usize = 3;
    pub const FDS: usize = 4;

    /// The value of a wait that a call has opened, until it is over.
    const OF_CALL: Value = Value::DEFAULT;

    pub fn make(heap: &Heap, fiber: Value, of_call: bool) -> Value {
        let value = if of_call { OF_CALL } else { Value::FALSE };
        heap.make(Kind::Wait, &[fiber, Value::fixnum(Phase::Open as i64), value, Value::NIL, Value::NIL])
    }

    /// Whether a call has opened this wait.
    pub fn is_of_call(wait: Value) -> bool {
        wait.is_kind(Kind::Wait) && wait.field(VALUE) == OF_CALL
    }

    /// The fiber of who stands in line for a descriptor: by an entry, or itself.
    pub fn fiber_of(waiter: Value) -> Value {
        if waiter.is_kind(Kind::Fiber) { waiter } else { of_entry(waiter).field(FIBER) }
    }

    pub fn set(heap: &Heap, wait: Value, field: usize, value: Value) {
        heap.set_field(wait, field, value);
    }

    /// One timer or descriptor more may end it.
    pub fn add_number(heap: &Heap, wait: Value, field: usize, number: usize) {
        let number = Value::fixnum(number as i64);
        let numbers = match wait.field(field) {
            before if before.is_null() => number,
            one if one.is_fixnum() => heap.list(&[number, one]),
            list => heap.cons(number, list),
        };
        heap.set_field(wait, field, numbers);
    }

    /// Takes all of them out.
    #[inline]
    pub fn take_numbers(heap: &Heap, wait: Value, field: usize, mut taken: impl FnMut(usize)) {
        let mut rest = wait.field(field);
        if rest.is_null() {
            return;
        }
        while let Some((number, more)) = rest.as_pair() {
            taken(number.fixnum_value() as usize);
            rest = more;
        }
        if let Some(number) = rest.as_fixnum() {
            taken(number as usize);
        }
        heap.set_field(wait, field, Value::NIL);
    }

    pub fn phase(wait: Value) -> Phase {
        match wait.field(PHASE).fixnum_value() {
            0 => Phase::Open,
            1 => Phase::Parked,
            _ => Phase::Over,
        }
    }

    pub fn set_phase(heap: &Heap, wait: Value, phase: Phase) {
        heap.set_field(wait, PHASE, Value::fixnum(phase as i64));
    }

    pub fn is_entry(v: Value) -> bool {
        v.is_kind(Kind::Wait) || (v.is_vector() && v.field_count() > 0 && v.field(0).is_kind(Kind::Wait))
    }

    pub fn of_entry(entry: Value) -> Value {
        if entry.is_kind(Kind::Wait) { entry } else { entry.field(0) }
    }

    /// Whether the entry still waits.
    pub fn is_alive(entry: Value) -> bool {
        phase(of_entry(entry)) != Phase::Over
    }
}

/// Entries in line, first in first out. Those whose wait is over are passed over, and swept out before they become many.
pub mod queue {
    use super::*;

    /// A list, its last pair, how many entries it has, and at how many it is swept next.
    const FIRST: usize = 0;
    const LAST: usize = 1;
    const COUNT: usize = 2;
    const SWEEP: usize = 3;
    pub(super) const FIELDS: usize = 4;
    const SWEEP_FIRST: i64 = 16;
    pub(super) const FRESH: [Value; FIELDS] = [Value::NIL, Value::NIL, Value::fixnum(0), Value::fixnum(SWEEP_FIRST)];

    pub fn make(heap: &Heap) -> Value {
        heap.make(Kind::Queue, &FRESH)
    }

    pub fn push(heap: &Heap, queue: Value, entry: Value) {
        let count = queue.field(COUNT).fixnum_value() + 1;
        if count > queue.field(SWEEP).fixnum_value() {
            sweep(heap, queue);
            return push(heap, queue, entry);
        }
        let pair = heap.cons(entry, Value::NIL);
        match queue.field(LAST) {
            last if last.is_pair() => heap.set_cdr(last, pair),
            _ => heap.set_field(queue, FIRST, pair),
        }
        heap.set_field(queue, LAST, pair);
        heap.set_field(queue, COUNT, Value::fixnum(count));
    }

    fn sweep(heap: &Heap, queue: Value) {
        let mut alive = Vec::new();
        let mut list = queue.field(FIRST);
        while let Some((entry, rest)) = list.as_pair() {
            if wait::is_alive(entry) {
                alive.push(entry);
            }
            list = rest;
        }
        let sweep = SWEEP_FIRST.max(2 * alive.len() as i64);
        for (field, value) in FRESH.iter().enumerate() {
            heap.set_field(queue, field, *value);
        }
        heap.set_field(queue, SWEEP, Value::fixnum(i64::MAX >> 8));
        for entry in alive {
            push(heap, queue, entry);
        }
        heap.set_field(queue, SWEEP, Value::fixnum(sweep));
    }

    /// Takes out the first entry that still waits, and is not of the wait `other_than`.
    pub fn pop(heap: &Heap, queue: Value, other_than: Value) -> Option<Value> {
        if !queue.is_kind(Kind::Queue) {
            return None;
        }
        let mut before = Value::NIL;
        let mut list = queue.field(FIRST);
        while let Some((entry, rest)) = list.as_pair() {
            let own = wait::of_entry(entry) == other_than;
            if own && wait::is_alive(entry) {
                before = list;
                list = rest;
                continue;
            }
            match before {
                before if before.is_pair() => heap.set_cdr(before, rest),
                _ => heap.set_field(queue, FIRST, rest),
            }
            if !rest.is_pair() {
                heap.set_field(queue, LAST, before);
            }
            heap.set_field(queue, COUNT, Value::fixnum(queue.field(COUNT).fixnum_value() - 1));
            if wait::is_alive(entry) {
                return Some(entry);
            }
            list = rest;
        }
        None
    }

    /// Whether some entry still waits.
    pub fn is_waited_for(queue: Value) -> bool {
        let mut list = queue.field(FIRST);
        while let Some((entry, rest)) = list.as_pair() {
            if wait::is_alive(entry) {
                return true;
            }
            list = rest;
        }
        false
    }
}
