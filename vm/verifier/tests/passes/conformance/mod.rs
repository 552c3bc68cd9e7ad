//! The conformance table: for every instruction, bodies that are accepted and
//! bodies that are refused in every way in which that instruction can be; for
//! every rule, a module that breaks it and one nearly the same that doesn't.
//!
//! What must be there follows from [`ways`] and from [`Rule::ALL`], so a new
//! instruction or rule fails these tests until it has its rows.

mod data;
mod items;
mod plain;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use heddle_bytecode::{
    BinaryLimits, Bytecode as B, CodeUnit, CompiledModule, Opcode, SignatureToken as T, format,
};
use heddle_verifier::Rule;

use crate::body::{Body, Expected, body, take};
use crate::verify;
use items::Items;

/// One row: a module whose last function, `test`, has the instruction, and the
/// verdict. What is refused is refused at an instruction, or the function as a
/// whole (`None`).
struct Row {
    opcode: Opcode,
    name: String,
    module: CompiledModule,
    expected: Expected,
}

impl Row {
    fn code(&self) -> &CodeUnit {
        let test = self.module.function_defs.last().unwrap();
        test.code.as_ref().unwrap()
    }
}

/// The rows, as they are collected.
struct Table {
    items: Items,
    rows: Vec<Row>,
}

/// The rules that an instruction can break, at any place of a module that its
/// tables allow.
fn ways(opcode: Opcode) -> Vec<Rule> {
    use Opcode as O;
    use Rule as R;
    // All but those that end a block can be the last, where code must not end;
    // all that take or leave operands can find too few or leave too many.
    let common = [R::ControlFlow, R::StackUsage];
    let more: &[Rule] = match opcode {
        O::Nop => return vec![R::ControlFlow],
        O::LdU8
        | O::LdU16
        | O::LdU32
        | O::LdU64
        | O::LdU128
        | O::LdU256
        | O::LdTrue
        | O::LdFalse => &[],
        O::LdConst => &[R::IndexOutOfBounds],
        O::Pop => &[R::MissingAbility],
        O::Ret => {
            return vec![
                R::StackUsage,
                R::TypeMismatch,
                R::LocalUnavailable,
                R::ReferenceSafety,
            ];
        }
        O::Abort => return vec![R::StackUsage, R::TypeMismatch],
        O::Branch => &[R::IndexOutOfBounds],
        O::BrTrue | O::BrFalse => &[R::IndexOutOfBounds, R::TypeMismatch],
        O::VariantSwitch => &[R::IndexOutOfBounds, R::TypeMismatch],
        O::CopyLoc => &[
            R::IndexOutOfBounds,
            R::MissingAbility,
            R::LocalUnavailable,
            R::ReferenceSafety,
        ],
        O::MoveLoc => &[R::IndexOutOfBounds, R::LocalUnavailable, R::ReferenceSafety],
        O::StLoc | O::ImmBorrowLoc => &[
            R::IndexOutOfBounds,
            R::TypeMismatch,
            R::LocalUnavailable,
            R::ReferenceSafety,
        ],
        O::MutBorrowLoc => &[R::IndexOutOfBounds, R::TypeMismatch, R::LocalUnavailable],
        O::FreezeRef => &[R::TypeMismatch, R::ReferenceSafety],
        O::ReadRef | O::WriteRef | O::Eq | O::Neq => {
            &[R::TypeMismatch, R::MissingAbility, R::ReferenceSafety]
        }
        O::Add
        | O::Sub
        | O::Mul
        | O::Mod
        | O::Div
        | O::BitOr
        | O::BitAnd
        | O::Xor
        | O::Shl
        | O::Shr
        | O::Or
        | O::And
        | O::Not
        | O::Lt
        | O::Gt
        | O::Le
        | O::Ge
        | O::CastU8
        | O::CastU16
        | O::CastU32
        | O::CastU64
        | O::CastU128
        | O::CastU256 => &[R::TypeMismatch],
        O::Pack | O::Unpack | O::PackVariant | O::UnpackVariant => {
            &[R::IndexOutOfBounds, R::GenericMismatch, R::TypeMismatch]
        }
        O::PackGeneric | O::UnpackGeneric | O::PackVariantGeneric | O::UnpackVariantGeneric => &[
            R::IndexOutOfBounds,
            R::GenericMismatch,
            R::NestedReference,
            R::AbilityConstraint,
            R::TypeMismatch,
        ],
        O::ImmBorrowField
        | O::MutBorrowField
        | O::UnpackVariantImmRef
        | O::UnpackVariantMutRef
        | O::Call => &[
            R::IndexOutOfBounds,
            R::GenericMismatch,
            R::TypeMismatch,
            R::ReferenceSafety,
        ],
        O::ImmBorrowFieldGeneric
        | O::MutBorrowFieldGeneric
        | O::UnpackVariantGenericImmRef
        | O::UnpackVariantGenericMutRef => &[
            R::IndexOutOfBounds,
            R::GenericMismatch,
            R::NestedReference,
            R::AbilityConstraint,
            R::TypeMismatch,
            R::ReferenceSafety,
        ],
        O::CallGeneric => &[
            R::IndexOutOfBounds,
            R::GenericMismatch,
            R::NestedReference,
            R::AbilityConstraint,
            R::InstantiationLoop,
            R::TypeMismatch,
            R::ReferenceSafety,
        ],
        O::VecPack | O::VecUnpack => &[
            R::IndexOutOfBounds,
            R::NestedReference,
            R::AbilityConstraint,
            R::VectorOperand,
            R::SizeLimit,
            R::TypeMismatch,
        ],
        O::VecLen => &[
            R::IndexOutOfBounds,
            R::NestedReference,
            R::AbilityConstraint,
            R::VectorOperand,
            R::TypeMismatch,
        ],
        O::VecImmBorrow | O::VecMutBorrow | O::VecPushBack | O::VecPopBack | O::VecSwap => &[
            R::IndexOutOfBounds,
            R::NestedReference,
            R::AbilityConstraint,
            R::VectorOperand,
            R::TypeMismatch,
            R::ReferenceSafety,
        ],
        O::ExistsDeprecated
        | O::ExistsGenericDeprecated
        | O::MoveFromDeprecated
        | O::MoveFromGenericDeprecated
        | O::MoveToDeprecated
        | O::MoveToGenericDeprecated
        | O::MutBorrowGlobalDeprecated
        | O::MutBorrowGlobalGenericDeprecated
        | O::ImmBorrowGlobalDeprecated
        | O::ImmBorrowGlobalGenericDeprecated => {
            return vec![R::IndexOutOfBounds, R::GlobalStorage];
        }
    };
    [&common[..], more].concat()
}

/// A type that nothing which expects `token` takes.
fn other_than(token: &T) -> T {
    if *token == T::Bool { T::U64 } else { T::Bool }
}

impl Table {
    fn row(&mut self, op: &B, name: impl Into<String>, body: Body, expected: Expected) {
        self.rows.push(Row {
            opcode: op.opcode(),
            name: name.into(),
            module: self.items.world.with(body),
            expected,
        });
    }

    fn accept(&mut self, op: &B, name: &str, body: Body) {
        self.row(op, name, body, Ok(()));
    }

    fn refuse(&mut self, op: &B, name: &str, rule: Rule, at: u16, body: Body) {
        self.row(op, name, body, Err((rule, Some(at))));
    }

    /// Rows that follow from what the instruction takes and leaves: a function
    /// whose parameters are its operands and whose results are its results.
    fn operation(&mut self, op: &B, operands: &[T], results: &[T]) {
        let count = u16::try_from(operands.len()).unwrap();
        let operand_count = u8::try_from(operands.len()).unwrap();
        let operation = |operands: &[T], results: &[T], skip: u8, tail: &[B]| {
            let mut code: Vec<B> = (skip..operand_count).map(take).collect();
            code.push(op.clone());
            code.extend_from_slice(tail);
            body(operands, results, &[], code)
        };
        let whole = operation(operands, results, 0, &[B::Ret]);
        self.accept(op, "as it should be", whole);
        let last = operation(operands, results, 0, &[]);
        self.row(op, "the last", last, Err((Rule::ControlFlow, None)));
        if !operands.is_empty() {
            let few = operation(operands, results, 1, &[B::Ret]);
            self.refuse(op, "an operand too few", Rule::StackUsage, count - 1, few);
        }
        if !results.is_empty() {
            let left = operation(operands, &results[1..], 0, &[B::Ret]);
            self.refuse(op, "a result is left", Rule::StackUsage, count + 1, left);
        }
        for (position, operand) in operands.iter().enumerate() {
            let mut wrong = vec![other_than(operand)];
            if let T::MutableReference(inner) = operand {
                wrong.push(T::Reference(inner.clone()));
                wrong.push((**inner).clone());
            }
            for wrong in wrong {
                let name = format!("{wrong:?} as operand {position}");
                let mut operands = operands.to_vec();
                operands[position] = wrong;
                let body = operation(&operands, results, 0, &[B::Ret]);
                self.refuse(op, &name, Rule::TypeMismatch, count, body);
            }
        }
    }

    /// The instruction alone, refused before anybody looks at operands.
    fn alone(&mut self, op: &B, name: &str, rule: Rule) {
        let alone = body(&[], &[], &[], vec![op.clone(), B::Ret]);
        self.refuse(op, name, rule, 0, alone);
    }
}

fn table() -> Table {
    let mut table = Table {
        items: Items::new(),
        rows: Vec::new(),
    };
    plain::rows(&mut table);
    data::rows(&mut table);
    table
}

#[test]
fn every_instruction_is_accepted_and_refused_as_the_table_says() {
    let table = table();
    for row in &table.rows {
        let found = verify(&row.module);
        let place = found
            .as_ref()
            .copied()
            .map_err(|error| (error.rule, error.offset.map(|offset| offset.0)));
        let what = format!("{}, {}", row.opcode.name(), row.name);
        assert_eq!(place, row.expected, "{what}: {found:?}");
        if let Err(error) = found {
            assert_eq!(error.module, Some(row.module.self_id()), "{what}");
            assert_eq!(error.function.as_deref(), Some("test"), "{what}");
            assert!(error.to_string().contains(error.rule.words()), "{what}");
        }
        let has_it = row
            .code()
            .code
            .iter()
            .any(|instruction| instruction.opcode() == row.opcode);
        assert!(has_it, "{what}: the body lacks the instruction");
    }
}

#[test]
fn every_instruction_is_refused_in_every_way() {
    let mut accepted = BTreeSet::new();
    let mut refused: BTreeMap<Opcode, BTreeSet<Rule>> = BTreeMap::new();
    for row in table().rows {
        match row.expected {
            Ok(()) => {
                accepted.insert(row.opcode);
            }
            Err((rule, _)) => {
                refused.entry(row.opcode).or_default().insert(rule);
            }
        }
    }
    for opcode in Opcode::ALL {
        let found = refused.remove(opcode).unwrap_or_default();
        let expected: BTreeSet<Rule> = ways(*opcode).into_iter().collect();
        assert_eq!(found, expected, "{}", opcode.name());
        let is_refused_always = expected.contains(&Rule::GlobalStorage);
        assert_ne!(
            accepted.contains(opcode),
            is_refused_always,
            "{}",
            opcode.name()
        );
    }
}

/// An accepted module can be written in each version of the format that has
/// all that it has, and in no other; and reads back as it was.
#[test]
fn modules_belong_to_their_versions() {
    let mut seen = BTreeSet::new();
    for row in table().rows.iter().filter(|row| row.expected.is_ok()) {
        let mut module = row.module.clone();
        let needs_enums = row
            .code()
            .code
            .iter()
            .any(|instruction| instruction.opcode().since() == format::VERSION_7);
        if !needs_enums {
            items::enums_to_structs(&mut module);
        }
        let since = since(&module);
        seen.insert(since);
        for version in format::VERSION_MIN..=format::VERSION_MAX {
            module.version = version;
            let what = format!("{}, {}, version {version}", row.opcode.name(), row.name);
            let written = module.serialize();
            assert_eq!(written.is_ok(), version >= since, "{what}: {written:?}");
            let Ok(bytes) = written else { continue };
            let read = CompiledModule::deserialize(&bytes, &BinaryLimits::published());
            assert_eq!(read.as_ref(), Ok(&module), "{what}");
            assert_eq!(verify(&module), Ok(()), "{what}");
        }
    }
    let all = format::VERSION_MIN..=format::VERSION_MAX;
    assert_eq!(seen, all.collect(), "each version has modules of its own");
}

/// The first version of the format that has all that a module has: version 6
/// brought integers of 16, 32 and 256 bits, version 7 enums.
fn since(module: &CompiledModule) -> u32 {
    if !module.enum_defs.is_empty() {
        return format::VERSION_7;
    }
    let types = module.signatures.iter().flat_map(|signature| &signature.0);
    let is_new = |token: &T| matches!(token, T::U16 | T::U32 | T::U256);
    let has_new_types = types.flat_map(T::preorder).any(is_new);
    let bodies = module
        .function_defs
        .iter()
        .filter_map(|def| def.code.as_ref());
    let code = bodies.flat_map(|body| &body.code);
    let has_new_code = code.map(|code| code.opcode().since()).max() == Some(format::VERSION_6);
    if has_new_types || has_new_code {
        format::VERSION_6
    } else {
        format::VERSION_5
    }
}
