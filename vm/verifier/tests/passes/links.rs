use heddle_bytecode::{
    Ability, AbilitySet, CompiledModule, SignatureToken as T, Visibility,
    testing::{
        FunctionSignature, ModuleBuilder, address, instantiation, reference, type_parameter, vector,
    },
};
use heddle_verifier::{Rule, verify_acyclic, verify_links};

use crate::{abort, compiled, verify};

const NONE: AbilitySet = AbilitySet::EMPTY;
const COPY: AbilitySet = AbilitySet::singleton(Ability::Copy);
const DROP: AbilitySet = AbilitySet::singleton(Ability::Drop);

fn signature(type_parameters: &[AbilitySet], parameters: &[T], returns: &[T]) -> FunctionSignature {
    FunctionSignature {
        type_parameters: type_parameters.to_vec(),
        parameters: parameters.to_vec(),
        returns: returns.to_vec(),
    }
}

/// The module that others link to.
fn library() -> CompiledModule {
    let mut b = ModuleBuilder::new(address(1), "library");
    let s = b.own_datatype("S", COPY.union(DROP), &[]);
    b.struct_def(s, &[("x", T::U8)]);
    let g = b.own_datatype("G", DROP, &[(true, NONE), (false, DROP)]);
    b.struct_def(g, &[("x", type_parameter(1))]);
    let e = b.own_datatype("E", DROP, &[]);
    b.enum_def(e, &[("A", &[])]);

    let s = T::Datatype(s);
    let public = signature(
        &[NONE],
        &[vector(s.clone()), type_parameter(0)],
        &[reference(s)],
    );
    for (name, visibility) in [
        ("open", Visibility::Public),
        ("friendly", Visibility::Friend),
        ("closed", Visibility::Private),
    ] {
        let f = b.function(name, visibility, &public);
        b.body(f, &[], abort());
    }
    b.friend(address(1), "friend");
    b.build()
}

fn verdict(module: &CompiledModule) -> Result<(), Rule> {
    verify(module).unwrap();
    let library = library();
    verify(&library).unwrap();
    verify_links(module, &|id| (*id == library.self_id()).then_some(&library))
        .map_err(|error| error.rule)
}

#[test]
fn datatypes() {
    type Handle<'a> = (&'a str, AbilitySet, &'a [(bool, AbilitySet)]);
    let rows: [(Handle<'_>, Result<(), Rule>); 11] = [
        (("S", COPY.union(DROP), &[]), Ok(())),
        (("S", COPY, &[]), Ok(())),
        (("S", AbilitySet::PRIMITIVES, &[]), Err(Rule::LinkMismatch)),
        (("S", COPY, &[(false, NONE)]), Err(Rule::LinkMismatch)),
        (("E", DROP, &[]), Ok(())),
        (("Missing", NONE, &[]), Err(Rule::MissingItem)),
        (("G", DROP, &[(true, NONE), (false, DROP)]), Ok(())),
        (("G", DROP, &[(false, NONE), (false, DROP)]), Ok(())),
        (
            ("G", DROP, &[(true, NONE), (true, DROP)]),
            Err(Rule::LinkMismatch),
        ),
        (
            ("G", DROP, &[(true, NONE), (false, DROP.union(COPY))]),
            Ok(()),
        ),
        (
            ("G", DROP, &[(true, NONE), (false, NONE)]),
            Err(Rule::LinkMismatch),
        ),
    ];
    for ((name, abilities, type_parameters), expected) in rows {
        let mut b = ModuleBuilder::new(address(2), "user");
        let library = b.module_handle(address(1), "library");
        b.datatype_handle(library, name, abilities, type_parameters);
        assert_eq!(
            verdict(&b.build()),
            expected,
            "{name} {abilities} {type_parameters:?}"
        );
    }
}

/// What a module at `address` makes of a function of the library: the
/// function's name, the module and name of the datatype it takes for `S`, and
/// how it changes the signature.
fn function_verdict(
    user: (u8, &str),
    name: &str,
    datatype: (u8, &str, &str),
    change: fn(&mut FunctionSignature),
) -> Result<(), Rule> {
    let mut b = ModuleBuilder::new(address(user.0), user.1);
    let library = b.module_handle(address(1), "library");
    let module = b.module_handle(address(datatype.0), datatype.1);
    let s = T::Datatype(b.datatype_handle(module, datatype.2, NONE, &[]));
    let mut signature = signature(
        &[NONE],
        &[vector(s.clone()), type_parameter(0)],
        &[reference(s)],
    );
    change(&mut signature);
    b.function_handle(library, name, &signature);
    verdict(&b.build())
}

#[test]
fn functions() {
    let s = (1, "library", "S");
    let same = |name| function_verdict((2, "user"), name, s, |_| {});
    assert_eq!(same("open"), Ok(()));
    assert_eq!(same("missing"), Err(Rule::MissingItem));

    let changed = |change| function_verdict((2, "user"), "open", s, change);
    assert_eq!(changed(|f| f.type_parameters = vec![COPY]), Ok(()));
    assert_eq!(
        changed(|f| f.type_parameters.push(NONE)),
        Err(Rule::LinkMismatch)
    );
    assert_eq!(
        changed(|f| f.parameters.truncate(1)),
        Err(Rule::LinkMismatch)
    );
    assert_eq!(
        changed(|f| f.parameters.swap(0, 1)),
        Err(Rule::LinkMismatch)
    );
    assert_eq!(
        changed(|f| f.parameters[1] = T::U8),
        Err(Rule::LinkMismatch)
    );
    assert_eq!(changed(|f| f.returns.clear()), Err(Rule::LinkMismatch));
    assert_eq!(changed(|f| f.returns[0] = T::U8), Err(Rule::LinkMismatch));

    let with = |datatype| function_verdict((2, "user"), "open", datatype, |_| {});
    assert_eq!(with((1, "library", "E")), Err(Rule::LinkMismatch));
    assert_eq!(with((9, "library", "S")), Err(Rule::MissingDependency));
}

#[test]
fn visibility() {
    let by = |user, name| function_verdict(user, name, (1, "library", "S"), |_| {});
    assert_eq!(by((1, "friend"), "friendly"), Ok(()));
    assert_eq!(by((1, "stranger"), "friendly"), Err(Rule::Visibility));
    assert_eq!(by((2, "friend"), "friendly"), Err(Rule::Visibility));
    assert_eq!(by((1, "friend"), "closed"), Err(Rule::Visibility));
}

#[test]
fn instances_are_compared_by_their_arguments() {
    let module = |name: &str, argument: T| {
        let mut b = ModuleBuilder::new(address(3), name);
        let library = b.module_handle(address(1), "library");
        let g = b.datatype_handle(library, "G", NONE, &[(false, NONE), (false, DROP)]);
        (b, instantiation(g, vec![T::U8, argument]))
    };
    for (argument, expected) in [(T::U64, Ok(())), (T::U32, Err(Rule::LinkMismatch))] {
        let (mut defines, type_) = module("defines", T::U64);
        defines.function("f", Visibility::Public, &signature(&[], &[type_], &[]));
        let defines = defines.build();
        let (mut uses, type_) = module("uses", argument);
        let handle = uses.module_handle(address(3), "defines");
        uses.function_handle(handle, "f", &signature(&[], &[type_], &[]));
        let library = library();
        let modules = [&defines, &library];
        let found = verify_links(&uses.build(), &|id| {
            modules.into_iter().find(|module| module.self_id() == *id)
        });
        assert_eq!(found.map_err(|error| error.rule), expected);
    }
}

#[test]
fn compiled_modules_link() {
    let modules = compiled();
    for module in &modules {
        let found = verify_links(module, &|id| {
            modules.iter().find(|module| module.self_id() == *id)
        });
        assert_eq!(found, Ok(()));
    }
    assert_eq!(verify_acyclic(&modules), Ok(()));
}

#[test]
fn packages_have_no_circles() {
    let module = |name: &str, uses: &[&str]| {
        let mut b = ModuleBuilder::new(address(5), name);
        for other in uses {
            b.module_handle(address(5), other);
        }
        b.build()
    };
    /// Modules, each with the modules that it uses.
    type Package<'a> = &'a [(&'a str, &'a [&'a str])];
    let rows: [(Package<'_>, bool); 4] = [
        (&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])], true),
        (&[("a", &["b"]), ("b", &["a"])], false),
        (&[("a", &["b"]), ("b", &["c"]), ("c", &["b"])], false),
        (&[("a", &["elsewhere"])], true),
    ];
    for (names, expected) in rows {
        let modules: Vec<_> = names
            .iter()
            .map(|(name, uses)| module(name, uses))
            .collect();
        let found = verify_acyclic(&modules).map_err(|error| error.rule);
        let verdict = if expected {
            Ok(())
        } else {
            Err(Rule::CyclicDependency)
        };
        assert_eq!(found, verdict, "{names:?}");
    }
}
