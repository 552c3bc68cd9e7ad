//! What the command line remembers between runs: the active address and the
//! addresses of the network. One small file, `client.json`, in the
//! configuration folder (`$HEDDLE_CONFIG_DIR`, else `~/.heddle`).

use crate::keys::keystore::{KeystoreError, create_private_folder, read_json, write_private};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use sui_sdk_types::Address;

/// Where a development network answers unless told otherwise.
pub(crate) const DEFAULT_RPC_URL: &str = "http://127.0.0.1:9000";
/// Where its faucet answers.
pub(crate) const DEFAULT_FAUCET_URL: &str = "http://127.0.0.1:9123";

/// The remembered choices. Absent ones take the defaults above.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClientConfig {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) active_address: Option<Address>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rpc_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) faucet_url: Option<String>,
}

impl ClientConfig {
    pub(crate) fn load(folder: &Path) -> Result<Self, KeystoreError> {
        Ok(read_json(&folder.join(FILE))?.unwrap_or_default())
    }

    pub(crate) fn save(&self, folder: &Path) -> Result<(), KeystoreError> {
        create_private_folder(folder)?;
        let mut bytes = serde_json::to_vec_pretty(self).expect("plain strings encode");
        bytes.push(b'\n');
        write_private(&folder.join(FILE), &bytes)
    }
}

const FILE: &str = "client.json";

/// The configuration folder for this user.
pub(crate) fn default_folder() -> PathBuf {
    match std::env::var_os("HEDDLE_CONFIG_DIR") {
        Some(folder) => folder.into(),
        None => std::env::home_dir()
            .unwrap_or_else(|| PathBuf::from("."))
            .join(".heddle"),
    }
}
