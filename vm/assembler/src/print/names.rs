//! What to call the entries of a module so that the assembler finds the same
//! ones: by name where a name leads to the first equal entry and that is the
//! one, by index otherwise.

use crate::literal;
use crate::parse::is_reserved;
use heddle_bytecode::{
    Address, AddressIdentifierIndex, CompiledModule, DatatypeHandleIndex,
    EnumDefInstantiationIndex, EnumDefinitionIndex, FieldHandleIndex, FieldInstantiationIndex,
    FunctionHandleIndex, FunctionInstantiationIndex, IdentifierIndex, ModuleHandle,
    ModuleHandleIndex, Signature, SignatureIndex, SignatureToken, StructDefInstantiationIndex,
    StructDefinitionIndex, TableIndex, VariantHandleIndex, VariantInstantiationHandleIndex,
};
use rustc_hash::FxHashMap;
use std::hash::Hash;

type First<K, I> = FxHashMap<K, I>;

fn first<I: TableIndex>(module: &CompiledModule) -> First<&I::Entry, I>
where
    I::Entry: Eq + Hash,
{
    let mut first = First::default();
    for (index, entry) in module.entries::<I>() {
        first.entry(entry).or_insert(index);
    }
    first
}

/// Whether `index` is where its entry is found.
fn is_first<I: TableIndex + PartialEq>(
    first: &First<&I::Entry, I>,
    module: &CompiledModule,
    index: I,
) -> bool
where
    I::Entry: Eq + Hash,
{
    module
        .get(index)
        .is_some_and(|entry| first.get(entry) == Some(&index))
}

/// Longest name that is written where it is used. Few bytes of a module can use
/// one entry of a table very often; what is longer than these limits stands in
/// the table alone, so that the text grows with the module.
const WORD_BYTES_MAX: usize = 128;
/// Most types of a list of parameters, results or locals that is written out.
const TYPES_MAX: usize = 384;
/// Most types of a list of type arguments that is written out.
const ARGUMENTS_MAX: usize = 48;

pub(super) struct Names<'m> {
    pub(super) module: &'m CompiledModule,
    /// Before the number of a type parameter; no item is called so.
    prefix: String,
    identifiers: First<&'m heddle_bytecode::Identifier, IdentifierIndex>,
    addresses: First<&'m Address, AddressIdentifierIndex>,
    modules: First<&'m ModuleHandle, ModuleHandleIndex>,
    datatypes: First<&'m heddle_bytecode::DatatypeHandle, DatatypeHandleIndex>,
    functions: First<&'m heddle_bytecode::FunctionHandle, FunctionHandleIndex>,
    signatures: First<&'m Signature, SignatureIndex>,
    /// How many types each signature has, their parts included.
    signature_sizes: Vec<usize>,
    datatype_named: First<(ModuleHandleIndex, IdentifierIndex), DatatypeHandleIndex>,
    function_named: First<(ModuleHandleIndex, IdentifierIndex), FunctionHandleIndex>,
    /// Module names that `use` makes stand for one module.
    aliases: FxHashMap<&'m str, Option<ModuleHandleIndex>>,
    struct_named: FxHashMap<&'m str, StructDefinitionIndex>,
    enum_named: FxHashMap<&'m str, EnumDefinitionIndex>,
    pub(super) struct_instances: Finder<'m, StructDefInstantiationIndex>,
    pub(super) enum_instances: Finder<'m, EnumDefInstantiationIndex>,
    pub(super) function_instances: Finder<'m, FunctionInstantiationIndex>,
    pub(super) fields: Finder<'m, FieldHandleIndex>,
    pub(super) field_instances: Finder<'m, FieldInstantiationIndex>,
    pub(super) variants: Finder<'m, VariantHandleIndex>,
    pub(super) variant_instances: Finder<'m, VariantInstantiationHandleIndex>,
}

/// Finds entries of a table by their value.
pub(super) struct Finder<'m, I: TableIndex> {
    module: &'m CompiledModule,
    first: First<&'m I::Entry, I>,
}

impl<'m, I: TableIndex + PartialEq> Finder<'m, I>
where
    I::Entry: Eq + Hash,
{
    fn new(module: &'m CompiledModule) -> Self {
        let first = first(module);
        Self { module, first }
    }

    /// The entry at `index` if its value leads back to it.
    pub(super) fn get(&self, index: I) -> Option<&'m I::Entry> {
        is_first(&self.first, self.module, index)
            .then(|| self.module.get(index))
            .flatten()
    }
}

impl<'m> Names<'m> {
    pub(super) fn new(module: &'m CompiledModule) -> Self {
        let mut names = Self {
            module,
            prefix: prefix(module),
            identifiers: first(module),
            addresses: first(module),
            modules: first(module),
            datatypes: first(module),
            functions: first(module),
            signatures: first(module),
            signature_sizes: module
                .signatures
                .iter()
                .map(|list| list.0.iter().map(|type_| type_.preorder().count()).sum())
                .collect(),
            datatype_named: First::default(),
            function_named: First::default(),
            aliases: FxHashMap::default(),
            struct_named: FxHashMap::default(),
            enum_named: FxHashMap::default(),
            struct_instances: Finder::new(module),
            enum_instances: Finder::new(module),
            function_instances: Finder::new(module),
            fields: Finder::new(module),
            field_instances: Finder::new(module),
            variants: Finder::new(module),
            variant_instances: Finder::new(module),
        };
        for (index, handle) in module.entries::<DatatypeHandleIndex>() {
            let key = (handle.module, handle.name);
            names.datatype_named.entry(key).or_insert(index);
        }
        for (index, handle) in module.entries::<FunctionHandleIndex>() {
            let key = (handle.module, handle.name);
            names.function_named.entry(key).or_insert(index);
        }
        for (index, handle) in module.entries::<ModuleHandleIndex>() {
            if names.used_module(index).is_some()
                && let Some(name) = module.get(handle.name)
            {
                names
                    .aliases
                    .entry(name)
                    .and_modify(|known| *known = None)
                    .or_insert(Some(index));
            }
        }
        for (index, def) in module.entries::<StructDefinitionIndex>() {
            if let Some(name) = names.own_datatype(def.struct_handle) {
                names.struct_named.entry(name).or_insert(index);
            }
        }
        for (index, def) in module.entries::<EnumDefinitionIndex>() {
            if let Some(name) = names.own_datatype(def.enum_handle) {
                names.enum_named.entry(name).or_insert(index);
            }
        }
        names
    }

    /// The word that stands for an identifier.
    fn word(&self, index: IdentifierIndex) -> Option<&'m str> {
        is_first(&self.identifiers, self.module, index)
            .then(|| self.module.get(index))
            .flatten()
            .map(|name| name.as_str())
            .filter(|name| name.len() <= WORD_BYTES_MAX)
    }

    pub(super) fn identifier(&self, index: IdentifierIndex) -> String {
        match self.word(index) {
            Some(word) => word.to_owned(),
            None => format!("#{index}"),
        }
    }

    fn address(&self, index: AddressIdentifierIndex) -> Option<String> {
        is_first(&self.addresses, self.module, index)
            .then(|| self.module.get(index))
            .flatten()
            .map(literal::address)
    }

    /// Address and name, whatever of them can be named.
    pub(super) fn module_path(&self, handle: &ModuleHandle) -> String {
        let address = self.address(handle.address);
        let address = address.unwrap_or_else(|| format!("#{}", handle.address));
        format!("{address}::{}", self.identifier(handle.name))
    }

    /// How the module calls itself.
    pub(super) fn own_path(&self) -> String {
        let own = self.module.self_module_handle;
        match self.module.get(own) {
            Some(handle) if is_first(&self.modules, self.module, own) => self.module_path(handle),
            _ => format!("#{own}"),
        }
    }

    /// The path of another module that a `use` can name in words.
    pub(super) fn used_module(&self, index: ModuleHandleIndex) -> Option<String> {
        if index == self.module.self_module_handle || !is_first(&self.modules, self.module, index) {
            return None;
        }
        let handle = self.module.get(index)?;
        let (address, name) = (self.address(handle.address)?, self.word(handle.name)?);
        Some(format!("{address}::{name}"))
    }

    /// What stands before the name of an item of a module.
    fn module_prefix(&self, index: ModuleHandleIndex) -> String {
        if index == self.module.self_module_handle {
            return String::new();
        }
        let Some(path) = self.used_module(index) else {
            return format!("#{index}::");
        };
        let name = self.module.get(index).and_then(|it| self.word(it.name));
        match name {
            Some(name) if self.aliases.get(name) == Some(&Some(index)) => format!("{name}::"),
            _ => format!("{path}::"),
        }
    }

    /// Module and name of an item in a declaration, where an index for the
    /// name may stand even of this module.
    pub(super) fn item_parts(&self, module: ModuleHandleIndex, name: IdentifierIndex) -> String {
        let prefix = self.module_prefix(module);
        match self.word(name) {
            None if prefix.is_empty() => format!("#{module}::#{name}"),
            _ => prefix + &self.identifier(name),
        }
    }

    /// A datatype that `use type` can declare.
    pub(super) fn is_declarable_datatype(&self, index: DatatypeHandleIndex) -> bool {
        self.module.get(index).is_some_and(|handle| {
            self.datatype_named.get(&(handle.module, handle.name)) == Some(&index)
                && self.word(handle.name).is_some()
                && (handle.module == self.module.self_module_handle
                    || self.used_module(handle.module).is_some())
        })
    }

    /// A function that `use fun` can declare.
    pub(super) fn is_declarable_function(&self, index: FunctionHandleIndex) -> bool {
        self.module.get(index).is_some_and(|handle| {
            self.function_named.get(&(handle.module, handle.name)) == Some(&index)
                && self.word(handle.name).is_some()
                && (handle.module == self.module.self_module_handle
                    || self.used_module(handle.module).is_some())
        })
    }

    /// The name by which a definition of this module can give its handle.
    pub(super) fn own_datatype(&self, index: DatatypeHandleIndex) -> Option<&'m str> {
        let handle = self.module.get(index)?;
        let is_own = handle.module == self.module.self_module_handle
            && is_first(&self.datatypes, self.module, index);
        is_own.then(|| self.word(handle.name)).flatten()
    }

    /// The name by which a function of this module can give its handle.
    pub(super) fn own_function(&self, index: FunctionHandleIndex) -> Option<&'m str> {
        let handle = self.module.get(index)?;
        let is_own = handle.module == self.module.self_module_handle
            && is_first(&self.functions, self.module, index);
        is_own.then(|| self.word(handle.name)).flatten()
    }

    pub(super) fn datatype(&self, index: DatatypeHandleIndex) -> String {
        let named = self.module.get(index).and_then(|handle| {
            let prefix = self.module_prefix(handle.module);
            let word = self.word(handle.name)?;
            let key = (handle.module, handle.name);
            let is_found = self.datatype_named.get(&key) == Some(&index)
                && !(prefix.is_empty() && is_reserved(word));
            is_found.then(|| prefix + word)
        });
        named.unwrap_or_else(|| format!("#{index}"))
    }

    pub(super) fn function(&self, index: FunctionHandleIndex) -> String {
        let named = self.module.get(index).and_then(|handle| {
            let key = (handle.module, handle.name);
            let word = self.word(handle.name)?;
            let is_found = self.function_named.get(&key) == Some(&index);
            is_found.then(|| self.module_prefix(handle.module) + word)
        });
        named.unwrap_or_else(|| format!("#{index}"))
    }

    pub(super) fn struct_def(&self, index: StructDefinitionIndex) -> String {
        let def = self.module.get(index);
        let name = def.and_then(|def| self.own_datatype(def.struct_handle));
        match name {
            Some(name) if self.struct_named.get(name) == Some(&index) => name.to_owned(),
            _ => format!("#{index}"),
        }
    }

    pub(super) fn enum_def(&self, index: EnumDefinitionIndex) -> String {
        let def = self.module.get(index);
        let name = def.and_then(|def| self.own_datatype(def.enum_handle));
        match name {
            Some(name) if self.enum_named.get(name) == Some(&index) => name.to_owned(),
            _ => format!("#{index}"),
        }
    }

    /// The name of member `position` of a list of names, if it is the first
    /// of that name.
    pub(super) fn member(
        &self,
        names: impl Iterator<Item = IdentifierIndex> + Clone,
        position: usize,
    ) -> String {
        let word = names.clone().nth(position).and_then(|name| self.word(name));
        let is_found = |word: &&str| {
            let found = names
                .clone()
                .position(|name| self.word(name) == Some(*word));
            found == Some(position)
        };
        match word.filter(is_found) {
            Some(word) => word.to_owned(),
            None => format!("#{position}"),
        }
    }

    pub(super) fn type_parameter(&self, position: usize) -> String {
        format!("{}{position}", self.prefix)
    }

    /// Appends a type where `scope` type parameters have names.
    pub(super) fn push_type(&self, token: &SignatureToken, scope: usize, text: &mut String) {
        use SignatureToken as T;

        let end = match token {
            T::Bool => "bool",
            T::U8 => "u8",
            T::U16 => "u16",
            T::U32 => "u32",
            T::U64 => "u64",
            T::U128 => "u128",
            T::U256 => "u256",
            T::Address => "address",
            T::Signer => "signer",
            T::Reference(target) => {
                text.push('&');
                return self.push_type(target, scope, text);
            }
            T::MutableReference(target) => {
                text.push_str("&mut ");
                return self.push_type(target, scope, text);
            }
            T::Vector(element) => {
                text.push_str("vector<");
                self.push_type(element, scope, text);
                ">"
            }
            T::TypeParameter(index) if index.position() < scope => {
                return text.push_str(&self.type_parameter(index.position()));
            }
            T::TypeParameter(index) => return text.push_str(&format!("%{index}")),
            T::Datatype(handle) => return text.push_str(&self.datatype(*handle)),
            T::DatatypeInstantiation(instance) => {
                text.push_str(&self.datatype(instance.0));
                text.push('<');
                self.push_types(&instance.1, scope, text);
                ">"
            }
        };
        text.push_str(end);
    }

    pub(super) fn push_types(&self, tokens: &[SignatureToken], scope: usize, text: &mut String) {
        for (position, token) in tokens.iter().enumerate() {
            if position > 0 {
                text.push_str(", ");
            }
            self.push_type(token, scope, text);
        }
    }

    pub(super) fn type_(&self, token: &SignatureToken, scope: usize) -> String {
        let mut text = String::new();
        self.push_type(token, scope, &mut text);
        text
    }

    pub(super) fn types(&self, tokens: &[SignatureToken], scope: usize) -> String {
        let mut text = String::new();
        self.push_types(tokens, scope, &mut text);
        text
    }

    /// The types of a signature that is found by them.
    pub(super) fn signature(&self, index: SignatureIndex) -> Option<&'m [SignatureToken]> {
        self.signature_within(index, TYPES_MAX)
    }

    /// The same if it has at most `limit` types, their parts included.
    fn signature_within(
        &self,
        index: SignatureIndex,
        limit: usize,
    ) -> Option<&'m [SignatureToken]> {
        let size = self.signature_sizes.get(index.position()).copied()?;
        (size <= limit && is_first(&self.signatures, self.module, index))
            .then(|| self.module.get(index))
            .flatten()
            .map(|signature| signature.0.as_slice())
    }

    /// `<types>` or `@N`.
    pub(super) fn arguments(&self, index: SignatureIndex, scope: usize) -> String {
        match self.signature_within(index, ARGUMENTS_MAX) {
            Some(types) => format!("<{}>", self.types(types, scope)),
            None => format!("@{index}"),
        }
    }
}

/// Letters that, followed by a number, are the name of nothing.
fn prefix(module: &CompiledModule) -> String {
    let mut prefix = String::from("T");
    let is_taken = |prefix: &str| {
        module.identifiers.iter().any(|name| {
            let rest = name.strip_prefix(prefix);
            rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    while is_taken(&prefix) {
        prefix.push('_');
    }
    prefix
}
