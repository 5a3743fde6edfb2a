//! An async host: scripts and the host's own tasks wait on one runtime, none for the other.
//!
//!     cargo run --features async --example async_host

use sockeye::{Engine, Later};
use std::time::Duration;

/// A function of the host's that is async itself: its task completes the answer that the script waits for.
fn fetch(name: String) -> std::io::Result<Later<String>> {
    let (completer, later) = Later::channel()?;
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(30)).await;
        completer.complete(format!("<{name}>"));
    });
    Ok(later)
}

async fn script(id: usize) -> Result<String, sockeye::Error> {
    let mut engine = Engine::builder().time(Duration::from_secs(5)).build().expect("an engine");
    engine.register("fetch", fetch)?;
    engine.define("id", id)?;
    engine
        .eval_async(
            "(define (page n) (spawn-fiber (lambda () (fetch (string-append \"page-\" (number->string n))))))
             (string-join (map fiber-join (map page (iota 3 (* 10 id)))) \" \")",
        )
        .await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = std::time::Instant::now();
    let scripts: Vec<_> = (1..=4).map(|id| tokio::spawn(script(id))).collect();
    for script in scripts {
        println!("{}", script.await??);
    }
    // Twelve pages of 30 ms each, side by side.
    println!("in less than a second: {}", start.elapsed() < Duration::from_secs(1));
    Ok(())
}
