//! What is behind an error number, as far as this machine tells, and what usually helps.
//!
//! Nothing is claimed that was not seen: where looking finds nothing, the text is the general one of the table.

use super::system::{self, State, holder, sockets};
use super::table::{self, ERRORS};
use crate::net::errno;
use nix::libc;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::FileTypeExt;

/// A failed call, as its error describes it.
pub struct Failure<'a> {
    pub call: &'a str,
    pub errno: i32,
    /// Whom the call was about, as messages name it: `127.0.0.1 port 80`, a path.
    pub endpoint: Option<&'a str>,
}

pub struct Advice {
    pub why: Option<String>,
    pub fix: Option<String>,
    /// The name under which there is more to read.
    pub see: &'static str,
}

pub fn advice(failure: &Failure) -> Option<Advice> {
    let see = errno::name(failure.errno)?;
    let entry = table::entry(ERRORS, see)?;
    let seen = match failure.errno {
        libc::EADDRINUSE => address_in_use(failure),
        libc::ECONNREFUSED => refused(failure),
        libc::EACCES => not_allowed(failure),
        libc::EADDRNOTAVAIL => not_available(failure),
        libc::EMFILE => too_many(),
        _ => None,
    };
    let why = seen.unwrap_or_else(|| as_clause(table::meaning(entry)));
    let fix = table::fix(entry, failure.call).map(str::to_string);
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
    let host: IpAddr = host.split('%').next()?.parse().ok()?;
    Some(SocketAddr::new(host.to_canonical(), port.parse().ok()?))
}

fn covers(ip: IpAddr, wanted: IpAddr) -> bool {
    ip == wanted || ip.is_unspecified() || wanted.is_unspecified()
}

fn address_in_use(failure: &Failure) -> Option<String> {
    let endpoint = failure.endpoint?;
    let Some(wanted) = internet(endpoint) else { return path_in_use(endpoint) };
    let mut all = sockets("tcp");
    all.extend(sockets("udp"));
    let here: Vec<_> =
        all.iter().filter(|e| e.local.port() == wanted.port() && covers(e.local.ip(), wanted.ip())).collect();
    if let Some(taken) = here.iter().find(|entry| matches!(entry.state, State::Listen | State::Closed)) {
        let does = if taken.state == State::Listen { "listens" } else { "receives" };
        return Some(match holder(taken.inode) {
            Some(holder) if holder.pid == std::process::id() => {
                format!("this program {does} there itself, with descriptor {}", holder.fd)
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
    let endpoint = failure.endpoint?;
    let Some(wanted) = internet(endpoint) else {
        let kind = std::fs::symlink_metadata(endpoint).ok()?.file_type();
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

fn not_allowed(failure: &Failure) -> Option<String> {
    let port = internet(failure.endpoint?)?.port();
    let first: u16 =
        std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").ok()?.trim().parse().ok()?;
    (failure.call == "bind" && port < first)
        .then(|| format!("ports below {first} are the administrator's on this machine"))
}

fn not_available(failure: &Failure) -> Option<String> {
    let wanted = internet(failure.endpoint?)?;
    if failure.call != "bind" {
        return None;
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
    use std::net::TcpListener;

    fn why(call: &str, errno: i32, endpoint: &str) -> String {
        advice(&Failure { call, errno, endpoint: Some(endpoint) }).and_then(|advice| advice.why).expect("a reason")
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
                assert!(errno::number(name).is_some(), "{name}");
                assert!(!table::meaning(table::entry(ERRORS, name).expect("an entry")).is_empty(), "{name}");
            }
        }
    }
}
