//! Counts and sizes stay within their limits.

use heddle_bytecode::{
    Bytecode, CompiledModule, FunctionDefinitionIndex, SignatureIndex, SignatureToken,
};

use crate::{Rule, VerifierLimits, WorkMeter, error::Violation, words};

pub(crate) fn verify(
    module: &CompiledModule,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    names(module, limits, meter)?;
    definitions(module, limits, meter)?;
    functions(module, limits, meter)?;
    types(module, limits, meter)?;
    type_arguments(module, limits, meter)
}

/// Refuses a size over its limit. The message is made only when needed.
fn within(found: usize, limit: usize, what: impl FnOnce() -> String) -> Result<(), Violation> {
    if found <= limit {
        return Ok(());
    }
    let message = format!("{} is {found}, but the limit is {limit}", what());
    Err(Violation::new(Rule::SizeLimit, message))
}

fn names(
    module: &CompiledModule,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    meter.charge_each(module.identifiers.len())?;
    module.identifiers.iter().try_for_each(|name| {
        within(name.len(), limits.identifier_bytes, || {
            format!("the length of the name {name}")
        })
    })
}

fn definitions(
    module: &CompiledModule,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    let datatypes = module.struct_defs.len() + module.enum_defs.len();
    within(datatypes, limits.datatype_definitions, || {
        "the number of structs and enums".into()
    })?;
    within(
        module.function_defs.len(),
        limits.function_definitions,
        || "the number of functions".into(),
    )?;
    meter.charge_each(datatypes)?;
    for definition in &module.struct_defs {
        let name = || words::datatype(module, definition.struct_handle);
        within(definition.fields().len(), limits.fields, || {
            format!("the number of fields of {}", name())
        })?;
    }
    for definition in &module.enum_defs {
        let name = || words::datatype(module, definition.enum_handle);
        within(definition.variants.len(), limits.variants, || {
            format!("the number of variants of {}", name())
        })?;
        meter.charge_each(definition.variants.len())?;
        let fields = definition
            .variants
            .iter()
            .map(|variant| variant.fields.len())
            .sum();
        within(fields, limits.fields, || {
            format!("the number of fields in all variants of {}", name())
        })?;
    }
    Ok(())
}

fn functions(
    module: &CompiledModule,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    meter.charge_each(module.datatype_handles.len() + module.function_handles.len())?;
    for handle in &module.datatype_handles {
        within(handle.type_parameters.len(), limits.type_parameters, || {
            format!("the number of type parameters of {}", module[handle.name])
        })?;
    }
    for handle in &module.function_handles {
        let name = &module[handle.name];
        within(handle.type_parameters.len(), limits.type_parameters, || {
            format!("the number of type parameters of {name}")
        })?;
        within(
            module[handle.parameters].len(),
            limits.function_parameters,
            || format!("the number of parameters of {name}"),
        )?;
    }
    for (index, definition) in module.entries::<FunctionDefinitionIndex>() {
        let Some(code) = &definition.code else {
            continue;
        };
        let parameters = module[module[definition.function].parameters].len();
        within(
            parameters + module[code.locals].len(),
            limits.locals,
            || "the number of locals, parameters included,".into(),
        )
        .map_err(|violation| violation.in_function(index))?;
    }
    Ok(())
}

/// The weight of a type.
fn weight(token: &SignatureToken, meter: &mut WorkMeter) -> Result<usize, Violation> {
    let mut sum = 0;
    for token in token.preorder() {
        meter.charge(1)?;
        sum += match token {
            SignatureToken::Datatype(_)
            | SignatureToken::DatatypeInstantiation(_)
            | SignatureToken::TypeParameter(_) => VerifierLimits::NAMED_TYPE_WEIGHT,
            _ => 1,
        };
    }
    Ok(sum)
}

fn types(
    module: &CompiledModule,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    let signatures = module.signatures.iter().flat_map(|signature| &signature.0);
    let constants = module.constant_pool.iter().map(|constant| &constant.type_);
    let structs = module
        .struct_defs
        .iter()
        .flat_map(|definition| definition.fields());
    let variants = module
        .enum_defs
        .iter()
        .flat_map(|definition| &definition.variants);
    let enums = variants.flat_map(|variant| &variant.fields);
    let fields = structs.chain(enums).map(|field| &field.signature);
    for token in signatures.chain(constants).chain(fields) {
        within(weight(token, meter)?, limits.type_weight, || {
            "the weight of a type".into()
        })?;
    }
    Ok(())
}

/// The types that a function names multiply when it is instantiated, so their
/// sum is limited for each function and for the module.
fn type_arguments(
    module: &CompiledModule,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    let mut weights = Vec::new();
    for signature in &module.signatures {
        let mut sum = 0;
        for token in &signature.0 {
            sum += weight(token, meter)?;
        }
        weights.push(sum);
    }
    let weight_of = |index: SignatureIndex| weights[usize::from(index.0)];
    let mut module_sum = 0usize;
    for (index, definition) in module.entries::<FunctionDefinitionIndex>() {
        let handle = &module[definition.function];
        let mut sum = weight_of(handle.parameters) + weight_of(handle.return_);
        if let Some(code) = &definition.code {
            sum += weight_of(code.locals);
            meter.charge_each(code.code.len())?;
            for arguments in code
                .code
                .iter()
                .filter_map(|code| arguments_of(module, code))
            {
                sum = sum.saturating_add(weight_of(arguments));
            }
        }
        within(sum, limits.function_type_weight, || {
            "the weight of all types it names".into()
        })
        .map_err(|violation| violation.in_function(index))?;
        module_sum = module_sum.saturating_add(sum);
    }
    within(module_sum, limits.module_type_weight, || {
        "the weight of all types in functions".into()
    })
}

/// The type arguments of an instruction.
pub(crate) fn arguments_of(
    module: &CompiledModule,
    instruction: &Bytecode,
) -> Option<SignatureIndex> {
    use Bytecode as B;

    Some(match instruction {
        B::CallGeneric(index) => module[*index].type_parameters,
        B::PackGeneric(index) | B::UnpackGeneric(index) => module[*index].type_parameters,
        B::ImmBorrowFieldGeneric(index) | B::MutBorrowFieldGeneric(index) => {
            module[*index].type_parameters
        }
        B::PackVariantGeneric(index)
        | B::UnpackVariantGeneric(index)
        | B::UnpackVariantGenericImmRef(index)
        | B::UnpackVariantGenericMutRef(index) => module[module[*index].enum_def].type_parameters,
        B::VecPack(index, _)
        | B::VecLen(index)
        | B::VecImmBorrow(index)
        | B::VecMutBorrow(index)
        | B::VecPushBack(index)
        | B::VecPopBack(index)
        | B::VecUnpack(index, _)
        | B::VecSwap(index) => *index,
        _ => return None,
    })
}
