//! Files and folders: opening files as ports, and what is done with names of files.
//!
//! Failures are system errors whose text names the path; `file-error?` is true of them.

use super::addresses::Int;
use super::declare::{Argument, Str, out_of_range, wrong_type};
use super::descriptors::{failed as refused, number_of};
use super::port_value::{InPort, PortArg, Use, port_failure, port_value, stopped};
use super::ports::settle_new;
use super::process::settle;
use super::text_io::unknown_encoding;
use crate::builtins;
use crate::net::message::ready;
use crate::net::{self, Interest, Net, Stop, raw};
use crate::permission::Access;
use crate::port::file::{Purpose, open, open_descriptor, open_with};
use crate::port::{Buffering, Descriptor, Encoding, Label, Port, PortError, Ways};
use crate::value::condition::{IRRITANTS, MESSAGE, Parts};
use crate::value::number::integer_from_u64;
use crate::value::{Value, number};
use crate::vm::cx::{Answer, Cx, Exit};
use nix::fcntl::OFlag;
use nix::unistd;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

builtins! { FILES;

/// A port that reads the file NAME. Keywords may follow: #:encoding and a string, #:binary and #t. [R7RS 6.13.1, Guile]
///
///     (open-input-file "data.txt")
fn "open-input-file" (cx, name: Str, ..options) needs read(name), room { open_file(cx, "open-input-file", name, Purpose::Input, options) }

/// A port that reads the file NAME, as bytes. [R7RS 6.13.1]
///
///     (open-binary-input-file "data.bin")
fn "open-binary-input-file" (cx, name: Str) needs read(name), room { open_file(cx, "open-binary-input-file", name, Purpose::Input, &[]) }

/// A port that writes the file NAME, which is made, or emptied first. Keywords may follow: #:encoding and a string, #:binary and
/// #t. [R7RS 6.13.1, Guile]
///
///     (open-output-file "data.txt")
fn "open-output-file" (cx, name: Str, ..options) needs write(name), room { open_file(cx, "open-output-file", name, Purpose::Output, options) }

/// A port that writes the file NAME as bytes; the file is made, or emptied first. [R7RS 6.13.1]
///
///     (open-binary-output-file "data.bin")
fn "open-binary-output-file" (cx, name: Str) needs write(name), room { open_file(cx, "open-binary-output-file", name, Purpose::Output, &[]) }

/// A port on the file NAME. MODE begins with r (read), w (make or empty, and write) or a (write at the end); + adds the other
/// direction, b means bytes, l a buffer of lines, 0 no buffer, e that programs run by exec do not get it. Keywords may follow, as for open-input-file. [Guile]
///
///     (open-file "log.txt" "a")
fn "open-file" (cx, name: Str, mode: Str, ..options) needs open_mode(name, mode), room { open_by_mode(cx, name, mode, options) }

/// Whether there is a file NAME. [R7RS 6.14]
///
///     (file-exists? "/no/such/file")  => #f
fn "file-exists?" (cx, name: Str) needs read(name) { path_of(cx, name).exists() }

/// Whether NAME is a folder; there must be such a file. [Guile]
///
///     (file-is-directory? "/")  => #t
fn "file-is-directory?" (cx, name: Str) needs read(name) {
    match fs::metadata(path_of(cx, name)) {
        Ok(metadata) => Ok(metadata.is_dir()),
        Err(error) => Err(no_status(cx, "stat", name.0, &error)),
    }
}

/// Removes the file NAME. [R7RS 6.14]
///
///     (delete-file "data.txt")
fn "delete-file" (cx, name: Str) needs entry(name) { on_path(cx, "delete-file", name, |path| fs::remove_file(path)) }

/// Gives the file OLD the name NEW; a file that had this name is gone. [Guile]
///
///     (rename-file "data.txt" "old.txt")
fn "rename-file" (cx, old: Str, new: Str) needs tree(old), tree(new) {
    let to = path_of(cx, new);
    on_path(cx, "rename-file", old, |from| fs::rename(from, to))
}

/// Copies the file OLD to the name NEW. [Guile]
///
///     (copy-file "data.txt" "copy.txt")
fn "copy-file" (cx, old: Str, new: Str) needs read(old), write(new) {
    let to = path_of(cx, new);
    copy_file(cx, old, &to)
}

/// Makes the folder NAME; MODE are its permissions, less those that the process's mask takes away. [Guile]
///
///     (mkdir "new-folder")
fn "mkdir" (cx, name: Str, [mode: i64]) needs entry(name) {
    let mode = mode.map_or(0o777, |mode| (mode & 0o7777) as u32);
    on_path(cx, "mkdir", name, |path| fs::DirBuilder::new().mode(mode).create(path))
}

/// Removes the folder NAME, which must be empty. [Guile]
///
///     (rmdir "old-folder")
fn "rmdir" (cx, name: Str) needs entry(name) { on_path(cx, "rmdir", name, |path| fs::remove_dir(path)) }

/// The names in the folder NAME, in their order; without `.` and `..`.
///
///     (directory-files ".")
fn "directory-files" (cx, name: Str) needs read(name) { directory_files(cx, name) }

/// Changes the permissions of the file OBJ, a name, a port or a descriptor. [Guile]
///
///     (chmod "data.txt" #o600)
fn "chmod" (cx, obj: Value, mode: Int) needs change(obj) {
    let mode = mode.c_int(cx, "chmod", 2, "mode")? as u32 & 0o7777;
    if let Some(name) = Str::take(cx, obj) {
        return on_path(cx, "chmod", name, |path| fs::set_permissions(path, fs::Permissions::from_mode(mode)))
            .map(|()| Value::UNSPECIFIED);
    }
    let fd = descriptor_of(cx, "chmod", 1, obj)?;
    let mode = nix::sys::stat::Mode::from_bits_truncate(mode);
    let result = net::raw::borrow(fd).and_then(|fd| Ok(nix::sys::stat::fchmod(fd, mode)?));
    settle(cx, "chmod", result)
}

/// The current folder, from which names of files are counted. [Guile]
///
///     (string? (getcwd))  => #t
fn "getcwd" (cx) needs here {
    match std::env::current_dir() {
        Ok(path) => Ok(path.to_string_lossy().into_owned()),
        Err(error) => failed(cx, "getcwd", Path::new(""), &error),
    }
}

/// Makes NAME the current folder. [Guile]
///
///     (chdir "/tmp")
fn "chdir" (cx, name: Str) needs process { on_path(cx, "chdir", name, |path| std::env::set_current_dir(path)) }

/// Makes the file OBJ, a name or a port, LENGTH bytes long: by default up to where the port stands. [Guile]
///
///     (truncate-file "data.txt" 0)
fn "truncate-file" (cx, obj: Value, [length: i64]) needs content(obj) { truncate(cx, obj, length) }

/// The name of the encoding that the file of PORT says it has, near its start: by a byte-order mark, or in a comment such as
/// `-*- coding: utf-8 -*-`. #f if it says nothing. Nothing is consumed. [Guile]
///
///     (file-encoding (open-input-string ";; coding: latin-1"))  => "LATIN-1"
fn "file-encoding" (cx, port: InPort) {
    let at = Use { who: "file-encoding", position: 1, port: port.0 };
    at.run(cx, |port, net| port.declared_encoding(net))?
}

/// What the system knows of the file OBJ, a name, a port or a descriptor: a vector; see stat:type, stat:size and so on. With a second
/// argument #f, the answer is #f where there is no such file. [Guile]
///
///     (stat:type (stat "/"))  => directory
///     (stat "/no/such/file" #f)  => #f
fn "stat" (cx, obj: Value, [must_exist: Value]) needs status(obj) { status(cx, "stat", obj, must_exist, |path| fs::metadata(path)) }

/// The same as stat for a name, but of a symbolic link itself. [Guile]
///
///     (vector-length (lstat "/"))  => 18
fn "lstat" (cx, name: Str) needs read_entry(name) { status(cx, "lstat", name.0, None, |path| fs::symlink_metadata(path)) }

/// Two ports, as a pair: what is written to the second can be read from the first. [Guile]
///
///     (let ((p (pipe))) (display "hi" (cdr p)) (close-port (cdr p)) (read-line (car p)))  => "hi"
fn "pipe" (cx) needs room { pipe(cx) }
}

/// More bytes than any path has: what is longer the system refuses, however much of it there is.
const LONGEST_PATH: usize = 1 << 14;

pub fn path_of(cx: &Cx, name: Str) -> PathBuf {
    let bytes = cx.heap.str(name.0).unwrap_or_default().as_bytes();
    PathBuf::from(OsStr::from_bytes(&bytes[..bytes.len().min(LONGEST_PATH)]))
}

/// A failed call on a path.
fn failed<T>(cx: &mut Cx, who: &str, path: &Path, error: &io::Error) -> Answer<T> {
    let error = net::Error::from_io("file", error).at(path.to_string_lossy());
    Err(stopped(cx, who, Stop::from(error), Some("file")))
}

pub fn on_path<T>(cx: &mut Cx, who: &str, name: Str, action: impl FnOnce(&Path) -> io::Result<T>) -> Answer<T> {
    let path = path_of(cx, name);
    action(&path).or_else(|error| failed(cx, who, &path, &error))
}

/// The port that was opened, or the failure to open it.
pub fn opened(cx: &mut Cx, who: &str, answer: Result<Port, PortError>, settle: impl FnOnce(&mut Port)) -> Answer {
    match answer {
        Ok(mut port) => {
            settle_new(cx, &mut port)?;
            settle(&mut port);
            Ok(port_value(cx, port))
        }
        Err(PortError::Failed(error)) => {
            let path = error.endpoint.clone();
            let mut exit = stopped(cx, who, Stop::Failed(error), Some("file"));
            // Guile's procedures for files, other than open, have the path in the message.
            if let (Exit::Raise(condition) | Exit::Collect(condition), Some(path)) = (&mut *exit, path)
                && who != "open"
            {
                let strerror = condition.field(IRRITANTS).as_pair().map_or(Value::FALSE, |(text, _)| text);
                let irritants = cx.heap.list(&[strerror, cx.heap.string(&path)]);
                cx.heap.set_field(*condition, MESSAGE, cx.heap.string("~A: ~S"));
                cx.heap.set_field(*condition, IRRITANTS, irritants);
            }
            Err(exit)
        }
        Err(error) => Err(port_failure(cx, Use { who, position: 1, port: Value::FALSE }, error)),
    }
}

fn open_file(cx: &mut Cx, who: &str, name: Str, purpose: Purpose, options: &[Value]) -> Answer {
    let (encoding, guess) = encoding_option(cx, who, 2, options)?;
    let path = path_of(cx, name);
    let answer = open(&mut cx.net, &path, purpose);
    let port = opened(cx, who, answer, |port| encoding.into_iter().for_each(|encoding| port.set_encoding(encoding)))?;
    if guess {
        take_declared(cx, who, port)?;
    }
    Ok(port)
}

/// Gives a port that was just opened the encoding that its file says it has.
fn take_declared(cx: &mut Cx, who: &str, port: Value) -> Answer<()> {
    Use { who, position: 1, port }.run(cx, |port, net| {
        let declared = port.declared_encoding(net).ok().flatten();
        declared.and_then(|name| Encoding::named(&name)).into_iter().for_each(|encoding| port.set_encoding(encoding));
        Ok(())
    })
}

fn open_by_mode(cx: &mut Cx, name: Str, mode: Str, options: &[Value]) -> Answer {
    let who = "open-file";
    let letters = cx.heap.str(mode.0).unwrap_or_default().to_string();
    let has = |letter| letters.contains(letter);
    let both = has('+');
    let fresh = OFlag::O_CREAT | OFlag::O_TRUNC;
    let (flags, ways) = match letters.chars().next() {
        Some('r') => (OFlag::empty(), Ways::INPUT),
        Some('w') => (fresh, Ways::OUTPUT),
        Some('a') => (OFlag::O_CREAT | OFlag::O_APPEND, Ways::OUTPUT),
        _ => (OFlag::empty(), Ways { input: false, ..Ways::INPUT }),
    };
    if !(ways.input || ways.output) || letters.chars().skip(1).any(|letter| !"+bl0e".contains(letter)) {
        let expected = "a mode: r, w or a, and perhaps +, b, l, 0 behind it";
        return out_of_range(cx, who, 2, "mode", expected, mode.0);
    }
    let direction = match (both, ways.input) {
        (true, _) => OFlag::O_RDWR,
        (false, true) => OFlag::O_RDONLY,
        (false, false) => OFlag::O_WRONLY,
    };
    let on_exec = if has('e') { OFlag::O_CLOEXEC } else { OFlag::empty() };
    let (encoding, guess) = encoding_option(cx, who, 3, options)?;
    let path = path_of(cx, name);
    let ways = if both { Ways::BOTH } else { ways };
    let answer = open_with(&mut cx.net, &path, flags | direction | on_exec, 0o666, ways);
    let buffering = match (has('0'), has('l')) {
        (true, _) => Some(Buffering::None),
        (_, true) => Some(Buffering::Line),
        _ => None,
    };
    let port = opened(cx, who, answer, |port| {
        // A file of bytes has a character for each.
        encoding.or(has('b').then_some(Encoding::Latin1)).into_iter().for_each(|encoding| port.set_encoding(encoding));
    })?;
    if let Some(buffering) = buffering {
        Use { who, position: 1, port }.run(cx, |port, net| port.set_buffering(net, buffering))?;
    }
    if guess {
        take_declared(cx, who, port)?;
    }
    Ok(port)
}

/// What the keywords behind a file's name say of its encoding, and whether the file is to be asked; `position` is that of the
/// first.
fn encoding_option(cx: &mut Cx, who: &str, position: usize, options: &[Value]) -> Answer<(Option<Encoding>, bool)> {
    let (mut encoding, mut guess) = (None, false);
    for (index, pair) in options.chunks(2).enumerate() {
        let position = position + 2 * index;
        let keyword = pair[0].as_keyword().map(|name| cx.symbols.name(name).to_string());
        let Some(&value) = pair.get(1) else {
            return wrong_type(cx, who, position, "option", "a keyword with a value behind it", pair[0]);
        };
        match keyword.as_deref() {
            Some("binary") if value.is_true() => encoding = Some(Encoding::Latin1),
            Some("binary") => {}
            Some("guess-encoding") => guess = value.is_true(),
            Some("encoding") if value == Value::FALSE => {}
            Some("encoding") => match cx.heap.str(value).and_then(Encoding::named) {
                Some(known) => encoding = Some(known),
                None if value.is_string() => {
                    let name = cx.heap.str(value).unwrap_or_default().to_string();
                    return unknown_encoding(cx, who, &name);
                }
                None => return wrong_type(cx, who, position + 1, "encoding", "a string", value),
            },
            _ => {
                let shown = cx.show(pair[0]);
                return cx.fail(|make| {
                    make.make(Parts {
                        key: "keyword-argument-error",
                        who: None,
                        message: "Unrecognized keyword",
                        irritants: Value::NIL,
                        data: make.heap.list(&[pair[0]]),
                        text: Some(format!(
                            "{who}: {shown} is no keyword of this; #:encoding, #:guess-encoding and #:binary are"
                        )),
                    })
                });
            }
        }
    }
    Ok((encoding, guess))
}

/// Copies contents and permissions, in pieces, so that an interrupt ends it.
fn copy_file(cx: &mut Cx, old: Str, to: &Path) -> Answer<()> {
    let who = "copy-file";
    let from = path_of(cx, old);
    let copied = copy_contents(&mut cx.net, &from, to);
    copied.map_err(|stop| stopped(cx, who, stop, Some("file")))
}

fn copy_contents(net: &mut Net, old: &Path, new: &Path) -> net::Result<()> {
    const PIECE: usize = 256 << 10;
    // What a pipe that can be written to takes without waiting.
    const PIPE_PIECE: usize = 4096;
    let wrong = |error: &io::Error, path: &Path| net::Error::from_io("copy", error).at(path.to_string_lossy()).into();
    let read = OFlag::O_RDONLY | OFlag::O_CLOEXEC;
    let write = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_TRUNC | OFlag::O_CLOEXEC;
    let mut from = fs::File::from(open_descriptor(net, old, read, 0)?);
    let status = from.metadata().map_err(|error| wrong(&error, old))?;
    let mut to = fs::File::from(open_descriptor(net, new, write, status.permissions().mode())?);
    let are_files = status.is_file() && to.metadata().is_ok_and(|to| to.is_file());
    let mut piece = vec![0; if are_files { PIECE } else { PIPE_PIECE }];
    loop {
        ready(net, from.as_raw_fd(), Interest::Read)?;
        let count = match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(wrong(&error, old)),
        };
        net.pay(count)?;
        ready(net, to.as_raw_fd(), Interest::Write)?;
        to.write_all(&piece[..count]).map_err(|error| wrong(&error, new))?;
    }
}

fn directory_files(cx: &mut Cx, name: Str) -> Answer {
    let names = on_path(cx, "directory-files", name, |path| {
        fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.file_name())).collect::<io::Result<Vec<_>>>()
    });
    let mut names = names?;
    names.sort();
    let strings: Vec<Value> = names.iter().map(|name| cx.heap.string(&name.to_string_lossy())).collect();
    Ok(cx.heap.list(&strings))
}

/// Why the system tells nothing of a file: Guile has its name among the irritants.
fn no_status(cx: &mut Cx, who: &str, obj: Value, error: &io::Error) -> Box<Exit> {
    let place = Str::take(cx, obj).map(|name| path_of(cx, name).to_string_lossy().into_owned());
    let mut failure = net::Error::from_io("file", error);
    failure.endpoint = place;
    let exit = stopped(cx, who, Stop::from(failure), Some("file"));
    if let Exit::Raise(condition) = *exit {
        let message = cx.heap.string("~A: ~S");
        cx.heap.set_field(condition, MESSAGE, message);
        let reason = condition.field(IRRITANTS).car();
        let irritants = cx.heap.list(&[reason, obj]);
        cx.heap.set_field(condition, IRRITANTS, irritants);
    }
    exit
}

fn truncate(cx: &mut Cx, obj: Value, length: Option<i64>) -> Answer<()> {
    let who = "truncate-file";
    if let Some(port) = PortArg::take(cx, obj) {
        return Use::of(who, 1, port).run(cx, |port, net| {
            let length = match length {
                _ if port.is_closed() => return Err(PortError::Closed),
                Some(length) => length,
                None => i64::try_from(port.seek(net, 0, crate::port::Whence::Current)?).unwrap_or(i64::MAX),
            };
            port.truncate(net, length)
        });
    }
    match (Str::take(cx, obj), length) {
        (Some(_), Some(..0)) => refused(cx, who, nix::libc::EINVAL),
        (Some(name), Some(length)) => on_path(cx, who, name, |path| Ok(unistd::truncate(path, length)?)),
        (Some(_), None) => cx.fail(|make| make.misc(who, "must supply length if OBJECT is a filename")),
        _ if number::is_exact_integer(obj) => truncate_descriptor(cx, obj, length),
        _ => wrong_type(cx, who, 1, "obj", "a file name, a port or a descriptor", obj),
    }
}

fn truncate_descriptor(cx: &mut Cx, obj: Value, length: Option<i64>) -> Answer<()> {
    let fd = number_of(cx, "truncate-file", 1, "obj", obj)?;
    let answer = raw::borrow(fd).and_then(|fd| {
        let length = match length {
            Some(length) => length,
            None => unistd::lseek(fd, 0, unistd::Whence::SeekCur)?,
        };
        Ok(unistd::ftruncate(fd, length)?)
    });
    answer.or_else(|error| refused(cx, "truncate-file", error.raw_os_error().unwrap_or(nix::libc::EINVAL)))
}

/// The descriptor behind a port, or that is given by its number.
pub fn descriptor_of(cx: &mut Cx, who: &str, position: usize, obj: Value) -> Answer<i32> {
    if let Some(port) = PortArg::take(cx, obj) {
        return Use::of(who, position, port).run(cx, |port, _| match port.fd() {
            Some(fd) => Ok(fd),
            None if port.is_closed() => Err(PortError::Closed),
            None => Err(net::Error::new("fileno", nix::libc::EBADF).into()),
        });
    }
    match obj.as_fixnum().and_then(|n| i32::try_from(n).ok()) {
        Some(fd) => Ok(fd),
        None => wrong_type(cx, who, position, "obj", "a file name, a port or a descriptor", obj),
    }
}

fn status(
    cx: &mut Cx,
    who: &str,
    obj: Value,
    must_exist: Option<Value>,
    ask: impl FnOnce(&Path) -> io::Result<fs::Metadata>,
) -> Answer {
    let answer = if let Some(name) = Str::take(cx, obj) {
        ask(&path_of(cx, name))
    } else {
        let fd = descriptor_of(cx, who, 1, obj)?;
        // A copy of the number, since a File closes its own.
        net::raw::borrow(fd).and_then(|fd| fs::File::from(fd.try_clone_to_owned()?).metadata())
    };
    let metadata = match answer {
        Ok(metadata) => metadata,
        Err(_) if must_exist == Some(Value::FALSE) => return Ok(Value::FALSE),
        Err(error) => return Err(no_status(cx, who, obj, &error)),
    };
    let kind = metadata.file_type();
    let kind = match () {
        () if kind.is_file() => "regular",
        () if kind.is_dir() => "directory",
        () if kind.is_symlink() => "symlink",
        () if kind.is_block_device() => "block-special",
        () if kind.is_char_device() => "char-special",
        () if kind.is_fifo() => "fifo",
        () if kind.is_socket() => "socket",
        () => "unknown",
    };
    let kind = Value::symbol(cx.symbols.intern(kind));
    let number = |n: u64| integer_from_u64(&cx.heap, n);
    // What a program writes itself, and to a pipe it always may, would tell it the time.
    let tells = obj.is_string() || cx.permissions.whole(Access::Time);
    let time = |n: i64| number::integer_from_i64(&cx.heap, if tells { n } else { 0 });
    let m = &metadata;
    let fields = [
        number(m.dev()),
        number(m.ino()),
        number(m.mode().into()),
        number(m.nlink()),
        number(m.uid().into()),
        number(m.gid().into()),
        number(m.rdev()),
        number(m.size()),
        time(m.atime()),
        time(m.mtime()),
        time(m.ctime()),
        number(m.blksize()),
        number(m.blocks()),
        kind,
        number((m.mode() & 0o7777).into()),
        time(m.atime_nsec()),
        time(m.mtime_nsec()),
        time(m.ctime_nsec()),
    ];
    Ok(cx.heap.vector(&fields))
}

fn pipe(cx: &mut Cx) -> Answer {
    let fail = |cx: &mut Cx, stop| Err(stopped(cx, "pipe", stop, None));
    let (from, to) = match unistd::pipe() {
        Ok(both) => both,
        Err(errno) => return fail(cx, net::Error::new("pipe", errno as i32).into()),
    };
    let end = |cx: &mut Cx, fd, name, ways| -> Answer {
        match Descriptor::new(fd) {
            Ok(device) => {
                let mut port = Port::new(name, Box::new(device), ways, Buffering::BLOCK);
                port.label = Label::Word;
                settle_new(cx, &mut port)?;
                Ok(port_value(cx, port))
            }
            Err(stop) => fail(cx, stop),
        }
    };
    let input = end(cx, from, "read pipe", Ways::INPUT)?;
    let output = end(cx, to, "write pipe", Ways::OUTPUT)?;
    Ok(cx.heap.cons(input, output))
}
