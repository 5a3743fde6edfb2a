//! Where libraries and included files come from: the library shelf inside the binary, then the load path.

use crate::expander::library::{Loader, Unread, Unreadable};
use crate::net::poller::{self, Woken};
use crate::net::{Interest, Interrupt, errno};
use crate::permission::{Access, Permissions};
use crate::port::file::open_patiently;
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// The files that a program may read.
pub struct Files {
    pub permissions: Permissions,
    /// Files that the host has brought along, by path.
    pub sources: BTreeMap<String, Arc<str>>,
    pub bounds: Bounds,
}

/// What a program's reading of its sources keeps to.
pub struct Bounds {
    /// Ends it.
    pub interrupt: Interrupt,
    /// How many bytes a source may have.
    pub largest: u64,
}

impl Files {
    /// For an engine whose data may take so many bytes: a source, and what is made of it, is part of that.
    pub fn new(permissions: Permissions, interrupt: &Interrupt, memory: usize) -> Files {
        let largest = LARGEST_SOURCE.min(memory as u64 / 4);
        Files { permissions, sources: BTreeMap::new(), bounds: Bounds { interrupt: interrupt.clone(), largest } }
    }

    /// Whether what the permissions tell are paths without links.
    fn real(&self) -> bool {
        !self.permissions.is_free()
    }

    /// The file behind a path.
    fn allowed(&self, path: &Path) -> Result<PathBuf, Unread> {
        self.permissions.path(Access::Read, path, true).map_err(|refusal| {
            let name = path.display();
            let message =
                format!("cannot read {name}: this needs the permission {refusal}, which the program was not given");
            Unread { message, refusal: Some(refusal) }
        })
    }

    fn read(&self, shown: &Path, real: &Path) -> Result<(String, Rc<str>), Unread> {
        Ok(self.bounds.read(shown, real, self.real())?)
    }

    /// The same, if it may be looked at and is one.
    fn file(&self, path: &Path) -> Option<PathBuf> {
        self.allowed(path).ok().filter(|real| real.is_file())
    }
}

impl Loader for Files {
    fn find_library(&mut self, name: &str, folders: &[String]) -> Result<Option<(String, Rc<str>)>, Unread> {
        for extension in ["sld", "scm"] {
            let path = format!("{name}.{extension}");
            if let Some(text) = self.sources.get(&path) {
                return Ok(Some((path, Rc::from(&**text))));
            }
        }
        let mut answer = Ok(None);
        for folder in folders {
            for extension in ["sld", "scm"] {
                let path = Path::new(folder).join(format!("{name}.{extension}"));
                match self.allowed(&path) {
                    Ok(real) if real.is_file() => return self.read(&path, &real).map(Some),
                    Ok(_) => {}
                    Err(refused) => answer = answer.and(Err(refused)),
                }
            }
        }
        answer
    }

    fn read_source(&mut self, path: &Path) -> Result<(String, Rc<str>), Unreadable> {
        self.bounds.read(path, path, self.real())
    }

    fn read_file(&mut self, path: &str, relative_to: Option<&str>) -> Result<(String, Rc<str>), Unread> {
        let own = relative_to.and_then(|other| Some(Path::new(other).parent()?.join(path).to_str()?.to_string()));
        for path in own.iter().map(String::as_str).chain([path]) {
            if let Some(text) = self.sources.get(path) {
                return Ok((path.to_string(), Rc::from(&**text)));
            }
        }
        let beside = relative_to.and_then(|other| Path::new(other).parent()).map(|folder| folder.join(path));
        let path = Path::new(path);
        if let Some((real, beside)) = beside.and_then(|beside| Some((self.file(&beside)?, beside))) {
            return self.read(&beside, &real);
        }
        self.read(path, &self.allowed(path)?)
    }
}

/// Past this a source file is refused: spans count bytes in 32 bits.
const LARGEST_SOURCE: u64 = u32::MAX as u64;
/// Read at once, so that an interrupt ends it.
const PIECE: usize = 1 << 18;

/// The name and text of a source file of the host's choice.
pub fn read(path: &Path) -> Result<(String, Rc<str>), Unreadable> {
    let bounds = Bounds { interrupt: Interrupt::new(), largest: LARGEST_SOURCE };
    bounds.read(path, path, false)
}

impl Bounds {
    /// The name and text of a source file, which is found under another path than the one it goes by; with `real`, one that no
    /// link leads to.
    fn read(&self, shown: &Path, path: &Path, real: bool) -> Result<(String, Rc<str>), Unreadable> {
        let name = shown.display().to_string();
        let wrong = |error: io::Error| {
            let errno = error.raw_os_error().unwrap_or(0);
            Unreadable { message: format!("cannot read {name}: {}", errno::text(errno)), errno }
        };
        let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC;
        let mut file =
            open_patiently(&self.interrupt, path, flags, Mode::empty(), real).map(File::from).map_err(wrong)?;
        let mut size = file.metadata().map_err(wrong)?.len();
        let mut bytes = Vec::new();
        let mut piece = vec![0; PIECE];
        loop {
            if size.max(bytes.len() as u64) > self.largest {
                size = size.max(bytes.len() as u64);
                let most = self.largest;
                let message = format!("cannot read {name}: it has {size} bytes, and a source file may have {most}");
                return Err(Unreadable { message, errno: 0 });
            }
            // What is not a file may have nothing to read as yet.
            let woken = poller::wait(&self.interrupt, &[(file.as_raw_fd(), Interest::Read)], None).map_err(wrong)?;
            if woken == Woken::Interrupted {
                return Err(wrong(Errno::EINTR.into()));
            }
            match file.read(&mut piece) {
                Ok(0) => break,
                Ok(count) => bytes.extend_from_slice(&piece[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(wrong(error)),
            }
        }
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) if is_latin_1(error.as_bytes()) => error.as_bytes().iter().map(|&byte| byte as char).collect(),
            // As Guile does: it need be no more than a name in a comment.
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        };
        Ok((name, text.into()))
    }
}

/// Whether a comment near the beginning of a source says that this is its encoding: `-*- coding: latin-1 -*-`.
fn is_latin_1(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(500)]).to_lowercase();
    let comments = start.lines().filter(|line| line.starts_with(';'));
    let mut names = comments.filter_map(|line| line.split("coding:").nth(1)?.split_whitespace().next());
    names.any(|name| ["latin-1", "latin1", "iso-8859-1", "iso8859-1"].contains(&name))
}
