//! The process and its surroundings: exit, time, environment, command line; R7RS section 6.14.

use super::declare::{Str, wrong_type};
use super::lists::elements;
use crate::builtins;
use crate::value::Value;
use crate::vm::cx::{Cx, Exit};
use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

builtins! { SYSTEM;

/// Ends the program: with success for #t or without CODE, with failure for #f, or with the status CODE, an integer. Does not
/// run the outstanding parts of dynamic-wind; `exit` does that before.
fn "%exit" (cx, [code: Value]) { Exit::Quit(exit_status(code)) }

/// Ends the program at once, without running what dynamic-wind still has to do. [R7RS 6.14]
///
///     (emergency-exit 1)
fn "emergency-exit" (cx, [code: Value]) { Exit::Quit(exit_status(code)) }

/// The time since the start, in jiffies. [R7RS 6.14]
///
///     (<= (current-jiffy) (current-jiffy))  => #t
fn "current-jiffy" (cx) needs time { cx.started.elapsed().as_nanos() as usize }

/// The same, for `sleep`, in whose name it is asked for.
fn "%sleep" (cx) needs time { cx.started.elapsed().as_nanos() as usize }

/// How many jiffies a second has. [R7RS 6.14]
///
///     (jiffies-per-second)  => 1000000000
fn "jiffies-per-second" (cx) { 1_000_000_000usize }

/// The seconds since the beginning of 1970, with a fraction. [R7RS 6.14]
///
///     (> (current-second) 1.7e9)  => #t
fn "current-second" (cx) needs time { seconds() }

/// The seconds since the beginning of 1970, a whole number. [Guile]
///
///     (exact-integer? (current-time))  => #t
fn "current-time" (cx) needs time { seconds() as usize }

/// The value of the environment variable NAME, a string, or #f. [R7RS 6.14]
///
///     (get-environment-variable "no such = variable")  => #f
fn "get-environment-variable" (cx, name: Str) needs variable(name) { environment_variable(cx, cx.heap.str(name.0).unwrap_or_default()) }

/// All environment variables: a list of pairs of name and value. [R7RS 6.14]
///
///     (list? (get-environment-variables))  => #t
fn "get-environment-variables" (cx) needs environment {
    let pairs: Vec<Value> =
        environment(cx).iter().map(|(name, value)| cx.heap.cons(cx.heap.string(name), cx.heap.string(value))).collect();
    cx.heap.list(&pairs)
}

/// The program and its arguments, a list of strings. [R7RS 6.14]
///
///     (list? (command-line))  => #t
fn "command-line" (cx) { command_line(cx) }

/// The program and its arguments: the same as command-line. [Guile]
///
///     (list? (program-arguments))  => #t
fn "program-arguments" (cx) { command_line(cx) }

/// Makes WORDS, a list of strings, what command-line answers. [Guile]
///
///     (set-program-arguments '("program" "argument"))
fn "set-program-arguments" (cx, words: Value) {
    let items = elements(cx, "set-program-arguments", 1, "words", words)?;
    let mut texts = Vec::with_capacity(items.len());
    for v in items {
        match cx.heap.str(v) {
            Some(text) => texts.push(text.to_string()),
            None => return wrong_type(cx, "set-program-arguments", 1, "words", "a list of strings", v),
        }
    }
    cx.command_line = texts;
    Ok(Value::UNSPECIFIED)
}

/// What `cond-expand` takes for true here: a list of symbols. [R7RS 6.14]
///
///     (and (memq 'r7rs (features)) #t)  => #t
fn "features" (cx) { features(cx) }
}

/// The features of this implementation, without the libraries it has.
pub const FEATURES: &[&str] = &[
    "guile",
    "guile-2",
    "guile-2.2",
    "guile-3",
    "guile-3.0",
    "r5rs",
    "r6rs",
    "r7rs",
    "exact-closed",
    "exact-complex",
    "ieee-float",
    "full-unicode",
    "ratios",
    "srfi-0",
    "srfi-4",
    "srfi-6",
    "srfi-13",
    "srfi-14",
    "srfi-16",
    "srfi-23",
    "srfi-30",
    "srfi-39",
    "srfi-46",
    "srfi-55",
    "srfi-61",
    "srfi-62",
    "srfi-87",
    "srfi-105",
    #[cfg(unix)]
    "posix",
    #[cfg(unix)]
    "unix",
    #[cfg(target_os = "linux")]
    "linux",
    #[cfg(target_os = "macos")]
    "darwin",
    #[cfg(target_arch = "x86_64")]
    "x86-64",
    #[cfg(target_arch = "aarch64")]
    "aarch64",
    #[cfg(target_endian = "little")]
    "little-endian",
    #[cfg(target_endian = "big")]
    "big-endian",
    "sockeye",
    concat!("sockeye-", env!("CARGO_PKG_VERSION")),
];

fn command_line(cx: &mut Cx) -> Value {
    let words: Vec<Value> = cx.command_line.iter().map(|word| cx.heap.string(word)).collect();
    cx.heap.list(&words)
}

fn features(cx: &mut Cx) -> Value {
    let symbols: Vec<Value> = FEATURES.iter().map(|name| Value::symbol(cx.symbols.intern(name))).collect();
    cx.heap.list(&symbols)
}

fn seconds() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

/// The status that the system is told for the argument of `exit`.
pub fn exit_status(code: Option<Value>) -> i32 {
    match code {
        Some(Value::FALSE) => 1,
        // The system keeps eight bits.
        code => code.and_then(Value::as_fixnum).map_or(0, |n| (n & 0xff) as i32),
    }
}

/// The value of an environment variable, as the program sees it.
pub fn environment_variable(cx: &Cx, name: &str) -> Option<String> {
    if let Some(changed) = cx.environment.get(name) {
        return changed.clone();
    }
    // The system's names are neither empty nor have these characters, and the call should not be asked to cope with that.
    let possible = !name.is_empty() && !name.contains(['=', '\0']);
    possible.then(|| std::env::var_os(name)).flatten().map(|value| value.to_string_lossy().into_owned())
}

/// The whole environment, as the program sees it and its children get it.
pub fn environment(cx: &Cx) -> BTreeMap<String, String> {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    let mut all: BTreeMap<String, String> =
        std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect();
    for (name, value) in &cx.environment {
        match value {
            Some(value) => all.insert(name.clone(), value.clone()),
            None => all.remove(name),
        };
    }
    all
}
