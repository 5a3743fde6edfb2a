//! Fibers: many calls that wait, on one thread.
//!
//! ```text
//! Fiber      a heap object: its suspended continuation, dynamic state, state, result, who joins it       object.rs
//! Wait       a heap object: one wait of one fiber, and all that may end it                               object.rs
//! Queue      a heap object: entries in line for a channel, condition or mutex                            object.rs
//! Scheduler  the run queue, the timers, who waits for which descriptor                                   here
//! Timers     a heap of deadlines, of which any may be taken out                                          timer.rs
//! overview   which fibers there are, for a person                                                        overview.rs
//! Poller     what tells which descriptors are ready: epoll, or poll                                      poller.rs
//! ```
//!
//! The scheduler moves fibers between its lists and never runs anything. The machine leaves and enters fibers (vm/switch),
//! the engine waits in `Scheduler::pause` when nothing can run, and stdlib/sockeye/fibers.scm makes operations, channels,
//! conditions, mutexes and threads of what builtins/fibers offers.
//!
//! A fiber's states:
//!
//! ```text
//!   spawn → READY → RUNNING → DONE | FAILED | CANCELLED
//!             ↑        ├──→ READY     pre-empted, or it yielded
//!             └── PARKED ←── its Wait, or its place in line, says for what
//! ```
//!
//! A wait goes from OPEN (made, its fiber still runs and puts it where it will be found) through PARKED to OVER; the first
//! who ends it wins, all later ones find it OVER, and its timers and descriptors are taken out at once. So an operation
//! that waits for one of many things is one `Wait` with many entries, and nothing has to be undone.
//!
//! A call that answers `Exit::Wait` parks its fiber and is made again when the fiber goes on, as if for the first time. Where
//! it waits for one descriptor and no time, as most do, there is no wait: the fiber itself stands in line for the descriptor,
//! and going on and parking again at the same depth allocates nothing.
//! A deadline that belongs to the call and not to the attempt is handed back to it in `Net::carried`.
//!
//! The program's main line is a fiber too. As long as it is alone nothing of this is used: calls block in the system as in
//! C. With a second fiber, or a time limit on a block of code, calls are tried (`Mode::Try`) and then parked. A descriptor is
//! registered with epoll when it is first waited for, edge-triggered, and never again; `net::Readiness` remembers which
//! are registered, and which are known to have nothing.
//!
//! A host that has a loop of its own runs fibers as tasks, in steps: see step.rs.
//!
//! A fiber that nobody can reach and that waits for nothing but what nobody can reach is garbage, and is collected. When
//! nothing can run and nothing can come, `pause` answers `Pause::Deadlock`.

pub mod object;
pub mod overview;
pub mod poller;
pub mod step;
pub mod timer;

use crate::net::{Interest, Mode, Net};
use crate::value::tracer::Tracer;
use crate::value::{Heap, Kind, Value};
use object::*;
use poller::{Epoll, Poll, Poller, Ready};
use smallvec::SmallVec;
use std::collections::VecDeque;
use std::io;
use std::os::fd::RawFd;
use std::time::{Duration, Instant};
use timer::Timers;

/// Stretches of `control::SLICE` ticks a fiber may run before others do: about a millisecond.
const STRETCHES: u32 = 10;

/// Switches between two looks at the descriptors while there is always somebody to run.
const SWITCHES: u32 = 61;

/// Who waits for a descriptor: entries of waits, and fibers whose call waits for nothing else.
type Waiters = SmallVec<[(Value, Interest); 1]>;

pub struct Scheduler {
    /// The program's main line.
    pub main: Value,
    /// The fiber that runs.
    pub current: Value,
    ready: VecDeque<Value>,
    timers: Timers,
    /// By descriptor.
    waiters: Vec<Waiters>,
    /// How many entries `waiters` has.
    waiting: usize,
    poller: Option<Box<dyn Poller + Send>>,
    /// Never epoll.
    poll_only: bool,
    events: Vec<Ready>,
    /// Fibers that were started and have not ended, the main line aside.
    live: usize,
    /// Blocks of code with a time limit.
    limits: usize,
    /// How calls wait when the main line is alone.
    alone: Mode,
    stretches: u32,
    /// Nobody has left the main line, opened a wait, or interrupted a fiber since the main line's beginning.
    is_fresh: bool,
    switches: u32,
    next_id: i64,
    started: Instant,
    /// Somebody outside may end a wait: signals that the program handles, other threads that call.
    pub expects_calls: bool,
    /// The fibers that the host runs, by task.
    tasks: step::Tasks,
    /// When the host wants to go on itself.
    until: Option<Instant>,
}

/// Why nothing runs.
#[derive(Debug, PartialEq, Eq)]
pub enum Pause {
    /// Something may run now.
    Over,
    /// Ctrl-C.
    Interrupted,
    /// Another thread called.
    Called,
    /// There is nothing to wait for.
    Deadlock,
    /// There is, and the host waits for it.
    Waiting,
}

impl Scheduler {
    pub fn new(heap: &Heap) -> Scheduler {
        let main = fiber::make(heap, 0, Value::FALSE, Value::NIL, Value::FALSE);
        fiber::set_state(heap, main, State::Running);
        Scheduler {
            main,
            current: main,
            ready: VecDeque::new(),
            timers: Timers::default(),
            waiters: Vec::new(),
            waiting: 0,
            poller: None,
            poll_only: false,
            events: Vec::new(),
            live: 0,
            limits: 0,
            alone: Mode::Wait,
            stretches: STRETCHES,
            is_fresh: false,
            switches: 0,
            next_id: 1,
            started: Instant::now(),
            expects_calls: false,
            tasks: step::Tasks::default(),
            until: None,
        }
    }

    pub fn trace(&mut self, tracer: &mut Tracer) {
        tracer.visit(&mut self.main);
        tracer.visit(&mut self.current);
        for fiber in &mut self.ready {
            tracer.visit(fiber);
        }
        self.timers.each(|target| tracer.visit(target));
        self.tasks.each(|fiber| tracer.visit(fiber));
        if self.waiting > 0 {
            for (wait, _) in self.waiters.iter_mut().flatten() {
                tracer.visit(wait);
            }
        }
    }

    /// Whether the main line is the only fiber and under no time limit: then calls just block.
    pub fn is_alone(&self) -> bool {
        self.live == 0 && self.limits == 0
    }

    /// The number of the fiber that runs.
    pub fn current_id(&self) -> i64 {
        self.current.field(fiber::ID).fixnum_value()
    }

    /// Fibers that were started and have not ended.
    pub fn count(&self) -> usize {
        self.live
    }

    pub fn timers(&self) -> usize {
        self.timers.count()
    }

    /// Forgets all fibers, waits and timers: the run has come to a limit of its host's.
    pub fn abandon(&mut self, heap: &Heap, net: &mut Net) {
        let ready = std::mem::take(&mut self.ready);
        for fiber in ready.into_iter().chain(self.going_tasks().filter_map(|task| self.fiber_of(task))) {
            fiber::set_state(heap, fiber, State::Cancelled);
        }
        self.timers = Timers::default();
        self.waiters.clear();
        (self.waiting, self.live, self.limits) = (0, 0, 0);
        net.closed.clear();
        net.carry(None);
        self.adapt(net);
    }

    pub fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Calls are tried and parked from now on, or block again.
    fn adapt(&mut self, net: &mut Net) {
        match (self.is_alone(), net.mode) {
            (false, mode) if mode != Mode::Try => {
                self.alone = mode;
                net.mode = Mode::Try;
            }
            (true, Mode::Try) => net.mode = self.alone,
            _ => {}
        }
    }

    // ---- fibers --------------------------------------------------------------------------------------------------

    /// A new fiber that will make this call, of no group and without parameters.
    pub fn spawn_call(&mut self, heap: &Heap, net: &mut Net, procedure: Value, arguments: &[Value]) -> Value {
        let action = heap.cons(procedure, heap.list(arguments));
        self.spawn(heap, net, action, Value::NIL, Value::FALSE)
    }

    /// A new fiber that will make the call `action`, a list, at the end of the run queue.
    pub fn spawn(&mut self, heap: &Heap, net: &mut Net, action: Value, dynamic: Value, group: Value) -> Value {
        let made = fiber::make(heap, self.next_id, action, dynamic, group);
        self.next_id += 1;
        self.live += 1;
        group::add(heap, group, 1);
        self.adapt(net);
        self.ready.push_back(made);
        made
    }

    /// The fiber has ended in this state with this value: whoever joins it is woken.
    pub fn finish(&mut self, heap: &Heap, net: &mut Net, ended: Value, state: State, value: Value) {
        if fiber::state(ended).is_over() {
            return;
        }
        fiber::set_state(heap, ended, state);
        fiber::set(heap, ended, fiber::VALUE, value);
        fiber::keep_segment(heap, ended, false);
        for field in [fiber::ACTION, fiber::ASYNCS, fiber::OPEN] {
            fiber::set(heap, ended, field, Value::FALSE);
        }
        fiber::set(heap, ended, fiber::DYNAMIC, Value::NIL);
        self.live = self.live.saturating_sub(1);
        if state == State::Failed {
            self.drop_limits(ended);
        }
        let joiners = ended.field(fiber::JOINERS);
        self.wake_all(heap, joiners, Value::TRUE);
        let group = ended.field(fiber::GROUP);
        if group::add(heap, group, -1) == 0 {
            let idle = group::joiners(group);
            self.wake_all(heap, idle, Value::TRUE);
        }
        self.adapt(net);
    }

    /// Makes the main line a new one, that runs: a new form of the program. Its old waits mean nothing any more.
    pub fn restart_main(&mut self, heap: &Heap, net: &mut Net) {
        let main = self.main;
        if self.is_fresh && self.is_alone() && self.current == main {
            self.stretches = STRETCHES;
            return;
        }
        self.leave_line(heap, main);
        self.ready.retain(|fiber| *fiber != main);
        fiber::keep_segment(heap, main, false);
        for field in [fiber::ACTION, fiber::ASYNCS, fiber::OPEN] {
            fiber::set(heap, main, field, Value::FALSE);
        }
        fiber::set_state(heap, main, State::Running);
        self.drop_limits(main);
        if self.live == 0 {
            // All that are left were its own, and their time has come.
            self.limits = 0;
        }
        self.adapt(net);
        self.current = main;
        self.stretches = STRETCHES;
        self.is_fresh = self.ready.is_empty();
    }

    /// Puts the running fiber behind all that can run.
    pub fn requeue(&mut self, heap: &Heap) {
        fiber::set_state(heap, self.current, State::Ready);
        self.ready.push_back(self.current);
    }

    /// The next fiber to run, taken from the queue. Fibers of a group that has ended are left out.
    pub fn next(&mut self, heap: &Heap, net: &mut Net) -> Option<Value> {
        self.is_fresh = false;
        net.readiness.pass();
        self.switches += 1;
        if self.switches >= SWITCHES && self.may_wait() {
            self.look(heap, net);
        }
        self.wake_closed(heap, net);
        while let Some(next) = self.ready.pop_front() {
            if group::is_over(fiber::get(next, fiber::GROUP)) {
                self.finish(heap, net, next, State::Cancelled, Value::FALSE);
                continue;
            }
            if fiber::state(next) != State::Ready {
                continue;
            }
            fiber::set_state(heap, next, State::Running);
            self.current = next;
            self.stretches = STRETCHES;
            return Some(next);
        }
        None
    }

    /// A stretch of the running fiber is over: true when it is somebody else's turn.
    pub fn end_stretch(&mut self, heap: &Heap, net: &mut Net) -> bool {
        net.readiness.pass();
        self.stretches = self.stretches.saturating_sub(1);
        if self.may_wait() {
            self.look(heap, net);
        }
        self.stretches == 0 && self.turn_over()
    }

    /// Whether others want to run, the host among them; if not, the running fiber has all of its time anew.
    fn turn_over(&mut self) -> bool {
        let awaited = !self.ready.is_empty() || self.is_step_over();
        if !awaited {
            self.stretches = STRETCHES;
        }
        awaited
    }

    /// Whether fewer than so many ticks are left before the running fiber may be pre-empted, `left` of this stretch.
    pub fn is_late(&mut self, left: i64, ticks: i64) -> bool {
        self.stretches <= 1 && left < ticks && self.turn_over()
    }

    // ---- waits ---------------------------------------------------------------------------------------------------

    /// A new wait of the running fiber, open.
    pub fn open_wait(&mut self, heap: &Heap) -> Value {
        self.open(heap, wait::make(heap, self.current, false))
    }

    /// The same for a call, of which nobody else knows.
    pub fn open_call_wait(&mut self, heap: &Heap) -> Value {
        self.open(heap, wait::make(heap, self.current, true))
    }

    fn open(&mut self, heap: &Heap, wait: Value) -> Value {
        self.is_fresh = false;
        fiber::set(heap, self.current, fiber::OPEN, wait);
        wait
    }

    /// The running fiber stops in a call that waits for this descriptor and nothing else: the commonest wait, which takes
    /// no object of its own. If that cannot be waited for, the call is made again at once, and says why.
    pub fn park_at(&mut self, heap: &Heap, net: &mut Net, fd: RawFd, interest: Interest) {
        let current = self.current;
        self.is_fresh = false;
        match self.stand_in_line(net, current, fd, interest) {
            Ok(index) => {
                fiber::set_state(heap, current, State::Parked);
                fiber::set(heap, current, fiber::OPEN, Value::fixnum(index as i64));
            }
            Err(_) => self.make_ready(heap, current),
        }
    }

    /// Takes a fiber out of what it waits in.
    fn leave_line(&mut self, heap: &Heap, parked: Value) {
        let open = parked.field(fiber::OPEN);
        if open.is_kind(Kind::Wait) {
            self.end_wait(heap, open);
        } else if let Some(fd) = open.as_fixnum() {
            self.drop_waiters(fd as usize, |waiter| waiter == parked);
        }
    }

    /// Whether the fiber is parked in a call.
    pub fn is_in_call(&self, parked: Value) -> bool {
        let open = parked.field(fiber::OPEN);
        fiber::state(parked) == State::Parked && (open.is_fixnum() || wait::is_of_call(open))
    }

    /// The fiber is to make the call that it is parked in again.
    pub fn end_call(&mut self, heap: &Heap, parked: Value) {
        if self.is_in_call(parked) {
            self.leave_line(heap, parked);
            self.make_ready(heap, parked);
        }
    }

    /// The running fiber stops in this wait, unless it is over already.
    pub fn park(&mut self, heap: &Heap, wait: Value) {
        wait::set_phase(heap, wait, Phase::Parked);
        fiber::set_state(heap, self.current, State::Parked);
        self.is_fresh = false;
        fiber::set(heap, self.current, fiber::OPEN, wait);
    }

    /// Ends a wait with a value: its fiber will run. False if it was over.
    pub fn wake(&mut self, heap: &Heap, wait: Value, value: Value) -> bool {
        let phase = wait::phase(wait);
        if phase == Phase::Over {
            return false;
        }
        wait::set(heap, wait, wait::VALUE, value);
        self.end_wait(heap, wait);
        if phase == Phase::Parked {
            let woken = wait.field(wait::FIBER);
            fiber::set(heap, woken, fiber::VALUE, value);
            self.make_ready(heap, woken);
        }
        true
    }

    fn make_ready(&mut self, heap: &Heap, woken: Value) {
        fiber::set(heap, woken, fiber::OPEN, Value::FALSE);
        fiber::set_state(heap, woken, State::Ready);
        self.ready.push_back(woken);
    }

    /// The wait is over: nothing refers to it from here any more.
    fn end_wait(&mut self, heap: &Heap, wait: Value) {
        wait::set_phase(heap, wait, Phase::Over);
        wait::take_numbers(heap, wait, wait::TIMERS, |id| {
            self.timers.remove(id);
        });
        wait::take_numbers(heap, wait, wait::FDS, |fd| {
            self.drop_waiters(fd, |waiter| !waiter.is_kind(Kind::Fiber) && wait::of_entry(waiter) == wait);
        });
    }

    /// Takes those out of the line for a descriptor.
    #[inline]
    fn drop_waiters(&mut self, fd: usize, are_those: impl Fn(Value) -> bool) {
        let Some(waiters) = self.waiters.get_mut(fd) else { return };
        let before = waiters.len();
        match *waiters.as_slice() {
            [(one, _)] if are_those(one) => waiters.clear(),
            _ => waiters.retain(|(waiter, _)| !are_those(*waiter)),
        }
        self.waiting -= before - waiters.len();
    }

    /// Ends the wait of an entry of an operation: the fiber learns which of its entries it was.
    pub fn wake_entry(&mut self, heap: &Heap, entry: Value, value: Value) -> bool {
        let wait = wait::of_entry(entry);
        let value = if entry.is_kind(Kind::Wait) { value } else { heap.cons(entry, value) };
        self.wake(heap, wait, value)
    }

    /// Wakes all whose entries are in a queue. True if there was any.
    pub fn wake_all(&mut self, heap: &Heap, queue: Value, value: Value) -> bool {
        let mut any = false;
        while let Some(entry) = queue::pop(heap, queue, Value::FALSE) {
            any |= self.wake_entry(heap, entry, value);
        }
        any
    }

    /// An entry (or its wait) is woken at this time, with #t.
    pub fn wake_at(&mut self, heap: &Heap, entry: Value, deadline: Instant) {
        let wait = wait::of_entry(entry);
        let id = self.timers.insert(deadline, entry);
        wait::add_number(heap, wait, wait::TIMERS, id);
    }

    /// An entry (or its wait) is woken when the descriptor is ready, with #t. Fails with what the poller says of the
    /// descriptor.
    pub fn wake_when_ready(
        &mut self,
        heap: &Heap,
        net: &mut Net,
        entry: Value,
        fd: RawFd,
        interest: Interest,
    ) -> io::Result<()> {
        let index = self.stand_in_line(net, entry, fd, interest)?;
        wait::add_number(heap, wait::of_entry(entry), wait::FDS, index);
        Ok(())
    }

    /// From now on `waiter` is woken when the descriptor is ready, which is registered. Answers its number.
    fn stand_in_line(&mut self, net: &mut Net, waiter: Value, fd: RawFd, interest: Interest) -> io::Result<usize> {
        let index = usize::try_from(fd).map_err(|_| io::Error::from_raw_os_error(nix::libc::EBADF))?;
        if !net.readiness.is_registered(fd, interest) {
            let interests = net.readiness.interests(fd, interest);
            self.poller(net).watch(fd, interests)?;
            net.readiness.register(fd, interest);
        }
        if index >= self.waiters.len() {
            self.waiters.resize_with(index + 1, Waiters::new);
        }
        self.waiters[index].push((waiter, interest));
        self.waiting += 1;
        Ok(index)
    }

    /// Whether somebody waits for the descriptor in this way.
    pub fn is_waited_for(&self, fd: RawFd, interest: Interest) -> bool {
        let waiters = usize::try_from(fd).ok().and_then(|fd| self.waiters.get(fd));
        waiters.is_some_and(|waiters| waiters.iter().any(|(_, wanted)| *wanted == interest))
    }

    /// Uses poll(2) from now on: for systems, and tests, without epoll.
    pub fn use_poll(&mut self, net: &mut Net) {
        self.poll_only = true;
        self.poller = None;
        net.poller = None;
        net.readiness.doubt();
    }

    /// In a child process only the fiber that forked goes on, as its main line; and nothing of the parent's registrations
    /// is ours.
    pub fn begin_child(&mut self, net: &mut Net) {
        let alone = self.alone;
        self.main = self.current;
        self.ready.clear();
        self.timers = Timers::default();
        self.waiters.clear();
        (self.waiting, self.live, self.limits) = (0, 0, 0);
        self.poller = None;
        net.readiness.doubt();
        net.closed.clear();
        self.adapt(net);
        self.alone = alone;
    }

    /// The time of a deadline as a value, and back.
    pub fn stamp(&self, deadline: Instant) -> Value {
        let nanos = deadline.saturating_duration_since(self.started).as_nanos();
        Value::fixnum(i64::try_from(nanos).unwrap_or(i64::MAX).min(i64::MAX >> 3))
    }

    pub fn time_of(&self, stamp: Value) -> Option<Instant> {
        let nanos = u64::try_from(stamp.as_fixnum()?).ok()?;
        self.started.checked_add(Duration::from_nanos(nanos))
    }

    // ---- interrupting fibers -------------------------------------------------------------------------------------

    /// `thunk` is to be called in the fiber, soon: a parked one is taken out of its wait.
    pub fn interrupt(&mut self, heap: &Heap, target: Value, thunk: Value) {
        if fiber::state(target).is_over() {
            return;
        }
        let asyncs = fiber::asyncs_with(heap, target, thunk);
        self.is_fresh = false;
        fiber::set(heap, target, fiber::ASYNCS, asyncs);
        if target == self.current {
            heap.control.hurry();
        }
        if fiber::state(target) == State::Parked {
            self.leave_line(heap, target);
            fiber::set(heap, target, fiber::VALUE, Value::DEFAULT);
            self.make_ready(heap, target);
        }
    }

    /// The same for the main line, which is next to run. False if it runs already, or rests while a host lets others run.
    pub fn interrupt_main(&mut self, heap: &Heap, thunk: Value) -> bool {
        let main = self.main;
        if self.current == main || self.until.is_some() || fiber::state(main).is_over() {
            return false;
        }
        self.interrupt(heap, main, thunk);
        if let Some(at) = self.ready.iter().position(|fiber| *fiber == main) {
            self.ready.remove(at);
            self.ready.push_front(main);
        }
        true
    }

    /// After so long, `thunk` is called in the running fiber; until then, and until `lift_limit`, calls do not block.
    pub fn set_limit(&mut self, heap: &Heap, net: &mut Net, deadline: Instant, thunk: Value) -> usize {
        self.limits += 1;
        self.adapt(net);
        let target = heap.cons(self.current, thunk);
        self.timers.insert(deadline, target)
    }

    /// `id` is None if the time has come.
    pub fn lift_limit(&mut self, net: &mut Net, id: Option<usize>) {
        if let Some(id) = id {
            self.timers.remove(id);
        }
        self.limits = self.limits.saturating_sub(1);
        self.adapt(net);
    }

    /// The fiber has left its blocks of code with a time limit without running their afters: an error that nobody handled.
    fn drop_limits(&mut self, left: Value) {
        if self.limits > 0 {
            let dropped = self.timers.remove_those(|target| target.as_pair().is_some_and(|(fiber, _)| fiber == left));
            self.limits = self.limits.saturating_sub(dropped);
        }
    }

    // ---- what comes from outside ---------------------------------------------------------------------------------

    fn may_wait(&self) -> bool {
        self.waiting > 0 || !self.timers.is_empty()
    }

    /// Wakes whom the time and the descriptors allow, without waiting.
    fn look(&mut self, heap: &Heap, net: &mut Net) {
        self.switches = 0;
        self.fire_timers(heap);
        if self.waiting > 0 {
            // A failing poller shows when it is waited in.
            let _ = self.poll(heap, net, Some(Duration::ZERO));
        }
    }

    fn fire_timers(&mut self, heap: &Heap) {
        if self.timers.is_empty() {
            return;
        }
        let now = Instant::now();
        while let Some(target) = self.timers.pop_due(now) {
            match target.as_pair() {
                Some((fiber, thunk)) => self.interrupt(heap, fiber, thunk),
                None => {
                    self.wake_entry(heap, target, Value::TRUE);
                }
            }
        }
    }

    /// Closed descriptors have nothing to wait for: the calls that did will say so.
    fn wake_closed(&mut self, heap: &Heap, net: &mut Net) {
        while let Some(fd) = net.closed.pop() {
            self.wake_waiters(heap, fd, |_| true);
        }
    }

    fn wake_waiters(&mut self, heap: &Heap, fd: RawFd, mut ready: impl FnMut(Interest) -> bool) {
        let Some(waiters) = usize::try_from(fd).ok().and_then(|fd| self.waiters.get_mut(fd)) else { return };
        // Mostly there is one.
        if let [(waiter, interest)] = *waiters.as_slice() {
            if !ready(interest) {
                return;
            }
            if waiter.is_kind(Kind::Fiber) {
                waiters.clear();
                self.waiting -= 1;
                self.make_ready(heap, waiter);
            } else {
                self.wake_entry(heap, waiter, Value::TRUE);
            }
            return;
        }
        let woken: SmallVec<[Value; 4]> =
            waiters.iter().filter(|(_, interest)| ready(*interest)).map(|(waiter, _)| *waiter).collect();
        for waiter in woken {
            if waiter.is_kind(Kind::Fiber) {
                self.end_call(heap, waiter);
            } else {
                self.wake_entry(heap, waiter, Value::TRUE);
            }
        }
    }

    fn poller(&mut self, net: &mut Net) -> &mut Box<dyn Poller + Send> {
        let poll_only = self.poll_only;
        self.poller.get_or_insert_with(|| match net.interrupt().wakes().and_then(Epoll::new) {
            Ok(epoll) if !poll_only => {
                net.poller = Some(epoll.fd());
                Box::new(epoll)
            }
            _ => Box::new(Poll),
        })
    }

    /// Asks the poller, and wakes whom it names. True if somebody called from outside.
    fn poll(&mut self, heap: &Heap, net: &mut Net, timeout: Option<Duration>) -> io::Result<bool> {
        let wakes = net.interrupt().wakes()?;
        let mut events = std::mem::take(&mut self.events);
        events.clear();
        let waiters = &self.waiters;
        let waited = || {
            let of_fd = |(fd, waiters): (usize, &Waiters)| {
                waiters.iter().map(move |(_, interest)| (fd as RawFd, *interest)).collect::<SmallVec<[_; 2]>>()
            };
            waiters.iter().enumerate().flat_map(of_fd).collect()
        };
        let called = match &mut self.poller {
            Some(poller) => poller.wait(wakes, &waited, timeout, &mut events),
            None => Poll.wait(wakes, &waited, timeout, &mut events),
        };
        for event in &events {
            net.readiness.note_event(event);
            self.wake_waiters(heap, event.fd, |interest| event.answers(interest));
        }
        self.events = events;
        called
    }

    /// Nothing can run: waits until something can, or says why not. A host that runs steps is not made to wait.
    pub fn pause(&mut self, heap: &Heap, net: &mut Net) -> io::Result<Pause> {
        self.wake_closed(heap, net);
        loop {
            if net.interrupt().ends_work() {
                return Ok(Pause::Interrupted);
            }
            self.fire_timers(heap);
            if !self.ready.is_empty() {
                return Ok(Pause::Over);
            }
            if !self.may_wait() && !self.expects_calls {
                return Ok(Pause::Deadlock);
            }
            let stepping = self.until.is_some();
            let first = self.timers.first().into_iter().chain(net.interrupt().deadline()).min();
            let timeout = match first {
                _ if stepping => Some(Duration::ZERO),
                first => first.map(|at| at.saturating_duration_since(Instant::now())),
            };
            self.switches = 0;
            match self.poll(heap, net, timeout) {
                Ok(called) => {
                    if called && !net.interrupt().is_raised() {
                        net.interrupt().drain();
                        return Ok(Pause::Called);
                    }
                }
                Err(error) if error.raw_os_error() == Some(nix::libc::EINTR) => {
                    if !self.expects_calls || net.interrupt().is_raised() {
                        continue;
                    }
                    return Ok(Pause::Called);
                }
                Err(error) => return Err(error),
            }
            if stepping && self.ready.is_empty() {
                return Ok(Pause::Waiting);
            }
        }
    }
}
