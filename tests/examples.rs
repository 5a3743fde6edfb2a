//! Runs what the documentation shows: every `=>` example in the text of a builtin, every transcript in REPL.md.

use sockeye::engine::{Engine, Stop};
use sockeye::value::Value;

fn message(engine: &Engine, stop: Stop) -> String {
    match stop {
        Stop::Raised { object } => format!("error: {}", engine.describe(object)),
        Stop::Exit(status) => format!("exit {status}"),
        Stop::Limit(limit) => limit.to_string(),
    }
}

#[test]
fn examples_of_builtins_hold() {
    let mut engine = Engine::unrestricted().expect("an engine");
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in sockeye::builtins::tables().iter().copied().flatten() {
        for line in row.documentation.lines() {
            let Some((expression, expected)) = line.trim().split_once("  => ") else { continue };
            count += 1;
            let (expression, expected) = (expression.trim(), expected.trim());
            let got = match engine.run_text("example", expression) {
                Ok(value) => engine.written(value),
                Err(stop) => message(&engine, stop),
            };
            if got != expected && !(expected == "error" && got.starts_with("error:")) {
                wrong.push(format!("{}: {expression}\n  documented {expected}\n  got        {got}", row.name));
            }
        }
    }
    assert!(count > 100, "the tables have examples");
    assert!(wrong.is_empty(), "{} of {count} examples are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A transcript is a fenced block of `scheme-repl`: lines that begin with `> ` or `  ` after one are typed, the others printed.
#[test]
fn transcripts_of_the_tour_hold() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/REPL.md")).expect("REPL.md");
    let mut engine = Engine::unrestricted().expect("an engine");
    engine.capture_output();
    let mut wrong = Vec::new();
    let (mut count, mut values) = (0, 0);
    for block in text.split("```scheme-repl\n").skip(1) {
        let block = block.split("```").next().unwrap_or("");
        let mut entries: Vec<(String, String)> = Vec::new();
        let mut typing = false;
        for line in block.lines() {
            if let Some(typed) = line.strip_prefix("> ") {
                entries.push((format!("{typed}\n"), String::new()));
                typing = true;
            } else if let Some(typed) = line.strip_prefix("  ").filter(|_| typing) {
                let last = entries.last_mut().expect("a first line");
                last.0.push_str(&format!("{typed}\n"));
            } else {
                typing = false;
                let last = entries.last_mut().expect("a transcript begins with what is typed");
                last.1.push_str(&format!("{line}\n"));
            }
        }
        for (typed, expected) in entries {
            count += 1;
            let result = engine.run_text("tour", &typed);
            let mut got = engine.take_captured_output();
            match result {
                Ok(Value::UNSPECIFIED) => {}
                Ok(value) => {
                    values += 1;
                    got.push_str(&format!("${values} = {}\n", engine.written(value)));
                }
                Err(stop) => got.push_str(&format!("{}\n", message(&engine, stop))),
            }
            // Numbers that the system chooses are written as N in the tour.
            if !matches_with_wildcards(got.trim_end(), expected.trim_end()) {
                wrong.push(format!("> {typed}documented:\n{expected}got:\n{got}"));
            }
        }
    }
    assert!(count > 10, "the tour has transcripts");
    assert!(wrong.is_empty(), "wrong transcripts:\n{}", wrong.join("\n"));
}

/// Whether the texts agree, an `N` standing alone in the expected one for any digits.
fn matches_with_wildcards(got: &str, expected: &str) -> bool {
    let split = |text: &str| -> Vec<String> {
        let mut words = vec![String::new()];
        for c in text.chars() {
            let same = words
                .last()
                .and_then(|word| word.chars().last())
                .is_none_or(|last| last.is_alphanumeric() == c.is_alphanumeric() && c.is_alphanumeric());
            if same {
                words.last_mut().expect("a word").push(c);
            } else {
                words.push(c.to_string());
            }
        }
        words
    };
    let (got, expected) = (split(got), split(expected));
    got.len() == expected.len()
        && got.iter().zip(&expected).all(|(g, e)| g == e || (e == "N" && g.chars().all(|c| c.is_ascii_digit())))
}
