//! Source texts and places in them, and the excerpt with the caret that errors show.
//!
//! A `Span` is a range of bytes in one source. Sources are numbered per engine; number 0 is "nowhere", for what no
//! text stands behind (generated code, data made at run time).

use crate::ledger::Ledger;
use std::fmt::Write;
use std::ops::Deref;
use std::rc::Rc;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct SourceId(pub u32);

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    pub source: SourceId,
    pub start: u32,
    pub end: u32,
}

impl Default for Span {
    fn default() -> Span {
        Span::NOWHERE
    }
}

impl Span {
    pub const NOWHERE: Span = Span { source: SourceId(0), start: 0, end: 0 };

    pub fn new(source: SourceId, start: usize, end: usize) -> Span {
        // A text past 4 GiB is refused when it is loaded; the cut only guards the arithmetic.
        let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { source, start: cut(start), end: cut(end) }
    }

    pub fn is_nowhere(self) -> bool {
        self.source == SourceId(0)
    }
}

/// Where a span begins, as people count: lines and columns from 1, columns in characters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    pub name: Rc<str>,
    pub line: usize,
    pub column: usize,
}

/// A source's text, cheap to copy: a part of the program itself, or read.
#[derive(Clone, Debug)]
pub enum Text {
    Fixed(&'static str),
    Read(Rc<str>),
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Text::Fixed(text) => text,
            Text::Read(text) => text,
        }
    }
}

impl From<Rc<str>> for Text {
    fn from(text: Rc<str>) -> Text {
        Text::Read(text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::Read(text.into())
    }
}

impl Text {
    /// The bytes that it holds of its own.
    fn weight(&self) -> usize {
        if let Text::Read(text) = self { text.len() } else { 0 }
    }
}

struct Source {
    name: Rc<str>,
    text: Text,
}

pub struct Sources {
    all: Vec<Source>,
    ledger: Rc<Ledger>,
}

impl Default for Sources {
    fn default() -> Sources {
        Sources::with_ledger(Rc::default())
    }
}

impl Sources {
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Sources whose texts are entered in this ledger.
    pub fn with_ledger(ledger: Rc<Ledger>) -> Sources {
        Sources { all: vec![Source { name: "".into(), text: Text::Fixed("") }], ledger }
    }

    pub fn add(&mut self, name: &str, text: impl Into<Text>) -> SourceId {
        let text = text.into();
        self.ledger.add_table(size_of::<Source>() + name.len() + text.weight());
        self.all.push(Source { name: name.into(), text });
        SourceId(u32::try_from(self.all.len() - 1).expect("fewer than 2^32 sources"))
    }

    /// Puts a longer text in place of a source's text: for sources that grow while they are read, such as ports.
    pub fn replace(&mut self, id: SourceId, text: Rc<str>) {
        self.ledger.add_table(text.len());
        let old = std::mem::replace(&mut self.all[id.0 as usize].text, Text::Read(text));
        self.ledger.remove_table(old.weight());
    }

    pub fn name(&self, id: SourceId) -> &Rc<str> {
        &self.all[id.0 as usize].name
    }

    pub fn text(&self, id: SourceId) -> &Text {
        &self.all[id.0 as usize].text
    }

    /// Whether the span is in the project's own library, or nowhere: excerpts and traces leave those out.
    pub fn is_library(&self, span: Span) -> bool {
        span.is_nowhere() || self.name(span.source).starts_with("(sockeye")
    }

    pub fn place(&self, span: Span) -> Option<Place> {
        if span.is_nowhere() {
            return None;
        }
        let source = &self.all[span.source.0 as usize];
        let start = floor_boundary(&source.text, span.start as usize);
        let before = &source.text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Some(Place {
            name: source.name.clone(),
            line: memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1,
            column: before[line_start..].chars().count() + 1,
        })
    }

    /// Where in a call the name of what is called stands; the whole call if that is not to be seen.
    pub fn operator(&self, span: Span, name: &str) -> Span {
        let text = self.text(span.source).get(span.start as usize..span.end as usize).unwrap_or("");
        let Some(inside) = text.strip_prefix(['(', '[']).map(str::trim_start) else { return span };
        let Some(rest) = inside.strip_prefix(name) else { return span };
        if !rest.starts_with(|c: char| c.is_whitespace() || "()[]\";".contains(c)) {
            return span;
        }
        let start = span.end - inside.len() as u32;
        Span { start, end: start + name.len() as u32, ..span }
    }

    /// The line of the span with carets under what it covers, in the form
    ///
    /// ```text
    ///   ┌─ echo.scm:6:1
    /// 6 │ (bind sock AF_INET INADDR_LOOPBACK 7007)
    ///   │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    /// ```
    pub fn excerpt(&self, span: Span) -> Option<String> {
        let place = self.place(span)?;
        let text = self.text(span.source);
        let start = floor_boundary(text, span.start as usize);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find(['\n', '\r']).map_or(text.len(), |at| start + at);
        let end = floor_boundary(text, span.end as usize).clamp(start, line_end);
        // Of a line that is wider than most terminals, what stands around the place is shown.
        const MARGIN: usize = 40;
        const WIDEST: usize = 92;
        let line = &text[line_start..line_end];
        let (cut_front, shown_start) = if line.chars().count() > WIDEST && start - line_start > MARGIN {
            (true, ceil_boundary(text, start - MARGIN))
        } else {
            (false, line_start)
        };
        let shown_end =
            text[shown_start..line_end].char_indices().nth(WIDEST).map_or(line_end, |(at, _)| shown_start + at);
        let cut_back = shown_end < line_end;
        let number = place.line.to_string();
        let gutter = " ".repeat(number.len());
        let mut out = String::new();
        let shown = text[shown_start..shown_end].replace('\t', " ");
        let lead: usize = width(&text[shown_start..start]) + if cut_front { 1 } else { 0 };
        let carets = width(&text[start..end.min(shown_end).max(start)]).max(1);
        let _ = writeln!(out, "{gutter} ┌─ {}:{}:{}", place.name, place.line, place.column);
        let _ =
            writeln!(out, "{number} │ {}{shown}{}", if cut_front { "…" } else { "" }, if cut_back { "…" } else { "" });
        let _ = writeln!(out, "{gutter} │ {}{}", " ".repeat(lead), "^".repeat(carets));
        Some(out)
    }
}

fn width(text: &str) -> usize {
    text.chars().map(|c| unicode_width::UnicodeWidthChar::width(c).unwrap_or(1)).sum()
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpt_marks_the_span() {
        let mut sources = Sources::new();
        let id = sources.add("a.scm", "(car x)\n(λ (bind s))\n");
        let text = sources.excerpt(Span::new(id, 12, 20)).unwrap();
        assert_eq!(text, "  ┌─ a.scm:2:4\n2 │ (λ (bind s))\n  │    ^^^^^^^^\n");
    }
}
