//! Failures of the network as conditions: what they carry besides Guile's key and arguments, and the tree they stand in.
//!
//! ```text
//! socket-error                       code identifier operation socket address phase
//! ├ socket-timeout-error             a limit of time ran out
//! │  └ socket-connection-timeout-error
//! ├ one type for each errno of TYPES
//! └ lookup-error                     datum
//!    ├ resolver-error
//!    │  └ resolver-no-name-error  resolver-again-error  resolver-fail-error  resolver-unknown-error
//!    └ unknown-service-error  unknown-protocol-error  unknown-interface-error
//! ```
//!
//! A type is a symbol among the condition's extras, where each of the fields stands, too, under its own name.

use super::addresses::address_value;
use super::declare::{ConditionArg, Str, Sym};
use super::port_value::{PortObject, stopped, waiter};
use crate::builtins;
use crate::net::database::Database;
use crate::net::resolve::{self, HostFailure};
use crate::net::{self, Address, Cause, Stop, errno};
use crate::value::condition::{DATA, EXTRA, KEY, Parts, TEXT};
use crate::value::{Kind, Value};
use crate::vm::cx::{Answer, Cx, Exit};
use crate::vm::machine::list_items;
use nix::libc;

builtins! { NETWORK_ERRORS;

/// What type of failure of the network OBJ is: a symbol such as socket-connection-refused-error, or socket-error where there is none for
/// its errno; #f if OBJ is no failure of the network.
///
///     (guard (e (#t (socket-error-type e))) (connect (socket AF_INET SOCK_STREAM 0) AF_UNIX "/no/such/file/anywhere"))  => socket-address-family-not-supported-error
///     (socket-error-type 42)  => #f
fn "socket-error-type" (cx, obj: Value) { error_type(cx, obj) }

/// Whether OBJ is a failure of the network of type KIND, a symbol, or of one below it.
///
///     (guard (e (#t (socket-error-is? e 'lookup-error))) (getservbyname "nosuch" "tcp"))  => #t
fn "socket-error-is?" (cx, obj: Value, kind: Sym) {
    let mut at = error_type(cx, obj).and_then(|own| own.as_symbol()).map(|own| cx.symbols.name(own).to_string());
    let wanted = kind.0.as_symbol().map(|wanted| cx.symbols.name(wanted).to_string());
    loop {
        match at {
            None => break false,
            _ if at == wanted => break true,
            Some(own) => at = parent(&own).map(str::to_string),
        }
    }
}

/// What is known of a failure under NAME, a symbol, besides its key and arguments; #f if nothing is.
///
///     (guard (e (#t (condition-extra e 'operation))) (socket 77 SOCK_STREAM 0))  => socket
fn "condition-extra" (cx, condition: ConditionArg, name: Sym) { extra(condition.0, name.0) }

/// The errno of CONDITION, #f if it has none.
fn "%condition-code" (cx, condition: ConditionArg) { code(cx, condition.0) }

/// Adds to what is known of CONDITION: VALUE under NAME, in place of what is known there.
fn "%note-condition!" (cx, condition: ConditionArg, name: Sym, value: Value) {
    let name = cx.symbols.name(name.0.as_symbol().expect("a symbol")).to_string();
    cx.maker().add_extra(condition.0, &name, value);
}

/// Makes TEXT the sentence that people are told of CONDITION.
fn "%set-condition-text!" (cx, condition: ConditionArg, text: Str) { cx.heap.set_field(condition.0, TEXT, text.0) }

/// The name of the errno NUMBER, a symbol, and its meaning, a string, as a pair.
fn "%errno-words" (cx, number: i64) {
    let number = i32::try_from(number).unwrap_or(0);
    let name = errno::name(number).map_or(Value::FALSE, |name| Value::symbol(cx.symbols.intern(name)));
    let text = cx.heap.string(&errno::text(number));
    cx.heap.cons(name, text)
}

/// The type of failures of the network with the errno NUMBER: a symbol such as socket-connection-refused-error.
fn "%errno-type" (cx, number: i64) {
    Value::symbol(cx.symbols.intern(type_of_errno(i32::try_from(number).unwrap_or(0))))
}
}

/// The errors of which each has a type; the names are IOLib's where it has one.
const TYPES: &[(i32, &str)] = &[
    (libc::EADDRINUSE, "socket-address-in-use-error"),
    (libc::EAFNOSUPPORT, "socket-address-family-not-supported-error"),
    (libc::EADDRNOTAVAIL, "socket-address-not-available-error"),
    (libc::ENETDOWN, "socket-network-down-error"),
    (libc::ENETRESET, "socket-network-reset-error"),
    (libc::ENETUNREACH, "socket-network-unreachable-error"),
    (libc::ENONET, "socket-no-network-error"),
    (libc::ECONNABORTED, "socket-connection-aborted-error"),
    (libc::ECONNRESET, "socket-connection-reset-error"),
    (libc::ECONNREFUSED, "socket-connection-refused-error"),
    (libc::ETIMEDOUT, "socket-connection-timeout-error"),
    (libc::EACCES, "socket-permission-error"),
    (libc::EPERM, "socket-permission-error"),
    (libc::EINPROGRESS, "socket-connection-in-progress-error"),
    (libc::ESHUTDOWN, "socket-endpoint-shutdown-error"),
    (libc::ENOBUFS, "socket-no-buffer-space-error"),
    (libc::EHOSTDOWN, "socket-host-down-error"),
    (libc::EHOSTUNREACH, "socket-host-unreachable-error"),
    (libc::EISCONN, "socket-already-connected-error"),
    (libc::ENOTCONN, "socket-not-connected-error"),
    (libc::ENOPROTOOPT, "socket-option-not-supported-error"),
    (libc::EOPNOTSUPP, "socket-operation-not-supported-error"),
    (libc::EPIPE, "socket-hangup-error"),
    (libc::EAGAIN, "socket-would-block-error"),
    (libc::EMSGSIZE, "socket-message-too-large-error"),
];

/// The call that failures of looking up an interface name.
pub const INTERFACE: &str = "interface";

const ROOT: &str = "socket-error";

/// The type right above one.
fn parent(name: &str) -> Option<&'static str> {
    Some(match name {
        ROOT => return None,
        "socket-connection-timeout-error" => "socket-timeout-error",
        "resolver-no-name-error" | "resolver-again-error" | "resolver-fail-error" | "resolver-unknown-error" => {
            "resolver-error"
        }
        "resolver-error" | "unknown-service-error" | "unknown-protocol-error" | "unknown-interface-error" => {
            "lookup-error"
        }
        _ => ROOT,
    })
}

fn type_of_errno(number: i32) -> &'static str {
    TYPES.iter().find(|(known, _)| *known == number).map_or(ROOT, |(_, name)| name)
}

fn type_of_code(code: i32, errno: i32) -> &'static str {
    match resolve::code_name(code) {
        Some("EAI_NONAME" | "EAI_NODATA" | "EAI_ADDRFAMILY") => "resolver-no-name-error",
        Some("EAI_AGAIN") => "resolver-again-error",
        Some("EAI_FAIL") => "resolver-fail-error",
        Some("EAI_SERVICE") => "unknown-service-error",
        Some("EAI_SYSTEM") => type_of_errno(errno),
        _ => "resolver-unknown-error",
    }
}

/// Which part of a socket's life a call belongs to.
fn phase(call: &str) -> Option<&'static str> {
    match call {
        "socket" | "socketpair" | "bind" | "listen" | "getsockopt" | "setsockopt" => Some("create"),
        "connect" => Some("connect"),
        "getaddrinfo" | "getnameinfo" | INTERFACE => None,
        _ => Some("io"),
    }
}

/// Whom and what a call was about, where that is known.
#[derive(Default)]
pub struct Subject<'a> {
    pub socket: Option<Value>,
    pub address: Option<&'a Address>,
    /// What was wanted, when no system call was made.
    pub operation: Option<&'a str>,
}

/// What a call on a socket that did not finish comes to.
#[cold]
pub fn socket_failure(cx: &mut Cx, who: &str, stop: Stop, subject: Subject<'_>) -> Box<Exit> {
    if let (&Stop::Wait(fd, interest), Some(socket)) = (&stop, subject.socket)
        && let Some(asked) = waiter(cx, socket, fd, interest)
    {
        return asked;
    }
    let facts = match &stop {
        Stop::Failed(error) if error.errno().is_some() => Some((**error).clone()),
        _ => None,
    };
    let exit = stopped(cx, who, stop, None);
    if let (Some(error), Exit::Raise(condition) | Exit::Collect(condition)) = (facts, &*exit) {
        add_facts(cx, *condition, &error, subject);
    }
    exit
}

/// Adds what a condition of a failed call says beyond Guile's arguments.
pub fn add_facts(cx: &mut Cx, condition: Value, error: &net::Error, subject: Subject<'_>) {
    let number = error.errno().unwrap_or(0);
    let symbol = |cx: &mut Cx, name: &str| Value::symbol(cx.symbols.intern(name));
    let mut facts = Vec::new();
    facts.extend(subject.socket.map(|socket| ("socket", socket)));
    facts.extend(subject.address.map(|address| ("address", address_value(cx, address))));
    facts.extend(error.endpoint.as_ref().map(|endpoint| ("endpoint", cx.heap.string(endpoint))));
    facts.extend(phase(subject.operation.unwrap_or(error.call)).map(|phase| ("phase", symbol(cx, phase))));
    facts.extend(errno::name(number).map(|name| ("identifier", symbol(cx, name))));
    facts.push(("operation", symbol(cx, subject.operation.unwrap_or(error.call))));
    // Interfaces are looked up by name, too.
    let kind = match error.cause {
        _ if error.call == INTERFACE => "unknown-interface-error",
        Cause::Limit => "socket-timeout-error",
        _ => type_of_errno(number),
    };
    facts.push(("type", symbol(cx, kind)));
    for (name, value) in facts {
        cx.maker().add_extra(condition, name, value);
    }
}

/// Whether a port stands on a socket, so that its failures are the network's.
pub fn is_socket_port(cx: &mut Cx, port: Value) -> bool {
    cx.heap.external_mut::<PortObject>(port).is_some_and(|object| object.port.socket().is_some())
}

/// A look-up failed with an EAI_ number: Guile's one argument is that.
#[cold]
pub fn lookup_failure<T>(cx: &mut Cx, who: &str, asked: &str, code: i32, number: i32) -> Answer<T> {
    let reason = if code == libc::EAI_SYSTEM { errno::text(number) } else { resolve::code_text(code) };
    let name = resolve::code_name(code).map_or(String::new(), |name| format!(" ({name})"));
    let args = cx.heap.list(&[Value::fixnum(code.into())]);
    let key = "getaddrinfo-error";
    let parts = Parts {
        key,
        who: Some(who),
        message: "~A",
        irritants: cx.heap.list(&[cx.heap.string(&reason)]),
        data: args,
        text: Some(format!("{who} of {asked}: {reason}{name}")),
    };
    let condition = cx.maker().make(parts);
    add_lookup_facts(cx, condition, who, asked, type_of_code(code, number));
    // First of all, where `exception-args` looks for it.
    cx.maker().add_extra(condition, "args", args);
    Err(Box::new(Exit::Raise(condition)))
}

/// One of the older calls for hosts failed.
#[cold]
pub fn host_failure<T>(cx: &mut Cx, who: &str, asked: &str, failure: HostFailure) -> Answer<T> {
    let (key, message, kind) = match failure {
        HostFailure::NotFound => ("host-not-found", "Unknown host".to_string(), "resolver-no-name-error"),
        HostFailure::TryAgain => ("try-again", "Host name lookup failure".to_string(), "resolver-again-error"),
        HostFailure::NoRecovery => ("no-recovery", "Unknown server error".to_string(), "resolver-fail-error"),
        HostFailure::NoData => ("no-data", "No address available".to_string(), "resolver-no-name-error"),
        HostFailure::Other(number) => ("misc-error", format!("Unknown error {number}"), "resolver-unknown-error"),
    };
    // Guile has neither irritants nor data here.
    let parts = Parts {
        key,
        who: Some("gethost"),
        message: &message,
        irritants: Value::FALSE,
        data: Value::NIL,
        text: Some(format!("{who} of {asked}: {message}")),
    };
    let condition = cx.maker().make(parts);
    add_lookup_facts(cx, condition, who, asked, kind);
    Err(Box::new(Exit::Raise(condition)))
}

/// A list of the system has no such entry: a system error without an errno, as in Guile.
#[cold]
pub fn not_listed<T>(cx: &mut Cx, who: &str, database: Database, asked: Value) -> Answer<T> {
    let (primitive, message, kind) = match database {
        Database::Hosts => ("gethost", "no such host ~A", "resolver-no-name-error"),
        Database::Networks => ("getnet", "no such network ~A", "lookup-error"),
        Database::Protocols => ("getproto", "no such protocol ~A", "unknown-protocol-error"),
        Database::Services => ("getserv", "no such service ~A", "unknown-service-error"),
    };
    let shown = cx.show(asked);
    let parts = Parts {
        key: "system-error",
        who: Some(primitive),
        message,
        irritants: cx.heap.list(&[asked]),
        data: cx.heap.list(&[Value::fixnum(0)]),
        text: Some(format!("{who}: {}", message.replace("~A", &shown))),
    };
    let condition = cx.maker().make(parts);
    add_lookup_facts(cx, condition, who, &shown, kind);
    cx.maker().add_extra(condition, "datum", asked);
    Err(Box::new(Exit::Raise(condition)))
}

fn add_lookup_facts(cx: &mut Cx, condition: Value, who: &str, asked: &str, kind: &str) {
    // The datum is the name alone; the hints that may follow it are for advice.
    let datum = cx.heap.string(asked.split(" (").next().unwrap_or(asked));
    cx.maker().add_extra(condition, "datum", datum);
    let asked = cx.heap.string(asked);
    cx.maker().add_extra(condition, "asked", asked);
    for (name, symbol) in [("operation", who), ("type", kind)] {
        let symbol = Value::symbol(cx.symbols.intern(symbol));
        cx.maker().add_extra(condition, name, symbol);
    }
}

// ---- questions -------------------------------------------------------------------------------------------------------

fn extra(condition: Value, name: Value) -> Option<Value> {
    let entries = list_items(condition.field(EXTRA)).filter_map(|entry| entry.as_pair());
    entries.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

fn error_type(cx: &mut Cx, obj: Value) -> Option<Value> {
    let name = Value::symbol(cx.symbols.intern("type"));
    if obj.is_kind(Kind::Condition) { extra(obj, name) } else { None }
}

fn code(cx: &Cx, condition: Value) -> Option<Value> {
    let system = condition.field(KEY).as_symbol().is_some_and(|key| cx.symbols.name(key) == "system-error");
    let data = condition.field(DATA).as_pair().filter(|_| system)?.0;
    // An entry that is not listed fails without a system call.
    Some(data).filter(|data| *data != Value::fixnum(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_leads_to_the_root() {
        let codes = resolve::CODES.iter().map(|(_, code)| type_of_code(*code, libc::EIO));
        for name in TYPES.iter().map(|(_, name)| *name).chain(codes) {
            let mut at = name;
            while let Some(above) = parent(at) {
                at = above;
            }
            assert_eq!(at, ROOT, "{name}");
        }
    }
}
