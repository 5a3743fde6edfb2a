//! Where in a text the cursor stands, as completion, hints and indentation ask: pure text, nothing is looked up.

use crate::reader::{Class, tokens};
use std::ops::Range;

/// What surrounds the cursor.
#[derive(Debug, PartialEq)]
pub enum Inside<'t> {
    /// Outside of any form.
    Nothing,
    /// The name of a command is being typed: `,he`.
    Command,
    /// The argument of a command.
    Argument { command: &'t str },
    /// A string; its text so far.
    String,
    /// A comment, or a character: nothing to complete.
    Other,
    /// The operator of a form.
    Operator,
    /// An operand, counted from 0, of the form whose operator this is; a library's name, where the operator is `import`'s.
    Operand { operator: &'t str, index: usize, before: Option<&'t str> },
}

#[derive(Debug)]
pub struct Place<'t> {
    /// The bytes of the word that ends at the cursor; in a string, of its content.
    pub word: Range<usize>,
    pub inside: Inside<'t>,
    /// The operators of the forms around the cursor, innermost last.
    pub around: Vec<&'t str>,
}

/// A form that is open at the cursor.
struct Form<'t> {
    open: usize,
    operator: Option<Range<usize>>,
    /// Items so far, the operator included.
    items: usize,
    /// Where the first operand begins.
    operand: Option<usize>,
    last: Option<&'t str>,
}

/// Reads the text up to the cursor, and calls `done` with the forms that are open there and the word it ends in.
fn scan(text: &str) -> (Vec<Form<'_>>, Option<(Class, Range<usize>)>) {
    let mut forms: Vec<Form> = Vec::new();
    let mut last = None;
    for (class, range) in tokens(text) {
        last = Some((class, range.clone()));
        match class {
            Class::Space | Class::Comment | Class::DatumComment | Class::Quote | Class::Dot | Class::Label => continue,
            Class::Close => {
                forms.pop();
                if let Some(form) = forms.last_mut() {
                    form.items += 1;
                    form.last = None;
                }
                continue;
            }
            _ => {}
        }
        if let Some(form) = forms.last_mut() {
            match form.items {
                0 if class == Class::Symbol => form.operator = Some(range.clone()),
                1 => form.operand = form.operand.or(Some(range.start)),
                _ => {}
            }
            // A form is an item once it is closed.
            if class != Class::Open && range.end < text.len() {
                form.items += 1;
                form.last = Some(&text[range.clone()]);
            }
        }
        if class == Class::Open {
            forms.push(Form { open: range.start, operator: None, items: 0, operand: None, last: None });
        }
    }
    (forms, last)
}

pub fn place(text: &str) -> Place<'_> {
    let end = text.len();
    if let Some(command) = text.trim_start().strip_prefix(',')
        && !command.starts_with('@')
    {
        match command.find(char::is_whitespace) {
            None => return Place { word: end - command.len()..end, inside: Inside::Command, around: Vec::new() },
            Some(space) if !command[space..].contains(['(', '"']) => {
                let start = command.rfind(char::is_whitespace).map_or(0, |at| at + 1);
                let word = end - (command.len() - start)..end;
                let inside = Inside::Argument { command: &command[..space] };
                return Place { word, inside, around: Vec::new() };
            }
            Some(_) => {}
        }
    }
    let (forms, last) = scan(text);
    let around = forms.iter().filter(|form| form.items > 0);
    let around = around.filter_map(|form| form.operator.clone().map(|range| &text[range])).collect();
    let (class, range) = last.unwrap_or((Class::Space, end..end));
    let closed = |text: &str| text.len() > 1 && text.ends_with('"') && !text.ends_with("\\\"");
    match class {
        Class::String if !closed(&text[range.clone()]) => {
            let quote = text[range.clone()].find('"').map_or(0, |at| at + 1);
            return Place { word: range.start + quote..end, inside: Inside::String, around };
        }
        Class::Comment if !text.ends_with('\n') => return Place { word: end..end, inside: Inside::Other, around },
        Class::Character => return Place { word: end..end, inside: Inside::Other, around },
        _ => {}
    }
    let is_word = matches!(class, Class::Symbol | Class::Keyword | Class::Number | Class::Invalid) && range.end == end;
    let word = if is_word { range } else { end..end };
    let inside = match forms.last() {
        None => Inside::Nothing,
        Some(form) if form.items == 0 => Inside::Operator,
        Some(form) => match &form.operator {
            Some(operator) => {
                Inside::Operand { operator: &text[operator.clone()], index: form.items - 1, before: form.last }
            }
            None => Inside::Other,
        },
    };
    Place { word, inside, around }
}

/// Columns before the next line of an unfinished text, by the habits of Lisp editors: a body stands two columns in, operands
/// stand below the first one.
pub fn indentation(text: &str) -> usize {
    let (forms, last) = scan(text);
    if matches!(last, Some((Class::String, range)) if range.end == text.len()) {
        return 0;
    }
    let Some(form) = forms.last() else { return 0 };
    let line = |at: usize| text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let column = |at: usize| text[line(at)..at].chars().count();
    let beside = match (&form.operator, form.operand) {
        (Some(operator), Some(operand)) if line(operator.start) == line(operand) => Some(column(operand)),
        _ => None,
    };
    match form.operator.as_ref().and_then(|operator| header(&text[operator.clone()])) {
        // Clauses and bodies without a head stand below the first of them, wherever that is.
        Some(0) => beside.unwrap_or(column(form.open) + 2),
        Some(_) => column(form.open) + 2,
        None => beside.unwrap_or(column(form.open) + 1),
    }
}

/// How many operands belong to the head of a form that has a body; None if it has none.
pub fn header(operator: &str) -> Option<usize> {
    const HEADERS: &[(&str, usize)] = &[
        ("begin", 0),
        ("case", 1),
        ("case-lambda", 0),
        ("catch", 1),
        ("cond", 0),
        ("do", 2),
        ("dynamic-wind", 0),
        ("fix", 1),
        ("guard", 1),
        ("lambda", 1),
        ("lambda*", 1),
        ("parameterize", 1),
        ("syntax-case", 2),
        ("syntax-rules", 1),
        ("unless", 1),
        ("when", 1),
        ("while", 1),
    ];
    const STARTS: &[&str] = &["def", "let", "with-", "call-with-"];
    let found = HEADERS.iter().find(|(name, _)| *name == operator).map(|(_, header)| *header);
    found.or_else(|| STARTS.iter().any(|start| operator.starts_with(start)).then_some(1))
}

/// The parenthesis that belongs to the one at, or just before, the cursor.
pub fn partner(text: &str, cursor: usize) -> Option<(usize, usize)> {
    let mut open: Vec<usize> = Vec::new();
    let mut pairs = Vec::new();
    for (class, range) in tokens(text) {
        match class {
            Class::Open => open.push(range.end - 1),
            Class::Close => pairs.extend(open.pop().map(|at| (at, range.start))),
            _ => {}
        }
    }
    let at = |place: usize| pairs.iter().copied().find(|&(a, b)| a == place || b == place);
    at(cursor).or_else(|| at(cursor.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(text: &str) -> Inside<'_> {
        place(text).inside
    }

    #[test]
    fn the_word_before_the_cursor_is_what_completes() {
        let text = "(define s (soc";
        let here = place(text);
        assert_eq!(&text[here.word], "soc");
        assert_eq!((here.inside, here.around), (Inside::Operator, vec!["define"]));
    }

    #[test]
    fn operands_are_counted_from_zero() {
        let operand = |index, before| Inside::Operand { operator: "setsockopt", index, before };
        assert_eq!(inside("(setsockopt "), operand(0, Some("setsockopt")));
        assert_eq!(inside("(setsockopt (car x) SOL_SOCKET SO_"), operand(2, Some("SOL_SOCKET")));
        assert_eq!(inside("(setsockopt (car x) "), operand(1, None));
    }

    #[test]
    fn commands_strings_and_comments_are_places() {
        assert_eq!(inside(",he"), Inside::Command);
        assert_eq!(inside(",doc acc"), Inside::Argument { command: "doc" });
        assert_eq!(inside("(load \"exam"), Inside::String);
        assert_eq!(inside("(f) ; what"), Inside::Other);
        assert_eq!(inside("x"), Inside::Nothing);
        assert_eq!(inside(",time (f"), Inside::Operator);
    }

    #[test]
    fn lines_are_indented_as_editors_do() {
        assert_eq!(indentation("(define (f x)"), 2);
        assert_eq!(indentation("(list 1"), 6);
        assert_eq!(indentation("(list"), 1);
        assert_eq!(indentation("(let ((a 1)"), 6);
        assert_eq!(indentation("((a b)"), 1);
        assert_eq!(indentation("(define (f x)\n  (cons 1"), 8);
        assert_eq!(indentation("(f \"abc"), 0);
        assert_eq!(indentation("(cond ((f) 1)"), 6);
        assert_eq!(indentation("(cond"), 2);
        assert_eq!(indentation("(begin (f)"), 7);
        assert_eq!(indentation("1"), 0);
    }

    #[test]
    fn parentheses_have_partners_unless_in_strings() {
        assert_eq!(partner("(a \")\" b)", 9), Some((0, 8)));
        assert_eq!(partner("(a (b) c", 3), Some((3, 5)));
        assert_eq!(partner("(a", 0), None);
    }
}
