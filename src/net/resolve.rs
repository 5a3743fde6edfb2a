//! Names and addresses of hosts: getaddrinfo, getnameinfo and the older gethostbyname, as the C library answers them.
//!
//! These calls may take seconds and cannot be interrupted, so they belong on a thread of their own (worker.rs); nothing
//! here touches an engine. The C library offers them to C alone, hence the unsafe code. Invariants:
//! - Every text goes in as a CString and comes out by copying up to its zero byte, while its owner is alive.
//! - Lists that the library allocated are copied and freed once, by the guard that holds them.
//! - A socket address is believed to be as long as its length says, and no longer than the storage.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString};
use std::mem::zeroed;
use std::ptr::{null, null_mut};

use nix::libc::{self, c_char, c_int, c_void, size_t, socklen_t};

use super::address::Address;
use super::raw;

/// What getaddrinfo is to look for: AI_ flags, family, style and protocol, where 0 is any.
#[derive(Clone, Copy, Default, Debug)]
pub struct Hints {
    pub flags: c_int,
    pub family: c_int,
    pub style: c_int,
    pub protocol: c_int,
}

impl Hints {
    /// The hints as a script gives them, ` (AF_INET, SOCK_STREAM)`; nothing where none is given.
    pub fn words(&self) -> String {
        const FLAGS: &[(c_int, &str)] = &[
            (libc::AI_PASSIVE, "AI_PASSIVE"),
            (libc::AI_CANONNAME, "AI_CANONNAME"),
            (libc::AI_NUMERICHOST, "AI_NUMERICHOST"),
            (libc::AI_NUMERICSERV, "AI_NUMERICSERV"),
            (libc::AI_ADDRCONFIG, "AI_ADDRCONFIG"),
            (libc::AI_V4MAPPED, "AI_V4MAPPED"),
            (libc::AI_ALL, "AI_ALL"),
        ];
        let mut words: Vec<String> = Vec::new();
        words.extend(FLAGS.iter().filter(|(bit, _)| self.flags & bit != 0).map(|(_, name)| name.to_string()));
        words.extend(match self.family {
            0 => None,
            libc::AF_INET => Some("AF_INET".to_string()),
            libc::AF_INET6 => Some("AF_INET6".to_string()),
            libc::AF_UNIX => Some("AF_UNIX".to_string()),
            other => Some(format!("family {other}")),
        });
        words.extend(match self.style {
            0 => None,
            libc::SOCK_STREAM => Some("SOCK_STREAM".to_string()),
            libc::SOCK_DGRAM => Some("SOCK_DGRAM".to_string()),
            libc::SOCK_RAW => Some("SOCK_RAW".to_string()),
            other => Some(format!("style {other}")),
        });
        words.extend((self.protocol != 0).then(|| format!("protocol {}", self.protocol)));
        if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
    }
}

/// One answer of getaddrinfo.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    pub flags: c_int,
    pub family: c_int,
    pub style: c_int,
    pub protocol: c_int,
    pub address: Option<Address>,
    pub canonical: Option<String>,
}

/// What is known of a host under an IPv4 address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Host {
    pub name: String,
    pub aliases: Vec<String>,
    pub addresses: Vec<u32>,
}

/// Why a name was not found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// An EAI_ number, and the errno where that is EAI_SYSTEM.
    Code { code: c_int, errno: c_int },
    /// What the older calls leave in h_errno.
    Host(HostFailure),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HostFailure {
    NotFound,
    TryAgain,
    NoRecovery,
    NoData,
    Other(c_int),
}

impl HostFailure {
    fn of(number: c_int) -> HostFailure {
        match number {
            1 => HostFailure::NotFound,
            2 => HostFailure::TryAgain,
            3 => HostFailure::NoRecovery,
            4 => HostFailure::NoData,
            other => HostFailure::Other(other),
        }
    }
}

/// Every EAI_ number of the C library, by name.
pub const CODES: &[(&str, c_int)] = &[
    ("EAI_BADFLAGS", libc::EAI_BADFLAGS),
    ("EAI_NONAME", libc::EAI_NONAME),
    ("EAI_AGAIN", libc::EAI_AGAIN),
    ("EAI_FAIL", libc::EAI_FAIL),
    ("EAI_NODATA", libc::EAI_NODATA),
    ("EAI_FAMILY", libc::EAI_FAMILY),
    ("EAI_SOCKTYPE", libc::EAI_SOCKTYPE),
    ("EAI_SERVICE", libc::EAI_SERVICE),
    ("EAI_ADDRFAMILY", -9),
    ("EAI_MEMORY", libc::EAI_MEMORY),
    ("EAI_SYSTEM", libc::EAI_SYSTEM),
    ("EAI_OVERFLOW", libc::EAI_OVERFLOW),
    ("EAI_INPROGRESS", -100),
    ("EAI_CANCELED", -101),
    ("EAI_NOTCANCELED", -102),
    ("EAI_ALLDONE", -103),
    ("EAI_INTR", -104),
    ("EAI_IDN_ENCODE", -105),
];

/// The name of an EAI_ number.
pub fn code_name(code: c_int) -> Option<&'static str> {
    CODES.iter().find(|(_, known)| *known == code).map(|(name, _)| *name)
}

/// The C library's words for an EAI_ number.
pub fn code_text(code: c_int) -> String {
    // SAFETY: the answer is a constant text for any number.
    text(unsafe { libc::gai_strerror(code) }).unwrap_or_default()
}

/// The addresses of a host and a service. Neither may hold a zero byte.
pub fn addresses(name: Option<&CStr>, service: Option<&CStr>, hints: Hints) -> Result<Vec<Found>, Failure> {
    struct List(*mut libc::addrinfo);
    impl Drop for List {
        fn drop(&mut self) {
            if !self.0.is_null() {
                // SAFETY: the list came from getaddrinfo and is freed here only.
                unsafe { libc::freeaddrinfo(self.0) }
            }
        }
    }
    let mut list = List(null_mut());
    // SAFETY: an addrinfo may be all zeros; the texts and the hints are alive during the call.
    let code = unsafe {
        let mut wanted: libc::addrinfo = zeroed();
        (wanted.ai_flags, wanted.ai_family) = (hints.flags, hints.family);
        (wanted.ai_socktype, wanted.ai_protocol) = (hints.style, hints.protocol);
        libc::getaddrinfo(pointer(name), pointer(service), &wanted, &mut list.0)
    };
    checked(code)?;
    let mut found = Vec::new();
    let mut next = list.0;
    // SAFETY: null, or an element of the list, which lives as long as its guard.
    while let Some(entry) = unsafe { next.as_ref() } {
        found.push(Found {
            flags: entry.ai_flags,
            family: entry.ai_family,
            style: entry.ai_socktype,
            protocol: entry.ai_protocol,
            address: address(entry.ai_addr, entry.ai_addrlen),
            canonical: text(entry.ai_canonname),
        });
        next = entry.ai_next;
    }
    Ok(found)
}

fn address(at: *const libc::sockaddr, length: socklen_t) -> Option<Address> {
    if at.is_null() {
        return None;
    }
    // SAFETY: the library says that so many bytes stand there.
    let bytes = unsafe { std::slice::from_raw_parts(at.cast::<u8>(), length as usize) };
    raw::address_from_bytes(bytes).and_then(|address| Address::from_system(&address))
}

/// The names of a host and a service, from an address; `flags` are NI_ numbers.
pub fn names(address: &Address, flags: c_int) -> Result<(String, String), Failure> {
    const HOST: usize = 1025;
    const SERVICE: usize = 256;
    let wrong = Failure::Code { code: libc::EAI_FAMILY, errno: 0 };
    let system = address.to_system("getnameinfo").map_err(|_| wrong)?;
    let (mut host, mut service) = ([0u8; HOST], [0u8; SERVICE]);
    // SAFETY: address and rooms are alive during the call, which is told their lengths.
    checked(unsafe {
        libc::getnameinfo(
            system.as_ptr().cast(),
            system.len(),
            host.as_mut_ptr().cast(),
            HOST as socklen_t,
            service.as_mut_ptr().cast(),
            SERVICE as socklen_t,
            flags,
        )
    })?;
    let part = |room: &[u8]| CStr::from_bytes_until_nul(room).unwrap_or_default().to_string_lossy().into_owned();
    Ok((part(&host), part(&service)))
}

// The reentrant forms, which the libc crate leaves out.
unsafe extern "C" {
    fn gethostbyname2_r(
        name: *const c_char,
        family: c_int,
        host: *mut libc::hostent,
        room: *mut c_char,
        size: size_t,
        answer: *mut *mut libc::hostent,
        failure: *mut c_int,
    ) -> c_int;
    fn gethostbyaddr_r(
        address: *const c_void,
        length: socklen_t,
        family: c_int,
        host: *mut libc::hostent,
        room: *mut c_char,
        size: size_t,
        answer: *mut *mut libc::hostent,
        failure: *mut c_int,
    ) -> c_int;
}

/// The IPv4 host of this name.
pub fn host_by_name(name: &CStr) -> Result<Host, Failure> {
    host(|host, room, answer, failure| {
        let (at, size) = (room.as_mut_ptr().cast(), room.len());
        // SAFETY: name, host and room are alive during the call, which is told the room's size.
        unsafe { gethostbyname2_r(name.as_ptr(), libc::AF_INET, host, at, size, answer, failure) }
    })
}

/// The host that has this IPv4 address.
pub fn host_by_address(address: u32) -> Result<Host, Failure> {
    let bytes = address.to_be_bytes();
    host(|host, room, answer, failure| {
        let (at, size) = (room.as_mut_ptr().cast(), room.len());
        // SAFETY: as above; the address is four bytes, as its family has it.
        unsafe { gethostbyaddr_r(bytes.as_ptr().cast(), 4, libc::AF_INET, host, at, size, answer, failure) }
    })
}

/// Runs a reentrant call with a room that grows until the answer fits.
fn host(
    call: impl Fn(&mut libc::hostent, &mut [u8], &mut *mut libc::hostent, &mut c_int) -> c_int,
) -> Result<Host, Failure> {
    const LARGEST: usize = 1 << 20;
    let mut size = 1024;
    loop {
        let mut room = vec![0; size];
        // SAFETY: a hostent may be all zeros.
        let mut entry: libc::hostent = unsafe { zeroed() };
        let (mut answer, mut failure) = (null_mut(), 0);
        let errno = call(&mut entry, &mut room, &mut answer, &mut failure);
        if errno == libc::ERANGE && size < LARGEST {
            size *= 2;
        } else if errno != 0 || answer.is_null() {
            return Err(Failure::Host(HostFailure::of(failure)));
        } else {
            return Ok(copied(&entry));
        }
    }
}

fn copied(entry: &libc::hostent) -> Host {
    let mut host = Host { name: text(entry.h_name).unwrap_or_default(), aliases: Vec::new(), addresses: Vec::new() };
    // SAFETY: both lists end with a null; what they point to is in the room, which the caller still holds. Addresses of
    // AF_INET, the one family asked for, are four bytes.
    unsafe {
        let mut next = entry.h_aliases;
        while !next.is_null() && !(*next).is_null() {
            host.aliases.extend(text(*next));
            next = next.add(1);
        }
        let mut next = entry.h_addr_list;
        while !next.is_null() && !(*next).is_null() && entry.h_length == 4 {
            host.addresses.push(u32::from_be_bytes((*next).cast::<[u8; 4]>().read_unaligned()));
            next = next.add(1);
        }
    }
    host
}

fn checked(code: c_int) -> Result<(), Failure> {
    if code == 0 {
        return Ok(());
    }
    let errno = if code == libc::EAI_SYSTEM { std::io::Error::last_os_error().raw_os_error().unwrap_or(0) } else { 0 };
    Err(Failure::Code { code, errno })
}

fn pointer(text: Option<&CStr>) -> *const c_char {
    text.map_or(null(), CStr::as_ptr)
}

/// A copy of a text of the library's.
fn text(at: *const c_char) -> Option<String> {
    // SAFETY: not null, so a text that ends with a zero byte, alive while its owner is (see the head).
    (!at.is_null()).then(|| unsafe { CStr::from_ptr(at) }.to_string_lossy().into_owned())
}

/// More bytes than any name of a host, a service or a user has: some libraries behind the C library do not bear much more.
const LONGEST_NAME: usize = 4096;

/// A name, cut where it is longer than any: nothing is found by it either way.
pub fn short(name: &str) -> &str {
    let end = (0..=name.len().min(LONGEST_NAME)).rev().find(|end| name.is_char_boundary(*end));
    &name[..end.unwrap_or_default()]
}

/// A name as the C library takes it; None if it has a zero byte.
pub fn c_text(name: &str) -> Option<CString> {
    CString::new(short(name)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn c(text: &str) -> CString {
        c_text(text).unwrap()
    }

    #[test]
    fn numbers_are_found_without_a_network() {
        let hints = Hints { flags: libc::AI_NUMERICHOST, style: libc::SOCK_STREAM, ..Hints::default() };
        let found = addresses(Some(&c("127.0.0.1")), Some(&c("80")), hints).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].address, Some(Address::Inet { addr: 0x7f00_0001, port: 80 }));
        let wrong = addresses(Some(&c("x y")), None, hints).unwrap_err();
        assert_eq!(wrong, Failure::Code { code: libc::EAI_NONAME, errno: 0 });
        assert_eq!((code_name(-2), code_text(-2).is_empty()), (Some("EAI_NONAME"), false));
    }

    #[test]
    fn an_address_has_names() {
        let address = Address::Inet { addr: 0x7f00_0001, port: 80 };
        let both = names(&address, libc::NI_NUMERICHOST | libc::NI_NUMERICSERV).unwrap();
        assert_eq!(both, ("127.0.0.1".to_string(), "80".to_string()));
    }

    #[test]
    fn hosts_are_found_both_ways() {
        let host = host_by_name(&c("localhost")).unwrap();
        assert_eq!(host.addresses, [0x7f00_0001]);
        assert!(host_by_address(0x7f00_0001).is_ok());
        assert_eq!(host_by_name(&c("")).err(), Some(Failure::Host(HostFailure::NoRecovery)));
    }
}
