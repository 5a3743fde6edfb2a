//! Which names of a text are bound nowhere, as far as the text shows: pure text, nothing is looked up but by `known`.
//!
//! Whatever a binding form may bind counts as bound in all of the text, and so does everything in data and in forms of unknown
//! syntax. A name that is marked is unbound; not every unbound one is marked.

use crate::reader::{Class, tokens};
use std::collections::HashSet;
use std::ops::Range;

/// Forms whose first operand (the second, where a name comes first) says what they bind.
const BINDERS: &[&str] = &[
    "define",
    "define*",
    "define-values",
    "define-syntax",
    "define-public",
    "lambda",
    "lambda*",
    "let",
    "let*",
    "letrec",
    "letrec*",
    "let-values",
    "let*-values",
    "do",
    "receive",
    "guard",
    "parameterize",
    "let-syntax",
    "letrec-syntax",
    "rec",
    "define-inlinable",
    "match-let",
    "and-let*",
    "case-lambda",
];

/// Forms in which anything may mean anything.
const OPAQUE: &[&str] = &[
    "quote",
    "quasiquote",
    "import",
    "use-modules",
    "define-library",
    "define-module",
    "define-record-type",
    "syntax-rules",
    "case-lambda",
    "match",
    "match-lambda",
    "cond-expand",
    "export",
    "define-class",
    "define-method",
    "syntax-case",
    "with-syntax",
    "syntax",
    "quasisyntax",
    "cut",
    "cute",
    "let-keywords",
    "define-syntax-rule",
    "case",
    "do-ec",
    "list-ec",
];

struct Form<'t> {
    operator: Option<&'t str>,
    items: usize,
    opaque: bool,
    /// What is in it is bound.
    binds: bool,
}

/// The places of unbound names. The word that ends at `cursor` is still being typed.
pub fn unbound(text: &str, cursor: usize, known: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let mut bound: HashSet<&str> = HashSet::new();
    let mut found = Vec::new();
    let mut forms: Vec<Form> = Vec::new();
    let mut quoted = false;
    for (class, range) in tokens(text) {
        let word = &text[range.clone()];
        match class {
            Class::Space | Class::Comment | Class::DatumComment => continue,
            Class::Quote => {
                quoted = true;
                continue;
            }
            Class::Close => drop(forms.pop()),
            _ => {}
        }
        let (opaque, binds) = match forms.last() {
            Some(form) => {
                let first = form.operator.is_some_and(|operator| BINDERS.contains(&operator));
                // A named let has its name first.
                let names = form.items == 1 || form.items == 2 && form.operator == Some("let");
                (form.opaque, form.binds || first && names)
            }
            None => (false, false),
        };
        match class {
            Class::Open => {
                let binds = binds && forms.last().is_some_and(|form| form.items > 0 || form.binds);
                if let Some(form) = forms.last_mut() {
                    form.items += 1;
                }
                forms.push(Form { operator: None, items: 0, opaque: opaque || quoted, binds });
            }
            Class::Symbol => {
                if let Some(form) = forms.last_mut() {
                    if form.items == 0 && !form.binds {
                        form.operator = Some(word);
                        form.opaque |= OPAQUE.contains(&word);
                    }
                    form.items += 1;
                }
                if binds {
                    bound.insert(word);
                } else if !opaque && !quoted && range.end != cursor && !known(word) {
                    found.push(range);
                }
            }
            Class::Close => {}
            _ => {
                if let Some(form) = forms.last_mut() {
                    form.items += 1;
                }
            }
        }
        quoted = false;
    }
    found.retain(|range| !bound.contains(&text[range.clone()]));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&str> {
        let known = ["define", "lambda", "let", "car", "+", "if", "quote", "do", "cond"];
        unbound(text, usize::MAX, |name| known.contains(&name)).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn names_that_nobody_binds_are_found() {
        assert_eq!(names("(+ x 1)"), ["x"]);
        assert_eq!(names("(define (f a . b) (car (g a b)))"), ["g"]);
        assert_eq!(names("(let loop ((n 3)) (if n (loop (+ n m))))"), ["m"]);
        assert_eq!(names("(lambda args (car args))"), [""; 0]);
        assert_eq!(names("(define (f) (f2))"), ["f2"]);
    }

    #[test]
    fn data_is_left_alone() {
        assert_eq!(names("(car '(a b c))"), [""; 0]);
        assert_eq!(names("(car (quote (a b)))"), [""; 0]);
        assert_eq!(names("'sym"), [""; 0]);
    }

    #[test]
    fn the_word_being_typed_is_left_alone() {
        assert!(unbound("(foo", 4, |_| false).is_empty());
    }
}
