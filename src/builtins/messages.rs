//! Messages with control messages, descriptors passed from process to process, and files sent whole.

use super::addresses::{Int, address_value, take_address};
use super::declare::{Argument, out_of_range, wrong_type};
use super::network_error::{Subject, socket_failure};
use super::port_value::{PortArg, PortObject, Use, port_failure, stopped};
use super::sockets::{count, flags_of, incoming, integer, message_range, outgoing, socket_value};
use crate::builtins;
use crate::net::call::is_non_blocking;
use crate::net::message::{self, Control};
use crate::net::{Mode, Socket};
use crate::permission::Access;
use crate::port::{Buffering, Descriptor, Port, Ways};
use crate::value::{Value, number};
use crate::vm::cx::{Answer, Cx, Exit};
use crate::vm::machine::list_items;
use nix::libc;
use std::os::fd::{AsRawFd, OwnedFd};

builtins! { MESSAGES;

/// Copies COUNT bytes from INPUT to OUT, ports or descriptors, without bringing them into the program: how many were copied, fewer at the
/// end of INPUT. With OFFSET, they come from there, and the place where INPUT is read stays. What INPUT has buffered is not seen. [Guile]
///
///     (sendfile socket file 1000)
fn "sendfile" (cx, out: Value, input: Value, count: Int, [offset: Int]) needs descriptor(out), descriptor(input) {
    let count = match usize::take(cx, count.0) {
        Some(count) => count,
        None => return out_of_range(cx, "sendfile", 3, "count", "a size", count.0),
    };
    let offset = match offset {
        None => None,
        Some(offset) => match number::integer_to_i64(&cx.heap, offset.0) {
            Some(offset) => Some(offset),
            None => return out_of_range(cx, "sendfile", 4, "offset", "a place in a file", offset.0),
        },
    };
    send_file(cx, out, input, count, offset, 0)
}

/// The rest of a `sendfile` that was told to wait: TOTAL bytes are copied, and COUNT are not.
fn "%sendfile-rest" (cx, out: Value, input: Value, count: usize, offset: Value, total: usize) needs descriptor(out), descriptor(input) {
    let offset = offset.as_fixnum();
    match send_file(cx, out, input, count, offset, total) {
        Err(exit) if !matches!(*exit, Exit::Wait(_) | Exit::TailCall(..)) => Ok(Value::fixnum(total as i64)),
        answer => answer,
    }
}

/// Sends MESSAGE, a bytevector or a string, together with CONTROLS, a list of control messages (LEVEL TYPE DATA), as one call. DATA is a
/// bytevector or an integer; for SOL_SOCKET and SCM_RIGHTS a list of ports and descriptors to pass; for SCM_CREDENTIALS the
/// numbers (PID UID GID). ADDRESS is an address object or #f. Answers how many bytes were taken.
///
///     (sendmsg sock #u8(0) (list (list SOL_SOCKET SCM_RIGHTS (list port))))
fn "sendmsg" (cx, sock: PortArg, message: Value, [controls: Value], [flags: Int], [address: Value]) needs message(controls, address) {
    let flags = flags_of(cx, "sendmsg", 4, flags)?;
    let window = message_range(cx, "sendmsg", message, 2, None, None)?;
    let controls = take_controls(cx, controls.unwrap_or(Value::NIL))?;
    let address = match address {
        Some(object) if object != Value::FALSE => Some(take_address(cx, "sendmsg", 5, &[object])?.0),
        _ => None,
    };
    outgoing(cx, "sendmsg", sock, message, window, address.as_ref(), |socket, net, bytes| {
        socket.send_message(net, bytes, &controls, flags, address.as_ref())
    })
}

/// Receives a message into BUF as recvfrom! does, with what came besides: a list of the number of bytes, the sender's address or #f, flags
/// (MSG_TRUNC: the message was longer), and control messages as `sendmsg` takes them. There is room for CONTROL-SIZE bytes of
/// these, 1024 if it is not given. Descriptors that came are ports, and are closed with them; a program that may not have them
/// does not get them.
///
///     (recvmsg sock (make-bytevector 100))
fn "recvmsg" (cx, sock: PortArg, buf: Value, [flags: Int], [control_size: usize], [start: usize], [end: usize]) {
    let size = control_size.unwrap_or(1024);
    if size > message::CONTROL_LIMIT {
        let limit = format!("at most {}", message::CONTROL_LIMIT);
        return out_of_range(cx, "recvmsg", 4, "control-size", &limit, Value::fixnum(size as i64));
    }
    let got = incoming(cx, "recvmsg", sock, buf, flags, (start, end), |socket, net, room, flags| {
        socket.receive_message(net, room, flags, size)
    })?;
    let sender = got.sender.map_or(Value::FALSE, |address| address_value(cx, &address));
    let mut controls = Vec::new();
    let whole = cx.permissions.whole(Access::Descriptors);
    // What is left out is closed here.
    for control in got.controls.into_iter().filter(|control| whole || !matches!(control, Control::Rights(_))) {
        controls.push(control_value(cx, control)?);
    }
    let controls = cx.heap.list(&controls);
    cx.heap.list(&[Value::fixnum(got.count as i64), sender, Value::fixnum(got.flags.into()), controls])
}
}

// ---- files -----------------------------------------------------------------------------------------------------------

fn send_file(cx: &mut Cx, out: Value, input: Value, size: usize, offset: Option<i64>, total: usize) -> Answer {
    let to = descriptor(cx, "sendfile", 1, "out", out)?;
    let from = descriptor(cx, "sendfile", 2, "input", input)?;
    let sent = match message::send_file(&mut cx.net, to, from, size, offset) {
        Ok(sent) => sent,
        Err(stop) if PortArg::take(cx, out).is_some() => {
            return Err(socket_failure(cx, "sendfile", stop, Subject { socket: Some(out), ..Subject::default() }));
        }
        Err(stop) => return Err(stopped(cx, "sendfile", stop, None)),
    };
    if sent == 0 || sent == size || cx.net.mode != Mode::Try {
        return Ok(Value::fixnum((total + sent) as i64));
    }
    match cx.builtin("%sendfile-rest").filter(|_| !is_non_blocking(to)) {
        Some(procedure) => {
            let offset = offset.map_or(Value::FALSE, |offset| Value::fixnum(offset + sent as i64));
            let (left, total) = (Value::fixnum((size - sent) as i64), Value::fixnum((total + sent) as i64));
            Err(Box::new(Exit::TailCall(procedure, vec![out, input, left, offset, total])))
        }
        None => Ok(Value::fixnum((total + sent) as i64)),
    }
}

/// The descriptor that a number or an open port stands for; what the port was told to write goes out first.
fn descriptor(cx: &mut Cx, who: &str, position: usize, name: &str, v: Value) -> Answer<i32> {
    if number::is_exact_integer(v) {
        return integer(cx, who, position, name, v)?.c_int(cx, who, position, name);
    }
    let expected = "a port over a descriptor, or a descriptor";
    let Some(port) = PortArg::take(cx, v) else { return wrong_type(cx, who, position, name, expected, v) };
    let at = Use::of(who, position, port);
    let (open, fd, waiting) = at.ask(cx, |port| (!port.is_closed(), port.fd(), port.waiting()))?;
    let Some(fd) = fd.filter(|_| open) else { return wrong_type(cx, who, position, name, expected, v) };
    if waiting > 0 {
        // Repeated as often as need be: the call is made again after a pause.
        let flushed = cx.heap.external_mut::<PortObject>(v).map(|object| object.port.flush(&mut cx.net));
        if let Some(Err(error)) = flushed {
            return Err(port_failure(cx, at, error));
        }
    }
    Ok(fd)
}

// ---- control messages ------------------------------------------------------------------------------------------------

fn take_controls(cx: &mut Cx, list: Value) -> Answer<Vec<u8>> {
    let (who, position, name) = ("sendmsg", 3, "controls");
    let expected = "a list of control messages (LEVEL TYPE DATA)";
    let mut bytes = Vec::new();
    for control in items(cx, position, name, expected, list)? {
        let parts: Vec<Value> = list_items(control).collect();
        let &[level, kind, data] = parts.as_slice() else {
            return wrong_type(cx, who, position, name, expected, control);
        };
        let level = integer(cx, who, position, name, level)?.c_int(cx, who, position, name)?;
        let kind = integer(cx, who, position, name, kind)?.c_int(cx, who, position, name)?;
        match (level, kind) {
            _ if data.is_bytevector() => {
                let data = cx.heap.bytes(data).unwrap_or_default();
                message::encode(&mut bytes, level, kind, data);
            }
            (libc::SOL_SOCKET, libc::SCM_RIGHTS) => {
                let mut descriptors = Vec::new();
                for item in items(cx, position, name, "a list of ports and descriptors", data)? {
                    descriptors.push(descriptor(cx, who, position, name, item)?);
                }
                message::encode_rights(&mut bytes, &descriptors);
            }
            (libc::SOL_SOCKET, libc::SCM_CREDENTIALS) => {
                let numbers = items(cx, position, name, "a list (PID UID GID)", data)?;
                let &[pid, uid, gid] = numbers.as_slice() else {
                    return wrong_type(cx, who, position, name, "a list (PID UID GID)", data);
                };
                let pid = integer(cx, who, position, name, pid)?.c_int(cx, who, position, name)?;
                let (uid, gid) = (count(cx, who, position, name, uid)?, count(cx, who, position, name, gid)?);
                let (Ok(uid), Ok(gid)) = (u32::try_from(uid), u32::try_from(gid)) else {
                    return out_of_range(cx, who, position, name, "numbers of 32 bits", data);
                };
                message::encode_credentials(&mut bytes, pid, uid, gid);
            }
            _ => {
                let number = integer(cx, who, position, name, data)?.c_int(cx, who, position, name)?;
                message::encode(&mut bytes, level, kind, &number.to_ne_bytes());
            }
        }
        if bytes.len() > message::CONTROL_LIMIT {
            return out_of_range(cx, who, position, name, "fewer control messages", list);
        }
    }
    Ok(bytes)
}

/// The elements of a proper list that is not longer than anybody needs.
fn items(cx: &mut Cx, position: usize, name: &str, expected: &str, list: Value) -> Answer<Vec<Value>> {
    const MOST: usize = 4096;
    let (mut items, mut rest) = (Vec::new(), list);
    while let Some((item, next)) = rest.as_pair() {
        items.push(item);
        rest = next;
        if items.len() > MOST {
            return out_of_range(cx, "sendmsg", position, name, "a shorter list", list);
        }
    }
    if rest.is_null() { Ok(items) } else { wrong_type(cx, "sendmsg", position, name, expected, list) }
}

fn control_value(cx: &mut Cx, control: Control) -> Answer {
    let (level, kind, data) = match control {
        Control::Rights(descriptors) => {
            let mut ports = Vec::new();
            for fd in descriptors {
                ports.push(descriptor_port(cx, fd)?);
            }
            (libc::SOL_SOCKET, libc::SCM_RIGHTS, cx.heap.list(&ports))
        }
        Control::Credentials { pid, uid, gid } => {
            let numbers = [pid.into(), uid.into(), gid.into()].map(Value::fixnum);
            (libc::SOL_SOCKET, libc::SCM_CREDENTIALS, cx.heap.list(&numbers))
        }
        Control::Other { level, kind, data } => (level, kind, cx.heap.bytevector(&data)),
    };
    Ok(cx.heap.list(&[Value::fixnum(level.into()), Value::fixnum(kind.into()), data]))
}

/// A descriptor that came from elsewhere as a port, open for what it allows.
fn descriptor_port(cx: &mut Cx, fd: OwnedFd) -> Answer {
    const BLOCK: usize = 4096;
    let flags = nix::fcntl::fcntl(&fd, nix::fcntl::FcntlArg::F_GETFL).unwrap_or(0) & libc::O_ACCMODE;
    if nix::sys::socket::getsockopt(&fd, nix::sys::socket::sockopt::SockType).is_ok() {
        return Ok(socket_value(cx, Socket::from_fd(fd), None));
    }
    let ways = match flags {
        libc::O_RDONLY => Ways::INPUT,
        libc::O_WRONLY => Ways::OUTPUT,
        _ => Ways::BOTH,
    };
    let number = fd.as_raw_fd();
    match Descriptor::new(fd) {
        Ok(device) => {
            let port = Port::new("file", Box::new(device), ways, Buffering::Block(BLOCK));
            Ok(super::port_value::port_value(cx, port))
        }
        Err(stop) => Err(stopped(cx, "recvmsg", stop.at_place(|| format!("descriptor {number}")), None)),
    }
}
