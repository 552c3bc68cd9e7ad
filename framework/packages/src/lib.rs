//! Heddle's framework: the Move packages that every network begins with.
//!
//! The sources lie beside this crate, one folder for each package:
//!
//! | folder   | package      | address       | what it is                            |
//! |----------|--------------|---------------|---------------------------------------|
//! | `std`    | `MoveStdlib` | `std` = 0x1   | vectors, options, text, integers      |
//! | `sui`    | `Sui`        | `sui` = 0x2   | objects, collections, coins, packages |
//! | `system` | `SuiSystem`  | `sui_system` = 0x3 | the system state and genesis     |
//!
//! They have the public framework's names, types and signatures, so packages
//! written for it compile against them unmodified; the functions' bodies are
//! Heddle's own. `README.md` in this folder says how the packages are kept, what
//! genesis calls, and what is left out.
//!
//! The build script compiles them with the real Move compiler and embeds the
//! result twice: [`packages`] is the bytecode, for genesis; [`sources`] is the
//! text, for builds of packages that depend on them.
//!
//! This crate knows nothing of the virtual machine and checks nothing: it hands
//! out bytes. Its tests check that these are well-formed.

use sui_sdk_types::Address;

/// A package of the framework as bytecode.
#[derive(Clone, Copy, Debug)]
pub struct FrameworkPackage {
    /// The address at which genesis places it; its modules name the same as theirs.
    pub id: Address,
    /// The name in manifests.
    pub name: &'static str,
    /// BLAKE2b-256 over modules and dependencies, as upgrade tickets have it.
    pub digest: [u8; 32],
    /// The modules, each after those of the package that it depends on.
    pub modules: &'static [FrameworkModule],
    /// The addresses of all packages it depends on, ascending.
    pub dependencies: &'static [Address],
}

/// A module as bytecode.
#[derive(Clone, Copy, Debug)]
pub struct FrameworkModule {
    /// The module's name.
    pub name: &'static str,
    /// The serialised module.
    pub bytes: &'static [u8],
}

/// A package of the framework as text.
#[derive(Clone, Copy, Debug)]
pub struct PackageSources {
    /// The name in manifests.
    pub name: &'static str,
    /// The folder in the repository: `std`, `sui` or `system`.
    pub folder: &'static str,
    /// Pairs of a path, which begins with `sources/`, and the text, in the order of
    /// the paths.
    pub files: &'static [(&'static str, &'static str)],
}

/// The packages as bytecode, each after those that it depends on.
#[must_use]
pub fn packages() -> &'static [FrameworkPackage] {
    static PACKAGES: &[FrameworkPackage] = include!(concat!(env!("OUT_DIR"), "/packages.rs"));
    PACKAGES
}

/// The packages as text, in the same order.
#[must_use]
pub fn sources() -> &'static [PackageSources] {
    static SOURCES: &[PackageSources] = include!(concat!(env!("OUT_DIR"), "/sources.rs"));
    SOURCES
}
