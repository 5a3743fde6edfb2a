//! The libraries that come with the program, in its own text.

macro_rules! libraries {
    ($($name:literal)*) => {
        const LIBRARIES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../stdlib/", $name, ".sld"))),)*];
    };
}

libraries! {
    "scheme/base"
    "scheme/case-lambda"
    "scheme/char"
    "scheme/complex"
    "scheme/cxr"
    "scheme/eval"
    "scheme/file"
    "scheme/inexact"
    "scheme/lazy"
    "scheme/load"
    "scheme/process-context"
    "scheme/r5rs"
    "scheme/read"
    "scheme/repl"
    "scheme/time"
    "scheme/write"
}

/// The text of a library, such as "scheme/base".
pub fn find(name: &str) -> Option<&'static str> {
    LIBRARIES.iter().find(|(known, _)| *known == name).map(|&(_, text)| text)
}

pub fn names() -> impl Iterator<Item = &'static str> {
    LIBRARIES.iter().map(|&(name, _)| name)
}
