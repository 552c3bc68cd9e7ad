//! `MakeMoveVec`: a vector of objects or of plain values.

use super::Engine;
use super::values::{TypedBytes, Value};
use crate::encoding::length_prefix;
use crate::failure::{Step, Stop};
use heddle_bytecode::AbilitySet;
use sui_sdk_types::{CommandArgumentError, ExecutionError, MakeMoveVector, TypeTag};

/// VM gas units for each byte of the vector.
const COST_PER_BYTE: u64 = 1;

impl Engine<'_> {
    /// Makes a vector. Without a type, the first element must be an object and
    /// gives the type.
    pub(super) fn make_vector(&mut self, command: &MakeMoveVector) -> Step<Vec<Value>> {
        let mut element_type = match &command.type_ {
            Some(tag) => Some(self.load_type_argument(0, tag)?.0),
            None => None,
        };
        let mut tainted = false;
        let mut bytes = length_prefix(command.elements.len());
        for (index, argument) in command.elements.iter().enumerate() {
            let value = self.take(index, *argument)?;
            let wanted = match (element_type.take(), &value) {
                (Some(tag), _) => tag,
                (None, Value::Object(object)) => object.type_.clone().into(),
                (None, _) => {
                    return Err(Stop::argument(
                        index,
                        CommandArgumentError::InvalidMakeMoveVecNonObjectArgument,
                    ));
                }
            };
            self.check_type(index, &value, &wanted)?;
            element_type = Some(wanted);
            tainted |= value.is_tainted();
            let element = value.into_bytes();
            self.machine
                .charge(COST_PER_BYTE.saturating_mul(element.len() as u64))?;
            bytes.extend_from_slice(&element);
        }
        let Some(element_type) = element_type else {
            return Err(Stop::failed(
                ExecutionError::ArityMismatch,
                "a vector without elements needs a type",
            ));
        };
        let (_, element_abilities) = self.load_type_argument(0, &element_type)?;
        Ok(vec![Value::Typed(TypedBytes {
            abilities: AbilitySet::polymorphic(AbilitySet::VECTOR, [(false, element_abilities)]),
            type_: TypeTag::Vector(Box::new(element_type)),
            tainted,
            bytes,
        })])
    }
}
