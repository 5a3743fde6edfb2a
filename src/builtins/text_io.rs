//! Text and bytes that are read into what the caller brought, formatted text, and text as bytes of any encoding.

use super::declare::{Argument, Bytes, MutableBytes, MutableStr, Str, Sym, range, wrong_type};
use super::port_value::{InPort, OutPort, PortArg, Use, is_port};
use super::read::{How, OrEof, delimiters_of};
use super::write::printing;
use crate::builtins;
use crate::port::{Encoding, Port, Step, Strategy};
use crate::value::condition::Parts;
use crate::value::print::{Style, print};
use crate::value::stop::{STRIDE, Stop, text_pieces};
use crate::value::{Heap, Value};
use crate::vm::cx::{Answer, Cx};

builtins! { TEXT_IO;

/// Puts the characters of PORT up to the next one that the string DELIMITERS has into STRING, from START to END, and answers how
/// many there were; at the end, the end-of-file object. HOW is as for read-line; with split the answer is a pair of the number and
/// the delimiter, #f if STRING was full before one came. [Guile]
///
///     (let ((s (make-string 3 #\-))) (list (read-delimited! "," s (open-input-string "a,b")) s))  => (1 "a--")
fn "read-delimited!" (cx, delimiters: Str, string: MutableStr, [port: InPort], [how: Value], [start: usize], [end: usize]) {
    let who = "read-delimited!";
    let delimiters = delimiters_of(cx, delimiters)?;
    let how = How::of(cx, who, how)?;
    let (from, to) = range(cx, who, 5, start, end, cx.heap.string_length(string.0))?;
    let at = Use::input(cx, who, 3, port)?;
    let found = read_up_to(cx, at, &delimiters, !matches!(how, How::Peek), string, from, to)?;
    Ok(match (found, how) {
        (None, How::Split) => cx.heap.cons(Value::EOF, Value::EOF),
        (None, _) => Value::EOF,
        (Some((count, stop)), How::Split) => cx.heap.cons(Value::fixnum(count as i64), stop),
        (Some((count, stop)), How::Concat) => match stop.as_char() {
            Some(delimiter) if from + count < to => {
                cx.heap.string_set(string.0, from + count, delimiter)?;
                Value::fixnum(count as i64 + 1)
            }
            _ => Value::fixnum(count as i64),
        },
        (Some((count, _)), _) => Value::fixnum(count as i64),
    })
}

/// Puts the next line of PORT into STRING, without its newline, and answers its length; #f if STRING was full before the line
/// ended, and at the end the end-of-file object. [Guile]
///
///     (let ((s (make-string 3 #\-))) (list (read-line! s (open-input-string "a\nb")) s))  => (1 "a--")
fn "read-line!" (cx, string: MutableStr, [port: InPort]) {
    let at = Use::input(cx, "read-line!", 2, port)?;
    let length = cx.heap.string_length(string.0);
    Ok(match read_up_to(cx, at, &['\n'], true, string, 0, length)? {
        None => Value::EOF,
        Some((_, Value::FALSE)) => Value::FALSE,
        Some((count, _)) => Value::fixnum(count as i64),
    })
}

/// Puts the next characters of PORT into STRING, from START to END, and answers how many there were: fewer before the end, 0 at the
/// end. [Guile]
///
///     (let ((s (make-string 3 #\-))) (list (read-string! s (open-input-string "ab")) s))  => (2 "ab-")
fn "read-string!" (cx, string: MutableStr, [port: InPort], [start: usize], [end: usize]) {
    let at = Use::input(cx, "read-string!", 2, port)?;
    let (from, to) = range(cx, "read-string!", 3, start, end, cx.heap.string_length(string.0))?;
    fill_string(cx, at, string, from, to)?.unwrap_or(0)
}

/// Puts the next COUNT characters of PORT into STRING from START on, and answers how many there were; at the end, the end-of-file
/// object. [Guile]
///
///     (let ((s (make-string 3 #\-))) (list (get-string-n! (open-input-string "ab") s 1 2) s))  => (2 "-ab")
fn "get-string-n!" (cx, port: InPort, string: MutableStr, start: usize, count: usize) {
    let at = Use::input(cx, "get-string-n!", 1, Some(port))?;
    let end = Some(start.saturating_add(count));
    let (from, to) = range(cx, "get-string-n!", 3, Some(start), end, cx.heap.string_length(string.0))?;
    OrEof(if from == to { Some(0) } else { fill_string(cx, at, string, from, to)? })
}

/// Puts what bytes of PORT there are, at least one and at most COUNT, into BYTEVECTOR from START on, waiting for the first if need
/// be; answers how many, and at the end the end-of-file object. [Guile]
///
///     (let ((b (make-bytevector 3 0))) (list (get-bytevector-some! (open-input-bytevector #u8(7)) b 1 2) b))  => (1 #u8(0 7 0))
fn "get-bytevector-some!" (cx, port: InPort, bytevector: MutableBytes, start: usize, count: usize) {
    let length = cx.heap.bytes(bytevector.0).map_or(0, <[u8]>::len);
    let end = Some(start.saturating_add(count));
    let (from, to) = range(cx, "get-bytevector-some!", 3, Some(start), end, length)?;
    let at = Use::input(cx, "get-bytevector-some!", 1, Some(port))?;
    let read = at.run(cx, |port, net| port.read_some(net, to - from))?;
    if let (Some(bytes), Some(room)) = (&read, cx.heap.bytes_mut(bytevector.0)) {
        room[from..from + bytes.len()].copy_from_slice(bytes);
    }
    OrEof(read.map(|bytes| bytes.len()))
}

/// Puts what bytes there are into STRING, one a character, from START to END, and answers how many: #f at the end, 0 where there is
/// nothing yet and PORT's descriptor is one that does not wait. [Guile]
///
///     (read-string!/partial (make-string 3) (open-input-file "/dev/null"))  => #f
fn "read-string!/partial" (cx, string: MutableStr, [port: InPort], [start: usize], [end: usize]) {
    let who = "read-string!/partial";
    let at = Use::input(cx, who, 2, port)?;
    let (from, to) = range(cx, who, 3, start, end, cx.heap.string_length(string.0))?;
    super::descriptors::descriptor(cx, at)?;
    if from == to {
        return Ok(Value::fixnum(0));
    }
    let waits = at.ask(cx, |port| port.fd().is_none_or(|fd| !crate::net::call::is_non_blocking(fd)))?;
    if !waits && !at.run(cx, |port, _| port.u8_ready())? {
        return Ok(Value::fixnum(0));
    }
    let Some(bytes) = at.run(cx, |port, net| port.read_some(net, to - from))? else { return Ok(Value::FALSE) };
    let text: String = bytes.iter().copied().map(char::from).collect();
    cx.heap.string_splice(string.0, from, from + bytes.len(), &text)?;
    Ok(Value::fixnum(bytes.len() as i64))
}

/// Writes characters of STRING, from START to END, each of which must be one byte, as far as PORT's descriptor takes them at once:
/// how many. [Guile]
///
///     (write-string/partial "" (current-output-port))  => 0
fn "write-string/partial" (cx, string: Str, [port: OutPort], [start: usize], [end: usize]) {
    let who = "write-string/partial";
    let at = Use::output(cx, who, 2, port)?;
    let (from, to) = range(cx, who, 3, start, end, cx.heap.string_length(string.0))?;
    super::descriptors::descriptor(cx, at)?;
    let mut bytes = Vec::new();
    if Encoding::Latin1.encode(cx.heap.substring(string.0, from, to), Strategy::Error, &mut bytes).is_err() {
        return wrong_type(cx, who, 1, "string", "a string of characters that are one byte each", string.0);
    }
    at.run(cx, Port::flush)?;
    at.run(cx, |port, net| if bytes.is_empty() { Ok(0) } else { port.write_some(net, &bytes) })
}

/// Formats text: ~A stands for an argument as display prints it, ~S as write does, ~% for a newline, ~~ for a tilde. DESTINATION
/// is a port, #t for the current output port, or #f for a string. [Guile]
///
///     (simple-format #f "~A is ~S" 'x "y")  => "x is \"y\""
fn "simple-format" (cx, destination: Value, format: Str, ..arguments) {
    let text = printing(cx, arguments, |cx| formatted(cx, format, arguments))?;
    if destination == Value::FALSE {
        return Ok(cx.heap.long_string(&text)?);
    }
    let port = match destination {
        Value::TRUE => None,
        port if is_port(cx, port) => Some(OutPort(port)),
        other => return wrong_type(cx, "simple-format", 1, "destination", "an output port, #t or #f", other),
    };
    Use::output(cx, "simple-format", 1, port)?.write(cx, |port, net| port.write_str(net, &text))?;
    Ok(Value::UNSPECIFIED)
}

/// What was written to PORT, made by open-output-bytevector, since the last time.
fn "%take-output-bytevector" (cx, port: PortArg) {
    let bytes = Use::of("%take-output-bytevector", 1, port).ask(cx, Port::take_gathered)?;
    cx.heap.bytevector(&bytes)
}

/// What was written to PORT, made by open-output-string, since the last time.
fn "%take-output-string" (cx, port: PortArg) {
    Use::of("%take-output-string", 1, port).ask(cx, Port::take_gathered_text)?
}

/// The characters of BYTEVECTOR in the encoding with this name; STRATEGY, a symbol, is for bytes that are none.
fn "%bytevector->string" (cx, bytevector: Value, encoding: Str, strategy: Sym) {
    let (encoding, strategy) = encoding_and_strategy(cx, "bytevector->string", encoding, strategy)?;
    let Some(bytes) = cx.heap.bytes(bytevector) else {
        return wrong_type(cx, "bytevector->string", 1, "bytevector", Bytes::EXPECTED, bytevector);
    };
    cx.heap.go_on(bytes.len())?;
    let decoded = decode(&cx.heap, bytes, encoding, strategy)?;
    match decoded {
        Ok(text) => Ok(cx.heap.long_string(&text)?),
        Err(at) => {
            let text = format!("bytevector->string: the byte at {at} is not {}", encoding.name());
            cx.fail(|make| make.decoding("bytevector->string", bytevector, &text))
        }
    }
}

/// The bytes of STRING in the encoding with this name; STRATEGY, a symbol, is for characters that it does not have.
fn "%string->bytevector" (cx, string: Value, encoding: Str, strategy: Sym) {
    let (encoding, strategy) = encoding_and_strategy(cx, "string->bytevector", encoding, strategy)?;
    let Some(text) = cx.heap.str(string) else {
        return wrong_type(cx, "string->bytevector", 1, "string", Str::EXPECTED, string);
    };
    cx.heap.go_on(text.len())?;
    let mut bytes = Vec::new();
    if encoding != encoding.ordered() && !text.is_empty() {
        encoding.push('\u{feff}', &mut bytes);
    }
    let mut bad = None;
    for piece in text_pieces(text) {
        cx.heap.go_on(bytes.len())?;
        bad = encoding.encode(piece, strategy, &mut bytes).err();
        if bad.is_some() { break; }
    }
    match bad {
        None => Ok(cx.heap.long_bytevector(&bytes)?),
        Some(char) => {
            let text = format!("string->bytevector: there is no character {char:?} in {}", encoding.name());
            cx.fail(|make| make.encoding("string->bytevector", string, char, &text))
        }
    }
}
}

/// Reads into a part of a string up to a delimiter: how many characters, and the delimiter, the end-of-file object, or #f if the
/// part was full before.
fn read_up_to(
    cx: &mut Cx,
    at: Use,
    delimiters: &[char],
    take: bool,
    string: MutableStr,
    from: usize,
    to: usize,
) -> Answer<Option<(usize, Value)>> {
    if from == to {
        return Ok(Some((0, Value::FALSE)));
    }
    let found = at.run(cx, |port, net| port.read_delimited_up_to(net, delimiters, take, to - from))?;
    let Some((text, delimiter)) = found else { return Ok(None) };
    let count = text.chars().count();
    cx.heap.string_splice(string.0, from, from + count, &text)?;
    let stop = match delimiter {
        Some(char) => Value::char(char),
        None if count == to - from => Value::FALSE,
        None => Value::EOF,
    };
    Ok(Some((count, stop)))
}

fn fill_string(cx: &mut Cx, at: Use, string: MutableStr, from: usize, to: usize) -> Answer<Option<usize>> {
    let Some(text) = at.run(cx, |port, net| port.read_string(net, to - from))? else { return Ok(None) };
    let count = text.chars().count();
    cx.heap.string_splice(string.0, from, from + count, &text)?;
    Ok(Some(count))
}

fn formatted(cx: &mut Cx, format: Str, arguments: &[Value]) -> Answer<String> {
    let format = cx.heap.copy_text(cx.heap.str(format.0).unwrap_or_default())?;
    let mut text = String::with_capacity(format.len());
    let mut arguments = arguments.iter();
    let mut rest = format.as_str();
    while let Some(at) = memchr::memchr(b'~', rest.as_bytes()) {
        cx.check_interrupt()?;
        push_text(cx, &mut text, &rest[..at])?;
        let mut letters = rest[at + 1..].chars();
        let letter = letters.next();
        rest = letters.as_str();
        let style = match letter {
            None | Some('~') => {
                text.push('~');
                continue;
            }
            Some('%') => {
                text.push('\n');
                continue;
            }
            Some('a' | 'A') => Style::Display,
            Some('s' | 'S') => Style::Write,
            Some(other) => {
                let message = "FORMAT: Unsupported format option ~~~A - use (ice-9 format) instead";
                let said = format!("there is no ~{other} here; (ice-9 format) has more");
                return format_failure(cx, message, Value::char(other), &said);
            }
        };
        let Some(&argument) = arguments.next() else {
            let letter = letter.unwrap_or('A');
            let said = format!("there is no argument for ~{letter}");
            return format_failure(cx, "FORMAT: Missing argument for ~~~A", Value::char(letter), &said);
        };
        print(&cx.heap, cx, argument, style, None, &mut text)?;
    }
    let left = arguments.len();
    if left > 0 {
        let said = format!("there are {left} arguments more than the format wants");
        return format_failure(cx, "FORMAT: ~A superfluous arguments", Value::fixnum(left as i64), &said);
    }
    push_text(cx, &mut text, rest)?;
    Ok(text)
}

fn push_text(cx: &Cx, text: &mut String, more: &str) -> Answer<()> {
    for piece in text_pieces(more) {
        cx.check_interrupt()?;
        text.push_str(piece);
    }
    Ok(())
}

fn format_failure<T>(cx: &mut Cx, message: &str, irritant: Value, said: &str) -> Answer<T> {
    cx.fail(|make| {
        let irritants = make.heap.list(&[irritant]);
        make.make(Parts {
            key: "misc-error",
            who: Some("simple-format"),
            message,
            irritants,
            data: Value::FALSE,
            text: Some(format!("simple-format: {said}")),
        })
    })
}

fn encoding_and_strategy(cx: &mut Cx, who: &str, encoding: Str, strategy: Sym) -> Answer<(Encoding, Strategy)> {
    let name = cx.heap.str(encoding.0).unwrap_or_default().to_string();
    let Some(encoding) = Encoding::named(&name) else { return unknown_encoding(cx, who, &name) };
    match super::ports::strategy_named(cx, strategy.0) {
        Some(strategy) => Ok((encoding, strategy)),
        None => wrong_type(cx, who, 3, "strategy", "one of error, substitute, escape", strategy.0),
    }
}

/// There is no encoding of this name.
pub fn unknown_encoding<T>(cx: &mut Cx, who: &str, name: &str) -> Answer<T> {
    // No encoding has a name a tenth as long.
    let name: String = name.chars().take(200).collect();
    let symbol = Value::symbol(cx.symbols.intern(&name.to_uppercase()));
    cx.fail(|make| {
        let irritants = make.heap.list(&[symbol]);
        make.make(Parts {
            key: "misc-error",
            who: Some(who),
            message: "invalid or unknown character encoding ~s",
            irritants,
            data: Value::FALSE,
            text: Some(format!("{who}: there is no encoding {name:?} here")),
        })
    })
}

/// The text of some bytes, or where those are that are no text.
pub fn decode(
    heap: &Heap,
    bytes: &[u8],
    encoding: Encoding,
    strategy: Strategy,
) -> Result<Result<String, usize>, Stop> {
    if encoding == Encoding::Utf8
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Ok(Ok(heap.copy_text(text)?));
    }
    let (mut encoding, mut at) = (encoding, 0);
    if encoding != Encoding::Utf8
        && let crate::port::text::Mark::Found(length, ordered) = encoding.mark(bytes, true)
    {
        (encoding, at) = (ordered, length);
    }
    let mut text = String::new();
    for round in 0usize.. {
        if round.is_multiple_of(STRIDE) {
            heap.go_on(text.len())?;
        }
        match encoding.step(&bytes[at..], true) {
            Step::Char(char, length) => {
                text.push(char);
                at += length;
            }
            Step::Bad(_) if strategy != Strategy::Substitute => return Ok(Err(at)),
            Step::Bad(length) => {
                text.push('\u{fffd}');
                at += length;
            }
            Step::Short => break,
        }
    }
    Ok(Ok(text))
}
