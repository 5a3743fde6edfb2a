//! The rest of (rnrs bytevectors): integers of any size in bytevectors, and text in UTF-16 and UTF-32.

use super::bytevectors::Order;
use super::declare::{Bytes, MutableBytes, Str, Sym, index, out_of_range, wrong_type};
use super::lists::elements;
use crate::builtins;
use crate::num::Int;
use crate::value::Value;
use crate::value::number::{is_exact_integer, load_integer, store_integer};
use crate::value::stop::STRIDE;
use crate::vm::cx::{Answer, Cx};

builtins! { BYTEVECTOR_NUMBERS;

/// The SIZE bytes of BYTEVECTOR from byte K on as a number from 0 on; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (bytevector-uint-ref #u8(1 2 3) 0 'big 3)  => 66051
fn "bytevector-uint-ref" (cx, bytevector: Bytes, k: usize, endianness: Sym, size: usize) {
    let order = Order::of(cx, "bytevector-uint-ref", 3, endianness)?;
    let bytes = part(cx, "bytevector-uint-ref", bytevector.0, k, size)?;
    Ok(number(cx, &bytes, order, false))
}

/// The SIZE bytes of BYTEVECTOR from byte K on as a number that may be negative; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (bytevector-sint-ref #u8(255 255 254) 0 'big 3)  => -2
fn "bytevector-sint-ref" (cx, bytevector: Bytes, k: usize, endianness: Sym, size: usize) {
    let order = Order::of(cx, "bytevector-sint-ref", 3, endianness)?;
    let bytes = part(cx, "bytevector-sint-ref", bytevector.0, k, size)?;
    Ok(number(cx, &bytes, order, true))
}

/// Puts N, from 0 on, into SIZE bytes of BYTEVECTOR from byte K on; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 3 9))) (bytevector-uint-set! b 0 258 'big 3) b)  => #u8(0 1 2)
fn "bytevector-uint-set!" (cx, bytevector: MutableBytes, k: usize, n: Value, endianness: Sym, size: usize) {
    let order = Order::of(cx, "bytevector-uint-set!", 4, endianness)?;
    set(cx, "bytevector-uint-set!", bytevector.0, k, n, order, size, false)
}

/// Puts N, which may be negative, into SIZE bytes of BYTEVECTOR from byte K on; ENDIANNESS is big or little. [R6RS bytevectors]
///
///     (let ((b (make-bytevector 3 9))) (bytevector-sint-set! b 0 -2 'big 3) b)  => #u8(255 255 254)
fn "bytevector-sint-set!" (cx, bytevector: MutableBytes, k: usize, n: Value, endianness: Sym, size: usize) {
    let order = Order::of(cx, "bytevector-sint-set!", 4, endianness)?;
    set(cx, "bytevector-sint-set!", bytevector.0, k, n, order, size, true)
}

/// A list of the numbers from 0 on that stand in BYTEVECTOR, each in SIZE bytes. [R6RS bytevectors]
///
///     (bytevector->uint-list #u8(0 1 0 2) 'big 2)  => (1 2)
fn "bytevector->uint-list" (cx, bytevector: Bytes, endianness: Sym, size: usize) { list(cx, "bytevector->uint-list", bytevector.0, endianness, size, false) }

/// A list of the numbers that stand in BYTEVECTOR, each in SIZE bytes, negative ones as well. [R6RS bytevectors]
///
///     (bytevector->sint-list #u8(0 1 255 255) 'big 2)  => (1 -1)
fn "bytevector->sint-list" (cx, bytevector: Bytes, endianness: Sym, size: usize) { list(cx, "bytevector->sint-list", bytevector.0, endianness, size, true) }

/// A bytevector of the numbers in LIST, from 0 on, each in SIZE bytes. [R6RS bytevectors]
///
///     (uint-list->bytevector '(1 2) 'big 2)  => #u8(0 1 0 2)
fn "uint-list->bytevector" (cx, list: Value, endianness: Sym, size: usize) { from_list(cx, "uint-list->bytevector", list, endianness, size, false) }

/// A bytevector of the numbers in LIST, each in SIZE bytes, negative ones as well. [R6RS bytevectors]
///
///     (sint-list->bytevector '(1 -1) 'big 2)  => #u8(0 1 255 255)
fn "sint-list->bytevector" (cx, list: Value, endianness: Sym, size: usize) { from_list(cx, "sint-list->bytevector", list, endianness, size, true) }

/// The bytes of STRING in UTF-16; ENDIANNESS is big (which is usual) or little. [R6RS bytevectors]
///
///     (string->utf16 "aλ")  => #u8(0 97 3 187)
fn "string->utf16" (cx, string: Str, [endianness: Sym]) {
    let order = order_or_big(cx, "string->utf16", endianness)?;
    encode(cx, string.0, |c, out| c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| push(out, &unit.to_le_bytes(), order)))
}

/// The bytes of STRING in UTF-32; ENDIANNESS is big (which is usual) or little. [R6RS bytevectors]
///
///     (string->utf32 "a" 'little)  => #u8(97 0 0 0)
fn "string->utf32" (cx, string: Str, [endianness: Sym]) {
    let order = order_or_big(cx, "string->utf32", endianness)?;
    encode(cx, string.0, |c, out| push(out, &(c as u32).to_le_bytes(), order))
}

/// The string that BYTEVECTOR holds in UTF-16; ENDIANNESS is big (which is usual) or little. [R6RS bytevectors]
///
///     (utf16->string #u8(0 97 3 187))  => "aλ"
fn "utf16->string" (cx, bytevector: Bytes, [endianness: Sym]) {
    let order = order_or_big(cx, "utf16->string", endianness)?;
    let bytes = cx.heap.bytes(bytevector.0).unwrap_or_default();
    cx.admit(bytes.len().saturating_mul(4))?;
    let bytes = cx.heap.bytes(bytevector.0).unwrap_or_default();
    let units = cx.heap.watch(bytes.chunks_exact(2)).map(|two| joined(two, order) as u16);
    let text: Option<String> = char::decode_utf16(units).map(Result::ok).collect();
    cx.check_interrupt()?;
    match text.filter(|_| bytes.len().is_multiple_of(2)) {
        Some(text) => Ok(cx.heap.long_string(&text)?),
        None => wrong_type(cx, "utf16->string", 1, "bytevector", "text in UTF-16", bytevector.0),
    }
}

/// The string that BYTEVECTOR holds in UTF-32; ENDIANNESS is big (which is usual) or little. [R6RS bytevectors]
///
///     (utf32->string #u8(0 0 0 97))  => "a"
fn "utf32->string" (cx, bytevector: Bytes, [endianness: Sym]) {
    let order = order_or_big(cx, "utf32->string", endianness)?;
    let bytes = cx.heap.bytes(bytevector.0).unwrap_or_default();
    cx.admit(bytes.len())?;
    let bytes = cx.heap.bytes(bytevector.0).unwrap_or_default();
    let text: Option<String> = cx.heap.watch(bytes.chunks_exact(4)).map(|four| char::from_u32(joined(four, order) as u32)).collect();
    cx.check_interrupt()?;
    match text.filter(|_| bytes.len().is_multiple_of(4)) {
        Some(text) => Ok(cx.heap.long_string(&text)?),
        None => wrong_type(cx, "utf32->string", 1, "bytevector", "text in UTF-32", bytevector.0),
    }
}
}

fn order_or_big(cx: &mut Cx, who: &str, endianness: Option<Sym>) -> Answer<Order> {
    endianness.map_or(Ok(Order::Big), |endianness| Order::of(cx, who, 2, endianness))
}

fn push(out: &mut Vec<u8>, low_first: &[u8], order: Order) {
    match order {
        Order::Little => out.extend(low_first),
        Order::Big => out.extend(low_first.iter().rev()),
    }
}

/// The number in at most eight bytes.
fn joined(bytes: &[u8], order: Order) -> u64 {
    let add = |number: u64, &byte: &u8| number << 8 | byte as u64;
    match order {
        Order::Big => bytes.iter().fold(0, add),
        Order::Little => bytes.iter().rev().fold(0, add),
    }
}

fn encode(cx: &mut Cx, string: Value, write: impl Fn(char, &mut Vec<u8>)) -> Answer {
    cx.admit(cx.heap.str(string).map_or(0, str::len).saturating_mul(8))?;
    let mut out = Vec::new();
    for (count, c) in cx.heap.str(string).unwrap_or_default().chars().enumerate() {
        if count.is_multiple_of(STRIDE) {
            cx.check_interrupt()?;
        }
        write(c, &mut out);
    }
    Ok(cx.heap.long_bytevector(&out)?)
}

/// `size` bytes from byte `k` on.
fn part(cx: &mut Cx, who: &str, bytevector: Value, k: usize, size: usize) -> Answer<Vec<u8>> {
    let length = cx.heap.bytes(bytevector).map_or(0, <[u8]>::len);
    check_size(cx, who, size)?;
    if size > length || k > length - size {
        index(cx, who, 2, "k", k, (length + 1).saturating_sub(size))?;
        return out_of_range(cx, who, 2, "k", "a place with so many bytes behind it", Value::fixnum(k as i64));
    }
    cx.admit(size)?;
    Ok(cx.heap.bytes(bytevector).unwrap_or_default()[k..k + size].to_vec())
}

fn check_size(cx: &mut Cx, who: &str, size: usize) -> Answer<()> {
    if size > 0 { Ok(()) } else { out_of_range(cx, who, 4, "size", "above 0", Value::fixnum(0)) }
}

fn number(cx: &mut Cx, bytes: &[u8], order: Order, signed: bool) -> Value {
    let mut low_first = bytes.to_vec();
    if order == Order::Big {
        low_first.reverse();
    }
    let negative = signed && low_first.last().is_some_and(|&top| top >= 128);
    if negative {
        // The magnitude of a number in two's complement.
        let mut carry = true;
        for byte in &mut low_first {
            let (value, over) = (!*byte).overflowing_add(carry as u8);
            *byte = value;
            carry = over;
        }
        if carry {
            low_first.push(1);
        }
    }
    let limbs: Vec<u64> = low_first.chunks(8).map(|chunk| joined(chunk, Order::Little)).collect();
    store_integer(&cx.heap, &Int::from_limbs(negative, &limbs))
}

/// The bytes of a number, or nothing if it does not fit.
fn bytes_of(cx: &Cx, n: Value, order: Order, size: usize, signed: bool) -> Option<Vec<u8>> {
    let n = load_integer(&cx.heap, n)?;
    let bits = 8 * size as u64;
    // A negative number takes as many bits as the one below its magnitude, and a sign.
    let fits = match (signed, n.is_negative()) {
        (false, negative) => !negative && n.bit_length() <= bits,
        (true, false) => n.bit_length() < bits,
        (true, true) => n.add(&Int::from(1i64)).neg().bit_length() < bits,
    };
    if !fits {
        return None;
    }
    let mut bytes = Vec::with_capacity(size);
    n.with_limbs(|_, limbs| bytes.extend(limbs.iter().flat_map(|limb| limb.to_le_bytes()).take(size)));
    bytes.resize(size, 0);
    if n.is_negative() {
        let mut carry = true;
        for byte in &mut bytes {
            let (value, over) = (!*byte).overflowing_add(carry as u8);
            *byte = value;
            carry = over;
        }
    }
    if order == Order::Big {
        bytes.reverse();
    }
    Some(bytes)
}

#[allow(clippy::too_many_arguments)]
fn set(
    cx: &mut Cx,
    who: &str,
    bytevector: Value,
    k: usize,
    n: Value,
    order: Order,
    size: usize,
    signed: bool,
) -> Answer<()> {
    part(cx, who, bytevector, k, size)?;
    let Some(bytes) = bytes_of(cx, n, order, size, signed) else {
        let expected = format!("an integer that fits into {size} bytes");
        return if is_exact_integer(n) {
            out_of_range(cx, who, 3, "n", &expected, n)
        } else {
            wrong_type(cx, who, 3, "n", &expected, n)
        };
    };
    if let Some(all) = cx.heap.bytes_mut(bytevector) {
        all[k..k + size].copy_from_slice(&bytes);
    }
    Ok(())
}

fn list(cx: &mut Cx, who: &str, bytevector: Value, endianness: Sym, size: usize, signed: bool) -> Answer {
    let order = Order::of(cx, who, 2, endianness)?;
    let length = cx.heap.bytes(bytevector).map_or(0, <[u8]>::len);
    if size == 0 || !length.is_multiple_of(size) {
        return out_of_range(cx, who, 3, "size", &format!("a divisor of {length}"), Value::fixnum(size as i64));
    }
    cx.admit((length / size).saturating_mul(48))?;
    let all = cx.heap.bytes(bytevector).unwrap_or_default().to_vec();
    let mut items = Value::NIL;
    for (count, bytes) in all.chunks_exact(size).rev().enumerate() {
        if count.is_multiple_of(STRIDE) {
            cx.check_interrupt()?;
        }
        let item = number(cx, bytes, order, signed);
        items = cx.heap.cons(item, items);
    }
    Ok(items)
}

fn from_list(cx: &mut Cx, who: &str, list: Value, endianness: Sym, size: usize, signed: bool) -> Answer {
    let order = Order::of(cx, who, 2, endianness)?;
    check_size(cx, who, size)?;
    let items = elements(cx, who, 1, "list", list)?;
    cx.admit(items.len().saturating_mul(size).saturating_mul(2))?;
    let mut all = Vec::with_capacity(items.len() * size);
    for item in items {
        match bytes_of(cx, item, order, size, signed) {
            Some(bytes) => all.extend(bytes),
            None => {
                let expected = format!("a list of integers that fit into {size} bytes");
                return wrong_type(cx, who, 1, "list", &expected, list);
            }
        }
    }
    Ok(cx.heap.long_bytevector(&all)?)
}
