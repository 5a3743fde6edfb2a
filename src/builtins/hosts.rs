//! What functions of the host's need of the language.

use super::declare::wrong_type;
use crate::builtins;
use crate::value::Value;
use crate::vm::cx::{Answer, Cx, Exit};
use crate::vm::host::Pending;

builtins! { HOSTS;

/// Waits for the answer that a function of the host's has promised.
fn "%host-answer" (cx, pending: Value) { answer(cx, pending) }
}

fn answer(cx: &mut Cx, pending: Value) -> Answer {
    if !cx.heap.is_external::<Pending>(pending) {
        return wrong_type(cx, "%host-answer", 1, "pending", "an answer that is to come", pending);
    }
    let Some(mut object) = cx.heap.lend_external(pending) else {
        return wrong_type(cx, "%host-answer", 1, "pending", "an answer that is to come", pending);
    };
    let any: &mut dyn std::any::Any = &mut *object;
    let (answer, wait) = match any.downcast_mut::<Pending>() {
        Some(promised) => ((promised.poll)(cx), promised.wait.clone()),
        None => (None, Default::default()),
    };
    if answer.is_some() {
        // What was waited for is closed with it.
        for (fd, _) in wait.descriptors() {
            cx.net.forget(fd);
        }
    }
    cx.heap.return_external(pending, object);
    answer.unwrap_or_else(|| Err(Box::new(Exit::Wait(wait))))
}
