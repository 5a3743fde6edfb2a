//! The check word: the one counter that the run loop lowers at every call and backward jump.
//!
//! Whoever wants the vm's attention (the heap for a collection, a signal, a limit) sets a flag and calls `hurry`; the
//! counter then runs out at the next safepoint, where the vm takes the flags. `held` keeps the ticks that were not
//! used, so that counting steps stays exact.

use crate::net::interrupt::Interrupt;
use std::cell::Cell;

/// Ticks between two looks at what other threads and signals may have set: about a tenth of a millisecond of work.
pub const SLICE: i64 = 10_000;

pub struct Control {
    pub ticks: Cell<i64>,
    held: Cell<i64>,
    collect: Cell<bool>,
    memory: Cell<bool>,
    /// Raised by Ctrl-C and by other threads; the engine's, once it has one.
    pub interrupt: Option<Interrupt>,
}

impl Default for Control {
    fn default() -> Control {
        Control {
            ticks: Cell::new(SLICE),
            held: Cell::new(0),
            collect: Cell::new(false),
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
        self.hurry();
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
        self.ticks.set(if left > 0 { left } else { SLICE });
        left <= 0
    }

    pub fn take_collection(&self) -> bool {
        self.collect.replace(false)
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
        self.interrupt.as_ref().is_some_and(Interrupt::is_break)
    }
}
