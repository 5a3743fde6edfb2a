//! Tokens to data, with a stack of open forms instead of recursion.
//!
//! A parser is fed the text from where it stopped. It takes whole tokens; where the text ends inside one, it says so and
//! expects to see that token again from its beginning, with more text behind. So a port can hand over what it has,
//! and no character after a datum's end is taken.
//!
//! ```text
//! frames: the open forms     (define x '(1 #(2 . . .
//!                            ^List      ^^    ^Vector
//! items:  their finished children, one after the other; each frame knows where its own begin
//! ```
//!
//! A closed list becomes pairs from its end to its beginning. A labelled datum gets its node when its label is met, and
//! moves into it when it is whole: references need no repair.

use rustc_hash::FxHashMap;
use std::rc::Rc;

use super::array::{Elements, Shape};
use super::curly::{self, Infix};
use super::datum::{Kind, Node, NodeId, Special, Tree, Uniform};
use super::error::{Error, ErrorKind};
use super::fold::fold_case;
use super::lexer::{Extent, Lexer, Search, Token};
use super::literal::{self, Fault};
use super::names::{inside, mark, noun, shorten};
use crate::ledger::Loan;
use crate::num::{self, Number, Real};
use crate::source::{SourceId, Span};
use crate::symbol::{Symbol, Symbols};

/// Which symbols are keywords, besides those written `#:name`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum KeywordStyle {
    #[default]
    Hash,
    /// `:name` too.
    Prefix,
    /// `name:` too.
    Postfix,
}

/// How a program wants texts to be read; see `Parser::set_reading`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Reading {
    pub keywords: KeywordStyle,
    pub fold_case: bool,
}

#[derive(Debug)]
pub enum Step {
    /// A datum is complete.
    Datum(Tree),
    /// The text ends before the datum does, or before it is clear that it ended.
    NeedMore,
    /// The text ended, and there was no further datum.
    End,
    /// There is no memory for more of the datum: this many bytes are wanted. The parser has stopped before the next token.
    NeedRoom(usize),
}

pub struct Parser {
    source: SourceId,
    /// Where in the source the parser stands.
    at: usize,
    consumed: usize,
    fold_case: bool,
    /// Whether braces mean what `#!curly-infix` says, and where the last datum in a list ended.
    curly: bool,
    neighbour: Option<u32>,
    keywords: KeywordStyle,
    /// A token that the last text cut in two.
    pending: Option<Search>,
    frames: Vec<Frame>,
    items: Vec<NodeId>,
    nodes: Vec<Node>,
    labels: Labels,
    /// How many of the open forms are quotes and their like, which make nodes when what they stand before is whole.
    prefixes: usize,
    /// What these hold, entered in the ledger.
    loan: Option<Loan>,
    /// Asked while a long number is read, which may take seconds.
    stop: Option<Rc<dyn Fn() -> bool>>,
    /// Symbols are held, not pinned.
    holds: bool,
}

/// Nobody means deeper data, and each level takes memory.
const DEEPEST: usize = 10_000_000;

struct Frame {
    form: Form,
    opener: Span,
    /// The index of its first item.
    base: usize,
}

pub(super) enum Form {
    List {
        close: Token,
        dot: Option<Dot>,
    },
    /// What the item before it is applied to; and what closes it.
    Application(Token),
    Vector,
    Bytes,
    Uniform(Uniform),
    Array(Box<Shape>),
    Prefix(Token),
    /// A `#;`, and what there was before it.
    Skip {
        nodes: usize,
        labels: usize,
        aliases: usize,
    },
    Label(u64, NodeId),
}

impl Form {
    /// What closes it, if anything does.
    fn close(&self) -> Option<Token> {
        match self {
            Form::List { close, .. } | Form::Application(close) => Some(*close),
            Form::Vector | Form::Bytes | Form::Uniform(_) | Form::Array(_) => Some(Token::Close),
            Form::Prefix(_) | Form::Skip { .. } | Form::Label(..) => None,
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Dot {
    span: Span,
    /// The number of items before it.
    before: usize,
}

#[derive(Default)]
struct Labels {
    known: FxHashMap<u64, NodeId>,
    order: Vec<u64>,
    /// Labels of what has a label already, as in `#0=#1=(x)`: the first node stands for the second.
    aliases: Vec<(NodeId, NodeId)>,
}

/// A finished datum on its way into the form around it.
#[derive(Clone, Copy)]
struct Finished {
    id: NodeId,
    span: Span,
    /// A label stands for its node already, so it cannot move.
    labelled: bool,
}

impl Parser {
    pub fn new(source: SourceId, start_offset: usize) -> Parser {
        Parser {
            source,
            at: start_offset,
            consumed: 0,
            fold_case: false,
            curly: false,
            neighbour: None,
            keywords: KeywordStyle::default(),
            pending: None,
            frames: Vec::new(),
            items: Vec::new(),
            nodes: Vec::new(),
            labels: Labels::default(),
            prefixes: 0,
            loan: None,
            stop: None,
            holds: false,
        }
    }

    /// Whether identifiers are folded from here on, as after `#!fold-case`.
    /// Gives up long work once `stop` says so: the error does not matter then.
    pub fn set_stop(&mut self, stop: Rc<dyn Fn() -> bool>) {
        self.stop = Some(stop);
    }

    /// The symbols of what is read need not stay for good: they are held, and whoever gets a tree releases them.
    pub fn set_holding(&mut self) {
        self.holds = true;
    }

    /// Releases the symbols of these nodes.
    pub fn release(nodes: &[Node], symbols: &mut Symbols) {
        for node in nodes {
            if let Kind::Symbol(symbol) | Kind::Keyword(symbol) = node.kind {
                symbols.release(symbol);
            }
        }
    }

    pub fn set_fold_case(&mut self, fold_case: bool) {
        self.fold_case = fold_case;
    }

    pub fn folds_case(&self) -> bool {
        self.fold_case
    }

    /// From the next datum on. A text's own `#!fold-case` holds in any case.
    pub fn set_reading(&mut self, reading: Reading) {
        self.keywords = reading.keywords;
        self.fold_case |= reading.fold_case;
    }

    pub fn set_keyword_style(&mut self, style: KeywordStyle) {
        self.keywords = style;
    }

    /// The offset in the source of the first byte not yet taken.
    pub fn position(&self) -> usize {
        self.at
    }

    /// How many bytes of its text the last `advance` took, whatever came of it: the next one gets the text after them.
    pub fn consumed(&self) -> usize {
        self.consumed
    }

    /// Whether a datum has been begun.
    pub fn is_inside(&self) -> bool {
        !self.frames.is_empty() || self.pending.is_some()
    }

    /// Reads on in `text`, all there is from the parser's position on; `eof` says that nothing will follow. After an
    /// error the parser is ready for a new datum, behind what was wrong.
    pub fn advance(&mut self, text: &str, eof: bool, symbols: &mut Symbols) -> Result<Step, Error> {
        self.consumed = 0;
        // A long token is not lexed anew for each piece of it.
        let mut found = None;
        // Unless the text is told from its beginning, a part at a time.
        self.pending = self.pending.filter(|search| search.seen() <= text.len());
        if let Some(search) = &mut self.pending {
            let stop = || self.stop.as_ref().is_some_and(|stop| stop());
            match search.end_in_pieces(text, &stop) {
                Ok(Some(end)) => found = search.settles().map(|token| (token, end)),
                Ok(None) if !eof => return Ok(Step::NeedMore),
                Ok(None) => {}
                Err(()) => return Ok(Step::NeedMore),
            }
        }
        self.pending = None;
        let step = self.run(text, eof, found, symbols);
        if step.is_err() {
            Parser::release(&self.nodes, symbols);
            self.reset();
        }
        self.at = self.at.saturating_add(self.consumed);
        step
    }

    /// The next datum of a whole text, of which the parser has read as far as its position.
    pub fn next_datum(&mut self, text: &str, symbols: &mut Symbols) -> Option<Result<Tree, Error>> {
        match self.advance(text.get(self.at..).unwrap_or(""), true, symbols) {
            Ok(Step::Datum(tree)) => Some(Ok(tree)),
            Ok(Step::NeedRoom(bytes)) => {
                let place = Span::new(self.source, self.at, self.at);
                self.reset();
                let message = format!("there is no memory left for this datum, which needs {bytes} bytes more");
                Some(Err(Error::invalid(place, message)))
            }
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        }
    }

    /// Gives up the datum that was begun, as the text goes on elsewhere.
    pub fn forget(&mut self, symbols: &mut Symbols) {
        Parser::release(&self.nodes, symbols);
        self.reset();
        self.pending = None;
    }

    fn reset(&mut self) {
        self.frames = Vec::new();
        self.items = Vec::new();
        self.nodes = Vec::new();
        self.labels = Labels::default();
        self.prefixes = 0;
        self.loan = None;
    }

    /// `found` is the first token and its end, where they are known.
    fn run(
        &mut self,
        text: &str,
        eof: bool,
        found: Option<(Token, usize)>,
        symbols: &mut Symbols,
    ) -> Result<Step, Error> {
        let mut lexer = Lexer::new(text, self.at == 0, eof);
        if let Some((token, end)) = found {
            lexer.begin_with(token, end);
        }
        for lexeme in lexer {
            self.consumed = lexeme.start;
            let span = self.span(lexeme.start, lexeme.end);
            match lexeme.extent {
                Extent::Whole => {}
                Extent::Open(_) if eof => {
                    self.consumed = text.len();
                    return Err(self.unclosed(lexeme.token, span, &text[lexeme.start..]));
                }
                Extent::Open(search) => {
                    self.pending = Some(search);
                    return Ok(Step::NeedMore);
                }
                Extent::Cut => {
                    // Short ones are lexed anew: not all that lengthens them is a delimiter.
                    const LONG: usize = 256;
                    let seen = lexeme.end - lexeme.start;
                    self.pending =
                        (seen > LONG || lexeme.token == Token::LineComment).then(|| Search::new(lexeme.token, seen));
                    return Ok(Step::NeedMore);
                }
            }
            if let Err(bytes) = self.make_room(lexeme.token, lexeme.end - lexeme.start, symbols) {
                return Ok(Step::NeedRoom(bytes));
            }
            self.consumed = lexeme.end;
            // A token makes few nodes, then a node for each item of what it closes, or four for each quote around it.
            if self.nodes.len() + self.items.len() + 4 * self.frames.len() > u32::MAX as usize - 8 {
                return Err(Error::invalid(span, "this datum is too large: it has 2^32 parts"));
            }
            let mut whole = &text[lexeme.start..lexeme.end];
            if self.curly {
                let mut first = Some(lexeme.token);
                while !whole.is_empty() {
                    let (token, length) = curly::piece(first.take(), whole);
                    let start = lexeme.end - whole.len();
                    self.consumed = start;
                    if let Err(bytes) = self.make_room(token, length, symbols) {
                        return Ok(Step::NeedRoom(bytes));
                    }
                    self.consumed = start + length;
                    let span = self.span(start, start + length);
                    if let Some(root) = self.take(token, &whole[..length], span, symbols)? {
                        return Ok(Step::Datum(self.finish(root)));
                    }
                    whole = &whole[length..];
                }
            } else if let Some(root) = self.take(lexeme.token, whole, span, symbols)? {
                return Ok(Step::Datum(self.finish(root)));
            }
        }
        self.consumed = text.len();
        match self.frames.last() {
            _ if !eof => Ok(Step::NeedMore),
            None => Ok(Step::End),
            Some(frame) => Err(self.unfinished(frame)),
        }
    }

    /// Answers the outermost datum if this token makes it whole.
    fn take(&mut self, token: Token, text: &str, span: Span, symbols: &mut Symbols) -> Result<Option<NodeId>, Error> {
        match self.token(token, text, span, symbols)? {
            Some(datum) => self.deliver(datum, symbols),
            None => Ok(None),
        }
    }

    /// Makes room for what a token of this length leads to: it may open a form, or be an item or a few nodes, or close a form and make
    /// a node of each item. What stands in quotes makes nodes for each of them. Else, tells how many bytes it would take.
    #[inline]
    fn make_room(&mut self, token: Token, length: usize, symbols: &Symbols) -> Result<(), usize> {
        let mut nodes = 2;
        let inside = self.items.len() - self.frames.last().map_or(0, |frame| frame.base);
        match token {
            Token::Close | Token::CloseBracket => nodes += inside + 1,
            // The list, and the application that it may be an argument in.
            Token::CloseCurly => nodes += 2 * inside + 4,
            _ => {}
        }
        nodes += 4 * self.prefixes;
        let is_ready = |loan: &mut Loan, parser: (&mut Vec<Frame>, &mut Vec<NodeId>, &mut Vec<Node>)| {
            loan.grow(parser.0, 1) && loan.grow(parser.1, 2) && loan.grow(parser.2, nodes) && loan.take(length)
        };
        let loan = self.loan.get_or_insert_with(|| Loan::new(symbols.ledger()));
        let lists = (&mut self.frames, &mut self.items, &mut self.nodes);
        if is_ready(loan, lists) { Ok(()) } else { Err(length.max(nodes * size_of::<Node>()).max(1 << 20)) }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, self.at.saturating_add(start), self.at.saturating_add(end))
    }

    /// `run` has seen to it that the number of nodes fits.
    fn node(&mut self, kind: Kind, span: Span) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node { kind, span });
        id
    }

    /// What a token does: most make a datum, or open or close a form.
    fn token(
        &mut self,
        token: Token,
        text: &str,
        span: Span,
        symbols: &mut Symbols,
    ) -> Result<Option<Finished>, Error> {
        let kind = match token {
            Token::Space | Token::LineComment | Token::BlockComment | Token::Script | Token::BangComment => {
                return Ok(None);
            }
            Token::Open => return self.open_list(Token::Close, span),
            Token::OpenBracket => return self.open_list(Token::CloseBracket, span),
            Token::OpenCurly => return self.open_list(Token::CloseCurly, span),
            Token::OpenVector => return self.open(Form::Vector, span),
            Token::OpenBytes => return self.open(Form::Bytes, span),
            Token::OpenUniform => {
                let Some(uniform) = Uniform::from_tag(&text[1..text.len() - 1]) else {
                    return Err(Error::invalid(span, format!("`{text}` begins no vector that is known")));
                };
                return self.open(Form::Uniform(uniform), span);
            }
            Token::OpenArray => {
                let shape = Shape::parse(&text[1..text.len() - 1])
                    .map_err(|why| Error::invalid(span, format!("`{text}` {why}")))?;
                return self.open(Form::Array(Box::new(shape)), span);
            }
            Token::Quote
            | Token::Quasiquote
            | Token::Unquote
            | Token::UnquoteSplicing
            | Token::Syntax
            | Token::Quasisyntax
            | Token::Unsyntax
            | Token::UnsyntaxSplicing => return self.open(Form::Prefix(token), span),
            Token::DatumComment => {
                let form = Form::Skip {
                    nodes: self.nodes.len(),
                    labels: self.labels.order.len(),
                    aliases: self.labels.aliases.len(),
                };
                return self.open(form, span);
            }
            Token::Label => return self.label(text, span),
            Token::LabelUse => return self.label_use(text, span).map(Some),
            Token::Close | Token::CloseBracket | Token::CloseCurly => {
                return self.close(token, span, symbols).map(Some);
            }
            Token::Dot => return self.dot(span).map(|()| None),
            Token::String => {
                let value = literal::string(&text[1..text.len() - 1], &self.stop())
                    .map_err(|fault| self.fault(fault, span, 1))?;
                Kind::String(value.into_boxed_str())
            }
            Token::ByteString => Kind::Bytes(
                literal::byte_string(&text[4..text.len() - 1], &self.stop())
                    .map_err(|fault| self.fault(fault, span, 4))?,
            ),
            Token::BarSymbol => Kind::Symbol(self.bar_name(text, 1, span, symbols)?),
            Token::BarKeyword => Kind::Keyword(self.bar_name(text, 3, span, symbols)?),
            Token::BraceSymbol => {
                let name = literal::brace_symbol(&text[2..text.len() - 2], &self.stop())
                    .map_err(|fault| self.fault(fault, span, 2))?;
                Kind::Symbol(self.intern(&name, symbols))
            }
            Token::Keyword if text.len() == 2 => {
                return Err(Error::invalid(span, "expected a name after `#:`"));
            }
            Token::Keyword => Kind::Keyword(self.name(&text[2..], symbols)),
            Token::Directive => match self.directive(&text[2..]) {
                Some(special) => Kind::Special(special),
                None => return Ok(None),
            },
            Token::Char | Token::DelimiterChar => match literal::character(&text[2..]) {
                Ok(c) => Kind::Char(c),
                Err(message) => return Err(Error::invalid(span, message)),
            },
            Token::Hash => literal::hash_atom(text).map_err(|message| Error::invalid(span, message))?,
            Token::LabelStub => {
                return Err(Error::invalid(
                    span,
                    format!("expected a label such as `#0=` or `#0#`, got `{}`", shorten(text)),
                ));
            }
            Token::Atom => self.atom(text, span, symbols)?,
            Token::Stray => {
                let c = text.chars().next().unwrap_or('\0');
                return Err(Error::invalid(span, format!("unexpected {}", literal::describe(c))));
            }
        };
        let id = self.node(kind, span);
        Ok(Some(Finished { id, span, labelled: false }))
    }

    fn open(&mut self, form: Form, opener: Span) -> Result<Option<Finished>, Error> {
        if self.frames.len() == DEEPEST {
            return Err(Error::invalid(
                opener,
                format!("more than {DEEPEST} forms are open here, each in the one before"),
            ));
        }
        self.prefixes += usize::from(matches!(form, Form::Prefix(_)));
        self.frames.push(Frame { form, opener, base: self.items.len() });
        Ok(None)
    }

    /// Opens a list; or, somewhere inside of braces and right behind an item, what that item is applied to.
    fn open_list(&mut self, close: Token, opener: Span) -> Result<Option<Finished>, Error> {
        let applies = self.curly
            && self.neighbour == Some(opener.start)
            && self.frames.last().is_some_and(|frame| self.items.len() > frame.base)
            && self.frames.iter().any(|frame| frame.form.close() == Some(Token::CloseCurly));
        if !applies {
            return self.open(Form::List { close, dot: None }, opener);
        }
        self.open(Form::Application(close), opener)?;
        self.frames.last_mut().expect("it was opened just now").base -= 1;
        Ok(None)
    }

    fn fault(&self, fault: Fault, span: Span, lead: u32) -> Error {
        let place = |at: usize| (span.start.saturating_add(lead)).saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        let at = Span { source: span.source, start: place(fault.range.start), end: place(fault.range.end) };
        Error::invalid(at, fault.message)
    }

    fn bar_name(&self, text: &str, lead: usize, span: Span, symbols: &mut Symbols) -> Result<Symbol, Error> {
        let body = &text[lead..text.len() - 1];
        let name = literal::string(body, &self.stop()).map_err(|fault| self.fault(fault, span, lead as u32))?;
        Ok(self.intern(&name, symbols))
    }

    /// Asks whether to give up.
    fn stop(&self) -> impl Fn() -> bool {
        || self.stop.as_ref().is_some_and(|stop| stop())
    }

    fn name(&self, text: &str, symbols: &mut Symbols) -> Symbol {
        if self.fold_case { self.intern(&fold_case(text), symbols) } else { self.intern(text, symbols) }
    }

    fn intern(&self, name: &str, symbols: &mut Symbols) -> Symbol {
        if self.holds { symbols.hold(name) } else { symbols.intern(name) }
    }

    fn atom(&self, text: &str, span: Span, symbols: &mut Symbols) -> Result<Kind, Error> {
        if literal::may_be_number(text) {
            let stop = self.stop();
            match num::parse_checked(text, 10, &num::Stop(&stop)) {
                Ok(Some(number)) => return Ok(Kind::Number(number)),
                Ok(None) => {}
                Err(error) => return Err(Error::invalid(span, format!("{error}: `{}`", shorten(text)))),
            }
        }
        let keyword = match self.keywords {
            KeywordStyle::Hash => None,
            KeywordStyle::Prefix => text.strip_prefix(':'),
            KeywordStyle::Postfix => text.strip_suffix(':'),
        };
        Ok(match keyword {
            Some(name) if !name.is_empty() => Kind::Keyword(self.name(name, symbols)),
            _ => Kind::Symbol(self.name(text, symbols)),
        })
    }

    fn directive(&mut self, word: &str) -> Option<Special> {
        match word {
            "fold-case" => self.fold_case = true,
            "no-fold-case" => self.fold_case = false,
            "curly-infix" | "curly-infix-and-bracket-lists" => self.curly = true,
            _ => return special(word),
        }
        None
    }

    fn dot(&mut self, span: Span) -> Result<(), Error> {
        let items = self.items.len();
        let Some(frame) = self.frames.last_mut() else {
            return Err(Error::invalid(span, "unexpected dot outside of a list"));
        };
        match &mut frame.form {
            Form::List { dot: Some(first), .. } => {
                let first = first.span;
                Err(Error::invalid(span, "expected one dot in a list, got another")
                    .with_note(first, "the first is here"))
            }
            Form::List { .. } if items == frame.base => {
                Err(Error::invalid(span, "expected a datum before the dot")
                    .with_note(frame.opener, "the list begins here"))
            }
            Form::List { dot, .. } => {
                *dot = Some(Dot { span, before: items });
                Ok(())
            }
            form => {
                let message = format!("expected a datum{}, got a dot", inside(form));
                Err(Error::invalid(span, message).with_note(frame.opener, "it begins here"))
            }
        }
    }

    fn close(&mut self, token: Token, span: Span, symbols: &mut Symbols) -> Result<Finished, Error> {
        let got = mark(token);
        let Some(frame) = self.frames.pop() else {
            let error = Error::invalid(span, format!("unexpected `{got}`: nothing is open here"));
            return Err(Error { kind: ErrorKind::UnexpectedClose, ..error });
        };
        if let Some(expected) = frame.form.close()
            && expected != token
        {
            let message = format!("expected `{}`, got `{got}`", mark(expected));
            return Err(Error::invalid(span, message).with_note(frame.opener, "this is what it should close"));
        }
        let whole = Span { end: span.end, ..frame.opener };
        let id = match frame.form {
            Form::List { dot: Some(dot), .. } if self.items.len() == dot.before => {
                let message = format!("expected a datum after the dot, got `{got}`");
                return Err(Error::invalid(span, message).with_note(dot.span, "the dot is here"));
            }
            Form::List { close: Token::CloseCurly, dot } => {
                let (id, labelled) = self.infix(frame.base, dot.is_some(), whole, span, symbols);
                return Ok(Finished { id, span: whole, labelled });
            }
            Form::List { dot, .. } => self.list(frame.base, dot.is_some(), whole, span),
            Form::Application(close) => {
                match close {
                    Token::CloseBracket => {
                        let word = self.node(Kind::Symbol(symbols.intern("$bracket-apply$")), frame.opener);
                        self.items.insert(frame.base, word);
                    }
                    Token::CloseCurly if self.items.len() > frame.base + 1 => {
                        let (argument, _) = self.infix(frame.base + 1, false, whole, span, symbols);
                        self.items.push(argument);
                    }
                    _ => {}
                }
                self.list(frame.base, false, whole, span)
            }
            Form::Vector => {
                let items = self.items.drain(frame.base..).collect();
                self.node(Kind::Vector(items), whole)
            }
            Form::Bytes => {
                let bytes = self.items[frame.base..].iter().map(|&id| self.octet(id)).collect::<Result<_, _>>()?;
                self.items.truncate(frame.base);
                self.node(Kind::Bytes(bytes), whole)
            }
            Form::Uniform(uniform) => {
                let items: Box<[NodeId]> = self.items.drain(frame.base..).collect();
                self.fitting(uniform, &items)?;
                self.node(Kind::UniformVector(uniform, items), whole)
            }
            Form::Array(shape) => {
                let items = self.items.drain(frame.base..).collect();
                self.array(*shape, items, whole)?
            }
            Form::Prefix(_) | Form::Skip { .. } | Form::Label(..) => {
                let message = format!("expected a datum{}, got `{got}`", inside(&frame.form));
                return Err(Error::invalid(span, message).with_note(frame.opener, "it begins here"));
            }
        };
        Ok(Finished { id, span: whole, labelled: false })
    }

    /// What the items from `base` on stand for between braces, and whether that was there before.
    fn infix(&mut self, base: usize, dotted: bool, whole: Span, close: Span, symbols: &mut Symbols) -> (NodeId, bool) {
        let name = |id: &NodeId| match self.nodes[id.0 as usize].kind {
            Kind::Symbol(symbol) => Some(symbol),
            _ => None,
        };
        let names: Vec<_> = self.items[base..].iter().map(name).collect();
        match curly::infix(&names, dotted) {
            Infix::Itself if !names.is_empty() => {
                let item = self.items.pop().expect("there is one");
                return (item, true);
            }
            Infix::Itself | Infix::Prefix => {}
            Infix::Operation => {
                let items = self.items.split_off(base);
                self.items.push(items[1]);
                self.items.extend(items.iter().step_by(2));
            }
            Infix::Mixed => {
                let word = self.node(Kind::Symbol(symbols.intern("$nfx$")), Span { end: whole.start + 1, ..whole });
                self.items.insert(base, word);
            }
        }
        (self.list(base, dotted, whole, close), false)
    }

    /// The pairs of the items from `base` on, from the last to the first.
    fn list(&mut self, base: usize, dotted: bool, whole: Span, close: Span) -> NodeId {
        if self.items.len() == base {
            return self.node(Kind::Nil, whole);
        }
        let mut list = match if dotted { self.items.pop() } else { None } {
            Some(tail) => tail,
            None => self.node(Kind::Nil, close),
        };
        for at in (base..self.items.len()).rev() {
            let item = self.items[at];
            // What a label stands for may have been read before the list.
            let start = if at == base { 0 } else { self.nodes[item.0 as usize].span.start };
            let start = start.max(whole.start);
            list = self.node(Kind::Pair(item, list), Span { start, ..whole });
        }
        self.items.truncate(base);
        list
    }

    fn number(&self, id: NodeId, tag: &str) -> Result<&Number, Error> {
        match &self.nodes[id.0 as usize] {
            Node { kind: Kind::Number(number), .. } => Ok(number),
            node => {
                Err(Error::invalid(node.span, format!("expected a number in `#{tag}(…)`, got {}", noun(&node.kind))))
            }
        }
    }

    /// The array of these items; one of one dimension from 0 on is a vector or the like.
    fn array(&mut self, shape: Shape, items: Vec<NodeId>, whole: Span) -> Result<NodeId, Error> {
        let (bounds, items) = shape.lay_out(items, &self.nodes).map_err(|message| Error::invalid(whole, message))?;
        let other = |parser: &Parser, id: &NodeId, expected| {
            let node = &parser.nodes[id.0 as usize];
            Error::invalid(node.span, format!("expected {expected} in the array, got {}", noun(&node.kind)))
        };
        let root = match shape.elements {
            Elements::Any => Kind::Vector(items.into_boxed_slice()),
            Elements::Bytes => Kind::Bytes(items.iter().map(|&id| self.octet(id)).collect::<Result<_, _>>()?),
            Elements::Numbers(uniform) => {
                self.fitting(uniform, &items)?;
                Kind::UniformVector(uniform, items.into_boxed_slice())
            }
            Elements::Chars => {
                let char = |id: &NodeId| match self.nodes[id.0 as usize].kind {
                    Kind::Char(c) => Ok(c),
                    _ => Err(other(self, id, "a character")),
                };
                Kind::String(items.iter().map(char).collect::<Result<String, _>>()?.into_boxed_str())
            }
            Elements::Bits => {
                let bit = |id: &NodeId| match self.nodes[id.0 as usize].kind {
                    Kind::Bool(bit) => Ok(bit),
                    _ => Err(other(self, id, "#t or #f")),
                };
                Kind::Bitvector(items.iter().map(bit).collect::<Result<_, _>>()?)
            }
        };
        let root = self.node(root, whole);
        Ok(if matches!(*bounds, [(0, _)]) { root } else { self.node(Kind::Array(bounds, root), whole) })
    }

    /// Sees to it that all items are numbers that fit into a vector of that type.
    fn fitting(&self, uniform: Uniform, items: &[NodeId]) -> Result<(), Error> {
        for &id in items {
            let number = self.number(id, uniform.tag())?;
            if !uniform.encode(number, &mut Vec::new()) {
                let message = format!("this number does not fit into a vector of {}", uniform.tag());
                return Err(Error::invalid(self.nodes[id.0 as usize].span, message));
            }
        }
        Ok(())
    }

    fn octet(&self, id: NodeId) -> Result<u8, Error> {
        let number = self.number(id, "u8")?;
        let byte = match number {
            Number::Real(Real::Int(n)) => n.to_i64().and_then(|n| u8::try_from(n).ok()),
            _ => None,
        };
        byte.ok_or_else(|| {
            let span = self.nodes[id.0 as usize].span;
            Error::invalid(span, "expected a byte (an exact integer from 0 to 255) in `#u8(…)`")
        })
    }

    /// Puts a finished datum into the form around it, and that into the next one if it was all it waited for. Answers
    /// the outermost datum once that is whole.
    fn deliver(&mut self, mut datum: Finished, symbols: &mut Symbols) -> Result<Option<NodeId>, Error> {
        loop {
            let Some(frame) = self.frames.last() else { return Ok(Some(datum.id)) };
            let opener = frame.opener;
            match frame.form {
                Form::List { close, dot: Some(dot) } if self.items.len() > dot.before => {
                    let message = format!("expected `{}` after the datum that follows the dot", mark(close));
                    return Err(Error::invalid(datum.span, message).with_note(dot.span, "the dot is here"));
                }
                Form::List { .. }
                | Form::Application(_)
                | Form::Vector
                | Form::Bytes
                | Form::Uniform(_)
                | Form::Array(_) => {
                    self.items.push(datum.id);
                    self.neighbour = Some(datum.span.end);
                    return Ok(None);
                }
                Form::Prefix(token) => {
                    self.prefixes -= 1;
                    let name = self.node(Kind::Symbol(symbols.intern(prefix_name(token))), opener);
                    let end = self.node(Kind::Nil, Span { start: datum.span.end, ..datum.span });
                    let rest = self.node(Kind::Pair(datum.id, end), datum.span);
                    let span = Span { end: datum.span.end, ..opener };
                    let id = self.node(Kind::Pair(name, rest), span);
                    datum = Finished { id, span, labelled: false };
                }
                Form::Skip { nodes, labels, aliases } => {
                    self.frames.pop();
                    // The labels set in what is skipped are skipped with it, so nothing names its nodes any more.
                    for label in self.labels.order.drain(labels..) {
                        self.labels.known.remove(&label);
                    }
                    self.labels.aliases.truncate(aliases);
                    Parser::release(&self.nodes[nodes..], symbols);
                    self.nodes.truncate(nodes);
                    return Ok(None);
                }
                Form::Label(label, own) => {
                    let span = Span { end: datum.span.end, ..opener };
                    if datum.id == own {
                        return Err(Error::invalid(span, format!("the label #{label}= stands for nothing but itself")));
                    }
                    if datum.labelled {
                        self.labels.aliases.push((own, datum.id));
                        self.labels.known.insert(label, datum.id);
                    } else {
                        // Nobody knows the number of a datum that has just been finished, so it may move.
                        let blank = Node { kind: Kind::Nil, span };
                        self.nodes[own.0 as usize] = std::mem::replace(&mut self.nodes[datum.id.0 as usize], blank);
                        datum = Finished { id: own, span: datum.span, labelled: true };
                    }
                }
            }
            self.frames.pop();
        }
    }

    fn label(&mut self, text: &str, span: Span) -> Result<Option<Finished>, Error> {
        let label = label_number(text, span)?;
        if self.labels.known.contains_key(&label) {
            return Err(Error::invalid(span, format!("the label #{label}= is set twice in this datum")));
        }
        let node = self.node(Kind::Nil, span);
        self.labels.known.insert(label, node);
        self.labels.order.push(label);
        self.open(Form::Label(label, node), span)
    }

    fn label_use(&mut self, text: &str, span: Span) -> Result<Finished, Error> {
        let label = label_number(text, span)?;
        match self.labels.known.get(&label) {
            Some(&id) => Ok(Finished { id, span, labelled: true }),
            None => Err(Error::invalid(span, format!("there is no label #{label}= before this in the datum"))),
        }
    }

    fn finish(&mut self, root: NodeId) -> Tree {
        // A datum of common size gets just the room it needs, and the parser keeps its own for the next one.
        const COMMON: usize = 4096;
        let common = self.nodes.len() <= COMMON;
        let mut nodes = if common { self.nodes.drain(..).collect() } else { std::mem::take(&mut self.nodes) };
        let labels = std::mem::take(&mut self.labels);
        let loan = self.loan.take().filter(|_| !common);
        if self.frames.capacity().max(self.items.capacity()) > COMMON {
            self.frames = Vec::new();
            self.items = Vec::new();
        }
        if !labels.aliases.is_empty() {
            let aliases: FxHashMap<NodeId, NodeId> = labels.aliases.into_iter().collect();
            let rename = |id: &mut NodeId| {
                if let Some(&other) = aliases.get(id) {
                    *id = other;
                }
            };
            for node in &mut nodes {
                match &mut node.kind {
                    Kind::Pair(car, cdr) => {
                        rename(car);
                        rename(cdr);
                    }
                    Kind::Vector(items) => items.iter_mut().for_each(rename),
                    _ => {}
                }
            }
        }
        Tree { nodes, root, loan: loan.map(Rc::new) }
    }

    /// The text ended inside of a token.
    fn unclosed(&self, token: Token, span: Span, text: &str) -> Error {
        let (what, close, opener) = match token {
            Token::String => ("string", "\"", 1),
            Token::ByteString => ("byte string", "\"", 4),
            Token::BarSymbol => ("symbol", "|", 1),
            Token::BarKeyword => ("keyword", "|", 3),
            Token::BraceSymbol => ("symbol", "}#", 2),
            Token::BlockComment => ("comment", "|#", 2),
            _ => ("comment", "!#", 2),
        };
        let opener = Span { end: span.start.saturating_add(opener), ..span };
        let depth = self.frames.len() + 1;
        let mut error = self.unterminated(opener, depth, format!("this {what} is never closed: expected `{close}`"));
        let word = text.trim_start_matches("#!").split(char::is_whitespace).next().unwrap_or("");
        if token == Token::BangComment && word.starts_with(char::is_alphabetic) {
            error.note = Some((opener, format!("`#!{}` is no directive, so it begins a comment", shorten(word))));
        }
        error
    }

    /// The text ended inside of a form.
    fn unfinished(&self, frame: &Frame) -> Error {
        let what = match frame.form {
            Form::List { .. } | Form::Application(_) => "list",
            Form::Bytes => "bytevector",
            _ => "vector",
        };
        let message = match frame.form.close() {
            Some(close) => format!("this {what} is never closed: expected `{}`", mark(close)),
            None => format!("expected a datum{}, but the text ends", inside(&frame.form)),
        };
        self.unterminated(frame.opener, self.frames.len(), message)
    }

    fn unterminated(&self, opened: Span, depth: usize, message: String) -> Error {
        let kind = ErrorKind::Unterminated { opened, depth };
        let error = Error { kind, ..Error::invalid(opened, message) };
        match self.frames.first() {
            Some(first) if first.opener != opened => {
                error.with_note(first.opener, "the outermost open form begins here")
            }
            _ => error,
        }
    }
}

/// All data of a whole text.
pub fn read_all(text: &str, source: SourceId, symbols: &mut Symbols) -> Result<Vec<Tree>, Error> {
    let mut parser = Parser::new(source, 0);
    std::iter::from_fn(|| parser.next_datum(text, symbols)).collect()
}

fn special(word: &str) -> Option<Special> {
    Some(match word {
        "eof" => Special::Eof,
        "default" => Special::Default,
        "unspecific" | "unspecified" => Special::Unspecified,
        "optional" => Special::Optional,
        "rest" => Special::Rest,
        "key" => Special::Key,
        _ => return None,
    })
}

fn label_number(text: &str, span: Span) -> Result<u64, Error> {
    text[1..text.len() - 1].parse().map_err(|_| Error::invalid(span, "this label number is too large"))
}

fn prefix_name(token: Token) -> &'static str {
    match token {
        Token::Quasiquote => "quasiquote",
        Token::Unquote => "unquote",
        Token::UnquoteSplicing => "unquote-splicing",
        Token::Syntax => "syntax",
        Token::Quasisyntax => "quasisyntax",
        Token::Unsyntax => "unsyntax",
        Token::UnsyntaxSplicing => "unsyntax-splicing",
        _ => "quote",
    }
}
