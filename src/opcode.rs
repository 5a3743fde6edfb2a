//! Every instruction of the virtual machine, once: name, operands, meaning.
//!
//! An instruction is eight bytes, lowest byte first: `op:8 x:8 a:16 b:16 c:16`; some read `b` and `c` together as one signed
//! 32-bit number `n`, and a conditional jump with two operands reads `c` as a signed 16-bit distance. `r[i]` is slot i of the
//! frame (`r[0]` the procedure, `r[1]…` its arguments), `k[n]` the constant at distance n, in front of the code
//! (the emitter first writes its number). Distances count from the next instruction.
//!
//! A call's instruction word stands right before the address its callee returns to. Whoever returns, unwinds or prints a
//! trace reads there how far down the caller's frame is (`a`), where the value goes (`b`), and which values are taken (`x`).
// `r[a]` is a slot here, not a link.
#![allow(rustdoc::broken_intra_doc_links)]

macro_rules! opcodes {
    ($($(#[doc = $doc:literal])* $name:ident $format:ident,)+) => {
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Op { $($(#[doc = $doc])* $name,)+ }

        /// All of them, in order of their numbers.
        pub const ALL: &[(Op, &str, Format)] = &[$((Op::$name, stringify!($name), Format::$format),)+];
    };
}

/// How the operands are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    None,
    A,
    AB,
    ABC,
    /// a, and n from b and c
    AN,
    N,
    /// a, b, and a distance in c
    ABJump,
    /// a, a 16-bit number in b, and a distance in c
    AIJump,
    /// a, and a distance in n
    AJump,
    Jump,
    XABC,
    XAN,
}

opcodes! {
    /// r[a] = r[b]
    Move AB,
    /// r[a] = r[b], then r[a+1] = r[c]
    MoveTwo ABC,
    /// r[a] = k[n]
    Constant AN,
    /// r[a] = the fixnum n
    Fixnum AN,
    /// r[a] = the immediate whose number is n: #f, #t, (), ...
    Immediate AN,
    /// r[a] = free variable b of this closure
    Free AB,
    /// r[a] = a new box holding r[b]
    MakeBox AB,
    /// r[a] = what box r[b] holds; an error if it has no value yet
    Unbox AB,
    /// r[a] = what the box in free variable b holds; an error if it has no value yet
    FreeUnbox AB,
    /// box r[a] holds r[b] from now on
    SetBox AB,
    /// r[a] = the value of the variable whose cell is k[n]; an error if it has none
    Global AN,
    /// the variable whose cell is k[n] gets r[a]; an error if it has no value yet
    SetGlobal AN,
    /// the variable whose cell is k[n] gets r[a]
    DefineGlobal AN,
    /// r[a] = a closure of the code of k[n] with x free variables, to be filled by Capture
    MakeClosure AN,
    /// free variable b of closure r[a] = r[c]
    Capture ABC,

    /// go on elsewhere
    Jump Jump,
    /// the same, backwards: a safepoint
    Loop Jump,
    /// r[a] = r[a] + b, a small number, then as Loop; where the sum is not a fixnum made with ease it goes on with the next
    /// instruction, the Loop. Written as a subtraction of -b if x
    AddILoop AIJump,
    /// jump if r[a] is #f
    JumpFalse AJump,
    /// jump if r[a] is not #f
    JumpTrue AJump,
    JumpNull AJump,
    JumpNotNull AJump,
    JumpPair AJump,
    JumpNotPair AJump,
    /// jump if r[a] and r[b] are the same word
    JumpEq ABJump,
    JumpNotEq ABJump,
    /// jump if r[a] has type x (see `TypeTest`); x + 128: if it has not
    JumpType AJump,
    /// jump if r[a] < r[b]
    JumpLess ABJump,
    /// jump unless r[a] < r[b]
    JumpNotLess ABJump,
    JumpLessEqual ABJump,
    JumpNotLessEqual ABJump,
    /// jump if r[a] = r[b] as numbers
    JumpEqual ABJump,
    JumpNotEqual ABJump,
    /// jump if r[a] < b, a small number
    JumpLessI AIJump,
    JumpNotLessI AIJump,
    JumpGreaterI AIJump,
    JumpNotGreaterI AIJump,
    JumpLessEqualI AIJump,
    JumpNotLessEqualI AIJump,
    JumpGreaterEqualI AIJump,
    JumpNotGreaterEqualI AIJump,
    JumpEqualI AIJump,
    JumpNotEqualI AIJump,

    /// r[a] = r[b] + r[c]
    Add ABC,
    /// r[a] = r[b] + c, a small number; written as a subtraction of -c if x
    AddI XABC,
    Subtract ABC,
    Multiply ABC,
    Quotient ABC,
    Remainder ABC,
    Modulo ABC,

    Cons ABC,
    Car AB,
    Cdr AB,
    /// r[a] = c[ad]{c}r of r[b]: the low bits of c, from the least significant, 0 for car and 1 for cdr, below a leading 1
    Cxr ABC,
    SetCar AB,
    SetCdr AB,
    /// r[a] = (vector-ref r[b] r[c])
    VectorRef ABC,
    /// (vector-set! r[a] r[b] r[c])
    VectorSet ABC,
    VectorLength AB,
    StringRef ABC,
    BytesRef ABC,
    /// (bytevector-u8-set! r[a] r[b] r[c])
    BytesSet ABC,
    /// r[a] = field x of r[b], which must be a record of type r[c]
    RecordRef XABC,
    /// field x of r[a], which must be a record of type r[b], gets r[c]
    RecordSet XABC,
    /// r[a] = whether r[b] is a record of type r[c]
    RecordIs ABC,
    /// r[a] = (eq? r[b] r[c])
    Eq ABC,
    /// r[a] = whether r[b] is #f
    Not AB,

    /// r[a] = the first value of builtin c, which never calls back, of x arguments r[b]...
    Builtin XABC,
    /// the same, but several values are kept, as a values object
    BuiltinAny XABC,
    /// call r[a] with c arguments r[a+1]...; x tells which values are taken, r[b] gets them
    Call XABC,
    /// the procedure is the value of the variable with cell k[n]; a Call follows and tells the rest
    CallGlobal AN,
    /// the same, and r[a] is the last argument, which the Call's slot for it does not have yet
    CallGlobalWith AN,
    /// the same as CallGlobalWith, for a procedure that most likely returns a field of its one argument; that one is r[a]
    CallAccessor AN,
    /// the same as CallGlobal, for a procedure that most likely sets a field of its first argument to the second
    CallModifier AN,
    /// the same as CallAccessor, for a procedure that most likely tells whether its one argument is a record of some type
    CallPredicate AN,
    /// call r[a] with c arguments in place of this frame
    TailCall XABC,
    TailCallGlobal AN,
    TailCallGlobalWith AN,
    /// return r[a]
    Return A,
    /// return the fixnum n
    ReturnFixnum N,
    /// return the immediate whose number is n
    ReturnImmediate N,
    /// return r[b] + r[c], or if that is not made with ease, put it into r[a], which the next instruction returns
    AddReturn ABC,
    /// return a pair of r[b] and r[c]
    ConsReturn ABC,
    /// return field x of r[a], which must be a record of the type in the cell k[n]
    RecordRefReturn XAN,
    /// field x of r[a], which must be a record of the type in the cell k[n], gets r[a+1]; returns the unspecified value
    RecordSetReturn XAN,
    /// return whether r[a] is a record of the type in the cell k[n]
    RecordIsReturn AN,
    /// return what r[a] stands for: one value, or all of a values object
    ReturnAny A,
    /// return c values r[a]...
    ReturnValues ABC,
    /// spread a values object (or one value) r[a] over r[b]..., c of them, the rest into a list if x
    Unpack XABC,
    /// call r[b] with the values of r[a] in place of this frame
    TailApplyValues AB,

    /// entry of a procedure with b parameters and a frame of a words: a safepoint
    Entry ABC,
    /// the same with b required and c optional parameters, and a rest parameter if x
    EntryRest XABC,
    /// entry of one clause of a case-lambda: if the arguments do not fit b parameters (or more, if x), try the next, at c
    EntryCase XABC,
    /// no clause fits
    EntryFail None,

    /// the frame below the stack is in a segment
    Underflow None,
    /// go on at the address saved in r[a] by a trap
    TrapReturn A,
    /// r[a] = the dynamic state
    GetDynamic A,
    /// the dynamic state = r[a], and r[b] = what it was; if this frame returns to where a state is put back, calls r[c] in its place
    EnterDynamic ABC,
    /// the dynamic state = r[a]
    SetDynamic A,
}

impl Op {
    /// Whether `n` names a constant.
    pub fn has_constant(self) -> bool {
        use Op::*;
        matches!(self, Constant | Global | SetGlobal | DefineGlobal | MakeClosure | CallGlobal | TailCallGlobal)
            || matches!(
                self,
                CallGlobalWith
                    | TailCallGlobalWith
                    | CallAccessor
                    | CallModifier
                    | CallPredicate
                    | RecordRefReturn
                    | RecordSetReturn
                    | RecordIsReturn
            )
    }
}

/// Which values a call site takes; the `x` of a Call.
pub const TAKE_ONE: u8 = 0;
/// Any number, as one value or a values object.
pub const TAKE_ANY: u8 = 1;
/// Any number, and drops them.
pub const TAKE_NONE: u8 = 2;

/// Types that JumpType tells apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum TypeTest {
    Fixnum,
    Symbol,
    String,
    Char,
    Vector,
    Bytevector,
    Procedure,
    Boolean,
    Eof,
    Flonum,
}

pub const NOT: u8 = 128;

/// The builtin that a comparing jump stands for: its `x`, with `TURNED` when the operands stand in the other order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Comparison {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    Zero,
}

impl Comparison {
    pub const NAMES: [&'static str; 6] = ["<", "<=", ">", ">=", "=", "zero?"];
    pub const TURNED: u8 = 64;
}

pub const fn abc(op: Op, a: u16, b: u16, c: u16) -> u64 {
    op as u64 | (a as u64) << 16 | (b as u64) << 32 | (c as u64) << 48
}

pub const fn xabc(op: Op, x: u8, a: u16, b: u16, c: u16) -> u64 {
    abc(op, a, b, c) | (x as u64) << 8
}

pub const fn an(op: Op, a: u16, n: i32) -> u64 {
    op as u64 | (a as u64) << 16 | (n as u32 as u64) << 32
}

pub const fn x_of(word: u64) -> u8 {
    (word >> 8) as u8
}

pub const fn a_of(word: u64) -> usize {
    (word >> 16) as u16 as usize
}

pub const fn b_of(word: u64) -> usize {
    (word >> 32) as u16 as usize
}

pub const fn c_of(word: u64) -> usize {
    (word >> 48) as usize
}

pub const fn n_of(word: u64) -> i32 {
    (word >> 32) as i32
}

/// c as a signed number.
pub const fn ci_of(word: u64) -> i16 {
    (word >> 48) as i16
}

/// b as a signed number.
pub const fn bi_of(word: u64) -> i16 {
    (word >> 32) as i16
}

/// The instruction with this number.
pub fn op_of(word: u64) -> Op {
    ALL[word as u8 as usize].0
}

/// Builtins that have an instruction of their own, with the number of operands it takes. The instruction does the common
/// case; anything else, errors included, goes to the builtin of that name.
pub const PRIMITIVES: &[(&str, Op, usize)] = &[
    ("+", Op::Add, 2),
    ("-", Op::Subtract, 2),
    ("*", Op::Multiply, 2),
    ("quotient", Op::Quotient, 2),
    ("remainder", Op::Remainder, 2),
    ("modulo", Op::Modulo, 2),
    ("<", Op::JumpLess, 2),
    ("<=", Op::JumpLessEqual, 2),
    (">", Op::JumpLess, 2),
    (">=", Op::JumpLessEqual, 2),
    ("=", Op::JumpEqual, 2),
    ("cons", Op::Cons, 2),
    ("car", Op::Car, 1),
    ("cdr", Op::Cdr, 1),
    ("caar", Op::Cxr, 1),
    ("cadr", Op::Cxr, 1),
    ("cdar", Op::Cxr, 1),
    ("cddr", Op::Cxr, 1),
    ("caddr", Op::Cxr, 1),
    ("cdddr", Op::Cxr, 1),
    ("set-car!", Op::SetCar, 2),
    ("set-cdr!", Op::SetCdr, 2),
    ("vector-ref", Op::VectorRef, 2),
    ("vector-set!", Op::VectorSet, 3),
    ("vector-length", Op::VectorLength, 1),
    ("string-ref", Op::StringRef, 2),
    ("bytevector-u8-ref", Op::BytesRef, 2),
    ("bytevector-u8-set!", Op::BytesSet, 3),
    ("%record-ref", Op::RecordRef, 3),
    ("%record-set!", Op::RecordSet, 4),
    ("%record?", Op::RecordIs, 2),
    ("eq?", Op::Eq, 2),
    ("not", Op::Not, 1),
    ("null?", Op::JumpNull, 1),
    ("pair?", Op::JumpPair, 1),
    ("zero?", Op::JumpEqualI, 1),
    ("symbol?", Op::JumpType, 1),
    ("string?", Op::JumpType, 1),
    ("char?", Op::JumpType, 1),
    ("vector?", Op::JumpType, 1),
    ("bytevector?", Op::JumpType, 1),
    ("procedure?", Op::JumpType, 1),
    ("boolean?", Op::JumpType, 1),
    ("eof-object?", Op::JumpType, 1),
    ("%make-box", Op::MakeBox, 1),
    ("%box-ref", Op::Unbox, 1),
    ("%box-set!", Op::SetBox, 2),
    ("values", Op::ReturnValues, usize::MAX),
];
