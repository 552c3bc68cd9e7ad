//! Operands have the types that instructions expect, and values the abilities
//! that instructions need.
//!
//! The types of locals never change, and the operand stack is empty between
//! blocks, so each block is checked on its own, in order, with one stack of
//! types.

use super::Function;
use super::control_flow::{Block, ControlFlowGraph};
use super::types::substitute;
use crate::error::Violation;
use crate::{Rule, WorkMeter, abilities};
use heddle_bytecode::{
    Ability, Bytecode, CompiledModule, DatatypeHandleIndex, EnumDefinitionIndex, FieldDefinition,
    FieldHandleIndex, FunctionHandleIndex, LocalIndex, SignatureIndex, SignatureToken,
    StructDefinitionIndex, VariantTag,
};

/// Checks every block of `function`.
pub(super) fn verify(
    function: &Function<'_>,
    graph: &ControlFlowGraph,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    for block in graph.blocks() {
        verify_block(function, block, meter)?;
    }
    Ok(())
}

fn verify_block(
    function: &Function<'_>,
    block: &Block,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    let mut checker = Checker {
        function,
        module: function.module,
        stack: Vec::new(),
        meter,
    };
    checker.meter.charge_each(block.len())?;
    for offset in block.offsets() {
        checker
            .instruction(function.instruction(offset))
            .map_err(|violation| violation.at(function.index, offset))?;
    }
    Ok(())
}

type Checked = Result<(), Violation>;

/// An instance of a struct or an enum as instructions name it.
struct Instance<'a> {
    handle: DatatypeHandleIndex,
    arguments: &'a [SignatureToken],
}

impl Instance<'_> {
    fn token(&self) -> SignatureToken {
        if self.arguments.is_empty() {
            SignatureToken::Datatype(self.handle)
        } else {
            SignatureToken::DatatypeInstantiation(Box::new((self.handle, self.arguments.to_vec())))
        }
    }

    fn is(&self, token: &SignatureToken) -> bool {
        match token {
            SignatureToken::Datatype(handle) => *handle == self.handle && self.arguments.is_empty(),
            SignatureToken::DatatypeInstantiation(other) => {
                other.0 == self.handle && other.1 == self.arguments
            }
            _ => false,
        }
    }
}

/// How a reference is made or taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Immutable,
    Mutable,
}

struct Checker<'a, 'm> {
    function: &'a Function<'a>,
    module: &'a CompiledModule,
    stack: Vec<SignatureToken>,
    meter: &'m mut WorkMeter,
}

fn mismatch(message: impl Into<String>) -> Violation {
    Violation::new(Rule::TypeMismatch, message)
}

fn reference(kind: Kind, inner: SignatureToken) -> SignatureToken {
    match kind {
        Kind::Immutable => SignatureToken::Reference(Box::new(inner)),
        Kind::Mutable => SignatureToken::MutableReference(Box::new(inner)),
    }
}

impl<'a> Checker<'a, '_> {
    fn push(&mut self, token: SignatureToken) -> Checked {
        // Twice: a hostile stack of large types is memory, not only time.
        let nodes = token.preorder().count();
        self.meter.charge_each(2 * nodes)?;
        self.stack.push(token);
        Ok(())
    }

    fn pop(&mut self) -> Result<SignatureToken, Violation> {
        self.stack
            .pop()
            .ok_or_else(|| Violation::new(Rule::StackUsage, "the operand stack is empty"))
    }

    fn expect(&mut self, expected: &SignatureToken) -> Checked {
        let found = self.pop()?;
        if found == *expected {
            Ok(())
        } else {
            Err(mismatch(format!(
                "a value of type {expected:?} is expected, {found:?} is there"
            )))
        }
    }

    fn integer(&mut self) -> Result<SignatureToken, Violation> {
        let found = self.pop()?;
        if found.is_integer() {
            Ok(found)
        } else {
            Err(mismatch(format!(
                "an integer is expected, {found:?} is there"
            )))
        }
    }

    fn need(&self, token: &SignatureToken, ability: Ability) -> Checked {
        if abilities(self.module, token, self.function.type_parameters).has(ability) {
            Ok(())
        } else {
            Err(Violation::new(
                Rule::MissingAbility,
                format!("a value of type {token:?} has no {}", ability.name()),
            ))
        }
    }

    /// Takes a reference and gives what it points to. A mutable one serves as
    /// an immutable one.
    fn referenced(&mut self, kind: Kind) -> Result<SignatureToken, Violation> {
        match (self.pop()?, kind) {
            (SignatureToken::MutableReference(inner), _)
            | (SignatureToken::Reference(inner), Kind::Immutable) => Ok(*inner),
            (found, _) => Err(mismatch(format!(
                "a {} is expected, {found:?} is there",
                match kind {
                    Kind::Immutable => "reference",
                    Kind::Mutable => "mutable reference",
                }
            ))),
        }
    }

    fn arguments(&self, index: SignatureIndex) -> &'a [SignatureToken] {
        &self.module[index].0
    }

    fn substituted(
        &mut self,
        token: &SignatureToken,
        arguments: &[SignatureToken],
    ) -> Result<SignatureToken, Violation> {
        substitute(token, arguments, self.meter)
    }

    fn instruction(&mut self, instruction: &Bytecode) -> Checked {
        use Bytecode as B;
        use SignatureToken as T;
        match instruction {
            B::Nop | B::Branch(_) => Ok(()),
            B::Pop => {
                let value = self.pop()?;
                self.need(&value, Ability::Drop)
            }
            B::BrTrue(_) | B::BrFalse(_) => self.expect(&T::Bool),
            B::Abort => self.expect(&T::U64),
            B::Ret => self.ret(),
            B::StLoc(local) => {
                let expected = self.local(*local).clone();
                self.expect(&expected)
            }
            B::CopyLoc(local) => {
                let token = self.local(*local).clone();
                self.need(&token, Ability::Copy)?;
                self.push(token)
            }
            B::MoveLoc(local) => self.push(self.local(*local).clone()),
            B::MutBorrowLoc(local) => self.borrow_local(Kind::Mutable, *local),
            B::ImmBorrowLoc(local) => self.borrow_local(Kind::Immutable, *local),
            B::LdU8(_) => self.push(T::U8),
            B::LdU16(_) => self.push(T::U16),
            B::LdU32(_) => self.push(T::U32),
            B::LdU64(_) => self.push(T::U64),
            B::LdU128(_) => self.push(T::U128),
            B::LdU256(_) => self.push(T::U256),
            B::LdTrue | B::LdFalse => self.push(T::Bool),
            B::LdConst(constant) => self.push(self.module[*constant].type_.clone()),
            B::CastU8 => self.cast(T::U8),
            B::CastU16 => self.cast(T::U16),
            B::CastU32 => self.cast(T::U32),
            B::CastU64 => self.cast(T::U64),
            B::CastU128 => self.cast(T::U128),
            B::CastU256 => self.cast(T::U256),
            B::Add | B::Sub | B::Mul | B::Mod | B::Div | B::BitOr | B::BitAnd | B::Xor => {
                let integer = self.integer()?;
                self.expect(&integer)?;
                self.push(integer)
            }
            B::Shl | B::Shr => {
                self.expect(&T::U8)?;
                let integer = self.integer()?;
                self.push(integer)
            }
            B::Lt | B::Gt | B::Le | B::Ge => {
                let integer = self.integer()?;
                self.expect(&integer)?;
                self.push(T::Bool)
            }
            B::Or | B::And => {
                self.expect(&T::Bool)?;
                self.expect(&T::Bool)?;
                self.push(T::Bool)
            }
            B::Not => {
                self.expect(&T::Bool)?;
                self.push(T::Bool)
            }
            B::Eq | B::Neq => {
                let value = self.pop()?;
                self.expect(&value)?;
                // Comparison consumes both values.
                self.need(&value, Ability::Drop)?;
                self.push(T::Bool)
            }
            B::FreezeRef => match self.pop()? {
                T::MutableReference(inner) => self.push(T::Reference(inner)),
                found => Err(mismatch(format!(
                    "a mutable reference is expected, {found:?} is there"
                ))),
            },
            B::ReadRef => {
                let value = self.referenced(Kind::Immutable)?;
                self.need(&value, Ability::Copy)?;
                self.push(value)
            }
            B::WriteRef => {
                let value = self.referenced(Kind::Mutable)?;
                // The old value is overwritten.
                self.need(&value, Ability::Drop)?;
                self.expect(&value)
            }
            _ => self.structured(instruction),
        }
    }

    /// Calls, datatypes and vectors.
    fn structured(&mut self, instruction: &Bytecode) -> Checked {
        use Bytecode as B;
        use Kind::{Immutable, Mutable};
        match instruction {
            B::Call(handle) => self.call(*handle, &[]),
            B::CallGeneric(index) => {
                let instantiation = &self.module[*index];
                let arguments = self.arguments(instantiation.type_parameters);
                self.call(instantiation.handle, arguments)
            }
            B::MutBorrowField(field) => self.borrow_field(Mutable, *field, &[]),
            B::ImmBorrowField(field) => self.borrow_field(Immutable, *field, &[]),
            B::MutBorrowFieldGeneric(index) => {
                let instantiation = &self.module[*index];
                let arguments = self.arguments(instantiation.type_parameters);
                self.borrow_field(Mutable, instantiation.handle, arguments)
            }
            B::ImmBorrowFieldGeneric(index) => {
                let instantiation = &self.module[*index];
                let arguments = self.arguments(instantiation.type_parameters);
                self.borrow_field(Immutable, instantiation.handle, arguments)
            }
            B::Pack(def) => self.pack_struct(*def, &[]),
            B::PackGeneric(index) => {
                let instantiation = &self.module[*index];
                let arguments = self.arguments(instantiation.type_parameters);
                self.pack_struct(instantiation.def, arguments)
            }
            B::Unpack(def) => self.unpack_struct(*def, &[]),
            B::UnpackGeneric(index) => {
                let instantiation = &self.module[*index];
                let arguments = self.arguments(instantiation.type_parameters);
                self.unpack_struct(instantiation.def, arguments)
            }
            B::VecPack(..)
            | B::VecLen(_)
            | B::VecImmBorrow(_)
            | B::VecMutBorrow(_)
            | B::VecPushBack(_)
            | B::VecPopBack(_)
            | B::VecUnpack(..)
            | B::VecSwap(_) => self.vector(instruction),
            _ => self.variant(instruction),
        }
    }

    fn variant(&mut self, instruction: &Bytecode) -> Checked {
        use Bytecode as B;
        use Kind::{Immutable, Mutable};
        let module = self.module;
        match instruction {
            B::PackVariant(index) => {
                let handle = &module[*index];
                self.pack_variant(handle.enum_def, handle.variant, &[])
            }
            B::UnpackVariant(index) => {
                let handle = &module[*index];
                self.unpack_variant(handle.enum_def, handle.variant, &[])
            }
            B::UnpackVariantImmRef(index) => {
                let handle = &module[*index];
                self.unpack_variant_reference(Immutable, handle.enum_def, handle.variant, &[])
            }
            B::UnpackVariantMutRef(index) => {
                let handle = &module[*index];
                self.unpack_variant_reference(Mutable, handle.enum_def, handle.variant, &[])
            }
            B::PackVariantGeneric(index) => {
                let handle = &module[*index];
                let instantiation = &module[handle.enum_def];
                let arguments = self.arguments(instantiation.type_parameters);
                self.pack_variant(instantiation.def, handle.variant, arguments)
            }
            B::UnpackVariantGeneric(index) => {
                let handle = &module[*index];
                let instantiation = &module[handle.enum_def];
                let arguments = self.arguments(instantiation.type_parameters);
                self.unpack_variant(instantiation.def, handle.variant, arguments)
            }
            B::UnpackVariantGenericImmRef(index) => {
                let handle = &module[*index];
                let instantiation = &module[handle.enum_def];
                let arguments = self.arguments(instantiation.type_parameters);
                self.unpack_variant_reference(
                    Immutable,
                    instantiation.def,
                    handle.variant,
                    arguments,
                )
            }
            B::UnpackVariantGenericMutRef(index) => {
                let handle = &module[*index];
                let instantiation = &module[handle.enum_def];
                let arguments = self.arguments(instantiation.type_parameters);
                self.unpack_variant_reference(Mutable, instantiation.def, handle.variant, arguments)
            }
            B::VariantSwitch(index) => {
                let head = self.function.code.jump_tables[index.position()].head_enum;
                let handle = module[head].enum_handle;
                match self.pop()? {
                    SignatureToken::Reference(inner) if datatype(&inner) == Some(handle) => Ok(()),
                    found => Err(mismatch(format!(
                        "a reference to the enum of the jump table is expected, {found:?} is there"
                    ))),
                }
            }
            other => Err(Violation::new(
                Rule::GlobalStorage,
                format!("{other:?} is not supported"),
            )),
        }
    }

    fn local(&self, local: LocalIndex) -> &'a SignatureToken {
        self.function.locals()[local.position()]
    }

    fn ret(&mut self) -> Checked {
        self.function
            .returns
            .iter()
            .rev()
            .try_for_each(|token| self.expect(token))
    }

    fn cast(&mut self, target: SignatureToken) -> Checked {
        self.integer()?;
        self.push(target)
    }

    fn borrow_local(&mut self, kind: Kind, local: LocalIndex) -> Checked {
        let token = self.local(local);
        if token.is_reference() {
            return Err(mismatch("a reference to a reference"));
        }
        self.push(reference(kind, token.clone()))
    }

    fn call(&mut self, index: FunctionHandleIndex, arguments: &[SignatureToken]) -> Checked {
        let handle = &self.module[index];
        for parameter in self.arguments(handle.parameters).iter().rev() {
            let expected = self.substituted(parameter, arguments)?;
            self.expect(&expected)?;
        }
        for result in self.arguments(handle.return_) {
            let result = self.substituted(result, arguments)?;
            self.push(result)?;
        }
        Ok(())
    }

    fn struct_instance<'b>(
        &self,
        def: StructDefinitionIndex,
        arguments: &'b [SignatureToken],
    ) -> Instance<'b> {
        Instance {
            handle: self.module[def].struct_handle,
            arguments,
        }
    }

    fn enum_instance<'b>(
        &self,
        def: EnumDefinitionIndex,
        arguments: &'b [SignatureToken],
    ) -> Instance<'b> {
        Instance {
            handle: self.module[def].enum_handle,
            arguments,
        }
    }

    fn variant_fields(
        &self,
        def: EnumDefinitionIndex,
        variant: VariantTag,
    ) -> &'a [FieldDefinition] {
        &self.module[def].variants[usize::from(variant.0)].fields
    }

    fn borrow_field(
        &mut self,
        kind: Kind,
        index: FieldHandleIndex,
        arguments: &[SignatureToken],
    ) -> Checked {
        let handle = &self.module[index];
        let owner = self.referenced(kind)?;
        self.is_instance(&self.struct_instance(handle.owner, arguments), &owner)?;
        let field = &self.module[handle.owner].fields()[handle.field.position()].signature;
        let field = self.substituted(field, arguments)?;
        self.push(reference(kind, field))
    }

    fn is_instance(&self, instance: &Instance<'_>, found: &SignatureToken) -> Checked {
        if instance.is(found) {
            Ok(())
        } else {
            Err(mismatch(format!(
                "a {:?} is expected, {found:?} is there",
                instance.token()
            )))
        }
    }

    fn pack_fields(&mut self, instance: &Instance<'_>, fields: &[FieldDefinition]) -> Checked {
        for field in fields.iter().rev() {
            let expected = self.substituted(&field.signature, instance.arguments)?;
            self.expect(&expected)?;
        }
        self.push(instance.token())
    }

    fn unpack_fields(&mut self, instance: &Instance<'_>, fields: &[FieldDefinition]) -> Checked {
        let found = self.pop()?;
        self.is_instance(instance, &found)?;
        for field in fields {
            let field = self.substituted(&field.signature, instance.arguments)?;
            self.push(field)?;
        }
        Ok(())
    }

    fn pack_struct(&mut self, def: StructDefinitionIndex, arguments: &[SignatureToken]) -> Checked {
        let instance = self.struct_instance(def, arguments);
        self.pack_fields(&instance, self.module[def].fields())
    }

    fn unpack_struct(
        &mut self,
        def: StructDefinitionIndex,
        arguments: &[SignatureToken],
    ) -> Checked {
        let instance = self.struct_instance(def, arguments);
        self.unpack_fields(&instance, self.module[def].fields())
    }

    fn pack_variant(
        &mut self,
        def: EnumDefinitionIndex,
        variant: VariantTag,
        arguments: &[SignatureToken],
    ) -> Checked {
        let instance = self.enum_instance(def, arguments);
        self.pack_fields(&instance, self.variant_fields(def, variant))
    }

    fn unpack_variant(
        &mut self,
        def: EnumDefinitionIndex,
        variant: VariantTag,
        arguments: &[SignatureToken],
    ) -> Checked {
        let instance = self.enum_instance(def, arguments);
        self.unpack_fields(&instance, self.variant_fields(def, variant))
    }

    fn unpack_variant_reference(
        &mut self,
        kind: Kind,
        def: EnumDefinitionIndex,
        variant: VariantTag,
        arguments: &[SignatureToken],
    ) -> Checked {
        let owner = self.referenced(kind)?;
        self.is_instance(&self.enum_instance(def, arguments), &owner)?;
        for field in self.variant_fields(def, variant) {
            let field = self.substituted(&field.signature, arguments)?;
            self.push(reference(kind, field))?;
        }
        Ok(())
    }

    /// The element type that a vector instruction names.
    fn element(&self, index: SignatureIndex) -> Result<&'a SignatureToken, Violation> {
        self.arguments(index).first().ok_or_else(|| {
            Violation::new(Rule::VectorOperand, "the instruction names no element type")
        })
    }

    fn vector_behind(&mut self, kind: Kind, element: &SignatureToken) -> Checked {
        match self.referenced(kind)? {
            SignatureToken::Vector(found) if *found == *element => Ok(()),
            found => Err(mismatch(format!(
                "a vector of {element:?} is expected, {found:?} is there"
            ))),
        }
    }

    fn vector(&mut self, instruction: &Bytecode) -> Checked {
        use Bytecode as B;
        use SignatureToken as T;
        match instruction {
            B::VecPack(index, count) => {
                let element = self.element(*index)?;
                for _ in 0..*count {
                    self.expect(element)?;
                }
                self.push(T::Vector(Box::new(element.clone())))
            }
            B::VecUnpack(index, count) => {
                let element = self.element(*index)?;
                self.expect(&T::Vector(Box::new(element.clone())))?;
                for _ in 0..*count {
                    self.push(element.clone())?;
                }
                Ok(())
            }
            B::VecLen(index) => {
                let element = self.element(*index)?;
                self.vector_behind(Kind::Immutable, element)?;
                self.push(T::U64)
            }
            B::VecImmBorrow(index) => self.borrow_element(Kind::Immutable, *index),
            B::VecMutBorrow(index) => self.borrow_element(Kind::Mutable, *index),
            B::VecPushBack(index) => {
                let element = self.element(*index)?;
                self.expect(element)?;
                self.vector_behind(Kind::Mutable, element)
            }
            B::VecPopBack(index) => {
                let element = self.element(*index)?;
                self.vector_behind(Kind::Mutable, element)?;
                self.push(element.clone())
            }
            B::VecSwap(index) => {
                let element = self.element(*index)?;
                self.expect(&T::U64)?;
                self.expect(&T::U64)?;
                self.vector_behind(Kind::Mutable, element)
            }
            other => Err(mismatch(format!("{other:?} is no vector instruction"))),
        }
    }

    fn borrow_element(&mut self, kind: Kind, index: SignatureIndex) -> Checked {
        let element = self.element(index)?;
        self.expect(&SignatureToken::U64)?;
        self.vector_behind(kind, element)?;
        self.push(reference(kind, element.clone()))
    }
}

/// The datatype that a type is an instance of.
fn datatype(token: &SignatureToken) -> Option<DatatypeHandleIndex> {
    match token {
        SignatureToken::Datatype(handle) => Some(*handle),
        SignatureToken::DatatypeInstantiation(instantiation) => Some(instantiation.0),
        _ => None,
    }
}
