//! Rules about files. A path is held against them twice: as it is written, before the system is asked anything, and as what
//! it really leads to, behind all links. Whoever passed gets the real path, which is then used in place of the written one.
//!
//! /proc, /sys and /dev hold no files but doors to the rest of the system: only a rule that names them opens them.

use super::BadRule;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

/// A file, or a folder with all that is below it.
#[derive(Clone, Debug)]
pub struct PathRule {
    written: PathBuf,
    /// The same behind links, as it was when the rule was made.
    real: PathBuf,
}

const DOORS: [&str; 3] = ["/proc", "/sys", "/dev"];

/// As many links on one path as the kernel follows.
const LINKS: usize = 40;

impl PathRule {
    pub fn new(path: &Path) -> Result<PathRule, BadRule> {
        let wrong = || BadRule(format!("{} is not a path that can be used here", path.display()));
        Ok(PathRule { written: written(path).ok_or_else(wrong)?, real: real(path, true).ok_or_else(wrong)? })
    }

    /// Whether it grants the path.
    pub fn covers(&self, path: &Path) -> bool {
        let door = |at: &Path| DOORS.iter().find(|door| at.starts_with(door)).copied();
        [&self.written, &self.real]
            .into_iter()
            .any(|root| path.starts_with(root) && (door(path).is_none() || door(path) == door(root)))
    }

    /// Whether it denies the path.
    pub fn forbids(&self, path: &Path) -> bool {
        path.starts_with(&self.written) || path.starts_with(&self.real)
    }

    /// Whether the rule is about something inside of a folder.
    pub fn is_below(&self, folder: &Path) -> bool {
        self.real.starts_with(folder) || self.written.starts_with(folder)
    }
}

/// The path from the root, without dots: no question to the file system but for the current folder.
pub fn written(path: &Path) -> Option<PathBuf> {
    if path.as_os_str().is_empty() {
        return None;
    }
    let mut out = if path.is_absolute() { PathBuf::from("/") } else { std::env::current_dir().ok()? };
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::Normal(name) => out.push(name),
            _ => {}
        }
    }
    Some(out)
}

/// Where the path leads behind all links; what is not there yet is taken as it stands. `follow` says whether a link that
/// stands last is followed.
pub fn real(path: &Path, follow: bool) -> Option<PathBuf> {
    let mut path = if path.is_absolute() { path.to_path_buf() } else { std::env::current_dir().ok()?.join(path) };
    for _ in 0..LINKS {
        if follow && let Ok(real) = fs::canonicalize(&path) {
            return Some(real);
        }
        // The last name is missing, or is itself what is meant.
        let Some(Component::Normal(name)) = path.components().next_back() else {
            return fs::canonicalize(&path).ok();
        };
        if path.as_os_str().as_encoded_bytes().ends_with(b"/.") {
            return fs::canonicalize(&path).ok();
        }
        let folder = match fs::canonicalize(path.parent()?) {
            Ok(folder) => folder,
            Err(error) if error.kind() == ErrorKind::NotFound => return missing(&path),
            Err(_) => return None,
        };
        let at = folder.join(name);
        match fs::read_link(&at) {
            // A link to what is not there: writing would make it.
            Ok(target) if follow => path = folder.join(target),
            _ => return Some(at),
        }
    }
    None
}

/// A path of which more than the last name is missing: the part that is there, and then no dots.
fn missing(path: &Path) -> Option<PathBuf> {
    let there = path.ancestors().skip(1).find_map(|folder| Some((folder, fs::canonicalize(folder).ok()?)));
    let (folder, real) = there?;
    let rest = path.strip_prefix(folder).ok()?;
    let plain = rest.components().all(|part| matches!(part, Component::Normal(_)));
    // A link that leads nowhere may stand in between.
    let first = rest.components().next().map(|part| real.join(part));
    let dangling = first.is_some_and(|first| fs::symlink_metadata(first).is_ok());
    (plain && !dangling).then(|| real.join(rest))
}
