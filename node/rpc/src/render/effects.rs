//! Effects, and the object versions that they name.

use super::failure;
use super::object::object_type;
use crate::error::RpcError;
use heddle_objects::sui_sdk_types::{
    Address, Object, ObjectIn, ObjectOut, TransactionEffects, TransactionEffectsV2,
};
use heddle_store::Store;
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_rpc::field::FieldMaskTree;
use sui_rpc::merge::Merge;
use sui_rpc::proto::sui::rpc::v2 as proto;

/// Where the object versions that a transaction names are found: first among
/// those at hand, then in the store.
pub(crate) struct ObjectVersions<'a> {
    at_hand: BTreeMap<(Address, u64), Arc<Object>>,
    store: &'a Store,
}

impl<'a> ObjectVersions<'a> {
    /// The versions at hand, and a store for the others.
    pub(crate) fn new(store: &'a Store, at_hand: impl IntoIterator<Item = Arc<Object>>) -> Self {
        ObjectVersions {
            at_hand: at_hand
                .into_iter()
                .map(|object| ((object.object_id(), object.version()), object))
                .collect(),
            store,
        }
    }

    /// An object at exactly this version, `None` if it is pruned or was never.
    fn find(&self, id: &Address, version: u64) -> Result<Option<Arc<Object>>, RpcError> {
        match self.at_hand.get(&(*id, version)) {
            Some(object) => Ok(Some(object.clone())),
            None => Ok(self.store.object_at(id, version)?),
        }
    }

    /// The versions that went in, as the effects name them. Inputs that were
    /// only read are not among them.
    pub(crate) fn before(
        &self,
        effects: &TransactionEffectsV2,
    ) -> Result<Vec<Arc<Object>>, RpcError> {
        let mut found = Vec::new();
        for change in &effects.changed_objects {
            if let ObjectIn::Exist { version, .. } = &change.input_state {
                found.extend(self.find(&change.object_id, *version)?);
            }
        }
        Ok(found)
    }

    /// The versions that came out.
    pub(crate) fn after(
        &self,
        effects: &TransactionEffectsV2,
    ) -> Result<Vec<Arc<Object>>, RpcError> {
        let mut found = Vec::new();
        for change in &effects.changed_objects {
            let version = match &change.output_state {
                ObjectOut::ObjectWrite { .. } => effects.lamport_version,
                ObjectOut::PackageWrite { version, .. } => *version,
                _ => continue,
            };
            found.extend(self.find(&change.object_id, version)?);
        }
        Ok(found)
    }
}

/// Effects as far as `mask` asks. `detail` says in words where a failure came
/// from, if that is still known.
///
/// # Errors
/// [`RpcError::Store`] if the store fails while object types are looked up.
pub(crate) fn effects(
    effects: &TransactionEffects,
    detail: Option<&str>,
    objects: &ObjectVersions<'_>,
    mask: &FieldMaskTree,
) -> Result<proto::TransactionEffects, RpcError> {
    let mut message = proto::TransactionEffects::merge_from(effects, mask);
    if mask.contains(proto::TransactionEffects::STATUS_FIELD) {
        message.status = Some(failure::status(effects.status(), detail));
    }
    let TransactionEffects::V2(source) = effects else {
        return Ok(message);
    };
    let changed = proto::TransactionEffects::CHANGED_OBJECTS_FIELD.name;
    let gas = proto::TransactionEffects::GAS_OBJECT_FIELD.name;
    let type_ = proto::ChangedObject::OBJECT_TYPE_FIELD.name;
    let wants_types =
        mask.contains(format!("{changed}.{type_}")) || mask.contains(format!("{gas}.{type_}"));
    if wants_types {
        let types = object_types(source, objects)?;
        for change in message
            .changed_objects
            .iter_mut()
            .chain(&mut message.gas_object)
        {
            change.object_type = change
                .object_id
                .as_ref()
                .and_then(|id| types.get(id).cloned());
        }
    }
    let unchanged = proto::TransactionEffects::UNCHANGED_CONSENSUS_OBJECTS_FIELD.name;
    if mask.contains(format!("{unchanged}.{type_}")) {
        for object in &mut message.unchanged_consensus_objects {
            let (Some(id), Some(version)) = (&object.object_id, object.version) else {
                continue;
            };
            let Ok(id) = id.parse() else { continue };
            object.object_type = objects
                .find(&id, version)?
                .map(|object| object_type(&object));
        }
    }
    Ok(message)
}

/// The types of all changed objects by id: as written, or as they were if
/// they are gone.
fn object_types(
    effects: &TransactionEffectsV2,
    objects: &ObjectVersions<'_>,
) -> Result<BTreeMap<String, String>, RpcError> {
    let mut types = BTreeMap::new();
    for object in objects
        .before(effects)?
        .iter()
        .chain(&objects.after(effects)?)
    {
        types.insert(object.object_id().to_string(), object_type(object));
    }
    Ok(types)
}
