//! What the values of the columns decode to.

use heddle_objects::{Ownership, object};
use serde::{Deserialize, Serialize};
use sui_sdk_types::{Address, Digest, Object, ObjectReference, Owner, StructTag, TypeTag};

macro_rules! number {
    ($(#[doc = $doc:literal])+ $name:ident) => {
        $(#[doc = $doc])+
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub struct $name(pub u64);

        impl $name {
            /// The number after this one.
            ///
            /// # Panics
            /// After 2⁶⁴ − 1, which no network reaches.
            #[must_use]
            pub fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

number! {
    /// In which order this node executed a transaction, counted from 0. Each
    /// node has its own; a transaction's inputs always have lower numbers.
    ExecutionSequence
}

number! {
    /// A transaction's place in the chain of checkpoints, counted from 0. The
    /// same on every node.
    LedgerPosition
}

/// How an object stopped being live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Removal {
    /// It is gone for good.
    Deleted,
    /// It is inside another object now and may come back.
    Wrapped,
}

/// One version of an object in [`crate::Column::Objects`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every entry is an object, so a box would only cost an allocation"
)]
pub(crate) enum ObjectEntry {
    Object(Object),
    Removed(Removal),
}

/// As [`ObjectEntry`], borrowed for writing.
#[derive(Serialize)]
pub(crate) enum ObjectEntryRef<'a> {
    Object(&'a Object),
    Removed(Removal),
}

/// What the store knows of an object id now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every record is live, so a box would only cost an allocation"
)]
pub enum LiveRecord {
    /// It is live.
    Live(LiveObject),
    /// It was live once and is not now. For a shared object that transactions
    /// still name, `version` goes on growing with each of them.
    Removed {
        /// The version at which it was removed or last named.
        version: u64,
        /// How it was removed.
        removal: Removal,
    },
}

impl LiveRecord {
    /// The newest version, removal included: the one that the next shared use
    /// of the object is assigned.
    pub fn version(&self) -> u64 {
        match self {
            LiveRecord::Live(live) => live.version,
            LiveRecord::Removed { version, .. } => *version,
        }
    }

    /// The live object, `None` if it was removed.
    pub fn live(&self) -> Option<&LiveObject> {
        match self {
            LiveRecord::Live(live) => Some(live),
            LiveRecord::Removed { .. } => None,
        }
    }
}

/// The facts of a live object by which indexes are kept, without its contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveObject {
    /// The live version.
    pub version: u64,
    /// Digest of the object at that version.
    pub digest: Digest,
    /// Who may use it.
    pub owner: Owner,
    /// What it is.
    pub kind: ObjectKind,
}

/// What a live object is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ObjectKind {
    /// A package.
    Package,
    /// A Move value.
    Struct {
        /// Its type.
        tag: StructTag,
        /// Its balance, if it is a coin.
        balance: Option<u64>,
    },
}

impl LiveObject {
    pub(crate) fn of(object: &Object, digest: Digest) -> Self {
        LiveObject {
            version: object.version(),
            digest,
            owner: *object.owner(),
            kind: match object::struct_tag(object) {
                None => ObjectKind::Package,
                Some(tag) => ObjectKind::Struct {
                    tag: tag.clone(),
                    balance: object::coin_balance(object),
                },
            },
        }
    }

    /// Its reference.
    pub fn reference(&self, id: Address) -> ObjectReference {
        ObjectReference::new(id, self.version, self.digest)
    }

    /// Its type, `None` for a package.
    pub fn tag(&self) -> Option<&StructTag> {
        match &self.kind {
            ObjectKind::Package => None,
            ObjectKind::Struct { tag, .. } => Some(tag),
        }
    }

    /// The type and balance of a coin that an address owns.
    pub(crate) fn owned_coin(&self) -> Option<OwnedCoin<'_>> {
        let owner = Ownership::of(&self.owner)?.address()?;
        let ObjectKind::Struct {
            tag,
            balance: Some(balance),
        } = &self.kind
        else {
            return None;
        };
        Some(OwnedCoin {
            owner,
            coin_type: tag.is_coin()?,
            balance: *balance,
        })
    }
}

/// A coin that an address owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OwnedCoin<'a> {
    pub(crate) owner: Address,
    pub(crate) coin_type: &'a TypeTag,
    pub(crate) balance: u64,
}

/// All coins of one type that one address owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceRecord {
    /// The coin type `T` of `Coin<T>`.
    pub coin_type: TypeTag,
    /// Sum of their balances, in the smallest unit.
    pub total: u128,
    /// How many coins there are.
    pub coins: u64,
}

/// Where a transaction stands in the chain of checkpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionLocation {
    /// Sequence number of the checkpoint.
    pub checkpoint: u64,
    /// Index in the checkpoint's contents.
    pub index: u32,
    /// Place in the whole chain.
    pub position: LedgerPosition,
}

/// The identity of the network that a store belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainIdentity {
    /// The chain id: digest of the genesis checkpoint's summary.
    pub chain_id: Digest,
    /// Digest of the genesis transaction.
    pub genesis_transaction: Digest,
}

/// The last checkpoint of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointTip {
    /// Its sequence number.
    pub sequence: u64,
    /// Digest of its summary.
    pub digest: Digest,
    /// Transactions since genesis, this checkpoint included.
    pub total_transactions: u64,
    /// The first execution sequence number that may be in no checkpoint yet.
    pub executed_end: ExecutionSequence,
}
