//! The prompt: reads forms and commands, runs them, prints their values.

use crate::builtins::port_value::descriptor;
use crate::cli::commands;
use crate::cli::terminal::{Reply, Terminal};
use crate::engine::{Engine, Stop};
use crate::expander::env::{Binding, MarkId};
use crate::expander::library::USER;
use crate::net::look;
use crate::trace::explain::{Level, kind, short};
use crate::trace::system::own_sockets;
use crate::value::heap::cell;
use crate::value::{Kind, Value};
use nix::libc;
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
    /// For each prompt that an error has opened, the frame that was chosen in the one around it.
    levels: Vec<usize>,
    /// What `,load` has loaded last, for `,reload`.
    pub loaded: Option<String>,
    /// The inputs that went well, for `,save`.
    pub log: Vec<String>,
}

/// What `,option` sets.
pub struct Options {
    pub values: bool,
    pub backtrace: bool,
    pub on_error: Trouble,
}

/// What comes after an error.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It is told, and the prompt goes on.
    Report,
    /// A prompt in the prompt, whose error it is, until `,quit` or Ctrl-D leaves that.
    Break,
}

pub fn run(engine: &mut Engine) -> Result<(), u8> {
    if !engine.cx().explain.as_ref().is_some_and(|explain| explain.level.wants_calls()) {
        engine.cx().explain_calls(Level::Places);
    }
    engine.cx().keeps_locals = true;
    let before = own_sockets();
    let terminal = match Terminal::open() {
        Ok(terminal) => terminal,
        Err(error) => {
            super::complain(&format!("sockeye: no prompt on this terminal: {error}\n"));
            return Err(super::UNCAUGHT_ERROR);
        }
    };
    if let Some(explain) = &mut engine.cx().explain {
        explain.hidden = own_sockets().into_iter().filter(|fd| !before.contains(fd)).collect();
    }
    super::say(concat!(
        "sockeye ",
        env!("CARGO_PKG_VERSION"),
        "  Scheme with sockets.  ,help  ,example  ctrl-D leaves\n"
    ))?;
    let options = Options { values: true, backtrace: true, on_error: Trouble::Report };
    let mut session = Session {
        engine,
        terminal,
        inputs: 0,
        values: 0,
        options,
        frame: 0,
        levels: Vec::new(),
        loaded: None,
        log: Vec::new(),
    };
    loop {
        let prompt = session.prompt();
        match session.read(&prompt)? {
            Reply::Line(line) => session.input(&line)?,
            Reply::Interrupted => {}
            Reply::End if session.leave_level() => {}
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
        self.terminal.ask(prompt, |words| words.refresh(self.engine.cx()));
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
            && self.options.values
        {
            // Several values are printed one by one, each under a name of its own.
            let values = if value.is_kind(Kind::Values) { value.fields().collect() } else { vec![value] };
            for value in values.into_iter().filter(|value| *value != Value::UNSPECIFIED) {
                self.print_value(value)?;
            }
        }
        Ok(value)
    }

    /// The value of a text, without printing it.
    pub fn value_of(&mut self, text: &str) -> Result<Option<Value>, u8> {
        self.inputs += 1;
        let result = self.engine.run_text(&format!("prompt {}", self.inputs), text);
        self.settle(result)
    }

    /// Prints an error, if that is what came.
    pub fn settle(&mut self, result: Result<Value, Stop>) -> Result<Option<Value>, u8> {
        // What the form printed comes before its value, and never shares a line with it or the prompt.
        if !matches!(result, Err(Stop::Exit(_))) {
            self.engine.fresh_line();
        }
        super::flush(self.engine)?;
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Stop::Exit(status)) => Err(status as u8),
            Err(Stop::Limit(limit)) => {
                let (_, excerpt) = self.engine.whole_trace(None);
                super::complain(&format!("error: {limit}\n{}", excerpt.unwrap_or_default()));
                Ok(None)
            }
            Err(Stop::Raised { object }) => {
                let report = self.report(object);
                let interrupted = self.engine.is_interrupt(object);
                if self.options.on_error == Trouble::Break && !interrupted {
                    self.levels.push(self.frame);
                }
                let variable = self.error_variable();
                self.define(&variable, object);
                self.frame = 0;
                super::complain(&report);
                if self.options.on_error == Trouble::Break && !interrupted {
                    super::complain("a prompt in the prompt: ,bt and ,locals look into the error, ,q goes back\n");
                }
                Ok(None)
            }
        }
    }

    /// An error as the options want it told.
    pub fn report(&mut self, object: Value) -> String {
        if self.options.backtrace { self.engine.report(object) } else { self.engine.report_itself(object) }
    }

    fn prompt(&self) -> String {
        if self.levels.is_empty() { "> ".to_string() } else { format!("[{}]> ", self.levels.len()) }
    }

    /// Goes back to the prompt that an error has interrupted, if one has.
    pub fn leave_level(&mut self) -> bool {
        let frame = self.levels.pop();
        self.frame = frame.unwrap_or(self.frame);
        frame.is_some()
    }

    /// The variable that keeps the last error's object: one for each prompt in the prompt.
    fn error_variable(&self) -> String {
        match self.levels.len() {
            0 => "$error".to_string(),
            level => format!("$error-{level}"),
        }
    }

    fn print_value(&mut self, value: Value) -> Result<(), u8> {
        self.values += 1;
        let name = format!("${}", self.values);
        self.define(&name, value);
        let shown = match describe_socket(self.engine, value) {
            Some(socket) => socket,
            None => self.engine.written(value),
        };
        super::say(&format!("{name} = {shown}\n"))
    }

    fn define(&mut self, name: &str, value: Value) {
        let cx = self.engine.cx();
        let symbol = cx.symbols.intern(name);
        let variable = cell::make(&cx.heap, symbol, value);
        cx.expander.modules.define(USER, symbol, MarkId::NONE, Binding::Variable(variable));
    }

    /// The last error's object.
    pub fn last_error(&mut self) -> Option<Value> {
        let name = self.error_variable();
        let cx = self.engine.cx();
        let symbol = cx.symbols.intern(&name);
        match cx.expander.modules.own(USER, symbol)? {
            Binding::Variable(variable) => Some(cell::value(variable)),
            _ => None,
        }
    }
}

/// A socket as people see it: `#<socket fd 3 tcp unbound>`.
fn describe_socket(engine: &mut Engine, value: Value) -> Option<String> {
    let fd = descriptor(engine.cx(), value)?;
    let (family, style) = (look::family(fd)?, look::style(fd));
    let sort = kind(Some(family), style);
    let listens = look::number(fd, libc::SOL_SOCKET, libc::SO_ACCEPTCONN) == Some(1);
    let place = match (look::local(fd), look::peer(fd)) {
        (Some(local), _) if listens => format!("listening at {}", short(&local)),
        (Some(local), Some(peer)) => format!("{} → {}", short(&local), short(&peer)),
        (Some(local), None) => short(&local),
        (None, Some(peer)) => format!("→ {}", short(&peer)),
        (None, None) if family == libc::AF_UNIX => "unnamed".to_string(),
        (None, None) => "unbound".to_string(),
    };
    Some(format!("#<socket fd {fd} {sort} {place}>"))
}
