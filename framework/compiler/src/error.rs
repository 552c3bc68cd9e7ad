//! What can go wrong, by whose fault it is.

use std::path::PathBuf;

use crate::sources::SourceLimit;

/// Why a package was not built.
///
/// The first group is the package author's to fix, the second lies in the
/// environment, and [`CompileError::Compiler`] is a defect in Heddle or in the
/// Move compiler it embeds.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompileError {
    /// The sources don't compile. `diagnostics` is the compiler's own text,
    /// unchanged, ending in a line break.
    #[error("package `{package}` does not compile\n{diagnostics}")]
    Diagnostics {
        /// Name of the package, as its manifest has it.
        package: String,
        /// Errors and warnings as the Move compiler prints them.
        diagnostics: String,
    },

    /// A folder has no `Move.toml`.
    #[error("{} is not a Move package: it has no Move.toml", folder.display())]
    NotAPackage {
        /// The folder that was given.
        folder: PathBuf,
    },

    /// A manifest can't be read as one.
    #[error("{manifest}: {message}")]
    Manifest {
        /// Which manifest: a path, or the package's name.
        manifest: String,
        /// What is wrong with it.
        message: String,
    },

    /// A dependency has to come from elsewhere, and doesn't.
    #[error(
        "dependency `{name}` lies at {location}, and cannot be fetched: {message}. It can also \
         be got by hand and named by its folder: {name} = {{ local = \"../{name}\" }}"
    )]
    RemoteDependency {
        /// The name by which the manifest calls it.
        name: String,
        /// Where the manifest says it is.
        location: String,
        /// Why it can't be had.
        message: String,
    },

    /// A package of the public framework that Heddle doesn't have.
    #[error(
        "dependency `{name}` is the framework package `{package}`, which Heddle does not have; \
         it has MoveStdlib, Sui and SuiSystem"
    )]
    UnknownFrameworkPackage {
        /// The name by which the manifest calls it.
        name: String,
        /// The package's folder in the public framework.
        package: String,
    },

    /// A local dependency that isn't there or isn't a package.
    #[error("dependency `{name}` of `{parent}`: {source}")]
    LocalDependency {
        /// The name by which the manifest calls it.
        name: String,
        /// The package that depends on it.
        parent: String,
        /// What was found instead of a package.
        source: Box<CompileError>,
    },

    /// The dependencies don't fit together: a cycle, two versions of one
    /// package, a form of source that the compiler doesn't know.
    #[error("cannot resolve the dependencies of `{package}`: {message}")]
    Dependencies {
        /// The package being built.
        package: String,
        /// What the resolver said.
        message: String,
    },

    /// The network that the build is for can't be asked what is on it.
    #[error("{message}")]
    Network {
        /// What happened, and what to do.
        message: String,
    },

    /// The package is larger than Heddle reads.
    #[error("{}: {limit}", path.display())]
    TooLarge {
        /// The file or folder at which the limit was passed.
        path: PathBuf,
        /// Which limit.
        limit: SourceLimit,
    },

    /// A test attribute that can't be understood. The compiler accepted it, so
    /// this names something that Heddle's test plan doesn't support.
    #[error("{file}: test `{test}`: {message}")]
    TestAttribute {
        /// The source file, relative to the package.
        file: String,
        /// The test function.
        test: String,
        /// What isn't supported, and what to write instead.
        message: String,
    },

    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },

    /// The package made the compiler use more memory than it may.
    #[error("the Move compiler needed more than {limit_mib} MiB of memory for package `{package}`")]
    OutOfMemory {
        /// The package being built.
        package: String,
        /// The limit, in MiB.
        limit_mib: usize,
    },

    /// The compiler itself failed: a panic in it, an answer that isn't in the
    /// agreed form, or an image that doesn't load.
    #[error("the Move compiler failed on package `{package}`: {message}")]
    Compiler {
        /// The package being built.
        package: String,
        /// What happened.
        message: String,
    },
}
