//! Streams over socket handles: a second, buffered port on the descriptor of a first, unbuffered one, which can be put on
//! another (stdlib/lispworks).
//!
//! On such a stream the socket's time limits (SO_RCVTIMEO, SO_SNDTIMEO) mean to a reader that nothing more has come, an
//! end of the input after which more may follow, and to a writer &socket-timeout-error.

use super::declare::{Str, wrong_type};
use super::port_value::{PortArg, PortObject, Use, port_failure, port_value};
use crate::builtins;
use crate::port::{Buffering, Descriptor, Device, Port, PortError, Ways};
use crate::value::Value;
use crate::vm::cx::{Answer, Cx};

builtins! { STREAMS;

/// A new buffered port on the descriptor of HANDLE, which both own: either closes it. MODE is "r", "w" or "r+".
fn "%make-stream" (cx, handle: PortArg, mode: Str) {
    let ways = match cx.heap.str(mode.0) {
        Some("r") => Ways::INPUT,
        Some("w") => Ways::OUTPUT,
        _ => Ways::BOTH,
    };
    let device = shared(cx, "make-socket-stream", handle.0)?;
    Ok(port_value(cx, Port::new("socket-stream", device, ways, Buffering::BLOCK)))
}

/// Puts STREAM on the descriptor of HANDLE, or with #f on none; what it stood on stays open.
fn "%set-stream-handle!" (cx, stream: PortArg, handle: Value) {
    let device = if handle.is_true() { shared(cx, "replace-socket-stream-socket", handle)? } else { Box::new(Descriptor::closed()) };
    if let Some(object) = cx.heap.external_mut::<PortObject>(stream.0)
        && let Some(mut old) = object.port.replace_device(device)
    {
        old.release();
        object.set_peer(None);
    }
    Ok(Value::UNSPECIFIED)
}

/// The bytes that PORT has read ahead, as a bytevector; they are somebody else's from now on.
fn "%take-read-ahead!" (cx, port: PortArg) {
    let bytes = Use::of("%take-read-ahead!", 1, port).ask(cx, |port| {
        let bytes = port.read_ahead().to_vec();
        port.forget_input();
        bytes
    })?;
    cx.heap.bytevector(&bytes)
}
}

/// A device on the descriptor of a port that stays on it.
fn shared(cx: &mut Cx, who: &str, handle: Value) -> Answer<Box<dyn Device>> {
    let found = cx.heap.external_mut::<PortObject>(handle).map(|object| {
        object.port.set_quiet();
        (object.port.fd(), object.port.share())
    });
    let device = match found {
        Some((Some(fd), Some(share))) => Descriptor::sharing(fd, share).map_err(PortError::from),
        Some(_) => Err(PortError::Closed),
        None => return wrong_type(cx, who, 1, "handle", "a socket port", handle),
    };
    match device {
        Ok(mut device) => {
            device.set_limited();
            device.set_quiet();
            Ok(Box::new(device))
        }
        Err(error) => Err(port_failure(cx, Use { who, position: 1, port: handle }, error)),
    }
}
