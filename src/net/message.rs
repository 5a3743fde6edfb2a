//! Messages with more than bytes: control messages, the descriptors that travel in them, many datagrams in one call,
//! and files sent without passing through the program.
//!
//! ```text
//! a control message in memory        8 bytes        4       4     as many as the first says
//! (each begins at a multiple of 8)   length of all  level   type  data
//! ```

use std::os::fd::{AsRawFd, OwnedFd, RawFd};

use nix::libc::{self, c_int};

use super::address::{Address, UnixName};
use super::call::{Arg, Call, Data, Mode, Net, Outcome, Waits, is_non_blocking, while_non_blocking};
use super::error::{Error, Result, Stop};
use super::poller::{Interest, is_ready};
use super::raw;
use super::socket::{Asker, Socket};

/// A control message to be sent, or one that came.
#[derive(Debug)]
pub enum Control {
    /// SCM_RIGHTS: descriptors that came are owned, so that none can be lost.
    Rights(Vec<OwnedFd>),
    /// SCM_CREDENTIALS
    Credentials {
        pid: i32,
        uid: u32,
        gid: u32,
    },
    Other {
        level: c_int,
        kind: c_int,
        data: Vec<u8>,
    },
}

/// What came with a message besides its bytes.
#[derive(Debug, Default)]
pub struct Received {
    pub count: usize,
    pub sender: Option<Address>,
    /// MSG_ numbers: MSG_TRUNC if the message was cut, MSG_CTRUNC if its control messages were.
    pub flags: c_int,
    pub controls: Vec<Control>,
}

impl Outcome for Received {
    fn number(&self) -> i64 {
        self.count.number()
    }
    fn moved(&self) -> usize {
        self.count
    }
    fn peer(&self) -> Option<&Address> {
        self.sender.as_ref()
    }
}

const HEAD: usize = 16;

/// Adds a control message to what will be sent.
pub fn encode(controls: &mut Vec<u8>, level: c_int, kind: c_int, data: &[u8]) {
    controls.resize(controls.len().next_multiple_of(8), 0);
    controls.extend_from_slice(&(HEAD + data.len()).to_ne_bytes());
    controls.extend_from_slice(&level.to_ne_bytes());
    controls.extend_from_slice(&kind.to_ne_bytes());
    controls.extend_from_slice(data);
    controls.resize(controls.len().next_multiple_of(8), 0);
}

/// Descriptors to be sent, as the kernel has them.
pub fn encode_rights(controls: &mut Vec<u8>, descriptors: &[RawFd]) {
    let data: Vec<u8> = descriptors.iter().flat_map(|fd| fd.to_ne_bytes()).collect();
    encode(controls, libc::SOL_SOCKET, libc::SCM_RIGHTS, &data);
}

pub fn encode_credentials(controls: &mut Vec<u8>, pid: i32, uid: u32, gid: u32) {
    let data = [pid.to_ne_bytes(), uid.to_ne_bytes(), gid.to_ne_bytes()].concat();
    encode(controls, libc::SOL_SOCKET, libc::SCM_CREDENTIALS, &data);
}

/// Takes apart what came; descriptors in it are owned from here on.
pub fn decode(mut bytes: &[u8]) -> Vec<Control> {
    let mut controls = Vec::new();
    while let Some(length) = bytes.first_chunk().map(|eight| usize::from_ne_bytes(*eight)) {
        let Some(whole) = bytes.get(..length).filter(|_| length >= HEAD) else { break };
        let int = |at: usize| whole[at..].first_chunk().map_or(0, |four| c_int::from_ne_bytes(*four));
        let (level, kind, data) = (int(8), int(12), &whole[HEAD..]);
        let ints: Vec<c_int> = data.as_chunks().0.iter().map(|four| c_int::from_ne_bytes(*four)).collect();
        controls.push(match (level, kind, ints.as_slice()) {
            (libc::SOL_SOCKET, libc::SCM_RIGHTS, fds) => {
                Control::Rights(fds.iter().filter_map(|fd| raw::adopt(*fd).ok()).collect())
            }
            (libc::SOL_SOCKET, libc::SCM_CREDENTIALS, &[pid, uid, gid]) => {
                Control::Credentials { pid, uid: uid as u32, gid: gid as u32 }
            }
            _ => Control::Other { level, kind, data: data.to_vec() },
        });
        bytes = bytes.get(length.next_multiple_of(8)..).unwrap_or_default();
    }
    controls
}

/// Largest room for control messages that a script may ask for.
pub const CONTROL_LIMIT: usize = 1 << 16;

impl Socket {
    /// Sends bytes with control messages (see `encode`), perhaps to an address. As one call: on a stream it may take fewer bytes.
    pub fn send_message(
        &self,
        net: &mut Net,
        bytes: &[u8],
        controls: &[u8],
        flags: c_int,
        address: Option<&Address>,
    ) -> Result<usize> {
        let system = address.map(|address| address.to_system("sendmsg")).transpose()?;
        let fd = self.fd();
        let mut args = vec![("flags", Arg::Int(flags.into())), ("controls", Arg::Bytes(controls))];
        args.extend(address.map(|address| ("address", Arg::Address(address))));
        let waits = Asker::Script.waits(Interest::Write, flags);
        let call = Call { name: "sendmsg", fd, args: &args, data: Data::Out(bytes), waits };
        let answer = net.call(call, |data, try_only| {
            let flags = flags | libc::MSG_NOSIGNAL | if try_only { libc::MSG_DONTWAIT } else { 0 };
            raw::send_message(fd, data.bytes(), system.as_ref(), controls, flags)
        });
        match address {
            Some(address) => answer.map_err(|stop| stop.at(address)),
            None => answer,
        }
    }

    /// Receives a message with at most `controls` bytes of control messages.
    pub fn receive_message(&self, net: &mut Net, room: &mut [u8], flags: c_int, controls: usize) -> Result<Received> {
        let fd = self.fd();
        let args = [("flags", Arg::Int(flags.into()))];
        let waits = Asker::Script.waits(Interest::Read, flags);
        let mut control_room = vec![0; controls.min(CONTROL_LIMIT)];
        let call = Call { name: "recvmsg", fd, args: &args, data: Data::In(room), waits };
        net.call(call, |data, try_only| {
            let flags = flags | if try_only { libc::MSG_DONTWAIT } else { 0 };
            let message = raw::receive_message(fd, data.room(), &mut control_room, flags)?;
            let controls = decode(control_room.get(..message.controls).unwrap_or_default());
            let unnamed = Address::Unix(UnixName::Unnamed);
            let sender = Address::from_system(&message.sender).filter(|address| *address != unnamed);
            Ok(Received { count: message.count, sender, flags: message.flags, controls })
        })
    }
}

/// Copies at most `count` bytes from one descriptor to another, inside the kernel where it can: from `offset` of the
/// input, or from where that stands. Fewer come at the end of the input, when interrupted, and where the output was made
/// non-blocking or `Mode::Try` is on; then the caller goes on.
pub fn send_file(net: &mut Net, out: RawFd, input: RawFd, count: usize, offset: Option<i64>) -> Result<usize> {
    let count = net.room_for(count)?;
    let sent = send_some(net, out, input, count, offset)?;
    net.pay(sent)?;
    Ok(sent)
}

fn send_some(net: &mut Net, out: RawFd, input: RawFd, count: usize, offset: Option<i64>) -> Result<usize> {
    let args = [("in", Arg::Int(input.into())), ("count", Arg::Int(count as i64))];
    let waits = Waits::For(Interest::Write);
    let (mut sent, mut offset) = (0, offset);
    let blocks = !is_non_blocking(out);
    let whole = net.mode != Mode::Try && blocks;
    let call = Call { name: "sendfile", fd: out, args: &args, data: Data::None, waits };
    let answer = net.call(call, |_, try_only| {
        loop {
            let mut one = || raw::send_file(out, input, offset.as_mut(), count - sent);
            let step = if try_only && blocks { while_non_blocking(out, one) } else { one() };
            match step {
                Ok(taken) => {
                    sent += taken;
                    if taken == 0 || sent == count || !whole {
                        return Ok(sent);
                    }
                }
                Err(error) if sent == 0 || error.raw_os_error() == Some(libc::EAGAIN) && blocks => return Err(error),
                Err(error) if error.raw_os_error() == Some(libc::EINTR) => return Err(error),
                Err(_) => return Ok(sent),
            }
        }
    });
    match answer {
        // Neither a file nor anything else the kernel can send from: the bytes pass through here.
        Err(stop) if stop.errno() == Some(libc::EINVAL) && sent == 0 && net.mode != Mode::Try => {
            copy(net, out, input, count, offset)
        }
        _ if sent > 0 => Ok(sent),
        answer => answer,
    }
}

/// The long way round, for inputs that sendfile does not take. It waits for both ends by itself.
fn copy(net: &mut Net, out: RawFd, input: RawFd, count: usize, offset: Option<i64>) -> Result<usize> {
    const PIECE: usize = 1 << 16;
    // What a pipe that can be written to takes without waiting.
    const PIPE_PIECE: usize = 4096;
    let failed = |error: std::io::Error| Stop::from(Error::from_io("sendfile", &error));
    let mut room = vec![0; PIECE.min(count)];
    let (mut copied, mut offset) = (0, offset);
    while copied < count {
        let wanted = PIECE.min(count - copied);
        let attempt = ready(net, input, Interest::Read).and_then(|()| {
            let from = raw::borrow(input).map_err(failed)?;
            let read = match offset {
                Some(at) => nix::sys::uio::pread(from, &mut room[..wanted], at),
                None => nix::unistd::read(from, &mut room[..wanted]),
            };
            read.map_err(|errno| failed(errno.into()))
        });
        let got = match attempt {
            Ok(0) => break,
            Ok(got) => got,
            Err(_) if copied > 0 => break,
            Err(stop) => return Err(stop),
        };
        offset = offset.map(|at| at + got as i64);
        let mut written = 0;
        while written < got {
            ready(net, out, Interest::Write)?;
            let to = raw::borrow(out).map_err(failed)?;
            match nix::unistd::write(to, &room[written..got.min(written + PIPE_PIECE)]) {
                Ok(taken) => written += taken,
                Err(nix::errno::Errno::EINTR | nix::errno::Errno::EAGAIN) => {}
                Err(errno) => return Err(failed(errno.into())),
            }
        }
        copied += got;
    }
    Ok(copied)
}

/// Waits until the descriptor is ready; files always are.
pub fn ready(net: &mut Net, fd: RawFd, interest: Interest) -> Result<()> {
    if net.interrupt().is_break() {
        return Err(Stop::Interrupted);
    }
    while !is_ready(fd, interest) {
        if net.wait(&[(fd, interest)], None, "sendfile")? == super::poller::Woken::Interrupted {
            return Err(Stop::Interrupted);
        }
    }
    Ok(())
}

/// The descriptors of control messages that came, for those who want nothing else.
pub fn descriptors(controls: Vec<Control>) -> Vec<OwnedFd> {
    controls
        .into_iter()
        .flat_map(|control| match control {
            Control::Rights(fds) => fds,
            _ => Vec::new(),
        })
        .filter(|fd| fd.as_raw_fd() >= 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::os::fd::AsFd;

    fn pair(net: &mut Net) -> (Socket, Socket) {
        Socket::pair(net, libc::AF_UNIX, libc::SOCK_STREAM, 0).unwrap()
    }

    #[test]
    fn control_messages_survive_their_form() {
        let mut bytes = Vec::new();
        encode(&mut bytes, 41, 50, &[1, 2, 3]);
        encode_credentials(&mut bytes, 7, 8, 9);
        let controls = decode(&bytes);
        assert!(matches!(&controls[0], Control::Other { level: 41, kind: 50, data } if *data == [1, 2, 3]));
        assert!(matches!(controls[1], Control::Credentials { pid: 7, uid: 8, gid: 9 }));
        // What is cut, or says nonsense of its length, is not believed.
        for cut in [&bytes[..15], &[0; 16], &[255; 24]] {
            assert!(decode(cut).is_empty());
        }
    }

    #[test]
    fn descriptors_travel_and_none_is_lost() {
        for mode in [Mode::Block, Mode::Wait, Mode::Try] {
            let mut net = Net::new().unwrap();
            net.mode = mode;
            let (a, b) = pair(&mut net);
            let (mut reader, writer) = std::io::pipe().unwrap();
            let mut controls = Vec::new();
            encode_rights(&mut controls, &[writer.as_fd().as_raw_fd()]);
            assert_eq!(a.send_message(&mut net, b"x", &controls, 0, None).unwrap(), 1);
            drop(writer);
            let mut room = [0; 4];
            let got = b.receive_message(&mut net, &mut room, 0, 64).unwrap();
            assert_eq!((got.count, got.controls.len()), (1, 1));
            let fds = descriptors(got.controls);
            let mut file = std::fs::File::from(fds.into_iter().next().unwrap());
            file.write_all(b"through").unwrap();
            drop(file);
            let mut text = String::new();
            // The end comes only when nobody else holds the writing end.
            reader.read_to_string(&mut text).unwrap();
            assert_eq!(text, "through");
        }
    }

    #[test]
    fn files_are_sent_whole_and_from_where_asked() {
        let mut file = tempfile::tempfile().unwrap();
        let content: Vec<u8> = (0..1_000_000u32).map(|n| n as u8).collect();
        file.write_all(&content).unwrap();
        for mode in [Mode::Block, Mode::Wait] {
            let mut net = Net::new().unwrap();
            net.mode = mode;
            let (a, b) = pair(&mut net);
            let reader = std::thread::spawn(move || {
                let (mut got, mut room) = (Vec::new(), [0; 10_000]);
                while let Ok(count @ 1..) = raw::receive(b.fd(), &mut room, 0) {
                    got.extend_from_slice(&room[..count]);
                }
                got
            });
            let sent = send_file(&mut net, a.fd(), file.as_raw_fd(), 2_000_000, Some(10)).unwrap();
            assert_eq!(sent, content.len() - 10);
            drop(a);
            assert!(reader.join().unwrap() == content[10..]);
        }
        let mut net = Net::new().unwrap();
        let ((a, b), (c, d)) = (pair(&mut net), pair(&mut net));
        a.send(&mut net, b"hello", 0, Asker::Script).unwrap();
        assert_eq!(send_file(&mut net, c.fd(), b.fd(), 5, None).unwrap(), 5);
        let mut room = [0; 9];
        assert_eq!(d.receive(&mut net, &mut room, 0, Asker::Script).unwrap(), 5);
    }
}
