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

/// The stubs, and the address that a call made by the prompt stub returns to: it marks prompts on the stack.
pub fn make(cx: &Cx) -> (Stubs, *const u64) {
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
            abc(Op::GetDynamic, 3, 0, 0),
            abc(Op::SetDynamic, 1, 0, 0),
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
    let prompt = cx.heap.closure_code(call_with_prompt).expect("a closure");
    let prompt_link = prompt.entry().wrapping_add(4);
    (Stubs { call_with_values, call_with_dynamic, call_with_prompt }, prompt_link)
}
