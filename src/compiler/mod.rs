//! From the core language to bytecode.
//!
//! 1. `nesting` moves what is nested too deep for one frame into frames of its own.
//! 2. `analyze` finds out about variables, loops and closures; it changes nothing.
//! 3. `emit` writes the instructions.

pub mod analyze;
pub mod disassemble;
pub mod emit;
pub mod nesting;
mod told;

pub use told::show;

use crate::expander::core::Unit;
use crate::source::Span;
use crate::value::Value;
use crate::value::control::Control;
use crate::value::stop::STRIDE;
use crate::vm::cx::Cx;

/// A form that is too large for the instruction format.
#[derive(Debug)]
pub struct Error {
    pub message: String,
    pub span: Span,
}

/// A pass was given up because the program is to stop.
#[derive(Debug)]
pub struct Stopped;

/// Items of a long walk, until the program is to stop.
fn watched<T>(items: impl Iterator<Item = T>, control: &Control) -> impl Iterator<Item = Result<T, Stopped>> {
    items.enumerate().map(|(count, item)| match count.is_multiple_of(STRIDE) && control.interrupted() {
        true => Err(Stopped),
        false => Ok(item),
    })
}

/// Compiles a unit to a procedure of no arguments that does what the unit says.
pub fn compile(unit: &Unit, cx: &mut Cx) -> Result<Value, Error> {
    let interrupted = || Error { message: "interrupted".into(), span: Span::NOWHERE };
    let moved = nesting::unnest(unit, &cx.heap.control).map_err(|Stopped| interrupted())?;
    let unit = moved.as_ref().unwrap_or(unit);
    let facts = analyze::analyze(unit, &cx.heap.control).map_err(|Stopped| interrupted())?;
    emit::emit(unit, &facts, cx, false).or_else(|error| match error {
        // Some conditional jump did not reach its target: all of them go over long jumps then.
        emit::Failure::FarJump => emit::emit(unit, &facts, cx, true).map_err(|error| match error {
            emit::Failure::FarJump => Error { message: "this form is too large".into(), span: Span::NOWHERE },
            emit::Failure::Error(error) => error,
        }),
        emit::Failure::Error(error) => Err(error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expander::core::*;
    use crate::value::heap::cell;
    use crate::vm::machine::{Machine, Outcome};

    /// (begin (define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))) (fib N))
    fn fib_unit(cx: &mut Cx, n: i64) -> Unit {
        let mut unit = Unit::default();
        let mut prim = |cx: &mut Cx, name: &str| {
            let symbol = cx.symbols.intern(name);
            let c = cell::make(&cx.heap, symbol, Value::UNBOUND);
            let index = crate::opcode::PRIMITIVES.iter().position(|p| p.0 == name);
            if let Some(index) = index {
                cell::set_primitive(&cx.heap, c, index as u16 + 1);
            }
            unit.cells.push(c);
            unit.cells.len() as u32 - 1
        };
        let (less, plus, minus, fib) = (prim(cx, "<"), prim(cx, "+"), prim(cx, "-"), prim(cx, "fib"));
        let s = Span::NOWHERE;
        let v = unit.variable(cx.symbols.intern("n"));
        let u = &mut unit;
        let call = |u: &mut Unit, f: u32, args: &[&dyn Fn(&mut Unit) -> NodeId]| {
            let f = u.push(Node::Global(f), s);
            let args: Vec<NodeId> = args.iter().map(|a| a(u)).collect();
            u.push(Node::Call(f, args.into()), s)
        };
        let num = |n: i64| move |u: &mut Unit| u.constant(Value::fixnum(n), s);
        let local = |u: &mut Unit| u.push(Node::Local(v), s);
        let test = call(u, less, &[&local, &num(2)]);
        let yes = local(u);
        let no = call(
            u,
            plus,
            &[&|u: &mut Unit| call(u, fib, &[&|u: &mut Unit| call(u, minus, &[&local, &num(1)])]), &|u: &mut Unit| {
                call(u, fib, &[&|u: &mut Unit| call(u, minus, &[&local, &num(2)])])
            }],
        );
        let body = u.push(Node::If(test, yes, no), s);
        u.lambdas.push(Lambda {
            name: None,
            documentation: None,
            face: None,
            clauses: vec![Clause { required: vec![v], optional: vec![], rest: None, body }],
        });
        let lambda = u.push(Node::Lambda(LambdaId(0)), s);
        let define = u.push(Node::DefineGlobal(fib, lambda), s);
        let run = call(u, fib, &[&num(n)]);
        let root = u.push(Node::Seq([define, run].into()), s);
        u.root = Some(root);
        unit
    }

    #[test]
    fn compiled_code_runs() {
        let mut cx = Cx::new();
        let unit = fib_unit(&mut cx, std::env::var("FIB").ok().and_then(|n| n.parse().ok()).unwrap_or(20));
        let thunk = compile(&unit, &mut cx).unwrap();
        let mut machine = Machine::new(cx);
        machine.start(thunk, &[]);
        let start = std::time::Instant::now();
        match machine.resume() {
            Outcome::Done(v) => println!("fib: {v:?} in {:?}", start.elapsed()),
            _ => panic!("no value"),
        }
    }
}
