//! Between text, plain data and syntax objects. Nothing here recurses, and data may be cyclic and shared: sharing is kept.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::env::MarkId;
use super::syntax::{expose, identifier, make_identifier, span, wrap};
use crate::reader::{Kind as Read, NodeId, Special, Tree};
use crate::source::Span;
use crate::value::stop::STRIDE;
use crate::value::{Heap, Kind, Value, array, number, uniform};

/// What was read, as a syntax object: identifiers, vectors and the first pairs of lists know their spans.
pub fn tree_to_syntax(tree: &Tree, heap: &Heap) -> Value {
    build(tree, heap, true)
}

/// What was read, as `read` and `quote` answer it.
pub fn tree_to_datum(tree: &Tree, heap: &Heap) -> Value {
    build(tree, heap, false)
}

/// Makes all pairs and vectors first and fills them then, so that knots tie themselves.
fn build(tree: &Tree, heap: &Heap, spans: bool) -> Value {
    let mut plain: Vec<Value> = Vec::with_capacity(tree.nodes.len());
    for node in &tree.nodes {
        plain.push(match &node.kind {
            Read::Nil => Value::NIL,
            Read::Bool(b) => Value::bool(*b),
            Read::Number(n) => number::store(heap, n),
            Read::Char(c) => Value::char(*c),
            Read::String(text) => heap.string(text),
            Read::Symbol(name) if spans => make_identifier(heap, *name, MarkId::NONE, node.span),
            Read::Symbol(name) => Value::symbol(*name),
            Read::Keyword(name) => Value::keyword(*name),
            Read::Bytes(bytes) => heap.bytevector(bytes),
            Read::Pair(..) => heap.cons(Value::NIL, Value::NIL),
            Read::Vector(items) => heap.make_filled(Kind::Vector, items.len(), Value::FALSE),
            Read::UniformVector(uniform, items) => uniform::from_tree(heap, tree, *uniform, items),
            Read::Bitvector(bits) => uniform::bitvector(heap, bits),
            Read::Array(bounds, _) => array::of_rows(heap, Value::FALSE, bounds),
            Read::Special(special) => match special {
                Special::Eof => Value::EOF,
                Special::Default => Value::DEFAULT,
                Special::Unspecified => Value::UNSPECIFIED,
                Special::Optional => Value::OPTIONAL,
                Special::Rest => Value::REST,
                Special::Key => Value::KEY,
                Special::FalseNil => Value::FALSE_NIL,
            },
        });
    }
    let mut wrapped = plain.clone();
    if spans {
        for (node, slot) in tree.nodes.iter().zip(&mut wrapped) {
            if matches!(node.kind, Read::Vector(_)) {
                *slot = wrap(heap, *slot, node.span);
            }
        }
    }
    // A pair gets its wrapper when something other than the pair before it in a list names it.
    let part = |wrapped: &mut [Value], id: NodeId| {
        let slot = &mut wrapped[id.0 as usize];
        if spans && slot.is_pair() {
            *slot = wrap(heap, *slot, tree.span(id));
        }
        *slot
    };
    for (at, node) in tree.nodes.iter().enumerate() {
        match &node.kind {
            Read::Pair(car, cdr) => {
                heap.set_car(plain[at], part(&mut wrapped, *car));
                let rest = if matches!(tree.kind(*cdr), Read::Pair(..)) {
                    plain[cdr.0 as usize]
                } else {
                    wrapped[cdr.0 as usize]
                };
                heap.set_cdr(plain[at], rest);
            }
            Read::Vector(items) => {
                for (index, &item) in items.iter().enumerate() {
                    heap.set_field(plain[at], index, part(&mut wrapped, item));
                }
            }
            Read::Array(_, root) => heap.set_field(plain[at], array::ROOT, plain[root.0 as usize]),
            _ => {}
        }
    }
    part(&mut wrapped, tree.root)
}

/// The datum behind a syntax object. What holds no syntax is not copied.
pub fn syntax_to_datum(heap: &Heap, v: Value) -> Value {
    rewrite(heap, v, |part| {
        let part = expose(part);
        identifier(part).map_or(part, |(symbol, _)| Value::symbol(symbol))
    })
}

/// A datum as if it had been written where the identifier `context` was: its symbols become identifiers of that mark. Syntax
/// objects inside of it stay as they are.
pub fn datum_to_syntax(heap: &Heap, context: Value, datum: Value) -> Value {
    let mark = identifier(context).map_or(MarkId::NONE, |(_, mark)| mark);
    let place = span(context);
    let whole = rewrite(heap, datum, |part| match part.as_symbol() {
        Some(symbol) if mark != MarkId::NONE => make_identifier(heap, symbol, mark, place),
        _ => part,
    });
    if whole.is_pair() || whole.is_vector() {
        wrap(heap, whole, place)
    } else if let Some(symbol) = whole.as_symbol() {
        make_identifier(heap, symbol, mark, place)
    } else {
        whole
    }
}

/// Pairs and vectors that can be reached from a value, and which of them must be copied because of what is in them.
#[derive(Default)]
struct Graph {
    nodes: Vec<Value>,
    index: FxHashMap<Value, u32>,
    parents: Vec<SmallVec<[u32; 1]>>,
    changed: Vec<u32>,
    is_changed: Vec<bool>,
}

impl Graph {
    fn node(&mut self, v: Value) -> u32 {
        *self.index.entry(v).or_insert_with(|| {
            self.nodes.push(v);
            self.parents.push(SmallVec::new());
            self.is_changed.push(false);
            self.nodes.len() as u32 - 1
        })
    }

    fn change(&mut self, node: u32) {
        if !std::mem::replace(&mut self.is_changed[node as usize], true) {
            self.changed.push(node);
        }
    }
}

fn is_container(v: Value) -> bool {
    v.is_pair() || v.is_vector() || v.is_kind(Kind::Array)
}

fn parts(v: Value) -> impl Iterator<Item = Value> {
    let pair = v.as_pair().map(|(car, cdr)| [car, cdr]);
    let fields = (!v.is_pair()).then(|| v.fields());
    pair.into_iter().flatten().chain(fields.into_iter().flatten())
}

/// Replaces every part of a datum by what `replace` says of it (before looking into it).
fn rewrite(heap: &Heap, v: Value, replace: impl Fn(Value) -> Value) -> Value {
    let root = replace(v);
    if !is_container(root) {
        return root;
    }
    let mut graph = Graph::default();
    graph.node(root);
    let mut at = 0;
    while let Some(&container) = graph.nodes.get(at) {
        if at.is_multiple_of(STRIDE) && heap.control.interrupted() {
            // What comes of this is not used any more.
            return root;
        }
        for part in parts(container) {
            let new = replace(part);
            if new != part {
                graph.change(at as u32);
            }
            if is_container(new) {
                let node = graph.node(new);
                graph.parents[node as usize].push(at as u32);
            }
        }
        at += 1;
    }
    let mut next = 0;
    while let Some(&node) = graph.changed.get(next) {
        if next.is_multiple_of(STRIDE) && heap.control.interrupted() {
            return root;
        }
        for parent in std::mem::take(&mut graph.parents[node as usize]) {
            graph.change(parent);
        }
        next += 1;
    }
    let mut copies = graph.nodes.clone();
    for (count, &node) in graph.changed.iter().enumerate() {
        if count.is_multiple_of(STRIDE) && heap.control.interrupted() {
            return root;
        }
        let old = graph.nodes[node as usize];
        copies[node as usize] = if old.is_pair() {
            heap.cons(Value::NIL, Value::NIL)
        } else {
            heap.make_filled(old.kind().unwrap_or(Kind::Vector), old.field_count(), Value::FALSE)
        };
    }
    let copy_of = |part: Value| {
        let new = replace(part);
        graph.index.get(&new).map_or(new, |&node| copies[node as usize])
    };
    for (count, &node) in graph.changed.iter().enumerate() {
        if count.is_multiple_of(STRIDE) && heap.control.interrupted() {
            return root;
        }
        let (old, copy) = (graph.nodes[node as usize], copies[node as usize]);
        match old.as_pair() {
            Some((car, cdr)) => {
                heap.set_car(copy, copy_of(car));
                heap.set_cdr(copy, copy_of(cdr));
            }
            None => old.fields().enumerate().for_each(|(index, part)| heap.set_field(copy, index, copy_of(part))),
        }
    }
    copy_of(root)
}

/// Whether any identifier in a form has come out of a macro. What outlives an expansion and holds such identifiers pins the
/// marks.
pub fn holds_marks(v: Value) -> bool {
    let mut seen = FxHashSet::default();
    let mut pending = vec![v];
    while let Some(v) = pending.pop() {
        let v = expose(v);
        if identifier(v).is_some_and(|(_, mark)| mark != MarkId::NONE) {
            return true;
        }
        if is_container(v) && seen.insert(v) {
            pending.extend(parts(v));
        }
    }
    false
}

/// Whether a list has more than MOST elements; one that goes round in a circle has not.
pub fn is_longer(list: Value, most: usize) -> bool {
    let mut rest = expose(list);
    for _ in 0..=most {
        match rest.as_pair() {
            Some((_, next)) => rest = expose(next),
            None => return false,
        }
    }
    // The usual list is short. This one is to be walked to the end, if it has one.
    let (mut behind, mut steps) = (Value::NIL, 0usize);
    while let Some((_, next)) = rest.as_pair() {
        if rest == behind {
            return false;
        }
        steps += 1;
        if steps.is_power_of_two() {
            behind = rest;
        }
        rest = expose(next);
    }
    true
}

/// The elements of a proper list; nothing if it is improper or cyclic.
pub fn list_items(v: Value) -> Option<Vec<Value>> {
    list_parts(v).filter(|(_, tail)| tail.is_null()).map(|(items, _)| items)
}

/// The elements of a list, and what follows its last pair, exposed; nothing if it is cyclic.
pub fn list_parts(v: Value) -> Option<(Vec<Value>, Value)> {
    let mut items = Vec::new();
    let mut rest = expose(v);
    // Brent's way to find a cycle: a mark that stays behind for twice as long each time.
    let (mut behind, mut limit) = (rest, 8);
    while let Some((car, cdr)) = rest.as_pair() {
        items.push(car);
        rest = expose(cdr);
        if rest == behind && rest.is_pair() {
            return None;
        }
        if items.len() == limit {
            behind = rest;
            limit *= 2;
        }
    }
    Some((items, rest))
}

/// The span of a form, or else of the first of its parts that has one.
pub fn span_within(v: Value) -> Span {
    let own = span(v);
    match expose(v).as_pair() {
        Some((car, _)) if own.is_nowhere() => span(car),
        _ => own,
    }
}
