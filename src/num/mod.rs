//! Numbers (a stand-in: integers and decimals only).

#[derive(Clone, PartialEq, Debug)]
pub enum Number {
    Exact(i64),
    Inexact(f64),
}

pub fn parse(text: &str, radix: u32) -> Option<Number> {
    if let Some(rest) = text.strip_prefix("#x").or(text.strip_prefix("#X")) {
        return parse(rest, 16);
    }
    if let Some(rest) = text.strip_prefix("#e") {
        return parse(rest, radix);
    }
    if let Ok(n) = i64::from_str_radix(text, radix) {
        return Some(Number::Exact(n));
    }
    let tail = text.trim_start_matches(['+', '-']);
    let decimal = radix == 10 && tail.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    text.parse().ok().filter(|_| decimal).map(Number::Inexact)
}
