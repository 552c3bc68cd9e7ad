//! What a path in an attribute refers to.

use std::collections::BTreeMap;

use sui_sdk_types::Address;

use super::constant::value_of;
use super::outline::ModuleOutline;
use super::{AbortCode, ModuleId};

/// A module's outline, with what its package's named addresses stand for.
pub(super) struct ScopedModule<'s, 'a> {
    pub(super) outline: &'s ModuleOutline<'a>,
    pub(super) addresses: &'s BTreeMap<String, String>,
}

impl ScopedModule<'_, '_> {
    /// The module itself, if its address has a value.
    pub(super) fn id(&self) -> Option<ModuleId> {
        Some(ModuleId {
            address: self.address(self.outline.address)?,
            name: self.outline.name.to_owned(),
        })
    }

    /// A numerical or named address.
    fn address(&self, text: &str) -> Option<Address> {
        if let Some(value) = self.addresses.get(text) {
            return value.parse().ok();
        }
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            let text = text.replace('_', "");
            return match text.strip_prefix("0x") {
                Some(_) => text.parse().ok(),
                None => decimal_address(&text),
            };
        }
        None
    }
}

fn decimal_address(text: &str) -> Option<Address> {
    let mut bytes = [0; Address::LENGTH];
    let number: u128 = text.parse().ok()?;
    bytes[Address::LENGTH - 16..].copy_from_slice(&number.to_be_bytes());
    Some(Address::new(bytes))
}

/// Modules that every module can name without an import: the last part of each.
const IMPLICIT_IMPORTS: [[&str; 2]; 5] = [
    ["std", "vector"],
    ["std", "option"],
    ["sui", "object"],
    ["sui", "transfer"],
    ["sui", "tx_context"],
];

/// The names in scope of one module.
pub(super) struct Names<'s, 'a> {
    /// The module whose attributes are read.
    pub(super) module: &'s ScopedModule<'s, 'a>,
    /// Every module of the build.
    pub(super) all: &'s BTreeMap<ModuleId, ScopedModule<'s, 'a>>,
}

impl Names<'_, '_> {
    /// The module that `path` names. The error says that it names none.
    pub(super) fn module(&self, path: &[&str]) -> Result<ModuleId, String> {
        self.find_module(path).ok_or_else(|| {
            format!(
                "`{}` is not a module that this one can see",
                path.join("::")
            )
        })
    }

    fn find_module(&self, path: &[&str]) -> Option<ModuleId> {
        match *path {
            ["Self"] => self.module.id(),
            [name] => {
                let import = self.import(name);
                match import.as_deref() {
                    Some([address, module]) => self.full(address, module),
                    _ if name == self.module.outline.name => self.module.id(),
                    _ => IMPLICIT_IMPORTS
                        .iter()
                        .find(|[_, module]| *module == name)
                        .and_then(|[address, module]| self.full(address, module)),
                }
            }
            [address, module] => self.full(address, module),
            _ => None,
        }
    }

    /// The code of the constant that `path` names, and its module. The error
    /// says why there is none.
    pub(super) fn constant(&self, path: &[&str]) -> Result<(AbortCode, ModuleId), String> {
        let written = path.join("::");
        let (id, name) = match *path {
            [name] => match self.import(name).as_deref() {
                Some([address, module, constant]) => {
                    (self.module(&[*address, *module])?, *constant)
                }
                _ => (self.module(&["Self"])?, name),
            },
            [ref module @ .., name] => (self.module(module)?, name),
            [] => return Err("expected a number or a constant".to_owned()),
        };
        let module = self
            .all
            .get(&id)
            .ok_or_else(|| format!("the module of `{written}` is not part of this build"))?;
        let constant = module
            .outline
            .constants
            .iter()
            .find(|constant| constant.name == name)
            .ok_or_else(|| format!("`{written}` is not a constant"))?;
        let code = if constant.is_error {
            AbortCode::Constant(name.to_owned())
        } else {
            AbortCode::Value(value_of(module.outline, name).ok_or_else(|| {
                format!(
                    "the value of `{written}` is too involved; write its number and a `location`"
                )
            })?)
        };
        Ok((code, id))
    }

    fn import(&self, name: &str) -> Option<Vec<&str>> {
        self.module
            .outline
            .imports
            .iter()
            .find(|(bound, _)| *bound == name)
            .map(|(_, path)| path.clone())
    }

    fn full(&self, address: &str, module: &str) -> Option<ModuleId> {
        Some(ModuleId {
            address: self.module.address(address)?,
            name: module.to_owned(),
        })
    }
}
