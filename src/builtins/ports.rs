//! Ports: making those of memory, asking, closing, buffering, encodings, places; and the console.

use super::declare::{Argument, Bytes, Str, Sym, out_of_range, wrong_type};
use super::descriptors::number_of;
use super::objects::make_parameter;
use super::port_value::{InPort, OutPort, PortArg, PortObject, Use, is_port, port_value, stopped};
use super::text_io::unknown_encoding;
use crate::builtins;
use crate::net::Interest;
use crate::port::{Buffering, Encoding, Label, LineEnd, Port, PortError, Strategy, Ways, Whence, fd, file};
use crate::value::{Heap, Kind, Value};
use crate::vm::cx::{Answer, Cx};
use nix::libc;

builtins! { PORTS;

/// Whether OBJ is a port. Sockets are ports. [R7RS 6.13.1]
///
///     (port? (current-output-port))  => #t
///     (port? 1)  => #f
fn "port?" (cx, obj: Value) { is_port(cx, obj) }

/// Whether OBJ is a port that can be read from. [R7RS 6.13.1]
///
///     (input-port? (open-input-string "x"))  => #t
///     (input-port? "x")  => #f
fn "input-port?" (cx, obj: Value) { asks(cx, obj, Port::is_input) }

/// OBJ, which must be a port to read from: what current-input-port may become.
fn "%an-input-port" (cx, obj: Value) { need_port(cx, obj, Port::is_input, "expected an input port ~S")? }

/// OBJ, which must be a port to write to: what current-output-port may become.
fn "%an-output-port" (cx, obj: Value) { need_port(cx, obj, Port::is_output, "expected an output port ~S")? }

/// Whether OBJ is a port that can be written to. [R7RS 6.13.1]
///
///     (output-port? (open-input-string "x"))  => #f
fn "output-port?" (cx, obj: Value) { asks(cx, obj, Port::is_output) }

/// Whether OBJ is a port of characters. Files and sockets are ports of characters and of bytes. [R7RS 6.13.1]
///
///     (textual-port? (open-input-string "x"))  => #t
///     (textual-port? (open-input-bytevector #u8(1)))  => #f
fn "textual-port?" (cx, obj: Value) { asks(cx, obj, Port::is_textual) }

/// Whether OBJ is a port of bytes. [R7RS 6.13.1]
///
///     (binary-port? (open-input-bytevector #u8(1)))  => #t
fn "binary-port?" (cx, obj: Value) { asks(cx, obj, Port::is_binary) }

/// Whether OBJ is a port on a descriptor of the system: a file, a pipe, a socket. [Guile]
///
///     (file-port? (open-input-string "x"))  => #f
fn "file-port?" (cx, obj: Value) { asks(cx, obj, |port| !port.is_memory() && !port.is_relay()) }

/// Whether PORT can still be read from. [R7RS 6.13.1]
///
///     (let ((p (open-input-string "x"))) (close-port p) (input-port-open? p))  => #f
fn "input-port-open?" (cx, port: InPort) {
    let at = Use { who: "input-port-open?", position: 1, port: port.0 };
    at.run(cx, |port, _| if port.is_input() { Ok(port.is_input_open()) } else { Err(PortError::NotInput) })
}

/// Whether PORT can still be written to. [R7RS 6.13.1]
///
///     (output-port-open? (open-output-string))  => #t
fn "output-port-open?" (cx, port: OutPort) {
    let at = Use { who: "output-port-open?", position: 1, port: port.0 };
    at.run(cx, |port, _| if port.is_output() { Ok(port.is_output_open()) } else { Err(PortError::NotOutput) })
}

/// Whether PORT is closed. [Guile]
///
///     (let ((p (open-input-string "x"))) (close-port p) (port-closed? p))  => #t
fn "port-closed?" (cx, port: PortArg) { Use::of("port-closed?", 1, port).ask(cx, |port| port.is_closed()) }

/// Writes out what PORT holds, and closes it: #t, or #f if it was closed before. [R7RS 6.13.1]
///
///     (let ((p (open-input-string "x"))) (list (close-port p) (close-port p)))  => (#t #f)
fn "close-port" (cx, port: PortArg) { close(cx, Use::of("close-port", 1, port)) }

/// Closes PORT, an input port. A port of both directions is closed as a whole: to end one direction of a connection, use
/// `shutdown`. [R7RS 6.13.1]
///
///     (close-input-port (open-input-string "x"))
fn "close-input-port" (cx, port: InPort) {
    let at = Use { who: "close-input-port", position: 1, port: port.0 };
    at.run(cx, |port, _| if port.is_input() { Ok(()) } else { Err(PortError::NotInput) })?;
    close(cx, at).map(|_| ())
}

/// Closes PORT, an output port. A port of both directions is closed as a whole: to end one direction of a connection, use
/// `shutdown`. [R7RS 6.13.1]
///
///     (close-output-port (open-output-string))
fn "close-output-port" (cx, port: OutPort) {
    let at = Use { who: "close-output-port", position: 1, port: port.0 };
    at.run(cx, |port, _| if port.is_output() { Ok(()) } else { Err(PortError::NotOutput) })?;
    close(cx, at).map(|_| ())
}

/// Gives PORT buffers of so many bytes for what is read and what is written.
fn "%set-buffer-sizes!" (cx, port: PortArg, input: usize, output: usize) {
    Use::of("setvbuf", 1, port).run(cx, |port, net| port.set_buffer_sizes(net, input, output))
}

/// Makes PORT one that cannot be read, or written; it stays open.
fn "%bar-port!" (cx, port: PortArg, input: bool, output: bool) {
    Use::of("bar-port!", 1, port).ask(cx, |port| port.bar(input, output))
}

/// Forgets what PORT has read ahead, or what waits in it to be written.
fn "%forget-buffers!" (cx, port: PortArg, input: bool, output: bool) {
    Use::of("forget-buffers!", 1, port).ask(cx, |port| {
        if input {
            port.forget_input();
        }
        if output {
            port.forget_output();
        }
    })
}

/// Has PORT write END, one of lf, crlf and cr, for a line feed, and read it as one.
fn "%set-line-ends!" (cx, port: PortArg, end: Sym) {
    let name = cx.symbols.name(end.0.as_symbol().expect("a symbol")).to_string();
    let end = match name.as_str() {
        "crlf" => LineEnd::Crlf,
        "cr" => LineEnd::Cr,
        _ => LineEnd::Lf,
    };
    Use::of("set-line-ends!", 1, port).ask(cx, |port| {
        if let Some(framing) = port.framing() {
            framing.set_line_end(end);
        }
    })
}

/// Has each flush of PORT go out as a chunk of HTTP/1.1, or no more. What waits in it is to be written before.
fn "%chunk-output!" (cx, port: PortArg, on: bool) {
    Use::of("chunk-output!", 1, port).ask(cx, |port| {
        if let Some(framing) = port.framing() {
            framing.chunk_output(on);
        }
    })
}

/// Has PORT read its input out of the chunks of HTTP/1.1, from where it is, or no more. The last chunk is the end.
fn "%chunk-input!" (cx, port: PortArg, on: bool) {
    Use::of("chunk-input!", 1, port).ask(cx, |port| port.chunk_input(on))
}

/// A port from which the characters of STRING, as they are now, can be read. [R7RS 6.13.1]
///
///     (read-char (open-input-string "abc"))  => #\a
fn "open-input-string" (cx, string: Str) {
    cx.admit(cx.heap.str(string.0).map_or(0, str::len))?;
    let text = cx.heap.str(string.0).unwrap_or_default().to_string();
    Ok(string_value(cx, Port::input_string(text)))
}

/// A port that keeps what is written to it, for `get-output-string`. [R7RS 6.13.1]
///
///     (let ((p (open-output-string))) (write 'abc p) (get-output-string p))  => "abc"
fn "open-output-string" (cx) { string_value(cx, Port::output_string()) }

/// All that was written to PORT, which `open-output-string` made, as a string. [R7RS 6.13.1]
///
///     (let ((p (open-output-string))) (display "x" p) (display 1 p) (get-output-string p))  => "x1"
fn "get-output-string" (cx, port: OutPort) {
    let at = Use { who: "get-output-string", position: 1, port: port.0 };
    gathered(cx, at, Port::is_textual, "a port made by open-output-string")?;
    let size = at.ask(cx, |port| port.gathered().len())?;
    cx.admit(2 * size)?;
    let text = |object: &mut PortObject, heap: &Heap| heap.long_string(&object.port.gathered_text());
    Ok(cx.heap.use_external(at.port, text).transpose()?.unwrap_or(Value::FALSE))
}

/// A port from which the bytes of BYTEVECTOR, as they are now, can be read. [R7RS 6.13.1]
///
///     (read-u8 (open-input-bytevector #u8(7 8)))  => 7
fn "open-input-bytevector" (cx, bytevector: Bytes) {
    cx.admit(cx.heap.bytes(bytevector.0).map_or(0, <[u8]>::len))?;
    let bytes = cx.heap.copy_bytes(cx.heap.bytes(bytevector.0).unwrap_or_default())?;
    Ok(port_value(cx, Port::input_bytes(bytes)))
}

/// A port that keeps the bytes written to it, for `get-output-bytevector`. [R7RS 6.13.1]
///
///     (let ((p (open-output-bytevector))) (write-u8 7 p) (get-output-bytevector p))  => #u8(7)
fn "open-output-bytevector" (cx) { port_value(cx, Port::output_bytes()) }

/// All bytes that were written to PORT, which `open-output-bytevector` made. [R7RS 6.13.1]
///
///     (let ((p (open-output-bytevector))) (write-bytevector #u8(1 2) p) (get-output-bytevector p))  => #u8(1 2)
fn "get-output-bytevector" (cx, port: OutPort) {
    let at = Use { who: "get-output-bytevector", position: 1, port: port.0 };
    gathered(cx, at, Port::is_binary, "a port made by open-output-bytevector")?;
    let size = at.ask(cx, |port| port.gathered().len())?;
    cx.admit(size)?;
    let made = cx.heap.with_external::<PortObject, _>(port.0, |object, heap| heap.long_bytevector(object.port.gathered()));
    Ok(made.unwrap_or(Ok(Value::FALSE))?)
}

/// A port that takes everything that is written to it, and has nothing to read. MODE, if it is given, has r for input, w for
/// output, or both. [Guile]
///
///     (read-char (%make-void-port "r"))  => #<eof>
fn "%make-void-port" (cx, [mode: Str]) {
    let letters = mode.and_then(|mode| cx.heap.str(mode.0)).unwrap_or("rw");
    let ways = Ways { input: letters.contains(['r', '+']), output: letters.contains(['w', 'a', '+']), ..Ways::BOTH };
    port_value(cx, Port::void_for(ways))
}

/// Sets when output goes out and how input is fetched: MODE is none (at once, never more than asked for), line (with each
/// newline) or block (in pieces of about SIZE bytes). Sockets begin with none. [Guile]
///
///     (setvbuf (current-output-port) 'line)
fn "setvbuf" (cx, port: PortArg, mode: Value, [size: Value]) {
    let name = mode.as_symbol().map_or(String::new(), |mode| cx.symbols.name(mode).to_string());
    let size = match size {
        None => Buffering::SIZE,
        Some(v) => match v.as_fixnum().map(usize::try_from) {
            Some(Ok(_)) if name == "none" => return out_of_range(cx, "setvbuf", 3, "size", "left out where nothing is buffered", v),
            Some(Ok(0)) => Buffering::SIZE,
            Some(Ok(size)) => size,
            Some(Err(_)) => return out_of_range(cx, "setvbuf", 3, "size", "at least 0", v),
            None => return wrong_type(cx, "setvbuf", 3, "size", usize::EXPECTED, v),
        },
    };
    let mode = match &*name {
        "none" => Buffering::None,
        "line" => Buffering::Line,
        "block" => Buffering::Block(size),
        _ => return out_of_range(cx, "setvbuf", 2, "mode", "one of none, line, block", mode),
    };
    Use::of("setvbuf", 1, port).run(cx, |port, net| port.set_buffering(net, mode))
}

/// What PORT is called: a file's path, a symbol for what has none (a socket's is the symbol socket), or #f. [Guile]
///
///     (port-filename (open-input-string "x"))  => #f
fn "port-filename" (cx, port: PortArg) {
    let (name, label) = Use::of("port-filename", 1, port).ask_open(cx, |port| (port.name.to_string(), port.label))?;
    match label {
        Label::Nothing => Value::FALSE,
        Label::Word => Value::symbol(cx.symbols.intern(&name)),
        Label::Path => cx.heap.string(&name),
    }
}

/// Sets what PORT is called: a string, a symbol, or #f. [Guile]
///
///     (let ((p (open-input-string "x"))) (set-port-filename! p "data") (port-filename p))  => "data"
fn "set-port-filename!" (cx, port: PortArg, name: Value) {
    let (text, label) = match (cx.heap.str(name), name.as_symbol()) {
        (Some(text), _) => (text.to_string(), Label::Path),
        (_, Some(symbol)) => (cx.symbols.name(symbol).to_string(), Label::Word),
        _ if name == Value::FALSE => ("file".to_string(), Label::Nothing),
        _ => return wrong_type(cx, "set-port-filename!", 2, "name", "a string, a symbol or #f", name),
    };
    Use::of("set-port-filename!", 1, port).ask_open(cx, |port| (port.name, port.label) = (text.into(), label))
}

/// What open-file would be told to make such a port: r, w or r+, and 0 behind it if nothing is buffered. [Guile]
///
///     (port-mode (open-input-string "x"))  => "r"
fn "port-mode" (cx, port: PortArg) {
    Use::of("port-mode", 1, port).ask_open(cx, |port| port.mode().to_string())
}

/// The line of PORT's next character, counted from 0. [Guile]
///
///     (let ((p (open-input-string "a\nb"))) (read-line p) (port-line p))  => 1
fn "port-line" (cx, port: PortArg) {
    Use::of("port-line", 1, port).ask_open(cx, |port| if port.is_input() { port.place() } else { port.output_place() }.line)
}

/// The column of PORT's next character, counted from 0. [Guile]
///
///     (let ((p (open-input-string "abc"))) (read-char p) (port-column p))  => 1
fn "port-column" (cx, port: PortArg) {
    Use::of("port-column", 1, port).ask_open(cx, |port| if port.is_input() { port.place() } else { port.output_place() }.column)
}

/// Sets the line that PORT's next character counts as. [Guile]
///
///     (let ((p (open-input-string "x"))) (set-port-line! p 9) (port-line p))  => 9
fn "set-port-line!" (cx, port: PortArg, line: usize) {
    Use::of("set-port-line!", 1, port).ask_open(cx, |port| port.set_place(crate::port::Place { line, ..port.place() }))
}

/// Sets the column that PORT's next character counts as. [Guile]
///
///     (let ((p (open-input-string "x"))) (set-port-column! p 9) (port-column p))  => 9
fn "set-port-column!" (cx, port: PortArg, column: usize) {
    Use::of("set-port-column!", 1, port).ask_open(cx, |port| port.set_place(crate::port::Place { column, ..port.place() }))
}

/// The name of PORT's encoding, UTF-8 unless it was changed. [Guile]
///
///     (port-encoding (open-output-string))  => "UTF-8"
fn "port-encoding" (cx, port: PortArg) {
    Use::of("port-encoding", 1, port).ask_open(cx, |port| port.encoding().name())
}

/// Sets how PORT's characters are written as bytes: UTF-8, ISO-8859-1, US-ASCII, UTF-16 or UTF-32, or these two with LE or
/// BE behind. [Guile]
///
///     (set-port-encoding! (current-output-port) "utf-8")
fn "set-port-encoding!" (cx, port: PortArg, encoding: Str) {
    let name = cx.heap.str(encoding.0).unwrap_or_default().to_string();
    let Some(encoding) = Encoding::named(&name) else { return unknown_encoding(cx, "set-port-encoding!", &name) };
    Use::of("set-port-encoding!", 1, port).ask_open(cx, |port| port.set_encoding(encoding))
}

/// What becomes of bytes that are no text, and of characters that PORT's encoding does not have: the symbol error, substitute
/// or escape. Of #f: what new ports do. [Guile]
///
///     (port-conversion-strategy (open-output-string))  => substitute
fn "port-conversion-strategy" (cx, port: Value) {
    if port == Value::FALSE {
        return Ok(cx.parameter_value(cx.roots.default_strategy));
    }
    let at = Use { who: "port-conversion-strategy", position: 1, port };
    let strategy = at.ask_open(cx, |port| port.strategy())?;
    let name = STRATEGIES.iter().find(|(_, known)| *known == strategy).map_or("error", |(name, _)| name);
    Value::symbol(cx.symbols.intern(name))
}

/// Sets what becomes of bytes that are no text, and of characters that PORT's encoding does not have: error, substitute (a
/// question mark) or escape. PORT #f means new ports. [Guile]
///
///     (let ((p (open-output-string))) (set-port-conversion-strategy! p 'error) (port-conversion-strategy p))  => error
fn "set-port-conversion-strategy!" (cx, port: Value, strategy: Value) {
    let Some(known) = strategy_named(cx, strategy) else {
        return cx.fail(|make| {
            let text = "the conversion strategy should be one of error, substitute, escape";
            let condition = make.misc("set-port-conversion-strategy!", text);
            let irritants = make.heap.list(&[strategy]);
            let message = make.heap.string("unknown conversion strategy ~s");
            make.heap.set_field(condition, crate::value::condition::MESSAGE, message);
            make.heap.set_field(condition, crate::value::condition::IRRITANTS, irritants);
            condition
        });
    };
    if port == Value::FALSE {
        cx.set_parameter_value(cx.roots.default_strategy, strategy);
        return Ok(Value::UNSPECIFIED);
    }
    Use { who: "set-port-conversion-strategy!", position: 1, port }.ask_open(cx, |port| port.set_strategy(known))
}

/// Moves the place in a file, or in a string that is read, where OBJ goes on, a port or the number of a descriptor: OFFSET counts
/// from WHENCE, one of SEEK_SET (the start), SEEK_CUR (here) and SEEK_END. Returns the place counted from the start. [Guile]
///
///     (let ((p (open-input-string "abc"))) (seek p 2 0) (read-char p))  => #\c
fn "seek" (cx, obj: Value, offset: i64, whence: i64) needs own(obj) {
    let whence = match whence {
        0 => Whence::Start,
        1 => Whence::Current,
        2 => Whence::End,
        _ => return out_of_range(cx, "seek", 3, "whence", "one of SEEK_SET, SEEK_CUR, SEEK_END", Value::fixnum(whence)),
    };
    seek(cx, "seek", obj, offset, whence)
}

/// The place in a file or string where OBJ, a port or the number of a descriptor, goes on, in bytes from the start. [Guile]
///
///     (let ((p (open-input-string "abc"))) (read-char p) (ftell p))  => 1
fn "ftell" (cx, obj: Value) needs descriptor(obj) { seek(cx, "ftell", obj, 0, Whence::Current) }

/// Whether OBJ is a port on a terminal. [Guile]
///
///     (isatty? (open-input-string "x"))  => #f
fn "isatty?" (cx, obj: Value) { asks(cx, obj, Port::is_terminal) }
}

const STRATEGIES: &[(&str, Strategy)] =
    &[("error", Strategy::Error), ("substitute", Strategy::Substitute), ("escape", Strategy::Escape)];

pub fn strategy_named(cx: &Cx, name: Value) -> Option<Strategy> {
    let name = cx.symbols.name(name.as_symbol()?);
    STRATEGIES.iter().find(|(known, _)| *known == name).map(|(_, strategy)| *strategy)
}

/// Gives a new port the encoding and conversion strategy that new ports have.
pub fn settle_new(cx: &mut Cx, port: &mut Port) -> Answer<()> {
    settle_strategy(cx, port);
    let name = cx.parameter_value(cx.roots.default_encoding);
    match cx.heap.str(name) {
        // The system's own reading of "no encoding": bytes are characters.
        None if name == Value::FALSE => port.set_encoding(Encoding::Latin1),
        None => {}
        Some(text) => match Encoding::named(text) {
            Some(encoding) => port.set_encoding(encoding),
            None => {
                let text = format!("%default-port-encoding is {text:?}, and there is no such encoding here");
                return cx.fail(|make| make.misc("open", &text));
            }
        },
    }
    Ok(())
}

/// The same where it is too late to refuse: an encoding that nobody knows is left out.
pub fn settle_known(cx: &mut Cx, port: &mut Port) {
    let _ = settle_new(cx, port);
}

/// The same for ports whose encoding is settled.
fn settle_strategy(cx: &Cx, port: &mut Port) {
    if let Some(strategy) = strategy_named(cx, cx.parameter_value(cx.roots.default_strategy)) {
        port.set_strategy(strategy);
    }
}

fn string_value(cx: &Cx, mut port: Port) -> Value {
    settle_strategy(cx, &mut port);
    port_value(cx, port)
}

fn need_port(cx: &mut Cx, obj: Value, suits: impl FnOnce(&Port) -> bool, complaint: &str) -> Answer {
    if asks(cx, obj, suits) { Ok(obj) } else { cx.fail(|make| make.misc_about("parameterize", complaint, obj)) }
}

/// What is true of a port, and of nothing else.
fn asks(cx: &mut Cx, obj: Value, question: impl FnOnce(&Port) -> bool) -> bool {
    cx.heap.external_mut::<PortObject>(obj).is_some_and(|object| question(&object.port))
}

fn seek(cx: &mut Cx, who: &str, obj: Value, offset: i64, whence: Whence) -> Answer {
    let place = if let Some(port) = PortArg::take(cx, obj) {
        let asking = offset == 0 && matches!(whence, Whence::Current);
        let place = Use::of(who, 1, port).run(cx, |port, net| match port.seek(net, offset, whence) {
            Err(PortError::Failed(error)) if !asking && error.errno() == Some(libc::ESPIPE) => Ok(None),
            place => place.map(Some),
        })?;
        if let (false, Some(object)) = (asking, cx.heap.external_mut::<PortObject>(obj)) {
            object.forget_datum(&mut cx.symbols);
        }
        match place {
            Some(place) => place,
            None => return cx.fail(|make| make.misc_about("seek", "port is not seekable", obj)),
        }
    } else {
        let number = number_of(cx, who, 1, "obj", obj)?;
        match fd::seek(number, offset, whence) {
            Ok(place) => place,
            Err(stop) => return Err(stopped(cx, who, stop, None)),
        }
    };
    Ok(crate::value::number::integer_from_u64(&cx.heap, place))
}

fn close(cx: &mut Cx, at: Use) -> Answer<bool> {
    if let Some(fd) = at.ask(cx, |port| port.fd().filter(|_| port.waiting() > 0))?
        && cx.fibers.is_waited_for(fd, Interest::Write)
    {
        // What another fiber is writing is broken off: that one is told, and nobody waits for its reader.
        at.ask(cx, |port| port.drop_waiting(port.waiting()))?;
    }
    at.run(cx, |port, net| port.close(net))
}

fn gathered(cx: &mut Cx, at: Use, kind: impl FnOnce(&Port) -> bool, expected: &str) -> Answer<()> {
    if at.ask(cx, |port| port.is_memory() && port.is_output() && kind(port))? {
        return at.run(cx, |port, _| if port.is_closed() { Err(PortError::Closed) } else { Ok(()) });
    }
    wrong_type(cx, at.who, at.position, "port", expected, at.port)
}

// ---- the console -----------------------------------------------------------------------------------------------------

/// Makes the console's ports, and the three parameters that hold the current ones.
pub fn standard_ports(cx: &mut Cx) -> Answer<()> {
    // A process may be started with its standard descriptors closed: it then has nobody to talk to.
    let or_void = |port: Result<Port, PortError>| port.unwrap_or_else(|_| Port::void());
    let mut input = PortObject::new(or_void(file::standard_input()));
    input.tied = input.port.is_terminal();
    let input = cx.heap.external(Box::new(input));
    let output = port_value(cx, or_void(file::standard_output()));
    let error = port_value(cx, or_void(file::standard_error()));
    cx.roots.current_input = parameter(cx, "current-input-port", input);
    cx.roots.current_output = parameter(cx, "current-output-port", output);
    cx.roots.current_error = parameter(cx, "current-error-port", error);
    let encoding = cx.heap.string("UTF-8");
    cx.roots.default_encoding = parameter(cx, "%default-port-encoding", encoding);
    let strategy = Value::symbol(cx.symbols.intern("substitute"));
    cx.roots.default_strategy = parameter(cx, "%default-port-conversion-strategy", strategy);
    Ok(())
}

fn parameter(cx: &mut Cx, name: &str, value: Value) -> Value {
    let name = Value::symbol(cx.symbols.intern(name));
    make_parameter(cx, value, Value::FALSE, name)
}

/// The column in which the console's output goes on: 0 at the start of a line.
pub fn console_column(cx: &mut Cx) -> usize {
    let output = cx.roots.current_output;
    if !output.is_kind(Kind::Parameter) {
        return 0;
    }
    cx.heap.external_mut::<PortObject>(output.field(0)).map_or(0, |object| object.port.output_place().column)
}

/// Writes what waits in the console's ports: before the program ends, or stops to ask its user.
pub fn flush_standard(cx: &mut Cx) -> Result<(), PortError> {
    let mut result = Ok(());
    for parameter in [cx.roots.current_output, cx.roots.current_error] {
        if parameter.is_kind(Kind::Parameter)
            && let Some(object) = cx.heap.external_mut::<PortObject>(parameter.field(0))
        {
            match object.port.flush(&mut cx.net) {
                Err(error @ PortError::Failed(_)) if result.is_ok() => result = Err(error),
                _ => {}
            }
        }
    }
    result
}

/// Writes to the standard error; where that does not take it, nobody wants to know.
pub fn tell(cx: &mut Cx, text: &str) {
    let parameter = cx.roots.current_error;
    if parameter.is_kind(Kind::Parameter)
        && let Some(object) = cx.heap.external_mut::<PortObject>(parameter.field(0))
    {
        let _ = object.port.write_str(&mut cx.net, text);
        let _ = object.port.flush(&mut cx.net);
    }
}

/// Whether any port holds back what was written to it.
pub fn output_waits(cx: &mut Cx) -> bool {
    let ports = cx.heap.externals_of::<PortObject>();
    ports
        .into_iter()
        .any(|port| cx.heap.external_mut::<PortObject>(port).is_some_and(|object| object.port.waiting() > 0))
}

/// From now on what is written to the console is kept, for `take_captured_output`.
pub fn capture_output(cx: &mut Cx) {
    let _ = flush_standard(cx);
    let port = port_value(cx, Port::output_string());
    if cx.roots.current_output.is_kind(Kind::Parameter) {
        cx.heap.set_field(cx.roots.current_output, 0, port);
    } else {
        cx.roots.current_output = parameter(cx, "current-output-port", port);
    }
}

/// What was written since the last time.
pub fn take_captured_output(cx: &mut Cx) -> String {
    let port = cx.roots.current_output.field(0);
    let bytes = cx.heap.external_mut::<PortObject>(port).map_or(Vec::new(), |object| object.port.take_gathered());
    String::from_utf8_lossy(&bytes).into_owned()
}
