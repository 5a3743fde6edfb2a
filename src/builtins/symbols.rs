//! Symbols and keywords, R7RS section 6.5 and Guile's additions.

use super::declare::{Keyword, Str, Sym, all_are};
use crate::builtins;
use crate::symbol::Symbol;
use crate::value::Value;
use crate::vm::cx::{Answer, Cx};

builtins! { SYMBOLS;

/// Whether OBJ is a symbol. [R7RS 6.5]
///
///     (symbol? 'foo)  => #t
///     (symbol? "bar")  => #f
fn "symbol?" (cx, obj: Value) { obj.is_symbol() }

/// Whether the SYMBOLS are all the same. [R7RS 6.5]
///
///     (symbol=? 'a 'a 'a)  => #t
///     (symbol=? 'a 'b)  => #f
fn "symbol=?" (cx, a: Sym, b: Sym, ..symbols) {
    all_are::<Sym>(cx, "symbol=?", 3, "symbols", symbols)?;
    Ok(a.0 == b.0 && symbols.iter().all(|&other| other == a.0))
}

/// Whether the names of the SYMBOLS come in rising order. [Guile]
///
///     (symbol<? 'apple 'pear 'plum)  => #t
///     (symbol<? 'b 'a)  => #f
fn "symbol<?" (cx, a: Sym, b: Sym, ..symbols) {
    all_are::<Sym>(cx, "symbol<?", 3, "symbols", symbols)?;
    let mut names: Vec<&str> = vec![name(cx, a.0), name(cx, b.0)];
    names.extend(symbols.iter().map(|&symbol| name(cx, symbol)));
    Ok(names.windows(2).all(|pair| pair[0] < pair[1]))
}

/// The name of SYMBOL, as a string that must not be changed. [R7RS 6.5]
///
///     (symbol->string 'flying-fish)  => "flying-fish"
fn "symbol->string" (cx, symbol: Sym) {
    let text = cx.heap.long_string(name(cx, symbol.0))?;
    cx.heap.set_immutable(text);
    Ok(text)
}

/// The symbol whose name is STRING. [R7RS 6.5]
///
///     (string->symbol "mISSISSIppi")  => mISSISSIppi
///     (eq? 'bitBlt (string->symbol "bitBlt"))  => #t
fn "string->symbol" (cx, string: Str) { intern(cx, string.0) }

/// The symbol whose name is STRING; the same as string->symbol. [Guile]
///
///     (intern "abc")  => abc
fn "intern" (cx, string: Str) { intern(cx, string.0) }

/// A new symbol with the name STRING that is the same as no other symbol. [Guile]
///
///     (eq? (string->uninterned-symbol "a") 'a)  => #f
fn "string->uninterned-symbol" (cx, string: Str) {
    admit(cx, string.0)?;
    let text = cx.heap.str(string.0).unwrap_or_default();
    let symbol = cx.symbols.uninterned(text);
    made(cx, symbol)
}

/// Whether SYMBOL is the one that string->symbol finds under its name. [Guile]
///
///     (symbol-interned? 'a)  => #t
///     (symbol-interned? (gensym))  => #f
fn "symbol-interned?" (cx, symbol: Sym) { symbol.0.as_symbol().is_some_and(|symbol| cx.symbols.is_interned(symbol)) }

/// A new symbol that is the same as no other; its name is PREFIX (or "g") and a number. [Guile]
///
///     (symbol? (gensym "tmp"))  => #t
///     (eq? (gensym) (gensym))  => #f
fn "gensym" (cx, [prefix: Str]) {
    if let Some(prefix) = prefix {
        admit(cx, prefix.0)?;
    }
    let prefix = prefix.and_then(|prefix| cx.heap.str(prefix.0)).unwrap_or("g");
    let symbol = cx.symbols.generate(prefix);
    made(cx, symbol)
}

/// The symbol whose name is the names of the SYMBOLS, one after the other. [Guile]
///
///     (symbol-append 'foo 'bar)  => foobar
fn "symbol-append" (cx, ..symbols) {
    all_are::<Sym>(cx, "symbol-append", 1, "symbols", symbols)?;
    cx.admit(symbols.iter().map(|&symbol| name(cx, symbol).len()).sum())?;
    let joined: String = symbols.iter().map(|&symbol| name(cx, symbol)).collect();
    let symbol = cx.symbols.intern_loose(&joined);
    made(cx, symbol)
}

/// Whether OBJ is a keyword, like #:port. [Guile]
///
///     (keyword? #:port)  => #t
///     (keyword? 'port)  => #f
fn "keyword?" (cx, obj: Value) { obj.as_keyword().is_some() }

/// The symbol with the name of KEYWORD. [Guile]
///
///     (keyword->symbol #:port)  => port
fn "keyword->symbol" (cx, keyword: Keyword) { keyword.0.as_keyword().map(Value::symbol) }

/// The keyword with the name of SYMBOL. [Guile]
///
///     (symbol->keyword 'port)  => #:port
fn "symbol->keyword" (cx, symbol: Sym) { symbol.0.as_symbol().map(Value::keyword) }
}

/// The name of a value known to be a symbol.
fn name(cx: &Cx, symbol: Value) -> &str {
    symbol.as_symbol().map_or("", |symbol: Symbol| cx.symbols.name(symbol))
}

/// Whether there is room for a name like this.
fn admit(cx: &mut Cx, string: Value) -> Answer<()> {
    cx.admit(cx.heap.str(string).map_or(0, str::len))
}

fn intern(cx: &mut Cx, string: Value) -> Answer {
    admit(cx, string)?;
    let text = cx.heap.str(string).unwrap_or_default();
    let symbol = cx.symbols.intern_loose(text);
    made(cx, symbol)
}

/// A symbol that may be new: it costs memory outside the heap.
fn made(cx: &Cx, symbol: Symbol) -> Answer {
    cx.heap.ask_when_due();
    Ok(Value::symbol(symbol))
}
