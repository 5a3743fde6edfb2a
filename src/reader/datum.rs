//! A datum as it was read: nodes in an arena, each with its span.
//!
//! Nodes name each other by number, so a datum of any depth is built, walked and freed without recursion, and a datum
//! label may tie any knot. A node is reached from the root only through the numbers its kind holds; some nodes may be
//! reached by nobody (what a `#;` skipped leaves none, a labelled datum may leave one).
//!
//! Spans: an atom has that of its token; a list's first pair that of the whole list, from "(" to ")"; a later pair
//! reaches from its element to the ")"; the `()` at a list's end is the ")"; 'x as a list begins at the quote mark.

use crate::ledger::Loan;
use crate::num::{Number, Real};
use crate::source::Span;
use crate::symbol::Symbol;
use std::rc::Rc;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct NodeId(pub u32);

#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    pub kind: Kind,
    pub span: Span,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    Nil,
    Bool(bool),
    Number(Number),
    Char(char),
    String(Box<str>),
    Symbol(Symbol),
    Keyword(Symbol),
    Bytes(Box<[u8]>),
    Pair(NodeId, NodeId),
    Vector(Box<[NodeId]>),
    /// `#f64(1.0 2.0)`: the elements are numbers; whether they fit the tag is for the maker of the vector to say.
    UniformVector(Uniform, Box<[NodeId]>),
    Bitvector(Box<[bool]>),
    /// `#2@1@1((1 2) (3 4))`: the first index and the length of each dimension, and the vector or the like of all elements.
    Array(Box<[(i64, usize)]>, NodeId),
    Special(Special),
}

/// The objects written with `#!`, and `#nil`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Special {
    Eof,
    Default,
    Unspecified,
    Optional,
    Rest,
    Key,
    FalseNil,
}

/// The element types of uniform vectors, but for u8, whose vectors are `Bytes`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Uniform {
    S8,
    U16,
    S16,
    U32,
    S32,
    U64,
    S64,
    F32,
    F64,
    C32,
    C64,
}

impl Uniform {
    const ALL: [(&'static str, Uniform); 11] = [
        ("s8", Uniform::S8),
        ("u16", Uniform::U16),
        ("s16", Uniform::S16),
        ("u32", Uniform::U32),
        ("s32", Uniform::S32),
        ("u64", Uniform::U64),
        ("s64", Uniform::S64),
        ("f32", Uniform::F32),
        ("f64", Uniform::F64),
        ("c32", Uniform::C32),
        ("c64", Uniform::C64),
    ];

    pub fn from_tag(tag: &str) -> Option<Uniform> {
        Uniform::ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(tag)).map(|&(_, uniform)| uniform)
    }

    /// All types, in an order that does not change.
    pub fn all() -> impl Iterator<Item = Uniform> {
        Uniform::ALL.iter().map(|&(_, uniform)| uniform)
    }

    /// Bytes of an element.
    pub fn size(self) -> usize {
        match self {
            Uniform::S8 => 1,
            Uniform::U16 | Uniform::S16 => 2,
            Uniform::U32 | Uniform::S32 | Uniform::F32 => 4,
            Uniform::U64 | Uniform::S64 | Uniform::F64 | Uniform::C32 => 8,
            Uniform::C64 => 16,
        }
    }

    /// Appends the bytes of an element, in the order of this machine; false if the number does not fit.
    pub fn encode(self, n: &Number, out: &mut Vec<u8>) -> bool {
        let signed = |bits: u32| match n {
            Number::Real(Real::Int(n)) => n.to_i64().filter(|n| bits == 64 || (-1..=0).contains(&(n >> (bits - 1)))),
            _ => None,
        };
        let unsigned = |bits: u32| match n {
            Number::Real(Real::Int(n)) => n.to_u64().filter(|n| bits == 64 || n >> bits == 0),
            _ => None,
        };
        let real = || match n {
            Number::Real(x) => Some(x.to_f64()),
            Number::Complex(_) => None,
        };
        let parts = (n.real_part().to_f64(), n.imag_part().to_f64());
        let bytes: Option<Vec<u8>> = match self {
            Uniform::S8 => signed(8).map(|n| (n as i8).to_ne_bytes().to_vec()),
            Uniform::S16 => signed(16).map(|n| (n as i16).to_ne_bytes().to_vec()),
            Uniform::S32 => signed(32).map(|n| (n as i32).to_ne_bytes().to_vec()),
            Uniform::S64 => signed(64).map(|n| n.to_ne_bytes().to_vec()),
            Uniform::U16 => unsigned(16).map(|n| (n as u16).to_ne_bytes().to_vec()),
            Uniform::U32 => unsigned(32).map(|n| (n as u32).to_ne_bytes().to_vec()),
            Uniform::U64 => unsigned(64).map(|n| n.to_ne_bytes().to_vec()),
            Uniform::F32 => real().map(|x| (x as f32).to_ne_bytes().to_vec()),
            Uniform::F64 => real().map(|x| x.to_ne_bytes().to_vec()),
            Uniform::C32 => Some([(parts.0 as f32).to_ne_bytes(), (parts.1 as f32).to_ne_bytes()].concat()),
            Uniform::C64 => Some([parts.0.to_ne_bytes(), parts.1.to_ne_bytes()].concat()),
        };
        out.extend(bytes.iter().flatten());
        bytes.is_some()
    }

    pub fn tag(self) -> &'static str {
        Uniform::ALL.iter().find(|&&(_, uniform)| uniform == self).map_or("", |&(name, _)| name)
    }
}

#[derive(Clone, Debug)]
pub struct Tree {
    pub nodes: Vec<Node>,
    pub root: NodeId,
    /// What a large one holds, entered in the ledger.
    pub loan: Option<Rc<Loan>>,
}

impl Tree {
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub fn kind(&self, id: NodeId) -> &Kind {
        &self.node(id).kind
    }

    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }
}
