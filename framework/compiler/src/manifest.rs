//! What Heddle itself reads and writes in manifests: the package's name, and
//! the paths of local dependencies.
//!
//! The compiler's resolver asks for a local dependency by the path that its
//! parent's manifest has, which means another folder for each parent. So every
//! manifest is rewritten first, such that all paths start at the root package:
//! then one path is one package, however it was reached.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use toml::{Table, Value};

use crate::error::CompileError;

/// The tables of a manifest that hold dependencies directly.
const DEPENDENCY_TABLES: [&str; 2] = ["dependencies", "dev-dependencies"];

/// The table that holds such tables, one for each environment.
const REPLACEMENT_TABLES: &str = "dep-replacements";

/// The package's name.
pub(crate) fn package_name(manifest: &str) -> Option<String> {
    let table: Table = manifest.parse().ok()?;
    let name = table.get("package")?.get("name")?.as_str()?;
    Some(name.to_owned())
}

/// The values of the named addresses in a manifest that the resolver wrote.
pub(crate) fn addresses(manifest: &str) -> BTreeMap<String, String> {
    let Ok(table) = manifest.parse::<Table>() else {
        return BTreeMap::new();
    };
    table
        .get("addresses")
        .and_then(Value::as_table)
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// A manifest for a package whose addresses are all known.
pub(crate) fn resolved_manifest(
    name: &str,
    edition: Option<&str>,
    addresses: &BTreeMap<String, String>,
) -> String {
    let mut package = Table::new();
    package.insert("name".into(), name.into());
    if let Some(edition) = edition {
        package.insert("edition".into(), edition.into());
    }
    let addresses: Table = addresses
        .iter()
        .map(|(name, address)| (name.clone(), address.as_str().into()))
        .collect();
    let mut manifest = Table::new();
    manifest.insert("package".into(), package.into());
    manifest.insert("addresses".into(), addresses.into());
    manifest.to_string()
}

/// Rewrites the paths of local dependencies in `text`, the manifest of the
/// package at `folder`, to start where `folder` starts. The text comes back as
/// it was if that changes nothing.
///
/// # Errors
///
/// [`CompileError::Manifest`] if the text isn't TOML.
pub(crate) fn rebase_local_dependencies(text: &str, folder: &Path) -> Result<String, CompileError> {
    rewrite_local_dependencies(text, folder, |dependency| {
        let Some(Value::String(local)) = dependency.get_mut("local") else {
            return false;
        };
        let rebased = normalise(&folder.join(&*local)).display().to_string();
        let changed = *local != rebased;
        *local = rebased;
        changed
    })
}

/// Rewrites local dependencies in `text`, the manifest of the package at
/// `folder` of a git repository, to be of that repository and revision.
///
/// # Errors
///
/// As [`rebase_local_dependencies`].
pub(crate) fn move_local_dependencies_to_git(
    text: &str,
    git: &str,
    rev: &str,
    folder: &Path,
) -> Result<String, CompileError> {
    rewrite_local_dependencies(text, folder, |dependency| {
        let Some(Value::String(local)) = dependency.remove("local") else {
            return false;
        };
        let subdir = normalise(&folder.join(local)).display().to_string();
        for (key, value) in [("git", git), ("rev", rev), ("subdir", &subdir)] {
            dependency.insert(key.to_owned(), value.into());
        }
        true
    })
}

/// Applies `rewrite`, which says whether it changed anything, to each
/// dependency in the manifest of the package at `folder`.
fn rewrite_local_dependencies(
    text: &str,
    folder: &Path,
    mut rewrite: impl FnMut(&mut Table) -> bool,
) -> Result<String, CompileError> {
    let mut manifest: Table =
        text.parse()
            .map_err(|error: toml::de::Error| CompileError::Manifest {
                manifest: folder.join(crate::sources::MANIFEST).display().to_string(),
                message: error.to_string().trim_end().to_owned(),
            })?;
    let mut changed = false;
    let mut rewrite_table = |dependencies: &mut Value| {
        let tables = dependencies.as_table_mut().into_iter().flatten();
        for dependency in tables.filter_map(|(_, value)| value.as_table_mut()) {
            changed |= rewrite(dependency);
        }
    };
    for name in DEPENDENCY_TABLES {
        manifest.get_mut(name).map(&mut rewrite_table);
    }
    if let Some(Value::Table(environments)) = manifest.get_mut(REPLACEMENT_TABLES) {
        for (_, dependencies) in environments.iter_mut() {
            rewrite_table(dependencies);
        }
    }
    Ok(if changed {
        manifest.to_string()
    } else {
        text.to_owned()
    })
}

/// The same path without `.`, and without `..` where a folder precedes it.
fn normalise(path: &Path) -> PathBuf {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match (part, parts.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                parts.pop();
            }
            (Component::ParentDir, Some(Component::RootDir)) => {}
            _ => parts.push(part),
        }
    }
    parts.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_normalise() {
        for (path, expected) in [
            ("../dep", "../dep"),
            ("./../dep/", "../dep"),
            ("a/../b", "b"),
            ("../dep/../other", "../other"),
            ("../../x/../..", "../../.."),
            ("/../a", "/a"),
        ] {
            assert_eq!(normalise(Path::new(path)), Path::new(expected), "{path}");
        }
    }

    #[test]
    fn local_paths_start_at_the_root_package() {
        let text = "[dependencies]\na = { local = \"../a\" }\ng = { git = \"u\", rev = \"r\" }\n\
                    [dep-replacements.mainnet]\nb = { local = \"b\" }\n";
        let rebased: Table = rebase_local_dependencies(text, Path::new("../x/y"))
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(
            rebased["dependencies"]["a"]["local"].as_str(),
            Some("../x/a")
        );
        assert_eq!(rebased["dependencies"]["g"]["git"].as_str(), Some("u"));
        assert_eq!(
            rebased["dep-replacements"]["mainnet"]["b"]["local"].as_str(),
            Some("../x/y/b")
        );
    }

    #[test]
    fn local_paths_in_a_repository_stay_in_it() {
        let text =
            "[dependencies]\ntoken = { local = \"../token\" }\nx = { git = \"u\", rev = \"r\" }\n";
        let moved = move_local_dependencies_to_git(text, "g", "v1", Path::new("packages/book"));
        let moved: Table = moved.unwrap().parse().unwrap();
        let token = moved["dependencies"]["token"].as_table().unwrap();
        assert_eq!(token["git"].as_str(), Some("g"));
        assert_eq!(token["rev"].as_str(), Some("v1"));
        assert_eq!(token["subdir"].as_str(), Some("packages/token"));
        assert!(!token.contains_key("local"));
        assert_eq!(moved["dependencies"]["x"]["rev"].as_str(), Some("r"));
    }

    #[test]
    fn a_manifest_that_needs_no_change_keeps_its_text() {
        let text = "# a comment\n[dependencies]\na = { local = \"../a\" }\n";
        assert_eq!(
            rebase_local_dependencies(text, Path::new("")).unwrap(),
            text
        );
    }

    #[test]
    fn resolved_manifests_read_back() {
        let addresses_in = BTreeMap::from([("std".to_owned(), "0x1".to_owned())]);
        let text = resolved_manifest("MoveStdlib", Some("2024"), &addresses_in);
        assert_eq!(package_name(&text).as_deref(), Some("MoveStdlib"));
        assert_eq!(addresses(&text), addresses_in);
    }
}
