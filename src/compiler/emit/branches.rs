//! Tests: where a value is only asked for its truth.

use super::*;

impl Emitter<'_> {
    pub(super) fn test(&mut self, node: NodeId, when: bool, label: Label, next: usize) -> Result<(), Failure> {
        let unit = self.unit;
        let span = unit.span(node);
        match unit.node(node) {
            Node::Constant(index) => {
                if unit.constants[*index as usize].is_true() == when {
                    self.branch(an(Op::Jump, 0, 0), label, span);
                }
            }
            &Node::If(test, yes, no) if self.truth(yes).is_some() || self.truth(no).is_some() => {
                // `and`, `or`: where one branch is a constant, its jump is the test's.
                let end = self.label();
                let (sense, constant, other) = match self.truth(no) {
                    Some(truth) => (false, truth, yes),
                    None => (true, self.truth(yes).unwrap_or_default(), no),
                };
                let target = if constant == when { label } else { end };
                self.then([
                    Task::Test { node: test, when: sense, label: target, next },
                    Task::Test { node: other, when, label, next },
                    Task::Bind(end),
                ]);
            }
            Node::If(test, yes, no) => {
                let (otherwise, end) = (self.label(), self.label());
                self.then([
                    Task::Test { node: *test, when: false, label: otherwise, next },
                    Task::Test { node: *yes, when, label, next },
                    Task::Jump(end),
                    Task::Bind(otherwise),
                    Task::Test { node: *no, when, label, next },
                    Task::Bind(end),
                ]);
            }
            Node::Seq(items) => {
                let last = items.len() - 1;
                self.then(
                    items
                        .iter()
                        .enumerate()
                        .map(|(index, &item)| {
                            if index == last {
                                Task::Test { node: item, when, label, next }
                            } else {
                                Task::Expression { node: item, to: Destination::Nowhere, next }
                            }
                        })
                        .collect::<Vec<_>>(),
                );
            }
            Node::Let(variables, inits, body) if self.is_or(variables, *body).is_some() => {
                // Only the truth of the first value is wanted: it need not be kept.
                let other = self.is_or(variables, *body).expect("an or");
                let end = self.label();
                self.then([
                    Task::Test { node: inits[0], when: true, label: if when { label } else { end }, next },
                    Task::Test { node: other, when, label, next },
                    Task::Bind(end),
                ]);
            }
            Node::Let(variables, inits, body) => {
                let mut tasks = Vec::new();
                let mut at = next;
                for (&v, &init) in variables.iter().zip(inits) {
                    self.slots[v.0 as usize] = at;
                    tasks.push(Task::Expression { node: init, to: Destination::Slot(at), next: at + 1 });
                    if self.is_boxed(v) {
                        tasks.push(Task::Instruction(abc(Op::MakeBox, at as u16, at as u16, 0), span));
                    }
                    at += 1;
                }
                self.reserve(at);
                tasks.push(Task::Test { node: *body, when, label, next: at });
                self.then(tasks);
            }
            Node::Call(operator, operands) => match self.callee(*operator, operands.len()) {
                Callee::Primitive(name, op) if self.test_primitive(name, op, operands, when, label, next, span) => {}
                _ => self.test_value(node, when, label, next, span),
            },
            _ => self.test_value(node, when, label, next, span),
        }
        Ok(())
    }

    /// Whether a constant counts as true.
    pub(super) fn truth(&self, node: NodeId) -> Option<bool> {
        match self.unit.node(node) {
            Node::Constant(index) => Some(self.unit.constants[*index as usize].is_true()),
            _ => None,
        }
    }

    /// Whether the body of a let is `(if v v other)` for its only variable, used nowhere else: an `or`. Then, other.
    pub(super) fn is_or(&self, variables: &[VarId], body: NodeId) -> Option<NodeId> {
        let (&[v], &Node::If(test, yes, other)) = (variables, self.unit.node(body)) else { return None };
        let is_or = self.is_variable(test, v) && self.is_variable(yes, v) && self.facts.uses[v.0 as usize] == 2;
        is_or.then_some(other)
    }

    pub(super) fn test_value(&mut self, node: NodeId, when: bool, label: Label, next: usize, span: Span) {
        let op = if when { Op::JumpTrue } else { Op::JumpFalse };
        let (mut tasks, slots, _) = self.operands(&[node], next);
        tasks.push(Task::Branch { word: an(op, slots[0], 0), label, span });
        self.then(tasks);
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn test_primitive(
        &mut self,
        name: &str,
        op: Op,
        operands: &[NodeId],
        when: bool,
        label: Label,
        next: usize,
        span: Span,
    ) -> bool {
        let choose = |yes: Op, no: Op| if when { yes } else { no };
        let (word, operands): (WordOf, Vec<NodeId>) = match (op, name) {
            (Op::Not, _) => {
                self.tasks.push(Task::Test { node: operands[0], when: !when, label, next });
                return true;
            }
            (Op::JumpNull, _) => {
                let op = choose(Op::JumpNull, Op::JumpNotNull);
                (Box::new(move |s| an(op, s[0], 0)), operands.to_vec())
            }
            (Op::JumpPair, _) => {
                let op = choose(Op::JumpPair, Op::JumpNotPair);
                (Box::new(move |s| an(op, s[0], 0)), operands.to_vec())
            }
            (Op::JumpType, _) => {
                let x = type_test(name) as u8 | if when { 0 } else { NOT };
                (Box::new(move |s| an(Op::JumpType, s[0], 0) | (x as u64) << 8), operands.to_vec())
            }
            (Op::Eq, _) => {
                let op = choose(Op::JumpEq, Op::JumpNotEq);
                (Box::new(move |s| abc(op, s[0], s[1], 0)), operands.to_vec())
            }
            (Op::JumpEqualI, _) => {
                let op = choose(Op::JumpEqualI, Op::JumpNotEqualI);
                (Box::new(move |s| xabc(op, Comparison::Zero as u8, s[0], 0, 0)), operands.to_vec())
            }
            (Op::JumpLess | Op::JumpLessEqual | Op::JumpEqual, _) => {
                let x = comparison(name) as u8;
                // With a constant on the left the comparison is turned round.
                let (left, right, name) = match (self.small_constant(operands[0]), self.small_constant(operands[1])) {
                    (Some(_), None) => (operands[1], operands[0], turned(name)),
                    _ => (operands[0], operands[1], name),
                };
                if let Some(number) = self.small_constant(right) {
                    let op = match name {
                        "<" => choose(Op::JumpLessI, Op::JumpNotLessI),
                        ">" => choose(Op::JumpGreaterI, Op::JumpNotGreaterI),
                        "<=" => choose(Op::JumpLessEqualI, Op::JumpNotLessEqualI),
                        ">=" => choose(Op::JumpGreaterEqualI, Op::JumpNotGreaterEqualI),
                        _ => choose(Op::JumpEqualI, Op::JumpNotEqualI),
                    };
                    let turned = if left == operands[1] { Comparison::TURNED } else { 0 };
                    (Box::new(move |s| xabc(op, x | turned, s[0], number as u16, 0)), vec![left])
                } else {
                    let op = match name {
                        "<" | ">" => choose(Op::JumpLess, Op::JumpNotLess),
                        "<=" | ">=" => choose(Op::JumpLessEqual, Op::JumpNotLessEqual),
                        _ => choose(Op::JumpEqual, Op::JumpNotEqual),
                    };
                    let swap = matches!(name, ">" | ">=");
                    let turned = if swap { Comparison::TURNED } else { 0 };
                    let word = move |s: &[u16]| {
                        let (a, b) = if swap { (s[1], s[0]) } else { (s[0], s[1]) };
                        xabc(op, x | turned, a, b, 0)
                    };
                    (Box::new(word), vec![left, right])
                }
            }
            _ => return false,
        };
        let (mut tasks, slots, _) = self.operands(&operands, next);
        tasks.push(Task::Branch { word: word(&slots), label, span });
        self.then(tasks);
        true
    }
}

fn comparison(name: &str) -> Comparison {
    match name {
        "<" => Comparison::Less,
        "<=" => Comparison::LessEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterEqual,
        _ => Comparison::Equal,
    }
}

/// The comparison with its operands exchanged.
fn turned(name: &str) -> &str {
    match name {
        "<" => ">",
        ">" => "<",
        "<=" => ">=",
        ">=" => "<=",
        other => other,
    }
}

fn type_test(name: &str) -> TypeTest {
    match name {
        "symbol?" => TypeTest::Symbol,
        "string?" => TypeTest::String,
        "char?" => TypeTest::Char,
        "vector?" => TypeTest::Vector,
        "bytevector?" => TypeTest::Bytevector,
        "procedure?" => TypeTest::Procedure,
        "boolean?" => TypeTest::Boolean,
        _ => TypeTest::Eof,
    }
}
