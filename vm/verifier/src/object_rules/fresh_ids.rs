//! An object is only made with an id that was made for it.
//!
//! Wherever a struct with `key` is packed, its id must come straight from one
//! of the framework functions that make ids, on every way there. An id that
//! was unpacked from another object, or came in as an argument, is not fresh:
//! with it, two objects could share an id, or an object could change its type.
//!
//! A forward analysis: each local and operand is fresh or not. A datatype
//! never passes freshness on, and a copy is impossible (`UID` has no `copy`).

use super::names::{function_path, is_framework, is_framework_function, is_uid};
use crate::body::control_flow::{self, Block};
use crate::body::{Function, fixed_point};
use crate::error::Violation;
use crate::{Rule, VerifierLimits, WorkMeter};
use heddle_bytecode::{
    Ability, Address, Bytecode, CompiledModule, FunctionDefinitionIndex, FunctionHandleIndex,
    StructDefinitionIndex,
};

/// Functions of the framework whose result is a fresh id.
const MAKERS: [(&str, &str); 4] = [
    ("object", "new"),
    ("object", "new_uid_from_hash"),
    ("derived_object", "claim"),
    ("test_scenario", "new_object"),
];

/// Functions of the framework that make an object with a reserved id, which
/// every network has once. They are the only ones in their modules to do so.
const RESERVED: [(&str, &str, &str); 8] = [
    ("0x2", "clock", "create"),
    ("0x2", "random", "create"),
    ("0x2", "deny_list", "create"),
    ("0x2", "authenticator_state", "create"),
    ("0x2", "coin_registry", "create"),
    ("0x2", "accumulator", "create"),
    ("0x2", "display_registry", "create"),
    ("0x3", "sui_system", "create"),
];

pub(super) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    let has_objects = module
        .struct_defs
        .iter()
        .any(|def| module[def.struct_handle].abilities.has(Ability::Key));
    if !has_objects {
        return Ok(());
    }
    // The module that makes ids, out of addresses.
    if is_framework(module) && module.name().as_str() == "object" {
        return Ok(());
    }
    for (index, definition) in module.entries::<FunctionDefinitionIndex>() {
        if makes_reserved(module, definition.function) {
            continue;
        }
        if let Some(function) = Function::new(module, index) {
            verify_function(&function, meter).map_err(|violation| violation.in_function(index))?;
        }
    }
    Ok(())
}

fn verify_function(function: &Function<'_>, meter: &mut WorkMeter) -> Result<(), Violation> {
    // The limits were checked when the body was verified.
    let unlimited = VerifierLimits {
        basic_blocks: usize::MAX,
        loop_depth: usize::MAX,
        ..VerifierLimits::default()
    };
    let graph = control_flow::verify(function, &unlimited, meter)?;
    fixed_point(
        &graph,
        vec![false; function.locals().len()],
        meter,
        |block, locals, meter| {
            meter.charge_each(locals.len())?;
            run_block(function, block, locals).map(Some)
        },
        |known, other, meter| {
            meter.charge_each(known.len())?;
            let mut changed = false;
            for (known, other) in known.iter_mut().zip(other) {
                changed |= *known && !other;
                *known &= other;
            }
            Ok(changed)
        },
    )
}

fn run_block(
    function: &Function<'_>,
    block: &Block,
    mut locals: Vec<bool>,
) -> Result<Vec<bool>, Violation> {
    let mut stack: Vec<bool> = Vec::new();
    for offset in block.offsets() {
        let instruction = function.instruction(offset);
        match instruction {
            Bytecode::StLoc(local) => locals[local.position()] = stack.pop().unwrap_or(false),
            Bytecode::MoveLoc(local) => {
                stack.push(std::mem::take(&mut locals[local.position()]));
            }
            Bytecode::Pack(def) => pack(function, *def, &mut stack)
                .map_err(|violation| violation.at(function.index, offset))?,
            Bytecode::PackGeneric(index) => {
                let def = function.module[*index].def;
                pack(function, def, &mut stack)
                    .map_err(|violation| violation.at(function.index, offset))?;
            }
            _ => {
                let (pops, pushes) = crate::body::stack_effect(function, instruction);
                let rest = (stack.len() as u64).saturating_sub(pops);
                stack.truncate(usize::try_from(rest).unwrap_or(0));
                let fresh = makes_id(function, instruction);
                stack.extend((0..pushes).map(|position| fresh && position == 0));
            }
        }
    }
    Ok(locals)
}

fn makes_reserved(module: &CompiledModule, handle: FunctionHandleIndex) -> bool {
    let (address, in_module, name) = function_path(module, handle);
    RESERVED.iter().any(|reserved| {
        Address::from_hex(reserved.0).is_ok_and(|it| it == address)
            && (reserved.1, reserved.2) == (in_module, name)
    })
}

/// Whether the instruction's first result is a fresh id.
fn makes_id(function: &Function<'_>, instruction: &Bytecode) -> bool {
    let module = function.module;
    let handle = match instruction {
        Bytecode::Call(handle) => *handle,
        Bytecode::CallGeneric(index) => module[*index].handle,
        _ => return false,
    };
    is_framework_function(module, handle, &MAKERS)
        && module[module[handle].return_]
            .0
            .first()
            .is_some_and(|token| is_uid(module, token))
}

fn pack(
    function: &Function<'_>,
    def: StructDefinitionIndex,
    stack: &mut Vec<bool>,
) -> Result<(), Violation> {
    let module = function.module;
    let definition = &module[def];
    let handle = &module[definition.struct_handle];
    let base = stack.len().saturating_sub(definition.fields().len());
    let id_is_fresh = stack.get(base).copied().unwrap_or(false);
    stack.truncate(base);
    if handle.abilities.has(Ability::Key) && !id_is_fresh {
        return Err(Violation::new(
            Rule::ObjectRule,
            format!(
                "object {} is made with an id that does not come straight from object::new",
                module[handle.name]
            ),
        ));
    }
    stack.push(false);
    Ok(())
}
