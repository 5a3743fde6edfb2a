//! What fibers print while the prompt waits appears above it, in whole lines.
//!
//! As long as the prompt is up, the standard output and the standard error are pipes (those of them that are the terminal); a
//! thread hands what comes out of them to the line editor, which draws itself anew below. While a form runs they are the
//! terminal itself, so that programs started from it find one.

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::unistd::{dup2_stderr, dup2_stdout, pipe2, read};
use rustyline::ExternalPrinter;
use std::fs::File;
use std::io::{IsTerminal, stderr, stdout};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

pub struct Console {
    /// The standard output and error themselves, where they are the terminal.
    output: Option<OwnedFd>,
    error: Option<OwnedFd>,
    entrance: OwnedFd,
    /// Written to, it asks the thread for what it holds back.
    wanted: Arc<EventFd>,
    given: Receiver<()>,
}

/// A line that is longer is printed in pieces.
const LONGEST: usize = 1 << 16;

impl Console {
    /// None where the line editor would be writing to the standard output itself: then what fibers print is mixed with it.
    pub fn open(printer: impl ExternalPrinter + Send + 'static) -> Option<Console> {
        File::open("/dev/tty").ok()?;
        let output = stdout().is_terminal().then(|| stdout().as_fd().try_clone_to_owned()).transpose().ok()?;
        let error = stderr().is_terminal().then(|| stderr().as_fd().try_clone_to_owned()).transpose().ok()?;
        let (exit, entrance) = pipe2(OFlag::O_CLOEXEC).ok()?;
        fcntl(&exit, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).ok()?;
        let wanted = Arc::new(EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK).ok()?);
        let (give, given) = channel();
        let asked = wanted.clone();
        thread::Builder::new().name("console".into()).spawn(move || carry(&exit, &asked, &give, printer)).ok()?;
        Some(Console { output, error, entrance, wanted, given })
    }

    /// The prompt is about to be put up.
    pub fn divert(&self) {
        // Where that fails, output is only less tidy.
        if self.output.is_some() {
            let _ = dup2_stdout(&self.entrance);
        }
        if self.error.is_some() {
            let _ = dup2_stderr(&self.entrance);
        }
    }

    /// The prompt is gone: everything that was printed is on the terminal when this returns.
    pub fn restore(&self) {
        if let Some(output) = &self.output {
            let _ = dup2_stdout(output);
        }
        if let Some(error) = &self.error {
            let _ = dup2_stderr(error);
        }
        while self.given.try_recv().is_ok() {}
        let _ = self.wanted.write(1);
        // The editor may have gone with a line that it was to print: then the next prompt prints it.
        let _ = self.given.recv_timeout(Duration::from_millis(100));
    }
}

/// Prints what comes out of the pipe, whole lines only, unless the rest is asked for.
fn carry(exit: &OwnedFd, asked: &EventFd, give: &Sender<()>, mut printer: impl ExternalPrinter) {
    let mut held: Vec<u8> = Vec::new();
    let mut room = [0; 4096];
    loop {
        let mut set = [PollFd::new(exit.as_fd(), PollFlags::POLLIN), PollFd::new(asked.as_fd(), PollFlags::POLLIN)];
        if poll(&mut set, PollTimeout::NONE).is_err() {
            continue;
        }
        let all = asked.read().is_ok();
        let mut ended = false;
        loop {
            match read(exit, &mut room) {
                Ok(0) => {
                    ended = true;
                    break;
                }
                Ok(count) => held.extend_from_slice(&room[..count]),
                Err(_) => break,
            }
            if held.len() > LONGEST {
                break;
            }
        }
        let end = match held.iter().rposition(|byte| *byte == b'\n') {
            _ if all || ended || held.len() > LONGEST => held.len(),
            Some(at) => at + 1,
            None => 0,
        };
        let lines: Vec<u8> = held.drain(..end).collect();
        if !lines.is_empty() {
            let _ = printer.print(String::from_utf8_lossy(&lines).into_owned());
        }
        if all {
            let _ = give.send(());
        }
        if ended {
            return;
        }
    }
}
