//! Modules that obey and break the rules of the object model, one file for
//! each rule.

mod fresh_ids;
mod init;
mod key_structs;
mod one_time_witness;
mod private_generics;

use heddle_bytecode::{
    Ability, AbilitySet, Bytecode as B, DatatypeHandleIndex, FunctionDefinitionIndex,
    FunctionHandleIndex, SignatureToken as T, StructDefinitionIndex, Visibility,
    testing::{
        FunctionSignature, ModuleBuilder, address, mutable_reference, reference, type_parameter,
    },
};
use heddle_verifier::{Rule, WorkMeter, verify_object_rules};

use crate::{builder, verify};

pub(crate) const NONE: AbilitySet = AbilitySet::EMPTY;
pub(crate) const KEY: AbilitySet = AbilitySet::singleton(Ability::Key);
pub(crate) const STORE: AbilitySet = AbilitySet::singleton(Ability::Store);
pub(crate) const DROP: AbilitySet = AbilitySet::singleton(Ability::Drop);

/// Where the object rules are broken: the function and the instruction.
pub(crate) type Place = (Option<&'static str>, Option<u16>);

/// A module that can name the framework.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) b: ModuleBuilder,
    /// `0x2::object::UID`
    pub(crate) uid: T,
    /// `&mut 0x2::tx_context::TxContext`
    pub(crate) context: T,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::at(builder())
    }

    pub(crate) fn at(mut b: ModuleBuilder) -> Self {
        let object = b.module_handle(address(2), "object");
        let tx_context = b.module_handle(address(2), "tx_context");
        let uid = T::Datatype(b.datatype_handle(object, "UID", STORE, &[]));
        let context = T::Datatype(b.datatype_handle(tx_context, "TxContext", DROP, &[]));
        World {
            b,
            uid,
            context: mutable_reference(context),
        }
    }

    /// A datatype of another module.
    pub(crate) fn foreign(
        &mut self,
        home: (u8, &str),
        name: &str,
        abilities: AbilitySet,
        type_parameters: &[(bool, AbilitySet)],
    ) -> DatatypeHandleIndex {
        let home = self.b.module_handle(address(home.0), home.1);
        self.b
            .datatype_handle(home, name, abilities, type_parameters)
    }

    /// A function of another module.
    pub(crate) fn foreign_function(
        &mut self,
        home: (u8, &str),
        name: &str,
        type_parameters: &[AbilitySet],
        parameters: &[T],
        returns: &[T],
    ) -> FunctionHandleIndex {
        let home = self.b.module_handle(address(home.0), home.1);
        let signature = FunctionSignature {
            type_parameters: type_parameters.to_vec(),
            parameters: parameters.to_vec(),
            returns: returns.to_vec(),
        };
        self.b.function_handle(home, name, &signature)
    }

    /// `struct NAME has key { id: UID, x: u64 }`
    pub(crate) fn object(
        &mut self,
        name: &str,
        abilities: AbilitySet,
    ) -> (T, StructDefinitionIndex) {
        let handle = self.b.own_datatype(name, abilities.union(KEY), &[]);
        let def = self
            .b
            .struct_def(handle, &[("id", self.uid.clone()), ("x", T::U64)]);
        (T::Datatype(handle), def)
    }

    /// `struct NAME<T: KEY> has key { id: UID, x: T }`
    pub(crate) fn generic_object(
        &mut self,
        name: &str,
    ) -> (DatatypeHandleIndex, StructDefinitionIndex) {
        let handle = self.b.own_datatype(name, KEY, &[(false, STORE)]);
        let fields = [("id", self.uid.clone()), ("x", type_parameter(0))];
        (handle, self.b.struct_def(handle, &fields))
    }

    /// A private function.
    pub(crate) fn function(
        &mut self,
        name: &str,
        parameters: &[T],
        returns: &[T],
        locals: &[T],
        code: Vec<B>,
    ) -> FunctionDefinitionIndex {
        let function = self
            .b
            .simple_function(name, parameters, returns, Vec::new());
        self.b.body(function, locals, code);
        function
    }

    /// A function that transactions may call.
    pub(crate) fn entry(
        &mut self,
        type_parameters: &[AbilitySet],
        parameters: &[T],
        returns: &[T],
    ) {
        let signature = FunctionSignature {
            type_parameters: type_parameters.to_vec(),
            parameters: parameters.to_vec(),
            returns: returns.to_vec(),
        };
        let function = self.b.function("f", Visibility::Private, &signature);
        self.b.body(function, &[], crate::abort());
        self.b.module.function_defs[usize::from(function.0)].is_entry = true;
    }

    #[track_caller]
    pub(crate) fn check(self, name: &str, expected: Result<(), Place>) {
        let module = self.b.build();
        let alone = verify(&module);
        assert_eq!(alone, Ok(()), "{name} breaks other rules");
        let found = verify_object_rules(&module, &mut WorkMeter::unlimited());
        if let Err(error) = &found {
            assert_eq!(error.rule, Rule::ObjectRule, "{name}: {error}");
        }
        let place = found.as_ref().copied().map_err(|error| {
            (
                error.function.as_deref(),
                error.offset.map(|offset| offset.0),
            )
        });
        assert_eq!(place, expected, "{name}: {found:?}");
    }

    #[track_caller]
    pub(crate) fn accept(self, name: &str) {
        self.check(name, Ok(()));
    }

    #[track_caller]
    pub(crate) fn refuse(self, name: &str, function: Option<&'static str>, offset: Option<u16>) {
        self.check(name, Err((function, offset)));
    }
}

#[test]
fn compiled_modules_obey() {
    for module in crate::compiled() {
        let verdict = verify_object_rules(&module, &mut WorkMeter::unlimited());
        assert_eq!(verdict, Ok(()), "{}", module.name());
    }
}

#[test]
fn entry_functions_take_and_give_anything() {
    /// Parameters and results.
    type Signature = fn(&mut World) -> (Vec<T>, Vec<T>);
    let signatures: [Signature; 6] = [
        |w| (vec![w.uid.clone()], vec![]),
        |w| (vec![w.object("O", NONE).0], vec![]),
        |w| (vec![w.context.clone(), T::U8, w.context.clone()], vec![]),
        |_| (vec![T::Signer, reference(T::U64)], vec![reference(T::U64)]),
        |w| {
            let clock = T::Datatype(w.foreign((2, "clock"), "Clock", KEY, &[]));
            (vec![mutable_reference(clock.clone())], vec![clock])
        },
        |w| {
            let random = T::Datatype(w.foreign((2, "random"), "Random", KEY, &[]));
            (vec![mutable_reference(random)], vec![])
        },
    ];
    for (position, signature) in signatures.into_iter().enumerate() {
        let mut w = World::new();
        let (parameters, returns) = signature(&mut w);
        w.entry(&[], &parameters, &returns);
        w.accept(&format!("signature {position}"));
    }
}

#[test]
fn work_is_metered() {
    let mut w = World::new();
    w.object("O", NONE);
    w.entry(&[], &[T::U64], &[]);
    let module = w.b.build();
    let mut meter = WorkMeter::unlimited();
    verify_object_rules(&module, &mut meter).unwrap();
    assert!(meter.used() > 0);
    for limit in [0, meter.used() - 1] {
        let error = verify_object_rules(&module, &mut WorkMeter::new(limit)).unwrap_err();
        assert_eq!(error.rule, Rule::WorkLimit);
    }
}
