//! The virtual machine: registers, stack, the run loop, and what builtins see of it.

pub mod arithmetic;
pub mod builtin;
pub mod control;
pub mod cx;
mod failing;
pub mod host;
pub mod limits;
pub mod machine;
pub mod profile;
mod prompt;
pub mod random;
mod run;
pub mod stubs;
mod switch;
mod trap;
mod types;
