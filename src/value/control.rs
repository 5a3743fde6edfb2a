//! The check word: the one counter that the run loop lowers at every call and backward jump.
//!
//! Whoever wants the vm's attention (the heap for a collection, a signal, a limit) sets a flag and calls `hurry`; the
//! counter then runs out at the next safepoint, where the vm takes the flags. `held` keeps the ticks that were not
//! used, so that counting steps stays exact.

use crate::net::interrupt::Interrupt;
use std::cell::Cell;
use std::fmt;

/// Ticks between two looks at what other threads and signals may have set: about a tenth of a millisecond of work.
pub const SLICE: i64 = 10_000;

/// A bound of the host's that a run came to.
///
/// ```
/// use sockeye::{Engine, ErrorKind, Limit};
/// let mut engine = Engine::builder().steps(100_000).output_size(10).capture_output().build()?;
/// let mut kind = |text: &str| engine.eval::<()>(text).unwrap_err().kind();
/// assert_eq!(kind("(let loop () (loop))"), ErrorKind::Limit(Limit::Steps));
/// assert_eq!(kind("(let loop () (display \"more\") (flush-output-port) (loop))"), ErrorKind::Limit(Limit::Output));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Limit {
    Steps,
    Time,
    Output,
    /// The program's answer to the error of being too deep in calls was to go deeper.
    Depth,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Limit::Steps => "the program has used up its steps",
            Limit::Time => "the program has used up its time",
            Limit::Output => "the program has written as much as it may",
            Limit::Depth => "calls are nested too deeply",
        })
    }
}

pub struct Control {
    pub ticks: Cell<i64>,
    held: Cell<i64>,
    /// Ticks of the run's budget beyond the present stretch.
    fuel: Cell<i64>,
    /// What the last budget's run left of it.
    left: Cell<i64>,
    /// What the run came to, until the next one begins.
    spent: Cell<Option<Limit>>,
    depth: Cell<bool>,
    collect: Cell<bool>,
    /// The collection that is wanted waits for the end of the stretch: an interrupt comes first.
    put_off: Cell<bool>,
    memory: Cell<bool>,
    /// Raised by Ctrl-C and by other threads; the engine's, once it has one.
    pub interrupt: Option<Interrupt>,
}

impl Default for Control {
    fn default() -> Control {
        Control {
            ticks: Cell::new(SLICE),
            held: Cell::new(0),
            fuel: Cell::new(i64::MAX),
            left: Cell::new(0),
            spent: Cell::new(None),
            depth: Cell::new(false),
            collect: Cell::new(false),
            put_off: Cell::new(false),
            memory: Cell::new(false),
            interrupt: None,
        }
    }
}

impl Control {
    /// Makes the next safepoint look at the flags.
    pub fn hurry(&self) {
        if self.ticks.get() > 0 {
            self.held.set(self.held.get() + self.ticks.get());
            self.ticks.set(0);
        }
    }

    /// Ticks left of the present stretch, the held ones included.
    pub fn ticks_left(&self) -> i64 {
        self.ticks.get() + self.held.get()
    }

    pub fn request_collection(&self) {
        self.collect.set(true);
        if !self.put_off.get() {
            self.hurry();
        }
    }

    /// Lets what follows an interrupt be done before data is collected.
    pub fn put_off_collection(&self) {
        self.put_off.set(true);
    }

    /// The live data is past its limit: the next safepoint raises an error.
    pub fn report_memory(&self) {
        self.memory.set(true);
        self.hurry();
    }

    /// Goes on after a safepoint; true if a stretch of ticks was used up, and the next one begins.
    pub fn restart(&self) -> bool {
        // The tick that led here counts: it has made the counter negative.
        let left = self.held.replace(0) + self.ticks.get().min(0);
        if left >= 0 {
            self.ticks.set(left);
            return false;
        }
        self.put_off.set(false);
        match self.fuel.get() {
            i64::MAX => self.ticks.set(SLICE),
            // The tick that began this stretch is the first of it.
            fuel if fuel > 0 => self.refuel(fuel - 1),
            _ => {
                self.spent.set(Some(Limit::Steps));
                self.ticks.set(SLICE);
            }
        }
        true
    }

    fn refuel(&self, fuel: i64) {
        let stretch = fuel.min(SLICE);
        self.ticks.set(stretch);
        self.fuel.set(fuel - stretch);
    }

    /// How many steps the last run with a budget did not spend.
    pub fn steps_left(&self) -> i64 {
        self.left.get()
    }

    /// A run begins, with so many ticks to spend.
    pub fn begin(&self, steps: Option<u64>) {
        let fuel = self.fuel.get();
        if fuel < i64::MAX {
            self.left.set(fuel + self.ticks_left());
        }
        self.spent.set(None);
        self.depth.set(false);
        self.put_off.set(false);
        self.held.set(0);
        match steps.and_then(|steps| i64::try_from(steps).ok()).filter(|steps| *steps < i64::MAX) {
            Some(steps) => self.refuel(steps),
            None => {
                self.fuel.set(i64::MAX);
                self.ticks.set(SLICE);
            }
        }
        if self.collect.get() || self.memory.get() {
            self.hurry();
        }
    }

    /// The run is over at the next safepoint.
    pub fn spend(&self, limit: Limit) {
        if self.spent.get().is_none() {
            self.spent.set(Some(limit));
        }
        self.hurry();
    }

    /// The bound that the run came to.
    #[inline]
    pub fn limit(&self) -> Option<Limit> {
        match &self.interrupt {
            Some(interrupt) if interrupt.was_late() => Some(Limit::Time),
            _ => self.spent.get(),
        }
    }

    /// Calls are nested too deeply: the next safepoint raises an error.
    pub fn report_depth(&self) {
        self.depth.set(true);
        self.hurry();
    }

    pub fn take_depth(&self) -> bool {
        self.depth.replace(false)
    }

    pub fn take_collection(&self) -> bool {
        !self.put_off.get() && self.collect.replace(false)
    }

    pub fn take_memory(&self) -> bool {
        self.memory.replace(false)
    }

    /// Lowers the flag: the interrupt is being dealt with.
    pub fn acknowledge_interrupt(&self) {
        if let Some(interrupt) = &self.interrupt {
            interrupt.acknowledge();
        }
    }

    /// Handlers of signals and other asyncs are about to run.
    pub fn acknowledge_asyncs(&self) {
        if let Some(interrupt) = &self.interrupt {
            interrupt.acknowledge_asyncs();
        }
    }

    /// Whether anything is to be done at the next safepoint that did not come from this thread.
    #[inline(always)]
    pub fn is_called(&self) -> bool {
        self.interrupt.as_ref().is_some_and(Interrupt::is_called)
    }

    /// Whether calls were reported that nobody has told of; the mark is lowered.
    pub fn take_news(&self) -> bool {
        self.interrupt.as_ref().is_some_and(Interrupt::take_news)
    }

    /// Whether the program is to stop what it does. Signals that it handles are no reason to leave a computation.
    #[inline(always)]
    pub fn interrupted(&self) -> bool {
        self.spent.get().is_some() || self.interrupt.as_ref().is_some_and(Interrupt::is_break)
    }
}
