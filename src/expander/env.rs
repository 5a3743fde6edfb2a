//! Environments: what identifiers mean where, and the marks that keep a macro's identifiers apart from its users'.
//!
//! An identifier is a symbol with a mark. Mark 0 is the program text's own; each use of a macro makes a new *stamp*, and an
//! identifier (symbol, m) that the macro's template inserts becomes (symbol, m'), where m' belongs to the pair of stamp
//! and m and remembers m and the environment of the macro's definition. Then
//!
//! - two identifiers are the same binder exactly when symbol and mark are the same;
//! - (symbol, m') means what a binder of (symbol, m') around it says; without one, what (symbol, m) means where the macro was
//!   defined.
//!
//! An `Env` is a chain of frames with a module below. Modules' own tables are asked through `Scopes`.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::context::{ExpandContext, Kept};
use super::core::VarId;
pub use super::core_form::CoreForm;
use super::rules::Rules;
use super::syntax::SyntaxError;
use crate::symbol::Symbol;
use crate::value::Value;

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ModuleId(pub u32);

/// Which uses of macros an identifier has come out of; 0 for none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct MarkId(pub u32);

impl MarkId {
    pub const NONE: MarkId = MarkId(0);
}

/// The use of a macro that a template is filled in for.
#[derive(Clone, Copy)]
pub struct Use<'c> {
    pub stamp: Stamp,
    /// Where the template stands, and where what it inserts gets its meaning unless something in between binds it.
    pub env: &'c Rc<Env>,
    pub home: &'c Rc<Env>,
}

/// One use of a macro.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Stamp(pub u32);

/// What an identifier means.
#[derive(Clone, Debug)]
pub enum Binding {
    /// A global variable's cell. Only modules hold these (and trace them); frames never do.
    Variable(Value),
    Local(VarId),
    Macro(Rc<Macro>),
    Core(CoreForm),
    /// A variable of a `syntax-case` pattern: its value is in the local variable, in lists nested `depth` deep.
    PatternVariable {
        depth: u32,
        var: VarId,
    },
    /// A keyword that syntax-parameterize gives other meanings.
    Parameter(Rc<SyntaxParameter>),
    /// A definition in a library's source that nobody has asked for so far; the module knows where.
    Lazy(u32),
    /// A variable of a place that is no more when this identifier is used.
    OutOfScope,
}

impl Binding {
    /// Whether both are one and the same binding.
    pub fn is_same(&self, other: &Binding) -> bool {
        use Binding::*;
        match (self, other) {
            (Variable(a), Variable(b)) => a == b,
            (Local(a), Local(b)) => a == b,
            (Macro(a), Macro(b)) => Rc::ptr_eq(a, b),
            (Core(a), Core(b)) => a == b,
            (PatternVariable { var: a, .. }, PatternVariable { var: b, .. }) => a == b,
            (Lazy(a), Lazy(b)) => a == b,
            (Parameter(a), Parameter(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// A syntax parameter, and what it means where nobody has said otherwise.
#[derive(Debug)]
pub struct SyntaxParameter {
    pub default: Binding,
}

pub struct Macro {
    pub transformer: Transformer,
    /// Where it was defined: what identifiers inserted by it mean.
    pub env: Rc<Env>,
}

impl std::fmt::Debug for Macro {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("#<macro>")
    }
}

/// A macro written in Rust: gets the whole form, the environment of its use, and the macro's own with a stamp for it.
pub type NativeMacro = fn(&mut ExpandContext, Value, &Rc<Env>, &Rc<Env>, Stamp) -> Result<Value, SyntaxError>;

pub enum Transformer {
    Rules(Rules),
    /// A procedure of one syntax object; element 0 of what is kept.
    Procedure(Kept),
    /// The same, made with `make-variable-transformer`: gets `(set! name value)` forms too.
    Variable(Kept),
    Native(NativeMacro),
}

pub type Key = (Symbol, MarkId);

/// Bindings of one construct. Most have few; those with many get an index.
#[derive(Default)]
struct Frame {
    entries: Vec<(Key, Binding)>,
    index: FxHashMap<Key, u32>,
}

/// Up to this many bindings, looking through all of them is faster than hashing.
const SMALL: usize = 8;

impl Frame {
    fn position(&self, key: Key) -> Option<usize> {
        if self.index.is_empty() {
            self.entries.iter().position(|(known, _)| *known == key)
        } else {
            self.index.get(&key).map(|&at| at as usize)
        }
    }

    fn insert(&mut self, key: Key, binding: Binding) -> Option<Binding> {
        if let Some(at) = self.position(key) {
            return Some(std::mem::replace(&mut self.entries[at].1, binding));
        }
        self.entries.push((key, binding));
        if !self.index.is_empty() {
            self.index.insert(key, self.entries.len() as u32 - 1);
        } else if self.entries.len() > SMALL {
            self.index = self.entries.iter().enumerate().map(|(at, (key, _))| (*key, at as u32)).collect();
        }
        None
    }
}

pub struct Env {
    parent: Option<Rc<Env>>,
    frame: RefCell<Frame>,
    module: ModuleId,
    /// Inside is the expression that makes a macro's transformer; the macro's templates mean what they would mean outside.
    is_transformer: bool,
    /// What syntax parameters mean in here.
    meanings: RefCell<Vec<(Rc<SyntaxParameter>, Binding)>>,
    /// The symbols that any frame over the same root has ever bound: names of global variables and keywords, which most
    /// identifiers are, need no walk down the chain however long it is.
    bound: Rc<RefCell<FxHashSet<Symbol>>>,
}

impl Env {
    /// The environment of a module's top level: no frame, just the module.
    pub fn root(module: ModuleId) -> Rc<Env> {
        Rc::new(Env {
            parent: None,
            frame: RefCell::default(),
            module,
            is_transformer: false,
            meanings: RefCell::default(),
            bound: Rc::default(),
        })
    }

    /// A new frame, empty so far, inside of `parent`.
    pub fn inside(parent: &Rc<Env>) -> Rc<Env> {
        Rc::new(Env::child(parent, false))
    }

    /// Where the transformer of a macro is made that is defined in `parent`.
    pub fn transformer(parent: &Rc<Env>) -> Rc<Env> {
        Rc::new(Env::child(parent, true))
    }

    fn child(parent: &Rc<Env>, is_transformer: bool) -> Env {
        let (module, bound) = (parent.module, parent.bound.clone());
        let (frame, meanings) = (RefCell::default(), RefCell::default());
        Env { parent: Some(parent.clone()), frame, module, is_transformer, meanings, bound }
    }

    /// Where templates in here get the meaning of the identifiers that they insert: around the transformer that they are
    /// part of, and so in all of them the same; else at top level.
    pub fn home(env: &Rc<Env>) -> Rc<Env> {
        let mut here = env;
        while let Some(parent) = &here.parent {
            if here.is_transformer {
                return parent.clone();
            }
            here = parent;
        }
        here.clone()
    }

    /// Whether a frame between here and `home` binds this very identifier.
    fn binds_below(&self, home: &Rc<Env>, symbol: Symbol, mark: MarkId) -> bool {
        if !self.bound.borrow().contains(&symbol) {
            return false;
        }
        let mut env = Some(self);
        while let Some(here) = env.filter(|env| !std::ptr::eq(*env, Rc::as_ptr(home))) {
            if here.frame.borrow().position((symbol, mark)).is_some() {
                return true;
            }
            env = here.parent.as_deref();
        }
        false
    }

    pub fn module(&self) -> ModuleId {
        self.module
    }

    pub fn parent(&self) -> Option<&Rc<Env>> {
        self.parent.as_ref()
    }

    /// Whether this is a module's top level.
    pub fn is_root(&self) -> bool {
        self.parent.is_none()
    }

    /// Binds an identifier in the innermost frame; returns what it was bound to in this very frame before.
    pub fn bind(&self, symbol: Symbol, mark: MarkId, binding: Binding) -> Option<Binding> {
        debug_assert!(!matches!(binding, Binding::Variable(_)), "frames hold no values");
        self.bound.borrow_mut().insert(symbol);
        self.frame.borrow_mut().insert((symbol, mark), binding)
    }

    /// What the innermost frame itself binds this very identifier to.
    pub fn own(&self, symbol: Symbol, mark: MarkId) -> Option<Binding> {
        let frame = self.frame.borrow();
        frame.position((symbol, mark)).map(|at| frame.entries[at].1.clone())
    }

    /// What the frames bind this very identifier to, from the inside out.
    pub fn lookup(&self, symbol: Symbol, mark: MarkId) -> Option<Binding> {
        if !self.bound.borrow().contains(&symbol) {
            return None;
        }
        let mut env = Some(self);
        while let Some(here) = env {
            if let Some(binding) = here.own(symbol, mark) {
                return Some(binding);
            }
            env = here.parent.as_deref();
        }
        None
    }

    /// Gives a syntax parameter another meaning in here.
    pub fn set_meaning(&self, parameter: Rc<SyntaxParameter>, meaning: Binding) {
        self.meanings.borrow_mut().push((parameter, meaning));
    }

    /// What a syntax parameter means in here.
    pub fn meaning(&self, parameter: &Rc<SyntaxParameter>) -> Binding {
        let mut env = Some(self);
        while let Some(here) = env {
            if let Some((_, meaning)) = here.meanings.borrow().iter().find(|(known, _)| Rc::ptr_eq(known, parameter)) {
                return meaning.clone();
            }
            env = here.parent.as_deref();
        }
        parameter.default.clone()
    }

    /// The names bound in frames, for suggestions.
    pub fn names(&self) -> Vec<Symbol> {
        let mut names = Vec::new();
        let mut env = Some(self);
        while let Some(here) = env {
            names.extend(here.frame.borrow().entries.iter().map(|((symbol, _), _)| *symbol));
            env = here.parent.as_deref();
        }
        names
    }

    /// Forgets the frame's bindings. A macro of `letrec-syntax` or a body is in the very frame it remembers; whoever made
    /// such a frame clears it in the end, or it stays for ever.
    pub fn clear(&self) {
        let (frame, meanings) = (self.frame.take(), self.meanings.take());
        drop((frame, meanings));
    }
}

impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#<env in module {}>", self.module.0)
    }
}

/// Frees chains of any length with a loop. A frame's macros know environments further out in the same chain; while the loop
/// holds the next of them, freeing a frame frees no environment.
impl Drop for Env {
    fn drop(&mut self) {
        let mut next = self.parent.take();
        drop(self.frame.take());
        while let Some(mut env) = next.and_then(Rc::into_inner) {
            next = env.parent.take();
        }
    }
}

struct MarkEntry {
    parent: MarkId,
    env: Rc<Env>,
}

/// All marks of an engine.
#[derive(Default)]
pub struct Marks {
    entries: Vec<MarkEntry>,
    /// The mark that a stamp gives to identifiers of a mark, for templates of an environment (by its address, alive as long
    /// as the entry).
    stamped: FxHashMap<(Stamp, MarkId, *const Env), MarkId>,
    stamps: u32,
    /// Something that outlives the current expansion has marked identifiers: `release` keeps the marks.
    pub pinned: bool,
}

/// The state of the marks when an expansion begins.
#[derive(Clone, Copy, Debug)]
pub struct MarkPoint {
    entries: usize,
    stamps: u32,
    pinned: bool,
}

impl Marks {
    pub fn new_stamp(&mut self) -> Stamp {
        self.stamps = self.stamps.wrapping_add(1);
        Stamp(self.stamps)
    }

    /// The mark of an identifier of mark `mark` that is inserted by this use of a macro, whose templates mean what `env` says.
    pub fn stamped(&mut self, stamp: Stamp, mark: MarkId, env: &Rc<Env>) -> MarkId {
        let key = (stamp, mark, Rc::as_ptr(env));
        if let Some(&known) = self.stamped.get(&key) {
            return known;
        }
        let new = self.fresh(mark, env);
        self.stamped.insert(key, new);
        new
    }

    /// The mark of an identifier of mark `mark` that a template inserts.
    pub fn inserted(&mut self, place: Use<'_>, symbol: Symbol, mark: MarkId) -> MarkId {
        let Use { stamp, env, home } = place;
        self.stamped(stamp, mark, if env.binds_below(home, symbol, mark) { env } else { home })
    }

    /// A mark that no other identifier has.
    pub fn fresh(&mut self, parent: MarkId, env: &Rc<Env>) -> MarkId {
        self.entries.push(MarkEntry { parent, env: env.clone() });
        MarkId(u32::try_from(self.entries.len()).expect("memory ends before marks do"))
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What an identifier of this mark was before it was inserted, and where to look for what it means then. Nothing for
    /// no mark, and for marks that were given up.
    pub fn origin(&self, mark: MarkId) -> Option<(MarkId, &Rc<Env>)> {
        let entry = self.entries.get((mark.0 as usize).checked_sub(1)?)?;
        Some((entry.parent, &entry.env))
    }

    /// To be called when an expansion begins; `release` wants it back. Expansions may nest.
    pub fn begin(&mut self) -> MarkPoint {
        let point = MarkPoint { entries: self.entries.len(), stamps: self.stamps, pinned: self.pinned };
        self.pinned = false;
        point
    }

    /// An expansion is over: its marks go, unless pinned.
    pub fn release(&mut self, point: MarkPoint) {
        if !self.pinned {
            self.entries.truncate(point.entries);
        }
        let alive = self.entries.len();
        self.stamped.retain(|(stamp, ..), mark| stamp.0 <= point.stamps && mark.0 as usize <= alive);
        self.stamps = point.stamps;
        // What the inner expansion has pinned lies below marks that the outer one might still make.
        self.pinned |= point.pinned;
    }
}

/// What the modules know; `library::Modules` is one.
pub trait Scopes {
    /// What a symbol is bound to in a module: by definition or import.
    fn lookup(&self, module: ModuleId, symbol: Symbol) -> Option<Binding>;
    /// What a marked identifier is bound to that a macro's use has defined at a module's top level.
    fn hidden(&self, module: ModuleId, symbol: Symbol, mark: MarkId) -> Option<Binding>;
}

/// What becomes of an identifier.
#[derive(Clone, Debug)]
pub enum Resolution {
    Bound(Binding),
    /// Nobody has bound it: a global variable of this module, to be defined later or never.
    Free(ModuleId),
}

/// What an identifier means in an environment.
pub fn resolve_or_free(env: &Env, scopes: &dyn Scopes, marks: &Marks, symbol: Symbol, mark: MarkId) -> Resolution {
    let (mut env, mut mark) = (env, mark);
    loop {
        if let Some(binding) = env.lookup(symbol, mark) {
            return Resolution::Bound(binding);
        }
        if mark == MarkId::NONE {
            return scopes.lookup(env.module, symbol).map_or(Resolution::Free(env.module), Resolution::Bound);
        }
        if let Some(binding) = scopes.hidden(env.module, symbol, mark) {
            return Resolution::Bound(binding);
        }
        match marks.origin(mark) {
            Some((parent, origin)) => (mark, env) = (parent, origin),
            None => mark = MarkId::NONE,
        }
    }
}

pub fn resolve(env: &Env, scopes: &dyn Scopes, marks: &Marks, symbol: Symbol, mark: MarkId) -> Option<Binding> {
    match resolve_or_free(env, scopes, marks, symbol, mark) {
        Resolution::Bound(binding) => Some(binding),
        Resolution::Free(_) => None,
    }
}

/// Whether two identifiers mean the same, each in its environment: the same binding, or none under the same name.
pub fn free_identifier_eq(scopes: &dyn Scopes, marks: &Marks, a: (Key, &Env), b: (Key, &Env)) -> bool {
    let ((symbol_a, mark_a), env_a) = a;
    let ((symbol_b, mark_b), env_b) = b;
    if a.0 == b.0 && std::ptr::eq(env_a, env_b) {
        return true;
    }
    match (resolve(env_a, scopes, marks, symbol_a, mark_a), resolve(env_b, scopes, marks, symbol_b, mark_b)) {
        (Some(a), Some(b)) => a.is_same(&b),
        (None, None) => symbol_a == symbol_b,
        _ => false,
    }
}
