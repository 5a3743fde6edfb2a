//! An engine: one interpreter with everything it owns. It wires the floors together; programs run through it.
//!
//! An engine may move from thread to thread, and each thread may have engines of its own: engines share nothing. Its signals are the
//! exception. SIGINT, and handlers that a program sets with `sigaction`, belong to the first engine that asks for them, and
//! `catch_sigint` binds that one to its thread.
//!
//! Invariants of the unsafe part, which is the one line that says so:
//! - The engine's own `Rc`s and pointers (sources, environments, the ledger, the heap's blocks, the stack) lead to nothing that
//!   another engine or thread holds: who takes a clone out through `cx` drops it before the engine moves.
//! - What a host puts in (listeners, loaders, externals, devices) is `Send`: who takes it from a host asks for that.
//! - No thread-local state, and no lock held between two calls.
#![allow(unsafe_code)]

pub mod advice;
mod report;

use crate::builtins;
use crate::expander::env::{Binding, ModuleId};
use crate::expander::library::CORE;
use crate::expander::shared::{Meaning, Shared};
use crate::expander::show::View;
use crate::expander::stdlib;
use crate::expander::syntax::tree_to_syntax;
use crate::fiber::Pause;
use crate::fiber::object::State;
pub use crate::fiber::step::Task;
use crate::files::Files;
use crate::net::{self, Net};
use crate::permission::{Access, Permissions};
use crate::port::PortError;
use crate::reader::Parser;
use crate::source::{Place, SourceId, Span, Text};
use crate::value::heap::cell;
use crate::value::{Kind, Value, condition};
use crate::vm::cx::{Cx, Exit};
use crate::vm::limits::{Limit, Limits};
use crate::vm::machine::{self, Machine, Outcome, Primitives};
use nix::errno::Errno;
use rustc_hash::FxHashMap;
use std::os::fd::RawFd;
use std::rc::Rc;
use std::sync::OnceLock;
use std::time::Instant;

/// How a piece of a program ended, if not with a value.
pub enum Stop {
    /// An object was raised that nobody handled, and where.
    Raised { object: Value },
    /// `(exit n)`
    Exit(i32),
    /// The run has come to a bound that the host set.
    Limit(Limit),
}

/// How far a step has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Its time was over, and more can run now.
    More,
    /// Nothing can run before the descriptor is readable, or this time has come.
    Waiting(Option<Instant>),
    /// All fibers have ended, or wait for what only the host can bring about.
    Idle,
}

/// One of the calls that led to an error.
pub struct Frame {
    /// Procedure and place.
    pub line: String,
    pub excerpt: Option<String>,
    /// Variables and their values, inner ones last, where the engine keeps them.
    pub locals: Vec<(String, String)>,
    /// Whether it is a procedure of the project's own library.
    pub of_library: bool,
}

/// A run; whichever way it is left, it is over.
struct Run<'e>(&'e mut Engine);

impl Drop for Run<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

pub struct Engine {
    machine: Machine,
    /// A run is on its way: what begins within it is part of it.
    running: bool,
    /// What was printed is written out before anybody waits.
    writes_out: bool,
    /// Tasks that came to a limit or have called `exit`: their end is no value of the program's.
    cut_off: FxHashMap<Task, Cut>,
}

/// How a task ended that was not let end.
#[derive(Clone, Copy)]
enum Cut {
    Exit(i32),
    Limit(Limit),
}

// SAFETY: see the head of this file.
unsafe impl Send for Engine {}

/// Lets the program find the sources that it may read.
fn give_files(cx: &mut Cx) {
    let files = Files::new(cx.permissions.clone(), cx.net.interrupt(), cx.heap.ledger.limit());
    cx.loader = Some(Box::new(files));
}

impl Engine {
    /// An engine that knows the whole language and was granted nothing. Fails when the system has no descriptor left.
    pub fn new() -> std::io::Result<Engine> {
        Engine::with(Permissions::none(), Limits::default())
    }

    /// An engine of a program that may do whatever its user may.
    pub fn unrestricted() -> std::io::Result<Engine> {
        Engine::with(Permissions::all(), Limits::default())
    }

    pub fn with(permissions: Permissions, limits: Limits) -> std::io::Result<Engine> {
        let common = common();
        let mut cx = Cx::with_net(Net::new()?, &common.shared.names);
        cx.builtins = builtins::rows();
        cx.net.real_paths = !permissions.is_free();
        // A program that uses up all descriptors shall be able to wait all the same.
        if Access::ALL.iter().any(|&access| permissions.may_have(access)) {
            cx.net.interrupt().wakes()?;
        }
        cx.permissions = permissions;
        give_files(&mut cx);
        cx.limits = limits;
        cx.teller = Some(report::whole);
        let mut machine = Machine::new(cx);
        machine.more_roots = Some(|cx, tracer| cx.expander.trace(tracer));
        define_base(&mut machine, common);
        machine.link(&common.links);
        let mut engine = Engine { machine, running: false, writes_out: false, cut_off: FxHashMap::default() };
        engine.machine.cx.roots.raise_error = engine.base_procedure("%raise-error");
        engine.machine.cx.roots.reroot = engine.base_procedure("%reroot-and-throw");
        engine.machine.cx.roots.assign_converted = engine.base_procedure("%assign-converted");
        for (port, check) in [
            (engine.machine.cx.roots.current_input, "%an-input-port"),
            (engine.machine.cx.roots.current_output, "%an-output-port"),
            (engine.machine.cx.roots.current_error, "%an-output-port"),
        ] {
            let check = engine.base_procedure(check);
            engine.machine.cx.heap.set_field(port, 1, check);
        }
        engine.machine.cx.roots.run_asyncs = engine.base_procedure("%run-asyncs");
        engine.machine.cx.roots.go_on = engine.base_procedure("%go-on");
        engine.machine.cx.roots.call_after_asyncs = engine.base_procedure("%call-after-asyncs");
        Ok(engine)
    }

    pub fn cx(&mut self) -> &mut Cx {
        &mut self.machine.cx
    }

    /// How much the program's data may take from here on, of which a source is a part.
    pub fn limit_memory(&mut self, bytes: usize) {
        let cx = self.cx();
        cx.heap.ledger.set_limit(bytes);
        give_files(cx);
    }

    /// Folders in which libraries are looked for: what the variable %load-path holds at first.
    pub fn set_load_path(&mut self, folders: &[String]) {
        let cx = &mut self.machine.cx;
        let symbol = cx.symbols.intern("%load-path");
        let folders: Vec<Value> = folders.iter().map(|folder| cx.heap.string(folder)).collect();
        if let Some(Binding::Variable(cell)) = cx.expander.modules.exported(CORE, symbol) {
            cell::set_value(&cx.heap, cell, cx.heap.list(&folders));
        }
    }

    /// Writes out what the standard ports still hold.
    pub fn flush(&mut self) -> Result<(), PortError> {
        builtins::ports::flush_standard(&mut self.machine.cx)
    }

    /// The program has ended: writes out what its other ports hold back, those made of procedures among them.
    pub fn finish(&mut self) -> Result<(), Stop> {
        if !builtins::ports::output_waits(&mut self.machine.cx) {
            return Ok(());
        }
        let flush = self.base_value("flush-all-ports")?;
        self.call(flush, &[]).map(drop)
    }

    /// Ends the line that the program has begun to print, if any: what follows starts in the first column.
    pub fn fresh_line(&mut self) {
        if builtins::ports::console_column(&mut self.machine.cx) != 0 {
            // A console that cannot be written to shows at the next flush.
            let _ = self.run_text("prompt", "(newline)");
        }
    }

    /// Collects all that nobody can reach, between runs.
    pub fn collect(&mut self) {
        if !self.running {
            self.machine.collect_all();
        }
    }

    /// Whether this is the condition of a write to a pipe or connection that nobody reads.
    pub fn is_broken_pipe(&self, object: Value) -> bool {
        machine::system_errno(&self.machine.cx, object) == Some(Errno::EPIPE as i64)
    }

    /// Whether this is the condition that Ctrl-C raises.
    pub fn is_interrupt(&self, object: Value) -> bool {
        object.is_kind(Kind::Condition)
            && object.field(condition::KEY).as_symbol().is_some_and(|key| self.machine.cx.symbols.name(key) == "signal")
    }

    /// Collects at every safepoint, to find values that nobody keeps alive.
    pub fn stress_collector(&mut self) {
        self.machine.stress = true;
        self.machine.cx.heap.stress = true;
    }

    /// The value of a variable of the base, which programs need not know.
    pub fn base(&mut self, name: &str) -> Result<Value, Stop> {
        let symbol = self.machine.cx.symbols.intern(name);
        self.run(|engine| engine.eval_form(Value::symbol(symbol), CORE))
    }

    /// The value of a variable of the base, where no run is on its way.
    fn base_procedure(&mut self, name: &str) -> Value {
        match self.base_value(name) {
            Ok(value) => value,
            Err(Stop::Raised { object }) => panic!("the base defines {name}: {}", self.describe(object)),
            Err(Stop::Exit(_) | Stop::Limit(_)) => unreachable!("a reference does neither, and no run has begun"),
        }
    }

    /// The value of a variable of the base, compiled now if it was not yet. That is no run of its own: it begins no new count of
    /// what the host has set bounds to.
    fn base_value(&mut self, name: &str) -> Result<Value, Stop> {
        let symbol = self.machine.cx.symbols.intern(name);
        let running = std::mem::replace(&mut self.running, true);
        let value = self.eval_form(Value::symbol(symbol), CORE);
        self.running = running;
        value
    }

    /// Runs all forms of a text in the user's module, and returns the last one's value.
    pub fn run_text(&mut self, name: &str, text: &str) -> Result<Value, Stop> {
        self.run(|engine| engine.run_forms(name, text))
    }

    /// One run: what the host has set bounds to is counted from here.
    pub fn run<T>(&mut self, action: impl FnOnce(&mut Engine) -> Result<T, Stop>) -> Result<T, Stop> {
        if self.running {
            return action(self);
        }
        self.begin();
        self.machine.cx.last_trace.clear();
        self.running = true;
        // Ends the run by a panic of the host's, too.
        let run = Run(self);
        let result = action(run.0);
        run.0.within_output(result)
    }

    /// What was written last may have passed the limit.
    fn within_output<T>(&self, result: Result<T, Stop>) -> Result<T, Stop> {
        if self.machine.cx.net.output_spent { result.and(Err(Stop::Limit(Limit::Output))) } else { result }
    }

    fn end(&mut self) {
        self.running = false;
        // Afterwards nothing is counted: the host itself may still want to print.
        let cx = &mut self.machine.cx;
        cx.heap.control.begin(None);
        (cx.net.output_left, cx.net.output_spent) = (None, false);
        if cx.limits.time.is_some() {
            cx.net.interrupt().set_time(None);
        }
    }

    /// The bound of the host's that the run has come to, if it has.
    pub fn limit_reached(&self) -> Option<Limit> {
        match self.machine.check_limit() {
            Err(Outcome::Limit(limit)) => Some(limit),
            _ => None,
        }
    }

    fn begin(&mut self) {
        let cx = &mut self.machine.cx;
        cx.heap.control.begin(cx.limits.steps);
        (cx.net.output_left, cx.net.output_spent) = (cx.limits.output, false);
        if cx.limits.time.is_some() {
            cx.net.interrupt().set_time(cx.limits.time);
        }
    }

    /// What is to be done with a raised object: nothing, if the run is over anyway.
    fn raised(&self, object: Value) -> Stop {
        self.limit_reached().map_or(Stop::Raised { object }, Stop::Limit)
    }

    fn run_forms(&mut self, name: &str, text: &str) -> Result<Value, Stop> {
        let text: Rc<str> = text.into();
        let source = self.machine.cx.sources.add(name, text.clone());
        let mut parser = Parser::new(source, 0);
        let mut module = self.announce(&text);
        let mut last = Value::UNSPECIFIED;
        loop {
            parser.set_reading(self.machine.cx.reading);
            match parser.next_datum(&text, &mut self.machine.cx.symbols) {
                None => return Ok(last),
                Some(Ok(tree)) => {
                    let cx = &mut self.machine.cx;
                    let form = tree_to_syntax(&tree, &cx.heap);
                    last = self.eval_in_current_module(form)?;
                    if self.machine.cx.expander.modules.current != module {
                        module = self.announce(&text);
                    }
                }
                Some(Err(error)) => {
                    let object = builtins::read::condition(&mut self.machine.cx, &error);
                    return Err(Stop::Raised { object });
                }
            }
        }
    }

    /// Notes what a text whose forms are run in the current module will define, so that its procedures may call what is defined
    /// further down, whatever the name means as yet. The answer is the current module.
    pub fn announce(&mut self, text: &str) -> ModuleId {
        let Cx { expander, symbols, .. } = &mut self.machine.cx;
        let module = expander.modules.current;
        expander.modules.announce(symbols, module, text);
        module
    }

    /// Runs one form as the user's program has it.
    pub fn eval_in_current_module(&mut self, form: Value) -> Result<Value, Stop> {
        self.run(|engine| engine.eval_in_module(form))
    }

    fn eval_in_module(&mut self, form: Value) -> Result<Value, Stop> {
        let module = self.machine.cx.expander.modules.current;
        let result = self.eval_form(form, module);
        if result.is_err() {
            // It may have failed in the middle of a module's file.
            self.machine.cx.expander.modules.current = module;
        }
        result
    }

    /// From now on what is printed is kept, for `take_captured_output`.
    pub fn capture_output(&mut self) {
        builtins::ports::capture_output(&mut self.machine.cx);
    }

    /// What was printed since the last time.
    pub fn take_captured_output(&mut self) -> String {
        builtins::ports::take_captured_output(&mut self.machine.cx)
    }

    /// A value as `write` prints it, whole.
    pub fn written(&self, value: Value) -> String {
        builtins::write::written(&self.machine.cx, value)
    }

    /// Expands, compiles and runs one form.
    pub fn eval_form(&mut self, form: Value, module: ModuleId) -> Result<Value, Stop> {
        let thunk = self.compile_form(form, module)?;
        self.call(thunk, &[])
    }

    /// A procedure of no arguments that does what the form says; macros of the program run meanwhile.
    fn compile_form(&mut self, form: Value, module: ModuleId) -> Result<Value, Stop> {
        let cx = &mut self.machine.cx;
        let Ok(expansion) = builtins::evaluation::start(cx, form, module, true) else {
            let object = builtins::evaluation::interrupted(cx);
            return Err(self.raised(object));
        };
        // The expansion is a value, so that the collector sees it: it stays a root between the steps.
        self.machine.cx.roots.expansion = expansion;
        let mut answer = None;
        loop {
            let expansion = self.machine.cx.roots.expansion;
            let next = builtins::evaluation::step(&mut self.machine.cx, expansion, answer);
            match next {
                Err(object) => return Err(self.raised(object)),
                Ok(builtins::evaluation::Next::Done(thunk)) => return Ok(thunk),
                Ok(builtins::evaluation::Next::Eval(thunk)) => answer = Some(self.call(thunk, &[])?),
                Ok(builtins::evaluation::Next::Call(procedure, arguments)) => {
                    answer = Some(self.call(procedure, &arguments)?)
                }
            }
        }
    }

    /// Calls a procedure with nothing below it, and waits for its value.
    pub fn call(&mut self, procedure: Value, arguments: &[Value]) -> Result<Value, Stop> {
        let result = self.run(|engine| engine.drive(procedure, arguments));
        // What the last builtin of all did, after which no safepoint came.
        if self.machine.cx.heap.control.take_news()
            && let Some(explain) = &mut self.machine.cx.explain
        {
            explain.tell(None, 0);
        }
        result
    }

    fn drive(&mut self, procedure: Value, arguments: &[Value]) -> Result<Value, Stop> {
        self.machine.cx.dynamic = Value::NIL;
        self.machine.start(procedure, arguments);
        loop {
            match self.machine.resume() {
                Outcome::Done(value) => return Ok(value),
                Outcome::Uncaught(object) => return Err(self.raised(object)),
                Outcome::Quit(status) => return Err(Stop::Exit(status)),
                Outcome::Wait(wait) => {
                    let set: Vec<_> = wait.descriptors().collect();
                    // What ended the wait shows when the call is made again.
                    let _ = self.machine.cx.net.wait(&set, wait.deadline, "wait");
                }
                Outcome::Idle => {
                    if self.writes_out {
                        // Who cannot be written to shows at the next flush.
                        let _ = self.flush();
                    }
                    if let Some(error) = self.machine.idle() {
                        return Err(self.failed_wait(&error));
                    }
                }
                Outcome::Failed(fiber, object) => self.fiber_failed(fiber, object)?,
                Outcome::Limit(limit) => {
                    self.machine.keep_last_trace();
                    return Err(self.abandon(limit));
                }
                Outcome::Switch | Outcome::Spent => {}
            }
        }
    }

    // ---- in steps ------------------------------------------------------------------------------------------------

    /// Starts a call in a fiber of its own, which runs in `step`, or while something else is evaluated.
    /// What the host has set bounds to is counted from the first of calls that go on at the same time.
    pub fn spawn(&mut self, procedure: Value, arguments: &[Value]) -> (Task, Value) {
        let cx = &mut self.machine.cx;
        if !self.running && cx.fibers.count() == 0 {
            self.begin();
        }
        let cx = &mut self.machine.cx;
        let fiber = cx.fibers.spawn_call(&cx.heap, &mut cx.net, procedure, arguments);
        (cx.fibers.adopt(fiber), fiber)
    }

    /// What the call of a task has come to, once; None as long as it goes on.
    pub fn take_result(&mut self, task: Task) -> Option<Result<Value, Stop>> {
        let cx = &mut self.machine.cx;
        let (state, value) = cx.fibers.take_end(task)?;
        cx.last_trace = cx.task_traces.remove(&task).unwrap_or_default();
        Some(match (state, self.cut_off.remove(&task)) {
            (State::Done, _) => Ok(value),
            (State::Failed, _) => Err(Stop::Raised { object: value }),
            (_, Some(Cut::Exit(status))) => Err(Stop::Exit(status)),
            (_, Some(Cut::Limit(limit))) => Err(Stop::Limit(limit)),
            _ => Err(Stop::Raised { object: self.machine.cx.maker().misc("fiber", "the fiber was cancelled") }),
        })
    }

    /// Ends a task where it is, after the afters of its dynamic-winds, which run in the steps to come.
    pub fn cancel(&mut self, task: Task) {
        // Where a bound was reached, the next step ends it.
        let Ok(end) = self.base_value("%end-cancelled") else { return };
        let cx = &mut self.machine.cx;
        if let Some(fiber) = cx.fibers.fiber_of(task) {
            cx.fibers.interrupt(&cx.heap, fiber, end);
        }
    }

    /// Nobody asks for the end of this task any more; what it does goes on.
    pub fn disown(&mut self, task: Task) {
        let cx = &mut self.machine.cx;
        cx.fibers.disown(task);
        cx.task_traces.remove(&task);
        self.cut_off.remove(&task);
    }

    /// Lets fibers run until this time at most; waits for nothing. A host calls it again when
    /// `wait_descriptor` is readable, or the time has come that it answers.
    pub fn step(&mut self, until: Instant) -> Result<Step, Stop> {
        let result = self.advance(until);
        let cx = &self.machine.cx;
        if self.running || cx.fibers.count() > 0 {
            return result;
        }
        // The calls that went on at the same time are over, and what they may take with them.
        let result = self.within_output(result);
        self.end();
        result
    }

    fn advance(&mut self, until: Instant) -> Result<Step, Stop> {
        loop {
            match self.machine.step(until) {
                Outcome::Spent => return Ok(Step::More),
                Outcome::Quit(status) => {
                    let fibers = &self.machine.cx.fibers;
                    if let Some(task) = fibers.task_of(fibers.current) {
                        self.cut_off.insert(task, Cut::Exit(status));
                    }
                    return Err(Stop::Exit(status));
                }
                Outcome::Failed(fiber, object) => self.fiber_failed(fiber, object)?,
                Outcome::Idle => match self.machine.look() {
                    Ok(Pause::Over | Pause::Called | Pause::Interrupted) => {}
                    Ok(Pause::Waiting) => {
                        let cx = &self.machine.cx;
                        let times = cx.fibers.next_timer().into_iter().chain(cx.net.interrupt().deadline());
                        return Ok(Step::Waiting(times.min()));
                    }
                    Ok(Pause::Deadlock) => return Ok(Step::Idle),
                    Err(error) => return Err(self.failed_wait(&error)),
                },
                Outcome::Limit(limit) => return Err(self.abandon(limit)),
                Outcome::Done(_) | Outcome::Uncaught(_) | Outcome::Wait(_) | Outcome::Switch => {}
            }
        }
    }

    /// The run has come to a bound: all that it began is given up, and the engine is as good as before.
    fn abandon(&mut self, limit: Limit) -> Stop {
        let cx = &mut self.machine.cx;
        self.cut_off.extend(cx.fibers.going_tasks().map(|task| (task, Cut::Limit(limit))));
        cx.fibers.abandon(&cx.heap, &mut cx.net);
        Stop::Limit(limit)
    }

    /// A descriptor that becomes readable when `step` has something to do: for the host's own poll, select or epoll, and only to be
    /// waited for. It stays the same as long as the engine lives. Fails where the system has no epoll.
    pub fn wait_descriptor(&mut self) -> std::io::Result<RawFd> {
        let cx = &mut self.machine.cx;
        cx.fibers.wait_descriptor(&mut cx.net)
    }

    /// Fibers wait by poll(2) in place of epoll from now on; then there is no `wait_descriptor`.
    pub fn use_poll(&mut self) {
        let cx = &mut self.machine.cx;
        cx.fibers.use_poll(&mut cx.net);
    }

    fn failed_wait(&mut self, error: &std::io::Error) -> Stop {
        let failure = net::Error::from_io("wait", error).into();
        match *builtins::port_value::stopped(&mut self.machine.cx, "wait", failure, None) {
            Exit::Raise(object) | Exit::Collect(object) => Stop::Raised { object },
            _ => unreachable!("a failure is raised"),
        }
    }

    fn fiber_failed(&mut self, fiber: Value, object: Value) -> Result<(), Stop> {
        // Ctrl-C is for the program, whoever was running.
        if self.is_interrupt(object) {
            return Err(Stop::Raised { object });
        }
        self.report_failure(fiber, object);
        Ok(())
    }

    /// Lets the fibers run until this descriptor can be read, or something ends the wait. What they print is written out.
    pub fn run_until_readable(&mut self, fd: RawFd) -> Result<(), Stop> {
        let (turn, wait) = (self.base_procedure("%yield"), self.base_procedure("%await-descriptor"));
        self.writes_out = true;
        // Those that can run have their turn even when the descriptor can be read already.
        let turn = self.call(turn, &[]);
        self.machine.cx.awaited = Some(fd);
        let result = turn.and_then(|_| self.call(wait, &[]));
        self.machine.cx.awaited = None;
        self.writes_out = false;
        result.map(drop)
    }

    /// Tells on the standard error that a fiber has ended with an error.
    fn report_failure(&mut self, fiber: Value, object: Value) {
        let _ = self.flush();
        let text = self.report(object);
        let text = format!("in {}: {text}", self.machine.cx.show(fiber));
        builtins::ports::tell(&mut self.machine.cx, &text);
    }

    /// What an uncaught error prints: what went wrong, the line with a caret, and the chain of calls.
    pub fn report(&mut self, object: Value) -> String {
        report::whole(&mut self.machine.cx, object)
    }

    /// The same without the calls that led to it.
    pub fn report_itself(&mut self, object: Value) -> String {
        report::itself(&mut self.machine.cx, object)
    }

    /// The message of a raised object.
    pub fn describe(&self, object: Value) -> String {
        report::describe(&self.machine.cx, object)
    }

    /// The calls that led to a raised object, innermost first.
    pub fn frames(&self, object: Value) -> Vec<Frame> {
        let cx = &self.machine.cx;
        let shown = |((name, span), locals): ((Option<crate::symbol::Symbol>, Span), Value)| {
            let place = cx.sources.place(span)?;
            let name = name.map_or("top level", |name| cx.symbols.name(name));
            let entries = machine::list_items(locals).filter_map(|entry| entry.as_pair());
            let local = |(name, value): (Value, Value)| (cx.show(name), cx.show(value));
            Some(Frame {
                line: format!("{name} {}:{}:{}", place.name, place.line, place.column),
                excerpt: cx.sources.excerpt(span),
                locals: entries.map(local).collect(),
                of_library: cx.sources.is_library(span),
            })
        };
        condition::trace(object).into_iter().zip(condition::locals(object)).filter_map(shown).collect()
    }

    /// The whole chain of calls in which the last run has ended, innermost first, those of the library left out: in full what
    /// its condition knows the beginning of, if `object` is what was raised. The second part of the answer is the line of the first place.
    pub fn whole_trace(&mut self, object: Option<Value>) -> (Vec<(String, Option<Place>)>, Option<String>) {
        let cx = &mut self.machine.cx;
        let whole = std::mem::take(&mut cx.last_trace);
        let mut calls = object.map_or(Vec::new(), condition::trace);
        // A condition knows the innermost calls, and how it came to be raised is no matter.
        let known = calls.iter().position(|(_, span)| !span.is_nowhere()).map_or(&[][..], |at| &calls[at..]);
        match (0..whole.len()).find(|&at| !known.is_empty() && whole[at..].starts_with(known)) {
            Some(at) => calls.extend(&whole[at + known.len()..]),
            None if calls.is_empty() => calls = whole,
            None => {}
        }
        let mut places: FxHashMap<Span, Option<Place>> = FxHashMap::default();
        let mut excerpt = None;
        let mut shown = Vec::new();
        for (name, span) in calls {
            let name = name.map_or("top level", |name| cx.symbols.name(name));
            if span.is_nowhere() {
                shown.push((name.to_string(), None));
            } else if !cx.sources.is_library(span) {
                let place = places.entry(span).or_insert_with(|| cx.sources.place(span)).clone();
                excerpt = excerpt.or_else(|| cx.sources.excerpt(span));
                shown.push((name.to_string(), place));
            }
        }
        (shown, excerpt)
    }

    /// Whether this is the condition of a missing permission.
    pub fn is_refusal(&self, object: Value) -> bool {
        let is_it = |key: Value| key.as_symbol().is_some_and(|key| self.machine.cx.symbols.name(key) == "permission");
        object.is_kind(Kind::Condition)
            && machine::list_items(object.field(condition::EXTRA))
                .any(|entry| entry.as_pair().is_some_and(|(key, _)| is_it(key)))
    }

    /// What a text's last form comes to once its syntax is expanded, in the core language; it is not run.
    pub fn expand_text(&mut self, text: &str) -> Result<String, Stop> {
        self.shown_text(text, View::Expanded)
    }

    /// The same as the compiler takes it: its definitions in order, its loops found, and a line on each thing it knows.
    pub fn optimize_text(&mut self, text: &str) -> Result<String, Stop> {
        self.shown_text(text, View::Optimized)
    }

    fn shown_text(&mut self, text: &str, view: View) -> Result<String, Stop> {
        let source = self.machine.cx.sources.add("expand", text);
        let mut parser = Parser::new(source, 0);
        let mut shown = String::new();
        while let Some(parsed) = parser.next_datum(text, &mut self.machine.cx.symbols) {
            let tree = match parsed {
                Ok(tree) => tree,
                Err(error) => {
                    let object = builtins::read::condition(&mut self.machine.cx, &error);
                    return Err(self.raised(object));
                }
            };
            let cx = &mut self.machine.cx;
            let (form, module) = (tree_to_syntax(&tree, &cx.heap), cx.expander.modules.current);
            cx.shows_core = Some(view);
            let thunk = self.compile_form(form, module);
            let cx = &mut self.machine.cx;
            cx.shows_core = None;
            self.machine.cx.roots.expansion = thunk?;
            shown = std::mem::take(&mut self.machine.cx.shown_core);
        }
        Ok(shown)
    }

    /// The procedure that a form is compiled to.
    pub fn compile_text(&mut self, text: &str) -> Result<Value, Stop> {
        self.expand_text(text)?;
        Ok(self.machine.cx.roots.expansion)
    }
}

/// What all engines know before a program says anything, and what follows from that. Made by the first one, and never changed.
struct Common {
    shared: Shared,
    /// The names and texts of the base language.
    sources: Vec<(String, &'static str)>,
    links: Primitives,
}

fn common() -> &'static Common {
    static COMMON: OnceLock<Common> = OnceLock::new();
    COMMON.get_or_init(|| {
        let mut shared = Shared::new();
        let rows = builtins::rows();
        shared.add_builtins(rows.iter().map(|row| row.name));
        for &(name, number) in builtins::constants() {
            shared.add(name, Meaning::Number(number));
        }
        let sources: Vec<_> = stdlib::base().map(|(name, text)| (format!("(sockeye {name})"), text)).collect();
        for (at, (_, text)) in sources.iter().enumerate() {
            shared.add_source(SourceId(at as u32 + 1), text);
        }
        let links = Primitives::find(|name| shared.builtin(name).map(|number| rows[number as usize].body));
        Common { shared, sources, links }
    })
}

/// Puts what differs between engines into the core module, besides what they share.
fn define_base(machine: &mut Machine, common: &'static Common) {
    let stubs = [
        ("call-with-values", machine.stubs.call_with_values),
        ("%call-with-dyn", machine.stubs.call_with_dynamic),
        ("%call-with-prompt", machine.stubs.call_with_prompt),
    ];
    let cx = &mut machine.cx;
    cx.expander.modules.set_up(&mut cx.symbols, &common.shared);
    for (name, text) in &common.sources {
        cx.sources.add(name, Text::Fixed(text));
    }
    let define = |cx: &mut Cx, name: &str, value: Value, facts: i64| {
        let symbol = cx.symbols.intern(name);
        let cell = cell::make(&cx.heap, symbol, value);
        cell::add_fact(&cx.heap, cell, facts);
        cx.expander.modules.define_core(&mut cx.symbols, name, Binding::Variable(cell));
    };
    for (name, value) in stubs {
        define(cx, name, value, cell::CONSTANT);
    }
    if let Err(exit) = builtins::ports::standard_ports(cx) {
        let _ = exit;
    }
    define(cx, "current-input-port", cx.roots.current_input, cell::CONSTANT);
    define(cx, "current-output-port", cx.roots.current_output, cell::CONSTANT);
    define(cx, "current-error-port", cx.roots.current_error, cell::CONSTANT);
    define(cx, "%default-port-encoding", cx.roots.default_encoding, cell::CONSTANT);
    define(cx, "%default-port-conversion-strategy", cx.roots.default_strategy, cell::CONSTANT);
    define(cx, "%load-path", Value::NIL, 0);
}
