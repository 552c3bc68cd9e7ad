//! The VM: what all executions share.

use crate::describe;
use crate::interpreter::Machine;
use crate::linkage::{
    FunctionIndex, Instance, LinkContext, ModulePointer, check_abilities, primitives,
};
use crate::module::{PackageCache, entry};
use crate::value::{DecodeError, validate};
use crate::{
    BcsError, Execution, Extensions, FunctionInfo, FunctionListing, GasMeter, NativeTable, Package,
    PackageSource, PublishError, ResolveError, RuntimeType, TypeLayout, VmConfig, listing, publish,
};
use heddle_bytecode::AbilitySet;
use parking_lot::{Mutex, RwLock};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier, TypeTag};

/// Machines kept for the next executions.
const MACHINES_MAX: usize = 64;

/// What all executions share: natives, limits and caches. All methods take
/// `&self`, and any number of threads may call them at once.
///
/// Caches hold content, not names: a package that the source gives with other
/// content than before, under the same id, is another package to them.
pub struct Vm {
    natives: Arc<NativeTable>,
    config: VmConfig,
    packages: PackageCache,
    contexts: RwLock<FxHashMap<Address, Arc<LinkContext>>>,
    machines: Mutex<Vec<Machine>>,
}

impl std::fmt::Debug for Vm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vm")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

/// What [`Vm::verify_package`] found in a package that may be published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageReport {
    /// Its modules, by name.
    pub modules: Vec<ModuleReport>,
}

/// One module of a [`PackageReport`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleReport {
    /// Its name.
    pub name: Identifier,
    /// Its `init` function, if it has one.
    pub init: Option<FunctionInfo>,
    /// Structs and enums that it defines.
    pub datatypes: Vec<Identifier>,
}

/// Bytes or a type are not as they should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// The type can't be loaded.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// The bytes are not of the type.
    #[error(transparent)]
    Bcs(#[from] BcsError),
}

/// A function instance, and contexts that its type arguments brought in.
pub(crate) type ResolvedCall = (FunctionIndex, Vec<Arc<LinkContext>>);

impl Vm {
    /// A VM with these natives and limits.
    pub fn new(natives: NativeTable, config: VmConfig) -> Self {
        Self {
            natives: Arc::new(natives),
            config,
            packages: PackageCache::default(),
            contexts: RwLock::default(),
            machines: Mutex::default(),
        }
    }

    pub(crate) fn config(&self) -> &VmConfig {
        &self.config
    }

    /// Checks that a package can be published: its modules deserialise, pass
    /// every verifier pass and the object rules, and link with `source`.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn verify_package(
        &self,
        package: &Package,
        source: &dyn PackageSource,
    ) -> Result<PackageReport, PublishError> {
        publish::verify_package(package, source, &self.packages, &self.natives, &self.config)
    }

    /// Looks a function up.
    ///
    /// # Errors
    /// If package, module or function are missing or don't load.
    pub fn function(
        &self,
        source: &dyn PackageSource,
        package: Address,
        module: &Identifier,
        name: &Identifier,
    ) -> Result<Arc<FunctionInfo>, ResolveError> {
        let context = self.context(source, &package)?;
        if let Some(info) = context.described(module, name) {
            return Ok(info);
        }
        let loaded = context.root().module(module.as_str(), &self.config)?;
        let (_, definition) = loaded.function(name.as_str())?;
        let origin = |address: &Address, module: &Identifier, datatype: &Identifier| {
            let package = &context
                .package(address)
                .ok_or(ResolveError::MissingLinkage {
                    package: loaded.package.storage_id,
                    dependency: *address,
                })?
                .package;
            Ok(defining_id(package, module, datatype))
        };
        let info = describe::function(&loaded.package, &loaded.module, definition, &origin)?;
        Ok(context.keep_description(info))
    }

    /// The abilities of a type. Tags may name any package version that has the
    /// type.
    ///
    /// # Errors
    /// If the type can't be loaded.
    pub fn abilities(
        &self,
        source: &dyn PackageSource,
        tag: &TypeTag,
    ) -> Result<AbilitySet, ResolveError> {
        Ok(self.load_type(source, tag)?.abilities())
    }

    /// Loads a type.
    ///
    /// # Errors
    /// If the type can't be loaded, or exceeds a limit.
    pub fn load_type(
        &self,
        source: &dyn PackageSource,
        tag: &TypeTag,
    ) -> Result<RuntimeType, ResolveError> {
        self.resolve_tag(source, None, tag, 0, &mut Vec::new())
    }

    /// The shape of a type with names.
    ///
    /// # Errors
    /// If the type can't be loaded.
    pub fn type_layout(
        &self,
        source: &dyn PackageSource,
        tag: &TypeTag,
    ) -> Result<Arc<TypeLayout>, ResolveError> {
        describe::layout(&self.load_type(source, tag)?).map(Arc::new)
    }

    /// Whether `bytes` are the canonical BCS of a value of type `tag`.
    ///
    /// # Errors
    /// If they are not, or the type can't be loaded.
    pub fn validate_bcs(
        &self,
        source: &dyn PackageSource,
        tag: &TypeTag,
        bytes: &[u8],
    ) -> Result<(), ValueError> {
        let ty = self.load_type(source, tag)?;
        match validate(&ty.layout, &mut GasMeter::unlimited(), bytes) {
            Ok(()) => Ok(()),
            Err(DecodeError::Bcs(error)) => Err(error.into()),
            Err(DecodeError::OutOfGas) => Err(BcsError::MemoryLimit.into()),
        }
    }

    /// The translated code of a function as text, for people: position,
    /// offset of the Move instruction, instruction.
    ///
    /// # Errors
    /// If it can't be loaded or translated.
    pub fn disassemble(
        &self,
        source: &dyn PackageSource,
        package: Address,
        module: &Identifier,
        function: &Identifier,
        type_arguments: &[TypeTag],
    ) -> Result<String, ResolveError> {
        let context = self.context(source, &package)?;
        let (index, _) = self.resolve_call(source, &context, module, function, type_arguments)?;
        Ok(context.code(index)?.listing())
    }

    /// The translated code of a function as data: blocks with their gas, and
    /// for each instruction the Move instruction that it stands for.
    ///
    /// # Errors
    /// If it can't be loaded or translated, or if `type_arguments` don't fit
    /// its type parameters.
    pub fn listing(
        &self,
        source: &dyn PackageSource,
        package: Address,
        module: &Identifier,
        function: &Identifier,
        type_arguments: &[TypeTag],
    ) -> Result<FunctionListing, ResolveError> {
        let context = self.context(source, &package)?;
        let (index, _) = self.resolve_call(source, &context, module, function, type_arguments)?;
        Ok(listing::list(context.code(index)?, &context))
    }

    /// Translates a function instance now, if that has not been done, instead
    /// of when it is first called.
    ///
    /// # Errors
    /// If it can't be loaded or translated.
    pub fn translate(
        &self,
        source: &dyn PackageSource,
        package: Address,
        module: &Identifier,
        function: &Identifier,
        type_arguments: &[TypeTag],
    ) -> Result<(), ResolveError> {
        let context = self.context(source, &package)?;
        let (index, _) = self.resolve_call(source, &context, module, function, type_arguments)?;
        context.code(index).map(drop)
    }

    /// Starts an execution. Its memory comes from a pool and goes back when
    /// the execution is finished or dropped.
    pub fn start<'e>(
        &'e self,
        source: &'e dyn PackageSource,
        gas: GasMeter,
        extensions: Extensions,
    ) -> Execution<'e> {
        Execution::new(self, source, gas, extensions)
    }

    pub(crate) fn take_machine(&self) -> Machine {
        let pooled = self.machines.lock().pop();
        pooled.unwrap_or_else(|| Machine::new(self.config.heap_bytes_max))
    }

    pub(crate) fn give_back(&self, mut machine: Machine) {
        if machine.recycle() {
            let mut machines = self.machines.lock();
            if machines.len() < MACHINES_MAX {
                machines.push(machine);
            }
        }
    }

    /// The linkage context of a package, as `source` has it now.
    pub(crate) fn context(
        &self,
        source: &dyn PackageSource,
        link: &Address,
    ) -> Result<Arc<LinkContext>, ResolveError> {
        let root = self.packages.get(source, link)?;
        let known = self.contexts.read().get(link).cloned();
        if let Some(context) = known
            && Arc::ptr_eq(context.root(), &root)
            && context.is_current(source)?
            && !context.is_full()
        {
            return Ok(context);
        }
        let context = Arc::new(LinkContext::load(
            &self.packages,
            source,
            root,
            &self.config,
            &self.natives,
        )?);
        context.set_own(&context);
        let mut contexts = self.contexts.write();
        if contexts.len() >= self.config.contexts_max {
            for (_, evicted) in contexts.drain() {
                evicted.entries.clear();
            }
        }
        if let Some(replaced) = contexts.insert(*link, context.clone()) {
            replaced.entries.clear();
        }
        Ok(context)
    }

    /// Resolves a call from outside.
    pub(crate) fn resolve_call(
        &self,
        source: &dyn PackageSource,
        context: &Arc<LinkContext>,
        module: &Identifier,
        function: &Identifier,
        type_arguments: &[TypeTag],
    ) -> Result<ResolvedCall, ResolveError> {
        let module = context.root().module(module.as_str(), &self.config)?;
        let (function, definition) = module.function(function.as_str())?;
        let handle = entry(&module.module, definition.function)
            .map_err(|detail| module.malformed(detail))?;
        if handle.type_parameters.len() != type_arguments.len() {
            return Err(ResolveError::TypeArgumentCount {
                expected: handle.type_parameters.len(),
                given: type_arguments.len(),
            });
        }
        let mut foreign = Vec::new();
        let arguments = type_arguments
            .iter()
            .map(|tag| self.resolve_tag(source, Some(context), tag, 0, &mut foreign))
            .collect::<Result<Arc<[_]>, _>>()?;
        check_abilities(handle.type_parameters.iter().copied(), &arguments)?;
        let instance = Instance {
            module: ModulePointer(module.clone()),
            function,
            type_arguments: arguments,
        };
        Ok((context.function_index(instance)?, foreign))
    }

    /// The type that a tag names. Where the tag's package is linked in
    /// `context`, in the version linked there; otherwise in the version that
    /// the tag names, whose context is added to `foreign`.
    fn resolve_tag(
        &self,
        source: &dyn PackageSource,
        context: Option<&Arc<LinkContext>>,
        tag: &TypeTag,
        depth: u32,
        foreign: &mut Vec<Arc<LinkContext>>,
    ) -> Result<RuntimeType, ResolveError> {
        if depth > self.config.type_depth_max {
            return Err(ResolveError::TypeTooLarge { limit: "depth" });
        }
        let types = primitives();
        Ok(match tag {
            TypeTag::Bool => types.bool.clone(),
            TypeTag::U8 => types.u8.clone(),
            TypeTag::U16 => types.u16.clone(),
            TypeTag::U32 => types.u32.clone(),
            TypeTag::U64 => types.u64.clone(),
            TypeTag::U128 => types.u128.clone(),
            TypeTag::U256 => types.u256.clone(),
            TypeTag::Address => types.address.clone(),
            TypeTag::Signer => types.signer.clone(),
            TypeTag::Vector(element) => {
                let element = self.resolve_tag(source, context, element, depth + 1, foreign)?;
                match context {
                    Some(context) => context.vector_type(element)?,
                    None => RuntimeType::vector_within(element, &self.config)?,
                }
            }
            TypeTag::Struct(tag) => {
                let arguments = tag
                    .type_params()
                    .iter()
                    .map(|tag| self.resolve_tag(source, context, tag, depth + 1, foreign))
                    .collect::<Result<Box<[_]>, _>>()?;
                let package = self.packages.get(source, tag.address())?;
                let linked = context.and_then(|context| {
                    let linked = context.package(&package.package.original_id)?;
                    let module = linked.module(tag.module().as_str(), &self.config).ok()?;
                    let (position, definition) = module.datatype(tag.name().as_str()).ok()?;
                    Some((context.clone(), module, position, definition))
                });
                let (home, module, position, definition) = match linked {
                    Some(found) => found,
                    None => {
                        let home = self.context(source, tag.address())?;
                        if !foreign.iter().any(|known| Arc::ptr_eq(known, &home)) {
                            foreign.push(home.clone());
                        }
                        let module = home.root().module(tag.module().as_str(), &self.config)?;
                        let (position, definition) = module.datatype(tag.name().as_str())?;
                        (home, module, position, definition)
                    }
                };
                home.instantiate(&module, position, definition, arguments, depth)?
            }
        })
    }
}

/// The version of `package` that first defined a datatype.
pub(crate) fn defining_id(
    package: &Package,
    module: &Identifier,
    datatype: &Identifier,
) -> Address {
    package
        .type_origins
        .get(&(module.clone(), datatype.clone()))
        .copied()
        .unwrap_or(package.storage_id)
}
