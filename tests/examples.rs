//! Runs what the documentation shows: every `=>` example in the text of a builtin.

use sockeye::engine::{Engine, Stop};

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
