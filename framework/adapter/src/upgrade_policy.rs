//! How much an upgrade may change.

use heddle_bytecode::CompiledModule;
use std::collections::BTreeMap;
use sui_sdk_types::Identifier;

/// What the holder of an upgrade capability has left themselves to change.
/// Each policy allows less than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UpgradePolicy {
    /// Anything that keeps dependents working.
    Compatible,
    /// New functions and types, nothing changed.
    Additive,
    /// Dependencies alone.
    DependenciesOnly,
}

impl UpgradePolicy {
    /// The policy that a ticket names.
    pub(crate) fn from_byte(policy: u8) -> Option<Self> {
        match policy {
            0 => Some(UpgradePolicy::Compatible),
            128 => Some(UpgradePolicy::Additive),
            192 => Some(UpgradePolicy::DependenciesOnly),
            _ => None,
        }
    }
}

/// Whether `new` may replace `old`; if not, why.
pub(crate) fn check_upgrade(
    old: &BTreeMap<Identifier, CompiledModule>,
    new: &BTreeMap<Identifier, CompiledModule>,
    policy: UpgradePolicy,
) -> Result<(), String> {
    if let Some(name) = old.keys().find(|name| !new.contains_key(*name)) {
        return Err(format!("module `{name}` is missing in the new version"));
    }
    if policy == UpgradePolicy::DependenciesOnly && old.len() != new.len() {
        return Err("the policy allows no new modules".into());
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
            (192, Some(UpgradePolicy::DependenciesOnly)),
            (1, None),
            (255, None),
        ] {
            assert_eq!(UpgradePolicy::from_byte(byte), policy);
        }
    }
}
