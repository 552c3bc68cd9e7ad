//! The address that a package has in a build.
//!
//! Older manifests write a package's own address down, under `[addresses]`, and
//! do not say on which network it is valid. A package from another network, or
//! one that was never published, then claims an address at which nothing is.
//! `Published.toml` is more exact: it names environment and chain. So the
//! address is, by the first of these that applies:
//!
//! 1. what `Published.toml` records for the build's environment, unless that is
//!    about another chain than the network that the build is for;
//! 2. the manifest's, if the build is for no network in particular, or if the
//!    network has a package there;
//! 3. zero: the package isn't published.
//!
//! This is decided in memory, before dependencies are resolved; files stay as
//! they are.

use std::collections::BTreeSet;
use std::fmt::Debug;

use sui_sdk_types::Address;
use toml::{Table, Value};

use crate::error::CompileError;
use crate::sources::MANIFEST;
use crate::test_plan::module_addresses;
use crate::wire::Files;

const PUBLISHED: &str = "Published.toml";

/// A network, as far as a build for it needs to know it.
pub trait Network: Debug + Send + Sync {
    /// Its chain id, as `Published.toml` has it.
    fn chain_id(&self) -> &str;

    /// Whether there is a package with this id.
    ///
    /// # Errors
    ///
    /// In words, if the network can't be asked.
    fn has_package(&self, id: Address) -> Result<bool, String>;
}

/// Decides the address of the package in `files`, and changes its manifest and
/// its record of publications accordingly.
///
/// # Errors
///
/// [`CompileError::Network`] if the network can't be asked.
pub(crate) fn place(
    files: &mut Files,
    environment: &str,
    network: Option<&dyn Network>,
) -> Result<(), CompileError> {
    if let Some(network) = network {
        forget_other_chains(files, environment, network.chain_id());
    }
    let recorded = files
        .get(PUBLISHED)
        .and_then(|text| text.parse::<Table>().ok())
        .and_then(|table| {
            let record = table.get("published")?.get(environment)?;
            record.get("original-id")?.as_str()?.parse().ok()
        });
    rewrite_own(files, |fixed| match (recorded, network) {
        (Some(recorded), _) => Ok(recorded),
        (None, Some(network)) => match network.has_package(fixed) {
            Ok(true) => Ok(fixed),
            Ok(false) => Ok(Address::ZERO),
            Err(message) => Err(CompileError::Network { message }),
        },
        (None, None) => Ok(fixed),
    })
}

/// Sets the address that the manifest fixes to zero, as bytecode has it that is
/// to be published or to upgrade.
pub(crate) fn set_zero(files: &mut Files) -> Result<(), CompileError> {
    rewrite_own(files, |_| Ok(Address::ZERO))
}

/// Removes the environment's record if it is about another chain.
fn forget_other_chains(files: &mut Files, environment: &str, chain_id: &str) {
    let Some(text) = files.get_mut(PUBLISHED) else {
        return;
    };
    let Ok(mut table) = text.parse::<Table>() else {
        return;
    };
    let Some(published) = table.get_mut("published").and_then(Value::as_table_mut) else {
        return;
    };
    let recorded = published
        .get(environment)
        .and_then(|record| record.get("chain-id"))
        .and_then(Value::as_str);
    if recorded.is_some_and(|recorded| recorded != chain_id) {
        published.remove(environment);
        *text = table.to_string();
    }
}

/// Replaces each address that the manifest fixes for the package's own modules.
fn rewrite_own(
    files: &mut Files,
    mut placed: impl FnMut(Address) -> Result<Address, CompileError>,
) -> Result<(), CompileError> {
    let Some(mut manifest) = files
        .get(MANIFEST)
        .and_then(|text| text.parse::<Table>().ok())
    else {
        return Ok(());
    };
    let own: BTreeSet<&str> = files
        .iter()
        .filter(|(path, _)| path.starts_with("sources/") && path.ends_with(".move"))
        .flat_map(|(_, text)| module_addresses(text))
        .collect();
    let mut changed = false;
    if let Some(addresses) = manifest.get_mut("addresses").and_then(Value::as_table_mut) {
        for (name, value) in addresses.iter_mut() {
            let fixed = value.as_str().and_then(|text| text.parse::<Address>().ok());
            let Some(fixed) = fixed.filter(|id| *id != Address::ZERO && own.contains(&**name))
            else {
                continue;
            };
            let address = placed(fixed)?;
            if address != fixed {
                *value = Value::String(address.to_string());
                changed = true;
            }
        }
    }
    if changed {
        // It names the newest version of a package at the address that was there.
        if let Some(package) = manifest.get_mut("package").and_then(Value::as_table_mut) {
            package.remove("published-at");
        }
        files.insert(MANIFEST.to_owned(), manifest.to_string());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Chain(Vec<Address>);

    impl Network for Chain {
        fn chain_id(&self) -> &str {
            "this"
        }
        fn has_package(&self, id: Address) -> Result<bool, String> {
            Ok(self.0.contains(&id))
        }
    }

    fn files(own: &str, published: Option<&str>) -> Files {
        let mut files = Files::from([
            (
                MANIFEST.to_owned(),
                format!(
                    "[package]\nname = \"P\"\npublished-at = \"{own}\"\n[addresses]\np = \"{own}\"\nclock = \"0x6\"\n"
                ),
            ),
            (
                "sources/m.move".to_owned(),
                "// module clock::no {}\nmodule p::m; use clock::x;".to_owned(),
            ),
        ]);
        if let Some(chain) = published {
            let record = format!(
                "[published.e]\nchain-id = \"{chain}\"\noriginal-id = \"0x77\"\npublished-at = \"0x78\"\n"
            );
            files.insert(PUBLISHED.to_owned(), record);
        }
        files
    }

    /// The package's own address after placing, and whether anything changed.
    fn check(own: &str, published: Option<&str>, network: Option<&dyn Network>, expect: &str) {
        let before = files(own, published);
        let mut after = before.clone();
        place(&mut after, "e", network).unwrap();
        let manifest: Table = after[MANIFEST].parse().unwrap();
        let address = |name: &str| -> Address {
            let text = manifest["addresses"][name].as_str().unwrap();
            text.parse().unwrap()
        };
        assert_eq!(address("p"), expect.parse().unwrap());
        assert_eq!(address("clock"), Address::from_static("0x6"));
        let moved = address("p") != own.parse().unwrap();
        let keeps_newest = manifest["package"].get("published-at").is_some();
        assert_eq!(moved, !keeps_newest);
        if !moved {
            assert_eq!(before[MANIFEST], after[MANIFEST]);
        }
    }

    #[test]
    fn addresses_by_network_and_record() {
        let there = Chain(vec![Address::from_static("0xb0")]);
        let elsewhere = Chain(Vec::new());
        check("0xb0", None, None, "0xb0");
        check("0xb0", None, Some(&there), "0xb0");
        check("0xb0", None, Some(&elsewhere), "0x0");
        check("0xb0", Some("this"), None, "0x77");
        check("0xb0", Some("this"), Some(&elsewhere), "0x77");
        check("0xb0", Some("other"), Some(&elsewhere), "0x0");
        check("0xb0", Some("other"), Some(&there), "0xb0");
        // Nothing is fixed: the resolver takes the record by itself.
        check("0x0", Some("this"), Some(&there), "0x0");
    }

    #[test]
    fn records_of_other_chains_are_forgotten() {
        for (chain, kept) in [("this", true), ("other", false)] {
            let mut files = files("0x0", Some(chain));
            place(&mut files, "e", Some(&Chain(Vec::new()))).unwrap();
            assert_eq!(files[PUBLISHED].contains("0x77"), kept, "{chain}");
        }
    }

    #[test]
    fn a_network_that_does_not_answer_is_an_error() {
        #[derive(Debug)]
        struct Silent;
        impl Network for Silent {
            fn chain_id(&self) -> &str {
                "this"
            }
            fn has_package(&self, _: Address) -> Result<bool, String> {
                Err("no answer".to_owned())
            }
        }
        let result = place(&mut files("0xb0", None), "e", Some(&Silent));
        assert!(matches!(result, Err(CompileError::Network { .. })));
    }
}
