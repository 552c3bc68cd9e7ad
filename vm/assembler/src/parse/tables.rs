//! `table` items: the first entries of a table, one by one.

use super::{Parser, Result};
use crate::lexer::Token;
use crate::syntax::{At, Entry, Table};
use heddle_bytecode::OperandKind;
use heddle_bytecode::format::TableKind;

/// The tables that can be written, in the order in which they are filled: an
/// entry names entries of the tables before its own.
pub(crate) const TABLES: [(TableKind, &str); 13] = [
    (TableKind::Identifiers, "identifiers"),
    (TableKind::AddressIdentifiers, "addresses"),
    (TableKind::ModuleHandles, "modules"),
    (TableKind::DatatypeHandles, "types"),
    (TableKind::Signatures, "signatures"),
    (TableKind::FunctionHandles, "functions"),
    (TableKind::StructDefInstantiations, "struct_instances"),
    (TableKind::EnumDefInstantiations, "enum_instances"),
    (TableKind::FunctionInstantiations, "function_instances"),
    (TableKind::FieldHandles, "fields"),
    (TableKind::FieldInstantiations, "field_instances"),
    (TableKind::VariantHandles, "variants"),
    (TableKind::VariantInstantiationHandles, "variant_instances"),
];

impl<'a> Parser<'a> {
    pub(super) fn table(&mut self) -> Result<Table<'a>> {
        let token = self.peek()?.clone();
        let found = TABLES
            .iter()
            .find(|(_, name)| token == Token::Word(name))
            .copied();
        let Some((kind, _)) = found else {
            let error = self.expected("the name of a table");
            let names = TABLES.iter().map(|(_, name)| *name);
            return Err(match token {
                Token::Word(word) => error.did_you_mean(word, names),
                _ => error,
            });
        };
        self.next()?;
        self.need("{")?;
        let mut entries = Vec::new();
        while !self.eat("}")? {
            let at = self.position()?;
            let it = self.entry(kind)?;
            entries.push(At { at, it });
            self.need(";")?;
        }
        Ok(Table { kind, entries })
    }

    fn entry(&mut self, kind: TableKind) -> Result<Entry<'a>> {
        let operand = match kind {
            TableKind::Identifiers => return Ok(Entry::Identifier(self.word("a name")?.it)),
            TableKind::AddressIdentifiers => return Ok(Entry::Address(self.address()?)),
            TableKind::ModuleHandles => return Ok(Entry::Module(self.module_path()?.it)),
            TableKind::DatatypeHandles => {
                return Ok(Entry::Datatype(self.datatype_declaration()?));
            }
            TableKind::FunctionHandles => {
                return Ok(Entry::Function(self.function_declaration()?));
            }
            TableKind::Signatures => {
                self.need("(")?;
                return Ok(Entry::Signature(self.list(")", Self::type_)?));
            }
            // An instance of an enum is written as one of a struct.
            TableKind::StructDefInstantiations | TableKind::EnumDefInstantiations => {
                OperandKind::StructInstance
            }
            TableKind::FunctionInstantiations => OperandKind::FunctionInstance,
            TableKind::FieldHandles => OperandKind::Field,
            TableKind::FieldInstantiations => OperandKind::FieldInstance,
            TableKind::VariantHandles => OperandKind::Variant,
            _ => OperandKind::VariantInstance,
        };
        Ok(Entry::Target(self.target(operand)?))
    }
}
