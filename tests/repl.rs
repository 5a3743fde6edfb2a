//! The prompt, used as a person uses it: in a pseudo-terminal.

use nix::pty::openpty;
use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};
use sockeye::reader::{Completeness, is_complete};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A running prompt.
struct Prompt {
    child: Child,
    keys: File,
    output: Receiver<Vec<u8>>,
    /// What was printed and not asked for.
    seen: String,
    _home: tempfile::TempDir,
}

const PATIENCE: Duration = Duration::from_secs(20);
const ENTER: &str = "\r";

impl Prompt {
    fn start(terminal: &str) -> Prompt {
        Prompt::start_in(terminal, tempfile::tempdir().expect("a home"))
    }

    fn start_in(terminal: &str, home: tempfile::TempDir) -> Prompt {
        // Wide enough for lines not to be broken.
        let size = nix::pty::Winsize { ws_row: 60, ws_col: 1000, ws_xpixel: 0, ws_ypixel: 0 };
        let pair = openpty(Some(&size), None).expect("a pseudo-terminal");
        if terminal == "dumb" {
            // Then nothing but what the program prints is seen.
            let mut settings = tcgetattr(&pair.slave).expect("settings");
            settings.local_flags.remove(LocalFlags::ECHO);
            tcsetattr(&pair.slave, SetArg::TCSANOW, &settings).expect("settings");
        }
        let end = |fd: &OwnedFd| fd.try_clone().expect("a copy");
        let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
        command.env_clear().env("TERM", terminal).env("HOME", home.path()).env("PATH", "/usr/bin:/bin");
        command.current_dir(home.path());
        command.stdin(end(&pair.slave)).stdout(end(&pair.slave)).stderr(end(&pair.slave));
        let slave = pair.slave.as_raw_fd();
        // SAFETY: setsid and ioctl may be called between fork and exec.
        unsafe {
            command.pre_exec(move || {
                nix::unistd::setsid()?;
                let _ = slave;
                match nix::libc::ioctl(0, nix::libc::TIOCSCTTY, 0) {
                    0 => Ok(()),
                    _ => Err(std::io::Error::last_os_error()),
                }
            });
        }
        let child = command.spawn().expect("sockeye starts");
        drop(command);
        drop(pair.slave);
        let keys = File::from(pair.master);
        let mut source = keys.try_clone().expect("a copy");
        let (send, output) = channel();
        std::thread::spawn(move || {
            let mut room = [0; 4096];
            while let Ok(count) = source.read(&mut room) {
                if count == 0 || send.send(room[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let mut prompt = Prompt { child, keys, output, seen: String::new(), _home: home };
        prompt.until("leaves");
        prompt.until("> ");
        prompt
    }

    fn type_text(&mut self, text: &str) {
        self.keys.write_all(text.as_bytes()).expect("the terminal takes it");
    }

    /// Everything up to and with this text, without what only moves the cursor or colours.
    #[track_caller]
    fn until(&mut self, wanted: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.seen.find(wanted) {
                let rest = self.seen.split_off(at + wanted.len());
                return std::mem::replace(&mut self.seen, rest);
            }
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.seen += &plain(&String::from_utf8_lossy(&bytes)),
                Err(_) => panic!("waited for {wanted:?}, saw {:?}", self.seen),
            }
        }
    }

    /// Types a line, and answers what was printed before the next prompt.
    #[track_caller]
    fn ask(&mut self, line: &str) -> String {
        self.type_text(line);
        self.type_text(ENTER);
        // The end of the typed line, however the editor drew it.
        self.until("\n");
        let mut out = String::new();
        while !(out.ends_with("\n> ") || out == "> ") {
            out += &self.until("> ");
        }
        out.truncate(out.len() - 2);
        out
    }

    fn leave(mut self) -> i32 {
        self.type_text("\x04");
        self.status()
    }

    fn status(&mut self) -> i32 {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.child.try_wait().expect("a child") {
                Some(status) => return status.code().unwrap_or(-1),
                None if Instant::now() > deadline => panic!("it does not end; saw {:?}", self.seen),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}

impl Drop for Prompt {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Leaves out escape sequences and carriage returns.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\x1b' if letters.peek() == Some(&'[') => {
                letters.next();
                while letters.next().is_some_and(|c| !c.is_ascii_alphabetic()) {}
            }
            '\x1b' => drop(letters.next()),
            '\r' | '\x07' => {}
            c => out.push(c),
        }
    }
    out
}

// ---- the tour --------------------------------------------------------------------------------------------------------

/// A transcript is a fenced block of `scheme-repl`: lines that begin with `> `, and those behind that are indented by two spaces, are
/// typed, the others printed. `N` stands for digits, `...` at the end of a line for the rest of it.
#[test]
fn the_tour_is_what_happens() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/REPL.md")).expect("REPL.md");
    let mut prompt = Prompt::start("dumb");
    let mut wrong = Vec::new();
    let mut count = 0;
    for block in text.split("```scheme-repl\n").skip(1) {
        let block = block.split("```").next().unwrap_or("");
        let mut entries: Vec<(String, String)> = Vec::new();
        // A form goes on until it is whole.
        let whole =
            |typed: &str| typed.starts_with(',') || !matches!(is_complete(typed), Completeness::Incomplete { .. });
        for line in block.lines() {
            let last = entries.last_mut();
            if let Some(typed) = line.strip_prefix("> ") {
                entries.push((typed.to_string(), String::new()));
            } else if let Some(last) = last
                && !whole(&last.0)
            {
                last.0 += &format!("\n{}", line.strip_prefix("  ").unwrap_or(line));
            } else if let Some(last) = entries.last_mut() {
                last.1 += &format!("{line}\n");
            }
        }
        for (typed, expected) in entries {
            count += 1;
            let got = prompt.answer(&typed);
            if !agree(&got, &expected) {
                wrong.push(format!("> {typed}\n-- in the tour:\n{expected}-- here:\n{got}"));
            }
        }
    }
    assert!(count > 20, "the tour has transcripts");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(prompt.leave(), 0);
}

impl Prompt {
    /// What a plain terminal shows for an input of one or several lines.
    #[track_caller]
    fn answer(&mut self, typed: &str) -> String {
        let lines: Vec<&str> = typed.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            self.type_text(&format!("{line}\n"));
            if index + 1 < lines.len() {
                self.until(". ");
            }
        }
        let mut out = String::new();
        while !(out.ends_with("\n> ") || out == "> ") {
            out += &self.until("> ");
        }
        out.truncate(out.len() - 2);
        out
    }
}

/// Whether the texts agree line by line.
fn agree(got: &str, expected: &str) -> bool {
    let (got, expected): (Vec<&str>, Vec<&str>) = (got.lines().collect(), expected.lines().collect());
    let agrees = |got: &str, expected: &str| fits(got, expected) || fits(&without_duration(got), expected);
    got.len() == expected.len() && got.iter().zip(&expected).all(|(got, expected)| agrees(got, expected))
}

/// How long a call took is told where it was long, as on a busy machine.
fn without_duration(line: &str) -> String {
    let Some((call, result)) = line.split_once(" = ") else { return line.to_string() };
    let is_time = |part: &&str| {
        let number = part.strip_suffix(" µs").or_else(|| part.strip_suffix(" ms"));
        number.is_some_and(|number| number.parse::<f64>().is_ok())
    };
    let parts: Vec<&str> = result.split("  ").filter(|part| !is_time(part)).collect();
    format!("{call} = {}", parts.join("  "))
}

fn fits(got: &str, expected: &str) -> bool {
    let (mut got, mut expected) = (got.trim_end(), expected.trim_end());
    // Whether an N would be the end of a word.
    let mut within = false;
    loop {
        if expected == "..." {
            return true;
        }
        let number = expected
            .strip_prefix('N')
            .filter(|rest| !within && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
        if let Some(rest) = number {
            let digits = got.len() - got.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            if digits == 0 {
                return false;
            }
            (got, expected) = (&got[digits..], rest);
            // Columns are as wide as the numbers in them.
            (got, expected) = (got.trim_start(), expected.trim_start());
            continue;
        }
        let (mut a, mut b) = (got.chars(), expected.chars());
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(' '), Some(' ')) => (got, expected, within) = (got.trim_start(), expected.trim_start(), false),
            (Some(x), Some(y)) if x == y => {
                (got, expected, within) = (a.as_str(), b.as_str(), x.is_alphabetic() || x == '_');
            }
            _ => return false,
        }
    }
}

// ---- the first five minutes ------------------------------------------------------------------------------------------

#[test]
fn the_first_five_minutes() {
    let mut prompt = Prompt::start("xterm");
    // Completion, and the hint that says what comes.
    prompt.type_text("(define s (socke\t");
    prompt.until("socket");
    prompt.type_text(" ");
    prompt.until("family style protocol");
    prompt.type_text("PF_INET SOCK_STREAM 0))\r");
    prompt.until("\n> ");
    let shown = prompt.ask("s");
    assert!(shown.starts_with("$1 = #<socket fd ") && shown.contains("tcp unbound"), "{shown}");
    let mut free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("it").port();
    if free == 7007 {
        free = 7006;
    }
    let refused = prompt.ask(&format!("(connect s AF_INET \"127.0.0.1\" {free})"));
    for fragment in [
        &format!("error: connect to 127.0.0.1 port {free}: connection refused  (ECONNREFUSED, 111)"),
        " why   nothing on this machine listens at port",
        " fix   start the server first",
        ",example echo-server",
        " see   ,doc ECONNREFUSED",
    ] {
        assert!(refused.contains(fragment), "{fragment} is missing:\n{refused}");
    }
    if std::net::TcpListener::bind("127.0.0.1:7007").is_err() {
        // Somebody has the example's port: the rest cannot be tried here.
        return;
    }
    let server = prompt.ask(",example echo-server");
    assert!(server.contains("echo server on 127.0.0.1:7007 (fiber 1)"), "{server}");
    prompt.ask("(define s (socket PF_INET SOCK_STREAM 0))");
    prompt.ask("(connect s AF_INET \"127.0.0.1\" 7007)");
    let sent = prompt.ask("(send s #u8\"hello\\n\")");
    assert!(sent.contains("= 6"), "{sent}");
    let line = prompt.ask("(read-line s)");
    assert!(line.contains("\"hello\""), "{line}");
    let table = prompt.ask(",sockets");
    for fragment in ["LISTEN", "127.0.0.1:7007", "ESTABLISHED", "reuseaddr", "0/5"] {
        assert!(table.contains(fragment), "{fragment} is missing:\n{table}");
    }
    let fibers = prompt.ask(",fibers");
    assert!(fibers.contains("a connection at fd") && fibers.contains("something to read from fd"), "{fibers}");
    let text = prompt.ask(",doc accept");
    for fragment in ["(accept ", "sock", ",example accept", "EINVAL"] {
        assert!(text.contains(fragment), "{fragment} is missing:\n{text}");
    }
    assert_eq!(prompt.leave(), 0);
}

#[test]
fn servers_go_on_while_the_prompt_waits() {
    let mut prompt = Prompt::start("xterm");
    prompt.ask("(define server (socket AF_INET SOCK_STREAM 0))");
    prompt.ask("(bind server AF_INET INADDR_LOOPBACK 0)");
    prompt.ask("(listen server 5)");
    prompt.ask(
        "(define (serve) (let* ((c (car (accept server))) (line (read-line c))) (display \"heard \") (display line) \
         (newline) (display \"thank you\\n\" c) (close-port c) (serve)))",
    );
    prompt.ask("(spawn-fiber serve)");
    let shown = prompt.ask("(sockaddr:port (getsockname server))");
    let port: u16 = shown.split("= ").nth(1).expect("a value").trim().parse().expect("a port");
    // Half a line is typed when somebody calls.
    prompt.type_text("(+ 1 ");
    let mut client = std::net::TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    client.write_all(b"good day\n").expect("it reads");
    let mut answer = String::new();
    client.read_to_string(&mut answer).expect("it answers");
    assert_eq!(answer, "thank you\n");
    prompt.until("heard good day");
    prompt.type_text("41)\r");
    prompt.until("= 42");
    // An error in a fiber is told, and ends only that.
    prompt.until("\n> ");
    prompt.type_text("(spawn-fiber (lambda () (car 'x)))\r");
    prompt.until("car: argument 1");
    prompt.until("top level prompt");
    prompt.type_text("(+ 20 3)\r");
    prompt.until("= 23");
}

// ---- editing ---------------------------------------------------------------------------------------------------------

#[test]
fn forms_go_over_several_lines() {
    let mut prompt = Prompt::start("xterm");
    prompt.type_text("(define (f x)\r(* x\rx))\r");
    prompt.until("\n> ");
    let shown = prompt.ask("(f 7)");
    assert!(shown.contains("$1 = 49"), "{shown}");
    let shown = prompt.ask("(list $1 (f $1))");
    assert!(shown.contains("$2 = (49 2401)"), "{shown}");
    // The history has it as one entry.
    prompt.type_text("\x1b[A\x1b[A\x1b[A");
    prompt.until("x))");
    prompt.type_text("\r");
    prompt.until("\n> ");
}

#[test]
fn a_pasted_block_is_one_input() {
    let mut prompt = Prompt::start("xterm");
    prompt.type_text("\x1b[200~(define a 1)\n(define b\n  2)\n(+ a b)\x1b[201~\r");
    let out = prompt.until("$1 = 3");
    assert!(!out.contains("error"), "{out}");
}

#[test]
fn only_what_fits_is_offered() {
    let mut prompt = Prompt::start("xterm");
    prompt.type_text("(setsockopt s SOL_SOCKET SO_R\t\t");
    let offered = prompt.until("SO_REUSEPORT");
    assert!(offered.contains("SO_REUSEADDR") && offered.contains("SO_RCVBUF"), "{offered}");
    // A new one, since the first may go on drawing.
    let mut prompt = Prompt::start("xterm");
    prompt.type_text("(socket SO\t\t)");
    prompt.type_text("\x03");
    let rest = prompt.until("\n> ");
    assert!(!rest.contains("SO_REUSEADDR"), "no option is a family: {rest}");
}

#[test]
fn misspelt_names_and_commands_are_told() {
    let mut prompt = Prompt::start("xterm");
    let said = prompt.ask(",sokets");
    assert!(said.contains("did you mean ,sockets?"), "{said}");
    let said = prompt.ask("(setsocopt 1 2 3 4)");
    assert!(said.contains("setsockopt"), "{said}");
    let said = prompt.ask(",doc recv");
    assert!(said.contains("recv!"), "{said}");
}

#[test]
fn interrupts_stop_what_runs() {
    let mut prompt = Prompt::start("xterm");
    prompt.type_text("(let loop () (loop))\r");
    prompt.until("\n");
    std::thread::sleep(Duration::from_millis(100));
    prompt.type_text("\x03");
    prompt.until("interrupt");
    prompt.until("\n> ");
    prompt.ask("(define s (socket AF_INET SOCK_STREAM 0))");
    prompt.ask("(bind s AF_INET INADDR_LOOPBACK 0)");
    prompt.ask("(listen s 1)");
    prompt.type_text("(accept s)\r");
    prompt.until("\n");
    std::thread::sleep(Duration::from_millis(100));
    prompt.type_text("\x03");
    let said = prompt.until("\n> ");
    assert!(!said.contains("EINTR"), "{said}");
    // At the prompt it drops what was typed.
    prompt.type_text("(this is not\x03");
    prompt.until("\n> ");
    assert!(prompt.ask("(* 6 7)").contains("= 42"));
    assert_eq!(prompt.leave(), 0);
}

#[test]
fn history_outlives_the_session() {
    let home = tempfile::tempdir().expect("a home");
    let path = home.path().to_path_buf();
    let mut prompt = Prompt::start_in("xterm", home);
    prompt.ask("(string-append \"remember\" \" me\")");
    let kept = std::fs::read_to_string(path.join(".local/state/sockeye/history")).expect("a history");
    assert!(kept.contains("remember"), "{kept}");
    prompt.type_text("(exit 3)\r");
    assert_eq!(prompt.status(), 3);
}

#[test]
fn calls_are_explained_on_demand() {
    let mut prompt = Prompt::start("xterm");
    prompt.ask(",explain");
    let said = prompt.ask("(define s (socket AF_INET SOCK_STREAM 0))");
    assert!(said.contains("socket(AF_INET, SOCK_STREAM, 0) = fd"), "{said}");
    prompt.ask(",explain off");
    let said = prompt.ask("(define s (socket AF_INET SOCK_STREAM 0))");
    assert!(!said.contains("SOCK_STREAM, 0) ="), "{said}");
}

#[test]
fn errors_stay_to_be_looked_at() {
    let mut prompt = Prompt::start("xterm");
    prompt.ask("(define (f x) (let ((y (* x 2))) (car y)))");
    prompt.ask("(define (g z) (+ 1 (f z)))");
    let said = prompt.ask("(+ 1 (g 21))");
    assert!(said.contains("car: argument 1"), "{said}");
    let said = prompt.ask(",bt");
    assert!(said.contains("f prompt") && said.contains("g prompt"), "{said}");
    let said = prompt.ask(",locals");
    assert!(said.contains("x = 21") && said.contains("y = 42"), "{said}");
    let said = prompt.ask(",up");
    assert!(said.contains("(f z)"), "{said}");
    assert!(prompt.ask(",locals").contains("z = 21"));
}

#[test]
fn an_error_may_open_a_prompt_of_its_own() {
    let mut prompt = Prompt::start("xterm");
    prompt.ask("(define (f x) (car x))");
    prompt.ask(",option on-error break");
    prompt.type_text("(f 1)\r");
    prompt.until("top level prompt");
    prompt.until("\n[1]> ");
    prompt.type_text("(cdr 2)\r");
    prompt.until("cdr: argument 1");
    prompt.until("\n[2]> ");
    prompt.type_text(",bt\r");
    assert!(!prompt.until("\n[2]> ").contains("f prompt"));
    prompt.type_text(",quit\r");
    prompt.until("\n[1]> ");
    // The error of this prompt is still its own.
    prompt.type_text(",locals\r");
    prompt.until("x = 1");
    prompt.until("[1]> ");
    prompt.type_text("\x04");
    prompt.until("\n> ");
    assert!(prompt.ask(",option").contains("on-error    break"));
    prompt.ask(",option on-error report");
    prompt.ask(",option backtrace off");
    let said = prompt.ask("(f 1)");
    assert!(said.contains("car: argument 1") && !said.contains(" in    "), "{said}");
    assert!(prompt.ask(",option on-eror break").contains("did you mean on-error?"));
    assert_eq!(prompt.leave(), 0);
}

#[test]
fn what_is_typed_ahead_is_not_lost() {
    let mut prompt = Prompt::start("xterm");
    prompt.type_text("(+ 1 2)\r(* 5 5)\r(list $1\r$2)\r");
    prompt.until("$1 = 3");
    prompt.until("$2 = 25");
    prompt.until("$3 = (3 25)");
}

#[test]
fn commands_about_code() {
    let mut prompt = Prompt::start("xterm");
    let said = prompt.ask(",expand (let loop ((n 3)) (if (> n 0) (loop (- n 1))))");
    assert!(said.contains("letrec") && said.contains("(if"), "{said}");
    assert!(prompt.ask(",compile (+ 1 2)").contains("Return"));
    let said = prompt.ask(",optimize (define (f n) (let loop ((i 0)) (if (< i n) (loop (+ i 1)) (lambda () n))))");
    for line in [
        "(define f",
        "  (lambda (n) (let loop ((i 0)) (if (< i n) (loop (+ i 1)) (lambda () n)))))",
        ";; loop is a loop: its calls are jumps, and no procedure is made",
        ";; a procedure without a name is made each time, and holds n",
        ";; f holds no variable from around it",
        "another value: < +",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    prompt.ask("(define (fact n) (if (= n 0) 1 (* n (fact (- n 1)))))");
    let said = prompt.ask(",trace (fact 2)");
    for line in ["trace: (fact 2)", "trace: |  (fact 1)", "trace: |  |  → 1", "trace: → 2", "= 2"] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert!(!prompt.ask("(fact 2)").contains("trace"));
    let said = prompt.ask(",profile (let loop ((n 300000)) (if (> n 0) (begin (fact 5) (loop (- n 1)))))");
    assert!(said.contains("fact") && said.contains("% self"), "{said}");
    assert!(prompt.ask(",in (srfi 1) (fold + 0 '(1 2 3))").contains("= 6"));
    // It prints what looks like a prompt.
    prompt.type_text(",example string-append\r");
    prompt.until("> (string-append");
    prompt.until("= \"");
}

// ---- without a terminal ----------------------------------------------------------------------------------------------

#[test]
fn without_a_terminal_a_program_is_read() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sockeye"))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("its input").write_all(b"(display (+ 1 2)) (newline)").expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "3\n");
}
