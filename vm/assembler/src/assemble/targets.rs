//! Operands and table entries that name a struct, field, function or variant,
//! with or without type arguments.

use super::names::{Scope, unknown};
use super::{Assembler, Result};
use crate::error::{AssemblyError, AssemblyErrorKind, Position};
use crate::syntax::{At, Field, ItemName, ModuleName, Name, Target};
use heddle_bytecode::{
    EnumDefInstantiation, EnumDefInstantiationIndex, EnumDefinitionIndex, FieldHandle,
    FieldHandleIndex, FieldIndex, FieldInstantiation, FunctionInstantiation, SignatureIndex,
    StructDefInstantiation, StructDefinitionIndex, TableIndex, VariantHandle,
    VariantInstantiationHandle, VariantTag,
};

/// `#N` and nothing else: the entry itself.
pub(super) fn alone(target: &Target<'_>) -> Option<u16> {
    match target {
        Target {
            item: ItemName::Index(index),
            arguments: None,
            member: None,
        } => Some(*index),
        _ => None,
    }
}

fn missing(expected: &str, at: Position) -> AssemblyError {
    let (expected, found) = (expected.into(), "none".into());
    AssemblyError::new(at, AssemblyErrorKind::Expected { expected, found })
}

fn surplus(expected: &str, at: Position) -> AssemblyError {
    let (expected, found) = (expected.into(), "type arguments".into());
    AssemblyError::new(at, AssemblyErrorKind::Expected { expected, found })
        .hint("instructions whose names have `Generic` in them take type arguments")
}

const ARGUMENTS: &str = "type arguments as `<u64>`";

impl<'a> Assembler<'a> {
    fn no_arguments(target: &Target<'a>, at: Position) -> Result<()> {
        match target.arguments {
            Some(_) => Err(surplus("no type arguments", at)),
            None => Ok(()),
        }
    }

    fn arguments(
        &mut self,
        target: &Target<'a>,
        scope: Scope<'_, 'a>,
        at: Position,
    ) -> Result<SignatureIndex> {
        match &target.arguments {
            Some(types) => self.signature(types, scope, at),
            None => Err(missing(ARGUMENTS, at)
                .hint("the instruction without `Generic` in its name takes none")),
        }
    }

    pub(super) fn struct_def(
        &self,
        item: &ItemName<'a>,
        at: Position,
    ) -> Result<StructDefinitionIndex> {
        match item {
            ItemName::Index(index) => Ok(StructDefinitionIndex(*index)),
            ItemName::In(ModuleName::Own, Name::Word(word)) => {
                let known = || self.struct_named.keys().copied();
                let found = self.struct_named.get(word).copied();
                found.ok_or_else(|| unknown("struct", word, at).did_you_mean(word, known()))
            }
            ItemName::In(..) => Err(missing("the name of a struct of this module", at)),
        }
    }

    pub(super) fn enum_def(
        &self,
        item: &ItemName<'a>,
        at: Position,
    ) -> Result<EnumDefinitionIndex> {
        match item {
            ItemName::Index(index) => Ok(EnumDefinitionIndex(*index)),
            ItemName::In(ModuleName::Own, Name::Word(word)) => {
                let known = || self.enum_named.keys().copied();
                let found = self.enum_named.get(word).copied();
                found.ok_or_else(|| unknown("enum", word, at).did_you_mean(word, known()))
            }
            ItemName::In(..) => Err(missing("the name of an enum of this module", at)),
        }
    }

    pub(super) fn struct_target(
        &self,
        target: &Target<'a>,
        at: Position,
    ) -> Result<StructDefinitionIndex> {
        Self::no_arguments(target, at)?;
        self.struct_def(&target.item, at)
    }

    pub(super) fn struct_instance(
        &mut self,
        target: &Target<'a>,
        scope: Scope<'_, 'a>,
        at: Position,
    ) -> Result<StructDefInstantiation> {
        Ok(StructDefInstantiation {
            def: self.struct_def(&target.item, at)?,
            type_parameters: self.arguments(target, scope, at)?,
        })
    }

    pub(super) fn enum_instance(
        &mut self,
        target: &Target<'a>,
        scope: Scope<'_, 'a>,
        at: Position,
    ) -> Result<EnumDefInstantiation> {
        Ok(EnumDefInstantiation {
            def: self.enum_def(&target.item, at)?,
            type_parameters: self.arguments(target, scope, at)?,
        })
    }

    pub(super) fn function_target(
        &mut self,
        target: &Target<'a>,
        at: Position,
    ) -> Result<heddle_bytecode::FunctionHandleIndex> {
        Self::no_arguments(target, at)?;
        self.function(&target.item, at)
    }

    pub(super) fn function_instance(
        &mut self,
        target: &Target<'a>,
        scope: Scope<'_, 'a>,
        at: Position,
    ) -> Result<FunctionInstantiation> {
        let type_parameters = self.arguments(target, scope, at)?;
        Ok(FunctionInstantiation {
            handle: self.function(&target.item, at)?,
            type_parameters,
        })
    }

    fn member(target: &Target<'a>, expected: &str, at: Position) -> Result<At<Name<'a>>> {
        target.member.ok_or_else(|| missing(expected, at))
    }

    fn field_handle(&self, target: &Target<'a>, at: Position) -> Result<FieldHandle> {
        let owner = self.struct_def(&target.item, at)?;
        let field = Self::member(target, "a field as `Struct.field`", at)?;
        let item = self.syntax.structs.get(owner.position());
        let fields = item.and_then(|item| item.it.fields.as_deref());
        let field = match field.it {
            Name::Index(index) => index,
            Name::Word(word) => position("field", word, field.at, field_names(fields))?,
        };
        let field = FieldIndex(field);
        Ok(FieldHandle { owner, field })
    }

    pub(super) fn field(
        &mut self,
        target: &Target<'a>,
        _: Scope<'_, 'a>,
        at: Position,
    ) -> Result<FieldHandle> {
        Self::no_arguments(target, at)?;
        self.field_handle(target, at)
    }

    pub(super) fn field_instance(
        &mut self,
        target: &Target<'a>,
        scope: Scope<'_, 'a>,
        at: Position,
    ) -> Result<FieldInstantiation> {
        let handle = match target {
            Target {
                item: ItemName::Index(index),
                member: None,
                ..
            } => FieldHandleIndex(*index),
            _ => {
                let handle = self.field_handle(target, at)?;
                self.fields.intern(handle, at)?
            }
        };
        Ok(FieldInstantiation {
            handle,
            type_parameters: self.arguments(target, scope, at)?,
        })
    }

    /// The tag of a variant of an enum of this module.
    pub(super) fn tag(&self, def: EnumDefinitionIndex, variant: &At<Name<'a>>) -> Result<u16> {
        let item = self.syntax.enums.get(def.position());
        let variants = item.map_or(&[][..], |item| &item.it.variants);
        let names = variants.iter().map(|variant| variant.name.it);
        match variant.it {
            Name::Index(index) => Ok(index),
            Name::Word(word) => position("variant", word, variant.at, names),
        }
    }

    pub(super) fn variant(
        &mut self,
        target: &Target<'a>,
        _: Scope<'_, 'a>,
        at: Position,
    ) -> Result<VariantHandle> {
        Self::no_arguments(target, at)?;
        let enum_def = self.enum_def(&target.item, at)?;
        let variant = Self::member(target, "a variant as `Enum::Variant`", at)?;
        let variant = VariantTag(self.tag(enum_def, &variant)?);
        Ok(VariantHandle { enum_def, variant })
    }

    pub(super) fn variant_instance(
        &mut self,
        target: &Target<'a>,
        scope: Scope<'_, 'a>,
        at: Position,
    ) -> Result<VariantInstantiationHandle> {
        let variant = Self::member(target, "a variant as `Enum<u64>::Variant`", at)?;
        let (enum_def, def) = match target {
            Target {
                item: ItemName::Index(index),
                arguments: None,
                ..
            } => {
                let index = EnumDefInstantiationIndex(*index);
                let instance = self.enum_instances.entries.get(index.position());
                (index, instance.map(|instance| instance.def))
            }
            _ => {
                let instance = self.enum_instance(target, scope, at)?;
                (
                    self.enum_instances.intern(instance, at)?,
                    Some(instance.def),
                )
            }
        };
        let tag = match (variant.it, def) {
            (Name::Index(index), _) => index,
            (_, Some(def)) => self.tag(def, &variant)?,
            (Name::Word(word), None) => return Err(unknown("variant", word, variant.at)),
        };
        let variant = VariantTag(tag);
        Ok(VariantInstantiationHandle { enum_def, variant })
    }
}

fn field_names<'f, 'a>(
    fields: Option<&'f [Field<'a>]>,
) -> impl Iterator<Item = Name<'a>> + Clone + use<'f, 'a> {
    fields.unwrap_or_default().iter().map(|field| field.name.it)
}

/// Where in a list of names a word is first.
fn position<'a>(
    what: &'static str,
    word: &str,
    at: Position,
    names: impl Iterator<Item = Name<'a>> + Clone,
) -> Result<u16> {
    let is_it = |name: Name<'_>| matches!(name, Name::Word(name) if name == word);
    let found = names.clone().position(is_it);
    let known = names.filter_map(|name| match name {
        Name::Word(name) => Some(name),
        Name::Index(_) => None,
    });
    found
        .and_then(|position| u16::try_from(position).ok())
        .ok_or_else(|| unknown(what, word, at).did_you_mean(word, known))
}
