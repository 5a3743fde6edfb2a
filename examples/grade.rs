//! Grades students' socket scripts: each gets an echo server of its own to talk to, and nothing else, for a second at most.
//!
//!     cargo run --example grade             grades the submissions below
//!     cargo run --example grade FILE ...    grades those files; PORT is defined in them

use sockeye::permission::Permissions;
use sockeye::{Engine, ErrorKind, Limit};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

const SUBMISSIONS: &[(&str, &str)] = &[
    (
        "good.scm",
        "(define s (socket AF_INET SOCK_STREAM 0))
         (connect s AF_INET INADDR_LOOPBACK port)
         (send s (string->utf8 \"hello\"))
         (define room (make-bytevector 5))
         (recv! s room)
         (display (utf8->string room))",
    ),
    (
        "leaving.scm",
        "(define s (socket AF_INET SOCK_STREAM 0))
         (connect s AF_INET INADDR_LOOPBACK port)
         (display \"hello\" s)
         (shutdown s 1)
         (display (read-line s))
         (exit)",
    ),
    ("silent.scm", "(display \"hello\")"),
    ("wrong-port.scm", "(connect (socket AF_INET SOCK_STREAM 0) AF_INET INADDR_LOOPBACK 22)"),
    ("nosy.scm", "(display (call-with-input-file \"/etc/passwd\" read-line))"),
    ("endless.scm", "(let loop () (guard (e (#t (loop))) (loop)))"),
    ("greedy.scm", "(let loop ((l '())) (loop (cons (make-vector 10000) l)))"),
    ("chatty.scm", "(let loop () (display \"spam\") (loop))"),
];

/// An echo server for one connection: what it heard.
fn echo(listener: TcpListener) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut heard = Vec::new();
        let Ok((mut peer, _)) = listener.accept() else { return heard };
        let mut room = [0; 512];
        while let Ok(count @ 1..) = peer.read(&mut room) {
            heard.extend_from_slice(&room[..count]);
            if peer.write_all(&room[..count]).is_err() {
                break;
            }
        }
        heard
    })
}

fn grade(name: &str, text: &str) -> Result<String, Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = echo(listener);
    let mut engine = Engine::builder()
        .permissions(Permissions::none().allow_net(&address.to_string())?)
        .time(Duration::from_secs(1))
        .steps(50_000_000)
        .memory(32 << 20)
        .output_size(10_000)
        .descriptors(8)
        .fibers(100)
        .capture_output()
        .build()?;
    engine.define("port", address.port())?;
    let result = engine.load::<()>(name, text);
    let printed = engine.take_output();
    drop(engine);
    // Whoever never came is waited for no longer.
    drop(std::net::TcpStream::connect(address));
    let heard = server.join().expect("the server does not panic");
    // Whoever ends by (exit) has come to an end, too.
    let result = match result {
        Err(error) if error.kind() == ErrorKind::Exit(0) => Ok(()),
        result => result,
    };
    Ok(match result {
        Ok(()) if printed == "hello" && heard == b"hello" => "passed".to_string(),
        Ok(()) => format!("failed: printed {printed:?}, sent {:?}", String::from_utf8_lossy(&heard)),
        Err(error) => match error.kind() {
            ErrorKind::Refused => format!("failed, and went where it must not: {error}"),
            ErrorKind::Limit(Limit::Time | Limit::Steps) => "failed: did not come to an end".to_string(),
            ErrorKind::Limit(limit) => format!("failed: {limit}"),
            _ => format!("failed: {error}"),
        },
    })
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    for path in &files {
        println!("{path}: {}", grade(path, &std::fs::read_to_string(path)?)?);
    }
    if files.is_empty() {
        for (name, text) in SUBMISSIONS {
            println!("{name}: {}", grade(name, text)?);
        }
    }
    Ok(())
}
