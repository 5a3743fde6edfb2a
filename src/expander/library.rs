//! Modules: tables of bindings with a name.
//!
//! Two are always there. `(sockeye core)` holds everything the engine itself defines; names in it that begin with % are
//! private: only libraries that import them by name see them. `(user)` is where programs and the prompt define things; what
//! it neither defines nor imports it finds in the core. A library sees nothing but what it defines and imports.
//!
//! Much of the core is written in Scheme, and most programs use little of that: such definitions are `Lazy` until an
//! expansion asks for one. Its source is then expanded, and run before what asked for it.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::env::{Binding, CoreForm, Env, MarkId, MarkPoint, Marks, ModuleId, Scopes};
use crate::source::{SourceId, Span};
use crate::symbol::{Symbol, Symbols};
use crate::value::collect::Tracer;
use crate::value::heap::cell;
use crate::value::{Heap, Value};

/// Where libraries and included files come from.
pub trait Loader {
    /// The file of a library, such as "scheme/base": its path and text. `Err` says why a file that is there cannot be read.
    fn find_library(&mut self, _name: &str) -> Result<Option<(String, Rc<str>)>, String> {
        Ok(None)
    }
    /// The names of the files that `find_library` looks for, for the error message.
    fn library_files(&self, name: &str) -> Vec<String> {
        vec![format!("{name}.sld")]
    }
    /// A file to include, relative to the file that includes it.
    fn read_file(&mut self, path: &str, _relative_to: Option<&str>) -> Result<(String, Rc<str>), String> {
        Err(format!("{path} cannot be read: there are no files here"))
    }
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum NamePart {
    Symbol(Symbol),
    Number(i64),
}

pub type LibraryName = Vec<NamePart>;

/// How far a library has got.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// It is being expanded: an import of it now is an import in a circle.
    Loading,
    Ready,
}

pub struct Module {
    pub name: LibraryName,
    pub progress: Progress,
    own: FxHashMap<Symbol, Binding>,
    /// Names for libraries only; only the core has such.
    private: FxHashMap<Symbol, Binding>,
    imported: FxHashMap<Symbol, (Binding, ModuleId)>,
    /// What uses of macros have defined under marked names.
    hidden: FxHashMap<(Symbol, MarkId), Binding>,
    /// External names and what they are called inside.
    exports: FxHashMap<Symbol, Symbol>,
    /// Whose public names are seen where nothing else binds a name.
    uses: Vec<ModuleId>,
}

/// A definition in a source that has not been asked for.
struct Lazy {
    symbol: Symbol,
    place: Span,
    /// What it has become.
    binding: Option<Binding>,
}

pub struct Modules {
    all: Vec<Module>,
    by_name: FxHashMap<LibraryName, ModuleId>,
    /// Libraries that the program has defined and nobody has imported: their definitions.
    declared: FxHashMap<LibraryName, Value>,
    lazies: Vec<Lazy>,
    /// Definitions that were asked for and have not been run.
    queue: Vec<u32>,
    core_env: Rc<Env>,
    user_env: Rc<Env>,
    /// The mark of identifiers that mean what they mean in the core.
    core_mark: Option<MarkId>,
    /// Expansions that have begun and not ended.
    active: usize,
}

/// A fact about a cell: some form assigns the variable.
pub(super) const ASSIGNED: i64 = 1 << 17;

/// Names that begin with % and are everybody's, since Guile has them.
const PUBLIC: &[&str] = &["%default-port-conversion-strategy", "%default-port-encoding", "%make-void-port"];

pub const CORE: ModuleId = ModuleId(0);
pub const USER: ModuleId = ModuleId(1);

impl Default for Modules {
    fn default() -> Modules {
        let mut modules = Modules {
            all: Vec::new(),
            by_name: FxHashMap::default(),
            declared: FxHashMap::default(),
            lazies: Vec::new(),
            queue: Vec::new(),
            core_env: Env::root(CORE),
            user_env: Env::root(USER),
            core_mark: None,
            active: 0,
        };
        modules.all.push(Module::new(Vec::new(), Vec::new()));
        modules.all.push(Module::new(Vec::new(), vec![CORE]));
        modules
    }
}

impl Module {
    fn new(name: LibraryName, uses: Vec<ModuleId>) -> Module {
        Module {
            name,
            progress: Progress::Ready,
            own: FxHashMap::default(),
            private: FxHashMap::default(),
            imported: FxHashMap::default(),
            hidden: FxHashMap::default(),
            exports: FxHashMap::default(),
            uses,
        }
    }

    fn trace(&mut self, tracer: &mut Tracer) {
        let imported = self.imported.values_mut().map(|(binding, _)| binding);
        let tables = self.own.values_mut().chain(self.private.values_mut()).chain(self.hidden.values_mut());
        tables.chain(imported).for_each(|binding| trace_binding(binding, tracer));
    }
}

fn trace_binding(binding: &mut Binding, tracer: &mut Tracer) {
    if let Binding::Variable(cell) = binding {
        tracer.visit(cell);
    }
}

impl Modules {
    // ---- what the engine puts in ---------------------------------------------------------------------------------

    /// Gives the two modules their names, and binds the core forms. Called once, by the engine.
    pub fn set_up(&mut self, symbols: &mut Symbols) {
        let mut name = |parts: &[&str]| -> LibraryName {
            parts.iter().map(|part| NamePart::Symbol(symbols.intern(part))).collect()
        };
        for (id, name) in [(CORE, name(&["sockeye", "core"])), (USER, name(&["user"]))] {
            self.all[id.0 as usize].name = name.clone();
            self.by_name.insert(name, id);
        }
        for &(name, form) in CoreForm::ALL {
            self.define_core(symbols, name, Binding::Core(form));
        }
    }

    /// Binds a name of the core.
    pub fn define_core(&mut self, symbols: &mut Symbols, name: &str, binding: Binding) {
        let symbol = symbols.intern(name);
        let core = self.module_mut(CORE);
        let private = name.starts_with('%') && !PUBLIC.contains(&name);
        let table = if private { &mut core.private } else { &mut core.own };
        table.insert(symbol, binding);
    }

    /// Takes up the definitions of a source of the core. Every one begins in the first column, as does nothing else that begins
    /// with a parenthesis.
    pub fn add_lazy_source(&mut self, symbols: &mut Symbols, source: SourceId, text: &str) {
        let starts: Vec<usize> = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1))
            .filter(|&at| text[at..].starts_with('('))
            .collect();
        for (index, &start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).copied().unwrap_or(text.len());
            let Some(name) = defined_name(&text[start..end]) else { continue };
            let place = Span::new(source, start, end);
            self.lazies.push(Lazy { symbol: symbols.intern(name), place, binding: None });
            self.define_core(symbols, name, Binding::Lazy(self.lazies.len() as u32 - 1));
        }
    }

    pub fn trace(&mut self, tracer: &mut Tracer) {
        for module in &mut self.all {
            module.trace(tracer);
        }
        for form in self.declared.values_mut() {
            tracer.visit(form);
        }
        for binding in self.lazies.iter_mut().filter_map(|lazy| lazy.binding.as_mut()) {
            trace_binding(binding, tracer);
        }
    }

    // ---- libraries to come ---------------------------------------------------------------------------------------

    /// Notes a library's definition, in place of any library of that name.
    pub fn declare(&mut self, name: LibraryName, form: Value) {
        self.by_name.remove(&name);
        self.declared.insert(name, form);
    }

    pub fn is_declared(&self, name: &LibraryName) -> bool {
        self.declared.contains_key(name)
    }

    /// The definition stays until the library has run, so that after a failure another import tries again.
    pub fn declaration(&self, name: &LibraryName) -> Option<Value> {
        self.declared.get(name).copied()
    }

    // ---- modules -------------------------------------------------------------------------------------------------

    pub fn module(&self, id: ModuleId) -> &Module {
        &self.all[id.0 as usize]
    }

    fn module_mut(&mut self, id: ModuleId) -> &mut Module {
        &mut self.all[id.0 as usize]
    }

    pub fn find(&self, name: &LibraryName) -> Option<ModuleId> {
        self.by_name.get(name).copied()
    }

    /// A new module; one of the same name is forgotten, but for those who use it.
    pub fn add(&mut self, name: LibraryName) -> ModuleId {
        let id = self.anonymous(Vec::new());
        self.module_mut(id).name = name.clone();
        self.by_name.insert(name, id);
        id
    }

    /// A module that nobody can import: an environment for `eval`.
    pub fn anonymous(&mut self, uses: Vec<ModuleId>) -> ModuleId {
        self.all.push(Module::new(Vec::new(), uses));
        ModuleId(self.all.len() as u32 - 1)
    }

    /// Forgets a library whose expansion has failed, so that the next import tries again.
    pub fn forget(&mut self, id: ModuleId) {
        let name = self.module(id).name.clone();
        if self.by_name.get(&name) == Some(&id) {
            self.by_name.remove(&name);
        }
    }

    pub fn set_progress(&mut self, id: ModuleId, progress: Progress) {
        let module = self.module_mut(id);
        module.progress = progress;
        if progress == Progress::Ready {
            let name = module.name.clone();
            self.declared.remove(&name);
        }
    }

    pub fn env(&self, id: ModuleId) -> Rc<Env> {
        match id {
            CORE => self.core_env.clone(),
            USER => self.user_env.clone(),
            _ => Env::root(id),
        }
    }

    pub fn core_env(&self) -> Rc<Env> {
        self.core_env.clone()
    }

    pub fn core_mark(&self) -> MarkId {
        self.core_mark.unwrap_or(MarkId::NONE)
    }

    /// A library's name as programs write it.
    pub fn show_name(&self, symbols: &Symbols, name: &[NamePart]) -> String {
        let part = |part: &NamePart| match part {
            NamePart::Symbol(symbol) => symbols.name(*symbol).to_string(),
            NamePart::Number(number) => number.to_string(),
        };
        format!("({})", name.iter().map(part).collect::<Vec<_>>().join(" "))
    }

    // ---- bindings ------------------------------------------------------------------------------------------------

    /// Binds a name in a module, in place of what it meant.
    pub fn define(&mut self, module: ModuleId, symbol: Symbol, mark: MarkId, binding: Binding) {
        let module = self.module_mut(module);
        if mark == MarkId::NONE {
            module.own.insert(symbol, binding);
        } else {
            module.hidden.insert((symbol, mark), binding);
        }
    }

    fn own_binding(&self, module: ModuleId, symbol: Symbol, mark: MarkId) -> Option<&Binding> {
        let module = self.module(module);
        if mark == MarkId::NONE {
            module.own.get(&symbol).or_else(|| module.private.get(&symbol))
        } else {
            module.hidden.get(&(symbol, mark))
        }
    }

    /// Whether the module itself has defined the name.
    pub fn has_own(&self, module: ModuleId, symbol: Symbol, mark: MarkId) -> bool {
        self.own_binding(module, symbol, mark).is_some()
    }

    /// The cell of the module's own variable, which it gets now if it has none.
    pub fn define_cell(&mut self, heap: &Heap, module: ModuleId, symbol: Symbol, mark: MarkId) -> Value {
        match self.own_binding(module, symbol, mark) {
            Some(Binding::Variable(cell)) => return *cell,
            Some(Binding::Lazy(index)) => {
                if let Some(Binding::Variable(cell)) = self.lazies[*index as usize].binding {
                    return cell;
                }
            }
            _ => {}
        }
        let cell = cell::make(heap, symbol, Value::UNBOUND);
        self.define(module, symbol, mark, Binding::Variable(cell));
        cell
    }

    /// Where a name that the module knows, but has not defined, comes from.
    pub fn origin(&self, module: ModuleId, symbol: Symbol) -> Option<ModuleId> {
        let here = self.module(module);
        if here.own.contains_key(&symbol) {
            return None;
        }
        match here.imported.get(&symbol) {
            Some((_, from)) => Some(*from),
            None => here.uses.iter().copied().find(|&used| self.module(used).own.contains_key(&symbol)),
        }
    }

    pub fn import(&mut self, module: ModuleId, symbol: Symbol, binding: Binding, from: ModuleId) {
        let module = self.module_mut(module);
        module.own.remove(&symbol);
        module.imported.insert(symbol, (binding, from));
    }

    /// What the module has imported under this name.
    pub fn imported(&self, module: ModuleId, symbol: Symbol) -> Option<&Binding> {
        self.module(module).imported.get(&symbol).map(|(binding, _)| binding)
    }

    /// Lets a module see all of another one's names that it does not bind itself.
    pub fn add_use(&mut self, module: ModuleId, used: ModuleId) {
        let module = self.module_mut(module);
        if !module.uses.contains(&used) {
            module.uses.push(used);
        }
    }

    /// What the module itself has bound a name to.
    pub fn own(&self, module: ModuleId, symbol: Symbol) -> Option<Binding> {
        self.module(module).own.get(&symbol).cloned()
    }

    /// The library's body has run: what it has not assigned so far, nobody will.
    pub fn settle(&self, heap: &Heap, module: ModuleId) {
        let here = self.module(module);
        for binding in here.own.values().chain(here.hidden.values()) {
            if let Binding::Variable(cell) = *binding
                && !cell::has_fact(cell, ASSIGNED)
                && cell::value(cell) != Value::UNBOUND
            {
                cell::add_fact(heap, cell, cell::CONSTANT);
            }
        }
    }

    pub fn export(&mut self, module: ModuleId, external: Symbol, internal: Symbol) -> Option<Symbol> {
        self.module_mut(module).exports.insert(external, internal)
    }

    /// What other modules see of a module: external and internal names.
    pub fn exports(&self, module: ModuleId) -> Vec<(Symbol, Symbol)> {
        match module {
            CORE => {
                let core = self.module(CORE);
                core.own.keys().chain(core.private.keys()).map(|&symbol| (symbol, symbol)).collect()
            }
            _ => self.module(module).exports.iter().map(|(&external, &internal)| (external, internal)).collect(),
        }
    }

    /// What a module exports under this name.
    pub fn exported(&self, module: ModuleId, external: Symbol) -> Option<Binding> {
        let here = self.module(module);
        match module {
            CORE => self.own_binding(CORE, external, MarkId::NONE).cloned(),
            _ => here.exports.get(&external).and_then(|&internal| self.lookup(module, internal)),
        }
    }

    /// All names a module knows, for completion and suggestions.
    pub fn names(&self, module: ModuleId) -> Vec<Symbol> {
        let here = self.module(module);
        let used = here.uses.iter().flat_map(|&used| self.module(used).own.keys());
        here.own.keys().chain(here.imported.keys()).chain(used).copied().collect()
    }

    // ---- definitions that wait -----------------------------------------------------------------------------------

    /// What a waiting definition has become, if somebody has asked for it.
    pub(super) fn lazy_binding(&self, index: u32) -> Option<Binding> {
        self.lazies[index as usize].binding.clone()
    }

    pub fn lazy_place(&self, index: u32) -> (Symbol, Span) {
        let lazy = &self.lazies[index as usize];
        (lazy.symbol, lazy.place)
    }

    /// Says what a waiting definition has become; a variable's definition is still to be run.
    pub(super) fn wake_lazy(&mut self, index: u32, binding: Binding) {
        if matches!(binding, Binding::Variable(_)) {
            self.queue.push(index);
        }
        self.lazies[index as usize].binding = Some(binding);
    }

    pub(super) fn next_waiting(&mut self) -> Option<u32> {
        self.queue.pop()
    }

    // ---- expansions ----------------------------------------------------------------------------------------------

    /// To be called when an expansion begins.
    pub(super) fn begin(&mut self, marks: &mut Marks) -> MarkPoint {
        if self.core_mark.is_none() {
            self.core_mark = Some(marks.fresh(MarkId::NONE, &self.core_env));
        }
        self.active += 1;
        marks.begin()
    }

    pub(super) fn end(&mut self, marks: &mut Marks, point: MarkPoint) {
        // Another expansion may have begun before this one ended and go on after it: its marks have to stay.
        marks.pinned |= self.active > 1;
        self.active = self.active.saturating_sub(1);
        marks.release(point);
    }
}

impl Scopes for Modules {
    fn lookup(&self, module: ModuleId, symbol: Symbol) -> Option<Binding> {
        let here = self.module(module);
        let found = here.own.get(&symbol).or_else(|| here.imported.get(&symbol).map(|(binding, _)| binding));
        let found = found.or_else(|| here.private.get(&symbol));
        // Programs do not see the private names; libraries may ask for all of the core.
        let see_private = module != USER;
        let in_used = |&used: &ModuleId| {
            let used = self.module(used);
            used.own.get(&symbol).or_else(|| used.private.get(&symbol).filter(|_| see_private))
        };
        found.or_else(|| here.uses.iter().find_map(in_used)).cloned()
    }

    fn hidden(&self, module: ModuleId, symbol: Symbol, mark: MarkId) -> Option<Binding> {
        self.module(module).hidden.get(&(symbol, mark)).cloned()
    }
}

/// The name that a definition's text defines.
fn defined_name(text: &str) -> Option<&str> {
    const HEADS: [&str; 4] = ["(define ", "(define* ", "(define-syntax ", "(define-syntax-rule "];
    let rest = HEADS.iter().find_map(|head| text.strip_prefix(head))?.trim_start_matches('(');
    let end = rest.find(|c: char| c.is_whitespace() || "();\"".contains(c)).unwrap_or(rest.len());
    Some(&rest[..end]).filter(|name| !name.is_empty())
}
