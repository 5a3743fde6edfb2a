//! What is wrong with a text, and where: the reader's own error, turned into a condition further up.

use crate::source::Span;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// The smallest stretch of text that shows the mistake.
    pub span: Span,
    pub message: String,
    pub kind: ErrorKind,
    /// A second place that explains the first, such as the parenthesis a wrong `]` was to close.
    pub note: Option<(Span, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// The text ends too early: more text may make it right. Prompts rely on this to ask for another line.
    Unterminated { opened: Span, depth: usize },
    /// A closing parenthesis that nothing opened.
    UnexpectedClose,
    /// No further text can make it right.
    Invalid,
}

impl Error {
    pub fn invalid(span: Span, message: impl Into<String>) -> Error {
        Error { span, message: message.into(), kind: ErrorKind::Invalid, note: None }
    }

    pub fn with_note(mut self, span: Span, note: impl Into<String>) -> Error {
        self.note = Some((span, note.into()));
        self
    }

    pub fn is_unterminated(&self) -> bool {
        matches!(self.kind, ErrorKind::Unterminated { .. })
    }
}
