//! Interned names.
//!
//! A `Symbol` is an index into its engine's `Symbols`. Interned symbols are equal exactly when their names are;
//! uninterned ones (generated names) have a name too, but are found by nobody.
//!
//! What programs are written with stays as long as the engine: `intern` pins. What a program makes of data as it runs
//! is loose: after a collection that has found no value naming such a symbol, `sweep` takes it out, and its number is given
//! again. So whoever keeps a `Symbol` outside the heap pins it (the expander does, whatever it is given), or holds it for a while
//! (a parser, until its datum is a value).

use std::hash::BuildHasher;
use std::rc::Rc;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use crate::ledger::Ledger;

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Symbol(pub u32);

/// Names that are known before anybody interns one: their symbols are the first, in the order of their being added, and stay.
/// Engines share them.
pub struct Names {
    all: Vec<&'static str>,
    index: HashTable<Symbol>,
}

impl Names {
    pub const NONE: Names = Names { all: Vec::new(), index: HashTable::new() };

    /// The symbol of this name, which is added if it was not there.
    pub fn add(&mut self, name: &'static str) -> Symbol {
        if let Some(symbol) = self.find(name) {
            return symbol;
        }
        let symbol = Symbol(self.all.len() as u32);
        self.all.push(name);
        let place = spread(hash(name));
        self.index.insert_unique(place, symbol, |symbol| spread(hash(self.all[symbol.0 as usize])));
        symbol
    }

    pub fn find(&self, name: &str) -> Option<Symbol> {
        self.index.find(spread(hash(name)), |symbol| self.all[symbol.0 as usize] == name).copied()
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl Default for &'static Names {
    fn default() -> &'static Names {
        static NONE: Names = Names::NONE;
        &NONE
    }
}

#[derive(Default)]
pub struct Symbols {
    known: &'static Names,
    /// Those that follow.
    names: Vec<Entry>,
    /// The interned ones, by their names.
    index: HashTable<Place>,
    generated: u32,
    /// Places in `names` of symbols that have been taken out.
    free: Vec<u32>,
    /// What the symbols that are not pinned take, and what they took after the last sweep.
    loose: usize,
    loose_then: usize,
    ledger: Rc<Ledger>,
}

/// Where a symbol stands in the index. The hash is kept so that the names themselves, all over the memory, are looked at only when
/// it is the wanted one.
#[derive(Clone, Copy)]
struct Place {
    hash: u32,
    symbol: Symbol,
}

struct Entry {
    name: Box<str>,
    interned: bool,
    /// How many parsers hold a loose symbol; or that it is pinned, or has been taken out.
    holds: u32,
}

const PINNED: u32 = u32::MAX;
const FREE: u32 = u32::MAX - 1;

/// Loose symbols that are worth being looked for, in bytes.
const WORTHWHILE: usize = 1 << 20;

/// The symbols that a collection has found, a bit each.
pub struct Found(Vec<u64>);

impl Found {
    #[inline]
    pub fn add(&mut self, symbol: Symbol) {
        // What looks like a symbol may be something else that an old word says.
        if let Some(word) = self.0.get_mut(symbol.0 as usize / 64) {
            *word |= 1 << (symbol.0 % 64);
        }
    }

    fn has(&self, index: usize) -> bool {
        self.0[index / 64] & 1 << (index % 64) != 0
    }
}

/// What a symbol takes beyond its name: the entry and its place in the index, both with room to grow, and what the allocator adds.
const SYMBOL_BYTES: usize = 2 * size_of::<Entry>() + 48;

impl Symbols {
    pub fn new() -> Symbols {
        Symbols::default()
    }

    /// Symbols whose names are entered in this ledger, besides those that are known already.
    pub fn with_ledger(ledger: Rc<Ledger>, known: &'static Names) -> Symbols {
        Symbols { ledger, known, ..Symbols::default() }
    }

    pub fn ledger(&self) -> &Rc<Ledger> {
        &self.ledger
    }

    /// The one symbol of this name, for good.
    pub fn intern(&mut self, name: &str) -> Symbol {
        let symbol = self.intern_loose(name);
        self.pin(symbol);
        symbol
    }

    /// The one symbol of this name, for as long as some value names it.
    pub fn intern_loose(&mut self, name: &str) -> Symbol {
        if let Some(symbol) = self.find(name) {
            return symbol;
        }
        let symbol = self.push(name.into(), true);
        let place = Place { hash: hash(name), symbol };
        self.index.insert_unique(spread(place.hash), place, |place| spread(place.hash));
        symbol
    }

    /// The one symbol of this name, which stays until it is released.
    pub fn hold(&mut self, name: &str) -> Symbol {
        let symbol = self.intern_loose(name);
        if let Some(index) = self.own(symbol)
            && self.names[index].holds < FREE - 1
        {
            self.names[index].holds += 1;
        }
        symbol
    }

    /// Undoes one `hold`.
    pub fn release(&mut self, symbol: Symbol) {
        if let Some(index) = self.own(symbol)
            && self.names[index].holds < FREE - 1
        {
            let holds = &mut self.names[index].holds;
            *holds = holds.saturating_sub(1);
        }
    }

    /// Has the symbol stay for good.
    #[inline]
    pub fn pin(&mut self, symbol: Symbol) {
        let Some(index) = self.own(symbol) else { return };
        let entry = &mut self.names[index];
        if entry.holds != PINNED {
            entry.holds = PINNED;
            self.loose = self.loose.saturating_sub(SYMBOL_BYTES + entry.name.len());
        }
    }

    /// Whether any symbol is not pinned.
    pub fn has_loose(&self) -> bool {
        self.loose > 0
    }

    /// Whether so many loose symbols have been made that the next major collection should look for them.
    pub fn is_sweep_due(&self) -> bool {
        self.loose > self.loose_then + WORTHWHILE
    }

    /// Whether a collection for want of memory should look for them: those that the last one found may have been let go since.
    pub fn is_sweep_worthwhile(&self) -> bool {
        self.loose > WORTHWHILE
    }

    /// For a collection to enter what it finds.
    pub fn found(&self) -> Found {
        Found(vec![0; (self.known.len() + self.names.len()).div_ceil(64)])
    }

    /// Takes out the loose symbols that were not found.
    pub fn sweep(&mut self, found: &Found) {
        let (names, before) = (&mut self.names, self.known.len());
        let is_dead = |entry: &Entry, index: usize| entry.holds == 0 && !found.has(before + index);
        let index_of = |place: &Place| place.symbol.0 as usize - before;
        // What was found need not be looked at.
        self.index.retain(|place| {
            let index = index_of(place);
            found.has(before + index) || !is_dead(&names[index], index)
        });
        for (index, entry) in names.iter_mut().enumerate().filter(|(index, entry)| is_dead(entry, *index)) {
            let bytes = SYMBOL_BYTES + entry.name.len();
            *entry = Entry { name: Box::default(), interned: false, holds: FREE };
            self.free.push(index as u32);
            self.loose -= bytes;
            self.ledger.remove_table(bytes);
        }
        self.loose_then = self.loose;
    }

    /// The symbol of this name if somebody has interned it.
    pub fn find(&self, name: &str) -> Option<Symbol> {
        let hash = hash(name);
        let is_wanted = |place: &Place| place.hash == hash && self.name(place.symbol) == name;
        let own = self.index.find(spread(hash), is_wanted).map(|place| place.symbol);
        own.or_else(|| self.known.find(name))
    }

    /// A symbol different from all others, whatever its name, for as long as some value names it.
    pub fn uninterned(&mut self, name: &str) -> Symbol {
        self.push(name.into(), false)
    }

    /// A fresh uninterned symbol whose name is `prefix` and a number; likewise.
    pub fn generate(&mut self, prefix: &str) -> Symbol {
        self.generated += 1;
        let name = format!("{prefix}{}", self.generated);
        self.uninterned(&name)
    }

    pub fn name(&self, symbol: Symbol) -> &str {
        match self.own(symbol) {
            Some(index) => {
                let entry = &self.names[index];
                debug_assert!(entry.holds != FREE, "symbol {} has been taken out", symbol.0);
                &entry.name
            }
            None => self.known.all[symbol.0 as usize],
        }
    }

    /// The place of one that was not known before.
    #[inline]
    fn own(&self, symbol: Symbol) -> Option<usize> {
        (symbol.0 as usize).checked_sub(self.known.len())
    }

    fn numbered(&self, index: usize) -> Symbol {
        Symbol(u32::try_from(self.known.len() + index).expect("fewer than 2^32 symbols"))
    }

    pub fn is_interned(&self, symbol: Symbol) -> bool {
        self.own(symbol).is_none_or(|index| self.names[index].interned)
    }

    /// All interned names, for completion and suggestions.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let own = self.names.iter().filter(|entry| entry.interned).map(|entry| &*entry.name);
        self.known.all.iter().copied().chain(own)
    }

    fn push(&mut self, name: Box<str>, interned: bool) -> Symbol {
        let bytes = SYMBOL_BYTES + name.len();
        self.ledger.add_table(bytes);
        self.loose += bytes;
        let entry = Entry { name, interned, holds: 0 };
        if let Some(index) = self.free.pop() {
            self.names[index as usize] = entry;
            return self.numbered(index as usize);
        }
        self.names.push(entry);
        self.numbered(self.names.len() - 1)
    }
}

fn hash(name: &str) -> u32 {
    let hash = FxBuildHasher.hash_one(name);
    (hash ^ hash >> 32) as u32
}

/// The table takes places from the low bits, and distinguishes neighbours by the high ones.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loose_symbols_go_when_nobody_has_them() {
        let mut symbols = Symbols::new();
        let kept = symbols.intern("kept");
        let [gone, held, found, pinned] = ["gone", "held", "found", "pinned"].map(|name| symbols.intern_loose(name));
        let own = symbols.uninterned("gone");
        assert_eq!(symbols.hold("held"), held);
        assert_eq!(symbols.intern("pinned"), pinned);
        let mut seen = symbols.found();
        seen.add(found);
        symbols.sweep(&seen);
        assert!(symbols.find("gone").is_none());
        for (symbol, name) in [(kept, "kept"), (held, "held"), (found, "found"), (pinned, "pinned")] {
            assert_eq!((symbols.find(name), symbols.name(symbol)), (Some(symbol), name));
        }
        let again = [symbols.intern("new"), symbols.intern("gone")];
        assert!(again.contains(&gone) && again.contains(&own), "the numbers are given again");
        symbols.release(held);
        symbols.sweep(&symbols.found());
        assert!(symbols.find("held").is_none() && symbols.find("found").is_none() && !symbols.has_loose());
        assert!(symbols.find("pinned").is_some());
    }
}
