//! The JSON that the compiler's module takes and gives.
//!
//! Only what is looked at here has a type. Package groups and file maps that
//! one call returns and another takes pass through as they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Files by path.
pub(crate) type Files = BTreeMap<String, String>;

/// Options of `compile`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompileOptions<'a> {
    pub(crate) silence_warnings: bool,
    pub(crate) lint_flag: &'a str,
    pub(crate) ansi_color: bool,
    pub(crate) compile_intent: &'a str,
    pub(crate) modes: &'a [&'a str],
}

/// What `compile` gives if it succeeds.
#[derive(Deserialize)]
pub(crate) struct CompileOutput {
    /// Base64.
    pub(crate) modules: Vec<String>,
    /// `0x` and 64 hexadecimal digits.
    pub(crate) dependencies: Vec<String>,
    /// 32 bytes.
    pub(crate) digest: Vec<u8>,
    #[serde(default)]
    pub(crate) warnings: Option<String>,
}

/// One dependency as `compile` takes it: a package with the value of each
/// named address.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PackageGroup {
    pub(crate) name: String,
    /// Paths begin with `dependencies/NAME/`.
    pub(crate) files: Files,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) edition: Option<String>,
    #[serde(default)]
    pub(crate) address_mapping: BTreeMap<String, String>,
    /// The id to link against; zero for a package that isn't published.
    #[serde(default)]
    pub(crate) published_id_for_output: String,
    /// The packages it depends on, by the names it has for them.
    #[serde(default)]
    pub(crate) dep_alias_to_package_name: BTreeMap<String, String>,
    /// Everything else, kept for the compiler.
    #[serde(flatten)]
    pub(crate) rest: BTreeMap<String, Value>,
}

/// Where a package comes from.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(crate) enum Source {
    /// The package being built.
    Root,
    /// A git repository.
    Git {
        git: String,
        rev: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subdir: Option<String>,
    },
    /// A folder, relative to the package that names it.
    Local { local: String },
    /// Anything else.
    #[serde(other)]
    Other,
}

/// Question to `manifest_graph_resolve_package_groups`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GraphInput<'a> {
    pub(crate) environment: &'a str,
    pub(crate) framework_rev: &'a str,
    pub(crate) root: GraphRoot<'a>,
    pub(crate) packages: &'a [GraphPackage],
    pub(crate) modes: &'a [&'a str],
}

/// The package being built.
#[derive(Serialize)]
pub(crate) struct GraphRoot<'a> {
    pub(crate) source: Source,
    pub(crate) files: &'a Files,
}

/// A dependency that was asked for, answered.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GraphPackage {
    pub(crate) source: Source,
    pub(crate) requested_source: Source,
    pub(crate) files: Files,
}

/// Answer of `manifest_graph_resolve_package_groups`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GraphOutput {
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) error: Option<String>,
    #[serde(default)]
    pub(crate) requests: Vec<GraphRequest>,
    #[serde(default)]
    pub(crate) root_files: Option<Files>,
    #[serde(default)]
    pub(crate) dependencies: Option<Vec<PackageGroup>>,
}

/// A dependency that the resolver wants to see.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GraphRequest {
    pub(crate) source: Source,
    pub(crate) dependency_name: String,
    #[serde(default)]
    pub(crate) parent_package_name: Option<String>,
}

/// Answer of `root_publication_metadata`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RootPublication {
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) error: Option<String>,
    #[serde(default)]
    pub(crate) published_at: Option<String>,
    #[serde(default)]
    pub(crate) original_id: Option<String>,
}

/// Answer of `legacy_publication_migration`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LegacyMigration {
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) error: Option<String>,
    #[serde(default)]
    pub(crate) published_toml: Option<String>,
    #[serde(default)]
    pub(crate) move_lock: Option<String>,
}
