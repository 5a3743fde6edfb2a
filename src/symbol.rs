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

#[derive(Default)]
pub struct Symbols {
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

    /// Symbols whose names are entered in this ledger.
    pub fn with_ledger(ledger: Rc<Ledger>) -> Symbols {
        Symbols { ledger, ..Symbols::default() }
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
        let names = &self.names;
        self.index.insert_unique(hash(name), symbol, |symbol| hash(&names[symbol.0 as usize].name));
        symbol
    }

    /// The symbol of this name if somebody has interned it.
    pub fn find(&self, name: &str) -> Option<Symbol> {
        self.index.find(hash(name), |symbol| self.name(*symbol) == name).copied()
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
        &self.names[symbol.0 as usize].name
    }

    pub fn is_interned(&self, symbol: Symbol) -> bool {
        self.names[symbol.0 as usize].interned
    }

    /// All interned names, for completion and suggestions.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.names.iter().filter(|entry| entry.interned).map(|entry| &*entry.name)
    }

    fn push(&mut self, name: Box<str>, interned: bool) -> Symbol {
        let symbol = Symbol(u32::try_from(self.names.len()).expect("fewer than 2^32 symbols"));
        self.ledger.add_table(SYMBOL_BYTES + name.len());
        self.names.push(Entry { name, interned });
        symbol
    }
}

fn hash(name: &str) -> u64 {
    FxBuildHasher.hash_one(name)
}
