//! Lists the files of stdlib/ for src/expander/stdlib.rs, so that a new file there is part of the program without being named anywhere.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the manifest's directory")).join("stdlib");
    let mut files = Vec::new();
    walk(&root, &mut files);
    let mut named: Vec<(&str, &PathBuf)> = Vec::new();
    for file in &files {
        let name = file.strip_prefix(&root).expect("a file below the root");
        named.push((name.to_str().expect("file names are ASCII"), file));
    }
    named.sort();
    let mut text = String::from("/// By path, in the order of its bytes.\npub const FILES: &[(&str, &str)] = &[\n");
    for (name, file) in named {
        writeln!(text, "    ({name:?}, include_str!({file:?})),").expect("a string takes all");
    }
    text.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a directory for what is made"));
    fs::write(out.join("stdlib.rs"), text).expect("the directory for what is made can be written");
}

/// All Scheme files below a directory; cargo runs this again when a directory changes.
fn walk(directory: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", directory.display());
    for entry in fs::read_dir(directory).expect("stdlib/ can be read") {
        let path = entry.expect("stdlib/ can be read").path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "scm" || extension == "sld") {
            files.push(path);
        }
    }
}
