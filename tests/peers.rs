//! Runs the examples that talk to each other, each as a process of its own, as their first lines tell people to; where there are
//! socat and nc, with them too.

mod common;

use common::{DEADLINE, Process, has};
use std::io::{BufRead, BufReader, Write};
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
fn a_process_serves_each_client() {
    let server = Process::example("fork-server.scm", &["0"]);
    let line = server.line();
    let port = line.split("port ").nth(1).and_then(|rest| rest.split(',').next()).unwrap().parse::<u16>().unwrap();
    let pid = line.rsplit(' ').next().unwrap().to_string();
    let talk = |stream: &TcpStream, text: &str| {
        let mut writer = stream;
        writeln!(writer, "{text}").unwrap();
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer).unwrap();
        let (child, said) = answer.trim_end().split_once(": ").unwrap();
        assert_eq!(said, text);
        child.to_string()
    };
    let streams = [(); 2].map(|()| TcpStream::connect(("127.0.0.1", port)).unwrap());
    let children = [talk(&streams[0], "one"), talk(&streams[1], "two")];
    assert_ne!(children[0], children[1]);
    assert_eq!(talk(&streams[0], "three"), children[0]);
    drop(streams);
    // Told to stop, it waits until both have ended.
    assert!(Command::new("kill").arg(&pid).status().unwrap().success());
    let rest = server.rest();
    for child in &children {
        assert!(rest.contains(&format!("process {child} is done")), "{rest:?}");
    }
}

#[test]
fn a_party_line_tells_the_others() {
    let server = Process::example("select-server.scm", &["0"]);
    let port = server.port();
    let mut streams = Vec::new();
    for _ in 0..3 {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        let own = stream.local_addr().unwrap().port();
        server.says(&format!("port {own} has come"));
        streams.push(BufReader::new(stream));
    }
    streams[0].get_mut().write_all(b"hello all\n").unwrap();
    for stream in &mut streams[1..] {
        let mut text = String::new();
        stream.read_line(&mut text).unwrap();
        assert_eq!(text, "hello all\n");
    }
    streams.pop();
    server.says("somebody has left, 2 remain");
}

#[test]
fn what_passes_a_proxy_is_shown() {
    let echo = Process::example("echo-server.scm", &["0"]);
    let target = echo.port().to_string();
    let proxy = Process::example("proxy.scm", &["0", "127.0.0.1", &target]);
    let line = proxy.line();
    let port = line.split("port ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().parse::<u16>().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(b"tab\tand \xff\r\n").unwrap();
    proxy.says("1 > tab\\tand \\xff\\r\\n");
    proxy.says("1 < tab\\tand \\xef\\xbf\\xbd\\r\\n");
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    proxy.says("1 > [end]");
    proxy.says("1 < [end]");
    let mut all = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut all).unwrap();
    assert_eq!(all, "tab\tand \u{fffd}\r\n".as_bytes());
    let nobody = Process::example("proxy.scm", &["0", "127.0.0.1", "1"]);
    let line = nobody.line();
    let port = line.split("port ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().parse::<u16>().unwrap();
    drop(TcpStream::connect(("127.0.0.1", port)).unwrap());
    nobody.says("1 ! In procedure connect: Connection refused");
}

#[test]
fn pages_are_served() {
    let server = Process::example("tiny-web-server.scm", &["0"]);
    let port = server.port();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    // Two requests at once, the second of which ends the connection; and one that is none.
    stream.write_all(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET /none HTTP/1.1\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut stream, &mut text).unwrap();
    let answers: Vec<&str> = text.split("HTTP/1.1 ").collect();
    assert_eq!(answers.len(), 3, "{text}");
    assert!(answers[1].starts_with("200 OK\r\n") && answers[1].ends_with("Connection: keep-alive\r\n\r\n"), "{text}");
    assert!(answers[2].starts_with("404 Not Found\r\n") && answers[2].ends_with("There is no such page.\n"), "{text}");
    server.says("HEAD / 200 OK");
    server.says("GET /none 404 Not Found");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(b"nonsense\r\n\r\n").unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut stream, &mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{text}");
    if has("curl") {
        let url = format!("http://127.0.0.1:{port}");
        let ask = |arguments: &[&str]| {
            let output = Command::new("curl").args(["-sS", "--max-time", "20"]).args(arguments).output().unwrap();
            assert!(output.status.success(), "{output:?}");
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        let (home, reverse) = (format!("{url}/"), format!("{url}/reverse"));
        // curl asks for both pages over one connection.
        let pages = ask(&["-w", "%{num_connects}", &home, &home]);
        assert!(pages.matches("<h1>It works</h1>").count() == 2 && pages.ends_with('0'), "{pages}");
        assert_eq!(ask(&["-d", "grüße", &reverse]), "eßürg\n");
        assert_eq!(ask(&["-H", "Expect: 100-continue", "-d", "abc", &reverse]), "cba\n");
        assert_eq!(ask(&["-o", "/dev/null", "-w", "%{http_code}", "-X", "DELETE", &home]), "405");
    }
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
fn a_long_answer_is_cut_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let hosts = folder.path().join("hosts");
    let lines: String = (1..=60).map(|n| format!("10.0.0.{n} many.example\n")).collect();
    std::fs::write(&hosts, lines).unwrap();
    let server = Process::example("name-server.scm", &["0", hosts.to_str().unwrap()]);
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(("127.0.0.1", server.port())).unwrap();
    socket.set_read_timeout(Some(DEADLINE)).unwrap();
    socket.send(b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x04many\x07example\0\0\x01\0\x01").unwrap();
    let mut room = [0; 1024];
    let size = socket.recv(&mut room).unwrap();
    // After the question there is room for 30 records of 16 bytes.
    assert_eq!(size, 30 + 30 * 16);
    assert_eq!(&room[..8], b"\x12\x34\x87\0\0\x01\0\x1e");
    assert!(room[..size].ends_with(b"\0\x04\x0a\0\0\x1e"));
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

#[test]
fn a_page_is_fetched() {
    let server = Process::example("tiny-web-server.scm", &["0"]);
    let page = format!("http://localhost:{}/reverse", server.port());
    assert_eq!(Process::example("fetch.scm", &[&page]).rest(), ["There is no such page."]);
    server.says("GET /reverse 404 Not Found");
}

#[test]
fn a_number_is_guessed() {
    let mut game = Process::example("guess.scm", &[]);
    for answer in ["h", "what", "l", "y"] {
        game.type_line(answer);
    }
    let told = game.rest();
    assert!(told.last().is_some_and(|line| line.ends_with("Found it with 3 guesses.")), "{told:?}");
}
