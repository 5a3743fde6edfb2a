//! A rule engine: rules are procedures, compiled once and called a million times.
//!
//!     cargo run --release --example rules

use sockeye::{Engine, Handle, Symbol};
use std::time::Instant;

const RULES: &str = "
(define (small? amount) (< amount 100))

(define (discount customer amount)
  (cond ((eq? customer 'staff) (quotient amount 5))
        ((small? amount) 0)
        ((> amount 1000) (quotient amount 10))
        (else (quotient amount 20))))";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    const CALLS: i64 = 1_000_000;
    let mut engine = Engine::new()?;
    engine.load::<()>("rules.scm", RULES)?;
    let discount: Handle = engine.get("discount")?;
    let guest = engine.eval::<Handle>("'guest")?;
    let start = Instant::now();
    let mut total = 0;
    for n in 0..CALLS {
        total += engine.call::<i64>(&discount, (&guest, n % 2000))?;
    }
    let taken = start.elapsed();
    println!("{CALLS} calls in {taken:?}: a total of {total}");
    let staff: i64 = engine.call(&discount, (Symbol("staff".to_string()), 50))?;
    println!("staff pay {staff} less for 50");
    // Rules change while the program runs; who holds the procedure by its name has the new one.
    engine.load::<()>("rules.scm", "(define (small? amount) (< amount 5000))")?;
    println!("guests now have {} off 2000", engine.call::<i64>("discount", (&guest, 2000))?);
    Ok(())
}
