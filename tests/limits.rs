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

/// Growth of any kind ends as an error that a script can catch, at once and each time; what it grew is free then.
fn growth_without_end_is_an_error() {
    let mut engine = Engine::new().unwrap();
    engine.cx().heap.ledger.set_limit(60 << 20);
    let long = "(let ((p (open-input-file \"/dev/zero\"))) (read-string 1000000000 p))";
    for body in [
        "(let loop ((l '())) (loop (cons 1 l)))",
        "(let loop ((l '())) (loop (list l l)))",
        "(let loop ((l '()) (n (expt 10 30))) (loop (cons n l) (+ n 1)))",
        "(let loop ((l '())) (loop (cons (make-string 100 #\\x) l)))",
        "(let loop ((l '())) (loop (cons (lambda () l) l)))",
        "(let loop ((l '())) (loop (call/cc (lambda (k) (cons k l)))))",
        "(let loop () (+ 1 (loop)))",
        "(let loop () (guard (e (#f 1)) (loop)) 1)",
        "(let ((p (make-parameter 1))) (let loop () (guard (e ((string? e) 1)) (parameterize ((p 2)) (loop) 1))))",
        "(let loop () (with-exception-handler (lambda (e) (raise-continuable e)) (lambda () (loop) 1)) 1)",
        "(let loop () (with-exception-handler (lambda (e) (raise e)) (lambda () (loop) 1)) 1)",
        "(let loop () (catch 'nothing (lambda () (loop) 1) list))",
        "(let loop () (dynamic-wind (lambda () #f) (lambda () (loop) 1) (lambda () #f)))",
        "(let ((t (make-hash-table))) (let loop ((i 0)) (hashv-set! t i i) (loop (+ i 1))))",
        "(let ((t (make-hash-table))) (let loop ((i 0)) (hashq-set! t (list i) i) (loop (+ i 1))))",
        "(let ((t (make-weak-key-hash-table))) (let loop ((l '())) (hashq-set! t l 1) (loop (cons 1 l))))",
        "(let loop ((l '())) (loop (cons (eval '(lambda (x) x) (interaction-environment)) l)))",
        "(read (open-input-string (make-string 3000000 #\\()))",
        long,
    ] {
        let text = format!("(guard (e ((error-object? e) 'caught)) {body})");
        for _ in 0..2 {
            assert_eq!(answer(&mut engine, &text), "caught", "{body}");
            // It collects at the next call.
            answer(&mut engine, "(gc) (let loop ((i 0)) (if (< i 3) (loop (+ i 1))))");
            let held = engine.cx().heap.ledger.held();
            assert!(held < 80 << 20, "{body} holds {held} bytes");
        }
    }
    // What is dropped takes no room at all.
    for body in ["(string->symbol (number->string i))", "(gensym)", "(read (open-input-string (number->string i 3)))"] {
        let loops = format!("(let loop ((i 0)) (if (< i 1000000) (begin {body} (loop (+ i 1))) 'through))");
        assert_eq!(answer(&mut engine, &loops), "through", "{body}");
    }
}

/// Who keeps what he catches gets the error of too much data once; then it goes to the next handler.
fn growth_that_a_handler_keeps_is_told_further_out() {
    let mut engine = Engine::new().unwrap();
    engine.cx().heap.ledger.set_limit(60 << 20);
    for body in [
        "(let loop ((l '())) (loop (cons (guard (e (#t e)) (car 1)) l)))",
        "(let loop ((l '())) (loop (guard (e (#t l)) (cons (make-string 100 #\\x) l))))",
    ] {
        let text = format!("(guard (e ((error-object? e) 'caught)) {body})");
        for _ in 0..2 {
            assert_eq!(answer(&mut engine, &text), "caught", "{body}");
        }
    }
    // As often as there is nothing left, the innermost handler is asked first.
    let each = "(let loop ((n 0))
        (if (< n 3)
            (loop (+ n (guard (e ((error-object? e) 1)) (let grow ((l '())) (grow (cons 1 l))))))
            n))";
    assert_eq!(answer(&mut engine, each), "3");
}

/// How much more is held after evaluating a form 20,000 times than after a few thousand.
fn growth_by_evaluating(form: &str) -> usize {
    let mut engine = Engine::new().unwrap();
    let mut held = |rounds: u32| {
        let text = format!(
            "(let loop ((i 0))
               (if (< i {rounds})
                   (begin
                     (eval '{form} (interaction-environment))
                     (loop (+ i 1)))))
             (gc) (gc)"
        );
        answer(&mut engine, &text);
        engine.cx().heap.ledger.held()
    };
    held(2000);
    let before = held(1000);
    held(20000).saturating_sub(before)
}

/// What an evaluation makes goes when nobody needs it.
fn evaluating_for_ever_takes_no_more_memory() {
    for form in ["(lambda (x) x)", "(let-syntax ((m (syntax-rules () ((_ a) (let ((t a)) t))))) (m 3))"] {
        let growth = growth_by_evaluating(form);
        assert!(growth < 1 << 18, "{form}: {growth} bytes more");
    }
}

/// Where the system bounds what a process may map, a script gets an error; where there is not even room to begin, the program
/// says so and ends.
fn refused_memory_is_no_crash() {
    for (space, body, least) in [
        (600_000, "(make-vector 100000000 0)", "caught"),
        (600_000, "(let loop ((l '())) (loop (cons 1 l)))", "caught"),
        (600_000, "(let loop ((l '())) (loop (cons (make-vector 10000 0) l)))", "caught"),
        (600_000, "(let loop ((l '())) (loop (cons (open-output-string) l)))", "caught"),
        (300_000, "(let loop () (+ 1 (loop)))", "caught"),
        (300_000, "(let loop ((l '()) (i 0)) (loop (cons (string->symbol (number->string i)) l) (+ i 1)))", "caught"),
        (300_000, "(let ((h (make-hash-table))) (let loop ((i 0)) (hash-set! h i i) (loop (+ i 1))))", "caught"),
        (50_000, "1", ""),
    ] {
        let script = format!("(display (guard (e (#t 'caught)) {body}))");
        let output = std::process::Command::new("sh")
            .args(["-c", "ulimit -v $1; exec \"$2\" -c \"$3\"", "sh"])
            .args([space.to_string(), env!("CARGO_BIN_EXE_sockeye").to_string(), script])
            .output()
            .unwrap();
        let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.code().is_some(), "{body}: {} {told}", output.status);
        assert!(said.starts_with(least), "{body}: {} {said} {told}", output.status);
    }
}

/// Up to the limit a program is collected a few times, not again and again for less and less room; and what handles the error goes
/// past as many handlers as there are in a few steps.
fn the_limit_is_reached_after_few_collections() {
    for body in [
        "(let loop ((l '())) (loop (cons 1 l)))",
        "(let loop () (guard (e (#f #f)) (loop)) 1)",
        "(let loop () (with-exception-handler (lambda (e) (raise e)) (lambda () (loop) 1)) 1)",
        "(let loop ((l '())) (loop (cons (guard (e (#t e)) (car 1)) l)))",
        "(let loop ((l '()) (i 0)) (loop (cons (string->symbol (number->string i)) l) (+ i 1)))",
        "(let loop ((l '())) (loop (cons (eval '(lambda (x) x) (interaction-environment)) l)))",
        "(let ((t (make-hash-table))) (let loop ((i 0)) (hashq-set! t (list i) i) (loop (+ i 1))))",
        "(let ((t (make-weak-key-hash-table))) (let loop ((l '())) (hashq-set! t l 1) (loop (cons 1 l))))",
    ] {
        let mut engine = Engine::unrestricted().unwrap();
        engine.cx().heap.ledger.set_limit(80 << 20);
        assert_eq!(answer(&mut engine, &format!("(guard (e (#t 'caught)) {body})")), "caught", "{body}");
        let heap = &engine.cx().heap;
        let (majors, held) = (heap.major_collections, heap.ledger.held() >> 20);
        assert!(majors <= 8 && held < 120, "{body}: {majors} collections, {held} MiB held");
    }
}

/// Each of many afters raises something while control leaves them: what takes that is outside of all of them.
fn afters_that_fail_cost_no_more_each_for_being_many() {
    let text = "(let ((count 0))
      (guard (e (#t (list e count)))
        (let loop ((i 0))
          (dynamic-wind
            (lambda () #f)
            (lambda () (if (< i 100000) (begin (loop (+ i 1)) 1) (raise 'first)))
            (lambda () (set! count (+ count 1)) (raise count))))))";
    let mut engine = Engine::unrestricted().unwrap();
    let begun = std::time::Instant::now();
    assert_eq!(answer(&mut engine, text), "(100001 100001)");
    // If the square of their number counted, that would take minutes.
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}

/// Symbols that filled the memory and were let go leave it to others.
fn symbols_let_go_leave_room() {
    let script = "(catch #t
          (lambda () (let loop ((l '()) (i 0)) (loop (cons (string->symbol (number->string i)) l) (+ i 1))))
          (lambda (key . rest) (display key)))
        (let loop ((l '()) (i 0)) (if (< i 2000000) (loop (cons i l) (+ i 1)) (display \" and room\")))";
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_sockeye"))
        .args(["--max-memory", "64M", "-c", script])
        .output()
        .unwrap();
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(said, "out-of-memory and room", "{told}");
}

/// One after the other: the limit on descriptors is the whole process's.
#[test]
fn what_is_lost_comes_back() {
    lost_memory_is_found_as_often_as_it_is_needed();
    ports_and_buffers_stay_under_the_limit();
    growth_without_end_is_an_error();
    growth_that_a_handler_keeps_is_told_further_out();
    evaluating_for_ever_takes_no_more_memory();
    refused_memory_is_no_crash();
    the_limit_is_reached_after_few_collections();
    afters_that_fail_cost_no_more_each_for_being_many();
    symbols_let_go_leave_room();
    lost_descriptors_are_found_as_often_as_they_are_needed();
}
