//! A module: its tables, and how entries are looked up.

use std::fmt;

use crate::{
    Address, Constant, DatatypeHandle, EnumDefInstantiation, EnumDefinition, FieldHandle,
    FieldInstantiation, FunctionDefinition, FunctionDefinitionIndex, FunctionHandle,
    FunctionInstantiation, Identifier, Metadata, ModuleHandle, ModuleHandleIndex, Signature,
    StructDefInstantiation, StructDefinition, TableIndex, VariantHandle,
    VariantInstantiationHandle,
};

/// A module in memory, with its tables in the order in which the binary
/// format names them.
///
/// The fields are public so that a compiler, a test or a fuzzer can build any
/// module, valid or not. `module[index]` panics if the index is out of range
/// and is for modules that have passed the verifier's bounds check;
/// [`CompiledModule::get`] never panics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompiledModule {
    /// Version of the binary format that the module was written in.
    pub version: u32,
    /// Whether the module may be published. Compilers mark those built in
    /// test mode with a different magic number.
    pub publishable: bool,
    /// This module's entry in `module_handles`.
    pub self_module_handle: ModuleHandleIndex,
    /// This module and those that it names.
    pub module_handles: Vec<ModuleHandle>,
    /// The structs and enums that it names, its own among them.
    pub datatype_handles: Vec<DatatypeHandle>,
    /// The functions that it names, its own among them.
    pub function_handles: Vec<FunctionHandle>,
    /// The fields that its code borrows.
    pub field_handles: Vec<FieldHandle>,
    /// The modules that may call its friend functions.
    pub friend_decls: Vec<ModuleHandle>,
    /// Instantiated structs that its code names.
    pub struct_def_instantiations: Vec<StructDefInstantiation>,
    /// Instantiated functions that its code names.
    pub function_instantiations: Vec<FunctionInstantiation>,
    /// Fields of instantiated structs that its code borrows.
    pub field_instantiations: Vec<FieldInstantiation>,
    /// Lists of types.
    pub signatures: Vec<Signature>,
    /// Names.
    pub identifiers: Vec<Identifier>,
    /// Addresses of modules.
    pub address_identifiers: Vec<Address>,
    /// Constants.
    pub constant_pool: Vec<Constant>,
    /// Metadata.
    pub metadata: Vec<Metadata>,
    /// The structs that it defines.
    pub struct_defs: Vec<StructDefinition>,
    /// The functions that it defines.
    pub function_defs: Vec<FunctionDefinition>,
    /// The enums that it defines.
    pub enum_defs: Vec<EnumDefinition>,
    /// Instantiated enums that its code names.
    pub enum_def_instantiations: Vec<EnumDefInstantiation>,
    /// The variants that its code names.
    pub variant_handles: Vec<VariantHandle>,
    /// Variants of instantiated enums that its code names.
    pub variant_instantiation_handles: Vec<VariantInstantiationHandle>,
}

impl CompiledModule {
    /// A module of `version` with empty tables, which no verifier accepts yet:
    /// it has no handle for itself.
    #[must_use]
    pub fn empty(version: u32) -> Self {
        Self {
            version,
            publishable: true,
            self_module_handle: ModuleHandleIndex(0),
            module_handles: Vec::new(),
            datatype_handles: Vec::new(),
            function_handles: Vec::new(),
            field_handles: Vec::new(),
            friend_decls: Vec::new(),
            struct_def_instantiations: Vec::new(),
            function_instantiations: Vec::new(),
            field_instantiations: Vec::new(),
            signatures: Vec::new(),
            identifiers: Vec::new(),
            address_identifiers: Vec::new(),
            constant_pool: Vec::new(),
            metadata: Vec::new(),
            struct_defs: Vec::new(),
            function_defs: Vec::new(),
            enum_defs: Vec::new(),
            enum_def_instantiations: Vec::new(),
            variant_handles: Vec::new(),
            variant_instantiation_handles: Vec::new(),
        }
    }

    /// The entry at `index`, or `None` if the table has no such entry.
    #[must_use]
    pub fn get<I: TableIndex>(&self, index: I) -> Option<&I::Entry> {
        I::table(self).get(index.position())
    }

    /// The indexes and entries of the table that `I` points into.
    pub fn entries<I: TableIndex>(&self) -> impl Iterator<Item = (I, &I::Entry)> {
        I::table(self)
            .iter()
            .enumerate()
            .map_while(|(position, entry)| Some((I::from_position(position)?, entry)))
    }

    /// This module's own handle. Panics if it is out of range.
    #[must_use]
    pub fn self_handle(&self) -> &ModuleHandle {
        &self[self.self_module_handle]
    }

    /// The module's address and name. Panics if its handle is out of range.
    #[must_use]
    pub fn self_id(&self) -> ModuleId {
        self.module_id(self.self_handle())
    }

    /// The module's address. Panics if its handle is out of range.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self[self.self_handle().address]
    }

    /// Moves the module, and with it all modules that it names at the same
    /// address, to another address. Panics if its handle is out of range.
    ///
    /// Compilers leave the address of a package that is yet to be published
    /// at 0; publishing puts the package's id there.
    pub fn set_address(&mut self, address: Address) {
        let index = self.self_handle().address;
        self.address_identifiers[index.position()] = address;
    }

    /// The module's name. Panics if its handle is out of range.
    #[must_use]
    pub fn name(&self) -> &Identifier {
        &self[self.self_handle().name]
    }

    /// The address and name that `handle` stands for. Panics if an index in
    /// it is out of range.
    #[must_use]
    pub fn module_id(&self, handle: &ModuleHandle) -> ModuleId {
        ModuleId {
            address: self[handle.address],
            name: self[handle.name].clone(),
        }
    }

    /// The modules that this one uses, without itself, in the order of their
    /// handles. Panics if a handle is out of range.
    pub fn dependencies(&self) -> impl Iterator<Item = ModuleId> + '_ {
        self.entries::<ModuleHandleIndex>()
            .filter(|(index, _)| *index != self.self_module_handle)
            .map(|(_, handle)| self.module_id(handle))
    }

    /// The modules that may call this one's friend functions. Panics if a
    /// friend's index is out of range.
    pub fn friends(&self) -> impl Iterator<Item = ModuleId> + '_ {
        self.friend_decls
            .iter()
            .map(|handle| self.module_id(handle))
    }

    /// The function that this module defines under `name`. Panics if an index
    /// on the way is out of range.
    #[must_use]
    pub fn function_named(
        &self,
        name: &str,
    ) -> Option<(FunctionDefinitionIndex, &FunctionDefinition)> {
        self.entries::<FunctionDefinitionIndex>()
            .find(|(_, def)| self[self[def.function].name].as_str() == name)
    }

    /// The name of a function that this module defines. Panics if an index on
    /// the way is out of range.
    #[must_use]
    pub fn function_name(&self, index: FunctionDefinitionIndex) -> &Identifier {
        &self[self[self[index].function].name]
    }
}

/// The address and name of a module.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId {
    /// Where it is published.
    pub address: Address,
    /// Its name.
    pub name: Identifier,
}

impl fmt::Display for ModuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = self.address.to_hex();
        let digits = hex.trim_start_matches("0x").trim_start_matches('0');
        write!(
            f,
            "0x{}::{}",
            if digits.is_empty() { "0" } else { digits },
            self.name
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{ModuleBuilder, address};

    #[test]
    fn a_module_moves_with_its_package() {
        let mut builder = ModuleBuilder::new(address(0), "m");
        builder.module_handle(address(0), "sibling");
        builder.module_handle(address(2), "stranger");
        builder.friend(address(0), "friend");
        let mut module = builder.build();
        module.set_address(address(9));
        assert_eq!(module.self_id().to_string(), "0x9::m");
        let dependencies: Vec<_> = module.dependencies().map(|id| id.to_string()).collect();
        assert_eq!(dependencies, ["0x9::sibling", "0x2::stranger"]);
        let friends: Vec<_> = module.friends().map(|id| id.to_string()).collect();
        assert_eq!(friends, ["0x9::friend"]);
    }
}
