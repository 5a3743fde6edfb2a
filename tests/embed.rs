//! The face for Rust programs: what its documentation does not show, and that what a host sets holds.

use sockeye::{Bytes, Data, Engine, ErrorKind, Failure, Handle, Later, Limit, Object, Permissions, Rest};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

fn engine() -> Engine {
    Engine::new().expect("an engine")
}

#[test]
fn values_go_there_and_back() {
    let mut engine = engine();
    engine.register("same", |data: Data| data).unwrap();
    for text in [
        "1",
        "-5",
        "4611686018427387904",
        "123456789012345678901234567890",
        "1.5",
        "#t",
        "#f",
        "#\\x",
        "\"é\\n\"",
        "sym",
        "(1 (2 . 3) #(4 5))",
        "#vu8(1 2 255)",
        "()",
        "(a . b)",
    ] {
        assert!(engine.eval::<bool>(&format!("(equal? '{text} (same '{text}))")).unwrap(), "{text}");
    }
    let both =
        |engine: &mut Engine, text: &str| engine.eval::<(i8, u64, Option<String>)>(text).map_err(|e| e.to_string());
    assert_eq!(both(&mut engine, "(list -128 18446744073709551615 #f)"), Ok((-128, u64::MAX, None)));
    assert!(both(&mut engine, "(list 128 0 #f)").is_err() && both(&mut engine, "(list 1 -1 #f)").is_err());
    assert!(engine.eval::<i64>("1/2").is_err() && engine.eval::<i64>("1.0").is_err());
    assert_eq!(engine.eval::<f64>("1/4").unwrap(), 0.25);
    assert_eq!(engine.eval::<Bytes>("#u8(1 2)").unwrap(), Bytes(vec![1, 2]));
    assert_eq!(engine.eval::<Vec<Vec<i64>>>("'((1) #(2 3))").unwrap(), [vec![1], vec![2, 3]]);
    let map: HashMap<String, i64> = engine.eval("'((\"a\" . 1) (\"b\" . 2))").unwrap();
    assert_eq!(map["b"], 2);
    let table: BTreeMap<String, i64> = engine.eval("(let ((t (make-hash-table))) (hash-set! t \"k\" 7) t)").unwrap();
    assert_eq!(table["k"], 7);
    engine.define("m", BTreeMap::from([("x", 1), ("y", 2)])).unwrap();
    assert_eq!(engine.eval::<i64>("(cdr (assoc \"y\" m))").unwrap(), 2);
    assert!(engine.eval::<Vec<i64>>("(let ((l (list 1 2))) (set-cdr! (cdr l) l) l)").is_err(), "a circle has no end");
}

#[test]
fn functions_check_what_they_are_given() {
    let mut engine = engine();
    engine.register("f", |a: i64, b: Option<String>, Rest(c): Rest<i64>| (a, b, c)).unwrap();
    assert_eq!(engine.eval::<Data>("(f 1)").unwrap().to_string(), "(1 #f ())");
    assert_eq!(engine.eval::<Data>("(f 1 \"x\" 2 3)").unwrap().to_string(), "(1 \"x\" (2 3))");
    let message = |engine: &mut Engine, text: &str| engine.eval::<Data>(text).unwrap_err().message().to_string();
    assert_eq!(message(&mut engine, "(f)"), "f: takes at least 1 argument, called with 0 arguments");
    assert_eq!(message(&mut engine, "(f 'a)"), "f: argument 1 should be an exact integer of 64 bits, got a");
    assert_eq!(message(&mut engine, "(f 1 \"x\" 2 'y)"), "f: argument 4 should be an exact integer of 64 bits, got y");
    engine.register("one", |n: i64| n).unwrap();
    assert!(message(&mut engine, "(one 1 2)").starts_with("one: takes 1 argument,"));
    assert_eq!(engine.eval::<String>("(with-output-to-string (lambda () (write one)))").unwrap(), "#<procedure one>");
    assert_eq!(engine.eval::<Vec<i64>>("(map one '(1 2))").unwrap(), [1, 2], "as a value");
}

#[test]
fn failures_are_conditions() {
    let mut engine = engine();
    engine.register("open", |path: String| -> Result<String, Failure> { Ok(std::fs::read_to_string(path)?) }).unwrap();
    assert_eq!(
        engine
            .eval::<i64>("(catch 'system-error (lambda () (open \"/nonexistent\")) (lambda e (system-error-errno e)))")
            .unwrap(),
        2
    );
    engine.register("own", || -> Result<(), _> { Err(Failure::new("no").key("app-error").irritant(5)) }).unwrap();
    assert_eq!(engine.eval::<Data>("(catch 'app-error own (lambda e (cadddr e)))").unwrap().to_string(), "(5)");
    let error = engine.eval::<()>("(own)").unwrap_err();
    assert_eq!((error.key(), error.message(), error.irritants()), ("app-error", "own: no 5", &[Data::Int(5)][..]));
    assert_eq!(engine.eval::<()>("(exit 3)").unwrap_err().kind(), ErrorKind::Exit(3));
    let error = engine.eval::<()>("(raise 'boom)").unwrap_err();
    assert!(error.object().is_some() && error.message().contains("boom"));
}

#[test]
fn handles_and_objects_live_as_long_as_they_should() {
    struct Drops(Arc<AtomicUsize>);
    impl Drop for Drops {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let drops = Arc::new(AtomicUsize::new(0));
    let mut engine = engine();
    for _ in 0..10 {
        engine.define("object", Object::new("thing", Drops(drops.clone()))).unwrap();
    }
    engine.collect();
    engine.collect();
    assert_eq!(drops.load(Ordering::SeqCst), 9);
    let handle: Handle = engine.get("object").unwrap();
    engine.define("object", 0).unwrap();
    engine.collect();
    assert_eq!(drops.load(Ordering::SeqCst), 9);
    drop(handle);
    engine.collect();
    engine.collect();
    assert_eq!(drops.load(Ordering::SeqCst), 10);
    engine.define("object", Object::new("thing", Drops(drops.clone()))).unwrap();
    drop(engine);
    assert_eq!(drops.load(Ordering::SeqCst), 11, "an engine takes its objects with it");
}

#[test]
fn many_handles_stay_right_while_things_move() {
    let mut engine = engine();
    let handles: Vec<Handle> =
        (0..1000).map(|n| engine.eval(&format!("(lambda () (list {n} (make-vector 100 {n})))")).unwrap()).collect();
    engine.eval::<()>("(let loop ((i 0)) (if (< i 100000) (begin (make-vector 10 i) (loop (+ i 1)))))").unwrap();
    for (n, handle) in handles.iter().enumerate() {
        let answer: (usize, Vec<usize>) = engine.call(handle, ()).unwrap();
        assert_eq!((answer.0, answer.1[99]), (n, n));
    }
}

/// Whatever a program does about it: what its host has set ends it.
#[test]
fn nothing_swallows_a_limit() {
    let swallowers = [
        "(let loop () (loop))",
        "(let loop () (guard (e (#t (loop))) (loop)))",
        "(let loop () (dynamic-wind (lambda () #f) (lambda () (loop)) (lambda () (loop))))",
        "(let loop () (with-exception-handler (lambda (e) (loop)) (lambda () (loop))))",
        "(let loop () (catch #t (lambda () (let inner () (inner))) (lambda e (loop))))",
        "(let ((k #f)) (call/cc (lambda (c) (set! k c))) (guard (e (#t (k 1))) (k 2)))",
        "(begin (spawn-fiber (lambda () (let loop () (guard (e (#t (loop))) (loop))))) (let loop () (yield-fiber) (loop)))",
        "(let loop ((n 0)) (with-throw-handler #t (lambda () (loop (+ n 1))) (lambda e (loop 0))))",
        "(call-with-prompt 'p (lambda () (let loop () (loop))) (lambda (k) k))",
        "(letrec ((f (lambda (n) (f (delay (force (make-promise n))))))) (f 1))",
    ];
    let mut by_steps = Engine::builder().steps(200_000).build().unwrap();
    let mut by_time = Engine::builder().time(Duration::from_millis(60)).build().unwrap();
    for program in swallowers {
        let error = by_steps.eval::<()>(program).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit(Limit::Steps), "{program}: {error}");
        assert_eq!(by_steps.eval::<i64>("(+ 1 2)").unwrap(), 3, "{program}");
        let start = Instant::now();
        let error = by_time.eval::<()>(program).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit(Limit::Time), "{program}: {error}");
        assert!(start.elapsed() < Duration::from_secs(2), "{program}: {:?}", start.elapsed());
        assert_eq!(by_time.eval::<i64>("(fiber-join (spawn-fiber (lambda () 3)))").unwrap(), 3);
    }
}

#[test]
fn steps_are_counted_exactly() {
    let program =
        |n: i64| format!("(define n 0) (let loop ((i 0)) (if (< i {n}) (begin (set! n i) (vector i) (loop (+ i 1)))))");
    let stops_at = |stress: bool| {
        let mut engine = Engine::builder().steps(12_345).build().unwrap();
        if stress {
            engine.core().stress_collector();
        }
        assert!(engine.eval::<()>(&program(1_000_000)).is_err());
        engine.get::<i64>("n").unwrap()
    };
    let first = stops_at(false);
    assert!((12_000..12_400).contains(&first), "{first}");
    assert_eq!(stops_at(false), first);
    assert_eq!(stops_at(true), first, "collections do not count");
}

#[test]
fn sleeping_fibers_have_timers_too() {
    let granted = sockeye::Permissions::none().grant(sockeye::Access::Time);
    let mut engine = Engine::builder().permissions(granted).timers(3).build().unwrap();
    for nap in ["(sleep 60)", "(apply sleep '(60))", "(select '() '() '() 60)", "(nap)"] {
        engine.register("nap", || Later::after(Duration::from_secs(60), || ())).unwrap();
        let text =
            format!("(for-each fiber-join (reverse (map (lambda (n) (spawn-fiber (lambda () {nap}))) (iota 9))))");
        let start = Instant::now();
        let error = engine.eval::<()>(&text).unwrap_err();
        assert!(error.message().contains("no more than 3 timers"), "{nap}: {error}");
        assert!(start.elapsed() < Duration::from_secs(30));
        engine = Engine::builder()
            .permissions(sockeye::Permissions::none().grant(sockeye::Access::Time))
            .timers(3)
            .build()
            .unwrap();
    }
    // A time past all that clocks can tell.
    engine.register("for-ever", || Later::after(Duration::MAX, || ())).unwrap();
    let task = engine.spawn("for-ever", ()).unwrap();
    engine.poll_once().unwrap();
    engine.interrupt_handle().call();
    engine.wait(Duration::MAX).unwrap();
    engine.cancel(&task);
}

/// The other tests of this process have descriptors, too, but not so many.
#[test]
fn an_engine_that_does_not_wait_holds_no_descriptor() {
    let held = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let before = held();
    let mut engines: Vec<Engine> = (0..400).map(|_| engine()).collect();
    for engine in &mut engines {
        assert_eq!(engine.eval::<i64>("(fiber-join (spawn-fiber (lambda () (yield-fiber) (+ 1 2))))").unwrap(), 3);
    }
    let after = held();
    assert!(after < before + 200, "{before} {after}");
    // Who is called before the first wait does not wait.
    let interrupt = engines[0].interrupt_handle();
    interrupt.call();
    let start = Instant::now();
    engines[0].wait(Duration::from_secs(20)).unwrap();
    interrupt.raise();
    assert_eq!(engines[0].eval::<()>("(sleep 20)").unwrap_err().kind(), ErrorKind::Interrupted);
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn sources_that_may_not_be_read_are_refused() {
    let mut engine = Engine::builder().load_path("/nowhere").source("here.scm", "(define y 2)").build().unwrap();
    for (text, permission) in [
        ("(include \"/etc/passwd\")", "read=/etc/passwd"),
        ("(include \"/no/such/file\")", "read=/no/such/file"),
        ("(begin (include-ci \"/etc/passwd\"))", "read=/etc/passwd"),
        ("(load \"/etc/passwd\")", "read=/etc/passwd"),
        ("(primitive-load \"/etc/passwd\")", "read=/etc/passwd"),
        ("(import (my own))", "read=/nowhere/my/own.sld"),
        ("(use-modules (my own))", "read=/nowhere/my/own.sld"),
        ("(eval '(import (my own)) (current-module))", "read=/nowhere/my/own.sld"),
    ] {
        let error = engine.eval::<()>(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused, "{text}: {error}");
        assert!(error.message().contains(&format!("this needs the permission {permission}")), "{text}: {error}");
    }
    assert_eq!(engine.eval::<i64>("(include \"here.scm\") y").unwrap(), 2);
    let caught = "(guard (e (#t 'caught)) (eval '(include \"/etc/passwd\") (current-module)))";
    assert_eq!(engine.eval::<sockeye::Symbol>(caught).unwrap().0, "caught");
    let missing = Engine::builder().build().unwrap().eval::<()>("(import (my own))").unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::Raised, "no folder was looked in: {missing}");
}

#[test]
fn time_ends_builtins_and_waits() {
    let programs = [
        "(expt 7 3000000000)",
        "(let loop ((n 3)) (if (> n 0) (loop (* n n)) n))",
        "(sort (vector->list (make-vector 5000000 1)) <)",
        "(string-search-forward \"ab\" (make-string 200000000 #\\a) 0)",
        "(let ((l (list 1 2))) (set-cdr! (cdr l) l) (equal? l (let ((m (list 1 2))) (set-cdr! (cdr m) m) m)) (let loop () (length+ l) (loop)))",
        "(read-char (car (pipe)))",
        "(fiber-join (spawn-fiber (lambda () (read-char (car (pipe))))))",
        "(select '() '() '())",
        "(pause)",
        "(regexp-exec (make-regexp \"(a|b)*c\") (make-string 100000000 #\\a))",
        "(regexp-exec (make-regexp \"(.*)x(.*)y\") (string-append (make-string 20000000 #\\x) \"y\"))",
        "(regexp-exec (make-regexp \"([ab]*a[ab]{1000}){50}c\") (make-string 1000000 #\\a))",
        "(regexp-exec (make-regexp \"\\\\bx\\\\b\") (make-string 20000000 #\\é))",
        "(let loop () (false-if-exception (make-regexp (make-string 1000000 #\\{))) (loop))",
        "(let loop () (false-if-exception (make-regexp \"(.*\\\\w{1,30000}){1,30000}\")) (loop))",
    ];
    for program in programs {
        let mut engine = Engine::builder().time(Duration::from_millis(50)).memory(1 << 30).build().unwrap();
        let start = Instant::now();
        let result = engine.eval::<()>(program);
        let taken = start.elapsed();
        // Some are refused or done before.
        if let Err(error) = result {
            assert!(error.is_limit() || taken < Duration::from_millis(50), "{program}: {error} after {taken:?}");
        }
        assert!(taken < Duration::from_millis(1500), "{program}: {taken:?}");
    }
}

/// What is always ready makes no wait that the time could end.
#[test]
fn time_ends_what_reads_and_gathers() {
    let folder = tempfile::tempdir().unwrap();
    let sparse = folder.path().join("sparse");
    std::fs::File::create(&sparse).unwrap().set_len(4 << 30).unwrap();
    let bad = folder.path().join("bad");
    std::fs::write(&bad, vec![0xff; 30_000_000]).unwrap();
    let programs = [
        "(read endless)",
        "(read-line endless)",
        "(read-string endless)",
        "(read-line (open-input-file sparse))",
        "(read-string 3000000000 (open-input-file sparse))",
        "(read-delimited \"x\" (open-input-file sparse))",
        "(read-bytevector 3000000000 (open-input-file sparse))",
        "(let loop () (read-line (open-input-file bad)) (loop))",
        "(let ((s (string-append \"x\" (make-string 10000000 #\\é)))) (let loop () (read-delimited \"y\" (open-input-string s)) (loop)))",
        "(let ((s (string-append \"#x\" (make-string 40000000 #\\a)))) (let loop () (read (open-input-string s)) (loop)))",
        "(let ((s (string-append \"|\" (make-string 40000000 #\\a) \"|\"))) (let loop () (read (open-input-string s)) (loop)))",
        "(let ((l (make-list 1000000 1))) (let loop () (call/cc (lambda (k) (apply k l))) (loop)))",
        "(let ((l (make-list 1000000 1))) (let loop () (catch 'a (lambda () (apply throw 'a l)) list) (loop)))",
        "(begin (import (srfi 27)) (let ((n (expt 10 100000))) (let loop () (random-integer n) (loop))))",
    ];
    for program in programs {
        let mut engine = Engine::builder()
            .permissions(sockeye::Permissions::all())
            .time(Duration::from_millis(50))
            .memory(2 << 30)
            .build()
            .unwrap();
        engine.define("endless", sockeye::Port::reader("endless", std::io::repeat(b'7'))).unwrap();
        engine.define("sparse", sparse.to_str().unwrap().to_string()).unwrap();
        engine.define("bad", bad.to_str().unwrap().to_string()).unwrap();
        let start = Instant::now();
        let error = engine.eval::<()>(program).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit(Limit::Time), "{program}: {error}");
        assert!(start.elapsed() < Duration::from_millis(600), "{program}: {:?}", start.elapsed());
    }
}

/// Bounds of nothing, of next to nothing, and as large as can be said.
#[test]
fn limits_of_any_size_are_kept() {
    let build = |builder: sockeye::Builder| builder.permissions(sockeye::Permissions::all()).build().unwrap();
    for tiny in [Duration::ZERO, Duration::from_nanos(1), Duration::from_micros(20)] {
        let mut engine = build(Engine::builder().time(tiny));
        let kind = |result: Result<(), sockeye::Error>| result.unwrap_err().kind();
        assert_eq!(kind(engine.eval::<()>("(let loop () (loop))")), ErrorKind::Limit(Limit::Time));
        assert_eq!(kind(engine.eval::<()>("(select '() '() '())")), ErrorKind::Limit(Limit::Time));
    }
    for steps in [0, 1, 2] {
        let mut engine = build(Engine::builder().steps(steps));
        let error = engine.eval::<()>("(let loop () (loop))").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit(Limit::Steps));
    }
    for count in [0, 1] {
        let mut engine = build(Engine::builder().output_size(count).capture_output());
        let error = engine.eval::<()>("(guard (e (#t 1)) (display \"hello\") (flush-output-port))").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit(Limit::Output));
        assert!(engine.take_output().len() <= count as usize);
        for (builder, program, said) in [
            (Engine::builder().memory(count as usize), "(make-vector 100000 0)", "limit of"),
            (Engine::builder().depth(count as usize), "(let f () (+ 1 (f)))", "nested too deeply"),
            (Engine::builder().descriptors(count as usize), "(list (pipe) (pipe))", "no more than"),
            (
                Engine::builder().fibers(count as usize),
                "(list (spawn-fiber pause) (spawn-fiber pause))",
                "no more than",
            ),
            (
                Engine::builder().timers(count as usize),
                "(define (nap) (usleep 1000)) (for-each fiber-join (list (spawn-fiber nap) (spawn-fiber nap)))",
                "no more than",
            ),
        ] {
            let mut engine = build(builder);
            let error = engine.eval::<()>(program).expect_err(program);
            assert!(error.message().contains(said), "{program}: {error}");
        }
    }
    let most = Engine::builder().time(Duration::MAX).steps(u64::MAX).output_size(u64::MAX);
    let most = most.memory(usize::MAX).depth(usize::MAX).descriptors(usize::MAX).fibers(usize::MAX).timers(usize::MAX);
    let mut engine = build(most);
    assert_eq!(engine.eval::<i64>("(display 1) (usleep 1000) (fiber-join (spawn-fiber (lambda () 42)))").unwrap(), 42);
}

/// The bounds of those that go on hold when another is cancelled, be it when nothing is left.
#[test]
fn cancelling_keeps_the_bounds() {
    for time in [Duration::ZERO, Duration::from_millis(60)] {
        let mut engine = Engine::builder().time(time).build().unwrap();
        let _ = engine.eval::<()>("(define (spin) (spin))");
        let Ok(first) = engine.spawn("spin", ()) else { continue };
        let second = engine.spawn("spin", ()).unwrap();
        engine.cancel(&first);
        let start = Instant::now();
        let _ = engine.run();
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_eq!(engine.take::<i64>(&second).unwrap().unwrap_err().kind(), ErrorKind::Limit(Limit::Time));
    }
}

#[test]
fn memory_depth_and_counts_are_errors() {
    let caught = |engine: &mut Engine, body: &str| {
        let text = format!("(guard (e (#t (if (error-object? e) 'error (list 'other e)))) {body})");
        let answer = engine.eval::<Data>(&text).unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(answer.to_string(), "error", "{body}");
        assert_eq!(engine.eval::<i64>("(+ 1 2)").unwrap(), 3);
    };
    let mut engine =
        Engine::builder().memory(64 << 20).depth(1 << 20).descriptors(4).fibers(4).timers(4).build().unwrap();
    caught(&mut engine, "(let loop ((l '())) (loop (cons (make-vector 1000 0) l)))");
    caught(&mut engine, "(let f () (+ 1 (f)))");
    caught(&mut engine, "(let f ((n 0)) (+ 1 (call/cc (lambda (k) (f n)))))");
    caught(&mut engine, "(let loop ((l '())) (loop (cons (pipe) l)))");
    caught(&mut engine, "(let loop () (spawn-fiber (lambda () (let wait () (yield-fiber) (wait)))) (loop))");
    // What catches each of them, and goes on, goes on for ever: another limit is for that.
    let mut engine = Engine::builder().depth(1 << 20).steps(20_000_000).build().unwrap();
    let error = engine.eval::<()>("(let f () (guard (e (#t (f))) (+ 1 (f))))").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit(Limit::Steps));
    assert_eq!(engine.eval::<i64>("(+ 1 2)").unwrap(), 3);
}

/// What a host keeps of what is written.
struct Shared(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn output_is_counted() {
    let mut engine = Engine::builder().output_size(100).capture_output().build().unwrap();
    let error = engine
        .eval::<()>("(let loop () (guard (e (#t (loop))) (display \"hello\") (force-output) (loop)))")
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit(Limit::Output));
    let output = engine.take_output();
    assert!(output.len() <= 110, "{output}");
    engine.eval::<()>("(display \"again\")").unwrap();
    assert!(engine.take_output().ends_with("again"));
    // What a run leaves in a buffer was written by it: none of it comes out later.
    let written = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    for mut engine in [
        Engine::builder().output_size(100).capture_output().build().unwrap(),
        Engine::builder().output_size(100).output(Shared(written.clone())).build().unwrap(),
    ] {
        let error = engine.eval::<()>("(display (make-string 101 #\\x))").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit(Limit::Output));
        engine.eval::<()>("(display \"again\")").unwrap();
        engine.flush().unwrap();
        assert!(["", "again"].contains(&engine.take_output().as_str()));
    }
    assert_eq!(*written.lock().unwrap(), b"again");
}

#[test]
fn output_counts_when_a_port_takes_it() {
    let directory = std::env::temp_dir().join(format!("sockeye-output-{}", std::process::id()));
    let written =
        || std::fs::read_dir(&directory).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum::<u64>();
    // Buffers are written when their ports are collected, and when the engine goes.
    for text in [
        "(do ((i 0 (+ i 1))) ((= i 100)) (write-bytevector (make-bytevector 900) (open i)))",
        "(do ((i 0 (+ i 1))) ((= i 100)) (write-bytevector (make-bytevector 900) (open i)) (gc))",
        "(define ports '())
         (do ((i 0 (+ i 1))) ((= i 100)) (set! ports (cons (open i) ports)) (write-bytevector (make-bytevector 900) (car ports)))",
        "(let ((port (open 0))) (let loop () (guard (e (#t (loop))) (write-u8 1 port) (loop))))",
        "(let ((port (open 0))) (setvbuf port 'none) (let loop () (guard (e (#t (loop))) (write-u8 1 port) (loop))))",
    ] {
        std::fs::create_dir(&directory).unwrap();
        let mut engine = Engine::builder().permissions(Permissions::all()).output_size(5000).build().unwrap();
        engine.define("directory", directory.to_str().unwrap()).unwrap();
        let open = "(define (open i) (open-file (string-append directory \"/\" (number->string i)) \"wb\"))";
        engine.eval::<()>(open).unwrap();
        assert_eq!(engine.eval::<()>(text).unwrap_err().kind(), ErrorKind::Limit(Limit::Output), "{text}");
        drop(engine);
        assert!((4500..=5000).contains(&written()), "{text}: {}", written());
        std::fs::remove_dir_all(&directory).unwrap();
    }
}

#[test]
fn standard_ports_are_the_hosts_to_give() {
    let mut engine = Engine::builder().input("(1 2 3)".as_bytes()).capture_output().build().unwrap();
    engine.eval::<()>("(display (apply + (read)))").unwrap();
    assert_eq!(engine.take_output(), "6");
    let mut nothing = self::engine();
    assert!(nothing.eval::<bool>("(eof-object? (read-char))").unwrap(), "the process's input is not the program's");
}

#[test]
fn a_thousand_engines_in_threads() {
    let threads: Vec<_> = (0..4)
        .map(|t| {
            std::thread::spawn(move || {
                let mut engines: Vec<Engine> = (0..250).map(|_| engine()).collect();
                for (n, engine) in engines.iter_mut().enumerate() {
                    engine.define("n", n as i64 * t).unwrap();
                }
                engines
            })
        })
        .collect();
    let mut engines: Vec<Engine> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    let total: i64 = engines.iter_mut().map(|engine| engine.eval::<i64>("(* 2 n)").unwrap()).sum();
    assert_eq!(total, (0..4).map(|t| (0..250).map(|n| 2 * n * t).sum::<i64>()).sum::<i64>());
}

#[test]
fn functions_that_wait_let_others_run() {
    let mut engine = engine();
    engine
        .register("job", |n: i64| {
            Later::thread(move || {
                std::thread::sleep(Duration::from_millis(30));
                n
            })
        })
        .unwrap();
    let start = Instant::now();
    let sum: i64 = engine
        .eval("(apply + (map fiber-join (map (lambda (n) (spawn-fiber (lambda () (job n)))) '(1 2 3 4 5 6 7 8))))")
        .unwrap();
    assert_eq!(sum, 36);
    assert!(start.elapsed() < Duration::from_millis(200), "{:?}", start.elapsed());
    engine.register("lost", || Later::<i64>::channel().map(|(_, later)| later)).unwrap();
    assert!(engine.eval::<()>("(lost)").unwrap_err().message().contains("nobody is left"));
    let (completer, later) = Later::<String>::channel().unwrap();
    let mut later = Some(later);
    engine.register("told", move || later.take()).unwrap();
    let teller = std::thread::spawn(move || completer.complete("news".to_string()));
    assert_eq!(engine.eval::<String>("(told)").unwrap(), "news");
    teller.join().unwrap();
}

/// The program's `never` waits for what nobody will answer.
fn add_never(engine: &mut Engine) {
    engine
        .register("never", || {
            Later::<()>::channel().map(|(completer, later)| {
                std::mem::forget(completer);
                later
            })
        })
        .unwrap();
}

#[test]
fn a_call_that_waits_ends_with_its_time() {
    let mut engine = Engine::builder().time(Duration::from_millis(50)).build().unwrap();
    add_never(&mut engine);
    let start = Instant::now();
    assert!(engine.eval::<()>("(never)").unwrap_err().is_limit());
    assert!(start.elapsed() < Duration::from_millis(500));
}

#[test]
fn tasks_share_an_engine() {
    let mut engine = engine();
    engine.register("nap", |n: u64| Later::after(Duration::from_millis(n), move || n)).unwrap();
    let tasks: Vec<_> = [30u64, 10, 20].iter().map(|n| engine.spawn("nap", (*n,)).unwrap()).collect();
    engine.run().unwrap();
    let ends: Vec<u64> = tasks.iter().map(|task| engine.take(task).unwrap().unwrap()).collect();
    assert_eq!(ends, [30, 10, 20]);
    let forever = engine.eval::<Handle>("(lambda () (let loop () (yield-fiber) (loop)))").unwrap();
    let task = engine.spawn(&forever, ()).unwrap();
    engine.poll_once().unwrap();
    engine.cancel(&task);
    while engine.take::<()>(&task).is_none() {
        engine.poll_once().unwrap();
    }
}

#[test]
fn interrupts_come_from_any_thread() {
    let mut engine = engine();
    let handle = engine.interrupt_handle();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(30));
        handle.raise();
    });
    assert_eq!(engine.eval::<()>("(let loop () (loop))").unwrap_err().kind(), ErrorKind::Interrupted);
    thread.join().unwrap();
}

/// What waits for the host, with no other fiber about: called in the middle of a program, and by apply.
#[test]
fn interrupts_end_calls_that_wait() {
    let mut engine = engine();
    add_never(&mut engine);
    for program in ["(list (never))", "(never)", "(apply never '())"] {
        let handle = engine.interrupt_handle();
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(30));
            handle.raise();
        });
        let start = Instant::now();
        let error = engine.eval::<()>(program).unwrap_err();
        thread.join().unwrap();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{program}");
        assert!(start.elapsed() < Duration::from_millis(500), "{program}: {:?}", start.elapsed());
    }
}

#[test]
fn what_is_not_granted_is_refused() {
    let mut engine = engine();
    let error = engine.eval::<()>("(open-input-file \"/etc/passwd\")").unwrap_err();
    assert_eq!((error.kind(), error.key()), (ErrorKind::Refused, "system-error"));
    assert!(error.message().contains("read=/etc/passwd"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "text").unwrap();
    let permissions =
        Permissions::none().allow(sockeye::permission::Access::Read, folder.path().to_str().unwrap()).unwrap();
    let mut engine = Engine::builder().permissions(permissions).build().unwrap();
    let read = format!("(call-with-input-file \"{}/a.txt\" read-line)", folder.path().display());
    assert_eq!(engine.eval::<String>(&read).unwrap(), "text");
}

#[test]
fn errors_carry_the_whole_traceback() {
    let mut engine = engine();
    engine.register("fail", |n: i64| -> Result<i64, Failure> { Err(Failure::new(format!("no {n}"))) }).unwrap();
    let deep =
        "(define (down n) (+ 1 (if (= n 0) (fail 7) (down (- n 1)))))\n(define (top) (list (down 1000)))\n(list (top))";
    let error = engine.load::<()>("deep.scm", deep).unwrap_err();
    let frames = error.frames();
    assert_eq!(frames.len(), 1004, "the host's function, 1001 times down, top, and the program itself");
    assert_eq!((frames[0].name.as_str(), &frames[0].place), ("fail", &None));
    assert!(frames[1..1002].iter().all(|frame| frame.name == "down"));
    assert_eq!((frames[1002].name.as_str(), frames[1003].name.as_str()), ("top", "top level"));
    assert_eq!(frames[1003].place, Some(("deep.scm".to_string(), 3, 7)));
    assert_eq!(error.place(), Some(("deep.scm", 1, 35)));
    // What is no condition has one, too.
    let error = engine.load::<()>("r.scm", "(define (f) (list (raise 'x)))\n(list (f))").unwrap_err();
    let names: Vec<&str> = error.frames().iter().map(|frame| frame.name.as_str()).collect();
    assert_eq!(names, ["f", "top level"]);
    assert!(error.excerpt().unwrap().contains("(raise 'x)"));
    // An error that was handled leaves nothing behind.
    engine.eval::<()>("(guard (e (#t 1)) (down 5))").unwrap();
    assert_eq!(engine.eval::<()>("(car 1)").unwrap_err().frames().len(), 1);
}

#[test]
fn limits_say_where_the_program_was() {
    let program = "(define (spin n)\n  (spin (length (list n 1))))\n(list (spin 0))";
    for builder in [Engine::builder().steps(10_000), Engine::builder().time(Duration::from_millis(20))] {
        let error = builder.build().unwrap().load::<()>("spin.scm", program).unwrap_err();
        assert!(error.is_limit());
        assert_eq!(error.place().map(|(name, line, _)| (name, line)), Some(("spin.scm", 2)), "{:?}", error.frames());
        assert!(error.report().contains("(length (list n 1))"), "{}", error.report());
        assert_eq!(error.frames().last().unwrap().name, "top level");
    }
    // In a builtin, and in a wait.
    for (program, name) in [
        ("(define (f)\n (list (let loop ((n 3)) (loop (* n n)))))\n(list (f))", "f"),
        ("(define (g)\n (list (pause)))\n(list (g))", "g"),
    ] {
        let mut engine = Engine::builder().time(Duration::from_millis(30)).build().unwrap();
        let error = engine.load::<()>("b.scm", program).unwrap_err();
        assert!(error.is_limit(), "{error}");
        assert!(error.frames().iter().any(|frame| frame.name == name), "{program}: {:?}", error.frames());
    }
}

#[test]
fn sockets_and_files_are_handed_over_with_the_permission_to_use_them() {
    use sockeye::Port;
    use std::io::{Read, Write};
    let mut engine = engine();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    engine.define("listener", Port::socket(listener)).unwrap();
    let mut client = std::net::TcpStream::connect(address).unwrap();
    client.write_all(b"hello\n").unwrap();
    let taken = "(define peer (car (accept listener))) (define line (read-line peer)) (display line peer) (close-port peer) line";
    assert_eq!(engine.eval::<String>(taken).unwrap(), "hello");
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "hello");
    for refused in [
        "(socket AF_INET SOCK_STREAM 0)",
        "(connect listener AF_INET INADDR_LOOPBACK 9)",
        "(listen listener 5)",
        "(dup->fdes listener)",
        "(fdopen 0 \"r\")",
    ] {
        assert_eq!(engine.eval::<()>(refused).unwrap_err().kind(), ErrorKind::Refused, "{refused}");
    }
    // The port owns the descriptor.
    assert!(engine.eval::<bool>("(close-port listener)").unwrap());
    assert!(std::net::TcpStream::connect(address).is_err());

    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"first\n").unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    engine.define("notes", Port::file("notes", file.try_clone().unwrap())).unwrap();
    let both = "(define line (read-line notes)) (display \"second\" notes) (close-port notes) line";
    assert_eq!(engine.eval::<String>(both).unwrap(), "first");
    let mut all = String::new();
    std::io::Seek::rewind(&mut file).unwrap();
    file.read_to_string(&mut all).unwrap();
    assert_eq!(all, "first\nsecond");
    let wrong = engine.define("notes", Port::socket(file)).unwrap_err();
    assert!(wrong.message().contains("not a socket"), "{wrong}");
}

#[test]
fn copies_of_what_is_shared_or_circular_stay_small() {
    let mut engine = Engine::builder().memory(32 << 20).time(Duration::from_secs(20)).build().unwrap();
    // A circle has no copy, and is held.
    assert!(matches!(engine.eval::<Data>("(define l (list 1 2)) (set-cdr! (cdr l) l) l").unwrap(), Data::Handle(_)));
    assert!(engine.eval::<Vec<i64>>("l").is_err());
    assert!(matches!(engine.eval::<Data>("(let ((v (vector 1))) (vector-set! v 0 v) v)").unwrap(), Data::Vector(_)));
    // A few hundred words that unfold to more than there is.
    let unfolding = "(let loop ((v 1) (n 0)) (if (= n 200) v (loop (vector v v) (+ n 1))))";
    let error = engine.eval::<Data>(unfolding).unwrap_err();
    assert!(error.message().contains("within the memory limit"), "{error}");
    let error = engine.eval::<Vec<String>>("(make-list 100000 (make-string 10000 #\\a))").unwrap_err();
    assert!(error.message().contains("within the memory limit"), "{error}");
    engine.register("take", |_: Data| 1).unwrap();
    assert!(engine.eval::<bool>(&format!("(guard (e (#t #t)) (take {unfolding}) #f)")).unwrap());
    assert_eq!(engine.eval::<i64>("(take '(1 2 3))").unwrap(), 1);
}

#[test]
fn more_types_go_there_and_back() {
    use std::borrow::Cow;
    use std::collections::{BTreeSet, HashSet, VecDeque};
    use std::path::PathBuf;
    let mut engine = Engine::new().unwrap();
    assert_eq!(engine.eval::<(i64, String)>("(values 1 \"a\")").unwrap(), (1, "a".to_string()));
    assert_eq!(engine.eval::<Vec<(String, i64)>>("'((\"a\" . 1) (\"b\" 2))").unwrap().len(), 2);
    assert_eq!(engine.eval::<[i64; 2]>("'(1 2)").unwrap(), [1, 2]);
    assert!(engine.eval::<[i64; 2]>("'(1 2 3)").is_err());
    assert_eq!(engine.eval::<BTreeSet<i64>>("'(2 1 2)").unwrap(), BTreeSet::from([1, 2]));
    assert_eq!(engine.eval::<HashSet<char>>("#(#\\a)").unwrap(), HashSet::from(['a']));
    assert_eq!(engine.eval::<VecDeque<bool>>("'(#t #f)").unwrap(), [true, false]);
    assert_eq!(engine.eval::<i128>("(- (expt 2 127))").unwrap(), i128::MIN);
    assert_eq!(engine.eval::<u128>("(- (expt 2 128) 1)").unwrap(), u128::MAX);
    assert!(engine.eval::<u128>("(expt 2 128)").is_err() && engine.eval::<u128>("-1").is_err());
    engine.define("big", u128::MAX).unwrap();
    engine.define("path", PathBuf::from("/tmp")).unwrap();
    engine.define("words", &["a", "b"][..]).unwrap();
    engine.define("name", Cow::Borrowed("x")).unwrap();
    assert!(
        engine
            .eval::<bool>("(equal? (list (+ big 1) path words name) (list (expt 2 128) \"/tmp\" '(\"a\" \"b\") \"x\"))")
            .unwrap()
    );
    let text = r#"(1/3 2+3i "a\n\a" #\space |a b| || +inf.0 (1 2 . 3) #(#\x0))"#;
    let data: Data = engine.eval(&format!("'{text}")).unwrap();
    assert_eq!(data.to_string(), text.replace("#\\x0", "#\\null"));
    engine.define("data", data).unwrap();
    assert!(engine.eval::<bool>(&format!("(equal? data '{text})")).unwrap());
}

#[test]
fn a_panic_of_the_hosts_leaves_the_engine_as_good_as_before() {
    let mut engine = Engine::builder().steps(100_000).build().unwrap();
    engine.register("half", |n: i64| if n % 2 == 0 { n / 2 } else { panic!("an odd one") }).unwrap();
    for text in ["(half 1)", "(fiber-join (spawn-fiber (lambda () (half 1))))", "(map half '(2 4 5))"] {
        let run = std::panic::AssertUnwindSafe(|| engine.eval::<()>(text));
        assert!(std::panic::catch_unwind(run).is_err());
        // Each run has all of its steps again, and the function goes on.
        for _ in 0..5 {
            let sum =
                engine.eval::<i64>("(let loop ((n 0) (sum 0)) (if (= n 20000) (+ sum (half 2)) (loop (+ n 1) n)))");
            assert_eq!(sum.unwrap(), 20_000);
        }
        assert!(engine.eval::<()>("(let loop () (loop))").unwrap_err().is_limit());
    }
}

#[test]
fn what_fails_in_the_host_keeps_its_words() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is full"))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut engine = Engine::new().unwrap();
    engine.define("full", sockeye::Port::writer("full", Full)).unwrap();
    let error = engine.eval::<()>("(display 1 full) (force-output full)").unwrap_err();
    assert!(error.message().contains("the disk is full"), "{error}");
    engine.register("text", || Err::<i64, _>("a text")).unwrap();
    engine.register("boxed", || -> Result<i64, Box<dyn std::error::Error>> { Err("a box".into()) }).unwrap();
    engine
        .register("file", || -> Result<i64, Box<dyn std::error::Error>> {
            Err(Box::new(std::io::Error::from_raw_os_error(2)))
        })
        .unwrap();
    assert_eq!(engine.eval::<()>("(text)").unwrap_err().message(), "text: a text");
    assert_eq!(engine.eval::<()>("(boxed)").unwrap_err().message(), "boxed: a box");
    assert_eq!(engine.eval::<()>("(file)").unwrap_err().key(), "system-error");
    assert!(engine.library("(a) (b)").finish().is_err() && engine.library("").finish().is_err());
    // What is raised that is no condition is told with its place, too.
    let error = engine.load::<()>("odd.scm", "(define (f x) (+ 1 (raise x)))\n(f 'odd)").unwrap_err();
    assert_eq!(error.place(), Some(("odd.scm", 1, 20)));
    assert!(error.report().contains("(raise x)") && error.report().contains("odd.scm:2:1"), "{}", error.report());
}

#[test]
fn what_ends_a_fiber_is_told_on_the_hosts_standard_error() {
    let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut engine = Engine::builder().errors(Shared(told.clone())).output_size(5000).build().unwrap();
    engine.eval::<()>("(spawn-fiber (lambda () (error \"lost\"))) (yield-fiber) (yield-fiber)").unwrap();
    assert!(String::from_utf8_lossy(&told.lock().unwrap()).contains("lost"));
    let error =
        engine.eval::<()>("(let loop () (spawn-fiber (lambda () (error \"spam\"))) (yield-fiber) (loop))").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit(sockeye::Limit::Output));
    assert!(told.lock().unwrap().len() < 10_000);
}

#[test]
fn a_loop_made_of_a_continuation_alone_has_an_end() {
    let text = "(let ((k #f)) (letrec ((x (call/cc (lambda (c) (set! k c) 0)))) (if k (let ((c k)) (c 0)) 1)))";
    let mut engine = Engine::builder().steps(100_000).memory(32 << 20).build().unwrap();
    assert_eq!(engine.eval::<()>(text).unwrap_err().kind(), ErrorKind::Limit(Limit::Steps));
    let mut engine = Engine::builder().time(Duration::from_millis(50)).memory(32 << 20).build().unwrap();
    assert_eq!(engine.eval::<()>(text).unwrap_err().kind(), ErrorKind::Limit(Limit::Time));
}

/// A named pipe that nobody opens at its other end, a lock that is held, a source without end: no signal ends such calls in an
/// embedded engine.
#[test]
fn time_ends_calls_that_block() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap().display().to_string();
    let pipe = format!("{path}/pipe");
    nix::unistd::mkfifo(pipe.as_str(), nix::sys::stat::Mode::S_IRWXU).unwrap();
    std::fs::File::create(format!("{path}/lock")).unwrap();
    std::fs::File::create(format!("{path}/sparse.scm")).unwrap().set_len(3 << 30).unwrap();
    nix::unistd::mkfifo(format!("{path}/piped.scm").as_str(), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let some = || Permissions::none().allow_read(&path).unwrap().allow_write(&path).unwrap();
    for program in [
        "(call-with-input-file PIPE read-char)",
        "(call-with-output-file PIPE newline)",
        "(open PIPE O_RDONLY)",
        "(open-file PIPE \"a\")",
        "(load PIPE)",
        "(include PIPE)",
        "(copy-file PIPE \"DIR/copy\")",
        "(copy-file \"DIR/sparse.scm\" PIPE)",
        "(guard (e (#t (let loop () (loop)))) (call-with-input-file PIPE read-char))",
        "(begin (truncate-file PIPE 0) (pause))",
        "(begin (flock (open-output-file \"DIR/lock\") LOCK_EX) (flock (open-output-file \"DIR/lock\") LOCK_EX))",
        "(begin (false-if-exception (include \"DIR/sparse.scm\")) (pause))",
        "(begin (false-if-exception (load \"DIR/sparse.scm\")) (pause))",
        "(begin (false-if-exception (eval '(import (sparse)) (current-module))) (pause))",
        "(begin (false-if-exception (eval '(import (piped)) (current-module))) (pause))",
    ] {
        for permissions in [some(), Permissions::all()] {
            let program = program.replace("PIPE", &format!("{pipe:?}")).replace("DIR", &path);
            let builder = Engine::builder().permissions(permissions).load_path(&path).memory(64 << 20);
            let mut engine = builder.time(Duration::from_millis(60)).build().unwrap();
            let start = Instant::now();
            let result = engine.eval::<()>(&program);
            let taken = start.elapsed();
            // What is refused has taken no time.
            assert!(result.is_err(), "{program}");
            assert!(taken < Duration::from_secs(2), "{program}: {taken:?}");
            assert_eq!(engine.eval::<i64>("(fiber-join (spawn-fiber (lambda () 3)))").unwrap(), 3);
        }
    }
    // With somebody at the other end it is a pipe like any other, and what the program reads is not lost.
    let mut engine = Engine::builder().permissions(some()).build().unwrap();
    let teller = std::thread::spawn({
        let pipe = pipe.clone();
        move || {
            std::fs::write(&pipe, "(+ 1 2)").unwrap();
            std::fs::read_to_string(&pipe).unwrap()
        }
    });
    let both = format!(
        "(define told (call-with-input-file {pipe:?} read)) (call-with-output-file {pipe:?} (lambda (p) (write told p))) told"
    );
    assert_eq!(engine.eval::<Data>(&both).unwrap().to_string(), "(+ 1 2)");
    assert_eq!(teller.join().unwrap(), "(+ 1 2)");
}

/// What is copied without passing a port, and what lost ports hold back, is written, too.
#[test]
fn no_output_goes_uncounted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap().display().to_string();
    std::fs::write(folder.path().join("large"), vec![b'x'; 100_000]).unwrap();
    let permissions = Permissions::none().allow_read(&path).unwrap().allow_write(&path).unwrap();
    let written = |name: &str| std::fs::metadata(folder.path().join(name)).map_or(0, |file| file.len());
    for program in [
        "(let loop ((n 0)) (display (make-string 900 #\\x) (open-file \"DIR/new\" \"a\")) (loop (+ n 1)))",
        "(copy-file \"DIR/large\" \"DIR/new\")",
        "(let loop ((p (open-output-file \"DIR/new\"))) (sendfile p (open-input-file \"DIR/large\") 100000) (loop p))",
        "(let ((p (open-output-file \"DIR/new\"))) (display (make-string 100000 #\\x) p))",
    ] {
        let builder = Engine::builder().permissions(permissions.clone()).output_size(1000).steps(2_000_000);
        let mut engine = builder.descriptors(100).build().unwrap();
        let error = engine.eval::<()>(&program.replace("DIR", &path)).unwrap_err();
        assert!(error.is_limit(), "{program}: {error}");
        engine.collect();
        drop(engine);
        assert!(written("new") <= 1000, "{program}: {}", written("new"));
        let _ = std::fs::remove_file(folder.path().join("new"));
    }
    let told = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut engine = Engine::builder().output_size(50).build().unwrap();
    engine.define("log", sockeye::Port::writer("log", Shared(told.clone()))).unwrap();
    assert!(engine.eval::<()>("(display (make-string 100000 #\\x) log)").unwrap_err().is_limit());
    drop(engine);
    assert!(told.lock().unwrap().is_empty());
}

/// Destructors, readers and writers of the host's may panic, and even at once: that goes through to the host, once, and the engine
/// can be used.
#[test]
fn no_panic_of_the_hosts_is_more_than_that() {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("a bomb");
        }
    }
    struct Broken;
    impl std::io::Write for Broken {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            panic!("a broken writer");
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut engine = Engine::builder().fibers(3).build().unwrap();
    for _ in 0..3 {
        for name in ["a", "b", "c"] {
            engine.define(name, Object::new("bomb", Bomb)).unwrap();
            engine.define(name, 0).unwrap();
        }
        let churn = "(let loop ((i 0) (l '())) (if (< i 500000) (loop (+ i 1) (if (= 0 (modulo i 100)) '() (cons (vector i) l))) (length l)))";
        assert!(catch_unwind(AssertUnwindSafe(|| engine.eval::<i64>(churn))).is_err());
        assert_eq!(engine.eval::<i64>(churn).unwrap(), 99);
        assert_eq!(engine.eval::<Data>("(vector-map list #(1 2))").unwrap().to_string(), "#((1) (2))");
    }
    engine.define("broken", sockeye::Port::writer("broken", Broken)).unwrap();
    let write = "(display 1 broken) (force-output broken)";
    assert!(catch_unwind(AssertUnwindSafe(|| engine.eval::<()>(write))).is_err());
    engine.eval::<()>(write).unwrap();
    // A fiber in which the host panics has ended.
    engine.register("panic", || -> i64 { panic!("a function") }).unwrap();
    for _ in 0..5 {
        assert!(catch_unwind(AssertUnwindSafe(|| engine.eval::<()>("(fiber-join (spawn-fiber panic))"))).is_err());
        assert!(engine.eval::<()>("(spawn-fiber (lambda () (exit 3))) (yield-fiber) (yield-fiber)").is_err());
    }
    assert_eq!(engine.eval::<i64>("(fiber-join (spawn-fiber (lambda () 7)))").unwrap(), 7);
    for name in ["a", "b"] {
        engine.define(name, Object::new("bomb", Bomb)).unwrap();
    }
    assert!(catch_unwind(AssertUnwindSafe(|| drop(engine))).is_err());
    // The engine goes down with the thread, and the writer is not asked again.
    let thread = std::thread::spawn(|| {
        let mut engine = Engine::builder().output(Broken).build().unwrap();
        engine.eval::<()>("(display 1) (force-output)").unwrap();
    });
    assert!(thread.join().is_err());
}

#[test]
fn readers_may_be_interrupted_and_may_not_lie() {
    struct Reader(fn(&mut [u8]) -> std::io::Result<usize>);
    impl std::io::Read for Reader {
        fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
            (self.0)(room)
        }
    }
    let mut engine = Engine::builder().time(Duration::from_millis(50)).build().unwrap();
    for (reader, said) in [
        (Reader(|_| Err(std::io::ErrorKind::Interrupted.into())), "used up its time"),
        (Reader(|_| Err(std::io::Error::from_raw_os_error(nix::libc::EINTR))), "used up its time"),
        (Reader(|room| Ok(room.len() + 1)), "more than there was room for"),
        (Reader(|_| Ok(usize::MAX)), "more than there was room for"),
        (Reader(|_| Err(std::io::ErrorKind::WouldBlock.into())), "would block"),
    ] {
        engine.define("port", sockeye::Port::reader("port", reader)).unwrap();
        let error = engine.eval::<()>("(read-char port)").unwrap_err();
        assert!(error.message().contains(said), "{error}");
    }
}

#[test]
fn tasks_are_told_how_they_ended() {
    let mut engine = Engine::builder().time(Duration::from_millis(60)).build().unwrap();
    let (first, again) = (engine.spawn("+", (1, 2)).unwrap(), Engine::new().unwrap().spawn("+", (5, 5)).unwrap());
    engine.run().unwrap();
    assert_eq!(engine.take::<i64>(&first).unwrap().unwrap(), 3);
    let second = engine.spawn("*", (6, 7)).unwrap();
    engine.run().unwrap();
    assert!(engine.take::<i64>(&first).is_none(), "its number is another's now");
    assert!(engine.take::<i64>(&again).unwrap().unwrap_err().message().contains("another engine"));
    assert_eq!(engine.take::<i64>(&second).unwrap().unwrap(), 42);
    engine.register("panic", || -> i64 { panic!("a function") }).unwrap();
    engine
        .eval::<()>("(define (spin) (spin)) (define (wait) (read-char (car (pipe)))) (define (leave) (exit 3))")
        .unwrap();
    let [spin, wait, leave, panic] = ["spin", "wait", "leave", "panic"].map(|name| engine.spawn(name, ()).unwrap());
    let (mut limits, mut exits, mut panics) = (0, 0, 0);
    loop {
        let step = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| engine.poll_once()));
        match step.map(|result| result.map_err(|error| error.kind())) {
            Ok(Ok(sockeye::Progress::Idle)) => break,
            Ok(Ok(_)) => {}
            Ok(Err(ErrorKind::Exit(3))) => exits += 1,
            Ok(Err(kind)) => limits += i32::from(kind == ErrorKind::Limit(Limit::Time)),
            Err(_) => panics += 1,
        }
    }
    assert_eq!((limits, exits, panics), (1, 1, 1));
    let mut kind = |task| engine.take::<i64>(task).unwrap().unwrap_err().kind();
    assert_eq!((kind(&spin), kind(&wait)), (ErrorKind::Limit(Limit::Time), ErrorKind::Limit(Limit::Time)));
    assert_eq!((kind(&leave), kind(&panic)), (ErrorKind::Exit(3), ErrorKind::Raised));
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut engine = engine();
    assert_eq!(
        engine.eval::<Data>("(list (expt 2 62) (- (expt 2 63)) (expt 2 63))").unwrap().list().unwrap(),
        [Data::Int(1 << 62), Data::Int(i64::MIN), Data::BigInt("9223372036854775808".to_string())]
    );
    for text in ["1e300", "-1e300", "(expt 10 50)"] {
        assert!(engine.eval::<f32>(text).is_err(), "{text}");
    }
    assert!(engine.eval::<f64>("(expt 10 400)").is_err());
    assert_eq!(engine.eval::<f32>("-inf.0").unwrap(), f32::NEG_INFINITY);
    assert_eq!(engine.eval::<Vec<u8>>("#vu8(1 255)").unwrap(), [1, 255]);
    assert_eq!(engine.eval::<Vec<f64>>("#f64(1.5 2)").unwrap(), [1.5, 2.0]);
    let error = engine.eval::<Vec<u8>>("'(1 256)").unwrap_err();
    assert!(error.message().contains("a list whose item 2 is an exact integer from 0 to 255"), "{error}");
    // The first entry of a key is its value, as assoc has it.
    let map: HashMap<String, i64> = engine.eval("'((\"a\" . 1) (\"a\" . 2))").unwrap();
    assert_eq!(map["a"], 1);
}

#[test]
fn handlers_see_message_and_irritants_of_the_host() {
    let mut engine = engine();
    engine
        .register("fetch", |page: String| -> Result<(), _> {
            Err(Failure::new("no page").irritant(page).irritant(404))
        })
        .unwrap();
    let parts =
        "(guard (e ((error-object? e) (list (error-object-message e) (error-object-irritants e)))) (fetch \"a\"))";
    assert_eq!(engine.eval::<Data>(parts).unwrap().to_string(), "(\"no page\" (\"a\" 404))");
    assert_eq!(engine.eval::<()>("(fetch \"a\")").unwrap_err().message(), "fetch: no page \"a\" 404");
}

#[cfg(feature = "serde")]
#[test]
fn serde_finds_out_what_it_has_got() {
    use serde::{Deserialize, Serialize};
    use sockeye::Serial;
    #[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
    struct Point {
        x: i64,
        name: String,
    }
    #[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
    #[serde(tag = "type")]
    enum Tagged {
        Point(Point),
        List { items: Vec<i64> },
        Nothing,
    }
    #[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
    #[serde(untagged)]
    enum Any {
        Point(Point),
        Number(i64),
        List(Vec<Any>),
    }
    #[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
    struct Inner {
        point: Point,
        tags: Vec<String>,
    }
    #[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
    struct Outer {
        id: i64,
        #[serde(flatten)]
        inner: Inner,
    }
    #[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
    enum Plain {
        Unit,
        Two(i64, i64),
    }
    let mut engine = engine();
    let point = Point { x: i64::MIN, name: "p".to_string() };
    fn same<T: Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug + Clone>(
        engine: &mut Engine,
        value: T,
    ) {
        engine.define("value", Serial(value.clone())).unwrap();
        assert_eq!(engine.get::<Serial<T>>("value").unwrap().0, value);
    }
    same(&mut engine, vec![Tagged::Point(point.clone()), Tagged::List { items: vec![1, 2] }, Tagged::Nothing]);
    same(&mut engine, vec![Any::Point(point.clone()), Any::Number(5), Any::List(vec![Any::Number(1)])]);
    same(&mut engine, Outer { id: 1, inner: Inner { point, tags: vec!["a".to_string()] } });
    same(&mut engine, vec![vec!["a".to_string(), "b".to_string()]]);
    // Nothing is left over without a word.
    for text in ["'(Unit 1)", "'(Two 1 2 3)"] {
        assert!(engine.eval::<Serial<Plain>>(text).is_err(), "{text}");
    }
    assert!(engine.eval::<Serial<(i64, i64)>>("'(1 2 3)").is_err());
    assert_eq!(engine.eval::<Serial<(i64, i64)>>("'(1 . 2)").unwrap().0, (1, 2));
}
