//! Transactions of the system. They pay nothing and can't fail.

use crate::ExecuteError;
use crate::changes::{Body, Changes, Draft};
use crate::effects::{Built, Frame, build};
use crate::inputs::Inputs;
use crate::settlement::settle_unmetered;
use heddle_objects::{CLOCK_ID, ExecutionOutput, ExecutionRequest, GENESIS_VERSION, ObjectRead};
use std::collections::BTreeSet;
use sui_sdk_types::{Address, ConsensusCommitPrologueV4, GenesisTransaction, ObjectData};

/// Writes every object that a genesis transaction carries.
pub(crate) fn genesis(
    request: &ExecutionRequest,
    genesis: &GenesisTransaction,
) -> Result<ExecutionOutput, ExecuteError> {
    let mut changes = Changes::default();
    for object in &genesis.objects {
        let body = match object.data() {
            ObjectData::Struct(value) => Body::Struct {
                type_: value.object_type().clone(),
                has_public_transfer: value.has_public_transfer(),
                contents: value.contents().to_vec(),
            },
            ObjectData::Package(package) => Body::Package(Box::new(package.clone())),
        };
        let draft = Draft {
            body,
            owner: *object.owner(),
        };
        changes.created.insert(object.object_id());
        changes.written.insert(object.object_id(), draft);
    }
    let inputs = Inputs {
        lamport_version: GENESIS_VERSION,
        ..Inputs::default()
    };
    output(request, &inputs, changes)
}

/// Sets the clock to the commit's time; it never goes back.
pub(crate) fn consensus_commit_prologue(
    request: &ExecutionRequest,
    prologue: &ConsensusCommitPrologueV4,
    store: &dyn ObjectRead,
) -> Result<ExecutionOutput, ExecuteError> {
    let version = request
        .shared_versions
        .iter()
        .find(|shared| shared.object_id == CLOCK_ID)
        .map(|shared| shared.version)
        .ok_or(ExecuteError::MissingSharedVersion { id: CLOCK_ID })?;
    let mut inputs = Inputs {
        lamport_version: version.saturating_add(1),
        ..Inputs::default()
    };
    inputs.load_shared(CLOCK_ID, GENESIS_VERSION, version, true, store)?;
    let mut changes = Changes::of_inputs(&inputs);
    match changes
        .written
        .get_mut(&CLOCK_ID)
        .map(|draft| &mut draft.body)
    {
        Some(Body::Struct { contents, .. }) => set_clock(contents, prologue.commit_timestamp_ms)?,
        _ => {
            return Err(ExecuteError::MissingInput {
                id: CLOCK_ID,
                version,
            });
        }
    }
    output(request, &inputs, changes)
}

/// `0x2::clock::Clock { id: UID, timestamp_ms: u64 }`.
pub(crate) fn set_clock(contents: &mut [u8], timestamp_ms: u64) -> Result<(), ExecuteError> {
    let reading: &mut [u8; 8] = contents
        .get_mut(Address::LENGTH..)
        .and_then(|rest| rest.try_into().ok())
        .ok_or_else(|| ExecuteError::Invariant {
            reason: "the clock has not the layout of one".into(),
        })?;
    let before = u64::from_le_bytes(*reading);
    *reading = before.max(timestamp_ms).to_le_bytes();
    Ok(())
}

fn output(
    request: &ExecutionRequest,
    inputs: &Inputs,
    changes: Changes,
) -> Result<ExecutionOutput, ExecuteError> {
    let frame = Frame {
        transaction_digest: request.digest,
        epoch: request.epoch.epoch,
        inputs,
        gas_coin: None,
        package_dependencies: &BTreeSet::new(),
    };
    match build(&frame, settle_unmetered(changes, None))? {
        Built::Output(output) => Ok(*output),
        Built::TooLarge(size) => Err(ExecuteError::Invariant {
            reason: format!("effects of a transaction of the system take {size} bytes"),
        }),
    }
}
