//! The terminal of the prompt: a thread of its own edits lines, so that the interpreter can go on with its work meanwhile.

use crate::cli::assist::{Assistant, Enter, NewLine};
use crate::cli::console::Console;
use crate::cli::words::Words;
use crate::reader::{Completeness, is_complete};
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::sys::termios::{SetArg, Termios, tcgetattr, tcsetattr};
use rustyline::completion::FilenameCompleter;
use rustyline::config::{Behavior, BellStyle, ColorMode};
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, Config, Editor, EventHandler, KeyCode, KeyEvent, Modifiers};
use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// What somebody typed.
pub enum Reply {
    Line(String),
    /// Ctrl-C: what was typed is dropped.
    Interrupted,
    /// Ctrl-D on an empty line, or the terminal is gone.
    End,
    Failed(String),
}

/// As many descriptors are left to the program before the terminal's own.
const LOW: usize = 40;

pub struct Terminal {
    prompts: Sender<String>,
    replies: Receiver<Reply>,
    /// Readable when a reply is there.
    ready: Arc<EventFd>,
    words: Arc<Mutex<Words>>,
    pub history: Option<PathBuf>,
    console: Option<Console>,
    /// How the terminal was, for who leaves while the prompt is up.
    before: Option<Termios>,
    /// Whether the prompt is up.
    asking: bool,
}

impl Terminal {
    pub fn open() -> Result<Terminal, String> {
        let say = |error: ReadlineError| error.to_string();
        // The low numbers are left to the program: people count from there.
        let low: Vec<File> = (0..LOW).map(|_| File::open("/dev/null")).collect::<Result<_, _>>().unwrap_or_default();
        let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .color_mode(if colour { ColorMode::Enabled } else { ColorMode::Disabled })
            .bell_style(BellStyle::None)
            .bracketed_paste(true)
            .behavior(Behavior::PreferTerm)
            .history_ignore_space(true)
            .history_ignore_dups(true)
            .and_then(|config| config.max_history_size(10_000))
            .map_err(say)?
            .build();
        let mut editor: Editor<Assistant, FileHistory> = Editor::with_config(config).map_err(say)?;
        let words = Arc::new(Mutex::new(Words::default()));
        editor.set_helper(Some(Assistant { words: words.clone(), files: FilenameCompleter::new(), colour }));
        editor.bind_sequence(KeyEvent(KeyCode::Enter, Modifiers::NONE), EventHandler::Conditional(Box::new(Enter)));
        editor.bind_sequence(KeyEvent(KeyCode::Enter, Modifiers::ALT), EventHandler::Conditional(Box::new(NewLine)));
        let console = editor.create_external_printer().ok().and_then(Console::open);
        let before = tcgetattr(std::io::stdin()).ok();
        let history = history_file();
        if let Some(path) = &history {
            // There is none the first time.
            let _ = editor.load_history(path);
        }
        let ready = EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK).map_err(|e| e.to_string())?;
        let ready = Arc::new(ready);
        let (prompts, asked) = channel::<String>();
        let (answer, replies) = channel();
        let (tell, file) = (ready.clone(), history.clone());
        thread::Builder::new()
            .name("prompt".into())
            .spawn(move || {
                while let Ok(prompt) = asked.recv() {
                    let reply = read(&mut editor, &prompt, file.as_ref());
                    if answer.send(reply).is_err() {
                        break;
                    }
                    // It counts up to 2^64: this cannot fail.
                    let _ = tell.write(1);
                }
            })
            .map_err(|error| error.to_string())?;
        drop(low);
        Ok(Terminal { prompts, replies, ready, words, history, console, before, asking: false })
    }

    /// Puts up the prompt; the reply comes when `ready` becomes readable. The prompt is there before what it knows is brought up
    /// to date, but what is typed early waits for that.
    pub fn ask(&mut self, prompt: &str, refresh: impl FnOnce(&mut Words)) {
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        self.asking = true;
        if let Some(console) = &self.console {
            console.divert();
        }
        // Without its thread the terminal is at its end, which `reply` says.
        let _ = self.prompts.send(prompt.to_string());
        refresh(&mut words);
    }

    pub fn ready(&self) -> BorrowedFd<'_> {
        self.ready.as_fd()
    }

    /// The reply, if it is there.
    pub fn reply(&mut self) -> Option<Reply> {
        let _ = self.ready.read();
        let reply = match self.replies.try_recv() {
            Ok(reply) => Some(reply),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Reply::End),
        };
        self.asking &= reply.is_none();
        reply
    }

    /// From now on what is printed goes straight to the terminal again.
    pub fn take_back(&mut self) {
        if let Some(console) = &self.console {
            console.restore();
        }
        // Somebody wants to leave, and the editor still has the terminal.
        if self.asking
            && let Some(before) = &self.before
        {
            let _ = tcsetattr(std::io::stdin(), SetArg::TCSADRAIN, before);
            let _ = super::say("\n");
        }
    }
}

fn read(editor: &mut Editor<Assistant, FileHistory>, prompt: &str, history: Option<&PathBuf>) -> Reply {
    let mut answer = editor.readline(prompt);
    // A terminal that the editor cannot draw on gives lines, whole or not.
    while let Ok(text) = &answer
        && !is_command(text)
        && matches!(is_complete(text), Completeness::Incomplete { .. })
    {
        let before = format!("{}\n", text.trim_end_matches('\n'));
        answer = editor.readline(". ").map(|more| before + &more);
    }
    match answer {
        Ok(line) => {
            // History is a comfort: what cannot be kept runs all the same.
            if !line.trim().is_empty()
                && editor.add_history_entry(line.trim_end()).unwrap_or(false)
                && let Some(path) = history
            {
                let _ = editor.append_history(path);
            }
            Reply::Line(line)
        }
        Err(ReadlineError::Interrupted) => Reply::Interrupted,
        Err(ReadlineError::Eof) => Reply::End,
        Err(error) => Reply::Failed(error.to_string()),
    }
}

fn is_command(text: &str) -> bool {
    text.trim_start().starts_with(',')
}

/// Where the XDG base directories have a program keep what it remembers between its runs.
fn history_file() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state")))?.join("sockeye");
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history"))
}
