//! The instruction set of translated code.
//!
//! One table defines it; the enum, the mnemonics, the listing of
//! `disassemble` and the document `docs/instructions.md` come from it. Operands are *slots*: words of the current
//! frame, counted from its start (see [`memory`](crate::memory)). A value of
//! several words is named by its first slot. Instructions never read an
//! operand stack: the translator has resolved it to slots.
//!
//! A vector is addressed as (`vec`, `off`): slot `vec` holds a reference and
//! `off` is added to it in bytes, or, if `off` is [`IN_FRAME`], the vector's
//! header lies in the frame at `vec` itself.
//!
//! Every basic block begins with [`Op::Gas`]. Branches carry the cost of both
//! ways and enter their target behind its `Gas`; a cost of 0 means that the
//! target's own `Gas` charges.

use crate::InstructionDescription;
use crate::value_width::{Comparison, WideOp, Width};
use std::fmt;

/// The word of a frame at which an operand starts.
pub(crate) type Slot = u16;

/// As `off` of a vector operand: the header lies in the frame.
pub(crate) const IN_FRAME: u32 = u32::MAX;

macro_rules! ops {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident { $( $field:ident : $type:ty ),* };
    )*) => {
        /// One instruction of translated code, 16 bytes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Op {
            $( $(#[doc = $doc])* $name { $( $field: $type ),* }, )*
        }

        /// All instructions with their documentation.
        pub(crate) const INSTRUCTIONS: &[InstructionDescription] = &[$(
            InstructionDescription {
                name: stringify!($name),
                operands: &[ $( (stringify!($field), stringify!($type)) ),* ],
                doc: concat!($($doc),*).trim_ascii(),
            },
        )*];

        #[cfg(all(test, feature = "native-code"))]
        impl Op {
            /// One of each, all operands 0.
            pub(crate) fn examples() -> Vec<Self> {
                vec![$( Self::$name { $( $field: <$type>::default() ),* }, )*]
            }
        }

        impl Op {
            /// Its name.
            pub(crate) fn mnemonic(&self) -> &'static str {
                match self { $( Self::$name { .. } => stringify!($name), )* }
            }
        }

        impl fmt::Display for Op {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.mnemonic())?;
                match self {
                    $( Self::$name { $( $field ),* } => {
                        $( write!(f, concat!(" ", stringify!($field), "={:?}"), $field)?; )*
                    } )*
                }
                Ok(())
            }
        }
    };
}

const _: () = assert!(size_of::<Op>() == 16);

ops! {
    /// Charges a block before it runs.
    Gas { cost: u32 };
    /// Continues at `target`, whose block costs `cost`.
    Jump { target: u32, cost: u32 };
    /// Branches if the word is not 0.
    BrTrue { a: Slot, target: u32, taken: u16, fall: u16 };
    /// Branches if the word is 0.
    BrFalse { a: Slot, target: u32, taken: u16, fall: u16 };
    /// Branches if `a == b`.
    BrEq { a: Slot, b: Slot, target: u32, taken: u16, fall: u16 };
    /// Branches if `a != b`.
    BrNe { a: Slot, b: Slot, target: u32, taken: u16, fall: u16 };
    /// Branches if `a < b`.
    BrLt { a: Slot, b: Slot, target: u32, taken: u16, fall: u16 };
    /// Branches if `a <= b`.
    BrLe { a: Slot, b: Slot, target: u32, taken: u16, fall: u16 };
    /// Branches if `a == imm`.
    BrEqImm { a: Slot, imm: u32, target: u32, taken: u16, fall: u16 };
    /// Branches if `a != imm`.
    BrNeImm { a: Slot, imm: u32, target: u32, taken: u16, fall: u16 };
    /// Branches if `a < imm`.
    BrLtImm { a: Slot, imm: u32, target: u32, taken: u16, fall: u16 };
    /// Branches if `a >= imm`.
    BrGeImm { a: Slot, imm: u32, target: u32, taken: u16, fall: u16 };
    /// Branches on the tag of the enum value that `a` refers to.
    Switch { a: Slot, off: u32, table: u16 };
    /// Branches on the tag in slot `a`.
    SwitchSlot { a: Slot, table: u16 };
    /// Calls; the callee's frame starts at `base`, where its arguments lie and
    /// its results will.
    Call { base: Slot, callee: u32 };
    /// Calls a native, with the same convention.
    CallNative { base: Slot, callee: u32 };
    /// Returns nothing.
    Ret0 {};
    /// Returns one word.
    Ret1 { src: Slot };
    /// Returns words.
    Ret { src: Slot, words: u16 };
    /// Aborts with the code in `src`.
    Abort { src: Slot };

    /// `dst = imm`.
    Const { dst: Slot, imm: u64 };
    /// Copies words of the constant table.
    ConstWords { dst: Slot, index: u16 };
    /// Makes a constant that owns buffers.
    ConstValue { dst: Slot, index: u16 };
    /// `dst = src`, one word.
    Move { dst: Slot, src: Slot };
    /// `dst = src`, two words.
    Move2 { dst: Slot, src: Slot };
    /// `dst = src`, four words.
    Move4 { dst: Slot, src: Slot };
    /// `dst = src`; the ranges may overlap.
    MoveWords { dst: Slot, src: Slot, words: u16 };
    /// `dst = src`, and `src` is zeroed.
    MoveOut { dst: Slot, src: Slot, words: u16 };
    /// Zeroes words.
    Zero { dst: Slot, words: u16 };
    /// Copies a value that owns buffers.
    CopyValue { dst: Slot, src: Slot, layout: u16 };
    /// Frees what the value owns.
    Drop { slot: Slot, layout: u16 };
    /// Frees what the function's locals own, where there are many.
    DropLocals {};

    /// 64-bit addition.
    Add64 { dst: Slot, a: Slot, b: Slot };
    /// 64-bit addition of a constant.
    Add64Imm { dst: Slot, a: Slot, imm: u64 };
    /// Addition of narrower integers.
    AddN { bits: u8, dst: Slot, a: Slot, b: Slot };
    /// Addition of a constant to a narrower integer.
    AddNImm { bits: u8, dst: Slot, a: Slot, imm: u64 };
    /// Subtraction at any width up to 64.
    Sub { dst: Slot, a: Slot, b: Slot };
    /// Subtraction of a constant.
    SubImm { dst: Slot, a: Slot, imm: u64 };
    /// 64-bit multiplication.
    Mul64 { dst: Slot, a: Slot, b: Slot };
    /// 64-bit multiplication by a constant.
    Mul64Imm { dst: Slot, a: Slot, imm: u64 };
    /// Multiplication of narrower integers.
    MulN { bits: u8, dst: Slot, a: Slot, b: Slot };
    /// Division at any width up to 64.
    Div { dst: Slot, a: Slot, b: Slot };
    /// Division by a constant other than 0.
    DivImm { dst: Slot, a: Slot, imm: u64 };
    /// Remainder at any width up to 64.
    Mod { dst: Slot, a: Slot, b: Slot };
    /// Remainder by a constant other than 0.
    ModImm { dst: Slot, a: Slot, imm: u64 };
    /// Bitwise or logical and.
    And { dst: Slot, a: Slot, b: Slot };
    /// And with a constant.
    AndImm { dst: Slot, a: Slot, imm: u64 };
    /// Bitwise or logical or.
    Or { dst: Slot, a: Slot, b: Slot };
    /// Or with a constant.
    OrImm { dst: Slot, a: Slot, imm: u64 };
    /// Bitwise exclusive or.
    Xor { dst: Slot, a: Slot, b: Slot };
    /// Exclusive or with a constant.
    XorImm { dst: Slot, a: Slot, imm: u64 };
    /// Shift left; bits beyond the width are lost.
    Shl { bits: u8, dst: Slot, a: Slot, b: Slot };
    /// Shift left by a constant below the width.
    ShlImm { bits: u8, shift: u8, dst: Slot, a: Slot };
    /// Shift right.
    Shr { bits: u8, dst: Slot, a: Slot, b: Slot };
    /// Shift right by a constant below the width.
    ShrImm { shift: u8, dst: Slot, a: Slot };
    /// Logical not.
    Not { dst: Slot, a: Slot };
    /// Fails unless the word fits `bits` bits.
    Cast { bits: u8, dst: Slot, src: Slot };
    /// Casts where one side has 128 or 256 bits.
    CastWide { from: Width, to: Width, dst: Slot, src: Slot };
    /// `dst = a == b`, one word each.
    Eq { dst: Slot, a: Slot, b: Slot };
    /// `dst = a != b`, one word each.
    Ne { dst: Slot, a: Slot, b: Slot };
    /// `dst = a < b`.
    Lt { dst: Slot, a: Slot, b: Slot };
    /// `dst = a <= b`.
    Le { dst: Slot, a: Slot, b: Slot };
    /// `dst = a == imm`.
    EqImm { dst: Slot, a: Slot, imm: u64 };
    /// `dst = a != imm`.
    NeImm { dst: Slot, a: Slot, imm: u64 };
    /// `dst = a < imm`.
    LtImm { dst: Slot, a: Slot, imm: u64 };
    /// `dst = a >= imm`.
    GeImm { dst: Slot, a: Slot, imm: u64 };
    /// Arithmetic on 128 bits.
    Arith128 { op: WideOp, dst: Slot, a: Slot, b: Slot };
    /// Arithmetic on 256 bits.
    Arith256 { op: WideOp, dst: Slot, a: Slot, b: Slot };
    /// Order of 128-bit integers.
    Compare128 { op: Comparison, dst: Slot, a: Slot, b: Slot };
    /// Order of 256-bit integers.
    Compare256 { op: Comparison, dst: Slot, a: Slot, b: Slot };
    /// Equality of values that own nothing, word by word.
    EqWords { negate: bool, dst: Slot, a: Slot, b: Slot, words: u16 };
    /// Equality of values that own buffers; drops both.
    EqValue { negate: bool, dst: Slot, a: Slot, b: Slot, layout: u16 };
    /// Equality of what two references refer to.
    EqRef { negate: bool, dst: Slot, a: Slot, b: Slot, layout: u16 };

    /// `dst` = reference to slot `slot` of this frame.
    FrameAddress { dst: Slot, slot: Slot };
    /// `dst` = reference `src` moved on by `off` bytes.
    AddOffset { dst: Slot, src: Slot, off: u32 };
    /// Reads a word behind a reference.
    Load64 { dst: Slot, a: Slot, off: u32 };
    /// Reads 1, 2 or 4 bytes behind a reference.
    LoadN { bytes: u8, dst: Slot, a: Slot, off: u32 };
    /// Reads words behind a reference.
    LoadWords { dst: Slot, a: Slot, words: u16, off: u32 };
    /// Copies a value that owns buffers from behind a reference.
    LoadValue { dst: Slot, a: Slot, layout: u16, off: u32 };
    /// Writes a word behind a reference.
    Store64 { a: Slot, src: Slot, off: u32 };
    /// Writes 1, 2 or 4 bytes behind a reference.
    StoreN { bytes: u8, a: Slot, src: Slot, off: u32 };
    /// Writes words behind a reference.
    StoreWords { a: Slot, src: Slot, words: u16, off: u32 };
    /// Drops the value behind a reference and moves another there.
    StoreValue { a: Slot, src: Slot, layout: u16, off: u32 };

    /// Makes an enum value in place: shifts the fields at `base` up by one
    /// word, writes the tag before and zeroes behind them.
    PackVariant { base: Slot, tag: u16, fields: u16, words: u16 };
    /// Takes an enum value at `src` apart: checks the tag and moves the fields
    /// to `dst`.
    UnpackVariant { dst: Slot, src: Slot, tag: u16, fields: u16 };
    /// Checks the tag of the enum value behind a reference.
    CheckVariant { a: Slot, tag: u16, off: u32 };
    /// Checks the tag of the enum value in a slot.
    CheckVariantSlot { a: Slot, tag: u16 };

    /// Makes a vector of `count` elements that lie at `src` side by side.
    VecPack { dst: Slot, src: Slot, layout: u16, count: u32 };
    /// Takes a vector of exactly `count` elements apart.
    VecUnpack { dst: Slot, src: Slot, layout: u16, count: u32 };
    /// `dst` = length.
    VecLen { dst: Slot, vec: Slot, off: u32 };
    /// `dst` = reference to an element.
    VecBorrow { dst: Slot, vec: Slot, idx: Slot, off: u32, bytes: u32 };
    /// `dst` = element, one word.
    VecLoad64 { dst: Slot, vec: Slot, idx: Slot, off: u32 };
    /// `dst` = element of 1, 2 or 4 bytes.
    VecLoadN { bytes: u8, dst: Slot, vec: Slot, idx: Slot, off: u32 };
    /// Overwrites an element of one word.
    VecStore64 { src: Slot, vec: Slot, idx: Slot, off: u32 };
    /// Overwrites an element of 1, 2 or 4 bytes.
    VecStoreN { bytes: u8, src: Slot, vec: Slot, idx: Slot, off: u32 };
    /// Appends an element of `bytes` bytes.
    VecPush { vec: Slot, src: Slot, off: u32, bytes: u32 };
    /// Appends an element of one word.
    VecPush64 { vec: Slot, src: Slot, off: u32 };
    /// Removes the last element of `bytes` bytes.
    VecPop { dst: Slot, vec: Slot, off: u32, bytes: u32 };
    /// Removes the last element of one word.
    VecPop64 { dst: Slot, vec: Slot, off: u32 };
    /// Swaps two elements.
    VecSwap { vec: Slot, i: Slot, j: Slot, off: u32, bytes: u32 };
}

#[cfg(feature = "native-code")]
impl Op {
    /// Where it may continue besides the next instruction, unless that is in a
    /// table.
    pub(crate) fn target(&self) -> Option<u32> {
        match self {
            Self::Jump { target, .. }
            | Self::BrTrue { target, .. }
            | Self::BrFalse { target, .. }
            | Self::BrEq { target, .. }
            | Self::BrNe { target, .. }
            | Self::BrLt { target, .. }
            | Self::BrLe { target, .. }
            | Self::BrEqImm { target, .. }
            | Self::BrNeImm { target, .. }
            | Self::BrLtImm { target, .. }
            | Self::BrGeImm { target, .. } => Some(*target),
            _ => None,
        }
    }
}
