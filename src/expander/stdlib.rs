//! The Scheme texts that come with the program: build.rs puts in all of stdlib/.
//!
//! `stdlib/sockeye/*.scm` make up the base language: definitions that are compiled when first used. All other files are
//! libraries, found by the path that their name makes: (scheme base) is scheme/base.sld.

include!(concat!(env!("OUT_DIR"), "/stdlib.rs"));

/// The directory of the base language's files.
const BASE: &str = "sockeye/";

/// The text of a library, such as "scheme/base".
pub fn find(name: &str) -> Option<&'static str> {
    let text = |extension: &str| {
        let at = FILES.binary_search_by(|(path, _)| path.bytes().cmp(name.bytes().chain(extension.bytes())));
        Some(FILES[at.ok()?].1)
    };
    text(".sld").or_else(|| text(".scm").filter(|_| !name.starts_with(BASE)))
}

/// The libraries' names, each as `find` takes it.
pub fn names() -> impl Iterator<Item = &'static str> {
    let library = |path: &'static str| {
        path.strip_suffix(".sld").or_else(|| path.strip_suffix(".scm").filter(|name| !name.starts_with(BASE)))
    };
    FILES.iter().filter_map(move |&(path, _)| library(path))
}

/// The files of the base language, each with a name and its text.
pub fn base() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter_map(|&(path, text)| Some((path.strip_prefix(BASE)?.strip_suffix(".scm")?, text)))
}
