//! For every rule a module that breaks it, and one that is nearly the same and
//! doesn't.

use std::collections::BTreeSet;

use heddle_bytecode::{
    Ability, AbilitySet, Bytecode as B, CompiledModule, FunctionHandleIndex, SignatureToken as T,
    StructDefinition, StructFieldInformation, Visibility,
    testing::{
        FunctionSignature, ModuleBuilder, address, instantiation, mutable_reference, reference,
        type_parameter, vector,
    },
};
use heddle_verifier::{
    Rule, VerificationError, VerifierLimits, WorkMeter, verify_acyclic, verify_links,
    verify_module, verify_object_rules,
};

use crate::body::{borrow_mut, one, take};

const NONE: AbilitySet = AbilitySet::EMPTY;
const DROP: AbilitySet = AbilitySet::singleton(Ability::Drop);
const KEY: AbilitySet = AbilitySet::singleton(Ability::Key);

/// Makes a package; `broken` says whether it breaks the rule.
type Make = fn(broken: bool) -> Vec<CompiledModule>;

/// A rule, and a package that breaks it or doesn't.
type Case = (Rule, Make);

fn one_module(build: impl FnOnce(&mut ModuleBuilder)) -> Vec<CompiledModule> {
    let mut b = ModuleBuilder::new(address(7), "m");
    build(&mut b);
    vec![b.build()]
}

/// A module `lib`, and the module `m` that uses it.
fn two_modules(
    lib: impl FnOnce(&mut ModuleBuilder),
    user: impl FnOnce(&mut ModuleBuilder),
) -> Vec<CompiledModule> {
    let mut first = ModuleBuilder::new(address(7), "lib");
    lib(&mut first);
    let mut second = ModuleBuilder::new(address(7), "m");
    user(&mut second);
    vec![first.build(), second.build()]
}

fn function(b: &mut ModuleBuilder, parameters: &[T], returns: &[T], code: Vec<B>) {
    b.simple_function("f", parameters, returns, code);
}

/// `struct NAME has ABILITIES { x: TYPE }`
fn structure(b: &mut ModuleBuilder, name: &str, abilities: AbilitySet, type_: T) -> T {
    let handle = b.own_datatype(name, abilities, &[]);
    b.struct_def(handle, &[("x", type_)]);
    T::Datatype(handle)
}

fn signature(type_parameters: &[AbilitySet], parameters: &[T]) -> FunctionSignature {
    FunctionSignature {
        type_parameters: type_parameters.to_vec(),
        parameters: parameters.to_vec(),
        returns: Vec::new(),
    }
}

/// A public function `lib::f` with a parameter.
fn library(b: &mut ModuleBuilder, visibility: Visibility) {
    let f = b.function("f", visibility, &signature(&[], &[T::U64]));
    b.body(f, &[], vec![B::Ret]);
}

/// A call of `MODULE::NAME` with a parameter of a type.
fn call(b: &mut ModuleBuilder, module: &str, name: &str, parameter: T) {
    let module = b.module_handle(address(7), module);
    let f = b.function_handle(
        module,
        name,
        &signature(&[], std::slice::from_ref(&parameter)),
    );
    function(b, &[parameter], &[], vec![take(0), B::Call(f), B::Ret]);
}

#[expect(clippy::too_many_lines, reason = "a table with an entry for each rule")]
fn cases() -> Vec<Case> {
    vec![
        (Rule::WorkLimit, |broken| {
            // Checked with a meter that allows what the accepted one needs.
            one_module(|b| {
                let code = vec![B::Nop; if broken { 5000 } else { 10 }];
                function(b, &[], &[], [code, vec![B::Ret]].concat());
            })
        }),
        (Rule::SizeLimit, |broken| {
            one_module(|b| {
                let parameters = vec![T::U8; if broken { 129 } else { 128 }];
                function(b, &parameters, &[], vec![B::Ret]);
            })
        }),
        (Rule::IndexOutOfBounds, |broken| {
            one_module(|b| {
                function(b, &[], &[], vec![B::Ret]);
                b.module.function_defs[0].function = FunctionHandleIndex(u16::from(broken));
            })
        }),
        (Rule::Duplicate, |broken| {
            one_module(|b| {
                let handle = b.own_datatype("S", NONE, &[]);
                let second = if broken { "x" } else { "y" };
                b.struct_def(handle, &[("x", T::U8), (second, T::U8)]);
            })
        }),
        (Rule::ForeignDefinition, |broken| {
            one_module(|b| {
                let other = b.module_handle(address(7), "other");
                let home = if broken { other } else { b.self_handle() };
                let handle = b.datatype_handle(home, "S", NONE, &[]);
                b.struct_def(handle, &[("x", T::U8)]);
                if !broken {
                    b.module.module_handles.pop();
                }
            })
        }),
        (Rule::Unimplemented, |broken| {
            one_module(|b| {
                let handle = b.own_datatype("S", NONE, &[]);
                if !broken {
                    b.struct_def(handle, &[("x", T::U8)]);
                }
            })
        }),
        (Rule::EmptyDatatype, |broken| {
            one_module(|b| {
                let handle = b.own_datatype("S", NONE, &[]);
                let fields = [("x", T::U8)];
                b.struct_def(handle, if broken { &[] } else { &fields });
            })
        }),
        (Rule::Friend, |broken| {
            one_module(|b| b.friend(address(7), if broken { "m" } else { "other" }))
        }),
        (Rule::CyclicDependency, |broken| {
            two_modules(
                |b| {
                    library(b, Visibility::Public);
                    if broken {
                        b.module_handle(address(7), "m");
                    }
                },
                |b| call(b, "lib", "f", T::U64),
            )
        }),
        (Rule::GlobalStorage, |broken| {
            one_module(|b| {
                let handle = b.own_datatype("S", DROP, &[]);
                let def = b.struct_def(handle, &[("x", T::U64)]);
                let op = if broken {
                    B::MoveFromDeprecated(def)
                } else {
                    B::Pack(def)
                };
                function(b, &[], &[T::Datatype(handle)], vec![one(), op, B::Ret]);
            })
        }),
        (Rule::Acquires, |broken| {
            one_module(|b| {
                let handle = b.own_datatype("S", DROP, &[]);
                let def = b.struct_def(handle, &[("x", T::U64)]);
                function(b, &[], &[], vec![B::Ret]);
                if broken {
                    b.module.function_defs[0]
                        .acquires_global_resources
                        .push(def);
                }
            })
        }),
        (Rule::NativeStruct, |broken| {
            one_module(|b| {
                let struct_handle = b.own_datatype("S", NONE, &[]);
                if broken {
                    b.module.struct_defs.push(StructDefinition {
                        struct_handle,
                        field_information: StructFieldInformation::Native,
                    });
                } else {
                    b.struct_def(struct_handle, &[("x", T::U8)]);
                }
            })
        }),
        (Rule::NestedReference, |broken| {
            one_module(|b| {
                let type_ = if broken {
                    vector(reference(T::U8))
                } else {
                    reference(vector(T::U8))
                };
                function(b, &[type_], &[], vec![B::Ret]);
            })
        }),
        (Rule::TypeArgumentCount, |broken| {
            one_module(|b| {
                let handle = b.own_datatype("S", DROP, &[(true, NONE), (true, NONE)]);
                b.struct_def(handle, &[("x", T::U8)]);
                let arguments = vec![T::U8; if broken { 1 } else { 2 }];
                function(b, &[instantiation(handle, arguments)], &[], vec![B::Ret]);
            })
        }),
        (Rule::AbilityConstraint, |broken| {
            one_module(|b| {
                let linear = structure(b, "R", NONE, T::U8);
                let handle = b.own_datatype("S", DROP, &[(true, DROP)]);
                b.struct_def(handle, &[("x", T::U8)]);
                let argument = if broken { linear } else { T::U8 };
                function(
                    b,
                    &[instantiation(handle, vec![argument])],
                    &[],
                    vec![B::Ret],
                );
            })
        }),
        (Rule::FieldAbility, |broken| {
            one_module(|b| {
                let inner = structure(b, "R", if broken { NONE } else { DROP }, T::U8);
                structure(b, "S", DROP, inner);
            })
        }),
        (Rule::PhantomPosition, |broken| {
            one_module(|b| {
                let handle = b.own_datatype("S", NONE, &[(broken, NONE)]);
                b.struct_def(handle, &[("x", type_parameter(0))]);
            })
        }),
        (Rule::RecursiveDatatype, |broken| {
            one_module(|b| {
                let s = b.own_datatype("S", NONE, &[]);
                let r = b.own_datatype("R", NONE, &[]);
                b.struct_def(s, &[("x", vector(T::Datatype(r)))]);
                let inner = if broken { T::Datatype(s) } else { T::U8 };
                b.struct_def(r, &[("x", inner)]);
            })
        }),
        (Rule::InstantiationLoop, |broken| {
            one_module(|b| {
                let f = b.function("f", Visibility::Private, &signature(&[NONE], &[]));
                let argument = type_parameter(0);
                let argument = if broken { vector(argument) } else { argument };
                let handle = b.module[f].function;
                let call = b.function_instantiation(handle, &[argument]);
                b.body(f, &[], vec![B::CallGeneric(call), B::Ret]);
            })
        }),
        (Rule::ConstantType, |broken| {
            one_module(|b| {
                let type_ = if broken { T::Signer } else { T::Address };
                b.constant(type_, &[0; 32]);
            })
        }),
        (Rule::ConstantValue, |broken| {
            one_module(|b| {
                b.constant(T::Bool, &[1 + u8::from(broken)]);
            })
        }),
        (Rule::GenericMismatch, |broken| {
            one_module(|b| {
                let parameters: &[AbilitySet] = if broken { &[NONE] } else { &[] };
                let g = b.function("g", Visibility::Private, &signature(parameters, &[]));
                let g = b.module[g].function;
                function(b, &[], &[], vec![B::Call(g), B::Ret]);
            })
        }),
        (Rule::VectorOperand, |broken| {
            one_module(|b| {
                let types = vec![T::U8; if broken { 2 } else { 1 }];
                let types = b.signature(&types);
                function(b, &[], &[vector(T::U8)], vec![B::VecPack(types, 0), B::Ret]);
            })
        }),
        (Rule::ControlFlow, |broken| {
            one_module(|b| {
                let last = if broken { B::Nop } else { B::Ret };
                function(b, &[], &[], vec![B::Nop, last]);
            })
        }),
        (Rule::StackUsage, |broken| {
            one_module(|b| {
                let code = vec![one(), if broken { B::Nop } else { B::Pop }, B::Ret];
                function(b, &[], &[], code);
            })
        }),
        (Rule::TypeMismatch, |broken| {
            one_module(|b| {
                let value = if broken { B::LdU8(1) } else { one() };
                function(b, &[], &[T::U64], vec![value, B::Ret]);
            })
        }),
        (Rule::MissingAbility, |broken| {
            one_module(|b| {
                let s = structure(b, "S", if broken { NONE } else { DROP }, T::U8);
                function(b, &[s], &[], vec![take(0), B::Pop, B::Ret]);
            })
        }),
        (Rule::LocalUnavailable, |broken| {
            one_module(|b| {
                let s = structure(b, "S", if broken { NONE } else { DROP }, T::U8);
                function(b, &[s], &[], vec![B::Ret]);
            })
        }),
        (Rule::ReferenceSafety, |broken| {
            one_module(|b| {
                let from = if broken { borrow_mut(1) } else { take(0) };
                let parameters = [mutable_reference(T::U8), T::U8];
                function(b, &parameters, &parameters[..1], vec![from, B::Ret]);
            })
        }),
        (Rule::ObjectRule, |broken| {
            one_module(|b| {
                let object = b.module_handle(address(2), "object");
                let store = AbilitySet::singleton(Ability::Store);
                let uid = T::Datatype(b.datatype_handle(object, "UID", store, &[]));
                let handle = b.own_datatype("O", KEY, &[]);
                b.struct_def(handle, &[(if broken { "uid" } else { "id" }, uid)]);
            })
        }),
        (Rule::MissingDependency, |broken| {
            two_modules(
                |b| library(b, Visibility::Public),
                |b| call(b, if broken { "gone" } else { "lib" }, "f", T::U64),
            )
        }),
        (Rule::MissingItem, |broken| {
            two_modules(
                |b| library(b, Visibility::Public),
                |b| call(b, "lib", if broken { "g" } else { "f" }, T::U64),
            )
        }),
        (Rule::LinkMismatch, |broken| {
            two_modules(
                |b| library(b, Visibility::Public),
                |b| call(b, "lib", "f", if broken { T::U8 } else { T::U64 }),
            )
        }),
        (Rule::Visibility, |broken| {
            two_modules(
                |b| {
                    library(b, Visibility::Friend);
                    if !broken {
                        b.friend(address(7), "m");
                    }
                },
                |b| call(b, "lib", "f", T::U64),
            )
        }),
    ]
}

/// All that publishing a package checks, but for what needs the framework.
fn verify_package(
    modules: &[CompiledModule],
    meter: &mut WorkMeter,
) -> Result<(), VerificationError> {
    for module in modules {
        verify_module(module, &VerifierLimits::default(), meter)?;
        verify_object_rules(module, meter)?;
    }
    verify_acyclic(modules)?;
    let framework = address(2);
    for module in modules {
        // The one module that stands for the framework is believed.
        if module
            .module_handles
            .iter()
            .any(|handle| module[handle.address] == framework)
        {
            continue;
        }
        verify_links(module, &|id| {
            modules.iter().find(|other| other.self_id() == *id)
        })?;
    }
    Ok(())
}

#[test]
fn every_rule_is_broken_and_obeyed() {
    let mut seen = BTreeSet::new();
    for (rule, make) in cases() {
        assert!(seen.insert(rule), "{rule:?} comes twice");
        let limit = if rule == Rule::WorkLimit {
            1000
        } else {
            u64::MAX
        };
        let obeyed = verify_package(&make(false), &mut WorkMeter::new(limit));
        assert_eq!(obeyed, Ok(()), "{rule:?}");
        let broken = verify_package(&make(true), &mut WorkMeter::new(limit));
        assert_eq!(
            broken.as_ref().map_err(|error| error.rule),
            Err(rule),
            "{broken:?}"
        );
        let error = broken.unwrap_err();
        assert!(error.module.is_some(), "{error}");
        assert!(error.to_string().ends_with(&format!("({rule})")), "{error}");
    }
    assert_eq!(seen, Rule::ALL.iter().copied().collect());
}
