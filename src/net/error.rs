//! What a network call answers when it does not answer its value: an error, or "not yet".

use std::fmt;
use std::os::fd::RawFd;
use std::time::Duration;

use nix::libc;

use super::address::Address;
use super::errno;
use super::poller::Interest;

pub type Result<T> = std::result::Result<T, Stop>;

/// Why a call did not finish. Whoever runs it decides what that means for the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stop {
    /// Call again when the descriptor is ready; nothing was consumed. Only in `Mode::Try`.
    Wait(RawFd, Interest),
    /// Call again after this time: the kernel offers nothing to wait on (a full queue of a local listener).
    Later(Duration),
    /// The interrupt flag was found raised; nothing was consumed.
    Interrupted,
    Failed(Box<Error>),
}

impl Stop {
    /// The same, saying which endpoint was meant.
    pub fn at(self, address: &Address) -> Stop {
        self.at_place(|| address.to_string())
    }

    pub fn at_place(mut self, place: impl FnOnce() -> String) -> Stop {
        if let Stop::Failed(error) = &mut self {
            error.endpoint.get_or_insert_with(place);
        }
        self
    }

    pub fn errno(&self) -> Option<i32> {
        match self {
            Stop::Failed(error) => error.errno(),
            _ => None,
        }
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Failed(Box::new(error))
    }
}

/// A call that failed: which, why, and with whom.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// The system call, or the conversion, as a person names it.
    pub call: &'static str,
    pub cause: Cause,
    /// The address or path the call was about, in words.
    pub endpoint: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cause {
    Errno(i32),
    /// A limit of time that the program has set; ETIMEDOUT, though no call said so.
    Limit,
    /// A local path of so many bytes; the kernel takes 108.
    PathTooLong(usize),
    /// A local path with a zero byte that is not the first.
    NulInPath,
    /// What a reader or writer of the host's says.
    Told(String, i32),
    /// A text that is no address of its family.
    BadAddress(String),
    /// An argument outside what the call takes, bounds inclusive.
    OutOfRange {
        what: &'static str,
        low: i64,
        high: i64,
        value: i64,
    },
}

impl Error {
    pub fn new(call: &'static str, errno: i32) -> Error {
        Error { call, cause: Cause::Errno(errno), endpoint: None }
    }

    pub fn of(call: &'static str, cause: Cause) -> Error {
        Error { call, cause, endpoint: None }
    }

    pub fn from_io(call: &'static str, error: &std::io::Error) -> Error {
        match error.raw_os_error() {
            Some(number) => Error::new(call, number),
            None => Error::of(call, Cause::Told(error.to_string(), told_number(error.kind()))),
        }
    }

    pub fn at(mut self, endpoint: impl Into<String>) -> Error {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// The number a script sees, where there is one.
    pub fn errno(&self) -> Option<i32> {
        match self.cause {
            Cause::Errno(number) | Cause::Told(_, number) => Some(number),
            Cause::Limit => Some(libc::ETIMEDOUT),
            Cause::PathTooLong(_) => Some(libc::EINVAL),
            _ => None,
        }
    }

    /// Why it failed, without call and endpoint: "Connection refused".
    pub fn reason(&self) -> String {
        match &self.cause {
            Cause::Errno(number) => errno::text(*number),
            Cause::Limit => "Timed out".to_string(),
            Cause::PathTooLong(length) => format!("the path has {length} bytes, a socket's path at most 108"),
            Cause::Told(text, _) => text.clone(),
            Cause::NulInPath => "a socket's path cannot hold a zero byte after its first".to_string(),
            Cause::BadAddress(text) => format!("Bad address: {text:?}"),
            Cause::OutOfRange { what, low, high, value } => {
                format!("{what} should be from {low} to {high}, got {value}")
            }
        }
    }
}

/// The errno inside an io::Error. The few that carry none come from our own checks of arguments.
pub(crate) fn number_of(error: &std::io::Error) -> i32 {
    error.raw_os_error().unwrap_or(libc::EINVAL)
}

/// The number for an error that the system did not make.
fn told_number(kind: std::io::ErrorKind) -> i32 {
    use std::io::ErrorKind;
    match kind {
        ErrorKind::InvalidInput => libc::EINVAL,
        ErrorKind::TimedOut => libc::ETIMEDOUT,
        ErrorKind::BrokenPipe => libc::EPIPE,
        ErrorKind::WouldBlock => libc::EAGAIN,
        _ => libc::EIO,
    }
}

impl Error {
    /// The sentence for people, in which the call has the name its caller knows it by: `read-line` for a `recv`.
    pub fn text_as(&self, who: &str) -> String {
        let mut text = who.to_string();
        if let Some(endpoint) = &self.endpoint {
            text += match self.call {
                "connect" | "bind" | "sendto" | "send" | "write" => " to ",
                "recv" | "recvfrom" | "read" => " from ",
                _ => ": ",
            };
            text += endpoint;
        }
        let reason = self.reason();
        let Some(name) = self.errno().and_then(errno::name) else { return text + ": " + &reason };
        // "Connection refused" goes on as a clause; "RFS specific error" keeps its capitals.
        let mut letters = reason.chars();
        let clause = match (letters.next(), letters.clone().next()) {
            (Some(first), Some(second)) if second.is_lowercase() => {
                format!("{}{}", first.to_lowercase(), letters.as_str())
            }
            _ => reason,
        };
        format!("{text}: {clause} ({name})")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text_as(self.call))
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_call_endpoint_and_number() {
        let error = Error::new("connect", libc::ECONNREFUSED).at("127.0.0.1 port 1");
        assert_eq!(error.to_string(), "connect to 127.0.0.1 port 1: connection refused (ECONNREFUSED)");
        let error = Error::of("bind", Cause::PathTooLong(200));
        assert_eq!(error.errno(), Some(libc::EINVAL));
        assert!(error.to_string().contains("at most 108"));
        assert_eq!(Error::new("x", libc::EREMOTEIO).to_string(), "x: remote I/O error (EREMOTEIO)");
    }
}
