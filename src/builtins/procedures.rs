//! Procedures, the dynamic state, and the values that stand for something missing.

use super::declare::Procedure;
use crate::builtins;
use crate::value::{Kind, Value};

builtins! { PROCEDURES;

/// Whether OBJ is a procedure. [R7RS 6.10]
///
///     (procedure? car)  => #t
///     (procedure? 'car)  => #f
fn "procedure?" (cx, obj: Value) { obj.is_procedure() }

/// The name of PROCEDURE as a symbol, or #f. [Guile]
///
///     (procedure-name car)  => car
fn "procedure-name" (cx, procedure: Procedure) {
    match cx.heap.closure_code(procedure.0) {
        Some(code) => code.name.map(Value::symbol),
        None if procedure.0.is_kind(Kind::Builtin) => {
            let name = cx.procedure_name(procedure.0);
            Some(Value::symbol(cx.symbols.intern(&name)))
        }
        None => None,
    }
}

/// What marks an exception handler in the dynamic state.
fn "%handler-key" (cx) { Value::HANDLER_KEY }

/// What marks an extent of dynamic-wind in the dynamic state.
fn "%wind-key" (cx) { Value::WIND_KEY }

/// Whether OBJ stands for an optional argument that was not given.
fn "%default?" (cx, obj: Value) { obj == Value::DEFAULT }

/// What stands for an optional argument that was not given.
fn "%default" (cx) { Value::DEFAULT }

/// What procedures return that have nothing to say.
fn "%unspecified" (cx) { Value::UNSPECIFIED }

/// Whether OBJ is what procedures return that have nothing to say. [Guile]
///
///     (unspecified? 0)  => #f
fn "unspecified?" (cx, obj: Value) { obj == Value::UNSPECIFIED }

/// The object that stands for the end of a port's input. [R7RS 6.13]
///
///     (eof-object? (eof-object))  => #t
fn "eof-object" (cx) { Value::EOF }

/// Whether OBJ is the end-of-file object. [R7RS 6.13]
///
///     (eof-object? #f)  => #f
fn "eof-object?" (cx, obj: Value) { obj == Value::EOF }
}
