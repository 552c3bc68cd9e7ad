//! A package's text files, from disk or from memory.
//!
//! Reading is bounded: the number of files, their size, the depth of folders.
//! A package that passes a limit is refused with the file that did it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::CompileError;

/// Most files a package may have.
pub const FILES_MAX: usize = 10_000;
/// Most bytes one file may have.
pub const FILE_BYTES_MAX: u64 = 4 << 20;
/// Most bytes all files of a package may have together.
pub const PACKAGE_BYTES_MAX: u64 = 64 << 20;
/// Most files and folders that are looked at, whatever they are.
pub const ENTRIES_MAX: usize = 100_000;
/// How deep folders may nest below `sources` or `tests`.
pub const FOLDER_DEPTH_MAX: usize = 32;

/// A limit on what is read as a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceLimit {
    /// More than [`FILES_MAX`] files.
    #[error("the package has more than {FILES_MAX} files")]
    Files,
    /// More than [`ENTRIES_MAX`] files and folders.
    #[error("the package has more than {ENTRIES_MAX} files and folders")]
    Entries,
    /// A file of more than [`FILE_BYTES_MAX`] bytes.
    #[error("the file has more than {FILE_BYTES_MAX} bytes")]
    FileBytes,
    /// More than [`PACKAGE_BYTES_MAX`] bytes in all.
    #[error("the package has more than {PACKAGE_BYTES_MAX} bytes")]
    PackageBytes,
    /// Folders nest more than [`FOLDER_DEPTH_MAX`] deep.
    #[error("folders nest more than {FOLDER_DEPTH_MAX} deep")]
    FolderDepth,
}

/// The files of one package that matter to the compiler: manifests, lock and
/// publication files, and Move sources, by path relative to the package with
/// `/` between the parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageFiles {
    /// Where the package lies, if on disk: local dependencies are found from
    /// here.
    folder: Option<PathBuf>,
    files: BTreeMap<String, String>,
}

/// The manifest's name.
pub(crate) const MANIFEST: &str = "Move.toml";

/// Other files at the root of a package that are read.
const ROOT_FILES: [&str; 3] = [MANIFEST, "Move.lock", "Published.toml"];

/// Whether a file in the package's folder is read: one of [`ROOT_FILES`], or a
/// manifest for one environment, `Move.NAME.toml`.
fn is_root_file(name: &str) -> bool {
    let environment = name
        .strip_prefix("Move.")
        .and_then(|rest| rest.strip_suffix(".toml"));
    ROOT_FILES.contains(&name)
        || environment
            .is_some_and(|environment| !environment.is_empty() && !environment.contains('.'))
}

/// Folders with Move sources. The compiler itself chooses among them by mode.
const SOURCE_FOLDERS: [&str; 4] = ["sources", "scripts", "tests", "examples"];

impl PackageFiles {
    /// A package from texts alone: `(path, text)` pairs. Local dependencies of
    /// such a package can't be found.
    pub fn from_texts<P: Into<String>, T: Into<String>>(
        files: impl IntoIterator<Item = (P, T)>,
    ) -> Self {
        Self {
            folder: None,
            files: files
                .into_iter()
                .map(|(path, text)| (path.into(), text.into()))
                .collect(),
        }
    }

    /// Reads the package in `folder`.
    ///
    /// # Errors
    ///
    /// [`CompileError::NotAPackage`] without a manifest,
    /// [`CompileError::TooLarge`] past a limit, [`CompileError::Io`] if a file
    /// can't be read, among them files that aren't UTF-8.
    pub fn read(folder: impl AsRef<Path>) -> Result<Self, CompileError> {
        let folder = folder.as_ref();
        if !folder.join(MANIFEST).is_file() {
            return Err(CompileError::NotAPackage {
                folder: folder.to_owned(),
            });
        }
        let mut reader = Reader::default();
        reader.read_root(folder)?;
        for name in SOURCE_FOLDERS {
            reader.read_folder(&folder.join(name), name, 0)?;
        }
        Ok(Self {
            folder: Some(folder.to_owned()),
            files: reader.files,
        })
    }

    /// Reads only the Move sources below `folder`, for packages whose manifest
    /// is made elsewhere (see [`crate::FrameworkSources`]). A folder without
    /// any has none.
    ///
    /// # Errors
    ///
    /// As [`PackageFiles::read`], except that no manifest is needed.
    pub fn read_sources(folder: impl AsRef<Path>) -> Result<Self, CompileError> {
        let folder = folder.as_ref();
        let mut reader = Reader::default();
        reader.read_folder(&folder.join("sources"), "sources", 0)?;
        Ok(Self {
            folder: Some(folder.to_owned()),
            files: reader.files,
        })
    }

    /// Where the package lies, if it was read from disk.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// One file's text.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// All files, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The Move sources, by path.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().filter(|(path, _)| path.ends_with(".move"))
    }
}

/// Reads files until a limit is passed.
#[derive(Default)]
struct Reader {
    files: BTreeMap<String, String>,
    bytes: u64,
    entries: usize,
}

impl Reader {
    /// Reads the files that lie in the package's folder itself.
    fn read_root(&mut self, folder: &Path) -> Result<(), CompileError> {
        let io = |source| CompileError::Io {
            path: folder.to_owned(),
            source,
        };
        for entry in fs::read_dir(folder).map_err(io)? {
            let entry = entry.map_err(io)?;
            let name = entry.file_name();
            if let Some(name) = name.to_str()
                && is_root_file(name)
                && entry.path().is_file()
            {
                self.read_file(&entry.path(), name.to_owned())?;
            }
        }
        Ok(())
    }

    fn read_file(&mut self, path: &Path, name: String) -> Result<(), CompileError> {
        let too_large = |limit| CompileError::TooLarge {
            path: path.to_owned(),
            limit,
        };
        let io = |source| CompileError::Io {
            path: path.to_owned(),
            source,
        };
        let length = fs::metadata(path).map_err(io)?.len();
        if length > FILE_BYTES_MAX {
            return Err(too_large(SourceLimit::FileBytes));
        }
        self.bytes += length;
        if self.bytes > PACKAGE_BYTES_MAX {
            return Err(too_large(SourceLimit::PackageBytes));
        }
        if self.files.len() >= FILES_MAX {
            return Err(too_large(SourceLimit::Files));
        }
        self.files
            .insert(name, fs::read_to_string(path).map_err(io)?);
        Ok(())
    }

    fn read_folder(&mut self, path: &Path, name: &str, depth: usize) -> Result<(), CompileError> {
        if !path.is_dir() {
            return Ok(());
        }
        if depth > FOLDER_DEPTH_MAX {
            return Err(CompileError::TooLarge {
                path: path.to_owned(),
                limit: SourceLimit::FolderDepth,
            });
        }
        let io = |source| CompileError::Io {
            path: path.to_owned(),
            source,
        };
        for entry in fs::read_dir(path).map_err(io)? {
            let entry = entry.map_err(io)?;
            // Links can make few folders look like very many.
            self.entries += 1;
            if self.entries > ENTRIES_MAX {
                return Err(CompileError::TooLarge {
                    path: path.to_owned(),
                    limit: SourceLimit::Entries,
                });
            }
            let file_name = entry.file_name();
            // The compiler names files by text; what isn't text can't be Move.
            let Some(file_name) = file_name.to_str() else {
                continue;
            };
            let (path, name) = (entry.path(), format!("{name}/{file_name}"));
            if path.is_dir() {
                self.read_folder(&path, &name, depth + 1)?;
            } else if file_name.ends_with(".move") {
                self.read_file(&path, name)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn reads_what_the_compiler_needs_and_nothing_else() {
        let folder = package(&[
            ("Move.toml", "[package]"),
            ("Move.testnet.toml", ""),
            ("README.md", "no"),
            ("build/x/sources/a.move", "no"),
            ("sources/a.move", "a"),
            ("sources/deep/b.move", "b"),
            ("sources/notes.txt", "no"),
            ("tests/c.move", "c"),
        ]);
        let files = PackageFiles::read(folder.path()).unwrap();
        let names: Vec<_> = files.iter().map(|(path, _)| path).collect();
        assert_eq!(
            names,
            [
                "Move.testnet.toml",
                "Move.toml",
                "sources/a.move",
                "sources/deep/b.move",
                "tests/c.move"
            ]
        );
        assert_eq!(files.get("sources/deep/b.move"), Some("b"));
        assert_eq!(files.folder(), Some(folder.path()));
    }

    #[test]
    fn a_folder_without_manifest_is_no_package() {
        let folder = package(&[("sources/a.move", "a")]);
        assert!(matches!(
            PackageFiles::read(folder.path()),
            Err(CompileError::NotAPackage { .. })
        ));
    }

    #[test]
    fn limits_hold() {
        let folder = package(&[("Move.toml", ""), ("sources/a.move", "")]);
        let big = fs::File::create(folder.path().join("sources/a.move")).unwrap();
        big.set_len(FILE_BYTES_MAX + 1).unwrap();
        assert!(matches!(
            PackageFiles::read(folder.path()),
            Err(CompileError::TooLarge {
                limit: SourceLimit::FileBytes,
                ..
            })
        ));

        #[cfg(unix)]
        {
            let folder = package(&[("Move.toml", ""), ("sources/a.move", "")]);
            for name in ["x", "y"] {
                let link = folder.path().join("sources").join(name);
                std::os::unix::fs::symlink(folder.path().join("sources"), link).unwrap();
            }
            assert!(matches!(
                PackageFiles::read(folder.path()),
                Err(CompileError::TooLarge { .. })
            ));
        }

        let folder = package(&[("Move.toml", "")]);
        let deep = "d/".repeat(FOLDER_DEPTH_MAX + 1);
        fs::create_dir_all(folder.path().join("sources").join(deep)).unwrap();
        assert!(matches!(
            PackageFiles::read(folder.path()),
            Err(CompileError::TooLarge {
                limit: SourceLimit::FolderDepth,
                ..
            })
        ));
    }
}
