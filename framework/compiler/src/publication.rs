//! `Published.toml`: where a package was published, for each network.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sui_sdk_types::Address;

use crate::compilation::to_json;
use crate::error::CompileError;
use crate::host::{Fault, with_session};
use crate::sources::PackageFiles;

/// A publication or upgrade that took place.
#[derive(Clone, Debug)]
pub struct PublicationRecord {
    /// The network's name: the section of `Published.toml`.
    pub environment: String,
    /// Its chain id, as its RPC names it.
    pub chain_id: String,
    /// The id of the package that was made.
    pub package_id: Address,
    /// Its version: 1 for the first.
    pub version: u64,
    /// The object with the right to upgrade. An upgrade takes it over from the
    /// record that is there.
    pub upgrade_capability: Option<Address>,
    /// Whether this was an upgrade. Then `Published.toml` must have the network
    /// already.
    pub is_upgrade: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    command: &'a str,
    files: BTreeMap<&'a str, &'a str>,
    network: &'a str,
    chain_id: &'a str,
    published_id: String,
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    upgrade_capability: Option<String>,
    sui_version: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status: String,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    published_toml: Option<String>,
}

/// The text of `Published.toml` for `package` after `record` took place. The
/// sections of other networks stay as they are.
///
/// # Errors
///
/// [`CompileError::Manifest`] if the package's files can't take the record, for
/// example an upgrade on a network where the package isn't published.
pub fn published_toml(
    package: &PackageFiles,
    record: &PublicationRecord,
) -> Result<String, CompileError> {
    let name = crate::compiler::name_of(package)?;
    with_session(&name, |session| {
        let failed = |fault: Fault| fault.of_package(&name);
        let version = session.call("sui_move_version", &[]).map_err(failed)?;
        let question = Question {
            command: if record.is_upgrade {
                "upgrade"
            } else {
                "publish"
            },
            files: package.iter().collect(),
            network: &record.environment,
            chain_id: &record.chain_id,
            published_id: record.package_id.to_string(),
            version: record.version,
            upgrade_capability: record.upgrade_capability.map(|id| id.to_string()),
            sui_version: &version,
        };
        let answer = session
            .call("publication_update", &[&to_json(&question)])
            .map_err(failed)?;
        let answer: Answer = serde_json::from_str(&answer)
            .map_err(|error| failed(Fault::Failed(format!("publication_update: {error}"))))?;
        answer
            .published_toml
            .filter(|_| answer.status == "ok")
            .ok_or_else(|| CompileError::Manifest {
                manifest: format!("Published.toml of `{name}`"),
                message: answer.error.unwrap_or_else(|| "not updated".to_owned()),
            })
    })
}
