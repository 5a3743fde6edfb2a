//! README.md's first screen: the program works, and the error is the one that is printed.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README.md")
}

/// The first block of code of that kind.
fn block(text: &str, kind: &str) -> String {
    let start = text.split_once(&format!("```{kind}\n")).expect("a block").1;
    start.split_once("```").expect("its end").0.to_string()
}

#[test]
fn the_first_program_greets() {
    if TcpListener::bind("127.0.0.1:7007").is_err() {
        // Somebody has its port: it cannot be tried here.
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("greet.scm");
    let program = block(&readme(), "scheme");
    assert_eq!(program.lines().count(), 10, "a program of ten lines");
    std::fs::write(&file, program).expect("it is written");
    let mut server = Command::new(env!("CARGO_BIN_EXE_sockeye")).arg(&file).spawn().expect("it starts");
    let deadline = Instant::now() + Duration::from_secs(10);
    let mut client = loop {
        match TcpStream::connect("127.0.0.1:7007") {
            Ok(client) => break client,
            Err(error) if Instant::now() > deadline => panic!("{error}"),
            Err(_) => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let mut lines = BufReader::new(client.try_clone().expect("a copy")).lines();
    let mut line = || lines.next().expect("a line").expect("text");
    assert_eq!(line(), "hello, who are you?");
    client.write_all(b"Ada\n").expect("it reads");
    assert_eq!(line(), "welcome, Ada");
    server.kill().expect("it ends");
    server.wait().expect("it ends");
}

#[test]
fn the_error_is_what_is_printed() {
    if TcpStream::connect("127.0.0.1:7").is_ok() {
        // An echo service is a rare thing, but then nothing fails.
        return;
    }
    let shown = block(&readme(), "text");
    let wanted = shown.strip_prefix("$ sockeye fetch.scm\n").expect("the command");
    let output = Command::new(env!("CARGO_BIN_EXE_sockeye"))
        .arg("fetch.scm")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data"))
        .output()
        .expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stderr), wanted);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn the_first_screen_is_one() {
    let text = readme();
    let first: Vec<&str> = text.lines().take(40).collect();
    let first = first.join("\n");
    for part in ["A Scheme made for sockets", "sockeye examples/echo-server.scm", "(accept server)", "error: connect"] {
        assert!(first.contains(part), "{part} is in the first forty lines");
    }
}
