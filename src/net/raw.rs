//! The few system calls that neither nix nor socket2 offers safely, with every length checked.
//!
//! Invariants, on which each block below relies:
//! - A slice's pointer and length are handed to the kernel together and come from one Rust slice, alive during the call.
//! - Socket addresses live in a zeroed `sockaddr_storage`, so every byte of one is initialised whatever the kernel wrote,
//!   and a length is never believed beyond the storage's size.
//! - Descriptors are passed by number. A number that is not open costs an EBADF from the kernel, never memory safety.
#![allow(unsafe_code)]

use std::io;
use std::mem::size_of;
use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd, RawFd};

use nix::libc::{self, c_int, c_void, socklen_t};
use socket2::{SockAddr, SockAddrStorage};

const STORAGE: usize = size_of::<libc::sockaddr_storage>();

/// The error number of the call just made becomes the error.
fn checked(answer: isize) -> io::Result<usize> {
    usize::try_from(answer).map_err(|_| io::Error::last_os_error())
}

/// Borrows a descriptor by number, for calls that want proof it is borrowed. Negative numbers answer EBADF.
pub fn borrow(fd: RawFd) -> io::Result<BorrowedFd<'static>> {
    if fd < 0 {
        return Err(io::Error::from_raw_os_error(libc::EBADF));
    }
    // SAFETY: not -1, the one value BorrowedFd excludes; staleness is the kernel's to refuse (see the head).
    Ok(unsafe { BorrowedFd::borrow_raw(fd) })
}

/// Takes over a descriptor known by its number; it is closed when the result is dropped.
pub fn adopt(fd: RawFd) -> io::Result<OwnedFd> {
    borrow(fd)?;
    // SAFETY: not -1. Two owners of one number close twice, which the kernel answers with EBADF.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// An address from its bytes as the kernel wants them, family first; None when there are more than it can hold.
pub fn address_from_bytes(bytes: &[u8]) -> Option<SockAddr> {
    if bytes.len() < 2 || bytes.len() > STORAGE {
        return None;
    }
    let mut storage = SockAddrStorage::zeroed();
    // SAFETY: any bit pattern is a valid array of bytes, of the storage's own size.
    let room = unsafe { storage.view_as::<[u8; STORAGE]>() };
    room[..bytes.len()].copy_from_slice(bytes);
    // SAFETY: the length was checked against the storage, all of which is initialised.
    Some(unsafe { SockAddr::new(storage, bytes.len() as socklen_t) })
}

/// The bytes of an address, family first, as many as its length says.
pub fn address_bytes(address: &SockAddr) -> &[u8] {
    let length = (address.len() as usize).min(STORAGE);
    // SAFETY: the pointer is to the address's own storage, initialised throughout, and lives as long as `address`.
    unsafe { std::slice::from_raw_parts(address.as_ptr().cast::<u8>(), length) }
}

/// accept4: the new descriptor and the peer's address in one call.
pub fn accept(fd: RawFd, flags: c_int) -> io::Result<(OwnedFd, SockAddr)> {
    // SAFETY: storage and length are try_init's own, alive during the call.
    let (new, address) = unsafe {
        SockAddr::try_init(|storage, length| checked(libc::accept4(fd, storage.cast(), length, flags) as isize))
    }?;
    Ok((adopt(new as RawFd)?, address))
}

pub fn receive(fd: RawFd, room: &mut [u8], flags: c_int) -> io::Result<usize> {
    // SAFETY: pointer and length are of one slice.
    checked(unsafe { libc::recv(fd, room.as_mut_ptr().cast(), room.len(), flags) })
}

pub fn send(fd: RawFd, bytes: &[u8], flags: c_int) -> io::Result<usize> {
    // SAFETY: pointer and length are of one slice, only read.
    checked(unsafe { libc::send(fd, bytes.as_ptr().cast(), bytes.len(), flags) })
}

pub fn receive_from(fd: RawFd, room: &mut [u8], flags: c_int) -> io::Result<(usize, SockAddr)> {
    // SAFETY: pointer and length are of one slice; storage and length are try_init's own.
    unsafe {
        SockAddr::try_init(|storage, length| {
            checked(libc::recvfrom(fd, room.as_mut_ptr().cast(), room.len(), flags, storage.cast(), length))
        })
    }
}

/// Reads an option of any level and number; how many bytes of `room` the kernel filled.
pub fn get_option(fd: RawFd, level: c_int, name: c_int, room: &mut [u8]) -> io::Result<usize> {
    let mut length = socklen_t::try_from(room.len()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
    // SAFETY: pointer and length are of one slice; the kernel writes at most `length` bytes.
    checked(unsafe { libc::getsockopt(fd, level, name, room.as_mut_ptr().cast::<c_void>(), &mut length) } as isize)?;
    Ok((length as usize).min(room.len()))
}

/// Sets an option of any level and number from its bytes.
pub fn set_option(fd: RawFd, level: c_int, name: c_int, value: &[u8]) -> io::Result<()> {
    let length = socklen_t::try_from(value.len()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
    // SAFETY: pointer and length are of one slice, only read.
    checked(unsafe { libc::setsockopt(fd, level, name, value.as_ptr().cast::<c_void>(), length) } as isize)?;
    Ok(())
}

/// How many bytes wait in a socket: FIONREAD asks for those to be read, TIOCOUTQ for those on their way.
pub fn queued(fd: RawFd, request: libc::Ioctl) -> io::Result<c_int> {
    let mut count: c_int = 0;
    // SAFETY: both requests write one int.
    checked(unsafe { libc::ioctl(fd, request, &mut count) } as isize)?;
    Ok(count)
}

/// The commands of fcntl whose third argument is an integer or nothing. The others take an address.
const OF_INTEGERS: &[c_int] = &[
    libc::F_DUPFD,
    libc::F_GETFD,
    libc::F_SETFD,
    libc::F_GETFL,
    libc::F_SETFL,
    libc::F_GETOWN,
    libc::F_SETOWN,
    libc::F_DUPFD_CLOEXEC,
    #[cfg(target_os = "linux")]
    libc::F_GETPIPE_SZ,
    #[cfg(target_os = "linux")]
    libc::F_SETPIPE_SZ,
];

pub fn fcntl(fd: RawFd, command: c_int, value: c_int) -> io::Result<c_int> {
    if !OF_INTEGERS.contains(&command) {
        // A bad number is told first.
        checked(integer_fcntl(fd, libc::F_GETFD, 0) as isize)?;
        return Err(io::Error::from_raw_os_error(libc::EINVAL));
    }
    checked(integer_fcntl(fd, command, value) as isize).map(|answer| answer as c_int)
}

/// For the commands above.
fn integer_fcntl(fd: RawFd, command: c_int, value: c_int) -> c_int {
    // SAFETY: the command takes an integer.
    unsafe { libc::fcntl(fd, command, value) }
}

/// dup2, under whoever uses the number `new` at present.
pub fn duplicate_onto(old: RawFd, new: RawFd) -> io::Result<()> {
    // SAFETY: passes two integers; who owns `new` goes on owning it.
    checked(unsafe { libc::dup2(old, new) } as isize).map(drop)
}

pub fn flock(fd: RawFd, operation: c_int) -> io::Result<()> {
    // SAFETY: passes two integers.
    checked(unsafe { libc::flock(fd, operation) } as isize).map(drop)
}

/// Whether somebody has opened this named pipe to write, or has written to it. `spare` is any other pipe's end to write to.
pub fn has_writer(pipe: RawFd, spare: RawFd) -> io::Result<bool> {
    // SAFETY: passes integers. What the pipe holds stays in it; the call does not wait, and says nothing where nobody writes.
    match checked(unsafe { libc::tee(pipe, spare, 1, libc::SPLICE_F_NONBLOCK) }) {
        Err(error) if error.raw_os_error() == Some(libc::EAGAIN) => Ok(true),
        answer => answer.map(|count| count > 0),
    }
}

/// What recvmsg answers.
pub struct Message {
    pub count: usize,
    pub sender: SockAddr,
    /// How much of the room for control messages is filled.
    pub controls: usize,
    pub flags: c_int,
}

/// sendmsg: one piece of bytes, perhaps an address, perhaps control messages in the kernel's form.
pub fn send_message(
    fd: RawFd,
    bytes: &[u8],
    address: Option<&SockAddr>,
    controls: &[u8],
    flags: c_int,
) -> io::Result<usize> {
    let mut piece = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    // SAFETY: a msghdr may be all zeros; each pointer and length is of one slice or storage, which the call only reads.
    checked(unsafe {
        let mut header: libc::msghdr = std::mem::zeroed();
        (header.msg_iov, header.msg_iovlen) = (&mut piece, 1);
        if let Some(address) = address {
            (header.msg_name, header.msg_namelen) = (address.as_ptr().cast_mut().cast(), address.len());
        }
        if !controls.is_empty() {
            (header.msg_control, header.msg_controllen) = (controls.as_ptr().cast_mut().cast(), controls.len());
        }
        libc::sendmsg(fd, &header, flags)
    })
}

/// recvmsg into one room, with a room for control messages.
pub fn receive_message(fd: RawFd, room: &mut [u8], controls: &mut [u8], flags: c_int) -> io::Result<Message> {
    let mut piece = libc::iovec { iov_base: room.as_mut_ptr().cast(), iov_len: room.len() };
    let mut filled = (0, 0);
    // SAFETY: a msghdr may be all zeros; each pointer and length is of one slice, alive during the call; storage and length
    // are try_init's own.
    let (count, sender) = unsafe {
        SockAddr::try_init(|storage, length| {
            let mut header: libc::msghdr = std::mem::zeroed();
            (header.msg_iov, header.msg_iovlen) = (&mut piece, 1);
            (header.msg_name, header.msg_namelen) = (storage.cast(), *length);
            (header.msg_control, header.msg_controllen) = (controls.as_mut_ptr().cast(), controls.len());
            let count = checked(libc::recvmsg(fd, &mut header, flags))?;
            *length = header.msg_namelen;
            filled = (header.msg_controllen, header.msg_flags);
            Ok(count)
        })
    }?;
    Ok(Message { count, sender, controls: filled.0.min(controls.len()), flags: filled.1 })
}

/// sendfile; `offset`, when there is one, is moved on.
pub fn send_file(out: RawFd, input: RawFd, offset: Option<&mut i64>, count: usize) -> io::Result<usize> {
    let offset = offset.map_or(std::ptr::null_mut(), std::ptr::from_mut);
    // SAFETY: the offset is null or alive during the call.
    checked(unsafe { libc::sendfile(out, input, offset, count) })
}

/// epoll_ctl on an instance known by its number.
pub fn epoll_control(set: RawFd, operation: c_int, fd: RawFd, events: u32, number: u64) -> io::Result<()> {
    let mut event = libc::epoll_event { events, u64: number };
    // SAFETY: the event is alive during the call.
    checked(unsafe { libc::epoll_ctl(set, operation, fd, &mut event) } as isize).map(drop)
}

/// epoll_wait that does not wait: how many events the kernel has put into `room`.
pub fn epoll_ready(set: RawFd, room: &mut [libc::epoll_event]) -> io::Result<usize> {
    let size = c_int::try_from(room.len()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
    // SAFETY: pointer and length are of one slice.
    let count = checked(unsafe { libc::epoll_wait(set, room.as_mut_ptr(), size, 0) } as isize)?;
    Ok(count.min(room.len()))
}

/// Reads what is there now: EAGAIN if nothing is, whatever O_NONBLOCK says. EOPNOTSUPP where the system or the kind of file
/// does not know of this.
#[cfg(target_os = "linux")]
pub fn read_now(fd: RawFd, room: &mut [u8]) -> io::Result<usize> {
    let piece = libc::iovec { iov_base: room.as_mut_ptr().cast(), iov_len: room.len() };
    // SAFETY: pointer and length are of one slice. An offset of -1 is the file's own place.
    checked(unsafe { libc::preadv2(fd, &piece, 1, -1, libc::RWF_NOWAIT) })
}

/// Writes what there is room for now: see `read_now`.
#[cfg(target_os = "linux")]
pub fn write_now(fd: RawFd, bytes: &[u8]) -> io::Result<usize> {
    let piece = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    // SAFETY: pointer and length are of one slice, only read.
    checked(unsafe { libc::pwritev2(fd, &piece, 1, -1, libc::RWF_NOWAIT) })
}

#[cfg(not(target_os = "linux"))]
pub fn read_now(_fd: RawFd, _room: &mut [u8]) -> io::Result<usize> {
    Err(io::Error::from_raw_os_error(libc::EOPNOTSUPP))
}

#[cfg(not(target_os = "linux"))]
pub fn write_now(_fd: RawFd, _bytes: &[u8]) -> io::Result<usize> {
    Err(io::Error::from_raw_os_error(libc::EOPNOTSUPP))
}
