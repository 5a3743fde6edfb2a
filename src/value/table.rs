//! Hash tables: an index of numbers, and the entries they stand for, in the heap like all other data.
//!
//! ```text
//! index:    hash | entry + 1 in each slot, or 0; a power of two of them, at most three quarters in use; a key is looked for from
//!           the slot its hash says on, up to the next empty one
//! entries:  a vector of chunks of CHUNK entries each; a free place holds the number of the next free one
//! ```
//!
//! The entry of a strong table is a pair of key and value: what Guile calls a handle, which programs may hold on to and change.
//! The entries of a weak table are `Kind::Weak` objects; the collector counts in the table those it has emptied, which have the
//! key `UNBOUND` then and are taken out when they are many.
//!
//! The index has no values in it, so no collection looks at it; as it keeps whole hashes, neither growing it nor passing over other
//! keys looks at any key. A key whose hash rests on its address (`eq_hash`) changes place when the collector moves it. Only young
//! objects move, as a rule: entries whose keys are young, or have young parts, are noted, and looked at again after each
//! collection as long as they are. When something old has moved, all entries are.
//!
//! As in Guile, the caller says with each access how keys are compared. A table remembers the last way that put something
//! in, to hash keys again by: to use one table in several ways makes no sense, and does no harm.

use super::equal::{Hash, equal, equal_hash, eqv, eqv_hash, string_hash};
use super::external::YOUNG_VISITS;
use super::stop::{STRIDE, Stop};
use super::tracer::WEAK_TABLE_BROKEN;
use super::{Heap, Kind, Value};
use std::cell::Cell;

const INDEX: usize = 0;
/// Entries that the collector has emptied and that are still counted.
const BROKEN: usize = WEAK_TABLE_BROKEN;
const ENTRIES: usize = 2;
/// How many entries there are, emptied ones among them.
const COUNT: usize = 3;
/// How many places for entries have ever been in use, and the free one among them that comes first, or -1.
const USED: usize = 4;
const FREE: usize = 5;
/// 0, or the mode of the weak entries: `WEAK_KEY`, `WEAK_VALUE`, or both.
const WEAKNESS: usize = 6;
const HOW: usize = 7;
/// The heap's epoch when the table was last good, or -1 when no key in it has an address for a hash.
const EPOCH: usize = 8;
/// How often old objects had moved then; or -1 when all keys are to be hashed again in any case.
const MOVES: usize = 9;
/// The entries whose keys have addresses for hashes and may have been young then: cells, in turn the number of an entry with how
/// many collections more it may be, and its hash; or #f.
const NOTES: usize = 10;
const NOTED: usize = 11;
/// While the index is made anew, which may be interrupted: the former one, #t when all keys are to be hashed again, or else #f; and
/// the slot of that, or the number of the entry, that comes next.
const PENDING: usize = 12;
const PROGRESS: usize = 13;
const FIELDS: usize = 14;

// Fields of a weak entry.
const KEY: usize = 1;
const VALUE: usize = 2;

/// In how many collections to come a part of a new key can move.
const VISITS: usize = YOUNG_VISITS as usize;
/// Above all numbers of collections that are noted.
const VISIT_CODES: usize = VISITS + 1;
/// Notes that are kept in any case; beyond, as many as are worth it.
const FEW_NOTES: usize = 64;

const SMALLEST: usize = 8;
/// What a table of that many entries asks for at most at the start: a hint must not take all memory.
const LARGEST_HINT: usize = 1 << 16;
const CHUNK: usize = 1024;

/// A slot whose entry has gone from it to the next index, or is gone.
const LEFT: u64 = u32::MAX as u64;
/// No table has more entries: so their numbers fit into slots.
const MOST: usize = u32::MAX as usize - 1;

/// How keys are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    Eq,
    Eqv,
    Equal,
    /// By a procedure of the program's: the entries are known by a number, the rest is Scheme's to do.
    Custom,
}

impl How {
    fn from_code(code: i64) -> How {
        [How::Eq, How::Eqv, How::Equal, How::Custom][code as usize & 3]
    }

    #[inline]
    fn hash(self, heap: &Heap, key: Value) -> Hashed {
        if let Some(n) = key.as_fixnum() {
            return Hashed { slot: near(n as u64), moves: false };
        }
        let hash = match self {
            How::Eq | How::Custom => return address_hash(key),
            How::Eqv => eqv_hash(heap, key),
            How::Equal => match heap.str(key) {
                Some(text) => Hash { value: string_hash(text), moves: false },
                None => equal_hash(heap, key),
            },
        };
        Hashed { slot: folded(hash.value), moves: hash.moves }
    }

    #[inline]
    fn same(self, heap: &Heap, a: Value, b: Value) -> Result<bool, Stop> {
        match self {
            How::Eq | How::Custom => Ok(a == b),
            How::Eqv => Ok(eqv(heap, a, b)),
            How::Equal => equal(heap, a, b),
        }
    }
}

/// A hash as a slot keeps it, and whether it rests on an address.
#[derive(Clone, Copy)]
struct Hashed {
    slot: u32,
    moves: bool,
}

/// The hash of a number, or of what stands at an address: what comes together stands together, so that who goes through it in
/// turn, as most do, finds most slots in the processor's cache. Beyond a few neighbours it is spread evenly (by multiplying with
/// an odd number: Knuth, volume 3, 6.4), whatever steps the numbers go in.
#[inline]
fn near(n: u64) -> u32 {
    spread(n >> 3) ^ (n & 7) as u32
}

/// The best bits come last, as slots are numbered by those.
#[inline]
fn spread(n: u64) -> u32 {
    n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(27) as u32
}

#[inline]
fn address_hash(key: Value) -> Hashed {
    // An object has two words at least; an immediate has its number, if any, above the second byte.
    let n = if key.is_pointer() { key.bits() >> 4 } else { key.bits() >> 16 ^ key.bits() << 40 };
    Hashed { slot: near(n), moves: key.is_pointer() }
}

// ---- the index -----------------------------------------------------------------------------------------------------

type Slots<'h> = &'h [Cell<u64>];

/// The part of a hash that a slot keeps.
#[inline]
fn folded(hash: u64) -> u32 {
    (hash ^ hash >> 32) as u32
}

#[inline]
fn slot_word(hash: u32, entry: usize) -> u64 {
    u64::from(hash) << 32 | (entry as u64 + 1)
}

/// The entry that a slot in use names.
#[inline]
fn entry_in(word: u64) -> usize {
    (word & u64::from(u32::MAX)) as usize - 1
}

/// The slot in use that has this hash and an entry that `is_wanted`.
#[inline]
fn probe<E>(slots: Slots, hash: u32, mut is_wanted: impl FnMut(usize) -> Result<bool, E>) -> Result<Option<usize>, E> {
    let mask = slots.len() - 1;
    let mut at = hash as usize & mask;
    loop {
        let word = slots[at].get();
        if word == 0 {
            return Ok(None);
        }
        if (word >> 32) as u32 == hash && word as u32 != LEFT as u32 && is_wanted(entry_in(word))? {
            return Ok(Some(at));
        }
        at = (at + 1) & mask;
    }
}

/// The slot that has this hash and this very entry.
fn slot_of(slots: Slots, hash: u32, entry: usize) -> Option<usize> {
    let found: Result<_, std::convert::Infallible> = probe(slots, hash, |other| Ok(other == entry));
    found.unwrap_or(None)
}

/// Puts an entry into the first empty slot for its hash.
#[inline]
fn enter(slots: Slots, hash: u32, entry: usize) {
    let mask = slots.len() - 1;
    let mut at = hash as usize & mask;
    while slots[at].get() != 0 {
        at = (at + 1) & mask;
    }
    slots[at].set(slot_word(hash, entry));
}

/// Empties a slot; what stands behind it moves up where it would not be found any more.
fn vacate(slots: Slots, slot: usize) {
    let mask = slots.len() - 1;
    let (mut hole, mut at) = (slot, slot);
    loop {
        at = (at + 1) & mask;
        let word = slots[at].get();
        if word == 0 {
            break;
        }
        let home = (word >> 32) as usize;
        if at.wrapping_sub(home) & mask >= at.wrapping_sub(hole) & mask {
            slots[hole].set(word);
            hole = at;
        }
    }
    slots[hole].set(0);
}

fn slots(heap: &Heap, index: Value) -> Slots<'_> {
    heap.cells(index).expect("a table's index")
}

/// Slots for so many entries.
fn slots_for(entries: usize) -> usize {
    (entries + entries / 2).max(SMALLEST).next_power_of_two()
}

fn is_full(count: usize, slots: usize) -> bool {
    count >= slots / 4 * 3
}

// ---- tables --------------------------------------------------------------------------------------------------------

#[inline]
fn number(table: Value, field: usize) -> i64 {
    table.field(field).fixnum_value()
}

fn set_number(heap: &Heap, table: Value, field: usize, number: i64) {
    heap.set_field(table, field, Value::fixnum(number));
}

/// A new table with room for about `hint` entries.
pub fn make(heap: &Heap, weakness: i64, hint: usize) -> Value {
    let mut fields = [Value::fixnum(0); FIELDS];
    fields[WEAKNESS] = Value::fixnum(weakness);
    fields[HOW] = Value::fixnum(How::Equal as i64);
    let table = heap.make(Kind::Table, &fields);
    empty(heap, table, slots_for(hint.min(LARGEST_HINT)));
    table
}

/// Gives the table so many slots, with nothing in them.
fn empty(heap: &Heap, table: Value, slots: usize) {
    heap.set_field(table, INDEX, heap.make_cells(slots));
    let first = heap.make_filled(Kind::Vector, SMALLEST, Value::FALSE);
    heap.set_field(table, ENTRIES, heap.vector(&[first]));
    for field in [COUNT, USED, BROKEN, NOTED, PROGRESS] {
        set_number(heap, table, field, 0);
    }
    for field in [FREE, EPOCH, MOVES] {
        set_number(heap, table, field, -1);
    }
    for field in [NOTES, PENDING] {
        heap.set_field(table, field, Value::FALSE);
    }
}

#[inline]
pub fn weakness(table: Value) -> i64 {
    number(table, WEAKNESS)
}

/// How many slots for entries the table has.
pub fn slot_count(heap: &Heap, table: Value) -> usize {
    slots(heap, table.field(INDEX)).len()
}

/// How many entries there are, as far as the last collection knows.
pub fn count(table: Value) -> usize {
    (number(table, COUNT) - number(table, BROKEN)) as usize
}

/// What stands in the place of this number: an entry, or what marks a free place.
#[inline]
fn place(table: Value, entry: usize) -> Value {
    table.field(ENTRIES).field(entry / CHUNK).field(entry % CHUNK)
}

fn set_place(heap: &Heap, table: Value, entry: usize, value: Value) {
    heap.set_field(table.field(ENTRIES).field(entry / CHUNK), entry % CHUNK, value);
}

/// Key and value of what stands in a place; nothing if that is free, or its entry has been emptied.
#[inline]
fn parts(entry: Value) -> Option<(Value, Value)> {
    if let Some(parts) = entry.as_pair() {
        return Some(parts);
    }
    let is_whole = entry.is_kind(Kind::Weak) && entry.field(KEY) != Value::UNBOUND;
    is_whole.then(|| (entry.field(KEY), entry.field(VALUE)))
}

/// The pair of key and value, which is the table's own unless that is weak.
fn as_handle(heap: &Heap, entry: Value) -> Value {
    if entry.is_pair() { entry } else { parts(entry).map_or(Value::FALSE, |(key, value)| heap.cons(key, value)) }
}

fn set_value(heap: &Heap, entry: Value, value: Value) {
    if entry.is_pair() { heap.set_cdr(entry, value) } else { heap.set_field(entry, VALUE, value) }
}

/// Frees the place of an entry that no slot names any more.
fn free(heap: &Heap, table: Value, entry: usize) {
    set_place(heap, table, entry, table.field(FREE));
    set_number(heap, table, FREE, entry as i64);
    set_number(heap, table, COUNT, number(table, COUNT) - 1);
}

/// Puts an entry into a free place; returns its number.
fn take_place(heap: &Heap, table: Value, entry: Value) -> usize {
    set_number(heap, table, COUNT, number(table, COUNT) + 1);
    let first = number(table, FREE);
    if first >= 0 {
        let at = first as usize;
        heap.set_field(table, FREE, place(table, at));
        set_place(heap, table, at, entry);
        return at;
    }
    let at = number(table, USED) as usize;
    set_number(heap, table, USED, at as i64 + 1);
    let chunks = table.field(ENTRIES);
    let (chunk, inside) = (at / CHUNK, at % CHUNK);
    if chunk >= chunks.field_count() {
        let more = heap.make_filled(Kind::Vector, chunks.field_count() * 2, Value::FALSE);
        copy_front(heap, chunks, more);
        heap.set_field(table, ENTRIES, more);
    }
    let chunks = table.field(ENTRIES);
    let present = chunks.field(chunk);
    let room = if present.is_true() { present.field_count() } else { 0 };
    if inside >= room {
        // The first one begins small.
        let wanted = if chunk == 0 { room * 2 } else { CHUNK };
        let larger = heap.make_filled(Kind::Vector, wanted, Value::FALSE);
        if room > 0 {
            copy_front(heap, present, larger);
        }
        heap.set_field(chunks, chunk, larger);
    }
    set_place(heap, table, at, entry);
    at
}

/// Copies all fields of a vector to the beginning of another.
fn copy_front(heap: &Heap, from: Value, to: Value) {
    for (at, value) in from.fields().enumerate() {
        heap.set_field(to, at, value);
    }
}

/// Takes out the entries that the collector has emptied, if they are many.
fn clean(heap: &Heap, table: Value) {
    if number(table, BROKEN) * 4 <= number(table, COUNT) {
        return;
    }
    set_number(heap, table, BROKEN, 0);
    let is_broken =
        |word: u64| word != 0 && word as u32 != LEFT as u32 && parts(place(table, entry_in(word))).is_none();
    let present = slots(heap, table.field(INDEX));
    let mut at = 0;
    while at < present.len() {
        let word = present[at].get();
        if is_broken(word) {
            // Another one may come into this slot.
            vacate(present, at);
            free(heap, table, entry_in(word));
        } else {
            at += 1;
        }
    }
    let (pending, progress) = (table.field(PENDING), number(table, PROGRESS) as usize);
    if let Some(former) = heap.cells(pending) {
        for slot in &former[progress..] {
            let word = slot.get();
            if is_broken(word) {
                slot.set(word | LEFT);
                free(heap, table, entry_in(word));
            }
        }
    } else if pending.is_true() {
        for entry in progress..number(table, USED) as usize {
            if place(table, entry).is_kind(Kind::Weak) && parts(place(table, entry)).is_none() {
                free(heap, table, entry);
            }
        }
    }
}

// ---- good for an access --------------------------------------------------------------------------------------------

/// Makes the table good for an access: all entries in the index, by the hashes their keys have now.
#[inline]
fn settle(heap: &Heap, table: Value) -> Result<(), Stop> {
    let epoch = number(table, EPOCH);
    if (epoch < 0 || epoch == heap.epoch as i64) && table.field(PENDING) == Value::FALSE {
        return Ok(());
    }
    settle_slowly(heap, table)
}

#[cold]
fn settle_slowly(heap: &Heap, table: Value) -> Result<(), Stop> {
    let epoch = number(table, EPOCH);
    if epoch >= 0 && epoch != heap.epoch as i64 {
        set_number(heap, table, EPOCH, heap.epoch as i64);
        if number(table, MOVES) == heap.old_moves as i64 {
            look_again(heap, table);
        } else {
            set_number(heap, table, MOVES, heap.old_moves as i64);
            set_number(heap, table, NOTED, 0);
            set_number(heap, table, PROGRESS, 0);
            heap.set_field(table, PENDING, Value::TRUE);
            let slots = slots(heap, table.field(INDEX));
            slots.iter().for_each(|slot| slot.set(0));
        }
    }
    if table.field(PENDING) == Value::FALSE { Ok(()) } else { go_on(heap, table) }
}

/// Moves the entries whose keys a collection can have moved to the slots where they belong now.
fn look_again(heap: &Heap, table: Value) {
    let how = How::from_code(number(table, HOW));
    let noted = number(table, NOTED) as usize;
    let Some(notes) = heap.cells(table.field(NOTES)) else { return };
    let present = slots(heap, table.field(INDEX));
    let former = heap.cells(table.field(PENDING));
    // Those that stay noted take the places of those that have been looked at.
    set_number(heap, table, NOTED, 0);
    for at in 0..noted {
        let (who, hash) = (notes[2 * at].get() as usize, notes[2 * at + 1].get() as u32);
        let (entry, visits) = (who / VISIT_CODES, who % VISIT_CODES);
        let Some((key, _)) = parts(place(table, entry)) else { continue };
        // What has been taken out since is not there.
        if let Some(slot) = slot_of(present, hash, entry) {
            vacate(present, slot);
        } else if let Some((former, slot)) = former.and_then(|former| Some((former, slot_of(former, hash, entry)?))) {
            former[slot].set(former[slot].get() | LEFT);
        } else {
            continue;
        }
        let hash = how.hash(heap, key);
        enter(present, hash.slot, entry);
        note(heap, table, hash, entry, key, visits.saturating_sub(1));
    }
}

/// Goes on making the index. When that is interrupted, the next access does.
fn go_on(heap: &Heap, table: Value) -> Result<(), Stop> {
    let present = slots(heap, table.field(INDEX));
    let mut at = number(table, PROGRESS) as usize;
    let pause = |at: usize| {
        if at.is_multiple_of(STRIDE) {
            set_number(heap, table, PROGRESS, at as i64);
            heap.go_on(0)?;
        }
        Ok(())
    };
    let pending = table.field(PENDING);
    if let Some(former) = heap.cells(pending) {
        while at < former.len() {
            pause(at)?;
            let word = former[at].get();
            if word != 0 && word as u32 != LEFT as u32 {
                enter(present, (word >> 32) as u32, entry_in(word));
            }
            at += 1;
        }
        heap.discard(pending);
    } else {
        let how = How::from_code(number(table, HOW));
        while at < number(table, USED) as usize {
            pause(at)?;
            if let Some((key, _)) = parts(place(table, at)) {
                let hash = how.hash(heap, key);
                enter(present, hash.slot, at);
                note(heap, table, hash, at, key, VISITS);
            } else if place(table, at).is_kind(Kind::Weak) {
                set_number(heap, table, BROKEN, number(table, BROKEN) - 1);
                free(heap, table, at);
            }
            at += 1;
        }
    }
    heap.set_field(table, PENDING, Value::FALSE);
    Ok(())
}

/// Remembers that a key with this hash is in the table, and that parts of it may be young for `visits` collections more.
#[inline]
fn note(heap: &Heap, table: Value, hash: Hashed, entry: usize, key: Value, visits: usize) {
    if hash.moves {
        note_moving(heap, table, hash, entry, key, visits);
    }
}

fn note_moving(heap: &Heap, table: Value, hash: Hashed, entry: usize, key: Value, visits: usize) {
    if number(table, EPOCH) < 0 {
        set_number(heap, table, EPOCH, heap.epoch as i64);
        set_number(heap, table, MOVES, heap.old_moves as i64);
    }
    // Parts of an `equal?` key may be young when it is not.
    let may_move = match How::from_code(number(table, HOW)) {
        How::Equal => visits > 0,
        _ => heap.is_young_value(key),
    };
    if !may_move || number(table, MOVES) < 0 {
        return;
    }
    let noted = number(table, NOTED) as usize;
    let room = heap.cells(table.field(NOTES)).map_or(0, |cells| cells.len() / 2);
    if noted == room {
        if room > FEW_NOTES.max(number(table, COUNT) as usize) {
            // To look at all that is here takes no longer.
            set_number(heap, table, MOVES, -1);
            set_number(heap, table, NOTED, 0);
            return;
        }
        let more = heap.make_cells(2 * (2 * room).max(SMALLEST));
        if let (Some(cells), Some(more)) = (heap.cells(table.field(NOTES)), heap.cells(more)) {
            cells.iter().zip(more).for_each(|(from, to)| to.set(from.get()));
        }
        heap.set_field(table, NOTES, more);
    }
    let notes = slots(heap, table.field(NOTES));
    notes[2 * noted].set((entry * VISIT_CODES + visits) as u64);
    notes[2 * noted + 1].set(u64::from(hash.slot));
    set_number(heap, table, NOTED, noted as i64 + 1);
}

// ---- accesses ------------------------------------------------------------------------------------------------------

/// The slot of the entry with this key, and the entry.
#[inline]
fn find(heap: &Heap, table: Value, how: How, key: Value, hash: u32) -> Result<Option<(usize, Value)>, Stop> {
    let mut found = Value::FALSE;
    let slot = probe(slots(heap, table.field(INDEX)), hash, |entry| {
        found = place(table, entry);
        match parts(found) {
            Some((candidate, _)) => how.same(heap, candidate, key),
            None => Ok(false),
        }
    })?;
    Ok(slot.map(|slot| (slot, found)))
}

/// The entry with this key.
fn entry(heap: &Heap, table: Value, how: How, key: Value) -> Result<Option<Value>, Stop> {
    settle(heap, table)?;
    Ok(find(heap, table, how, key, how.hash(heap, key).slot)?.map(|(_, entry)| entry))
}

/// The value under a key.
pub fn get(heap: &Heap, table: Value, how: How, key: Value) -> Result<Option<Value>, Stop> {
    Ok(entry(heap, table, how, key)?.and_then(parts).map(|(_, value)| value))
}

/// The pair of key and value, which is the table's own unless that is weak.
pub fn handle(heap: &Heap, table: Value, how: How, key: Value) -> Result<Option<Value>, Stop> {
    Ok(entry(heap, table, how, key)?.map(|entry| as_handle(heap, entry)))
}

/// What a table takes for one more entry, growth included.
#[inline]
pub fn growth(heap: &Heap, table: Value) -> usize {
    let slots = slot_count(heap, table);
    if is_full(number(table, COUNT) as usize, slots) { slots.saturating_mul(16) } else { 0 }
}

/// Puts a value under a key. The caller has asked for `growth`.
pub fn set(heap: &Heap, table: Value, how: How, key: Value, value: Value) -> Result<(), Stop> {
    settle(heap, table)?;
    let hash = how.hash(heap, key);
    if let Some((_, entry)) = find(heap, table, how, key, hash.slot)? {
        set_value(heap, entry, value);
        return Ok(());
    }
    set_number(heap, table, HOW, how as i64);
    make_room(heap, table)?;
    let entry = add(heap, table, hash.slot, key, value)?;
    note(heap, table, hash, entry, key, VISITS);
    Ok(())
}

/// Makes room for one more entry.
fn make_room(heap: &Heap, table: Value) -> Result<(), Stop> {
    if weakness(table) != 0 {
        clean(heap, table);
    }
    let slots = slot_count(heap, table);
    if !is_full(number(table, COUNT) as usize, slots) {
        return Ok(());
    }
    heap.set_field(table, PENDING, table.field(INDEX));
    heap.set_field(table, INDEX, heap.make_cells(slots * 2));
    set_number(heap, table, PROGRESS, 0);
    go_on(heap, table)
}

fn add(heap: &Heap, table: Value, hash: u32, key: Value, value: Value) -> Result<usize, Stop> {
    if number(table, COUNT) as usize >= MOST {
        return Err(Stop::Memory(MOST));
    }
    let entry = match weakness(table) {
        0 => heap.cons(key, value),
        mode => heap.make(Kind::Weak, &[Value::fixnum(mode), key, value, table]),
    };
    let at = take_place(heap, table, entry);
    enter(slots(heap, table.field(INDEX)), hash, at);
    Ok(at)
}

/// Takes out the entry of a key; the pair of what it was.
pub fn remove(heap: &Heap, table: Value, how: How, key: Value) -> Result<Option<Value>, Stop> {
    settle(heap, table)?;
    remove_hashed(heap, table, how, key, how.hash(heap, key).slot)
}

fn remove_hashed(heap: &Heap, table: Value, how: How, key: Value, hash: u32) -> Result<Option<Value>, Stop> {
    let Some((slot, entry)) = find(heap, table, how, key, hash)? else { return Ok(None) };
    let slots = slots(heap, table.field(INDEX));
    let at = entry_in(slots[slot].get());
    vacate(slots, slot);
    free(heap, table, at);
    let handle = as_handle(heap, entry);
    if !entry.is_pair() {
        // The collector is not to count it.
        heap.set_field(entry, 0, Value::fixnum(0));
    }
    Ok(Some(handle))
}

/// Takes out everything.
pub fn clear(heap: &Heap, table: Value) {
    each_place(table, |_, entry| {
        if entry.is_kind(Kind::Weak) {
            heap.set_field(entry, 0, Value::fixnum(0));
        }
        Ok(())
    })
    .unwrap_or(());
    empty(heap, table, SMALLEST);
}

/// Shows `visit` the places that have been in use, with their numbers.
fn each_place(table: Value, mut visit: impl FnMut(usize, Value) -> Result<(), Stop>) -> Result<(), Stop> {
    (0..number(table, USED) as usize).try_for_each(|at| visit(at, place(table, at)))
}

/// A table of its own with the same entries.
pub fn copy(heap: &Heap, table: Value) -> Result<Value, Stop> {
    settle(heap, table)?;
    let fields: Vec<Value> = table.fields().collect();
    let new = heap.make(Kind::Table, &fields);
    for field in [INDEX, NOTES] {
        if let Some(cells) = heap.cells(table.field(field)) {
            heap.set_field(new, field, heap.make_cells(cells.len()));
            for (at, (from, to)) in cells.iter().zip(slots(heap, new.field(field))).enumerate() {
                if at.is_multiple_of(STRIDE) {
                    heap.go_on(0)?;
                }
                to.set(from.get());
            }
        }
    }
    let copied = |v: Value| heap.vector(heap.slice(v).unwrap_or_default());
    heap.set_field(new, ENTRIES, copied(table.field(ENTRIES)));
    for (at, chunk) in table.field(ENTRIES).fields().enumerate().filter(|(_, chunk)| chunk.is_true()) {
        heap.set_field(new.field(ENTRIES), at, copied(chunk));
    }
    each_place(table, |at, entry| {
        if at.is_multiple_of(STRIDE) {
            heap.go_on(0)?;
        }
        let own = match entry.as_pair() {
            Some((key, value)) => heap.cons(key, value),
            None if entry.is_kind(Kind::Weak) => {
                heap.make(Kind::Weak, &[entry.field(0), entry.field(KEY), entry.field(VALUE), new])
            }
            None => return Ok(()),
        };
        set_place(heap, new, at, own);
        Ok(())
    })?;
    Ok(new)
}

/// All keys and values, for a host that wants them whole: nothing interrupts it.
pub fn entries(table: Value) -> Vec<(Value, Value)> {
    (0..number(table, USED) as usize).filter_map(|at| parts(place(table, at))).collect()
}

/// Shows `visit` each entry: its handle if there is one, key and value.
pub fn each(heap: &Heap, table: Value, mut visit: impl FnMut(Value, Value, Value)) -> Result<(), Stop> {
    each_place(table, |at, entry| {
        if at.is_multiple_of(STRIDE) {
            heap.go_on(0)?;
        }
        if let Some((key, value)) = parts(entry) {
            visit(entry, key, value);
        }
        Ok(())
    })
}

// ---- for tables that compare by a procedure -------------------------------------------------------------------------

/// A program's own hash may have little in its bits, and what has the same is many for one hash rather than few for each.
fn folded_number(hash: i64) -> u32 {
    spread(hash as u64)
}

/// The pairs of key and value that were put under this hash.
pub fn bucket(heap: &Heap, table: Value, hash: i64) -> Result<Vec<Value>, Stop> {
    settle(heap, table)?;
    let mut handles = Vec::new();
    probe(slots(heap, table.field(INDEX)), folded_number(hash), |entry| {
        let entry = place(table, entry);
        if parts(entry).is_some() {
            handles.push(as_handle(heap, entry));
        }
        Ok(false)
    })?;
    Ok(handles)
}

/// Puts a value under the very key that was put under this hash, or adds it. The caller has asked for `growth`.
pub fn bucket_set(heap: &Heap, table: Value, hash: i64, key: Value, value: Value) -> Result<(), Stop> {
    settle(heap, table)?;
    let hash = folded_number(hash);
    if let Some((_, entry)) = find(heap, table, How::Custom, key, hash)? {
        set_value(heap, entry, value);
        return Ok(());
    }
    set_number(heap, table, HOW, How::Custom as i64);
    make_room(heap, table)?;
    add(heap, table, hash, key, value)?;
    Ok(())
}

/// Takes out the very key that was put under this hash.
pub fn bucket_remove(heap: &Heap, table: Value, hash: i64, key: Value) -> Result<Option<Value>, Stop> {
    settle(heap, table)?;
    remove_hashed(heap, table, How::Custom, key, folded_number(hash))
}

#[cfg(test)]
mod tests {
    use super::super::tracer::{WEAK_KEY, WEAK_VALUE};
    use super::*;
    use crate::net::interrupt::Interrupt;

    fn collect(heap: &mut Heap, major: bool, roots: &mut [Value]) {
        heap.collect(major, &mut |tracer| tracer.visit_all(roots));
    }

    #[test]
    fn address_keys_are_found_after_collections() {
        for major in [false, true] {
            let mut heap = Heap::new();
            let mut roots: Vec<Value> = (0..500).map(|n| heap.cons(Value::fixnum(n), Value::NIL)).collect();
            let table = make(&heap, 0, 0);
            for (n, &key) in roots.iter().enumerate() {
                set(&heap, table, How::Eq, key, Value::fixnum(n as i64)).unwrap();
            }
            roots.push(table);
            for _ in 0..4 {
                collect(&mut heap, major, &mut roots);
                let table = roots[500];
                assert_eq!(count(table), 500);
                for (n, &key) in roots[..500].iter().enumerate() {
                    let found = get(&heap, table, How::Eq, key).unwrap();
                    assert_eq!(found, Some(Value::fixnum(n as i64)));
                }
            }
        }
    }

    #[test]
    fn keys_with_young_parts_are_found_after_collections() {
        for major in [false, true] {
            let mut heap = Heap::new();
            let table = make(&heap, 0, 0);
            let mut roots = vec![table];
            // The key is equal? to itself only by what is inside: a pair of a box, whose address is its hash.
            for n in 0..500 {
                let key = heap.cons(heap.boxed(Value::NIL), Value::NIL);
                set(&heap, roots[0], How::Equal, key, Value::fixnum(n)).unwrap();
                roots.push(key);
                if n % 50 == 7 {
                    collect(&mut heap, major, &mut roots);
                }
            }
            for _ in 0..3 {
                for (n, &key) in roots[1..].iter().enumerate() {
                    let found = get(&heap, roots[0], How::Equal, key).unwrap();
                    assert_eq!(found, Some(Value::fixnum(n as i64)));
                }
                collect(&mut heap, major, &mut roots);
            }
            let copied = copy(&heap, roots[0]).unwrap();
            roots[0] = copied;
            collect(&mut heap, false, &mut roots);
            assert_eq!(get(&heap, roots[0], How::Equal, roots[1]).unwrap(), Some(Value::fixnum(0)));
        }
    }

    #[test]
    fn an_interrupted_table_goes_on_growing() {
        let mut heap = Heap::new();
        let interrupt = Interrupt::new();
        heap.control.interrupt = Some(interrupt.clone());
        let table = make(&heap, 0, 0);
        // The next entry makes it grow.
        let full = 3 * STRIDE as i64;
        for n in 0..full {
            set(&heap, table, How::Eq, Value::fixnum(n), Value::fixnum(n)).unwrap();
        }
        interrupt.raise();
        assert_eq!(set(&heap, table, How::Eq, Value::fixnum(full), Value::NIL), Err(Stop::Interrupted));
        assert_eq!(count(table), full as usize);
        interrupt.acknowledge();
        let mut seen = 0;
        each(&heap, table, |_, _, _| seen += 1).unwrap();
        assert_eq!(seen, full);
        for n in 0..full {
            assert_eq!(get(&heap, table, How::Eq, Value::fixnum(n)).unwrap(), Some(Value::fixnum(n)));
        }
    }

    #[test]
    fn weak_entries_go_with_their_key_or_value() {
        for (mode, major) in [(WEAK_KEY, false), (WEAK_VALUE, false), (WEAK_KEY | WEAK_VALUE, false), (WEAK_KEY, true)]
        {
            let mut heap = Heap::new();
            let table = make(&heap, mode, 0);
            let object = |n| heap.cons(Value::fixnum(n), Value::NIL);
            let (kept, lost) = (object(1), object(2));
            let pair = |key, value| if mode & WEAK_KEY != 0 { (key, value) } else { (value, key) };
            for (object, other) in [(kept, Value::TRUE), (lost, Value::FALSE)] {
                let (key, value) = pair(object, other);
                set(&heap, table, How::Eq, key, value).unwrap();
            }
            let mut roots = [table, kept];
            collect(&mut heap, major, &mut roots);
            assert_eq!(count(roots[0]), 1, "mode {mode}");
            let (key, value) = pair(roots[1], Value::TRUE);
            assert_eq!(get(&heap, roots[0], How::Eq, key).unwrap(), Some(value));
            let mut roots = [roots[0]];
            collect(&mut heap, true, &mut roots);
            assert_eq!(count(roots[0]), 0, "mode {mode}");
        }
    }

    #[test]
    fn a_value_that_names_its_key_does_not_keep_it() {
        let mut heap = Heap::new();
        let table = make(&heap, WEAK_KEY, 0);
        let key = heap.cons(Value::NIL, Value::NIL);
        let other = heap.cons(Value::TRUE, Value::NIL);
        set(&heap, table, How::Eq, key, heap.cons(key, Value::NIL)).unwrap();
        // A chain: the second entry's value is the key of the third.
        let third = heap.cons(Value::fixnum(3), Value::NIL);
        set(&heap, table, How::Eq, other, third).unwrap();
        set(&heap, table, How::Eq, third, heap.cons(Value::fixnum(4), Value::NIL)).unwrap();
        let mut roots = [table, other];
        collect(&mut heap, true, &mut roots);
        assert_eq!(count(roots[0]), 2);
        let third = get(&heap, roots[0], How::Eq, roots[1]).unwrap().unwrap();
        assert_eq!(get(&heap, roots[0], How::Eq, third).unwrap().unwrap().car(), Value::fixnum(4));
    }

    #[test]
    fn tables_grow_and_shrink_with_their_entries() {
        let heap = Heap::new();
        let table = make(&heap, 0, 0);
        let key = |n: i64| heap.string(&format!("key {n}"));
        for n in 0..1000 {
            set(&heap, table, How::Equal, key(n), Value::fixnum(n)).unwrap();
        }
        assert_eq!(count(table), 1000);
        assert!(slot_count(&heap, table) >= 1000);
        for n in (0..1000).step_by(2) {
            assert!(remove(&heap, table, How::Equal, key(n)).unwrap().is_some());
        }
        assert_eq!(get(&heap, table, How::Equal, key(501)).unwrap(), Some(Value::fixnum(501)));
        assert_eq!(get(&heap, table, How::Equal, key(500)).unwrap(), None);
        assert_eq!(count(copy(&heap, table).unwrap()), 500);
        clear(&heap, table);
        assert_eq!(count(table), 0);
    }

    /// Whatever is put in, taken out and collected in whatever order, a table holds what a list of pairs would.
    #[test]
    fn tables_hold_what_was_put_in_and_not_taken_out() {
        for (how, mode, stress) in
            [(How::Eq, 0, false), (How::Eqv, 0, true), (How::Equal, 0, false), (How::Eq, WEAK_KEY, true)]
        {
            let mut heap = Heap::new();
            heap.stress = stress;
            // The table, then the keys: in turn numbers and boxes.
            let mut roots = vec![make(&heap, mode, 0)];
            roots.extend(
                (0..3000).map(|n| if n % 3 == 0 { Value::fixnum(n * 8) } else { heap.boxed(Value::fixnum(n)) }),
            );
            let mut model: Vec<Option<i64>> = vec![None; roots.len()];
            let mut random = 1u64;
            for step in 0..40_000 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = 1 + (random >> 33) as usize % (roots.len() - 1);
                let (table, key) = (roots[0], roots[at]);
                if random >> 60 < 6 {
                    let taken = remove(&heap, table, how, key).unwrap();
                    assert_eq!(taken.map(|pair| pair.cdr()), model[at].take().map(Value::fixnum));
                } else {
                    set(&heap, table, how, key, Value::fixnum(step)).unwrap();
                    model[at] = Some(step);
                }
                if step % 1500 == 0 {
                    collect(&mut heap, step % 4500 == 0, &mut roots);
                }
                if step % 9999 == 7 {
                    let copied = copy(&heap, roots[0]).unwrap();
                    clear(&heap, roots[0]);
                    assert_eq!(count(roots[0]), 0);
                    roots[0] = copied;
                }
            }
            assert_eq!(count(roots[0]), model.iter().flatten().count());
            let mut seen = 0;
            each(&heap, roots[0], |_, _, _| seen += 1).unwrap();
            assert_eq!(seen, count(roots[0]));
            for (&key, value) in roots[1..].iter().zip(&model[1..]) {
                assert_eq!(get(&heap, roots[0], how, key).unwrap(), value.map(Value::fixnum));
            }
        }
    }

    #[test]
    fn emptied_entries_make_room_for_others() {
        let mut heap = Heap::new();
        let mut roots = [make(&heap, WEAK_KEY, 0)];
        for _ in 0..50 {
            for n in 0..1000 {
                set(&heap, roots[0], How::Eq, heap.boxed(Value::fixnum(n)), Value::NIL).unwrap();
            }
            collect(&mut heap, true, &mut roots);
            assert_eq!(count(roots[0]), 0);
        }
        assert!(slot_count(&heap, roots[0]) < 8000, "{}", slot_count(&heap, roots[0]));
    }
}
