//! Numbers of the binary format: versions, flags and upper bounds.

/// The oldest version that is read: entry functions and metadata.
pub const VERSION_5: u32 = 5;
/// Adds `u16`, `u32` and `u256`.
pub const VERSION_6: u32 = 6;
/// Adds enums, and a flavour in the top byte of the version.
pub const VERSION_7: u32 = 7;
/// The oldest version that is read.
pub const VERSION_MIN: u32 = VERSION_5;
/// The newest version that is read, and the one that is written.
pub const VERSION_MAX: u32 = VERSION_7;
