//! Makes engines and does nothing with them, for a profiler: embed-engines NUMBER.

fn main() -> std::io::Result<()> {
    let number = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1);
    let engines: Vec<sockeye::Engine> = (0..number).map(|_| sockeye::Engine::new()).collect::<Result<_, _>>()?;
    assert_eq!(engines.len(), number);
    Ok(())
}
