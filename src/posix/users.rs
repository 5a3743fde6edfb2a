//! Users and groups, as the C library finds them: in files, or wherever the system keeps them.
//!
//! nix looks single ones up. What it lacks is the walk over all, for which the library has one cursor for the whole process: here
//! it is moved from one end to the other under a lock, and the entries are copied.
//!
//! Invariants of the unsafe part: an entry of the library's is read before the cursor moves on, with `CURSOR` held; its texts
//! end in zero or are null, its list of members ends in null.
#![allow(unsafe_code)]

use std::collections::VecDeque;
use std::ffi::CStr;
use std::sync::Mutex;

use nix::libc::{self, c_char};

static CURSOR: Mutex<()> = Mutex::new(());

pub struct User {
    pub name: String,
    pub password: String,
    pub number: u32,
    pub group: u32,
    pub full_name: String,
    pub folder: String,
    pub shell: String,
}

pub struct Group {
    pub name: String,
    pub password: String,
    pub number: u32,
    pub members: Vec<String>,
}

/// Walks over all users and all groups: what is left of them, once they have begun.
#[derive(Default)]
pub struct Walks {
    pub users: Option<VecDeque<User>>,
    pub groups: Option<VecDeque<Group>>,
}

fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: see the head of this file.
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}

pub fn all_users() -> Vec<User> {
    let _held = CURSOR.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let mut all = Vec::new();
    // SAFETY: see the head of this file.
    unsafe {
        libc::setpwent();
        while let Some(entry) = libc::getpwent().as_ref() {
            all.push(User {
                name: text(entry.pw_name),
                password: text(entry.pw_passwd),
                number: entry.pw_uid,
                group: entry.pw_gid,
                full_name: text(entry.pw_gecos),
                folder: text(entry.pw_dir),
                shell: text(entry.pw_shell),
            });
        }
        libc::endpwent();
    }
    all
}

pub fn all_groups() -> Vec<Group> {
    let _held = CURSOR.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let mut all = Vec::new();
    // SAFETY: see the head of this file.
    unsafe {
        libc::setgrent();
        while let Some(entry) = libc::getgrent().as_ref() {
            let mut members = Vec::new();
            let mut at = entry.gr_mem;
            while !at.is_null() && !(*at).is_null() {
                members.push(text(*at));
                at = at.add(1);
            }
            all.push(Group {
                name: text(entry.gr_name),
                password: text(entry.gr_passwd),
                number: entry.gr_gid,
                members,
            });
        }
        libc::endgrent();
    }
    all
}

/// The name that the user of the process's terminal has logged in with.
pub fn login() -> Option<String> {
    let _held = CURSOR.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    // SAFETY: null, or a text of the library's that ends in zero and stays until the next such call.
    let name = unsafe { libc::getlogin() };
    (!name.is_null()).then(|| text(name))
}
