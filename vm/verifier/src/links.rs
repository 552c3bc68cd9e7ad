//! Handles match what they stand for in other modules.
//!
//! A module carries its own view of every datatype and function that it uses,
//! and the other passes believe that view. Here it is held against the
//! definitions. The view may be narrower than the definition: fewer abilities,
//! stricter constraints, a phantom parameter taken for an ordinary one.

use std::{cell::RefCell, collections::BTreeMap};

use heddle_bytecode::{
    CompiledModule, DatatypeHandle, DatatypeHandleIndex, DatatypeTyParameter, FunctionDefinition,
    FunctionHandle, FunctionHandleIndex, Identifier, ModuleHandleIndex, ModuleId, Signature,
    SignatureToken, Visibility,
};

use crate::{Rule, VerificationError, error::Violation, graph::Graph};

/// Checks `module` against the modules that it names.
///
/// `module` and what `dependency` answers with have passed
/// [`verify_module`](crate::verify_module); `None` means that there is no such
/// module. The work is linear in the module and the handles of the modules it
/// names, all of which their own verification has limited.
pub fn verify_links<'a>(
    module: &CompiledModule,
    dependency: &dyn Fn(&ModuleId) -> Option<&'a CompiledModule>,
) -> Result<(), VerificationError> {
    Linker::new(module, dependency)
        .and_then(|linker| linker.verify())
        .map_err(|violation| violation.into_error(module))
}

/// Checks that the modules of a package do not depend on one another in a
/// circle. Modules outside `modules` are not followed: they were published
/// before, so that no circle can lead through them.
pub fn verify_acyclic<'a>(
    modules: impl IntoIterator<Item = &'a CompiledModule>,
) -> Result<(), VerificationError> {
    let modules: Vec<_> = modules.into_iter().collect();
    let nodes: BTreeMap<ModuleId, usize> = modules
        .iter()
        .enumerate()
        .map(|(node, module)| (module.self_id(), node))
        .collect();
    let mut graph = Graph::new(modules.len());
    for (node, module) in modules.iter().enumerate() {
        for target in module.dependencies().filter_map(|id| nodes.get(&id)) {
            graph.add_edge(node, *target);
        }
    }
    graph.node_on_circle().map_or(Ok(()), |node| {
        let message = "depends on itself through other modules of its package";
        Err(Violation::new(Rule::CyclicDependency, message).into_error(modules[node]))
    })
}

/// What a dependency defines, by name.
struct Definitions<'a> {
    module: &'a CompiledModule,
    datatypes: BTreeMap<&'a Identifier, DatatypeHandleIndex>,
    functions: BTreeMap<&'a Identifier, &'a FunctionDefinition>,
}

impl<'a> Definitions<'a> {
    fn new(module: &'a CompiledModule) -> Self {
        let structs = module.struct_defs.iter().map(|def| def.struct_handle);
        let datatypes = structs.chain(module.enum_defs.iter().map(|def| def.enum_handle));
        let functions = module.function_defs.iter();
        Self {
            module,
            datatypes: datatypes
                .map(|handle| (&module[module[handle].name], handle))
                .collect(),
            functions: functions
                .map(|def| (&module[module[def.function].name], def))
                .collect(),
        }
    }
}

struct Linker<'m, 'a> {
    module: &'m CompiledModule,
    self_id: ModuleId,
    dependencies: BTreeMap<ModuleHandleIndex, Definitions<'a>>,
    /// Identities of datatypes of dependencies, for comparing types.
    ids: RefCell<BTreeMap<ModuleHandleIndex, ModuleId>>,
}

impl<'m, 'a> Linker<'m, 'a> {
    fn new(
        module: &'m CompiledModule,
        dependency: &dyn Fn(&ModuleId) -> Option<&'a CompiledModule>,
    ) -> Result<Self, Violation> {
        let self_id = module.self_id();
        let mut dependencies = BTreeMap::new();
        for (index, handle) in module.entries::<ModuleHandleIndex>() {
            if index == module.self_module_handle {
                continue;
            }
            let id = module.module_id(handle);
            let found = dependency(&id).ok_or_else(|| {
                Violation::new(Rule::MissingDependency, format!("{id} does not exist"))
            })?;
            dependencies.insert(index, Definitions::new(found));
        }
        Ok(Self {
            module,
            self_id,
            dependencies,
            ids: RefCell::default(),
        })
    }

    fn verify(&self) -> Result<(), Violation> {
        for (_, handle) in self.module.entries::<DatatypeHandleIndex>() {
            if let Some(definitions) = self.dependencies.get(&handle.module) {
                self.datatype(handle, definitions)?;
            }
        }
        for (_, handle) in self.module.entries::<FunctionHandleIndex>() {
            if let Some(definitions) = self.dependencies.get(&handle.module) {
                self.function(handle, definitions)?;
            }
        }
        Ok(())
    }

    fn item(&self, definitions: &Definitions<'_>, name: &Identifier) -> String {
        format!("{}::{name}", definitions.module.self_id())
    }

    fn datatype(
        &self,
        handle: &DatatypeHandle,
        definitions: &Definitions<'_>,
    ) -> Result<(), Violation> {
        let name = &self.module[handle.name];
        let item = || self.item(definitions, name);
        let Some(defined) = definitions.datatypes.get(name) else {
            let message = format!("there is no struct or enum {}", item());
            return Err(Violation::new(Rule::MissingItem, message));
        };
        let defined = &definitions.module[*defined];
        let mismatch = |what: &str| {
            let message = format!("{what} of {} are not as it defines them", item());
            Err(Violation::new(Rule::LinkMismatch, message))
        };
        if !handle.abilities.is_subset(defined.abilities) {
            return mismatch("the abilities");
        }
        let same_count = handle.type_parameters.len() == defined.type_parameters.len();
        let mut pairs = handle.type_parameters.iter().zip(&defined.type_parameters);
        if !same_count || !pairs.all(|(view, defined)| is_narrower(view, defined)) {
            return mismatch("the type parameters");
        }
        Ok(())
    }

    fn function(
        &self,
        handle: &FunctionHandle,
        definitions: &Definitions<'_>,
    ) -> Result<(), Violation> {
        let name = &self.module[handle.name];
        let item = || self.item(definitions, name);
        let Some(definition) = definitions.functions.get(name) else {
            let message = format!("there is no function {}", item());
            return Err(Violation::new(Rule::MissingItem, message));
        };
        let is_visible = match definition.visibility {
            Visibility::Public => true,
            Visibility::Friend => definitions.module.friends().any(|id| id == self.self_id),
            Visibility::Private => false,
        };
        if !is_visible {
            let message = format!("{} is not visible to this module", item());
            return Err(Violation::new(Rule::Visibility, message));
        }

        let defined = &definitions.module[definition.function];
        let mismatch = |what: &str| {
            let message = format!("{what} of {} are not as it defines them", item());
            Err(Violation::new(Rule::LinkMismatch, message))
        };
        let same_count = handle.type_parameters.len() == defined.type_parameters.len();
        let mut pairs = handle.type_parameters.iter().zip(&defined.type_parameters);
        if !same_count || !pairs.all(|(view, defined)| defined.is_subset(*view)) {
            return mismatch("the type parameters");
        }
        let own = |index| &self.module[index];
        let other = |index| &definitions.module[index];
        if !self.same_types(
            own(handle.parameters),
            other(defined.parameters),
            definitions.module,
        ) {
            return mismatch("the parameters");
        }
        if !self.same_types(
            own(handle.return_),
            other(defined.return_),
            definitions.module,
        ) {
            return mismatch("the results");
        }
        Ok(())
    }

    fn same_types(&self, own: &Signature, other: &Signature, module: &CompiledModule) -> bool {
        let mut pairs = own.0.iter().zip(&other.0);
        own.len() == other.len() && pairs.all(|(own, other)| self.same_type(own, other, module))
    }

    /// Whether a type of this module and one of another are the same.
    fn same_type(
        &self,
        own: &SignatureToken,
        other: &SignatureToken,
        module: &CompiledModule,
    ) -> bool {
        use SignatureToken as T;

        match (own, other) {
            (T::Datatype(own), T::Datatype(other)) => self.same_datatype(*own, *other, module),
            (T::DatatypeInstantiation(own), T::DatatypeInstantiation(other)) => {
                let mut pairs = own.1.iter().zip(&other.1);
                self.same_datatype(own.0, other.0, module)
                    && own.1.len() == other.1.len()
                    && pairs.all(|(own, other)| self.same_type(own, other, module))
            }
            (T::Vector(own), T::Vector(other))
            | (T::Reference(own), T::Reference(other))
            | (T::MutableReference(own), T::MutableReference(other)) => {
                self.same_type(own, other, module)
            }
            // Types of different kinds differ; those without parts are the
            // same if they are equal.
            (own, other) => own == other,
        }
    }

    fn same_datatype(
        &self,
        own: DatatypeHandleIndex,
        other: DatatypeHandleIndex,
        module: &CompiledModule,
    ) -> bool {
        let (own, other) = (&self.module[own], &module[other]);
        if self.module[own.name] != module[other.name] {
            return false;
        }
        let mut ids = self.ids.borrow_mut();
        let id = ids
            .entry(own.module)
            .or_insert_with(|| self.module.module_id(&self.module[own.module]));
        let other = &module[other.module];
        id.address == module[other.address] && id.name == module[other.name]
    }
}

fn is_narrower(view: &DatatypeTyParameter, defined: &DatatypeTyParameter) -> bool {
    let phantom = !view.is_phantom || defined.is_phantom;
    phantom && defined.constraints.is_subset(view.constraints)
}
