//! Widths of integers, and the operations on those beyond a word.

/// Width of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default))]
pub(crate) enum Width {
    #[cfg_attr(test, default)]
    W8,
    W16,
    W32,
    W64,
    W128,
    W256,
}

impl Width {
    pub(crate) fn bits(self) -> u32 {
        match self {
            Self::W8 => 8,
            Self::W16 => 16,
            Self::W32 => 32,
            Self::W64 => 64,
            Self::W128 => 128,
            Self::W256 => 256,
        }
    }

    /// Words that a value takes.
    pub(crate) fn words(self) -> u16 {
        (self.bits() / 64).max(1) as u16
    }
}

/// Arithmetic on 128 and 256 bits. The second operand of a shift is one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default))]
pub(crate) enum WideOp {
    #[cfg_attr(test, default)]
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    And,
    Or,
    Xor,
    Shl,
    Shr,
}

/// Order of integers beyond a word; the other two orders swap the operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Default))]
pub(crate) enum Comparison {
    #[cfg_attr(test, default)]
    Lt,
    Le,
}
