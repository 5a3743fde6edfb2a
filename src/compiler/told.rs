//! What the compiler makes of a unit, told to people: the program as it is compiled, as Scheme, and below it a line on each thing
//! that was found out about it. It says what `analyze` says, and no more.

use super::analyze::{Facts, Step, analyze};
use super::nesting;
use crate::expander::core::{LambdaId, Node, Unit, VarId};
use crate::expander::show::{self, Part};
use crate::opcode::PRIMITIVES;
use crate::value::heap::cell;
use crate::vm::cx::Cx;

/// The unit on one line, then the lines about it. Nothing if the program is to stop: compiling it ends likewise.
pub fn show(unit: &Unit, cx: &Cx) -> String {
    let control = &cx.heap.control;
    let Ok(moved) = nesting::unnest(unit, control) else { return String::new() };
    let unit = moved.as_ref().unwrap_or(unit);
    let Ok(facts) = analyze(unit, control) else { return String::new() };
    let division = |id| {
        let parts = facts.plans.get(&id)?.iter().map(|step| match step {
            Step::Plain(at) => Part::Let(*at),
            Step::Closures(members) => Part::Procedures(members.clone()),
            Step::Mixed { boxed, closures } => {
                let mut members = [&boxed[..], &closures[..]].concat();
                members.sort_unstable();
                Part::Recursive(members)
            }
            Step::Loop(at) => Part::Loop(*at),
        });
        Some(parts.collect())
    };
    let program = show::divided(&cx.heap, &cx.symbols, unit, &division);
    let mut lines = vec![program];
    lines.extend(notes(unit, &facts, cx));
    lines.join("\n")
}

fn notes(unit: &Unit, facts: &Facts, cx: &Cx) -> Vec<String> {
    let name = |v: VarId| format!("{}.{}", cx.symbols.name(unit.variables[v.0 as usize].name), v.0);
    let names = |all: &[VarId]| all.iter().map(|v| name(*v)).collect::<Vec<_>>().join(" ");
    let mut notes = Vec::new();
    let known = |l: LambdaId| facts.known.iter().position(|known| *known == Some(l)).map(|v| VarId(v as u32));
    for (index, lambda) in unit.lambdas.iter().enumerate() {
        let bound = known(LambdaId(index as u32));
        let called = match (bound, lambda.name) {
            (Some(v), _) => name(v),
            (None, Some(symbol)) => cx.symbols.name(symbol).to_string(),
            (None, None) => "a procedure without a name".to_string(),
        };
        let held = &facts.free[index];
        if facts.loops[index].is_some() {
            notes.push(format!("{called} is a loop: its calls are jumps, and no procedure is made"));
        } else if facts.constant[index] {
            notes.push(format!("{called} holds no variable from around it: it is made once, with this code"));
        } else if !held.is_empty() {
            notes.push(format!("{called} is made each time, and holds {}", names(held)));
        }
    }
    let boxed: Vec<VarId> = (0..unit.variables.len() as u32).map(VarId).filter(|v| facts.boxed[v.0 as usize]).collect();
    if !boxed.is_empty() {
        notes.push(format!("in a box, since its value changes: {}", names(&boxed)));
    }
    let mut inline: Vec<&str> = Vec::new();
    for node in &unit.nodes {
        let Node::Call(operator, _) = node else { continue };
        let Node::Global(index) = unit.node(*operator) else { continue };
        let cell = unit.cells[*index as usize];
        let symbol = cx.symbols.name(cell::name(cell));
        if cell::primitive(cell) != 0 && PRIMITIVES.iter().any(|row| row.0 == symbol) && !inline.contains(&symbol) {
            inline.push(symbol);
        }
    }
    if !inline.is_empty() {
        let are = if inline.len() == 1 { "an instruction" } else { "instructions" };
        notes.push(format!("{are} of the machine, unless the name is given another value: {}", inline.join(" ")));
    }
    notes
}
