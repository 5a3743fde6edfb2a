//! Real sockets on loopback, local paths and pairs.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use nix::libc;

use super::call::Listener;
use super::option::Value;
use super::*;

const LOOPBACK: u32 = 0x7f00_0001;

fn tcp(net: &mut Net) -> Socket {
    Socket::open(net, libc::AF_INET, libc::SOCK_STREAM, 0).unwrap()
}

fn listener(net: &mut Net) -> (Socket, Address) {
    let socket = tcp(net);
    socket.bind(net, &Address::Inet { addr: LOOPBACK, port: 0 }).unwrap();
    socket.listen(net, 5).unwrap();
    let address = socket.local_address(net).unwrap().unwrap();
    (socket, address)
}

fn pair(net: &mut Net, style: i32) -> (Socket, Socket) {
    Socket::pair(net, libc::AF_UNIX, style, 0).unwrap()
}

fn set_non_blocking(socket: &Socket) {
    let flags = nix::fcntl::OFlag::O_NONBLOCK;
    nix::fcntl::fcntl(raw::borrow(socket.fd()).unwrap(), nix::fcntl::FcntlArg::F_SETFL(flags)).unwrap();
}

fn each_mode(mut test: impl FnMut(&mut Net)) {
    for mode in [Mode::Block, Mode::Wait, Mode::Try] {
        let mut net = Net::new().unwrap();
        net.mode = mode;
        test(&mut net);
    }
}

/// Runs a call to its end in any mode, waiting between attempts as a scheduler would.
fn finish<T>(net: &mut Net, mut call: impl FnMut(&mut Net) -> Result<T>) -> Result<T> {
    loop {
        match call(net) {
            Err(Stop::Wait(fd, interest)) => {
                net.wait(&[(fd, interest)], None, "poll")?;
            }
            Err(Stop::Later(pause)) => std::thread::sleep(pause),
            other => return other,
        }
    }
}

#[test]
fn a_connection_lives_through_all_its_calls() {
    each_mode(|net| {
        let (server, address) = listener(net);
        let client = tcp(net);
        assert!(finish(net, |net| client.connect(net, &address)).unwrap());
        let (peer, from) = finish(net, |net| server.accept(net, 0)).unwrap().unwrap();
        assert_eq!(from, client.local_address(net).unwrap());
        assert_eq!(client.peer_address(net).unwrap(), Some(address.clone()));
        assert_eq!(client.send(net, b"hello", 0, Asker::Script).unwrap(), 5);
        let mut room = [0; 10];
        let (count, sender) = finish(net, |net| peer.receive_from(net, &mut room, 0, Asker::Script)).unwrap();
        // A stream has no sender.
        assert_eq!((&room[..count], sender), (b"hello".as_slice(), None));
        client.shutdown(net, 1).unwrap();
        assert_eq!(finish(net, |net| peer.receive(net, &mut room, 0, Asker::Script)).unwrap(), 0);
        for socket in [client, peer, server] {
            socket.close(net).unwrap();
        }
    });
}

#[test]
fn a_refused_connection_names_the_endpoint() {
    each_mode(|net| {
        let (server, address) = listener(net);
        server.close(net).unwrap();
        let client = tcp(net);
        let Err(Stop::Failed(error)) = finish(net, |net| client.connect(net, &address)) else { panic!() };
        assert_eq!(error.errno(), Some(libc::ECONNREFUSED));
        assert_eq!(error.endpoint, Some(address.to_string()));
    });
}

#[test]
fn local_sockets_have_paths_abstract_names_and_none() {
    let mut net = Net::new().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s").into_os_string().into_encoded_bytes();
    let abstracted = format!("\0sockeye-{}", std::process::id()).into_bytes();
    for name in [path, abstracted] {
        let address = Address::Unix(UnixName::from_bytes(&name).unwrap());
        let server = Socket::open(&mut net, libc::AF_UNIX, libc::SOCK_STREAM, 0).unwrap();
        server.bind(&mut net, &address).unwrap();
        server.listen(&mut net, 1).unwrap();
        assert_eq!(server.local_address(&mut net).unwrap(), Some(address.clone()));
        let client = Socket::open(&mut net, libc::AF_UNIX, libc::SOCK_STREAM, 0).unwrap();
        assert!(client.connect(&mut net, &address).unwrap());
        let (_, from) = server.accept(&mut net, 0).unwrap().unwrap();
        assert_eq!(from, Some(Address::Unix(UnixName::Unnamed)));
    }
    let fresh = Socket::open(&mut net, libc::AF_UNIX, libc::SOCK_DGRAM, 0).unwrap();
    fresh.bind(&mut net, &Address::Unix(UnixName::Unnamed)).unwrap();
    let chosen = fresh.local_address(&mut net).unwrap();
    assert!(matches!(chosen, Some(Address::Unix(UnixName::Abstract(_)))), "{chosen:?}");
}

#[test]
fn a_full_queue_of_a_local_listener_is_tried_again_later() {
    let mut net = Net::new().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s").into_os_string().into_encoded_bytes();
    let address = Address::Unix(UnixName::Path(path));
    let server = Socket::open(&mut net, libc::AF_UNIX, libc::SOCK_STREAM, 0).unwrap();
    server.bind(&mut net, &address).unwrap();
    server.listen(&mut net, 0).unwrap();
    let open = |net: &mut Net| Socket::open(net, libc::AF_UNIX, libc::SOCK_STREAM, 0).unwrap();
    net.mode = Mode::Try;
    let (first, second) = (open(&mut net), open(&mut net));
    assert!(first.connect(&mut net, &address).unwrap());
    assert!(matches!(second.connect(&mut net, &address), Err(Stop::Later(_))));
    server.accept(&mut net, 0).unwrap().unwrap();
    assert!(second.connect(&mut net, &address).unwrap());
}

#[test]
fn datagrams_keep_their_senders_and_limits() {
    each_mode(|net| {
        let udp = |net: &mut Net| {
            let socket = Socket::open(net, libc::AF_INET, libc::SOCK_DGRAM, 0).unwrap();
            socket.bind(net, &Address::Inet { addr: LOOPBACK, port: 0 }).unwrap();
            let address = socket.local_address(net).unwrap().unwrap();
            (socket, address)
        };
        let ((a, from), (b, to)) = (udp(net), udp(net));
        assert_eq!(a.send_to(net, b"long message", 0, &to, Asker::Script).unwrap(), 12);
        let mut room = [0; 4];
        let answer = finish(net, |net| b.receive_from(net, &mut room, libc::MSG_TRUNC, Asker::Script)).unwrap();
        assert_eq!((answer, &room), ((12, Some(from)), b"long"));
        let Err(stop) = a.send_to(net, &[0; 70_000], 0, &to, Asker::Script) else { panic!() };
        assert_eq!(stop.errno(), Some(libc::EMSGSIZE));
        let (u, v) = pair(net, libc::SOCK_DGRAM);
        u.send(net, b"x", 0, Asker::Script).unwrap();
        assert_eq!(v.receive_from(net, &mut room, 0, Asker::Script).unwrap(), (1, None));
    });
}

#[test]
fn trying_asks_to_wait_and_leaves_the_descriptor_as_it_was() {
    let mut net = Net::new().unwrap();
    net.mode = Mode::Try;
    let (server, address) = listener(&mut net);
    let wait = |fd, interest| Some(Stop::Wait(fd, interest));
    assert_eq!(server.accept(&mut net, 0).err(), wait(server.fd(), Interest::Read));
    let (a, b) = pair(&mut net, libc::SOCK_STREAM);
    let mut room = [0; 4];
    assert_eq!(a.receive(&mut net, &mut room, 0, Asker::Script).err(), wait(a.fd(), Interest::Read));
    // The script's own word against waiting is answered with the errno.
    let asked = a.receive(&mut net, &mut room, libc::MSG_DONTWAIT, Asker::Script);
    assert_eq!(asked.unwrap_err().errno(), Some(libc::EAGAIN));
    while b.send(&mut net, &[0; 65536], 0, Asker::Script).is_ok() {}
    assert_eq!(b.send(&mut net, &[0; 65536], 0, Asker::Script).err(), wait(b.fd(), Interest::Write));
    let client = tcp(&mut net);
    assert!(finish(&mut net, |net| client.connect(net, &address)).unwrap());
    for socket in [&server, &a, &b, &client] {
        assert!(!call::is_non_blocking(socket.fd()));
    }
}

#[test]
fn a_script_that_asked_for_non_blocking_gets_it_and_its_ports_wait() {
    each_mode(|net| {
        let (server, address) = listener(net);
        set_non_blocking(&server);
        assert!(server.accept(net, 0).unwrap().is_none());
        let (a, b) = pair(net, libc::SOCK_STREAM);
        set_non_blocking(&a);
        let mut room = [0; 4];
        let stop = a.receive(net, &mut room, 0, Asker::Script).unwrap_err();
        assert_eq!(stop.errno(), Some(libc::EAGAIN));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(10));
                nix::unistd::write(raw::borrow(b.fd()).unwrap(), b"x").unwrap();
            });
            assert_eq!(finish(net, |net| a.receive(net, &mut room, 0, Asker::Port)).unwrap(), 1);
        });
        let client = tcp(net);
        set_non_blocking(&client);
        // Loopback may connect at once.
        client.connect(net, &address).unwrap();
        assert!(call::is_non_blocking(client.fd()));
    });
}

#[test]
fn a_blocking_send_ends_when_all_is_taken() {
    for mode in [Mode::Block, Mode::Wait] {
        let mut net = Net::new().unwrap();
        net.mode = mode;
        let (a, b) = pair(&mut net, libc::SOCK_STREAM);
        let message: Vec<u8> = (0..700_000u32).flat_map(u32::to_le_bytes).collect();
        let reader = std::thread::spawn(move || {
            let (mut got, mut room) = (Vec::new(), [0; 10_000]);
            while let Ok(count @ 1..) = raw::receive(b.fd(), &mut room, 0) {
                got.extend_from_slice(&room[..count]);
            }
            got
        });
        assert_eq!(a.send(&mut net, &message, 0, Asker::Script), Ok(message.len()));
        a.close(&mut net).unwrap();
        assert!(reader.join().unwrap() == message);
        // Interrupted half-way, it answers what it has sent.
        let (a, _b) = pair(&mut net, libc::SOCK_STREAM);
        if mode == Mode::Wait {
            let handle = net.interrupt().clone();
            let thread = std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(20));
                handle.raise();
            });
            let sent = a.send(&mut net, &message, 0, Asker::Script).unwrap();
            assert!(0 < sent && sent < message.len());
            assert!(net.interrupt().is_raised());
            thread.join().unwrap();
        }
    }
}

#[test]
fn another_threads_interrupt_ends_a_wait() {
    let mut net = Net::new().unwrap();
    let (a, _b) = pair(&mut net, libc::SOCK_STREAM);
    let (server, _) = listener(&mut net);
    for attempt in 0..2 {
        let handle = net.interrupt().clone();
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            handle.raise();
        });
        let mut room = [0; 4];
        let answer = match attempt {
            0 => a.receive(&mut net, &mut room, 0, Asker::Script).err(),
            _ => server.accept(&mut net, 0).err(),
        };
        assert_eq!(answer, Some(Stop::Interrupted));
        thread.join().unwrap();
        // It stays raised until acknowledged.
        assert_eq!(a.receive(&mut net, &mut room, 0, Asker::Script), Err(Stop::Interrupted));
        assert!(net.interrupt().acknowledge());
        assert!(!net.interrupt().acknowledge());
    }
}

#[test]
fn sigint_ends_a_blocking_call_soon_and_more_than_once() {
    let mut net = Net::new().unwrap();
    net.mode = Mode::Block;
    interrupt::catch_sigint(net.interrupt()).unwrap();
    let (a, b) = pair(&mut net, libc::SOCK_STREAM);
    let mut room = [0; 4];
    for _ in 0..3 {
        let thread = std::thread::spawn(|| {
            std::thread::sleep(Duration::from_millis(30));
            let now = Instant::now();
            // To the process: any thread may be the one that runs the handler.
            nix::sys::signal::kill(nix::unistd::getpid(), nix::sys::signal::Signal::SIGINT).unwrap();
            now
        });
        assert_eq!(a.receive(&mut net, &mut room, 0, Asker::Script), Err(Stop::Interrupted));
        let took = thread.join().unwrap().elapsed();
        assert!(took < Duration::from_millis(100), "{took:?}");
        net.interrupt().acknowledge();
    }
    // A raised flag before the call, and nothing wrong after it.
    b.send(&mut net, b"x", 0, Asker::Script).unwrap();
    assert_eq!(a.receive(&mut net, &mut room, 0, Asker::Script), Ok(1));
}

#[test]
fn options_read_back() {
    let mut net = Net::new().unwrap();
    let socket = tcp(&mut net);
    let net = &mut net;
    socket.set_option(net, libc::SOL_SOCKET, libc::SO_REUSEADDR, &Value::Int(1)).unwrap();
    assert_eq!(socket.option(net, libc::SOL_SOCKET, libc::SO_REUSEADDR, None).unwrap(), Value::Int(1));
    let linger = Value::Linger { on: 1, seconds: 3 };
    socket.set_option(net, libc::SOL_SOCKET, libc::SO_LINGER, &linger).unwrap();
    assert_eq!(socket.option(net, libc::SOL_SOCKET, libc::SO_LINGER, None).unwrap(), linger);
    let limit = Value::Time { seconds: 1, micros: 500_000 };
    socket.set_option(net, libc::SOL_SOCKET, libc::SO_RCVTIMEO, &limit).unwrap();
    assert_eq!(socket.option(net, libc::SOL_SOCKET, libc::SO_RCVTIMEO, None).unwrap(), limit);
    assert_eq!(socket.option(net, libc::SOL_SOCKET, libc::SO_TYPE, Some(4)).unwrap(), Value::Bytes(vec![1, 0, 0, 0]));
    let error = socket.option(net, libc::SOL_SOCKET, 9999, None).unwrap_err();
    assert_eq!(error.errno(), Some(libc::ENOPROTOOPT));
    let udp = Socket::open(net, libc::AF_INET, libc::SOCK_DGRAM, 0).unwrap();
    for way in [LOOPBACK, LOOPBACK.swap_bytes()] {
        udp.set_option(net, libc::IPPROTO_IP, libc::IP_MULTICAST_IF, &Value::Address(way)).unwrap();
        let read = udp.option(net, libc::IPPROTO_IP, libc::IP_MULTICAST_IF, None).unwrap();
        assert_eq!(read, Value::Address(LOOPBACK));
    }
}

#[test]
fn a_sockets_own_time_limit_ends_a_call_with_eagain() {
    for mode in [Mode::Block, Mode::Wait] {
        let mut net = Net::new().unwrap();
        net.mode = mode;
        let (a, _b) = pair(&mut net, libc::SOCK_STREAM);
        let limit = Value::Time { seconds: 0, micros: 20_000 };
        a.set_option(&mut net, libc::SOL_SOCKET, libc::SO_RCVTIMEO, &limit).unwrap();
        for asker in [Asker::Script, Asker::Port] {
            let stop = a.receive(&mut net, &mut [0; 4], 0, asker).unwrap_err();
            assert_eq!(stop.errno(), Some(libc::EAGAIN));
        }
    }
}

#[test]
fn the_listener_hears_each_call_once() {
    let mut net = Net::new().unwrap();
    let heard = Rc::new(RefCell::new(Vec::new()));
    let ears = Rc::clone(&heard);
    let listener: Listener = Box::new(move |event: &Event<'_>| {
        let args: Vec<String> = event.args.iter().map(|(name, _)| name.to_string()).collect();
        let line = (event.seq, event.call, event.result, event.bytes, event.head.to_vec(), event.style, args);
        ears.borrow_mut().push(line);
    });
    net.listen(Some(listener));
    let (a, b) = pair(&mut net, libc::SOCK_STREAM);
    a.send(&mut net, &[b'x'; 100], 0, Asker::Script).unwrap();
    net.mode = Mode::Try;
    let mut room = [0; 200];
    b.receive(&mut net, &mut room, 0, Asker::Script).unwrap();
    // Not finished, hence not told.
    assert!(b.receive(&mut net, &mut room, 0, Asker::Script).is_err());
    a.shutdown(&mut net, 1).unwrap();
    b.close(&mut net).unwrap();
    let refused = a.send(&mut net, b"y", 0, Asker::Script).unwrap_err();
    assert_eq!(refused.errno(), Some(libc::EPIPE));
    let stream = Some(libc::SOCK_STREAM);
    let flags = vec!["flags".to_string()];
    let heard = heard.borrow();
    assert_eq!(heard[1], (1, "send", Ok(100), 100, vec![b'x'; 64], stream, flags.clone()));
    assert_eq!(heard[2], (2, "recv", Ok(100), 100, vec![b'x'; 64], stream, flags.clone()));
    assert_eq!(heard[4], (4, "close", Ok(0), 0, vec![], stream, vec![]));
    assert_eq!(heard[5], (5, "send", Err(libc::EPIPE), 0, vec![], stream, flags));
    assert_eq!(heard.len(), 6);
}
