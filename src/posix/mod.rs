//! What the C library knows of the calendar and of users: without Scheme, each call with its own memory.

pub mod clock;
pub mod locale;
pub mod users;
