//! A network for this crate's tests: real store, threads and paths, with an
//! executor that needs no VM.
//!
//! [`TestExecutor`] understands two things: it gives the owned inputs of a
//! transfer to the recipient, and it adds one to every counter that is shared
//! mutably. Like the real one it is a pure function of the request and the
//! objects that it names.

use crate::{
    NodeConfig, Receipt, StartError, SubmitError,
    core::{Core, Opened},
    data_dir::DataDir,
    engine::TransactionExecutor,
    genesis,
    sequencer::{CommitMark, CommitSink, Sequencer},
    test_transactions::keypair,
    validator_key::ValidatorKey,
};
use heddle_adapter::{ExecuteError, GenesisState};
use heddle_objects::{
    CLOCK_ID, DeclaredInputs, ExecutionOutput, ExecutionRequest, GENESIS_VERSION, ObjectRead,
    SharedVersion, WrittenObject, object::coin_balance,
};
use heddle_store::Durability as StoreDurability;
use std::{path::Path, sync::Arc};
use sui_crypto::{SuiSigner, ed25519::Ed25519PrivateKey};
use sui_sdk_types::{
    Address, ChangedObject, Digest, ExecutionError, ExecutionStatus, GasCostSummary, GasPayment,
    GenesisTransaction, IdOperation, Identifier, Input, MoveStruct, Object, ObjectData, ObjectIn,
    ObjectOut, ObjectReference, Owner, SignedTransaction, StructTag, Transaction,
    TransactionEffects, TransactionEffectsV2, TransactionExpiration, TransactionKind,
    UnchangedConsensusKind, UnchangedConsensusObject,
};

/// What every transaction costs.
const FEE: u64 = 1_000_000;
/// What every coin holds at genesis.
pub(crate) const COIN_BALANCE: u64 = 1_000_000_000_000;

/// A pure argument that makes a transaction delete the shared objects that it
/// names first.
pub(crate) const DELETE: &[u8] = b"delete";

/// A pure asset transfer machine.
pub(crate) struct TestExecutor;

impl TransactionExecutor for TestExecutor {
    fn execute(
        &self,
        request: &ExecutionRequest,
        state: &dyn ObjectRead,
    ) -> Result<ExecutionOutput, ExecuteError> {
        let transaction = &request.transaction;
        let declared = DeclaredInputs::of(transaction)?;
        let lamport = declared.lamport_version(&request.shared_versions);
        let read = |id: &Address, version| {
            state
                .at_version(id, version)?
                .ok_or(ExecuteError::MissingInput { id: *id, version })
        };
        let gas: Vec<Address> = transaction
            .gas_payment
            .objects
            .iter()
            .map(|coin| *coin.object_id())
            .collect();
        let mut shared = Vec::new();
        let mut gone = Vec::new();
        for (index, assigned) in request.shared_versions.iter().enumerate() {
            let is_mutable = declared
                .shared
                .get(index)
                .is_none_or(|(_, _, mutable)| *mutable);
            match state.at_version(&assigned.object_id, assigned.version)? {
                Some(object) => shared.push((object, is_mutable)),
                None => gone.push((*assigned, is_mutable)),
            }
        }
        let fails = !gone.is_empty();
        let mut changes = Changes::new(request.digest, lamport);
        for reference in &declared.owned {
            let object = read(reference.object_id(), reference.version())?;
            if gas.contains(reference.object_id()) {
                let balance = coin_balance(&object).expect("admission lets only coins pay");
                changes.write(&object, *object.owner(), Some(balance - FEE));
            } else if let Owner::Address(owner) = object.owner() {
                let new_owner = if fails {
                    *owner
                } else {
                    recipient(transaction)
                };
                changes.write(&object, Owner::Address(new_owner), None);
            }
        }
        let mut deletes = !fails && has_pure(transaction, DELETE);
        for (object, is_mutable) in shared {
            if !is_mutable {
                changes.read(&object);
            } else if std::mem::take(&mut deletes) {
                changes.delete(&object);
            } else {
                let step = u64::from(!fails);
                changes.write(&object, *object.owner(), Some(number(&object) + step));
            }
        }
        for (assigned, is_mutable) in gone {
            changes.miss(assigned, is_mutable);
        }
        let gas_object = gas.first().copied();
        Ok(changes.into_output(gas_object, request.epoch.epoch))
    }
}

fn has_pure(transaction: &Transaction, wanted: &[u8]) -> bool {
    match &transaction.kind {
        TransactionKind::ProgrammableTransaction(commands) => commands
            .inputs
            .iter()
            .any(|input| matches!(input, Input::Pure(bytes) if bytes == wanted)),
        _ => false,
    }
}

fn recipient(transaction: &Transaction) -> Address {
    let TransactionKind::ProgrammableTransaction(commands) = &transaction.kind else {
        return Address::ZERO;
    };
    commands
        .inputs
        .iter()
        .find_map(|input| match input {
            Input::Pure(bytes) => Address::from_bytes(bytes).ok(),
            _ => None,
        })
        .unwrap_or(Address::ZERO)
}

/// The number after an object's id: a coin's balance, a counter's value.
pub(crate) fn number(object: &Object) -> u64 {
    let contents = object.as_struct().expect("no package").contents();
    u64::from_le_bytes(contents[32..40].try_into().expect("eight bytes"))
}

/// Effects in the making.
struct Changes {
    digest: Digest,
    lamport: u64,
    written: Vec<Object>,
    changed: Vec<ChangedObject>,
    removed: Vec<Address>,
    unchanged: Vec<UnchangedConsensusObject>,
    status: ExecutionStatus,
}

impl Changes {
    fn new(digest: Digest, lamport: u64) -> Self {
        Changes {
            digest,
            lamport,
            written: Vec::new(),
            changed: Vec::new(),
            removed: Vec::new(),
            unchanged: Vec::new(),
            status: ExecutionStatus::Success,
        }
    }

    fn write(&mut self, before: &Object, owner: Owner, new_number: Option<u64>) {
        let value = before.as_struct().expect("no package");
        let mut contents = value.contents().to_vec();
        if let Some(number) = new_number {
            contents[32..40].copy_from_slice(&number.to_le_bytes());
        }
        self.push(
            value.object_type().clone(),
            contents,
            owner,
            existing(before),
        );
    }

    fn delete(&mut self, before: &Object) {
        self.removed.push(before.object_id());
        self.changed.push(ChangedObject {
            object_id: before.object_id(),
            input_state: existing(before),
            output_state: ObjectOut::NotExist,
            id_operation: IdOperation::Deleted,
        });
    }

    fn miss(&mut self, assigned: SharedVersion, is_mutable: bool) {
        self.status = ExecutionStatus::Failure {
            error: ExecutionError::InputObjectDeleted,
            command: None,
        };
        let version = assigned.version;
        self.unchanged.push(UnchangedConsensusObject {
            object_id: assigned.object_id,
            kind: match is_mutable {
                true => UnchangedConsensusKind::MutateDeleted { version },
                false => UnchangedConsensusKind::ReadDeleted { version },
            },
        });
    }

    fn push(&mut self, tag: StructTag, contents: Vec<u8>, owner: Owner, input_state: ObjectIn) {
        let value = MoveStruct::new(tag, true, self.lamport, contents).expect("begins with an id");
        let object = Object::new(ObjectData::Struct(value), owner, self.digest, 0);
        let id_operation = match input_state {
            ObjectIn::NotExist => IdOperation::Created,
            _ => IdOperation::None,
        };
        self.changed.push(ChangedObject {
            object_id: object.object_id(),
            input_state,
            output_state: ObjectOut::ObjectWrite {
                digest: object.digest(),
                owner,
            },
            id_operation,
        });
        self.written.push(object);
    }

    fn read(&mut self, object: &Object) {
        self.unchanged.push(UnchangedConsensusObject {
            object_id: object.object_id(),
            kind: UnchangedConsensusKind::ReadOnlyRoot {
                version: object.version(),
                digest: object.digest(),
            },
        });
    }

    fn into_output(mut self, gas_object: Option<Address>, epoch: u64) -> ExecutionOutput {
        self.changed.sort_by_key(|changed| changed.object_id);
        self.written.sort_by_key(Object::object_id);
        let position = |id| self.changed.iter().position(|c| c.object_id == id);
        let effects = TransactionEffects::V2(Box::new(TransactionEffectsV2 {
            status: self.status,
            epoch,
            gas_used: match gas_object {
                Some(_) => GasCostSummary::new(FEE, 0, 0, 0),
                None => GasCostSummary::default(),
            },
            transaction_digest: self.digest,
            gas_object_index: gas_object
                .and_then(position)
                .and_then(|index| u32::try_from(index).ok()),
            events_digest: None,
            dependencies: vec![],
            lamport_version: self.lamport,
            changed_objects: self.changed,
            unchanged_consensus_objects: self.unchanged,
            auxiliary_data_digest: None,
        }));
        ExecutionOutput {
            effects_digest: effects.digest(),
            effects,
            events: None,
            written: self
                .written
                .into_iter()
                .map(|object| WrittenObject {
                    object: Arc::new(object),
                })
                .collect(),
            removed: self.removed,
            lamport_version: self.lamport,
            loaded_children: vec![],
            failure_detail: None,
        }
    }
}

fn existing(object: &Object) -> ObjectIn {
    ObjectIn::Exist {
        version: object.version(),
        digest: object.digest(),
        owner: *object.owner(),
    }
}

/// An account of the test network.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) key: Ed25519PrivateKey,
    pub(crate) address: Address,
}

/// The account with this number.
pub(crate) fn account(number: u8) -> Account {
    let key = keypair(number);
    Account {
        address: key.public_key().derive_address(),
        key,
    }
}

impl Account {
    /// Signs for this account alone.
    pub(crate) fn sign(&self, transaction: Transaction) -> SignedTransaction {
        let signature = self.key.sign_transaction(&transaction).expect("signs");
        SignedTransaction {
            transaction,
            signatures: vec![signature],
        }
    }
}

/// How many coins each account has at genesis.
pub(crate) const COINS: u8 = 4;

/// Which of an account's coins holds less than a budget.
pub(crate) const SMALL_COIN: u8 = 3;

/// The id of an account's coin.
pub(crate) fn coin_id(account: u8, coin: u8) -> Address {
    let mut id = [7; 32];
    id[0] = account;
    id[1] = coin;
    // Spread over shards, as hashes are.
    id[31] = account.wrapping_mul(31).wrapping_add(coin);
    Address::new(id)
}

/// The id of a shared counter.
pub(crate) fn counter_id(number: u8) -> Address {
    let mut id = [0xc0; 32];
    id[31] = number;
    Address::new(id)
}

/// An object that nobody can change.
pub(crate) const FROZEN_ID: Address = Address::from_static("0xf0");

/// The id of an object that an account uses through consensus.
pub(crate) fn consensus_owned_id(account: u8) -> Address {
    let mut id = [0xca; 32];
    id[31] = account;
    Address::new(id)
}

/// What a test network begins with: accounts 0 to `accounts` − 1 with
/// [`COINS`] coins each, `counters` shared counters, a frozen object, the clock.
fn genesis_state(accounts: u8, counters: u8) -> GenesisState {
    let transaction = Transaction {
        kind: TransactionKind::Genesis(GenesisTransaction { objects: vec![] }),
        sender: Address::ZERO,
        gas_payment: GasPayment {
            objects: vec![],
            owner: Address::ZERO,
            price: 1,
            budget: 0,
        },
        expiration: TransactionExpiration::None,
    };
    let mut changes = Changes::new(transaction.digest(), GENESIS_VERSION);
    let mut create = |tag: StructTag, id: Address, number: u64, owner| {
        let mut contents = id.as_bytes().to_vec();
        contents.extend_from_slice(&number.to_le_bytes());
        changes.push(tag, contents, owner, ObjectIn::NotExist);
    };
    let shared = Owner::Shared(GENESIS_VERSION);
    for number in 0..accounts {
        for coin in 0..COINS {
            let owner = Owner::Address(account(number).address);
            let balance = match coin {
                SMALL_COIN => FEE,
                _ => COIN_BALANCE,
            };
            create(StructTag::gas_coin(), coin_id(number, coin), balance, owner);
        }
    }
    for number in 0..counters {
        create(counter_tag(), counter_id(number), 0, shared);
    }
    for number in 0..accounts {
        let owner = Owner::ConsensusAddress {
            start_version: GENESIS_VERSION,
            owner: account(number).address,
        };
        create(counter_tag(), consensus_owned_id(number), 0, owner);
    }
    create(counter_tag(), FROZEN_ID, 0, Owner::Immutable);
    create(counter_tag(), CLOCK_ID, 0, shared);
    GenesisState {
        digest: transaction.digest(),
        transaction,
        output: changes.into_output(None, 0),
    }
}

fn counter_tag() -> StructTag {
    StructTag::new(
        Address::from_static("0x99"),
        Identifier::from_static("counter"),
        Identifier::from_static("Counter"),
        vec![],
    )
}

/// Opens a directory, with a genesis of [`genesis_state`] if it is empty.
pub(crate) fn open(path: &Path, accounts: u8, counters: u8) -> Result<Opened, StartError> {
    let data_dir = DataDir::take(path)?;
    let key = Arc::new(ValidatorKey::load_or_create(&data_dir.key_path())?);
    let store = data_dir.open_store(StoreDurability::Process)?;
    if store.chain().expect("readable").is_none() {
        let state = genesis_state(accounts, counters);
        genesis::commit(state, 1_000, 1_000, &key, &store, &data_dir)?;
    }
    genesis::check_validator(&key, &store, &data_dir)?;
    let epoch = store.epoch().expect("readable").expect("genesis set it");
    Ok(Opened {
        data_dir,
        key,
        store: Arc::new(store),
        epoch,
    })
}

/// A running test network in a temporary directory.
pub(crate) struct TestNetwork {
    pub(crate) directory: tempfile::TempDir,
    pub(crate) config: NodeConfig,
    core: Option<Core>,
    accounts: u8,
    counters: u8,
    executor: Arc<dyn TransactionExecutor>,
}

impl TestNetwork {
    pub(crate) fn start(accounts: u8, counters: u8, threads: usize) -> Self {
        Self::start_with(accounts, counters, threads, Arc::new(TestExecutor))
    }

    pub(crate) fn start_with(
        accounts: u8,
        counters: u8,
        threads: usize,
        executor: Arc<dyn TransactionExecutor>,
    ) -> Self {
        let mut network = Self::stopped(accounts, counters, threads, executor);
        network.reopen();
        network
    }

    /// A network with another sequencer.
    pub(crate) fn start_sequenced(
        accounts: u8,
        counters: u8,
        make_sequencer: impl Fn(Arc<dyn CommitSink>, CommitMark) -> std::io::Result<Box<dyn Sequencer>>,
    ) -> Self {
        let mut network = Self::stopped(accounts, counters, 2, Arc::new(TestExecutor));
        let opened = network.open();
        let executor = network.executor.clone();
        let core = Core::start_sequenced(&network.config, opened, executor, &make_sequencer);
        network.core = Some(core.expect("it starts"));
        network
    }

    fn stopped(
        accounts: u8,
        counters: u8,
        threads: usize,
        executor: Arc<dyn TransactionExecutor>,
    ) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut config = NodeConfig::new(directory.path());
        config.threads = threads;
        TestNetwork {
            directory,
            config,
            core: None,
            accounts,
            counters,
            executor,
        }
    }

    fn open(&self) -> Opened {
        open(self.directory.path(), self.accounts, self.counters).expect("the directory opens")
    }

    /// Starts on what is in the directory.
    pub(crate) fn reopen(&mut self) {
        let opened = self.open();
        let core = Core::start(&self.config, opened, self.executor.clone()).expect("it starts");
        self.core = Some(core);
    }

    /// Stops in order and starts again.
    pub(crate) fn restart(&mut self) {
        self.core = None;
        self.reopen();
    }

    /// Stops without writing anything more, and starts again.
    pub(crate) fn crash(&mut self) {
        let core = self.core.take().expect("running");
        core.engine.fail(crate::FatalError::Invariant {
            reason: "the test pulls the plug".to_owned(),
        });
        drop(core);
        self.reopen();
    }

    pub(crate) fn core(&self) -> &Core {
        self.core.as_ref().expect("running")
    }

    /// Submits and waits.
    pub(crate) fn submit(&self, signed: SignedTransaction) -> Result<Arc<Receipt>, SubmitError> {
        block_on(self.core().submit(signed))
    }

    /// The newest version of an object.
    pub(crate) fn object(&self, id: &Address) -> Arc<Object> {
        self.core()
            .engine
            .cache
            .latest(id)
            .expect("readable")
            .expect("live")
    }

    /// The reference of an account's coin.
    pub(crate) fn coin(&self, account: u8, coin: u8) -> ObjectReference {
        self.reference(&coin_id(account, coin))
    }

    /// The reference of the newest version.
    pub(crate) fn reference(&self, id: &Address) -> ObjectReference {
        let object = self.object(id);
        ObjectReference::new(*id, object.version(), object.digest())
    }
}

/// Runs a future on this thread.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
        .block_on(future)
}
