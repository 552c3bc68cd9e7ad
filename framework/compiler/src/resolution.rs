//! Finds a package's dependencies.
//!
//! The compiler's module reads manifests and decides what is needed; it asks
//! for one level of packages at a time, and they are fetched here:
//!
//! 1. The public framework's git address, whatever the revision: Heddle's own
//!    framework. Packages that don't name the framework get `std` and `sui`
//!    implicitly, by the same address.
//! 2. A local path: the folder, read within the limits of [`crate::sources`].
//! 3. Another git address: the repository, fetched by the user's `git` if the
//!    build allows that. Its local paths lead to packages of the same revision.
//! 4. Anything else is refused.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::compilation::to_json;
use crate::error::CompileError;
use crate::framework::{FrameworkPackage, FrameworkSources};
use crate::git;
use crate::host::{Fault, Session};
use crate::manifest::{move_local_dependencies_to_git, rebase_local_dependencies};
use crate::package::{BuildOptions, Mode};
use crate::placement::place;
use crate::sources::{MANIFEST, PackageFiles};
use crate::wire::{
    Files, GraphInput, GraphOutput, GraphPackage, GraphRequest, GraphRoot, PackageGroup, Source,
};

/// Most levels of dependencies, and most packages, that a graph may have.
const ROUNDS_MAX: usize = 256;
const PACKAGES_MAX: usize = 1024;

/// The public framework's repository, on any host and with any ending.
const FRAMEWORK_REPOSITORY: &str = "mystenlabs/sui";

/// Where its packages lie there.
const FRAMEWORK_FOLDER: &str = "crates/sui-framework/packages/";

/// The framework's revision, where one has to be named. Any does.
const FRAMEWORK_REVISION: &str = "heddle";

/// A package and its dependencies, ready to compile.
pub(crate) struct Resolved {
    /// The root package, its manifest with all addresses.
    pub(crate) root: Files,
    /// Every dependency that the root links against.
    pub(crate) dependencies: Vec<PackageGroup>,
}

/// Resolves `files`, the package called `name`.
pub(crate) fn resolve(
    session: &mut Session,
    framework: &FrameworkSources,
    name: &str,
    package: &PackageFiles,
    files: &Files,
    options: &BuildOptions,
) -> Result<Resolved, CompileError> {
    let fetcher = Fetcher {
        framework,
        options,
        root: package.folder(),
        root_name: name,
    };
    let mut files = files.clone();
    if let Some(manifest) = files.get_mut(MANIFEST) {
        *manifest = rebase_local_dependencies(manifest, Path::new(""))?;
    }
    let unexpected =
        |message: &str| Fault::Failed(format!("dependency resolution {message}")).of_package(name);
    let mut packages: Vec<GraphPackage> = Vec::new();
    let mut fetched = BTreeSet::new();
    for _ in 0..ROUNDS_MAX {
        let question = to_json(&GraphInput {
            environment: &options.environment,
            framework_rev: FRAMEWORK_REVISION,
            root: GraphRoot {
                source: Source::Root,
                files: &files,
            },
            packages: &packages,
            modes: options.mode.names(),
        });
        let answer = session
            .call("manifest_graph_resolve_package_groups", &[&question])
            .map_err(|fault| fault.of_package(name))?;
        let answer: GraphOutput = serde_json::from_str(&answer)
            .map_err(|error| unexpected(&format!("gave an unexpected answer: {error}")))?;
        match answer.status.as_str() {
            "ok" => {
                return match (answer.root_files, answer.dependencies) {
                    (Some(root), Some(dependencies)) => Ok(Resolved { root, dependencies }),
                    _ => Err(unexpected("ended without files")),
                };
            }
            "error" => {
                return Err(CompileError::Dependencies {
                    package: name.to_owned(),
                    message: answer.error.unwrap_or_else(|| "no reason given".to_owned()),
                });
            }
            _ => {}
        }
        let before = packages.len();
        for request in answer.requests {
            if fetched.insert(request.source.clone()) {
                packages.push(fetcher.fetch(&request)?);
            }
        }
        if packages.len() == before {
            return Err(unexpected("asks for what it was given"));
        }
        if packages.len() > PACKAGES_MAX {
            break;
        }
    }
    Err(CompileError::Dependencies {
        package: name.to_owned(),
        message: format!("more than {PACKAGES_MAX} packages, or {ROUNDS_MAX} levels of them"),
    })
}

/// Answers the resolver's requests.
struct Fetcher<'a> {
    framework: &'a FrameworkSources,
    options: &'a BuildOptions,
    /// The root package's folder. Local paths start here.
    root: Option<&'a Path>,
    root_name: &'a str,
}

impl Fetcher<'_> {
    fn fetch(&self, request: &GraphRequest) -> Result<GraphPackage, CompileError> {
        let files = match &request.source {
            Source::Git { git, subdir, rev } => {
                self.fetch_git(request, git, subdir.as_deref(), rev)?
            }
            Source::Local { local } => self.fetch_local(request, local)?,
            Source::Root | Source::Other => {
                return Err(CompileError::RemoteDependency {
                    name: request.dependency_name.clone(),
                    location: "another kind of source".to_owned(),
                    message: "Heddle knows `git` and `local`".to_owned(),
                });
            }
        };
        Ok(GraphPackage {
            source: request.source.clone(),
            requested_source: request.source.clone(),
            files,
        })
    }

    fn fetch_git(
        &self,
        request: &GraphRequest,
        git: &str,
        subdir: Option<&str>,
        rev: &str,
    ) -> Result<Files, CompileError> {
        let name = request.dependency_name.clone();
        let subdir = subdir.unwrap_or_default().trim_matches('/');
        if !is_framework_repository(git) {
            return self.fetch_repository(&name, git, subdir, rev);
        }
        let folder = subdir.strip_prefix(FRAMEWORK_FOLDER).unwrap_or(subdir);
        FrameworkPackage::ALL
            .into_iter()
            .find(|package| package.public_folder() == folder)
            .map(|package| self.framework.public_files(package))
            .ok_or_else(|| CompileError::UnknownFrameworkPackage {
                name,
                package: folder.to_owned(),
            })
    }

    fn fetch_repository(
        &self,
        name: &str,
        git: &str,
        subdir: &str,
        rev: &str,
    ) -> Result<Files, CompileError> {
        let refused = |message: String| CompileError::RemoteDependency {
            name: name.to_owned(),
            location: format!("{git} ({subdir}@{rev})"),
            message,
        };
        let folder = match &self.options.git_folder {
            Some(folder) => git::fetch(folder, git, rev, subdir).map_err(refused)?,
            None => return Err(refused("this build fetches nothing".to_owned())),
        };
        let package = PackageFiles::read(&folder).map_err(|error| refused(error.to_string()))?;
        self.files_of(&package, |manifest| {
            move_local_dependencies_to_git(manifest, git, rev, Path::new(subdir))
        })
    }

    /// The package's files, its manifest changed by `rebase`, at the address
    /// that it has in this build.
    fn files_of(
        &self,
        package: &PackageFiles,
        rebase: impl FnOnce(&str) -> Result<String, CompileError>,
    ) -> Result<Files, CompileError> {
        let mut files: Files = package
            .iter()
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .collect();
        if let Some(manifest) = files.get_mut(MANIFEST) {
            *manifest = rebase(manifest)?;
        }
        if self.options.mode == Mode::Publish {
            let network = self.options.network.as_deref();
            place(&mut files, &self.options.environment, network)?;
        }
        Ok(files)
    }

    fn fetch_local(&self, request: &GraphRequest, local: &str) -> Result<Files, CompileError> {
        let refused = |source| CompileError::LocalDependency {
            name: request.dependency_name.clone(),
            parent: request
                .parent_package_name
                .clone()
                .unwrap_or_else(|| self.root_name.to_owned()),
            source: Box::new(source),
        };
        let folder = match self.root {
            Some(root) => root.join(local),
            None => {
                return Err(refused(CompileError::NotAPackage {
                    folder: PathBuf::from(local),
                }));
            }
        };
        let package = PackageFiles::read(&folder).map_err(refused)?;
        self.files_of(&package, |manifest| {
            rebase_local_dependencies(manifest, Path::new(local))
        })
        .map_err(refused)
    }
}

/// Whether a git address, in any of its forms, is the public framework's.
fn is_framework_repository(git: &str) -> bool {
    let git = git.trim_end_matches('/').to_ascii_lowercase();
    let git = git.strip_suffix(".git").unwrap_or(&git);
    git.strip_suffix(FRAMEWORK_REPOSITORY)
        .is_some_and(|host| host.ends_with(['/', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_framework_is_known_by_its_address() {
        for (git, expected) in [
            ("https://github.com/MystenLabs/sui.git", true),
            ("https://github.com/MystenLabs/sui", true),
            ("https://github.com/mystenlabs/sui/", true),
            ("git@github.com:MystenLabs/sui.git", true),
            ("https://github.com/MystenLabs/sui-other.git", false),
            ("https://github.com/NotMystenLabs/sui.git", false),
            ("https://github.com/a/b.git", false),
        ] {
            assert_eq!(is_framework_repository(git), expected, "{git}");
        }
    }
}
