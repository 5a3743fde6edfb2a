//! Printed data over several lines: what does not fit on a line is broken where its parts begin, as Lisp editors indent it.

use crate::cli::place::header;
use crate::reader::{Class, tokens};

/// How the items of an open list stand.
enum Style {
    /// All on one line.
    Flat,
    /// As many on a line as fit, below the first.
    Filled { column: usize },
    /// Each on a line of its own, but for the first `header`, which follow the operator; those behind them stand at `body`.
    Broken { header: usize, body: usize },
}

struct Open {
    style: Style,
    /// Items so far.
    items: usize,
}

/// The text of one datum in lines of at most `width` columns, where its parts allow.
pub fn layout(text: &str, width: usize) -> String {
    let parts: Vec<(Class, &str)> =
        tokens(text).filter(|(class, _)| *class != Class::Space).map(|(class, range)| (class, &text[range])).collect();
    let lengths = lengths(&parts);
    let mut out = String::new();
    let mut open: Vec<Open> = Vec::new();
    let mut column = 0;
    let mut prefixed = false;
    for (index, &(class, part)) in parts.iter().enumerate() {
        let size = part.chars().count();
        if class == Class::Close {
            open.pop();
        } else if !prefixed && let Some(list) = open.last_mut() {
            let item = list.items;
            list.items += 1;
            let to = match &mut list.style {
                _ if item == 0 => None,
                Style::Flat => Some(None),
                Style::Filled { column: first } => {
                    let closes = parts[index + 1..].iter().take_while(|(class, _)| *class == Class::Close).count();
                    Some((column + 1 + size + closes > width).then_some(*first))
                }
                Style::Broken { header, .. } if item <= *header => Some(None),
                Style::Broken { body, .. } => Some(Some(*body)),
            };
            match to {
                None => {}
                Some(None) => {
                    out.push(' ');
                    column += 1;
                }
                Some(Some(indent)) => {
                    out.push('\n');
                    out.push_str(&" ".repeat(indent));
                    column = indent;
                }
            }
        }
        out.push_str(part);
        column += size;
        if class == Class::Open {
            let style = if column + lengths[index] <= width { Style::Flat } else { style(&parts[index + 1..], column) };
            open.push(Open { style, items: 0 });
        }
        prefixed = matches!(class, Class::Quote | Class::Label);
    }
    out
}

/// How a list stands that does not fit on a line, and whose first item begins at `column`.
fn style(parts: &[(Class, &str)], column: usize) -> Style {
    let inside = parts.iter().take_while(|(class, _)| *class != Class::Close);
    if inside.clone().all(|(class, _)| *class != Class::Open) && inside.count() > 8 {
        return Style::Filled { column };
    }
    match parts {
        [(Class::Symbol, operator), next, ..] => match header(operator) {
            // Clauses stand below each other.
            Some(0) if *operator == "cond" => Style::Broken { header: 1, body: column + 5 },
            Some(header) => {
                // A named let has its name before its bindings.
                let named = *operator == "let" && next.0 == Class::Symbol;
                Style::Broken { header: header + usize::from(named), body: column + 1 }
            }
            // A long name leaves no room behind it.
            None if operator.chars().count() > 24 => Style::Broken { header: 0, body: column + 1 },
            None => Style::Broken { header: 1, body: column + operator.chars().count() + 1 },
        },
        _ => Style::Broken { header: 0, body: column },
    }
}

/// The text, or as much of it as `width` columns hold.
pub fn cut(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        Some(_) => text.chars().take(width.saturating_sub(1)).chain(['…']).collect(),
        None => text.to_string(),
    }
}

/// For each opening parenthesis, the columns that what follows takes on one line, the closing ones of lists around it included.
fn lengths(parts: &[(Class, &str)]) -> Vec<usize> {
    let mut lengths = vec![0; parts.len()];
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut total = 0;
    let mut prefixed = true;
    for (index, &(class, part)) in parts.iter().enumerate() {
        let space = usize::from(!prefixed && class != Class::Close);
        total += part.chars().count() + space;
        match class {
            Class::Open => open.push((index, total)),
            Class::Close => {
                if let Some((at, before)) = open.pop() {
                    let more = parts[index + 1..].iter().take_while(|(class, _)| *class == Class::Close).count();
                    lengths[at] = total - before + more;
                }
            }
            _ => {}
        }
        prefixed = matches!(class, Class::Open | Class::Quote | Class::Label);
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::layout;

    #[test]
    fn what_fits_stays_on_one_line() {
        assert_eq!(layout("(a (b c) #(1 2) . d)", 40), "(a (b c) #(1 2) . d)");
        assert_eq!(layout("'(a b)", 40), "'(a b)");
        assert_eq!(layout("(a b)", 5), "(a b)");
    }

    #[test]
    fn what_does_not_fit_has_a_line_for_each_part() {
        assert_eq!(layout("((alpha 1) (beta 2))", 12), "((alpha 1)\n (beta 2))");
        assert_eq!(layout("(append (list 1 2) (list 3 4))", 20), "(append (list 1 2)\n        (list 3 4))");
        assert_eq!(layout("('(alpha 1) '(beta 2))", 12), "('(alpha 1)\n '(beta 2))");
    }

    #[test]
    fn bodies_stand_two_columns_in() {
        let text = "(define (f x) (let loop ((i 0) (acc '())) (if (< i x) (loop (+ i 1) acc) acc)))";
        let wanted =
            "(define (f x)\n  (let loop ((i 0) (acc '()))\n    (if (< i x)\n        (loop (+ i 1) acc)\n        acc)))";
        assert_eq!(layout(text, 32), wanted);
        assert_eq!(layout("(begin (display 1) (newline))", 20), "(begin\n  (display 1)\n  (newline))");
    }

    #[test]
    fn plain_data_fill_the_line() {
        assert_eq!(layout("(1 2 3 4 5 6 7 8 9 10)", 12), "(1 2 3 4 5 6\n 7 8 9 10)");
    }
}
