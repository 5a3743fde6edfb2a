//! Procedures of the vm written by hand in its own instructions: those that call something and have work left when it
//! returns.

use super::cx::Cx;
use super::machine::Stubs;
use crate::opcode::*;
use crate::value::{Code, Value};

/// The two words at the end of all code: where calls made between two instructions (traps) return to.
pub fn trap_words(frame_size: usize) -> [u64; 2] {
    let size = frame_size as u16;
    [xabc(Op::Call, TAKE_ANY, size + 4, size + 2, 1), abc(Op::TrapReturn, size, 0, 0)]
}

/// Where the calls made by stubs that keep a dynamic state return to: such links tell their frames on the stack.
pub struct Links {
    pub prompt: *const u64,
    pub dynamic: *const u64,
}

/// The slots in which those frames keep it.
pub const PROMPT_STATE: usize = 4;
pub const DYNAMIC_STATE: usize = 3;

pub fn make(cx: &Cx) -> (Stubs, Links) {
    let assemble = |required: u16, frame_size: usize, body: &[u64]| -> Value {
        let mut instructions = body.to_vec();
        instructions.extend(trap_words(frame_size));
        let mut code = Code { frame_size: frame_size as u32, required, ..Code::default() };
        code.set_instructions(&instructions, &[]);
        let code = cx.heap.add_code(code);
        cx.heap.closure(code, 0)
    };
    // (call-with-values producer consumer)
    let call_with_values = assemble(
        2,
        8,
        &[
            abc(Op::Entry, 8, 2, 0),
            abc(Op::Move, 6, 1, 0),
            xabc(Op::Call, TAKE_ANY, 6, 3, 0),
            abc(Op::TailApplyValues, 3, 2, 0),
        ],
    );
    // (%call-with-dyn dynamic thunk)
    let call_with_dynamic = assemble(
        2,
        8,
        &[
            abc(Op::Entry, 8, 2, 0),
            abc(Op::EnterDynamic, 1, DYNAMIC_STATE as u16, 2),
            abc(Op::Move, 6, 2, 0),
            xabc(Op::Call, TAKE_ANY, 6, 4, 0),
            abc(Op::SetDynamic, 3, 0, 0),
            abc(Op::ReturnAny, 4, 0, 0),
        ],
    );
    // (%call-with-prompt tag thunk handler); the machine reads tag, handler and dynamic state in slots 1, 3 and 4.
    let call_with_prompt = assemble(
        3,
        9,
        &[
            abc(Op::Entry, 9, 3, 0),
            abc(Op::GetDynamic, 4, 0, 0),
            abc(Op::Move, 7, 2, 0),
            xabc(Op::Call, TAKE_ANY, 7, 5, 0),
            abc(Op::ReturnAny, 5, 0, 0),
        ],
    );
    let after = |stub: Value, instructions: usize| {
        cx.heap.closure_code(stub).expect("a closure").entry().wrapping_add(instructions)
    };
    let links = Links { prompt: after(call_with_prompt, 4), dynamic: after(call_with_dynamic, 4) };
    (Stubs { call_with_values, call_with_dynamic, call_with_prompt }, links)
}
