//! The examples for Rust programs do what they say.

use std::path::PathBuf;
use std::process::Command;

/// What an example prints. `cargo test` has built it, but for a run of this test alone.
fn run(name: &str, features: &[&str]) -> String {
    let folder = PathBuf::from(env!("CARGO_BIN_EXE_sockeye")).with_file_name("examples");
    let program = folder.join(name);
    if !program.exists() {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--example", name]).args(features).current_dir(env!("CARGO_MANIFEST_DIR"));
        assert!(cargo.status().unwrap().success(), "{name} is built");
    }
    let output = Command::new(program).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{name}: {text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[test]
fn a_configuration_is_read_and_a_wrong_one_is_explained() {
    let text = run("configuration", &[]);
    assert!(text.contains("\"front\": 80") && text.contains("\"timeout\": \"120.0\""), "{text}");
    assert!(text.contains("settings.scm:13:1") && text.contains("(server \"front\" 81)"), "{text}");
    assert!(text.contains("permission write=/etc/passwd"), "{text}");
}

#[test]
fn rules_are_called_a_million_times() {
    let text = run("rules", &[]);
    assert!(text.starts_with("1000000 calls in ") && text.contains("a total of 86875000"), "{text}");
    assert!(text.ends_with("staff pay 10 less for 50\nguests now have 0 off 2000\n"), "{text}");
}

#[test]
fn a_handler_is_reloaded_while_its_server_runs() {
    let text = run("reload", &[]);
    assert_eq!(text, "HELLO\nolleh\nsorry: the program has used up its time\nereh llits\n");
}

#[test]
fn submissions_are_graded() {
    let text = run("grade", &[]);
    let ends =
        ["passed", "passed", "sent \"\"", "connect=127.0.0.1:22", "read=/etc/passwd", "an end", "bytes", "as it may"];
    assert_eq!(text.lines().count(), ends.len(), "{text}");
    for (line, end) in text.lines().zip(ends) {
        assert!(line.contains(end), "{line}: not {end}");
    }
}

/// Only where the tests run with this feature: without it there is no such example.
#[cfg(feature = "async")]
#[test]
fn scripts_and_tasks_wait_on_one_runtime() {
    let text = run("async_host", &["--features", "async"]);
    let pages: Vec<String> = (1..=4).map(|id| format!("<page-{id}0> <page-{id}1> <page-{id}2>")).collect();
    assert_eq!(text, format!("{}\nin less than a second: true\n", pages.join("\n")));
}
