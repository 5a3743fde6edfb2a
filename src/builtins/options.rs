//! Options of sockets as values: numbers, pairs for small structures, association lists for what the kernel tells, and
//! bytevectors for everything else.

use super::addresses::{Int, inet, inet6, interface, unsigned_value};
use super::declare::{Argument, out_of_range, wrong_type};
use super::port_value::PortArg;
use super::sockets::{integer, on_socket};
use crate::builtins;
use crate::net::option::{self, Layout};
use crate::value::{Value, number};
use crate::vm::cx::{Answer, Cx};

builtins! { OPTIONS;

/// The value of option NAME of LEVEL of SOCK: a number; a pair for SO_LINGER (on and seconds) and for SO_RCVTIMEO and SO_SNDTIMEO
/// (seconds and microseconds); an association list for SO_PEERCRED and TCP_INFO; a string for TCP_CONGESTION and SO_BINDTODEVICE. With SIZE,
/// the value's bytes as they are, at most so many. [Guile]
///
///     (getsockopt (socket AF_INET SOCK_STREAM 0) SOL_SOCKET SO_TYPE)  => 1
///     (getsockopt (socket AF_INET SOCK_STREAM 0) SOL_SOCKET SO_LINGER)  => (0 . 0)
fn "getsockopt" (cx, sock: PortArg, level: Int, name: Int, [size: usize]) {
    let level = level.c_int(cx, "getsockopt", 2, "level")?;
    let name = name.c_int(cx, "getsockopt", 3, "name")?;
    if let Some(size) = size.filter(|size| *size > option::SIZE_LIMIT) {
        let limit = format!("at most {}", option::SIZE_LIMIT);
        return out_of_range(cx, "getsockopt", 4, "size", &limit, Value::fixnum(size as i64));
    }
    let value = on_socket(cx, "getsockopt", sock, |socket, net| socket.option(net, level, name, size))?;
    option_value(cx, value)
}

/// Sets option NAME of LEVEL of SOCK to VALUE: a number; a pair for SO_LINGER (on and seconds), for SO_RCVTIMEO and SO_SNDTIMEO
/// (seconds and microseconds), and for joining and leaving groups (addresses of group and interface; for IPv6, the group's address and the
/// interface's number or name); a string for TCP_CONGESTION and SO_BINDTODEVICE. A bytevector is handed over as it is. [Guile]
///
///     (setsockopt (socket AF_INET SOCK_STREAM 0) SOL_SOCKET SO_REUSEADDR 1)
fn "setsockopt" (cx, sock: PortArg, level: Int, name: Int, value: Value) needs option(level, name) {
    let level = level.c_int(cx, "setsockopt", 2, "level")?;
    let name = name.c_int(cx, "setsockopt", 3, "name")?;
    let value = take_option(cx, option::layout(level, name), value)?;
    on_socket(cx, "setsockopt", sock, |socket, net| socket.set_option(net, level, name, &value))
}
}

fn option_value(cx: &mut Cx, value: option::Value) -> Value {
    let number = |n: i64| Value::fixnum(n);
    match value {
        option::Value::Int(n) => number(n.into()),
        option::Value::Linger { on, seconds } => cx.heap.cons(number(on.into()), number(seconds.into())),
        option::Value::Time { seconds, micros } => {
            cx.heap.cons(number::integer_from_i64(&cx.heap, seconds), number(micros))
        }
        option::Value::Address(address) => number(address.into()),
        option::Value::Membership { group, interface } => cx.heap.cons(number(group.into()), number(interface.into())),
        option::Value::Membership6 { group, interface } => {
            let group = unsigned_value(cx, group);
            cx.heap.cons(group, number(interface.into()))
        }
        option::Value::Credentials { pid, uid, gid } => {
            let numbers = [("pid", pid.into()), ("uid", uid.into()), ("gid", gid.into())];
            let entries = numbers.map(|(name, n)| entry(cx, name, number(n)));
            cx.heap.list(&entries)
        }
        option::Value::Text(name) => cx.heap.string(&name),
        option::Value::Info { state, numbers } => {
            let state = Value::symbol(cx.symbols.intern(state));
            let mut entries = vec![entry(cx, "state", state)];
            for (name, n) in numbers {
                let n = unsigned_value(cx, n.into());
                entries.push(entry(cx, name, n));
            }
            cx.heap.list(&entries)
        }
        option::Value::Bytes(bytes) => cx.heap.bytevector(&bytes),
    }
}

fn entry(cx: &mut Cx, name: &str, value: Value) -> Value {
    let name = Value::symbol(cx.symbols.intern(name));
    cx.heap.cons(name, value)
}

fn take_option(cx: &mut Cx, layout: Layout, v: Value) -> Answer<option::Value> {
    let (who, at, name) = ("setsockopt", 4, "value");
    if let Some(bytes) = cx.heap.bytes(v) {
        return Ok(option::Value::Bytes(bytes.to_vec()));
    }
    let expected = match layout {
        Layout::Int => Int::EXPECTED,
        Layout::Address => "an IPv4 address",
        Layout::Linger => "a pair of on (1) or off (0) and seconds, such as (1 . 10)",
        Layout::Time => "a pair of seconds and microseconds, such as (1 . 500000)",
        Layout::Membership => "a pair of the addresses of group and interface",
        Layout::Membership6 => "a pair of the group's address and the interface's number or name",
        Layout::Interface => "an interface's number or name",
        Layout::Text => "a name: a string",
        Layout::Credentials | Layout::Info => "a bytevector; this option is for reading",
    };
    let Some((first, second)) = v.as_pair() else {
        return match layout {
            Layout::Int => match Int::take(cx, v) {
                Some(int) => int.c_int(cx, who, at, name).map(option::Value::Int),
                None => wrong_type(cx, who, at, name, expected, v),
            },
            Layout::Address => inet(cx, who, at, name, v).map(option::Value::Address),
            Layout::Interface => interface(cx, who, at, name, v).map(|n| option::Value::Int(n as i32)),
            Layout::Text => match cx.heap.str(v) {
                Some(text) => Ok(option::Value::Text(text.to_string())),
                None => wrong_type(cx, who, at, name, expected, v),
            },
            _ => wrong_type(cx, who, at, name, expected, v),
        };
    };
    let int = |cx: &mut Cx, v: Value| integer(cx, who, at, name, v)?.c_int(cx, who, at, name);
    let long = |cx: &mut Cx, v: Value| {
        let int = integer(cx, who, at, name, v)?;
        match number::integer_to_i64(&cx.heap, int.0) {
            Some(n) => Ok(n),
            None => out_of_range(cx, who, at, name, "an integer of 64 bits", v),
        }
    };
    Ok(match layout {
        Layout::Linger => option::Value::Linger { on: int(cx, first)?, seconds: int(cx, second)? },
        Layout::Time => option::Value::Time { seconds: long(cx, first)?, micros: long(cx, second)? },
        Layout::Membership => option::Value::Membership {
            group: inet(cx, who, at, name, first)?,
            interface: inet(cx, who, at, name, second)?,
        },
        Layout::Membership6 => {
            let (group, _) = inet6(cx, who, at, name, first)?;
            option::Value::Membership6 { group, interface: interface(cx, who, at, name, second)? }
        }
        _ => return wrong_type(cx, who, at, name, expected, v),
    })
}
