//! Leaving one fiber and entering another.
//!
//! A fiber that is left has its frames in segments, and remembers where in them it goes on. What it does first is its
//! ACTION: nothing, and then the call it stopped in returns VALUE; or a call that is made again. Between two instructions
//! (pre-empted, or in a builtin called by an instruction) the frame of a trap is put on top, whose return goes on there.
//!
//! No method here enters a fiber on top of another's: all go back to `resume`, so that the Rust stack stays flat.
#![allow(unsafe_code)]

use super::cx::{Answer, Cx, Wait};
use super::machine::{Machine, Next, Outcome, Resume, list_items};
use crate::fiber::Pause;
use crate::fiber::object::{Phase, State, fiber, queue, wait};
use crate::opcode::*;
use crate::value::{Kind, Value};
use smallvec::SmallVec;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Instant;

/// A section is not interrupted for so many ticks from its beginning.
const SECTION: i64 = 1000;

impl Machine {
    /// Goes on until the run ends or must wait. A fiber that ends the program, or in which the host panics, has ended with that.
    pub fn resume(&mut self) -> Outcome {
        match catch_unwind(AssertUnwindSafe(|| self.go_on())) {
            Ok(outcome) => {
                if matches!(outcome, Outcome::Quit(_)) {
                    self.finish_current(State::Cancelled, Value::FALSE);
                }
                outcome
            }
            Err(panic) => {
                let condition = self.cx.maker().misc("fiber", "a function of the host's has panicked");
                self.finish_current(State::Failed, condition);
                resume_unwind(panic)
            }
        }
    }

    fn finish_current(&mut self, state: State, value: Value) {
        let current = self.cx.fibers.current;
        if current != self.cx.fibers.main {
            self.cx.fibers.finish(&self.cx.heap, &mut self.cx.net, current, state, value);
        }
    }

    fn go_on(&mut self) -> Outcome {
        loop {
            if let Err(outcome) = self.check_limit() {
                return outcome;
            }
            let outcome = match self.resume {
                Resume::Run => self.run(),
                Resume::Apply(count) => match self.apply(self.fp, count) {
                    Ok(()) => self.run(),
                    Err(outcome) => outcome,
                },
                Resume::Switch if self.cx.fibers.is_step_over() => return Outcome::Spent,
                Resume::Switch => match self.enter_next() {
                    None => return Outcome::Idle,
                    Some(Ok(())) => {
                        self.resume = Resume::Run;
                        self.run()
                    }
                    Some(Err(outcome)) => outcome,
                },
            };
            let (ended, state, value) = match outcome {
                Outcome::Switch => {
                    self.resume = Resume::Switch;
                    continue;
                }
                Outcome::Done(value) => (self.cx.fibers.current, State::Done, value),
                Outcome::Uncaught(object) => (self.cx.fibers.current, State::Failed, object),
                other => return other,
            };
            if ended == self.cx.fibers.main {
                return outcome;
            }
            // Who waits for its end is told, so nobody else needs to be.
            let joiners = ended.field(fiber::JOINERS);
            let awaited = joiners.is_kind(Kind::Queue) && queue::is_waited_for(joiners)
                || self.cx.fibers.task_of(ended).is_some();
            self.cx.fibers.finish(&self.cx.heap, &mut self.cx.net, ended, state, value);
            self.resume = Resume::Switch;
            if state == State::Failed && !awaited {
                return Outcome::Failed(ended, value);
            }
        }
    }

    /// Lets fibers run until this time, while the main line rests: ends with `Idle`, `Spent`, `Failed` or `Quit`.
    pub fn step(&mut self, until: Instant) -> Outcome {
        self.reset();
        self.cx.fibers.restart_main(&self.cx.heap, &mut self.cx.net);
        self.cx.fibers.set_until(Some(until));
        self.resume = Resume::Switch;
        let outcome = self.resume();
        if matches!(outcome, Outcome::Limit(_)) {
            self.keep_last_trace();
        }
        self.reset();
        outcome
    }

    /// Enters the next fiber that can run. None if there is none.
    fn enter_next(&mut self) -> Option<Result<(), Outcome>> {
        let next = self.cx.fibers.next(&self.cx.heap, &mut self.cx.net)?;
        Some(self.enter(next))
    }

    fn enter(&mut self, entered: Value) -> Result<(), Outcome> {
        self.under = fiber::get(entered, fiber::SEGMENT);
        self.under_offset = fiber::get(entered, fiber::OFFSET).fixnum_value() as usize;
        self.cx.dynamic = fiber::get(entered, fiber::DYNAMIC);
        let [action, value, asyncs, deadline] =
            [fiber::ACTION, fiber::VALUE, fiber::ASYNCS, fiber::DEADLINE].map(|field| {
                let was = fiber::get(entered, field);
                fiber::set(&self.cx.heap, entered, field, Value::FALSE);
                was
            });
        if action == Value::FALSE && asyncs == Value::FALSE {
            // The commonest case: it goes on where it was, and its frames are all back.
            let own = fiber::own_segment(entered);
            self.empty_stack();
            let answer = self.deliver(self.bottom(), value);
            fiber::keep_segment(&self.cx.heap, entered, own.is_some_and(|own| self.under != own));
            return answer;
        }
        self.set_bottom();
        fiber::keep_segment(&self.cx.heap, entered, false);
        if asyncs.is_pair() {
            let target = self.cx.roots.go_on;
            let (fp, count) = self.place(self.bottom(), target, &[asyncs, action, value]);
            return self.apply(fp, count);
        }
        match action.as_pair() {
            None => self.deliver(self.bottom(), value),
            Some((procedure, arguments)) => {
                let arguments: SmallVec<[Value; 8]> = list_items(arguments).collect();
                let (fp, count) = self.place(self.bottom(), procedure, &arguments);
                self.cx.net.carry(self.cx.fibers.time_of(deadline));
                let answer = self.apply(fp, count);
                self.cx.net.carry(None);
                answer
            }
        }
    }

    /// Leaves the running fiber, in a call whose frame is at `fp`.
    fn leave(&mut self, fp: *mut Value) {
        let current = self.cx.fibers.current;
        fiber::set(&self.cx.heap, current, fiber::DYNAMIC, self.cx.dynamic);
        if fiber::own_segment(current).is_some_and(|own| self.capture_into(own, fp)) {
            return;
        }
        let captures = fp != self.bottom();
        self.capture_below(fp, 0);
        fiber::set_segment(&self.cx.heap, current, self.under, self.under_offset, captures);
    }

    // ---- calls that wait -----------------------------------------------------------------------------------------

    /// The error of a wait that needs one more timer than the program may have.
    pub(super) fn refused_timer(&mut self, wait: &Wait, who: impl FnOnce(&Cx) -> String) -> Option<Value> {
        let most = self.cx.limits.timers.filter(|&most| wait.deadline.is_some() && self.cx.fibers.timers() >= most)?;
        let who = who(&self.cx);
        Some(self.cx.maker().misc(&who, &format!("the program may have no more than {most} timers")))
    }

    /// The call in the frame at `fp` waits: its fiber parks, and makes it again afterwards.
    pub(super) fn park_call(&mut self, wait: &Wait, fp: *mut Value, count: usize) -> Outcome {
        // SAFETY: the frame has a procedure and `count` arguments.
        let call = unsafe { std::slice::from_raw_parts(fp as *const Value, count + 1) };
        let action = self.cx.heap.list(call);
        fiber::set(&self.cx.heap, self.cx.fibers.current, fiber::ACTION, action);
        let limit = self.cx.net.take_deadline();
        self.park_in(wait, wait.deadline.or(limit), fp)
    }

    /// Leaves the fiber in the call whose frame is at `fp`, until `wait` is over.
    fn park_in(&mut self, wait: &Wait, deadline: Option<Instant>, fp: *mut Value) -> Outcome {
        let heap = &self.cx.heap;
        let current = self.cx.fibers.current;
        if let (Some((fd, interest)), None) = (wait.only(), deadline) {
            self.cx.fibers.park_at(heap, &mut self.cx.net, fd, interest);
            if fiber::get(current, fiber::ASYNCS).is_pair() {
                self.cx.fibers.end_call(heap, current);
            }
            self.leave(fp);
            return Outcome::Switch;
        }
        let parked = self.cx.fibers.open_call_wait(heap);
        let mut ready = false;
        for (fd, interest) in wait.descriptors() {
            // What cannot be waited for is tried at once, and says why.
            let answer = self.cx.fibers.wake_when_ready(heap, &mut self.cx.net, parked, fd, interest);
            ready |= answer.is_err();
        }
        if let Some(deadline) = deadline {
            self.cx.fibers.wake_at(heap, parked, deadline);
            let stamp = self.cx.fibers.stamp(deadline);
            fiber::set(heap, current, fiber::DEADLINE, stamp);
        }
        self.cx.fibers.park(heap, parked);
        if ready || current.field(fiber::ASYNCS).is_pair() {
            self.cx.fibers.wake(heap, parked, Value::FALSE);
        }
        self.leave(fp);
        Outcome::Switch
    }

    /// The builtin that the instruction before `self.pc` has called waits.
    pub(super) fn park_instruction(&mut self, wait: &Wait) -> Outcome {
        let limit = self.cx.net.take_deadline();
        // SAFETY: the instruction before `pc` has just run, and its operands are in the frame.
        let word = unsafe { *self.pc.sub(1) };
        let deadline = wait.deadline.or(limit);
        if deadline.is_none() || !matches!(op_of(word), Op::Builtin | Op::BuiltinAny) {
            // The commonest case: the fiber goes on at the instruction itself.
            self.pc = self.pc.wrapping_sub(1);
            let fp = self.trap_frame(None);
            return self.park_in(wait, deadline, fp);
        }
        // A deadline is handed back to the very call that had it, so that call is made by `enter`.
        // SAFETY: as above.
        let arguments = unsafe {
            std::slice::from_raw_parts(self.fp.add(b_of(word)) as *const Value, x_of(word) as usize).to_vec()
        };
        let procedure = self.cx.heap.make(Kind::Builtin, &[Value::fixnum(c_of(word) as i64)]);
        let fp = self.trap_frame(Some(a_of(word)));
        let (fp, count) = self.place(fp, procedure, &arguments);
        let call: Vec<Value> = std::iter::once(procedure).chain(arguments).collect();
        let action = self.cx.heap.list(&call);
        fiber::set(&self.cx.heap, self.cx.fibers.current, fiber::ACTION, action);
        debug_assert!(count + 1 == call.len());
        self.park_in(wait, deadline, fp)
    }

    /// `(%park wait)`
    pub(super) fn park(&mut self, fp: *mut Value, parked: Value) -> Answer<Next> {
        if !parked.is_kind(Kind::Wait) || parked.field(wait::FIBER) != self.cx.fibers.current {
            let shown = self.cx.show(parked);
            return self.cx.fail(|make| make.wrong_type("%park", 1, "wait", "a wait of this fiber", parked, &shown));
        }
        let heap = &self.cx.heap;
        let current = self.cx.fibers.current;
        if wait::phase(parked) == Phase::Over {
            fiber::set(heap, current, fiber::OPEN, Value::FALSE);
            return Ok(Next::Deliver(fp, parked.field(wait::VALUE)));
        }
        self.cx.fibers.park(heap, parked);
        if current.field(fiber::ASYNCS).is_pair() {
            self.cx.fibers.wake(heap, parked, Value::DEFAULT);
        }
        self.leave(fp);
        Ok(Next::Switch)
    }

    // ---- taking turns --------------------------------------------------------------------------------------------

    /// At a safepoint, between two instructions: calls what interrupts this fiber, and lets others run when it is time.
    pub(super) fn take_turns(&mut self, stretch_over: bool) -> Result<(), Outcome> {
        let current = self.cx.fibers.current;
        if stretch_over && !self.cx.fibers.is_alone() {
            let turn_over = self.cx.fibers.end_stretch(&self.cx.heap, &mut self.cx.net);
            if turn_over && !current.field(fiber::ASYNCS).is_pair() {
                let fp = self.trap_frame(None);
                self.cx.fibers.requeue(&self.cx.heap);
                self.leave(fp);
                return Err(Outcome::Switch);
            }
        }
        if current.field(fiber::ASYNCS).is_pair() && current.field(fiber::OPEN) == Value::FALSE {
            let asyncs = current.field(fiber::ASYNCS);
            fiber::set(&self.cx.heap, current, fiber::ASYNCS, Value::FALSE);
            let target = self.cx.roots.go_on;
            return self.trap_call(target, &[asyncs, Value::FALSE, Value::FALSE], None);
        }
        Ok(())
    }

    /// `(%yield)`
    pub(super) fn yield_turn(&mut self, fp: *mut Value) -> Next {
        if !self.cx.fibers.has_ready() && self.cx.fibers.is_alone() {
            return Next::Deliver(fp, Value::UNSPECIFIED);
        }
        self.cx.fibers.requeue(&self.cx.heap);
        self.leave(fp);
        Next::Switch
    }

    /// `(%section)`
    pub(super) fn begin_section(&mut self, fp: *mut Value) -> Next {
        let left = self.cx.heap.control.ticks_left();
        if self.cx.fibers.is_late(left, SECTION) {
            return self.yield_turn(fp);
        }
        Next::Deliver(fp, Value::UNSPECIFIED)
    }

    /// `(%end-fiber cancelled? value)`
    pub(super) fn end_fiber(&mut self, cancelled: Value, value: Value) -> Answer<Next> {
        let current = self.cx.fibers.current;
        if current == self.cx.fibers.main {
            return Err(Box::new(super::cx::Exit::Quit(if cancelled.is_true() { 1 } else { 0 })));
        }
        let state = if cancelled.is_true() { State::Cancelled } else { State::Done };
        self.cx.fibers.finish(&self.cx.heap, &mut self.cx.net, current, state, value);
        Ok(Next::Switch)
    }

    /// The fibers that wait for what cannot come, after a collection: all that are left.
    pub fn stuck_fibers(&mut self) -> Vec<Value> {
        // Nothing runs: the stack holds nothing, and all that is alive is copied into old space, where it can be walked.
        self.set_bottom();
        self.collect_at(self.bottom(), 0, true);
        let mut all = self.cx.heap.old_objects(Kind::Fiber);
        all.retain(|found| fiber::state(*found) == State::Parked);
        all.sort_by_key(|found| found.field(fiber::ID).fixnum_value());
        all
    }

    /// After a step that ended idle: whether there is now something to run, without waiting.
    pub fn look(&mut self) -> std::io::Result<Pause> {
        let cx = &mut self.cx;
        cx.fibers.expects_calls = false;
        let pause = cx.fibers.pause(&cx.heap, &mut cx.net)?;
        if pause == Pause::Interrupted {
            // Handlers of signals run in a fiber of their own, and so does what Ctrl-C raises.
            let thunk = if cx.heap.control.interrupted() { cx.builtin("%raise-interrupt") } else { None };
            cx.heap.control.acknowledge_asyncs();
            let thunk = thunk.unwrap_or(cx.roots.run_asyncs);
            cx.fibers.spawn_call(&cx.heap, &mut cx.net, thunk, &[]);
        }
        Ok(pause)
    }

    /// What the scheduler waits for, on behalf of an engine with no fiber to run. None: go on.
    pub fn idle(&mut self) -> Option<std::io::Error> {
        let cx = &mut self.cx;
        let main = cx.fibers.main;
        // A handler of a signal may end any wait. SIGPIPE comes from what runs.
        cx.fibers.expects_calls = cx.net.signals.changed().iter().any(|signal| *signal != nix::libc::SIGPIPE);
        let thunk = match cx.fibers.pause(&cx.heap, &mut cx.net) {
            Err(error) => return Some(error),
            Ok(Pause::Over | Pause::Called | Pause::Waiting) => return None,
            Ok(Pause::Interrupted) if cx.heap.control.interrupted() => cx.builtin("%raise-interrupt"),
            Ok(Pause::Interrupted) if cx.fibers.is_in_call(main) => {
                // A signal: the call that the main line waits in is made again, and finds that out.
                cx.fibers.end_call(&cx.heap, main);
                None
            }
            Ok(Pause::Interrupted) => {
                cx.heap.control.acknowledge_asyncs();
                Some(cx.roots.run_asyncs)
            }
            Ok(Pause::Deadlock) => {
                let stuck: Vec<String> = self.stuck_fibers().iter().map(|found| self.cx.show(*found)).collect();
                self.cx.stuck = stuck.join(", ");
                self.cx.builtin("%raise-deadlock")
            }
        };
        if let Some(thunk) = thunk {
            let main = self.cx.fibers.main;
            self.cx.fibers.interrupt(&self.cx.heap, main, thunk);
        }
        None
    }
}
