//! The Move compiler.
mod compilation;
mod digest;
mod engine_config;
mod error;
mod framework;
mod host;
mod manifest;
mod module_name;
mod package;
mod sources;
mod test_plan;
mod wire;

pub use digest::package_digest;
pub use error::CompileError;
pub use framework::{BuiltFramework, FrameworkPackage, FrameworkSources, build_framework};
pub use package::{
    BuildOptions, BuiltModule, BuiltPackage, BytecodeDump, DEFAULT_ENVIRONMENT, Lint, Mode,
    Publication, TEST_MAGIC, TestDependency,
};
pub use sources::{
    FILE_BYTES_MAX, FILES_MAX, FOLDER_DEPTH_MAX, PACKAGE_BYTES_MAX, PackageFiles, SourceLimit,
};
pub use test_plan::{AbortCode, ExpectedError, Expectation, ModuleId, ModuleTests, TestCase};
