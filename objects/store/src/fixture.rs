//! A small world for tests: builds transactions with consistent effects,
//! objects and checkpoints, and remembers what the store should then say.

use crate::{CommitEntry, ExecutionSequence, NewCheckpoint, Removal};
use heddle_objects::{ExecutedTransaction, ExecutionOutput, WrittenObject};
use std::{collections::BTreeMap, sync::Arc};
use sui_sdk_types::{
    Address, Bitmap, Bls12381Signature, ChangedObject, CheckpointContents, CheckpointSummary,
    CheckpointTransactionInfo, Digest, Event, ExecutionStatus, GasCostSummary, GasPayment,
    IdOperation, Identifier, MovePackage, MoveStruct, Object, ObjectData, ObjectIn, ObjectOut,
    Owner, ProgrammableTransaction, SignedCheckpointSummary, SignedTransaction, StructTag,
    Transaction, TransactionEffects, TransactionEffectsV2, TransactionEvents,
    TransactionExpiration, TransactionKind, TypeTag, UnchangedConsensusKind,
    UnchangedConsensusObject, ValidatorAggregatedSignature,
};

/// What a transaction does to one object.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// Makes, or brings back from inside another object, a Move value.
    Put {
        id: Address,
        tag: StructTag,
        owner: Owner,
        /// Contents after the id.
        tail: Vec<u8>,
    },
    /// Makes a package with this version; its object is `id`.
    Publish { id: Address, version: u64 },
    /// Makes an id that the same transaction wraps into another object.
    MakeWrapped { id: Address },
    /// Takes an object away.
    Remove { id: Address, removal: Removal },
    /// Names a shared object that is gone.
    NameRemoved { id: Address },
}

/// All versions of an object, `None` for a removal.
pub(crate) type History = Vec<(u64, Option<Arc<Object>>)>;

/// What the store should say.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) histories: BTreeMap<Address, History>,
    pub(crate) executed: Vec<Arc<ExecutedTransaction>>,
    tip: Option<(u64, Digest, u64)>,
}

pub(crate) fn address(number: u64) -> Address {
    let mut bytes = [0; Address::LENGTH];
    bytes[Address::LENGTH - 8..].copy_from_slice(&number.to_be_bytes());
    Address::new(bytes)
}

pub(crate) fn name(text: &str) -> Identifier {
    Identifier::new(text).unwrap()
}

pub(crate) fn plain_tag() -> StructTag {
    StructTag::new(address(0xabc), name("thing"), name("Thing"), vec![])
}

pub(crate) fn other_coin() -> TypeTag {
    StructTag::new(address(0xabc), name("gold"), name("GOLD"), vec![]).into()
}

/// A coin of the native type.
pub(crate) fn coin(id: u64, owner: u64, balance: u64) -> Change {
    put(
        id,
        StructTag::gas_coin(),
        Owner::Address(address(owner)),
        balance,
    )
}

/// A value whose contents are its id and a number.
pub(crate) fn put(id: u64, tag: StructTag, owner: Owner, number: u64) -> Change {
    Change::Put {
        id: address(id),
        tag,
        owner,
        tail: number.to_le_bytes().to_vec(),
    }
}

pub(crate) fn remove(id: u64, removal: Removal) -> Change {
    Change::Remove {
        id: address(id),
        removal,
    }
}

impl World {
    /// The live version of an object.
    pub(crate) fn live(&self, id: &Address) -> Option<&Arc<Object>> {
        self.histories.get(id)?.last()?.1.as_ref()
    }

    /// All live objects.
    pub(crate) fn all_live(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.histories
            .values()
            .filter_map(|history| history.last()?.1.as_ref())
    }

    fn newest(&self, id: &Address) -> u64 {
        self.histories
            .get(id)
            .and_then(|history| history.last())
            .map_or(0, |(version, _)| *version)
    }

    /// Executes a transaction with these changes, one per id.
    pub(crate) fn execute(&mut self, sender: u64, changes: &[Change]) -> CommitEntry {
        let number = self.executed.len() as u64;
        let transaction = transaction(address(sender), number);
        let digest = transaction.transaction.digest();
        let lamport_version = 1 + changes
            .iter()
            .map(|change| self.newest(&change.id()))
            .max()
            .unwrap_or(0);
        let mut effects = TransactionEffectsV2 {
            status: ExecutionStatus::Success,
            epoch: 0,
            gas_used: GasCostSummary::new(0, 0, 0, 0),
            transaction_digest: digest,
            gas_object_index: None,
            events_digest: None,
            dependencies: vec![],
            lamport_version,
            changed_objects: vec![],
            unchanged_consensus_objects: vec![],
            auxiliary_data_digest: None,
        };
        let (mut written, mut removed) = (Vec::new(), Vec::new());
        let mut changes: Vec<&Change> = changes.iter().collect();
        changes.sort_by_key(|change| change.id());
        for change in changes {
            let id = change.id();
            let object = change.object(lamport_version, digest).map(Arc::new);
            if let Change::NameRemoved { .. } = change {
                effects
                    .unchanged_consensus_objects
                    .push(UnchangedConsensusObject {
                        object_id: id,
                        kind: UnchangedConsensusKind::MutateDeleted {
                            version: self.newest(&id),
                        },
                    });
            } else {
                effects
                    .changed_objects
                    .push(self.changed(change, object.as_deref()));
            }
            match &object {
                Some(object) => written.push(WrittenObject {
                    object: Arc::clone(object),
                }),
                None if matches!(change, Change::Remove { .. }) => removed.push(id),
                None => {}
            }
            if let Change::MakeWrapped { .. } = change {
                continue;
            }
            let version = object.as_ref().map_or(lamport_version, |o| o.version());
            self.histories
                .entry(id)
                .or_default()
                .push((version, object));
        }
        let events = events(number, address(sender));
        effects.events_digest = Some(events.digest());
        let effects = TransactionEffects::V2(Box::new(effects));
        let output = ExecutionOutput {
            effects_digest: effects.digest(),
            effects,
            events: Some(events),
            written,
            removed,
            lamport_version,
            loaded_children: vec![],
            failure_detail: None,
        };
        let entry = CommitEntry::new(digest, transaction, output);
        self.executed.push(Arc::clone(&entry.executed));
        entry
    }

    fn changed(&self, change: &Change, object: Option<&Object>) -> ChangedObject {
        let id = change.id();
        let input_state = match self.live(&id) {
            None => ObjectIn::NotExist,
            Some(old) => ObjectIn::Exist {
                version: old.version(),
                digest: old.digest(),
                owner: *old.owner(),
            },
        };
        let output_state = match object {
            None => ObjectOut::NotExist,
            Some(object) if object.as_struct().is_none() => ObjectOut::PackageWrite {
                version: object.version(),
                digest: object.digest(),
            },
            Some(object) => ObjectOut::ObjectWrite {
                digest: object.digest(),
                owner: *object.owner(),
            },
        };
        let id_operation = match change {
            Change::Remove {
                removal: Removal::Deleted,
                ..
            } => IdOperation::Deleted,
            Change::Remove { .. } => IdOperation::None,
            _ if self.histories.contains_key(&id) => IdOperation::None,
            _ => IdOperation::Created,
        };
        ChangedObject {
            object_id: id,
            input_state,
            output_state,
            id_operation,
        }
    }

    /// A checkpoint of the next `count` transactions.
    pub(crate) fn checkpoint(&mut self, count: usize) -> NewCheckpoint {
        let first = self.tip.map_or(0, |(_, _, total)| total);
        let start = usize::try_from(first).unwrap();
        let transactions = self.executed[start..start + count].to_vec();
        let contents = CheckpointContents::new_v1(
            transactions
                .iter()
                .map(|executed| {
                    CheckpointTransactionInfo::new(
                        executed.digest,
                        executed.effects_digest,
                        executed.transaction.signatures.clone(),
                    )
                })
                .collect(),
        );
        let total = first + count as u64;
        let checkpoint = CheckpointSummary {
            epoch: 0,
            sequence_number: self.tip.map_or(0, |(sequence, _, _)| sequence + 1),
            network_total_transactions: total,
            content_digest: contents.digest(),
            previous_digest: self.tip.map(|(_, digest, _)| digest),
            epoch_rolling_gas_cost_summary: GasCostSummary::new(0, 0, 0, 0),
            timestamp_ms: 1_000 * total,
            checkpoint_commitments: vec![],
            end_of_epoch_data: None,
            version_specific_data: vec![],
        };
        self.tip = Some((checkpoint.sequence_number, checkpoint.digest(), total));
        NewCheckpoint {
            summary: SignedCheckpointSummary {
                checkpoint,
                signature: ValidatorAggregatedSignature {
                    epoch: 0,
                    signature: Bls12381Signature::new([0; 48]),
                    bitmap: Bitmap::new(),
                },
            },
            contents,
            transactions,
            executed_end: ExecutionSequence(total),
        }
    }
}

impl Change {
    pub(crate) fn id(&self) -> Address {
        match self {
            Change::Put { id, .. }
            | Change::Publish { id, .. }
            | Change::MakeWrapped { id }
            | Change::Remove { id, .. }
            | Change::NameRemoved { id } => *id,
        }
    }

    fn object(&self, lamport_version: u64, digest: Digest) -> Option<Object> {
        let (data, owner) = match self {
            Change::Put {
                id,
                tag,
                owner,
                tail,
            } => {
                let contents = [id.as_bytes(), tail].concat();
                let value = MoveStruct::new(tag.clone(), true, lamport_version, contents)?;
                (ObjectData::Struct(value), *owner)
            }
            Change::Publish { id, version } => (
                ObjectData::Package(MovePackage {
                    id: *id,
                    version: *version,
                    modules: BTreeMap::from([(name("m"), vec![0; 8])]),
                    type_origin_table: vec![],
                    linkage_table: BTreeMap::new(),
                }),
                Owner::Immutable,
            ),
            Change::MakeWrapped { .. } | Change::Remove { .. } | Change::NameRemoved { .. } => {
                return None;
            }
        };
        Some(Object::new(data, owner, digest, 0))
    }
}

fn transaction(sender: Address, number: u64) -> SignedTransaction {
    SignedTransaction {
        transaction: Transaction {
            kind: TransactionKind::ProgrammableTransaction(ProgrammableTransaction {
                inputs: vec![],
                commands: vec![],
            }),
            sender,
            gas_payment: GasPayment {
                objects: vec![],
                owner: sender,
                price: 1_000,
                budget: number,
            },
            expiration: TransactionExpiration::None,
        },
        signatures: vec![],
    }
}

fn events(number: u64, sender: Address) -> TransactionEvents {
    TransactionEvents(vec![Event {
        package_id: address(0xeee),
        module: name("emitter"),
        sender,
        type_: StructTag::new(
            address(0xeee),
            name("events"),
            name(if number.is_multiple_of(2) {
                "Even"
            } else {
                "Odd"
            }),
            vec![TypeTag::U64],
        ),
        contents: number.to_le_bytes().to_vec(),
    }])
}
