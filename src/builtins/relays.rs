//! Ports whose bytes the program moves, seen from the program: what their procedures are handed and give back.
//!
//! A builtin that needs such a port's procedures does not call them: it leaves by `Exit::Errand`, and the port's own procedure
//! (made in stdlib/sockeye/ports.scm) does what is wanted, with the builtins below, and then calls the builtin again.

use super::declare::{Bytes, Procedure, Str, range};
use super::port_value::{InPort, OutPort, PortArg, Use, relay_value};
use super::ports::settle_new;
use super::text_io::decode;
use crate::builtins;
use crate::port::{Buffering, Encoding, Port, PortError, Relay, Strategy, Ways};
use crate::vm::cx::{Answer, Cx};

builtins! { RELAYS;

/// A port that PROCEDURE moves the bytes of; see errand_exit in port_value.rs. MODE has the letters r and w, and 0 for no buffer;
/// ENCODING is the name of its encoding, or #f for that of new ports.
fn "%make-relay-port" (cx, name: Str, mode: Str, encoding: crate::value::Value, procedure: Procedure) {
    let name = cx.heap.str(name.0).unwrap_or_default().to_string();
    let mode = cx.heap.str(mode.0).unwrap_or_default();
    let ways = Ways { input: mode.contains('r'), output: mode.contains('w'), ..Ways::BOTH };
    let buffering = if mode.contains('0') { Buffering::None } else { Buffering::Block(SIZE) };
    let mut port = Port::new(name, Box::new(Relay), ways, buffering);
    settle_new(cx, &mut port)?;
    if let Some(encoding) = cx.heap.str(encoding).and_then(Encoding::named) {
        port.set_encoding(encoding);
        if encoding == Encoding::Latin1 {
            // A port of bytes: what is no byte is an error.
            port.set_strategy(Strategy::Error);
        }
    }
    Ok(relay_value(cx, port, procedure.0))
}

/// Gives PORT the bytes of BYTEVECTOR from START to END as its further input; none mean the end.
fn "%port-feed!" (cx, port: InPort, bytevector: Bytes, start: usize, end: usize) {
    let length = cx.heap.bytes(bytevector.0).map_or(0, <[u8]>::len);
    let (from, to) = range(cx, "%port-feed!", 3, Some(start), Some(end), length)?;
    let bytes = cx.heap.bytes(bytevector.0).unwrap_or_default()[from..to].to_vec();
    feed(cx, port, &bytes)
}

/// Gives PORT the text STRING as its further input; an empty one means the end.
fn "%port-feed-string!" (cx, port: InPort, string: Str) {
    let text = cx.heap.str(string.0).unwrap_or_default().to_string();
    let at = Use { who: "%port-feed-string!", position: 1, port: port.0 };
    let bytes = at.run(cx, |port, _| {
        let mut bytes = Vec::new();
        port.encoding().encode(&text, port.strategy(), &mut bytes).map_err(PortError::Encode)?;
        Ok(bytes)
    })?;
    feed(cx, port, &bytes)
}

/// What waits to be written to PORT, as a bytevector.
fn "%port-waiting" (cx, port: OutPort) {
    let at = Use { who: "%port-waiting", position: 1, port: port.0 };
    let bytes = at.ask(cx, |port| port.waiting_bytes().to_vec())?;
    cx.heap.bytevector(&bytes)
}

/// The characters that wait to be written to PORT, as a string, and are now somebody else's.
fn "%port-take-waiting!" (cx, port: OutPort) {
    let at = Use { who: "%port-take-waiting!", position: 1, port: port.0 };
    let bytes = at.ask(cx, |port| {
        let bytes = port.waiting_bytes().to_vec();
        port.drop_waiting(bytes.len());
        (bytes, port.encoding())
    });
    let (bytes, encoding) = bytes?;
    decode(&cx.heap, &bytes, encoding, Strategy::Substitute)?.unwrap_or_default()
}

/// The first COUNT bytes that waited to be written to PORT are written.
fn "%port-written!" (cx, port: PortArg, count: usize) {
    Use::of("%port-written!", 1, port).ask(cx, |port| port.drop_waiting(count))
}
}

/// As large as Guile's, since it shows in what the program's procedures are asked for.
const SIZE: usize = 1024;

fn feed(cx: &mut Cx, port: InPort, bytes: &[u8]) -> Answer<()> {
    let at = Use { who: "%port-feed!", position: 1, port: port.0 };
    at.run(cx, |port, net| port.feed(net, bytes))
}
