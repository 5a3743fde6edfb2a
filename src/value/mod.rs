//! Scheme values and the heap they live in.

pub mod array;
pub mod code;
pub mod collect;
pub mod condition;
pub mod control;
pub mod dialect;
pub mod equal;
pub mod external;
pub mod heap;
pub mod number;
mod old;
pub mod print;
pub mod stop;
pub mod table;
pub mod text;
pub mod tracer;
pub mod uniform;
pub mod word;

pub use code::Code;
pub use external::External;
pub use heap::Heap;
pub use word::{Kind, Value};
