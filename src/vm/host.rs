//! What a host has put into an engine: its functions, and the values it holds on to.

use super::builtin::arity_text;
use super::cx::{Answer, Cx, Wait};
use crate::value::tracer::Tracer;
use crate::value::{External, Kind, Value};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, PoisonError};

pub type HostBody = Box<dyn FnMut(&mut Cx, &[Value]) -> Answer + Send>;

/// A function of the host's. Its value is a builtin with a number below zero.
pub struct HostFunction {
    pub name: Box<str>,
    pub required: usize,
    pub optional: usize,
    pub rest: bool,
    /// Away while it runs.
    body: Option<HostBody>,
}

/// Slots that hosts have given back, from whatever thread.
type Freed = Arc<Mutex<Vec<usize>>>;

/// Asks whether the answer has come.
type Poll = Box<dyn FnMut(&mut Cx) -> Option<Answer> + Send>;

/// An answer that a function of the host's has promised.
pub struct Pending {
    /// When to ask again.
    pub wait: Wait,
    pub poll: Poll,
}

impl External for Pending {
    fn type_name(&self) -> &'static str {
        "answer to come"
    }
}

#[derive(Default)]
pub struct Hosts {
    functions: Vec<HostFunction>,
    held: Vec<Value>,
    free: Vec<usize>,
    freed: Freed,
    /// Bytes that may still be copied out of the engine: to begin with, as many as it may hold.
    room: usize,
}

/// A value that the host holds on to: as long as this lives, so does the value.
#[derive(Debug)]
pub struct Held {
    slot: usize,
    freed: Freed,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.freed.lock().unwrap_or_else(PoisonError::into_inner).push(self.slot);
    }
}

impl Hosts {
    pub fn hold(&mut self, value: Value) -> Held {
        if self.free.is_empty() {
            self.free.append(&mut self.freed.lock().unwrap_or_else(PoisonError::into_inner));
        }
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.held.push(Value::FALSE);
                self.held.len() - 1
            }
        };
        self.held[slot] = value;
        Held { slot, freed: self.freed.clone() }
    }

    /// What is copied out from here on may come to so much: parts that are shared are copied more than once.
    #[inline]
    pub fn make_room(&mut self, bytes: usize) {
        self.room = bytes;
    }

    /// Whether so much more may be copied out.
    pub fn spend(&mut self, bytes: usize) -> bool {
        let left = self.room.checked_sub(bytes);
        self.room = left.unwrap_or(0);
        left.is_some()
    }

    /// Whether there was too much.
    pub fn is_spent(&self) -> bool {
        self.room == 0
    }

    /// The value that is held, if it is of this engine.
    pub fn value(&self, held: &Held) -> Option<Value> {
        Arc::ptr_eq(&self.freed, &held.freed).then(|| self.held[held.slot])
    }

    pub fn trace(&mut self, tracer: &mut Tracer) {
        // What was given back is held no longer.
        self.free.append(&mut self.freed.lock().unwrap_or_else(PoisonError::into_inner));
        for &slot in &self.free {
            self.held[slot] = Value::FALSE;
        }
        tracer.visit_all(&mut self.held);
    }

    pub fn function(&self, number: i64) -> Option<&HostFunction> {
        self.functions.get(usize::try_from(-1 - number).ok()?)
    }
}

impl Cx {
    /// A procedure that is a function of the host's.
    pub fn host_function(
        &mut self,
        name: &str,
        (required, optional, rest): (usize, usize, bool),
        body: HostBody,
    ) -> Value {
        // So that traces find it.
        self.symbols.intern(name);
        let functions = &mut self.hosts.functions;
        functions.push(HostFunction { name: name.into(), required, optional, rest, body: Some(body) });
        self.heap.make(Kind::Builtin, &[Value::fixnum(-(functions.len() as i64))])
    }

    /// Calls the function that has this number below zero.
    pub(super) fn call_host(&mut self, number: i64, procedure: Value, arguments: &[Value]) -> Answer {
        let index = (-1 - number) as usize;
        let function = &mut self.hosts.functions[index];
        let count = arguments.len();
        if count < function.required || (!function.rest && count > function.required + function.optional) {
            let name = function.name.clone();
            let accepts = arity_text(function.required, function.optional, function.rest);
            return self.fail(|make| make.wrong_number(&name, procedure, &accepts, count));
        }
        let Some(mut body) = function.body.take() else {
            let name = function.name.clone();
            return self.fail(|make| make.misc(&name, "the host's function is being called already"));
        };
        self.hosts.room = self.heap.ledger.limit();
        // A panic is the host's to catch, further out; the function can be called again.
        let answer = catch_unwind(AssertUnwindSafe(|| body(self, arguments)));
        self.hosts.functions[index].body = Some(body);
        answer.unwrap_or_else(|panic| resume_unwind(panic))
    }
}
