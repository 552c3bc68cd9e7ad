//! The digest that stands for a package in an upgrade ticket.

use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest as _};
use sui_sdk_types::Address;

type Blake2b256 = Blake2b<U32>;

/// BLAKE2b-256 over the digests of the modules and the ids of the
/// dependencies, sorted together as 32-byte strings: so neither order counts.
#[must_use]
pub fn package_digest<'a>(
    modules: impl IntoIterator<Item = &'a [u8]>,
    dependencies: &[Address],
) -> [u8; 32] {
    let mut parts: Vec<[u8; 32]> = modules
        .into_iter()
        .map(|module| Blake2b256::digest(module).into())
        .chain(dependencies.iter().map(|id| *id.inner()))
        .collect();
    parts.sort_unstable();
    let mut hash = Blake2b256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}
