//! Printed data over several lines: what does not fit on a line is broken where its parts begin.

use crate::reader::{Class, tokens};

/// The text of one datum in lines of at most `width` columns, where its parts allow.
pub fn layout(text: &str, width: usize) -> String {
    let parts: Vec<(Class, &str)> =
        tokens(text).filter(|(class, _)| *class != Class::Space).map(|(class, range)| (class, &text[range])).collect();
    let lengths = lengths(&parts);
    let mut out = String::new();
    // The columns at which the items of the open lists stand, and whether those are written one below the other.
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut column = 0;
    let mut fresh = true;
    for (index, &(class, part)) in parts.iter().enumerate() {
        if class == Class::Close {
            open.pop();
        } else if !fresh {
            match open.last() {
                Some(&(indent, true)) => {
                    out.push('\n');
                    out.push_str(&" ".repeat(indent));
                    column = indent;
                }
                _ => {
                    out.push(' ');
                    column += 1;
                }
            }
        }
        out.push_str(part);
        column += part.chars().count();
        if class == Class::Open {
            let broken = column + lengths[index] > width;
            open.push((column, broken));
        }
        fresh = matches!(class, Class::Open | Class::Quote | Class::Label);
    }
    out
}

/// The text, or as much of it as `width` columns hold.
pub fn cut(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        Some(_) => text.chars().take(width.saturating_sub(1)).chain(['…']).collect(),
        None => text.to_string(),
    }
}

/// For each opening parenthesis, the columns that what follows takes on one line, the closing one included.
fn lengths(parts: &[(Class, &str)]) -> Vec<usize> {
    let mut lengths = vec![0; parts.len()];
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut total = 0;
    for (index, &(class, part)) in parts.iter().enumerate() {
        total += part.chars().count() + usize::from(!matches!(class, Class::Open | Class::Quote | Class::Close));
        match class {
            Class::Open => open.push((index, total)),
            Class::Close => {
                if let Some((at, before)) = open.pop() {
                    lengths[at] = total - before;
                }
            }
            _ => {}
        }
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
    }

    #[test]
    fn what_does_not_fit_has_a_line_for_each_part() {
        assert_eq!(layout("((alpha 1) (beta 2))", 12), "((alpha 1)\n (beta 2))");
    }
}
