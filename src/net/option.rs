//! Socket options: which values are structures, and how those lie in memory. All others are ints or raw bytes.

use nix::libc::{self, c_int};

use super::raw;

/// The value of an option, in host order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    Int(i32),
    Linger {
        on: i32,
        seconds: i32,
    },
    Time {
        seconds: i64,
        micros: i64,
    },
    /// An IPv4 address (IP_MULTICAST_IF).
    Address(u32),
    /// Group and interface address; interface 0 lets the kernel choose.
    Membership {
        group: u32,
        interface: u32,
    },
    /// Group and interface index.
    Membership6 {
        group: u128,
        interface: u32,
    },
    /// SO_PEERCRED: who is at the other end of a local socket.
    Credentials {
        pid: i32,
        uid: u32,
        gid: u32,
    },
    /// A name without its zero byte: TCP_CONGESTION, SO_BINDTODEVICE.
    Text(String),
    /// TCP_INFO: what the kernel tells of a connection, by name; a newer kernel tells more.
    Info {
        state: &'static str,
        numbers: Vec<(&'static str, u64)>,
    },
    Bytes(Vec<u8>),
}

/// What an option's value looks like to scripts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    Int,
    Linger,
    Time,
    Address,
    Membership,
    Membership6,
    /// The number of an interface, for which its name may stand.
    Interface,
    Credentials,
    Text,
    Info,
}

/// Every option whose value is not an int.
const LAYOUTS: &[(c_int, c_int, Layout)] = &[
    (libc::SOL_SOCKET, libc::SO_LINGER, Layout::Linger),
    (libc::SOL_SOCKET, libc::SO_RCVTIMEO, Layout::Time),
    (libc::SOL_SOCKET, libc::SO_SNDTIMEO, Layout::Time),
    (libc::IPPROTO_IP, libc::IP_MULTICAST_IF, Layout::Address),
    (libc::IPPROTO_IP, libc::IP_ADD_MEMBERSHIP, Layout::Membership),
    (libc::IPPROTO_IP, libc::IP_DROP_MEMBERSHIP, Layout::Membership),
    (libc::IPPROTO_IPV6, libc::IPV6_ADD_MEMBERSHIP, Layout::Membership6),
    (libc::IPPROTO_IPV6, libc::IPV6_DROP_MEMBERSHIP, Layout::Membership6),
    (libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_IF, Layout::Interface),
    (libc::SOL_SOCKET, libc::SO_PEERCRED, Layout::Credentials),
    (libc::SOL_SOCKET, libc::SO_BINDTODEVICE, Layout::Text),
    (libc::IPPROTO_TCP, libc::TCP_CONGESTION, Layout::Text),
    (libc::IPPROTO_TCP, libc::TCP_INFO, Layout::Info),
];

pub fn layout(level: c_int, name: c_int) -> Layout {
    LAYOUTS.iter().find(|row| (row.0, row.1) == (level, name)).map_or(Layout::Int, |row| row.2)
}

impl Layout {
    fn size(self) -> usize {
        match self {
            Layout::Int | Layout::Address | Layout::Interface => 4,
            Layout::Linger | Layout::Membership => 8,
            Layout::Credentials => 12,
            Layout::Time | Layout::Text => 16,
            Layout::Membership6 => 20,
            Layout::Info => INFO_SIZE,
        }
    }

    /// The value in the kernel's bytes; None if there are fewer than the structure has.
    fn decode(self, bytes: &[u8]) -> Option<Value> {
        let int = |at: usize| bytes.get(at..)?.first_chunk().map(|four| i32::from_ne_bytes(*four));
        let long = |at: usize| bytes.get(at..)?.first_chunk().map(|eight| i64::from_ne_bytes(*eight));
        let inet = |at: usize| bytes.get(at..)?.first_chunk().map(|four| u32::from_be_bytes(*four));
        Some(match self {
            // Some options answer a single byte to whoever asks with little room.
            Layout::Int if bytes.len() == 1 => Value::Int(i32::from(bytes[0])),
            Layout::Int | Layout::Interface => Value::Int(int(0)?),
            Layout::Linger => Value::Linger { on: int(0)?, seconds: int(4)? },
            Layout::Time => Value::Time { seconds: long(0)?, micros: long(8)? },
            Layout::Address => Value::Address(inet(0)?),
            Layout::Membership => Value::Membership { group: inet(0)?, interface: inet(4)? },
            Layout::Membership6 => {
                let group = u128::from_be_bytes(*bytes.first_chunk()?);
                Value::Membership6 { group, interface: int(16)? as u32 }
            }
            Layout::Credentials => Value::Credentials { pid: int(0)?, uid: int(4)? as u32, gid: int(8)? as u32 },
            Layout::Text => {
                let name = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
                Value::Text(String::from_utf8_lossy(name).into_owned())
            }
            Layout::Info => info(bytes)?,
        })
    }
}

impl Value {
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Value::Int(number) => number.to_ne_bytes().to_vec(),
            Value::Linger { on, seconds } => [on.to_ne_bytes(), seconds.to_ne_bytes()].concat(),
            Value::Time { seconds, micros } => [seconds.to_ne_bytes(), micros.to_ne_bytes()].concat(),
            Value::Address(address) => address.to_be_bytes().to_vec(),
            Value::Membership { group, interface } => [group.to_be_bytes(), interface.to_be_bytes()].concat(),
            Value::Membership6 { group, interface } => {
                [group.to_be_bytes().as_slice(), &interface.to_ne_bytes()].concat()
            }
            Value::Credentials { pid, uid, gid } => [pid.to_ne_bytes(), uid.to_ne_bytes(), gid.to_ne_bytes()].concat(),
            Value::Text(name) => name.clone().into_bytes(),
            // Nobody sets it.
            Value::Info { .. } => Vec::new(),
            Value::Bytes(bytes) => bytes.clone(),
        }
    }
}

/// The states of a connection, as the kernel numbers them from 1.
const STATES: [&str; 12] = [
    "established",
    "syn-sent",
    "syn-received",
    "fin-wait-1",
    "fin-wait-2",
    "time-wait",
    "closed",
    "close-wait",
    "last-ack",
    "listen",
    "closing",
    "syn-received",
];

const INFO_SIZE: usize = 232;

/// The numbers of TCP_INFO: where each stands, how many bytes it has, its name. Times are in microseconds, except for
/// the four that end in -ms.
const INFO: &[(usize, usize, &str)] = &[
    (1, 1, "ca-state"),
    (2, 1, "retransmits"),
    (3, 1, "probes"),
    (4, 1, "backoff"),
    (5, 1, "options"),
    (8, 4, "rto"),
    (12, 4, "ato"),
    (16, 4, "snd-mss"),
    (20, 4, "rcv-mss"),
    (24, 4, "unacked"),
    (28, 4, "sacked"),
    (32, 4, "lost"),
    (36, 4, "retrans"),
    (40, 4, "fackets"),
    (44, 4, "last-data-sent-ms"),
    (48, 4, "last-ack-sent-ms"),
    (52, 4, "last-data-received-ms"),
    (56, 4, "last-ack-received-ms"),
    (60, 4, "pmtu"),
    (64, 4, "rcv-ssthresh"),
    (68, 4, "rtt"),
    (72, 4, "rtt-variance"),
    (76, 4, "snd-ssthresh"),
    (80, 4, "snd-cwnd"),
    (84, 4, "advmss"),
    (88, 4, "reordering"),
    (92, 4, "rcv-rtt"),
    (96, 4, "rcv-space"),
    (100, 4, "total-retrans"),
    (104, 8, "pacing-rate"),
    (112, 8, "max-pacing-rate"),
    (120, 8, "bytes-acked"),
    (128, 8, "bytes-received"),
    (136, 4, "segments-out"),
    (140, 4, "segments-in"),
    (144, 4, "not-sent-bytes"),
    (148, 4, "min-rtt"),
    (152, 4, "data-segments-in"),
    (156, 4, "data-segments-out"),
    (160, 8, "delivery-rate"),
    (168, 8, "busy-time"),
    (176, 8, "rwnd-limited"),
    (184, 8, "sndbuf-limited"),
    (192, 4, "delivered"),
    (196, 4, "delivered-ce"),
    (200, 8, "bytes-sent"),
    (208, 8, "bytes-retrans"),
    (216, 4, "dsack-dups"),
    (220, 4, "reordering-seen"),
    (224, 4, "rcv-out-of-order"),
    (228, 4, "snd-wnd"),
];

fn info(bytes: &[u8]) -> Option<Value> {
    let state = usize::from(*bytes.first()?).checked_sub(1).and_then(|at| STATES.get(at)).unwrap_or(&"unknown");
    let number = |(at, size, name): &(usize, usize, &'static str)| {
        let part = bytes.get(*at..at + size)?;
        let mut whole = [0; 8];
        if cfg!(target_endian = "little") { &mut whole[..*size] } else { &mut whole[8 - size..] }.copy_from_slice(part);
        Some((*name, u64::from_ne_bytes(whole)))
    };
    Some(Value::Info { state, numbers: INFO.iter().map_while(number).collect() })
}

/// Largest structure a script may ask for by size.
pub const SIZE_LIMIT: usize = 1 << 16;

/// getsockopt without the reporting: `size` asks for raw bytes, else the table says what the value is.
pub fn get(fd: c_int, level: c_int, name: c_int, size: Option<usize>) -> std::io::Result<Value> {
    let layout = layout(level, name);
    let mut room = vec![0; size.unwrap_or(layout.size()).min(SIZE_LIMIT)];
    let length = raw::get_option(fd, level, name, &mut room)?;
    room.truncate(length);
    if size.is_some() {
        return Ok(Value::Bytes(room));
    }
    Ok(layout.decode(&room).unwrap_or(Value::Bytes(room)))
}

pub(super) fn set(fd: c_int, level: c_int, name: c_int, value: &Value) -> std::io::Result<()> {
    let answer = raw::set_option(fd, level, name, &value.encode());
    // Scripts written around Guile's raw IP_MULTICAST_IF pass the address with its bytes swapped.
    if let (Err(error), Value::Address(address)) = (&answer, value)
        && error.raw_os_error() == Some(libc::EADDRNOTAVAIL)
        && raw::set_option(fd, level, name, &address.swap_bytes().to_be_bytes()).is_ok()
    {
        return Ok(());
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_lie_as_the_c_library_has_them() {
        assert_eq!(Layout::Linger.size(), size_of::<libc::linger>());
        assert_eq!(Layout::Time.size(), size_of::<libc::timeval>());
        assert_eq!(Layout::Membership.size(), size_of::<libc::ip_mreq>());
        assert_eq!(Layout::Membership6.size(), size_of::<libc::ipv6_mreq>());
        let all = [
            (Layout::Linger, Value::Linger { on: 1, seconds: -3 }),
            (Layout::Time, Value::Time { seconds: 1, micros: 500_000 }),
            (Layout::Address, Value::Address(0x7f00_0001)),
            (Layout::Membership, Value::Membership { group: 0xe000_0001, interface: 0 }),
            (Layout::Membership6, Value::Membership6 { group: 0xff02 << 112 | 1, interface: 1 }),
            (Layout::Int, Value::Int(-1)),
        ];
        for (layout, value) in all {
            assert_eq!(layout.decode(&value.encode()), Some(value));
        }
        assert_eq!(Layout::Linger.decode(&[0; 3]), None);
        assert_eq!(Value::Address(0x7f00_0001).encode(), [127, 0, 0, 1]);
    }

    #[test]
    fn what_is_known_of_a_connection_is_named() {
        assert_eq!(std::mem::offset_of!(libc::tcp_info, tcpi_rtt), 68);
        assert_eq!(std::mem::offset_of!(libc::tcp_info, tcpi_pacing_rate), 104);
        let mut bytes = vec![0; 104];
        (bytes[0], bytes[68]) = (10, 5);
        let Some(Value::Info { state, numbers }) = Layout::Info.decode(&bytes) else { panic!() };
        assert_eq!((state, numbers.last().copied()), ("listen", Some(("total-retrans", 0))));
        assert!(numbers.contains(&("rtt", 5)));
    }
}
