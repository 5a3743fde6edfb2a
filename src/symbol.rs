//! Interned names.
//!
//! A `Symbol` is an index into its engine's `Symbols`. Interned symbols are equal exactly when their names are;
//! uninterned ones (generated names) have a name too, but are found by nobody. Symbols live as long as the engine.

use rustc_hash::FxHashMap;

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Symbol(pub u32);

#[derive(Default)]
pub struct Symbols {
    names: Vec<Entry>,
    index: FxHashMap<Box<str>, Symbol>,
    generated: u32,
}

struct Entry {
    name: Box<str>,
    interned: bool,
}

impl Symbols {
    pub fn new() -> Symbols {
        Symbols::default()
    }

    /// The one symbol of this name.
    pub fn intern(&mut self, name: &str) -> Symbol {
        if let Some(&symbol) = self.index.get(name) {
            return symbol;
        }
        let symbol = self.push(name.into(), true);
        self.index.insert(name.into(), symbol);
        symbol
    }

    /// The symbol of this name if somebody has interned it.
    pub fn find(&self, name: &str) -> Option<Symbol> {
        self.index.get(name).copied()
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
        self.names.push(Entry { name, interned });
        symbol
    }
}
