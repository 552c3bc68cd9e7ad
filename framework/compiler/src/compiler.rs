//! Building a package: resolve, compile, and for tests compile the dependencies
//! too.

use std::collections::{BTreeMap, BTreeSet};

use sui_sdk_types::Address;

use crate::compilation::{Compiled, Intent, Settings, compile, to_json};
use crate::digest::package_digest;
use crate::error::CompileError;
use crate::framework::{FrameworkPackage, FrameworkSources};
use crate::host::{Fault, Session, with_session};
use crate::manifest::{addresses, package_name, resolved_manifest};
use crate::package::{BuildOptions, BuiltDependency, BuiltModule, BuiltPackage, Mode, Publication};
use crate::placement::{place, set_zero};
use crate::resolution::{Resolved, resolve};
use crate::sources::{MANIFEST, PackageFiles};
use crate::test_plan::{TestSources, test_plan};
use crate::wire::{Files, LegacyMigration, PackageGroup, RootPublication};

/// The Move compiler, with the framework that packages build against.
///
/// Builds are independent of each other and may run at once. The first in a
/// process loads the compiler's image (see the crate's documentation for what
/// that takes).
#[derive(Clone, Debug)]
pub struct Compiler {
    framework: FrameworkSources,
}

impl Compiler {
    /// A compiler whose packages build against `framework`.
    #[must_use]
    pub fn new(framework: FrameworkSources) -> Self {
        Self { framework }
    }

    /// Builds `package`.
    ///
    /// # Errors
    ///
    /// [`CompileError::Diagnostics`] if the sources don't compile; see
    /// [`CompileError`] for the rest.
    pub fn build(
        &self,
        package: &PackageFiles,
        options: &BuildOptions,
    ) -> Result<BuiltPackage, CompileError> {
        let name = name_of(package)?;
        with_session(&name, |session| {
            Build {
                session,
                framework: &self.framework,
                name: &name,
                options,
            }
            .run(package)
        })
    }
}

/// The name in the package's manifest.
pub(crate) fn name_of(package: &PackageFiles) -> Result<String, CompileError> {
    let folder = package.folder().map(std::path::Path::to_owned);
    let text = package
        .get(MANIFEST)
        .ok_or_else(|| CompileError::NotAPackage {
            folder: folder.clone().unwrap_or_default(),
        })?;
    package_name(text).ok_or_else(|| CompileError::Manifest {
        manifest: folder
            .unwrap_or_default()
            .join(MANIFEST)
            .display()
            .to_string(),
        message: match text.parse::<toml::Table>() {
            Ok(_) => "it has no `name` under `[package]`".to_owned(),
            Err(error) => error.to_string().trim_end().to_owned(),
        },
    })
}

/// One build, in one session.
struct Build<'a> {
    session: &'a mut Session,
    framework: &'a FrameworkSources,
    name: &'a str,
    options: &'a BuildOptions,
}

impl Build<'_> {
    fn run(mut self, package: &PackageFiles) -> Result<BuiltPackage, CompileError> {
        let mut files: Files = package
            .iter()
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .collect();
        self.migrate_legacy_publication(&mut files)?;
        let network = self.options.network.as_deref();
        if network.is_some() {
            place(&mut files, &self.options.environment, network)?;
        }
        let publication = self.publication(&files)?;
        if network.is_some() && self.options.mode == Mode::Publish {
            set_zero(&mut files)?;
        }
        let resolved = resolve(
            self.session,
            self.framework,
            self.name,
            package,
            &files,
            self.options,
        )?;
        let keeps_address = self.options.mode == Mode::Test
            || self.options.with_built_dependencies
            || is_framework(&resolved);
        let intent = if keeps_address {
            Intent::KeepAddress
        } else {
            Intent::ZeroAddress
        };
        let compiled = self.compile(&resolved.root, &resolved.dependencies, intent)?;
        self.finish(compiled, &resolved, publication)
    }

    fn finish(
        mut self,
        compiled: Compiled,
        resolved: &Resolved,
        publication: Publication,
    ) -> Result<BuiltPackage, CompileError> {
        let ordered = dependency_order(&resolved.dependencies);
        let unpublished: Vec<_> = ordered
            .iter()
            .copied()
            .filter(|group| is_unpublished(group))
            .collect();
        let mut built = BuiltPackage {
            name: self.name.to_owned(),
            modules: compiled.modules,
            dependencies: compiled.dependencies,
            digest: compiled.digest,
            warnings: compiled.warnings,
            publication,
            unpublished_dependencies: unpublished.iter().map(|group| group.name.clone()).collect(),
            built_dependencies: Vec::new(),
            tests: Vec::new(),
        };
        match self.options.mode {
            Mode::Test => {
                for group in &ordered {
                    built.built_dependencies.push(BuiltDependency {
                        name: group.name.clone(),
                        modules: self.compile_dependency(group, &resolved.dependencies)?,
                    });
                }
                built.tests = test_plan(&TestSources {
                    root: &resolved.root,
                    dependencies: &resolved.dependencies,
                })?;
            }
            Mode::Publish if self.options.with_unpublished_dependencies => {
                let mut modules = Vec::new();
                for group in unpublished {
                    modules.extend(self.compile_dependency(group, &resolved.dependencies)?);
                }
                modules.append(&mut built.modules);
                built.modules = modules;
                built.digest = package_digest(
                    built.modules.iter().map(|module| &module.bytes[..]),
                    &built.dependencies,
                );
                built.unpublished_dependencies.clear();
            }
            Mode::Publish => {}
        }
        if self.options.mode == Mode::Publish && self.options.with_built_dependencies {
            for group in ordered.into_iter().filter(|group| !is_of_framework(group)) {
                built.built_dependencies.push(BuiltDependency {
                    name: group.name.clone(),
                    modules: self.compile_dependency(group, &resolved.dependencies)?,
                });
            }
        }
        Ok(built)
    }

    fn compile(
        &mut self,
        root: &Files,
        dependencies: &[PackageGroup],
        intent: Intent,
    ) -> Result<Compiled, CompileError> {
        let settings = Settings {
            package: self.name,
            intent,
            mode: self.options.mode,
            lint: self.options.lint,
            silence_warnings: self.options.silence_warnings,
            ansi_colors: self.options.ansi_colors,
        };
        compile(self.session, root, dependencies, &settings)
    }

    /// Compiles a dependency as if it were the root, at its own address.
    fn compile_dependency(
        &mut self,
        group: &PackageGroup,
        all: &[PackageGroup],
    ) -> Result<Vec<BuiltModule>, CompileError> {
        let prefix = format!("dependencies/{}/", group.name);
        let mut root: Files = group
            .files
            .iter()
            .filter_map(|(path, text)| Some((path.strip_prefix(&prefix)?.to_owned(), text.clone())))
            .filter(|(path, _)| path.ends_with(".move"))
            .collect();
        root.insert(
            MANIFEST.to_owned(),
            resolved_manifest(
                &group.name,
                group.edition.as_deref(),
                &group.address_mapping,
            ),
        );
        let needed = closure(group, all);
        let dependencies: Vec<_> = all
            .iter()
            .filter(|other| needed.contains(&*other.name))
            .cloned()
            .collect();
        let settings = Settings {
            package: &group.name,
            intent: Intent::KeepAddress,
            mode: self.options.mode,
            silence_warnings: true,
            ansi_colors: self.options.ansi_colors,
            lint: crate::package::Lint::None,
        };
        let compiled = compile(self.session, &root, &dependencies, &settings)?;
        Ok(compiled.modules)
    }

    /// Turns publication records of an old `Move.lock` into those of
    /// `Published.toml`, in memory.
    fn migrate_legacy_publication(&mut self, files: &mut Files) -> Result<(), CompileError> {
        if !files.contains_key("Move.lock") {
            return Ok(());
        }
        let answer: LegacyMigration = self.ask(
            "legacy_publication_migration",
            &serde_json::json!({ "files": files }),
        )?;
        if answer.status != "ok" {
            return Err(CompileError::Manifest {
                manifest: format!("Move.lock of `{}`", self.name),
                message: answer.error.unwrap_or_else(|| "unreadable".to_owned()),
            });
        }
        if let Some(text) = answer.published_toml {
            files.insert("Published.toml".to_owned(), text);
        }
        if let Some(text) = answer.move_lock {
            files.insert("Move.lock".to_owned(), text);
        }
        Ok(())
    }

    /// Where the package is published in the build's environment.
    fn publication(&mut self, files: &Files) -> Result<Publication, CompileError> {
        let answer: RootPublication = self.ask(
            "root_publication_metadata",
            &serde_json::json!({ "files": files, "environment": self.options.environment }),
        )?;
        if answer.status != "ok" {
            return Err(CompileError::Manifest {
                manifest: format!("{MANIFEST} of `{}`", self.name),
                message: answer.error.unwrap_or_else(|| "unreadable".to_owned()),
            });
        }
        let id = |text: Option<String>| {
            text.and_then(|text| text.parse::<Address>().ok())
                .filter(|id| *id != Address::ZERO)
        };
        Ok(Publication {
            original_id: id(answer.original_id),
            published_at: id(answer.published_at),
        })
    }

    fn ask<A: serde::de::DeserializeOwned>(
        &mut self,
        export: &str,
        question: &serde_json::Value,
    ) -> Result<A, CompileError> {
        let failed = |fault: Fault| fault.of_package(self.name);
        let answer = self
            .session
            .call(export, &[&to_json(question)])
            .map_err(failed)?;
        serde_json::from_str(&answer)
            .map_err(|error| failed(Fault::Failed(format!("{export}: {error}"))))
    }
}

/// The names of the packages that `group` depends on, directly or not.
fn closure<'a>(group: &'a PackageGroup, all: &'a [PackageGroup]) -> BTreeSet<&'a str> {
    let by_name: BTreeMap<&str, &PackageGroup> =
        all.iter().map(|group| (&*group.name, group)).collect();
    let mut found = BTreeSet::new();
    let mut open = vec![group];
    while let Some(next) = open.pop() {
        for name in next.dep_alias_to_package_name.values() {
            if let Some(dependency) = by_name.get(name.as_str())
                && found.insert(&*dependency.name)
            {
                open.push(dependency);
            }
        }
    }
    found
}

/// The packages, each after those that it depends on. The resolver refuses
/// cycles, so a package's closure is always larger than its dependencies'.
fn dependency_order(groups: &[PackageGroup]) -> Vec<&PackageGroup> {
    let mut ordered: Vec<_> = groups.iter().collect();
    ordered.sort_by_key(|group| (closure(group, groups).len(), &group.name));
    ordered
}

/// Whether this is a package of the framework, whose rules hang on its address.
fn is_framework(resolved: &Resolved) -> bool {
    let manifest = resolved.root.get(MANIFEST).map_or("", String::as_str);
    let (name, addresses) = (package_name(manifest), addresses(manifest));
    FrameworkPackage::ALL.iter().any(|package| {
        name.as_deref() == Some(package.name())
            && addresses
                .get(package.named_address())
                .and_then(|id| id.parse().ok())
                == Some(package.id())
    })
}

/// Whether a dependency is a package of the framework.
fn is_of_framework(group: &PackageGroup) -> bool {
    FrameworkPackage::ALL.iter().any(|package| {
        group.name == package.name() && group.published_id_for_output.parse() == Ok(package.id())
    })
}

/// Whether there is no id to link against.
fn is_unpublished(group: &PackageGroup) -> bool {
    let id = &group.published_id_for_output;
    id.parse::<Address>().map_or(true, |id| id == Address::ZERO)
}
