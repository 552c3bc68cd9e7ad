//! The modules that run together, and how types are closed in them.

use crate::closed_type::{Datatype, Type};
use heddle_bytecode::{
    CompiledModule, DatatypeDefinition, DatatypeHandleIndex, FunctionDefinitionIndex,
    FunctionHandleIndex, ModuleHandleIndex, ModuleId, SignatureIndex, SignatureToken,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Verified modules that name one another.
#[derive(Clone, Debug)]
pub struct Program {
    /// The modules.
    pub modules: Vec<CompiledModule>,
    positions: BTreeMap<ModuleId, usize>,
}

impl Program {
    /// A program of these modules.
    #[must_use]
    pub fn new(modules: Vec<CompiledModule>) -> Self {
        let positions = modules
            .iter()
            .enumerate()
            .map(|(position, module)| (module.self_id(), position))
            .collect();
        Self { modules, positions }
    }

    fn module_of(&self, from: usize, handle: ModuleHandleIndex) -> usize {
        let module = &self.modules[from];
        self.positions[&module.module_id(&module[handle])]
    }

    fn datatype(&self, from: usize, handle: DatatypeHandleIndex, arguments: Vec<Type>) -> Type {
        let module = &self.modules[from];
        let home = self.module_of(from, module[handle].module);
        let name = module[module[handle].name].as_str();
        let target = &self.modules[home];
        let (own, _) = target
            .entries::<DatatypeHandleIndex>()
            .find(|(_, other)| {
                other.module == target.self_module_handle && target[other.name].as_str() == name
            })
            .expect("links are verified");
        Type::Datatype(Arc::new(Datatype {
            module: home,
            definition: own.definition(target).expect("links are verified"),
            arguments,
        }))
    }

    /// The type that `token` of module `from` is with `arguments` for the type
    /// parameters.
    #[must_use]
    pub fn close(&self, from: usize, token: &SignatureToken, arguments: &[Type]) -> Type {
        use SignatureToken as T;
        let inner = |token| Arc::new(self.close(from, token, arguments));
        match token {
            T::Bool => Type::Bool,
            T::U8 => Type::Integer(8),
            T::U16 => Type::Integer(16),
            T::U32 => Type::Integer(32),
            T::U64 => Type::Integer(64),
            T::U128 => Type::Integer(128),
            T::U256 => Type::Integer(256),
            T::Address => Type::Address,
            T::Signer => Type::Signer,
            T::Vector(element) => Type::Vector(inner(element)),
            T::Reference(target) => Type::Reference(inner(target)),
            T::MutableReference(target) => Type::MutableReference(inner(target)),
            T::TypeParameter(index) => arguments[index.position()].clone(),
            T::Datatype(handle) => self.datatype(from, *handle, Vec::new()),
            T::DatatypeInstantiation(instantiation) => {
                let (handle, tokens) = &**instantiation;
                let closed = tokens
                    .iter()
                    .map(|token| self.close(from, token, arguments))
                    .collect();
                self.datatype(from, *handle, closed)
            }
        }
    }

    /// The types of a signature, closed.
    #[must_use]
    pub fn signature(&self, from: usize, index: SignatureIndex, arguments: &[Type]) -> Vec<Type> {
        let tokens = &self.modules[from][index].0;
        tokens
            .iter()
            .map(|token| self.close(from, token, arguments))
            .collect()
    }

    /// How many variants a datatype has; a struct has one.
    pub(crate) fn variant_count(&self, datatype: &Datatype) -> usize {
        match datatype.definition {
            DatatypeDefinition::Struct(_) => 1,
            DatatypeDefinition::Enum(index) => self.modules[datatype.module][index].variants.len(),
        }
    }

    /// The types of the fields of a struct, or of a variant.
    pub(crate) fn fields(&self, datatype: &Datatype, tag: usize) -> Vec<Type> {
        let module = &self.modules[datatype.module];
        let fields = match datatype.definition {
            DatatypeDefinition::Struct(index) => module[index].fields(),
            DatatypeDefinition::Enum(index) => &module[index].variants[tag].fields,
        };
        fields
            .iter()
            .map(|field| self.close(datatype.module, &field.signature, &datatype.arguments))
            .collect()
    }

    /// Where the function that `handle` of module `from` names is defined.
    pub(crate) fn function(
        &self,
        from: usize,
        handle: FunctionHandleIndex,
    ) -> (usize, FunctionDefinitionIndex) {
        let module = &self.modules[from];
        let home = self.module_of(from, module[handle].module);
        let name = module[module[handle].name].as_str();
        let (index, _) = self.modules[home]
            .function_named(name)
            .expect("links are verified");
        (home, index)
    }
}
