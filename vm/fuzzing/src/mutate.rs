//! Changes a module in one place, so that its tables can still be read.

use crate::choices::Choices;
use heddle_bytecode::{
    AbilitySet, Bytecode, CodeOffset, CodeUnit, CompiledModule, ConstantPoolIndex,
    DatatypeHandleIndex, DatatypeTyParameter, FieldDefinition, FieldHandleIndex, FieldIndex,
    FieldInstantiationIndex, FunctionHandleIndex, FunctionInstantiationIndex, LocalIndex,
    SignatureIndex, SignatureToken, StructDefInstantiationIndex, StructDefinitionIndex,
    StructFieldInformation, TypeParameterIndex, U256, VariantHandleIndex,
    VariantInstantiationHandleIndex, VariantJumpTableIndex, VariantTag, Visibility,
};

/// Changes `module` in one place.
pub fn mutate(module: &mut CompiledModule, choices: &mut Choices<'_>) {
    match choices.below(20) {
        0..=9 => code(module, choices),
        10 | 11 => signature(module, choices),
        12 => datatype_handle(module, choices),
        13 | 14 => field(module, choices),
        15 => function(module, choices),
        16 => function_handle(module, choices),
        17 => instantiation(module, choices),
        18 => variants(module, choices),
        _ => tables(module, choices),
    }
}

/// Changes bytes that are a module in one place, and other bytes in any.
pub fn mutate_bytes(bytes: &mut Vec<u8>, choices: &mut Choices<'_>) {
    if bytes.is_empty() {
        bytes.push(choices.byte());
        return;
    }
    let at = choices.below(bytes.len());
    match choices.below(4) {
        0 => bytes[at] ^= 1 << (choices.byte() % 8),
        1 => bytes[at] = choices.byte(),
        2 => bytes.insert(at, choices.byte()),
        _ => {
            bytes.remove(at);
        }
    }
}

fn pick_mut<'e, T>(entries: &'e mut [T], choices: &mut Choices<'_>) -> Option<&'e mut T> {
    let at = choices.below(entries.len());
    entries.get_mut(at)
}

/// An index that is in range nearly always.
fn index(length: usize, choices: &mut Choices<'_>) -> u16 {
    let slack = usize::from(choices.one_in(64));
    u16::try_from(choices.below(length.max(1) + slack)).unwrap_or(0)
}

fn code(module: &mut CompiledModule, choices: &mut Choices<'_>) {
    let with_code: Vec<usize> = (0..module.function_defs.len())
        .filter(|at| module.function_defs[*at].code.is_some())
        .collect();
    let Some(function) = choices.pick(&with_code).copied() else {
        return;
    };
    let Some(mut unit) = module.function_defs[function].code.take() else {
        return;
    };
    instructions(module, &mut unit, choices);
    module.function_defs[function].code = Some(unit);
}

fn instructions(module: &CompiledModule, unit: &mut CodeUnit, choices: &mut Choices<'_>) {
    let length = unit.code.len();
    let at = choices.below(length);
    match choices.below(8) {
        0 | 1 => {
            if let Some(changed) = unit.code.get(at).cloned() {
                unit.code[at] = other_operand(module, unit, &changed, choices);
            }
        }
        2 => {
            let new = instruction(module, unit, choices);
            if let Some(slot) = unit.code.get_mut(at) {
                *slot = new;
            }
        }
        3 => {
            let new = instruction(module, unit, choices);
            insert(unit, at, new);
        }
        4 => remove(unit, at),
        5 if length > 1 => unit.code.swap(at, (at + 1) % length),
        6 => {
            // A piece of the code once more, somewhere else.
            let count = choices.below(8).min(length.saturating_sub(at));
            let piece = unit.code[at..at + count].to_vec();
            let to = choices.below(length + 1);
            for instruction in piece.into_iter().rev() {
                insert(unit, to, instruction);
            }
        }
        _ => {
            if let Some(table) = pick_mut(&mut unit.jump_tables, choices) {
                if let Some(target) = pick_mut(&mut table.jump_table, choices) {
                    *target = CodeOffset(index(length, choices));
                }
            } else {
                unit.locals = SignatureIndex(index(module.signatures.len(), choices));
            }
        }
    }
}

/// Moves all branch targets behind `at` on (or back) by one.
fn shift(unit: &mut CodeUnit, at: usize, forward: bool) {
    let moved = |target: CodeOffset| {
        if usize::from(target.0) <= at {
            target
        } else if forward {
            CodeOffset(target.0.saturating_add(1))
        } else {
            CodeOffset(target.0.saturating_sub(1))
        }
    };
    for instruction in &mut unit.code {
        match instruction {
            Bytecode::Branch(target) | Bytecode::BrTrue(target) | Bytecode::BrFalse(target) => {
                *target = moved(*target);
            }
            _ => {}
        }
    }
    for table in &mut unit.jump_tables {
        for target in &mut table.jump_table {
            *target = moved(*target);
        }
    }
}

fn insert(unit: &mut CodeUnit, at: usize, instruction: Bytecode) {
    if unit.code.len() < usize::from(u16::MAX) {
        shift(unit, at, true);
        unit.code.insert(at.min(unit.code.len()), instruction);
    }
}

fn remove(unit: &mut CodeUnit, at: usize) {
    if at < unit.code.len() {
        shift(unit, at, false);
        unit.code.remove(at);
    }
}

/// The same kind of instruction with another operand.
fn other_operand(
    module: &CompiledModule,
    unit: &CodeUnit,
    old: &Bytecode,
    choices: &mut Choices<'_>,
) -> Bytecode {
    for _ in 0..64 {
        let new = instruction(module, unit, choices);
        if new.opcode() == old.opcode() {
            return new;
        }
        if choices.is_exhausted() {
            break;
        }
    }
    old.clone()
}

/// Any instruction, with operands that mostly exist.
#[must_use]
pub fn instruction(
    module: &CompiledModule,
    unit: &CodeUnit,
    choices: &mut Choices<'_>,
) -> Bytecode {
    use Bytecode as B;

    let kind = choices.below(87);
    let small = u64::from(choices.byte() % 4);
    let target = CodeOffset(index(unit.code.len(), choices));
    let locals = module.get(unit.locals).map_or(1, |types| types.len()) + 4;
    let local = LocalIndex(u8::try_from(index(locals, choices)).unwrap_or(0));
    let signature = SignatureIndex(index(module.signatures.len(), choices));
    let field = FieldHandleIndex(index(module.field_handles.len(), choices));
    let field_generic = FieldInstantiationIndex(index(module.field_instantiations.len(), choices));
    let def = StructDefinitionIndex(index(module.struct_defs.len(), choices));
    let def_generic =
        StructDefInstantiationIndex(index(module.struct_def_instantiations.len(), choices));
    let variant = VariantHandleIndex(index(module.variant_handles.len(), choices));
    let variant_generic =
        VariantInstantiationHandleIndex(index(module.variant_instantiation_handles.len(), choices));
    match kind {
        0 => B::Pop,
        1 => B::Ret,
        2 => B::BrTrue(target),
        3 => B::BrFalse(target),
        4 => B::Branch(target),
        5 => B::LdU64(small),
        6 => B::LdConst(ConstantPoolIndex(index(
            module.constant_pool.len(),
            choices,
        ))),
        7 => B::LdTrue,
        8 => B::LdFalse,
        9 | 78 => B::CopyLoc(local),
        10 | 79 => B::MoveLoc(local),
        11 | 80 => B::StLoc(local),
        12 | 81 => B::MutBorrowLoc(local),
        13 | 82 => B::ImmBorrowLoc(local),
        14 => B::MutBorrowField(field),
        15 => B::ImmBorrowField(field),
        16 | 83 => B::Call(FunctionHandleIndex(index(
            module.function_handles.len(),
            choices,
        ))),
        17 => B::Pack(def),
        18 => B::Unpack(def),
        19 | 84 => B::ReadRef,
        20 | 85 => B::WriteRef,
        21 => B::Add,
        22 => B::Sub,
        23 => B::Mul,
        24 => B::Mod,
        25 => B::Div,
        26 => B::BitOr,
        27 => B::BitAnd,
        28 => B::Xor,
        29 => B::Or,
        30 => B::And,
        31 => B::Not,
        32 => B::Eq,
        33 => B::Neq,
        34 => B::Lt,
        35 => B::Gt,
        36 => B::Le,
        37 => B::Ge,
        38 => B::Abort,
        39 => B::Nop,
        40 => B::FreezeRef,
        41 => B::Shl,
        42 => B::Shr,
        43 => B::LdU8(small as u8),
        44 => B::LdU128(Box::new(u128::MAX >> small)),
        45 => B::CastU8,
        46 => B::CastU64,
        47 => B::CastU128,
        48 => B::MutBorrowFieldGeneric(field_generic),
        49 => B::ImmBorrowFieldGeneric(field_generic),
        50 | 86 => B::CallGeneric(FunctionInstantiationIndex(index(
            module.function_instantiations.len(),
            choices,
        ))),
        51 => B::PackGeneric(def_generic),
        52 => B::UnpackGeneric(def_generic),
        53 => B::VecPack(signature, small),
        54 => B::VecLen(signature),
        55 => B::VecImmBorrow(signature),
        56 => B::VecMutBorrow(signature),
        57 => B::VecPushBack(signature),
        58 => B::VecPopBack(signature),
        59 => B::VecUnpack(signature, small),
        60 => B::VecSwap(signature),
        61 => B::LdU16(small as u16),
        62 => B::LdU32(small as u32),
        63 => B::LdU256(Box::new(U256::from(small))),
        64 => B::CastU16,
        65 => B::CastU32,
        66 => B::CastU256,
        67 => B::PackVariant(variant),
        68 => B::PackVariantGeneric(variant_generic),
        69 => B::UnpackVariant(variant),
        70 => B::UnpackVariantImmRef(variant),
        71 => B::UnpackVariantMutRef(variant),
        72 => B::UnpackVariantGeneric(variant_generic),
        73 => B::UnpackVariantGenericImmRef(variant_generic),
        74 => B::UnpackVariantGenericMutRef(variant_generic),
        75 => B::VariantSwitch(VariantJumpTableIndex(index(
            unit.jump_tables.len(),
            choices,
        ))),
        76 => B::LdU64(choices.number()),
        _ => B::ExistsDeprecated(def),
    }
}

/// Any type, with parts that mostly exist.
#[must_use]
pub fn type_(module: &CompiledModule, depth: usize, choices: &mut Choices<'_>) -> SignatureToken {
    use SignatureToken as T;

    let kind = choices.below(if depth == 0 { 11 } else { 16 });
    match kind {
        0 => T::U64,
        1 => T::Bool,
        2 => T::U8,
        3 => T::U16,
        4 => T::U32,
        5 => T::U128,
        6 => T::U256,
        7 => T::Address,
        8 => T::Signer,
        9 => T::TypeParameter(TypeParameterIndex(index(2, choices))),
        10 | 11 => T::Datatype(DatatypeHandleIndex(index(
            module.datatype_handles.len(),
            choices,
        ))),
        12 => T::Vector(Box::new(type_(module, depth - 1, choices))),
        13 => T::Reference(Box::new(type_(module, depth - 1, choices))),
        14 => T::MutableReference(Box::new(type_(module, depth - 1, choices))),
        _ => {
            let handle = DatatypeHandleIndex(index(module.datatype_handles.len(), choices));
            let count = module
                .get(handle)
                .map_or(1, |handle| handle.type_parameters.len().max(1));
            let arguments = (0..count)
                .map(|_| type_(module, depth - 1, choices))
                .collect();
            T::DatatypeInstantiation(Box::new((handle, arguments)))
        }
    }
}

fn abilities(choices: &mut Choices<'_>) -> AbilitySet {
    AbilitySet::from_bits(choices.byte() & 0xF).unwrap_or(AbilitySet::ALL)
}

fn signature(module: &mut CompiledModule, choices: &mut Choices<'_>) {
    let new = type_(module, 3, choices);
    let Some(signature) = pick_mut(&mut module.signatures, choices) else {
        return;
    };
    let at = choices.below(signature.0.len());
    match choices.below(4) {
        0 => signature.0.push(new),
        1 if !signature.0.is_empty() => {
            signature.0.remove(at);
        }
        2 if signature.0.len() > 1 => {
            let last = signature.0.len() - 1;
            signature.0.swap(at, last);
        }
        _ => {
            if let Some(slot) = signature.0.get_mut(at) {
                *slot = new;
            }
        }
    }
}

fn datatype_handle(module: &mut CompiledModule, choices: &mut Choices<'_>) {
    let Some(handle) = pick_mut(&mut module.datatype_handles, choices) else {
        return;
    };
    match choices.below(3) {
        0 => handle.abilities = abilities(choices),
        1 => handle.type_parameters.push(DatatypeTyParameter {
            constraints: abilities(choices),
            is_phantom: choices.one_in(2),
        }),
        _ => {
            if let Some(parameter) = pick_mut(&mut handle.type_parameters, choices) {
                parameter.is_phantom ^= choices.one_in(2);
                parameter.constraints = abilities(choices);
            }
        }
    }
}

fn change_fields(
    fields: &mut Vec<FieldDefinition>,
    new: SignatureToken,
    choices: &mut Choices<'_>,
) {
    let at = choices.below(fields.len());
    match choices.below(3) {
        0 if fields.len() > 1 => fields.swap(0, at),
        1 => {
            if let Some(field) = fields.get(at).cloned() {
                fields.push(FieldDefinition {
                    signature: new,
                    ..field
                });
            }
        }
        _ => {
            if let Some(field) = fields.get_mut(at) {
                field.signature = new;
            }
        }
    }
}

fn field(module: &mut CompiledModule, choices: &mut Choices<'_>) {
    let new = type_(module, 2, choices);
    if choices.one_in(3)
        && let Some(definition) = pick_mut(&mut module.enum_defs, choices)
        && let Some(variant) = pick_mut(&mut definition.variants, choices)
    {
        return change_fields(&mut variant.fields, new, choices);
    }
    if let Some(definition) = pick_mut(&mut module.struct_defs, choices)
        && let StructFieldInformation::Declared(fields) = &mut definition.field_information
    {
        change_fields(fields, new, choices);
    }
}

fn function(module: &mut CompiledModule, choices: &mut Choices<'_>) {
    let count = module.function_defs.len();
    if count == 0 {
        return;
    }
    let (at, other) = (choices.below(count), choices.below(count));
    match choices.below(4) {
        0 => {
            let code = module.function_defs[other].code.clone();
            module.function_defs[at].code = code;
        }
        1 => {
            let visibilities = [Visibility::Private, Visibility::Public, Visibility::Friend];
            module.function_defs[at].visibility = visibilities[choices.below(3)];
        }
        2 => module.function_defs[at].is_entry ^= true,
        _ => {
            let handle = module.function_defs[other].function;
            module.function_defs[at].function = handle;
        }
    }
}

fn function_handle(module: &mut CompiledModule, choices: &mut Choices<'_>) {
    let signatures = module.signatures.len();
    let Some(handle) = pick_mut(&mut module.function_handles, choices) else {
        return;
    };
    match choices.below(4) {
        0 => handle.parameters = SignatureIndex(index(signatures, choices)),
        1 => handle.return_ = SignatureIndex(index(signatures, choices)),
        2 => handle.type_parameters.push(abilities(choices)),
        _ => {
            if let Some(parameter) = pick_mut(&mut handle.type_parameters, choices) {
                *parameter = abilities(choices);
            }
        }
    }
}

fn instantiation(module: &mut CompiledModule, choices: &mut Choices<'_>) {
    let signature = SignatureIndex(index(module.signatures.len(), choices));
    match choices.below(5) {
        0 => {
            if let Some(entry) = pick_mut(&mut module.function_instantiations, choices) {
                entry.type_parameters = signature;
            }
        }
        1 => {
            if let Some(entry) = pick_mut(&mut module.struct_def_instantiations, choices) {
                entry.type_parameters = signature;
            }
        }
        2 => {
            if let Some(entry) = pick_mut(&mut module.field_instantiations, choices) {
                entry.type_parameters = signature;
            }
        }
        3 => {
            if let Some(entry) = pick_mut(&mut module.enum_def_instantiations, choices) {
                entry.type_parameters = signature;
            }
        }
        _ => {
            if let Some(entry) = pick_mut(&mut module.field_handles, choices) {
                entry.field = FieldIndex(index(4, choices));
            }
        }
    }
}

fn variants(module: &mut CompiledModule, choices: &mut Choices<'_>) {
    if choices.one_in(2)
        && let Some(handle) = pick_mut(&mut module.variant_handles, choices)
    {
        handle.variant = VariantTag(index(4, choices));
        return;
    }
    let Some(definition) = pick_mut(&mut module.enum_defs, choices) else {
        return;
    };
    let count = definition.variants.len();
    if count == 0 {
        return;
    }
    let at = choices.below(count);
    match choices.below(3) {
        0 => definition.variants.swap(0, at),
        1 => {
            definition.variants.remove(at);
        }
        _ => {
            let again = definition.variants[at].clone();
            definition.variants.push(again);
        }
    }
}

fn tables(module: &mut CompiledModule, choices: &mut Choices<'_>) {
    match choices.below(8) {
        0 => {
            if let Some(constant) = pick_mut(&mut module.constant_pool, choices) {
                mutate_bytes(&mut constant.data, choices);
            }
        }
        1 => {
            let new = type_(module, 2, choices);
            if let Some(constant) = pick_mut(&mut module.constant_pool, choices) {
                constant.type_ = new;
            }
        }
        2 => {
            module.function_defs.pop();
        }
        3 => {
            module.struct_defs.pop();
        }
        4 => {
            module.signatures.pop();
        }
        5 => {
            let again = module.function_handles.last().cloned();
            module.function_handles.extend(again);
        }
        6 => {
            let again = module.datatype_handles.last().cloned();
            module.datatype_handles.extend(again);
        }
        _ => {
            let again = module.module_handles.first().copied();
            module.friend_decls.extend(again);
        }
    }
}
