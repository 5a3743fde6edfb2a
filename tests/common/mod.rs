//! What tests share: programs that run beside a test, and are ended with it; the forms of a script.
#![allow(dead_code, reason = "each test uses what it needs")]

use sockeye::reader::Parser;
use sockeye::source::SourceId;
use sockeye::symbol::Symbols;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Nobody is slower than that.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// A program that runs, and is ended with the test.
pub struct Process {
    pub child: Child,
    lines: Receiver<String>,
    stdin: Option<ChildStdin>,
}

impl Process {
    pub fn start(command: &mut Command) -> Process {
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = pipes.spawn().expect("the program starts");
        let stdout = child.stdout.take().expect("it is a pipe");
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        let stdin = child.stdin.take();
        Process { child, lines, stdin }
    }

    pub fn example(name: &str, arguments: &[&str]) -> Process {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let script = root.join("examples").join(name);
        Process::start(Command::new(env!("CARGO_BIN_EXE_sockeye")).arg(script).args(arguments).current_dir(root))
    }

    pub fn line(&self) -> String {
        self.lines.recv_timeout(DEADLINE).expect("a line in time")
    }

    pub fn says(&self, expected: &str) {
        assert_eq!(self.line(), expected);
    }

    pub fn type_line(&mut self, text: &str) {
        writeln!(self.stdin.as_mut().expect("not closed"), "{text}").expect("it listens");
    }

    pub fn end_of_typing(&mut self) {
        self.stdin = None;
    }

    /// The port in a line such as "echo server on port 7007, stop it with Ctrl-C".
    pub fn port(&self) -> u16 {
        let line = self.line();
        let digits = line.rsplit("port ").next().and_then(|rest| rest.split(',').next());
        digits.and_then(|digits| digits.parse().ok()).unwrap_or_else(|| panic!("no port in {line:?}"))
    }

    /// All it still says, until its end.
    pub fn rest(self) -> Vec<String> {
        let mut all = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(DEADLINE) {
            all.push(line);
        }
        all
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether the system has this program.
pub fn has(program: &str) -> bool {
    Command::new(program).arg("-h").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// The texts of a script's forms.
pub fn forms(text: &str) -> Vec<&str> {
    let (mut parser, mut symbols, mut start, mut found) = (Parser::new(SourceId(0), 0), Symbols::new(), 0, Vec::new());
    while let Some(Ok(_)) = parser.next_datum(text, &mut symbols) {
        found.push(&text[start..parser.position()]);
        start = parser.position();
    }
    found
}
