//! Ctrl-C ends whatever a script is doing: each line of tests/interrupt/operations.txt is run again and again until SIGINT comes.
//!
//! It takes minutes and gigabytes, so it runs when asked for: `cargo test --release --test interrupts -- --ignored`. Prints how
//! long each took to end; a tenth of a second is the aim, and a full one, for busy machines, the limit. Likewise
//! tests/interrupt/sweep.scm, hours long: it calls every procedure of SWEEP_LIBRARY, "(guile)" if not set, with each huge argument
//! of those whose text has SWEEP_HUGE in it. What takes more than SWEEP_LIMIT milliseconds of the processor's time to end is
//! printed; an interrupt that comes to nothing fails, as does a crash.

use nix::sys::signal::{Signal, kill};
use nix::time::clock_getcpuclockid;
use nix::unistd::Pid;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 5 } else { 1 });
/// As if SIGINT had ended the program.
const INTERRUPTED: Option<i32> = Some(130);

fn start(script: &str) -> Child {
    let mut file = tempfile::Builder::new().suffix(".scm").tempfile().unwrap();
    file.write_all(script.as_bytes()).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_sockeye"))
        .arg(file.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It has read the file once it says so.
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    if line != "ready\n" {
        let mut errors = String::new();
        child.stderr.as_mut().unwrap().read_to_string(&mut errors).unwrap();
        panic!("{script}\n{errors}");
    }
    child
}

/// How long the script takes to end after SIGINT, and what went wrong.
fn interrupt(mut child: Child) -> Result<Duration, String> {
    let sent = Instant::now();
    kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).unwrap();
    while sent.elapsed() < 20 * LIMIT {
        if let Some(status) = child.try_wait().unwrap() {
            let took = sent.elapsed();
            return if status.code() == INTERRUPTED { Ok(took) } else { Err(format!("ended with {status}")) };
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    Err("did not end".into())
}

fn check(setup: &str, operation: &str, again: bool) -> Result<Duration, String> {
    let mut script = format!("{setup}\n(display \"ready\\n\") (flush-output-port)\n");
    if again {
        writeln!(script, "(let again () {operation} (again))").unwrap();
    } else {
        writeln!(script, "{operation}").unwrap();
    }
    let mut longest = Duration::ZERO;
    // At different moments of the operation.
    for delay in if again { &[20, 90, 250][..] } else { &[50][..] } {
        let child = start(&script);
        std::thread::sleep(Duration::from_millis(*delay));
        longest = longest.max(interrupt(child)?);
    }
    if longest > LIMIT { Err(format!("took {longest:?}")) } else { Ok(longest) }
}

#[test]
#[ignore = "takes minutes and gigabytes"]
fn long_operations_end_at_sigint() {
    let mut failures = String::new();
    for line in include_str!("interrupt/operations.txt").lines() {
        if line.starts_with(';') || line.is_empty() {
            continue;
        }
        let (setup, operation) = line.split_once(" => ").unwrap_or(("", line));
        match check(setup, operation, true) {
            Ok(took) => println!("{:4} ms  {operation}", took.as_millis()),
            Err(what) => writeln!(failures, "{what}: {line}").unwrap(),
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

/// What the sweep leaves alone: it ends the process, or takes its descriptors, signals or files away.
const LEFT_OUT: &str = "kill primitive-fork execl execle execlp exit quit emergency-exit primitive-exit primitive-_exit close \
    close-fdes dup2 dup->fdes dup->port dup->inport dup->outport duplicate-port fdopen move->fdes primitive-move->fdes \
    redirect-port chroot setuid setgid seteuid setegid setgroups sethostname setrlimit setpgid setsid nice setpriority alarm \
    setitimer raise unlink delete-file rename-file rmdir mkdir chdir open-file system system* open-output-file open-io-file \
    symlink link chmod chown sigaction restore-signals set-current-module mknod truncate-file umask copy-file utime";

/// One line that the sweep prints; none if it takes longer.
fn next_line(lines: &Receiver<String>, patience: Duration) -> Option<String> {
    lines.recv_timeout(patience).ok()
}

/// What each procedure is called with.
const HUGE: &[&str] = &[
    "(iota 10000000)",
    "(make-list 5000000 \"ab\")",
    "(map list (iota 2000000))",
    "(fold list '() (iota 3000000))",
    "(apply circular-list (iota 3000000))",
    "(cons 'begin (make-list 2000000 '(car '(1))))",
    "(make-vector 10000000 #\\a)",
    "(make-string 50000000 #\\a)",
    "(make-string 20000000 #\\é)",
    "(make-bytevector 100000000 65)",
    "(make-bitvector 100000000 #t)",
    "(expt 3 20000000)",
    "(/ (expt 3 15000000))",
    "(let ((table (make-hash-table))) (for-each (lambda (i) (hashv-set! table i i)) (iota 1000000)) table)",
    "(open-input-string (make-string 50000000 #\\a))",
    "(open-input-file \"/dev/zero\")",
];

/// Sweeps a library from a procedure on; answers the number of the one whose call the process has not outlived, and which that was.
fn sweep(library: &str, huge: &str, from: usize, slow: Duration) -> Option<(usize, String)> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sockeye"))
        .args(["--max-memory=5G", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interrupt/sweep.scm")])
        .args([library, huge, &from.to_string()])
        .args(LEFT_OUT.split_whitespace())
        .current_dir(tempfile::tempdir().unwrap().path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let pid = Pid::from_raw(child.id() as i32);
    let used = || clock_getcpuclockid(pid).and_then(|clock| clock.now()).map_or(Duration::ZERO, Duration::from);
    let (sender, lines) = channel();
    let output = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    let mut call = String::new();
    for delay in [10, 40, 100].map(Duration::from_millis).into_iter().cycle() {
        let Some(line) = next_line(&lines, 200 * LIMIT) else { break };
        if line == "done" {
            child.wait().unwrap();
            return None;
        }
        let Some(rest) = line.strip_prefix("> ") else { continue };
        call = rest.to_string();
        if next_line(&lines, delay).is_none() && child.try_wait().unwrap().is_none() {
            let before = used();
            kill(pid, Signal::SIGINT).unwrap();
            let Some(_) = next_line(&lines, 20 * LIMIT) else { break };
            let took = used().saturating_sub(before);
            if took > slow {
                println!("{:4} ms  {call}, {huge}", took.as_millis());
            }
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let index = call.split(' ').next().and_then(|index| index.parse().ok()).unwrap_or(from);
    Some((index, call))
}

#[test]
#[ignore = "takes hours"]
fn every_procedure_ends_at_sigint() {
    let set = |name: &str| std::env::var(name).ok();
    let slow = Duration::from_millis(set("SWEEP_LIMIT").and_then(|text| text.parse().ok()).unwrap_or(100));
    let library = set("SWEEP_LIBRARY").unwrap_or("(guile)".into());
    let chosen = set("SWEEP_HUGE").unwrap_or_default();
    let mut fatal = Vec::new();
    for huge in HUGE.iter().filter(|huge| huge.contains(&chosen)) {
        let mut from = 0;
        while let Some((index, call)) = sweep(&library, huge, from, slow) {
            fatal.push(format!("{call}, {huge}"));
            from = index + 1;
        }
    }
    assert!(fatal.is_empty(), "{}", fatal.join("\n"));
}

#[test]
fn blocking_calls_end_at_sigint() {
    let listening = "(define s (socket PF_INET SOCK_STREAM 0)) (bind s AF_INET INADDR_LOOPBACK 0) (listen s 1)";
    let silent = format!(
        "{listening} (define c (socket PF_INET SOCK_STREAM 0)) (connect c AF_INET INADDR_LOOPBACK (sockaddr:port (getsockname s)))"
    );
    for (setup, operation) in [
        ("", "(read-line)"),
        ("", "(read-char)"),
        ("", "(let loop () (loop))"),
        // Nobody reads: the pipe fills up.
        ("", "(let loop () (display (make-string 10000 #\\x)) (loop))"),
        (listening, "(accept s)"),
        (&silent, "(recv! c (make-bytevector 10))"),
        (&silent, "(read-char c)"),
    ] {
        let result = check(setup, operation, false);
        assert!(result.is_ok(), "{result:?}: {operation}");
    }
}

#[test]
fn a_caught_interrupt_leaves_room_for_the_next() {
    let script = "(define (stubborn n)
        (call/cc (lambda (k) (with-exception-handler (lambda (e) (k n)) (lambda ()
          (if (= n 0) (begin (display \"ready\\n\") (flush-output-port)))
          (let loop () (loop))))))
        (if (= n 0) (begin (display \"caught\\n\") (flush-output-port)))
        (stubborn (+ n 1)))
        (stubborn 0)";
    let mut child = start(script);
    kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "caught\n");
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Ctrl-C is for the program, not for whichever of its fibers happens to run.
#[test]
fn the_main_line_is_interrupted_whoever_runs() {
    for (busy, waits) in [
        ("(let loop ((n 0)) (loop (+ n 1)))", "(let loop () (loop))"),
        ("(let loop () (sort (iota 300000) >) (loop))", "(sleep 100)"),
        ("(let loop () (string-append \"a\" \"b\") (loop))", "(get-message (make-channel))"),
        ("(let loop () (yield-fiber) (loop))", "(accept server)"),
    ] {
        let script = format!(
            "(use-modules (fibers))
             (define server (socket AF_INET SOCK_STREAM 0))
             (listen server 1)
             (define fiber (spawn-fiber (lambda () {busy})))
             (yield-fiber)
             (define (try n)
               (display (if (= n 0) \"ready\\n\" \"caught\\n\"))
               (flush-output-port)
               (guard (e (#t #t)) {waits})
               (try (+ n 1)))
             (try 0)"
        );
        let mut child = start(&script);
        let mut said = BufReader::new(child.stdout.take().unwrap());
        for _ in 0..5 {
            // As likely as not, it is the fiber's turn.
            std::thread::sleep(Duration::from_millis(20));
            kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).unwrap();
            let mut line = String::new();
            said.read_line(&mut line).unwrap();
            assert_eq!(line, "caught\n", "{busy} {waits}");
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
