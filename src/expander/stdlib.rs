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

include!(concat!(env!("OUT_DIR"), "/stdlib.rs"));

/// The directory of the base language's files; those of its folders are libraries.
const BASE: &str = "sockeye/";

/// A directory whose libraries are named as if they stood beside it.
const COMMON_LISP: &str = "cl/";

/// The file of a library, such as "scheme/base": its path and text.
pub fn find(name: &str) -> Option<(&'static str, &'static str)> {
    let module = |path: String| file(&path).filter(|(_, text)| base_name(&path).is_none() && is_module(text));
    let at = |name: &str| file(&format!("{name}.sld")).or_else(|| module(format!("{name}.scm")));
    at(name).or_else(|| at(&format!("{COMMON_LISP}{name}")))
}

/// Whether a file is a Guile module, and not a part that a library includes.
fn is_module(text: &str) -> bool {
    text.contains("\n(define-module (")
}

/// What the base calls one of its files.
fn base_name(path: &str) -> Option<&str> {
    path.strip_prefix(BASE)?.strip_suffix(".scm").filter(|name| !name.contains('/'))
}

/// A file of stdlib/: its path and text.
pub fn file(path: &str) -> Option<(&'static str, &'static str)> {
    FILES.binary_search_by(|(known, _)| known.bytes().cmp(path.bytes())).ok().map(|at| FILES[at])
}

/// The libraries' names, each as `find` takes it.
pub fn names() -> impl Iterator<Item = &'static str> {
    let library = |path: &'static str| {
        let module = || path.strip_suffix(".scm").filter(|name| find(name).is_some_and(|found| found.0 == path));
        let name = path.strip_suffix(".sld").or_else(module)?;
        Some(name.strip_prefix(COMMON_LISP).unwrap_or(name))
    };
    FILES.iter().filter_map(move |&(path, _)| library(path))
}

/// The files of the base language, each with a name and its text.
pub fn base() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter_map(|&(path, text)| Some((base_name(path)?, text)))
}
