//! Function bodies.

use super::names::Names;
use super::{FunctionText, Printer};
use heddle_bytecode::{
    Bytecode, CodeOffset, CodeUnit, FunctionDefinition, LocalIndex, Operand, VariantJumpTable,
    VariantJumpTableIndex, VariantTag,
};
use std::collections::BTreeSet;

/// How one body is written.
struct BodyPrinter<'p, 'm> {
    names: &'p Names<'m>,
    unit: &'p CodeUnit,
    /// Type parameters that have names.
    scope: usize,
    /// Parameters that have names, and all parameters.
    parameters: (usize, usize),
    /// Locals behind the parameters that have names.
    local_count: usize,
    /// Whether each jump table stands where it is used.
    are_tables_inline: bool,
}

pub(super) fn function_text(names: &Names<'_>, def: &FunctionDefinition) -> FunctionText {
    let header = names.function_header(def);
    let Some(unit) = &def.code else {
        return FunctionText {
            header,
            locals: Vec::new(),
            instructions: Vec::new(),
        };
    };
    let printer = BodyPrinter::new(names, def, unit);
    FunctionText {
        header,
        locals: printer.locals(),
        instructions: unit.code.iter().map(|it| printer.instruction(it)).collect(),
    }
}

impl Printer<'_, '_> {
    pub(super) fn body(&mut self, def: &FunctionDefinition, unit: &CodeUnit) {
        let printer = BodyPrinter::new(self.names, def, unit);
        for line in printer.locals() {
            self.line(2, &line);
        }
        let labels = printer.labels();
        for (offset, instruction) in unit.code.iter().enumerate() {
            if labels.contains(&offset) {
                self.line(1, &format!("L{offset}:"));
            }
            self.line(2, &printer.instruction(instruction));
        }
        let end = unit.code.len();
        if labels.contains(&end) {
            self.line(1, &format!("L{end}:"));
        }
    }
}

impl<'p, 'm> BodyPrinter<'p, 'm> {
    fn new(names: &'p Names<'m>, def: &FunctionDefinition, unit: &'p CodeUnit) -> Self {
        let switches = unit
            .code
            .iter()
            .filter_map(|instruction| match instruction {
                Bytecode::VariantSwitch(table) => Some(table.position()),
                _ => None,
            });
        Self {
            names,
            unit,
            scope: names.scope(def),
            parameters: names.parameter_counts(def),
            local_count: names.signature(unit.locals).map_or(0, <[_]>::len),
            are_tables_inline: switches.eq(0..unit.jump_tables.len()),
        }
    }

    /// Locals and jump tables, as they stand before the code.
    fn locals(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match self.names.signature(self.unit.locals) {
            Some(types) => {
                for (number, type_) in (self.parameters.1..).zip(types) {
                    let type_ = self.names.type_(type_, self.scope);
                    lines.push(format!("let l{number}: {type_};"));
                }
            }
            None => lines.push(format!("locals @{};", self.unit.locals)),
        }
        if !self.are_tables_inline {
            for table in &self.unit.jump_tables {
                let enum_ = self.names.enum_def(table.head_enum);
                lines.push(format!("jump_table {enum_} [{}];", self.targets(table)));
            }
        }
        lines
    }

    /// The offsets that branches name and that have a place in the code.
    fn labels(&self) -> BTreeSet<usize> {
        let branches = self.unit.code.iter().filter_map(Bytecode::branch_target);
        let tables = self.unit.jump_tables.iter();
        branches
            .chain(tables.flat_map(|table| table.jump_table.iter().copied()))
            .map(CodeOffset::position)
            .filter(|offset| *offset <= self.unit.code.len())
            .collect()
    }

    fn target(&self, target: CodeOffset) -> String {
        if target.position() <= self.unit.code.len() {
            format!("L{target}")
        } else {
            format!("#{target}")
        }
    }

    fn targets(&self, table: &VariantJumpTable) -> String {
        let targets: Vec<String> = table.jump_table.iter().map(|it| self.target(*it)).collect();
        targets.join(", ")
    }

    fn local(&self, local: LocalIndex) -> String {
        let (named, count) = self.parameters;
        let position = local.position();
        let is_named = if position < count {
            position < named
        } else {
            position - count < self.local_count
        };
        format!("{}{local}", if is_named { 'l' } else { '#' })
    }

    fn jump_table(&self, index: VariantJumpTableIndex) -> String {
        let table = self.unit.jump_tables.get(index.position());
        let Some(table) = table.filter(|_| self.are_tables_inline) else {
            return format!("#{index}");
        };
        let enum_ = self.names.enum_def(table.head_enum);
        let def = self.names.module.get(table.head_enum);
        let is_full = def.is_some_and(|def| def.variants.len() == table.jump_table.len());
        if !is_full || table.jump_table.is_empty() {
            return format!("{enum_} [{}]", self.targets(table));
        }
        let arms: Vec<String> = (0..)
            .zip(&table.jump_table)
            .map(|(tag, target)| {
                let variant = self.names.variant_name(table.head_enum, VariantTag(tag));
                format!("{variant}: {}", self.target(*target))
            })
            .collect();
        format!("{enum_} {{ {} }}", arms.join(", "))
    }

    fn instruction(&self, instruction: &Bytecode) -> String {
        let mut line = instruction.opcode().name().to_owned();
        for operand in instruction.operands() {
            line.push(' ');
            line.push_str(&self.operand(&operand));
        }
        line
    }

    fn operand(&self, operand: &Operand) -> String {
        let (names, scope) = (self.names, self.scope);
        /// An entry by what it is made of, or by its index.
        macro_rules! entry {
            ($table:ident, $index:expr, |$entry:ident| $text:expr) => {
                match names.$table.get(*$index) {
                    Some($entry) => $text,
                    None => format!("#{}", $index),
                }
            };
        }
        match operand {
            Operand::U8(value) => value.to_string(),
            Operand::U16(value) => value.to_string(),
            Operand::U32(value) => value.to_string(),
            Operand::U64(value) => value.to_string(),
            Operand::U128(value) => value.to_string(),
            Operand::U256(value) => value.to_string(),
            Operand::Target(target) => self.target(*target),
            Operand::Local(local) => self.local(*local),
            Operand::Constant(index) => match names.module.get(*index) {
                Some(_) => format!("C{index}"),
                None => format!("#{index}"),
            },
            Operand::Types(index) => names.arguments(*index, scope),
            Operand::Struct(index) => names.struct_def(*index),
            Operand::StructInstance(index) => {
                entry!(struct_instances, index, |it| names
                    .struct_instance(it, scope))
            }
            Operand::Field(index) => entry!(fields, index, |it| names.field(it)),
            Operand::FieldInstance(index) => {
                entry!(field_instances, index, |it| names.field_instance(it, scope))
            }
            Operand::Function(index) => names.function(*index),
            Operand::FunctionInstance(index) => {
                entry!(function_instances, index, |it| names
                    .function_instance(it, scope))
            }
            Operand::Variant(index) => entry!(variants, index, |it| names.variant(it)),
            Operand::VariantInstance(index) => {
                entry!(variant_instances, index, |it| names
                    .variant_instance(it, scope))
            }
            Operand::JumpTable(index) => self.jump_table(*index),
        }
    }
}
