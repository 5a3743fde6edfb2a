//! POSIX regular expressions, basic and extended, written in the syntax of the regex crates.
//!
//! One pass from left to right, without recursion, within some ten milliseconds. GNU's additions are known (`\w`, `\<`, `\+` in
//! basic ones and the like). What no finite automaton can do, a back reference, is refused. Messages are those of the GNU C
//! library, which Guile's programs see.

pub struct Flags {
    pub extended: bool,
    /// `.` and `[^x]` do not match a newline.
    pub newline: bool,
}

type Result<T> = std::result::Result<T, &'static str>;

pub const BACK_REFERENCE: &str = "Invalid back reference (references to earlier matches are not supported)";
pub const TOO_BIG: &str = "Regular expression too big";
const PRECEDING: &str = "Invalid preceding regular expression";
const BRACKET: &str = "Unmatched [, [^, [:, [., or [=";

struct Translation<'p> {
    rest: std::iter::Peekable<std::str::Chars<'p>>,
    flags: Flags,
    out: String,
    /// Where in `out` the last atom begins, if one may be repeated here; and whether it is repeated already.
    atom: Option<(usize, bool)>,
    /// Where the open groups begin.
    open: Vec<usize>,
    /// Bytes that were moved to make room for brackets.
    moved: usize,
}

/// The longest pattern that is looked at.
const LONGEST: usize = 1 << 18;
/// The most bytes that are moved: only many operators behind one atom need more.
const MOVED: usize = 64 << 20;

/// The same pattern for the regex crates.
pub fn translate(pattern: &str, flags: Flags) -> Result<String> {
    if pattern.len() > LONGEST {
        return Err(TOO_BIG);
    }
    let rest = pattern.chars().peekable();
    let mut t = Translation { rest, flags, out: String::new(), atom: None, open: Vec::new(), moved: 0 };
    while let Some(c) = t.rest.next() {
        t.step(c)?;
    }
    if t.open.is_empty() { Ok(t.out) } else { Err("Unmatched ( or \\(") }
}

impl Translation<'_> {
    fn step(&mut self, c: char) -> Result<()> {
        let extended = self.flags.extended;
        match c {
            '\\' => self.escape(),
            '[' => self.bracket(),
            '.' => {
                self.begin();
                self.out.push_str(if self.flags.newline { "[^\\n]" } else { "(?s:.)" });
                Ok(())
            }
            '*' => self.repeat("*"),
            '+' if extended => self.repeat("+"),
            '?' if extended => self.repeat("?"),
            '{' if extended => self.interval(),
            '(' if extended => self.group(),
            ')' if extended && !self.open.is_empty() => self.end_group(),
            '|' if extended => self.alternative(),
            '^' if extended || self.at_start() => self.anchor("^"),
            '$' if extended || self.at_end() => self.anchor("$"),
            _ => {
                self.literal(c);
                Ok(())
            }
        }
    }

    /// From here on stands a new atom.
    fn begin(&mut self) {
        self.atom = Some((self.out.len(), false));
    }

    fn literal(&mut self, c: char) {
        self.begin();
        if c.is_ascii_punctuation() {
            self.out.push('\\');
        }
        self.out.push(c);
    }

    fn anchor(&mut self, text: &str) -> Result<()> {
        self.out.push_str(text);
        self.atom = None;
        Ok(())
    }

    /// Whether nothing stands before, in this group and alternative.
    fn at_start(&self) -> bool {
        self.out.is_empty() || self.out.ends_with('|') || self.open.last() == Some(&self.out.len())
    }

    /// Whether `\)`, `\|` or nothing follows.
    fn at_end(&self) -> bool {
        let mut rest = self.rest.clone();
        match rest.next() {
            None => true,
            Some('\\') => matches!(rest.next(), Some(')' | '|')),
            _ => false,
        }
    }

    fn repeat(&mut self, operator: &str) -> Result<()> {
        match self.atom {
            Some((start, repeated)) => {
                if repeated {
                    self.moved += self.out.len() - start;
                    if self.moved > MOVED {
                        return Err(TOO_BIG);
                    }
                    self.out.insert_str(start, "(?:");
                    self.out.push(')');
                }
                self.out.push_str(operator);
                self.atom = Some((start, true));
                Ok(())
            }
            // Where nothing is to be repeated, a basic expression means the character.
            None if !self.flags.extended && operator == "*" => {
                self.literal('*');
                Ok(())
            }
            None => Err(PRECEDING),
        }
    }

    fn group(&mut self) -> Result<()> {
        self.out.push('(');
        self.open.push(self.out.len());
        self.atom = None;
        Ok(())
    }

    fn end_group(&mut self) -> Result<()> {
        let start = self.open.pop().ok_or("Unmatched ) or \\)")?;
        self.out.push(')');
        self.atom = Some((start - 1, false));
        Ok(())
    }

    fn alternative(&mut self) -> Result<()> {
        self.out.push('|');
        self.atom = None;
        Ok(())
    }

    /// What follows `{` or `\{`.
    fn interval(&mut self) -> Result<()> {
        let ahead: String = self.rest.clone().take_while(|&c| matches!(c, '0'..='9' | ',')).collect();
        let end = if self.flags.extended { "}" } else { "\\}" };
        let closed = self.rest.clone().skip(ahead.len()).take(end.len()).eq(end.chars());
        let bound = |text: &str| text.parse::<u32>().ok().filter(|&n| n <= 0x7fff);
        let (least, most) = match Some(ahead.split_once(',').unwrap_or((&ahead, &ahead))).filter(|_| closed) {
            Some((least, most)) if !least.is_empty() && !most.contains(',') => (least.to_string(), most.to_string()),
            Some(("", most)) if !most.is_empty() && bound(most).is_some() => ("0".to_string(), most.to_string()),
            _ if self.flags.extended => {
                self.literal('{');
                return Ok(());
            }
            _ if self.rest.clone().any(|c| c == '}') => return Err("Invalid content of \\{\\}"),
            _ => return Err("Unmatched \\{"),
        };
        let (Some(low), true) = (bound(&least), most.is_empty() || bound(&most).is_some()) else {
            return Err(TOO_BIG);
        };
        if bound(&most).is_some_and(|high| high < low) {
            return Err("Invalid content of \\{\\}");
        }
        self.rest.by_ref().take(ahead.len() + end.len()).for_each(drop);
        let operator = if least == most { format!("{{{low}}}") } else { format!("{{{low},{most}}}") };
        self.repeat(&operator)
    }

    fn escape(&mut self) -> Result<()> {
        let c = self.rest.next().ok_or("Trailing backslash")?;
        let basic = !self.flags.extended;
        match c {
            '(' if basic => return self.group(),
            ')' if basic => return self.end_group(),
            '{' if basic => return if self.atom.is_some() { self.interval() } else { Err(PRECEDING) },
            '|' if basic => return self.alternative(),
            '+' if basic && self.atom.is_some() => return self.repeat("+"),
            '?' if basic && self.atom.is_some() => return self.repeat("?"),
            '1'..='9' => return Err(BACK_REFERENCE),
            'w' | 'W' | 's' | 'S' => {
                self.begin();
                self.out.extend(['\\', c]);
            }
            'b' | 'B' => return self.anchor(if c == 'b' { "\\b" } else { "\\B" }),
            '<' => return self.anchor("\\b{start}"),
            '>' => return self.anchor("\\b{end}"),
            '`' => return self.anchor("\\A"),
            '\'' => return self.anchor("\\z"),
            _ => self.literal(c),
        }
        Ok(())
    }

    /// What follows `[`. A backslash means itself there.
    fn bracket(&mut self) -> Result<()> {
        self.begin();
        let negated = self.rest.next_if_eq(&'^').is_some();
        self.out.push_str(if negated { "[^" } else { "[" });
        if negated && self.flags.newline {
            self.out.push_str("\\n");
        }
        let mut first = true;
        loop {
            let c = self.rest.next().ok_or(BRACKET)?;
            if c == ']' && !first {
                break;
            }
            first = false;
            if c == '[' && self.rest.peek() == Some(&':') {
                let name = self.named(':')?;
                self.out.push_str(class(&name).ok_or("Invalid character class name")?);
                continue;
            }
            let from = self.element(c)?;
            let mut ahead = self.rest.clone();
            if ahead.next() == Some('-') && ahead.peek().is_some_and(|&c| c != ']') {
                self.rest.next();
                let c = self.rest.next().ok_or(BRACKET)?;
                let to = self.element(c)?;
                if from > to {
                    return Err("Invalid range end");
                }
                self.member(from);
                self.out.push('-');
                self.member(to);
            } else {
                self.member(from);
            }
        }
        self.out.push(']');
        Ok(())
    }

    /// The character that stands at `c` in brackets: perhaps as `[.c.]` or `[=c=]`.
    fn element(&mut self, c: char) -> Result<char> {
        match self.rest.peek() {
            Some(&sign @ ('.' | '=')) if c == '[' => {
                let name = self.named(sign)?;
                let mut chars = name.chars();
                chars.next().filter(|_| chars.next().is_none()).ok_or("Invalid collation character")
            }
            _ => Ok(c),
        }
    }

    /// What stands between `[:` and `:]`, or the like with another sign.
    fn named(&mut self, sign: char) -> Result<String> {
        self.rest.next();
        let mut name = String::new();
        loop {
            let c = self.rest.next().ok_or(BRACKET)?;
            if c == sign && self.rest.next_if_eq(&']').is_some() {
                return Ok(name);
            }
            name.push(c);
        }
    }

    fn member(&mut self, c: char) {
        if c.is_ascii_punctuation() {
            self.out.push('\\');
        }
        self.out.push(c);
    }
}

fn class(name: &str) -> Option<&'static str> {
    Some(match name {
        "alpha" => "\\p{Alphabetic}",
        "digit" => "0-9",
        "alnum" => "\\p{Alphabetic}\\p{Nd}",
        "upper" => "\\p{Uppercase}",
        "lower" => "\\p{Lowercase}",
        "space" => "\\s",
        "blank" => "\\t\\p{Zs}",
        "punct" => "\\p{P}\\p{S}",
        "print" => "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Zs}",
        "graph" => "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}",
        "cntrl" => "\\p{Cc}",
        "xdigit" => "0-9A-Fa-f",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extended(pattern: &str) -> Result<String> {
        translate(pattern, Flags { extended: true, newline: false })
    }

    fn basic(pattern: &str) -> Result<String> {
        translate(pattern, Flags { extended: false, newline: false })
    }

    #[test]
    fn operators_mean_what_the_syntax_says() {
        assert_eq!(extended("a(b|c)+?$").unwrap(), "a(?:(b|c)+)?$");
        assert_eq!(basic(r"a\(b\|c\)*+").unwrap(), r"a(b|c)*\+");
        assert_eq!(basic("*a^b$c$").unwrap(), r"\*a\^b\$c$");
        assert_eq!(extended("a{2,3}{x}").unwrap(), r"a{2,3}\{x\}");
        assert_eq!(basic(r"a\{2,\}").unwrap(), "a{2,}");
        assert_eq!(extended("a)b").unwrap(), r"a\)b");
    }

    #[test]
    fn brackets_take_classes_ranges_and_their_own_end() {
        assert_eq!(extended("[]a-c[:digit:]\\-]").unwrap(), r"[\]a-c0-9\\\-]");
        assert_eq!(extended("[^x]").unwrap(), "[^x]");
        assert_eq!(translate("[^x].", Flags { extended: true, newline: true }).unwrap(), r"[^\nx][^\n]");
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for (pattern, message) in [
            ("a(", "Unmatched ( or \\("),
            ("[a", BRACKET),
            ("*a", PRECEDING),
            ("a\\", "Trailing backslash"),
            ("(a)\\1", BACK_REFERENCE),
            ("[b-a]", "Invalid range end"),
            ("[[:x:]]", "Invalid character class name"),
        ] {
            assert_eq!(extended(pattern).unwrap_err(), message, "{pattern}");
        }
    }
}
