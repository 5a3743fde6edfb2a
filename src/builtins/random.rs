//! Random numbers, from the engine's own generator or from one that a program holds. None of them is for secrets.

use super::declare::{Str, out_of_range, wrong_type};
use crate::builtins;
use crate::num::{Int, Number, Real};
use crate::value::equal::string_hash;
use crate::value::number::{integer_from_u64, integer_to_u64, load, load_integer, number_text, store_real};
use crate::value::{External, Value};
use crate::vm::cx::{Answer, Cx};
use crate::vm::machine::list_items;
use crate::vm::random::Random;

builtins! { RANDOM;

/// A random number below N: an exact integer from 0 on for an exact integer N, else a float. STATE is where it comes from, if not
/// from *random-state*. Not for secrets. [Guile]
///
///     (< -1 (random 10) 10)  => #t
///     (= (random 1000 (seed->random-state 5)) (random 1000 (seed->random-state 5)))  => #t
fn "random" (cx, n: Value, [state: Value]) { random(cx, n, state) }

/// Makes `random` give the numbers that belong to SEED, the same each time. [sockeye]
///
///     (random-seed! 7)
fn "random-seed!" (cx, seed: i64) { cx.random = Random::with_seed(seed as u64) }

/// The state that `random` uses when it is given none.
fn "%default-random-state" (cx) { cx.heap.external(Box::new(State(None))) }

/// Whether OBJ is the state of a generator of random numbers.
fn "%random-state?" (cx, obj: Value) { cx.heap.is_external::<State>(obj) }

/// A generator state that gives the numbers that belong to SEED, a number or a string, the same each time. [Guile]
///
///     (let ((s (seed->random-state "x"))) (< -1 (random 10 s) 10))  => #t
fn "seed->random-state" (cx, seed: Value) {
    let hash = match cx.heap.str(seed) {
        Some(text) => string_hash(text),
        None if crate::value::number::is_number(seed) => match integer_to_u64(&cx.heap, seed) {
            Some(n) => n,
            None => { let text = number_text(&cx.heap, seed, 16)?; string_hash(&text) }
        },
        None => return wrong_type(cx, "seed->random-state", 1, "seed", "a number or a string", seed),
    };
    Ok(state(cx, Random::with_seed(hash)))
}

/// A generator state that nobody foresees. [Guile]
///
///     (< -1 (random 10 (random-state-from-platform)) 10)  => #t
fn "random-state-from-platform" (cx) { state(cx, Random::default()) }

/// A state of its own that will give the same numbers as STATE (or *random-state*). [Guile]
///
///     (let ((s (seed->random-state 1))) (let ((t (copy-random-state s))) (= (random 100 s) (random 100 t))))  => #t
fn "copy-random-state" (cx, [state: Value]) {
    let copy = with_state(cx, "copy-random-state", 1, state, |random| random.clone())?;
    Ok(self::state(cx, copy))
}

/// What datum->random-state makes a state like STATE (or *random-state*) of. [Guile]
///
///     (car (random-state->datum (seed->random-state 1)))  => xoshiro256**
fn "random-state->datum" (cx, [state: Value]) {
    let words = with_state(cx, "random-state->datum", 1, state, |random| random.words())?;
    let mut items = vec![Value::symbol(cx.symbols.intern("xoshiro256**"))];
    items.extend(words.map(|word| integer_from_u64(&cx.heap, word)));
    Ok(cx.heap.list(&items))
}

/// The generator state that DATUM, made by random-state->datum, tells of. [Guile]
///
///     (let* ((s (seed->random-state 1)) (t (datum->random-state (random-state->datum s)))) (= (random 9 s) (random 9 t)))  => #t
fn "datum->random-state" (cx, datum: Value) { let random = from_datum(cx, "datum->random-state", 1, datum)?; Ok(state(cx, random)) }

/// Makes STATE go on as DATUM, made by random-state->datum, tells.
fn "%random-state-set!" (cx, state: Value, datum: Value) {
    let random = from_datum(cx, "random-source-state-set!", 2, datum)?;
    with_state(cx, "random-source-state-set!", 1, Some(state), |own| *own = random)
}

/// Makes STATE give the numbers that belong to the string SEED, or, without it, numbers that nobody foresees.
fn "%random-state-seed!" (cx, state: Value, [seed: Str]) {
    let random = match seed.and_then(|seed| cx.heap.str(seed.0)) {
        Some(text) => Random::with_seed(string_hash(text)),
        None => Random::default(),
    };
    with_state(cx, "random-source-randomize!", 1, Some(state), |own| *own = random)
}

/// A random float from 0 to below 1, all equally likely. [Guile]
///
///     (< (random:uniform) 1)  => #t
fn "random:uniform" (cx, [state: Value]) { with_state(cx, "random:uniform", 1, state, Random::unit) }

/// A random float of the normal distribution with mean 0 and deviation 1. [Guile]
///
///     (real? (random:normal))  => #t
fn "random:normal" (cx, [state: Value]) { with_state(cx, "random:normal", 1, state, normal) }

/// A random float of the exponential distribution with mean 1. [Guile]
///
///     (>= (random:exp) 0)  => #t
fn "random:exp" (cx, [state: Value]) { with_state(cx, "random:exp", 1, state, |random| -(1.0 - random.unit()).ln()) }
}

/// A generator of the program's, or the engine's.
struct State(Option<Random>);

impl External for State {
    fn type_name(&self) -> &'static str {
        "random-state"
    }
}

fn state(cx: &Cx, random: Random) -> Value {
    cx.heap.external(Box::new(State(Some(random))))
}

/// Lets `action` use the generator that argument `position` is.
fn with_state<R>(
    cx: &mut Cx,
    who: &str,
    position: usize,
    state: Option<Value>,
    action: impl FnOnce(&mut Random) -> R,
) -> Answer<R> {
    let Some(v) = state else { return Ok(action(&mut cx.random)) };
    match cx.heap.external_mut::<State>(v) {
        Some(State(Some(random))) => Ok(action(random)),
        Some(State(None)) => Ok(action(&mut cx.random)),
        None => wrong_type(cx, who, position, "state", "a random state", v),
    }
}

fn from_datum(cx: &mut Cx, who: &str, position: usize, datum: Value) -> Answer<Random> {
    let items: Vec<Value> = list_items(datum).take(6).collect();
    let words: Vec<u64> = items.iter().skip(1).filter_map(|&v| integer_to_u64(&cx.heap, v)).collect();
    match <[u64; 4]>::try_from(words).ok().filter(|_| items.len() == 5).and_then(Random::from_words) {
        Some(random) => Ok(random),
        None => wrong_type(cx, who, position, "datum", "what random-state->datum gave", datum),
    }
}

/// The polar method of Marsaglia and Bray (1964).
fn normal(random: &mut Random) -> f64 {
    loop {
        let (x, y) = (2.0 * random.unit() - 1.0, 2.0 * random.unit() - 1.0);
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            return x * (-2.0 * square.ln() / square).sqrt();
        }
    }
}

fn random(cx: &mut Cx, n: Value, state: Option<Value>) -> Answer {
    const EXPECTED: &str = "a real number above 0";
    if let Some(bound) = n.as_fixnum().filter(|n| *n > 0) {
        let number = with_state(cx, "random", 2, state, |random| random.below(bound as u64))?;
        return Ok(Value::fixnum(number as i64));
    }
    match load(&cx.heap, n) {
        Some(Number::Real(Real::Float(bound))) if bound > 0.0 && bound.is_finite() => {
            let unit = with_state(cx, "random", 2, state, Random::unit)?;
            Ok(cx.heap.flonum(unit * bound))
        }
        Some(Number::Real(Real::Int(bound))) if bound.signum() > 0 => {
            let limbs =
                load_integer(&cx.heap, n).map(|bound| bound.with_limbs(|_, limbs| limbs.to_vec())).unwrap_or_default();
            cx.admit(limbs.len().saturating_mul(16))?;
            cx.check_interrupt()?;
            let limbs = with_state(cx, "random", 2, state, |random| random.limbs_below(&limbs))?;
            Ok(store_real(&cx.heap, &Real::Int(Int::from_limbs(false, &limbs))))
        }
        Some(Number::Real(_)) => out_of_range(cx, "random", 1, "n", EXPECTED, n),
        _ => wrong_type(cx, "random", 1, "n", EXPECTED, n),
    }
}
