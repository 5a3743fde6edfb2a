//! Templates of `syntax-rules` and `syntax`: compiled once, then filled in with what a pattern matched.
//!
//! A variable of depth d under e ellipses (d <= e) follows the innermost d of them; the others repeat it. So each
//! occurrence has a *register*, which begins with the variable's value; every ellipsis that the occurrence follows puts the
//! elements of the list in the register there, one after the other. Occurrences that follow the same ellipses share one.

use super::context::{ExpandContext, Kept};
use super::env::{Env, Key, MarkId, Use};
use super::pattern::{DEEPEST, Ellipsis};
use super::syntax::{SyntaxError, expose, identifier, list_parts, make_identifier, span, wrap};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::Value;
use crate::value::stop::{STRIDE, Stop};

/// What an item of a list takes.
const PAIR_BYTES: usize = 16;

pub struct Template {
    body: Part,
    registers: Vec<Register>,
}

struct Register {
    /// Which of the values it begins with.
    slot: u32,
    /// The number of the innermost ellipsis that it follows; nothing for a variable of depth 0.
    innermost: Option<u32>,
    name: Symbol,
}

enum Part {
    /// The value in a register.
    Var(u32),
    /// An identifier that the template itself brings.
    Inserted(Symbol, MarkId, Span),
    /// Index into the constants.
    Datum(u32),
    List(Box<ListPart>),
    Vector(Box<ListPart>),
}

struct ListPart {
    elements: Vec<Element>,
    tail: Part,
    span: Span,
}

/// A part and the ellipses behind it, outermost first: for each the registers that follow it.
struct Element {
    part: Part,
    levels: Vec<Vec<u32>>,
    span: Span,
}

/// An ellipsis around the part being compiled.
struct Level {
    number: u32,
    registers: Vec<u32>,
}

pub struct TemplateCompiler<'c, 'x> {
    cx: &'c ExpandContext<'x>,
    env: &'c Env,
    ellipsis: Ellipsis,
    constants: &'c mut Vec<Value>,
    /// The slot and depth of an identifier that is a pattern variable.
    lookup: &'c mut dyn FnMut(Key) -> Option<(u32, u32)>,
    registers: Vec<Register>,
    levels: Vec<Level>,
    /// Ellipses seen so far.
    ellipses: u32,
}

impl<'c, 'x> TemplateCompiler<'c, 'x> {
    pub fn compile(
        cx: &'c ExpandContext<'x>,
        env: &'c Env,
        ellipsis: Ellipsis,
        constants: &'c mut Vec<Value>,
        lookup: &'c mut dyn FnMut(Key) -> Option<(u32, u32)>,
        template: Value,
    ) -> Result<Template, SyntaxError> {
        let (registers, levels) = (Vec::new(), Vec::new());
        let mut compiler = TemplateCompiler { cx, env, ellipsis, constants, lookup, registers, levels, ellipses: 0 };
        let body = compiler.part(template, 0)?;
        Ok(Template { body, registers: compiler.registers })
    }

    fn part(&mut self, v: Value, nesting: usize) -> Result<Part, SyntaxError> {
        if nesting > DEEPEST {
            return Err(SyntaxError::new(format!("this template is nested more than {DEEPEST} deep"), v));
        }
        if let Some(key) = identifier(v) {
            return self.name(v, key);
        }
        let datum = expose(v);
        if datum.is_pair() {
            let (items, tail) = list_parts(v).ok_or_else(|| SyntaxError::new("this template is circular", v))?;
            if self.is_ellipsis(items[0]) {
                return self.escaped(v, &items, tail, nesting);
            }
            Ok(Part::List(Box::new(self.list(&items, tail, span(v), nesting)?)))
        } else if datum.is_vector() {
            let items: Vec<Value> = datum.fields().collect();
            Ok(Part::Vector(Box::new(self.list(&items, Value::NIL, span(v), nesting)?)))
        } else {
            self.constants.push(datum);
            Ok(Part::Datum(self.constants.len() as u32 - 1))
        }
    }

    fn is_ellipsis(&self, v: Value) -> bool {
        self.ellipsis.is(self.cx, self.env, v)
    }

    /// `(... template)`: in there, ellipses are but identifiers.
    fn escaped(&mut self, v: Value, items: &[Value], tail: Value, nesting: usize) -> Result<Part, SyntaxError> {
        let &[_, template] = items else {
            let message = "an ellipsis at the beginning of a template escapes the one template behind it";
            return Err(SyntaxError::new(message, items[0]).or_at(span(v)));
        };
        if !tail.is_null() {
            return Err(SyntaxError::new("this template should be a proper list", v));
        }
        let ellipsis = std::mem::replace(&mut self.ellipsis, Ellipsis::None);
        let part = self.part(template, nesting + 1);
        self.ellipsis = ellipsis;
        part
    }

    fn name(&mut self, v: Value, key: Key) -> Result<Part, SyntaxError> {
        let (symbol, mark) = key;
        let Some((slot, depth)) = (self.lookup)(key) else {
            if self.is_ellipsis(v) {
                let name = self.cx.symbols.name(symbol);
                let message = format!("`{name}` stands where no template is before it to repeat");
                return Err(SyntaxError::new(message, v));
            }
            return Ok(Part::Inserted(symbol, mark, span(v)));
        };
        let Some(outer) = self.levels.len().checked_sub(depth as usize) else {
            let (name, all) = (self.cx.symbols.name(symbol), self.levels.len());
            let message = format!("{name} is followed by {} in the pattern, here by {all} only", ellipses(depth));
            return Err(SyntaxError::new(message, v));
        };
        let followed = &mut self.levels[outer..];
        let innermost = followed.last().map(|level| level.number);
        let known = self.registers.iter().position(|register| register.slot == slot && register.innermost == innermost);
        let register = known.unwrap_or(self.registers.len());
        if known.is_none() {
            self.registers.push(Register { slot, innermost, name: symbol });
            followed.iter_mut().for_each(|level| level.registers.push(register as u32));
        }
        Ok(Part::Var(register as u32))
    }

    fn list(&mut self, items: &[Value], tail: Value, span_: Span, nesting: usize) -> Result<ListPart, SyntaxError> {
        let mut elements = Vec::with_capacity(items.len());
        let mut at = 0;
        while let Some(&item) = items.get(at) {
            at += 1;
            let dots = items[at..].iter().take_while(|&&next| self.is_ellipsis(next)).count();
            if self.levels.len() + dots > DEEPEST {
                return Err(SyntaxError::new(format!("there are more than {DEEPEST} ellipses around this"), item));
            }
            for _ in 0..dots {
                self.levels.push(Level { number: self.ellipses, registers: Vec::new() });
                self.ellipses += 1;
            }
            let part = self.part(item, nesting + 1)?;
            let levels = self.levels.split_off(self.levels.len() - dots);
            if levels.iter().any(|level| level.registers.is_empty()) {
                let message = "no pattern variable before this ellipsis says how often to repeat";
                return Err(SyntaxError::new(message, items[at]).or_at(span(item)));
            }
            let levels = levels.into_iter().map(|level| level.registers).collect();
            elements.push(Element { part, levels, span: span(item) });
            at += dots;
        }
        let tail = self.part(tail, nesting + 1)?;
        Ok(ListPart { elements, tail, span: span_ })
    }
}

fn ellipses(count: u32) -> String {
    if count == 1 { "1 ellipsis".to_string() } else { format!("{count} ellipses") }
}

/// Fills in templates for one use of a macro.
pub struct Instance<'c, 'x> {
    cx: &'c mut ExpandContext<'x>,
    template: &'c Template,
    constants: &'c Kept,
    /// Without it inserted identifiers stay as they are.
    place: Option<Use<'c>>,
    registers: Vec<Value>,
    shape: Shape,
}

/// What the template makes of these values of the pattern's variables.
/// What lists and vectors made by a template are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Syntax objects that know the place of their template: for what goes back into the expander.
    Placed,
    /// Plain pairs and vectors, which procedural macros take apart with car and cdr.
    Plain,
}

pub fn instantiate(
    cx: &mut ExpandContext,
    template: &Template,
    constants: &Kept,
    values: &[Value],
    place: Option<Use<'_>>,
    shape: Shape,
) -> Result<Value, SyntaxError> {
    let start = |register: &Register| values.get(register.slot as usize).copied().unwrap_or(Value::NIL);
    let registers = template.registers.iter().map(start).collect();
    Instance { cx, template, constants, place, registers, shape }.part(&template.body)
}

impl Instance<'_, '_> {
    fn part(&mut self, part: &Part) -> Result<Value, SyntaxError> {
        match part {
            Part::Var(register) => Ok(self.registers[*register as usize]),
            Part::Datum(index) => Ok(self.constants.get(*index as usize)),
            Part::Inserted(symbol, mark, span) => {
                let mark = match self.place {
                    Some(place) => self.cx.state.marks.inserted(place, *symbol, *mark),
                    None => *mark,
                };
                Ok(make_identifier(self.cx.heap, *symbol, mark, *span))
            }
            Part::List(list) => {
                let mut items = Vec::with_capacity(list.elements.len());
                let (last, others) = match list.elements.split_last() {
                    Some((last, others)) if matches!(list.tail, Part::Datum(_)) => (Some(last), others),
                    _ => (None, &list.elements[..]),
                };
                for element in others {
                    self.element(element, &mut items)?;
                }
                // `x ...` at the end is the very list that was matched.
                let shared = last.and_then(|last| self.spliced(last)).filter(|_| self.is_null(&list.tail));
                if shared.is_none()
                    && let Some(last) = last
                {
                    self.element(last, &mut items)?;
                }
                let tail = match shared {
                    Some(list) => list,
                    None => self.part(&list.tail)?,
                };
                let whole = self.cx.heap.list_with_tail(&items, tail);
                Ok(match self.shape {
                    Shape::Placed if whole.is_pair() => wrap(self.cx.heap, whole, list.span),
                    _ => whole,
                })
            }
            Part::Vector(list) => {
                let mut items = Vec::with_capacity(list.elements.len());
                for element in &list.elements {
                    self.element(element, &mut items)?;
                }
                let vector = self.cx.heap.vector(&items);
                Ok(match self.shape {
                    Shape::Placed => wrap(self.cx.heap, vector, list.span),
                    Shape::Plain => vector,
                })
            }
        }
    }

    fn is_null(&self, part: &Part) -> bool {
        matches!(part, Part::Datum(index) if self.constants.get(*index as usize).is_null())
    }

    /// The list that `x ...` stands for.
    fn spliced(&self, element: &Element) -> Option<Value> {
        match (&element.part, &element.levels[..]) {
            (Part::Var(register), [_]) => Some(self.registers[*register as usize]),
            _ => None,
        }
    }

    fn element(&mut self, element: &Element, items: &mut Vec<Value>) -> Result<(), SyntaxError> {
        match self.spliced(element) {
            Some(mut list) => {
                while let Some((car, cdr)) = list.as_pair() {
                    items.push(car);
                    list = cdr;
                    self.look(items)?;
                }
                Ok(())
            }
            None => self.level(element, 0, items),
        }
    }

    /// Gives up a list of these items when the program is interrupted, or there is no memory for it.
    #[inline]
    fn look(&self, items: &[Value]) -> Result<(), SyntaxError> {
        if !items.len().is_multiple_of(STRIDE) {
            return Ok(());
        }
        match self.cx.heap.go_on(items.len() * PAIR_BYTES) {
            Ok(()) => Ok(()),
            Err(Stop::Interrupted) => Err(SyntaxError::new("interrupted", Value::FALSE)),
            Err(Stop::Memory(_)) => {
                let message = "there is no memory left for what this macro expands into";
                Err(SyntaxError::new(message, Value::FALSE))
            }
        }
    }

    /// Repeats an element for its ellipsis number `level` and all further in.
    fn level(&mut self, element: &Element, level: usize, items: &mut Vec<Value>) -> Result<(), SyntaxError> {
        let Some(followers) = element.levels.get(level) else {
            items.push(self.part(&element.part)?);
            return Ok(());
        };
        let mut lists: Vec<Value> = followers.iter().map(|&register| self.registers[register as usize]).collect();
        let starts = lists.clone();
        while lists.iter().all(|list| list.is_pair()) {
            for (list, &register) in lists.iter_mut().zip(followers) {
                let (car, cdr) = list.as_pair().expect("tested just now");
                self.registers[register as usize] = car;
                *list = cdr;
            }
            self.level(element, level + 1, items)?;
            self.look(items)?;
        }
        for (&list, &register) in starts.iter().zip(followers) {
            self.registers[register as usize] = list;
        }
        match lists.iter().position(|list| list.is_pair()) {
            Some(longer) => {
                let shorter = lists.iter().position(|list| !list.is_pair()).unwrap_or(longer);
                let name = |at: usize| {
                    let register = &self.template.registers[followers[at] as usize];
                    self.cx.symbols.name(register.name)
                };
                let message = format!(
                    "{} and {} matched different numbers of forms under one ellipsis",
                    name(shorter),
                    name(longer)
                );
                Err(SyntaxError { span: element.span, ..SyntaxError::new(message, starts[longer]) })
            }
            None => Ok(()),
        }
    }
}
