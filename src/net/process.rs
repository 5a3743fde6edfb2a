//! Children: forking, becoming another program, starting one, and waiting for the end of one.
//!
//! Invariants of the unsafe part:
//! - `fork` is called by the engine's thread. In the child it is the only thread; what it does before its memory is its
//!   own again is `Interrupt::renew_in_child`, with all signals held back.
//! - Between fork and execve, a child of `spawn` makes system calls only: every string and array was made before.
//! - The arrays handed to execve end in null and point into `CString`s that live as long as they do.
#![allow(unsafe_code)]

use std::collections::BTreeMap;
use std::ffi::{CStr, CString};
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::ptr::{null, null_mut};
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

use nix::libc::{self, c_char, c_int, c_uint};

use super::call::{Mode, Net};
use super::error::{Error, Result, Stop};
use super::interrupt::Interrupt;
use super::poller::Interest;
use super::signal;

/// The exit status of a child that could not become what it should.
const CANNOT_RUN: c_int = 127;

/// Where the standard streams of a child are in its parent; None for /dev/null.
pub type Streams = [Option<RawFd>; 3];

/// A program to become: the files to try, in order, its arguments, its environment.
pub struct Program {
    files: Vec<CString>,
    arguments: Vec<CString>,
    /// The same, for a file without a format that the system knows: the shell, and a place for the file.
    shell_arguments: Vec<CString>,
    environment: Vec<CString>,
}

const SHELL: &CStr = c"/bin/sh";

/// Longer names are those of no file, and the system says so.
const LONGEST: usize = libc::PATH_MAX as usize;

impl Program {
    /// `path` is the list of folders that a name without a slash is looked for in; None if it is not looked for.
    pub fn new(file: CString, arguments: Vec<CString>, environment: Vec<CString>, path: Option<&[u8]>) -> Program {
        let files = match path {
            Some(path) if !file.as_bytes().contains(&b'/') && file.as_bytes().len() <= LONGEST => path
                .split(|byte| *byte == b':')
                .filter_map(|folder| {
                    let folder: &[u8] = if folder.is_empty() { b"." } else { folder };
                    CString::new([folder, b"/", file.as_bytes()].concat()).ok()
                })
                .collect(),
            _ => vec![file.clone()],
        };
        let mut shell_arguments = vec![SHELL.to_owned(), file];
        shell_arguments.extend(arguments.iter().skip(1).cloned());
        Program { files, arguments, shell_arguments, environment }
    }

    fn ready(&self) -> Ready<'_> {
        Ready {
            program: self,
            arguments: pointers(&self.arguments),
            shell_arguments: pointers(&self.shell_arguments),
            environment: pointers(&self.environment),
        }
    }
}

/// A program with the arrays that execve wants.
struct Ready<'a> {
    program: &'a Program,
    arguments: Vec<*const c_char>,
    shell_arguments: Vec<*const c_char>,
    environment: Vec<*const c_char>,
}

fn pointers(strings: &[CString]) -> Vec<*const c_char> {
    strings.iter().map(|string| string.as_ptr()).chain(std::iter::once(null())).collect()
}

impl Ready<'_> {
    /// Becomes the program, or says why not. Allocates nothing.
    fn run(&mut self) -> c_int {
        let mut failure = libc::ENOENT;
        for file in &self.program.files {
            // SAFETY: see the head of this file.
            unsafe { libc::execve(file.as_ptr(), self.arguments.as_ptr(), self.environment.as_ptr()) };
            match last_errno() {
                libc::ENOENT | libc::ENOTDIR => {}
                libc::EACCES => failure = libc::EACCES,
                libc::ENOEXEC => {
                    self.shell_arguments[1] = file.as_ptr();
                    // SAFETY: as above.
                    unsafe { libc::execve(SHELL.as_ptr(), self.shell_arguments.as_ptr(), self.environment.as_ptr()) };
                    return last_errno();
                }
                errno => return errno,
            }
        }
        failure
    }
}

fn last_errno() -> c_int {
    // SAFETY: errno is the thread's own.
    unsafe { *libc::__errno_location() }
}

/// Becomes another program; comes back only with why not. `hidden` are the signals that are ignored without the program's
/// knowledge: the new program has them as they usually are.
pub fn exec(program: &Program, hidden: &[c_int]) -> io::Error {
    let mut ready = program.ready();
    hidden.iter().copied().for_each(signal::reset);
    let errno = ready.run();
    hidden.iter().copied().for_each(signal::ignore);
    io::Error::from_raw_os_error(errno)
}

/// All signals held back, until dropped.
struct Held(libc::sigset_t);

impl Held {
    fn new() -> Held {
        let (mut all, mut before) = (MaybeUninit::zeroed(), MaybeUninit::zeroed());
        // SAFETY: the sets are this function's own, and filled in by the two calls.
        unsafe {
            libc::sigfillset(all.as_mut_ptr());
            libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
            Held(before.assume_init())
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: the set is only read.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &self.0, null_mut()) };
    }
}

/// Makes a copy of the process: the child's number, or 0 in the child.
pub fn fork(interrupt: &Interrupt) -> io::Result<c_int> {
    // What is sent to the child from its first moment on must not be taken for the parent's.
    let _held = Held::new();
    // SAFETY: see the head of this file.
    let child = unsafe { libc::fork() };
    if child < 0 {
        return Err(io::Error::last_os_error());
    }
    if child == 0 {
        interrupt.renew_in_child()?;
    }
    Ok(child)
}

/// Starts a program as a child, which has nothing of this process's descriptors but the three streams, unless it is to `keep`
/// those that are not closed on exec. The child's number, and why it
/// could not become the program, if it could not: it then ends with status 127.
pub fn spawn(
    program: &Program,
    streams: Streams,
    keep: bool,
    hidden: &[c_int],
) -> io::Result<(c_int, Option<io::Error>)> {
    let mut ready = program.ready();
    let mut ends = [0; 2];
    // SAFETY: the array has room for two.
    if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: two new descriptors.
    let (from, to) = unsafe { (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) };
    let held = Held::new();
    // SAFETY: see the head of this file.
    let child = unsafe { libc::fork() };
    if child == 0 {
        become_child(&mut ready, streams, keep, hidden, to.as_raw_fd());
        // SAFETY: ends the child at once.
        unsafe { libc::_exit(CANNOT_RUN) }
    }
    let error = io::Error::last_os_error();
    drop(held);
    drop(to);
    if child < 0 {
        return Err(error);
    }
    // Comes to its end when the child has become the program.
    let mut report = [0; size_of::<c_int>()];
    let count = loop {
        match nix::unistd::read(&from, &mut report) {
            Err(nix::errno::Errno::EINTR) => {}
            answer => break answer.unwrap_or(0),
        }
    };
    let failure = (count == report.len()).then(|| io::Error::from_raw_os_error(c_int::from_ne_bytes(report)));
    Ok((child, failure))
}

/// In the child: arranges descriptors and signals, and becomes the program. If it cannot, `report` is written why.
fn become_child(ready: &mut Ready<'_>, streams: Streams, keep: bool, hidden: &[c_int], report: RawFd) {
    // The first number behind the standard streams.
    const OTHERS: RawFd = 3;
    // SAFETY: system calls on numbers, and on memory of this function; see the head of this file.
    unsafe {
        // Out of the way of the streams first, so that nothing is overwritten before it is used.
        let report = libc::fcntl(report, libc::F_DUPFD_CLOEXEC, OTHERS);
        let mut moved = [-1; 3];
        for (stream, fd) in streams.iter().zip(&mut moved) {
            let number = stream.unwrap_or_else(|| libc::open(c"/dev/null".as_ptr(), libc::O_RDWR | libc::O_CLOEXEC));
            *fd = libc::fcntl(number, libc::F_DUPFD_CLOEXEC, OTHERS);
        }
        // A stream that is closed here is closed in the child.
        for (target, fd) in moved.iter().enumerate() {
            if *fd < 0 || libc::dup2(*fd, target as c_int) < 0 {
                libc::close(target as c_int);
            }
        }
        if !keep {
            if report > OTHERS {
                close_range(OTHERS, report - 1);
            }
            close_range(report + 1, RawFd::MAX);
        }
        hidden.iter().copied().for_each(signal::reset);
        let mut none = MaybeUninit::zeroed();
        libc::sigemptyset(none.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, none.as_ptr(), null_mut());
        let errno = ready.run();
        libc::write(report, (&raw const errno).cast(), size_of::<c_int>());
    }
}

/// Closes all descriptors from `first` to `last`.
fn close_range(first: RawFd, last: RawFd) {
    /// For systems before Linux 5.9: as many as a process usually may have.
    const MANY: RawFd = 65_536;
    // SAFETY: system calls on numbers, without memory.
    unsafe {
        if libc::syscall(libc::SYS_close_range, first as c_uint, last as c_uint, 0) != 0 {
            for fd in first..=last.min(MANY) {
                libc::close(fd);
            }
        }
    }
}

/// The children that somebody will wait for.
#[derive(Default)]
pub struct Children {
    /// Those that are waited for now, each by the descriptor that tells of its end.
    awaited: BTreeMap<c_int, OwnedFd>,
    /// Those that a port leads to.
    watched: Vec<(c_int, Weak<c_int>)>,
}

/// A child that is waited for on some occasion, when this is dropped before somebody has done so.
pub struct Child(Rc<c_int>);

impl Child {
    pub fn number(&self) -> c_int {
        *self.0
    }
}

impl Children {
    pub fn watch(&mut self, child: c_int) -> Child {
        self.bury();
        let token = Rc::new(child);
        self.watched.push((child, Rc::downgrade(&token)));
        Child(token)
    }

    /// Waits for those that have ended and that nobody can ask for any more.
    fn bury(&mut self) {
        self.watched.retain(|(child, token)| {
            let mut status = 0;
            // SAFETY: `status` is alive. An answer of 0 says that the child goes on.
            token.strong_count() > 0 || unsafe { libc::waitpid(*child, &mut status, libc::WNOHANG) } == 0
        });
    }

    /// A child has been waited for; its number may be another's from now on.
    fn forget(&mut self, child: c_int) {
        self.awaited.remove(&child);
        self.watched.retain(|(watched, _)| *watched != child);
    }
}

/// Waits for a child to end (or stop, as `options` ask): its number and status. Number 0 if WNOHANG was asked for and there
/// is nothing to tell.
pub fn wait(net: &mut Net, child: c_int, options: c_int) -> Result<(c_int, c_int)> {
    let patient = options & libc::WNOHANG == 0;
    loop {
        if patient && net.interrupt().is_raised() {
            return Err(Stop::Interrupted);
        }
        let flags = if net.mode == Mode::Block { options } else { options | libc::WNOHANG };
        let mut status = 0;
        // SAFETY: `status` is alive.
        match unsafe { libc::waitpid(child, &mut status, flags) } {
            0 if patient => hold(net, child, options)?,
            -1 if last_errno() == libc::EINTR => {}
            -1 => return Err(Error::new("waitpid", last_errno()).into()),
            found => {
                if !libc::WIFSTOPPED(status) && !libc::WIFCONTINUED(status) {
                    net.children.forget(found);
                }
                return Ok((found, status));
            }
        }
    }
}

/// Returns when the child should be asked for again, else says what to wait for.
fn hold(net: &mut Net, child: c_int, options: c_int) -> Result<()> {
    /// The system tells through a descriptor of the end of one child, but neither of any child's nor of stops.
    const PAUSE: Duration = Duration::from_millis(10);
    let told = child > 0 && options & (libc::WUNTRACED | libc::WCONTINUED) == 0;
    let fd = if told { descriptor(net, child) } else { None };
    match (net.mode, fd) {
        (Mode::Try, Some(fd)) => return Err(Stop::Wait(fd, Interest::Read)),
        (Mode::Try, None) => return Err(Stop::Later(PAUSE)),
        (_, Some(fd)) => net.wait(&[(fd, Interest::Read)], None, "waitpid")?,
        (_, None) => net.wait(&[], Some(Instant::now() + PAUSE), "waitpid")?,
    };
    Ok(())
}

/// The descriptor that becomes readable when the child ends; kept until it was waited for.
fn descriptor(net: &mut Net, child: c_int) -> Option<RawFd> {
    if let Some(fd) = net.children.awaited.get(&child) {
        return Some(fd.as_raw_fd());
    }
    // SAFETY: a system call on numbers; what it answers is a new descriptor, closed on exec.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, child, 0) };
    let fd = RawFd::try_from(fd).ok().filter(|fd| *fd >= 0)?;
    // SAFETY: as above: nobody else knows it.
    net.children.awaited.insert(child, unsafe { OwnedFd::from_raw_fd(fd) });
    Some(fd)
}

/// How much processes give way: from -20 to 19.
pub fn priority(which: c_int, who: c_int) -> io::Result<c_int> {
    // SAFETY: errno is the thread's own; the call touches no memory. -1 is an answer like others, so errno tells.
    unsafe {
        *libc::__errno_location() = 0;
        let priority = libc::getpriority(which as c_uint, who as c_uint);
        if last_errno() == 0 { Ok(priority) } else { Err(io::Error::last_os_error()) }
    }
}

pub fn set_priority(which: c_int, who: c_int, priority: c_int) -> io::Result<()> {
    // SAFETY: touches no memory.
    let answer = unsafe { libc::setpriority(which as c_uint, who as c_uint, priority) };
    if answer == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Leaves the process at once: nothing is flushed, nothing is cleaned up. Does not return.
pub fn leave(status: c_int) {
    // SAFETY: does not return.
    unsafe { libc::_exit(status) }
}
