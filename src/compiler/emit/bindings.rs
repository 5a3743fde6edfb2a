//! Variables, and the steps of a letrec: closures and loops.

use super::*;

impl Emitter<'_> {
    pub(super) fn local(&mut self, v: VarId, to: Destination, next: usize, span: Span) {
        if to == Destination::Nowhere && !self.is_boxed(v) {
            return;
        }
        let place = self.place(v);
        if to == Destination::Tail
            && let Place::Slot(slot) = place
            && !self.is_boxed(v)
        {
            return self.pass_on(slot, to);
        }
        let target = self.target(to, next);
        let (a, boxed) = (target as u16, self.is_boxed(v));
        match place {
            Place::Slot(slot) if boxed => self.put(abc(Op::Unbox, a, slot as u16, 0), span),
            Place::Slot(slot) if slot == target => {}
            Place::Slot(slot) => self.put_move(a, slot as u16),
            Place::Free(index) if boxed => self.put(abc(Op::FreeUnbox, a, index as u16, 0), span),
            Place::Free(index) => self.put(abc(Op::Free, a, index as u16, 0), span),
            Place::Own => self.put_move(a, 0),
            Place::Constant(lambda) => {
                let n = self.lambda_constant(lambda);
                self.put(an(Op::Constant, a, n), span);
            }
        }
        self.pass_on(target, to);
    }

    /// Assigned variables always live in boxes.
    pub(super) fn set_variable(&mut self, v: VarId, slot: usize, next: usize, span: Span) {
        match self.place(v) {
            Place::Slot(home) => self.put(abc(Op::SetBox, home as u16, slot as u16, 0), span),
            Place::Free(index) => {
                self.reserve(next + 1);
                self.put(abc(Op::Free, next as u16, index as u16, 0), span);
                self.put(abc(Op::SetBox, next as u16, slot as u16, 0), span);
            }
            Place::Own | Place::Constant(_) => unreachable!("an assigned variable is not known to be a lambda"),
        }
    }

    pub(super) fn letrec_step(
        &mut self,
        letrec: NodeId,
        step: usize,
        to: Destination,
        next: usize,
        after: Option<Label>,
    ) -> Result<(), Failure> {
        let (unit, facts) = (self.unit, self.facts);
        let Node::Letrec(variables, inits, body) = unit.node(letrec) else { unreachable!() };
        let span = unit.span(letrec);
        let lambda_of = |i: usize| facts.known[variables[i].0 as usize].expect("a known lambda");
        let plan = &facts.plans[&letrec];
        let Some(what) = plan.get(step) else {
            // The body, then the loops that it jumps to.
            let mut tasks = vec![Task::Expression { node: *body, to, next }];
            let loops: Vec<LambdaId> =
                plan.iter().filter_map(|s| if let Step::Loop(i) = s { Some(lambda_of(*i)) } else { None }).collect();
            for lambda in loops {
                tasks.extend(after.map(Task::Jump));
                tasks.push(Task::LoopBody { lambda, to, next });
            }
            tasks.extend(after.map(Task::Bind));
            self.then(tasks);
            return Ok(());
        };
        let go_on = |next| Task::Steps { letrec, step: step + 1, to, next, after };
        match what {
            Step::Plain(i) => {
                let v = variables[*i];
                self.slots[v.0 as usize] = next;
                self.reserve(next + 1);
                let mut tasks = vec![Task::Expression { node: inits[*i], to: Destination::Slot(next), next: next + 1 }];
                if self.is_boxed(v) {
                    tasks.push(Task::Instruction(abc(Op::MakeBox, next as u16, next as u16, 0), span));
                }
                tasks.push(Task::Enter(vec![v]));
                tasks.push(go_on(next + 1));
                tasks.push(Task::Leave(1));
                self.then(tasks);
            }
            Step::Closures(members) => {
                let mut made = Vec::new();
                let mut at = next;
                for &i in members {
                    if !facts.constant[lambda_of(i).0 as usize] {
                        self.slots[variables[i].0 as usize] = at;
                        made.push((lambda_of(i), at));
                        at += 1;
                    }
                }
                self.reserve(at + 1);
                self.then([Task::MakeClosures { variables: made, next: at, span }, go_on(at)]);
            }
            Step::Mixed { boxed, closures } => {
                let mut tasks = Vec::new();
                let mut at = next;
                for &i in boxed {
                    self.slots[variables[i].0 as usize] = at;
                    tasks.push(Task::Give { value: Value::UNBOUND, to: Destination::Slot(at), next: at });
                    tasks.push(Task::Instruction(abc(Op::MakeBox, at as u16, at as u16, 0), span));
                    at += 1;
                }
                let mut made = Vec::new();
                for &i in closures {
                    if !facts.constant[lambda_of(i).0 as usize] {
                        self.slots[variables[i].0 as usize] = at;
                        made.push((lambda_of(i), at));
                        at += 1;
                    }
                }
                self.reserve(at + 2);
                tasks.push(Task::MakeClosures { variables: made, next: at, span });
                for &i in boxed {
                    tasks.push(Task::Expression { node: inits[i], to: Destination::Slot(at), next: at + 1 });
                    tasks.push(Task::SetVariable { variable: variables[i], slot: at, next: at + 1, span });
                }
                tasks.push(go_on(at));
                self.then(tasks);
            }
            Step::Loop(i) => {
                let lambda = lambda_of(*i);
                let clause = &unit.lambdas[lambda.0 as usize].clauses[0];
                let slots: Vec<usize> = (next..next + clause.required.len()).collect();
                for (&v, &slot) in clause.required.iter().zip(&slots) {
                    self.slots[v.0 as usize] = slot;
                }
                let label = self.label();
                let at = next + slots.len();
                self.reserve(at + 1);
                self.loops.insert(lambda, LoopInfo { label, slots });
                self.tasks.push(go_on(at));
            }
        }
        Ok(())
    }

    /// The slots above `next` are free for the loop's body, which stands behind the letrec's.
    pub(super) fn loop_body(&mut self, lambda: LambdaId, to: Destination, next: usize) {
        let unit = self.unit;
        let label = self.loops[&lambda].label;
        let clause = &unit.lambdas[lambda.0 as usize].clauses[0];
        self.bind(label);
        for &v in &clause.required {
            if self.is_boxed(v) {
                let slot = self.slots[v.0 as usize] as u16;
                self.put(abc(Op::MakeBox, slot, slot, 0), Span::NOWHERE);
            }
        }
        self.then([
            Task::Enter(clause.required.clone()),
            Task::Expression { node: clause.body, to, next },
            Task::Leave(clause.required.len()),
        ]);
    }

    /// Makes closures in their slots, then fills them: they may hold each other.
    pub(super) fn make_closures(&mut self, made: &[(LambdaId, usize)], next: usize, span: Span) {
        for &(lambda, slot) in made {
            let n = self.lambda_constant(lambda);
            let free = self.facts.free[lambda.0 as usize].len();
            let word = an(Op::MakeClosure, slot as u16, n);
            // From 255 on the number stands in the code.
            self.put(word | (free.min(255) as u64) << 8, span);
        }
        for &(lambda, slot) in made {
            for (index, &v) in self.facts.free[lambda.0 as usize].iter().enumerate() {
                let source = match self.place(v) {
                    Place::Slot(source) => source,
                    Place::Own => 0,
                    Place::Free(from) => {
                        self.reserve(next + 1);
                        self.put(abc(Op::Free, next as u16, from as u16, 0), span);
                        next
                    }
                    Place::Constant(_) => unreachable!("constant lambdas are not captured"),
                };
                self.put(abc(Op::Capture, slot as u16, index as u16, source as u16), span);
            }
        }
    }

    /// New values for the variables of a loop, then the jump. A value may go straight into its variable's slot as soon as no
    /// other value still wants the old one.
    pub(super) fn enter_loop(&mut self, node: NodeId, lambda: LambdaId, operands: &[NodeId], next: usize) {
        let info = &self.loops[&lambda];
        let (label, slots) = (info.label, info.slots.clone());
        let variables = self.unit.lambdas[lambda.0 as usize].clauses[0].required.clone();
        let inside = self.labels[label.0].is_some();
        let mut tasks = Vec::new();
        let mut moves = Vec::new();
        let mut waiting: Vec<usize> = (0..operands.len())
            .filter(|&i| !(inside && !self.is_boxed(variables[i]) && self.is_variable(operands[i], variables[i])))
            .collect();
        let mut at = next;
        if inside {
            let mentions = self.mentions(node, operands, &variables);
            while !waiting.is_empty() {
                let free = waiting.iter().position(|&i| waiting.iter().all(|&j| j == i || !mentions[j].contains(&i)));
                let (position, direct) = match free {
                    Some(position) => (position, true),
                    None => (0, false),
                };
                let i = waiting.remove(position);
                if direct {
                    tasks.push(Task::Expression { node: operands[i], to: Destination::Slot(slots[i]), next: at });
                } else {
                    tasks.push(Task::Expression { node: operands[i], to: Destination::Slot(at), next: at + 1 });
                    moves.push((slots[i], at));
                    at += 1;
                }
            }
        } else {
            for i in waiting {
                tasks.push(Task::Expression { node: operands[i], to: Destination::Slot(slots[i]), next: at });
            }
        }
        self.reserve(at + 1);
        for (slot, from) in moves {
            tasks.push(Task::Instruction(abc(Op::Move, slot as u16, from as u16, 0), Span::NOWHERE));
        }
        tasks.push(Task::Again(label));
        self.then(tasks);
    }

    pub(super) fn is_variable(&self, node: NodeId, v: VarId) -> bool {
        matches!(self.unit.node(node), Node::Local(other) if *other == v)
    }

    /// For each operand of a call, which of these variables it mentions. Operands are contiguous in the arena, one after
    /// the other, the last ending right before the call.
    pub(super) fn mentions(&self, call: NodeId, operands: &[NodeId], variables: &[VarId]) -> Vec<Vec<usize>> {
        let Node::Call(operator, _) = self.unit.node(call) else { unreachable!() };
        let mut from = operator.0 + 1;
        operands
            .iter()
            .map(|operand| {
                let mut found = Vec::new();
                for id in from..=operand.0 {
                    let v = match self.unit.node(NodeId(id)) {
                        Node::Local(v) | Node::SetLocal(v, _) => v,
                        _ => continue,
                    };
                    found.extend(variables.iter().position(|known| known == v));
                }
                from = operand.0 + 1;
                found
            })
            .collect()
    }
}
