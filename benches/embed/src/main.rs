//! Calls in both directions, each beside mlua's (Lua 5.4) in the same run; what engines cost; and how many a process can have.
//! Each loop checks its answer before its time counts, and the best of several rounds is told.

use sockeye::{Engine, Handle};
use std::time::{Duration, Instant};

const CALLS: i64 = 1_000_000;
const ROUNDS: usize = 9;

/// The best times of two, measured in turns, so that what else the machine does meets both.
fn compare(what: &str, expected: i64, mut ours: impl FnMut() -> i64, mut theirs: impl FnMut() -> i64) {
    let once = |round: &mut dyn FnMut() -> i64| {
        let start = Instant::now();
        assert_eq!(round(), expected);
        start.elapsed()
    };
    let (mut our_best, mut their_best) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        our_best = our_best.min(once(&mut ours));
        their_best = their_best.min(once(&mut theirs));
    }
    let each = |time: Duration| time.as_nanos() as f64 / CALLS as f64;
    println!(
        "{what:<40} sockeye {:>7.1} ns   mlua {:>7.1} ns   ratio {:.2}",
        each(our_best),
        each(their_best),
        our_best.as_secs_f64() / their_best.as_secs_f64()
    );
}

/// Resident memory in bytes.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux");
    let pages: usize = statm.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("a number");
    pages * 4096
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut engine = Engine::new()?;
    let lua = mlua::Lua::new();
    let sum = (0..CALLS).map(|n| n + 1).sum::<i64>();

    engine.register("add", |a: i64, b: i64| a + b)?;
    engine.eval::<()>("(define (loop n sum) (if (= n 0) sum (loop (- n 1) (+ sum (add (- n 1) 1)))))")?;
    let run: Handle = engine.get("loop")?;
    lua.globals().set("add", lua.create_function(|_, (a, b): (i64, i64)| Ok(a + b))?)?;
    lua.load("function loop(n) local sum = 0 for i = 0, n - 1 do sum = sum + add(i, 1) end return sum end").exec()?;
    let lua_run: mlua::Function = lua.globals().get("loop")?;
    compare(
        "a function of the host's, two integers",
        sum,
        || engine.call(&run, (CALLS, 0)).expect("a number"),
        || lua_run.call(CALLS).expect("a number"),
    );

    engine.eval::<()>("(define (plus a b) (+ a b))")?;
    let plus: Handle = engine.get("plus")?;
    lua.load("function plus(a, b) return a + b end").exec()?;
    let lua_plus: mlua::Function = lua.globals().get("plus")?;
    compare(
        "a procedure from Rust, two integers",
        sum,
        || (0..CALLS).map(|n| engine.call::<i64>(&plus, (n, 1)).expect("a number")).sum(),
        || (0..CALLS).map(|n| lua_plus.call::<i64>((n, 1)).expect("a number")).sum(),
    );

    let before = resident();
    let mut times = Vec::new();
    let mut engines: Vec<Engine> = Vec::new();
    for _ in 0..1000 {
        let start = Instant::now();
        engines.push(Engine::new()?);
        times.push(start.elapsed());
    }
    times.sort();
    let (usual, slowest) = (times[500], times[999]);
    println!("an engine: {usual:?}, at most {slowest:?}; {} kB resident", (resident() - before) / 1000 / 1000);
    let mut total = 0;
    for (n, engine) in engines.iter_mut().enumerate() {
        total += engine.eval::<i64>(&format!("(apply + (map (lambda (x) (* x x)) '(1 2 {n})))"))?;
    }
    assert_eq!(total, (0..1000).map(|n| 5 + n * n).sum::<i64>());
    println!("a thousand engines, each used: {} kB resident each", (resident() - before) / 1000 / 1000);
    Ok(())
}
