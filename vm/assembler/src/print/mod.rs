//! Modules into text.
//!
//! 1. Write the module by names alone and assemble the text.
//! 2. If another module comes out, the first table that differs, in the order
//!    in which tables are filled, is written as a `table` item. Back to 1.
//!
//! What a compiler wrote needs no tables: its order is the assembler's. What
//! attackers and tests write may need all of them.

mod code;
mod handles;
mod items;
mod names;
mod tables;
mod targets;

use crate::assemble;
use crate::parse::TABLES;
use heddle_bytecode::format::TableKind;
use heddle_bytecode::{CompiledModule, FunctionDefinition};
use names::Names;
use std::collections::BTreeSet;

/// The text of a module, from which [`assemble`](crate::assemble()) makes the
/// same module.
///
/// That holds for every module that was read from bytes, valid or not. Of one
/// built by hand that no bytes can say (a table with more entries than an
/// index reaches, an instantiated type without arguments) the text says as
/// much as it can.
#[must_use]
pub fn print(module: &CompiledModule) -> String {
    let names = Names::new(module);
    let mut tables = BTreeSet::new();
    loop {
        let text = write(&names, &tables);
        let missing = match assemble(&text) {
            Ok(made) if made == *module => None,
            Ok(made) => TABLES
                .iter()
                .map(|(kind, _)| *kind)
                .find(|kind| !tables.contains(kind) && differs(*kind, module, &made)),
            // A name that only a table can bring in.
            Err(_) => TABLES
                .iter()
                .map(|(kind, _)| *kind)
                .find(|kind| !tables.contains(kind)),
        };
        match missing {
            Some(kind) => tables.insert(kind),
            None => return text,
        };
    }
}

fn differs(kind: TableKind, a: &CompiledModule, b: &CompiledModule) -> bool {
    match kind {
        TableKind::Identifiers => a.identifiers != b.identifiers,
        TableKind::AddressIdentifiers => a.address_identifiers != b.address_identifiers,
        TableKind::ModuleHandles => a.module_handles != b.module_handles,
        TableKind::DatatypeHandles => a.datatype_handles != b.datatype_handles,
        TableKind::Signatures => a.signatures != b.signatures,
        TableKind::FunctionHandles => a.function_handles != b.function_handles,
        TableKind::StructDefInstantiations => {
            a.struct_def_instantiations != b.struct_def_instantiations
        }
        TableKind::EnumDefInstantiations => a.enum_def_instantiations != b.enum_def_instantiations,
        TableKind::FunctionInstantiations => a.function_instantiations != b.function_instantiations,
        TableKind::FieldHandles => a.field_handles != b.field_handles,
        TableKind::FieldInstantiations => a.field_instantiations != b.field_instantiations,
        TableKind::VariantHandles => a.variant_handles != b.variant_handles,
        TableKind::VariantInstantiationHandles => {
            a.variant_instantiation_handles != b.variant_instantiation_handles
        }
        _ => false,
    }
}

fn write(names: &Names<'_>, tables: &BTreeSet<TableKind>) -> String {
    let mut printer = Printer {
        names,
        tables,
        text: String::new(),
    };
    printer.module();
    printer.text
}

struct Printer<'p, 'm> {
    names: &'p Names<'m>,
    tables: &'p BTreeSet<TableKind>,
    text: String,
}

impl Printer<'_, '_> {
    fn line(&mut self, depth: usize, line: &str) {
        for _ in 0..depth {
            self.text.push_str("    ");
        }
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// The texts of one function: what stands before its code, and each
/// instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionText {
    /// The declaration, up to its results.
    pub header: String,
    /// The locals behind the parameters, as the text of a body begins.
    pub locals: Vec<String>,
    /// The instructions by their offsets. Targets of branches are shown as
    /// labels `L` and the offset.
    pub instructions: Vec<String>,
}

/// The texts of a function of `module`, for those who show its instructions
/// one by one.
#[must_use]
pub fn function_text(module: &CompiledModule, definition: &FunctionDefinition) -> FunctionText {
    code::function_text(&Names::new(module), definition)
}
