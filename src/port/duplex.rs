//! A device of two: what is read comes from one, what is written goes to the other. The two ends of a child's pipes.

use std::os::fd::RawFd;

use super::device::Device;
use crate::net::{self, Interest, Net};

pub struct Duplex {
    pub input: Box<dyn Device>,
    pub output: Box<dyn Device>,
}

impl Device for Duplex {
    fn read(&mut self, net: &mut Net, room: &mut [u8]) -> net::Result<usize> {
        self.input.read(net, room)
    }

    fn write(&mut self, net: &mut Net, bytes: &[u8]) -> net::Result<usize> {
        self.output.write(net, bytes)
    }

    fn is_ready(&self, interest: Interest) -> bool {
        match interest {
            Interest::Write => self.output.is_ready(interest),
            _ => self.input.is_ready(interest),
        }
    }

    /// Closes both, whatever becomes of the first.
    fn close(&mut self, net: &mut Net) -> net::Result<()> {
        let output = self.output.close(net);
        self.input.close(net)?;
        output
    }

    fn abandon(&mut self, pending: &[u8]) {
        self.output.abandon(pending);
    }

    /// The one that is read, which is what waiting for the port means.
    fn fd(&self) -> Option<RawFd> {
        self.input.fd()
    }
}
