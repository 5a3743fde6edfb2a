//! The ledger of an engine's memory: what its data take in all, and the limit they must stay under.
//!
//! The heap enters its own memory and that of the Rust objects its values own; whoever keeps program data elsewhere (a
//! port's buffer as it grows, the names of symbols, source texts) enters it here, too. What was entered for Rust objects may
//! be too much, as nobody tells of a buffer that was given away: each major collection counts those anew.

use nix::libc::RLIM_INFINITY;
use nix::sys::resource::{Resource, getrlimit};
use std::cell::Cell;
use std::io::Write;
use std::rc::Rc;

pub const DEFAULT_LIMIT: usize = 1 << 30;

/// Bytes that a request may have to count as small.
const SMALL: usize = 1 << 12;
/// Bytes that a buffer may have to count as small.
const SMALL_BUFFER: usize = 1 << 18;

#[derive(Debug)]
pub struct Ledger {
    /// Old blocks and large objects of the heap.
    heap: Cell<usize>,
    /// Rust objects that belong to values.
    objects: Cell<usize>,
    /// Names, source texts, code.
    tables: Cell<usize>,
    limit: Cell<usize>,
    /// The most that the limit may be, where the system sets a bound to the process.
    room: Option<usize>,
    /// The system has refused memory.
    refused: Cell<bool>,
}

/// Ends the program when the system refuses memory that there is no way to do without. Nothing is allocated any more.
pub fn out_of_memory() -> ! {
    let _ = std::io::stderr().write_all(b"sockeye: the system has no memory left\n");
    std::process::exit(70)
}

/// What the process may still map, if somebody has set a bound to that: more than about half of it cannot be program data, for
/// which collections need room beside it.
fn system_room() -> Option<usize> {
    let (bound, _) = getrlimit(Resource::RLIMIT_AS).ok()?;
    let bound = usize::try_from(bound).ok().filter(|_| bound != RLIM_INFINITY)?;
    // The first number counts the pages that are mapped now.
    let mapped = std::fs::read_to_string("/proc/self/statm").ok();
    let pages: usize = mapped.and_then(|text| text.split(' ').next()?.parse().ok()).unwrap_or(0);
    Some(bound.saturating_sub(pages.saturating_mul(PAGE).saturating_add(ENGINE)) / 5 * 2)
}

/// The bytes of a page, at least.
const PAGE: usize = 4096;
/// What an engine maps for itself as it begins: its stack, and where new objects are made.
const ENGINE: usize = 160 << 20;

impl Default for Ledger {
    fn default() -> Ledger {
        let none = || Cell::new(0);
        let room = system_room();
        Ledger {
            heap: none(),
            objects: none(),
            tables: none(),
            limit: Cell::new(room.map_or(DEFAULT_LIMIT, |room| room.min(DEFAULT_LIMIT))),
            room,
            refused: Cell::new(false),
        }
    }
}

fn add(to: &Cell<usize>, bytes: usize) {
    to.set(to.get().saturating_add(bytes));
}

fn remove(from: &Cell<usize>, bytes: usize) {
    from.set(from.get().saturating_sub(bytes));
}

impl Ledger {
    /// All that is held, garbage included.
    pub fn held(&self) -> usize {
        self.heap.get().saturating_add(self.objects.get()).saturating_add(self.tables.get())
    }

    pub fn limit(&self) -> usize {
        self.limit.get()
    }

    pub fn set_limit(&self, bytes: usize) {
        self.limit.set(self.room.map_or(bytes, |room| room.min(bytes)));
    }

    /// Whether the system has refused memory since that was last dealt with.
    pub fn is_refused(&self) -> bool {
        self.refused.get()
    }

    pub fn set_refused(&self, refused: bool) {
        self.refused.set(refused);
    }

    /// Whether there is room for this many bytes more. Small requests may go somewhat past the limit: what handles the error
    /// of having passed it has to print, and to open ports, while all that is still alive.
    pub fn admits(&self, bytes: usize) -> bool {
        let reserve = if bytes <= SMALL { self.limit.get() / 4 } else { 0 };
        self.has(bytes, reserve)
    }

    fn has(&self, bytes: usize, reserve: usize) -> bool {
        self.held().saturating_add(bytes) <= self.limit.get().saturating_add(reserve)
    }

    pub fn heap(&self) -> usize {
        self.heap.get()
    }

    pub fn set_heap(&self, bytes: usize) {
        self.heap.set(bytes);
    }

    pub fn objects(&self) -> usize {
        self.objects.get()
    }

    pub fn add_object(&self, bytes: usize) {
        add(&self.objects, bytes);
    }

    pub fn remove_object(&self, bytes: usize) {
        remove(&self.objects, bytes);
    }

    pub fn set_objects(&self, bytes: usize) {
        self.objects.set(bytes);
    }

    pub fn add_table(&self, bytes: usize) {
        add(&self.tables, bytes);
    }

    pub fn remove_table(&self, bytes: usize) {
        remove(&self.tables, bytes);
    }

    /// Makes room in a buffer for `more` bytes, if the limit allows. It grows by half, as long as there is room for that.
    pub fn grow(&self, buffer: &mut Vec<u8>, more: usize) -> bool {
        let (held, length) = (buffer.capacity(), buffer.len());
        let least = length.saturating_add(more);
        if least <= held {
            return true;
        }
        let most = least.max(held + held / 2);
        // What has grown large by small steps is not small.
        let reserve = if least <= SMALL_BUFFER { self.limit.get() / 4 } else { 0 };
        let Some(room) = [most, least].into_iter().find(|room| self.has(room - held, reserve)) else { return false };
        buffer.reserve_exact(room - length);
        self.add_object(buffer.capacity() - held);
        true
    }
}

/// What a piece of work holds for the time it takes: entered in the ledger until this is dropped.
#[derive(Debug)]
pub struct Loan {
    ledger: Rc<Ledger>,
    bytes: usize,
    /// Taken and too little to be entered yet.
    small: usize,
}

impl Loan {
    pub fn new(ledger: &Rc<Ledger>) -> Loan {
        Loan { ledger: ledger.clone(), bytes: 0, small: 0 }
    }

    /// Takes this many bytes more, if the limit allows. Little by little is entered from time to time.
    #[inline]
    pub fn take(&mut self, bytes: usize) -> bool {
        self.small = self.small.saturating_add(bytes);
        self.small < SMALL_BUFFER || self.enter()
    }

    #[cold]
    fn enter(&mut self) -> bool {
        let fits = self.ledger.has(self.small, 0);
        let taken = std::mem::take(&mut self.small);
        if fits {
            self.ledger.add_table(taken);
            self.bytes += taken;
        }
        fits
    }

    /// Makes room in a list for `more` items, if the limit allows. It grows by half.
    #[inline]
    pub fn grow<T>(&mut self, list: &mut Vec<T>, more: usize) -> bool {
        list.capacity() - list.len() >= more || self.grow_slowly(list, more)
    }

    #[cold]
    fn grow_slowly<T>(&mut self, list: &mut Vec<T>, more: usize) -> bool {
        let step = (list.capacity() / 2).max(64).max(more);
        if !self.take(step.saturating_mul(size_of::<T>())) {
            return false;
        }
        list.reserve_exact(list.capacity() - list.len() + step);
        true
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        self.ledger.remove_table(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_grow_up_to_the_limit() {
        let ledger = Ledger::default();
        ledger.set_limit(1000);
        ledger.add_table(100);
        let mut buffer = Vec::new();
        while ledger.grow(&mut buffer, 10) {
            buffer.extend([0; 10]);
        }
        // A quarter of the limit is in reserve for small requests.
        assert!(buffer.len() == 1150 && ledger.held() <= 1250, "{} {}", buffer.len(), ledger.held());
        ledger.remove_table(50);
        assert!(ledger.grow(&mut buffer, 50) && !ledger.grow(&mut buffer, 53));
    }

    #[test]
    fn sizes_nobody_can_mean_are_refused() {
        let ledger = Ledger::default();
        ledger.add_object(1);
        assert!(!ledger.admits(usize::MAX) && !ledger.grow(&mut Vec::new(), usize::MAX));
    }
}
