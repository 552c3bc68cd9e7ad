//! What a module defines: structs, enums and functions.

use crate::{
    Bytecode, CodeOffset, DatatypeHandleIndex, EnumDefinitionIndex, FunctionHandleIndex,
    IdentifierIndex, SignatureIndex, SignatureToken, StructDefinitionIndex,
};

/// A struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructDefinition {
    /// Its name, abilities and type parameters.
    pub struct_handle: DatatypeHandleIndex,
    /// Its fields.
    pub field_information: StructFieldInformation,
}

/// The fields of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StructFieldInformation {
    /// The struct is implemented outside Move. The format can say so; the
    /// verifier refuses it.
    Native,
    /// The fields in order.
    Declared(Vec<FieldDefinition>),
}

impl StructDefinition {
    /// The fields; none for a native struct.
    #[must_use]
    pub fn fields(&self) -> &[FieldDefinition] {
        match &self.field_information {
            StructFieldInformation::Native => &[],
            StructFieldInformation::Declared(fields) => fields,
        }
    }
}

/// A field of a struct or of a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDefinition {
    /// Its name.
    pub name: IdentifierIndex,
    /// Its type, open in the type parameters of the datatype.
    pub signature: SignatureToken,
}

/// An enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumDefinition {
    /// Its name, abilities and type parameters.
    pub enum_handle: DatatypeHandleIndex,
    /// Its variants in the order of their tags.
    pub variants: Vec<VariantDefinition>,
}

/// A variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantDefinition {
    /// Its name.
    pub variant_name: IdentifierIndex,
    /// Its fields in order.
    pub fields: Vec<FieldDefinition>,
}

/// Who may call a function from Move code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Visibility {
    /// Its own module.
    #[default]
    Private = 0,
    /// Everybody.
    Public = 1,
    /// Its own module and the friends that the module lists.
    Friend = 3,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionDefinition {
    /// Its name, signature and type parameters.
    pub function: FunctionHandleIndex,
    /// Who may call it.
    pub visibility: Visibility,
    /// Whether a transaction may call it whatever its visibility.
    pub is_entry: bool,
    /// Global storage that the function touches: a remnant of other Move
    /// chains. The verifier demands that the list is empty.
    pub acquires_global_resources: Vec<StructDefinitionIndex>,
    /// Its body; `None` for a native function.
    pub code: Option<CodeUnit>,
}

impl FunctionDefinition {
    /// Whether the function is implemented outside Move.
    #[must_use]
    pub fn is_native(&self) -> bool {
        self.code.is_none()
    }
}

/// The body of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeUnit {
    /// The types of the locals that follow the parameters.
    pub locals: SignatureIndex,
    /// The instructions.
    pub code: Vec<Bytecode>,
    /// The tables that [`Bytecode::VariantSwitch`] names.
    pub jump_tables: Vec<VariantJumpTable>,
}

/// Where to continue for each variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantJumpTable {
    /// The enum.
    pub head_enum: EnumDefinitionIndex,
    /// The target for each variant, at the position of its tag. The format
    /// has a flag for the kind of table, and this is the one kind there is.
    pub jump_table: Vec<CodeOffset>,
}
