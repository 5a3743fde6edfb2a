//! What is known of descriptors between two calls: which are registered with the poller, and which have nothing to read.
//!
//! A poller that reports changes tells of every arrival once. So after a call that took all there was (it says EAGAIN, or
//! comes back with less than it had room for) the next one would find nothing until the poller reports something: it is not
//! made. That holds for registered stream sockets only, and not after the stream's end or urgent data were seen, which come
//! with no report of their own.
//!
//! Numbers are used again: whoever closes a descriptor says `forget`. Descriptors may also be closed where no engine is at
//! hand (a port is collected); after that everything is in doubt, and registers anew at its next wait.

use super::poller::Interest;
use super::raw;
use nix::libc;
use std::os::fd::RawFd;

/// What became of a descriptor, as a poller tells it.
#[derive(Clone, Copy, Debug)]
pub struct Ready {
    pub fd: RawFd,
    pub read: bool,
    pub write: bool,
    pub except: bool,
    /// Later short reads prove nothing.
    pub ended: bool,
}

impl Ready {
    pub fn answers(&self, interest: Interest) -> bool {
        match interest {
            Interest::Read => self.read,
            Interest::Write => self.write,
            Interest::Except => self.except,
        }
    }
}

/// What a descriptor is registered for.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Interests {
    pub read: bool,
    pub write: bool,
    pub except: bool,
}

impl Interests {
    fn with(mut self, interest: Interest) -> Interests {
        match interest {
            Interest::Read => self.read = true,
            Interest::Write => self.write = true,
            Interest::Except => self.except = true,
        }
        self
    }
}

#[derive(Clone, Copy, Default)]
struct Facts {
    /// What follows was found out in this generation, and holds in no later one.
    generation: u32,
    registered: Interests,
    /// Other descriptors are closed in many places: they are registered anew for each wait.
    socket: bool,
    /// A short read proves that there is no more.
    stream: bool,
    /// Nothing to read until the poller reports something.
    dry: bool,
    ended: bool,
    /// The script has not made it non-blocking, or has: what was seen last.
    blocking: bool,
    non_blocking: bool,
    /// It has no SO_RCVTIMEO and SO_SNDTIMEO.
    unlimited: bool,
}

pub struct Readiness {
    facts: Vec<Facts>,
    generation: u32,
    moment: u64,
    /// From which descriptor all was read, and when.
    just_read: (RawFd, u64),
    /// Which descriptor has just said EAGAIN to whom, and when.
    refused: (RawFd, Interest, u64),
}

impl Default for Readiness {
    fn default() -> Readiness {
        Readiness { facts: Vec::new(), generation: 1, moment: 1, just_read: (-1, 0), refused: (-1, Interest::Read, 0) }
    }
}

/// What is known of a descriptor that nothing is known of.
static NOTHING: Facts = Facts {
    generation: 0,
    registered: Interests { read: false, write: false, except: false },
    socket: false,
    stream: false,
    dry: false,
    ended: false,
    blocking: false,
    non_blocking: false,
    unlimited: false,
};

impl Readiness {
    #[inline]
    fn known(&self, fd: RawFd) -> &Facts {
        let facts = usize::try_from(fd).ok().and_then(|fd| self.facts.get(fd));
        facts.filter(|facts| facts.generation == self.generation).unwrap_or(&NOTHING)
    }

    fn change(&mut self, fd: RawFd, change: impl FnOnce(&mut Facts)) {
        let Ok(index) = usize::try_from(fd) else { return };
        if index >= self.facts.len() {
            self.facts.resize(index + 1, Facts::default());
        }
        let facts = &mut self.facts[index];
        if facts.generation != self.generation {
            *facts = Facts { generation: self.generation, ..Facts::default() };
        }
        change(facts);
    }

    #[inline]
    pub fn is_registered(&self, fd: RawFd, interest: Interest) -> bool {
        let facts = self.known(fd);
        let registered = match interest {
            Interest::Read => facts.registered.read,
            Interest::Write => facts.registered.write,
            Interest::Except => facts.registered.except,
        };
        facts.socket && registered
    }

    /// What it is to be registered for when it is also waited for with this interest.
    pub fn interests(&self, fd: RawFd, interest: Interest) -> Interests {
        self.known(fd).registered.with(interest)
    }

    pub fn register(&mut self, fd: RawFd, interest: Interest) {
        let known = *self.known(fd);
        let style = if known.socket { None } else { style(fd) };
        self.change(fd, |facts| {
            facts.registered = facts.registered.with(interest);
            if !known.socket {
                facts.socket = style.is_some();
                facts.stream = style == Some(libc::SOCK_STREAM);
            }
        });
    }

    pub fn note_event(&mut self, event: &Ready) {
        let Some(facts) = usize::try_from(event.fd).ok().and_then(|fd| self.facts.get_mut(fd)) else { return };
        if facts.generation == self.generation {
            facts.dry &= !event.read;
            facts.ended |= event.ended;
        }
    }

    /// Less was read than there was room for.
    #[inline]
    pub fn note_short(&mut self, fd: RawFd) {
        let Some(facts) = usize::try_from(fd).ok().and_then(|fd| self.facts.get_mut(fd)) else { return };
        if facts.generation == self.generation && facts.registered.read && facts.stream && !facts.ended {
            facts.dry = true;
            self.just_read = (fd, self.moment);
        }
    }

    /// A call has just said EAGAIN.
    pub fn note_refusal(&mut self, fd: RawFd, interest: Interest) {
        self.refused = (fd, interest, self.moment);
    }

    /// Whether nothing has happened since.
    #[inline]
    pub fn is_just_refused(&self, fd: RawFd, interest: Interest) -> bool {
        self.refused == (fd, interest, self.moment)
    }

    /// Something is about to happen after which a descriptor may be ready that was not: a call, a switch, the passing of time.
    #[inline]
    pub fn pass(&mut self) {
        self.moment = self.moment.wrapping_add(1);
    }

    /// Whether all there was has just been read: nobody could tell by now that more has come.
    #[inline]
    pub fn is_just_read(&self, fd: RawFd) -> bool {
        self.just_read == (fd, self.moment) && self.known(fd).dry
    }

    /// Whether a read is known to find nothing. `patient`: the caller waits whatever the script has set.
    #[inline]
    pub fn is_dry(&self, fd: RawFd, patient: bool) -> bool {
        let facts = self.known(fd);
        facts.dry && (patient || facts.blocking)
    }

    /// Whether a read is known to find nothing, and to wait for as long as it takes.
    #[inline]
    pub fn must_wait(&self, fd: RawFd, patient: bool) -> bool {
        let facts = self.known(fd);
        facts.dry && (facts.blocking && facts.unlimited || facts.non_blocking && patient)
    }

    pub fn is_blocking(&self, fd: RawFd) -> bool {
        self.known(fd).blocking
    }

    pub fn is_unlimited(&self, fd: RawFd) -> bool {
        self.known(fd).unlimited
    }

    pub fn is_non_blocking(&self, fd: RawFd) -> bool {
        self.known(fd).non_blocking
    }

    pub fn note_blocking(&mut self, fd: RawFd, blocking: bool) {
        self.change(fd, |facts| (facts.blocking, facts.non_blocking) = (blocking, !blocking));
    }

    pub fn note_unlimited(&mut self, fd: RawFd) {
        self.change(fd, |facts| facts.unlimited = true);
    }

    /// The descriptor is closed, or about to be.
    pub fn forget(&mut self, fd: RawFd) {
        let Some(facts) = usize::try_from(fd).ok().and_then(|fd| self.facts.get_mut(fd)) else { return };
        *facts = Facts::default();
    }

    /// Flags or limits were changed, perhaps of a duplicate; or numbers may have changed hands.
    pub fn doubt(&mut self) {
        self.generation = self.generation.wrapping_add(1).max(1);
    }
}

/// SOCK_STREAM and the like; None if it is no socket.
fn style(fd: RawFd) -> Option<i32> {
    let mut style = [0; 4];
    raw::get_option(fd, libc::SOL_SOCKET, libc::SO_TYPE, &mut style).ok().map(|_| i32::from_ne_bytes(style))
}
