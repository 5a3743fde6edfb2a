//! What a builtin can reach: the heap, the names, the sources, and the dynamic state. Not the run loop.

use crate::expander::context::ExpanderState;
use crate::expander::library::Loader;
use crate::expander::show::View;
use crate::fiber::Scheduler;
use crate::fiber::object::fiber;
use crate::fiber::step::Task;
use crate::net::{Interest, Net};
use crate::permission::Permissions;
use crate::permission::net::Names as HostNames;
use crate::posix::users::Walks;
use crate::reader::Reading;
use crate::source::{Sources, Span};
use crate::symbol::{Names, Symbol, Symbols};
use crate::trace::explain::{Explain, Level};
use crate::value::code::parameter_list;
use crate::value::condition::Maker;
use crate::value::dialect::Dialect;
use crate::value::{Heap, Kind, Value, print};
use crate::vm::builtin::Row;
use crate::vm::control;
use crate::vm::host::Hosts;
use crate::vm::limits::Limits;
use crate::vm::profile::Profile;
use crate::vm::random::Random;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::os::fd::RawFd;
use std::time::Instant;

pub struct Cx {
    pub heap: Heap,
    pub symbols: Symbols,
    pub sources: Sources,
    pub net: Net,
    /// Who is told of the network's calls, while somebody is; see trace/explain.
    pub explain: Option<Box<Explain>>,
    pub fibers: Scheduler,
    /// The names of the fibers that were found to wait for what cannot come.
    pub stuck: String,
    /// Modules, macros, marks.
    pub expander: ExpanderState,
    /// Where libraries and included files come from; away while an expansion uses it.
    pub loader: Option<Box<dyn Loader>>,
    /// Parameter bindings, exception handlers and winds, innermost first; see vm/control.
    pub dynamic: Value,
    pub builtins: &'static [&'static Row],
    /// What the program may do; builtins/permit asks.
    pub permissions: Permissions,
    /// What looking up hosts has told, for permissions by name.
    pub host_names: HostNames,
    pub limits: Limits,
    pub hosts: Hosts,
    /// The calls in which the last run has ended, if with an error that nobody handled or by a bound of the host's, innermost first.
    pub last_trace: Vec<(Option<Symbol>, Span)>,
    /// The same of tasks that have failed, until somebody asks for their ends.
    pub task_traces: FxHashMap<Task, Vec<(Option<Symbol>, Span)>>,
    pub command_line: Vec<String>,
    /// What the program has changed in its environment; None for what it has removed. The process's own stays as it is,
    /// since others use it at the same time; children are given both.
    pub environment: BTreeMap<String, Option<String>>,
    /// Walks over the system's users and groups that have begun.
    pub walks: Walks,
    pub started: Instant,
    /// The descriptor that whoever runs the program waits for, while fibers run.
    pub awaited: Option<RawFd>,
    pub random: Random,
    /// The forms that are compiled now are the program's own, and not in a tail position of anything.
    pub keeps_top_frame: bool,
    /// Errors remember the values of local variables, in code that is compiled from now on.
    pub keeps_locals: bool,
    /// What people are told of an error, and what a command of the prompt prints: those who know live above this floor.
    pub teller: Option<fn(&mut Cx, Value) -> String>,
    pub commands: Option<fn(&mut Cx, &str) -> String>,
    /// What has become of the form that was compiled last is kept as text, in `shown_core`.
    pub shows_core: Option<View>,
    pub shown_core: String,
    /// Where the program spends its time, while somebody wants to know.
    pub profile: Option<Box<Profile>>,
    /// Whose language the program is written in.
    pub dialect: Dialect,
    /// What the program has said of how texts are read from now on.
    pub reading: Reading,
    /// The texts of records, while a builtin prints them.
    pub texts: FxHashMap<Value, String>,
    /// Numbers given to objects for their hashes so far.
    pub identities_given: i64,
    /// Values that the engine and the builtins keep for good, by name: the hooks the vm calls, the standard ports.
    pub roots: Roots,
    /// The exit with which a call was last parked, to be used again.
    pub used_exit: Option<Box<Exit>>,
}

/// Values that live as long as the engine.
pub struct Roots {
    /// `(%raise-error condition [pass])`: how failures of builtins and instructions enter Scheme.
    pub raise_error: Value,
    /// `(%reroot-and-throw continuation values)`
    pub reroot: Value,
    /// `(%assign-converted parameter value)`
    pub assign_converted: Value,
    /// `(%go-on thunks action value)`
    pub go_on: Value,
    /// `(%run-asyncs)`: runs the handlers of signals that came.
    pub run_asyncs: Value,
    /// `(%call-after-asyncs procedure argument ...)`
    pub call_after_asyncs: Value,
    /// What signals and asyncs there are to handle; see builtins/signals.
    pub signals: Value,
    pub current_input: Value,
    pub current_output: Value,
    pub current_error: Value,
    /// What new ports have: the name of an encoding, and a conversion strategy.
    pub default_encoding: Value,
    pub default_strategy: Value,
    /// The expansion that the engine drives.
    pub expansion: Value,
    /// `(%print-records records builtin arguments)`, once there are records that procedures of the program's print.
    pub print_records: Value,
    /// What such procedures have printed: a list of pairs of a record and a string, for the builtin that asked for it.
    pub printed: Value,
    /// What waits for non-blocking descriptors in the program's place; see `%set-suspendable!`.
    pub waiter: Value,
    /// A weak table of the numbers that stand for objects in hashes; made when the first is asked for.
    pub identities: Value,
}

impl Default for Roots {
    fn default() -> Roots {
        let none = Value::FALSE;
        Roots {
            raise_error: none,
            reroot: none,
            assign_converted: none,
            run_asyncs: none,
            go_on: none,
            call_after_asyncs: none,
            signals: none,
            current_input: none,
            current_output: none,
            current_error: none,
            default_encoding: none,
            default_strategy: none,
            expansion: none,
            print_records: none,
            printed: none,
            waiter: none,
            identities: none,
        }
    }
}

impl Roots {
    pub fn all(&mut self) -> [&mut Value; 17] {
        [
            &mut self.raise_error,
            &mut self.reroot,
            &mut self.assign_converted,
            &mut self.run_asyncs,
            &mut self.go_on,
            &mut self.call_after_asyncs,
            &mut self.signals,
            &mut self.current_input,
            &mut self.current_output,
            &mut self.current_error,
            &mut self.default_encoding,
            &mut self.default_strategy,
            &mut self.expansion,
            &mut self.print_records,
            &mut self.waiter,
            &mut self.printed,
            &mut self.identities,
        ]
    }
}

/// Why a builtin did not simply return a value.
pub enum Exit {
    /// An error: the condition is raised at the place of the call.
    Raise(Value),
    /// The call would block: it is made again when the wait is over.
    Wait(Wait),
    /// Ctrl-C, seen while working or waiting: the safepoint deals with it.
    Interrupted,
    /// This many bytes are wanted, more than the limit leaves: collect, and call again; if that does not help, it is an error.
    Memory(usize),
    /// The system has run out of what lost objects may still hold, descriptors: collect, and call again; if that does not help,
    /// this condition is raised.
    Collect(Value),
    /// Call this procedure in place of the builtin.
    TailCall(Value, Vec<Value>),
    /// Call this procedure in place of the builtin, with the builtin itself and the list of its arguments added to these: it
    /// does what the builtin waits for, and calls it again.
    Errand(Value, Vec<Value>),
    /// End the program with this status.
    Quit(i32),
    /// This object was raised and nobody handles it.
    Uncaught(Value),
}

/// What a parked call waits for.
#[derive(Clone, Debug, Default)]
pub struct Wait {
    pub read: Option<i32>,
    pub write: Option<i32>,
    pub deadline: Option<Instant>,
    /// Further descriptors, any of which will do.
    pub more: Vec<(RawFd, Interest)>,
}

impl Wait {
    /// The one descriptor, if there is no more to it.
    #[inline]
    pub fn only(&self) -> Option<(RawFd, Interest)> {
        match (self.read, self.write, self.deadline) {
            (Some(fd), None, None) if self.more.is_empty() => Some((fd, Interest::Read)),
            (None, Some(fd), None) if self.more.is_empty() => Some((fd, Interest::Write)),
            _ => None,
        }
    }

    /// All descriptors.
    pub fn descriptors(&self) -> impl Iterator<Item = (RawFd, Interest)> {
        let read = self.read.map(|fd| (fd, Interest::Read));
        let write = self.write.map(|fd| (fd, Interest::Write));
        read.into_iter().chain(write).chain(self.more.iter().copied())
    }
}

pub type Answer<T = Value> = Result<T, Box<Exit>>;

impl Cx {
    /// For tests; an engine makes its own `Net`, which can fail.
    pub fn new() -> Cx {
        Cx::with_net(Net::new().expect("a descriptor for the engine's wake-up"), Default::default())
    }

    /// `known` are the names whose symbols are the first.
    pub fn with_net(net: Net, known: &'static Names) -> Cx {
        let ledger = net.ledger.clone();
        let mut heap = Heap::with_ledger(ledger.clone());
        heap.control.interrupt = Some(net.interrupt().clone());
        let fibers = Scheduler::new(&heap);
        Cx {
            heap,
            net,
            explain: None,
            fibers,
            stuck: String::new(),
            expander: ExpanderState::default(),
            loader: None,
            symbols: Symbols::with_ledger(ledger.clone(), known),
            sources: Sources::with_ledger(ledger),
            dynamic: Value::NIL,
            builtins: &[],
            permissions: Permissions::none(),
            host_names: HostNames::default(),
            limits: Limits::default(),
            hosts: Hosts::default(),
            last_trace: Vec::new(),
            task_traces: FxHashMap::default(),
            command_line: Vec::new(),
            environment: BTreeMap::new(),
            walks: Walks::default(),
            started: Instant::now(),
            awaited: None,
            random: Random::default(),
            keeps_top_frame: false,
            keeps_locals: false,
            teller: None,
            commands: None,
            shows_core: None,
            shown_core: String::new(),
            profile: None,
            dialect: Dialect::default(),
            reading: Reading::default(),
            texts: FxHashMap::default(),
            identities_given: 0,
            roots: Roots::default(),
            used_exit: None,
        }
    }

    /// The exit of a call that waits until the descriptor can be read: what fibers do most of the time.
    pub fn wait_to_read(&mut self, fd: RawFd) -> Box<Exit> {
        let exit = Exit::Wait(Wait { read: Some(fd), ..Wait::default() });
        match self.used_exit.take() {
            Some(mut used) => {
                *used = exit;
                used
            }
            None => Box::new(exit),
        }
    }

    pub fn maker(&mut self) -> Maker<'_> {
        Maker { heap: &self.heap, symbols: &mut self.symbols }
    }

    /// The failure that the condition made by `make` describes.
    pub fn fail<T>(&mut self, make: impl FnOnce(&mut Maker) -> Value) -> Answer<T> {
        let condition = make(&mut self.maker());
        Err(Box::new(Exit::Raise(condition)))
    }

    /// Fails when something of this many bytes must not be made.
    pub fn admit(&mut self, bytes: usize) -> Answer<()> {
        if self.heap.admits(bytes) { Ok(()) } else { Err(Box::new(Exit::Memory(bytes))) }
    }

    /// From now on the network's calls are told of so.
    pub fn explain_calls(&mut self, level: Level) {
        let mut explain = self.explain.take().unwrap_or_default();
        explain.level = level;
        let listener = explain.listener(self.net.interrupt().clone());
        self.net.listen(level.wants_calls().then_some(listener));
        self.explain = Some(explain);
    }

    /// For loops inside builtins that can take long: call it every few thousand rounds.
    pub fn check_interrupt(&self) -> Answer<()> {
        if self.heap.control.interrupted() { Err(Box::new(Exit::Interrupted)) } else { Ok(()) }
    }

    /// What a parameter object stands for now.
    pub fn parameter_value(&self, parameter: Value) -> Value {
        control::find_binding(self.dynamic, parameter).map_or_else(|| parameter.field(0), |cell| cell.field(0))
    }

    /// Gives a parameter object another value, where it is bound.
    pub fn set_parameter_value(&mut self, parameter: Value, value: Value) {
        match control::find_binding(self.dynamic, parameter) {
            Some(cell) => self.heap.set_field(cell, 0, value),
            None => self.heap.set_field(parameter, 0, value),
        }
    }

    /// The builtin procedure of that name, for builtins that hand over to another.
    pub fn builtin(&self, name: &str) -> Option<Value> {
        let index = self.builtins.iter().position(|row| row.name == name)?;
        Some(self.heap.make(Kind::Builtin, &[Value::fixnum(index as i64)]))
    }

    pub fn span_of(&self, v: Value) -> Span {
        let _ = v;
        Span::NOWHERE
    }

    /// The name under which a procedure is known, for messages.
    pub fn procedure_name(&self, procedure: Value) -> String {
        match procedure.kind() {
            Some(Kind::Closure) => self
                .heap
                .closure_code(procedure)
                .and_then(|code| code.name)
                .map_or_else(|| "anonymous procedure".to_string(), |name| self.symbols.name(name).to_string()),
            Some(Kind::Builtin) => {
                let number = procedure.field(0).fixnum_value();
                match self.hosts.function(number) {
                    Some(function) => function.name.to_string(),
                    None => self.builtins[number as usize].name.to_string(),
                }
            }
            Some(Kind::Continuation) => "continuation".to_string(),
            Some(Kind::Parameter) => "parameter".to_string(),
            _ => "?".to_string(),
        }
    }
}

impl Default for Cx {
    fn default() -> Cx {
        Cx::new()
    }
}

impl Cx {
    /// A value as `write` prints it, cut short for messages.
    pub fn show(&self, v: Value) -> String {
        print::short_text(&self.heap, self, v, 80)
    }
}

impl print::Names for Cx {
    fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    fn procedure(&self, procedure: Value) -> String {
        let name = |symbol: &Symbol| self.symbols.name(*symbol).to_string();
        if let Some(code) = self.heap.closure_code(procedure) {
            let parameters: Vec<String> = code.parameters.iter().map(name).collect();
            let list = match &code.face {
                Some(face) => face.text.to_string(),
                None => parameter_list(&parameters, code.required as usize, code.rest),
            };
            return match (&code.name, self.sources.place(code.span)) {
                (Some(symbol), _) => format!("{} {list}", name(symbol)),
                (None, Some(place)) => format!("at {}:{}:{} {list}", place.name, place.line, place.column),
                (None, None) => list,
            };
        }
        match procedure.field(0).as_fixnum().and_then(|index| self.builtins.get(index as usize)) {
            Some(row) if procedure.is_kind(Kind::Builtin) => {
                let parameters: Vec<String> = row.parameters.iter().map(|p| p.name.to_string()).collect();
                format!("{} {}", row.name, parameter_list(&parameters, row.required(), row.has_rest()))
            }
            _ => match procedure.field(0).as_fixnum().and_then(|number| self.hosts.function(number)) {
                Some(function) => function.name.to_string(),
                None => String::new(),
            },
        }
    }

    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn printed(&self, record: Value) -> Option<&str> {
        self.texts.get(&record).map(String::as_str)
    }

    fn scheduled(&self, v: Value) -> String {
        match v.kind() {
            Some(Kind::Fiber) => match self.heap.str(v.field(fiber::NAME)) {
                Some(name) => format!("#<fiber {} {name}>", v.field(fiber::ID).fixnum_value()),
                None => format!("#<fiber {}>", v.field(fiber::ID).fixnum_value()),
            },
            Some(Kind::Queue) => "#<queue>".into(),
            _ => "#<wait>".into(),
        }
    }

    fn external(&self, v: Value) -> String {
        self.heap.external_text(v).unwrap_or_else(|| "#<closed>".into())
    }
}
