//! Addresses of sockets: as values, as text, and as the kernel's bytes.
//!
//! Numbers are in host order throughout, as scripts see them: 127.0.0.1 is 2130706433.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4, SocketAddrV6};

use nix::libc;
use socket2::SockAddr;

use super::error::{Cause, Error};
use super::raw;

/// What a local path may fill in the kernel's structure.
pub const PATH_LIMIT: usize = 108;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Address {
    Inet {
        addr: u32,
        port: u16,
    },
    Inet6 {
        addr: u128,
        port: u16,
        flow: u32,
        scope: u32,
    },
    Unix(UnixName),
    /// A family without a form of its own: the bytes after the family. AF_UNSPEC dissolves an association.
    Other {
        family: u16,
        bytes: Vec<u8>,
    },
}

/// The name of a local socket.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum UnixName {
    /// Never bound; in `bind`, asks the kernel to choose.
    Unnamed,
    Path(Vec<u8>),
    /// A Linux abstract name, without the zero byte that marks it.
    Abstract(Vec<u8>),
}

impl UnixName {
    /// A name as scripts write it: empty is unnamed, a leading zero byte means abstract.
    pub fn from_bytes(bytes: &[u8]) -> Result<UnixName, Error> {
        match bytes {
            [] => Ok(UnixName::Unnamed),
            // No file has a longer one: refused before it is copied.
            long if long.len() > 4096 => Err(Error::of("socket address", Cause::PathTooLong(long.len()))),
            [0, name @ ..] => Ok(UnixName::Abstract(name.to_vec())),
            path if path.contains(&0) => Err(Error::of("socket address", Cause::NulInPath)),
            path => Ok(UnixName::Path(path.to_vec())),
        }
    }

    /// How many bytes it takes in an address.
    fn length(&self) -> usize {
        match self {
            UnixName::Unnamed => 0,
            UnixName::Path(path) => path.len(),
            UnixName::Abstract(name) => 1 + name.len(),
        }
    }

    /// As scripts see it, the mark of an abstract name included; None for an unnamed socket.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        match self {
            UnixName::Unnamed => None,
            UnixName::Path(path) => Some(path.clone()),
            UnixName::Abstract(name) => Some([&[0], name.as_slice()].concat()),
        }
    }
}

impl Address {
    pub fn family(&self) -> i32 {
        match self {
            Address::Inet { .. } => libc::AF_INET,
            Address::Inet6 { .. } => libc::AF_INET6,
            Address::Unix(_) => libc::AF_UNIX,
            Address::Other { family, .. } => i32::from(*family),
        }
    }

    /// As the kernel wants it. `call` is named in the error when it does not fit.
    pub fn to_system(&self, call: &'static str) -> Result<SockAddr, Error> {
        let bytes = match self {
            Address::Inet { addr, port } => {
                return Ok(SocketAddrV4::new(Ipv4Addr::from_bits(*addr), *port).into());
            }
            Address::Inet6 { addr, port, flow, scope } => {
                return Ok(SocketAddrV6::new(Ipv6Addr::from_bits(*addr), *port, *flow, *scope).into());
            }
            Address::Unix(name) => {
                if name.length() > PATH_LIMIT {
                    return Err(Error::of(call, Cause::PathTooLong(name.length())).at(self.to_string()));
                }
                with_family(libc::AF_UNIX as u16, &name.to_bytes().unwrap_or_default())
            }
            Address::Other { family, bytes } => with_family(*family, bytes),
        };
        // Too long for any family: the kernel would say the same.
        raw::address_from_bytes(&bytes).ok_or_else(|| Error::new(call, libc::EINVAL).at(self.to_string()))
    }

    /// From the kernel; None where it gave no address at all (the sender of a stream, an unnamed sender).
    pub fn from_system(address: &SockAddr) -> Option<Address> {
        if let Some(v4) = address.as_socket_ipv4() {
            return Some(Address::Inet { addr: v4.ip().to_bits(), port: v4.port() });
        }
        if let Some(v6) = address.as_socket_ipv6() {
            let (addr, port) = (v6.ip().to_bits(), v6.port());
            return Some(Address::Inet6 { addr, port, flow: v6.flowinfo(), scope: v6.scope_id() });
        }
        let bytes = raw::address_bytes(address);
        let (family, rest) = bytes.split_first_chunk::<2>()?;
        let family = u16::from_ne_bytes(*family);
        if family != libc::AF_UNIX as u16 {
            return Some(Address::Other { family, bytes: rest.to_vec() });
        }
        Some(Address::Unix(match rest {
            [] => UnixName::Unnamed,
            [0, name @ ..] => UnixName::Abstract(name.to_vec()),
            // The kernel counts a closing zero byte, except for a path that fills the structure.
            path => UnixName::Path(path.split(|byte| *byte == 0).next().unwrap_or_default().to_vec()),
        }))
    }
}

fn with_family(family: u16, rest: &[u8]) -> Vec<u8> {
    let mut bytes = family.to_ne_bytes().to_vec();
    bytes.extend_from_slice(rest);
    bytes
}

/// A name for people: of one that is too long for any socket, the beginning.
fn shown(name: &[u8]) -> String {
    let beginning = String::from_utf8_lossy(&name[..name.len().min(2 * PATH_LIMIT)]).into_owned();
    if name.len() > 2 * PATH_LIMIT { beginning + "..." } else { beginning }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Inet { addr, port } => write!(f, "{} port {port}", Ipv4Addr::from_bits(*addr)),
            Address::Inet6 { addr, port, scope: 0, .. } => {
                write!(f, "[{}] port {port}", inet6_ntop(*addr))
            }
            Address::Inet6 { addr, port, scope, .. } => {
                write!(f, "[{}%{scope}] port {port}", inet6_ntop(*addr))
            }
            Address::Unix(UnixName::Unnamed) => f.write_str("unnamed unix socket"),
            Address::Unix(UnixName::Path(path)) => write!(f, "unix path {}", shown(path)),
            Address::Unix(UnixName::Abstract(name)) => {
                write!(f, "unix name {}", shown(name).escape_debug())
            }
            Address::Other { family, bytes } => write!(f, "address of family {family} in {} bytes", bytes.len()),
        }
    }
}

/// The number of an IPv4 text: four decimal parts without leading zeros, nothing else.
pub fn inet_pton(text: &str) -> Result<u32, Error> {
    text.parse().map(Ipv4Addr::to_bits).map_err(|_| Error::of("inet-pton", Cause::BadAddress(text.to_string())))
}

/// The number of an IPv6 text, without brackets or a zone.
pub fn inet6_pton(text: &str) -> Result<u128, Error> {
    text.parse().map(Ipv6Addr::to_bits).map_err(|_| Error::of("inet-pton", Cause::BadAddress(text.to_string())))
}

pub fn inet_ntop(addr: u32) -> String {
    Ipv4Addr::from_bits(addr).to_string()
}

/// The shortest text of an IPv6 number (RFC 5952); the C library writes an IPv4 address at the end of zeros as one.
pub fn inet6_ntop(addr: u128) -> String {
    match u32::try_from(addr) {
        Ok(low) if low > 0xffff => format!("::{}", Ipv4Addr::from_bits(low)),
        _ => Ipv6Addr::from_bits(addr).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through_the_system(address: &Address) -> Address {
        Address::from_system(&address.to_system("test").unwrap()).unwrap()
    }

    #[test]
    fn addresses_survive_the_kernels_form() {
        let all = [
            Address::Inet { addr: 0x7f00_0001, port: 80 },
            Address::Inet6 { addr: 1, port: 65535, flow: 5, scope: 3 },
            Address::Unix(UnixName::Unnamed),
            Address::Unix(UnixName::Path(b"/tmp/x".to_vec())),
            Address::Unix(UnixName::Path(vec![b'p'; PATH_LIMIT])),
            Address::Unix(UnixName::Abstract(b"a\0b".to_vec())),
            Address::Other { family: 0, bytes: vec![0; 14] },
            Address::Other { family: 40, bytes: vec![7; 126] },
        ];
        for address in all {
            assert_eq!(through_the_system(&address), address);
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let long = Address::Unix(UnixName::Path(vec![b'p'; PATH_LIMIT + 1]));
        assert_eq!(long.to_system("bind").unwrap_err().cause, Cause::PathTooLong(109));
        let huge = Address::Unix(UnixName::Path(vec![b'p'; 1_000_000])).to_system("bind").unwrap_err();
        assert!(huge.to_string().len() < 1000 && huge.cause == Cause::PathTooLong(1_000_000));
        let other = Address::Other { family: 40, bytes: vec![7; 127] };
        assert_eq!(other.to_system("bind").unwrap_err().errno(), Some(libc::EINVAL));
        assert_eq!(UnixName::from_bytes(b"a\0b").unwrap_err().cause, Cause::NulInPath);
        assert_eq!(UnixName::from_bytes(b"\0a").unwrap(), UnixName::Abstract(b"a".to_vec()));
    }

    #[test]
    fn texts_are_strict() {
        assert_eq!(inet_pton("127.0.0.1").unwrap(), 2_130_706_433);
        for bad in ["127.1", "0177.0.0.1", "1.2.3.4 ", "", "nonsense", "1.2.3.256", "01.2.3.4"] {
            assert!(inet_pton(bad).is_err(), "{bad}");
        }
        assert_eq!(inet6_pton("::1").unwrap(), 1);
        assert_eq!(inet6_pton("::ffff:1.2.3.4").unwrap(), 0xffff_0102_0304);
        for bad in ["fe80::1%lo", "[::1]", ":::", "1:2", "12345::"] {
            assert!(inet6_pton(bad).is_err(), "{bad}");
        }
        assert_eq!(inet_ntop(u32::MAX), "255.255.255.255");
        assert_eq!(inet6_ntop(1 << 112), "1::");
        assert_eq!((inet6_ntop(0x0102_0304).as_str(), inet6_ntop(0xffff).as_str()), ("::1.2.3.4", "::ffff"));
    }

    #[test]
    fn addresses_read_as_a_person_says_them() {
        let say = |address: Address| address.to_string();
        assert_eq!(say(Address::Inet { addr: 0x7f00_0001, port: 80 }), "127.0.0.1 port 80");
        assert_eq!(say(Address::Inet6 { addr: 1, port: 80, flow: 0, scope: 0 }), "[::1] port 80");
        assert_eq!(say(Address::Unix(UnixName::Path(b"/tmp/x".to_vec()))), "unix path /tmp/x");
        assert_eq!(say(Address::Unix(UnixName::Unnamed)), "unnamed unix socket");
    }
}
