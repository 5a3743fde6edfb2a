//! Tables of texts: `= NAME ...` and, up to the next such heading, what there is to say.

/// The forms of the language: signatures, then text.
pub const FORMS: &str = include_str!("../../stdlib/docs/forms.txt");
/// Variables, and whatever has no text where it is defined.
pub const NAMES: &str = include_str!("../../stdlib/docs/names.txt");
/// Constants of the system.
pub const CONSTANTS: &str = include_str!("../../stdlib/docs/constants.txt");
/// Error numbers: what each means, and what is usually done about it.
pub const ERRORS: &str = include_str!("../../stdlib/docs/errors.txt");
/// Arguments that are often mistaken.
pub const MISTAKES: &str = include_str!("../../stdlib/docs/mistakes.txt");
/// What has happened when a call of the network comes to this or that.
pub const SITUATIONS: &str = include_str!("../../stdlib/docs/situations.txt");

/// What stands under a name.
pub fn entry<'t>(table: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = table;
    while let Some(at) = rest.find("\n= ") {
        let heading_end = rest[at + 1..].find('\n').map_or(rest.len(), |end| at + 1 + end);
        let heading = &rest[at + 3..heading_end];
        let body = &rest[heading_end..];
        let end = body.find("\n= ").unwrap_or(body.len());
        if heading.split_whitespace().any(|known| known == name) {
            return Some(body[..end].trim_matches('\n'));
        }
        rest = &body[end..];
    }
    None
}

/// What an error number's entry says of the error itself.
pub fn meaning(entry: &str) -> &str {
    entry.split("\nfix").next().unwrap_or("").trim()
}

/// What an error number's entry recommends for a call: its own line, or the one for all.
pub fn fix<'t>(entry: &'t str, call: &str) -> Option<&'t str> {
    own_fix(entry, call).or_else(|| entry.lines().find_map(|line| line.strip_prefix("fix: ")))
}

/// What it recommends for this call alone.
pub fn own_fix<'t>(entry: &'t str, call: &str) -> Option<&'t str> {
    entry.lines().find_map(|line| line.strip_prefix("fix ")?.strip_prefix(call)?.strip_prefix(": "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_by_heading() {
        let table = "\n= a b\n(a x)\ntext\n\n= c\nother\n";
        assert_eq!(entry(table, "b"), Some("(a x)\ntext"));
        assert_eq!(entry(table, "c"), Some("other"));
        assert_eq!(entry(table, "d"), None);
    }

    #[test]
    fn a_fix_for_the_call_goes_before_one_for_all() {
        let entry = "What it means.\nfix bind: this\nfix: that";
        assert_eq!(
            (meaning(entry), fix(entry, "bind"), fix(entry, "send")),
            ("What it means.", Some("this"), Some("that"))
        );
        assert_eq!(fix(entry, "bin"), Some("that"));
    }
}
