//! What is behind an error number, as far as this machine tells, and what usually helps.
//!
//! Nothing is claimed that was not seen: where looking finds nothing, the text is the general one of the table.

use super::explain::{Explain, short};
use super::sockets::is_non_blocking;
use super::system::{self, State, holder, sockets};
use super::table::{self, ERRORS};
use crate::net::{errno, look, option};
use nix::libc;
use nix::unistd::{AccessFlags, access};
use std::net::{IpAddr, SocketAddr};
use std::os::fd::RawFd;
use std::os::unix::fs::FileTypeExt;

/// A failed call, as its error describes it.
pub struct Failure<'a> {
    pub call: &'a str,
    pub errno: i32,
    /// Whom the call was about, as messages name it: `127.0.0.1 port 80`, a path.
    pub endpoint: Option<&'a str>,
    /// The socket it was made on, as long as it is open.
    pub fd: Option<RawFd>,
    /// What was seen of this program's sockets, while somebody listened.
    pub seen: Option<&'a Explain>,
}

/// A look-up that failed: what was asked, and the name of the reason.
pub fn lookup_advice(asked: &str, reason: &'static str) -> Option<Advice> {
    let entry = table::entry(ERRORS, reason)?;
    // `getaddrinfo of NAME` names the host alone.
    let asked = asked.split(" port ").next().unwrap_or(asked);
    let digits = asked.chars().all(|c| c.is_ascii_digit() || c == '.');
    let why = match reason {
        "EAI_NONAME" if digits && asked.parse::<IpAddr>().is_err() => {
            format!("{asked} looks like a numeric address, but is none: four numbers from 0 to 255 between dots")
        }
        "EAI_NONAME" if asked.contains(':') && asked.parse::<IpAddr>().is_err() => {
            format!("{asked} is neither a name nor an IPv6 address: the port is a separate argument")
        }
        "EAI_NONAME" if asked.contains('/') => {
            format!("{asked} is no name of a host: leave out what stands before and behind it in a URL")
        }
        "EAI_AGAIN" if !has_name_server() => {
            "this machine knows no name server: /etc/resolv.conf names none".to_string()
        }
        _ => as_clause(table::meaning(entry)),
    };
    Some(Advice { why: Some(why), fix: table::fix(entry, "getaddrinfo").map(str::to_string), see: reason })
}

fn has_name_server() -> bool {
    let text = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    text.lines().any(|line| line.trim_start().starts_with("nameserver"))
}

pub struct Advice {
    pub why: Option<String>,
    pub fix: Option<String>,
    /// The name under which there is more to read.
    pub see: &'static str,
}

/// A Unix path's bytes at most, the zero at its end left out.
const PATH: usize = 107;

pub fn advice(failure: &Failure) -> Option<Advice> {
    // A path that does not fit never reaches the system; the errno is the one that scripts know for it.
    let too_long_a_path = |endpoint: &str| endpoint.strip_prefix("unix path ").is_some_and(|path| path.len() > PATH);
    let see = match failure.errno {
        libc::EINVAL if failure.endpoint.is_some_and(too_long_a_path) => "ENAMETOOLONG",
        errno => errno::name(errno)?,
    };
    let entry = table::entry(ERRORS, see)?;
    let seen = match failure.errno {
        _ if see == "ENAMETOOLONG" => None,
        libc::EADDRINUSE => address_in_use(failure),
        libc::ECONNREFUSED => refused(failure),
        libc::ECONNRESET | libc::EPIPE => broken_off(failure),
        libc::EAGAIN => would_wait(failure),
        libc::EACCES => not_allowed(failure),
        libc::ENOTCONN => not_connected(failure),
        libc::EISCONN => connected(failure),
        libc::EINVAL => out_of_order(failure),
        libc::EDESTADDRREQ => no_address(failure),
        libc::EOPNOTSUPP => not_of_this_kind(failure),
        libc::EAFNOSUPPORT => other_family(failure),
        libc::ENETUNREACH => no_route(failure),
        libc::EMSGSIZE => too_long(failure),
        libc::ETIMEDOUT => no_answer(failure),
        libc::EADDRNOTAVAIL => not_available(failure),
        libc::EMFILE => too_many(),
        _ => None,
    };
    let why = seen.unwrap_or_else(|| as_clause(table::meaning(entry)));
    // Paths have remedies of their own.
    let at_path = format!("{}-path", failure.call);
    let is_path = failure.endpoint.is_some_and(|endpoint| endpoint.starts_with("unix path "));
    let own = if is_path { table::own_fix(entry, &at_path) } else { None };
    let fix = own.or_else(|| table::fix(entry, failure.call)).map(str::to_string);
    Some(Advice { why: Some(why).filter(|why| !why.is_empty()), fix, see })
}

/// A sentence of the table as it reads after "why".
fn as_clause(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_lowercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}", letters.as_str().trim_end_matches('.'))
}

/// `127.0.0.1 port 80`
fn internet(endpoint: &str) -> Option<SocketAddr> {
    let (host, port) = endpoint.split_once(" port ")?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let host: IpAddr = host.split('%').next()?.parse().ok()?;
    Some(SocketAddr::new(host.to_canonical(), port.parse().ok()?))
}

/// The path in an endpoint.
fn path_of(endpoint: &str) -> &str {
    endpoint.strip_prefix("unix path ").unwrap_or(endpoint)
}

fn covers(ip: IpAddr, wanted: IpAddr) -> bool {
    ip == wanted || ip.is_unspecified() || wanted.is_unspecified()
}

fn address_in_use(failure: &Failure) -> Option<String> {
    let endpoint = failure.endpoint?;
    let Some(wanted) = internet(endpoint) else { return path_in_use(path_of(endpoint)) };
    let mut all = sockets("tcp");
    all.extend(sockets("udp"));
    let here: Vec<_> =
        all.iter().filter(|e| e.local.port() == wanted.port() && covers(e.local.ip(), wanted.ip())).collect();
    if let Some(taken) = here.iter().find(|entry| matches!(entry.state, State::Listen | State::Closed)) {
        let does = if taken.state == State::Listen { "listens" } else { "receives" };
        return Some(match holder(taken.inode) {
            Some(holder) if holder.pid == std::process::id() => {
                let made = failure.seen.and_then(|seen| seen.made(holder.fd as RawFd));
                let made = made.map_or(String::new(), |place| format!(", made at {place}"));
                format!("this program {does} there itself, with descriptor {}{made}", holder.fd)
            }
            Some(holder) => format!("process {} ({}) {does} there", holder.pid, holder.command),
            None => format!("another user's process {does} there"),
        });
    }
    if let Some(ending) = here.iter().filter(|entry| entry.state == State::TimeWait).max_by_key(|entry| entry.timer) {
        return Some(format!(
            "no program listens there; a connection that this side closed first is in TIME_WAIT, {} s left",
            ending.timer.div_ceil(100)
        ));
    }
    let open = here.first()?;
    Some(format!("a connection of that port is still open ({})", open.state.name()))
}

fn path_in_use(path: &str) -> Option<String> {
    let kind = std::fs::symlink_metadata(path).ok()?.file_type();
    if !kind.is_socket() {
        return Some(format!("{path} is there already, and is no socket"));
    }
    Some(match listens_at(path) {
        true => format!("a program listens at {path}"),
        false => format!("{path} is left over from a program that has ended: nobody listens there"),
    })
}

/// Whether a Unix path has a listener, as /proc/net/unix tells (trying would disturb it).
fn listens_at(path: &str) -> bool {
    let full = std::path::absolute(path).unwrap_or_default();
    let text = std::fs::read_to_string("/proc/net/unix").unwrap_or_default();
    text.lines().any(|line| line.split_whitespace().nth(7).is_some_and(|at| at == path || at == full.to_string_lossy()))
}

fn refused(failure: &Failure) -> Option<String> {
    if let Some(fd) = failure.fd
        && is_datagram(fd)
        && failure.call != "connect"
    {
        let peer = look::peer(fd).map_or("the other end".to_string(), |peer| short(&peer));
        return Some(format!("an earlier datagram came back: nobody has {peer} open"));
    }
    let endpoint = failure.endpoint?;
    let Some(wanted) = internet(endpoint) else {
        let kind = std::fs::symlink_metadata(path_of(endpoint)).ok()?.file_type();
        let what = if kind.is_socket() {
            "nobody listens at that socket file: its program has ended"
        } else {
            "that file is no socket"
        };
        return Some(what.to_string());
    };
    let listeners: Vec<_> = sockets("tcp").into_iter().filter(|entry| entry.state == State::Listen).collect();
    if let Some(other) = listeners.iter().find(|entry| entry.local.port() == wanted.port()) {
        return Some(format!(
            "port {} is open, but at {} only, not at {}",
            wanted.port(),
            other.local.ip(),
            wanted.ip()
        ));
    }
    let swapped = wanted.port().swap_bytes();
    if listeners.iter().any(|entry| entry.local.port() == swapped) {
        return Some(format!(
            "port {} is {swapped} with its two bytes swapped, and {swapped} is open: ports here are in host order, without htons",
            wanted.port()
        ));
    }
    wanted.ip().is_loopback().then(|| format!("nothing on this machine listens at port {}", wanted.port()))
}

fn is_datagram(fd: RawFd) -> bool {
    look::style(fd) == Some(libc::SOCK_DGRAM)
}

fn is_listening(fd: RawFd) -> bool {
    look::number(fd, libc::SOL_SOCKET, libc::SO_ACCEPTCONN) == Some(1)
}

fn broken_off(failure: &Failure) -> Option<String> {
    let fd = failure.fd?;
    if let Some((local, peer)) = failure.seen.and_then(|seen| seen.ends(fd))
        && let Some(place) = failure.seen.and_then(|seen| seen.closed(&peer, &local))
    {
        let place = place.map_or(String::new(), |place| format!(", at {place}"));
        let how = if failure.errno == libc::ECONNRESET { " while bytes waited there that nobody had read" } else { "" };
        return Some(format!("the other end, {peer}, is this program's own, and was closed{place}{how}"));
    }
    let state = look::tcp_state(fd).and_then(State::from_number)?;
    match (failure.errno, state) {
        (libc::EPIPE, State::FinWait1 | State::FinWait2 | State::TimeWait | State::Closing | State::LastAck) => {
            Some("this program has shut down its own writing on this socket".to_string())
        }
        (libc::EPIPE, State::Closed) if look::peer(fd).is_none() => Some(
            "the connection is over: the other end has closed it, and answered what came later with a reset"
                .to_string(),
        ),
        _ => None,
    }
}

fn would_wait(failure: &Failure) -> Option<String> {
    let fd = failure.fd?;
    if is_non_blocking(fd) {
        return Some("the socket is non-blocking (O_NONBLOCK is set), and the call would have to wait".to_string());
    }
    let writes = failure.call.starts_with("send") || failure.call == "write";
    let (name, option) = if writes { ("SO_SNDTIMEO", libc::SO_SNDTIMEO) } else { ("SO_RCVTIMEO", libc::SO_RCVTIMEO) };
    match look::option(fd, libc::SOL_SOCKET, option)? {
        option::Value::Time { seconds, micros } if (seconds, micros) != (0, 0) => {
            let limit = seconds as f64 + micros as f64 / 1e6;
            Some(format!("the socket's own time limit is over: {name} is {limit:.3} s"))
        }
        _ => None,
    }
}

fn not_connected(failure: &Failure) -> Option<String> {
    let fd = failure.fd?;
    Some(if is_listening(fd) {
        "this socket listens: connected are the ones that accept returns".to_string()
    } else if look::tcp_state(fd).and_then(State::from_number) == Some(State::Closed) {
        "this socket has no connection: it never had one, or it is over".to_string()
    } else {
        return None;
    })
}

fn connected(failure: &Failure) -> Option<String> {
    look::peer(failure.fd?).map(|peer| format!("the socket is connected to {} already", short(&peer)))
}

/// EINVAL: a step is missing, or is made a second time.
fn out_of_order(failure: &Failure) -> Option<String> {
    let fd = failure.fd?;
    if let Some(mismatch) = other_family(failure) {
        return Some(mismatch);
    }
    match failure.call {
        "accept" if !is_listening(fd) => Some("this socket does not listen: nobody can connect to it".to_string()),
        "bind" => look::local(fd).map(|local| format!("the socket is bound to {} already", short(&local))),
        "connect" if is_listening(fd) => Some("this socket listens, and so connects to nobody".to_string()),
        "listen" if look::peer(fd).is_some() => Some("this socket is connected, and so does not listen".to_string()),
        _ => None,
    }
}

fn no_address(failure: &Failure) -> Option<String> {
    look::peer(failure.fd?).is_none().then(|| "the socket is not connected, and the call names no address".to_string())
}

fn not_of_this_kind(failure: &Failure) -> Option<String> {
    let fd = failure.fd?;
    match failure.call {
        "listen" | "accept" if is_datagram(fd) => {
            Some("this is a datagram socket: it has no connections to wait for".to_string())
        }
        "accept" if !is_listening(fd) => Some("this socket does not listen".to_string()),
        _ => None,
    }
}

fn family_name(family: i32) -> String {
    match family {
        libc::AF_INET => "AF_INET".to_string(),
        libc::AF_INET6 => "AF_INET6".to_string(),
        libc::AF_UNIX => "AF_UNIX".to_string(),
        other => format!("family {other}"),
    }
}

fn other_family(failure: &Failure) -> Option<String> {
    let own = look::family(failure.fd?)?;
    let endpoint = failure.endpoint?;
    let given = match internet(endpoint) {
        Some(SocketAddr::V4(_)) if !endpoint.starts_with('[') => libc::AF_INET,
        Some(_) => libc::AF_INET6,
        None if endpoint.starts_with("unix") => libc::AF_UNIX,
        None => return None,
    };
    (own != given).then(|| format!("the socket is of {}, the address of {}", family_name(own), family_name(given)))
}

fn no_route(failure: &Failure) -> Option<String> {
    let wanted = internet(failure.endpoint?)?;
    let file = if wanted.is_ipv6() { "/proc/net/ipv6_route" } else { "/proc/net/route" };
    let routes = std::fs::read_to_string(file).ok()?;
    // A default route goes to address 0 with a mask of 0; loopback and "unreachable" entries lead nowhere.
    let leads_out = |line: &&str| match wanted.is_ipv6() {
        true => {
            line.starts_with(&"0".repeat(32)) && line.split_whitespace().nth(1) == Some("00") && !line.ends_with("lo")
        }
        false => line.split_whitespace().nth(1) == Some("00000000"),
    };
    let family = if wanted.is_ipv6() { "IPv6" } else { "IPv4" };
    match routes.lines().find(leads_out) {
        None => Some(format!("this machine has no default route for {family}: it reaches its own networks only")),
        Some(_) => None,
    }
}

fn too_long(failure: &Failure) -> Option<String> {
    let fd = failure.fd.filter(|fd| is_datagram(*fd))?;
    match look::family(fd)? {
        libc::AF_INET => Some("a datagram over IPv4 has at most 65507 bytes".to_string()),
        libc::AF_INET6 => Some("a datagram over IPv6 has at most 65527 bytes".to_string()),
        libc::AF_UNIX => {
            let room = look::number(fd, libc::SOL_SOCKET, libc::SO_SNDBUF)?;
            Some(format!("the message does not fit into the socket's buffer: SO_SNDBUF is {room} bytes"))
        }
        _ => None,
    }
}

fn no_answer(failure: &Failure) -> Option<String> {
    if failure.call != "connect" {
        return None;
    }
    let listens = internet(failure.endpoint?).is_some_and(|wanted| {
        sockets("tcp").iter().any(|entry| {
            entry.state == State::Listen && entry.local.port() == wanted.port() && covers(entry.local.ip(), wanted.ip())
        })
    });
    listens.then(|| "a program listens there, but its queue is full: it does not accept what comes".to_string())
}

fn not_allowed(failure: &Failure) -> Option<String> {
    let endpoint = failure.endpoint?;
    if let Some(path) = endpoint.strip_prefix("unix path ") {
        return path_not_allowed(path, failure.call);
    }
    if let Some(fd) = failure.fd
        && is_datagram(fd)
        && failure.call != "bind"
        && look::number(fd, libc::SOL_SOCKET, libc::SO_BROADCAST) == Some(0)
    {
        return Some(format!("{endpoint} is a broadcast address, and SO_BROADCAST is off for this socket"));
    }
    let port = internet(failure.endpoint?)?.port();
    let first: u16 =
        std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").ok()?.trim().parse().ok()?;
    (failure.call == "bind" && port < first)
        .then(|| format!("ports below {first} are the administrator's on this machine"))
}

fn path_not_allowed(path: &str, call: &str) -> Option<String> {
    let path = std::path::Path::new(path);
    if call == "bind" {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(std::path::Path::new("."));
        let writable = access(folder, AccessFlags::W_OK).is_ok();
        return (!writable).then(|| format!("files cannot be made in {} by this user", folder.display()));
    }
    let blocked = path.ancestors().skip(1).find(|folder| access(*folder, AccessFlags::X_OK).is_err());
    match blocked {
        Some(folder) if !folder.as_os_str().is_empty() => {
            Some(format!("the directory {} is closed to this user", folder.display()))
        }
        _ if access(path, AccessFlags::W_OK).is_err() => {
            Some("who connects needs the right to write to the socket file".to_string())
        }
        _ => None,
    }
}

fn not_available(failure: &Failure) -> Option<String> {
    let wanted = internet(failure.endpoint?)?;
    if failure.call != "bind" {
        return (wanted.port() == 0).then(|| "no program can have port 0: it only means \"any\" to bind".to_string());
    }
    let own: Vec<String> = nix::ifaddrs::getifaddrs()
        .ok()?
        .filter_map(|interface| {
            let address = interface.address?;
            let v4 = address.as_sockaddr_in().map(|a| a.ip().to_string());
            v4.or_else(|| address.as_sockaddr_in6().map(|a| a.ip().to_string()))
        })
        .collect();
    Some(format!("{} is none of this machine's addresses: {}", wanted.ip(), own.join(", ")))
}

fn too_many() -> Option<String> {
    let (limit, _) = nix::sys::resource::getrlimit(nix::sys::resource::Resource::RLIMIT_NOFILE).ok()?;
    let counts = match system::own_descriptors() {
        // Counting needs a descriptor, too.
        (0, 0, 0) => String::new(),
        (sockets, pipes, others) => format!(": {sockets} sockets, {pipes} pipe ends, {others} others"),
    };
    Some(format!("this program has as many descriptors open as it may, {limit}{counts}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::resolve;
    use std::net::TcpListener;

    fn why(call: &str, errno: i32, endpoint: &str) -> String {
        advice(&Failure { call, errno, endpoint: Some(endpoint), fd: None, seen: None })
            .and_then(|advice| advice.why)
            .expect("a reason")
    }

    #[test]
    fn who_holds_an_address_is_named() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let text = why("bind", libc::EADDRINUSE, &format!("127.0.0.1 port {port}"));
        assert!(text.starts_with("this program listens there itself"), "{text}");
        let text = why("connect", libc::ECONNREFUSED, &format!("127.0.0.2 port {port}"));
        assert!(text.contains("at 127.0.0.1 only"), "{text}");
        let text = why("connect", libc::ECONNREFUSED, &format!("127.0.0.1 port {}", port.swap_bytes()));
        assert!(text.contains("bytes swapped"), "{text}");
    }

    #[test]
    fn a_left_over_path_is_told_from_one_in_use() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("s").display().to_string();
        let listener = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
        assert!(why("bind", libc::EADDRINUSE, &path).starts_with("a program listens"));
        drop(listener);
        assert!(why("bind", libc::EADDRINUSE, &path).contains("left over"));
        assert!(why("connect", libc::ECONNREFUSED, &path).contains("nobody listens"));
    }

    #[test]
    fn every_entry_is_an_error_number_and_says_what_it_means() {
        for heading in ERRORS.lines().filter_map(|line| line.strip_prefix("= ")) {
            for name in heading.split_whitespace() {
                let known = errno::number(name).is_some() || resolve::CODES.iter().any(|(code, _)| *code == name);
                assert!(known, "{name}");
                assert!(!table::meaning(table::entry(ERRORS, name).expect("an entry")).is_empty(), "{name}");
            }
        }
    }
}
