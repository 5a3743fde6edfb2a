//! Hash tables: Guile's procedures on them, for the three ways to compare keys, and what its other libraries build on.

use super::declare::{Argument, Str, Sym, range, wrong_type};
use crate::builtins;
use crate::value::equal::{equal_hash_apart, string_hash};
use crate::value::table::{self, How};
use crate::value::tracer::{WEAK_KEY, WEAK_VALUE};
use crate::value::{Kind, Value};
use crate::vm::cx::{Answer, Cx};

builtins! { HASH_TABLES;

/// A new empty hash table with room for about SIZE entries. The procedures that use it say how keys are compared:
/// hash-ref by equal?, hashv-ref by eqv?, hashq-ref by eq?, and so for the others. [Guile]
///
///     (let ((t (make-hash-table))) (hash-set! t "one" 1) (hash-ref t "one"))  => 1
fn "make-hash-table" (cx, [size: usize]) { table::make(&cx.heap, 0, size.unwrap_or(0)) }

/// A new hash table that does not keep its keys alive: an entry goes when nothing else holds its key. [Guile]
///
///     (weak-key-hash-table? (make-weak-key-hash-table))  => #t
fn "make-weak-key-hash-table" (cx, [size: usize]) { table::make(&cx.heap, WEAK_KEY, size.unwrap_or(0)) }

/// A new hash table that does not keep its values alive: an entry goes when nothing else holds its value. [Guile]
///
///     (weak-value-hash-table? (make-weak-value-hash-table))  => #t
fn "make-weak-value-hash-table" (cx, [size: usize]) { table::make(&cx.heap, WEAK_VALUE, size.unwrap_or(0)) }

/// A new hash table that keeps neither its keys nor its values alive. [Guile]
///
///     (doubly-weak-hash-table? (make-doubly-weak-hash-table))  => #t
fn "make-doubly-weak-hash-table" (cx, [size: usize]) { table::make(&cx.heap, WEAK_KEY | WEAK_VALUE, size.unwrap_or(0)) }

/// Whether OBJ is a hash table, weak or not. [Guile]
///
///     (hash-table? (make-hash-table))  => #t
///     (hash-table? '((a . 1)))  => #f
fn "hash-table?" (cx, obj: Value) { obj.is_kind(Kind::Table) }

/// Whether OBJ is a hash table that does not keep its keys alive. [Guile]
///
///     (weak-key-hash-table? (make-hash-table))  => #f
fn "weak-key-hash-table?" (cx, obj: Value) { obj.is_kind(Kind::Table) && table::weakness(obj) == WEAK_KEY }

/// Whether OBJ is a hash table that does not keep its values alive. [Guile]
///
///     (weak-value-hash-table? (make-hash-table))  => #f
fn "weak-value-hash-table?" (cx, obj: Value) { obj.is_kind(Kind::Table) && table::weakness(obj) == WEAK_VALUE }

/// Whether OBJ is a hash table that keeps neither its keys nor its values alive. [Guile]
///
///     (doubly-weak-hash-table? (make-hash-table))  => #f
fn "doubly-weak-hash-table?" (cx, obj: Value) { obj.is_kind(Kind::Table) && table::weakness(obj) == WEAK_KEY | WEAK_VALUE }

/// Takes all entries out of TABLE. [Guile]
///
///     (let ((t (make-hash-table))) (hash-set! t 1 2) (hash-clear! t) (hash-ref t 1))  => #f
fn "hash-clear!" (cx, table: Table) { table::clear(&cx.heap, table.0) }

/// How many entries TABLE has.
fn "%hash-count" (cx, table: Table) { table::count(table.0) }

/// A list of the entries of TABLE, pairs of key and value: its own pairs, unless it is weak. WHO is the name that an error gives,
/// and POSITION the place of the argument.
fn "%hash-handles" (cx, table: Value, who: Sym, position: usize) {
    if !table.is_kind(Kind::Table) {
        let who = who.0.as_symbol().map_or(String::new(), |who| cx.symbols.name(who).to_string());
        return wrong_type(cx, &who, position, "table", Table::EXPECTED, table);
    }
    cx.admit(table::count(table).saturating_mul(32))?;
    let mut list = Value::NIL;
    table::each(&cx.heap, table, |entry, key, value| {
        let handle = if entry.is_pair() { entry } else { cx.heap.cons(key, value) };
        list = cx.heap.cons(handle, list);
    })?;
    Ok(list)
}

/// A table of its own with the same entries as TABLE.
fn "%hash-copy" (cx, table: Table) {
    cx.admit(table::count(table.0).saturating_mul(48))?;
    Ok(table::copy(&cx.heap, table.0)?)
}

/// The entries that were put into TABLE under the number HASH, for tables that compare by a procedure.
fn "%hash-bucket" (cx, table: Table, hash: i64) {
    let handles = table::bucket(&cx.heap, table.0, hash)?;
    Ok(cx.heap.list(&handles))
}

/// Puts OBJ under the very KEY into TABLE, under the number HASH.
fn "%hash-bucket-set!" (cx, table: Table, hash: i64, key: Value, obj: Value) {
    cx.admit(table::growth(&cx.heap, table.0))?;
    Ok(table::bucket_set(&cx.heap, table.0, hash, key, obj)?)
}

/// Takes the very KEY, put there under the number HASH, out of TABLE.
fn "%hash-bucket-remove!" (cx, table: Table, hash: i64, key: Value) {
    Ok(table::bucket_remove(&cx.heap, table.0, hash, key)?)
}

/// A number from 0 to below SIZE that is the same for objects that are equal?. [Guile]
///
///     (= (hash "abc" 100) (hash (string #\a #\b #\c) 100))  => #t
fn "hash" (cx, obj: Value, size: usize) {
    let size = bound(cx, "hash", 2, Some(size))?;
    let hash = equal_hash_apart(&cx.heap, obj);
    Ok(reduce(hash, size))
}

/// A number from 0 to below SIZE that is the same for objects that are eqv?. [Guile]
///
///     (= (hashv 1.5 100) (hashv 1.5 100))  => #t
fn "hashv" (cx, obj: Value, size: usize) {
    let size = bound(cx, "hashv", 2, Some(size))?;
    let hash = if crate::value::number::is_number(obj) { equal_hash_apart(&cx.heap, obj) } else { identity(cx, obj)? };
    Ok(reduce(hash, size))
}

/// A number from 0 to below SIZE that is the same each time for OBJ. [Guile]
///
///     (let ((x (list 1))) (= (hashq x 100) (hashq x 100)))  => #t
fn "hashq" (cx, obj: Value, size: usize) {
    let size = bound(cx, "hashq", 2, Some(size))?;
    let hash = identity(cx, obj)?;
    Ok(reduce(hash, size))
}

/// A number that is the same for strings with the same characters: from 0 to below BOUND. Only the characters from START to
/// before END count. [SRFI 13]
///
///     (= (string-hash "abc") (string-hash "xabc" 1000000 1))  => #f
///     (= (string-hash "abc" 1000) (string-hash "xabc" 1000 1))  => #t
fn "string-hash" (cx, string: Str, [bound: usize], [start: usize], [end: usize]) {
    let size = self::bound(cx, "string-hash", 2, bound)?;
    let (start, end) = range(cx, "string-hash", 3, start, end, cx.heap.string_length(string.0))?;
    Ok(reduce(string_hash(cx.heap.substring(string.0, start, end)), size))
}

/// Like string-hash, but the same for strings that differ only in capital and small letters. [SRFI 13]
///
///     (= (string-hash-ci "abc" 1000) (string-hash-ci "ABC" 1000))  => #t
fn "string-hash-ci" (cx, string: Str, [bound: usize], [start: usize], [end: usize]) {
    let size = self::bound(cx, "string-hash-ci", 2, bound)?;
    let (start, end) = range(cx, "string-hash-ci", 3, start, end, cx.heap.string_length(string.0))?;
    cx.admit((end - start).saturating_mul(4))?;
    let text = cx.heap.substring(string.0, start, end);
    let folded: String = cx.heap.watch(text.chars().map(super::chars::fold)).collect();
    cx.check_interrupt()?;
    Ok(reduce(string_hash(&folded), size))
}

/// A number that is the same each time for SYMBOL. [Guile]
///
///     (= (symbol-hash 'a) (symbol-hash 'a))  => #t
fn "symbol-hash" (cx, symbol: Sym) {
    let hash = symbol.0.as_symbol().map_or(0, |symbol| string_hash(cx.symbols.name(symbol)));
    reduce(hash, LARGEST)
}

/// A number of its own for OBJ, the same each time.
fn "%identity" (cx, obj: Value) { Ok(reduce(identity(cx, obj)?, LARGEST)) }

/// The value under KEY in TABLE, compared by equal?; DEFAULT (or #f) if there is none. [Guile]
///
///     (let ((t (make-hash-table))) (hash-set! t "k" 5) (hash-ref t "k"))  => 5
///     (hash-ref (make-hash-table) "k" 'none)  => none
fn "hash-ref" (cx, table: Table, key: Value, [default: Value]) {
    Ok(table::get(&cx.heap, table.0, How::Equal, key)?.unwrap_or(default.unwrap_or(Value::FALSE)))
}

/// Puts OBJ under KEY into TABLE, in place of what was under a key that is equal? to it. The answer is OBJ. [Guile]
///
///     (let ((t (make-hash-table))) (hash-set! t "k" 5) (hash-set! t "k" 6) (hash-ref t "k"))  => 6
fn "hash-set!" (cx, table: Table, key: Value, obj: Value) {
    cx.admit(table::growth(&cx.heap, table.0))?;
    table::set(&cx.heap, table.0, How::Equal, key, obj)?;
    Ok(obj)
}

/// Takes KEY, compared by equal?, and its value out of TABLE: the pair that they were, or #f. [Guile]
///
///     (let ((t (make-hash-table))) (hash-set! t "k" 5) (hash-remove! t "k") (hash-ref t "k"))  => #f
fn "hash-remove!" (cx, table: Table, key: Value) { Ok(table::remove(&cx.heap, table.0, How::Equal, key)?) }

/// The pair of KEY, compared by equal?, and its value in TABLE, or #f. To change its cdr is to change the table. [Guile]
///
///     (hash-get-handle (make-hash-table) "k")  => #f
fn "hash-get-handle" (cx, table: StrongTable, key: Value) { Ok(table::handle(&cx.heap, table.0, How::Equal, key)?) }

/// The pair of KEY, compared by equal?, and its value in TABLE; if there is none, INIT is put there first. [Guile]
///
///     (cdr (hash-create-handle! (make-hash-table) "k" 5))  => 5
fn "hash-create-handle!" (cx, table: StrongTable, key: Value, init: Value) {
    if let Some(handle) = table::handle(&cx.heap, table.0, How::Equal, key)? {
        return Ok(handle);
    }
    cx.admit(table::growth(&cx.heap, table.0))?;
    table::set(&cx.heap, table.0, How::Equal, key, init)?;
    Ok(table::handle(&cx.heap, table.0, How::Equal, key)?.unwrap_or(Value::FALSE))
}

/// The value under KEY in TABLE, compared by eqv?; DEFAULT (or #f) if there is none. [Guile]
///
///     (let ((t (make-hash-table))) (hashv-set! t 1.5 5) (hashv-ref t 1.5))  => 5
///     (hashv-ref (make-hash-table) 1.5 'none)  => none
fn "hashv-ref" (cx, table: Table, key: Value, [default: Value]) {
    Ok(table::get(&cx.heap, table.0, How::Eqv, key)?.unwrap_or(default.unwrap_or(Value::FALSE)))
}

/// Puts OBJ under KEY into TABLE, in place of what was under a key that is eqv? to it. The answer is OBJ. [Guile]
///
///     (let ((t (make-hash-table))) (hashv-set! t 1.5 5) (hashv-set! t 1.5 6) (hashv-ref t 1.5))  => 6
fn "hashv-set!" (cx, table: Table, key: Value, obj: Value) {
    cx.admit(table::growth(&cx.heap, table.0))?;
    table::set(&cx.heap, table.0, How::Eqv, key, obj)?;
    Ok(obj)
}

/// Takes KEY, compared by eqv?, and its value out of TABLE: the pair that they were, or #f. [Guile]
///
///     (let ((t (make-hash-table))) (hashv-set! t 1.5 5) (hashv-remove! t 1.5) (hashv-ref t 1.5))  => #f
fn "hashv-remove!" (cx, table: Table, key: Value) { Ok(table::remove(&cx.heap, table.0, How::Eqv, key)?) }

/// The pair of KEY, compared by eqv?, and its value in TABLE, or #f. To change its cdr is to change the table. [Guile]
///
///     (hashv-get-handle (make-hash-table) 1.5)  => #f
fn "hashv-get-handle" (cx, table: StrongTable, key: Value) { Ok(table::handle(&cx.heap, table.0, How::Eqv, key)?) }

/// The pair of KEY, compared by eqv?, and its value in TABLE; if there is none, INIT is put there first. [Guile]
///
///     (cdr (hashv-create-handle! (make-hash-table) 1.5 5))  => 5
fn "hashv-create-handle!" (cx, table: StrongTable, key: Value, init: Value) {
    if let Some(handle) = table::handle(&cx.heap, table.0, How::Eqv, key)? {
        return Ok(handle);
    }
    cx.admit(table::growth(&cx.heap, table.0))?;
    table::set(&cx.heap, table.0, How::Eqv, key, init)?;
    Ok(table::handle(&cx.heap, table.0, How::Eqv, key)?.unwrap_or(Value::FALSE))
}

/// The value under KEY in TABLE, compared by eq?; DEFAULT (or #f) if there is none. [Guile]
///
///     (let ((t (make-hash-table))) (hashq-set! t 'k 5) (hashq-ref t 'k))  => 5
///     (hashq-ref (make-hash-table) 'k 'none)  => none
fn "hashq-ref" (cx, table: Table, key: Value, [default: Value]) {
    Ok(table::get(&cx.heap, table.0, How::Eq, key)?.unwrap_or(default.unwrap_or(Value::FALSE)))
}

/// Puts OBJ under KEY into TABLE, in place of what was under a key that is eq? to it. The answer is OBJ. [Guile]
///
///     (let ((t (make-hash-table))) (hashq-set! t 'k 5) (hashq-set! t 'k 6) (hashq-ref t 'k))  => 6
fn "hashq-set!" (cx, table: Table, key: Value, obj: Value) {
    cx.admit(table::growth(&cx.heap, table.0))?;
    table::set(&cx.heap, table.0, How::Eq, key, obj)?;
    Ok(obj)
}

/// Takes KEY, compared by eq?, and its value out of TABLE: the pair that they were, or #f. [Guile]
///
///     (let ((t (make-hash-table))) (hashq-set! t 'k 5) (hashq-remove! t 'k) (hashq-ref t 'k))  => #f
fn "hashq-remove!" (cx, table: Table, key: Value) { Ok(table::remove(&cx.heap, table.0, How::Eq, key)?) }

/// The pair of KEY, compared by eq?, and its value in TABLE, or #f. To change its cdr is to change the table. [Guile]
///
///     (hashq-get-handle (make-hash-table) 'k)  => #f
fn "hashq-get-handle" (cx, table: StrongTable, key: Value) { Ok(table::handle(&cx.heap, table.0, How::Eq, key)?) }

/// The pair of KEY, compared by eq?, and its value in TABLE; if there is none, INIT is put there first. [Guile]
///
///     (cdr (hashq-create-handle! (make-hash-table) 'k 5))  => 5
fn "hashq-create-handle!" (cx, table: StrongTable, key: Value, init: Value) {
    if let Some(handle) = table::handle(&cx.heap, table.0, How::Eq, key)? {
        return Ok(handle);
    }
    cx.admit(table::growth(&cx.heap, table.0))?;
    table::set(&cx.heap, table.0, How::Eq, key, init)?;
    Ok(table::handle(&cx.heap, table.0, How::Eq, key)?.unwrap_or(Value::FALSE))
}
}

/// A hash table.
#[derive(Clone, Copy)]
pub struct Table(pub Value);

impl Argument for Table {
    const EXPECTED: &'static str = "a hash table";
    fn take(_: &Cx, v: Value) -> Option<Table> {
        v.is_kind(Kind::Table).then_some(Table(v))
    }
}

/// A hash table whose entries are pairs that a program may hold.
#[derive(Clone, Copy)]
pub struct StrongTable(pub Value);

impl Argument for StrongTable {
    const EXPECTED: &'static str = "a hash table that is not weak";
    fn take(_: &Cx, v: Value) -> Option<StrongTable> {
        (v.is_kind(Kind::Table) && table::weakness(v) == 0).then_some(StrongTable(v))
    }
}

/// Hashes that programs see are below this, so that they can reckon with them.
const LARGEST: u64 = 1 << 60;

fn bound(cx: &mut Cx, who: &str, position: usize, size: Option<usize>) -> Answer<u64> {
    match size {
        None => Ok(LARGEST),
        Some(0) => super::declare::out_of_range(cx, who, position, "size", "above 0", Value::fixnum(0)),
        Some(size) => Ok(size as u64),
    }
}

/// A number below `size` from all the bits of a hash.
fn reduce(hash: u64, size: u64) -> Value {
    Value::fixnum((((hash.wrapping_mul(SPREAD) as u128) * (size as u128)) >> 64) as i64)
}

/// An odd number without a pattern: multiplying by it moves what tells hashes apart to the top.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// A hash of the object itself. What stands at an address that changes gets a number, which a weak table remembers.
fn identity(cx: &mut Cx, obj: Value) -> Answer<u64> {
    if !obj.is_pointer() {
        return Ok(obj.bits());
    }
    if !cx.roots.identities.is_kind(Kind::Table) {
        cx.roots.identities = table::make(&cx.heap, WEAK_KEY, 0);
    }
    let identities = cx.roots.identities;
    if let Some(number) = table::get(&cx.heap, identities, How::Eq, obj)? {
        return Ok(number.bits());
    }
    cx.admit(table::growth(&cx.heap, identities))?;
    cx.identities_given += 1;
    let number = Value::fixnum(cx.identities_given);
    table::set(&cx.heap, identities, How::Eq, obj, number)?;
    Ok(number.bits())
}
