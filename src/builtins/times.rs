//! Clocks and the calendar. Times of day are vectors, as in Guile: second, minute, hour, day of the month, month from 0, year less
//! 1900, day of the week, day of the year, summer time, seconds west of Greenwich, name of the zone.

use super::addresses::Int;
use super::declare::{Argument, Str, Vector, out_of_range, wrong_type};
use super::process::settle;
use super::system::environment_variable;
use crate::builtins;
use crate::posix::clock::{self, Moment, Zone};
use crate::value::{Value, number};
use crate::vm::cx::{Answer, Cx, Exit};
use nix::libc;
use std::ffi::CString;
use std::io;

builtins! { TIMES;

/// The moment TIME, seconds since 1970, in the time zone ZONE, a string such as "Europe/Berlin": by default that of the environment
/// variable TZ, else the system's. A vector; see the procedures tm:sec and so on. [Guile: Time]
///
///     (tm:hour (localtime 1700000000 "Europe/Berlin"))  => 23
fn "localtime" (cx, time: Int, [zone: Str]) needs time {
    let seconds = seconds_of(cx, "localtime", time)?;
    let zone = zone_name(cx, zone);
    let answer = clock::local(seconds, zone_of(&zone));
    let moment = settle(cx, "localtime", answer)?;
    Ok::<_, Box<Exit>>(moment_value(cx, &moment))
}

/// The moment TIME, seconds since 1970, in Greenwich: a vector as localtime gives. [Guile: Time]
///
///     (gmtime 0)  => #(0 0 0 1 0 70 4 0 0 0 "GMT")
fn "gmtime" (cx, time: Int) {
    let seconds = seconds_of(cx, "gmtime", time)?;
    let moment = settle(cx, "gmtime", clock::universal(seconds))?;
    Ok::<_, Box<Exit>>(moment_value(cx, &moment))
}

/// The seconds since 1970 of a MOMENT in the time zone ZONE, and the moment with all its parts in range: a pair. The day of the week,
/// that of the year and the zone in MOMENT do not count, and its other parts may be too large or too small. [Guile: Time]
///
///     (car (mktime (gmtime 86400) "UTC"))  => 86400
fn "mktime" (cx, moment: Vector, [zone: Str]) needs time {
    let given = moment_of(cx, "mktime", 1, moment)?;
    let zone = zone_name(cx, zone);
    let answer = clock::seconds(&given, zone_of(&zone));
    let (seconds, moment) = settle(cx, "mktime", answer)?;
    let (seconds, moment) = (number::integer_from_i64(&cx.heap, seconds), moment_value(cx, &moment));
    Ok::<_, Box<Exit>>(cx.heap.cons(seconds, moment))
}

/// The text of MOMENT by FORMAT, in which %Y is the year, %m the month, %d the day, %H, %M and %S the time, %Z the zone, and so on:
/// see the system's manual of strftime. [Guile: Time]
///
///     (strftime "%Y-%m-%d" (gmtime 0))  => "1970-01-01"
fn "strftime" (cx, format: Str, moment: Vector) { strftime(cx, format, moment) }

/// The moment that TEXT tells of, if it is as FORMAT says (see strftime), and how many of its characters were used: a pair. What it
/// does not tell is 0, and -1 for summer time. [Guile: Time]
///
///     (tm:year (car (strptime "%Y-%m-%d" "2020-02-03")))  => 120
fn "strptime" (cx, format: Str, text: Str) { strptime(cx, format, text) }

/// Takes up what the environment variable TZ says; here that is never needed. [Guile: Time]
///
///     (tzset)
fn "tzset" (cx) {}

/// The time since the start, in units of which a second has internal-time-units-per-second. [Guile: Time]
///
///     (<= (get-internal-real-time) (get-internal-real-time))  => #t
fn "get-internal-real-time" (cx) needs time { cx.started.elapsed().as_nanos() as usize }

/// The time that the processor has worked for the program, in the same units. [Guile: Time]
///
///     (>= (get-internal-run-time) 0)  => #t
fn "get-internal-run-time" (cx) needs time { clock::processor_time() as usize }

/// Times of the process, in units of which a second has internal-time-units-per-second: a vector; see the procedures tms:clock and so
/// on. [Guile: Time]
///
///     (vector-length (times))  => 5
fn "times" (cx) needs time {
    let values = clock::times().map(|time| number::integer_from_i64(&cx.heap, time));
    cx.heap.vector(&values)
}
}

fn seconds_of(cx: &mut Cx, who: &str, time: Int) -> Answer<i64> {
    match number::integer_to_i64(&cx.heap, time.0) {
        Some(seconds) => Ok(seconds),
        None => out_of_range(cx, who, 1, "time", "an integer of 64 bits", time.0),
    }
}

/// The zone that a call asks for or the program's environment has: None for the process's own.
/// No zone has a longer name.
const LONGEST: usize = 4096;

fn zone_name(cx: &Cx, zone: Option<Str>) -> Option<Option<String>> {
    match zone {
        Some(name) => Some(
            cx.heap.str(name.0).map(|name| name.split('\0').next().unwrap_or_default().chars().take(LONGEST).collect()),
        ),
        None if cx.environment.contains_key("TZ") => Some(environment_variable(cx, "TZ")),
        None => None,
    }
}

fn zone_of(name: &Option<Option<String>>) -> Zone<'_> {
    match name {
        Some(Some(name)) => Zone::Named(name),
        Some(None) => Zone::Unset,
        None => Zone::Own,
    }
}

fn moment_value(cx: &Cx, moment: &Moment) -> Value {
    let mut fields: Vec<Value> = moment.parts.iter().map(|&part| Value::fixnum(part.into())).collect();
    fields.push(number::integer_from_i64(&cx.heap, moment.west));
    fields.push(moment.zone.as_deref().map_or(Value::FALSE, |zone| cx.heap.string(zone)));
    cx.heap.vector(&fields)
}

fn moment_of(cx: &mut Cx, who: &str, position: usize, vector: Vector) -> Answer<Moment> {
    let fields: Vec<Value> = vector.0.fields().take(12).collect();
    let [numbers @ .., zone] = &fields[..] else { return no_moment(cx, who, position, vector.0) };
    if numbers.len() != 10 {
        return no_moment(cx, who, position, vector.0);
    }
    let mut parts = [0; 10];
    for (part, &v) in parts.iter_mut().zip(numbers) {
        let Some(number) = Int::take(cx, v) else {
            return wrong_type(cx, who, position, "moment", "made of exact integers, but for the zone", v);
        };
        *part = number.c_int(cx, who, position, "moment")?;
    }
    let zone = match (*zone, cx.heap.str(*zone)) {
        (Value::FALSE, _) => None,
        (_, Some(name)) if !name.contains('\0') => Some(name.to_string()),
        _ => return wrong_type(cx, who, position, "moment", "one whose zone is a string or #f", *zone),
    };
    let [parts @ .., west] = parts;
    Ok(Moment { parts, west: west.into(), zone })
}

fn no_moment<T>(cx: &mut Cx, who: &str, position: usize, got: Value) -> Answer<T> {
    wrong_type(cx, who, position, "moment", "a vector of 11 elements, as localtime gives", got)
}

fn c_text(cx: &mut Cx, who: &str, position: usize, text: Str) -> Answer<CString> {
    match CString::new(cx.heap.str(text.0).unwrap_or_default()) {
        Ok(string) => Ok(string),
        Err(_) => wrong_type(cx, who, position, "", "a string without zero characters", text.0),
    }
}

fn strftime(cx: &mut Cx, format: Str, moment: Vector) -> Answer<String> {
    /// No format that means anything comes near.
    const LONGEST: usize = 1 << 20;
    if cx.heap.str(format.0).is_some_and(|text| text.len() > LONGEST) {
        return out_of_range(cx, "strftime", 1, "format", "one of texts below 1 MiB", format.0);
    }
    let text = c_text(cx, "strftime", 1, format)?;
    let moment = moment_of(cx, "strftime", 2, moment)?;
    let zone = zone_name(cx, None);
    match clock::text(&text, &moment, zone_of(&zone), LONGEST) {
        Some(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        None => out_of_range(cx, "strftime", 1, "format", "one of texts below 1 MiB", format.0),
    }
}

fn strptime(cx: &mut Cx, format: Str, text: Str) -> Answer {
    let (format, bytes) = (c_text(cx, "strptime", 1, format)?, c_text(cx, "strptime", 2, text)?);
    let Some((moment, used)) = clock::parse(&format, &bytes) else {
        return settle(cx, "strptime", Err(io::Error::from_raw_os_error(libc::EINVAL)));
    };
    let characters = String::from_utf8_lossy(&bytes.to_bytes()[..used]).chars().count();
    let moment = moment_value(cx, &moment);
    Ok(cx.heap.cons(moment, Value::fixnum(characters as i64)))
}
