//! What calls did, told to a person. It reads what failures say of themselves, and the machine.
//!
//! ```text
//! table     texts by heading: stdlib/docs
//! system    the sockets of this machine, from /proc
//! why       what is behind an error, looked up on the machine, and what usually helps
//! ```

pub mod system;
pub mod table;
pub mod why;
