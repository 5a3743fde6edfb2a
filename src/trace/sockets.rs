//! The sockets of this program as a table, and one of them in words.

use super::explain::{Explain, kind, short};
use super::system::{self, State};
use super::table;
use crate::net::{Address, look, option};
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::libc::{self, c_int};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::os::fd::RawFd;

const HEADINGS: [&str; 10] = ["fd", "type", "state", "local", "peer", "recv-q", "send-q", "rtt", "made at", "options"];

/// Options that are on or off, and the word for the table; those of `,sockets FD` are all in stdlib/docs/constants.txt.
const SWITCHES: &[(c_int, c_int, &str)] = &[
    (libc::SOL_SOCKET, libc::SO_REUSEADDR, "reuseaddr"),
    (libc::SOL_SOCKET, libc::SO_REUSEPORT, "reuseport"),
    (libc::SOL_SOCKET, libc::SO_BROADCAST, "broadcast"),
    (libc::SOL_SOCKET, libc::SO_KEEPALIVE, "keepalive"),
    (libc::IPPROTO_TCP, libc::TCP_NODELAY, "nodelay"),
    (libc::IPPROTO_IPV6, libc::IPV6_V6ONLY, "v6only"),
];

/// The constant that an option goes by.
pub fn option_name(level: i64, number: i64) -> Option<&'static str> {
    let fits = |option: &&(&str, c_int, c_int)| i64::from(option.1) == level && i64::from(option.2) == number;
    OPTIONS.iter().chain(ANSWERS).find(fits).map(|(name, _, _)| *name)
}

/// Options that are only asked for.
const ANSWERS: &[(&str, c_int, c_int)] = &[
    ("SO_ERROR", libc::SOL_SOCKET, libc::SO_ERROR),
    ("SO_TYPE", libc::SOL_SOCKET, libc::SO_TYPE),
    ("SO_ACCEPTCONN", libc::SOL_SOCKET, libc::SO_ACCEPTCONN),
    ("SO_DOMAIN", libc::SOL_SOCKET, libc::SO_DOMAIN),
    ("SO_PROTOCOL", libc::SOL_SOCKET, libc::SO_PROTOCOL),
    ("SO_PEERCRED", libc::SOL_SOCKET, libc::SO_PEERCRED),
    ("SO_BINDTODEVICE", libc::SOL_SOCKET, libc::SO_BINDTODEVICE),
    ("TCP_INFO", libc::IPPROTO_TCP, libc::TCP_INFO),
    ("IP_ADD_MEMBERSHIP", libc::IPPROTO_IP, libc::IP_ADD_MEMBERSHIP),
    ("IP_DROP_MEMBERSHIP", libc::IPPROTO_IP, libc::IP_DROP_MEMBERSHIP),
    ("IP_MULTICAST_IF", libc::IPPROTO_IP, libc::IP_MULTICAST_IF),
];

/// Options with their constants, as the words about one socket list them.
const OPTIONS: &[(&str, c_int, c_int)] = &[
    ("SO_REUSEADDR", libc::SOL_SOCKET, libc::SO_REUSEADDR),
    ("SO_REUSEPORT", libc::SOL_SOCKET, libc::SO_REUSEPORT),
    ("SO_BROADCAST", libc::SOL_SOCKET, libc::SO_BROADCAST),
    ("SO_KEEPALIVE", libc::SOL_SOCKET, libc::SO_KEEPALIVE),
    ("SO_LINGER", libc::SOL_SOCKET, libc::SO_LINGER),
    ("SO_OOBINLINE", libc::SOL_SOCKET, libc::SO_OOBINLINE),
    ("SO_RCVBUF", libc::SOL_SOCKET, libc::SO_RCVBUF),
    ("SO_SNDBUF", libc::SOL_SOCKET, libc::SO_SNDBUF),
    ("SO_RCVTIMEO", libc::SOL_SOCKET, libc::SO_RCVTIMEO),
    ("SO_SNDTIMEO", libc::SOL_SOCKET, libc::SO_SNDTIMEO),
    ("SO_RCVLOWAT", libc::SOL_SOCKET, libc::SO_RCVLOWAT),
    ("TCP_NODELAY", libc::IPPROTO_TCP, libc::TCP_NODELAY),
    ("TCP_MAXSEG", libc::IPPROTO_TCP, libc::TCP_MAXSEG),
    ("TCP_CORK", libc::IPPROTO_TCP, libc::TCP_CORK),
    ("TCP_KEEPIDLE", libc::IPPROTO_TCP, libc::TCP_KEEPIDLE),
    ("TCP_KEEPINTVL", libc::IPPROTO_TCP, libc::TCP_KEEPINTVL),
    ("TCP_KEEPCNT", libc::IPPROTO_TCP, libc::TCP_KEEPCNT),
    ("TCP_CONGESTION", libc::IPPROTO_TCP, libc::TCP_CONGESTION),
    ("TCP_USER_TIMEOUT", libc::IPPROTO_TCP, libc::TCP_USER_TIMEOUT),
    ("IP_TTL", libc::IPPROTO_IP, libc::IP_TTL),
    ("IP_TOS", libc::IPPROTO_IP, libc::IP_TOS),
    ("IP_MULTICAST_TTL", libc::IPPROTO_IP, libc::IP_MULTICAST_TTL),
    ("IP_MULTICAST_LOOP", libc::IPPROTO_IP, libc::IP_MULTICAST_LOOP),
    ("IPV6_V6ONLY", libc::IPPROTO_IPV6, libc::IPV6_V6ONLY),
];

pub fn is_non_blocking(fd: RawFd) -> bool {
    let flags = crate::net::raw::borrow(fd).ok().and_then(|fd| fcntl(fd, FcntlArg::F_GETFL).ok()).unwrap_or(0);
    OFlag::from_bits_retain(flags).contains(OFlag::O_NONBLOCK)
}

fn is_listening(fd: RawFd) -> bool {
    look::number(fd, libc::SOL_SOCKET, libc::SO_ACCEPTCONN) == Some(1)
}

fn tcp_number(numbers: &[(&str, u64)], name: &str) -> Option<u64> {
    numbers.iter().find(|(known, _)| *known == name).map(|(_, number)| *number)
}

fn micros(time: u64) -> String {
    match time {
        0..=999 => format!("{time} µs"),
        1_000..=999_999 => format!("{:.1} ms", time as f64 / 1e3),
        _ => format!("{:.1} s", time as f64 / 1e6),
    }
}

/// A row of the table.
fn row(fd: RawFd, explain: Option<&Explain>) -> [String; 10] {
    let none = || "-".to_string();
    let (family, style) = (look::family(fd), look::style(fd));
    let place = |address: Option<Address>| address.as_ref().map_or_else(none, short);
    let tcp = kind(family, style) == "tcp";
    let numbers = if tcp { look::tcp_numbers(fd) } else { Vec::new() };
    let (listening, peer) = (is_listening(fd), look::peer(fd));
    let state = match look::tcp_state(fd).filter(|_| tcp).and_then(State::from_number) {
        Some(state) => state.name(),
        None if listening => "LISTEN",
        None if peer.is_some() || family == Some(libc::AF_UNIX) && has_peer(fd) => "connected",
        None => "unconnected",
    };
    let (waiting, unsent) = match listening {
        // Connections that wait to be accepted, and how many may.
        true => match (tcp_number(&numbers, "unacked"), tcp_number(&numbers, "sacked")) {
            (Some(waiting), Some(limit)) => (format!("{waiting}/{limit}"), "0".to_string()),
            _ => (none(), none()),
        },
        // Of a connection that is over, or has not begun, the kernel's counters say nothing.
        false if state == State::Closed.name() => (none(), none()),
        false => {
            let (waiting, unsent) = look::queues(fd);
            (waiting.map_or_else(none, |n| n.to_string()), unsent.map_or_else(none, |n| n.to_string()))
        }
    };
    let rtt = tcp_number(&numbers, "rtt").filter(|rtt| *rtt > 0 && !listening).map_or_else(none, micros);
    let made = explain.and_then(|explain| explain.made(fd)).map_or_else(none, |place| place.to_string());
    let mut options: Vec<&str> = SWITCHES
        .iter()
        .filter(|(level, name, _)| look::number(fd, *level, *name).is_some_and(|on| on != 0))
        .map(|(_, _, word)| *word)
        .collect();
    if is_non_blocking(fd) {
        options.push("nonblock");
    }
    let kind = match (family, kind(family, style)) {
        (Some(libc::AF_INET6), "tcp") => "tcp6",
        (Some(libc::AF_INET6), "udp") => "udp6",
        (_, kind) => kind,
    };
    [
        fd.to_string(),
        kind.to_string(),
        state.to_string(),
        place(look::local(fd)),
        place(peer),
        waiting,
        unsent,
        rtt,
        made,
        options.join(" "),
    ]
}

/// Whether a socket without an address of its own is connected all the same.
fn has_peer(fd: RawFd) -> bool {
    crate::net::raw::borrow(fd).is_ok_and(|fd| socket2::SockRef::from(&fd).peer_addr().is_ok())
}

/// All sockets of this program, then the connections it has closed that the kernel still remembers.
pub fn table(explain: Option<&Explain>) -> String {
    let mut rows = vec![HEADINGS.map(str::to_string)];
    let mut own = system::own_sockets();
    own.retain(|fd| explain.is_none_or(|explain| !explain.hidden.contains(fd)));
    rows.extend(own.iter().map(|fd| row(*fd, explain)));
    let ports: BTreeSet<u16> = own.iter().filter_map(|fd| port(look::local(*fd)?)).collect();
    for ended in system::sockets("tcp").into_iter().filter(|entry| entry.state == State::TimeWait) {
        let (local, peer) = (ended.local.to_string(), ended.peer.to_string());
        let closed = explain.and_then(|explain| explain.closed(&local, &peer));
        if closed.is_none() && !ports.contains(&ended.local.port()) && !ports.contains(&ended.peer.port()) {
            continue;
        }
        let made = closed.flatten().map_or("-".to_string(), |place| format!("closed {place}"));
        let left = format!("{} s left", ended.timer.div_ceil(100));
        let none = || "-".to_string();
        rows.push([none(), "tcp".into(), "TIME_WAIT".into(), local, peer, none(), none(), none(), made, left]);
    }
    if rows.len() == 1 {
        return "no sockets are open\n".to_string();
    }
    columns(&rows)
}

fn port(address: Address) -> Option<u16> {
    match address {
        Address::Inet { port, .. } | Address::Inet6 { port, .. } => Some(port),
        _ => None,
    }
}

/// Rows as columns: numbers to the right, words to the left.
pub fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let is_number = |column: usize| {
        let cells = || rows.iter().skip(1).map(|row| row[column].as_str());
        cells().all(|cell| cell == "-" || cell.starts_with(|c: char| c.is_ascii_digit()))
            && cells().all(|cell| cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | '-')))
    };
    let right: Vec<bool> = (0..N).map(is_number).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = widths[column];
            let _ = match right[column] {
                true => write!(line, " {cell:>width$} "),
                false => write!(line, " {cell:<width$} "),
            };
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}

/// One socket in words: where it is, what its options are, what TCP knows. None if the descriptor is no socket.
pub fn words(fd: RawFd, explain: Option<&Explain>) -> Option<String> {
    look::style(fd)?;
    let rows = [HEADINGS.map(str::to_string), row(fd, explain)];
    let mut out = columns(&rows);
    out += "\noptions\n";
    for (name, level, number) in OPTIONS {
        let Some(value) = look::option(fd, *level, *number) else { continue };
        let meaning = table::entry(table::CONSTANTS, name).unwrap_or("");
        let meaning = meaning
            .lines()
            .next()
            .unwrap_or("")
            .trim_start_matches("Option: ")
            .trim_start_matches("Option, ")
            .trim_end_matches('.');
        let _ = writeln!(out, "  {name:<18} {:<10} {meaning}", shown(&value));
    }
    let numbers = look::tcp_numbers(fd);
    if !numbers.is_empty() {
        out += "\ntcp\n";
        out += &tcp_words(&numbers, is_listening(fd));
    }
    Some(out)
}

fn shown(value: &option::Value) -> String {
    match value {
        option::Value::Int(number) => number.to_string(),
        option::Value::Linger { on: 0, .. } => "off".to_string(),
        option::Value::Linger { seconds, .. } => format!("{seconds} s"),
        option::Value::Time { seconds: 0, micros: 0 } => "none".to_string(),
        option::Value::Time { seconds, micros } => format!("{:.3} s", *seconds as f64 + *micros as f64 / 1e6),
        option::Value::Text(text) => text.clone(),
        _ => "?".to_string(),
    }
}

/// TCP_INFO as sentences.
fn tcp_words(numbers: &[(&str, u64)], listening: bool) -> String {
    let n = |name: &str| tcp_number(numbers, name);
    let mut lines: Vec<String> = Vec::new();
    if listening {
        if let (Some(waiting), Some(limit)) = (n("unacked"), n("sacked")) {
            lines.push(format!("{waiting} connections wait to be accepted, at most {limit} may"));
        }
        return lines.iter().map(|line| format!("  {line}\n")).collect();
    }
    if let (Some(rtt), Some(spread)) = (n("rtt"), n("rtt-variance")) {
        lines.push(format!(
            "there and back takes {} (it varies by {}), at best {}",
            micros(rtt),
            micros(spread),
            micros(n("min-rtt").unwrap_or(0))
        ));
    }
    if let Some(rto) = n("rto") {
        lines.push(format!("what is not acknowledged within {} is sent again", micros(rto)));
    }
    if let (Some(out), Some(into)) = (n("snd-mss"), n("rcv-mss")) {
        lines.push(format!("a segment carries at most {out} bytes; those that came had up to {into}"));
    }
    if let (Some(window), Some(unacked)) = (n("snd-cwnd"), n("unacked")) {
        lines.push(format!("{window} segments may be under way at once; {unacked} are not acknowledged"));
    }
    if let (Some(sent), Some(acked), Some(received)) = (n("bytes-sent"), n("bytes-acked"), n("bytes-received")) {
        lines.push(format!("{sent} bytes sent, {acked} acknowledged; {received} received"));
    }
    if let (Some(out), Some(into)) = (n("segments-out"), n("segments-in")) {
        lines.push(format!("{out} segments sent, {into} received"));
    }
    if let (Some(again), Some(lost)) = (n("total-retrans"), n("lost")) {
        lines.push(format!("{again} segments were sent again; {lost} are taken for lost now"));
    }
    if let (Some(sent), Some(got)) = (n("last-data-sent-ms"), n("last-data-received-ms")) {
        lines.push(format!("data was last sent {sent} ms ago, and last received {got} ms ago"));
    }
    if let Some(window) = n("snd-wnd") {
        lines.push(format!("the other end has room for {window} bytes"));
    }
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};
    use std::os::fd::AsRawFd;

    #[test]
    fn a_listener_shows_its_queue_and_a_connection_its_ends() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let client = TcpStream::connect(&address).expect("a connection");
        let cells = row(listener.as_raw_fd(), None);
        assert_eq!((cells[2].as_str(), cells[3].as_str()), ("LISTEN", address.as_str()));
        assert!(cells[5].starts_with("1/"), "one waits: {}", cells[5]);
        let cells = row(client.as_raw_fd(), None);
        assert_eq!((cells[2].as_str(), cells[4].as_str()), ("ESTABLISHED", address.as_str()));
        let text = table(None);
        assert!(text.lines().any(|line| line.contains("LISTEN") && line.contains(&address)), "{text}");
        let text = words(client.as_raw_fd(), None).expect("it is a socket");
        assert!(text.contains("there and back takes") && text.contains("SO_RCVBUF"), "{text}");
        assert!(words(2_000_000, None).is_none());
    }
}
