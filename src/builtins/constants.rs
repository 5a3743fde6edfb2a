//! The numbers of the system that scripts call by name: all come from the C library.

use crate::net::{errno, resolve};
use nix::libc;

macro_rules! of_the_system {
    ($($name:ident),* $(,)?) => { &[$((stringify!($name), libc::$name as i64)),*] };
}

const SYSTEM: &[(&str, i64)] = of_the_system! {
    // Families and styles.
    AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6, PF_UNSPEC, PF_UNIX, PF_INET, PF_INET6,
    AF_NETLINK, AF_PACKET, AF_VSOCK,
    SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_RDM, SOCK_SEQPACKET, SOCK_NONBLOCK, SOCK_CLOEXEC,
    INADDR_ANY, INADDR_LOOPBACK, INADDR_BROADCAST, INADDR_NONE,
    // Levels and protocols.
    SOL_SOCKET, IPPROTO_IP, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IPV6, IPPROTO_ICMPV6, IPPROTO_RAW, IPPROTO_SCTP,
    // Options.
    SO_DEBUG, SO_REUSEADDR, SO_TYPE, SO_ERROR, SO_DONTROUTE, SO_BROADCAST, SO_SNDBUF, SO_RCVBUF, SO_KEEPALIVE,
    SO_OOBINLINE, SO_NO_CHECK, SO_PRIORITY, SO_LINGER, SO_REUSEPORT, SO_RCVTIMEO, SO_SNDTIMEO, SO_RCVLOWAT, SO_SNDLOWAT,
    SO_ACCEPTCONN, SO_DOMAIN, SO_PROTOCOL, SO_PEERCRED, SO_PASSCRED, SO_BINDTODEVICE, SO_TIMESTAMP, SO_BUSY_POLL,
    SO_TIMESTAMPNS, SO_MARK, SO_RXQ_OVFL, SO_INCOMING_CPU, SO_ZEROCOPY, SO_PEERSEC, SO_PASSSEC, SO_SNDBUFFORCE, SO_RCVBUFFORCE,
    SO_ATTACH_FILTER, SO_DETACH_FILTER, SO_LOCK_FILTER,
    TCP_NODELAY, TCP_MAXSEG, TCP_CORK, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_SYNCNT, TCP_LINGER2,
    TCP_DEFER_ACCEPT, TCP_WINDOW_CLAMP, TCP_INFO, TCP_QUICKACK, TCP_CONGESTION, TCP_USER_TIMEOUT, TCP_FASTOPEN,
    TCP_MD5SIG, TCP_FASTOPEN_CONNECT, TCP_NOTSENT_LOWAT, TCP_ULP,
    IP_TOS, IP_TTL, IP_MULTICAST_IF, IP_MULTICAST_TTL, IP_MULTICAST_LOOP, IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP,
    IP_PKTINFO, IP_RECVTTL, IP_RECVTOS, IP_FREEBIND, IP_TRANSPARENT,
    IP_MTU, IP_MTU_DISCOVER, IP_RECVERR, IP_HDRINCL, IP_MULTICAST_ALL, IP_ADD_SOURCE_MEMBERSHIP,
    IP_DROP_SOURCE_MEMBERSHIP, IP_BLOCK_SOURCE, IP_UNBLOCK_SOURCE, IP_BIND_ADDRESS_NO_PORT, IP_ORIGDSTADDR,
    IPV6_V6ONLY, IPV6_UNICAST_HOPS, IPV6_MULTICAST_IF, IPV6_MULTICAST_HOPS, IPV6_MULTICAST_LOOP, IPV6_ADD_MEMBERSHIP,
    IPV6_DROP_MEMBERSHIP, IPV6_RECVPKTINFO, IPV6_TCLASS,
    IPV6_PKTINFO, IPV6_RECVHOPLIMIT, IPV6_HOPLIMIT, IPV6_RECVTCLASS, IPV6_MTU, IPV6_MTU_DISCOVER, IPV6_RECVERR,
    IPV6_MULTICAST_ALL, IPV6_FREEBIND, IPV6_TRANSPARENT,
    UDP_SEGMENT, UDP_GRO,
    // Flags of sending and receiving.
    MSG_OOB, MSG_PEEK, MSG_DONTROUTE, MSG_CTRUNC, MSG_TRUNC, MSG_DONTWAIT, MSG_EOR, MSG_WAITALL, MSG_CONFIRM,
    MSG_ERRQUEUE, MSG_NOSIGNAL, MSG_MORE, MSG_CMSG_CLOEXEC, MSG_WAITFORONE, MSG_FASTOPEN,
    SCM_RIGHTS, SCM_CREDENTIALS, SCM_TIMESTAMP,
    // Look-ups of names.
    AI_PASSIVE, AI_CANONNAME, AI_NUMERICHOST, AI_V4MAPPED, AI_ALL, AI_ADDRCONFIG, AI_NUMERICSERV,
    NI_NUMERICHOST, NI_NUMERICSERV, NI_NOFQDN, NI_NAMEREQD, NI_DGRAM,
    SHUT_RD, SHUT_WR, SHUT_RDWR, SOMAXCONN,
    // Files and descriptors.
    O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_NONBLOCK, O_SYNC, O_CLOEXEC, O_DIRECTORY,
    O_NOFOLLOW, O_NOCTTY, O_NDELAY, O_ASYNC,
    SEEK_SET, SEEK_CUR, SEEK_END, PIPE_BUF, F_OK, R_OK, W_OK, X_OK,
    F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETOWN, F_SETOWN, FD_CLOEXEC, LOCK_SH, LOCK_EX, LOCK_NB, LOCK_UN,
    EXIT_SUCCESS, EXIT_FAILURE,
    LC_CTYPE, LC_NUMERIC, LC_TIME, LC_COLLATE, LC_MONETARY, LC_MESSAGES, LC_ALL,
    // Processes and signals.
    WNOHANG, WUNTRACED, PRIO_PROCESS, PRIO_PGRP, PRIO_USER, ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF,
    SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGIOT, SIGBUS, SIGFPE, SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE,
    SIGALRM, SIGTERM, SIGSTKFLT, SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGXCPU, SIGXFSZ, SIGVTALRM,
    SIGPROF, SIGWINCH, SIGIO, SIGPOLL, SIGPWR, SIGSYS, SIGSTKSZ,
    SA_NOCLDSTOP, SA_RESTART, SIG_DFL, SIG_IGN, AT_SYMLINK_FOLLOW, AT_SYMLINK_NOFOLLOW, AT_NO_AUTOMOUNT, AT_EMPTY_PATH,
};

/// Other names for the same, and numbers that the C library has no integer for.
const OTHERS: &[(&str, i64)] = &[
    ("IPV6_JOIN_GROUP", libc::IPV6_ADD_MEMBERSHIP as i64),
    ("IPV6_LEAVE_GROUP", libc::IPV6_DROP_MEMBERSHIP as i64),
    ("IN6ADDR_ANY", 0),
    ("IN6ADDR_LOOPBACK", 1),
    ("internal-time-units-per-second", 1_000_000_000),
    ("WAIT_ANY", -1),
    ("WAIT_MYPGRP", 0),
    // Other names, and what the library computes.
    ("SIGCLD", libc::SIGCHLD as i64),
    ("NSIG", 65),
    ("SIGRTMIN", 34),
    ("SIGRTMAX", 64),
];

/// All tables, one after the other.
const TABLES: [&[(&str, i64)]; 2] = [SYSTEM, OTHERS];
const NUMBERED: [&[(&str, i32)]; 3] = [errno::NUMBERS, errno::ALIASES, resolve::CODES];

const COUNT: usize = SYSTEM.len() + OTHERS.len() + errno::NUMBERS.len() + errno::ALIASES.len() + resolve::CODES.len();

/// Every constant, by name; the E and EAI_ names of errors among them.
pub static CONSTANTS: &[(&str, i64)] = &ALL;

static ALL: [(&str, i64); COUNT] = {
    let mut all = [("", 0); COUNT];
    let mut at = 0;
    let mut table = 0;
    while table < TABLES.len() + NUMBERED.len() {
        let mut index = 0;
        let wide = table < TABLES.len();
        let length = if wide { TABLES[table].len() } else { NUMBERED[table - TABLES.len()].len() };
        while index < length {
            all[at] = if wide {
                TABLES[table][index]
            } else {
                let (name, number) = NUMBERED[table - TABLES.len()][index];
                (name, number as i64)
            };
            (at, index) = (at + 1, index + 1);
        }
        table += 1;
    }
    all
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_stands_once_with_its_number() {
        let mut names: Vec<&str> = CONSTANTS.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(!names[0].is_empty());
        let number = |name| CONSTANTS.iter().find(|(known, _)| *known == name).map(|(_, number)| *number);
        assert_eq!(number("INADDR_LOOPBACK"), Some(2_130_706_433));
        assert_eq!(number("INADDR_BROADCAST"), Some(4_294_967_295));
        assert_eq!(number("ECONNREFUSED"), Some(111));
        assert_eq!(number("EWOULDBLOCK"), Some(11));
    }
}
