//! Bytevectors, R7RS section 6.9, and the numbers in them of (rnrs bytevectors).

use super::declare::{Argument, Bytes, MutableBytes, Str, Sym, all_are, index, out_of_range, range, wrong_type};
use super::lists::elements;
use super::vectors::{room, room_for};
use crate::builtins;
use crate::value::Value;
use crate::value::number::{integer_from_i64, integer_from_u64, integer_to_i64, integer_to_u64, is_exact_integer};
use crate::value::stop::{PIECE, pieces};
use crate::vm::arithmetic;
use crate::vm::cx::{Answer, Cx};

builtins! { BYTEVECTORS;

/// Whether OBJ is a bytevector. [R7RS 6.9]
///
///     (bytevector? #u8(1 2))  => #t
///     (bytevector? #(1 2))  => #f
fn "bytevector?" (cx, obj: Value) { obj.is_bytevector() }

/// A new bytevector of K bytes, each BYTE (or 0). [R7RS 6.9]
///
///     (make-bytevector 2 12)  => #u8(12 12)
fn "make-bytevector" (cx, k: usize, [byte: Octet]) {
    cx.admit(k)?;
    let made = cx.heap.bytevector_room(k);
    match byte.map(|byte| byte.0) { None | Some(0) => {} Some(byte) => fill(cx, made, 0, k, byte)? }
    Ok(made)
}

/// A new bytevector of the BYTES. [R7RS 6.9]
///
///     (bytevector 1 3 5)  => #u8(1 3 5)
fn "bytevector" (cx, ..bytes) {
    all_are::<u8>(cx, "bytevector", 1, "bytes", bytes)?;
    let bytes: Vec<u8> = bytes.iter().filter_map(|v| v.as_fixnum()).map(|n| n as u8).collect();
    Ok(cx.heap.long_bytevector(&bytes)?)
}

/// How many bytes BYTEVECTOR has. [R7RS 6.9]
///
///     (bytevector-length #u8(1 2 3))  => 3
fn "bytevector-length" (cx, bytevector: Bytes) { bytes(cx, bytevector.0).len() }

/// Byte K of BYTEVECTOR; the first is byte 0. [R7RS 6.9]
///
///     (bytevector-u8-ref #u8(1 1 2 3 5 8) 5)  => 8
fn "bytevector-u8-ref" (cx, bytevector: Bytes, k: usize) {
    let k = index(cx, "bytevector-u8-ref", 2, "k", k, bytes(cx, bytevector.0).len())?;
    Ok(bytes(cx, bytevector.0)[k] as usize)
}

/// Puts BYTE into byte K of BYTEVECTOR. [R7RS 6.9]
///
///     (let ((b (bytevector 1 2 3))) (bytevector-u8-set! b 1 255) b)  => #u8(1 255 3)
fn "bytevector-u8-set!" (cx, bytevector: MutableBytes, k: usize, byte: u8) {
    let k = index(cx, "bytevector-u8-set!", 2, "k", k, bytes(cx, bytevector.0).len())?;
    write(cx, bytevector.0, k, &[byte]);
    Ok(())
}

/// A new bytevector of the bytes of BYTEVECTOR from START to before END. [R7RS 6.9]
///
///     (bytevector-copy #u8(1 2 3 4 5) 2 4)  => #u8(3 4)
fn "bytevector-copy" (cx, bytevector: Bytes, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "bytevector-copy", 2, start, end, bytes(cx, bytevector.0).len())?;
    cx.admit(end - start)?;
    Ok(cx.heap.long_bytevector(&bytes(cx, bytevector.0)[start..end])?)
}

/// Puts the bytes of FROM between START and END into TO, from position AT on. They may be the same bytevector. [R7RS 6.9]
///
///     (let ((b (bytevector 1 2 3 4 5))) (bytevector-copy! b 1 #u8(10 20 30) 0 2) b)  => #u8(1 10 20 4 5)
fn "bytevector-copy!" (cx, to: MutableBytes, at: usize, from: Bytes, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "bytevector-copy!", 4, start, end, bytes(cx, from.0).len())?;
    room(cx, "bytevector-copy!", at, end - start, bytes(cx, to.0).len())?;
    Ok(cx.heap.move_bytes(to.0, at, from.0, start, end - start)?)
}

/// Puts COUNT bytes of FROM, from position START on, into TO, from position AT on: the bytevector-copy! of (rnrs bytevectors). They
/// may be the same bytevector. [R6RS bytevectors]
///
///     (%bytevector-copy! #u8(10 20 30) 0 target 1 2)
fn "%bytevector-copy!" (cx, from: Bytes, start: usize, to: MutableBytes, at: usize, count: usize) {
    room_for(cx, "bytevector-copy!", 2, "start", start, count, bytes(cx, from.0).len())?;
    room_for(cx, "bytevector-copy!", 4, "at", at, count, bytes(cx, to.0).len())?;
    Ok(cx.heap.move_bytes(to.0, at, from.0, start, count)?)
}

/// A new bytevector of the bytes of all the BYTEVECTORS, one after the other. [R7RS 6.9]
///
///     (bytevector-append #u8(0 1 2) #u8(3 4 5))  => #u8(0 1 2 3 4 5)
fn "bytevector-append" (cx, ..bytevectors) { append(cx, bytevectors) }

/// Puts BYTE into the bytes of BYTEVECTOR from START to before END. [R6RS bytevectors]
///
///     (let ((b (bytevector 1 2 3))) (bytevector-fill! b 7) b)  => #u8(7 7 7)
fn "bytevector-fill!" (cx, bytevector: MutableBytes, byte: Octet, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "bytevector-fill!", 3, start, end, bytes(cx, bytevector.0).len())?;
    fill(cx, bytevector.0, start, end, byte.0)
}

/// Whether A and B have the same bytes. [R6RS bytevectors]
///
///     (bytevector=? #u8(1 2) (bytevector 1 2))  => #t
fn "bytevector=?" (cx, a: Bytes, b: Bytes) { Ok(cx.heap.same_bytes(bytes(cx, a.0), bytes(cx, b.0))?) }

/// The string that the bytes of BYTEVECTOR from START to before END encode in UTF-8. [R7RS 6.9]
///
///     (utf8->string #u8(206 187))  => "λ"
fn "utf8->string" (cx, bytevector: Bytes, [start: usize], [end: usize]) { decode(cx, bytevector.0, start, end) }

/// The bytes that encode the characters of STRING from START to before END in UTF-8. [R7RS 6.9]
///
///     (string->utf8 "λ")  => #u8(206 187)
fn "string->utf8" (cx, string: Str, [start: usize], [end: usize]) {
    let (start, end) = range(cx, "string->utf8", 2, start, end, cx.heap.string_length(string.0))?;
    let size = cx.heap.substring(string.0, start, end).len();
    cx.admit(size)?;
    Ok(cx.heap.long_bytevector(cx.heap.substring(string.0, start, end).as_bytes())?)
}

/// A list of the bytes of BYTEVECTOR. [R6RS bytevectors]
///
///     (bytevector->u8-list #u8(1 2))  => (1 2)
fn "bytevector->u8-list" (cx, bytevector: Bytes) {
    cx.admit(bytes(cx, bytevector.0).len().saturating_mul(16))?;
    let items = bytes(cx, bytevector.0).iter().map(|&byte| Value::fixnum(byte as i64));
    Ok(cx.heap.long_list(items, Value::NIL)?)
}

/// A bytevector of the bytes in LIST. [R6RS bytevectors]
///
///     (u8-list->bytevector '(1 2))  => #u8(1 2)
fn "u8-list->bytevector" (cx, list: Value) {
    let items = elements(cx, "u8-list->bytevector", 1, "list", list)?;
    match items.iter().map(|v| v.as_fixnum().and_then(|n| u8::try_from(n).ok())).collect::<Option<Vec<u8>>>() {
        Some(bytes) => Ok(cx.heap.long_bytevector(&bytes)?),
        None => wrong_type(cx, "u8-list->bytevector", 1, "list", "a list of bytes", list),
    }
}

/// The order of the bytes of numbers on this machine: the symbol little or big. [R6RS bytevectors]
///
///     (symbol? (native-endianness))  => #t
fn "native-endianness" (cx) {
    Value::symbol(cx.symbols.intern(if cfg!(target_endian = "big") { "big" } else { "little" }))
}

/// Byte K of BYTEVECTOR as a number from -128 to 127. [R6RS bytevectors]
///
///     (bytevector-s8-ref #u8(255) 0)  => -1
fn "bytevector-s8-ref" (cx, bytevector: Bytes, k: usize) { read_integer::<1>(cx, "bytevector-s8-ref", bytevector, k, Order::NATIVE, true) }

/// Puts N, from -128 to 127, into byte K of BYTEVECTOR. [R6RS bytevectors]
///
///     (let ((b (bytevector 0))) (bytevector-s8-set! b 0 -2) b)  => #u8(254)
fn "bytevector-s8-set!" (cx, bytevector: MutableBytes, k: usize, n: Value) { write_integer::<1>(cx, "bytevector-s8-set!", bytevector, k, n, Order::NATIVE, true) }

/// The 2 bytes of BYTEVECTOR from byte K on as a number from 0 on; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (bytevector-u16-ref #u8(0 1) 0 'big)  => 1
///     (bytevector-u16-ref #u8(255 255) 0 'little)  => 65535
fn "bytevector-u16-ref" (cx, bytevector: Bytes, k: usize, endianness: Sym) {
    let order = Order::of(cx, "bytevector-u16-ref", 3, endianness)?;
    read_integer::<2>(cx, "bytevector-u16-ref", bytevector, k, order, false)
}

/// Puts N into 2 bytes of BYTEVECTOR from byte K on; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 2))) (bytevector-u16-set! b 0 258 'big) b)  => #u8(1 2)
fn "bytevector-u16-set!" (cx, bytevector: MutableBytes, k: usize, n: Value, endianness: Sym) {
    let order = Order::of(cx, "bytevector-u16-set!", 4, endianness)?;
    write_integer::<2>(cx, "bytevector-u16-set!", bytevector, k, n, order, false)
}

/// Like bytevector-u16-ref with the order of bytes of this machine. [R6RS bytevectors]
///
///     (bytevector-u16-native-ref #u8(255 255) 0)  => 65535
fn "bytevector-u16-native-ref" (cx, bytevector: Bytes, k: usize) {
    read_integer::<2>(cx, "bytevector-u16-native-ref", bytevector, k, Order::NATIVE, false)
}

/// Like bytevector-u16-set! with the order of bytes of this machine. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 2))) (bytevector-u16-native-set! b 0 65535) b)  => #u8(255 255)
fn "bytevector-u16-native-set!" (cx, bytevector: MutableBytes, k: usize, n: Value) {
    write_integer::<2>(cx, "bytevector-u16-native-set!", bytevector, k, n, Order::NATIVE, false)
}

/// The 2 bytes of BYTEVECTOR from byte K on as a number that may be negative; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (bytevector-s16-ref #u8(0 1) 0 'big)  => 1
///     (bytevector-s16-ref #u8(255 255) 0 'little)  => -1
fn "bytevector-s16-ref" (cx, bytevector: Bytes, k: usize, endianness: Sym) {
    let order = Order::of(cx, "bytevector-s16-ref", 3, endianness)?;
    read_integer::<2>(cx, "bytevector-s16-ref", bytevector, k, order, true)
}

/// Puts N into 2 bytes of BYTEVECTOR from byte K on; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 2))) (bytevector-s16-set! b 0 -2 'big) b)  => #u8(255 254)
fn "bytevector-s16-set!" (cx, bytevector: MutableBytes, k: usize, n: Value, endianness: Sym) {
    let order = Order::of(cx, "bytevector-s16-set!", 4, endianness)?;
    write_integer::<2>(cx, "bytevector-s16-set!", bytevector, k, n, order, true)
}

/// Like bytevector-s16-ref with the order of bytes of this machine. [R6RS bytevectors]
///
///     (bytevector-s16-native-ref #u8(255 255) 0)  => -1
fn "bytevector-s16-native-ref" (cx, bytevector: Bytes, k: usize) {
    read_integer::<2>(cx, "bytevector-s16-native-ref", bytevector, k, Order::NATIVE, true)
}

/// Like bytevector-s16-set! with the order of bytes of this machine. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 2))) (bytevector-s16-native-set! b 0 -1) b)  => #u8(255 255)
fn "bytevector-s16-native-set!" (cx, bytevector: MutableBytes, k: usize, n: Value) {
    write_integer::<2>(cx, "bytevector-s16-native-set!", bytevector, k, n, Order::NATIVE, true)
}

/// The 4 bytes of BYTEVECTOR from byte K on as a number from 0 on; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (bytevector-u32-ref #u8(0 0 0 1) 0 'big)  => 1
///     (bytevector-u32-ref #u8(255 255 255 255) 0 'little)  => 4294967295
fn "bytevector-u32-ref" (cx, bytevector: Bytes, k: usize, endianness: Sym) {
    let order = Order::of(cx, "bytevector-u32-ref", 3, endianness)?;
    read_integer::<4>(cx, "bytevector-u32-ref", bytevector, k, order, false)
}

/// Puts N into 4 bytes of BYTEVECTOR from byte K on; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 4))) (bytevector-u32-set! b 0 258 'big) b)  => #u8(0 0 1 2)
fn "bytevector-u32-set!" (cx, bytevector: MutableBytes, k: usize, n: Value, endianness: Sym) {
    let order = Order::of(cx, "bytevector-u32-set!", 4, endianness)?;
    write_integer::<4>(cx, "bytevector-u32-set!", bytevector, k, n, order, false)
}

/// Like bytevector-u32-ref with the order of bytes of this machine. [R6RS bytevectors]
///
///     (bytevector-u32-native-ref #u8(255 255 255 255) 0)  => 4294967295
fn "bytevector-u32-native-ref" (cx, bytevector: Bytes, k: usize) {
    read_integer::<4>(cx, "bytevector-u32-native-ref", bytevector, k, Order::NATIVE, false)
}

/// Like bytevector-u32-set! with the order of bytes of this machine. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 4))) (bytevector-u32-native-set! b 0 4294967295) b)  => #u8(255 255 255 255)
fn "bytevector-u32-native-set!" (cx, bytevector: MutableBytes, k: usize, n: Value) {
    write_integer::<4>(cx, "bytevector-u32-native-set!", bytevector, k, n, Order::NATIVE, false)
}

/// The 4 bytes of BYTEVECTOR from byte K on as a number that may be negative; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (bytevector-s32-ref #u8(0 0 0 1) 0 'big)  => 1
///     (bytevector-s32-ref #u8(255 255 255 255) 0 'little)  => -1
fn "bytevector-s32-ref" (cx, bytevector: Bytes, k: usize, endianness: Sym) {
    let order = Order::of(cx, "bytevector-s32-ref", 3, endianness)?;
    read_integer::<4>(cx, "bytevector-s32-ref", bytevector, k, order, true)
}

/// Puts N into 4 bytes of BYTEVECTOR from byte K on; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 4))) (bytevector-s32-set! b 0 -2 'big) b)  => #u8(255 255 255 254)
fn "bytevector-s32-set!" (cx, bytevector: MutableBytes, k: usize, n: Value, endianness: Sym) {
    let order = Order::of(cx, "bytevector-s32-set!", 4, endianness)?;
    write_integer::<4>(cx, "bytevector-s32-set!", bytevector, k, n, order, true)
}

/// Like bytevector-s32-ref with the order of bytes of this machine. [R6RS bytevectors]
///
///     (bytevector-s32-native-ref #u8(255 255 255 255) 0)  => -1
fn "bytevector-s32-native-ref" (cx, bytevector: Bytes, k: usize) {
    read_integer::<4>(cx, "bytevector-s32-native-ref", bytevector, k, Order::NATIVE, true)
}

/// Like bytevector-s32-set! with the order of bytes of this machine. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 4))) (bytevector-s32-native-set! b 0 -1) b)  => #u8(255 255 255 255)
fn "bytevector-s32-native-set!" (cx, bytevector: MutableBytes, k: usize, n: Value) {
    write_integer::<4>(cx, "bytevector-s32-native-set!", bytevector, k, n, Order::NATIVE, true)
}

/// The 8 bytes of BYTEVECTOR from byte K on as a number from 0 on; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (bytevector-u64-ref #u8(0 0 0 0 0 0 0 1) 0 'big)  => 1
///     (bytevector-u64-ref #u8(255 255 255 255 255 255 255 255) 0 'little)  => 18446744073709551615
fn "bytevector-u64-ref" (cx, bytevector: Bytes, k: usize, endianness: Sym) {
    let order = Order::of(cx, "bytevector-u64-ref", 3, endianness)?;
    read_integer::<8>(cx, "bytevector-u64-ref", bytevector, k, order, false)
}

/// Puts N into 8 bytes of BYTEVECTOR from byte K on; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 8))) (bytevector-u64-set! b 0 258 'big) b)  => #u8(0 0 0 0 0 0 1 2)
fn "bytevector-u64-set!" (cx, bytevector: MutableBytes, k: usize, n: Value, endianness: Sym) {
    let order = Order::of(cx, "bytevector-u64-set!", 4, endianness)?;
    write_integer::<8>(cx, "bytevector-u64-set!", bytevector, k, n, order, false)
}

/// Like bytevector-u64-ref with the order of bytes of this machine. [R6RS bytevectors]
///
///     (bytevector-u64-native-ref #u8(255 255 255 255 255 255 255 255) 0)  => 18446744073709551615
fn "bytevector-u64-native-ref" (cx, bytevector: Bytes, k: usize) {
    read_integer::<8>(cx, "bytevector-u64-native-ref", bytevector, k, Order::NATIVE, false)
}

/// Like bytevector-u64-set! with the order of bytes of this machine. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 8))) (bytevector-u64-native-set! b 0 18446744073709551615) b)  => #u8(255 255 255 255 255 255 255 255)
fn "bytevector-u64-native-set!" (cx, bytevector: MutableBytes, k: usize, n: Value) {
    write_integer::<8>(cx, "bytevector-u64-native-set!", bytevector, k, n, Order::NATIVE, false)
}

/// The 8 bytes of BYTEVECTOR from byte K on as a number that may be negative; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (bytevector-s64-ref #u8(0 0 0 0 0 0 0 1) 0 'big)  => 1
///     (bytevector-s64-ref #u8(255 255 255 255 255 255 255 255) 0 'little)  => -1
fn "bytevector-s64-ref" (cx, bytevector: Bytes, k: usize, endianness: Sym) {
    let order = Order::of(cx, "bytevector-s64-ref", 3, endianness)?;
    read_integer::<8>(cx, "bytevector-s64-ref", bytevector, k, order, true)
}

/// Puts N into 8 bytes of BYTEVECTOR from byte K on; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 8))) (bytevector-s64-set! b 0 -2 'big) b)  => #u8(255 255 255 255 255 255 255 254)
fn "bytevector-s64-set!" (cx, bytevector: MutableBytes, k: usize, n: Value, endianness: Sym) {
    let order = Order::of(cx, "bytevector-s64-set!", 4, endianness)?;
    write_integer::<8>(cx, "bytevector-s64-set!", bytevector, k, n, order, true)
}

/// Like bytevector-s64-ref with the order of bytes of this machine. [R6RS bytevectors]
///
///     (bytevector-s64-native-ref #u8(255 255 255 255 255 255 255 255) 0)  => -1
fn "bytevector-s64-native-ref" (cx, bytevector: Bytes, k: usize) {
    read_integer::<8>(cx, "bytevector-s64-native-ref", bytevector, k, Order::NATIVE, true)
}

/// Like bytevector-s64-set! with the order of bytes of this machine. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 8))) (bytevector-s64-native-set! b 0 -1) b)  => #u8(255 255 255 255 255 255 255 255)
fn "bytevector-s64-native-set!" (cx, bytevector: MutableBytes, k: usize, n: Value) {
    write_integer::<8>(cx, "bytevector-s64-native-set!", bytevector, k, n, Order::NATIVE, true)
}

/// The 4 bytes of BYTEVECTOR from byte K on as a floating-point number (IEEE 754). [R6RS bytevectors]
///
///     (bytevector-ieee-single-ref #u8(63 192 0 0) 0 'big)  => 1.5
fn "bytevector-ieee-single-ref" (cx, bytevector: Bytes, k: usize, endianness: Sym) {
    let order = Order::of(cx, "bytevector-ieee-single-ref", 3, endianness)?;
    let bytes = read::<4>(cx, "bytevector-ieee-single-ref", bytevector, k, order)?;
    Ok(f32::from_le_bytes(bytes) as f64)
}

/// Puts the real number X into 4 bytes of BYTEVECTOR from byte K on (IEEE 754). [R6RS bytevectors]
///
///     (let ((b (make-bytevector 4))) (bytevector-ieee-single-set! b 0 1.5 'big) b)  => #u8(63 192 0 0)
fn "bytevector-ieee-single-set!" (cx, bytevector: MutableBytes, k: usize, x: Value, endianness: Sym) {
    let order = Order::of(cx, "bytevector-ieee-single-set!", 4, endianness)?;
    let x = arithmetic::real_to_f64(cx, "bytevector-ieee-single-set!", 3, x)?;
    write_ordered(cx, "bytevector-ieee-single-set!", bytevector, k, (x as f32).to_le_bytes(), order)
}

/// Like bytevector-ieee-single-ref with the order of bytes of this machine. [R6RS bytevectors]
///
///     (bytevector-ieee-single-native-ref (make-bytevector 4) 0)  => 0.0
fn "bytevector-ieee-single-native-ref" (cx, bytevector: Bytes, k: usize) {
    let bytes = read::<4>(cx, "bytevector-ieee-single-native-ref", bytevector, k, Order::NATIVE)?;
    Ok(f32::from_le_bytes(bytes) as f64)
}

/// Like bytevector-ieee-single-set! with the order of bytes of this machine. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 4 1))) (bytevector-ieee-single-native-set! b 0 0.0) b)  => #u8(0 0 0 0)
fn "bytevector-ieee-single-native-set!" (cx, bytevector: MutableBytes, k: usize, x: Value) {
    let x = arithmetic::real_to_f64(cx, "bytevector-ieee-single-native-set!", 3, x)?;
    write_ordered(cx, "bytevector-ieee-single-native-set!", bytevector, k, (x as f32).to_le_bytes(), Order::NATIVE)
}

/// The 8 bytes of BYTEVECTOR from byte K on as a floating-point number (IEEE 754). [R6RS bytevectors]
///
///     (bytevector-ieee-double-ref #u8(63 248 0 0 0 0 0 0) 0 'big)  => 1.5
fn "bytevector-ieee-double-ref" (cx, bytevector: Bytes, k: usize, endianness: Sym) {
    let order = Order::of(cx, "bytevector-ieee-double-ref", 3, endianness)?;
    let bytes = read::<8>(cx, "bytevector-ieee-double-ref", bytevector, k, order)?;
    Ok(f64::from_le_bytes(bytes))
}

/// Puts the real number X into 8 bytes of BYTEVECTOR from byte K on (IEEE 754). [R6RS bytevectors]
///
///     (let ((b (make-bytevector 8))) (bytevector-ieee-double-set! b 0 1.5 'big) b)  => #u8(63 248 0 0 0 0 0 0)
fn "bytevector-ieee-double-set!" (cx, bytevector: MutableBytes, k: usize, x: Value, endianness: Sym) {
    let order = Order::of(cx, "bytevector-ieee-double-set!", 4, endianness)?;
    let x = arithmetic::real_to_f64(cx, "bytevector-ieee-double-set!", 3, x)?;
    write_ordered(cx, "bytevector-ieee-double-set!", bytevector, k, (x).to_le_bytes(), order)
}

/// Like bytevector-ieee-double-ref with the order of bytes of this machine. [R6RS bytevectors]
///
///     (bytevector-ieee-double-native-ref (make-bytevector 8) 0)  => 0.0
fn "bytevector-ieee-double-native-ref" (cx, bytevector: Bytes, k: usize) {
    let bytes = read::<8>(cx, "bytevector-ieee-double-native-ref", bytevector, k, Order::NATIVE)?;
    Ok(f64::from_le_bytes(bytes))
}

/// Like bytevector-ieee-double-set! with the order of bytes of this machine. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 8 1))) (bytevector-ieee-double-native-set! b 0 0.0) b)  => #u8(0 0 0 0 0 0 0 0)
fn "bytevector-ieee-double-native-set!" (cx, bytevector: MutableBytes, k: usize, x: Value) {
    let x = arithmetic::real_to_f64(cx, "bytevector-ieee-double-native-set!", 3, x)?;
    write_ordered(cx, "bytevector-ieee-double-native-set!", bytevector, k, (x).to_le_bytes(), Order::NATIVE)
}
}

fn bytes(cx: &Cx, v: Value) -> &[u8] {
    cx.heap.bytes(v).unwrap_or_default()
}

/// Puts bytes where there is room for them.
fn write(cx: &mut Cx, v: Value, at: usize, bytes: &[u8]) {
    if let Some(to) = cx.heap.bytes_mut(v) {
        to[at..at + bytes.len()].copy_from_slice(bytes);
    }
}

/// A byte to fill with, which may be given as a negative number, too. [R6RS bytevectors]
struct Octet(u8);

impl Argument for Octet {
    const EXPECTED: &'static str = "a byte (an exact integer from -128 to 255)";
    const OF_INTEGERS: bool = true;
    fn take(_: &Cx, v: Value) -> Option<Octet> {
        v.as_fixnum().filter(|n| (-128..256).contains(n)).map(|n| Octet(n as u8))
    }
}

fn fill(cx: &mut Cx, v: Value, start: usize, end: usize, byte: u8) -> Answer<()> {
    for range in pieces(end - start, PIECE) {
        cx.check_interrupt()?;
        if let Some(bytes) = cx.heap.bytes_mut(v) {
            bytes[start + range.start..start + range.end].fill(byte);
        }
    }
    Ok(())
}

fn append(cx: &mut Cx, bytevectors: &[Value]) -> Answer {
    all_are::<Bytes>(cx, "bytevector-append", 1, "bytevectors", bytevectors)?;
    let size = bytevectors.iter().map(|&v| bytes(cx, v).len()).sum::<usize>();
    cx.admit(size)?;
    let whole = cx.heap.bytevector_room(size);
    let mut at = 0;
    for &v in bytevectors {
        let length = bytes(cx, v).len();
        cx.heap.move_bytes(whole, at, v, 0, length)?;
        at += length;
    }
    Ok(whole)
}

fn decode(cx: &mut Cx, v: Value, start: Option<usize>, end: Option<usize>) -> Answer {
    let (start, end) = range(cx, "utf8->string", 2, start, end, bytes(cx, v).len())?;
    cx.admit((end - start).saturating_mul(2))?;
    let all = &bytes(cx, v)[start..end];
    let mut text = String::with_capacity(all.len());
    while text.len() < all.len() {
        cx.check_interrupt()?;
        let rest = &all[text.len()..];
        let piece = &rest[..rest.len().min(PIECE)];
        let good = match std::str::from_utf8(piece) {
            Ok(good) => good,
            // A character that the end of the piece cuts in two is taken up by the next one.
            Err(error) if error.error_len().is_none() && piece.len() < rest.len() => {
                std::str::from_utf8(&piece[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(error) => {
                let at = start + text.len() + error.valid_up_to();
                let shown = cx.show(v);
                return cx.fail(|make| make.not_utf8("utf8->string", v, at, &shown));
            }
        };
        text.push_str(good);
    }
    Ok(cx.heap.long_string(&text)?)
}

/// The order of the bytes of a number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Little,
    Big,
}

impl Order {
    const NATIVE: Order = if cfg!(target_endian = "big") { Order::Big } else { Order::Little };

    pub fn of(cx: &mut Cx, who: &str, position: usize, endianness: Sym) -> Answer<Order> {
        match endianness.0.as_symbol().map(|symbol| cx.symbols.name(symbol)) {
            Some("little") => Ok(Order::Little),
            Some("big") => Ok(Order::Big),
            _ => out_of_range(cx, who, position, "endianness", "big or little", endianness.0),
        }
    }
}

/// N bytes from byte k on, lowest first.
fn read<const N: usize>(cx: &mut Cx, who: &str, v: Bytes, k: usize, order: Order) -> Answer<[u8; N]> {
    let length = bytes(cx, v.0).len();
    let mut number = [0; N];
    if N > length || k > length - N {
        index(cx, who, 2, "k", k, (length + 1).saturating_sub(N))?;
    }
    number.copy_from_slice(&bytes(cx, v.0)[k..k + N]);
    if order == Order::Big {
        number.reverse();
    }
    Ok(number)
}

fn write_ordered<const N: usize>(
    cx: &mut Cx,
    who: &str,
    v: MutableBytes,
    k: usize,
    mut number: [u8; N],
    order: Order,
) -> Answer<()> {
    let length = bytes(cx, v.0).len();
    if N > length || k > length - N {
        index(cx, who, 2, "k", k, (length + 1).saturating_sub(N))?;
    }
    if order == Order::Big {
        number.reverse();
    }
    write(cx, v.0, k, &number);
    Ok(())
}

fn read_integer<const N: usize>(cx: &mut Cx, who: &str, v: Bytes, k: usize, order: Order, signed: bool) -> Answer {
    let low = read::<N>(cx, who, v, k, order)?;
    let extension = if signed && low[N - 1] >= 128 { 255 } else { 0 };
    let mut all = [extension; 8];
    all[..N].copy_from_slice(&low);
    let number = u64::from_le_bytes(all);
    Ok(if signed { integer_from_i64(&cx.heap, number as i64) } else { integer_from_u64(&cx.heap, number) })
}

fn write_integer<const N: usize>(
    cx: &mut Cx,
    who: &str,
    v: MutableBytes,
    k: usize,
    n: Value,
    order: Order,
    signed: bool,
) -> Answer<()> {
    let bits = 8 * N as u32;
    let number = if signed {
        integer_to_i64(&cx.heap, n).filter(|n| n >> (bits - 1) == 0 || n >> (bits - 1) == -1).map(|n| n as u64)
    } else {
        integer_to_u64(&cx.heap, n).filter(|n| bits == 64 || n >> bits == 0)
    };
    let Some(number) = number else {
        let sort = if signed { "a signed" } else { "an unsigned" };
        let expected = format!("{sort} integer of {bits} bits");
        return if is_exact_integer(n) {
            out_of_range(cx, who, 3, "n", &expected, n)
        } else {
            wrong_type(cx, who, 3, "n", &expected, n)
        };
    };
    let mut low = [0; N];
    low.copy_from_slice(&number.to_le_bytes()[..N]);
    write_ordered(cx, who, v, k, low, order)
}
