//! What prompts and editors ask of a text: is it complete, and what are its tokens. Neither needs symbols or fails.

use std::ops::Range;

use super::datum::Kind;
use super::error::{Error, ErrorKind};
use super::lexer::{Extent, Lexer, Token};
use super::literal;
use super::parser::Parser;
use crate::num;
use crate::source::{SourceId, Span};
use crate::symbol::Symbols;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Completeness {
    Complete,
    /// What is open, and how many forms are.
    Incomplete {
        opened_at: Span,
        depth: usize,
    },
    Invalid(Error),
}

/// Whether a prompt should hand the text over or ask for another line. Spans are offsets in the text, of no source.
pub fn is_complete(text: &str) -> Completeness {
    let mut parser = Parser::new(SourceId(0), 0);
    let mut symbols = Symbols::new();
    while let Some(datum) = parser.next_datum(text, &mut symbols) {
        let Err(error) = datum else { continue };
        return match error.kind {
            ErrorKind::Unterminated { opened, depth } => Completeness::Incomplete { opened_at: opened, depth },
            _ => Completeness::Invalid(error),
        };
    }
    Completeness::Complete
}

/// What a token is, as far as colours go.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Class {
    Space,
    Comment,
    /// `#;` alone; what it skips are tokens of their own.
    DatumComment,
    /// A parenthesis or bracket, with what belongs to it: `#(`, `#u8(`.
    Open,
    Close,
    /// `'`, `#,@` and their like.
    Quote,
    Dot,
    Label,
    Symbol,
    Keyword,
    Number,
    Boolean,
    Character,
    String,
    /// `#!fold-case` and `#!eof` alike.
    Directive,
    /// What no datum can hold.
    Invalid,
}

/// The tokens of a text with the bytes they cover, all of it but for a byte order mark. A token that the text's end
/// cuts off is there as if it were whole.
pub fn tokens(text: &str) -> impl Iterator<Item = (Class, Range<usize>)> {
    Lexer::new(text, true, true).map(move |lexeme| {
        let range = lexeme.start..lexeme.end;
        (class(lexeme.token, &text[range.clone()], lexeme.extent), range)
    })
}

fn class(token: Token, text: &str, extent: Extent) -> Class {
    match token {
        Token::Space => Class::Space,
        Token::LineComment | Token::BlockComment | Token::Script | Token::BangComment => Class::Comment,
        Token::DatumComment => Class::DatumComment,
        Token::Open | Token::OpenBracket | Token::OpenVector | Token::OpenBytes | Token::OpenUniform => Class::Open,
        Token::Close | Token::CloseBracket => Class::Close,
        Token::OpenCurly => Class::Open,
        Token::CloseCurly => Class::Close,
        Token::Quote
        | Token::Quasiquote
        | Token::Unquote
        | Token::UnquoteSplicing
        | Token::Syntax
        | Token::Quasisyntax
        | Token::Unsyntax
        | Token::UnsyntaxSplicing => Class::Quote,
        Token::Dot => Class::Dot,
        Token::Label | Token::LabelUse => Class::Label,
        Token::String if extent == Extent::Whole => {
            valid(literal::string(&text[1..text.len() - 1], &|| false), Class::String)
        }
        Token::ByteString if extent == Extent::Whole => {
            valid(literal::byte_string(&text[4..text.len() - 1], &|| false), Class::String)
        }
        Token::String | Token::ByteString => Class::String,
        Token::BarSymbol | Token::BraceSymbol => Class::Symbol,
        Token::Keyword if text.len() == 2 => Class::Invalid,
        Token::Keyword | Token::BarKeyword => Class::Keyword,
        Token::Directive => Class::Directive,
        Token::Char | Token::DelimiterChar => valid(literal::character(&text[2..]), Class::Character),
        Token::Hash => match literal::hash_atom(text) {
            Ok(Kind::Bool(_)) => Class::Boolean,
            Ok(_) => Class::Number,
            Err(_) => Class::Invalid,
        },
        Token::Atom if literal::may_be_number(text) && num::parse(text, 10).is_some() => Class::Number,
        Token::Atom => Class::Symbol,
        Token::OpenArray | Token::LabelStub | Token::Stray => Class::Invalid,
    }
}

fn valid<T, E>(result: Result<T, E>, class: Class) -> Class {
    if result.is_ok() { class } else { Class::Invalid }
}
