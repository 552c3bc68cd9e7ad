//! Closed types at run time.

use crate::layout::{Layout, Shape};
use crate::module::LoadedModule;
use crate::{ResolveError, VmConfig};
use heddle_bytecode::{Ability, AbilitySet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier, StructTag, TypeTag};

/// A closed type without references, loaded: its abilities, its layout and
/// the module version that defines it. Cheap to clone.
///
/// Equality is identity for caches: the same type *loaded from the same module
/// version*. Two versions of a package may give one type different layouts
/// (an enum with more variants), and code for one must never run with the
/// other. [`RuntimeType::is_same_type_as`] compares as Move does, by defining
/// ids.
#[derive(Clone)]
pub struct RuntimeType(Arc<TypeNode>);

/// As its tag: a type written out with all its fields would show each part as
/// often as it occurs, which may be more often than anyone can wait for.
impl std::fmt::Debug for RuntimeType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RuntimeType({})", self.tag())
    }
}

/// What a [`RuntimeType`] points to; opaque outside of this crate.
pub struct TypeNode {
    pub(crate) kind: TypeKind,
    pub(crate) abilities: AbilitySet,
    pub(crate) layout: Arc<Layout>,
    /// Nodes of the type and its arguments.
    pub(crate) nodes: u32,
    /// Nesting of the type and its arguments.
    pub(crate) depth: u32,
    /// Nodes of the type with its arguments, and the sizes of the types of its
    /// fields, or of its elements. What loading it takes is at most that.
    pub(crate) size: u32,
    hash: u64,
}

#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) enum TypeKind {
    Bool,
    U8,
    U16,
    U32,
    U64,
    U128,
    U256,
    Address,
    Signer,
    Vector(RuntimeType),
    Datatype(Box<DatatypeType>),
}

/// A struct or enum with its type arguments.
#[derive(Debug)]
pub(crate) struct DatatypeType {
    pub(crate) loaded_from: Arc<LoadedModule>,
    /// Position among the datatypes of `loaded_from`.
    pub(crate) datatype: usize,
    pub(crate) defining_id: Address,
    pub(crate) name: Identifier,
    pub(crate) arguments: Box<[RuntimeType]>,
    pub(crate) is_enum: bool,
    /// Types of the fields of each variant; a struct has one.
    pub(crate) variants: Box<[Box<[RuntimeType]>]>,
}

impl std::fmt::Debug for TypeNode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypeNode")
            .field("abilities", &self.abilities)
            .field("nodes", &self.nodes)
            .field("depth", &self.depth)
            .finish_non_exhaustive()
    }
}

impl PartialEq for DatatypeType {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.loaded_from, &other.loaded_from)
            && self.datatype == other.datatype
            && self.arguments == other.arguments
    }
}

impl Eq for DatatypeType {}

impl Hash for DatatypeType {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.defining_id.as_bytes().hash(state);
        self.name.as_str().hash(state);
        self.arguments.hash(state);
    }
}

impl PartialEq for RuntimeType {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.hash == other.0.hash && self.0.kind == other.0.kind)
    }
}

impl Eq for RuntimeType {}

impl Hash for RuntimeType {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

impl std::ops::Deref for RuntimeType {
    type Target = TypeNode;

    fn deref(&self) -> &TypeNode {
        &self.0
    }
}

impl RuntimeType {
    pub(crate) fn new(kind: TypeKind, abilities: AbilitySet, layout: Arc<Layout>) -> Self {
        let parts: &[RuntimeType] = match &kind {
            TypeKind::Vector(element) => std::slice::from_ref(element),
            TypeKind::Datatype(datatype) => &datatype.arguments,
            _ => &[],
        };
        let nodes = parts
            .iter()
            .fold(1u32, |sum, part| sum.saturating_add(part.nodes));
        let depth = 1 + parts.iter().map(|part| part.depth).max().unwrap_or(0);
        let sum = |sum: u32, part: &RuntimeType| sum.saturating_add(part.size);
        let size = match &kind {
            TypeKind::Vector(element) => sum(1, element),
            TypeKind::Datatype(datatype) => datatype.variants.iter().flatten().fold(nodes, sum),
            _ => 1,
        };
        let mut hasher = rustc_hash::FxHasher::default();
        std::mem::discriminant(&kind).hash(&mut hasher);
        kind.hash(&mut hasher);
        Self(Arc::new(TypeNode {
            kind,
            abilities,
            layout,
            nodes,
            depth,
            size,
            hash: hasher.finish(),
        }))
    }

    /// A type without parts.
    pub(crate) fn primitive(kind: TypeKind) -> Self {
        let shape = match kind {
            TypeKind::Bool => Shape::Bool,
            TypeKind::U8 => Shape::U8,
            TypeKind::U16 => Shape::U16,
            TypeKind::U32 => Shape::U32,
            TypeKind::U64 => Shape::U64,
            TypeKind::U128 => Shape::U128,
            TypeKind::U256 => Shape::U256,
            _ => Shape::Address,
        };
        let abilities = match kind {
            TypeKind::Signer => AbilitySet::SIGNER,
            _ => AbilitySet::PRIMITIVES,
        };
        Self::new(kind, abilities, Arc::new(Layout::primitive(shape)))
    }

    /// `vector<element>`.
    pub(crate) fn vector(element: RuntimeType) -> Self {
        let abilities = AbilitySet::polymorphic(AbilitySet::VECTOR, [(false, element.abilities)]);
        let layout = Arc::new(Layout::vector(element.layout.clone()));
        Self::new(TypeKind::Vector(element), abilities, layout)
    }

    /// `vector<element>`, if that is within the limits.
    pub(crate) fn vector_within(
        element: RuntimeType,
        config: &VmConfig,
    ) -> Result<Self, ResolveError> {
        Self::vector(element).within(config)
    }

    /// Refuses a type beyond the limits.
    pub(crate) fn within(self, config: &VmConfig) -> Result<Self, ResolveError> {
        let depth_max = config.type_depth_max;
        let limit = if self.nodes > config.type_nodes_max {
            "nodes"
        } else if self.depth > depth_max || self.layout.depth > depth_max {
            "depth"
        } else if self.layout.nodes > config.layout_nodes_max {
            "fields"
        } else if self.layout.words > config.value_bytes_max / 8 {
            "size of a value"
        } else {
            return Ok(self);
        };
        Err(ResolveError::TypeTooLarge { limit })
    }

    pub(crate) fn datatype(&self) -> Option<&DatatypeType> {
        match &self.0.kind {
            TypeKind::Datatype(datatype) => Some(datatype),
            _ => None,
        }
    }

    /// Its abilities.
    pub fn abilities(&self) -> AbilitySet {
        self.0.abilities
    }

    /// Whether this is `vector<u8>`.
    pub fn is_bytes(&self) -> bool {
        matches!(&self.0.kind, TypeKind::Vector(element) if matches!(element.0.kind, TypeKind::U8))
    }

    /// Its tag with defining ids.
    pub fn tag(&self) -> TypeTag {
        self.to_tag(&|datatype| datatype.defining_id)
    }

    /// Its tag with the original ids of packages.
    pub fn tag_with_original_ids(&self) -> TypeTag {
        self.to_tag(&|datatype| datatype.loaded_from.package.original_id)
    }

    /// The package version that defined it first, and that package's original
    /// id; `None` for primitives and vectors.
    pub fn defining_and_original_id(&self) -> Option<(Address, Address)> {
        self.datatype().map(|datatype| {
            (
                datatype.defining_id,
                datatype.loaded_from.package.original_id,
            )
        })
    }

    // Recursion is bounded by the depth limit on types.
    fn to_tag(&self, address: &dyn Fn(&DatatypeType) -> Address) -> TypeTag {
        match &self.0.kind {
            TypeKind::Bool => TypeTag::Bool,
            TypeKind::U8 => TypeTag::U8,
            TypeKind::U16 => TypeTag::U16,
            TypeKind::U32 => TypeTag::U32,
            TypeKind::U64 => TypeTag::U64,
            TypeKind::U128 => TypeTag::U128,
            TypeKind::U256 => TypeTag::U256,
            TypeKind::Address => TypeTag::Address,
            TypeKind::Signer => TypeTag::Signer,
            TypeKind::Vector(element) => TypeTag::Vector(Box::new(element.to_tag(address))),
            TypeKind::Datatype(datatype) => TypeTag::Struct(Box::new(StructTag::new(
                address(datatype),
                datatype.loaded_from.name.clone(),
                datatype.name.clone(),
                datatype
                    .arguments
                    .iter()
                    .map(|argument| argument.to_tag(address))
                    .collect(),
            ))),
        }
    }

    /// Whether both are the same type to Move, whatever package version each
    /// was loaded from.
    pub fn is_same_type_as(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        match (&self.0.kind, &other.0.kind) {
            (TypeKind::Vector(a), TypeKind::Vector(b)) => a.is_same_type_as(b),
            (TypeKind::Datatype(a), TypeKind::Datatype(b)) => {
                a.defining_id == b.defining_id
                    && a.name == b.name
                    && a.loaded_from.name == b.loaded_from.name
                    && a.arguments.len() == b.arguments.len()
                    && a.arguments
                        .iter()
                        .zip(&b.arguments)
                        .all(|(a, b)| a.is_same_type_as(b))
            }
            _ => false,
        }
    }

    /// Whether it has the shape of a one-time witness: a struct without type
    /// parameters, with `drop` alone, named as its module in capitals, with no
    /// field or one `bool`.
    pub fn is_one_time_witness(&self) -> bool {
        self.datatype().is_some_and(|datatype| {
            let fields = datatype.variants.first().map(|fields| &**fields);
            !datatype.is_enum
                && datatype.arguments.is_empty()
                && self.0.abilities == AbilitySet::singleton(Ability::Drop)
                && datatype.name.as_str() == datatype.loaded_from.name.to_ascii_uppercase()
                && match fields {
                    Some([]) => true,
                    Some([field]) => matches!(field.0.kind, TypeKind::Bool),
                    _ => false,
                }
        })
    }
}
