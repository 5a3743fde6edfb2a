//! What errors call tokens, forms and data.

use super::datum::Kind;
use super::lexer::Token;
use super::parser::Form;

/// How a token of one spelling is spelt.
pub(super) fn mark(token: Token) -> &'static str {
    match token {
        Token::Close => ")",
        Token::CloseBracket => "]",
        Token::CloseCurly => "}",
        Token::Quasiquote => "`",
        Token::Unquote => ",",
        Token::UnquoteSplicing => ",@",
        Token::Syntax => "#'",
        Token::Quasisyntax => "#`",
        Token::Unsyntax => "#,",
        Token::UnsyntaxSplicing => "#,@",
        _ => "'",
    }
}

/// Where a datum was expected, for messages: " in the list".
pub(super) fn inside(form: &Form) -> String {
    match form {
        Form::List { .. } | Form::Application(_) => " in the list".to_string(),
        Form::Vector | Form::Uniform(_) => " in the vector".to_string(),
        Form::Array(_) => " in the array".to_string(),
        Form::Bytes => " in the bytevector".to_string(),
        Form::Skip { .. } => " to skip after `#;`".to_string(),
        Form::Label(label, _) => format!(" after the label `#{label}=`"),
        Form::Prefix(token) => format!(" after {}", mark(*token)),
    }
}

pub(super) fn noun(kind: &Kind) -> &'static str {
    match kind {
        Kind::Nil => "the empty list",
        Kind::Bool(_) => "a boolean",
        Kind::Number(_) => "a number",
        Kind::Char(_) => "a character",
        Kind::String(_) => "a string",
        Kind::Symbol(_) => "a symbol",
        Kind::Keyword(_) => "a keyword",
        Kind::Bytes(_) => "a bytevector",
        Kind::Pair(..) => "a list",
        Kind::Vector(_) | Kind::UniformVector(..) => "a vector",
        Kind::Bitvector(_) => "a bit vector",
        Kind::Array(..) => "an array",
        Kind::Special(_) => "a special object",
    }
}

pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_string(),
    }
}
