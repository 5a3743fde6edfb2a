//! The core language: what the expander makes of a program and the compiler takes.
//!
//! A `Unit` is one top-level form, flat in an arena. Its nodes stand in post-order: the nodes of every subexpression
//! come before its parent, and the subtrees of siblings do not interleave and follow each other in evaluation order
//! (for `Letrec`, init after init, then the body). The compiler's passes rest on that: bottom-up is a loop over rising
//! ids, top-down over falling ids, and "which init contains this reference" is a search by id. Nothing recurses, and a unit is
//! freed flat.

use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::Value;
use crate::value::code::Face;
use crate::value::tracer::Tracer;

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NodeId(pub u32);

/// A local variable. Every binding construct makes new ones: no shadowing is left.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct VarId(pub u32);

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LambdaId(pub u32);

#[derive(Clone, PartialEq, Debug)]
pub enum Node {
    /// Index into `constants`.
    Constant(u32),
    Local(VarId),
    SetLocal(VarId, NodeId),
    /// Index into `cells`: a global variable's cell.
    Global(u32),
    SetGlobal(u32, NodeId),
    /// Defines the variable and returns the unspecified value.
    DefineGlobal(u32, NodeId),
    If(NodeId, NodeId, NodeId),
    /// At least one expression; the last one's values are the result.
    Seq(Box<[NodeId]>),
    Lambda(LambdaId),
    /// The inits do not see the variables.
    Let(Box<[VarId]>, Box<[NodeId]>, NodeId),
    /// With the meaning of `letrec*`.
    Letrec(Box<[VarId]>, Box<[NodeId]>, NodeId),
    Call(NodeId, Box<[NodeId]>),
    /// `(call-with-values (lambda () producer) (lambda formals body))`: the producer's values are bound, extra values without
    /// a rest variable are an error, as are missing ones.
    LetValues {
        producer: NodeId,
        required: Box<[VarId]>,
        rest: Option<VarId>,
        body: NodeId,
    },
}

#[derive(Clone, Debug)]
pub struct Variable {
    pub name: Symbol,
    /// Some `SetLocal` names it.
    pub assigned: bool,
}

#[derive(Clone, Debug)]
pub struct Lambda {
    pub name: Option<Symbol>,
    pub documentation: Option<Box<str>>,
    /// What it takes, where the clauses say less than was written.
    pub face: Option<Face>,
    /// More than one for case-lambda: the first clause that takes the number of arguments is entered.
    pub clauses: Vec<Clause>,
}

#[derive(Clone, Debug)]
pub struct Clause {
    pub required: Vec<VarId>,
    /// Optional parameters arrive as `Value::DEFAULT` when not given; the body, as expanded, fills in their defaults.
    pub optional: Vec<VarId>,
    pub rest: Option<VarId>,
    pub body: NodeId,
}

#[derive(Default, Debug)]
pub struct Unit {
    pub nodes: Vec<Node>,
    /// The source of each node.
    pub spans: Vec<Span>,
    pub variables: Vec<Variable>,
    pub lambdas: Vec<Lambda>,
    pub constants: Vec<Value>,
    pub cells: Vec<Value>,
    pub root: Option<NodeId>,
}

impl Unit {
    pub fn push(&mut self, node: Node, span: Span) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).expect("fewer than 2^32 nodes in a form"));
        self.nodes.push(node);
        self.spans.push(span);
        id
    }

    pub fn constant(&mut self, value: Value, span: Span) -> NodeId {
        let index = self.constants.len() as u32;
        self.constants.push(value);
        self.push(Node::Constant(index), span)
    }

    pub fn variable(&mut self, name: Symbol) -> VarId {
        self.variables.push(Variable { name, assigned: false });
        VarId(self.variables.len() as u32 - 1)
    }

    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub fn span(&self, id: NodeId) -> Span {
        self.spans[id.0 as usize]
    }

    /// Units are roots while an expansion is suspended.
    pub fn trace(&mut self, tracer: &mut Tracer) {
        tracer.visit_all(&mut self.constants);
        tracer.visit_all(&mut self.cells);
    }
}
