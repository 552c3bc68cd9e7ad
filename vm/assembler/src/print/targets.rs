//! Operands and table entries that name a struct, field, function or variant.

use super::names::Names;
use heddle_bytecode::{
    EnumDefInstantiation, EnumDefinitionIndex, FieldHandle, FieldInstantiation,
    FunctionInstantiation, StructDefInstantiation, VariantHandle, VariantInstantiationHandle,
    VariantTag,
};

impl Names<'_> {
    pub(super) fn struct_instance(&self, entry: &StructDefInstantiation, scope: usize) -> String {
        self.struct_def(entry.def) + &self.arguments(entry.type_parameters, scope)
    }

    pub(super) fn enum_instance(&self, entry: &EnumDefInstantiation, scope: usize) -> String {
        self.enum_def(entry.def) + &self.arguments(entry.type_parameters, scope)
    }

    pub(super) fn function_instance(&self, entry: &FunctionInstantiation, scope: usize) -> String {
        self.function(entry.handle) + &self.arguments(entry.type_parameters, scope)
    }

    fn field_name(&self, handle: &FieldHandle) -> String {
        let fields = self
            .module
            .get(handle.owner)
            .map_or(&[][..], |def| def.fields());
        let names = fields.iter().map(|field| field.name);
        self.member(names, handle.field.position())
    }

    pub(super) fn field(&self, handle: &FieldHandle) -> String {
        format!(
            "{}.{}",
            self.struct_def(handle.owner),
            self.field_name(handle)
        )
    }

    pub(super) fn field_instance(&self, entry: &FieldInstantiation, scope: usize) -> String {
        let arguments = self.arguments(entry.type_parameters, scope);
        match self.fields.get(entry.handle) {
            Some(handle) => {
                let (owner, field) = (self.struct_def(handle.owner), self.field_name(handle));
                format!("{owner}{arguments}.{field}")
            }
            None => format!("#{}{arguments}", entry.handle),
        }
    }

    /// The name of a variant of an enum of this module, or its tag.
    pub(super) fn variant_name(&self, def: EnumDefinitionIndex, tag: VariantTag) -> String {
        let variants = self.module.get(def).map_or(&[][..], |def| &def.variants);
        let names = variants.iter().map(|variant| variant.variant_name);
        self.member(names, tag.position())
    }

    pub(super) fn variant(&self, handle: &VariantHandle) -> String {
        let variant = self.variant_name(handle.enum_def, handle.variant);
        format!("{}::{variant}", self.enum_def(handle.enum_def))
    }

    pub(super) fn variant_instance(
        &self,
        handle: &VariantInstantiationHandle,
        scope: usize,
    ) -> String {
        match self.enum_instances.get(handle.enum_def) {
            Some(instance) => {
                let variant = self.variant_name(instance.def, handle.variant);
                format!("{}::{variant}", self.enum_instance(instance, scope))
            }
            None => format!("#{}::#{}", handle.enum_def, handle.variant),
        }
    }
}
