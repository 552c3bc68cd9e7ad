//! Syntax into a module: names become indexes.
//!
//! Entries are added to the tables in this order, which is the Move
//! compiler's:
//!
//! 1. what `table` items list (each table when its turn comes);
//! 2. the module's own handle, friends, the modules that it uses;
//! 3. handles of its structs and enums, its constants, handles of its
//!    functions;
//! 4. its structs and enums field by field, its functions instruction by
//!    instruction. Handles of other modules' items are added where they are
//!    first named;
//! 5. the items of other modules that nothing has named.
//!
//! Some tables are sorted in the end ([`order`]).

mod code;
mod definitions;
mod names;
mod order;
mod pool;
mod tables;
mod targets;

use crate::TEXT_BYTES_MAX;
use crate::error::{AssemblyError, AssemblyErrorKind, Position};
use crate::parse::parse;
use crate::syntax::{
    AddressName, At, DatatypeDeclaration, FunctionDeclaration, Module, ModuleName, Name,
};
use heddle_bytecode::{
    Address, AddressIdentifierIndex, CompiledModule, ConstantPoolIndex, DatatypeHandleIndex,
    EnumDefInstantiationIndex, EnumDefinitionIndex, FieldHandleIndex, FieldInstantiationIndex,
    FunctionHandleIndex, FunctionInstantiationIndex, Identifier, IdentifierIndex, Metadata,
    ModuleHandle, ModuleHandleIndex, SignatureIndex, StructDefInstantiationIndex,
    StructDefinitionIndex, VariantHandleIndex, VariantInstantiationHandleIndex,
};
use names::ModuleKey;
use order::Order;
use pool::Pool;
use rustc_hash::FxHashMap;

pub(crate) type Result<T> = std::result::Result<T, AssemblyError>;

/// The one module of a text.
///
/// # Errors
/// If the text is not one module in the language of the [crate].
pub fn assemble(text: &str) -> Result<CompiledModule> {
    let mut modules = assemble_all(text)?;
    match modules.pop() {
        Some(module) if modules.is_empty() => Ok(module),
        last => {
            let count = modules.len() + usize::from(last.is_some());
            let start = Position { line: 1, column: 1 };
            let error = AssemblyError::new(start, AssemblyErrorKind::ModuleCount { count });
            Err(error.hint("write `module 0x42::name { .. }`"))
        }
    }
}

/// The modules of a text, in its order.
///
/// # Errors
/// If the text is not in the language of the [crate].
pub fn assemble_all(text: &str) -> Result<Vec<CompiledModule>> {
    let (bytes, limit) = (text.len(), TEXT_BYTES_MAX);
    if bytes > limit {
        let start = Position { line: 1, column: 1 };
        let kind = AssemblyErrorKind::TooLong { bytes, limit };
        return Err(AssemblyError::new(start, kind));
    }
    parse(text)?.iter().map(Assembler::assemble).collect()
}

struct Assembler<'a> {
    syntax: &'a Module<'a>,
    /// What the tables begin with if the text does not say it.
    order: Order,
    module: CompiledModule,

    identifiers: Pool<IdentifierIndex>,
    addresses: Pool<AddressIdentifierIndex>,
    modules: Pool<ModuleHandleIndex>,
    datatypes: Pool<DatatypeHandleIndex>,
    functions: Pool<FunctionHandleIndex>,
    signatures: Pool<SignatureIndex>,
    constants: Pool<ConstantPoolIndex>,
    struct_instances: Pool<StructDefInstantiationIndex>,
    enum_instances: Pool<EnumDefInstantiationIndex>,
    function_instances: Pool<FunctionInstantiationIndex>,
    fields: Pool<FieldHandleIndex>,
    field_instances: Pool<FieldInstantiationIndex>,
    variants: Pool<VariantHandleIndex>,
    variant_instances: Pool<VariantInstantiationHandleIndex>,

    own: ModuleHandleIndex,
    /// Address and name of this module, if it is named by both.
    own_path: Option<(Address, &'a str)>,
    /// What `use 0x2::name` lets `name` stand for; `None` if several do.
    aliases: FxHashMap<&'a str, Option<ModuleKey<'a>>>,
    datatype_named: FxHashMap<(ModuleHandleIndex, IdentifierIndex), DatatypeHandleIndex>,
    function_named: FxHashMap<(ModuleHandleIndex, IdentifierIndex), FunctionHandleIndex>,
    foreign_types: FxHashMap<(ModuleKey<'a>, &'a str), At<&'a DatatypeDeclaration<'a>>>,
    foreign_functions: FxHashMap<(ModuleKey<'a>, &'a str), At<&'a FunctionDeclaration<'a>>>,
    struct_named: FxHashMap<&'a str, StructDefinitionIndex>,
    enum_named: FxHashMap<&'a str, EnumDefinitionIndex>,
    constant_named: FxHashMap<&'a str, ConstantPoolIndex>,
}

impl<'a> Assembler<'a> {
    fn assemble(syntax: &'a Module<'a>) -> Result<CompiledModule> {
        let mut first = Self::new(syntax, Order::default());
        first.run()?;
        if !order::can_be_sorted(syntax) {
            return Ok(first.finish());
        }
        let mut second = Self::new(syntax, first.order());
        second.run()?;
        Ok(second.finish())
    }

    fn new(syntax: &'a Module<'a>, order: Order) -> Self {
        Self {
            syntax,
            order,
            module: CompiledModule::empty(syntax.version),
            identifiers: Pool::default(),
            addresses: Pool::default(),
            modules: Pool::default(),
            datatypes: Pool::default(),
            functions: Pool::default(),
            signatures: Pool::default(),
            constants: Pool::default(),
            struct_instances: Pool::default(),
            enum_instances: Pool::default(),
            function_instances: Pool::default(),
            fields: Pool::default(),
            field_instances: Pool::default(),
            variants: Pool::default(),
            variant_instances: Pool::default(),
            own: ModuleHandleIndex(0),
            own_path: None,
            aliases: FxHashMap::default(),
            datatype_named: FxHashMap::default(),
            function_named: FxHashMap::default(),
            foreign_types: FxHashMap::default(),
            foreign_functions: FxHashMap::default(),
            struct_named: FxHashMap::default(),
            enum_named: FxHashMap::default(),
            constant_named: FxHashMap::default(),
        }
    }

    fn run(&mut self) -> Result<()> {
        let syntax = self.syntax;
        self.module.publishable = syntax.publishable;
        self.collect_names()?;
        self.name_tables()?;
        self.own = self.module_handle_of(&syntax.name.it, syntax.name.at)?;
        for friend in &syntax.friends {
            let handle = self.friend(friend)?;
            self.module.friend_decls.push(handle);
        }
        for module in &syntax.uses {
            self.module_handle_of(&module.it, module.at)?;
        }
        self.datatype_table()?;
        self.own_datatypes()?;
        self.signature_table()?;
        self.function_table()?;
        self.constant_items()?;
        let own_functions = self.own_functions()?;
        self.struct_items()?;
        self.enum_items()?;
        self.instance_tables()?;
        self.function_items(&own_functions)?;
        for declaration in &syntax.foreign_types {
            self.foreign_datatype(&declaration.it, declaration.at)?;
        }
        for declaration in &syntax.foreign_functions {
            self.foreign_function(&declaration.it, declaration.at)?;
        }
        for (key, value) in &syntax.metadata {
            let (key, value) = (key.clone(), value.clone());
            self.module.metadata.push(Metadata { key, value });
        }
        Ok(())
    }

    fn finish(self) -> CompiledModule {
        CompiledModule {
            self_module_handle: self.own,
            module_handles: self.modules.entries,
            datatype_handles: self.datatypes.entries,
            function_handles: self.functions.entries,
            field_handles: self.fields.entries,
            struct_def_instantiations: self.struct_instances.entries,
            function_instantiations: self.function_instances.entries,
            field_instantiations: self.field_instances.entries,
            signatures: self.signatures.entries,
            identifiers: self.identifiers.entries,
            address_identifiers: self.addresses.entries,
            constant_pool: self.constants.entries,
            enum_def_instantiations: self.enum_instances.entries,
            variant_handles: self.variants.entries,
            variant_instantiation_handles: self.variant_instances.entries,
            ..self.module
        }
    }

    fn identifier(&mut self, name: Name<'a>, at: Position) -> Result<IdentifierIndex> {
        match name {
            Name::Index(index) => Ok(IdentifierIndex(index)),
            Name::Word(word) => {
                let name = identifier(word, at)?;
                self.identifiers.intern(name, at)
            }
        }
    }

    fn address(&mut self, name: AddressName, at: Position) -> Result<AddressIdentifierIndex> {
        match name {
            AddressName::Index(index) => Ok(AddressIdentifierIndex(index)),
            AddressName::Literal(address) => self.addresses.intern(address, at),
        }
    }

    /// The address and name of a module that is named by a path.
    fn path(&mut self, name: &ModuleName<'a>, at: Position) -> Result<Option<ModuleHandle>> {
        let ModuleName::Path(address, name) = name else {
            return Ok(None);
        };
        Ok(Some(ModuleHandle {
            address: self.address(*address, at)?,
            name: self.identifier(*name, at)?,
        }))
    }

    fn friend(&mut self, friend: &At<ModuleName<'a>>) -> Result<ModuleHandle> {
        self.path(&friend.it, friend.at)?.ok_or_else(|| {
            let (expected, found) = ("the address and name of a module".into(), "an index".into());
            let kind = AssemblyErrorKind::Expected { expected, found };
            AssemblyError::new(friend.at, kind).hint("a friend is written as 0x2::name or #1::#2")
        })
    }
}

/// The name in a word, which may have letters that no name has.
fn identifier(word: &str, at: Position) -> Result<Identifier> {
    Identifier::new(word).map_err(|_| {
        let (expected, found) = ("a name".into(), format!("`{word}`"));
        AssemblyError::new(at, AssemblyErrorKind::Expected { expected, found })
    })
}
