//! Processes that this one makes, becomes or waits for; its groups, limits and rights.

use super::addresses::Int;
use super::declare::{Argument, Str, Sym, Vector, out_of_range, wrong_type};
use super::files::descriptor_of;
use super::lists::elements;
use super::port_value::{PortArg, PortObject, stopped};
use super::process::settle;
use super::system::{environment, environment_variable, exit_status};
use crate::builtins;
use crate::net::process::{self, Program, Streams};
use crate::value::{Kind, Value, number};
use crate::vm::cx::{Answer, Cx, Exit};
use crate::vm::machine::list_items;
use nix::errno::Errno;
use nix::libc;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::{self, Gid, Pid, Uid};
use std::ffi::CString;
use std::io;

builtins! { CHILDREN;

/// Makes a copy of this process: 0 in the copy, the copy's number here. Both have all descriptors, and what ports hold that was
/// not written yet; a copy that is to leave that to the other ends by primitive-_exit. [Guile: Processes]
///
///     (let ((pid (primitive-fork))) (if (= pid 0) (primitive-_exit 3) (status:exit-val (cdr (waitpid pid)))))  => 3
fn "primitive-fork" (cx) needs process {
    let child = process::fork(cx.net.interrupt());
    if matches!(child, Ok(0)) {
        cx.fibers.begin_child(&mut cx.net);
    }
    settle(cx, "primitive-fork", child)
}

/// Waits until the process PID, a child of this one, ends: a pair of its number and its status. PID -1 is any child, 0 any of this
/// process's group, -N any of group N. With OPTIONS, the sum of some of: WNOHANG does not wait, but answers (0 . 0); WUNTRACED
/// also tells of children that were stopped. [Guile: Processes]
///
///     (waitpid -1 WNOHANG)  => error
fn "waitpid" (cx, pid: Int, [options: Int]) needs process {
    let pid = pid.c_int(cx, "waitpid", 1, "pid")?;
    let options = options.map_or(Ok(0), |options| options.c_int(cx, "waitpid", 2, "options"))?;
    match process::wait(&mut cx.net, pid, options) {
        Ok((child, status)) => Ok(cx.heap.cons(Value::fixnum(child.into()), Value::fixnum(status.into()))),
        Err(stop) => Err(stopped(cx, "waitpid", stop, None)),
    }
}

/// The exit status that STATUS, from waitpid or system, tells of; #f if the process did not end by itself. [Guile: Processes]
///
///     (status:exit-val 768)  => 3
///     (status:exit-val 9)  => #f
fn "status:exit-val" (cx, status: Int) {
    let status = status.c_int(cx, "status:exit-val", 1, "status")?;
    libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status))
}

/// The signal that ended the process STATUS is of; #f if none did. [Guile: Processes]
///
///     (status:term-sig 9)  => 9
fn "status:term-sig" (cx, status: Int) {
    let status = status.c_int(cx, "status:term-sig", 1, "status")?;
    libc::WIFSIGNALED(status).then(|| libc::WTERMSIG(status))
}

/// The signal that stopped the process STATUS is of; #f if it was not stopped. [Guile: Processes]
///
///     (status:stop-sig 4991)  => 19
fn "status:stop-sig" (cx, status: Int) {
    let status = status.c_int(cx, "status:stop-sig", 1, "status")?;
    libc::WIFSTOPPED(status).then(|| libc::WSTOPSIG(status))
}

/// Ends the process with CODE as its status, after writing out what ports hold; runs no part of dynamic-wind. [Guile: Processes]
///
///     (primitive-exit 3)
fn "primitive-exit" (cx, [code: Int]) {
    let code = code.map_or(Ok(0), |code| code.c_int(cx, "primitive-exit", 1, "code"))?;
    Err::<(), _>(Box::new(Exit::Quit(exit_status(Some(Value::fixnum(code.into()))))))
}

/// Ends the process at once with CODE as its status: what ports hold is not written. [Guile: Processes]
///
///     (primitive-_exit 3)
fn "primitive-_exit" (cx, [code: Int]) needs process {
    let code = code.map_or(Ok(0), |code| code.c_int(cx, "primitive-_exit", 1, "code"))?;
    process::leave(code);
    Ok::<(), Box<Exit>>(())
}

/// Becomes the program in the file FILE, with ARGS, the first of which is its own name. Does not return. The program gets all
/// descriptors that are not closed on exec; what ports hold is lost. [Guile: Processes]
///
///     (execl "/bin/echo" "echo" "hello")
fn "execl" (cx, file: Str, ..args) needs process {
    let environment = environment_strings(cx);
    exec(cx, "execl", file, 2, args, environment, false)
}

/// The same as execl, but FILE is looked for in the folders of PATH if there is no slash in it. [Guile: Processes]
///
///     (execlp "echo" "echo" "hello")
fn "execlp" (cx, file: Str, ..args) needs process {
    let environment = environment_strings(cx);
    exec(cx, "execlp", file, 2, args, environment, true)
}

/// The same as execl, with the environment ENV, a list of strings such as "HOME=/". [Guile: Processes]
///
///     (execle "/bin/echo" '("LANG=C") "echo" "hello")
fn "execle" (cx, file: Str, env: Value, ..args) needs process {
    let items = elements(cx, "execle", 2, "env", env)?;
    let environment = c_strings(cx, "execle", 2, &items)?;
    exec(cx, "execle", file, 3, args, environment, false)
}

/// Starts a program as a child, in the name of WHO: FILE with ARGS, a list that begins with the program's own name. FILE is looked for
/// in PATH if SEARCH; ENV is #f or a list of strings; STREAMS is a list of the ports or descriptors that become its standard
/// streams, #f standing for /dev/null, or #t for the current ports; with KEEP it has all descriptors that are not closed on exec.
/// Answers a pair of the child's number and 0, or the error number of why it could not become the program: then it ends with
/// status 127.
fn "%start-program" (cx, who: Sym, file: Value, args: Value, search: bool, env: Value, streams: Value, keep: bool) needs process {
    let who = cx.symbols.name(who.0.as_symbol().expect("a symbol")).to_string();
    let streams = if streams == Value::TRUE { standard_streams(cx) } else { streams_of(cx, &who, streams)? };
    let file = c_string(cx, &who, 1, file)?;
    let items = elements(cx, &who, 2, "arguments", args)?;
    let arguments = c_strings(cx, &who, 2, &items)?;
    let environment = if env == Value::FALSE {
        environment_strings(cx)
    } else {
        let items = elements(cx, &who, 3, "environment", env)?;
        c_strings(cx, &who, 3, &items)?
    };
    let path = search.then(|| search_path(cx));
    let program = Program::new(file, arguments, environment, path.as_deref());
    let (child, errno) = start(cx, &who, &program, Start { streams, keep })?;
    Ok::<_, Box<Exit>>(cx.heap.cons(Value::fixnum(child.into()), Value::fixnum(errno.into())))
}

/// The number of this process's group. [Guile: Processes]
///
///     (exact-integer? (getpgrp))  => #t
fn "getpgrp" (cx) needs process { unistd::getpgrp().as_raw() }

/// Puts the process PID (0: this one) into the group GROUP (0: its own number). [Guile: Processes]
///
///     (setpgid 0 0)
fn "setpgid" (cx, pid: Int, group: Int) needs process {
    let pid = pid.c_int(cx, "setpgid", 1, "pid")?;
    let group = group.c_int(cx, "setpgid", 2, "group")?;
    done(cx, "setpgid", unistd::setpgid(Pid::from_raw(pid), Pid::from_raw(group)))
}

/// Makes this process the first of a session and a group of its own, without a terminal; answers the session's number. [Guile: Processes]
///
///     (setsid)
fn "setsid" (cx) needs process {
    let session = unistd::setsid().map(Pid::as_raw);
    done(cx, "setsid", session)
}

/// The number of the session of the process PID (0: this one). [Guile: Processes]
///
///     (= (getsid 0) (getsid (getpid)))  => #t
fn "getsid" (cx, pid: Int) needs process {
    let pid = pid.c_int(cx, "getsid", 1, "pid")?;
    let session = unistd::getsid(Some(Pid::from_raw(pid))).map(Pid::as_raw);
    done(cx, "getsid", session)
}

/// The number of the group that has the terminal behind PORT. [Guile: Terminals]
///
///     (tcgetpgrp (current-input-port))
fn "tcgetpgrp" (cx, port: PortArg) needs process {
    let fd = descriptor_of(cx, "tcgetpgrp", 1, port.0)?;
    let group = crate::net::raw::borrow(fd).map_err(|_| Errno::EBADF).and_then(unistd::tcgetpgrp).map(Pid::as_raw);
    done(cx, "tcgetpgrp", group)
}

/// Gives the terminal behind PORT to the group GROUP. [Guile: Terminals]
///
///     (tcsetpgrp (current-input-port) (getpgrp))
fn "tcsetpgrp" (cx, port: PortArg, group: Int) needs process {
    let fd = descriptor_of(cx, "tcsetpgrp", 1, port.0)?;
    let group = Pid::from_raw(group.c_int(cx, "tcsetpgrp", 2, "group")?);
    let result = crate::net::raw::borrow(fd).map_err(|_| Errno::EBADF).and_then(|fd| unistd::tcsetpgrp(fd, group));
    done(cx, "tcsetpgrp", result)
}

/// Makes the process give way to others more (for a positive CHANGE) or less. [Guile: Processes]
///
///     (nice 0)
fn "nice" (cx, change: Int) needs process {
    let change = change.c_int(cx, "nice", 1, "change")?;
    let before = process::priority(libc::PRIO_PROCESS as i32, 0);
    let result = before.and_then(|now| process::set_priority(libc::PRIO_PROCESS as i32, 0, now.saturating_add(change).clamp(-20, 19)));
    settle(cx, "nice", result)
}

/// How much the processes of WHICH kind (PRIO_PROCESS, PRIO_PGRP, PRIO_USER) and number WHO give way: from -20 to 19. [Guile: Processes]
///
///     (exact-integer? (getpriority PRIO_PROCESS 0))  => #t
fn "getpriority" (cx, which: Int, who: Int) needs process {
    let which = which.c_int(cx, "getpriority", 1, "which")?;
    let who = who.c_int(cx, "getpriority", 2, "who")?;
    let priority = process::priority(which, who);
    settle(cx, "getpriority", priority)
}

/// Sets how much the processes of WHICH kind and number WHO give way to PRIORITY, from -20 to 19. [Guile: Processes]
///
///     (setpriority PRIO_PROCESS 0 (getpriority PRIO_PROCESS 0))
fn "setpriority" (cx, which: Int, who: Int, priority: Int) needs process {
    let which = which.c_int(cx, "setpriority", 1, "which")?;
    let who = who.c_int(cx, "setpriority", 2, "who")?;
    let priority = priority.c_int(cx, "setpriority", 3, "priority")?;
    let result = process::set_priority(which, who, priority);
    settle(cx, "setpriority", result)
}

/// How much of RESOURCE, a symbol such as nofile, the process may have: two values, the limit in force and the one up to which it may
/// be raised; #f for none. [Guile: Processes]
///
///     (getrlimit 'nofile)
fn "getrlimit" (cx, resource: Value) needs process {
    let resource = resource_of(cx, "getrlimit", resource)?;
    let limits = getrlimit(resource).map_err(io::Error::from);
    let (soft, hard) = settle(cx, "getrlimit", limits)?;
    let limit = |n: u64| if n == libc::RLIM_INFINITY { Value::FALSE } else { number::integer_from_u64(&cx.heap, n) };
    Ok::<_, Box<Exit>>(cx.heap.make(Kind::Values, &[limit(soft), limit(hard)]))
}

/// Sets how much of RESOURCE the process may have: SOFT is in force, up to HARD it may be raised; #f for no limit. [Guile: Processes]
///
///     (setrlimit 'core 0 #f)
fn "setrlimit" (cx, resource: Value, soft: Value, hard: Value) needs process {
    let resource = resource_of(cx, "setrlimit", resource)?;
    let mut limits = [libc::RLIM_INFINITY; 2];
    for (index, v) in [soft, hard].into_iter().enumerate() {
        if v != Value::FALSE {
            limits[index] = match number::integer_to_u64(&cx.heap, v) {
                Some(limit) => limit,
                None => return wrong_type(cx, "setrlimit", index + 2, ["soft", "hard"][index], "an exact non-negative integer, or #f", v),
            };
        }
    }
    done(cx, "setrlimit", setrlimit(resource, limits[0], limits[1]))
}

/// The permissions that files made by this process do not get; with MASK, they are that from now on, and the answer is what they
/// were. [Guile: Processes]
///
///     (umask)
fn "umask" (cx, [mask: Int]) needs process {
    let mask = mask.map(|mask| mask.c_int(cx, "umask", 1, "mask")).transpose()?;
    let set = |bits: u32| nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(bits));
    let before = set(mask.unwrap_or(0o77) as u32 & 0o777);
    if mask.is_none() {
        set(before.bits());
    }
    before.bits() as usize
}

/// Makes NAME the root of all file names of this process. [Guile: Processes]
///
///     (chroot "/var/empty")
fn "chroot" (cx, name: Str) needs process {
    let path = super::files::path_of(cx, name);
    done(cx, "chroot", unistd::chroot(&path))
}

/// Gives the process the rights of the user ID, for good. [Guile: Processes]
///
///     (setuid (getuid))
fn "setuid" (cx, id: Int) needs process {
    let id = identity(cx, "setuid", 1, id)?;
    done(cx, "setuid", unistd::setuid(Uid::from_raw(id)))
}

/// Gives the process the rights of the group ID, for good. [Guile: Processes]
///
///     (setgid (getgid))
fn "setgid" (cx, id: Int) needs process {
    let id = identity(cx, "setgid", 1, id)?;
    done(cx, "setgid", unistd::setgid(Gid::from_raw(id)))
}

/// Gives the process the rights of the user ID for now. [Guile: Processes]
///
///     (seteuid (geteuid))
fn "seteuid" (cx, id: Int) needs process {
    let id = identity(cx, "seteuid", 1, id)?;
    done(cx, "seteuid", unistd::seteuid(Uid::from_raw(id)))
}

/// Gives the process the rights of the group ID for now. [Guile: Processes]
///
///     (setegid (getegid))
fn "setegid" (cx, id: Int) needs process {
    let id = identity(cx, "setegid", 1, id)?;
    done(cx, "setegid", unistd::setegid(Gid::from_raw(id)))
}

/// The further groups whose rights the process has: a vector of numbers. [Guile: Processes]
///
///     (vector? (getgroups))  => #t
fn "getgroups" (cx) needs process {
    let groups = unistd::getgroups().map_err(io::Error::from);
    let groups = settle(cx, "getgroups", groups)?;
    let numbers: Vec<Value> = groups.iter().map(|group| Value::fixnum(group.as_raw().into())).collect();
    Ok::<_, Box<Exit>>(cx.heap.vector(&numbers))
}

/// Gives the process the rights of the groups in the vector GROUPS. [Guile: Processes]
///
///     (setgroups (getgroups))
fn "setgroups" (cx, groups: Vector) needs process {
    let fields: Vec<Value> = groups.0.fields().collect();
    let mut ids = Vec::with_capacity(fields.len());
    for v in fields {
        match Int::take(cx, v) {
            Some(id) => ids.push(Gid::from_raw(identity(cx, "setgroups", 1, id)?)),
            None => return wrong_type(cx, "setgroups", 1, "groups", "a vector of integers", v),
        }
    }
    done(cx, "setgroups", unistd::setgroups(&ids))
}
}

/// What a call of nix's has come to.
fn done<T>(cx: &mut Cx, who: &str, result: nix::Result<T>) -> Answer<T> {
    settle(cx, who, result.map_err(io::Error::from))
}

/// The number of a user or group; -1 is one that the system knows how to take.
fn identity(cx: &mut Cx, who: &str, position: usize, id: Int) -> Answer<u32> {
    match number::integer_to_i64(&cx.heap, id.0) {
        Some(n @ -1..=0xffff_ffff) => Ok(n as u32),
        _ => out_of_range(cx, who, position, "id", "from 0 to 4294967295", id.0),
    }
}

fn resource_of(cx: &mut Cx, who: &str, v: Value) -> Answer<Resource> {
    const KNOWN: &[(&str, Resource)] = &[
        ("as", Resource::RLIMIT_AS),
        ("core", Resource::RLIMIT_CORE),
        ("cpu", Resource::RLIMIT_CPU),
        ("data", Resource::RLIMIT_DATA),
        ("fsize", Resource::RLIMIT_FSIZE),
        ("memlock", Resource::RLIMIT_MEMLOCK),
        ("msgqueue", Resource::RLIMIT_MSGQUEUE),
        ("nice", Resource::RLIMIT_NICE),
        ("nofile", Resource::RLIMIT_NOFILE),
        ("nproc", Resource::RLIMIT_NPROC),
        ("rss", Resource::RLIMIT_RSS),
        ("rtprio", Resource::RLIMIT_RTPRIO),
        ("rttime", Resource::RLIMIT_RTTIME),
        ("sigpending", Resource::RLIMIT_SIGPENDING),
        ("stack", Resource::RLIMIT_STACK),
    ];
    if let Some(number) = v.as_fixnum() {
        return match KNOWN.iter().find(|(_, resource)| *resource as i64 == number) {
            Some((_, resource)) => Ok(*resource),
            None => settle(cx, who, Err(io::Error::from_raw_os_error(libc::EINVAL))),
        };
    }
    let Some(symbol) = v.as_symbol() else {
        return wrong_type(cx, who, 1, "resource", "a symbol, or the number of a resource", v);
    };
    match KNOWN.iter().find(|(name, _)| *name == cx.symbols.name(symbol)) {
        Some((_, resource)) => Ok(*resource),
        None => super::process::misc_error(cx, who, "invalid rlimit resource ~A", &[v]),
    }
}

/// A string for the system: its bytes, among which there is no zero.
fn c_string(cx: &mut Cx, who: &str, position: usize, v: Value) -> Answer<CString> {
    match cx.heap.str(v).map(CString::new) {
        Some(Ok(string)) => Ok(string),
        _ => wrong_type(cx, who, position, "", "a string without zero characters", v),
    }
}

pub fn c_strings(cx: &mut Cx, who: &str, position: usize, items: &[Value]) -> Answer<Vec<CString>> {
    items.iter().map(|&item| c_string(cx, who, position, item)).collect()
}

fn environment_strings(cx: &Cx) -> Vec<CString> {
    environment(cx).into_iter().filter_map(|(name, value)| CString::new(format!("{name}={value}")).ok()).collect()
}

/// The folders that programs are looked for in.
fn search_path(cx: &Cx) -> Vec<u8> {
    environment_variable(cx, "PATH").unwrap_or_else(|| "/bin:/usr/bin".to_string()).into_bytes()
}

fn exec(
    cx: &mut Cx,
    who: &str,
    file: Str,
    position: usize,
    args: &[Value],
    environment: Vec<CString>,
    search: bool,
) -> Answer<()> {
    let file = c_string(cx, who, 1, file.0)?;
    let mut arguments = Vec::with_capacity(args.len());
    for (index, &argument) in args.iter().enumerate() {
        arguments.push(c_string(cx, who, position + index, argument)?);
    }
    let path = search.then(|| search_path(cx));
    let program = Program::new(file, arguments, environment, path.as_deref());
    let error = process::exec(&program, &cx.net.signals.hidden_ignores());
    settle(cx, who, Err(error))
}

/// How a child is started.
pub struct Start {
    pub streams: Streams,
    /// Whether it has the descriptors that are not closed on exec.
    pub keep: bool,
}

/// Starts a program: the child's number, and 0 or why it could not become the program.
pub fn start(cx: &mut Cx, who: &str, program: &Program, how: Start) -> Answer<(i32, i32)> {
    let hidden = cx.net.signals.hidden_ignores();
    let started = process::spawn(program, how.streams, how.keep, &hidden);
    let (child, failure) = settle(cx, who, started)?;
    Ok((child, failure.and_then(|error| error.raw_os_error()).unwrap_or(0)))
}

/// The program that a command line names, looked for in PATH; None if there is no word.
pub fn program_of(cx: &Cx, words: Vec<CString>) -> Option<Program> {
    let file = words.first()?.clone();
    Some(Program::new(file, words, environment_strings(cx), Some(&search_path(cx))))
}

/// Where a child's streams are: at the current ports, as far as they have descriptors.
pub fn standard_streams(cx: &mut Cx) -> Streams {
    [cx.roots.current_input, cx.roots.current_output, cx.roots.current_error].map(|parameter| {
        let port = if parameter.is_kind(Kind::Parameter) { cx.parameter_value(parameter) } else { parameter };
        cx.heap.external_mut::<PortObject>(port).and_then(|object| object.port.fd())
    })
}

fn streams_of(cx: &mut Cx, who: &str, streams: Value) -> Answer<Streams> {
    let mut numbers: Streams = [None; 3];
    for (index, v) in list_items(streams).take(3).enumerate() {
        if v != Value::FALSE {
            numbers[index] = Some(descriptor_of(cx, who, 4 + index, v)?);
        }
    }
    Ok(numbers)
}
