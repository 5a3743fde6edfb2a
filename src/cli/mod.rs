//! The command line: what to run, and how its end becomes an exit status.

pub mod allocator;
mod args;
mod assist;
mod commands;
mod console;
pub mod doc;
mod example;
mod fmt;
mod layout;
mod place;
pub mod reference;
mod repl;
mod terminal;
mod test;
mod unbound;
mod watch;
mod words;

use crate::engine::{Engine, Stop};
use crate::files;
use crate::net::{Mode, interrupt};
use crate::port::PortError;
use crate::value::Value;
use crate::value::dialect::Dialect;
use args::{Action, Command};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::ffi::OsString;
use std::io::{ErrorKind, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::process::ExitCode;

const USAGE_ERROR: u8 = 2;
const UNCAUGHT_ERROR: u8 = 1;
/// As if SIGINT had ended the program.
const INTERRUPTED: u8 = 130;
/// A bound was reached: --timeout, --max-steps, --max-output. As timeout(1) says it.
const LIMIT_REACHED: u8 = 124;
/// As if SIGPIPE had: who reads the output has seen enough.
const BROKEN_PIPE: u8 = 141;

pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = arguments.into_iter().collect();
    let arguments = match args::parse(words.iter().cloned()) {
        Ok(arguments) => arguments,
        Err(message) => {
            complain(&format!("sockeye: {message}\nTry `sockeye --help`.\n"));
            return ExitCode::from(USAGE_ERROR);
        }
    };
    if arguments.settings.watch {
        let script = arguments.command_line.first().map(String::as_str);
        // The first of them is --watch: what comes behind the script is the script's.
        let mut words: Vec<OsString> = words.into_iter().skip(1).collect();
        if let Some(at) = words.iter().position(|word| word == "--watch") {
            words.remove(at);
        }
        let mut folders = arguments.settings.load_path.clone();
        folders.push(
            script.and_then(|script| Path::new(script).parent()).map_or(String::new(), |f| f.display().to_string()),
        );
        return ExitCode::from(watch::run(&words, &folders));
    }
    match arguments.action {
        Action::Help => finish(say(args::HELP)),
        Action::Version => finish(say(concat!("sockeye ", env!("CARGO_PKG_VERSION"), "\n"))),
        Action::Test(files) => {
            let all_passed = test::run(&files, &|script| start(&arguments.settings, Some(script)));
            ExitCode::from(if all_passed { 0 } else { UNCAUGHT_ERROR })
        }
        Action::Format { files, check } => ExitCode::from(fmt::run(&files, check)),
        Action::Doc(name) => finish(reference::tell(&name)),
        Action::Pages(folder) => finish(reference::write(Path::new(&folder))),
        Action::Run => finish(run(arguments)),
    }
}

fn finish(result: Result<(), u8>) -> ExitCode {
    result.map_or_else(ExitCode::from, |()| ExitCode::SUCCESS)
}

/// Prints to the standard output; what keeps it from doing so decides the exit status.
fn say(text: &str) -> Result<(), u8> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| {
        if error.kind() == ErrorKind::BrokenPipe {
            return BROKEN_PIPE;
        }
        complain(&format!("sockeye: cannot write to the standard output: {error}\n"));
        UNCAUGHT_ERROR
    })
}

/// Prints to the standard error. Where that does not take it, nobody wants to know.
fn complain(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// An engine as the settings want it, with this thread to itself.
fn start(settings: &args::Settings, script: Option<&str>) -> Result<Engine, String> {
    let permissions = settings.permissions()?;
    let made = Engine::with(permissions, settings.limits.clone());
    let mut engine = made.map_err(|error| format!("cannot start: {error}"))?;
    let cx = engine.cx();
    // Blocking calls may block, since Ctrl-C ends them.
    if interrupt::catch_sigint(cx.net.interrupt()).is_ok() {
        cx.net.mode = Mode::Block;
    }
    if let Some(bytes) = settings.max_memory {
        engine.limit_memory(bytes);
    }
    if settings.stress {
        engine.stress_collector();
    }
    if settings.poll {
        engine.use_poll();
    }
    if settings.explain.wants_calls() {
        engine.cx().explain_calls(settings.explain);
    }
    engine.set_load_path(&load_path(settings, script));
    Ok(engine)
}

/// Where libraries are looked for: what -L says, the folders of SOCKEYE_LOAD_PATH and GUILE_LOAD_PATH, the script's folder, and
/// the current one.
fn load_path(settings: &args::Settings, script: Option<&str>) -> Vec<String> {
    let mut folders = settings.load_path.clone();
    for variable in ["SOCKEYE_LOAD_PATH", "GUILE_LOAD_PATH"] {
        if let Some(value) = std::env::var_os(variable) {
            let named = std::env::split_paths(&value).map(|folder| folder.display().to_string());
            folders.extend(named.filter(|folder| !folder.is_empty() && folder != "..."));
        }
    }
    let beside = script.filter(|script| *script != "-").and_then(|script| Path::new(script).parent());
    folders.extend(beside.map(|folder| folder.display().to_string()).filter(|folder| !folder.is_empty()));
    folders.push(String::new());
    folders
}

fn run(arguments: args::Arguments) -> Result<(), u8> {
    let script = arguments.commands.iter().find_map(|command| match command {
        Command::Load(path) => Some(path.as_str()),
        _ => None,
    });
    let mut engine = start(&arguments.settings, script).map_err(|message| {
        complain(&format!("sockeye: {message}\n"));
        UNCAUGHT_ERROR
    })?;
    engine.cx().command_line = arguments.command_line.clone();
    if let Some(place) = &arguments.settings.listen {
        engine.cx().commands = Some(commands::remote);
        let place = match place.parse::<u16>() {
            Ok(port) => port.to_string(),
            Err(_) => format!("{place:?}"),
        };
        let result = engine.run_text("command line", &format!("((@@ (guile) %listen-for-prompts) {place})")).map(drop);
        settle(&mut engine, result)?;
    }
    for command in &arguments.commands {
        let result = match command {
            Command::Load(path) => run_file(&mut engine, path),
            Command::Evaluate(text) => run_program(&mut engine, "command line", text).map(drop),
            Command::Print(text) => match run_program(&mut engine, "command line", text) {
                Ok(value) => {
                    flush(&mut engine)?;
                    say(&format!("{}\n", engine.cx().show(value)))?;
                    Ok(())
                }
                Err(stop) => Err(stop),
            },
            Command::Call(name) => engine.run_text("command line", &format!("({name} (command-line))")).map(drop),
        };
        settle(&mut engine, result)?;
    }
    if arguments.interactive {
        if std::io::stdin().is_terminal() {
            repl::run(&mut engine)?;
        } else {
            let result = run_standard_input(&mut engine);
            settle(&mut engine, result)?;
        }
    }
    flush(&mut engine)?;
    let result = engine.finish();
    settle(&mut engine, result)
}

/// Writes out what was printed; what is lost must not go unnoticed.
fn flush(engine: &mut Engine) -> Result<(), u8> {
    engine.flush().map_err(|error| {
        if is_broken_pipe(&error) {
            return BROKEN_PIPE;
        }
        complain(&format!("error: cannot write to the standard output: {error}\n"));
        UNCAUGHT_ERROR
    })
}

fn nobody_reads_output() -> bool {
    let stdout = std::io::stdout();
    let mut set = [PollFd::new(stdout.as_fd(), PollFlags::POLLOUT)];
    poll(&mut set, PollTimeout::ZERO).is_ok()
        && set[0].revents().is_some_and(|events| events.contains(PollFlags::POLLERR))
}

fn is_broken_pipe(error: &PortError) -> bool {
    matches!(error, PortError::Failed(error) if error.errno() == Some(Errno::EPIPE as i32))
}

fn run_file(engine: &mut Engine, path: &str) -> Result<(), Stop> {
    if path == "-" {
        return run_standard_input(engine);
    }
    match files::read(Path::new(path)) {
        Ok((name, text)) => run_program(engine, &name, &text).map(drop),
        Err(error) => {
            let object = engine.cx().maker().file("load", error.errno, &error.message);
            Err(Stop::Raised { object })
        }
    }
}

fn run_standard_input(engine: &mut Engine) -> Result<(), Stop> {
    let mut bytes = Vec::new();
    if let Err(error) = std::io::stdin().read_to_end(&mut bytes) {
        let object = engine.cx().maker().file(
            "load",
            error.raw_os_error().unwrap_or(0),
            &format!("cannot read standard input: {error}"),
        );
        return Err(Stop::Raised { object });
    }
    let text = String::from_utf8_lossy(&bytes);
    run_program(engine, "standard input", &text).map(drop)
}

/// Runs a program, and writes data as the language does that it is written in.
fn run_program(engine: &mut Engine, name: &str, text: &str) -> Result<Value, Stop> {
    engine.cx().dialect = Dialect::of_program(text);
    engine.run_text(name, text)
}

/// Prints what went wrong, and says which exit status it means.
fn settle(engine: &mut Engine, result: Result<(), Stop>) -> Result<(), u8> {
    match result {
        Ok(()) => Ok(()),
        Err(Stop::Exit(status)) => {
            flush(engine)?;
            if let Err(Stop::Raised { object }) = engine.finish() {
                complain(&engine.report(object));
                return Err(UNCAUGHT_ERROR);
            }
            Err(status as u8)
        }
        Err(Stop::Limit(limit)) => {
            let _ = engine.flush();
            let (_, excerpt) = engine.whole_trace(None);
            complain(&format!("error: {limit}\n{}", excerpt.unwrap_or_default()));
            Err(LIMIT_REACHED)
        }
        Err(Stop::Raised { object }) => {
            if engine.is_interrupt(object) {
                // Whoever wants the end does not wait for a reader: what cannot be written at once is lost.
                engine.cx().net.mode = Mode::Try;
            }
            // What was printed does not share a line with what is told of the error, where both are seen.
            if std::io::stdout().is_terminal() && std::io::stderr().is_terminal() {
                engine.fresh_line();
            }
            // What is lost now is less news than the object.
            let _ = engine.flush();
            if engine.is_broken_pipe(object) && nobody_reads_output() {
                return Err(BROKEN_PIPE);
            }
            let interrupted = engine.is_interrupt(object);
            if interrupted {
                complain("interrupted\n");
            } else {
                complain(&engine.report(object));
            }
            if interrupted {
                return Err(INTERRUPTED);
            }
            let _ = engine.finish();
            Err(UNCAUGHT_ERROR)
        }
    }
}
