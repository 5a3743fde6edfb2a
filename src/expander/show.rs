//! Units of the core language and data as text, for tests and for people who want to see what became of a form.
//!
//! Written with a stack of its own. Variables are shown with their numbers, `x.3`; what a node is, by the words of the forms
//! it could have come from.

use super::core::{Clause, Node, NodeId, Unit, VarId};
use crate::symbol::Symbols;
use crate::value::heap::cell;
use crate::value::{Heap, Kind, Value};

enum Piece {
    Node(NodeId),
    Text(String),
    Datum(Value),
}

/// What people want to see of a form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum View {
    /// The core language, as the expander made it.
    Expanded,
    /// What the compiler makes of that.
    Optimized,
}

/// A part of a letrec, as somebody has divided it: indices of its variables.
pub enum Part {
    /// The init does not see the variables.
    Let(usize),
    /// Procedures, which may see each other.
    Procedures(Vec<usize>),
    /// A procedure that is only ever jumped to.
    Loop(usize),
    /// All else.
    Recursive(Vec<usize>),
}

/// How a letrec is divided; None leaves it as it is.
type Division<'d> = &'d dyn Fn(NodeId) -> Option<Vec<Part>>;

/// For people, what need not be written is left out.
struct Style<'d> {
    division: Division<'d>,
    brief: bool,
}

/// The unit as an s-expression on one line.
pub fn unit(heap: &Heap, symbols: &Symbols, unit: &Unit) -> String {
    shown(heap, symbols, unit, Style { division: &|_| None, brief: false })
}

/// The same for people, with each letrec divided into its parts, outermost first.
pub fn divided(heap: &Heap, symbols: &Symbols, unit: &Unit, division: Division) -> String {
    shown(heap, symbols, unit, Style { division, brief: true })
}

fn shown(heap: &Heap, symbols: &Symbols, unit: &Unit, style: Style) -> String {
    let mut out = String::new();
    let mut work: Vec<Piece> = unit.root.map(Piece::Node).into_iter().collect();
    while let Some(piece) = work.pop() {
        match piece {
            Piece::Text(text) => out.push_str(&text),
            Piece::Datum(value) => out.push_str(&datum(heap, symbols, value)),
            Piece::Node(id) => {
                let mut pieces = Vec::new();
                node(symbols, unit, id, &style, &mut pieces);
                work.extend(pieces.into_iter().rev());
            }
        }
    }
    out
}

fn node(symbols: &Symbols, unit: &Unit, id: NodeId, style: &Style, out: &mut Vec<Piece>) {
    let text = |text: &str| Piece::Text(text.to_string());
    let variable = |id: VarId| format!("{}.{}", symbols.name(unit.variables[id.0 as usize].name), id.0);
    let global = |index: u32| symbols.name(cell::name(unit.cells[index as usize]));
    let form = |out: &mut Vec<Piece>, head: String, nodes: &[NodeId]| {
        out.push(Piece::Text(format!("({head}")));
        for &node in nodes {
            out.extend([text(" "), Piece::Node(node)]);
        }
        out.push(text(")"));
    };
    let bindings = |out: &mut Vec<Piece>, head: &str, variables: &[VarId], inits: &[NodeId], body: NodeId| {
        out.push(Piece::Text(format!("({head} (")));
        for (index, (&id, &init)) in variables.iter().zip(inits).enumerate() {
            let space = if index > 0 { " " } else { "" };
            out.extend([Piece::Text(format!("{space}({} ", variable(id))), Piece::Node(init), text(")")]);
        }
        out.extend([text(") "), Piece::Node(body), text(")")]);
    };
    match unit.node(id) {
        Node::Constant(index) => {
            let value = unit.constants[*index as usize];
            let quoted = value.is_symbol() || value.is_pair() || value.is_null() || value.is_vector();
            out.extend([text(if quoted { "'" } else { "" }), Piece::Datum(value)]);
        }
        Node::Local(id) => out.push(Piece::Text(variable(*id))),
        Node::SetLocal(id, value) => form(out, format!("set! {}", variable(*id)), &[*value]),
        Node::Global(index) => out.push(text(global(*index))),
        Node::SetGlobal(index, value) => form(out, format!("set! {}", global(*index)), &[*value]),
        Node::DefineGlobal(index, value) => form(out, format!("define {}", global(*index)), &[*value]),
        Node::If(test, yes, no) if style.brief && is_unspecified(unit, *no) => form(out, "if".into(), &[*test, *yes]),
        Node::If(test, yes, no) => form(out, "if".into(), &[*test, *yes, *no]),
        Node::Seq(nodes) => form(out, "begin".into(), nodes),
        Node::Let(variables, inits, body) => bindings(out, "let", variables, inits, *body),
        Node::Letrec(variables, inits, body) => match (style.division)(id) {
            None => bindings(out, "letrec", variables, inits, *body),
            Some(parts) => {
                let mut open = 0;
                let mut whole = true;
                for (index, part) in parts.iter().enumerate() {
                    let (head, members) = match part {
                        Part::Let(at) => ("let", std::slice::from_ref(at)),
                        Part::Procedures(members) => ("fix", &members[..]),
                        Part::Recursive(members) => ("letrec", &members[..]),
                        Part::Loop(at) => {
                            // Entered at one place only, it can be written as a named let.
                            if index + 1 == parts.len()
                                && let Some((formals, operands, inner)) = entry(unit, variables[*at], inits[*at], *body)
                            {
                                out.push(Piece::Text(format!("(let {} (", variable(variables[*at]))));
                                for (index, (&formal, &operand)) in formals.iter().zip(operands).enumerate() {
                                    let space = if index > 0 { " " } else { "" };
                                    out.push(Piece::Text(format!("{space}({} ", variable(formal))));
                                    out.extend([Piece::Node(operand), text(")")]);
                                }
                                out.extend([text(") "), Piece::Node(inner), text(")")]);
                                whole = false;
                                break;
                            }
                            ("fix", std::slice::from_ref(at))
                        }
                    };
                    out.push(Piece::Text(format!("({head} (")));
                    for (index, &member) in members.iter().enumerate() {
                        let space = if index > 0 { " " } else { "" };
                        out.push(Piece::Text(format!("{space}({} ", variable(variables[member]))));
                        out.extend([Piece::Node(inits[member]), text(")")]);
                    }
                    out.push(text(") "));
                    open += 1;
                }
                if whole {
                    out.push(Piece::Node(*body));
                }
                out.push(Piece::Text(")".repeat(open)));
            }
        },
        Node::Call(operator, operands) => {
            out.extend([text("("), Piece::Node(*operator)]);
            for &operand in operands {
                out.extend([text(" "), Piece::Node(operand)]);
            }
            out.push(text(")"));
        }
        Node::LetValues { producer, required, rest, body } => {
            let formals = formals(required.iter().map(|&id| variable(id)).collect(), rest.map(variable));
            form(out, format!("let-values {formals}"), &[*producer, *body]);
        }
        Node::Lambda(id) => {
            let lambda = &unit.lambdas[id.0 as usize];
            let clause_formals = |clause: &Clause| {
                let mut names: Vec<String> = clause.required.iter().map(|&id| variable(id)).collect();
                if !clause.optional.is_empty() {
                    names.push("#!optional".into());
                    names.extend(clause.optional.iter().map(|&id| variable(id)));
                }
                formals(names, clause.rest.map(variable))
            };
            match &lambda.clauses[..] {
                [clause] => form(out, format!("lambda {}", clause_formals(clause)), &[clause.body]),
                clauses => {
                    out.push(text("(case-lambda"));
                    for clause in clauses {
                        out.push(text(" "));
                        form(out, clause_formals(clause), &[clause.body]);
                    }
                    out.push(text(")"));
                }
            }
        }
    }
}

fn is_unspecified(unit: &Unit, id: NodeId) -> bool {
    matches!(unit.node(id), Node::Constant(index) if unit.constants[*index as usize] == Value::UNSPECIFIED)
}

/// The parameters and the body of a loop that its letrec's body consists in calling, and what it is called with.
fn entry(unit: &Unit, name: VarId, init: NodeId, body: NodeId) -> Option<(&[VarId], &[NodeId], NodeId)> {
    let (Node::Call(operator, operands), Node::Lambda(id)) = (unit.node(body), unit.node(init)) else { return None };
    let [clause] = &unit.lambdas[id.0 as usize].clauses[..] else { return None };
    (*unit.node(*operator) == Node::Local(name)).then_some((&clause.required[..], &operands[..], clause.body))
}

fn formals(names: Vec<String>, rest: Option<String>) -> String {
    match (names.is_empty(), rest) {
        (true, Some(rest)) => rest,
        (_, None) => format!("({})", names.join(" ")),
        (_, Some(rest)) => format!("({} . {rest})", names.join(" ")),
    }
}

/// A datum as text, cut off where it gets too long: enough for messages.
pub fn datum(heap: &Heap, symbols: &Symbols, value: Value) -> String {
    const LONGEST: usize = 2000;
    enum Item {
        Value(Value),
        Text(&'static str),
        /// The rest of a list.
        Rest(Value),
    }
    let mut out = String::new();
    let mut work = vec![Item::Value(value)];
    while let Some(part) = work.pop() {
        if out.len() > LONGEST {
            out.push_str("...");
            return out;
        }
        match part {
            Item::Text(text) => out.push_str(text),
            Item::Rest(rest) => match rest.as_pair() {
                _ if rest.is_null() => out.push(')'),
                Some((first, next)) => {
                    out.push(' ');
                    work.extend([Item::Rest(next), Item::Value(first)]);
                }
                None => {
                    out.push_str(" . ");
                    work.extend([Item::Text(")"), Item::Value(rest)]);
                }
            },
            Item::Value(value) => {
                if let Some((first, rest)) = value.as_pair() {
                    out.push('(');
                    work.extend([Item::Rest(rest), Item::Value(first)]);
                } else if value.is_vector() {
                    out.push_str("#(");
                    work.push(Item::Text(")"));
                    for (index, item) in value.fields().take(LONGEST).enumerate().collect::<Vec<_>>().into_iter().rev()
                    {
                        work.push(Item::Value(item));
                        work.extend((index > 0).then_some(Item::Text(" ")));
                    }
                } else {
                    out.push_str(&atom(heap, symbols, value));
                }
            }
        }
    }
    out
}

fn atom(heap: &Heap, symbols: &Symbols, value: Value) -> String {
    if let Some(symbol) = value.as_symbol() {
        return symbols.name(symbol).to_string();
    }
    if let Some(keyword) = value.as_keyword() {
        return format!("#:{}", symbols.name(keyword));
    }
    if let Some(number) = value.as_fixnum() {
        return number.to_string();
    }
    if let Some(number) = value.as_flonum() {
        return format!("{number:?}");
    }
    if let Some(text) = heap.str(value) {
        return format!("{text:?}");
    }
    if let Some(c) = value.as_char() {
        let mut text = String::new();
        crate::value::print::write_char(c, &mut text);
        return text;
    }
    match value {
        Value::FALSE => "#f".into(),
        Value::TRUE => "#t".into(),
        Value::NIL => "()".into(),
        Value::FALSE_NIL => "#nil".into(),
        Value::UNSPECIFIED => "#<unspecified>".into(),
        Value::DEFAULT => "#<default>".into(),
        Value::EOF => "#<eof>".into(),
        _ if value.is_kind(Kind::Syntax) => {
            let datum = super::syntax::identifier(value).map(|(symbol, _)| symbols.name(symbol));
            format!("#<syntax {}>", datum.unwrap_or("..."))
        }
        _ => format!("{value:?}"),
    }
}
