//! What the prompt knows about names while the interpreter is at work elsewhere: a snapshot, made anew when names have been added.

use crate::cli::doc;
use crate::expander::library::USER;
use crate::expander::stdlib;
use crate::vm::cx::Cx;
use std::collections::BTreeMap;

/// What completion and hints tell of a name.
pub struct Word {
    /// Parameters as signatures show them: `sock`, `[flags]`, `more ...`; of procedures only.
    pub parameters: Option<Vec<String>>,
    /// Whether it is a form of the language rather than a value.
    pub syntax: bool,
}

#[derive(Default)]
pub struct Words {
    pub names: BTreeMap<String, Word>,
    /// How many names there were besides the program's own when these were collected.
    others: usize,
    /// Libraries, as `import` names them.
    pub libraries: Vec<String>,
}

impl Words {
    /// Adds what the program has defined since; all names anew, if it has imported something.
    pub fn refresh(&mut self, cx: &mut Cx) {
        let own = cx.expander.modules.own_names(USER);
        if cx.expander.modules.names(USER).len() - own.len() != self.others {
            *self = Words::collect(cx);
            return;
        }
        for symbol in own {
            if let Some(word) = doc::word(cx, symbol) {
                self.names.insert(cx.symbols.name(symbol).to_string(), word);
            }
        }
    }

    pub fn collect(cx: &mut Cx) -> Words {
        let others = cx.expander.modules.names(USER).len() - cx.expander.modules.own_names(USER).len();
        let mut names = BTreeMap::new();
        for symbol in cx.expander.modules.names(USER) {
            if let Some(word) = doc::word(cx, symbol) {
                names.insert(cx.symbols.name(symbol).to_string(), word);
            }
        }
        let libraries = stdlib::names().map(|name| format!("({})", name.replace('/', " "))).collect();
        Words { names, others, libraries }
    }

    /// The names that begin so, in order.
    pub fn starting<'w>(&'w self, prefix: &'w str) -> impl Iterator<Item = (&'w str, &'w Word)> {
        let from = self.names.range::<str, _>((std::ops::Bound::Included(prefix), std::ops::Bound::Unbounded));
        from.take_while(move |(name, _)| name.starts_with(prefix)).map(|(name, word)| (name.as_str(), word))
    }
}
