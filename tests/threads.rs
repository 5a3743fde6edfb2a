//! Engines in several threads, one heap each; and engines whose host has a loop of its own, and runs them in steps.

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use sockeye::engine::Engine;
use sockeye::engine::{Step, Stop, Task};
use sockeye::value::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

fn engine() -> Engine {
    Engine::unrestricted().expect("an engine")
}

fn run(engine: &mut Engine, text: &str) -> Value {
    match engine.run_text("test", text) {
        Ok(value) => value,
        Err(Stop::Raised { object }) => panic!("{}", engine.describe(object)),
        Err(Stop::Exit(status)) => panic!("exit {status}"),
        Err(Stop::Limit(limit)) => panic!("{limit:?}"),
    }
}

/// Starts a call of the thunk that a text evaluates to.
fn spawn(engine: &mut Engine, text: &str) -> Task {
    let thunk = run(engine, text);
    engine.spawn(thunk, &[]).0
}

fn written(engine: &mut Engine, task: Task) -> Option<String> {
    match engine.take_result(task)? {
        Ok(value) => Some(engine.written(value)),
        Err(Stop::Raised { object }) => Some(engine.describe(object)),
        Err(Stop::Exit(status)) => Some(format!("exit {status}")),
        Err(Stop::Limit(limit)) => Some(format!("{limit:?}")),
    }
}

fn soon() -> Instant {
    Instant::now() + Duration::from_millis(5)
}

fn step(engine: &mut Engine) -> Step {
    match engine.step(soon()) {
        Ok(step) => step,
        Err(Stop::Raised { object }) => panic!("{}", engine.describe(object)),
        Err(Stop::Exit(status)) => panic!("exit {status}"),
        Err(Stop::Limit(limit)) => panic!("{limit:?}"),
    }
}

/// The host's loop: steps, and waits in between, until the task has ended.
fn finish(engine: &mut Engine, task: Task) -> String {
    loop {
        let step = step(engine);
        match (written(engine, task), step) {
            (Some(text), _) => return text,
            (None, Step::More) => {}
            (None, Step::Waiting(deadline)) => wait(engine, deadline),
            (None, Step::Idle) => panic!("nothing runs and the task has not ended"),
        }
    }
}

fn wait(engine: &mut Engine, deadline: Option<Instant>) {
    let fd = engine.wait_descriptor().expect("epoll");
    // SAFETY: the descriptor lives as long as the engine.
    let fd = unsafe { BorrowedFd::borrow_raw(fd) };
    let timeout = deadline.map_or(PollTimeout::try_from(10_000).unwrap(), |deadline| {
        let left = deadline.saturating_duration_since(Instant::now()) + Duration::from_millis(1);
        PollTimeout::try_from(left).unwrap()
    });
    let count = poll(&mut [PollFd::new(fd, PollFlags::POLLIN)], timeout).expect("poll");
    assert!(count > 0 || deadline.is_some(), "nothing has come");
}

#[test]
fn engines_run_side_by_side_in_threads() {
    let threads: Vec<_> = (0..4)
        .map(|n| {
            std::thread::spawn(move || {
                let mut engine = engine();
                let text = format!(
                    "(define (count n) (if (= n 0) '() (cons (* n {n}) (count (- n 1)))))
                     (let loop ((i 0)) (if (< i 200) (begin (count 1000) (loop (+ i 1)))))
                     (define pair (socketpair AF_UNIX SOCK_STREAM 0))
                     (define fiber (spawn-fiber (lambda () (recv! (car pair) (make-bytevector 10)))))
                     (sleep 0.01)
                     (send (cdr pair) (make-bytevector (+ 1 {n}) 7))
                     (list (apply + (count 100)) (fiber-join fiber))"
                );
                let value = run(&mut engine, &text);
                engine.written(value)
            })
        })
        .collect();
    for (n, thread) in threads.into_iter().enumerate() {
        assert_eq!(thread.join().unwrap(), format!("({} {})", 5050 * n, n + 1));
    }
}

#[test]
fn an_engine_moves_between_threads() {
    let mut engine = engine();
    run(&mut engine, "(define notes (list \"made here\"))");
    for place in ["first", "second"] {
        let text = format!("(set! notes (cons \"{place}\" notes)) (gc) (sleep 0.001) (length notes)");
        engine = std::thread::spawn(move || {
            run(&mut engine, &text);
            engine
        })
        .join()
        .unwrap();
    }
    let notes = run(&mut engine, "notes");
    assert_eq!(engine.written(notes), r#"("second" "first" "made here")"#);
}

#[test]
fn a_host_serves_its_own_loop_and_the_engine() {
    let mut engine = engine();
    let port = run(
        &mut engine,
        "(define server (socket AF_INET SOCK_STREAM 0))
         (bind server AF_INET INADDR_LOOPBACK 0)
         (listen server 5)
         (sockaddr:port (getsockname server))",
    );
    let port: u16 = engine.written(port).parse().unwrap();
    let serving = spawn(
        &mut engine,
        "(use-modules (ice-9 rdelim))
         (lambda ()
           (let ((peer (car (accept server))))
             (let loop ((n 0))
               (let ((line (read-line peer)))
                 (if (eof-object? line) n
                     (begin (display line peer) (newline peer) (loop (+ n 1))))))))",
    );
    assert_eq!(step(&mut engine), Step::Waiting(None));
    let client = std::thread::spawn(move || {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let mut room = [0; 6];
        for _ in 0..3 {
            std::thread::sleep(Duration::from_millis(3));
            stream.write_all(b"hello\n").unwrap();
            stream.read_exact(&mut room).unwrap();
            assert_eq!(&room, b"hello\n");
        }
    });
    assert_eq!(finish(&mut engine, serving), "3");
    client.join().unwrap();
    assert_eq!(step(&mut engine), Step::Idle);
}

#[test]
fn steps_end_in_time_and_timers_are_told() {
    let mut engine = engine();
    let busy = spawn(&mut engine, "(lambda () (let loop ((i 0)) (if (< i 30000000) (loop (+ i 1)) i)))");
    let began = Instant::now();
    assert_eq!(step(&mut engine), Step::More);
    assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
    // What is evaluated in between finds the same fibers.
    run(&mut engine, "(sleep 0.001)");
    assert_eq!(finish(&mut engine, busy), "30000000");
    let sleeper = spawn(&mut engine, "(lambda () (sleep 0.02) 'rested)");
    let Step::Waiting(Some(deadline)) = step(&mut engine) else { panic!("a sleeper has a deadline") };
    assert!(deadline > Instant::now() && deadline < Instant::now() + Duration::from_millis(21));
    assert_eq!(finish(&mut engine, sleeper), "rested");
}

#[test]
fn tasks_fail_and_are_cancelled_alone() {
    let mut engine = engine();
    let wrong = spawn(&mut engine, "(lambda () (car 5))");
    let long = spawn(
        &mut engine,
        "(define ended #f) (lambda () (dynamic-wind list (lambda () (sleep 100)) (lambda () (set! ended #t))))",
    );
    let fine = spawn(&mut engine, "(lambda () 'fine)");
    assert_eq!(finish(&mut engine, fine), "fine");
    assert!(finish(&mut engine, wrong).starts_with("car: "));
    assert!(engine.take_result(long).is_none());
    engine.cancel(long);
    assert!(finish(&mut engine, long).contains("cancelled"));
    let ended = run(&mut engine, "ended");
    assert_eq!(engine.written(ended), "#t");
    assert!(engine.take_result(long).is_none());
    assert_eq!(step(&mut engine), Step::Idle);
}

#[test]
fn many_tasks_wait_at_once() {
    let mut engine = engine();
    engine.stress_collector();
    run(&mut engine, "(use-modules (fibers channels)) (define channel (make-channel))");
    let tasks: Vec<Task> = (0..50)
        .map(|n| spawn(&mut engine, &format!("(lambda () (put-message channel {n}) (list 'put {n}))")))
        .collect();
    assert_eq!(step(&mut engine), Step::Idle);
    let sum = spawn(
        &mut engine,
        "(lambda () (let loop ((i 0) (sum 0)) (if (= i 50) sum (loop (+ i 1) (+ sum (get-message channel))))))",
    );
    assert_eq!(finish(&mut engine, sum), "1225");
    for (n, task) in tasks.into_iter().enumerate() {
        assert_eq!(finish(&mut engine, task), format!("(put {n})"));
    }
}

#[test]
fn exit_in_a_fiber_reaches_the_host() {
    let mut engine = engine();
    spawn(&mut engine, "(lambda () (exit 7))");
    assert!(matches!(engine.step(soon()), Err(Stop::Exit(7))));
}
