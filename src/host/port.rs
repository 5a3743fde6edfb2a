//! Rust's readers and writers as ports.

use super::{Data, Failure, IntoScheme};
use crate::builtins::port_value::port_value;
use crate::builtins::ports::settle_known;
use crate::net::call::{Call, Data as Bytes, Waits};
use crate::net::{self, Error, Net};
use crate::port::device::Device;
use crate::port::{Buffering, Port as Stream, Ways};
use crate::value::Value;
use crate::vm::cx::{Answer, Cx};
use std::io::{Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// A port made of a Rust reader or writer. It blocks the engine as long as they block.
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
}

impl Port {
    pub fn reader(name: &str, reader: impl Read + Send + 'static) -> Port {
        Port { name: name.to_string(), end: End::Reader(Box::new(reader)) }
    }

    pub fn writer(name: &str, writer: impl Write + Send + 'static) -> Port {
        Port { name: name.to_string(), end: End::Writer(Box::new(writer)) }
    }

    fn value(self, cx: &mut Cx) -> Value {
        let ways = if matches!(self.end, End::Reader(_)) { Ways::INPUT } else { Ways::OUTPUT };
        let mut port = Stream::new(self.name, Box::new(Host(Some(self.end))), ways, Buffering::BLOCK);
        settle_known(cx, &mut port);
        port_value(cx, port)
    }
}

impl IntoScheme for Port {
    fn into_data(self) -> Result<Data, Failure> {
        Err(Failure::new("a port is made by the engine that it is for"))
    }

    fn build(self, cx: &mut Cx) -> Answer {
        Ok(self.value(cx))
    }
}

/// None once it is closed.
struct Host(Option<End>);

impl Device for Host {
    fn read(&mut self, net: &mut Net, room: &mut [u8]) -> net::Result<usize> {
        let Some(End::Reader(reader)) = &mut self.0 else { return Ok(0) };
        let call = Call { name: "read", fd: -1, args: &[], data: Bytes::In(room), waits: Waits::Never };
        net.quietly(call, |data, _| reader.read(data.room()))
    }

    fn write(&mut self, net: &mut Net, bytes: &[u8]) -> net::Result<usize> {
        let Some(End::Writer(writer)) = &mut self.0 else { return Ok(bytes.len()) };
        let call = Call { name: "write", fd: -1, args: &[], data: Bytes::Out(bytes), waits: Waits::Never };
        net.quietly(call, |data, _| {
            writer.write_all(data.bytes())?;
            writer.flush()?;
            Ok(data.bytes().len())
        })
    }

    fn close(&mut self, _: &mut Net) -> net::Result<()> {
        if let Some(End::Writer(mut writer)) = self.0.take() {
            writer.flush().map_err(|error| Error::from_io("close", &error))?;
        }
        Ok(())
    }

    fn abandon(&mut self, pending: &[u8]) {
        if let Some(End::Writer(writer)) = &mut self.0 {
            // Nobody is left to be told.
            let _ = writer.write_all(pending).and_then(|()| writer.flush());
        }
    }
}

// ---- the standard ports ----------------------------------------------------------------------------------------------

pub(super) fn set_input(cx: &mut Cx, reader: Box<dyn Read + Send>) {
    let port = Port { name: "stdin".to_string(), end: End::Reader(reader) }.value(cx);
    cx.heap.set_field(cx.roots.current_input, 0, port);
}

pub(super) fn set_output(cx: &mut Cx, writer: Box<dyn Write + Send>) {
    let port = Port { name: "stdout".to_string(), end: End::Writer(writer) }.value(cx);
    cx.heap.set_field(cx.roots.current_output, 0, port);
}

pub(super) fn set_errors(cx: &mut Cx, writer: Box<dyn Write + Send>) {
    let port = Port { name: "stderr".to_string(), end: End::Writer(writer) }.value(cx);
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
