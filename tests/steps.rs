//! A program takes the same number of steps wherever and whenever it runs: in the first engine of a process and in the second, with
//! collections at every opportunity, in a thread of its own.
//!
//! Each form of the scripts below is run with a budget. Those whose steps are not their own are left out: what waits for the time,
//! for others, or for what the collector finds. STEPS=r7rs chooses among them.

mod common;

use common::forms;
use sockeye::engine::{Engine, Stop};
use std::path::{Path, PathBuf};

const BUDGET: i64 = 300_000_000;

/// What makes a script's steps depend on more than its text.
const OTHERS: &[&str] = &[
    "current-",
    "sleep",
    "guardian",
    "weak",
    "(gc)",
    "gc-stats",
    "random",
    "fork",
    "(exit",
    "time",
    "thread",
    "spawn",
    "future",
    "socket",
    "object-address",
    "signal",
    "alarm",
    "memory",
    "; stdin:",
    "; needs:",
    "setrlimit",
    "system",
    "tmp",
    "all-modules",
    "emergency",
    "pipe",
    "getpid",
    "directory",
    "stat",
    "make-string 1",
    "1000000",
    "uuid",
    "ephemeron",
    "profile",
];

/// The steps of each form; -1 where the script leaves.
fn steps(path: &Path, text: &str, stress: bool) -> Vec<i64> {
    let mut engine = Engine::unrestricted().expect("an engine");
    if stress {
        engine.stress_collector();
    }
    engine.capture_output();
    engine.announce(text);
    engine.cx().limits.steps = Some(BUDGET as u64);
    let mut taken = Vec::new();
    for form in forms(text) {
        let result = engine.run_text(&path.display().to_string(), form);
        let spent = BUDGET - engine.cx().heap.control.steps_left();
        taken.push(if matches!(result, Err(Stop::Exit(_))) { -1 } else { spent });
    }
    taken
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() && !path.ends_with("data") {
            find(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "scm") {
            found.push(path);
        }
    }
}

#[test]
fn steps_are_the_same_everywhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let chosen = std::env::var("STEPS").ok();
    let folders: Vec<&str> = match &chosen {
        Some(folder) => vec![folder],
        None => vec!["r7rs", "core", "error"],
    };
    let mut scripts = Vec::new();
    folders.iter().for_each(|folder| find(&root.join(folder), &mut scripts));
    scripts.sort();
    let (mut wrong, mut forms_run, mut steps_taken) = (Vec::new(), 0, 0);
    for path in scripts {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        if OTHERS.iter().any(|word| text.contains(word)) || text.contains("; slow:") {
            continue;
        }
        let first = steps(&path, &text, false);
        forms_run += first.len();
        steps_taken += first.iter().sum::<i64>();
        let (path, text) = (&path, &text);
        let elsewhere = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(16 << 20);
            thread.spawn_scoped(scope, || steps(path, text, false)).expect("a thread").join().expect("no panic")
        });
        for (how, again) in [("again", elsewhere), ("under stress", steps(path, text, true))] {
            let all = forms(text);
            let differ = (0..first.len()).filter(|at| first[*at] != again[*at]);
            wrong.extend(
                differ.map(|at| format!("{} {how}: {} and {} in{}", path.display(), first[at], again[at], all[at])),
            );
        }
    }
    println!("{forms_run} forms, {steps_taken} steps");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
