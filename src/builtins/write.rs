//! Writing to ports: characters, bytes, and the external representations of values.
//!
//! Each call makes one write: on an unbuffered socket, one datagram.

use super::declare::{Bytes, Str, Sym, range};
use super::port_value::{OutPort, PortArg, PortObject, Use, port_failure};
use crate::builtins;
use crate::net::Net;
use crate::port::{Port, PortError, Written};
use crate::value::print::{Style, print, records_with_printers};
use crate::value::stop::{PIECE, text_pieces};
use crate::value::{Heap, Value};
use crate::vm::cx::{Answer, Cx, Exit};
use rustc_hash::FxHashMap;

builtins! { WRITING;

/// Prints OBJ as `read` reads it: strings in quotes. Cycles are shown with labels. [R7RS 6.13.3]
///
///     (write "a\nb")
fn "write" (cx, obj: Value, [port: OutPort]) { show(cx, "write", obj, port, Style::Write, "") }

/// Prints OBJ for people: strings and characters as they are. [R7RS 6.13.3]
///
///     (display "a\nb")
fn "display" (cx, obj: Value, [port: OutPort]) { show(cx, "display", obj, port, Style::Display, "") }

/// Like write, with labels for all that occurs more than once. [R7RS 6.13.3]
///
///     (let ((x (list 1))) (write-shared (list x x)))
fn "write-shared" (cx, obj: Value, [port: OutPort]) { show(cx, "write-shared", obj, port, Style::WriteShared, "") }

/// Like write, without labels: OBJ must have no cycles. [R7RS 6.13.3]
///
///     (write-simple '(1 "two"))
fn "write-simple" (cx, obj: Value, [port: OutPort]) { show(cx, "write-simple", obj, port, Style::WriteSimple, "") }

/// Displays OBJ, and a newline behind it. [Guile]
///
///     (write-line "done")
fn "write-line" (cx, obj: Value, [port: OutPort]) { show(cx, "write-line", obj, port, Style::Display, "\n") }

/// Ends the line. [R7RS 6.13.3]
///
///     (newline)
fn "newline" (cx, [port: OutPort]) {
    Use::output(cx, "newline", 1, port)?.write(cx, |port, net| port.write_char(net, '\n'))
}

/// Writes the character CHAR. [R7RS 6.13.3]
///
///     (write-char #\a)
fn "write-char" (cx, char: char, [port: OutPort]) {
    Use::output(cx, "write-char", 2, port)?.write(cx, |port, net| port.write_char(net, char))
}

/// Writes the characters of STRING from START to END. [R7RS 6.13.3]
///
///     (write-string "abc")
fn "write-string" (cx, string: Str, [port: OutPort], [start: usize], [end: usize]) {
    let at = Use::output(cx, "write-string", 2, port)?;
    let (from, to) = range(cx, "write-string", 3, start, end, cx.heap.string_length(string.0))?;
    write_chars(cx, at, string.0, from, to)
}

/// Writes the byte BYTE. [R7RS 6.13.3]
///
///     (let ((p (open-output-bytevector))) (write-u8 7 p) (get-output-bytevector p))  => #u8(7)
fn "write-u8" (cx, byte: u8, [port: OutPort]) {
    Use::output(cx, "write-u8", 2, port)?.write(cx, |port, net| port.write_u8(net, byte))
}

/// Writes the bytes of BYTEVECTOR from START to END. [R7RS 6.13.3]
///
///     (let ((p (open-output-bytevector))) (write-bytevector #u8(1 2 3) p 1) (get-output-bytevector p))  => #u8(2 3)
fn "write-bytevector" (cx, bytevector: Bytes, [port: OutPort], [start: usize], [end: usize]) {
    let at = Use::output(cx, "write-bytevector", 2, port)?;
    write_bytes(cx, at, bytevector, 3, start, end)
}

/// Writes out what PORT holds back. [R7RS 6.13.3]
///
///     (flush-output-port)
fn "flush-output-port" (cx, [port: OutPort]) { Use::output(cx, "flush-output-port", 1, port)?.run(cx, Port::flush) }

/// Writes out what PORT holds back. [Guile]
///
///     (force-output)
fn "force-output" (cx, [port: OutPort]) first flush_at_once { Use::output(cx, "force-output", 1, port)?.run(cx, Port::flush) }

/// Writes the byte BYTE: write-u8 under its name of R6RS. [Guile]
///
///     (let ((p (open-output-bytevector))) (put-u8 p 7) (get-output-bytevector p))  => #u8(7)
fn "put-u8" (cx, port: OutPort, byte: u8) {
    Use::output(cx, "put-u8", 1, Some(port))?.write(cx, |port, net| port.write_u8(net, byte))
}

/// Writes bytes of BYTEVECTOR, COUNT of them from START on. [Guile]
///
///     (let ((p (open-output-bytevector))) (put-bytevector p #u8(1 2 3) 1 1) (get-output-bytevector p))  => #u8(2)
fn "put-bytevector" (cx, port: OutPort, bytevector: Bytes, [start: usize], [count: usize]) first hold_at_once {
    let at = Use::output(cx, "put-bytevector", 1, Some(port))?;
    let end = count.map(|count| start.unwrap_or(0).saturating_add(count));
    write_bytes(cx, at, bytevector, 3, start, end)
}

/// Writes the character CHAR: write-char under its name of R6RS. [Guile]
///
///     (put-char (current-output-port) #\a)
fn "put-char" (cx, port: OutPort, char: char) {
    Use::output(cx, "put-char", 1, Some(port))?.write(cx, |port, net| port.write_char(net, char))
}

/// Writes characters of STRING, COUNT of them from START on. [Guile]
///
///     (put-string (current-output-port) "abc")
fn "put-string" (cx, port: OutPort, string: Str, [start: usize], [count: usize]) {
    let at = Use::output(cx, "put-string", 1, Some(port))?;
    let end = count.map(|count| start.unwrap_or(0).saturating_add(count));
    let (from, to) = range(cx, "put-string", 3, start, end, cx.heap.string_length(string.0))?;
    write_chars(cx, at, string.0, from, to)
}

/// Prints OBJ: write under its name of R6RS. [Guile]
///
///     (put-datum (current-output-port) '(1 2))
fn "put-datum" (cx, port: OutPort, obj: Value) {
    let at = Use::output(cx, "put-datum", 1, Some(port))?;
    show_to(cx, at, obj, Style::Write, "")
}

/// The rest of a write that was told to wait: PORT has taken over the text, and WHO is the procedure that wrote it.
fn "%finish-output" (cx, port: PortArg, who: Sym) {
    let who = who.0.as_symbol().map_or(String::new(), |symbol| cx.symbols.name(symbol).to_string());
    Use::of(&who, 2, port).run(cx, Port::flush)
}
}

fn show(cx: &mut Cx, who: &str, obj: Value, port: Option<OutPort>, style: Style, beyond: &str) -> Answer<()> {
    let at = Use::output(cx, who, 2, port)?;
    show_to(cx, at, obj, style, beyond)
}

fn show_to(cx: &mut Cx, at: Use, obj: Value, style: Style, beyond: &str) -> Answer<()> {
    if style == Style::Display && obj.is_string() && beyond.is_empty() {
        let length = cx.heap.string_length(obj);
        return write_chars(cx, at, obj, 0, length);
    }
    let mut text = String::new();
    printing(cx, &[obj], |cx| Ok(print(&cx.heap, cx, obj, style, None, &mut text)?))?;
    text += beyond;
    if text.len() > PIECE && at.ask(cx, |port| port.is_memory())? {
        for piece in text_pieces(&text) {
            cx.check_interrupt()?;
            at.write(cx, |port, net| port.write_str(net, piece))?;
        }
        return Ok(());
    }
    at.write(cx, |port, net| port.write_str(net, &text))
}

/// Prints something that shows these values. Records with printers of their own need the program for that: what they print is
/// wanted first, and then the builtin is called again.
pub fn printing<T>(cx: &mut Cx, values: &[Value], action: impl FnOnce(&mut Cx) -> Answer<T>) -> Answer<T> {
    if !cx.roots.print_records.is_procedure() {
        return action(cx);
    }
    let records = records_with_printers(&cx.heap, values)?;
    if records.is_empty() {
        return action(cx);
    }
    let mut rest = std::mem::replace(&mut cx.roots.printed, Value::FALSE);
    let mut texts = FxHashMap::default();
    while let Some((pair, next)) = rest.as_pair() {
        if let Some((record, text)) = pair.as_pair() {
            texts.insert(record, cx.heap.str(text).unwrap_or_default().to_string());
        }
        rest = next;
    }
    if records.iter().any(|record| !texts.contains_key(record)) {
        let records = cx.heap.list(&records);
        return Err(Box::new(Exit::Errand(cx.roots.print_records, vec![records])));
    }
    cx.texts = texts;
    let answer = action(cx);
    cx.texts = FxHashMap::default();
    answer
}

/// Writes characters of a string: in pieces, where nobody can tell how many writes they were.
fn write_chars(cx: &mut Cx, at: Use, string: Value, from: usize, to: usize) -> Answer<()> {
    let piece = if to - from > PIECE && at.ask(cx, |port| port.is_memory())? { PIECE } else { (to - from).max(1) };
    let mut from = from;
    loop {
        let end = to.min(from + piece);
        write_from(cx, at, |port, net, heap| port.write_str(net, heap.substring(string, from, end)))?;
        from = end;
        if from == to {
            return Ok(());
        }
        cx.check_interrupt()?;
    }
}

fn write_bytes(
    cx: &mut Cx,
    at: Use,
    bytevector: Bytes,
    position: usize,
    start: Option<usize>,
    end: Option<usize>,
) -> Answer<()> {
    let length = cx.heap.bytes(bytevector.0).map_or(0, <[u8]>::len);
    let (from, to) = range(cx, at.who, position, start, end, length)?;
    let piece = if to - from > PIECE && at.ask(cx, |port| port.is_memory())? { PIECE } else { (to - from).max(1) };
    let mut from = from;
    loop {
        let end = to.min(from + piece);
        write_from(cx, at, |port, net, heap| {
            port.write_bytes(net, heap.bytes(bytevector.0).and_then(|bytes| bytes.get(from..end)).unwrap_or_default())
        })?;
        from = end;
        if from == to {
            return Ok(());
        }
        cx.check_interrupt()?;
    }
}

/// `put-bytevector` of a whole one into a buffer.
#[inline(always)]
fn hold_at_once(cx: &mut Cx, args: &[Value]) -> Option<Answer> {
    let &[port, bytevector] = args else { return None };
    let Cx { heap, net, .. } = cx;
    heap.use_external::<PortObject, _>(port, |object, heap| object.port.hold_at_once(net, heap.bytes(bytevector)?))??;
    Some(Ok(Value::UNSPECIFIED))
}

/// `force-output` to a socket.
#[inline(always)]
fn flush_at_once(cx: &mut Cx, args: &[Value]) -> Option<Answer> {
    let &[port] = args else { return None };
    let Cx { heap, net, .. } = cx;
    heap.external_mut::<PortObject>(port)?.port.flush_at_once(net)?;
    Some(Ok(Value::UNSPECIFIED))
}

/// Writes something that lies in the heap, without a copy of it.
fn write_from(
    cx: &mut Cx,
    at: Use,
    action: impl FnOnce(&mut Port, &mut Net, &Heap) -> Result<Written, PortError>,
) -> Answer<()> {
    let Cx { heap, net, .. } = cx;
    let answer = heap.use_external::<PortObject, _>(at.port, |object, heap| action(&mut object.port, net, heap));
    match answer {
        Some(Ok(written)) => at.written(cx, written),
        Some(Err(error)) => Err(port_failure(cx, at, error)),
        None => super::declare::wrong_type(cx, at.who, at.position, "port", "an output port", at.port),
    }
}

/// A value as `write` prints it, whole.
pub fn written(cx: &Cx, value: Value) -> String {
    let mut text = String::new();
    match print(&cx.heap, cx, value, Style::Write, None, &mut text) {
        Ok(()) => text,
        // No memory for all of it, or no patience.
        Err(_) => text + "...",
    }
}
