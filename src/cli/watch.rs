//! `--watch`: runs a program in a process of its own, and again whenever a Scheme file beside it, or in a folder of -L, changes.

use super::{UNCAUGHT_ERROR, complain};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::ffi::OsString;
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

/// Editors write a file in several steps: so many milliseconds of quiet, and it is there.
const SETTLING: u8 = 60;

/// How long a program may take to end when asked to.
const GRACE: Duration = Duration::from_millis(500);

/// Runs for ever, unless it cannot begin.
pub fn run(arguments: &[OsString], folders: &[String]) -> u8 {
    let failed = |what: &str| {
        complain(&format!("sockeye: cannot watch: {what}\n"));
        UNCAUGHT_ERROR
    };
    let (Ok(program), Ok(notify)) = (std::env::current_exe(), Inotify::init(InitFlags::IN_CLOEXEC)) else {
        return failed("the system does not tell of changes");
    };
    let flags = AddWatchFlags::IN_CLOSE_WRITE | AddWatchFlags::IN_MOVED_TO | AddWatchFlags::IN_DELETE;
    for folder in folders {
        let folder = if folder.is_empty() { "." } else { folder };
        if let Err(error) = notify.add_watch(Path::new(folder), flags) {
            return failed(&format!("{folder}: {error}"));
        }
    }
    loop {
        let mut child = match Command::new(&program).args(arguments).spawn() {
            Ok(child) => child,
            Err(error) => return failed(&error.to_string()),
        };
        if let Err(error) = wait_for_change(&notify) {
            end(&mut child);
            return failed(&error);
        }
        end(&mut child);
        complain("-- changed: once more\n");
    }
}

/// Returns when a Scheme file has changed, and nothing more changes.
fn wait_for_change(notify: &Inotify) -> Result<(), String> {
    loop {
        let events = notify.read_events().map_err(|error| error.to_string())?;
        let is_scheme = |name: &OsString| {
            let name = name.to_string_lossy();
            [".scm", ".sld", ".sls", ".ss"].iter().any(|end| name.ends_with(end))
        };
        if events.iter().any(|event| event.name.as_ref().is_some_and(is_scheme)) {
            break;
        }
    }
    while poll(&mut [PollFd::new(notify.as_fd(), PollFlags::POLLIN)], PollTimeout::from(SETTLING))
        .is_ok_and(|count| count > 0)
    {
        notify.read_events().map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Asks the program to end, and then makes it.
fn end(child: &mut Child) {
    let _ = kill(Pid::from_raw(child.id() as i32), Signal::SIGTERM);
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let _ = child.wait();
}
