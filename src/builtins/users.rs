//! Users, groups and the name of the machine.

use super::addresses::Int;
use super::declare::{Str, out_of_range, wrong_type};
use super::process::{misc_error, settle};
use crate::builtins;
use crate::posix::users::{self, Group, User, Walks};
use crate::value::stop::boundary;
use crate::value::{Value, number};
use crate::vm::cx::{Answer, Cx, Exit};
use nix::unistd::{self, Gid, Uid};
use std::collections::VecDeque;
use std::io;

builtins! { USERS;

/// What the system knows of the USER of this number or name: a vector; see passwd:name and so on. Without USER, the next one of a
/// walk over all, or #f at its end. [Guile: User Information]
///
///     (passwd:uid (getpw "root"))  => 0
fn "getpw" (cx, [user: Value]) needs system {
    match user {
        None => match next(cx, |walks| &mut walks.users, users::all_users) {
            Some(user) => Ok(user_value(cx, &user)),
            None => Ok(Value::FALSE),
        },
        Some(user) => find_user(cx, "getpw", user),
    }
}

/// What the system knows of the user NAME: a vector; see passwd:name and so on. [Guile: User Information]
///
///     (passwd:uid (getpwnam "root"))  => 0
fn "getpwnam" (cx, name: Str) needs system { find_user(cx, "getpw", name.0) }

/// What the system knows of the user number ID: a vector; see passwd:name and so on. [Guile: User Information]
///
///     (passwd:name (getpwuid 0))  => "root"
fn "getpwuid" (cx, id: Int) needs system { find_user(cx, "getpw", id.0) }

/// Starts a walk over all users, for getpwent (if STAY is given), or ends one. [Guile: User Information]
///
///     (setpw #t)
fn "setpw" (cx, [stay: Value]) { cx.walks.users = None; }

/// Starts a walk over all users anew. [Guile: User Information]
///
///     (setpwent)
fn "setpwent" (cx) { cx.walks.users = None; }

/// Ends a walk over all users. [Guile: User Information]
///
///     (endpwent)
fn "endpwent" (cx) { cx.walks.users = None; }

/// The next user of a walk over all, a vector; #f at its end. [Guile: User Information]
///
///     (vector? (begin (setpwent) (getpwent)))  => #t
fn "getpwent" (cx) needs system { next(cx, |walks| &mut walks.users, users::all_users).map(|user| user_value(cx, &user)) }

/// What the system knows of the GROUP of this number or name: a vector; see group:name and so on. Without GROUP, the next one of a
/// walk over all, or #f at its end. [Guile: User Information]
///
///     (group:gid (getgr "root"))  => 0
fn "getgr" (cx, [group: Value]) needs system {
    match group {
        None => match next(cx, |walks| &mut walks.groups, users::all_groups) {
            Some(group) => Ok(group_value(cx, &group)),
            None => Ok(Value::FALSE),
        },
        Some(group) => find_group(cx, "getgr", group),
    }
}

/// What the system knows of the group NAME: a vector; see group:name and so on. [Guile: User Information]
///
///     (group:gid (getgrnam "root"))  => 0
fn "getgrnam" (cx, name: Str) needs system { find_group(cx, "getgr", name.0) }

/// What the system knows of the group number ID: a vector; see group:name and so on. [Guile: User Information]
///
///     (group:name (getgrgid 0))  => "root"
fn "getgrgid" (cx, id: Int) needs system { find_group(cx, "getgr", id.0) }

/// Starts a walk over all groups, for getgrent (if STAY is given), or ends one. [Guile: User Information]
///
///     (setgr #t)
fn "setgr" (cx, [stay: Value]) { cx.walks.groups = None; }

/// Starts a walk over all groups anew. [Guile: User Information]
///
///     (setgrent)
fn "setgrent" (cx) { cx.walks.groups = None; }

/// Ends a walk over all groups. [Guile: User Information]
///
///     (endgrent)
fn "endgrent" (cx) { cx.walks.groups = None; }

/// The next group of a walk over all, a vector; #f at its end. [Guile: User Information]
///
///     (vector? (begin (setgrent) (getgrent)))  => #t
fn "getgrent" (cx) needs system { next(cx, |walks| &mut walks.groups, users::all_groups).map(|group| group_value(cx, &group)) }

/// The name that the user at this terminal has logged in with; #f if nobody has. [Guile: User Information]
///
///     (getlogin)
fn "getlogin" (cx) needs system { users::login() }

/// The name of the terminal of this process. [Guile: Processes]
///
///     (ctermid)  => "/dev/tty"
fn "ctermid" (cx) { "/dev/tty".to_string() }

/// Gives the machine the name NAME. [Guile: System Identification]
///
///     (sethostname "tern")
fn "sethostname" (cx, name: Str) needs process {
    let name = cx.heap.str(name.0).unwrap_or_default().to_string();
    let result = unistd::sethostname(name).map_err(io::Error::from);
    settle(cx, "sethostname", result)
}
}

fn next<T>(
    cx: &mut Cx,
    walk: impl FnOnce(&mut Walks) -> &mut Option<VecDeque<T>>,
    all: impl FnOnce() -> Vec<T>,
) -> Option<T> {
    walk(&mut cx.walks).get_or_insert_with(|| all().into()).pop_front()
}

fn user_value(cx: &Cx, user: &User) -> Value {
    let text = |text: &str| cx.heap.string(text);
    cx.heap.vector(&[
        text(&user.name),
        text(&user.password),
        Value::fixnum(user.number.into()),
        Value::fixnum(user.group.into()),
        text(&user.full_name),
        text(&user.folder),
        text(&user.shell),
    ])
}

fn group_value(cx: &Cx, group: &Group) -> Value {
    let members: Vec<Value> = group.members.iter().map(|member| cx.heap.string(member)).collect();
    let members = cx.heap.list(&members);
    cx.heap.vector(&[
        cx.heap.string(&group.name),
        cx.heap.string(&group.password),
        Value::fixnum(group.number.into()),
        members,
    ])
}

/// A number of a user or group; None for one that nobody can have.
fn number_of(cx: &mut Cx, who: &str, v: Value) -> Answer<u32> {
    if !number::is_exact_integer(v) {
        return wrong_type(cx, who, 1, "id", "a string or an exact integer", v);
    }
    match number::integer_to_u64(&cx.heap, v).map(u32::try_from) {
        Some(Ok(number)) => Ok(number),
        _ => out_of_range(cx, who, 1, "id", "from 0 to 4294967295", v),
    }
}

/// More bytes than any name has: some libraries behind the C library end the process when they get much more.
const LONGEST_NAME: usize = 1024;

fn short(name: &str) -> &str {
    &name[..boundary(name, name.len().min(LONGEST_NAME))]
}

fn find_user(cx: &mut Cx, who: &str, v: Value) -> Answer {
    let found = match cx.heap.str(v) {
        Some(name) => unistd::User::from_name(short(name)),
        None => unistd::User::from_uid(Uid::from_raw(number_of(cx, who, v)?)),
    };
    let Some(user) = settle(cx, who, found.map_err(io::Error::from))? else {
        return misc_error(cx, who, "entry not found", &[]);
    };
    let user = User {
        name: user.name,
        password: user.passwd.to_string_lossy().into_owned(),
        number: user.uid.as_raw(),
        group: user.gid.as_raw(),
        full_name: user.gecos.to_string_lossy().into_owned(),
        folder: user.dir.to_string_lossy().into_owned(),
        shell: user.shell.to_string_lossy().into_owned(),
    };
    Ok(user_value(cx, &user))
}

fn find_group(cx: &mut Cx, who: &str, v: Value) -> Answer {
    let found = match cx.heap.str(v) {
        Some(name) => unistd::Group::from_name(short(name)),
        None => unistd::Group::from_gid(Gid::from_raw(number_of(cx, who, v)?)),
    };
    let Some(group) = settle(cx, who, found.map_err(io::Error::from))? else {
        // As Guile says it: a failure of the system, which sees none.
        return settle(cx, who, Err(io::Error::from_raw_os_error(0)));
    };
    let group = Group {
        name: group.name,
        password: group.passwd.to_string_lossy().into_owned(),
        number: group.gid.as_raw(),
        members: group.mem,
    };
    Ok::<_, Box<Exit>>(group_value(cx, &group))
}
