//! Patterns of `syntax-rules` and `syntax-case`: compiled once, then matched against forms.
//!
//! A pattern variable under n ellipses gets the forms it matched in lists nested n deep. The variables of a pattern are
//! numbered in the order in which they stand there, so those under one ellipsis have numbers in a row.
//!
//! Lists of any length are walked with loops; only the nesting of the pattern itself recurses, and that is bounded.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::context::{ExpandContext, Kept};
use super::env::{Binding, CoreForm, Env, Key, MarkId, Resolution};
use super::syntax::{SyntaxError, expose, identifier, list_parts, span};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::{Heap, Kind, Value};

/// How deep patterns and templates may be nested: far deeper than anybody writes them, and no strain on the stack.
pub const DEEPEST: usize = 200;

pub enum Pattern {
    /// `_`
    Any,
    Var(u32),
    /// An identifier that means the same as this one does where the macro was defined.
    Literal(Symbol, MarkId),
    Null,
    /// Index into the constants.
    Datum(u32),
    List(Box<ListPattern>),
    Vector(Box<ListPattern>),
}

/// `(before ... repeated ooo after ... . tail)`, where `ooo` is the ellipsis; without one, `after` is empty.
pub struct ListPattern {
    before: Vec<Pattern>,
    repeated: Option<Repeated>,
    after: Vec<Pattern>,
    tail: Pattern,
}

struct Repeated {
    pattern: Pattern,
    vars: Range<usize>,
}

/// A variable that a pattern binds.
#[derive(Clone, Debug)]
pub struct PatternVar {
    pub symbol: Symbol,
    pub mark: MarkId,
    /// How many ellipses follow it.
    pub depth: u32,
    pub span: Span,
}

/// What the ellipsis is in a macro's patterns and templates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ellipsis {
    /// Whatever means `...`.
    Usual,
    /// The identifier that the macro chose.
    Named(Symbol, MarkId),
    /// Nothing: `...` is among the literals, or escaped.
    None,
}

impl Ellipsis {
    pub fn is(self, cx: &ExpandContext, env: &Env, v: Value) -> bool {
        match self {
            Ellipsis::Usual => is_auxiliary(cx, env, v, CoreForm::Ellipsis),
            Ellipsis::Named(symbol, mark) => identifier(v) == Some((symbol, mark)),
            Ellipsis::None => false,
        }
    }
}

/// Whether an identifier means `form`, or means nothing and has its name.
pub fn is_auxiliary(cx: &ExpandContext, env: &Env, v: Value, form: CoreForm) -> bool {
    let Some((symbol, mark)) = identifier(v) else { return false };
    match cx.resolve(env, symbol, mark) {
        Resolution::Bound(Binding::Core(core)) => core == form,
        Resolution::Bound(_) => false,
        Resolution::Free(_) => cx.symbols.name(symbol) == form.name(),
    }
}

/// What patterns of one macro have in common.
pub struct PatternCompiler<'c, 'x> {
    pub cx: &'c ExpandContext<'x>,
    pub env: &'c Env,
    pub ellipsis: Ellipsis,
    pub literals: &'c [Key],
    /// What `Datum` patterns compare with.
    pub constants: &'c mut Vec<Value>,
}

/// The variables of the pattern being compiled.
#[derive(Default)]
struct Vars {
    all: Vec<PatternVar>,
    index: FxHashMap<Key, usize>,
}

impl PatternCompiler<'_, '_> {
    pub fn compile(&mut self, pattern: Value) -> Result<(Pattern, Vec<PatternVar>), SyntaxError> {
        let mut vars = Vars::default();
        let pattern = self.pattern(pattern, 0, 0, &mut vars)?;
        Ok((pattern, vars.all))
    }

    fn pattern(&mut self, v: Value, nesting: usize, depth: u32, vars: &mut Vars) -> Result<Pattern, SyntaxError> {
        if nesting > DEEPEST {
            return Err(SyntaxError::new(format!("this pattern is nested more than {DEEPEST} deep"), v));
        }
        if let Some(key) = identifier(v) {
            return self.name(v, key, depth, vars);
        }
        let datum = expose(v);
        if datum.is_null() {
            Ok(Pattern::Null)
        } else if datum.is_pair() {
            let (items, tail) = list_parts(v).ok_or_else(|| SyntaxError::new("this pattern is circular", v))?;
            Ok(Pattern::List(Box::new(self.list(&items, tail, nesting, depth, vars)?)))
        } else if datum.is_vector() {
            let items: Vec<Value> = datum.fields().collect();
            Ok(Pattern::Vector(Box::new(self.list(&items, Value::NIL, nesting, depth, vars)?)))
        } else {
            self.constants.push(datum);
            Ok(Pattern::Datum(self.constants.len() as u32 - 1))
        }
    }

    fn name(&mut self, v: Value, key: Key, depth: u32, vars: &mut Vars) -> Result<Pattern, SyntaxError> {
        let (symbol, mark) = key;
        if self.literals.contains(&key) {
            return Ok(Pattern::Literal(symbol, mark));
        }
        if self.ellipsis.is(self.cx, self.env, v) {
            let message = format!("`{}` stands where no pattern is before it to repeat", self.cx.symbols.name(symbol));
            return Err(SyntaxError::new(message, v));
        }
        if is_auxiliary(self.cx, self.env, v, CoreForm::Underscore) {
            return Ok(Pattern::Any);
        }
        let new = PatternVar { symbol, mark, depth, span: span(v) };
        if let Some(first) = vars.index.insert(key, vars.all.len()) {
            let name = self.cx.symbols.name(symbol);
            let error = SyntaxError::new(format!("the pattern variable {name} stands twice in this pattern"), v);
            return Err(error.with_note(vars.all[first].span, "it stands here first"));
        }
        vars.all.push(new);
        Ok(Pattern::Var(vars.all.len() as u32 - 1))
    }

    fn list(
        &mut self,
        items: &[Value],
        tail: Value,
        nesting: usize,
        depth: u32,
        vars: &mut Vars,
    ) -> Result<ListPattern, SyntaxError> {
        let mut list = ListPattern { before: Vec::new(), repeated: None, after: Vec::new(), tail: Pattern::Null };
        let mut at = 0;
        while let Some(&item) = items.get(at) {
            at += 1;
            let dots =
                items.get(at).filter(|&&next| !self.is_literal(next) && self.ellipsis.is(self.cx, self.env, next));
            if let Some(&dots) = dots {
                at += 1;
                if list.repeated.is_some() {
                    return Err(SyntaxError::new("a list in a pattern can have one ellipsis only", dots));
                }
                let first = vars.all.len();
                let pattern = self.pattern(item, nesting + 1, depth + 1, vars)?;
                list.repeated = Some(Repeated { pattern, vars: first..vars.all.len() });
            } else {
                let pattern = self.pattern(item, nesting + 1, depth, vars)?;
                if list.repeated.is_some() { list.after.push(pattern) } else { list.before.push(pattern) }
            }
        }
        list.tail = self.pattern(tail, nesting + 1, depth, vars)?;
        Ok(list)
    }

    fn is_literal(&self, v: Value) -> bool {
        identifier(v).is_some_and(|key| self.literals.contains(&key))
    }
}

/// Matches forms of one use of a macro.
pub struct Matcher<'c, 'x> {
    pub cx: &'c ExpandContext<'x>,
    pub constants: &'c Kept,
    /// Where the macro was defined: what its literals mean.
    pub def_env: &'c Env,
    /// Where the form stands.
    pub use_env: &'c Env,
}

impl Matcher<'_, '_> {
    /// The values of the pattern's `count` variables if the form matches.
    pub fn matches(&self, pattern: &Pattern, form: Value, count: usize) -> Option<Vec<Value>> {
        let mut values = vec![Value::NIL; count];
        self.pattern(pattern, form, &mut values).then_some(values)
    }

    fn pattern(&self, pattern: &Pattern, form: Value, values: &mut [Value]) -> bool {
        match pattern {
            Pattern::Any => true,
            Pattern::Var(index) => {
                values[*index as usize] = form;
                true
            }
            Pattern::Literal(symbol, mark) => identifier(form)
                .is_some_and(|key| self.cx.same_meaning((*symbol, *mark), self.def_env, key, self.use_env)),
            Pattern::Null => expose(form).is_null(),
            Pattern::Datum(index) => is_same_datum(self.cx.heap, self.constants.get(*index as usize), expose(form)),
            Pattern::List(list) => self.list(list, form, values),
            Pattern::Vector(list) => {
                let datum = expose(form);
                datum.is_vector() && self.items(list, &datum.fields().collect::<Vec<_>>(), Value::NIL, values)
            }
        }
    }

    fn list(&self, list: &ListPattern, form: Value, values: &mut [Value]) -> bool {
        if list.repeated.is_some() {
            return list_parts(form).is_some_and(|(items, tail)| self.items(list, &items, tail, values));
        }
        let mut rest = form;
        for pattern in &list.before {
            let Some((car, cdr)) = expose(rest).as_pair() else { return false };
            if !self.pattern(pattern, car, values) {
                return false;
            }
            rest = cdr;
        }
        self.pattern(&list.tail, rest, values)
    }

    fn items(&self, list: &ListPattern, items: &[Value], tail: Value, values: &mut [Value]) -> bool {
        let fixed = list.before.len() + list.after.len();
        let fits = if list.repeated.is_some() { items.len() >= fixed } else { items.len() == fixed };
        if !fits {
            return false;
        }
        let (before, rest) = items.split_at(list.before.len());
        let (middle, after) = rest.split_at(rest.len() - list.after.len());
        self.each(&list.before, before, values)
            && list.repeated.as_ref().is_none_or(|repeated| self.repeated(repeated, middle, values))
            && self.each(&list.after, after, values)
            && self.pattern(&list.tail, tail, values)
    }

    fn each(&self, patterns: &[Pattern], items: &[Value], values: &mut [Value]) -> bool {
        patterns.iter().zip(items).all(|(pattern, &item)| self.pattern(pattern, item, values))
    }

    fn repeated(&self, repeated: &Repeated, items: &[Value], values: &mut [Value]) -> bool {
        if let Pattern::Var(index) = repeated.pattern {
            values[index as usize] = self.cx.heap.list(items);
            return true;
        }
        let mut columns = vec![Vec::with_capacity(items.len()); repeated.vars.len()];
        for &item in items {
            if !self.pattern(&repeated.pattern, item, values) {
                return false;
            }
            for (column, index) in columns.iter_mut().zip(repeated.vars.clone()) {
                column.push(values[index]);
            }
        }
        for (column, index) in columns.iter().zip(repeated.vars.clone()) {
            values[index] = self.cx.heap.list(column);
        }
        true
    }
}

/// `equal?` on atoms: what patterns hold besides identifiers, lists and vectors.
fn is_same_datum(heap: &Heap, a: Value, b: Value) -> bool {
    if a == b {
        return true;
    }
    let Some(kind) = a.kind().filter(|&kind| b.kind() == Some(kind)) else { return false };
    match kind {
        Kind::String => heap.str(a) == heap.str(b),
        Kind::Bytevector => heap.bytes(a) == heap.bytes(b),
        Kind::Flonum => a.as_flonum().map(f64::to_bits) == b.as_flonum().map(f64::to_bits),
        Kind::Bignum => heap.bignum_limbs(a) == heap.bignum_limbs(b),
        // Their parts are numbers of simpler kinds: one step down is the last.
        Kind::Ratnum | Kind::Compnum => a.fields().zip(b.fields()).all(|(a, b)| is_same_datum(heap, a, b)),
        _ => false,
    }
}
