//! Whether a new version of a module may take the place of an old one.
//!
//! An upgrade must not break those who depend on the package, nor the values
//! that exist. So, of every version, all that others can name stays:
//!
//! | | compatible | additive | dependencies only |
//! |---|---|---|---|
//! | datatypes: abilities, type parameters, fields, variants | stay | stay | stay |
//! | public functions: signatures | stay, constraints may relax | stay | stay |
//! | bodies of functions | may change | stay | stay |
//! | private and friend functions | may change | stay | stay |
//! | new functions and datatypes | allowed | allowed | refused |
//! | version of the binary format | may change | does not fall | does not fall |
//! | friends | may change | may change | stay |
//!
//! A package whose capability is gone has no policy: nothing asks here for it.

mod code;

use heddle_bytecode::{
    CompiledModule, DatatypeHandleIndex, FieldDefinition, FunctionDefinition,
    FunctionDefinitionIndex, ModuleId, SignatureToken, Visibility,
};
use std::collections::{BTreeMap, BTreeSet};

/// How much an upgrade may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UpgradePolicy {
    /// Anything that breaks nobody.
    Compatible,
    /// Only additions.
    Additive,
    /// Nothing but the packages that it links to.
    DependencyOnly,
}

/// Why a new version may not take the place of the old one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Incompatibility {
    /// A datatype is gone.
    #[error("datatype {datatype} was removed")]
    DatatypeRemoved {
        /// Its name.
        datatype: String,
    },
    /// A datatype differs.
    #[error("datatype {datatype} changed its {what}")]
    DatatypeChanged {
        /// Its name.
        datatype: String,
        /// What differs.
        what: &'static str,
    },
    /// A function that others can call is gone, or no longer public.
    #[error("public function {function} was removed or is no longer public")]
    FunctionRemoved {
        /// Its name.
        function: String,
    },
    /// A function has another signature.
    #[error("function {function} changed its {what}")]
    FunctionChanged {
        /// Its name.
        function: String,
        /// What differs.
        what: &'static str,
    },
    /// The modules are not versions of one module.
    #[error("module {old} cannot be replaced by module {new}")]
    OtherModule {
        /// The old module.
        old: ModuleId,
        /// The new one.
        new: ModuleId,
    },
    /// The new version is written in an older format.
    #[error(
        "the binary format went back from version {old} to {new}, but the policy allows \
         additions at most"
    )]
    FormatVersion {
        /// The format of the old version.
        old: u32,
        /// The format of the new one.
        new: u32,
    },
    /// Friends were added or removed where the policy allows nothing new.
    #[error("the friends changed, but the policy allows changes of dependencies only")]
    FriendsChanged,
    /// Something new where the policy allows nothing new.
    #[error("{item} is new, but the policy allows changes of dependencies only")]
    Added {
        /// What is new.
        item: String,
    },
}

/// Checks that `new` may take the place of `old` under `policy`. Both are
/// verified modules; types are compared by the ids of their modules, which do
/// not change from version to version.
///
/// # Errors
/// The first thing that others would miss.
pub fn check_compatibility(
    old: &CompiledModule,
    new: &CompiledModule,
    policy: UpgradePolicy,
) -> Result<(), Incompatibility> {
    if old.self_id() != new.self_id() {
        return Err(Incompatibility::OtherModule {
            old: old.self_id(),
            new: new.self_id(),
        });
    }
    if policy != UpgradePolicy::Compatible && new.version < old.version {
        return Err(Incompatibility::FormatVersion {
            old: old.version,
            new: new.version,
        });
    }
    check_datatypes(old, new, policy)?;
    check_functions(old, new, policy)?;
    let friends = |module: &CompiledModule| module.friends().collect::<BTreeSet<_>>();
    if policy == UpgradePolicy::DependencyOnly && friends(old) != friends(new) {
        return Err(Incompatibility::FriendsChanged);
    }
    Ok(())
}

/// A type with names in place of indexes, so that two modules can be compared.
#[derive(Debug, PartialEq, Eq)]
enum NamedType {
    Plain(SignatureToken),
    Vector(Box<NamedType>),
    Reference(Box<NamedType>, bool),
    Datatype(String, Vec<NamedType>),
}

fn named(module: &CompiledModule, token: &SignatureToken) -> NamedType {
    let boxed = |token: &SignatureToken| Box::new(named(module, token));
    match token {
        SignatureToken::Vector(element) => NamedType::Vector(boxed(element)),
        SignatureToken::Reference(inner) => NamedType::Reference(boxed(inner), false),
        SignatureToken::MutableReference(inner) => NamedType::Reference(boxed(inner), true),
        SignatureToken::Datatype(handle) => {
            NamedType::Datatype(datatype_name(module, *handle), Vec::new())
        }
        SignatureToken::DatatypeInstantiation(instantiation) => NamedType::Datatype(
            datatype_name(module, instantiation.0),
            instantiation
                .1
                .iter()
                .map(|argument| named(module, argument))
                .collect(),
        ),
        plain => NamedType::Plain(plain.clone()),
    }
}

fn datatype_name(module: &CompiledModule, handle: DatatypeHandleIndex) -> String {
    let handle = &module[handle];
    format!(
        "{}::{}",
        module.module_id(&module[handle.module]),
        module[handle.name]
    )
}

fn named_all<'a>(
    module: &CompiledModule,
    tokens: impl IntoIterator<Item = &'a SignatureToken>,
) -> Vec<NamedType> {
    tokens
        .into_iter()
        .map(|token| named(module, token))
        .collect()
}

/// A datatype that a module defines: its handle, and its fields by variant
/// (one, without a name, for a struct).
struct Datatype<'a> {
    handle: DatatypeHandleIndex,
    variants: Vec<(Option<&'a str>, &'a [FieldDefinition])>,
}

fn datatypes(module: &CompiledModule) -> BTreeMap<&str, Datatype<'_>> {
    let name = |handle: DatatypeHandleIndex| module[module[handle].name].as_str();
    let structs = module.struct_defs.iter().map(|def| {
        let datatype = Datatype {
            handle: def.struct_handle,
            variants: vec![(None, def.fields())],
        };
        (name(def.struct_handle), datatype)
    });
    let enums = module.enum_defs.iter().map(|def| {
        let variants = def
            .variants
            .iter()
            .map(|variant| {
                (
                    Some(module[variant.variant_name].as_str()),
                    variant.fields.as_slice(),
                )
            })
            .collect();
        let datatype = Datatype {
            handle: def.enum_handle,
            variants,
        };
        (name(def.enum_handle), datatype)
    });
    structs.chain(enums).collect()
}

fn check_datatypes(
    old: &CompiledModule,
    new: &CompiledModule,
    policy: UpgradePolicy,
) -> Result<(), Incompatibility> {
    let (old_types, new_types) = (datatypes(old), datatypes(new));
    for (name, before) in &old_types {
        let Some(after) = new_types.get(name) else {
            return Err(Incompatibility::DatatypeRemoved {
                datatype: (*name).to_owned(),
            });
        };
        check_datatype(old, before, new, after).map_err(|what| {
            Incompatibility::DatatypeChanged {
                datatype: (*name).to_owned(),
                what,
            }
        })?;
    }
    if policy == UpgradePolicy::DependencyOnly
        && let Some(name) = new_types.keys().find(|name| !old_types.contains_key(*name))
    {
        return Err(Incompatibility::Added {
            item: format!("datatype {name}"),
        });
    }
    Ok(())
}

fn check_datatype(
    old: &CompiledModule,
    before: &Datatype<'_>,
    new: &CompiledModule,
    after: &Datatype<'_>,
) -> Result<(), &'static str> {
    let (old_handle, new_handle) = (&old[before.handle], &new[after.handle]);
    if old_handle.abilities != new_handle.abilities {
        return Err("abilities");
    }
    if old_handle.type_parameters != new_handle.type_parameters {
        return Err("type parameters");
    }
    let variant_names = |datatype: &Datatype<'_>| -> Vec<Option<String>> {
        datatype
            .variants
            .iter()
            .map(|(name, _)| name.map(str::to_owned))
            .collect()
    };
    if variant_names(before) != variant_names(after) {
        return Err("variants");
    }
    for ((_, old_fields), (_, new_fields)) in before.variants.iter().zip(&after.variants) {
        let field = |module: &CompiledModule, field: &FieldDefinition| {
            (
                module[field.name].to_string(),
                named(module, &field.signature),
            )
        };
        let old_fields: Vec<_> = old_fields.iter().map(|it| field(old, it)).collect();
        let new_fields: Vec<_> = new_fields.iter().map(|it| field(new, it)).collect();
        if old_fields != new_fields {
            return Err("fields");
        }
    }
    Ok(())
}

fn functions(module: &CompiledModule) -> BTreeMap<&str, &FunctionDefinition> {
    module
        .entries::<FunctionDefinitionIndex>()
        .map(|(index, def)| (module.function_name(index).as_str(), def))
        .collect()
}

fn check_functions(
    old: &CompiledModule,
    new: &CompiledModule,
    policy: UpgradePolicy,
) -> Result<(), Incompatibility> {
    let (old_functions, new_functions) = (functions(old), functions(new));
    for (name, before) in &old_functions {
        let must_stay =
            before.visibility == Visibility::Public || policy != UpgradePolicy::Compatible;
        if !must_stay {
            continue;
        }
        let changed = |what| Incompatibility::FunctionChanged {
            function: (*name).to_owned(),
            what,
        };
        let after = new_functions.get(name).filter(|after| {
            before.visibility != Visibility::Public || after.visibility == Visibility::Public
        });
        let Some(after) = after else {
            return Err(Incompatibility::FunctionRemoved {
                function: (*name).to_owned(),
            });
        };
        check_signature(old, before, new, after, policy).map_err(changed)?;
        if policy != UpgradePolicy::Compatible {
            if before.visibility != after.visibility || before.is_entry != after.is_entry {
                return Err(changed("visibility"));
            }
            if !code::same(old, before.code.as_ref(), new, after.code.as_ref()) {
                return Err(changed("body"));
            }
        }
    }
    if policy == UpgradePolicy::DependencyOnly
        && let Some(name) = new_functions
            .keys()
            .find(|name| !old_functions.contains_key(*name))
    {
        return Err(Incompatibility::Added {
            item: format!("function {name}"),
        });
    }
    Ok(())
}

fn check_signature(
    old: &CompiledModule,
    before: &FunctionDefinition,
    new: &CompiledModule,
    after: &FunctionDefinition,
    policy: UpgradePolicy,
) -> Result<(), &'static str> {
    let (old_handle, new_handle) = (&old[before.function], &new[after.function]);
    // A caller's type arguments must still fit: constraints may only relax,
    // and where bodies stay, so do they.
    let fits = old_handle.type_parameters.len() == new_handle.type_parameters.len()
        && old_handle
            .type_parameters
            .iter()
            .zip(&new_handle.type_parameters)
            .all(|(old, new)| match policy {
                UpgradePolicy::Compatible => new.is_subset(*old),
                UpgradePolicy::Additive | UpgradePolicy::DependencyOnly => new == old,
            });
    if !fits {
        return Err("type parameters");
    }
    if named_all(old, &old[old_handle.parameters].0)
        != named_all(new, &new[new_handle.parameters].0)
    {
        return Err("parameters");
    }
    if named_all(old, &old[old_handle.return_].0) != named_all(new, &new[new_handle.return_].0) {
        return Err("results");
    }
    Ok(())
}
