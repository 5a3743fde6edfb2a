//! Waiting until descriptors are ready, a deadline passes, or the engine is interrupted.
//!
//! On poll(2), which has no limit on numbers and no state to keep. Below it, what programs that keep sets of descriptors
//! themselves need: epoll instances and eventfds, by number.

use std::io;
use std::os::fd::{AsFd, OwnedFd, RawFd};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollFlags, EpollOp};
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::unistd;

use super::interrupt::Interrupt;
use super::raw;

/// What a descriptor is wanted for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Interest {
    Read,
    Write,
    /// Urgent data.
    Except,
}

impl Interest {
    pub(crate) fn asked(self) -> PollFlags {
        match self {
            Interest::Read => PollFlags::POLLIN,
            Interest::Write => PollFlags::POLLOUT,
            Interest::Except => PollFlags::POLLPRI,
        }
    }

    /// An error or a hang-up wakes readers and writers: their next call will say what happened.
    fn answered(self, seen: PollFlags) -> bool {
        let ends = match self {
            Interest::Except => PollFlags::empty(),
            _ => PollFlags::POLLERR | PollFlags::POLLHUP,
        };
        seen.intersects(self.asked() | ends)
    }
}

/// How a wait ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Woken {
    /// Positions in the set, in its order; never empty.
    Ready(Vec<usize>),
    Deadline,
    Interrupted,
    /// Another thread asked for attention without interrupting.
    Called,
}

/// Waits for any of `set`. A closed descriptor in it is EBADF.
pub fn wait(interrupt: &Interrupt, set: &[(RawFd, Interest)], deadline: Option<Instant>) -> io::Result<Woken> {
    let mut asked = Vec::with_capacity(set.len() + 1);
    asked.push(PollFd::new(interrupt.wakes()?, PollFlags::POLLIN));
    for (fd, interest) in set {
        asked.push(PollFd::new(raw::borrow(*fd)?, interest.asked()));
    }
    let limit = interrupt.deadline();
    let first = deadline.into_iter().chain(limit).min();
    loop {
        if interrupt.ends_work() {
            return Ok(Woken::Interrupted);
        }
        match poll(&mut asked, timeout_until(first)) {
            Ok(0) if deadline.is_some_and(|deadline| Instant::now() >= deadline) => return Ok(Woken::Deadline),
            // Interrupted by a signal, or a long wait cut into pieces: look at the flag and go on.
            Ok(0) | Err(Errno::EINTR) => continue,
            Err(errno) => return Err(errno.into()),
            Ok(_) => {}
        }
        let seen = |entry: &PollFd| entry.revents().unwrap_or(PollFlags::empty());
        let (wakes, asked) = asked.split_at(1);
        if asked.iter().any(|entry| seen(entry).contains(PollFlags::POLLNVAL)) {
            return Err(Errno::EBADF.into());
        }
        if interrupt.is_raised() {
            return Ok(Woken::Interrupted);
        }
        let ready: Vec<usize> =
            (0..set.len()).filter(|at| set[*at].1.answered(asked.get(*at).map_or(PollFlags::empty(), seen))).collect();
        if !ready.is_empty() {
            return Ok(Woken::Ready(ready));
        }
        if !seen(&wakes[0]).is_empty() {
            interrupt.drain();
            return Ok(Woken::Called);
        }
    }
}

/// Makes an attempt again and again, where there is nothing to wait for: until it answers something. EINTR, if the engine is
/// interrupted before.
pub fn persist<T>(interrupt: &Interrupt, mut attempt: impl FnMut() -> io::Result<Option<T>>) -> io::Result<T> {
    const BETWEEN: Duration = Duration::from_millis(5);
    loop {
        if let Some(answer) = attempt()? {
            return Ok(answer);
        }
        if wait(interrupt, &[], Some(Instant::now() + BETWEEN))? == Woken::Interrupted {
            return Err(Errno::EINTR.into());
        }
    }
}

/// Whether a descriptor is ready this instant. What poll cannot tell (a bad number) counts as ready: the call will say.
pub fn is_ready(fd: RawFd, interest: Interest) -> bool {
    let Ok(borrowed) = raw::borrow(fd) else { return true };
    let mut asked = [PollFd::new(borrowed.as_fd(), interest.asked())];
    loop {
        match poll(&mut asked, PollTimeout::ZERO) {
            Ok(0) => return false,
            Err(Errno::EINTR) => continue,
            _ => return true,
        }
    }
}

/// poll counts milliseconds in an i32; a part of one rounds up, so that a wait never ends early and spins.
fn timeout_until(deadline: Option<Instant>) -> PollTimeout {
    let Some(deadline) = deadline else { return PollTimeout::NONE };
    let left = deadline.saturating_duration_since(Instant::now()) + Duration::from_micros(999);
    PollTimeout::try_from(left.as_millis()).unwrap_or(PollTimeout::MAX)
}

/// A member of a set that is ready: the number it was given, and what for.
pub struct Readiness {
    pub number: u64,
    pub flags: EpollFlags,
}

pub fn epoll() -> io::Result<OwnedFd> {
    Ok(Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?.0)
}

/// An eventfd whose reads never wait.
pub fn eventfd() -> io::Result<OwnedFd> {
    Ok(EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?.into())
}

/// Makes an eventfd readable.
pub fn notify(fd: RawFd) -> io::Result<()> {
    match unistd::write(raw::borrow(fd)?, &1u64.to_ne_bytes()) {
        // A counter at its limit: it is readable.
        Ok(_) | Err(Errno::EAGAIN) => Ok(()),
        Err(errno) => Err(errno.into()),
    }
}

/// Makes an eventfd not readable any more.
pub fn drain(fd: RawFd) {
    if let Ok(fd) = raw::borrow(fd) {
        let _ = unistd::read(fd, &mut [0; 8]);
    }
}

/// epoll_ctl: adds, changes or removes a member of a set.
pub fn change(set: RawFd, operation: EpollOp, fd: RawFd, flags: EpollFlags, number: u64) -> io::Result<()> {
    raw::epoll_control(set, operation as i32, fd, flags.bits() as u32, number)
}

/// The members of a set that are ready this instant, some of them if they are many.
pub fn ready(set: RawFd) -> io::Result<Vec<Readiness>> {
    let mut room = [libc::epoll_event { events: 0, u64: 0 }; 256];
    let count = raw::epoll_ready(set, &mut room)?;
    let readiness = |event: &libc::epoll_event| Readiness {
        number: event.u64,
        flags: EpollFlags::from_bits_retain(event.events as i32),
    };
    Ok(room[..count].iter().map(readiness).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixStream;

    #[test]
    fn ready_members_are_named_in_order() {
        let interrupt = Interrupt::new();
        let (a, mut b) = UnixStream::pair().unwrap();
        let (fa, fb) = (a.as_raw_fd(), b.as_raw_fd());
        let soon = Some(Instant::now() + Duration::from_millis(5));
        assert_eq!(wait(&interrupt, &[(fa, Interest::Read)], soon).unwrap(), Woken::Deadline);
        assert!(!is_ready(fa, Interest::Read));
        b.write_all(b"x").unwrap();
        let set = [(fa, Interest::Read), (fb, Interest::Read), (fb, Interest::Write)];
        assert_eq!(wait(&interrupt, &set, None).unwrap(), Woken::Ready(vec![0, 2]));
        drop(b);
        assert!(is_ready(fa, Interest::Read));
    }

    #[test]
    fn a_closed_number_is_ebadf() {
        let interrupt = Interrupt::new();
        let error = wait(&interrupt, &[(987_654, Interest::Read)], None).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(nix::libc::EBADF));
        assert!(wait(&interrupt, &[(-1, Interest::Read)], None).is_err());
    }

    #[test]
    fn another_thread_ends_a_wait() {
        let interrupt = Interrupt::new();
        let (a, _b) = UnixStream::pair().unwrap();
        let raiser = interrupt.clone();
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            raiser.raise();
        });
        assert_eq!(wait(&interrupt, &[(a.as_raw_fd(), Interest::Read)], None).unwrap(), Woken::Interrupted);
        thread.join().unwrap();
        interrupt.acknowledge();
        interrupt.call();
        assert_eq!(wait(&interrupt, &[(a.as_raw_fd(), Interest::Read)], None).unwrap(), Woken::Called);
        let soon = Some(Instant::now() + Duration::from_millis(5));
        assert_eq!(wait(&interrupt, &[(a.as_raw_fd(), Interest::Read)], soon).unwrap(), Woken::Deadline);
    }
}
