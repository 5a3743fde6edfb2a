//! The one way to the network: every socket call of every face goes through `Net::call`.
//!
//! There a listener, when one is installed, is told of each call as an `Event`; explaining, drawing, recording and
//! the bad network hang on that and on nothing else. Without a listener it costs one branch: no clock, no allocation.
//!
//! There, too, a call that cannot go on is made to wait, by the engine's mode:
//!
//! ```text
//! Block   the system call itself blocks, as in C; a signal ends it (see interrupt.rs)
//! Wait    the system call never blocks; poll(2) does, where other threads can interrupt
//! Try     nothing blocks; the answer is `Stop::Wait`, and the caller comes back when the descriptor is ready
//! ```
//!
//! O_NONBLOCK is the script's own: it is never set for longer than one connect(2), since duplicates and children would
//! see it. Where a script has set it, its calls answer EAGAIN and the like; ports go on waiting.

use std::io;
use std::os::fd::RawFd;
use std::rc::Rc;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::libc::{self, c_int};

use super::address::Address;
use super::database::Walks;
use super::error::{Error, Result, Stop, number_of};
use super::interrupt::Interrupt;
use super::poller::{self, Interest, Woken};
use super::process::Children;
use super::raw;
use super::readiness::Readiness;
use super::signal::Signals;
use super::worker::Workers;
use crate::ledger::Ledger;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    Block,
    Wait,
    Try,
}

/// An engine's share of the network: who listens, how calls wait, what interrupts them.
pub struct Net {
    /// How a call waits; the engine changes it when fibers come and go.
    pub mode: Mode,
    pub readiness: Readiness,
    /// Descriptors that were closed while calls were tried; who waits for them has to be told.
    pub closed: Vec<RawFd>,
    /// Calls on descriptors that the script made non-blocking wait all the same, where Guile's suspendable ports do.
    pub suspendable: bool,
    /// And the program itself waits for such descriptors: the call answers what it would wait for, in whatever mode.
    pub asks: bool,
    /// Files are opened by paths that were found to be what they lead to: a link on the way has come since, and is not followed.
    pub real_paths: bool,
    /// The descriptor of the poller, once there is one.
    pub poller: Option<RawFd>,
    /// The call that is made again had this deadline; taken by the first that waits.
    carried: Option<Instant>,
    /// The deadline of the call that was just told to wait: the socket's own time limit, after which it fails with EAGAIN.
    deadline: Option<Instant>,
    /// Threads for look-ups of names.
    pub workers: Workers,
    /// How far walks through the system's lists of names have come.
    pub walks: Walks,
    /// What the program has changed about the process's signals.
    pub signals: Signals,
    pub children: Children,
    /// What the program's data may take; the buffers of ports ask it for room.
    pub ledger: Rc<Ledger>,
    /// Room into which ports read that have no buffer at the time.
    pub spare: Vec<u8>,
    /// The small buffer that a port had which has written all of it.
    pub drained: Vec<u8>,
    interrupt: Interrupt,
    listener: Option<Listener>,
    /// How many more bytes may be written, if there is a limit.
    pub output_left: Option<u64>,
    /// Something was not written for that limit's sake.
    pub output_spent: bool,
    /// After so many more calls one fails, with this errno, without being made: for tests, and where an attempt has met it.
    pub failing: Option<(u64, c_int)>,
    /// The number of the next event.
    seq: u64,
    /// What the times of events are counted from.
    start: Instant,
}

pub type Listener = Box<dyn FnMut(&Event<'_>)>;

/// One finished socket call, as the listener is told of it.
#[derive(Debug)]
pub struct Event<'a> {
    pub seq: u64,
    /// When the call began, since the engine did.
    pub t: Duration,
    pub call: &'static str,
    /// The descriptor it was made on, or the new one; -1 when there was neither.
    pub fd: RawFd,
    /// AF_ and SOCK_ numbers of the descriptor, where the kernel tells.
    pub family: Option<c_int>,
    pub style: Option<c_int>,
    pub args: &'a [(&'static str, Arg<'a>)],
    /// The call's number (a count, a descriptor, 0), or its errno. An interrupted wait is EINTR.
    pub result: std::result::Result<i64, i32>,
    /// Time in the call, waiting included.
    pub duration: Duration,
    /// How many bytes were to be moved at most.
    pub size: usize,
    /// How many were.
    pub bytes: usize,
    /// The first of them, 64 at most.
    pub head: &'a [u8],
    /// The address the call answered.
    pub peer: Option<&'a Address>,
}

const HEAD: usize = 64;

#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    Int(i64),
    Address(&'a Address),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// The bytes a call moves. The call is handed them back, so that a bad network can shorten them on the way.
#[derive(Debug)]
pub enum Data<'a> {
    None,
    Out(&'a [u8]),
    In(&'a mut [u8]),
}

impl Data<'_> {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Data::None => &[],
            Data::Out(bytes) => bytes,
            Data::In(room) => room,
        }
    }

    pub fn room(&mut self) -> &mut [u8] {
        match self {
            Data::In(room) => room,
            _ => &mut [],
        }
    }
}

/// What a call waits for when it cannot go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Waits {
    /// Nothing: EAGAIN, too, is an answer.
    Never,
    /// As a system call: an answer of EAGAIN where the script itself asked for non-blocking.
    For(Interest),
    /// As a port: waits even on a descriptor the script made non-blocking.
    Patiently(Interest),
    /// As connect: under way until writable.
    Connect,
}

/// One call to be made.
pub struct Call<'a> {
    pub name: &'static str,
    pub fd: RawFd,
    pub args: &'a [(&'static str, Arg<'a>)],
    pub data: Data<'a>,
    pub waits: Waits,
}

/// How the answer of a call looks in its event.
pub trait Outcome {
    fn number(&self) -> i64 {
        0
    }
    /// How many of the call's bytes were moved.
    fn moved(&self) -> usize {
        0
    }
    /// The descriptor the call made.
    fn made(&self) -> Option<RawFd> {
        None
    }
    fn peer(&self) -> Option<&Address> {
        None
    }
}

impl Outcome for () {}

impl Outcome for usize {
    fn number(&self) -> i64 {
        i64::try_from(*self).unwrap_or(i64::MAX)
    }
    fn moved(&self) -> usize {
        *self
    }
}

impl Outcome for (usize, Option<Address>) {
    fn number(&self) -> i64 {
        self.0.number()
    }
    fn moved(&self) -> usize {
        self.0
    }
    fn peer(&self) -> Option<&Address> {
        self.1.as_ref()
    }
}

impl Outcome for Option<Address> {
    fn peer(&self) -> Option<&Address> {
        self.as_ref()
    }
}

impl Net {
    pub fn new() -> io::Result<Net> {
        let (interrupt, start) = (Interrupt::new(), Instant::now());
        Ok(Net {
            mode: Mode::Wait,
            ledger: Rc::default(),
            spare: Vec::new(),
            drained: Vec::new(),
            readiness: Readiness::default(),
            closed: Vec::new(),
            suspendable: false,
            asks: false,
            real_paths: false,
            poller: None,
            carried: None,
            deadline: None,
            signals: Signals::default(),
            children: Children::default(),
            interrupt,
            listener: None,
            failing: None,
            output_left: None,
            output_spent: false,
            seq: 0,
            workers: Workers::default(),
            walks: Walks::default(),
            start,
        })
    }

    /// Bytes of `spare`.
    pub const SPARE: usize = 1 << 13;

    /// Room of `SPARE` bytes for a read, to be given back.
    #[inline]
    pub fn take_spare(&mut self) -> Vec<u8> {
        let mut spare = std::mem::take(&mut self.spare);
        if spare.is_empty() {
            spare.resize(Net::SPARE, 0);
        }
        spare
    }

    /// Installs who is told of each call, or nobody.
    pub fn listen(&mut self, listener: Option<Listener>) {
        self.listener = listener;
    }

    pub fn interrupt(&self) -> &Interrupt {
        &self.interrupt
    }

    /// The descriptor is closed, or about to be: who waits for it is woken, and what was known of it is forgotten.
    pub fn forget(&mut self, fd: RawFd) {
        self.readiness.forget(fd);
        if self.mode == Mode::Try {
            self.closed.push(fd);
        }
    }

    /// The deadline of the call that was just told to wait, if its socket has a time limit.
    pub fn take_deadline(&mut self) -> Option<Instant> {
        self.deadline.take()
    }

    /// Sets the deadline of the call that is about to be made again, or forgets it.
    pub fn carry(&mut self, deadline: Option<Instant>) {
        self.carried = deadline;
    }

    /// The deadline of the call that runs, if it was told to wait before: then it goes on, and does not begin anew.
    pub fn take_carried(&mut self) -> Option<Instant> {
        self.carried.take()
    }

    /// Whether a port's read is known to find nothing, and to wait for as long as it takes.
    #[inline]
    pub fn must_wait(&mut self, fd: RawFd) -> bool {
        let waits = self.mode == Mode::Try
            && self.readiness.must_wait(fd, true)
            && self.carried.is_none()
            && self.failing.is_none()
            && !self.interrupt.is_raised();
        if waits {
            self.deadline = None;
        }
        waits
    }

    /// Whether the engine itself lives on this descriptor.
    pub fn owns(&self, fd: RawFd) -> bool {
        self.interrupt.owns(fd) || self.poller == Some(fd)
    }

    /// Makes one socket call: repeated after signals, waiting as it may, reported once when finished.
    /// `attempt` gets the data and whether it must not block.
    #[inline]
    pub fn call<T: Outcome>(
        &mut self,
        call: Call<'_>,
        attempt: impl FnMut(&mut Data<'_>, bool) -> io::Result<T>,
    ) -> Result<T> {
        match &self.listener {
            Some(_) => self.reported(call, attempt),
            None if self.output_left.is_some() => self.metered(call, attempt),
            None => {
                let mut call = call;
                self.perform(&mut call, attempt)
            }
        }
    }

    /// A call that moves bytes, where its own time counts: made at once if it may block, and neither is anybody told of it nor is
    /// anything limited. None: it has to be made by `call`, which then meets the error that this attempt has met.
    #[inline(always)]
    pub(super) fn at_once(&mut self, attempt: impl FnOnce() -> io::Result<usize>) -> Option<usize> {
        if self.mode != Mode::Block || !self.is_plain() {
            return None;
        }
        attempt().map_err(|error| self.note_failure(number_of(&error))).ok()
    }

    /// The same for a port, which waits whatever the script has asked for, and whose calls are tried where others may run
    /// meanwhile. `attempt` is told whether it must not block.
    #[inline(always)]
    pub(super) fn at_once_for_port(
        &mut self,
        fd: RawFd,
        interest: Interest,
        attempt: impl FnOnce(bool) -> io::Result<usize>,
    ) -> Option<usize> {
        if self.mode == Mode::Wait || !self.is_plain() {
            return None;
        }
        let tries = self.mode == Mode::Try;
        if tries {
            self.readiness.pass();
        }
        attempt(tries).map_err(|error| self.note_refusal(fd, interest, number_of(&error))).ok()
    }

    #[cold]
    fn note_refusal(&mut self, fd: RawFd, interest: Interest, errno: c_int) {
        match errno {
            libc::EAGAIN => self.readiness.note_refusal(fd, interest),
            _ => self.note_failure(errno),
        }
    }

    /// EAGAIN, too: there the script asked for non-blocking, or for a time limit.
    #[cold]
    fn note_failure(&mut self, errno: c_int) {
        if errno != libc::EINTR {
            self.failing = Some((0, errno));
        }
    }

    /// Whether the next call is to be made as it is.
    #[inline(always)]
    fn is_plain(&self) -> bool {
        self.listener.is_none() && self.output_left.is_none() && self.failing.is_none() && !self.interrupt.is_raised()
    }

    /// The same where the time of the call itself counts: the usual case is written out at the place of the call, so that
    /// what only the others need is not even put together.
    #[inline(always)]
    pub fn call_briefly<T: Outcome>(
        &mut self,
        mut call: Call<'_>,
        mut attempt: impl FnMut(&mut Data<'_>, bool) -> io::Result<T>,
    ) -> Result<T> {
        if self.mode != Mode::Wait && self.is_plain() {
            let tries = self.mode == Mode::Try;
            if tries {
                if self.is_dry(&call) {
                    return self.hold_and_repeat(call, attempt, libc::EAGAIN);
                }
                self.readiness.pass();
            }
            return match attempt(&mut call.data, tries && call.waits != Waits::Never) {
                Ok(value) => Ok(value),
                Err(error) => self.hold_and_repeat(call, attempt, number_of(&error)),
            };
        }
        self.call(call, attempt)
    }

    /// Goes on after a call has answered `errno`.
    #[inline(never)]
    fn hold_and_repeat<T: Outcome>(
        &mut self,
        mut call: Call<'_>,
        attempt: impl FnMut(&mut Data<'_>, bool) -> io::Result<T>,
        errno: c_int,
    ) -> Result<T> {
        if errno != libc::EINTR {
            self.hold(&call, errno)?;
        }
        self.perform(&mut call, attempt)
    }

    /// The same for calls that are none of the network's: files and terminals.
    pub fn quietly<T>(
        &mut self,
        mut call: Call<'_>,
        attempt: impl FnMut(&mut Data<'_>, bool) -> io::Result<T>,
    ) -> Result<T> {
        let charged = self.charge(&call.data)?;
        let answer = self.perform(&mut call, attempt);
        self.refund(if answer.is_ok() { 0 } else { charged });
        answer
    }

    /// The same for the network's, where what was not taken does not count.
    #[cold]
    fn metered<T: Outcome>(
        &mut self,
        mut call: Call<'_>,
        attempt: impl FnMut(&mut Data<'_>, bool) -> io::Result<T>,
    ) -> Result<T> {
        let charged = self.charge(&call.data)?;
        let answer = self.perform(&mut call, attempt);
        let moved = answer.as_ref().map_or(0, |value| value.moved() as u64);
        self.refund(charged.saturating_sub(moved));
        answer
    }

    fn refund(&mut self, bytes: u64) {
        if let Some(left) = &mut self.output_left {
            *left = left.saturating_add(bytes);
        }
    }

    /// Counts what is about to be written, if that is limited.
    fn charge(&mut self, data: &Data<'_>) -> Result<u64> {
        if let Data::Out(bytes) = data { self.pay(bytes.len()) } else { Ok(0) }
    }

    /// The same for bytes that only pass through. The answer is how many were counted.
    pub fn pay(&mut self, bytes: usize) -> Result<u64> {
        let Some(left) = self.output_left else { return Ok(0) };
        let size = bytes as u64;
        match left.checked_sub(size) {
            Some(left) => {
                self.output_left = Some(left);
                Ok(size)
            }
            None => {
                self.output_spent = true;
                self.interrupt.mark();
                Err(Stop::Interrupted)
            }
        }
    }

    /// How many of so many bytes may still be written, for who asks for more than there may be. If none: that was too much.
    pub fn room_for(&mut self, bytes: usize) -> Result<usize> {
        match self.output_left {
            Some(0) if bytes > 0 => self.pay(bytes).map(|_| 0),
            Some(left) => Ok(bytes.min(usize::try_from(left).unwrap_or(usize::MAX))),
            None => Ok(bytes),
        }
    }

    #[cold]
    fn reported<T: Outcome>(
        &mut self,
        mut call: Call<'_>,
        attempt: impl FnMut(&mut Data<'_>, bool) -> io::Result<T>,
    ) -> Result<T> {
        let charged = self.charge(&call.data)?;
        // Asked before the call, because close leaves nobody to ask.
        let before = kind(call.fd);
        let began = Instant::now();
        let outcome = self.perform(&mut call, attempt);
        let duration = began.elapsed();
        let moved = outcome.as_ref().map_or(0, |value| value.moved() as u64);
        self.refund(charged.saturating_sub(moved));
        let result = match &outcome {
            Ok(value) => Ok(value.number()),
            Err(Stop::Wait(..) | Stop::Later(_)) => return outcome,
            Err(Stop::Interrupted) => Err(libc::EINTR),
            Err(Stop::Failed(error)) => Err(error.errno().unwrap_or(0)),
        };
        let made = outcome.as_ref().ok().and_then(Outcome::made);
        let (family, style) = made.map_or(before, kind);
        let bytes = outcome.as_ref().map_or(0, Outcome::moved);
        let seen = call.data.bytes();
        let event = Event {
            seq: self.seq,
            t: began.duration_since(self.start),
            call: call.name,
            fd: if call.fd < 0 { made.unwrap_or(-1) } else { call.fd },
            family,
            style,
            args: call.args,
            result,
            duration,
            size: seen.len(),
            bytes,
            head: &seen[..bytes.min(seen.len()).min(HEAD)],
            peer: outcome.as_ref().ok().and_then(Outcome::peer),
        };
        self.seq += 1;
        if let Some(listener) = &mut self.listener {
            listener(&event);
        }
        outcome
    }

    /// Tells the listener of a look-up that began then and has now ended, perhaps with an EAI_ number. It is no system
    /// call, and others run while it takes its time.
    pub fn looked_up(
        &mut self,
        call: &'static str,
        args: &[(&'static str, Arg<'_>)],
        began: Instant,
        result: std::result::Result<i64, i32>,
    ) {
        let Some(listener) = &mut self.listener else { return };
        listener(&Event {
            seq: self.seq,
            t: began.duration_since(self.start),
            call,
            fd: -1,
            family: None,
            style: None,
            args,
            result,
            duration: began.elapsed(),
            size: 0,
            bytes: 0,
            head: &[],
            peer: None,
        });
        self.seq += 1;
    }

    fn perform<T>(
        &mut self,
        call: &mut Call<'_>,
        mut attempt: impl FnMut(&mut Data<'_>, bool) -> io::Result<T>,
    ) -> Result<T> {
        let waits = call.waits != Waits::Never;
        if self.failing.is_some() && self.fails_now() {
            let errno = self.failing.take().map_or(libc::EIO, |(_, errno)| errno);
            return Err(Error::new(call.name, errno).into());
        }
        loop {
            if waits && self.interrupt.is_raised() {
                return Err(Stop::Interrupted);
            }
            let is_dry = self.mode == Mode::Try && self.is_dry(call);
            self.readiness.pass();
            let errno = match is_dry {
                true => libc::EAGAIN,
                false => match attempt(&mut call.data, waits && self.mode != Mode::Block) {
                    Ok(value) => return Ok(value),
                    Err(error) => number_of(&error),
                },
            };
            // Linux takes up a connect(2) that a signal broke off where it was, so it is repeated like any other call.
            if errno != libc::EINTR {
                self.hold(call, errno)?;
            } else if self.interrupt.ends_work() {
                return Err(Stop::Interrupted);
            }
        }
    }

    /// Whether it is known that there is nothing to read, or no room to write.
    #[inline(never)]
    fn is_dry(&self, call: &Call<'_>) -> bool {
        let (interest, patient) = match call.waits {
            Waits::For(interest) => (interest, false),
            Waits::Patiently(interest) => (interest, true),
            Waits::Never | Waits::Connect => return false,
        };
        interest == Interest::Read && self.readiness.is_dry(call.fd, patient)
            || patient && self.readiness.is_just_refused(call.fd, interest)
    }

    #[cold]
    fn fails_now(&mut self) -> bool {
        let Some((left, _)) = &mut self.failing else { return false };
        let now = *left == 0;
        *left = left.saturating_sub(1);
        now
    }

    /// After a call answered `errno`: returns when the call should be made again, else says why not.
    fn hold(&mut self, call: &Call<'_>, errno: c_int) -> Result<()> {
        let failed = || Err(Error::new(call.name, errno).into());
        let suspendable = self.suspendable;
        let (interest, patient) = match (call.waits, errno) {
            (Waits::For(interest), libc::EAGAIN) => (interest, false),
            (Waits::Patiently(interest), libc::EAGAIN) => (interest, true),
            (Waits::Connect, libc::EINPROGRESS | libc::EALREADY) => (Interest::Write, suspendable),
            (Waits::Connect, libc::EAGAIN) => return self.hold_for_queue(call, errno),
            _ => return failed(),
        };
        if self.mode == Mode::Try {
            return self.hold_back(call, errno, interest, patient);
        }
        let non_blocking = is_non_blocking(call.fd);
        if non_blocking && !patient {
            return failed();
        }
        match self.mode {
            _ if non_blocking && self.asks => Err(Stop::Wait(call.fd, interest)),
            Mode::Try => Err(Stop::Wait(call.fd, interest)),
            // A call that blocks and yet says EAGAIN ran into the socket's own time limit.
            Mode::Block if !non_blocking => failed(),
            Mode::Block | Mode::Wait => {
                let limit = if non_blocking { None } else { time_limit(call.fd, interest) };
                match self.wait(&[(call.fd, interest)], limit.map(|limit| Instant::now() + limit), call.name)? {
                    Woken::Interrupted => Err(Stop::Interrupted),
                    Woken::Deadline => failed(),
                    Woken::Ready(_) | Woken::Called => Ok(()),
                }
            }
        }
    }

    /// The same in `Mode::Try`, where the caller comes back: with what is known of the descriptor, so that a wait costs no
    /// system call beyond the attempt.
    fn hold_back(&mut self, call: &Call<'_>, errno: c_int, interest: Interest, patient: bool) -> Result<()> {
        let fd = call.fd;
        if !self.readiness.is_blocking(fd) {
            if !self.readiness.is_non_blocking(fd) && !is_non_blocking(fd) {
                self.readiness.note_blocking(fd, true);
            } else {
                self.readiness.note_blocking(fd, false);
            }
            if !self.readiness.is_blocking(fd) && !patient {
                return Err(Error::new(call.name, errno).into());
            }
        }
        let mut deadline = self.take_carried();
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Error::new(call.name, libc::EAGAIN).into());
        }
        if deadline.is_none() && self.readiness.is_blocking(fd) && !self.readiness.is_unlimited(fd) {
            match time_limit(fd, interest) {
                Some(limit) => deadline = Some(Instant::now() + limit),
                None if time_limit(fd, Interest::Read).or(time_limit(fd, Interest::Write)).is_none() => {
                    self.readiness.note_unlimited(fd)
                }
                None => {}
            }
        }
        self.deadline = deadline;
        Err(Stop::Wait(fd, interest))
    }

    /// A local listener's queue is full. The kernel lets a blocking connect sleep for room, but offers nothing to poll.
    fn hold_for_queue(&mut self, call: &Call<'_>, errno: c_int) -> Result<()> {
        const PAUSE: Duration = Duration::from_millis(5);
        if self.mode == Mode::Block || is_non_blocking(call.fd) {
            return Err(Error::new(call.name, errno).into());
        }
        if self.mode == Mode::Try {
            return Err(Stop::Later(PAUSE));
        }
        match self.wait(&[], Some(Instant::now() + PAUSE), call.name)? {
            Woken::Interrupted => Err(Stop::Interrupted),
            _ => Ok(()),
        }
    }

    /// Sleeps until one of `set` is ready, the deadline passes, or the engine is interrupted or called.
    pub fn wait(&mut self, set: &[(RawFd, Interest)], deadline: Option<Instant>, call: &'static str) -> Result<Woken> {
        poller::wait(&self.interrupt, set, deadline).map_err(|error| Error::from_io(call, &error).into())
    }

    /// A call that no signal would end, and for which there is nothing to wait for: made until it answers something.
    pub fn persist<T>(&mut self, call: &'static str, attempt: impl FnMut() -> io::Result<Option<T>>) -> Result<T> {
        poller::persist(&self.interrupt, attempt).map_err(|error| match error.raw_os_error() {
            Some(libc::EINTR) => Stop::Interrupted,
            _ => Error::from_io(call, &error).into(),
        })
    }
}

/// Family and style of a socket, for events only.
fn kind(fd: RawFd) -> (Option<c_int>, Option<c_int>) {
    let ask = |name| {
        let mut number = [0; 4];
        raw::get_option(fd, libc::SOL_SOCKET, name, &mut number).ok().map(|_| c_int::from_ne_bytes(number))
    };
    (ask(libc::SO_DOMAIN), ask(libc::SO_TYPE))
}

/// Whether O_NONBLOCK is set, which only a script does.
pub fn is_non_blocking(fd: RawFd) -> bool {
    status_flags(fd).is_ok_and(|flags| flags.contains(OFlag::O_NONBLOCK))
}

fn status_flags(fd: RawFd) -> io::Result<OFlag> {
    Ok(OFlag::from_bits_retain(fcntl(raw::borrow(fd)?, FcntlArg::F_GETFL)?))
}

/// Runs `action` with O_NONBLOCK set, and puts it back.
pub(super) fn while_non_blocking<T>(fd: RawFd, action: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let flags = status_flags(fd)?;
    if flags.contains(OFlag::O_NONBLOCK) {
        return action();
    }
    let borrowed = raw::borrow(fd)?;
    fcntl(borrowed, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    let answer = action();
    fcntl(borrowed, FcntlArg::F_SETFL(flags))?;
    answer
}

/// SO_RCVTIMEO or SO_SNDTIMEO: in `Mode::Wait` it is poll that must keep to it. None for no limit, or no socket.
fn time_limit(fd: RawFd, interest: Interest) -> Option<Duration> {
    let name = if interest == Interest::Write { libc::SO_SNDTIMEO } else { libc::SO_RCVTIMEO };
    let mut pair = [0; 16];
    raw::get_option(fd, libc::SOL_SOCKET, name, &mut pair).ok().filter(|length| *length == pair.len())?;
    let (seconds, micros) = (i64::from_ne_bytes(*pair.first_chunk()?), i64::from_ne_bytes(*pair.last_chunk()?));
    let limit = Duration::new(u64::try_from(seconds).ok()?, u32::try_from(micros).ok()?.checked_mul(1000)?);
    // Past a century is for ever, and keeps the sum with the clock's time in range.
    (!limit.is_zero() && limit.as_secs() < 3_000_000_000).then_some(limit)
}
