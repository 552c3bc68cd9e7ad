//! The instructions.
//!
//! One table at the bottom of this file defines them: name, opcode byte,
//! operands, and the first version of the format that has them. The enum, the
//! opcode, the encoder, the decoder, the disassembler, the assembler's operands
//! (see [`Operand`]) and the document `docs/instructions.md` all come from it.
//!
//! The comment of each instruction shows the stack before and after it, top
//! of the stack on the right.

use ruint::aliases::U256;

use crate::{
    CodeOffset, ConstantPoolIndex, FieldHandleIndex, FieldInstantiationIndex, FunctionHandleIndex,
    FunctionInstantiationIndex, LocalIndex, SignatureIndex, StructDefInstantiationIndex,
    StructDefinitionIndex, VariantHandleIndex, VariantInstantiationHandleIndex,
    VariantJumpTableIndex,
    cursor::{Reader, Writer},
    disassembly::{Names, OperandText},
    encoding::Encoded,
    error::{DeserializeError, DeserializeErrorKind, SerializeError},
    format::{VERSION_5, VERSION_6, VERSION_7},
    operand::{InstructionOperand, Operand, OperandKind},
};

macro_rules! instructions {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident $(( $($operand:ident : $type:ty),+ ))? = $byte:literal, $version:ident;
    )*) => {
        /// One instruction.
        ///
        /// The large constants are boxed, so that an instruction takes 16
        /// bytes of memory and a hostile module cannot ask for more.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Bytecode {
            $( $(#[doc = $doc])* $name $(( $($type),+ ))?, )*
        }

        /// The first byte of an instruction.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Opcode {
            $( #[doc = concat!("Of [`Bytecode::", stringify!($name), "`].")] $name = $byte, )*
        }

        impl Opcode {
            /// All opcodes.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The opcode with this byte, or `None` if there is none.
            #[must_use]
            pub fn from_u8(byte: u8) -> Option<Self> {
                match byte {
                    $( $byte => Some(Self::$name), )*
                    _ => None,
                }
            }

            /// The first version of the format that has the instruction.
            #[must_use]
            pub fn since(self) -> u32 {
                match self {
                    $( Self::$name => $version, )*
                }
            }

            /// The instruction's name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $( Self::$name => stringify!($name), )*
                }
            }

            /// What the instruction does, and the stack before and after it,
            /// in Markdown.
            #[must_use]
            pub fn doc(self) -> &'static str {
                match self {
                    $( Self::$name => concat!($($doc),*).trim_ascii(), )*
                }
            }

            /// The names and kinds of the operands, in order.
            #[must_use]
            pub fn operands(self) -> &'static [(&'static str, OperandKind)] {
                match self {
                    $( Self::$name => const {
                        &[ $( $( (stringify!($operand), <$type>::KIND) ),+ )? ]
                    }, )*
                }
            }
        }

        impl Bytecode {
            /// Which instruction this is, without its operands.
            #[must_use]
            pub fn opcode(&self) -> Opcode {
                match self {
                    $( Self::$name { .. } => Opcode::$name, )*
                }
            }

            /// The operands, in order.
            #[must_use]
            pub fn operands(&self) -> Vec<Operand> {
                match self {
                    $( Self::$name $(( $($operand),+ ))? => {
                        vec![ $( $( $operand.to_operand() ),+ )? ]
                    } )*
                }
            }

            /// The instruction with these operands, or `None` if their number
            /// or kinds are not those of [`Opcode::operands`].
            #[must_use]
            pub fn from_operands(
                opcode: Opcode,
                operands: impl IntoIterator<Item = Operand>,
            ) -> Option<Self> {
                let mut operands = operands.into_iter();
                let instruction = match opcode {
                    $( Opcode::$name => Self::$name $((
                        $( <$type>::from_operand(operands.next()?)? ),+
                    ))?, )*
                };
                operands.next().is_none().then_some(instruction)
            }

            fn read_operands(
                opcode: Opcode,
                reader: &mut Reader<'_>,
            ) -> Result<Self, DeserializeError> {
                Ok(match opcode {
                    $( Opcode::$name => Self::$name $(( $(<$type>::read(reader)?),+ ))?, )*
                })
            }

            /// The operands as the disassembly shows them.
            pub(crate) fn operand_texts(&self, names: &Names<'_>) -> Vec<String> {
                match self {
                    $( Self::$name $(( $($operand),+ ))? => {
                        vec![ $( $( $operand.text(names) ),+ )? ]
                    } )*
                }
            }

            fn write_operands(&self, writer: &mut Writer) -> Result<(), SerializeError> {
                match self {
                    $( Self::$name $(( $($operand),+ ))? => {
                        $( $( $operand.write(writer)?; )+ )?
                    } )*
                }
                Ok(())
            }
        }
    };
}

impl Encoded for Bytecode {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DeserializeError> {
        let expected = "an opcode";
        let found = reader.byte(expected)?;
        let Some(opcode) = Opcode::from_u8(found) else {
            return Err(reader.error_before(DeserializeErrorKind::UnknownTag { expected, found }));
        };
        reader.need_version(opcode.name(), opcode.since())?;
        Self::read_operands(opcode, reader)
    }

    fn write(&self, writer: &mut Writer) -> Result<(), SerializeError> {
        let opcode = self.opcode();
        writer.need_version(opcode.name(), opcode.since())?;
        writer.bytes.push(opcode as u8);
        self.write_operands(writer)
    }
}

impl Bytecode {
    /// Whether execution never continues at the next instruction.
    #[must_use]
    pub fn is_unconditional_branch(&self) -> bool {
        matches!(
            self,
            Self::Ret | Self::Abort | Self::Branch(_) | Self::VariantSwitch(_)
        )
    }

    /// The target of a branch, conditional or not. A
    /// [`Bytecode::VariantSwitch`] has its targets in a jump table.
    #[must_use]
    pub fn branch_target(&self) -> Option<CodeOffset> {
        match self {
            Self::BrTrue(target) | Self::BrFalse(target) | Self::Branch(target) => Some(*target),
            _ => None,
        }
    }

    /// Whether the instruction is one of those that reached into global
    /// storage on other Move chains. The format can hold them; the verifier
    /// refuses them.
    #[must_use]
    pub fn is_global_storage(&self) -> bool {
        matches!(
            self,
            Self::ExistsDeprecated(_)
                | Self::ExistsGenericDeprecated(_)
                | Self::MoveFromDeprecated(_)
                | Self::MoveFromGenericDeprecated(_)
                | Self::MoveToDeprecated(_)
                | Self::MoveToGenericDeprecated(_)
                | Self::MutBorrowGlobalDeprecated(_)
                | Self::MutBorrowGlobalGenericDeprecated(_)
                | Self::ImmBorrowGlobalDeprecated(_)
                | Self::ImmBorrowGlobalGenericDeprecated(_)
        )
    }
}

instructions! {
    /// Drops a value that has `drop`. `.. v` → `..`
    Pop = 0x01, VERSION_5;
    /// Returns; the stack holds exactly the results. `r1 .. rn` →
    Ret = 0x02, VERSION_5;
    /// Branches if the value is true. `.. bool` → `..`
    BrTrue(target: CodeOffset) = 0x03, VERSION_5;
    /// Branches if the value is false. `.. bool` → `..`
    BrFalse(target: CodeOffset) = 0x04, VERSION_5;
    /// Branches. `..` → `..`
    Branch(target: CodeOffset) = 0x05, VERSION_5;
    /// `..` → `.. u64`
    LdU64(value: u64) = 0x06, VERSION_5;
    /// `..` → `.. constant`
    LdConst(constant: ConstantPoolIndex) = 0x07, VERSION_5;
    /// `..` → `.. true`
    LdTrue = 0x08, VERSION_5;
    /// `..` → `.. false`
    LdFalse = 0x09, VERSION_5;
    /// Copies a local that has `copy`. `..` → `.. v`
    CopyLoc(local: LocalIndex) = 0x0A, VERSION_5;
    /// Moves a local out, which leaves it unavailable. `..` → `.. v`
    MoveLoc(local: LocalIndex) = 0x0B, VERSION_5;
    /// Stores into a local; what it held is dropped. `.. v` → `..`
    StLoc(local: LocalIndex) = 0x0C, VERSION_5;
    /// `..` → `.. &mut local`
    MutBorrowLoc(local: LocalIndex) = 0x0D, VERSION_5;
    /// `..` → `.. &local`
    ImmBorrowLoc(local: LocalIndex) = 0x0E, VERSION_5;
    /// `.. &mut s` → `.. &mut s.field`
    MutBorrowField(field: FieldHandleIndex) = 0x0F, VERSION_5;
    /// `.. &s` → `.. &s.field`
    ImmBorrowField(field: FieldHandleIndex) = 0x10, VERSION_5;
    /// Calls a function. `.. a1 .. an` → `.. r1 .. rm`
    Call(function: FunctionHandleIndex) = 0x11, VERSION_5;
    /// Makes a struct of its fields. `.. f1 .. fn` → `.. s`
    Pack(def: StructDefinitionIndex) = 0x12, VERSION_5;
    /// Takes a struct apart. `.. s` → `.. f1 .. fn`
    Unpack(def: StructDefinitionIndex) = 0x13, VERSION_5;
    /// Copies what a reference points to. `.. &v` → `.. v`
    ReadRef = 0x14, VERSION_5;
    /// Overwrites what a reference points to. `.. v &mut` → `..`
    WriteRef = 0x15, VERSION_5;
    /// Aborts on overflow. `.. a b` → `.. a + b`
    Add = 0x16, VERSION_5;
    /// Aborts on underflow. `.. a b` → `.. a - b`
    Sub = 0x17, VERSION_5;
    /// Aborts on overflow. `.. a b` → `.. a * b`
    Mul = 0x18, VERSION_5;
    /// Aborts if `b` is 0. `.. a b` → `.. a % b`
    Mod = 0x19, VERSION_5;
    /// Aborts if `b` is 0. `.. a b` → `.. a / b`
    Div = 0x1A, VERSION_5;
    /// `.. a b` → `.. a | b`
    BitOr = 0x1B, VERSION_5;
    /// `.. a b` → `.. a & b`
    BitAnd = 0x1C, VERSION_5;
    /// `.. a b` → `.. a ^ b`
    Xor = 0x1D, VERSION_5;
    /// `.. bool bool` → `.. a || b`
    Or = 0x1E, VERSION_5;
    /// `.. bool bool` → `.. a && b`
    And = 0x1F, VERSION_5;
    /// `.. bool` → `.. !bool`
    Not = 0x20, VERSION_5;
    /// `.. a b` → `.. a == b`
    Eq = 0x21, VERSION_5;
    /// `.. a b` → `.. a != b`
    Neq = 0x22, VERSION_5;
    /// `.. a b` → `.. a < b`
    Lt = 0x23, VERSION_5;
    /// `.. a b` → `.. a > b`
    Gt = 0x24, VERSION_5;
    /// `.. a b` → `.. a <= b`
    Le = 0x25, VERSION_5;
    /// `.. a b` → `.. a >= b`
    Ge = 0x26, VERSION_5;
    /// Ends the transaction with a code. `.. u64` →
    Abort = 0x27, VERSION_5;
    /// Does nothing. `..` → `..`
    Nop = 0x28, VERSION_5;
    /// Refused by the verifier.
    ExistsDeprecated(def: StructDefinitionIndex) = 0x29, VERSION_5;
    /// Refused by the verifier.
    MutBorrowGlobalDeprecated(def: StructDefinitionIndex) = 0x2A, VERSION_5;
    /// Refused by the verifier.
    ImmBorrowGlobalDeprecated(def: StructDefinitionIndex) = 0x2B, VERSION_5;
    /// Refused by the verifier.
    MoveFromDeprecated(def: StructDefinitionIndex) = 0x2C, VERSION_5;
    /// Refused by the verifier.
    MoveToDeprecated(def: StructDefinitionIndex) = 0x2D, VERSION_5;
    /// `.. &mut v` → `.. &v`
    FreezeRef = 0x2E, VERSION_5;
    /// Aborts if the shift is the width of `a` or more. `.. a u8` → `.. a << u8`
    Shl = 0x2F, VERSION_5;
    /// Aborts if the shift is the width of `a` or more. `.. a u8` → `.. a >> u8`
    Shr = 0x30, VERSION_5;
    /// `..` → `.. u8`
    LdU8(value: u8) = 0x31, VERSION_5;
    /// `..` → `.. u128`
    LdU128(value: Box<u128>) = 0x32, VERSION_5;
    /// Aborts if the value does not fit. `.. integer` → `.. u8`
    CastU8 = 0x33, VERSION_5;
    /// Aborts if the value does not fit. `.. integer` → `.. u64`
    CastU64 = 0x34, VERSION_5;
    /// Aborts if the value does not fit. `.. integer` → `.. u128`
    CastU128 = 0x35, VERSION_5;
    /// `.. &mut s` → `.. &mut s.field`
    MutBorrowFieldGeneric(field: FieldInstantiationIndex) = 0x36, VERSION_5;
    /// `.. &s` → `.. &s.field`
    ImmBorrowFieldGeneric(field: FieldInstantiationIndex) = 0x37, VERSION_5;
    /// Calls a generic function. `.. a1 .. an` → `.. r1 .. rm`
    CallGeneric(function: FunctionInstantiationIndex) = 0x38, VERSION_5;
    /// Makes a generic struct of its fields. `.. f1 .. fn` → `.. s`
    PackGeneric(def: StructDefInstantiationIndex) = 0x39, VERSION_5;
    /// Takes a generic struct apart. `.. s` → `.. f1 .. fn`
    UnpackGeneric(def: StructDefInstantiationIndex) = 0x3A, VERSION_5;
    /// Refused by the verifier.
    ExistsGenericDeprecated(def: StructDefInstantiationIndex) = 0x3B, VERSION_5;
    /// Refused by the verifier.
    MutBorrowGlobalGenericDeprecated(def: StructDefInstantiationIndex) = 0x3C, VERSION_5;
    /// Refused by the verifier.
    ImmBorrowGlobalGenericDeprecated(def: StructDefInstantiationIndex) = 0x3D, VERSION_5;
    /// Refused by the verifier.
    MoveFromGenericDeprecated(def: StructDefInstantiationIndex) = 0x3E, VERSION_5;
    /// Refused by the verifier.
    MoveToGenericDeprecated(def: StructDefInstantiationIndex) = 0x3F, VERSION_5;
    /// Makes a vector of `count` values; the signature is its element type.
    /// `.. v1 .. vn` → `.. vector`
    VecPack(element: SignatureIndex, count: u64) = 0x40, VERSION_5;
    /// `.. &vector` → `.. u64`
    VecLen(element: SignatureIndex) = 0x41, VERSION_5;
    /// Aborts if out of range. `.. &vector u64` → `.. &element`
    VecImmBorrow(element: SignatureIndex) = 0x42, VERSION_5;
    /// Aborts if out of range. `.. &mut vector u64` → `.. &mut element`
    VecMutBorrow(element: SignatureIndex) = 0x43, VERSION_5;
    /// `.. &mut vector v` → `..`
    VecPushBack(element: SignatureIndex) = 0x44, VERSION_5;
    /// Aborts if empty. `.. &mut vector` → `.. v`
    VecPopBack(element: SignatureIndex) = 0x45, VERSION_5;
    /// Takes a vector of exactly `count` values apart; aborts if it has
    /// another length. `.. vector` → `.. v1 .. vn`
    VecUnpack(element: SignatureIndex, count: u64) = 0x46, VERSION_5;
    /// Aborts if out of range. `.. &mut vector u64 u64` → `..`
    VecSwap(element: SignatureIndex) = 0x47, VERSION_5;
    /// `..` → `.. u16`
    LdU16(value: u16) = 0x48, VERSION_6;
    /// `..` → `.. u32`
    LdU32(value: u32) = 0x49, VERSION_6;
    /// `..` → `.. u256`
    LdU256(value: Box<U256>) = 0x4A, VERSION_6;
    /// Aborts if the value does not fit. `.. integer` → `.. u16`
    CastU16 = 0x4B, VERSION_6;
    /// Aborts if the value does not fit. `.. integer` → `.. u32`
    CastU32 = 0x4C, VERSION_6;
    /// `.. integer` → `.. u256`
    CastU256 = 0x4D, VERSION_6;
    /// Makes an enum value of a variant's fields. `.. f1 .. fn` → `.. e`
    PackVariant(variant: VariantHandleIndex) = 0x4E, VERSION_7;
    /// Makes a generic enum value of a variant's fields. `.. f1 .. fn` → `.. e`
    PackVariantGeneric(variant: VariantInstantiationHandleIndex) = 0x4F, VERSION_7;
    /// Takes an enum value apart; aborts if it is of another variant.
    /// `.. e` → `.. f1 .. fn`
    UnpackVariant(variant: VariantHandleIndex) = 0x50, VERSION_7;
    /// Borrows all fields; aborts if the value is of another variant.
    /// `.. &e` → `.. &f1 .. &fn`
    UnpackVariantImmRef(variant: VariantHandleIndex) = 0x51, VERSION_7;
    /// Borrows all fields; aborts if the value is of another variant.
    /// `.. &mut e` → `.. &mut f1 .. &mut fn`
    UnpackVariantMutRef(variant: VariantHandleIndex) = 0x52, VERSION_7;
    /// Takes a generic enum value apart; aborts if it is of another variant.
    /// `.. e` → `.. f1 .. fn`
    UnpackVariantGeneric(variant: VariantInstantiationHandleIndex) = 0x53, VERSION_7;
    /// Borrows all fields; aborts if the value is of another variant.
    /// `.. &e` → `.. &f1 .. &fn`
    UnpackVariantGenericImmRef(variant: VariantInstantiationHandleIndex) = 0x54, VERSION_7;
    /// Borrows all fields; aborts if the value is of another variant.
    /// `.. &mut e` → `.. &mut f1 .. &mut fn`
    UnpackVariantGenericMutRef(variant: VariantInstantiationHandleIndex) = 0x55, VERSION_7;
    /// Branches on the variant that the reference points to. `.. &e` → `..`
    VariantSwitch(table: VariantJumpTableIndex) = 0x56, VERSION_7;
}

const _: () = assert!(size_of::<Bytecode>() == 16);
