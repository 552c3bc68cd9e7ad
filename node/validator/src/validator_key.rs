//! The validator's key: BLS12-381, as the public checkpoint format wants it.
//!
//! Kept in one file of the data directory, mode 0600: the secret scalar in
//! hexadecimal, one line. Made on the first start.

use crate::StartError;
use std::{
    fs::{File, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};
use sui_crypto::bls12381::Bls12381PrivateKey;
use sui_sdk_types::{
    Bitmap, Bls12381PublicKey, CheckpointSummary, SignedCheckpointSummary,
    ValidatorAggregatedSignature, ValidatorCommittee, ValidatorCommitteeMember,
};

/// Voting power of all validators together, in the public format's units.
const TOTAL_VOTING_POWER: u64 = 10_000;
/// Our index in the committee.
const MEMBER_INDEX: u32 = 0;

/// The key that signs checkpoints.
pub(crate) struct ValidatorKey {
    secret: Bls12381PrivateKey,
}

impl ValidatorKey {
    /// Reads the key file, or makes one.
    ///
    /// # Errors
    /// [`StartError::Key`] if the file holds no key, [`StartError::Permission`],
    /// [`StartError::DiskFull`] or [`StartError::File`] if it can't be used.
    pub(crate) fn load_or_create(path: &Path) -> Result<Self, StartError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(path, &text),
            Err(error) if error.kind() == ErrorKind::NotFound => Self::create(path),
            Err(error) => Err(file_error(path, &error)),
        }
    }

    fn parse(path: &Path, text: &str) -> Result<Self, StartError> {
        let damaged = |reason: String| StartError::Key {
            path: path.to_owned(),
            reason,
        };
        let mut bytes = [0; Bls12381PrivateKey::LENGTH];
        hex::decode_to_slice(text.trim(), &mut bytes)
            .map_err(|error| damaged(error.to_string()))?;
        let secret = Bls12381PrivateKey::new(bytes).map_err(|error| damaged(error.to_string()))?;
        let mode = std::fs::metadata(path)
            .map_err(|error| file_error(path, &error))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            tracing::warn!(path = %path.display(), "others can read the validator key; run chmod 600");
        }
        Ok(ValidatorKey { secret })
    }

    fn create(path: &Path) -> Result<Self, StartError> {
        let mut bytes: [u8; Bls12381PrivateKey::LENGTH] = rand::random();
        // Below the group's order, which begins with the bits 0111.
        bytes[0] &= 0x3f;
        let secret = Bls12381PrivateKey::new(bytes).map_err(|error| StartError::Key {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        write_secret(path, &hex::encode(bytes)).map_err(|error| file_error(path, &error))?;
        Ok(ValidatorKey { secret })
    }

    /// The public key.
    pub(crate) fn public_key(&self) -> Bls12381PublicKey {
        self.secret.public_key()
    }

    /// The committee that this validator forms alone.
    pub(crate) fn committee(&self, epoch: u64) -> ValidatorCommittee {
        ValidatorCommittee {
            epoch,
            members: vec![ValidatorCommitteeMember {
                public_key: self.public_key(),
                stake: TOTAL_VOTING_POWER,
            }],
        }
    }

    /// Signs a checkpoint's summary. One validator's signature is the
    /// aggregate of its committee.
    pub(crate) fn certify(&self, checkpoint: CheckpointSummary) -> SignedCheckpointSummary {
        let signature = self.secret.sign_checkpoint_summary(&checkpoint);
        let mut bitmap = Bitmap::new();
        bitmap.insert(MEMBER_INDEX);
        SignedCheckpointSummary {
            signature: ValidatorAggregatedSignature {
                epoch: checkpoint.epoch,
                signature: signature.signature,
                bitmap,
            },
            checkpoint,
        }
    }
}

/// Writes a file that only its owner can read. A crash leaves all of it or
/// nothing under its name.
fn write_secret(path: &Path, secret: &str) -> std::io::Result<()> {
    let temporary = path.with_extension("new");
    // A left-over of a crash may have any mode.
    match std::fs::remove_file(&temporary) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&temporary)?;
    writeln!(file, "{secret}")?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    match path.parent() {
        Some(directory) => File::open(directory)?.sync_all(),
        None => Ok(()),
    }
}

/// Sorts an error of the file system by what the operator can do about it.
pub(crate) fn file_error(path: &Path, error: &std::io::Error) -> StartError {
    let path = path.to_owned();
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            StartError::Permission { path }
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StartError::DiskFull { path },
        _ => StartError::File {
            path,
            reason: error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sui_crypto::bls12381::ValidatorCommitteeSignatureVerifier;
    use sui_sdk_types::{Digest, GasCostSummary};

    fn summary() -> CheckpointSummary {
        CheckpointSummary {
            epoch: 3,
            sequence_number: 7,
            network_total_transactions: 9,
            content_digest: Digest::new([1; 32]),
            previous_digest: Some(Digest::new([2; 32])),
            epoch_rolling_gas_cost_summary: GasCostSummary::default(),
            timestamp_ms: 4,
            checkpoint_commitments: vec![],
            end_of_epoch_data: None,
            version_specific_data: vec![],
        }
    }

    #[test]
    fn a_key_is_made_once_and_only_its_owner_reads_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("validator.key");
        let made = ValidatorKey::load_or_create(&path).expect("made");
        let read = ValidatorKey::load_or_create(&path).expect("read");
        assert_eq!(made.public_key(), read.public_key());
        let mode = std::fs::metadata(&path)
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_key_is_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("validator.key");
        for text in ["", "zz", "00", &"ff".repeat(32), &"00".repeat(32)] {
            std::fs::write(&path, text).expect("written");
            assert!(
                matches!(
                    ValidatorKey::load_or_create(&path),
                    Err(StartError::Key { .. })
                ),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_certified_summary_verifies_with_the_public_verifier() {
        let directory = tempfile::tempdir().expect("a directory");
        let key = ValidatorKey::load_or_create(&directory.path().join("k")).expect("made");
        let signed = key.certify(summary());
        let verifier = ValidatorCommitteeSignatureVerifier::new(key.committee(3)).expect("valid");
        verifier
            .verify_checkpoint_summary(&signed.checkpoint, &signed.signature)
            .expect("our own signature");
        let mut other = summary();
        other.timestamp_ms += 1;
        verifier
            .verify_checkpoint_summary(&other, &signed.signature)
            .expect_err("another summary");
    }
}
