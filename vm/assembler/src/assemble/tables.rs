//! `table` items.

use super::{Assembler, Result, identifier};
use crate::error::{AssemblyError, AssemblyErrorKind};
use crate::syntax::{At, Entry};
use heddle_bytecode::Signature;
use heddle_bytecode::format::TableKind;

impl<'a> Assembler<'a> {
    fn entries(&self, kind: TableKind) -> impl Iterator<Item = &'a At<Entry<'a>>> + use<'a> {
        let tables = self.syntax.tables.iter();
        tables
            .filter(move |table| table.kind == kind)
            .flat_map(|table| &table.entries)
    }

    /// Whether the text gives the entries of a table itself.
    pub(super) fn is_listed(&self, kind: TableKind) -> bool {
        self.syntax.tables.iter().any(|table| table.kind == kind)
    }

    /// Identifiers, addresses and modules.
    pub(super) fn name_tables(&mut self) -> Result<()> {
        let at = self.syntax.name.at;
        for name in std::mem::take(&mut self.order.identifiers) {
            self.identifiers.push(name, at)?;
        }
        for address in std::mem::take(&mut self.order.addresses) {
            self.addresses.push(address, at)?;
        }
        for handle in std::mem::take(&mut self.order.modules) {
            self.modules.push(handle, at)?;
        }
        for entry in self.entries(TableKind::Identifiers) {
            if let Entry::Identifier(word) = entry.it {
                let name = identifier(word, entry.at)?;
                self.identifiers.push(name, entry.at)?;
            }
        }
        for entry in self.entries(TableKind::AddressIdentifiers) {
            if let Entry::Address(address) = entry.it {
                self.addresses.push(address, entry.at)?;
            }
        }
        for entry in self.entries(TableKind::ModuleHandles) {
            if let Entry::Module(module) = &entry.it {
                let handle = self.path(module, entry.at)?.ok_or_else(|| {
                    let (expected, found) = ("an address and a name".into(), "an index".into());
                    let kind = AssemblyErrorKind::Expected { expected, found };
                    AssemblyError::new(entry.at, kind)
                })?;
                self.modules.push(handle, entry.at)?;
            }
        }
        Ok(())
    }

    pub(super) fn datatype_table(&mut self) -> Result<()> {
        for handle in std::mem::take(&mut self.order.datatypes) {
            let key = (handle.module, handle.name);
            let index = self.datatypes.push(handle, self.syntax.name.at)?;
            self.datatype_named.entry(key).or_insert(index);
        }
        for entry in self.entries(TableKind::DatatypeHandles) {
            if let Entry::Datatype(declaration) = &entry.it {
                let handle = self.datatype_handle(declaration, entry.at)?;
                let key = (handle.module, handle.name);
                let index = self.datatypes.push(handle, entry.at)?;
                self.datatype_named.entry(key).or_insert(index);
            }
        }
        Ok(())
    }

    pub(super) fn signature_table(&mut self) -> Result<()> {
        for signature in std::mem::take(&mut self.order.signatures) {
            self.signatures.push(signature, self.syntax.name.at)?;
        }
        for entry in self.entries(TableKind::Signatures) {
            if let Entry::Signature(types) = &entry.it {
                let tokens = self.token_list(types, &[])?;
                self.signatures.push(Signature(tokens), entry.at)?;
            }
        }
        Ok(())
    }

    pub(super) fn function_table(&mut self) -> Result<()> {
        for handle in std::mem::take(&mut self.order.functions) {
            let key = (handle.module, handle.name);
            let index = self.functions.push(handle, self.syntax.name.at)?;
            self.function_named.entry(key).or_insert(index);
        }
        for entry in self.entries(TableKind::FunctionHandles) {
            if let Entry::Function(declaration) = &entry.it {
                let handle =
                    self.function_handle(&declaration.name, &declaration.signature, entry.at)?;
                let key = (handle.module, handle.name);
                let index = self.functions.push(handle, entry.at)?;
                self.function_named.entry(key).or_insert(index);
            }
        }
        Ok(())
    }

    /// The tables that instructions point into, each after those that its own
    /// entries point into.
    pub(super) fn instance_tables(&mut self) -> Result<()> {
        macro_rules! fill {
            ($($kind:ident => $entry:ident, $pool:ident;)*) => {$(
                for entry in self.entries(TableKind::$kind) {
                    if let Entry::Target(target) = &entry.it {
                        let made = self.$entry(target, &[], entry.at)?;
                        self.$pool.push(made, entry.at)?;
                    }
                }
            )*};
        }
        fill! {
            StructDefInstantiations => struct_instance, struct_instances;
            EnumDefInstantiations => enum_instance, enum_instances;
            FunctionInstantiations => function_instance, function_instances;
            FieldHandles => field, fields;
            FieldInstantiations => field_instance, field_instances;
            VariantHandles => variant, variants;
            VariantInstantiationHandles => variant_instance, variant_instances;
        }
        Ok(())
    }
}
