//! The process among others: its number, its surroundings, its time; and the system's error numbers.

use super::addresses::Int;
use super::declare::{Str, Sym, wrong_type};
use super::lists::elements;
use super::port_value::stopped;
use super::system::{environment, environment_variable};
use crate::builtins;
use crate::net::{self, errno};
use crate::value::condition::{DATA, KEY, Parts};
use crate::value::{Kind, Value, number};
use crate::vm::cx::{Answer, Cx};
use crate::vm::machine::list_items;
use nix::{libc, unistd};
use std::collections::BTreeMap;
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

builtins! { PROCESS;

/// The number of this process. [Guile]
///
///     (> (getpid) 0)  => #t
fn "getpid" (cx) needs system { unistd::getpid().as_raw() }

/// The number of the process that started this one. [Guile]
///
///     (>= (getppid) 0)  => #t
fn "getppid" (cx) needs system { unistd::getppid().as_raw() }

/// The number of the user who runs this process. [Guile]
///
///     (>= (getuid) 0)  => #t
fn "getuid" (cx) needs system { number::integer_from_u64(&cx.heap, unistd::getuid().as_raw().into()) }

/// The number of the group of the user who runs this process. [Guile]
///
///     (>= (getgid) 0)  => #t
fn "getgid" (cx) needs system { number::integer_from_u64(&cx.heap, unistd::getgid().as_raw().into()) }

/// The number of the user with whose rights this process runs. [Guile]
///
///     (>= (geteuid) 0)  => #t
fn "geteuid" (cx) needs system { number::integer_from_u64(&cx.heap, unistd::geteuid().as_raw().into()) }

/// The number of the group with whose rights this process runs. [Guile]
///
///     (>= (getegid) 0)  => #t
fn "getegid" (cx) needs system { number::integer_from_u64(&cx.heap, unistd::getegid().as_raw().into()) }

/// The name of this machine. [Guile]
///
///     (string? (gethostname))  => #t
fn "gethostname" (cx) needs system {
    match unistd::gethostname() {
        Ok(name) => Ok(name.to_string_lossy().into_owned()),
        Err(errno) => Err(stopped(cx, "gethostname", net::Error::new("gethostname", errno as i32).into(), None)),
    }
}

/// The system's name, the machine's name, the system's release and version, and the machine's kind: a vector. [Guile]
///
///     (vector-length (uname))  => 5
fn "uname" (cx) needs system {
    match nix::sys::utsname::uname() {
        Ok(names) => {
            let all = [names.sysname(), names.nodename(), names.release(), names.version(), names.machine()];
            let strings = all.map(|name| cx.heap.string(&name.to_string_lossy()));
            Ok(cx.heap.vector(&strings))
        }
        Err(errno) => Err(stopped(cx, "uname", net::Error::new("uname", errno as i32).into(), None)),
    }
}

/// The value of the environment variable NAME, or #f. [Guile]
///
///     (getenv "no such = variable")  => #f
fn "getenv" (cx, name: Str) needs variable(name) { environment_variable(cx, cx.heap.str(name.0).unwrap_or_default()) }

/// Gives the environment variable NAME the value VALUE, or none for #f: for this program and the processes it starts. [Guile]
///
///     (setenv "SOCKEYE_EXAMPLE" "yes")
fn "setenv" (cx, name: Str, value: Value) needs variable(name) {
    let text = match value {
        Value::FALSE => None,
        v => match cx.heap.str(v) {
            Some(text) if !text.contains('\0') => Some(text.to_string()),
            _ => return wrong_type(cx, "setenv", 2, "value", "a string without zero characters, or #f", v),
        },
    };
    set_variable(cx, "setenv", name, text)
}

/// Takes the environment variable NAME away: for this program and the processes it starts. [Guile]
///
///     (unsetenv "SOCKEYE_EXAMPLE")
fn "unsetenv" (cx, name: Str) needs variable(name) { set_variable(cx, "unsetenv", name, None) }

/// Does to the environment what TEXT says: "NAME=value" gives the variable NAME a value, "NAME" takes it away. [Guile]
///
///     (begin (putenv "SOCKEYE_EXAMPLE=yes") (getenv "SOCKEYE_EXAMPLE"))  => "yes"
fn "putenv" (cx, text: Str) needs assignment(text) {
    let given = cx.heap.str(text.0).unwrap_or_default().to_string();
    match given.split_once('=') {
        Some(("", _)) => settle(cx, "putenv", Err(io::Error::from_raw_os_error(libc::EINVAL))),
        Some((name, value)) if !given.contains('\0') => {
            cx.environment.insert(name.to_string(), Some(value.to_string()));
            Ok(())
        }
        None if !given.contains('\0') => {
            cx.environment.insert(given, None);
            Ok(())
        }
        _ => wrong_type(cx, "putenv", 1, "text", "a string without zero characters", text.0),
    }
}

/// The environment: a list of strings such as "HOME=/root". With VARIABLES, such a list, it is that from now on. [Guile]
///
///     (list? (environ))  => #t
fn "environ" (cx, [variables: Value]) needs environment {
    let Some(variables) = variables else {
        let all: Vec<Value> =
            environment(cx).iter().map(|(name, value)| cx.heap.string(&format!("{name}={value}"))).collect();
        return Ok(cx.heap.list(&all));
    };
    let mut changed: BTreeMap<String, Option<String>> = environment(cx).into_keys().map(|name| (name, None)).collect();
    for v in elements(cx, "environ", 1, "variables", variables)? {
        match cx.heap.str(v).map(|text| text.split_once('=').unwrap_or((text, ""))) {
            Some((name, value)) => changed.insert(name.to_string(), Some(value.to_string())),
            None => return wrong_type(cx, "environ", 1, "variables", "a list of strings", v),
        };
    }
    cx.environment = changed;
    Ok(Value::UNSPECIFIED)
}

/// The seconds since the beginning of 1970 and the microseconds of the running one: a pair. [Guile]
///
///     (exact-integer? (car (gettimeofday)))  => #t
fn "gettimeofday" (cx) needs time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (seconds, micros) = (Value::fixnum(since.as_secs() as i64), Value::fixnum(since.subsec_micros().into()));
    cx.heap.cons(seconds, micros)
}

/// The words of the C library for error NUMBER. [Guile]
///
///     (strerror ECONNREFUSED)  => "Connection refused"
fn "strerror" (cx, number: Int) {
    let number = number.c_int(cx, "strerror", 1, "number")?;
    errno::text(number)
}

/// The name of error NUMBER as a symbol, or #f.
///
///     (errno-name 111)  => ECONNREFUSED
fn "errno-name" (cx, number: Int) {
    let number = number.c_int(cx, "errno-name", 1, "number")?;
    errno::name(number).map(|name| Value::symbol(cx.symbols.intern(name)))
}

/// The error number of a system error: ERROR is a condition, or the list of key and arguments that a handler of `catch` got; #f if
/// it is another error. [Guile]
///
///     (system-error-errno '(system-error "connect" "~A" ("Connection refused") (111)))  => 111
fn "system-error-errno" (cx, error: Value) {
    let (key, data) = if error.is_kind(Kind::Condition) {
        (error.field(KEY), error.field(DATA))
    } else {
        // Key, who, message, irritants, data.
        let parts: Vec<Value> = list_items(error).take(5).collect();
        match parts[..] {
            [key, .., data] if parts.len() == 5 => (key, data),
            _ => return wrong_type(cx, "system-error-errno", 1, "error", "a condition, or the key and arguments of one", error),
        }
    };
    let is_system = key.as_symbol().is_some_and(|key| cx.symbols.name(key) == "system-error");
    data.as_pair().map(|(number, _)| number).filter(|number| is_system && number.is_fixnum())
}

/// Fails in the name of WHO as a system call does that answers NUMBER.
fn "%system-error" (cx, who: Sym, number: i64) {
    let who = cx.symbols.name(who.0.as_symbol().expect("a symbol")).to_string();
    settle::<()>(cx, &who, Err(io::Error::from_raw_os_error(i32::try_from(number).unwrap_or(0))))
}

/// Fails in the name of WHO with MESSAGE, in which ~A and ~S stand for IRRITANTS.
fn "%misc-error" (cx, who: Sym, message: Str, ..irritants) {
    let who = cx.symbols.name(who.0.as_symbol().expect("a symbol")).to_string();
    let message = cx.heap.str(message.0).unwrap_or_default().to_string();
    misc_error::<Value>(cx, &who, &message, irritants)
}
}

fn set_variable(cx: &mut Cx, who: &str, name: Str, value: Option<String>) -> Answer<()> {
    let text = cx.heap.str(name.0).unwrap_or_default().to_string();
    if text.is_empty() || text.contains(['=', '\0']) {
        return wrong_type(cx, who, 1, "name", "a string, not empty, without = and zero characters", name.0);
    }
    cx.environment.insert(text, value);
    Ok(())
}

/// What a system call has come to, made in the name of WHO.
pub fn settle<T>(cx: &mut Cx, who: &str, result: io::Result<T>) -> Answer<T> {
    result.map_err(|error| stopped(cx, who, net::Error::from_io("call", &error).into(), None))
}

/// Fails with a message in which directives of `format` stand for the irritants.
pub fn misc_error<T>(cx: &mut Cx, who: &str, message: &str, irritants: &[Value]) -> Answer<T> {
    let mut text = String::new();
    let mut rest = irritants.iter();
    let mut pieces = message.split('~');
    text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let shown = rest.next().map_or(String::new(), |&v| match cx.heap.str(v) {
            // A longer one is cut short, as what is written is.
            Some(string) if piece.starts_with(['a', 'A']) && string.len() < 1000 => string.to_string(),
            _ => cx.show(v),
        });
        text.push_str(&shown);
        text.extend(piece.chars().skip(1));
    }
    cx.fail(|make| {
        let irritants = make.heap.list(irritants);
        make.make(Parts {
            key: "misc-error",
            who: Some(who),
            message,
            irritants,
            data: Value::FALSE,
            text: Some(format!("{who}: {text}")),
        })
    })
}
