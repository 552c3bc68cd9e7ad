//! Builds modules by hand, for tests of this and other crates.
//!
//! [`ModuleBuilder`] keeps the tables free of duplicates and the indexes
//! right, and leaves everything else to the test: a module that it builds can
//! break any rule. What the builder has no method for is reached through
//! [`ModuleBuilder::module`].

mod arbitrary;

pub use arbitrary::arbitrary_module;

use crate::{
    AbilitySet, Address, AddressIdentifierIndex, Bytecode, CodeUnit, CompiledModule, Constant,
    ConstantPoolIndex, DatatypeHandle, DatatypeHandleIndex, DatatypeTyParameter,
    EnumDefInstantiation, EnumDefInstantiationIndex, EnumDefinition, EnumDefinitionIndex,
    FieldDefinition, FieldHandle, FieldHandleIndex, FieldIndex, FieldInstantiation,
    FieldInstantiationIndex, FunctionDefinition, FunctionDefinitionIndex, FunctionHandle,
    FunctionHandleIndex, FunctionInstantiation, FunctionInstantiationIndex, Identifier,
    IdentifierIndex, ModuleHandle, ModuleHandleIndex, Signature, SignatureIndex, SignatureToken,
    StructDefInstantiation, StructDefInstantiationIndex, StructDefinition, StructDefinitionIndex,
    StructFieldInformation, TableIndex, TypeParameterIndex, VariantDefinition, VariantHandle,
    VariantHandleIndex, VariantInstantiationHandle, VariantInstantiationHandleIndex,
    VariantJumpTable, VariantTag, Visibility, format,
};

/// Builds a module, table entry by table entry.
///
/// All methods panic on names that are not identifiers and on tables that
/// grow past their indexes: both are mistakes in the test.
#[derive(Clone, Debug)]
pub struct ModuleBuilder {
    /// The module so far.
    pub module: CompiledModule,
}

/// The signature of a function that a builder makes.
#[derive(Clone, Debug, Default)]
pub struct FunctionSignature {
    /// What an argument for each type parameter must have.
    pub type_parameters: Vec<AbilitySet>,
    /// The types of the parameters.
    pub parameters: Vec<SignatureToken>,
    /// The types of the results.
    pub returns: Vec<SignatureToken>,
}

/// Names and types of fields.
pub type Fields<'a> = &'a [(&'a str, SignatureToken)];

/// The address whose last byte is `byte` and whose others are 0.
#[must_use]
pub fn address(byte: u8) -> Address {
    let mut bytes = [0; Address::LENGTH];
    bytes[Address::LENGTH - 1] = byte;
    Address::new(bytes)
}

/// The type parameter at `position`.
#[must_use]
pub fn type_parameter(position: u16) -> SignatureToken {
    SignatureToken::TypeParameter(TypeParameterIndex(position))
}

/// `vector<element>`
#[must_use]
pub fn vector(element: SignatureToken) -> SignatureToken {
    SignatureToken::Vector(Box::new(element))
}

/// `&target`
#[must_use]
pub fn reference(target: SignatureToken) -> SignatureToken {
    SignatureToken::Reference(Box::new(target))
}

/// `&mut target`
#[must_use]
pub fn mutable_reference(target: SignatureToken) -> SignatureToken {
    SignatureToken::MutableReference(Box::new(target))
}

/// The datatype with type arguments.
#[must_use]
pub fn instantiation(
    handle: DatatypeHandleIndex,
    arguments: Vec<SignatureToken>,
) -> SignatureToken {
    SignatureToken::DatatypeInstantiation(Box::new((handle, arguments)))
}

fn intern<I: TableIndex, T: PartialEq>(table: &mut Vec<T>, entry: T) -> I {
    let position = table
        .iter()
        .position(|other| *other == entry)
        .unwrap_or_else(|| {
            table.push(entry);
            table.len() - 1
        });
    I::from_position(position).expect("a table has more entries than an index reaches")
}

fn push<I: TableIndex, T>(table: &mut Vec<T>, entry: T) -> I {
    table.push(entry);
    I::from_position(table.len() - 1).expect("a table has more entries than an index reaches")
}

impl ModuleBuilder {
    /// A module of the newest version with its own handle, and with the empty
    /// signature at index 0.
    #[must_use]
    pub fn new(address: Address, name: &str) -> Self {
        let mut builder = Self {
            module: CompiledModule::empty(format::VERSION_MAX),
        };
        builder.signature(&[]);
        builder.module.self_module_handle = builder.module_handle(address, name);
        builder
    }

    /// The module.
    #[must_use]
    pub fn build(self) -> CompiledModule {
        self.module
    }

    /// The module's own handle.
    #[must_use]
    pub fn self_handle(&self) -> ModuleHandleIndex {
        self.module.self_module_handle
    }

    /// The index of a name.
    pub fn identifier(&mut self, name: &str) -> IdentifierIndex {
        let name = Identifier::new(name).expect("a test uses a name that is not an identifier");
        intern(&mut self.module.identifiers, name)
    }

    /// The index of an address.
    pub fn address(&mut self, address: Address) -> AddressIdentifierIndex {
        intern(&mut self.module.address_identifiers, address)
    }

    /// The index of a list of types.
    pub fn signature(&mut self, types: &[SignatureToken]) -> SignatureIndex {
        intern(&mut self.module.signatures, Signature(types.to_vec()))
    }

    /// The index of a constant.
    pub fn constant(&mut self, type_: SignatureToken, data: &[u8]) -> ConstantPoolIndex {
        intern(
            &mut self.module.constant_pool,
            Constant {
                type_,
                data: data.to_vec(),
            },
        )
    }

    /// The handle of a module.
    pub fn module_handle(&mut self, address: Address, name: &str) -> ModuleHandleIndex {
        let handle = ModuleHandle {
            address: self.address(address),
            name: self.identifier(name),
        };
        intern(&mut self.module.module_handles, handle)
    }

    /// Adds a friend.
    pub fn friend(&mut self, address: Address, name: &str) {
        let handle = ModuleHandle {
            address: self.address(address),
            name: self.identifier(name),
        };
        self.module.friend_decls.push(handle);
    }

    /// The handle of a struct or enum; each type parameter comes with whether
    /// it is phantom and with its constraints.
    pub fn datatype_handle(
        &mut self,
        module: ModuleHandleIndex,
        name: &str,
        abilities: AbilitySet,
        type_parameters: &[(bool, AbilitySet)],
    ) -> DatatypeHandleIndex {
        let type_parameters = type_parameters
            .iter()
            .map(|&(is_phantom, constraints)| DatatypeTyParameter {
                constraints,
                is_phantom,
            })
            .collect();
        let name = self.identifier(name);
        let handle = DatatypeHandle {
            module,
            name,
            abilities,
            type_parameters,
        };
        intern(&mut self.module.datatype_handles, handle)
    }

    /// The handle of a struct or enum of this module.
    pub fn own_datatype(
        &mut self,
        name: &str,
        abilities: AbilitySet,
        type_parameters: &[(bool, AbilitySet)],
    ) -> DatatypeHandleIndex {
        self.datatype_handle(self.self_handle(), name, abilities, type_parameters)
    }

    /// Defines a struct.
    pub fn struct_def(
        &mut self,
        struct_handle: DatatypeHandleIndex,
        fields: Fields<'_>,
    ) -> StructDefinitionIndex {
        let field_information = StructFieldInformation::Declared(self.fields(fields));
        push(
            &mut self.module.struct_defs,
            StructDefinition {
                struct_handle,
                field_information,
            },
        )
    }

    /// Defines an enum.
    pub fn enum_def(
        &mut self,
        enum_handle: DatatypeHandleIndex,
        variants: &[(&str, Fields<'_>)],
    ) -> EnumDefinitionIndex {
        let variants = variants
            .iter()
            .map(|(name, fields)| VariantDefinition {
                variant_name: self.identifier(name),
                fields: self.fields(fields),
            })
            .collect();
        push(
            &mut self.module.enum_defs,
            EnumDefinition {
                enum_handle,
                variants,
            },
        )
    }

    fn fields(&mut self, fields: Fields<'_>) -> Vec<FieldDefinition> {
        fields
            .iter()
            .map(|(name, type_)| FieldDefinition {
                name: self.identifier(name),
                signature: type_.clone(),
            })
            .collect()
    }

    /// The handle of a function.
    pub fn function_handle(
        &mut self,
        module: ModuleHandleIndex,
        name: &str,
        signature: &FunctionSignature,
    ) -> FunctionHandleIndex {
        let handle = FunctionHandle {
            module,
            name: self.identifier(name),
            parameters: self.signature(&signature.parameters),
            return_: self.signature(&signature.returns),
            type_parameters: signature.type_parameters.clone(),
        };
        intern(&mut self.module.function_handles, handle)
    }

    /// Defines a function without a body, which makes it native until
    /// [`ModuleBuilder::body`] gives it one.
    pub fn function(
        &mut self,
        name: &str,
        visibility: Visibility,
        signature: &FunctionSignature,
    ) -> FunctionDefinitionIndex {
        let function = self.function_handle(self.self_handle(), name, signature);
        let definition = FunctionDefinition {
            function,
            visibility,
            is_entry: false,
            acquires_global_resources: Vec::new(),
            code: None,
        };
        push(&mut self.module.function_defs, definition)
    }

    /// Gives a function its body.
    pub fn body(
        &mut self,
        function: FunctionDefinitionIndex,
        locals: &[SignatureToken],
        code: Vec<Bytecode>,
    ) {
        self.body_with_jump_tables(function, locals, code, Vec::new());
    }

    /// Gives a function its body.
    pub fn body_with_jump_tables(
        &mut self,
        function: FunctionDefinitionIndex,
        locals: &[SignatureToken],
        code: Vec<Bytecode>,
        jump_tables: Vec<VariantJumpTable>,
    ) {
        let locals = self.signature(locals);
        self.module.function_defs[function.position()].code = Some(CodeUnit {
            locals,
            code,
            jump_tables,
        });
    }

    /// Defines a private function without type parameters and gives it a body.
    pub fn simple_function(
        &mut self,
        name: &str,
        parameters: &[SignatureToken],
        returns: &[SignatureToken],
        code: Vec<Bytecode>,
    ) -> FunctionDefinitionIndex {
        let signature = FunctionSignature {
            type_parameters: Vec::new(),
            parameters: parameters.to_vec(),
            returns: returns.to_vec(),
        };
        let function = self.function(name, Visibility::Private, &signature);
        self.body(function, &[], code);
        function
    }

    /// A function with type arguments.
    pub fn function_instantiation(
        &mut self,
        handle: FunctionHandleIndex,
        arguments: &[SignatureToken],
    ) -> FunctionInstantiationIndex {
        let type_parameters = self.signature(arguments);
        let entry = FunctionInstantiation {
            handle,
            type_parameters,
        };
        intern(&mut self.module.function_instantiations, entry)
    }

    /// A struct with type arguments.
    pub fn struct_instantiation(
        &mut self,
        def: StructDefinitionIndex,
        arguments: &[SignatureToken],
    ) -> StructDefInstantiationIndex {
        let type_parameters = self.signature(arguments);
        let entry = StructDefInstantiation {
            def,
            type_parameters,
        };
        intern(&mut self.module.struct_def_instantiations, entry)
    }

    /// An enum with type arguments.
    pub fn enum_instantiation(
        &mut self,
        def: EnumDefinitionIndex,
        arguments: &[SignatureToken],
    ) -> EnumDefInstantiationIndex {
        let type_parameters = self.signature(arguments);
        let entry = EnumDefInstantiation {
            def,
            type_parameters,
        };
        intern(&mut self.module.enum_def_instantiations, entry)
    }

    /// A field.
    pub fn field(&mut self, owner: StructDefinitionIndex, field: u16) -> FieldHandleIndex {
        let entry = FieldHandle {
            owner,
            field: FieldIndex(field),
        };
        intern(&mut self.module.field_handles, entry)
    }

    /// A field of a struct with type arguments.
    pub fn field_instantiation(
        &mut self,
        handle: FieldHandleIndex,
        arguments: &[SignatureToken],
    ) -> FieldInstantiationIndex {
        let type_parameters = self.signature(arguments);
        let entry = FieldInstantiation {
            handle,
            type_parameters,
        };
        intern(&mut self.module.field_instantiations, entry)
    }

    /// A variant.
    pub fn variant(&mut self, enum_def: EnumDefinitionIndex, tag: u16) -> VariantHandleIndex {
        let entry = VariantHandle {
            enum_def,
            variant: VariantTag(tag),
        };
        intern(&mut self.module.variant_handles, entry)
    }

    /// A variant of an enum with type arguments.
    pub fn variant_instantiation(
        &mut self,
        enum_def: EnumDefInstantiationIndex,
        tag: u16,
    ) -> VariantInstantiationHandleIndex {
        let entry = VariantInstantiationHandle {
            enum_def,
            variant: VariantTag(tag),
        };
        intern(&mut self.module.variant_instantiation_handles, entry)
    }
}
