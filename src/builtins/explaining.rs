//! What calls of the network did, told while the program runs: who is told, and tables of what there is.

use super::declare::{Sym, out_of_range};
use crate::builtins;
use crate::fiber::object::{State, fiber};
use crate::trace::explain::Level;
use crate::trace::sockets;
use crate::value::Value;
use crate::vm::cx::Cx;

builtins! { EXPLAINING;

/// From now on each call of the network is told on the standard error, as with --explain. LEVEL is `on` (what a call means is said
/// the first time), `all` (each time), `json` (an object a line) or `off`.
///
///     (explain-sockets 'off)
fn "explain-sockets" (cx, level: Sym) needs system {
    let name = level.0.as_symbol().map(|name| cx.symbols.name(name).to_string()).unwrap_or_default();
    match Level::named(&name) {
        Some(level) => cx.explain_calls(level),
        None => return out_of_range(cx, "explain-sockets", 1, "level", "one of on, all, json, errors, off", level.0),
    }
    Ok(Value::UNSPECIFIED)
}

/// The sockets of this program as a text: a table of all, with the connections that are closed and not forgotten; with FD, all
/// about one: options and what TCP knows. #f if FD is no socket.
///
///     (string? (socket-table))  => #t
///     (socket-table 1000000)  => #f
fn "socket-table" (cx, [fd: usize]) needs system {
    let explain = cx.explain.as_deref();
    match fd {
        None => Some(sockets::table(explain)),
        Some(fd) => i32::try_from(fd).ok().and_then(|fd| sockets::words(fd, explain)),
    }
}

/// The fibers that have not ended as a text: number, name, state, and what each waits for. A fiber that nobody can reach, and that waits
/// for nothing that can come, is not among them.
///
///     (string? (fiber-table))  => #t
fn "fiber-table" (cx) { fiber_table(cx) }
}

fn fiber_table(cx: &mut Cx) -> String {
    let mut rows = vec![["fiber", "name", "state", "waits for"].map(str::to_string)];
    let now = std::time::Instant::now();
    let (known, more) = cx.fibers.overview();
    for (found, waits) in known {
        let state = match fiber::state(found) {
            State::Ready => "ready",
            State::Running => "running",
            State::Parked => "waiting",
            _ => continue,
        };
        let id = found.field(fiber::ID).fixnum_value();
        let name = cx.heap.str(found.field(fiber::NAME)).unwrap_or(if id == 0 { "main" } else { "-" }).to_string();
        let words: Vec<String> = waits.into_iter().map(|wait| wait.words(now)).collect();
        let words =
            if state == "waiting" && words.is_empty() { "another fiber".to_string() } else { words.join(" or ") };
        rows.push([id.to_string(), name, state.to_string(), words]);
    }
    let more = match more {
        0 => String::new(),
        1 => "and 1 that waits for another fiber\n".to_string(),
        more => format!("and {more} that wait for other fibers\n"),
    };
    sockets::columns(&rows) + &more
}
