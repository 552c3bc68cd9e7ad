//! Numbers of the binary format: versions, tags, and upper bounds.
//!
//! ```text
//! magic (4) │ version (4, little endian) │ table count (ULEB128)
//! table headers: kind (1) │ offset (ULEB128) │ length (ULEB128)
//! table contents, without gaps, in the order of their offsets
//! index of the module's own handle (ULEB128)
//! ```
//!
//! Offsets count from the start of the contents. A table that is empty has no
//! header. From version 7 on the top byte of the version tells which of the
//! languages that share the format wrote the module.

/// The oldest version that is read: entry functions and metadata.
pub const VERSION_5: u32 = 5;
/// Adds `u16`, `u32` and `u256`.
pub const VERSION_6: u32 = 6;
/// Adds enums, and a flavour in the top byte of the version.
pub const VERSION_7: u32 = 7;
/// The oldest version that is read.
pub const VERSION_MIN: u32 = VERSION_5;
/// The newest version that is read.
pub const VERSION_MAX: u32 = VERSION_7;

/// First bytes of a module.
pub const MAGIC: [u8; 4] = [0xA1, 0x1C, 0xEB, 0x0B];
/// First bytes of a module that was built for tests and must not be published.
pub const MAGIC_UNPUBLISHABLE: [u8; 4] = [0xDE, 0xAD, 0xC0, 0xDE];

/// The flavour, in the top byte of the version, of Move as clients compile it.
pub const FLAVOUR: u8 = 0x05;
const FLAVOUR_SHIFT: u32 = 24;
const VERSION_MASK: u32 = 0x00FF_FFFF;

/// Depth of a type that the format can hold; a primitive has depth 1.
pub const TYPE_DEPTH_MAX: usize = 256;

pub(crate) const INDEX_MAX: u64 = 0xFFFF;
pub(crate) const VARIANT_INDEX_MAX: u64 = 1024;
pub(crate) const LOCAL_MAX: u64 = 0xFF;
pub(crate) const FIELD_MAX: u64 = 0xFF;
pub(crate) const VARIANT_MAX: u64 = 127;
pub(crate) const JUMP_TABLE_MAX: u64 = 127;
pub(crate) const CODE_MAX: u64 = 0xFFFF;
pub(crate) const SIGNATURE_MAX: u64 = 0xFF;
pub(crate) const TYPE_PARAMETER_MAX: u64 = 0xFF;
pub(crate) const ACQUIRES_MAX: u64 = 0xFF;
pub(crate) const IDENTIFIER_BYTES_MAX: u64 = 0xFFFF;
pub(crate) const CONSTANT_BYTES_MAX: u64 = 0xFFFF;
pub(crate) const METADATA_KEY_BYTES_MAX: u64 = 1023;
pub(crate) const METADATA_VALUE_BYTES_MAX: u64 = 0xFFFF;

/// The version field of a module of `version`, with the flavour where the
/// version has one.
pub(crate) fn version_with_flavour(version: u32) -> u32 {
    if version < VERSION_7 {
        version
    } else {
        version | u32::from(FLAVOUR) << FLAVOUR_SHIFT
    }
}

/// The version and, from version 7 on, the flavour of a version field.
pub(crate) fn split_version(field: u32) -> (u32, Option<u8>) {
    if field < VERSION_7 {
        (field, None)
    } else {
        (field & VERSION_MASK, Some(field.to_be_bytes()[0]))
    }
}

macro_rules! tables {
    ($( $name:ident = $byte:literal, $words:literal, $version:ident, $limit:literal; )*) => {
        /// The kinds of tables, in the order in which they are written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum TableKind {
            $( #[doc = concat!("The table of ", $words, ".")] $name = $byte, )*
        }

        impl TableKind {
            /// All kinds, in the order in which they are written.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The kind with this byte, or `None` if there is none.
            #[must_use]
            pub fn from_u8(byte: u8) -> Option<Self> {
                match byte {
                    $( $byte => Some(Self::$name), )*
                    _ => None,
                }
            }

            /// What the table holds, in words.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self { $( Self::$name => $words, )* }
            }

            /// The first version of the format that has the table.
            #[must_use]
            pub fn since(self) -> u32 {
                match self { $( Self::$name => $version, )* }
            }

            /// How many entries a published module may have.
            pub(crate) fn default_limit(self) -> usize {
                match self { $( Self::$name => $limit, )* }
            }
        }
    };
}

tables! {
    ModuleHandles = 0x1, "module handles", VERSION_5, 100;
    DatatypeHandles = 0x2, "datatype handles", VERSION_5, 300;
    FunctionHandles = 0x3, "function handles", VERSION_5, 1500;
    FunctionInstantiations = 0x4, "function instantiations", VERSION_5, 1000;
    Signatures = 0x5, "signatures", VERSION_5, 1000;
    Identifiers = 0x7, "identifiers", VERSION_5, 10_000;
    AddressIdentifiers = 0x8, "addresses", VERSION_5, 100;
    Constants = 0x6, "constants", VERSION_5, 4000;
    Metadata = 0x10, "metadata", VERSION_5, 100;
    StructDefs = 0xA, "struct definitions", VERSION_5, 200;
    StructDefInstantiations = 0xB, "struct instantiations", VERSION_5, 1000;
    FunctionDefs = 0xC, "function definitions", VERSION_5, 1000;
    FieldHandles = 0xD, "field handles", VERSION_5, 1000;
    FieldInstantiations = 0xE, "field instantiations", VERSION_5, 1000;
    FriendDecls = 0xF, "friends", VERSION_5, 100;
    EnumDefs = 0x11, "enum definitions", VERSION_7, 200;
    EnumDefInstantiations = 0x12, "enum instantiations", VERSION_7, 1000;
    VariantHandles = 0x13, "variant handles", VERSION_7, 1024;
    VariantInstantiationHandles = 0x14, "variant instantiations", VERSION_7, 1024;
}
