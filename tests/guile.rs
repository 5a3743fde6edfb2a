//! Runs each script below tests/ that has a line `; guile: same` on sockeye and, where it is installed, on Guile: both must
//! print the same and end alike.

use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut scripts = Vec::new();
    find(&root, &mut scripts);
    scripts.sort();
    let guile = Command::new("guile").arg("--version").output().is_ok();
    let trial = |script: PathBuf| {
        let name = script.strip_prefix(&root).unwrap_or(&script).display().to_string();
        Trial::test(name, move || compare(&script, guile))
    };
    libtest_mimic::run(&arguments, scripts.into_iter().map(trial).collect()).exit();
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            find(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "scm")
            && std::fs::read_to_string(&path).is_ok_and(|text| is_for_both(&text))
        {
            found.push(path);
        }
    }
}

/// Whether a script is for both, and what it `; needs:` is here.
fn is_for_both(text: &str) -> bool {
    let runs = |program: &str| Command::new(program).arg("--version").output().is_ok();
    text.lines().any(|line| line == "; guile: same")
        && text.lines().filter_map(|line| line.strip_prefix("; needs: ")).all(|need| need == "ipv6" || runs(need))
}

fn compare(script: &Path, guile: bool) -> Result<(), Failed> {
    let ours = output(Command::new(env!("CARGO_BIN_EXE_sockeye")).arg(script), script)?;
    if !ours.status.success() {
        return Err(format!("sockeye: {}\n{}", ours.status, said(&ours)).into());
    }
    if guile {
        let theirs = output(Command::new("guile").arg("--no-auto-compile").arg(script), script)?;
        if !theirs.status.success() {
            return Err(format!("Guile: {}\n{}", theirs.status, said(&theirs)).into());
        }
        if ours.stdout != theirs.stdout {
            return Err(format!("sockeye printed\n{}\nGuile printed\n{}", said(&ours), said(&theirs)).into());
        }
    }
    Ok(())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Runs a command in the script's folder; it is ended when it takes too long.
fn output(command: &mut Command, script: &Path) -> Result<Output, Failed> {
    let folder = script.parent().expect("a script is in a folder");
    let pipes = command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = pipes.spawn()?;
    let id = child.id();
    let (done, finished) = std::sync::mpsc::channel();
    let watch = std::thread::spawn(move || {
        // Told nothing in time: the child still runs, since only after its end is it waited for.
        let late = finished.recv_timeout(DEADLINE).is_err();
        if late {
            let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
        }
        late
    });
    let output = child.wait_with_output();
    let _ = done.send(());
    if watch.join().unwrap_or(true) {
        return Err(format!("did not end within {DEADLINE:?}").into());
    }
    Ok(output?)
}
