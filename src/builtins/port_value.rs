//! Ports as values: what a port carries besides its stream, how builtins get at one, and what its failures become.
//!
//! The one road from a procedure to a port is `Use`: it knows who uses the port and as which argument, so that every
//! failure names both. A port that would have to wait makes the whole call wait, and the call is then made again; for
//! reading that is all there is to it (see port). A write must not be made again, since the port has taken over the
//! text: the rest of the call is left to `%finish-output`, which can be repeated.

use super::declare::{Argument, out_of_range, wrong_type};
use super::network_error::{Subject, is_socket_port, socket_failure};
use crate::net::call::is_non_blocking;
use crate::net::process::Child;
use crate::net::{self, Address, Cause, Interest, Net, Stop};
use crate::port::{Errand, Place, Port, PortError, Written};
use crate::reader::{Parser, Tree};
use crate::symbol::Symbols;
use crate::value::{External, Kind, Value, number};
use crate::vm::cx::{Answer, Cx, Exit, Wait};
use nix::libc;
use std::time::Instant;

/// The Rust side of a port.
pub struct PortObject {
    pub port: Port,
    peer: Peer,
    /// The process at the other end of a pipe, if the port was made by starting it.
    pub child: Option<Child>,
    /// Standard input at a terminal: what the program has said must be on the screen before its user is waited for.
    pub tied: bool,
    /// There once `read` was called.
    pub data: Option<Box<DataReader>>,
}

/// Makes data of a port's text.
pub struct DataReader {
    pub parser: Parser,
    /// Where the parser has stopped, perhaps within a datum.
    pub stopped: Place,
    /// A datum that was read, and is waiting for memory.
    pub ready: Option<Box<Tree>>,
}

impl DataReader {
    pub fn new(parser: Parser, place: Place) -> DataReader {
        DataReader { parser, stopped: place, ready: None }
    }

    /// Gives up the datum that was begun, or is waiting: the port's text goes on elsewhere.
    pub fn forget(&mut self, symbols: &mut Symbols) {
        self.parser.forget(symbols);
        if let Some(tree) = self.ready.take() {
            Parser::release(&tree.nodes, symbols);
        }
    }
}

/// Whom a socket was connected to, for messages: when a connection has failed, the system no longer says. In few bytes where
/// it is what it mostly is.
enum Peer {
    Nobody,
    Inet(u32, u16),
    Other(Box<Address>),
}

impl PortObject {
    pub fn new(port: Port) -> PortObject {
        PortObject { port, peer: Peer::Nobody, child: None, tied: false, data: None }
    }

    /// The port's text goes on elsewhere.
    pub fn forget_datum(&mut self, symbols: &mut Symbols) {
        if let Some(data) = &mut self.data {
            data.forget(symbols);
        }
    }

    pub fn peer(&self) -> Option<Address> {
        match &self.peer {
            Peer::Nobody => None,
            Peer::Inet(addr, port) => Some(Address::Inet { addr: *addr, port: *port }),
            Peer::Other(address) => Some(Address::clone(address)),
        }
    }

    pub fn set_peer(&mut self, peer: Option<Address>) {
        self.peer = match peer {
            None => Peer::Nobody,
            Some(Address::Inet { addr, port }) => Peer::Inet(addr, port),
            Some(address) => Peer::Other(Box::new(address)),
        };
    }
}

impl External for PortObject {
    fn type_name(&self) -> &'static str {
        "port"
    }

    fn describe(&self) -> String {
        let port = &self.port;
        let ways = match (port.is_closed(), port.is_input(), port.is_output()) {
            (true, ..) => "closed",
            (_, true, true) => "input-output",
            (_, true, _) => "input",
            (_, _, true) => "output",
            // A socket that is not read or written as a port.
            _ => "port",
        };
        let fd = port.fd().map_or(String::new(), |fd| format!(" {fd}"));
        format!("#<{ways}: {}{fd}>", port.name)
    }

    fn weight(&self) -> usize {
        self.port.weight() + self.data.as_ref().map_or(0, |_| size_of::<DataReader>())
    }
}

/// A port as a Scheme value.
pub fn port_value(cx: &Cx, port: Port) -> Value {
    cx.heap.external(Box::new(PortObject::new(port)))
}

pub fn is_port(cx: &Cx, v: Value) -> bool {
    cx.heap.is_external::<PortObject>(v)
}

macro_rules! port_arguments {
    ($($(#[$doc:meta])* $name:ident, $expected:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name(pub Value);

        impl Argument for $name {
            const EXPECTED: &'static str = $expected;
            fn take(cx: &Cx, v: Value) -> Option<$name> {
                is_port(cx, v).then_some($name(v))
            }
        }
    )*};
}

port_arguments! {
    PortArg, "a port";
    /// Its direction is found out by using it.
    InPort, "an input port";
    OutPort, "an output port";
}

/// A port in use by a procedure.
#[derive(Clone, Copy)]
pub struct Use<'a> {
    pub who: &'a str,
    /// Which argument the port is, or would be if it was given; from 1.
    pub position: usize,
    pub port: Value,
}

impl<'a> Use<'a> {
    pub fn of(who: &'a str, position: usize, port: PortArg) -> Use<'a> {
        Use { who, position, port: port.0 }
    }

    /// The port to read from: the current input port if none was given.
    pub fn input(cx: &mut Cx, who: &'a str, position: usize, port: Option<InPort>) -> Answer<Use<'a>> {
        let port = match port {
            Some(given) => given.0,
            None => current(cx, who, position, cx.roots.current_input, InPort::EXPECTED)?,
        };
        let tied = cx.heap.external_mut::<PortObject>(port).is_some_and(|object| object.tied);
        if tied {
            show_what_was_said(cx, port);
        }
        Ok(Use { who, position, port })
    }

    /// The port to read from, for what needs something to read: where it is known that there is nothing, that is waited for.
    #[inline]
    pub fn reading(cx: &mut Cx, who: &'a str, position: usize, port: Option<InPort>) -> Answer<Use<'a>> {
        let Some(InPort(port)) = port else { return Use::input(cx, who, position, None) };
        if let Some(object) = cx.heap.external_mut::<PortObject>(port) {
            if object.tied {
                show_what_was_said(cx, port);
            } else if let Some(fd) = object.port.awaited(&mut cx.net) {
                return Err(cx.wait_to_read(fd));
            }
        }
        Ok(Use { who, position, port })
    }

    /// The port to write to: the current output port if none was given.
    pub fn output(cx: &mut Cx, who: &'a str, position: usize, port: Option<OutPort>) -> Answer<Use<'a>> {
        let port = match port {
            Some(given) => given.0,
            None => current(cx, who, position, cx.roots.current_output, OutPort::EXPECTED)?,
        };
        Ok(Use { who, position, port })
    }

    /// Does something with the port.
    #[inline]
    pub fn run<T>(self, cx: &mut Cx, action: impl FnOnce(&mut Port, &mut Net) -> Result<T, PortError>) -> Answer<T> {
        let object = cx.heap.external_mut::<PortObject>(self.port);
        let answer = object.map(|object| action(&mut object.port, &mut cx.net));
        self.answer(cx, answer)
    }

    /// What something done with the port comes to, None if it was done with none.
    #[inline]
    pub fn answer<T>(self, cx: &mut Cx, answer: Option<Result<T, PortError>>) -> Answer<T> {
        match answer {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => Err(port_failure(cx, self, error)),
            None => wrong_type(cx, self.who, self.position, "port", PortArg::EXPECTED, self.port),
        }
    }

    /// Asks something of the port that cannot fail.
    pub fn ask<T>(self, cx: &mut Cx, question: impl FnOnce(&mut Port) -> T) -> Answer<T> {
        self.run(cx, |port, _| Ok(question(port)))
    }

    /// The same of a port that is not closed.
    pub fn ask_open<T>(self, cx: &mut Cx, question: impl FnOnce(&mut Port) -> T) -> Answer<T> {
        self.run(cx, |port, _| if port.is_closed() { Err(PortError::Closed) } else { Ok(question(port)) })
    }

    /// Writes to the port; what cannot go out at once is left to `%finish-output`.
    #[inline]
    pub fn write(
        self,
        cx: &mut Cx,
        action: impl FnOnce(&mut Port, &mut Net) -> Result<Written, PortError>,
    ) -> Answer<()> {
        let written = self.run(cx, action)?;
        self.written(cx, written)
    }

    /// What a write has come to.
    #[inline]
    pub fn written(self, cx: &mut Cx, written: Written) -> Answer<()> {
        match written {
            Written::Done => Ok(()),
            Written::Pending(pause) => Err(self.finish(cx, pause)),
        }
    }

    #[cold]
    fn finish(self, cx: &mut Cx, pause: PortError) -> Box<Exit> {
        match cx.builtin("%finish-output") {
            Some(procedure) => {
                let who = Value::symbol(cx.symbols.intern(self.who));
                Box::new(Exit::TailCall(procedure, vec![self.port, who]))
            }
            None => port_failure(cx, self, pause),
        }
    }
}

fn current(cx: &mut Cx, who: &str, position: usize, parameter: Value, expected: &str) -> Answer {
    let port = if parameter.is_kind(Kind::Parameter) { cx.parameter_value(parameter) } else { parameter };
    if is_port(cx, port) { Ok(port) } else { wrong_type(cx, who, position, "port", expected, port) }
}

/// Flushes the console before its user is waited for. A failure is the next write's to tell.
fn show_what_was_said(cx: &mut Cx, input: Value) {
    if cx.heap.external_mut::<PortObject>(input).is_some_and(|object| object.port.has_buffered_input()) {
        return;
    }
    let parameter = cx.roots.current_output;
    if !parameter.is_kind(Kind::Parameter) {
        return;
    }
    let console = parameter.field(0);
    if let Some(object) = cx.heap.external_mut::<PortObject>(console) {
        let _ = object.port.flush(&mut cx.net);
    }
}

/// What a failed or paused operation on a port comes to.
#[cold]
pub fn port_failure(cx: &mut Cx, at: Use<'_>, error: PortError) -> Box<Exit> {
    let (who, port) = (at.who, at.port);
    let refuse = |cx: &mut Cx, expected| match wrong_type::<Value>(cx, who, at.position, "port", expected, port) {
        Err(exit) => exit,
        Ok(_) => Box::new(Exit::Interrupted),
    };
    let condition = match error {
        PortError::Wait(fd, interest) => {
            let asked = waiter(cx, port, fd, interest);
            return asked.unwrap_or_else(|| stopped(cx, who, Stop::Wait(fd, interest), None));
        }
        PortError::Later(pause) => return stopped(cx, who, Stop::Later(pause), None),
        PortError::Interrupted => return Box::new(Exit::Interrupted),
        PortError::Ask(errand) => return Box::new(errand_exit(cx, port, errand)),
        PortError::Failed(mut error) => {
            if error.endpoint.is_none() {
                error.endpoint = endpoint(cx, port);
            }
            let stop = Stop::Failed(error);
            if !is_socket_port(cx, port) {
                return stopped(cx, who, stop, None);
            }
            let address = cx.heap.external_mut::<PortObject>(port).and_then(|object| object.peer());
            let subject = Subject { socket: Some(port), address: address.as_ref(), operation: None };
            return socket_failure(cx, who, stop, subject);
        }
        PortError::Closed => return refuse(cx, "an open port"),
        PortError::NotInput => return refuse(cx, InPort::EXPECTED),
        PortError::NotOutput => return refuse(cx, OutPort::EXPECTED),
        PortError::Decode(bytes) => {
            let shown: Vec<String> = bytes.iter().map(|byte| format!("#x{byte:02x}")).collect();
            let encoding = encoding_name(cx, port);
            let text = format!("{who}: the bytes {} are not {encoding}", shown.join(" "));
            cx.maker().decoding(who, port, &text)
        }
        PortError::Encode(char) => {
            let encoding = encoding_name(cx, port);
            let text = format!("{who}: there is no character {char:?} in {encoding}, the encoding of the port");
            cx.maker().encoding(who, port, char, &text)
        }
        PortError::Memory(bytes) => return Box::new(Exit::Memory(bytes)),
        PortError::Place(place) => {
            let place = number::integer_from_i64(&cx.heap, place);
            return match out_of_range::<Value>(cx, who, 2, "place", "in what the port holds", place) {
                Err(exit) => exit,
                Ok(_) => Box::new(Exit::Interrupted),
            };
        }
        PortError::Uncut => cx.maker().misc(who, "port is not truncatable"),
    };
    Box::new(Exit::Raise(condition))
}

/// The program itself waits for a descriptor that it made non-blocking, if it wanted to; see `%set-suspendable!`.
#[cold]
pub fn waiter(cx: &mut Cx, port: Value, fd: i32, interest: Interest) -> Option<Box<Exit>> {
    if !cx.net.asks || !is_non_blocking(fd) {
        return None;
    }
    let word = if interest == Interest::Write { "write" } else { "read" };
    let word = Value::symbol(cx.symbols.intern(word));
    Some(Box::new(Exit::Errand(cx.roots.waiter, vec![port, word, Value::NIL])))
}

/// What a port wants of its procedures; see `relay_value`.
fn errand_exit(cx: &mut Cx, port: Value, errand: Errand) -> Exit {
    let (word, numbers) = match errand {
        Errand::Fill => ("fill", vec![]),
        Errand::Drain => ("drain", vec![]),
        Errand::Close => ("close", vec![]),
        Errand::Ready => ("ready", vec![]),
        Errand::Seek { offset, whence, unread, waiting } => {
            ("seek", vec![offset, whence as i64, unread as i64, waiting as i64])
        }
    };
    let word = Value::symbol(cx.symbols.intern(word));
    let numbers: Vec<Value> = numbers.into_iter().map(Value::fixnum).collect();
    let numbers = cx.heap.list(&numbers);
    Exit::Errand(port.field(RELAY), vec![port, word, numbers])
}

/// The field of a port's value that holds what sees to its errands.
const RELAY: usize = 1;

/// A port whose bytes the program moves: PROCEDURE is called with the port, the errand (a symbol), a list of numbers, the
/// builtin that cannot go on, and the list of its arguments.
pub fn relay_value(cx: &Cx, port: Port, procedure: Value) -> Value {
    let value = port_value(cx, port);
    cx.heap.set_field(value, RELAY, procedure);
    value
}

fn encoding_name(cx: &mut Cx, port: Value) -> String {
    cx.heap.external_mut::<PortObject>(port).map_or("text".to_string(), |object| object.port.encoding().name())
}

/// The other end of a port as messages name it: the peer of a socket, the path of a file.
pub fn endpoint(cx: &mut Cx, port: Value) -> Option<String> {
    let object = cx.heap.external_mut::<PortObject>(port)?;
    Some(match object.peer() {
        Some(peer) => peer.to_string(),
        None => object.port.name.to_string(),
    })
}

/// What a network call that did not finish comes to. `kind` says what else is known of a failure: `file`.
#[cold]
pub fn stopped(cx: &mut Cx, who: &str, stop: Stop, kind: Option<&str>) -> Box<Exit> {
    Box::new(match stop {
        Stop::Wait(fd, Interest::Write) => Exit::Wait(Wait { write: Some(fd), ..Wait::default() }),
        Stop::Wait(fd, _) => Exit::Wait(Wait { read: Some(fd), ..Wait::default() }),
        Stop::Later(pause) => Exit::Wait(Wait { deadline: Some(Instant::now() + pause), ..Wait::default() }),
        Stop::Interrupted => Exit::Interrupted,
        Stop::Failed(error) => {
            let condition = network_condition(cx, who, &error, kind);
            match error.errno() {
                // Ports that nobody can reach any more still have theirs.
                Some(libc::EMFILE | libc::ENFILE) => Exit::Collect(condition),
                _ => Exit::Raise(condition),
            }
        }
    })
}

fn network_condition(cx: &mut Cx, who: &str, error: &net::Error, kind: Option<&str>) -> Value {
    let text = error.text_as(who);
    if let Some(errno) = error.errno() {
        let strerror = match error.cause {
            Cause::Errno(_) => net::errno::text(errno),
            _ => error.reason(),
        };
        let condition = cx.maker().system(who, errno, &strerror, &text);
        if let Some(kind) = kind {
            let kind = Value::symbol(cx.symbols.intern(kind));
            cx.maker().add_extra(condition, "kind", kind);
            // Sockets' failures are given theirs by `add_facts`.
            if let Some(endpoint) = &error.endpoint {
                let endpoint = cx.heap.string(endpoint);
                cx.maker().add_extra(condition, "endpoint", endpoint);
            }
        }
        return condition;
    }
    cx.maker().misc(who, text.strip_prefix(&format!("{who}: ")).unwrap_or(&text))
}

/// The number of the descriptor that a port stands on, if it is open and has one.
pub fn descriptor(cx: &mut Cx, port: Value) -> Option<i32> {
    cx.heap.external_mut::<PortObject>(port)?.port.fd()
}
