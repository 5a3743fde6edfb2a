//! Conditions: what errors are, for R7RS programs (message, irritants) and for Guile's (key, arguments) alike.
//!
//! Named constructors only: a raising site says what happened, the wording stands here. `text` is the sentence a person
//! reads; `message`, `irritants` and `data` keep the layout that Guile's `catch` handlers take apart.

use super::{Heap, Kind, Value};
use crate::net::errno;
use crate::source::{SourceId, Span};
use crate::symbol::{Symbol, Symbols};
use nix::libc;

// Fields of a condition object.
pub const KEY: usize = 0;
/// The procedure that failed: a string, or #f.
pub const WHO: usize = 1;
pub const MESSAGE: usize = 2;
pub const IRRITANTS: usize = 3;
pub const DATA: usize = 4;
/// The whole sentence for people, or #f: then message and irritants are it.
pub const TEXT: usize = 5;
/// Where it happened: a vector of name and span words, innermost call first, or #f.
pub const TRACE: usize = 6;
/// What more is known: an association list.
pub const EXTRA: usize = 7;
const FIELDS: usize = 8;

/// The kind of a failure of the host's, whose message and irritants are told apart as those of `error` are.
pub const HOST: &str = "host";

/// What a constructor needs to make a condition.
pub struct Maker<'a> {
    pub heap: &'a Heap,
    pub symbols: &'a mut Symbols,
}

pub struct Parts<'a> {
    pub key: &'a str,
    pub who: Option<&'a str>,
    pub message: &'a str,
    pub irritants: Value,
    pub data: Value,
    pub text: Option<String>,
}

/// The name of the variable without a value that a condition tells of.
pub fn unbound_name(condition: Value, symbols: &Symbols) -> Option<&str> {
    let key = condition.field(KEY).as_symbol().filter(|&key| symbols.name(key) == "unbound-variable");
    let (name, _) = key.and(condition.field(IRRITANTS).as_pair())?;
    name.as_symbol().map(|name| symbols.name(name))
}

impl Maker<'_> {
    pub fn make(&mut self, parts: Parts) -> Value {
        let key = self.symbols.intern(parts.key);
        self.make_with_key(key, parts)
    }

    fn make_with_key(&mut self, key: Symbol, parts: Parts) -> Value {
        let string = |text: Option<&str>| text.map_or(Value::FALSE, |text| self.heap.string(text));
        let mut fields = [Value::FALSE; FIELDS];
        fields[KEY] = Value::symbol(key);
        fields[WHO] = string(parts.who);
        fields[MESSAGE] = self.heap.string(parts.message);
        fields[IRRITANTS] = parts.irritants;
        fields[DATA] = parts.data;
        fields[TEXT] = string(parts.text.as_deref());
        fields[EXTRA] = Value::NIL;
        self.heap.make(Kind::Condition, &fields)
    }

    /// An argument of the wrong type. `shown` is the value as `write` prints it, `position` counts from 1.
    pub fn wrong_type(
        &mut self,
        who: &str,
        position: usize,
        name: &str,
        expected: &str,
        got: Value,
        shown: &str,
    ) -> Value {
        let named = if name.is_empty() { String::new() } else { format!(" ({name})") };
        let text = format!("{who}: argument {position}{named} should be {expected}, got {shown}");
        // Guile does not say that a number was expected.
        let expected = expected.strip_prefix("an ").or(expected.strip_prefix("a ")).unwrap_or(expected);
        let position = Value::fixnum(position as i64);
        let (message, irritants) = if expected.contains("number") || expected.contains("integer") {
            ("Wrong type argument in position ~A: ~S", self.heap.list(&[position, got]))
        } else {
            let irritants = self.heap.list(&[position, self.heap.string(expected), got]);
            ("Wrong type argument in position ~A (expecting ~A): ~S", irritants)
        };
        self.make(Parts {
            key: "wrong-type-arg",
            who: Some(who),
            message,
            irritants,
            data: self.heap.list(&[got]),
            text: Some(text),
        })
    }

    /// An argument of the right type outside the range it must be in; `range` says which.
    pub fn out_of_range(
        &mut self,
        who: &str,
        position: usize,
        name: &str,
        range: &str,
        got: Value,
        shown: &str,
    ) -> Value {
        let named = if name.is_empty() { String::new() } else { format!(" ({name})") };
        let text = format!("{who}: argument {position}{named} should be {range}, got {shown}");
        self.make(Parts {
            key: "out-of-range",
            who: Some(who),
            message: "Argument ~A out of range: ~S",
            irritants: self.heap.list(&[Value::fixnum(position as i64), got]),
            data: self.heap.list(&[got]),
            text: Some(text),
        })
    }

    /// A call with a number of arguments that the procedure does not take; `accepts` says what it takes.
    pub fn wrong_number(&mut self, who: &str, procedure: Value, accepts: &str, given: usize) -> Value {
        let s = if given == 1 { "" } else { "s" };
        self.make(Parts {
            key: "wrong-number-of-args",
            who: None,
            message: "Wrong number of arguments to ~A",
            irritants: self.heap.list(&[procedure]),
            data: Value::FALSE,
            text: Some(format!("{who}: takes {accepts}, called with {given} argument{s}")),
        })
    }

    /// Several variables were to take the values of an expression that gave another number of them.
    pub fn wrong_value_count(&mut self, wanted: &str, given: usize) -> Value {
        self.make(Parts {
            key: "wrong-number-of-args",
            who: None,
            message: "Wrong number of values returned to continuation (expected ~A)",
            irritants: self.heap.list(&[self.heap.string(wanted)]),
            data: Value::FALSE,
            text: Some(format!("values: expected {wanted} values, got {given}")),
        })
    }

    pub fn not_a_procedure(&mut self, got: Value, shown: &str) -> Value {
        self.make(Parts {
            key: "wrong-type-arg",
            who: None,
            message: "Wrong type to apply: ~S",
            irritants: self.heap.list(&[got]),
            data: self.heap.list(&[got]),
            text: Some(format!("only a procedure can be called, and this is {shown}")),
        })
    }

    /// A variable without a value; `hint` is empty or a sentence on what to do.
    pub fn unbound_variable(&mut self, name: Symbol, hint: &str) -> Value {
        let shown = self.symbols.name(name).to_string();
        self.make(Parts {
            key: "unbound-variable",
            who: None,
            message: "Unbound variable: ~S",
            irritants: self.heap.list(&[Value::symbol(name)]),
            data: Value::FALSE,
            text: Some(format!("unbound variable: {shown}{hint}")),
        })
    }

    /// A variable of a body or letrec that is read before its definition has run.
    pub fn uninitialized(&mut self, name: &str) -> Value {
        self.misc("letrec", &format!("{name} is used before its definition has been evaluated"))
    }

    pub fn divide_by_zero(&mut self, who: &str) -> Value {
        self.make(Parts {
            key: "numerical-overflow",
            who: Some(who),
            message: "Numerical overflow",
            irritants: Value::FALSE,
            data: Value::FALSE,
            text: Some(format!("{who}: division by zero")),
        })
    }

    /// Something would take more memory than the program may use.
    pub fn out_of_memory(&mut self, who: &str, detail: &str) -> Value {
        self.make(Parts {
            key: "out-of-memory",
            who: Some(who),
            message: "Out of memory",
            irritants: Value::NIL,
            data: Value::FALSE,
            text: Some(format!("{who}: {detail}")),
        })
    }

    /// Calls are nested more deeply than the host allows.
    pub fn too_deep(&mut self, bytes: usize) -> Value {
        self.make(Parts {
            key: "stack-overflow",
            who: None,
            message: "Stack overflow",
            irritants: Value::NIL,
            data: Value::FALSE,
            text: Some(format!("calls are nested too deeply: their frames take more than {bytes} bytes")),
        })
    }

    /// The user pressed Ctrl-C.
    pub fn interrupted(&mut self) -> Value {
        self.make(Parts {
            key: "signal",
            who: None,
            message: "User interrupt",
            irritants: Value::NIL,
            data: Value::FALSE,
            text: Some("interrupted".into()),
        })
    }

    /// Any other failure of a library procedure.
    pub fn misc(&mut self, who: &str, text: &str) -> Value {
        self.make(Parts {
            key: "misc-error",
            who: Some(who),
            message: text,
            irritants: Value::NIL,
            data: Value::FALSE,
            text: Some(format!("{who}: {text}")),
        })
    }

    /// The same, about an object.
    pub fn misc_about(&mut self, who: &str, text: &str, obj: Value) -> Value {
        let condition = self.misc(who, text);
        self.heap.set_field(condition, IRRITANTS, self.heap.list(&[obj]));
        condition
    }

    /// A form that is not in the language; `form` is the smallest wrong part.
    pub fn syntax(&mut self, text: &str, form: Value) -> Value {
        self.make(Parts {
            key: "syntax-error",
            who: None,
            message: text,
            irritants: self.heap.list(&[form]),
            data: Value::FALSE,
            text: Some(text.into()),
        })
    }

    /// Text that is not a datum.
    pub fn read(&mut self, text: &str) -> Value {
        self.make(Parts {
            key: "read-error",
            who: Some("read"),
            message: text,
            irritants: Value::NIL,
            data: Value::FALSE,
            text: Some(text.into()),
        })
    }

    /// A failed system call: `strerror` is the system's text, `text` the sentence that names the endpoint or file.
    pub fn system(&mut self, who: &str, errno: i32, strerror: &str, text: &str) -> Value {
        self.make(Parts {
            key: "system-error",
            who: Some(who),
            message: "~A",
            irritants: self.heap.list(&[self.heap.string(strerror)]),
            data: self.heap.list(&[Value::fixnum(errno as i64)]),
            text: Some(text.into()),
        })
    }

    /// A source or library file that cannot be read.
    pub fn file(&mut self, who: &str, errno: i32, text: &str) -> Value {
        let condition = self.system(who, errno, &errno::text(errno), &format!("{who}: {text}"));
        let kind = Value::symbol(self.symbols.intern("kind"));
        let file = Value::symbol(self.symbols.intern("file"));
        let extra = self.heap.list(&[self.heap.cons(kind, file)]);
        self.heap.set_field(condition, EXTRA, extra);
        condition
    }

    /// Bytes that are no text in their port's encoding.
    pub fn decoding(&mut self, who: &str, port: Value, text: &str) -> Value {
        self.coding("decoding-error", who, "input decoding error", port, text)
    }

    /// A character that the port's encoding cannot write.
    pub fn encoding(&mut self, who: &str, port: Value, char: char, text: &str) -> Value {
        let condition = self.coding("encoding-error", who, "conversion to port encoding failed", port, text);
        self.add_extra(condition, "character", Value::char(char));
        // Guile's arguments, which the fields of a condition have no room for.
        let strings = [self.heap.string(who), self.heap.string("conversion to port encoding failed")];
        let args = self.heap.list(&[strings[0], strings[1], Value::fixnum(84), port, Value::char(char)]);
        self.add_extra(condition, "args", args);
        condition
    }

    /// A bytevector that is no text in UTF-8 from byte `at` on.
    pub fn not_utf8(&mut self, who: &str, bytes: Value, at: usize, shown: &str) -> Value {
        let message = "input locale conversion error";
        let text =
            format!("{who}: argument 1 (bytevector) should be UTF-8 text (it is not from byte {at} on), got {shown}");
        let condition = self.coding("decoding-error", who, message, bytes, &text);
        let strings = [self.heap.string(who), self.heap.string(message)];
        let args = self.heap.list(&[strings[0], strings[1], Value::fixnum(libc::EINVAL.into()), bytes]);
        self.add_extra(condition, "args", args);
        condition
    }

    /// Guile's arguments of these two are not a list of irritants and a list of data, but EILSEQ and the port.
    fn coding(&mut self, key: &str, who: &str, message: &str, port: Value, text: &str) -> Value {
        let irritants = Value::fixnum(84);
        self.make(Parts { key, who: Some(who), message, irritants, data: port, text: Some(text.into()) })
    }

    /// Adds to what is known about a failure, under a name.
    pub fn add_extra(&mut self, condition: Value, name: &str, value: Value) {
        let entry = self.heap.cons(Value::symbol(self.symbols.intern(name)), value);
        let rest = condition.field(EXTRA);
        self.heap.set_field(condition, EXTRA, self.heap.cons(entry, rest));
    }

    /// What `(throw key arg ...)` raises; `text` is what people are told.
    pub fn thrown(&mut self, key: &str, args: Value, text: String) -> Value {
        self.make(Parts { key, who: None, message: "~S", irritants: args, data: Value::FALSE, text: Some(text) })
    }

    /// What `(error message irritant ...)` raises.
    pub fn user(&mut self, message: Value, irritants: Value) -> Value {
        let key = self.symbols.intern("misc-error");
        let mut fields = [Value::FALSE; FIELDS];
        fields[KEY] = Value::symbol(key);
        fields[MESSAGE] = message;
        fields[IRRITANTS] = irritants;
        fields[EXTRA] = Value::NIL;
        self.heap.make(Kind::Condition, &fields)
    }
}

/// Words that a condition keeps of each frame: name, three numbers of the span, a list of pairs of names and values.
pub const FRAME: usize = 5;

fn frames(object: Value) -> Vec<Value> {
    match object.is_kind(Kind::Condition) && object.field(TRACE).is_vector() {
        true => object.field(TRACE).fields().collect(),
        false => Vec::new(),
    }
}

/// Name and span of each frame that a condition remembers.
pub fn trace(object: Value) -> Vec<(Option<Symbol>, Span)> {
    frames(object)
        .chunks_exact(FRAME)
        .map(|frame| {
            let number = |v: Value| v.as_fixnum().unwrap_or(0) as u32;
            let span = Span { source: SourceId(number(frame[1])), start: number(frame[2]), end: number(frame[3]) };
            (frame[0].as_symbol(), span)
        })
        .collect()
}

/// The variables of each frame that a condition remembers, where they are kept.
pub fn locals(object: Value) -> Vec<Value> {
    frames(object).chunks_exact(FRAME).map(|frame| frame[4]).collect()
}
