//! One attempt at a call on a socket, which never waits whatever the socket's flags say: what event loops written in
//! Scheme are made of (stdlib/lispworks).
//!
//! Where the call would have to wait the answer is #f; where it fails, the condition: in a loop both are events like any
//! other, and neither is raised.

use super::addresses::{address_value, take_address};
use super::port_value::{PortArg, PortObject};
use super::sockets::{incoming, message_range, on_socket, on_socket_at, outgoing, socket_value};
use crate::builtins;
use crate::net::call::Outcome;
use crate::net::{self, Asker, Stop};
use crate::value::Value;
use crate::vm::cx::{Answer, Cx, Exit};
use nix::libc;

builtins! { ATTEMPTS;

/// Receives what SOCK has into BUF from START to END: the number of bytes, 0 at the end of a stream.
fn "%try-recv!" (cx, sock: PortArg, buf: Value, start: usize, end: usize) {
    let received = incoming(cx, "recv!", sock, buf, None, (Some(start), Some(end)), |socket, net, room, _| {
        unless_waiting(socket.receive(net, room, libc::MSG_DONTWAIT, Asker::Script))
    });
    told(cx, received, counted)
}

/// The same, as a pair of the number of bytes and the sender's address, #f if the sender has none.
fn "%try-recvfrom!" (cx, sock: PortArg, buf: Value, start: usize, end: usize) {
    let received = incoming(cx, "recvfrom!", sock, buf, None, (Some(start), Some(end)), |socket, net, room, _| {
        unless_waiting(socket.receive_from(net, room, libc::MSG_DONTWAIT, Asker::Script))
    });
    told(cx, received, |cx, (count, sender)| {
        let sender = sender.map_or(Value::FALSE, |address| address_value(cx, &address));
        cx.heap.cons(Value::fixnum(count as i64), sender)
    })
}

/// Sends MESSAGE from START to END over SOCK: how many bytes were taken.
fn "%try-send" (cx, sock: PortArg, message: Value, start: usize, end: usize) {
    let window = message_range(cx, "send", message, 3, Some(start), Some(end))?;
    let sent = outgoing(cx, "send", sock, message, window, None, |socket, net, bytes| {
        unless_waiting(socket.send(net, bytes, libc::MSG_DONTWAIT, Asker::Script))
    });
    told(cx, sent, counted)
}

/// The same to ADDRESS, an address object.
fn "%try-sendto" (cx, sock: PortArg, message: Value, address: Value, start: usize, end: usize) needs peer(address) {
    let window = message_range(cx, "sendto", message, 4, Some(start), Some(end))?;
    let (address, _) = take_address(cx, "sendto", 3, &[address])?;
    let sent = outgoing(cx, "sendto", sock, message, window, Some(&address), |socket, net, bytes| {
        unless_waiting(socket.send_to(net, bytes, libc::MSG_DONTWAIT, &address, Asker::Script))
    });
    told(cx, sent, counted)
}

/// Takes the next connection that waits for SOCK: a pair of its new port, closed when another program is executed, and the
/// other end's address.
fn "%try-accept" (cx, sock: PortArg) needs room {
    let accepted = on_socket(cx, "accept", sock, |socket, net| unless_waiting(socket.accept_at_once(net, libc::SOCK_CLOEXEC)));
    told(cx, accepted, |cx, (socket, peer)| {
        let address = peer.as_ref().map_or(Value::FALSE, |peer| address_value(cx, peer));
        let port = socket_value(cx, socket, peer);
        cx.heap.cons(port, address)
    })
}

/// Begins to connect SOCK to ADDRESS, an address object: #t if that is done; if it is #f, SOCK can be written when it is, and
/// its SO_ERROR tells how it went.
fn "%try-connect" (cx, sock: PortArg, address: Value) needs peer(address) {
    let (address, _) = take_address(cx, "connect", 2, &[address])?;
    let connected = on_socket_at(cx, "connect", sock, Some(&address), |socket, net| {
        socket.connect_at_once(net, &address).map(|done| Attempt(Some(done)))
    });
    if let Some(object) = cx.heap.external_mut::<PortObject>(sock.0) {
        object.set_peer(Some(address));
    }
    told(cx, connected, |_, done| Value::bool(done))
}
}

/// What a call answered, or None where it would have had to wait.
struct Attempt<T>(Option<T>);

impl<T: Outcome> Outcome for Attempt<T> {
    fn moved(&self) -> usize {
        self.0.as_ref().map_or(0, Outcome::moved)
    }
}

fn unless_waiting<T>(answer: net::Result<T>) -> net::Result<Attempt<T>> {
    match answer {
        Err(Stop::Failed(error)) if error.errno() == Some(libc::EAGAIN) => Ok(Attempt(None)),
        answer => answer.map(|value| Attempt(Some(value))),
    }
}

fn counted(_: &mut Cx, moved: usize) -> Value {
    Value::fixnum(moved as i64)
}

/// The value of what a call answered, of its waiting, or of its failure.
fn told<T>(cx: &mut Cx, answer: Answer<Attempt<T>>, value: impl FnOnce(&mut Cx, T) -> Value) -> Answer {
    match answer {
        Ok(Attempt(None)) => Ok(Value::FALSE),
        Ok(Attempt(Some(answered))) => Ok(value(cx, answered)),
        Err(exit) => match *exit {
            Exit::Raise(condition) | Exit::Collect(condition) => Ok(condition),
            exit => Err(Box::new(exit)),
        },
    }
}
