//! Errors that teach: real failures on real sockets, and what their reports say: the endpoint, what is behind it on this
//! machine, and what helps.

use sockeye::engine::{Engine, Stop};
use sockeye::trace::explain::Level;
use std::process::Command;

/// What is reported of a program that fails.
fn report(program: &str) -> Option<String> {
    let mut engine = Engine::unrestricted().expect("an engine");
    engine.cx().explain_calls(Level::Places);
    match engine.run_text("mistake.scm", &format!("{PRELUDE}\n{program}")) {
        Ok(_) => None,
        Err(Stop::Raised { object }) => Some(engine.report(object)),
        Err(_) => Some("it ended".to_string()),
    }
}

const PRELUDE: &str = "
    (define (tcp) (socket AF_INET SOCK_STREAM 0))
    (define (udp) (socket AF_INET SOCK_DGRAM 0))
    (define (listening . address)
      (let ((s (tcp)))
        (bind s AF_INET (if (pair? address) (car address) INADDR_LOOPBACK) 0)
        (listen s 5)
        s))
    (define (port-of s) (sockaddr:port (getsockname s)))
    (define (free-port) (let* ((s (listening)) (port (port-of s))) (close-port s) port))
    (define room (make-bytevector 100))";

#[track_caller]
fn says(program: &str, fragments: &[&str]) {
    let report = report(program).unwrap_or_else(|| panic!("no error from {program}"));
    // Long lines are broken.
    let flat = report.replace("\n       ", " ");
    for fragment in fragments {
        assert!(flat.contains(fragment), "{program}\nshould say: {fragment}\nsays:\n{report}");
    }
    assert!(report.contains(" why   ") && report.contains(" fix   "), "{program}\n{report}");
}

#[test]
fn address_in_use() {
    says(
        "(define a (listening))
         (bind (tcp) AF_INET INADDR_LOOPBACK (port-of a))",
        &[
            "bind",
            "127.0.0.1 port",
            "(EADDRINUSE, 98)",
            "this program listens there itself",
            "made at mistake.scm:",
            "SO_REUSEADDR",
        ],
    );
    says(
        "(define a (listening))
         (define port (port-of a))
         (define client (tcp))
         (connect client AF_INET INADDR_LOOPBACK port)
         (define taken (car (accept a)))
         (close-port taken)
         (recv! client room)
         (close-port client)
         (close-port a)
         (bind (tcp) AF_INET INADDR_LOOPBACK port)",
        &["127.0.0.1 port", "TIME_WAIT", "s left", "SO_REUSEADDR"],
    );
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("s");
    says(
        &format!(
            "(define (local) (let ((s (socket AF_UNIX SOCK_STREAM 0))) (bind s AF_UNIX {path:?}) s))
             (close-port (local))
             (local)"
        ),
        &[path.to_str().expect("a path"), "left over", "delete the file first (delete-file)"],
    );
    let mut other = Command::new(env!("CARGO_BIN_EXE_sockeye"))
        .args([
            "-c",
            "(define s (socket AF_INET SOCK_STREAM 0)) (bind s AF_INET INADDR_LOOPBACK 0) (listen s 1)
                      (display (sockaddr:port (getsockname s))) (newline) (force-output) (read-line)",
        ])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("another program");
    let mut line = String::new();
    let out = other.stdout.take().expect("its output");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line).expect("its port");
    let wanted = format!("process {} (", other.id());
    says(&format!("(bind (tcp) AF_INET INADDR_LOOPBACK {line})"), &[&wanted, "sockeye", "listens there"]);
    drop(other.stdin.take());
    other.wait().expect("it ends");
}

#[test]
fn connection_refused() {
    says(
        "(connect (tcp) AF_INET INADDR_LOOPBACK (free-port))",
        &[
            "connect to 127.0.0.1 port",
            "(ECONNREFUSED, 111)",
            "nothing on this machine listens at port",
            "start the server first",
        ],
    );
    says(
        "(define a (listening))
         (connect (tcp) AF_INET (inet-pton AF_INET \"127.0.0.2\") (port-of a))",
        &["127.0.0.2 port", "is open, but at 127.0.0.1 only", "connect to that address"],
    );
    says(
        "(define s (udp))
         (connect s AF_INET INADDR_LOOPBACK (free-port))
         (send s #u8(1))
         (recv! s room)",
        &["recv", "(ECONNREFUSED, 111)", "an earlier datagram came back: nobody has 127.0.0.1:"],
    );
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("s");
    says(
        &format!(
            "(define s (socket AF_UNIX SOCK_STREAM 0))
             (bind s AF_UNIX {path:?})
             (close-port s)
             (connect (socket AF_UNIX SOCK_STREAM 0) AF_UNIX {path:?})"
        ),
        &[path.to_str().expect("a path"), "nobody listens at that socket file", "start the server first"],
    );
}

#[test]
fn ports_that_cannot_be_meant() {
    says(
        "(connect (tcp) AF_INET INADDR_LOOPBACK 0)",
        &["(ECONNREFUSED, 111)", "no program can have port 0", "getsockname tells it"],
    );
    // Its two bytes differ, and nobody is given the swapped number by chance.
    says(
        "(define a (let again ((a (listening))) (if (< 0 (logand (port-of a) 255) 100) a (again (listening)))))
         (define port (port-of a))
         (connect (tcp) AF_INET INADDR_LOOPBACK (logior (ash (logand port 255) 8) (ash port -8)))",
        &["with its two bytes swapped, and", "drop the htons"],
    );
    says("(connect (tcp) AF_INET INADDR_BROADCAST 9)", &["(ENETUNREACH, 101)", "a stream has one peer", "SOCK_DGRAM"]);
}

/// What is reported of a program whose user is nobody in particular; None where this user cannot become that one.
fn report_of_nobody(program: &str) -> Option<String> {
    if !nix::unistd::geteuid().is_root() {
        return None;
    }
    let program = format!("(setgid 65534) (setuid 65534) {PRELUDE} {program}");
    let output = Command::new(env!("CARGO_BIN_EXE_sockeye")).args(["-c", &program]).output().expect("it runs");
    Some(String::from_utf8_lossy(&output.stderr).replace("\n       ", " "))
}

#[test]
fn what_this_user_may_not_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let mode = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).expect("it is changed");
    };
    mode(folder.path(), 0o755);
    let (closed, path) = (folder.path().join("closed"), folder.path().join("sock"));
    std::fs::create_dir(&closed).expect("a folder");
    mode(&closed, 0o700);
    let _inside = std::os::unix::net::UnixListener::bind(closed.join("sock")).expect("a socket");
    let _outside = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
    mode(&path, 0o600);
    let (closed, folder) = (closed.display(), folder.path().display());
    let unix = "(socket AF_UNIX SOCK_STREAM 0)";
    let cases = [
        (format!("(bind {unix} AF_UNIX \"{folder}/mine\")"), vec![" may not make files in ", "where this user may"]),
        (format!("(bind {unix} AF_UNIX \"{closed}/mine\")"), vec!["the directory ", "closed is closed to this user"]),
        (
            format!("(connect {unix} AF_UNIX \"{closed}/sock\")"),
            vec!["closed is closed to this user", "who runs the server"],
        ),
        (format!("(connect {unix} AF_UNIX \"{folder}/sock\")"), vec![" may not write to the socket file", "chmod"]),
        (
            format!("(sendto (socket AF_UNIX SOCK_DGRAM 0) #u8(1) AF_UNIX \"{folder}/sock\")"),
            vec!["sendto to unix path", " may not write to the socket file", "who runs the server"],
        ),
        (format!("(open-output-file \"{folder}/new\")"), vec!["open-output-file", " may not make files in "]),
        (format!("(open-input-file \"{folder}/sock\")"), vec!["neither read nor write"]),
    ];
    for (program, fragments) in cases {
        let Some(said) = report_of_nobody(&program) else { return };
        for fragment in fragments.into_iter().chain(["(EACCES, 13)", " fix   "]) {
            assert!(said.contains(fragment), "{program}\nshould say: {fragment}\nsays:\n{said}");
        }
    }
    let first = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").unwrap_or_default();
    if first.trim() == "1024" {
        let said = report_of_nobody("(bind (tcp) AF_INET INADDR_LOOPBACK 80)").expect("a report");
        for fragment in ["127.0.0.1 port 80", "(EACCES, 13)", "ports below 1024 are the administrator's", "higher port"]
        {
            assert!(said.contains(fragment), "{said}");
        }
    }
    let said = report_of_nobody("(socket AF_INET SOCK_RAW 1)").expect("a report");
    assert!(said.contains("(EPERM, 1)") && said.contains("lacks the capability CAP_NET_RAW"), "{said}");
}

#[test]
fn files_and_directories_that_are_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("settings.scm"), "").expect("a file");
    let folder = folder.path().display();
    says(
        &format!("(bind (socket AF_UNIX SOCK_STREAM 0) AF_UNIX \"{folder}/none/such/s\")"),
        &["(ENOENT, 2)", "there is no directory ", "none", "make the directory first"],
    );
    says(
        &format!("(open-input-file \"{folder}/setings.scm\")"),
        &["(ENOENT, 2)", "there is no setings.scm in ", "but there is settings.scm", "check the spelling"],
    );
    says(&format!("(open-output-file \"{folder}\")"), &["(EISDIR, 21)", "this is a directory"]);
}

/// What is refused by a route can be tried in a network of one's own, where the system lets this user have one.
#[test]
fn routes_that_refuse() {
    let program = "(connect (socket AF_INET SOCK_STREAM 0) AF_INET \"198.51.100.1\" 80)";
    for (kind, name) in [("prohibit", "(EACCES, 13)"), ("unreachable", "(EHOSTUNREACH, 113)")] {
        let script = format!(
            "ip link set lo up && ip route add {kind} 198.51.100.0/24 || exit 99; exec {} -c '{program}'",
            env!("CARGO_BIN_EXE_sockeye")
        );
        let Ok(output) = Command::new("unshare").args(["-n", "sh", "-c", &script]).output() else { return };
        let said = String::from_utf8_lossy(&output.stderr).replace("\n       ", " ");
        if output.status.code() != Some(1) || !said.contains("error: ") {
            return;
        }
        for fragment in [name, "198.51.100.1 port 80", "a route of this machine, 198.51.100.0/24,", "ip route"] {
            assert!(said.contains(fragment), "{kind}: {said}");
        }
    }
}

#[test]
fn connections_that_end() {
    let connected = "(define a (listening))
         (define client (tcp))
         (connect client AF_INET INADDR_LOOPBACK (port-of a))
         (define server (car (accept a)))";
    says(
        &format!("{connected} (send client #u8(1 2 3)) (close-port server) (recv! client room)"),
        &[
            "recv",
            "(ECONNRESET, 104)",
            "this program's own, and was closed, at mistake.scm:",
            "nobody had read",
            "read until the end",
        ],
    );
    says(
        &format!("{connected} (shutdown client 1) (send client #u8(1))"),
        &["send", "(EPIPE, 32)", "shut down its own writing", "stop writing"],
    );
    says(
        &format!(
            "{connected} (close-port server) (send client #u8(1)) (define (more) (send client #u8(1)) (more)) (more)"
        ),
        &["(EPIPE, 32)", "this program's own, and was closed"],
    );
}

#[test]
fn calls_that_would_wait() {
    says(
        "(define s (udp))
         (bind s AF_INET INADDR_LOOPBACK 0)
         (fcntl s F_SETFL (logior O_NONBLOCK (fcntl s F_GETFL)))
         (recv! s room)",
        &["(EAGAIN, 11)", "O_NONBLOCK is set", "wait until the port is ready"],
    );
    says(
        "(define s (udp))
         (bind s AF_INET INADDR_LOOPBACK 0)
         (setsockopt s SOL_SOCKET SO_RCVTIMEO '(0 . 20000))
         (recv! s room)",
        &["(EAGAIN, 11)", "SO_RCVTIMEO is 0.020 s"],
    );
}

#[test]
fn steps_that_are_missing_or_made_twice() {
    says(
        "(define s (tcp)) (bind s AF_INET INADDR_LOOPBACK 0) (accept s)",
        &["(EINVAL, 22)", "does not listen", "call listen first"],
    );
    says(
        "(define s (tcp)) (bind s AF_INET INADDR_LOOPBACK 0) (bind s AF_INET INADDR_LOOPBACK 0)",
        &["(EINVAL, 22)", "bound to 127.0.0.1:"],
    );
    says("(recv! (listening) room)", &["(ENOTCONN, 107)", "accept returns"]);
    says("(shutdown (tcp) 2)", &["(ENOTCONN, 107)", "has no connection", "connect first"]);
    says("(getpeername (listening))", &["(ENOTCONN, 107)", "accept returns"]);
    says(
        "(define a (listening)) (define c (tcp)) (connect c (getsockname a)) (connect c (getsockname a))",
        &["(EISCONN, 106)", "connected to 127.0.0.1:", "make a new socket"],
    );
    says("(send (udp) #u8(1))", &["(EDESTADDRREQ, 89)", "names no address", "use sendto"]);
    says("(listen (udp) 5)", &["(EOPNOTSUPP, 95)", "datagram socket", "bind, then recvfrom!"]);
}

#[test]
fn addresses_that_do_not_work() {
    says(
        "(bind (tcp) AF_INET (inet-pton AF_INET \"192.0.2.1\") 0)",
        &["192.0.2.1 port 0", "(EADDRNOTAVAIL, 99)", "none of this machine's addresses: ", "INADDR_LOOPBACK"],
    );
    says("(connect (tcp) AF_UNIX \"/tmp/none\")", &["/tmp/none", "the socket is of AF_INET, the address of AF_UNIX"]);
    says(
        "(connect (tcp) AF_INET6 1 80)",
        &[
            "[::1] port 80",
            "(EAFNOSUPPORT, 97)",
            "of AF_INET, the address of AF_INET6",
            "make the socket with the family",
        ],
    );
    says(
        "(sendto (udp) #u8(1) AF_INET INADDR_BROADCAST 9)",
        &["255.255.255.255 port 9", "(EACCES, 13)", "SO_BROADCAST is off"],
    );
    says(
        "(define s (udp)) (sendto s (make-bytevector 70000) AF_INET INADDR_LOOPBACK 9)",
        &["(EMSGSIZE, 90)", "65507", "in pieces"],
    );
    let long = format!("/tmp/{}", "x".repeat(200));
    says(
        &format!("(connect (socket AF_UNIX SOCK_STREAM 0) AF_UNIX {long:?})"),
        &["205 bytes", "107 bytes", "shorter path"],
    );
    // Where there is a way to every IPv6 network, nothing fails.
    if let Some(report) =
        report("(connect (socket AF_INET6 SOCK_DGRAM 0) AF_INET6 (inet-pton AF_INET6 \"2001:db8::1\") 9)")
        && report.contains("ENETUNREACH")
    {
        assert!(report.contains("2001:db8::1") && report.contains(" fix "), "{report}");
    }
}

#[test]
fn names_that_are_not_found() {
    says(
        "(getaddrinfo \"127.0.0.300\" \"80\" AI_NUMERICHOST)",
        &["127.0.0.300", "(EAI_NONAME)", "looks like a numeric address", "AI_NUMERICHOST"],
    );
    says(
        "(getaddrinfo \"::1\" \"80\" AI_NUMERICHOST AF_INET)",
        &["::1 port 80 (AI_NUMERICHOST, AF_INET)", "(EAI_ADDRFAMILY)", "an IPv6 address", "AF_UNSPEC"],
    );
    says(
        "(getaddrinfo \"http://localhost/\" \"80\" AI_NUMERICHOST)",
        &["is no name of a host: leave out what stands before and behind it in a URL"],
    );
    says(
        "(getaddrinfo \"localhost\" \"no-such-service\")",
        &["(EAI_SERVICE)", "lists no service called no-such-service"],
    );
}

#[test]
fn no_answer() {
    // Nobody accepts; once the queue is full, what comes is dropped without a word.
    says(
        "(define a (tcp))
         (bind a AF_INET INADDR_LOOPBACK 0)
         (listen a 0)
         (define (knock)
           (let ((s (tcp)))
             (setsockopt s IPPROTO_TCP TCP_USER_TIMEOUT 300)
             (connect s (getsockname a))
             (cons s (knock))))
         (knock)",
        &["connect to 127.0.0.1 port", "(ETIMEDOUT, 110)", "its queue is full", "may not accept"],
    );
}

#[test]
fn too_many_descriptors() {
    let program = "(define (more) (cons (socket AF_INET SOCK_STREAM 0) (more))) (more)";
    let output = Command::new("sh")
        .args(["-c", &format!("ulimit -n 20; exec {} -c '{program}'", env!("CARGO_BIN_EXE_sockeye"))])
        .output()
        .expect("it runs");
    let report = String::from_utf8_lossy(&output.stderr);
    for fragment in ["(EMFILE, 24)", "as many descriptors open as it may, 20", "ulimit -n"] {
        assert!(report.contains(fragment), "{report}");
    }
}

#[test]
fn mistakes_in_arguments_say_what_would_do() {
    for (program, fragments) in [
        ("(send (udp) 'hello)", ["send: argument 2 (message)", "got hello", "(string->utf8 \"hi\")"]),
        ("(recv! (udp) 100)", ["recv!: argument 2 (buf)", "got 100", "make room first"]),
        ("(socket 'AF_INET SOCK_STREAM 0)", ["socket: argument 1 (family)", "got AF_INET", "leave out the quote"]),
        (
            "(connect (tcp) \"127.0.0.1\" 80)",
            ["connect: argument 2 (family)", "got \"127.0.0.1\"", "before the address"],
        ),
        ("(connect (tcp) AF_INET \"localhost\" 80)", ["connect: argument 3 (addr)", "localhost", "looked up first"]),
        (
            "(connect (tcp) AF_INET \"127.0.0.1\" \"80\")",
            ["connect: argument 4 (port)", "got \"80\"", "without quotes"],
        ),
        ("(define s (udp)) (close-port s) (send s #u8(1))", ["send", "an open port", "it has been closed before"]),
        ("(listen (tcp))", ["listen: takes 2 arguments", "called with 1", "it is called as (listen sock backlog)"]),
        ("(define (f x . more) x) (f)", ["f: takes at least 1 argument", "called with 0", "(f x more ...)"]),
        ("(put-message 1 2)", ["unbound variable: put-message", "import it first", "(import (fibers channels))"]),
        ("((tcp) 1)", ["only a procedure can be called", "#<", "a parenthesis more than needed"]),
    ] {
        let report = report(program).expect("an error").replace("\n       ", " ");
        for fragment in fragments.into_iter().chain([" fix   "]) {
            assert!(report.contains(fragment), "{program}\nshould say: {fragment}\nsays:\n{report}");
        }
    }
}
