//! From the core language to bytecode.
//!
//! 1. `analyze` finds out about variables, loops and closures; it changes nothing.
//! 2. `emit` writes the instructions.

pub mod analyze;
pub mod emit;

use crate::expander::core::Unit;
use crate::source::Span;
use crate::value::Value;
use crate::vm::cx::Cx;

/// A form that is too large for the instruction format.
#[derive(Debug)]
pub struct Error {
    pub message: String,
    pub span: Span,
}

/// Compiles a unit to a procedure of no arguments that does what the unit says.
pub fn compile(unit: &Unit, cx: &mut Cx) -> Result<Value, Error> {
    let facts = analyze::analyze(unit);
    emit::emit(unit, &facts, cx, false).or_else(|error| match error {
        // Some conditional jump did not reach its target: all of them go over long jumps then.
        emit::Failure::FarJump => emit::emit(unit, &facts, cx, true).map_err(|error| match error {
            emit::Failure::FarJump => Error { message: "this form is too large".into(), span: Span::NOWHERE },
            emit::Failure::Error(error) => error,
        }),
        emit::Failure::Error(error) => Err(error),
    })
}
