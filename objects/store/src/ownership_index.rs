//! Live objects by owner, coins and balances by owner and type, dynamic fields
//! by parent, and the objects that describe a coin type.
//!
//! All follow from [`LiveObject`] alone: [`key`] says under which key an object
//! is found, and a commit replaces the key of the old version by that of the
//! new one. [`crate::Store::verify_integrity`] rebuilds them from
//! scratch and compares.

use crate::{
    BalanceRecord, Cursor, LiveObject, LiveRecord, ObjectKind, Page, Store, StoreError,
    column::Column, database::View, key,
};
use heddle_objects::Ownership;
use sui_sdk_types::{Address, Identifier, ObjectReference, StructTag, TypeTag};

/// Which types a listing of owned objects shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeFilter {
    address: Address,
    module: Identifier,
    name: Identifier,
    /// `None`: any type arguments.
    arguments: Option<Vec<TypeTag>>,
}

impl TypeFilter {
    /// This type with exactly these type arguments.
    pub fn exact(tag: &StructTag) -> Self {
        TypeFilter {
            address: *tag.address(),
            module: tag.module().clone(),
            name: tag.name().clone(),
            arguments: Some(tag.type_params().to_vec()),
        }
    }

    /// This type with any type arguments.
    pub fn any_arguments(tag: &StructTag) -> Self {
        TypeFilter {
            arguments: None,
            ..Self::exact(tag)
        }
    }

    /// What clients mean by a type in a filter: with type arguments exactly
    /// that, without any of them every instantiation.
    pub fn of(tag: &StructTag) -> Self {
        if tag.type_params().is_empty() {
            Self::any_arguments(tag)
        } else {
            Self::exact(tag)
        }
    }

    fn push_prefix(&self, prefix: &mut Vec<u8>) {
        prefix.extend_from_slice(self.address.as_bytes());
        key::push_name(prefix, self.module.as_str());
        key::push_name(prefix, self.name.as_str());
        if let Some(arguments) = &self.arguments {
            prefix.extend_from_slice(&key::type_arguments_hash(arguments));
        }
    }
}

/// A live object in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedObject {
    /// Its id.
    pub id: Address,
    /// What is known of it without its contents.
    pub live: LiveObject,
}

impl ListedObject {
    /// Its reference.
    pub fn reference(&self) -> ObjectReference {
        self.live.reference(self.id)
    }
}

/// A coin in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedCoin {
    /// The coin.
    pub reference: ObjectReference,
    /// Its balance, in the smallest unit.
    pub balance: u64,
    /// Whether the fast path takes it; otherwise it is owned through consensus.
    pub is_address_owned: bool,
}

/// What an object is to a coin type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoinObjectKind {
    /// `0x2::coin::CoinMetadata<T>`
    Metadata,
    /// `0x2::coin::TreasuryCap<T>`
    TreasuryCap,
    /// `0x2::coin::RegulatedCoinMetadata<T>`
    RegulatedMetadata,
    /// `0x2::coin_registry::Currency<T>`
    Currency,
}

impl CoinObjectKind {
    /// The kind of an object of this type, and its coin type.
    fn of(tag: &StructTag) -> Option<(Self, &TypeTag)> {
        if *tag.address() != Address::TWO {
            return None;
        }
        let kind = match (tag.module().as_str(), tag.name().as_str()) {
            ("coin", "CoinMetadata") => CoinObjectKind::Metadata,
            ("coin", "TreasuryCap") => CoinObjectKind::TreasuryCap,
            ("coin", "RegulatedCoinMetadata") => CoinObjectKind::RegulatedMetadata,
            ("coin_registry", "Currency") => CoinObjectKind::Currency,
            _ => return None,
        };
        match tag.type_params() {
            [coin_type] => Some((kind, coin_type)),
            _ => None,
        }
    }

    fn key(self, coin_type: &TypeTag) -> Vec<u8> {
        let kind: u8 = match self {
            CoinObjectKind::Metadata => 0,
            CoinObjectKind::TreasuryCap => 1,
            CoinObjectKind::RegulatedMetadata => 2,
            CoinObjectKind::Currency => 3,
        };
        let mut key = vec![kind];
        key.extend_from_slice(&key::coin_type_hash(coin_type));
        key
    }
}

/// The index and the key by which a live object is found, if it has an owner.
pub(crate) fn key(id: &Address, live: &LiveObject) -> Option<(Column, Vec<u8>)> {
    let ownership = Ownership::of(&live.owner)?;
    let tag = live.tag()?;
    if let Ownership::Parent(parent) = ownership {
        let key = key::pair(parent.inner(), id.inner()).to_vec();
        return Some((Column::DynamicFields, key));
    }
    let owner = ownership.address()?;
    Some((Column::Owned, key::owned(&owner, tag, id)))
}

/// The key in [`Column::CoinObjects`] that names this object, if it describes
/// or controls a coin type.
pub(crate) fn coin_object_key(live: &LiveObject) -> Option<Vec<u8>> {
    let (kind, coin_type) = CoinObjectKind::of(live.tag()?)?;
    Some(kind.key(coin_type))
}

impl Store {
    /// The live objects that an address owns, by type and then by id.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`], [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn owned_objects(
        &self,
        owner: &Address,
        filter: Option<&TypeFilter>,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<ListedObject>, StoreError> {
        let mut prefix = owner.as_bytes().to_vec();
        if let Some(filter) = filter {
            filter.push_prefix(&mut prefix);
        }
        let view = self.database.snapshot();
        view.page(Column::Owned, &prefix, after, limit, |key, _| {
            listed(&view, Column::Owned, key).map(Some)
        })
    }

    /// The coins of one type that an address owns, by id. To choose coins to
    /// pay with, go through the pages until enough is found.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`], [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn coins(
        &self,
        owner: &Address,
        coin_type: &TypeTag,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<ListedCoin>, StoreError> {
        let mut prefix = owner.as_bytes().to_vec();
        key::push_type(&mut prefix, &StructTag::coin(coin_type.clone()));
        let view = self.database.snapshot();
        view.page(Column::Owned, &prefix, after, limit, |key, _| {
            let found = listed(&view, Column::Owned, key)?;
            // A coin without a balance has contents of another layout; its
            // module does not make such.
            let ObjectKind::Struct {
                balance: Some(balance),
                ..
            } = found.live.kind
            else {
                return Ok(None);
            };
            Ok(Some(ListedCoin {
                reference: found.reference(),
                balance,
                is_address_owned: matches!(
                    Ownership::of(&found.live.owner),
                    Some(Ownership::Address(_))
                ),
            }))
        })
    }

    /// The balance of an address in one coin type; zero if it owns none.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn balance(
        &self,
        owner: &Address,
        coin_type: &TypeTag,
    ) -> Result<BalanceRecord, StoreError> {
        let found = self
            .database
            .now()
            .get(Column::Balances, key::balance(owner, coin_type))?;
        Ok(found.unwrap_or_else(|| BalanceRecord {
            coin_type: coin_type.clone(),
            total: 0,
            coins: 0,
        }))
    }

    /// The balances of an address in all coin types, in no meaningful but a
    /// stable order.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`], [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn balances(
        &self,
        owner: &Address,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<BalanceRecord>, StoreError> {
        self.database.now().page(
            Column::Balances,
            owner.as_bytes(),
            after,
            limit,
            |key, value| crate::database::decode(Column::Balances, key, value).map(Some),
        )
    }

    /// The live dynamic fields of an object, by id of the field.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`], [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn dynamic_fields(
        &self,
        parent: &Address,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<ListedObject>, StoreError> {
        let view = self.database.snapshot();
        view.page(
            Column::DynamicFields,
            parent.as_bytes(),
            after,
            limit,
            |key, _| listed(&view, Column::DynamicFields, key).map(Some),
        )
    }

    /// The object that describes or controls a coin type. It may not be live
    /// any more.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn coin_object(
        &self,
        kind: CoinObjectKind,
        coin_type: &TypeTag,
    ) -> Result<Option<Address>, StoreError> {
        self.database
            .now()
            .get(Column::CoinObjects, kind.key(coin_type))
    }
}

/// The live object whose id ends a key of an index.
fn listed(view: &View<'_>, column: Column, key: &[u8]) -> Result<ListedObject, StoreError> {
    let id = key::trailing_id(column, key)?;
    match view.get(Column::Live, id.as_bytes())? {
        Some(LiveRecord::Live(live)) => Ok(ListedObject { id, live }),
        Some(LiveRecord::Removed { .. }) | None => Err(contradicted(column, key)),
    }
}

fn contradicted(column: Column, key: &[u8]) -> StoreError {
    StoreError::Corrupt {
        column: column.name(),
        key: hex::encode(key),
        reason: "the index names an object that is not live, or is something else".to_owned(),
    }
}
