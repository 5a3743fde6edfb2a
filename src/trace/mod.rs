//! What calls did, told to a person. It reads the network's events, what failures say of themselves, and the machine.
//!
//! ```text
//! table     texts by heading: stdlib/docs
//! system    the sockets of this machine, from /proc
//! explain   each call of the network as a line, and what it means
//! sockets   the sockets of this program as a table, and one of them in words
//! why       what is behind an error, looked up on the machine, and what usually helps
//! ```

pub mod explain;
pub mod sockets;
pub mod system;
pub mod table;
pub mod why;
