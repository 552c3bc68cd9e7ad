//! The column families: what is stored where, in one table.
//!
//! All values are BCS. All numbers in keys are big-endian, so that a range
//! scan yields them in order. The names are part of the format: a renamed
//! column is another [`crate::FORMAT_VERSION`].

macro_rules! columns {
    ($( $(#[doc = $doc:literal])+ $variant:ident = $name:literal ),+ $(,)?) => {
        /// A column family.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Column { $( $(#[doc = $doc])+ $variant ),+ }

        impl Column {
            /// Every column family.
            pub const ALL: &'static [Column] = &[ $( Column::$variant ),+ ];

            /// Its name on disk and in metrics.
            pub const fn name(self) -> &'static str {
                match self { $( Column::$variant => $name ),+ }
            }
        }
    };
}

columns! {
    /// name → one of the store's own facts: chain, epoch, watermarks, commitment.
    Metadata = "metadata",
    /// name → bytes that the node keeps for itself, opaque to the store.
    NodeState = "node_state",
    /// object id ‖ version → the object, or that it was removed at this version.
    Objects = "objects",
    /// object id → what is live of it, or when it was removed.
    Live = "live",
    /// object id ‖ version → digest of the transaction that consumed this version.
    Consumers = "consumers",
    /// transaction digest → the signed transaction.
    Transactions = "transactions",
    /// transaction digest → its effects.
    Effects = "effects",
    /// transaction digest → its events, if it emitted any.
    Events = "events",
    /// execution sequence number → transaction digest.
    Executed = "executed",
    /// transaction digest → checkpoint, index in it, ledger position.
    Locations = "locations",
    /// ledger position → transaction digest.
    Ledger = "ledger",
    /// subject ‖ ledger position → nothing: who finds which transactions.
    LedgerIndex = "ledger_index",
    /// checkpoint sequence number → signed summary.
    CheckpointSummaries = "checkpoint_summaries",
    /// checkpoint sequence number → contents.
    CheckpointContents = "checkpoint_contents",
    /// summary digest → checkpoint sequence number.
    CheckpointDigests = "checkpoint_digests",
    /// owner ‖ type ‖ object id → nothing: live objects by owner.
    Owned = "owned",
    /// parent ‖ object id → nothing: live dynamic fields by parent.
    DynamicFields = "dynamic_fields",
    /// owner ‖ coin type → sum and number of coins.
    Balances = "balances",
    /// kind ‖ coin type → the object that describes or controls the coin type.
    CoinObjects = "coin_objects",
    /// original package id ‖ version → storage id.
    Packages = "packages",
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_distinct() {
        let names: BTreeSet<&str> = Column::ALL.iter().map(|column| column.name()).collect();
        assert_eq!(names.len(), Column::ALL.len());
    }
}
