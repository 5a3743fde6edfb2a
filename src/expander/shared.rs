//! What the core knows before a program says anything: core forms, builtins, numbers of the system, and the definitions of the
//! base language. It is the same in all engines, so they share one table of it, and what an engine does not use costs it
//! nothing: a builtin's variable is made when an expansion first asks for it, as a definition is compiled.
//!
//! A name's symbol is its place in the table.

use super::core_form::CoreForm;
use crate::opcode::PRIMITIVES;
use crate::source::{SourceId, Span};
use crate::symbol::{Names, Symbol};

/// What a name means in the core.
#[derive(Clone, Copy)]
pub enum Meaning {
    Form(CoreForm),
    /// A builtin's number, and that of the primitive that its calls may be compiled to, or 0.
    Builtin(u16, u16),
    Number(i64),
    /// A definition in a source of the base language.
    Definition(Span),
}

pub struct Known {
    pub meaning: Meaning,
    /// For libraries only.
    pub private: bool,
}

pub struct Shared {
    pub names: Names,
    known: Vec<Known>,
}

/// The names of the core that begin with % and are for everybody, being Guile's.
const PUBLIC: &[&str] = &[
    "%cond-expand-features",
    "%default-port-conversion-strategy",
    "%default-port-encoding",
    "%file-port-name-canonicalization",
    "%host-type",
    "%library-dir",
    "%load-extensions",
    "%load-hook",
    "%load-path",
    "%make-void-port",
    "%package-data-dir",
    "%port-property",
    "%read-hash-procedures",
    "%search-load-path",
    "%set-port-property!",
    "%site-dir",
];

/// Whether programs do not see this name of the core.
pub fn is_private(name: &str) -> bool {
    name.starts_with('%') && !PUBLIC.contains(&name)
}

impl Shared {
    pub const NONE: Shared = Shared { names: Names::NONE, known: Vec::new() };

    /// The core forms, to which more is added.
    pub fn new() -> Shared {
        const OTHER_NAMES: [(&str, CoreForm); 6] = [
            ("λ", CoreForm::Lambda),
            ("export-syntax", CoreForm::Export),
            ("re-export-syntax", CoreForm::ReExport),
            ("define-private", CoreForm::Define),
            ("define-inlinable", CoreForm::Define),
            ("library", CoreForm::DefineLibrary),
        ];
        let mut shared = Shared::NONE;
        for &(name, form) in CoreForm::ALL.iter().chain(&OTHER_NAMES) {
            shared.add(name, Meaning::Form(form));
        }
        shared
    }

    /// Gives a name a meaning, in place of any that it had.
    pub fn add(&mut self, name: &'static str, meaning: Meaning) {
        let at = self.names.add(name).0 as usize;
        let known = Known { meaning, private: is_private(name) };
        match self.known.get_mut(at) {
            Some(before) => *before = known,
            None => self.known.push(known),
        }
    }

    /// Builtins, which have their numbers by their order.
    pub fn add_builtins(&mut self, names: impl Iterator<Item = &'static str>) {
        for (number, name) in names.enumerate() {
            self.add(name, Meaning::Builtin(number as u16, 0));
        }
        for (at, (name, ..)) in PRIMITIVES.iter().enumerate() {
            if let Some(symbol) = self.names.find(name)
                && let Meaning::Builtin(_, primitive @ 0) = &mut self.known[symbol.0 as usize].meaning
            {
                *primitive = at as u16 + 1;
            }
        }
    }

    /// Takes up the definitions of a source of the base language: each waits until somebody asks for it. Every form begins in
    /// the first column, as does nothing else that begins with a parenthesis.
    pub fn add_source(&mut self, source: SourceId, text: &'static str) {
        for (start, end) in forms_in(text, 0) {
            if let Some((_, name)) = defined_name(&text[start..end]) {
                self.add(name, Meaning::Definition(Span::new(source, start, end)));
            }
        }
    }

    pub fn get(&self, symbol: Symbol) -> Option<&Known> {
        self.known.get(symbol.0 as usize)
    }

    /// The number of the builtin that has this name.
    pub fn builtin(&self, name: &str) -> Option<u16> {
        match self.get(self.names.find(name)?)?.meaning {
            Meaning::Builtin(number, _) => Some(number),
            _ => None,
        }
    }

    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The symbols of all names, or of those for everybody.
    pub fn symbols(&self, with_private: bool) -> impl Iterator<Item = Symbol> {
        let wanted = move |(_, known): &(usize, &Known)| with_private || !known.private;
        self.known.iter().enumerate().filter(wanted).map(|(at, _)| Symbol(at as u32))
    }
}

impl Default for Shared {
    fn default() -> Shared {
        Shared::new()
    }
}

impl Default for &'static Shared {
    fn default() -> &'static Shared {
        static NONE: Shared = Shared::NONE;
        &NONE
    }
}

/// Where the forms of a text stand that begin in the first column, from an offset on.
pub(super) fn forms_in(text: &str, from: usize) -> impl Iterator<Item = (usize, usize)> {
    let bytes = text.as_bytes();
    let starts = std::iter::once(from)
        .chain(memchr::memchr_iter(b'\n', &bytes[from..]).map(move |at| from + at + 1))
        .filter(move |&at| bytes.get(at) == Some(&b'('));
    let ends = starts.clone().skip(1).chain(std::iter::once(text.len()));
    starts.zip(ends)
}

/// The word that begins a definition's text, and the name that it defines.
pub(super) fn defined_name(text: &str) -> Option<(&str, &str)> {
    const HEADS: [&str; 8] = [
        "define",
        "define*",
        "define-syntax",
        "define-syntax-rule",
        "define-public",
        "define*-public",
        "define-inlinable",
        "define-once",
    ];
    let (head, rest) = text[1..].split_once(' ')?;
    let rest = rest.trim_start_matches('(');
    let end = rest.find(|c: char| c.is_whitespace() || "();\"".contains(c)).unwrap_or(rest.len());
    Some((head, &rest[..end])).filter(|(head, name)| !name.is_empty() && HEADS.contains(head))
}
