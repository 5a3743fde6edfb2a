//! What a program has lost comes back when it runs short of it: memory and descriptors.

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use sockeye::engine::Engine;

fn answer(engine: &mut Engine, text: &str) -> String {
    match engine.run_text("test", text) {
        Ok(value) => engine.written(value),
        Err(sockeye::engine::Stop::Raised { object }) => engine.describe(object),
        Err(sockeye::engine::Stop::Exit(status)) => format!("exit {status}"),
        Err(sockeye::engine::Stop::Limit(limit)) => limit.to_string(),
    }
}

fn lost_memory_is_found_as_often_as_it_is_needed() {
    let mut engine = Engine::unrestricted().unwrap();
    engine.cx().heap.ledger.set_limit(60 << 20);
    let often = "(let loop ((i 0)) (if (< i 30) (begin (make-vector 3000000 0) (loop (+ i 1))) i))";
    assert_eq!(answer(&mut engine, often), "30");
    let held = "(let loop ((l '())) (loop (cons (make-vector 1000000 0) l)))";
    let told = answer(&mut engine, held);
    assert!(told.starts_with("make-vector: this needs 8000000 bytes"), "{told}");
    assert_eq!(answer(&mut engine, often), "30");
}

/// What Rust holds for a program counts like what the heap holds, and comes back likewise.
fn ports_and_buffers_stay_under_the_limit() {
    let mut engine = Engine::unrestricted().unwrap();
    engine.cx().heap.ledger.set_limit(60 << 20);
    let caught = |engine: &mut Engine, body: &str| {
        let text = format!("(guard (e ((error-object? e) 'caught)) {body})");
        for _ in 0..2 {
            assert_eq!(answer(engine, &text), "caught", "{body}");
            let held = engine.cx().heap.ledger.held();
            assert!(held < 80 << 20, "{body} holds {held} bytes");
        }
    };
    caught(&mut engine, "(let loop ((l '())) (loop (cons (open-input-string \"hello\") l)))");
    caught(&mut engine, "(let loop ((l '())) (loop (cons (open-output-string) l)))");
    caught(
        &mut engine,
        "(let ((s (make-string 100000 #\\x))) (let loop ((l '())) (loop (cons (open-input-string s) l))))",
    );
    caught(
        &mut engine,
        "(let ((p (open-output-string)) (s (make-string 1000 #\\x))) (let loop () (write-string s p) (loop)))",
    );
    caught(&mut engine, "(let ((p (open-output-bytevector))) (let loop () (write-u8 1 p) (loop)))");
    for read in ["(read-line p)", "(read-string 1000000000000 p)", "(read-bytevector 1000000000000 p)"] {
        caught(&mut engine, &format!("(let ((p (open-input-file \"/dev/zero\"))) {read})"));
    }
    let dropped =
        "(let loop ((i 0)) (if (< i 3000) (begin (open-input-string (make-string 100000)) (loop (+ i 1))) i))";
    assert_eq!(answer(&mut engine, dropped), "3000");
    let grown = "(let loop ((i 0) (s (make-string 100000)))
        (if (< i 3000) (begin (write-string s (open-output-string)) (loop (+ i 1) s)) i))";
    assert_eq!(answer(&mut engine, grown), "3000");
    assert!(engine.cx().heap.ledger.held() < 80 << 20);
}

fn lost_descriptors_are_found_as_often_as_they_are_needed() {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    setrlimit(Resource::RLIMIT_NOFILE, 100, hard).unwrap();
    let mut engine = Engine::unrestricted().unwrap();
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
    ports_and_buffers_stay_under_the_limit();
    lost_descriptors_are_found_as_often_as_they_are_needed();
}
