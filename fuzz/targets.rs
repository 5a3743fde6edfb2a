//! What each fuzz target does with its input. Nothing may panic, hang, or overstep a limit.

use sockeye::Engine;
use sockeye::net::{Address, UnixName, address, message};
use sockeye::reader::Parser;
use sockeye::source::SourceId;
use sockeye::symbol::Symbols;
use std::time::Duration;

/// A text is data and errors, and what was read is read again as itself.
#[allow(dead_code)]
pub fn reader(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut symbols = Symbols::new();
    let mut parser = Parser::new(SourceId(0), 0);
    let mut data = 0;
    while let Some(datum) = parser.next_datum(&text, &mut symbols) {
        data += 1;
        assert!(parser.position() <= text.len() && data <= text.len() + 1, "the parser goes on");
        if datum.is_err() {
            break;
        }
    }
}

/// A text is no number, or one whose own text is it again; as in Guile, fractions with a point are read in radix ten alone.
#[allow(dead_code)]
pub fn numbers(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    // Large exponents are refused elsewhere, by the memory that they would take.
    if text.len() > 400 {
        return;
    }
    let mut engine = engine();
    let program = "(lambda (text radix) (let ((n (string->number text radix)))
                     (or (not n) (let ((again (string->number (number->string n radix) radix))) (or (eqv? n again) (not (= n n)) (and (inexact? n) (not (= radix 10)) (not again)))))))";
    let check: sockeye::Handle = engine.eval(program).expect("a procedure");
    for radix in [2, 8, 10, 16] {
        match engine.call::<bool>(&check, (&*text, radix)) {
            Ok(same) => assert!(same, "{text:?} in radix {radix}"),
            Err(error) => assert!(error.is_limit() || error.key() == "out-of-memory", "{error}"),
        }
    }
}

/// What is expanded comes to a value or an error.
#[allow(dead_code)]
pub fn expander(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    // In a procedure that is not called.
    let _ = engine().eval::<()>(&format!("(lambda () #f {text})"));
}

/// What is run stays within its limits, and leaves the engine usable.
#[allow(dead_code)]
pub fn evaluator(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut engine = engine();
    let _ = engine.eval::<()>(&text);
    assert!(engine.memory_used() < 128 << 20);
    // What the text has left behind (fibers, handlers, names) may use up the limits, and no more.
    match engine.eval::<i64>("3") {
        Ok(n) => assert_eq!(n, 3),
        Err(error) => assert!(error.is_limit(), "{error}"),
    }
}

/// Addresses in words, and rules about them.
#[allow(dead_code)]
pub fn addresses(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(n) = address::inet_pton(&text) {
        assert_eq!(address::inet_pton(&address::inet_ntop(n)).ok(), Some(n));
    }
    if let Ok(n) = address::inet6_pton(&text) {
        assert_eq!(address::inet6_pton(&address::inet6_ntop(n)).ok(), Some(n));
    }
    if let Ok(name) = UnixName::from_bytes(bytes) {
        let given = Address::Unix(name);
        if let Ok(system) = given.to_system("bind") {
            assert_eq!(Address::from_system(&system), Some(given));
        }
    }
    let _ = sockeye::permission::net::NetRule::parse(&text);
}

/// What comes besides a message, in the kernel's form. Descriptors are left out: their numbers would be closed.
#[allow(dead_code)]
pub fn messages(bytes: &[u8]) {
    let mut bytes = bytes.to_vec();
    for at in (8..bytes.len().saturating_sub(7)).step_by(8) {
        let rights = [1, 0, 0, 0, 1, 0, 0, 0];
        if bytes[at..at + 8] == rights {
            bytes[at] = 2;
        }
    }
    let size: usize = message::decode(&bytes)
        .iter()
        .map(|control| if let message::Control::Other { data, .. } = control { data.len() } else { 0 })
        .sum();
    assert!(size <= bytes.len());
}

fn engine() -> Engine {
    Engine::builder()
        .steps(200_000)
        .time(Duration::from_millis(500))
        .memory(64 << 20)
        .depth(1 << 20)
        .output_size(10_000)
        .descriptors(16)
        .fibers(100)
        .timers(100)
        .capture_output()
        .build()
        .expect("an engine")
}
