//! Runs every script below tests/ as a test of its own, each twice: as it is, and collecting at every opportunity.
//!
//! A script's expectations stand in its comments (see src/cli/test.rs); the directives read here are for whole scripts:
//! `; stdin: a line`, `; needs: ipv6`, `; skip: why`, and `; slow: why` for those that are not run under stress.

use libtest_mimic::{Arguments, Failed, Trial};
use std::io::{Read, Write};
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const DEADLINE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 20 });
/// Collecting at every safepoint is hundreds of times slower.
const STRESS_DEADLINE: Duration = Duration::from_secs(240);

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut scripts = Vec::new();
    find(&root.join("tests"), &mut scripts);
    scripts.sort();
    let mut trials = Vec::new();
    for script in scripts {
        let text = std::fs::read_to_string(&script).unwrap_or_default();
        let name = script.strip_prefix(root.join("tests")).unwrap_or(&script).display().to_string();
        let ignored = directive(&text, "skip:").is_some() || !has_needs(&text);
        for stress in [false, true] {
            let (script, text) = (script.clone(), text.clone());
            let slow = stress && directive(&text, "slow:").is_some();
            let label = if stress { format!("{name} (stress)") } else { name.clone() };
            let trial = Trial::test(label, move || run(&script, &text, stress)).with_ignored_flag(ignored || slow);
            trials.push(trial);
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir()
            && path
                .file_name()
                .is_some_and(|name| !["data", "golden", "interrupt"].iter().any(|skipped| name == *skipped))
        {
            find(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "scm") {
            found.push(path);
        }
    }
}

/// The value of a whole-script directive: a comment line of its own.
fn directive<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    text.lines()
        .find_map(|line| line.trim_start_matches(';').trim().strip_prefix(word).filter(|_| line.starts_with(';')))
        .map(str::trim)
}

fn has_needs(text: &str) -> bool {
    match directive(text, "needs:") {
        Some("ipv6") => UdpSocket::bind("[::1]:0").is_ok(),
        Some(program) => {
            Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
        }
        None => true,
    }
}

fn run(script: &Path, text: &str, stress: bool) -> Result<(), Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
    command.args(stress.then_some("--gc-stress")).arg("test").arg(script);
    command.current_dir(script.parent().expect("a script is in a folder"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        for line in text.lines().filter_map(|line| line.strip_prefix("; stdin: ")) {
            writeln!(stdin, "{line}")?;
        }
    }
    // Both pipes are drained beside the wait, so that a talkative script does not block.
    let mut drains = Vec::new();
    let pipes: [Option<Box<dyn Read + Send>>; 2] =
        [child.stdout.take().map(|p| Box::new(p) as _), child.stderr.take().map(|p| Box::new(p) as _)];
    for mut pipe in pipes.into_iter().flatten() {
        drains.push(std::thread::spawn(move || {
            let mut out = Vec::new();
            let _ = pipe.read_to_end(&mut out);
            String::from_utf8_lossy(&out).into_owned()
        }));
    }
    let deadline = Instant::now() + if stress { STRESS_DEADLINE } else { DEADLINE };
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let said: String = drains.into_iter().map(|drain| drain.join().unwrap_or_default()).collect();
    match status {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(format!("{status}\n{said}").into()),
        None => Err(format!("did not end in time\n{said}").into()),
    }
}
