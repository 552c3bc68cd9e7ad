//! BCS to text.

use super::{Special, are_positional, is_without_fields, special};
use crate::{BcsError, FieldLayout, StructLayout, TypeLayout};
use heddle_bytecode::U256;
use std::fmt::Write as _;

/// Where a text stops growing, in bytes; the rest is `…`.
const TEXT_BYTES_MAX: usize = 1 << 20;

/// The value that `bytes` hold as text, in the form described in the module's
/// introduction. Texts of more than a mebibyte are cut.
///
/// # Errors
/// If the bytes are no value of the type.
pub fn value_to_text(layout: &TypeLayout, bytes: &[u8]) -> Result<String, BcsError> {
    let mut writer = Writer {
        bytes,
        offset: 0,
        text: String::new(),
    };
    writer.value(layout)?;
    match bytes.len() - writer.offset {
        0 => Ok(writer.text),
        count => Err(BcsError::TrailingBytes { count }),
    }
}

struct Writer<'a> {
    bytes: &'a [u8],
    offset: usize,
    text: String,
}

impl<'a> Writer<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], BcsError> {
        let end = self.offset.checked_add(count);
        let taken = end.and_then(|end| self.bytes.get(self.offset..end));
        let taken = taken.ok_or(BcsError::UnexpectedEnd {
            offset: self.bytes.len(),
        })?;
        self.offset += count;
        Ok(taken)
    }

    fn uleb128(&mut self) -> Result<u32, BcsError> {
        let offset = self.offset;
        let mut value = 0u64;
        for shift in (0..35).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let is_shortest = shift == 0 || byte != 0;
                return u32::try_from(value)
                    .ok()
                    .filter(|_| is_shortest)
                    .ok_or(BcsError::Length { offset });
            }
        }
        Err(BcsError::Length { offset })
    }

    /// The bytes of a `vector<u8>`.
    fn blob(&mut self) -> Result<&'a [u8], BcsError> {
        let length = self.uleb128()?;
        self.take(length as usize)
    }

    /// Adds to the text unless it is full. Values are read on all the same, so
    /// that malformed ones are found.
    fn push(&mut self, text: &str) {
        if self.text.len() <= TEXT_BYTES_MAX {
            self.text.push_str(text);
            if self.text.len() > TEXT_BYTES_MAX {
                let end = self.text.floor_char_boundary(TEXT_BYTES_MAX);
                self.text.truncate(end);
                self.text.push('…');
            }
        }
    }

    fn integer(&mut self, size: usize) -> Result<(), BcsError> {
        let bytes = self.take(size)?;
        let value = U256::try_from_le_slice(bytes).ok_or(BcsError::Malformed)?;
        self.push(&value.to_string());
        Ok(())
    }

    fn address(&mut self) -> Result<(), BcsError> {
        let mut text = String::from("@0x");
        let bytes = self.take(32)?;
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(31);
        let _ = write!(text, "{:x}", bytes[start]);
        for byte in &bytes[start + 1..] {
            let _ = write!(text, "{byte:02x}");
        }
        self.push(&text);
        Ok(())
    }

    fn value(&mut self, layout: &TypeLayout) -> Result<(), BcsError> {
        match layout {
            TypeLayout::Bool => {
                let offset = self.offset;
                match self.take(1)?[0] {
                    0 => self.push("false"),
                    1 => self.push("true"),
                    value => return Err(BcsError::Bool { value, offset }),
                }
                Ok(())
            }
            TypeLayout::U8 => self.integer(1),
            TypeLayout::U16 => self.integer(2),
            TypeLayout::U32 => self.integer(4),
            TypeLayout::U64 => self.integer(8),
            TypeLayout::U128 => self.integer(16),
            TypeLayout::U256 => self.integer(32),
            TypeLayout::Address | TypeLayout::Signer => self.address(),
            TypeLayout::Vector(element) if **element == TypeLayout::U8 => {
                let bytes = self.blob()?;
                self.push(&bytes_text(bytes));
                Ok(())
            }
            TypeLayout::Vector(element) => {
                let length = self.uleb128()?;
                self.push("[");
                for index in 0..length {
                    self.push(if index > 0 { ", " } else { "" });
                    self.value(element)?;
                }
                self.push("]");
                Ok(())
            }
            TypeLayout::Struct(layout) => self.structure(layout),
            TypeLayout::Enum(layout) => {
                let offset = self.offset;
                let tag = self.uleb128()?;
                let variant = layout.variants.get(tag as usize);
                let variant = variant.ok_or(BcsError::Variant {
                    value: u64::from(tag),
                    offset,
                })?;
                self.push(&format!("{}::{}", layout.tag.name(), variant.name));
                self.fields(&variant.fields)
            }
        }
    }

    fn structure(&mut self, layout: &StructLayout) -> Result<(), BcsError> {
        match (special(layout), &layout.fields[..]) {
            (Some(Special::Text), _) => {
                let bytes = self.blob()?;
                let text = std::str::from_utf8(bytes);
                self.push(&text.map_or_else(|_| bytes_text(bytes), |text| format!("{text:?}")));
                Ok(())
            }
            (Some(Special::Option), [field]) => {
                let TypeLayout::Vector(element) = &field.layout else {
                    return Err(BcsError::Malformed);
                };
                let offset = self.offset;
                match self.uleb128()? {
                    0 => self.push("none"),
                    1 => {
                        self.push("some(");
                        self.value(element)?;
                        self.push(")");
                    }
                    _ => return Err(BcsError::Length { offset }),
                }
                Ok(())
            }
            (Some(Special::Id), _) => self.address(),
            (_, fields) => {
                self.push(layout.tag.name().as_str());
                if is_without_fields(fields) {
                    return self.no_fields();
                }
                self.fields(fields)
            }
        }
    }

    /// The field that stands for none. A native or a transaction could set it.
    fn no_fields(&mut self) -> Result<(), BcsError> {
        let offset = self.offset;
        match self.take(1)?[0] {
            0 => {}
            1 => self.push(" { dummy_field: true }"),
            value => return Err(BcsError::Bool { value, offset }),
        }
        Ok(())
    }

    fn fields(&mut self, fields: &[FieldLayout]) -> Result<(), BcsError> {
        if fields.is_empty() {
            return Ok(());
        }
        let is_positional = are_positional(fields);
        self.push(if is_positional { "(" } else { " { " });
        for (index, field) in fields.iter().enumerate() {
            self.push(if index > 0 { ", " } else { "" });
            if !is_positional {
                self.push(&format!("{}: ", field.name));
            }
            self.value(&field.layout)?;
        }
        self.push(if is_positional { ")" } else { " }" });
        Ok(())
    }
}

/// Bytes as a literal: text if they spell one.
fn bytes_text(bytes: &[u8]) -> String {
    let is_text = !bytes.is_empty()
        && bytes
            .iter()
            .all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\'));
    let mut text = String::with_capacity(bytes.len() * 2 + 3);
    if is_text {
        text.push_str("b\"");
        text.extend(bytes.iter().copied().map(char::from));
    } else {
        text.push_str("x\"");
        for byte in bytes {
            let _ = write!(text, "{byte:02x}");
        }
    }
    text.push('"');
    text
}
