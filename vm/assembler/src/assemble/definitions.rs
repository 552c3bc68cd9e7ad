//! Structs, enums, constants, and the handles of functions.

use super::names::{Scope, datatype_parameters};
use super::pool::index_of;
use super::{Assembler, Result};
use crate::error::{AssemblyError, AssemblyErrorKind, Position};
use crate::literal;
use crate::syntax::{At, Field, Literal, Name, Signature as SignatureSyntax, Type};
use heddle_bytecode::{
    AbilitySet, Constant, DatatypeHandle, DatatypeHandleIndex, EnumDefinition, EnumDefinitionIndex,
    FieldDefinition, FunctionHandleIndex, IdentifierIndex, StructDefinition, StructDefinitionIndex,
    StructFieldInformation, TableIndex, VariantDefinition,
};

impl<'a> Assembler<'a> {
    /// The handles of the module's structs, then of its enums.
    pub(super) fn own_datatypes(&mut self) -> Result<()> {
        let syntax = self.syntax;
        for (position, item) in syntax.structs.iter().enumerate() {
            let def: StructDefinitionIndex = index_of(position, item.at)?;
            if let Name::Word(word) = item.it.name {
                self.struct_named.entry(word).or_insert(def);
                let parameters = &item.it.type_parameters;
                self.own_datatype(item.it.name, item.it.abilities, parameters, item.at)?;
            }
        }
        for (position, item) in syntax.enums.iter().enumerate() {
            let def: EnumDefinitionIndex = index_of(position, item.at)?;
            if let Name::Word(word) = item.it.name {
                self.enum_named.entry(word).or_insert(def);
                let parameters = &item.it.type_parameters;
                self.own_datatype(item.it.name, item.it.abilities, parameters, item.at)?;
            }
        }
        Ok(())
    }

    /// The handle of a datatype of this module, by its name or index.
    fn own_datatype(
        &mut self,
        name: Name<'a>,
        abilities: AbilitySet,
        parameters: Scope<'_, 'a>,
        at: Position,
    ) -> Result<DatatypeHandleIndex> {
        if let Name::Index(index) = name {
            return Ok(DatatypeHandleIndex(index));
        }
        let name = self.identifier(name, at)?;
        let handle = DatatypeHandle {
            module: self.own,
            name,
            abilities,
            type_parameters: datatype_parameters(parameters),
        };
        let index = self.datatypes.intern(handle, at)?;
        self.datatype_named.entry((self.own, name)).or_insert(index);
        Ok(index)
    }

    pub(super) fn constant_items(&mut self) -> Result<()> {
        for item in &self.syntax.constants {
            let constant = self.constant(&item.it.type_, &item.it.value)?;
            let index = self.constants.push(constant, item.at)?;
            if self.constant_named.insert(item.it.name, index).is_some() {
                let (what, name) = ("constants", item.it.name.to_owned());
                let kind = AssemblyErrorKind::Ambiguous { what, name };
                return Err(AssemblyError::new(item.at, kind));
            }
        }
        Ok(())
    }

    pub(super) fn constant(
        &mut self,
        type_: &Type<'a>,
        value: &At<Literal<'a>>,
    ) -> Result<Constant> {
        let type_ = self.token(type_, &[])?;
        let mut data = Vec::new();
        literal::encode(&type_, value, &mut data)?;
        Ok(Constant { type_, data })
    }

    /// The handles of the module's functions.
    pub(super) fn own_functions(&mut self) -> Result<Vec<FunctionHandleIndex>> {
        let mut handles = Vec::new();
        for item in &self.syntax.functions {
            handles.push(match item.it.name {
                Name::Index(index) => FunctionHandleIndex(index),
                name => self.own_function(name, &item.it.signature, item.at)?,
            });
        }
        Ok(handles)
    }

    fn own_function(
        &mut self,
        name: Name<'a>,
        signature: &SignatureSyntax<'a>,
        at: Position,
    ) -> Result<FunctionHandleIndex> {
        let own = crate::syntax::ItemName::In(crate::syntax::ModuleName::Own, name);
        let handle = self.function_handle(&own, signature, at)?;
        let key = (handle.module, handle.name);
        let index = self.functions.intern(handle, at)?;
        self.function_named.entry(key).or_insert(index);
        Ok(index)
    }

    fn field_definitions(
        &mut self,
        fields: &[Field<'a>],
        scope: Scope<'_, 'a>,
    ) -> Result<Vec<FieldDefinition>> {
        let mut definitions = Vec::new();
        for field in fields {
            let name: IdentifierIndex = self.identifier(field.name.it, field.name.at)?;
            let signature = self.token(&field.type_, scope)?;
            definitions.push(FieldDefinition { name, signature });
        }
        Ok(definitions)
    }

    pub(super) fn struct_items(&mut self) -> Result<()> {
        for item in &self.syntax.structs {
            let (at, item) = (item.at, &item.it);
            let scope = &item.type_parameters;
            let struct_handle = self.own_datatype(item.name, item.abilities, scope, at)?;
            let field_information = match &item.fields {
                None => StructFieldInformation::Native,
                Some(fields) => {
                    StructFieldInformation::Declared(self.field_definitions(fields, scope)?)
                }
            };
            self.module.struct_defs.push(StructDefinition {
                struct_handle,
                field_information,
            });
        }
        Ok(())
    }

    pub(super) fn enum_items(&mut self) -> Result<()> {
        for item in &self.syntax.enums {
            let (at, item) = (item.at, &item.it);
            let scope = &item.type_parameters;
            let enum_handle = self.own_datatype(item.name, item.abilities, scope, at)?;
            let mut variants = Vec::new();
            for variant in &item.variants {
                let variant_name = self.identifier(variant.name.it, variant.name.at)?;
                let fields = self.field_definitions(&variant.fields, scope)?;
                variants.push(VariantDefinition {
                    variant_name,
                    fields,
                });
            }
            self.module.enum_defs.push(EnumDefinition {
                enum_handle,
                variants,
            });
        }
        Ok(())
    }

    /// The parameters of a function, if its handle and their list exist.
    pub(super) fn parameter_count(&self, function: FunctionHandleIndex) -> usize {
        let handle = self.functions.entries.get(function.position());
        let parameters = handle.map(|handle| handle.parameters.position());
        let list = parameters.and_then(|index| self.signatures.entries.get(index));
        list.map_or(0, |list| list.0.len())
    }
}
