//! What the bodies of the table name, beside what [`World`] has.

use heddle_bytecode::{
    Ability, AbilitySet, Bytecode as B, CompiledModule, ConstantPoolIndex, EnumDefinitionIndex,
    FieldDefinition, FunctionHandleIndex, SignatureIndex, SignatureToken as T, StructDefinition,
    StructDefinitionIndex, StructFieldInformation, Visibility,
    testing::{
        FunctionSignature, instantiation, mutable_reference, reference, type_parameter, vector,
    },
};

use crate::body::{World, take};

const DROP: AbilitySet = AbilitySet::singleton(Ability::Drop);

/// ```text
/// struct C<T: drop> has drop { v: T }
/// enum D<T: drop> has drop { A { v: T } }
/// fun plain(u64, &mut S): &mut u64
/// fun generic<T: drop>(T, &mut S): &mut u64
/// const K: u64
/// ```
pub(super) struct Items {
    pub(super) world: World,
    pub(super) c_def: StructDefinitionIndex,
    pub(super) d_def: EnumDefinitionIndex,
    /// `C<R>`, which breaks the constraint of `C`.
    pub(super) bad: T,
    pub(super) plain: FunctionHandleIndex,
    pub(super) generic: FunctionHandleIndex,
    pub(super) constant: ConstantPoolIndex,
    pub(super) nothing: SignatureIndex,
    /// Two types.
    pub(super) two: SignatureIndex,
    /// `&u64`
    pub(super) references: SignatureIndex,
    /// [`Items::bad`] alone.
    pub(super) bads: SignatureIndex,
}

impl Items {
    pub(super) fn new() -> Self {
        let mut world = World::new();
        let b = &mut world.b;
        let c = b.own_datatype("C", DROP, &[(false, DROP)]);
        let c_def = b.struct_def(c, &[("v", type_parameter(0))]);
        let d = b.own_datatype("D", DROP, &[(false, DROP)]);
        let d_def = b.enum_def(d, &[("A", &[("v", type_parameter(0))])]);
        let bad = instantiation(c, vec![world.r.clone()]);
        let signature = |type_parameters: &[AbilitySet], first: T| FunctionSignature {
            type_parameters: type_parameters.to_vec(),
            parameters: vec![first, mutable_reference(world.s.clone())],
            returns: vec![mutable_reference(T::U64)],
        };
        let code = vec![take(1), B::MutBorrowField(world.f), B::Ret];
        let plain = b.function("plain", Visibility::Private, &signature(&[], T::U64));
        b.body(plain, &[], code.clone());
        let generic = signature(&[DROP], type_parameter(0));
        let generic = b.function("generic", Visibility::Private, &generic);
        b.body(generic, &[], code);
        Items {
            c_def,
            d_def,
            plain: b.module[plain].function,
            generic: b.module[generic].function,
            constant: b.constant(T::U64, &[1, 0, 0, 0, 0, 0, 0, 0]),
            nothing: b.signature(&[]),
            two: b.signature(&[T::U64, T::U64]),
            references: b.signature(&[reference(T::U64)]),
            bads: b.signature(std::slice::from_ref(&bad)),
            bad,
            world,
        }
    }

    /// `vector<u64>`
    pub(super) fn numbers() -> T {
        vector(T::U64)
    }
}

/// Makes structs of the enums of a module that doesn't use them, so that it can
/// be written in versions of the format that have no enums.
pub(super) fn enums_to_structs(module: &mut CompiledModule) {
    for definition in std::mem::take(&mut module.enum_defs) {
        let handle = &module[definition.enum_handle];
        let field = FieldDefinition {
            name: handle.name,
            signature: T::Bool,
        };
        module.struct_defs.push(StructDefinition {
            struct_handle: definition.enum_handle,
            field_information: StructFieldInformation::Declared(vec![field]),
        });
    }
    module.enum_def_instantiations.clear();
    module.variant_handles.clear();
    module.variant_instantiation_handles.clear();
}
