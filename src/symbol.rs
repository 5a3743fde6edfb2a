//! Interned names.
//!
//! A `Symbol` is an index into its engine's `Symbols`. Interned symbols are equal exactly when their names are;
//! uninterned ones (generated names) have a name too, but are found by nobody. Symbols live as long as the engine.

use std::hash::BuildHasher;
use std::rc::Rc;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use crate::ledger::Ledger;

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Symbol(pub u32);

/// Names that are known before anybody interns one: their symbols are the first, in the order of their being added. Engines share them.
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
        self.index.insert_unique(hash(name), symbol, |symbol| hash(self.all[symbol.0 as usize]));
        symbol
    }

    pub fn find(&self, name: &str) -> Option<Symbol> {
        self.index.find(hash(name), |symbol| self.all[symbol.0 as usize] == name).copied()
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
    index: HashTable<Symbol>,
    generated: u32,
    ledger: Rc<Ledger>,
}

struct Entry {
    name: Box<str>,
    interned: bool,
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

    /// The one symbol of this name.
    pub fn intern(&mut self, name: &str) -> Symbol {
        if let Some(symbol) = self.find(name) {
            return symbol;
        }
        let symbol = self.push(name.into(), true);
        let (names, before) = (&self.names, self.known.len());
        self.index.insert_unique(hash(name), symbol, |symbol| hash(&names[symbol.0 as usize - before].name));
        symbol
    }

    /// The symbol of this name if somebody has interned it.
    pub fn find(&self, name: &str) -> Option<Symbol> {
        let hash = hash(name);
        let own = self.index.find(hash, |symbol| self.name(*symbol) == name).copied();
        own.or_else(|| self.known.find(name))
    }

    /// A symbol different from all others, whatever its name.
    pub fn uninterned(&mut self, name: &str) -> Symbol {
        self.push(name.into(), false)
    }

    /// A fresh uninterned symbol whose name is `prefix` and a number.
    pub fn generate(&mut self, prefix: &str) -> Symbol {
        self.generated += 1;
        let name = format!("{prefix}{}", self.generated);
        self.uninterned(&name)
    }

    pub fn name(&self, symbol: Symbol) -> &str {
        let number = symbol.0 as usize;
        match self.known.all.get(number) {
            Some(name) => name,
            None => &self.names[number - self.known.len()].name,
        }
    }

    pub fn is_interned(&self, symbol: Symbol) -> bool {
        let number = symbol.0 as usize;
        number < self.known.len() || self.names[number - self.known.len()].interned
    }

    /// All interned names, for completion and suggestions.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let own = self.names.iter().filter(|entry| entry.interned).map(|entry| &*entry.name);
        self.known.all.iter().copied().chain(own)
    }

    fn push(&mut self, name: Box<str>, interned: bool) -> Symbol {
        let symbol = Symbol(u32::try_from(self.known.len() + self.names.len()).expect("fewer than 2^32 symbols"));
        self.ledger.add_table(SYMBOL_BYTES + name.len());
        self.names.push(Entry { name, interned });
        symbol
    }
}

fn hash(name: &str) -> u64 {
    FxBuildHasher.hash_one(name)
}
