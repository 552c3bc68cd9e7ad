//! Pure arguments: which types may be given as plain bytes, and which bytes
//! are values of them.

use heddle_objects::STD_PACKAGE_ID;
use std::str;
use sui_sdk_types::{Address, StructTag, TypeTag};

/// Deepest nesting of a pure type. Types of this depth come from function
/// signatures and type arguments, which have limits of their own; this one
/// only bounds the recursion here.
const DEPTH_MAX: usize = 32;

/// How a pure type is encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PureType {
    /// A `bool`: one byte, 0 or 1.
    Bool,
    /// Any bytes of this width: integers, addresses, ids.
    Fixed(usize),
    /// A vector of another pure type.
    Vector(Box<PureType>),
    /// None or one value.
    Option(Box<PureType>),
    /// Bytes that are UTF-8.
    Utf8,
    /// Bytes that are ASCII.
    Ascii,
}

impl PureType {
    /// How values of `type_` are given as bytes; `None` if they can't be.
    pub(crate) fn of(type_: &TypeTag) -> Option<Self> {
        Self::at_depth(type_, 0)
    }

    fn at_depth(type_: &TypeTag, depth: usize) -> Option<Self> {
        if depth > DEPTH_MAX {
            return None;
        }
        Some(match type_ {
            TypeTag::Bool => PureType::Bool,
            TypeTag::U8 => PureType::Fixed(1),
            TypeTag::U16 => PureType::Fixed(2),
            TypeTag::U32 => PureType::Fixed(4),
            TypeTag::U64 => PureType::Fixed(8),
            TypeTag::U128 => PureType::Fixed(16),
            TypeTag::U256 | TypeTag::Address => PureType::Fixed(32),
            TypeTag::Signer => return None,
            TypeTag::Vector(element) => {
                PureType::Vector(Box::new(Self::at_depth(element, depth + 1)?))
            }
            TypeTag::Struct(tag) => return Self::of_struct(tag, depth),
        })
    }

    fn of_struct(tag: &StructTag, depth: usize) -> Option<Self> {
        let name = (
            *tag.address(),
            tag.module().as_str(),
            tag.name().as_str(),
            tag.type_params(),
        );
        match name {
            (STD_PACKAGE_ID, "string", "String", []) => Some(PureType::Utf8),
            (STD_PACKAGE_ID, "ascii", "String", []) => Some(PureType::Ascii),
            (Address::TWO, "object", "ID", []) => Some(PureType::Fixed(Address::LENGTH)),
            (STD_PACKAGE_ID, "option", "Option", [element]) => Some(PureType::Option(Box::new(
                Self::at_depth(element, depth + 1)?,
            ))),
            _ => None,
        }
    }

    /// Whether `bytes` are exactly the canonical encoding of one value.
    pub(crate) fn accepts(&self, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        self.read(&mut rest).is_some() && rest.is_empty()
    }

    fn read(&self, rest: &mut &[u8]) -> Option<()> {
        match self {
            PureType::Bool => matches!(take(rest, 1)?[0], 0 | 1).then_some(()),
            PureType::Fixed(width) => take(rest, *width).map(drop),
            PureType::Vector(element) => {
                let count = length(rest)?;
                if let PureType::Fixed(width) = **element {
                    return take(rest, width.checked_mul(count)?).map(drop);
                }
                // Every element takes a byte at least, so the bytes bound this.
                (0..count).try_for_each(|_| element.read(rest))
            }
            PureType::Option(element) => match length(rest)? {
                0 => Some(()),
                1 => element.read(rest),
                _ => None,
            },
            PureType::Utf8 => {
                let count = length(rest)?;
                str::from_utf8(take(rest, count)?).ok().map(drop)
            }
            PureType::Ascii => {
                let count = length(rest)?;
                take(rest, count)?.is_ascii().then_some(())
            }
        }
    }
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(count)?;
    *rest = tail;
    Some(head)
}

/// A length in its shortest form, at most 32 bits.
fn length(rest: &mut &[u8]) -> Option<usize> {
    let mut value = 0_u64;
    for shift in (0..35).step_by(7) {
        let byte = take(rest, 1)?[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            let is_shortest = byte != 0 || shift == 0;
            return u32::try_from(value)
                .ok()
                .filter(|_| is_shortest)
                .map(|value| value as usize);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(type_: &str, bytes: &[u8], accepted: bool) {
        let tag: TypeTag = type_.parse().expect("a type");
        let pure = PureType::of(&tag).expect("a pure type");
        assert_eq!(pure.accepts(bytes), accepted, "{type_} {bytes:?}");
    }

    #[test]
    fn values_of_each_type() {
        check("bool", &[1], true);
        check("bool", &[2], false);
        check("u8", &[255], true);
        check("u64", &[0; 8], true);
        check("u64", &[0; 7], false);
        check("u64", &[0; 9], false);
        check("u256", &[9; 32], true);
        check("address", &[9; 32], true);
        check("0x2::object::ID", &[9; 32], true);
        check("vector<u8>", &[3, 1, 2, 3], true);
        check("vector<u8>", &[4, 1, 2, 3], false);
        check("vector<u8>", &[0x83, 0, 1, 2, 3], false);
        check("vector<vector<bool>>", &[2, 1, 0, 1, 1], true);
        check("vector<vector<bool>>", &[2, 1, 0, 1, 7], false);
        check("0x1::string::String", &[2, 0xc3, 0xa9], true);
        check("0x1::string::String", &[1, 0xc3], false);
        check("0x1::ascii::String", &[1, 0x7f], true);
        check("0x1::ascii::String", &[1, 0x80], false);
        check("0x1::option::Option<u8>", &[0], true);
        check("0x1::option::Option<u8>", &[1, 5], true);
        check("0x1::option::Option<u8>", &[2, 5, 5], false);
        check("vector<0x1::option::Option<address>>", &[1, 0], true);
    }

    #[test]
    fn objects_and_signers_are_not_pure() {
        for type_ in [
            "signer",
            "0x2::coin::Coin<0x2::sui::SUI>",
            "vector<0x2::object::UID>",
            "0x1::option::Option<0x2::balance::Balance<u8>>",
        ] {
            let tag: TypeTag = type_.parse().expect("a type");
            assert_eq!(PureType::of(&tag), None, "{type_}");
        }
    }
}
