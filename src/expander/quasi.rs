//! quasiquote and quasisyntax: templates with holes.
//!
//! A template is parsed, with a stack of its own, into parts that stand behind their own parts; what has no hole in it
//! stays a constant, whole. From the parts come calls of cons and its like, or a template of `syntax` with the
//! holes' values bound to pattern variables.

use std::rc::Rc;

use super::context::ExpandContext;
use super::convert::{list_items, syntax_to_datum};
use super::env::{Binding, CoreForm, Env};
use super::expand::{Build, Expansion, Result, Task, all_parts, check_interrupt, malformed, wrong};
use super::syntax::{expose, identifier, span, wrap};
use crate::source::Span;
use crate::value::Value;

/// What marks nesting and holes in a template.
#[derive(Clone, Copy)]
struct Words {
    quasi: CoreForm,
    hole: CoreForm,
    splice: CoreForm,
}

const QUOTE: Words = Words { quasi: CoreForm::Quasiquote, hole: CoreForm::Unquote, splice: CoreForm::UnquoteSplicing };
const SYNTAX: Words =
    Words { quasi: CoreForm::Quasisyntax, hole: CoreForm::Unsyntax, splice: CoreForm::UnsyntaxSplicing };

enum Part {
    Constant(Value),
    /// An expression that gives the value.
    Hole(Value),
    /// Elements and a tail, by their numbers.
    List {
        elements: Vec<Element>,
        tail: usize,
        place: Span,
    },
    Vector {
        elements: Vec<Element>,
        place: Span,
    },
}

#[derive(Clone, Copy)]
struct Element {
    part: usize,
    /// Its value is a list, whose elements stand here.
    spliced: bool,
}

enum Work {
    Visit(Value, u32),
    Hole(Value),
    /// The last parts are the elements of this list or vector.
    List {
        whole: Value,
        spines: Vec<Value>,
        spliced: Vec<bool>,
    },
    Vector {
        whole: Value,
        spliced: Vec<bool>,
    },
}

/// A template that has more parts than this goes round in a circle, or might as well.
const MOST_PARTS: usize = 2_000_000;
/// Operands of one call: longer runs are several calls, so that no frame gets too wide.
const RUN: usize = 60;

impl Expansion {
    pub(super) fn quasiquote(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let items = all_parts(form, "(quasiquote TEMPLATE)")?;
        let [_, template] = items[..] else { return malformed(form, "(quasiquote TEMPLATE)") };
        let parts = self.parse_template(cx, form, template, env, QUOTE)?;
        let tasks = self.quasi_tasks(cx, &parts, env, span(form))?;
        self.then(tasks);
        Ok(())
    }

    /// `(with-syntax ((hole0 EXPRESSION) ((hole1 ...) EXPRESSION) ...) (syntax TEMPLATE))`
    pub(super) fn quasisyntax(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let items = all_parts(form, "(quasisyntax TEMPLATE)")?;
        let [_, template] = items[..] else { return malformed(form, "(quasisyntax TEMPLATE)") };
        let parts = self.parse_template(cx, form, template, env, SYNTAX)?;
        let place = span(form);
        let dots = self.core_identifier(cx, "...", place);
        let mut bindings = Vec::new();
        let mut values: Vec<Value> = Vec::with_capacity(parts.len());
        for part in &parts {
            let value = match part {
                Part::Constant(form) => *form,
                Part::Hole(_) => self.core_identifier(cx, &format!("hole{}", values.len()), place),
                Part::List { elements, tail, .. } => {
                    let items = hole_elements(cx, &parts, &values, elements, dots, &mut bindings);
                    cx.heap.list_with_tail(&items, values[*tail])
                }
                Part::Vector { elements, .. } => {
                    let items = hole_elements(cx, &parts, &values, elements, dots, &mut bindings);
                    cx.heap.vector(&items)
                }
            };
            values.push(value);
        }
        // Holes that are nobody's element: tails, and the whole template.
        let tails = parts.iter().filter_map(|part| if let Part::List { tail, .. } = part { Some(*tail) } else { None });
        for lone in tails.chain([parts.len() - 1]) {
            if let Part::Hole(expression) = parts[lone] {
                bindings.push(cx.heap.list(&[values[lone], expression]));
            }
        }
        let syntax = self.core_identifier(cx, "syntax", place);
        let with = self.core_identifier(cx, "with-syntax", place);
        let template = values.pop().unwrap_or(Value::NIL);
        let body = wrap(cx.heap, cx.heap.list(&[syntax, template]), place);
        let expansion = cx.heap.list(&[with, cx.heap.list(&bindings), body]);
        self.tasks.push(Task::Expr { form: wrap(cx.heap, expansion, place), env: env.clone(), name: None });
        Ok(())
    }

    // ---- parsing -------------------------------------------------------------------------------------------------

    fn parse_template(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        template: Value,
        env: &Rc<Env>,
        words: Words,
    ) -> Result<Vec<Part>> {
        let mut parts: Vec<Part> = Vec::new();
        let mut done: Vec<usize> = Vec::new();
        let mut work = vec![Work::Visit(template, 0)];
        while let Some(next) = work.pop() {
            if parts.len() + work.len() > MOST_PARTS {
                return wrong(template, form, "this template is too large, or goes round in a circle");
            }
            check_interrupt(cx, parts.len())?;
            let part = match next {
                Work::Visit(form, level) => match self.visit(cx, form, level, env, words, &mut work)? {
                    Some(part) => part,
                    None => continue,
                },
                Work::Hole(expression) => Part::Hole(expression),
                Work::List { whole, spines, spliced } => {
                    let mut tail = done.pop().unwrap_or(0);
                    let mut elements = elements(&mut done, &spliced);
                    // What is constant at the end stays what it is.
                    while matches!(parts[tail], Part::Constant(_))
                        && let Some(Element { part, .. }) = elements.last()
                        && matches!(parts[*part], Part::Constant(_))
                    {
                        elements.pop();
                        parts.push(Part::Constant(spines[elements.len()]));
                        tail = parts.len() - 1;
                    }
                    match elements.is_empty() {
                        true => Part::Constant(whole),
                        false => Part::List { elements, tail, place: span(whole) },
                    }
                }
                Work::Vector { whole, spliced } => {
                    let elements = elements(&mut done, &spliced);
                    match elements.iter().all(|element| matches!(parts[element.part], Part::Constant(_))) {
                        true => Part::Constant(whole),
                        false => Part::Vector { elements, place: span(whole) },
                    }
                }
            };
            parts.push(part);
            done.push(parts.len() - 1);
        }
        Ok(parts)
    }

    /// Looks at a template: it is a part as it is, or there is work to do first.
    fn visit(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        level: u32,
        env: &Rc<Env>,
        words: Words,
        work: &mut Vec<Work>,
    ) -> Result<Option<Part>> {
        let datum = expose(form);
        if datum.is_vector() {
            let items: Vec<Value> = datum.fields().collect();
            let mut spliced = Vec::with_capacity(items.len());
            let mut visits = Vec::with_capacity(items.len());
            for item in items {
                visits.push(self.element(cx, item, level, env, words, &mut spliced)?);
            }
            work.push(Work::Vector { whole: form, spliced });
            work.extend(visits.into_iter().rev());
            return Ok(None);
        }
        if !datum.is_pair() || identifier(form).is_some() {
            return Ok(Some(Part::Constant(form)));
        }
        let mut inner = level;
        match self.word(cx, form, env, words)? {
            Some(word) if word == words.hole && level == 0 => {
                let Some(&[_, expression]) = list_items(form).as_deref() else {
                    return malformed(form, &format!("({} EXPRESSION)", words.hole.name()));
                };
                return Ok(Some(Part::Hole(expression)));
            }
            Some(word) if word == words.splice && level == 0 => {
                return wrong(form, form, format!("{} has no list here to put elements into", words.splice.name()));
            }
            Some(word) if word == words.quasi => inner += 1,
            Some(_) => inner -= 1,
            None => {}
        }
        // Along the list, until its end or a hole in the place of the tail.
        let (mut spines, mut spliced, mut visits) = (Vec::new(), Vec::new(), Vec::new());
        let mut rest = form;
        while let Some((first, next)) = expose(rest).as_pair() {
            if identifier(rest).is_some() || !spines.is_empty() && self.word(cx, rest, env, words)?.is_some() {
                break;
            }
            if spines.len() > MOST_PARTS {
                return wrong(form, form, "this template is too large, or goes round in a circle");
            }
            check_interrupt(cx, spines.len())?;
            spines.push(rest);
            visits.push(self.element(cx, first, inner, env, words, &mut spliced)?);
            rest = next;
        }
        work.push(Work::List { whole: form, spines, spliced });
        work.push(Work::Visit(rest, inner));
        work.extend(visits.into_iter().rev());
        Ok(None)
    }

    fn element(
        &mut self,
        cx: &mut ExpandContext,
        item: Value,
        level: u32,
        env: &Rc<Env>,
        words: Words,
        spliced: &mut Vec<bool>,
    ) -> Result<Work> {
        if level == 0 && self.word(cx, item, env, words)? == Some(words.splice) {
            let Some(&[_, expression]) = list_items(item).as_deref() else {
                return malformed(item, &format!("({} EXPRESSION)", words.splice.name()));
            };
            spliced.push(true);
            return Ok(Work::Hole(expression));
        }
        spliced.push(false);
        Ok(Work::Visit(item, level))
    }

    /// Which of the words stands at the head of this form.
    fn word(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>, words: Words) -> Result<Option<CoreForm>> {
        let Some((head, _)) = expose(form).as_pair() else { return Ok(None) };
        let Some((symbol, mark)) = identifier(head) else { return Ok(None) };
        Ok(match self.resolve(cx, env, symbol, mark)? {
            Some(Binding::Core(core)) if [words.hole, words.splice, words.quasi].contains(&core) => Some(core),
            _ => None,
        })
    }

    // ---- writing calls -------------------------------------------------------------------------------------------

    fn quasi_tasks(&mut self, cx: &mut ExpandContext, parts: &[Part], env: &Rc<Env>, whole: Span) -> Result<Vec<Task>> {
        enum Write {
            Part(usize),
            Task(Task),
        }
        let mut tasks = Vec::new();
        let mut work = vec![Write::Part(parts.len() - 1)];
        while let Some(next) = work.pop() {
            check_interrupt(cx, tasks.len())?;
            let part = match next {
                Write::Task(task) => {
                    tasks.push(task);
                    continue;
                }
                Write::Part(part) => &parts[part],
            };
            // What to write, in order.
            let mut order: Vec<Write> = Vec::new();
            let call = |expansion: &mut Expansion, cx: &mut ExpandContext, name: &str, place: Span| {
                expansion.base(cx, name, place).map(Write::Task)
            };
            let close = |count: usize, place: Span| Write::Task(Task::Build(Build::Call(count), place));
            match part {
                Part::Constant(form) => tasks.push(Task::Constant(syntax_to_datum(cx.heap, *form), whole)),
                Part::Hole(form) => tasks.push(Task::Expr { form: *form, env: env.clone(), name: None }),
                Part::Vector { elements, place } => {
                    if elements.len() <= RUN && elements.iter().all(|element| !element.spliced) {
                        order.push(call(self, cx, "vector", *place)?);
                        order.extend(elements.iter().map(|element| Write::Part(element.part)));
                        order.push(close(elements.len(), *place));
                    } else {
                        order.push(call(self, cx, "list->vector", *place)?);
                        self.write_list(cx, elements, None, *place, &mut |write| {
                            order.push(match write {
                                Ok(part) => Write::Part(part),
                                Err(task) => Write::Task(task),
                            });
                        })?;
                        order.push(close(1, *place));
                    }
                }
                Part::List { elements, tail, place } => {
                    let tail = match &parts[*tail] {
                        Part::Constant(form) if expose(*form).is_null() => None,
                        _ => Some(*tail),
                    };
                    self.write_list(cx, elements, tail, *place, &mut |write| {
                        order.push(match write {
                            Ok(part) => Write::Part(part),
                            Err(task) => Write::Task(task),
                        });
                    })?;
                }
            }
            work.extend(order.into_iter().rev());
        }
        Ok(tasks)
    }

    /// The calls that make a list of these elements and a tail, which is () when there is none.
    fn write_list(
        &mut self,
        cx: &mut ExpandContext,
        elements: &[Element],
        tail: Option<usize>,
        place: Span,
        write: &mut dyn FnMut(Result<usize, Task>),
    ) -> Result<()> {
        let mut closing = Vec::new();
        let mut at = 0;
        while at < elements.len() {
            if elements[at].spliced {
                at += 1;
                if at == elements.len() && tail.is_none() {
                    // The last list of all becomes the end of the new list, as append has it.
                    write(Ok(elements[at - 1].part));
                    break;
                }
                write(Err(self.base(cx, "append", place)?));
                write(Ok(elements[at - 1].part));
                closing.push(2);
            } else {
                let run = elements[at..].iter().take(RUN).take_while(|element| !element.spliced).count();
                let is_end = at + run == elements.len() && tail.is_none();
                let name = match run {
                    _ if is_end => "list",
                    1 => "cons",
                    _ => "cons*",
                };
                write(Err(self.base(cx, name, place)?));
                for element in &elements[at..at + run] {
                    write(Ok(element.part));
                }
                closing.push(if is_end { run } else { run + 1 });
                at += run;
            }
        }
        if let Some(tail) = tail {
            write(Ok(tail));
        }
        for count in closing.into_iter().rev() {
            write(Err(Task::Build(Build::Call(count), place)));
        }
        Ok(())
    }
}

fn elements(done: &mut Vec<usize>, spliced: &[bool]) -> Vec<Element> {
    let parts = done.split_off(done.len() - spliced.len());
    parts.into_iter().zip(spliced).map(|(part, &spliced)| Element { part, spliced }).collect()
}

/// The elements of a template of `syntax`, and bindings for the holes among them.
fn hole_elements(
    cx: &ExpandContext,
    parts: &[Part],
    values: &[Value],
    elements: &[Element],
    dots: Value,
    bindings: &mut Vec<Value>,
) -> Vec<Value> {
    let mut items = Vec::with_capacity(elements.len());
    for &Element { part, spliced } in elements {
        let value = values[part];
        items.push(value);
        if spliced {
            items.push(dots);
        }
        if let Part::Hole(expression) = parts[part] {
            let pattern = if spliced { cx.heap.list(&[value, dots]) } else { value };
            bindings.push(cx.heap.list(&[pattern, expression]));
        }
    }
    items
}
