//! Text to BCS.

use super::{Special, are_positional, is_without_fields, special, value_to_text};
use crate::{EnumLayout, FieldLayout, StructLayout, TypeLayout};
use heddle_bytecode::U256;
use sui_sdk_types::Address;

/// Characters of the text that an error shows.
const SHOWN_CHARS_MAX: usize = 40;

/// A text is no value of the wanted type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{wanted} expected{}: {hint}", found(.text, *.offset))]
pub struct TextError {
    /// What is expected.
    pub wanted: String,
    /// The text from where the value should stand, cut after some characters.
    pub text: String,
    /// Where that is, in bytes.
    pub offset: usize,
    /// How such a value is written.
    pub hint: &'static str,
}

fn found(text: &str, offset: usize) -> String {
    match (text, offset) {
        ("", 0) => String::new(),
        ("", _) => ", found the end".to_owned(),
        (text, 0) => format!(", found {text:?}"),
        (text, offset) => format!(", found {text:?} at character {offset}"),
    }
}

/// The BCS of the value that `text` stands for, in one of the forms described
/// in the module's introduction.
///
/// # Errors
/// [`TextError`] if the text is no value of the type.
pub fn value_from_text(layout: &TypeLayout, text: &str) -> Result<Vec<u8>, TextError> {
    let mut reader = Reader {
        text,
        at: 0,
        out: Vec::new(),
    };
    if reader.is_bare_text(layout) {
        push_blob(&mut reader.out, text.as_bytes());
        return Ok(reader.out);
    }
    reader.value(layout)?;
    reader.space();
    if reader.rest().is_empty() {
        Ok(reader.out)
    } else {
        Err(reader.error("the end", "a value is followed by something"))
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    out: Vec<u8>,
}

const INTEGER: &str = "write it in digits, as 255, 1_000 or 0xff";
const ADDRESS: &str = "write 0x and up to 64 hexadecimal digits";
const BYTES: &str = "write 0x… or x\"…\" with pairs of hexadecimal digits, \"text\", or [1, 2]";
const LIST: &str = "write [a, b]";
const FIELDS: &str = "write { name: value, … } with all fields, or (value, …)";
const VARIANT: &str = "write the variant's name, with its fields as { name: value } or (value)";
const QUOTED: &str = "write \"text\" with \\\" and \\\\ for quotes and backslashes in it";
const RAW: &str = "write bcs:0x… with the value's bytes, and no others";

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn eat(&mut self, token: &str) -> bool {
        let is_there = self.rest().starts_with(token);
        if is_there {
            self.at += token.len();
        }
        is_there
    }

    /// Skips space and then `token`, if it comes.
    fn eat_spaced(&mut self, token: &str) -> bool {
        let start = self.at;
        self.space();
        let is_there = self.eat(token);
        if !is_there {
            self.at = start;
        }
        is_there
    }

    fn error(&self, wanted: impl Into<String>, hint: &'static str) -> TextError {
        TextError {
            wanted: wanted.into(),
            text: self.rest().chars().take(SHOWN_CHARS_MAX).collect(),
            offset: self.at,
            hint,
        }
    }

    /// The characters that a number, address or name consists of.
    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest
            .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
            .unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// A word that may stand in quotes.
    fn quotable_word(&mut self) -> Option<&'t str> {
        let is_quoted = self.eat("\"");
        let word = self.word();
        (!is_quoted || self.eat("\"")).then_some(word)
    }

    /// Whether all of the text is a text or bytes, without quotes.
    fn is_bare_text(&self, layout: &TypeLayout) -> bool {
        let (is_text, is_bytes) = match layout {
            TypeLayout::Struct(layout) => (special(layout) == Some(Special::Text), false),
            TypeLayout::Vector(element) => (false, **element == TypeLayout::U8),
            _ => (false, false),
        };
        let begins = |starts: &[&str]| {
            let text = self.text.trim_start();
            starts.iter().any(|start| text.starts_with(start))
        };
        is_text && !begins(&["\"", "bcs:"])
            || is_bytes && !begins(&["\"", "b\"", "x\"", "0x", "[", "vector[", "bcs:"])
    }

    fn value(&mut self, layout: &TypeLayout) -> Result<(), TextError> {
        self.space();
        let start = self.at;
        if self.eat("bcs:") {
            let bytes = self.hex_word(RAW)?;
            self.at = start;
            if value_to_text(layout, &bytes).is_err() {
                return Err(self.error("BCS of a value", RAW));
            }
            self.eat("bcs:");
            self.word();
            self.out.extend_from_slice(&bytes);
            return Ok(());
        }
        match layout {
            TypeLayout::Bool => {
                let word = self.quotable_word();
                self.out.push(match word {
                    Some("true") => 1,
                    Some("false") => 0,
                    _ => {
                        self.at = start;
                        return Err(self.error("bool", "write true or false"));
                    }
                });
                Ok(())
            }
            TypeLayout::U8 => self.integer("u8", 1),
            TypeLayout::U16 => self.integer("u16", 2),
            TypeLayout::U32 => self.integer("u32", 4),
            TypeLayout::U64 => self.integer("u64", 8),
            TypeLayout::U128 => self.integer("u128", 16),
            TypeLayout::U256 => self.integer("u256", 32),
            TypeLayout::Address | TypeLayout::Signer => self.address(),
            TypeLayout::Vector(element) => self.vector(element),
            TypeLayout::Struct(layout) => self.structure(layout),
            TypeLayout::Enum(layout) => self.enumeration(layout),
        }
    }

    fn integer(&mut self, type_: &str, size: usize) -> Result<(), TextError> {
        let start = self.at;
        let value = self
            .quotable_word()
            .and_then(|word| {
                let digits = word.strip_suffix(type_).unwrap_or(word).replace('_', "");
                match digits.strip_prefix("0x") {
                    Some(digits) if !digits.is_empty() => U256::from_str_radix(digits, 16).ok(),
                    None if !digits.is_empty() => U256::from_str_radix(&digits, 10).ok(),
                    _ => None,
                }
            })
            .filter(|value| value.bit_len() <= size * 8);
        let Some(value) = value else {
            self.at = start;
            return Err(self.error(type_, INTEGER));
        };
        self.out
            .extend_from_slice(&value.to_le_bytes::<32>()[..size]);
        Ok(())
    }

    fn address(&mut self) -> Result<(), TextError> {
        let start = self.at;
        let is_quoted = self.eat("\"");
        self.eat("@");
        let word = self.word();
        let address: Option<Address> = word.starts_with("0x").then(|| word.parse().ok()).flatten();
        let Some(address) = address.filter(|_| !is_quoted || self.eat("\"")) else {
            self.at = start;
            return Err(self.error("address", ADDRESS));
        };
        self.out.extend_from_slice(address.as_bytes());
        Ok(())
    }

    /// Pairs of hexadecimal digits behind `0x`.
    fn hex_word(&mut self, hint: &'static str) -> Result<Vec<u8>, TextError> {
        let start = self.at;
        let bytes = self.word().strip_prefix("0x").and_then(hex);
        bytes.ok_or_else(|| {
            self.at = start;
            self.error("bytes", hint)
        })
    }

    /// What stands in quotes, after the opening one.
    fn quoted(&mut self) -> Result<String, TextError> {
        let start = self.at;
        let mut text = String::new();
        let mut letters = self.rest().char_indices();
        while let Some((index, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.at += index + 1;
                    return Ok(text);
                }
                '\\' => match letters.next().map(|(_, letter)| letter) {
                    Some(letter @ ('"' | '\\' | '\'')) => text.push(letter),
                    Some('n') => text.push('\n'),
                    Some('r') => text.push('\r'),
                    Some('t') => text.push('\t'),
                    Some('0') => text.push('\0'),
                    Some('u') => text.push(unicode(&mut letters).ok_or_else(|| {
                        self.at = start;
                        self.error("text in quotes", QUOTED)
                    })?),
                    _ => break,
                },
                letter => text.push(letter),
            }
        }
        Err(self.error("text in quotes", QUOTED))
    }

    /// Text without quotes inside of something else.
    fn bare(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.find([',', ']', ')', '}']).unwrap_or(rest.len());
        self.at += end;
        rest[..end].trim_end()
    }

    fn vector(&mut self, element: &TypeLayout) -> Result<(), TextError> {
        if *element == TypeLayout::U8 && !self.rest().starts_with("[") {
            let bytes = if self.eat("x\"") {
                let start = self.at;
                let word = self.word();
                hex(word).filter(|_| self.eat("\"")).ok_or_else(|| {
                    self.at = start;
                    self.error("bytes", BYTES)
                })?
            } else if self.eat("b\"") || self.eat("\"") {
                self.quoted()?.into_bytes()
            } else if self.rest().starts_with("0x") {
                self.hex_word(BYTES)?
            } else if self.rest().starts_with("vector[") {
                return self.list(element);
            } else {
                return Err(self.error("vector<u8>", BYTES));
            };
            push_blob(&mut self.out, &bytes);
            return Ok(());
        }
        self.list(element)
    }

    fn list(&mut self, element: &TypeLayout) -> Result<(), TextError> {
        self.eat("vector");
        if !self.eat_spaced("[") {
            return Err(self.error("vector", LIST));
        }
        // The length comes first, and is known last.
        let mut elements = Reader {
            text: self.text,
            at: self.at,
            out: Vec::new(),
        };
        let mut length = 0;
        loop {
            if elements.eat_spaced("]") {
                break;
            }
            elements.value(element)?;
            length += 1;
            if !elements.eat_spaced(",") && !elements.rest().trim_start().starts_with("]") {
                return Err(elements.error("a comma or ]", LIST));
            }
        }
        self.at = elements.at;
        push_length(&mut self.out, length);
        self.out.append(&mut elements.out);
        Ok(())
    }

    fn structure(&mut self, layout: &StructLayout) -> Result<(), TextError> {
        match (special(layout), &layout.fields[..]) {
            (Some(Special::Text), _) => {
                let text = if self.eat("\"") {
                    self.quoted()?
                } else {
                    self.bare().to_owned()
                };
                push_blob(&mut self.out, text.as_bytes());
                Ok(())
            }
            (Some(Special::Option), [field]) => {
                if let TypeLayout::Vector(element) = &field.layout {
                    return self.option(element);
                }
                self.fields(&layout.fields)
            }
            (Some(Special::Id), _) if self.rest().starts_with(['@', '0', '"']) => self.address(),
            _ => {
                self.path();
                self.fields(&layout.fields)
            }
        }
    }

    fn option(&mut self, element: &TypeLayout) -> Result<(), TextError> {
        let start = self.at;
        match self.word() {
            "none" | "null" => {
                self.out.push(0);
                return Ok(());
            }
            "some" if self.eat("(") => {
                self.out.push(1);
                self.value(element)?;
                if !self.eat_spaced(")") {
                    return Err(self.error(")", "write some(value) or none"));
                }
                return Ok(());
            }
            _ => self.at = start,
        }
        self.out.push(1);
        self.value(element)
    }

    /// Skips the name of a struct, `a::b::Name`, and returns its last part.
    fn path(&mut self) -> &'t str {
        loop {
            let word = self.word();
            if word.is_empty() || !self.eat("::") {
                return word;
            }
        }
    }

    fn enumeration(&mut self, layout: &EnumLayout) -> Result<(), TextError> {
        let start = self.at;
        let is_json = self.eat("{");
        let name = if is_json {
            self.space();
            let is_tagged = self.eat("\"@variant\"") && self.eat_spaced(":");
            self.space();
            if is_tagged {
                self.quotable_word()
            } else {
                None
            }
        } else {
            Some(self.path())
        };
        let found = layout
            .variants
            .iter()
            .enumerate()
            .find(|(_, variant)| Some(variant.name.as_str()) == name);
        let Some((tag, variant)) = found else {
            self.at = start;
            let names: Vec<_> = layout.variants.iter().map(|it| it.name.as_str()).collect();
            let wanted = format!("{} ({})", layout.tag.name(), names.join(", "));
            return Err(self.error(wanted, VARIANT));
        };
        push_length(&mut self.out, tag);
        if is_json {
            self.eat_spaced(",");
            self.named_fields(&variant.fields)
        } else {
            self.fields(&variant.fields)
        }
    }

    fn fields(&mut self, fields: &[FieldLayout]) -> Result<(), TextError> {
        if self.eat_spaced("{") {
            return self.named_fields(fields);
        }
        if fields.is_empty() {
            return Ok(());
        }
        if is_without_fields(fields) {
            self.out.push(0);
            return Ok(());
        }
        if !self.eat_spaced("(") {
            return Err(self.error(names_of(fields), FIELDS));
        }
        for (index, field) in fields.iter().enumerate() {
            if index > 0 && !self.eat_spaced(",") {
                return Err(self.error(format!("field {}", field.name), FIELDS));
            }
            self.value(&field.layout)?;
        }
        self.eat_spaced(",");
        if !self.eat_spaced(")") {
            return Err(self.error(")", FIELDS));
        }
        Ok(())
    }

    /// Fields by name, after the opening brace, in any order.
    fn named_fields(&mut self, fields: &[FieldLayout]) -> Result<(), TextError> {
        let mut values: Vec<Option<Vec<u8>>> = vec![None; fields.len()];
        while !self.eat_spaced("}") {
            self.space();
            let start = self.at;
            let name = self.quotable_word().unwrap_or_default();
            let found = fields.iter().position(|field| field.name.as_str() == name);
            let position = found.filter(|position| values[*position].is_none());
            let Some(position) = position.filter(|_| self.eat_spaced(":")) else {
                self.at = start;
                return Err(self.error(names_of(fields), FIELDS));
            };
            let outer = std::mem::take(&mut self.out);
            self.value(&fields[position].layout)?;
            values[position] = Some(std::mem::replace(&mut self.out, outer));
            if !self.eat_spaced(",") && !self.rest().trim_start().starts_with("}") {
                return Err(self.error("a comma or }", FIELDS));
            }
        }
        if is_without_fields(fields) {
            values[0].get_or_insert_with(|| vec![0]);
        }
        for (field, value) in fields.iter().zip(values) {
            let value = value.ok_or_else(|| {
                let mut error = self.error(format!("a value for field {}", field.name), FIELDS);
                error.text.clear();
                error.offset = 0;
                error
            })?;
            self.out.extend_from_slice(&value);
        }
        Ok(())
    }
}

fn names_of(fields: &[FieldLayout]) -> String {
    let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
    match names[..] {
        [] => "no fields".to_owned(),
        _ if are_positional(fields) => format!("{} fields", names.len()),
        _ => format!("fields {}", names.join(", ")),
    }
}

fn hex(digits: &str) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return None;
    }
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok())
        .collect()
}

/// `{1f600}`, as in `"\u{1f600}"`.
fn unicode(letters: &mut std::str::CharIndices<'_>) -> Option<char> {
    letters.next().filter(|(_, letter)| *letter == '{')?;
    let mut code = 0u32;
    loop {
        let (_, letter) = letters.next()?;
        if letter == '}' {
            return char::from_u32(code);
        }
        code = code.checked_mul(16)?.checked_add(letter.to_digit(16)?)?;
    }
}

fn push_blob(out: &mut Vec<u8>, bytes: &[u8]) {
    push_length(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// A length or variant as BCS writes it.
fn push_length(out: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        out.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
}
