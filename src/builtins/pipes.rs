//! Ports to programs: children whose standard streams are pipes to this process. (ice-9 popen) is made of these.

use super::children::{Start, c_strings, program_of, standard_streams};
use super::declare::{Str, Sym, out_of_range};
use super::lists::elements;
use super::port_value::{PortArg, PortObject, port_value};
use super::process::settle;
use crate::builtins;
use crate::port::duplex::Duplex;
use crate::port::{Buffering, Descriptor, Device, Port, Ways};
use crate::value::Value;
use crate::vm::cx::{Answer, Cx, Exit};
use nix::fcntl::OFlag;
use nix::unistd;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};

builtins! { PIPES;

/// Starts the program that is first in COMMAND, a list of strings, in the name of WHO, and answers a port: its standard output is
/// read, if MODE begins with r, and its standard input written, if that is w or r+. The others of its streams are this
/// process's.
fn "%open-process" (cx, who: Sym, mode: Str, command: Value) needs process {
    let who = cx.symbols.name(who.0.as_symbol().expect("a symbol")).to_string();
    open_process(cx, &who, mode, command)
}

/// Starts a program for each of COMMANDS, lists of strings, each of which reads what the one before writes: a list of the port
/// that reads from the last, the port that writes to the first, and the numbers of the children, the last one first.
fn "%pipeline" (cx, commands: Value) needs process { pipeline(cx, commands) }

/// The number of the child that PORT leads to; #f if it leads to none.
fn "%port-child" (cx, port: PortArg) {
    cx.heap.external_mut::<PortObject>(port.0).and_then(|object| object.child.as_ref()).map(|child| child.number())
}
}

/// Two descriptors, closed on exec: one to read from, one to write to.
fn pipe(cx: &mut Cx, who: &str) -> Answer<(OwnedFd, OwnedFd)> {
    let ends = unistd::pipe2(OFlag::O_CLOEXEC).map_err(io::Error::from);
    settle(cx, who, ends)
}

fn device(cx: &mut Cx, who: &str, fd: OwnedFd) -> Answer<Box<dyn Device>> {
    match Descriptor::new(fd) {
        Ok(device) => Ok(Box::new(device)),
        Err(stop) => Err(super::port_value::stopped(cx, who, stop, None)),
    }
}

/// Starts a program with the streams given, and this process's own for the others.
fn start(cx: &mut Cx, who: &str, command: Value, ends: [Option<RawFd>; 2]) -> Answer<i32> {
    let words = elements(cx, who, 1, "command", command)?;
    let words = c_strings(cx, who, 1, &words)?;
    let Some(program) = program_of(cx, words) else {
        return super::declare::wrong_type(cx, who, 1, "command", "a list of strings, not empty", command);
    };
    let mut streams = standard_streams(cx);
    for (own, end) in streams.iter_mut().zip(ends) {
        *own = end.or(*own);
    }
    let (child, _) = super::children::start(cx, who, &program, Start { streams, keep: false })?;
    Ok(child)
}

fn open_process(cx: &mut Cx, who: &str, mode: Str, command: Value) -> Answer {
    let (reads, writes) = match cx.heap.str(mode.0).unwrap_or_default() {
        "r" => (true, false),
        "w" => (false, true),
        "r+" => (true, true),
        _ => return out_of_range(cx, who, 1, "mode", "OPEN_READ, OPEN_WRITE or OPEN_BOTH", mode.0),
    };
    let from = if reads { Some(pipe(cx, who)?) } else { None };
    let to = if writes { Some(pipe(cx, who)?) } else { None };
    let ends = [to.as_ref().map(|(end, _)| end.as_raw_fd()), from.as_ref().map(|(_, end)| end.as_raw_fd())];
    let child = start(cx, who, command, ends)?;
    let port = match (from, to) {
        (Some((input, _)), Some((_, output))) => {
            let (input, output) = (device(cx, who, input)?, device(cx, who, output)?);
            Port::new("pipe", Box::new(Duplex { input, output }), Ways::BOTH, Buffering::BLOCK)
        }
        (Some((input, _)), None) => Port::new("read pipe", device(cx, who, input)?, Ways::INPUT, Buffering::BLOCK),
        (_, output) => {
            let (_, output) = output.expect("a process is read from or written to");
            Port::new("write pipe", device(cx, who, output)?, Ways::OUTPUT, Buffering::None)
        }
    };
    let token = cx.net.children.watch(child);
    let port = port_value(cx, port);
    if let Some(object) = cx.heap.external_mut::<PortObject>(port) {
        object.child = Some(token);
    }
    Ok(port)
}

fn pipeline(cx: &mut Cx, commands: Value) -> Answer {
    let who = "pipeline";
    let commands = elements(cx, who, 1, "commands", commands)?;
    let (mut from, to) = pipe(cx, who)?;
    let mut children = Vec::with_capacity(commands.len());
    for command in commands {
        let (next, end) = pipe(cx, who)?;
        let child = start(cx, who, command, [Some(from.as_raw_fd()), Some(end.as_raw_fd())])?;
        children.push(Value::fixnum(child.into()));
        from = next;
    }
    let input = Port::new("read pipe", device(cx, who, from)?, Ways::INPUT, Buffering::BLOCK);
    let output = Port::new("write pipe", device(cx, who, to)?, Ways::OUTPUT, Buffering::None);
    children.reverse();
    let (input, output) = (port_value(cx, input), port_value(cx, output));
    let children = cx.heap.list(&children);
    Ok::<_, Box<Exit>>(cx.heap.list(&[input, output, children]))
}
