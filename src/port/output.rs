//! Writing to a port.

use std::borrow::Cow;

use super::buffer::{Output, Place, Source, write_counted};
use super::device::Whence;
use super::error::{PortError, Result};
use super::text::Encoding;
use super::{Port, Side};
use crate::net::Net;

/// What became of a write that did not fail. Either way the port has taken over all of it: who is told to wait must
/// not write it again, but call `flush` until that answers.
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use]
pub enum Written {
    Done,
    /// Some of it waits in the buffer, for the reason given: one of the pauses.
    Pending(PortError),
}

impl Port {
    #[inline]
    fn output(&mut self) -> Result<(&mut Output, &mut Source)> {
        if self.random {
            self.give_back()?;
        }
        Ok((self.output.open_or(PortError::NotOutput)?, &mut self.device))
    }

    /// Moves a file's place back over what was read ahead.
    #[cold]
    fn give_back(&mut self) -> Result<()> {
        if let (Side::Open(input), Side::Open(_), Some(device)) = (&mut self.input, &self.output, &mut self.device)
            && let unread @ 1.. = input.settled()
        {
            device.seek(-(unread as i64), Whence::Current)?;
            input.forget_all();
        }
        Ok(())
    }

    /// Writes a text: one write to the device, if the port is unbuffered.
    pub fn write_str(&mut self, net: &mut Net, text: &str) -> Result<Written> {
        let strategy = self.strategy;
        let (output, sink) = self.output()?;
        let bytes = match output.encoding {
            Encoding::Utf8 => Cow::Borrowed(text.as_bytes()),
            encoding => {
                let mut bytes = Vec::new();
                if encoding != encoding.ordered() && !text.is_empty() {
                    encoding.push('\u{feff}', &mut bytes);
                }
                if let Err(char) = encoding.encode(text, strategy, &mut bytes) {
                    output.accept(sink, net, &bytes)?;
                    return Err(PortError::Encode(char));
                }
                Cow::Owned(bytes)
            }
        };
        let before = output.place;
        output.place.pass(text.as_bytes());
        let written = accepted(output.accept(sink, net, &bytes));
        match &written {
            Ok(_) if !text.is_empty() => output.encoding = output.encoding.ordered(),
            Ok(_) => {}
            Err(_) => output.place = before,
        }
        written
    }

    pub fn write_char(&mut self, net: &mut Net, char: char) -> Result<Written> {
        self.write_str(net, char.encode_utf8(&mut [0; 4]))
    }

    pub fn write_bytes(&mut self, net: &mut Net, bytes: &[u8]) -> Result<Written> {
        let (output, sink) = self.output()?;
        accepted(output.accept(sink, net, bytes))
    }

    /// `write_bytes` where the port has a buffer with room for them, and nothing else is to be done. None, and nothing has
    /// happened, where it has not.
    #[inline]
    pub fn hold_at_once(&mut self, net: &mut Net, bytes: &[u8]) -> Option<()> {
        match (&mut self.output, &self.device) {
            (Side::Open(output), Some(_)) if !self.random => output.hold_at_once(net, bytes),
            _ => None,
        }
    }

    /// `flush` where a socket takes all there is. None where it does not: then `flush` goes on.
    #[inline]
    pub fn flush_at_once(&mut self, net: &mut Net) -> Option<()> {
        match (&mut self.output, &mut self.device) {
            (Side::Open(output), Some(device)) if !self.random => output.drain_at_once(device.as_mut(), net),
            _ => None,
        }
    }

    pub fn write_u8(&mut self, net: &mut Net, byte: u8) -> Result<Written> {
        self.write_bytes(net, &[byte])
    }

    /// Writes as many of `bytes` as the device takes at once; nothing waits before them.
    pub fn write_some(&mut self, net: &mut Net, bytes: &[u8]) -> Result<usize> {
        match self.output()? {
            (_, Some(device)) => write_counted(device.as_mut(), net, bytes),
            (_, None) => Ok(0),
        }
    }

    /// Writes all that waits in the buffer; may be repeated after a pause.
    pub fn flush(&mut self, net: &mut Net) -> Result<()> {
        match self.output()? {
            (output, Some(device)) => output.drain(device.as_mut(), net),
            (_, None) => Ok(()),
        }
    }

    /// Bytes that wait to be written.
    pub fn waiting(&self) -> usize {
        match &self.output {
            Side::Open(output) if self.device.is_some() => output.waiting().len(),
            _ => 0,
        }
    }

    /// What a memory port has gathered, in its encoding; empty for others.
    pub fn gathered(&self) -> &[u8] {
        match &self.output {
            Side::Open(output) if self.device.is_none() => output.waiting(),
            _ => &[],
        }
    }

    /// The same as text.
    pub fn gathered_text(&self) -> Cow<'_, str> {
        match self.encoding {
            Encoding::Utf8 => String::from_utf8_lossy(self.gathered()),
            encoding => Cow::Owned(encoding.text(self.gathered())),
        }
    }

    /// Gives up what a memory port has gathered, which then begins anew.
    pub fn take_gathered(&mut self) -> Vec<u8> {
        match &mut self.output {
            Side::Open(output) if self.device.is_none() => output.take(),
            _ => Vec::new(),
        }
    }

    /// The same as text.
    pub fn take_gathered_text(&mut self) -> String {
        let text = self.gathered_text().into_owned();
        self.take_gathered();
        text
    }

    /// Where the next character will be written, as far as text was written through this port.
    pub fn output_place(&self) -> Place {
        match &self.output {
            Side::Open(output) => output.place,
            _ => Place::default(),
        }
    }
}

/// The buffer keeps what a pause leaves over, so a pause is no failure of the write.
fn accepted(answer: Result<()>) -> Result<Written> {
    match answer {
        Ok(()) => Ok(Written::Done),
        Err(error) if error.is_pause() => Ok(Written::Pending(error)),
        Err(error) => Err(error),
    }
}
