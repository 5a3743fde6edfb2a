//! The C library's calendar: times of day by time zone, and their texts. Every rule of time zones is the library's.
//!
//! The library reads the zone from the process's environment, the one place where a zone can be handed to it. So each call here
//! goes through `in_zone`, which sets TZ if it must, under a lock, and puts it back.
//!
//! Invariants of the unsafe part:
//! - The environment is changed only with `ZONE` held, through std, whose own readers of the environment lock it too; only TZ is
//!   changed, and only while a program has asked for a zone other than the process's.
//! - A `tm` handed to the library lives as long as the call, and so does the text its `tm_zone` points to. What the library
//!   leaves in `tm_zone` is copied before the lock is given up.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, OsString};
use std::io;
use std::mem::MaybeUninit;
use std::ptr::null;
use std::sync::Mutex;

use nix::libc::{self, c_char, c_int, time_t};

unsafe extern "C" {
    fn tzset();
}

/// The C library has one time zone in force.
static ZONE: Mutex<()> = Mutex::new(());

/// A moment as people say it. Months count from 0, years from 1900, `west` are the seconds west of Greenwich.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moment {
    /// Second, minute, hour, day of the month, month, year, day of the week, day of the year, summer time.
    pub parts: [c_int; 9],
    pub west: i64,
    pub zone: Option<String>,
}

/// The time zone to reckon with, as TZ names it.
#[derive(Clone, Copy)]
pub enum Zone<'a> {
    /// The one that the process has.
    Own,
    /// What the system has when TZ is not set.
    Unset,
    Named(&'a str),
}

fn in_zone<T>(zone: Zone<'_>, action: impl FnOnce() -> T) -> T {
    let _held = ZONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let before = std::env::var_os("TZ");
    let wanted = match zone {
        Zone::Own => before.clone(),
        Zone::Unset => None,
        Zone::Named(name) => Some(OsString::from(name)),
    };
    let set = |value: &Option<OsString>| {
        // SAFETY: see the head of this file.
        unsafe {
            match value {
                Some(value) => std::env::set_var("TZ", value),
                None => std::env::remove_var("TZ"),
            }
        }
    };
    if wanted != before {
        set(&wanted);
    }
    // SAFETY: reads TZ, with ZONE held.
    unsafe { tzset() };
    let answer = action();
    if wanted != before {
        set(&before);
        // SAFETY: as above.
        unsafe { tzset() };
    }
    answer
}

/// What the library has filled in.
fn moment(tm: &libc::tm) -> Moment {
    let zone = (!tm.tm_zone.is_null()).then(|| {
        // SAFETY: a text of the library's, and the lock is held.
        unsafe { CStr::from_ptr(tm.tm_zone) }.to_string_lossy().into_owned()
    });
    let parts =
        [tm.tm_sec, tm.tm_min, tm.tm_hour, tm.tm_mday, tm.tm_mon, tm.tm_year, tm.tm_wday, tm.tm_yday, tm.tm_isdst];
    Moment { parts, west: -tm.tm_gmtoff, zone }
}

/// The same for the library; `zone` must live as long.
fn broken_down(moment: &Moment, zone: Option<&CStr>) -> libc::tm {
    let [sec, min, hour, mday, mon, year, wday, yday, isdst] = moment.parts;
    libc::tm {
        tm_sec: sec,
        tm_min: min,
        tm_hour: hour,
        tm_mday: mday,
        tm_mon: mon,
        tm_year: year,
        tm_wday: wday,
        tm_yday: yday,
        tm_isdst: isdst,
        tm_gmtoff: moment.west.saturating_neg(),
        tm_zone: zone.map_or(null(), CStr::as_ptr),
    }
}

/// The seconds since 1970 as a moment in a zone.
pub fn local(seconds: time_t, zone: Zone<'_>) -> io::Result<Moment> {
    in_zone(zone, || {
        let mut tm = MaybeUninit::zeroed();
        // SAFETY: both pointers are to memory of this function; the library fills all of it in, or answers null.
        unsafe {
            if libc::localtime_r(&seconds, tm.as_mut_ptr()).is_null() {
                return Err(io::Error::last_os_error());
            }
            Ok(moment(&tm.assume_init()))
        }
    })
}

/// The same in Greenwich.
pub fn universal(seconds: time_t) -> io::Result<Moment> {
    let mut tm = MaybeUninit::zeroed();
    // SAFETY: as in `local`.
    unsafe {
        if libc::gmtime_r(&seconds, tm.as_mut_ptr()).is_null() {
            return Err(io::Error::last_os_error());
        }
        Ok(moment(&tm.assume_init()))
    }
}

/// The seconds since 1970 of a moment in a zone, whose parts may be out of range, and the moment with all parts in range.
pub fn seconds(given: &Moment, zone: Zone<'_>) -> io::Result<(time_t, Moment)> {
    in_zone(zone, || {
        let mut tm = broken_down(given, None);
        // SAFETY: errno is the thread's own, `tm` is alive. -1 is an answer like others, so errno tells.
        unsafe {
            *libc::__errno_location() = 0;
            let seconds = libc::mktime(&mut tm);
            match *libc::__errno_location() {
                errno if seconds == -1 && errno != 0 => Err(io::Error::from_raw_os_error(errno)),
                _ => Ok((seconds, moment(&tm))),
            }
        }
    })
}

/// The text of a moment by a format; None if it would be longer than `limit` bytes.
pub fn text(format: &CStr, given: &Moment, zone: Zone<'_>, limit: usize) -> Option<Vec<u8>> {
    let name = given.zone.as_deref().and_then(|zone| CString::new(zone).ok());
    let tm = broken_down(given, Some(name.as_deref().unwrap_or_default()));
    // The library's answer of 0 may mean an empty text: with a letter in front it never is.
    let marked = CString::new([b"x", format.to_bytes()].concat()).ok()?;
    in_zone(zone, || {
        let mut room = 256;
        while room <= limit {
            let mut buffer = vec![0u8; room];
            // SAFETY: pointer and length are of one buffer; the format ends in zero; `tm` and its zone are alive.
            let length = unsafe { libc::strftime(buffer.as_mut_ptr().cast::<c_char>(), room, marked.as_ptr(), &tm) };
            if length > 0 {
                return Some(buffer[1..length.min(room)].to_vec());
            }
            room *= 4;
        }
        None
    })
}

/// The moment that a text tells of, by a format, and how many bytes of the text were used.
pub fn parse(format: &CStr, text: &CStr) -> Option<(Moment, usize)> {
    let start = Moment { parts: [0, 0, 0, 0, 0, 0, 0, 0, -1], west: 0, zone: None };
    let mut tm = broken_down(&start, None);
    // SAFETY: both texts end in zero and are alive, as is `tm`.
    let end = unsafe { libc::strptime(text.as_ptr(), format.as_ptr(), &mut tm) };
    if end.is_null() {
        return None;
    }
    let used = (end as usize).checked_sub(text.as_ptr() as usize)?;
    tm.tm_zone = null();
    Some((moment(&tm), used))
}

/// The processor's time that this process has taken, in nanoseconds.
pub fn processor_time() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is alive during the call.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    u64::try_from(time.tv_sec.saturating_mul(1_000_000_000).saturating_add(time.tv_nsec)).unwrap_or(0)
}

/// The system's clock, and the times of this process and its children, user and system, all in nanoseconds.
pub fn times() -> [i64; 5] {
    let mut tms = libc::tms { tms_utime: 0, tms_stime: 0, tms_cutime: 0, tms_cstime: 0 };
    // SAFETY: `tms` is alive; sysconf touches no memory.
    let (clock, rate) = unsafe { (libc::times(&mut tms), libc::sysconf(libc::_SC_CLK_TCK)) };
    let tick = 1_000_000_000 / rate.max(1);
    [clock, tms.tms_utime, tms.tms_stime, tms.tms_cutime, tms.tms_cstime].map(|ticks| ticks.saturating_mul(tick))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_the_librarys_and_leave_no_trace() {
        let before = std::env::var_os("TZ");
        let berlin = local(1_700_000_000, Zone::Named("Europe/Berlin")).unwrap();
        assert_eq!((berlin.parts[2], berlin.west, berlin.zone.as_deref()), (23, -3600, Some("CET")));
        assert_eq!(seconds(&berlin, Zone::Named("Europe/Berlin")).unwrap().0, 1_700_000_000);
        assert_eq!(std::env::var_os("TZ"), before);
        assert_eq!(text(c"%H %Z %z", &berlin, Zone::Named("UTC"), 1 << 20).unwrap(), b"23 CET +0100");
        assert_eq!(text(c"", &berlin, Zone::Own, 1 << 20).unwrap(), b"");
        assert_eq!(text(c"%99999999d", &berlin, Zone::Own, 1 << 20), None);
        assert!(universal(time_t::MAX).is_err());
    }
}
