//! Permissions hold: what was not granted is refused, before any system call, and no other spelling leads around that.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn sockeye(options: &[&str], program: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
    command.args(options).args(["-c", program]).env("SOCKEYE_SECRET", "xyzzy").output().expect("the program starts")
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The permission that an expression lacks, or what it comes to.
fn missing(options: &[&str], expression: &str) -> String {
    let program = format!(
        "(display (guard (c ((condition-extra c 'permission)) (#t (list 'other c))) (let ((value {expression})) (list 'value value))))"
    );
    text(&sockeye(options, &program))
}

/// One expression for each way out, and the permission it asks for.
const WAYS_OUT: &[(&str, &str)] = &[
    ("(socket AF_INET SOCK_STREAM 0)", "connect=inet:*"),
    ("(socket AF_INET6 SOCK_DGRAM 0)", "connect=inet6:*"),
    ("(socket AF_UNIX SOCK_STREAM 0)", "connect=unix:*"),
    ("(socket 16 SOCK_DGRAM 0)", "connect=family 16"),
    ("(socket AF_INET SOCK_RAW 1)", "connect=raw"),
    ("(connect (car (socketpair AF_UNIX SOCK_STREAM 0)) AF_INET INADDR_LOOPBACK 80)", "connect=127.0.0.1:80"),
    ("(connect (car (socketpair AF_UNIX SOCK_DGRAM 0)) AF_UNIX \"/run/x\")", "connect=unix:/run/x"),
    ("(connect (car (socketpair AF_UNIX SOCK_DGRAM 0)) AF_UNIX \"\\x0;x\")", "connect=unix:@x"),
    ("(bind (car (socketpair AF_UNIX SOCK_DGRAM 0)) AF_UNIX \"/tmp/x\")", "bind=unix:/tmp/x"),
    ("(bind (car (socketpair AF_UNIX SOCK_DGRAM 0)) AF_UNIX \"\")", "bind=unix:"),
    ("(listen (car (socketpair AF_UNIX SOCK_STREAM 0)) 5)", "listen=0.0.0.0:0"),
    ("(sendto (car (socketpair AF_UNIX SOCK_DGRAM 0)) #u8(1) AF_UNIX \"/run/log\")", "connect=unix:/run/log"),
    (
        "(sendmsg (car (socketpair AF_UNIX SOCK_DGRAM 0)) #u8(1) '() 0 (make-socket-address AF_UNIX \"/run/log\"))",
        "connect=unix:/run/log",
    ),
    (
        "(sendmsg (car (socketpair AF_UNIX SOCK_DGRAM 0)) #u8(1) (list (list SOL_SOCKET SCM_RIGHTS '(0))))",
        "descriptors",
    ),
    (
        "(sendmsg (car (socketpair AF_UNIX SOCK_DGRAM 0)) #u8(1) (list (list SOL_SOCKET SCM_RIGHTS #u8(0 0 0 0))))",
        "descriptors",
    ),
    ("(setsockopt (car (socketpair AF_UNIX SOCK_DGRAM 0)) SOL_SOCKET 25 \"lo\")", "connect"),
    ("(getaddrinfo \"example.org\")", "resolve=example.org"),
    ("(gethostbyname \"localhost\")", "resolve=localhost"),
    ("(gethostbyaddr INADDR_LOOPBACK)", "resolve"),
    ("(gethostent)", "resolve"),
    ("(getnameinfo (make-socket-address AF_INET INADDR_LOOPBACK 80))", "resolve"),
    ("(open-input-file \"/etc/passwd\")", "read=/etc/passwd"),
    ("(open-file \"/etc/passwd\" \"a\")", "write=/etc/passwd"),
    ("(open-fdes \"/etc/passwd\" O_RDONLY)", "descriptors"),
    ("(open \"/etc/passwd\" O_RDONLY)", "read=/etc/passwd"),
    ("(call-with-output-file \"/tmp/x\" write)", "write=/tmp/x"),
    ("(with-input-from-file \"/etc/passwd\" read)", "read=/etc/passwd"),
    ("(load \"/etc/passwd\")", "read=/etc/passwd"),
    ("(primitive-load \"/etc/passwd\")", "read=/etc/passwd"),
    ("(file-exists? \"/etc/passwd\")", "read=/etc/passwd"),
    ("(stat \"/etc/passwd\")", "read=/etc/passwd"),
    ("(lstat \"/etc/passwd\")", "read=/etc/passwd"),
    ("(access? \"/etc/passwd\" R_OK)", "read=/etc/passwd"),
    ("(directory-files \"/\")", "read=/"),
    ("(opendir \"/\")", "read=/"),
    ("(readlink \"/proc/self/exe\")", "read=/proc/self/exe"),
    ("(delete-file \"/tmp/x\")", "write=/tmp/x"),
    ("(rename-file \"/tmp/x\" \"/tmp/y\")", "read=/tmp/x"),
    ("(link \"/tmp/x\" \"/tmp/y\")", "read=/tmp/x"),
    ("(symlink \"/tmp/x\" \"/tmp/y\")", "read=/tmp/x"),
    ("(mkdir \"/tmp/x\")", "write=/tmp/x"),
    ("(chmod \"/tmp/x\" 0)", "write=/tmp/x"),
    ("(mkstemp! (string-copy \"/tmp/xXXXXXX\"))", "write=/tmp/xXXXXXX"),
    ("(tmpfile)", "write=/tmp"),
    ("(chdir \"/\")", "process"),
    ("(getcwd)", "read=."),
    ("(getenv \"SOCKEYE_SECRET\")", "env=SOCKEYE_SECRET"),
    ("(get-environment-variable \"SOCKEYE_SECRET\")", "env=SOCKEYE_SECRET"),
    ("(get-environment-variables)", "env"),
    ("(environ)", "env"),
    ("(setenv \"PATH\" \"/tmp\")", "env=PATH"),
    ("(putenv \"PATH=/tmp\")", "env=PATH"),
    ("(system \"true\")", "process"),
    ("(open-input-pipe \"true\")", "process"),
    ("(primitive-fork)", "process"),
    ("(primitive-_exit 7)", "process"),
    ("(execl \"/bin/true\")", "process"),
    ("(setrlimit 'cpu 1 1)", "process"),
    ("(umask 0)", "process"),
    ("(kill (expt 2 20) 0)", "signals"),
    ("(sigaction SIGINT SIG_IGN)", "signals"),
    ("(alarm 1)", "signals"),
    ("(setitimer ITIMER_REAL 1 0 1 0)", "signals"),
    ("(current-second)", "time"),
    ("(current-jiffy)", "time"),
    ("(current-time)", "time"),
    ("(gettimeofday)", "time"),
    ("(localtime 0)", "time"),
    ("(times)", "time"),
    ("(sleep 1)", "time"),
    ("(usleep 1)", "time"),
    ("(getservbyname \"http\" \"tcp\")", "system"),
    ("(getprotobyname \"tcp\")", "system"),
    ("(getnetbyname \"loopback\")", "system"),
    ("(getpid)", "system"),
    ("(gethostname)", "system"),
    ("(uname)", "system"),
    ("(getpwnam \"root\")", "system"),
    ("(if-nameindex)", "system"),
    ("(fdopen 0 \"r\")", "descriptors"),
    ("(fdes->inport 99)", "descriptors"),
    ("(dup->fdes (current-output-port))", "descriptors"),
    ("(dup2 1 2)", "descriptors"),
    ("(close-fdes 99)", "descriptors"),
    ("(close 99)", "descriptors"),
    ("(dup 99)", "descriptors"),
    ("(fcntl 99 F_GETFL)", "descriptors"),
    ("(fcntl (current-output-port) F_DUPFD 0)", "descriptors"),
    ("(select '(99) '() '() 0)", "descriptors"),
    ("(sendfile (current-output-port) 99 5)", "descriptors"),
    ("((@@ (sockeye core) %port-ready?) 99 #f)", "descriptors"),
    ("(mknod \"/tmp/x\" 'fifo #o600 0)", "write=/tmp/x"),
    ("(mknod \"/tmp/x\" 'char-special #o600 259)", "system"),
    ("(setsockopt (car (socketpair AF_UNIX SOCK_DGRAM 0)) IPPROTO_IP IP_ADD_MEMBERSHIP '(3758096393 . 0))", "connect"),
    ("(redirect-port (current-output-port) (current-error-port))", "descriptors"),
    ("(dup (current-output-port))", "descriptors"),
    ("(dup->inport (current-error-port))", "descriptors"),
    ("(fcntl (current-output-port) F_SETFL O_NONBLOCK)", "descriptors"),
    ("(flock (current-output-port) LOCK_EX)", "descriptors"),
    ("(seek (current-output-port) 0 SEEK_SET)", "descriptors"),
    ("(truncate-file (current-output-port) 0)", "descriptors"),
    ("(setsockopt (car (socketpair AF_UNIX SOCK_DGRAM 0)) SOL_SOCKET SO_TIMESTAMP 1)", "time"),
    ("(setsockopt (car (socketpair AF_UNIX SOCK_DGRAM 0)) SOL_SOCKET 64 1)", "time"),
];

#[test]
fn every_way_out_asks() {
    let mut program = String::new();
    for (expression, _) in WAYS_OUT {
        program.push_str(&format!(
            "(display (guard (c ((condition-extra c 'permission)) (#t (list 'other c))) (let ((value {expression})) (list 'value value))))(newline)"
        ));
    }
    let output = text(&sockeye(&["--sandbox"], &program));
    let wrong: Vec<String> = output
        .lines()
        .zip(WAYS_OUT)
        .filter(|(line, (_, expected))| line != expected)
        .map(|(line, (expression, expected))| format!("{expression}: {line}, not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(output.lines().count(), WAYS_OUT.len(), "{output}");
}

/// Between two marks in the output, a refused call makes no system call at all.
#[test]
fn refusals_come_before_system_calls() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let can_trace = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    if !can_trace.is_ok_and(|output| output.status.success()) {
        return;
    }
    // Once before, so that what is compiled on first use is there; and without waiting for a buffer.
    let mut program =
        String::from("(define out (current-output-port)) (define (mark) (display \"MARK\\n\" out) (force-output out))");
    let cases: Vec<&&str> = WAYS_OUT
        .iter()
        .map(|(expression, _)| expression)
        .filter(|expression| !expression.contains("socketpair"))
        .collect();
    for case in &cases {
        program.push_str(&format!("(define (f) (guard (c (#t #f)) {case})) (f) (mark) (f) (mark)"));
    }
    let status = Command::new("strace")
        .args(["-f", "-o"])
        .arg(&trace)
        .args([env!("CARGO_BIN_EXE_sockeye"), "--sandbox", "-c", &program])
        .output()
        .expect("strace runs");
    assert!(status.status.success(), "{}", text(&status));
    let trace = std::fs::read_to_string(trace).unwrap();
    let memory = ["brk(", "mmap(", "munmap(", "madvise(", "mprotect(", "futex(", "sched_yield("];
    let (mut marks, mut between) = (0, Vec::new());
    for line in trace.lines() {
        if line.contains("write(1, \"MARK") {
            if marks % 2 == 1 {
                assert!(between.is_empty(), "{}: {}", cases[marks / 2], between.join("\n"));
            }
            marks += 1;
            between.clear();
        } else if !memory.iter().any(|call| line.contains(call)) {
            between.push(line.to_string());
        }
    }
    assert_eq!(marks, 2 * cases.len());
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("in/below")).unwrap();
        std::fs::create_dir(folder.path().join("out")).unwrap();
        std::fs::write(folder.path().join("out/secret"), "secret").unwrap();
        std::fs::write(folder.path().join("in/open"), "open").unwrap();
        std::os::unix::fs::symlink("../out", folder.path().join("in/away")).unwrap();
        std::os::unix::fs::symlink("../out/fresh", folder.path().join("in/dangling")).unwrap();
        Place { folder }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn options(&self) -> [String; 2] {
        ["read", "write"].map(|word| format!("--allow-{word}={}", self.path("in").display()))
    }

    fn missing(&self, expression: &str) -> String {
        let [read, write] = self.options();
        let expression = expression.replace("ROOT", &self.folder.path().display().to_string());
        missing(&[&read, &write], &expression)
    }
}

#[test]
fn files_inside_are_granted_and_those_outside_are_not() {
    let place = Place::new();
    assert_eq!(place.missing("(call-with-input-file \"ROOT/in/open\" read-line)"), "(value open)");
    assert_eq!(place.missing("(call-with-input-file \"ROOT/in/below/../open\" read-line)"), "(value open)");
    let leaks = [
        "(call-with-input-file \"ROOT/out/secret\" read-line)",
        "(call-with-input-file \"ROOT/in/../out/secret\" read-line)",
        "(call-with-input-file \"ROOT/in/away/secret\" read-line)",
        "(call-with-input-file \"ROOT/in/below/../away/secret\" read-line)",
        "(call-with-input-file \"ROOT/in/away/../out/secret\" read-line)",
        "(call-with-output-file \"ROOT/in/dangling\" (lambda (p) (write 1 p)))",
        "(call-with-output-file \"ROOT/in/away/fresh\" (lambda (p) (write 1 p)))",
        "(begin (symlink \"ROOT/out\" \"ROOT/in/mine\") (file-exists? \"ROOT/in/mine/secret\"))",
        "(begin (symlink \"../out\" \"ROOT/in/mine\") (file-exists? \"ROOT/in/mine/secret\"))",
        "(link \"ROOT/out/secret\" \"ROOT/in/mine\")",
        "(rename-file \"ROOT/out/secret\" \"ROOT/in/mine\")",
        "(rename-file \"ROOT/in/open\" \"ROOT/out/open\")",
        "(copy-file \"ROOT/in/open\" \"ROOT/out/open\")",
        "(copy-file \"ROOT/out/secret\" \"ROOT/in/copy\")",
        "(rename-file \"ROOT/in/open\" \"ROOT/in/away/open\")",
        "(stat \"ROOT/in/away/secret\")",
        "(readlink \"ROOT/in/away/secret\")",
        "(delete-file \"ROOT/in/away/secret\")",
        "(directory-files \"ROOT/in/away\")",
        "(canonicalize-path \"ROOT/in/away\")",
        "(chmod \"ROOT/in/away/secret\" 0)",
        "(load \"ROOT/in/away/secret\")",
        "(call-with-input-file \"/proc/self/root/etc/passwd\" read-line)",
        "(call-with-input-file \"ROOT/in/open/../../out/secret\" read-line)",
    ];
    for leak in leaks {
        let answer = place.missing(leak);
        assert!(answer.starts_with("read=") || answer.starts_with("write="), "{leak}: {answer}");
    }
    assert!(!Path::new(&place.path("out/fresh")).exists() && !place.path("out/open").exists());
    assert_eq!(place.missing("(readlink \"ROOT/in/away\")"), "(value ../out)");
    assert!(place.missing("(delete-file \"ROOT/in/away\")").starts_with("(value"));
    assert!(place.path("out/secret").exists());
}

/// A device that a program made where it may write would be a door to the whole disk.
#[test]
fn no_device_is_made_where_files_may_be() {
    let place = Place::new();
    assert_eq!(place.missing("(mknod \"ROOT/in/disk\" 'block-special #o600 2048)"), "system");
    assert_eq!(place.missing("(mknod \"ROOT/in/null\" 'char-special #o600 259)"), "system");
    assert!(place.missing("(mknod \"ROOT/in/fifo\" 'fifo #o600 0)").starts_with("(value"));
    assert!(place.missing("(mknod \"ROOT/in/away/fifo\" 'fifo #o600 0)").starts_with("write="));
}

#[test]
fn a_refusal_names_what_was_called() {
    for (call, said) in
        [("(sleep 1)", "sleep: "), ("(system \"true\")", "system: "), ("(open-input-file \"/x\")", "open-input-file: ")]
    {
        let output = text(&sockeye(&["--sandbox"], call));
        assert!(output.starts_with(&format!("error: {said}this needs the permission")), "{call}: {output}");
    }
}

#[test]
fn libraries_and_includes_come_from_where_reading_is_granted() {
    let place = Place::new();
    std::fs::write(
        place.path("in/good.sld"),
        "(define-library (good) (export x) (import (scheme base)) (begin (define x 1)))",
    )
    .unwrap();
    std::fs::write(
        place.path("out/bad.sld"),
        "(define-library (bad) (export x) (import (scheme base)) (begin (define x 1)))",
    )
    .unwrap();
    std::fs::write(place.path("out/code.scm"), "(define y 2)").unwrap();
    std::fs::write(place.path("in/code.scm"), "(define y 2)").unwrap();
    let [read, _] = place.options();
    let (inside, outside) = (place.path("in"), place.path("out"));
    let folders = ["-L", inside.to_str().unwrap(), "-L", outside.to_str().unwrap()];
    let run = |program: &str| text(&sockeye(&[&[read.as_str()], folders.as_slice()].concat(), program));
    assert_eq!(run("(import (good)) (display x)"), "1");
    let refused = run("(import (bad)) (display x)");
    let wanted = format!("this needs the permission read={}", place.path("out/bad.sld").display());
    assert!(refused.contains("no library (bad) was found: ") && refused.contains(&wanted), "{refused}");
    assert_eq!(run("(import (bat)) (display x)"), refused.replace("bad", "bat"), "whether it is there is not told");
    assert_eq!(run("(import (srfi 1)) (display (iota 3))"), "(0 1 2)", "the shelf inside is no file");
    assert_eq!(run(&format!("(include \"{}\") (display y)", place.path("in/code.scm").display())), "2");
    let refused = run(&format!("(include \"{}\") (display y)", place.path("out/code.scm").display()));
    assert!(refused.contains("needs the permission read="), "{refused}");
    let refused = run(&format!("(include \"{}\") (display y)", place.path("in/away/code.scm").display()));
    assert!(refused.contains("needs the permission read="), "{refused}");
}

#[test]
fn hosts_and_ports() {
    let net = |options: &[&str], to: &str| {
        missing(options, &format!("(begin (connect (socket AF_INET SOCK_DGRAM 0) {to}) 'went)"))
    };
    let one = ["--allow-net=127.0.0.1:7"];
    assert_eq!(net(&one, "AF_INET \"127.0.0.1\" 7"), "(value went)");
    assert_eq!(net(&one, "AF_INET \"127.0.0.1\" 8"), "connect=127.0.0.1:8");
    assert_eq!(net(&one, "AF_INET \"127.0.0.2\" 7"), "connect=127.0.0.2:7");
    assert_eq!(net(&one, "AF_INET 0 8"), "connect=127.0.0.1:8", "no address is this machine's");
    let but = ["--allow-net", "--deny-net=127.0.0.0/8"];
    assert_eq!(net(&but, "AF_INET \"0.0.0.0\" 8"), "connect=127.0.0.1:8");
    assert_eq!(net(&["--deny-net=127.0.0.1"], "AF_INET \"127.0.0.1\" 8"), "connect=127.0.0.1:8");
    assert_eq!(net(&["--allow-net=localhost"], "AF_INET \"127.0.0.1\" 8"), "(value went)");
    let found = "(begin (connect (socket AF_INET SOCK_DGRAM 0) (addrinfo:addr (car (getaddrinfo \"localhost\" \"7\" 0 AF_INET)))) 'went)";
    assert_eq!(missing(&["--allow-net=localhost:7"], found), "(value went)");
    let bind =
        "(let ((s (socket AF_INET SOCK_STREAM 0))) (bind s AF_INET INADDR_LOOPBACK 0) (listen s 1) (pair? (list s)))";
    assert_eq!(missing(&["--allow-listen=127.0.0.1:*"], bind), "(value #t)");
    assert_eq!(missing(&["--allow-bind=127.0.0.1:*"], bind).split(':').next(), Some("listen=0.0.0.0"));
    let anywhere = "(let ((s (socket AF_INET SOCK_STREAM 0))) (listen s 1))";
    assert_eq!(missing(&["--allow-listen=127.0.0.1:*"], anywhere), "listen=0.0.0.0:0");
}

#[test]
fn nothing_that_was_inherited_is_within_reach() {
    let secret = tempfile::NamedTempFile::new().unwrap();
    let script = format!(
        "exec 7< {}; exec {} --sandbox -c '{}'",
        secret.path().display(),
        env!("CARGO_BIN_EXE_sockeye"),
        "(display (map (lambda (f) (guard (c (#t (condition-extra c (quote permission)))) (f) (quote leak))) (list (lambda () (fdopen 7 \"r\")) (lambda () (fdes->inport 7)) (lambda () (dup 7)) (lambda () (stat 7)) (lambda () (close-fdes 7)) (lambda () (open-input-file \"/proc/self/fd/7\")) (lambda () (open-input-file \"/dev/fd/7\")) (lambda () (seek 7 0 0)))))"
    );
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    let expected =
        "(descriptors descriptors descriptors descriptors descriptors read=/proc/self/fd/7 read=/dev/fd/7 descriptors)";
    assert_eq!(text(&output), expected);
}

#[test]
fn rules_that_cannot_be_understood_are_refused_at_the_start() {
    for option in [
        "--allow-net=[::1",
        "--allow-net=1.2.3.4:99999",
        "--allow-time=noon",
        "--allow-nte=x",
        "--deny-net=10.0.0.0/40",
    ] {
        let output = sockeye(&[option], "1");
        assert!(!output.status.success(), "{option}");
    }
}

/// The socket libraries of Common Lisp, and the other libraries that reach out, do so by builtins that ask.
const LIBRARIES: &[(&str, &str, &str)] = &[
    ("(iolib sockets)", "(make-socket #:remote-host \"127.0.0.1\" #:remote-port 9)", "connect="),
    ("(iolib sockets)", "(make-socket #:connect 'passive #:local-host \"127.0.0.1\" #:local-port 0)", "connect="),
    ("(iolib sockets)", "(lookup-hostname \"localhost\")", "resolve=localhost"),
    ("(allegro socket)", "(make-socket #:remote-host \"127.0.0.1\" #:remote-port 9)", "connect="),
    ("(allegro socket)", "(make-socket #:connect 'passive)", "connect="),
    ("(allegro socket)", "(make-socket #:type 'datagram)", "connect="),
    ("(allegro socket)", "(make-socket #:address-family 'file #:remote-filename \"/run/log\")", "connect=unix:"),
    ("(allegro socket)", "(lookup-hostname \"localhost\")", "resolve=localhost"),
    ("(lispworks comm)", "(open-tcp-stream \"127.0.0.1\" 9 #:errorp #t)", "connect="),
    ("(lispworks comm)", "(get-host-entry \"localhost\" #:fields '(#:address))", "resolve=localhost"),
    ("(ice-9 popen)", "(open-pipe* OPEN_READ \"true\")", "process"),
    ("(web client)", "(http-get \"http://127.0.0.1:9/\")", "connect="),
    ("(rnrs io ports)", "(open-file-input-port \"/etc/passwd\")", "read=/etc/passwd"),
    ("(srfi srfi-170)", "(file-info \"/etc/passwd\" #t)", "read=/etc/passwd"),
    ("(srfi srfi-106)", "(make-client-socket \"127.0.0.1\" \"9\")", "connect="),
    ("(srfi srfi-98)", "(get-environment-variable \"SOCKEYE_SECRET\")", "env=SOCKEYE_SECRET"),
    ("(srfi srfi-19)", "(current-date)", "time"),
];

#[test]
fn libraries_ask_like_everybody() {
    let mut wrong = Vec::new();
    for (library, expression, expected) in LIBRARIES {
        let program = format!(
            "(define-module (test) #:use-module ((sockeye core) #:select (condition-extra)) #:use-module {library})
             (display (catch 'system-error (lambda () (list 'value {expression})) (lambda (key . rest) 'refused)))
             (display (guard (c ((and (error-object? c) (condition-extra c 'permission))) (#t (list 'other c))) (list 'value {expression})))"
        );
        let output = text(&sockeye(&["--sandbox"], &program));
        if !output.contains(expected) || output.contains("value") {
            wrong.push(format!("{library} {expression}: {output}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_spelling_of_an_address_leads_around_a_rule() {
    let denied = ["--allow-net", "--deny-net=127.0.0.0/8", "--deny-net=10.0.0.0/8", "--deny-net=::1"];
    let spellings = [
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1",
        "0.0.0.0",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::10.1.2.3",
        "2002:0a01:0203::1",
        "2002:7f00:1::",
    ];
    for spelling in spellings {
        let connect = format!(
            "(let ((i (car (getaddrinfo \"{spelling}\" \"8\")))) (connect (socket (addrinfo:fam i) SOCK_DGRAM 0) (addrinfo:addr i)) 'went)"
        );
        let answer = missing(&denied, &connect);
        assert!(answer.starts_with("connect="), "{spelling}: {answer}");
    }
    // What only looks like a name is one for who may not look up all.
    for spelling in ["2130706433", "0x7f.1", "127.1"] {
        assert_eq!(
            missing(&["--allow-net=127.0.0.1:7"], &format!("(getaddrinfo \"{spelling}\" \"8\")")),
            format!("resolve={spelling}")
        );
    }
}

/// Messages and what tells of them are for everybody; descriptors that come with them are not.
#[test]
fn descriptors_that_come_are_left_out() {
    let program = "(let* ((pair (socketpair AF_UNIX SOCK_DGRAM 0)) (in (car pair)) (out (cdr pair)))
        (setsockopt in SOL_SOCKET SO_TIMESTAMP 1)
        (sendmsg out #u8(1 2) (list (list SOL_SOCKET SCM_RIGHTS (list out))))
        (let ((message (recvmsg in (make-bytevector 9))))
          (list (car message) (map cadr (list-ref message 3)))))";
    let with = |kinds: &str| format!("(value (2 ({kinds})))");
    let (rights, time) = (nix::libc::SCM_RIGHTS, nix::libc::SCM_TIMESTAMP);
    assert_eq!(missing(&["--allow-time"], program), with(&time.to_string()));
    let both = missing(&["--allow-descriptors", "--allow-time"], program);
    assert!(both == with(&format!("{time} {rights}")) || both == with(&format!("{rights} {time}")), "{both}");
    // What was left out is closed: many of them leave no trace.
    let many = format!(
        "(begin (setrlimit 'nofile 64 64) (let loop ((n 0)) (if (< n 200) (begin {program} (if (= 0 (modulo n 20)) (gc)) (loop (+ n 1))) n)))"
    );
    assert_eq!(missing(&["--allow-process", "--allow-time"], &many), "(value 200)");
}

/// What a program writes to its own pipe would make a clock of it.
#[test]
fn no_file_of_the_programs_own_tells_the_time() {
    let times = "(let* ((ends (pipe)) (of (begin (display 1 (cdr ends)) (force-output (cdr ends)) (stat (car ends))))) \
         (map (lambda (part) (part of)) (list stat:atime stat:mtime stat:ctime stat:mtimensec)))";
    assert_eq!(missing(&["--sandbox"], times), "(value (0 0 0 0))");
    assert_ne!(missing(&["--allow-time"], times), "(value (0 0 0 0))");
}

/// Between the question and the opening somebody may put a link there: it is not followed.
#[test]
fn links_that_come_later_are_not_followed() {
    use nix::errno::Errno;
    use nix::fcntl::OFlag;
    use nix::sys::stat::Mode;
    use sockeye::port::file::open_real;
    let place = Place::new();
    let open = |path: &str, flags: OFlag| {
        open_real(&place.path(path).canonicalize_parent(), flags, Mode::from_bits_truncate(0o600))
    };
    assert!(open("in/open", OFlag::O_RDONLY).is_ok());
    assert!(open("in/new", OFlag::O_WRONLY | OFlag::O_CREAT).is_ok());
    for (path, flags) in [
        ("in/away/secret", OFlag::O_RDONLY),
        ("in/away", OFlag::O_RDONLY),
        ("in/dangling", OFlag::O_WRONLY | OFlag::O_CREAT),
        ("in/away/fresh", OFlag::O_WRONLY | OFlag::O_CREAT),
    ] {
        assert_eq!(open(path, flags).err(), Some(Errno::ELOOP), "{path}");
    }
    assert!(!place.path("out/fresh").exists());
}

trait Parent {
    fn canonicalize_parent(&self) -> PathBuf;
}

impl Parent for PathBuf {
    /// The path below the temporary folder's real name.
    fn canonicalize_parent(&self) -> PathBuf {
        let root = std::env::temp_dir();
        match self.strip_prefix(&root) {
            Ok(rest) => root.canonicalize().unwrap().join(rest),
            Err(_) => self.clone(),
        }
    }
}

/// Tables about data alone: nothing in them asks the system for anything.
const PURE: &[&str] = &[
    "addresses",
    "bytevector_numbers",
    "bytevectors",
    "char_sets",
    "chars",
    "conditions",
    "control",
    "cxr",
    "equivalence",
    "evaluation",
    "functions",
    "hash_tables",
    "integers",
    "lists",
    "modules",
    "network_error",
    "numbers",
    "objects",
    "procedures",
    "regexps",
    "string_search",
    "strings",
    "symbols",
    "syntax",
    "uniform_vectors",
    "vectors",
];

/// Builtins that need nothing, though they stand beside others that do, or work on what the program has already: its sockets, ports,
/// fibers and answers.
const NOTHING: &[(&str, &[&str])] = &[
    ("collector", &["gc", "gc-disable", "gc-enable", "%make-guardian", "%guardian?", "%guard!", "%guarded"]),
    ("attempts", &["%try-recv!", "%try-recvfrom!", "%try-send"]),
    ("children", &["status:exit-val", "status:term-sig", "status:stop-sig", "primitive-exit"]),
    (
        "descriptors",
        &[
            "fileno",
            "port->fdes",
            "port-revealed",
            "set-port-revealed!",
            "release-port-handle",
            "fdes->ports",
            "ttyname",
            "%all-ports",
        ],
    ),
    ("files", &["file-encoding"]),
    (
        "databases",
        &[
            "%lookup-answer",
            "gai-strerror",
            "addrinfo:flags",
            "addrinfo:fam",
            "addrinfo:socktype",
            "addrinfo:protocol",
            "addrinfo:addr",
            "addrinfo:canonname",
            "sethostent",
            "endhostent",
            "sethost",
            "hostent:name",
            "hostent:aliases",
            "hostent:addrtype",
            "hostent:length",
            "hostent:addr-list",
            "setnetent",
            "endnetent",
            "setnet",
            "netent:name",
            "netent:aliases",
            "netent:addrtype",
            "netent:net",
            "setprotoent",
            "endprotoent",
            "setproto",
            "protoent:name",
            "protoent:aliases",
            "protoent:proto",
            "setservent",
            "endservent",
            "setserv",
            "servent:name",
            "servent:aliases",
            "servent:port",
            "servent:proto",
        ],
    ),
    ("explaining", &["fiber-table"]),
    (
        "fibers",
        &[
            "%park",
            "%yield",
            "%section",
            "%end-fiber",
            "current-fiber",
            "fiber?",
            "%main-fiber",
            "fiber-state",
            "fiber-over?",
            "%fiber-value",
            "fiber-id",
            "fiber-name",
            "set-fiber-name!",
            "%fiber-notes",
            "%set-fiber-notes!",
            "%fiber-joiners",
            "%fiber-group",
            "%make-group",
            "%group-live",
            "%group-end!",
            "%open-wait",
            "%drop-wait",
            "%wait-over?",
            "%wake!",
            "%await-descriptor",
            "%make-queue",
            "%queue-push!",
            "%queue-waited?",
            "%queue-wake-one!",
            "%queue-wake-all!",
            "%channel-take!",
            "%channel-give!",
            "%channel-enter-getter!",
            "%channel-enter-putter!",
            "%interrupt-fiber!",
            "%lift-limit!",
            "%set-suspendable!",
            "%raise-interrupt",
            "%raise-deadlock",
            "%use-poll!",
        ],
    ),
    ("file_system", &["directory-stream?", "readdir", "rewinddir", "closedir", "basename", "dirname"]),
    ("hosts", &["%host-answer"]),
    ("messages", &["recvmsg"]),
    ("options", &["getsockopt"]),
    ("pipes", &["%port-child"]),
    ("pollers", &["%notify!", "%drain!", "%poller-remove!", "%member-number", "%deadline", "%poller-wait!"]),
    (
        "ports",
        &[
            "%an-input-port",
            "%an-output-port",
            "port?",
            "input-port?",
            "output-port?",
            "textual-port?",
            "binary-port?",
            "file-port?",
            "input-port-open?",
            "output-port-open?",
            "port-closed?",
            "close-port",
            "close-input-port",
            "close-output-port",
            "%set-buffer-sizes!",
            "%bar-port!",
            "%forget-buffers!",
            "%set-line-ends!",
            "%chunk-output!",
            "%chunk-input!",
            "open-input-string",
            "open-output-string",
            "get-output-string",
            "open-input-bytevector",
            "open-output-bytevector",
            "get-output-bytevector",
            "%make-void-port",
            "setvbuf",
            "port-filename",
            "set-port-filename!",
            "port-mode",
            "port-line",
            "port-column",
            "set-port-line!",
            "set-port-column!",
            "port-encoding",
            "set-port-encoding!",
            "port-conversion-strategy",
            "set-port-conversion-strategy!",
            "isatty?",
        ],
    ),
    ("process", &["strerror", "errno-name", "system-error-errno", "%system-error", "%misc-error"]),
    (
        "random",
        &[
            "random",
            "random-seed!",
            "%default-random-state",
            "%random-state?",
            "seed->random-state",
            "random-state-from-platform",
            "copy-random-state",
            "random-state->datum",
            "datum->random-state",
            "%random-state-set!",
            "%random-state-seed!",
            "random:uniform",
            "random:normal",
            "random:exp",
        ],
    ),
    (
        "read",
        &[
            "read-char",
            "peek-char",
            "char-ready?",
            "read-line",
            "read-delimited",
            "read-string",
            "unread-char",
            "unread-string",
            "drain-input",
            "read-u8",
            "peek-u8",
            "u8-ready?",
            "read-bytevector",
            "read-bytevector!",
            "read",
            "get-u8",
            "lookahead-u8",
            "get-bytevector-n",
            "get-bytevector-n!",
            "get-bytevector-some",
            "get-bytevector-all",
            "unget-bytevector",
            "get-char",
            "lookahead-char",
            "get-line",
            "get-string-n",
            "get-string-all",
            "get-datum",
        ],
    ),
    (
        "relays",
        &[
            "%make-relay-port",
            "%port-feed!",
            "%port-feed-string!",
            "%port-waiting",
            "%port-take-waiting!",
            "%port-written!",
        ],
    ),
    ("signals", &["pause", "%wait-for-signal", "system-async-mark", "%hold-asyncs", "%next-async"]),
    ("sockets", &["shutdown", "getsockname", "getpeername", "send", "%send-rest", "recv!", "recvfrom!"]),
    ("streams", &["%make-stream", "%set-stream-handle!", "%take-read-ahead!"]),
    ("surroundings", &["%echo"]),
    (
        "system",
        &[
            "%exit",
            "emergency-exit",
            "jiffies-per-second",
            "command-line",
            "program-arguments",
            "set-program-arguments",
            "features",
        ],
    ),
    (
        "text_io",
        &[
            "read-delimited!",
            "read-line!",
            "read-string!",
            "get-string-n!",
            "get-bytevector-some!",
            "read-string!/partial",
            "write-string/partial",
            "simple-format",
            "%take-output-bytevector",
            "%take-output-string",
            "%bytevector->string",
            "%string->bytevector",
        ],
    ),
    ("times", &["gmtime", "strftime", "strptime", "tzset"]),
    ("users", &["setpw", "setpwent", "endpwent", "setgr", "setgrent", "endgrent", "ctermid"]),
    (
        "write",
        &[
            "write",
            "display",
            "write-shared",
            "write-simple",
            "write-line",
            "newline",
            "write-char",
            "write-string",
            "write-u8",
            "write-bytevector",
            "flush-output-port",
            "force-output",
            "put-u8",
            "put-bytevector",
            "put-char",
            "put-string",
            "put-datum",
            "%finish-output",
        ],
    ),
];

/// Whoever adds a builtin says what it needs, or says here that it needs nothing.
#[test]
fn builtins_that_reach_out_say_what_they_need() {
    use sockeye::builtins::{subjects, tables};
    let mut silent = Vec::new();
    for (subject, table) in subjects().iter().zip(tables()) {
        let known = NOTHING.iter().find(|(of, _)| of == subject).map_or(&[][..], |(_, names)| names);
        let rows = table.iter().filter(|row| row.needs.is_empty());
        let names = rows.map(|row| row.name).filter(|name| !known.contains(name));
        if !PURE.contains(subject) {
            silent.extend(names.map(|name| format!("{subject}: {name}")));
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
    // And what is called pure is.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/builtins");
    for subject in PURE {
        let source = std::fs::read_to_string(folder.join(format!("{subject}.rs"))).unwrap();
        let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
        for word in
            ["nix::sys", "nix::unistd", "std::fs", "std::env", "std::process", "std::io::", "crate::posix", "cx.net"]
        {
            assert!(!code.clone().any(|line| line.contains(word)), "{subject} mentions {word}");
        }
    }
}

#[test]
fn a_refusal_tells_of_the_call_and_its_phase() {
    let refused = |options: &[&str], expression: &str| {
        let program = format!(
            "(import (prefix (iolib sockets) io:)) \
             (write (guard (c ((socket-permission-error? c) \
                               (list (socket-error-code c) (socket-error-operation c) (socket-error-phase c)))) \
                      {expression}))"
        );
        text(&sockeye(options, &program))
    };
    assert_eq!(refused(&["--sandbox"], "(socket AF_INET SOCK_STREAM 0)"), "(13 socket create)");
    let one = ["--sandbox", "--allow-connect=127.0.0.1:9"];
    let connect = "(io:connect (io:make-socket) \"127.0.0.1\" #:port 10";
    assert_eq!(refused(&one, &format!("{connect})")), "(13 connect connect)");
    assert_eq!(refused(&one, &format!("{connect} #:wait #f)")), "(13 connect connect)");
    assert_eq!(refused(&one, "(io:make-socket #:local-host \"127.0.0.1\")"), "(13 bind create)");
}
