//! The command line: what to run, and how its end becomes an exit status.

mod args;
mod repl;
mod test;

use crate::engine::{Engine, Stop};
use crate::files;
use crate::net::{Mode, interrupt};
use args::{Action, Command};
use std::ffi::OsString;
use std::io::{IsTerminal, Read};
use std::path::Path;
use std::process::ExitCode;

const USAGE_ERROR: u8 = 2;
const UNCAUGHT_ERROR: u8 = 1;
/// As if SIGINT had ended the program.
const INTERRUPTED: u8 = 130;

pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match args::parse(arguments) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("sockeye: {message}\nTry `sockeye --help`.");
            return ExitCode::from(USAGE_ERROR);
        }
    };
    match arguments.action {
        Action::Help => {
            print!("{}", args::HELP);
            ExitCode::SUCCESS
        }
        Action::Version => {
            println!("sockeye {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Action::Test(files) => {
            let make = || start(&arguments.settings);
            let all_passed = test::run(&files, &make);
            ExitCode::from(if all_passed { 0 } else { UNCAUGHT_ERROR })
        }
        Action::Run => match run(arguments) {
            Ok(()) => ExitCode::SUCCESS,
            Err(status) => ExitCode::from(status),
        },
    }
}

/// An engine as the settings want it, with this thread to itself.
fn start(settings: &args::Settings) -> Result<Engine, String> {
    let mut engine = Engine::new().map_err(|error| format!("cannot start: {error}"))?;
    let cx = engine.cx();
    // Blocking calls may block, since Ctrl-C ends them.
    if interrupt::catch_sigint(cx.net.interrupt()).is_ok() {
        cx.net.mode = Mode::Block;
    }
    if let Some(bytes) = settings.max_memory {
        cx.heap.max_memory = bytes;
    }
    if settings.stress {
        engine.stress_collector();
    }
    engine.set_load_path(settings.load_path.iter().map(Into::into).collect());
    Ok(engine)
}

fn run(arguments: args::Arguments) -> Result<(), u8> {
    let mut engine = start(&arguments.settings).map_err(|message| {
        eprintln!("sockeye: {message}");
        UNCAUGHT_ERROR
    })?;
    engine.cx().command_line = arguments.command_line.clone();
    for command in &arguments.commands {
        let result = match command {
            Command::Load(path) => run_file(&mut engine, path),
            Command::Evaluate(text) => engine.run_text("command line", text).map(drop),
            Command::Print(text) => engine.run_text("command line", text).map(|value| {
                println!("{}", engine.cx().show(value));
            }),
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
    engine.flush();
    Ok(())
}

fn run_file(engine: &mut Engine, path: &str) -> Result<(), Stop> {
    if path == "-" {
        return run_standard_input(engine);
    }
    match files::read(Path::new(path)) {
        Ok((name, text)) => engine.run_text(&name, &text).map(drop),
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
    engine.run_text("standard input", &text).map(drop)
}

/// Prints what went wrong, and says which exit status it means.
fn settle(engine: &mut Engine, result: Result<(), Stop>) -> Result<(), u8> {
    match result {
        Ok(()) => Ok(()),
        Err(Stop::Exit(status)) => {
            engine.flush();
            Err(status as u8)
        }
        Err(Stop::Raised { object }) => {
            engine.flush();
            let interrupted = engine.is_interrupt(object);
            if interrupted {
                eprintln!("interrupted");
            } else {
                eprint!("{}", engine.report(object));
            }
            Err(if interrupted { INTERRUPTED } else { UNCAUGHT_ERROR })
        }
    }
}
