//! How types are read and written: a tag, then what the tag asks for, parts
//! after the whole. Both directions recurse no deeper than the depth limit.

use crate::{
    DatatypeHandleIndex, SignatureToken,
    cursor::{Reader, Writer},
    encoding::Encoded,
    error::{DeserializeError, DeserializeErrorKind, SerializeError},
    format,
};

const BOOL: u8 = 0x1;
const U8: u8 = 0x2;
const U64: u8 = 0x3;
const U128: u8 = 0x4;
const ADDRESS: u8 = 0x5;
const REFERENCE: u8 = 0x6;
const MUTABLE_REFERENCE: u8 = 0x7;
const DATATYPE: u8 = 0x8;
const TYPE_PARAMETER: u8 = 0x9;
const VECTOR: u8 = 0xA;
const DATATYPE_INSTANTIATION: u8 = 0xB;
const SIGNER: u8 = 0xC;
const U16: u8 = 0xD;
const U32: u8 = 0xE;
const U256: u8 = 0xF;

const ARGUMENT_COUNT: &str = "the number of type arguments";
const NEW_INTEGERS: &str = "the types u16, u32 and u256";

impl Encoded for SignatureToken {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        let limit = reader.limits.type_depth.min(format::TYPE_DEPTH_MAX);
        read_at(reader, limit, limit)
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        write_at(self, writer, format::TYPE_DEPTH_MAX)
    }
}

/// Reads a type that may be `depth` levels deep.
fn read_at(
    reader: &mut Reader<'_>,
    depth: usize,
    limit: usize,
) -> Result<SignatureToken, DeserializeError> {
    use SignatureToken as T;

    let Some(inner_depth) = depth.checked_sub(1) else {
        return Err(reader.error(DeserializeErrorKind::TypeDepth { limit }));
    };
    let tag = reader.byte("a type")?;
    if matches!(tag, U16 | U32 | U256) {
        reader.need_version(NEW_INTEGERS, format::VERSION_6)?;
    }
    Ok(match tag {
        BOOL => T::Bool,
        U8 => T::U8,
        U16 => T::U16,
        U32 => T::U32,
        U64 => T::U64,
        U128 => T::U128,
        U256 => T::U256,
        ADDRESS => T::Address,
        SIGNER => T::Signer,
        VECTOR => T::Vector(Box::new(read_at(reader, inner_depth, limit)?)),
        REFERENCE => T::Reference(Box::new(read_at(reader, inner_depth, limit)?)),
        MUTABLE_REFERENCE => T::MutableReference(Box::new(read_at(reader, inner_depth, limit)?)),
        DATATYPE => T::Datatype(Encoded::read(reader)?),
        TYPE_PARAMETER => T::TypeParameter(Encoded::read(reader)?),
        DATATYPE_INSTANTIATION => read_instantiation(reader, inner_depth, limit)?,
        found => {
            let expected = "the tag of a type";
            return Err(reader.error_before(DeserializeErrorKind::UnknownTag { expected, found }));
        }
    })
}

fn read_instantiation(
    reader: &mut Reader<'_>,
    inner_depth: usize,
    limit: usize,
) -> Result<SignatureToken, DeserializeError> {
    let handle: DatatypeHandleIndex = Encoded::read(reader)?;
    let count = reader.count(ARGUMENT_COUNT, format::TYPE_PARAMETER_MAX)?;
    if count == 0 {
        return Err(reader.error_before(DeserializeErrorKind::NoTypeArguments));
    }
    let mut arguments = Vec::new();
    for _ in 0..count {
        arguments.push(read_at(reader, inner_depth, limit)?);
    }
    Ok(SignatureToken::DatatypeInstantiation(Box::new((
        handle, arguments,
    ))))
}

fn write_at(
    token: &SignatureToken,
    writer: &mut Writer,
    depth: usize,
) -> Result<(), SerializeError> {
    use SignatureToken as T;

    let Some(inner_depth) = depth.checked_sub(1) else {
        return Err(SerializeError::TypeDepth {
            limit: format::TYPE_DEPTH_MAX,
        });
    };
    let tag = match token {
        T::Bool => BOOL,
        T::U8 => U8,
        T::U16 => U16,
        T::U32 => U32,
        T::U64 => U64,
        T::U128 => U128,
        T::U256 => U256,
        T::Address => ADDRESS,
        T::Signer => SIGNER,
        T::Vector(_) => VECTOR,
        T::Reference(_) => REFERENCE,
        T::MutableReference(_) => MUTABLE_REFERENCE,
        T::Datatype(_) => DATATYPE,
        T::TypeParameter(_) => TYPE_PARAMETER,
        T::DatatypeInstantiation(_) => DATATYPE_INSTANTIATION,
    };
    if matches!(tag, U16 | U32 | U256) {
        writer.need_version(NEW_INTEGERS, format::VERSION_6)?;
    }
    writer.bytes.push(tag);
    match token {
        T::Datatype(handle) => handle.write(writer)?,
        T::TypeParameter(index) => index.write(writer)?,
        T::DatatypeInstantiation(instantiation) => {
            let (handle, arguments) = &**instantiation;
            if arguments.is_empty() {
                return Err(SerializeError::NoTypeArguments);
            }
            handle.write(writer)?;
            writer.count(ARGUMENT_COUNT, arguments.len(), format::TYPE_PARAMETER_MAX)?;
        }
        _ => {}
    }
    token
        .children()
        .iter()
        .try_for_each(|child| write_at(child, writer, inner_depth))
}
