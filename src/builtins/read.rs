//! Reading from ports: characters, lines, bytes, and data.

use super::declare::{Argument, Bytes, IntoAnswer, MutableBytes, Str, out_of_range, range, wrong_type};
use super::port_value::{DataReader, InPort, PortObject, Use, is_port, port_failure};
use crate::builtins;
use crate::net::{Mode, Net};
use crate::port::{Fetched, Place, Port};
use crate::reader::{self, Kind as Node, Parser, Reading, Special, Step, Tree};
use crate::source::SourceId;
use crate::symbol::Symbols;
use crate::value::condition::{Parts, TRACE};
use crate::value::stop::{STRIDE, Stop};
use crate::value::{Heap, Kind, Value, array, number, uniform};
use crate::vm::cx::{Answer, Cx, Exit};
use std::rc::Rc;

builtins! { READING;

/// The next character of PORT, which is used up; at the end, the end-of-file object. [R7RS 6.13.2]
///
///     (read-char (open-input-string "abc"))  => #\a
///     (read-char (open-input-string ""))  => #<eof>
fn "read-char" (cx, [port: InPort]) {
    let char = Use::reading(cx, "read-char", 1, port)?.run(cx, Port::read_char)?;
    OrEof(char)
}

/// The next character of PORT, which stays there. [R7RS 6.13.2]
///
///     (let ((p (open-input-string "ab"))) (peek-char p) (read-char p))  => #\a
fn "peek-char" (cx, [port: InPort]) {
    let char = Use::reading(cx, "peek-char", 1, port)?.run(cx, Port::peek_char)?;
    OrEof(char)
}

/// Whether `read-char` would answer at once, be it with the end. [R7RS 6.13.2]
///
///     (char-ready? (open-input-string "x"))  => #t
fn "char-ready?" (cx, [port: InPort]) first has_char_at_once { Use::input(cx, "char-ready?", 1, port)?.run(cx, Port::char_ready) }

/// The next line of PORT, without its newline; at the end, the end-of-file object. HOW says what becomes of the newline: trim
/// leaves it out, concat keeps it at the end of the line, peek leaves it in the port, split answers a pair of the line and the
/// newline. [R7RS 6.13.2, Guile]
///
///     (read-line (open-input-string "one\ntwo\n"))  => "one"
///     (read-line (open-input-string "one\ntwo\n") 'split)  => ("one" . #\newline)
fn "read-line" (cx, [port: Value], [how: Value]) {
    if let (Some(port), None) = (port, how)
        && let Some(line) = next_line(cx, port)
    {
        return Ok(line);
    }
    read_line(cx, port, how)
}

/// The text of PORT up to the next character that the string DELIMITERS has, which is used up; at the end, the end-of-file
/// object. HOW is as for read-line. [Guile]
///
///     (read-delimited ",;" (open-input-string "a;b,c"))  => "a"
fn "read-delimited" (cx, delimiters: Str, [port: InPort], [how: Value]) {
    let delimiters = delimiters_of(cx, delimiters)?;
    let at = Use::input(cx, "read-delimited", 2, port)?;
    let how = How::of(cx, "read-delimited", how)?;
    delimited(cx, at, &delimiters, how)
}

/// The next K characters of PORT, fewer before the end; at the end, the end-of-file object. Port and number may be given in the
/// other order, too: then, or without a number, all there is up to the end is the string, an empty one at the end. [R7RS 6.13.2,
/// Guile]
///
///     (read-string 2 (open-input-string "abc"))  => "ab"
///     (read-string (open-input-string "abc"))  => "abc"
fn "read-string" (cx, [k: Value], [port: Value]) { read_string(cx, k, port) }

/// Puts CHAR back into PORT, as the next character to be read. [Guile]
///
///     (let ((p (open-input-string "b"))) (unread-char #\a p) (read-line p))  => "ab"
fn "unread-char" (cx, char: char, [port: InPort]) {
    Use::input(cx, "unread-char", 2, port)?.run(cx, |port, net| port.unread_char(net, char))?;
    char
}

/// Puts the characters of STRING back into PORT, as the next to be read. [Guile]
///
///     (let ((p (open-input-string "c"))) (unread-string "ab" p) (read-line p))  => "abc"
fn "unread-string" (cx, string: Str, [port: InPort]) {
    let text = cx.heap.copy_text(cx.heap.str(string.0).unwrap_or_default())?;
    Use::input(cx, "unread-string", 2, port)?.run(cx, |port, net| port.unread_str(net, &text))?;
    string
}

/// What PORT has fetched already and nobody has read, as a string; nothing is waited for. [Guile]
///
///     (drain-input (open-input-string "abc"))  => "abc"
fn "drain-input" (cx, port: InPort) {
    let at = Use::input(cx, "drain-input", 1, Some(port))?;
    let bytes = at.run(cx, Port::drain_input)?;
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The next byte of PORT; at the end, the end-of-file object. [R7RS 6.13.2]
///
///     (read-u8 (open-input-bytevector #u8(7)))  => 7
fn "read-u8" (cx, [port: InPort]) {
    let byte = Use::reading(cx, "read-u8", 1, port)?.run(cx, Port::read_u8)?;
    OrEof(byte.map(usize::from))
}

/// The next byte of PORT, which stays there. [R7RS 6.13.2]
///
///     (peek-u8 (open-input-bytevector #u8(7)))  => 7
fn "peek-u8" (cx, [port: InPort]) {
    let byte = Use::reading(cx, "peek-u8", 1, port)?.run(cx, Port::peek_u8)?;
    OrEof(byte.map(usize::from))
}

/// Whether `read-u8` would answer at once. [R7RS 6.13.2]
///
///     (u8-ready? (open-input-bytevector #u8()))  => #t
fn "u8-ready?" (cx, [port: InPort]) { Use::input(cx, "u8-ready?", 1, port)?.run(cx, |port, _| port.u8_ready()) }

/// The next K bytes of PORT, fewer before the end; at the end, the end-of-file object. [R7RS 6.13.2]
///
///     (read-bytevector 2 (open-input-bytevector #u8(1 2 3)))  => #u8(1 2)
fn "read-bytevector" (cx, k: usize, [port: InPort]) {
    let at = Use::input(cx, "read-bytevector", 2, port)?;
    let read = at.run(cx, |port, net| port.read_bytes(net, k))?;
    bytes(cx, at, read)
}

/// Fills BYTEVECTOR from START to END with the next bytes of PORT, and answers how many there were; at the end, the end-of-file
/// object. [R7RS 6.13.2]
///
///     (let ((b (make-bytevector 3 0))) (read-bytevector! b (open-input-bytevector #u8(1 2))) b)  => #u8(1 2 0)
fn "read-bytevector!" (cx, bytevector: MutableBytes, [port: InPort], [start: usize], [end: usize]) {
    let at = Use::input(cx, "read-bytevector!", 2, port)?;
    let length = cx.heap.bytes(bytevector.0).map_or(0, <[u8]>::len);
    let (from, to) = range(cx, "read-bytevector!", 3, start, end, length)?;
    OrEof(fill(cx, at, bytevector.0, from, to)?)
}

/// The next datum of PORT; at the end, the end-of-file object. Nothing behind the datum is used up. [R7RS 6.13.2]
///
///     (read (open-input-string "(a . b) c"))  => (a . b)
fn "read" (cx, [port: InPort]) {
    let at = Use::input(cx, "read", 1, port)?;
    read(cx, at)
}

/// The next byte of PORT: read-u8 under its name of R6RS. [Guile]
///
///     (get-u8 (open-input-bytevector #u8(7)))  => 7
fn "get-u8" (cx, port: InPort) {
    let byte = Use::reading(cx, "get-u8", 1, Some(port))?.run(cx, Port::read_u8)?;
    OrEof(byte.map(usize::from))
}

/// The next byte of PORT, which stays there: peek-u8 under its name of R6RS. [Guile]
///
///     (lookahead-u8 (open-input-bytevector #u8(7)))  => 7
fn "lookahead-u8" (cx, port: InPort) {
    let byte = Use::reading(cx, "lookahead-u8", 1, Some(port))?.run(cx, Port::peek_u8)?;
    OrEof(byte.map(usize::from))
}

/// The next COUNT bytes of PORT, fewer before the end; at the end, the end-of-file object. [Guile]
///
///     (get-bytevector-n (open-input-bytevector #u8(1 2 3)) 2)  => #u8(1 2)
fn "get-bytevector-n" (cx, port: InPort, count: usize) {
    let at = Use::input(cx, "get-bytevector-n", 1, Some(port))?;
    let read = at.run(cx, |port, net| port.read_bytes(net, count))?;
    bytes(cx, at, read)
}

/// Puts the next COUNT bytes of PORT into BYTEVECTOR from START on, and answers how many there were; at the end, the
/// end-of-file object. [Guile]
///
///     (let ((b (make-bytevector 3 0))) (get-bytevector-n! (open-input-bytevector #u8(1 2)) b 1 2) b)  => #u8(0 1 2)
fn "get-bytevector-n!" (cx, port: InPort, bytevector: MutableBytes, start: usize, count: usize) {
    let at = Use::input(cx, "get-bytevector-n!", 1, Some(port))?;
    let length = cx.heap.bytes(bytevector.0).map_or(0, <[u8]>::len);
    if start > length {
        return out_of_range(cx, "get-bytevector-n!", 3, "start", &format!("at most {length}"), Value::fixnum(start as i64));
    }
    if count > length - start {
        let room = format!("at most {}", length - start);
        return out_of_range(cx, "get-bytevector-n!", 4, "count", &room, Value::fixnum(count as i64));
    }
    OrEof(fill(cx, at, bytevector.0, start, start + count)?)
}

/// What bytes of PORT there are, at least one, waiting for the first if need be; at the end, the end-of-file object. [Guile]
///
///     (get-bytevector-some (open-input-bytevector #u8(1 2 3)))  => #u8(1 2 3)
fn "get-bytevector-some" (cx, port: InPort) first fetch_at_once {
    let at = Use::reading(cx, "get-bytevector-some", 1, Some(port))?;
    cx.admit(SOME)?;
    let Cx { heap, net, .. } = cx;
    let read = heap.use_external::<PortObject, _>(at.port, |object, heap| {
        object.port.use_some(net, SOME, |bytes| heap.bytevector(bytes))
    });
    at.answer(cx, read).map(OrEof)
}

/// All bytes of PORT up to the end; at the end, the end-of-file object. [Guile]
///
///     (get-bytevector-all (open-input-bytevector #u8(1 2 3)))  => #u8(1 2 3)
fn "get-bytevector-all" (cx, port: InPort) {
    let at = Use::input(cx, "get-bytevector-all", 1, Some(port))?;
    let read = at.run(cx, Port::read_all_bytes)?;
    bytes(cx, at, read)
}

/// Puts bytes of BYTEVECTOR, COUNT of them from START on, back into PORT, as the next to be read. [Guile]
///
///     (let ((p (open-input-bytevector #u8(2)))) (unget-bytevector p #u8(1)) (get-bytevector-all p))  => #u8(1 2)
fn "unget-bytevector" (cx, port: InPort, bytevector: Bytes, [start: usize], [count: usize]) {
    let length = cx.heap.bytes(bytevector.0).map_or(0, <[u8]>::len);
    let end = count.map(|count| start.unwrap_or(0).saturating_add(count));
    let (from, to) = range(cx, "unget-bytevector", 3, start, end, length)?;
    let bytes = cx.heap.bytes(bytevector.0).unwrap_or_default()[from..to].to_vec();
    Use::input(cx, "unget-bytevector", 1, Some(port))?.run(cx, |port, _| port.unread_bytes(&bytes))
}

/// The next character of PORT: read-char under its name of R6RS. [Guile]
///
///     (get-char (open-input-string "abc"))  => #\a
fn "get-char" (cx, port: InPort) {
    let char = Use::reading(cx, "get-char", 1, Some(port))?.run(cx, Port::read_char)?;
    OrEof(char)
}

/// The next character of PORT, which stays there: peek-char under its name of R6RS. [Guile]
///
///     (lookahead-char (open-input-string "abc"))  => #\a
fn "lookahead-char" (cx, port: InPort) {
    let char = Use::reading(cx, "lookahead-char", 1, Some(port))?.run(cx, Port::peek_char)?;
    OrEof(char)
}

/// The next line of PORT, without its newline; at the end, the end-of-file object. [Guile]
///
///     (get-line (open-input-string "one\ntwo\n"))  => "one"
fn "get-line" (cx, port: InPort) {
    let at = Use::reading(cx, "get-line", 1, Some(port))?;
    if let Some(line) = next_line(cx, at.port) {
        return Ok(line);
    }
    let line = at.run(cx, Port::read_line)?;
    text(cx, at, line, "\n")
}

/// The next COUNT characters of PORT, fewer before the end; at the end, the end-of-file object. [Guile]
///
///     (get-string-n (open-input-string "abc") 2)  => "ab"
fn "get-string-n" (cx, port: InPort, count: usize) {
    let at = Use::input(cx, "get-string-n", 1, Some(port))?;
    let read = at.run(cx, |port, net| port.read_string(net, count))?;
    text(cx, at, read, "")
}

/// All text of PORT up to the end, an empty string at the end. [Guile]
///
///     (get-string-all (open-input-string "abc"))  => "abc"
fn "get-string-all" (cx, port: InPort) {
    let at = Use::input(cx, "get-string-all", 1, Some(port))?;
    let read = at.run(cx, Port::read_text)?.unwrap_or_default();
    text(cx, at, Some(read), "")
}

/// The next datum of PORT: read under its name of R6RS. [Guile]
///
///     (get-datum (open-input-string "(a . b)"))  => (a . b)
fn "get-datum" (cx, port: InPort) {
    let at = Use::input(cx, "get-datum", 1, Some(port))?;
    read(cx, at)
}
}

/// How many bytes `get-bytevector-some` takes at once.
const SOME: usize = 1 << 16;

/// What was read, or the end.
pub struct OrEof<T>(pub Option<T>);

impl<T: IntoAnswer> IntoAnswer for OrEof<T> {
    #[inline]
    fn into_answer(self, cx: &mut Cx) -> Answer {
        self.0.map_or(Ok(Value::EOF), |value| value.into_answer(cx))
    }
}

/// What becomes of a delimiter.
#[derive(Clone, Copy)]
pub enum How {
    Trim,
    Concat,
    Peek,
    Split,
}

impl How {
    pub fn of(cx: &mut Cx, who: &str, how: Option<Value>) -> Answer<How> {
        let Some(name) = how else { return Ok(How::Trim) };
        match name.as_symbol().map(|symbol| cx.symbols.name(symbol)) {
            Some("trim") => Ok(How::Trim),
            Some("concat") => Ok(How::Concat),
            Some("peek") => Ok(How::Peek),
            Some("split") => Ok(How::Split),
            _ => {
                let shown = cx.show(name);
                cx.fail(|make| {
                    make.make(Parts {
                        key: "misc-error",
                        who: None,
                        message: "unexpected handle-delim value:  ~S",
                        irritants: make.heap.list(&[name]),
                        data: Value::FALSE,
                        text: Some(format!("{who}: how should be one of trim, concat, peek, split, got {shown}")),
                    })
                })
            }
        }
    }
}

fn read_line(cx: &mut Cx, port: Option<Value>, how: Option<Value>) -> Answer {
    let port = match port.map(|given| (given, InPort::take(cx, given))) {
        Some((given, None)) => return wrong_type(cx, "read-line", 1, "port", InPort::EXPECTED, given),
        Some((_, taken)) => taken,
        None => None,
    };
    let at = Use::reading(cx, "read-line", 1, port)?;
    match How::of(cx, "read-line", how)? {
        How::Trim => {
            if let Some(line) = next_line(cx, at.port) {
                return Ok(line);
            }
            let line = at.run(cx, Port::read_line)?;
            text(cx, at, line, "\n")
        }
        how => delimited(cx, at, &['\n'], how),
    }
}

/// The commonest line: all of it in the buffer, and ASCII. None also for what is no port.
#[inline]
fn next_line(cx: &mut Cx, port: Value) -> Option<Value> {
    cx.heap.use_external::<PortObject, _>(port, |object, heap| {
        if object.tied {
            return None;
        }
        object.port.next_line(|unread| heap.ascii_line(unread))
    })?
}

/// `get-bytevector-some` of a socket.
#[inline(always)]
fn fetch_at_once(cx: &mut Cx, args: &[Value]) -> Option<Answer> {
    let &[port] = args else { return None };
    let Cx { heap, net, .. } = cx;
    let fetch = |object: &mut PortObject, heap: &Heap| object.port.fetch_at_once(net, |bytes| heap.bytevector(bytes));
    Some(match heap.use_external(port, fetch)?? {
        Fetched::Made(bytes) => Ok(bytes),
        Fetched::End => Ok(Value::EOF),
        Fetched::Awaited(fd) => Err(cx.wait_to_read(fd)),
    })
}

/// `char-ready?` of a port that holds some.
#[inline(always)]
fn has_char_at_once(cx: &mut Cx, args: &[Value]) -> Option<Answer> {
    let &[port] = args else { return None };
    let object = cx.heap.external_mut::<PortObject>(port)?;
    (!object.tied && object.port.has_ascii()).then_some(Ok(Value::TRUE))
}

/// The characters of a string, each once, in ascending order.
pub fn delimiters_of(cx: &mut Cx, string: Str) -> Answer<Vec<char>> {
    /// Twice as many as there are.
    const MOST: usize = 1 << 21;
    let mut delimiters = Vec::new();
    for char in cx.heap.watch(cx.heap.str(string.0).unwrap_or_default().chars()) {
        delimiters.push(char);
        if delimiters.len() == MOST {
            delimiters.sort_unstable();
            delimiters.dedup();
        }
    }
    cx.check_interrupt()?;
    delimiters.sort_unstable();
    delimiters.dedup();
    Ok(delimiters)
}

fn delimited(cx: &mut Cx, at: Use, delimiters: &[char], how: How) -> Answer {
    let take = !matches!(how, How::Peek);
    let Some((mut read, delimiter)) = at.run(cx, |port, net| port.read_delimited(net, delimiters, take))? else {
        return Ok(match how {
            How::Split => cx.heap.cons(Value::EOF, Value::EOF),
            _ => Value::EOF,
        });
    };
    let taken = delimiter.filter(|_| take).map(String::from).unwrap_or_default();
    match how {
        How::Trim | How::Peek => text(cx, at, Some(read), &taken),
        How::Concat => {
            read += &taken;
            text(cx, at, Some(read), "")
        }
        How::Split => {
            let text = text(cx, at, Some(read), &taken)?;
            Ok(cx.heap.cons(text, delimiter.map_or(Value::EOF, Value::char)))
        }
    }
}

/// A text that was read, with `beyond` behind it, as a string. If it takes more memory than there is, it goes back.
fn text(cx: &mut Cx, at: Use, read: Option<String>, beyond: &str) -> Answer {
    let Some(text) = read else { return Ok(Value::EOF) };
    if !cx.heap.admits(text.len()) {
        let size = text.len();
        at.run(cx, |port, net| port.unread_str(net, &(text + beyond)))?;
        return Err(Box::new(Exit::Memory(size)));
    }
    Ok(cx.heap.long_string(&text)?)
}

/// The same for bytes.
fn bytes(cx: &mut Cx, at: Use, read: Option<Vec<u8>>) -> Answer {
    let Some(bytes) = read else { return Ok(Value::EOF) };
    if !cx.heap.admits(bytes.len()) {
        at.run(cx, |port, _| port.unread_bytes(&bytes))?;
        return Err(Box::new(Exit::Memory(bytes.len())));
    }
    Ok(cx.heap.long_bytevector(&bytes)?)
}

/// Reads straight into a bytevector.
fn fill(cx: &mut Cx, at: Use, bytevector: Value, from: usize, to: usize) -> Answer<Option<usize>> {
    let Cx { heap, net, .. } = cx;
    let answer = heap.with_external::<PortObject, _>(at.port, |object, heap| {
        let room = heap.bytes_mut(bytevector).and_then(|bytes| bytes.get_mut(from..to)).unwrap_or_default();
        object.port.read_into(net, room)
    });
    at.answer(cx, answer)
}

fn read_string(cx: &mut Cx, first: Option<Value>, second: Option<Value>) -> Answer {
    let who = "read-string";
    let count = |cx: &mut Cx, position, v: Value| match usize::take(cx, v) {
        Some(count) => Ok(count),
        None => wrong_type(cx, who, position, "k", usize::EXPECTED, v),
    };
    let port = |cx: &mut Cx, position, v: Option<Value>| match v {
        Some(v) if !is_port(cx, v) => wrong_type(cx, who, position, "port", InPort::EXPECTED, v),
        v => Use::input(cx, who, position, v.map(InPort)),
    };
    let (at, k) = match (first, second) {
        (Some(first), second) if !is_port(cx, first) => {
            let k = count(cx, 1, first)?;
            (port(cx, 2, second)?, Some(k))
        }
        (first, None) => (port(cx, 1, first)?, None),
        (first, Some(second)) => {
            let at = port(cx, 1, first)?;
            (at, Some(count(cx, 2, second)?))
        }
    };
    let is_guiles = k.is_some() && first.is_some_and(|first| is_port(cx, first));
    let read = match k {
        Some(k) if is_guiles => Some(at.run(cx, |port, net| port.read_string(net, k))?.unwrap_or_default()),
        Some(k) => at.run(cx, |port, net| port.read_string(net, k))?,
        None => Some(at.run(cx, Port::read_text)?.unwrap_or_default()),
    };
    text(cx, at, read, "")
}

// ---- data ------------------------------------------------------------------------------------------------------------

/// What came of reading a datum.
enum Found {
    Datum(Box<Tree>),
    End,
    /// The text is wrong: the sentence for people.
    Wrong(String),
}

fn read(cx: &mut Cx, at: Use) -> Answer {
    let Cx { heap, net, symbols, reading, .. } = cx;
    let Some(object) = heap.external_mut::<PortObject>(at.port) else {
        return wrong_type(cx, at.who, at.position, "port", InPort::EXPECTED, at.port);
    };
    let PortObject { port, data, .. } = object;
    let data = data.get_or_insert_with(|| Box::new(data_reader(port, net)));
    // Something else was read from the port since, or put back.
    if data.stopped != port.place() {
        data.forget(symbols);
    }
    let found = match data.ready.take() {
        Some(tree) => Ok(Found::Datum(tree)),
        None => read_tree(port, &mut data.parser, net, symbols, *reading),
    };
    data.stopped = port.place();
    match found {
        Ok(Found::End) => Ok(Value::EOF),
        Ok(Found::Wrong(text)) => {
            let text = format!("{}: {text}", at.who);
            cx.fail(|make| make.read(&text))
        }
        Ok(Found::Datum(tree)) => {
            let size = tree_size(&tree);
            if !cx.heap.admits(size) {
                if let Some(data) = cx.heap.external_mut::<PortObject>(at.port).and_then(|object| object.data.as_mut())
                {
                    data.ready = Some(tree);
                }
                return Err(Box::new(Exit::Memory(size)));
            }
            let datum = tree_to_datum(&cx.heap, &tree);
            Parser::release(&tree.nodes, &mut cx.symbols);
            match datum? {
                Ok(datum) => Ok(datum),
                Err(text) => {
                    let text = format!("{}: {text}", at.who);
                    cx.fail(|make| make.read(&text))
                }
            }
        }
        Err(error) => Err(port_failure(cx, at, error)),
    }
}

fn data_reader(port: &mut Port, net: &Net) -> DataReader {
    let place = port.place();
    // Only at its very beginning may a text have `#!/usr/bin/...`.
    let start = if place == Place::default() { 0 } else { 1 };
    let mut parser = Parser::new(SourceId(0), start);
    parser.set_fold_case(port.fold_case);
    parser.set_holding();
    let interrupt = net.interrupt().clone();
    parser.set_stop(Rc::new(move || interrupt.ends_work()));
    DataReader::new(parser, place)
}

/// Hands the port's text to its parser until there is a datum. What the parser has taken is consumed at once, so that the
/// call can be made again after a pause; what follows the datum stays.
fn read_tree(
    port: &mut Port,
    parser: &mut Parser,
    net: &mut Net,
    symbols: &mut Symbols,
    reading: Reading,
) -> Result<Found, crate::port::PortError> {
    parser.set_reading(reading);
    let mut seen = 0;
    loop {
        if net.interrupt().ends_work() {
            return Err(crate::port::PortError::Interrupted);
        }
        let text = port.fill_text(net, seen)?;
        let (step, at_end) = (parser.advance(text.text, text.at_end, symbols), text.at_end);
        let (consumed, whole) = (parser.consumed(), text.text.len());
        // What showed that a number or name was over is kept in the port, as Guile does: a peer that is closed now has
        // nothing unread in the system, for which the system would reset the connection.
        let showed_end = consumed < whole && !text.text[..consumed].ends_with([')', ']', '"']);
        // An error inside what this piece of the text shows is placed exactly, an earlier one roughly.
        let before = match &step {
            Err(error) => {
                let piece = parser.position() - consumed;
                text.text.get(..(error.span.start as usize).saturating_sub(piece).min(whole)).unwrap_or("").to_string()
            }
            Ok(_) => String::new(),
        };
        let mut place = port.place();
        let used = port.consume_text(net, consumed);
        port.fold_case = parser.folds_case();
        match step {
            Ok(Step::Datum(tree)) => {
                used?;
                if showed_end {
                    let mode = std::mem::replace(&mut net.mode, Mode::Try);
                    // It was just seen; should another reader have taken it meanwhile, the datum still counts.
                    let _ = port.peek_char(net);
                    net.mode = mode;
                }
                return Ok(Found::Datum(Box::new(tree)));
            }
            Ok(Step::End) => {
                port.consume_end();
                return Ok(Found::End);
            }
            Ok(Step::NeedMore) => {
                used?;
                seen = whole - consumed;
            }
            Ok(Step::NeedRoom(bytes)) => {
                used?;
                return Err(crate::port::PortError::Memory(bytes));
            }
            Err(_) if net.interrupt().ends_work() => return Err(crate::port::PortError::Interrupted),
            Err(error) => {
                if at_end {
                    port.consume_end();
                }
                place.pass(before.as_bytes());
                let (line, column) = (place.line + 1, place.column + 1);
                return Ok(Found::Wrong(format!("{}:{line}:{column}: {}", port.name, error.message)));
            }
        }
    }
}

/// The condition of a text that is not Scheme, with its place as the innermost frame of the trace.
pub fn condition(cx: &mut Cx, error: &reader::Error) -> Value {
    let mut text = error.message.clone();
    if let Some((span, note)) = &error.note {
        let place = cx.sources.place(*span).map(|place| format!(" (line {})", place.line)).unwrap_or_default();
        text += &format!("; {note}{place}");
    }
    let condition = cx.maker().read(&text);
    let span = error.span;
    if !span.is_nowhere() {
        let numbers = [span.source.0, span.start, span.end].map(|n| Value::fixnum(n.into()));
        let frame = cx.heap.vector(&[Value::FALSE, numbers[0], numbers[1], numbers[2], Value::NIL]);
        cx.heap.set_field(condition, TRACE, frame);
    }
    condition
}

/// About how many bytes the value of a tree takes.
fn tree_size(tree: &Tree) -> usize {
    let more = |node: &reader::Node| match &node.kind {
        Node::String(text) => text.len() + 48,
        Node::Bytes(bytes) => bytes.len(),
        Node::Vector(items) => items.len() * 8,
        _ => 0,
    };
    tree.nodes.iter().map(|node| 24 + more(node)).sum()
}

/// The value that a tree stands for. Nodes are made first and filled then, so that labels may tie any knot.
pub fn tree_to_datum(heap: &Heap, tree: &Tree) -> Result<Result<Value, String>, Stop> {
    let mut values = Vec::with_capacity(tree.nodes.len());
    for (index, node) in tree.nodes.iter().enumerate() {
        if index.is_multiple_of(STRIDE) {
            heap.go_on(0)?;
        }
        values.push(match &node.kind {
            Node::Nil => Value::NIL,
            Node::Bool(b) => Value::bool(*b),
            Node::Number(n) => number::store(heap, n),
            Node::Char(c) => Value::char(*c),
            Node::String(text) => heap.long_string(text)?,
            Node::Symbol(symbol) => Value::symbol(*symbol),
            Node::Keyword(symbol) => Value::keyword(*symbol),
            Node::Bytes(bytes) => heap.long_bytevector(bytes)?,
            Node::Pair(..) => heap.cons(Value::FALSE, Value::FALSE),
            Node::Vector(items) => heap.make_filled(Kind::Vector, items.len(), Value::FALSE),
            Node::UniformVector(kind, items) => uniform::from_tree(heap, tree, *kind, items),
            Node::Bitvector(bits) => uniform::bitvector(heap, bits),
            Node::Array(bounds, _) => array::of_rows(heap, Value::FALSE, bounds),
            Node::Special(special) => match special {
                Special::Eof => Value::EOF,
                Special::Default => Value::DEFAULT,
                Special::Unspecified => Value::UNSPECIFIED,
                Special::Optional => Value::OPTIONAL,
                Special::Rest => Value::REST,
                Special::Key => Value::KEY,
                Special::FalseNil => Value::FALSE_NIL,
            },
        });
    }
    let value = |id: reader::NodeId| values.get(id.0 as usize).copied().unwrap_or(Value::FALSE);
    for (index, (node, &made)) in tree.nodes.iter().zip(&values).enumerate() {
        if index.is_multiple_of(STRIDE) {
            heap.go_on(0)?;
        }
        match &node.kind {
            Node::Pair(car, cdr) => {
                heap.set_car(made, value(*car));
                heap.set_cdr(made, value(*cdr));
            }
            Node::Vector(items) => {
                for (index, item) in items.iter().enumerate() {
                    heap.set_field(made, index, value(*item));
                }
            }
            Node::Array(_, root) => heap.set_field(made, array::ROOT, value(*root)),
            _ => {}
        }
    }
    Ok(Ok(value(tree.root)))
}
