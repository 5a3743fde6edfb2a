//! The row that declares a builtin procedure: one place for its name, parameters, text and body.

use super::cx::{Answer, Cx};
use crate::value::Value;

pub struct Row {
    pub name: &'static str,
    pub parameters: &'static [Parameter],
    pub documentation: &'static str,
    /// What it must be allowed: the names of the questions it asks in builtins/permit.
    pub needs: &'static [&'static str],
    pub body: Body,
}

pub struct Parameter {
    pub name: &'static str,
    /// What the parameter should be, as error messages and signatures say it.
    pub expected: &'static str,
    pub sort: Sort,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    Required,
    Optional,
    Rest,
}

/// The body of a builtin: it sees the arguments, whose number the vm has checked.
pub type Leaf = fn(&mut Cx, &[Value]) -> Answer;

#[derive(Clone, Copy)]
pub enum Body {
    /// Answers at once, fails, or asks to wait.
    Leaf(Leaf),
    /// Rearranges frames and continuations: the vm does it.
    Control(Control),
}

/// Builtins that are part of the vm; see vm/control.
#[derive(Clone, Copy, Debug)]
pub enum Control {
    Apply,
    Values,
    /// Calls a procedure with the current continuation: raw, or as a procedure.
    CallCc {
        raw: bool,
    },
    Throw,
    /// Calls a thunk in the place of a continuation.
    Resume,
    AbortToPrompt,
    Compose,
    /// Stops the fiber in a wait.
    Park,
    /// Lets other fibers run.
    Yield,
    /// The same, if the fiber's time is nearly over.
    Section,
    /// Ends the fiber.
    EndFiber,
    /// A leaf that may answer with a tail call.
    Leaf(Leaf),
}

impl Row {
    pub fn required(&self) -> usize {
        self.parameters.iter().filter(|p| p.sort == Sort::Required).count()
    }

    pub fn optional(&self) -> usize {
        self.parameters.iter().filter(|p| p.sort == Sort::Optional).count()
    }

    pub fn has_rest(&self) -> bool {
        self.parameters.iter().any(|p| p.sort == Sort::Rest)
    }

    pub fn takes(&self, arguments: usize) -> bool {
        let required = self.required();
        arguments >= required && (self.has_rest() || arguments <= required + self.optional())
    }
}

/// "2 arguments", "1 to 3 arguments", "at least 1 argument".
pub fn arity_text(required: usize, optional: usize, rest: bool) -> String {
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    if rest {
        format!("at least {required} argument{}", plural(required))
    } else if optional > 0 {
        format!("{required} to {} arguments", required + optional)
    } else if required == 0 {
        "no arguments".to_string()
    } else {
        format!("{required} argument{}", plural(required))
    }
}
