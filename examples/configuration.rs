//! A configuration language: settings are Scheme, with the host's words in it, and no way out of it.
//!
//!     cargo run --example configuration

use sockeye::{Engine, Failure, Symbol};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const TEXT: &str = r#"
(define base-port 7000)

(define (worker n)
  (server (string-append "worker-" (number->string n)) (+ base-port n)))

(server "front" 80)
(for-each worker '(1 2 3))

(option 'timeout (minutes 2))
(option 'log-level 'warn)
"#;

#[derive(Debug, Default)]
struct Settings {
    servers: BTreeMap<String, u16>,
    options: BTreeMap<String, String>,
}

fn read(text: &str) -> Result<Settings, Box<dyn std::error::Error>> {
    let settings = Arc::new(Mutex::new(Settings::default()));
    let mut engine = Engine::builder().time(Duration::from_millis(200)).memory(16 << 20).build()?;
    let shared = settings.clone();
    engine.register("server", move |name: String, port: u16| -> Result<(), Failure> {
        let mut settings = shared.lock().expect("nobody panics with it");
        match settings.servers.insert(name.clone(), port) {
            None => Ok(()),
            Some(_) => Err(Failure::new("there is a server of this name already").irritant(name)),
        }
    })?;
    let shared = settings.clone();
    engine.register("option", move |Symbol(name): Symbol, value: sockeye::Data| {
        shared.lock().expect("nobody panics with it").options.insert(name, value.to_string());
    })?;
    engine.register("minutes", |n: f64| n * 60.0)?;
    engine.load::<()>("settings.scm", text)?;
    drop(engine);
    let settings = Arc::into_inner(settings).expect("the engine has gone, and its functions with it");
    Ok(settings.into_inner()?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{:#?}", read(TEXT)?);
    // A mistake is told with the line it stands in.
    let mistake = format!("{TEXT}\n(server \"front\" 81)");
    if let Err(error) = read(&mistake)
        && let Some(error) = error.downcast_ref::<sockeye::Error>()
    {
        print!("{}", error.report());
    }
    // And there is nothing else that settings could do.
    let error = read("(delete-file \"/etc/passwd\")").expect_err("nothing was granted");
    println!("{error}");
    Ok(())
}
