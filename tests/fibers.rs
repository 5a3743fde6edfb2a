//! Fibers under load: many connections, slow and broken ones, too few descriptors, long runs, and what the system sees of it all.

mod common;

use common::{DEADLINE, Process, has};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fiber/data").join(name)
}

fn sockeye() -> Command {
    Command::new(env!("CARGO_BIN_EXE_sockeye"))
}

fn echo_server(arguments: &[&str]) -> (Process, u16) {
    let server = Process::start(sockeye().arg(script("echo.scm")).args(arguments));
    let port = server.port();
    (server, port)
}

fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("a server listens");
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Sends a message and waits until it has come back; the time that took.
fn exchange(stream: &mut TcpStream, message: &[u8]) -> Duration {
    let began = Instant::now();
    stream.write_all(message).expect("it is connected");
    let mut back = vec![0; message.len()];
    stream.read_exact(&mut back).expect("an answer in time");
    assert_eq!(back, message);
    began.elapsed()
}

/// Descriptors that the process has open.
fn descriptors(process: &Process) -> usize {
    fs::read_dir(format!("/proc/{}/fd", process.child.id())).expect("the process runs").count()
}

/// Waits until the process has so many at most.
fn settles_at(process: &Process, count: usize) {
    let until = Instant::now() + DEADLINE;
    while descriptors(process) > count {
        assert!(Instant::now() < until, "{} descriptors are left, of {count}", descriptors(process));
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Memory that the process has, in kB.
fn memory(process: &Process) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", process.child.id())).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("Linux tells");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Processor time that the process has used, in hundredths of a second.
fn processor_time(process: &Process) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", process.child.id())).expect("the process runs");
    let fields: Vec<&str> = stat.rsplit(')').next().expect("a name in parentheses").split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// How many connections there can be, `wanted` if the system allows it: both ends' processes are limited.
fn possible(wanted: usize) -> usize {
    const OTHERS: u64 = 200;
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    let need = wanted as u64 + OTHERS;
    if soft < need {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, need.min(hard), hard);
    }
    let (soft, _) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    let count = wanted.min(soft.saturating_sub(OTHERS) as usize);
    if count < wanted {
        println!("only {count} connections of {wanted}: the system allows {soft} descriptors");
    }
    count
}

#[test]
fn ten_thousand_idle_connections_get_a_message_each() {
    let count = possible(10_000);
    let (server, port) = echo_server(&[]);
    let before = memory(&server);
    let mut clients: Vec<TcpStream> = (0..count).map(|_| connect(port)).collect();
    let until = Instant::now() + DEADLINE;
    while descriptors(&server) < count {
        assert!(Instant::now() < until, "not all are accepted");
        std::thread::sleep(Duration::from_millis(5));
    }
    let each = (memory(&server) - before) * 1024 / count;
    assert!(each < 1400, "{each} bytes for each connection");
    let began = Instant::now();
    for client in &mut clients {
        client.write_all(b"hello").unwrap();
    }
    for client in &mut clients {
        let mut back = [0; 5];
        client.read_exact(&mut back).expect("an answer in time");
        assert_eq!(&back, b"hello");
    }
    println!("{count} connections, {each} bytes each, a message on each within {:?}", began.elapsed());
    drop(clients);
    settles_at(&server, 20);
}

#[test]
fn thousands_of_slow_clients_keep_nobody_waiting() {
    let count = possible(3_000);
    let (server, port) = echo_server(&[]);
    let mut slow: Vec<TcpStream> = (0..count).map(|_| connect(port)).collect();
    let mut quick = connect(port);
    let mut longest = Duration::ZERO;
    for round in 0..2 * count / 100 {
        // A hundred of them let a byte trickle through, and take it back only when the others were served.
        let from = round * 100 % count;
        let till = (from + 100).min(count);
        for client in &mut slow[from..till] {
            client.write_all(b"x").unwrap();
        }
        for _ in 0..10 {
            longest = longest.max(exchange(&mut quick, b"a message of some length, as messages have\n"));
        }
        for client in &mut slow[from..till] {
            client.read_exact(&mut [0]).expect("its byte in time");
        }
    }
    println!("{count} slow clients: no other echo took longer than {longest:?}");
    // A tenth of a second on a machine of one's own.
    assert!(longest < Duration::from_secs(2), "{longest:?}");
    drop(slow);
    settles_at(&server, 20);
}

#[test]
fn half_sent_requests_keep_nobody_waiting() {
    let count = possible(1_000);
    let server = Process::example("http-server.scm", &["0"]);
    let port = server.port();
    let slow: Vec<TcpStream> = (0..count)
        .map(|i| {
            let mut stream = connect(port);
            let request = b"GET / HTTP/1.1\r\nHost: slow\r\nX: ";
            stream.write_all(&request[..1 + i % (request.len() - 1)]).unwrap();
            stream
        })
        .collect();
    let mut quick = connect(port);
    let mut longest = Duration::ZERO;
    for round in 0..200 {
        // Each lets a byte more trickle through.
        (&slow[round * 7 % count]).write_all(b"x").unwrap();
        let began = Instant::now();
        quick.write_all(b"GET / HTTP/1.1\r\nHost: quick\r\n\r\n").unwrap();
        let mut answer = [0; 85];
        quick.read_exact(&mut answer).expect("an answer in time");
        assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n") && answer.ends_with(b"hello\n"));
        longest = longest.max(began.elapsed());
    }
    // A tenth of a second on a machine of one's own.
    assert!(longest < Duration::from_secs(2), "{longest:?}");
    drop(slow);
    settles_at(&server, 20);
}

#[test]
fn a_client_may_go_at_any_point() {
    let server = Process::example("http-server.scm", &["0"]);
    let port = server.port();
    let mut witness = connect(port);
    let request = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
    for sent in 0..=request.len() {
        for way in 0..4 {
            let mut stream = connect(port);
            stream.write_all(&request[..sent]).unwrap();
            match way {
                // Closed; broken off, with a reset; half closed, and then closed; the answer is not read to its end.
                0 => {}
                1 => socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap(),
                2 => {
                    stream.shutdown(Shutdown::Write).unwrap();
                    let mut rest = Vec::new();
                    stream.read_to_end(&mut rest).unwrap();
                    assert_eq!(rest.ends_with(b"\r\n\r\nhello"), sent == request.len(), "after {sent} bytes");
                }
                _ if sent == request.len() => drop(stream.read_exact(&mut [0; 3])),
                _ => {}
            }
        }
    }
    witness.write_all(request).unwrap();
    let mut answer = [0; 84];
    witness.read_exact(&mut answer).unwrap();
    assert!(answer.ends_with(b"hello"));
    drop(witness);
    settles_at(&server, 20);
}

#[test]
fn accept_recovers_when_descriptors_run_out() {
    let (server, port) = echo_server(&["40"]);
    let mut clients: Vec<TcpStream> = (0..60).map(|_| connect(port)).collect();
    assert_eq!(server.line(), "full");
    // It does not spin.
    let before = processor_time(&server);
    std::thread::sleep(Duration::from_millis(500));
    assert!(processor_time(&server) - before < 20, "a server without descriptors is busy");
    // Those that it has taken are served, and, when they have gone, the others.
    for client in &mut clients[..20] {
        exchange(client, b"taken");
    }
    clients.drain(..30);
    for client in &mut clients {
        exchange(client, b"at last");
    }
    drop(clients);
    exchange(&mut connect(port), b"again");
}

/// Messages over a few connections that come and go: memory and descriptors stay as they were.
fn soak(messages: usize) {
    let (server, port) = echo_server(&[]);
    let round = |messages: usize| {
        let mut clients: Vec<TcpStream> = (0..10).map(|_| connect(port)).collect();
        for i in 0..messages {
            let at = i % clients.len();
            exchange(&mut clients[at], b"a message of some length, as messages have\n");
            if i % 100 == 99 {
                clients[at] = connect(port);
            }
        }
    };
    round(messages / 10);
    settles_at(&server, 20);
    let (before, open) = (memory(&server), descriptors(&server));
    round(messages);
    settles_at(&server, open);
    let grown = memory(&server).saturating_sub(before);
    println!("{messages} messages: {grown} kB more than {before}");
    assert!(grown < 5 * 1024, "{grown} kB more after {messages} messages");
}

#[test]
fn memory_stays_flat() {
    soak(20_000);
}

#[test]
#[ignore = "takes minutes"]
fn memory_stays_flat_for_a_million_messages() {
    soak(1_000_000);
}

/// The scripts of tests/fiber, with poll in place of epoll.
#[test]
fn all_of_it_works_without_epoll() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fiber");
    let mut failed = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "scm") {
            let output = sockeye().args(["--poll", "test"]).arg(&path).stdin(Stdio::null()).output().unwrap();
            if !output.status.success() {
                failed += &format!("{}: {}\n", path.display(), String::from_utf8_lossy(&output.stdout));
            }
        }
    }
    assert!(failed.is_empty(), "{failed}");
    let mut server = sockeye();
    let server = Process::start(server.arg("--poll").arg(script("echo.scm")));
    let port = server.port();
    let mut clients: Vec<TcpStream> = (0..300).map(|_| connect(port)).collect();
    for client in clients.iter_mut().rev() {
        exchange(client, b"hello");
    }
    drop(clients);
    settles_at(&server, 20);
}

/// What a script does between two marks, as strace tells it: the names of its system calls.
fn calls_of(text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let text = format!("(access? \"/begin\" F_OK) {text} (access? \"/end\" F_OK)");
    let status = Command::new("strace")
        .arg("-o")
        .arg(&trace)
        .arg(env!("CARGO_BIN_EXE_sockeye"))
        .args(["-c", &text])
        .status()
        .unwrap();
    assert!(status.success());
    let lines = fs::read_to_string(&trace).unwrap();
    let inside = lines.lines().skip_while(|line| !line.contains("\"/begin\"")).skip(1);
    let names = inside.take_while(|line| !line.contains("\"/end\"")).filter_map(|line| line.split('(').next());
    // Memory is the engine's own business.
    let is_memory = |name: &&str| ["mmap", "munmap", "madvise", "brk"].contains(name);
    names.filter(|name| !is_memory(name)).map(str::to_string).collect()
}

fn can_trace() -> bool {
    let trial = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    trial.is_ok_and(|status| status.success())
}

#[test]
fn a_plain_script_makes_the_calls_that_c_would() {
    if !can_trace() {
        println!("strace is not here, or not allowed: nothing was looked at");
        return;
    }
    let calls = calls_of(
        "(define pair (socketpair AF_UNIX SOCK_STREAM 0)) (define room (make-bytevector 100))
         (send (car pair) #vu8(1 2 3)) (recv! (cdr pair) room) (send (cdr pair) #vu8(4)) (recv! (car pair) room)
         (close-port (car pair)) (recv! (cdr pair) room)",
    );
    assert_eq!(calls, ["socketpair", "sendto", "recvfrom", "sendto", "recvfrom", "close", "recvfrom"]);
    let calls = calls_of(
        "(define server (socket AF_INET SOCK_STREAM 0)) (bind server AF_INET INADDR_LOOPBACK 0) (listen server 5)
         (define client (socket AF_INET SOCK_STREAM 0)) (connect client (getsockname server))
         (define peer (car (accept server))) (setvbuf peer 'block) (setvbuf client 'block)
         (display \"one\\ntwo\\n\" client) (force-output client) (read-line peer) (read-line peer)
         (close-port client) (read-line peer) (close-port peer)",
    );
    let expected =
        "socket bind listen socket getsockname connect accept4 sendto recvfrom close recvfrom close".split(' ');
    assert_eq!(calls, expected.collect::<Vec<_>>());
    // Waiting is the call's own: nothing is asked before, and nothing is set.
    let calls = calls_of(
        "(define ends (pipe)) (display \"x\\n\" (cdr ends)) (force-output (cdr ends)) (read-char (car ends)) (usleep 1000)
         (define child (primitive-fork)) (if (= child 0) (begin (usleep 3000) (primitive-_exit 0))) (waitpid child)",
    );
    let of = |name: &str| calls.iter().filter(|call| *call == name).count();
    assert_eq!((of("write"), of("read"), of("wait4")), (1, 1, 1), "{calls:?}");
    // The one poll is the sleep itself.
    assert_eq!(of("poll") + of("ppoll"), 1, "{calls:?}");
    for asks in ["select", "pselect6", "epoll_create1", "epoll_ctl", "epoll_wait", "fcntl", "ioctl"] {
        assert_eq!(of(asks), 0, "{calls:?}");
    }
}

/// O_NONBLOCK is the script's: not even while fibers wait do the streams that a program was given have it, nor those it gives.
#[test]
fn inherited_streams_stay_blocking() {
    let (reader, writer) = std::io::pipe().unwrap();
    let (answers, answering) = std::io::pipe().unwrap();
    let text = "(use-modules (fibers) (ice-9 rdelim))
                (define ticks 0)
                (spawn-fiber (lambda () (let loop () (sleep 0.001) (set! ticks (+ ticks 1)) (loop))))
                (define line (read-line))
                (define child (primitive-fork))
                (if (= child 0)
                    (begin (display (logand O_NONBLOCK (logior (fcntl 0 F_GETFL) (fcntl 1 F_GETFL)))) (force-output) (primitive-_exit 0)))
                (waitpid child)
                (display (list line (> ticks 0)))
                (force-output)
                (read-line)";
    let mut child = sockeye()
        .args(["-c", text])
        .stdin(reader.try_clone().unwrap())
        .stdout(answering.try_clone().unwrap())
        .spawn()
        .unwrap();
    let non_blocking = |fd: &dyn AsFd| {
        let flags = nix::fcntl::fcntl(fd.as_fd(), nix::fcntl::FcntlArg::F_GETFL).unwrap();
        flags & nix::fcntl::OFlag::O_NONBLOCK.bits() != 0
    };
    let until = Instant::now() + Duration::from_millis(300);
    while Instant::now() < until {
        assert!(!non_blocking(&reader) && !non_blocking(&answering));
        std::thread::sleep(Duration::from_millis(1));
    }
    let mut writer = writer;
    writer.write_all(b"hello\n").unwrap();
    let mut said = [0; 11];
    let mut answers = answers;
    answers.read_exact(&mut said).unwrap();
    assert_eq!(String::from_utf8_lossy(&said), "0(hello #t)");
    assert!(!non_blocking(&reader) && !non_blocking(&answering));
    drop(writer);
    child.wait().unwrap();
}

#[test]
fn real_programs_talk_to_fibers() {
    if !has("socat") {
        return;
    }
    let (_server, port) = echo_server(&[]);
    let mut peers: Vec<Process> =
        (0..5).map(|_| Process::start(Command::new("socat").args(["-", &format!("TCP:127.0.0.1:{port}")]))).collect();
    for (i, peer) in peers.iter_mut().enumerate() {
        peer.type_line(&format!("line {i}"));
    }
    for (i, peer) in peers.iter().enumerate() {
        peer.says(&format!("line {i}"));
    }
}

/// A read that nobody answers ends with the connection, whoever else is served meanwhile.
#[test]
fn a_reset_wakes_who_reads() {
    let (server, port) = echo_server(&[]);
    let waiting: Vec<TcpStream> = (0..50).map(|_| connect(port)).collect();
    let mut other = connect(port);
    exchange(&mut other, b"hello");
    for stream in &waiting {
        socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO)).unwrap();
    }
    drop(waiting);
    exchange(&mut other, b"still there");
    drop(other);
    settles_at(&server, 20);
    exchange(&mut connect(port), b"and later");
}
