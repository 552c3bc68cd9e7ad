use proptest::prelude::*;

use super::*;
use crate::testing::arbitrary_module;
use crate::{
    DatatypeHandleIndex, EnumDefinition, FieldDefinition, Identifier, SignatureToken,
    StructFieldInformation,
};

/// Modules that the real compiler wrote; the sources lie beside them.
const COMPILED: [(&str, &[u8]); 2] = [
    ("shapes", include_bytes!("../../tests/modules/shapes.mv")),
    ("user", include_bytes!("../../tests/modules/user.mv")),
];

/// What a module takes on the heap, as far as its bytes can drive it up.
fn heap_bytes(module: &CompiledModule) -> usize {
    fn table<T>(entries: &Vec<T>) -> usize {
        entries.capacity() * size_of::<T>()
    }
    fn type_bytes(token: &SignatureToken) -> usize {
        token
            .preorder()
            .map(|token| 2 * size_of_val(token) + 64)
            .sum()
    }
    fn fields(fields: &Vec<FieldDefinition>) -> usize {
        table(fields)
            + fields
                .iter()
                .map(|field| type_bytes(&field.signature))
                .sum::<usize>()
    }
    let mut sum = 0;
    macro_rules! add {
        ($($kind:ident => $field:ident,)*) => {
            $( sum += table(&module.$field); )*
        };
    }
    with_tables!(add);
    sum += module
        .identifiers
        .iter()
        .map(|name| name.len() + 16)
        .sum::<usize>();
    sum += module
        .constant_pool
        .iter()
        .map(|constant| constant.data.capacity())
        .sum::<usize>();
    for signature in &module.signatures {
        sum += table(&signature.0) + signature.0.iter().map(type_bytes).sum::<usize>();
    }
    for handle in &module.datatype_handles {
        sum += table(&handle.type_parameters);
    }
    for handle in &module.function_handles {
        sum += table(&handle.type_parameters);
    }
    for def in &module.struct_defs {
        if let StructFieldInformation::Declared(declared) = &def.field_information {
            sum += fields(declared);
        }
    }
    for def in &module.enum_defs {
        sum += table(&def.variants);
        sum += def
            .variants
            .iter()
            .map(|variant| fields(&variant.fields))
            .sum::<usize>();
    }
    for def in &module.function_defs {
        sum += table(&def.acquires_global_resources);
        if let Some(code) = &def.code {
            sum += table(&code.code) + table(&code.jump_tables);
            sum += code
                .jump_tables
                .iter()
                .map(|jumps| table(&jumps.jump_table))
                .sum::<usize>();
        }
    }
    sum
}

/// Heap bytes for each byte of input, plus what the smallest tables take.
const HEAP_FACTOR: usize = 256;
const HEAP_BASE: usize = 16 * 1024;

/// The same for the text of a module.
const TEXT_FACTOR: usize = 1024;
const TEXT_BASE: usize = 4 * 1024;

/// Reading `bytes` must end well whatever they are.
fn check_hostile(bytes: &[u8]) {
    for limits in [BinaryLimits::published(), BinaryLimits::local()] {
        let Ok(module) = CompiledModule::deserialize(bytes, &limits) else {
            continue;
        };
        assert!(heap_bytes(&module) <= HEAP_BASE + HEAP_FACTOR * bytes.len());
        assert!(crate::disassemble(&module).len() <= TEXT_BASE + TEXT_FACTOR * bytes.len());
        let written = module.serialize().expect("what was read can be written");
        assert_eq!(
            CompiledModule::deserialize(&written, &limits).as_ref(),
            Ok(&module)
        );
    }
}

#[test]
fn compiled_modules_come_back_byte_for_byte() {
    for (name, bytes) in COMPILED {
        let module = CompiledModule::deserialize(bytes, &BinaryLimits::published()).unwrap();
        assert_eq!(module.name(), name);
        assert_eq!(module.version, format::VERSION_7);
        assert_eq!(module.serialize().unwrap(), bytes, "{name}");
    }
}

#[test]
fn every_truncation_is_refused() {
    for (_, bytes) in COMPILED {
        for length in 0..bytes.len() {
            let result = CompiledModule::deserialize(&bytes[..length], &BinaryLimits::published());
            assert!(result.is_err(), "cut to {length} bytes");
        }
        let longer = [bytes, &[0]].concat();
        let error = CompiledModule::deserialize(&longer, &BinaryLimits::published()).unwrap_err();
        assert_eq!(error.offset, bytes.len());
        assert_eq!(error.kind, DeserializeErrorKind::TrailingBytes { count: 1 });
    }
}

#[test]
fn every_flipped_bit_is_harmless() {
    for (_, bytes) in COMPILED {
        let mut flipped = bytes.to_vec();
        for position in 0..bytes.len() {
            for bit in 0..8 {
                flipped[position] ^= 1 << bit;
                check_hostile(&flipped);
                flipped[position] ^= 1 << bit;
            }
        }
    }
}

proptest! {
    #[test]
    fn any_module_survives(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        let module = arbitrary_module(&bytes);
        let written = module.serialize().unwrap();
        let limits = BinaryLimits::local();
        prop_assert_eq!(CompiledModule::deserialize(&written, &limits), Ok(module));
        check_hostile(&written);
    }

    #[test]
    fn any_bytes_are_harmless(
        version in 5..8u32,
        rest in prop::collection::vec(any::<u8>(), 0..512),
    ) {
        let mut bytes = format::MAGIC.to_vec();
        bytes.extend(format::version_with_flavour(version).to_le_bytes());
        bytes.extend(rest);
        check_hostile(&bytes);
    }

    #[test]
    fn any_change_to_a_compiled_module_is_harmless(
        position in 0..COMPILED[0].1.len(),
        patch in prop::collection::vec(any::<u8>(), 1..32),
    ) {
        let mut bytes = COMPILED[0].1.to_vec();
        for (byte, new) in bytes[position..].iter_mut().zip(patch) {
            *byte = new;
        }
        check_hostile(&bytes);
    }
}

/// A module of one table with these contents.
fn one_table(version: u32, kind: u8, contents: &[u8]) -> Vec<u8> {
    let mut bytes = format::MAGIC.to_vec();
    bytes.extend(format::version_with_flavour(version).to_le_bytes());
    bytes.extend([1, kind, 0, u8::try_from(contents.len()).unwrap()]);
    bytes.extend(contents);
    bytes.push(0);
    bytes
}

fn error_of(bytes: &[u8], limits: &BinaryLimits) -> (usize, DeserializeErrorKind) {
    let error = CompiledModule::deserialize(bytes, limits).unwrap_err();
    (error.offset, error.kind)
}

#[test]
fn headers_that_are_refused() {
    use DeserializeErrorKind as E;

    let header = |version: u32, rest: &[u8]| {
        let mut bytes = format::MAGIC.to_vec();
        bytes.extend(version.to_le_bytes());
        bytes.extend(rest);
        bytes
    };
    let seven = format::version_with_flavour(7);
    let version_error = |version| E::Version {
        version,
        min: 5,
        max: 7,
    };
    let (constants, signatures) = (TableKind::Constants, TableKind::Signatures);
    let table: Vec<(Vec<u8>, usize, E)> = vec![
        (b"wasm".to_vec(), 0, E::Magic { found: *b"wasm" }),
        (format::MAGIC_UNPUBLISHABLE.to_vec(), 0, E::Unpublishable),
        (
            format::MAGIC.to_vec(),
            4,
            E::UnexpectedEnd {
                expected: "the version of the format",
            },
        ),
        (header(4, &[0, 0]), 4, version_error(4)),
        (
            header(format::version_with_flavour(8), &[0, 0]),
            4,
            version_error(8),
        ),
        (header(7, &[0, 0]), 4, E::Flavour { found: 0 }),
        (header(0x0600_0007, &[0, 0]), 4, E::Flavour { found: 6 }),
        (header(0x0500_0006, &[0, 0]), 4, version_error(0x0500_0006)),
        (
            header(seven, &[]),
            8,
            E::UnexpectedEnd {
                expected: "the number of tables",
            },
        ),
        (
            header(seven, &[1, 9, 0, 1, 0, 0]),
            9,
            E::UnknownTag {
                expected: "the kind of a table",
                found: 9,
            },
        ),
        (
            header(seven, &[2, 5, 0, 1, 5, 1, 1, 0, 0, 0]),
            12,
            E::DuplicateTable { kind: signatures },
        ),
        (
            header(seven, &[1, 5, 0, 0, 0]),
            9,
            E::EmptyTable { kind: signatures },
        ),
        (
            header(seven, &[1, 5, 1, 1, 0, 0, 0]),
            12,
            E::TableOffset {
                kind: signatures,
                expected: 0,
                found: 1,
            },
        ),
        (
            header(seven, &[2, 5, 0, 2, 6, 1, 1, 0, 0, 0]),
            15,
            E::TableOffset {
                kind: constants,
                expected: 2,
                found: 1,
            },
        ),
        (
            header(seven, &[1, 5, 0, 9, 0, 0]),
            12,
            E::TableLength {
                kind: signatures,
                length: 9,
                left: 2,
            },
        ),
        (
            header(seven, &[1, 0x10, 0, 2, 0, 0, 0]),
            9,
            E::MetadataNotAllowed,
        ),
        (
            header(6, &[1, 0x11, 0, 1, 0, 0]),
            11,
            E::NeedsVersion {
                feature: "enum definitions",
                since: 7,
                version: 6,
            },
        ),
    ];
    for (bytes, offset, kind) in table {
        let found = error_of(&bytes, &BinaryLimits::published());
        assert_eq!(found, (offset, kind), "{bytes:02x?}");
    }
}

#[test]
fn contents_that_are_refused() {
    use DeserializeErrorKind as E;

    // Contents start at byte 12. 5 is the table of signatures, 7 that of
    // identifiers, 2 of datatypes, 0xC of functions, 0x11 of enums.
    let table: Vec<(u32, u8, &[u8], usize, E)> = vec![
        (
            7,
            5,
            &[1, 0x10],
            13,
            E::UnknownTag {
                expected: "the tag of a type",
                found: 0x10,
            },
        ),
        (7, 5, &[1, 0xB, 0, 0], 15, E::NoTypeArguments),
        (7, 5, &[2, 1], 14, E::UnexpectedEnd { expected: "a type" }),
        (
            5,
            5,
            &[1, 0xF],
            13,
            E::NeedsVersion {
                feature: "the types u16, u32 and u256",
                since: 6,
                version: 5,
            },
        ),
        (
            7,
            7,
            &[1, b'-'],
            13,
            E::Identifier(Identifier::new("-").unwrap_err()),
        ),
        (7, 7, &[1, 0xFF], 13, E::IdentifierNotText),
        (
            7,
            7,
            &[9, b'a'],
            13,
            E::UnexpectedEnd {
                expected: "the bytes of an identifier",
            },
        ),
        (
            7,
            2,
            &[0, 0, 0x10, 0],
            14,
            E::OutOfRange {
                what: "a set of abilities",
                value: 16,
                limit: 15,
            },
        ),
        (
            7,
            0xC,
            &[0, 2, 0, 0],
            13,
            E::UnknownTag {
                expected: "a visibility (0, 1, 3; 2 was for scripts)",
                found: 2,
            },
        ),
        (7, 0xC, &[0, 1, 8, 0], 14, E::FunctionFlags { found: 8 }),
        (
            7,
            0xC,
            &[0, 1, 0, 0, 0, 1, 0],
            18,
            E::UnknownTag {
                expected: "an opcode",
                found: 0,
            },
        ),
        (
            6,
            0xC,
            &[0, 1, 0, 0, 0, 1, 0x56, 0],
            18,
            E::NeedsVersion {
                feature: "VariantSwitch",
                since: 7,
                version: 6,
            },
        ),
        (
            7,
            0xC,
            &[0, 1, 0, 0, 0, 0xFF, 0xFF, 3],
            20,
            E::UnexpectedEnd {
                expected: "an opcode",
            },
        ),
        (
            7,
            0x11,
            &[0, 1, 0],
            13,
            E::UnknownTag {
                expected: "a kind of enum (2)",
                found: 1,
            },
        ),
    ];
    for (version, kind, contents, offset, expected) in table {
        let bytes = one_table(version, kind, contents);
        let found = error_of(&bytes, &BinaryLimits::published());
        assert_eq!(
            found,
            (offset, expected),
            "table {kind:#x}: {contents:02x?}"
        );
    }
}

#[test]
fn limits_hold_before_anything_is_read() {
    let bytes = one_table(7, 5, &[0, 0, 0]);
    let limits = BinaryLimits {
        module_bytes: bytes.len() - 1,
        ..BinaryLimits::published()
    };
    let expected = DeserializeErrorKind::TooLarge {
        size: bytes.len(),
        limit: bytes.len() - 1,
    };
    assert_eq!(error_of(&bytes, &limits), (0, expected));

    let kind = TableKind::Signatures;
    let limits = BinaryLimits::published().with_entries(kind, 2);
    let expected = DeserializeErrorKind::TooManyEntries { kind, limit: 2 };
    assert_eq!(error_of(&bytes, &limits), (14, expected));
    let limits = BinaryLimits::published().with_entries(kind, 3);
    assert!(CompiledModule::deserialize(&bytes, &limits).is_ok());
}

#[test]
fn types_nest_up_to_the_limit() {
    let of_depth = |depth: usize| {
        let inner = std::iter::repeat_n(0xA, depth - 1).chain([1]);
        one_table(7, 5, &[1].into_iter().chain(inner).collect::<Vec<u8>>())
    };
    let limits = BinaryLimits {
        type_depth: 100,
        ..BinaryLimits::published()
    };
    assert!(CompiledModule::deserialize(&of_depth(100), &limits).is_ok());
    let (_, kind) = error_of(&of_depth(101), &limits);
    assert_eq!(kind, DeserializeErrorKind::TypeDepth { limit: 100 });
}

#[test]
fn old_versions_cannot_hold_new_features() {
    let with_enum = |version| {
        let mut module = CompiledModule::empty(version);
        module.enum_defs.push(EnumDefinition {
            enum_handle: DatatypeHandleIndex(0),
            variants: Vec::new(),
        });
        module.serialize()
    };
    assert!(with_enum(7).is_ok());
    let expected = SerializeError::NeedsVersion {
        feature: "enum definitions",
        since: 7,
        version: 6,
    };
    assert_eq!(with_enum(6), Err(expected));
    let expected = SerializeError::Version { version: 8 };
    assert_eq!(CompiledModule::empty(8).serialize(), Err(expected));
}
