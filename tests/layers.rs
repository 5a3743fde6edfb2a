//! Holds the floors: a module of src/ imports only from its own floor's folder and from floors below.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Lowest first. What stands on one line does not import from each other.
const FLOORS: &[&[&str]] = &[
    &["ledger", "num", "opcode", "spelling"],
    &["symbol", "source"],
    &["reader", "net", "posix"],
    &["permission", "port", "trace"],
    &["value"],
    &["expander", "fiber", "files"],
    &["vm"],
    &["compiler"],
    &["builtins"],
    &["engine"],
    &["cli", "host"],
    &["main", "lib"],
];

/// Inside of one floor, who may import whom all the same.
const ALLOWED: &[(&str, &str)] = &[("files", "expander")];

#[test]
fn modules_import_from_below() {
    let floor_of: BTreeMap<&str, usize> =
        FLOORS.iter().enumerate().flat_map(|(floor, names)| names.iter().map(move |name| (*name, floor))).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&root).expect("below src");
        let first = relative.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
        let module = first.trim_end_matches(".rs").to_string();
        let Some(&own) = floor_of.get(module.as_str()) else {
            wrong.push(format!("{module} has no floor"));
            continue;
        };
        let text = std::fs::read_to_string(&file).expect("a source file");
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            for path in code.split("crate::").skip(1) {
                let name: String = path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let Some(&other) = floor_of.get(name.as_str()) else { continue };
                let allowed = ALLOWED.contains(&(module.as_str(), name.as_str()));
                if name != module && other >= own && !allowed {
                    wrong.push(format!("{}:{}: {module} imports {name}", relative.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "upward imports:\n{}", wrong.join("\n"));
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
