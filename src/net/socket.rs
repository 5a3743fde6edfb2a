//! A socket: an owned descriptor and the calls that can be made on it, each through `Net::call`.

use std::io;
use std::net::Shutdown;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};

use nix::libc::{self, c_int};
use socket2::{Domain, Protocol, SockAddr, SockRef, Type};

use super::address::Address;
use super::call::{Arg, Call, Data, Mode, Net, Outcome, Waits, is_non_blocking, while_non_blocking};
use super::error::{Cause, Error, Result, Stop};
use super::option::{self, Value};
use super::poller::{Interest, is_ready};
use super::raw;

#[derive(Debug)]
pub struct Socket {
    fd: OwnedFd,
}

/// Who makes a call: a script by name, which is told EAGAIN on a descriptor it made non-blocking, or a port on
/// behalf of one, which waits all the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asker {
    Script,
    Port,
}

impl Asker {
    /// MSG_DONTWAIT is a script's word against waiting.
    pub(super) fn waits(self, interest: Interest, flags: c_int) -> Waits {
        match self {
            _ if flags & libc::MSG_DONTWAIT != 0 => Waits::Never,
            Asker::Script => Waits::For(interest),
            Asker::Port => Waits::Patiently(interest),
        }
    }
}

impl Outcome for Socket {
    fn number(&self) -> i64 {
        self.fd().into()
    }
    fn made(&self) -> Option<RawFd> {
        Some(self.fd())
    }
}

impl Outcome for (Socket, Socket) {
    fn made(&self) -> Option<RawFd> {
        Some(self.0.fd())
    }
}

impl Outcome for (Socket, Option<Address>) {
    fn number(&self) -> i64 {
        self.0.fd().into()
    }
    fn peer(&self) -> Option<&Address> {
        self.1.as_ref()
    }
}

/// Of an option that is a number, listeners hear the number.
impl Outcome for Value {
    fn number(&self) -> i64 {
        match self {
            Value::Int(number) => (*number).into(),
            _ => 0,
        }
    }
}

fn int(number: c_int) -> Arg<'static> {
    Arg::Int(number.into())
}

/// EAGAIN, as the kernel would say it.
fn again<T>() -> io::Result<T> {
    Err(io::Error::from_raw_os_error(libc::EAGAIN))
}

/// Whether accept(2) would sleep: on a listening socket in whose line is nobody. On any other, and with flags that it does not know,
/// it fails at once, and says how.
fn nobody_waits(fd: RawFd, flags: c_int) -> bool {
    let mut listens = [1; 4];
    flags & !(libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK) == 0
        && !is_ready(fd, Interest::Read)
        && raw::get_option(fd, libc::SOL_SOCKET, libc::SO_ACCEPTCONN, &mut listens).is_ok()
        && c_int::from_ne_bytes(listens) != 0
}

fn dont_wait(set: bool) -> c_int {
    if set { libc::MSG_DONTWAIT } else { 0 }
}

fn known(address: &SockAddr) -> Option<Address> {
    Address::from_system(address)
}

impl Socket {
    /// A new socket; SOCK_NONBLOCK and SOCK_CLOEXEC may be or-ed into `style`. Neither is set by itself.
    pub fn open(net: &mut Net, family: c_int, style: c_int, protocol: c_int) -> Result<Socket> {
        let args = [("family", int(family)), ("style", int(style)), ("protocol", int(protocol))];
        let call = Call { name: "socket", fd: -1, args: &args, data: Data::None, waits: Waits::Never };
        net.call(call, |_, _| {
            let socket = socket2::Socket::new_raw(Domain::from(family), Type::from(style), nonzero(protocol))?;
            Ok(Socket { fd: socket.into() })
        })
    }

    /// Two sockets connected to each other.
    pub fn pair(net: &mut Net, family: c_int, style: c_int, protocol: c_int) -> Result<(Socket, Socket)> {
        let args = [("family", int(family)), ("style", int(style)), ("protocol", int(protocol))];
        let call = Call { name: "socketpair", fd: -1, args: &args, data: Data::None, waits: Waits::Never };
        net.call(call, |_, _| {
            let (a, b) = socket2::Socket::pair_raw(Domain::from(family), Type::from(style), nonzero(protocol))?;
            Ok((Socket { fd: a.into() }, Socket { fd: b.into() }))
        })
    }

    /// A socket that was made elsewhere: inherited, duplicated.
    pub fn from_fd(fd: OwnedFd) -> Socket {
        Socket { fd }
    }

    pub fn fd(&self) -> RawFd {
        self.fd.as_raw_fd()
    }

    /// Gives the descriptor away, open.
    pub fn into_fd(self) -> OwnedFd {
        self.fd
    }

    fn call<'a>(&self, name: &'static str, args: &'a [(&'static str, Arg<'a>)]) -> Call<'a> {
        Call { name, fd: self.fd(), args, data: Data::None, waits: Waits::Never }
    }

    pub fn bind(&self, net: &mut Net, address: &Address) -> Result<()> {
        let system = address.to_system("bind")?;
        net.call(self.call("bind", &[("address", Arg::Address(address))]), |_, _| SockRef::from(&self.fd).bind(&system))
            .map_err(|stop| stop.at(address))
    }

    pub fn listen(&self, net: &mut Net, backlog: c_int) -> Result<()> {
        net.call(self.call("listen", &[("backlog", int(backlog))]), |_, _| SockRef::from(&self.fd).listen(backlog))
    }

    /// Takes the next peer; `flags` are SOCK_NONBLOCK and SOCK_CLOEXEC for the new socket. None when nobody waits and
    /// the script made this socket non-blocking. Away from `Mode::Block` the peer may vanish between the look at the
    /// queue and the call, into another process; then the call blocks for the next one.
    pub fn accept(&self, net: &mut Net, flags: c_int) -> Result<Option<(Socket, Option<Address>)>> {
        let fd = self.fd();
        let args = [("flags", int(flags))];
        let mut call = self.call("accept", &args);
        call.waits = if net.suspendable { Waits::Patiently(Interest::Read) } else { Waits::For(Interest::Read) };
        let asks_first = !net.readiness.is_non_blocking(fd);
        let accepted = net.call(call, |_, dont_wait| {
            if dont_wait && asks_first && nobody_waits(fd, flags) {
                return again();
            }
            raw::accept(fd, flags).map(|(new, address)| (Socket { fd: new }, known(&address)))
        });
        match accepted {
            Ok(both) => Ok(Some(both)),
            Err(stop) if stop.errno() == Some(libc::EAGAIN) && is_non_blocking(fd) => Ok(None),
            Err(stop) => Err(stop),
        }
    }

    /// The same, but EAGAIN when nobody waits, whatever the socket's flags.
    pub fn accept_at_once(&self, net: &mut Net, flags: c_int) -> Result<(Socket, Option<Address>)> {
        let fd = self.fd();
        let args = [("flags", int(flags))];
        net.call(self.call("accept", &args), |_, _| {
            if nobody_waits(fd, flags) {
                return again();
            }
            raw::accept(fd, flags).map(|(new, address)| (Socket { fd: new }, known(&address)))
        })
    }

    /// True when connected (a datagram socket: when the peer is set), false when the script made this socket
    /// non-blocking and the connection is under way. A connect that was told to wait or was interrupted is taken
    /// up by calling again.
    pub fn connect(&self, net: &mut Net, address: &Address) -> Result<bool> {
        let system = address.to_system("connect")?;
        let fd = self.fd();
        let args = [("address", Arg::Address(address))];
        let mut call = self.call("connect", &args);
        call.waits = Waits::Connect;
        let connect = || SockRef::from(&self.fd).connect(&system);
        match net.call(call, |_, dont_wait| if dont_wait { while_non_blocking(fd, connect) } else { connect() }) {
            Ok(()) => Ok(true),
            Err(stop) if stop.errno() == Some(libc::EINPROGRESS) => Ok(false),
            Err(stop) => Err(stop.at(address)),
        }
    }

    /// The same without waiting, whatever the socket's flags: false when the connection is under way.
    pub fn connect_at_once(&self, net: &mut Net, address: &Address) -> Result<bool> {
        let system = address.to_system("connect")?;
        let args = [("address", Arg::Address(address))];
        let fd = self.fd();
        let connect = || SockRef::from(&self.fd).connect(&system);
        match net.call(self.call("connect", &args), |_, _| while_non_blocking(fd, connect)) {
            Ok(()) => Ok(true),
            Err(stop) if stop.errno() == Some(libc::EINPROGRESS) => Ok(false),
            Err(stop) => Err(stop.at(address)),
        }
    }

    /// 0 ends reading, 1 writing, 2 both.
    pub fn shutdown(&self, net: &mut Net, how: c_int) -> Result<()> {
        let side = match how {
            0 => Shutdown::Read,
            1 => Shutdown::Write,
            2 => Shutdown::Both,
            _ => {
                let cause = Cause::OutOfRange { what: "how", low: 0, high: 2, value: how.into() };
                return Err(Error::of("shutdown", cause).into());
            }
        };
        net.call(self.call("shutdown", &[("how", int(how))]), |_, _| SockRef::from(&self.fd).shutdown(side))
    }

    pub fn local_address(&self, net: &mut Net) -> Result<Option<Address>> {
        net.call(self.call("getsockname", &[]), |_, _| SockRef::from(&self.fd).local_addr().map(|a| known(&a)))
    }

    pub fn peer_address(&self, net: &mut Net) -> Result<Option<Address>> {
        net.call(self.call("getpeername", &[]), |_, _| SockRef::from(&self.fd).peer_addr().map(|a| known(&a)))
    }

    /// An option by level and number. With `size` the answer is that many raw bytes at most.
    pub fn option(&self, net: &mut Net, level: c_int, name: c_int, size: Option<usize>) -> Result<Value> {
        let args = [("level", int(level)), ("name", int(name))];
        net.call(self.call("getsockopt", &args), |_, _| option::get(self.fd(), level, name, size))
    }

    pub fn set_option(&self, net: &mut Net, level: c_int, name: c_int, value: &Value) -> Result<()> {
        if level == libc::SOL_SOCKET && matches!(name, libc::SO_RCVTIMEO | libc::SO_SNDTIMEO) {
            // Perhaps of a duplicate, too.
            net.readiness.doubt();
        }
        let (level_arg, name_arg) = (("level", int(level)), ("name", int(name)));
        let set = |net: &mut Net, args: &[(&'static str, Arg)]| {
            net.call(self.call("setsockopt", args), |_, _| option::set(self.fd(), level, name, value))
        };
        match value {
            Value::Int(number) => set(net, &[level_arg, name_arg, ("value", int(*number))]),
            Value::Linger { on, seconds } => {
                set(net, &[level_arg, name_arg, ("on", int(*on)), ("seconds", int(*seconds))])
            }
            Value::Time { seconds, micros } => {
                set(net, &[level_arg, name_arg, ("seconds", Arg::Int(*seconds)), ("micros", Arg::Int(*micros))])
            }
            Value::Text(text) => set(net, &[level_arg, name_arg, ("value", Arg::Text(text))]),
            _ => set(net, &[level_arg, name_arg]),
        }
    }

    /// `receive` into all of `room` and without flags, for a script; see `Net::at_once`.
    #[inline(always)]
    pub fn receive_at_once(net: &mut Net, fd: RawFd, room: &mut [u8]) -> Option<usize> {
        net.at_once(|| raw::receive(fd, room, 0))
    }

    /// `send` without flags, for a script.
    #[inline(always)]
    pub fn send_at_once(net: &mut Net, fd: RawFd, bytes: &[u8]) -> Option<usize> {
        net.at_once(|| raw::send(fd, bytes, libc::MSG_NOSIGNAL))
    }

    /// `receive` for a port; see `Net::at_once_for_port`.
    #[inline(always)]
    pub fn read_at_once(&self, net: &mut Net, room: &mut [u8]) -> Option<usize> {
        let (fd, size) = (self.fd(), room.len());
        let received =
            net.at_once_for_port(fd, Interest::Read, |try_only| raw::receive(fd, room, dont_wait(try_only)))?;
        if received > 0 && received < size && net.mode == Mode::Try {
            net.readiness.note_short(fd);
        }
        Some(received)
    }

    /// `send` for a port.
    #[inline(always)]
    pub fn write_at_once(&self, net: &mut Net, bytes: &[u8]) -> Option<usize> {
        let fd = self.fd();
        net.at_once_for_port(fd, Interest::Write, |try_only| {
            raw::send(fd, bytes, libc::MSG_NOSIGNAL | dont_wait(try_only))
        })
    }

    /// Takes what is there, at most `room`; 0 at the end of a stream. With MSG_TRUNC the count may exceed `room`.
    pub fn receive(&self, net: &mut Net, room: &mut [u8], flags: c_int, asker: Asker) -> Result<usize> {
        let fd = self.fd();
        let (args, waits) = ([("flags", int(flags))], asker.waits(Interest::Read, flags));
        let size = room.len();
        let received = net
            .call_briefly(Call { name: "recv", fd, args: &args, data: Data::In(room), waits }, |data, try_only| {
                raw::receive(fd, data.room(), flags | dont_wait(try_only))
            })?;
        if received > 0 && received < size && flags == 0 && net.mode == Mode::Try {
            net.readiness.note_short(fd);
        }
        Ok(received)
    }

    /// The same with the sender's address, where the kernel knows one.
    pub fn receive_from(
        &self,
        net: &mut Net,
        room: &mut [u8],
        flags: c_int,
        asker: Asker,
    ) -> Result<(usize, Option<Address>)> {
        let fd = self.fd();
        let (args, waits) = ([("flags", int(flags))], asker.waits(Interest::Read, flags));
        net.call_briefly(Call { name: "recvfrom", fd, args: &args, data: Data::In(room), waits }, |data, try_only| {
            let (count, address) = raw::receive_from(fd, data.room(), flags | dont_wait(try_only))?;
            // An unnamed local sender is none.
            let unnamed = Address::Unix(super::address::UnixName::Unnamed);
            Ok((count, known(&address).filter(|address| *address != unnamed)))
        })
    }

    /// How many bytes the kernel took: all of them on a socket that blocks, unless interrupted; perhaps fewer on one the
    /// script made non-blocking, in `Mode::Try`, and for ports, which keep the rest. Never raises SIGPIPE.
    pub fn send(&self, net: &mut Net, bytes: &[u8], flags: c_int, asker: Asker) -> Result<usize> {
        let fd = self.fd();
        let (args, waits) = ([("flags", int(flags))], asker.waits(Interest::Write, flags));
        // What the kernel does for a blocking send, and `Mode::Wait` must do itself.
        let whole = net.mode == Mode::Wait && matches!(waits, Waits::For(_));
        let mut sent = 0;
        let call = Call { name: "send", fd, args: &args, data: Data::Out(bytes), waits };
        let answer = net.call_briefly(call, |data, try_only| {
            let rest = data.bytes().get(sent..).unwrap_or_default();
            let flags = flags | libc::MSG_NOSIGNAL | dont_wait(try_only);
            match raw::send(fd, rest, flags) {
                Ok(taken) => sent += taken,
                Err(error) if sent == 0 || error.raw_os_error() == Some(libc::EAGAIN) => return Err(error),
                // The error will be met again by the next call; this one has sent something.
                Err(_) => return Ok(sent),
            }
            if whole && sent < data.bytes().len() && !is_non_blocking(fd) { again() } else { Ok(sent) }
        });
        // Interrupted half-way: as in the kernel, what was sent is the answer, and the flag is still up.
        if sent > 0 { Ok(sent) } else { answer }
    }

    pub fn send_to(&self, net: &mut Net, bytes: &[u8], flags: c_int, address: &Address, asker: Asker) -> Result<usize> {
        let system = address.to_system("sendto")?;
        let args = [("flags", int(flags)), ("address", Arg::Address(address))];
        let waits = asker.waits(Interest::Write, flags);
        let call = Call { name: "sendto", fd: self.fd(), args: &args, data: Data::Out(bytes), waits };
        net.call_briefly(call, |data, try_only| {
            let flags = flags | libc::MSG_NOSIGNAL | dont_wait(try_only);
            SockRef::from(&self.fd).send_to_with_flags(data.bytes(), &system, flags)
        })
        .map_err(|stop: Stop| stop.at(address))
    }

    /// Closes the descriptor; whatever the answer, it is gone.
    pub fn close(self, net: &mut Net) -> Result<()> {
        let number = self.fd();
        net.forget(number);
        let mut fd = Some(self.fd);
        let call = Call { name: "close", fd: number, args: &[], data: Data::None, waits: Waits::Never };
        net.call(call, |_, _| close_once(&mut fd))
    }
}

/// Closes the number at most once, however often it is called: after EINTR, Linux has closed it already.
fn close_once(fd: &mut Option<OwnedFd>) -> io::Result<()> {
    let Some(fd) = fd.take() else { return Ok(()) };
    match nix::unistd::close(fd) {
        Ok(()) | Err(nix::errno::Errno::EINTR) => Ok(()),
        Err(errno) => Err(errno.into()),
    }
}

fn nonzero(protocol: c_int) -> Option<Protocol> {
    (protocol != 0).then(|| Protocol::from(protocol))
}
