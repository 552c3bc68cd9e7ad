//! Every index points into its table.
//!
//! The first pass: all that follow look entries up without asking. It covers
//! the tables, the types in them, and the code; and it counts type arguments,
//! so that later passes may pair them with type parameters.

use std::collections::BTreeSet;

use heddle_bytecode::{
    Bytecode, CodeOffset, CodeUnit, CompiledModule, DatatypeHandle, EnumDefinition,
    FieldDefinition, FunctionDefinition, FunctionDefinitionIndex, FunctionHandle, LocalIndex,
    ModuleHandle, Signature, SignatureIndex, SignatureToken, StructDefinition, TableIndex,
    VariantJumpTable, VariantTag,
};

use crate::{Rule, WorkMeter, error::Violation};

pub(crate) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    let mut bounds = Bounds { module, meter };
    bounds.handles()?;
    bounds.definitions()?;
    bounds.instantiations()?;
    for (index, definition) in module.entries::<FunctionDefinitionIndex>() {
        bounds
            .function(index, definition)
            .map_err(|violation| violation.in_function(index))?;
    }
    Ok(())
}

struct Bounds<'a, 'm> {
    module: &'a CompiledModule,
    meter: &'m mut WorkMeter,
}

/// A position that must be below a count which is not a table's length.
fn below(what: &str, position: usize, count: usize) -> Result<(), Violation> {
    if position < count {
        return Ok(());
    }
    Err(Violation::new(
        Rule::IndexOutOfBounds,
        format!("{what} {position} does not exist, there are {count}"),
    ))
}

fn same_count(what: &str, expected: usize, found: usize) -> Result<(), Violation> {
    if expected == found {
        return Ok(());
    }
    Err(Violation::new(
        Rule::TypeArgumentCount,
        format!("{what} takes {expected} type arguments, but has {found}"),
    ))
}

impl<'a> Bounds<'a, '_> {
    /// The entry at `index`.
    fn get<I: TableIndex>(&self, index: I) -> Result<&'a I::Entry, Violation> {
        let entries = I::table(self.module);
        below(I::KIND, index.position(), entries.len())?;
        Ok(&entries[index.position()])
    }

    fn handles(&mut self) -> Result<(), Violation> {
        let module = self.module;
        self.get(module.self_module_handle)?;
        for handle in module.module_handles.iter().chain(&module.friend_decls) {
            self.module_handle(handle)?;
        }
        for handle in &module.datatype_handles {
            self.datatype_handle(handle)?;
        }
        // Types name datatypes, whose handles are in order from here on.
        for signature in &module.signatures {
            for token in &signature.0 {
                self.type_(token)?;
            }
        }
        for constant in &module.constant_pool {
            self.type_(&constant.type_)?;
        }
        for handle in &module.function_handles {
            self.function_handle(handle)?;
        }
        Ok(())
    }

    fn module_handle(&mut self, handle: &ModuleHandle) -> Result<(), Violation> {
        self.meter.charge(1)?;
        self.get(handle.address)?;
        self.get(handle.name)?;
        Ok(())
    }

    fn datatype_handle(&mut self, handle: &DatatypeHandle) -> Result<(), Violation> {
        self.meter.charge(1)?;
        self.get(handle.module)?;
        self.get(handle.name)?;
        Ok(())
    }

    fn function_handle(&mut self, handle: &FunctionHandle) -> Result<(), Violation> {
        self.meter.charge(1)?;
        self.get(handle.module)?;
        self.get(handle.name)?;
        let type_parameters = handle.type_parameters.len();
        self.open_signature(handle.parameters, type_parameters)?;
        self.open_signature(handle.return_, type_parameters)?;
        Ok(())
    }

    /// A type: its datatypes exist and have the right number of arguments.
    fn type_(&mut self, token: &SignatureToken) -> Result<(), Violation> {
        for token in token.preorder() {
            self.meter.charge(1)?;
            let (handle, arguments) = match token {
                SignatureToken::Datatype(handle) => (*handle, 0),
                SignatureToken::DatatypeInstantiation(instantiation) => {
                    (instantiation.0, instantiation.1.len())
                }
                _ => continue,
            };
            let datatype = self.get(handle)?;
            same_count("a datatype", datatype.type_parameters.len(), arguments)?;
        }
        Ok(())
    }

    /// The type parameters in a type exist where the type is used.
    fn type_parameters(
        &mut self,
        token: &SignatureToken,
        type_parameters: usize,
    ) -> Result<(), Violation> {
        for token in token.preorder() {
            self.meter.charge(1)?;
            if let SignatureToken::TypeParameter(index) = token {
                below("type parameter", index.position(), type_parameters)?;
            }
        }
        Ok(())
    }

    /// A signature that is used where there are `type_parameters`.
    fn open_signature(
        &mut self,
        index: SignatureIndex,
        type_parameters: usize,
    ) -> Result<&'a Signature, Violation> {
        let signature = self.get(index)?;
        for token in &signature.0 {
            self.type_parameters(token, type_parameters)?;
        }
        Ok(signature)
    }

    fn definitions(&mut self) -> Result<(), Violation> {
        let module = self.module;
        for definition in &module.struct_defs {
            self.struct_def(definition)?;
        }
        for definition in &module.enum_defs {
            self.enum_def(definition)?;
        }
        Ok(())
    }

    fn struct_def(&mut self, definition: &StructDefinition) -> Result<(), Violation> {
        self.meter.charge(1)?;
        let type_parameters = self.get(definition.struct_handle)?.type_parameters.len();
        self.fields(definition.fields(), type_parameters)
    }

    fn enum_def(&mut self, definition: &EnumDefinition) -> Result<(), Violation> {
        self.meter.charge(1)?;
        let type_parameters = self.get(definition.enum_handle)?.type_parameters.len();
        for variant in &definition.variants {
            self.meter.charge(1)?;
            self.get(variant.variant_name)?;
            self.fields(&variant.fields, type_parameters)?;
        }
        Ok(())
    }

    fn fields(
        &mut self,
        fields: &[FieldDefinition],
        type_parameters: usize,
    ) -> Result<(), Violation> {
        for field in fields {
            self.get(field.name)?;
            self.type_(&field.signature)?;
            self.type_parameters(&field.signature, type_parameters)?;
        }
        Ok(())
    }

    fn instantiations(&mut self) -> Result<(), Violation> {
        let module = self.module;
        for handle in &module.field_handles {
            self.meter.charge(1)?;
            let fields = self.get(handle.owner)?.fields().len();
            below("field", handle.field.position(), fields)?;
        }
        for instantiation in &module.struct_def_instantiations {
            let datatype = self.get(self.get(instantiation.def)?.struct_handle)?;
            self.arguments(
                instantiation.type_parameters,
                datatype.type_parameters.len(),
            )?;
        }
        for instantiation in &module.enum_def_instantiations {
            let datatype = self.get(self.get(instantiation.def)?.enum_handle)?;
            self.arguments(
                instantiation.type_parameters,
                datatype.type_parameters.len(),
            )?;
        }
        for instantiation in &module.function_instantiations {
            let function = self.get(instantiation.handle)?;
            self.arguments(
                instantiation.type_parameters,
                function.type_parameters.len(),
            )?;
        }
        for instantiation in &module.field_instantiations {
            let owner = self.get(self.get(instantiation.handle)?.owner)?;
            let datatype = self.get(owner.struct_handle)?;
            self.arguments(
                instantiation.type_parameters,
                datatype.type_parameters.len(),
            )?;
        }
        for handle in &module.variant_handles {
            self.meter.charge(1)?;
            self.variant(self.get(handle.enum_def)?, handle.variant)?;
        }
        for handle in &module.variant_instantiation_handles {
            self.meter.charge(1)?;
            let instantiation = self.get(handle.enum_def)?;
            self.variant(self.get(instantiation.def)?, handle.variant)?;
        }
        Ok(())
    }

    fn arguments(&mut self, index: SignatureIndex, expected: usize) -> Result<(), Violation> {
        self.meter.charge(1)?;
        let found = self.get(index)?.len();
        same_count("an instantiated item", expected, found)
    }

    fn variant(&self, definition: &EnumDefinition, variant: VariantTag) -> Result<(), Violation> {
        below("variant", variant.position(), definition.variants.len())
    }

    fn function(
        &mut self,
        index: FunctionDefinitionIndex,
        definition: &FunctionDefinition,
    ) -> Result<(), Violation> {
        self.meter.charge(1)?;
        let handle = self.get(definition.function)?;
        for acquired in &definition.acquires_global_resources {
            self.get(*acquired)?;
        }
        let Some(code) = &definition.code else {
            return Ok(());
        };
        let type_parameters = handle.type_parameters.len();
        let parameters = self.get(handle.parameters)?.len();
        let locals = parameters + self.open_signature(code.locals, type_parameters)?.len();
        for table in &code.jump_tables {
            self.jump_table(table, code)?;
        }
        let mut open = OpenTypes {
            type_parameters,
            seen: BTreeSet::new(),
        };
        for (offset, instruction) in (0u16..=u16::MAX).zip(&code.code) {
            self.instruction(instruction, code, locals, &mut open)
                .map_err(|violation| violation.at(index, CodeOffset(offset)))?;
        }
        Ok(())
    }

    fn jump_table(&mut self, table: &VariantJumpTable, code: &CodeUnit) -> Result<(), Violation> {
        self.meter.charge_each(table.jump_table.len() + 1)?;
        self.get(table.head_enum)?;
        table
            .jump_table
            .iter()
            .try_for_each(|target| self.target(*target, code))
    }

    fn target(&self, target: CodeOffset, code: &CodeUnit) -> Result<(), Violation> {
        below("branch target", target.position(), code.code.len())
    }

    fn local(&self, local: LocalIndex, locals: usize) -> Result<(), Violation> {
        below("local", local.position(), locals)
    }

    fn instruction(
        &mut self,
        instruction: &Bytecode,
        code: &CodeUnit,
        locals: usize,
        open: &mut OpenTypes,
    ) -> Result<(), Violation> {
        use Bytecode as B;

        self.meter.charge(1)?;
        match instruction {
            B::BrTrue(target) | B::BrFalse(target) | B::Branch(target) => {
                self.target(*target, code)?;
            }
            B::LdConst(constant) => {
                self.get(*constant)?;
            }
            B::CopyLoc(local)
            | B::MoveLoc(local)
            | B::StLoc(local)
            | B::MutBorrowLoc(local)
            | B::ImmBorrowLoc(local) => self.local(*local, locals)?,
            B::MutBorrowField(field) | B::ImmBorrowField(field) => {
                self.get(*field)?;
            }
            B::MutBorrowFieldGeneric(field) | B::ImmBorrowFieldGeneric(field) => {
                let arguments = self.get(*field)?.type_parameters;
                self.open_once(arguments, open)?;
            }
            B::Call(function) => {
                self.get(*function)?;
            }
            B::CallGeneric(function) => {
                let arguments = self.get(*function)?.type_parameters;
                self.open_once(arguments, open)?;
            }
            B::Pack(def)
            | B::Unpack(def)
            | B::ExistsDeprecated(def)
            | B::MoveFromDeprecated(def)
            | B::MoveToDeprecated(def)
            | B::MutBorrowGlobalDeprecated(def)
            | B::ImmBorrowGlobalDeprecated(def) => {
                self.get(*def)?;
            }
            B::PackGeneric(def)
            | B::UnpackGeneric(def)
            | B::ExistsGenericDeprecated(def)
            | B::MoveFromGenericDeprecated(def)
            | B::MoveToGenericDeprecated(def)
            | B::MutBorrowGlobalGenericDeprecated(def)
            | B::ImmBorrowGlobalGenericDeprecated(def) => {
                let arguments = self.get(*def)?.type_parameters;
                self.open_once(arguments, open)?;
            }
            B::VecPack(element, _)
            | B::VecLen(element)
            | B::VecImmBorrow(element)
            | B::VecMutBorrow(element)
            | B::VecPushBack(element)
            | B::VecPopBack(element)
            | B::VecUnpack(element, _)
            | B::VecSwap(element) => self.open_once(*element, open)?,
            B::PackVariant(variant)
            | B::UnpackVariant(variant)
            | B::UnpackVariantImmRef(variant)
            | B::UnpackVariantMutRef(variant) => {
                self.get(*variant)?;
            }
            B::PackVariantGeneric(variant)
            | B::UnpackVariantGeneric(variant)
            | B::UnpackVariantGenericImmRef(variant)
            | B::UnpackVariantGenericMutRef(variant) => {
                let arguments = self.get(self.get(*variant)?.enum_def)?.type_parameters;
                self.open_once(arguments, open)?;
            }
            B::VariantSwitch(table) => {
                below("jump table", table.position(), code.jump_tables.len())?;
            }
            B::Pop
            | B::Ret
            | B::LdU8(_)
            | B::LdU16(_)
            | B::LdU32(_)
            | B::LdU64(_)
            | B::LdU128(_)
            | B::LdU256(_)
            | B::CastU8
            | B::CastU16
            | B::CastU32
            | B::CastU64
            | B::CastU128
            | B::CastU256
            | B::LdTrue
            | B::LdFalse
            | B::ReadRef
            | B::WriteRef
            | B::FreezeRef
            | B::Add
            | B::Sub
            | B::Mul
            | B::Mod
            | B::Div
            | B::BitOr
            | B::BitAnd
            | B::Xor
            | B::Shl
            | B::Shr
            | B::Or
            | B::And
            | B::Not
            | B::Eq
            | B::Neq
            | B::Lt
            | B::Gt
            | B::Le
            | B::Ge
            | B::Abort
            | B::Nop => {}
        }
        Ok(())
    }

    /// Like [`Bounds::open_signature`], once for each signature of a function.
    fn open_once(&mut self, index: SignatureIndex, open: &mut OpenTypes) -> Result<(), Violation> {
        self.get(index)?;
        if open.seen.insert(index) {
            self.open_signature(index, open.type_parameters)?;
        }
        Ok(())
    }
}

/// Which signatures have been checked against a function's type parameters.
struct OpenTypes {
    type_parameters: usize,
    seen: BTreeSet<SignatureIndex>,
}
