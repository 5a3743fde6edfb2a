//! Hash tables: chains in a vector of buckets, in the heap like all other data.
//!
//! Fields of a table: buckets, count, weakness, then what tells when the places of keys have to be found anew. A key whose
//! hash rests on its address (`eq_hash`) changes place when the collector moves it. So a table with such keys remembers the
//! collection it was arranged after; a later access compares, and arranges the table anew after a major collection. After a
//! minor one only young objects have moved: the entries whose keys are young, or have young parts, are listed.
//!
//! A chain of a strong table is a list of entries, each a pair of key and value: what Guile calls handles, which programs may
//! hold on to and change. The entries of a weak table are `Kind::Weak` objects; one that the collector has emptied has the
//! key `UNBOUND`, and is taken out at the next access.
//!
//! As in Guile, the caller says with each access how keys are compared. A table remembers the last way that put something
//! in, to find places by when it grows: to use one table in several ways makes no sense, and does no harm.

use super::equal::{Hash, eq_hash, equal, equal_hash, eqv, eqv_hash};
use super::heap::YOUNG_VISITS;
use super::stop::{STRIDE, Stop};
use super::{Heap, Kind, Value};

const BUCKETS: usize = 0;
const COUNT: usize = 1;
/// 0, or the mode of the weak entries: `WEAK_KEY`, `WEAK_VALUE`, or both.
const WEAKNESS: usize = 2;
const HOW: usize = 3;
/// The heap's epoch when the table was last arranged, or -1 when no key in it has an address for a hash.
const EPOCH: usize = 4;
/// The major collections there had been then.
const MAJORS: usize = 5;
/// The entries whose keys have addresses for hashes and may have been young then: a list of pairs of a link and a number, which
/// stands for its bucket and for how many collections more it may be; or #f.
const YOUNG: usize = 6;
/// The heap's count of emptied entries at the last clean-up.
const BROKEN: usize = 7;
/// Vectors of buckets whose chains are still to be put into their places: a list, empty but while the table is arranged, or when
/// that was interrupted.
const PENDING: usize = 8;
/// As many buckets as there are, empty, for when the table is arranged again; or #f. Without them each time would take new memory,
/// and where little is left that would lead to the next major collection, and so on.
const SPARE: usize = 9;
const FIELDS: usize = 10;

// Fields of a weak entry.
const KEY: usize = 1;
const VALUE: usize = 2;
const NEXT: usize = 3;

/// In how many collections to come a part of a new key can move.
const VISITS: usize = YOUNG_VISITS as usize;
/// Above all numbers of collections that are noted.
const NOTED: usize = VISITS + 1;

const SMALLEST: usize = 8;
/// What a table of that many entries asks for at most at the start: a hint must not take all memory.
const LARGEST_HINT: usize = 1 << 16;

/// How keys are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    Eq,
    Eqv,
    Equal,
    /// By a procedure of the program's: the bucket is known by a number, the rest is Scheme's to do.
    Custom,
}

impl How {
    fn from_code(code: i64) -> How {
        [How::Eq, How::Eqv, How::Equal, How::Custom][code as usize & 3]
    }

    fn hash(self, heap: &Heap, key: Value) -> Hash {
        match self {
            How::Eq | How::Custom => eq_hash(key),
            How::Eqv => eqv_hash(heap, key),
            How::Equal => equal_hash(heap, key),
        }
    }

    fn same(self, heap: &Heap, a: Value, b: Value) -> Result<bool, Stop> {
        match self {
            How::Eq | How::Custom => Ok(a == b),
            How::Eqv => Ok(eqv(heap, a, b)),
            How::Equal => equal(heap, a, b),
        }
    }
}

fn number(table: Value, field: usize) -> i64 {
    table.field(field).fixnum_value()
}

fn place(hash: u64, buckets: usize) -> usize {
    (hash ^ hash >> 32) as usize & (buckets - 1)
}

/// A new table with room for about `hint` entries.
pub fn make(heap: &Heap, weakness: i64, hint: usize) -> Value {
    let buckets = hint.clamp(SMALLEST, LARGEST_HINT).next_power_of_two();
    let mut fields = [Value::fixnum(0); FIELDS];
    fields[BUCKETS] = heap.make_filled(Kind::Vector, buckets, Value::NIL);
    fields[WEAKNESS] = Value::fixnum(weakness);
    fields[HOW] = Value::fixnum(How::Equal as i64);
    fields[EPOCH] = Value::fixnum(-1);
    fields[YOUNG] = Value::FALSE;
    fields[PENDING] = Value::NIL;
    fields[SPARE] = Value::FALSE;
    heap.make(Kind::Table, &fields)
}

pub fn weakness(table: Value) -> i64 {
    number(table, WEAKNESS)
}

pub fn bucket_count(table: Value) -> usize {
    table.field(BUCKETS).field_count()
}

/// How many entries there are, as far as the last collection knows.
pub fn count(heap: &Heap, table: Value) -> usize {
    clean(heap, table);
    number(table, COUNT) as usize
}

/// The parts of a chain's first entry: the entry itself (a handle, or a weak entry), key, value, and the rest of the chain.
fn first(chain: Value) -> Option<(Value, Value, Value, Value)> {
    if let Some((handle, rest)) = chain.as_pair() {
        return Some((handle, handle.car(), handle.cdr(), rest));
    }
    chain.is_kind(Kind::Weak).then(|| (chain, chain.field(KEY), chain.field(VALUE), chain.field(NEXT)))
}

fn set_rest(heap: &Heap, link: Value, rest: Value) {
    if link.is_pair() { heap.set_cdr(link, rest) } else { heap.set_field(link, NEXT, rest) }
}

/// Takes out the entries that the collector has emptied.
fn clean(heap: &Heap, table: Value) {
    let broken = heap.broken_entries as i64;
    if weakness(table) == 0 || number(table, BROKEN) == broken {
        return;
    }
    heap.set_field(table, BROKEN, Value::fixnum(broken));
    let mut count = clean_buckets(heap, table.field(BUCKETS));
    let mut pending = table.field(PENDING);
    while let Some((buckets, rest)) = pending.as_pair() {
        count += clean_buckets(heap, buckets);
        pending = rest;
    }
    heap.set_field(table, COUNT, Value::fixnum(count as i64));
}

/// Takes the emptied entries out of some buckets; returns how many entries are left.
fn clean_buckets(heap: &Heap, buckets: Value) -> usize {
    let mut count = 0;
    let mut all = Vec::new();
    for index in 0..buckets.field_count() {
        let mut chain = buckets.field(index);
        let mut kept = Value::NIL;
        let mut changed = false;
        while let Some((_, key, _, rest)) = first(chain) {
            if key == Value::UNBOUND {
                changed = true;
            } else {
                all.push(chain);
            }
            chain = rest;
        }
        count += all.len();
        if changed {
            for &link in all.iter().rev() {
                set_rest(heap, link, kept);
                kept = link;
            }
            heap.set_field(buckets, index, kept);
        }
        all.clear();
    }
    count
}

/// Makes the table good for an access: entries in their places, none of them emptied.
fn settle(heap: &Heap, table: Value) -> Result<(), Stop> {
    clean(heap, table);
    let epoch = number(table, EPOCH);
    let is_current = epoch < 0 || epoch == heap.epoch as i64;
    if table.field(PENDING).is_pair() {
        return if is_current { go_on(heap, table) } else { arrange(heap, table, bucket_count(table)) };
    }
    if is_current {
        return Ok(());
    }
    if number(table, MAJORS) == heap.major_collections as i64 {
        heap.set_field(table, EPOCH, Value::fixnum(heap.epoch as i64));
        arrange_young(heap, table);
        Ok(())
    } else {
        arrange(heap, table, bucket_count(table))
    }
}

/// Puts the entries that a minor collection can have moved into their places.
fn arrange_young(heap: &Heap, table: Value) {
    let how = How::from_code(number(table, HOW));
    if how == How::Custom {
        return;
    }
    let buckets = table.field(BUCKETS);
    let mut noted = table.field(YOUNG);
    heap.set_field(table, YOUNG, Value::FALSE);
    while let Some((note_, rest)) = noted.as_pair() {
        noted = rest;
        let (link, number) = (note_.car(), note_.cdr().fixnum_value() as usize);
        // What has been taken out since is not there.
        if !unlink(heap, buckets, number / NOTED, link) {
            continue;
        }
        let key = first(link).map_or(Value::FALSE, |(_, key, _, _)| key);
        let hash = how.hash(heap, key);
        let at = place(hash.value, buckets.field_count());
        set_rest(heap, link, buckets.field(at));
        heap.set_field(buckets, at, link);
        note(heap, table, hash, link, at, (number % NOTED).saturating_sub(1));
    }
}

/// Takes a link out of the chain of bucket `at`; returns whether it was there.
fn unlink(heap: &Heap, buckets: Value, at: usize, link: Value) -> bool {
    let (mut before, mut chain) = (Value::NIL, buckets.field(at));
    while let Some((_, _, _, rest)) = first(chain) {
        if chain == link {
            if before.is_null() {
                heap.set_field(buckets, at, rest)
            } else {
                set_rest(heap, before, rest)
            }
            return true;
        }
        (before, chain) = (chain, rest);
    }
    false
}

/// Puts every entry into its place among so many buckets. When that is interrupted, the next access goes on with it.
fn arrange(heap: &Heap, table: Value, size: usize) -> Result<(), Stop> {
    if How::from_code(number(table, HOW)) == How::Custom {
        return Ok(());
    }
    heap.set_field(table, PENDING, heap.cons(table.field(BUCKETS), table.field(PENDING)));
    let spare = table.field(SPARE);
    let fits = spare.is_true() && spare.field_count() == size;
    heap.set_field(table, BUCKETS, if fits { spare } else { heap.make_filled(Kind::Vector, size, Value::NIL) });
    heap.set_field(table, SPARE, Value::FALSE);
    forget_addresses(heap, table);
    go_on(heap, table)
}

/// Moves what is left in the pending buckets.
fn go_on(heap: &Heap, table: Value) -> Result<(), Stop> {
    let how = How::from_code(number(table, HOW));
    let buckets = table.field(BUCKETS);
    while let Some((pending, rest)) = table.field(PENDING).as_pair() {
        for index in 0..pending.field_count() {
            if index.is_multiple_of(STRIDE) {
                heap.go_on(0)?;
            }
            let mut chain = pending.field(index);
            heap.set_field(pending, index, Value::NIL);
            while let Some((_, key, _, rest)) = first(chain) {
                if key != Value::UNBOUND {
                    let hash = how.hash(heap, key);
                    let at = place(hash.value, buckets.field_count());
                    note(heap, table, hash, chain, at, VISITS);
                    set_rest(heap, chain, buckets.field(at));
                    heap.set_field(buckets, at, chain);
                }
                chain = rest;
            }
        }
        if pending.field_count() == buckets.field_count() {
            heap.set_field(table, SPARE, pending);
        }
        heap.set_field(table, PENDING, rest);
    }
    Ok(())
}

fn forget_addresses(heap: &Heap, table: Value) {
    heap.set_field(table, EPOCH, Value::fixnum(-1));
    heap.set_field(table, YOUNG, Value::FALSE);
}

/// Remembers that a key with this hash is in the table, in bucket `at`, and that parts of it may be young for `visits` collections
/// more.
fn note(heap: &Heap, table: Value, hash: Hash, link: Value, at: usize, visits: usize) {
    if !hash.moves {
        return;
    }
    heap.set_field(table, EPOCH, Value::fixnum(heap.epoch as i64));
    heap.set_field(table, MAJORS, Value::fixnum(heap.major_collections as i64));
    // Parts of an `equal?` key may be young when it is not.
    let may_move = match How::from_code(number(table, HOW)) {
        How::Equal => visits > 0,
        _ => first(link).is_some_and(|(_, key, _, _)| heap.is_young_value(key)),
    };
    if may_move {
        let noted = table.field(YOUNG);
        let noted = if noted.is_pair() { noted } else { Value::NIL };
        let number = Value::fixnum((at * NOTED + visits) as i64);
        heap.set_field(table, YOUNG, heap.cons(heap.cons(link, number), noted));
    }
}

/// The link whose entry has this key, in the chain that begins with `chain`, and the link before it.
fn search(heap: &Heap, mut chain: Value, how: How, key: Value) -> Result<Option<(Value, Value)>, Stop> {
    let mut before = Value::NIL;
    while let Some((_, candidate, _, rest)) = first(chain) {
        if how.same(heap, candidate, key)? {
            return Ok(Some((chain, before)));
        }
        before = chain;
        chain = rest;
    }
    Ok(None)
}

fn find(heap: &Heap, table: Value, how: How, key: Value) -> Result<Option<Value>, Stop> {
    settle(heap, table)?;
    let buckets = table.field(BUCKETS);
    let at = place(how.hash(heap, key).value, buckets.field_count());
    Ok(search(heap, buckets.field(at), how, key)?.map(|(link, _)| link))
}

/// The value under a key.
pub fn get(heap: &Heap, table: Value, how: How, key: Value) -> Result<Option<Value>, Stop> {
    let link = find(heap, table, how, key)?;
    Ok(link.and_then(first).map(|(_, _, value, _)| value))
}

/// The pair of key and value, which is the table's own unless that is weak.
pub fn handle(heap: &Heap, table: Value, how: How, key: Value) -> Result<Option<Value>, Stop> {
    Ok(find(heap, table, how, key)?.and_then(first).map(
        |(entry, key, value, _)| {
            if entry.is_pair() { entry } else { heap.cons(key, value) }
        },
    ))
}

/// What a table takes for one more entry, growth included.
pub fn growth(table: Value) -> usize {
    let buckets = bucket_count(table);
    if number(table, COUNT) as usize >= buckets { buckets.saturating_mul(24) } else { 0 }
}

/// Puts a value under a key. The caller has asked for `growth`.
pub fn set(heap: &Heap, table: Value, how: How, key: Value, value: Value) -> Result<(), Stop> {
    if let Some(link) = find(heap, table, how, key)? {
        set_value(heap, link, value);
        return Ok(());
    }
    heap.set_field(table, HOW, Value::fixnum(how as i64));
    let mut buckets = bucket_count(table);
    if number(table, COUNT) as usize >= buckets {
        buckets *= 2;
        arrange(heap, table, buckets)?;
    }
    let hash = how.hash(heap, key);
    let at = place(hash.value, buckets);
    let link = add(heap, table, at, key, value);
    note(heap, table, hash, link, at, VISITS);
    Ok(())
}

fn set_value(heap: &Heap, link: Value, value: Value) {
    match link.as_pair() {
        Some((handle, _)) => heap.set_cdr(handle, value),
        None => heap.set_field(link, VALUE, value),
    }
}

fn add(heap: &Heap, table: Value, at: usize, key: Value, value: Value) -> Value {
    let buckets = table.field(BUCKETS);
    let rest = buckets.field(at);
    let link = match weakness(table) {
        0 => heap.cons(heap.cons(key, value), rest),
        mode => heap.make(Kind::Weak, &[Value::fixnum(mode), key, value, rest]),
    };
    heap.set_field(buckets, at, link);
    heap.set_field(table, COUNT, Value::fixnum(number(table, COUNT) + 1));
    link
}

/// Takes out the entry of a key; the pair of what it was.
pub fn remove(heap: &Heap, table: Value, how: How, key: Value) -> Result<Option<Value>, Stop> {
    settle(heap, table)?;
    let at = place(how.hash(heap, key).value, bucket_count(table));
    remove_at(heap, table, at, how, key)
}

fn remove_at(heap: &Heap, table: Value, at: usize, how: How, key: Value) -> Result<Option<Value>, Stop> {
    let buckets = table.field(BUCKETS);
    let Some((link, before)) = search(heap, buckets.field(at), how, key)? else { return Ok(None) };
    let Some((entry, key, value, rest)) = first(link) else { return Ok(None) };
    if before.is_null() {
        heap.set_field(buckets, at, rest)
    } else {
        set_rest(heap, before, rest)
    }
    heap.set_field(table, COUNT, Value::fixnum(number(table, COUNT) - 1));
    Ok(Some(if entry.is_pair() { entry } else { heap.cons(key, value) }))
}

/// Takes out everything.
pub fn clear(heap: &Heap, table: Value) {
    empty(heap, table, SMALLEST);
}

/// Gives the table so many buckets, with nothing in them.
fn empty(heap: &Heap, table: Value, buckets: usize) {
    heap.set_field(table, BUCKETS, heap.make_filled(Kind::Vector, buckets, Value::NIL));
    heap.set_field(table, COUNT, Value::fixnum(0));
    heap.set_field(table, PENDING, Value::NIL);
    heap.set_field(table, SPARE, Value::FALSE);
    forget_addresses(heap, table);
}

/// A table of its own with the same entries.
pub fn copy(heap: &Heap, table: Value) -> Result<Value, Stop> {
    clean(heap, table);
    let fields: Vec<Value> = table.fields().collect();
    let new = heap.make(Kind::Table, &fields);
    let (how, size) = (How::from_code(number(table, HOW)), bucket_count(table));
    empty(heap, new, size);
    for (at, chain) in chains(table).enumerate() {
        if at.is_multiple_of(STRIDE) {
            heap.go_on(0)?;
        }
        let mut chain = chain;
        while let Some((_, key, value, rest)) = first(chain) {
            // What compares by a procedure stands where its number says.
            if how == How::Custom {
                add(heap, new, at % size, key, value);
            } else {
                let hash = how.hash(heap, key);
                let at = place(hash.value, size);
                let link = add(heap, new, at, key, value);
                note(heap, new, hash, link, at, VISITS);
            }
            chain = rest;
        }
    }
    Ok(new)
}

/// All chains: those in their places first.
fn chains(table: Value) -> impl Iterator<Item = Value> {
    let mut pending = table.field(PENDING);
    let more = std::iter::from_fn(move || {
        let (buckets, rest) = pending.as_pair()?;
        pending = rest;
        Some(buckets)
    });
    std::iter::once(table.field(BUCKETS)).chain(more).flat_map(|buckets| buckets.fields())
}

/// All keys and values, for a host that wants them whole: nothing interrupts it.
pub fn entries(heap: &Heap, table: Value) -> Vec<(Value, Value)> {
    clean(heap, table);
    let links = chains(table).flat_map(|chain| std::iter::successors(first(chain), |link| first(link.3)));
    links.map(|(_, key, value, _)| (key, value)).collect()
}

/// Shows `visit` each entry: its handle if there is one, key and value.
pub fn each(heap: &Heap, table: Value, mut visit: impl FnMut(Value, Value, Value)) -> Result<(), Stop> {
    clean(heap, table);
    for (index, chain) in chains(table).enumerate() {
        if index.is_multiple_of(STRIDE) {
            heap.go_on(0)?;
        }
        let mut chain = chain;
        while let Some((entry, key, value, rest)) = first(chain) {
            visit(entry, key, value);
            chain = rest;
        }
    }
    Ok(())
}

// ---- for tables that compare by a procedure -------------------------------------------------------------------------

/// The pairs of key and value in the bucket that belongs to this hash.
pub fn bucket(heap: &Heap, table: Value, hash: u64) -> Vec<Value> {
    clean(heap, table);
    let buckets = table.field(BUCKETS);
    let mut chain = buckets.field(place(hash, buckets.field_count()));
    let mut handles = Vec::new();
    while let Some((entry, key, value, rest)) = first(chain) {
        handles.push(if entry.is_pair() { entry } else { heap.cons(key, value) });
        chain = rest;
    }
    handles
}

/// Puts a value under the very key that is in that bucket, or adds it there; the table does not grow.
pub fn bucket_set(heap: &Heap, table: Value, hash: u64, key: Value, value: Value) {
    let at = place(hash, bucket_count(table));
    heap.set_field(table, HOW, Value::fixnum(How::Custom as i64));
    match search(heap, table.field(BUCKETS).field(at), How::Eq, key) {
        Ok(Some((link, _))) => set_value(heap, link, value),
        _ => {
            add(heap, table, at, key, value);
        }
    }
}

/// Takes the very key out of that bucket.
pub fn bucket_remove(heap: &Heap, table: Value, hash: u64, key: Value) -> Option<Value> {
    let at = place(hash, bucket_count(table));
    remove_at(heap, table, at, How::Eq, key).unwrap_or(None)
}

/// Makes the buckets of such a table twice as many, all empty, and gives what was in them.
pub fn unload(heap: &Heap, table: Value) -> Result<Vec<Value>, Stop> {
    let mut handles = Vec::new();
    each(heap, table, |entry, key, value| {
        handles.push(if entry.is_pair() { entry } else { heap.cons(key, value) });
    })?;
    empty(heap, table, bucket_count(table) * 2);
    Ok(handles)
}

#[cfg(test)]
mod tests {
    use super::super::collect::{WEAK_KEY, WEAK_VALUE};
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
                assert_eq!(count(&heap, table), 500);
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
        let interrupt = Interrupt::new().unwrap();
        heap.control.interrupt = Some(interrupt.clone());
        let table = make(&heap, 0, 0);
        // The next entry makes it grow.
        let full = (3 * STRIDE).next_power_of_two() as i64;
        for n in 0..full {
            set(&heap, table, How::Eq, Value::fixnum(n), Value::fixnum(n)).unwrap();
        }
        interrupt.raise();
        assert_eq!(set(&heap, table, How::Eq, Value::fixnum(full), Value::NIL), Err(Stop::Interrupted));
        assert_eq!(count(&heap, table), full as usize);
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
            assert_eq!(count(&heap, roots[0]), 1, "mode {mode}");
            let (key, value) = pair(roots[1], Value::TRUE);
            assert_eq!(get(&heap, roots[0], How::Eq, key).unwrap(), Some(value));
            let mut roots = [roots[0]];
            collect(&mut heap, true, &mut roots);
            assert_eq!(count(&heap, roots[0]), 0, "mode {mode}");
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
        assert_eq!(count(&heap, roots[0]), 2);
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
        assert_eq!(count(&heap, table), 1000);
        assert!(bucket_count(table) >= 1000);
        for n in (0..1000).step_by(2) {
            assert!(remove(&heap, table, How::Equal, key(n)).unwrap().is_some());
        }
        assert_eq!(get(&heap, table, How::Equal, key(501)).unwrap(), Some(Value::fixnum(501)));
        assert_eq!(get(&heap, table, How::Equal, key(500)).unwrap(), None);
        assert_eq!(count(&heap, copy(&heap, table).unwrap()), 500);
        clear(&heap, table);
        assert_eq!(count(&heap, table), 0);
    }
}
