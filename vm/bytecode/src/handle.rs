//! Handles name an item, of this module or of another; instantiations pair a
//! generic item with its type arguments.

use crate::{
    AbilitySet, AddressIdentifierIndex, DatatypeHandleIndex, EnumDefInstantiationIndex,
    EnumDefinitionIndex, FieldHandleIndex, FieldIndex, FunctionHandleIndex, IdentifierIndex,
    ModuleHandleIndex, SignatureIndex, StructDefinitionIndex, VariantTag,
};

/// A module by address and name. Also an entry of the friend list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleHandle {
    /// Where the module is published.
    pub address: AddressIdentifierIndex,
    /// Its name.
    pub name: IdentifierIndex,
}

/// A struct or enum as its users see it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DatatypeHandle {
    /// The module that defines it.
    pub module: ModuleHandleIndex,
    /// Its name.
    pub name: IdentifierIndex,
    /// The abilities it declares.
    pub abilities: AbilitySet,
    /// Its type parameters, in order.
    pub type_parameters: Vec<DatatypeTyParameter>,
}

/// A type parameter of a struct or enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DatatypeTyParameter {
    /// What an argument must have.
    pub constraints: AbilitySet,
    /// Whether the parameter only tags the type: no field holds a value of it.
    pub is_phantom: bool,
}

/// A function as its callers see it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionHandle {
    /// The module that defines it.
    pub module: ModuleHandleIndex,
    /// Its name.
    pub name: IdentifierIndex,
    /// The types of its parameters.
    pub parameters: SignatureIndex,
    /// The types of its results.
    pub return_: SignatureIndex,
    /// What an argument for each of its type parameters must have.
    pub type_parameters: Vec<AbilitySet>,
}

/// A field of a struct of this module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldHandle {
    /// The struct.
    pub owner: StructDefinitionIndex,
    /// Which of its fields.
    pub field: FieldIndex,
}

/// A variant of an enum of this module that is not generic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariantHandle {
    /// The enum.
    pub enum_def: EnumDefinitionIndex,
    /// Which of its variants.
    pub variant: VariantTag,
}

/// A variant of an instantiated generic enum of this module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariantInstantiationHandle {
    /// The instantiated enum.
    pub enum_def: EnumDefInstantiationIndex,
    /// Which of its variants.
    pub variant: VariantTag,
}

/// A generic struct of this module with type arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StructDefInstantiation {
    /// The struct.
    pub def: StructDefinitionIndex,
    /// The type arguments.
    pub type_parameters: SignatureIndex,
}

/// A generic enum of this module with type arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumDefInstantiation {
    /// The enum.
    pub def: EnumDefinitionIndex,
    /// The type arguments.
    pub type_parameters: SignatureIndex,
}

/// A generic function with type arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionInstantiation {
    /// The function.
    pub handle: FunctionHandleIndex,
    /// The type arguments.
    pub type_parameters: SignatureIndex,
}

/// A field of a generic struct of this module with type arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldInstantiation {
    /// The field.
    pub handle: FieldHandleIndex,
    /// The type arguments of the struct.
    pub type_parameters: SignatureIndex,
}

/// What a datatype of this module is defined by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DatatypeDefinition {
    /// By a struct definition.
    Struct(StructDefinitionIndex),
    /// By an enum definition.
    Enum(EnumDefinitionIndex),
}

impl FunctionHandle {
    /// Whether the function has type parameters.
    #[must_use]
    pub fn is_generic(&self) -> bool {
        !self.type_parameters.is_empty()
    }
}

impl DatatypeHandle {
    /// Whether the datatype has type parameters.
    #[must_use]
    pub fn is_generic(&self) -> bool {
        !self.type_parameters.is_empty()
    }

    /// What an argument for each type parameter must have.
    pub fn constraints(&self) -> impl ExactSizeIterator<Item = AbilitySet> + '_ {
        self.type_parameters
            .iter()
            .map(|parameter| parameter.constraints)
    }

    /// The abilities of the datatype with type arguments that have
    /// `argument_abilities`, one for each type parameter.
    #[must_use]
    pub fn abilities_with(
        &self,
        argument_abilities: impl IntoIterator<Item = AbilitySet>,
    ) -> AbilitySet {
        let phantom = self
            .type_parameters
            .iter()
            .map(|parameter| parameter.is_phantom);
        AbilitySet::polymorphic(self.abilities, phantom.zip(argument_abilities))
    }
}

impl DatatypeHandleIndex {
    /// The definition of this datatype in `module`, if it is defined there.
    ///
    /// Walks the definitions; a caller that asks often should build a map.
    #[must_use]
    pub fn definition(self, module: &crate::CompiledModule) -> Option<DatatypeDefinition> {
        let structs = module
            .struct_defs
            .iter()
            .position(|def| def.struct_handle == self);
        let enums = || {
            module
                .enum_defs
                .iter()
                .position(|def| def.enum_handle == self)
        };
        if let Some(position) = structs {
            return u16::try_from(position)
                .ok()
                .map(|index| DatatypeDefinition::Struct(StructDefinitionIndex(index)));
        }
        enums()
            .and_then(|position| u16::try_from(position).ok())
            .map(|index| DatatypeDefinition::Enum(EnumDefinitionIndex(index)))
    }
}
