//! Newtypes for every index, offset and count that appears in a module.
//!
//! A table index is 16 bits wide. [`TableIndex`] ties it to the table it
//! points into, so `module[index]` and [`CompiledModule::get`] return the
//! right kind of entry and cannot be given the wrong kind of index.

use std::fmt;

use crate::{
    Address, CompiledModule, Constant, DatatypeHandle, EnumDefInstantiation, EnumDefinition,
    FieldHandle, FieldInstantiation, FunctionDefinition, FunctionHandle, FunctionInstantiation,
    Identifier, ModuleHandle, Signature, StructDefInstantiation, StructDefinition, VariantHandle,
    VariantInstantiationHandle,
};

/// An index into one table of a [`CompiledModule`].
pub trait TableIndex: Copy + fmt::Debug {
    /// What the table holds.
    type Entry: 'static;

    /// The table's name in messages, for example `datatype handle`.
    const KIND: &'static str;

    /// The index as a position in the table.
    fn position(self) -> usize;

    /// The index of the entry at `position`.
    ///
    /// Returns `None` if the position does not fit an index, which no table
    /// of a deserialised module can reach.
    fn from_position(position: usize) -> Option<Self>;

    /// The table that this kind of index points into.
    fn table(module: &CompiledModule) -> &[Self::Entry];
}

macro_rules! table_index {
    ($($(#[$doc:meta])* $name:ident => $field:ident : $entry:ty, $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl TableIndex for $name {
            type Entry = $entry;
            const KIND: &'static str = $kind;

            fn position(self) -> usize {
                usize::from(self.0)
            }

            fn from_position(position: usize) -> Option<Self> {
                u16::try_from(position).ok().map(Self)
            }

            fn table(module: &CompiledModule) -> &[$entry] {
                &module.$field
            }
        }

        impl std::ops::Index<$name> for CompiledModule {
            type Output = $entry;

            fn index(&self, index: $name) -> &$entry {
                &self.$field[index.position()]
            }
        }
    )*};
}

table_index! {
    /// Index into [`CompiledModule::module_handles`].
    ModuleHandleIndex => module_handles: ModuleHandle, "module handle";
    /// Index into [`CompiledModule::datatype_handles`].
    DatatypeHandleIndex => datatype_handles: DatatypeHandle, "datatype handle";
    /// Index into [`CompiledModule::function_handles`].
    FunctionHandleIndex => function_handles: FunctionHandle, "function handle";
    /// Index into [`CompiledModule::field_handles`].
    FieldHandleIndex => field_handles: FieldHandle, "field handle";
    /// Index into [`CompiledModule::variant_handles`].
    VariantHandleIndex => variant_handles: VariantHandle, "variant handle";
    /// Index into [`CompiledModule::struct_def_instantiations`].
    StructDefInstantiationIndex => struct_def_instantiations: StructDefInstantiation, "struct instantiation";
    /// Index into [`CompiledModule::enum_def_instantiations`].
    EnumDefInstantiationIndex => enum_def_instantiations: EnumDefInstantiation, "enum instantiation";
    /// Index into [`CompiledModule::function_instantiations`].
    FunctionInstantiationIndex => function_instantiations: FunctionInstantiation, "function instantiation";
    /// Index into [`CompiledModule::field_instantiations`].
    FieldInstantiationIndex => field_instantiations: FieldInstantiation, "field instantiation";
    /// Index into [`CompiledModule::variant_instantiation_handles`].
    VariantInstantiationHandleIndex => variant_instantiation_handles: VariantInstantiationHandle, "variant instantiation";
    /// Index into [`CompiledModule::struct_defs`].
    StructDefinitionIndex => struct_defs: StructDefinition, "struct definition";
    /// Index into [`CompiledModule::enum_defs`].
    EnumDefinitionIndex => enum_defs: EnumDefinition, "enum definition";
    /// Index into [`CompiledModule::function_defs`].
    FunctionDefinitionIndex => function_defs: FunctionDefinition, "function definition";
    /// Index into [`CompiledModule::signatures`].
    SignatureIndex => signatures: Signature, "signature";
    /// Index into [`CompiledModule::identifiers`].
    IdentifierIndex => identifiers: Identifier, "identifier";
    /// Index into [`CompiledModule::address_identifiers`].
    AddressIdentifierIndex => address_identifiers: Address, "address";
    /// Index into [`CompiledModule::constant_pool`].
    ConstantPoolIndex => constant_pool: Constant, "constant";
}

macro_rules! plain_index {
    ($($(#[$doc:meta])* $name:ident($repr:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $repr);

        impl $name {
            /// The value as a position in a slice.
            #[must_use]
            pub fn position(self) -> usize {
                usize::from(self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

plain_index! {
    /// Position of an instruction in its function's code.
    CodeOffset(u16);
    /// A local of a function. Parameters come first, then the locals of
    /// [`CodeUnit::locals`](crate::CodeUnit::locals).
    LocalIndex(u8);
    /// Position of a field in its struct.
    FieldIndex(u16);
    /// Position of a variant in its enum, which is also its tag in BCS.
    VariantTag(u16);
    /// Position of a type parameter in the struct, enum or function that
    /// declares it.
    TypeParameterIndex(u16);
    /// Position of a jump table in [`CodeUnit::jump_tables`](crate::CodeUnit::jump_tables).
    VariantJumpTableIndex(u16);
}
