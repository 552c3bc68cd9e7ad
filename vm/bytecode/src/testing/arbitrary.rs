//! Any module that the format can hold, valid or not, out of bytes: for
//! property tests and fuzzers, which shrink and mutate bytes well.

use crate::{
    AbilitySet, Address, AddressIdentifierIndex, BinaryLimits, Bytecode, CodeOffset, CodeUnit,
    CompiledModule, Constant, ConstantPoolIndex, DatatypeHandle, DatatypeHandleIndex,
    DatatypeTyParameter, EnumDefInstantiation, EnumDefInstantiationIndex, EnumDefinition,
    EnumDefinitionIndex, FieldDefinition, FieldHandle, FieldHandleIndex, FieldIndex,
    FieldInstantiation, FunctionDefinition, FunctionHandle, FunctionHandleIndex,
    FunctionInstantiation, Identifier, IdentifierIndex, LocalIndex, Metadata, ModuleHandle,
    ModuleHandleIndex, Opcode, Signature, SignatureIndex, SignatureToken, StructDefInstantiation,
    StructDefinition, StructDefinitionIndex, StructFieldInformation, TypeParameterIndex,
    VariantDefinition, VariantHandle, VariantInstantiationHandle, VariantJumpTable, VariantTag,
    Visibility, cursor::Reader, encoding::Encoded, format, serialize::with_tables,
};

/// Bytes that decide what is generated; 0 once they have run out, so that
/// every choice ends.
struct Source<'a>(&'a [u8]);

impl Source<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    fn below(&mut self, limit: u64) -> u64 {
        u64::from_le_bytes(std::array::from_fn(|_| self.byte())) % limit
    }
}

trait Generate: Sized {
    fn generate(source: &mut Source<'_>) -> Self;
}

macro_rules! generate_record {
    ($($name:ident { $($field:ident),+ })*) => {$(
        impl Generate for $name {
            fn generate(source: &mut Source<'_>) -> Self {
                Self { $($field: Generate::generate(source)),+ }
            }
        }
    )*};
}

macro_rules! generate_index {
    ($($name:ident < $limit:literal)*) => {$(
        impl Generate for $name {
            fn generate(source: &mut Source<'_>) -> Self {
                Self(source.below($limit).try_into().expect("invariant: the limit fits the index"))
            }
        }
    )*};
}

generate_record! {
    ModuleHandle { address, name }
    DatatypeHandle { module, name, abilities, type_parameters }
    DatatypeTyParameter { constraints, is_phantom }
    FunctionHandle { module, name, parameters, return_, type_parameters }
    FunctionInstantiation { handle, type_parameters }
    FieldHandle { owner, field }
    FieldInstantiation { handle, type_parameters }
    StructDefInstantiation { def, type_parameters }
    EnumDefInstantiation { def, type_parameters }
    VariantHandle { enum_def, variant }
    VariantInstantiationHandle { enum_def, variant }
    StructDefinition { struct_handle, field_information }
    EnumDefinition { enum_handle, variants }
    FieldDefinition { name, signature }
    VariantDefinition { variant_name, fields }
    FunctionDefinition { function, visibility, is_entry, acquires_global_resources, code }
    CodeUnit { locals, code, jump_tables }
    VariantJumpTable { head_enum, jump_table }
    Constant { type_, data }
    Metadata { key, value }
}

generate_index! {
    ModuleHandleIndex < 0x10000
    DatatypeHandleIndex < 0x10000
    FunctionHandleIndex < 0x10000
    FieldHandleIndex < 0x10000
    EnumDefInstantiationIndex < 0x10000
    StructDefinitionIndex < 0x10000
    EnumDefinitionIndex < 0x10000
    SignatureIndex < 0x10000
    IdentifierIndex < 0x10000
    AddressIdentifierIndex < 0x10000
    ConstantPoolIndex < 0x10000
    TypeParameterIndex < 0x10000
    CodeOffset < 0x10000
    LocalIndex < 0x100
    FieldIndex < 0x100
    VariantTag < 128
}

impl<T: Generate> Generate for Vec<T> {
    fn generate(source: &mut Source<'_>) -> Self {
        (0..source.byte() % 5)
            .map(|_| T::generate(source))
            .collect()
    }
}

impl<T: Generate> Generate for Option<T> {
    fn generate(source: &mut Source<'_>) -> Self {
        bool::generate(source).then(|| T::generate(source))
    }
}

impl Generate for u8 {
    fn generate(source: &mut Source<'_>) -> Self {
        source.byte()
    }
}

impl Generate for bool {
    fn generate(source: &mut Source<'_>) -> Self {
        source.byte() & 1 == 1
    }
}

impl Generate for AbilitySet {
    fn generate(source: &mut Source<'_>) -> Self {
        Self::from_bits(source.byte() & 0xf).expect("invariant: four bits are four abilities")
    }
}

impl Generate for Visibility {
    fn generate(source: &mut Source<'_>) -> Self {
        [Self::Private, Self::Public, Self::Friend][usize::from(source.byte() % 3)]
    }
}

impl Generate for Address {
    fn generate(source: &mut Source<'_>) -> Self {
        Self::new(std::array::from_fn(|_| source.byte()))
    }
}

impl Generate for Identifier {
    fn generate(source: &mut Source<'_>) -> Self {
        Self::new(&format!("_{}", source.below(u64::MAX)))
            .expect("invariant: digits behind an underscore are a name")
    }
}

impl Generate for Signature {
    fn generate(source: &mut Source<'_>) -> Self {
        Self(Generate::generate(source))
    }
}

impl Generate for StructFieldInformation {
    fn generate(source: &mut Source<'_>) -> Self {
        Option::generate(source).map_or(Self::Native, Self::Declared)
    }
}

impl Generate for SignatureToken {
    fn generate(source: &mut Source<'_>) -> Self {
        match source.byte() % 15 {
            0 => Self::Bool,
            1 => Self::U8,
            2 => Self::U16,
            3 => Self::U32,
            4 => Self::U64,
            5 => Self::U128,
            6 => Self::U256,
            7 => Self::Address,
            8 => Self::Signer,
            9 => Self::Vector(Box::new(Self::generate(source))),
            10 => Self::Reference(Box::new(Self::generate(source))),
            11 => Self::MutableReference(Box::new(Self::generate(source))),
            12 => Self::TypeParameter(Generate::generate(source)),
            13 => Self::Datatype(Generate::generate(source)),
            _ => {
                let mut arguments = Vec::generate(source);
                arguments.push(Self::Bool);
                Self::DatatypeInstantiation(Box::new((Generate::generate(source), arguments)))
            }
        }
    }
}

impl Generate for Bytecode {
    /// An opcode with operand bytes that are read back as the operands; small
    /// enough for each kind of operand.
    fn generate(source: &mut Source<'_>) -> Self {
        let opcode = Opcode::ALL[usize::from(source.byte()) % Opcode::ALL.len()];
        let mut bytes = vec![opcode as u8];
        bytes.extend((0..40).map(|_| source.byte() & 0x7F));
        let limits = BinaryLimits::local();
        let mut reader = Reader::new(&bytes, &limits);
        reader.version = format::VERSION_7;
        Encoded::read(&mut reader)
            .expect("invariant: small bytes are operands of every instruction")
    }
}

/// The module that `bytes` describe. Every module of version 7 with short
/// tables, names that start with an underscore and flat types is described by
/// some bytes; its indexes mostly point nowhere.
#[must_use]
pub fn arbitrary_module(bytes: &[u8]) -> CompiledModule {
    let source = &mut Source(bytes);
    let mut module = CompiledModule::empty(format::VERSION_7);
    module.publishable = Generate::generate(source);
    module.self_module_handle = Generate::generate(source);
    macro_rules! fill {
        ($($kind:ident => $field:ident,)*) => {
            $( module.$field = Generate::generate(source); )*
        };
    }
    with_tables!(fill);
    module
}
