//! Where libraries and included files come from: the library shelf inside the binary, then the load path.

use crate::expander::library::Loader;
use crate::net::errno;
use std::path::Path;
use std::rc::Rc;

pub struct Files;

impl Loader for Files {
    fn find_library(&mut self, name: &str, folders: &[String]) -> Result<Option<(String, Rc<str>)>, String> {
        for folder in folders {
            for extension in ["sld", "scm"] {
                let path = Path::new(folder).join(format!("{name}.{extension}"));
                if path.is_file() {
                    return read(&path).map(Some).map_err(|error| error.message);
                }
            }
        }
        Ok(None)
    }

    fn read_file(&mut self, path: &str, relative_to: Option<&str>) -> Result<(String, Rc<str>), String> {
        let beside = relative_to.and_then(|other| Path::new(other).parent()).map(|folder| folder.join(path));
        let found = match beside {
            Some(beside) if beside.is_file() => read(&beside),
            _ => read(Path::new(path)),
        };
        found.map_err(|error| error.message)
    }
}

/// Past this a source file is refused: spans count bytes in 32 bits.
const LARGEST_SOURCE: u64 = u32::MAX as u64;

/// Why a source file could not be read.
#[derive(Debug)]
pub struct Unreadable {
    pub message: String,
    /// What the system said, or 0 if the file can be read but is no source text.
    pub errno: i32,
}

/// The name and text of a source file.
pub fn read(path: &Path) -> Result<(String, Rc<str>), Unreadable> {
    let name = path.display().to_string();
    let wrong = |error: std::io::Error| {
        let errno = error.raw_os_error().unwrap_or(0);
        Unreadable { message: format!("cannot read {name}: {}", errno::text(errno)), errno }
    };
    let refuse = |message: String| Unreadable { message, errno: 0 };
    let size = std::fs::metadata(path).map_err(wrong)?.len();
    if size > LARGEST_SOURCE {
        return Err(refuse(format!("cannot read {name}: it has {size} bytes, and a source file may have 4 GiB")));
    }
    let bytes = std::fs::read(path).map_err(wrong)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text.into())),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = memchr::memchr_iter(b'\n', &error.as_bytes()[..at]).count() + 1;
            Err(refuse(format!("cannot read {name}: line {line} is not UTF-8 text (byte {at})")))
        }
    }
}
