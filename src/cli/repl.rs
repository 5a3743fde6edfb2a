//! The prompt: reads forms, runs them, prints their values.

use crate::engine::{Engine, Stop};
use crate::reader::{Completeness, is_complete};
use crate::value::Value;
use rustyline::error::ReadlineError;

pub fn run(engine: &mut Engine) -> Result<(), u8> {
    super::say(concat!("sockeye ", env!("CARGO_PKG_VERSION"), ". (exit) or Ctrl-D leaves.\n"))?;
    let mut editor = match rustyline::DefaultEditor::new() {
        Ok(editor) => editor,
        Err(error) => {
            super::complain(&format!("sockeye: no prompt on this terminal: {error}\n"));
            return Err(super::UNCAUGHT_ERROR);
        }
    };
    let mut pending = String::new();
    let mut number = 0;
    loop {
        let prompt = if pending.is_empty() { "> " } else { "  " };
        match editor.readline(prompt) {
            Ok(line) => {
                pending.push_str(&line);
                pending.push('\n');
                if matches!(is_complete(&pending), Completeness::Incomplete { .. }) {
                    continue;
                }
                let text = std::mem::take(&mut pending);
                if text.trim().is_empty() {
                    continue;
                }
                // History is a comfort: a form that cannot be added to it runs all the same.
                let _ = editor.add_history_entry(text.trim_end());
                number += 1;
                let result = engine.run_text(&format!("prompt {number}"), &text);
                // What the form printed comes before its value, and never shares a line with it or the prompt.
                if !matches!(result, Err(Stop::Exit(_))) {
                    engine.fresh_line();
                }
                super::flush(engine)?;
                match result {
                    Ok(Value::UNSPECIFIED) => {}
                    Ok(value) => super::say(&format!("{}\n", engine.cx().show(value)))?,
                    Err(Stop::Exit(status)) => return Err(status as u8),
                    Err(Stop::Raised { object }) => super::complain(&engine.report(object)),
                }
            }
            Err(ReadlineError::Interrupted) => pending.clear(),
            Err(ReadlineError::Eof) => return Ok(()),
            Err(error) => {
                super::complain(&format!("sockeye: {error}\n"));
                return Err(super::UNCAUGHT_ERROR);
            }
        }
    }
}
