//! The commands of the command line, as a shell calls them.

use sockeye::reader::{Class, tokens};
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

/// Every program of the repository is the same data when it is formatted, has the same comments, and does not change any more.
#[test]
fn fmt_changes_nothing_but_the_layout() {
    let copies = tempfile::tempdir().expect("a folder");
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()];
    let mut programs = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let (path, name) = (entry.path(), entry.file_name().into_string().expect("a name"));
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if name.ends_with(".scm") || name.ends_with(".sld") {
                let copy = format!("{}.scm", programs.len());
                std::fs::copy(&path, copies.path().join(&copy)).expect("a copy");
                programs.push((path, copy));
            }
        }
    }
    assert!(programs.len() > 300, "{} programs", programs.len());
    let names: Vec<&str> = programs.iter().map(|(_, copy)| copy.as_str()).collect();
    sockeye(&[&["fmt"], &names[..]].concat(), copies.path());
    let again = sockeye(&[&["fmt", "--check"], &names[..]].concat(), copies.path());
    assert_eq!(text(&again.stdout), "", "they come to rest");
    let comments = |path: &Path| {
        let text = std::fs::read(path).expect("a program");
        let text = String::from_utf8_lossy(&text);
        let all = tokens(&text).filter(|(class, _)| *class == Class::Comment);
        all.map(|(_, range)| text[range].trim().to_string()).collect::<Vec<_>>()
    };
    let mut program = "(define (all file)
          (guard (e (#t '(unreadable)))
            (call-with-input-file file
              (lambda (port)
                (let loop ((found '()))
                  (let ((datum (read port)))
                    (if (eof-object? datum) found (loop (cons datum found)))))))))
        (define (compare a b) (if (not (equal? (all a) (all b))) (begin (display a) (newline))))
        (import (scheme base) (scheme write) (scheme read) (scheme file))\n"
        .to_string();
    for (path, copy) in &programs {
        assert_eq!(comments(&copies.path().join(copy)), comments(path), "{}", path.display());
        program += &format!("(compare {:?} {copy:?})\n", path.display().to_string());
    }
    std::fs::write(copies.path().join("compare"), program).expect("a program");
    let out = sockeye(&["compare"], copies.path());
    assert_eq!((text(&out.stdout).as_str(), text(&out.stderr).as_str()), ("", ""), "other data");
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

#[test]
fn what_tests_nothing_does_not_pass() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("none")).expect("a folder");
    let suite = "(import (srfi 64)) (test-begin \"s\") (test-end \"s\")";
    for (name, program) in
        [("empty.scm", "; (car 1)\n"), ("suite.scm", suite), ("own.scm", "(if (= 1 2) (error \"no\"))")]
    {
        std::fs::write(folder.path().join(name), program).expect("a file");
    }
    for (path, said, status) in [
        ("missing.scm", "missing.scm: cannot read missing.scm: No such file or directory\n0 passed, 1 failed\n", 1),
        ("empty.scm", "empty.scm: there is nothing in it\n0 passed, 1 failed\n", 1),
        ("suite.scm", "suite.scm: its suite has no tests\n0 passed, 1 failed\n", 1),
        ("own.scm", "1 passed, 0 failed\n", 0),
    ] {
        let out = sockeye(&["test", path], folder.path());
        assert_eq!((text(&out.stdout).as_str(), out.status.code()), (said, Some(status)));
    }
    let out = sockeye(&["test", "none"], folder.path());
    assert_eq!((text(&out.stderr).as_str(), out.status.code()), ("sockeye: there are no programs in none\n", Some(1)));
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
    client.write_all(b"(define x 20)\n(+ x 1)\n(car x)\n(raise 'oops)\n ,doc accept\n,dco accept\n(display \"hello\")\n(+ 1 #z)\n,q\n").expect("it reads");
    let mut said = String::new();
    client.read_to_string(&mut said).expect("it answers");
    for part in [
        "$1 = 21",
        "error: car: argument 1 (pair) should be a pair, got 20",
        "uncaught object: oops",
        "(accept sock [flags])",
        "there is no command ,dco here: did you mean ,doc?",
        "hello",
        "#z",
    ] {
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
