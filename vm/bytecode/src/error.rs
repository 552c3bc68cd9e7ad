//! Why bytes are not a module, and why a module cannot be bytes.

use crate::{InvalidIdentifier, format::TableKind};

/// The bytes are not a module that is accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed module at byte {offset}: {kind}")]
pub struct DeserializeError {
    /// Where, counted from the first byte of the module.
    pub offset: usize,
    /// What is wrong there.
    pub kind: DeserializeErrorKind,
}

/// What is wrong with the bytes of a module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeserializeErrorKind {
    /// The module has too many bytes.
    #[error("the module has {size} bytes, but the limit is {limit}")]
    TooLarge {
        /// Bytes of the module.
        size: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// The first bytes are not those of a module.
    #[error("expected the magic number of a Move module, found {found:02x?}")]
    Magic {
        /// The bytes found.
        found: [u8; 4],
    },
    /// The module was built for tests.
    #[error("the module was built in test mode and cannot be published; build it again without")]
    Unpublishable,
    /// The version is not supported.
    #[error("version {version} of the format is not supported, only {min} to {max} are")]
    Version {
        /// The module's version.
        version: u32,
        /// The oldest that is supported.
        min: u32,
        /// The newest that is supported.
        max: u32,
    },
    /// The module is for another language that shares the format.
    #[error(
        "flavour {found:#04x} of Move is not supported, only {:#04x} is",
        crate::format::FLAVOUR
    )]
    Flavour {
        /// The flavour found.
        found: u8,
    },
    /// The bytes end too early.
    #[error("expected {expected}, found the end")]
    UnexpectedEnd {
        /// What should have followed.
        expected: &'static str,
    },
    /// A number is not in the shortest form of its encoding, or too long.
    #[error("expected {expected} as a ULEB128 number in its shortest form")]
    Uleb128 {
        /// What the number stands for.
        expected: &'static str,
    },
    /// A number is over its bound.
    #[error("{what} is {value}, but at most {limit} is possible")]
    OutOfRange {
        /// What the number stands for.
        what: &'static str,
        /// The number.
        value: u64,
        /// Its upper bound.
        limit: u64,
    },
    /// A byte that must be one of a few is another.
    #[error("{found:#04x} is not {expected}")]
    UnknownTag {
        /// What the byte should have been.
        expected: &'static str,
        /// The byte.
        found: u8,
    },
    /// A feature is newer than the module's version.
    #[error("{feature} needs version {since} of the format, but the module says {version}")]
    NeedsVersion {
        /// The feature.
        feature: &'static str,
        /// The first version that has it.
        since: u32,
        /// The module's version.
        version: u32,
    },
    /// A kind of table has two headers.
    #[error("the table of {} occurs twice", .kind.words())]
    DuplicateTable {
        /// The kind.
        kind: TableKind,
    },
    /// A header is for a table without content.
    #[error("the table of {} is empty; empty tables have no header", .kind.words())]
    EmptyTable {
        /// The kind.
        kind: TableKind,
    },
    /// Tables overlap, or leave bytes between them.
    #[error("the table of {} starts at {found}, but the one before it ends at {expected}", .kind.words())]
    TableOffset {
        /// The kind.
        kind: TableKind,
        /// Where it must start.
        expected: usize,
        /// Where it says it starts.
        found: usize,
    },
    /// A table says it is longer than what is left of the module.
    #[error("the table of {} should have {length} bytes, but {left} are left", .kind.words())]
    TableLength {
        /// The kind.
        kind: TableKind,
        /// Its length by its header.
        length: usize,
        /// The bytes left.
        left: usize,
    },
    /// A table has too many entries.
    #[error("the table of {} has more than {limit} entries", .kind.words())]
    TooManyEntries {
        /// The kind.
        kind: TableKind,
        /// How many are allowed.
        limit: usize,
    },
    /// The table of metadata is not accepted.
    #[error("metadata is not accepted; compile without it")]
    MetadataNotAllowed,
    /// A type is nested too deeply.
    #[error("a type is nested more than {limit} levels deep")]
    TypeDepth {
        /// How deep a type may be.
        limit: usize,
    },
    /// An instantiated datatype has no type arguments.
    #[error("an instantiated datatype must have type arguments")]
    NoTypeArguments,
    /// A name is not valid.
    #[error(transparent)]
    Identifier(#[from] InvalidIdentifier),
    /// A name is not even text.
    #[error("expected an identifier, found bytes that are not UTF-8")]
    IdentifierNotText,
    /// Flags of a function that have no meaning are set.
    #[error("function flags {found:#04x} have bits without a meaning")]
    FunctionFlags {
        /// The flags.
        found: u8,
    },
    /// Bytes follow the module.
    #[error("{count} bytes follow the end of the module")]
    TrailingBytes {
        /// How many.
        count: usize,
    },
}

/// The module cannot be written: it holds what its version or the format
/// cannot express. No module that was read is such a module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SerializeError {
    /// The version does not exist.
    #[error("version {version} of the format cannot be written")]
    Version {
        /// The module's version.
        version: u32,
    },
    /// A number is over its bound.
    #[error("{what} is {value}, but the format can hold at most {limit}")]
    OutOfRange {
        /// What the number stands for.
        what: &'static str,
        /// The number.
        value: u64,
        /// Its upper bound.
        limit: u64,
    },
    /// A feature is newer than the module's version.
    #[error("{feature} needs version {since} of the format, but the module has {version}")]
    NeedsVersion {
        /// The feature.
        feature: &'static str,
        /// The first version that has it.
        since: u32,
        /// The module's version.
        version: u32,
    },
    /// A type is nested too deeply.
    #[error("a type is nested more than {limit} levels deep")]
    TypeDepth {
        /// How deep a type may be.
        limit: usize,
    },
    /// An instantiated datatype has no type arguments.
    #[error("an instantiated datatype must have type arguments")]
    NoTypeArguments,
}
