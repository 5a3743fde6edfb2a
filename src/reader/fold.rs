//! Full case folding as Unicode defines it (status C and F), out of the case mappings of the standard library.
//!
//! Lower, upper and lower again is folding for all but two groups of letters: the dotless i, which has no partner in
//! folding, and Cherokee, which folds to capitals.

/// The text as comparison regardless of case sees it: `string-foldcase`.
pub fn fold_case(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'ı' => folded.push(c),
            'Ꭰ'..='ᏽ' | 'ꭰ'..='ꮿ' => folded.extend(c.to_uppercase()),
            _ => folded.extend(c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::fold_case;

    #[test]
    fn folding_follows_unicode() {
        let table = [
            ("ABC xyz", "abc xyz"),
            ("ÀÉ", "àé"),
            ("Straße ẞ", "strasse ss"),
            ("ΣΑΣς", "σασσ"),
            ("İıI", "i\u{307}ıi"),
            ("ſ K Å", "s k å"),
            ("ŉ ﬀ ΐ", "ʼn ff ι\u{308}\u{301}"),
            ("ꭰᎠᏸ", "ᎠᎠᏰ"),
        ];
        for (text, folded) in table {
            assert_eq!(fold_case(text), folded, "{text}");
        }
    }
}
