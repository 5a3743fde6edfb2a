//! What the line editor asks while somebody types: colours, completions, hints, and what Enter does.

use crate::cli::commands;
use crate::cli::place::{Inside, indentation, partner, place};
use crate::cli::unbound::unbound;
use crate::cli::words::Words;
use crate::reader::{Class, Completeness, is_complete, tokens};
use crate::trace::table;
use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Cmd, ConditionalEventHandler, Context, Event, EventContext, Helper, RepeatCount};
use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

pub struct Assistant {
    /// Replaced by the interpreter's thread when names have been added.
    pub words: Arc<Mutex<Words>>,
    pub files: FilenameCompleter,
    pub colour: bool,
}

impl Helper for Assistant {}
/// Enter decides for itself when a text is whole; see `Enter`.
impl Validator for Assistant {}

impl Assistant {
    fn with_words<R>(&self, look: impl FnOnce(&Words) -> R) -> R {
        look(&self.words.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Enter evaluates a whole form, and goes to a new line, indented, inside of one.
pub struct Enter;

impl ConditionalEventHandler for Enter {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext) -> Option<Cmd> {
        let is_command = context.line().trim_start().starts_with(',');
        match is_complete(context.line().trim_start().strip_prefix(',').unwrap_or(context.line())) {
            Completeness::Incomplete { .. } if !is_command => Some(newline(context)),
            _ => Some(Cmd::AcceptLine),
        }
    }
}

/// Alt-Enter goes to a new line wherever the cursor is.
pub struct NewLine;

impl ConditionalEventHandler for NewLine {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext) -> Option<Cmd> {
        Some(newline(context))
    }
}

fn newline(context: &EventContext) -> Cmd {
    let before = context.line().get(..context.pos()).unwrap_or_default();
    Cmd::Insert(1, format!("\n{}", " ".repeat(indentation(before))))
}

// ---- completion ------------------------------------------------------------------------------------------------------

/// Beginnings of the constants that fit an operand: for these procedures, and these only, the place says which.
const CONSTANT_OPERANDS: &[(&str, usize, &[&str])] = &[
    ("socket", 0, &["AF_", "PF_"]),
    ("socketpair", 0, &["AF_", "PF_"]),
    ("socket", 1, &["SOCK_"]),
    ("socketpair", 1, &["SOCK_"]),
    ("socket", 2, &["IPPROTO_"]),
    ("bind", 1, &["AF_"]),
    ("connect", 1, &["AF_"]),
    ("make-socket-address", 0, &["AF_"]),
    ("inet-pton", 0, &["AF_INET"]),
    ("inet-ntop", 0, &["AF_INET"]),
    ("setsockopt", 1, &["SOL_", "IPPROTO_"]),
    ("getsockopt", 1, &["SOL_", "IPPROTO_"]),
    ("shutdown", 1, &["SHUT_"]),
    ("send", 2, &["MSG_"]),
    ("recv!", 2, &["MSG_"]),
    ("fcntl", 1, &["F_"]),
    ("kill", 1, &["SIG"]),
    ("sigaction", 0, &["SIG"]),
];

/// The options of a level, as setsockopt and getsockopt take them next.
const LEVEL_OPTIONS: &[(&str, &[&str])] =
    &[("SOL_SOCKET", &["SO_"]), ("IPPROTO_TCP", &["TCP_"]), ("IPPROTO_IP", &["IP_"]), ("IPPROTO_IPV6", &["IPV6_"])];

fn fitting_constants(operator: &str, index: usize, before: Option<&str>) -> Option<&'static [&'static str]> {
    if matches!(operator, "setsockopt" | "getsockopt") && index == 2 {
        return LEVEL_OPTIONS.iter().find(|(level, _)| Some(*level) == before).map(|(_, options)| *options);
    }
    let fits = CONSTANT_OPERANDS.iter().find(|(name, at, _)| *name == operator && *at == index);
    fits.map(|(_, _, beginnings)| *beginnings)
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let before = line.get(..cursor).unwrap_or_default();
        let here = place(before);
        let word = &before[here.word.clone()];
        if let Inside::String | Inside::Argument { command: "load" | "l" | "reload" | "save" } = here.inside {
            return self.files.complete_path(line, cursor);
        }
        Ok((here.word.start, self.candidates(&here.inside, &here.around, word)))
    }
}

/// A constant with a line about it.
fn constant(name: &str) -> Pair {
    let text = table::entry(table::CONSTANTS, name).and_then(|text| text.lines().next()).unwrap_or("");
    let text = text.trim_start_matches("Option: ").trim_start_matches("Option, ");
    let display = crate::cli::layout::cut(format!("{name:<20} {text}").trim_end(), 78);
    Pair { display, replacement: name.to_string() }
}

impl Assistant {
    fn candidates(&self, inside: &Inside, around: &[&str], word: &str) -> Vec<Pair> {
        let plain = |text: &str| Pair { display: text.to_string(), replacement: text.to_string() };
        let in_import = around.iter().any(|operator| matches!(*operator, "import" | "use-modules" | "define-library"));
        match inside {
            Inside::Other => Vec::new(),
            Inside::Command => commands::names().filter(|name| name.starts_with(word)).map(plain).collect(),
            Inside::Operand { operator: "import" | "use-modules", .. } => self.libraries(""),
            Inside::Operator if in_import => self.libraries(word),
            Inside::Operand { operator, index: 0, .. } if in_import => self.later_parts(operator, word),
            Inside::Operand { operator, index, before } => match fitting_constants(operator, *index, *before) {
                Some(beginnings) => self.with_words(|words| {
                    let fits = |name: &str| beginnings.iter().any(|beginning| name.starts_with(beginning));
                    let found: Vec<Pair> =
                        words.starting(word).filter(|(name, _)| fits(name)).map(|(name, _)| constant(name)).collect();
                    // A variable may stand there too, but no constant that does not fit.
                    let is_constant = |name: &str| !name.contains(|c: char| c.is_lowercase()) && name.contains('_');
                    let variables = words.starting(word).filter(|(name, _)| !is_constant(name));
                    if found.is_empty() { variables.map(|(name, _)| plain(name)).collect() } else { found }
                }),
                None => self.names(word),
            },
            Inside::Argument { command } => match *command {
                "help" | "h" => commands::names().filter(|name| name.starts_with(word)).map(plain).collect(),
                "import" | "use" | "module" | "m" => self.libraries(word),
                _ => self.names(word),
            },
            Inside::Nothing | Inside::Operator | Inside::String => self.names(word),
        }
    }

    fn names(&self, word: &str) -> Vec<Pair> {
        if word.is_empty() {
            return Vec::new();
        }
        self.with_words(|words| {
            let pair = |(name, _): (&str, _)| Pair { display: name.to_string(), replacement: name.to_string() };
            words.starting(word).map(pair).collect()
        })
    }

    /// Libraries whose name, without its parentheses, begins so; what is inserted matches what stands there already.
    fn libraries(&self, word: &str) -> Vec<Pair> {
        self.with_words(|words| {
            let begins = |name: &&String| name[1..].starts_with(word.trim_start_matches('('));
            let pair = |name: &String| {
                let open = if word.is_empty() || word.starts_with('(') { name.as_str() } else { &name[1..] };
                Pair { display: name.clone(), replacement: open.to_string() }
            };
            words.libraries.iter().filter(begins).map(pair).collect()
        })
    }

    /// Libraries whose name's first part is whole, and whose second begins so; that and what follows is inserted.
    fn later_parts(&self, first: &str, word: &str) -> Vec<Pair> {
        let rest_of = |name: &str| name.strip_prefix('(')?.strip_prefix(first)?.strip_prefix(' ').map(str::to_string);
        self.with_words(|words| {
            let pair = |name: &String| {
                let replacement = rest_of(name).filter(|rest| rest.starts_with(word))?;
                Some(Pair { display: name.clone(), replacement })
            };
            words.libraries.iter().filter_map(pair).collect()
        })
    }
}

// ---- hints -----------------------------------------------------------------------------------------------------------

impl Hinter for Assistant {
    type Hint = String;

    /// What parameters are still to come.
    fn hint(&self, line: &str, cursor: usize, _: &Context<'_>) -> Option<String> {
        if cursor < line.len() {
            return None;
        }
        let here = place(line);
        let (operator, given) = match here.inside {
            // The operator itself, once it is a whole name.
            Inside::Operator if !here.word.is_empty() => (&line[here.word.clone()], 0),
            Inside::Operand { operator, index, .. } => (operator, index + usize::from(!here.word.is_empty())),
            _ => return None,
        };
        self.with_words(|words| {
            let parameters = words.names.get(operator)?.parameters.as_ref()?;
            let rest = parameters
                .get(given..)
                .filter(|rest| !rest.is_empty())
                .or_else(|| parameters.last().filter(|last| last.ends_with("...")).map(std::slice::from_ref))?;
            let space = if line.ends_with(char::is_whitespace) { "" } else { " " };
            Some(format!("{space}{}", rest.join(" ")))
        })
    }
}

// ---- colours ---------------------------------------------------------------------------------------------------------

const RESET: &str = "\x1b[0m";
const DIM: &str = "\x1b[2m";
/// Of names that are bound nowhere.
const UNDERLINED: &str = "\x1b[4m";

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, cursor: usize) -> Cow<'l, str> {
        if !self.colour || line.is_empty() {
            return Cow::Borrowed(line);
        }
        let pair = partner(line, cursor);
        let at_pair = |at: usize| pair.is_some_and(|(a, b)| a == at || b == at);
        let mut out = String::with_capacity(line.len() * 2);
        let mut done = 0;
        self.with_words(|words| {
            let is_command = line.trim_start().starts_with(',');
            let marked =
                if is_command { Vec::new() } else { unbound(line, cursor, |name| words.names.contains_key(name)) };
            for (class, range) in tokens(line) {
                out.push_str(&line[done..range.start]);
                done = range.end;
                let text = &line[range.clone()];
                let known = words.names.get(text);
                let style = match class {
                    Class::Open | Class::Close if at_pair(range.end - 1) || at_pair(range.start) => "\x1b[1;36m",
                    Class::Comment | Class::DatumComment => DIM,
                    Class::String => "\x1b[32m",
                    Class::Number | Class::Character | Class::Boolean => "\x1b[36m",
                    Class::Keyword | Class::Directive => "\x1b[35m",
                    Class::Symbol if known.is_some_and(|word| word.syntax) => "\x1b[1m",
                    Class::Symbol if marked.contains(&range) => UNDERLINED,
                    Class::Invalid => "\x1b[31m",
                    _ => "",
                };
                match style {
                    "" => out.push_str(text),
                    _ => out.extend([style, text, RESET]),
                }
            }
        });
        out.push_str(&line[done..]);
        Cow::Owned(out)
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if self.colour { Cow::Owned(format!("\x1b[1;34m{prompt}{RESET}")) } else { Cow::Borrowed(prompt) }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colour { Cow::Owned(format!("{DIM}{hint}{RESET}")) } else { Cow::Borrowed(hint) }
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.colour
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use nix::time::{ClockId, clock_gettime};
    use rustyline::history::FileHistory;
    use std::time::Duration;

    fn assistant() -> Assistant {
        let mut engine = Engine::unrestricted().expect("an engine");
        let words = Arc::new(Mutex::new(Words::collect(engine.cx())));
        Assistant { words, files: FilenameCompleter::new(), colour: true }
    }

    /// What a call takes of the processor where nothing else wears down its caches: on the average of the best of many rounds.
    fn cost(mut call: impl FnMut()) -> Duration {
        const CALLS: u32 = 10;
        let now = || Duration::from(clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("a clock"));
        let mut round = || {
            let before = now();
            for _ in 0..CALLS {
                call();
            }
            (now() - before) / CALLS
        };
        std::iter::repeat_with(&mut round).take(20).min().expect("a round")
    }

    #[test]
    fn constants_fit_the_argument_and_tell_what_they_are() {
        let assistant = assistant();
        let history = FileHistory::new();
        let context = Context::new(&history);
        let offered = |line: &str| assistant.complete(line, line.len(), &context).expect("an answer").1;
        let options = offered("(setsockopt s SOL_SOCKET SO_");
        assert!(options.iter().all(|pair| pair.replacement.starts_with("SO_")) && options.len() > 10);
        assert!(options.iter().any(|pair| pair.display.contains("bind takes an address")));
        let families = offered("(socket ");
        assert!(families.iter().all(|pair| pair.replacement.starts_with("PF_") || pair.replacement.starts_with("AF_")));
        assert!(offered(",ex").iter().any(|pair| pair.replacement == "explain"));
        assert!(offered("(import (srfi ").iter().any(|pair| pair.display == "(srfi srfi-1)"));
        assert_eq!(offered("(recv! sock buffer M").len(), offered("(recv! sock buffer MSG_").len());
    }

    #[test]
    fn hints_say_what_is_still_to_come() {
        let assistant = assistant();
        let history = FileHistory::new();
        let context = Context::new(&history);
        let hint = |line: &str| assistant.hint(line, line.len(), &context);
        assert_eq!(hint("(accept sock ").as_deref(), Some("[flags]"));
        assert_eq!(hint("(define s (socket ").as_deref(), Some("family style protocol"));
        assert_eq!(hint("(no-such-thing "), None);
    }

    #[test]
    fn answers_come_within_a_millisecond() {
        let assistant = assistant();
        let history = FileHistory::new();
        let context = Context::new(&history);
        let line = "(define (f sock) (let loop ((n 0)) (setsockopt sock SOL_SOCKET SO_";
        let completion = cost(|| drop(assistant.complete(line, line.len(), &context)));
        let hint = cost(|| drop(assistant.hint("(if (accept sock ", 17, &context)));
        let colours = cost(|| drop(assistant.highlight(line, line.len())));
        for (what, time) in [("completion", completion), ("hint", hint), ("colours", colours)] {
            assert!(time < Duration::from_millis(1), "{what} took {time:?}");
        }
    }

    #[test]
    fn names_that_are_bound_nowhere_are_underlined() {
        let assistant = assistant();
        let drawn = assistant.highlight("(define (f x) (carr x))", 0).into_owned();
        assert!(
            drawn.contains(&format!("{UNDERLINED}carr")) && !drawn.contains(&format!("{UNDERLINED}x")),
            "{drawn:?}"
        );
    }
}
