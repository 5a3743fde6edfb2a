//! The collector: precise, generational, marking old data where it lies.
//!
//! A minor collection copies what is reachable in the young half in use: objects that had survived one collection before
//! go to old space, the others to the other half. A major one copies all young objects to old space, marks what is reachable
//! there and among the large objects, moves what lies in nearly empty blocks (see old.rs), and frees the rest.
//! Reachable means from the roots, and, for a minor collection, from remembered slots, and from large objects and code made
//! since the last collection. What finds no room among the young goes straight to old space: young values in it are remembered as
//! soon as a stretch of it is full, while a builtin works that can be interrupted, or else the stretch is visited whole.
//!
//! A major collection of much data takes long. When the program is interrupted meanwhile, it is given up and ends as a minor one:
//! nothing old is freed. That goes as long as nothing old has moved.
#![allow(unsafe_code)]

use super::code::Code;
use super::external::{External, Panic, cost};
use super::heap::*;
use super::old::POISON;
use super::tracer::{Beginnings, Plan, Tracer, Walked};
use super::word::*;
use crate::symbol::Found;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Instant;

/// Live bytes up to which four times as much may be held before the next major collection; beyond, twice as much.
const MUCH: usize = 288 << 20;

/// What is made at least between two major collections.
const STEP: usize = 1 << 20;

impl Heap {
    /// Collects. `roots` visits every value held outside the heap, each slot once.
    pub fn collect(&mut self, major: bool, roots: &mut dyn FnMut(&mut Tracer)) {
        let began = Instant::now();
        self.taken += self.fresh_bytes() as u64;
        self.drop_discarded();
        let major = major || self.force_major.get() || self.is_major_due();
        let mut stretches = self.old.begin();
        stretches.append(self.unremembered.get_mut());
        // To look at what is new and old at once can take longer than to mark all that is alive.
        let fresh: usize = stretches.iter().map(|&(from, to)| to as usize - from as usize).sum();
        let major = major || fresh > self.old.used() / 4;
        self.epoch += 1;
        let from_half = self.half;
        let from_top = self.top.get();
        let from_base = self.half_base(from_half);
        let to_base = self.half_base(1 - from_half);
        self.top.set(to_base);
        let beginnings = Beginnings {
            stretches,
            remembered: std::mem::take(self.remembered.get_mut()),
            large: std::mem::take(self.new_large.get_mut()),
            codes: std::mem::take(self.new_codes.get_mut()),
        };
        let new_codes = beginnings.codes.clone();
        let plan = Plan {
            major,
            stays: !(major && self.old.begin_major(self.stress)),
            from_base: from_base as usize,
            // Where nearly everything survives, to copy it twice is wasted.
            age_mark: if self.most_survive { from_top } else { self.age_mark } as usize,
            beginnings,
        };
        // It may have been given up.
        let Walked { major, promoted, moved_old } = Tracer::walk(self, plan, roots);
        self.old_moves += u64::from(moved_old);
        let survived = (self.top.get() as usize - to_base as usize) / 8 + promoted;
        self.most_survive = survived > (from_top as usize - from_base as usize) / 8 / 2;
        if major {
            self.major_collections += 1;
            self.sweep_large();
            let ledger = &self.ledger;
            self.codes.get_mut().retain_mut(|code| {
                let alive = std::mem::take(&mut code.marked);
                if !alive {
                    ledger.remove_table(code.weight());
                }
                alive
            });
            self.force_major.set(false);
        } else {
            self.minor_collections += 1;
            if self.ledger.is_refused() {
                self.control.request_collection();
            }
            // Constants that are still young must be visited again.
            let young_constant = |heap: &Heap, code: &mut Code| {
                let is_young = |v: Value| v.is_pointer() && heap.is_young(v.address());
                code.constant_words().iter().any(|&word| is_young(Value(word)))
            };
            let mut kept = new_codes;
            // SAFETY: code is freed by major collections only.
            kept.retain(|&code| young_constant(self, unsafe { &mut *code }));
            *self.new_codes.get_mut() = kept;
        }
        let dead = self.take_dead_externals(major);
        let poison = self.stress || cfg!(debug_assertions);
        if major {
            self.old.sweep(poison);
            let found = self.found_symbols.take().and_then(|found| self.find_symbols(found));
            // Whoever has them go through their symbols plans then: there is less held.
            if found.is_none() {
                self.plan_next_major();
            }
            self.found_symbols = found;
        } else {
            self.found_symbols = None;
        }
        self.objects_then = self.ledger.objects();
        self.half = 1 - from_half;
        self.age_mark = self.top.get();
        if poison {
            // Whoever kept a value over the collection without being a root reads nonsense now, not something plausible.
            let words = (from_top as usize - from_base as usize) / 8;
            for index in 0..words.min(NURSERY_WORDS) {
                // SAFETY: the half that was left; everything alive has moved out.
                unsafe { *from_base.add(index) = POISON };
            }
        }
        let end = self.half_base(self.half).wrapping_add(HALF_WORDS);
        self.limit.set(self.top.get().wrapping_add(NURSERY_WORDS).min(end));
        self.used_then = self.used_bytes();
        self.collecting += began.elapsed();
        // Nothing is half done here any more, whatever they do.
        self.panic = drop_each(dead).or(self.panic.take());
    }

    /// Remembers the young values in what was put straight into old space, hole by hole while a builtin works, so that the
    /// collection after it need not look at all of that at once.
    #[cold]
    pub(super) fn remember_closed(&self) {
        let mut remembered = self.remembered.borrow_mut();
        for (from, end) in self.old.take_closed() {
            let before = remembered.len();
            let mut note = |slot: *mut u64| {
                // SAFETY: a word that holds a value.
                if self.is_young_value(unsafe { Value(*slot) }) {
                    remembered.push(slot);
                }
            };
            let mut at = from;
            while at < end {
                // SAFETY: whole objects, filled, stand from one address to the other; those of value kinds hold values.
                let first = unsafe { *at };
                let kind = header_kind_byte(first);
                if first & 7 != TAG_IMMEDIATE || kind < Kind::Flonum as u8 {
                    note(at);
                    note(at.wrapping_add(1));
                    at = at.wrapping_add(2);
                    continue;
                }
                let words = payload_words(first);
                if kind >= Kind::Ratnum as u8 {
                    (1..=words).for_each(|index| note(at.wrapping_add(index)));
                }
                at = at.wrapping_add(words + 1);
            }
            if remembered.len() - before > (end as usize - from as usize) / 8 / 16 {
                remembered.truncate(before);
                self.unremembered.borrow_mut().push((from, end));
            }
        }
    }

    /// Frees the cells that were given up since the last collection.
    fn drop_discarded(&mut self) {
        for at in std::mem::take(self.discarded.get_mut()) {
            self.new_large.get_mut().retain(|&new| new != at);
            let large = self.large.get_mut();
            // What grows is young among the large ones.
            if let Some(index) = large.iter().rposition(|piece| piece.base == at) {
                let piece = large.swap_remove(index);
                self.ledger.set_heap(self.ledger.heap() - piece.words * 8);
            }
        }
    }

    fn sweep_large(&mut self) {
        let mut live = 0;
        self.large.get_mut().retain_mut(|block| {
            // SAFETY: the block still exists; its first word is the header of the large object.
            let alive = unsafe { *block.base & FLAG_MARKED != 0 };
            if alive {
                // SAFETY: the same header.
                unsafe { *block.base &= !FLAG_MARKED };
                live += block.words * 8;
            }
            alive
        });
        self.ledger.set_heap(self.old.used() + live);
    }

    /// Enters the symbols that objects name, right after a major collection has entered those that others name. Nothing if
    /// the program was interrupted before all were.
    fn find_symbols(&mut self, mut found: Found) -> Option<Found> {
        let mut look = |word: u64| {
            if let Some(symbol) = Value(word).as_symbol().or(Value(word).as_keyword()) {
                found.add(symbol);
            }
        };
        // SAFETY: the first word of a live object or pair; all its words are read.
        let mut scan = |at: *mut u64| unsafe {
            let first = *at;
            let kind = header_kind_byte(first);
            if first & 7 != TAG_IMMEDIATE || kind < Kind::Flonum as u8 {
                look(first);
                look(*at.add(1));
                return 2;
            }
            let words = payload_words(first);
            if kind >= Kind::Ratnum as u8 {
                (1..=words).for_each(|index| look(*at.add(index)));
            }
            words + 1
        };
        let control = &self.control;
        if !self.old.walk_marked(|| !control.interrupted(), &mut scan) {
            return None;
        }
        for piece in self.large.get_mut() {
            scan(piece.base);
        }
        Some(found)
    }

    /// What is alive after a major collection decides when the next one is due.
    pub fn plan_next_major(&mut self) {
        let (live, limit) = (self.ledger.held(), self.ledger.limit());
        if self.ledger.is_refused() {
            self.ledger.set_refused(false);
            if self.old.is_exhausted() {
                self.control.report_memory();
            }
        }
        // What was told of may stay alive while that is handled: it counts again only when it has grown. A collection comes when
        // so much more is held than would count that one is enough to tell: even if some of it turns out to be dead.
        let reserve = limit / 16;
        if live <= limit {
            (self.reported, self.ignored) = (0, 0);
        }
        let bound = limit.max(self.reported);
        self.next_major = if live > bound {
            self.control.report_memory();
            self.ignored = if self.reported > 0 { self.ignored + 1 } else { 0 };
            self.reported = live + reserve / 2;
            live + reserve.max(STEP)
        } else {
            // While there is little, there is room for more garbage beside it; and a collection shortly before the limit tells
            // nothing that the one at the limit does not tell.
            let growth = if live <= MUCH { 4 } else { 2 };
            let next = FIRST_MAJOR.max(growth * live);
            let last = bound + reserve;
            if next > last - last / 4 { last.max(live + reserve.max(STEP)) } else { next }
        };
    }

    /// The Rust objects whose values have died.
    fn take_dead_externals(&mut self, major: bool) -> Vec<Box<dyn External>> {
        let young = std::mem::take(self.young_externals.get_mut());
        let mut dead = Vec::new();
        let mut live = 0;
        let mut settle = |heap: &mut Heap, index: usize| {
            let (base, half) = (heap.young.base as usize, heap.half);
            let from = base + half * HALF_WORDS * 8;
            let entry = &mut heap.externals.get_mut()[index];
            entry.marked = false;
            let Some(object) = entry.object.as_deref() else { return };
            let cost = cost(object);
            let at = entry.owner;
            // SAFETY: the old copy of the owner is still readable: its half or block is given up after this.
            let first = unsafe { *at };
            let moved = first & 7 != TAG_IMMEDIATE;
            // SAFETY: an owner that is not young is an object in old space: it is too small to stand alone.
            let alive = moved
                || (at as usize).wrapping_sub(from) >= HALF_WORDS * 8 && (!major || unsafe { heap.old.is_marked(at) });
            if alive {
                if moved {
                    entry.owner = Value(first).address();
                }
                live += cost;
                if (entry.owner as usize).wrapping_sub(base) < 2 * HALF_WORDS * 8 {
                    heap.young_externals.get_mut().push(index);
                }
            } else {
                dead.extend(entry.object.take());
                heap.free_externals.get_mut().push(index);
                heap.ledger.remove_object(cost);
            }
        };
        if major {
            (0..self.externals.get_mut().len()).for_each(|index| settle(self, index));
            self.ledger.set_objects(live);
        } else {
            young.into_iter().for_each(|index| settle(self, index));
        }
        self.dropped += dead.len() as u64;
        dead
    }

    /// All objects of this kind, right after a major collection: then everything that lives is in old space, but for large
    /// objects.
    pub fn old_objects(&self, wanted: Kind) -> Vec<Value> {
        let mut found = Vec::new();
        self.old.walk_marked(
            || true,
            |at| {
                // SAFETY: the first word of a live object or pair.
                let first = unsafe { *at };
                let kind = header_kind_byte(first);
                if first & 7 != TAG_IMMEDIATE || kind < Kind::Flonum as u8 {
                    return 2;
                }
                if kind == wanted as u8 {
                    found.push(Value::from_address(at, TAG_OBJECT));
                }
                payload_words(first) + 1
            },
        );
        found
    }

    /// Whether the young objects or the old data ask for a collection now.
    pub fn is_full(&self) -> bool {
        self.limit.get() == self.half_base(self.half).wrapping_add(HALF_WORDS)
            || self.force_major.get()
            || self.is_major_due()
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        // Rust objects go first: they may still want to say something (a port flushes), but never read the heap.
        let objects = self.externals.get_mut().drain(..).filter_map(|mut entry| entry.object.take());
        if let Some(panic) = drop_each(objects)
            && !std::thread::panicking()
        {
            resume_unwind(panic);
        }
    }
}

/// Drops Rust objects, all of them even if some of the host's panic at that. The answer is the first panic.
fn drop_each(objects: impl IntoIterator<Item = Box<dyn External>>) -> Option<Panic> {
    let mut first = None;
    for object in objects {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(object))) {
            first.get_or_insert(panic);
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::interrupt::Interrupt;
    use std::rc::Rc;

    fn collect(heap: &mut Heap, major: bool, roots: &mut [Value]) {
        heap.collect(major, &mut |tracer| tracer.visit_all(roots));
    }

    fn list_of(heap: &Heap, count: i64) -> Value {
        (0..count).rev().fold(Value::NIL, |rest, n| heap.cons(Value::fixnum(n), rest))
    }

    fn check_list(mut list: Value, count: i64) {
        for n in 0..count {
            let (item, rest) = list.as_pair().expect("a pair");
            assert_eq!(item.as_fixnum(), Some(n));
            list = rest;
        }
        assert!(list.is_null());
    }

    #[test]
    fn lists_survive_any_sequence_of_collections() {
        let mut heap = Heap::new();
        let mut roots = [list_of(&heap, 10_000)];
        for major in [false, false, true, false, true, true, false] {
            collect(&mut heap, major, &mut roots);
            check_list(roots[0], 10_000);
        }
    }

    #[test]
    fn old_objects_keep_young_ones_alive() {
        let mut heap = Heap::new();
        let vector = heap.make_filled(Kind::Vector, 3, Value::NIL);
        let mut roots = [vector];
        collect(&mut heap, false, &mut roots);
        collect(&mut heap, false, &mut roots);
        let young = list_of(&heap, 100);
        heap.set_field(roots[0], 1, young);
        for major in [false, false, false, true] {
            collect(&mut heap, major, &mut roots);
            check_list(roots[0].field(1), 100);
        }
    }

    #[test]
    fn large_objects_stay_where_they_are_and_hold_what_they_hold() {
        let mut heap = Heap::new();
        let vector = heap.make_filled(Kind::Vector, 100_000, Value::FALSE);
        let inside = list_of(&heap, 50);
        heap.set_field(vector, 99_999, inside);
        let mut roots = [vector];
        for major in [false, false, true, false] {
            collect(&mut heap, major, &mut roots);
            assert_eq!(roots[0], vector);
            check_list(vector.field(99_999), 50);
        }
        let before = heap.used_bytes();
        collect(&mut heap, true, &mut []);
        assert!(heap.used_bytes() + 700_000 < before, "the vector is freed");
    }

    #[test]
    fn a_collection_that_is_given_up_loses_nothing() {
        let mut heap = Heap::new();
        let interrupt = Interrupt::new();
        heap.control.interrupt = Some(interrupt.clone());
        let vector = heap.make_filled(Kind::Vector, 10_000, Value::NIL);
        let dropped = heap.make_filled(Kind::Vector, 1_000_000, Value::NIL);
        let mut roots = [list_of(&heap, 300_000), vector, dropped];
        collect(&mut heap, false, &mut roots);
        collect(&mut heap, false, &mut roots);
        let young = list_of(&heap, 1000);
        heap.set_field(roots[1], 9999, young);
        let young = list_of(&heap, 1000);
        let place = roots[0];
        heap.set_car(place, young);
        roots[2] = Value::NIL;
        let (before, majors) = (heap.used_bytes(), heap.major_collections);
        interrupt.raise();
        collect(&mut heap, true, &mut roots);
        assert_eq!(heap.major_collections, majors);
        for major in [false, false, true] {
            check_list(roots[1].field(9999), 1000);
            check_list(roots[0].car(), 1000);
            interrupt.acknowledge();
            collect(&mut heap, major, &mut roots);
        }
        assert_eq!(heap.major_collections, majors + 1);
        assert!(heap.used_bytes() + 4_000_000 < before, "what was dropped is freed by the next one");
        check_list(roots[1].field(9999), 1000);
        assert_eq!(roots[0].cdr().car(), Value::fixnum(1));
    }

    #[test]
    fn cycles_are_reclaimed() {
        let mut heap = Heap::new();
        for _ in 0..200 {
            let list = list_of(&heap, 10_000);
            heap.set_car(list, list);
            collect(&mut heap, false, &mut []);
        }
        collect(&mut heap, true, &mut []);
        assert!(heap.used_bytes() < 1 << 20, "{}", heap.used_bytes());
    }

    #[test]
    fn what_dies_among_old_data_leaves_room_for_more() {
        let mut heap = Heap::new();
        // Four parts in turn, so that each block has some of each.
        let mut parts = [const { Vec::new() }; 4];
        for number in 0..400 {
            parts[number % 4].push(list_of(&heap, 5000));
            heap.collect(false, &mut |tracer| parts.iter_mut().for_each(|part| tracer.visit_all(part)));
        }
        let full = heap.used_bytes();
        for left in [3, 2, 1] {
            parts[left].clear();
            heap.collect(true, &mut |tracer| parts.iter_mut().for_each(|part| tracer.visit_all(part)));
            let used = heap.used_bytes();
            assert!(used < full * (left + 1) / 4, "{left} of 4 parts of {full} bytes take {used}");
        }
        // The next major collections empty the blocks that have little left.
        for _ in 0..2 {
            collect(&mut heap, true, &mut parts[0]);
        }
        assert!(heap.used_bytes() < full * 9 / 32, "{} of {full}", heap.used_bytes());
        for list in &parts[0] {
            check_list(*list, 5000);
        }
    }

    #[test]
    fn what_goes_straight_into_old_space_keeps_young_values_alive() {
        let mut heap = Heap::new();
        // Few of them among numbers, and then nothing else: holes remembered value by value, and as they are.
        for every in [1000, 1] {
            let young = list_of(&heap, 10);
            let item = |n: i64| if n % every == 0 { young } else { Value::fixnum(n) };
            let mut roots = [(0..2_000_000).fold(Value::NIL, |rest, n| heap.cons(item(n), rest))];
            assert!(heap.remembered.borrow().is_empty() == (every == 1));
            assert!(heap.unremembered.borrow().is_empty() == (every > 1));
            for major in [false, false, true] {
                collect(&mut heap, major, &mut roots);
                let mut list = roots[0];
                for n in (0..2_000_000).rev() {
                    let (item, rest) = list.as_pair().expect("a pair");
                    if n % every == 0 {
                        check_list(item, 10);
                    }
                    list = rest;
                }
            }
        }
    }

    struct Flag(Rc<std::cell::Cell<u32>>);

    impl External for Flag {
        fn type_name(&self) -> &'static str {
            "flag"
        }
    }

    impl Drop for Flag {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }

    #[test]
    fn rust_objects_go_with_their_owners() {
        let dropped = Rc::new(std::cell::Cell::new(0));
        let mut heap = Heap::new();
        let kept = heap.external(Box::new(Flag(dropped.clone())));
        heap.external(Box::new(Flag(dropped.clone())));
        let mut roots = [kept];
        collect(&mut heap, false, &mut roots);
        assert_eq!(dropped.get(), 1);
        for major in [false, true, true, false] {
            collect(&mut heap, major, &mut roots);
            assert!(heap.is_external::<Flag>(roots[0]));
        }
        collect(&mut heap, true, &mut []);
        assert_eq!(dropped.get(), 2);
    }

    #[test]
    fn more_than_the_young_half_may_be_made_between_collections() {
        let mut heap = Heap::new();
        let count = 5_000_000;
        let mut roots = [list_of(&heap, count)];
        collect(&mut heap, false, &mut roots);
        check_list(roots[0], count);
    }

    #[test]
    fn strings_numbers_and_bytes_keep_their_contents() {
        let mut heap = Heap::new();
        let mut roots =
            [heap.string("κόσμε"), heap.flonum(1.5), heap.bytevector(b"abcdefghi"), heap.bignum(true, &[1, 2])];
        for major in [false, false, true] {
            collect(&mut heap, major, &mut roots);
            assert_eq!(heap.str(roots[0]), Some("κόσμε"));
            assert_eq!(roots[1].as_flonum(), Some(1.5));
            assert_eq!(heap.bytes(roots[2]), Some(&b"abcdefghi"[..]));
            assert_eq!(heap.bignum_limbs(roots[3]), Some((true, &[1, 2][..])));
        }
    }
}
