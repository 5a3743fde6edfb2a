//! Runs the examples that serve many at once, as their first lines tell people to, against clients of the system (curl, wrk,
//! socat) where it has them, and in any case against clients made here.

mod common;

use common::{DEADLINE, Process, has};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

/// A client that speaks lines.
struct Client {
    stream: TcpStream,
    lines: BufReader<TcpStream>,
}

impl Client {
    fn of(port: u16) -> Client {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("a server listens");
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap());
        Client { stream, lines }
    }

    fn say(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).expect("it is connected");
    }

    /// The next line, without its end; "" at the end.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line in time");
        line.trim_end().to_string()
    }

    fn hears(&mut self, expected: &str) {
        assert_eq!(self.line(), expected);
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.lines.read_exact(&mut bytes).expect("bytes in time");
        bytes
    }

    fn ends(&mut self) {
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).expect("an end in time");
        assert_eq!(rest, "");
    }

    fn leave(&mut self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }
}

/// What a program of the system prints.
fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().expect("it runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn people_chat_in_rooms() {
    let server = Process::example("chat-rooms.scm", &["0"]);
    let port = server.port();
    let (mut ann, mut bob) = (Client::of(port), Client::of(port));
    ann.say("Ann\n");
    ann.hears("* Ann has come in");
    bob.say("Bob\n");
    ann.hears("* Bob has come in");
    bob.hears("* Bob has come in");
    bob.say("hello\n");
    ann.hears("Bob: hello");
    bob.hears("Bob: hello");
    ann.say("/join kitchen\nwho is here?\n");
    ann.hears("* Ann has come in");
    ann.hears("Ann: who is here?");
    bob.say("/join kitchen\n");
    bob.hears("* Bob has come in");
    ann.hears("* Bob has come in");
    // Who breaks off in the middle of a line has left.
    bob.say("I wan");
    bob.leave();
    ann.hears("Bob: I wan");
    ann.hears("* Bob has left");
    ann.say("/quit\n");
    ann.ends();
}

#[test]
fn somebody_who_does_not_read_keeps_nobody_waiting() {
    let server = Process::example("chat-rooms.scm", &["0"]);
    let port = server.port();
    let mut deaf = Client::of(port);
    deaf.say("Deaf\n");
    deaf.hears("* Deaf has come in");
    let mut ann = Client::of(port);
    ann.say("Ann\n");
    ann.hears("* Ann has come in");
    let began = Instant::now();
    let text = "x".repeat(10_000);
    for _ in 0..1_000 {
        ann.say(&format!("{text}\n"));
        ann.hears(&format!("Ann: {text}"));
    }
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn hundreds_chat_in_one_collection() {
    const GUESTS: usize = 200;
    let server = Process::example("async-chat.scm", &["0"]);
    let port = server.port();
    let mut ann = Client::of(port);
    ann.say("Ann\n");
    ann.hears("* Ann has come in");
    let mut guests: Vec<Client> = (0..GUESTS).map(|_| Client::of(port)).collect();
    for (number, guest) in guests.iter_mut().enumerate() {
        guest.say(&format!("guest {number}\n"));
        ann.hears(&format!("* guest {number} has come in"));
    }
    // Lines come in parts and in heaps, and are heard one by one, by everybody.
    ann.say("hel");
    ann.say("lo\nwho is here?\n/who\n");
    ann.hears("Ann: hello");
    ann.hears("Ann: who is here?");
    ann.hears("* 201 are here");
    for (number, guest) in guests.iter_mut().enumerate() {
        for later in number..GUESTS {
            guest.hears(&format!("* guest {later} has come in"));
        }
        guest.hears("Ann: hello");
        guest.hears("Ann: who is here?");
    }
    for (number, guest) in guests.iter_mut().enumerate() {
        guest.say(&format!("from {number}\n"));
        ann.hears(&format!("guest {number}: from {number}"));
    }
    // Who breaks off, who leaves, and who says too much are gone, and everybody is told.
    guests[0].say("I wan");
    guests.remove(0);
    ann.hears("* guest 0 has left");
    guests[0].say("/quit\n");
    ann.hears("* guest 1 has left");
    guests[1].say(&"x".repeat(2_000));
    ann.hears("* guest 2 has left");
    ann.say("/quit\n");
    ann.ends();
}

#[test]
fn http_connections_stay_open() {
    let server = Process::example("http-server.scm", &["0"]);
    let port = server.port();
    let mut client = Client::of(port);
    // Byte by byte, and then many requests at once.
    for byte in "GET / HTTP/1.1\r\nHost: x\r\n\r\n".chars() {
        client.say(&byte.to_string());
    }
    let hello = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 6\r\n\r\nhello\n";
    assert_eq!(String::from_utf8(client.bytes(hello.len())).unwrap(), hello);
    client.say(&"GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100));
    assert_eq!(String::from_utf8(client.bytes(hello.len() * 100)).unwrap(), hello.repeat(100));
    client.say(
        "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nPOST /echo HTTP/1.1\r\nContent-Length: 4\r\nConnection: Close\r\n\r\na\r\nb",
    );
    client.bytes(hello.len() - 6);
    let mut rest = String::new();
    client.lines.read_to_string(&mut rest).unwrap();
    assert!(rest.starts_with("HTTP/1.1 200 OK\r\n") && rest.contains("\r\nConnection: close\r\n"), "{rest}");
    assert!(rest.ends_with("\r\n\r\na\r\nb"), "{rest}");
    for (wrong, status) in [
        ("nonsense\r\n\r\n", "400"),
        ("GET / HTTP/3.0\r\n\r\n", "505"),
        ("GET / HTTP/1.1\r\nno colon\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", "413"),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "501"),
        ("DELETE / HTTP/1.1\r\nConnection: close\r\n\r\n", "405"),
        ("GET /nothing HTTP/1.0\r\n\r\n", "404"),
    ] {
        let mut client = Client::of(port);
        client.say(wrong);
        assert!(client.line().starts_with(&format!("HTTP/1.1 {status} ")), "{wrong}");
    }
}

#[test]
fn curl_and_wrk_are_served() {
    let server = Process::example("http-server.scm", &["0"]);
    let address = format!("http://127.0.0.1:{}", server.port());
    if has("curl") {
        assert_eq!(
            output("curl", &["-s", &format!("{address}/"), &format!("{address}/hello/you")]),
            "hello\nhello, you\n"
        );
        assert_eq!(output("curl", &["-s", "-d", "a=b", &format!("{address}/echo")]), "a=b");
        assert_eq!(output("curl", &["-s", "-o", "/dev/null", "-w", "%{http_code}", &format!("{address}/x")]), "404");
        // A large body, of which curl asks first whether it is wanted.
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "0123456789".repeat(50_000)).unwrap();
        let body = format!("@{}", file.path().display());
        let echo = format!("{address}/echo");
        let answer = output("curl", &["-s", "-H", "Expect: 100-continue", "--data-binary", &body, &echo]);
        assert_eq!(answer.len(), 500_000);
    }
    if has("wrk") {
        let said = output("wrk", &["-t1", "-c50", "-d1", &format!("{address}/")]);
        assert!(
            said.contains(" requests in ") && !said.contains("Non-2xx") && !said.contains("Socket errors"),
            "{said}"
        );
    }
}

/// A server of one line, and its port.
fn greeter() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut line = String::new();
            BufReader::new(stream.try_clone().unwrap()).read_line(&mut line).unwrap();
            stream.write_all(format!("you said {line}").as_bytes()).unwrap();
        }
    });
    port
}

#[test]
fn a_proxy_speaks_socks() {
    let server = Process::example("socks-proxy.scm", &["0"]);
    let port = server.port();
    let [high, low] = greeter().to_be_bytes();
    let address = [5, 1, 0, 1, 127, 0, 0, 1, high, low];
    let name = [&[5, 1, 0, 3, 9][..], b"localhost", &[high, low]].concat();
    for wish in [&address[..], &name[..]] {
        let mut client = Client::of(port);
        client.stream.write_all(&[5, 2, 0, 2]).unwrap();
        assert_eq!(client.bytes(2), [5, 0]);
        client.stream.write_all(wish).unwrap();
        assert_eq!(client.bytes(10)[..2], [5, 0]);
        client.say("hello\n");
        client.hears("you said hello");
        client.ends();
    }
    for (wish, status) in [
        ([5, 1, 0, 1, 127, 0, 0, 1, 0, 1], 5),
        ([5, 2, 0, 1, 127, 0, 0, 1, 0, 1], 7),
        ([5, 1, 0, 9, 0, 0, 0, 0, 0, 0], 8),
    ] {
        let mut client = Client::of(port);
        client.stream.write_all(&[5, 1, 0]).unwrap();
        client.stream.write_all(&wish).unwrap();
        assert_eq!(client.bytes(12)[2..4], [5, status], "{wish:?}");
    }
    // No method in common; another protocol.
    let mut client = Client::of(port);
    client.stream.write_all(&[5, 1, 2]).unwrap();
    assert_eq!(client.bytes(2), [5, 255]);
    let mut client = Client::of(port);
    client.stream.write_all(&[4]).unwrap();
    client.ends();
    if has("curl") {
        let web = Process::example("http-server.scm", &["0"]);
        let page = format!("http://localhost:{}/", web.port());
        for option in ["--socks5", "--socks5-hostname"] {
            assert_eq!(output("curl", &["-s", option, &format!("127.0.0.1:{port}"), &page]), "hello\n");
        }
    }
}

#[test]
fn the_first_address_that_answers_is_taken() {
    let port = greeter().to_string();
    let said = Process::example("happy-eyeballs.scm", &["localhost", &port]).rest();
    assert!(said.last().unwrap().starts_with("connected to 127.0.0.1 after "), "{said:?}");
    let said = Process::example("happy-eyeballs.scm", &["127.0.0.1", "1"]).rest();
    assert_eq!(said[0], "127.0.0.1 has 1 addresses");
    assert!(said[1].contains("refused"), "{said:?}");
    assert_eq!(said[2], "none of them answers");
}

#[test]
fn nobody_has_more_than_its_share() {
    let server = Process::example("limited-echo.scm", &["0", "50", "1"]);
    let port = server.port();
    let mut greedy = Client::of(port);
    let mut silent = Client::of(port);
    let began = Instant::now();
    greedy.say(&"x\n".repeat(75));
    // Another one's share is its own.
    let mut modest = Client::of(port);
    modest.say("hello\n");
    modest.hears("hello");
    for _ in 0..75 {
        greedy.hears("x");
    }
    assert!(began.elapsed() >= Duration::from_millis(450), "{:?}", began.elapsed());
    silent.hears("you are silent; good-bye");
    silent.ends();
    assert!(began.elapsed() >= Duration::from_secs(1));
}

#[test]
fn subscribers_hear_of_their_topics() {
    let server = Process::example("publish.scm", &["0"]);
    let port = server.port();
    let (mut first, mut second, mut speaker) = (Client::of(port), Client::of(port), Client::of(port));
    first.say("sub weather\nsub news\n");
    first.hears("ok");
    first.hears("ok");
    second.say("sub weather\n");
    second.hears("ok");
    speaker.say("pub weather it rains\npub news nothing is new\npub sport x\nwhat\n");
    for expected in ["2", "1", "0", "? sub, unsub or pub, and a topic"] {
        speaker.hears(expected);
    }
    let mut heard = [first.line(), first.line()];
    heard.sort();
    assert_eq!(heard, ["news: nothing is new", "weather: it rains"]);
    second.hears("weather: it rains");
    second.say("unsub weather\n");
    second.hears("ok");
    speaker.say("pub weather it snows\n");
    speaker.hears("1");
    first.hears("weather: it snows");
    first.leave();
    first.ends();
    speaker.say("pub weather still\n");
    speaker.hears("0");
}

#[test]
fn load_goes_through_a_forwarder() {
    let server = Process::example("limited-echo.scm", &["0", "10000000", "30"]);
    let port = server.port().to_string();
    let forwarder = Process::example("forward.scm", &["0", "127.0.0.1", &port]);
    let port = forwarder.port().to_string();
    let said = Process::example("load.scm", &[&port, "20", "1"]).rest();
    assert_eq!(said[0], "clients: 20 at once");
    let count: usize = said[1].split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a number");
    assert!(count > 100, "{said:?}");
    assert_eq!(said.len(), 6);
    // Nobody behind it: the client is not kept.
    let forwarder = Process::example("forward.scm", &["0", "127.0.0.1", "1"]);
    Client::of(forwarder.port()).ends();
}

#[test]
fn a_dead_worker_is_replaced() {
    let mut server = Process::example("workers.scm", &["0", "2"]);
    let port = server.port();
    let started = |line: String| line.strip_prefix("worker ")?.strip_suffix(" starts")?.parse::<i32>().ok();
    for _ in 0..2 {
        assert!(started(server.line()).is_some());
    }
    let ask = || {
        // A worker that has just started may not listen yet, and one that is ending may have taken the connection.
        let until = Instant::now() + DEADLINE;
        while Instant::now() < until {
            if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
                let mut line = String::new();
                let said = stream.write_all(b"hello\n");
                stream.set_read_timeout(Some(DEADLINE)).unwrap();
                if said.is_ok() && BufReader::new(stream).read_line(&mut line).is_ok_and(|count| count > 0) {
                    return line;
                }
            }
            std::thread::yield_now();
        }
        panic!("nobody answers")
    };
    assert!(ask().ends_with(": hello\n"));
    let mut client = Client::of(port);
    client.say("die\n");
    client.ends();
    assert!(server.line().ends_with(" has ended"));
    let new = started(server.line()).expect("a new worker");
    // The new one is among those who answer.
    let until = Instant::now() + DEADLINE;
    while !ask().starts_with(&format!("worker {new}: ")) {
        assert!(Instant::now() < until, "the new worker is given nothing");
    }
    // The workers end with their supervisor.
    let supervisor = nix::unistd::Pid::from_raw(server.child.id() as i32);
    nix::sys::signal::kill(supervisor, nix::sys::signal::Signal::SIGTERM).unwrap();
    assert!(server.child.wait().unwrap().success());
    let until = Instant::now() + DEADLINE;
    while TcpStream::connect(("127.0.0.1", port)).is_ok() {
        assert!(Instant::now() < until, "a worker is left");
        std::thread::yield_now();
    }
}
