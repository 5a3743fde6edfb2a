//! Runs the examples that talk to each other, each as a process of its own, as their first lines tell people to; where there are
//! socat and nc, with them too.

mod common;

use common::{DEADLINE, Process, has};
use std::io::{BufRead, BufReader};
use std::net::{TcpStream, UdpSocket};
use std::process::Command;

#[test]
fn echo_comes_back() {
    let server = Process::example("echo-server.scm", &["0"]);
    let port = server.port().to_string();
    let mut client = Process::example("echo-client.scm", &["127.0.0.1", &port]);
    for text in ["hello", "", "grüße λ"] {
        client.type_line(text);
        client.says(&format!("back: {text}"));
    }
    client.end_of_typing();
    assert_eq!(client.rest(), Vec::<String>::new());
    assert!(server.line().starts_with("serving 127.0.0.1 port "));
    assert!(server.line().ends_with(": 3 lines"));
    if has("socat") {
        let mut peer = Process::start(Command::new("socat").args(["-", &format!("TCP:127.0.0.1:{port}")]));
        peer.type_line("from socat");
        peer.says("from socat");
    }
}

#[test]
fn datagrams_come_back() {
    let server = Process::example("udp-echo.scm", &["0"]);
    let port = server.port();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(("127.0.0.1", port)).unwrap();
    socket.set_read_timeout(Some(DEADLINE)).unwrap();
    let mut room = vec![0; 65536];
    for size in [0, 1, 65507] {
        socket.send(&vec![7; size]).unwrap();
        assert_eq!(socket.recv(&mut room).unwrap(), size);
        assert!(server.line().starts_with(&format!("{size} bytes from 127.0.0.1 port ")));
    }
    if has("socat") {
        let mut peer = Process::start(Command::new("socat").args(["-", &format!("UDP:127.0.0.1:{port}")]));
        peer.type_line("from socat");
        peer.says("from socat");
    }
}

#[test]
fn two_people_chat() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat");
    let path = path.to_str().unwrap();
    // A name that somebody has left behind is no obstacle.
    drop(std::os::unix::net::UnixListener::bind(path).unwrap());
    let mut first = Process::example("unix-chat.scm", &[path]);
    first.says(&format!("waiting at {path}"));
    let mut second = Process::example("unix-chat.scm", &[path]);
    second.says("somebody is here");
    first.says("somebody is here");
    second.type_line("hello");
    first.says("other: hello");
    first.type_line("hello yourself");
    // What it asked for stands before the answer: a prompt ends no line.
    second.says("you: other: hello yourself");
    second.end_of_typing();
    second.says("you: good-bye");
    first.says("you: the other has left");
}

#[test]
fn open_ports_are_found() {
    let server = Process::example("echo-server.scm", &["0"]);
    let port = server.port();
    let (from, to) = (port.saturating_sub(3).to_string(), port.to_string());
    let found = Process::example("port-scanner.scm", &[&from, &to]).rest();
    assert!(found.iter().any(|line| line.starts_with(&format!("{port} is open"))), "{found:?}");
    assert!(found.last().unwrap().ends_with(" of 4 ports are open"));
}

/// A name server of one answer, which loses the first question.
#[test]
fn a_name_server_is_asked_by_hand() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port().to_string();
    let answerer = std::thread::spawn(move || {
        server.set_read_timeout(Some(DEADLINE)).unwrap();
        let mut room = [0; 512];
        let _lost = server.recv_from(&mut room).unwrap();
        let (size, client) = server.recv_from(&mut room).unwrap();
        let mut answer = room[..size].to_vec();
        answer[2..4].copy_from_slice(&[0x81, 0x80]);
        answer[7] = 2;
        // The question's own name is another one of "b" before the same domain, which has an address.
        answer.extend_from_slice(&[0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 4, 1, b'b', 0xc0, 14]);
        answer.extend_from_slice(&[1, b'b', 0xc0, 14, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 7]);
        // Somebody else's answer is passed over.
        server.send_to(&[0; 40], client).unwrap();
        server.send_to(&answer, client).unwrap();
        room[..size].to_vec()
    });
    let client = Process::example("dns-query.scm", &["a.example.org", "127.0.0.1", &port]);
    client.says("a.example.org is another name of b.example.org");
    client.says("b.example.org has the address 192.0.2.7");
    let question = answerer.join().unwrap();
    assert_eq!(&question[2..12], [1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    assert_eq!(&question[12..], b"\x01a\x07example\x03org\0\0\x01\0\x01");
}

#[test]
fn the_time_is_told() {
    let server = Process::example("time-server.scm", &["0"]);
    let port = server.port().to_string();
    let client = Process::example("time-client.scm", &["127.0.0.1", &port]);
    assert!(client.line().starts_with("the server's clock: "));
    assert!(["this clock agrees", "this clock is 1 seconds ahead"].contains(&client.line().as_str()));
}

#[test]
fn both_families_are_served() {
    if UdpSocket::bind("[::1]:0").is_err() {
        return;
    }
    let server = Process::example("dual-stack.scm", &["0"]);
    let port = server.port();
    for (host, expected) in [("127.0.0.1", "IPv4, from 127.0.0.1"), ("::1", "IPv6, from ::1")] {
        let mut text = String::new();
        BufReader::new(TcpStream::connect((host, port)).unwrap()).read_line(&mut text).unwrap();
        assert_eq!(text, format!("you came over {expected}\n"));
        server.says(expected);
    }
}

#[test]
fn a_group_hears_what_is_said() {
    let first = Process::example("multicast.scm", &["port", "0"]);
    let port = first.port().to_string();
    let second = Process::example("multicast.scm", &["port", &port]);
    second.port();
    Process::example("multicast.scm", &["port", &port, "say", "hello", "all"]).rest();
    for member in [first, second] {
        assert!(member.line().starts_with("hello all   (from port "));
    }
}

#[test]
fn a_file_is_given_to_another_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pass");
    let path = path.to_str().unwrap();
    let giver = Process::example("pass-descriptor.scm", &["give", path, "README.md"]);
    giver.says(&format!("waiting at {path}"));
    let taker = Process::example("pass-descriptor.scm", &["take", path]);
    taker.says("it begins: # sockeye");
    assert!(taker.line().starts_with("the file has "));
    giver.says("given");
}

#[test]
fn names_are_served() {
    let folder = tempfile::tempdir().unwrap();
    let hosts = folder.path().join("hosts");
    std::fs::write(
        &hosts,
        "127.0.0.1 localhost me # not this\n::1 localhost\n\n192.0.2.7\ta.example.org A2.example.org\n",
    )
    .unwrap();
    let server = Process::example("name-server.scm", &["0", hosts.to_str().unwrap()]);
    let line = server.line();
    assert!(line.starts_with("name server for 8 records on port "), "{line}");
    let port = line.rsplit("port ").next().and_then(|rest| rest.split(',').next()).unwrap().to_string();
    for (name, address) in [("localhost", "127.0.0.1"), ("A2.example.org", "192.0.2.7")] {
        let client = Process::example("dns-query.scm", &[name, "127.0.0.1", &port]);
        client.says(&format!("{name} has the address {address}"));
        server.says(&format!("{} type 1: 1", name.to_lowercase()));
    }
    // By hand: an address backwards, after what is no question.
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(format!("127.0.0.1:{port}")).unwrap();
    socket.set_read_timeout(Some(DEADLINE)).unwrap();
    socket.send(b"no question").unwrap();
    let question = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x017\x012\x010\x03192\x07in-addr\x04arpa\0\0\x0c\0\x01";
    socket.send(question).unwrap();
    let mut room = [0; 512];
    let size = socket.recv(&mut room).unwrap();
    assert_eq!(&room[..8], b"\x12\x34\x85\0\0\x01\0\x01");
    assert!(room[..size].ends_with(b"\x01a\x07example\x03org\0"));
}

#[test]
fn users_are_fingered() {
    let server = Process::example("finger-server.scm", &["0"]);
    let port = server.port();
    let ask = |question: &str| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(question.as_bytes()).unwrap();
        BufReader::new(stream).lines().map_while(Result::ok).collect::<Vec<_>>()
    };
    // Who asks nothing holds nobody up.
    let _silent = TcpStream::connect(("127.0.0.1", port)).unwrap();
    assert_eq!(ask("nosuch\r\n"), ["There is no user nosuch."]);
    server.says("127.0.0.1 asks: nosuch");
    assert_eq!(ask("root@elsewhere\r\n"), ["This server asks no others."]);
    let all = ask("\r\n");
    if let Some(user) = all.first().and_then(|line| line.split_whitespace().next()) {
        let one = ask(&format!("/W {user}\r\n"));
        assert!(one[0].starts_with(&format!("Login: {user} ")), "{one:?}");
        assert!(one[1].starts_with("Directory: "), "{one:?}");
    }
}
