//! What may take the place of a module breaks nobody who used it.

use crate::choices::Choices;
use crate::generate;
use crate::mutate::mutate;
use heddle_bytecode::testing::{ModuleBuilder, address};
use heddle_bytecode::{
    CompiledModule, DatatypeHandle, DatatypeHandleIndex, FunctionHandle, ModuleHandleIndex,
    Signature, SignatureToken as T, Visibility,
};
use heddle_verifier::{
    UpgradePolicy, VerifierLimits, WorkMeter, check_compatibility, verify_links, verify_module,
};

/// The policies, each stricter than the one before it.
const POLICIES: [UpgradePolicy; 3] = [
    UpgradePolicy::Compatible,
    UpgradePolicy::Additive,
    UpgradePolicy::DependencyOnly,
];

/// Makes a module of the bytes, and a later version of it by mutations. Holds
/// the check of upgrades against linking: whoever could use the old version
/// can use a new one that the check accepts.
pub fn upgrade_compatibility(bytes: &[u8]) {
    let [count, rest @ ..] = bytes else { return };
    let (mutations, decisions) = rest.split_at(rest.len().min((1 + usize::from(count % 8)) * 6));
    let old = generate::module(&mut Choices::new(decisions));
    let mut new = old.clone();
    let mut choices = Choices::new(mutations);
    while !choices.is_exhausted() {
        mutate(&mut new, &mut choices);
    }
    for module in [&old, &new] {
        let mut meter = WorkMeter::default();
        if verify_module(module, &VerifierLimits::default(), &mut meter).is_err() {
            return;
        }
        for policy in POLICIES {
            assert_eq!(check_compatibility(module, module, policy), Ok(()));
        }
    }
    let accepted = POLICIES.map(|policy| check_compatibility(&old, &new, policy).is_ok());
    assert!(
        accepted.is_sorted_by_key(|accepted| !accepted),
        "a stricter policy accepts more: {accepted:?}"
    );
    if !accepted[0] || old.self_id() != new.self_id() {
        return;
    }
    let caller = caller(&old);
    let mut meter = WorkMeter::default();
    verify_module(&caller, &VerifierLimits::default(), &mut meter)
        .expect("a module that only names things is fine by itself");
    for (version, module) in [("old", &old), ("new", &new)] {
        let others: Vec<CompiledModule> = module
            .dependencies()
            .map(|id| generate::natives_module(id.name.as_str()))
            .collect();
        let linked = verify_links(&caller, &|id| {
            if *id == module.self_id() {
                Some(module)
            } else {
                others.iter().find(|other| other.self_id() == *id)
            }
        });
        assert_eq!(
            linked,
            Ok(()),
            "a caller does not link with the {version} version"
        );
    }
}

/// A module that names all that others can use of `module`.
fn caller(module: &CompiledModule) -> CompiledModule {
    let mut builder = ModuleBuilder::new(address(0x99), "caller");
    let own = module.self_module_handle;
    let homes: Vec<ModuleHandleIndex> = module
        .module_handles
        .iter()
        .map(|handle| builder.module_handle(module[handle.address], &module[handle.name]))
        .collect();
    let home = |index: ModuleHandleIndex| homes[usize::from(index.0)];
    let datatypes: Vec<DatatypeHandleIndex> = module
        .datatype_handles
        .iter()
        .map(|handle| {
            let name = builder.identifier(&module[handle.name]);
            let handle = DatatypeHandle {
                module: home(handle.module),
                name,
                ..handle.clone()
            };
            builder.module.datatype_handles.push(handle);
            DatatypeHandleIndex((builder.module.datatype_handles.len() - 1) as u16)
        })
        .collect();
    for definition in &module.function_defs {
        let handle = &module[definition.function];
        if definition.visibility != Visibility::Public || handle.module != own {
            continue;
        }
        let renamed = |signature: &Signature| -> Vec<T> {
            let types = signature.0.iter();
            types.map(|token| rename(token, &datatypes)).collect()
        };
        let parameters = builder.signature(&renamed(&module[handle.parameters]));
        let return_ = builder.signature(&renamed(&module[handle.return_]));
        let handle = FunctionHandle {
            module: home(handle.module),
            name: builder.identifier(&module[handle.name]),
            parameters,
            return_,
            type_parameters: handle.type_parameters.clone(),
        };
        builder.module.function_handles.push(handle);
    }
    builder.build()
}

fn rename(token: &T, datatypes: &[DatatypeHandleIndex]) -> T {
    let inner = |token: &T| Box::new(rename(token, datatypes));
    match token {
        T::Datatype(handle) => T::Datatype(datatypes[usize::from(handle.0)]),
        T::DatatypeInstantiation(instantiation) => {
            let arguments = instantiation.1.iter();
            T::DatatypeInstantiation(Box::new((
                datatypes[usize::from(instantiation.0.0)],
                arguments.map(|token| rename(token, datatypes)).collect(),
            )))
        }
        T::Vector(element) => T::Vector(inner(element)),
        T::Reference(target) => T::Reference(inner(target)),
        T::MutableReference(target) => T::MutableReference(inner(target)),
        plain => plain.clone(),
    }
}
