//! Text to datum: the first step of the staircase.
//!
//! ```text
//! lexer     characters to tokens (logos, and by hand what nests or is quoted)
//! literal   what strings, characters, byte strings and quoted symbols stand for
//! names     what errors call tokens, forms and data
//! parser    tokens to data, from a text that may still be growing
//! array     what stands in `#2((1 2) (3 4))`
//! datum     what comes out: a flat arena of nodes, each with its span
//! curly     lists in braces, for `#!curly-infix`
//! inspect   what prompts and editors ask of a text: is it complete, and what are its tokens
//! fold      case folding, for `#!fold-case` and everybody above
//! error     what is wrong with a text, and where
//! ```
//!
//! The syntax is that of R7RS sections 2 and 7.1, with Guile's additions. Nothing here recurses over the text, so a
//! million parentheses cost memory and time in proportion, and no stack.

mod array;
mod curly;
mod datum;
mod error;
mod fold;
mod inspect;
mod lexer;
mod literal;
mod names;
mod parser;
#[cfg(test)]
mod tests;

pub use datum::{Kind, Node, NodeId, Special, Tree, Uniform};
pub use error::{Error, ErrorKind};
pub use fold::fold_case;
pub use inspect::{Class, Completeness, is_complete, tokens};
pub use lexer::is_delimiter;
pub use literal::{CHARACTER_NAMES, character};
pub use parser::{KeywordStyle, Parser, Reading, Step, read_all};
