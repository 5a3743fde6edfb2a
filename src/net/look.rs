//! What the kernel tells of a socket's descriptor, asked by whoever looks on: nothing of this is a call of the program's,
//! and no event reports it.

use std::os::fd::RawFd;

use nix::libc::{self, c_int};
use socket2::SockRef;

use super::address::{Address, UnixName};
use super::option::{self, Value};
use super::raw;

/// An option that is a number; None if the descriptor is no socket, or its family lacks the option.
pub fn number(fd: RawFd, level: c_int, name: c_int) -> Option<c_int> {
    let mut number = [0; 4];
    raw::get_option(fd, level, name, &mut number).ok()?;
    Some(c_int::from_ne_bytes(number))
}

pub fn family(fd: RawFd) -> Option<c_int> {
    number(fd, libc::SOL_SOCKET, libc::SO_DOMAIN)
}

pub fn style(fd: RawFd) -> Option<c_int> {
    number(fd, libc::SOL_SOCKET, libc::SO_TYPE)
}

/// An option of any kind, as scripts get it.
pub fn option(fd: RawFd, level: c_int, name: c_int) -> Option<Value> {
    option::get(fd, level, name, None).ok()
}

/// Where the socket is: None as long as it has no address.
pub fn local(fd: RawFd) -> Option<Address> {
    named(SockRef::from(&raw::borrow(fd).ok()?).local_addr().ok()?)
}

/// Who is at the other end.
pub fn peer(fd: RawFd) -> Option<Address> {
    named(SockRef::from(&raw::borrow(fd).ok()?).peer_addr().ok()?)
}

fn named(address: socket2::SockAddr) -> Option<Address> {
    let none = |address: &Address| {
        matches!(
            address,
            Address::Inet { addr: 0, port: 0 }
                | Address::Inet6 { addr: 0, port: 0, .. }
                | Address::Unix(UnixName::Unnamed)
        )
    };
    Address::from_system(&address).filter(|address| !none(address))
}

/// The number of a TCP connection's state, from 1.
pub fn tcp_state(fd: RawFd) -> Option<u8> {
    let mut first = [0; 1];
    raw::get_option(fd, libc::IPPROTO_TCP, libc::TCP_INFO, &mut first).ok()?;
    Some(first[0])
}

/// The numbers of TCP_INFO by name; none of what is no TCP socket.
pub fn tcp_numbers(fd: RawFd) -> Vec<(&'static str, u64)> {
    match option(fd, libc::IPPROTO_TCP, libc::TCP_INFO) {
        Some(Value::Info { numbers, .. }) => numbers,
        _ => Vec::new(),
    }
}

/// Bytes that wait to be read, and bytes that the other end has not taken yet.
pub fn queues(fd: RawFd) -> (Option<c_int>, Option<c_int>) {
    (raw::queued(fd, libc::FIONREAD).ok(), raw::queued(fd, libc::TIOCOUTQ).ok())
}
