//! Compiled procedures: instructions, constants, and what errors and traces want to know about them.
//!
//! Code is plain data here; only compiler/emit, compiler/disassemble and vm/run know what an instruction means.

use super::word::Value;
use crate::source::Span;
use crate::symbol::Symbol;

#[derive(Default)]
pub struct Code {
    /// Instructions, eight bytes each; see opcode. The address of the first never changes: links point here.
    pub instructions: Box<[u64]>,
    pub constants: Box<[Value]>,
    /// Words a frame of this procedure needs above its fp, outgoing calls included.
    pub frame_size: u32,
    pub name: Option<Symbol>,
    /// What the procedure takes: required, optional, and whether the rest is collected; the first clause's, for case-lambda.
    pub required: u16,
    pub optional: u16,
    pub rest: bool,
    /// Names of the parameters, for documentation and error messages.
    pub parameters: Box<[Symbol]>,
    pub documentation: Option<Box<str>>,
    /// The whole expression.
    pub span: Span,
    /// Spans by instruction: an entry holds from its index up to the next entry's.
    pub spans: Box<[(u32, Span)]>,
    /// Set and cleared by the collector.
    pub marked: bool,
}

impl Code {
    /// The source of instruction `index`.
    pub fn span_at(&self, index: usize) -> Span {
        match self.spans.partition_point(|(at, _)| *at as usize <= index) {
            0 => Span::NOWHERE,
            n => self.spans[n - 1].1,
        }
    }
}
