//! Modules and their items.

use super::Printer;
use crate::literal;
use crate::parse::positional_name;
use heddle_bytecode::format::TableKind;
use heddle_bytecode::{
    DatatypeHandleIndex, EnumDefinition, FieldDefinition, FunctionDefinition, FunctionHandleIndex,
    ModuleHandleIndex, StructDefinition, StructFieldInformation,
};

impl Printer<'_, '_> {
    pub(super) fn module(&mut self) {
        let (names, module) = (self.names, self.names.module);
        self.line(0, &format!("version {};", module.version));
        if !module.publishable {
            self.line(0, "unpublishable;");
        }
        self.line(0, &format!("module {} {{", names.own_path()));
        self.tables();
        for metadata in &module.metadata {
            let key = literal::byte_string(&metadata.key);
            let value = literal::byte_string(&metadata.value);
            self.line(1, &format!("metadata {key} = {value};"));
        }
        for friend in &module.friend_decls {
            self.line(1, &format!("friend {};", names.module_path(friend)));
        }
        for (index, _) in module.entries::<ModuleHandleIndex>() {
            if let Some(path) = names.used_module(index) {
                self.line(1, &format!("use {path};"));
            }
        }
        self.foreign_items();
        for (number, constant) in module.constant_pool.iter().enumerate() {
            let type_ = names.type_(&constant.type_, 0);
            let value = literal::text(&constant.type_, &constant.data);
            self.line(1, &format!("const C{number}: {type_} = {value};"));
        }
        for def in &module.struct_defs {
            self.struct_(def);
        }
        for def in &module.enum_defs {
            self.enum_(def);
        }
        for def in &module.function_defs {
            self.function(def);
        }
        self.line(0, "}");
    }

    /// Handles that no definition brings in, where no table lists them.
    fn foreign_items(&mut self) {
        let (names, module) = (self.names, self.names.module);
        if !self.tables.contains(&TableKind::DatatypeHandles) {
            let structs = module.struct_defs.iter().map(|def| def.struct_handle);
            let enums = module.enum_defs.iter().map(|def| def.enum_handle);
            let defined: std::collections::BTreeSet<_> = structs.chain(enums).collect();
            for (index, handle) in module.entries::<DatatypeHandleIndex>() {
                let is_defined = defined.contains(&index) && names.own_datatype(index).is_some();
                if !is_defined && names.is_declarable_datatype(index) {
                    let handle = names.datatype_handle(handle);
                    self.line(1, &format!("use type {handle};"));
                }
            }
        }
        if !self.tables.contains(&TableKind::FunctionHandles) {
            let functions = module.function_defs.iter().map(|def| def.function);
            let defined: std::collections::BTreeSet<_> = functions.collect();
            for (index, handle) in module.entries::<FunctionHandleIndex>() {
                let is_defined = defined.contains(&index) && names.own_function(index).is_some();
                if !is_defined && names.is_declarable_function(index) {
                    let handle = names.function_handle(handle);
                    self.line(1, &format!("use fun {handle};"));
                }
            }
        }
    }

    fn fields(&mut self, depth: usize, header: &str, fields: &[FieldDefinition], scope: usize) {
        for field in fields {
            let type_ = self.names.type_(&field.signature, scope);
            let line = format!("{}: {type_},", self.names.identifier(field.name));
            self.line(depth + 1, &line);
        }
        self.line(depth, header);
    }

    /// The types of fields whose names say no more than their positions.
    fn positional(&self, fields: &[FieldDefinition], scope: usize) -> Option<String> {
        let is_positional = fields.iter().enumerate().all(|(position, field)| {
            positional_name(position).is_some_and(|name| self.names.identifier(field.name) == name)
        });
        if fields.is_empty() || !is_positional {
            return None;
        }
        let types: Vec<String> = fields
            .iter()
            .map(|field| self.names.type_(&field.signature, scope))
            .collect();
        Some(types.join(", "))
    }

    fn struct_(&mut self, def: &StructDefinition) {
        let (header, scope) = self.names.datatype_header(def.struct_handle);
        match &def.field_information {
            StructFieldInformation::Native => {
                self.line(1, &format!("native struct {header};"));
            }
            StructFieldInformation::Declared(fields) => {
                if let Some(types) = self.positional(fields, scope) {
                    self.line(1, &format!("struct {header} ({types})"));
                } else if fields.is_empty() {
                    self.line(1, &format!("struct {header} {{}}"));
                } else {
                    self.line(1, &format!("struct {header} {{"));
                    self.fields(1, "}", fields, scope);
                }
            }
        }
    }

    fn enum_(&mut self, def: &EnumDefinition) {
        let (header, scope) = self.names.datatype_header(def.enum_handle);
        self.line(1, &format!("enum {header} {{"));
        for variant in &def.variants {
            let name = self.names.identifier(variant.variant_name);
            if let Some(types) = self.positional(&variant.fields, scope) {
                self.line(2, &format!("{name}({types}),"));
            } else if variant.fields.is_empty() {
                self.line(2, &format!("{name},"));
            } else {
                self.line(2, &format!("{name} {{"));
                self.fields(2, "},", &variant.fields, scope);
            }
        }
        self.line(1, "}");
    }

    fn function(&mut self, def: &FunctionDefinition) {
        let header = self.names.function_header(def);
        match &def.code {
            None => self.line(1, &format!("{header};")),
            Some(unit) => {
                self.line(1, &format!("{header} {{"));
                self.body(def, unit);
                self.line(1, "}");
            }
        }
    }
}
