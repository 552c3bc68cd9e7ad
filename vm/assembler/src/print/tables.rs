//! `table` items.

use super::Printer;
use crate::literal;
use crate::parse::TABLES;
use heddle_bytecode::format::TableKind;

impl Printer<'_, '_> {
    pub(super) fn tables(&mut self) {
        for (kind, name) in TABLES {
            if self.tables.contains(&kind) {
                self.line(1, &format!("table {name} {{"));
                for entry in self.entries(kind) {
                    self.line(2, &format!("{entry};"));
                }
                self.line(1, "}");
            }
        }
    }

    fn entries(&self, kind: TableKind) -> Vec<String> {
        let (names, module) = (self.names, self.names.module);
        macro_rules! each {
            ($table:ident, |$entry:ident| $text:expr) => {
                module.$table.iter().map(|$entry| $text).collect()
            };
        }
        match kind {
            TableKind::Identifiers => each!(identifiers, |name| name.to_string()),
            TableKind::AddressIdentifiers => {
                each!(address_identifiers, |address| literal::address(address))
            }
            TableKind::ModuleHandles => each!(module_handles, |handle| names.module_path(handle)),
            TableKind::DatatypeHandles => {
                each!(datatype_handles, |handle| names.datatype_handle(handle))
            }
            TableKind::Signatures => {
                each!(signatures, |list| format!("({})", names.types(&list.0, 0)))
            }
            TableKind::FunctionHandles => {
                each!(function_handles, |handle| names.function_handle(handle))
            }
            TableKind::StructDefInstantiations => {
                each!(struct_def_instantiations, |entry| names
                    .struct_instance(entry, 0))
            }
            TableKind::EnumDefInstantiations => {
                each!(enum_def_instantiations, |entry| names
                    .enum_instance(entry, 0))
            }
            TableKind::FunctionInstantiations => {
                each!(function_instantiations, |entry| names
                    .function_instance(entry, 0))
            }
            TableKind::FieldHandles => each!(field_handles, |handle| names.field(handle)),
            TableKind::FieldInstantiations => {
                each!(field_instantiations, |entry| names.field_instance(entry, 0))
            }
            TableKind::VariantHandles => each!(variant_handles, |handle| names.variant(handle)),
            TableKind::VariantInstantiationHandles => {
                each!(variant_instantiation_handles, |handle| names
                    .variant_instance(handle, 0))
            }
            _ => Vec::new(),
        }
    }
}
