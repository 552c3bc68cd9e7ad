//! `TransferObjects`: objects go to an address.

use super::Engine;
use super::values::Value;
use crate::failure::{Step, Stop};
use sui_sdk_types::{CommandArgumentError, Owner, TransferObjects};

/// VM gas units for each object transferred.
const TRANSFER_COST: u64 = 100;

impl Engine<'_> {
    /// Transfers objects that anybody may transfer.
    pub(super) fn transfer_objects(&mut self, command: &TransferObjects) -> Step<Vec<Value>> {
        let mut objects = Vec::with_capacity(command.objects.len());
        for (index, argument) in command.objects.iter().enumerate() {
            self.machine.charge(TRANSFER_COST)?;
            match self.take(index, *argument)? {
                Value::Object(object) if object.has_public_transfer => objects.push(object),
                Value::Object(_) => {
                    return Err(Stop::argument(
                        index,
                        CommandArgumentError::InvalidTransferObject,
                    ));
                }
                _ => return Err(Stop::argument(index, CommandArgumentError::TypeMismatch)),
            }
        }
        let recipient = self.take_address(command.objects.len(), command.address)?;
        let runtime = self.machine.runtime()?;
        for object in objects {
            runtime
                .transfer(
                    Owner::Address(recipient),
                    object.type_,
                    true,
                    object.contents,
                )
                .ok_or_else(|| Stop::invariant("an object has no id"))?;
        }
        Ok(Vec::new())
    }
}
