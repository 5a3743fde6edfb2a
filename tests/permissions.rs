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
    ("(recvmsg (car (socketpair AF_UNIX SOCK_DGRAM 0)) (make-bytevector 9) 0 100)", "descriptors"),
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
    ("(redirect-port (current-output-port) (current-error-port))", "descriptors"),
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
    assert!(run("(import (bad)) (display x)").contains("there is no library (bad)"));
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

/// Whoever adds a builtin to one of these tables says what it needs, or says here that it needs nothing.
#[test]
fn builtins_that_reach_out_say_what_they_need() {
    use sockeye::builtins::*;
    const NOTHING: &[&str] = &[
        // Sockets that are there already.
        "shutdown",
        "getsockname",
        "getpeername",
        "send",
        "%send-rest",
        "recv!",
        "recvfrom!",
        "getsockopt",
        // What is known without asking anybody.
        "status:exit-val",
        "status:term-sig",
        "status:stop-sig",
        "strerror",
        "errno-name",
        "system-error-errno",
        "%system-error",
        "%misc-error",
        "basename",
        "dirname",
        "directory-stream?",
        "readdir",
        "rewinddir",
        "closedir",
        "%port-child",
        // Ports that are there already.
        "fileno",
        "port->fdes",
        "port-revealed",
        "set-port-revealed!",
        "release-port-handle",
        "fdes->ports",
        "ttyname",
        "%all-ports",
        // The program's own waits and asyncs.
        "pause",
        "%wait-for-signal",
        "system-async-mark",
        "%hold-asyncs",
        "%next-async",
    ];
    let tables = [
        sockets::SOCKETS,
        messages::MESSAGES,
        options::OPTIONS,
        files::FILES,
        file_system::FILE_SYSTEM,
        descriptors::DESCRIPTORS,
        children::CHILDREN,
        pipes::PIPES,
        signals::SIGNALS,
        process::PROCESS,
        select::SELECT,
    ];
    let silent: Vec<&str> = tables
        .iter()
        .flat_map(|table| table.iter())
        .filter(|row| row.needs.is_empty() && !NOTHING.contains(&row.name))
        .map(|row| row.name)
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
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
