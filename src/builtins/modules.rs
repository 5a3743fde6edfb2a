//! Modules and variables as values: what Guile's reflection procedures in stdlib/sockeye/modules.scm stand on.

use super::declare::*;
use super::evaluation::{begin, pin_symbols, syntax_condition};
use crate::expander::context::ExpandContext;
use crate::expander::env::{Binding, MarkId, ModuleId};
use crate::expander::expand::Expansion;
use crate::expander::import::{Style, library_exists, library_name};
use crate::expander::library::{ASSIGNED, CORE, LibraryName, NamePart};
use crate::expander::syntax::SyntaxError;
use crate::value::heap::cell;
use crate::value::{External, Kind, Value};
use crate::vm::cx::{Answer, Cx, Exit};

/// A module as a value, or what it exports.
struct ModuleObject {
    module: ModuleId,
    interface: bool,
    /// `(srfi srfi-1)`
    name: String,
}

impl External for ModuleObject {
    fn type_name(&self) -> &'static str {
        if self.interface { "interface" } else { "module" }
    }

    fn describe(&self) -> String {
        format!("#<{} {}>", if self.interface { "interface" } else { "directory" }, self.name)
    }
}

/// The value of a module; it is always the same.
pub fn module_value(cx: &mut Cx, module: ModuleId) -> Value {
    objects(cx, module)[0]
}

fn objects(cx: &mut Cx, module: ModuleId) -> [Value; 2] {
    let known = cx.expander.modules.module(module).objects;
    if known[0].is_true() {
        return known;
    }
    let name = public_name(cx, module);
    let name = name_value(cx, &name);
    let name = cx.show(name);
    let made = [false, true]
        .map(|interface| cx.heap.external(Box::new(ModuleObject { module, interface, name: name.clone() })));
    cx.expander.modules.set_objects(module, made);
    made
}

/// The module that a value stands for, whole or as an interface.
pub fn module_of(cx: &mut Cx, v: Value) -> Option<ModuleId> {
    cx.heap.external_ref::<ModuleObject>(v).map(|object| object.module)
}

fn take_module(cx: &mut Cx, who: &str, v: Value) -> Answer<(ModuleId, bool)> {
    match cx.heap.external_ref::<ModuleObject>(v) {
        Some(object) => Ok((object.module, object.interface)),
        None => wrong_type(cx, who, 1, "module", "a module", v),
    }
}

fn symbol_of(name: Sym) -> crate::symbol::Symbol {
    name.0.as_symbol().expect("a symbol")
}

/// Lends the expander's part of the engine, with its files, to `action`.
fn with_loader<T>(cx: &mut Cx, action: impl FnOnce(&mut ExpandContext) -> Result<T, SyntaxError>) -> Answer<T> {
    let Some(mut loader) = cx.loader.take() else {
        return cx.fail(|make| make.misc("resolve-module", "the expander is running already"));
    };
    let Cx { heap, symbols, sources, expander, .. } = cx;
    let result = action(&mut ExpandContext { heap, symbols, sources, state: expander, loader: &mut *loader });
    cx.loader = Some(loader);
    result.map_err(|error| Box::new(Exit::Raise(syntax_condition(cx, error))))
}

fn take_name(cx: &mut Cx, name: Value) -> Answer<LibraryName> {
    pin_symbols(cx, name)?;
    with_loader(cx, |context| library_name(context, name, name))
}

/// The name of a module, which for the base is Guile's.
fn public_name(cx: &mut Cx, module: ModuleId) -> LibraryName {
    match module {
        CORE => vec![NamePart::Symbol(cx.symbols.intern("guile"))],
        _ => cx.expander.modules.module(module).name.clone(),
    }
}

/// A module's name as Guile writes it: (srfi srfi-1).
pub fn name_value(cx: &mut Cx, name: &[NamePart]) -> Value {
    let srfi = matches!(name.first(), Some(NamePart::Symbol(first)) if cx.symbols.name(*first) == "srfi");
    let parts: Vec<Value> = name
        .iter()
        .map(|part| match part {
            NamePart::Symbol(symbol) => Value::symbol(*symbol),
            NamePart::Number(number) if srfi => Value::symbol(cx.symbols.intern(&format!("srfi-{number}"))),
            NamePart::Number(number) => Value::fixnum(*number),
        })
        .collect();
    cx.heap.list(&parts)
}

/// A cell: a variable as an object.
#[derive(Clone, Copy)]
pub struct Variable(Value);

impl Argument for Variable {
    const EXPECTED: &'static str = "a variable";
    fn take(_: &Cx, v: Value) -> Option<Variable> {
        v.is_kind(Kind::Cell).then_some(Variable(v))
    }
}

crate::builtins! { MODULES;

/// The module in which forms are evaluated: of the program, the prompt, or the file that is being loaded. [Guile: Modules]
///
///     (module? (current-module))  => #t
fn "current-module" (cx) {
    let module = cx.expander.modules.current;
    module_value(cx, module)
}

/// Makes MODULE the one in which forms are evaluated from now on, and returns the one before. [Guile: Modules]
fn "set-current-module" (cx, module: Value) {
    let (module, _) = take_module(cx, "set-current-module", module)?;
    let before = cx.expander.modules.current;
    cx.expander.modules.current = module;
    Ok::<_, Box<Exit>>(module_value(cx, before))
}

/// Whether OBJ is a module, or what one exports. [Guile: Modules]
///
///     (module? 1)  => #f
fn "module?" (cx, obj: Value) { module_of(cx, obj).is_some() }

/// Whether OBJ is what a module exports.
fn "%interface?" (cx, obj: Value) { cx.heap.external_ref::<ModuleObject>(obj).is_some_and(|object| object.interface) }

/// The name of MODULE, a list. [Guile: Modules]
///
///     (module-name (current-module))  => (guile-user)
fn "module-name" (cx, module: Value) {
    let (module, _) = take_module(cx, "module-name", module)?;
    let name = public_name(cx, module);
    Ok::<_, Box<Exit>>(name_value(cx, &name))
}

/// What MODULE exports, as a module. [Guile: Modules]
fn "module-public-interface" (cx, module: Value) {
    let (module, _) = take_module(cx, "module-public-interface", module)?;
    Ok::<_, Box<Exit>>(objects(cx, module)[1])
}

/// The module of this name if it is there, or #f.
fn "%find-module" (cx, name: Value) {
    let name = take_name(cx, name)?;
    let found = cx.expander.modules.find(&name);
    Ok::<_, Box<Exit>>(found.map_or(Value::FALSE, |id| module_value(cx, id)))
}

/// A new module of this name that knows what every module knows at first.
fn "%make-module" (cx, name: Value) {
    let name = take_name(cx, name)?;
    let modules = &mut cx.expander.modules;
    let id = modules.add(name);
    modules.set_open(id);
    modules.add_use(id, CORE);
    Ok::<_, Box<Exit>>(module_value(cx, id))
}

/// Whether an import of the module of this name would find it.
fn "%module-available?" (cx, name: Value) { with_loader(cx, |context| library_exists(context, name)) }

/// Begins to load the module of this name; the answer is for `%expand-next`.
fn "%load-start" (cx, name: Value) {
    let sets = cx.heap.list(&[name]);
    pin_symbols(cx, name)?;
    let module = cx.expander.modules.current;
    begin(cx, false, |context| Expansion::importing(sets, module, Style::Presence, context))
}

/// Begins to import the interfaces of a list, written as for use-modules, into MODULE; the answer is for `%expand-next`.
fn "%use-start" (cx, interfaces: Value, module: Value) {
    let (module, _) = take_module(cx, "use-modules", module)?;
    pin_symbols(cx, interfaces)?;
    Ok::<_, Box<Exit>>(begin(cx, false, |context| Expansion::importing(interfaces, module, Style::Interfaces, context)))
}

/// The variable that NAME means in MODULE; #f if nothing; #t if something that is no variable yet: a macro, or a definition
/// that waits until it is asked for. With OWN true, only what the module itself has defined counts.
fn "%module-variable" (cx, module: Value, name: Sym, [own: Value]) {
    let (module, interface) = take_module(cx, "module-variable", module)?;
    let symbol = symbol_of(name);
    let modules = &cx.expander.modules;
    let found = if own.is_some_and(Value::is_true) {
        modules.own(module, symbol)
    } else if interface {
        modules.exported(module, symbol)
    } else {
        crate::expander::env::Scopes::lookup(modules, module, symbol)
    };
    Ok::<_, Box<Exit>>(match found {
        Some(Binding::Variable(cell)) => cell,
        Some(Binding::Lazy(index)) => match cx.expander.modules.lazy_cell(&cx.heap, index) {
            Some(cell) => cell,
            None => Value::TRUE,
        },
        Some(_) => Value::TRUE,
        None => Value::FALSE,
    })
}

/// The names that MODULE itself has bound, or that an interface exports.
fn "%module-names" (cx, module: Value) {
    let (module, interface) = take_module(cx, "module-map", module)?;
    let modules = &cx.expander.modules;
    let mut names = if interface { modules.exports(module).into_iter().map(|(name, _)| name).collect() } else { modules.own_names(module) };
    names.sort_by_key(|&name| cx.symbols.name(name).to_string());
    let names: Vec<Value> = names.into_iter().map(Value::symbol).collect();
    Ok::<_, Box<Exit>>(cx.heap.list(&names))
}

/// The variable NAME of MODULE's own, which it gets now if it has none.
fn "%module-own-variable" (cx, module: Value, name: Sym) {
    let (module, _) = take_module(cx, "module-define!", module)?;
    pin_symbols(cx, name.0)?;
    let variable = cx.expander.modules.define_cell(&cx.heap, module, symbol_of(name), MarkId::NONE);
    cell::add_fact(&cx.heap, variable, ASSIGNED);
    Ok::<_, Box<Exit>>(variable)
}

/// Exports a name of MODULE under another one.
fn "%module-export!" (cx, module: Value, internal: Sym, external: Sym, replacing: Value) {
    let (module, _) = take_module(cx, "module-export!", module)?;
    pin_symbols(cx, external.0)?;
    let modules = &mut cx.expander.modules;
    let internal = symbol_of(internal);
    if !modules.has_own(module, internal, MarkId::NONE) {
        modules.import_from_uses(module, internal);
    }
    modules.export(module, symbol_of(external), internal);
    if replacing.is_true() {
        modules.set_replacing(module, symbol_of(external));
    }
    Ok::<_, Box<Exit>>(())
}

/// Lets MODULE see what another one exports; if it is the interface of one, that exports all of it too. [Guile: Modules]
fn "module-use!" (cx, module: Value, interface: Value) {
    let (module, is_interface) = take_module(cx, "module-use!", module)?;
    let (used, _) = take_module(cx, "module-use!", interface)?;
    let modules = &mut cx.expander.modules;
    if is_interface {
        for (external, _) in modules.exports(used) {
            if let Some(binding) = modules.exported(used, external) {
                modules.import(module, external, binding, used);
                modules.export(module, external, external);
            }
        }
    } else {
        modules.add_use(module, used);
    }
    Ok::<_, Box<Exit>>(())
}

/// A list of the interfaces that MODULE uses. [Guile: Modules]
fn "module-uses" (cx, module: Value) {
    let (module, _) = take_module(cx, "module-uses", module)?;
    let used: Vec<ModuleId> = cx.expander.modules.uses(module).collect();
    let used: Vec<Value> = used.into_iter().map(|used| objects(cx, used)[1]).collect();
    Ok::<_, Box<Exit>>(cx.heap.list(&used))
}

/// Whether OBJ is a variable as an object. [Guile: Variables]
///
///     (variable? (make-variable 1))  => #t
fn "variable?" (cx, obj: Value) { obj.is_kind(Kind::Cell) }

/// A new variable whose value is OBJ. [Guile: Variables]
///
///     (variable-ref (make-variable 5))  => 5
fn "make-variable" (cx, obj: Value) { cell::make(&cx.heap, cx.symbols.intern("variable"), obj) }

/// A new variable without a value. [Guile: Variables]
///
///     (variable-bound? (make-undefined-variable))  => #f
fn "make-undefined-variable" (cx) { cell::make(&cx.heap, cx.symbols.intern("variable"), Value::UNBOUND) }

/// Whether VARIABLE has a value. [Guile: Variables]
///
///     (variable-bound? (make-variable 5))  => #t
fn "variable-bound?" (cx, variable: Variable) { cell::value(variable.0) != Value::UNBOUND }

/// The value of VARIABLE. [Guile: Variables]
///
///     (variable-ref (make-variable 5))  => 5
fn "variable-ref" (cx, variable: Variable) {
    let value = cell::value(variable.0);
    if value == Value::UNBOUND {
        return cx.fail(|make| make.unbound_variable(cell::name(variable.0), ""));
    }
    Ok(value)
}

/// Makes OBJ the value of VARIABLE. [Guile: Variables]
///
///     (let ((v (make-variable 1))) (variable-set! v 2) (variable-ref v))  => 2
fn "variable-set!" (cx, variable: Variable, obj: Value) {
    cell::add_fact(&cx.heap, variable.0, ASSIGNED);
    cell::set_value(&cx.heap, variable.0, obj)
}

/// Takes VARIABLE's value away. [Guile: Variables]
///
///     (let ((v (make-variable 1))) (variable-unset! v) (variable-bound? v))  => #f
fn "variable-unset!" (cx, variable: Variable) {
    cell::add_fact(&cx.heap, variable.0, ASSIGNED);
    cell::set_value(&cx.heap, variable.0, Value::UNBOUND)
}

/// What PROCEDURE takes: required and optional arguments, and whether there may be more; #f if nobody knows.
fn "%procedure-arity" (cx, procedure: Procedure) {
    let (required, optional, rest) = match cx.heap.closure_code(procedure.0) {
        Some(code) => match &code.face {
            Some(face) => (face.required as usize, face.optional as usize, face.rest),
            None => (code.required as usize, code.optional as usize, code.rest),
        },
        None if procedure.0.is_kind(Kind::Builtin) => {
            let index = procedure.0.field(0).as_fixnum().unwrap_or(0) as usize;
            let parameters = cx.builtins[index].parameters;
            use crate::vm::builtin::Sort;
            let count = |sort: fn(&Sort) -> bool| parameters.iter().filter(|parameter| sort(&parameter.sort)).count();
            let rest = count(|sort| matches!(sort, Sort::Rest)) > 0;
            (count(|sort| matches!(sort, Sort::Required)), count(|sort| matches!(sort, Sort::Optional)), rest)
        }
        None => return Ok::<_, Box<Exit>>(Value::FALSE),
    };
    Ok(cx.heap.list(&[Value::fixnum(required as i64), Value::fixnum(optional as i64), Value::bool(rest)]))
}

/// The doc string of PROCEDURE, or #f. [Guile: Procedure Properties]
///
///     (string? (procedure-documentation car))  => #t
fn "procedure-documentation" (cx, procedure: Procedure) {
    let text = match cx.heap.closure_code(procedure.0) {
        Some(code) => code.documentation.as_deref().map(str::to_string),
        None if procedure.0.is_kind(Kind::Builtin) => {
            let index = procedure.0.field(0).as_fixnum().unwrap_or(0) as usize;
            Some(cx.builtins[index].documentation.trim().to_string())
        }
        None => None,
    };
    text.map(|text| cx.heap.string(&text))
}
}
