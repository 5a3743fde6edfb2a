//! Ports, files and sockets as scripts see them: rows called on a context of their own, real descriptors below.

use super::{addresses, files, ports, process, read, sockets, write};
use crate::net::Mode;
use crate::reader::read_all;
use crate::source::SourceId;
use crate::value::condition::{DATA, EXTRA, IRRITANTS, KEY, TEXT, WHO};
use crate::value::{Kind, Value};
use crate::vm::builtin::{Body, Control, Row, Sort};
use crate::vm::cx::{Answer, Cx, Exit};
use std::time::Duration;

/// A context with all builtins, which evaluates calls, constants, `let` and `quote`.
struct World {
    cx: Cx,
    names: Vec<(String, Value)>,
}

impl World {
    fn new() -> World {
        let mut cx = Cx::new();
        cx.permissions = crate::permission::Permissions::all();
        cx.builtins = super::rows();
        ports::standard_ports(&mut cx).ok().expect("standard ports");
        ports::capture_output(&mut cx);
        World { cx, names: Vec::new() }
    }

    fn let_be(&mut self, name: &str, value: Value) {
        self.names.push((name.to_string(), value));
    }

    fn value_of(&self, name: &str) -> Option<Value> {
        if let Some((_, value)) = self.names.iter().rev().find(|(known, _)| known == name) {
            return Some(*value);
        }
        let constant = super::constants().iter().find(|(known, _)| *known == name);
        constant.map(|(_, number)| Value::fixnum(*number))
    }

    /// Calls a procedure as the machine does: again after a wait, going on where it hands over.
    fn apply(&mut self, name: &str, args: &[Value]) -> Answer {
        let (mut index, mut args) = (self.index(name), args.to_vec());
        loop {
            let row = self.cx.builtins[index];
            assert!(row.takes(args.len()), "{name} with {} arguments", args.len());
            let (Body::Leaf(body) | Body::Control(Control::Leaf(body))) = row.body else { panic!("{name} is no leaf") };
            match body(&mut self.cx, &args).map_err(|exit| *exit) {
                Ok(value) => return Ok(value),
                Err(Exit::TailCall(procedure, more)) => {
                    (index, args) = (procedure.field(0).fixnum_value() as usize, more);
                }
                Err(Exit::Wait(wait)) => {
                    let read = wait.read.map(|fd| (fd, crate::net::Interest::Read));
                    let write = wait.write.map(|fd| (fd, crate::net::Interest::Write));
                    let set: Vec<_> = read.into_iter().chain(write).collect();
                    self.cx.net.wait(&set, wait.deadline, "wait").unwrap();
                }
                Err(exit) => return Err(Box::new(exit)),
            }
        }
    }

    fn index(&self, name: &str) -> usize {
        let found = self.cx.builtins.iter().position(|row| row.name == name);
        found.unwrap_or_else(|| panic!("there is no {name}"))
    }

    fn datum(&mut self, text: &str) -> Vec<Value> {
        let trees = read_all(text, SourceId(0), &mut self.cx.symbols).unwrap();
        trees.iter().map(|tree| read::tree_to_datum(&self.cx.heap, tree).unwrap().unwrap()).collect()
    }

    fn eval(&mut self, form: Value) -> Answer {
        let name = |world: &World, v: Value| v.as_symbol().map(|s| world.cx.symbols.name(s).to_string());
        if let Some(name) = name(self, form) {
            return Ok(self.value_of(&name).unwrap_or_else(|| panic!("nothing is called {name}")));
        }
        let Some((head, rest)) = form.as_pair() else { return Ok(form) };
        let items: Vec<Value> = crate::vm::machine::list_items(rest).collect();
        let head = name(self, head).expect("a call of something with a name");
        match head.as_str() {
            "quote" => Ok(items[0]),
            "let" => {
                let before = self.names.len();
                for binding in crate::vm::machine::list_items(items[0]) {
                    let value = self.eval(binding.cdr().car())?;
                    let name = name(self, binding.car()).unwrap();
                    self.let_be(&name, value);
                }
                let mut last = Ok(Value::UNSPECIFIED);
                for form in &items[1..] {
                    last = self.eval(*form);
                    if last.is_err() {
                        break;
                    }
                }
                self.names.truncate(before);
                last
            }
            "current-output-port" => Ok(self.cx.parameter_value(self.cx.roots.current_output)),
            "current-error-port" => Ok(self.cx.parameter_value(self.cx.roots.current_error)),
            _ => {
                let args = items.into_iter().map(|item| self.eval(item)).collect::<Answer<Vec<Value>>>()?;
                self.apply(&head, &args)
            }
        }
    }

    /// The value of the last of some forms.
    fn try_run(&mut self, text: &str) -> Answer {
        let mut last = Ok(Value::UNSPECIFIED);
        for form in self.datum(text) {
            last = self.eval(form);
            if last.is_err() {
                break;
            }
        }
        last
    }

    fn value(&mut self, text: &str) -> Value {
        match self.try_run(text) {
            Ok(value) => value,
            Err(exit) => panic!("{text}: {}", self.exit_text(&exit)),
        }
    }

    /// The same as text.
    fn run(&mut self, text: &str) -> String {
        let value = self.value(text);
        write::written(&self.cx, value)
    }

    fn define(&mut self, name: &str, text: &str) -> Value {
        let value = self.value(text);
        self.let_be(name, value);
        value
    }

    fn exit_text(&self, exit: &Exit) -> String {
        match exit {
            Exit::Raise(condition) => self.cx.heap.str(condition.field(TEXT)).unwrap_or("?").to_string(),
            Exit::Wait(wait) => format!("{wait:?}"),
            Exit::Interrupted => "interrupted".into(),
            Exit::Memory(bytes) => format!("memory {bytes}"),
            _ => "another exit".into(),
        }
    }

    fn condition(&mut self, text: &str) -> Value {
        match self.try_run(text).map_err(|exit| *exit) {
            Err(Exit::Raise(condition)) => condition,
            Err(exit) => panic!("{text}: {}", self.exit_text(&exit)),
            Ok(value) => panic!("{text} is {}", self.cx.show(value)),
        }
    }

    /// What goes wrong with some forms: key and sentence.
    fn error(&mut self, text: &str) -> String {
        let condition = self.condition(text);
        let key = self.cx.symbols.name(condition.field(KEY).as_symbol().unwrap()).to_string();
        format!("{key}: {}", self.cx.heap.str(condition.field(TEXT)).unwrap())
    }
}

#[track_caller]
fn check(world: &mut World, text: &str, expected: &str) {
    assert_eq!(world.run(text), expected, "{text}");
}

#[test]
fn the_examples_of_the_rows_can_be_read() {
    // Whether they are true, tests/examples.rs sees, which has the whole language.
    for row in crate::builtins::tables().iter().copied().flatten() {
        for line in row.documentation.lines().filter_map(|line| line.strip_prefix("     ")) {
            let form = line.split_once(" => ").map_or(line, |(form, _)| form);
            let mut symbols = crate::symbol::Symbols::new();
            assert!(read_all(form, SourceId(0), &mut symbols).is_ok(), "{form}");
        }
    }
}

#[test]
fn lines_end_as_asked() {
    let mut world = World::new();
    let p = r#"(let ((p (open-input-string "one\r\ntwo\n\nlast"))) "#;
    check(
        &mut world,
        &format!("{p} (list (read-line p) (read-line p) (read-line p) (read-line p) (read-line p)))"),
        "(\"one\\r\" \"two\" \"\" \"last\" #<eof>)",
    );
    check(&mut world, &format!("{p} (read-line p 'concat))"), "\"one\\r\\n\"");
    check(&mut world, &format!("{p} (list (read-line p 'peek) (read-char p)))"), "(\"one\\r\" #\\newline)");
    check(
        &mut world,
        r#"(let ((p (open-input-string "x"))) (list (read-line p 'split) (read-line p 'split)))"#,
        "((\"x\" . #<eof>) (#<eof> . #<eof>))",
    );
    assert_eq!(
        world.error("(read-line (open-input-string \"\") 'cut)"),
        "misc-error: read-line: how should be one of trim, concat, peek, split, got cut"
    );
}

#[test]
fn strings_are_read_in_either_order() {
    let mut world = World::new();
    check(
        &mut world,
        "(let ((p (open-input-string \"abcdefgh\"))) (list (read-string p 3) (read-string 2 p) (read-string p)))",
        "(\"abc\" \"de\" \"fgh\")",
    );
    check(
        &mut world,
        "(let ((p (open-input-string \"\"))) (list (read-string 3 p) (read-string 0 p) (read-string p) (get-string-all p)))",
        "(#<eof> \"\" \"\" \"\")",
    );
    assert!(world.error("(read-string -1 (open-input-string \"\"))").contains("argument 1 (k)"));
    assert!(world.error("(read-string (open-input-string \"\") 'x)").contains("argument 2 (k)"));
}

#[test]
fn a_port_of_the_wrong_kind_is_refused_by_name() {
    let mut world = World::new();
    assert_eq!(
        world.error("(read-char (open-output-string))"),
        "wrong-type-arg: read-char: argument 1 (port) should be an input port, got #<output: string>"
    );
    assert_eq!(
        world.error("(write 1 (open-input-string \"\"))"),
        "wrong-type-arg: write: argument 2 (port) should be an output port, got #<input: string>"
    );
    assert_eq!(
        world.error("(let ((p (open-input-string \"x\"))) (close-port p) (peek-char p))"),
        "wrong-type-arg: peek-char: argument 1 (port) should be an open port, got #<closed: string>"
    );
    assert_eq!(
        world.error("(display 1 'x)"),
        "wrong-type-arg: display: argument 2 (port) should be an output port, got x"
    );
    assert!(world.error("(get-output-string (open-output-bytevector))").contains("made by open-output-string"));
    assert!(world.error("(close-input-port (open-output-string))").contains("an input port"));
    assert!(world.error("(fileno (open-output-string))").contains("a port on a descriptor"));
}

#[test]
fn what_is_written_by_default_goes_to_the_current_port() {
    let mut world = World::new();
    world.run("(display \"a\") (write \"b\") (newline) (write-char #\\c) (write-string \"xdefx\" (current-output-port) 1 4) (write-line 'g)");
    assert_eq!(ports::take_captured_output(&mut world.cx), "a\"b\"\ncdefg\n");
    assert_eq!(ports::take_captured_output(&mut world.cx), "");
    // A parameter that somebody has set to nonsense.
    let parameter = world.cx.roots.current_output;
    world.cx.heap.set_field(parameter, 0, Value::fixnum(5));
    assert_eq!(world.error("(newline)"), "wrong-type-arg: newline: argument 1 (port) should be an output port, got 5");
}

#[test]
fn data_are_read_one_by_one() {
    let mut world = World::new();
    check(
        &mut world,
        "(let ((p (open-input-string \"(1 . #(2 \\\"x\\\")) sym #;(no)\\n#\\\\a\"))) (list (read p) (read p) (read p) (read p)))",
        "((1 . #(2 \"x\")) sym #\\a #<eof>)",
    );
    // What follows a datum is for the next reader.
    check(
        &mut world,
        "(let ((p (open-input-string \"(a)b c\"))) (list (read p) (read-char p) (read-char p) (read p)))",
        "((a) #\\b #\\space c)",
    );
    check(
        &mut world,
        "(let ((p (open-input-string \"#!fold-case ABC DEF #!no-fold-case GHI\"))) (list (read p) (read p) (read p)))",
        "(abc def GHI)",
    );
    check(&mut world, "(read (open-input-string \"#0=(a . #0#)\"))", "#0=(a . #0#)");
    check(&mut world, "(read (open-input-string \"#1=#(#1# 5)\"))", "#0=#(#0# 5)");
    check(
        &mut world,
        "(read (open-input-string \"(1.5 -3/4 123456789012345678901234567890 #u8(1 2) |a b| #:key)\"))",
        "(1.5 -3/4 123456789012345678901234567890 #u8(1 2) |a b| #:key)",
    );
}

#[test]
fn a_text_that_is_no_datum_says_where() {
    let mut world = World::new();
    assert!(world.error("(read (open-input-string \"\\n  )\"))").starts_with("read-error: read: string:2:3: "), "");
    let text = world.error("(read (open-input-string \"(a\\n(b\"))");
    assert!(text.starts_with("read-error: read: string:"), "{text}");
    // The text behind a mistake can be read.
    world.define("p", "(open-input-string \") 5\")");
    world.condition("(read p)");
    check(&mut world, "(read p)", "5");
}

#[test]
fn a_deep_datum_needs_no_stack() {
    let mut world = World::new();
    let text = format!("{}{}", "(".repeat(200_000), ")".repeat(200_000));
    let text = world.cx.heap.string(&text);
    let port = world.apply("open-input-string", &[text]).ok().unwrap();
    let datum = world.apply("read", &[port]).ok().unwrap();
    assert!(datum.is_pair());
}

#[test]
fn files_are_written_read_and_asked() {
    let mut world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    for name in ["a", "b"] {
        let value = world.cx.heap.string(&path(name));
        world.let_be(name, value);
    }
    world.define("o", "(open-output-file a)");
    world.run("(write '(\"λ\" 1) o) (newline o) (close-port o)");
    world.define("i", "(open-input-file a)");
    check(
        &mut world,
        "(list (read i) (read-char i) (read-char i) (close-port i) (close-port i))",
        "((\"λ\" 1) #\\newline #<eof> #t #f)",
    );
    check(&mut world, "(let ((p (open-binary-input-file a))) (read-bytevector 4 p))", "#u8(40 34 206 187)");
    check(
        &mut world,
        "(let ((p (open-file a \"a\"))) (display \"more\" p) (close-port p) (list (file-exists? a) (file-exists? b)))",
        "(#t #f)",
    );
    check(
        &mut world,
        "(let ((p (open-file a \"r+\"))) (seek p 0 SEEK_END) (write 5 p) (seek p 0 SEEK_SET) (read-line p))",
        "\"(\\\"λ\\\" 1)\"",
    );
    check(&mut world, "(let ((p (open-file a \"rb\"))) (read-string 4 p))", "\"(\\\"Î»\"");
    check(&mut world, "(vector-ref (stat a) 7)", "14");
    world.run("(rename-file a b) (truncate-file b 3)");
    check(&mut world, "(list (file-exists? a) (vector-ref (stat b) 7) (vector-ref (stat b) 13))", "(#f 3 regular)");
    check(
        &mut world,
        "(directory-files \"/proc/self/task/../../self/fdinfo/../../..\")"
            .replace("/proc/self/task/../../self/fdinfo/../../..", folder.path().to_str().unwrap())
            .as_str(),
        "(\"b\")",
    );
    world.run("(delete-file b)");
    let error = world.error("(open-input-file b)");
    assert_eq!(error, format!("system-error: open-input-file: {}: no such file or directory (ENOENT)", path("b")));
    for form in [
        "(open-input-file b)",
        "(delete-file b)",
        "(stat b)",
        "(open-file b \"r\")",
        "(rename-file b a)",
        "(rmdir b)",
        "(open-output-file \"/no/such\")",
    ] {
        let condition = world.condition(form);
        let extra = world.cx.show(condition.field(EXTRA));
        assert!(extra.starts_with("((endpoint . \"/") && extra.ends_with("\") (kind . file))"), "{form}: {extra}");
        assert_eq!(world.cx.show(condition.field(DATA)), "(2)");
        world.let_be("c", condition);
        check(&mut world, "(list (file-error? c) (read-error? c))", "(#t #f)");
    }
    assert!(world.error("(open-file b \"x\")").contains("argument 2 (mode)"));
    assert!(world.error("(open-file b \"rz\")").contains("argument 2 (mode)"));
    assert!(world.error("(open-input-file \"a\\x0;b\")").contains("EINVAL"));
    assert!(world.error("(open-input-file b #:encoding \"no\")").contains("there is no encoding \"no\" here"));
    assert!(world.error("(read-char (open-input-file \"/\"))").contains("read-char from /: is a directory (EISDIR)"));
}

#[test]
fn broken_text_is_replaced_or_refused() {
    let mut world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken");
    std::fs::write(&path, b"a\xffb").unwrap();
    let name = world.cx.heap.string(path.to_str().unwrap());
    world.let_be("f", name);
    check(&mut world, "(read-line (open-input-file f))", "\"a\u{fffd}b\"");
    world.define("p", "(open-input-file f)");
    world.run("(set-port-conversion-strategy! p 'error)");
    check(&mut world, "(read-char p)", "#\\a");
    for _ in 0..2 {
        assert_eq!(world.error("(read-char p)"), "decoding-error: read-char: the bytes #xff are not UTF-8");
    }
    check(&mut world, "(list (read-u8 p) (read-char p))", "(255 #\\b)");
    world.define("o", "(open-output-file f #:encoding \"latin1\")");
    world.run("(set-port-conversion-strategy! o 'error)");
    assert!(
        world
            .error("(display \"é λ\" o)")
            .starts_with("encoding-error: display: there is no character 'λ' in ISO-8859-1")
    );
    world.run("(display \"é\" o) (close-port o)");
    assert_eq!(std::fs::read(&path).unwrap(), b"\xe9 \xe9");
    assert!(
        world.error("(set-port-encoding! o \"no-such\")").starts_with("misc-error: set-port-encoding!: there is no")
    );
}

/// A connection on loopback: `server`, `client`, `peer` and where they are.
fn connection(world: &mut World, family: &str, address: &str) {
    world.define("server", &format!("(socket {family} SOCK_STREAM 0)"));
    world.run(&format!(
        "(setsockopt server SOL_SOCKET SO_REUSEADDR 1) (bind server {family} {address} 0) (listen server 5)"
    ));
    world.define("where", "(getsockname server)");
    world.define("client", &format!("(socket {family} SOCK_STREAM 0)"));
    check(world, "(connect client where)", "#t");
    world.define("accepted", "(accept server)");
    world.define("peer", "(car accepted)");
}

#[test]
fn a_connection_is_made_used_and_closed() {
    for mode in [Mode::Block, Mode::Wait, Mode::Try] {
        let mut world = World::new();
        world.cx.net.mode = mode;
        connection(&mut world, "AF_INET", "INADDR_LOOPBACK");
        check(&mut world, "(equal? (cdr accepted) (getsockname client))", "#t");
        check(&mut world, "(equal? (getpeername client) where)", "#t");
        check(&mut world, "(list (sockaddr:fam where) (inet-ntop AF_INET (sockaddr:addr where)))", "(2 \"127.0.0.1\")");
        check(
            &mut world,
            "(list (port? peer) (input-port? peer) (output-port? peer) (textual-port? peer) (binary-port? peer))",
            "(#t #t #t #t #t)",
        );
        check(&mut world, "(send client #u8(1 2 3 4))", "4");
        check(&mut world, "(let ((b (make-bytevector 6 0))) (list (recv! peer b) b))", "(4 #u8(1 2 3 4 0 0))");
        check(&mut world, "(send client \"abcdef\" 0 1 4)", "3");
        check(&mut world, "(let ((b (make-bytevector 6 0))) (list (recv! peer b 0 2 4) b))", "(2 #u8(0 0 98 99 0 0))");
        check(&mut world, "(let ((s (make-string 3 #\\.))) (list (recvfrom! peer s 0 1) s))", "((1 . #f) \".d.\")");
        // A port for text, and nothing is taken ahead.
        world.run("(display \"line é\\nrest\" client)");
        check(&mut world, "(read-line peer)", "\"line é\"");
        check(
            &mut world,
            "(let ((b (make-bytevector 9 0))) (list (recv! peer b) (utf8->string b 0 4)))",
            "(4 \"rest\")",
        );
        world.run("(write '(a \"b\") client) (shutdown client 1)");
        check(&mut world, "(list (read peer) (read peer) (recv! peer (make-bytevector 1)))", "((a \"b\") #<eof> 0)");
        check(&mut world, "(list (close-port client) (close-port peer) (close-port server))", "(#t #t #t)");
        assert_eq!(
            world.error("(send client #u8(1))"),
            "wrong-type-arg: send: argument 1 (sock) should be an open port, got #<closed: socket>"
                .replace("(sock)", "(port)")
        );
    }
}

#[test]
fn every_family_has_addresses_of_its_own() {
    let mut world = World::new();
    connection(&mut world, "AF_INET6", "\"::1\"");
    check(
        &mut world,
        "(list (sockaddr:fam where) (sockaddr:addr where) (sockaddr:flowinfo where) (sockaddr:scopeid where))",
        "(10 1 0 0)",
    );
    let folder = tempfile::tempdir().unwrap();
    let path = world.cx.heap.string(folder.path().join("s").to_str().unwrap());
    world.let_be("path", path);
    let abstracted = world.cx.heap.string(&format!("\0sockeye-{}", std::process::id()));
    world.let_be("abstract", abstracted);
    for name in ["path", "abstract"] {
        world.define("server", "(socket AF_UNIX SOCK_STREAM 0)");
        check(&mut world, "(getsockname server)", "#(1 #f)");
        world.run(&format!("(bind server AF_UNIX {name}) (listen server 1)"));
        check(&mut world, &format!("(equal? (sockaddr:path (getsockname server)) {name})"), "#t");
        world.define("client", "(socket AF_UNIX SOCK_STREAM 0)");
        check(&mut world, &format!("(connect client (make-socket-address AF_UNIX {name}))"), "#t");
        check(&mut world, "(cdr (accept server))", "#(1 #f)");
    }
    assert!(
        world
            .error("(bind (socket AF_UNIX SOCK_STREAM 0) AF_UNIX path)")
            .starts_with("system-error: bind to unix path ")
    );
    let long = world.cx.heap.string(&"p".repeat(109));
    world.let_be("long", long);
    let condition = world.condition("(bind (socket AF_UNIX SOCK_STREAM 0) AF_UNIX long)");
    assert_eq!(world.cx.show(condition.field(DATA)), "(22)");
    assert!(world.error("(bind (socket AF_UNIX SOCK_STREAM 0) AF_UNIX \"a\\x0;b\")").starts_with("misc-error: bind"));
}

#[test]
fn datagrams_know_their_senders() {
    let mut world = World::new();
    for name in ["a", "b"] {
        world.define(name, "(socket AF_INET SOCK_DGRAM 0)");
        world.run(&format!("(bind {name} AF_INET \"127.0.0.1\" 0)"));
    }
    world.define("to", "(getsockname b)");
    check(&mut world, "(sendto a #u8(1 2 3 4) to)", "4");
    check(
        &mut world,
        "(let ((b2 (make-bytevector 2))) (let ((r (recvfrom! b b2 MSG_TRUNC))) (list (car r) b2 (equal? (cdr r) (getsockname a)))))",
        "(4 #u8(1 2) #t)",
    );
    check(&mut world, "(sendto a \"xyz\" AF_INET (sockaddr:addr to) (sockaddr:port to) 0 1)", "2");
    check(&mut world, "(let ((s (make-string 4 #\\-))) (list (recv! b s) s))", "(2 \"yz--\")");
    // One call, one datagram.
    world.run("(connect a to)");
    world.run("(write '(\"long\" #(1 2 3)) a)");
    check(&mut world, "(let ((s (make-string 30 #\\.))) (recv! b s) s)", "\"(\\\"long\\\" #(1 2 3)).............\"");
    check(&mut world, "(connect a AF_UNSPEC 0)", "#t");
    assert!(world.error("(send a #u8(1))").contains("EDESTADDRREQ"));
    assert_eq!(
        world.error("(recv! b (make-bytevector 1) MSG_DONTWAIT)"),
        "system-error: recv!: resource temporarily unavailable (EAGAIN)"
    );
    assert!(world.error("(sendto a \"λ\" to)").contains("string->utf8"));
    let condition = world.condition("(sendto a \"λ\" to)");
    assert_eq!(world.cx.show(condition.field(IRRITANTS)), "(\"λ\")");
}

#[test]
fn a_refused_connection_is_told_in_full() {
    let mut world = World::new();
    world.define("s", "(socket AF_INET SOCK_STREAM 0)");
    assert_eq!(
        world.error("(connect s AF_INET INADDR_LOOPBACK 1)"),
        "system-error: connect to 127.0.0.1 port 1: connection refused (ECONNREFUSED)"
    );
    let condition = world.condition("(connect s AF_INET \"127.0.0.1\" 1)");
    world.let_be("c", condition);
    check(&mut world, "(file-error? c)", "#f");
    let show = |field| world.cx.show(condition.field(field));
    assert_eq!([show(WHO), show(IRRITANTS), show(DATA)], ["\"connect\"", "(\"Connection refused\")", "(111)"]);
    world.let_be("c", condition);
    check(
        &mut world,
        "(list (system-error-errno c) (system-error-errno '(system-error \"x\" \"~A\" (\"y\") (5))) (system-error-errno '(misc-error a b c (5))))",
        "(111 5 #f)",
    );
}

#[test]
fn arguments_of_sockets_are_checked_by_position() {
    let mut world = World::new();
    world.define("s", "(socket AF_INET SOCK_STREAM 0)");
    world.define("u", "(socket AF_INET SOCK_DGRAM 0)");
    let cases = [
        (
            "(connect s AF_INET INADDR_LOOPBACK)",
            "wrong-type-arg: connect: argument 4 (port) should be a port number from 0 to 65535, got nothing",
        ),
        ("(connect s AF_INET)", "wrong-type-arg: connect: argument 3 (addr) should be an IPv4 address, got nothing"),
        ("(connect 5 AF_INET 1 80)", "wrong-type-arg: connect: argument 1 (sock) should be a port, got 5"),
        (
            "(connect s 99 1 80)",
            "out-of-range: connect: argument 2 (family) should be AF_INET, AF_INET6 or AF_UNIX, got 99",
        ),
        (
            "(connect s AF_INET INADDR_LOOPBACK 70000)",
            "out-of-range: connect: argument 4 (port) should be a port number from 0 to 65535, got 70000",
        ),
        (
            "(connect s AF_INET -1 80)",
            "out-of-range: connect: argument 3 (addr) should be from 0 to 4294967295, got -1",
        ),
        (
            "(connect s AF_INET \"nonsense\" 80)",
            "wrong-type-arg: connect: argument 3 (addr) should be an IPv4 address: an exact integer, or a string such as \
             \"127.0.0.1\", got \"nonsense\"",
        ),
        (
            "(connect s #(2 1) 1)",
            "misc-error: connect: #(2 1) is no address: expected #(2 ADDR PORT), #(10 ADDR PORT FLOW SCOPE) or #(1 PATH)",
        ),
        (
            "(connect s #(2 1 80) 1)",
            "wrong-type-arg: connect: argument 2 (address) should be a family, with these parts behind it, got #(2 1 80)",
        ),
        ("(socket 77 SOCK_STREAM 0)", "system-error: socket: address family not supported by protocol (EAFNOSUPPORT)"),
        (
            "(socket 1.0 SOCK_STREAM 0)",
            "wrong-type-arg: socket: argument 1 (family) should be an exact integer, got 1.0",
        ),
        (
            "(socket 99999999999 SOCK_STREAM 0)",
            "out-of-range: socket: argument 1 (family) should be an integer of 32 bits, got 99999999999",
        ),
        ("(accept s)", "system-error: accept: invalid argument (EINVAL)"),
        ("(send u 5)", "wrong-type-arg: send: argument 2 (message) should be a bytevector or a string, got 5"),
        ("(send u #u8(1 2) 0 3)", "out-of-range: send: argument 4 (start) should be at most 2, got 3"),
        ("(send u #u8(1 2) 0 0 3)", "out-of-range: send: argument 5 (end) should be at most 2, got 3"),
        ("(getsockopt s SOL_SOCKET 9999)", "system-error: getsockopt: protocol not available (ENOPROTOOPT)"),
        (
            "(setsockopt s SOL_SOCKET SO_LINGER 1)",
            "wrong-type-arg: setsockopt: argument 4 (value) should be a pair of on (1) or off (0) and seconds, such as (1 . 10), got 1",
        ),
        (
            "(setsockopt s SOL_SOCKET SO_LINGER '(1 2))",
            "wrong-type-arg: setsockopt: argument 4 (value) should be an exact integer, got (2)",
        ),
        (
            "(setsockopt s SOL_SOCKET SO_REUSEADDR #t)",
            "wrong-type-arg: setsockopt: argument 4 (value) should be an exact integer, got #t",
        ),
        (
            "(shutdown s 9)",
            "out-of-range: shutdown: argument 2 (how) should be 0 (reading), 1 (writing) or 2 (both), got 9",
        ),
        (
            "(listen (open-input-string \"\") 1)",
            "wrong-type-arg: listen: argument 1 (sock) should be a socket port, got #<input: string>",
        ),
        ("(listen (car (pipe)) 1)", "system-error: listen: read pipe: socket operation on non-socket (ENOTSOCK)"),
        ("(getpeername s)", "system-error: getpeername: transport endpoint is not connected (ENOTCONN)"),
        ("(inet-pton 1 \"x\")", "out-of-range: inet-pton: argument 1 (family) should be AF_INET or AF_INET6, got 1"),
        (
            "(inet-ntop AF_INET 4294967296)",
            "out-of-range: inet-ntop: argument 2 (number) should be from 0 to 4294967295, got 4294967296",
        ),
        ("(inet-aton \"1.2.3.4.5\")", "misc-error: inet-aton: Bad address: \"1.2.3.4.5\""),
        (
            "(sockaddr:path #(2 1 80))",
            "wrong-type-arg: sockaddr:path: argument 1 (address) should be the address of a local socket, got #(2 1 80)",
        ),
        (
            "(sockaddr:flowinfo #(2 1 80))",
            "out-of-range: sockaddr:flowinfo: argument 1 should be an object that has this part, got #(2 1 80)",
        ),
        ("(htons 65536)", "out-of-range: htons: argument 1 (n) should be from 0 to 65535, got 65536"),
        (
            "(sendto u #u8(1) AF_INET 1 2 'x)",
            "wrong-type-arg: sendto: argument 6 (flags) should be an exact integer, got x",
        ),
    ];
    let told: Vec<String> = cases.iter().map(|(form, _)| world.error(form)).collect();
    assert_eq!(told, cases.map(|(_, expected)| expected.to_string()));
    // A buffer that cannot be changed is refused before anything is taken.
    let literal = world.cx.heap.string("abc");
    world.cx.heap.set_immutable(literal);
    world.let_be("literal", literal);
    assert!(world.error("(recv! u literal)").contains("argument 2 (buf)"));
}

#[test]
fn options_read_back_as_they_were_set() {
    let mut world = World::new();
    world.define("s", "(socket AF_INET SOCK_STREAM 0)");
    for (name, value) in [("SO_REUSEADDR", "1"), ("SO_LINGER", "(1 . 3)"), ("SO_RCVTIMEO", "(1 . 500000)")] {
        check(
            &mut world,
            &format!("(setsockopt s SOL_SOCKET {name} '{value}) (getsockopt s SOL_SOCKET {name})"),
            value,
        );
    }
    check(
        &mut world,
        "(setsockopt s SOL_SOCKET SO_KEEPALIVE #u8(1 0 0 0)) (getsockopt s SOL_SOCKET SO_KEEPALIVE 4)",
        "#u8(1 0 0 0)",
    );
    check(&mut world, "(getsockopt s SOL_SOCKET SO_ERROR)", "0");
    world.define("u", "(socket AF_INET SOCK_DGRAM 0)");
    check(
        &mut world,
        "(setsockopt u IPPROTO_IP IP_MULTICAST_IF \"127.0.0.1\") (getsockopt u IPPROTO_IP IP_MULTICAST_IF)",
        "2130706433",
    );
    world.run("(setsockopt u IPPROTO_IP IP_ADD_MEMBERSHIP (cons \"239.1.2.3\" INADDR_LOOPBACK))");
}

#[test]
fn addresses_of_ipv6_survive_as_integers() {
    let mut world = World::new();
    check(&mut world, "(inet-pton AF_INET6 \"2001:db8::ff00:42:8329\")", "42540766411282592856904265327123268393");
    check(&mut world, "(inet-ntop AF_INET6 42540766411282592856904265327123268393)", "\"2001:db8::ff00:42:8329\"");
    check(
        &mut world,
        "(inet-pton AF_INET6 \"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\")",
        "340282366920938463463374607431768211455",
    );
    check(&mut world, "(inet-pton AF_INET6 \"::ffff:ffff:ffff:ffff\")", "18446744073709551615");
    assert!(world.error("(inet-ntop AF_INET6 340282366920938463463374607431768211456)").starts_with("out-of-range"));
    assert!(world.error("(inet-ntop AF_INET6 -1)").starts_with("out-of-range"));
    check(
        &mut world,
        "(make-socket-address AF_INET6 \"fe80::1%lo\" 80 7)",
        "#(10 338288524927261089654018896841347694593 80 7 1)",
    );
    check(
        &mut world,
        "(list (inet-netof 3232235777) (inet-lnaof 3232235777) (inet-makeaddr 12625921 1))",
        "(12625921 1 3232235777)",
    );
    check(
        &mut world,
        "(list (inet-aton \"0x7f.1\") (inet-aton \"0177.0.0.1\") (htonl 1))",
        "(2130706433 2130706433 16777216)",
    );
}

#[test]
fn a_write_that_must_wait_is_made_once() {
    let mut world = World::new();
    world.cx.net.mode = Mode::Try;
    world.define("pair", "(socketpair AF_UNIX SOCK_STREAM 0)");
    world.define("a", "(car pair)");
    let fd = world.value("(fileno (cdr pair))").fixnum_value() as i32;
    let text: String = (0..120_000).map(|n| format!("{n},")).collect();
    let value = world.cx.heap.string(&text);
    world.let_be("text", value);
    let reader = std::thread::spawn(move || {
        let (mut got, mut room) = (Vec::new(), [0; 10_000]);
        let fd = crate::net::raw::borrow(fd).unwrap();
        while let Ok(count @ 1..) = nix::unistd::read(fd, &mut room) {
            got.extend_from_slice(&room[..count]);
        }
        got
    });
    world.run("(display text a)");
    check(&mut world, "(send a text)", &text.len().to_string());
    world.run("(close-port a)");
    let got = reader.join().unwrap();
    assert!(got == text.repeat(2).into_bytes(), "{} of {} bytes", got.len(), 2 * text.len());
}

#[test]
fn a_datum_comes_through_a_slow_connection() {
    for mode in [Mode::Wait, Mode::Try] {
        for buffering in ["none", "block"] {
            let mut world = World::new();
            world.cx.net.mode = mode;
            world.define("pair", "(socketpair AF_UNIX SOCK_STREAM 0)");
            world.define("a", "(car pair)");
            world.run(&format!("(setvbuf a '{buffering})"));
            let fd = world.value("(fileno (cdr pair))").fixnum_value() as i32;
            let writer = std::thread::spawn(move || {
                for piece in ["(defi", "ne \"x", "\\n\" ", "#", "\\λ) 1", "2 "] {
                    std::thread::sleep(Duration::from_millis(3));
                    nix::unistd::write(crate::net::raw::borrow(fd).unwrap(), piece.as_bytes()).unwrap();
                }
            });
            check(&mut world, "(list (read a) (read a))", "((define \"x\\n\" #\\λ) 12)");
            writer.join().unwrap();
            check(&mut world, "(char-ready? a)", "#t");
            check(&mut world, "(read-char a)", "#\\space");
            check(&mut world, "(char-ready? a)", "#f");
        }
    }
}

#[test]
fn an_interrupt_ends_a_wait() {
    let mut world = World::new();
    world.define("pair", "(socketpair AF_UNIX SOCK_STREAM 0)");
    for form in [
        "(read-char (car pair))",
        "(recv! (car pair) (make-bytevector 1))",
        "(read (car pair))",
        "(%wait-for-signal #f)",
    ] {
        let handle = world.cx.net.interrupt().clone();
        let raiser = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(10));
            handle.raise();
        });
        let answer = world.try_run(form);
        assert!(matches!(answer.map_err(|exit| *exit), Err(Exit::Interrupted)), "{form}");
        raiser.join().unwrap();
        world.cx.net.interrupt().acknowledge();
    }
}

#[test]
fn the_environment_is_the_programs_own() {
    let mut world = World::new();
    check(&mut world, "(getenv \"SOCKEYE_T\")", "#f");
    world.run("(setenv \"SOCKEYE_T\" \"a\")");
    check(&mut world, "(list (getenv \"SOCKEYE_T\") (get-environment-variable \"SOCKEYE_T\"))", "(\"a\" \"a\")");
    assert!(std::env::var_os("SOCKEYE_T").is_none());
    world.run("(setenv \"PATH\" #f)");
    check(&mut world, "(getenv \"PATH\")", "#f");
    assert!(std::env::var_os("PATH").is_some());
    assert!(world.error("(setenv \"a=b\" \"c\")").contains("argument 1 (name)"));
    assert!(world.error("(setenv \"a\" 1)").contains("argument 2 (value)"));
}

#[test]
fn a_port_nobody_can_reach_writes_and_closes() {
    let mut world = World::new();
    world.define("pair", "(socketpair AF_UNIX SOCK_STREAM 0)");
    let b = world.value("(cdr pair)");
    let a = world.value("(car pair)");
    world.names = vec![("b".to_string(), b), ("a".to_string(), a)];
    world.run("(setvbuf a 'block) (display \"last words\" a)");
    world.names.pop();
    // All that is left of it is a number in the table of Rust objects.
    let mut roots = world.names[0].1;
    world.cx.heap.collect(true, &mut |tracer| tracer.visit(&mut roots));
    world.names[0].1 = roots;
    check(&mut world, "(list (read-line b) (read-line b))", "(\"last words\" #<eof>)");
}

/// Rows that end, leave, or wait for what will not come.
const NOT_TRIED: &[&str] = &["chdir", "accept", "recv!", "recvfrom!", "%exit", "emergency-exit", "primitive-exit"];

#[test]
fn odd_arguments_are_refused_without_harm() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new();
    world.cx.net.mode = Mode::Try;
    let missing = folder.path().join("no/such/folder").to_str().unwrap().to_string();
    let missing = world.cx.heap.string(&missing);
    let immutable = world.cx.heap.string("AF_INET");
    world.cx.heap.set_immutable(immutable);
    let mut odd = world.datum(
        "0 1 -1 2 3 10 1.5 -0.0 +nan.0 1/2 1+2i 2305843009213693951 -2305843009213693952 99999999999999999999999 \
         -99999999999999999999999999999999999999999999 #t #f () (1) (1 . 2) (1 2 3 4 5 6) #() #(1 #f) #(2 0 0) #(10 1 1 1 1) \
         #(2) #(1 2 3) #u8() #u8(1 2 3) \"\" #\\a #\\λ sym none block #:key",
    );
    odd.extend([missing, immutable, Value::EOF, Value::UNSPECIFIED, Value::DEFAULT]);
    odd.push(world.value("(current-output-port)"));
    for form in [
        "(open-input-string \"some text\")",
        "(open-output-string)",
        "(open-input-bytevector #u8(1 255 3))",
        "(let ((p (open-input-string \"\"))) (close-port p) p)",
        "(socket AF_INET SOCK_STREAM 0)",
        "(car (pipe))",
        "(%make-void-port)",
    ] {
        let value = world.value(form);
        odd.push(value);
    }
    let mut random = 7u64;
    let mut next = |bound: usize| {
        random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (random >> 33) as usize % bound
    };
    let all = [
        addresses::ADDRESSES,
        files::FILES,
        ports::PORTS,
        process::PROCESS,
        read::READING,
        sockets::SOCKETS,
        write::WRITING,
    ];
    for row in all.into_iter().flatten().filter(|row| !NOT_TRIED.contains(&row.name)) {
        let most = row.parameters.len() + usize::from(row.parameters.iter().any(|p| p.sort == Sort::Rest)) * 4;
        for count in row.required()..=most {
            let rounds = if count < 2 { odd.len() } else { 300 };
            for round in 0..rounds {
                let mut args: Vec<Value> = (0..count).map(|_| odd[next(odd.len())]).collect();
                if count == 1 {
                    args[0] = odd[round];
                }
                try_call(&mut world, row, &args);
            }
        }
    }
    // The context still works.
    check(&mut world, "(read (open-input-string \"(fine)\"))", "(fine)");
}

fn try_call(world: &mut World, row: &Row, args: &[Value]) {
    let (Body::Leaf(body) | Body::Control(Control::Leaf(body))) = row.body else { return };
    // Files are made nowhere but in the current folder, where these names must not be.
    let writes = [
        "open-output-file",
        "open-binary-output-file",
        "open-file",
        "mkdir",
        "rename-file",
        "copy-file",
        "bind",
        "pipe",
        "delete-file",
        "truncate-file",
        "chmod",
    ];
    if writes.contains(&row.name) && args.iter().any(|v| world.cx.heap.str(*v) == Some("AF_INET")) {
        return;
    }
    if let Err(Exit::Raise(condition)) = body(&mut world.cx, args).map_err(|exit| *exit) {
        assert!(condition.is_kind(Kind::Condition));
        let text = world.cx.heap.str(condition.field(TEXT)).unwrap();
        // Guile's file-is-directory? names the call it makes.
        let names_itself = text.starts_with(row.name) || row.name == "file-is-directory?" && text.starts_with("stat");
        assert!(names_itself || row.name.starts_with('%'), "{}: {text}", row.name);
    }
}

#[test]
fn the_first_line_of_a_script_is_no_datum() {
    let mut world = World::new();
    check(&mut world, "(read (open-input-string \"#!/usr/bin/sockeye\\n!#\\n5\"))", "5");
}
