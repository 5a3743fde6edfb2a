//! The system's lists of names: hosts, networks, protocols and services, read from their files below /etc.
//!
//! Each line is a name, then what it stands for, then other names (a host's address comes first). `#` begins a comment.
//! Lines that make no sense are passed over, as the C library does. A walk reads its file once, at its first step.

use nix::libc;
use std::io;
use std::net::Ipv4Addr;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Database {
    Hosts,
    Networks,
    Protocols,
    Services,
}

/// One line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    pub name: String,
    pub aliases: Vec<String>,
    /// An IPv4 address, a network's address, a protocol's number, a service's port.
    pub number: u32,
    /// A service's protocol.
    pub protocol: String,
}

impl Entry {
    pub fn is_named(&self, name: &str) -> bool {
        self.name == name || self.aliases.iter().any(|alias| alias == name)
    }
}

/// How far an engine's walks through the lists have come.
#[derive(Default)]
pub struct Walks([Option<std::vec::IntoIter<Entry>>; 4]);

impl Walks {
    /// Begins again with the next step.
    pub fn rewind(&mut self, database: Database) {
        self.0[database as usize] = None;
    }

    pub fn next(&mut self, database: Database) -> io::Result<Option<Entry>> {
        let walk = &mut self.0[database as usize];
        match walk {
            Some(walk) => Ok(walk.next()),
            None => Ok(walk.insert(database.entries()?.into_iter()).next()),
        }
    }
}

impl Database {
    fn path(self) -> &'static str {
        match self {
            Database::Hosts => "/etc/hosts",
            Database::Networks => "/etc/networks",
            Database::Protocols => "/etc/protocols",
            Database::Services => "/etc/services",
        }
    }

    /// All entries, in the order of the file. A file that is not there, or may not be read, has none; but a system that has run
    /// out of descriptors or memory does not know what is in it.
    pub fn entries(self) -> io::Result<Vec<Entry>> {
        match std::fs::read(self.path()) {
            Ok(text) => Ok(self.parse(&String::from_utf8_lossy(&text))),
            Err(error) if matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE | libc::ENOMEM)) => {
                Err(error)
            }
            Err(_) => Ok(Vec::new()),
        }
    }

    pub fn find(self, wanted: impl Fn(&Entry) -> bool) -> io::Result<Option<Entry>> {
        Ok(self.entries()?.into_iter().find(wanted))
    }

    fn parse(self, text: &str) -> Vec<Entry> {
        text.lines().filter_map(|line| self.entry(line)).collect()
    }

    fn entry(self, line: &str) -> Option<Entry> {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let (first, second) = (words.next()?, words.next()?);
        let (name, meaning) = if self == Database::Hosts { (second, first) } else { (first, second) };
        let (number, protocol) = match self {
            Database::Hosts => (meaning.parse::<Ipv4Addr>().ok()?.to_bits(), ""),
            Database::Networks => (network(meaning)?, ""),
            Database::Protocols => (meaning.parse().ok()?, ""),
            Database::Services => {
                let (port, protocol) = meaning.split_once('/')?;
                (port.parse::<u16>().ok()?.into(), protocol)
            }
        };
        let aliases = words.map(str::to_string).collect();
        Some(Entry { name: name.to_string(), aliases, number, protocol: protocol.to_string() })
    }
}

/// One to four parts of a network's address; those that are missing are zero, and stand last.
fn network(text: &str) -> Option<u32> {
    let parts = text.split('.').map(|part| part.parse::<u8>().ok()).collect::<Option<Vec<u8>>>()?;
    let mut bytes = [0; 4];
    bytes.get_mut(..parts.len())?.copy_from_slice(&parts);
    Some(u32::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart() {
        let services =
            Database::Services.parse("# list\n\nhttp 80/tcp www # web\nbad line\nx 70000/tcp\nntp 123/udp\n");
        assert_eq!(services.len(), 2);
        assert_eq!((services[0].name.as_str(), services[0].number, services[0].protocol.as_str()), ("http", 80, "tcp"));
        assert!(services[0].is_named("www") && !services[0].is_named("ntp"));
        let hosts = Database::Hosts.parse("127.0.0.1 localhost me\n::1 localhost\n");
        assert_eq!((hosts.len(), hosts[0].number, hosts[0].name.as_str()), (1, 0x7f00_0001, "localhost"));
        assert_eq!(Database::Networks.parse("loopback 127\nlink 169.254.0.0\n")[0].number, 0x7f00_0000);
        assert_eq!(Database::Protocols.parse("tcp 6 TCP\n")[0].number, 6);
    }

    #[test]
    fn a_walk_ends_and_begins_again() {
        let mut walks = Walks::default();
        let mut next = |anew| {
            if anew {
                walks.rewind(Database::Protocols);
            }
            walks.next(Database::Protocols).unwrap()
        };
        let first = next(false);
        while next(false).is_some() {}
        assert_eq!(next(false), None);
        assert_eq!(next(true), first);
    }
}
