//! Sockets: the calls of the system's manual, in Guile's shape. A socket is a port.
//!
//! Every procedure takes any port over a socket's descriptor. What the calls do is in net; here their arguments are taken
//! apart and their answers put together.

use super::addresses::{Int, address_of_vector, address_value, take_address};
use super::declare::{Argument, out_of_range, range, wrong_type};
use super::network_error::{Subject, socket_failure};
use super::port_value::{PortArg, PortObject, Use, port_failure};
use crate::builtins;
use crate::net::call::{Outcome, is_non_blocking};
use crate::net::{self, Address, Asker, Error, Net, Socket, Stop};
use crate::port::{Port, PortError};
use crate::value::{Heap, Value, number};
use crate::vm::cx::{Answer, Cx, Exit};
use nix::libc;
use smallvec::SmallVec;
use std::os::fd::RawFd;

builtins! { SOCKETS;

/// A new socket of FAMILY (AF_INET, AF_INET6, AF_UNIX), STYLE (SOCK_STREAM, SOCK_DGRAM) and PROTOCOL, for which 0 takes the usual
/// one. SOCK_NONBLOCK and SOCK_CLOEXEC may be added to STYLE. The socket is a port, unbuffered. [Guile]
///
///     (port? (socket AF_INET SOCK_STREAM 0))  => #t
fn "socket" (cx, family: Int, style: Int, protocol: Int) needs socket(family, style), room {
    let family = family.c_int(cx, "socket", 1, "family")?;
    let style = style.c_int(cx, "socket", 2, "style")?;
    let protocol = protocol.c_int(cx, "socket", 3, "protocol")?;
    match Socket::open(&mut cx.net, family, style, protocol) {
        Ok(socket) => Ok(socket_value(cx, socket, None)),
        Err(stop) => Err(socket_failure(cx, "socket", stop, Subject::default())),
    }
}

/// Two sockets connected to each other, as a pair. FAMILY is AF_UNIX. [Guile]
///
///     (let ((p (socketpair AF_UNIX SOCK_STREAM 0))) (send (car p) #u8(1 2)) (recv! (cdr p) (make-bytevector 9)))  => 2
fn "socketpair" (cx, family: Int, style: Int, protocol: Int) needs room {
    let family = family.c_int(cx, "socketpair", 1, "family")?;
    let style = style.c_int(cx, "socketpair", 2, "style")?;
    let protocol = protocol.c_int(cx, "socketpair", 3, "protocol")?;
    match Socket::pair(&mut cx.net, family, style, protocol) {
        Ok((a, b)) => {
            let (a, b) = (socket_value(cx, a, None), socket_value(cx, b, None));
            Ok(cx.heap.cons(a, b))
        }
        Err(stop) => Err(socket_failure(cx, "socketpair", stop, Subject::default())),
    }
}

/// Gives SOCK an address of its own: an address object, or a family and the parts of an address. Port 0 lets the system choose a
/// port. [Guile]
///
///     (bind (socket AF_INET SOCK_STREAM 0) AF_INET INADDR_LOOPBACK 0)
fn "bind" (cx, sock: PortArg, address: Value, ..parts) needs bind(address, parts) {
    let address = whole_address(cx, "bind", address, parts)?;
    on_socket_at(cx, "bind", sock, Some(&address), |socket, net| socket.bind(net, &address))
}

/// Marks SOCK as willing to accept connections; at most BACKLOG of them wait in line. [Guile]
///
///     (let ((s (socket AF_INET SOCK_STREAM 0))) (listen s 5))
fn "listen" (cx, sock: PortArg, backlog: Int) needs listen(sock) {
    let backlog = backlog.c_int(cx, "listen", 2, "backlog")?;
    on_socket(cx, "listen", sock, |socket, net| socket.listen(net, backlog))
}

/// Takes the next connection that waits for SOCK: a pair of its new port and the other end's address. With nobody waiting, it
/// waits for somebody, or answers #f if SOCK is non-blocking. FLAGS may have SOCK_NONBLOCK and SOCK_CLOEXEC for the new port.
/// [Guile]
///
///     (let ((s (socket AF_INET SOCK_STREAM 0)) (c (socket AF_INET SOCK_STREAM 0))) (bind s AF_INET INADDR_LOOPBACK 0) (listen s 1) (connect c (getsockname s)) (port? (car (accept s))))  => #t
fn "accept" (cx, sock: PortArg, [flags: Int]) needs room {
    let flags = flags_of(cx, "accept", 2, flags)?;
    let Some((socket, peer)) = on_socket(cx, "accept", sock, |socket, net| socket.accept(net, flags))? else {
        return Ok(Value::FALSE);
    };
    let address = peer.as_ref().map_or(Value::FALSE, |peer| address_value(cx, peer));
    let port = socket_value(cx, socket, peer);
    cx.heap.cons(port, address)
}

/// Connects SOCK to an address, given as an object or as a family and its parts: #t when that is done, #f when SOCK is
/// non-blocking and the connection is under way. On a datagram socket it sets the only peer; AF_UNSPEC dissolves that. [Guile]
///
///     (connect sock AF_INET "127.0.0.1" 7007)
fn "connect" (cx, sock: PortArg, address: Value, ..parts) needs connect(address, parts) {
    let address = whole_address(cx, "connect", address, parts)?;
    let connected = on_socket_at(cx, "connect", sock, Some(&address), |socket, net| socket.connect(net, &address))?;
    if let Some(object) = cx.heap.external_mut::<PortObject>(sock.0) {
        object.set_peer(Some(address).filter(|address| address.family() != libc::AF_UNSPEC));
    }
    connected
}

/// Ends directions of the connection of SOCK: reading for HOW 0, writing for 1, both for 2. The other end reads what was sent,
/// and then the end. What a buffered port has not written yet is not sent: use force-output before. [Guile]
///
///     (let ((p (socketpair AF_UNIX SOCK_STREAM 0))) (shutdown (car p) 1) (read-char (cdr p)))  => #<eof>
fn "shutdown" (cx, sock: PortArg, how: Int) {
    let number = number::integer_to_i64(&cx.heap, how.0);
    let Some(number) = number.filter(|number| (0..=2).contains(number)) else {
        let range = "0 (reading), 1 (writing) or 2 (both)";
        return out_of_range(cx, "shutdown", 2, "how", range, how.0);
    };
    on_socket(cx, "shutdown", sock, |socket, net| socket.shutdown(net, number as i32))
}

/// The address of SOCK itself. [Guile]
///
///     (getsockname (socket AF_INET SOCK_STREAM 0))  => #(2 0 0)
fn "getsockname" (cx, sock: PortArg) {
    let address = on_socket(cx, "getsockname", sock, Socket::local_address)?;
    address.map(|address| address_value(cx, &address))
}

/// The address of the other end of SOCK. [Guile]
///
///     (getpeername (car (socketpair AF_UNIX SOCK_STREAM 0)))  => #(1 #f)
fn "getpeername" (cx, sock: PortArg) {
    let address = on_socket(cx, "getpeername", sock, Socket::peer_address)?;
    address.map(|address| address_value(cx, &address))
}

/// Sends MESSAGE, a bytevector, or a string of which each character is a byte, and answers how many bytes were taken: all of them,
/// unless SOCK is non-blocking. FLAGS are MSG_ numbers; START and END select a part of MESSAGE. [Guile]
///
///     (let ((p (socketpair AF_UNIX SOCK_STREAM 0))) (send (car p) #u8(1 2 3)))  => 3
fn "send" (cx, sock: PortArg, message: Value, [flags: Int], [start: usize], [end: usize]) first send_at_once {
    let flags = flags_of(cx, "send", 3, flags)?;
    let (from, to) = message_range(cx, "send", message, 4, start, end)?;
    let sent = outgoing(cx, "send", sock, message, (from, to), None, |socket, net, bytes| {
        socket.send(net, bytes, flags, Asker::Script)
    })?;
    if sent == to - from {
        return Ok(Value::fixnum(sent as i64));
    }
    rest_of_send(cx, sock, message, flags, (from, to), sent)
}

/// The rest of a `send` that was told to wait: TOTAL bytes are sent, and those from START to END are not.
fn "%send-rest" (cx, sock: PortArg, message: Value, flags: i64, start: usize, end: usize, total: usize) {
    let (from, to) = message_range(cx, "send", message, 4, Some(start), Some(end))?;
    let answer = outgoing(cx, "send", sock, message, (from, to), None, |socket, net, bytes| {
        socket.send(net, bytes, flags as i32, Asker::Script)
    });
    match answer {
        Ok(sent) => rest_of_send(cx, sock, message, flags as i32, (start.saturating_sub(total), to), total + sent),
        Err(exit) if matches!(*exit, Exit::Wait(_) | Exit::Interrupted) => Err(exit),
        // As in the kernel: what was sent is the answer, and the next call meets the error.
        Err(_) => Ok(Value::fixnum(total as i64)),
    }
}

/// Receives into BUF, a bytevector or a string that can be changed, what there is, at most from START to END: the number of
/// bytes, 0 at the end of a stream. With nothing there, it waits. In a string each byte is a character. [Guile]
///
///     (let ((p (socketpair AF_UNIX SOCK_STREAM 0))) (send (car p) #u8(1 2 3)) (recv! (cdr p) (make-bytevector 9)))  => 3
fn "recv!" (cx, sock: PortArg, buf: Value, [flags: Int], [start: usize], [end: usize]) first receive_at_once {
    incoming(cx, "recv!", sock, buf, flags, (start, end), |socket, net, room, flags| {
        socket.receive(net, room, flags, Asker::Script)
    })
}

/// Sends MESSAGE to an address, given as an object or as a family and its parts; then FLAGS, START and END may follow as for `send`.
/// With AF_INET6, flow and scope come before the flags. Answers how many bytes were taken. [Guile]
///
///     (sendto sock #u8(1 2 3) AF_INET INADDR_LOOPBACK 7007)
fn "sendto" (cx, sock: PortArg, message: Value, address: Value, ..parts) needs send(address, parts) {
    // A message of the wrong type is met before a wrong address.
    message_range(cx, "sendto", message, 2, None, None)?;
    let (address, used) = match address.is_vector() {
        true => (address_of_vector(cx, "sendto", 3, address)?, 1),
        false => take_address(cx, "sendto", 3, &with_first(address, parts))?,
    };
    let more = parts.get(used - 1..).unwrap_or_default();
    let position = 3 + used;
    let flags = match more.first() {
        Some(&v) if v != Value::DEFAULT => integer(cx, "sendto", position, "flags", v)?.c_int(cx, "sendto", position, "flags")?,
        _ => 0,
    };
    let start = more.get(1).map(|&v| count(cx, "sendto", position + 1, "start", v)).transpose()?;
    let end = more.get(2).map(|&v| count(cx, "sendto", position + 2, "end", v)).transpose()?;
    let window = message_range(cx, "sendto", message, position + 1, start, end)?;
    outgoing(cx, "sendto", sock, message, window, Some(&address), |socket, net, bytes| {
        socket.send_to(net, bytes, flags, &address, Asker::Script)
    })
}

/// Receives as recv! does: a pair of the number of bytes and the sender's address, #f if the sender has none. [Guile]
///
///     (let ((p (socketpair AF_UNIX SOCK_DGRAM 0))) (send (car p) #u8(1 2)) (recvfrom! (cdr p) (make-bytevector 9)))  => (2 . #f)
fn "recvfrom!" (cx, sock: PortArg, buf: Value, [flags: Int], [start: usize], [end: usize]) {
    let (count, sender) = incoming(cx, "recvfrom!", sock, buf, flags, (start, end), |socket, net, room, flags| {
        socket.receive_from(net, room, flags, Asker::Script)
    })?;
    let sender = sender.map_or(Value::FALSE, |address| address_value(cx, &address));
    cx.heap.cons(Value::fixnum(count as i64), sender)
}
}

/// A socket as a port.
pub fn socket_value(cx: &mut Cx, socket: Socket, peer: Option<Address>) -> Value {
    let mut port = Port::of_socket(socket);
    super::ports::settle_known(cx, &mut port);
    let mut object = PortObject::new(port);
    object.set_peer(peer);
    cx.heap.external(Box::new(object))
}

/// Makes a call on the socket that a port stands on.
pub(super) fn on_socket<T>(
    cx: &mut Cx,
    who: &str,
    sock: PortArg,
    call: impl FnOnce(&Socket, &mut Net) -> net::Result<T>,
) -> Answer<T> {
    on_socket_at(cx, who, sock, None, call)
}

/// The same for a call that is about an address.
pub(super) fn on_socket_at<T>(
    cx: &mut Cx,
    who: &str,
    sock: PortArg,
    address: Option<&Address>,
    call: impl FnOnce(&Socket, &mut Net) -> net::Result<T>,
) -> Answer<T> {
    let Cx { heap, net, .. } = cx;
    let answer = match heap.external_mut::<PortObject>(sock.0).and_then(|object| object.port.socket()) {
        Some(socket) => call(socket, net),
        None => return Err(no_socket(cx, who, sock)),
    };
    answer.map_err(|stop| call_failure(cx, who, sock, address, stop))
}

#[cold]
fn no_socket(cx: &mut Cx, who: &str, sock: PortArg) -> Box<Exit> {
    let at = Use::of(who, 1, sock);
    let facts = at.ask(cx, |port| (port.is_closed(), port.is_memory(), port.name.to_string()));
    match facts {
        Ok((true, ..)) => port_failure(cx, at, PortError::Closed),
        Ok((_, false, name)) => {
            let subject = Subject { socket: Some(sock.0), operation: Some(who), ..Subject::default() };
            socket_failure(cx, who, Error::new("sock", libc::ENOTSOCK).at(name).into(), subject)
        }
        _ => match wrong_type::<Value>(cx, who, 1, "sock", "a socket port", sock.0) {
            Err(exit) => exit,
            Ok(_) => Box::new(Exit::Interrupted),
        },
    }
}

/// What a call that did not finish comes to. Without an address of its own it names the other end, if that is known.
#[cold]
fn call_failure(cx: &mut Cx, who: &str, sock: PortArg, address: Option<&Address>, stop: Stop) -> Box<Exit> {
    let peer = cx.heap.external_mut::<PortObject>(sock.0).and_then(|object| object.peer());
    let address = address.or(peer.as_ref());
    let stop = match address {
        Some(address) => stop.at(address),
        None => stop,
    };
    socket_failure(cx, who, stop, Subject { socket: Some(sock.0), address, operation: None })
}

/// The arguments of an address: its family or object, and the rest.
fn with_first(first: Value, parts: &[Value]) -> SmallVec<[Value; 8]> {
    std::iter::once(first).chain(parts.iter().copied()).collect()
}

/// An address that must be all of the arguments from the second on.
fn whole_address(cx: &mut Cx, who: &str, first: Value, parts: &[Value]) -> Answer<Address> {
    let args = with_first(first, parts);
    let (address, used) = take_address(cx, who, 2, &args)?;
    match args.get(used) {
        // Guile ignores what stands behind the parts, but not behind an object.
        Some(_) if first.is_vector() => {
            wrong_type(cx, who, 2, "address", "a family, with these parts behind it", first)
        }
        _ => Ok(address),
    }
}

pub(super) fn flags_of(cx: &mut Cx, who: &str, position: usize, flags: Option<Int>) -> Answer<i32> {
    flags.map_or(Ok(0), |flags| flags.c_int(cx, who, position, "flags"))
}

pub(super) fn integer(cx: &mut Cx, who: &str, position: usize, name: &str, v: Value) -> Answer<Int> {
    match Int::take(cx, v) {
        Some(int) => Ok(int),
        None => wrong_type(cx, who, position, name, Int::EXPECTED, v),
    }
}

pub(super) fn count(cx: &mut Cx, who: &str, position: usize, name: &str, v: Value) -> Answer<usize> {
    match usize::take(cx, v) {
        Some(count) => Ok(count),
        None => wrong_type(cx, who, position, name, usize::EXPECTED, v),
    }
}

// ---- messages and buffers --------------------------------------------------------------------------------------------

const MESSAGE: &str = "a bytevector or a string";

/// The descriptor of a value that is an open socket.
#[inline(always)]
fn socket_number(cx: &mut Cx, sock: Value) -> Option<RawFd> {
    cx.heap.external_mut::<PortObject>(sock)?.port.socket().map(Socket::fd)
}

/// `send` of a whole bytevector.
#[inline(always)]
fn send_at_once(cx: &mut Cx, args: &[Value]) -> Option<Answer> {
    let &[sock, message] = args else { return None };
    let fd = socket_number(cx, sock)?;
    let bytes = cx.heap.bytes(message)?;
    let size = bytes.len();
    let sent = Socket::send_at_once(&mut cx.net, fd, bytes)?;
    match sent == size {
        true => Some(Ok(Value::fixnum(sent as i64))),
        false => Some(rest_of_send(cx, PortArg(sock), message, 0, (0, size), sent)),
    }
}

/// `recv!` into a whole bytevector.
#[inline(always)]
fn receive_at_once(cx: &mut Cx, args: &[Value]) -> Option<Answer> {
    let &[sock, buf] = args else { return None };
    let fd = socket_number(cx, sock)?;
    let room = cx.heap.bytes_mut(buf)?;
    let received = Socket::receive_at_once(&mut cx.net, fd, room)?;
    Some(Ok(Value::fixnum(received as i64)))
}

/// The part of a message that is meant; `position` is that of its start.
pub(super) fn message_range(
    cx: &mut Cx,
    who: &str,
    message: Value,
    position: usize,
    start: Option<usize>,
    end: Option<usize>,
) -> Answer<(usize, usize)> {
    let length = match cx.heap.bytes(message) {
        Some(bytes) => bytes.len(),
        None if message.is_string() => cx.heap.string_length(message),
        None => return wrong_type(cx, who, 2, "message", MESSAGE, message),
    };
    range(cx, who, position, start, end, length)
}

/// Hands a message's bytes to a call, which may be about an address.
pub(super) fn outgoing<T>(
    cx: &mut Cx,
    who: &str,
    sock: PortArg,
    message: Value,
    (from, to): (usize, usize),
    address: Option<&Address>,
    call: impl FnOnce(&Socket, &mut Net, &[u8]) -> net::Result<T>,
) -> Answer<T> {
    let converted = match message.is_string() {
        true => latin1_bytes(cx, who, message, (from, to))?,
        false => Vec::new(),
    };
    let Cx { heap, net, .. } = cx;
    let answer = heap.with_external::<PortObject, _>(sock.0, |object, heap: &mut Heap| {
        let bytes = match heap.bytes(message) {
            Some(bytes) => bytes.get(from..to).unwrap_or_default(),
            None => &converted,
        };
        object.port.socket().map(|socket| call(socket, net, bytes))
    });
    match answer.flatten() {
        Some(answer) => answer.map_err(|stop| call_failure(cx, who, sock, address, stop)),
        None => Err(no_socket(cx, who, sock)),
    }
}

/// A string as bytes: each character is one.
#[inline(never)]
fn latin1_bytes(cx: &mut Cx, who: &str, message: Value, (from, to): (usize, usize)) -> Answer<Vec<u8>> {
    let chars = cx.heap.watch(cx.heap.substring(message, from, to).chars());
    let bytes: Result<Vec<u8>, char> = chars.map(|char| u8::try_from(char).map_err(|_| char)).collect();
    cx.check_interrupt()?;
    bytes.or_else(|char| not_bytes(cx, who, message, char))
}

#[cold]
fn not_bytes<T>(cx: &mut Cx, who: &str, message: Value, char: char) -> Answer<T> {
    let shown = cx.show(Value::char(char));
    let text =
        format!("the string has the character {shown}, which is not one byte: (string->utf8 string) gives its bytes");
    cx.fail(|make| {
        let condition = make.misc(who, &text);
        let irritants = make.heap.list(&[message]);
        make.heap.set_field(condition, crate::value::condition::IRRITANTS, irritants);
        condition
    })
}

/// The answer of a `send` that has come so far, or its going on: a socket that blocks takes all, whoever else must run
/// meanwhile.
#[inline(never)]
pub(super) fn rest_of_send(
    cx: &mut Cx,
    sock: PortArg,
    message: Value,
    flags: i32,
    (from, to): (usize, usize),
    sent: usize,
) -> Answer {
    if from + sent >= to || flags & libc::MSG_DONTWAIT != 0 {
        return Ok(Value::fixnum(sent as i64));
    }
    let fd = cx.heap.external_mut::<PortObject>(sock.0).and_then(|object| object.port.fd());
    match cx.builtin("%send-rest").filter(|_| !fd.is_some_and(is_non_blocking)) {
        Some(procedure) => {
            let numbers = [i64::from(flags), (from + sent) as i64, to as i64, sent as i64].map(Value::fixnum);
            let args = [sock.0, message].into_iter().chain(numbers).collect();
            Err(Box::new(Exit::TailCall(procedure, args)))
        }
        None => Ok(Value::fixnum(sent as i64)),
    }
}

/// Lets a call fill a buffer.
pub(super) fn incoming<T: Outcome>(
    cx: &mut Cx,
    who: &str,
    sock: PortArg,
    buf: Value,
    flags: Option<Int>,
    (start, end): (Option<usize>, Option<usize>),
    call: impl FnOnce(&Socket, &mut Net, &mut [u8], i32) -> net::Result<T>,
) -> Answer<T> {
    let flags = flags_of(cx, who, 3, flags)?;
    let length = match cx.heap.bytes(buf) {
        Some(bytes) => bytes.len(),
        None if buf.is_string() && !buf.is_immutable() => cx.heap.string_length(buf),
        None => {
            return wrong_type(
                cx,
                who,
                2,
                "buf",
                "a bytevector, or a string that can be changed (a literal cannot)",
                buf,
            );
        }
    };
    let (from, to) = range(cx, who, 4, start, end, length)?;
    let mut characters = Vec::new();
    if buf.is_string() {
        cx.admit(to - from)?;
        characters.resize(to - from, 0);
    }
    let Cx { heap, net, .. } = cx;
    let answer = heap.with_external::<PortObject, _>(sock.0, |object, heap: &mut Heap| {
        let socket = object.port.socket()?;
        let room = match heap.bytes_mut(buf) {
            Some(bytes) => bytes.get_mut(from..to).unwrap_or_default(),
            None => &mut characters,
        };
        Some(call(socket, net, room, flags))
    });
    let answer = match answer.flatten() {
        Some(answer) => answer.map_err(|stop| call_failure(cx, who, sock, None, stop))?,
        None => return Err(no_socket(cx, who, sock)),
    };
    if buf.is_string() {
        let text: String = characters.iter().take(answer.moved()).map(|byte| char::from(*byte)).collect();
        cx.heap.string_splice(buf, from, from + text.chars().count(), &text)?;
    }
    Ok(answer)
}
