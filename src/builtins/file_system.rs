//! Names of files and folders beyond opening them (files.rs): links, rights, times, folders read, temporary files.

use super::addresses::Int;
use super::declare::{Argument, Str, Sym, out_of_range, wrong_type};
use super::files::{descriptor_of, on_path, opened, path_of};
use super::process::{misc_error, settle};
use crate::builtins;
use crate::port::{Buffering, Descriptor, Label, Port, Ways};
use crate::value::{External, Value, number};
use crate::vm::cx::{Answer, Cx, Exit};
use nix::fcntl::{AT_FDCWD, AtFlags, FcntlArg, FdFlag, OFlag, fcntl};
use nix::sys::stat::{self as status, Mode, SFlag, UtimensatFlags};
use nix::sys::time::TimeSpec;
use nix::unistd::{self, AccessFlags, Gid, Uid};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

builtins! { FILE_SYSTEM;

/// Whether this process may do HOW with the file NAME: R_OK read, W_OK write, X_OK run or enter, or a sum of these; F_OK only
/// asks whether there is one. [Guile: File System]
///
///     (access? "/" R_OK)  => #t
fn "access?" (cx, name: Str, how: Int) needs read(name) {
    let how = how.c_int(cx, "access?", 2, "how")?;
    unistd::access(&path_of(cx, name), AccessFlags::from_bits_retain(how)).is_ok()
}

/// Gives the file OBJ, a name, a port or a descriptor, the owner and group of these numbers; -1 leaves one as it is. [Guile: File System]
///
///     (chown "data.txt" 1000 -1)
fn "chown" (cx, obj: Value, owner: Int, group: Int) needs change(obj) { chown(cx, obj, owner, group) }

/// Sets the times at which the file OBJ, a name, a port or a descriptor, was last read and changed, in seconds since 1970 with
/// perhaps nanoseconds; by default now. With FLAGS AT_SYMLINK_NOFOLLOW, those of a symbolic link itself. [Guile: File System]
///
///     (utime "data.txt" 0 0)
fn "utime" (cx, obj: Value, [actime: Value], [modtime: Value], [actimens: Value], [modtimens: Value], [flags: Int]) needs change(obj) {
    let flags = flags.map_or(Ok(0), |flags| flags.c_int(cx, "utime", 6, "flags"))?;
    utime(cx, obj, [actime, modtime, actimens, modtimens], flags)
}

/// Gives the file OLD the further name NEW. [Guile: File System]
///
///     (link "data.txt" "same.txt")
fn "link" (cx, old: Str, new: Str) needs linked(old), entry(new) {
    let to = path_of(cx, new);
    on_path(cx, "link", old, |from| fs::hard_link(from, to))
}

/// Makes NEW a symbolic link to the name OLD. [Guile: File System]
///
///     (symlink "data.txt" "link.txt")
fn "symlink" (cx, old: Str, new: Str) needs target(old, new), entry(new) {
    let target = path_of(cx, old);
    on_path(cx, "symlink", new, |path| std::os::unix::fs::symlink(target, path))
}

/// The name that the symbolic link NAME leads to. [Guile: File System]
///
///     (readlink "/proc/self/root")  => "/"
fn "readlink" (cx, name: Str) needs read_entry(name) { on_path(cx, "readlink", name, |path| fs::read_link(path).map(text)) }

/// How many bytes are free for users where the file NAME is.
fn "%file-space" (cx, name: Str) needs read(name) {
    let free = on_path(cx, "file-space", name, |path| {
        let space = nix::sys::statvfs::statvfs(path)?;
        Ok(space.blocks_available().saturating_mul(space.fragment_size()))
    })?;
    Ok(number::integer_from_u64(&cx.heap, free))
}

/// NAME from the root on, without . and .. and symbolic links; there must be such a file. [Guile: File System]
///
///     (canonicalize-path "/usr/..")  => "/"
fn "canonicalize-path" (cx, name: Str) needs read(name) {
    on_path(cx, "canonicalize-path", name, |path| fs::canonicalize(path).map(text))
}

/// Makes the special file NAME: KIND is one of regular, block-special, char-special, fifo, socket; PERMISSIONS are a number, as is
/// DEVICE, which matters for devices only. [Guile: File System]
///
///     (mknod "queue" 'fifo #o600 0)
fn "mknod" (cx, name: Str, kind: Sym, permissions: Int, device: Int) needs node(name, kind) {
    let permissions = permissions.c_int(cx, "mknod", 3, "permissions")?;
    let device = device.c_int(cx, "mknod", 4, "device")?;
    let flag = match cx.symbols.name(kind.0.as_symbol().expect("a symbol")) {
        "regular" => SFlag::S_IFREG,
        "directory" => SFlag::S_IFDIR,
        "symlink" => SFlag::S_IFLNK,
        "block-special" => SFlag::S_IFBLK,
        "char-special" => SFlag::S_IFCHR,
        "fifo" => SFlag::S_IFIFO,
        "socket" => SFlag::S_IFSOCK,
        _ => return out_of_range(cx, "mknod", 2, "kind", "a kind of file, such as fifo", kind.0),
    };
    let permissions = Mode::from_bits_truncate(permissions as u32);
    on_path(cx, "mknod", name, |path| Ok(status::mknod(path, flag, permissions, device as u64)?))
}

/// Lets the system write to its disks what it holds in memory. [Guile: File System]
///
///     (sync)
fn "sync" (cx) needs process { unistd::sync() }

/// A stream of the names in the folder NAME, as they are now, for readdir. [Guile: File System]
///
///     (directory-stream? (opendir "/"))  => #t
fn "opendir" (cx, name: Str) needs read(name) {
    let path = path_of(cx, name);
    let names = on_path(cx, "opendir", name, names_in)?;
    Ok(cx.heap.external(Box::new(Directory { path, names: Some(names), next: 0 })))
}

/// Whether OBJ is a stream of the names in a folder. [Guile: File System]
///
///     (directory-stream? "/")  => #f
fn "directory-stream?" (cx, obj: Value) { cx.heap.is_external::<Directory>(obj) }

/// The next name that STREAM, from opendir, has, or the end-of-file object; . and .. are among them. [Guile: File System]
///
///     (string? (readdir (opendir "/")))  => #t
fn "readdir" (cx, stream: DirectoryArg) {
    let directory = open_directory(cx, "readdir", stream)?;
    let name = directory.names.as_deref().and_then(|names| names.get(directory.next)).cloned();
    directory.next += 1;
    Ok::<_, Box<Exit>>(name.map_or(Value::EOF, |name| cx.heap.string(&name)))
}

/// Makes STREAM begin anew, with the names that are in its folder now. [Guile: File System]
///
///     (rewinddir (opendir "/"))
fn "rewinddir" (cx, stream: DirectoryArg) {
    let path = open_directory(cx, "rewinddir", stream)?.path.clone();
    let names = settle(cx, "rewinddir", names_in(&path))?;
    let directory = open_directory(cx, "rewinddir", stream)?;
    (directory.names, directory.next) = (Some(names), 0);
    Ok::<(), Box<Exit>>(())
}

/// Closes STREAM, from opendir. [Guile: File System]
///
///     (closedir (opendir "/"))
fn "closedir" (cx, stream: DirectoryArg) {
    if let Some(directory) = cx.heap.external_mut::<Directory>(stream.0) {
        directory.names = None;
    }
}

/// Makes a new file, whose name is TEMPLATE with its last six characters, XXXXXX, replaced, and which nobody else may read: a
/// pair of the name and a port of MODE.
fn "%mkstemp" (cx, who: Sym, template: Str, mode: Str) needs entry(template), room {
    let who = cx.symbols.name(who.0.as_symbol().expect("a symbol")).to_string();
    let template = path_of(cx, template);
    temporary(cx, &who, &template, Some(mode))
}

/// Makes a new folder, which nobody else may enter; its name, the answer, is TEMPLATE with its last six characters, XXXXXX,
/// replaced. [Guile: File System]
///
///     (mkdtemp "/tmp/work-XXXXXX")
fn "mkdtemp" (cx, template: Str) needs entry(template) { on_path(cx, "mkdtemp", template, |path| Ok(text(unistd::mkdtemp(path)?))) }

/// A port that reads and writes a new file without a name, which is gone when the port is. [Guile: File System]
///
///     (port? (tmpfile))  => #t
fn "tmpfile" (cx) needs temporary, room {
    let template = std::env::temp_dir().join("sockeye-XXXXXX");
    let pair = temporary(cx, "tmpfile", &template, None)?;
    let name = cx.heap.str(pair.car()).map(PathBuf::from).unwrap_or_default();
    settle(cx, "tmpfile", fs::remove_file(name))?;
    Ok::<_, Box<Exit>>(pair.cdr())
}

/// The last part of the file name NAME; without SUFFIX, if it ends in that. [Guile: File System]
///
///     (basename "/etc/hosts.conf" ".conf")  => "hosts"
fn "basename" (cx, name: Str, [suffix: Str]) {
    let name = cx.heap.str(name.0).unwrap_or_default();
    let last = last_part(name);
    let suffix = suffix.and_then(|suffix| cx.heap.str(suffix.0)).unwrap_or_default();
    last.strip_suffix(suffix).unwrap_or(last).to_string()
}

/// The file name NAME without its last part: that of the folder it is in. [Guile: File System]
///
///     (dirname "/etc/hosts")  => "/etc"
///     (dirname "hosts")  => "."
fn "dirname" (cx, name: Str) {
    let name = cx.heap.str(name.0).unwrap_or_default();
    let folder = name.trim_end_matches('/').trim_end_matches(|c| c != '/').trim_end_matches('/');
    match (folder.is_empty(), name.starts_with('/')) {
        (true, true) => "/",
        (true, false) => ".",
        (false, _) => folder,
    }
    .to_string()
}
}

fn text(path: PathBuf) -> String {
    path.to_string_lossy().into_owned()
}

/// The last part of a name, with the slashes behind it, as Guile has it.
fn last_part(name: &str) -> &str {
    let end = name.trim_end_matches('/').len();
    match (end, name.is_empty()) {
        (0, true) => "",
        (0, false) => "/",
        _ => &name[name[..end].rfind('/').map_or(0, |at| at + 1)..],
    }
}

/// The names in a folder, read at once: whoever changes the folder between two readings does not disturb.
struct Directory {
    path: PathBuf,
    /// None when closed.
    names: Option<Vec<String>>,
    next: usize,
}

impl External for Directory {
    fn type_name(&self) -> &'static str {
        "directory stream"
    }

    fn describe(&self) -> String {
        let state = if self.names.is_some() { "" } else { "closed: " };
        format!("#<{state}directory stream {}>", self.path.display())
    }
}

#[derive(Clone, Copy)]
pub struct DirectoryArg(Value);

impl Argument for DirectoryArg {
    const EXPECTED: &'static str = "a directory stream";
    fn take(cx: &Cx, v: Value) -> Option<DirectoryArg> {
        cx.heap.is_external::<Directory>(v).then_some(DirectoryArg(v))
    }
}

fn names_in(path: &Path) -> io::Result<Vec<String>> {
    let mut names = vec![".".to_string(), "..".to_string()];
    for entry in fs::read_dir(path)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}

fn open_directory<'a>(cx: &'a mut Cx, who: &str, stream: DirectoryArg) -> Answer<&'a mut Directory> {
    let is_open = cx.heap.external_mut::<Directory>(stream.0).is_some_and(|directory| directory.names.is_some());
    if !is_open {
        return misc_error(cx, who, "Directory ~S is not open.", &[stream.0]);
    }
    Ok(cx.heap.external_mut::<Directory>(stream.0).expect("a directory stream"))
}

fn identity(cx: &mut Cx, position: usize, name: &str, id: Int) -> Answer<u32> {
    match number::integer_to_i64(&cx.heap, id.0) {
        Some(n @ -1..=0xffff_ffff) => Ok(n as u32),
        _ => out_of_range(cx, "chown", position, name, "from -1 to 4294967295", id.0),
    }
}

fn chown(cx: &mut Cx, obj: Value, owner: Int, group: Int) -> Answer<()> {
    let owner = Some(Uid::from_raw(identity(cx, 2, "owner", owner)?));
    let group = Some(Gid::from_raw(identity(cx, 3, "group", group)?));
    if let Some(name) = Str::take(cx, obj) {
        return on_path(cx, "chown", name, |path| Ok(unistd::chown(path, owner, group)?));
    }
    let fd = descriptor_of(cx, "chown", 1, obj)?;
    let result = crate::net::raw::borrow(fd).and_then(|fd| Ok(unistd::fchown(fd, owner, group)?));
    settle(cx, "chown", result)
}

fn utime(cx: &mut Cx, obj: Value, times: [Option<Value>; 4], flags: i32) -> Answer<()> {
    const NAMES: [&str; 4] = ["actime", "modtime", "actimens", "modtimens"];
    let mut numbers = [None; 4];
    for (index, v) in times.into_iter().enumerate() {
        if let Some(v) = v {
            numbers[index] = match number::integer_to_i64(&cx.heap, v) {
                Some(n) => Some(n),
                None if number::is_exact_integer(v) => {
                    return out_of_range(cx, "utime", index + 2, NAMES[index], "an integer of 64 bits", v);
                }
                None => return wrong_type(cx, "utime", index + 2, NAMES[index], "an exact integer", v),
            };
        }
    }
    let [atime, mtime, atimens, mtimens] = numbers;
    let time = |seconds: Option<i64>, nanos: Option<i64>| match seconds {
        Some(seconds) => TimeSpec::new(seconds, nanos.unwrap_or(0)),
        None => TimeSpec::UTIME_NOW,
    };
    let (atime, mtime) = (time(atime, atimens), time(mtime, mtimens));
    if let Some(name) = Str::take(cx, obj) {
        let nofollow = flags & AtFlags::AT_SYMLINK_NOFOLLOW.bits() != 0;
        let follow = if nofollow { UtimensatFlags::NoFollowSymlink } else { UtimensatFlags::FollowSymlink };
        return on_path(cx, "utime", name, |path| Ok(status::utimensat(AT_FDCWD, path, &atime, &mtime, follow)?));
    }
    let fd = descriptor_of(cx, "utime", 1, obj)?;
    let result = crate::net::raw::borrow(fd).and_then(|fd| Ok(status::futimens(fd, &atime, &mtime)?));
    settle(cx, "utime", result)
}

/// A new file: a pair of its name and a port.
fn temporary(cx: &mut Cx, who: &str, template: &Path, mode: Option<Str>) -> Answer {
    let letters = mode.and_then(|mode| cx.heap.str(mode.0)).unwrap_or("w+").to_string();
    let ways = match (letters.contains('+'), letters.chars().next()) {
        (true, _) => Ways::BOTH,
        (false, Some('r')) => Ways::INPUT,
        _ => Ways::OUTPUT,
    };
    let made = unistd::mkstemp(template).map_err(io::Error::from);
    let (fd, path) = settle(cx, who, made)?;
    let name = text(path);
    let flags = fcntl(&fd, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).and_then(|_| {
        let append = if letters.starts_with('a') { OFlag::O_APPEND } else { OFlag::empty() };
        fcntl(&fd, FcntlArg::F_SETFL(append))
    });
    settle(cx, who, flags.map_err(io::Error::from))?;
    let device = Descriptor::new(fd).map_err(Into::into);
    let label = if mode.is_some() { name.as_str() } else { "file" };
    let port = device.map(|device| Port::new(label.to_string(), Box::new(device), ways, Buffering::FILE));
    let label = if mode.is_some() { Label::Path } else { Label::Nothing };
    let port = opened(cx, who, port, |port| port.label = label)?;
    Ok(cx.heap.cons(cx.heap.string(&name), port))
}
