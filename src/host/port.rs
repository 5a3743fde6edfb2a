//! Rust's readers, writers, sockets and files as ports.

use super::{Data, Failure, IntoScheme};
use crate::builtins::port_value::port_value;
use crate::builtins::ports::settle_known;
use crate::net::call::{Call, Data as Bytes, Waits};
use crate::net::{self, Error, Net};
use crate::port::device::Device;
use crate::port::{Buffering, Descriptor, Port as Stream, Ways};
use crate::value::Value;
use crate::vm::cx::{Answer, Cx};
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, PoisonError};

/// A port made of a Rust reader or writer, which blocks the engine as long as they block; or of a socket or file, which does not.
///
/// ```
/// use sockeye::{Engine, Port};
/// let mut engine = Engine::new()?;
/// engine.define("config", Port::reader("config", "(port 7007)".as_bytes()))?;
/// assert_eq!(engine.eval::<i64>("(cadr (read config))")?, 7007);
/// engine.define("log", Port::writer("log", std::io::sink()))?;
/// engine.eval::<()>("(write 'hello log) (close-port log)")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Port {
    name: String,
    end: End,
}

enum End {
    Reader(Box<dyn Read + Send>),
    Writer(Box<dyn Write + Send>),
    Socket(OwnedFd),
    File(OwnedFd),
}

impl Port {
    /// An input port on a reader.
    ///
    /// ```
    /// use sockeye::{Engine, Port};
    /// let mut engine = Engine::new()?;
    /// engine.define("lines", Port::reader("lines", "a\nb\n".as_bytes()))?;
    /// assert_eq!(engine.eval::<Vec<String>>("(list (read-line lines) (read-line lines))")?, ["a", "b"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reader(name: &str, reader: impl Read + Send + 'static) -> Port {
        Port { name: name.to_string(), end: End::Reader(Box::new(reader)) }
    }

    /// An output port on a writer; what it holds back is written when it is flushed or closed.
    ///
    /// ```
    /// use sockeye::{Engine, Port};
    /// let file = tempfile::NamedTempFile::new()?;
    /// let mut engine = Engine::new()?;
    /// engine.define("log", Port::writer("log", file.reopen()?))?;
    /// engine.eval::<()>("(write '(a b) log) (close-port log)")?;
    /// assert_eq!(std::fs::read_to_string(file.path())?, "(a b)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn writer(name: &str, writer: impl Write + Send + 'static) -> Port {
        Port { name: name.to_string(), end: End::Writer(Box::new(writer)) }
    }

    /// A socket of the host's, as if the program had made it: a stream, a listener, a datagram socket, or an `OwnedFd`. It is the
    /// engine's from now on, and closed with the port; programs wait for it as for sockets of their own, one fiber at a time.
    ///
    /// Handing it over is the permission to use it as it is: to read, write, send and receive, to accept from it, to ask for its
    /// names, to shut it down. What leads elsewhere still needs a permission of its own: connecting, binding, listening, and sending
    /// to an address. Options of the descriptor stay as they are: if it does not block, calls such as `recv!` answer EAGAIN.
    ///
    /// ```
    /// use sockeye::{Engine, Port};
    /// use std::io::{Read, Write};
    /// use std::os::unix::net::UnixStream;
    /// let (mut ours, theirs) = UnixStream::pair()?;
    /// ours.write_all(b"who is there\n")?;
    /// let mut engine = Engine::new()?;
    /// engine.eval::<()>("(define (greet peer) (display (string-append (read-line peer) \"?\") peer) (close-port peer))")?;
    /// engine.call::<()>("greet", (Port::socket(theirs),))?;
    /// let mut answer = String::new();
    /// ours.read_to_string(&mut answer)?;
    /// assert_eq!(answer, "who is there?");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn socket(socket: impl Into<OwnedFd>) -> Port {
        Port { name: "socket".to_string(), end: End::Socket(socket.into()) }
    }

    /// Any other descriptor of the host's: a file, a pipe, a terminal. The port reads and writes as far as it was opened for that,
    /// and closes it. As with `socket`, who hands it over allows its use, whatever the rules about files say.
    ///
    /// ```
    /// use sockeye::{Engine, Port};
    /// let mut engine = Engine::new()?;
    /// engine.define("passwords", Port::file("passwords", std::fs::File::open("/etc/passwd")?))?;
    /// assert!(engine.eval::<bool>("(string? (read-line passwords))")?);
    /// assert!(engine.eval::<()>("(open-input-file \"/etc/passwd\")").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn file(name: &str, file: impl Into<OwnedFd>) -> Port {
        Port { name: name.to_string(), end: End::File(file.into()) }
    }

    fn value(self, cx: &mut Cx) -> Result<Value, Failure> {
        let mut port = match self.end {
            End::Reader(_) => Stream::new(self.name, Box::new(Host(Some(self.end))), Ways::INPUT, Buffering::BLOCK),
            End::Writer(_) => Stream::new(self.name, Box::new(Host(Some(self.end))), Ways::OUTPUT, Buffering::BLOCK),
            End::Socket(fd) => match of_descriptor(fd)? {
                (device, _) if device.socket().is_none() => {
                    return Err(Failure::new("this descriptor is not a socket"));
                }
                (device, _) => Stream::of_socket_device(device),
            },
            End::File(fd) => {
                let (device, ways) = of_descriptor(fd)?;
                Stream::new(self.name, Box::new(device), ways, Buffering::BLOCK)
            }
        };
        settle_known(cx, &mut port);
        Ok(port_value(cx, port))
    }
}

/// The device on a descriptor, and the ways it was opened for.
fn of_descriptor(fd: OwnedFd) -> Result<(Descriptor, Ways), Failure> {
    let flags = fcntl(&fd, FcntlArg::F_GETFL).map(OFlag::from_bits_retain);
    let ways = match flags.map_err(|errno| Failure::new(errno.desc()))? & OFlag::O_ACCMODE {
        OFlag::O_RDONLY => Ways::INPUT,
        OFlag::O_WRONLY => Ways::OUTPUT,
        _ => Ways::BOTH,
    };
    match Descriptor::new(fd) {
        Ok(device) => Ok((device, ways)),
        Err(_) => Err(Failure::new("the system does not say what this descriptor is")),
    }
}

impl IntoScheme for Port {
    fn into_data(self) -> Result<Data, Failure> {
        Err(Failure::new("a port is made by the engine that it is for"))
    }

    fn build(self, cx: &mut Cx) -> Answer {
        self.value(cx).map_err(|failure| failure.exit(cx, "port"))
    }
}

/// The result, whose error is kept where it says more than a number does.
fn noted<T>(result: io::Result<T>, told: &mut Option<io::Error>) -> io::Result<T> {
    result.map_err(|error| match error.raw_os_error() {
        Some(_) => error,
        // It is not even an error, and the call is made again.
        None if error.kind() == io::ErrorKind::Interrupted => io::Error::from_raw_os_error(nix::libc::EINTR),
        None => {
            *told = Some(error);
            io::Error::from_raw_os_error(nix::libc::EIO)
        }
    })
}

/// None once it is closed, and while the host is at it: what has panicked is asked for nothing any more.
struct Host(Option<End>);

impl Device for Host {
    fn read(&mut self, net: &mut Net, room: &mut [u8]) -> net::Result<usize> {
        let Some(End::Reader(mut reader)) = self.0.take() else { return Ok(0) };
        let call = Call { name: "read", fd: -1, args: &[], data: Bytes::In(room), waits: Waits::Never };
        let mut told = None;
        let result = net.quietly(call, |data, _| {
            let room = data.room();
            let read = reader.read(room).and_then(|count| match count <= room.len() {
                true => Ok(count),
                false => Err(io::Error::other("the reader says that it has read more than there was room for")),
            });
            noted(read, &mut told)
        });
        self.0 = Some(End::Reader(reader));
        result.map_err(|error| told.map_or(error, |told| Error::from_io("read", &told).into()))
    }

    fn write(&mut self, net: &mut Net, bytes: &[u8]) -> net::Result<usize> {
        let Some(End::Writer(mut writer)) = self.0.take() else { return Ok(bytes.len()) };
        let call = Call { name: "write", fd: -1, args: &[], data: Bytes::Out(bytes), waits: Waits::Never };
        let mut told = None;
        let result = net.quietly(call, |data, _| {
            let written = writer.write_all(data.bytes()).and_then(|()| writer.flush());
            noted(written.map(|()| data.bytes().len()), &mut told)
        });
        self.0 = Some(End::Writer(writer));
        result.map_err(|error| told.map_or(error, |told| Error::from_io("write", &told).into()))
    }

    fn close(&mut self, _: &mut Net) -> net::Result<()> {
        if let Some(End::Writer(mut writer)) = self.0.take() {
            writer.flush().map_err(|error| Error::from_io("close", &error))?;
        }
        Ok(())
    }

    fn abandon(&mut self, pending: &[u8]) {
        if let Some(End::Writer(mut writer)) = self.0.take() {
            // Nobody is left to be told.
            let _ = writer.write_all(pending).and_then(|()| writer.flush());
        }
    }
}

// ---- the standard ports ----------------------------------------------------------------------------------------------

impl Port {
    /// A port that cannot fail: it is no descriptor's.
    fn made(self, cx: &mut Cx) -> Value {
        self.value(cx).unwrap_or(Value::FALSE)
    }
}

pub(super) fn set_input(cx: &mut Cx, reader: Box<dyn Read + Send>) {
    let port = Port { name: "stdin".to_string(), end: End::Reader(reader) }.made(cx);
    cx.heap.set_field(cx.roots.current_input, 0, port);
}

pub(super) fn set_output(cx: &mut Cx, writer: Box<dyn Write + Send>) {
    let port = Port { name: "stdout".to_string(), end: End::Writer(writer) }.made(cx);
    cx.heap.set_field(cx.roots.current_output, 0, port);
}

pub(super) fn set_errors(cx: &mut Cx, writer: Box<dyn Write + Send>) {
    let port = Port { name: "stderr".to_string(), end: End::Writer(writer) }.made(cx);
    cx.heap.set_field(cx.roots.current_error, 0, port);
}

/// What was written and not yet taken.
pub(super) struct Captured(Arc<Mutex<Vec<u8>>>);

pub(super) struct Capture(Arc<Mutex<Vec<u8>>>);

pub(super) fn capture() -> (Capture, Captured) {
    let kept = Arc::new(Mutex::new(Vec::new()));
    (Capture(kept.clone()), Captured(kept))
}

impl Captured {
    pub(super) fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
