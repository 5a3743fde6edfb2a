//! Functions and values of the host's under a library's name.

use super::{Engine, Error, Function, Handle, IntoScheme, error};
use crate::engine::Stop;
use crate::expander::env::Binding;
use crate::reader::read_all;
use crate::source::SourceId;
use crate::value::Value;
use crate::value::heap::cell;

/// A library in the making: `register` and `define` as on an engine, then `finish`.
///
/// ```
/// let mut engine = sockeye::Engine::new()?;
/// engine.library("(app text)").register("shout", |text: String| text.to_uppercase()).finish()?;
/// assert_eq!(engine.eval::<String>("(import (only (app text) shout)) (shout \"hi\")")?, "HI");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub struct Library<'e> {
    engine: &'e mut Engine,
    name: String,
    exports: Vec<(String, Handle)>,
    failed: Option<Error>,
}

impl<'e> Library<'e> {
    pub(super) fn new(engine: &'e mut Engine, name: &str) -> Library<'e> {
        Library { engine, name: name.to_string(), exports: Vec::new(), failed: None }
    }

    fn add(&mut self, name: &str, value: Value) {
        let handle = Handle::new(self.engine.core.cx(), value);
        self.exports.push((name.to_string(), handle));
    }

    /// Adds a procedure, of all that `Engine::register` takes.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.library("(app math)").register("add", |a: i64, b: i64| a + b).register("neg", |n: i64| -n).finish()?;
    /// assert_eq!(engine.eval::<i64>("(import (app math)) (neg (add 1 2))")?, -3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn register<A>(mut self, name: &str, function: impl Function<A>) -> Library<'e> {
        let procedure = function.procedure(name, self.engine.core.cx());
        self.add(name, procedure);
        self
    }

    /// Adds a variable.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.library("(app config)").define("hosts", vec!["a", "b"]).define("port", 7007).finish()?;
    /// assert_eq!(engine.eval::<i64>("(import (app config)) (+ port (length hosts))")?, 7009);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn define(mut self, name: &str, value: impl IntoScheme) -> Library<'e> {
        match value.build(self.engine.core.cx()) {
            Ok(value) => self.add(name, value),
            Err(exit) => {
                let object = error::raised(*exit, self.engine.core.cx());
                let error = Error::of(&mut self.engine.core, Stop::Raised { object });
                self.failed.get_or_insert(error);
            }
        }
        self
    }

    /// Makes it known. What has this name already is replaced for whoever imports it from now on.
    ///
    /// ```
    /// let mut engine = sockeye::Engine::new()?;
    /// engine.library("(app)").define("version", 1).finish()?;
    /// assert!(engine.library("no list").define("version", 2).finish().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finish(self) -> Result<(), Error> {
        let Library { engine, name, exports, failed } = self;
        if let Some(error) = failed {
            return Err(error);
        }
        // It becomes a part of a text.
        let read = read_all(&name, SourceId(0), &mut engine.core.cx().symbols);
        if !read.is_ok_and(|data| data.len() == 1) || !name.trim_start().starts_with('(') {
            return Err(Error::host(format!("{name} is not the name of a library: that is a list such as (app math)")));
        }
        let mut renames = String::new();
        for (export, handle) in &exports {
            if export.contains(['|', '\\']) {
                return Err(Error::host(format!("{export} cannot be the name of an export")));
            }
            // A name of the base language's that no program can write.
            let hidden = format!("%host {name} {export}");
            let cx = engine.core.cx();
            let Ok(value) = handle.value_in(cx) else { continue };
            let symbol = cx.symbols.intern(&hidden);
            let variable = cell::make(&cx.heap, symbol, value);
            cx.expander.modules.define_core(&mut cx.symbols, &hidden, Binding::Variable(variable));
            renames.push_str(&format!(" (rename |{hidden}| |{export}|)"));
        }
        let text = format!("(define-library {name} (import (sockeye core)) (export{renames}))");
        let result = engine.core.run_text("library of the host's", &text);
        result.map(drop).map_err(|stop| Error::of(&mut engine.core, stop))
    }
}
