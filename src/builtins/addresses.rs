//! Addresses as values: vectors, numbers and texts, and what is made of them.
//!
//! ```text
//! #(2 ADDR PORT)             IPv4: AF_INET, the address as a number in host order, the port
//! #(10 ADDR PORT FLOW SCOPE) IPv6
//! #(1 PATH)                  local: a path, a name after a zero character (abstract), or #f for none
//! ```
//!
//! Wherever a number is an address, a text may stand for it: "127.0.0.1", "::1", "fe80::1%eth0". Numbers are in host order.

use super::declare::{Argument, IntoAnswer, Str, Vector, out_of_range, wrong_type};
use super::network_error::{INTERFACE, Subject, socket_failure};
use super::port_value::stopped;
use crate::builtins;
use crate::net::address::{inet_ntop, inet_pton, inet6_ntop, inet6_pton};
use crate::net::resolve;
use crate::net::{Address, Cause, Error, Stop, UnixName};
use crate::value::{Value, number};
use crate::vm::cx::{Answer, Cx};
use nix::libc;
use smallvec::SmallVec;

builtins! { ADDRESSES;

/// An address object: of AF_INET with an address and a port, of AF_INET6 with these and perhaps flow and scope, of AF_UNIX with
/// a path. [Guile]
///
///     (make-socket-address AF_INET INADDR_LOOPBACK 80)  => #(2 2130706433 80)
///     (make-socket-address AF_INET6 "::1" 80)  => #(10 1 80 0 0)
///     (make-socket-address AF_UNIX "/tmp/s")  => #(1 "/tmp/s")
fn "make-socket-address" (cx, family: Int, address: Value, ..parts) {
    let args: Vec<Value> = [family.0, address].into_iter().chain(parts.iter().copied()).collect();
    if family.0 == Value::fixnum(libc::AF_UNSPEC.into()) {
        return out_of_range(cx, "make-socket-address", 1, "family", FAMILIES, family.0);
    }
    let (address, _) = positional(cx, "make-socket-address", 1, &args)?;
    address_value(cx, &address)
}

/// The family of ADDRESS: AF_INET, AF_INET6 or AF_UNIX. [Guile]
///
///     (sockaddr:fam #(2 2130706433 80))  => 2
fn "sockaddr:fam" (cx, address: Vector) { slot(cx, "sockaddr:fam", address, 0, None) }

/// The number of the machine in ADDRESS, an address of IPv4 or IPv6. [Guile]
///
///     (sockaddr:addr #(2 2130706433 80))  => 2130706433
fn "sockaddr:addr" (cx, address: Vector) { slot(cx, "sockaddr:addr", address, 1, Some(false)) }

/// The port in ADDRESS, an address of IPv4 or IPv6. [Guile]
///
///     (sockaddr:port #(2 2130706433 80))  => 80
fn "sockaddr:port" (cx, address: Vector) { slot(cx, "sockaddr:port", address, 2, None) }

/// The path in ADDRESS, of a local socket; #f if it has none. [Guile]
///
///     (sockaddr:path #(1 "/tmp/s"))  => "/tmp/s"
fn "sockaddr:path" (cx, address: Vector) { slot(cx, "sockaddr:path", address, 1, Some(true)) }

/// The flow information in ADDRESS, an address of IPv6. [Guile]
///
///     (sockaddr:flowinfo #(10 1 80 5 0))  => 5
fn "sockaddr:flowinfo" (cx, address: Vector) { slot(cx, "sockaddr:flowinfo", address, 3, None) }

/// The number of the interface that ADDRESS, of IPv6, holds for; 0 for any. [Guile]
///
///     (sockaddr:scopeid #(10 1 80 0 2))  => 2
fn "sockaddr:scopeid" (cx, address: Vector) { slot(cx, "sockaddr:scopeid", address, 4, None) }

/// The number of the address that TEXT says, of FAMILY AF_INET or AF_INET6. [Guile]
///
///     (inet-pton AF_INET "127.0.0.1")  => 2130706433
///     (inet-pton AF_INET6 "::1")  => 1
fn "inet-pton" (cx, family: Int, text: Str) {
    let text = resolve::short(cx.heap.str(text.0).unwrap_or_default()).to_string();
    let number = match family.0.as_fixnum().and_then(|family| i32::try_from(family).ok()) {
        Some(libc::AF_INET) => inet_pton(&text).map(u128::from),
        Some(libc::AF_INET6) => inet6_pton(&text),
        _ => return out_of_range(cx, "inet-pton", 1, "family", IP_FAMILIES, family.0),
    };
    number.map(Unsigned).map_err(|error| stopped(cx, "inet-pton", error.into(), None))
}

/// The text of the address NUMBER, of FAMILY AF_INET or AF_INET6. [Guile]
///
///     (inet-ntop AF_INET 2130706433)  => "127.0.0.1"
///     (inet-ntop AF_INET6 1)  => "::1"
fn "inet-ntop" (cx, family: Int, number: Int) {
    match family.0.as_fixnum().and_then(|family| i32::try_from(family).ok()) {
        Some(libc::AF_INET) => Ok(inet_ntop(inet(cx, "inet-ntop", 2, "number", number.0)?)),
        Some(libc::AF_INET6) => Ok(inet6_ntop(inet6(cx, "inet-ntop", 2, "number", number.0)?.0)),
        _ => out_of_range(cx, "inet-ntop", 1, "family", IP_FAMILIES, family.0),
    }
}

/// The number of the IPv4 address that TEXT says; short forms such as "127.1" are understood, too. [Guile 2]
///
///     (inet-aton "127.0.0.1")  => 2130706433
///     (inet-aton "127.1")  => 2130706433
fn "inet-aton" (cx, text: Str) {
    let text = resolve::short(cx.heap.str(text.0).unwrap_or_default()).to_string();
    match inet_aton(&text) {
        Some(number) => Ok(Unsigned(number.into())),
        None => Err(stopped(cx, "inet-aton", Error::of("inet-aton", Cause::BadAddress(text)).into(), None)),
    }
}

/// The text of the IPv4 address NUMBER. [Guile 2]
///
///     (inet-ntoa 2130706433)  => "127.0.0.1"
fn "inet-ntoa" (cx, number: Int) {
    let number = inet(cx, "inet-ntoa", 1, "number", number.0)?;
    inet_ntop(number)
}

/// The number of the network in the IPv4 address NUMBER, by the old classes A, B and C. [Guile]
///
///     (inet-netof INADDR_LOOPBACK)  => 127
fn "inet-netof" (cx, number: Int) {
    let number = inet(cx, "inet-netof", 1, "number", number.0)?;
    Unsigned((number >> local_bits(number)).into())
}

/// The number of the machine in its network in the IPv4 address NUMBER, by the old classes A, B and C. [Guile]
///
///     (inet-lnaof INADDR_LOOPBACK)  => 1
fn "inet-lnaof" (cx, number: Int) {
    let number = inet(cx, "inet-lnaof", 1, "number", number.0)?;
    Unsigned((number & ((1 << local_bits(number)) - 1)).into())
}

/// The IPv4 address of machine LOCAL in network NET, by the old classes A, B and C. [Guile]
///
///     (inet-makeaddr 127 1)  => 2130706433
fn "inet-makeaddr" (cx, net: Int, local: Int) {
    let net = inet(cx, "inet-makeaddr", 1, "net", net.0)?;
    let local = inet(cx, "inet-makeaddr", 2, "local", local.0)?;
    let bits = match net {
        0..0x80 => 24,
        0x80..0x1_0000 => 16,
        0x1_0000..0x100_0000 => 8,
        _ => 0,
    };
    let mask = ((1u64 << bits) - 1) as u32;
    Unsigned((net.checked_shl(bits).unwrap_or(net) | local & mask).into())
}

/// N, of 16 bits, as the network orders its bytes. Addresses and ports here are in host order, and need none of this. [Guile 2]
///
///     (ntohs (htons 80))  => 80
fn "htons" (cx, n: Int) { short(cx, "htons", n) }

/// N, of 16 bits in the order of the network, in the order of this machine. [Guile 2]
///
///     (ntohs (htons 8080))  => 8080
fn "ntohs" (cx, n: Int) { short(cx, "ntohs", n) }

/// N, of 32 bits, as the network orders its bytes. Addresses here are in host order, and need none of this. [Guile 2]
///
///     (ntohl (htonl INADDR_LOOPBACK))  => 2130706433
fn "htonl" (cx, n: Int) {
    let n = inet(cx, "htonl", 1, "n", n.0)?;
    Unsigned(n.to_be().into())
}

/// N, of 32 bits in the order of the network, in the order of this machine. [Guile 2]
///
///     (ntohl (htonl 1))  => 1
fn "ntohl" (cx, n: Int) {
    let n = inet(cx, "ntohl", 1, "n", n.0)?;
    Unsigned(n.to_be().into())
}
}

const FAMILIES: &str = "AF_INET, AF_INET6 or AF_UNIX";
const IP_FAMILIES: &str = "AF_INET or AF_INET6";

/// An exact integer of any size; what range it must be in is for the procedure to say.
#[derive(Clone, Copy)]
pub struct Int(pub Value);

impl Argument for Int {
    const EXPECTED: &'static str = "an exact integer";
    fn take(_: &Cx, v: Value) -> Option<Int> {
        number::is_exact_integer(v).then_some(Int(v))
    }
}

impl Int {
    /// As the system's int.
    pub fn c_int(self, cx: &mut Cx, who: &str, position: usize, name: &str) -> Answer<i32> {
        let range = "an integer of 32 bits";
        match number::integer_to_i64(&cx.heap, self.0).map(i32::try_from) {
            Some(Ok(n)) => Ok(n),
            _ => out_of_range(cx, who, position, name, range, self.0),
        }
    }
}

/// A number that may have up to 128 bits.
struct Unsigned(u128);

impl IntoAnswer for Unsigned {
    fn into_answer(self, cx: &mut Cx) -> Answer {
        Ok(unsigned_value(cx, self.0))
    }
}

pub fn unsigned_value(cx: &Cx, n: u128) -> Value {
    match u64::try_from(n) {
        Ok(n) => number::integer_from_u64(&cx.heap, n),
        Err(_) => cx.heap.bignum(false, &[n as u64, (n >> 64) as u64]),
    }
}

fn unsigned(cx: &Cx, v: Value) -> Option<u128> {
    if let Some(n) = v.as_fixnum() {
        return u128::try_from(n).ok();
    }
    match cx.heap.bignum_limbs(v)? {
        (false, &[low]) => Some(low.into()),
        (false, &[low, high]) => Some(u128::from(high) << 64 | u128::from(low)),
        _ => None,
    }
}

/// An IPv4 address from a number or a text.
pub fn inet(cx: &mut Cx, who: &str, position: usize, name: &str, v: Value) -> Answer<u32> {
    const EXPECTED: &str = "an IPv4 address: an exact integer, or a string such as \"127.0.0.1\"";
    if !number::is_exact_integer(v) {
        return match cx.heap.str(v).map(inet_pton) {
            Some(Ok(number)) => Ok(number),
            _ => wrong_type(cx, who, position, name, EXPECTED, v),
        };
    }
    match unsigned(cx, v).map(u32::try_from) {
        Some(Ok(number)) => Ok(number),
        _ => out_of_range(cx, who, position, name, "from 0 to 4294967295", v),
    }
}

/// An IPv6 address from a number or a text, and the number of the interface that a text may name after a `%`.
pub fn inet6(cx: &mut Cx, who: &str, position: usize, name: &str, v: Value) -> Answer<(u128, Option<u32>)> {
    const EXPECTED: &str = "an IPv6 address: an exact integer, or a string such as \"::1\"";
    if let Some(text) = cx.heap.str(v) {
        let (address, zone) = text.split_once('%').map_or((text, None), |(address, zone)| (address, Some(zone)));
        let Ok(number) = inet6_pton(address) else {
            return wrong_type(cx, who, position, name, EXPECTED, v);
        };
        let scope = zone.map(interface_number).transpose();
        return match scope {
            Ok(scope) => Ok((number, scope)),
            Err(error) => Err(socket_failure(cx, who, error.into(), Subject::default())),
        };
    }
    if !number::is_exact_integer(v) {
        return wrong_type(cx, who, position, name, EXPECTED, v);
    }
    match unsigned(cx, v) {
        Some(number) => Ok((number, None)),
        None => out_of_range(cx, who, position, name, "from 0 to 2^128 - 1", v),
    }
}

/// The number of an interface that a text names or numbers.
fn interface_number(text: &str) -> Result<u32, Error> {
    match text.parse() {
        Ok(number) => Ok(number),
        Err(_) => nix::net::if_::if_nametoindex(text).map_err(|errno| Error::new(INTERFACE, errno as i32).at(text)),
    }
}

/// An interface, by number or name.
pub fn interface(cx: &mut Cx, who: &str, position: usize, name: &str, v: Value) -> Answer<u32> {
    match cx.heap.str(v).map(|name| interface_number(resolve::short(name))) {
        Some(Ok(number)) => Ok(number),
        Some(Err(error)) => Err(socket_failure(cx, who, error.into(), Subject::default())),
        None => word(cx, who, position, name, v),
    }
}

/// The address that an argument list begins with, an object or family and parts, and how many arguments it takes up.
/// `position` is that of the first.
pub fn take_address(cx: &mut Cx, who: &str, position: usize, args: &[Value]) -> Answer<(Address, usize)> {
    match args.first() {
        Some(v) if v.is_vector() => Ok((address_of_vector(cx, who, position, *v)?, 1)),
        _ => positional(cx, who, position, args),
    }
}

fn positional(cx: &mut Cx, who: &str, position: usize, args: &[Value]) -> Answer<(Address, usize)> {
    let missing = |cx: &mut Cx, index: usize, name, expected| {
        // Guile reads a family alone as an address object that it is not.
        let got = if index == 1 { args[0] } else { Value::NIL };
        cx.fail::<Value>(|make| make.wrong_type(who, position + index, name, expected, got, "nothing"))
    };
    let family = args.first().copied().unwrap_or(Value::FALSE);
    if !number::is_exact_integer(family) {
        let expected = "an address object, or a family such as AF_INET";
        return wrong_type(cx, who, position, "family", expected, family);
    }
    let part = |cx: &mut Cx, index: usize, name, expected| match args.get(index) {
        Some(&v) => Ok(v),
        None => missing(cx, index, name, expected),
    };
    match family.as_fixnum().and_then(|family| i32::try_from(family).ok()) {
        Some(libc::AF_INET) => {
            let addr = part(cx, 1, "addr", "an IPv4 address")?;
            let addr = inet(cx, who, position + 1, "addr", addr)?;
            let port = part(cx, 2, "port", PORT)?;
            Ok((Address::Inet { addr, port: port_number(cx, who, position + 2, port)? }, 3))
        }
        Some(libc::AF_INET6) => {
            let addr = part(cx, 1, "addr", "an IPv6 address")?;
            let (addr, zone) = inet6(cx, who, position + 1, "addr", addr)?;
            let port = part(cx, 2, "port", PORT)?;
            let port = port_number(cx, who, position + 2, port)?;
            let flow = args.get(3).map_or(Ok(0), |&v| word(cx, who, position + 3, "flow", v))?;
            let scope = args.get(4).map_or(Ok(0), |&v| word(cx, who, position + 4, "scope", v))?;
            let scope = zone.filter(|_| scope == 0).unwrap_or(scope);
            Ok((Address::Inet6 { addr, port, flow, scope }, args.len().min(5)))
        }
        Some(libc::AF_UNIX) => {
            let path = part(cx, 1, "path", "a path: a string")?;
            Ok((Address::Unix(path_name(cx, who, position + 1, path)?), 2))
        }
        // Dissolves an association. Whatever follows is of no meaning.
        Some(libc::AF_UNSPEC) => Ok((Address::Other { family: 0, bytes: vec![0; 14] }, args.len().min(3))),
        _ if args.len() == 1 => wrong_type(cx, who, position, "address", "an address object", family),
        _ => out_of_range(cx, who, position, "family", FAMILIES, family),
    }
}

const PORT: &str = "a port number from 0 to 65535";

fn port_number(cx: &mut Cx, who: &str, position: usize, v: Value) -> Answer<u16> {
    match unsigned(cx, v).map(u16::try_from) {
        Some(Ok(port)) => Ok(port),
        _ if number::is_exact_integer(v) => out_of_range(cx, who, position, "port", PORT, v),
        _ => wrong_type(cx, who, position, "port", PORT, v),
    }
}

fn word(cx: &mut Cx, who: &str, position: usize, name: &str, v: Value) -> Answer<u32> {
    match unsigned(cx, v).map(u32::try_from) {
        Some(Ok(n)) => Ok(n),
        _ if number::is_exact_integer(v) => out_of_range(cx, who, position, name, "from 0 to 4294967295", v),
        _ => wrong_type(cx, who, position, name, Int::EXPECTED, v),
    }
}

fn path_name(cx: &mut Cx, who: &str, position: usize, v: Value) -> Answer<UnixName> {
    if v == Value::FALSE {
        return Ok(UnixName::Unnamed);
    }
    let Some(path) = cx.heap.str(v) else {
        return wrong_type(cx, who, position, "path", "a path: a string", v);
    };
    UnixName::from_bytes(path.as_bytes()).map_err(|error| stopped(cx, who, Stop::from(error), None))
}

/// An AF_INET address as it comes with every datagram, whose parts are found right at one glance.
fn inet_of_vector(cx: &Cx, v: Value) -> Option<Address> {
    let &[family, addr, port] = cx.heap.slice(v)? else { return None };
    if family != Value::fixnum(libc::AF_INET.into()) {
        return None;
    }
    Some(Address::Inet { addr: addr.as_fixnum()?.try_into().ok()?, port: port.as_fixnum()?.try_into().ok()? })
}

/// The address that a vector stands for.
pub fn address_of_vector(cx: &mut Cx, who: &str, position: usize, v: Value) -> Answer<Address> {
    if let Some(address) = inet_of_vector(cx, v) {
        return Ok(address);
    }
    let parts: SmallVec<[Value; 8]> = v.fields().take(8).collect();
    let malformed = |cx: &mut Cx| {
        let text =
            format!("{} is no address: expected #(2 ADDR PORT), #(10 ADDR PORT FLOW SCOPE) or #(1 PATH)", cx.show(v));
        cx.fail(|make| make.misc(who, &text))
    };
    if let Some(&family) = parts.first().filter(|family| !number::is_exact_integer(**family)) {
        return wrong_type(cx, who, position, "family", Int::EXPECTED, family);
    }
    let family = parts.first().and_then(|family| family.as_fixnum()).and_then(|family| i32::try_from(family).ok());
    Ok(match (family, &parts[..]) {
        (Some(libc::AF_INET), [_, addr, port]) => {
            let addr = inet(cx, who, position, "address", *addr)?;
            Address::Inet { addr, port: port_number(cx, who, position, *port)? }
        }
        (Some(libc::AF_INET6), [_, addr, port, flow, scope]) => {
            let (addr, zone) = inet6(cx, who, position, "address", *addr)?;
            let port = port_number(cx, who, position, *port)?;
            let flow = word(cx, who, position, "address", *flow)?;
            let scope = word(cx, who, position, "address", *scope)?;
            Address::Inet6 { addr, port, flow, scope: zone.filter(|_| scope == 0).unwrap_or(scope) }
        }
        (Some(libc::AF_UNIX), [_, path]) if path.is_string() || *path == Value::FALSE => {
            Address::Unix(path_name(cx, who, position, *path)?)
        }
        (Some(family), [_, bytes]) if bytes.is_bytevector() => match u16::try_from(family) {
            Ok(family) => Address::Other { family, bytes: cx.heap.bytes(*bytes).unwrap_or_default().to_vec() },
            Err(_) => return malformed(cx),
        },
        _ => return malformed(cx),
    })
}

pub fn address_value(cx: &Cx, address: &Address) -> Value {
    let heap = &cx.heap;
    let family = Value::fixnum(address.family().into());
    let small = |n: u32| Value::fixnum(n.into());
    match address {
        Address::Inet { addr, port } => heap.vector(&[family, small(*addr), small((*port).into())]),
        Address::Inet6 { addr, port, flow, scope } => {
            let addr = unsigned_value(cx, *addr);
            heap.vector(&[family, addr, small((*port).into()), small(*flow), small(*scope)])
        }
        Address::Unix(name) => {
            let path = name.to_bytes().map_or(Value::FALSE, |path| heap.string(&String::from_utf8_lossy(&path)));
            heap.vector(&[family, path])
        }
        Address::Other { bytes, .. } => heap.vector(&[family, heap.bytevector(bytes)]),
    }
}

/// An object ends before part `index`, which is what Guile tells.
#[cold]
pub fn no_part(cx: &mut Cx, who: &str, object: Vector, index: usize) -> Answer {
    let (index, shown) = (Value::fixnum(index as i64), cx.show(object.0));
    cx.fail(|make| make.out_of_range(who, 1, "", "an object that has this part", index, &shown))
}

/// Part `index` of an address object. `local` says of which sort of address it is a part, where both have that many.
fn slot(cx: &mut Cx, who: &str, address: Vector, index: usize, local: Option<bool>) -> Answer {
    if index >= address.0.field_count() {
        return no_part(cx, who, address, index);
    }
    let family = address.0.field(0).as_fixnum();
    if local.is_some_and(|local| (family == Some(libc::AF_UNIX.into())) != local) {
        let expected = if local == Some(true) { "the address of a local socket" } else { "an address of IPv4 or IPv6" };
        return wrong_type(cx, who, 1, "address", expected, address.0);
    }
    Ok(address.0.field(index))
}

/// The bits for a machine in its network.
fn local_bits(number: u32) -> u32 {
    match number >> 30 {
        0 | 1 => 24,
        2 => 16,
        _ => 8,
    }
}

/// The classical reading of an IPv4 text: one to four parts, decimal, octal or hexadecimal, the last filling the rest.
fn inet_aton(text: &str) -> Option<u32> {
    let part = |text: &str| -> Option<u32> {
        let (digits, radix) = match text.as_bytes() {
            [b'0', b'x' | b'X', ..] => (&text[2..], 16),
            [b'0', _, ..] => (&text[1..], 8),
            _ => (text, 10),
        };
        let plain = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        plain.then(|| u32::from_str_radix(digits, radix).ok()).flatten()
    };
    let parts = text.split('.').map(part).collect::<Option<Vec<u32>>>()?;
    let (last, leading) = parts.split_last()?;
    if leading.len() > 3 || leading.iter().any(|part| *part > 255) {
        return None;
    }
    let room = 32 - 8 * leading.len() as u32;
    if u64::from(*last) >= 1 << room {
        return None;
    }
    let high = leading.iter().enumerate().fold(0, |sum, (index, part)| sum | part << (24 - 8 * index));
    Some(high | last)
}

fn short(cx: &mut Cx, who: &str, n: Int) -> Answer {
    match unsigned(cx, n.0).map(u16::try_from) {
        Some(Ok(n)) => Ok(Value::fixnum(n.to_be().into())),
        _ => out_of_range(cx, who, 1, "n", "from 0 to 65535", n.0),
    }
}
