//! The Scheme texts that come with the program: build.rs puts in all of stdlib/.
//!
//! `stdlib/sockeye/*.scm` make up the base language: definitions that are compiled when first used. All other files are
//! libraries, found by the path that their name makes: (scheme base) is scheme/base.sld, and (srfi srfi-1), being (srfi 1), is
//! srfi/1.sld. The socket libraries of Common Lisp stand together in cl/: (iolib sockets) is cl/iolib/sockets.scm. A library that only names what the base language has lists it: `(import (sockeye core)) (export name ...)`.
//!
//! A library with much code is loaded in no time if its definitions wait, as those of the base do. There are two ways to that:
//!
//! - srfi/1.sld says `(include "1.scm")`, and the code stands in srfi/1.scm;
//! - ice-9/foo.scm is a Guile module: `(define-module (ice-9 foo) #:export (...))`, and its code follows.
//!
//! In such a file every form begins in column 0 and nothing else that begins with a parenthesis does, not even in a string.
//! `(define (name ...) ...)`, also with define*, define-public and the like, and `(define-syntax name (syntax-rules ...))` are
//! compiled when something that uses them is. All other forms run when the library is imported, in their order.

use miniz_oxide::inflate::decompress_to_vec_with_limit;
use std::sync::OnceLock;

include!(concat!(env!("OUT_DIR"), "/stdlib.rs"));

/// A file of stdlib/.
pub struct File {
    /// Below stdlib/.
    pub path: &'static str,
    /// It is a Guile module, and not a part that a library includes.
    module: bool,
    text: Text,
}

/// Libraries are compressed; who asks for one first has it expanded for all.
enum Text {
    Plain(&'static str),
    Packed { bytes: &'static [u8], size: usize, text: OnceLock<String> },
}

impl File {
    const fn plain(path: &'static str, text: &'static str) -> File {
        File { path, module: false, text: Text::Plain(text) }
    }

    const fn packed(path: &'static str, module: bool, size: usize, bytes: &'static [u8]) -> File {
        File { path, module, text: Text::Packed { bytes, size, text: OnceLock::new() } }
    }

    pub fn text(&'static self) -> &'static str {
        match &self.text {
            Text::Plain(text) => text,
            Text::Packed { bytes, size, text } => text.get_or_init(|| {
                let bytes = decompress_to_vec_with_limit(bytes, *size).expect("what build.rs has compressed");
                String::from_utf8(bytes).expect("what build.rs has read as a string")
            }),
        }
    }
}

/// The directory of the base language's files; those of its folders are libraries.
const BASE: &str = "sockeye/";

/// A directory whose libraries are named as if they stood beside it.
const COMMON_LISP: &str = "cl/";

/// The file of a library, such as "scheme/base".
pub fn find(name: &str) -> Option<&'static File> {
    let module = |path: String| file(&path).filter(|file| file.module);
    let at = |name: &str| file(&format!("{name}.sld")).or_else(|| module(format!("{name}.scm")));
    at(name).or_else(|| at(&format!("{COMMON_LISP}{name}")))
}

/// What the base calls one of its files.
fn base_name(path: &str) -> Option<&str> {
    path.strip_prefix(BASE)?.strip_suffix(".scm").filter(|name| !name.contains('/'))
}

/// A file by its path.
pub fn file(path: &str) -> Option<&'static File> {
    FILES.binary_search_by(|file| file.path.bytes().cmp(path.bytes())).ok().map(|at| &FILES[at])
}

/// The libraries' names, each as `find` takes it.
pub fn names() -> impl Iterator<Item = &'static str> {
    let library = |file: &'static File| {
        let path = file.path;
        let module = || path.strip_suffix(".scm").filter(|name| find(name).is_some_and(|found| found.path == path));
        let name = path.strip_suffix(".sld").or_else(module)?;
        Some(name.strip_prefix(COMMON_LISP).unwrap_or(name))
    };
    FILES.iter().filter_map(library)
}

/// The files of the base language, each with a name and its text.
pub fn base() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter_map(|file| Some((base_name(file.path)?, file.text())))
}
