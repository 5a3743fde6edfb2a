//! Opening files and the console as ports. Errors name the path.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, FcntlArg, FdFlag, OFlag, OpenHow, ResolveFlag, fcntl, open as system_open, openat2};
use nix::libc;
use nix::sys::stat::{Mode as Permissions, SFlag, fstat, stat};
use nix::unistd::pipe2;

use super::buffer::Buffering;
use super::device::Device;
use super::error::Result;
use super::fd::Descriptor;
use super::{Label, Port, Ways};
use crate::net::call::{Call, Data, Waits};
use crate::net::poller::{is_ready, persist};
use crate::net::raw::has_writer;
use crate::net::{self, Error, Interest, Interrupt, Net};

/// What a file is opened for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    Input,
    /// Created, or emptied.
    Output,
    /// Created, or written at its end.
    Append,
    /// Read and written, must exist.
    Update,
    /// Read and written, created or emptied.
    Anew,
}

impl Purpose {
    fn flags(self) -> OFlag {
        let fresh = OFlag::O_CREAT | OFlag::O_TRUNC;
        match self {
            Purpose::Input => OFlag::O_RDONLY,
            Purpose::Output => OFlag::O_WRONLY | fresh,
            Purpose::Append => OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_APPEND,
            Purpose::Update => OFlag::O_RDWR,
            Purpose::Anew => OFlag::O_RDWR | fresh,
        }
    }

    fn ways(self) -> Ways {
        match self {
            Purpose::Input => Ways::INPUT,
            Purpose::Output | Purpose::Append => Ways::OUTPUT,
            Purpose::Update | Purpose::Anew => Ways::BOTH,
        }
    }
}

/// Opens a file, block-buffered, textual and binary. Children inherit it, as they do in Guile.
pub fn open(net: &mut Net, path: &Path, purpose: Purpose) -> Result<Port> {
    open_with(net, path, purpose.flags(), 0o666, purpose.ways())
}

/// The same with the system's own flags; O_CLOEXEC is the caller's to ask for.
pub fn open_with(net: &mut Net, path: &Path, flags: OFlag, permissions: u32, ways: Ways) -> Result<Port> {
    let name = path.to_string_lossy();
    let fd = open_descriptor(net, path, flags, permissions)?;
    let device = Descriptor::new(fd).map_err(|stop| stop.at_place(|| name.to_string()))?;
    let mut port = Port::new(name.to_string(), Box::new(device), ways, Buffering::FILE);
    port.label = Label::Path;
    Ok(port)
}

/// The open file alone.
pub fn open_descriptor(net: &mut Net, path: &Path, flags: OFlag, permissions: u32) -> net::Result<OwnedFd> {
    let name = path.to_string_lossy();
    if path.as_os_str().as_bytes().contains(&0) {
        return Err(Error::new("open", libc::EINVAL).at(name).into());
    }
    let permissions = Permissions::from_bits_truncate(permissions);
    // Opening a named pipe waits for its other end.
    let waits = Waits::For(Interest::Read);
    let real = net.real_paths;
    if !net.interrupt().is_target() {
        let opened = open_patiently(net.interrupt(), path, flags, permissions, real);
        return opened.map_err(|error| match error.raw_os_error() {
            Some(libc::EINTR) => net::Stop::Interrupted,
            _ => Error::from_io("open", &error).at(name).into(),
        });
    }
    net.quietly(Call { name: "open", fd: -1, args: &[], data: Data::None, waits }, |_, _| {
        Ok(if real { open_real(path, flags, permissions) } else { system_open(path, flags, permissions) }?)
    })
    .map_err(|stop| stop.at_place(|| name.to_string()))
}

/// Opens a file where no signal ends a call: what waits for the other end of a named pipe can be interrupted, by EINTR.
pub fn open_patiently(
    interrupt: &Interrupt,
    path: &Path,
    flags: OFlag,
    permissions: Permissions,
    real: bool,
) -> io::Result<OwnedFd> {
    let open = |flags| if real { open_real(path, flags, permissions) } else { system_open(path, flags, permissions) };
    if flags.intersects(OFlag::O_NONBLOCK | OFlag::O_PATH) {
        return Ok(open(flags)?);
    }
    let is_pipe = |mode| SFlag::from_bits_truncate(mode & SFlag::S_IFMT.bits()) == SFlag::S_IFIFO;
    let fd = persist(interrupt, || match open(flags | OFlag::O_NONBLOCK) {
        // Nobody reads it yet.
        Err(Errno::ENXIO) if stat(path).is_ok_and(|found| is_pipe(found.st_mode)) => Ok(None),
        opened => Ok(Some(opened?)),
    })?;
    if flags & OFlag::O_ACCMODE == OFlag::O_RDONLY && is_pipe(fstat(&fd)?.st_mode) {
        let (_other, spare) = pipe2(OFlag::O_CLOEXEC)?;
        persist(interrupt, || {
            let is_open = is_ready(fd.as_raw_fd(), Interest::Read) || has_writer(fd.as_raw_fd(), spare.as_raw_fd())?;
            Ok(is_open.then_some(()))
        })?;
    }
    let set = OFlag::from_bits_retain(fcntl(&fd, FcntlArg::F_GETFL)?);
    fcntl(&fd, FcntlArg::F_SETFL(set & !OFlag::O_NONBLOCK))?;
    Ok(fd)
}

/// Opens a path on which no link may stand, so that nobody can put one there after the path was found to be allowed.
pub fn open_real(path: &Path, flags: OFlag, permissions: Permissions) -> nix::Result<OwnedFd> {
    let creates = flags.intersects(OFlag::O_CREAT | OFlag::O_TMPFILE);
    let how = OpenHow::new().flags(flags | OFlag::O_CLOEXEC).resolve(ResolveFlag::RESOLVE_NO_SYMLINKS);
    let opened = openat2(AT_FDCWD, path, if creates { how.mode(permissions) } else { how });
    let fd = match opened {
        // A system that does not know this call: what was opened is looked at before it is used. What is not there yet is
        // not made through a link that stands last.
        Err(Errno::ENOSYS | Errno::EPERM) => {
            let fd = system_open(path, flags | OFlag::O_CLOEXEC | OFlag::O_NOFOLLOW, permissions)?;
            let there = std::fs::read_link(format!("/proc/self/fd/{}", fd.as_raw_fd()));
            if there.is_ok_and(|there| there != path) {
                return Err(Errno::ELOOP);
            }
            fd
        }
        opened => opened?,
    };
    if !flags.contains(OFlag::O_CLOEXEC) {
        fcntl(&fd, FcntlArg::F_SETFD(FdFlag::empty()))?;
    }
    Ok(fd)
}

/// The process's standard input.
pub fn standard_input() -> Result<Port> {
    standard(0, "stdin", Ways::INPUT, |_| Buffering::BLOCK)
}

/// The process's standard output: by lines on a terminal, else in blocks.
pub fn standard_output() -> Result<Port> {
    standard(1, "stdout", Ways::OUTPUT, |terminal| if terminal { Buffering::Line } else { Buffering::BLOCK })
}

/// The process's standard error: by lines, wherever it goes.
pub fn standard_error() -> Result<Port> {
    standard(2, "stderr", Ways::OUTPUT, |_| Buffering::Line)
}

fn standard(fd: RawFd, name: &'static str, ways: Ways, buffering: impl FnOnce(bool) -> Buffering) -> Result<Port> {
    let device = Descriptor::lent(fd)?;
    let buffering = buffering(device.is_terminal());
    let mut port = Port::new(name, Box::new(device), ways, buffering);
    // The number belongs to the process.
    port.revealed = 1;
    Ok(port)
}
