//! The operands of instructions as data.
//!
//! Whoever handles all instructions alike (an assembler, a printer, a
//! document) asks [`Opcode::operands`] which operands an instruction takes,
//! and goes between a [`Bytecode`](crate::Bytecode) and its [`Operand`]s. All of it comes from
//! the one table in `instruction.rs`.

use crate::{
    CodeOffset, ConstantPoolIndex, FieldHandleIndex, FieldInstantiationIndex, FunctionHandleIndex,
    FunctionInstantiationIndex, LocalIndex, Opcode, SignatureIndex, StructDefInstantiationIndex,
    StructDefinitionIndex, U256, VariantHandleIndex, VariantInstantiationHandleIndex,
    VariantJumpTableIndex,
};

/// A type that stands as an operand in the table of instructions.
pub(crate) trait InstructionOperand: Sized {
    const KIND: OperandKind;
    fn to_operand(&self) -> Operand;
    fn from_operand(operand: Operand) -> Option<Self>;
}

macro_rules! operands {
    ($( $name:ident($type:ty), $words:literal; )*) => {
        /// What an operand is, or which table it points into.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum OperandKind {
            $( #[doc = concat!("It is ", $words, ".")] $name, )*
        }

        impl OperandKind {
            /// What the operand is, in words that follow "expected".
            #[must_use]
            pub fn words(self) -> &'static str {
                match self { $( Self::$name => $words, )* }
            }
        }

        /// An operand with its value.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Operand {
            $( #[doc = concat!("It is ", $words, ".")] $name($type), )*
        }

        impl Operand {
            /// Its kind.
            #[must_use]
            pub fn kind(&self) -> OperandKind {
                match self { $( Self::$name(_) => OperandKind::$name, )* }
            }
        }

        $(
            impl InstructionOperand for $type {
                const KIND: OperandKind = OperandKind::$name;

                fn to_operand(&self) -> Operand {
                    Operand::$name(self.clone())
                }

                fn from_operand(operand: Operand) -> Option<Self> {
                    match operand {
                        Operand::$name(value) => Some(value),
                        _ => None,
                    }
                }
            }
        )*
    };
}

operands! {
    U8(u8), "an integer of 8 bits";
    U16(u16), "an integer of 16 bits";
    U32(u32), "an integer of 32 bits";
    U64(u64), "an integer of 64 bits";
    U128(Box<u128>), "an integer of 128 bits";
    U256(Box<U256>), "an integer of 256 bits";
    Target(CodeOffset), "the target of a branch";
    Local(LocalIndex), "a local";
    Constant(ConstantPoolIndex), "a constant";
    Types(SignatureIndex), "a list of types";
    Struct(StructDefinitionIndex), "a struct";
    StructInstance(StructDefInstantiationIndex), "a generic struct with type arguments";
    Field(FieldHandleIndex), "a field";
    FieldInstance(FieldInstantiationIndex), "a field of a generic struct with type arguments";
    Function(FunctionHandleIndex), "a function";
    FunctionInstance(FunctionInstantiationIndex), "a generic function with type arguments";
    Variant(VariantHandleIndex), "a variant";
    VariantInstance(VariantInstantiationHandleIndex), "a variant of a generic enum with type arguments";
    JumpTable(VariantJumpTableIndex), "a jump table";
}

impl Opcode {
    /// The opcode with this name, or `None` if there is none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|opcode| opcode.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BinaryLimits, Bytecode, cursor::Reader, encoding::Encoded, format};

    /// Every instruction comes back from its operands, and from no others.
    #[test]
    fn instructions_are_their_operands() {
        for opcode in Opcode::ALL {
            let mut bytes = vec![*opcode as u8];
            bytes.resize(64, 3);
            let limits = BinaryLimits::local();
            let mut reader = Reader::new(&bytes, &limits);
            reader.version = format::VERSION_7;
            let instruction = Bytecode::read(&mut reader).unwrap();
            let operands = instruction.operands();
            let kinds: Vec<_> = operands.iter().map(Operand::kind).collect();
            let expected: Vec<_> = opcode.operands().iter().map(|(_, kind)| *kind).collect();
            assert_eq!(kinds, expected, "{opcode:?}");
            assert_eq!(
                Bytecode::from_operands(*opcode, operands.clone()),
                Some(instruction)
            );
            let longer = [operands.as_slice(), &[Operand::U8(1)]].concat();
            assert_eq!(Bytecode::from_operands(*opcode, longer), None);
            if !operands.is_empty() {
                assert_eq!(Bytecode::from_operands(*opcode, Vec::new()), None);
            }
            assert_eq!(Opcode::from_name(opcode.name()), Some(*opcode));
            assert!(!opcode.doc().is_empty(), "{opcode:?} has no documentation");
        }
    }
}
