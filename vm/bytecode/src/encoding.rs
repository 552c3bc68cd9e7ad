//! How each part of a module is read and written.
//!
//! [`Encoded`] pairs the two directions for one type, and most types say only
//! which fields follow one another, so that they cannot drift apart.

use crate::{
    Ability, AbilitySet, Address, AddressIdentifierIndex, Bytecode, CodeOffset, CodeUnit, Constant,
    ConstantPoolIndex, DatatypeHandle, DatatypeHandleIndex, DatatypeTyParameter,
    EnumDefInstantiation, EnumDefInstantiationIndex, EnumDefinition, EnumDefinitionIndex,
    FieldDefinition, FieldHandle, FieldHandleIndex, FieldIndex, FieldInstantiation,
    FieldInstantiationIndex, FunctionDefinition, FunctionHandle, FunctionHandleIndex,
    FunctionInstantiation, FunctionInstantiationIndex, Identifier, IdentifierIndex, LocalIndex,
    Metadata, ModuleHandle, ModuleHandleIndex, Signature, SignatureIndex, SignatureToken,
    StructDefInstantiation, StructDefInstantiationIndex, StructDefinition, StructDefinitionIndex,
    StructFieldInformation, TypeParameterIndex, U256, VariantDefinition, VariantHandle,
    VariantHandleIndex, VariantInstantiationHandle, VariantInstantiationHandleIndex,
    VariantJumpTable, VariantJumpTableIndex, VariantTag, Visibility,
    cursor::{Reader, Writer},
    error::{DeserializeError, DeserializeErrorKind, SerializeError},
    format,
};

/// A part of a module that can be read and written.
pub(crate) trait Encoded: Sized {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError>;
    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError>;
}

/// Fields that follow one another.
macro_rules! record {
    ($($name:ident { $($field:ident),+ })*) => {$(
        impl Encoded for $name {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
                Ok(Self { $($field: Encoded::read(reader)?),+ })
            }

            fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
                $( self.$field.write(writer)?; )+
                Ok(())
            }
        }
    )*};
}

record! {
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
    FieldDefinition { name, signature }
    VariantDefinition { variant_name, fields }
}

/// Indexes: numbers with an upper bound.
macro_rules! number {
    ($($name:ident($repr:ty) <= $max:ident, $what:literal;)*) => {$(
        impl Encoded for $name {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
                let value = reader.uleb128($what, format::$max)?;
                let value = <$repr>::try_from(value)
                    .expect("invariant: the upper bound fits the representation");
                Ok(Self(value))
            }

            fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
                writer.uleb128($what, u64::from(self.0), format::$max)
            }
        }

        const _: () = assert!(format::$max <= <$repr>::MAX as u64);
    )*};
}

number! {
    ModuleHandleIndex(u16) <= INDEX_MAX, "a module handle index";
    DatatypeHandleIndex(u16) <= INDEX_MAX, "a datatype handle index";
    FunctionHandleIndex(u16) <= INDEX_MAX, "a function handle index";
    FieldHandleIndex(u16) <= INDEX_MAX, "a field handle index";
    VariantHandleIndex(u16) <= VARIANT_INDEX_MAX, "a variant handle index";
    StructDefInstantiationIndex(u16) <= INDEX_MAX, "a struct instantiation index";
    EnumDefInstantiationIndex(u16) <= INDEX_MAX, "an enum instantiation index";
    FunctionInstantiationIndex(u16) <= INDEX_MAX, "a function instantiation index";
    FieldInstantiationIndex(u16) <= INDEX_MAX, "a field instantiation index";
    VariantInstantiationHandleIndex(u16) <= VARIANT_INDEX_MAX, "a variant instantiation index";
    StructDefinitionIndex(u16) <= INDEX_MAX, "a struct definition index";
    EnumDefinitionIndex(u16) <= INDEX_MAX, "an enum definition index";
    SignatureIndex(u16) <= INDEX_MAX, "a signature index";
    IdentifierIndex(u16) <= INDEX_MAX, "an identifier index";
    AddressIdentifierIndex(u16) <= INDEX_MAX, "an address index";
    ConstantPoolIndex(u16) <= INDEX_MAX, "a constant index";
    TypeParameterIndex(u16) <= INDEX_MAX, "a type parameter index";
    VariantJumpTableIndex(u16) <= JUMP_TABLE_MAX, "a jump table index";
    CodeOffset(u16) <= CODE_MAX, "a code offset";
    LocalIndex(u8) <= LOCAL_MAX, "a local";
    FieldIndex(u16) <= FIELD_MAX, "a field";
    VariantTag(u16) <= VARIANT_MAX, "a variant";
}

/// Lists that start with their length.
macro_rules! list {
    ($($name:ty: $max:ident, $what:literal;)*) => {$(
        impl Encoded for Vec<$name> {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
                let count = reader.count($what, format::$max)?;
                // Every entry has at least a byte: a count that promises more
                // allocates nothing for it.
                let mut list = Vec::with_capacity(count.min(reader.left()));
                for _ in 0..count {
                    list.push(Encoded::read(reader)?);
                }
                Ok(list)
            }

            fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
                writer.count($what, self.len(), format::$max)?;
                self.iter().try_for_each(|entry| entry.write(writer))
            }
        }
    )*};
}

list! {
    AbilitySet: TYPE_PARAMETER_MAX, "the number of type parameters";
    DatatypeTyParameter: TYPE_PARAMETER_MAX, "the number of type parameters";
    SignatureToken: SIGNATURE_MAX, "the number of types";
    FieldDefinition: FIELD_MAX, "the number of fields";
    VariantDefinition: VARIANT_MAX, "the number of variants";
    StructDefinitionIndex: ACQUIRES_MAX, "the number of acquired resources";
    VariantJumpTable: JUMP_TABLE_MAX, "the number of jump tables";
    Bytecode: CODE_MAX, "the number of instructions";
}

/// Integers of fixed width, little endian, as instructions carry them.
macro_rules! little_endian {
    ($($name:ty, $what:literal;)*) => {$(
        impl Encoded for $name {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
                reader.bytes($what).map(<$name>::from_le_bytes)
            }

            fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
                writer.bytes.extend_from_slice(&self.to_le_bytes());
                Ok(())
            }
        }
    )*};
}

little_endian! {
    u8, "an integer of 1 byte";
    u16, "an integer of 2 bytes";
    u32, "an integer of 4 bytes";
    u64, "an integer of 8 bytes";
    u128, "an integer of 16 bytes";
}

impl Encoded for U256 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        reader
            .bytes::<32>("an integer of 32 bytes")
            .map(Self::from_le_bytes)
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        writer.bytes.extend_from_slice(&self.to_le_bytes::<32>());
        Ok(())
    }
}

impl<T: Encoded> Encoded for Box<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        T::read(reader).map(Self::new)
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        T::write(self, writer)
    }
}

impl Encoded for bool {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        reader
            .uleb128("a flag of 0 or 1", 1)
            .map(|value| value == 1)
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        writer.uleb128("a flag of 0 or 1", u64::from(*self), 1)
    }
}

impl Encoded for AbilitySet {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        let bits = reader.uleb128("a set of abilities", u64::from(Self::ALL.bits()))?;
        Ok(Ability::ALL
            .into_iter()
            .filter(|ability| bits & *ability as u64 != 0)
            .collect())
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        writer.uleb128(
            "a set of abilities",
            u64::from(self.bits()),
            u64::from(Self::ALL.bits()),
        )
    }
}

impl Encoded for Address {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        reader.bytes("an address of 32 bytes").map(Self::new)
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        writer.bytes.extend_from_slice(self.as_bytes());
        Ok(())
    }
}

fn read_blob(
    reader: &mut Reader<'_>,
    what: &'static str,
    max: u64,
) -> Result<Vec<u8>, DeserializeError> {
    let length = reader.count(what, max)?;
    reader.take(length, what).map(<[u8]>::to_vec)
}

fn write_blob(
    writer: &mut Writer,
    blob: &[u8],
    what: &'static str,
    max: u64,
) -> Result<(), SerializeError> {
    writer.count(what, blob.len(), max)?;
    writer.bytes.extend_from_slice(blob);
    Ok(())
}

const IDENTIFIER: &str = "the bytes of an identifier";
const CONSTANT: &str = "the bytes of a constant";
const METADATA_KEY: &str = "the bytes of a metadata key";
const METADATA_VALUE: &str = "the bytes of a metadata value";

impl Encoded for Identifier {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        let length = reader.count(IDENTIFIER, format::IDENTIFIER_BYTES_MAX)?;
        let start = reader.clone();
        let text = std::str::from_utf8(reader.take(length, IDENTIFIER)?)
            .map_err(|_| start.error(DeserializeErrorKind::IdentifierNotText))?;
        Self::new(text).map_err(|error| start.error(error.into()))
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        write_blob(
            writer,
            self.as_bytes(),
            IDENTIFIER,
            format::IDENTIFIER_BYTES_MAX,
        )
    }
}

impl Encoded for Constant {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        Ok(Self {
            type_: Encoded::read(reader)?,
            data: read_blob(reader, CONSTANT, format::CONSTANT_BYTES_MAX)?,
        })
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        self.type_.write(writer)?;
        write_blob(writer, &self.data, CONSTANT, format::CONSTANT_BYTES_MAX)
    }
}

impl Encoded for Metadata {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        Ok(Self {
            key: read_blob(reader, METADATA_KEY, format::METADATA_KEY_BYTES_MAX)?,
            value: read_blob(reader, METADATA_VALUE, format::METADATA_VALUE_BYTES_MAX)?,
        })
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        write_blob(
            writer,
            &self.key,
            METADATA_KEY,
            format::METADATA_KEY_BYTES_MAX,
        )?;
        write_blob(
            writer,
            &self.value,
            METADATA_VALUE,
            format::METADATA_VALUE_BYTES_MAX,
        )
    }
}

impl Encoded for Signature {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        Encoded::read(reader).map(Self)
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        self.0.write(writer)
    }
}

/// A byte that says what follows.
fn read_tag<T>(
    reader: &mut Reader<'_>,
    expected: &'static str,
    from: impl Fn(u8) -> Option<T>,
) -> Result<T, DeserializeError> {
    let found = reader.byte(expected)?;
    from(found)
        .ok_or_else(|| reader.error_before(DeserializeErrorKind::UnknownTag { expected, found }))
}

const FIELDS_NATIVE: u8 = 1;
const FIELDS_DECLARED: u8 = 2;

impl Encoded for StructFieldInformation {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        let is_declared = read_tag(reader, "a kind of struct (1, 2)", |byte| match byte {
            FIELDS_NATIVE => Some(false),
            FIELDS_DECLARED => Some(true),
            _ => None,
        })?;
        if is_declared {
            Encoded::read(reader).map(Self::Declared)
        } else {
            Ok(Self::Native)
        }
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        match self {
            Self::Native => {
                writer.bytes.push(FIELDS_NATIVE);
                Ok(())
            }
            Self::Declared(fields) => {
                writer.bytes.push(FIELDS_DECLARED);
                fields.write(writer)
            }
        }
    }
}

impl Encoded for EnumDefinition {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        let enum_handle = Encoded::read(reader)?;
        read_tag(reader, "a kind of enum (2)", |byte| {
            (byte == FIELDS_DECLARED).then_some(())
        })?;
        Ok(Self {
            enum_handle,
            variants: Encoded::read(reader)?,
        })
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        self.enum_handle.write(writer)?;
        writer.bytes.push(FIELDS_DECLARED);
        self.variants.write(writer)
    }
}

const JUMP_TABLE_FULL: u8 = 1;

impl Encoded for VariantJumpTable {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        let head_enum = Encoded::read(reader)?;
        let count = reader.count("the number of branches", format::VARIANT_MAX)?;
        read_tag(reader, "a kind of jump table (1)", |byte| {
            (byte == JUMP_TABLE_FULL).then_some(())
        })?;
        let mut jump_table = Vec::new();
        for _ in 0..count {
            jump_table.push(Encoded::read(reader)?);
        }
        Ok(Self {
            head_enum,
            jump_table,
        })
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        self.head_enum.write(writer)?;
        writer.count(
            "the number of branches",
            self.jump_table.len(),
            format::VARIANT_MAX,
        )?;
        writer.bytes.push(JUMP_TABLE_FULL);
        self.jump_table
            .iter()
            .try_for_each(|target| target.write(writer))
    }
}

impl Encoded for CodeUnit {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        let has_jump_tables = reader.version >= format::VERSION_7;
        Ok(Self {
            locals: Encoded::read(reader)?,
            code: Encoded::read(reader)?,
            jump_tables: if has_jump_tables {
                Encoded::read(reader)?
            } else {
                Vec::new()
            },
        })
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        self.locals.write(writer)?;
        self.code.write(writer)?;
        if writer.version >= format::VERSION_7 {
            self.jump_tables.write(writer)
        } else if self.jump_tables.is_empty() {
            Ok(())
        } else {
            writer.need_version("a jump table", format::VERSION_7)
        }
    }
}

impl Encoded for Visibility {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        read_tag(
            reader,
            "a visibility (0, 1, 3; 2 was for scripts)",
            |byte| match byte {
                0 => Some(Self::Private),
                1 => Some(Self::Public),
                3 => Some(Self::Friend),
                _ => None,
            },
        )
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        writer.bytes.push(*self as u8);
        Ok(())
    }
}

const FUNCTION_NATIVE: u8 = 0b010;
const FUNCTION_ENTRY: u8 = 0b100;

impl Encoded for FunctionDefinition {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        let function = Encoded::read(reader)?;
        let visibility = Encoded::read(reader)?;
        let flags = reader.byte("the flags of a function")?;
        if flags & !(FUNCTION_NATIVE | FUNCTION_ENTRY) != 0 {
            return Err(reader.error_before(DeserializeErrorKind::FunctionFlags { found: flags }));
        }
        let acquires_global_resources = Encoded::read(reader)?;
        let is_native = flags & FUNCTION_NATIVE != 0;
        Ok(Self {
            function,
            visibility,
            is_entry: flags & FUNCTION_ENTRY != 0,
            acquires_global_resources,
            code: if is_native {
                None
            } else {
                Some(Encoded::read(reader)?)
            },
        })
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        self.function.write(writer)?;
        self.visibility.write(writer)?;
        let native = if self.is_native() { FUNCTION_NATIVE } else { 0 };
        let entry = if self.is_entry { FUNCTION_ENTRY } else { 0 };
        writer.bytes.push(native | entry);
        self.acquires_global_resources.write(writer)?;
        self.code.as_ref().map_or(Ok(()), |code| code.write(writer))
    }
}
