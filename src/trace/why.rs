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

/// Whether the table says of this errno what it means for a file.
pub fn is_about_files(errno: i32) -> bool {
    const OF_FILES: &[i32] = &[
        libc::ENOENT,
        libc::EACCES,
        libc::EISDIR,
        libc::ENOTDIR,
        libc::EEXIST,
        libc::EMFILE,
        libc::ENFILE,
        libc::EPERM,
    ];
    OF_FILES.contains(&errno)
}

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
    // `NAME port SERVICE (HINTS)`: what can be looked into is the name.
    let numbers_only = asked.contains("AI_NUMERICHOST");
    let asked = asked.split(" (").next().unwrap_or(asked);
    let (asked, service) = asked.split_once(" port ").unwrap_or((asked, ""));
    let digits = asked.chars().all(|c| c.is_ascii_digit() || c == '.');
    let why = match reason {
        "EAI_NONAME" if digits && asked.parse::<IpAddr>().is_err() => {
            format!("{asked} looks like a numeric address, but is none: four numbers from 0 to 255 between dots")
        }
        "EAI_NONAME" if asked.contains('/') => {
            format!("{asked} is no name of a host: leave out what stands before and behind it in a URL")
        }
        "EAI_NONAME" if asked.contains(':') && asked.parse::<IpAddr>().is_err() => {
            format!("{asked} is neither a name nor an IPv6 address: the port is a separate argument")
        }
        "EAI_NONAME" if numbers_only => {
            format!("{asked} is no numeric address, and AI_NUMERICHOST keeps names from being looked up")
        }
        "EAI_ADDRFAMILY" | "EAI_FAMILY" if let Ok(address) = asked.parse::<IpAddr>() => {
            let version = if address.is_ipv6() { "an IPv6" } else { "an IPv4" };
            format!("{asked} is {version} address, and the family asked for is another one")
        }
        "EAI_SERVICE" if !service.is_empty() && !service_is_listed(service) => {
            format!("/etc/services lists no service called {service}")
        }
        "EAI_SERVICE" if !service.is_empty() => format!("{service} is no service of this style of socket"),
        "EAI_AGAIN" if !has_name_server() => {
            "this machine knows no name server: /etc/resolv.conf names none".to_string()
        }
        _ => as_clause(table::meaning(entry)),
    };
    Some(Advice { why: Some(why), fix: table::fix(entry, "getaddrinfo").map(str::to_string), see: reason })
}

fn service_is_listed(service: &str) -> bool {
    let text = std::fs::read_to_string("/etc/services").unwrap_or_default();
    text.lines().any(|line| line.split('#').next().unwrap_or("").split_whitespace().any(|word| word == service))
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
        libc::EADDRINUSE => address_in_use(failure).map(Seen::from),
        libc::ECONNREFUSED => refused(failure),
        libc::ECONNRESET | libc::EPIPE => broken_off(failure).map(Seen::from),
        libc::EAGAIN => would_wait(failure).map(Seen::from),
        libc::EACCES => not_allowed(failure),
        libc::EPERM => forbidden(failure),
        libc::ENOTCONN => not_connected(failure).map(Seen::from),
        libc::EISCONN => connected(failure).map(Seen::from),
        libc::EINVAL => out_of_order(failure),
        libc::EDESTADDRREQ => no_address(failure).map(Seen::from),
        libc::EOPNOTSUPP => not_of_this_kind(failure).map(Seen::from),
        libc::EAFNOSUPPORT => no_family(failure),
        libc::EHOSTUNREACH => no_host(failure),
        libc::ENETUNREACH => no_route(failure),
        libc::ENOENT => no_such_file(failure),
        libc::EMSGSIZE => too_long(failure).map(Seen::from),
        libc::ETIMEDOUT => no_answer(failure).map(Seen::from),
        libc::EADDRNOTAVAIL => not_available(failure).map(Seen::from),
        libc::EMFILE => too_many().map(Seen::from),
        _ => None,
    };
    let (why, case) = match seen {
        Some(Seen { why, case }) => (why, case),
        None => (as_clause(table::meaning(entry)), None),
    };
    // What was seen may have a remedy of its own, and so may paths.
    let at_path = format!("{}-path", failure.call);
    let is_path = failure.endpoint.is_some_and(|endpoint| endpoint.starts_with("unix path "));
    let of_path = || if is_path { table::own_fix(entry, &at_path) } else { None };
    let fix = case.and_then(|case| table::own_fix(entry, case)).or_else(of_path);
    let fix = fix.or_else(|| table::fix(entry, failure.call)).map(str::to_string);
    Some(Advice { why: Some(why).filter(|why| !why.is_empty()), fix, see })
}

/// What was seen of the cause, and the case under which the table has what helps, if not under the call's name.
struct Seen {
    why: String,
    case: Option<&'static str>,
}

impl From<String> for Seen {
    fn from(why: String) -> Seen {
        Seen { why, case: None }
    }
}

impl Seen {
    fn case(case: &'static str, why: String) -> Seen {
        Seen { why, case: Some(case) }
    }
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

fn refused(failure: &Failure) -> Option<Seen> {
    if let Some(fd) = failure.fd
        && is_datagram(fd)
        && failure.call != "connect"
    {
        let peer = look::peer(fd).map_or("the other end".to_string(), |peer| short(&peer));
        return Some(format!("an earlier datagram came back: nobody has {peer} open").into());
    }
    let endpoint = failure.endpoint?;
    let Some(wanted) = internet(endpoint) else {
        let kind = std::fs::symlink_metadata(path_of(endpoint)).ok()?.file_type();
        let what = if kind.is_socket() {
            "nobody listens at that socket file: its program has ended"
        } else {
            "that file is no socket"
        };
        return Some(what.to_string().into());
    };
    if wanted.port() == 0 {
        return Some(Seen::case("port-0", "no program can have port 0: it only means \"any\" to bind".to_string()));
    }
    let listeners: Vec<_> = sockets("tcp").into_iter().filter(|entry| entry.state == State::Listen).collect();
    if let Some(other) = listeners.iter().find(|entry| entry.local.port() == wanted.port()) {
        let why = format!("port {} is open, but at {} only, not at {}", wanted.port(), other.local.ip(), wanted.ip());
        return Some(Seen::case("elsewhere", why));
    }
    let swapped = wanted.port().swap_bytes();
    if listeners.iter().any(|entry| entry.local.port() == swapped) {
        let why = format!("port {} is {swapped} with its two bytes swapped, and {swapped} is open", wanted.port());
        return Some(Seen::case("swapped", why));
    }
    wanted.ip().is_loopback().then(|| format!("nothing on this machine listens at port {}", wanted.port()).into())
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
fn out_of_order(failure: &Failure) -> Option<Seen> {
    let fd = failure.fd?;
    if let Some(mismatch) = other_family(failure) {
        return Some(Seen::case("family", mismatch));
    }
    let why = match failure.call {
        "accept" if !is_listening(fd) => Some("this socket does not listen: nobody can connect to it".to_string()),
        "bind" => look::local(fd).map(|local| format!("the socket is bound to {} already", short(&local))),
        "connect" if is_listening(fd) => Some("this socket listens, and so connects to nobody".to_string()),
        "listen" if look::peer(fd).is_some() => Some("this socket is connected, and so does not listen".to_string()),
        _ => None,
    };
    why.map(Seen::from)
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

/// EAFNOSUPPORT: of an address, or of a socket to be made.
fn no_family(failure: &Failure) -> Option<Seen> {
    match failure.call {
        "socket" | "socketpair" => Some("this system has no such sockets of that family".to_string().into()),
        _ => other_family(failure).map(Seen::from),
    }
}

fn no_route(failure: &Failure) -> Option<Seen> {
    let wanted = internet(failure.endpoint?)?;
    if is_broadcast(wanted.ip()) && failure.fd.is_some_and(|fd| !is_datagram(fd)) {
        return Some(Seen::case(
            "broadcast",
            format!("{} means every machine, and a stream has one peer", wanted.ip()),
        ));
    }
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
        None => {
            Some(format!("this machine has no default route for {family}: it reaches its own networks only").into())
        }
        Some(_) => None,
    }
}

fn no_host(failure: &Failure) -> Option<Seen> {
    let ip = internet(failure.endpoint?)?.ip();
    match rejecting_route(ip) {
        Some(route) => {
            Some(Seen::case("route", format!("a route of this machine, {route}, refuses what goes to that network")))
        }
        None => own_network(ip)
            .map(|own| format!("{ip} is on this machine's own network, {own}, and nothing answers there").into()),
    }
}

/// The network of an interface of this machine that holds the address: `192.168.1.5/24`.
fn own_network(ip: IpAddr) -> Option<String> {
    let IpAddr::V4(ip) = ip else { return None };
    nix::ifaddrs::getifaddrs().ok()?.find_map(|interface| {
        let own = interface.address?.as_sockaddr_in()?.ip();
        let mask = u32::from(interface.netmask?.as_sockaddr_in()?.ip());
        (mask != 0 && u32::from(own) & mask == u32::from(ip) & mask).then(|| format!("{own}/{}", mask.count_ones()))
    })
}

/// Whether the address is that of all machines of a network.
fn is_broadcast(ip: IpAddr) -> bool {
    let IpAddr::V4(ip) = ip else { return false };
    ip.is_broadcast()
        || nix::ifaddrs::getifaddrs().into_iter().flatten().any(|interface| {
            let v4 = |address: Option<nix::sys::socket::SockaddrStorage>| Some(address?.as_sockaddr_in()?.ip());
            let (Some(own), Some(mask)) = (v4(interface.address), v4(interface.netmask)) else { return false };
            let (own, mask) = (u32::from(own), u32::from(mask));
            mask.count_ones() < 31 && u32::from(ip) == own | !mask
        })
}

/// The route for the address, if the administrator has marked it as one that leads nowhere: `198.51.100.0/24`.
fn rejecting_route(ip: IpAddr) -> Option<String> {
    const REJECT: u32 = 0x200;
    let IpAddr::V4(ip) = ip else { return None };
    let text = std::fs::read_to_string("/proc/net/route").ok()?;
    let route = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |at: usize| u32::from_str_radix(words.get(at)?, 16).ok();
        // Addresses are written as the words of this machine that hold them.
        let address = |at: usize| Some(u32::from_be_bytes(number(at)?.to_ne_bytes()));
        Some((address(1)?, address(7)?, number(3)?))
    };
    let fitting = text.lines().filter_map(route).filter(|(network, mask, _)| u32::from(ip) & mask == *network);
    let (network, mask, flags) = fitting.max_by_key(|(_, mask, _)| *mask)?;
    (flags & REJECT != 0).then(|| format!("{}/{}", std::net::Ipv4Addr::from(network), mask.count_ones()))
}

/// EPERM: of a socket to be made, of what it sends, or of an option.
fn forbidden(failure: &Failure) -> Option<Seen> {
    const NET_RAW: u32 = 13;
    match failure.call {
        "socket" if !has_capability(NET_RAW) => Some(
            "such sockets are the administrator's: this program lacks the capability CAP_NET_RAW".to_string().into(),
        ),
        "connect" | "send" | "sendto" | "sendmsg" | "write" if failure.fd.is_some() => {
            Some(Seen::case("firewall", "probably a firewall on this machine forbids it".to_string()))
        }
        _ => None,
    }
}

/// Whether this program may do what takes this capability.
fn has_capability(number: u32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let mask = effective.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_none_or(|mask| mask & 1 << number != 0)
}

/// ENOENT: what is missing, the file or a directory on the way to it; and whether another name was meant.
fn no_such_file(failure: &Failure) -> Option<Seen> {
    let path = std::path::Path::new(path_of(failure.endpoint?));
    if std::fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) {
        let target = std::fs::read_link(path).unwrap_or_default();
        return Some(format!("{} is a link to {}, which is not there", path.display(), target.display()).into());
    }
    let folder = folder_of(path);
    if !folder.exists() {
        let missing = folder.ancestors().filter(|at| !at.as_os_str().is_empty() && !at.exists()).last()?;
        return Some(Seen::case("directory", format!("there is no directory {}", missing.display())));
    }
    let name = path.file_name()?.to_str()?;
    let others: Vec<String> = std::fs::read_dir(folder)
        .ok()?
        .take(MANY_FILES)
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let near = crate::spelling::nearest(name, others.iter().map(String::as_str));
    near.first().map(|near| format!("there is no {name} in {}, but there is {near}", shown_folder(folder)).into())
}

/// Of more files in a directory none is offered.
const MANY_FILES: usize = 10_000;

/// Where a file stands, or would.
fn folder_of(path: &std::path::Path) -> &std::path::Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(std::path::Path::new("."))
}

fn shown_folder(folder: &std::path::Path) -> String {
    if folder == std::path::Path::new(".") { "this directory".to_string() } else { folder.display().to_string() }
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

fn not_allowed(failure: &Failure) -> Option<Seen> {
    let endpoint = failure.endpoint?;
    let Some(wanted) = internet(endpoint) else {
        return path_not_allowed(path_of(endpoint), failure.call).map(Seen::from);
    };
    if failure.call == "bind" {
        let text = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").ok()?;
        let first: u16 = text.trim().parse().ok()?;
        let low = wanted.port() < first;
        return low.then(|| format!("ports below {first} are the administrator's on this machine").into());
    }
    let fd = failure.fd?;
    if look::number(fd, libc::SOL_SOCKET, libc::SO_BROADCAST) == Some(0) && is_broadcast(wanted.ip()) {
        let why = format!("{endpoint} is a broadcast address, and SO_BROADCAST is off for this socket");
        return Some(Seen::case("broadcast", why));
    }
    Some(match rejecting_route(wanted.ip()) {
        Some(route) => {
            Seen::case("route", format!("a route of this machine, {route}, prohibits what goes to that network"))
        }
        None => Seen::case("firewall", "probably a route or a firewall of this machine prohibits it".to_string()),
    })
}

fn path_not_allowed(path: &str, call: &str) -> Option<String> {
    let path = std::path::Path::new(path);
    let blocked = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = blocked.filter(|folder| access(*folder, AccessFlags::X_OK).is_err()).last() {
        return Some(format!("the directory {} is closed to this user", folder.display()));
    }
    let user = || match nix::unistd::User::from_uid(nix::unistd::geteuid()) {
        Ok(Some(user)) => format!("this user, {}", user.name),
        _ => "this user".to_string(),
    };
    // What is not there yet is made in its directory.
    let makes = call == "bind" || !path.exists();
    let folder = folder_of(path);
    if makes {
        let writable = access(folder, AccessFlags::W_OK).is_ok();
        return (!writable).then(|| format!("{} may not make files in {}", user(), shown_folder(folder)));
    }
    match call {
        "connect" | "sendto" | "sendmsg" if access(path, AccessFlags::W_OK).is_err() => {
            Some(format!("{} may not write to the socket file, which connecting and sending need", user()))
        }
        "connect" | "sendto" | "sendmsg" => None,
        _ => {
            let (reads, writes) = (access(path, AccessFlags::R_OK).is_ok(), access(path, AccessFlags::W_OK).is_ok());
            let may_not = match (reads, writes) {
                (false, false) => "neither read nor write",
                (false, true) => "not read",
                (true, false) => "not write",
                (true, true) => return None,
            };
            Some(format!("{} may {may_not} {}", user(), path.display()))
        }
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
        // A port whose two bytes differ, and of which the swapped one is given to nobody by chance.
        let mut listeners = std::iter::repeat_with(|| TcpListener::bind("127.0.0.1:0").expect("a port"));
        let port_of = |listener: &TcpListener| listener.local_addr().expect("its address").port();
        let listener = listeners.find(|listener| (1..100).contains(&(port_of(listener) & 255))).expect("one of many");
        let port = port_of(&listener);
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
