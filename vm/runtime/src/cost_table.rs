//! The cost of everything, versioned, and the rule by which it is charged.
//!
//! Unit: see [`GasMeter`](crate::GasMeter). Figures are rounded from the time
//! that each thing takes in the interpreter on the machine named in
//! `docs/measurements.md`, an addition of two `u64` being 1. A change of any
//! figure is a new version: validators agree on gas.
//!
//! # The rule
//!
//! What is charged follows from the Move bytecode, its types and its data. It
//! depends on no cache, thread or tier. Everything is charged before it is
//! done. A charge that exceeds what is left takes what is left and stops the
//! execution.
//!
//! 1. *A call from outside*: [`ENTRY`]; each argument by BCS; the load of the
//!    function. When the function has returned, each result, and the value of
//!    each argument passed as `&mut`, by BCS.
//! 2. *The load of a function*, the first time that it runs in a call from
//!    outside, natives excepted: [`LOAD`], and [`LOAD_PER_UNIT`] for each
//!    instruction of its code, each eight bytes of a constant that an
//!    instruction loads, and each node of the types that it names. Those are
//!    the types of its parameters, results and locals; for each instruction
//!    that can be reached the type arguments or the element type that it gives,
//!    borrows of fields excepted; for each such call also the parameters and
//!    results of the callee. What counts is the nodes of a type with its
//!    arguments, and the same again for the type of each of its fields, or of
//!    its elements. Each instance of a generic function is a function of its
//!    own.
//! 3. *A function's frame*: when a function is entered, a quarter of the words
//!    of those locals that are no parameters and may hold vectors.
//! 4. *A basic block*, when it is entered: the sum over its instructions of
//!    [`instruction`] and of what their types add:
//!    - a value moved, loaded or stored: a quarter of its words (below
//!      [`moved`]);
//!    - a value that may hold vectors and is copied, overwritten or dropped
//!      (`CopyLoc`, `ReadRef`, `Pop`, `StLoc`, `WriteRef`, all locals at
//!      `Ret`), or compared: its *walk*, the number of its parts without those
//!      in vectors. An equality of two such values drops both: three walks;
//!    - fields packed, unpacked or borrowed: 1 each;
//!    - arithmetic beyond 64 bits: see `translate/arithmetic.rs`;
//!    - a constant that holds vectors: by BCS.
//! 5. *A deep copy or comparison*: for each vector met, [`VECTOR_VISIT`], a
//!    unit for 16 bytes of its elements, and the walk of each element that may
//!    itself hold vectors. A comparison ends at the first difference, and
//!    vectors of different lengths cost [`VECTOR_VISIT`] alone.
//! 6. *BCS*, read or written: [`BCS`], the walk of the value, and for each
//!    vector met [`VECTOR_VISIT`] and a unit for 16 bytes of its elements if
//!    they are integers, `bool` or `address`, else the walk of each.
//! 7. *A native*: [`NATIVE_CALL`], and what it charges itself.
//!
//! What frees memory, and the growth of a vector that is pushed to, is paid by
//! what has filled it.

use crate::layout::Layout;
use heddle_bytecode::Bytecode;

/// Version of the figures and the rule.
pub const COST_TABLE_VERSION: u32 = 2;

/// A call from outside, on top of its arguments.
pub(crate) const ENTRY: u64 = 100;
/// A function that runs for the first time in a call from outside.
pub(crate) const LOAD: u64 = 20;
/// An instruction, or a node of a type, of such a function.
pub(crate) const LOAD_PER_UNIT: u64 = 2;
/// Cost of calling a native, on top of what it charges itself.
pub(crate) const NATIVE_CALL: u64 = 10;
/// Bytes copied, compared or moved for one unit.
const BYTES_PER_UNIT: u64 = 16;
/// A value read or written as BCS.
const BCS: u64 = 4;
/// A vector met in a deep copy, comparison or constant.
const VECTOR_VISIT: u64 = 8;

/// Cost of the first run of a function with so many instructions and nodes of
/// types.
pub(crate) fn load(units: u64) -> u64 {
    LOAD + LOAD_PER_UNIT * units
}

/// Cost of copying or comparing `bytes` bytes.
pub(crate) fn bytes(bytes: u64) -> u64 {
    bytes / BYTES_PER_UNIT
}

/// Cost of a value read or written as BCS, without what is in its vectors.
pub(crate) fn bcs(layout: &Layout) -> u64 {
    BCS + u64::from(layout.walk)
}

/// Cost of the elements of a vector read or written as BCS.
pub(crate) fn bcs_elements(element: &Layout, length: u64) -> u64 {
    let elements = if element.is_primitive() {
        bytes(length.saturating_mul(u64::from(element.element_bytes)))
    } else {
        length.saturating_mul(u64::from(element.walk))
    };
    elements.saturating_add(VECTOR_VISIT)
}

/// Cost of a vector met in a deep copy or comparison.
pub(crate) fn vector() -> u64 {
    VECTOR_VISIT
}

/// Cost of the elements of a vector that is copied or compared.
pub(crate) fn elements(element: &Layout, length: u64) -> u64 {
    let walks = match element.owns_heap {
        true => length.saturating_mul(u64::from(element.walk)),
        false => 0,
    };
    bytes(length.saturating_mul(u64::from(element.element_bytes))).saturating_add(walks)
}

/// Cost of moving a value of `words` words, beyond one word.
pub(crate) fn moved(words: u32) -> u64 {
    u64::from(words / 4)
}

/// Cost of following the parts of a value that may hold vectors.
pub(crate) fn walk(layout: &Layout) -> u64 {
    match layout.owns_heap {
        true => u64::from(layout.walk),
        false => 0,
    }
}

/// What an instruction costs whatever its operands are. Parts that depend on
/// types are added by the translator, parts that depend on data at run time.
pub(crate) fn instruction(instruction: &Bytecode) -> u64 {
    use Bytecode::*;
    match instruction {
        Nop | Pop | LdTrue | LdFalse | LdU8(_) | LdU16(_) | LdU32(_) | LdU64(_) => 1,
        LdU128(_) | LdU256(_) => 2,
        LdConst(_) => 4,
        CopyLoc(_) | MoveLoc(_) | StLoc(_) | FreezeRef => 1,
        MutBorrowLoc(_) | ImmBorrowLoc(_) => 1,
        MutBorrowField(_) | ImmBorrowField(_) => 1,
        MutBorrowFieldGeneric(_) | ImmBorrowFieldGeneric(_) => 1,
        ReadRef | WriteRef => 2,
        Add | Sub | BitOr | BitAnd | Xor | Or | And | Not | Shl | Shr => 1,
        Mul => 2,
        Div | Mod => 6,
        Eq | Neq | Lt | Gt | Le | Ge => 1,
        CastU8 | CastU16 | CastU32 | CastU64 => 1,
        CastU128 | CastU256 => 2,
        BrTrue(_) | BrFalse(_) | Branch(_) => 1,
        VariantSwitch(_) => 3,
        Ret => 2,
        Abort => 1,
        Call(_) | CallGeneric(_) => 10,
        Pack(_) | PackGeneric(_) | Unpack(_) | UnpackGeneric(_) => 2,
        PackVariant(_) | PackVariantGeneric(_) => 4,
        UnpackVariant(_) | UnpackVariantGeneric(_) => 4,
        UnpackVariantImmRef(_) | UnpackVariantMutRef(_) => 4,
        UnpackVariantGenericImmRef(_) | UnpackVariantGenericMutRef(_) => 4,
        VecPack(_, count) => 4 + (*count).min(1 << 20),
        VecUnpack(_, count) => 4 + (*count).min(1 << 20),
        VecLen(_) => 2,
        VecImmBorrow(_) | VecMutBorrow(_) => 3,
        VecPushBack(_) | VecPopBack(_) => 4,
        VecSwap(_) => 5,
        ExistsDeprecated(_)
        | ExistsGenericDeprecated(_)
        | MoveFromDeprecated(_)
        | MoveFromGenericDeprecated(_)
        | MoveToDeprecated(_)
        | MoveToGenericDeprecated(_)
        | MutBorrowGlobalDeprecated(_)
        | MutBorrowGlobalGenericDeprecated(_)
        | ImmBorrowGlobalDeprecated(_)
        | ImmBorrowGlobalGenericDeprecated(_) => 1,
    }
}
