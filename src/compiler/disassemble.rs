//! Bytecode as text, one instruction a line, for whoever wants to see what the compiler made of a procedure.

use crate::opcode::*;
use crate::value::heap::cell;
use crate::value::{Code, Kind, Value};
use crate::vm::cx::Cx;
use std::fmt::Write;

/// The instructions of this code with their operands and the constants they name.
pub fn disassemble(code: &Code, cx: &Cx) -> String {
    let mut text = String::new();
    for (index, &word) in code.instructions().iter().enumerate() {
        // An instruction never has a number past the last: only the two words a trap saves could, and they stand apart.
        let Some(&(op, name, format)) = ALL.get(word as u8 as usize) else { break };
        let (x, a, b, c, n) = (x_of(word), a_of(word), b_of(word), c_of(word), n_of(word));
        let target = |distance: i64| index as i64 + 1 + distance;
        let _ = write!(text, "{index:5}  {name:<20}");
        let _ = match format {
            Format::None => Ok(()),
            Format::A => write!(text, "{a}"),
            Format::AB => write!(text, "{a} {b}"),
            Format::ABC => write!(text, "{a} {b} {c}"),
            Format::XABC => write!(text, "{x}: {a} {b} {}", ci_of(word)),
            Format::AN => write!(text, "{a} {n}"),
            Format::XAN => write!(text, "{x}: {a} {n}"),
            Format::N => write!(text, "{n}"),
            Format::ABJump => write!(text, "{a} {b} -> {}", target(ci_of(word) as i64)),
            Format::AIJump => write!(text, "{a} {} -> {}", bi_of(word), target(ci_of(word) as i64)),
            Format::AJump => write!(text, "{a} -> {}", target(n as i64)),
            Format::Jump => write!(text, "-> {}", target(n as i64)),
        };
        let _ = match op {
            Op::Builtin | Op::BuiltinAny => write!(text, "  ; {}", cx.builtins.get(c).map_or("?", |row| row.name)),
            _ if op.has_constant() => {
                let constant = code.constant_at(index, n);
                write!(text, "  ; {}", constant.map_or_else(|| "?".into(), |v| show_constant(v, cx)))
            }
            _ => Ok(()),
        };
        text.push('\n');
    }
    text
}

fn show_constant(v: Value, cx: &Cx) -> String {
    if v.is_kind(Kind::Cell) { cx.symbols.name(cell::name(v)).to_string() } else { cx.show(v) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vm::cx::Cx;

    #[test]
    fn operands_targets_and_constants_are_shown() {
        let cx = Cx::new();
        let mut code = Code::default();
        let distance = Code::constant_distance(1, 0, 1);
        code.set_instructions(
            &[abc(Op::JumpLess, 1, 2, 1), an(Op::Constant, 3, distance), abc(Op::Return, 3, 0, 0)],
            &[Value::fixnum(42)],
        );
        let text = disassemble(&code, &cx);
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["0", "JumpLess", "1", "2", "->", "2"]);
        assert_eq!(lines[1], ["1", "Constant", "3", &distance.to_string(), ";", "42"]);
        assert_eq!(lines[2], ["2", "Return", "3"]);
    }
}
