//! Linkage contexts: one package version with exactly those versions of its
//! dependencies that its linkage table names, and everything derived from
//! them.
//!
//! ```text
//! LinkContext (root package version, dependency versions)
//! ├── types       (module, datatype, arguments) → RuntimeType
//! ├── instances   (module, function, arguments) → FunctionIndex
//! └── functions   FunctionIndex → slot: instance, translated code once needed
//! ```
//!
//! A context never changes what it stands for: other content of any package,
//! even under the same id, is another context. That is what keeps stale
//! caches from outliving an upgrade or a failed publish. Contexts are shared
//! between threads; a call from translated code finds its callee by index
//! without a lock, in a table that only grows.

use crate::code::Code;
use crate::layout::Layout;
use crate::module::{LoadedModule, LoadedPackage, PackageCache, entry, is_same};
use crate::runtime_type::{DatatypeType, RuntimeType, TypeKind};
use crate::{FunctionInfo, NativeTable, PackageSource, ResolveError, VmConfig};
use heddle_bytecode::{
    AbilitySet, DatatypeDefinition, DatatypeHandle, DatatypeHandleIndex, FieldDefinition,
    FunctionDefinitionIndex, SignatureToken,
};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::sync::{OnceLock, Weak};
use sui_sdk_types::{Address, Identifier};

/// Names a function instance within its linkage context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FunctionIndex(pub(crate) u32);

/// A function with its type arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Instance {
    pub(crate) module: ModulePointer,
    pub(crate) function: FunctionDefinitionIndex,
    pub(crate) type_arguments: Arc<[RuntimeType]>,
}

/// A module by its place in memory, which is what caches compare.
#[derive(Clone, Debug)]
pub(crate) struct ModulePointer(pub(crate) Arc<LoadedModule>);

impl PartialEq for ModulePointer {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for ModulePointer {}

impl std::hash::Hash for ModulePointer {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).addr().hash(state);
    }
}

/// One entry of the function table.
#[derive(Debug)]
pub(crate) struct FunctionSlot {
    pub(crate) instance: Instance,
    code: OnceLock<Result<Code, ResolveError>>,
}

const CHUNK: usize = 256;
const CHUNKS: usize = 256;

/// Functions that a context can hold.
pub(crate) const FUNCTIONS_MAX: usize = CHUNK * CHUNKS;

type Chunk = Box<[OnceLock<FunctionSlot>]>;

/// Function slots by index: chunks that never move, so reading needs no lock.
struct FunctionTable {
    chunks: Box<[OnceLock<Chunk>]>,
}

impl FunctionTable {
    fn new() -> Self {
        Self {
            chunks: (0..CHUNKS).map(|_| OnceLock::new()).collect(),
        }
    }

    #[inline(always)]
    fn get(&self, index: FunctionIndex) -> Option<&FunctionSlot> {
        let index = index.0 as usize;
        self.chunks
            .get(index / CHUNK)?
            .get()?
            .get(index % CHUNK)?
            .get()
    }

    fn set(&self, index: FunctionIndex, slot: FunctionSlot) -> bool {
        let index = index.0 as usize;
        self.chunks.get(index / CHUNK).is_some_and(|chunk| {
            let chunk = chunk.get_or_init(|| (0..CHUNK).map(|_| OnceLock::new()).collect());
            chunk[index % CHUNK].set(slot).is_ok()
        })
    }
}

type TypeKey = (ModulePointer, usize, Box<[RuntimeType]>);

/// See the introduction of the module.
pub(crate) struct LinkContext {
    root: Arc<LoadedPackage>,
    /// By original id, the root included.
    packages: FxHashMap<Address, Arc<LoadedPackage>>,
    config: VmConfig,
    natives: Arc<NativeTable>,
    types: RwLock<FxHashMap<TypeKey, RuntimeType>>,
    instances: RwLock<FxHashMap<Instance, FunctionIndex>>,
    functions: FunctionTable,
    descriptions: RwLock<FxHashMap<(Identifier, Identifier), Arc<FunctionInfo>>>,
    pub(crate) entries: crate::entry::EntryCache,
    /// Itself, for those who work on it in the background.
    own: OnceLock<Weak<LinkContext>>,
}

impl std::fmt::Debug for LinkContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LinkContext({})", self.root.package.storage_id)
    }
}

impl LinkContext {
    pub(crate) fn load(
        cache: &PackageCache,
        source: &dyn PackageSource,
        root: Arc<LoadedPackage>,
        config: &VmConfig,
        natives: &Arc<NativeTable>,
    ) -> Result<Self, ResolveError> {
        let mut packages = FxHashMap::default();
        for (original_id, storage_id) in &root.package.linkage {
            if *original_id != root.package.original_id {
                packages.insert(*original_id, cache.get(source, storage_id)?);
            }
        }
        packages.insert(root.package.original_id, root.clone());
        Ok(Self {
            root,
            packages,
            config: config.clone(),
            natives: natives.clone(),
            types: RwLock::default(),
            instances: RwLock::default(),
            functions: FunctionTable::new(),
            descriptions: RwLock::default(),
            entries: crate::entry::EntryCache::default(),
            own: OnceLock::new(),
        })
    }

    /// Tells it where it lies.
    pub(crate) fn set_own(&self, own: &Arc<Self>) {
        let _ = self.own.set(Arc::downgrade(own));
    }

    /// Itself, without keeping it.
    #[cfg(feature = "native-code")]
    pub(crate) fn own(&self) -> Option<Weak<Self>> {
        self.own.get().cloned()
    }

    /// Whether `source` still gives the packages that this context was made of.
    pub(crate) fn is_current(&self, source: &dyn PackageSource) -> Result<bool, ResolveError> {
        for loaded in self.packages.values() {
            match source.package(&loaded.package.storage_id)? {
                Some(package) if is_same(&package, &loaded.package) => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Whether it has grown so far that the next execution should start a
    /// fresh one.
    pub(crate) fn is_full(&self) -> bool {
        let limit = self.config.instances_per_context_max as usize;
        self.instances.read().len() >= limit || self.types.read().len() >= limit * 4
    }

    pub(crate) fn root(&self) -> &Arc<LoadedPackage> {
        &self.root
    }

    pub(crate) fn config(&self) -> &VmConfig {
        &self.config
    }

    pub(crate) fn natives(&self) -> &NativeTable {
        &self.natives
    }

    /// The version of a package that is linked here.
    pub(crate) fn package(&self, original_id: &Address) -> Option<&Arc<LoadedPackage>> {
        self.packages.get(original_id)
    }

    /// The description of a function of the root package, if it was made.
    pub(crate) fn described(
        &self,
        module: &Identifier,
        function: &Identifier,
    ) -> Option<Arc<FunctionInfo>> {
        let descriptions = self.descriptions.read();
        descriptions
            .get(&(module.clone(), function.clone()))
            .cloned()
    }

    /// Keeps the description of a function of the root package.
    pub(crate) fn keep_description(&self, info: FunctionInfo) -> Arc<FunctionInfo> {
        let key = (info.module.clone(), info.name.clone());
        let mut descriptions = self.descriptions.write();
        descriptions
            .entry(key)
            .or_insert_with(|| Arc::new(info))
            .clone()
    }

    /// A module by the address that modules use for it.
    pub(crate) fn module(
        &self,
        original_id: &Address,
        name: &str,
    ) -> Result<Arc<LoadedModule>, ResolveError> {
        self.packages
            .get(original_id)
            .ok_or(ResolveError::MissingLinkage {
                package: self.root.package.storage_id,
                dependency: *original_id,
            })?
            .module(name, &self.config)
    }

    /// The module that a handle of `from` names.
    pub(crate) fn module_of_handle(
        &self,
        from: &Arc<LoadedModule>,
        handle: heddle_bytecode::ModuleHandleIndex,
    ) -> Result<Arc<LoadedModule>, ResolveError> {
        if handle == from.module.self_module_handle {
            return Ok(from.clone());
        }
        let malformed = |detail| from.malformed(detail);
        let handle = entry(&from.module, handle).map_err(malformed)?;
        let address = entry(&from.module, handle.address).map_err(malformed)?;
        let name = entry(&from.module, handle.name).map_err(malformed)?;
        self.module(address, name.as_str())
    }

    /// The closed type of `token`, as `from` means it.
    pub(crate) fn resolve(
        &self,
        from: &Arc<LoadedModule>,
        token: &SignatureToken,
        arguments: &[RuntimeType],
    ) -> Result<RuntimeType, ResolveError> {
        self.resolve_at(from, token, arguments, 0)
    }

    fn resolve_at(
        &self,
        from: &Arc<LoadedModule>,
        token: &SignatureToken,
        arguments: &[RuntimeType],
        depth: u32,
    ) -> Result<RuntimeType, ResolveError> {
        if depth > self.config.type_depth_max {
            return Err(ResolveError::TypeTooLarge { limit: "depth" });
        }
        let ty = match token {
            SignatureToken::Bool => primitives().bool.clone(),
            SignatureToken::U8 => primitives().u8.clone(),
            SignatureToken::U16 => primitives().u16.clone(),
            SignatureToken::U32 => primitives().u32.clone(),
            SignatureToken::U64 => primitives().u64.clone(),
            SignatureToken::U128 => primitives().u128.clone(),
            SignatureToken::U256 => primitives().u256.clone(),
            SignatureToken::Address => primitives().address.clone(),
            SignatureToken::Signer => primitives().signer.clone(),
            SignatureToken::Vector(element) => {
                let element = self.resolve_at(from, element, arguments, depth + 1)?;
                self.vector_type(element)?
            }
            SignatureToken::Datatype(handle) => {
                self.resolve_handle(from, *handle, Box::default(), depth)?
            }
            SignatureToken::DatatypeInstantiation(instantiation) => {
                let (handle, inner) = &**instantiation;
                let inner = inner
                    .iter()
                    .map(|token| self.resolve_at(from, token, arguments, depth + 1))
                    .collect::<Result<_, _>>()?;
                self.resolve_handle(from, *handle, inner, depth)?
            }
            SignatureToken::TypeParameter(index) => arguments
                .get(index.position())
                .cloned()
                .ok_or_else(|| from.malformed("type parameter out of range"))?,
            SignatureToken::Reference(_) | SignatureToken::MutableReference(_) => {
                return Err(from.malformed("reference inside of a type"));
            }
        };
        Ok(ty)
    }

    pub(crate) fn vector_type(&self, element: RuntimeType) -> Result<RuntimeType, ResolveError> {
        if element == primitives().u8 {
            return Ok(primitives().bytes.clone());
        }
        RuntimeType::vector_within(element, &self.config)
    }

    fn resolve_handle(
        &self,
        from: &Arc<LoadedModule>,
        handle: DatatypeHandleIndex,
        arguments: Box<[RuntimeType]>,
        depth: u32,
    ) -> Result<RuntimeType, ResolveError> {
        let handle = entry(&from.module, handle).map_err(|detail| from.malformed(detail))?;
        let name = entry(&from.module, handle.name).map_err(|detail| from.malformed(detail))?;
        let module = self.module_of_handle(from, handle.module)?;
        let (datatype, definition) = module.datatype(name.as_str())?;
        self.instantiate(&module, datatype, definition, arguments, depth)
    }

    /// The datatype at `datatype` of `module` with these type arguments.
    pub(crate) fn instantiate(
        &self,
        module: &Arc<LoadedModule>,
        datatype: usize,
        definition: DatatypeDefinition,
        arguments: Box<[RuntimeType]>,
        depth: u32,
    ) -> Result<RuntimeType, ResolveError> {
        let key = (ModulePointer(module.clone()), datatype, arguments);
        if let Some(ty) = self.types.read().get(&key) {
            return Ok(ty.clone());
        }
        let ty = self.build(module, datatype, definition, &key.2, depth)?;
        let mut types = self.types.write();
        Ok(types.entry(key).or_insert(ty).clone())
    }

    fn build(
        &self,
        module: &Arc<LoadedModule>,
        datatype: usize,
        definition: DatatypeDefinition,
        arguments: &[RuntimeType],
        depth: u32,
    ) -> Result<RuntimeType, ResolveError> {
        let malformed = |detail| module.malformed(detail);
        let (handle, variants) = match definition {
            DatatypeDefinition::Struct(index) => {
                let definition = entry(&module.module, index).map_err(malformed)?;
                let fields = self.fields(module, definition.fields(), arguments, depth)?;
                (definition.struct_handle, vec![fields])
            }
            DatatypeDefinition::Enum(index) => {
                let definition = entry(&module.module, index).map_err(malformed)?;
                let variants = definition
                    .variants
                    .iter()
                    .map(|variant| self.fields(module, &variant.fields, arguments, depth))
                    .collect::<Result<Vec<_>, _>>()?;
                (definition.enum_handle, variants)
            }
        };
        let is_enum = matches!(definition, DatatypeDefinition::Enum(_));
        let handle: &DatatypeHandle = entry(&module.module, handle).map_err(malformed)?;
        if handle.type_parameters.len() != arguments.len() {
            return Err(ResolveError::TypeArgumentCount {
                expected: handle.type_parameters.len(),
                given: arguments.len(),
            });
        }
        check_abilities(handle.constraints(), arguments)?;
        let name = entry(&module.module, handle.name).map_err(malformed)?;
        let name = Identifier::new(name.as_str())
            .map_err(|_| ResolveError::BadIdentifier(name.to_string()))?;
        let layouts = |fields: &[RuntimeType]| -> Vec<Arc<Layout>> {
            fields.iter().map(|field| field.layout.clone()).collect()
        };
        let layout = if is_enum {
            Layout::enumeration(variants.iter().map(|fields| layouts(fields)).collect())
        } else {
            Layout::structure(layouts(&variants[0]))
        };
        let abilities = handle.abilities_with(arguments.iter().map(|ty| ty.abilities));
        let kind = TypeKind::Datatype(Box::new(DatatypeType {
            loaded_from: module.clone(),
            datatype,
            defining_id: module.defining_id(&name),
            name,
            arguments: arguments.into(),
            is_enum,
            variants: variants.into(),
        }));
        RuntimeType::new(kind, abilities, Arc::new(layout)).within(&self.config)
    }

    fn fields(
        &self,
        module: &Arc<LoadedModule>,
        fields: &[FieldDefinition],
        arguments: &[RuntimeType],
        depth: u32,
    ) -> Result<Box<[RuntimeType]>, ResolveError> {
        fields
            .iter()
            .map(|field| self.resolve_at(module, &field.signature, arguments, depth + 1))
            .collect()
    }

    /// The index of a function instance, whose code is translated when it is
    /// first needed.
    pub(crate) fn function_index(&self, instance: Instance) -> Result<FunctionIndex, ResolveError> {
        if let Some(index) = self.instances.read().get(&instance) {
            return Ok(*index);
        }
        let mut instances = self.instances.write();
        if let Some(index) = instances.get(&instance) {
            return Ok(*index);
        }
        let index = FunctionIndex(instances.len() as u32);
        let slot = FunctionSlot {
            instance: instance.clone(),
            code: OnceLock::new(),
        };
        if !self.functions.set(index, slot) {
            return Err(ResolveError::TooManyInstances {
                package: self.root.package.storage_id,
                limit: FUNCTIONS_MAX as u32,
            });
        }
        instances.insert(instance, index);
        Ok(index)
    }

    /// The name of a function instance, for people.
    pub(crate) fn function_name(&self, index: FunctionIndex) -> Option<String> {
        let instance = &self.functions.get(index)?.instance;
        let module = &instance.module.0;
        let definition = module.module.get(instance.function)?;
        let handle = module.module.get(definition.function)?;
        let name = module.module.get(handle.name)?;
        let arguments: Vec<String> = instance
            .type_arguments
            .iter()
            .map(|ty| ty.tag().to_string())
            .collect();
        let home = heddle_bytecode::ModuleId {
            address: module.package.original_id,
            name: heddle_bytecode::Identifier::new(module.name.as_str()).ok()?,
        };
        Some(if arguments.is_empty() {
            format!("{home}::{name}")
        } else {
            format!("{home}::{name}<{}>", arguments.join(", "))
        })
    }

    /// The code of a function instance, translated now if it has not been.
    #[inline(always)]
    pub(crate) fn code(&self, index: FunctionIndex) -> Result<&Code, ResolveError> {
        let slot = self.functions.get(index);
        match slot.and_then(|slot| slot.code.get()) {
            Some(Ok(code)) => Ok(code),
            _ => self.translate(index),
        }
    }

    /// The code of a function instance, if it has been translated.
    #[inline(always)]
    pub(crate) fn translated(&self, index: FunctionIndex) -> Option<&Code> {
        self.functions.get(index)?.code.get()?.as_ref().ok()
    }

    #[cold]
    fn translate(&self, index: FunctionIndex) -> Result<&Code, ResolveError> {
        let slot = self
            .functions
            .get(index)
            .ok_or(ResolveError::BadIdentifier("function index".to_owned()))?;
        slot.code
            .get_or_init(|| crate::translate::translate(self, &slot.instance))
            .as_ref()
            .map_err(Clone::clone)
    }
}

/// Checks that arguments have the abilities that their parameters ask for.
pub(crate) fn check_abilities(
    constraints: impl IntoIterator<Item = AbilitySet>,
    arguments: &[RuntimeType],
) -> Result<(), ResolveError> {
    for (index, (constraint, argument)) in constraints.into_iter().zip(arguments).enumerate() {
        if !constraint.is_subset(argument.abilities) {
            return Err(ResolveError::TypeArgumentAbilities { index });
        }
    }
    Ok(())
}

/// The types that need no context.
pub(crate) struct Primitives {
    pub(crate) bool: RuntimeType,
    pub(crate) u8: RuntimeType,
    pub(crate) u16: RuntimeType,
    pub(crate) u32: RuntimeType,
    pub(crate) u64: RuntimeType,
    pub(crate) u128: RuntimeType,
    pub(crate) u256: RuntimeType,
    pub(crate) address: RuntimeType,
    pub(crate) signer: RuntimeType,
    pub(crate) bytes: RuntimeType,
}

/// The types that need no context, made once.
pub(crate) fn primitives() -> &'static Primitives {
    static PRIMITIVES: OnceLock<Primitives> = OnceLock::new();
    PRIMITIVES.get_or_init(|| {
        let u8 = RuntimeType::primitive(TypeKind::U8);
        Primitives {
            bool: RuntimeType::primitive(TypeKind::Bool),
            bytes: RuntimeType::vector(u8.clone()),
            u8,
            u16: RuntimeType::primitive(TypeKind::U16),
            u32: RuntimeType::primitive(TypeKind::U32),
            u64: RuntimeType::primitive(TypeKind::U64),
            u128: RuntimeType::primitive(TypeKind::U128),
            u256: RuntimeType::primitive(TypeKind::U256),
            address: RuntimeType::primitive(TypeKind::Address),
            signer: RuntimeType::primitive(TypeKind::Signer),
        }
    })
}
