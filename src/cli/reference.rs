//! The reference: what `sockeye doc NAME` prints, and the same for everything there is as pages for a browser, which need
//! neither scripts nor a server.

use super::doc::{self, Doc};
use super::example::expressions;
use super::{UNCAUGHT_ERROR, commands, complain, say};
use crate::engine::Engine;
use crate::expander::env::ModuleId;
use crate::expander::stdlib;
use crate::spelling::nearest;
use crate::trace::table::{CONSTANTS, ERRORS, FORMS, SITUATIONS};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

fn engine() -> Result<Engine, u8> {
    Engine::unrestricted().map_err(|error| {
        complain(&format!("sockeye: cannot start: {error}\n"));
        UNCAUGHT_ERROR
    })
}

/// Tells of a name, or of a library: `accept`, `EADDRINUSE`, `(srfi 1)`.
pub fn tell(name: &str) -> Result<(), u8> {
    let mut engine = engine()?;
    if name.starts_with('(') {
        let Some(library) = library(&mut engine, name) else {
            complain(&format!("there is no library {name}\n"));
            return Err(UNCAUGHT_ERROR);
        };
        let mut out = format!("{name} exports\n");
        for (external, doc) in library {
            let usage = doc.as_ref().and_then(|doc| doc.usage.first().cloned()).unwrap_or(external);
            let text = doc.map_or(String::new(), |doc| doc::first_sentence(&doc.text));
            let _ = writeln!(out, "{}", super::layout::cut(format!("  {usage:<34} {text}").trim_end(), 99));
        }
        return say(&out);
    }
    let known = doc::find(engine.cx(), name);
    let mut out = known.as_ref().map_or(String::new(), doc::show);
    out += &elsewhere(name, known.as_ref());
    if !out.is_empty() {
        return say(&out);
    }
    let names = doc::names(engine.cx());
    let near = nearest(name, names.iter().map(String::as_str)).join(", ");
    let hint = if near.is_empty() { String::new() } else { format!(": did you mean {near}?") };
    complain(&format!("nothing is called {name}{hint}\n"));
    Err(UNCAUGHT_ERROR)
}

/// What libraries have under a name that programs see only when they import it, or see otherwise than they do without: `known`.
pub fn elsewhere(name: &str, known: Option<&Doc>) -> String {
    let Ok(mut engine) = engine() else { return String::new() };
    let mut found: Vec<(Vec<String>, Doc)> = Vec::new();
    for path in stdlib::names() {
        let text = stdlib::find(path).map_or("", |file| file.text());
        if !text.contains(name) || known.is_some() && !text.contains("#:replace (") {
            continue;
        }
        let library_name = format!("({})", path.replace('/', " "));
        let exports = library(&mut engine, &library_name).unwrap_or_default();
        let Some(doc) = exports.into_iter().find(|(external, _)| external == name).and_then(|(_, doc)| doc) else {
            continue;
        };
        let same = |other: &Doc| other.text == doc.text && other.usage == doc.usage;
        match found.iter_mut().find(|(_, other)| same(other)) {
            Some((libraries, _)) => libraries.push(library_name),
            None if known.is_some_and(same) => {}
            None => found.push((vec![library_name], doc)),
        }
    }
    found.iter().map(|(libraries, doc)| format!("in {}:\n{}", libraries.join(" "), doc::show(doc))).collect()
}

/// What a library exports, with what is known of each.
pub fn library(engine: &mut Engine, name: &str) -> Option<Vec<(String, Option<Doc>)>> {
    engine.run_text("doc", &format!("(resolve-interface '{name})")).ok()?;
    let cx = engine.cx();
    let id = (0..cx.expander.modules.count())
        .map(ModuleId)
        .find(|id| cx.expander.modules.show_name(&cx.symbols, &cx.expander.modules.module(*id).name) == name)?;
    let mut found = Vec::new();
    for (external, _) in cx.expander.modules.exports(id) {
        let text = cx.symbols.name(external).to_string();
        let binding = cx.expander.modules.exported(id, external);
        let doc = binding.and_then(|binding| doc::of_binding(cx, &text, binding));
        found.push((text, doc));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Some(found)
}

/// All libraries that come with the program, as `import` names them.
pub fn libraries() -> Vec<String> {
    let mut names: Vec<String> = stdlib::names().map(|path| format!("({})", path.replace('/', " "))).collect();
    names.sort();
    names
}

// ---- pages -----------------------------------------------------------------------------------------------------------

/// Chapters: file, title, what it is about, and the subjects that belong there.
const CHAPTERS: &[(&str, &str, &str, &[&str])] = &[
    (
        "sockets",
        "Sockets",
        "Making sockets, connecting them, sending and receiving; addresses, names and options.",
        &["sockets", "addresses", "options", "databases", "select", "network_error", "explaining", "messages"],
    ),
    (
        "fibers",
        "Fibers",
        "Many calls that wait, on one thread: fibers, channels, time limits.",
        &["fibers", "attempts", "pollers"],
    ),
    (
        "ports",
        "Ports and files",
        "Streams of bytes and characters, on sockets, files and in memory.",
        &[
            "ports",
            "text_io",
            "read",
            "write",
            "files",
            "file_system",
            "descriptors",
            "pipes",
            "relays",
            "port_value",
            "streams",
        ],
    ),
    (
        "system",
        "Processes and the system",
        "Processes, signals, time, users, the environment.",
        &[
            "process",
            "processes",
            "children",
            "signals",
            "times",
            "users",
            "system",
            "random",
            "accessors",
            "surroundings",
        ],
    ),
    (
        "control",
        "Control and errors",
        "Procedures, continuations, conditions, evaluation, modules.",
        &[
            "control",
            "exceptions",
            "conditions",
            "procedures",
            "functions",
            "evaluation",
            "modules",
            "syntax",
            "base",
            "objects",
            "optargs",
        ],
    ),
    (
        "data",
        "Lists, vectors, tables",
        "Pairs, vectors, bytevectors, hash tables, records.",
        &[
            "lists",
            "cxr",
            "vectors",
            "bytevectors",
            "bytevector_numbers",
            "uniform_vectors",
            "hash_tables",
            "hash-tables",
            "records",
            "arrays",
            "equivalence",
        ],
    ),
    (
        "text",
        "Text",
        "Strings, characters, symbols, regular expressions.",
        &["strings", "string_search", "chars", "char_sets", "char-sets", "regexps", "symbols", "posix_pattern"],
    ),
    (
        "numbers",
        "Numbers",
        "Integers of any size, fractions, floating point, complex numbers.",
        &["numbers", "integers"],
    ),
];

const OTHER: &str = "control";

/// What stands on a page: a name, and all about it.
/// A library: its name, the page of it, and what it exports.
type Shelf = (String, String, Vec<(String, Option<Doc>)>);

struct Entry {
    name: String,
    doc: Doc,
}

struct Site {
    /// Where each name is described: `sockets.html#accept`.
    places: BTreeMap<String, String>,
    pages: Vec<(String, String)>,
}

/// Writes all pages.
pub fn write(folder: &Path) -> Result<(), u8> {
    let mut engine = engine()?;
    let mut chapters: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
    let (mut forms, mut constants, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for name in doc::names(engine.cx()) {
        let Some(doc) = doc::find(engine.cx(), &name) else { continue };
        let entry = Entry { name, doc };
        match entry.doc.sort.as_str() {
            "syntax" => forms.push(entry),
            sort if sort.starts_with("error number") => errors.push(entry),
            sort if sort.starts_with("constant") || sort.starts_with("variable: ") => constants.push(entry),
            _ => chapters.entry(chapter_of(&entry.doc.subject)).or_default().push(entry),
        }
    }
    let mut site = Site { places: BTreeMap::new(), pages: Vec::new() };
    let groups = chapters.iter().map(|(file, entries)| (*file, entries));
    for (file, entries) in groups.chain([("forms", &forms), ("constants", &constants), ("errors", &errors)]) {
        for entry in entries {
            site.places.insert(entry.name.clone(), format!("{file}.html#{}", anchor(&entry.name)));
        }
    }
    let mut shelves = Vec::new();
    for name in libraries() {
        let Some(exports) = library(&mut engine, &name) else { continue };
        let file = format!("library-{}.html", name.trim_matches(['(', ')']).replace(' ', "-"));
        shelves.push((name, file, exports));
    }
    for (file, title, about, _) in CHAPTERS {
        let mut entries = chapters.remove(file).unwrap_or_default();
        // Types of conditions come last.
        entries.sort_by_key(|entry| entry.name.starts_with('&'));
        let body = site.entries(&entries);
        let first = FIRST.iter().find(|(chapter, _)| chapter == file).map_or(&[][..], |(_, names)| names);
        let first: Vec<String> =
            first.iter().filter(|name| site.places.contains_key(**name)).map(|name| site.link(name)).collect();
        let first = match first.is_empty() {
            true => String::new(),
            false => format!("<p class=\"first\"><b>To begin with</b> {}</p>\n", first.join(" ")),
        };
        site.add(file, title, about, &(first + &contents(&entries)), &body);
    }
    for (file, title, about, entries) in [
        ("forms", "Forms of the language", "What is syntax, and not a procedure.", &forms),
        ("constants", "Constants", "Numbers of the system, by name.", &constants),
        ("errors", "Errors", "What each error number means, and what usually helps.", &errors),
    ] {
        let body = site.entries(entries);
        site.add(file, title, about, &contents(entries), &body);
    }
    site.libraries(&shelves);
    site.commands();
    site.names();
    site.index(&shelves);
    let wrote = fs::create_dir_all(folder).and_then(|()| {
        fs::write(folder.join("style.css"), STYLE)?;
        site.pages.iter().try_for_each(|(file, text)| fs::write(folder.join(file), text))
    });
    match wrote {
        Ok(()) => say(&format!("{} pages written to {}\n", site.pages.len(), folder.display())),
        Err(error) => {
            complain(&format!("sockeye: cannot write to {}: {error}\n", folder.display()));
            Err(UNCAUGHT_ERROR)
        }
    }
}

/// What to read first of a chapter that has many names.
const FIRST: &[(&str, &[&str])] = &[
    (
        "sockets",
        &[
            "socket",
            "bind",
            "listen",
            "accept",
            "connect",
            "send",
            "recv!",
            "shutdown",
            "setsockopt",
            "getaddrinfo",
            "getsockname",
            "sendto",
            "recvfrom!",
            "socketpair",
            "select",
        ],
    ),
    ("fibers", &["spawn-fiber", "sleep", "make-channel", "put-message", "get-message", "with-timeout", "join-fiber"]),
    (
        "ports",
        &[
            "read-line",
            "display",
            "write",
            "newline",
            "close-port",
            "force-output",
            "open-input-file",
            "open-output-file",
        ],
    ),
];

/// The chapter of a subject: the name of a table, or of a source such as `(sockeye lists)`.
fn chapter_of(subject: &str) -> &'static str {
    let subject = subject.trim_start_matches("(sockeye ").trim_end_matches(')');
    CHAPTERS.iter().find(|(_, _, _, subjects)| subjects.contains(&subject)).map_or(OTHER, |(file, ..)| file)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A name as the target of a link.
fn anchor(name: &str) -> String {
    let letter =
        |c: char| if c.is_ascii_alphanumeric() || c == '-' { c.to_string() } else { format!("_{:x}", c as u32) };
    name.chars().map(letter).collect()
}

fn contents(entries: &[Entry]) -> String {
    let links = entries
        .iter()
        .map(|entry| format!("<a href=\"#{}\"><code>{}</code></a>", anchor(&entry.name), escape(&entry.name)));
    format!("<p class=\"contents\">{}</p>\n", links.collect::<Vec<_>>().join(" "))
}

impl Site {
    fn entries(&self, entries: &[Entry]) -> String {
        entries.iter().map(|entry| self.entry(entry)).collect()
    }

    fn entry(&self, entry: &Entry) -> String {
        let doc = &entry.doc;
        let mut out = format!("<section id=\"{}\">\n<h2>", anchor(&entry.name));
        for (index, usage) in doc.usage.iter().enumerate() {
            let line = if index > 0 { "<br>" } else { "" };
            let _ = write!(out, "{line}<code>{}</code>", marked_usage(usage, &entry.name));
        }
        let _ = writeln!(out, " <span class=\"sort\">{}</span></h2>", escape(&doc.sort));
        let parameters: Vec<_> = doc.parameters.iter().filter(|(_, expected)| expected != "any value").collect();
        if !parameters.is_empty() {
            out += "<dl class=\"parameters\">";
            for (name, expected) in parameters {
                let _ = write!(out, "<dt><var>{}</var></dt><dd>{}</dd>", escape(name), escape(expected));
            }
            out += "</dl>\n";
        }
        out += &self.text(&doc.text);
        if !doc.errors.is_empty() {
            let links: Vec<String> = doc.errors.iter().map(|name| self.link(name)).collect();
            let _ = writeln!(out, "<p class=\"errors\">Errors with a text of their own: {}</p>", links.join(" "));
        }
        out + "</section>\n"
    }

    fn link(&self, name: &str) -> String {
        match self.places.get(name) {
            Some(place) => format!("<a href=\"{place}\"><code>{}</code></a>", escape(name)),
            None => format!("<code>{}</code>", escape(name)),
        }
    }

    /// Paragraphs; what is indented is an example; names that are described become links.
    fn text(&self, text: &str) -> String {
        let mut out = String::new();
        let mut paragraph: Vec<&str> = Vec::new();
        let mut example: Vec<&str> = Vec::new();
        for line in text.lines().chain([""]) {
            let is_example = line.starts_with("    ");
            let is_fix = line.starts_with("fix");
            if !paragraph.is_empty() && (is_example || is_fix || line.trim().is_empty()) {
                out += &self.paragraph(&paragraph.join(" "));
                paragraph.clear();
            }
            if !example.is_empty() && !is_example {
                let lines = example.iter().map(|line| super::doc::example(line, 84));
                let lines: Vec<String> = lines.map(|line| marked_example(&line)).collect();
                let _ = writeln!(out, "<pre>{}</pre>", lines.join("\n"));
                example.clear();
            }
            if is_example {
                example.push(line.trim_start());
            } else if !line.trim().is_empty() {
                paragraph.push(line.trim());
            }
        }
        out
    }

    fn paragraph(&self, text: &str) -> String {
        let fix = text.strip_prefix("fix ").or_else(|| text.strip_prefix("fix").filter(|rest| rest.starts_with(':')));
        let words = |text: &str| text.split(' ').map(|word| self.word(word)).collect::<Vec<_>>().join(" ");
        match fix.and_then(|fix| fix.split_once(": ")) {
            Some((call, help)) => {
                let call = call.trim_end_matches(':');
                let head = match call {
                    "" => String::new(),
                    // Not a call, but a case.
                    _ if !self.places.contains_key(call) => format!("<b>{}</b>: ", escape(call)),
                    _ => format!("{}: ", self.link(call)),
                };
                format!("<p class=\"fix\">{head}{}</p>\n", words(help))
            }
            None => format!("<p>{}</p>\n", words(text)),
        }
    }

    /// A word of a text: a link if it is a name that could not be an ordinary word.
    fn word(&self, word: &str) -> String {
        let name = word.trim_matches(|c: char| matches!(c, ',' | '.' | ';' | ':' | '(' | ')'));
        let is_name = name.contains(['-', '!', '?', '>', '_', '*'])
            || name.len() > 3 && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        match (is_name && self.places.contains_key(name), word.find(name)) {
            (true, Some(at)) => {
                format!("{}{}{}", escape(&word[..at]), self.link(name), escape(&word[at + name.len()..]))
            }
            _ => escape(word),
        }
    }

    fn add(&mut self, file: &str, title: &str, about: &str, contents: &str, body: &str) {
        let link = |target: &str, title: &str| {
            let here = if target == file { " aria-current=\"page\"" } else { "" };
            format!("<li><a href=\"{target}.html\"{here}>{title}</a></li>\n")
        };
        let chapters: String = CHAPTERS.iter().map(|(target, title, ..)| link(target, title)).collect();
        let more = [
            ("forms", "Forms"),
            ("constants", "Constants"),
            ("errors", "Errors"),
            ("libraries", "Libraries"),
            ("commands", "The prompt"),
            ("names", "All names"),
        ];
        let more: String = more.iter().map(|(target, title)| link(target, title)).collect();
        let text = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title} · sockeye</title>\n<link rel=\"stylesheet\" href=\"style.css\">\n</head>\n<body>\n\
             <nav>\n<p class=\"name\"><a href=\"index.html\">sockeye</a></p>\n<ul>\n{chapters}</ul>\n<ul>\n{more}</ul>\n</nav>\n\
             <main>\n<h1>{title}</h1>\n<p class=\"about\">{about}</p>\n{contents}{body}</main>\n</body>\n</html>\n"
        );
        self.pages.push((format!("{file}.html"), text));
    }

    fn libraries(&mut self, shelves: &[Shelf]) {
        let mut list = String::from("<ul class=\"shelf\">\n");
        for (name, file, exports) in shelves {
            let count = exports.len();
            let _ = writeln!(
                list,
                "<li><a href=\"{file}\"><code>{}</code></a> <span class=\"sort\">{count} names</span></li>",
                escape(name)
            );
            let mut table = String::from("<table>\n");
            let mut own = Vec::new();
            for (external, doc) in exports {
                let known = self.places.contains_key(external);
                let text = doc.as_ref().map_or(String::new(), |doc| doc::first_sentence(&doc.text));
                let link = match (known, doc) {
                    (false, Some(doc)) if !doc.text.is_empty() => {
                        own.push(external);
                        format!("<a href=\"#{}\"><code>{}</code></a>", anchor(external), escape(external))
                    }
                    _ => self.link(external),
                };
                let _ = writeln!(table, "<tr><td>{link}</td><td>{}</td></tr>", escape(&text));
            }
            table += "</table>\n";
            let mut body = String::new();
            for (external, doc) in exports.iter().filter(|(external, _)| own.contains(&external)) {
                if let Some(doc) = doc {
                    let doc = Doc {
                        usage: doc.usage.clone(),
                        sort: doc.sort.clone(),
                        parameters: doc.parameters.clone(),
                        text: doc.text.clone(),
                        errors: doc.errors.clone(),
                        subject: doc.subject.clone(),
                    };
                    body += &self.entry(&Entry { name: external.clone(), doc });
                }
            }
            let about = format!("<code>(import {})</code>", escape(name));
            self.add(file.trim_end_matches(".html"), &escape(name), &about, &table, &body);
        }
        list += "</ul>\n";
        self.add(
            "libraries",
            "Libraries",
            "What can be imported. Guile's modules and R7RS's libraries are the same here.",
            &list,
            "",
        );
    }

    fn commands(&mut self) {
        let body = format!("<pre class=\"plain\">{}</pre>\n", escape(&commands::overview()));
        let about = "Lines that begin with a comma, at the prompt. Every command may be shortened as shown.";
        self.add("commands", "Commands of the prompt", about, "", &body);
    }

    fn names(&mut self) {
        let mut letters: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for name in self.places.keys() {
            let first = name.chars().next().filter(char::is_ascii_alphabetic);
            let letter = first.map_or("other".to_string(), |c| c.to_ascii_uppercase().to_string());
            letters.entry(letter).or_default().push(self.link(name));
        }
        let count = self.places.len();
        let body: String = letters
            .iter()
            .map(|(letter, links)| format!("<h2>{letter}</h2>\n<p class=\"contents\">{}</p>\n", links.join(" ")))
            .collect();
        self.add("names", "All names", &format!("{count} names, each with a link to its description."), "", &body);
    }

    fn index(&mut self, shelves: &[Shelf]) {
        let mut body = String::from("<div class=\"chapters\">\n");
        for (file, title, about, _) in CHAPTERS {
            let _ = writeln!(
                body,
                "<a class=\"chapter\" href=\"{file}.html\"><strong>{title}</strong><span>{about}</span></a>"
            );
        }
        let count = shelves.len();
        for (file, title, about) in [
            ("forms", "Forms", "The syntax of the language.".to_string()),
            ("constants", "Constants", "Families, options, flags and signals.".to_string()),
            ("errors", "Errors", "What went wrong, why, and what helps.".to_string()),
            ("libraries", "Libraries", format!("{count} of them: R7RS, SRFI, Guile.")),
        ] {
            let _ = writeln!(
                body,
                "<a class=\"chapter\" href=\"{file}.html\"><strong>{title}</strong><span>{about}</span></a>"
            );
        }
        body += "</div>\n<h2>Ten lines</h2>\n<pre>";
        body += &escape(FIRST_PROGRAM);
        body += "</pre>\n<p>The same texts are at hand at the prompt, as <code>,doc accept</code>, and in the shell, as <code>sockeye doc accept</code>.</p>\n";
        self.add("index", "sockeye, the reference", "A Scheme made for sockets.", "", &body);
    }
}

const FIRST_PROGRAM: &str = "\
(define server (socket AF_INET SOCK_STREAM 0))
(setsockopt server SOL_SOCKET SO_REUSEADDR 1)
(bind server AF_INET INADDR_LOOPBACK 7007)
(listen server 5)
(let loop ()
  (let ((client (car (accept server))))
    (display \"hello, who are you?\\n\" client)
    (display (string-append \"welcome, \" (read-line client) \"\\n\") client)
    (close-port client)
    (loop)))
";

/// The name bold, parameters in italics.
fn marked_usage(usage: &str, name: &str) -> String {
    let rest = usage.strip_prefix('(').and_then(|rest| rest.strip_prefix(name)).and_then(|rest| rest.strip_suffix(')'));
    match rest {
        Some(rest) => format!("(<b>{}</b><var>{}</var>)", escape(name), escape(rest)),
        None if usage == name => format!("<b>{}</b>", escape(name)),
        None => escape(usage),
    }
}

/// A line of an example; what stands behind the arrow is the value.
fn marked_example(line: &str) -> String {
    match line.split_once("  => ") {
        Some((expression, value)) => {
            format!("{}  <span class=\"value\">⇒ {}</span>", escape(expression), escape(value))
        }
        None => escape(line),
    }
}

/// What nothing is said about, for tests: names, and names in libraries, without a text; and headings of tables without one.
pub fn undocumented() -> Vec<String> {
    let Ok(mut engine) = engine() else { return vec!["no engine".into()] };
    let mut missing = BTreeSet::new();
    for name in doc::names(engine.cx()) {
        if doc::find(engine.cx(), &name).is_none_or(|doc| doc.text.trim().is_empty()) {
            missing.insert(name);
        }
    }
    for library_name in libraries() {
        for (name, doc) in library(&mut engine, &library_name).unwrap_or_default() {
            if doc.is_none_or(|doc| doc.text.trim().is_empty()) && !missing.contains(&name) {
                missing.insert(format!("{name} of {library_name}"));
            }
        }
    }
    for table in [FORMS, CONSTANTS, ERRORS, SITUATIONS] {
        for heading in table.lines().filter_map(|line| line.strip_prefix("= ")) {
            let first = heading.split(' ').next().unwrap_or("");
            if crate::trace::table::entry(table, first).is_none_or(|text| text.trim().is_empty()) {
                missing.insert(heading.to_string());
            }
        }
    }
    missing.into_iter().collect()
}

/// An example of a text.
pub struct Example {
    pub name: String,
    /// What it must import, such as `(iolib sockets)`; empty for what every program sees.
    pub library: String,
    pub expression: String,
    pub value: String,
}

/// The examples of all texts.
pub fn examples() -> Vec<Example> {
    let Ok(mut engine) = engine() else { return Vec::new() };
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |name: &str, library: &str, doc: &Doc| {
        if seen.insert(doc.text.clone()) {
            found.extend(expressions(&doc.text).map(|(expression, value)| Example {
                name: name.to_string(),
                library: library.to_string(),
                expression: expression.to_string(),
                value: value.to_string(),
            }));
        }
    };
    for name in doc::names(engine.cx()) {
        if let Some(doc) = doc::find(engine.cx(), &name) {
            add(&name, "", &doc);
        }
    }
    for library_name in libraries() {
        for (name, doc) in library(&mut engine, &library_name).unwrap_or_default() {
            if let Some(doc) = doc {
                add(&name, &library_name, &doc);
            }
        }
    }
    found
}

const STYLE: &str = include_str!("reference.css");
