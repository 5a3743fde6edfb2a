//! Rules about the network: `HOST:PORT`, where either may be left out or be a star.
//!
//! ```text
//! 10.0.0.0/8:1-1023   addresses in a range, ports in another       [::1]:80         IPv6 in brackets
//! example.org:443     the addresses that looking up this name gave  *.example.org    any name below
//! localhost:*         127.0.0.0/8 and ::1                           inet6:*:53       of one family
//! unix:/run/x.sock    a local socket, or all those in a folder      unix:@name       an abstract name
//! ```
//!
//! IPv4 addresses inside of IPv6 are the IPv4 addresses they stand for, and connecting to no address is connecting to this
//! machine, as in the kernel; so neither spelling leads around a rule. What denies an IPv4 address denies those that gateways
//! turn into it, too.

use super::path::{self, PathRule};
use super::{Access, BadRule};
use crate::net::{Address, UnixName};
use nix::libc;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug)]
pub struct NetRule {
    /// AF_INET or AF_INET6, if it is about one of them.
    family: Option<i32>,
    host: Host,
    ports: (u16, u16),
}

#[derive(Clone, Debug)]
enum Host {
    Any,
    Range {
        start: IpAddr,
        bits: u8,
    },
    Localhost,
    Name(String),
    /// All names that end so.
    Below(String),
    /// Any local socket.
    AnyUnix,
    Path(PathRule),
    /// An abstract name; with a star at the end, all that start so.
    Abstract(Vec<u8>),
}

/// Which hosts were found, in this engine, to have which addresses: what rules about names go by.
#[derive(Default, Debug)]
pub struct Names(HashMap<IpAddr, Vec<String>>);

impl Names {
    /// The system said that `name` has this address.
    pub fn learn(&mut self, name: &str, address: &Address) {
        const MOST: usize = 10_000;
        let Some((ip, _)) = ip_of(address) else { return };
        let known = self.0.entry(ip).or_default();
        let name = plain_name(name);
        if !known.contains(&name) && known.len() < MOST {
            known.push(name);
        }
    }

    fn of(&self, ip: IpAddr) -> &[String] {
        self.0.get(&ip).map_or(&[], Vec::as_slice)
    }
}

/// What a rule is held against.
pub enum Target {
    Ip {
        ip: IpAddr,
        port: u16,
        family: i32,
    },
    Path(PathBuf),
    Abstract(Vec<u8>),
    /// A local socket without a name, or one that the kernel is to choose.
    Unnamed,
    /// AF_UNSPEC: the end of an association.
    Nothing,
    Other(i32),
}

impl Target {
    pub fn of(address: &Address, access: Access) -> Target {
        if let Some((ip, port)) = ip_of(address) {
            let to_itself = access == Access::Connect && ip.is_unspecified();
            let ip = match ip {
                IpAddr::V4(_) if to_itself => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(_) if to_itself => Ipv6Addr::LOCALHOST.into(),
                ip => ip,
            };
            return Target::Ip { ip, port, family: address.family() };
        }
        match address {
            Address::Unix(UnixName::Path(path)) => Target::Path(PathBuf::from(OsStr::from_bytes(path))),
            Address::Unix(UnixName::Abstract(name)) => Target::Abstract(name.clone()),
            Address::Unix(UnixName::Unnamed) => Target::Unnamed,
            Address::Other { family: 0, .. } => Target::Nothing,
            other => Target::Other(other.family()),
        }
    }
}

impl Target {
    /// The IPv4 address that gateways make of an IPv6 address of certain ranges, for rules that deny.
    pub fn behind_gateway(&self) -> Option<Target> {
        let Target::Ip { ip: IpAddr::V6(ip), port, .. } = self else { return None };
        let bits = ip.to_bits();
        let embedded = match ip.segments() {
            // NAT64, and addresses that IPv4 was once to be spelt by.
            [0x64, 0xff9b, 0, 0, 0, 0, ..] | [0, 0, 0, 0, 0, 0, ..] => bits as u32,
            // 6to4
            [0x2002, ..] => (bits >> 80) as u32,
            _ => return None,
        };
        Some(Target::Ip { ip: Ipv4Addr::from_bits(embedded).into(), port: *port, family: libc::AF_INET })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Target::Ip { ip: IpAddr::V4(ip), port, .. } => write!(f, "{ip}:{port}"),
            Target::Ip { ip: IpAddr::V6(ip), port, .. } => write!(f, "[{ip}]:{port}"),
            Target::Path(path) => write!(f, "unix:{}", path.display()),
            Target::Abstract(name) => write!(f, "unix:@{}", String::from_utf8_lossy(name)),
            Target::Unnamed => write!(f, "unix:"),
            Target::Nothing => Ok(()),
            Target::Other(family) => write!(f, "{}", family_word(*family)),
        }
    }
}

/// The address, an IPv4 one wherever it is that, and the port.
fn ip_of(address: &Address) -> Option<(IpAddr, u16)> {
    match address {
        Address::Inet { addr, port } => Some((Ipv4Addr::from_bits(*addr).into(), *port)),
        Address::Inet6 { addr, port, .. } => Some((Ipv6Addr::from_bits(*addr).to_canonical(), *port)),
        _ => None,
    }
}

/// The families that rules can speak of.
pub fn is_known(family: i32) -> bool {
    matches!(family, libc::AF_INET | libc::AF_INET6 | libc::AF_UNIX)
}

pub fn family_word(family: i32) -> String {
    match family {
        libc::AF_INET => "inet:*".to_string(),
        libc::AF_INET6 => "inet6:*".to_string(),
        libc::AF_UNIX => "unix:*".to_string(),
        -1 => "raw".to_string(),
        other => format!("family {other}"),
    }
}

/// Case and a final dot do not tell names apart.
fn plain_name(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

impl NetRule {
    pub fn parse(text: &str) -> Result<NetRule, BadRule> {
        let wrong = |why: &str| BadRule(format!("`{text}` is not HOST:PORT: {why}"));
        const PORTS: (u16, u16) = (0, u16::MAX);
        if let Some(name) = text.strip_prefix("unix:") {
            let host = match name {
                "" | "*" => Host::AnyUnix,
                _ => match name.strip_prefix('@') {
                    Some(name) => Host::Abstract(name.as_bytes().to_vec()),
                    None => Host::Path(PathRule::new(Path::new(name))?),
                },
            };
            return Ok(NetRule { family: None, host, ports: PORTS });
        }
        let (family, rest) = match text.split_once(':') {
            Some(("inet", rest)) => (Some(libc::AF_INET), rest),
            Some(("inet6", rest)) => (Some(libc::AF_INET6), rest),
            _ => (None, text),
        };
        let (host, port) = if let Some(inner) = rest.strip_prefix('[') {
            let (host, port) = inner.split_once(']').ok_or_else(|| wrong("a bracket is not closed"))?;
            let is_v6 = host.split('/').next().is_some_and(|host| host.parse::<Ipv6Addr>().is_ok());
            if !is_v6 {
                return Err(wrong("an IPv6 address belongs between the brackets"));
            }
            match port.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if port.is_empty() => (host, None),
                None => return Err(wrong("a colon should stand behind the bracket")),
            }
        } else if rest.matches(':').count() > 1 {
            (rest, None)
        } else {
            rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)))
        };
        let ports = match port {
            None | Some("*") => PORTS,
            Some(port) => {
                let (low, high) = port.split_once('-').unwrap_or((port, port));
                let number = |text: &str| text.parse::<u16>().map_err(|_| wrong("a port is a number up to 65535"));
                let (low, high) = (number(low)?, number(high)?);
                if low > high {
                    return Err(wrong("the first port is above the last"));
                }
                (low, high)
            }
        };
        Ok(NetRule { family, host: Host::parse(host).map_err(|why| wrong(&why))?, ports })
    }

    pub fn matches(&self, target: &Target, names: &Names) -> bool {
        match (target, &self.host) {
            (Target::Nothing, _) => true,
            (Target::Ip { ip, port, family }, host) => {
                self.family.is_none_or(|wanted| wanted == *family)
                    && (self.ports.0..=self.ports.1).contains(port)
                    && host.has(*ip, names)
            }
            (Target::Path(_) | Target::Abstract(_) | Target::Unnamed, Host::AnyUnix) => true,
            (Target::Path(path), Host::Path(rule)) => {
                let covers = |path: Option<PathBuf>| path.is_some_and(|path| rule.covers(&path));
                covers(path::written(path)) && covers(path::real(path, true))
            }
            (Target::Abstract(name), Host::Abstract(known)) => match known.strip_suffix(b"*") {
                Some(start) => name.starts_with(start),
                None => name == known,
            },
            _ => false,
        }
    }

    pub fn matches_name(&self, name: &str) -> bool {
        let name = plain_name(name);
        match &self.host {
            Host::Any => true,
            Host::Name(known) => *known == name,
            Host::Localhost => name == "localhost",
            Host::Below(end) => name.ends_with(end.as_str()),
            _ => false,
        }
    }

    pub fn has_family(&self, family: i32) -> bool {
        match &self.host {
            Host::AnyUnix | Host::Path(_) | Host::Abstract(_) => family == libc::AF_UNIX,
            // An IPv6 socket reaches IPv4 addresses, too.
            _ => family != libc::AF_UNIX && self.family.is_none_or(|own| own == family),
        }
    }
}

impl Host {
    fn parse(text: &str) -> Result<Host, String> {
        if text.is_empty() || text == "*" {
            return Ok(Host::Any);
        }
        if let Some((start, bits)) = text.split_once('/') {
            let start: IpAddr = start.parse().map_err(|_| format!("{start} is no address"))?;
            let most = if start.is_ipv4() { 32 } else { 128 };
            let bits = bits.parse().ok().filter(|bits| *bits <= most);
            let bits = bits.ok_or_else(|| format!("a range of addresses has up to {most} bits in common"))?;
            return Ok(Host::Range { start, bits });
        }
        if let Ok(ip) = text.parse::<IpAddr>() {
            let start = ip.to_canonical();
            return Ok(Host::Range { start, bits: if start.is_ipv4() { 32 } else { 128 } });
        }
        let name = plain_name(text);
        let letters = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c == '_')
        };
        match name.strip_prefix("*.") {
            Some(end) if letters(end) => Ok(Host::Below(format!(".{end}"))),
            // An address that is not written out could be meant as one, and would be taken for a name.
            None if name.starts_with(|c: char| c.is_ascii_digit())
                && name.chars().all(|c| c.is_ascii_digit() || c == '.') =>
            {
                Err(format!("{text} is neither an address nor a name"))
            }
            None if name == "localhost" => Ok(Host::Localhost),
            None if letters(&name) => Ok(Host::Name(name)),
            _ => Err(format!("{text} is neither an address nor a name")),
        }
    }

    fn has(&self, ip: IpAddr, names: &Names) -> bool {
        match self {
            Host::Any => true,
            Host::Localhost => ip.is_loopback(),
            Host::Range { start, bits } => in_range(ip, *start, *bits),
            Host::Name(name) => names.of(ip).contains(name),
            Host::Below(end) => names.of(ip).iter().any(|name| name.ends_with(end.as_str())),
            Host::AnyUnix | Host::Path(_) | Host::Abstract(_) => false,
        }
    }
}

fn in_range(ip: IpAddr, start: IpAddr, bits: u8) -> bool {
    let bits = u32::from(bits);
    match (ip, start) {
        (IpAddr::V4(ip), IpAddr::V4(start)) => bits == 0 || (ip.to_bits() ^ start.to_bits()) >> (32 - bits) == 0,
        (IpAddr::V6(ip), IpAddr::V6(start)) => bits == 0 || (ip.to_bits() ^ start.to_bits()) >> (128 - bits) == 0,
        // ::/0 and ::ffff:0:0/96 hold the IPv4 addresses, too.
        (IpAddr::V4(ip), IpAddr::V6(_)) => in_range(ip.to_ipv6_mapped().into(), start, bits as u8),
        _ => false,
    }
}
