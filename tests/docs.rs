//! The documentation: it says something about everything, and what it shows is true.

use sockeye::cli::reference;
use sockeye::engine::{Engine, Stop};
use std::collections::BTreeMap;

#[test]
fn everything_has_a_text() {
    let missing = reference::undocumented();
    assert!(missing.is_empty(), "{} without a text:\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn examples_hold() {
    let examples = reference::examples();
    assert!(examples.len() > 500, "the texts have examples");
    assert!(examples.iter().filter(|example| example.library.starts_with("(iolib ")).count() > 20, "libraries, too");
    let mut engines: BTreeMap<&str, Engine> = BTreeMap::new();
    let mut wrong = Vec::new();
    for example in &examples {
        let engine = engines.entry(&example.library).or_insert_with(|| {
            let mut engine = Engine::unrestricted().expect("an engine");
            let import = format!("(import {})", example.library);
            if !example.library.is_empty() && engine.run_text("import", &import).is_err() {
                panic!("{} cannot be imported", example.library);
            }
            engine
        });
        let got = match engine.run_text("example", &example.expression) {
            Ok(value) => engine.written(value),
            Err(Stop::Raised { object }) => format!("error: {}", engine.describe(object)),
            Err(_) => "it ended".to_string(),
        };
        let expected = &example.value;
        if got != *expected && !(expected == "error" && got.starts_with("error:")) {
            wrong
                .push(format!("{}: {}\n  documented {expected}\n  got        {got}", example.name, example.expression));
        }
    }
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), examples.len(), wrong.join("\n"));
}

#[test]
fn the_site_has_a_page_for_each_chapter_and_no_dead_links() {
    let folder = tempfile::tempdir().expect("a folder");
    reference::write(folder.path()).expect("it is written");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
    let mut dead = Vec::new();
    let mut links = 0;
    for entry in std::fs::read_dir(folder.path()).expect("pages").flatten() {
        let page = entry.file_name().to_string_lossy().into_owned();
        if !page.ends_with(".html") {
            continue;
        }
        let text = read(&page);
        assert!(!text.contains("<script"), "{page} works without scripts");
        for target in text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            links += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let there = if file.is_empty() { text.clone() } else { read(file) };
            if there.is_empty() || !anchor.is_empty() && !there.contains(&format!("id=\"{anchor}\"")) {
                dead.push(format!("{page}: {target}"));
            }
        }
    }
    assert!(links > 3000, "{links} links");
    dead.truncate(20);
    assert!(dead.is_empty(), "{}", dead.join("\n"));
    let sockets = read("sockets.html");
    assert!(sockets.contains("id=\"accept\"") && sockets.contains("errors.html#EINVAL"));
}
