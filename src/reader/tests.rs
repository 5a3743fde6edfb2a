//! The reader as a whole: what texts mean, where their data stand, and what is said of bad ones.

use std::time::{Duration, Instant};

use super::*;
use crate::num;
use crate::source::{SourceId, Span};
use crate::symbol::Symbols;

const SOURCE: SourceId = SourceId(1);

/// A tree as plain text: symbols by bare name, characters by number, numbers as in the source, `^2` for the node two
/// levels up.
fn show(tree: &Tree, text: &str, symbols: &Symbols) -> String {
    fn walk(tree: &Tree, id: NodeId, text: &str, symbols: &Symbols, path: &mut Vec<NodeId>) -> String {
        if let Some(up) = path.iter().rev().position(|&above| above == id) {
            return format!("^{}", up + 1);
        }
        path.push(id);
        let mut all =
            |ids: &[NodeId]| ids.iter().map(|&id| walk(tree, id, text, symbols, path)).collect::<Vec<_>>().join(" ");
        let span = tree.span(id);
        let shown = match tree.kind(id) {
            Kind::Nil => "()".to_string(),
            Kind::Bool(value) => format!("#{value}"),
            Kind::Number(_) => text[span.start as usize..span.end as usize].to_string(),
            Kind::Char(c) => format!("U+{:04X}", *c as u32),
            Kind::String(value) => format!("{value:?}"),
            Kind::Symbol(name) => symbols.name(*name).to_string(),
            Kind::Keyword(name) => format!("#:{}", symbols.name(*name)),
            Kind::Bytes(bytes) => format!("bytes{bytes:?}"),
            Kind::Vector(items) => format!("#({})", all(items)),
            Kind::UniformVector(uniform, items) => format!("#{}({})", uniform.tag(), all(items)),
            Kind::Bitvector(bits) => {
                format!("#*{}", bits.iter().map(|&bit| if bit { '1' } else { '0' }).collect::<String>())
            }
            Kind::Array(bounds, root) => format!("array{bounds:?}{}", all(&[*root])),
            Kind::Special(special) => format!("{special:?}"),
            Kind::Pair(car, cdr) => format!("({} . {})", all(&[*car]), all(&[*cdr])),
        };
        path.pop();
        shown
    }
    walk(tree, tree.root, text, symbols, &mut Vec::new())
}

/// All data of a text, `(a . (b . ()))` written `(a b)`.
fn data(text: &str) -> Result<String, Error> {
    let mut symbols = Symbols::new();
    let trees = read_all(text, SOURCE, &mut symbols)?;
    let shown: Vec<_> = trees.iter().map(|tree| plain(&show(tree, text, &symbols))).collect();
    Ok(shown.join(" | "))
}

/// Takes the dots before parentheses out.
fn plain(shown: &str) -> String {
    let mut out = String::new();
    let mut opened = Vec::new();
    let mut rest = shown;
    while let Some(c) = rest.chars().next() {
        if let Some(tail) = rest.strip_prefix(" . (") {
            // Only the dot of a pair stands so.
            opened.push(false);
            if !tail.starts_with(')') {
                out.push(' ');
            }
            rest = tail;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '(' => opened.push(true),
            ')' if opened.pop() == Some(false) => continue,
            _ => {}
        }
        out.push(c);
    }
    out
}

#[track_caller]
fn check(table: &[(&str, &str)]) {
    for (text, expected) in table {
        match data(text) {
            Ok(shown) => assert_eq!(shown, *expected, "reading {text:?}"),
            Err(error) => panic!("reading {text:?}: {error:?}"),
        }
    }
}

/// Each text is bad at the given bytes, and the message holds the given words.
#[track_caller]
fn check_errors(table: &[(&str, std::ops::Range<usize>, &str)]) {
    for (text, range, words) in table {
        let error = data(text).expect_err(text);
        assert_eq!(error.span, Span::new(SOURCE, range.start, range.end), "{text:?}: {error:?}");
        assert!(error.message.contains(words), "{text:?}: {error:?}");
    }
}

#[test]
fn lists_and_vectors() {
    check(&[
        ("", ""),
        ("()", "()"),
        ("(a b c)", "(a b c)"),
        ("(a . b)", "(a . b)"),
        ("(a b . c)", "(a b . c)"),
        ("(a . (b . (c . ())))", "(a b c)"),
        ("[a (b) [c]]", "(a (b) (c))"),
        ("#(a #(b) ())", "#(a #(b) ())"),
        ("#()", "#()"),
        ("(a.b)", "(a.b)"),
        ("(a .b)", "(a .b)"),
        ("(a . #;b c)", "(a . c)"),
        ("(a . b #;c)", "(a . b)"),
        ("a b(c)d\"e\"f", "a | b | (c) | d | \"e\" | f"),
        ("(1 .5)", "(1 .5)"),
    ]);
}

#[test]
fn identifiers() {
    check(&[
        ("... + - ->x +soup+ 1+ .foo -- -. +.a ..", "... | + | - | ->x | +soup+ | 1+ | .foo | -- | -. | +.a | .."),
        ("!$%&*/:<=>?^_~@ a#b a'b a,b a`b a{b}", "!$%&*/:<=>?^_~@ | a#b | a'b | a,b | a`b | a{b}"),
        ("λ été 日本語 ⟨x⟩", "λ | été | 日本語 | ⟨x⟩"),
        ("|a b| || |a|b|c|", "a b |  | a | b | c"),
        (r"|a\x41;\t\n\|\\b|", "aA\t\n|\\b"),
        (r"|\x3BB;| |two\x20;words|", "λ | two words"),
        (r"#{a b}# #{a\x41;\}b}# #{a}b}#", "a b | aA}b | a}b"),
        (":foo #:foo #:|x y| #:foo:", ":foo | #:foo | #:x y | #:foo:"),
        ("-inf +infinity e1 -e", "-inf | +infinity | e1 | -e"),
    ]);
}

#[test]
fn every_character_is_either_part_of_symbols_or_a_delimiter() {
    for c in '\0'..=char::MAX {
        let text = format!("a{c}");
        let whole = tokens(&text).next().unwrap().1.len() == text.len();
        assert_ne!(whole, is_delimiter(c), "U+{:04X}", c as u32);
    }
}

#[test]
fn white_space_and_comments() {
    check(&[
        ("\u{FEFF}a", "a"),
        ("a\u{A0}b\u{2003}c\u{3000}d\r\ne\x0Cf\u{2028}g", "a | b | c | d | e | f | g"),
        ("a;b\nc ; d\rr", "a | c | r"),
        ("a#|b|", "a# | b"),
        ("a #|b|# c #||# d #|#|# e|#|# #|||# f", "a | c | d | f"),
        ("#|a #|b|# c|# d", "d"),
        ("#;a b #;(c d) e #;#;f g h", "b | e | h"),
        ("(a #;b) (#;a) #(#;a) '#;a b", "(a) | () | #() | (quote b)"),
        ("#; ; x\n a b", "b"),
        ("#! a b !# c", "c"),
        (" #!/not first !# c", "c"),
    ]);
}

#[test]
fn script_heads() {
    check(&[
        ("#!/usr/bin/env sockeye\na", "a"),
        ("#!/usr/bin/env sockeye", ""),
        ("#!/usr/bin/sockeye -s\n!#\na", "a"),
        ("#!/usr/bin/sockeye \\\n-e main -s\n!#\na", "a"),
        ("#!/bin/sh\nexec sockeye \"$0\"\n!# a", "a"),
        ("#!/usr/bin/env sockeye\n(a \"!#\")\n;!#\nb", "(a \"!#\") | b"),
        ("#! foo !# a", "a"),
        ("\u{FEFF}#!/usr/bin/env sockeye\r\na", "a"),
        ("#!fold-case\nA", "a"),
    ]);
}

#[test]
fn constants() {
    check(&[
        ("#t #f #true #false #T #F #TRUE #False", "#true | #false | #true | #false | #true | #false | #true | #false"),
        ("#!eof #!default #!unspecific #!unspecified", "Eof | Default | Unspecified | Unspecified"),
        ("(#!optional #!rest #!key)", "(Optional Rest Key)"),
        ("12 -7 1.5 .5 1e3 #xFF #e10", "12 | -7 | 1.5 | .5 | 1e3 | #xFF | #e10"),
        ("#u8(0 255 #xFF) #vu8(1 2) #U8() #u8(1 #;2 3)", "bytes[0, 255, 255] | bytes[1, 2] | bytes[] | bytes[1, 3]"),
        ("#f64(1.0 2) #s16(-1) #U32() #c64(1)", "#f64(1.0 2) | #s16(-1) | #u32() | #c64(1)"),
        ("#*1010 #* #*0", "#*1010 | #* | #*0"),
        ("#t(a) #t[b]", "#true | (a) | #true | (b)"),
    ]);
}

#[test]
fn numbers_are_left_to_num() {
    let mut symbols = Symbols::new();
    for text in ["12", "-7", "1.5", "#xff", "#e10"] {
        let trees = read_all(text, SOURCE, &mut symbols).unwrap();
        assert_eq!(trees[0].kind(trees[0].root), &Kind::Number(num::parse(text, 10).unwrap()), "{text}");
    }
}

#[test]
fn characters() {
    check(&[
        (r"#\a #\A #\λ #\1 #\x #\X #\' #\#", "U+0061 | U+0041 | U+03BB | U+0031 | U+0078 | U+0058 | U+0027 | U+0023"),
        (r"(#\() #\) #\[ #\; #\| #\ ", "(U+0028) | U+0029 | U+005B | U+003B | U+007C | U+0020"),
        ("#\\\" #\\\n #\\\\", "U+0022 | U+000A | U+005C"),
        (r"#\(a #\;;b", "U+0028 | a | U+003B"),
        (r"#\alarm #\backspace #\delete #\escape #\newline", "U+0007 | U+0008 | U+007F | U+001B | U+000A"),
        (r"#\null #\return #\space #\tab", "U+0000 | U+000D | U+0020 | U+0009"),
        (r"#\nul #\altmode #\esc #\rubout #\linefeed #\page", "U+0000 | U+001B | U+001B | U+007F | U+000A | U+000C"),
        (r"#\SPACE #\Newline #\vtab #\us #\dc4", "U+0020 | U+000A | U+000B | U+001F | U+0014"),
        (r"#\x3bb #\x41 #\X41 #\x0 #\x10FFFF #\x00041", "U+03BB | U+0041 | U+0041 | U+0000 | U+10FFFF | U+0041"),
        (r"#\101 #\400 #\8 #\12 #\◌́", "U+0041 | U+0100 | U+0038 | U+000A | U+0301"),
    ]);
}

#[test]
fn strings() {
    check(&[
        (r#""" "a b" "λ""#, r#""" | "a b" | "λ""#),
        (r#""\a\b\t\n\r\"\\\|""#, r#""\u{7}\u{8}\t\n\r\"\\|""#),
        (r#""\x41;\x3bb;\x00;\X41;""#, r#""Aλ\0A""#),
        (r#""\f\v\0\(\u00e9\U01F600z""#, r#""\u{c}\u{b}\0(é😀z""#),
        ("\"a\\\n   b\"", r#""ab""#),
        ("\"a \\ \t\r\n \t b\\\n\n\"", r#""a b\n""#),
        ("\"a\nb\r\nc\rd\"", r#""a\nb\nc\nd""#),
        (
            r#"#u8"abc" #u8"" #U8"\a\b\t\n\r\"\\\|\xff;""#,
            "bytes[97, 98, 99] | bytes[] | bytes[7, 8, 9, 10, 13, 34, 92, 124, 255]",
        ),
        ("#u8\"a\\\n  b\"", "bytes[97, 98]"),
    ]);
}

#[test]
fn quote_marks() {
    check(&[
        ("'a `b ,c ,@d", "(quote a) | (quasiquote b) | (unquote c) | (unquote-splicing d)"),
        ("#'a #`b #,c #,@d", "(syntax a) | (quasisyntax b) | (unsyntax c) | (unsyntax-splicing d)"),
        ("''a '() '#(b) , @x", "(quote (quote a)) | (quote ()) | (quote #(b)) | (unquote @x)"),
        ("(a . 'b)", "(a quote b)"),
        ("`(a ,b ,@c)", "(quasiquote (a (unquote b) (unquote-splicing c)))"),
    ]);
}

#[test]
fn fold_case_directives() {
    check(&[
        ("#!fold-case ABC |ABC| #\\A #\\SPACE #:KEY \"ABC\"", "abc | ABC | U+0041 | U+0020 | #:key | \"ABC\""),
        ("A #!fold-case B #!no-fold-case C", "A | b | C"),
        ("(A #!fold-case B) C", "(A b) | c"),
        ("#!fold-case Straße ΣΑΣ", "strasse | σασ"),
    ]);
    let mut parser = Parser::new(SOURCE, 0);
    let mut symbols = Symbols::new();
    parser.set_fold_case(true);
    parser.next_datum("ABC", &mut symbols).unwrap().unwrap();
    assert!(symbols.find("abc").is_some());
}

#[test]
fn keyword_styles() {
    let cases = [
        (KeywordStyle::Hash, ":a b: #:c :", ":a b: #:c :"),
        (KeywordStyle::Prefix, ":a b: #:c :", "#:a b: #:c :"),
        (KeywordStyle::Postfix, ":a b: #:c :", ":a #:b #:c :"),
    ];
    for (style, text, expected) in cases {
        let mut parser = Parser::new(SOURCE, 0);
        let mut symbols = Symbols::new();
        parser.set_keyword_style(style);
        let mut shown = Vec::new();
        while let Some(tree) = parser.next_datum(text, &mut symbols) {
            shown.push(show(&tree.unwrap(), text, &symbols));
        }
        assert_eq!(shown.join(" "), expected, "{style:?}");
    }
}

#[test]
fn datum_labels() {
    check(&[
        ("#0=(a . #0#)", "(a . ^1)"),
        ("#0=(a #0# b)", "(a ^2 b)"),
        ("#0=#(a #0#)", "#(a ^1)"),
        ("(#1=(x) #1# #1#)", "((x) (x) (x))"),
        ("#0=a", "a"),
        ("(#0=a #0# . #0#)", "(a a . a)"),
        ("#0='#0#", "(quote ^2)"),
        ("#0=#1=(#0# #1#)", "(^1 ^2)"),
        ("#0=(#1=#0# . #1#)", "(^1 . ^1)"),
        ("(#0=#1=(x) #0# #1#)", "((x) (x) (x))"),
        ("#0=a #0=b", "a | b"),
        ("#007=(#7#)", "(^1)"),
        ("(#;#0=a #0=b #0#)", "(b b)"),
        ("#0=(a #;#0# b)", "(a b)"),
        ("#0=(#;(#1=#0# #2=(x)) #1=y . #1#)", "(y . y)"),
        ("#18446744073709551615=a", "a"),
        ("(#0=() #0#)", "(() ())"),
    ]);
}

#[test]
fn shared_structure_is_one_node() {
    let mut symbols = Symbols::new();
    let trees = read_all("(#0=(x) . #0#)", SOURCE, &mut symbols).unwrap();
    let Kind::Pair(car, cdr) = trees[0].kind(trees[0].root) else { panic!() };
    assert_eq!(car, cdr);
}

#[test]
fn spans() {
    let text = "(a (b . c) 'd \"e\")";
    let mut symbols = Symbols::new();
    let tree = read_all(text, SOURCE, &mut symbols).unwrap().remove(0);
    let at = |id: NodeId| &text[tree.span(id).start as usize..tree.span(id).end as usize];
    let mut seen = Vec::new();
    let mut id = tree.root;
    while let Kind::Pair(car, cdr) = tree.kind(id) {
        seen.push((at(id), at(*car)));
        id = *cdr;
    }
    assert_eq!(seen, [(text, "a"), ("(b . c) 'd \"e\")", "(b . c)"), ("'d \"e\")", "'d"), ("\"e\")", "\"e\""),]);
    assert_eq!(at(id), ")");
    let quoted = tree.nodes.iter().find(|node| node.kind == Kind::Symbol(symbols.find("quote").unwrap())).unwrap();
    assert_eq!((quoted.span.start, quoted.span.end), (11, 12));
}

#[test]
fn spans_count_from_the_start_offset() {
    let mut parser = Parser::new(SOURCE, 100);
    let mut symbols = Symbols::new();
    let Ok(Step::Datum(tree)) = parser.advance("  foo ", false, &mut symbols) else { panic!() };
    assert_eq!(tree.span(tree.root), Span::new(SOURCE, 102, 105));
    assert_eq!((parser.consumed(), parser.position()), (5, 105));
}

#[test]
fn misplaced_parentheses_and_dots() {
    check_errors(&[
        (")", 0..1, "unexpected `)`"),
        ("a ]", 2..3, "unexpected `]`"),
        ("(a ]", 3..4, "expected `)`, got `]`"),
        ("[a )", 3..4, "expected `]`, got `)`"),
        ("#(a ]", 4..5, "expected `)`, got `]`"),
        ("(. a)", 1..2, "before the dot"),
        ("(a . )", 5..6, "after the dot"),
        ("(a . b c)", 7..8, "expected `)`"),
        ("(a . b . c)", 7..8, "one dot"),
        ("(a . . b)", 5..6, "one dot"),
        ("#(a . b)", 4..5, "in the vector, got a dot"),
        ("#u8(1 . 2)", 6..7, "got a dot"),
        (". a", 0..1, "unexpected dot"),
        ("(')", 2..3, "expected a datum after ', got `)`"),
        ("(a . ')", 6..7, "after '"),
        ("'.", 1..2, "after '"),
        ("(#;)", 3..4, "after `#;`"),
        ("(#0=)", 4..5, "after the label `#0=`"),
    ]);
    let error = data("(a\n ]").unwrap_err();
    assert_eq!(error.note.unwrap().0, Span::new(SOURCE, 0, 1));
    assert_eq!(data(")").unwrap_err().kind, ErrorKind::UnexpectedClose);
}

#[test]
fn bad_literals() {
    check_errors(&[
        ("#u8(1 300)", 6..9, "expected a byte"),
        ("#u8(-1)", 4..6, "expected a byte"),
        ("#u8(1.0)", 4..7, "expected a byte"),
        ("#u8(1 a)", 6..7, "expected a number in `#u8(…)`, got a symbol"),
        ("#f64(1 (2))", 7..10, "expected a number in `#f64(…)`, got a list"),
        (r#""ab\q""#, 3..5, r"unknown escape `\q`"),
        (r#""\x110000;""#, 1..10, "there is no character number #x110000"),
        (r#""\xffffffffffffffffffff;""#, 1..24, "there is no character number"),
        (r#""\xD800;""#, 1..8, "surrogate"),
        (r#""\uD800""#, 1..7, "surrogate"),
        (r#""\x4""#, 1..4, "expected `;`"),
        (r#""\x;""#, 1..3, "expected hexadecimal digits"),
        (r#""\u12""#, 1..5, "expected 4 hexadecimal digits"),
        (r#""\U0001""#, 1..7, "expected 6 hexadecimal digits"),
        (r"|a\qb|", 2..4, "unknown escape"),
        (r"#:|a\qb|", 4..6, "unknown escape"),
        (r"#{a\x;}#", 3..5, "expected hexadecimal digits"),
        ("#u8\"aé\"", 5..7, "printable ASCII in a byte string, got"),
        ("#u8\"a\n\"", 5..6, "U+000A"),
        (r#"#u8"\x100;""#, 4..10, "expected a byte"),
        (r#"#u8"\f""#, 4..6, "no escape of byte strings"),
        (r"#\foo", 0..5, "no character named `foo`"),
        (r"#\x110000", 0..9, "there is no character number"),
        (r"#\xD800", 0..7, "surrogate"),
        (r"#\80", 0..4, "no character named"),
        (r"#\77777777777777", 0..16, "there is no character number"),
        (r"#\", 0..2, "expected a character"),
        ("#", 0..1, "expected something after `#`"),
        ("#foo", 0..4, "`#foo` means nothing"),
        ("#tr", 0..3, "`#tr` means nothing"),
        ("#<port>", 0..7, "cannot be read"),
        ("#xfoo", 0..5, "expected a number after `#x`"),
        ("#*012", 0..5, "`#*012` means nothing"),
        ("#2(a)", 0..5, "stand in lists"),
        ("#2((a) (b c))", 0..13, "dimension 2 of an array is to have one length"),
        ("#0(a b)", 0..7, "has one element, not 2"),
        ("#2zz((1))", 0..5, "not known, zz"),
        ("#2@1((a))", 0..5, "bounds of 1 dimensions"),
        ("#1:3(a b)", 0..9, "is said to have 3 elements, and has 2"),
        ("#999((a))", 0..5, "more than 100 dimensions"),
        ("#2f64((a))", 7..8, "expected a number in `#f64(…)`"),
        ("#: foo", 0..2, "expected a name after `#:`"),
        ("a\0b", 1..2, "unexpected character U+0000"),
        ("#12", 0..3, "expected a label"),
        ("#0#", 0..3, "no label #0="),
        ("#0=#0#", 0..6, "nothing but itself"),
        ("#0=#1=#0#", 0..9, "nothing but itself"),
        ("(#0=a #0=b)", 6..9, "set twice"),
        ("(#0# #0=a)", 1..4, "no label #0="),
        ("(#;#0=a #0#)", 8..11, "no label #0="),
        ("#99999999999999999999=a", 0..22, "too large"),
    ]);
}

#[test]
fn unterminated_forms_say_where_they_began() {
    let cases = [
        ("(a (b", 3..4, 2, "list is never closed: expected `)`"),
        ("(a [b", 3..4, 2, "expected `]`"),
        ("#(a", 0..2, 1, "vector"),
        ("x #u8(1", 2..6, 1, "bytevector"),
        ("(a \"b c", 3..4, 2, "string is never closed"),
        (r#""a\""#, 0..1, 1, "string"),
        ("#u8\"a", 0..4, 1, "byte string"),
        ("|a b", 0..1, 1, "symbol is never closed: expected `|`"),
        ("#:|a b", 0..3, 1, "keyword"),
        ("#{a b}", 0..2, 1, "expected `}#`"),
        ("#|a #|b|#", 0..2, 1, "comment is never closed: expected `|#`"),
        ("a #!b c", 2..4, 1, "expected `!#`"),
        ("'", 0..1, 1, "after ', but the text ends"),
        ("(a ,@", 3..5, 2, "after ,@"),
        ("#;", 0..2, 1, "to skip"),
        ("#0=", 0..3, 1, "label"),
        ("(a .", 0..1, 1, "list"),
    ];
    for (text, range, depth, words) in cases {
        let error = data(text).expect_err(text);
        let span = Span::new(SOURCE, range.start, range.end);
        assert_eq!(error.kind, ErrorKind::Unterminated { opened: span, depth }, "{text:?}: {error:?}");
        assert_eq!(error.span, span, "{text:?}");
        assert!(error.message.contains(words), "{text:?}: {error:?}");
    }
    assert_eq!(data("(a (b").unwrap_err().note.unwrap().0, Span::new(SOURCE, 0, 1));
    assert!(data("a #!fold-csae b").unwrap_err().note.unwrap().1.contains("`#!fold-csae` is no directive"));
}

/// Feeds a text in pieces, and collects data and errors.
fn in_pieces(text: &str, size: usize) -> Vec<String> {
    let mut parser = Parser::new(SOURCE, 0);
    let mut symbols = Symbols::new();
    let mut shown = Vec::new();
    let (mut start, mut end) = (0, 0);
    loop {
        let eof = end == text.len();
        match parser.advance(&text[start..end], eof, &mut symbols) {
            Ok(Step::Datum(tree)) => shown.push(show(&tree, text, &symbols)),
            Ok(Step::End) => return shown,
            Ok(Step::NeedMore) => {
                assert!(!eof, "asked for more at the end of {text:?}");
                end = text.len().min(end + size);
                while !text.is_char_boundary(end) {
                    end += 1;
                }
            }
            Ok(Step::NeedRoom(bytes)) => panic!("{bytes} bytes are no matter here"),
            Err(error) => shown.push(error.message),
        }
        start += parser.consumed();
        assert_eq!(start, parser.position());
    }
}

#[test]
fn pieces_read_like_the_whole() {
    let long = format!(
        "\"{}\" |{}| {} ;{}\n#|{}|# #!{}!#",
        "é\\\\".repeat(300),
        "b".repeat(300),
        "c".repeat(900),
        "d".repeat(900),
        "|e#".repeat(300),
        "f!".repeat(300)
    );
    let texts = [
        "(define (f x) `(a ,x ,@(g) . #(1 2.5 \"s\\x41;\\n\")))",
        "foo bar ; comment\n baz #;(skipped (deep)) qux #| block #| nested |# |# end",
        "#0=(a #1=#(b #0#) . #1#) #\\a #\\( #\\space #\\x41 #u8(1 2 #xff) #u8\"abc\" #vu8(3)",
        "'a `b ,c ,@d #'e #`f #,g #,@h #:k #:|l m| #{n o}# |p q| #t #false #!eof #!fold-case ABC #*101 #f64(1.0)",
        "(a ] b) ) c \"\\q\" d #foo (e . f g) h",
        "#!/usr/bin/env sockeye\n(a)\n",
        "#!/usr/bin/sockeye -s\n!#\n(a)\n",
        "a #! long comment ! # !# b",
        "λ \u{3000}(été)",
        &long,
    ];
    for text in texts {
        let whole = in_pieces(text, usize::MAX >> 1);
        assert!(!whole.is_empty());
        for size in [1, 2, 3, 7, 64] {
            assert_eq!(in_pieces(text, size), whole, "{text:?} in pieces of {size}");
        }
    }
}

#[test]
fn no_more_is_taken_than_the_datum() {
    for (text, consumed) in
        [("(a) b", 3), ("a b", 1), ("\"a\"b", 3), ("'a)", 2), (" a\n", 2), ("#\\(x", 3), ("|a|b", 3)]
    {
        let mut parser = Parser::new(SOURCE, 0);
        let step = parser.advance(text, false, &mut Symbols::new()).unwrap();
        assert!(matches!(step, Step::Datum(_)), "{text}");
        assert_eq!(parser.consumed(), consumed, "{text}");
    }
}

#[test]
fn self_delimiting_data_need_no_more() {
    for (text, whole) in [
        ("(a)", true),
        ("\"a\"", true),
        ("|a|", true),
        ("#u8\"a\"", true),
        ("#\\(", true),
        ("a", false),
        ("12", false),
        ("#\\a", false),
        ("#t", false),
        ("#:a", false),
        ("'a", false),
    ] {
        let step = Parser::new(SOURCE, 0).advance(text, false, &mut Symbols::new()).unwrap();
        assert_eq!(matches!(step, Step::Datum(_)), whole, "{text}");
    }
}

#[test]
fn reading_goes_on_after_an_error() {
    let text = "(a #foo) b";
    let mut parser = Parser::new(SOURCE, 0);
    let mut symbols = Symbols::new();
    assert!(parser.next_datum(text, &mut symbols).unwrap().is_err());
    assert_eq!(parser.position(), 7);
    assert_eq!(parser.next_datum(text, &mut symbols).unwrap().unwrap_err().kind, ErrorKind::UnexpectedClose);
    assert!(parser.next_datum(text, &mut symbols).unwrap().is_ok());
    assert!(parser.next_datum(text, &mut symbols).is_none());
}

#[test]
fn completeness() {
    for text in ["", "  ; x", "a", "(a)", "(a) b", "#|x|# a"] {
        assert_eq!(is_complete(text), Completeness::Complete, "{text:?}");
    }
    for (text, at, depth) in
        [("(a", 0, 1), ("a (b (c", 5, 2), ("(a \"b", 3, 2), ("'", 0, 1), ("(a) #|", 4, 1), ("#;", 0, 1)]
    {
        match is_complete(text) {
            Completeness::Incomplete { opened_at, depth: found } => assert_eq!((opened_at.start, found), (at, depth)),
            other => panic!("{text:?}: {other:?}"),
        }
    }
    for text in ["(a]", ")", "#foo (", "\"\\q\""] {
        assert!(matches!(is_complete(text), Completeness::Invalid(_)), "{text:?}");
    }
}

#[test]
fn tokens_have_classes() {
    let text = "#!fold-case (define x '#(1 \"a\" #\\b #t #:k . #0=y)) ;c\n#|d|##;e #foo \"open";
    let found: Vec<_> = tokens(text).filter(|(class, _)| *class != Class::Space).map(|(c, r)| (c, &text[r])).collect();
    use Class::*;
    let expected = [
        (Directive, "#!fold-case"),
        (Open, "("),
        (Symbol, "define"),
        (Symbol, "x"),
        (Quote, "'"),
        (Open, "#("),
        (Number, "1"),
        (String, "\"a\""),
        (Character, "#\\b"),
        (Boolean, "#t"),
        (Keyword, "#:k"),
        (Dot, "."),
        (Label, "#0="),
        (Symbol, "y"),
        (Close, ")"),
        (Close, ")"),
        (Comment, ";c"),
        (Comment, "#|d|#"),
        (DatumComment, "#;"),
        (Symbol, "e"),
        (Invalid, "#foo"),
        (String, "\"open"),
    ];
    assert_eq!(found, expected);
    let ranges: Vec<_> = tokens(text).map(|(_, range)| range).collect();
    assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start), "tokens leave no gaps");
}

/// Reads one datum of a deep or long text, and gives it up again, on a small stack and in little time.
fn read_large(text: String) -> Tree {
    let read = move || {
        let start = Instant::now();
        let tree = read_all(&text, SOURCE, &mut Symbols::new()).unwrap().remove(0);
        drop(tree.clone());
        assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
        (tree.nodes, tree.root)
    };
    let (nodes, root) = std::thread::Builder::new().stack_size(128 * 1024).spawn(read).unwrap().join().unwrap();
    Tree { nodes, root, loan: None }
}

const MILLION: usize = 1_000_000;

#[test]
fn a_million_nested_parentheses() {
    let tree = read_large("(".repeat(MILLION) + &")".repeat(MILLION));
    let (mut id, mut depth) = (tree.root, 1);
    while let Kind::Pair(car, _) = tree.kind(id) {
        (id, depth) = (*car, depth + 1);
    }
    assert_eq!(depth, MILLION);
}

#[test]
fn a_list_of_a_million() {
    let tree = read_large(format!("({})", "a ".repeat(MILLION)));
    let (mut id, mut length) = (tree.root, 0);
    while let Kind::Pair(_, cdr) = tree.kind(id) {
        (id, length) = (*cdr, length + 1);
    }
    assert_eq!(length, MILLION);
}

#[test]
fn deep_quotes_vectors_labels_and_comments() {
    read_large("'".repeat(MILLION) + "a");
    read_large("#(".repeat(MILLION) + &")".repeat(MILLION));
    read_large("#;".repeat(MILLION) + &"a ".repeat(MILLION + 1));
    read_large("#|".repeat(MILLION) + &"|#".repeat(MILLION) + "a");
    let labels: String = (0..MILLION / 10).map(|n| format!("#{n}=(#{n}# . ")).collect();
    read_large(labels + "()" + &")".repeat(MILLION / 10));
}

#[test]
fn long_tokens_in_small_pieces_are_read_in_linear_time() {
    let start = Instant::now();
    for text in [
        format!("\"{}\"", "a\\\"".repeat(MILLION)),
        "a".repeat(2 * MILLION),
        format!("#|{}|# a", "#||#".repeat(MILLION / 2)),
        format!(";{}\n a", "x".repeat(2 * MILLION)),
        format!("{}a{}", "(".repeat(MILLION), ")".repeat(MILLION)),
    ] {
        let mut parser = Parser::new(SOURCE, 0);
        let mut symbols = Symbols::new();
        let (mut from, mut to) = (0, 0);
        while let Ok(Step::NeedMore) = parser.advance(&text[from..to], to == text.len(), &mut symbols) {
            from += parser.consumed();
            to = text.len().min(to + 64);
        }
        assert_eq!(from + parser.consumed(), text.len());
    }
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
}

#[test]
fn any_bytes_are_read_or_refused() {
    // Every short string over the characters that mean something, whole and in pieces.
    let alphabet = [
        "(", ")", "[", "#", "\"", "\\", "|", ";", "'", ",", "@", "!", "{", "}", ".", "0", "=", "x", "u8", "\n", " ",
        "é", ":",
    ];
    let mut texts = vec![String::new()];
    for _ in 0..3 {
        texts = texts.iter().flat_map(|text| alphabet.iter().map(move |more| format!("{text}{more}"))).collect();
    }
    for text in &texts {
        assert_eq!(in_pieces(text, 1), in_pieces(text, 100), "{text:?}");
        let _ = is_complete(text);
        assert_eq!(tokens(text).map(|(_, range)| range.len()).sum::<usize>(), text.len(), "{text:?}");
    }
}
