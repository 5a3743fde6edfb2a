//! What is known about a name: its signature and its text, from wherever it is defined.
//!
//! Builtins carry both in their rows, procedures written in Scheme in their code or, as long as nobody has used them, in the
//! source of the base; forms of the language and constants of the system have theirs in stdlib/docs, a table for each.

use crate::builtins;
use crate::cli::layout::layout;
use crate::cli::words::Word;
use crate::engine::advice::{closure_parameters, parameters, row_of, row_parameters, usage};
use crate::expander::env::{Binding, Scopes};
use crate::expander::library::USER;
use crate::expander::shared::Meaning;
use crate::net::{errno, resolve};
use crate::reader::{Class, Completeness, is_complete, tokens};
use crate::symbol::Symbol;
use crate::trace::table::{CONSTANTS, ERRORS, FORMS, NAMES, entry};
use crate::value::Value;
use crate::value::heap::cell;
use crate::vm::builtin::Row;
use crate::vm::cx::Cx;

#[derive(Default)]
pub struct Doc {
    /// `(accept sock [flags])`, or just the name; forms may have several.
    pub usage: Vec<String>,
    /// What it is: "procedure", "syntax", "constant 2".
    pub sort: String,
    /// What each parameter should be, where that is known.
    pub parameters: Vec<(String, String)>,
    pub text: String,
    /// The failures of the system that say more about this call: their names.
    pub errors: Vec<String>,
    /// What it is about: the name of the table or file it stands in.
    pub subject: String,
}

/// All that is known about a name as programs see it.
pub fn find(cx: &mut Cx, name: &str) -> Option<Doc> {
    let symbol = cx.symbols.intern(name);
    match cx.expander.modules.lookup(USER, symbol) {
        Some(binding) => of_binding(cx, name, binding),
        None => entry(ERRORS, name).map(|text| of_entry(name, "error number", text)),
    }
}

/// All that is known about what a name is bound to.
pub fn of_binding(cx: &mut Cx, name: &str, binding: Binding) -> Option<Doc> {
    let own = bound(cx, name, binding)?;
    if !own.text.is_empty() {
        return Some(own);
    }
    let text = match entry(NAMES, name).or_else(|| entry(CONSTANTS, name)) {
        Some(text) => return Some(Doc { subject: own.subject, ..of_entry(name, &own.sort, text) }),
        None => generic(name),
    };
    Some(Doc { text, ..own })
}

/// What a name says by itself, where names are made by a rule.
fn generic(name: &str) -> String {
    if let Some(number) = errno::number(name) {
        return format!("{}.", errno::text(number));
    }
    if let Some(kind) = name.strip_prefix('&') {
        return format!(
            "A type of conditions: {}. The conditions of a type are of its parent's type, too.",
            kind.replace('-', " ")
        );
    }
    match name.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        Some(class) => format!(
            "The class of all that is a {}; `is-a?` asks, and methods take it for a parameter.",
            class.replace('-', " ")
        ),
        None => String::new(),
    }
}

fn bound(cx: &mut Cx, name: &str, binding: Binding) -> Option<Doc> {
    match binding {
        Binding::Lazy(index) if cx.expander.modules.builtin(index).is_some() => {
            let cell = cx.expander.modules.lazy_cell(&cx.heap, index)?;
            Some(of_value(cx, name, cell::value(cell)))
        }
        Binding::Lazy(index) => {
            let source = lazy_text(cx, index);
            let parameters = signature(&source);
            let (sort, usage) = match &parameters {
                Some(parameters) => ("procedure", usage(name, parameters)),
                None if source.starts_with("(define-syntax") => ("syntax", name.to_string()),
                None => ("variable", name.to_string()),
            };
            if sort == "syntax"
                && let Some(text) = entry(FORMS, name)
            {
                return Some(of_entry(name, sort, text));
            }
            let mut doc = of_text(usage, sort, documentation_in(&source).unwrap_or_default());
            doc.subject = cx.sources.name(cx.expander.modules.lazy_place(index).2.source).to_string();
            Some(doc)
        }
        Binding::Core(_) | Binding::Macro(_) => Some(match entry(FORMS, name) {
            Some(text) => of_entry(name, "syntax", text),
            None => of_text(name.to_string(), "syntax", String::new()),
        }),
        Binding::Variable(cell) => Some(of_value(cx, name, cell::value(cell))),
        _ => None,
    }
}

fn of_value(cx: &mut Cx, name: &str, value: Value) -> Doc {
    if let Some(row) = row_of(cx, value) {
        let names: Vec<String> = row_parameters(row);
        let parameters = row.parameters.iter().map(|p| (p.name.to_string(), p.expected.to_string())).collect();
        return Doc {
            usage: vec![usage(row.name, &names)],
            sort: "procedure".to_string(),
            parameters,
            text: row.documentation.trim_end().to_string(),
            errors: errors_of(row.name),
            subject: subject_of(row).to_string(),
        };
    }
    if let Some(parameters) = closure_parameters(cx, value) {
        let code = cx.heap.closure_code(value);
        let text = code.and_then(|code| code.documentation.as_deref()).unwrap_or("").to_string();
        let subject = code.map(|code| cx.sources.name(code.span.source).to_string()).unwrap_or_default();
        if let Some(entry) = entry(FORMS, name).filter(|_| text.is_empty()) {
            return Doc { subject, ..of_entry(name, "procedure", entry) };
        }
        return Doc { subject, errors: errors_of(name), ..of_text(usage(name, &parameters), "procedure", text) };
    }
    if let (Some(number), Some(text)) = (value.as_fixnum(), entry(ERRORS, name)) {
        let mut doc = of_entry(name, &format!("error number {number}"), text);
        let words = match number {
            ..0 => resolve::code_text(number as i32),
            _ => errno::text(number as i32),
        };
        doc.text = format!("{words}: {}", doc.text.replace("-path: ", " at a path: "));
        return doc;
    }
    let shown = if value == Value::UNBOUND { "a variable without a value".into() } else { cx.show(value) };
    let sort = if value.is_procedure() { "procedure".to_string() } else { format!("variable: {shown}") };
    match (value.as_fixnum(), entry(CONSTANTS, name)) {
        (Some(number), Some(text)) => of_entry(name, &format!("constant {number}"), text),
        (None, Some(text)) => of_entry(name, &sort, text),
        _ => of_text(name.to_string(), &sort, String::new()),
    }
}

/// What the prompt prints of it.
pub fn show(doc: &Doc) -> String {
    let mut out = String::new();
    for (index, usage) in doc.usage.iter().enumerate() {
        let sort = if index == 0 { doc.sort.as_str() } else { "" };
        out += format!("{usage:<60} {sort}").trim_end();
        out.push('\n');
    }
    let width = doc.parameters.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, expected) in doc.parameters.iter().filter(|(_, expected)| !expected.is_empty()) {
        out += &format!("    {name:<width$}  {expected}\n");
    }
    out += &fill(&doc.text, 78);
    if !doc.errors.is_empty() {
        out += &fill(&format!("errors: {}", doc.errors.join(" ")), 78);
    }
    out
}

/// Every name that programs see, in order.
pub fn names(cx: &Cx) -> Vec<String> {
    let mut names: Vec<String> =
        cx.expander.modules.names(USER).into_iter().map(|symbol| cx.symbols.name(symbol).to_string()).collect();
    names.sort();
    names.dedup();
    names.retain(|name| !name.starts_with(['%', '$']));
    names
}

/// An example over several lines, if one does not hold it.
pub fn example(line: &str, width: usize) -> String {
    let code = line.trim();
    if line.chars().count() <= width || !matches!(is_complete(code), Completeness::Complete) {
        return line.to_string();
    }
    let indent = &line[..line.len() - line.trim_start().len()];
    let (code, value) = code.split_once("  => ").map_or((code, None), |(code, value)| (code, Some(value)));
    let mut lines: Vec<String> =
        layout(code, width - indent.len()).lines().map(|line| format!("{indent}{line}")).collect();
    if let (Some(value), Some(last)) = (value, lines.last_mut()) {
        *last += &format!("  => {value}");
    }
    lines.join("\n")
}

/// Paragraphs in lines of at most `width` columns; lines that are indented are examples, and stay as they are.
fn fill(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for line in text.lines() {
        let is_example = line.starts_with("    ");
        // What helps stands on a line of its own, whatever the error's text.
        let is_fix = line.starts_with("fix ") || line.starts_with("fix: ");
        if (is_example || is_fix || line.trim().is_empty()) && column > 0 {
            out.push('\n');
            column = 0;
        }
        if is_example || line.trim().is_empty() {
            out += &example(line, width);
            out.push('\n');
            continue;
        }
        for word in line.split_whitespace() {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > width {
                out.push('\n');
                column = 0;
            }
            out += if column == 0 { "  " } else { " " };
            out += word;
            column += length + if column == 0 { 2 } else { 1 };
        }
    }
    if column > 0 {
        out.push('\n');
    }
    out
}

/// The beginning of a text, for lists.
pub fn first_sentence(text: &str) -> String {
    let line = text.lines().take_while(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" ");
    let end = line.find(". ").map_or(line.len(), |at| at + 1);
    line[..end].split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A doc string may begin with a signature of its own, `(f a b): text`, which then says more than the definition's.
fn of_text(usage: String, sort: &str, text: String) -> Doc {
    let own = text.starts_with('(').then(|| text.find("): ")).flatten();
    let (usage, text) = match own {
        Some(end) => (text[..=end].to_string(), text[end + 3..].to_string()),
        None => (usage, text),
    };
    Doc { usage: vec![usage], sort: sort.to_string(), text, ..Doc::default() }
}

/// The names of errors whose texts speak of this call.
fn errors_of(call: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut heading = "";
    for line in ERRORS.lines() {
        if let Some(names) = line.strip_prefix("= ") {
            heading = names.split(' ').next().unwrap_or("");
        } else if line
            .strip_prefix("fix ")
            .and_then(|rest| rest.strip_prefix(call))
            .is_some_and(|rest| rest.starts_with(": "))
        {
            found.push(heading.to_string());
        }
    }
    found
}

/// The name of the table that a row stands in.
fn subject_of(row: &Row) -> &'static str {
    let holds = |table: &&[Row]| table.iter().any(|other| std::ptr::eq(other, row));
    let place = builtins::tables().iter().position(holds);
    place.and_then(|place| builtins::subjects().get(place)).copied().unwrap_or("")
}

/// An entry's lines that begin with a parenthesis in the first column are signatures.
fn of_entry(name: &str, sort: &str, text: &str) -> Doc {
    let (signatures, rest): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('('));
    let usage =
        if signatures.is_empty() { vec![name.to_string()] } else { signatures.iter().map(|s| s.to_string()).collect() };
    Doc { usage, sort: sort.to_string(), text: rest.join("\n").trim_end().to_string(), ..Doc::default() }
}

/// What completion and hints need of a name: cheap, since it is asked of every name at once.
pub fn word(cx: &Cx, symbol: Symbol) -> Option<Word> {
    let (parameters, syntax) = match cx.expander.modules.lookup(USER, symbol)? {
        Binding::Lazy(index) if cx.expander.modules.builtin(index).is_some() => {
            let row = match cx.expander.modules.builtin(index)? {
                Meaning::Builtin(number, _) => cx.builtins.get(number as usize),
                _ => None,
            };
            (row.map(|row| row_parameters(row)), false)
        }
        Binding::Lazy(index) => {
            let (_, _, span) = cx.expander.modules.lazy_place(index);
            let text = &cx.sources.text(span.source)[span.start as usize..span.end as usize];
            (signature(text), text.starts_with("(define-syntax"))
        }
        Binding::Core(_) | Binding::Macro(_) => (None, true),
        Binding::Variable(cell) => {
            let value = cell::value(cell);
            (parameters(cx, value), false)
        }
        _ => (None, false),
    };
    Some(Word { parameters, syntax })
}

fn lazy_text(cx: &Cx, index: u32) -> String {
    let (_, _, span) = cx.expander.modules.lazy_place(index);
    cx.sources.text(span.source)[span.start as usize..span.end as usize].to_string()
}

/// The parameters of a definition's text, `(define (f a . b) ...)`, as signatures show them.
fn signature(text: &str) -> Option<Vec<String>> {
    let head = text.strip_prefix("(define* (").or_else(|| text.strip_prefix("(define ("))?;
    let mut parameters: Vec<String> = Vec::new();
    let (mut mode, mut depth, mut first) = ("", 0, false);
    for (class, range) in tokens(head) {
        let text = &head[range];
        match class {
            Class::Close if depth == 0 => break,
            Class::Close => depth -= 1,
            Class::Open => (depth, first) = (depth + 1, depth == 0),
            Class::Dot => mode = "#:rest",
            Class::Keyword if depth == 0 => mode = text,
            // Of `(name default)` the name counts.
            Class::Symbol if depth == 0 || std::mem::take(&mut first) => parameters.push(match mode {
                "#:rest" => format!("{text} ..."),
                "#:optional" => format!("[{text}]"),
                "#:key" => format!("[#:{text} {text}]"),
                _ => text.to_string(),
            }),
            _ => {}
        }
    }
    // The first one is the procedure's name.
    (!parameters.is_empty()).then(|| parameters.split_off(1))
}

/// The string that follows a procedure's parameters in the text of its definition.
fn documentation_in(text: &str) -> Option<String> {
    let (mut depth, mut after_head) = (0, false);
    for (class, range) in tokens(text) {
        match class {
            // The body has begun without one.
            Class::Open if after_head => return None,
            Class::Open => depth += 1,
            Class::Close => {
                depth -= 1;
                after_head |= depth == 1;
            }
            Class::String if depth == 1 => {
                let literal = &text[range];
                let body = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(literal);
                return Some(body.replace("\\\"", "\"").replace("\\\\", "\\"));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_read_from_definitions() {
        let show = |text| signature(text).map(|parameters| parameters.join(" "));
        assert_eq!(show("(define (map f list . more)\n  1)").as_deref(), Some("f list more ..."));
        assert_eq!(show("(define* (f a #:optional (b (g 1)) #:key c) 1)").as_deref(), Some("a [b] [#:c c]"));
        assert_eq!(show("(define (f) 1)").as_deref(), Some(""));
        assert_eq!(show("(define x 1)"), None);
    }

    #[test]
    fn doc_strings_are_read_from_definitions() {
        assert_eq!(
            documentation_in("(define (f a)\n  \"(f a): says \\\"a\\\".\"\n  a)").as_deref(),
            Some("(f a): says \"a\".")
        );
        assert_eq!(documentation_in("(define (f) \"=> \\\"a\\\"\" 1)").as_deref(), Some("=> \"a\""));
        assert_eq!(documentation_in("(define (f a) (g (h \"x\")))"), None);
        assert_eq!(documentation_in("(define* (f #:key (a (g \"x\"))) \"does\" a)").as_deref(), Some("does"));
    }
}
