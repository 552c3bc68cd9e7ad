use heddle_bytecode::{
    Ability, AbilitySet, Bytecode as B, CompiledModule, SignatureToken as T, Visibility, format,
    testing::{FunctionSignature, ModuleBuilder, address, reference, type_parameter, vector},
};
use heddle_verifier::{Incompatibility, UpgradePolicy, check_compatibility};

use crate::body::{branch, one};
use crate::{builder, verify};

const NONE: AbilitySet = AbilitySet::EMPTY;
const DROP: AbilitySet = AbilitySet::singleton(Ability::Drop);
const STORE: AbilitySet = AbilitySet::singleton(Ability::Store);

const POLICIES: [UpgradePolicy; 3] = [
    UpgradePolicy::Compatible,
    UpgradePolicy::Additive,
    UpgradePolicy::DependencyOnly,
];

type Fields = Vec<(&'static str, T)>;

/// A version of a module. The default is the old one; a test changes a part.
#[derive(Clone)]
struct Version {
    /// Entries of tables that nothing uses, so that indexes differ.
    padding: bool,
    struct_name: &'static str,
    abilities: AbilitySet,
    type_parameters: Vec<(bool, AbilitySet)>,
    fields: Fields,
    enum_name: &'static str,
    variants: Vec<(&'static str, Fields)>,
    more_types: bool,
    public: Function,
    friend: Function,
    private: Function,
    more_functions: bool,
    format: u32,
    friends: &'static [&'static str],
}

#[derive(Clone)]
struct Function {
    name: &'static str,
    visibility: Visibility,
    is_entry: bool,
    type_parameters: Vec<AbilitySet>,
    parameters: Vec<T>,
    returns: Vec<T>,
    /// What the body loads and returns the abort code from.
    body: Body,
}

#[derive(Clone)]
enum Body {
    Abort(u64),
    Constant(Vec<u8>),
    Code(Vec<B>),
    Native,
}

fn function(name: &'static str, visibility: Visibility) -> Function {
    Function {
        name,
        visibility,
        is_entry: false,
        type_parameters: vec![DROP],
        parameters: vec![T::U64, type_parameter(0)],
        returns: vec![T::Bool],
        body: Body::Abort(0),
    }
}

fn old() -> Version {
    Version {
        padding: false,
        struct_name: "S",
        abilities: DROP,
        type_parameters: vec![(true, NONE)],
        fields: vec![("x", T::U64), ("y", T::Bool)],
        enum_name: "E",
        variants: vec![("A", vec![("x", T::U8)]), ("B", vec![])],
        more_types: false,
        public: function("public", Visibility::Public),
        friend: function("friend", Visibility::Friend),
        private: function("private", Visibility::Private),
        more_functions: false,
        format: format::VERSION_7,
        friends: &["other"],
    }
}

impl Version {
    fn build(&self) -> CompiledModule {
        let mut b = builder();
        if self.padding {
            for value in 0..4 {
                b.constant(T::U8, &[value]);
                b.signature(&[vector(vector(T::U8)), T::U16]);
                b.identifier(&format!("padding{value}"));
            }
        }
        if self.more_types {
            let more = b.own_datatype("More", NONE, &[]);
            b.struct_def(more, &[("x", T::U8)]);
        }
        if self.more_functions {
            b.simple_function("more", &[], &[], vec![B::Ret]);
        }
        let s = b.own_datatype(self.struct_name, self.abilities, &self.type_parameters);
        b.struct_def(s, &self.fields);
        let e = b.own_datatype(self.enum_name, NONE, &[]);
        let variants: Vec<_> = self
            .variants
            .iter()
            .map(|(name, fields)| (*name, fields.as_slice()))
            .collect();
        b.enum_def(e, &variants);
        for function in [&self.private, &self.friend, &self.public] {
            function.build(&mut b);
        }
        for friend in self.friends {
            b.friend(address(7), friend);
        }
        let mut module = b.build();
        module.version = self.format;
        assert_eq!(verify(&module), Ok(()));
        module
    }
}

impl Function {
    fn build(&self, b: &mut ModuleBuilder) {
        let signature = FunctionSignature {
            type_parameters: self.type_parameters.clone(),
            parameters: self.parameters.clone(),
            returns: self.returns.clone(),
        };
        let index = b.function(self.name, self.visibility, &signature);
        b.module.function_defs[usize::from(index.0)].is_entry = self.is_entry;
        let code = match &self.body {
            Body::Abort(code) => vec![B::LdU64(*code), B::Abort],
            Body::Constant(bytes) => {
                let constant = b.constant(vector(T::U8), bytes);
                vec![B::LdConst(constant), B::Pop, one(), B::Abort]
            }
            Body::Code(code) => code.clone(),
            Body::Native => return,
        };
        b.body(index, &[], code);
    }
}

/// Checks a change under each policy: compatible, additive, dependencies only.
#[track_caller]
fn check(
    name: &str,
    change: impl FnOnce(&mut Version),
    allowed: [bool; 3],
) -> Vec<Incompatibility> {
    check_from(name, old(), change, allowed)
}

#[track_caller]
fn check_from(
    name: &str,
    before: Version,
    change: impl FnOnce(&mut Version),
    allowed: [bool; 3],
) -> Vec<Incompatibility> {
    let mut after = before.clone();
    change(&mut after);
    let (before, after) = (before.build(), after.build());
    let verdicts = POLICIES.map(|policy| check_compatibility(&before, &after, policy));
    assert_eq!(
        verdicts.each_ref().map(Result::is_ok),
        allowed,
        "{name}: {verdicts:?}"
    );
    verdicts.into_iter().filter_map(Result::err).collect()
}

const ALL: [bool; 3] = [true, true, true];
const COMPATIBLE: [bool; 3] = [true, false, false];
const ADDITIVE: [bool; 3] = [true, true, false];
const NEVER: [bool; 3] = [false, false, false];

#[test]
fn the_same_module_may_take_its_own_place() {
    check("equal", |_| {}, ALL);
    check("other indexes", |it| it.padding = true, ALL);
}

#[test]
fn datatypes_stay_as_they_are() {
    check("name", |it| it.struct_name = "Renamed", NEVER);
    let copy = DROP.with(Ability::Copy);
    for abilities in [NONE, copy] {
        let errors = check("abilities", |it| it.abilities = abilities, NEVER);
        assert_eq!(errors[0].to_string(), "datatype S changed its abilities");
    }
    let parameters = [
        vec![],
        vec![(false, NONE)],
        vec![(true, STORE)],
        vec![(true, NONE), (true, NONE)],
    ];
    for parameters in parameters {
        check(
            "type parameters",
            |it| it.type_parameters = parameters,
            NEVER,
        );
    }
    let fields: [Fields; 5] = [
        vec![("x", T::U64)],
        vec![("x", T::U64), ("y", T::Bool), ("z", T::Bool)],
        vec![("y", T::Bool), ("x", T::U64)],
        vec![("x", T::U64), ("z", T::Bool)],
        vec![("x", T::U64), ("y", T::U8)],
    ];
    for fields in fields {
        let errors = check("fields", |it| it.fields = fields, NEVER);
        assert_eq!(errors[0].to_string(), "datatype S changed its fields");
    }
    check("another enum", |it| it.enum_name = "F", NEVER);
    let variants: [Vec<(&str, Fields)>; 5] = [
        vec![("A", vec![("x", T::U8)])],
        vec![("A", vec![("x", T::U8)]), ("B", vec![]), ("C", vec![])],
        vec![("B", vec![]), ("A", vec![("x", T::U8)])],
        vec![("A", vec![("x", T::U8)]), ("C", vec![])],
        vec![("A", vec![("x", T::U16)]), ("B", vec![])],
    ];
    for variants in variants {
        check("variants", |it| it.variants = variants, NEVER);
    }
}

#[test]
fn a_struct_does_not_become_an_enum() {
    let before = old();
    let after = Version {
        struct_name: "E2",
        enum_name: "S",
        ..old()
    };
    for policy in POLICIES {
        assert!(check_compatibility(&before.build(), &after.build(), policy).is_err());
    }
}

#[test]
fn what_is_new_harms_nobody() {
    check("a datatype", |it| it.more_types = true, ADDITIVE);
    check("a function", |it| it.more_functions = true, ADDITIVE);
}

#[test]
fn formats_do_not_go_back_where_only_additions_are_allowed() {
    check(
        "an older format",
        |it| it.format = format::VERSION_6,
        COMPATIBLE,
    );
    let before = Version {
        format: format::VERSION_6,
        ..old()
    };
    check_from(
        "a newer format",
        before,
        |it| it.format = format::VERSION_7,
        ALL,
    );
}

#[test]
fn friends_stay_where_nothing_is_new() {
    check(
        "a further friend",
        |it| it.friends = &["other", "more"],
        ADDITIVE,
    );
    check("another friend", |it| it.friends = &["more"], ADDITIVE);
    check("no friend", |it| it.friends = &[], ADDITIVE);
}

#[test]
fn another_module_does_not_take_the_place() {
    let before = old().build();
    for other in [
        ModuleBuilder::new(address(7), "other"),
        ModuleBuilder::new(address(8), "m"),
    ] {
        let other = other.build();
        for policy in POLICIES {
            let verdict = check_compatibility(&before, &other, policy);
            assert!(
                matches!(verdict, Err(Incompatibility::OtherModule { .. })),
                "{verdict:?}"
            );
        }
    }
}

/// A change of the signature of a function.
type Change = fn(&mut Function);

const SIGNATURES: [(&str, Change); 8] = [
    ("a parameter's type", |it| it.parameters[0] = T::U32),
    ("a parameter by reference", |it| {
        it.parameters[0] = reference(T::U64)
    }),
    ("one parameter fewer", |it| {
        it.parameters.pop();
    }),
    ("one parameter more", |it| it.parameters.push(T::U8)),
    ("other results", |it| it.returns = vec![T::U8]),
    ("no results", |it| it.returns.clear()),
    ("a further type parameter", |it| {
        it.type_parameters.push(NONE)
    }),
    ("a further constraint", |it| {
        it.type_parameters = vec![DROP.union(STORE)]
    }),
];

#[test]
fn public_functions_keep_their_signatures() {
    for (name, change) in SIGNATURES {
        check(name, |it| change(&mut it.public), NEVER);
        check(name, |it| change(&mut it.private), COMPATIBLE);
        check(name, |it| change(&mut it.friend), COMPATIBLE);
    }
    let relax: Change = |it| it.type_parameters = vec![NONE];
    check("a constraint fewer", |it| relax(&mut it.public), COMPATIBLE);
    check(
        "a constraint fewer",
        |it| relax(&mut it.private),
        COMPATIBLE,
    );
    let errors = check("name", |it| it.public.name = "renamed", NEVER);
    assert!(
        matches!(&errors[0], Incompatibility::FunctionRemoved { function } if function == "public")
    );
    check("name", |it| it.private.name = "renamed", COMPATIBLE);
    check("name", |it| it.friend.name = "renamed", COMPATIBLE);
}

#[test]
fn visibility_does_not_shrink() {
    for visibility in [Visibility::Private, Visibility::Friend] {
        check("public", |it| it.public.visibility = visibility, NEVER);
    }
    check(
        "friend",
        |it| it.friend.visibility = Visibility::Private,
        COMPATIBLE,
    );
    check(
        "friend",
        |it| it.friend.visibility = Visibility::Public,
        COMPATIBLE,
    );
    check(
        "private",
        |it| it.private.visibility = Visibility::Public,
        COMPATIBLE,
    );
    let entry = |it: &mut Function| {
        it.parameters = vec![T::U64];
        it.is_entry = !it.is_entry;
    };
    let mut before = old();
    before.public.parameters = vec![T::U64];
    before.private.parameters = vec![T::U64];
    check_from(
        "entry",
        before.clone(),
        |it| entry(&mut it.private),
        COMPATIBLE,
    );
    check_from(
        "entry",
        before.clone(),
        |it| entry(&mut it.public),
        COMPATIBLE,
    );
    before.private.is_entry = true;
    check_from(
        "entry no more",
        before,
        |it| entry(&mut it.private),
        COMPATIBLE,
    );
}

#[test]
fn bodies_stay_where_only_additions_are_allowed() {
    let bodies = [
        Body::Abort(1),
        Body::Constant(vec![1, 0]),
        Body::Code(vec![B::Nop, B::LdU64(0), B::Abort]),
        Body::Code(vec![B::LdU64(0), B::Abort, branch(0)]),
        Body::Native,
    ];
    for body in bodies {
        check("public", |it| it.public.body = body.clone(), COMPATIBLE);
        check("friend", |it| it.friend.body = body.clone(), COMPATIBLE);
        check("private", |it| it.private.body = body.clone(), COMPATIBLE);
    }
}

#[test]
fn constants_are_compared_to_their_end() {
    for length in [3u64, 100, 127, 300, 5000] {
        let constant = |last: u8| {
            let mut bytes = Vec::new();
            let mut rest = length;
            while rest >= 128 {
                bytes.push(u8::try_from(rest % 128).unwrap() | 128);
                rest /= 128;
            }
            bytes.push(u8::try_from(rest).unwrap());
            bytes.extend(vec![0; usize::try_from(length).unwrap() - 1]);
            bytes.push(last);
            Body::Constant(bytes)
        };
        let mut before = old();
        before.private.body = constant(0);
        check_from("equal", before.clone(), |it| it.padding = true, ALL);
        check_from(
            "other end",
            before,
            |it| it.private.body = constant(1),
            COMPATIBLE,
        );
    }
}

/// A version whose function uses its struct, its enum and a call, and loads of
/// each kind.
fn with_items(padding: bool, choose: Choose) -> CompiledModule {
    let mut b = builder();
    if padding {
        let unused = b.own_datatype("Unused", NONE, &[]);
        b.struct_def(unused, &[("x", T::U8)]);
        b.signature(&[T::U16, T::U16]);
        b.simple_function("unused", &[], &[], vec![B::Ret]);
    }
    let mut items = Items {
        field: 0,
        variant: 0,
        argument: T::U64,
        target: "left",
        targets: vec![2, 2],
    };
    choose(&mut items);
    let drop = DROP.with(Ability::Copy);
    let s = b.own_datatype("S", drop, &[(false, NONE)]);
    let def = b.struct_def(s, &[("x", type_parameter(0)), ("y", type_parameter(0))]);
    let e = b.own_datatype("E", drop, &[]);
    let e_def = b.enum_def(e, &[("A", &[("x", T::U64)]), ("B", &[("x", T::U64)])]);
    let left = b.simple_function("left", &[], &[], vec![B::Ret]);
    let right = b.simple_function("right", &[], &[], vec![B::Ret]);
    let called = if items.target == "left" { left } else { right };
    let called = b.module[called].function;

    let field = b.field(def, items.field);
    let field = b.field_instantiation(field, std::slice::from_ref(&items.argument));
    let owner = heddle_bytecode::testing::instantiation(s, vec![items.argument.clone()]);
    let _ = b.simple_function("private", &[T::U64], &[], vec![B::Call(called), B::Ret]);
    let variant = b.variant(e_def, items.variant);
    let generic = FunctionSignature::default();
    let function = b.function("uses", Visibility::Private, &generic);
    b.body_with_jump_tables(
        function,
        &[owner, T::Datatype(e)],
        vec![
            one(),
            B::PackVariant(variant),
            crate::body::store(1),
            branch(4),
            crate::body::borrow(1),
            crate::body::switch(0),
            B::Nop,
            branch(8),
            one(),
            B::Abort,
            crate::body::borrow(0),
            B::ImmBorrowFieldGeneric(field),
            B::Pop,
            B::Ret,
        ],
        vec![heddle_bytecode::VariantJumpTable {
            head_enum: e_def,
            jump_table: items
                .targets
                .iter()
                .map(|target| heddle_bytecode::CodeOffset(*target + 4))
                .collect(),
        }],
    );
    let module = b.build();
    assert_eq!(verify(&module), Ok(()));
    module
}

/// A choice of what the code of [`with_items`] names.
type Choose = fn(&mut Items);

/// What the code of [`with_items`] names.
struct Items {
    field: u16,
    variant: u16,
    argument: T,
    target: &'static str,
    targets: Vec<u16>,
}

#[test]
fn code_is_compared_by_what_it_names() {
    let before = with_items(false, |_| {});
    let changes: [(&str, bool, Choose, bool); 7] = [
        ("nothing", false, |_| {}, true),
        ("indexes", true, |_| {}, true),
        ("field", true, |it| it.field = 1, false),
        ("variant", true, |it| it.variant = 1, false),
        ("type argument", true, |it| it.argument = T::U8, false),
        ("function", true, |it| it.target = "right", false),
        ("targets", true, |it| it.targets = vec![2, 4], false),
    ];
    for (name, padding, choose, same) in changes {
        let after = with_items(padding, choose);
        let verdict = check_compatibility(&before, &after, UpgradePolicy::Additive);
        assert_eq!(verdict.is_ok(), same, "{name}: {verdict:?}");
        let compatible = check_compatibility(&before, &after, UpgradePolicy::Compatible);
        assert_eq!(compatible, Ok(()), "{name}");
    }
}
