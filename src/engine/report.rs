//! What people are told of an error: what went wrong, where, why, what helps, and the calls that led to it.

use super::advice;
use crate::builtins;
use crate::net;
use crate::source::Span;
use crate::symbol::Symbol;
use crate::trace::why;
use crate::value::{Kind, Value, condition};
use crate::vm::cx::Cx;
use crate::vm::machine;

/// What an uncaught error prints: what went wrong, the line with a caret, and the chain of calls.
pub fn whole(cx: &mut Cx, object: Value) -> String {
    itself(cx, object) + &calls(cx, object)
}

/// The same without the calls that led to it.
pub fn itself(cx: &mut Cx, object: Value) -> String {
    let mut message = describe(cx, object);
    let advice = cause(cx, object);
    let number = machine::system_errno(cx, object);
    if let (Some(advice), Some(number)) = (&advice, number) {
        message = message.replace(&format!(" ({})", advice.see), &format!("  ({}, {number})", advice.see));
    }
    let mut out = format!("error: {message}\n");
    let trace = trace(cx, object);
    if let Some((_, span)) = trace.iter().find(|(_, span)| !cx.sources.is_library(*span))
        && let Some(excerpt) = cx.sources.excerpt(*span)
    {
        out.push_str(&excerpt);
    }
    if let Some(advice) = advice {
        let lines = [("why", advice.why), ("fix", advice.fix), ("see", Some(format!(",doc {}", advice.see)))];
        for (label, text) in lines.into_iter().filter_map(|(label, text)| Some((label, text?))) {
            out.push_str(&filled(&format!(" {label}   {text}"), 99, 7));
        }
    } else if let Some(fix) = advice::fix(cx, object) {
        out.push_str(&filled(&format!(" fix   {fix}"), 99, 7));
    }
    out
}

/// As many calls are shown of what is no condition as conditions keep.
const TRACE_FRAMES: usize = 24;

/// The innermost calls: a condition knows them; of other objects, where the run has ended with them.
fn trace(cx: &Cx, object: Value) -> Vec<(Option<Symbol>, Span)> {
    match object.is_kind(Kind::Condition) {
        true => condition::trace(object),
        false => cx.last_trace.iter().take(TRACE_FRAMES).copied().collect(),
    }
}

fn calls(cx: &Cx, object: Value) -> String {
    let frames: Vec<String> = trace(cx, object)
        .iter()
        .filter(|(_, span)| !cx.sources.is_library(*span))
        .filter_map(|(name, span)| {
            let place = cx.sources.place(*span)?;
            let name = name.map_or("top level", |name| cx.symbols.name(name));
            Some(format!("{name} {}:{}:{}", place.name, place.line, place.column))
        })
        .collect();
    if frames.is_empty() { String::new() } else { format!(" in    {}\n", frames.join("\n     ← ")) }
}

/// What is behind a failed system call or look-up, and what helps.
fn cause(cx: &mut Cx, object: Value) -> Option<why::Advice> {
    if !object.is_kind(Kind::Condition) {
        return None;
    }
    let entries: Vec<(Value, Value)> =
        machine::list_items(object.field(condition::EXTRA)).filter_map(|entry| entry.as_pair()).collect();
    let extra = |cx: &Cx, name: &str| {
        let is_it = |key: Value| key.as_symbol().is_some_and(|key| cx.symbols.name(key) == name);
        entries.iter().find(|(key, _)| is_it(*key)).map(|(_, value)| *value)
    };
    if extra(cx, "permission").is_some() {
        return None;
    }
    if object.field(condition::KEY).as_symbol().is_some_and(|key| cx.symbols.name(key) == "getaddrinfo-error") {
        let code = object.field(condition::DATA).as_pair()?.0.as_fixnum()?;
        let asked = extra(cx, "asked").and_then(|asked| cx.heap.str(asked))?;
        return why::lookup_advice(asked, net::resolve::code_name(code as i32)?);
    }
    let errno = i32::try_from(machine::system_errno(cx, object)?).ok()?;
    let is_file = extra(cx, "kind").and_then(Value::as_symbol).is_some_and(|kind| cx.symbols.name(kind) == "file");
    if is_file && !why::is_about_files(errno) {
        return None;
    }
    let who = object.field(condition::WHO);
    let call = match extra(cx, "operation").and_then(Value::as_symbol) {
        Some(call) => cx.symbols.name(call),
        None => cx.heap.str(who)?,
    };
    let call = call.to_string();
    let endpoint = extra(cx, "endpoint").and_then(|endpoint| cx.heap.str(endpoint)).map(str::to_string);
    let socket = extra(cx, "socket");
    let fd = socket.and_then(|socket| builtins::port_value::descriptor(cx, socket));
    let seen = cx.explain.as_deref();
    why::advice(&why::Failure { call: &call, errno, endpoint: endpoint.as_deref(), fd, seen })
}

/// The message of a raised object.
pub fn describe(cx: &Cx, object: Value) -> String {
    if !object.is_kind(Kind::Condition) {
        return compound_text(cx, object).unwrap_or_else(|| format!("uncaught object: {}", cx.show(object)));
    }
    if let Some(text) = cx.heap.str(object.field(condition::TEXT)) {
        return text.to_string();
    }
    let message = object.field(condition::MESSAGE);
    let mut out = match cx.heap.str(message) {
        Some(text) => text.to_string(),
        None => cx.show(message),
    };
    for irritant in machine::list_items(object.field(condition::IRRITANTS)) {
        out.push(' ');
        out.push_str(&cx.show(irritant));
    }
    out
}

/// What an exception made of several says: its message and irritants, and after them the type of its first component. None if
/// it has no message.
fn compound_text(cx: &Cx, object: Value) -> Option<String> {
    let type_name = |record: Value| -> Option<&str> {
        let name = record.is_kind(Kind::Record).then(|| record.field(0).field(0))?;
        name.as_symbol().map(|name| cx.symbols.name(name))
    };
    let parts = (type_name(object)? == "&compound-exception").then(|| object.field(1))?;
    let part = |wanted: &str| {
        let found = machine::list_items(parts).find(|part| type_name(*part) == Some(wanted))?;
        Some(found.field(1))
    };
    let message = part("&message")?;
    let mut out = cx.heap.str(message).map_or_else(|| cx.show(message), str::to_string);
    for irritant in part("&irritants").into_iter().flat_map(machine::list_items) {
        out.push(' ');
        out.push_str(&cx.show(irritant));
    }
    let first = machine::list_items(parts).next().and_then(type_name)?;
    if !["&message", "&irritants", "&error"].contains(&first) {
        out.push_str(&format!(" ({})", first.trim_start_matches('&')));
    }
    Some(out)
}

/// The text in lines of at most `width` columns, where it has blanks; all but the first begin in column `indent`.
fn filled(text: &str, width: usize, indent: usize) -> String {
    let mut out = String::new();
    let mut rest = text;
    loop {
        let room = if out.is_empty() { width } else { width - indent };
        let cut = rest.char_indices().nth(room).map(|(at, _)| at);
        let end = cut.and_then(|cut| rest[..cut].rfind(' ')).filter(|end| *end > indent || !out.is_empty());
        match end {
            Some(end) if end > 0 => {
                out.push_str(rest[..end].trim_end());
                out.push_str(&format!("\n{:indent$}", ""));
                rest = rest[end..].trim_start();
            }
            _ => return out + rest + "\n",
        }
    }
}
