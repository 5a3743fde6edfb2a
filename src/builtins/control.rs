//! Procedures that the vm itself carries out: they rearrange frames, continuations and the dynamic state.

use crate::builtins::declare::*;
use crate::value::{Kind, Value};
use crate::vm::builtin::{Body, Control, Parameter, Row, Sort};

const fn required(name: &'static str, expected: &'static str) -> Parameter {
    Parameter { name, expected, sort: Sort::Required }
}

const fn rest(name: &'static str) -> Parameter {
    Parameter { name, expected: "any value", sort: Sort::Rest }
}

pub static CONTROL: &[Row] = &[
    Row {
        name: "apply",
        parameters: &[required("procedure", "a procedure"), required("argument", "any value"), rest("more")],
        documentation: "Calls PROCEDURE with the arguments given, the last of which is a list of further ones. [R7RS 6.10]\n\n    (apply + 1 2 '(3 4))  => 10\n",
        needs: &[],
        body: Body::Control(Control::Apply),
    },
    Row {
        name: "values",
        parameters: &[rest("values")],
        documentation: "Returns all its arguments as values to whoever takes several. [R7RS 6.10]\n\n    (call-with-values (lambda () (values 1 2)) cons)  => (1 . 2)\n",
        needs: &[],
        body: Body::Control(Control::Values),
    },
    Row {
        name: "call/cc",
        parameters: &[required("procedure", "a procedure")],
        documentation: "Calls PROCEDURE with the continuation of this call: a procedure that may be called at any time, any number of times; its arguments become the values of this call. [R7RS 6.10]\n\n    (+ 1 (call/cc (lambda (k) (* 10 (k 1)))))  => 2\n",
        needs: &[],
        body: Body::Control(Control::CallCc { raw: false }),
    },
    Row {
        name: "call-with-current-continuation",
        parameters: &[required("procedure", "a procedure")],
        documentation: "The same as call/cc. [R7RS 6.10]\n",
        needs: &[],
        body: Body::Control(Control::CallCc { raw: false }),
    },
    Row {
        name: "call/ec",
        parameters: &[required("procedure", "a procedure")],
        documentation: "call/cc, said where the continuation is only used to leave early. [Guile: Continuations]\n\n    (call/ec (lambda (return) (for-each (lambda (x) (if (odd? x) (return x))) '(2 3 4)) #f))  => 3\n",
        needs: &[],
        body: Body::Control(Control::CallCc { raw: false }),
    },
    Row {
        name: "call-with-escape-continuation",
        parameters: &[required("procedure", "a procedure")],
        documentation: "The same as call/ec. [Guile: Continuations]\n",
        needs: &[],
        body: Body::Control(Control::CallCc { raw: false }),
    },
    Row {
        name: "%call/cc",
        parameters: &[required("receiver", "a procedure")],
        documentation: "Calls RECEIVER with a raw continuation: segment, offset, dynamic state.\n",
        needs: &[],
        body: Body::Control(Control::CallCc { raw: true }),
    },
    Row {
        name: "%throw",
        parameters: &[
            required("k", "a raw continuation"),
            required("dynamic", "a dynamic state"),
            required("values", "a list"),
        ],
        documentation: "Goes on at the raw continuation K, with the dynamic state DYNAMIC, with the values of the list. Runs no winds.\n",
        needs: &[],
        body: Body::Control(Control::Throw),
    },
    Row {
        name: "%resume",
        parameters: &[
            required("k", "a raw continuation"),
            required("dynamic", "a dynamic state"),
            required("thunk", "a procedure"),
        ],
        documentation: "Calls THUNK in the place of the raw continuation K, with the dynamic state DYNAMIC. Runs no winds.\n",
        needs: &[],
        body: Body::Control(Control::Resume),
    },
    Row {
        name: "%abort-to-prompt",
        parameters: &[required("tag", "any value"), required("values", "a list")],
        documentation: "Leaves the innermost prompt of TAG, and calls its handler with the partial continuation and the values.\n",
        needs: &[],
        body: Body::Control(Control::AbortToPrompt),
    },
    Row {
        name: "%compose",
        parameters: &[
            required("k", "a partial continuation"),
            required("values", "a list"),
            required("base", "a dynamic state"),
        ],
        documentation: "Goes on in the partial continuation K with the values of the list, and returns what it returns. The dynamic\n\
                        state is BASE and the entries that K was left with.\n",
        needs: &[],
        body: Body::Control(Control::Compose),
    },
];

crate::builtins! { STATE;

/// The dynamic state: the list described in vm/control.
fn "%dyn" (cx) { cx.dynamic }

/// The dynamic state that a raw continuation was captured in.
fn "%continuation-dyn" (cx, k: RawContinuation) { k.0.field(2) }

/// The procedure that, applied, goes on at the raw continuation K after running the winds between.
fn "%make-continuation" (cx, k: RawContinuation) { cx.heap.make(Kind::Continuation, &[k.0]) }

/// Ends the run: OBJECT was raised and no handler takes it.
fn "%uncaught" (cx, object: Value) { crate::vm::cx::Exit::Uncaught(object) }

/// Fails as a builtin does that got an argument of the wrong type: WHO, the position from 1, what was expected, what came.
fn "%wrong-type" (cx, who: Sym, position: usize, expected: Str, got: Value) {
    let who = cx.symbols.name(who.0.as_symbol().expect("a symbol")).to_string();
    let expected = cx.heap.str(expected.0).unwrap_or("").to_string();
    wrong_type::<Value>(cx, &who, position, "", &expected, got)
}

/// The same for an argument of the right type that is outside of its range.
fn "%out-of-range" (cx, who: Sym, position: usize, range: Str, got: Value) {
    let who = cx.symbols.name(who.0.as_symbol().expect("a symbol")).to_string();
    let range = cx.heap.str(range.0).unwrap_or("").to_string();
    let shown = cx.show(got);
    cx.fail::<Value>(|make| make.out_of_range(&who, position, "", &range, got, &shown))
}

/// Fails as a procedure does that was called with COUNT arguments, which it does not take.
fn "%wrong-count" (cx, who: Sym, count: usize) {
    let who_name = cx.symbols.name(who.0.as_symbol().expect("a symbol")).to_string();
    cx.fail::<Value>(|make| make.wrong_number(&who_name, who.0, "fewer arguments", count))
}
}

/// Segment or #f, offset, dynamic state.
#[derive(Clone, Copy)]
pub struct RawContinuation(Value);

impl Argument for RawContinuation {
    const EXPECTED: &'static str = "a raw continuation";
    fn take(_: &crate::vm::cx::Cx, v: Value) -> Option<RawContinuation> {
        (v.is_kind(Kind::Tagged) && v.field_count() == 3).then_some(RawContinuation(v))
    }
}
