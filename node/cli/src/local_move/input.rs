//! What lies at a path, as modules: a compiled module, a package to build, or
//! a folder of both.
//!
//! Reading is bounded like the compiler's own reading of packages: the number
//! of files and folders, their depth, and the size of a file.

use crate::build;
use anyhow::{Context, bail};
use heddle_compiler::{BuildOptions, BuiltModule, ENTRIES_MAX, FOLDER_DEPTH_MAX, PackageFiles};
use std::path::{Path, PathBuf};

/// Most bytes of one compiled module: what the format's reader accepts from
/// local files.
const MODULE_BYTES_MAX: u64 = 16 << 20;

/// The file that makes a folder a package.
const MANIFEST: &str = "Move.toml";

/// Modules that belong together: those of a package, or compiled modules that
/// lie in one folder or below it.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// Where they come from.
    pub(crate) path: PathBuf,
    /// The package's name, if it was built from source.
    pub(crate) package: Option<String>,
    /// The modules.
    pub(crate) modules: Vec<InputModule>,
    /// Modules of the packages that it depends on, without the framework's.
    pub(crate) dependencies: Vec<InputModule>,
    /// Why the package was not built; then there are no modules.
    pub(crate) build_error: Option<String>,
}

/// A module in the binary format; nobody has looked at it yet.
#[derive(Clone, Debug)]
pub(crate) struct InputModule {
    /// The file that it was read from, or the package that it was built from.
    pub(crate) origin: PathBuf,
    /// The module.
    pub(crate) bytes: Vec<u8>,
}

/// Reads what lies at `path`, and builds the packages among it.
///
/// # Errors
/// If nothing is there, a file can't be read, or the only package there doesn't
/// compile. One of several that doesn't comes with the reason.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Input>> {
    if path.is_file() {
        if path
            .extension()
            .is_some_and(|extension| extension == "move")
        {
            bail!(
                "{} is Move source; name the folder of its package, the one with {MANIFEST}",
                path.display()
            );
        }
        let module = read_module(path)?;
        return Ok(vec![Input::of_files(path, vec![module])]);
    }
    if !path.is_dir() {
        bail!("{} is neither a file nor a folder", path.display());
    }
    let mut found = Found::default();
    found.folder(path, 0)?;
    let mut inputs = Vec::new();
    let is_alone = found.packages.len() == 1 && found.modules.is_empty();
    for folder in &found.packages {
        inputs.push(match built(folder) {
            Ok(input) => input,
            Err(error) if is_alone => return Err(error),
            // Of several, the others may do.
            Err(error) => Input {
                build_error: Some(format!("{error:#}")),
                ..Input::of_files(folder, Vec::new())
            },
        });
    }
    if !found.modules.is_empty() {
        inputs.push(Input::of_files(path, found.modules));
    }
    if inputs.is_empty() {
        bail!(
            "{} holds no compiled modules (.mv) and no packages ({MANIFEST})",
            path.display()
        );
    }
    Ok(inputs)
}

impl Input {
    /// Whether it holds compiled modules and no package.
    pub(crate) fn is_loose(&self) -> bool {
        self.package.is_none() && self.build_error.is_none()
    }

    fn of_files(path: &Path, modules: Vec<InputModule>) -> Self {
        Self {
            path: path.to_owned(),
            package: None,
            modules,
            dependencies: Vec::new(),
            build_error: None,
        }
    }
}

fn read_module(path: &Path) -> anyhow::Result<InputModule> {
    let length = std::fs::metadata(path)
        .with_context(|| format!("read {}", path.display()))?
        .len();
    if length > MODULE_BYTES_MAX {
        bail!(
            "{} has {length} bytes; a compiled module has at most {MODULE_BYTES_MAX}",
            path.display()
        );
    }
    let bytes = std::fs::read(path).with_context(|| format!("read {}", path.display()))?;
    Ok(InputModule {
        origin: path.to_owned(),
        bytes,
    })
}

fn built(folder: &Path) -> anyhow::Result<Input> {
    let options = BuildOptions {
        with_built_dependencies: true,
        silence_warnings: true,
        ..build::options()
    };
    let files = PackageFiles::read(folder)?;
    let package = build::compiler().build(&files, &options)?;
    let modules = |modules: Vec<BuiltModule>, origin: &Path| -> Vec<InputModule> {
        let module = |module: BuiltModule| InputModule {
            origin: origin.to_owned(),
            bytes: module.bytes,
        };
        modules.into_iter().map(module).collect()
    };
    let dependencies = package.built_dependencies.into_iter();
    Ok(Input {
        path: folder.to_owned(),
        package: Some(package.name),
        modules: modules(package.modules, folder),
        dependencies: dependencies
            .flat_map(|dependency| modules(dependency.modules, Path::new(&dependency.name)))
            .collect(),
        build_error: None,
    })
}

/// What a folder holds, in the order of paths.
#[derive(Default)]
struct Found {
    modules: Vec<InputModule>,
    packages: Vec<PathBuf>,
    entries: usize,
}

impl Found {
    fn folder(&mut self, folder: &Path, depth: usize) -> anyhow::Result<()> {
        if depth > FOLDER_DEPTH_MAX {
            bail!("{} nests folders too deeply", folder.display());
        }
        let is_package = folder.join(MANIFEST).is_file();
        if is_package {
            self.packages.push(folder.to_owned());
        }
        let entries =
            std::fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))?;
        let mut paths = Vec::new();
        for entry in entries {
            // Links can make few folders look like very many.
            self.entries += 1;
            if self.entries > ENTRIES_MAX {
                bail!("{} has too many files and folders", folder.display());
            }
            let entry = entry.with_context(|| format!("read {}", folder.display()))?;
            paths.push(entry.path());
        }
        paths.sort();
        for path in paths {
            if path.is_dir() {
                // What a package's own build left behind is older than its
                // sources or the same.
                let is_output = is_package && path.file_name().is_some_and(|it| it == "build");
                if !is_output {
                    self.folder(&path, depth + 1)?;
                }
            } else if path.extension().is_some_and(|extension| extension == "mv") {
                self.modules.push(read_module(&path)?);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_searched_but_not_what_its_builds_left() {
        let folder = tempfile::tempdir().unwrap();
        for path in [
            "a.mv",
            "deep/er/b.mv",
            "p/build/p/c.mv",
            "p/d.mv",
            "p/Move.toml",
            "x.txt",
        ] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let mut found = Found::default();
        found.folder(folder.path(), 0).unwrap();
        let names: Vec<_> = found
            .modules
            .iter()
            .map(|module| module.origin.strip_prefix(folder.path()).unwrap())
            .collect();
        assert_eq!(names, ["a.mv", "deep/er/b.mv", "p/d.mv"].map(Path::new));
        assert_eq!(found.packages, [folder.path().join("p")]);
    }

    #[test]
    fn what_is_not_there_or_not_code_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("m.move");
        std::fs::write(&source, "module a::m;").unwrap();
        for (path, words) in [
            (folder.path().join("nowhere"), "neither a file nor a folder"),
            (source, "Move source"),
            (folder.path().to_owned(), "no compiled modules"),
        ] {
            let error = read(&path).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
