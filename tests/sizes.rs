//! Fixes the sizes that speed and memory rest on.

use sockeye::builtins::port_value::PortObject;
use sockeye::num::Number;
use sockeye::reader::Node;
use sockeye::source::Span;
use sockeye::value::Value;
use sockeye::vm::cx::Answer;

#[test]
fn sizes_stay_as_designed() {
    assert_eq!(size_of::<Value>(), 8, "a value is one word");
    assert_eq!(size_of::<Answer>(), 16, "a builtin's answer fits into two registers");
    assert_eq!(size_of::<Span>(), 12);
    assert_eq!(size_of::<Number>(), 32, "an integer of two words stands inline");
    assert_eq!(size_of::<Node>(), 48, "what reading a datum costs");
    assert!(size_of::<PortObject>() <= 248, "a connection costs as little as possible: {}", size_of::<PortObject>());
}
