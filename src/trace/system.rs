//! The sockets of this machine, whoever holds them, as /proc tells. What cannot be read is left out.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A line of /proc/net/tcp and its like.
#[derive(Debug, PartialEq)]
pub struct Entry {
    pub local: SocketAddr,
    pub peer: SocketAddr,
    pub state: State,
    /// Bytes that wait to be sent, and to be read; of a listener, connections that wait to be accepted.
    pub queues: (u32, u32),
    /// Until the state ends by itself, in hundredths of a second.
    pub timer: u32,
    pub inode: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Established,
    SynSent,
    SynReceived,
    FinWait1,
    FinWait2,
    TimeWait,
    Closed,
    CloseWait,
    LastAck,
    Listen,
    Closing,
}

impl State {
    pub fn from_number(number: u8) -> Option<State> {
        use State::*;
        let all = [
            Established,
            SynSent,
            SynReceived,
            FinWait1,
            FinWait2,
            TimeWait,
            Closed,
            CloseWait,
            LastAck,
            Listen,
            Closing,
        ];
        all.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// As the protocol's documents call it.
    pub fn name(self) -> &'static str {
        use State::*;
        match self {
            Established => "ESTABLISHED",
            SynSent => "SYN_SENT",
            SynReceived => "SYN_RECV",
            FinWait1 | FinWait2 => "FIN_WAIT",
            TimeWait => "TIME_WAIT",
            Closed => "CLOSED",
            CloseWait => "CLOSE_WAIT",
            LastAck => "LAST_ACK",
            Listen => "LISTEN",
            Closing => "CLOSING",
        }
    }
}

/// All sockets of a protocol, "tcp" or "udp", of both families.
pub fn sockets(protocol: &str) -> Vec<Entry> {
    let read = |suffix: &str| fs::read_to_string(format!("/proc/net/{protocol}{suffix}")).unwrap_or_default();
    let (v4, v6) = (read(""), read("6"));
    v4.lines().chain(v6.lines()).filter_map(entry).collect()
}

fn entry(line: &str) -> Option<Entry> {
    let mut words = line.split_whitespace().skip(1);
    let local = address(words.next()?)?;
    let peer = address(words.next()?)?;
    let state = State::from_number(u8::from_str_radix(words.next()?, 16).ok()?)?;
    let pair = |word: &str| {
        let (a, b) = word.split_once(':')?;
        Some((u32::from_str_radix(a, 16).ok()?, u32::from_str_radix(b, 16).ok()?))
    };
    let queues = pair(words.next()?)?;
    let (_, timer) = pair(words.next()?)?;
    let inode = words.nth(3)?.parse().ok()?;
    Some(Entry { local, peer, state, queues, timer, inode })
}

/// `0100007F:1F90`: words of four bytes in the order of the machine, then the port.
fn address(word: &str) -> Option<SocketAddr> {
    let (host, port) = word.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let mut bytes = Vec::new();
    for at in (0..host.len()).step_by(8) {
        bytes.extend(u32::from_str_radix(host.get(at..at + 8)?, 16).ok()?.to_ne_bytes());
    }
    let ip = match bytes.len() {
        4 => IpAddr::from(Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?)),
        16 => IpAddr::from(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?)).to_canonical(),
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

/// Who holds a socket.
pub struct Holder {
    pub pid: u32,
    /// What the process was started as.
    pub command: String,
    pub fd: u32,
}

/// The process that has this socket open, among those that may be looked at.
pub fn holder(inode: u64) -> Option<Holder> {
    let wanted = format!("socket:[{inode}]");
    for process in fs::read_dir("/proc").ok()?.flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Ok(descriptors) = fs::read_dir(process.path().join("fd")) else { continue };
        for descriptor in descriptors.flatten() {
            if fs::read_link(descriptor.path()).is_ok_and(|target| target.as_os_str() == wanted.as_str()) {
                let command = fs::read(process.path().join("cmdline")).unwrap_or_default();
                let command = String::from_utf8_lossy(&command).trim_end_matches('\0').replace('\0', " ");
                let fd = descriptor.file_name().to_str().and_then(|name| name.parse().ok())?;
                return Some(Holder { pid, command, fd });
            }
        }
    }
    None
}

/// The descriptors of this program that are sockets, in order.
pub fn own_sockets() -> Vec<i32> {
    let mut found: Vec<i32> = fs::read_dir("/proc/self/fd")
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| fs::read_link(entry.path()).is_ok_and(|target| target.to_string_lossy().starts_with("socket:")))
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    found.sort_unstable();
    found
}

/// How many descriptors of each kind this program has open.
pub fn own_descriptors() -> (usize, usize, usize) {
    let (mut sockets, mut pipes, mut others) = (0, 0, 0);
    for descriptor in fs::read_dir("/proc/self/fd").into_iter().flatten().flatten() {
        let target = fs::read_link(descriptor.path()).unwrap_or_default();
        match target.to_str().unwrap_or("") {
            target if target.starts_with("socket:") => sockets += 1,
            target if target.starts_with("pipe:") => pipes += 1,
            _ => others += 1,
        }
    }
    (sockets, pipes, others)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn lines_of_proc_are_read() {
        let line =
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000005 00:00000000 00000000     0        0 1161 1 0";
        let entry = entry(line).expect("a line");
        assert_eq!(entry.local.to_string(), "127.0.0.1:8080");
        assert_eq!((entry.state, entry.queues, entry.inode), (State::Listen, (0, 5), 1161));
    }

    #[test]
    fn an_own_listener_is_found_with_its_holder() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let all = sockets("tcp");
        let own = all.iter().find(|entry| entry.local == address).expect("it is listed");
        assert_eq!(own.state, State::Listen);
        assert_eq!(holder(own.inode).expect("its holder").pid, std::process::id());
    }
}
