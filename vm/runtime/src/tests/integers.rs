//! Every integer instruction at every width, against arithmetic in 512 bits.

use super::support::*;
use crate::{ArithmeticError, CallArg, ExecutionErrorKind};
use heddle_bytecode::{Bytecode, LocalIndex, SignatureToken, U256};
use proptest::prelude::*;
use ruint::aliases::U512;

const WIDTHS: [(SignatureToken, usize); 6] = [
    (SignatureToken::U8, 8),
    (SignatureToken::U16, 16),
    (SignatureToken::U32, 32),
    (SignatureToken::U64, 64),
    (SignatureToken::U128, 128),
    (SignatureToken::U256, 256),
];

fn le(value: U512, bits: usize) -> Vec<u8> {
    value.to_le_bytes::<64>()[..bits / 8].to_vec()
}

fn mask(bits: usize) -> U512 {
    (U512::from(1) << bits) - U512::from(1)
}

type Outcome = Result<Vec<u8>, ArithmeticError>;

fn fit(value: U512, bits: usize, error: ArithmeticError) -> Outcome {
    if value > mask(bits) {
        Err(error)
    } else {
        Ok(le(value, bits))
    }
}

/// What `instruction` must give for `a` and `b` of a width.
fn expected(instruction: &Bytecode, a: U512, b: U512, bits: usize) -> Outcome {
    use ArithmeticError::*;
    let flag = |value: bool| Ok(vec![u8::from(value)]);
    match instruction {
        Bytecode::Add => fit(a + b, bits, Overflow),
        Bytecode::Sub if a < b => Err(Overflow),
        Bytecode::Sub => Ok(le(a - b, bits)),
        Bytecode::Mul => fit(a * b, bits, Overflow),
        Bytecode::Div | Bytecode::Mod if b == U512::ZERO => Err(DivisionByZero),
        Bytecode::Div => Ok(le(a / b, bits)),
        Bytecode::Mod => Ok(le(a % b, bits)),
        Bytecode::BitAnd => Ok(le(a & b, bits)),
        Bytecode::BitOr => Ok(le(a | b, bits)),
        Bytecode::Xor => Ok(le(a ^ b, bits)),
        Bytecode::Lt => flag(a < b),
        Bytecode::Le => flag(a <= b),
        Bytecode::Gt => flag(a > b),
        Bytecode::Ge => flag(a >= b),
        Bytecode::Eq => flag(a == b),
        Bytecode::Neq => flag(a != b),
        other => panic!("{other:?} is not in the table"),
    }
}

const BINARY: [Bytecode; 14] = [
    Bytecode::Add,
    Bytecode::Sub,
    Bytecode::Mul,
    Bytecode::Div,
    Bytecode::Mod,
    Bytecode::BitAnd,
    Bytecode::BitOr,
    Bytecode::Xor,
    Bytecode::Lt,
    Bytecode::Le,
    Bytecode::Gt,
    Bytecode::Ge,
    Bytecode::Eq,
    Bytecode::Neq,
];

fn is_flag(instruction: &Bytecode) -> bool {
    use Bytecode::*;
    matches!(instruction, Lt | Le | Gt | Ge | Eq | Neq)
}

fn outcome(result: Result<crate::CallReturn, crate::ExecutionError>) -> Outcome {
    match result {
        Ok(result) => Ok(result.values[0].clone()),
        Err(error) => match error.kind {
            ExecutionErrorKind::Arithmetic(error) => Err(error),
            other => panic!("{other}"),
        },
    }
}

fn load(index: u8) -> Bytecode {
    Bytecode::MoveLoc(LocalIndex(index))
}

fn constant(value: U512, bits: usize) -> Bytecode {
    let low = U256::from_limbs(value.as_limbs()[..4].try_into().expect("four limbs"));
    match bits {
        8 => Bytecode::LdU8(low.to::<u8>()),
        16 => Bytecode::LdU16(low.to::<u16>()),
        32 => Bytecode::LdU32(low.to::<u32>()),
        64 => Bytecode::LdU64(low.to::<u64>()),
        128 => Bytecode::LdU128(Box::new(low.to::<u128>())),
        _ => Bytecode::LdU256(Box::new(low)),
    }
}

/// Values around the edges of widths and in between.
fn interesting() -> impl Strategy<Value = U512> {
    let edge = (0usize..=256, -1i32..=1).prop_map(|(shift, delta)| {
        let power = U512::from(1) << shift;
        match delta {
            -1 => power - U512::from(1),
            0 => power,
            _ => power + U512::from(1),
        }
    });
    prop_oneof![
        edge,
        any::<u64>().prop_map(U512::from),
        any::<[u64; 8]>().prop_map(U512::from_limbs)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn binary(a in interesting(), b in interesting(), op in 0usize..14, width in 0usize..6) {
        let (ty, bits) = WIDTHS[width].clone();
        let (a, b) = (a & mask(bits), b & mask(bits));
        let instruction = BINARY[op].clone();
        let result = if is_flag(&instruction) { SignatureToken::Bool } else { ty.clone() };
        let expected = expected(&instruction, a, b, bits);
        let (left, right) = (CallArg::Value(le(a, bits)), CallArg::Value(le(b, bits)));

        // Both in slots, then either or both known to the translator.
        let both = [ty.clone(), ty.clone()];
        let code = vec![load(0), load(1), instruction.clone(), Bytecode::Ret];
        let got = run(&both, std::slice::from_ref(&result), &[], code, vec![left.clone(), right.clone()]);
        prop_assert_eq!(outcome(got), expected.clone());

        let one = std::slice::from_ref(&ty);
        let code = vec![load(0), constant(b, bits), instruction.clone(), Bytecode::Ret];
        let got = run(one, std::slice::from_ref(&result), &[], code, vec![left]);
        prop_assert_eq!(outcome(got), expected.clone());

        let code = vec![constant(a, bits), load(0), instruction.clone(), Bytecode::Ret];
        let got = run(one, std::slice::from_ref(&result), &[], code, vec![right]);
        prop_assert_eq!(outcome(got), expected.clone());

        let code = vec![constant(a, bits), constant(b, bits), instruction, Bytecode::Ret];
        let got = run(&[], &[result], &[], code, vec![]);
        prop_assert_eq!(outcome(got), expected);
    }

    #[test]
    fn branches_agree_with_comparisons(
        a in interesting(), b in interesting(), op in 8usize..14, width in 0usize..6,
        when in any::<bool>(), b_is_known in any::<bool>(),
    ) {
        let (ty, bits) = WIDTHS[width].clone();
        let (a, b) = (a & mask(bits), b & mask(bits));
        let instruction = BINARY[op].clone();
        let Ok(flag) = expected(&instruction, a, b, bits) else { unreachable!() };
        let target = heddle_bytecode::CodeOffset(6);
        let branch = if when { Bytecode::BrTrue(target) } else { Bytecode::BrFalse(target) };
        let code = vec![
            Bytecode::CopyLoc(LocalIndex(0)),
            if b_is_known { constant(b, bits) } else { Bytecode::CopyLoc(LocalIndex(1)) },
            instruction,
            branch,
            Bytecode::LdU8(0),
            Bytecode::Ret,
            Bytecode::LdU8(1),
            Bytecode::Ret,
        ];
        let arguments = vec![CallArg::Value(le(a, bits)), CallArg::Value(le(b, bits))];
        let got = run(&[ty.clone(), ty], &[SignatureToken::U8], &[], code, arguments);
        prop_assert_eq!(outcome(got), Ok(vec![u8::from((flag[0] == 1) == when)]));
    }

    #[test]
    fn shifts(a in interesting(), shift in any::<u8>(), left in any::<bool>(), width in 0usize..6) {
        let (ty, bits) = WIDTHS[width].clone();
        let a = a & mask(bits);
        let expected = if usize::from(shift) >= bits {
            Err(ArithmeticError::ShiftAmount)
        } else if left {
            Ok(le((a << usize::from(shift)) & mask(bits), bits))
        } else {
            Ok(le(a >> usize::from(shift), bits))
        };
        let instruction = if left { Bytecode::Shl } else { Bytecode::Shr };
        let argument = CallArg::Value(le(a, bits));
        let code = vec![load(0), load(1), instruction.clone(), Bytecode::Ret];
        let parameters = [ty.clone(), SignatureToken::U8];
        let got = run(&parameters, std::slice::from_ref(&ty), &[], code, vec![argument.clone(), arg(&shift)]);
        prop_assert_eq!(outcome(got), expected.clone());
        let code = vec![load(0), Bytecode::LdU8(shift), instruction, Bytecode::Ret];
        let got = run(std::slice::from_ref(&ty), std::slice::from_ref(&ty), &[], code, vec![argument]);
        prop_assert_eq!(outcome(got), expected);
    }

    #[test]
    fn casts(a in interesting(), from in 0usize..6, to in 0usize..6) {
        let ((source, from_bits), (target, to_bits)) = (WIDTHS[from].clone(), WIDTHS[to].clone());
        let a = a & mask(from_bits);
        let cast = [
            Bytecode::CastU8, Bytecode::CastU16, Bytecode::CastU32,
            Bytecode::CastU64, Bytecode::CastU128, Bytecode::CastU256,
        ][to].clone();
        let expected = fit(a, to_bits, ArithmeticError::Cast);
        let code = vec![load(0), cast.clone(), Bytecode::Ret];
        let argument = CallArg::Value(le(a, from_bits));
        let got = run(&[source], std::slice::from_ref(&target), &[], code, vec![argument]);
        prop_assert_eq!(outcome(got), expected.clone());
        let code = vec![constant(a, from_bits), cast, Bytecode::Ret];
        prop_assert_eq!(outcome(run(&[], &[target], &[], code, vec![])), expected);
    }
}

#[test]
fn logic() {
    for (a, b) in [(false, false), (false, true), (true, false), (true, true)] {
        let bools = [SignatureToken::Bool, SignatureToken::Bool];
        for (instruction, expected) in [(Bytecode::And, a && b), (Bytecode::Or, a || b)] {
            let code = vec![load(0), load(1), instruction, Bytecode::Ret];
            let got = run(&bools, &bools[..1], &[], code, vec![arg(&a), arg(&b)]);
            assert_eq!(outcome(got), Ok(vec![u8::from(expected)]));
        }
        let code = vec![load(0), Bytecode::Not, Bytecode::Ret];
        let got = run(&bools[..1], &bools[..1], &[], code, vec![arg(&a)]);
        assert_eq!(outcome(got), Ok(vec![u8::from(!a)]));
    }
}
