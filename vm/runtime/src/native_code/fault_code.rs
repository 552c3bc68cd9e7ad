//! Faults that native code raises by itself, as one word: what happened and at
//! which instruction of the function.

use crate::ArithmeticError;
use crate::fault::{self, Fault};
use crate::op::Op;

macro_rules! kinds {
    ($( $name:ident => $fault:expr; )*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum FaultKind {
            /// Its value is the code.
            Abort,
            /// Its value is the tag that was found.
            Variant,
            $( $name, )*
        }

        const KINDS: &[FaultKind] = &[
            FaultKind::Abort,
            FaultKind::Variant,
            $( FaultKind::$name, )*
        ];

        fn without_value(kind: FaultKind) -> Box<Fault> {
            match kind {
                $( FaultKind::$name => $fault, )*
                FaultKind::Abort | FaultKind::Variant => {
                    fault::invariant("fault of another kind of instruction")
                }
            }
        }
    };
}

kinds! {
    OutOfGas => Box::new(Fault::OutOfGas);
    Overflow => fault::arithmetic(ArithmeticError::Overflow);
    DivisionByZero => fault::arithmetic(ArithmeticError::DivisionByZero);
    ShiftAmount => fault::arithmetic(ArithmeticError::ShiftAmount);
    Cast => fault::arithmetic(ArithmeticError::Cast);
    Bounds => fault::bounds();
    UnknownVariant => fault::invariant("switch on an unknown variant");
}

/// The word for `kind` at instruction `position`.
pub(super) fn pack(kind: FaultKind, position: usize) -> u64 {
    (kind as u64 + 1) << 32 | position as u64
}

/// The two parts of a word. The kind is `None` if nothing was packed.
pub(super) fn parts(code: u64) -> (Option<FaultKind>, usize) {
    let kind = (code >> 32).checked_sub(1);
    let kind = kind.and_then(|index| KINDS.get(index as usize).copied());
    (kind, code as u32 as usize)
}

/// The fault of instruction `op`.
pub(super) fn fault(kind: Option<FaultKind>, value: u64, op: Option<Op>) -> Box<Fault> {
    match (kind, op) {
        (Some(FaultKind::Abort), _) => Box::new(Fault::Abort(value)),
        (
            Some(FaultKind::Variant),
            Some(
                Op::UnpackVariant { tag, .. }
                | Op::CheckVariant { tag, .. }
                | Op::CheckVariantSlot { tag, .. },
            ),
        ) => Box::new(Fault::Variant {
            expected: tag,
            actual: value,
        }),
        (Some(kind), _) => without_value(kind),
        (None, _) => fault::invariant("native code stopped without a reason"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_what_was_packed() {
        for kind in KINDS {
            assert_eq!(parts(pack(*kind, 7)), (Some(*kind), 7));
        }
        assert_eq!(parts(0), (None, 0));
    }
}
