//! import: which names a module gets from a library, and the libraries that have to be loaded for that.
//!
//! An import is a task that comes back until all its libraries are there. What loads one stands before it on the stack of
//! tasks: the library's own imports, its body as one unit to be run, and the check of its exports.

use std::rc::Rc;

use super::context::ExpandContext;
use super::convert::{holds_marks, is_longer, list_items, tree_to_syntax};
use super::env::{Binding, CoreForm, Env, MarkId, ModuleId, Scopes};
use super::expand::{Expansion, Result, Step, Task, malformed, parts, wrong};
use super::forms_module::{parse_interface, renaming};
use super::library::{CORE, LibraryName, NamePart, Progress, Unread};
use super::syntax::{SyntaxError, expose, identifier, span};
use super::{forms_source::read_forms, stdlib};
use crate::reader::Parser;
use crate::source::Span;
use crate::symbol::{Symbol, Symbols};
use crate::value::Value;
use crate::value::heap::cell;
use crate::value::tracer::Tracer;
use rustc_hash::FxHashMap;

pub(super) struct Import {
    pub form: Value,
    pub module: ModuleId,
    /// The import sets that have not been bound, the next one last.
    pub sets: Vec<Value>,
    pub style: Style,
    /// What a library of the program's has imported so far: where each name is from, what it is called there, and whether that
    /// comes with the program.
    pub names: Option<FxHashMap<Symbol, (ModuleId, Symbol, bool)>>,
}

/// How import sets are written, and what becomes of them.
#[derive(Clone, Copy, PartialEq)]
pub enum Style {
    /// As in R7RS's import.
    Sets,
    /// As in Guile's use-modules.
    Interfaces,
    /// The same, and the answer renames the names of the next one.
    Renamed,
    /// A module that is to be there, and that is all.
    Presence,
}

impl Import {
    pub fn trace(&mut self, tracer: &mut Tracer) {
        tracer.visit(&mut self.form);
        tracer.visit_all(&mut self.sets);
    }
}

pub(super) enum Modifier {
    Only(Vec<Value>),
    Except(Vec<Value>),
    Prefix(Symbol),
    Rename(Vec<(Value, Symbol)>),
}

/// An import set taken apart: the library's name, what is to be done with its exports, innermost first, and the form that names it.
pub(super) struct Set {
    pub name: LibraryName,
    pub modifiers: Vec<Modifier>,
    pub place: Value,
    /// An expression for a procedure that renames what comes out.
    pub renamer: Option<Value>,
}

/// A library as far as it is known.
enum Found {
    Ready(ModuleId),
    Absent,
}

impl Expansion {
    /// An expansion that only imports: `sets` is a list of import sets, syntax or plain data.
    pub fn importing(sets: Value, module: ModuleId, style: Style, cx: &mut ExpandContext) -> Expansion {
        let env = cx.state.modules.env(module);
        let mut expansion = Expansion::new(Value::UNSPECIFIED, env, cx);
        let mut list = list_items(sets).unwrap_or_else(|| vec![sets]);
        list.reverse();
        let import = Import { form: sets, module, sets: list, style, names: None };
        expansion.tasks = vec![Task::Constant(Value::UNSPECIFIED, Span::NOWHERE), Task::Import(Box::new(import))];
        expansion
    }

    pub(super) fn import(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let _ = cx;
        let mut sets = parts(form, "(import IMPORT-SET ...)")?.split_off(1);
        sets.reverse();
        let import = Import { form, module: env.module(), sets, style: Style::Sets, names: None };
        self.then([Task::Import(Box::new(import)), Task::Constant(Value::UNSPECIFIED, span(form))]);
        Ok(())
    }

    pub(super) fn go_on_importing(&mut self, cx: &mut ExpandContext, mut import: Box<Import>) -> Result<Option<Step>> {
        while let Some(&set) = import.sets.last() {
            let mut set = match import.style {
                Style::Sets => parse_set(cx, import.form, set)?,
                Style::Interfaces | Style::Renamed => parse_interface(cx, import.form, set)?,
                Style::Presence => Set::plain(library_name(cx, import.form, set)?, set),
            };
            match self.find_library(cx, &set.name, set.place)? {
                Found::Ready(library) => {
                    if let Some(renamer) = set.renamer.take() {
                        if import.style == Style::Interfaces {
                            let names = imported_names(cx, library, &set.modifiers, import.form)?;
                            self.call_renamer(cx, import, renamer, names)?;
                            return Ok(None);
                        }
                        import.style = Style::Interfaces;
                        set.modifiers.push(renaming(self.take_answer()));
                    }
                    if import.style != Style::Presence {
                        if import.style == Style::Sets {
                            check_conflicts(cx, &mut import, library, &set)?;
                        }
                        bind_set(cx, import.module, library, set.modifiers, import.form)?;
                        self.link_mentions(cx, import.module, library)?;
                    }
                    import.sets.pop();
                }
                Found::Absent => {
                    self.tasks.push(Task::Import(import));
                    self.load(cx, set.name, set.place)?;
                    break;
                }
            }
        }
        Ok(None)
    }

    /// What code has mentioned before it was imported: the variable of that name gets the value, once there is one.
    pub(super) fn link_mentions(&mut self, cx: &mut ExpandContext, module: ModuleId, library: ModuleId) -> Result<()> {
        for symbol in cx.state.modules.mentioned(module) {
            if let Some(binding) = cx.state.modules.exported(library, symbol)
                && cx.state.modules.in_use(module, library)
            {
                self.bind_mentioned(cx, module, library, symbol, binding)?;
            }
        }
        Ok(())
    }

    /// Makes a name that a module has mentioned, but not defined, an import; its old variable becomes a copy.
    fn bind_mentioned(
        &mut self,
        cx: &mut ExpandContext,
        module: ModuleId,
        library: ModuleId,
        symbol: Symbol,
        binding: Binding,
    ) -> Result<()> {
        let Some(Binding::Variable(mentioned)) = cx.state.modules.own(module, symbol) else { return Ok(()) };
        let source = match binding {
            Binding::Lazy(index) => self.lazy(cx, index)?,
            ref other => other.clone(),
        };
        match source {
            Binding::Variable(from) if from == mentioned => return Ok(()),
            Binding::Variable(from) => self.copy_cell(cx, from, mentioned),
            _ => {}
        }
        cx.state.modules.import(module, symbol, binding, library);
        Ok(())
    }

    /// Gives one variable the value of another: now, or when it has been computed.
    pub(super) fn copy_cell(&mut self, cx: &mut ExpandContext, from: Value, to: Value) {
        if cell::value(from) == Value::UNBOUND {
            cx.state.modules.copy_later(from, to);
        } else {
            cell::set_value(cx.heap, to, cell::value(from));
        }
    }

    /// Looks for a library among those that are there.
    fn find_library(&mut self, cx: &mut ExpandContext, name: &LibraryName, place: Value) -> Result<Found> {
        let modules = &cx.state.modules;
        let Some(id) = modules.find(name) else { return Ok(Found::Absent) };
        if modules.module(id).progress == Progress::Ready {
            return Ok(Found::Ready(id));
        }
        if modules.module(id).open && self.loading.contains(&id) {
            // What it has exported by then is there.
            return Ok(Found::Ready(id));
        }
        let Some(at) = self.loading.iter().position(|&loading| loading == id) else {
            // An attempt to load it has failed while it ran.
            return Ok(Found::Absent);
        };
        let circle = self.loading[at..].iter().chain([&id]);
        let names = circle.map(|&id| modules.show_name(cx.symbols, &modules.module(id).name)).collect::<Vec<_>>();
        let message = format!("libraries import each other in a circle: {}", names.join(" imports "));
        Err(SyntaxError::new(message, place))
    }

    /// Whether an import of this library would find it.
    pub(super) fn library_exists(&self, cx: &mut ExpandContext, name: Value) -> Result<bool> {
        library_exists(cx, name)
    }
}

/// Whether an import of this library would find it.
pub fn library_exists(cx: &mut ExpandContext, name: Value) -> Result<bool> {
    let name = library_name(cx, name, name)?;
    if cx.state.modules.find(&name).is_some() || cx.state.modules.is_declared(&name) {
        return Ok(true);
    }
    let folders = load_path(cx);
    let on_path = |path: &String| matches!(cx.loader.find_library(path, &folders), Ok(Some(_)));
    Ok(of_stdlib(cx.symbols, &name).is_some() || paths(cx.symbols, &name).iter().any(on_path))
}

impl Expansion {
    /// The tasks that make a library that the program has defined, or else load it from its file.
    fn load(&mut self, cx: &mut ExpandContext, name: LibraryName, place: Value) -> Result<()> {
        if let Some(form) = cx.state.modules.declaration(&name) {
            return self.library(cx, form, None);
        }
        let shown = cx.state.modules.show_name(cx.symbols, &name);
        let own = of_stdlib(cx.symbols, &name);
        let (path, text) = match own {
            Some(file) => (format!("(sockeye) {}", file.path), Rc::from(file.text())),
            None => self.find_file(cx, &name, &shown, place)?,
        };
        let source = cx.sources.add(&path, text.clone());
        let mut parser = Parser::new(source, 0);
        let first = match parser.next_datum(&text, cx.symbols) {
            Some(Ok(tree)) => Some(tree_to_syntax(&tree, cx.heap)),
            _ => None,
        };
        if first.is_none_or(|form| self.library_named(cx, form).is_none()) {
            return self.load_module(cx, name, source, text, own.is_some(), place);
        }
        let mut forms = Vec::new();
        read_forms(cx, source, &text, false, place, &mut forms)?;
        for form in forms {
            if let Some(found) = self.library_named(cx, form)
                && library_name(cx, form, found)? == name
            {
                return self.library(cx, form, own.map(|file| file.path));
            }
        }
        Err(SyntaxError::new(format!("{path} does not define the library {shown}"), place))
    }

    /// The name in a define-library form, or in R6RS's library.
    fn library_named(&self, cx: &ExpandContext, form: Value) -> Option<Value> {
        let items = list_items(form)?;
        let (word, _) = identifier(*items.first()?)?;
        let is_definition = ["define-library", "library"].contains(&cx.symbols.name(word));
        is_definition.then(|| items.get(1).copied()).flatten()
    }

    /// The file of a library, on the load path.
    fn find_file(
        &mut self,
        cx: &mut ExpandContext,
        name: &LibraryName,
        shown: &str,
        place: Value,
    ) -> Result<(String, Rc<str>)> {
        let folders = load_path(cx);
        let mut refused = None;
        for path in paths(cx.symbols, name) {
            match cx.loader.find_library(&path, &folders) {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => {}
                Err(Unread { message, refusal: None }) => return Err(SyntaxError::new(message, place)),
                Err(unread) => refused = refused.or(Some(unread)),
            }
        }
        let missing = Some(Box::new(name.clone()));
        if let Some(Unread { message, refusal }) = refused {
            let error = SyntaxError::new(format!("no library {shown} was found: {message}"), place);
            return Err(SyntaxError { missing, refusal: refusal.map(Box::new), ..error });
        }
        let file = path(cx.symbols, name);
        let folder = |folder: &String| if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let files: Vec<String> = folders.iter().map(|f| format!("{}{file}.sld", folder(f))).collect();
        let near = nearest(&file, stdlib::names());
        let hint = near.map(|name| format!("; is ({}) meant?", name.replace('/', " "))).unwrap_or_default();
        let files = files.join(", ");
        let looked = if files.is_empty() { String::new() } else { format!(" (looked for {files} and .scm)") };
        let error = SyntaxError::new(format!("there is no library {shown}{hint}{looked}"), place);
        Err(SyntaxError { missing, ..error })
    }

    // ---- define-library ------------------------------------------------------------------------------------------

    pub(super) fn define_library(&mut self, cx: &mut ExpandContext, form: Value) -> Result<()> {
        let shape = "(define-library NAME DECLARATION ...)";
        let items = parts(form, shape)?;
        let [_, name, ..] = items[..] else { return malformed(form, shape) };
        let name = library_name(cx, form, name)?;
        // It is made, and runs, when it is first imported.
        cx.state.marks.pinned |= holds_marks(form);
        cx.state.modules.declare(name, form);
        self.tasks.push(Task::Constant(Value::UNSPECIFIED, span(form)));
        Ok(())
    }

    /// The tasks that make a library of its definition.
    /// `own` is the path of a library that comes with the program.
    fn library(&mut self, cx: &mut ExpandContext, form: Value, own: Option<&str>) -> Result<()> {
        let shape = "(define-library NAME DECLARATION ...)";
        let items = parts(form, shape)?;
        let [_, name, declarations @ ..] = &items[..] else { return malformed(form, shape) };
        let name = library_name(cx, form, *name)?;
        let module = cx.state.modules.add(name);
        cx.state.modules.set_progress(module, Progress::Loading);
        self.loading.push(module);
        let env = cx.state.modules.env(module);
        let (mut sets, mut exports, mut body) = (Vec::new(), Vec::new(), Vec::new());
        // R6RS's library has two declarations, and then its body.
        let is_r6rs = identifier(items[0]).is_some_and(|(word, _)| cx.symbols.name(word) == "library");
        let declared = if is_r6rs { declarations.len().min(2) } else { declarations.len() };
        let mut pending: Vec<Value> = declarations[..declared].iter().rev().copied().collect();
        while let Some(declaration) = pending.pop() {
            let items = list_items(declaration).unwrap_or_default();
            let Some((word, _)) = items.first().and_then(|&head| identifier(head)) else {
                return wrong(declaration, form, DECLARATIONS);
            };
            match cx.symbols.name(word) {
                "import" => sets.extend_from_slice(&items[1..]),
                "export" => items[1..].iter().for_each(|&spec| exports.extend(renamed_exports(cx, spec))),
                "begin" => body.extend_from_slice(&items[1..]),
                // In the body they are what they are at top level, so that what is included finds its way there.
                "include" => match own {
                    Some(path) => body.extend(self.include_own(cx, module, path, declaration)?),
                    None => body.extend(self.include(cx, declaration, CoreForm::Include)?),
                },
                "include-ci" => body.extend(self.include(cx, declaration, CoreForm::IncludeCi)?),
                "include-library-declarations" => {
                    let forms = self.include(cx, declaration, CoreForm::Include)?;
                    pending.extend(forms.into_iter().rev());
                }
                "cond-expand" => {
                    let forms = self.cond_expand(cx, declaration, &env)?;
                    pending.extend(forms.into_iter().rev());
                }
                _ => return wrong(declaration, form, DECLARATIONS),
            }
        }
        body.extend_from_slice(&declarations[declared..]);
        sets.reverse();
        let names = own.is_none().then(FxHashMap::default);
        self.tasks.push(Task::Exports(Box::new(Exports { form, module, specs: exports, own: own.is_some() })));
        if !body.is_empty() {
            self.tasks.extend([Task::DropAnswer, Task::EndUnit]);
            let body = self.library_body(&body, &env, form);
            self.tasks.extend([body, Task::BeginUnit { inside: false }]);
        }
        self.tasks.push(Task::Import(Box::new(Import { form, module, sets, style: Style::Sets, names })));
        Ok(())
    }

    /// The library has run: its exports are checked and become visible.
    pub(super) fn finish_library(&mut self, cx: &mut ExpandContext, exports: Exports) -> Result<()> {
        let Exports { form, module, specs, own } = exports;
        for spec in specs {
            let (internal, external) = match (identifier(spec), list_items(spec).as_deref()) {
                (Some((symbol, _)), _) => (symbol, symbol),
                (None, Some(&[word, from, to])) => {
                    let word = identifier(word).map(|(word, _)| cx.symbols.name(word));
                    let (Some("rename"), Some((from, _)), Some((to, _))) = (word, identifier(from), identifier(to))
                    else {
                        return wrong(spec, form, "an export should look like NAME or (rename NAME EXPORTED-NAME)");
                    };
                    (from, to)
                }
                _ => return wrong(spec, form, "an export should look like NAME or (rename NAME EXPORTED-NAME)"),
            };
            let modules = &mut cx.state.modules;
            if !modules.has_own(module, internal, MarkId::NONE) {
                modules.import_from_uses(module, internal);
            }
            if modules.lookup(module, internal).is_none() {
                if own {
                    continue;
                }
                let name = cx.symbols.name(internal);
                let known = modules.names(module);
                let hint = suggestion(name, known.iter().map(|&symbol| cx.symbols.name(symbol)));
                let message = format!("{name} is exported, and neither defined nor imported{hint}");
                return wrong(spec, form, message);
            }
            if modules.export(module, external, internal).is_some_and(|before| before != internal) {
                let message = format!("two exports have the name {}", cx.symbols.name(external));
                return wrong(spec, form, message);
            }
        }
        cx.state.modules.settle(cx.heap, module);
        cx.state.modules.set_progress(module, Progress::Ready);
        self.loading.retain(|&loading| loading != module);
        Ok(())
    }

    /// The expansion has failed: what it was loading is not there.
    pub(super) fn forget_loading(&mut self, cx: &mut ExpandContext) {
        for module in self.loading.drain(..) {
            cx.state.modules.forget(module);
        }
    }
}

/// A library that runs, and what it will export.
pub(super) struct Exports {
    form: Value,
    module: ModuleId,
    specs: Vec<Value>,
    /// It came with the program, which may be one that lacks some of the names.
    own: bool,
}

impl Exports {
    pub fn trace(&mut self, tracer: &mut Tracer) {
        tracer.visit(&mut self.form);
        tracer.visit_all(&mut self.specs);
    }
}

/// `(rename (NAME EXPORTED-NAME) ...)`, as R6RS has it, is as many `(rename NAME EXPORTED-NAME)`.
fn renamed_exports(cx: &ExpandContext, spec: Value) -> Vec<Value> {
    let items = list_items(spec).unwrap_or_default();
    let pairs: Option<Vec<Vec<Value>>> = items.iter().skip(1).map(|&pair| list_items(pair)).collect();
    match (items.first(), pairs) {
        (Some(&word), Some(pairs)) if !pairs.is_empty() => {
            pairs.iter().map(|pair| cx.heap.cons(word, cx.heap.list(pair))).collect()
        }
        _ => vec![spec],
    }
}

const DECLARATIONS: &str = "a library consists of (export ...), (import ...), (begin ...), (include ...), \
                            (include-ci ...), (include-library-declarations ...) and (cond-expand ...)";

/// Each is a folder of a path.
const MOST_NAME_PARTS: usize = 1000;

/// `(srfi srfi-1)`, as Guile has it, and R6RS's `(srfi :1 lists)` are `(srfi 1)`.
pub fn library_name(cx: &ExpandContext, form: Value, name: Value) -> Result<LibraryName> {
    let shape = "a library's name is a list of names and numbers, such as (scheme base)";
    if is_longer(name, MOST_NAME_PARTS) {
        return wrong(name, form, shape);
    }
    let Some(mut items) = list_items(name).filter(|items| !items.is_empty()) else { return wrong(name, form, shape) };
    // At the end of R6RS's names may stand a version, or a condition for it; there is one version here.
    items.pop_if(|last| identifier(*last).is_none() && list_items(*last).is_some());
    let mut parts = Vec::with_capacity(items.len());
    for item in items {
        parts.push(match (identifier(item), expose(item).as_fixnum()) {
            // What a part says becomes a part of a path.
            (Some((symbol, _)), _)
                if !cx.symbols.name(symbol).contains(['/', '\0']) && !cx.symbols.name(symbol).starts_with('.') =>
            {
                NamePart::Symbol(symbol)
            }
            (None, Some(number)) if number >= 0 => NamePart::Number(number),
            _ => return wrong(item, form, shape),
        });
    }
    if let [NamePart::Symbol(srfi), NamePart::Symbol(number), ..] = parts[..]
        && cx.symbols.name(srfi) == "srfi"
    {
        let text = cx.symbols.name(number);
        let colon = text.starts_with(':');
        let digits = text.strip_prefix("srfi-").or_else(|| text.strip_prefix(':'));
        if let Some(Ok(number)) = digits.map(str::parse) {
            parts[1] = NamePart::Number(number);
            if colon {
                parts.truncate(2);
            }
        }
    }
    Ok(parts)
}

/// The name as the path of a file, without an extension.
fn path(symbols: &Symbols, name: &LibraryName) -> String {
    let part = |part: &NamePart| match part {
        NamePart::Symbol(symbol) => symbols.name(*symbol).to_string(),
        NamePart::Number(number) => number.to_string(),
    };
    name.iter().map(part).collect::<Vec<_>>().join("/")
}

/// The paths under which files of that name are found: those of a SRFI may be called as Guile or R6RS systems call them.
fn paths(symbols: &Symbols, name: &LibraryName) -> Vec<String> {
    let mut paths = vec![path(symbols, name)];
    if let [NamePart::Symbol(srfi), NamePart::Number(number), ..] = name[..]
        && symbols.name(srfi) == "srfi"
    {
        let rest = paths[0]["srfi/".len()..].to_string();
        let rest = &rest[number.to_string().len()..];
        paths.push(format!("srfi/srfi-{number}{rest}"));
        paths.push(format!("srfi/%3a{number}{rest}"));
    }
    paths
}

/// The file of a library that comes with the program.
fn of_stdlib(symbols: &Symbols, name: &LibraryName) -> Option<&'static stdlib::File> {
    paths(symbols, name).iter().find_map(|path| stdlib::find(path))
}

/// The folders in which libraries are looked for: what the variable %load-path says.
pub(super) fn load_path(cx: &mut ExpandContext) -> Vec<String> {
    let symbol = cx.symbols.intern("%load-path");
    let folders = match cx.state.modules.exported(CORE, symbol) {
        Some(Binding::Variable(cell)) => list_items(cell::value(cell)).unwrap_or_default(),
        _ => Vec::new(),
    };
    folders.iter().filter_map(|&folder| cx.heap.str(folder).map(str::to_string)).collect()
}

impl Set {
    pub fn plain(name: LibraryName, place: Value) -> Set {
        Set { name, modifiers: Vec::new(), place, renamer: None }
    }
}

fn parse_set(cx: &mut ExpandContext, form: Value, set: Value) -> Result<Set> {
    let mut modifiers = Vec::new();
    let mut inner = set;
    loop {
        let items = list_items(inner).unwrap_or_default();
        // The library (only) or (prefix x) would be a name; with a list behind the word, it is a modifier.
        let [word, next, rest @ ..] = &items[..] else { break };
        if !expose(*next).is_pair() || identifier(*next).is_some() {
            break;
        }
        let Some((word, _)) = identifier(*word) else { break };
        let name_of = |item: Value| match identifier(item) {
            Some((symbol, _)) => Ok(symbol),
            None => wrong(item, form, "a name should stand here"),
        };
        modifiers.push(match cx.symbols.name(word) {
            // In which phase it is needed shows itself.
            "for" => {
                inner = *next;
                continue;
            }
            "library" => {
                inner = *next;
                break;
            }
            "only" => Modifier::Only(rest.to_vec()),
            "except" => Modifier::Except(rest.to_vec()),
            "prefix" => match rest {
                [prefix] => Modifier::Prefix(name_of(*prefix)?),
                _ => return malformed(inner, "(prefix IMPORT-SET PREFIX)"),
            },
            "rename" => {
                let rename = |item: &Value| match list_items(*item).as_deref() {
                    Some(&[from, to]) => Ok((from, name_of(to)?)),
                    _ => wrong(*item, form, "a renaming should look like (NAME NEW-NAME)"),
                };
                Modifier::Rename(rest.iter().map(rename).collect::<Result<_>>()?)
            }
            _ => break,
        });
        inner = *next;
    }
    modifiers.reverse();
    Ok(Set { name: library_name(cx, form, inner)?, modifiers, place: inner, renamer: None })
}

/// Says so if a library is to have one name from two libraries that mean different things by it. [R7RS 5.6] Among the libraries
/// that come with the program some share names, and the later one wins, as in Guile.
fn check_conflicts(cx: &mut ExpandContext, import: &mut Import, library: ModuleId, set: &Set) -> Result<()> {
    let Some(known) = &mut import.names else { return Ok(()) };
    let names = imported_names(cx, library, &set.modifiers, import.form)?;
    let is_own = of_stdlib(cx.symbols, &set.name).is_some();
    for (name, external) in names {
        let modules = &cx.state.modules;
        let Some(binding) = modules.exported(library, external) else { continue };
        let before = known.insert(name, (library, external, is_own));
        let Some((other, internal, other_is_own)) = before.filter(|before| before.0 != library) else { continue };
        let same = modules.exported(other, internal).is_some_and(|other| modules.is_same(&binding, &other));
        if !(same || is_own && other_is_own) {
            let [first, second] = [other, library].map(|id| modules.show_name(cx.symbols, &modules.module(id).name));
            let name = cx.symbols.name(name);
            let message = format!(
                "{first} and {second} both export {name}, and mean different things by it: import it from one of them \
                 only, or under another name"
            );
            return wrong(set.place, import.form, message);
        }
    }
    Ok(())
}

/// Binds the names of an import set in a module.
fn bind_set(
    cx: &mut ExpandContext,
    module: ModuleId,
    library: ModuleId,
    modifiers: Vec<Modifier>,
    form: Value,
) -> Result<()> {
    if modifiers.is_empty() {
        cx.state.modules.add_use(module, library);
        return Ok(());
    }
    for (name, external) in imported_names(cx, library, &modifiers, form)? {
        let Some(binding) = cx.state.modules.exported(library, external) else { continue };
        bind(cx, module, library, name, binding);
    }
    Ok(())
}

/// The names that an import set makes of a library's exports: as they will be known, and as they are exported.
fn imported_names(
    cx: &mut ExpandContext,
    library: ModuleId,
    modifiers: &[Modifier],
    form: Value,
) -> Result<Vec<(Symbol, Symbol)>> {
    // Names under which they are imported, and the library's own.
    let mut names: Vec<(Symbol, Symbol)> =
        cx.state.modules.exports(library).into_iter().map(|(external, _)| (external, external)).collect();
    for modifier in modifiers {
        match modifier {
            Modifier::Only(wanted) => {
                let positions = positions(cx, library, &names, wanted.iter().copied(), form)?;
                names = positions.into_iter().map(|at| names[at]).collect();
            }
            Modifier::Except(unwanted) => {
                let mut positions = positions(cx, library, &names, unwanted.iter().copied(), form)?;
                positions.sort_unstable();
                let mut at = 0;
                names.retain(|_| {
                    at += 1;
                    positions.binary_search(&(at - 1)).is_err()
                });
            }
            Modifier::Prefix(prefix) => {
                for (name, _) in &mut names {
                    let prefixed = format!("{}{}", cx.symbols.name(*prefix), cx.symbols.name(*name));
                    *name = cx.symbols.intern(&prefixed);
                }
            }
            Modifier::Rename(renamings) => {
                let positions = positions(cx, library, &names, renamings.iter().map(|(from, _)| *from), form)?;
                for (at, (_, to)) in positions.into_iter().zip(renamings) {
                    names[at].0 = *to;
                }
            }
        }
    }
    Ok(names)
}

/// Where these names stand among those of an import set.
fn positions(
    cx: &ExpandContext,
    library: ModuleId,
    names: &[(Symbol, Symbol)],
    wanted: impl Iterator<Item = Value>,
    form: Value,
) -> Result<Vec<usize>> {
    let known: FxHashMap<Symbol, usize> = names.iter().enumerate().map(|(at, (name, _))| (*name, at)).collect();
    let position = |item: Value| {
        let Some((symbol, _)) = identifier(item) else { return wrong(item, form, "a name should stand here") };
        known.get(&symbol).copied().map_or_else(
            || {
                let name = cx.symbols.name(symbol);
                let modules = &cx.state.modules;
                let library = modules.show_name(cx.symbols, &modules.module(library).name);
                let hint = suggestion(name, names.iter().map(|(name, _)| cx.symbols.name(*name)));
                wrong(item, form, format!("{library} does not export {name}{hint}"))
            },
            Ok,
        )
    };
    wanted.map(position).collect()
}

/// Binds one name. What a module has defined itself stays; what it has only mentioned so far becomes the import.
fn bind(cx: &mut ExpandContext, module: ModuleId, library: ModuleId, name: Symbol, binding: Binding) {
    if let Some(own) = cx.state.modules.own(module, name) {
        let Binding::Variable(mentioned) = own else { return };
        if cell::value(mentioned) != Value::UNBOUND {
            return;
        }
        // Code that mentions it has its cell.
        if let Some(imported) = cx.state.modules.variable(cx.heap, &binding) {
            cell::set_value(cx.heap, mentioned, cell::value(imported));
        }
    }
    cx.state.modules.import(module, name, binding, library);
}

/// "; is NAME meant?", if some name is near enough.
pub fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(name, known).map(|near| format!("; is {near} meant?")).unwrap_or_default()
}

/// The name with the least edit distance, if that is small for a name so long.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = match name.chars().count() {
        0..3 => 1,
        3..8 => 2,
        _ => 3,
    };
    let distance = |other: &str| {
        let other: Vec<char> = other.chars().take(64).collect();
        let mut row: Vec<usize> = (0..=other.len()).collect();
        for (i, a) in name.chars().take(64).enumerate() {
            let mut diagonal = std::mem::replace(&mut row[0], i + 1);
            for (j, &b) in other.iter().enumerate() {
                let replaced = diagonal + usize::from(a != b);
                diagonal = row[j + 1];
                row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
            }
        }
        row[other.len()]
    };
    known.map(|other| (distance(other), other)).filter(|(d, _)| (1..=most).contains(d)).min().map(|(_, other)| other)
}
