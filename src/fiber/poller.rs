//! What tells which descriptors are ready: epoll, and poll where that cannot be had.

use crate::net::Interest;
use crate::net::raw;
use crate::net::readiness::Interests;
pub use crate::net::readiness::Ready;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::epoll::{EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
use std::time::Duration;

pub trait Poller {
    /// From now on changes of the descriptor are told. Called again, with more interests, when more is waited for.
    fn watch(&mut self, fd: RawFd, interests: Interests) -> io::Result<()>;

    /// Waits for events, at most so long. `waited` lists who is waited for, for those who keep no list themselves.
    /// True if `wakes` was readable.
    fn wait(
        &mut self,
        wakes: BorrowedFd<'_>,
        waited: &dyn Fn() -> Vec<(RawFd, Interest)>,
        timeout: Option<Duration>,
        events: &mut Vec<Ready>,
    ) -> io::Result<bool>;
}

/// At most so many events are fetched at once; the others come first the next time.
const EVENTS: usize = 512;

/// What epoll's events carry for the engine's wake-up.
const WAKES: u64 = u64::MAX;

pub struct Epoll {
    epoll: nix::sys::epoll::Epoll,
    room: Vec<EpollEvent>,
}

impl Epoll {
    /// `wakes` is the engine's wake-up, watched for good.
    pub fn new(wakes: BorrowedFd<'_>) -> io::Result<Epoll> {
        let epoll = nix::sys::epoll::Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        epoll.add(wakes, EpollEvent::new(EpollFlags::EPOLLIN, WAKES))?;
        Ok(Epoll { epoll, room: vec![EpollEvent::empty(); EVENTS] })
    }

    pub fn fd(&self) -> RawFd {
        self.epoll.0.as_raw_fd()
    }
}

impl Poller for Epoll {
    fn watch(&mut self, fd: RawFd, interests: Interests) -> io::Result<()> {
        let mut flags = EpollFlags::EPOLLET;
        if interests.read {
            flags |= EpollFlags::EPOLLIN | EpollFlags::EPOLLRDHUP;
        }
        if interests.write {
            flags |= EpollFlags::EPOLLOUT;
        }
        if interests.except {
            flags |= EpollFlags::EPOLLPRI;
        }
        let borrowed = raw::borrow(fd)?;
        let mut event = EpollEvent::new(flags, fd as u64);
        match self.epoll.add(borrowed, event) {
            // Registered before, for less, or before its number was in doubt: the change also tells anew what is ready.
            Err(Errno::EEXIST) => Ok(self.epoll.modify(borrowed, &mut event)?),
            answer => Ok(answer?),
        }
    }

    fn wait(
        &mut self,
        _wakes: BorrowedFd<'_>,
        _waited: &dyn Fn() -> Vec<(RawFd, Interest)>,
        timeout: Option<Duration>,
        events: &mut Vec<Ready>,
    ) -> io::Result<bool> {
        let timeout = match timeout {
            None => EpollTimeout::NONE,
            // A part of a millisecond rounds up, so that a wait never ends early and spins.
            Some(left) if left.is_zero() => EpollTimeout::ZERO,
            Some(left) => EpollTimeout::try_from(left + Duration::from_micros(999)).unwrap_or(EpollTimeout::MAX),
        };
        let count = self.epoll.wait(&mut self.room, timeout)?;
        let mut called = false;
        for event in &self.room[..count] {
            if event.data() == WAKES {
                called = true;
                continue;
            }
            let flags = event.events();
            let ended = flags.intersects(EpollFlags::EPOLLRDHUP | EpollFlags::EPOLLHUP | EpollFlags::EPOLLERR);
            let failed = flags.intersects(EpollFlags::EPOLLHUP | EpollFlags::EPOLLERR);
            let urgent = flags.contains(EpollFlags::EPOLLPRI);
            events.push(Ready {
                fd: event.data() as RawFd,
                read: ended || flags.contains(EpollFlags::EPOLLIN),
                write: failed || flags.contains(EpollFlags::EPOLLOUT),
                except: urgent,
                ended: ended || urgent,
            });
        }
        Ok(called)
    }
}

/// poll(2): asks about everything that is waited for, each time.
#[derive(Default)]
pub struct Poll;

impl Poller for Poll {
    fn watch(&mut self, fd: RawFd, _interests: Interests) -> io::Result<()> {
        raw::borrow(fd).map(drop)
    }

    fn wait(
        &mut self,
        wakes: BorrowedFd<'_>,
        waited: &dyn Fn() -> Vec<(RawFd, Interest)>,
        timeout: Option<Duration>,
        events: &mut Vec<Ready>,
    ) -> io::Result<bool> {
        let waited = waited();
        let mut asked = vec![PollFd::new(wakes.as_fd(), PollFlags::POLLIN)];
        for (fd, interest) in &waited {
            asked.push(PollFd::new(raw::borrow(*fd)?, interest.asked()));
        }
        let timeout = match timeout {
            None => PollTimeout::NONE,
            Some(left) => {
                let left = if left.is_zero() { left } else { left + Duration::from_micros(999) };
                PollTimeout::try_from(left.as_millis()).unwrap_or(PollTimeout::MAX)
            }
        };
        poll(&mut asked, timeout)?;
        let seen = |entry: &PollFd| entry.revents().unwrap_or(PollFlags::empty());
        for ((fd, _), entry) in waited.iter().zip(&asked[1..]) {
            let flags = seen(entry);
            let failed = flags.intersects(PollFlags::POLLERR | PollFlags::POLLHUP | PollFlags::POLLNVAL);
            if !flags.is_empty() {
                events.push(Ready {
                    fd: *fd,
                    read: failed || flags.contains(PollFlags::POLLIN),
                    write: failed || flags.contains(PollFlags::POLLOUT),
                    except: flags.contains(PollFlags::POLLPRI),
                    // poll tells of what is, not of what changes: nothing may be concluded from an earlier answer.
                    ended: true,
                });
            }
        }
        Ok(!seen(&asked[0]).is_empty())
    }
}
