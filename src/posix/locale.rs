//! Which locales the C library has. None is ever put in force: a locale belongs to the whole process.
//!
//! Invariant of the unsafe part: the name ends in zero, and what newlocale gives is freed, once.
#![allow(unsafe_code)]

use std::ffi::CString;
use std::ptr::null_mut;

use nix::libc;

/// Whether there is a locale of this name.
pub fn exists(name: &str) -> bool {
    let Ok(name) = CString::new(name) else { return false };
    // SAFETY: see the head of this file.
    unsafe {
        let locale = libc::newlocale(libc::LC_ALL_MASK, name.as_ptr(), null_mut());
        if locale.is_null() {
            return false;
        }
        libc::freelocale(locale);
    }
    true
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_locale_of_c_is_there() {
        assert!(super::exists("C") && super::exists("POSIX"));
        assert!(!super::exists("no such locale") && !super::exists("C\0"));
    }
}
