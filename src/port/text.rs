//! Encodings: from bytes to characters and back, one step at a time or in bulk.
//!
//! Those of Unicode, Latin-1 and ASCII are done here; the national ones come from the tables of encoding_rs, as browsers
//! have them (where the name says ISO-8859-9 or -11, with Windows' characters in the range of controls).

use encoding_rs::Encoding as Table;

/// How characters are written as bytes. Those without an order take it from a mark at the start of the input, else
/// they are big-endian; they write a mark before their first character.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Encoding {
    #[default]
    Utf8,
    Latin1,
    Ascii,
    Utf16,
    Utf16Be,
    Utf16Le,
    Utf32,
    Utf32Be,
    Utf32Le,
    /// By its place in `NATIONAL`. Its first 128 bytes are ASCII's.
    National(u8),
}

/// What becomes of bytes that are no text, and characters that have no bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Strategy {
    Error,
    /// U+FFFD for each broken sequence read, `?` for each character written.
    #[default]
    Substitute,
    /// As `Error` when reading; `\xe9`, `\u03bb`, `\U01f600` when writing.
    Escape,
}

const NAMES: &[(&str, Encoding)] = &[
    ("UTF-8", Encoding::Utf8),
    ("ISO-8859-1", Encoding::Latin1),
    ("US-ASCII", Encoding::Ascii),
    ("UTF-16", Encoding::Utf16),
    ("UTF-16BE", Encoding::Utf16Be),
    ("UTF-16LE", Encoding::Utf16Le),
    ("UTF-32", Encoding::Utf32),
    ("UTF-32BE", Encoding::Utf32Be),
    ("UTF-32LE", Encoding::Utf32Le),
    // Other names of the same, accepted but not given back.
    ("UTF8", Encoding::Utf8),
    ("LATIN1", Encoding::Latin1),
    ("LATIN-1", Encoding::Latin1),
    ("ISO8859-1", Encoding::Latin1),
    ("ISO_8859-1", Encoding::Latin1),
    ("ASCII", Encoding::Ascii),
    ("ANSI_X3.4-1968", Encoding::Ascii),
];

/// Encodings without a state, by the name that is given back; encoding_rs knows them by it, too.
const NATIONAL: &[&str] = &[
    "ISO-8859-2",
    "ISO-8859-3",
    "ISO-8859-4",
    "ISO-8859-5",
    "ISO-8859-6",
    "ISO-8859-7",
    "ISO-8859-8",
    "ISO-8859-9",
    "ISO-8859-10",
    "ISO-8859-11",
    "ISO-8859-13",
    "ISO-8859-14",
    "ISO-8859-15",
    "ISO-8859-16",
    "WINDOWS-874",
    "WINDOWS-1250",
    "WINDOWS-1251",
    "WINDOWS-1252",
    "WINDOWS-1253",
    "WINDOWS-1254",
    "WINDOWS-1255",
    "WINDOWS-1256",
    "WINDOWS-1257",
    "WINDOWS-1258",
    "KOI8-R",
    "KOI8-U",
    "IBM866",
    "MACINTOSH",
    "EUC-JP",
    "SHIFT_JIS",
    "EUC-KR",
    "GBK",
    "GB18030",
    "BIG5",
];

/// The table behind an encoding of `NATIONAL`.
fn table(index: u8) -> &'static Table {
    let name = NATIONAL.get(usize::from(index)).copied().unwrap_or_default();
    Table::for_label(name.as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252)
}

/// The next character of some bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// The character and how many bytes it took.
    Char(char, usize),
    /// So many bytes are no character.
    Bad(usize),
    /// A character may begin here, but more bytes are needed to tell.
    Short,
}

/// What the start of the input says about itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// A byte-order mark of so many bytes, and the encoding it chooses.
    Found(usize, Encoding),
    Absent(Encoding),
    /// Too few bytes to tell.
    Short,
}

impl Encoding {
    /// By name, in any case.
    pub fn named(name: &str) -> Option<Encoding> {
        if let Some((_, encoding)) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            return Some(*encoding);
        }
        let at = |name: &str| {
            let index = NATIONAL.iter().position(|known| known.eq_ignore_ascii_case(name))?;
            u8::try_from(index).ok().map(Encoding::National)
        };
        // By a name of the same table, such as latin2 or cp1251.
        at(name).or_else(|| at(Table::for_label(name.as_bytes())?.name()))
    }

    pub fn name(self) -> String {
        match self {
            Encoding::National(index) => NATIONAL.get(usize::from(index)).copied().unwrap_or_default(),
            _ => NAMES.iter().find(|(_, known)| *known == self).map_or("UTF-8", |(name, _)| name),
        }
        .to_string()
    }

    /// The first character of `bytes`; `at_end` says that no more will come.
    #[inline]
    pub fn step(self, bytes: &[u8], at_end: bool) -> Step {
        match (self, bytes) {
            (_, []) => Step::Short,
            (Encoding::Utf8 | Encoding::Ascii | Encoding::National(_), [byte @ ..0x80, ..]) => {
                Step::Char(char::from(*byte), 1)
            }
            (Encoding::Latin1, [byte, ..]) => Step::Char(char::from(*byte), 1),
            (Encoding::Ascii, _) => Step::Bad(1),
            (Encoding::Utf8, _) => step_utf8(bytes, at_end),
            (Encoding::National(index), _) => step_by_table(table(index), bytes, at_end),
            (Encoding::Utf16 | Encoding::Utf16Be, _) => step_utf16(bytes, at_end, u16::from_be_bytes),
            (Encoding::Utf16Le, _) => step_utf16(bytes, at_end, u16::from_le_bytes),
            (Encoding::Utf32 | Encoding::Utf32Be, _) => step_utf32(bytes, at_end, u32::from_be_bytes),
            (Encoding::Utf32Le, _) => step_utf32(bytes, at_end, u32::from_le_bytes),
        }
    }

    /// Looks for a byte-order mark.
    pub fn mark(self, bytes: &[u8], at_end: bool) -> Mark {
        let marks: &[(&[u8], Encoding)] = match self {
            Encoding::Utf8 => &[(&[0xef, 0xbb, 0xbf], Encoding::Utf8)],
            Encoding::Utf16 => &[(&[0xfe, 0xff], Encoding::Utf16Be), (&[0xff, 0xfe], Encoding::Utf16Le)],
            Encoding::Utf32 => &[(&[0, 0, 0xfe, 0xff], Encoding::Utf32Be), (&[0xff, 0xfe, 0, 0], Encoding::Utf32Le)],
            _ => return Mark::Absent(self),
        };
        let mut short = false;
        for (mark, encoding) in marks {
            if bytes.starts_with(mark) {
                return Mark::Found(mark.len(), *encoding);
            }
            short |= mark.starts_with(bytes);
        }
        if short && !at_end { Mark::Short } else { Mark::Absent(self.ordered()) }
    }

    /// All of `bytes` as text, with U+FFFD for each broken sequence.
    pub fn text(self, mut bytes: &[u8]) -> String {
        let mut encoding = self;
        if self != Encoding::Utf8
            && let Mark::Found(length, ordered) = self.mark(bytes, true)
        {
            (encoding, bytes) = (ordered, bytes.get(length..).unwrap_or_default());
        }
        let mut text = String::with_capacity(bytes.len());
        loop {
            let (char, length) = match encoding.step(bytes, true) {
                Step::Char(char, length) => (char, length),
                Step::Bad(length) => ('\u{fffd}', length),
                Step::Short => return text,
            };
            text.push(char);
            bytes = bytes.get(length..).unwrap_or_default();
        }
    }

    /// The encoding with its order settled, where nothing else settles it.
    pub fn ordered(self) -> Encoding {
        match self {
            Encoding::Utf16 => Encoding::Utf16Be,
            Encoding::Utf32 => Encoding::Utf32Be,
            other => other,
        }
    }

    /// Appends one character; false if the encoding has no bytes for it.
    pub fn push(self, char: char, out: &mut Vec<u8>) -> bool {
        let code = u32::from(char);
        match self {
            Encoding::Utf8 => out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
            Encoding::Latin1 | Encoding::Ascii => match u8::try_from(code) {
                Ok(byte) if self == Encoding::Latin1 || byte < 0x80 => out.push(byte),
                _ => return false,
            },
            Encoding::Utf16 | Encoding::Utf16Be => {
                char.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.extend_from_slice(&unit.to_be_bytes()));
            }
            Encoding::Utf16Le => {
                char.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.extend_from_slice(&unit.to_le_bytes()));
            }
            Encoding::Utf32 | Encoding::Utf32Be => out.extend_from_slice(&code.to_be_bytes()),
            Encoding::Utf32Le => out.extend_from_slice(&code.to_le_bytes()),
            Encoding::National(index) => {
                let mut room = [0; 16];
                let mut encoder = table(index).new_encoder();
                let text = char.encode_utf8(&mut [0; 4]).to_string();
                let (answer, _, written) = encoder.encode_from_utf8_without_replacement(&text, &mut room, true);
                if answer != encoding_rs::EncoderResult::InputEmpty {
                    return false;
                }
                out.extend_from_slice(&room[..written]);
            }
        }
        true
    }

    /// Appends a text; Err with the first character that cannot be written, which only `Strategy::Error` gives.
    pub fn encode(self, text: &str, strategy: Strategy, out: &mut Vec<u8>) -> Result<(), char> {
        if let Encoding::Utf8 = self {
            out.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        for char in text.chars() {
            if self.push(char, out) {
                continue;
            }
            let code = u32::from(char);
            let instead = match strategy {
                Strategy::Error => return Err(char),
                Strategy::Substitute => "?".to_string(),
                Strategy::Escape if code < 0x100 => format!("\\x{code:02x}"),
                Strategy::Escape if code < 0x1_0000 => format!("\\u{code:04x}"),
                Strategy::Escape => format!("\\U{code:06x}"),
            };
            // Whatever cannot write all characters writes ASCII as it is.
            out.extend_from_slice(instead.as_bytes());
        }
        Ok(())
    }
}

/// What a text says of its own encoding near its start: a mark of UTF-8, or, in a comment, `coding:` and a name, as editors
/// understand it. In upper case.
pub fn declared(start: &[u8]) -> Option<String> {
    if let Mark::Found(..) = Encoding::Utf8.mark(start, true) {
        return Some("UTF-8".to_string());
    }
    let word = b"coding";
    for at in memchr::memmem::find_iter(start, word) {
        let line = start[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let before = &start[line..at];
        let in_comment = before.contains(&b';') || memchr::memmem::find(before, b"#!").is_some();
        let Some((b':' | b'=', rest)) = start[at + word.len()..].split_first() else { continue };
        let rest = rest.trim_ascii_start();
        let length =
            rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.:/,+=()".contains(byte)).count();
        if in_comment && length > 0 {
            return Some(String::from_utf8_lossy(&rest[..length]).to_uppercase());
        }
    }
    None
}

#[cold]
fn step_utf8(bytes: &[u8], at_end: bool) -> Step {
    let few = &bytes[..bytes.len().min(4)];
    let (valid, error) = match std::str::from_utf8(few) {
        Ok(text) => (text, None),
        Err(error) => (std::str::from_utf8(&few[..error.valid_up_to()]).unwrap_or(""), Some(error)),
    };
    match (valid.chars().next(), error.and_then(|error| error.error_len())) {
        (Some(char), _) => Step::Char(char, char.len_utf8()),
        (None, Some(length)) => Step::Bad(length),
        (None, None) if at_end => Step::Bad(few.len()),
        (None, None) => Step::Short,
    }
}

/// Tries one byte after the other until there is a character.
#[cold]
fn step_by_table(table: &'static Table, bytes: &[u8], at_end: bool) -> Step {
    for count in 1..=bytes.len().min(4) {
        let mut room = [0; 16];
        let mut decoder = table.new_decoder_without_bom_handling();
        let last = at_end && count == bytes.len();
        let (answer, _, written) = decoder.decode_to_utf8_without_replacement(&bytes[..count], &mut room, last);
        if let encoding_rs::DecoderResult::Malformed(bad, _) = answer {
            return Step::Bad(usize::from(bad).clamp(1, count));
        }
        if let Some(char) = std::str::from_utf8(&room[..written]).ok().and_then(|text| text.chars().next()) {
            return Step::Char(char, count);
        }
    }
    if at_end { Step::Bad(bytes.len().min(4)) } else { Step::Short }
}

fn step_utf16(bytes: &[u8], at_end: bool, unit: fn([u8; 2]) -> u16) -> Step {
    let at = |start: usize| bytes.get(start..)?.first_chunk::<2>().map(|pair| unit(*pair));
    let short = if at_end { Step::Bad(bytes.len().min(2)) } else { Step::Short };
    let Some(first) = at(0) else { return short };
    let second = match (first, at(2)) {
        (0xd800..0xdc00, None) => return short,
        (0xd800..0xdc00, second) => second,
        _ => None,
    };
    match char::decode_utf16([first].into_iter().chain(second)).next() {
        Some(Ok(char)) => Step::Char(char, char.len_utf16() * 2),
        _ => Step::Bad(2),
    }
}

fn step_utf32(bytes: &[u8], at_end: bool, unit: fn([u8; 4]) -> u32) -> Step {
    match bytes.first_chunk::<4>() {
        Some(four) => char::from_u32(unit(*four)).map_or(Step::Bad(4), |char| Step::Char(char, 4)),
        None if at_end => Step::Bad(bytes.len()),
        None => Step::Short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_reads_what_it_wrote() {
        for (name, encoding) in NAMES {
            let text = match encoding {
                Encoding::Ascii => "abc\n~",
                Encoding::Latin1 => "aé\u{ff}",
                _ => "aéλ€😀\u{10ffff}",
            };
            let mut bytes = Vec::new();
            encoding.encode(text, Strategy::Error, &mut bytes).unwrap();
            assert_eq!(encoding.text(&bytes), text, "{name}");
            assert_eq!(Encoding::named(&name.to_lowercase()), Some(*encoding));
        }
        assert_eq!(Encoding::named("utf-7"), None);
        assert_eq!(Encoding::named(&Encoding::Utf32Le.name()), Some(Encoding::Utf32Le));
        for (index, name) in NATIONAL.iter().enumerate() {
            let encoding = Encoding::named(&name.to_lowercase()).unwrap();
            assert_eq!(encoding, Encoding::National(index as u8));
            assert_eq!(encoding.name(), *name);
        }
    }

    #[test]
    fn national_encodings_read_what_they_wrote() {
        let cases = [
            ("latin2", "aźŻ", 3),
            ("ISO-8859-15", "a€é", 3),
            ("cp1251", "aЖ", 2),
            ("koi8-r", "Ж", 1),
            ("euc-jp", "a日本", 5),
            ("shift_jis", "a日本", 5),
            ("gb18030", "a日😀", 7),
            ("big5", "日a", 3),
        ];
        for (name, text, size) in cases {
            let encoding = Encoding::named(name).unwrap();
            let mut bytes = Vec::new();
            encoding.encode(text, Strategy::Error, &mut bytes).unwrap();
            assert_eq!(bytes.len(), size, "{name}");
            assert_eq!(encoding.text(&bytes), text, "{name}");
        }
        let japanese = Encoding::named("euc-jp").unwrap();
        assert_eq!(japanese.step(&[0xc6], false), Step::Short);
        assert_eq!(japanese.text(&[0xc6, b'a', 0xff]), "\u{fffd}a\u{fffd}");
        assert_eq!(Encoding::named("iso-2022-jp"), None);
    }

    #[test]
    fn broken_utf8_is_replaced_as_in_bulk() {
        let cases: [&[u8]; 8] = [
            b"\xe2\x82b",
            b"\xff\xfe",
            b"a\xe2\x82",
            b"\xf0\x9f\x98",
            b"\xc0\xaf",
            b"\xed\xa0\x80x",
            b"\xf4\x90\x80\x80",
            b"\x80\xc3\xa9",
        ];
        for bytes in cases {
            assert_eq!(Encoding::Utf8.text(bytes), String::from_utf8_lossy(bytes), "{bytes:x?}");
        }
    }

    #[test]
    fn a_part_of_a_character_is_not_judged_before_the_end() {
        for (encoding, bytes) in [
            (Encoding::Utf8, "😀".as_bytes()),
            (Encoding::Utf16Be, &[0xd8, 0x3d, 0xde, 0x00]),
            (Encoding::Utf32Le, &[0, 0xf6, 1, 0]),
        ] {
            for cut in 0..bytes.len() {
                assert_eq!(encoding.step(&bytes[..cut], false), Step::Short);
            }
            assert_eq!(encoding.step(bytes, false), Step::Char('😀', 4));
        }
        assert_eq!(Encoding::Utf16Be.step(&[0xd8, 0x3d, 0, 0x41], false), Step::Bad(2));
        assert_eq!(Encoding::Utf16Le.step(&[0x00, 0xdc], false), Step::Bad(2));
    }

    #[test]
    fn what_cannot_be_written_follows_the_strategy() {
        let write = |strategy| {
            let mut out = Vec::new();
            Encoding::Ascii.encode("aéλ😀", strategy, &mut out).map(|()| String::from_utf8(out).unwrap())
        };
        assert_eq!(write(Strategy::Error), Err('é'));
        assert_eq!(write(Strategy::Substitute).unwrap(), "a???");
        assert_eq!(write(Strategy::Escape).unwrap(), "a\\xe9\\u03bb\\U01f600");
    }

    #[test]
    fn a_text_may_say_its_encoding() {
        assert_eq!(declared(b"; -*- coding: iso-8859-1 -*-\n").as_deref(), Some("ISO-8859-1"));
        assert_eq!(declared(b"#! coding=utf-8 !#").as_deref(), Some("UTF-8"));
        assert_eq!(declared(b"\xef\xbb\xbfx").as_deref(), Some("UTF-8"));
        assert_eq!(declared(b"(define coding: 5)"), None);
        assert_eq!(declared(b"; coding: "), None);
    }

    #[test]
    fn marks_choose_the_order() {
        assert_eq!(Encoding::Utf16.mark(&[0xff, 0xfe, 65], false), Mark::Found(2, Encoding::Utf16Le));
        assert_eq!(Encoding::Utf16.mark(&[0, 65], false), Mark::Absent(Encoding::Utf16Be));
        assert_eq!(Encoding::Utf8.mark(&[0xef, 0xbb], false), Mark::Short);
        assert_eq!(Encoding::Utf8.mark(&[0xef, 0xbb], true), Mark::Absent(Encoding::Utf8));
        assert_eq!(Encoding::Utf8.mark(b"a", false), Mark::Absent(Encoding::Utf8));
    }
}
