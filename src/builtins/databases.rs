//! Names: of hosts, networks, protocols and services, and the addresses behind them.
//!
//! Hosts are looked up on a thread, unless the name is a number in words: the call waits for its descriptor, so that
//! everything else goes on. The other lists are files.
//!
//! ```text
//! #(FLAGS FAMILY STYLE PROTOCOL ADDRESS NAME-or-#f)     an answer of getaddrinfo
//! #(NAME ALIASES FAMILY LENGTH ADDRESSES)               a host
//! #(NAME ALIASES FAMILY ADDRESS)                        a network
//! #(NAME ALIASES NUMBER)                                a protocol
//! #(NAME ALIASES PORT PROTOCOL)                         a service
//! ```

use super::addresses::{Int, address_value, inet, interface, no_part, take_address};
use super::declare::{Str, Vector, out_of_range, wrong_type};
use super::network_error::{INTERFACE, Subject, host_failure, lookup_failure, not_listed, socket_failure};
use super::port_value::stopped;
use crate::builtins;
use crate::net::database::{Database, Entry};
use crate::net::resolve::{self, Failure, Found, Hints, Host, c_text};
use crate::net::worker::Job;
use crate::net::{Address, Arg, Error, Stop};
use crate::value::{External, Value, number};
use crate::vm::cx::{Answer, Cx, Exit, Wait};
use nix::libc;
use std::ffi::CString;
use std::io;
use std::net::Ipv4Addr;
use std::time::Instant;

builtins! { DATABASES;

/// The addresses of host NAME and SERVICE, best first: a list of objects that the accessors addrinfo:... take apart. Both are strings; SERVICE
/// may be a port number. #f for NAME is this machine. FLAGS are AI_ numbers; FAMILY, STYLE and PROTOCOL narrow the search. What is
/// not found raises getaddrinfo-error, with an EAI_ number. [Guile]
///
///     (addrinfo:addr (car (getaddrinfo "127.0.0.1" "80" AI_NUMERICHOST)))  => #(2 2130706433 80)
fn "getaddrinfo" (cx, name: Value, [service: Value], [flags: Int], [family: Int], [style: Int], [protocol: Int]) needs host(name) {
    let name = optional_text(cx, "getaddrinfo", 1, "name", name)?;
    let service = service_text(cx, service.unwrap_or(Value::FALSE))?;
    let numbers = [(flags, "flags"), (family, "family"), (style, "style"), (protocol, "protocol")];
    let mut hints = [0; 4];
    for (index, (given, what)) in numbers.into_iter().enumerate() {
        if let Some(given) = given {
            hints[index] = given.c_int(cx, "getaddrinfo", 3 + index, what)?;
        }
    }
    let [flags, family, style, protocol] = hints;
    addresses(cx, name, service, Hints { flags, family, style, protocol })
}

/// The names of ADDRESS, an address object, as a pair of host and service; FLAGS are NI_ numbers. Without a name, an address is told in
/// numbers, or raises getaddrinfo-error under NI_NAMEREQD.
///
///     (getnameinfo #(2 2130706433 80) (logior NI_NUMERICHOST NI_NUMERICSERV))  => ("127.0.0.1" . "80")
fn "getnameinfo" (cx, address: Vector, [flags: Int]) needs reverse(address, flags) {
    let (address, _) = take_address(cx, "getnameinfo", 1, &[address.0])?;
    let flags = flags.map_or(Ok(0), |flags| flags.c_int(cx, "getnameinfo", 2, "flags"))?;
    let asked = address.to_string();
    let local = flags & libc::NI_NUMERICHOST != 0 || matches!(address, Address::Unix(_));
    look_up(cx, "getnameinfo", asked, local, move || Outcome::Names(resolve::names(&address, flags)))
}

/// The number of the interface NAME, as scopes of IPv6 addresses and multicast options have it.
///
///     (if-nametoindex "lo")  => 1
fn "if-nametoindex" (cx, name: Str) needs system {
    interface(cx, "if-nametoindex", 1, "name", name.0).map(|number| number as usize)
}

/// The name of the interface with this number.
///
///     (if-indextoname 1)  => "lo"
fn "if-indextoname" (cx, index: Int) needs system {
    let name = u32::try_from(index.c_int(cx, "if-indextoname", 1, "index")?).ok();
    match name.map(nix::net::if_::if_indextoname) {
        // nix takes the null that says there is none for an empty name.
        Some(Ok(name)) if !name.is_empty() => Ok(name.to_string_lossy().into_owned()),
        _ => {
            let error = Error::new(INTERFACE, libc::ENXIO).at(cx.show(index.0));
            Err(socket_failure(cx, "if-indextoname", error.into(), Subject::default()))
        }
    }
}

/// The interfaces of this machine: a list of pairs of a number and a name.
///
///     (car (if-nameindex))  => (1 . "lo")
fn "if-nameindex" (cx) needs system {
    match nix::net::if_::if_nameindex() {
        Ok(interfaces) => {
            let mut pairs = Vec::new();
            for interface in &interfaces {
                let name = cx.heap.string(&interface.name().to_string_lossy());
                pairs.push(cx.heap.cons(Value::fixnum(interface.index().into()), name));
            }
            Ok(cx.heap.list(&pairs))
        }
        Err(errno) => {
            let error = Error::new("if_nameindex", errno as i32);
            Err(socket_failure(cx, "if-nameindex", error.into(), Subject::default()))
        }
    }
}

/// The answer of a look-up that was told to wait.
fn "%lookup-answer" (cx, lookup: Value) { answer_of(cx, lookup) }

/// The words for CODE, an EAI_ number. [Guile]
///
///     (gai-strerror EAI_NONAME)  => "Name or service not known"
fn "gai-strerror" (cx, code: Int) {
    let code = code.c_int(cx, "gai-strerror", 1, "code")?;
    resolve::code_text(code)
}

/// The flags of an answer of getaddrinfo. [Guile]
///
///     (addrinfo:flags (car (getaddrinfo "127.0.0.1" "80")))  => 0
fn "addrinfo:flags" (cx, info: Vector) { part(cx, "addrinfo:flags", info, 0) }

/// The family of an answer of getaddrinfo. [Guile]
///
///     (addrinfo:fam (car (getaddrinfo "127.0.0.1" "80")))  => 2
fn "addrinfo:fam" (cx, info: Vector) { part(cx, "addrinfo:fam", info, 1) }

/// The style of socket for an answer of getaddrinfo. [Guile]
///
///     (addrinfo:socktype (car (getaddrinfo "127.0.0.1" "80" 0 0 SOCK_STREAM)))  => 1
fn "addrinfo:socktype" (cx, info: Vector) { part(cx, "addrinfo:socktype", info, 2) }

/// The protocol for an answer of getaddrinfo. [Guile]
///
///     (addrinfo:protocol (car (getaddrinfo "127.0.0.1" "80" 0 0 SOCK_STREAM)))  => 6
fn "addrinfo:protocol" (cx, info: Vector) { part(cx, "addrinfo:protocol", info, 3) }

/// The address object of an answer of getaddrinfo. [Guile]
///
///     (addrinfo:addr (car (getaddrinfo "::1" "80")))  => #(10 1 80 0 0)
fn "addrinfo:addr" (cx, info: Vector) { part(cx, "addrinfo:addr", info, 4) }

/// The host's name proper in an answer of getaddrinfo that was asked for it (AI_CANONNAME), else #f. [Guile]
///
///     (addrinfo:canonname (car (getaddrinfo "127.0.0.1" "80")))  => #f
fn "addrinfo:canonname" (cx, info: Vector) { part(cx, "addrinfo:canonname", info, 5) }

/// The host of this name, or with this IPv4 address; without HOST, the next one of the list. What is not found raises host-not-found,
/// try-again, no-recovery or no-data. [Guile]
///
///     (hostent:addr-list (gethost "127.0.0.1"))  => (2130706433)
fn "gethost" (cx, [host: Value]) needs host_or_all(host) {
    match host {
        Some(host) => host_of(cx, "gethost", host),
        None => step(cx, Database::Hosts),
    }
}

/// The host of this name. [Guile]
///
///     (hostent:addr-list (gethostbyname "127.0.0.1"))  => (2130706433)
fn "gethostbyname" (cx, name: Value) needs host(name) { host_of(cx, "gethostbyname", name) }

/// The host with this IPv4 address. [Guile]
///
///     (hostent:addrtype (gethostbyaddr INADDR_LOOPBACK))  => 2
fn "gethostbyaddr" (cx, address: Value) needs host(address) { host_of(cx, "gethostbyaddr", address) }

/// The next host of the list, #f at its end. [Guile]
///
///     (gethostent)
fn "gethostent" (cx) needs all_hosts { step(cx, Database::Hosts) }

/// Begins the list of hosts again. [Guile]
///
///     (sethostent #t)
fn "sethostent" (cx, [stay: Value]) { cx.net.walks.rewind(Database::Hosts) }

/// Leaves the list of hosts. [Guile]
///
///     (endhostent)
fn "endhostent" (cx) { cx.net.walks.rewind(Database::Hosts) }

/// Begins the list of hosts again with STAY, leaves it without. [Guile]
///
///     (sethost #t)
fn "sethost" (cx, [stay: Value]) { cx.net.walks.rewind(Database::Hosts) }

/// The name of a host. [Guile]
///
///     (hostent:name (gethostbyname "127.0.0.1"))  => "127.0.0.1"
fn "hostent:name" (cx, host: Vector) { part(cx, "hostent:name", host, 0) }

/// The other names of a host. [Guile]
///
///     (hostent:aliases (gethostbyname "127.0.0.1"))  => ()
fn "hostent:aliases" (cx, host: Vector) { part(cx, "hostent:aliases", host, 1) }

/// The family of the addresses of a host. [Guile]
///
///     (hostent:addrtype (gethostbyname "127.0.0.1"))  => 2
fn "hostent:addrtype" (cx, host: Vector) { part(cx, "hostent:addrtype", host, 2) }

/// How many bytes an address of a host has. [Guile]
///
///     (hostent:length (gethostbyname "127.0.0.1"))  => 4
fn "hostent:length" (cx, host: Vector) { part(cx, "hostent:length", host, 3) }

/// The addresses of a host, as numbers. [Guile]
///
///     (hostent:addr-list (gethostbyname "127.0.0.1"))  => (2130706433)
fn "hostent:addr-list" (cx, host: Vector) { part(cx, "hostent:addr-list", host, 4) }

/// The network of this name, or with this address; without NET, the next one of the list. What is not found raises system-error with
/// errno 0. [Guile]
///
///     (guard (e (#t #f)) (getnet "no such network"))  => #f
fn "getnet" (cx, [net: Value]) needs system { find(cx, Database::Networks, "getnet", net, None) }

/// The network of this name. [Guile]
///
///     (guard (e (#t #f)) (getnetbyname "no such network"))  => #f
fn "getnetbyname" (cx, name: Value) needs system { find(cx, Database::Networks, "getnetbyname", Some(name), None) }

/// The network with this address. [Guile]
///
///     (guard (e (#t #f)) (getnetbyaddr 1))  => #f
fn "getnetbyaddr" (cx, address: Value) needs system { find(cx, Database::Networks, "getnetbyaddr", Some(address), None) }

/// The next network of the list, #f at its end. [Guile]
///
///     (getnetent)
fn "getnetent" (cx) needs system { step(cx, Database::Networks) }

/// Begins the list of networks again. [Guile]
///
///     (setnetent #t)
fn "setnetent" (cx, [stay: Value]) { cx.net.walks.rewind(Database::Networks) }

/// Leaves the list of networks. [Guile]
///
///     (endnetent)
fn "endnetent" (cx) { cx.net.walks.rewind(Database::Networks) }

/// Begins the list of networks again with STAY, leaves it without. [Guile]
///
///     (setnet #t)
fn "setnet" (cx, [stay: Value]) { cx.net.walks.rewind(Database::Networks) }

/// The name of a network. [Guile]
///
///     (netent:name #("loopback" () 2 2130706432))  => "loopback"
fn "netent:name" (cx, net: Vector) { part(cx, "netent:name", net, 0) }

/// The other names of a network. [Guile]
///
///     (netent:aliases #("loopback" () 2 2130706432))  => ()
fn "netent:aliases" (cx, net: Vector) { part(cx, "netent:aliases", net, 1) }

/// The family of the address of a network. [Guile]
///
///     (netent:addrtype #("loopback" () 2 2130706432))  => 2
fn "netent:addrtype" (cx, net: Vector) { part(cx, "netent:addrtype", net, 2) }

/// The address of a network, all four bytes of it. [Guile]
///
///     (netent:net #("loopback" () 2 2130706432))  => 2130706432
fn "netent:net" (cx, net: Vector) { part(cx, "netent:net", net, 3) }

/// The protocol of this name, or with this number; without PROTOCOL, the next one of the list. What is not found raises system-error
/// with errno 0. [Guile]
///
///     (guard (e (#t #f)) (getproto "no such protocol"))  => #f
fn "getproto" (cx, [protocol: Value]) needs system { find(cx, Database::Protocols, "getproto", protocol, None) }

/// The protocol of this name. [Guile]
///
///     (guard (e (#t #f)) (getprotobyname "no such protocol"))  => #f
fn "getprotobyname" (cx, name: Value) needs system { find(cx, Database::Protocols, "getprotobyname", Some(name), None) }

/// The protocol with this number. [Guile]
///
///     (guard (e (#t #f)) (getprotobynumber 1234567))  => #f
fn "getprotobynumber" (cx, number: Value) needs system { find(cx, Database::Protocols, "getprotobynumber", Some(number), None) }

/// The next protocol of the list, #f at its end. [Guile]
///
///     (getprotoent)
fn "getprotoent" (cx) needs system { step(cx, Database::Protocols) }

/// Begins the list of protocols again. [Guile]
///
///     (setprotoent #t)
fn "setprotoent" (cx, [stay: Value]) { cx.net.walks.rewind(Database::Protocols) }

/// Leaves the list of protocols. [Guile]
///
///     (endprotoent)
fn "endprotoent" (cx) { cx.net.walks.rewind(Database::Protocols) }

/// Begins the list of protocols again with STAY, leaves it without. [Guile]
///
///     (setproto #t)
fn "setproto" (cx, [stay: Value]) { cx.net.walks.rewind(Database::Protocols) }

/// The name of a protocol. [Guile]
///
///     (protoent:name #("tcp" ("TCP") 6))  => "tcp"
fn "protoent:name" (cx, protocol: Vector) { part(cx, "protoent:name", protocol, 0) }

/// The other names of a protocol. [Guile]
///
///     (protoent:aliases #("tcp" ("TCP") 6))  => ("TCP")
fn "protoent:aliases" (cx, protocol: Vector) { part(cx, "protoent:aliases", protocol, 1) }

/// The number of a protocol, as `socket` takes it. [Guile]
///
///     (protoent:proto #("tcp" ("TCP") 6))  => 6
fn "protoent:proto" (cx, protocol: Vector) { part(cx, "protoent:proto", protocol, 2) }

/// The service of this name, or at this port, over PROTOCOL (any, if it is not given); without SERVICE, the next one of the list. What is
/// not found raises system-error with errno 0. [Guile]
///
///     (guard (e (#t #f)) (getserv "no such service" "tcp"))  => #f
fn "getserv" (cx, [service: Value], [protocol: Str]) needs system { find(cx, Database::Services, "getserv", service, protocol) }

/// The service of this name over PROTOCOL. [Guile]
///
///     (guard (e (#t #f)) (getservbyname "no such service" "tcp"))  => #f
fn "getservbyname" (cx, name: Value, [protocol: Str]) needs system { find(cx, Database::Services, "getservbyname", Some(name), protocol) }

/// The service at this port over PROTOCOL. [Guile]
///
///     (guard (e (#t #f)) (getservbyport 0 "tcp"))  => #f
fn "getservbyport" (cx, port: Value, [protocol: Str]) needs system { find(cx, Database::Services, "getservbyport", Some(port), protocol) }

/// The next service of the list, #f at its end. [Guile]
///
///     (getservent)
fn "getservent" (cx) needs system { step(cx, Database::Services) }

/// Begins the list of services again. [Guile]
///
///     (setservent #t)
fn "setservent" (cx, [stay: Value]) { cx.net.walks.rewind(Database::Services) }

/// Leaves the list of services. [Guile]
///
///     (endservent)
fn "endservent" (cx) { cx.net.walks.rewind(Database::Services) }

/// Begins the list of services again with STAY, leaves it without. [Guile]
///
///     (setserv #t)
fn "setserv" (cx, [stay: Value]) { cx.net.walks.rewind(Database::Services) }

/// The name of a service. [Guile]
///
///     (servent:name #("http" ("www") 80 "tcp"))  => "http"
fn "servent:name" (cx, service: Vector) { part(cx, "servent:name", service, 0) }

/// The other names of a service. [Guile]
///
///     (servent:aliases #("http" ("www") 80 "tcp"))  => ("www")
fn "servent:aliases" (cx, service: Vector) { part(cx, "servent:aliases", service, 1) }

/// The port of a service. [Guile]
///
///     (servent:port #("http" ("www") 80 "tcp"))  => 80
fn "servent:port" (cx, service: Vector) { part(cx, "servent:port", service, 2) }

/// The protocol of a service. [Guile]
///
///     (servent:proto #("http" ("www") 80 "tcp"))  => "tcp"
fn "servent:proto" (cx, service: Vector) { part(cx, "servent:proto", service, 3) }
}

// ---- look-ups on a thread --------------------------------------------------------------------------------------------

/// What a look-up found.
enum Outcome {
    Addresses(Result<Vec<Found>, Failure>),
    Names(Result<(String, String), Failure>),
    Host(Result<Host, Failure>),
}

/// A look-up under way.
struct Lookup {
    who: &'static str,
    /// What is looked up, for messages and listeners.
    asked: String,
    began: Instant,
    job: Job<Outcome>,
}

impl External for Lookup {
    fn type_name(&self) -> &'static str {
        "lookup"
    }
}

/// Runs a look-up, at once if it is known to take no time.
fn look_up(
    cx: &mut Cx,
    who: &'static str,
    asked: String,
    at_once: bool,
    work: impl FnOnce() -> Outcome + Send + 'static,
) -> Answer {
    let began = Instant::now();
    if at_once {
        return finish(cx, who, &asked, began, work());
    }
    let job = match cx.net.workers.start(work) {
        Ok(job) => job,
        Err(error) => return Err(stopped(cx, who, Error::from_io(who, &error).into(), None)),
    };
    let lookup = cx.heap.external(Box::new(Lookup { who, asked, began, job }));
    match cx.builtin("%lookup-answer") {
        Some(procedure) => Err(Box::new(Exit::TailCall(procedure, vec![lookup]))),
        None => answer_of(cx, lookup),
    }
}

fn answer_of(cx: &mut Cx, lookup: Value) -> Answer {
    let Some(under_way) = cx.heap.external_mut::<Lookup>(lookup) else {
        return wrong_type(cx, "%lookup-answer", 1, "lookup", "a look-up", lookup);
    };
    let Some(outcome) = under_way.job.take() else {
        let wait = Wait { read: Some(under_way.job.fd()), ..Wait::default() };
        return Err(Box::new(Exit::Wait(wait)));
    };
    let (who, asked, began) = (under_way.who, under_way.asked.clone(), under_way.began);
    finish(cx, who, &asked, began, outcome)
}

fn finish(cx: &mut Cx, who: &'static str, asked: &str, began: Instant, outcome: Outcome) -> Answer {
    let failure = match &outcome {
        Outcome::Addresses(answer) => answer.as_ref().err(),
        Outcome::Names(answer) => answer.as_ref().err(),
        Outcome::Host(answer) => answer.as_ref().err(),
    };
    let result = match failure {
        None => Ok(0),
        Some(Failure::Code { code, .. }) => Err(*code),
        Some(Failure::Host(_)) => Err(libc::EAI_NONAME),
    };
    cx.net.looked_up(who, &[("name", Arg::Text(asked))], began, result);
    match outcome {
        Outcome::Addresses(Ok(found)) => {
            let name = asked.split(" port ").next().and_then(|name| name.split(" (").next()).unwrap_or_default();
            for address in found.iter().filter_map(|found| found.address.as_ref()) {
                cx.host_names.learn(name, address);
            }
            let infos: Vec<Value> = found.iter().map(|found| info_value(cx, found)).collect();
            Ok(cx.heap.list(&infos))
        }
        Outcome::Names(Ok((host, service))) => {
            let (host, service) = (cx.heap.string(&host), cx.heap.string(&service));
            Ok(cx.heap.cons(host, service))
        }
        Outcome::Host(Ok(host)) => {
            for addr in &host.addresses {
                cx.host_names.learn(asked, &Address::Inet { addr: *addr, port: 0 });
            }
            Ok(host_value(cx, &host))
        }
        Outcome::Addresses(Err(failure)) | Outcome::Names(Err(failure)) | Outcome::Host(Err(failure)) => {
            match failure {
                Failure::Code { code, errno } => lookup_failure(cx, who, asked, code, errno),
                Failure::Host(failure) => host_failure(cx, who, asked, failure),
            }
        }
    }
}

/// A name in numbers is no question to anybody, and is answered at once.
fn addresses(cx: &mut Cx, name: Option<CString>, service: Option<CString>, hints: Hints) -> Answer {
    let shown = |text: &Option<CString>| text.as_ref().map(|text| text.to_string_lossy().into_owned());
    let asked = match (shown(&name), shown(&service)) {
        (Some(name), Some(service)) => format!("{name} port {service}"),
        (Some(name), None) => name,
        (None, Some(service)) => format!("port {service}"),
        (None, None) => "neither a name nor a service".to_string(),
    };
    let asked = asked + &hints.words();
    let numeric = Hints { flags: hints.flags | libc::AI_NUMERICHOST, ..hints };
    let began = Instant::now();
    let unknown = Failure::Code { code: libc::EAI_NONAME, errno: 0 };
    match resolve::addresses(name.as_deref(), service.as_deref(), numeric) {
        Err(failure) if failure == unknown && numeric.flags != hints.flags => {}
        answer => {
            let as_asked = |found: Found| Found { flags: hints.flags, ..found };
            let answer = answer.map(|found| found.into_iter().map(as_asked).collect());
            return finish(cx, "getaddrinfo", &asked, began, Outcome::Addresses(answer));
        }
    }
    look_up(cx, "getaddrinfo", asked, false, move || {
        Outcome::Addresses(resolve::addresses(name.as_deref(), service.as_deref(), hints))
    })
}

fn host_of(cx: &mut Cx, who: &'static str, host: Value) -> Answer {
    if let Some(name) = cx.heap.str(host).map(|name| resolve::short(name).to_string()) {
        let text = c_string(cx, who, &name)?;
        let numeric = name.parse::<Ipv4Addr>().is_ok();
        return look_up(cx, who, name, numeric, move || Outcome::Host(resolve::host_by_name(&text)));
    }
    if !number::is_exact_integer(host) {
        return wrong_type(cx, who, 1, "host", "a name or an IPv4 address", host);
    }
    let address = inet(cx, who, 1, "host", host)?;
    let asked = Ipv4Addr::from_bits(address).to_string();
    look_up(cx, who, asked, false, move || Outcome::Host(resolve::host_by_address(address)))
}

// ---- arguments -------------------------------------------------------------------------------------------------------

/// A string or #f.
fn optional_text(cx: &mut Cx, who: &str, position: usize, name: &str, v: Value) -> Answer<Option<CString>> {
    match cx.heap.str(v).map(|text| resolve::short(text).to_string()) {
        Some(text) => c_string(cx, who, &text).map(Some),
        None if v == Value::FALSE || v == Value::DEFAULT => Ok(None),
        None => wrong_type(cx, who, position, name, "a string or #f", v),
    }
}

fn service_text(cx: &mut Cx, v: Value) -> Answer<Option<CString>> {
    if !number::is_exact_integer(v) {
        return optional_text(cx, "getaddrinfo", 2, "service", v);
    }
    match v.as_fixnum().filter(|port| (0..=65535).contains(port)) {
        Some(port) => Ok(c_text(&port.to_string())),
        None => out_of_range(cx, "getaddrinfo", 2, "service", "a port number from 0 to 65535", v),
    }
}

fn c_string(cx: &mut Cx, who: &str, text: &str) -> Answer<CString> {
    match c_text(text) {
        Some(text) => Ok(text),
        None => cx.fail(|make| make.misc(who, "a name cannot have a null character")),
    }
}

// ---- the lists -------------------------------------------------------------------------------------------------------

fn step(cx: &mut Cx, database: Database) -> Answer {
    match cx.net.walks.next(database) {
        Ok(entry) => Ok(entry.map_or(Value::FALSE, |entry| entry_value(cx, database, &entry))),
        Err(error) => Err(unread(cx, database, &error)),
    }
}

/// The list could not be read.
fn unread(cx: &mut Cx, database: Database, error: &io::Error) -> Box<Exit> {
    let who = match database {
        Database::Hosts => "gethost",
        Database::Networks => "getnet",
        Database::Protocols => "getproto",
        Database::Services => "getserv",
    };
    stopped(cx, who, Stop::from(Error::from_io("lookup", error)), None)
}

/// The entry that is named or numbered so; the next one of the walk if nothing is asked for.
fn find(cx: &mut Cx, database: Database, who: &str, asked: Option<Value>, protocol: Option<Str>) -> Answer {
    let Some(asked) = asked else { return step(cx, database) };
    let protocol = protocol.map(|protocol| resolve::short(cx.heap.str(protocol.0).unwrap_or_default()).to_string());
    let over = |entry: &Entry| protocol.as_ref().is_none_or(|protocol| entry.protocol == *protocol);
    let found = if let Some(name) = cx.heap.str(asked) {
        database.find(|entry| entry.is_named(name) && over(entry))
    } else if number::is_exact_integer(asked) {
        let number = asked.as_fixnum().and_then(|number| u32::try_from(number).ok());
        number.map_or(Ok(None), |number| database.find(|entry| entry.number == number && over(entry)))
    } else {
        return wrong_type(cx, who, 1, "", "a string or an exact integer", asked);
    };
    match found {
        Ok(Some(entry)) => Ok(entry_value(cx, database, &entry)),
        Ok(None) => not_listed(cx, who, database, asked),
        Err(error) => Err(unread(cx, database, &error)),
    }
}

// ---- answers ---------------------------------------------------------------------------------------------------------

fn part(cx: &mut Cx, who: &str, object: Vector, index: usize) -> Answer {
    if index < object.0.field_count() {
        return Ok(object.0.field(index));
    }
    no_part(cx, who, object, index)
}

fn strings(cx: &Cx, texts: &[String]) -> Value {
    let strings: Vec<Value> = texts.iter().map(|text| cx.heap.string(text)).collect();
    cx.heap.list(&strings)
}

fn info_value(cx: &Cx, found: &Found) -> Value {
    let number = |n: i32| Value::fixnum(n.into());
    let address = found.address.as_ref().map_or(Value::FALSE, |address| address_value(cx, address));
    let canonical = found.canonical.as_ref().map_or(Value::FALSE, |name| cx.heap.string(name));
    let numbers = [found.flags, found.family, found.style, found.protocol].map(number);
    let [flags, family, style, protocol] = numbers;
    cx.heap.vector(&[flags, family, style, protocol, address, canonical])
}

fn host_value(cx: &Cx, host: &Host) -> Value {
    let addresses: Vec<Value> = host.addresses.iter().map(|address| Value::fixnum((*address).into())).collect();
    let (name, aliases) = (cx.heap.string(&host.name), strings(cx, &host.aliases));
    let family = Value::fixnum(libc::AF_INET.into());
    cx.heap.vector(&[name, aliases, family, Value::fixnum(4), cx.heap.list(&addresses)])
}

fn entry_value(cx: &Cx, database: Database, entry: &Entry) -> Value {
    let number = Value::fixnum(entry.number.into());
    let (name, aliases) = (cx.heap.string(&entry.name), strings(cx, &entry.aliases));
    match database {
        Database::Hosts => {
            let (name, aliases) = (entry.name.clone(), entry.aliases.clone());
            host_value(cx, &Host { name, aliases, addresses: vec![entry.number] })
        }
        Database::Networks => cx.heap.vector(&[name, aliases, Value::fixnum(libc::AF_INET.into()), number]),
        Database::Protocols => cx.heap.vector(&[name, aliases, number]),
        Database::Services => cx.heap.vector(&[name, aliases, number, cx.heap.string(&entry.protocol)]),
    }
}
