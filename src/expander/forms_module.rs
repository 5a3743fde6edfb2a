//! Guile's modules: define-module, use-modules, export and its relatives, `@` and `@@`, and the files that modules come from.
//!
//! A module's file is run form by form, as a program is; `define-module` says in which module its forms are expanded from there
//! on. Imports are tasks, as those of libraries are (see import).

use std::rc::Rc;

use super::context::ExpandContext;
use super::convert::{list_items, tree_to_syntax};
use super::env::{Env, MarkId, ModuleId};
use super::expand::{Build, Expansion, Result, Task, malformed, parts, wrong};
use super::import::{Import, Modifier, Set, Style, library_name};
use super::library::{CORE, LibraryName, Progress};
use super::syntax::{SyntaxError, expose, identifier, make_identifier, span, wrap};
use crate::reader::Parser;
use crate::source::{SourceId, Span};
use crate::symbol::Symbol;
use crate::value::Value;
use crate::value::tracer::Tracer;

/// The file of a module, on its way.
pub(super) struct ModuleFile {
    name: LibraryName,
    source: SourceId,
    text: Rc<str>,
    parser: Parser,
    /// Came with the program: its definitions wait until they are needed. When they have been taken up, what is left to run, the
    /// last form first.
    own: bool,
    eager: Option<Vec<Span>>,
    /// The current module, and whether what it is to define is known.
    module: ModuleId,
    before: ModuleId,
    /// The form that wants the module.
    pub place: Value,
}

/// Names to be exported as soon as a module in use has them.
pub(super) struct Reexport {
    form: Value,
    module: ModuleId,
    specs: Vec<Value>,
    replacing: bool,
}

impl Reexport {
    pub fn trace(&mut self, tracer: &mut Tracer) {
        tracer.visit(&mut self.form);
        tracer.visit_all(&mut self.specs);
    }
}

/// Where a form mentions a name of another module.
#[derive(Clone, Copy)]
pub(super) enum Mention {
    /// The whole form does.
    Whole,
    /// Its first element does.
    Head,
    /// Its second element, in a set! form.
    Target,
}

impl Expansion {
    // ---- files ---------------------------------------------------------------------------------------------------

    /// The task that runs a module's file.
    pub(super) fn load_module(
        &mut self,
        cx: &mut ExpandContext,
        name: LibraryName,
        source: SourceId,
        text: Rc<str>,
        own: bool,
        place: Value,
    ) -> Result<()> {
        if self.expected.contains(&name) {
            let shown = cx.state.modules.show_name(cx.symbols, &name);
            return Err(SyntaxError::new(format!("the file of {shown} asks for {shown} before it defines it"), place));
        }
        self.expected.push(name.clone());
        let before = cx.state.modules.current;
        let module = cx.state.modules.anonymous(vec![CORE]);
        cx.state.modules.current = module;
        let parser = Parser::new(source, 0);
        let file = ModuleFile { name, source, text, parser, own, eager: None, module, before, place };
        self.tasks.push(Task::File(Box::new(file)));
        Ok(())
    }

    pub(super) fn go_on_loading(&mut self, cx: &mut ExpandContext, mut file: Box<ModuleFile>) -> Result<()> {
        let current = cx.state.modules.current;
        if current != file.module {
            file.module = current;
            if file.own {
                let from = file.parser.position();
                let next = file.text[from..].find("\n(").map_or(file.text.len(), |at| from + at + 1);
                let modules = &mut cx.state.modules;
                let mut eager = modules.add_lazy_source(cx.symbols, current, file.source, &file.text, next);
                eager.reverse();
                file.eager = Some(eager);
            } else {
                cx.state.modules.announce(cx.symbols, current, &file.text);
            }
        }
        let form = match &mut file.eager {
            Some(places) => match places.pop() {
                Some(place) => Some(self.read_lazy(cx, place)?),
                None => None,
            },
            None => match file.parser.next_datum(&file.text, cx.symbols) {
                Some(Ok(tree)) => Some(tree_to_syntax(&tree, cx.heap)),
                Some(Err(error)) => {
                    let failed = SyntaxError { span: error.span, ..SyntaxError::new(error.message, file.place) };
                    return Err(match error.note {
                        Some((span, note)) => failed.with_note(span, note),
                        None => failed,
                    });
                }
                None => None,
            },
        };
        let Some(form) = form else { return self.finish_module(cx, &file) };
        let env = cx.state.modules.env(current);
        self.tasks.push(Task::File(file));
        self.then([Task::BeginUnit { inside: false }, Task::Top { form, env }, Task::EndUnit, Task::DropAnswer]);
        Ok(())
    }

    /// A module's file has run.
    fn finish_module(&mut self, cx: &mut ExpandContext, file: &ModuleFile) -> Result<()> {
        self.expected.retain(|name| *name != file.name);
        cx.state.modules.current = file.before;
        let Some(module) = cx.state.modules.find(&file.name) else {
            let shown = cx.state.modules.show_name(cx.symbols, &file.name);
            let path = cx.sources.name(file.source);
            return Err(SyntaxError::new(format!("{path} does not define the module {shown}"), file.place));
        };
        cx.state.modules.set_progress(module, Progress::Ready);
        self.loading.retain(|&loading| loading != module);
        // Modules that have asked for it in a circle did not see all of it.
        for user in cx.state.modules.users(module) {
            self.link_mentions(cx, user, module)?;
        }
        Ok(())
    }

    // ---- define-module and use-modules ---------------------------------------------------------------------------

    pub(super) fn define_module(&mut self, cx: &mut ExpandContext, form: Value) -> Result<()> {
        let shape = "(define-module (NAME ...) #:use-module INTERFACE ... #:export (NAME ...) ...)";
        let items = parts(form, shape)?;
        let [_, name, options @ ..] = &items[..] else { return malformed(form, shape) };
        let name = library_name(cx, form, *name)?;
        let module = self.module_to_define(cx, name);
        let modules = &mut cx.state.modules;
        modules.current = module;
        modules.add_use(module, CORE);
        let mut sets = Vec::new();
        let mut reexports = Vec::new();
        let mut options = options.iter().copied();
        while let Some(option) = options.next() {
            let Some(keyword) = option_name(cx, option) else {
                return wrong(
                    option,
                    form,
                    "an option of define-module is a keyword, such as #:use-module or #:export",
                );
            };
            let mut value = || match options.next() {
                Some(value) => Ok(value),
                None => wrong(option, form, format!("a value should follow #:{keyword}")),
            };
            match keyword.as_str() {
                "use-module" | "use-syntax" => sets.push(value()?),
                "autoload" => {
                    let (module, names) = (value()?, value()?);
                    sets.extend(self.autoloaded(cx, module, names)?);
                }
                "export" | "export-syntax" | "replace" | "replace-syntax" => {
                    let replacing = keyword.starts_with("replace");
                    let specs = names(value()?, form)?;
                    self.export_names(cx, module, &specs, form, replacing)?;
                }
                "re-export" | "re-export-syntax" | "re-export-and-replace" => {
                    let specs = names(value()?, form)?;
                    let replacing = keyword == "re-export-and-replace";
                    reexports.push(Task::Reexport(Box::new(Reexport { form, module, specs, replacing })));
                }
                "pure" => cx.state.modules.stop_using(module, CORE),
                "no-backtrace" => {}
                "declarative?" | "version" | "filename" | "duplicates" => drop(value()?),
                _ => return wrong(option, form, format!("define-module has no option #:{keyword}")),
            }
        }
        sets.reverse();
        self.tasks.push(Task::Constant(Value::UNSPECIFIED, span(form)));
        self.then(reexports);
        self.tasks.push(Task::Import(Box::new(Import { form, module, sets, style: Style::Interfaces, names: None })));
        Ok(())
    }

    /// The module of that name that there is, or a new one.
    fn module_to_define(&mut self, cx: &mut ExpandContext, name: LibraryName) -> ModuleId {
        let modules = &mut cx.state.modules;
        if let Some(id) = modules.find(&name).filter(|&id| modules.module(id).progress == Progress::Ready) {
            return id;
        }
        let expected = self.expected.contains(&name);
        let id = modules.add(name);
        modules.set_open(id);
        if expected {
            modules.set_progress(id, Progress::Loading);
            self.loading.push(id);
        }
        id
    }

    /// The import that an autoload comes to: it is made at once, if there is such a module.
    fn autoloaded(&mut self, cx: &mut ExpandContext, module: Value, names: Value) -> Result<Option<Value>> {
        if !self.library_exists(cx, module)? {
            return Ok(None);
        }
        let select = Value::keyword(cx.symbols.intern("select"));
        Ok(Some(cx.heap.list(&[module, select, names])))
    }

    pub(super) fn use_modules(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let mut sets = parts(form, "(use-modules INTERFACE ...)")?.split_off(1);
        sets.reverse();
        let _ = cx;
        let import = Import { form, module: env.module(), sets, style: Style::Interfaces, names: None };
        self.then([Task::Import(Box::new(import)), Task::Constant(Value::UNSPECIFIED, span(form))]);
        Ok(())
    }

    /// Has an interface's renamer called on the names; the import goes on with its answer.
    pub(super) fn call_renamer(
        &mut self,
        cx: &mut ExpandContext,
        mut import: Box<Import>,
        renamer: Value,
        names: Vec<(Symbol, Symbol)>,
    ) -> Result<()> {
        let place = span(renamer);
        let names: Vec<Value> = names.iter().map(|&(name, _)| Value::symbol(name)).collect();
        let names = cx.heap.list(&names);
        let env = cx.state.modules.env(import.module);
        import.style = Style::Renamed;
        let rename = self.base(cx, "%rename-all", place)?;
        self.then([
            Task::BeginUnit { inside: false },
            rename,
            Task::Expr { form: renamer, env, name: None },
            Task::Constant(names, place),
            Task::Build(Build::Call(2), place),
            Task::EndUnit,
            Task::Import(import),
        ]);
        Ok(())
    }

    // ---- export --------------------------------------------------------------------------------------------------

    /// `(export NAME (NAME . EXPORTED-NAME) ...)`, re-export and the like, at top level.
    pub(super) fn export_form(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        again: bool,
        env: &Rc<Env>,
    ) -> Result<()> {
        let specs = parts(form, "(export NAME ...)")?.split_off(1);
        let module = env.module();
        if again {
            let reexport = Reexport { form, module, specs, replacing: false };
            self.then([Task::Reexport(Box::new(reexport)), Task::Constant(Value::UNSPECIFIED, span(form))]);
        } else {
            self.export_names(cx, module, &specs, form, false)?;
            self.tasks.push(Task::Constant(Value::UNSPECIFIED, span(form)));
        }
        Ok(())
    }

    fn export_names(
        &mut self,
        cx: &mut ExpandContext,
        module: ModuleId,
        specs: &[Value],
        form: Value,
        replacing: bool,
    ) -> Result<()> {
        for &spec in specs {
            let (internal, external) = export_spec(spec, form)?;
            cx.state.modules.export(module, external, internal);
            if replacing {
                cx.state.modules.set_replacing(module, external);
            }
        }
        Ok(())
    }

    pub(super) fn reexport(&mut self, cx: &mut ExpandContext, exports: Reexport) -> Result<()> {
        let Reexport { form, module, specs, replacing } = exports;
        for spec in specs {
            let (internal, external) = export_spec(spec, form)?;
            let modules = &mut cx.state.modules;
            if !modules.has_own(module, internal, MarkId::NONE) && !modules.import_from_uses(module, internal) {
                let name = cx.symbols.name(internal);
                return wrong(spec, form, format!("{name} is re-exported, but no module in use has it"));
            }
            modules.export(module, external, internal);
            if replacing {
                modules.set_replacing(module, external);
            }
        }
        Ok(())
    }

    /// `(define-public ...)` is a definition and an export.
    pub(super) fn define_public(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        define: &str,
        env: Rc<Env>,
    ) -> Result<()> {
        let shape = "(define-public NAME EXPRESSION) or (define-public (NAME PARAMETER ...) BODY ...)";
        let items = parts(form, shape)?;
        let [_, header, ..] = items[..] else { return malformed(form, shape) };
        let mut name = header;
        while identifier(name).is_none() {
            match expose(name).as_pair() {
                Some((first, _)) => name = first,
                None => return malformed(form, shape),
            }
        }
        if let Some((symbol, MarkId::NONE)) = identifier(name) {
            cx.state.modules.export(env.module(), symbol, symbol);
        }
        let word = self.core_identifier(cx, define, span(form));
        let (_, rest) = expose(form).as_pair().expect("a form with parts");
        let form = wrap(cx.heap, cx.heap.cons(word, rest), span(form));
        self.tasks.push(Task::Top { form, env });
        Ok(())
    }

    // ---- @ and @@ ------------------------------------------------------------------------------------------------

    /// Goes on with the task, a form of which `(@ MODULE NAME)` is a part, when the module is there.
    pub(super) fn mention_other_module(
        &mut self,
        cx: &mut ExpandContext,
        at: Value,
        mention: Mention,
        form: Value,
        env: &Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<()> {
        let shape = "(@ (MODULE NAME ...) NAME)";
        let items = parts(at, shape)?;
        let [word, module, wanted] = items[..] else { return malformed(at, shape) };
        let private = self.is_core(cx, word, env, super::env::CoreForm::OtherModulePrivate)?;
        let import = Import { form: at, module: env.module(), sets: vec![module], style: Style::Presence, names: None };
        let env = env.clone();
        self.then([
            Task::Import(Box::new(import)),
            Task::OtherModule { module, wanted, private, mention, form, env, name },
        ]);
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn other_module(
        &mut self,
        cx: &mut ExpandContext,
        module: Value,
        wanted: Value,
        private: bool,
        mention: Mention,
        form: Value,
        env: Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<()> {
        let library = library_name(cx, form, module)?;
        let id = cx.state.modules.find(&library).expect("the module has been imported");
        let Some((symbol, _)) = identifier(wanted) else { return wrong(wanted, form, "a name should stand here") };
        let internal = if private { Some(symbol) } else { cx.state.modules.internal_name(id, symbol) };
        // What a module does not export is a variable without a value.
        let (internal, id) = match internal {
            Some(internal) => (internal, id),
            None => (symbol, cx.state.modules.anonymous(Vec::new())),
        };
        let there = cx.state.modules.env(id);
        let mark = cx.state.marks.fresh(MarkId::NONE, &there);
        let found = make_identifier(cx.heap, internal, mark, span(wanted));
        let form = match (mention, expose(form).as_pair()) {
            (Mention::Head, Some((_, rest))) => wrap(cx.heap, cx.heap.cons(found, rest), span(form)),
            (Mention::Target, Some((word, rest))) => {
                let values = expose(rest).as_pair().map_or(Value::NIL, |(_, values)| values);
                wrap(cx.heap, cx.heap.cons(word, cx.heap.cons(found, values)), span(form))
            }
            _ => found,
        };
        self.tasks.push(Task::Expr { form, env, name });
        Ok(())
    }
}

/// What a keyword says. An old way to write it is a symbol that begins with a colon.
fn option_name(cx: &ExpandContext, option: Value) -> Option<String> {
    if let Some(keyword) = expose(option).as_keyword() {
        return Some(cx.symbols.name(keyword).to_string());
    }
    let (symbol, _) = identifier(option)?;
    Some(cx.symbols.name(symbol).strip_prefix(':')?.to_string())
}

/// The elements of a list of names to export.
fn names(list: Value, form: Value) -> Result<Vec<Value>> {
    list_items(list).map_or_else(|| wrong(list, form, "a list of names should stand here"), Ok)
}

/// NAME or (NAME . EXPORTED-NAME)
fn export_spec(spec: Value, form: Value) -> Result<(Symbol, Symbol)> {
    let name = |v: Value| identifier(v).map(|(symbol, _)| symbol);
    let both = match (name(spec), expose(spec).as_pair()) {
        (Some(name), _) => Some((name, name)),
        (None, Some((from, to))) => name(from).zip(name(to)),
        _ => None,
    };
    both.map_or_else(|| wrong(spec, form, "an export should look like NAME or (NAME . EXPORTED-NAME)"), Ok)
}

/// The interface specification of use-modules: (NAME ...), or ((NAME ...) OPTION ...).
pub(super) fn parse_interface(cx: &mut ExpandContext, form: Value, set: Value) -> Result<Set> {
    let items = list_items(set).unwrap_or_default();
    let [module, options @ ..] = &items[..] else {
        return wrong(set, form, "a module's name is a list of names, such as (ice-9 rdelim)");
    };
    if identifier(*module).is_some() || !expose(*module).is_pair() {
        return Ok(Set::plain(library_name(cx, form, set)?, set));
    }
    let mut set = Set::plain(library_name(cx, form, *module)?, *module);
    let (mut only, mut renamings, mut hidden, mut prefix) = (None, Vec::new(), Vec::new(), None);
    let mut options = options.iter().copied();
    while let Some(option) = options.next() {
        let keyword = option_name(cx, option);
        let Some(value) = options.next() else {
            return wrong(option, form, "an interface's options are keywords, each followed by a value");
        };
        match keyword.as_deref() {
            Some("select") => {
                let wanted: &mut Vec<Value> = only.get_or_insert_default();
                for spec in names(value, form)? {
                    let (from, to) = export_spec(spec, form)?;
                    let from = if identifier(spec).is_some() { spec } else { Value::symbol(from) };
                    wanted.push(from);
                    if identifier(spec).is_none() {
                        renamings.push((from, to));
                    }
                }
            }
            Some("hide") => hidden.extend(names(value, form)?),
            Some("prefix") => match identifier(value) {
                Some((symbol, _)) => prefix = Some(symbol),
                None => return wrong(value, form, "a prefix is a name"),
            },
            Some("renamer") => set.renamer = Some(value).filter(|value| expose(*value) != Value::FALSE),
            Some("version") => {}
            _ => return wrong(option, form, "an interface's options are #:select, #:hide, #:prefix and #:renamer"),
        }
    }
    set.modifiers.extend(only.map(Modifier::Only));
    if !renamings.is_empty() {
        set.modifiers.push(Modifier::Rename(renamings));
    }
    if !hidden.is_empty() {
        set.modifiers.push(Modifier::Except(hidden));
    }
    set.modifiers.extend(prefix.map(Modifier::Prefix));
    Ok(set)
}

/// What a renamer has answered: a list of pairs of names.
pub(super) fn renaming(answer: Value) -> Modifier {
    let pairs = list_items(answer).unwrap_or_default();
    let name = |v: Value| identifier(v).map(|(symbol, _)| symbol);
    let pair = |pair: Value| pair.as_pair().and_then(|(from, to)| Some((from, name(to)?)));
    Modifier::Rename(pairs.into_iter().filter_map(pair).collect())
}
