//! What interrupts the run of a frame: errors, with the trace of where they happened, safepoints and collections, and builtins
//! that do not simply return a value.
//!
//! The unsafe code rests on the invariants given at the head of machine.rs.
#![allow(unsafe_code)]

use super::cx::{Cx, Exit};
use super::machine::{Machine, Outcome, Resume, SLACK, STEP_WORDS, link_word};
use crate::fiber::object::fiber;
use crate::opcode::*;
use crate::source::Span;
use crate::value::code::Code;
use crate::value::condition::{self, unbound_name};
use crate::value::tracer::Tracer;
use crate::value::{Kind, Value};

/// A collection that finds more words than this below the current frame moves them to a segment.
const DEEP_WORDS: usize = 8 << 10;
/// Frames that a condition remembers from the innermost end, as most are handled.
const TRACE_FRAMES: usize = 24;
/// Frames that are told of what nobody handles.
const WHOLE_TRACE: usize = 100_000;

impl Machine {
    /// Calls `(%raise-error condition)` from the instruction that `self.pc` has just passed, in the frame `self.fp`.
    pub(super) fn trap(&mut self, condition: Value) -> Result<(), Outcome> {
        self.add_trace(condition, self.fp, Some(self.pc));
        let target = self.cx.roots.raise_error;
        self.trap_call(target, &[condition], None)
    }

    /// Calls a procedure from between two instructions: its value goes to slot `destination`, if given, and the frame goes
    /// on at `self.pc`.
    pub(super) fn trap_call(
        &mut self,
        procedure: Value,
        arguments: &[Value],
        destination: Option<usize>,
    ) -> Result<(), Outcome> {
        let fp = self.trap_frame(destination);
        let (fp, count) = self.place(fp, procedure, arguments);
        self.apply(fp, count)
    }

    /// The frame of a call made from between two instructions, with only its link in place.
    pub(super) fn trap_frame(&mut self, destination: Option<usize>) -> *mut Value {
        // SAFETY: `self.fp` is the frame of a closure; SLACK words above it are free for this.
        unsafe {
            let code = self.code_of_frame(self.fp);
            let size = code.frame_size as usize;
            let link = code.entry().add(code.instructions().len() - 1);
            let fp = self.fp.add(size + 4);
            *self.fp.add(size) = link_word(self.pc);
            *self.fp.add(size + 1) = Value::fixnum(destination.map_or(-1, |d| d as i64));
            *fp.sub(1) = link_word(link);
            fp
        }
    }

    pub(super) fn code_of_frame<'a>(&self, fp: *mut Value) -> &'a Code {
        // SAFETY: the frame's procedure is a closure, whose code lives as long as it does; right before the entry stands the
        // address of the code.
        unsafe { &*(*((*fp).word(1).0 as *const u64).sub(1) as *const Code) }
    }

    /// Writes down in a condition where it happened, unless it already knows: the innermost frames, as name and span.
    pub(super) fn add_trace(&mut self, condition: Value, fp: *mut Value, pc: Option<*const u64>) {
        if !condition.is_kind(Kind::Condition) || condition.field(condition::TRACE).is_true() {
            return;
        }
        let mut trace = self.trace(fp, pc, TRACE_FRAMES);
        // SAFETY: the instruction before the one that comes next.
        let op = pc.map(|pc| unsafe { op_of(*pc.sub(1)) });
        if let (Some(Op::CallGlobal | Op::CallGlobalWith | Op::TailCallGlobal | Op::TailCallGlobalWith), [first, ..]) =
            (op, &mut trace[..])
            && let Some(name) = unbound_name(condition, &self.cx.symbols)
        {
            first.1 = self.cx.sources.operator(first.1, name);
        }
        let items: Vec<Value> = trace
            .iter()
            .flat_map(|(name, span, locals)| {
                let entries: Vec<Value> =
                    locals.iter().map(|(name, value)| self.cx.heap.cons(Value::symbol(*name), *value)).collect();
                [
                    name.map_or(Value::FALSE, Value::symbol),
                    Value::fixnum(span.source.0 as i64),
                    Value::fixnum(span.start as i64),
                    Value::fixnum(span.end as i64),
                    self.cx.heap.list(&entries),
                ]
            })
            .collect();
        let vector = self.cx.heap.vector(&items);
        self.cx.heap.set_field(condition, condition::TRACE, vector);
    }

    /// Keeps for the host the whole chain of calls in which the main line or a task ends, at the place that `trace` takes.
    pub(super) fn keep_trace(&mut self, fp: *mut Value, pc: Option<*const u64>) {
        let current = self.cx.fibers.current;
        let task = self.cx.fibers.task_of(current);
        if task.is_none() && current != self.cx.fibers.main {
            return;
        }
        let trace = calls(self.trace(fp, pc, WHOLE_TRACE));
        match task {
            Some(task) => drop(self.cx.task_traces.insert(task, trace)),
            None => self.cx.last_trace = trace,
        }
    }

    /// The same where a bound of the host's ended it.
    pub fn keep_last_trace(&mut self) {
        let trace = match self.resume {
            // Nothing runs.
            Resume::Switch => {
                let waiting = self.cx.fibers.awaited_fiber();
                let offset = fiber::get(waiting, fiber::OFFSET).as_fixnum().unwrap_or(0) as usize;
                self.trace_from(None, fiber::get(waiting, fiber::SEGMENT), offset, WHOLE_TRACE)
            }
            _ => self.trace(self.fp, Some(self.pc), WHOLE_TRACE),
        };
        self.cx.last_trace = calls(trace);
    }

    /// The chain of calls at a place: each procedure's name, and where in it the next call (or the error) stands.
    fn trace(&self, fp: *mut Value, pc: Option<*const u64>, most: usize) -> Vec<Frame> {
        self.trace_from(Some((fp, pc)), self.under, self.under_offset, most)
    }

    /// The same from a place on the stack, if there is one, and then from one in the segments below it.
    fn trace_from(
        &self,
        place: Option<(*mut Value, Option<*const u64>)>,
        mut segment: Value,
        mut offset: usize,
        most: usize,
    ) -> Vec<Frame> {
        let mut frames = Vec::new();
        // A function of the host's has no code to point at, and is named all the same.
        if let Some((fp, None)) = place
            // SAFETY: the frame has a procedure.
            && let callee = unsafe { *fp }
            && callee.is_kind(Kind::Builtin)
            && let Some(function) = self.cx.hosts.function(callee.field(0).fixnum_value())
        {
            frames.push((self.cx.symbols.find(&function.name), Span::NOWHERE, Vec::new()));
        }
        let mut show = |procedure: Value, address: *const u64, size_word: &dyn Fn(usize) -> Value| {
            let Some(code) = self.cx.heap.closure_code(procedure) else { return };
            let mut address = address;
            if code.index_of(address) == Some(code.instructions().len() - 1) {
                // A trap: where it came from is saved above the frame.
                address = size_word(code.frame_size as usize).0 as *const u64;
            }
            if let Some(index) = code.index_of(address) {
                // What a procedure begins with stands nowhere in its text: what follows does.
                let index = index.saturating_sub(1).max(code.first_place());
                frames.push((code.name, code.span_at(index), locals(code, index, procedure, size_word)));
            }
        };
        // SAFETY: frames are walked by their links; see the head of this file.
        unsafe {
            let mut count = 0;
            if let Some((mut fp, pc)) = place {
                if let Some(pc) = pc {
                    show(*fp, pc, &|size| *fp.add(size));
                }
                let mut link = (*fp.sub(1)).0 as *const u64;
                while link != self.underflow && count < most {
                    fp = fp.sub(a_of(*link.sub(1)));
                    show(*fp, link, &|size| *fp.add(size));
                    link = (*fp.sub(1)).0 as *const u64;
                    count += 1;
                }
            }
            while segment.is_true() && count < most {
                let link = self.segment_word(segment, offset).0 as *const u64;
                let frame = offset + 1 - a_of(*link.sub(1));
                show(self.segment_word(segment, frame), link, &|size| self.segment_word(segment, frame + size));
                if frame == 1 {
                    (segment, offset) = (segment.field(0), segment.field(1).fixnum_value() as usize);
                } else {
                    offset = frame - 1;
                }
                count += 1;
            }
        }
        frames
    }

    /// The slow part of a safepoint in the frame `self.fp`, between two instructions at `self.pc`.
    pub(super) fn safepoint(&mut self) -> Result<(), Outcome> {
        let stretch_over = self.cx.heap.control.restart();
        if stretch_over {
            self.cx.net.interrupt().is_late();
        }
        self.check_limit()?;
        // The program has gone on: whatever asks for memory next has not had its collection.
        self.collected = (0, 0);
        let size = self.code_of_frame(self.fp).frame_size as usize;
        if self.stress {
            self.cx.heap.control.hurry();
        }
        if self.cx.heap.control.interrupted() {
            self.cx.heap.control.put_off_collection();
        }
        if !self.cx.heap.is_paused() && (self.cx.heap.control.take_collection() || self.stress) {
            self.fp = self.collect_at(self.fp, size, false);
        }
        if self.cx.heap.control.take_memory() {
            let limit = self.cx.heap.ledger.limit();
            let detail = format!("live data has passed the limit of {limit} bytes");
            let condition = self.cx.maker().out_of_memory("memory", &detail);
            let pass = self.cx.heap.handlers_to_pass();
            if pass == 0 {
                return self.trap(condition);
            }
            self.add_trace(condition, self.fp, Some(self.pc));
            let target = self.cx.roots.raise_error;
            return self.trap_call(target, &[condition, Value::fixnum(pass)], None);
        }
        if stretch_over && self.cx.profile.is_some() {
            self.note_calls();
        }
        if self.cx.heap.control.take_news() {
            self.tell_news();
        }
        if self.cx.heap.control.take_depth() {
            let limit = self.cx.limits.depth.unwrap_or(0);
            let condition = self.cx.maker().too_deep(limit);
            return self.trap(condition);
        }
        if self.cx.heap.control.is_called() {
            return match self.take_interrupt()? {
                Some(condition) => self.trap(condition),
                None => self.trap_call(self.cx.roots.run_asyncs, &[], None),
            };
        }
        self.take_turns(stretch_over)
    }

    /// Notes for the profile which calls are under way.
    #[cold]
    fn note_calls(&mut self) {
        let Some(mut profile) = self.cx.profile.take() else { return };
        let trace = self.trace(self.fp, Some(self.pc), TRACE_FRAMES);
        let name = |name: Option<crate::symbol::Symbol>| name.map_or("top level", |name| self.cx.symbols.name(name));
        profile.look(trace.iter().map(|(found, span, _)| {
            let own = Some(span).filter(|span| !self.cx.sources.is_library(**span));
            let place = own.and_then(|span| self.cx.sources.place(*span)).map(|place| place.name.to_string());
            (name(*found).to_string(), place.unwrap_or_default())
        }));
        self.cx.profile = Some(profile);
    }

    /// A safepoint right after a builtin has returned to the frame at `self.fp`. What it returned from a trap still lies above
    /// the frame, where the next trap would, so that comes first.
    pub(super) fn safepoint_after_call(&mut self) -> Result<(), Outcome> {
        // SAFETY: the next instruction of the frame.
        if op_of(unsafe { *self.pc }) == Op::TrapReturn {
            self.cx.heap.control.hurry();
            return Ok(());
        }
        self.safepoint()
    }

    /// Tells of the calls of the network that were reported, and where in the program they stand.
    #[cold]
    fn tell_news(&mut self) {
        let Some(mut explain) = self.cx.explain.take() else { return };
        let trace = self.trace(self.fp, Some(self.pc), TRACE_FRAMES);
        let own = trace.into_iter().map(|(_, span, _)| span).find(|span| !self.cx.sources.is_library(*span));
        let place = own.and_then(|span| self.cx.sources.place(span));
        explain.tell(place.map(|place| (place.name, place.line)), self.cx.fibers.current_id());
        self.cx.explain = Some(explain);
    }

    /// Collects all there is to collect. No code may be under way on the stack.
    pub fn collect_all(&mut self) {
        self.reset();
        self.collect_at(self.fp, 0, true);
    }

    /// Collects, with the frame at `fp` and its first `live` words in use. The frame may move.
    pub(super) fn collect_at(&mut self, fp: *mut Value, live: usize, major: bool) -> *mut Value {
        let mut fp = fp;
        if (fp as usize - self.stack as usize) / 8 > DEEP_WORDS {
            fp = self.capture_below(fp, live);
        }
        let top = fp.wrapping_add(live);
        // SAFETY: all of this is inside the stack; see the head of this file.
        unsafe {
            let dead = (self.soft_limit as usize - top as usize) / 8;
            std::ptr::write_bytes(top, 0, dead);
            let used = (top as usize - self.stack as usize) / 8;
            let slots = std::slice::from_raw_parts_mut(self.stack, used);
            let (cx, under, stubs) = (&mut self.cx, &mut self.under, &mut self.stubs);
            let more = self.more_roots;
            let heap = &mut cx.heap as *mut crate::value::Heap;
            let ledger = cx.symbols.ledger();
            let tight = major || ledger.held() > ledger.limit() / 2;
            let wanted = cx.symbols.is_sweep_due() || tight && cx.symbols.is_sweep_worthwhile();
            if wanted || (*heap).stress && cx.symbols.has_loose() {
                (*heap).found_symbols = Some(cx.symbols.found());
            }
            let mut roots = |tracer: &mut Tracer| {
                tracer.visit_all(slots);
                tracer.visit(under);
                tracer.visit(&mut stubs.call_with_values);
                tracer.visit(&mut stubs.call_with_dynamic);
                tracer.visit(&mut stubs.call_with_prompt);
                tracer.visit(&mut cx.dynamic);
                cx.fibers.trace(tracer);
                cx.hosts.trace(tracer);
                for root in cx.roots.all() {
                    tracer.visit(root);
                }
                if let Some(more) = more {
                    more(cx, tracer);
                }
            };
            // SAFETY: the roots are outside the heap, so the tracer's borrow of the heap and theirs of the rest do not
            // overlap; `more` promises to leave the heap alone.
            let dropped = (*heap).dropped;
            (*heap).collect(major, &mut roots);
            if let Some(found) = (*heap).found_symbols.take() {
                self.cx.symbols.sweep(&found);
                (*heap).plan_next_major();
            }
            if (*heap).dropped != dropped {
                // Descriptors may have been closed with their ports.
                self.cx.net.readiness.doubt();
            }
        }
        let keep = top.wrapping_add(SLACK);
        let words = ((keep as usize - self.stack as usize) / 8).next_multiple_of(STEP_WORDS);
        self.soft_limit = self.stack.wrapping_add(words).min(self.hard_limit);
        if let Some(panic) = self.cx.heap.panic.take() {
            std::panic::resume_unwind(panic);
        }
        fp
    }

    /// Deals with a builtin that was run by an instruction at `self.pc - 1` and did not return a value for `destination`.
    pub(super) fn exit_in_frame(&mut self, exit: Box<Exit>, destination: usize) -> Result<(), Outcome> {
        if let Exit::Wait(wait) = &*exit
            && !self.cx.fibers.is_alone()
        {
            // SAFETY: the instruction before `pc` has just run.
            let word = unsafe { *self.pc.sub(1) };
            let who = |cx: &Cx| match op_of(word) {
                Op::Builtin | Op::BuiltinAny => cx.builtins[c_of(word)].name.to_string(),
                _ => "wait".to_string(),
            };
            if let Some(condition) = self.refused_timer(wait, who) {
                return self.trap(condition);
            }
            let outcome = self.park_instruction(wait);
            self.cx.used_exit = Some(exit);
            return Err(outcome);
        }
        self.other_exit_in_frame(*exit, destination)
    }

    #[cold]
    fn other_exit_in_frame(&mut self, exit: Exit, destination: usize) -> Result<(), Outcome> {
        match exit {
            Exit::Raise(condition) => self.trap(condition),
            Exit::TailCall(procedure, arguments) => self.trap_call(procedure, &arguments, Some(destination)),
            Exit::Errand(procedure, mut words) => {
                // SAFETY: only the two instructions that name a builtin have errands, and theirs has just run: its arguments
                // are where they were.
                let (row, arguments) = unsafe {
                    let word = *self.pc.sub(1);
                    (c_of(word), std::slice::from_raw_parts(self.fp.add(b_of(word)), x_of(word) as usize))
                };
                words.extend([
                    self.cx.heap.make(Kind::Builtin, &[Value::fixnum(row as i64)]),
                    self.cx.heap.list(arguments),
                ]);
                self.trap_call(procedure, &words, Some(destination))
            }
            Exit::Wait(wait) if !self.cx.net.interrupt().is_raised() => {
                self.pc = self.pc.wrapping_sub(1);
                self.resume = Resume::Run;
                Err(Outcome::Wait(wait))
            }
            // What ended the wait is dealt with before the call is made again.
            Exit::Wait(_) | Exit::Interrupted => match self.take_interrupt()? {
                Some(condition) => self.trap(condition),
                None => {
                    self.pc = self.pc.wrapping_sub(1);
                    self.trap_call(self.cx.roots.run_asyncs, &[], None)
                }
            },
            exit @ (Exit::Memory(_) | Exit::Collect(_)) => {
                let key = self.pc as usize;
                if self.may_collect_for(key) {
                    self.pc = self.pc.wrapping_sub(1);
                    let size = self.code_of_frame(self.fp).frame_size as usize;
                    self.fp = self.collect_at(self.fp, size, true);
                    self.collected_for(key);
                    Ok(())
                } else {
                    // SAFETY: the instruction before `pc` has just run.
                    let word = unsafe { *self.pc.sub(1) };
                    let who = match op_of(word) {
                        Op::Builtin | Op::BuiltinAny => self.cx.builtins[c_of(word)].name,
                        op => PRIMITIVES.iter().find(|p| p.1 == op).map_or("memory", |p| p.0),
                    };
                    let condition = self.exhausted(who, exit);
                    self.trap(condition)
                }
            }
            Exit::Quit(status) => Err(Outcome::Quit(status)),
            Exit::Uncaught(object) => {
                self.add_trace(object, self.fp, Some(self.pc));
                self.keep_trace(self.fp, Some(self.pc));
                Err(Outcome::Uncaught(object))
            }
        }
    }
}

/// A frame of a trace: the procedure's name, where in it the next call stands, and its variables, where those are kept.
type Frame = (Option<crate::symbol::Symbol>, Span, Vec<(crate::symbol::Symbol, Value)>);

/// What is kept of a trace for long: nothing that moves.
fn calls(frames: Vec<Frame>) -> Vec<(Option<crate::symbol::Symbol>, Span)> {
    frames.into_iter().map(|(name, span, _)| (name, span)).collect()
}

/// The variables of a frame at an instruction, inner ones last; `word` reads a slot.
fn locals(
    code: &Code,
    index: usize,
    procedure: Value,
    word: &dyn Fn(usize) -> Value,
) -> Vec<(crate::symbol::Symbol, Value)> {
    let unboxed = |value: Value| if value.is_kind(Kind::Box) { value.field(0) } else { value };
    let here = |local: &&crate::value::code::Local| local.from as usize <= index && index < local.to as usize;
    let own = code.locals.iter().filter(here).map(|local| (local.name, unboxed(word(local.slot as usize))));
    // Behind the address of its code a closure has what it holds.
    let free = code.free_names.iter().enumerate().filter(|(at, _)| *at < procedure.field_count().saturating_sub(1));
    let free = free.map(|(at, name)| (*name, unboxed(procedure.field(1 + at))));
    free.chain(own).collect()
}
