//! The virtual machine: registers, stack, the run loop, and what builtins see of it.

pub mod builtin;
pub mod control;
pub mod cx;
pub mod machine;
mod run;
pub mod stubs;
