//! The Move compiler, inside the program.
//!
//! Move source is compiled by the real Move 2024 compiler. It comes as a
//! WebAssembly module from npm (set-up installs it, a lock file pins it), and
//! runs here through wasmtime: building a package needs neither Node nor a
//! network. What it says about a package's sources is shown unchanged.
//!
//! ```text
//! PackageFiles ──► resolution ──► compilation ──► BuiltPackage
//!   (sources)      dependencies    one call of     modules, ids, digest,
//!                  and addresses   the module      tests
//!                       ▲               ▲
//!               FrameworkSources      host ◄── image made by build.rs
//! ```
//!
//! Read it in that order: [`PackageFiles`] reads a folder within limits,
//! `placement` decides the addresses that manifests leave open,
//! `resolution` answers the compiler's questions for dependencies (the public
//! framework's git address is answered with Heddle's own framework, so existing
//! packages build unmodified), `compilation` is one call, [`Compiler`] puts them
//! together, and `host` holds everything that knows of WebAssembly.
//! [`build_framework`] is the short way for the framework itself, which has no
//! dependencies to look for; it runs in a build script, so this crate knows
//! nothing of the rest of Heddle, not even of the crate that reads bytecode.
//!
//! # Tests
//!
//! In [`Mode::Test`] the compiler puts test functions into the bytecode, without
//! saying which they are. `test_plan` reads that from the attributes in the
//! source. Running them is another crate's work.
//!
//! # Compiled ahead
//!
//! `build.rs` turns the 7 MB module into machine code, which is embedded. That
//! takes 5 to 8 s, once per clean build, and adds 18 MB to the program; loading
//! it then takes 20 ms, once per process, and a package of one function builds in
//! 1 ms. With the framework as dependency, which is compiled along from source,
//! a build takes 0.3 s, and one for tests, which needs the framework's bytecode
//! with its test code too, 0.7 s.
//!
//! Compiling at first use with a cache on disk would save the 18 MB, but the
//! first `heddle move build` would take seconds, and the cache would be one more
//! thing to go stale. The image uses the baseline instructions of its
//! architecture, so it runs on other machines than the one that built it.
//!
//! The build script needs wasmtime and Cranelift as much as the program does.
//! The workspace compiles them once for both: see `resolver` and
//! `build-override` in its manifest.
//!
//! # What a hostile package can do
//!
//! Nothing beyond failing: the compiler sees texts and returns texts, has 2 GiB
//! of memory and 16 MiB of stack at most, and each build has a new instance. Time
//! isn't limited; whoever builds can interrupt it.

mod compilation;
mod compiler;
mod digest;
mod engine_config;
mod error;
mod framework;
mod git;
mod host;
mod manifest;
mod module_name;
mod package;
mod placement;
mod publication;
mod resolution;
mod sources;
mod template;
mod test_plan;
mod wire;

pub use compiler::Compiler;
pub use digest::package_digest;
pub use error::CompileError;
pub use framework::{BuiltFramework, FrameworkPackage, FrameworkSources, build_framework};
pub use package::{
    BuildOptions, BuiltDependency, BuiltModule, BuiltPackage, BytecodeDump, DEFAULT_ENVIRONMENT,
    Lint, Mode, Publication, TEST_MAGIC,
};
pub use placement::Network;
pub use publication::{PublicationRecord, published_toml};
pub use sources::{
    ENTRIES_MAX, FILE_BYTES_MAX, FILES_MAX, FOLDER_DEPTH_MAX, PACKAGE_BYTES_MAX, PackageFiles,
    SourceLimit,
};
pub use template::{NewPackageError, new_package};
pub use test_plan::{AbortCode, Expectation, ExpectedError, ModuleId, ModuleTests, TestCase};
