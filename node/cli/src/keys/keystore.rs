//! The file that holds private keys.
//!
//! Format: a JSON array of strings, each the base64 of one flag byte (the
//! signature scheme) followed by 32 key bytes: the public keystore format, so
//! that a file made by another wallet can be copied here. Beside it lies
//! `aliases.json`, an object from address to name. The folder is 0700 and both
//! files are 0600; a write goes to a temporary file that then replaces the old
//! one, so a crash never leaves half a keystore.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use sui_crypto::simple::SimpleKeypair;
use sui_sdk_types::{Address, MultisigMemberPublicKey};

/// What can go wrong with the keystore.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeystoreError {
    #[error("cannot {action} {path}: {source}")]
    Io {
        action: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path} is not a keystore: {reason}. Move it away and import your keys again")]
    Corrupt { path: PathBuf, reason: String },
    #[error("there is no key {wanted:?} here. `heddle keys list` shows those there are")]
    Unknown { wanted: String },
    #[error("the name {alias:?} already belongs to {address}. Choose another with --alias")]
    AliasTaken { alias: String, address: Address },
    #[error("the key of {address} is here already")]
    Duplicate { address: Address },
    #[error(
        "{alias:?} cannot be a name: use 1 to 64 letters, digits, '-', '_' or '.', not starting with 0x"
    )]
    BadAlias { alias: String },
}

/// One key and its name.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) address: Address,
    pub(crate) alias: String,
    pub(crate) keypair: SimpleKeypair,
}

/// All keys of this user.
#[derive(Debug)]
pub(crate) struct Keystore {
    folder: PathBuf,
    keys: Vec<Key>,
}

#[derive(Default, Serialize, Deserialize)]
struct Aliases(BTreeMap<Address, String>);

impl Keystore {
    /// Opens the keystore in `folder`; an absent one is empty.
    pub(crate) fn open(folder: &Path) -> Result<Self, KeystoreError> {
        let path = folder.join(KEYS_FILE);
        let encoded: Vec<String> = read_json(&path)?.unwrap_or_default();
        let aliases: Aliases = read_json(&folder.join(ALIASES_FILE))?.unwrap_or_default();
        let mut keys = Vec::with_capacity(encoded.len());
        for (index, text) in encoded.iter().enumerate() {
            let keypair =
                SimpleKeypair::from_base64(text).map_err(|error| KeystoreError::Corrupt {
                    path: path.clone(),
                    reason: format!("entry {index}: {error}"),
                })?;
            let address = address_of(&keypair);
            let alias = aliases
                .0
                .get(&address)
                .cloned()
                .unwrap_or_else(|| format!("key-{index}"));
            keys.push(Key {
                address,
                alias,
                keypair,
            });
        }
        Ok(Self {
            folder: folder.to_owned(),
            keys,
        })
    }

    /// All keys in the order in which they were added.
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Finds a key by address or name.
    pub(crate) fn find(&self, wanted: &str) -> Result<&Key, KeystoreError> {
        let address = wanted.parse::<Address>().ok();
        self.keys
            .iter()
            .find(|key| key.alias == wanted || Some(key.address) == address)
            .ok_or_else(|| KeystoreError::Unknown {
                wanted: wanted.to_owned(),
            })
    }

    /// Adds a key and writes the files.
    pub(crate) fn add(
        &mut self,
        keypair: SimpleKeypair,
        alias: Option<String>,
    ) -> Result<Key, KeystoreError> {
        let address = address_of(&keypair);
        if self.keys.iter().any(|key| key.address == address) {
            return Err(KeystoreError::Duplicate { address });
        }
        let alias = match alias {
            Some(alias) => alias,
            None => self.free_alias(),
        };
        check_alias(&alias)?;
        if let Some(other) = self.keys.iter().find(|key| key.alias == alias) {
            return Err(KeystoreError::AliasTaken {
                alias,
                address: other.address,
            });
        }
        let key = Key {
            address,
            alias,
            keypair,
        };
        self.keys.push(key.clone());
        self.save()?;
        Ok(key)
    }

    fn free_alias(&self) -> String {
        let taken = |alias: &str| self.keys.iter().any(|key| key.alias == alias);
        (self.keys.len()..)
            .map(|number| format!("key-{number}"))
            .find(|alias| !taken(alias))
            .expect("an unbounded range of names has a free one")
    }

    fn save(&self) -> Result<(), KeystoreError> {
        create_private_folder(&self.folder)?;
        let encoded: Vec<String> = self
            .keys
            .iter()
            .map(|key| key.keypair.to_base64())
            .collect();
        let aliases = Aliases(
            self.keys
                .iter()
                .map(|key| (key.address, key.alias.clone()))
                .collect(),
        );
        // The keys first: a key without a name is found, a name without a key is nothing.
        write_private(&self.folder.join(KEYS_FILE), &to_json(&encoded))?;
        write_private(&self.folder.join(ALIASES_FILE), &to_json(&aliases))
    }
}

const KEYS_FILE: &str = "heddle.keystore";
const ALIASES_FILE: &str = "aliases.json";

/// The address that a key pair signs for.
pub(crate) fn address_of(keypair: &SimpleKeypair) -> Address {
    public_key_address(&keypair.public_key())
}

fn public_key_address(key: &MultisigMemberPublicKey) -> Address {
    match key {
        MultisigMemberPublicKey::Ed25519(key) => key.derive_address(),
        MultisigMemberPublicKey::Secp256k1(key) => key.derive_address(),
        MultisigMemberPublicKey::Secp256r1(key) => key.derive_address(),
        // A simple key pair holds one of the three schemes above.
        _ => unreachable!("a simple key pair has a simple public key"),
    }
}

fn check_alias(alias: &str) -> Result<(), KeystoreError> {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if (1..=64).contains(&alias.len()) && alias.chars().all(legal) && !alias.starts_with("0x") {
        Ok(())
    } else {
        Err(KeystoreError::BadAlias {
            alias: alias.to_owned(),
        })
    }
}

fn to_json<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("strings and maps of strings encode");
    bytes.push(b'\n');
    bytes
}

/// Reads a JSON file, `None` if there is none.
pub(crate) fn read_json<T: for<'de> Deserialize<'de>>(
    path: &Path,
) -> Result<Option<T>, KeystoreError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(KeystoreError::Io {
                action: "read",
                path: path.to_owned(),
                source,
            });
        }
    };
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|error| KeystoreError::Corrupt {
            path: path.to_owned(),
            reason: error.to_string(),
        })
}

/// Makes a folder that only its owner can enter.
pub(crate) fn create_private_folder(folder: &Path) -> Result<(), KeystoreError> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|source| KeystoreError::Io {
            action: "create",
            path: folder.to_owned(),
            source,
        })
}

/// Writes a file that only its owner can read, all of it or nothing.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), KeystoreError> {
    use std::os::unix::fs::OpenOptionsExt;
    let io = |action| {
        move |source| KeystoreError::Io {
            action,
            path: path.to_owned(),
            source,
        }
    };
    let temporary = path.with_extension(format!("tmp{}", std::process::id()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&temporary)
        .map_err(io("write"))?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(io("write"))?;
    fs::rename(&temporary, path).map_err(io("replace"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use sui_crypto::ed25519::Ed25519PrivateKey;

    fn keypair(seed: u8) -> SimpleKeypair {
        SimpleKeypair::from(Ed25519PrivateKey::new([seed; 32]))
    }

    #[test]
    fn keys_survive_a_reopen_with_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let mut keystore = Keystore::open(folder.path()).unwrap();
        let first = keystore.add(keypair(1), None).unwrap();
        keystore.add(keypair(2), Some("shop".into())).unwrap();
        let keystore = Keystore::open(folder.path()).unwrap();
        assert_eq!(keystore.keys().len(), 2);
        assert_eq!(keystore.find("key-0").unwrap().address, first.address);
        assert_eq!(keystore.find("shop").unwrap().alias, "shop");
        assert_eq!(
            keystore.find(&first.address.to_string()).unwrap().alias,
            "key-0"
        );
    }

    #[test]
    fn files_are_for_the_owner_alone() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("config");
        Keystore::open(&folder)
            .unwrap()
            .add(keypair(1), None)
            .unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join(KEYS_FILE)), 0o600);
        assert_eq!(mode(&folder.join(ALIASES_FILE)), 0o600);
    }

    #[test]
    fn refusals() {
        let folder = tempfile::tempdir().unwrap();
        let mut keystore = Keystore::open(folder.path()).unwrap();
        keystore.add(keypair(1), Some("a".into())).unwrap();
        for (keypair, alias, expected) in [
            (keypair(1), Some("b"), "is here already"),
            (keypair(2), Some("a"), "already belongs"),
            (keypair(2), Some("0xabc"), "cannot be a name"),
            (keypair(2), Some(""), "cannot be a name"),
        ] {
            let error = keystore.add(keypair, alias.map(Into::into)).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
        assert!(keystore.find("nobody").is_err());
        fs::write(folder.path().join(KEYS_FILE), b"[\"AAAA\"]").unwrap();
        assert!(matches!(
            Keystore::open(folder.path()),
            Err(KeystoreError::Corrupt { .. })
        ));
    }
}
