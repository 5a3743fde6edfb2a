//! The commands of the prompt: lines that begin with a comma. Names and abbreviations are Guile's.

use crate::cli::layout::layout;
use crate::cli::repl::{Session, Trouble};
use crate::cli::{complain, say};
use crate::cli::{doc, example, reference};
use crate::compiler::disassemble::disassemble;
use crate::expander::env::Binding;
use crate::expander::library::USER;
use crate::reader::{Class, tokens};
use crate::spelling::nearest;
use crate::trace::explain::Level;
use crate::trace::sockets;
use crate::value::Value;
use crate::value::heap::cell;
use crate::vm::cx::Cx;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::{Duration, Instant};

type Run = fn(&mut Session, &str) -> Result<(), u8>;

/// Full name, abbreviation, what follows it, what it does, and its code.
struct Command {
    group: &'static str,
    name: &'static str,
    short: &'static str,
    argument: &'static str,
    text: &'static str,
    run: Run,
}

macro_rules! commands {
    ($($group:literal { $($name:literal $short:literal $argument:literal $text:literal $run:expr;)* })*) => {
        const COMMANDS: &[Command] =
            &[$($(Command { group: $group, name: $name, short: $short, argument: $argument, text: $text, run: $run },)*)*];
    };
}

commands! {
    "help" {
        "help" "h" "[COMMAND]" "lists the commands, or tells of one" help;
        "show" "" "[COMMAND]" "the same" help;
        "describe" "d" "NAME" "signature and text of what NAME is bound to" describe;
        "doc" "" "NAME" "the same" describe;
        "example" "" "[NAME]" "runs an example: a program, or those of a documented name" run_example;
        "apropos" "a" "WORD" "names that contain WORD" apropos;
    }
    "modules" {
        "import" "use" "LIBRARY ..." "imports libraries: ,import (srfi 1)" import;
        "module" "m" "" "the libraries that have been imported" module;
        "load" "l" "FILE" "runs a file here" load;
        "reload" "re" "" "runs again what ,load has run last" reload;
        "binding" "b" "" "what has been defined here" binding;
        "in" "" "MODULE EXPR" "evaluates EXPR in another module: ,in (srfi 1) (fold + 0 '(1 2))" evaluate_in;
    }
    "code" {
        "expand" "exp" "EXPR" "EXPR in the core language, its syntax expanded" expand;
        "optimize" "opt" "EXPR" "EXPR as the compiler takes it, and what it found out" optimize;
        "compile" "c" "EXPR" "the instructions that EXPR is compiled to" compile;
        "disassemble" "x" "PROCEDURE" "the instructions of a procedure" disassemble_procedure;
        "pretty-print" "pp" "EXPR" "the value of EXPR, over several lines" pretty_print;
        "inspect" "i" "EXPR" "the parts of the value of EXPR" inspect;
    }
    "measure" {
        "time" "t" "EXPR" "how long EXPR takes" time;
        "profile" "pr" "EXPR" "where EXPR spends its time" profile;
        "trace" "tr" "EXPR" "the calls of what has been defined here, while EXPR runs" trace;
        "gc" "" "" "collects what nobody holds" collect;
        "statistics" "stat" "" "memory and time so far" statistics;
    }
    "errors" {
        "error" "" "" "the last error once more" error;
        "backtrace" "bt" "" "the calls that led to the last error" backtrace;
        "up" "" "[N]" "goes to the caller of the frame" up;
        "down" "" "[N]" "goes back towards the error" down;
        "frame" "fr" "[N]" "shows the frame, or goes to frame N" frame;
        "locals" "" "" "the variables of the frame" locals;
    }
    "sockets" {
        "sockets" "" "[FD]" "the sockets of this program; with FD, all about one" list_sockets;
        "explain" "" "[on|all|json|off]" "tells of each call of the network, or stops telling" explain;
        "fibers" "" "" "the fibers, and what each waits for" list_fibers;
    }
    "session" {
        "option" "o" "[NAME [VALUE]]" "shows or sets: values, backtrace, on-error" option;
        "history" "" "" "where the lines typed so far are kept" history;
        "save" "" "FILE" "writes what was typed, but for what failed, to a file" save;
        "quit" "q" "" "leaves, or goes back to the prompt before the error" quit;
    }
}

/// All names and abbreviations, for completion.
pub fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().flat_map(|command| [command.name, command.short]).filter(|name| !name.is_empty())
}

fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name || !name.is_empty() && command.short == name)
}

/// Runs a command line without its comma.
pub fn run(session: &mut Session, line: &str) -> Result<(), u8> {
    let (name, argument) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    match find(name) {
        Some(command) => (command.run)(session, argument.trim()),
        None => {
            let near = nearest(name, names());
            let hint = match near.first() {
                Some(near) => format!("did you mean ,{near}?"),
                None => ",help lists the commands".to_string(),
            };
            complain(&format!("there is no command ,{name}: {hint}\n"));
            Ok(())
        }
    }
}

/// A command that cannot do without an argument says so.
fn required<'a>(argument: &'a str, what: &str) -> Option<&'a str> {
    if argument.is_empty() {
        complain(&format!("what is missing: {what}\n"));
    }
    Some(argument).filter(|argument| !argument.is_empty())
}

/// What a prompt from elsewhere is told (--listen): the commands that only look.
pub fn remote(cx: &mut Cx, line: &str) -> String {
    const KNOWN: [&str; 6] = ["help", "doc", "describe", "apropos", "sockets", "quit"];
    let (name, argument) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let argument = argument.trim();
    match name {
        "help" | "h" => "  ,doc NAME      signature and text of what NAME is bound to\n  \
             ,apropos WORD  names that contain WORD\n  \
             ,sockets [FD]  the sockets of this program\n  \
             ,quit          leaves this prompt; the program goes on\n"
            .to_string(),
        "doc" | "describe" | "d" => match doc::find(cx, argument.trim_matches(['(', ')', '\''])) {
            Some(found) => doc::show(&found),
            None => unknown(cx, argument),
        },
        "apropos" | "a" => names_with(cx, argument),
        "sockets" if argument.is_empty() => sockets::table(cx.explain.as_deref()),
        "sockets" => match argument.parse().ok().and_then(|fd| sockets::words(fd, cx.explain.as_deref())) {
            Some(words) => words,
            None => not_a_socket(argument),
        },
        _ => match nearest(name, KNOWN.into_iter()).first() {
            Some(near) => format!("there is no command ,{name} here: did you mean ,{near}?\n"),
            None => format!("there is no command ,{name} here: ,help lists them\n"),
        },
    }
}

fn not_a_socket(argument: &str) -> String {
    format!("{argument} is not the descriptor of a socket: ,sockets lists them\n")
}

/// That nothing has this name, and what does that is like it.
fn unknown(cx: &Cx, name: &str) -> String {
    let symbols = cx.expander.modules.names(USER);
    let near = nearest(name, symbols.iter().map(|symbol| cx.symbols.name(*symbol))).join(", ");
    let hint = if near.is_empty() { String::new() } else { format!(": did you mean {near}?") };
    format!("nothing is called {name}{hint}\n")
}

// ---- help ------------------------------------------------------------------------------------------------------------

fn help(_: &mut Session, argument: &str) -> Result<(), u8> {
    let wanted = argument.trim_start_matches(',');
    if let Some(command) = find(wanted) {
        return say(&command.line());
    }
    let out = of_group(wanted);
    if out.is_empty() {
        complain(&format!("there is no command ,{wanted}\n"));
        return Ok(());
    }
    say(&out)
}

impl Command {
    fn line(&self) -> String {
        let short = if self.short.is_empty() { String::new() } else { format!(" (,{})", self.short) };
        let head = format!(",{} {}", self.name, self.argument);
        format!("  {:<28} {}{short}\n", head.trim_end(), self.text)
    }
}

/// All commands by group, for the reference.
pub fn overview() -> String {
    of_group("")
}

fn of_group(wanted: &str) -> String {
    let mut out = String::new();
    let mut group = "";
    for command in COMMANDS.iter().filter(|command| wanted.is_empty() || command.group == wanted) {
        if command.group != group {
            group = command.group;
            let _ = writeln!(out, "{group}");
        }
        out += &command.line();
    }
    out
}

fn describe(session: &mut Session, argument: &str) -> Result<(), u8> {
    let Some(name) = required(argument.trim_matches(['(', ')', '\'']), "the name to describe") else { return Ok(()) };
    match doc::find(session.engine.cx(), name) {
        Some(found) => {
            let more = match example::expressions(&found.text).next() {
                Some(_) => format!("  ,example {name} runs the example\n"),
                None => String::new(),
            };
            say(&(doc::show(&found) + &more))
        }
        None => {
            let elsewhere = reference::elsewhere(name, None);
            if !elsewhere.is_empty() {
                return say(&elsewhere);
            }
            complain(&unknown(session.engine.cx(), name));
            Ok(())
        }
    }
}

fn run_example(session: &mut Session, argument: &str) -> Result<(), u8> {
    if argument.is_empty() {
        let lines =
            example::EXAMPLES.iter().map(|found| format!("  ,example {:<14} {}\n", found.name, found.summary()));
        return say(&lines.collect::<String>());
    }
    if let Some(found) = example::find(argument) {
        return session.evaluate(found.text).map(drop);
    }
    let text = doc::find(session.engine.cx(), argument).map(|doc| doc.text).unwrap_or_default();
    let mut any = false;
    for (expression, _) in example::expressions(&text) {
        any = true;
        say(&format!("> {expression}\n"))?;
        session.evaluate(expression)?;
    }
    if !any {
        let near = nearest(argument, example::EXAMPLES.iter().map(|found| found.name));
        let hint = near.first().map_or(",example lists programs".to_string(), |near| format!("did you mean {near}?"));
        complain(&format!("there is no example of {argument}: {hint}\n"));
    }
    Ok(())
}

fn apropos(session: &mut Session, argument: &str) -> Result<(), u8> {
    let Some(wanted) = required(argument, "a part of a name") else { return Ok(()) };
    say(&names_with(session.engine.cx(), wanted))
}

fn names_with(cx: &mut Cx, wanted: &str) -> String {
    let symbols = cx.expander.modules.names(USER);
    let mut found: Vec<String> = symbols
        .iter()
        .map(|symbol| cx.symbols.name(*symbol))
        .filter(|name| name.contains(wanted))
        .map(str::to_string)
        .collect();
    found.sort();
    found.dedup();
    let mut out = String::new();
    for name in found {
        let doc = doc::find(cx, &name);
        let usage = doc.as_ref().and_then(|doc| doc.usage.first()).unwrap_or(&name);
        let text = doc.as_ref().map_or(String::new(), |doc| doc::first_sentence(&doc.text));
        let line = format!("  {usage:<34} {text}");
        let _ = writeln!(out, "{}", crate::cli::layout::cut(line.trim_end(), 99));
    }
    if out.is_empty() { format!("no name contains {wanted}\n") } else { out }
}

// ---- modules ---------------------------------------------------------------------------------------------------------

fn import(session: &mut Session, argument: &str) -> Result<(), u8> {
    let Some(libraries) = required(argument, "the libraries to import") else { return Ok(()) };
    session.evaluate(&format!("(import {libraries})")).map(drop)
}

fn module(session: &mut Session, argument: &str) -> Result<(), u8> {
    if !argument.is_empty() {
        return session.evaluate(&format!("(import {argument})")).map(drop);
    }
    let cx = session.engine.cx();
    let mut libraries: Vec<String> = cx
        .expander
        .modules
        .names(USER)
        .into_iter()
        .filter_map(|symbol| cx.expander.modules.origin(USER, symbol))
        .map(|from| cx.expander.modules.show_name(&cx.symbols, &cx.expander.modules.module(from).name))
        .collect();
    libraries.sort();
    libraries.dedup();
    say(&format!("(user), which sees: {}\n", libraries.join(" ")))
}

fn load(session: &mut Session, argument: &str) -> Result<(), u8> {
    let Some(file) = required(argument.trim_matches('"'), "the file to load") else { return Ok(()) };
    session.loaded = Some(file.to_string());
    session.evaluate(&format!("(load {file:?})")).map(drop)
}

fn reload(session: &mut Session, _: &str) -> Result<(), u8> {
    match session.loaded.clone() {
        Some(file) => load(session, &file),
        None => {
            complain("nothing has been loaded so far: ,load FILE\n");
            Ok(())
        }
    }
}

fn binding(session: &mut Session, _: &str) -> Result<(), u8> {
    let cx = session.engine.cx();
    let modules = &cx.expander.modules;
    let mut own: Vec<&str> = modules
        .names(USER)
        .into_iter()
        .filter(|symbol| modules.own(USER, *symbol).is_some())
        .map(|symbol| cx.symbols.name(symbol))
        .filter(|name| !name.starts_with('$'))
        .collect();
    own.sort_unstable();
    let own: Vec<String> = own.into_iter().map(str::to_string).collect();
    let mut out = String::new();
    for name in own {
        let usage = doc::find(cx, &name).and_then(|doc| doc.usage.into_iter().next()).unwrap_or_else(|| name.clone());
        let _ = writeln!(out, "  {usage}");
    }
    say(if out.is_empty() { "nothing so far\n" } else { &out })
}

fn evaluate_in(session: &mut Session, argument: &str) -> Result<(), u8> {
    let end = form_end(argument);
    let (module, expression) = argument.split_at(end);
    if required(module, "a module, and an expression").is_none()
        || required(expression.trim(), "the expression to evaluate there").is_none()
    {
        return Ok(());
    }
    session.evaluate(&format!("(eval '{expression} (resolve-module '{module}))")).map(drop)
}

/// Where the first datum of a text ends.
fn form_end(text: &str) -> usize {
    let mut depth = 0;
    for (class, range) in tokens(text) {
        match class {
            Class::Open => depth += 1,
            Class::Close if depth <= 1 => return range.end,
            Class::Close => depth -= 1,
            Class::Space | Class::Comment | Class::Quote => {}
            _ if depth == 0 => return range.end,
            _ => {}
        }
    }
    text.len()
}

// ---- code ------------------------------------------------------------------------------------------------------------

fn disassemble_procedure(session: &mut Session, argument: &str) -> Result<(), u8> {
    let Some(expression) = required(argument, "a procedure") else { return Ok(()) };
    let Some(value) = session.value_of(expression)? else { return Ok(()) };
    let cx = session.engine.cx();
    match cx.heap.closure_code(value) {
        Some(code) => say(&disassemble(code, cx)),
        None => {
            complain(&format!("{} has no instructions of its own\n", cx.show(value)));
            Ok(())
        }
    }
}

fn expand(session: &mut Session, argument: &str) -> Result<(), u8> {
    let Some(expression) = required(argument, "an expression") else { return Ok(()) };
    match session.engine.expand_text(expression) {
        Ok(text) => say(&format!("{}\n", layout(&readable(&text, &text), 79))),
        Err(stop) => session.settle(Err(stop)).map(drop),
    }
}

fn optimize(session: &mut Session, argument: &str) -> Result<(), u8> {
    let Some(expression) = required(argument, "an expression") else { return Ok(()) };
    match session.engine.optimize_text(expression) {
        Ok(text) => {
            let (program, notes) = text.split_once('\n').unwrap_or((&text, ""));
            let mut out = layout(&readable(program, program), 79) + "\n";
            for note in notes.lines() {
                let _ = writeln!(out, ";; {}", readable(program, note));
            }
            say(&out)
        }
        Err(stop) => session.settle(Err(stop)).map(drop),
    }
}

/// The core language numbers its variables, `x.3`: the number is left out where a name belongs to one variable of the program only.
fn readable(program: &str, text: &str) -> String {
    let split = |word: &str| {
        let (name, number) = word.rsplit_once('.')?;
        (!name.is_empty() && number.chars().all(|c| c.is_ascii_digit()) && !number.is_empty())
            .then(|| (name.to_string(), number.to_string()))
    };
    let symbols = |text: &str| tokens(text).filter(|(class, _)| *class == Class::Symbol).collect::<Vec<_>>();
    let mut numbers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, range) in symbols(program) {
        match split(&program[range.clone()]) {
            Some((name, number)) => drop(numbers.entry(name).or_default().insert(number)),
            // A global variable of that name.
            None => drop(numbers.entry(program[range].to_string()).or_default().insert(String::new())),
        }
    }
    let mut out = String::new();
    let mut done = 0;
    for (_, range) in symbols(text) {
        let word = &text[range.clone()];
        out.push_str(&text[done..range.start]);
        match split(word) {
            Some((name, _)) if numbers.get(&name).is_some_and(|all| all.len() == 1) => out.push_str(&name),
            _ => out.push_str(word),
        }
        done = range.end;
    }
    out + &text[done..]
}

fn compile(session: &mut Session, argument: &str) -> Result<(), u8> {
    let Some(expression) = required(argument, "an expression") else { return Ok(()) };
    match session.engine.compile_text(expression) {
        Ok(thunk) => {
            let cx = session.engine.cx();
            say(&cx.heap.closure_code(thunk).map_or(String::new(), |code| disassemble(code, cx)))
        }
        Err(stop) => session.settle(Err(stop)).map(drop),
    }
}

fn pretty_print(session: &mut Session, argument: &str) -> Result<(), u8> {
    let Some(expression) = required(argument, "an expression") else { return Ok(()) };
    let Some(value) = session.value_of(expression)? else { return Ok(()) };
    let text = session.engine.written(value);
    say(&format!("{}\n", layout(&text, 79)))
}

fn inspect(session: &mut Session, argument: &str) -> Result<(), u8> {
    let Some(expression) = required(argument, "an expression") else { return Ok(()) };
    let Some(value) = session.value_of(expression)? else { return Ok(()) };
    let parts: Vec<Value> = if value.is_pair() {
        crate::vm::machine::list_items(value).take(1000).collect()
    } else if value.is_vector() {
        value.fields().take(1000).collect()
    } else {
        Vec::new()
    };
    let mut out = format!("{}\n", session.engine.cx().show(value));
    for (index, part) in parts.into_iter().enumerate() {
        let _ = writeln!(out, "  {index:>3}  {}", session.engine.cx().show(part));
    }
    say(&out)
}

// ---- measure ---------------------------------------------------------------------------------------------------------

fn cpu_time() -> Duration {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let usage = getrusage(UsageWho::RUSAGE_SELF);
    let micros = usage.map_or(0, |usage| usage.user_time().num_microseconds() + usage.system_time().num_microseconds());
    Duration::from_micros(micros.max(0) as u64)
}

fn time(session: &mut Session, argument: &str) -> Result<(), u8> {
    let Some(expression) = required(argument, "an expression") else { return Ok(()) };
    let (clock, cpu) = (Instant::now(), cpu_time());
    let value = session.evaluate(expression)?;
    let (clock, cpu) = (clock.elapsed(), cpu_time().saturating_sub(cpu));
    match value {
        Some(_) => say(&format!(";; {} real time, {} run time\n", seconds(clock), seconds(cpu))),
        None => Ok(()),
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.6}s", time.as_secs_f64())
}

fn profile(session: &mut Session, argument: &str) -> Result<(), u8> {
    let Some(expression) = required(argument, "an expression") else { return Ok(()) };
    session.engine.cx().profile = Some(Box::default());
    let value = session.evaluate(expression);
    let profile = session.engine.cx().profile.take();
    if value?.is_some()
        && let Some(profile) = profile
    {
        return say(&profile.table());
    }
    Ok(())
}

/// Replaces the procedures that were defined here by ones that tell of their calls, for the time that EXPR takes.
fn trace(session: &mut Session, argument: &str) -> Result<(), u8> {
    let Some(expression) = required(argument, "an expression") else { return Ok(()) };
    let cx = session.engine.cx();
    let own: Vec<_> = cx
        .expander
        .modules
        .own_names(USER)
        .into_iter()
        .filter(|symbol| !cx.symbols.name(*symbol).starts_with('$'))
        .filter_map(|symbol| match cx.expander.modules.own(USER, symbol)? {
            Binding::Variable(cell) if cx.heap.closure_code(cell::value(cell)).is_some() => Some(symbol),
            _ => None,
        })
        .map(|symbol| cx.symbols.name(symbol).to_string())
        .collect();
    // All at once, so that they come back whatever the expression does.
    let set = |what: &dyn Fn(&str) -> String| {
        own.iter().map(|name| format!("(set! {name} {})", what(name))).collect::<String>()
    };
    let saved: String = own.iter().enumerate().map(|(n, name)| format!("($was{n} {name})")).collect();
    let before = set(&|name| format!("((@@ (guile) %traced) '{name} {name})"));
    let after: String = own.iter().enumerate().map(|(n, name)| format!("(set! {name} $was{n})")).collect();
    session
        .evaluate(&format!(
            "(let ({saved}) (dynamic-wind (lambda () #f {before}) (lambda () {expression}) (lambda () #f {after})))"
        ))
        .map(drop)
}

fn collect(session: &mut Session, _: &str) -> Result<(), u8> {
    let before = session.engine.cx().heap.used_bytes();
    session.value_of("(gc)")?;
    let after = session.engine.cx().heap.used_bytes();
    say(&format!("{} in use, {} before\n", size(after), size(before)))
}

fn statistics(session: &mut Session, _: &str) -> Result<(), u8> {
    let cx = session.engine.cx();
    let (used, limit, since) = (cx.heap.used_bytes(), cx.heap.ledger.limit(), cx.started.elapsed());
    say(&format!(
        "memory   {} in use, limit {}\ntime     {} since the start, {} run time\n",
        size(used),
        size(limit),
        seconds(since),
        seconds(cpu_time())
    ))
}

fn size(bytes: usize) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} bytes"),
        10_000..=9_999_999 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

// ---- errors ----------------------------------------------------------------------------------------------------------

fn last_error(session: &mut Session) -> Option<Value> {
    let error = session.last_error();
    if error.is_none() {
        complain("there was no error so far\n");
    }
    error
}

fn error(session: &mut Session, _: &str) -> Result<(), u8> {
    let Some(object) = last_error(session) else { return Ok(()) };
    say(&session.report(object))
}

fn backtrace(session: &mut Session, _: &str) -> Result<(), u8> {
    let Some(object) = last_error(session) else { return Ok(()) };
    let frames = session.engine.frames(object);
    let mut out = String::new();
    for (index, frame) in frames.iter().enumerate() {
        let mark = if index == session.frame { '*' } else { ' ' };
        let _ = writeln!(out, "{mark}{index:>3}  {}", frame.line);
    }
    say(if out.is_empty() { "no calls are known\n" } else { &out })
}

fn go(session: &mut Session, to: impl FnOnce(usize) -> usize) -> Result<(), u8> {
    let Some(object) = last_error(session) else { return Ok(()) };
    let frames = session.engine.frames(object);
    session.frame = to(session.frame).min(frames.len().saturating_sub(1));
    match frames.get(session.frame) {
        Some(frame) => {
            say(&format!(" {:>3}  {}\n{}", session.frame, frame.line, frame.excerpt.as_deref().unwrap_or("")))
        }
        None => say("no calls are known\n"),
    }
}

fn up(session: &mut Session, argument: &str) -> Result<(), u8> {
    let count: usize = argument.parse().unwrap_or(1);
    go(session, |frame| frame.saturating_add(count))
}

fn down(session: &mut Session, argument: &str) -> Result<(), u8> {
    let count: usize = argument.parse().unwrap_or(1);
    go(session, |frame| frame.saturating_sub(count))
}

fn frame(session: &mut Session, argument: &str) -> Result<(), u8> {
    let wanted = argument.parse().ok();
    go(session, |frame| wanted.unwrap_or(frame))
}

fn locals(session: &mut Session, _: &str) -> Result<(), u8> {
    let Some(object) = last_error(session) else { return Ok(()) };
    let frames = session.engine.frames(object);
    let Some(frame) = frames.get(session.frame) else { return say("no calls are known\n") };
    if frame.locals.is_empty() {
        return say(&format!("no variables are known in {}\n", frame.line));
    }
    let width = frame.locals.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let lines: String = frame.locals.iter().map(|(name, value)| format!("  {name:<width$} = {value}\n")).collect();
    say(&format!("in {}\n{lines}", frame.line))
}

// ---- sockets ---------------------------------------------------------------------------------------------------------

fn list_sockets(session: &mut Session, argument: &str) -> Result<(), u8> {
    let explain = session.engine.cx().explain.as_deref();
    if argument.is_empty() {
        return say(&sockets::table(explain));
    }
    match argument.parse().ok().and_then(|fd| sockets::words(fd, explain)) {
        Some(words) => say(&words),
        None => {
            complain(&not_a_socket(argument));
            Ok(())
        }
    }
}

fn explain(session: &mut Session, argument: &str) -> Result<(), u8> {
    // Without calls being told, the prompt still wants to know where sockets are made.
    let level = match Level::named(argument) {
        Some(Level::Off) => Level::Places,
        Some(level) => level,
        None => {
            complain(&format!("{argument} is none of on, all, json, off\n"));
            return Ok(());
        }
    };
    session.engine.cx().explain_calls(level);
    let text = if level == Level::Places {
        "calls are not told of any more\n"
    } else {
        "each call of the network is told of\n"
    };
    say(text)
}

fn list_fibers(session: &mut Session, _: &str) -> Result<(), u8> {
    if let Some(table) = session.value_of("(fiber-table)")?
        && let Some(text) = session.engine.cx().heap.str(table)
    {
        return say(text);
    }
    Ok(())
}

// ---- session ---------------------------------------------------------------------------------------------------------

fn option(session: &mut Session, argument: &str) -> Result<(), u8> {
    const NAMES: [&str; 3] = ["values", "backtrace", "on-error"];
    let mut words = argument.split_whitespace();
    let options = &mut session.options;
    let (name, value) = (words.next(), words.next());
    let switch = |on: bool| if on { "on" } else { "off" };
    let trouble = |trouble: Trouble| if trouble == Trouble::Break { "break" } else { "report" };
    let slot = match name {
        None => {
            return say(&format!(
                "  values      {:<7} print values, and name them $1 $2 ...: on, off\n  \
                 backtrace   {:<7} print the calls that led to an error: on, off\n  \
                 on-error    {:<7} after an error: report, or break (a prompt in the prompt)\n",
                switch(options.values),
                switch(options.backtrace),
                trouble(options.on_error)
            ));
        }
        Some("values") => &mut options.values,
        Some("backtrace") => &mut options.backtrace,
        Some("on-error") => {
            match value {
                None => return say(&format!("{}\n", trouble(options.on_error))),
                Some("report") => options.on_error = Trouble::Report,
                // Guile's own word for it is debug.
                Some("break" | "debug") => options.on_error = Trouble::Break,
                Some(other) => complain(&format!("{other} is neither report nor break\n")),
            }
            return Ok(());
        }
        Some(name) => {
            let hint = match nearest(name, NAMES.into_iter()).first() {
                Some(near) => format!("did you mean {near}?"),
                None => NAMES.join(", "),
            };
            complain(&format!("there is no option {name}: {hint}\n"));
            return Ok(());
        }
    };
    match value {
        Some("on" | "#t" | "yes") => *slot = true,
        Some("off" | "#f" | "no") => *slot = false,
        Some(other) => complain(&format!("{other} is neither on nor off\n")),
        None => return say(if *slot { "on\n" } else { "off\n" }),
    }
    Ok(())
}

fn history(session: &mut Session, _: &str) -> Result<(), u8> {
    match &session.terminal.history {
        Some(path) => say(&format!("{}\n", path.display())),
        None => say("history is not kept: neither HOME nor XDG_STATE_HOME names a folder\n"),
    }
}

fn save(session: &mut Session, argument: &str) -> Result<(), u8> {
    let Some(file) = required(argument.trim_matches('"'), "the file to write") else { return Ok(()) };
    let text: String = session.log.iter().map(|form| format!("{form}\n")).collect();
    // What is there already may be somebody's work.
    let written = std::fs::OpenOptions::new().write(true).create_new(true).open(file);
    match written.and_then(|mut out| std::io::Write::write_all(&mut out, text.as_bytes())) {
        Ok(()) => say(&format!("{} inputs written to {file}\n", session.log.len())),
        Err(error) => {
            complain(&format!("cannot write {file}: {error}\n"));
            Ok(())
        }
    }
}

fn quit(session: &mut Session, _: &str) -> Result<(), u8> {
    if session.leave_level() {
        return Ok(());
    }
    crate::cli::flush(session.engine)?;
    Err(0)
}
