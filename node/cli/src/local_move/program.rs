//! Modules that can call each other, as the VM asks for them.
//!
//! A program is made of layers. Where two layers have a module of the same
//! address and name, the first has it; the last layer is Heddle's own framework,
//! so a package of the framework can be run in place of the built-in one.

use super::input::InputModule;
use anyhow::bail;
use heddle_bytecode::{BinaryLimits, CompiledModule, DeserializeError, ModuleId};
use heddle_vm::{Package, PackageSource, SourceError, Vm, VmConfig};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier};

/// A module of a program.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Where it comes from.
    pub(crate) origin: PathBuf,
    /// The module as read.
    pub(crate) module: CompiledModule,
    /// The module in the binary format.
    pub(crate) bytes: Arc<[u8]>,
    /// Whether it is a module of Heddle's own framework.
    pub(crate) is_built_in: bool,
}

/// Modules that can call each other, the framework among them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    members: BTreeMap<ModuleId, Member>,
    packages: BTreeMap<Address, Arc<Package>>,
    /// Files that are no modules; they matter only if something is missing.
    pub(crate) unreadable: Vec<(PathBuf, DeserializeError)>,
}

impl Program {
    /// A program of these layers and the framework.
    ///
    /// # Errors
    /// If one layer has two different modules of the same address and name.
    pub(crate) fn new<'m, L>(layers: impl IntoIterator<Item = L>) -> anyhow::Result<Self>
    where
        L: IntoIterator<Item = &'m InputModule>,
    {
        let mut program = Self::default();
        for layer in layers {
            program.add_layer(layer, false)?;
        }
        let framework: Vec<_> = heddle_framework::packages()
            .iter()
            .flat_map(|package| {
                package.modules.iter().map(|module| InputModule {
                    origin: PathBuf::from(package.name),
                    bytes: module.bytes.to_vec(),
                })
            })
            .collect();
        program.add_layer(&framework, true)?;
        program.link();
        Ok(program)
    }

    fn add_layer<'m>(
        &mut self,
        layer: impl IntoIterator<Item = &'m InputModule>,
        is_built_in: bool,
    ) -> anyhow::Result<()> {
        let mut members: BTreeMap<ModuleId, Member> = BTreeMap::new();
        for input in layer {
            let (id, module) = match read(&input.bytes) {
                Ok(Some(read)) => read,
                // Nothing can name it; the verifier says what is wrong.
                Ok(None) => continue,
                Err(error) => {
                    self.unreadable.push((input.origin.clone(), error));
                    continue;
                }
            };
            let member = Member {
                origin: input.origin.clone(),
                module,
                bytes: input.bytes.as_slice().into(),
                is_built_in,
            };
            if let Some(other) = members.get(&id)
                && other.bytes != member.bytes
            {
                bail!(
                    "{} and {} are different modules of the same name {id}; name one of them",
                    other.origin.display(),
                    member.origin.display()
                );
            }
            members.insert(id, member);
        }
        for (id, member) in members {
            self.members.entry(id).or_insert(member);
        }
        Ok(())
    }

    /// Makes packages of the members: all modules of an address are one.
    fn link(&mut self) {
        let mut by_address: BTreeMap<Address, BTreeMap<Identifier, Arc<[u8]>>> = BTreeMap::new();
        for (id, member) in &self.members {
            if let Ok(name) = Identifier::new(id.name.as_str()) {
                let modules = by_address.entry(id.address).or_default();
                modules.insert(name, member.bytes.clone());
            }
        }
        let linkage: BTreeMap<_, _> = by_address.keys().map(|id| (*id, *id)).collect();
        let package = |(id, modules): (Address, BTreeMap<_, _>)| {
            let mut linkage = linkage.clone();
            linkage.remove(&id);
            let package = Package {
                storage_id: id,
                original_id: id,
                version: 1,
                modules,
                type_origins: BTreeMap::new(),
                linkage,
            };
            (id, Arc::new(package))
        };
        self.packages = by_address.into_iter().map(package).collect();
    }

    /// The module of this address and name.
    pub(crate) fn get(&self, id: &ModuleId) -> Option<&Member> {
        self.members.get(id)
    }

    /// Where modules called `name` are, by address.
    pub(crate) fn addresses_of(&self, name: &str) -> Vec<Address> {
        let named = self.members.keys().filter(|id| id.name.as_str() == name);
        named.map(|id| id.address).collect()
    }
}

/// Packages only: there is no store, so natives find nothing stored.
impl PackageSource for Program {
    fn package(&self, storage_id: &Address) -> Result<Option<Arc<Package>>, SourceError> {
        Ok(self.packages.get(storage_id).cloned())
    }
}

/// Reads a module that need not be fit to publish. `None` if its own name is
/// out of bounds.
///
/// # Errors
/// If the bytes are no module.
pub(crate) fn read(bytes: &[u8]) -> Result<Option<(ModuleId, CompiledModule)>, DeserializeError> {
    let module = CompiledModule::deserialize(bytes, &BinaryLimits::local())?;
    Ok(id_of(&module).map(|id| (id, module)))
}

/// A module's address and name; `None` if they are out of bounds.
pub(crate) fn id_of(module: &CompiledModule) -> Option<ModuleId> {
    let handle = module.get(module.self_module_handle)?;
    Some(ModuleId {
        address: *module.get(handle.address)?,
        name: module.get(handle.name)?.clone(),
    })
}

/// A VM with all natives that transactions have, which also takes modules
/// that may not be published.
pub(crate) fn vm() -> Vm {
    let config = VmConfig {
        accept_test_modules: true,
        ..VmConfig::default()
    };
    Vm::new(heddle_adapter::natives::table(), config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framework_module(name: &str) -> &'static [u8] {
        let modules = heddle_framework::packages()[0].modules.iter();
        modules
            .filter(|it| it.name == name)
            .map(|it| it.bytes)
            .next()
            .unwrap()
    }

    fn input(origin: &str, bytes: &[u8]) -> InputModule {
        InputModule {
            origin: PathBuf::from(origin),
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn the_first_layer_wins_and_the_framework_is_there() {
        let option = input("mine.mv", framework_module("option"));
        let broken = input("broken.mv", b"nothing");
        let program = Program::new([vec![&option, &broken], vec![]]).unwrap();
        let origin = |name: &str| {
            let id = ModuleId {
                address: Address::from_static("0x1"),
                name: heddle_bytecode::Identifier::new(name).unwrap(),
            };
            program.get(&id).unwrap().origin.display().to_string()
        };
        assert_eq!(origin("option"), "mine.mv");
        assert_eq!(origin("vector"), "MoveStdlib");
        assert_eq!(program.unreadable[0].0, PathBuf::from("broken.mv"));
        assert_eq!(
            program.addresses_of("option"),
            [Address::from_static("0x1")]
        );
        let package = program.package(&Address::TWO).unwrap().unwrap();
        assert!(package.linkage.contains_key(&Address::from_static("0x1")));
    }

    #[test]
    fn two_modules_of_one_name_are_refused_unless_they_are_equal() {
        let one = input("one.mv", framework_module("option"));
        let same = input("same.mv", framework_module("option"));
        assert!(Program::new([[&one, &same]]).is_ok());
        let mut changed = CompiledModule::deserialize(&one.bytes, &BinaryLimits::local()).unwrap();
        changed.friend_decls.clear();
        changed.version = 6;
        let other = input("other.mv", &changed.serialize().unwrap());
        let error = Program::new([[&one, &other]]).unwrap_err().to_string();
        assert!(error.contains("one.mv and other.mv"), "{error}");
    }
}
