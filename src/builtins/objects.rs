//! What the standard library builds on: records, boxes, promises and parameters.
//!
//! A promise holds a pair, its content: whether it is done, and its value or else the procedure that makes it. Promises that
//! delay-force has chained share one content.

use super::declare::{
    BoxArg, ParameterArg, Procedure, PromiseArg, RecordTypeArg, Sym, Vector, index, out_of_range, wrong_type,
};
use super::lists::elements;
use crate::builtins;
use crate::value::equal::TYPE_APART;
use crate::value::{Kind, Value};
use crate::vm::control::PARAMETER_BOUND;
use crate::vm::cx::{Answer, Cx};
use smallvec::SmallVec;

builtins! { OBJECTS;

/// A new record type. FIELDS is a vector of the names of all fields, those of PARENT first.
fn "%make-record-type" (cx, name: Value, fields: Vector, [parent: Value]) {
    let parent = parent.unwrap_or(Value::FALSE);
    if parent.is_true() && !parent.is_kind(Kind::RecordType) {
        return wrong_type(cx, "%make-record-type", 3, "parent", "a record type or #f", parent);
    }
    let fields = cx.heap.vector(cx.heap.slice(fields.0).unwrap_or_default());
    let apart = if parent.is_true() { parent.field(TYPE_APART) } else { Value::FALSE };
    Ok(cx.heap.make(Kind::RecordType, &[name, parent, fields, Value::FALSE, Value::NIL, apart]))
}

/// Has records of KIND, and of types made from it afterwards, be equal? to themselves alone; the answer is KIND.
fn "%keep-apart!" (cx, kind: RecordTypeArg) {
    cx.heap.set_field(kind.0, TYPE_APART, Value::TRUE);
    kind.0
}

/// A new record of KIND with these FIELDS.
fn "%record" (cx, kind: RecordTypeArg, ..fields) {
    let count = kind.0.field(TYPE_FIELDS).field_count();
    if fields.len() != count {
        return out_of_range(cx, "%record", 2, "fields", &format!("{count} fields"), cx.heap.list(fields));
    }
    let mut words = SmallVec::<[Value; 9]>::from_slice(&[kind.0]);
    words.extend_from_slice(fields);
    Ok(cx.heap.make(Kind::Record, &words))
}

/// Whether OBJ is a record of KIND or of a type that descends from it; without KIND, whether it is a record at all.
fn "%record?" (cx, obj: Value, [kind: RecordTypeArg]) {
    match kind { Some(kind) => is_instance(obj, kind.0), None => obj.is_kind(Kind::Record) }
}

/// The type of a record.
fn "%record-type" (cx, record: Value) {
    if record.is_kind(Kind::Record) { Ok(record.field(0)) } else { wrong_type(cx, "%record-type", 1, "record", "a record", record) }
}

/// Field K of RECORD, which must be of KIND. WHO is the name that an error gives.
fn "%record-ref" (cx, record: Value, kind: RecordTypeArg, k: usize, [who: Sym]) {
    let field = record_field(cx, "%record-ref", record, kind.0, k, who)?;
    Ok(record.field(field))
}

/// Puts OBJ into field K of RECORD, which must be of KIND. WHO is the name that an error gives.
fn "%record-set!" (cx, record: Value, kind: RecordTypeArg, k: usize, obj: Value, [who: Sym]) {
    let field = record_field(cx, "%record-set!", record, kind.0, k, who)?;
    cx.heap.set_field(record, field, obj);
    Ok(())
}

/// Whether OBJ is a record type.
fn "%record-type?" (cx, obj: Value) { obj.is_kind(Kind::RecordType) }

/// Has records of KIND printed without what they hold; the answer is KIND.
fn "%hide-fields!" (cx, kind: RecordTypeArg) {
    cx.heap.set_field(kind.0, 3, Value::TRUE);
    kind.0
}

/// Has PRINTER print the records of KIND, or none if it is #f; PRINT-RECORDS calls printers.
fn "%set-record-printer!" (cx, kind: RecordTypeArg, printer: Value, print_records: Procedure) {
    cx.roots.print_records = print_records.0;
    cx.heap.set_field(kind.0, 3, printer);
}

/// The procedure that prints RECORD.
fn "%record-printer" (cx, record: Value) {
    if record.is_kind(Kind::Record) { record.field(0).field(3) } else { Value::FALSE }
}

/// PRINTED, a list of pairs of a record and its text, is there for the builtin that is called next.
fn "%set-printed!" (cx, printed: Value) { cx.roots.printed = printed }

/// The name of a record type.
fn "%record-type-name" (cx, kind: RecordTypeArg) { kind.0.field(0) }

/// The parent of a record type, or #f.
fn "%record-type-parent" (cx, kind: RecordTypeArg) { kind.0.field(1) }

/// A vector of the names of all fields of a record type.
fn "%record-type-fields" (cx, kind: RecordTypeArg) {
    cx.heap.vector(cx.heap.slice(kind.0.field(TYPE_FIELDS)).unwrap_or_default())
}

/// A new box that holds OBJ.
fn "%make-box" (cx, obj: Value) { cx.heap.boxed(obj) }

/// Whether OBJ is a box.
fn "%box?" (cx, obj: Value) { obj.is_kind(Kind::Box) }

/// What BOX holds.
fn "%box-ref" (cx, boxed: BoxArg) { boxed.0.field(0) }

/// Makes BOX hold OBJ.
fn "%box-set!" (cx, boxed: BoxArg, obj: Value) { cx.heap.set_field(boxed.0, 0, obj) }

/// An array of the elements of ROOT: OFFSET is the place of the first, BOUNDS a list of (low . high), STEPS one of the distances of
/// neighbors.
fn "%make-array" (cx, root: Value, offset: Value, bounds: Value, steps: Value) {
    cx.heap.make(Kind::Array, &[root, offset, bounds, steps])
}

/// Whether OBJ is an array that is not its own root.
fn "%array?" (cx, obj: Value) { obj.is_kind(Kind::Array) }

/// What the Kth argument of %make-array was for ARRAY.
fn "%array-field" (cx, array: Value, k: usize) {
    if array.is_kind(Kind::Array) && k < array.field_count() {
        Ok(array.field(k))
    } else {
        wrong_type(cx, "%array-field", 1, "array", "an array", array)
    }
}

/// A new promise: of a value if it is DONE, else of what the procedure VALUE makes.
fn "%make-promise" (cx, done: Value, value: Value) {
    let content = cx.heap.cons(Value::bool(done.is_true()), value);
    cx.heap.make(Kind::Promise, &[content])
}

/// A promise that is done, and has the values of a list.
fn "%promise-of" (cx, values: Value) {
    let value = match values.as_pair() {
        Some((only, rest)) if rest.is_null() => only,
        _ => {
            let values = elements(cx, "%promise-of", 1, "values", values)?;
            cx.heap.make(Kind::Values, &values)
        }
    };
    let content = cx.heap.cons(Value::TRUE, value);
    Ok(cx.heap.make(Kind::Promise, &[content]))
}

/// Whether OBJ is a promise. [R7RS 4.2.5]
///
///     (promise? (delay (+ 1 1)))  => #t
fn "promise?" (cx, obj: Value) { obj.is_kind(Kind::Promise) }

/// Whether the value of PROMISE is known.
fn "%promise-done?" (cx, promise: PromiseArg) { promise.0.field(0).car() }

/// The value of PROMISE, or the procedure that makes it.
fn "%promise-value" (cx, promise: PromiseArg) { promise.0.field(0).cdr() }

/// Changes what PROMISE, and all that share its content, are.
fn "%promise-set!" (cx, promise: PromiseArg, done: Value, value: Value) {
    let content = promise.0.field(0);
    cx.heap.set_car(content, Value::bool(done.is_true()));
    cx.heap.set_cdr(content, value);
}

/// Gives PROMISE, and all that share its content, what OTHER is, and lets OTHER share that content from now on.
fn "%promise-share!" (cx, promise: PromiseArg, other: PromiseArg) {
    let (content, other_content) = (promise.0.field(0), other.0.field(0));
    cx.heap.set_car(content, other_content.car());
    cx.heap.set_cdr(content, other_content.cdr());
    cx.heap.set_field(other.0, 0, content);
}

/// A new parameter with the value INIT, which CONVERTER (a procedure or #f) has converted already.
fn "%make-parameter" (cx, init: Value, converter: Value) { make_parameter(cx, init, converter, Value::FALSE) }

/// An entry of a dynamic state that binds PARAMETER to OBJ.
fn "%parameter-binding" (cx, parameter: ParameterArg, obj: Value) {
    cx.heap.set_field(parameter.0, PARAMETER_BOUND, Value::TRUE);
    cx.heap.cons(parameter.0, cx.heap.boxed(obj))
}

/// Whether OBJ is a parameter, as make-parameter makes them. [Guile]
///
///     (parameter? car)  => #f
fn "parameter?" (cx, obj: Value) { obj.is_kind(Kind::Parameter) }

/// The procedure that converts new values of PARAMETER, or #f.
fn "%parameter-converter" (cx, parameter: ParameterArg) { parameter.0.field(1) }

/// Has CONVERTER convert new values of PARAMETER.
fn "%parameter-converter-set!" (cx, parameter: ParameterArg, converter: Procedure) {
    cx.heap.set_field(parameter.0, 1, converter.0)
}

/// What PARAMETER stands for where no parameterize has changed it.
fn "%parameter-value" (cx, parameter: ParameterArg) { parameter.0.field(0) }

/// Changes what PARAMETER stands for where no parameterize has.
fn "%parameter-set!" (cx, parameter: ParameterArg, obj: Value) { cx.heap.set_field(parameter.0, 0, obj) }
}

pub fn make_parameter(cx: &Cx, value: Value, converter: Value, name: Value) -> Value {
    cx.heap.make(Kind::Parameter, &[value, converter, name, Value::FALSE])
}

/// Field of a record type: the vector of field names.
const TYPE_FIELDS: usize = 2;

fn is_instance(obj: Value, kind: Value) -> bool {
    if !obj.is_kind(Kind::Record) {
        return false;
    }
    let mut of = obj.field(0);
    while of != kind {
        // Only the types made above are parents, so this is a chain that ends.
        of = of.field(1);
        if !of.is_kind(Kind::RecordType) {
            return false;
        }
    }
    true
}

/// The index in `record` of field `k` of `type`.
fn record_field(
    cx: &mut Cx,
    row: &'static str,
    record: Value,
    kind: Value,
    k: usize,
    who: Option<Sym>,
) -> Answer<usize> {
    if is_instance(record, kind) {
        return index(cx, row, 3, "k", k, kind.field(TYPE_FIELDS).field_count()).map(|k| k + 1);
    }
    let who = who.and_then(|who| who.0.as_symbol()).map_or(row.to_string(), |name| cx.symbols.name(name).to_string());
    let expected = match kind.field(0).as_symbol() {
        Some(name) => format!("a record of type {}", cx.symbols.name(name)),
        None => format!("a record of type {}", cx.show(kind.field(0))),
    };
    wrong_type(cx, &who, 1, "record", &expected, record)
}
