//! Descriptors under ports: numbers, duplicates, moves, and what fcntl and its kin do to them. [Guile manual, "Ports and File
//! Descriptors"]
//!
//! A procedure that takes a descriptor takes its number or a port on it. Numbers that the engine itself lives on count as not
//! open. When a number is wanted that ports stand on, those go on with another one.

use super::addresses::Int;
use super::declare::{Argument, Str, Sym, out_of_range, wrong_type};
use super::files::{opened, path_of};
use super::port_value::{PortArg, PortObject, Use, port_value, stopped};
use crate::builtins;
use crate::net::call::{Call, Data, Waits};
use crate::net::{self, Interest, raw};
use crate::port::{Buffering, Descriptor, Port, PortError, Ways, file};
use crate::value::Value;
use crate::vm::cx::{Answer, Cx};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::{libc, unistd};
use std::os::fd::{IntoRawFd, OwnedFd, RawFd};

builtins! { DESCRIPTORS;

/// The number of the descriptor that PORT stands on. [Guile]
///
///     (fileno (current-error-port))
fn "fileno" (cx, port: PortArg) { descriptor(cx, Use::of("fileno", 1, port)) }

/// The same as fileno, and the number counts as in use by others: see port-revealed. [Guile]
///
///     (port->fdes (current-error-port))
fn "port->fdes" (cx, port: PortArg) {
    let at = Use::of("port->fdes", 1, port);
    let fd = descriptor(cx, at)?;
    at.ask(cx, |port| port.revealed = port.revealed.saturating_add(1))?;
    Ok(fd)
}

/// How many users rely on the number of PORT's descriptor. A port that nobody can reach any more is closed only if there are
/// none. [Guile]
///
///     (let ((p (car (pipe)))) (port->fdes p) (port-revealed p))  => 1
fn "port-revealed" (cx, port: PortArg) {
    let at = Use::of("port-revealed", 1, port);
    descriptor(cx, at)?;
    at.ask(cx, |port| port.revealed as usize)
}

/// Sets how many users rely on the number of PORT's descriptor. [Guile]
///
///     (let ((p (car (pipe)))) (set-port-revealed! p 2) (port-revealed p))  => 2
fn "set-port-revealed!" (cx, port: PortArg, count: usize) {
    let at = Use::of("set-port-revealed!", 1, port);
    descriptor(cx, at)?;
    at.ask(cx, |port| port.revealed = u32::try_from(count).unwrap_or(u32::MAX))
}

/// One user less relies on the number of PORT's descriptor. [Guile]
///
///     (let ((p (car (pipe)))) (port->fdes p) (release-port-handle p) (port-revealed p))  => 0
fn "release-port-handle" (cx, port: PortArg) {
    let at = Use::of("release-port-handle", 1, port);
    descriptor(cx, at)?;
    at.ask(cx, |port| port.revealed = port.revealed.saturating_sub(1))
}

/// All open ports on the descriptor FDES, a list. [Guile]
///
///     (let ((p (car (pipe)))) (eq? p (car (fdes->ports (fileno p)))))  => #t
fn "fdes->ports" (cx, fdes: Int) {
    let fd = fdes.c_int(cx, "fdes->ports", 1, "fdes")?;
    let ports = ports_on(cx, fd);
    cx.heap.list(&ports)
}

/// An input port on the descriptor FDES, one that there is or else a new one; its number counts as in use. [Guile]
///
///     (let ((p (car (pipe)))) (eq? p (fdes->inport (fileno p))))  => #t
fn "fdes->inport" (cx, fdes: Int) needs number(fdes), room { found_or_opened(cx, "fdes->inport", fdes, "r", Port::is_input) }

/// An output port on the descriptor FDES, one that there is or else a new one; its number counts as in use. [Guile]
///
///     (let ((p (cdr (pipe)))) (eq? p (fdes->outport (fileno p))))  => #t
fn "fdes->outport" (cx, fdes: Int) needs number(fdes), room { found_or_opened(cx, "fdes->outport", fdes, "w", Port::is_output) }

/// A new port on the descriptor FDES. MODE is r, w or r+, and perhaps 0 (no buffer) or l (buffer of lines) behind it. Ports on one
/// descriptor have buffers of their own, and closing one closes the descriptor under all. [Guile]
///
///     (port-mode (fdopen (fileno (car (pipe))) "r0"))  => "r0"
fn "fdopen" (cx, fdes: Int, mode: Str) needs number(fdes), room {
    let fd = fdes.c_int(cx, "fdopen", 1, "fdes")?;
    open_on(cx, "fdopen", fd, mode, 2)
}

/// A new descriptor for what OBJ, a port or descriptor, stands on: its number. With FDES, it is this one, and ports that stood on
/// it go on elsewhere. [Guile]
///
///     (integer? (dup->fdes (car (pipe))))  => #t
fn "dup->fdes" (cx, obj: Value, [fdes: Int]) needs descriptors { duplicate(cx, "dup->fdes", obj, fdes, 2) }

/// A new port on a new descriptor for what OBJ, a port or descriptor, stands on; MODE is as for fdopen. With FDES, the descriptor
/// is this one. [Guile]
///
///     (input-port? (dup->port (car (pipe)) "r"))  => #t
fn "dup->port" (cx, obj: Value, mode: Str, [fdes: Int]) needs duplicate(obj, fdes) { duplicate_port(cx, "dup->port", obj, mode, fdes) }

/// The same as dup->port. [Guile]
///
///     (input-port? (duplicate-port (car (pipe)) "r"))  => #t
fn "duplicate-port" (cx, port: Value, mode: Str) needs room { duplicate_port(cx, "duplicate-port", port, mode, None) }

/// A new input port on a new descriptor for what OBJ, a port or descriptor, stands on. [Guile]
///
///     (input-port? (dup->inport (car (pipe))))  => #t
fn "dup->inport" (cx, obj: Value, [fdes: Int]) needs duplicate(obj, fdes) {
    let mode = Str(cx.heap.string("r"));
    duplicate_port(cx, "dup->inport", obj, mode, fdes)
}

/// A new output port on a new descriptor for what OBJ, a port or descriptor, stands on. [Guile]
///
///     (output-port? (dup->outport (cdr (pipe))))  => #t
fn "dup->outport" (cx, obj: Value, [fdes: Int]) needs duplicate(obj, fdes) {
    let mode = Str(cx.heap.string("w"));
    duplicate_port(cx, "dup->outport", obj, mode, fdes)
}

/// A new descriptor for what OBJ stands on: of a port a port of the same mode, of a descriptor its number. With FDES, the
/// descriptor is this one. [Guile]
///
///     (port-mode (dup (cdr (pipe))))  => "w"
fn "dup" (cx, obj: Value, [fdes: Int]) needs duplicate(obj, fdes) {
    match PortArg::take(cx, obj) {
        None => Ok(Value::fixnum(duplicate(cx, "dup", obj, fdes, 2)?.into())),
        Some(port) => {
            let at = Use::of("dup", 1, port);
            descriptor(cx, at)?;
            let mode = at.ask(cx, |port| port.mode())?;
            let mode = Str(cx.heap.string(mode));
            duplicate_port(cx, "dup", obj, mode, fdes)
        }
    }
}

/// Makes NEW, a descriptor, stand for what the descriptor OLD does, as the system does it: ports on NEW know nothing of it. [Guile]
///
///     (dup2 2 2)
fn "dup2" (cx, old: Int, new: Int) needs descriptors {
    let old = old.c_int(cx, "dup2", 1, "old")?;
    let new = new.c_int(cx, "dup2", 2, "new")?;
    duplicate_onto(cx, "dup2", old, new)?;
    refresh(cx, "dup2", new)
}

/// Makes PORT stand on the descriptor FDES, instead of the one it has, which is closed; other ports on FDES go on elsewhere.
/// Whether there was anything to do. [Guile]
///
///     (let ((p (car (pipe)))) (primitive-move->fdes p (fileno p)))  => #f
fn "primitive-move->fdes" (cx, port: PortArg, fdes: Int) needs descriptors {
    let fd = fdes.c_int(cx, "primitive-move->fdes", 2, "fdes")?;
    move_port(cx, "primitive-move->fdes", port, fd)
}

/// Makes OBJ, a port or descriptor, stand on the descriptor FDES, and answers it. [Guile]
///
///     (let ((p (car (pipe)))) (eq? p (move->fdes p (fileno p))))  => #t
fn "move->fdes" (cx, obj: Value, fdes: Int) needs descriptors {
    let who = "move->fdes";
    let fd = fdes.c_int(cx, who, 2, "fdes")?;
    match PortArg::take(cx, obj) {
        Some(port) => {
            move_port(cx, who, port, fd)?;
            Use::of(who, 1, port).ask(cx, |port| port.revealed = 1)?;
            Ok(obj)
        }
        None => {
            let old = number_of(cx, who, 1, "obj", obj)?;
            if old != fd {
                duplicate(cx, who, obj, Some(fdes), 2)?;
                close_number(cx, who, old)?;
            }
            Ok(fdes.0)
        }
    }
}

/// Makes TO stand for what FROM stands for, under its own number: both are ports on descriptors. What TO has in its buffer is
/// written first. [Guile]
///
///     (let ((a (open-input-file "/dev/null")) (b (car (pipe)))) (redirect-port a b) (read-char b))  => #<eof>
fn "redirect-port" (cx, from: PortArg, to: PortArg) needs descriptors {
    let (source, target) = (Use::of("redirect-port", 1, from), Use::of("redirect-port", 2, to));
    let (old, new) = (descriptor(cx, source)?, descriptor(cx, target)?);
    if old == new {
        return Ok(Value::UNSPECIFIED);
    }
    for at in [source, target] {
        at.run(cx, |port, net| if port.is_output_open() { port.flush(net) } else { Ok(()) })?;
    }
    target.ask(cx, Port::forget_input)?;
    duplicate_onto(cx, "redirect-port", old, new)?;
    refresh(cx, "redirect-port", new)?;
    Ok(Value::UNSPECIFIED)
}

/// Closes OBJ, a port or the number of a descriptor: #t, or #f if it was closed before. Ports on a descriptor that is closed by its
/// number go on elsewhere. [Guile]
///
///     (let ((p (car (pipe)))) (list (close p) (close p)))  => (#t #f)
fn "close" (cx, obj: Value) needs descriptor(obj) {
    match PortArg::take(cx, obj) {
        Some(port) => Use::of("close", 1, port).run(cx, Port::close),
        None => {
            let fd = number_of(cx, "close", 1, "obj", obj)?;
            close_number(cx, "close", fd)
        }
    }
}

/// Closes the descriptor FDES under whatever ports stand on it. [Guile]
///
///     (close-fdes (dup->fdes (car (pipe))))
fn "close-fdes" (cx, fdes: Int) needs number(fdes) {
    let fd = fdes.c_int(cx, "close-fdes", 1, "fdes")?;
    for port in ports_on(cx, fd) {
        if let Some(share) = cx.heap.external_mut::<PortObject>(port).and_then(|object| object.port.share()) {
            share.set(false);
        }
    }
    match close_raw(cx, fd) {
        Ok(()) => Ok(()),
        Err(errno) => failed(cx, "close-fdes", errno),
    }
}

/// Asks or changes something about OBJ, a port or descriptor: COMMAND is F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETOWN,
/// F_SETOWN, and VALUE what it wants. [Guile]
///
///     (let ((p (car (pipe)))) (fcntl p F_SETFD FD_CLOEXEC) (fcntl p F_GETFD))  => 1
fn "fcntl" (cx, obj: Value, command: Int, [value: Int]) needs control(obj, command) {
    let fd = number_of(cx, "fcntl", 1, "obj", obj)?;
    let command = command.c_int(cx, "fcntl", 2, "command")?;
    let value = match value {
        Some(value) => value.c_int(cx, "fcntl", 3, "value")?,
        None => 0,
    };
    if command == libc::F_SETFL {
        // Duplicates have the same flags.
        cx.net.readiness.doubt();
    }
    match raw::fcntl(fd, command, value) {
        Ok(answer) => Ok(answer),
        Err(error) => failed(cx, "fcntl", error.raw_os_error().unwrap_or(libc::EINVAL)),
    }
}

/// Locks or unlocks the file that OBJ, a port or descriptor, stands on: OPERATION is LOCK_SH (with others), LOCK_EX (alone) or
/// LOCK_UN, and LOCK_NB may be added, which refuses where it would wait. [Guile]
///
///     (let ((p (open-input-file "/dev/null"))) (flock p LOCK_SH) (flock p LOCK_UN))
fn "flock" (cx, obj: Value, operation: Int) needs own(obj) {
    let fd = number_of(cx, "flock", 1, "obj", obj)?;
    let operation = operation.c_int(cx, "flock", 2, "operation")?;
    lock(cx, fd, operation)
}

/// Waits until all that was written to the file OBJ, a port or descriptor, is on its disk; what PORT holds back is written first.
/// [Guile]
///
///     (let ((p (open-file "/dev/null" "w"))) (catch 'system-error (lambda () (fsync p) 'done) (lambda args 'no-disk)))
fn "fsync" (cx, obj: Value) needs descriptor(obj) {
    if let Some(port) = PortArg::take(cx, obj) {
        Use::of("fsync", 1, port).run(cx, |port, net| if port.is_output_open() { port.flush(net) } else { Ok(()) })?;
    }
    let fd = number_of(cx, "fsync", 1, "obj", obj)?;
    system(cx, "fsync", Waits::Never, fd, |_| Ok(unistd::fsync(raw::borrow(fd)?)?))
}

/// The path of the terminal that PORT stands on. [Guile]
///
///     (ttyname (open-input-string "x"))  => #f
fn "ttyname" (cx, port: PortArg) {
    let at = Use::of("ttyname", 1, port);
    let fd = at.run(cx, |port, _| if port.is_closed() { Err(PortError::Closed) } else { Ok(port.fd()) })?;
    match fd.map(|fd| raw::borrow(fd).map_err(|_| Errno::EBADF).and_then(unistd::ttyname)) {
        None => Ok(Value::FALSE),
        Some(Ok(path)) => Ok(cx.heap.string(&path.to_string_lossy())),
        Some(Err(errno)) => failed(cx, "ttyname", errno as i32),
    }
}

/// Opens the file PATH: a port on it. FLAGS are O_RDONLY, O_WRONLY or O_RDWR and what is added to them; MODE are the permissions
/// of a new file. [Guile]
///
///     (read-char (open "/dev/null" O_RDONLY))  => #<eof>
fn "open" (cx, path: Str, flags: Int, [mode: Int]) needs open(path, flags), room {
    open_port(cx, "open", path, flags, mode)
}

/// Opens the file PATH in the name of WHO, as open does.
fn "%open-for" (cx, who: Sym, path: Str, flags: Int) needs open(path, flags), room {
    let who = who.0.as_symbol().map_or(String::new(), |symbol| cx.symbols.name(symbol).to_string());
    open_port(cx, &who, path, flags, None)
}

/// Opens the file PATH: the number of a descriptor for it. FLAGS and MODE are as for open. [Guile]
///
///     (close-fdes (open-fdes "/dev/null" O_RDONLY))
fn "open-fdes" (cx, path: Str, flags: Int, [mode: Int]) needs descriptors, open(path, flags) {
    let (flags, mode) = open_flags(cx, "open-fdes", flags, mode)?;
    let path = path_of(cx, path);
    match file::open_descriptor(&mut cx.net, &path, flags, mode) {
        Ok(fd) => Ok(fd.into_raw_fd()),
        Err(stop) => Err(stopped(cx, "open-fdes", stop, Some("file"))),
    }
}

/// All ports there are, open and closed, those nobody can reach any more among them.
fn "%all-ports" (cx) {
    let ports = cx.heap.externals_of::<PortObject>();
    cx.heap.list(&ports)
}
}

/// The number of the descriptor that a port stands on.
pub fn descriptor(cx: &mut Cx, at: Use) -> Answer<RawFd> {
    match at.run(cx, |port, _| if port.is_closed() { Err(PortError::Closed) } else { Ok(port.fd()) })? {
        Some(fd) => Ok(fd),
        None => {
            let lost = at.ask(cx, |port| port.share().is_some())?;
            if lost {
                return failed(cx, at.who, libc::EBADF);
            }
            wrong_type(cx, at.who, at.position, "port", "a port on a descriptor", at.port)
        }
    }
}

/// The number of a descriptor, given as a port or as itself.
pub fn number_of(cx: &mut Cx, who: &str, position: usize, name: &str, obj: Value) -> Answer<RawFd> {
    if let Some(port) = PortArg::take(cx, obj) {
        return descriptor(cx, Use::of(who, position, port));
    }
    match Int::take(cx, obj) {
        Some(number) => number.c_int(cx, who, position, name),
        None => wrong_type(cx, who, position, name, "a port on a descriptor, or the number of one", obj),
    }
}

pub fn failed<T>(cx: &mut Cx, who: &str, errno: i32) -> Answer<T> {
    Err(stopped(cx, who, net::Error::new("descriptor", errno).into(), None))
}

/// Makes a system call that is none of the network's.
fn system<T>(
    cx: &mut Cx,
    who: &str,
    waits: Waits,
    fd: RawFd,
    mut call: impl FnMut(bool) -> std::io::Result<T>,
) -> Answer<T> {
    let answer = cx
        .net
        .quietly(Call { name: "descriptor", fd, args: &[], data: Data::None, waits }, |_, try_only| call(try_only));
    answer.map_err(|stop| stopped(cx, who, stop, None))
}

fn lock(cx: &mut Cx, fd: RawFd, operation: i32) -> Answer<()> {
    if operation & libc::LOCK_NB != 0 || cx.net.interrupt().is_target() {
        return system(cx, "flock", Waits::For(Interest::Read), fd, |_| raw::flock(fd, operation));
    }
    let answer = cx.net.persist("flock", || match raw::flock(fd, operation | libc::LOCK_NB) {
        Err(error) if error.raw_os_error() == Some(libc::EWOULDBLOCK) => Ok(None),
        locked => locked.map(Some),
    });
    answer.map_err(|stop| stopped(cx, "flock", stop, None))
}

pub fn ports_on(cx: &mut Cx, fd: RawFd) -> Vec<Value> {
    let mut ports = cx.heap.externals_of::<PortObject>();
    let on_it = |object: &mut PortObject| !object.port.is_closed() && object.port.fd() == Some(fd);
    ports.retain(|port| cx.heap.external_mut::<PortObject>(*port).is_some_and(on_it));
    ports
}

/// What a mode says: the directions, and the buffering.
fn parse_mode(mode: &str) -> Option<(Ways, Buffering)> {
    let mut letters = mode.chars();
    let ways = match letters.next()? {
        'r' => Ways::INPUT,
        'w' | 'a' => Ways::OUTPUT,
        _ => return None,
    };
    let rest = letters.as_str();
    if !rest.chars().all(|letter| "+0lbe".contains(letter)) {
        return None;
    }
    let buffering = match (rest.contains('0'), rest.contains('l')) {
        (true, _) => Buffering::None,
        (_, true) => Buffering::Line,
        _ => Buffering::BLOCK,
    };
    Some((if rest.contains('+') { Ways::BOTH } else { ways }, buffering))
}

/// A new port on a number that is open; `position` is that of the mode.
fn open_on(cx: &mut Cx, who: &str, fd: RawFd, mode: Str, position: usize) -> Answer {
    let text = cx.heap.str(mode.0).unwrap_or_default();
    let Some((ways, buffering)) = parse_mode(text) else {
        let expected = "a mode: r, w or a, and perhaps +, 0, l behind it";
        return out_of_range(cx, who, position, "mode", expected, mode.0);
    };
    let flags = match raw::borrow(fd).map_err(|_| Errno::EBADF).and_then(|fd| fcntl(fd, FcntlArg::F_GETFL)) {
        Ok(_) if cx.net.owns(fd) => return failed(cx, who, libc::EBADF),
        Ok(flags) => OFlag::from_bits_retain(flags),
        Err(errno) => return failed(cx, who, errno as i32),
    };
    let allowed = match flags & OFlag::O_ACCMODE {
        OFlag::O_RDONLY => ways.input && !ways.output,
        OFlag::O_WRONLY => ways.output && !ways.input,
        _ => true,
    };
    if !allowed {
        return cx.fail(|make| make.misc(who, "requested file mode not available on fdes"));
    }
    let others = ports_on(cx, fd);
    let share = others
        .first()
        .and_then(|port| cx.heap.external_mut::<PortObject>(*port))
        .and_then(|object| object.port.share());
    let device = match share {
        Some(share) => Descriptor::sharing(fd, share),
        None => match raw::adopt(fd) {
            Ok(owned) => Descriptor::new(owned),
            Err(_) => return failed(cx, who, libc::EBADF),
        },
    };
    match device {
        Ok(device) => port_on(cx, Port::new("file", Box::new(device), ways, buffering)),
        Err(stop) => Err(stopped(cx, who, stop, None)),
    }
}

/// A new port of a descriptor, with the encoding that new ports have.
fn port_on(cx: &mut Cx, mut port: Port) -> Answer {
    super::ports::settle_new(cx, &mut port)?;
    Ok(port_value(cx, port))
}

fn found_or_opened(cx: &mut Cx, who: &str, fdes: Int, mode: &str, fits: fn(&Port) -> bool) -> Answer {
    let fd = fdes.c_int(cx, who, 1, "fdes")?;
    let found = ports_on(cx, fd)
        .into_iter()
        .find(|port| cx.heap.external_mut::<PortObject>(*port).is_some_and(|object| fits(&object.port)));
    let port = match found {
        Some(port) => port,
        None => {
            let mode = Str(cx.heap.string(mode));
            open_on(cx, who, fd, mode, 1)?
        }
    };
    if let Some(object) = cx.heap.external_mut::<PortObject>(port) {
        object.port.revealed = object.port.revealed.saturating_add(1);
    }
    Ok(port)
}

/// A descriptor for the same, any number or this one.
fn duplicate(cx: &mut Cx, who: &str, obj: Value, fdes: Option<Int>, position: usize) -> Answer<RawFd> {
    let old = number_of(cx, who, 1, "obj", obj)?;
    let Some(fdes) = fdes else {
        return match raw::borrow(old).and_then(|fd| Ok(unistd::dup(fd)?)) {
            Ok(new) => Ok(new.into_raw_fd()),
            Err(error) => failed(cx, who, error.raw_os_error().unwrap_or(libc::EBADF)),
        };
    };
    let new = fdes.c_int(cx, who, position, "fdes")?;
    if old != new {
        if raw::borrow(old).and_then(|fd| Ok(fcntl(fd, FcntlArg::F_GETFD)?)).is_err() {
            return failed(cx, who, libc::EBADF);
        }
        evict(cx, who, new)?;
        duplicate_onto(cx, who, old, new)?;
    }
    Ok(new)
}

fn duplicate_port(cx: &mut Cx, who: &str, obj: Value, mode: Str, fdes: Option<Int>) -> Answer {
    let text = cx.heap.str(mode.0).unwrap_or_default();
    if parse_mode(text).is_none() {
        return out_of_range(cx, who, 2, "mode", "a mode: r, w or a, and perhaps +, 0, l behind it", mode.0);
    }
    let fd = duplicate(cx, who, obj, fdes, 3)?;
    match open_on(cx, who, fd, mode, 2) {
        Ok(port) => {
            if let Some(object) = cx.heap.external_mut::<PortObject>(port).filter(|_| fdes.is_some()) {
                object.port.revealed = 1;
            }
            Ok(port)
        }
        Err(exit) => {
            // Nobody else knows the number.
            let _ = unistd::close(fd);
            Err(exit)
        }
    }
}

/// dup2, under whatever ports there are.
fn duplicate_onto(cx: &mut Cx, who: &str, old: RawFd, new: RawFd) -> Answer<()> {
    if cx.net.owns(new) {
        return failed(cx, who, libc::EBUSY);
    }
    cx.net.forget(new);
    match raw::duplicate_onto(old, new) {
        Ok(()) => Ok(()),
        Err(error) => failed(cx, who, error.raw_os_error().unwrap_or(libc::EBADF)),
    }
}

/// The ports on `fd` go on with another number for the same.
fn evict(cx: &mut Cx, who: &str, fd: RawFd) -> Answer<()> {
    for port in ports_on(cx, fd) {
        let new = match raw::borrow(fd).and_then(|fd| Ok(unistd::dup(fd)?)) {
            Ok(new) => new,
            Err(error) => return failed(cx, who, error.raw_os_error().unwrap_or(libc::EBADF)),
        };
        settle_on(cx, who, port, new)?;
    }
    Ok(())
}

/// Puts a port on another descriptor; its old number is forgotten, open.
fn settle_on(cx: &mut Cx, who: &str, port: Value, fd: OwnedFd) -> Answer<()> {
    let device = Descriptor::new(fd).map_err(|stop| stopped(cx, who, stop, None))?;
    if let Some(object) = cx.heap.external_mut::<PortObject>(port)
        && let Some(mut old) = object.port.replace_device(Box::new(device))
    {
        old.release();
    }
    Ok(())
}

/// After a dup2 onto `fd`: the ports on it find out what it is now.
fn refresh(cx: &mut Cx, who: &str, fd: RawFd) -> Answer<()> {
    for port in ports_on(cx, fd) {
        let Some(object) = cx.heap.external_mut::<PortObject>(port) else { continue };
        if let Err(stop) = object.port.refresh() {
            return Err(stopped(cx, who, stop, None));
        }
    }
    Ok(())
}

fn move_port(cx: &mut Cx, who: &str, port: PortArg, fd: RawFd) -> Answer<bool> {
    let at = Use::of(who, 1, port);
    let old = descriptor(cx, at)?;
    if old == fd {
        return Ok(false);
    }
    evict(cx, who, fd)?;
    duplicate_onto(cx, who, old, fd)?;
    let owned = match raw::adopt(fd) {
        Ok(owned) => owned,
        Err(_) => return failed(cx, who, libc::EBADF),
    };
    settle_on(cx, who, at.port, owned)?;
    // Other ports on the old number keep it.
    if ports_on(cx, old).is_empty() {
        let _ = close_raw(cx, old);
    }
    Ok(true)
}

fn close_number(cx: &mut Cx, who: &str, fd: RawFd) -> Answer<bool> {
    evict(cx, who, fd)?;
    match close_raw(cx, fd) {
        Ok(()) => Ok(true),
        Err(libc::EBADF) => Ok(false),
        Err(errno) => failed(cx, who, errno),
    }
}

/// The engine's own descriptors are not the program's to close.
fn close_raw(cx: &mut Cx, fd: RawFd) -> Result<(), i32> {
    if fd < 0 || cx.net.owns(fd) {
        return Err(libc::EBADF);
    }
    cx.net.forget(fd);
    match unistd::close(fd) {
        Ok(()) | Err(Errno::EINTR) => Ok(()),
        Err(errno) => Err(errno as i32),
    }
}

fn open_port(cx: &mut Cx, who: &str, path: Str, flags: Int, mode: Option<Int>) -> Answer {
    let (flags, mode) = open_flags(cx, who, flags, mode)?;
    let path = path_of(cx, path);
    let ways = match flags & OFlag::O_ACCMODE {
        OFlag::O_RDONLY => Ways::INPUT,
        OFlag::O_WRONLY => Ways::OUTPUT,
        _ => Ways::BOTH,
    };
    let answer = file::open_with(&mut cx.net, &path, flags, mode, ways);
    opened(cx, who, answer, |_| {})
}

fn open_flags(cx: &mut Cx, who: &str, flags: Int, mode: Option<Int>) -> Answer<(OFlag, u32)> {
    let flags = flags.c_int(cx, who, 2, "flags")?;
    let mode = match mode {
        Some(mode) => mode.c_int(cx, who, 3, "mode")? as u32 & 0o7777,
        None => 0o666,
    };
    Ok((OFlag::from_bits_retain(flags), mode))
}
