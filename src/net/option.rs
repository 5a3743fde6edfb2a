//! Socket options: which values are structures, and how those lie in memory. All others are ints or raw bytes.

use nix::libc::{self, c_int};

use super::error::{Error, Result};
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
];

pub fn layout(level: c_int, name: c_int) -> Layout {
    LAYOUTS.iter().find(|row| (row.0, row.1) == (level, name)).map_or(Layout::Int, |row| row.2)
}

impl Layout {
    fn size(self) -> usize {
        match self {
            Layout::Int | Layout::Address => 4,
            Layout::Linger | Layout::Membership => 8,
            Layout::Time => 16,
            Layout::Membership6 => 20,
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
            Layout::Int => Value::Int(int(0)?),
            Layout::Linger => Value::Linger { on: int(0)?, seconds: int(4)? },
            Layout::Time => Value::Time { seconds: long(0)?, micros: long(8)? },
            Layout::Address => Value::Address(inet(0)?),
            Layout::Membership => Value::Membership { group: inet(0)?, interface: inet(4)? },
            Layout::Membership6 => {
                let group = u128::from_be_bytes(*bytes.first_chunk()?);
                Value::Membership6 { group, interface: int(16)? as u32 }
            }
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
            Value::Bytes(bytes) => bytes.clone(),
        }
    }
}

/// Largest structure a script may ask for by size.
pub const SIZE_LIMIT: usize = 1 << 16;

/// getsockopt without the reporting: `size` asks for raw bytes, else the table says what the value is.
pub(super) fn get(fd: c_int, level: c_int, name: c_int, size: Option<usize>) -> std::io::Result<Value> {
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

/// The value of an int option with the layout's own shape, from what a script gave as numbers; for callers that
/// have one number or a pair of them.
pub fn from_numbers(call: &'static str, layout: Layout, first: i64, second: Option<i64>) -> Result<Value> {
    use super::error::Cause::OutOfRange;
    let int = |value: i64| {
        i32::try_from(value).map_err(|_| {
            Error::of(call, OutOfRange { what: "value", low: i32::MIN.into(), high: i32::MAX.into(), value })
        })
    };
    let inet = |value: i64| {
        u32::try_from(value)
            .map_err(|_| Error::of(call, OutOfRange { what: "IPv4 address", low: 0, high: u32::MAX.into(), value }))
    };
    Ok(match (layout, second) {
        (Layout::Linger, Some(seconds)) => Value::Linger { on: int(first)?, seconds: int(seconds)? },
        (Layout::Time, Some(micros)) => Value::Time { seconds: first, micros },
        (Layout::Membership, Some(interface)) => Value::Membership { group: inet(first)?, interface: inet(interface)? },
        (Layout::Address, None) => Value::Address(inet(first)?),
        _ => Value::Int(int(first)?),
    })
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
    fn numbers_out_of_range_are_refused() {
        assert!(from_numbers("setsockopt", Layout::Int, 1 << 31, None).is_err());
        assert!(from_numbers("setsockopt", Layout::Address, -1, None).is_err());
        assert_eq!(
            from_numbers("setsockopt", Layout::Linger, 1, Some(2)).unwrap(),
            Value::Linger { on: 1, seconds: 2 }
        );
    }
}
