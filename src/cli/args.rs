//! The arguments of the command line. Order matters, and parsing stops at the script: what follows is the script's.

use crate::permission::{Access, Permissions};
use crate::trace::explain::Level;
use crate::vm::limits::Limits;
use lexopt::{Arg, Parser, ValueExt};
use std::ffi::OsString;
use std::time::Duration;

pub const HELP: &str = "\
sockeye: a Scheme made for sockets

usage: sockeye [OPTION ...] [FILE [ARG ...]]
       sockeye [OPTION ...] test FILE ...
       sockeye fmt [--check] FILE ...
       sockeye doc NAME
       sockeye doc --html DIRECTORY

With FILE, runs it; FILE `-` is the standard input. Without FILE and -c, a prompt.
`test` runs scripts that carry their expectations in comments, and SRFI 64 suites.
`fmt` indents programs; with --check it only names those that are not.
`doc` tells of a procedure, a form, a constant, an error or a library, or writes the reference as web pages.

  -c EXPR            evaluate EXPR, and end the options: what follows are arguments
  -p EXPR            evaluate EXPR and print its value
  -s FILE            run FILE, and end the options
  -l FILE            load FILE before anything else
  -L DIR             look for libraries in DIR too
  -e PROC            when the script has run, call PROC with the command line
  --explain[=all|json]  tell of each call of the network: what it came to, and what that means
  --listen[=PORT|PATH]  offer the prompt to others on this machine (port 37146), or to this user at a path
  --watch            run the program again whenever a file beside it changes
  -q                 accepted for compatibility
  --max-memory SIZE  limit of live data, in bytes or with K, M, G (default 1G)
  --max-steps N      limit of calls and loop rounds of each run
  --timeout SECONDS  limit of time for each run
  --max-output SIZE  limit of what is written to files, sockets and the console
  --max-depth SIZE   limit of nested calls, in bytes of their frames
  --max-fds N, --max-fibers N, --max-timers N
                     how many descriptors, fibers and timers there may be

  --sandbox          grant nothing but what these options say:
  --allow-net=HOST:PORT      connect there, and look the host up (a range, a name, *, unix:PATH)
  --allow-listen=HOST:PORT   bind and listen there; --allow-connect, --allow-bind, --allow-resolve: the one
  --allow-read=PATH, --allow-write=PATH, --allow-env=NAME
  --allow-process, --allow-signals, --allow-time, --allow-system, --allow-descriptors
                     without = for everything; --deny-... likewise, and wins

  --gc-stress        collect at every opportunity (slow; finds collector bugs)
  --poll             wait for descriptors by poll, as where there is no epoll
  -h, --help         print this
  -v, --version      print the version
";

pub enum Action {
    Help,
    Version,
    Run,
    /// Run these scripts with the expectations in their comments.
    Test(Vec<String>),
    /// Indent these files, or say which are not.
    Format {
        files: Vec<String>,
        check: bool,
    },
    /// Tell of a name.
    Doc(String),
    /// Write the reference as pages into this directory.
    Pages(String),
}

/// Something to run, in order.
pub enum Command {
    Load(String),
    Evaluate(String),
    Print(String),
    /// Call the procedure of this name with the command line.
    Call(String),
}

pub struct Arguments {
    pub action: Action,
    pub commands: Vec<Command>,
    pub command_line: Vec<String>,
    pub interactive: bool,
    pub settings: Settings,
}

/// What holds for the engine, whatever it runs.
#[derive(Default)]
pub struct Settings {
    pub load_path: Vec<String>,
    pub max_memory: Option<usize>,
    pub limits: Limits,
    pub sandbox: bool,
    /// In the order in which they were given: whether to allow, what, and for which object.
    pub rules: Vec<Rule>,
    pub stress: bool,
    pub poll: bool,
    pub explain: Level,
    /// A port or a path at which to offer the prompt.
    pub listen: Option<String>,
    pub watch: bool,
}

pub struct Rule {
    pub allow: bool,
    pub access: Vec<Access>,
    pub object: String,
}

impl Settings {
    /// What the program may do.
    pub fn permissions(&self) -> Result<Permissions, String> {
        let start = if self.sandbox { Permissions::none() } else { Permissions::all() };
        let mut permissions = start;
        for rule in &self.rules {
            for &access in &rule.access {
                let next = match rule.allow {
                    true => permissions.allow(access, &rule.object),
                    false => permissions.deny(access, &rule.object),
                };
                permissions = next.map_err(|error| error.to_string())?;
            }
        }
        Ok(permissions)
    }
}

pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, String> {
    let mut parser = Parser::from_args(arguments);
    let mut out = Arguments {
        action: Action::Run,
        commands: Vec::new(),
        command_line: vec!["sockeye".to_string()],
        interactive: true,
        settings: Settings::default(),
    };
    let mut call = None;
    let say = |error: lexopt::Error| error.to_string();
    while let Some(argument) = parser.next().map_err(say)? {
        let text = |parser: &mut Parser| parser.value().and_then(|v| v.string()).map_err(say);
        match argument {
            Arg::Short('h') | Arg::Long("help") => out.action = Action::Help,
            Arg::Short('v') | Arg::Long("version") => out.action = Action::Version,
            Arg::Short('q') => {}
            Arg::Short('L') => out.settings.load_path.push(text(&mut parser)?),
            Arg::Short('l') => out.commands.push(Command::Load(text(&mut parser)?)),
            Arg::Short('e') => call = Some(text(&mut parser)?),
            Arg::Short('p') => {
                out.commands.push(Command::Print(text(&mut parser)?));
                out.interactive = false;
            }
            Arg::Short('c') => {
                out.commands.push(Command::Evaluate(text(&mut parser)?));
                out.interactive = false;
                rest(&mut parser, &mut out)?;
            }
            Arg::Short('s') => {
                let file = text(&mut parser)?;
                script(file, &mut out);
                rest(&mut parser, &mut out)?;
            }
            Arg::Long("max-memory") => out.settings.max_memory = Some(size(&text(&mut parser)?)?),
            Arg::Long("max-steps") => out.settings.limits.steps = Some(size(&text(&mut parser)?)? as u64),
            Arg::Long("timeout") => out.settings.limits.time = Some(seconds(&text(&mut parser)?)?),
            Arg::Long("max-output") => out.settings.limits.output = Some(size(&text(&mut parser)?)? as u64),
            Arg::Long("max-depth") => out.settings.limits.depth = Some(size(&text(&mut parser)?)?),
            Arg::Long("max-fds") => out.settings.limits.descriptors = Some(size(&text(&mut parser)?)?),
            Arg::Long("max-fibers") => out.settings.limits.fibers = Some(size(&text(&mut parser)?)?),
            Arg::Long("max-timers") => out.settings.limits.timers = Some(size(&text(&mut parser)?)?),
            Arg::Long("sandbox") => out.settings.sandbox = true,
            Arg::Long(name) if name.starts_with("allow-") || name.starts_with("deny-") => {
                let name = name.to_string();
                let object = match parser.optional_value() {
                    Some(value) => value.string().map_err(say)?,
                    None => String::new(),
                };
                let rule = permission(&name, object)?;
                // To name what is allowed is to leave out the rest.
                out.settings.sandbox |= rule.allow;
                out.settings.rules.push(rule);
            }
            Arg::Long("watch") => out.settings.watch = true,
            Arg::Long("listen") => {
                let place = parser.optional_value().map(|place| place.to_string_lossy().into_owned());
                out.settings.listen = Some(place.unwrap_or_else(|| LISTEN_PORT.to_string()));
            }
            Arg::Long("explain") => {
                let how = parser.optional_value().map(|how| how.to_string_lossy().into_owned()).unwrap_or_default();
                let wrong = || format!("--explain={how}: it is on, all, json, errors or off");
                out.settings.explain = Level::named(&how).ok_or_else(wrong)?;
            }
            Arg::Long("gc-stress") => out.settings.stress = true,
            Arg::Long("poll") => out.settings.poll = true,
            Arg::Value(word) if word == "test" => {
                rest(&mut parser, &mut out)?;
                let files = out.command_line.split_off(1);
                if files.is_empty() {
                    return Err("`test` wants the files, or folders of files, to run".into());
                }
                out.action = Action::Test(files);
            }
            Arg::Value(word) if word == "fmt" => {
                rest(&mut parser, &mut out)?;
                let mut files = out.command_line.split_off(1);
                let check = files.first().is_some_and(|first| first == "--check");
                files.drain(..usize::from(check));
                if files.is_empty() {
                    return Err("`fmt` wants the files to format".into());
                }
                out.action = Action::Format { files, check };
            }
            Arg::Value(word) if word == "doc" => {
                rest(&mut parser, &mut out)?;
                let words = out.command_line.split_off(1);
                out.action = match &words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                    ["--html", folder] => Action::Pages(folder.to_string()),
                    [] | ["--html"] => return Err("`doc` wants a name, or --html and a directory".into()),
                    words => Action::Doc(words.join(" ")),
                };
            }
            Arg::Value(file) => {
                script(file.string().map_err(say)?, &mut out);
                rest(&mut parser, &mut out)?;
            }
            other => return Err(unknown(&other)),
        }
    }
    out.commands.extend(call.map(Command::Call));
    Ok(out)
}

fn script(file: String, out: &mut Arguments) {
    out.command_line[0].clone_from(&file);
    out.commands.push(Command::Load(file));
    out.interactive = false;
}

/// What is left belongs to the script.
fn rest(parser: &mut Parser, out: &mut Arguments) -> Result<(), String> {
    for argument in parser.raw_args().map_err(|error| error.to_string())? {
        out.command_line.push(argument.to_string_lossy().into_owned());
    }
    Ok(())
}

fn size(text: &str) -> Result<usize, String> {
    let wrong = || format!("`{text}` is not a size such as 64M or 2G");
    let (digits, factor) = match text.to_ascii_uppercase().strip_suffix(['K', 'M', 'G']) {
        Some(digits) => {
            let power = match text.chars().last().map(|c| c.to_ascii_uppercase()) {
                Some('K') => 10,
                Some('M') => 20,
                _ => 30,
            };
            (digits.to_string(), 1usize << power)
        }
        None => (text.to_string(), 1),
    };
    digits.parse::<usize>().ok().and_then(|n| n.checked_mul(factor)).ok_or_else(wrong)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.strip_suffix('s').unwrap_or(text).parse::<f64>().ok();
    number
        .and_then(|n| Duration::try_from_secs_f64(n).ok())
        .ok_or_else(|| format!("`{text}` is not a number of seconds"))
}

/// `--allow-net`, `--deny-read` and so on, for an object or, if that is empty, everything.
fn permission(name: &str, object: String) -> Result<Rule, String> {
    let (allow, word) = match name.strip_prefix("allow-") {
        Some(word) => (true, word),
        None => (false, name.strip_prefix("deny-").unwrap_or(name)),
    };
    let access = match word {
        "net" => vec![Access::Connect, Access::Resolve],
        "listen" => vec![Access::Bind, Access::Listen],
        "all" => Access::ALL.to_vec(),
        _ => Access::ALL.into_iter().filter(|access| access.word() == word).collect(),
    };
    if access.is_empty() {
        return Err(unknown(&Arg::Long(name)));
    }
    Ok(Rule { allow, access, object })
}

/// Where Guile offers its prompt, too.
const LISTEN_PORT: u16 = 37146;

const LONG_OPTIONS: &[&str] = &[
    "help",
    "version",
    "listen",
    "watch",
    "explain",
    "max-memory",
    "max-steps",
    "max-output",
    "max-depth",
    "max-fds",
    "max-fibers",
    "max-timers",
    "timeout",
    "sandbox",
    "allow-net",
    "allow-listen",
    "allow-connect",
    "allow-bind",
    "allow-resolve",
    "allow-read",
    "allow-write",
    "allow-env",
    "allow-process",
    "allow-signals",
    "allow-time",
    "allow-system",
    "allow-descriptors",
    "gc-stress",
    "poll",
];

fn unknown(argument: &Arg) -> String {
    match argument {
        Arg::Long(name) => {
            let near = LONG_OPTIONS.iter().min_by_key(|known| crate::spelling::distance(name, known));
            let hint = near
                .filter(|known| crate::spelling::distance(name, known) <= 2)
                .map_or(String::new(), |known| format!(" (did you mean --{known}?)"));
            format!("there is no option --{name}{hint}")
        }
        Arg::Short(letter) => format!("there is no option -{letter}"),
        Arg::Value(value) => format!("unexpected argument {value:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_words(words: &str) -> Result<Arguments, String> {
        parse(words.split_whitespace().map(OsString::from))
    }

    #[test]
    fn options_after_the_script_are_the_scripts() {
        let arguments = parse_words("-L lib echo.scm -c 7").unwrap();
        assert_eq!(arguments.command_line, ["echo.scm", "-c", "7"]);
        assert_eq!(arguments.settings.load_path, ["lib"]);
        assert!(!arguments.interactive);
    }

    #[test]
    fn testing_nothing_is_a_mistake() {
        assert!(parse_words("test").is_err());
        assert!(matches!(parse_words("test a.scm").unwrap().action, Action::Test(files) if files == ["a.scm"]));
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("64M"), Ok(64 << 20));
        assert_eq!(size("10"), Ok(10));
        assert!(size("99999999999999999999G").is_err() && size("M").is_err());
    }

    #[test]
    fn misspelt_options_get_a_suggestion() {
        let message = parse_words("--max-memroy 5").err().unwrap();
        assert!(message.contains("--max-memory"), "{message}");
    }
}
