//! What a process has around it besides files and others of its kind: locales, processors, the terminal it is used at.

use super::addresses::Int;
use super::declare::{Str, wrong_type};
use super::files::descriptor_of;
use super::lists::elements;
use super::port_value::{PortArg, Use};
use super::process::settle;
use crate::builtins;
use crate::net::raw;
use crate::posix::locale;
use crate::value::Value;
use crate::vm::cx::{Answer, Cx};
use nix::libc;
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};
use nix::unistd::Pid;
use std::io;

builtins! { SURROUNDINGS;

/// NAME, if that is a locale of this system: else setlocale fails as the system does.
///
///     (%locale "C")
fn "%locale" (cx, name: Str) needs system {
    let known = locale::exists(cx.heap.str(name.0).unwrap_or_default());
    settle(cx, "setlocale", if known { Ok(name) } else { Err(io::Error::from_raw_os_error(libc::EINVAL)) })
}

/// The processors on which the process PID may run: a list of their numbers.
///
///     (%affinity 0)
fn "%affinity" (cx, pid: Int) needs process {
    let pid = Pid::from_raw(pid.c_int(cx, "getaffinity", 1, "pid")?);
    let set = settle(cx, "getaffinity", sched_getaffinity(pid).map_err(io::Error::from))?;
    let processors: Vec<Value> =
        (0..CpuSet::count()).filter(|&i| set.is_set(i) == Ok(true)).map(|i| Value::fixnum(i as i64)).collect();
    cx.heap.list(&processors)
}

/// Lets the process PID run on PROCESSORS, a list of their numbers.
fn "%set-affinity" (cx, pid: Int, processors: Value) needs process {
    let pid = Pid::from_raw(pid.c_int(cx, "setaffinity", 1, "pid")?);
    let set = processor_set(cx, processors)?;
    settle(cx, "setaffinity", sched_setaffinity(pid, &set).map_err(io::Error::from))
}

/// Whether the terminal that PORT stands on shows what is typed is set to ON; nothing is done if it stands on none.
///
///     (%echo (open-input-string "x") #f)
fn "%echo" (cx, port: PortArg, on: bool) {
    if Use::of("getpass", 1, port).ask(cx, |port| port.is_terminal())? {
        let fd = descriptor_of(cx, "getpass", 1, port.0)?;
        settle(cx, "getpass", set_echo(fd, on))?;
    }
    Ok(())
}
}

fn processor_set(cx: &mut Cx, processors: Value) -> Answer<CpuSet> {
    let mut set = CpuSet::new();
    for v in elements(cx, "setaffinity", 2, "mask", processors)? {
        let known = v.as_fixnum().and_then(|n| usize::try_from(n).ok()).filter(|&i| set.set(i).is_ok());
        if known.is_none() {
            return wrong_type(cx, "setaffinity", 2, "mask", "a bitvector of existing processors", v);
        }
    }
    Ok(set)
}

fn set_echo(fd: i32, on: bool) -> io::Result<()> {
    let terminal = raw::borrow(fd)?;
    let mut settings = tcgetattr(terminal)?;
    settings.local_flags.set(LocalFlags::ECHO, on);
    Ok(tcsetattr(terminal, SetArg::TCSAFLUSH, &settings)?)
}
