//! What builtins ask before they run: each question of a `needs` clause is a function here, and nothing else refuses.
//!
//! A question gets the arguments it is about and hands them back; a path comes back as what it leads to, so that the file that
//! was looked at is the one that is opened. Nothing here asks the system more than where a path leads, and that only for
//! paths that are allowed as they are written.

use super::addresses::{Int, take_address};
use super::declare::{Str, Sym, Vector};
use super::descriptors::ports_on;
use super::network_error::{Subject, socket_failure};
use super::port_value::{PortArg, PortObject, is_port, stopped};
use crate::net::{Address, Error, Stop, errno};
use crate::permission::{Access, Refusal};
use crate::port::Port;
use crate::value::{Value, condition, number};
use crate::vm::cx::{Answer, Cx, Exit};
use crate::vm::machine::list_items;
use nix::libc;
use smallvec::SmallVec;
use std::path::{Path, PathBuf};

/// The condition of a refusal, or nothing.
fn settle<T>(cx: &mut Cx, who: &str, answer: Result<T, Refusal>) -> Answer<T> {
    answer.map_err(|refusal| refused(cx, who, &refusal))
}

#[cold]
fn refused(cx: &mut Cx, who: &str, refusal: &Refusal) -> Box<Exit> {
    let who = who.strip_prefix("%try-").or_else(|| who.strip_prefix('%')).unwrap_or(who);
    let error = Error::new("permission", libc::EACCES);
    let exit = match refusal.access {
        Access::Connect | Access::Listen | Access::Bind | Access::Resolve => {
            let subject = Subject { operation: Some(who), ..Subject::default() };
            socket_failure(cx, who, error.into(), subject)
        }
        Access::Read | Access::Write => stopped(cx, who, Stop::from(error.at(refusal.object.as_str())), Some("file")),
        _ => stopped(cx, who, error.into(), None),
    };
    if let Exit::Raise(object) = *exit {
        let missing = cx.heap.string(&refusal.to_string());
        cx.maker().add_extra(object, "permission", missing);
        let text = format!("{who}: this needs the permission {refusal}, which the program was not given");
        cx.heap.set_field(object, condition::TEXT, cx.heap.string(&text));
        // Where only the message is shown, it is told, too.
        let reason = format!("{} (this needs the permission {refusal})", errno::text(libc::EACCES));
        let irritants = cx.heap.list(&[cx.heap.string(&reason)]);
        cx.heap.set_field(object, condition::IRRITANTS, irritants);
    }
    exit
}

fn plain(cx: &mut Cx, who: &str, access: Access) -> Answer<()> {
    if cx.permissions.is_free() {
        return Ok(());
    }
    let answer = cx.permissions.plain(access);
    settle(cx, who, answer)
}

pub fn process(cx: &mut Cx, who: &str) -> Answer<()> {
    plain(cx, who, Access::Process)
}

pub fn signals(cx: &mut Cx, who: &str) -> Answer<()> {
    plain(cx, who, Access::Signals)
}

pub fn time(cx: &mut Cx, who: &str) -> Answer<()> {
    plain(cx, who, Access::Time)
}

pub fn system(cx: &mut Cx, who: &str) -> Answer<()> {
    plain(cx, who, Access::System)
}

pub fn descriptors(cx: &mut Cx, who: &str) -> Answer<()> {
    plain(cx, who, Access::Descriptors)
}

// ---- files -----------------------------------------------------------------------------------------------------------

fn path_in(cx: &Cx, name: Value) -> PathBuf {
    super::files::path_of(cx, Str(name))
}

/// NAME for each access, as the path it leads to.
fn file(cx: &mut Cx, who: &str, name: Value, accesses: &[Access], follow: bool) -> Answer<Value> {
    if cx.permissions.is_free() {
        return Ok(name);
    }
    let mut path = path_in(cx, name);
    for &access in accesses {
        let answer = cx.permissions.path(access, &path, follow);
        path = settle(cx, who, answer)?;
    }
    real_name(cx, who, accesses, &path)
}

fn real_name(cx: &mut Cx, who: &str, accesses: &[Access], path: &Path) -> Answer<Value> {
    match path.to_str() {
        Some(text) => Ok(cx.heap.string(text)),
        None => {
            let access = accesses.first().copied().unwrap_or(Access::Read);
            Err(refused(cx, who, &Refusal { access, object: path.display().to_string() }))
        }
    }
}

pub fn read(cx: &mut Cx, who: &str, name: Str) -> Answer<Str> {
    file(cx, who, name.0, &[Access::Read], true).map(Str)
}

/// Of the name itself, if it is a link.
pub fn read_entry(cx: &mut Cx, who: &str, name: Str) -> Answer<Str> {
    file(cx, who, name.0, &[Access::Read], false).map(Str)
}

pub fn write(cx: &mut Cx, who: &str, name: Str) -> Answer<Str> {
    file(cx, who, name.0, &[Access::Write], true).map(Str)
}

/// A name that is made or removed, whatever it stands for.
pub fn entry(cx: &mut Cx, who: &str, name: Str) -> Answer<Str> {
    file(cx, who, name.0, &[Access::Write], false).map(Str)
}

/// A special file: one that stands for a device leads to all that is on it.
pub fn node(cx: &mut Cx, who: &str, name: Str, kind: Sym) -> Answer<(Str, Sym)> {
    let word = kind.0.as_symbol().map(|symbol| cx.symbols.name(symbol));
    if matches!(word, Some("block-special" | "char-special")) {
        system(cx, who)?;
    }
    Ok((entry(cx, who, name)?, kind))
}

/// A name that moves with all that is below it.
pub fn tree(cx: &mut Cx, who: &str, name: Str) -> Answer<Str> {
    if cx.permissions.is_free() {
        return Ok(name);
    }
    let mut path = path_in(cx, name.0);
    for access in [Access::Read, Access::Write] {
        let answer = cx.permissions.tree(access, &path);
        path = settle(cx, who, answer)?;
    }
    real_name(cx, who, &[Access::Write], &path).map(Str)
}

/// A file that gets a second name, with which it can be read and written.
pub fn linked(cx: &mut Cx, who: &str, name: Str) -> Answer<Str> {
    file(cx, who, name.0, &[Access::Read, Access::Write], false).map(Str)
}

/// What a symbolic link says: it may lead only to where its maker may look.
pub fn target(cx: &mut Cx, who: &str, text: Str, link: Str) -> Answer<(Str, Str)> {
    if !cx.permissions.is_free() {
        let beside = path_in(cx, link.0).parent().map(Path::to_path_buf).unwrap_or_default();
        let answer = cx.permissions.path(Access::Read, &beside.join(path_in(cx, text.0)), true);
        settle(cx, who, answer)?;
    }
    Ok((text, link))
}

/// A file by its name, or as a port or descriptor.
pub fn status(cx: &mut Cx, who: &str, obj: Value) -> Answer<Value> {
    if obj.is_string() { file(cx, who, obj, &[Access::Read], true) } else { descriptor(cx, who, obj) }
}

/// The same to write to it.
pub fn content(cx: &mut Cx, who: &str, obj: Value) -> Answer<Value> {
    if obj.is_string() { file(cx, who, obj, &[Access::Write], true) } else { own(cx, who, obj) }
}

/// The same to change what it is: a port that reads does not allow that.
pub fn change(cx: &mut Cx, who: &str, obj: Value) -> Answer<Value> {
    if obj.is_string() {
        return file(cx, who, obj, &[Access::Write], true);
    }
    plain(cx, who, Access::Write)?;
    descriptor(cx, who, obj)
}

/// A file opened with the flags of open(2).
pub fn open(cx: &mut Cx, who: &str, path: Str, flags: Int) -> Answer<(Str, Int)> {
    // Flags out of range are refused by the body.
    let bits = number::integer_to_i64(&cx.heap, flags.0).and_then(|bits| i32::try_from(bits).ok()).unwrap_or(-1);
    let writes = bits & (libc::O_CREAT | libc::O_TRUNC | libc::O_APPEND | (libc::O_TMPFILE & !libc::O_DIRECTORY)) != 0;
    let accesses: &[Access] = match bits & libc::O_ACCMODE {
        libc::O_RDONLY if !writes => &[Access::Read],
        libc::O_WRONLY => &[Access::Write],
        _ => &[Access::Read, Access::Write],
    };
    Ok((Str(file(cx, who, path.0, accesses, true)?), flags))
}

/// A file opened with a mode such as "r+".
pub fn open_mode(cx: &mut Cx, who: &str, name: Str, mode: Str) -> Answer<(Str, Str)> {
    let letters = cx.heap.str(mode.0).unwrap_or_default();
    let accesses: &[Access] = match (letters.contains('+'), letters.starts_with('r')) {
        (true, _) => &[Access::Read, Access::Write],
        (false, true) => &[Access::Read],
        (false, false) => &[Access::Write],
    };
    Ok((Str(file(cx, who, name.0, accesses, true)?), mode))
}

/// The current folder, to know its name.
pub fn here(cx: &mut Cx, who: &str) -> Answer<()> {
    let answer = cx.permissions.path(Access::Read, Path::new("."), true);
    settle(cx, who, answer).map(drop)
}

/// Files in the system's folder for temporary ones.
pub fn temporary(cx: &mut Cx, who: &str) -> Answer<()> {
    let answer = cx.permissions.path(Access::Write, &std::env::temp_dir(), true);
    settle(cx, who, answer).map(drop)
}

// ---- descriptors -----------------------------------------------------------------------------------------------------

/// A port, or the number of a descriptor that a port of this engine stands on.
pub fn descriptor(cx: &mut Cx, who: &str, obj: Value) -> Answer<Value> {
    if !cx.permissions.is_free() && number::is_exact_integer(obj) {
        let own = number::integer_to_i64(&cx.heap, obj).and_then(|fd| i32::try_from(fd).ok());
        // The console's are the process's, whoever has a port on them.
        if !own.is_some_and(|fd| fd > 2 && !ports_on(cx, fd).is_empty()) {
            descriptors(cx, who)?;
        }
    }
    Ok(obj)
}

/// The same for what changes the open file itself, which the process shares with its console's other users.
pub fn own(cx: &mut Cx, who: &str, obj: Value) -> Answer<Value> {
    if !cx.permissions.is_free() && is_console(cx, obj) {
        descriptors(cx, who)?;
    }
    descriptor(cx, who, obj)
}

fn is_console(cx: &mut Cx, obj: Value) -> bool {
    let fd = cx.heap.external_mut::<PortObject>(obj).and_then(|object| object.port.fd());
    fd.is_some_and(|fd| fd <= 2)
}

/// The same for an argument that must be a number.
pub fn number(cx: &mut Cx, who: &str, fdes: Int) -> Answer<Int> {
    descriptor(cx, who, fdes.0).map(Int)
}

/// A copy of a port's descriptor, under a number that nobody has chosen.
pub fn duplicate(cx: &mut Cx, who: &str, obj: Value, fdes: Option<Int>) -> Answer<(Value, Option<Int>)> {
    if fdes.is_some() || !is_port(cx, obj) {
        descriptors(cx, who)?;
    }
    let obj = own(cx, who, obj)?;
    room(cx, who)?;
    Ok((obj, fdes))
}

/// What fcntl may do without making numbers or signals.
pub fn control(cx: &mut Cx, who: &str, obj: Value, command: Int) -> Answer<(Value, Int)> {
    const ASKS: [i32; 2] = [libc::F_GETFD, libc::F_GETFL];
    const SETS: [i32; 2] = [libc::F_SETFD, libc::F_SETFL];
    let known = number::integer_to_i64(&cx.heap, command.0);
    let is_of = |set: [i32; 2]| set.iter().any(|one| known == Some(i64::from(*one)));
    if !is_of(ASKS) && !is_of(SETS) {
        descriptors(cx, who)?;
    }
    let obj = if is_of(ASKS) { descriptor(cx, who, obj) } else { own(cx, who, obj) }?;
    Ok((obj, command))
}

/// What `select` waits for.
pub fn waited(cx: &mut Cx, who: &str, reads: Value, writes: Value, excepts: Value) -> Answer<(Value, Value, Value)> {
    if !cx.permissions.is_free() {
        for collection in [reads, writes, excepts] {
            let members: Vec<Value> = if collection.is_vector() {
                collection.fields().collect()
            } else {
                list_items(collection).take(LONGEST).collect()
            };
            for member in members {
                descriptor(cx, who, member)?;
            }
        }
    }
    Ok((reads, writes, excepts))
}

/// Lists longer than this have no proper end.
const LONGEST: usize = 1 << 20;

/// Room for one more descriptor, where their number is limited. What nobody can reach any more is collected first.
pub fn room(cx: &mut Cx, who: &str) -> Answer<()> {
    let Some(most) = cx.limits.descriptors else { return Ok(()) };
    let held = cx.heap.externals_of::<PortObject>();
    let open = held
        .into_iter()
        .filter(|port| cx.heap.external_mut::<PortObject>(*port).is_some_and(|object| takes_descriptor(&object.port)))
        .count();
    if open < most {
        return Ok(());
    }
    let error = Error::new("limit", libc::EMFILE);
    let exit = socket_failure(cx, who, error.into(), Subject::default());
    if let Exit::Collect(object) = *exit {
        let text = format!("{who}: the program may have no more than {most} descriptors open");
        cx.heap.set_field(object, condition::TEXT, cx.heap.string(&text));
    }
    Err(exit)
}

/// Room for one more fiber, where their number is limited.
pub fn fiber_room(cx: &mut Cx, who: &str) -> Answer<()> {
    let count = cx.fibers.count();
    within(cx, who, count, cx.limits.fibers, "fibers")
}

/// Room for one more timer.
pub fn timer_room(cx: &mut Cx, who: &str) -> Answer<()> {
    let count = cx.fibers.timers();
    within(cx, who, count, cx.limits.timers, "timers")
}

fn within(cx: &mut Cx, who: &str, count: usize, most: Option<usize>, what: &str) -> Answer<()> {
    let who = who.strip_prefix("%try-").or_else(|| who.strip_prefix('%')).unwrap_or(who);
    match most {
        Some(most) if count >= most => {
            cx.fail(|make| make.misc(who, &format!("the program may have no more than {most} {what}")))
        }
        _ => Ok(()),
    }
}

fn takes_descriptor(port: &Port) -> bool {
    port.fd().is_some_and(|fd| fd > 2) && !port.is_closed()
}

// ---- the network -----------------------------------------------------------------------------------------------------

fn address_check(cx: &mut Cx, who: &str, access: Access, address: &Address) -> Answer<()> {
    let answer = cx.permissions.address(access, address, &cx.host_names);
    settle(cx, who, answer)
}

fn address_in(cx: &mut Cx, who: &str, access: Access, position: usize, first: Value, parts: &[Value]) -> Answer<()> {
    if cx.permissions.is_free() {
        return Ok(());
    }
    let args: SmallVec<[Value; 8]> = std::iter::once(first).chain(parts.iter().copied()).collect();
    let (address, _) = take_address(cx, who, position, &args)?;
    address_check(cx, who, access, &address)
}

pub fn connect<'a>(cx: &mut Cx, who: &str, address: Value, parts: &'a [Value]) -> Answer<(Value, &'a [Value])> {
    address_in(cx, who, Access::Connect, 2, address, parts)?;
    Ok((address, parts))
}

/// The same for an address that is one argument.
pub fn peer(cx: &mut Cx, who: &str, address: Value) -> Answer<Value> {
    address_in(cx, who, Access::Connect, 3, address, &[])?;
    Ok(address)
}

pub fn bind<'a>(cx: &mut Cx, who: &str, address: Value, parts: &'a [Value]) -> Answer<(Value, &'a [Value])> {
    address_in(cx, who, Access::Bind, 2, address, parts)?;
    Ok((address, parts))
}

/// The address of a datagram.
pub fn send<'a>(cx: &mut Cx, who: &str, address: Value, parts: &'a [Value]) -> Answer<(Value, &'a [Value])> {
    address_in(cx, who, Access::Connect, 3, address, parts)?;
    Ok((address, parts))
}

/// The address of a message, and the descriptors that go with it.
pub fn message(
    cx: &mut Cx,
    who: &str,
    controls: Option<Value>,
    address: Option<Value>,
) -> Answer<(Option<Value>, Option<Value>)> {
    if let Some(object) = address.filter(|object| *object != Value::FALSE) {
        address_in(cx, who, Access::Connect, 5, object, &[])?;
    }
    if let Some(list) = controls.filter(|_| !cx.permissions.is_free()) {
        let data = |control: Value| list_items(control).nth(2);
        for data in list_items(list).take(LONGEST).filter_map(data).collect::<Vec<_>>() {
            // Bytes could be any descriptor's number.
            if data.is_bytevector() {
                descriptors(cx, who)?;
            }
            for item in list_items(data).take(LONGEST).collect::<Vec<_>>() {
                if is_port(cx, item) {
                    continue;
                }
                descriptors(cx, who)?;
            }
        }
    }
    Ok((controls, address))
}

/// A socket to listen on: it has an address, or gets one of this machine.
pub fn listen(cx: &mut Cx, who: &str, sock: PortArg) -> Answer<PortArg> {
    if !cx.permissions.is_free() {
        let anywhere = Address::Inet { addr: 0, port: 0 };
        let Cx { heap, net, permissions, .. } = cx;
        let local = match permissions.may_have(Access::Listen) {
            true => heap
                .external_mut::<PortObject>(sock.0)
                .and_then(|object| object.port.socket()?.local_address(net).ok()?),
            false => None,
        };
        address_check(cx, who, Access::Listen, &local.unwrap_or(anywhere))?;
    }
    Ok(sock)
}

/// A new socket: of a family, and a style that leaves addresses to the kernel.
pub fn socket(cx: &mut Cx, who: &str, family: Int, style: Int) -> Answer<(Int, Int)> {
    if !cx.permissions.is_free() {
        let c_int = |cx: &Cx, int: Int| number::integer_to_i64(&cx.heap, int.0).and_then(|n| i32::try_from(n).ok());
        let (number, kind) = (c_int(cx, family).unwrap_or(-1), c_int(cx, style).unwrap_or(-1));
        let ordinary = [libc::SOCK_STREAM, libc::SOCK_DGRAM, libc::SOCK_SEQPACKET];
        let number = if ordinary.contains(&(kind & 0xf)) { number } else { -1 };
        let answer = cx.permissions.family(number);
        settle(cx, who, answer)?;
    }
    Ok((family, style))
}

/// Socket options that change more than their socket, or take it elsewhere than its address says.
pub fn option(cx: &mut Cx, who: &str, level: Int, name: Int) -> Answer<(Int, Int)> {
    const ORDINARY: [i32; 5] =
        [libc::SOL_SOCKET, libc::IPPROTO_TCP, libc::IPPROTO_UDP, libc::IPPROTO_IP, libc::IPPROTO_IPV6];
    const SO_PASSPIDFD: i32 = 76;
    const MCAST_JOIN_GROUP: i32 = 42;
    const MCAST_JOIN_SOURCE_GROUP: i32 = 46;
    const SPECIAL: [(i32, i32); 20] = [
        // A descriptor of the sender's comes with each message.
        (libc::SOL_SOCKET, SO_PASSPIDFD),
        (libc::SOL_SOCKET, libc::SO_ATTACH_FILTER),
        (libc::SOL_SOCKET, libc::SO_ATTACH_BPF),
        (libc::SOL_SOCKET, libc::SO_ATTACH_REUSEPORT_CBPF),
        (libc::SOL_SOCKET, libc::SO_ATTACH_REUSEPORT_EBPF),
        (libc::SOL_SOCKET, libc::SO_BINDTODEVICE),
        (libc::SOL_SOCKET, libc::SO_MARK),
        (libc::SOL_SOCKET, libc::SO_RCVBUFFORCE),
        (libc::SOL_SOCKET, libc::SO_SNDBUFFORCE),
        // Routes of the sender's own choice.
        (libc::IPPROTO_IP, libc::IP_OPTIONS),
        (libc::IPPROTO_IP, libc::IP_TRANSPARENT),
        (libc::IPPROTO_IPV6, libc::IPV6_RTHDR),
        (libc::IPPROTO_TCP, libc::TCP_REPAIR),
        // The host tells its neighbours which groups it is in.
        (libc::IPPROTO_IP, libc::IP_ADD_MEMBERSHIP),
        (libc::IPPROTO_IP, libc::IP_ADD_SOURCE_MEMBERSHIP),
        (libc::IPPROTO_IP, MCAST_JOIN_GROUP),
        (libc::IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP),
        (libc::IPPROTO_IPV6, libc::IPV6_ADD_MEMBERSHIP),
        (libc::IPPROTO_IPV6, MCAST_JOIN_GROUP),
        (libc::IPPROTO_IPV6, MCAST_JOIN_SOURCE_GROUP),
    ];
    // Messages tell when they came: SO_TIMESTAMP, SO_TIMESTAMPNS and SO_TIMESTAMPING, and the same for times after 2038.
    const STAMPS: [i32; 6] = [libc::SO_TIMESTAMP, libc::SO_TIMESTAMPNS, libc::SO_TIMESTAMPING, 63, 64, 65];
    // From here on the numbers of IP and IPv6 are those of packet filters.
    const FILTERS: i32 = 64;
    if !cx.permissions.is_free() {
        let c_int = |int: Int| number::integer_to_i64(&cx.heap, int.0).and_then(|n| i32::try_from(n).ok());
        let (of, which) = (c_int(level).unwrap_or(-1), c_int(name).unwrap_or(-1));
        let filters = matches!(of, libc::IPPROTO_IP | libc::IPPROTO_IPV6) && (FILTERS..FILTERS + 20).contains(&which);
        let is_v6_option = of == libc::IPPROTO_IPV6 && (libc::IPV6_RECVTCLASS..=libc::IPV6_TCLASS).contains(&which);
        if of == libc::SOL_SOCKET && STAMPS.contains(&which) {
            time(cx, who)?;
        }
        if !ORDINARY.contains(&of) || SPECIAL.contains(&(of, which)) || filters && !is_v6_option {
            plain(cx, who, Access::Connect)?;
        }
    }
    Ok((level, name))
}

/// Looking up a host by name.
pub fn host(cx: &mut Cx, who: &str, name: Value) -> Answer<Value> {
    let text = cx.heap.str(name).map(str::to_string);
    match text {
        _ if cx.permissions.is_free() => {}
        Some(text) => {
            let answer = cx.permissions.host(&text);
            settle(cx, who, answer)?;
        }
        // An address, to be turned into a name.
        None if number::is_exact_integer(name) => plain(cx, who, Access::Resolve)?,
        // Nobody else's.
        None => {}
    }
    Ok(name)
}

/// The same, where no name asks for the list of all.
pub fn host_or_all(cx: &mut Cx, who: &str, name: Option<Value>) -> Answer<Option<Value>> {
    match name {
        Some(name) => host(cx, who, name).map(Some),
        None => plain(cx, who, Access::Resolve).map(|()| None),
    }
}

pub fn all_hosts(cx: &mut Cx, who: &str) -> Answer<()> {
    plain(cx, who, Access::Resolve)
}

/// The name of an address, unless it is wanted as a number.
pub fn reverse(cx: &mut Cx, who: &str, address: Vector, flags: Option<Int>) -> Answer<(Vector, Option<Int>)> {
    let bits = flags.and_then(|flags| number::integer_to_i64(&cx.heap, flags.0)).unwrap_or(0);
    if bits & i64::from(libc::NI_NUMERICHOST) == 0 {
        plain(cx, who, Access::Resolve)?;
    }
    Ok((address, flags))
}

// ---- the environment -------------------------------------------------------------------------------------------------

fn variable_named(cx: &mut Cx, who: &str, name: &str) -> Answer<()> {
    let answer = cx.permissions.variable(name);
    settle(cx, who, answer)
}

pub fn variable(cx: &mut Cx, who: &str, name: Str) -> Answer<Str> {
    if !cx.permissions.is_free() {
        let text = cx.heap.str(name.0).unwrap_or_default().to_string();
        variable_named(cx, who, &text)?;
    }
    Ok(name)
}

/// `NAME=VALUE`
pub fn assignment(cx: &mut Cx, who: &str, text: Str) -> Answer<Str> {
    if !cx.permissions.is_free() {
        let given = cx.heap.str(text.0).unwrap_or_default().to_string();
        variable_named(cx, who, given.split('=').next().unwrap_or_default())?;
    }
    Ok(text)
}

pub fn environment(cx: &mut Cx, who: &str) -> Answer<()> {
    plain(cx, who, Access::Environment)
}
