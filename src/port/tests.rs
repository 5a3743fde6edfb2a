//! Ports over memory, files, pipes and sockets.

use std::cell::RefCell;
use std::os::fd::AsRawFd;
use std::rc::Rc;
use std::time::Duration;

use nix::libc;

use super::file::{Purpose, open};
use super::*;
use crate::net::{Asker, Event, Interest, Mode};

fn net() -> Net {
    Net::new().unwrap()
}

fn sockets(net: &mut Net) -> (Port, Port) {
    let (a, b) = Socket::pair(net, libc::AF_UNIX, libc::SOCK_STREAM, 0).unwrap();
    (Port::of_socket(a), Port::of_socket(b))
}

fn pipe() -> (Port, Port) {
    let (a, b) = nix::unistd::pipe().unwrap();
    let port = |fd, ways| Port::new("pipe", Box::new(Descriptor::new(fd).unwrap()), ways, Buffering::None);
    (port(a, Ways::INPUT), port(b, Ways::OUTPUT))
}

/// What the kernel still holds for a socket, as the next `recv!` would find it.
fn left_in_kernel(net: &mut Net, port: &Port) -> Vec<u8> {
    let mut room = [0; 100];
    let flags = libc::MSG_DONTWAIT;
    match port.socket().unwrap().receive(net, &mut room, flags, Asker::Script) {
        Ok(count) => room[..count].to_vec(),
        Err(_) => Vec::new(),
    }
}

fn put(net: &mut Net, port: &mut Port, bytes: &[u8]) {
    assert_eq!(port.write_bytes(net, bytes), Ok(Written::Done));
}

/// The calls made on sockets while `action` runs.
fn calls(net: &mut Net, action: impl FnOnce(&mut Net)) -> Vec<(&'static str, usize)> {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let ears = Rc::clone(&heard);
    net.listen(Some(Box::new(move |event: &Event<'_>| ears.borrow_mut().push((event.call, event.bytes)))));
    action(net);
    net.listen(None);
    heard.take()
}

#[test]
fn a_string_is_read_by_characters_lines_and_pieces() {
    let net = &mut net();
    let mut port = Port::input_string("aλ\r\nsecond\n\nlast");
    assert_eq!(port.peek_char(net), Ok(Some('a')));
    assert_eq!(port.read_char(net), Ok(Some('a')));
    assert_eq!(port.read_line(net), Ok(Some("λ\r".into())));
    assert_eq!(port.read_string(net, 3), Ok(Some("sec".into())));
    assert_eq!(port.place(), Place { line: 1, column: 3 });
    assert_eq!(port.read_line(net), Ok(Some("ond".into())));
    assert_eq!(port.read_line(net), Ok(Some(String::new())));
    assert_eq!(port.read_string(net, 0), Ok(Some(String::new())));
    assert_eq!(port.read_line(net), Ok(Some("last".into())));
    assert_eq!(port.char_ready(net), Ok(true));
    assert_eq!(port.read_line(net), Ok(None));
    assert_eq!(port.read_string(net, 1), Ok(None));
    assert_eq!(port.peek_char(net), Ok(None));
    assert_eq!(port.read_char(net), Ok(None));
    port.unread_str(net, "back").unwrap();
    assert_eq!(port.read_text(net), Ok(Some("back".into())));
    assert_eq!(port.read_u8(net), Ok(None));
    assert_eq!(port.write_str(net, "x"), Err(PortError::NotOutput));
}

#[test]
fn delimiters_are_taken_or_left() {
    let net = &mut net();
    let mut port = Port::input_string("a,b;c");
    assert_eq!(port.read_delimited(net, &[',', ';'], true), Ok(Some(("a".into(), Some(',')))));
    assert_eq!(port.read_delimited(net, &[',', ';'], false), Ok(Some(("b".into(), Some(';')))));
    assert_eq!(port.read_delimited(net, &[';'], false), Ok(Some((String::new(), Some(';')))));
    assert_eq!(port.read_char(net), Ok(Some(';')));
    assert_eq!(port.read_delimited(net, &[';'], true), Ok(Some(("c".into(), None))));
    assert_eq!(port.read_delimited(net, &[';'], true), Ok(None));
}

#[test]
fn bytes_are_read_one_by_one_and_in_pieces() {
    let net = &mut net();
    let mut port = Port::input_bytes(vec![1, 2, 3, 4, 5]);
    assert_eq!(port.peek_u8(net), Ok(Some(1)));
    assert_eq!(port.read_u8(net), Ok(Some(1)));
    assert_eq!(port.u8_ready(), Ok(true));
    let mut room = [0; 2];
    assert_eq!(port.read_into(net, &mut room), Ok(Some(2)));
    assert_eq!(room, [2, 3]);
    port.unread_bytes(&[9, 9, 9, 9]).unwrap();
    assert_eq!(port.read_bytes(net, 100), Ok(Some(vec![9, 9, 9, 9, 4, 5])));
    assert_eq!(port.read_bytes(net, 0), Ok(Some(vec![])));
    assert_eq!(port.read_bytes(net, 1), Ok(None));
    assert_eq!(port.read_char(net), Ok(None));
    assert_eq!(port.seek(net, -2, Whence::End), Ok(4));
    assert!(port.seek(net, -1, Whence::Start).is_err());
    assert!(port.seek(net, 1000, Whence::Start).is_err());
}

#[test]
fn memory_gathers_what_is_written() {
    let net = &mut net();
    let mut port = Port::output_string();
    assert_eq!(port.write_str(net, "héllo\n"), Ok(Written::Done));
    assert_eq!(port.write_char(net, '!'), Ok(Written::Done));
    port.flush(net).unwrap();
    assert_eq!(port.gathered_text(), "héllo\n!");
    assert_eq!(port.output_place(), Place { line: 1, column: 1 });
    assert_eq!(port.write_u8(net, b'?'), Ok(Written::Done));
    assert_eq!(port.take_gathered(), "héllo\n!?".as_bytes());
    assert_eq!(port.gathered(), b"");
    let mut port = Port::output_bytes();
    put(net, &mut port, &[0, 255]);
    assert_eq!(port.gathered(), [0, 255]);
    assert_eq!(port.close(net), Ok(true));
    assert_eq!(port.close(net), Ok(false));
    assert_eq!(port.write_u8(net, 1), Err(PortError::Closed));
    let mut void = Port::void();
    assert_eq!(void.write_str(net, "x"), Ok(Written::Done));
    assert_eq!(void.read_char(net), Ok(None));
}

#[test]
fn a_line_read_from_a_socket_leaves_the_rest_in_the_kernel() {
    let net = &mut net();
    let (mut a, mut b) = sockets(net);
    put(net, &mut b, "first λ\nsecond\nrest".as_bytes());
    let made = calls(net, |net| assert_eq!(a.read_line(net), Ok(Some("first λ".into()))));
    // One look ahead, then exactly the line.
    assert_eq!(made, [("recv", 20), ("recv", 9)]);
    assert_eq!(a.read_line(net), Ok(Some("second".into())));
    assert_eq!(a.read_char(net), Ok(Some('r')));
    assert_eq!(left_in_kernel(net, &a), b"est");
}

#[test]
fn a_peeked_character_lives_in_the_port() {
    let net = &mut net();
    let (mut a, mut b) = sockets(net);
    put(net, &mut b, "λx".as_bytes());
    assert_eq!(a.peek_char(net), Ok(Some('λ')));
    assert_eq!(left_in_kernel(net, &a), b"x");
    assert_eq!(a.read_char(net), Ok(Some('λ')));
    // Whether one is there is asked without taking it.
    put(net, &mut b, b"y");
    assert_eq!(a.char_ready(net), Ok(true));
    assert_eq!(left_in_kernel(net, &a), b"y");
    assert_eq!(a.char_ready(net), Ok(false));
}

#[test]
fn asking_whether_a_character_is_there_does_not_swallow_a_reset() {
    let net = &mut net();
    let (mut a, mut b) = sockets(net);
    put(net, &mut a, b"unread");
    // Closing a local socket with unread bytes resets its peer.
    b.close(net).unwrap();
    assert_eq!(a.char_ready(net), Ok(true));
    let Err(PortError::Failed(error)) = a.read_char(net) else { panic!() };
    assert_eq!(error.errno(), Some(libc::ECONNRESET));
    assert_eq!(a.read_char(net), Ok(None));
}

#[test]
fn an_unbuffered_socket_takes_no_byte_too_many() {
    let net = &mut net();
    let (mut a, mut b) = sockets(net);
    put(net, &mut b, b"0123456789");
    assert_eq!(a.read_u8(net), Ok(Some(b'0')));
    assert_eq!(a.read_bytes(net, 2), Ok(Some(b"12".to_vec())));
    assert_eq!(a.read_string(net, 2), Ok(Some("34".into())));
    assert_eq!(a.read_some(net, 2), Ok(Some(b"56".to_vec())));
    assert_eq!(left_in_kernel(net, &a), b"789");
    let (mut p, mut q) = pipe();
    put(net, &mut q, b"line\nrest");
    assert_eq!(p.read_line(net), Ok(Some("line".into())));
    let mut room = [0; 10];
    assert_eq!(nix::unistd::read(crate::net::raw::borrow(p.fd().unwrap()).unwrap(), &mut room), Ok(4));
}

#[test]
fn a_character_split_over_two_reads_is_one() {
    let net = &mut net();
    for buffering in [Buffering::None, Buffering::BLOCK] {
        let (mut a, mut b) = sockets(net);
        a.set_buffering(net, buffering).unwrap();
        net.mode = Mode::Try;
        let fd = a.fd().unwrap();
        let bytes = "😀\n".as_bytes();
        for byte in &bytes[..3] {
            put(net, &mut b, &[*byte]);
            assert_eq!(a.read_char(net), Err(PortError::Wait(fd, Interest::Read)));
            assert_eq!(a.char_ready(net), Ok(false));
        }
        put(net, &mut b, &bytes[3..]);
        assert_eq!(a.char_ready(net), Ok(true));
        assert_eq!(a.read_char(net), Ok(Some('😀')));
        assert_eq!(a.read_line(net), Ok(Some(String::new())));
        net.mode = Mode::Wait;
    }
}

#[test]
fn a_line_in_many_parts_is_read_by_trying_again() {
    let net = &mut net();
    for buffering in [Buffering::None, Buffering::BLOCK] {
        let (mut a, mut b) = sockets(net);
        a.set_buffering(net, buffering).unwrap();
        net.mode = Mode::Try;
        let pause = Err(PortError::Wait(a.fd().unwrap(), Interest::Read));
        for part in ["one ", "two ", "three"] {
            assert_eq!(a.read_line(net), pause);
            put(net, &mut b, part.as_bytes());
        }
        assert_eq!(a.read_line(net), pause);
        put(net, &mut b, b"\nxy");
        assert_eq!(a.read_line(net), Ok(Some("one two three".into())));
        assert_eq!(a.read_bytes(net, 3), Err(PortError::Wait(a.fd().unwrap(), Interest::Read)));
        put(net, &mut b, b"z");
        assert_eq!(a.read_bytes(net, 3), Ok(Some(b"xyz".to_vec())));
        net.mode = Mode::Wait;
    }
}

#[test]
fn the_end_in_mid_line_gives_the_part_and_then_the_end() {
    let net = &mut net();
    for buffering in [Buffering::None, Buffering::BLOCK] {
        let (mut a, mut b) = sockets(net);
        a.set_buffering(net, buffering).unwrap();
        put(net, &mut b, b"whole\npart");
        assert_eq!(b.close(net), Ok(true));
        assert_eq!(a.read_line(net), Ok(Some("whole".into())));
        assert_eq!(a.read_line(net), Ok(Some("part".into())));
        assert_eq!(a.char_ready(net), Ok(true));
        for _ in 0..3 {
            assert_eq!(a.read_line(net), Ok(None));
        }
    }
}

#[test]
fn an_empty_datagram_is_met_once() {
    let net = &mut net();
    let (a, b) = Socket::pair(net, libc::AF_UNIX, libc::SOCK_DGRAM, 0).unwrap();
    let mut a = Port::of_socket(a);
    b.send(net, b"", 0, Asker::Script).unwrap();
    b.send(net, b"x\n", 0, Asker::Script).unwrap();
    assert_eq!(a.read_line(net), Ok(None));
    assert_eq!(a.read_line(net), Ok(Some("x".into())));
}

#[test]
fn one_output_call_on_a_socket_is_one_send() {
    let net = &mut net();
    let (mut a, mut b) = sockets(net);
    let long = "x".repeat(5000);
    let made = calls(net, |net| assert_eq!(a.write_str(net, &long), Ok(Written::Done)));
    assert_eq!(made, [("send", 5000)]);
    a.set_buffering(net, Buffering::Line).unwrap();
    let made = calls(net, |net| {
        for part in ["a", "b\nc", "d"] {
            assert_eq!(a.write_str(net, part), Ok(Written::Done));
        }
    });
    assert_eq!(made, [("send", 4)]);
    a.set_buffering(net, Buffering::Block(4)).unwrap();
    let made = calls(net, |net| {
        for part in ["12", "34", "5", "678"] {
            assert_eq!(a.write_str(net, part), Ok(Written::Done));
        }
        a.flush(net).unwrap();
    });
    assert_eq!(made, [("send", 5), ("send", 3)]);
    assert_eq!(b.read_string(net, 5000), Ok(Some(long)));
    assert_eq!(b.read_string(net, 13), Ok(Some("ab\ncd12345678".into())));
}

#[test]
fn output_that_must_wait_is_accepted_once() {
    let net = &mut net();
    let long: Vec<u8> = (0..3_000_000u32).flat_map(u32::to_le_bytes).collect();
    let (a, b) = sockets(net);
    let (p, q) = pipe();
    for (mut reader, mut writer) in [(a, b), (p, q)] {
        net.mode = Mode::Try;
        let Ok(Written::Pending(PortError::Wait(fd, Interest::Write))) = writer.write_bytes(net, &long) else {
            panic!("the kernel took it all");
        };
        assert_eq!(Some(fd), writer.fd());
        assert!(writer.waiting() > 0);
        let mut got = Vec::new();
        while writer.flush(net).is_err() {
            got.extend(reader.read_some(net, 1 << 16).unwrap().unwrap());
        }
        assert_eq!(writer.close(net), Ok(true));
        while let Some(more) = reader.read_some(net, 1 << 16).unwrap() {
            got.extend(more);
        }
        assert!(got == long);
        net.mode = Mode::Wait;
    }
}

#[test]
fn a_peer_that_is_gone_fails_a_write_once_and_the_port_still_closes() {
    let net = &mut net();
    let (mut a, b) = sockets(net);
    a.set_buffering(net, Buffering::BLOCK).unwrap();
    assert_eq!(a.write_str(net, "unsent"), Ok(Written::Done));
    b.discard(net);
    let Err(PortError::Failed(error)) = a.close(net) else { panic!() };
    assert_eq!(error.errno(), Some(libc::EPIPE));
    assert!(a.is_closed());
    assert_eq!(a.close(net), Ok(false));
    assert_eq!(a.read_char(net), Err(PortError::Closed));
    assert_eq!(a.write_str(net, "x"), Err(PortError::Closed));
    assert_eq!((a.fd(), a.socket().is_some()), (None, false));
}

#[test]
fn directions_close_one_by_one_and_the_descriptor_with_the_last() {
    let net = &mut net();
    let (mut a, mut b) = sockets(net);
    assert_eq!(a.close_input(net), Ok(true));
    assert_eq!(a.close_input(net), Ok(false));
    assert_eq!(a.read_char(net), Err(PortError::Closed));
    assert_eq!(a.write_str(net, "still\n"), Ok(Written::Done));
    assert_eq!(b.read_line(net), Ok(Some("still".into())));
    assert_eq!(a.close_output(net), Ok(true));
    assert!(a.is_closed() && a.fd().is_none());
    assert_eq!(b.read_line(net), Ok(None));
    let mut input = Port::input_string("x");
    assert_eq!(input.close_output(net), Err(PortError::NotOutput));
    assert_eq!(input.close_input(net), Ok(true));
    assert_eq!(input.read_char(net), Err(PortError::Closed));
}

#[test]
fn dropping_or_discarding_writes_what_was_waiting() {
    let net = &mut net();
    for drop_it in [true, false] {
        let (mut a, mut b) = sockets(net);
        a.set_buffering(net, Buffering::BLOCK).unwrap();
        assert_eq!(a.write_str(net, "farewell"), Ok(Written::Done));
        if drop_it {
            drop(a)
        } else {
            a.discard(net)
        }
        assert_eq!(b.read_text(net), Ok(Some("farewell".into())));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        let mut file = open(net, &path, Purpose::Output).unwrap();
        assert_eq!(file.write_str(net, "farewell"), Ok(Written::Done));
        assert_eq!(std::fs::read(&path).unwrap(), b"");
        if drop_it {
            drop(file)
        } else {
            file.discard(net)
        }
        assert_eq!(std::fs::read(&path).unwrap(), b"farewell");
    }
}

#[test]
fn files_are_read_written_sought_and_cut() {
    let net = &mut net();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    let Err(PortError::Failed(error)) = open(net, &path, Purpose::Input).map(|_| ()) else { panic!() };
    assert_eq!(error.errno(), Some(libc::ENOENT));
    assert!(error.to_string().contains(path.to_str().unwrap()));
    let mut port = open(net, &path, Purpose::Output).unwrap();
    let lines: String = (0..10_000).map(|n| format!("line {n}\n")).collect();
    assert_eq!(port.write_str(net, &lines), Ok(Written::Done));
    port.close(net).unwrap();
    let mut port = open(net, &path, Purpose::Append).unwrap();
    assert_eq!(port.write_str(net, "end"), Ok(Written::Done));
    port.close(net).unwrap();
    let mut port = open(net, &path, Purpose::Update).unwrap();
    for n in 0..10_000 {
        assert_eq!(port.read_line(net), Ok(Some(format!("line {n}"))));
    }
    assert_eq!(port.seek(net, 0, Whence::Current), Ok(lines.len() as u64));
    assert_eq!(port.read_line(net), Ok(Some("end".into())));
    assert_eq!(port.read_line(net), Ok(None));
    assert_eq!(port.seek(net, 5, Whence::Start), Ok(5));
    assert_eq!(port.read_line(net), Ok(Some("0".into())));
    assert_eq!(port.seek(net, -2, Whence::Current), Ok(5));
    assert_eq!(port.write_str(net, "X"), Ok(Written::Done));
    assert_eq!(port.seek(net, 0, Whence::Current), Ok(6));
    port.truncate(net, 7).unwrap();
    port.close(net).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "line X\n");
    let (mut a, _b) = sockets(net);
    let Err(PortError::Failed(error)) = a.seek(net, 0, Whence::Start) else { panic!() };
    assert_eq!(error.errno(), Some(libc::ESPIPE));
    let Err(PortError::Failed(error)) = open(net, "a\0b".as_ref(), Purpose::Input).map(|_| ()) else { panic!() };
    assert_eq!(error.errno(), Some(libc::EINVAL));
}

#[test]
fn broken_text_follows_the_strategy() {
    let net = &mut net();
    let make = |strategy| {
        let mut port = Port::memory_input("bytes", b"ab\xe2\x82c\nd\xff".to_vec(), Ways::INPUT);
        port.set_strategy(strategy);
        port
    };
    let mut port = make(Strategy::Substitute);
    assert_eq!(port.read_line(net), Ok(Some("ab\u{fffd}c".into())));
    assert_eq!(port.read_string(net, 5), Ok(Some("d\u{fffd}".into())));
    let mut port = make(Strategy::Error);
    let bad = Err(PortError::Decode(vec![0xe2, 0x82]));
    assert_eq!(port.read_line(net), bad);
    assert_eq!(port.read_line(net), bad);
    assert_eq!(port.read_char(net), Err(PortError::Decode(vec![0xe2, 0x82])));
    // The bad bytes are there for who reads bytes.
    assert_eq!(port.read_bytes(net, 2), Ok(Some(vec![0xe2, 0x82])));
    assert_eq!(port.read_line(net), Ok(Some("c".into())));
    assert_eq!(port.read_string(net, 1), Ok(Some("d".into())));
    assert_eq!(port.read_text(net), Err(PortError::Decode(vec![0xff])));
}

#[test]
fn marks_and_encodings_are_understood() {
    let net = &mut net();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f");
    let mut round = |bytes: &[u8], encoding| {
        std::fs::write(&path, bytes).unwrap();
        let mut port = open(net, &path, Purpose::Input).unwrap();
        port.set_encoding(encoding);
        (port.read_char(net).unwrap(), port.read_line(net).unwrap())
    };
    let expected = (Some('é'), Some("x".to_string()));
    assert_eq!(round(b"\xef\xbb\xbf\xc3\xa9x\n", Encoding::Utf8), expected);
    assert_eq!(round(b"\xff\xfe\xe9\0x\0\n\0", Encoding::Utf16), expected);
    assert_eq!(round(b"\0\xe9\0x\0\n", Encoding::Utf16), expected);
    assert_eq!(round(b"\xe9x\n", Encoding::Latin1), expected);
    assert_eq!(round(b"\xef\xbb", Encoding::Utf8), (Some('\u{fffd}'), None));
    let mut string = Port::input_string("\u{feff}x");
    assert_eq!(string.read_char(net), Ok(Some('\u{feff}')));
    let mut port = open(net, &path, Purpose::Output).unwrap();
    port.set_encoding(Encoding::Utf16);
    assert_eq!(port.write_str(net, "a"), Ok(Written::Done));
    assert_eq!(port.write_str(net, "b"), Ok(Written::Done));
    port.set_encoding(Encoding::Latin1);
    port.set_strategy(Strategy::Error);
    assert_eq!(port.write_str(net, "éλ"), Err(PortError::Encode('λ')));
    port.close(net).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"\xfe\xff\0a\0b\xe9");
}

#[test]
fn a_lexer_sees_growing_text_and_takes_its_part() {
    let net = &mut net();
    let long = format!("({})", "λ".repeat(100_000));
    let mut port = Port::input_string(format!("{long} rest"));
    let mut seen = 0;
    let mut asked = 0;
    loop {
        let Text { text, at_end } = port.fill_text(net, seen).unwrap();
        asked += 1;
        assert!(text.len() > seen || at_end);
        if let Some(close) = text.find(')') {
            assert_eq!(text[..=close], long);
            seen = close + 1;
            break;
        }
        seen = text.len();
    }
    assert!(asked < 12, "{asked}");
    port.consume_text(net, seen).unwrap();
    assert_eq!(port.place().column, 100_002);
    assert_eq!(port.read_text(net), Ok(Some(" rest".into())));
    assert_eq!(port.fill_text(net, 0), Ok(Text { text: "", at_end: true }));
    port.consume_end();
}

#[test]
fn a_lexer_on_a_socket_leaves_what_it_did_not_use() {
    let net = &mut net();
    net.mode = Mode::Try;
    let (mut a, mut b) = sockets(net);
    put(net, &mut b, b"(one");
    assert_eq!(a.fill_text(net, 0).map(|text| text.text.to_string()), Ok("(one".into()));
    assert!(a.fill_text(net, 4).unwrap_err().is_pause());
    put(net, &mut b, b" two) tail");
    // Begun again from the start, as the engine does.
    let first = a.fill_text(net, 0).unwrap().text.len();
    let text = a.fill_text(net, first).unwrap().text.to_string();
    assert_eq!(text, "(one two) tail");
    a.consume_text(net, 9).unwrap();
    assert_eq!(left_in_kernel(net, &a), b" tail");
    drop(b);
    assert_eq!(a.fill_text(net, 0), Ok(Text { text: "", at_end: true }));
    a.consume_end();
}

#[test]
fn a_lexer_sees_other_encodings_and_broken_bytes_decoded() {
    let net = &mut net();
    let mut port = Port::memory_input("bytes", b"a\xff b\xe2".to_vec(), Ways::INPUT);
    assert_eq!(port.fill_text(net, 0).unwrap().text, "a");
    assert_eq!(port.fill_text(net, 1), Ok(Text { text: "a\u{fffd} b", at_end: false }));
    assert_eq!(port.fill_text(net, 6), Ok(Text { text: "a\u{fffd} b\u{fffd}", at_end: true }));
    port.consume_text(net, 5).unwrap();
    assert_eq!(port.read_u8(net), Ok(Some(b'b')));
    let mut port = Port::memory_input("bytes", b"\xe9t\xe9 x".to_vec(), Ways::INPUT);
    port.set_encoding(Encoding::Latin1);
    assert_eq!(port.fill_text(net, 0).unwrap().text, "été x");
    port.consume_text(net, 5).unwrap();
    assert_eq!(port.read_text(net), Ok(Some(" x".into())));
    let mut port = Port::memory_input("bytes", b"ok \xff".to_vec(), Ways::INPUT);
    port.set_strategy(Strategy::Error);
    assert_eq!(port.fill_text(net, 0).unwrap().text, "ok ");
    assert_eq!(port.fill_text(net, 3), Err(PortError::Decode(vec![0xff])));
}

#[test]
fn an_interrupt_from_another_thread_ends_a_read() {
    let net = &mut net();
    let (mut a, mut b) = sockets(net);
    let (mut p, _q) = pipe();
    put(net, &mut b, b"part");
    for port in [&mut a, &mut p] {
        let handle = net.interrupt().clone();
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            handle.raise();
        });
        assert_eq!(port.read_line(net), Err(PortError::Interrupted));
        thread.join().unwrap();
        net.interrupt().acknowledge();
    }
    put(net, &mut b, b" whole\n");
    assert_eq!(a.read_line(net), Ok(Some("part whole".into())));
}

#[test]
fn a_port_without_end_is_refused_before_memory_is() {
    let net = &mut net();
    let mut port = Port::input_string("x");
    assert_eq!(port.read_string(net, usize::MAX), Ok(Some("x".into())));
    net.ledger.set_limit(1 << 22);
    let zero = open(net, "/dev/zero".as_ref(), Purpose::Input).unwrap().read_bytes(net, 1 << 40);
    assert!(matches!(zero, Err(PortError::Memory(_))), "{zero:?}");
    net.ledger.set_limit(1 << 24);
    let mut port = Port::output_string();
    let room = (1 << 24) - net.ledger.held();
    assert_eq!(port.write_str(net, &"x".repeat(room)), Ok(Written::Done));
    assert_eq!(port.write_str(net, &"x".repeat(1 << 19)), Err(PortError::Memory(1 << 19)));
}

#[test]
fn ports_on_borrowed_numbers_do_not_close_them() {
    let net = &mut net();
    let (a, mut b) = std::os::unix::net::UnixStream::pair().unwrap();
    let device = Descriptor::lent(a.as_raw_fd()).unwrap();
    let mut port = Port::new("lent", Box::new(device), Ways::BOTH, Buffering::BLOCK);
    assert_eq!(port.write_str(net, "x\n"), Ok(Written::Done));
    assert_eq!(port.close(net), Ok(true));
    let mut room = [0; 2];
    std::io::Read::read_exact(&mut b, &mut room).unwrap();
    assert!(nix::fcntl::fcntl(&a, nix::fcntl::FcntlArg::F_GETFD).is_ok());
    assert!(Descriptor::lent(-1).is_err());
}

/// Numbers without pattern, the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// One reading operation, chosen by a number; what it answered, in words.
fn read_somehow(net: &mut Net, port: &mut Port, which: usize, size: usize) -> Result<String> {
    Ok(match which {
        0 => format!("{:?}", port.read_char(net)?),
        1 => format!("{:?}", port.peek_char(net)?),
        2 => format!("{:?}", port.read_line(net)?),
        3 => format!("{:?}", port.read_string(net, size)?),
        4 => format!("{:?}", port.read_bytes(net, size)?),
        5 => format!("{:?}", port.read_u8(net)?),
        6 => format!("{:?}", port.read_delimited(net, &['b', 'λ'], size > 5)?),
        7 => {
            let Text { text, at_end } = port.fill_text(net, 0)?;
            // A lexer that wants one character.
            let (first, end) = (text.chars().next(), text.is_empty() && at_end);
            port.consume_text(net, first.map_or(0, char::len_utf8))?;
            if end {
                port.consume_end();
            }
            format!("{first:?}")
        }
        _ => {
            port.unread_str(net, "a€")?;
            String::new()
        }
    })
}

#[test]
fn however_the_bytes_come_the_same_is_read() {
    let net = &mut net();
    let mut dice = Dice(0x5eed);
    let alphabet: [&[u8]; 10] = [
        b"a",
        b"b",
        b"\n",
        b"\r\n",
        "é".as_bytes(),
        "λ".as_bytes(),
        "😀".as_bytes(),
        b"\xff",
        b"\xe2\x82",
        b"plain text",
    ];
    for round in 0..600 {
        let bytes: Vec<u8> = (0..dice.below(40)).flat_map(|_| alphabet[dice.below(10)].to_vec()).collect();
        let encoding = [Encoding::Utf8, Encoding::Utf8, Encoding::Latin1, Encoding::Utf16Le][round % 4];
        let mut expected = Port::memory_input("bytes", bytes.clone(), Ways::INPUT);
        expected.set_encoding(encoding);
        let (device, mut sender): (Descriptor, Option<Port>) = if round % 3 == 0 {
            let (p, q) = nix::unistd::pipe().unwrap();
            let q = Port::new("", Box::new(Descriptor::new(q).unwrap()), Ways::OUTPUT, Buffering::None);
            (Descriptor::new(p).unwrap(), Some(q))
        } else {
            let (a, b) = Socket::pair(net, libc::AF_UNIX, libc::SOCK_STREAM, 0).unwrap();
            (Descriptor::of_socket(a), Some(Port::of_socket(b)))
        };
        let mode = [Buffering::None, Buffering::BLOCK, Buffering::Block(3)][dice.below(3)];
        let mut port = Port::new("", Box::new(device), Ways::INPUT, mode);
        port.set_encoding(encoding);
        net.mode = Mode::Try;
        let mut unsent = bytes.as_slice();
        for step in 0..30 {
            let (which, size) = (dice.below(9), dice.below(12));
            // Expected never waits; the port is fed a little whenever it does.
            let want = read_somehow(net, &mut expected, which, size);
            let got = loop {
                match read_somehow(net, &mut port, which, size) {
                    Err(error) if error.is_pause() => {}
                    other => break other,
                }
                if unsent.is_empty() {
                    sender = None;
                    continue;
                }
                let (now, later) = unsent.split_at(1 + dice.below(unsent.len().min(7)));
                put(net, sender.as_mut().unwrap(), now);
                unsent = later;
            };
            assert_eq!(got, want, "round {round}, step {step}, operation {which} of {size}, {mode:?}, {bytes:x?}");
            assert_eq!(port.place(), expected.place(), "round {round}, step {step}, operation {which}");
        }
        net.mode = Mode::Wait;
    }
}
