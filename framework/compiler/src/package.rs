//! What a build is asked for, and what comes of it.

use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;
use sui_sdk_types::Address;

use crate::placement::Network;
use crate::test_plan::ModuleTests;

/// The environment whose publication data a build uses if nothing else is said.
pub const DEFAULT_ENVIRONMENT: &str = "heddle";

/// What a build is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Bytecode to publish.
    #[default]
    Publish,
    /// Bytecode to test: items marked `#[test]` and `#[test_only]` are in it.
    Test,
}

impl Mode {
    /// The modes for which dependencies are looked up.
    pub(crate) const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Publish => &[],
            Self::Test => &["test"],
        }
    }
}

/// How much the linters say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lint {
    /// Nothing.
    None,
    /// What is on by default.
    #[default]
    Default,
    /// Everything.
    All,
}

impl Lint {
    pub(crate) const fn flag(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Default => "default",
            Self::All => "all",
        }
    }
}

/// How to build a package.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// What the build is for.
    pub mode: Mode,
    /// The network whose section of `Published.toml` applies.
    pub environment: String,
    /// The network that the build is for: it decides which of the addresses that
    /// manifests fix are those of published packages. Without one, all are.
    pub network: Option<Arc<dyn Network>>,
    /// Where repositories of git dependencies are kept, which the `git` program
    /// fetches. Without one, such dependencies are refused (those on the
    /// framework apart, which is built in).
    pub git_folder: Option<PathBuf>,
    /// How much the linters say.
    pub lint: Lint,
    /// Leave warnings out.
    pub silence_warnings: bool,
    /// Colours in diagnostics.
    pub ansi_colors: bool,
    /// Put the modules of dependencies that aren't published into the package,
    /// so that they are published with it. Without this a build names them in
    /// [`BuiltPackage::unpublished_dependencies`], and publishing will fail.
    pub with_unpublished_dependencies: bool,
    /// Build to be run where nothing is published: the package keeps the
    /// address that its manifest gives it, and
    /// [`BuiltPackage::built_dependencies`] has the modules of every
    /// dependency but the framework's.
    pub with_built_dependencies: bool,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self {
            mode: Mode::Publish,
            environment: DEFAULT_ENVIRONMENT.to_owned(),
            network: None,
            git_folder: None,
            lint: Lint::Default,
            silence_warnings: false,
            ansi_colors: false,
            with_unpublished_dependencies: false,
            with_built_dependencies: false,
        }
    }
}

/// A compiled module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltModule {
    /// Its name, without the address.
    pub name: String,
    /// The module in the Move binary format. In [`Mode::Test`] its first four
    /// bytes are [`TEST_MAGIC`] instead of the format's.
    pub bytes: Vec<u8>,
}

/// What the compiler writes in place of the binary format's magic number into
/// modules built for tests, so that they can't be published.
pub const TEST_MAGIC: [u8; 4] = [0xde, 0xad, 0xc0, 0xde];

/// A built package.
#[derive(Clone, Debug)]
pub struct BuiltPackage {
    /// The name in its manifest.
    pub name: String,
    /// Its modules, each after those that it depends on. In
    /// [`Mode::Publish`] their own address is zero, except in packages of the
    /// framework and with [`BuildOptions::with_built_dependencies`].
    pub modules: Vec<BuiltModule>,
    /// The ids of the packages to link against, all of them, in the order in
    /// which a transaction names them.
    pub dependencies: Vec<Address>,
    /// What an upgrade ticket calls the digest.
    pub digest: [u8; 32],
    /// Warnings, as the compiler prints them; empty if there are none.
    pub warnings: String,
    /// Where it is published in the build's environment.
    pub publication: Publication,
    /// Dependencies that aren't published, by name.
    pub unpublished_dependencies: Vec<String>,
    /// In [`Mode::Test`], the bytecode of every dependency, built for tests as
    /// well; with [`BuildOptions::with_built_dependencies`], that of every one
    /// outside the framework. Otherwise empty. Each comes after those that it
    /// depends on.
    pub built_dependencies: Vec<BuiltDependency>,
    /// In [`Mode::Test`], the tests of each module that has any.
    pub tests: Vec<ModuleTests>,
}

/// Where a package is published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// The id of its first version, which is the address in its types.
    pub original_id: Option<Address>,
    /// The id of its newest version.
    pub published_at: Option<Address>,
}

/// A dependency, built like the package itself.
#[derive(Clone, Debug)]
pub struct BuiltDependency {
    /// The package's name.
    pub name: String,
    /// Its modules, each after those that it depends on.
    pub modules: Vec<BuiltModule>,
}

/// A package in the form in which the public command line prints it for
/// `build --dump-bytecode-as-base64`, and in which clients publish it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BytecodeDump {
    /// The modules, in base64.
    pub modules: Vec<String>,
    /// The ids of the dependencies, `0x` and 64 hexadecimal digits.
    pub dependencies: Vec<String>,
    /// The 32 bytes of the digest.
    pub digest: Vec<u8>,
}

impl BuiltPackage {
    /// The package as clients publish it.
    #[must_use]
    pub fn dump(&self) -> BytecodeDump {
        BytecodeDump {
            modules: self
                .modules
                .iter()
                .map(|module| BASE64.encode(&module.bytes))
                .collect(),
            dependencies: self.dependencies.iter().map(Address::to_string).collect(),
            digest: self.digest.to_vec(),
        }
    }
}
