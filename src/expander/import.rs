//! import and define-library.

use std::rc::Rc;

use super::context::ExpandContext;
use super::env::Env;
use super::expand::{Expansion, Result, Step};
use super::syntax::SyntaxError;
use crate::value::Value;
use crate::value::collect::Tracer;

pub(super) struct Import {
    form: Value,
}

impl Import {
    pub fn trace(&mut self, tracer: &mut Tracer) {
        tracer.visit(&mut self.form);
    }
}

impl Expansion {
    pub(super) fn import(&mut self, _: &mut ExpandContext, form: Value, _: &Rc<Env>) -> Result<()> {
        Err(SyntaxError::new("to come", form))
    }

    pub(super) fn define_library(&mut self, _: &mut ExpandContext, form: Value) -> Result<()> {
        Err(SyntaxError::new("to come", form))
    }

    pub(super) fn go_on_importing(&mut self, _: &mut ExpandContext, import: Box<Import>) -> Result<Option<Step>> {
        Err(SyntaxError::new("to come", import.form))
    }

    pub(super) fn library_exists(&mut self, _: &mut ExpandContext, _: Value) -> Result<bool> {
        Ok(false)
    }
}
