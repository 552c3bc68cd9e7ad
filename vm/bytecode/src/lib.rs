//! The binary format of Move modules, versions 5 to 7.
//!
//! ```text
//! bytes ──deserialize──▶ CompiledModule ──▶ verifier, loader
//!       ◀──serialize────                ──▶ disassembly
//! ```
//!
//! A [`CompiledModule`] is a set of tables that point into one another by
//! index: handles name items of this and other modules, definitions hold what
//! the module itself provides, signatures hold types, and the code of a
//! function refers to all of these. Nothing here knows whether a module makes
//! sense: that is the verifier's task, and until its bounds check has passed
//! even the indexes may point nowhere.

mod ability;
mod clever_error;
mod constant;
mod cursor;
mod definition;
mod disassembly;
mod encoding;
mod error;
pub mod format;
mod handle;
mod identifier;
mod index;
mod instruction;
mod limits;
mod module;
mod operand;
mod serialize;
mod signature;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod type_encoding;

pub use ability::{Ability, AbilitySet, AbilitySetIter};
pub use clever_error::{CleverCode, CleverError};
pub use constant::{Constant, Metadata};
pub use definition::{
    CodeUnit, EnumDefinition, FieldDefinition, FunctionDefinition, StructDefinition,
    StructFieldInformation, VariantDefinition, VariantJumpTable, Visibility,
};
pub use disassembly::disassemble;
pub use error::{DeserializeError, DeserializeErrorKind, SerializeError};
pub use handle::{
    DatatypeDefinition, DatatypeHandle, DatatypeTyParameter, EnumDefInstantiation, FieldHandle,
    FieldInstantiation, FunctionHandle, FunctionInstantiation, ModuleHandle,
    StructDefInstantiation, VariantHandle, VariantInstantiationHandle,
};
pub use identifier::{Identifier, InvalidIdentifier};
pub use index::{
    AddressIdentifierIndex, CodeOffset, ConstantPoolIndex, DatatypeHandleIndex,
    EnumDefInstantiationIndex, EnumDefinitionIndex, FieldHandleIndex, FieldIndex,
    FieldInstantiationIndex, FunctionDefinitionIndex, FunctionHandleIndex,
    FunctionInstantiationIndex, IdentifierIndex, LocalIndex, ModuleHandleIndex, SignatureIndex,
    StructDefInstantiationIndex, StructDefinitionIndex, TableIndex, TypeParameterIndex,
    VariantHandleIndex, VariantInstantiationHandleIndex, VariantJumpTableIndex, VariantTag,
};
pub use instruction::{Bytecode, Opcode};
pub use limits::BinaryLimits;
pub use module::{CompiledModule, ModuleId};
pub use operand::{Operand, OperandKind};
pub use signature::{Signature, SignatureToken};

pub use ruint::aliases::U256;
pub use sui_sdk_types::Address;
