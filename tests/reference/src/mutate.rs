//! Small changes to the code of a program, most of which the verifier refuses.

use crate::{Choices, Program};
use heddle_bytecode::{Bytecode, CodeOffset, CompiledModule, FunctionDefinitionIndex, LocalIndex};

/// A program that differs from `program` in a few instructions, if the
/// verifier still accepts it.
#[must_use]
pub fn mutate(choices: &mut Choices, program: &Program) -> Option<Program> {
    let mut modules = program.modules.clone();
    let position = choices.index(modules.len());
    let module = &mut modules[position];
    if module.function_defs.is_empty() {
        return None;
    }
    let before = module.clone();
    for _ in 0..1 + choices.below(3) {
        let function = FunctionDefinitionIndex(choices.index(module.function_defs.len()) as u16);
        change(choices, module, function);
    }
    if *module == before || crate::generate::broken_rule(module).is_some() {
        return None;
    }
    Some(Program::new(modules))
}

fn change(choices: &mut Choices, module: &mut CompiledModule, function: FunctionDefinitionIndex) {
    let definition = &mut module.function_defs[usize::from(function.0)];
    let Some(unit) = &mut definition.code else {
        return;
    };
    let code = &mut unit.code;
    if code.len() < 3 {
        return;
    }
    let at = choices.index(code.len() - 1);
    match choices.below(8) {
        0 => code.swap(at, at + 1),
        // Positions of other instructions change: branches move along.
        1 => insert(unit, at, Bytecode::Nop),
        2 => {
            let copied = code[choices.index(code.len())].clone();
            if copied.branch_target().is_none() {
                insert(unit, at, copied);
            }
        }
        3 => code[at] = Bytecode::Nop,
        _ => {
            let length = code.len();
            operand(choices, &mut code[at], length);
        }
    }
}

/// Puts an instruction before the one at `at`.
fn insert(unit: &mut heddle_bytecode::CodeUnit, at: usize, instruction: Bytecode) {
    let patch = |target: &mut CodeOffset| {
        if target.position() > at {
            target.0 += 1;
        }
    };
    for other in &mut unit.code {
        if let Bytecode::Branch(target) | Bytecode::BrTrue(target) | Bytecode::BrFalse(target) =
            other
        {
            patch(target);
        }
    }
    unit.jump_tables
        .iter_mut()
        .flat_map(|table| &mut table.jump_table)
        .for_each(patch);
    unit.code.insert(at, instruction);
}

/// Another operand, or another instruction of the same family.
fn operand(choices: &mut Choices, instruction: &mut Bytecode, length: usize) {
    use Bytecode as B;
    let local = |choices: &mut Choices| LocalIndex(choices.below(12) as u8);
    let pick =
        |choices: &mut Choices, family: &[Bytecode]| family[choices.index(family.len())].clone();
    *instruction = match &*instruction {
        B::CopyLoc(index) | B::MoveLoc(index) => {
            let index = *index;
            match choices.below(4) {
                0 => B::CopyLoc(index),
                1 => B::MoveLoc(index),
                2 => B::CopyLoc(local(choices)),
                _ => B::MoveLoc(local(choices)),
            }
        }
        B::StLoc(_) => B::StLoc(local(choices)),
        B::MutBorrowLoc(index) => match choices.below(2) {
            0 => B::ImmBorrowLoc(*index),
            _ => B::MutBorrowLoc(local(choices)),
        },
        B::ImmBorrowLoc(index) => match choices.below(2) {
            0 => B::MutBorrowLoc(*index),
            _ => B::ImmBorrowLoc(local(choices)),
        },
        B::Branch(_) => B::Branch(CodeOffset(choices.index(length) as u16)),
        B::BrTrue(target) => match choices.below(2) {
            0 => B::BrFalse(*target),
            _ => B::BrTrue(CodeOffset(choices.index(length) as u16)),
        },
        B::BrFalse(target) => match choices.below(2) {
            0 => B::BrTrue(*target),
            _ => B::BrFalse(CodeOffset(choices.index(length) as u16)),
        },
        B::LdU8(_) => B::LdU8(choices.below(256) as u8),
        B::LdU16(_) => B::LdU16(choices.below(1 << 16) as u16),
        B::LdU32(_) => B::LdU32(choices.below(1 << 32) as u32),
        B::LdU64(_) => B::LdU64(match choices.below(3) {
            0 => choices.below(4),
            1 => u64::MAX,
            _ => choices.any(),
        }),
        B::LdTrue => B::LdFalse,
        B::LdFalse => B::LdTrue,
        B::Add | B::Sub | B::Mul | B::Div | B::Mod | B::BitAnd | B::BitOr | B::Xor => pick(
            choices,
            &[
                B::Add,
                B::Sub,
                B::Mul,
                B::Div,
                B::Mod,
                B::BitAnd,
                B::BitOr,
                B::Xor,
            ],
        ),
        B::Shl => B::Shr,
        B::Shr => B::Shl,
        B::Lt | B::Le | B::Gt | B::Ge => pick(choices, &[B::Lt, B::Le, B::Gt, B::Ge]),
        B::Eq => B::Neq,
        B::Neq => B::Eq,
        B::And => B::Or,
        B::Or => B::And,
        B::Pop => B::Nop,
        B::VecPack(index, count) => B::VecPack(*index, count.wrapping_add(1)),
        B::VecUnpack(index, count) => B::VecUnpack(*index, count.saturating_sub(1)),
        other => other.clone(),
    };
}
