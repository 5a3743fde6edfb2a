//! What an expansion works with, and the state that the expander keeps between expansions.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use super::env::{Env, MarkId, Marks, Resolution, Stamp, free_identifier_eq, resolve_or_free};
use super::library::{Loader, Modules};
use super::procedural::{SyntaxPattern, SyntaxTemplate};
use super::syntax::identifier;
use crate::source::Sources;
use crate::symbol::{Symbol, Symbols};
use crate::value::tracer::Tracer;
use crate::value::{Heap, Value};

/// Everything a pass of the expander may touch.
pub struct ExpandContext<'a> {
    pub heap: &'a mut Heap,
    pub symbols: &'a mut Symbols,
    pub sources: &'a mut Sources,
    pub state: &'a mut ExpanderState,
    pub loader: &'a mut dyn Loader,
}

/// The expander's part of an engine.
#[derive(Default)]
pub struct ExpanderState {
    pub modules: Modules,
    pub marks: Marks,
    /// Values held by macros.
    pub roots: Roots,
    /// The patterns and templates of `syntax-case`; compiled code knows them by number.
    pub patterns: Vec<SyntaxPattern>,
    pub templates: Vec<SyntaxTemplate>,
    /// Set while a procedural transformer runs: the environment of the macro's use, and the stamp of this use.
    pub current_env: Option<Rc<Env>>,
    pub current_stamp: Option<Stamp>,
}

impl ExpanderState {
    pub fn trace(&mut self, tracer: &mut Tracer) {
        self.modules.trace(tracer);
        self.roots.trace(tracer);
    }
}

impl ExpandContext<'_> {
    pub fn resolve(&self, env: &Env, symbol: Symbol, mark: MarkId) -> Resolution {
        resolve_or_free(env, &self.state.modules, &self.state.marks, symbol, mark)
    }

    /// What `v` means if it is an identifier.
    pub fn resolve_identifier(&self, env: &Env, v: Value) -> Option<Resolution> {
        identifier(v).map(|(symbol, mark)| self.resolve(env, symbol, mark))
    }

    pub fn same_meaning(&self, a: (Symbol, MarkId), env_a: &Env, b: (Symbol, MarkId), env_b: &Env) -> bool {
        free_identifier_eq(&self.state.modules, &self.state.marks, (a, env_a), (b, env_b))
    }
}

/// The values that Rust objects of the expander hold, which the collector cannot see there: each group is traced as long as
/// somebody keeps it.
#[derive(Default)]
pub struct Roots {
    groups: Vec<Weak<RefCell<Vec<Value>>>>,
    /// How many of them the last minor collection and the one before have seen; only the others may hold young values.
    seen: [usize; 2],
}

/// A group of values in `Roots`, alive as long as this is.
#[derive(Clone, Debug)]
pub struct Kept(Rc<RefCell<Vec<Value>>>);

impl Roots {
    pub fn keep(&mut self, values: Vec<Value>) -> Kept {
        let group = Rc::new(RefCell::new(values));
        if group.borrow().iter().any(|v| v.is_pointer()) {
            self.groups.push(Rc::downgrade(&group));
        }
        Kept(group)
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    pub fn trace(&mut self, tracer: &mut Tracer) {
        if tracer.is_major() {
            self.groups.retain(|group| group.strong_count() > 0);
            self.seen = [0; 2];
        }
        for group in self.groups.iter().skip(self.seen[1]).filter_map(Weak::upgrade) {
            tracer.visit_all(&mut group.borrow_mut());
        }
        self.seen = [self.groups.len(), self.seen[0]];
    }
}

impl Kept {
    pub fn get(&self, index: usize) -> Value {
        self.0.borrow()[index]
    }
}
