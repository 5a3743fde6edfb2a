//! The walk of a collection: finds what is reachable, copies young objects and marks old ones (see collect.rs).
//!
//! A moved object leaves its new address behind: in its header word, or, for a pair, in its cdr with `MOVED` in its car.
//! Copied memory is scanned from front to back, and what was marked where it lies waits on a list: nothing recurses. Pairs and
//! objects stand side by side: a first word with the immediate tag and a kind in its second byte is a header, anything else a
//! pair.
//!
//! Weak entries (`Kind::Weak`) that are found stand aside until nothing else turns up. Then those whose weak parts have been
//! reached by another way are visited after all, which may make others reachable, and so on; what is left at the end is
//! emptied. So an entry whose value leads back to its own key does not keep itself alive. A minor collection takes what a
//! remembered slot of an entry names for reached: such an entry is emptied by a later major one. The entries of guardians are
//! not emptied: what nothing else has led to is given to the guardian, before others are emptied, and visited like the rest.
//!
//! Promise asked of roots: each slot is visited once per collection.
#![allow(unsafe_code)]

use super::code::Code;
use super::heap::*;
use super::word::*;

/// Words of a large object that are scanned before what they have led to.
const STRETCH: usize = 4096;

/// Objects that are scanned between two looks at the interrupt flag.
const BATCH: usize = 4096;

/// Old objects that are on their way into the cache while others are marked.
const AHEAD: usize = 16;

pub struct Tracer<'h> {
    heap: &'h mut Heap,
    major: bool,
    from_base: usize,
    /// Below this, young objects are old enough to leave.
    age_mark: usize,
    /// Where scanning has got to in the young half that is being filled.
    young_scan: *mut u64,
    /// Objects in old space found in a major collection, marked and not scanned.
    marked: Vec<*mut u64>,
    /// Large objects, with the word from which they are still to be scanned.
    large: Vec<(*mut u64, usize)>,
    code: Vec<*mut Code>,
    externals: Vec<usize>,
    /// Words copied into old space.
    promoted: usize,
    /// Something in old space has moved: the references to it must be found, all of them.
    moved_old: bool,
    /// Nothing in old space will move: whoever refers to something there need not wait until it is marked.
    stays: bool,
    /// What is old and will be marked: a queue in a ring, from the `first` that was put there to before the `last`.
    ahead: [Value; AHEAD],
    first: usize,
    last: usize,
    /// Where a minor collection begins, beside the roots.
    beginnings: Beginnings,
    /// Weak entries whose weak parts have not been looked at, and whether each is in old space.
    weak: Vec<(*mut u64, bool)>,
}

/// What may lead to young objects, and is not found by way of roots when old data is not visited.
#[derive(Default)]
pub(super) struct Beginnings {
    pub remembered: Vec<*mut u64>,
    pub large: Vec<*mut u64>,
    pub codes: Vec<*mut Code>,
    /// What was put straight into old space.
    pub stretches: Vec<(*mut u64, *mut u64)>,
}

/// What a walk goes by.
pub(super) struct Plan {
    pub major: bool,
    /// Nothing in old space will move.
    pub stays: bool,
    /// Where the young half begins that is left.
    pub from_base: usize,
    /// Below this, young objects are old enough to leave.
    pub age_mark: usize,
    pub beginnings: Beginnings,
}

/// What a walk has done.
pub(super) struct Walked {
    /// It has visited everything: it was not given up.
    pub major: bool,
    /// Words copied into old space.
    pub promoted: usize,
    pub moved_old: bool,
}

/// Modes of weak entries: which parts do not keep alive.
pub const WEAK_KEY: i64 = 1;
pub const WEAK_VALUE: i64 = 2;
/// A guardian watches over the key; and the key, which nothing else has led to, is the guardian's to give away.
pub const GUARDED: i64 = 4 | WEAK_KEY;
pub const GIVEN: i64 = 0;
/// The field of a weak table that counts the entries that have been emptied; of a guardian, those that were given to it.
pub const WEAK_TABLE_BROKEN: usize = 1;

impl Tracer<'_> {
    /// Visits what is reachable from the roots; young objects stay young at the heap's `top`.
    pub(super) fn walk(heap: &mut Heap, plan: Plan, roots: &mut dyn FnMut(&mut Tracer)) -> Walked {
        let Plan { major, stays, from_base, age_mark, beginnings } = plan;
        let mut tracer = Tracer {
            major,
            stays,
            from_base,
            age_mark,
            beginnings,
            young_scan: heap.top.get(),
            heap,
            marked: Vec::new(),
            large: Vec::new(),
            code: Vec::new(),
            externals: Vec::new(),
            weak: Vec::new(),
            promoted: 0,
            moved_old: false,
            ahead: [Value::FALSE; AHEAD],
            first: 0,
            last: 0,
        };
        roots(&mut tracer);
        if !major {
            tracer.begin_minor();
        }
        tracer.drain();
        tracer.settle_weak();
        Walked { major: tracer.major, promoted: tracer.promoted, moved_old: tracer.moved_old }
    }

    /// Whether values that have been old for long must be visited, too.
    pub fn is_major(&self) -> bool {
        self.major
    }

    /// Tells the collector of a value outside the heap, and updates it.
    #[inline]
    pub fn visit(&mut self, slot: &mut Value) {
        if slot.is_pointer() {
            *slot = self.forward(*slot);
        } else if let Some(found) = &mut self.heap.found_symbols
            && let Some(symbol) = slot.as_symbol().or(slot.as_keyword())
        {
            found.add(symbol);
        }
    }

    pub fn visit_all(&mut self, slots: &mut [Value]) {
        for slot in slots {
            self.visit(slot);
        }
    }

    #[inline]
    fn forward(&mut self, v: Value) -> Value {
        if (v.address() as usize).wrapping_sub(self.from_base) < HALF_WORDS * 8 {
            self.copy(v)
        } else if self.major {
            self.mark(v)
        } else {
            v
        }
    }

    /// Marks an old object when its memory has come: most of the time of marking much data would be waiting for it.
    #[inline(always)]
    fn mark_soon(&mut self, v: Value) {
        prefetch(v.address());
        prefetch(self.heap.old.mark_word(v.address()));
        if self.last - self.first == AHEAD {
            self.mark_first();
        }
        self.ahead[self.last % AHEAD] = v;
        self.last += 1;
    }

    /// Marks what is on its way for the longest time.
    #[inline(always)]
    fn mark_first(&mut self) {
        let v = self.ahead[self.first % AHEAD];
        self.first += 1;
        self.mark(v);
    }

    /// Where an object is now that has to leave its place.
    fn copy(&mut self, v: Value) -> Value {
        let at = v.address();
        let tag = v.tag();
        // SAFETY: `v` is a value of this heap, so `at` is its first word, readable also after it has moved.
        let first = unsafe { *at };
        let words = if tag == TAG_PAIR {
            if first == Value::MOVED.0 {
                // SAFETY: a pair has two words; the second is the new address.
                return unsafe { Value(*at.add(1)) };
            }
            2
        } else {
            if first & 7 != TAG_IMMEDIATE {
                return Value(first);
            }
            payload_words(first) + 1
        };
        let to = if self.major || (at as usize) < self.age_mark {
            self.promoted += words;
            let to = self.heap.old.allocate(words);
            if self.major {
                // SAFETY: room in old space.
                unsafe { self.heap.old.mark(to, words) };
            }
            to
        } else {
            self.bump_young(words)
        };
        // SAFETY: the object has `words` words, and so has its new place; they do not overlap. The forwarding marks are
        // written over the old copy, which nothing reads as an object any more.
        unsafe {
            let new = Value::from_address(to, tag);
            if tag == TAG_PAIR {
                *to = first;
                *to.add(1) = *at.add(1);
                *at = Value::MOVED.0;
                *at.add(1) = new.0;
            } else {
                std::ptr::copy_nonoverlapping(at, to, words);
                *at = new.0;
            }
            new
        }
    }

    /// Moves an object out of a block that is to be emptied.
    #[cold]
    fn move_old(&mut self, v: Value) -> Value {
        self.moved_old = true;
        self.copy(v)
    }

    /// Marks an object that is not young, in a major collection.
    fn mark(&mut self, v: Value) -> Value {
        let at = v.address();
        // SAFETY: a value of this heap that is not young lies in old space, or is a large object, whose header says so; a
        // header that was replaced by an address belongs to an object that has left its block.
        unsafe {
            if v.tag() == TAG_PAIR {
                if self.heap.old.is_leaving(at) {
                    return self.move_old(v);
                }
                if self.heap.old.mark(at, 2) {
                    self.marked.push(at);
                }
                return v;
            }
            let first = *at;
            if first & 7 != TAG_IMMEDIATE {
                return Value(first);
            }
            if first & FLAG_LARGE != 0 {
                if first & FLAG_MARKED == 0 {
                    *at = first | FLAG_MARKED;
                    self.large.push((at, 0));
                }
                return v;
            }
            if self.heap.old.is_leaving(at) {
                return self.move_old(v);
            }
            if self.heap.old.mark(at, payload_words(first) + 1) && header_kind_byte(first) >= Kind::Ratnum as u8 {
                self.marked.push(at);
            }
            v
        }
    }

    /// Room in the half being filled: what was in one half always fits into the other.
    fn bump_young(&mut self, words: usize) -> *mut u64 {
        let at = self.heap.top.get();
        self.heap.top.set(at.wrapping_add(words));
        at
    }

    /// Visits the values of the object or pair at `at`; returns how many words it has. `MARKING`: in a major collection in which
    /// nothing old moves.
    ///
    /// # Safety
    /// `at` is the first word of a live object that has not moved.
    #[inline(always)]
    unsafe fn scan<const MARKING: bool>(&mut self, at: *mut u64, old: bool) -> usize {
        // SAFETY: as promised by the caller; words of value kinds hold values.
        unsafe {
            let first = *at;
            if first & 7 == TAG_IMMEDIATE && header_kind_byte(first) >= Kind::Flonum as u8 {
                return self.scan_object::<MARKING>(at, first, old);
            }
            // The cdr first: of what waits to be scanned the last comes first, and a list waits better than its items do.
            self.scan_slot::<MARKING>(at.add(1), old);
            self.scan_slot::<MARKING>(at, old);
            2
        }
    }

    /// The same for an object with this header.
    ///
    /// # Safety
    /// As for `scan`.
    unsafe fn scan_object<const MARKING: bool>(&mut self, at: *mut u64, header: u64, old: bool) -> usize {
        let kind = header_kind_byte(header);
        let words = payload_words(header);
        if kind < Kind::Ratnum as u8 {
            return words + 1;
        }
        // SAFETY: as promised by the caller; words of value kinds hold values.
        unsafe {
            if self.major && kind == Kind::Closure as u8 {
                // Right before a closure's entry stands the address of its code.
                self.mark_code(*(*at.add(1) as *const u64).sub(1) as *mut Code);
            }
            if kind == Kind::Weak as u8 {
                self.weak.push((at, old));
                self.scan_slot::<MARKING>(at.add(4), old);
                return words + 1;
            }
            if self.major && kind == Kind::External as u8 {
                self.mark_external(Value(*at.add(1)).fixnum_value() as usize);
            }
            for index in 1..=words {
                self.scan_slot::<MARKING>(at.add(index), old);
            }
        }
        words + 1
    }

    /// Scans a stretch of a large object, from word `from`. The rest waits until all that was found is scanned, so that the list
    /// of what waits stays short.
    ///
    /// # Safety
    /// `at` is the first word of a live large object.
    unsafe fn scan_large(&mut self, at: *mut u64, from: usize) {
        // SAFETY: as promised by the caller; words of value kinds hold values.
        unsafe {
            let first = *at;
            let kind = header_kind_byte(first);
            if kind < Kind::Ratnum as u8 {
                return;
            }
            if kind == Kind::Closure as u8 && self.major {
                self.mark_code(*(*at.add(1) as *const u64).sub(1) as *mut Code);
            }
            let words = payload_words(first);
            let end = words.min(from + STRETCH);
            if end < words {
                self.large.push((at, end));
            }
            for index in from + 1..=end {
                if self.is_marking() {
                    self.scan_slot::<true>(at.add(index), true);
                } else {
                    self.scan_slot::<false>(at.add(index), true);
                }
            }
        }
    }

    /// Whether this is a major collection in which nothing old moves.
    fn is_marking(&self) -> bool {
        self.major && self.stays
    }

    /// # Safety
    /// `slot` is a word that holds a value.
    #[inline(always)]
    unsafe fn scan_slot<const MARKING: bool>(&mut self, slot: *mut u64, old: bool) {
        // SAFETY: as promised by the caller.
        let v = unsafe { Value(*slot) };
        if !v.is_pointer() {
            return;
        }
        if MARKING {
            if (v.address() as usize).wrapping_sub(self.from_base) < HALF_WORDS * 8 {
                // SAFETY: the same word.
                unsafe { *slot = self.copy(v).0 };
            } else {
                self.mark_soon(v);
            }
            return;
        }
        let new = self.forward(v);
        // What has not moved was visited through this very slot before: a slot can be remembered many times.
        if new != v {
            // SAFETY: the same word.
            unsafe { *slot = new.0 };
            if old && !self.major && self.heap.is_young(new.address()) {
                self.heap.remembered.get_mut().push(slot);
            }
        }
    }

    /// Whether a value is known to stay, this far into the collection.
    fn is_reached(&self, v: Value) -> bool {
        if !v.is_pointer() {
            return true;
        }
        let at = v.address();
        let is_from_half = (at as usize).wrapping_sub(self.from_base) < HALF_WORDS * 8;
        if !self.major && !is_from_half {
            return true;
        }
        // SAFETY: a value of this heap: its first word is readable, also after it has moved. What is neither young nor large
        // lies in old space.
        unsafe {
            let first = *at;
            if v.tag() == TAG_PAIR {
                if first == Value::MOVED.0 {
                    return true;
                }
            } else if first & 7 != TAG_IMMEDIATE {
                return true;
            } else if first & FLAG_LARGE != 0 {
                return first & FLAG_MARKED != 0;
            }
            !is_from_half && !self.heap.old.is_leaving(at) && self.heap.old.is_marked(at)
        }
    }

    /// Ends the walk: visits the entries of weak tables whose weak parts are reached, and empties the others.
    fn settle_weak(&mut self) {
        let mut open = Vec::new();
        loop {
            let found = std::mem::take(&mut self.weak);
            if found.is_empty() && open.is_empty() {
                return;
            }
            let mut progress = false;
            open.extend(found);
            let mut left = Vec::new();
            for (at, old) in open {
                // SAFETY: a weak entry that has been copied or marked: mode, key, value, next behind its header.
                let (mode, key, value) =
                    unsafe { (Value(*at.add(1)).fixnum_value(), Value(*at.add(2)), Value(*at.add(3))) };
                let stays = (mode & WEAK_KEY == 0 || self.is_reached(key))
                    && (mode & WEAK_VALUE == 0 || self.is_reached(value));
                if stays {
                    progress = true;
                    // SAFETY: the same words.
                    unsafe {
                        self.scan_slot::<false>(at.add(2), old);
                        self.scan_slot::<false>(at.add(3), old);
                    }
                } else {
                    left.push((at, old));
                }
            }
            open = left;
            self.drain();
            if !progress && self.weak.is_empty() && !self.give_to_guardians(&open) {
                break;
            }
        }
        for (at, _) in open {
            // SAFETY: the same words; the table, which has been visited, has a fixnum in that field.
            unsafe {
                *at.add(2) = Value::UNBOUND.0;
                *at.add(3) = Value::UNBOUND.0;
                count_one(at);
            }
        }
    }

    /// Gives the guardians among the owners of these entries what they watch over. Whether there was any.
    fn give_to_guardians(&mut self, entries: &[(*mut u64, bool)]) -> bool {
        let mut any = false;
        for &(at, _) in entries {
            // SAFETY: a weak entry as in `settle_weak`; its owner, which has been visited, has a fixnum in that field.
            unsafe {
                if Value(*at.add(1)) == Value::fixnum(GUARDED) {
                    *at.add(1) = Value::fixnum(GIVEN).0;
                    count_one(at);
                    any = true;
                }
            }
        }
        any
    }

    fn mark_code(&mut self, code: *mut Code) {
        // SAFETY: a closure's code is kept by the heap while the closure is reachable; the collector alone runs now.
        let code_ref = unsafe { &mut *code };
        if !code_ref.marked {
            code_ref.marked = true;
            self.code.push(code);
        }
    }

    fn mark_external(&mut self, index: usize) {
        let entry = &mut self.heap.externals.get_mut()[index];
        if !entry.marked {
            entry.marked = true;
            if entry.holds_values {
                self.externals.push(index);
            }
        }
    }

    fn trace_external(&mut self, index: usize) {
        let Some(mut object) = self.heap.externals.get_mut()[index].object.take() else { return };
        object.trace(self);
        self.heap.externals.get_mut()[index].object = Some(object);
    }

    fn visit_code(&mut self, code: *mut Code) {
        // SAFETY: see `mark_code`.
        let constants = unsafe { (*code).constant_words() };
        for word in constants {
            let mut constant = Value(*word);
            self.visit(&mut constant);
            *word = constant.0;
        }
    }

    /// Goes on from where a minor collection begins.
    fn begin_minor(&mut self) {
        let Beginnings { remembered, large, codes, stretches } = std::mem::take(&mut self.beginnings);
        for slot in remembered {
            // SAFETY: a slot of an old or large object, which only a major collection moves or frees.
            unsafe { self.scan_slot::<false>(slot, true) };
        }
        for (mut at, end) in stretches {
            while at < end {
                // SAFETY: the stretch consists of whole objects.
                at = at.wrapping_add(unsafe { self.scan::<false>(at, true) });
            }
        }
        // SAFETY: large objects are freed by major collections only.
        self.large.extend(large.iter().map(|&at| (at, 0)));
        for code in codes {
            self.visit_code(code);
        }
        let touched = std::mem::take(self.heap.touched_externals.get_mut());
        for index in touched {
            let entry = &mut self.heap.externals.get_mut()[index];
            entry.visits = entry.visits.saturating_sub(1);
            if entry.visits > 0 {
                self.heap.touched_externals.get_mut().push(index);
            }
            self.trace_external(index);
        }
    }

    /// Makes a major collection a minor one: all that is old counts as alive.
    #[cold]
    fn give_up(&mut self) {
        self.major = false;
        self.first = self.last;
        self.marked.clear();
        self.large.clear();
        self.code.clear();
        self.externals.clear();
        for piece in self.heap.large.get_mut() {
            // SAFETY: the first word of a large object is its header.
            unsafe { *piece.base &= !FLAG_MARKED };
        }
        self.heap.codes.get_mut().iter_mut().for_each(|code| code.marked = false);
        self.heap.externals.get_mut().iter_mut().for_each(|entry| entry.marked = false);
        self.heap.old.give_up_major();
        self.begin_minor();
    }

    /// Scans what has been copied until nothing new turns up.
    fn drain(&mut self) {
        loop {
            let mut quiet = if self.is_marking() { self.drain_old::<true>() } else { self.drain_old::<false>() };
            while self.young_scan < self.heap.top.get() && !self.major {
                quiet = false;
                // SAFETY: the half is filled with whole objects up to `top`.
                let words = unsafe { self.scan::<false>(self.young_scan, false) };
                self.young_scan = self.young_scan.wrapping_add(words);
            }
            if self.major && !self.moved_old && self.heap.control.interrupted() && !self.heap.stress {
                self.give_up();
                continue;
            }
            if let Some((at, from)) = self.large.pop() {
                quiet = false;
                // SAFETY: a large object that is alive.
                unsafe { self.scan_large(at, from) };
            }
            while let Some(code) = self.code.pop() {
                quiet = false;
                self.visit_code(code);
            }
            while let Some(index) = self.externals.pop() {
                quiet = false;
                self.trace_external(index);
            }
            if quiet {
                break;
            }
        }
    }

    /// Scans some of what was found in old space, and all of what was put there; answers whether there was none.
    fn drain_old<const MARKING: bool>(&mut self) -> bool {
        let mut quiet = true;
        for _ in 0..BATCH {
            while self.marked.is_empty() && self.first < self.last {
                self.mark_first();
            }
            let Some(at) = self.marked.pop() else { break };
            quiet = false;
            // SAFETY: an object in old space that is alive.
            unsafe { self.scan::<MARKING>(at, true) };
        }
        while let Some((mut at, end)) = self.heap.old.next_unscanned() {
            quiet = false;
            while at < end {
                // SAFETY: the stretch consists of whole objects.
                at = at.wrapping_add(unsafe { self.scan::<MARKING>(at, true) });
            }
        }
        quiet
    }
}

/// Asks the processor for memory that will be read soon.
#[inline(always)]
fn prefetch(_at: *const u64) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, allowed for any address.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(_at.cast())
    };
}

/// Tells the owner of a weak entry that it was emptied or given away.
///
/// # Safety
/// The entry's owner has been visited, and has a fixnum in that field.
unsafe fn count_one(entry: *mut u64) {
    // SAFETY: as promised by the caller; the owner stands in the entry's last word.
    unsafe {
        let count = Value(*entry.add(4)).address().add(1 + WEAK_TABLE_BROKEN);
        *count = Value::fixnum(Value(*count).fixnum_value() + 1).0;
    }
}
