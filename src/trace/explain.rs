//! Each call of the network as a line, and below it, the first time, what it means.
//!
//! ```text
//!  0.10 ms  echo.scm:6   listen(fd 3 tcp 127.0.0.1:7007, backlog 5) = 0
//!                        the kernel now completes handshakes for us and queues up to 5 finished ones
//! ```
//!
//! The listener of `Net` notes each event as it comes, with what the kernel says of the socket at that time; the machine
//! then has it told, since only it knows where in the program the call stands.

use super::system::State;
use super::table::{self, SITUATIONS};
use crate::net::{Address, Arg, Event, Interrupt, Listener, UnixName, errno, look, resolve};
use nix::libc;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::os::fd::RawFd;
use std::rc::Rc;
use std::time::Duration;

/// How much is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Level {
    /// Nothing, and nobody listens.
    #[default]
    Off,
    /// Nothing; but it is noted where sockets are made and closed, for tables and errors.
    Places,
    /// Each call as a line, what it means the first time.
    On,
    /// The same, with what it means each time.
    All,
    /// Each call as a line of JSON.
    Json,
}

impl Level {
    pub fn wants_calls(self) -> bool {
        self != Level::Off
    }

    /// `on`, `all`, `json`, `errors` and `off`, as the command line and the prompt have them.
    pub fn named(name: &str) -> Option<Level> {
        Some(match name {
            "" | "on" => Level::On,
            "all" => Level::All,
            "json" => Level::Json,
            "errors" => Level::Places,
            "off" => Level::Off,
            _ => return None,
        })
    }
}

/// What is known of a socket.
#[derive(Clone, Default)]
pub struct Known {
    /// Where in the program it was made: `echo.scm:4`.
    pub made: Option<Rc<str>>,
    pub local: Option<String>,
    pub peer: Option<String>,
    state: Option<State>,
    unread: bool,
}

/// A connection of this program's that is closed.
pub struct Closed {
    pub local: String,
    pub peer: String,
    pub place: Option<Rc<str>>,
}

/// One finished call.
struct Seen {
    seq: u64,
    t: Duration,
    call: &'static str,
    fd: RawFd,
    family: Option<i32>,
    style: Option<i32>,
    args: Vec<(&'static str, Told)>,
    result: Result<i64, i32>,
    duration: Duration,
    size: usize,
    bytes: usize,
    head: Vec<u8>,
    /// The address the call answered.
    from: Option<String>,
    before: Known,
    after: Option<State>,
    local: Option<String>,
    peer: Option<String>,
}

enum Told {
    Int(i64),
    Text(String),
}

#[derive(Default)]
struct Notes {
    sockets: BTreeMap<RawFd, Known>,
    closed: Vec<Closed>,
    /// Calls that nobody has told of.
    news: Vec<Seen>,
}

#[derive(Default)]
pub struct Explain {
    pub level: Level,
    notes: Rc<RefCell<Notes>>,
    /// The situations that were told of.
    told: BTreeSet<&'static str>,
    /// Descriptors that are none of the program's: the terminal's own.
    pub hidden: Vec<RawFd>,
}

/// No more than so many ended connections are kept in mind.
const CLOSED: usize = 256;

/// An address in few letters: `127.0.0.1:80`, `[::1]:80`, `/tmp/s`, `@name`.
pub fn short(address: &Address) -> String {
    match address {
        Address::Unix(UnixName::Path(path)) => String::from_utf8_lossy(path).into_owned(),
        Address::Unix(UnixName::Abstract(name)) => format!("@{}", String::from_utf8_lossy(name).escape_debug()),
        Address::Unix(UnixName::Unnamed) => "unnamed".to_string(),
        _ => address.to_string().replace(" port ", ":"),
    }
}

/// What a socket is, in a word.
pub fn kind(family: Option<i32>, style: Option<i32>) -> &'static str {
    match (family, style) {
        (Some(libc::AF_INET | libc::AF_INET6), Some(libc::SOCK_STREAM)) => "tcp",
        (Some(libc::AF_INET | libc::AF_INET6), Some(libc::SOCK_DGRAM)) => "udp",
        (Some(libc::AF_INET | libc::AF_INET6), Some(libc::SOCK_RAW)) => "raw",
        (Some(libc::AF_UNIX), Some(libc::SOCK_DGRAM)) => "unix datagram",
        (Some(libc::AF_UNIX), _) => "unix",
        (None, _) => "",
        _ => "socket",
    }
}

fn state_of(fd: RawFd) -> Option<State> {
    State::from_number(look::tcp_state(fd)?)
}

impl Explain {
    /// What `Net` is to call with each event.
    pub fn listener(&self, interrupt: Interrupt) -> Listener {
        let notes = self.notes.clone();
        let places_only = self.level == Level::Places;
        Box::new(move |event| {
            let marks_a_place = matches!(event.call, "socket" | "socketpair" | "accept" | "bind" | "connect" | "close");
            if places_only && !marks_a_place {
                return;
            }
            notes.borrow_mut().hear(event);
            interrupt.mark_news();
        })
    }

    /// Tells of the calls that were noted: they stand at this place of the program, in the fiber of this number.
    pub fn tell(&mut self, place: Option<(Rc<str>, usize)>, fiber: i64) {
        let place: Option<Rc<str>> = place.map(|(name, line)| {
            let file = name.rsplit('/').next().unwrap_or(&name);
            format!("{file}:{line}").into()
        });
        let news = std::mem::take(&mut self.notes.borrow_mut().news);
        let mut out = String::new();
        for seen in news {
            self.note_place(&seen, place.as_ref());
            match self.level {
                Level::Off | Level::Places => {}
                Level::Json => out += &seen.json(place.as_deref(), fiber),
                Level::On | Level::All => {
                    let head = format!("{:>8} ms  {:<16} ", millis(seen.t), place.as_deref().unwrap_or("-"));
                    let _ = writeln!(out, "{head}{}", seen.line(fiber));
                    let key = seen.situation();
                    if key.is_empty() {
                        continue;
                    }
                    if self.level == Level::All || self.told.insert(key) {
                        out += &indented(&seen.prose(key), head.chars().count());
                    }
                }
            }
        }
        if !out.is_empty() {
            // Where the standard error does not take it, nobody wants to know.
            let _ = std::io::stderr().write_all(out.as_bytes());
        }
    }

    fn note_place(&mut self, seen: &Seen, place: Option<&Rc<str>>) {
        let mut notes = self.notes.borrow_mut();
        let made = match (seen.call, seen.result) {
            ("socket" | "socketpair", Ok(_)) => seen.fd,
            ("accept", Ok(fd)) => fd as RawFd,
            ("close", _) => {
                if let Some(closed) = notes.closed.last_mut()
                    && seen.peer.as_ref() == Some(&closed.peer)
                {
                    closed.place = place.cloned();
                }
                return;
            }
            _ => return,
        };
        if let Some(known) = notes.sockets.get_mut(&made) {
            known.made = place.cloned();
        }
    }

    /// Where a descriptor's socket was made, if that was seen.
    pub fn made(&self, fd: RawFd) -> Option<Rc<str>> {
        self.notes.borrow().sockets.get(&fd)?.made.clone()
    }

    /// The addresses of a socket's two ends, as they were when it was last seen.
    pub fn ends(&self, fd: RawFd) -> Option<(String, String)> {
        let notes = self.notes.borrow();
        let known = notes.sockets.get(&fd)?;
        known.local.clone().zip(known.peer.clone())
    }

    /// Where a connection that has been closed here was closed.
    pub fn closed(&self, local: &str, peer: &str) -> Option<Option<Rc<str>>> {
        let notes = self.notes.borrow();
        let found = notes.closed.iter().rev().find(|closed| closed.local == local && closed.peer == peer);
        found.map(|closed| closed.place.clone())
    }
}

impl Notes {
    fn hear(&mut self, event: &Event) {
        let before = self.sockets.get(&event.fd).cloned().unwrap_or_default();
        let mut seen = Seen {
            seq: event.seq,
            t: event.t,
            call: event.call,
            fd: event.fd,
            family: event.family,
            style: event.style,
            args: event.args.iter().map(|(name, value)| (*name, told(value))).collect(),
            result: event.result,
            duration: event.duration,
            size: event.size,
            bytes: event.bytes,
            head: event.head.to_vec(),
            from: event.peer.map(short),
            local: before.local.clone(),
            peer: before.peer.clone(),
            after: None,
            before,
        };
        if event.call == "close" {
            self.close(&mut seen);
        } else if event.fd >= 0 {
            self.look(event.fd, &mut seen);
            if let ("accept", Ok(new)) = (event.call, event.result) {
                let known = known(new as RawFd);
                self.sockets.insert(new as RawFd, known);
            }
        }
        self.news.push(seen);
    }

    /// What the socket is like after the call.
    fn look(&mut self, fd: RawFd, seen: &mut Seen) {
        let fresh = matches!(seen.call, "socket" | "socketpair");
        let mut now = known(fd);
        if !fresh {
            now.made = seen.before.made.clone();
        } else {
            seen.before = Known::default();
        }
        // After a reset the kernel has forgotten who was there.
        if !fresh && now.state == Some(State::Closed) {
            now.peer = now.peer.or_else(|| seen.before.peer.clone());
        }
        (seen.after, seen.local, seen.peer) = (now.state, now.local.clone(), now.peer.clone());
        self.sockets.insert(fd, now);
    }

    fn close(&mut self, seen: &mut Seen) {
        if let Some(known) = self.sockets.remove(&seen.fd)
            && let (Some(local), Some(peer)) = (known.local, known.peer)
        {
            if self.closed.len() >= CLOSED {
                self.closed.remove(0);
            }
            self.closed.push(Closed { local, peer, place: None });
        }
    }
}

fn known(fd: RawFd) -> Known {
    Known {
        made: None,
        local: look::local(fd).as_ref().map(short),
        peer: look::peer(fd).as_ref().map(short),
        state: state_of(fd),
        unread: look::queues(fd).0.is_some_and(|waiting| waiting > 0),
    }
}

fn told(value: &Arg) -> Told {
    match value {
        Arg::Int(number) => Told::Int(*number),
        Arg::Address(address) => Told::Text(short(address)),
        Arg::Text(text) => Told::Text(format!("{text:?}")),
        Arg::Bytes(bytes) => Told::Text(format!("{} bytes", bytes.len())),
    }
}

fn millis(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1e3)
}

fn in_words(time: Duration) -> String {
    match time.as_micros() {
        micros @ 0..=999 => format!("{micros} µs"),
        micros @ 1_000..=999_999 => format!("{:.1} ms", micros as f64 / 1e3),
        micros => format!("{:.1} s", micros as f64 / 1e6),
    }
}

/// The text in lines that begin in that column, and end before 110.
fn indented(text: &str, column: usize) -> String {
    let mut out = String::new();
    let mut at = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if at == 0 || at + 1 + length > 110 {
            let _ = write!(out, "{}{:column$}{word}", if at == 0 { "" } else { "\n" }, "");
            at = column + length;
        } else {
            out.extend([" ", word]);
            at += 1 + length;
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// What an option does, from its text: `bind takes an address of which ...`.
pub(super) fn option_meaning(name: &str) -> Option<&'static str> {
    let line = table::entry(table::CONSTANTS, name)?.lines().next()?;
    let line = line.strip_prefix("Option: ").or_else(|| Some(line.strip_prefix("Option, ")?.split_once(": ")?.1));
    line.map(|line| line.trim_end_matches('.'))
}

/// The name of a constant among those that begin so.
fn constant(number: i64, names: &'static [(&'static str, i32)]) -> Option<&'static str> {
    names.iter().find(|(_, known)| i64::from(*known) == number).map(|(name, _)| *name)
}

const FAMILIES: &[(&str, i32)] =
    &[("AF_INET", libc::AF_INET), ("AF_INET6", libc::AF_INET6), ("AF_UNIX", libc::AF_UNIX)];
const STYLES: &[(&str, i32)] =
    &[("SOCK_STREAM", libc::SOCK_STREAM), ("SOCK_DGRAM", libc::SOCK_DGRAM), ("SOCK_RAW", libc::SOCK_RAW)];
const LEVELS: &[(&str, i32)] = &[
    ("SOL_SOCKET", libc::SOL_SOCKET),
    ("IPPROTO_TCP", libc::IPPROTO_TCP),
    ("IPPROTO_IP", libc::IPPROTO_IP),
    ("IPPROTO_IPV6", libc::IPPROTO_IPV6),
];
const WAYS: &[(&str, i32)] =
    &[("0: reading", libc::SHUT_RD), ("1: writing", libc::SHUT_WR), ("2: both", libc::SHUT_RDWR)];
const MESSAGE_FLAGS: &[(&str, i32)] = &[
    ("MSG_PEEK", libc::MSG_PEEK),
    ("MSG_DONTWAIT", libc::MSG_DONTWAIT),
    ("MSG_OOB", libc::MSG_OOB),
    ("MSG_WAITALL", libc::MSG_WAITALL),
    ("MSG_TRUNC", libc::MSG_TRUNC),
];

impl Seen {
    /// `recv!(fd 6 tcp ←127.0.0.1:34962, 1024) = 5  "hello"`
    fn line(&self, fiber: i64) -> String {
        let mut out = format!("{}({}", self.name(), self.subject());
        for (name, value) in &self.args {
            let text = self.argument(name, value);
            if !text.is_empty() {
                let _ = write!(out, "{}{text}", if out.ends_with('(') { "" } else { ", " });
            }
        }
        if matches!(self.call, "recv" | "recvfrom" | "recvmsg" | "send" | "sendto" | "sendmsg") {
            let _ = write!(out, ", {}", self.size);
        }
        let _ = write!(out, ") = {}", self.answer());
        if self.bytes > 0 {
            let _ = write!(out, "  {}", quoted(&self.head, self.bytes));
        }
        if self.duration >= Duration::from_micros(50) {
            let _ = write!(out, "  {}", in_words(self.duration));
        }
        if let (Some(before), Some(after)) = (self.before.state, self.after)
            && before != after
        {
            let _ = write!(out, "  {} → {}", before.name(), after.name());
        }
        if fiber != 0 {
            let _ = write!(out, "  [fiber {fiber}]");
        }
        out
    }

    /// The call as scripts have it.
    fn name(&self) -> &'static str {
        match self.call {
            "recv" => "recv!",
            "recvfrom" => "recvfrom!",
            call => call,
        }
    }

    /// `fd 3 tcp 127.0.0.1:7007`
    fn subject(&self) -> String {
        if self.fd < 0 || matches!(self.call, "socket" | "socketpair") {
            return String::new();
        }
        let mut out = format!("fd {}", self.fd);
        let kind = kind(self.family, self.style);
        if !kind.is_empty() {
            let _ = write!(out, " {kind}");
        }
        match (&self.local, &self.peer) {
            (_, Some(peer)) if self.receives() => out += &format!(" ←{peer}"),
            _ if matches!(self.call, "connect" | "bind") => {}
            (_, Some(peer)) => out += &format!(" →{peer}"),
            (Some(local), None) => out += &format!(" {local}"),
            _ => {}
        }
        out
    }

    fn receives(&self) -> bool {
        matches!(self.call, "recv" | "recvfrom" | "recvmsg" | "read")
    }

    fn argument(&self, name: &str, value: &Told) -> String {
        let number = match value {
            Told::Text(text) => return text.clone(),
            Told::Int(number) => *number,
        };
        let named = match name {
            "family" => constant(number, FAMILIES),
            "style" => constant(number & 0xf, STYLES),
            "level" => constant(number, LEVELS),
            "name" => super::sockets::option_name(self.number("level"), number),
            "how" => constant(number, WAYS),
            "flags" if number == 0 => return String::new(),
            "flags" if self.call != "accept" => {
                let set = MESSAGE_FLAGS.iter().filter(|(_, bit)| number & i64::from(*bit) != 0);
                let names: Vec<&str> = set.map(|(name, _)| *name).collect();
                return if names.is_empty() { format!("flags {number}") } else { names.join("|") };
            }
            "protocol" if number == 0 => return "0".to_string(),
            "value" => return number.to_string(),
            "seconds" => return format!("{number} s"),
            "micros" if number == 0 => return String::new(),
            "micros" => return format!("{number} µs"),
            "on" => return if number == 0 { "off" } else { "on" }.to_string(),
            _ => None,
        };
        named.map_or_else(|| format!("{name} {number}"), str::to_string)
    }

    /// The argument of that name, if it is a number.
    fn number(&self, wanted: &str) -> i64 {
        let number = |(name, value): &(&str, Told)| match value {
            Told::Int(number) if *name == wanted => Some(*number),
            _ => None,
        };
        self.args.iter().find_map(number).unwrap_or(-1)
    }

    fn answer(&self) -> String {
        match self.result {
            Err(_) if self.is_lookup() => {
                let code = self.result.unwrap_or_else(|code| code.into()) as i32;
                format!("{} ({})", resolve::code_name(code).unwrap_or("failed"), resolve::code_text(code))
            }
            Err(errno) => format!("{} ({})", errno::name(errno).unwrap_or("failed"), errno::text(errno)),
            Ok(fd) if matches!(self.call, "socket" | "accept") => match &self.from {
                Some(from) => format!("fd {fd} ←{from}"),
                None => format!("fd {fd}"),
            },
            Ok(number) => match &self.from {
                Some(from) if self.call.starts_with("get") => from.clone(),
                Some(from) => format!("{number} from {from}"),
                None => number.to_string(),
            },
        }
    }

    fn is_lookup(&self) -> bool {
        self.fd < 0 && !matches!(self.call, "socket" | "socketpair")
    }

    /// The heading of the table's entry that says what this means; empty if there is none.
    fn situation(&self) -> &'static str {
        let stream = self.style == Some(libc::SOCK_STREAM);
        let tcp = kind(self.family, self.style) == "tcp";
        if let Err(errno) = self.result {
            return if self.is_lookup() { "lookup-failed" } else { errno::name(errno).unwrap_or("") };
        }
        match self.call {
            "socket" if tcp => "socket-tcp",
            "socket" if kind(self.family, self.style) == "udp" => "socket-udp",
            "socket" => "socket",
            "socketpair" => "socketpair",
            "bind" if stream => "bind-stream",
            "bind" => "bind-datagram",
            "listen" => "listen",
            "accept" => "accept",
            "connect" if tcp => "connect-tcp",
            "connect" if stream => "connect-stream",
            "connect" => "connect-datagram",
            "send" | "sendmsg" | "write" if self.bytes < self.size => "send-short",
            "send" | "sendmsg" | "write" if stream => "send-stream",
            "send" | "sendto" | "sendmsg" | "write" => "send-datagram",
            // A port that takes what it has looked at: at the end that is nothing.
            "recv" | "recvfrom" | "recvmsg" | "read" if self.size == 0 => "",
            "recv" | "recvfrom" | "recvmsg" | "read" if stream => match self.bytes {
                0 => "receive-end",
                bytes if bytes < self.size => "receive-some",
                _ => "receive-full",
            },
            "recv" | "recvfrom" | "recvmsg" | "read" if self.bytes >= self.size => "receive-datagram-full",
            "recv" | "recvfrom" | "recvmsg" | "read" => "receive-datagram",
            "shutdown" => match self.args.first() {
                Some((_, Told::Int(0))) => "shutdown-reading",
                _ => "shutdown-writing",
            },
            "close" if self.before.state == Some(State::Listen) => "close-listener",
            "close" if tcp && self.before.unread => "close-unread",
            "close" if matches!(self.before.state, Some(State::Established | State::FinWait1 | State::FinWait2)) => {
                "close-first"
            }
            "close" if self.before.state == Some(State::CloseWait) => "close-second",
            "close" => "close",
            // Each option means something else.
            "setsockopt" => {
                super::sockets::option_name(self.number("level"), self.number("name")).unwrap_or("setsockopt")
            }
            "getsockopt" => "getsockopt",
            "getsockname" => "getsockname",
            "getpeername" => "getpeername",
            "sendfile" => "sendfile",
            _ if self.is_lookup() => "lookup",
            _ => "",
        }
    }

    /// What the table says, with the call's numbers put in.
    fn prose(&self, key: &str) -> String {
        if let (Err(errno), false) = (self.result, self.is_lookup()) {
            let entry = errno::name(errno).and_then(|name| table::entry(table::ERRORS, name));
            let fix = entry.and_then(|entry| table::fix(entry, self.name()));
            let fix = fix.map_or(String::new(), |fix| format!(" What helps: {fix}."));
            return format!("{}{fix}", entry.map_or("", table::meaning));
        }
        let fields = [
            ("{n}", self.bytes.to_string()),
            ("{size}", self.size.to_string()),
            ("{fd}", self.result.unwrap_or(0).to_string()),
            ("{backlog}", self.number("backlog").to_string()),
            ("{local}", self.local.clone().unwrap_or_else(|| "its address".into())),
            ("{peer}", self.peer.clone().unwrap_or_else(|| "the other end".into())),
        ];
        let text = match table::entry(SITUATIONS, key) {
            Some(text) => text.to_string(),
            None => option_meaning(key).map_or(String::new(), |meaning| format!("{key}: {meaning}")),
        };
        fields.iter().fold(text, |text, (field, value)| text.replace(field, value))
    }

    fn json(&self, place: Option<&str>, fiber: i64) -> String {
        let mut out = String::from("{");
        let mut field = |name: &str, value: String| {
            let comma = if out.len() > 1 { "," } else { "" };
            let _ = write!(out, "{comma}\"{name}\":{value}");
        };
        let text = |text: &str| json_string(text);
        let state = |state: Option<State>| state.map_or("null".into(), |state| text(state.name()));
        field("seq", self.seq.to_string());
        field("t", self.t.as_nanos().to_string());
        field("fiber", fiber.to_string());
        field("place", place.map_or("null".into(), text));
        field("call", text(self.name()));
        field("fd", self.fd.to_string());
        field("kind", text(kind(self.family, self.style)));
        let args: Vec<String> = self
            .args
            .iter()
            .map(|(name, value)| match value {
                Told::Int(number) => format!("{}:{number}", text(name)),
                Told::Text(value) => format!("{}:{}", text(name), text(value.trim_matches('"'))),
            })
            .collect();
        field("args", format!("{{{}}}", args.join(",")));
        match self.result {
            Ok(number) => field("result", number.to_string()),
            Err(number) if self.is_lookup() => field("error", text(resolve::code_name(number).unwrap_or("failed"))),
            Err(errno) => {
                field("errno", errno.to_string());
                field("error", text(errno::name(errno).unwrap_or("unknown")));
            }
        }
        field("duration", self.duration.as_nanos().to_string());
        field("size", self.size.to_string());
        field("bytes", self.bytes.to_string());
        let head: String = self.head.iter().map(|byte| format!("{byte:02x}")).collect();
        field("head", text(&head));
        field("local", self.local.as_deref().map_or("null".into(), text));
        field("peer", self.from.as_deref().or(self.peer.as_deref()).map_or("null".into(), text));
        field("before", state(self.before.state));
        field("after", state(self.after));
        let key = self.situation();
        field("situation", if key.is_empty() { "null".into() } else { text(key) });
        out + "}\n"
    }
}

fn json_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c < ' ' => drop(write!(out, "\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out + "\""
}

/// The bytes as text where they are one, else in hexadecimal; and whether there were more.
fn quoted(head: &[u8], bytes: usize) -> String {
    const ROOM: usize = 40;
    let cut = &head[..head.len().min(ROOM)];
    let more = if bytes > cut.len() { "…" } else { "" };
    // A character may be cut in two at the end.
    let text = match std::str::from_utf8(cut) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() && !more.is_empty() => {
            std::str::from_utf8(&cut[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    };
    match text.filter(|text| text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))) {
        Some(text) => format!("{text:?}{more}"),
        None => {
            let bytes: Vec<String> = cut[..cut.len().min(16)].iter().map(|byte| format!("{byte:02x}")).collect();
            let more = if cut.len() > 16 { "…" } else { more };
            format!("#x{}{more}", bytes.join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_as_text_where_they_are_one() {
        assert_eq!(quoted(b"hello\n", 6), "\"hello\\n\"");
        assert_eq!(quoted(&[0xff, 0, 1], 3), "#xff 00 01");
        assert_eq!(quoted(&[b'x'; 64], 100), format!("\"{}\"…", "x".repeat(40)));
    }

    #[test]
    fn json_strings_are_escaped() {
        assert_eq!(json_string("a\"\\\n"), "\"a\\\"\\\\\\u000a\"");
    }

    #[test]
    fn prose_is_filled_below_its_line() {
        assert_eq!(indented("one two", 3), "   one two\n");
        assert!(
            indented(&"word ".repeat(40), 10).lines().all(|line| line.len() <= 110 && line.starts_with("          w"))
        );
    }
}
