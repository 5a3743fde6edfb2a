//! The prompt: reads forms and commands, runs them, prints their values.

use crate::cli::commands;
use crate::cli::terminal::{Reply, Terminal};
use crate::cli::words::Words;
use crate::engine::{Engine, Stop};
use crate::expander::env::{Binding, MarkId};
use crate::expander::library::USER;
use crate::trace::explain::Level;
use crate::trace::system::own_sockets;
use crate::value::Value;
use crate::value::heap::cell;
use std::os::fd::AsRawFd;

/// A prompt and what it remembers.
pub struct Session<'e> {
    pub engine: &'e mut Engine,
    pub terminal: Terminal,
    /// Inputs so far: their sources are named by number.
    inputs: usize,
    /// Values so far: `$1`, `$2`, ...
    values: usize,
    pub options: Options,
    /// The frame that `,up` and `,down` have chosen in the last error's trace.
    pub frame: usize,
    /// What `,load` has loaded last, for `,reload`.
    pub loaded: Option<String>,
    /// The inputs that went well, for `,save`.
    pub log: Vec<String>,
}

/// What `,option` sets.
pub struct Options {
    pub values: bool,
    pub backtrace: bool,
}

/// The variable that keeps the last error's object.
const LAST_ERROR: &str = "$error";

pub fn run(engine: &mut Engine) -> Result<(), u8> {
    if !engine.cx().explain.as_ref().is_some_and(|explain| explain.level.wants_calls()) {
        engine.cx().explain_calls(Level::Places);
    }
    let words = Words::collect(engine.cx());
    let before = own_sockets();
    let terminal = match Terminal::open(words) {
        Ok(terminal) => terminal,
        Err(error) => {
            super::complain(&format!("sockeye: no prompt on this terminal: {error}\n"));
            return Err(super::UNCAUGHT_ERROR);
        }
    };
    if let Some(explain) = &mut engine.cx().explain {
        explain.hidden = own_sockets().into_iter().filter(|fd| !before.contains(fd)).collect();
    }
    super::say(concat!("sockeye ", env!("CARGO_PKG_VERSION"), "  Scheme with sockets.  ,help  ctrl-D leaves\n"))?;
    let options = Options { values: true, backtrace: true };
    let mut session =
        Session { engine, terminal, inputs: 0, values: 0, options, frame: 0, loaded: None, log: Vec::new() };
    loop {
        match session.read("> ")? {
            Reply::Line(line) => session.input(&line)?,
            Reply::Interrupted => {}
            Reply::End => return Ok(()),
            Reply::Failed(error) => {
                super::complain(&format!("sockeye: {error}\n"));
                return Err(super::UNCAUGHT_ERROR);
            }
        }
    }
}

impl Session<'_> {
    /// Puts up the prompt, and lets the fibers run until somebody has typed.
    fn read(&mut self, prompt: &str) -> Result<Reply, u8> {
        self.terminal.ask(prompt);
        let left = loop {
            let ready = self.terminal.ready().as_raw_fd();
            let answer = self.engine.run_until_readable(ready);
            if let Err(Stop::Exit(status)) = answer {
                break Err(status as u8);
            }
            if let Some(reply) = self.terminal.reply() {
                break Ok(reply);
            }
        };
        self.engine.fresh_line();
        let _ = self.engine.flush();
        self.terminal.take_back();
        left
    }

    fn input(&mut self, line: &str) -> Result<(), u8> {
        match line.trim_start().strip_prefix(',') {
            _ if line.trim().is_empty() => Ok(()),
            Some(command) => commands::run(self, command.trim()),
            None => {
                if self.evaluate(line)?.is_some() {
                    self.log.push(line.trim().to_string());
                }
                Ok(())
            }
        }
    }

    /// Runs the forms of a text and prints their values; `None` after an error, which has been printed.
    pub fn evaluate(&mut self, text: &str) -> Result<Option<Value>, u8> {
        self.inputs += 1;
        let result = self.engine.run_text(&format!("prompt {}", self.inputs), text);
        let value = self.settle(result)?;
        if let Some(value) = value
            && value != Value::UNSPECIFIED
            && self.options.values
        {
            self.print_value(value)?;
        }
        self.terminal.set_words(Words::collect(self.engine.cx()));
        Ok(value)
    }

    /// The value of a text, without printing it.
    pub fn value_of(&mut self, text: &str) -> Result<Option<Value>, u8> {
        self.inputs += 1;
        let result = self.engine.run_text(&format!("prompt {}", self.inputs), text);
        self.settle(result)
    }

    /// Prints an error, if that is what came.
    fn settle(&mut self, result: Result<Value, Stop>) -> Result<Option<Value>, u8> {
        // What the form printed comes before its value, and never shares a line with it or the prompt.
        if !matches!(result, Err(Stop::Exit(_))) {
            self.engine.fresh_line();
        }
        super::flush(self.engine)?;
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Stop::Exit(status)) => Err(status as u8),
            Err(Stop::Limit(limit)) => {
                super::complain(&format!("error: {limit}\n"));
                Ok(None)
            }
            Err(Stop::Raised { object }) => {
                self.define(LAST_ERROR, object);
                self.frame = 0;
                super::complain(&self.engine.report(object));
                Ok(None)
            }
        }
    }

    fn print_value(&mut self, value: Value) -> Result<(), u8> {
        self.values += 1;
        let name = format!("${}", self.values);
        self.define(&name, value);
        super::say(&format!("{name} = {}\n", self.engine.written(value)))
    }

    fn define(&mut self, name: &str, value: Value) {
        let cx = self.engine.cx();
        let symbol = cx.symbols.intern(name);
        let variable = cell::make(&cx.heap, symbol, value);
        cx.expander.modules.define(USER, symbol, MarkId::NONE, Binding::Variable(variable));
    }

    /// The last error's object.
    pub fn last_error(&mut self) -> Option<Value> {
        let cx = self.engine.cx();
        let symbol = cx.symbols.intern(LAST_ERROR);
        match cx.expander.modules.own(USER, symbol)? {
            Binding::Variable(variable) => Some(cell::value(variable)),
            _ => None,
        }
    }
}
