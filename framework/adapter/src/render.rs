//! Move values as JSON, the way the public API shows them.
//!
//! | Move                                             | JSON                    |
//! |--------------------------------------------------|-------------------------|
//! | `bool`; `u8`, `u16`, `u32`                       | bool; number            |
//! | `u64`, `u128`, `u256`, `Balance`                 | string of digits        |
//! | `address`, `ID`, `UID`                           | string `0x` + 64 digits |
//! | `vector<u8>`                                     | base64 string           |
//! | other vectors                                    | array                   |
//! | `std` strings, `TypeName`, `Url`                 | string                  |
//! | `Option<T>`                                      | null or the value       |
//! | other structs                                    | object by field         |
//! | enums                                            | object, with `@variant` |

use crate::{Executor, QueryError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use heddle_bytecode::U256;
use heddle_objects::{ObjectRead, STD_PACKAGE_ID};
use heddle_vm::{FieldLayout, StructLayout, TypeLayout};
use serde_json::{Map, Value};
use std::sync::Arc;
use sui_sdk_types::{Address, StructTag, TypeTag};

/// Deepest nesting of JSON: a client's decoder of the enclosing message has a
/// limit of its own, of 100.
const DEPTH_MAX: usize = 80;
/// Most JSON values in one rendering.
const NODES_MAX: usize = 1 << 18;

impl Executor {
    /// The shape of a type, with the names of fields and variants.
    ///
    /// # Errors
    /// [`QueryError`] if the type can't be loaded or the store fails.
    pub fn type_layout(
        &self,
        store: &dyn ObjectRead,
        type_: &TypeTag,
    ) -> Result<Arc<TypeLayout>, QueryError> {
        let host = self.host(store);
        self.vm()
            .type_layout(&host, type_)
            .map_err(|error| match host.take_fault() {
                Some(fault) => fault.into(),
                None => QueryError::TypeNotFound {
                    type_: type_.clone(),
                    reason: error.to_string(),
                },
            })
    }

    /// Renders a Move value in the public API's JSON; see the table at the top
    /// of [`crate::render`].
    ///
    /// # Errors
    /// [`QueryError`] if the type can't be loaded, the bytes are no value of
    /// it or nest too deeply, or the store fails.
    pub fn render_json(
        &self,
        store: &dyn ObjectRead,
        type_: &TypeTag,
        bytes: &[u8],
    ) -> Result<Value, QueryError> {
        let layout = self.type_layout(store, type_)?;
        render(&layout, bytes).map_err(|malformed| QueryError::MalformedValue {
            type_: type_.clone(),
            reason: malformed.to_string(),
        })
    }
}

/// Why bytes can't be rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Malformed {
    #[error("the bytes end early")]
    UnexpectedEnd,
    #[error("bytes are left over")]
    TrailingBytes,
    #[error("a length, flag, variant or string is malformed")]
    Encoding,
    #[error("the value is nested too deeply or too large to be shown")]
    TooLarge,
}

/// Renders a value whose layout is at hand. `None` if the bytes are no value of
/// it, or nest too deeply to be shown.
#[must_use]
pub fn json(layout: &TypeLayout, bytes: &[u8]) -> Option<Value> {
    render(layout, bytes).ok()
}

fn render(layout: &TypeLayout, bytes: &[u8]) -> Result<Value, Malformed> {
    let mut reader = Reader {
        bytes,
        nodes_left: NODES_MAX,
    };
    let value = reader.value(layout, 0)?;
    if reader.bytes.is_empty() {
        Ok(value)
    } else {
        Err(Malformed::TrailingBytes)
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    nodes_left: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (head, tail) = self
            .bytes
            .split_at_checked(count)
            .ok_or(Malformed::UnexpectedEnd)?;
        self.bytes = tail;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.take(N)?
            .try_into()
            .map_err(|_| Malformed::UnexpectedEnd)
    }

    fn length(&mut self) -> Result<usize, Malformed> {
        let mut value = 0_u64;
        for shift in (0..35).step_by(7) {
            let [byte] = self.array()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value)
                    .map(|length| length as usize)
                    .map_err(|_| Malformed::Encoding);
            }
        }
        Err(Malformed::Encoding)
    }

    fn text(&mut self) -> Result<Value, Malformed> {
        let length = self.length()?;
        let text = std::str::from_utf8(self.take(length)?).map_err(|_| Malformed::Encoding)?;
        Ok(Value::from(text))
    }

    fn address(&mut self) -> Result<Value, Malformed> {
        Ok(Value::from(Address::new(self.array()?).to_string()))
    }

    fn value(&mut self, layout: &TypeLayout, depth: usize) -> Result<Value, Malformed> {
        if depth > DEPTH_MAX || self.nodes_left == 0 {
            return Err(Malformed::TooLarge);
        }
        self.nodes_left -= 1;
        Ok(match layout {
            TypeLayout::Bool => match self.array()? {
                [0] => Value::from(false),
                [1] => Value::from(true),
                [_] => return Err(Malformed::Encoding),
            },
            TypeLayout::U8 => Value::from(u8::from_le_bytes(self.array()?)),
            TypeLayout::U16 => Value::from(u16::from_le_bytes(self.array()?)),
            TypeLayout::U32 => Value::from(u32::from_le_bytes(self.array()?)),
            TypeLayout::U64 => Value::from(u64::from_le_bytes(self.array()?).to_string()),
            TypeLayout::U128 => Value::from(u128::from_le_bytes(self.array()?).to_string()),
            TypeLayout::U256 => Value::from(U256::from_le_bytes(self.array::<32>()?).to_string()),
            TypeLayout::Address | TypeLayout::Signer => self.address()?,
            TypeLayout::Vector(element) => self.vector(element, depth)?,
            TypeLayout::Struct(layout) => self.structure(layout, depth)?,
            TypeLayout::Enum(layout) => {
                let index = self.length()?;
                let variant = layout.variants.get(index).ok_or(Malformed::Encoding)?;
                let mut map = Map::new();
                map.insert("@variant".into(), Value::from(variant.name.as_str()));
                self.fields(&variant.fields, depth, &mut map)?;
                Value::Object(map)
            }
        })
    }

    fn vector(&mut self, element: &TypeLayout, depth: usize) -> Result<Value, Malformed> {
        let length = self.length()?;
        if *element == TypeLayout::U8 {
            return Ok(Value::from(STANDARD.encode(self.take(length)?)));
        }
        let mut elements = Vec::new();
        for _ in 0..length {
            elements.push(self.value(element, depth + 1)?);
        }
        Ok(Value::Array(elements))
    }

    fn structure(&mut self, layout: &StructLayout, depth: usize) -> Result<Value, Malformed> {
        match Special::of(&layout.tag) {
            Some(Special::Text) => self.text(),
            Some(Special::Address) => self.address(),
            Some(Special::Number) => Ok(Value::from(u64::from_le_bytes(self.array()?).to_string())),
            Some(Special::Option) => match (self.length()?, layout.fields.as_slice()) {
                (0, _) => Ok(Value::Null),
                (
                    1,
                    [
                        FieldLayout {
                            layout: TypeLayout::Vector(element),
                            ..
                        },
                    ],
                ) => self.value(element, depth),
                _ => Err(Malformed::Encoding),
            },
            None => {
                let mut map = Map::new();
                self.fields(&layout.fields, depth, &mut map)?;
                Ok(Value::Object(map))
            }
        }
    }

    fn fields(
        &mut self,
        fields: &[FieldLayout],
        depth: usize,
        map: &mut Map<String, Value>,
    ) -> Result<(), Malformed> {
        for field in fields {
            let value = self.value(&field.layout, depth + 1)?;
            map.insert(field.name.as_str().to_owned(), value);
        }
        Ok(())
    }
}

/// Structs that are shown as something simpler.
enum Special {
    Text,
    Address,
    Number,
    Option,
}

impl Special {
    fn of(tag: &StructTag) -> Option<Self> {
        let name = (*tag.address(), tag.module().as_str(), tag.name().as_str());
        match name {
            (STD_PACKAGE_ID, "string" | "ascii", "String")
            | (STD_PACKAGE_ID, "type_name", "TypeName")
            | (Address::TWO, "url", "Url") => Some(Special::Text),
            (Address::TWO, "object", "ID" | "UID") => Some(Special::Address),
            (Address::TWO, "balance", "Balance") => Some(Special::Number),
            (STD_PACKAGE_ID, "option", "Option") => Some(Special::Option),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use heddle_vm::{EnumLayout, VariantLayout};
    use serde_json::json;
    use sui_sdk_types::Identifier;

    fn field(name: &str, layout: TypeLayout) -> FieldLayout {
        FieldLayout {
            name: Identifier::new(name).expect("a name"),
            layout,
        }
    }

    fn structure(tag: &str, fields: Vec<FieldLayout>) -> TypeLayout {
        TypeLayout::Struct(Arc::new(StructLayout {
            tag: tag.parse().expect("a struct"),
            fields,
        }))
    }

    fn vector(element: TypeLayout) -> TypeLayout {
        TypeLayout::Vector(Arc::new(element))
    }

    fn check(layout: &TypeLayout, value: &impl serde::Serialize, expected: Value) {
        let bytes = bcs::to_bytes(value).expect("serialisable");
        assert_eq!(render(layout, &bytes), Ok(expected));
    }

    #[test]
    fn plain_values() {
        check(&TypeLayout::Bool, &true, json!(true));
        check(&TypeLayout::U8, &7_u8, json!(7));
        check(&TypeLayout::U32, &u32::MAX, json!(u32::MAX));
        check(&TypeLayout::U64, &u64::MAX, json!("18446744073709551615"));
        check(&TypeLayout::U128, &5_u128, json!("5"));
        check(
            &TypeLayout::Address,
            &Address::TWO,
            json!("0x0000000000000000000000000000000000000000000000000000000000000002"),
        );
        check(&vector(TypeLayout::U8), &vec![1_u8, 2, 3], json!("AQID"));
        check(&vector(TypeLayout::U16), &vec![1_u16, 2], json!([1, 2]));
    }

    #[test]
    fn structs_with_a_meaning_are_simplified() {
        let text = structure(
            "0x1::string::String",
            vec![field("bytes", vector(TypeLayout::U8))],
        );
        check(&text, &"Grüße", json!("Grüße"));
        let option = structure(
            "0x1::option::Option<u64>",
            vec![field("vec", vector(TypeLayout::U64))],
        );
        check(&option, &None::<u64>, json!(null));
        check(&option, &Some(9_u64), json!("9"));
        let id = structure("0x2::object::ID", vec![field("bytes", TypeLayout::Address)]);
        let uid = structure("0x2::object::UID", vec![field("id", id)]);
        let balance = structure(
            "0x2::balance::Balance<0x2::sui::SUI>",
            vec![field("value", TypeLayout::U64)],
        );
        let coin = structure(
            "0x2::coin::Coin<0x2::sui::SUI>",
            vec![field("id", uid), field("balance", balance)],
        );
        check(
            &coin,
            &(STD_PACKAGE_ID, 12_u64),
            json!({"id": STD_PACKAGE_ID.to_string(), "balance": "12"}),
        );
    }

    #[test]
    fn enums_name_their_variant() {
        let layout = TypeLayout::Enum(Arc::new(EnumLayout {
            tag: "0x5::m::E".parse().expect("a type"),
            variants: vec![
                VariantLayout {
                    name: Identifier::from_static("Empty"),
                    fields: vec![],
                },
                VariantLayout {
                    name: Identifier::from_static("Full"),
                    fields: vec![field("pos0", TypeLayout::U8)],
                },
            ],
        }));
        assert_eq!(render(&layout, &[0]), Ok(json!({"@variant": "Empty"})));
        assert_eq!(
            render(&layout, &[1, 8]),
            Ok(json!({"@variant": "Full", "pos0": 8}))
        );
        assert_eq!(render(&layout, &[2]), Err(Malformed::Encoding));
    }

    #[test]
    fn malformed_bytes_are_refused() {
        assert_eq!(
            render(&TypeLayout::U64, &[0; 7]),
            Err(Malformed::UnexpectedEnd)
        );
        assert_eq!(
            render(&TypeLayout::U64, &[0; 9]),
            Err(Malformed::TrailingBytes)
        );
        assert_eq!(render(&TypeLayout::Bool, &[2]), Err(Malformed::Encoding));
        // A vector of empty structs costs no bytes: the count of nodes bounds it.
        let empty = structure("0x5::m::Empty", vec![]);
        assert_eq!(
            render(&vector(empty), &[0xff, 0xff, 0xff, 0xff, 0x0f]),
            Err(Malformed::TooLarge)
        );
        let mut deep = TypeLayout::U16;
        for _ in 0..=DEPTH_MAX {
            deep = vector(deep);
        }
        let mut bytes = vec![1; DEPTH_MAX + 1];
        bytes.extend([0, 0]);
        assert_eq!(render(&deep, &bytes), Err(Malformed::TooLarge));
    }
}
