//! How much an upgrade may change.

use heddle_bytecode::CompiledModule;
use heddle_verifier::{UpgradePolicy, check_compatibility};
use std::collections::BTreeMap;
use sui_sdk_types::Identifier;

/// The policy that a ticket names.
pub(crate) fn policy_from_byte(policy: u8) -> Option<UpgradePolicy> {
    match policy {
        0 => Some(UpgradePolicy::Compatible),
        128 => Some(UpgradePolicy::Additive),
        192 => Some(UpgradePolicy::DependencyOnly),
        _ => None,
    }
}

/// Whether `new` may replace `old`; if not, why.
pub(crate) fn check_upgrade(
    old: &BTreeMap<Identifier, CompiledModule>,
    new: &BTreeMap<Identifier, CompiledModule>,
    policy: UpgradePolicy,
) -> Result<(), String> {
    if policy == UpgradePolicy::DependencyOnly
        && let Some(name) = new.keys().find(|name| !old.contains_key(*name))
    {
        return Err(format!(
            "module `{name}` is new, but the policy allows changes of dependencies only"
        ));
    }
    for (name, old) in old {
        let new = new
            .get(name)
            .ok_or_else(|| format!("module `{name}` is missing in the new version"))?;
        check_compatibility(old, new, policy)
            .map_err(|incompatibility| format!("module `{name}`: {incompatibility}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_those_of_the_framework() {
        for (byte, policy) in [
            (0, Some(UpgradePolicy::Compatible)),
            (128, Some(UpgradePolicy::Additive)),
            (192, Some(UpgradePolicy::DependencyOnly)),
            (1, None),
            (255, None),
        ] {
            assert_eq!(policy_from_byte(byte), policy);
        }
    }
}
