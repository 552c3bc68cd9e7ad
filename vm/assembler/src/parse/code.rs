//! Function bodies.

use super::{Parser, Result};
use crate::error::{AssemblyError, AssemblyErrorKind};
use crate::lexer::Token;
use crate::syntax::{At, Body, Instruction, ItemName, JumpTable, Operand, Target, Types};
use heddle_bytecode::{Opcode, OperandKind};

impl<'a> Parser<'a> {
    pub(super) fn body(&mut self) -> Result<Body<'a>> {
        if !self.eat("{")? {
            return Err(self
                .expected("`{`")
                .hint("a function without a body is `native`"));
        }
        let mut body = Body {
            local_names: Vec::new(),
            locals: Types::List(Vec::new()),
            jump_tables: Vec::new(),
            labels: Vec::new(),
            code: Vec::new(),
        };
        self.locals(&mut body)?;
        while !self.eat("}")? {
            let at = self.position()?;
            let expected = "an instruction, a label or `}`";
            let Token::Word(word) = *self.peek()? else {
                return Err(self.expected(expected));
            };
            if *self.peek_second()? == Token::Symbol(":") {
                let name = self.word("a label")?;
                self.need(":")?;
                body.labels.push((name, body.code.len()));
                continue;
            }
            let Some(opcode) = Opcode::from_name(word) else {
                let (what, name) = ("instruction", word.chars().take(80).collect());
                let kind = AssemblyErrorKind::Unknown { what, name };
                let names = Opcode::ALL.iter().map(|opcode| opcode.name());
                return Err(AssemblyError::new(at, kind).did_you_mean(word, names));
            };
            self.next()?;
            let mut operands = Vec::new();
            for (_, kind) in opcode.operands() {
                let at = self.position()?;
                let it = self.operand(*kind)?;
                operands.push(At { at, it });
            }
            let it = Instruction { opcode, operands };
            body.code.push(At { at, it });
        }
        Ok(body)
    }

    fn locals(&mut self, body: &mut Body<'a>) -> Result<()> {
        if self.is_word("locals")? && *self.peek_second()? != Token::Symbol(":") {
            self.next()?;
            body.locals = self.types_in_parentheses()?;
            self.need(";")?;
        } else {
            let mut types = Vec::new();
            while self.is_word("let")? && *self.peek_second()? != Token::Symbol(":") {
                self.next()?;
                body.local_names.push(self.word("the name of a local")?);
                self.need(":")?;
                types.push(self.type_()?);
                self.need(";")?;
            }
            body.locals = Types::List(types);
        }
        while self.is_word("jump_table")? && *self.peek_second()? != Token::Symbol(":") {
            self.next()?;
            let enum_ = self.name("an enum")?;
            self.need("[")?;
            let targets = self.list("]", |parser| parser.name("a label"))?;
            body.jump_tables.push(JumpTable { enum_, targets });
            self.need(";")?;
        }
        Ok(())
    }

    fn operand(&mut self, kind: OperandKind) -> Result<Operand<'a>> {
        Ok(match kind {
            OperandKind::U8
            | OperandKind::U16
            | OperandKind::U32
            | OperandKind::U64
            | OperandKind::U128
            | OperandKind::U256 => Operand::Number(self.digits(kind.words())?.it),
            OperandKind::Target => Operand::Name(self.name("a label")?.it),
            OperandKind::Local => Operand::Name(self.name("a local")?.it),
            OperandKind::Constant => {
                if self.eat("(")? {
                    let type_ = self.type_()?;
                    self.need("=")?;
                    let value = self.literal()?;
                    self.need(")")?;
                    Operand::Constant(type_, value)
                } else {
                    Operand::Name(self.name("a constant, `(type = value)`")?.it)
                }
            }
            OperandKind::Types => match self.type_arguments()? {
                Some(types) => Operand::Types(types),
                None => return Err(self.expected("types as `<u64>` or `@` and an index")),
            },
            OperandKind::JumpTable => self.switch()?,
            _ => Operand::Target(self.target(kind)?),
        })
    }

    fn switch(&mut self) -> Result<Operand<'a>> {
        let enum_ = self.name("an enum")?;
        if self.eat("[")? {
            let targets = self.list("]", |parser| parser.name("a label"))?;
            return Ok(Operand::Switch(JumpTable { enum_, targets }));
        }
        if self.eat("{")? {
            let arms = self.list("}", |parser| {
                let variant = parser.name("a variant")?;
                parser.need(":")?;
                Ok((variant, parser.name("a label")?))
            })?;
            return Ok(Operand::SwitchByName(enum_, arms));
        }
        match enum_.it {
            crate::syntax::Name::Index(index) => Ok(Operand::JumpTableIndex(index)),
            crate::syntax::Name::Word(_) => {
                Err(self.expected("`{ Variant: label, .. }` or `[label, ..]`"))
            }
        }
    }

    /// What an operand of `kind` or an entry of its table names.
    pub(super) fn target(&mut self, kind: OperandKind) -> Result<Target<'a>> {
        let item = match kind {
            OperandKind::Function | OperandKind::FunctionInstance => {
                self.item_name(kind.words())?.it
            }
            _ => ItemName::own(self.name(kind.words())?.it),
        };
        let arguments = self.type_arguments()?;
        let member = match kind {
            OperandKind::Field | OperandKind::FieldInstance if self.eat(".")? => {
                Some(self.name("the name of a field")?)
            }
            OperandKind::Variant | OperandKind::VariantInstance if self.eat("::")? => {
                Some(self.name("the name of a variant")?)
            }
            _ => None,
        };
        Ok(Target {
            item,
            arguments,
            member,
        })
    }
}
