//! Each system call of a program that uses sockets fails in turn: the program gets an error, or does without; nothing hangs, nothing is
//! left open.

use sockeye::engine::{Engine, Stop};
use sockeye::net::Mode;
use std::time::Duration;

const PROGRAM: &str = "
(define server (socket AF_INET SOCK_STREAM 0))
(setsockopt server SOL_SOCKET SO_REUSEADDR 1)
(bind server AF_INET INADDR_LOOPBACK 0)
(listen server 5)
(define client (socket AF_INET SOCK_STREAM 0))
(connect client (getsockname server))
(define peer (car (accept server)))
(send client (string->utf8 \"hello\"))
(define room (make-bytevector 5))
(recv! peer room)
(write-line room peer)
(force-output peer)
(define line (read-line client))
(shutdown client 2)
(define pair (socketpair AF_UNIX SOCK_DGRAM 0))
(sendmsg (car pair) #u8(1 2 3) (list (list SOL_SOCKET SCM_RIGHTS (list peer))))
(define message (recvmsg (cdr pair) room))
(define child (spawn-fiber (lambda () (recv! (cdr pair) room))))
(send (car pair) #u8(9))
(fiber-join child)
(for-each close-port (list server client peer (car pair) (cdr pair)))
'done";

/// What the open descriptors of this process lead to; that of the directory being read is among them each time.
fn open_descriptors() -> Vec<String> {
    let links = std::fs::read_dir("/proc/self/fd").expect("Linux").flatten();
    let mut targets: Vec<String> = links
        .filter_map(|link| std::fs::read_link(link.path()).ok())
        .map(|target| target.display().to_string())
        .collect();
    targets.sort();
    targets
}

#[test]
fn every_call_may_fail() {
    // One engine lives on, so that what engines share by way of the standard library is there before counting.
    let _first = Engine::unrestricted().expect("an engine");
    let before = open_descriptors();
    for errno in [nix::libc::EIO, nix::libc::ENOMEM, nix::libc::EMFILE, nix::libc::ECONNRESET, nix::libc::EPERM] {
        let mut failed = 0;
        for call in 0.. {
            let mut engine = Engine::unrestricted().expect("an engine");
            let cx = engine.cx();
            cx.limits.time = Some(Duration::from_secs(5));
            assert_eq!(cx.net.mode, Mode::Wait);
            cx.net.failing = Some((call, errno));
            let result = engine.run_text("torture", PROGRAM);
            let spared = engine.cx().net.failing.is_some();
            match result {
                Ok(value) => assert_eq!(engine.written(value), "done"),
                Err(Stop::Raised { object }) => {
                    failed += 1;
                    let message = engine.describe(object);
                    assert!(!spared, "call {call}: {message}");
                }
                Err(Stop::Limit(limit)) => panic!("call {call}, errno {errno}: {limit}"),
                Err(Stop::Exit(status)) => panic!("call {call}: exit {status}"),
            }
            drop(engine);
            assert_eq!(open_descriptors(), before, "call {call}, errno {errno}");
            if spared {
                assert!(call > 15, "{call} calls are fewer than the program makes");
                break;
            }
        }
        // Where descriptors run out, a collection closes those that nobody holds, and the call is made again.
        assert!(failed > 10 || errno == nix::libc::EMFILE, "{failed} calls failed");
    }
}
