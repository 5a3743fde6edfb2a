//! Descriptors as devices: files, pipes, terminals and sockets alike.
//!
//! A socket's bytes go through the network's choke point, by recv and send. Others are read and written plainly. Where
//! a call must not block, it is made with RWF_NOWAIT, which pipes know; otherwise poll is asked first, and no more is written
//! at once than poll has promised room for.
//!
//! Several ports may stand on one number. They share a mark that says whether it is still theirs: once one of them has
//! closed it, the others answer EBADF, and none of them closes what the system has meanwhile given that number to. A
//! port that is lost closes the number only if no other shares it.

use std::cell::Cell;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, IntoRawFd, OwnedFd, RawFd};
use std::rc::Rc;

use nix::libc;
use nix::sys::stat::{SFlag, fstat};
use nix::unistd;

use super::device::{Device, Whence};
use crate::net::call::{Call, Data, Waits, is_non_blocking};
use crate::net::poller::is_ready;
use crate::net::{self, Asker, Cause, Error, Interest, Mode, Net, Socket, Stop, raw};

pub struct Descriptor {
    handle: Handle,
    /// Whether the number is still open; there while other ports are on it.
    share: Option<Rc<Cell<bool>>>,
    /// See `Device::set_limited`.
    limited: bool,
    /// See `Device::take_gap`.
    gap: bool,
    /// See `Device::set_quiet`.
    quiet: bool,
}

enum Handle {
    Socket(Socket),
    File(OwnedFd, Kind),
    /// One of the process's own standard streams, which no port closes.
    Lent(RawFd, Kind),
    Closed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Never makes anybody wait.
    Regular,
    /// Pipes, terminals and other devices.
    Stream,
}

/// What poll's "writable" promises of a pipe; a larger write may block. (POSIX's PIPE_BUF, as Linux has it.)
const PIPE_ROOM: usize = 4096;

/// Whether the system cannot try without waiting: terminals, older systems, those that allow only what they know.
fn is_unknown(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EOPNOTSUPP | libc::ENOSYS | libc::EINVAL | libc::EPERM))
}

fn again<T>() -> io::Result<T> {
    Err(io::Error::from_raw_os_error(libc::EAGAIN))
}

impl Descriptor {
    /// Takes over an open descriptor of any kind.
    pub fn new(fd: OwnedFd) -> net::Result<Descriptor> {
        Ok(Descriptor::of(match kind(&fd)? {
            None => Handle::Socket(Socket::from_fd(fd)),
            Some(kind) => Handle::File(fd, kind),
        }))
    }

    /// Takes over the descriptor `fd`, which other ports use already; `share` is theirs.
    pub fn sharing(fd: RawFd, share: Rc<Cell<bool>>) -> net::Result<Descriptor> {
        let fd = raw::adopt(fd).map_err(|error| Stop::from(Error::from_io("fdopen", &error)))?;
        match kind(&fd) {
            Ok(None) => Ok(Descriptor::with(Handle::Socket(Socket::from_fd(fd)), Some(share))),
            Ok(Some(kind)) => Ok(Descriptor::with(Handle::File(fd, kind), Some(share))),
            Err(stop) => {
                // It is the others'.
                let _ = fd.into_raw_fd();
                Err(stop)
            }
        }
    }

    pub fn of_socket(socket: Socket) -> Descriptor {
        Descriptor::of(Handle::Socket(socket))
    }

    fn of(handle: Handle) -> Descriptor {
        Descriptor::with(handle, None)
    }

    fn with(handle: Handle, share: Option<Rc<Cell<bool>>>) -> Descriptor {
        Descriptor { handle, share, limited: false, gap: false, quiet: false }
    }

    /// Stands on nothing: every call answers EBADF.
    pub fn closed() -> Descriptor {
        Descriptor::of(Handle::Closed)
    }

    /// Another port has closed the number.
    fn is_stale(&self) -> bool {
        self.share.as_ref().is_some_and(|open| !open.get())
    }

    /// Takes the descriptor out without closing it.
    fn forget(&mut self) {
        match std::mem::replace(&mut self.handle, Handle::Closed) {
            Handle::Socket(socket) => drop(socket.into_fd().into_raw_fd()),
            Handle::File(fd, _) => drop(fd.into_raw_fd()),
            Handle::Lent(..) | Handle::Closed => {}
        }
    }

    /// Uses a descriptor that belongs to the process and stays open: 0, 1, 2.
    pub fn lent(fd: RawFd) -> net::Result<Descriptor> {
        let borrowed = raw::borrow(fd).map_err(|error| Stop::from(Error::from_io("fdopen", &error)))?;
        Ok(Descriptor::of(Handle::Lent(fd, kind(borrowed)?.unwrap_or(Kind::Stream))))
    }

    /// The descriptor and how a port waits on it. A closed one answers EBADF by itself.
    fn parts(&self, interest: Interest) -> (RawFd, Waits) {
        let (fd, kind) = match &self.handle {
            _ if self.is_stale() => (-1, Kind::Regular),
            Handle::Socket(socket) => (socket.fd(), Kind::Stream),
            Handle::File(fd, kind) => (fd.as_raw_fd(), *kind),
            Handle::Lent(fd, kind) => (*fd, *kind),
            Handle::Closed => (-1, Kind::Regular),
        };
        (fd, if kind == Kind::Regular { Waits::Never } else { Waits::Patiently(interest) })
    }

    fn borrow(&self, call: &'static str) -> net::Result<BorrowedFd<'static>> {
        raw::borrow(self.parts(Interest::Read).0).map_err(|error| Error::from_io(call, &error).into())
    }
}

/// Moves the place of a descriptor: the new one from the start.
pub fn seek(fd: RawFd, offset: i64, whence: Whence) -> net::Result<u64> {
    let whence = match whence {
        Whence::Start => unistd::Whence::SeekSet,
        Whence::Current => unistd::Whence::SeekCur,
        Whence::End => unistd::Whence::SeekEnd,
    };
    match raw::borrow(fd).and_then(|fd| Ok(unistd::lseek(fd, offset, whence)?)) {
        Ok(position) => Ok(u64::try_from(position).unwrap_or(0)),
        Err(error) => Err(Error::from_io("seek", &error).into()),
    }
}

/// None for a socket.
fn kind(fd: impl std::os::fd::AsFd) -> net::Result<Option<Kind>> {
    let status = fstat(fd).map_err(|errno| Stop::from(Error::new("fstat", errno as i32)))?;
    Ok(match SFlag::from_bits_truncate(status.st_mode) & SFlag::S_IFMT {
        SFlag::S_IFSOCK => None,
        SFlag::S_IFREG | SFlag::S_IFDIR | SFlag::S_IFBLK => Some(Kind::Regular),
        _ => Some(Kind::Stream),
    })
}

impl Device for Descriptor {
    fn is_dry(&self, net: &Net) -> bool {
        let is_socket = matches!(self.handle, Handle::Socket(_));
        is_socket
            && !self.limited
            && net.mode == Mode::Try
            && self.fd().is_some_and(|fd| net.readiness.is_dry(fd, true))
    }

    fn awaited(&self, net: &mut Net) -> Option<RawFd> {
        let fd = self.socket().filter(|_| !self.limited)?.fd();
        net.must_wait(fd).then_some(fd)
    }

    fn is_just_read(&self, net: &Net) -> bool {
        net.mode == Mode::Try && self.fd().is_some_and(|fd| net.readiness.is_just_read(fd))
    }

    fn read(&mut self, net: &mut Net, room: &mut [u8]) -> net::Result<usize> {
        if let Some(socket) = self.socket() {
            return match socket.receive(net, room, 0, Asker::Port) {
                Err(stop) if self.limited && stop.errno() == Some(libc::EAGAIN) => {
                    self.gap = true;
                    Ok(0)
                }
                answer => {
                    if self.limited && answer.is_ok() {
                        // The limit is for each gap, and begins anew.
                        net.carry(None);
                    }
                    answer
                }
            };
        }
        let (fd, waits) = self.parts(Interest::Read);
        let call = Call { name: "read", fd, args: &[], data: Data::In(room), waits };
        net.quietly(call, |data, try_only| {
            if try_only {
                match raw::read_now(fd, data.room()) {
                    Err(error) if is_unknown(&error) => {}
                    answer => return answer,
                }
                if !is_ready(fd, Interest::Read) {
                    return again();
                }
            }
            Ok(unistd::read(raw::borrow(fd)?, data.room())?)
        })
    }

    fn write(&mut self, net: &mut Net, bytes: &[u8]) -> net::Result<usize> {
        if let Some(socket) = self.socket() {
            return match socket.send(net, bytes, 0, Asker::Port) {
                Err(stop) if self.limited && stop.errno() == Some(libc::EAGAIN) => {
                    Err(Error::of("send", Cause::Limit).into())
                }
                answer => {
                    if self.limited && answer.is_ok() {
                        net.carry(None);
                    }
                    answer
                }
            };
        }
        let (fd, waits) = self.parts(Interest::Write);
        let call = Call { name: "write", fd, args: &[], data: Data::Out(bytes), waits };
        net.quietly(call, |data, try_only| {
            let mut bytes = data.bytes();
            if try_only && !is_non_blocking(fd) {
                match raw::write_now(fd, bytes) {
                    Err(error) if is_unknown(&error) => {}
                    answer => return answer,
                }
                if !is_ready(fd, Interest::Write) {
                    return again();
                }
                bytes = &bytes[..bytes.len().min(PIPE_ROOM)];
            }
            Ok(unistd::write(raw::borrow(fd)?, bytes)?)
        })
    }

    #[inline]
    fn read_at_once(&mut self, net: &mut Net, room: &mut [u8]) -> Option<usize> {
        self.socket().filter(|_| !self.limited)?.read_at_once(net, room)
    }

    #[inline]
    fn write_at_once(&mut self, net: &mut Net, bytes: &[u8]) -> Option<usize> {
        self.socket().filter(|_| !self.limited)?.write_at_once(net, bytes)
    }

    fn can_peek(&self) -> bool {
        matches!(self.handle, Handle::Socket(_))
    }

    fn peek(&mut self, net: &mut Net, room: &mut [u8]) -> net::Result<usize> {
        match self.socket() {
            Some(socket) => match socket.receive(net, room, libc::MSG_PEEK, Asker::Port) {
                Err(stop) if self.limited && stop.errno() == Some(libc::EAGAIN) => {
                    self.gap = true;
                    Ok(0)
                }
                answer => answer,
            },
            None => Err(Error::new("peek", libc::EBADF).into()),
        }
    }

    fn has_place(&self) -> bool {
        self.parts(Interest::Read).1 == Waits::Never
    }

    fn seek(&mut self, offset: i64, whence: Whence) -> net::Result<u64> {
        seek(self.parts(Interest::Read).0, offset, whence)
    }

    fn truncate(&mut self, length: u64) -> net::Result<()> {
        let failed = |errno| Error::new("truncate", errno);
        let length = i64::try_from(length).map_err(|_| failed(libc::EFBIG))?;
        unistd::ftruncate(self.borrow("truncate")?, length).map_err(|errno| failed(errno as i32).into())
    }

    fn is_ready(&self, interest: Interest) -> bool {
        let (fd, waits) = self.parts(interest);
        waits == Waits::Never || is_ready(fd, interest)
    }

    fn close(&mut self, net: &mut Net) -> net::Result<()> {
        if self.is_stale() {
            self.forget();
            return if self.quiet { Ok(()) } else { Err(Error::new("close", libc::EBADF).into()) };
        }
        if let Some(open) = self.share.take() {
            open.set(false);
        }
        net.forget(self.parts(Interest::Read).0);
        match std::mem::replace(&mut self.handle, Handle::Closed) {
            Handle::Socket(socket) => socket.close(net),
            Handle::File(fd, _) => match unistd::close(fd.into_raw_fd()) {
                // After EINTR, Linux has closed it all the same.
                Ok(()) | Err(nix::errno::Errno::EINTR) => Ok(()),
                Err(errno) => Err(Error::new("close", errno as i32).into()),
            },
            Handle::Lent(..) | Handle::Closed => Ok(()),
        }
    }

    /// Nobody listens any more, so this send is the one that is not reported.
    fn abandon(&mut self, pending: &[u8]) {
        match &self.handle {
            _ if self.is_stale() => {}
            Handle::Socket(socket) => {
                let flags = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
                if let Ok(fd) = raw::borrow(socket.fd()) {
                    let _ = socket2::SockRef::from(&fd).send_with_flags(pending, flags);
                }
            }
            Handle::File(..) | Handle::Lent(..) => {
                let (fd, waits) = self.parts(Interest::Write);
                let mut rest = pending;
                while !rest.is_empty() && (waits == Waits::Never || is_ready(fd, Interest::Write)) {
                    let piece = if waits == Waits::Never { rest } else { &rest[..rest.len().min(PIPE_ROOM)] };
                    match raw::borrow(fd).map(|fd| unistd::write(fd, piece)) {
                        Ok(Ok(taken)) if taken > 0 => rest = &rest[taken..],
                        _ => return,
                    }
                }
            }
            Handle::Closed => {}
        }
    }

    fn fd(&self) -> Option<RawFd> {
        Some(self.parts(Interest::Read).0).filter(|fd| *fd >= 0)
    }

    fn socket(&self) -> Option<&Socket> {
        match &self.handle {
            Handle::Socket(socket) if !self.is_stale() => Some(socket),
            _ => None,
        }
    }

    fn is_terminal(&self) -> bool {
        self.borrow("isatty").is_ok_and(|fd| unistd::isatty(fd).unwrap_or(false))
    }

    fn share(&mut self) -> Option<Rc<Cell<bool>>> {
        match self.handle {
            Handle::Closed => None,
            _ => Some(self.share.get_or_insert_with(|| Rc::new(Cell::new(true))).clone()),
        }
    }

    fn set_limited(&mut self) {
        self.limited = true;
    }

    fn set_quiet(&mut self) {
        self.quiet = true;
    }

    fn take_gap(&mut self) -> bool {
        std::mem::take(&mut self.gap)
    }

    fn release(&mut self) {
        self.forget();
    }

    fn refresh(&mut self) -> net::Result<()> {
        let kind = kind(self.borrow("fstat")?)?;
        let fd = match std::mem::replace(&mut self.handle, Handle::Closed) {
            Handle::Socket(socket) => socket.into_fd(),
            Handle::File(fd, _) => fd,
            Handle::Lent(fd, _) => {
                self.handle = Handle::Lent(fd, kind.unwrap_or(Kind::Stream));
                return Ok(());
            }
            Handle::Closed => return Ok(()),
        };
        self.handle = match kind {
            None => Handle::Socket(Socket::from_fd(fd)),
            Some(kind) => Handle::File(fd, kind),
        };
        Ok(())
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        if let Some(share) = &self.share
            && (!share.get() || Rc::strong_count(share) > 1)
        {
            self.forget();
        }
    }
}
