//! The system's error numbers: their names (both ways) and the C library's words for them.

use nix::libc;

macro_rules! numbers {
    ($($name:ident),* $(,)?) => {
        /// Every error number of Linux under its first name, in the order of the numbers.
        pub const NUMBERS: &[(&str, i32)] = &[$((stringify!($name), libc::$name)),*];
    };
}

numbers! {
    EPERM, ENOENT, ESRCH, EINTR, EIO, ENXIO, E2BIG, ENOEXEC, EBADF, ECHILD, EAGAIN, ENOMEM, EACCES, EFAULT, ENOTBLK,
    EBUSY, EEXIST, EXDEV, ENODEV, ENOTDIR, EISDIR, EINVAL, ENFILE, EMFILE, ENOTTY, ETXTBSY, EFBIG, ENOSPC, ESPIPE,
    EROFS, EMLINK, EPIPE, EDOM, ERANGE, EDEADLK, ENAMETOOLONG, ENOLCK, ENOSYS, ENOTEMPTY, ELOOP, ENOMSG, EIDRM,
    ECHRNG, EL2NSYNC, EL3HLT, EL3RST, ELNRNG, EUNATCH, ENOCSI, EL2HLT, EBADE, EBADR, EXFULL, ENOANO, EBADRQC,
    EBADSLT, EBFONT, ENOSTR, ENODATA, ETIME, ENOSR, ENONET, ENOPKG, EREMOTE, ENOLINK, EADV, ESRMNT, ECOMM, EPROTO,
    EMULTIHOP, EDOTDOT, EBADMSG, EOVERFLOW, ENOTUNIQ, EBADFD, EREMCHG, ELIBACC, ELIBBAD, ELIBSCN, ELIBMAX, ELIBEXEC,
    EILSEQ, ERESTART, ESTRPIPE, EUSERS, ENOTSOCK, EDESTADDRREQ, EMSGSIZE, EPROTOTYPE, ENOPROTOOPT, EPROTONOSUPPORT,
    ESOCKTNOSUPPORT, EOPNOTSUPP, EPFNOSUPPORT, EAFNOSUPPORT, EADDRINUSE, EADDRNOTAVAIL, ENETDOWN, ENETUNREACH,
    ENETRESET, ECONNABORTED, ECONNRESET, ENOBUFS, EISCONN, ENOTCONN, ESHUTDOWN, ETOOMANYREFS, ETIMEDOUT,
    ECONNREFUSED, EHOSTDOWN, EHOSTUNREACH, EALREADY, EINPROGRESS, ESTALE, EUCLEAN, ENOTNAM, ENAVAIL, EISNAM,
    EREMOTEIO, EDQUOT, ENOMEDIUM, EMEDIUMTYPE, ECANCELED, ENOKEY, EKEYEXPIRED, EKEYREVOKED, EKEYREJECTED,
    EOWNERDEAD, ENOTRECOVERABLE, ERFKILL, EHWPOISON,
}

/// Second names of numbers above.
pub const ALIASES: &[(&str, i32)] =
    &[("EWOULDBLOCK", libc::EWOULDBLOCK), ("EDEADLOCK", libc::EDEADLOCK), ("ENOTSUP", libc::ENOTSUP)];

/// The name of an error number: 111 is `ECONNREFUSED`.
pub fn name(number: i32) -> Option<&'static str> {
    NUMBERS.iter().find(|(_, known)| *known == number).map(|(name, _)| *name)
}

/// The number behind a name, second names included.
pub fn number(name: &str) -> Option<i32> {
    NUMBERS.iter().chain(ALIASES).find(|(known, _)| *known == name).map(|(_, number)| *number)
}

/// The C library's words: 111 is "Connection refused".
pub fn text(number: i32) -> String {
    // The standard library asks strerror_r and appends the number, which we do not want.
    let full = std::io::Error::from_raw_os_error(number).to_string();
    let suffix = format!(" (os error {number})");
    full.strip_suffix(&suffix).unwrap_or(&full).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_numbers_and_words_agree() {
        assert_eq!(name(111), Some("ECONNREFUSED"));
        assert_eq!(name(11), Some("EAGAIN"));
        assert_eq!(number("EWOULDBLOCK"), Some(11));
        assert_eq!(number("ENOSUCH"), None);
        assert_eq!(text(111), "Connection refused");
        assert_eq!(text(2), "No such file or directory");
        assert_eq!(name(99_999), None);
        assert_eq!(text(99_999), "Unknown error 99999");
    }

    #[test]
    fn numbers_are_in_order_without_repeats() {
        assert!(NUMBERS.windows(2).all(|pair| pair[0].1 < pair[1].1));
        assert!(NUMBERS.len() > 130);
    }
}
