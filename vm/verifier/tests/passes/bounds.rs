use heddle_bytecode::{
    AddressIdentifierIndex, Bytecode as B, CodeOffset, CodeUnit, CompiledModule, ConstantPoolIndex,
    DatatypeHandleIndex, EnumDefInstantiationIndex, EnumDefinitionIndex, FieldHandleIndex,
    FieldIndex, FieldInstantiationIndex, FunctionHandleIndex, FunctionInstantiationIndex,
    IdentifierIndex, LocalIndex, ModuleHandleIndex, SignatureIndex, SignatureToken,
    StructDefInstantiationIndex, StructDefinitionIndex, StructFieldInformation, TypeParameterIndex,
    VariantHandleIndex, VariantInstantiationHandleIndex, VariantJumpTableIndex, VariantTag,
};
use heddle_verifier::Rule;

use crate::{check, compiled};

const FAR: u16 = 1000;

/// What is broken, and how.
type Break<'a> = (&'a str, fn(&mut CompiledModule));

/// The module with all kinds of entries, broken in one place.
fn check_broken(expected: Rule, rows: &[Break<'_>]) {
    for (name, break_it) in rows {
        let [mut module, _] = compiled();
        break_it(&mut module);
        check(name, &module, Err(expected));
    }
}

/// The body of the first function that has one and has a jump table.
fn code(module: &mut CompiledModule) -> &mut CodeUnit {
    let bodies = module
        .function_defs
        .iter_mut()
        .filter_map(|def| def.code.as_mut());
    bodies
        .into_iter()
        .find(|code| !code.jump_tables.is_empty())
        .unwrap()
}

#[test]
fn an_index_outside_its_table_is_refused() {
    check_broken(
        Rule::IndexOutOfBounds,
        &[
            ("self", |m| m.self_module_handle = ModuleHandleIndex(FAR)),
            ("no modules", |m| m.module_handles.clear()),
            ("module address", |m| {
                m.module_handles[0].address = AddressIdentifierIndex(FAR)
            }),
            ("module name", |m| {
                m.module_handles[0].name = IdentifierIndex(FAR)
            }),
            ("friend address", |m| {
                m.friend_decls[0].address = AddressIdentifierIndex(FAR)
            }),
            ("friend name", |m| {
                m.friend_decls[0].name = IdentifierIndex(FAR)
            }),
            ("datatype module", |m| {
                m.datatype_handles[0].module = ModuleHandleIndex(FAR)
            }),
            ("datatype name", |m| {
                m.datatype_handles[0].name = IdentifierIndex(FAR)
            }),
            ("function module", |m| {
                m.function_handles[0].module = ModuleHandleIndex(FAR)
            }),
            ("function name", |m| {
                m.function_handles[0].name = IdentifierIndex(FAR)
            }),
            ("parameters", |m| {
                m.function_handles[0].parameters = SignatureIndex(FAR)
            }),
            ("results", |m| {
                m.function_handles[0].return_ = SignatureIndex(FAR)
            }),
            ("type", |m| {
                m.signatures[0]
                    .0
                    .push(SignatureToken::Datatype(DatatypeHandleIndex(FAR)));
            }),
            ("type of a constant", |m| {
                m.constant_pool[0].type_ = SignatureToken::Datatype(DatatypeHandleIndex(FAR));
            }),
            ("type parameter of a function", |m| {
                let parameter = SignatureToken::TypeParameter(TypeParameterIndex(9));
                let handle = &m.function_handles[0];
                m.signatures[usize::from(handle.parameters.0)]
                    .0
                    .push(parameter);
            }),
            ("struct handle", |m| {
                m.struct_defs[0].struct_handle = DatatypeHandleIndex(FAR)
            }),
            ("field name", |m| {
                let StructFieldInformation::Declared(fields) =
                    &mut m.struct_defs[0].field_information
                else {
                    panic!("a compiled struct has fields");
                };
                fields[0].name = IdentifierIndex(FAR);
            }),
            ("type parameter of a field", |m| {
                let StructFieldInformation::Declared(fields) =
                    &mut m.struct_defs[0].field_information
                else {
                    panic!("a compiled struct has fields");
                };
                fields[0].signature = SignatureToken::TypeParameter(TypeParameterIndex(9));
            }),
            ("enum handle", |m| {
                m.enum_defs[0].enum_handle = DatatypeHandleIndex(FAR)
            }),
            ("variant name", |m| {
                m.enum_defs[0].variants[0].variant_name = IdentifierIndex(FAR)
            }),
            ("field owner", |m| {
                m.field_handles[0].owner = StructDefinitionIndex(FAR)
            }),
            ("field", |m| m.field_handles[0].field = FieldIndex(FAR)),
            ("struct instance", |m| {
                m.struct_def_instantiations[0].def = StructDefinitionIndex(FAR);
            }),
            ("struct arguments", |m| {
                m.struct_def_instantiations[0].type_parameters = SignatureIndex(FAR);
            }),
            ("enum instance", |m| {
                m.enum_def_instantiations[0].def = EnumDefinitionIndex(FAR)
            }),
            ("function instance", |m| {
                m.function_instantiations[0].handle = FunctionHandleIndex(FAR);
            }),
            ("variant enum", |m| {
                m.variant_handles[0].enum_def = EnumDefinitionIndex(FAR)
            }),
            ("variant tag", |m| {
                m.variant_handles[0].variant = VariantTag(100)
            }),
            ("variant instance enum", |m| {
                m.variant_instantiation_handles[0].enum_def = EnumDefInstantiationIndex(FAR);
            }),
            ("variant instance tag", |m| {
                m.variant_instantiation_handles[0].variant = VariantTag(2);
            }),
            ("function definition", |m| {
                m.function_defs[0].function = FunctionHandleIndex(FAR)
            }),
            ("acquires", |m| {
                m.function_defs[0]
                    .acquires_global_resources
                    .push(StructDefinitionIndex(FAR));
            }),
            ("locals", |m| code(m).locals = SignatureIndex(FAR)),
            ("jump table enum", |m| {
                code(m).jump_tables[0].head_enum = EnumDefinitionIndex(FAR);
            }),
            ("jump table target", |m| {
                let code = code(m);
                let end = u16::try_from(code.code.len()).unwrap();
                code.jump_tables[0].jump_table[0] = CodeOffset(end);
            }),
        ],
    );
}

#[test]
fn type_arguments_must_match_in_number() {
    check_broken(
        Rule::TypeArgumentCount,
        &[
            ("generic datatype without arguments", |m| {
                let generic = m
                    .datatype_handles
                    .iter()
                    .position(|h| h.is_generic())
                    .unwrap();
                let index = DatatypeHandleIndex(u16::try_from(generic).unwrap());
                m.signatures[0].0.push(SignatureToken::Datatype(index));
            }),
            ("ordinary datatype with arguments", |m| {
                let plain = m
                    .datatype_handles
                    .iter()
                    .position(|h| !h.is_generic())
                    .unwrap();
                let index = DatatypeHandleIndex(u16::try_from(plain).unwrap());
                let arguments = vec![SignatureToken::Bool];
                let token = SignatureToken::DatatypeInstantiation(Box::new((index, arguments)));
                m.signatures[0].0.push(token);
            }),
            ("struct instance", with_other_arguments),
            ("function instance", |m| {
                let handle = m.function_instantiations[0].handle;
                let parameters = &mut m.function_handles[usize::from(handle.0)].type_parameters;
                parameters.push(heddle_bytecode::AbilitySet::EMPTY);
            }),
        ],
    );
}

/// Points the arguments of an instance at a list of another length.
fn with_other_arguments(module: &mut CompiledModule) {
    let found = module[module.struct_def_instantiations[0].type_parameters].len();
    let other = module
        .signatures
        .iter()
        .position(|list| list.len() != found)
        .unwrap();
    module.struct_def_instantiations[0].type_parameters =
        SignatureIndex(u16::try_from(other).unwrap());
}

#[test]
fn an_operand_outside_its_table_is_refused() {
    let far = SignatureIndex(FAR);
    let struct_def = StructDefinitionIndex(FAR);
    let struct_instance = StructDefInstantiationIndex(FAR);
    let variant = VariantHandleIndex(FAR);
    let variant_instance = VariantInstantiationHandleIndex(FAR);
    let instructions = [
        B::BrTrue(CodeOffset(FAR)),
        B::BrFalse(CodeOffset(FAR)),
        B::Branch(CodeOffset(FAR)),
        B::LdConst(ConstantPoolIndex(FAR)),
        B::CopyLoc(LocalIndex(255)),
        B::MoveLoc(LocalIndex(255)),
        B::StLoc(LocalIndex(255)),
        B::MutBorrowLoc(LocalIndex(255)),
        B::ImmBorrowLoc(LocalIndex(255)),
        B::MutBorrowField(FieldHandleIndex(FAR)),
        B::ImmBorrowField(FieldHandleIndex(FAR)),
        B::MutBorrowFieldGeneric(FieldInstantiationIndex(FAR)),
        B::ImmBorrowFieldGeneric(FieldInstantiationIndex(FAR)),
        B::Call(FunctionHandleIndex(FAR)),
        B::CallGeneric(FunctionInstantiationIndex(FAR)),
        B::Pack(struct_def),
        B::Unpack(struct_def),
        B::PackGeneric(struct_instance),
        B::UnpackGeneric(struct_instance),
        B::ExistsDeprecated(struct_def),
        B::MoveToGenericDeprecated(struct_instance),
        B::VecPack(far, 0),
        B::VecLen(far),
        B::VecImmBorrow(far),
        B::VecMutBorrow(far),
        B::VecPushBack(far),
        B::VecPopBack(far),
        B::VecUnpack(far, 0),
        B::VecSwap(far),
        B::PackVariant(variant),
        B::UnpackVariant(variant),
        B::UnpackVariantImmRef(variant),
        B::UnpackVariantMutRef(variant),
        B::PackVariantGeneric(variant_instance),
        B::UnpackVariantGeneric(variant_instance),
        B::UnpackVariantGenericImmRef(variant_instance),
        B::UnpackVariantGenericMutRef(variant_instance),
        B::VariantSwitch(VariantJumpTableIndex(FAR)),
    ];
    for instruction in instructions {
        let [mut module, _] = compiled();
        code(&mut module).code[0] = instruction.clone();
        let name = instruction.opcode().name();
        check(name, &module, Err(Rule::IndexOutOfBounds));
        let error = crate::verify(&module).unwrap_err();
        assert_eq!(error.offset, Some(CodeOffset(0)), "{name}");
        assert!(error.function.is_some(), "{name}");
    }
}

#[test]
fn type_parameters_in_code_are_those_of_the_function() {
    let [mut module, _] = compiled();
    module.signatures.push(heddle_bytecode::Signature(vec![
        SignatureToken::TypeParameter(TypeParameterIndex(0)),
    ]));
    let last = SignatureIndex(u16::try_from(module.signatures.len() - 1).unwrap());
    code(&mut module).code[0] = B::VecLen(last);
    check(
        "operand of a vector instruction",
        &module,
        Err(Rule::IndexOutOfBounds),
    );
}
