//! Values with their kind beside them, and BCS.

use crate::{Program, Type};
use heddle_bytecode::{DatatypeDefinition, U256};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Bool(bool),
    Integer { bits: u32, value: U256 },
    Address([u8; 32]),
    Vector(Vec<Value>),
    Struct(Vec<Value>),
    Variant(u16, Vec<Value>),
    Reference(Reference),
}

/// A place: where it starts, and which parts lead to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) root: Root,
    pub(crate) path: Vec<usize>,
}

/// Where a reference starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    /// A local of the frame at this depth.
    Local { frame: usize, local: usize },
    /// What an argument from outside refers to.
    Argument(usize),
}

impl Reference {
    /// The part at `index` of the place.
    pub(crate) fn part(mut self, index: usize) -> Self {
        self.path.push(index);
        self
    }
}

/// The largest integer of a width.
pub(crate) fn integer_max(bits: u32) -> U256 {
    U256::MAX >> (256 - bits as usize)
}

impl Value {
    pub(crate) fn integer(bits: u32, value: impl Into<u128>) -> Self {
        Self::Integer {
            bits,
            value: U256::from(value.into()),
        }
    }

    /// The parts of a compound value.
    pub(crate) fn parts(&self) -> &[Value] {
        match self {
            Self::Vector(parts) | Self::Struct(parts) | Self::Variant(_, parts) => parts,
            _ => &[],
        }
    }

    /// The parts of a compound value, to change.
    pub(crate) fn parts_mut(&mut self) -> &mut Vec<Value> {
        match self {
            Self::Vector(parts) | Self::Struct(parts) | Self::Variant(_, parts) => parts,
            other => unreachable!("{other:?} has no parts"),
        }
    }

    /// Appends the BCS of the value.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Bool(value) => out.push(u8::from(*value)),
            Self::Integer { bits, value } => {
                out.extend_from_slice(&value.to_le_bytes::<32>()[..*bits as usize / 8]);
            }
            Self::Address(bytes) => out.extend_from_slice(bytes),
            Self::Vector(elements) => {
                uleb128(elements.len() as u64, out);
                elements.iter().for_each(|element| element.encode(out));
            }
            Self::Struct(fields) => fields.iter().for_each(|field| field.encode(out)),
            Self::Variant(tag, fields) => {
                uleb128(u64::from(*tag), out);
                fields.iter().for_each(|field| field.encode(out));
            }
            Self::Reference(_) => unreachable!("references are not encoded"),
        }
    }

    /// The value of type `ty` in well-formed BCS, taken off the front.
    pub(crate) fn decode(program: &Program, ty: &Type, bytes: &mut &[u8]) -> Self {
        let mut all = |types: Vec<Type>| -> Vec<Value> {
            types
                .iter()
                .map(|ty| Self::decode(program, ty, bytes))
                .collect()
        };
        match ty {
            Type::Bool => Self::Bool(take(bytes, 1)[0] == 1),
            Type::Integer(bits) => Self::Integer {
                bits: *bits,
                value: U256::from_le_slice(take(bytes, *bits as usize / 8)),
            },
            Type::Address | Type::Signer => {
                Self::Address(take(bytes, 32).try_into().expect("32 bytes"))
            }
            Type::Vector(element) => {
                let length = read_uleb128(bytes);
                Self::Vector(
                    (0..length)
                        .map(|_| Self::decode(program, element, bytes))
                        .collect(),
                )
            }
            Type::Datatype(datatype) => match datatype.definition {
                DatatypeDefinition::Struct(_) => Self::Struct(all(program.fields(datatype, 0))),
                DatatypeDefinition::Enum(_) => {
                    let tag = read_uleb128(bytes);
                    let types = program.fields(datatype, tag as usize);
                    let fields = types
                        .iter()
                        .map(|ty| Self::decode(program, ty, bytes))
                        .collect();
                    Self::Variant(tag as u16, fields)
                }
            },
            Type::Reference(_) | Type::MutableReference(_) => {
                unreachable!("references are not decoded")
            }
        }
    }
}

fn take<'b>(bytes: &mut &'b [u8], count: usize) -> &'b [u8] {
    let (taken, rest) = bytes.split_at(count);
    *bytes = rest;
    taken
}

pub(crate) fn uleb128(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn read_uleb128(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let byte = take(bytes, 1)[0];
        value |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            break;
        }
    }
    value
}
