//! Forms that choose or fetch other forms: cond-expand, include, eval-when; and definitions that wait in a source.

use std::rc::Rc;

use super::context::ExpandContext;
use super::convert::{list_items, tree_to_syntax};
use super::env::{Binding, CoreForm, Env, Macro, ModuleId, Transformer};
use super::expand::{Expansion, Result, Task, malformed, parts, wrong};
use super::import::load_path;
use super::library::Unread;
use super::rules::compile_rules;
use super::stdlib;
use super::syntax::{SyntaxError, expose, identifier, span};
use crate::reader::Parser;
use crate::source::{SourceId, Span, Text};
use crate::value::Value;
use crate::value::heap::cell;

/// What `(features)` lists.
pub const FEATURES: &[&str] = &[
    "r7rs",
    "exact-closed",
    "exact-complex",
    "ieee-float",
    "full-unicode",
    "ratios",
    "posix",
    "unix",
    "linux",
    "sockeye",
    "guile",
    "guile-2",
    "guile-2.2",
    "guile-3",
    "guile-3.0",
    "srfi-0",
    "srfi-1",
    "srfi-2",
    "srfi-4",
    "srfi-6",
    "srfi-8",
    "srfi-9",
    "srfi-11",
    "srfi-13",
    "srfi-14",
    "srfi-16",
    "srfi-23",
    "srfi-26",
    "srfi-27",
    "srfi-28",
    "srfi-30",
    "srfi-31",
    "srfi-34",
    "srfi-38",
    "srfi-39",
    "srfi-45",
    "srfi-46",
    "srfi-60",
    "srfi-61",
    "srfi-62",
    "srfi-71",
    "srfi-87",
    "srfi-88",
    "srfi-98",
    "srfi-111",
];

/// Included files may include others, so deep.
const DEEPEST_INCLUDE: usize = 64;

impl Expansion {
    /// The forms of the first clause whose requirement holds.
    pub(super) fn cond_expand(&mut self, cx: &mut ExpandContext, form: Value, _: &Rc<Env>) -> Result<Vec<Value>> {
        let items = parts(form, "(cond-expand (REQUIREMENT FORM ...) ... (else FORM ...))")?;
        for &clause in &items[1..] {
            let clause_items = list_items(clause).unwrap_or_default();
            let [requirement, forms @ ..] = &clause_items[..] else {
                return wrong(clause, form, "a clause should look like (REQUIREMENT FORM ...)");
            };
            if self.requirement_holds(cx, clause, *requirement)? {
                return Ok(forms.to_vec());
            }
        }
        Ok(Vec::new())
    }

    /// Requirements are symbols by name, not by binding: a library is asked before it has imported anything.
    fn requirement_holds(&mut self, cx: &mut ExpandContext, clause: Value, requirement: Value) -> Result<bool> {
        enum Work {
            Test(Value),
            Not,
            /// The last so many results, all or any of them.
            All(usize),
            Any(usize),
        }
        let shape = "a requirement is a feature, (library NAME), (and ...), (or ...), (not ...) or else";
        let mut work = vec![Work::Test(requirement)];
        let mut results: Vec<bool> = Vec::new();
        while let Some(next) = work.pop() {
            let result = match next {
                Work::Not => !results.pop().unwrap_or(false),
                Work::All(count) => results.split_off(results.len() - count).into_iter().all(|holds| holds),
                Work::Any(count) => results.split_off(results.len() - count).into_iter().any(|holds| holds),
                Work::Test(requirement) => {
                    if let Some((symbol, _)) = identifier(requirement) {
                        let name = cx.symbols.name(symbol);
                        results.push(name == "else" || FEATURES.contains(&name));
                        continue;
                    }
                    let items = list_items(requirement).unwrap_or_default();
                    let Some((symbol, _)) = items.first().and_then(|&head| identifier(head)) else {
                        return wrong(requirement, clause, shape);
                    };
                    match (cx.symbols.name(symbol), &items[1..]) {
                        ("not", &[inner]) => work.extend([Work::Not, Work::Test(inner)]),
                        ("and", inner) => {
                            work.push(Work::All(inner.len()));
                            work.extend(inner.iter().map(|&inner| Work::Test(inner)));
                        }
                        ("or", inner) => {
                            work.push(Work::Any(inner.len()));
                            work.extend(inner.iter().map(|&inner| Work::Test(inner)));
                        }
                        ("library", &[name]) => results.push(self.library_exists(cx, name)?),
                        _ => return wrong(requirement, clause, shape),
                    }
                    continue;
                }
            };
            results.push(result);
        }
        Ok(results.pop().unwrap_or(false))
    }

    /// The forms of the files that an include form names.
    pub(super) fn include(&mut self, cx: &mut ExpandContext, form: Value, core: CoreForm) -> Result<Vec<Value>> {
        let shape = format!("({} \"FILE\" ...)", core.name());
        let items = parts(form, &shape)?;
        if items.len() < 2 {
            return malformed(form, &shape);
        }
        self.includes += 1;
        if self.includes > DEEPEST_INCLUDE * 16 {
            return wrong(form, form, "too many files are included: one of them may include itself");
        }
        let from = span(form);
        let here = (!from.is_nowhere()).then(|| cx.sources.name(from.source).clone());
        let mut forms = Vec::new();
        for &item in &items[1..] {
            let Some(path) = cx.heap.str(expose(item)).map(str::to_string) else {
                return wrong(item, form, "the name of a file, a string, should stand here");
            };
            let on_path = match core {
                CoreForm::IncludeFromPath => load_path(cx),
                _ => Vec::new(),
            };
            let on_path = on_path.iter().map(|folder| std::path::Path::new(folder).join(&path));
            let found = on_path.filter_map(|path| cx.loader.read_file(path.to_str()?, None).ok()).next();
            let (path, text) = match found.map_or_else(|| cx.loader.read_file(&path, here.as_deref()), Ok) {
                Ok(file) => file,
                Err(Unread { message, refusal }) => {
                    let error = SyntaxError::new(message, item).or_at(span(form));
                    return Err(SyntaxError { refusal: refusal.map(Box::new), ..error });
                }
            };
            let source = cx.sources.add(&path, text.clone());
            read_forms(cx, source, &text, core == CoreForm::IncludeCi, form, &mut forms)?;
        }
        Ok(forms)
    }

    /// The forms of files that a library of the program's own includes, but for those that wait until they are needed.
    pub(super) fn include_own(
        &mut self,
        cx: &mut ExpandContext,
        module: ModuleId,
        library: &str,
        form: Value,
    ) -> Result<Vec<Value>> {
        let folder = library.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut forms = Vec::new();
        for item in parts(form, "(include \"FILE\" ...)")?.split_off(1) {
            let file = cx.heap.str(expose(item)).map(|file| format!("{folder}/{file}"));
            let Some(file) = file.and_then(|file| stdlib::file(&file)) else {
                return wrong(item, form, "there is no such file");
            };
            let source = cx.sources.add(&format!("(sockeye) {}", file.path), Text::Fixed(file.text()));
            let eager = cx.state.modules.add_lazy_source(cx.symbols, module, source, file.text(), 0);
            for place in eager {
                forms.push(self.read_lazy(cx, place)?);
            }
        }
        Ok(forms)
    }

    /// `(eval-when (SITUATION ...) FORM ...)`: forms are always loaded here, never only compiled.
    pub(super) fn eval_when(&mut self, cx: &mut ExpandContext, form: Value) -> Result<Vec<Value>> {
        let shape = "(eval-when (SITUATION ...) FORM ...)";
        let items = parts(form, shape)?;
        let [_, situations, forms @ ..] = &items[..] else { return malformed(form, shape) };
        let Some(situations) = list_items(*situations) else { return malformed(form, shape) };
        let known = ["eval", "load", "expand", "compile", "execute"];
        let mut wanted = false;
        for &situation in &situations {
            match identifier(situation).map(|(symbol, _)| cx.symbols.name(symbol)) {
                Some(name) if known.contains(&name) => wanted |= name != "compile",
                _ => return wrong(situation, form, "a situation is one of eval, load, expand and compile"),
            }
        }
        Ok(if wanted { forms.to_vec() } else { Vec::new() })
    }

    /// What `(current-filename)` and `(current-source-location)` are at this place.
    pub(super) fn source_location(&self, cx: &mut ExpandContext, core: CoreForm, place: Span) -> Value {
        if place.is_nowhere() {
            return Value::FALSE;
        }
        let name = cx.heap.string(cx.sources.name(place.source));
        let Some(at) = cx.sources.place(place).filter(|_| core == CoreForm::CurrentSourceLocation) else {
            return name;
        };
        // Guile counts from 0.
        let numbers = [at.line, at.column].map(|n| Value::fixnum(n as i64 - 1));
        let entry = |cx: &mut ExpandContext, word, value| cx.heap.cons(Value::symbol(cx.symbols.intern(word)), value);
        let entries = [entry(cx, "filename", name), entry(cx, "line", numbers[0]), entry(cx, "column", numbers[1])];
        cx.heap.list(&entries)
    }

    // ---- definitions that wait -----------------------------------------------------------------------------------

    /// What a waiting definition is, now that somebody asks.
    pub(super) fn lazy(&mut self, cx: &mut ExpandContext, index: u32) -> Result<Binding> {
        if let Some(&user) = self.waking.last() {
            cx.state.modules.note_need(user, index);
        }
        if let Some(binding) = cx.state.modules.ask_again(cx.heap, index) {
            return Ok(binding);
        }
        let (module, symbol, place) = cx.state.modules.lazy_place(index);
        let text = cx.sources.text(place.source).clone();
        let binding = if text[place.start as usize..].starts_with("(define-syntax") {
            let form = self.read_lazy(cx, place)?;
            let env = cx.state.modules.env(module);
            let core = match self.head(cx, form, &env)? {
                Some(Binding::Core(core)) => core,
                _ => CoreForm::DefineSyntax,
            };
            let (_, spec) = self.parse_define_syntax(cx, form, core)?;
            let rules = compile_rules(cx, spec, &env)?;
            Binding::Macro(Rc::new(Macro { transformer: Transformer::Rules(rules), env }))
        } else {
            Binding::Variable(cell::make(cx.heap, symbol, Value::UNBOUND))
        };
        cx.state.modules.wake_lazy(index, binding.clone());
        Ok(binding)
    }

    /// Before anything runs, the definitions run that it may need. Whether there was one to expand.
    pub(super) fn definitions_first(&mut self, cx: &mut ExpandContext) -> Result<bool> {
        let Some(index) = cx.state.modules.next_waiting(self.waking.last().copied()) else { return Ok(false) };
        self.waking.push(index);
        let (module, _, place) = cx.state.modules.lazy_place(index);
        let form = self.read_lazy(cx, place)?;
        // To make a procedure nothing has to be there; what other definitions do may need all that they mention.
        let text = cx.sources.text(place.source);
        let is_procedure = text[place.start as usize..].split_once(' ').is_some_and(|(_, rest)| rest.starts_with('('));
        let end = if is_procedure { Task::EndDefinition } else { Task::EndUnit };
        let env = cx.state.modules.env(module);
        self.then([Task::BeginUnit { inside: false }, Task::Top { form, env }, end, Task::Woken]);
        Ok(true)
    }

    pub(super) fn read_lazy(&mut self, cx: &mut ExpandContext, place: Span) -> Result<Value> {
        let text = cx.sources.text(place.source).clone();
        let mut parser = Parser::new(place.source, place.start as usize);
        match parser.next_datum(&text[..place.end as usize], cx.symbols) {
            Some(Ok(tree)) => Ok(tree_to_syntax(&tree, cx.heap)),
            Some(Err(error)) => Err(SyntaxError { span: error.span, ..SyntaxError::new(error.message, Value::FALSE) }),
            None => {
                Err(SyntaxError { span: place, ..SyntaxError::new("a definition should stand here", Value::FALSE) })
            }
        }
    }
}

/// Reads all data of a text as forms.
pub(super) fn read_forms(
    cx: &mut ExpandContext,
    source: SourceId,
    text: &str,
    fold_case: bool,
    form: Value,
    forms: &mut Vec<Value>,
) -> Result<()> {
    let mut parser = Parser::new(source, 0);
    parser.set_fold_case(fold_case);
    while let Some(datum) = parser.next_datum(text, cx.symbols) {
        match datum {
            Ok(tree) => forms.push(tree_to_syntax(&tree, cx.heap)),
            Err(error) => {
                let failed = SyntaxError { span: error.span, ..SyntaxError::new(error.message, form) };
                return Err(match error.note {
                    Some((span, note)) => failed.with_note(span, note),
                    None => failed,
                });
            }
        }
    }
    Ok(())
}
