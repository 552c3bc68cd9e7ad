//! Heddle's own framework, as sources and as bytecode.
//!
//! Existing packages name the public framework by its git address. Heddle
//! answers with its own packages of the same names, at the same addresses, so
//! those packages build unmodified and without a network.

use sui_sdk_types::Address;

use crate::compilation::{Intent, Settings, compile};
use crate::error::CompileError;
use crate::host::with_session;
use crate::manifest::resolved_manifest;
use crate::package::{BuiltModule, Mode};
use crate::sources::{MANIFEST, PackageFiles};
use crate::wire::{Files, PackageGroup};

/// The edition that the framework's sources are written in.
const EDITION: &str = "2024";

/// One package of the framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FrameworkPackage {
    /// The standard library, `std`, at 0x1.
    MoveStdlib,
    /// Objects, coins and the rest of the framework, `sui`, at 0x2.
    Sui,
    /// System state, `sui_system`, at 0x3.
    SuiSystem,
}

impl FrameworkPackage {
    /// All of them, each after those that it depends on.
    pub const ALL: [Self; 3] = [Self::MoveStdlib, Self::Sui, Self::SuiSystem];

    /// The name in manifests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MoveStdlib => "MoveStdlib",
            Self::Sui => "Sui",
            Self::SuiSystem => "SuiSystem",
        }
    }

    /// The named address of its modules.
    #[must_use]
    pub const fn named_address(self) -> &'static str {
        match self {
            Self::MoveStdlib => "std",
            Self::Sui => "sui",
            Self::SuiSystem => "sui_system",
        }
    }

    /// The id at which genesis places it.
    #[must_use]
    pub const fn id(self) -> Address {
        match self {
            Self::MoveStdlib => Address::from_static("0x1"),
            Self::Sui => Address::from_static("0x2"),
            Self::SuiSystem => Address::from_static("0x3"),
        }
    }

    /// The packages it depends on, directly or not.
    #[must_use]
    pub const fn dependencies(self) -> &'static [Self] {
        match self {
            Self::MoveStdlib => &[],
            Self::Sui => &[Self::MoveStdlib],
            Self::SuiSystem => &[Self::MoveStdlib, Self::Sui],
        }
    }

    /// Its folder in the repository of the public framework.
    pub(crate) const fn public_folder(self) -> &'static str {
        match self {
            Self::MoveStdlib => "move-stdlib",
            Self::Sui => "sui-framework",
            Self::SuiSystem => "sui-system",
        }
    }

    /// A manifest with the addresses of itself and its dependencies.
    fn resolved_manifest(self) -> String {
        let addresses = std::iter::once(self)
            .chain(self.dependencies().iter().copied())
            .map(|package| (package.named_address().to_owned(), package.id().to_string()))
            .collect();
        resolved_manifest(self.name(), Some(EDITION), &addresses)
    }

    /// A manifest in the form in which the public framework has it, for the
    /// resolver to read.
    fn public_manifest(self) -> String {
        let mut text = format!(
            "[package]\nname = \"{}\"\nedition = \"{EDITION}\"\npublished-at = \"{id}\"\n\n\
             [addresses]\n{} = \"{id}\"\n\n[dependencies]\n",
            self.name(),
            self.named_address(),
            id = self.id(),
        );
        for dependency in self.dependencies() {
            text.push_str(&format!(
                "{} = {{ local = \"../{}\" }}\n",
                dependency.name(),
                dependency.public_folder()
            ));
        }
        text
    }
}

/// The Move sources of the framework. Only files ending in `.move` below
/// `sources/` count; manifests are made here.
#[derive(Clone, Debug, Default)]
pub struct FrameworkSources {
    /// The standard library.
    pub std: PackageFiles,
    /// The object framework.
    pub sui: PackageFiles,
    /// The system package. Empty is allowed: then there is none.
    pub system: PackageFiles,
}

impl FrameworkSources {
    /// Reads the folders `std`, `sui` and `system` in `folder`.
    ///
    /// # Errors
    ///
    /// Those of [`PackageFiles::read_sources`].
    pub fn read(folder: impl AsRef<std::path::Path>) -> Result<Self, CompileError> {
        let folder = folder.as_ref();
        Ok(Self {
            std: PackageFiles::read_sources(folder.join("std"))?,
            sui: PackageFiles::read_sources(folder.join("sui"))?,
            system: PackageFiles::read_sources(folder.join("system"))?,
        })
    }

    /// The sources of one package.
    #[must_use]
    pub fn package(&self, package: FrameworkPackage) -> &PackageFiles {
        match package {
            FrameworkPackage::MoveStdlib => &self.std,
            FrameworkPackage::Sui => &self.sui,
            FrameworkPackage::SuiSystem => &self.system,
        }
    }

    fn sources(&self, package: FrameworkPackage) -> impl Iterator<Item = (&str, &str)> {
        self.package(package)
            .sources()
            .filter(|(path, _)| path.starts_with("sources/"))
    }

    /// The package as the public repository would give it.
    pub(crate) fn public_files(&self, package: FrameworkPackage) -> Files {
        let mut files: Files = self
            .sources(package)
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .collect();
        files.insert(MANIFEST.to_owned(), package.public_manifest());
        files
    }

    /// The package as the one being built.
    fn root_files(&self, package: FrameworkPackage) -> Files {
        let mut files = self.public_files(package);
        files.insert(MANIFEST.to_owned(), package.resolved_manifest());
        files
    }

    /// The package as a dependency.
    fn group(&self, package: FrameworkPackage) -> PackageGroup {
        let name = package.name();
        let files = self
            .root_files(package)
            .into_iter()
            .map(|(path, text)| (format!("dependencies/{name}/{path}"), text))
            .collect();
        let (itself, dependencies) = (std::iter::once(package), package.dependencies());
        PackageGroup {
            name: name.to_owned(),
            files,
            edition: Some(EDITION.to_owned()),
            address_mapping: itself
                .chain(dependencies.iter().copied())
                .map(|package| (package.named_address().to_owned(), package.id().to_string()))
                .collect(),
            published_id_for_output: package.id().to_string(),
            dep_alias_to_package_name: dependencies
                .iter()
                .map(|package| (package.name().to_owned(), package.name().to_owned()))
                .collect(),
            rest: std::collections::BTreeMap::new(),
        }
    }
}

/// One package of the framework as bytecode.
#[derive(Clone, Debug)]
pub struct BuiltFramework {
    /// Which one.
    pub package: FrameworkPackage,
    /// Its modules, each after those that it depends on within the package.
    /// Their own address is the package's id.
    pub modules: Vec<BuiltModule>,
    /// The ids of its dependencies, ascending.
    pub dependencies: Vec<Address>,
    /// Warnings, as the compiler prints them; empty if there are none.
    pub warnings: String,
}

/// Compiles the framework, in the order of [`FrameworkPackage::ALL`]. A package
/// without sources is left out.
///
/// In [`Mode::Test`] the bytecode has the items marked `#[test_only]` and
/// `#[test]` as well, and can't be published.
///
/// # Errors
///
/// [`CompileError::Diagnostics`] if the sources don't compile.
pub fn build_framework(
    sources: &FrameworkSources,
    mode: Mode,
) -> Result<Vec<BuiltFramework>, CompileError> {
    FrameworkPackage::ALL
        .into_iter()
        .filter(|package| sources.sources(*package).next().is_some())
        .map(|package| build_package(sources, package, mode))
        .collect()
}

fn build_package(
    sources: &FrameworkSources,
    package: FrameworkPackage,
    mode: Mode,
) -> Result<BuiltFramework, CompileError> {
    let groups: Vec<_> = package
        .dependencies()
        .iter()
        .map(|dependency| sources.group(*dependency))
        .collect();
    let settings = Settings {
        package: package.name(),
        intent: Intent::KeepAddress,
        mode,
        ..Settings::default()
    };
    let root = sources.root_files(package);
    let compiled = with_session(package.name(), |session| {
        compile(session, &root, &groups, &settings)
    })?;
    Ok(BuiltFramework {
        package,
        modules: compiled.modules,
        dependencies: package
            .dependencies()
            .iter()
            .map(|dependency| dependency.id())
            .collect(),
        warnings: compiled.warnings,
    })
}
