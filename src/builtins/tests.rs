//! Tests of all rows alike: what they promise in print, and that no arguments whatever make them panic.

use super::tables;
use crate::net::interrupt::Interrupt;
use crate::num::Number;
use crate::value::number::store;
use crate::value::{Kind, Value};
use crate::vm::builtin::{Body, Row, Sort};
use crate::vm::cx::{Answer, Cx, Exit};
use crate::vm::random::Random;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

fn rows() -> impl Iterator<Item = &'static Row> {
    tables().iter().copied().flatten()
}

/// The rows that neither wait nor reach beyond the engine: those may be called with anything.
fn data_rows() -> impl Iterator<Item = &'static Row> {
    [
        super::bytevectors::BYTEVECTORS,
        super::chars::CHARS,
        super::conditions::CONDITIONS,
        super::cxr::CXR,
        super::equivalence::EQUIVALENCE,
        super::functions::FUNCTIONS,
        super::integers::INTEGERS,
        super::lists::LISTS,
        super::numbers::NUMBERS,
        super::objects::OBJECTS,
        super::procedures::PROCEDURES,
        super::strings::STRINGS,
        super::symbols::SYMBOLS,
        super::system::SYSTEM,
        super::vectors::VECTORS,
    ]
    .into_iter()
    .flatten()
}

fn row(name: &str) -> &'static Row {
    rows().find(|row| row.name == name).unwrap_or_else(|| panic!("no row {name}"))
}

fn call(cx: &mut Cx, name: &str, args: &[Value]) -> Answer {
    let row = row(name);
    assert!(row.takes(args.len()), "{name} of {} arguments", args.len());
    match row.body {
        Body::Leaf(body) => body(cx, args),
        Body::Control(_) => panic!("{name} is part of the vm"),
    }
}

/// What a call answers, as `write` shows it, or the text of the error.
fn told(cx: &mut Cx, name: &str, args: &[Value]) -> String {
    match call(cx, name, args) {
        Ok(v) => cx.show(v),
        Err(exit) => match *exit {
            Exit::Raise(condition) => super::conditions::condition_text(cx, condition),
            Exit::Memory(bytes) => format!("wants {bytes} bytes"),
            Exit::Interrupted => "interrupted".into(),
            _ => "another exit".into(),
        },
    }
}

#[test]
fn names_are_unique() {
    let mut seen = HashSet::new();
    for row in rows() {
        assert!(seen.insert(row.name), "{} is declared twice", row.name);
    }
}

#[test]
fn every_row_says_what_it_does_and_examples_look_like_examples() {
    for row in rows() {
        let text = row.documentation;
        assert!(text.trim().len() > 12, "{} says too little", row.name);
        for parameter in row.parameters.iter().filter(|p| p.sort == Sort::Required && !row.name.contains("ieee")) {
            assert!(!parameter.name.is_empty() && !parameter.expected.is_empty());
        }
        for line in text.lines().filter(|line| line.starts_with("     ") && line.contains("=>")) {
            let (expression, expected) = line.split_once("=>").unwrap();
            assert!(!expected.trim().is_empty(), "{}: nothing expected in {line}", row.name);
            let depth = |text: &str| text.matches('(').count() as i64 - text.matches(')').count() as i64;
            assert!(depth(expression) <= 0, "{}: parentheses of {line}", row.name);
            assert_eq!(depth(expected), 0, "{}: parentheses of {line}", row.name);
        }
    }
}

/// Values of every kind, and those at the edges of their kind.
fn odd_values(cx: &mut Cx) -> Vec<Value> {
    let heap = &cx.heap;
    let number = |text: &str| store(heap, &crate::num::parse(text, 10).unwrap());
    let mut all: Vec<Value> = [0, 1, 2, -1, 255, 256, i64::from(u32::MAX), crate::value::word::FIXNUM_MAX]
        .map(Value::fixnum)
        .into_iter()
        .chain([Value::fixnum(crate::value::word::FIXNUM_MIN)])
        .collect();
    let texts = ["123456789012345678901234567890", "-9223372036854775808", "1/2", "-7/3", "1+2i", "1.5-0.5i"];
    all.extend(texts.map(number));
    all.extend([0.0, -0.0, 1.5, -3.0, 1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(|x| heap.flonum(x)));
    all.extend(["", "a", "aé日😀", "big"].map(|text| heap.string(text)));
    let literal = heap.string("literal");
    heap.set_immutable(literal);
    let circle = heap.list(&[Value::fixnum(1), Value::fixnum(2)]);
    heap.set_cdr(circle.cdr(), circle);
    let around = heap.vector(&[Value::NIL]);
    heap.set_field(around, 0, around);
    let kind = heap.make(
        Kind::RecordType,
        &[Value::TRUE, Value::FALSE, heap.vector(&[Value::NIL]), Value::FALSE, Value::NIL, Value::FALSE],
    );
    let content = heap.cons(Value::FALSE, Value::NIL);
    all.extend([
        literal,
        heap.list(&[Value::char('a'), Value::char('b')]),
        heap.list(&[heap.string("x"), heap.string("y")]),
        heap.list(&[heap.cons(Value::fixnum(1), Value::NIL)]),
        heap.cons(Value::fixnum(1), Value::fixnum(2)),
        circle,
        around,
        heap.vector(&[]),
        heap.vector(&[Value::char('x'), Value::fixnum(2)]),
        heap.bytevector(&[]),
        heap.bytevector(&[0xff, 0xc3, 0x28, 1, 2, 3, 4, 5, 6]),
        heap.boxed(Value::NIL),
        kind,
        heap.make(Kind::Record, &[kind, Value::NIL]),
        heap.make(Kind::Promise, &[content]),
        heap.make(Kind::Values, &[Value::NIL, Value::TRUE]),
        heap.make(Kind::Parameter, &[Value::NIL, Value::FALSE, Value::FALSE, Value::FALSE]),
        heap.make(Kind::Builtin, &[Value::fixnum(0)]),
    ]);
    all.extend([Value::NIL, Value::TRUE, Value::FALSE, Value::EOF, Value::UNSPECIFIED, Value::DEFAULT]);
    all.extend([Value::char('a'), Value::char('ß'), Value::char('\0')]);
    let big = cx.symbols.intern("big");
    all.extend([Value::symbol(big), Value::keyword(big), Value::symbol(cx.symbols.intern("suffix"))]);
    all.push(cx.maker().misc("nobody", "nothing"));
    all
}

#[test]
fn no_arguments_make_a_row_panic() {
    let mut random = Random::with_seed(1);
    // Somebody presses Ctrl-C all the time, so that nothing takes long; how long it took is looked at, too.
    let (interrupt, done) = (Interrupt::new(), Arc::new(AtomicBool::new(false)));
    let (flag, end) = (interrupt.clone(), done.clone());
    let impatience = std::thread::spawn(move || {
        while !end.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(10));
            flag.raise();
        }
    });
    for row in data_rows() {
        let mut cx = Cx::new();
        cx.heap.control.interrupt = Some(interrupt.clone());
        cx.heap.ledger.set_limit(64 << 20);
        cx.builtins = super::rows();
        let Body::Leaf(body) = row.body else { continue };
        let most = row.required() + row.optional() + if row.has_rest() { 3 } else { 0 };
        for count in row.required()..=most {
            let mut values = odd_values(&mut cx);
            let all = values.len().pow(count as u32);
            // Every combination of up to two arguments; of more, some at random.
            for turn in 0..all.min(if count <= 2 { 4000 } else { 1500 }) {
                let mut number = if count <= 2 { turn } else { random.below(all as u64) as usize };
                let args: Vec<Value> = (0..count)
                    .map(|_| {
                        let v = values[number % values.len()];
                        number /= values.len();
                        v
                    })
                    .collect();
                let began = Instant::now();
                let answer = body(&mut cx, &args);
                let took = began.elapsed();
                let shown = || args.iter().map(|&v| cx.show(v)).collect::<Vec<_>>().join(" ");
                assert!(took < Duration::from_secs(5), "({} {}) took {took:?}", row.name, shown());
                interrupt.acknowledge();
                match answer {
                    Ok(v) => drop(cx.show(v)),
                    Err(exit) => {
                        if let Exit::Raise(condition) = *exit {
                            super::conditions::condition_text(&cx, condition);
                        }
                    }
                }
                if turn % 100 == 99 {
                    cx.heap.collect(true, &mut |_| {});
                    values = odd_values(&mut cx);
                }
            }
        }
    }
    done.store(true, Ordering::Relaxed);
    let _ = impatience.join();
}

#[test]
fn long_loops_notice_an_interrupt() {
    let mut cx = Cx::new();
    let items = vec![Value::fixnum(1); 100_000];
    let list = cx.heap.list(&items);
    let other = cx.heap.list(&items);
    let interrupt = Interrupt::new();
    interrupt.raise();
    cx.heap.control.interrupt = Some(interrupt);
    for name in ["length", "reverse", "list-copy", "list?", "list->vector", "last-pair"] {
        assert_eq!(told(&mut cx, name, &[list]), "interrupted", "{name}");
    }
    for name in ["append", "equal?", "%member"] {
        assert_eq!(told(&mut cx, name, &[list, other]), "interrupted", "{name}");
    }
    assert_eq!(told(&mut cx, "list-tail", &[list, Value::fixnum(90_000)]), "interrupted");
}

#[test]
fn huge_sizes_are_refused_before_anything_is_made() {
    let mut cx = Cx::new();
    let huge = Value::fixnum(1 << 50);
    for name in ["make-vector", "make-string", "make-list", "make-bytevector", "iota"] {
        assert!(told(&mut cx, name, &[huge]).starts_with("wants "), "{name}");
    }
    assert_eq!(
        told(&mut cx, "expt", &[Value::fixnum(10), Value::fixnum(10_000_000_000)]),
        "expt: the result is too large"
    );
    assert_eq!(told(&mut cx, "ash", &[Value::fixnum(1), huge]), "ash: the result is too large");
}

#[test]
fn errors_name_procedure_argument_and_expectation() {
    let mut cx = Cx::new();
    let five = Value::fixnum(5);
    let a = Value::symbol(cx.symbols.intern("a"));
    let vector = cx.heap.vector(&[five, five]);
    let text = cx.heap.string("abc");
    let improper = cx.heap.cons(Value::fixnum(1), Value::fixnum(2));
    let literal = cx.heap.string("lit");
    cx.heap.set_immutable(literal);
    let bad = cx.heap.bytevector(&[65, 0xff]);
    for (name, args, expected) in [
        ("car", vec![five], "car: argument 1 (pair) should be a pair, got 5"),
        ("vector-ref", vec![vector, five], "vector-ref: argument 2 (k) should be an index below 2, got 5"),
        ("string-ref", vec![text, five], "string-ref: argument 2 (k) should be an index below 3, got 5"),
        ("length", vec![improper], "length: argument 1 (list) should be a proper list, got (1 . 2)"),
        ("list-ref", vec![improper, five], "list-ref: argument 2 (k) should be an index below 1, got 5"),
        (
            "list-tail",
            vec![improper, five],
            "list-tail: argument 1 (list) should be a list of at least 5 elements, got (1 . 2)",
        ),
        ("cadr", vec![improper], "cadr: argument 1 (obj) should be something that has a cadr, got (1 . 2)"),
        ("substring", vec![text, five], "substring: argument 2 (start) should be at most 3, got 5"),
        ("+", vec![five, five, a], "+: argument 3 should be a number, got a"),
        ("<", vec![five, Value::fixnum(1), a], "<: argument 3 should be a real number, got a"),
        ("quotient", vec![five, Value::fixnum(0)], "quotient: division by zero"),
        ("append", vec![five, Value::NIL], "append: argument 1 (list) should be a proper list, got 5"),
        (
            "string-set!",
            vec![literal, Value::fixnum(0), Value::char('x')],
            "string-set!: argument 1 (string) should be a string that can be changed (a literal cannot), got \"lit\"",
        ),
        (
            "utf8->string",
            vec![bad],
            "utf8->string: argument 1 (bytevector) should be UTF-8 text (it is not from byte 1 on), got #u8(65 255)",
        ),
    ] {
        assert_eq!(told(&mut cx, name, &args), expected);
    }
}

#[test]
fn circles_of_pairs_are_no_lists() {
    let mut cx = Cx::new();
    for (lead, round) in [(0, 1), (0, 2), (1, 1), (5, 3), (1000, 7), (3, 1000)] {
        let items: Vec<Value> = (0..lead + round).map(Value::fixnum).collect();
        let list = cx.heap.list(&items);
        let mut pairs = vec![list];
        while let Some((_, rest)) = pairs[pairs.len() - 1].as_pair().filter(|(_, rest)| rest.is_pair()) {
            pairs.push(rest);
        }
        cx.heap.set_cdr(pairs[pairs.len() - 1], pairs[lead as usize]);
        assert_eq!(told(&mut cx, "list?", &[list]), "#f", "{lead} {round}");
        for name in ["length", "reverse", "list->vector", "last-pair", "list-copy"] {
            assert!(told(&mut cx, name, &[list]).contains("should be a"), "{name} {lead} {round}");
        }
        assert!(told(&mut cx, "memq", &[Value::TRUE, list]).contains("proper list"));
        assert!(told(&mut cx, "append!", &[list, Value::NIL]).contains("proper list"));
    }
    let twice = cx.heap.list(&[Value::fixnum(1)]);
    assert!(told(&mut cx, "append!", &[twice, twice, Value::NIL]).contains("not yet in the result"));
}

#[test]
fn folding_and_digits_agree_with_unicode() {
    use super::chars::{digit_value, fold, fold_fully};
    let full = |c: char| {
        let mut out = String::new();
        fold_fully(c, &mut out);
        out
    };
    for (c, simple, long) in [
        ('A', 'a', "a"),
        ('ß', 'ß', "ss"),
        ('ẞ', 'ß', "ss"),
        ('ς', 'σ', "σ"),
        ('İ', 'İ', "i\u{307}"),
        ('ı', 'ı', "ı"),
        ('ŉ', 'ŉ', "ʼn"),
        ('\u{1f88}', '\u{1f80}', "\u{1f00}\u{3b9}"),
        ('\u{13a0}', '\u{13a0}', "\u{13a0}"),
        ('\u{ab70}', '\u{13a0}', "\u{13a0}"),
        ('\u{212a}', 'k', "k"),
    ] {
        assert_eq!((fold(c), &*full(c)), (simple, long), "{c}");
    }
    assert_eq!(digit_value('7'), Some(7));
    assert_eq!(digit_value('\u{664}'), Some(4));
    assert_eq!(digit_value('\u{1d7ff}'), Some(9));
    assert_eq!(digit_value('\u{1d7d8}'), Some(0));
    assert_eq!(digit_value('½'), None);
}

#[test]
fn arithmetic_stays_right_past_the_edge_of_fixnums() {
    let mut cx = Cx::new();
    let max = Value::fixnum(crate::value::word::FIXNUM_MAX);
    let min = Value::fixnum(crate::value::word::FIXNUM_MIN);
    let (one, minus) = (Value::fixnum(1), Value::fixnum(-1));
    for (name, args, expected) in [
        ("+", [max, one], "2305843009213693952"),
        ("-", [min, one], "-2305843009213693953"),
        ("*", [max, max], "5316911983139663487003542222693990401"),
        ("*", [min, min], "5316911983139663491615228241121378304"),
        ("*", [min, minus], "2305843009213693952"),
        ("quotient", [min, minus], "2305843009213693952"),
        ("/", [min, minus], "2305843009213693952"),
        ("remainder", [min, minus], "0"),
        ("modulo", [max, min], "-1"),
    ] {
        assert_eq!(told(&mut cx, name, &args), expected, "{name}");
    }
    let sum = call(&mut cx, "+", &[max, one]).unwrap_or(Value::FALSE);
    assert_eq!(told(&mut cx, "-", &[sum, one]), "2305843009213693951");
    assert!(call(&mut cx, "-", &[sum, one]).is_ok_and(Value::is_fixnum));
    // 2^53 + 1 is not a float: comparison is by exact values.
    let (n, x) = (Value::fixnum((1 << 53) + 1), cx.heap.flonum((1u64 << 53) as f64));
    assert_eq!(told(&mut cx, "=", &[n, x]), "#f");
    assert_eq!(told(&mut cx, ">", &[n, x]), "#t");
    let ratio = store(&cx.heap, &Number::from(1i64).div(&Number::from(3i64), &crate::num::Stop::NEVER).unwrap());
    assert_eq!(told(&mut cx, "*", &[ratio, Value::fixnum(3)]), "1");
}
