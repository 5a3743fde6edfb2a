//! What stdlib/ promises is there: every library can be imported and has what it says it exports, and all code mentions only
//! variables that somebody defines.

use sockeye::engine::{Engine, Stop};
use sockeye::expander::env::ModuleId;
use sockeye::expander::library::CORE;
use sockeye::expander::stdlib;
use sockeye::value::Value;

fn engine() -> Engine {
    Engine::unrestricted().expect("an engine")
}

/// A library's name as Guile writes it.
fn written(path: &str) -> String {
    format!("({})", path.replace('/', " "))
}

/// What a program prints.
fn printed(engine: &mut Engine, text: &str) -> String {
    engine.capture_output();
    if let Err(stop) = engine.run_text("test", text) {
        return match stop {
            Stop::Raised { object } => engine.describe(object),
            Stop::Exit(status) => format!("exit {status}"),
            Stop::Limit(limit) => limit.to_string(),
        };
    }
    engine.take_captured_output()
}

/// Variables of a module that its code mentions and nobody has defined.
fn unknown(engine: &mut Engine, module: ModuleId) -> Vec<String> {
    let cx = engine.cx();
    let names = cx.expander.modules.mentioned(module);
    names.into_iter().map(|name| cx.symbols.name(name).to_string()).collect()
}

/// Has every definition of a module made that waits until it is used; says which could not be.
fn wake(engine: &mut Engine, module: ModuleId, names: Vec<sockeye::symbol::Symbol>) -> Vec<String> {
    let mut wrong = Vec::new();
    for name in names {
        if let Err(Stop::Raised { object }) = engine.eval_form(Value::symbol(name), module) {
            let said = engine.describe(object);
            // Syntax is no expression, and needs no waking.
            let syntax = ["is syntax", "has a meaning", "matches no clause"];
            if !syntax.iter().any(|words| said.contains(words)) {
                wrong.push(format!("{}: {said}", engine.cx().symbols.name(name)));
            }
        }
    }
    wrong
}

#[test]
fn every_library_has_what_it_exports() {
    let mut wrong = Vec::new();
    for path in stdlib::names() {
        let mut engine = engine();
        let name = written(path);
        let text = format!(
            "(define interface (resolve-interface '{name}))
             (module-for-each (lambda (name variable)
                                (if (not (variable-bound? variable)) (begin (display name) (newline))))
                              interface)"
        );
        let said = printed(&mut engine, &text);
        if !said.is_empty() {
            wrong.push(format!("{name}: {said}"));
        }
        let source = stdlib::find(path).expect("a library").text().replace('\\', "\\\\").replace('"', "\\\"");
        let text = format!("(define source \"{source}\") {LACKING}");
        let said = printed(&mut engine, &text);
        if !said.is_empty() {
            wrong.push(format!("{name} lacks {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Prints the names that a library in R7RS's form exports according to `source`, and that `interface` does not have.
const LACKING: &str = "
    (define form (read (open-input-string source)))
    (define (exported spec) (if (pair? spec) (list-ref spec 2) spec))
    (if (eq? (car form) 'define-library)
        (for-each
          (lambda (declaration)
            (if (eq? (car declaration) 'export)
                (for-each
                  (lambda (spec)
                    (if (not (module-defined? interface (exported spec)))
                        (begin (display (exported spec)) (display #\\space))))
                  (cdr declaration))))
          (cddr form)))";

#[test]
fn every_mention_in_the_base_is_defined() {
    let mut engine = engine();
    let names = engine.cx().expander.modules.exports(CORE).into_iter().map(|(name, _)| name).collect();
    let wrong = wake(&mut engine, CORE, names);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unknown = unknown(&mut engine, CORE);
    assert!(unknown.is_empty(), "nobody defines {}", unknown.join(" "));
}

#[test]
fn every_mention_in_a_library_is_defined() {
    let mut wrong = Vec::new();
    for path in stdlib::names() {
        let mut engine = engine();
        let name = written(path);
        let _ = printed(&mut engine, &format!("(define module (resolve-module '{name}))"));
        let last = (0..).map(ModuleId).take_while(|id| id.0 < engine.cx().expander.modules.count()).collect::<Vec<_>>();
        for module in last.into_iter().skip(2) {
            let names = engine.cx().expander.modules.own_names(module);
            wrong.extend(wake(&mut engine, module, names));
            let unknown = unknown(&mut engine, module);
            if !unknown.is_empty() {
                wrong.push(format!("{name}: nobody defines {}", unknown.join(" ")));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
