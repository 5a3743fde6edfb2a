//! Each system call of a program that uses sockets fails in turn: the program gets an error, or does without; nothing hangs, nothing is
//! left open.

mod common;

use common::forms;
use nix::time::{ClockId, clock_gettime};
use sockeye::engine::{Engine, Stop};
use sockeye::net::Mode;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const PROGRAM: &str = "
(define server (socket AF_INET SOCK_STREAM 0))
(setsockopt server SOL_SOCKET SO_REUSEADDR 1)
(bind server AF_INET INADDR_LOOPBACK 0)
(listen server 5)
(define client (socket AF_INET SOCK_STREAM 0))
(connect client (getsockname server))
(define peer (car (accept server)))
(send client (string->utf8 \"hello\"))
(define room (make-bytevector 5))
(recv! peer room)
(write-line room peer)
(force-output peer)
(define line (read-line client))
(shutdown client 2)
(define pair (socketpair AF_UNIX SOCK_DGRAM 0))
(sendmsg (car pair) #u8(1 2 3) (list (list SOL_SOCKET SCM_RIGHTS (list peer))))
(define message (recvmsg (cdr pair) room))
(define child (spawn-fiber (lambda () (recv! (cdr pair) room))))
(send (car pair) #u8(9))
(fiber-join child)
(for-each close-port (list server client peer (car pair) (cdr pair)))
'done";

/// What the open descriptors of this process lead to; that of the directory being read is among them each time.
fn open_descriptors() -> Vec<String> {
    let links = std::fs::read_dir("/proc/self/fd").expect("Linux").flatten();
    let mut targets: Vec<String> = links
        .filter_map(|link| std::fs::read_link(link.path()).ok())
        .map(|target| target.display().to_string())
        .collect();
    targets.sort();
    targets
}

#[test]
fn every_call_may_fail() {
    // One engine lives on, so that what engines share by way of the standard library is there before counting.
    let _first = Engine::unrestricted().expect("an engine");
    let before = open_descriptors();
    for errno in [nix::libc::EIO, nix::libc::ENOMEM, nix::libc::EMFILE, nix::libc::ECONNRESET, nix::libc::EPERM] {
        let mut failed = 0;
        for call in 0.. {
            let mut engine = Engine::unrestricted().expect("an engine");
            let cx = engine.cx();
            cx.limits.time = Some(Duration::from_secs(5));
            assert_eq!(cx.net.mode, Mode::Wait);
            cx.net.failing = Some((call, errno));
            let result = engine.run_text("torture", PROGRAM);
            let spared = engine.cx().net.failing.is_some();
            match result {
                Ok(value) => assert_eq!(engine.written(value), "done"),
                Err(Stop::Raised { object }) => {
                    failed += 1;
                    let message = engine.describe(object);
                    assert!(!spared, "call {call}: {message}");
                }
                Err(Stop::Limit(limit)) => panic!("call {call}, errno {errno}: {limit}"),
                Err(Stop::Exit(status)) => panic!("call {call}: exit {status}"),
            }
            drop(engine);
            assert_eq!(open_descriptors(), before, "call {call}, errno {errno}");
            if spared {
                assert!(call > 15, "{call} calls are fewer than the program makes");
                break;
            }
        }
        // Where descriptors run out, a collection closes those that nobody holds, and the call is made again.
        assert!(failed > 10 || errno == nix::libc::EMFILE, "{failed} calls failed");
    }
}

/// The name of the variable that a form defines.
fn defined_by(form: &str) -> Option<&str> {
    let name = form.lines().find_map(|line| line.strip_prefix("(define "))?.split([' ', ')']).next()?;
    (!name.starts_with('(')).then_some(name)
}

/// How a script went on: what each of its forms came to, if it came to a value; and, where call `failing` was to fail, in which form
/// that was.
struct Course {
    answers: Vec<Option<String>>,
    /// What the last form that came to an error met.
    error: Option<String>,
    failed_in: Option<usize>,
    /// The form after the fault that did not end in its time.
    stuck: Option<Stuck>,
}

struct Stuck {
    /// The processor's time that it used.
    worked: Duration,
    /// What the script had printed by then.
    printed: String,
}

fn worked() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("there is one").into()
}

fn course(path: &Path, text: &str, failing: Option<u64>, patience: Duration) -> Course {
    let mut engine = Engine::unrestricted().expect("an engine");
    engine.cx().net.failing = failing.map(|call| (call, nix::libc::EIO));
    engine.announce(text);
    engine.capture_output();
    // What a fiber has died of goes there as well.
    let cx = engine.cx();
    let port = cx.roots.current_output.field(0);
    cx.heap.set_field(cx.roots.current_error, 0, port);
    let mut course = Course { answers: Vec::new(), error: None, failed_in: None, stuck: None };
    for (index, form) in forms(text).into_iter().enumerate() {
        let before = worked();
        engine.cx().limits.time = Some(if course.failed_in.is_some() { patience } else { PATIENCE });
        let result = engine.run_text(&path.display().to_string(), form);
        let fails_here = failing.is_some() && course.failed_in.is_none() && engine.cx().net.failing.is_none();
        if fails_here {
            course.failed_in = Some(index);
        }
        course.answers.push(match result {
            Ok(value) => {
                let defined = defined_by(form).and_then(|name| engine.run_text("a name", name).ok());
                Some(engine.written(defined.unwrap_or(value)))
            }
            Err(Stop::Raised { object }) => {
                course.error = Some(format!("{} in{form}", engine.describe(object)));
                None
            }
            Err(Stop::Limit(_)) if course.failed_in.is_some() => {
                course.stuck = Some(Stuck { worked: worked() - before, printed: engine.take_captured_output() });
                return course;
            }
            Err(Stop::Limit(limit)) => {
                panic!("{}: {limit} in{form}, call {failing:?}, after {:?}", path.display(), course.error)
            }
            Err(Stop::Exit(status)) => panic!("{}: exit {status} in{form}, call {failing:?}", path.display()),
        });
        // What comes after an error in the script's own text makes no sense any more.
        if course.failed_in.is_some() && course.answers[index].is_none() {
            break;
        }
    }
    course
}

/// Whoever waits for what was to come from a fiber that died of the fault, or from a call that answered with it, may wait for ever:
/// asleep, and not before the script was told. Anything else is a hang of ours. LispWorks' procedures tell by a second value or a
/// status, which the script need not look at.
fn check_stuck(course: &Course, plain: &Course, text: &str) -> Result<(), String> {
    let (Some(stuck), Some(at)) = (&course.stuck, course.failed_in) else { return Ok(()) };
    let other_answer = course.answers.get(at).is_some_and(|answer| *answer != plain.answers[at]);
    if stuck.worked > Duration::from_secs(1) {
        Err(format!("it is at work for {:?}", stuck.worked))
    } else if !other_answer
        && !stuck.printed.to_lowercase().contains("input/output error")
        && !text.contains("(lispworks comm)")
    {
        Err(format!("it waits, but nothing was said of the fault; printed: {:?}", stuck.printed))
    } else {
        Ok(())
    }
}

/// In none does anything new happen later.
const MOST_CALLS: u64 = 300;

/// No form takes longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is left open, compared to `before`, when those who look names up on threads of their own have had the time to end.
fn left_open(before: &[String]) -> Vec<String> {
    let until = Instant::now() + PATIENCE;
    loop {
        let open = open_descriptors();
        if open == before || Instant::now() > until {
            return open;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The scripts that talk to themselves alone, in this process.
fn conversations(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let entries = std::fs::read_dir(root).expect("a folder").flatten().map(|entry| entry.path());
    let mut scripts: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "scm")).collect();
    scripts.sort();
    let read = |path: PathBuf| std::fs::read_to_string(&path).ok().map(|text| (path, text));
    let alone = |text: &str| {
        !["fork", "sigaction", "(exit", "setrlimit", "; stdin:", "; needs:"].iter().any(|w| text.contains(w))
    };
    scripts.into_iter().filter_map(read).filter(|(_, text)| alone(text)).collect()
}

#[test]
#[ignore = "takes minutes"]
fn every_call_of_every_script_may_fail() {
    let _first = Engine::unrestricted().expect("an engine");
    let chosen = std::env::var("TORTURE").unwrap_or_default();
    for folder in ["socket", "fiber", "cl", "web"] {
        for (path, text) in conversations(folder) {
            if !path.display().to_string().contains(&chosen) {
                continue;
            }
            std::env::set_current_dir(path.parent().expect("a folder")).expect("it is there");
            let start = Instant::now();
            let [plain, again] = [0; 2].map(|_| course(&path, &text, None, PATIENCE));
            // What works by itself is not at it much longer with a fault.
            let patience = (start.elapsed() * 2).clamp(Duration::from_secs(2), PATIENCE);
            // Descriptors that are only numbers are for the script to close, which may not come to it.
            let by_number = ["receive-file-descriptor", "->fdes"].iter().any(|word| text.contains(word));
            // What the process keeps for good, such as the one engine that has its signals, is there by now.
            let before = open_descriptors();
            println!("{}: {} forms", path.display(), plain.answers.len());
            let (mut call, mut step) = (0, 1);
            // Some would go on for ever.
            while call < MOST_CALLS {
                let tried = course(&path, &text, Some(call), patience);
                let Some(at) = tried.failed_in else { break };
                // Calls on end that each make the script wait are mostly those of a loop: a sample is enough.
                step = if tried.stuck.is_some() { step * 2 } else { 1 };
                if let Err(hang) = check_stuck(&tried, &plain, &text) {
                    let form = forms(&text)[tried.answers.len()];
                    panic!("{}, call {call}, which failed in form {at}: {hang}, in{form}", path.display());
                }
                let (answer, usual) = (tried.answers.get(at).unwrap_or(&None), &plain.answers[at]);
                // Whoever changes what calls do in between reads these: mostly a script has said which error it has met.
                if answer.is_some() && answer != usual && *usual == again.answers[at] {
                    println!("  call {call}: {:?}, not {:?}, in{}", answer, usual, forms(&text)[at]);
                }
                if !by_number {
                    assert_eq!(left_open(&before), before, "{}, call {call}", path.display());
                }
                call += step;
            }
        }
    }
}
