//! Characters to tokens.
//!
//! logos finds the tokens; what nests or is quoted (block comments, strings, `|symbols|`) it only opens, and the end
//! is found by hand. The text may be the beginning of a longer one: a token that more text could lengthen says so.
//! Nothing here decides what an atom means, and nothing here fails.

use std::ops::Range;

use logos::Logos;
use memchr::{memchr, memchr2, memmem};

use super::literal::head;

/// `con` is what may stand inside a symbol: all but white space, controls and `()[]";|`; `atom` is what may begin one;
/// `hash` is what may follow a `#` without a token of its own.
#[derive(Logos, Clone, Copy, PartialEq, Eq, Debug)]
#[logos(subpattern con = r#"[^\x00-\x20\x7F-\u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}()\[\]";|]"#)]
#[logos(subpattern atom = r##"[^\x00-\x20\x7F-\u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}()\[\]";|#'`,]"##)]
#[logos(subpattern hash = r#"[^\x00-\x20\x7F-\u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}()\[\]";|'`,\\:!{0-9]"#)]
pub enum Token {
    #[regex(r"[\t-\r \u{85}\u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}]+")]
    Space,
    #[regex(r";[^\n\r]*", allow_greedy = true)]
    LineComment,
    #[token("#|")]
    BlockComment,
    /// `#!…!#` at the very start of a source; without any `!#` it is the first line.
    Script,
    /// `#!…!#` anywhere else.
    BangComment,
    #[token("#;")]
    DatumComment,
    #[token("(")]
    Open,
    #[token(")")]
    Close,
    #[token("[")]
    OpenBracket,
    #[token("]")]
    CloseBracket,
    #[token("#(")]
    OpenVector,
    #[regex(r"#[vV]?[uU]8\(")]
    OpenBytes,
    #[regex(r"#([sS]8|[sSuU](16|32|64)|[fFcC](32|64))\(")]
    OpenUniform,
    #[regex(r"#[0-9@][0-9A-Za-z@:+-]*\(")]
    OpenArray,
    #[token("'")]
    Quote,
    #[token("`")]
    Quasiquote,
    #[token(",")]
    Unquote,
    #[token(",@")]
    UnquoteSplicing,
    #[token("#'")]
    Syntax,
    #[token("#`")]
    Quasisyntax,
    #[token("#,")]
    Unsyntax,
    #[token("#,@")]
    UnsyntaxSplicing,
    #[regex(r"#[0-9]+=")]
    Label,
    #[regex(r"#[0-9]+#")]
    LabelUse,
    /// A `#` and digits that became neither label nor array.
    #[regex(r"#[0-9][0-9A-Za-z@:+-]*")]
    LabelStub,
    #[token("\"")]
    String,
    #[regex(r#"#[uU]8""#)]
    ByteString,
    #[token("|")]
    BarSymbol,
    #[token("#{")]
    BraceSymbol,
    #[regex("#:(?&con)*")]
    Keyword,
    #[token("#:|")]
    BarKeyword,
    #[regex("#!(?&con)*")]
    Directive,
    #[regex(r"#\\(?&con)*")]
    Char,
    /// `#\(` and its like: a character that would end any other token.
    #[regex(r#"#\\[\x00-\x20\x7F-\u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}()\[\]";|]"#)]
    DelimiterChar,
    #[regex("#((?&hash)(?&con)*)?")]
    Hash,
    #[token(".", priority = 10)]
    Dot,
    #[regex("(?&atom)(?&con)*")]
    Atom,
    /// A character that begins no token: a control character.
    Stray,
    /// Braces are parts of atoms here; see curly.
    OpenCurly,
    CloseCurly,
}

/// The words that mean something after `#!`; all else after it begins a comment.
const DIRECTIVES: [&str; 12] = [
    "fold-case",
    "no-fold-case",
    "curly-infix",
    "curly-infix-and-bracket-lists",
    "r6rs",
    "eof",
    "default",
    "unspecific",
    "unspecified",
    "optional",
    "rest",
    "key",
];

/// Whether this character ends an atom.
pub fn is_delimiter(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | '[' | ']' | '"' | ';' | '|')
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lexeme {
    pub token: Token,
    pub start: usize,
    pub end: usize,
    pub extent: Extent,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    Whole,
    /// Whole if the text ends here; more text might lengthen it.
    Cut,
    /// Its end is not in the text. Holds how far the search for it came.
    Open(Search),
}

pub struct Lexer<'text> {
    text: &'text str,
    tokens: logos::Lexer<'text, Token>,
    /// Where a script's first line may begin: at the start of a source, after a byte order mark.
    script: Option<usize>,
    /// Nothing follows the text.
    eof: bool,
    /// The first token, where it is known.
    first: Option<Lexeme>,
}

impl<'text> Lexer<'text> {
    /// `first` says that the text is the beginning of its source, `eof` that it is the end.
    pub fn new(text: &'text str, first: bool, eof: bool) -> Lexer<'text> {
        let mut tokens = Token::lexer(text);
        let mark = if first && text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        tokens.bump(mark);
        Lexer { text, tokens, script: first.then_some(mark), eof, first: None }
    }

    /// The text begins with this token, which ends there.
    pub fn begin_with(&mut self, token: Token, end: usize) {
        self.tokens = Token::lexer(self.text);
        self.tokens.bump(end);
        self.first = Some(Lexeme { token, start: 0, end, extent: Extent::Whole });
    }

    fn lengthens(&self, token: Token) -> bool {
        use Token::*;
        matches!(token, LineComment | Unquote | Unsyntax | LabelStub | Keyword | Directive | Char | Hash | Dot | Atom)
    }

    /// The end of a token that logos has only opened.
    fn finish(&mut self, token: Token, span: Range<usize>) -> Lexeme {
        let mut search = Search { token, seen: span.len(), depth: 1 };
        let rest = &self.text[span.start..];
        let end = search.end(rest).or_else(|| {
            let one_line = token == Token::Script && self.eof;
            one_line.then(|| memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len()))
        });
        let length = end.unwrap_or(rest.len());
        self.tokens.bump(length - span.len());
        let extent = if end.is_some() { Extent::Whole } else { Extent::Open(search) };
        Lexeme { token, start: span.start, end: span.start + length, extent }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Lexeme;

    fn next(&mut self) -> Option<Lexeme> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        let token = self.tokens.next()?.unwrap_or(Token::Stray);
        let span = self.tokens.span();
        let cut = span.end == self.text.len() && !self.eof && self.lengthens(token);
        match token {
            Token::Directive if !cut && !DIRECTIVES.contains(&&self.text[span.start + 2..span.end]) => {
                let script = self.script == Some(span.start);
                // The search begins behind the `#!`: the end may stand in the same word.
                let word = if script { Token::Script } else { Token::BangComment };
                self.tokens = Token::lexer(self.text);
                self.tokens.bump(span.start + 2);
                Some(self.finish(word, span.start..span.start + 2))
            }
            Token::String
            | Token::ByteString
            | Token::BarSymbol
            | Token::BarKeyword
            | Token::BraceSymbol
            | Token::BlockComment => Some(self.finish(token, span)),
            _ => {
                let extent = if cut { Extent::Cut } else { Extent::Whole };
                Some(Lexeme { token, start: span.start, end: span.end, extent })
            }
        }
    }
}

/// The search for the end of a token, to be taken up again where it stopped once there is more text. This keeps
/// reading linear when a long token comes in small pieces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Search {
    token: Token,
    /// The bytes of the token that need not be looked at again.
    seen: usize,
    /// How many block comments are open.
    depth: usize,
}

impl Search {
    pub fn new(token: Token, seen: usize) -> Search {
        Search { token, seen, depth: 1 }
    }

    pub fn seen(&self) -> usize {
        self.seen
    }

    /// The token, if where the search ends is where it does, and there is no other that it may turn out to be.
    pub fn settles(&self) -> Option<Token> {
        (!matches!(self.token, Token::Directive | Token::LabelStub | Token::Script)).then_some(self.token)
    }

    /// `end`, given up for now when `stop` says so.
    pub fn end_in_pieces(&mut self, text: &str, stop: &dyn Fn() -> bool) -> Result<Option<usize>, ()> {
        const PIECE: usize = 1 << 20;
        // What ends a script's head shows in what follows it.
        while self.token != Token::Script && text.len() - self.seen.min(text.len()) > PIECE {
            if stop() {
                return Err(());
            }
            let piece = head(text, self.seen + PIECE);
            if let Some(end) = self.end(piece) {
                return Ok(Some(end));
            }
        }
        Ok(self.end(text))
    }

    /// Where the token at the start of `text` ends, which begins with what was seen of it.
    pub fn end(&mut self, text: &str) -> Option<usize> {
        let bytes = text.as_bytes();
        self.seen = self.seen.min(bytes.len());
        match self.token {
            Token::String | Token::ByteString => self.quoted(bytes, b'"'),
            Token::BarSymbol | Token::BarKeyword => self.quoted(bytes, b'|'),
            Token::BraceSymbol => self.terminated(bytes, b"}#"),
            Token::BlockComment => self.nested(bytes),
            Token::BangComment => self.terminated(bytes, b"!#"),
            Token::Script => self.script(bytes),
            Token::LineComment => self.found(bytes, |rest| memchr2(b'\n', b'\r', rest)),
            _ => {
                let from = if text.is_char_boundary(self.seen) { self.seen } else { 0 };
                let end = text[from..].find(is_delimiter).map(|at| from + at);
                self.seen = end.unwrap_or(bytes.len());
                end
            }
        }
    }

    fn found(&mut self, bytes: &[u8], find: impl Fn(&[u8]) -> Option<usize>) -> Option<usize> {
        let end = find(&bytes[self.seen..]).map(|at| self.seen + at);
        self.seen = end.unwrap_or(bytes.len());
        end
    }

    fn quoted(&mut self, bytes: &[u8], quote: u8) -> Option<usize> {
        while let Some(at) = memchr2(quote, b'\\', &bytes[self.seen..]) {
            let at = self.seen + at;
            if bytes[at] == quote {
                return Some(at + 1);
            }
            if at + 1 == bytes.len() {
                self.seen = at;
                return None;
            }
            self.seen = at + 2;
        }
        self.seen = bytes.len();
        None
    }

    fn terminated(&mut self, bytes: &[u8], end: &[u8; 2]) -> Option<usize> {
        let found = memmem::find(&bytes[self.seen..], end).map(|at| self.seen + at + end.len());
        // The first half of the end may be the last byte there is.
        self.seen =
            found.unwrap_or(bytes.len() - usize::from(bytes.len() > self.seen && bytes.last() == Some(&end[0])));
        found
    }

    fn nested(&mut self, bytes: &[u8]) -> Option<usize> {
        while let Some(at) = memchr2(b'|', b'#', &bytes[self.seen..]) {
            let at = self.seen + at;
            let Some(&next) = bytes.get(at + 1) else {
                self.seen = at;
                return None;
            };
            self.seen = at + 2;
            match (bytes[at], next) {
                (b'#', b'|') => self.depth += 1,
                (b'|', b'#') => self.depth -= 1,
                _ => self.seen = at + 1,
            }
            if self.depth == 0 {
                return Some(self.seen);
            }
        }
        self.seen = bytes.len();
        None
    }

    /// A script's head ends with a `!#` in the first line, or with a line that is `!#`.
    fn script(&mut self, bytes: &[u8]) -> Option<usize> {
        let line = memchr(b'\n', bytes).unwrap_or(bytes.len());
        if let Some(at) = bytes.get(2..line).and_then(|head| memmem::find(head, b"!#")) {
            return Some(2 + at + 2);
        }
        let from = self.seen.max(line);
        for at in memmem::find_iter(&bytes[from..], b"\n!#") {
            let end = from + at + 3;
            if bytes.get(end).is_none_or(u8::is_ascii_whitespace) {
                return Some(end);
            }
        }
        self.seen = bytes.len().saturating_sub(2).max(2).min(bytes.len());
        None
    }
}
