//! Compiled procedures: instructions, constants, and what errors and traces want to know about them.
//!
//! Code is plain data here; only compiler/emit, compiler/disassemble and vm/run know what an instruction means.

use super::word::Value;
use crate::source::Span;
use crate::symbol::Symbol;

#[derive(Default)]
pub struct Code {
    /// The constants, the address of this code, then the instructions, eight bytes each; see opcode. The memory never moves:
    /// closures hold the address of the first instruction, links later ones, and instructions reach the constants by
    /// their distance.
    pub(crate) words: Box<[u64]>,
    pub(crate) constant_count: usize,
    /// Words a frame of this procedure needs above its fp, outgoing calls included.
    pub frame_size: u32,
    pub name: Option<Symbol>,
    /// How many variables a closure of this code holds.
    pub free: u32,
    /// What the procedure takes: required, optional, and whether the rest is collected; the first clause's, for case-lambda.
    pub required: u16,
    pub optional: u16,
    pub rest: bool,
    /// What was written, where that says more than these.
    pub face: Option<Box<Face>>,
    /// Names of the parameters, for documentation and error messages.
    pub parameters: Box<[Symbol]>,
    pub documentation: Option<Box<str>>,
    /// The whole expression.
    pub span: Span,
    /// Spans by instruction: an entry holds from its index up to the next entry's.
    pub spans: Box<[(u32, Span)]>,
    /// Where variables live, for who wants to see their values after an error; nothing unless that was asked for.
    pub locals: Box<[Local]>,
    /// The names of the variables that a closure of this code holds; likewise.
    pub free_names: Box<[Symbol]>,
    /// Set and cleared by the collector.
    pub marked: bool,
}

/// What a procedure with keyword parameters or several clauses takes, as it is told: its least number of arguments, how many
/// optional ones follow, whether any number more does; and the parameters as they are shown.
#[derive(Clone, PartialEq, Debug)]
pub struct Face {
    pub required: u16,
    pub optional: u16,
    pub rest: bool,
    pub text: Box<str>,
}

/// A variable in a slot of the frame, from one instruction up to another.
#[derive(Clone, Copy)]
pub struct Local {
    pub name: Symbol,
    pub slot: u32,
    pub from: u32,
    pub to: u32,
}

impl Code {
    pub fn set_instructions(&mut self, instructions: &[u64], constants: &[Value]) {
        let address = [0];
        self.words = constants.iter().map(|v| v.0).chain(address).chain(instructions.iter().copied()).collect();
        self.constant_count = constants.len();
    }

    /// How far from the instruction behind the one at `index` constant `number` of `count` stands.
    pub fn constant_distance(index: usize, number: usize, count: usize) -> i32 {
        number as i32 - count as i32 - 2 - index as i32
    }

    /// The bytes this code takes.
    pub(super) fn weight(&self) -> usize {
        let text = self.documentation.as_ref().map_or(0, |text| text.len());
        size_of::<Code>()
            + size_of_val(&*self.words)
            + size_of_val(&*self.spans)
            + size_of_val(&*self.parameters)
            + size_of_val(&*self.locals)
            + size_of_val(&*self.free_names)
            + text
    }

    pub fn instructions(&self) -> &[u64] {
        &self.words[self.head()..]
    }

    /// Words before the first instruction.
    fn head(&self) -> usize {
        if self.words.is_empty() { 0 } else { self.constant_count + 1 }
    }

    /// The constant that the instruction at `index` finds at this distance.
    pub fn constant_at(&self, index: usize, distance: i32) -> Option<Value> {
        let at = (self.head() + index + 1).checked_add_signed(distance as isize)?;
        (at < self.constant_count).then(|| Value(self.words[at]))
    }

    /// The constants' words, for the collector to visit.
    pub(super) fn constant_words(&mut self) -> &mut [u64] {
        &mut self.words[..self.constant_count]
    }

    /// Fills in the head; called once the code has its place in the heap.
    pub(super) fn settle(&mut self) {
        self.words[self.constant_count] = self as *const Code as u64;
    }

    /// The address of the first instruction: what a closure holds.
    pub fn entry(&self) -> *const u64 {
        self.words.as_ptr().wrapping_add(self.head())
    }

    /// The index of the instruction at this address, if it is one of this code's.
    pub fn index_of(&self, address: *const u64) -> Option<usize> {
        let index = (address as usize).wrapping_sub(self.entry() as usize) / 8;
        (index <= self.instructions().len()).then_some(index)
    }

    /// The first instruction that has a place in a source.
    pub fn first_place(&self) -> usize {
        self.spans.iter().find(|(_, span)| !span.is_nowhere()).map_or(0, |(at, _)| *at as usize)
    }

    /// The source of instruction `index`.
    pub fn span_at(&self, index: usize) -> Span {
        match self.spans.partition_point(|(at, _)| *at as usize <= index) {
            0 => Span::NOWHERE,
            n => self.spans[n - 1].1,
        }
    }
}

/// `(a b #:optional c . d)`
pub fn parameter_list(names: &[String], required: usize, rest: bool) -> String {
    let mut text = String::from("(");
    for (index, name) in names.iter().enumerate() {
        let last = index + 1 == names.len();
        let head = match index {
            _ if rest && last => ". ",
            _ if index == required => "#:optional ",
            _ => "",
        };
        text += if index > 0 { " " } else { "" };
        text += head;
        text += name;
    }
    // A lambda list that is one symbol has no parentheses.
    if rest && names.len() == 1 { names[0].clone() } else { text + ")" }
}
