//! Modules as text, for people.
//!
//! The text reads like Move where the format keeps what Move says, and names
//! instructions and their operands where it doesn't:
//!
//! ```text
//! module 0x7::m {
//!     struct Coin<phantom T0> has store {
//!         value: u64,
//!     }
//!     public fun value<T0>(l0: &Coin<T0>): u64 {
//!         0: MoveLoc l0
//!         1: ImmBorrowFieldGeneric Coin<T0>.value
//!         2: ReadRef
//!         3: Ret
//!     }
//! }
//! ```
//!
//! Any module has a text, even one that breaks every rule: what an index
//! points to is shown as `?` if there is nothing. Long names and types are
//! cut, so that the text grows with the module alone.

use std::fmt::Write as _;

use crate::{
    AbilitySet, CodeOffset, CodeUnit, CompiledModule, ConstantPoolIndex, DatatypeHandle,
    DatatypeHandleIndex, EnumDefInstantiationIndex, EnumDefinitionIndex, FieldDefinition,
    FieldHandle, FieldHandleIndex, FieldInstantiationIndex, FunctionDefinition,
    FunctionHandleIndex, FunctionInstantiationIndex, IdentifierIndex, LocalIndex, ModuleHandle,
    ModuleHandleIndex, Signature, SignatureIndex, SignatureToken, StructDefInstantiationIndex,
    StructDefinition, StructDefinitionIndex, StructFieldInformation, U256, VariantHandleIndex,
    VariantInstantiationHandleIndex, VariantJumpTableIndex, VariantTag, Visibility,
};

/// Longest text of one name.
const NAME_CHARS_MAX: usize = 128;
/// Longest text of one list of types.
const TYPES_CHARS_MAX: usize = 256;
/// Most bytes shown of one constant or metadata entry.
const DATA_BYTES_MAX: usize = 256;

/// What stands for an entry that does not exist.
const NOTHING: &str = "?";

/// The text of a module.
#[must_use]
pub fn disassemble(module: &CompiledModule) -> String {
    let mut text = String::new();
    Printer {
        names: Names { module, code: None },
        text: &mut text,
    }
    .module();
    text
}

/// Looks names up, in a module and maybe in one function's code.
pub(crate) struct Names<'a> {
    module: &'a CompiledModule,
    code: Option<&'a CodeUnit>,
}

/// Cuts a text to a number of bytes, which are characters here: names are
/// ASCII.
fn cut(mut text: String, limit: usize) -> String {
    if text.len() > limit {
        let end = text.floor_char_boundary(limit);
        text.truncate(end);
        text.push('…');
    }
    text
}

impl Names<'_> {
    fn name(&self, index: IdentifierIndex) -> String {
        let Some(name) = self.module.get(index) else {
            return NOTHING.into();
        };
        if name.len() > NAME_CHARS_MAX {
            return cut(name[..=NAME_CHARS_MAX].to_owned(), NAME_CHARS_MAX);
        }
        name.to_string()
    }

    fn module_handle(&self, handle: &ModuleHandle) -> String {
        let address = self.module.get(handle.address).map_or_else(
            || NOTHING.to_owned(),
            |address| {
                let hex = address.to_hex();
                let digits = hex.trim_start_matches("0x").trim_start_matches('0');
                if digits.is_empty() {
                    "0x0".into()
                } else {
                    format!("0x{digits}")
                }
            },
        );
        format!("{address}::{}", self.name(handle.name))
    }

    /// The name of an item, with its module's if that is another.
    fn item(&self, module: ModuleHandleIndex, name: IdentifierIndex) -> String {
        let name = self.name(name);
        if module == self.module.self_module_handle {
            return name;
        }
        let module = self.module.get(module);
        let module = module.map_or_else(|| NOTHING.into(), |handle| self.module_handle(handle));
        format!("{module}::{name}")
    }

    fn datatype(&self, index: DatatypeHandleIndex) -> String {
        let handle = self.module.get(index);
        handle.map_or_else(
            || NOTHING.into(),
            |handle| self.item(handle.module, handle.name),
        )
    }

    fn struct_def(&self, index: StructDefinitionIndex) -> String {
        let def = self.module.get(index);
        def.map_or_else(|| NOTHING.into(), |def| self.datatype(def.struct_handle))
    }

    fn enum_def(&self, index: EnumDefinitionIndex) -> String {
        let def = self.module.get(index);
        def.map_or_else(|| NOTHING.into(), |def| self.datatype(def.enum_handle))
    }

    fn variant(&self, index: EnumDefinitionIndex, tag: VariantTag) -> String {
        let def = self.module.get(index);
        let variant = def.and_then(|def| def.variants.get(tag.position()));
        variant.map_or_else(|| NOTHING.into(), |variant| self.name(variant.variant_name))
    }

    /// A type with its parts, until the text is long enough.
    fn push_type(&self, token: &SignatureToken, text: &mut String) {
        use SignatureToken as T;

        if text.len() > TYPES_CHARS_MAX {
            return;
        }
        let simple = match token {
            T::Bool => "bool",
            T::U8 => "u8",
            T::U16 => "u16",
            T::U32 => "u32",
            T::U64 => "u64",
            T::U128 => "u128",
            T::U256 => "u256",
            T::Address => "address",
            T::Signer => "signer",
            T::Reference(_) => "&",
            T::MutableReference(_) => "&mut ",
            T::Vector(_) => "vector",
            T::TypeParameter(index) => return text.push_str(&format!("T{index}")),
            T::Datatype(handle) => return text.push_str(&self.datatype(*handle)),
            T::DatatypeInstantiation(instantiation) => &self.datatype(instantiation.0),
        };
        text.push_str(simple);
        match token {
            T::Reference(target) | T::MutableReference(target) => self.push_type(target, text),
            T::Vector(_) | T::DatatypeInstantiation(_) => {
                text.push('<');
                self.push_types(token.children(), text);
                text.push('>');
            }
            _ => {}
        }
    }

    fn push_types(&self, tokens: &[SignatureToken], text: &mut String) {
        for (position, token) in tokens.iter().enumerate() {
            if text.len() > TYPES_CHARS_MAX {
                return;
            }
            if position > 0 {
                text.push_str(", ");
            }
            self.push_type(token, text);
        }
    }

    fn type_(&self, token: &SignatureToken) -> String {
        let mut text = String::new();
        self.push_type(token, &mut text);
        cut(text, TYPES_CHARS_MAX)
    }

    fn types(&self, index: SignatureIndex) -> String {
        let Some(Signature(tokens)) = self.module.get(index) else {
            return NOTHING.into();
        };
        let mut text = String::new();
        self.push_types(tokens, &mut text);
        cut(text, TYPES_CHARS_MAX)
    }

    fn arguments(&self, index: SignatureIndex) -> String {
        format!("<{}>", self.types(index))
    }
}

/// An operand as the disassembly shows it.
pub(crate) trait OperandText {
    fn text(&self, names: &Names<'_>) -> String;
}

macro_rules! shown_as {
    ($($name:ty: |$index:ident, $names:ident| $text:expr;)*) => {$(
        impl OperandText for $name {
            fn text(&self, $names: &Names<'_>) -> String {
                let $index = self;
                $text
            }
        }
    )*};
}

/// Shows an entry of a table, or that it does not exist.
macro_rules! entries_shown_as {
    ($($name:ty: |$entry:ident, $names:ident| $text:expr;)*) => {$(
        impl OperandText for $name {
            fn text(&self, $names: &Names<'_>) -> String {
                $names.module.get(*self).map_or_else(|| NOTHING.into(), |$entry| $text)
            }
        }
    )*};
}

shown_as! {
    u8: |value, _names| value.to_string();
    u16: |value, _names| value.to_string();
    u32: |value, _names| value.to_string();
    u64: |value, _names| value.to_string();
    Box<u128>: |value, _names| value.to_string();
    Box<U256>: |value, _names| value.to_string();
    CodeOffset: |target, _names| format!("→ {target}");
    LocalIndex: |local, _names| format!("l{local}");
    StructDefinitionIndex: |def, names| names.struct_def(*def);
    SignatureIndex: |types, names| names.arguments(*types);
}

entries_shown_as! {
    ConstantPoolIndex: |constant, names| {
        format!("{}: {}", hex(&constant.data), names.type_(&constant.type_))
    };
    FunctionHandleIndex: |handle, names| names.item(handle.module, handle.name);
    FunctionInstantiationIndex: |instance, names| {
        instance.handle.text(names) + &names.arguments(instance.type_parameters)
    };
    StructDefInstantiationIndex: |instance, names| {
        names.struct_def(instance.def) + &names.arguments(instance.type_parameters)
    };
    EnumDefInstantiationIndex: |instance, names| {
        names.enum_def(instance.def) + &names.arguments(instance.type_parameters)
    };
    FieldHandleIndex: |handle, names| {
        format!("{}.{}", names.struct_def(handle.owner), field_name(names, handle))
    };
    FieldInstantiationIndex: |instance, names| {
        let Some(handle) = names.module.get(instance.handle) else { return NOTHING.into() };
        let owner = names.struct_def(handle.owner) + &names.arguments(instance.type_parameters);
        format!("{owner}.{}", field_name(names, handle))
    };
    VariantHandleIndex: |handle, names| {
        let variant = names.variant(handle.enum_def, handle.variant);
        format!("{}::{variant}", names.enum_def(handle.enum_def))
    };
    VariantInstantiationHandleIndex: |handle, names| {
        let def = names.module.get(handle.enum_def).map(|instance| instance.def);
        let variant = def.map_or_else(|| NOTHING.into(), |def| names.variant(def, handle.variant));
        format!("{}::{variant}", handle.enum_def.text(names))
    };
}

impl OperandText for VariantJumpTableIndex {
    fn text(&self, names: &Names<'_>) -> String {
        let tables = names.code.map_or(&[][..], |code| &code.jump_tables);
        let Some(table) = tables.get(self.position()) else {
            return NOTHING.into();
        };
        format!("#{self} on {}", names.enum_def(table.head_enum))
    }
}

fn field_name(names: &Names<'_>, handle: &FieldHandle) -> String {
    let owner = names.module.get(handle.owner);
    let field = owner.and_then(|def| def.fields().get(handle.field.position()));
    field.map_or_else(|| NOTHING.into(), |field| names.name(field.name))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::from("0x");
    for byte in bytes.iter().take(DATA_BYTES_MAX) {
        text.push_str(&format!("{byte:02x}"));
    }
    if bytes.len() > DATA_BYTES_MAX {
        text.push('…');
    }
    text
}

fn has(abilities: AbilitySet) -> String {
    if abilities.is_empty() {
        return String::new();
    }
    format!(" has {}", abilities.to_string().replace(" + ", ", "))
}

fn constraints(abilities: AbilitySet) -> String {
    if abilities.is_empty() {
        String::new()
    } else {
        format!(": {abilities}")
    }
}

fn type_parameters(list: impl ExactSizeIterator<Item = (bool, AbilitySet)>) -> String {
    if list.len() == 0 {
        return String::new();
    }
    let parameters: Vec<String> = list
        .enumerate()
        .map(|(position, (is_phantom, abilities))| {
            let phantom = if is_phantom { "phantom " } else { "" };
            format!("{phantom}T{position}{}", constraints(abilities))
        })
        .collect();
    format!("<{}>", parameters.join(", "))
}

struct Printer<'a> {
    names: Names<'a>,
    text: &'a mut String,
}

impl<'a> Printer<'a> {
    fn line(&mut self, depth: usize, line: &str) {
        writeln!(self.text, "{:1$}{line}", "", depth * 4)
            .expect("invariant: writing to a string cannot fail");
    }

    fn module(&mut self) {
        let module = self.names.module;
        self.line(0, &format!("// format version {}", module.version));
        if !module.publishable {
            self.line(0, "// built in test mode, not to be published");
        }
        let handle = module.get(module.self_module_handle);
        let name = handle.map_or_else(|| NOTHING.into(), |own| self.names.module_handle(own));
        self.line(0, &format!("module {name} {{"));
        for friend in &module.friend_decls {
            let line = format!("friend {};", self.names.module_handle(friend));
            self.line(1, &line);
        }
        for entry in &module.metadata {
            self.line(
                1,
                &format!("// metadata {} = {}", hex(&entry.key), hex(&entry.value)),
            );
        }
        for def in &module.struct_defs {
            self.struct_def(def);
        }
        for def in &module.enum_defs {
            let header = self.datatype_header("enum", def.enum_handle);
            self.line(1, &format!("{header} {{"));
            for variant in &def.variants {
                let name = self.names.name(variant.variant_name);
                self.block(2, &name, &variant.fields, ",");
            }
            self.line(1, "}");
        }
        for def in &module.function_defs {
            self.function(def);
        }
        self.line(0, "}");
    }

    fn datatype_header(&self, keyword: &str, index: DatatypeHandleIndex) -> String {
        let name = self.names.datatype(index);
        let Some(handle) = self.names.module.get(index) else {
            return format!("{keyword} {name}");
        };
        let DatatypeHandle {
            abilities,
            type_parameters: parameters,
            ..
        } = handle;
        let list = parameters
            .iter()
            .map(|parameter| (parameter.is_phantom, parameter.constraints));
        format!(
            "{keyword} {name}{}{}",
            type_parameters(list),
            has(*abilities)
        )
    }

    fn struct_def(&mut self, def: &StructDefinition) {
        let header = self.datatype_header("struct", def.struct_handle);
        match &def.field_information {
            StructFieldInformation::Native => self.line(1, &format!("native {header};")),
            StructFieldInformation::Declared(fields) => self.block(1, &header, fields, ""),
        }
    }

    fn block(&mut self, depth: usize, header: &str, fields: &[FieldDefinition], end: &str) {
        if fields.is_empty() {
            return self.line(depth, &format!("{header}{end}"));
        }
        self.line(depth, &format!("{header} {{"));
        for field in fields {
            let type_ = self.names.type_(&field.signature);
            let line = format!("{}: {type_},", self.names.name(field.name));
            self.line(depth + 1, &line);
        }
        self.line(depth, &format!("}}{end}"));
    }

    fn function(&mut self, def: &'a FunctionDefinition) {
        let module = self.names.module;
        let native = if def.is_native() { "native " } else { "" };
        let entry = if def.is_entry { "entry " } else { "" };
        let visibility = match def.visibility {
            Visibility::Private => "",
            Visibility::Public => "public ",
            Visibility::Friend => "public(friend) ",
        };
        let keyword = format!("{native}{visibility}{entry}fun");
        let Some(handle) = module.get(def.function) else {
            return self.line(1, &format!("{keyword} {NOTHING}"));
        };
        let name = self.names.item(handle.module, handle.name);
        let generics = type_parameters(handle.type_parameters.iter().map(|set| (false, *set)));
        let parameters = module
            .get(handle.parameters)
            .map_or(&[][..], |list| &list.0);
        let parameter_list = self.locals(0, parameters).join(", ");
        let types = self.names.types(handle.return_);
        let returns = match module.get(handle.return_).map_or(0, Signature::len) {
            0 => String::new(),
            1 => format!(": {types}"),
            _ => format!(": ({types})"),
        };
        let header = format!("{keyword} {name}{generics}({parameter_list}){returns}");
        match &def.code {
            None => self.line(1, &format!("{header};")),
            Some(code) => {
                self.line(1, &format!("{header} {{"));
                self.code(code, parameters.len());
                self.line(1, "}");
            }
        }
    }

    fn locals(&self, first: usize, types: &[SignatureToken]) -> Vec<String> {
        let locals = (first..).zip(types);
        locals
            .map(|(number, type_)| format!("l{number}: {}", self.names.type_(type_)))
            .collect()
    }

    fn code(&mut self, code: &'a CodeUnit, parameters: usize) {
        let module = self.names.module;
        let types = module.get(code.locals).map_or(&[][..], |list| &list.0);
        for local in self.locals(parameters, types) {
            self.line(2, &format!("let {local};"));
        }
        let names = Names {
            module,
            code: Some(code),
        };
        for (offset, instruction) in code.code.iter().enumerate() {
            let mut line = format!("{offset}: {}", instruction.opcode().name());
            for operand in instruction.operand_texts(&names) {
                line.push(' ');
                line.push_str(&operand);
            }
            self.line(2, &line);
        }
        for (number, table) in code.jump_tables.iter().enumerate() {
            let targets: Vec<String> = (0..)
                .zip(&table.jump_table)
                .map(|(tag, target)| {
                    format!(
                        "{} → {target}",
                        names.variant(table.head_enum, VariantTag(tag))
                    )
                })
                .collect();
            let head = names.enum_def(table.head_enum);
            self.line(
                2,
                &format!("jump table #{number} on {head}: {}", targets.join(", ")),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use super::*;
    use crate::BinaryLimits;

    /// Run with `BLESS=1` in the environment to accept a changed text.
    #[test]
    fn compiled_modules_have_the_expected_text() {
        for name in ["shapes", "user"] {
            let path = |extension| {
                format!(
                    "{}/tests/modules/{name}.{extension}",
                    env!("CARGO_MANIFEST_DIR")
                )
            };
            let bytes = fs::read(path("mv")).unwrap();
            let module = CompiledModule::deserialize(&bytes, &BinaryLimits::published()).unwrap();
            let text = disassemble(&module);
            if env::var_os("BLESS").is_some() {
                fs::write(path("txt"), &text).unwrap();
            }
            assert_eq!(text, fs::read_to_string(path("txt")).unwrap(), "{name}");
        }
    }

    #[test]
    fn a_module_of_nothing_has_a_text() {
        let text = disassemble(&CompiledModule::empty(7));
        assert_eq!(text, "// format version 7\nmodule ? {\n}\n");
    }

    #[test]
    fn long_types_are_cut() {
        let module = CompiledModule::empty(7);
        let names = Names {
            module: &module,
            code: None,
        };
        let mut deep = SignatureToken::Bool;
        for _ in 0..200 {
            deep = SignatureToken::Vector(Box::new(deep));
        }
        let text = names.type_(&deep);
        assert!(
            text.starts_with("vector<vector<") && text.ends_with('…'),
            "{text}"
        );
        assert!(text.chars().count() <= TYPES_CHARS_MAX + 1);
    }
}
