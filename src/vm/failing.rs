//! How instructions fail: the errors that the run loop raises itself.
#![allow(unsafe_code)]

use super::builtin::arity_text;
use super::machine::{Machine, Outcome};
use crate::expander::library::USER;
use crate::opcode::*;
use crate::spelling;
use crate::value::heap::cell;
use crate::value::{Kind, Value};

impl Machine {
    #[cold]
    #[inline(never)]
    pub(super) fn cxr_failed(&mut self, word: u64, whole: Value) -> Result<(), Outcome> {
        let path = c_of(word);
        let mut letters = String::new();
        let mut rest = path;
        while rest > 1 {
            letters.insert(0, if rest & 1 == 1 { 'd' } else { 'a' });
            rest >>= 1;
        }
        let name = format!("c{letters}r");
        let shown = self.cx.show(whole);
        let expected = "a list with enough elements";
        let answer = self.cx.fail(|make| make.wrong_type(&name, 1, "list", expected, whole, &shown));
        self.take_answer(answer, a_of(word))
    }

    #[cold]
    pub(super) fn unbound_global(&mut self, cell: Value) -> Result<(), Outcome> {
        let name = cell::name(cell);
        let known = self.cx.expander.modules.names(USER);
        let known = known.iter().map(|&symbol| self.cx.symbols.name(symbol));
        let hint = match spelling::nearest(self.cx.symbols.name(name), known).first() {
            Some(near) => format!(" (did you mean {near}?)"),
            None => String::new(),
        };
        let condition = self.cx.maker().unbound_variable(name, &hint);
        self.trap(condition)
    }

    #[cold]
    pub(super) fn uninitialized(&mut self) -> Result<(), Outcome> {
        let span = self.span_of_last_instruction();
        let text = self.cx.sources.text(span.source).clone();
        let name = text.get(span.start as usize..span.end as usize).filter(|name| !name.is_empty());
        let condition = self.cx.maker().uninitialized(name.unwrap_or("a variable"));
        self.trap(condition)
    }

    /// An accessor or modifier was given something that is no record of its type.
    #[cold]
    pub(super) fn not_of_type(&mut self, got: Value, kind: Value) -> Result<(), Outcome> {
        let code = self.code_of_frame(self.fp);
        let who = code.name.map_or("record field", |name| self.cx.symbols.name(name)).to_string();
        let type_name = if kind.is_kind(Kind::RecordType) { self.cx.show(kind.field(0)) } else { "?".into() };
        let shown = self.cx.show(got);
        let expected = format!("a record of type {type_name}");
        let condition = self.cx.maker().wrong_type(&who, 1, "record", &expected, got, &shown);
        self.trap(condition)
    }

    /// The predicate of a record type has no record type any more.
    #[cold]
    pub(super) fn no_record_type(&mut self, kind: Value) -> Result<(), Outcome> {
        let shown = self.cx.show(kind);
        let condition = self.cx.maker().wrong_type("%record?", 2, "record-type", "a record type", kind, &shown);
        self.trap(condition)
    }

    /// The procedure in `*fp` was given `argument_count` arguments, which it does not take.
    #[cold]
    pub(super) fn wrong_number_of_arguments(&mut self, fp: *mut Value) -> Result<(), Outcome> {
        // SAFETY: a frame that is being entered.
        let procedure = unsafe { *fp };
        let count = self.argument_count;
        let name = self.cx.procedure_name(procedure);
        let accepts = match self.cx.heap.closure_code(procedure) {
            Some(code) => arity_text(code.required as usize, code.optional as usize, code.rest),
            None => "other arguments".to_string(),
        };
        let condition = self.cx.maker().wrong_number(&name, procedure, &accepts, count);
        self.raise_in_callee(fp, condition)
    }
}
