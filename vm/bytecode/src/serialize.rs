//! Between bytes and modules.
//!
//! Reading goes header, table headers, contents; writing is its exact
//! inverse, with the tables in the order of [`TableKind::ALL`], which is the
//! order that compilers write them in. So what a compiler wrote comes back
//! byte for byte.

use crate::{
    CompiledModule,
    cursor::{Reader, Writer},
    encoding::Encoded,
    error::{DeserializeError, DeserializeErrorKind, SerializeError},
    format::{self, TableKind},
    limits::BinaryLimits,
};

/// Calls a macro with each kind of table and the field that holds it.
macro_rules! with_tables {
    ($each:ident) => {
        $each! {
            ModuleHandles => module_handles,
            DatatypeHandles => datatype_handles,
            FunctionHandles => function_handles,
            FunctionInstantiations => function_instantiations,
            Signatures => signatures,
            Constants => constant_pool,
            Identifiers => identifiers,
            AddressIdentifiers => address_identifiers,
            Metadata => metadata,
            StructDefs => struct_defs,
            StructDefInstantiations => struct_def_instantiations,
            FunctionDefs => function_defs,
            FieldHandles => field_handles,
            FieldInstantiations => field_instantiations,
            FriendDecls => friend_decls,
            EnumDefs => enum_defs,
            EnumDefInstantiations => enum_def_instantiations,
            VariantHandles => variant_handles,
            VariantInstantiationHandles => variant_instantiation_handles,
        }
    };
}

#[cfg(any(test, feature = "testing"))]
pub(crate) use with_tables;

impl CompiledModule {
    /// Reads a module that `limits` accept.
    ///
    /// The result may still break every rule of the verifier. Reading is
    /// total: any bytes give a module or an error, in time and memory
    /// proportional to their number.
    pub fn deserialize(bytes: &[u8], limits: &BinaryLimits) -> Result<Self, DeserializeError> {
        let mut reader = Reader::new(bytes, limits);
        if bytes.len() > limits.module_bytes {
            return Err(reader.error(DeserializeErrorKind::TooLarge {
                size: bytes.len(),
                limit: limits.module_bytes,
            }));
        }
        let publishable = read_magic(&mut reader)?;
        let version = read_version(&mut reader)?;
        reader.version = version;
        let headers = read_table_headers(&mut reader)?;
        let mut module = Self {
            publishable,
            ..Self::empty(version)
        };
        for header in headers {
            let part = reader.part(header.length, "the contents of a table")?;
            read_table(part, header.kind, &mut module)?;
        }
        module.self_module_handle = Encoded::read(&mut reader)?;
        if reader.left() > 0 {
            let count = reader.left();
            return Err(reader.error(DeserializeErrorKind::TrailingBytes { count }));
        }
        Ok(module)
    }

    /// Writes the module in its version.
    ///
    /// Fails only for a module that was built by hand with values that the
    /// format cannot hold.
    pub fn serialize(&self) -> Result<Vec<u8>, SerializeError> {
        if !(format::VERSION_MIN..=format::VERSION_MAX).contains(&self.version) {
            return Err(SerializeError::Version {
                version: self.version,
            });
        }
        let mut contents = Writer::new(self.version);
        let mut headers = Vec::new();
        for kind in TableKind::ALL {
            let offset = contents.bytes.len();
            write_table(&mut contents, *kind, self)?;
            let length = contents.bytes.len() - offset;
            if length > 0 {
                contents.need_version(kind.words(), kind.since())?;
                headers.push((*kind, offset, length));
            }
        }

        let mut writer = Writer::new(self.version);
        let magic = if self.publishable {
            format::MAGIC
        } else {
            format::MAGIC_UNPUBLISHABLE
        };
        writer.bytes.extend_from_slice(&magic);
        let version = format::version_with_flavour(self.version);
        writer.bytes.extend_from_slice(&version.to_le_bytes());
        writer.count("the number of tables", headers.len(), 0xFF)?;
        for (kind, offset, length) in headers {
            writer.bytes.push(kind as u8);
            writer.count("the offset of a table", offset, u64::from(u32::MAX))?;
            writer.count("the length of a table", length, u64::from(u32::MAX))?;
        }
        writer.bytes.append(&mut contents.bytes);
        self.self_module_handle.write(&mut writer)?;
        Ok(writer.bytes)
    }
}

fn read_magic(reader: &mut Reader<'_>) -> Result<bool, DeserializeError> {
    let start = reader.clone();
    match reader.bytes("the magic number of a Move module")? {
        format::MAGIC => Ok(true),
        format::MAGIC_UNPUBLISHABLE if reader.limits.allow_unpublishable => Ok(false),
        format::MAGIC_UNPUBLISHABLE => Err(start.error(DeserializeErrorKind::Unpublishable)),
        found => Err(start.error(DeserializeErrorKind::Magic { found })),
    }
}

fn read_version(reader: &mut Reader<'_>) -> Result<u32, DeserializeError> {
    let start = reader.clone();
    let field = u32::from_le_bytes(reader.bytes("the version of the format")?);
    let (version, flavour) = format::split_version(field);
    let min = reader.limits.version_min.max(format::VERSION_MIN);
    let max = reader.limits.version_max.min(format::VERSION_MAX);
    if !(min..=max).contains(&version) {
        return Err(start.error(DeserializeErrorKind::Version { version, min, max }));
    }
    match flavour {
        Some(found) if found != format::FLAVOUR => {
            Err(start.error(DeserializeErrorKind::Flavour { found }))
        }
        // Versions below 7 have no place for a flavour.
        Some(_) if version < format::VERSION_7 => Err(start.error(DeserializeErrorKind::Version {
            version: field,
            min,
            max,
        })),
        _ => Ok(version),
    }
}

struct TableHeader {
    kind: TableKind,
    offset: usize,
    length: usize,
}

/// Reads the headers and sorts them by offset. The tables must cover the
/// contents from the start, each beginning where the one before it ends.
fn read_table_headers(reader: &mut Reader<'_>) -> Result<Vec<TableHeader>, DeserializeError> {
    let count = reader.count("the number of tables", 0xFF)?;
    let mut headers: Vec<TableHeader> = Vec::new();
    for _ in 0..count {
        let start = reader.clone();
        let byte = reader.byte("the kind of a table")?;
        let Some(kind) = TableKind::from_u8(byte) else {
            let expected = "the kind of a table";
            return Err(start.error(DeserializeErrorKind::UnknownTag {
                expected,
                found: byte,
            }));
        };
        let offset = reader.count("the offset of a table", u64::from(u32::MAX))?;
        let length = reader.count("the length of a table", u64::from(u32::MAX))?;
        reader.need_version(kind.words(), kind.since())?;
        if headers.iter().any(|other| other.kind == kind) {
            return Err(start.error(DeserializeErrorKind::DuplicateTable { kind }));
        }
        if length == 0 {
            return Err(start.error(DeserializeErrorKind::EmptyTable { kind }));
        }
        if kind == TableKind::Metadata && !reader.limits.allow_metadata {
            return Err(start.error(DeserializeErrorKind::MetadataNotAllowed));
        }
        headers.push(TableHeader {
            kind,
            offset,
            length,
        });
    }
    headers.sort_by_key(|header| header.offset);
    let mut expected = 0;
    for &TableHeader {
        kind,
        offset: found,
        length,
    } in &headers
    {
        if found != expected {
            let wrong = DeserializeErrorKind::TableOffset {
                kind,
                expected,
                found,
            };
            return Err(reader.error(wrong));
        }
        let left = reader.left() - expected;
        if length > left {
            return Err(reader.error(DeserializeErrorKind::TableLength { kind, length, left }));
        }
        expected += length;
    }
    Ok(headers)
}

fn read_table(
    mut reader: Reader<'_>,
    kind: TableKind,
    module: &mut CompiledModule,
) -> Result<(), DeserializeError> {
    macro_rules! read {
        ($($kind:ident => $field:ident,)*) => {
            match kind {
                $( TableKind::$kind => read_entries(&mut reader, kind, &mut module.$field), )*
            }
        };
    }
    with_tables!(read)
}

fn read_entries<T: Encoded>(
    reader: &mut Reader<'_>,
    kind: TableKind,
    entries: &mut Vec<T>,
) -> Result<(), DeserializeError> {
    let limit = reader.limits.entries(kind);
    while reader.left() > 0 {
        if entries.len() == limit {
            return Err(reader.error(DeserializeErrorKind::TooManyEntries { kind, limit }));
        }
        entries.push(T::read(reader)?);
    }
    Ok(())
}

fn write_table(
    writer: &mut Writer,
    kind: TableKind,
    module: &CompiledModule,
) -> Result<(), SerializeError> {
    macro_rules! write {
        ($($kind:ident => $field:ident,)*) => {
            match kind {
                $( TableKind::$kind => {
                    module.$field.iter().try_for_each(|entry| entry.write(writer))
                } )*
            }
        };
    }
    with_tables!(write)
}

#[cfg(test)]
mod tests;
