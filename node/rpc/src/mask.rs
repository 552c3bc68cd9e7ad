//! Read masks: which fields of an answer a client wants.

use crate::error::RpcError;
use sui_rpc::field::{FieldMask, FieldMaskTree, FieldMaskUtil, MessageFields};

/// Most paths in one mask.
const PATHS_MAX: usize = 512;
/// Longest path of a mask, in bytes.
const PATH_BYTES_MAX: usize = 512;

/// Checks a mask against the message `M`. A mask that is not given is the
/// method's default one.
///
/// # Errors
/// [`RpcError::FieldInvalid`] for a path that `M` does not have, or a mask
/// beyond all use.
pub(crate) fn read_mask<M: MessageFields>(
    mask: Option<&FieldMask>,
    default: &str,
) -> Result<FieldMaskTree, RpcError> {
    let Some(mask) = mask else {
        return Ok(FieldMaskTree::from(FieldMask::from_str(default)));
    };
    if mask.paths.len() > PATHS_MAX {
        let description = format!(
            "{} paths, at most {PATHS_MAX} are allowed",
            mask.paths.len()
        );
        return Err(RpcError::invalid("read_mask", description));
    }
    if let Some(path) = mask.paths.iter().find(|path| path.len() > PATH_BYTES_MAX) {
        let description = format!("a path of {} bytes", path.len());
        return Err(RpcError::invalid("read_mask", description));
    }
    mask.validate::<M>()
        .map_err(|path| RpcError::invalid("read_mask", format!("there is no field `{path}`")))?;
    Ok(FieldMaskTree::from_field_mask(mask))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sui_rpc::proto::sui::rpc::v2::{ExecutedTransaction, Object};

    #[test]
    fn no_mask_is_the_default() {
        let tree = read_mask::<Object>(None, "object_id,version").expect("the default is valid");
        assert!(tree.contains("version") && !tree.contains("digest"));
    }

    #[test]
    fn nested_paths_and_the_wildcard_are_taken() {
        let mask = FieldMask::from_str("effects.changed_objects.object_type,transaction.bcs");
        let tree = read_mask::<ExecutedTransaction>(Some(&mask), "digest").expect("valid");
        assert!(tree.contains("effects.changed_objects") && !tree.contains("digest"));
        let all = FieldMask::from_str("*");
        assert!(
            read_mask::<Object>(Some(&all), "version")
                .expect("valid")
                .contains("json")
        );
    }

    #[test]
    fn unknown_and_oversized_masks_are_refused() {
        for mask in [
            FieldMask::from_str("no_such_field"),
            FieldMask::from_str("object_id.deeper"),
            FieldMask {
                paths: vec!["version".into(); PATHS_MAX + 1],
            },
            FieldMask {
                paths: vec!["a".repeat(PATH_BYTES_MAX + 1)],
            },
        ] {
            let refusal = read_mask::<Object>(Some(&mask), "version");
            assert!(
                matches!(&refusal, Err(RpcError::FieldInvalid { field, .. }) if field == "read_mask"),
                "{refusal:?}"
            );
        }
    }
}
