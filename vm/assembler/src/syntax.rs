//! A text as it was written, before names mean anything.

use crate::error::Position;
use heddle_bytecode::{AbilitySet, Address, Opcode, SignatureToken, Visibility, format::TableKind};

/// Something and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<T> {
    pub(crate) at: Position,
    pub(crate) it: T,
}

/// A word or `#N`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Name<'a> {
    Word(&'a str),
    Index(u16),
}

/// An address, or `#N`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AddressName {
    Literal(Address),
    Index(u16),
}

/// Names a module.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ModuleName<'a> {
    /// This one.
    Own,
    Alias(&'a str),
    Path(AddressName, Name<'a>),
    Index(u16),
}

/// Names a datatype or function.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ItemName<'a> {
    In(ModuleName<'a>, Name<'a>),
    Index(u16),
}

#[derive(Debug)]
pub(crate) enum Type<'a> {
    /// A primitive or `%N`.
    Leaf(SignatureToken),
    Vector(Box<Type<'a>>),
    Reference(Box<Type<'a>>),
    MutableReference(Box<Type<'a>>),
    /// A datatype, or a type parameter.
    Named(At<ItemName<'a>>, Option<Vec<Type<'a>>>),
}

/// A list of types or `@N`.
#[derive(Debug)]
pub(crate) enum Types<'a> {
    List(Vec<Type<'a>>),
    Index(u16),
}

#[derive(Debug)]
pub(crate) struct TypeParameter<'a> {
    pub(crate) name: &'a str,
    pub(crate) is_phantom: bool,
    pub(crate) constraints: AbilitySet,
}

#[derive(Debug)]
pub(crate) enum Literal<'a> {
    Number(&'a str),
    Bool(bool),
    Bytes(Vec<u8>),
    /// BCS.
    Raw(Vec<u8>),
    List(Vec<At<Literal<'a>>>),
}

/// One module.
#[derive(Debug)]
pub(crate) struct Module<'a> {
    pub(crate) version: u32,
    pub(crate) publishable: bool,
    pub(crate) name: At<ModuleName<'a>>,
    pub(crate) uses: Vec<At<ModuleName<'a>>>,
    pub(crate) foreign_types: Vec<At<DatatypeDeclaration<'a>>>,
    pub(crate) foreign_functions: Vec<At<FunctionDeclaration<'a>>>,
    pub(crate) friends: Vec<At<ModuleName<'a>>>,
    pub(crate) metadata: Vec<(Vec<u8>, Vec<u8>)>,
    pub(crate) constants: Vec<At<ConstantItem<'a>>>,
    pub(crate) structs: Vec<At<StructItem<'a>>>,
    pub(crate) enums: Vec<At<EnumItem<'a>>>,
    pub(crate) functions: Vec<At<FunctionItem<'a>>>,
    pub(crate) tables: Vec<Table<'a>>,
}

/// A datatype's handle.
#[derive(Debug)]
pub(crate) struct DatatypeDeclaration<'a> {
    pub(crate) name: ItemName<'a>,
    pub(crate) type_parameters: Vec<TypeParameter<'a>>,
    pub(crate) abilities: AbilitySet,
}

/// A function's handle.
#[derive(Debug)]
pub(crate) struct FunctionDeclaration<'a> {
    pub(crate) name: ItemName<'a>,
    pub(crate) signature: Signature<'a>,
}

#[derive(Debug)]
pub(crate) struct Signature<'a> {
    pub(crate) type_parameters: Vec<TypeParameter<'a>>,
    /// The names of the parameters that have one, by position.
    pub(crate) parameter_names: Vec<Option<At<&'a str>>>,
    pub(crate) parameters: Types<'a>,
    pub(crate) returns: Types<'a>,
}

#[derive(Debug)]
pub(crate) struct ConstantItem<'a> {
    pub(crate) name: &'a str,
    pub(crate) type_: Type<'a>,
    pub(crate) value: At<Literal<'a>>,
}

#[derive(Debug)]
pub(crate) struct Field<'a> {
    pub(crate) name: At<Name<'a>>,
    pub(crate) type_: Type<'a>,
}

#[derive(Debug)]
pub(crate) struct StructItem<'a> {
    pub(crate) name: Name<'a>,
    pub(crate) type_parameters: Vec<TypeParameter<'a>>,
    pub(crate) abilities: AbilitySet,
    /// `None` for a native struct.
    pub(crate) fields: Option<Vec<Field<'a>>>,
}

#[derive(Debug)]
pub(crate) struct Variant<'a> {
    pub(crate) name: At<Name<'a>>,
    pub(crate) fields: Vec<Field<'a>>,
}

#[derive(Debug)]
pub(crate) struct EnumItem<'a> {
    pub(crate) name: Name<'a>,
    pub(crate) type_parameters: Vec<TypeParameter<'a>>,
    pub(crate) abilities: AbilitySet,
    pub(crate) variants: Vec<Variant<'a>>,
}

#[derive(Debug)]
pub(crate) struct FunctionItem<'a> {
    pub(crate) visibility: Visibility,
    pub(crate) is_entry: bool,
    pub(crate) name: Name<'a>,
    pub(crate) signature: Signature<'a>,
    pub(crate) acquires: Vec<At<Name<'a>>>,
    /// `None` for a native function.
    pub(crate) body: Option<Body<'a>>,
}

#[derive(Debug)]
pub(crate) struct Body<'a> {
    /// The names of the locals that have one, by position.
    pub(crate) local_names: Vec<At<&'a str>>,
    pub(crate) locals: Types<'a>,
    pub(crate) jump_tables: Vec<JumpTable<'a>>,
    pub(crate) labels: Vec<(At<&'a str>, usize)>,
    pub(crate) code: Vec<At<Instruction<'a>>>,
}

#[derive(Debug)]
pub(crate) struct JumpTable<'a> {
    pub(crate) enum_: At<Name<'a>>,
    pub(crate) targets: Vec<At<Name<'a>>>,
}

#[derive(Debug)]
pub(crate) struct Instruction<'a> {
    pub(crate) opcode: Opcode,
    pub(crate) operands: Vec<At<Operand<'a>>>,
}

#[derive(Debug)]
pub(crate) enum Operand<'a> {
    Number(&'a str),
    /// A local, label or constant.
    Name(Name<'a>),
    Constant(Type<'a>, At<Literal<'a>>),
    Types(Types<'a>),
    Target(Target<'a>),
    Switch(JumpTable<'a>),
    /// With the variant of each target.
    SwitchByName(At<Name<'a>>, Vec<(At<Name<'a>>, At<Name<'a>>)>),
    JumpTableIndex(u16),
}

/// A struct, field, variant or function, with or without type arguments.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    pub(crate) item: ItemName<'a>,
    pub(crate) arguments: Option<Types<'a>>,
    /// The field or variant.
    pub(crate) member: Option<At<Name<'a>>>,
}

/// The first entries of a table.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    pub(crate) kind: TableKind,
    pub(crate) entries: Vec<At<Entry<'a>>>,
}

#[derive(Debug)]
pub(crate) enum Entry<'a> {
    Identifier(&'a str),
    Address(Address),
    Module(ModuleName<'a>),
    Datatype(DatatypeDeclaration<'a>),
    Function(FunctionDeclaration<'a>),
    Signature(Vec<Type<'a>>),
    Target(Target<'a>),
}
