//! Compiled procedures: instructions, constants, and what errors and traces want to know about them.
//!
//! Code is plain data here; only compiler/emit, compiler/disassemble and vm/run know what an instruction means.

use super::word::Value;
use crate::source::Span;
use crate::symbol::Symbol;

#[derive(Default)]
pub struct Code {
    /// Two words for the vm (the address of this code, the address of the constants), then the instructions, eight bytes
    /// each; see opcode. The memory never moves: closures hold the address of the first instruction, links later ones.
    pub(crate) words: Box<[u64]>,
    pub constants: Box<[Value]>,
    /// Words a frame of this procedure needs above its fp, outgoing calls included.
    pub frame_size: u32,
    pub name: Option<Symbol>,
    /// How many variables a closure of this code holds.
    pub free: u32,
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

/// Words before the first instruction.
const HEAD: usize = 2;

impl Code {
    pub fn set_instructions(&mut self, instructions: &[u64]) {
        self.words = [0; HEAD].iter().chain(instructions).copied().collect();
    }

    pub fn instructions(&self) -> &[u64] {
        &self.words[HEAD..]
    }

    /// Fills in the head; called once the code has its place in the heap.
    pub(super) fn settle(&mut self) {
        self.words[0] = self as *const Code as u64;
        self.words[1] = self.constants.as_ptr() as u64;
    }

    /// The address of the first instruction: what a closure holds.
    pub fn entry(&self) -> *const u64 {
        self.words.as_ptr().wrapping_add(HEAD)
    }

    /// The index of the instruction at this address, if it is one of this code's.
    pub fn index_of(&self, address: *const u64) -> Option<usize> {
        let index = (address as usize).wrapping_sub(self.entry() as usize) / 8;
        (index <= self.instructions().len()).then_some(index)
    }

    /// The source of instruction `index`.
    pub fn span_at(&self, index: usize) -> Span {
        match self.spans.partition_point(|(at, _)| *at as usize <= index) {
            0 => Span::NOWHERE,
            n => self.spans[n - 1].1,
        }
    }
}
