//! `sockeye test FILE...`: runs scripts whose expectations stand in comments on the line where a form ends.
//!
//! ```text
//! (car '(1 2))        ; expect: 1          the value, as `write` prints it in R7RS or in Guile
//! (display "hello")   ; prints: hello      what the form printed, a last newline apart
//! (car 5)             ; error: car:        part of the message of the error it raises
//! ```
//!
//! An error on a line that does not expect one fails the script. A suite of SRFI 64 is run as it is: what its runner says of
//! failures is printed, and its counts are added. A script with neither has passed when it has come to its end: it tests itself.
//! What tests nothing at all fails: a file without forms, a suite without tests, a folder without programs. Prints what failed,
//! and a line of counts.

use super::say;
use crate::engine::{Engine, Stop};
use crate::expander::syntax::tree_to_syntax;
use crate::reader::Parser;
use crate::value::Value;
use crate::value::dialect::Dialect;
use std::path::Path;
use std::rc::Rc;

#[derive(Default)]
struct Counts {
    passed: usize,
    failed: usize,
}

/// What a script was seen to be made of.
enum Content {
    Nothing,
    Forms,
    /// A suite of SRFI 64 has begun; whether any of its tests has come to an end, its counts tell.
    Suite,
    /// The same, and tests of it were skipped or counted.
    Tests,
}

/// What a line says about the form that ends on it.
#[derive(Default, Debug, PartialEq)]
struct Expectation<'t> {
    value: Option<&'t str>,
    error: Option<&'t str>,
    printed: Option<&'t str>,
}

/// Runs the files, each in an engine of its own; false if anything failed.
pub fn run(files: &[String], make_engine: &dyn Fn(&str) -> Result<Engine, String>) -> bool {
    let mut counts = Counts::default();
    let files = match programs(files) {
        Ok(files) => files,
        Err(message) => {
            super::complain(&format!("sockeye: {message}\n"));
            return false;
        }
    };
    for file in &files {
        let failure = match (crate::files::read(Path::new(file)), make_engine(file)) {
            (Ok((name, text)), Ok(mut engine)) => {
                let before = counts.passed + counts.failed;
                match run_script(&mut engine, &name, &text, &mut counts) {
                    Content::Suite if counts.passed + counts.failed == before => "its suite has no tests".to_string(),
                    Content::Nothing => "there is nothing in it".to_string(),
                    Content::Forms if counts.passed + counts.failed == before => {
                        counts.passed += 1;
                        continue;
                    }
                    _ => continue,
                }
            }
            (Err(error), _) => error.message,
            (_, Err(message)) => message,
        };
        let _ = say(&format!("{file}: {failure}\n"));
        counts.failed += 1;
    }
    let said = say(&format!("{} passed, {} failed\n", counts.passed, counts.failed));
    counts.failed == 0 && said.is_ok()
}

/// The files themselves, and for each folder the programs in it and below.
fn programs(paths: &[String]) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut left: Vec<std::path::PathBuf> = paths.iter().rev().map(std::path::PathBuf::from).collect();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            let entries =
                std::fs::read_dir(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            let mut inside: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
            inside.retain(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "scm"));
            if inside.is_empty() && paths.iter().any(|named| Path::new(named) == path) {
                return Err(format!("there are no programs in {}", path.display()));
            }
            inside.sort();
            left.extend(inside.into_iter().rev());
        } else {
            found.push(path.display().to_string());
        }
    }
    Ok(found)
}

/// Adds what the runner of a SRFI 64 suite has printed: its counts, and a line for each failure.
fn add_suite(printed: &str, counts: &mut Counts, content: &mut Content) {
    let count = |line: &str, label: &str| line.strip_prefix(label).and_then(|rest| rest.trim().parse::<usize>().ok());
    for line in printed.lines() {
        if line.starts_with("%%%% Starting test") && !matches!(content, Content::Tests) {
            *content = Content::Suite;
        } else if line.starts_with("# of ") {
            *content = Content::Tests;
        }
        if let Some(passed) = count(line, "# of expected passes").or_else(|| count(line, "# of expected failures")) {
            counts.passed += passed;
        } else if let Some(failed) =
            count(line, "# of unexpected failures").or_else(|| count(line, "# of unexpected successes"))
        {
            counts.failed += failed;
        } else if line.contains(": FAIL") || line.contains(": XPASS") {
            let _ = say(&format!("{line}\n"));
        }
    }
}

fn run_script(engine: &mut Engine, name: &str, text: &Rc<str>, counts: &mut Counts) -> Content {
    let mut content = Content::Nothing;
    let source = engine.cx().sources.add(name, text.clone());
    let mut parser = Parser::new(source, 0);
    let process = std::process::id();
    engine.cx().dialect = Dialect::of_program(text);
    engine.announce(text);
    engine.capture_output();
    loop {
        parser.set_reading(engine.cx().reading);
        let parsed = parser.next_datum(text, &mut engine.cx().symbols);
        let expectation = expectation(text, parser.position());
        let line = text[..parser.position().min(text.len())].matches('\n').count() + 1;
        let result = match parsed {
            None => return content,
            Some(Ok(tree)) => {
                if matches!(content, Content::Nothing) {
                    content = Content::Forms;
                }
                let cx = engine.cx();
                let form = tree_to_syntax(&tree, &cx.heap);
                engine.eval_in_current_module(form)
            }
            Some(Err(error)) => {
                let object = crate::builtins::read::condition(engine.cx(), &error);
                Err(Stop::Raised { object })
            }
        };
        let printed = engine.take_captured_output();
        add_suite(&printed, counts, &mut content);
        let mut fail = |what: String| {
            let _ = say(&format!("{name}:{line}: {what}\n"));
            counts.failed += 1;
        };
        match (result, expectation.error) {
            // A child that the script has forked ends as it says; who made it goes on with the script.
            (Err(Stop::Exit(status)), _) if std::process::id() != process => {
                let _ = engine.flush();
                std::process::exit(status);
            }
            (Err(Stop::Exit(status)), _) => {
                fail(format!("the script exited with status {status}"));
                return content;
            }
            (Err(Stop::Limit(limit)), _) => {
                fail(limit.to_string());
                return content;
            }
            (Err(Stop::Raised { object }), Some(wanted)) => {
                let message = engine.describe(object);
                if message.contains(wanted) {
                    counts.passed += 1;
                } else {
                    fail(format!("expected an error with `{wanted}`, got: {message}"));
                }
            }
            (Err(Stop::Raised { object }), None) => {
                let report = engine.report(object);
                fail(format!("unexpected {report}"));
            }
            (Ok(_), Some(wanted)) => fail(format!("expected an error with `{wanted}`, got none")),
            (Ok(value), None) => {
                if let Some(wanted) = expectation.value {
                    let got = engine.written(value);
                    if got == wanted || written_otherwise(engine, value) == wanted {
                        counts.passed += 1;
                    } else {
                        fail(format!("expected {wanted}\n{:>1$} got {got}", "", 7));
                    }
                }
            }
        }
        if let Some(wanted) = expectation.printed {
            let printed = printed.strip_suffix('\n').unwrap_or(&printed);
            if printed == wanted {
                counts.passed += 1;
            } else {
                let _ = say(&format!("{name}:{line}: expected to print {wanted:?}, printed {printed:?}\n"));
                counts.failed += 1;
            }
        }
    }
}

/// A value as the other dialect writes it: it is the same value.
fn written_otherwise(engine: &mut Engine, value: Value) -> String {
    let dialect = engine.cx().dialect;
    engine.cx().dialect = dialect.other();
    let text = engine.written(value);
    engine.cx().dialect = dialect;
    text
}

/// What the rest of the line behind byte `end` expects.
fn expectation(text: &str, end: usize) -> Expectation<'_> {
    let mut out = Expectation::default();
    let rest = text.get(end..).unwrap_or("");
    let rest = rest.lines().next().unwrap_or("");
    let Some(at) = rest.find(';') else { return out };
    let comment = rest[at..].trim_start_matches(';').trim();
    for (word, slot) in [("expect:", &mut out.value), ("error:", &mut out.error), ("prints:", &mut out.printed)] {
        if let Some(wanted) = comment.strip_prefix(word) {
            *slot = Some(wanted.trim());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expectations_stand_behind_the_form() {
        let text = "(car x) ; error: car\n\"a;b\" ; expect: \"a;b\"\n(f)\n";
        assert_eq!(expectation(text, 7).error, Some("car"));
        assert_eq!(expectation(text, 26).value, Some("\"a;b\""));
        assert_eq!(expectation(text, text.len() - 1), Expectation::default());
    }

    #[test]
    fn suites_are_counted_by_what_their_runner_says() {
        let mut counts = Counts::default();
        let mut content = Content::Forms;
        add_suite("%%%% Starting test s\n", &mut counts, &mut content);
        assert!(matches!(content, Content::Suite));
        add_suite("# of expected passes      2\n# of unexpected failures  1\n", &mut counts, &mut content);
        assert_eq!((counts.passed, counts.failed), (2, 1));
        assert!(matches!(content, Content::Tests));
    }
}
