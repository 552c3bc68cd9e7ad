//! Closed types at run time.

use heddle_bytecode::AbilitySet;
use sui_sdk_types::TypeTag;

/// A closed type, loaded: cheap to clone.
#[derive(Clone, Debug)]
pub struct RuntimeType;

impl RuntimeType {
    /// Its abilities.
    pub fn abilities(&self) -> AbilitySet {
        AbilitySet::EMPTY
    }
    /// Its tag with defining ids.
    pub fn tag(&self) -> TypeTag {
        TypeTag::Bool
    }
    /// Its tag with original ids.
    pub fn tag_with_original_ids(&self) -> TypeTag {
        TypeTag::Bool
    }
    /// Whether it has the shape of a one-time witness: a struct without type
    /// parameters, with `drop` alone, named as its module in capitals, with no
    /// field or one `bool`.
    pub fn is_one_time_witness(&self) -> bool {
        false
    }
}
