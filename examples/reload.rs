//! A server whose request handler is a script, which can be changed while the server runs. Each request may take a tenth of a
//! second and may reach nothing but its own connection.
//!
//!     cargo run --example reload            shows itself: a server, requests, and a new handler in between
//!     cargo run --example reload FILE       serves on 127.0.0.1:7007 with the handler in FILE, until interrupted

use sockeye::{Engine, Error};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// No request is longer.
const LONGEST: u64 = 64 << 10;

/// The handler, and the file it was read from.
struct Handler {
    engine: Engine,
    path: PathBuf,
    read: Option<SystemTime>,
}

impl Handler {
    fn new(path: &Path) -> Result<Handler, Box<dyn std::error::Error>> {
        let engine = Engine::builder().time(Duration::from_millis(100)).memory(32 << 20).build()?;
        Ok(Handler { engine, path: path.to_path_buf(), read: None })
    }

    /// Reads the file again if it has changed. A handler that cannot be read leaves the one before in place.
    fn refresh(&mut self) {
        let changed = std::fs::metadata(&self.path).and_then(|metadata| metadata.modified()).ok();
        if changed.is_some() && changed != self.read {
            self.read = changed;
            if let Err(error) = self.engine.run_file::<()>(&self.path) {
                eprint!("{}", error.report());
            }
        }
    }

    fn answer(&mut self, request: &str) -> Result<String, Error> {
        self.refresh();
        self.engine.call("handle", (request,))
    }
}

fn serve(handler: &mut Handler, peer: TcpStream) -> std::io::Result<()> {
    // Others wait for this one: it has a second, and a line's room.
    peer.set_read_timeout(Some(Duration::from_secs(1)))?;
    peer.set_write_timeout(Some(Duration::from_secs(1)))?;
    let mut request = String::new();
    BufReader::new(&peer).take(LONGEST).read_line(&mut request)?;
    match handler.answer(request.trim_end()) {
        Ok(answer) => writeln!(&peer, "{answer}"),
        Err(error) => writeln!(&peer, "sorry: {error}"),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    if let Some(path) = std::env::args().nth(1) {
        let listener = TcpListener::bind("127.0.0.1:7007")?;
        let mut handler = Handler::new(Path::new(&path))?;
        for peer in listener.incoming() {
            // A peer that is gone has nothing to be told.
            let _ = serve(&mut handler, peer?);
        }
        return Ok(());
    }
    let path = std::env::temp_dir().join(format!("sockeye-handler-{}.scm", std::process::id()));
    std::fs::write(&path, "(define count 0) (define (handle line) (set! count (+ count 1)) (string-upcase line))")?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let handlers = path.clone();
    std::thread::spawn(move || {
        let mut handler = Handler::new(&handlers).expect("an engine");
        for peer in listener.incoming().flatten() {
            // A peer that is gone has nothing to be told.
            let _ = serve(&mut handler, peer);
        }
    });
    let ask = |line: &str| -> std::io::Result<String> {
        let mut peer = TcpStream::connect(address)?;
        writeln!(peer, "{line}")?;
        let mut answer = String::new();
        BufReader::new(peer).read_line(&mut answer)?;
        Ok(answer)
    };
    print!("{}", ask("hello")?);
    // The new handler sees the old one's count.
    std::thread::sleep(Duration::from_millis(20));
    std::fs::write(
        &path,
        "(define (handle line) (if (string=? line \"loop\") (handle line) (list->string (reverse (string->list line)))))",
    )?;
    print!("{}", ask("hello")?);
    print!("{}", ask("loop")?);
    print!("{}", ask("still here")?);
    std::fs::remove_file(&path)?;
    Ok(())
}
