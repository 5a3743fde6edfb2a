//! Expressions nested deeper than a frame has slots: what is too deep moves into procedures of its own, called where it stood.
//!
//! Input and output are units in post-order (see expander/core). A unit without such depth, as good as every one, stays
//! what it is.

use super::{Stopped, watched};
use crate::expander::core::*;
use crate::value::control::Control;

/// Slots in use past which an expression gets a frame of its own. The rest of the frame is for its siblings: operands and
/// variables of one construct.
const DEEP: usize = 20_000;

/// The unit with its deep expressions moved; nothing if it has none.
pub fn unnest(unit: &Unit, control: &Control) -> Result<Option<Unit>, Stopped> {
    // Each slot in use takes a node.
    if unit.nodes.len() < DEEP {
        return Ok(None);
    }
    let deep = deep_nodes(unit, control)?;
    if !deep.contains(&true) {
        return Ok(None);
    }
    let mut out = Unit {
        variables: unit.variables.clone(),
        lambdas: unit.lambdas.clone(),
        constants: unit.constants.clone(),
        cells: unit.cells.clone(),
        ..Unit::default()
    };
    let mut moved: Vec<NodeId> = Vec::with_capacity(unit.nodes.len());
    for next in watched(unit.nodes.iter().enumerate(), control) {
        let (index, node) = next?;
        let span = unit.spans[index];
        let at = |id: &NodeId| moved[id.0 as usize];
        let many = |ids: &[NodeId]| -> Box<[NodeId]> { ids.iter().map(at).collect() };
        let copy = match node {
            Node::Constant(_) | Node::Local(_) | Node::Global(_) => node.clone(),
            Node::SetLocal(v, value) => Node::SetLocal(*v, at(value)),
            Node::SetGlobal(cell, value) => Node::SetGlobal(*cell, at(value)),
            Node::DefineGlobal(cell, value) => Node::DefineGlobal(*cell, at(value)),
            Node::If(test, yes, no) => Node::If(at(test), at(yes), at(no)),
            Node::Seq(items) => Node::Seq(many(items)),
            Node::Let(variables, inits, body) => Node::Let(variables.clone(), many(inits), at(body)),
            Node::Letrec(variables, inits, body) => Node::Letrec(variables.clone(), many(inits), at(body)),
            Node::Call(operator, operands) => Node::Call(at(operator), many(operands)),
            Node::LetValues { producer, required, rest, body } => {
                Node::LetValues { producer: at(producer), required: required.clone(), rest: *rest, body: at(body) }
            }
            Node::Lambda(l) => {
                for clause in &mut out.lambdas[l.0 as usize].clauses {
                    clause.body = at(&clause.body);
                }
                node.clone()
            }
        };
        let mut id = out.push(copy, span);
        if deep[index] {
            let clause = Clause { required: Vec::new(), optional: Vec::new(), rest: None, body: id };
            out.lambdas.push(Lambda { name: None, documentation: None, face: None, clauses: vec![clause] });
            let procedure = out.push(Node::Lambda(LambdaId(out.lambdas.len() as u32 - 1)), span);
            id = out.push(Node::Call(procedure, Box::new([])), span);
        }
        moved.push(id);
    }
    out.root = unit.root.map(|root| moved[root.0 as usize]);
    Ok(Some(out))
}

/// Per node: it is to have a frame of its own.
fn deep_nodes(unit: &Unit, control: &Control) -> Result<Vec<bool>, Stopped> {
    // An upper bound of the slots in use where the node is evaluated.
    let mut used = vec![0; unit.nodes.len()];
    let mut deep = vec![false; unit.nodes.len()];
    for next in watched(unit.nodes.iter().enumerate().rev(), control) {
        let (index, node) = next?;
        let leaf = matches!(node, Node::Constant(_) | Node::Local(_) | Node::Global(_) | Node::Lambda(_));
        if used[index] > DEEP && !leaf {
            deep[index] = true;
            used[index] = 0;
        }
        let here: usize = used[index];
        let mut put = |id: &NodeId, slots: usize| used[id.0 as usize] = here + slots;
        match node {
            Node::Constant(_) | Node::Local(_) | Node::Global(_) => {}
            Node::SetLocal(_, value) | Node::SetGlobal(_, value) | Node::DefineGlobal(_, value) => put(value, 1),
            Node::If(test, yes, no) => {
                put(test, 1);
                put(yes, 0);
                put(no, 0);
            }
            Node::Seq(items) => items.iter().for_each(|item| put(item, 0)),
            Node::Let(variables, inits, body) => {
                inits.iter().enumerate().for_each(|(i, init)| put(init, i + 1));
                put(body, variables.len());
            }
            Node::Letrec(variables, inits, body) => {
                inits.iter().for_each(|init| put(init, variables.len() + 2));
                put(body, variables.len());
            }
            Node::Call(operator, operands) => {
                put(operator, 2);
                operands.iter().enumerate().for_each(|(i, operand)| put(operand, i + 3));
            }
            Node::LetValues { producer, required, rest, body } => {
                put(producer, 1);
                put(body, required.len() + usize::from(rest.is_some()));
            }
            // A loop runs in the frame around it; which lambdas are loops nobody knows yet.
            Node::Lambda(l) => {
                for clause in &unit.lambdas[l.0 as usize].clauses {
                    put(&clause.body, clause.required.len() + clause.optional.len() + 1);
                }
            }
        }
    }
    Ok(deep)
}
