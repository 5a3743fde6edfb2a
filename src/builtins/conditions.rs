//! Conditions: what handlers ask about errors, R7RS section 6.11 and Guile's keys and arguments.

use super::declare::{ConditionArg, ListOrNil, Str, Sym};
use super::lists::walk;
use crate::builtins;
use crate::expander::convert::datum_of_error;
use crate::value::Value;
use crate::value::condition::{DATA, EXTRA, HOST, IRRITANTS, KEY, MESSAGE, TEXT, WHO};
use crate::value::print::{Style, print};
use crate::vm::cx::{Answer, Cx, Exit};
use crate::vm::machine::list_items;
use smallvec::SmallVec;

builtins! { CONDITIONS;

/// What people are told of OBJ when nobody has caught it: what went wrong, why, what helps.
fn "%error-report" (cx, obj: Value) {
    let report = match cx.teller {
        Some(teller) => teller(cx, obj),
        None => format!("error: {}\n", cx.show(obj)),
    };
    cx.heap.string(&report)
}

/// What the command LINE of a prompt, without its comma, has to say to whoever uses a prompt from elsewhere.
fn "%prompt-command" (cx, line: Str) {
    let line = cx.heap.str(line.0).unwrap_or_default().to_string();
    let said = match cx.commands {
        Some(commands) => commands(cx, &line),
        None => String::new(),
    };
    cx.heap.string(&said)
}

/// Whether OBJ is a condition: what `error` and failing procedures raise.
fn "%condition?" (cx, obj: Value) { ConditionArg::is(obj) }

/// What CONDITION says went wrong: the message given to `error`, what the system said, or the sentence of the procedure that failed.
fn "%condition-message" (cx, condition: ConditionArg) {
    let condition = condition.0;
    match cx.heap.str(condition.field(MESSAGE)) {
        Some(message) if is_of_system(cx, condition) => cx.heap.string(&formatted(cx, message, condition.field(IRRITANTS))),
        Some(_) if is_about(cx, condition, HOST) => condition.field(MESSAGE),
        _ => sentence(condition).unwrap_or(condition.field(MESSAGE)),
    }
}

/// The further arguments given to `error`, or those of the system's message, or the host's. Any other procedure's sentence contains all, and there
/// are none.
fn "%condition-irritants" (cx, condition: ConditionArg) {
    let condition = condition.0;
    let irritants = condition.field(IRRITANTS);
    match sentence(condition) {
        Some(_) if is_about(cx, condition, HOST) => irritants,
        Some(_) if !is_of_system(cx, condition) || irritants == Value::FALSE => Value::NIL,
        _ => irritants,
    }
}

/// Whether OBJ says that something could not be done with a file. [R7RS 6.11]
///
///     (guard (e (#t (file-error? e))) (open-input-file "/no/such/file"))  => #t
///     (guard (e (#t (file-error? e))) (car 5))  => #f
fn "file-error?" (cx, obj: Value) { has_key(cx, obj, "system-error") && is_about(cx, obj, "file") }

/// Whether OBJ says that a text could not be read as Scheme data. [R7RS 6.11]
///
///     (guard (e (#t (read-error? e))) (read (open-input-string ")")))  => #t
///     (guard (e (#t (read-error? e))) (car 5))  => #f
fn "read-error?" (cx, obj: Value) { has_key(cx, obj, "read-error") }

/// A new condition, as `error` raises it.
fn "%make-error" (cx, message: Value, irritants: ListOrNil) { cx.maker().user(message, irritants.0) }

/// The condition that a handler has returned from a `raise` of OBJ.
fn "%make-noncontinuable-error" (cx, obj: Value) {
    let shown = cx.show(obj);
    let condition =
        cx.maker().misc("raise", &format!("the handler returned, and what was raised cannot be continued: {shown}"));
    let key = Value::symbol(cx.symbols.intern("%exception"));
    cx.heap.set_field(condition, KEY, key);
    condition
}

/// The kind of CONDITION, a symbol such as wrong-type-arg: the key that Guile's `catch` compares. [Guile]
///
///     (guard (e (#t (condition-key e))) (car 5))  => wrong-type-arg
fn "condition-key" (cx, condition: ConditionArg) { condition.0.field(KEY) }

/// What Guile's `catch` gives its handler after the key: who failed, message, irritants, data. [Guile]
///
///     (guard (e (#t (condition-args e))) (error "x" 1))  => (#f "~A ~S" ("x" 1) #f)
fn "condition-args" (cx, condition: ConditionArg) { arguments(cx, condition.0) }

/// The key by which `catch` finds CONDITION.
fn "%condition-key" (cx, condition: ConditionArg) { condition.0.field(KEY) }

/// The arguments that `catch` gives its handler after the key.
fn "%condition-args" (cx, condition: ConditionArg) {
    let condition = condition.0;
    let is = |v: Value, name: &str| v.as_symbol().is_some_and(|symbol| cx.symbols.name(symbol) == name);
    if is(condition.field(KEY), "%exception") {
        return Ok::<_, Box<Exit>>(cx.heap.list(&[condition]));
    }
    match condition.field(EXTRA).as_pair() {
        Some((entry, _)) if entry.is_pair() && is(entry.car(), "args") => Ok(entry.cdr()),
        _ => Ok(arguments(cx, condition)),
    }
}

/// What `(throw key arg ...)` raises. Arguments that are those of an error (who, message, irritants, data) are understood.
fn "%make-thrown" (cx, key: Sym, args: ListOrNil) { thrown(cx, key.0, args.0) }

/// MESSAGE with its directives ~A and ~S replaced by the elements of ARGS. Other directives stay as they are.
fn "%format-message" (cx, message: Str, args: ListOrNil) {
    let text = formatted(cx, cx.heap.str(message.0).unwrap_or(""), args.0);
    cx.heap.string(&text)
}

/// The sentence that people are told when nobody handles CONDITION.
fn "%condition-text" (cx, condition: ConditionArg) { condition_text(cx, condition.0) }

/// Fails with CONDITION, which from then on knows the calls that led here, unless it knew some before.
fn "%fail-with" (cx, condition: ConditionArg) {
    let failed: Answer = Err(Box::new(Exit::Raise(condition.0)));
    failed
}

/// The calls of the program that led to OBJ, a line for each, the innermost first; an empty text where that is not known.
fn "%backtrace-text" (cx, obj: Value) {
    let trace = crate::value::condition::trace(obj);
    let lines = trace.iter().filter(|(_, span)| !cx.sources.is_library(*span)).filter_map(|(name, span)| {
        let place = cx.sources.place(*span)?;
        let name = name.map_or("top level", |name| cx.symbols.name(name));
        Some(format!("  in {name} {}:{}:{}\n", place.name, place.line, place.column))
    });
    lines.collect::<String>()
}
}

impl ConditionArg {
    fn is(v: Value) -> bool {
        v.is_kind(crate::value::Kind::Condition)
    }
}

/// The whole sentence of a condition that has one.
fn sentence(condition: Value) -> Option<Value> {
    Some(condition.field(TEXT)).filter(|text| text.is_true())
}

/// Whether the system said no: its message says what, and the condition's sentence who had asked for what.
fn is_of_system(cx: &Cx, condition: Value) -> bool {
    ["system-error", "getaddrinfo-error", "host-not-found", "try-again", "no-recovery", "no-data"]
        .iter()
        .any(|key| has_key(cx, condition, key))
}

fn arguments(cx: &Cx, condition: Value) -> Value {
    let [who, message, irritants, data] = [WHO, MESSAGE, IRRITANTS, DATA].map(|field| condition.field(field));
    if has_key(cx, condition, "syntax-error") {
        // Who, message, place, form and the part of it that is wrong.
        let form = irritants.as_pair().map_or(Value::FALSE, |(form, _)| datum_of_error(&cx.heap, form));
        return cx.heap.list(&[who, message, Value::FALSE, form, Value::FALSE]);
    }
    if sentence(condition).is_some() {
        return cx.heap.list(&[who, message, irritants, data]);
    }
    // What `error` raises: Guile makes a format of it, with the message among the arguments.
    let directives = " ~S".repeat(list_items(irritants).count());
    let format = cx.heap.string(&format!("~A{directives}"));
    cx.heap.list(&[who, format, cx.heap.cons(message, irritants), data])
}

/// What `(throw key arg ...)` raises.
pub fn thrown(cx: &mut Cx, key: Value, args: Value) -> Value {
    let name = cx.symbols.name(key.as_symbol().expect("a symbol")).to_string();
    let items: SmallVec<[Value; 5]> = list_items(args).take(5).collect();
    let text = match items[..] {
        [who, message, irritants, ..] if message.is_string() && is_list(irritants) => {
            let text = formatted(cx, cx.heap.str(message).unwrap_or(""), irritants);
            let name = cx.heap.str(who).or_else(|| who.as_symbol().map(|who| cx.symbols.name(who)));
            name.map(|name| format!("{}: {text}", beginning(name).0)).unwrap_or(text)
        }
        _ => format!("thrown to key {name} with arguments {}", cx.show(args)),
    };
    let condition = cx.maker().thrown(&name, args, text);
    if let [who, message, irritants, rest @ ..] = &items[..]
        && message.is_string()
        && is_list(*irritants)
    {
        let data = rest.first().copied().unwrap_or(Value::FALSE);
        for (field, value) in [(WHO, *who), (MESSAGE, *message), (IRRITANTS, *irritants), (DATA, data)] {
            cx.heap.set_field(condition, field, value);
        }
    }
    let tag = Value::symbol(cx.symbols.intern("args"));
    let extra = cx.heap.list(&[cx.heap.cons(tag, args)]);
    cx.heap.set_field(condition, EXTRA, extra);
    condition
}

fn is_list(v: Value) -> bool {
    v.is_null() || v.is_pair()
}

/// As much of a text as a sentence for people shows, and whether that is all.
fn beginning(text: &str) -> (&str, bool) {
    const LONGEST: usize = 10_000;
    let end = (0..=text.len().min(LONGEST)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    (&text[..end], end == text.len())
}

/// A message with its directives replaced, cut like the parts that it shows.
fn formatted(cx: &Cx, message: &str, args: Value) -> String {
    let (message, whole) = beginning(message);
    let mut items = list_items(args);
    let mut out = String::new();
    let mut chars = message.chars();
    while let Some(c) = chars.next() {
        if c != '~' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some(directive @ ('a' | 'A' | 's' | 'S')) => {
                let style = if directive.eq_ignore_ascii_case(&'a') { Style::Display } else { Style::Write };
                match items.next() {
                    Some(item) => drop(print(&cx.heap, cx, item, style, Some(2000), &mut out)),
                    None => out.extend(['~', directive]),
                }
            }
            Some('%' | 'n') => out.push('\n'),
            Some('~') => out.push('~'),
            other => out.extend(std::iter::once('~').chain(other)),
        }
    }
    if !whole {
        out.push_str("...");
    }
    out
}

/// Whether the builtin that failed has noted that the condition is about something of this kind.
fn is_about(cx: &Cx, condition: Value, kind: &str) -> bool {
    let is = |v: Value, name: &str| v.as_symbol().is_some_and(|symbol| cx.symbols.name(symbol) == name);
    list_items(condition.field(EXTRA))
        .filter_map(|entry| entry.as_pair())
        .any(|(name, value)| is(name, "kind") && is(value, kind))
}

fn has_key(cx: &Cx, obj: Value, key: &str) -> bool {
    ConditionArg::is(obj) && obj.field(KEY).as_symbol().is_some_and(|symbol| cx.symbols.name(symbol) == key)
}

/// The sentence for people: what the failing procedure said, or message and irritants.
pub fn condition_text(cx: &Cx, condition: Value) -> String {
    if let Some(text) = sentence(condition).and_then(|text| cx.heap.str(text)) {
        return text.to_string();
    }
    /// A person reads no more than this of one part.
    const PART: usize = 2000;
    let mut text = String::new();
    let _ = print(&cx.heap, cx, condition.field(MESSAGE), Style::Display, Some(PART), &mut text);
    let mut shown = 0;
    let _ = walk(cx, condition.field(IRRITANTS), |pair| {
        text.push(' ');
        let _ = print(&cx.heap, cx, pair.car(), Style::Write, Some(PART), &mut text);
        shown += 1;
        shown < 100
    });
    text
}
