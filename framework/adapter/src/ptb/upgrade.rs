//! `Upgrade`: a new version of a package under a new id, allowed by a ticket
//! that says how much may change.

use super::publish::{
    module_name, package_type, packages_used, serialized, set_self_address, type_origins,
};
use super::values::{TypedBytes, Value};
use super::{Engine, linkage};
use crate::failure::{Step, Stop};
use crate::packages::original_id;
use crate::upgrade_policy::{check_upgrade, policy_from_byte};
use blake2::Blake2b;
use blake2::digest::Digest as _;
use blake2::digest::consts::U32;
use heddle_bytecode::{AbilitySet, BinaryLimits, CompiledModule};
use heddle_verifier::UpgradePolicy;
use std::collections::BTreeMap;
use sui_sdk_types::{
    Address, Argument, CommandArgumentError, Digest, ExecutionError, Identifier, MovePackage,
    ObjectData, PackageUpgradeError, TypeTag, Upgrade,
};

/// `0x2::package::UpgradeTicket`.
#[derive(Debug, serde::Deserialize)]
struct UpgradeTicket {
    /// The capability that it was made from.
    cap: Address,
    /// The package version to be upgraded.
    package: Address,
    /// How much may change.
    policy: u8,
    /// Digest of the new modules and dependencies.
    digest: Vec<u8>,
}

impl Engine<'_> {
    /// Publishes the next version of a package and gives an `UpgradeReceipt`.
    pub(super) fn upgrade(&mut self, command: &Upgrade) -> Step<Vec<Value>> {
        let ticket = self.take_ticket(command.ticket)?;
        if ticket.package != command.package {
            return Err(refused(
                PackageUpgradeError::PackageIdDoesNotMatch {
                    package_id: command.package,
                    ticket_id: ticket.package,
                },
                format!("the ticket is for package {}", ticket.package),
            ));
        }
        let digest = package_digest(&command.modules, &command.dependencies);
        if ticket.digest != digest.as_ref() as &[u8] {
            return Err(refused(
                PackageUpgradeError::DigestDoesNotMatch { digest },
                "the ticket is for other modules or dependencies",
            ));
        }
        let policy = policy_from_byte(ticket.policy).ok_or_else(|| {
            refused(
                PackageUpgradeError::UnknownUpgradePolicy {
                    policy: ticket.policy,
                },
                format!("{} is no upgrade policy", ticket.policy),
            )
        })?;
        let old = self.package_to_upgrade(&command.package)?;
        let id = self.new_version(command, &old, policy)?;
        let mut bytes = ticket.cap.into_inner().to_vec();
        bytes.extend_from_slice(id.as_ref());
        Ok(vec![Value::Typed(TypedBytes {
            type_: package_type("UpgradeReceipt").into(),
            abilities: AbilitySet::EMPTY,
            tainted: false,
            bytes,
        })])
    }

    fn take_ticket(&mut self, argument: Argument) -> Step<UpgradeTicket> {
        let value = self.take(0, argument)?;
        let wanted = TypeTag::from(package_type("UpgradeTicket"));
        if value.type_tag() != Some(wanted) {
            return Err(Stop::argument(0, CommandArgumentError::TypeMismatch));
        }
        bcs::from_bytes(&value.into_bytes())
            .map_err(|_| Stop::argument(0, CommandArgumentError::InvalidBcsBytes))
    }

    fn package_to_upgrade(&self, id: &Address) -> Step<MovePackage> {
        match self
            .setting
            .host
            .latest(id)?
            .as_ref()
            .map(|object| object.data())
        {
            Some(ObjectData::Package(package)) => Ok(package.clone()),
            Some(ObjectData::Struct(_)) => Err(refused(
                PackageUpgradeError::NotAPackage { object_id: *id },
                format!("{id} is no package"),
            )),
            None => Err(refused(
                PackageUpgradeError::UnableToFetchPackage { package_id: *id },
                format!("package {id} does not exist"),
            )),
        }
    }

    fn new_version(
        &mut self,
        command: &Upgrade,
        old: &MovePackage,
        policy: UpgradePolicy,
    ) -> Step<Address> {
        let mut modules = self.read_modules(&command.modules)?;
        let id = self.fresh_id()?;
        let original = original_id(old)
            .ok_or_else(|| Stop::invariant(format!("package {} can't be read", old.id)))?;
        for module in &mut modules {
            set_self_address(module, original)?;
        }
        let package = MovePackage {
            id,
            version: old.version + 1,
            type_origin_table: upgraded_type_origins(old, &modules, id)?,
            linkage_table: linkage::build(
                self.setting.host,
                &command.dependencies,
                &packages_used(&modules, original)?,
            )?,
            modules: serialized(&modules)?,
        };
        let (package, _) = self.admit_package(package)?;
        check_upgrade(&stored_modules(old)?, &by_name(modules)?, policy)
            .map_err(|detail| refused(PackageUpgradeError::IncompatibleUpgrade, detail))?;
        self.packages.insert(id, package);
        Ok(id)
    }
}

/// The digest that a ticket is issued for: the hashes of the modules and the
/// ids of the dependencies, sorted, hashed together.
pub(crate) fn package_digest(modules: &[Vec<u8>], dependencies: &[Address]) -> Digest {
    let mut parts: Vec<[u8; 32]> = modules
        .iter()
        .map(|module| Blake2b::<U32>::digest(module).into())
        .collect();
    parts.extend(dependencies.iter().map(|id| id.into_inner()));
    parts.sort_unstable();
    let mut hasher = Blake2b::<U32>::new();
    for part in parts {
        hasher.update(part);
    }
    let digest: [u8; 32] = hasher.finalize().into();
    Digest::from(digest)
}

/// Types keep the version that first defined them; none may vanish.
fn upgraded_type_origins(
    old: &MovePackage,
    modules: &[CompiledModule],
    id: Address,
) -> Step<Vec<sui_sdk_types::TypeOrigin>> {
    let mut known: BTreeMap<(Identifier, Identifier), Address> = old
        .type_origin_table
        .iter()
        .map(|origin| {
            let name = (origin.module_name.clone(), origin.struct_name.clone());
            (name, origin.package)
        })
        .collect();
    let table = type_origins(modules, |module, name| {
        let name = (module.clone(), name.clone());
        Ok(known.remove(&name).unwrap_or(id))
    })?;
    match known.keys().next() {
        None => Ok(table),
        Some((module, name)) => Err(refused(
            PackageUpgradeError::IncompatibleUpgrade,
            format!("type {module}::{name} is missing in the new version"),
        )),
    }
}

fn stored_modules(package: &MovePackage) -> Step<BTreeMap<Identifier, CompiledModule>> {
    let limits = BinaryLimits::local();
    package
        .modules
        .iter()
        .map(|(name, bytes)| {
            let module = CompiledModule::deserialize(bytes, &limits).map_err(|error| {
                Stop::invariant(format!("stored module {}::{name}: {error}", package.id))
            })?;
            Ok((name.clone(), module))
        })
        .collect()
}

fn by_name(modules: Vec<CompiledModule>) -> Step<BTreeMap<Identifier, CompiledModule>> {
    modules
        .into_iter()
        .map(|module| Ok((module_name(&module)?, module)))
        .collect()
}

fn refused(kind: PackageUpgradeError, detail: impl Into<String>) -> Stop {
    Stop::failed(ExecutionError::PackageUpgradeError { kind }, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_does_not_depend_on_order() {
        let modules = [vec![1, 2, 3], vec![4], vec![]];
        let dependencies = [Address::from_static("0x1"), Address::TWO];
        let digest = package_digest(&modules, &dependencies);
        let reversed: Vec<Vec<u8>> = modules.iter().rev().cloned().collect();
        assert_eq!(
            digest,
            package_digest(&reversed, &[Address::TWO, Address::from_static("0x1")])
        );
        assert_ne!(digest, package_digest(&modules[..2], &dependencies));
        assert_ne!(
            digest,
            package_digest(&modules, &[Address::from_static("0x1")])
        );
    }
}
