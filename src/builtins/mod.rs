//! The builtin procedures, a table for each subject.

pub mod control;
pub mod declare;
