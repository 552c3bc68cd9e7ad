//! Types are well formed where they are used.
//!
//! - A reference is never a part of another type, a field or a type argument.
//! - Type arguments have the abilities that their parameters demand, in every
//!   type and in every instruction.
//! - A phantom type parameter stands only where no value of it can exist.

use std::collections::BTreeSet;

use heddle_bytecode::{
    AbilitySet, Bytecode, CodeOffset, CodeUnit, CompiledModule, DatatypeHandle,
    DatatypeHandleIndex, EnumDefInstantiationIndex, FieldDefinition, FieldInstantiationIndex,
    FunctionDefinitionIndex, FunctionInstantiationIndex, SignatureIndex, SignatureToken,
    StructDefInstantiationIndex,
};

use crate::{Rule, WorkMeter, error::Violation, words};

pub(crate) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    let mut types = Types { module, meter };
    types.signature_pool()?;
    types.function_handles()?;
    types.datatypes()?;
    for (index, definition) in module.entries::<FunctionDefinitionIndex>() {
        let Some(code) = &definition.code else {
            continue;
        };
        let type_parameters = &module[definition.function].type_parameters;
        types
            .code(index, code, type_parameters)
            .map_err(|violation| violation.in_function(index))?;
    }
    Ok(())
}

/// What an instruction instantiates; checked once for each function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Instantiated {
    Function(FunctionInstantiationIndex),
    Struct(StructDefInstantiationIndex),
    Field(FieldInstantiationIndex),
    Enum(EnumDefInstantiationIndex),
    Vector(SignatureIndex),
}

struct Types<'a, 'm> {
    module: &'a CompiledModule,
    meter: &'m mut WorkMeter,
}

impl<'a> Types<'a, '_> {
    fn signature_pool(&mut self) -> Result<(), Violation> {
        for signature in &self.module.signatures {
            for token in &signature.0 {
                token
                    .children()
                    .iter()
                    .try_for_each(|part| self.no_reference(part))?;
            }
        }
        Ok(())
    }

    fn no_reference(&mut self, token: &SignatureToken) -> Result<(), Violation> {
        for token in token.preorder() {
            self.meter.charge(1)?;
            if token.is_reference() {
                let message = "a reference is a part of another type, a field or a type argument";
                return Err(Violation::new(Rule::NestedReference, message));
            }
        }
        Ok(())
    }

    fn function_handles(&mut self) -> Result<(), Violation> {
        for handle in &self.module.function_handles {
            let lists = [handle.parameters, handle.return_];
            for token in lists.iter().flat_map(|list| &self.module[*list].0) {
                self.constraints(token, &handle.type_parameters)
                    .map_err(|mut violation| {
                        let name = &self.module[handle.name];
                        violation.message =
                            format!("in the signature of {name}: {}", violation.message);
                        violation
                    })?;
            }
        }
        Ok(())
    }

    fn datatypes(&mut self) -> Result<(), Violation> {
        for definition in &self.module.struct_defs {
            self.fields(definition.struct_handle, definition.fields())?;
        }
        for definition in &self.module.enum_defs {
            for variant in &definition.variants {
                self.fields(definition.enum_handle, &variant.fields)?;
            }
        }
        Ok(())
    }

    fn fields(
        &mut self,
        owner: DatatypeHandleIndex,
        fields: &[FieldDefinition],
    ) -> Result<(), Violation> {
        let handle = &self.module[owner];
        let type_parameters: Vec<_> = handle.constraints().collect();
        for field in fields {
            self.field(handle, &type_parameters, field)
                .map_err(|mut violation| {
                    let datatype = words::datatype(self.module, owner);
                    let name = &self.module[field.name];
                    violation.message = format!("{datatype}'s field {name}: {}", violation.message);
                    violation
                })?;
        }
        Ok(())
    }

    fn field(
        &mut self,
        owner: &DatatypeHandle,
        type_parameters: &[AbilitySet],
        field: &FieldDefinition,
    ) -> Result<(), Violation> {
        self.no_reference(&field.signature)?;
        self.constraints(&field.signature, type_parameters)?;
        self.phantom(&field.signature, false, owner)
    }

    /// Checks every instantiation inside a type and returns its abilities.
    ///
    /// Recurses as deep as the type, which the format bounds.
    fn constraints(
        &mut self,
        token: &SignatureToken,
        type_parameters: &[AbilitySet],
    ) -> Result<AbilitySet, Violation> {
        use SignatureToken as T;

        self.meter.charge(1)?;
        match token {
            T::Reference(target) | T::MutableReference(target) => {
                self.constraints(target, type_parameters)?;
                Ok(AbilitySet::REFERENCES)
            }
            T::Vector(element) => {
                let element = self.constraints(element, type_parameters)?;
                Ok(AbilitySet::polymorphic(
                    AbilitySet::VECTOR,
                    [(false, element)],
                ))
            }
            T::DatatypeInstantiation(instantiation) => {
                let (index, arguments) = &**instantiation;
                let handle = &self.module[*index];
                let mut found = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    found.push(self.constraints(argument, type_parameters)?);
                }
                satisfied(&found, handle.constraints(), || {
                    words::datatype(self.module, *index)
                })?;
                Ok(handle.abilities_with(found))
            }
            _ => Ok(crate::abilities(self.module, token, type_parameters)),
        }
    }

    /// Refuses `owner`'s phantom type parameters outside phantom positions.
    fn phantom(
        &mut self,
        token: &SignatureToken,
        is_phantom_position: bool,
        owner: &DatatypeHandle,
    ) -> Result<(), Violation> {
        self.meter.charge(1)?;
        match token {
            SignatureToken::TypeParameter(index) => {
                if owner.type_parameters[index.position()].is_phantom && !is_phantom_position {
                    let message =
                        format!("phantom type parameter {index} is used as if it had values");
                    return Err(Violation::new(Rule::PhantomPosition, message));
                }
                Ok(())
            }
            SignatureToken::DatatypeInstantiation(instantiation) => {
                let (handle, arguments) = &**instantiation;
                let parameters = &self.module[*handle].type_parameters;
                parameters
                    .iter()
                    .zip(arguments)
                    .try_for_each(|(parameter, argument)| {
                        self.phantom(argument, parameter.is_phantom, owner)
                    })
            }
            _ => token
                .children()
                .iter()
                .try_for_each(|part| self.phantom(part, false, owner)),
        }
    }

    fn code(
        &mut self,
        function: FunctionDefinitionIndex,
        code: &CodeUnit,
        type_parameters: &[AbilitySet],
    ) -> Result<(), Violation> {
        for token in &self.module[code.locals].0 {
            self.constraints(token, type_parameters)?;
        }
        let mut seen = BTreeSet::new();
        for (offset, instruction) in (0u16..=u16::MAX).zip(&code.code) {
            self.meter.charge(1)?;
            let Some(instantiated) = self.instantiated(instruction) else {
                continue;
            };
            if seen.insert(instantiated) {
                self.instantiation(instantiated, type_parameters)
                    .map_err(|violation| violation.at(function, CodeOffset(offset)))?;
            }
        }
        Ok(())
    }

    fn instantiated(&self, instruction: &Bytecode) -> Option<Instantiated> {
        use Bytecode as B;

        Some(match instruction {
            B::CallGeneric(index) => Instantiated::Function(*index),
            B::PackGeneric(index) | B::UnpackGeneric(index) => Instantiated::Struct(*index),
            B::ImmBorrowFieldGeneric(index) | B::MutBorrowFieldGeneric(index) => {
                Instantiated::Field(*index)
            }
            B::PackVariantGeneric(index)
            | B::UnpackVariantGeneric(index)
            | B::UnpackVariantGenericImmRef(index)
            | B::UnpackVariantGenericMutRef(index) => {
                Instantiated::Enum(self.module[*index].enum_def)
            }
            B::VecPack(index, _)
            | B::VecLen(index)
            | B::VecImmBorrow(index)
            | B::VecMutBorrow(index)
            | B::VecPushBack(index)
            | B::VecPopBack(index)
            | B::VecUnpack(index, _)
            | B::VecSwap(index) => Instantiated::Vector(*index),
            _ => return None,
        })
    }

    fn instantiation(
        &mut self,
        instantiated: Instantiated,
        type_parameters: &[AbilitySet],
    ) -> Result<(), Violation> {
        let module = self.module;
        let (arguments, datatype) = match instantiated {
            Instantiated::Function(index) => {
                let instantiation = &module[index];
                let constraints = module[instantiation.handle].type_parameters.iter().copied();
                let found = self.arguments(instantiation.type_parameters, type_parameters)?;
                let name = || words::function(module, instantiation.handle);
                return satisfied(&found, constraints, name);
            }
            Instantiated::Vector(index) => {
                let found = self.arguments(index, type_parameters)?.len();
                if found != 1 {
                    let message = format!("a vector instruction names {found} element types");
                    return Err(Violation::new(Rule::VectorOperand, message));
                }
                return Ok(());
            }
            Instantiated::Struct(index) => (
                module[index].type_parameters,
                module[module[index].def].struct_handle,
            ),
            Instantiated::Field(index) => {
                let owner = module[module[index].handle].owner;
                (module[index].type_parameters, module[owner].struct_handle)
            }
            Instantiated::Enum(index) => (
                module[index].type_parameters,
                module[module[index].def].enum_handle,
            ),
        };
        let found = self.arguments(arguments, type_parameters)?;
        let name = || words::datatype(module, datatype);
        satisfied(&found, module[datatype].constraints(), name)
    }

    /// Checks type arguments and returns their abilities.
    fn arguments(
        &mut self,
        index: SignatureIndex,
        type_parameters: &[AbilitySet],
    ) -> Result<Vec<AbilitySet>, Violation> {
        let module = self.module;
        let mut found = Vec::new();
        for token in &module[index].0 {
            self.no_reference(token)?;
            found.push(self.constraints(token, type_parameters)?);
        }
        Ok(found)
    }
}

/// Pairs the abilities of type arguments with what their parameters demand.
fn satisfied(
    arguments: &[AbilitySet],
    constraints: impl Iterator<Item = AbilitySet>,
    item: impl FnOnce() -> String,
) -> Result<(), Violation> {
    for (position, (found, demanded)) in arguments.iter().zip(constraints).enumerate() {
        if !demanded.is_subset(*found) {
            let message = format!(
                "type argument {position} of {} needs {demanded}, but lacks {}",
                item(),
                demanded.difference(*found)
            );
            return Err(Violation::new(Rule::AbilityConstraint, message));
        }
    }
    Ok(())
}
