//! Numbers written and read.

use super::super::*;

const NEVER: &Stop = &Stop::NEVER;

/// A NaN of either sign is written the same.
#[test]
fn floats_are_written_shortest() {
    for (x, text) in [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (100.0, "100.0"),
        (1e6, "1000000.0"),
        (1e7, "1.0e7"),
        (9.9e6, "9900000.0"),
        (123456000.0, "123456000.0"),
        (1234560000.0, "1.23456e9"),
        (12345678000.0, "12345678000.0"),
        (123456780000.0, "1.2345678e11"),
        (1234567890123456000.0, "1234567890123456000.0"),
        (12345678901234560000.0, "1.234567890123456e19"),
        (1e20, "1.0e20"),
        (1e21, "1.0e21"),
        (1e22, "1.0e22"),
        (1e23, "1.0e23"),
        (1e100, "1.0e100"),
        (123456789.123, "123456789.123"),
        (9007199254740993.0, "9007199254740992.0"),
        (0.1, "0.1"),
        (0.001, "0.001"),
        (0.00123456, "0.00123456"),
        (0.0001, "1.0e-4"),
        (0.000999, "9.99e-4"),
        (1.5e-5, "1.5e-5"),
        (-1e-7, "-1.0e-7"),
        (5e-324, "5.0e-324"),
        (f64::MAX, "1.7976931348623157e308"),
        (f64::INFINITY, "+inf.0"),
        (f64::NEG_INFINITY, "-inf.0"),
        (f64::NAN, "+nan.0"),
        (-f64::NAN, "+nan.0"),
    ] {
        let mut out = String::from(">");
        format_float(x, &mut out);
        assert_eq!(out, format!(">{text}"));
    }
}

#[test]
fn numbers_are_written_in_any_radix() {
    for (text, radix, written) in [
        ("10", 2, "1010"),
        ("-255", 16, "-ff"),
        ("35", 36, "z"),
        ("1/3", 3, "1/10"),
        ("-9223372036854775808", 10, "-9223372036854775808"),
        ("0.5", 2, "0.1"),
        ("0.1", 2, "1.100110011001100110011001100110011001100110011001101e-100"),
        ("255.5", 16, "ff.8"),
        ("-255.75", 16, "-ff.c"),
        ("1e21", 2, "1.101100011010111001001101011011100010111011110101e1000101"),
        ("1e-7", 8, "1.53277451527453644e-10"),
        ("1e-7", 2, "1.1010110101111111001010011010101111001010111101001e-11000"),
        ("1024.0", 2, "1.0e1010"),
        ("64.0", 2, "1000000.0"),
        ("0.125", 2, "0.001"),
        ("0.0625", 2, "1.0e-100"),
        ("1e10", 16, "2540be400.0"),
        ("1e22", 16, "2.1e19e0c9bab24e12"),
        ("0.001", 16, "0.004189374bc6a7f"),
        ("0.1", 3, "0.0022002200220022002200220022002201"),
        ("-0.5", 3, "-0.1111111111111111111111111111111112"),
        ("1e100", 3, "1.220122101121201121112120100111e21202"),
        ("0.1", 36, "0.3lllllllllm"),
        ("1e22", 36, "1.mmfb877tu1ee"),
        ("1.5", 11, "1.5555555555555556"),
        ("123456.789", 36, "2n9c.sejl0v4"),
        ("1e300", 16, "1.7e43c8800759cef9"),
        ("+inf.0", 2, "+inf.0"),
        ("5+2.5i", 2, "101+10.1i"),
        ("-i", 7, "-i"),
    ] {
        assert_eq!(format(&parse(text, 10).unwrap(), radix, NEVER).as_deref(), Ok(written), "{text} {radix}");
    }
    for radix in [0, 1, 37, u32::MAX] {
        assert!(format(&Number::from(35i64), radix, NEVER).is_err());
        assert!(parse_checked("1", radix, NEVER).is_err());
    }
}

/// `text > number`, with `-` for no number. Guile agrees but for the last group.
#[test]
fn numbers_are_read() {
    let table = "
        1 > 1          +1 > 1          -1 > -1         + > -           - > -           . > -           1. > 1.0
        .5 > 0.5       +.5 > 0.5       -.5e2 > -50.0   1e3 > 1000.0    1e > -          e1 > -          1e+3 > 1000.0
        1e-3 > 0.001   1E3 > 1000.0    1s3 > 1000.0    1f3 > 1000.0    1d3 > 1000.0    1L3 > 1000.0    1/2 > 1/2
        1/0 > -        0/0 > -         -1/2 > -1/2     1/-2 > -        1/+2 > -        1/2/3 > -       1./2 > -
        1/2. > -       1/2e2 > -       #e1.5 > 3/2     #e1.5e3 > 1500  #i1/2 > 0.5     #i1 > 1.0       #e1/2 > 1/2
        #x10 > 16      #xff > 255      #xFF > 255      #b101 > 5       #b102 > -       #o17 > 15       #d10 > 10
        #x#e10 > 16    #e#x10 > 16     #e#e1 > -       #x#x1 > -       #i#e1 > -       #x1.5 > -       #b1.1 > -
        #b1e10 > -     #x1e10 > 7696   #e#b1.1 > -     i > -           1i > -          1+2 > -         1+2i3 > -
        +inf.0 > +inf.0                -inf.0 > -inf.0                 +nan.0 > +nan.0                 -nan.0 > +nan.0
        inf.0 > -      +INF.0 > +inf.0                 1@2 > -0.4161468365471424+0.9092974268256817i   1@ > -
        @1 > -         1@0 > 1         1.5@+inf.0 > +nan.0+nan.0i                      0@1 > 0         1@2i > -
        #e1@0 > 1      #e+inf.0 > -    #e+nan.0 > -    #i+inf.0 > +inf.0               #e1e10 > 10000000000
        #e1e-10 > 1/10000000000        12#3 > -        # > -           #x > -          #e > -          ## > -
        1_000 > -      ٣ > -           1e1.5 > -       1..2 > -        --1 > -         +-1 > -         1+ > -
        1- > -         1+i+i > -       #x1/a > 1/10    #xe > 14        #xe1e1 > 57825  #d#i1 > 1.0     1e3/2 > -
        1/2e3 > -      .e1 > -         -. > -          +.i > -         -0 > 0          -0.0 > -0.0     #e-0.0 > 0
        0/5 > 0        10/5 > 2        #i1/0 > -       #i0/0 > -       1/0+i > -       0/0i > -        +i@1 > -
        1@1@1 > -      1.2.3 > -       #X1F > 31       #E1.5 > 3/2     #I1 > 1.0       1|2 > -         1; > -
        #b-101/11 > -5/3               #o8 > -         1e0 > 1.0       1@1/2 > 0.8775825618903728+0.479425538604203i
        1e2@0 > 100.0  1e-i > -        1e+i > -        #x1@1 > 0.5403023058681398+0.8414709848078965i  1.e2 > 100.0
        #b.1 > -       #x.8 > -        #o1.4 > -       +inf.0e1 > -    +inf.00 > -     +inf.5 > -      infinity > -
        +infinity > -  #e1.2e-3 > 3/2500               123456789012345678901234567890 > 123456789012345678901234567890
        000 > 0        007 > 7         -007.50 > -7.5  1/2i > -        1.5/2 > -       +i1 > -         +ii > -
        1+2ii > -      1+-2i > -       #i#x10 > 16.0   #x#i10 > 16.0   #i > -          1@+i > -        1e21 > 1.0e21
        999999999999999999 > 999999999999999999        -9223372036854775809 > -9223372036854775809

        +i > +i        -i > -i         1+i > 1+i       1-i > 1-i       1+2i > 1+2i     +1i > +i        -1I > -i
        1+2.5i > 1+2.5i                1/2+3/4i > 1/2+3/4i             1e2+1e3i > 100.0+1000.0i        +1/2i > +1/2i
        +inf.0i > +inf.0i              -nan.0i > +nan.0i               1-inf.0i > 1-inf.0i             +5.i > +5.0i
        +inf.0-nan.0i > +inf.0+nan.0i  #i1+2i > 1.0+2.0i               #e1.5+2.5i > 3/2+5/2i           #i+i > 0.0+1.0i
        #x+i > +i      #xab+cdi > 171+205i             -5.5e-3-2i > -0.0055-2i         1+0i > 1        1+0.0i > 1+0.0i
        1e400 > +inf.0 -1e400 > -inf.0 1e-400 > 0.0    1e10000000000 > +inf.0          1e-99999999999999999999 > 0.0
        0e99999999999999999999 > 0.0   #e0e99999999999999999999 > 0    #i-0 > 0.0      1# > 10.0       +1e400i > +inf.0i
    ";
    let mut words = table.split_whitespace();
    let mut count = 0;
    while let (Some(text), Some(arrow), Some(expected)) = (words.next(), words.next(), words.next()) {
        assert_eq!(arrow, ">", "{text}");
        let read = parse(text, 10).map_or("-".to_string(), |n| format(&n, 10, NEVER).unwrap());
        assert_eq!(read, expected, "{text}");
        count += 1;
    }
    assert!(count > 150);
    for (text, radix, expected) in [
        ("zz", 36, Some("1295")),
        ("FF", 16, Some("255")),
        ("#d10", 16, Some("10")),
        ("1.5", 16, None),
        ("1e2", 16, Some("482")),
        ("102", 2, None),
        ("1/2", 3, Some("1/2")),
        ("1.1", 2, None),
        ("+inf.0", 36, Some("+inf.0")),
        ("i", 36, Some("18")),
        ("+i", 36, Some("18")),
        ("1+i", 36, None),
        ("#b101", 10, Some("5")),
        ("-zz/y", 36, Some("-1295/34")),
        ("", 10, None),
        (" 1", 10, None),
        ("1 ", 10, None),
    ] {
        let read = parse(text, radix).map(|n| format(&n, 10, NEVER).unwrap());
        assert_eq!(read.as_deref(), expected, "{text} {radix}");
    }
}

/// What is written is read again as the same number.
#[test]
fn text_goes_round() {
    let mut state = 88172645463325252u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut numbers = vec![];
    for size in 1..60 {
        let limbs: Vec<u64> = (0..size * size).map(|_| random()).collect();
        let n = Real::Int(Int::from_limbs(size % 2 == 0, &limbs));
        let d = Real::from(random() as i64 | 1);
        numbers.push(Number::Real(n.div(&d, NEVER).unwrap()));
        numbers.push(Number::rectangular(d, n));
    }
    for n in &numbers {
        for radix in [2, 3, 8, 10, 16] {
            assert_eq!(parse(&format(n, radix, NEVER).unwrap(), radix).as_ref(), Some(n));
        }
    }
    for _ in 0..2000 {
        let x = Number::from(f64::from_bits(random()));
        assert_eq!(parse(&format(&x, 10, NEVER).unwrap(), 10), Some(x));
    }
    // Long texts are taken apart and put together on the way.
    for radix in [3, 10, 16, 32, 36] {
        let n = Number::from(Int::from(7i64).pow(100_000, NEVER).unwrap());
        let text = format(&n, radix, NEVER).unwrap();
        assert_eq!(text, dashu_int::UBig::from(7u8).pow(100_000).in_radix(radix as u8).to_string());
        assert_eq!(parse(&text, radix), Some(n));
        let round = Number::from(Int::from(i64::from(radix)).pow(100_000, NEVER).unwrap());
        let text = format(&round, radix, NEVER).unwrap();
        assert_eq!(text, format!("1{}", "0".repeat(100_000)));
        assert_eq!(parse(&text, radix), Some(round));
    }
}

#[test]
fn fixnums_are_written() {
    for n in [0, 7, -7, 10, 1234567890, i64::MAX, i64::MIN] {
        let mut out = String::new();
        format_fixnum(n, &mut out);
        assert_eq!(out, n.to_string());
    }
}
