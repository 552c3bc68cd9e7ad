//! The cost of everything, versioned.
//!
//! Unit: see [`GasMeter`](crate::GasMeter). Figures are rounded from
//! the time each instruction takes in the interpreter on the machine named in
//! `docs/measurements.md`, an addition of two `u64` being 1. A change of any
//! figure is a new version: validators agree on gas.

use heddle_bytecode::Bytecode;

/// Version of the figures below.
pub const COST_TABLE_VERSION: u32 = 1;

/// Cost of entering a function from outside, before its first block.
pub(crate) const ENTRY: u64 = 20;
/// Cost of calling a native, on top of what it charges itself.
pub(crate) const NATIVE_CALL: u64 = 10;
/// Bytes copied, compared or moved for one unit.
const BYTES_PER_UNIT: u64 = 16;
/// Bytes read or written as BCS for one unit.
const BCS_BYTES_PER_UNIT: u64 = 4;
/// Cost of one vector met in a deep copy, comparison or constant.
pub(crate) const VECTOR_VISIT: u64 = 8;

/// Cost of copying or comparing `bytes` bytes.
pub(crate) fn bytes(bytes: u64) -> u64 {
    bytes / BYTES_PER_UNIT
}

/// Cost of encoding or decoding `bytes` bytes of BCS.
pub(crate) fn bcs(bytes: u64) -> u64 {
    4 + bytes / BCS_BYTES_PER_UNIT
}

/// Cost of moving a value of `words` words, beyond one word.
pub(crate) fn moved(words: u32) -> u64 {
    u64::from(words / 4)
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
