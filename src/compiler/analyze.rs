//! What the emitter wants to know about a unit: which lambdas are loops, which variables are captured, what each closure
//! holds, in which order the definitions of a letrec are made.
//!
//! Nodes come in post-order (see expander/core), so every pass is a loop over ids; only walks up the parents depend on depth.

use super::{Stopped, watched};
use crate::expander::core::*;
use crate::value::control::Control;
use rustc_hash::FxHashSet;

/// How the variables of a letrec come to their values, in order.
#[derive(Debug)]
pub enum Step {
    /// Evaluate init `i`; nothing has seen the variable before.
    Plain(usize),
    /// Make these closures; they may refer to each other.
    Closures(Vec<usize>),
    /// The inits refer to each other otherwise: boxes first, then the closures, then the other inits in order.
    Mixed { boxed: Vec<usize>, closures: Vec<usize> },
    /// The lambda is a loop: entered by jumps from the body.
    Loop(usize),
}

pub struct Facts {
    /// Per variable: it lives in a box, as something assigns it or may see it too early.
    pub boxed: Vec<bool>,
    /// Per variable: the lambda it is known to stand for.
    pub known: Vec<Option<LambdaId>>,
    /// Per lambda, and last for the unit itself: variables its closure holds.
    pub free: Vec<Vec<VarId>>,
    /// Per lambda: needs no closure of its own at run time.
    pub constant: Vec<bool>,
    /// Per lambda: it is a loop, not a procedure; the letrec it belongs to.
    pub loops: Vec<Option<NodeId>>,
    /// Per variable: the lambda (loops do not count) whose frame it lives in.
    pub home: Vec<usize>,
    /// Per node: the lambda (loops do not count) it runs in.
    pub within: Vec<usize>,
    /// Per variable: how many nodes name it.
    pub uses: Vec<u32>,
    /// Per letrec node: its plan.
    pub plans: rustc_hash::FxHashMap<NodeId, Vec<Step>>,
}

const NONE: u32 = u32::MAX;
/// Walks up the parents give up past this; the code is then right but slower.
const LONGEST_WALK: usize = 20_000;

struct Analysis<'u> {
    unit: &'u Unit,
    parent: Vec<u32>,
    /// The lambda a node is directly in, loops included.
    directly_in: Vec<usize>,
    lambda_node: Vec<u32>,
    loops: Vec<Option<NodeId>>,
    references: Vec<Vec<NodeId>>,
}

pub fn analyze(unit: &Unit, control: &Control) -> Result<Facts, Stopped> {
    let count = unit.nodes.len();
    let top = unit.lambdas.len();
    let mut a = Analysis {
        unit,
        parent: vec![NONE; count],
        directly_in: vec![top; count],
        lambda_node: vec![NONE; top],
        loops: vec![None; top],
        references: vec![Vec::new(); unit.variables.len()],
    };
    let mut assigned = vec![false; unit.variables.len()];
    let mut letrecs = Vec::new();
    for next in watched(unit.nodes.iter().enumerate(), control) {
        let (index, node) = next?;
        let id = NodeId(index as u32);
        children(unit, node, |child| a.parent[child.0 as usize] = id.0);
        match node {
            Node::Local(v) => a.references[v.0 as usize].push(id),
            Node::SetLocal(v, _) => {
                assigned[v.0 as usize] = true;
                a.references[v.0 as usize].push(id);
            }
            Node::Lambda(l) => a.lambda_node[l.0 as usize] = id.0,
            Node::Letrec(..) => letrecs.push(id),
            _ => {}
        }
    }
    for next in watched((0..count).rev(), control) {
        let index = next?;
        let parent = a.parent[index];
        if parent != NONE {
            a.directly_in[index] = match unit.nodes[parent as usize] {
                Node::Lambda(l) => l.0 as usize,
                _ => a.directly_in[parent as usize],
            };
        }
    }

    let mut known = vec![None; unit.variables.len()];
    let mut boxed = assigned.clone();
    let mut plans = rustc_hash::FxHashMap::default();
    // Inner letrecs come first, so that a jump out of an inner loop to an outer one is seen as such.
    for &id in &letrecs {
        let Node::Letrec(variables, inits, body) = unit.node(id) else { unreachable!() };
        let steps = a.plan(id, variables, inits, *body, &assigned, &mut known, &mut boxed);
        plans.insert(id, steps);
    }

    // The lambda itself, or if it is a loop, the procedure that the loop runs in: parents come first, so their answer is known.
    let mut within = vec![top; count];
    let procedure_of = |within: &[usize], lambda: usize| match a.loops.get(lambda) {
        Some(Some(letrec)) => within[letrec.0 as usize],
        _ => lambda,
    };
    for next in watched((0..count).rev(), control) {
        let index = next?;
        within[index] = procedure_of(&within, a.directly_in[index]);
    }
    let mut home = vec![top; unit.variables.len()];
    for next in watched(unit.nodes.iter().enumerate(), control) {
        let (index, node) = next?;
        let bind = |home: &mut Vec<usize>, v: &VarId, lambda: usize| home[v.0 as usize] = lambda;
        match node {
            Node::Let(variables, ..) | Node::Letrec(variables, ..) => {
                variables.iter().for_each(|v| bind(&mut home, v, within[index]))
            }
            Node::LetValues { required, rest, .. } => {
                required.iter().chain(rest).for_each(|v| bind(&mut home, v, within[index]))
            }
            Node::Lambda(l) => {
                let lambda = procedure_of(&within, l.0 as usize);
                for clause in &unit.lambdas[l.0 as usize].clauses {
                    clause.required.iter().chain(&clause.optional).chain(&clause.rest).for_each(|v| {
                        bind(&mut home, v, lambda);
                    });
                }
            }
            _ => {}
        }
    }

    let (free, constant) = a.closures(&within, &home, &known);
    let uses = a.references.iter().map(|references| references.len() as u32).collect();
    Ok(Facts { boxed, known, free, constant, loops: a.loops, home, within, uses, plans })
}

/// The direct subexpressions of a node.
fn children(unit: &Unit, node: &Node, mut each: impl FnMut(NodeId)) {
    match node {
        Node::Constant(_) | Node::Local(_) | Node::Global(_) => {}
        Node::SetLocal(_, value) | Node::SetGlobal(_, value) | Node::DefineGlobal(_, value) => each(*value),
        Node::If(test, yes, no) => [*test, *yes, *no].into_iter().for_each(each),
        Node::Seq(items) => items.iter().copied().for_each(each),
        Node::Lambda(l) => unit.lambdas[l.0 as usize].clauses.iter().for_each(|clause| each(clause.body)),
        Node::Let(_, inits, body) | Node::Letrec(_, inits, body) => {
            inits.iter().copied().for_each(&mut each);
            each(*body);
        }
        Node::Call(operator, operands) => {
            each(*operator);
            operands.iter().copied().for_each(each);
        }
        Node::LetValues { producer, body, .. } => {
            each(*producer);
            each(*body);
        }
    }
}

impl Analysis<'_> {
    /// Whether the value of `node` is at once the value of `outer`, with nothing left to do. `outer` is a node, or the body of
    /// a lambda's clause.
    fn is_tail_of(&self, node: NodeId, outer: NodeId) -> bool {
        let mut node = node;
        for _ in 0..LONGEST_WALK {
            if node == outer {
                return true;
            }
            let parent = self.parent[node.0 as usize];
            if parent == NONE {
                return false;
            }
            let parent = NodeId(parent);
            let passes = match self.unit.node(parent) {
                Node::If(test, ..) => *test != node,
                Node::Seq(items) => items.last() == Some(&node),
                Node::Let(_, _, body) | Node::Letrec(_, _, body) | Node::LetValues { body, .. } => *body == node,
                Node::Lambda(l) => match self.loops[l.0 as usize] {
                    Some(letrec) => {
                        node = letrec;
                        continue;
                    }
                    None => false,
                },
                _ => false,
            };
            if !passes {
                return false;
            }
            node = parent;
        }
        false
    }

    #[allow(clippy::too_many_arguments)]
    fn plan(
        &mut self,
        id: NodeId,
        variables: &[VarId],
        inits: &[NodeId],
        body: NodeId,
        assigned: &[bool],
        known: &mut [Option<LambdaId>],
        boxed: &mut [bool],
    ) -> Vec<Step> {
        let lambda_of = |i: usize| match self.unit.node(inits[i]) {
            Node::Lambda(l) if !assigned[variables[i].0 as usize] => Some(*l),
            _ => None,
        };
        let mut edges: Vec<Vec<usize>> = vec![Vec::new(); variables.len()];
        for (j, v) in variables.iter().enumerate() {
            for reference in &self.references[v.0 as usize] {
                let i = inits.partition_point(|init| init < reference);
                if i < inits.len() && edges[i].last() != Some(&j) {
                    edges[i].push(j);
                }
            }
        }
        // Inits that are not lambdas keep their order.
        let mut previous = None;
        for (i, edges) in edges.iter_mut().enumerate() {
            if lambda_of(i).is_none() {
                edges.extend(previous);
                previous = Some(i);
            }
        }
        let mut steps = Vec::new();
        for mut component in components(&edges) {
            component.sort_unstable();
            let closures: Vec<usize> = component.iter().copied().filter(|&i| lambda_of(i).is_some()).collect();
            for &i in &closures {
                known[variables[i].0 as usize] = lambda_of(i);
            }
            if closures.len() == component.len() {
                match closures[..] {
                    [i] if self.is_loop(id, variables[i], lambda_of(i).expect("a lambda"), inits, body) => {
                        self.loops[lambda_of(i).expect("a lambda").0 as usize] = Some(id);
                        steps.push(Step::Loop(i));
                    }
                    _ => steps.push(Step::Closures(closures)),
                }
            } else if component.len() == 1 && !edges[component[0]].contains(&component[0]) {
                steps.push(Step::Plain(component[0]));
            } else {
                let others: Vec<usize> = component.into_iter().filter(|&i| lambda_of(i).is_none()).collect();
                for &i in &others {
                    boxed[variables[i].0 as usize] = true;
                }
                steps.push(Step::Mixed { boxed: others, closures });
            }
        }
        steps
    }

    /// Whether the procedure is only ever called, with the right number of arguments, and each call stands where its value is at
    /// once the value of the whole letrec or of the procedure itself.
    fn is_loop(&self, letrec: NodeId, v: VarId, lambda: LambdaId, inits: &[NodeId], body: NodeId) -> bool {
        let [clause] = &self.unit.lambdas[lambda.0 as usize].clauses[..] else { return false };
        if clause.rest.is_some() || !clause.optional.is_empty() {
            return false;
        }
        let mut entered = false;
        for &reference in &self.references[v.0 as usize] {
            let parent = self.parent[reference.0 as usize];
            if parent == NONE {
                return false;
            }
            let Node::Call(operator, operands) = self.unit.node(NodeId(parent)) else { return false };
            if *operator != reference || operands.len() != clause.required.len() {
                return false;
            }
            let init = inits.partition_point(|init| *init < reference);
            if init < inits.len() {
                if !self.is_tail_of(NodeId(parent), clause.body) {
                    return false;
                }
            } else {
                entered = true;
                if !self.is_tail_of(NodeId(parent), body) {
                    return false;
                }
            }
        }
        let _ = letrec;
        entered
    }

    fn closures(&self, within: &[usize], home: &[usize], known: &[Option<LambdaId>]) -> (Vec<Vec<VarId>>, Vec<bool>) {
        let top = self.unit.lambdas.len();
        let mut free: Vec<Vec<VarId>> = vec![Vec::new(); top + 1];
        let mut seen = FxHashSet::default();
        for (index, references) in self.references.iter().enumerate() {
            let v = VarId(index as u32);
            let own = known[index].map(|l| l.0 as usize);
            if own.is_some_and(|l| self.loops[l].is_some()) {
                continue;
            }
            for reference in references {
                let mut lambda = within[reference.0 as usize];
                while lambda != home[index] && lambda != top && own != Some(lambda) && seen.insert((lambda, v)) {
                    free[lambda].push(v);
                    lambda = within[self.lambda_node[lambda] as usize];
                }
            }
        }
        // A lambda is constant if all it holds are constant lambdas: assume so for all, and take back until nothing changes.
        let mut constant: Vec<bool> = (0..top).map(|l| self.loops[l].is_none()).collect();
        let mut changed = true;
        while changed {
            changed = false;
            for lambda in 0..top {
                let fixed = |v: &VarId| known[v.0 as usize].is_some_and(|l| constant[l.0 as usize]);
                if constant[lambda] && !free[lambda].iter().all(fixed) {
                    constant[lambda] = false;
                    changed = true;
                }
            }
        }
        for list in &mut free {
            list.retain(|v| !known[v.0 as usize].is_some_and(|l| constant[l.0 as usize]));
        }
        (free, constant)
    }
}

/// The strongly connected components of a graph, each after those it points to (Tarjan's algorithm, with its own stack).
fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let count = edges.len();
    let (mut order, mut low) = (vec![UNSEEN; count], vec![0; count]);
    let mut on_stack = vec![false; count];
    let (mut stack, mut result) = (Vec::new(), Vec::new());
    let mut next = 0;
    for root in 0..count {
        if order[root] != UNSEEN {
            continue;
        }
        let mut work = vec![(root, 0)];
        while let Some((node, edge)) = work.pop() {
            if edge == 0 {
                order[node] = next;
                low[node] = next;
                next += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(&target) = edges[node].get(edge) {
                work.push((node, edge + 1));
                if order[target] == UNSEEN {
                    work.push((target, 0));
                } else if on_stack[target] {
                    low[node] = low[node].min(order[target]);
                }
                continue;
            }
            if low[node] == order[node] {
                let mut component = Vec::new();
                while let Some(member) = stack.pop() {
                    on_stack[member] = false;
                    component.push(member);
                    if member == node {
                        break;
                    }
                }
                result.push(component);
            }
            if let Some(&mut (parent, _)) = work.last_mut() {
                low[parent] = low[parent].min(low[node]);
            }
        }
    }
    result
}

#[cfg(test)]
mod tests {
    #[test]
    fn components_come_after_what_they_point_to() {
        let edges = vec![vec![1], vec![2], vec![1], vec![0, 3]];
        assert_eq!(super::components(&edges), vec![vec![2, 1], vec![0], vec![3]]);
    }
}
