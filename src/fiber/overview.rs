//! Which fibers there are, and what each waits for, as a person wants to know it.
//!
//! The scheduler knows who runs, who can, and who waits for time or a descriptor. Who waits for another fiber alone stands
//! in that other one's queues; of those only the number is known.

use super::Scheduler;
use super::object::*;
use crate::net::{Interest, look};
use crate::trace::explain::{kind, short};
use crate::value::Value;
use nix::libc::{SO_ACCEPTCONN, SOL_SOCKET};
use std::os::fd::RawFd;
use std::time::Instant;

/// One thing that ends a fiber's wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Awaited {
    Descriptor(RawFd, Interest),
    Time(Instant),
}

impl Awaited {
    /// `fd 3 tcp 127.0.0.1:7007 to be readable`, `2.5 s to pass`
    pub fn words(self, now: Instant) -> String {
        match self {
            Awaited::Time(at) => format!("{:.1} s to pass", at.saturating_duration_since(now).as_secs_f64()),
            Awaited::Descriptor(fd, interest) => {
                let sort = kind(look::family(fd), look::style(fd));
                let end = look::peer(fd).map(|peer| format!(" ↔ {}", short(&peer)));
                let end = end.or_else(|| look::local(fd).map(|local| format!(" {}", short(&local))));
                let what = match interest {
                    Interest::Read if look::number(fd, SOL_SOCKET, SO_ACCEPTCONN) == Some(1) => "a connection at",
                    Interest::Read => "something to read from",
                    Interest::Write => "room to write to",
                    Interest::Except => "urgent data from",
                };
                let space = if sort.is_empty() { "" } else { " " };
                format!("{what} fd {fd}{space}{sort}{}", end.unwrap_or_default())
            }
        }
    }
}

impl Scheduler {
    /// The fibers that are known, by number, with what they wait for; and how many more there are.
    pub fn overview(&self) -> (Vec<(Value, Vec<Awaited>)>, usize) {
        let mut found: Vec<(Value, Vec<Awaited>)> = vec![(self.current, Vec::new())];
        let mut add = |fiber: Value, awaited: Option<Awaited>| {
            match found.iter_mut().find(|(known, _)| *known == fiber) {
                Some((_, all)) => all.extend(awaited),
                None => found.push((fiber, awaited.into_iter().collect())),
            };
        };
        add(self.main, None);
        for fiber in &self.ready {
            add(*fiber, None);
        }
        for (fd, waiters) in self.waiters.iter().enumerate() {
            for (waiter, interest) in waiters {
                add(wait::fiber_of(*waiter), Some(Awaited::Descriptor(fd as RawFd, *interest)));
            }
        }
        for (at, target) in self.timers.all() {
            match target.as_pair() {
                // A time limit on what the fiber does.
                Some((fiber, _)) => add(fiber, None),
                None if wait::is_entry(target) => {
                    add(wait::of_entry(target).field(wait::FIBER), Some(Awaited::Time(at)));
                }
                None => {}
            }
        }
        found.retain(|(fiber, _)| !fiber::state(*fiber).is_over());
        found.sort_by_key(|(found, _)| found.field(fiber::ID).fixnum_value());
        let known = found.iter().filter(|(fiber, _)| *fiber != self.main).count();
        (found, self.live.saturating_sub(known))
    }
}
