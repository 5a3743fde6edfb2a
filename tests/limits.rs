//! What a program has lost comes back when it runs short of it: memory and descriptors.

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use sockeye::Engine;

fn answer(engine: &mut Engine, text: &str) -> String {
    match engine.run_text("test", text) {
        Ok(value) => engine.written(value),
        Err(sockeye::engine::Stop::Raised { object }) => engine.describe(object),
        Err(sockeye::engine::Stop::Exit(status)) => format!("exit {status}"),
    }
}

fn lost_memory_is_found_as_often_as_it_is_needed() {
    let mut engine = Engine::new().unwrap();
    engine.cx().heap.max_memory = 60 << 20;
    let often = "(let loop ((i 0)) (if (< i 30) (begin (make-vector 3000000 0) (loop (+ i 1))) i))";
    assert_eq!(answer(&mut engine, often), "30");
    let held = "(let loop ((l '())) (loop (cons (make-vector 1000000 0) l)))";
    let told = answer(&mut engine, held);
    assert!(told.starts_with("make-vector: this needs 8000000 bytes"), "{told}");
    assert_eq!(answer(&mut engine, often), "30");
}

fn lost_descriptors_are_found_as_often_as_they_are_needed() {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    setrlimit(Resource::RLIMIT_NOFILE, 100, hard).unwrap();
    let mut engine = Engine::new().unwrap();
    let often = "(let loop ((i 0)) (if (< i 1000) (begin (socket AF_UNIX SOCK_DGRAM 0) (loop (+ i 1))) i))";
    assert_eq!(answer(&mut engine, often), "1000");
    let held = "(let loop ((l '())) (loop (cons (socket AF_UNIX SOCK_DGRAM 0) l)))";
    assert_eq!(answer(&mut engine, held), "socket: too many open files (EMFILE)");
    assert_eq!(answer(&mut engine, often), "1000");
}

/// One after the other: the limit on descriptors is the whole process's.
#[test]
fn what_is_lost_comes_back() {
    lost_memory_is_found_as_often_as_it_is_needed();
    lost_descriptors_are_found_as_often_as_they_are_needed();
}
