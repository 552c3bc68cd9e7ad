//! Values as text: what a person reads of a result and types for an argument.
//!
//! | Move                  | written             | also read                              |
//! |-----------------------|---------------------|----------------------------------------|
//! | `bool`                | `true`              |                                        |
//! | `u8` … `u256`         | `255`               | `0xff`, `1_000`, `255u8`, `"255"`      |
//! | `address`, `ID`, `UID` | `@0x2`             | `0x2`, `"0x2"`                         |
//! | `vector<u8>`          | `b"text"`, `x"00ff"` | `0x00ff`, `"text"`, `[0, 255]`, `text` |
//! | `vector<T>`           | `[1, 2]`            | `vector[1, 2]`                         |
//! | `std` strings         | `"text"`            | `text`                                 |
//! | `Option<T>`           | `some(1)`, `none`   | `1`, `null`                            |
//! | struct                | `Point { x: 1, y: 2 }` | `{ x: 1, y: 2 }`, `{ "x": 1, "y": 2 }` |
//! | positional struct     | `Pair(1, 2)`        | `(1, 2)`, `{ pos0: 1, pos1: 2 }`       |
//! | enum                  | `Shape::Circle { radius: 1 }`, `Shape::Empty` | `Circle { radius: 1 }`, `{ "@variant": "Circle", "radius": 1 }` |
//! | any type              |                     | `bcs:0x…`, the bytes themselves        |
//!
//! Fields may be read in any order, and whatever is written reads back as the
//! same value. Both directions follow a [`TypeLayout`](crate::TypeLayout), so
//! they nest no deeper than types do. Text without quotes ends at a comma or a
//! closing bracket, except where it is the whole text.

mod read;
mod write;

pub use read::{TextError, value_from_text};
pub use write::value_to_text;

use crate::{FieldLayout, StructLayout};
use sui_sdk_types::Address;

/// Structs that don't look like ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Special {
    /// A string of the standard library.
    Text,
    /// `Option`, a vector of at most one element.
    Option,
    /// An id: an address, in two structs at most.
    Id,
}

fn special(layout: &StructLayout) -> Option<Special> {
    let tag = &layout.tag;
    let is_std = *tag.address() == Address::from_static("0x1");
    let is_framework = *tag.address() == Address::TWO;
    match (tag.module().as_str(), tag.name().as_str()) {
        ("string" | "ascii", "String") if is_std => Some(Special::Text),
        ("option", "Option") if is_std => Some(Special::Option),
        ("object", "ID" | "UID") if is_framework => Some(Special::Id),
        _ => None,
    }
}

/// Whether the fields have no names in the source.
fn are_positional(fields: &[FieldLayout]) -> bool {
    !fields.is_empty()
        && fields.iter().enumerate().all(|(index, field)| {
            field.name.as_str().strip_prefix("pos") == Some(index.to_string().as_str())
        })
}

/// Whether a struct has no fields in the source. The compiler puts one in, a
/// `bool` that is false.
fn is_without_fields(fields: &[FieldLayout]) -> bool {
    matches!(fields, [field] if field.name.as_str() == "dummy_field"
        && field.layout == crate::TypeLayout::Bool)
}

#[cfg(test)]
mod tests;
