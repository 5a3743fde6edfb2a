//! Lists the files of stdlib/ for src/expander/stdlib.rs, so that a new file there is part of the program without being named anywhere.
//!
//! The base language is looked up in its text as it is. Libraries are compressed, which is a tenth of the program's size.

use miniz_oxide::deflate::compress_to_vec;
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
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a directory for what is made"));
    let mut text = format!("/// By path, in the order of its bytes.\npub static FILES: [File; {}] = [\n", named.len());
    for (index, (name, file)) in named.into_iter().enumerate() {
        if name.strip_prefix("sockeye/").is_some_and(|name| !name.contains('/') && name.ends_with(".scm")) {
            writeln!(text, "    File::plain({name:?}, include_str!({file:?})),").expect("a string takes all");
            continue;
        }
        let packed = out.join(format!("{index}.z"));
        let content = fs::read_to_string(file).expect("the files of stdlib/ can be read, and are UTF-8");
        fs::write(&packed, compress_to_vec(content.as_bytes(), 6))
            .expect("the directory for what is made can be written");
        let (module, size) = (content.contains("\n(define-module ("), content.len());
        writeln!(text, "    File::packed({name:?}, {module}, {size}, include_bytes!({packed:?})),")
            .expect("a string takes all");
    }
    text.push_str("];\n");
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
