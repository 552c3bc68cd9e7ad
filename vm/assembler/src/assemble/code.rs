//! Function bodies.

use super::names::{Scope, unknown};
use super::pool::index_of;
use super::targets::alone;
use super::{Assembler, Result};
use crate::error::{AssemblyError, AssemblyErrorKind, Position};
use crate::parse::number;
use crate::syntax::{At, Body, FunctionItem, Instruction, ItemName, Name, Operand, Target};
use heddle_bytecode::format::TableKind;
use heddle_bytecode::{
    Bytecode, CodeOffset, CodeUnit, ConstantPoolIndex, EnumDefinitionIndex, FieldHandleIndex,
    FieldInstantiationIndex, FunctionDefinition, FunctionDefinitionIndex, FunctionHandleIndex,
    FunctionInstantiationIndex, LocalIndex, Operand as Value, OperandKind, Signature,
    StructDefInstantiationIndex, StructDefinitionIndex, TableIndex, U256, VariantHandleIndex,
    VariantInstantiationHandleIndex, VariantJumpTable, VariantJumpTableIndex,
};
use rustc_hash::FxHashMap;

/// What names mean in one body.
struct BodyNames<'b, 'a> {
    scope: Scope<'b, 'a>,
    locals: FxHashMap<&'a str, usize>,
    labels: FxHashMap<&'a str, usize>,
}

fn ambiguous(what: &'static str, name: &At<&str>) -> AssemblyError {
    let (at, name) = (name.at, name.it.to_owned());
    AssemblyError::new(at, AssemblyErrorKind::Ambiguous { what, name })
}

fn wrong_number(expected: &'static str, digits: &str, at: Position) -> AssemblyError {
    let found = digits.chars().take(80).collect();
    AssemblyError::new(at, AssemblyErrorKind::Number { expected, found })
}

fn integer<T: TryFrom<U256>>(kind: OperandKind, digits: &str, at: Position) -> Result<T> {
    let value = number(digits).and_then(|value| T::try_from(value).ok());
    value.ok_or_else(|| wrong_number(kind.words(), digits, at))
}

impl<'a> BodyNames<'_, 'a> {
    fn target(&self, name: Name<'a>, at: Position) -> Result<CodeOffset> {
        let word = match name {
            Name::Index(index) => return Ok(CodeOffset(index)),
            Name::Word(word) => word,
        };
        let mut known: Vec<&str> = self.labels.keys().copied().collect();
        known.sort_unstable();
        let offset = self.labels.get(word);
        let offset = offset.ok_or_else(|| unknown("label", word, at).did_you_mean(word, known))?;
        let what = "instructions before a label";
        let offset = u16::try_from(*offset)
            .map_err(|_| AssemblyError::new(at, AssemblyErrorKind::TooMany { what }))?;
        Ok(CodeOffset(offset))
    }

    fn local(&self, name: Name<'a>, at: Position) -> Result<LocalIndex> {
        let (position, shown) = match name {
            Name::Index(index) => (usize::from(index), index.to_string()),
            Name::Word(word) => {
                let position = self.locals.get(word).copied().ok_or_else(|| {
                    let mut known: Vec<&str> = self.locals.keys().copied().collect();
                    known.sort_unstable();
                    unknown("local", word, at).did_you_mean(word, known)
                })?;
                (position, position.to_string())
            }
        };
        let expected = "the number of a local, at most 255";
        let local = u8::try_from(position).map_err(|_| wrong_number(expected, &shown, at))?;
        Ok(LocalIndex(local))
    }
}

impl<'a> Assembler<'a> {
    pub(super) fn function_items(&mut self, handles: &[FunctionHandleIndex]) -> Result<()> {
        for (position, (item, function)) in self.syntax.functions.iter().zip(handles).enumerate() {
            let _: FunctionDefinitionIndex = index_of(position, item.at)?;
            let (at, item) = (item.at, &item.it);
            let mut acquires_global_resources = Vec::new();
            for name in &item.acquires {
                let def = self.struct_def(&ItemName::own(name.it), name.at)?;
                acquires_global_resources.push(def);
            }
            let code = match &item.body {
                None => None,
                Some(body) => Some(self.body(item, *function, body, at)?),
            };
            self.module.function_defs.push(FunctionDefinition {
                function: *function,
                visibility: item.visibility,
                is_entry: item.is_entry,
                acquires_global_resources,
                code,
            });
        }
        Ok(())
    }

    fn body(
        &mut self,
        item: &FunctionItem<'a>,
        function: FunctionHandleIndex,
        body: &Body<'a>,
        at: Position,
    ) -> Result<CodeUnit> {
        let scope = &item.signature.type_parameters;
        let mut names = BodyNames {
            scope,
            locals: FxHashMap::default(),
            labels: FxHashMap::default(),
        };
        let parameters = self.parameter_count(function);
        let named = item.signature.parameter_names.iter().enumerate();
        let named = named.filter_map(|(position, name)| Some((position, (*name)?)));
        let locals = (parameters..).zip(body.local_names.iter().copied());
        for (position, name) in named.chain(locals) {
            if names.locals.insert(name.it, position).is_some() {
                return Err(ambiguous("locals", &name));
            }
        }
        for (name, offset) in &body.labels {
            if names.labels.insert(name.it, *offset).is_some() {
                return Err(ambiguous("labels", name));
            }
        }
        let locals = self.signature(&body.locals, scope, at)?;
        let mut jump_tables = Vec::new();
        for table in &body.jump_tables {
            jump_tables.push(VariantJumpTable {
                head_enum: self.enum_def(&ItemName::own(table.enum_.it), table.enum_.at)?,
                jump_table: targets(&names, &table.targets)?,
            });
        }
        let mut code = Vec::new();
        for instruction in &body.code {
            code.push(self.instruction(instruction, &names, &mut jump_tables)?);
        }
        Ok(CodeUnit {
            locals,
            code,
            jump_tables,
        })
    }

    fn instruction(
        &mut self,
        instruction: &At<Instruction<'a>>,
        names: &BodyNames<'_, 'a>,
        jump_tables: &mut Vec<VariantJumpTable>,
    ) -> Result<Bytecode> {
        let Instruction { opcode, operands } = &instruction.it;
        let mut values = Vec::with_capacity(operands.len());
        for (operand, (_, kind)) in operands.iter().zip(opcode.operands()) {
            values.push(self.operand(*kind, operand, names, jump_tables)?);
        }
        Ok(Bytecode::from_operands(*opcode, values)
            .expect("invariant: each operand was read by the kind that its instruction asks for"))
    }

    fn operand(
        &mut self,
        kind: OperandKind,
        operand: &At<Operand<'a>>,
        names: &BodyNames<'_, 'a>,
        jump_tables: &mut Vec<VariantJumpTable>,
    ) -> Result<Value> {
        let at = operand.at;
        match &operand.it {
            Operand::Number(digits) => number_operand(kind, digits, at),
            Operand::Name(name) => match kind {
                OperandKind::Target => names.target(*name, at).map(Value::Target),
                OperandKind::Local => names.local(*name, at).map(Value::Local),
                _ => self.constant_operand(*name, at).map(Value::Constant),
            },
            Operand::Constant(type_, value) => {
                let constant = self.constant(type_, value)?;
                self.constants.intern(constant, at).map(Value::Constant)
            }
            Operand::Types(types) => self.signature(types, names.scope, at).map(Value::Types),
            Operand::Target(target) => self.target(kind, target, names.scope, at),
            Operand::JumpTableIndex(index) => Ok(Value::JumpTable(VariantJumpTableIndex(*index))),
            Operand::Switch(table) => {
                let table = VariantJumpTable {
                    head_enum: self.enum_def(&ItemName::own(table.enum_.it), table.enum_.at)?,
                    jump_table: targets(names, &table.targets)?,
                };
                add_jump_table(jump_tables, table, at)
            }
            Operand::SwitchByName(enum_, arms) => {
                let head_enum = self.enum_def(&ItemName::own(enum_.it), enum_.at)?;
                let jump_table = self.arms(head_enum, arms, names, at)?;
                let table = VariantJumpTable {
                    head_enum,
                    jump_table,
                };
                add_jump_table(jump_tables, table, at)
            }
        }
    }

    fn constant_operand(&self, name: Name<'a>, at: Position) -> Result<ConstantPoolIndex> {
        match name {
            Name::Index(index) => Ok(ConstantPoolIndex(index)),
            Name::Word(word) => self.constant_named.get(word).copied().ok_or_else(|| {
                let known = self.syntax.constants.iter().map(|item| item.it.name);
                unknown("constant", word, at).did_you_mean(word, known)
            }),
        }
    }

    /// The targets in the order of the variants, each of which must have one.
    fn arms(
        &self,
        def: EnumDefinitionIndex,
        arms: &[(At<Name<'a>>, At<Name<'a>>)],
        names: &BodyNames<'_, 'a>,
        at: Position,
    ) -> Result<Vec<CodeOffset>> {
        let mut found: FxHashMap<u16, CodeOffset> = FxHashMap::default();
        for (variant, target) in arms {
            let tag = self.tag(def, variant)?;
            if found
                .insert(tag, names.target(target.it, target.at)?)
                .is_some()
            {
                let (what, name) = ("arms", format!("#{tag}"));
                let kind = AssemblyErrorKind::Ambiguous { what, name };
                return Err(AssemblyError::new(variant.at, kind));
            }
        }
        let item = self.syntax.enums.get(def.position());
        let count = item.map_or(arms.len(), |item| item.it.variants.len());
        let tags = 0..u16::try_from(count).unwrap_or(u16::MAX);
        let targets: Option<Vec<_>> = tags.map(|tag| found.get(&tag).copied()).collect();
        targets.ok_or_else(|| {
            let (expected, found) = ("an arm for each variant".into(), "fewer".into());
            let kind = AssemblyErrorKind::Expected { expected, found };
            AssemblyError::new(at, kind)
                .hint("a table that leaves some out is written as `[label, ..]`")
        })
    }

    fn target(
        &mut self,
        kind: OperandKind,
        target: &Target<'a>,
        scope: Scope<'_, 'a>,
        at: Position,
    ) -> Result<Value> {
        /// An entry of the instruction's own table, by number or made of parts.
        macro_rules! entry {
            ($value:ident, $index:ident, $entry:ident, $pool:ident) => {
                match alone(target) {
                    Some(index) => Value::$value($index(index)),
                    None => {
                        let made = self.$entry(target, scope, at)?;
                        Value::$value(self.$pool.intern(made, at)?)
                    }
                }
            };
        }
        // The compiler lists the type arguments of a call even if it has none.
        let is_call = kind == OperandKind::Function && alone(target).is_none();
        if is_call && !self.is_listed(TableKind::Signatures) {
            self.signatures.intern(Signature::default(), at)?;
        }
        Ok(match kind {
            OperandKind::Struct => match alone(target) {
                Some(index) => Value::Struct(StructDefinitionIndex(index)),
                None => Value::Struct(self.struct_target(target, at)?),
            },
            OperandKind::Function => Value::Function(self.function_target(target, at)?),
            OperandKind::StructInstance => entry!(
                StructInstance,
                StructDefInstantiationIndex,
                struct_instance,
                struct_instances
            ),
            OperandKind::FunctionInstance => entry!(
                FunctionInstance,
                FunctionInstantiationIndex,
                function_instance,
                function_instances
            ),
            OperandKind::Field => entry!(Field, FieldHandleIndex, field, fields),
            OperandKind::FieldInstance => entry!(
                FieldInstance,
                FieldInstantiationIndex,
                field_instance,
                field_instances
            ),
            OperandKind::Variant => entry!(Variant, VariantHandleIndex, variant, variants),
            _ => entry!(
                VariantInstance,
                VariantInstantiationHandleIndex,
                variant_instance,
                variant_instances
            ),
        })
    }
}

fn number_operand(kind: OperandKind, digits: &str, at: Position) -> Result<Value> {
    Ok(match kind {
        OperandKind::U8 => Value::U8(integer(kind, digits, at)?),
        OperandKind::U16 => Value::U16(integer(kind, digits, at)?),
        OperandKind::U32 => Value::U32(integer(kind, digits, at)?),
        OperandKind::U64 => Value::U64(integer(kind, digits, at)?),
        OperandKind::U128 => Value::U128(Box::new(integer(kind, digits, at)?)),
        _ => Value::U256(Box::new(integer(kind, digits, at)?)),
    })
}

fn targets<'a>(names: &BodyNames<'_, 'a>, list: &[At<Name<'a>>]) -> Result<Vec<CodeOffset>> {
    let targets = list.iter().map(|target| names.target(target.it, target.at));
    targets.collect()
}

fn add_jump_table(
    tables: &mut Vec<VariantJumpTable>,
    table: VariantJumpTable,
    at: Position,
) -> Result<Value> {
    let what = "jump tables";
    let index = u16::try_from(tables.len())
        .map_err(|_| AssemblyError::new(at, AssemblyErrorKind::TooMany { what }))?;
    tables.push(table);
    Ok(Value::JumpTable(VariantJumpTableIndex(index)))
}
