//! The commands of the command line, as a shell calls them.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn sockeye(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sockeye")).args(arguments).current_dir(folder).output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn doc_tells_of_a_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = sockeye(&["doc", "accept"], folder.path());
    assert!(text(&out.stdout).starts_with("(accept sock [flags])"), "{}", text(&out.stdout));
    let out = sockeye(&["doc", "EADDRINUSE"], folder.path());
    let said = text(&out.stdout);
    assert!(said.contains("\n  fix bind: before bind") && said.contains("\n  fix bind at a path:"), "{said}");
    let out = sockeye(&["doc", "(srfi 1)"], folder.path());
    assert!(text(&out.stdout).contains("(fold "), "{}", text(&out.stdout));
    // What must be imported, and what libraries have in place of what is there without.
    let said = text(&sockeye(&["doc", "make-socket"], folder.path()).stdout);
    assert!(said.contains("in (iolib sockets):\n(make-socket ") && said.contains("in (allegro socket):\n"), "{said}");
    let said = text(&sockeye(&["doc", "connect"], folder.path()).stdout);
    assert!(said.starts_with("(connect sock ") && said.contains("\nin (iolib sockets):\n(connect socket"), "{said}");
    let out = sockeye(&["doc", "acept"], folder.path());
    assert_eq!(
        (text(&out.stderr).as_str(), out.status.code()),
        ("nothing is called acept: did you mean accept?\n", Some(1))
    );
}

#[test]
fn fmt_indents_and_checks() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.scm"), "(define (f x)\n(if x\n1\n2))\n").expect("a file");
    let out = sockeye(&["fmt", "--check", "a.scm"], folder.path());
    assert_eq!((text(&out.stdout).as_str(), out.status.code()), ("a.scm\n", Some(1)));
    assert_eq!(sockeye(&["fmt", "a.scm"], folder.path()).status.code(), Some(0));
    let formatted = std::fs::read_to_string(folder.path().join("a.scm")).expect("the file");
    assert_eq!(formatted, "(define (f x)\n  (if x\n      1\n      2))\n");
    assert_eq!(sockeye(&["fmt", "--check", "a.scm"], folder.path()).status.code(), Some(0));
}

#[test]
fn suites_and_expectations_are_run() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("tests")).expect("a folder");
    let suite = "(import (srfi 64)) (test-begin \"s\") (test-equal \"sum\" 4 (+ 2 2)) (test-equal \"off\" 5 (+ 2 2)) (test-end \"s\")";
    std::fs::write(folder.path().join("tests/suite.scm"), suite).expect("a file");
    std::fs::write(folder.path().join("tests/lines.scm"), "(+ 1 2) ; expect: 3\n(car 5) ; error: car:\n")
        .expect("a file");
    let out = sockeye(&["test", "tests"], folder.path());
    let said = text(&out.stdout);
    assert!(said.contains("FAIL off") && said.ends_with("3 passed, 1 failed\n"), "{said}");
    assert_eq!(out.status.code(), Some(1));
}

/// A prompt at a path, once it is there.
fn listening(path: &Path, folder: &Path) -> Running {
    let option = format!("--listen={}", path.display());
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
    command.args([option.as_str(), "-c", "(sleep 60)"]).current_dir(folder).stderr(Stdio::piped());
    let running = Running(command.spawn().expect("it starts"));
    let deadline = Instant::now() + Duration::from_secs(10);
    while UnixStream::connect(path).is_err() {
        assert!(Instant::now() < deadline, "it listens");
        std::thread::sleep(Duration::from_millis(5));
    }
    running
}

#[test]
fn listen_offers_the_prompt_to_this_user_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("prompt");
    let _running = listening(&path, folder.path());
    let mode = std::fs::metadata(&path).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut client = UnixStream::connect(&path).expect("it listens");
    client.write_all(b"(define x 20)\n(+ x 1)\n(car x)\n(display \"hello\")\n,q\n").expect("it reads");
    let mut said = String::new();
    client.read_to_string(&mut said).expect("it answers");
    for part in ["$1 = 21", "In procedure car", "hello"] {
        assert!(said.contains(part), "{said}");
    }
    let mut browser = UnixStream::connect(&path).expect("it listens");
    browser.write_all(b"POST / HTTP/1.1\r\n\r\n(delete-file \"prompt\")\n").expect("it reads");
    let mut said = String::new();
    // A reset, too, says that nobody wants to listen.
    let _ = browser.read_to_string(&mut said);
    assert_eq!(said, "");
    assert!(path.exists());
}

#[test]
fn watch_runs_a_program_again_when_it_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.scm");
    std::fs::write(&file, "(display \"one\\n\") (force-output) (sleep 60)").expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
    command.args(["--watch", "a.scm"]).current_dir(folder.path()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut running = Running(command.spawn().expect("it starts"));
    let mut lines = BufReader::new(running.0.stdout.take().expect("its output")).lines();
    assert_eq!(lines.next().expect("a line").expect("text"), "one");
    std::fs::write(&file, "(display \"two\\n\")").expect("a file");
    assert_eq!(lines.next().expect("a line").expect("text"), "two");
}

#[test]
fn options_that_do_not_exist_get_a_suggestion() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = sockeye(&["--explian", "a.scm"], folder.path());
    assert!(text(&out.stderr).contains("did you mean --explain?"), "{}", text(&out.stderr));
    assert_eq!(out.status.code(), Some(2));
}
