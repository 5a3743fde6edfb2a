//! The compositions of car and cdr, R7RS section 6.4 and library (scheme cxr).

use super::declare::wrong_type;
use crate::builtins;
use crate::value::Value;
use crate::vm::cx::{Answer, Cx};

builtins! { CXR;

/// (car (car OBJ)). [R7RS 6.4]
///
///     (caar '((x)))  => x
fn "caar" (cx, obj: Value) { cxr(cx, "caar", obj) }

/// (car (cdr OBJ)). [R7RS 6.4]
///
///     (cadr '(_ x))  => x
fn "cadr" (cx, obj: Value) { cxr(cx, "cadr", obj) }

/// (cdr (car OBJ)). [R7RS 6.4]
///
///     (cdar '((_ . x)))  => x
fn "cdar" (cx, obj: Value) { cxr(cx, "cdar", obj) }

/// (cdr (cdr OBJ)). [R7RS 6.4]
///
///     (cddr '(_ _ . x))  => x
fn "cddr" (cx, obj: Value) { cxr(cx, "cddr", obj) }

/// (car (car (car OBJ))). [(scheme cxr)]
///
///     (caaar '(((x))))  => x
fn "caaar" (cx, obj: Value) { cxr(cx, "caaar", obj) }

/// (car (car (cdr OBJ))). [(scheme cxr)]
///
///     (caadr '(_ (x)))  => x
fn "caadr" (cx, obj: Value) { cxr(cx, "caadr", obj) }

/// (car (cdr (car OBJ))). [(scheme cxr)]
///
///     (cadar '((_ x)))  => x
fn "cadar" (cx, obj: Value) { cxr(cx, "cadar", obj) }

/// (car (cdr (cdr OBJ))). [(scheme cxr)]
///
///     (caddr '(_ _ x))  => x
fn "caddr" (cx, obj: Value) { cxr(cx, "caddr", obj) }

/// (cdr (car (car OBJ))). [(scheme cxr)]
///
///     (cdaar '(((_ . x))))  => x
fn "cdaar" (cx, obj: Value) { cxr(cx, "cdaar", obj) }

/// (cdr (car (cdr OBJ))). [(scheme cxr)]
///
///     (cdadr '(_ (_ . x)))  => x
fn "cdadr" (cx, obj: Value) { cxr(cx, "cdadr", obj) }

/// (cdr (cdr (car OBJ))). [(scheme cxr)]
///
///     (cddar '((_ _ . x)))  => x
fn "cddar" (cx, obj: Value) { cxr(cx, "cddar", obj) }

/// (cdr (cdr (cdr OBJ))). [(scheme cxr)]
///
///     (cdddr '(_ _ _ . x))  => x
fn "cdddr" (cx, obj: Value) { cxr(cx, "cdddr", obj) }

/// (car (car (car (car OBJ)))). [(scheme cxr)]
///
///     (caaaar '((((x)))))  => x
fn "caaaar" (cx, obj: Value) { cxr(cx, "caaaar", obj) }

/// (car (car (car (cdr OBJ)))). [(scheme cxr)]
///
///     (caaadr '(_ ((x))))  => x
fn "caaadr" (cx, obj: Value) { cxr(cx, "caaadr", obj) }

/// (car (car (cdr (car OBJ)))). [(scheme cxr)]
///
///     (caadar '((_ (x))))  => x
fn "caadar" (cx, obj: Value) { cxr(cx, "caadar", obj) }

/// (car (car (cdr (cdr OBJ)))). [(scheme cxr)]
///
///     (caaddr '(_ _ (x)))  => x
fn "caaddr" (cx, obj: Value) { cxr(cx, "caaddr", obj) }

/// (car (cdr (car (car OBJ)))). [(scheme cxr)]
///
///     (cadaar '(((_ x))))  => x
fn "cadaar" (cx, obj: Value) { cxr(cx, "cadaar", obj) }

/// (car (cdr (car (cdr OBJ)))). [(scheme cxr)]
///
///     (cadadr '(_ (_ x)))  => x
fn "cadadr" (cx, obj: Value) { cxr(cx, "cadadr", obj) }

/// (car (cdr (cdr (car OBJ)))). [(scheme cxr)]
///
///     (caddar '((_ _ x)))  => x
fn "caddar" (cx, obj: Value) { cxr(cx, "caddar", obj) }

/// (car (cdr (cdr (cdr OBJ)))). [(scheme cxr)]
///
///     (cadddr '(_ _ _ x))  => x
fn "cadddr" (cx, obj: Value) { cxr(cx, "cadddr", obj) }

/// (cdr (car (car (car OBJ)))). [(scheme cxr)]
///
///     (cdaaar '((((_ . x)))))  => x
fn "cdaaar" (cx, obj: Value) { cxr(cx, "cdaaar", obj) }

/// (cdr (car (car (cdr OBJ)))). [(scheme cxr)]
///
///     (cdaadr '(_ ((_ . x))))  => x
fn "cdaadr" (cx, obj: Value) { cxr(cx, "cdaadr", obj) }

/// (cdr (car (cdr (car OBJ)))). [(scheme cxr)]
///
///     (cdadar '((_ (_ . x))))  => x
fn "cdadar" (cx, obj: Value) { cxr(cx, "cdadar", obj) }

/// (cdr (car (cdr (cdr OBJ)))). [(scheme cxr)]
///
///     (cdaddr '(_ _ (_ . x)))  => x
fn "cdaddr" (cx, obj: Value) { cxr(cx, "cdaddr", obj) }

/// (cdr (cdr (car (car OBJ)))). [(scheme cxr)]
///
///     (cddaar '(((_ _ . x))))  => x
fn "cddaar" (cx, obj: Value) { cxr(cx, "cddaar", obj) }

/// (cdr (cdr (car (cdr OBJ)))). [(scheme cxr)]
///
///     (cddadr '(_ (_ _ . x)))  => x
fn "cddadr" (cx, obj: Value) { cxr(cx, "cddadr", obj) }

/// (cdr (cdr (cdr (car OBJ)))). [(scheme cxr)]
///
///     (cdddar '((_ _ _ . x)))  => x
fn "cdddar" (cx, obj: Value) { cxr(cx, "cdddar", obj) }

/// (cdr (cdr (cdr (cdr OBJ)))). [(scheme cxr)]
///
///     (cddddr '(_ _ _ _ . x))  => x
fn "cddddr" (cx, obj: Value) { cxr(cx, "cddddr", obj) }
}

/// Follows the letters of `who` between c and r, from the last to the first.
#[inline]
fn cxr(cx: &mut Cx, who: &str, obj: Value) -> Answer {
    let mut at = obj;
    for &letter in who.as_bytes()[1..who.len() - 1].iter().rev() {
        match at.as_pair() {
            Some((car, cdr)) => at = if letter == b'a' { car } else { cdr },
            None => return wrong_type(cx, who, 1, "obj", &format!("something that has a {who}"), obj),
        }
    }
    Ok(at)
}
