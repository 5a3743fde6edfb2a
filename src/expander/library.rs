//! Modules: tables of bindings with a name.
//!
//! Two are always there. `(sockeye core)`, which Guile calls (guile), holds everything the engine itself defines; names in it
//! that begin with % are private: only libraries that import them by name see them. `(guile-user)` is where programs and the prompt define things; what
//! it neither defines nor imports it finds in the core. A library sees nothing but what it defines and imports.
//!
//! Much of the core is written in Scheme, and most programs use little of that: such definitions are `Lazy` until an
//! expansion asks for one. Its source is then expanded, and run before what asked for it.

use std::path::Path;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::env::{Binding, Env, MarkId, MarkPoint, Marks, ModuleId, Scopes};
use super::shared::{Meaning, Shared, defined_name, forms_in, is_private};
use crate::permission::Refusal;
use crate::source::{SourceId, Span};
use crate::symbol::{Symbol, Symbols};
use crate::value::external::YOUNG_VISITS;
use crate::value::heap::cell;
use crate::value::tracer::Tracer;
use crate::value::{Heap, Kind, Value};

/// Where libraries and included files come from.
pub trait Loader: Send {
    /// The file of a library, such as "scheme/base", in one of the folders: its path and text. `Err` says why a file that is
    /// there cannot be read, or one that may be there must not be looked for.
    fn find_library(&mut self, _name: &str, _folders: &[String]) -> Result<Option<(String, Rc<str>)>, Unread> {
        Ok(None)
    }
    /// A file that was found to be allowed under this very path.
    fn read_source(&mut self, path: &Path) -> Result<(String, Rc<str>), Unreadable> {
        Err(Unreadable { message: format!("cannot read {}: there are no files here", path.display()), errno: 0 })
    }
    /// A file to include, relative to the file that includes it.
    fn read_file(&mut self, path: &str, _relative_to: Option<&str>) -> Result<(String, Rc<str>), Unread> {
        Err(format!("{path} cannot be read: there are no files here").into())
    }
}

/// Why a source file could not be read.
#[derive(Debug)]
pub struct Unreadable {
    pub message: String,
    /// What the system said, or 0 if the file can be read but is no source text.
    pub errno: i32,
}

impl From<Unreadable> for Unread {
    fn from(error: Unreadable) -> Unread {
        error.message.into()
    }
}

/// Why a source was not read.
#[derive(Debug)]
pub struct Unread {
    pub message: String,
    pub refusal: Option<Refusal>,
}

impl From<String> for Unread {
    fn from(message: String) -> Unread {
        Unread { message, refusal: None }
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
    /// The environment of its top level.
    env: Rc<Env>,
    pub progress: Progress,
    own: FxHashMap<Symbol, Binding>,
    /// Names for libraries only; only the core has such.
    private: FxHashMap<Symbol, Binding>,
    imported: FxHashMap<Symbol, (Binding, ModuleId)>,
    /// What uses of macros have defined under marked names.
    hidden: FxHashMap<(Symbol, MarkId), Binding>,
    /// External names and what they are called inside.
    exports: FxHashMap<Symbol, Symbol>,
    /// The external names that win over those of other modules in use.
    replacing: FxHashSet<Symbol>,
    /// Whose exports are seen where nothing else binds a name: the later ones first, but the core last.
    uses: Vec<ModuleId>,
    /// The module, and what it exports, as values, once a program has asked; else #f.
    pub objects: [Value; 2],
    /// Made by define-module: its forms run one by one, and may be asked for by modules that it uses.
    pub open: bool,
    /// In how many minor collections to come the bindings must be visited: some may be young.
    visits: u8,
}

/// A definition in a source that has not been asked for.
struct Lazy {
    module: ModuleId,
    symbol: Symbol,
    place: Span,
    /// What it has become.
    binding: Option<Binding>,
    progress: Awaking,
    /// The definitions that this one mentions.
    needs: Vec<u32>,
}

/// How far a definition has got that waits until somebody asks for it.
#[derive(Clone, Copy, PartialEq)]
enum Awaking {
    Waiting,
    Running,
    Done,
}

pub struct Modules {
    all: Vec<Module>,
    by_name: FxHashMap<LibraryName, ModuleId>,
    /// Libraries that the program has defined and nobody has imported: their definitions.
    declared: FxHashMap<LibraryName, Value>,
    /// What all cores know. A lazy binding with the number of one of its symbols is what that means.
    shared: &'static Shared,
    /// What has become of that, as far as somebody has asked.
    woken: FxHashMap<u32, Lazy>,
    /// The definitions in sources of libraries; their numbers follow.
    lazies: Vec<Lazy>,
    /// Definitions that were asked for and have not been run.
    queue: Vec<u32>,
    /// Variables that get the value of another one, as soon as that has it.
    copies: Vec<(Value, Value)>,
    /// The mark of identifiers that mean what they mean in the core.
    core_mark: Option<MarkId>,
    /// Expansions that have begun and not ended.
    active: usize,
    /// The module in which forms at top level are expanded, and what `(current-module)` is.
    pub current: ModuleId,
    /// Variables that the source under way defines further down. A form above may call such a variable, although the name means
    /// something imported as yet.
    announced: FxHashSet<(ModuleId, Symbol)>,
    /// Like a module's, for what does not belong to one.
    visits: u8,
}

/// A fact about a cell: some form assigns the variable.
pub const ASSIGNED: i64 = 1 << 17;

pub const CORE: ModuleId = ModuleId(0);
pub const USER: ModuleId = ModuleId(1);

impl Default for Modules {
    fn default() -> Modules {
        let mut modules = Modules {
            all: Vec::new(),
            by_name: FxHashMap::default(),
            declared: FxHashMap::default(),
            shared: Default::default(),
            woken: FxHashMap::default(),
            lazies: Vec::new(),
            queue: Vec::new(),
            copies: Vec::new(),
            core_mark: None,
            active: 0,
            current: USER,
            announced: FxHashSet::default(),
            visits: YOUNG_VISITS,
        };
        modules.all.push(Module::new(CORE, Vec::new()));
        modules.all.push(Module { open: true, ..Module::new(USER, vec![CORE]) });
        modules
    }
}

impl Module {
    fn new(id: ModuleId, uses: Vec<ModuleId>) -> Module {
        Module {
            name: Vec::new(),
            env: Env::root(id),
            progress: Progress::Ready,
            own: FxHashMap::default(),
            private: FxHashMap::default(),
            imported: FxHashMap::default(),
            hidden: FxHashMap::default(),
            exports: FxHashMap::default(),
            replacing: FxHashSet::default(),
            uses,
            objects: [Value::FALSE; 2],
            open: false,
            visits: YOUNG_VISITS,
        }
    }

    fn trace(&mut self, tracer: &mut Tracer) {
        tracer.visit_all(&mut self.objects);
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

    /// Gives the two modules their names, and the core what all cores know. Called once, by the engine.
    pub fn set_up(&mut self, symbols: &mut Symbols, shared: &'static Shared) {
        self.shared = shared;
        let mut name = |parts: &[&str]| -> LibraryName {
            parts.iter().map(|part| NamePart::Symbol(symbols.intern(part))).collect()
        };
        for (id, name) in [
            (CORE, name(&["guile"])),
            (CORE, name(&["sockeye", "core"])),
            (USER, name(&["user"])),
            (USER, name(&["guile-user"])),
        ] {
            self.all[id.0 as usize].name = name.clone();
            self.by_name.insert(name, id);
        }
    }

    /// Binds a name of the core.
    pub fn define_core(&mut self, symbols: &mut Symbols, name: &str, binding: Binding) {
        let symbol = symbols.intern(name);
        let core = self.module_mut(CORE);
        let table = if is_private(name) { &mut core.private } else { &mut core.own };
        table.insert(symbol, binding);
    }

    /// Takes up the definitions of a source of a module that comes with the program: each waits until somebody asks for it.
    /// Every form begins in the first column, as does nothing else that begins with a parenthesis. The answer is where the forms
    /// stand that cannot wait.
    pub fn add_lazy_source(
        &mut self,
        symbols: &mut Symbols,
        module: ModuleId,
        source: SourceId,
        text: &str,
        from: usize,
    ) -> Vec<Span> {
        let mut eager = Vec::new();
        for (start, end) in forms_in(text, from) {
            let place = Span::new(source, start, end);
            let form = &text[start..end];
            let Some((head, name)) = defined_name(form).filter(|&(head, _)| may_wait(form, head)) else {
                eager.push(place);
                continue;
            };
            let symbol = symbols.intern(name);
            if head.contains("-public") {
                self.export(module, symbol, symbol);
            }
            let progress = Awaking::Waiting;
            let number = (self.shared.len() + self.lazies.len()) as u32;
            self.lazies.push(Lazy { module, symbol, place, binding: None, progress, needs: Vec::new() });
            self.define(module, symbol, MarkId::NONE, Binding::Lazy(number));
        }
        eager
    }

    /// Notes what a program's or module's source defines below, as far as definitions begin in the first column.
    pub fn announce(&mut self, symbols: &mut Symbols, module: ModuleId, text: &str) {
        for (start, end) in forms_in(text, 0) {
            if let Some((head, name)) = defined_name(&text[start..end])
                && !head.contains("syntax")
            {
                let symbol = symbols.intern(name);
                if !self.has_own(module, symbol, MarkId::NONE) {
                    self.announced.insert((module, symbol));
                }
            }
        }
    }

    /// Whether the name will be defined further down, and is not yet.
    pub fn is_announced(&self, module: ModuleId, symbol: Symbol) -> bool {
        !self.announced.is_empty() && self.announced.contains(&(module, symbol))
    }

    pub fn withdraw(&mut self, module: ModuleId, symbol: Symbol) {
        self.announced.remove(&(module, symbol));
    }

    pub fn trace(&mut self, tracer: &mut Tracer) {
        for module in &mut self.all {
            if module.visits > 0 || tracer.is_major() {
                module.visits = module.visits.saturating_sub(1);
                module.trace(tracer);
            }
        }
        if self.visits == 0 && !tracer.is_major() {
            return;
        }
        self.visits = self.visits.saturating_sub(1);
        for form in self.declared.values_mut() {
            tracer.visit(form);
        }
        for (from, to) in &mut self.copies {
            tracer.visit(from);
            tracer.visit(to);
        }
        let lazies = self.lazies.iter_mut().chain(self.woken.values_mut());
        for binding in lazies.filter_map(|lazy| lazy.binding.as_mut()) {
            trace_binding(binding, tracer);
        }
    }

    // ---- libraries to come ---------------------------------------------------------------------------------------

    /// Notes a library's definition, in place of any library of that name.
    pub fn declare(&mut self, name: LibraryName, form: Value) {
        self.by_name.remove(&name);
        self.visits = YOUNG_VISITS;
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

    /// Whoever gets at it may put young values into it.
    fn module_mut(&mut self, id: ModuleId) -> &mut Module {
        let module = &mut self.all[id.0 as usize];
        module.visits = YOUNG_VISITS;
        module
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
        let id = ModuleId(self.all.len() as u32);
        self.all.push(Module::new(id, uses));
        id
    }

    /// Forgets a library whose expansion has failed, so that the next import tries again.
    pub fn forget(&mut self, id: ModuleId) {
        let name = self.module(id).name.clone();
        if self.by_name.get(&name) == Some(&id) {
            self.by_name.remove(&name);
        }
    }

    pub fn set_objects(&mut self, id: ModuleId, objects: [Value; 2]) {
        self.module_mut(id).objects = objects;
    }

    pub fn set_open(&mut self, id: ModuleId) {
        self.module_mut(id).open = true;
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
        self.module(id).env.clone()
    }

    pub fn core_env(&self) -> Rc<Env> {
        self.env(CORE)
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

    fn own_binding(&self, module: ModuleId, symbol: Symbol, mark: MarkId) -> Option<Binding> {
        if mark != MarkId::NONE {
            return self.module(module).hidden.get(&(symbol, mark)).cloned();
        }
        if module == CORE {
            return self.core_binding(symbol, true);
        }
        self.module(module).own.get(&symbol).cloned()
    }

    /// What a name means in the core; private ones only if they are wanted.
    fn core_binding(&self, symbol: Symbol, private: bool) -> Option<Binding> {
        let core = self.module(CORE);
        let own = core.own.get(&symbol).or_else(|| core.private.get(&symbol).filter(|_| private));
        own.cloned().or_else(|| self.shared_binding(symbol, private))
    }

    fn shared_binding(&self, symbol: Symbol, private: bool) -> Option<Binding> {
        let known = self.shared.get(symbol).filter(|known| private || !known.private)?;
        Some(match known.meaning {
            Meaning::Form(form) => Binding::Core(form),
            _ => Binding::Lazy(symbol.0),
        })
    }

    /// Whether the module itself has defined the name.
    pub fn has_own(&self, module: ModuleId, symbol: Symbol, mark: MarkId) -> bool {
        self.own_binding(module, symbol, mark).is_some()
    }

    /// The cell of the module's own variable, which it gets now if it has none.
    pub fn define_cell(&mut self, heap: &Heap, module: ModuleId, symbol: Symbol, mark: MarkId) -> Value {
        match self.own_binding(module, symbol, mark) {
            Some(Binding::Variable(cell)) => return cell,
            Some(Binding::Lazy(index)) => {
                if let Some(Binding::Variable(cell)) = self.asked(heap, index) {
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
        if self.has_own(module, symbol, MarkId::NONE) {
            return None;
        }
        let here = self.module(module);
        match here.imported.get(&symbol) {
            Some((_, from)) => Some(*from),
            None => self.in_uses(module, symbol).map(|(from, _)| from),
        }
    }

    /// The module in use that a name comes from, and what it means there.
    fn in_uses(&self, module: ModuleId, symbol: Symbol) -> Option<(ModuleId, Binding)> {
        // Programs do not see the private names; libraries may ask for all of the core.
        let see_private = module != USER;
        let mut first = None;
        for &used in self.module(module).uses.iter().rev() {
            let there = self.module(used);
            let binding = match used {
                CORE => self.core_binding(symbol, see_private),
                _ => self.exported_binding(used, symbol),
            };
            if let Some(binding) = binding {
                if there.replacing.contains(&symbol) {
                    return Some((used, binding));
                }
                first = first.or(Some((used, binding)));
            }
        }
        first
    }

    /// What a module exports under this name: its own, what it has imported by name, or the core's. So re-exports of what comes
    /// from modules in use have to be imported by name.
    fn exported_binding(&self, module: ModuleId, external: Symbol) -> Option<Binding> {
        let here = self.module(module);
        let internal = here.exports.get(&external)?;
        let found = here.own.get(internal).or_else(|| here.imported.get(internal).map(|(binding, _)| binding));
        found.cloned().or_else(|| {
            let sees_core = here.uses.first() == Some(&CORE);
            if sees_core { self.core_binding(*internal, true) } else { None }
        })
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
        if used == CORE {
            if !module.uses.contains(&CORE) {
                module.uses.insert(0, CORE);
            }
            return;
        }
        module.uses.retain(|&known| known != used);
        module.uses.push(used);
    }

    pub fn stop_using(&mut self, module: ModuleId, used: ModuleId) {
        self.module_mut(module).uses.retain(|&known| known != used);
    }

    /// How many modules there are: their ids are below this number.
    pub fn count(&self) -> u32 {
        self.all.len() as u32
    }

    pub fn in_use(&self, module: ModuleId, used: ModuleId) -> bool {
        self.module(module).uses.contains(&used)
    }

    /// Imports a name by itself that the module knows through a module in use, so that it can be exported again. Whether it can.
    pub fn import_from_uses(&mut self, module: ModuleId, symbol: Symbol) -> bool {
        if self.module(module).imported.contains_key(&symbol) {
            return true;
        }
        if let Some((from, binding)) = self.in_uses(module, symbol) {
            self.module_mut(module).imported.insert(symbol, (binding, from));
            return true;
        }
        false
    }

    /// The modules in use, the one asked first in front.
    pub fn uses(&self, module: ModuleId) -> impl Iterator<Item = ModuleId> {
        self.module(module).uses.iter().rev().copied()
    }

    /// The modules that use this one.
    pub fn users(&self, used: ModuleId) -> Vec<ModuleId> {
        let uses = |id: &ModuleId| self.module(*id).uses.contains(&used);
        (0..self.all.len() as u32).map(ModuleId).filter(uses).collect()
    }

    /// What the module has mentioned without knowing it, and not defined since.
    pub fn mentioned(&self, module: ModuleId) -> Vec<Symbol> {
        let unbound =
            |binding: &Binding| matches!(*binding, Binding::Variable(cell) if cell::value(cell) == Value::UNBOUND);
        self.module(module).own.iter().filter(|(_, binding)| unbound(binding)).map(|(&symbol, _)| symbol).collect()
    }

    /// All that the module itself has bound.
    pub fn own_names(&self, module: ModuleId) -> Vec<Symbol> {
        let own = self.module(module).own.keys().copied();
        let known = if module == CORE { Some(self.shared.symbols(false)) } else { None };
        let hidden = |symbol: &Symbol| !(module == CORE && self.module(CORE).own.contains_key(symbol));
        own.chain(known.into_iter().flatten().filter(hidden)).collect()
    }

    /// What the module itself has bound a name to.
    pub fn own(&self, module: ModuleId, symbol: Symbol) -> Option<Binding> {
        if module == CORE {
            return self.core_binding(symbol, false);
        }
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
                let own = core.own.keys().chain(core.private.keys()).copied();
                let is_new = |symbol: &Symbol| !core.own.contains_key(symbol) && !core.private.contains_key(symbol);
                own.chain(self.shared.symbols(true).filter(is_new)).map(|symbol| (symbol, symbol)).collect()
            }
            _ => self.module(module).exports.iter().map(|(&external, &internal)| (external, internal)).collect(),
        }
    }

    /// What a module exports under this name.
    pub fn exported(&self, module: ModuleId, external: Symbol) -> Option<Binding> {
        match module {
            CORE => self.core_binding(external, true),
            _ => self.exported_binding(module, external),
        }
    }

    /// Whether two bindings are the same, even if one of them is of a time when a definition waited that does so no more.
    pub fn is_same(&self, a: &Binding, b: &Binding) -> bool {
        let now = |binding: &Binding| match binding {
            Binding::Lazy(index) => self.lazy(*index).and_then(|lazy| lazy.binding.clone()),
            _ => None,
        };
        now(a).as_ref().unwrap_or(a).is_same(now(b).as_ref().unwrap_or(b))
    }

    /// What an exported name is called inside.
    pub fn internal_name(&self, module: ModuleId, external: Symbol) -> Option<Symbol> {
        match module {
            CORE => self.has_own(CORE, external, MarkId::NONE).then_some(external),
            _ => self.module(module).exports.get(&external).copied(),
        }
    }

    /// Lets an exported name win over those of other modules.
    pub fn set_replacing(&mut self, module: ModuleId, external: Symbol) {
        self.module_mut(module).replacing.insert(external);
    }

    /// All names a module knows, for completion and suggestions.
    pub fn names(&self, module: ModuleId) -> Vec<Symbol> {
        let here = self.module(module);
        let visible = |&used: &ModuleId| match used {
            CORE => self.own_names(CORE),
            _ => self.module(used).exports.keys().copied().collect(),
        };
        here.own.keys().chain(here.imported.keys()).copied().chain(here.uses.iter().flat_map(visible)).collect()
    }

    // ---- definitions that wait -----------------------------------------------------------------------------------

    /// The variable that a waiting definition has become.
    pub fn lazy_cell(&mut self, heap: &Heap, index: u32) -> Option<Value> {
        self.asked(heap, index);
        let lazy = self.lazy(index)?;
        match lazy.binding {
            Some(Binding::Variable(cell)) if lazy.progress == Awaking::Done => Some(cell),
            _ => None,
        }
    }

    pub fn lazy_place(&self, index: u32) -> (ModuleId, Symbol, Span) {
        match self.lazies.get((index as usize).wrapping_sub(self.shared.len())) {
            Some(lazy) => (lazy.module, lazy.symbol, lazy.place),
            None => {
                let symbol = Symbol(index);
                let place = match self.shared.get(symbol).map(|known| known.meaning) {
                    Some(Meaning::Definition(place)) => place,
                    _ => Span::NOWHERE,
                };
                (CORE, symbol, place)
            }
        }
    }

    /// What a lazy binding is that is no definition: a builtin, or a number of the system.
    pub fn builtin(&self, index: u32) -> Option<Meaning> {
        let meaning = self.shared.get(Symbol(index))?.meaning;
        matches!(meaning, Meaning::Builtin(..) | Meaning::Number(_)).then_some(meaning)
    }

    /// A waiting definition, or a name of all cores that somebody has asked for.
    fn lazy(&self, index: u32) -> Option<&Lazy> {
        match (index as usize).checked_sub(self.shared.len()) {
            Some(at) => self.lazies.get(at),
            None => self.woken.get(&index),
        }
    }

    fn lazy_mut(&mut self, index: u32) -> &mut Lazy {
        let (module, symbol, place) = self.lazy_place(index);
        let waiting = || Lazy { module, symbol, place, binding: None, progress: Awaking::Waiting, needs: Vec::new() };
        match (index as usize).checked_sub(self.shared.len()) {
            Some(at) => &mut self.lazies[at],
            None => self.woken.entry(index).or_insert_with(waiting),
        }
    }

    /// What has become of something that was waiting, if anything. A builtin's variable is made on the spot.
    fn asked(&mut self, heap: &Heap, index: u32) -> Option<Binding> {
        if let Some(lazy) = self.lazy(index) {
            return lazy.binding.clone();
        }
        let symbol = Symbol(index);
        let (value, primitive) = match self.shared.get(symbol)?.meaning {
            Meaning::Builtin(number, primitive) => {
                (heap.make(Kind::Builtin, &[Value::fixnum(number.into())]), primitive)
            }
            Meaning::Number(number) => (Value::fixnum(number), 0),
            Meaning::Form(_) | Meaning::Definition(_) => return None,
        };
        let cell = cell::make(heap, symbol, value);
        cell::add_fact(heap, cell, cell::CONSTANT);
        cell::set_primitive(heap, cell, primitive);
        self.visits = YOUNG_VISITS;
        let lazy = self.lazy_mut(index);
        (lazy.binding, lazy.progress) = (Some(Binding::Variable(cell)), Awaking::Done);
        lazy.binding.clone()
    }

    /// The variable that a binding stands for, if it need not be computed.
    pub fn variable(&mut self, heap: &Heap, binding: &Binding) -> Option<Value> {
        match *binding {
            Binding::Variable(cell) => Some(cell),
            Binding::Lazy(index) => self.lazy_cell(heap, index),
            _ => None,
        }
    }

    /// Says what a waiting definition has become; a variable's definition is still to be run.
    pub(super) fn wake_lazy(&mut self, index: u32, binding: Binding) {
        let is_variable = matches!(binding, Binding::Variable(_));
        if is_variable {
            self.queue.push(index);
        }
        let lazy = self.lazy_mut(index);
        if !is_variable {
            lazy.progress = Awaking::Done;
        }
        lazy.binding = Some(binding);
        self.visits = YOUNG_VISITS;
    }

    /// Notes that a definition mentions another one that has not run.
    pub(super) fn note_need(&mut self, user: u32, needed: u32) {
        let (_, _, place) = self.lazy_place(needed);
        if !place.is_nowhere() && self.lazy(needed).is_none_or(|lazy| lazy.progress != Awaking::Done) {
            self.lazy_mut(user).needs.push(needed);
        }
    }

    /// The next definition to run: any that was asked for, or, when that is for the sake of one (which calls procedures, say, for
    /// its value), one that this one needs, be it through others.
    pub(super) fn next_waiting(&mut self, sake: Option<u32>) -> Option<u32> {
        let next = match sake {
            Some(user) => {
                let mut seen = FxHashSet::default();
                let mut pending = vec![user];
                loop {
                    let index = pending.pop()?;
                    let lazy = self.lazy_mut(index);
                    if lazy.progress == Awaking::Waiting {
                        break index;
                    }
                    if seen.insert(index) {
                        pending.extend(&lazy.needs);
                    }
                }
            }
            None => loop {
                let index = self.queue.pop()?;
                if self.lazy_mut(index).progress == Awaking::Waiting {
                    break index;
                }
            },
        };
        self.lazy_mut(next).progress = Awaking::Running;
        Some(next)
    }

    pub(super) fn definition_has_run(&mut self, index: u32) {
        self.lazy_mut(index).progress = Awaking::Done;
    }

    /// A definition could not be made: another attempt is, when somebody asks for it again.
    pub(super) fn definition_has_failed(&mut self, index: u32) {
        self.lazy_mut(index).progress = Awaking::Waiting;
    }

    /// What a waiting definition has become, if somebody has asked for it; it is to run if it has not.
    pub(super) fn ask_again(&mut self, heap: &Heap, index: u32) -> Option<Binding> {
        let binding = self.asked(heap, index)?;
        let waits = self.lazy(index).is_some_and(|lazy| lazy.progress == Awaking::Waiting);
        if waits && !self.queue.contains(&index) {
            self.queue.push(index);
        }
        Some(binding)
    }

    pub(super) fn copy_later(&mut self, from: Value, to: Value) {
        self.visits = YOUNG_VISITS;
        self.copies.push((from, to));
    }

    /// Makes the copies that were waiting for this variable's value.
    pub(super) fn make_copies(&mut self, heap: &Heap) {
        self.copies.retain(|&(from, to)| {
            let waits = cell::value(from) == Value::UNBOUND;
            if !waits {
                cell::set_value(heap, to, cell::value(from));
            }
            waits
        });
    }

    // ---- expansions ----------------------------------------------------------------------------------------------

    /// To be called when an expansion begins.
    pub(super) fn begin(&mut self, marks: &mut Marks) -> MarkPoint {
        if self.core_mark.is_none() {
            self.core_mark = Some(marks.fresh(MarkId::NONE, &self.core_env()));
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
        let found = found.or_else(|| here.private.get(&symbol)).cloned();
        let found = found.or_else(|| if module == CORE { self.shared_binding(symbol, true) } else { None });
        found.or_else(|| self.in_uses(module, symbol).map(|(_, binding)| binding))
    }

    fn hidden(&self, module: ModuleId, symbol: Symbol, mark: MarkId) -> Option<Binding> {
        self.module(module).hidden.get(&(symbol, mark)).cloned()
    }
}

/// Whether a library's definition may be made when it is first used: that of a procedure, or of a macro without procedure.
fn may_wait(form: &str, head: &str) -> bool {
    match head {
        "define-syntax" => form.split_once(char::is_whitespace).is_some_and(|(_, rest)| {
            rest.split_once(char::is_whitespace).is_some_and(|(_, spec)| spec.trim_start().starts_with("(syntax-rules"))
        }),
        "define-syntax-rule" => true,
        _ => form.split_once(' ').is_some_and(|(_, rest)| rest.starts_with('(')),
    }
}
