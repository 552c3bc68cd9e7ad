//! The linkage table of a package: which stored version stands for each of its
//! transitive dependencies.

use crate::failure::{Step, Stop};
use crate::host::Host;
use crate::packages::original_id;
use heddle_objects::limits::PACKAGE_DEPENDENCIES_MAX;
use std::collections::{BTreeMap, BTreeSet};
use sui_sdk_types::{Address, ExecutionError, MovePackage, ObjectData, UpgradeInfo};

/// Builds the linkage table of a package that names `dependencies` by storage
/// id, and whose modules use the packages `used` by original id.
///
/// 1. Every package used must be among the dependencies.
/// 2. Whatever a dependency links to must be among them too,
/// 3. and in no older version than the dependency asks for.
pub(super) fn build(
    host: &Host<'_>,
    dependencies: &[Address],
    used: &BTreeSet<Address>,
) -> Step<BTreeMap<Address, UpgradeInfo>> {
    if dependencies.len() > PACKAGE_DEPENDENCIES_MAX {
        return Err(missing(format!(
            "the package names {} dependencies; at most {PACKAGE_DEPENDENCIES_MAX} are allowed",
            dependencies.len()
        )));
    }
    let mut linkage = BTreeMap::new();
    let mut required = Vec::new();
    for id in dependencies {
        let package = fetch(host, id)?;
        let original = original_id(&package)
            .ok_or_else(|| Stop::invariant(format!("stored package {id} can't be read")))?;
        let link = UpgradeInfo {
            upgraded_id: package.id,
            upgraded_version: package.version,
        };
        if linkage.insert(original, link).is_some() {
            return Err(missing(format!(
                "two versions of package {original} are named as dependencies"
            )));
        }
        required.extend(package.linkage_table);
    }
    if let Some(id) = used.iter().find(|id| !linkage.contains_key(*id)) {
        return Err(missing(format!(
            "the modules use package {id}, which is not among the dependencies"
        )));
    }
    for (original, wanted) in required {
        match linkage.get(&original) {
            None => {
                return Err(missing(format!(
                    "a dependency uses package {original}, which is not among the dependencies"
                )));
            }
            Some(link) if link.upgraded_version < wanted.upgraded_version => {
                return Err(Stop::failed(
                    ExecutionError::PublishUpgradeDependencyDowngrade,
                    format!(
                        "a dependency needs version {} of package {original}, {} is linked",
                        wanted.upgraded_version, link.upgraded_version
                    ),
                ));
            }
            Some(_) => {}
        }
    }
    Ok(linkage)
}

fn fetch(host: &Host<'_>, id: &Address) -> Step<MovePackage> {
    let object = host.latest(id)?;
    match object.as_ref().map(|object| object.data()) {
        Some(ObjectData::Package(package)) => Ok(package.clone()),
        Some(ObjectData::Struct(_)) => Err(missing(format!("dependency {id} is no package"))),
        None => Err(missing(format!("dependency {id} does not exist"))),
    }
}

fn missing(detail: String) -> Stop {
    Stop::failed(ExecutionError::PublishUpgradeMissingDependency, detail)
}
