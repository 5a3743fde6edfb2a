//! Curly infix, as `#!curly-infix` allows it: `{a + b}` is `(+ a b)`, and inside of braces `f(x)` is `(f x)`. [SRFI 105]
//!
//! Braces are parts of names otherwise. So a token that holds some falls into pieces here, and the parser asks what the items
//! between braces stand for.

use super::lexer::Token;
use crate::symbol::Symbol;

/// The token that a text begins with, and its length, where braces stand for themselves. `first` is what the lexer took the whole
/// for, if this is its beginning.
pub fn piece(first: Option<Token>, text: &str) -> (Token, usize) {
    let divisible = [Token::Atom, Token::Keyword, Token::Hash, Token::Char, Token::Directive, Token::LabelStub];
    let token = match first {
        Some(token) if !divisible.contains(&token) => return (token, text.len()),
        Some(token) => token,
        None => match beginning(text) {
            (token, Some(length)) => return (token, length),
            (token, None) => token,
        },
    };
    if token == Token::Atom {
        match text.as_bytes().first() {
            Some(b'{') => return (Token::OpenCurly, 1),
            Some(b'}') => return (Token::CloseCurly, 1),
            _ => {}
        }
    }
    // A brace behind a backslash is a character.
    let skip = if token == Token::Char { 3.min(text.len()) } else { 0 };
    let length = text.get(skip..).and_then(|rest| rest.find(['{', '}'])).map_or(text.len(), |at| at + skip);
    (if token == Token::Atom && &text[..length] == "." { Token::Dot } else { token }, length)
}

/// What a text begins with that the lexer took for the end of an atom: a token, and its length if that does not reach to a brace.
fn beginning(text: &str) -> (Token, Option<usize>) {
    match text.as_bytes() {
        [b'\'', ..] => (Token::Quote, Some(1)),
        [b'`', ..] => (Token::Quasiquote, Some(1)),
        [b',', b'@', ..] => (Token::UnquoteSplicing, Some(2)),
        [b',', ..] => (Token::Unquote, Some(1)),
        [b'#', b':', ..] => (Token::Keyword, None),
        [b'#', b'\\', ..] => (Token::Char, None),
        [b'#', b'!', ..] => (Token::Directive, None),
        [b'#', ..] => (Token::Hash, None),
        _ => (Token::Atom, None),
    }
}

/// What the items between braces stand for.
pub enum Infix {
    /// The one item, or nothing.
    Itself,
    /// The items as they are: an operator and what it is for.
    Prefix,
    /// Operands with the same operator between them.
    Operation,
    /// Something for the program to make sense of, as `($nfx$ item ...)`.
    Mixed,
}

/// `names` are the items, as far as they are symbols.
pub fn infix(names: &[Option<Symbol>], dotted: bool) -> Infix {
    match names.len() {
        _ if dotted => Infix::Mixed,
        0 | 1 => Infix::Itself,
        2 => Infix::Prefix,
        count
            if count % 2 == 1
                && names[1].is_some()
                && names.iter().skip(1).step_by(2).all(|&name| name == names[1]) =>
        {
            Infix::Operation
        }
        _ => Infix::Mixed,
    }
}
