//! Compiling a package, and remembering where it was published.
//!
//! Publications are kept in the package's `Published.toml`, in the public
//! format: one table per environment, here the environment that builds use.
//! A table names the chain that it is about; one about another chain (a
//! network that was made anew, say) is no publication on this one.

use crate::config;
use crate::output::Output;
use anyhow::Context;
use heddle_compiler::{
    BuildOptions, BuiltPackage, Compiler, DEFAULT_ENVIRONMENT, FrameworkSources, Network,
    PackageFiles, PublicationRecord,
};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use sui_sdk_types::Address;
use toml::{Table, Value};

const PUBLISHED: &str = "Published.toml";

/// Where a package lives on one network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Publication {
    /// Id of the newest version.
    pub(crate) package: Address,
    /// Number of the newest version, from 1.
    pub(crate) version: u64,
    /// The object that allows upgrades.
    pub(crate) upgrade_cap: Address,
}

/// The compiler, with Heddle's framework to link against. Loaded once.
pub(crate) fn compiler() -> &'static Compiler {
    static COMPILER: OnceLock<Compiler> = OnceLock::new();
    COMPILER.get_or_init(|| {
        let files = |folder: &str| {
            let package = heddle_framework::sources()
                .iter()
                .find(|package| package.folder == folder);
            PackageFiles::from_texts(package.into_iter().flat_map(|it| it.files.iter().copied()))
        };
        Compiler::new(FrameworkSources {
            std: files("std"),
            sui: files("sui"),
            system: files("system"),
        })
    })
}

/// Options for a build whose diagnostics a person reads.
pub(crate) fn options() -> BuildOptions {
    BuildOptions {
        ansi_colors: std::io::stderr().is_terminal(),
        git_folder: Some(config::default_folder().join("git")),
        ..BuildOptions::default()
    }
}

/// Compiles the package at `path` for publication or upgrade, on `network` if
/// one is given. Warnings go to standard error as the compiler prints them.
pub(crate) fn compile(
    path: &Path,
    network: Option<Arc<dyn Network>>,
    output: &Output,
) -> anyhow::Result<BuiltPackage> {
    let files = PackageFiles::read(path)?;
    let options = BuildOptions {
        network,
        ..options()
    };
    let package = compiler().build(&files, &options)?;
    if !output.json && !package.warnings.is_empty() {
        anstream::eprintln!("{}", package.warnings.trim_end());
    }
    if !package.unpublished_dependencies.is_empty() {
        anyhow::bail!(
            "these dependencies are not published on this network: {}. Publish them first",
            package.unpublished_dependencies.join(", ")
        );
    }
    Ok(package)
}

/// Modules in the form in which a transaction carries them.
pub(crate) fn module_bytes(package: &BuiltPackage) -> Vec<Vec<u8>> {
    package
        .modules
        .iter()
        .map(|module| module.bytes.clone())
        .collect()
}

/// Writes a publication into the package's `Published.toml`; tables of other
/// environments stay as they are. Returns the file's path.
pub(crate) fn record_publication(
    path: &Path,
    record: &PublicationRecord,
) -> anyhow::Result<PathBuf> {
    let text = heddle_compiler::published_toml(&PackageFiles::read(path)?, record)?;
    let file = path.join(PUBLISHED);
    std::fs::write(&file, text).with_context(|| format!("write {}", file.display()))?;
    Ok(file)
}

/// Where the package at `path` is published on the network `chain_id`.
pub(crate) fn read_publication(path: &Path, chain_id: &str) -> anyhow::Result<Option<Publication>> {
    let file = path.join(PUBLISHED);
    let Some(document) = read(&file)? else {
        return Ok(None);
    };
    let Some(table) = document
        .get("published")
        .and_then(|published| published.get(DEFAULT_ENVIRONMENT))
        .and_then(Value::as_table)
    else {
        return Ok(None);
    };
    let text = |key: &str| {
        table.get(key).and_then(Value::as_str).with_context(|| {
            format!(
                "{} has no `{key}` for {DEFAULT_ENVIRONMENT}",
                file.display()
            )
        })
    };
    if text("chain-id")? != chain_id {
        return Ok(None);
    }
    let address = |key: &str| -> anyhow::Result<Address> {
        text(key)?
            .parse()
            .with_context(|| format!("`{key}` in {} is no address", file.display()))
    };
    Ok(Some(Publication {
        package: address("published-at")?,
        version: table
            .get("version")
            .and_then(Value::as_integer)
            .and_then(|version| u64::try_from(version).ok())
            .unwrap_or(1),
        upgrade_cap: address("upgrade-capability")?,
    }))
}

fn read(file: &Path) -> anyhow::Result<Option<Table>> {
    match std::fs::read_to_string(file) {
        Ok(text) => text
            .parse()
            .map(Some)
            .with_context(|| format!("{} is not TOML", file.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("read {}", file.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn publications_are_kept_per_network() {
        let folder = tempfile::tempdir().unwrap();
        let path = heddle_compiler::new_package("thing", folder.path()).unwrap();
        assert_eq!(read_publication(&path, "chain").unwrap(), None);
        let mut record = PublicationRecord {
            environment: DEFAULT_ENVIRONMENT.to_owned(),
            chain_id: "chain".into(),
            package_id: Address::TWO,
            version: 1,
            upgrade_capability: Some(Address::ZERO),
            is_upgrade: false,
        };
        record_publication(&path, &record).unwrap();
        let found = read_publication(&path, "chain").unwrap().unwrap();
        assert_eq!((found.package, found.version), (Address::TWO, 1));
        assert_eq!(found.upgrade_cap, Address::ZERO);
        assert_eq!(read_publication(&path, "other").unwrap(), None);
        record.package_id = Address::from_static("0x7");
        record.version = 2;
        record.is_upgrade = true;
        record_publication(&path, &record).unwrap();
        let found = read_publication(&path, "chain").unwrap().unwrap();
        assert_eq!((found.package, found.version), (record.package_id, 2));
        assert_eq!(found.upgrade_cap, Address::ZERO);
    }

    #[test]
    fn a_broken_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(PUBLISHED), "published = [").unwrap();
        let error = read_publication(folder.path(), "chain").unwrap_err();
        assert!(error.to_string().contains(PUBLISHED), "{error}");
    }
}
