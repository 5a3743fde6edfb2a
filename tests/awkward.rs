//! Every procedure of every module is called with arguments that nobody should give it: numbers of all sizes, circular lists,
//! closed ports, procedures that fail, in all numbers and orders. Whatever it answers or raises, it comes back to the script.
//!
//! The script is tests/awkward/data/driver.scm, run by a child for each module, with little memory, in a folder of its own. What
//! takes long is interrupted. AWKWARD_CALLS says how often each procedure is called, AWKWARD_SEED varies the arguments:
//! `AWKWARD_CALLS=2000 AWKWARD_SEED=7 cargo test --release --test awkward`.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sockeye::expander::stdlib;
use std::io::{BufRead, BufReader, Read, Seek};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// What ends or replaces the process, harms others, or takes the driver's own descriptors and memory limit away.
const LEFT_OUT: &[&str] = &[
    "kill",
    "primitive-fork",
    "execl",
    "execle",
    "execlp",
    "exit",
    "quit",
    "emergency-exit",
    "primitive-exit",
    "primitive-_exit",
    "close",
    "close-fdes",
    "dup2",
    "dup->fdes",
    "dup->port",
    "dup->inport",
    "dup->outport",
    "duplicate-port",
    "fdopen",
    "move->fdes",
    "primitive-move->fdes",
    "redirect-port",
    "chroot",
    "setuid",
    "setgid",
    "seteuid",
    "setegid",
    "setgroups",
    "sethostname",
    "setrlimit",
    "setpgid",
    "setsid",
    "nice",
    "setpriority",
    // The timer's signal, or one sent by number, ends the program.
    "alarm",
    "setitimer",
    "raise",
];

/// A procedure may work for so long; then it is interrupted, and again a few times.
const PATIENCE: Duration = Duration::from_secs(2);
const INTERRUPTS: u32 = 5;

fn setting(name: &str, usual: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| usual.to_string())
}

/// What goes on in the child: which procedure is called, and whether all were.
fn follow(child: &mut Child, lines: &Receiver<String>) -> (String, Option<&'static str>) {
    let (mut name, mut since, mut interrupts) = (String::new(), Instant::now(), 0);
    loop {
        match lines.recv_timeout(Duration::from_millis(100)) {
            Ok(line) if line == "done" => return (name, None),
            Ok(line) => (name, since, interrupts) = (line, Instant::now(), 0),
            Err(RecvTimeoutError::Disconnected) => return (name, Some("the script has ended")),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if since.elapsed() > PATIENCE * (interrupts + 1) {
            if interrupts == INTERRUPTS {
                child.kill().unwrap();
                return (name, Some("it does not end"));
            }
            interrupts += 1;
            let _ = kill(Pid::from_raw(child.id() as i32), Signal::SIGINT);
        }
    }
}

/// Calls the procedures of one module; says what went wrong.
fn call_all(module: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut errors = tempfile::tempfile().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_sockeye"))
        .args(["--max-memory=96M", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/awkward/data/driver.scm"), module])
        .args([setting("AWKWARD_CALLS", "12"), setting("AWKWARD_SEED", "1")])
        .args(LEFT_OUT)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(errors.try_clone().unwrap())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        // What the procedures print stands between the driver's lines, or before them.
        for line in output.split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            let name = line.rsplit_once("@@ ").map(|(_, name)| name.to_string());
            let said = name.or_else(|| line.ends_with("@@done").then(|| "done".to_string()));
            if said.is_some_and(|said| sender.send(said).is_err()) {
                return;
            }
        }
    });
    let (name, wrong) = follow(&mut child, &lines);
    let status = child.wait().unwrap();
    let wrong = wrong.or(if status.success() { None } else { Some("it does not end well") })?;
    let mut text = String::new();
    errors.rewind().unwrap();
    errors.read_to_string(&mut text).unwrap_or_default();
    let start = text.char_indices().rev().nth(600).map_or(0, |(at, _)| at);
    Some(format!("{module} {name}: {wrong} ({status}): {}", &text[start..]))
}

#[test]
fn no_argument_is_too_awkward() {
    let modules = stdlib::names().map(|path| format!("({})", path.replace('/', " ")));
    let wrong: Vec<String> = ["(guile)".to_string()].into_iter().chain(modules).filter_map(|m| call_all(&m)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
