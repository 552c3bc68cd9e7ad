//! Object versions, and what is live of each object.
//!
//! Every version stays readable after it was superseded. A removal is a
//! version too (without an object), so that "the newest version up to a bound"
//! is right after a deletion: the newest is then the removal.

use crate::{
    LiveObject, LiveRecord, Store, StoreError,
    column::Column,
    database::{View, decode},
    key,
    record::ObjectEntry,
};
use heddle_objects::{ObjectRead, ReadError};
use std::sync::Arc;
use sui_sdk_types::{Address, Digest, Object};

impl Store {
    /// What is known of an object id now; `None` if it never was live.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn live(&self, id: &Address) -> Result<Option<LiveRecord>, StoreError> {
        self.database.now().get(Column::Live, id.as_bytes())
    }

    /// The live version of an object, `None` if it is not live.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn object(&self, id: &Address) -> Result<Option<Arc<Object>>, StoreError> {
        match self.live(id)? {
            Some(LiveRecord::Live(live)) => self.object_at(id, live.version),
            Some(LiveRecord::Removed { .. }) | None => Ok(None),
        }
    }

    /// An object at exactly this version.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn object_at(&self, id: &Address, version: u64) -> Result<Option<Arc<Object>>, StoreError> {
        Ok(
            match self
                .database
                .now()
                .get(Column::Objects, key::versioned(id, version))?
            {
                Some(ObjectEntry::Object(object)) => Some(Arc::new(object)),
                Some(ObjectEntry::Removed(_)) | None => None,
            },
        )
    }

    /// The newest version of an object up to `bound`, `None` if it was not
    /// live then.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn object_at_or_before(
        &self,
        id: &Address,
        bound: u64,
    ) -> Result<Option<Arc<Object>>, StoreError> {
        // Nearly always the live version is within the bound: a point read,
        // many times cheaper than a seek.
        match self.live(id)? {
            None => return Ok(None),
            Some(record) if record.version() <= bound => {
                return match record {
                    LiveRecord::Live(live) => self.object_at(id, live.version),
                    LiveRecord::Removed { .. } => Ok(None),
                };
            }
            Some(_) => {}
        }
        let found = self.database.now().last_at_most(
            Column::Objects,
            id.as_bytes(),
            &key::versioned(id, bound),
        )?;
        Ok(match found {
            Some((_, ObjectEntry::Object(object))) => Some(Arc::new(object)),
            Some((_, ObjectEntry::Removed(_))) | None => None,
        })
    }

    /// Whether a version of an object exists, removals included.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn has_version(&self, id: &Address, version: u64) -> Result<bool, StoreError> {
        self.database
            .now()
            .exists(Column::Objects, key::versioned(id, version))
    }

    /// The digest of the transaction that consumed an object version, `None`
    /// if none has.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Corrupt`].
    pub fn consumer_of(&self, id: &Address, version: u64) -> Result<Option<Digest>, StoreError> {
        self.database
            .now()
            .get(Column::Consumers, key::versioned(id, version))
    }
}

impl ObjectRead for Store {
    fn latest(&self, id: &Address) -> Result<Option<Arc<Object>>, ReadError> {
        self.object(id).map_err(|error| error.reading(id, None))
    }

    fn at_version(&self, id: &Address, version: u64) -> Result<Option<Arc<Object>>, ReadError> {
        self.object_at(id, version)
            .map_err(|error| error.reading(id, Some(version)))
    }

    fn at_or_before(&self, id: &Address, bound: u64) -> Result<Option<Arc<Object>>, ReadError> {
        self.object_at_or_before(id, bound)
            .map_err(|error| error.reading(id, Some(bound)))
    }
}

/// Calls `visit` with every live object, in order of id.
pub(crate) fn for_each_live(
    view: &View<'_>,
    mut visit: impl FnMut(Address, LiveObject) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    view.scan(Column::Live, &[], |key, value| {
        if let LiveRecord::Live(live) = decode(Column::Live, key, value)? {
            visit(key::trailing_id(Column::Live, key)?, live)?;
        }
        Ok(true)
    })
}
