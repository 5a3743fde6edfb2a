//! Modules (a stand-in: one that binds what is given).

use rustc_hash::FxHashMap;

use super::env::{Binding, MarkId, ModuleId, Scopes};
use crate::symbol::Symbol;
use crate::value::collect::Tracer;

pub trait Loader {}

#[derive(Default)]
pub struct Modules {
    pub bindings: FxHashMap<(ModuleId, Symbol), Binding>,
    pub hidden: FxHashMap<(ModuleId, Symbol, MarkId), Binding>,
}

impl Modules {
    pub fn trace(&mut self, _tracer: &mut Tracer) {}
}

impl Scopes for Modules {
    fn lookup(&self, module: ModuleId, symbol: Symbol) -> Option<Binding> {
        self.bindings.get(&(module, symbol)).cloned()
    }

    fn hidden(&self, module: ModuleId, symbol: Symbol, mark: MarkId) -> Option<Binding> {
        self.hidden.get(&(module, symbol, mark)).cloned()
    }
}
