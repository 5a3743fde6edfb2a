//! The dynamic state: which parameter bindings, exception handlers and winds are in force.
//!
//! It is one immutable list, innermost first, held in one register and saved with every continuation. Its entries are pairs:
//!
//! ```text
//!   (parameter . box)                   a binding made by parameterize
//!   (HANDLER_KEY . (handlers . winds))  from here on these are the exception handlers, innermost first; `winds` is the tail of
//!                                       the state that begins with the innermost wind, gate or prompt, or ()
//!   (WIND_KEY . (before after . handlers))  an extent of dynamic-wind, and the handlers outside of it
//!   (tag . #f)                          a prompt
//!   (gate . box)                        see stdlib/sockeye/base.scm, as for all of these
//! ```

use crate::value::Value;

/// Field of a parameter: whether any state has ever bound it. Most never are, and need not be looked for.
pub const PARAMETER_BOUND: usize = 3;

/// The box that holds what `parameter` is bound to in this dynamic state.
pub fn find_binding(mut dynamic: Value, parameter: Value) -> Option<Value> {
    if parameter.field(PARAMETER_BOUND) == Value::FALSE {
        return None;
    }
    while let Some((entry, rest)) = dynamic.as_pair() {
        if entry.car() == parameter {
            return Some(entry.cdr());
        }
        dynamic = rest;
    }
    None
}
