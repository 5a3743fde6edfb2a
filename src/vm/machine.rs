//! The machine: its registers and stack, how frames are captured and restored, and how calls that are not plain closure
//! calls go.
//!
//! A frame, from its frame pointer: `fp[-1]` the link, `fp[0]` the procedure, `fp[1..]` arguments, locals, temporaries, and the
//! place where its own outgoing calls are laid out. The link is the address of the instruction to return to; the word
//! before that instruction tells how far down the caller's frame is. The bottom frame's link is `underflow`: what comes
//! below it lies in a segment (`under`, `under_offset`), or, if `under` is #f, nowhere: then the run is over.
//!
//! A segment is a heap object: parent segment, parent offset, how many words of frames lie below it, then the words of the
//! frames, of which the first is again the `underflow` link. "Segment and offset" name a continuation: the word at the offset is the link to return to. Segments
//! never change, so continuations share them freely.
//!
//! Invariants of the unsafe code here and in `run`:
//! - `fp` points into the stack, and `fp + frame size + SLACK` is within it (checked on entry of each procedure);
//! - each word of the stack below `soft_limit` is a value, a link (which reads as a fixnum), or zero (likewise): a
//!   collection clears all between the live top and `soft_limit`, and nothing above `soft_limit` was ever written since it
//!   was last cleared;
//! - the procedure in `fp[0]` of a frame whose code runs or will be returned to is a closure of that code.
#![allow(unsafe_code)]

use super::builtin::{Body, Control, Leaf, arity_text};
use super::cx::{Answer, Cx, Exit, Wait};
use super::limits::Limit;
use super::stubs::Links;
use crate::opcode::*;
use crate::source::Span;
use crate::value::condition;
use crate::value::stop::{PIECE, STRIDE, pieces};
use crate::value::tracer::Tracer;
use crate::value::{Kind, Value};
use std::alloc::Layout;

/// 8 MiB of stack; deeper recursion goes to segments.
const STACK_WORDS: usize = 1 << 20;
/// Words above a frame that its traps and slow paths may use.
pub(super) const SLACK: usize = 64;
/// By how much the part of the stack that a collection must clear grows at a time.
pub(super) const STEP_WORDS: usize = 8 << 10;
/// How many words of a segment come back to the stack at a time.
const RESTORE_WORDS: usize = 256;
/// Room that the handler of an error of too deep calls has at least, in bytes.
const DEPTH_RESERVE: usize = 256 << 10;
pub(super) const SEGMENT_HEAD: usize = 3;

/// How a stretch of running ended.
pub enum Outcome {
    Done(Value),
    /// An object was raised that nobody handles.
    Uncaught(Value),
    /// The running call waits; `resume` makes it again.
    Wait(Wait),
    /// No fiber can run; `resume` looks again.
    Idle,
    /// The time of a step is over.
    Spent,
    /// This fiber ended because nobody handled what it raised; `resume` goes on with the others.
    Failed(Value, Value),
    /// Another fiber's turn: never leaves the machine.
    Switch,
    Quit(i32),
    /// The run has come to a bound of the host's.
    Limit(Limit),
}

/// What to do when the machine goes on.
#[derive(Clone, Copy)]
pub(super) enum Resume {
    /// Run from `pc`.
    Run,
    /// Apply the procedure in `fp[0]` to this many arguments.
    Apply(usize),
    /// Run another fiber.
    Switch,
}

/// Code that frames of builtin control operations run: written by hand at start.
pub struct Stubs {
    pub call_with_values: Value,
    pub call_with_dynamic: Value,
    pub call_with_prompt: Value,
}

/// The builtins behind instructions.
pub struct Primitives {
    /// What an instruction that cannot do a case itself calls, by opcode; `>` and `>=` come as `<` and `<=` with swapped operands.
    pub(super) of: [Option<Leaf>; ALL.len()],
    /// The builtins that comparing jumps stand for, by `Comparison`.
    pub(super) comparisons: [Option<Leaf>; Comparison::NAMES.len()],
}

impl Primitives {
    const NONE: Primitives = Primitives { of: [None; ALL.len()], comparisons: [None; Comparison::NAMES.len()] };

    /// `body` tells what a builtin does.
    pub fn find(body: impl Fn(&str) -> Option<Body>) -> Primitives {
        let leaf = |name: &str| match body(name) {
            Some(Body::Leaf(leaf)) => Some(leaf),
            _ => None,
        };
        let mut found = Primitives::NONE;
        for &(name, op, _) in PRIMITIVES {
            let known = &mut found.of[op as usize];
            *known = known.or_else(|| leaf(name));
        }
        found.comparisons = Comparison::NAMES.map(leaf);
        found
    }
}

pub struct Machine {
    pub cx: Cx,
    pub(super) stack: *mut Value,
    pub(super) soft_limit: *mut Value,
    pub(super) hard_limit: *mut Value,
    pub(super) fp: *mut Value,
    pub(super) pc: *const u64,
    /// How many arguments the procedure about to be entered was given.
    pub(super) argument_count: usize,
    pub(super) resume: Resume,
    pub(super) under: Value,
    pub(super) under_offset: usize,
    /// A call word, and the Underflow instruction behind it, whose address is the link of bottom frames.
    underflow_code: Box<[u64; 2]>,
    pub(super) underflow: *const u64,
    pub(super) links: Links,
    pub stubs: Stubs,
    /// The builtin call that was last made again after a collection for it, and the ticks left then.
    pub(super) collected: (usize, i64),
    pub(super) primitives: &'static Primitives,
    pub stress: bool,
    /// Calls were found to be too deep, and are not back yet.
    deep: bool,
    /// Visits the roots of the floors above.
    pub more_roots: Option<fn(&mut Cx, &mut Tracer)>,
}

pub(super) fn link_word(link: *const u64) -> Value {
    debug_assert!(link as u64 & 7 == 0);
    Value(link as u64)
}

impl Machine {
    pub fn new(cx: Cx) -> Machine {
        let layout = Layout::array::<Value>(STACK_WORDS).expect("a stack has a layout");
        // SAFETY: the layout is not empty. Zero words are fixnums.
        let stack = unsafe { std::alloc::alloc_zeroed(layout) } as *mut Value;
        if stack.is_null() {
            crate::ledger::out_of_memory();
        }
        let underflow_code = Box::new([xabc(Op::Call, TAKE_ANY, 0, 0, 0), abc(Op::Underflow, 0, 0, 0)]);
        let underflow = &underflow_code[1] as *const u64;
        let (stubs, links) = super::stubs::make(&cx);
        let mut machine = Machine {
            cx,
            stack,
            soft_limit: stack.wrapping_add(STEP_WORDS),
            hard_limit: stack.wrapping_add(STACK_WORDS),
            fp: stack.wrapping_add(1),
            pc: underflow,
            argument_count: 0,
            resume: Resume::Run,
            under: Value::FALSE,
            under_offset: 0,
            underflow_code,
            underflow,
            links,
            stubs,
            collected: (0, 0),
            primitives: &Primitives::NONE,
            stress: false,
            deep: false,
            more_roots: None,
        };
        machine.reset();
        machine
    }

    /// Tells the machine which builtin stands behind each instruction.
    pub fn link(&mut self, primitives: &'static Primitives) {
        self.primitives = primitives;
    }

    /// Forgets all frames.
    pub fn reset(&mut self) {
        self.under = Value::FALSE;
        self.under_offset = 0;
        self.fp = self.bottom();
        self.pc = self.underflow;
        self.resume = Resume::Run;
        // What the last run has left in the lowest frame shall not be kept alive by the next one. Zero words are fixnums.
        // SAFETY: the bottom of the stack, which is far larger.
        unsafe {
            *self.stack = link_word(self.underflow);
            std::ptr::write_bytes(self.bottom(), 0, SLACK);
        }
    }

    /// The frame pointer of the bottom frame.
    pub(super) fn bottom(&self) -> *mut Value {
        self.stack.wrapping_add(1)
    }

    /// Prepares a call of `procedure` with nothing below it; `resume` runs it.
    pub fn start(&mut self, procedure: Value, arguments: &[Value]) {
        self.reset();
        self.cx.fibers.set_until(None);
        self.deep = false;
        self.cx.fibers.restart_main(&self.cx.heap, &mut self.cx.net);
        let fp = self.ensure(self.fp, 0, arguments.len() + 1);
        // SAFETY: `ensure` made room.
        unsafe {
            *fp = procedure;
            for (index, &argument) in arguments.iter().enumerate() {
                *fp.add(1 + index) = argument;
            }
        }
        self.fp = fp;
        self.resume = Resume::Apply(arguments.len());
    }

    // ---- the stack -----------------------------------------------------------------------------------------------

    /// Makes room for `words` above `fp`, whose first `live` words are in use. The frame may move: use what is returned.
    pub(super) fn ensure(&mut self, fp: *mut Value, live: usize, words: usize) -> *mut Value {
        let need = fp.wrapping_add(words + SLACK);
        if need <= self.soft_limit {
            return fp;
        }
        self.check_depth(fp);
        if need <= self.hard_limit {
            let step =
                self.stack.wrapping_add(((need as usize - self.stack as usize) / 8).next_multiple_of(STEP_WORDS));
            self.soft_limit = step.min(self.hard_limit);
            return fp;
        }
        let fp = self.capture_below(fp, live);
        if fp.wrapping_add(words + SLACK) > self.hard_limit {
            self.replace_stack(live, words);
            return self.bottom();
        }
        self.ensure(fp, live, words)
    }

    /// A larger stack, for a call with more arguments than fit: the frame is at the bottom, and has `live` words.
    fn replace_stack(&mut self, live: usize, words: usize) {
        let old_words = self.hard_limit as usize / 8 - self.stack as usize / 8;
        let new_words = (words + SLACK + 1).next_power_of_two() * 2;
        let layout = Layout::array::<Value>(new_words).expect("a stack has a layout");
        // SAFETY: both stacks have room for the frame behind the bottom link; the old one is not used any more.
        unsafe {
            let stack = std::alloc::alloc_zeroed(layout) as *mut Value;
            if stack.is_null() {
                crate::ledger::out_of_memory();
            }
            std::ptr::copy_nonoverlapping(self.stack, stack, (1 + live).min(old_words));
            std::alloc::dealloc(self.stack as *mut u8, Layout::array::<Value>(old_words).expect("a layout"));
            self.stack = stack;
            self.hard_limit = stack.add(new_words);
            self.soft_limit = self.hard_limit;
            self.fp = self.bottom();
        }
    }

    /// Moves everything below the frame at `fp` into a segment, and the frame (its first `live` words) to the bottom.
    pub(super) fn capture_below(&mut self, fp: *mut Value, live: usize) -> *mut Value {
        let bottom = self.bottom();
        if fp == bottom {
            return fp;
        }
        let head = self.segment_head();
        let segment = self.cx.heap.make_of_parts(Kind::Segment, &head, self.words_below(fp));
        // SAFETY: the stack has `live` words at `fp`.
        unsafe {
            *self.stack = link_word(self.underflow);
            std::ptr::copy(fp, bottom, live);
        }
        self.under_offset = segment.field_count() - SEGMENT_HEAD - 1;
        self.under = segment;
        bottom
    }

    /// The same without the frame, into a segment that nobody else refers to. False, and nothing has changed, if it is of another size.
    pub(super) fn capture_into(&mut self, segment: Value, fp: *mut Value) -> bool {
        let head = self.segment_head();
        let words = self.words_below(fp);
        if segment.field_count() != SEGMENT_HEAD + words.len() || words.len() <= 1 {
            return false;
        }
        self.cx.heap.store_all(segment, 1, &head);
        self.cx.heap.store_all(segment, 1 + SEGMENT_HEAD, words);
        self.under_offset = words.len() - 1;
        self.under = segment;
        // SAFETY: the bottom of the stack.
        unsafe { *self.stack = link_word(self.underflow) };
        true
    }

    /// What a new segment begins with.
    fn segment_head(&self) -> [Value; SEGMENT_HEAD] {
        [self.under, Value::fixnum(self.under_offset as i64), Value::fixnum(self.words_under() as i64)]
    }

    /// The words of the stack from the bottom link up to and with the link of the frame at `fp`.
    fn words_below(&self, fp: *mut Value) -> &[Value] {
        let count = (fp as usize - self.stack as usize) / 8;
        // SAFETY: the frame is on the stack, all of which below a frame holds values.
        unsafe { std::slice::from_raw_parts(self.stack, count) }
    }

    /// Words of frames below the bottom of the stack.
    fn words_under(&self) -> usize {
        match self.under.is_true() {
            true => self.under.field(2).fixnum_value() as usize + self.under_offset,
            false => 0,
        }
    }

    /// Notes that calls are nested more deeply than the host wants. The error can be handled while there still is some room.
    #[cold]
    fn check_depth(&mut self, top: *mut Value) {
        let Some(limit) = self.cx.limits.depth else { return };
        let words = self.words_under() + (top as usize).saturating_sub(self.stack as usize) / 8;
        let bytes = words * 8;
        let control = &self.cx.heap.control;
        if bytes <= limit {
            self.deep = false;
        } else if !self.deep {
            self.deep = true;
            control.report_depth();
        } else if bytes > limit + limit / 2 + DEPTH_RESERVE {
            control.spend(Limit::Depth);
        }
    }

    pub(super) fn segment_word(&self, segment: Value, index: usize) -> Value {
        debug_assert!(segment.is_kind(Kind::Segment));
        segment.word(1 + SEGMENT_HEAD + index)
    }

    /// The stack is empty down to its bottom link: brings back the topmost frames of the segment below. Returns the frame
    /// pointer of the callee that has returned, its link now in place, or nothing if there is no frame left.
    fn restore(&mut self) -> Option<*mut Value> {
        let segment = self.under;
        if !segment.is_true() {
            return None;
        }
        let top = self.under_offset;
        // Whole frames from the top, down to a link that becomes the new bottom.
        let mut bottom = top;
        loop {
            let link = self.segment_word(segment, bottom).0 as *const u64;
            // SAFETY: a link: the word before it is a call instruction.
            let delta = a_of(unsafe { *link.sub(1) });
            bottom -= delta;
            if bottom == 0 || top - bottom >= RESTORE_WORDS {
                break;
            }
        }
        let count = top - bottom;
        let fp = self.ensure(self.bottom(), 0, count + 1);
        debug_assert!(fp == self.bottom());
        // SAFETY: `ensure` made room for `count` words above the bottom link.
        unsafe {
            let words = segment.address().add(1 + SEGMENT_HEAD + bottom + 1) as *const Value;
            std::ptr::copy_nonoverlapping(words, fp, count);
            *self.stack = link_word(self.underflow);
        }
        if bottom == 0 {
            self.under_offset = segment.field(1).fixnum_value() as usize;
            self.under = segment.field(0);
        } else {
            self.under_offset = bottom;
        }
        Some(fp.wrapping_add(count))
    }

    // ---- calls and returns ---------------------------------------------------------------------------------------

    /// The frame at `fp` has come to `value` (perhaps a values object): hands it to whoever the link says.
    pub(super) fn deliver(&mut self, mut fp: *mut Value, value: Value) -> Result<(), Outcome> {
        // SAFETY: `fp` is a frame, so its link is one; see the head of this file.
        unsafe {
            let mut link = (*fp.sub(1)).0 as *const u64;
            if link == self.underflow {
                match self.restore() {
                    None => return Err(Outcome::Done(value)),
                    Some(callee) => {
                        fp = callee;
                        link = (*fp.sub(1)).0 as *const u64;
                    }
                }
            }
            let call = *link.sub(1);
            let caller = fp.sub(a_of(call));
            self.fp = caller;
            self.pc = link;
            let taken = match x_of(call) {
                TAKE_ANY => value,
                TAKE_NONE => Value::UNSPECIFIED,
                _ if value.is_kind(Kind::Values) => {
                    if value.field_count() == 0 {
                        let condition =
                            self.cx.maker().misc("values", "no value was returned to an expression that wants one");
                        return self.trap(condition);
                    }
                    value.field(0)
                }
                _ => value,
            };
            *caller.add(b_of(call)) = taken;
            Ok(())
        }
    }

    /// Applies `fp[0]` to the `count` arguments behind it, in the frame at `fp`, whose link is in place. On success the
    /// machine is ready to run at `self.pc`, `self.fp`.
    pub(super) fn apply(&mut self, mut fp: *mut Value, mut count: usize) -> Result<(), Outcome> {
        loop {
            self.fp = fp;
            // SAFETY: the frame has a procedure and `count` arguments.
            let (procedure, arguments) = unsafe { (*fp, std::slice::from_raw_parts(fp.add(1) as *const Value, count)) };
            let (next, answer) = match procedure.is_procedure().then(|| procedure.kind()).flatten() {
                Some(Kind::Closure) => {
                    self.pc = procedure.word(1).0 as *const u64;
                    self.argument_count = count;
                    return Ok(());
                }
                Some(Kind::Builtin) => {
                    let number = procedure.field(0).fixnum_value();
                    if number < 0 {
                        (None, self.cx.call_host(number, procedure, arguments))
                    } else if !self.cx.builtins[number as usize].takes(count) {
                        let row = self.cx.builtins[number as usize];
                        let accepts = arity_text(row.required(), row.optional(), row.has_rest());
                        (None, self.cx.fail(|make| make.wrong_number(row.name, procedure, &accepts, count)))
                    } else {
                        match self.cx.builtins[number as usize].body {
                            Body::Leaf(body) | Body::Control(Control::Leaf(body)) => {
                                (None, body(&mut self.cx, arguments))
                            }
                            Body::Control(control) => match self.control(control, fp, count) {
                                Ok(Next::Apply(new_fp, n)) => (Some((new_fp, n)), Ok(Value::FALSE)),
                                Ok(Next::Deliver(new_fp, value)) => {
                                    fp = new_fp;
                                    self.fp = new_fp;
                                    (None, Ok(value))
                                }
                                Ok(Next::Switch) => return Err(Outcome::Switch),
                                Err(exit) => {
                                    fp = self.fp;
                                    (None, Err(exit))
                                }
                            },
                        }
                    }
                }
                Some(Kind::Continuation) => {
                    let raw = procedure.field(0);
                    if raw.field(2) == self.cx.dynamic {
                        let value = self.values_of(arguments);
                        if value.is_ok() {
                            self.install(raw);
                            fp = self.fp;
                        }
                        (None, value)
                    } else {
                        match self.cx.heap.long_list(arguments.iter().copied(), Value::NIL) {
                            Ok(values) => {
                                let target = self.cx.roots.reroot;
                                (Some(self.place(fp, target, &[raw, values])), Ok(Value::FALSE))
                            }
                            Err(stop) => (None, Err(stop.into())),
                        }
                    }
                }
                Some(Kind::Parameter) => match count {
                    0 => (None, Ok(self.cx.parameter_value(procedure))),
                    1 if procedure.field(1) != Value::FALSE => {
                        let (target, value) = (self.cx.roots.assign_converted, arguments[0]);
                        (Some(self.place(fp, target, &[procedure, value])), Ok(Value::FALSE))
                    }
                    1 => {
                        let (before, value) = (self.cx.parameter_value(procedure), arguments[0]);
                        match super::control::find_binding(self.cx.dynamic, procedure) {
                            Some(cell) => self.cx.heap.set_field(cell, 0, value),
                            None => self.cx.heap.set_field(procedure, 0, value),
                        }
                        (None, Ok(before))
                    }
                    _ => (None, self.cx.fail(|make| make.wrong_number("parameter", procedure, "no arguments", count))),
                },
                _ => {
                    let shown = self.cx.show(procedure);
                    (None, self.cx.fail(|make| make.not_a_procedure(procedure, &shown)))
                }
            };
            if let Some((new_fp, n)) = next {
                (fp, count) = (new_fp, n);
                continue;
            }
            match answer {
                Ok(value) => {
                    self.deliver(fp, value)?;
                    // What came while the builtin worked or waited is dealt with before anything else. Going back by a continuation
                    // is a step, as a loop may be made of that alone.
                    let control = &self.cx.heap.control;
                    let ticks = control.ticks.get() - 1;
                    control.ticks.set(ticks);
                    return if ticks < 0 || control.is_called() { self.safepoint_after_call() } else { Ok(()) };
                }
                Err(exit) => match *exit {
                    Exit::Raise(condition) => {
                        self.add_trace(condition, fp, None);
                        let target = self.cx.roots.raise_error;
                        (fp, count) = self.place(fp, target, &[condition]);
                    }
                    Exit::TailCall(target, arguments) => (fp, count) = self.place(fp, target, &arguments),
                    Exit::Errand(target, mut words) => {
                        words.extend([procedure, self.cx.heap.list(arguments)]);
                        (fp, count) = self.place(fp, target, &words);
                    }
                    Exit::Wait(wait) if !self.cx.fibers.is_alone() => {
                        let Some(condition) = self.refused_timer(&wait, |cx| cx.procedure_name(procedure)) else {
                            return Err(self.park_call(&wait, fp, count));
                        };
                        self.add_trace(condition, fp, None);
                        let target = self.cx.roots.raise_error;
                        (fp, count) = self.place(fp, target, &[condition]);
                    }
                    Exit::Wait(wait) if !self.cx.net.interrupt().is_raised() => {
                        self.resume = Resume::Apply(count);
                        return Err(Outcome::Wait(wait));
                    }
                    // What ended the wait is dealt with before the call is made again.
                    Exit::Wait(_) | Exit::Interrupted => match self.take_interrupt()? {
                        Some(condition) => {
                            self.add_trace(condition, fp, None);
                            let target = self.cx.roots.raise_error;
                            (fp, count) = self.place(fp, target, &[condition]);
                        }
                        None => {
                            // SAFETY: a leaf leaves its frame as it was: the procedure and `count` arguments.
                            let call = unsafe { std::slice::from_raw_parts(fp as *const Value, count + 1) }.to_vec();
                            let target = self.cx.roots.call_after_asyncs;
                            (fp, count) = self.place(fp, target, &call);
                        }
                    },
                    exit @ (Exit::Memory(_) | Exit::Collect(_)) => {
                        let key = fp as usize ^ count;
                        if self.may_collect_for(key) {
                            self.fp = fp;
                            fp = self.collect_at(fp, count + 1, true);
                            self.collected_for(key);
                        } else {
                            let who = self.cx.procedure_name(procedure);
                            let condition = self.exhausted(&who, exit);
                            self.add_trace(condition, fp, None);
                            let target = self.cx.roots.raise_error;
                            (fp, count) = self.place(fp, target, &[condition]);
                        }
                    }
                    Exit::Quit(status) => return Err(Outcome::Quit(status)),
                    Exit::Uncaught(object) => {
                        // Raised by the program itself: the frames are still there.
                        self.add_trace(object, fp, None);
                        self.keep_trace(fp, None);
                        return Err(Outcome::Uncaught(object));
                    }
                },
            }
        }
    }

    /// Lays out a call in the frame at `fp`, in place of what was there.
    pub(super) fn place(&mut self, fp: *mut Value, procedure: Value, arguments: &[Value]) -> (*mut Value, usize) {
        let fp = self.ensure(fp, 0, arguments.len() + 1);
        // SAFETY: `ensure` made room.
        unsafe {
            *fp = procedure;
            std::ptr::copy(arguments.as_ptr(), fp.add(1), arguments.len());
        }
        (fp, arguments.len())
    }

    /// Whether a collection may help the call known by `key`: not if there was one for it, and no tick since.
    pub(super) fn may_collect_for(&self, key: usize) -> bool {
        self.collected != (key, self.cx.heap.control.ticks.get())
    }

    pub(super) fn collected_for(&mut self, key: usize) {
        self.collected = (key, self.cx.heap.control.ticks.get());
    }

    /// What is raised when a collection did not help.
    pub(super) fn exhausted(&mut self, who: &str, exit: Exit) -> Value {
        match exit {
            Exit::Collect(condition) => condition,
            Exit::Memory(bytes) => self.memory_condition(who, bytes),
            _ => self.memory_condition(who, 0),
        }
    }

    fn memory_condition(&mut self, who: &str, bytes: usize) -> Value {
        // The collection that was to make room may have seen the limit passed: one error says it.
        self.cx.heap.control.take_memory();
        let limit = self.cx.heap.ledger.limit();
        let detail = format!("this needs {bytes} bytes, more than the memory limit of {limit} bytes leaves");
        self.cx.maker().out_of_memory(who, &detail)
    }

    pub(super) fn span_of_last_instruction(&self) -> Span {
        let code = self.code_of_frame(self.fp);
        code.index_of(self.pc).map_or(Span::NOWHERE, |index| code.span_at(index.saturating_sub(1)))
    }

    /// What an interrupt raises; nothing if it came from signals that the program handles, or other asyncs: run them, and let
    /// others run. Ctrl-C is the main line's, which is interrupted wherever it waits. A bound of the host's that was reached
    /// raises nothing: it ends the run.
    pub(super) fn take_interrupt(&mut self) -> Result<Option<Value>, Outcome> {
        self.check_limit()?;
        if self.cx.heap.control.interrupted() {
            self.cx.heap.control.acknowledge_interrupt();
            self.cx.heap.control.put_off_collection();
            let raise = self.cx.builtin("%raise-interrupt");
            if raise.is_some_and(|raise| self.cx.fibers.interrupt_main(&self.cx.heap, raise)) {
                return Ok(None);
            }
            return Ok(Some(self.cx.maker().interrupted()));
        }
        self.cx.heap.control.acknowledge_asyncs();
        Ok(None)
    }

    /// Whether the run has come to a bound of the host's.
    pub fn check_limit(&self) -> Result<(), Outcome> {
        let limit = self.cx.heap.control.limit().or(self.cx.net.output_spent.then_some(Limit::Output));
        limit.map_or(Ok(()), |limit| Err(Outcome::Limit(limit)))
    }

    /// One value, or a package of them: there may be millions.
    fn values_of(&self, items: &[Value]) -> Answer {
        Ok(match items {
            [one] => *one,
            _ if items.len() > PIECE / 8 => self.cx.heap.long_make(Kind::Values, items)?,
            _ => self.cx.heap.make(Kind::Values, items),
        })
    }

    pub(super) fn values_of_list(&self, list: Value) -> Answer {
        match list.as_pair() {
            Some((one, rest)) if rest.is_null() => Ok(one),
            _ => self.values_of(&self.gather(Vec::new(), list)?.0),
        }
    }

    /// These items and those of a list, of which there may be millions; and what ends the list.
    pub(super) fn gather(&self, mut items: Vec<Value>, mut list: Value) -> Answer<(Vec<Value>, Value)> {
        while let Some((item, rest)) = list.as_pair() {
            items.push(item);
            list = rest;
            if items.len().is_multiple_of(STRIDE) {
                self.cx.check_interrupt()?;
                // Gathered here, and then where they are wanted.
                self.cx.admit(items.len() * 40)?;
            }
        }
        Ok((items, list))
    }

    /// Leaves the stack empty down to its bottom link.
    pub(super) fn set_bottom(&mut self) {
        self.empty_stack();
        // What the last run has left in the lowest frame shall not be kept alive by the next one. Zero words are fixnums.
        // SAFETY: the bottom of the stack, which is far larger.
        unsafe { std::ptr::write_bytes(self.bottom(), 0, SLACK) };
    }

    /// The same where frames from a segment come next.
    pub(super) fn empty_stack(&mut self) {
        self.fp = self.bottom();
        // SAFETY: the bottom of the stack.
        unsafe { *self.stack = link_word(self.underflow) };
    }

    /// Makes a raw continuation the current one: the frame at the bottom returns to it.
    fn install(&mut self, raw: Value) {
        self.under = raw.field(0);
        self.under_offset = raw.field(1).fixnum_value() as usize;
        self.cx.dynamic = raw.field(2);
        self.set_bottom();
    }

    /// A raw continuation: segment, offset, dynamic state.
    fn raw_continuation(&mut self) -> Value {
        let fields = [self.under, Value::fixnum(self.under_offset as i64), self.cx.dynamic];
        self.cx.heap.make(Kind::Tagged, &fields)
    }

    fn control(&mut self, control: Control, fp: *mut Value, count: usize) -> Answer<Next> {
        // SAFETY: the frame has `count` arguments.
        let arguments = unsafe { std::slice::from_raw_parts(fp.add(1) as *const Value, count) };
        if let Control::Values = control {
            return Ok(Next::Deliver(fp, self.values_of(arguments)?));
        }
        let arguments = arguments.to_vec();
        match control {
            Control::Apply => {
                let last = arguments.get(1..).and_then(|rest| rest.last()).copied().unwrap_or(Value::NIL);
                let (all, rest) = self.gather(arguments[1..count - 1].to_vec(), last)?;
                if !rest.is_null() {
                    let shown = self.cx.show(last);
                    return self.cx.fail(|make| make.wrong_type("apply", count, "list", "a list", last, &shown));
                }
                let fp = self.ensure(fp, 0, all.len() + 1);
                self.fp = fp;
                // SAFETY: `ensure` made room.
                unsafe { *fp = arguments[0] };
                for range in pieces(all.len(), PIECE / 8) {
                    if range.start > 0 {
                        self.cx.check_interrupt()?;
                    }
                    let items = &all[range.clone()];
                    // SAFETY: likewise.
                    unsafe { std::ptr::copy_nonoverlapping(items.as_ptr(), fp.add(1 + range.start), items.len()) };
                }
                Ok(Next::Apply(fp, all.len()))
            }
            Control::Values => unreachable!("done above"),
            Control::CallCc { raw } => {
                if !raw && !arguments[0].is_procedure() {
                    let shown = self.cx.show(arguments[0]);
                    // SAFETY: the frame's procedure.
                    let who = self.cx.procedure_name(unsafe { *fp });
                    let got = arguments[0];
                    return self.cx.fail(|make| make.wrong_type(&who, 1, "procedure", "a procedure", got, &shown));
                }
                let fp = self.capture_below(fp, 2);
                self.fp = fp;
                self.check_depth(fp);
                let mut continuation = self.raw_continuation();
                if !raw {
                    continuation = self.cx.heap.make(Kind::Continuation, &[continuation]);
                }
                let (fp, count) = self.place(fp, arguments[0], &[continuation]);
                Ok(Next::Apply(fp, count))
            }
            Control::Throw => {
                let [raw, dynamic, list] = arguments[..] else { unreachable!("three arguments") };
                if !is_raw_continuation(raw) {
                    let shown = self.cx.show(raw);
                    return self.cx.fail(|make| make.wrong_type("%throw", 1, "k", "a raw continuation", raw, &shown));
                }
                let value = self.values_of_list(list)?;
                self.install(raw);
                self.cx.dynamic = dynamic;
                Ok(Next::Deliver(self.fp, value))
            }
            Control::Resume => {
                let [raw, dynamic, thunk] = arguments[..] else { unreachable!("three arguments") };
                if !is_raw_continuation(raw) {
                    let shown = self.cx.show(raw);
                    return self.cx.fail(|make| make.wrong_type("%resume", 1, "k", "a raw continuation", raw, &shown));
                }
                self.install(raw);
                self.cx.dynamic = dynamic;
                let (fp, count) = self.place(self.fp, thunk, &[]);
                Ok(Next::Apply(fp, count))
            }
            Control::AbortToPrompt => {
                let [tag, list] = arguments[..] else { unreachable!("two arguments") };
                self.abort(fp, tag, list)
            }
            Control::Compose => {
                let [partial, list, base] = arguments[..] else { unreachable!("three arguments") };
                self.compose(fp, partial, list, base)
            }
            Control::Park => self.park(fp, arguments[0]),
            Control::Yield => Ok(self.yield_turn(fp)),
            Control::Section => Ok(self.begin_section(fp)),
            Control::EndFiber => self.end_fiber(arguments[0], arguments[1]),
            Control::Leaf(_) => unreachable!("applied as a leaf"),
        }
    }

    /// Raises a condition in the frame at `fp`, which has no code of its own running yet, in place of it.
    pub(super) fn raise_in_callee(&mut self, fp: *mut Value, condition: Value) -> Result<(), Outcome> {
        self.add_trace(condition, fp, None);
        let target = self.cx.roots.raise_error;
        let (fp, count) = self.place(fp, target, &[condition]);
        self.apply(fp, count)
    }
}

pub(super) enum Next {
    Apply(*mut Value, usize),
    Deliver(*mut Value, Value),
    /// The fiber has been left.
    Switch,
}

fn is_raw_continuation(v: Value) -> bool {
    v.is_kind(Kind::Tagged)
        && v.field_count() == 3
        && (v.field(0).is_kind(Kind::Segment) || v.field(0) == Value::FALSE)
        && v.field(1).is_fixnum()
}

/// The error number of a condition that says what the system refused.
pub fn system_errno(cx: &Cx, object: Value) -> Option<i64> {
    let is_system = object.is_kind(Kind::Condition)
        && object.field(condition::KEY).as_symbol().is_some_and(|key| cx.symbols.name(key) == "system-error");
    if is_system { object.field(condition::DATA).as_pair()?.0.as_fixnum() } else { None }
}

/// The items of a list that is known to be finite.
pub fn list_items(mut list: Value) -> impl Iterator<Item = Value> {
    std::iter::from_fn(move || {
        let (item, rest) = list.as_pair()?;
        list = rest;
        Some(item)
    })
}

impl Drop for Machine {
    fn drop(&mut self) {
        let words = (self.hard_limit as usize - self.stack as usize) / 8;
        // SAFETY: the stack was allocated with this layout, and nothing uses it any more.
        unsafe { std::alloc::dealloc(self.stack as *mut u8, Layout::array::<Value>(words).expect("a layout")) };
        let _ = &self.underflow_code;
    }
}
