//! The numeric tower and its text form: integers of any size, exact ratios, floats and complex numbers, as owned Rust values.
//!
//! The engine keeps small integers and floats to itself and comes here for everything else. What is promised: no input
//! makes this module panic, recurse without bound or allocate without limit (see [`MAX_BITS`]), and whatever may take long
//! looks at a [`Stop`] often enough to be interrupted. Where R7RS leaves room, results follow Guile 3.0.8; the places where
//! they do not are named where they occur.
//!
//! From the ground up: `int` and `huge` (its slow paths), `ratio`, `real`, `number`; then the operations by subject
//! (`division`, `power`, `transcendental`, `complex`, `bits`); then text (`parse`, `format`).

mod bits;
mod complex;
mod division;
mod format;
mod huge;
mod int;
mod number;
mod parse;
mod power;
mod ratio;
mod real;
#[cfg(test)]
mod tests;
mod transcendental;

pub use complex::Complex;
pub use division::Rounding;
pub use format::{MAX_DIGITS, format, format_fixnum, format_float};
pub use int::Int;
pub use number::Number;
pub use parse::{parse, parse_checked};
pub use ratio::{Ratio, in_lowest_terms};
pub use real::Real;

/// The largest integers have so many bits: ten million digits. The products up to there take seconds; past it, a program that
/// squares in a loop would compute for minutes before memory runs out.
pub const MAX_BITS: u64 = 1 << 25;

/// Why an operation gave no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumError {
    /// Division by exact zero, or another pole met exactly (the logarithm of 0).
    DivideByZero,
    /// The result would have more than [`MAX_BITS`] bits, or more than [`MAX_DIGITS`] digits.
    TooLarge,
    /// The [`Stop`] asked for it.
    Interrupted,
    /// An operand (counted from 1, among those of the call that failed) is outside the operation's domain.
    Wrong { argument: usize, expected: &'static str },
}

impl NumError {
    fn wrong<T>(argument: usize, expected: &'static str) -> Result<T> {
        Err(NumError::Wrong { argument, expected })
    }
}

impl std::fmt::Display for NumError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NumError::DivideByZero => f.write_str("division by zero"),
            NumError::TooLarge => f.write_str("the result is too large"),
            NumError::Interrupted => f.write_str("interrupted"),
            NumError::Wrong { argument, expected } => write!(f, "argument {argument} should be {expected}"),
        }
    }
}

impl std::error::Error for NumError {}

pub type Result<T> = std::result::Result<T, NumError>;

/// A question that long operations ask again and again: should I give up? It is asked every few dozen milliseconds
/// of work, and never by operations on small operands, so it may be as slow as a system call.
#[derive(Clone, Copy)]
pub struct Stop<'a>(pub &'a dyn Fn() -> bool);

impl Stop<'static> {
    /// For callers that would rather wait.
    pub const NEVER: Stop<'static> = Stop(&|| false);
}

impl Stop<'_> {
    pub fn check(&self) -> Result<()> {
        if (self.0)() { Err(NumError::Interrupted) } else { Ok(()) }
    }
}
