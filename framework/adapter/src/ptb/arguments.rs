//! Arguments: finding values, taking them, copying them, borrowing them.
//!
//! Within one command a value may be borrowed any number of times immutably,
//! or once mutably, or taken once; across commands a value that was taken is
//! gone unless its type can be copied.

use super::Engine;
use super::pure::PureType;
use super::values::{Location, Slot, Value};
use crate::failure::{Step, Stop};
use crate::simulation::Checks;
use sui_sdk_types::{Address, Argument, CommandArgumentError, TypeTag};

impl Engine<'_> {
    /// The place that an argument names; `index` is its position in the command.
    pub(super) fn locate(&self, index: usize, argument: Argument) -> Step<Location> {
        let fail = |kind| Stop::argument(index, kind);
        match argument {
            Argument::Gas => match self.gas_coin {
                Some(_) => Ok(Location::Gas),
                None => Err(fail(CommandArgumentError::InvalidGasCoinUsage)),
            },
            Argument::Input(input) => {
                if usize::from(input) < self.input_slots.len() {
                    Ok(Location::Input(input))
                } else {
                    Err(fail(CommandArgumentError::IndexOutOfBounds {
                        index: input,
                    }))
                }
            }
            Argument::Result(command) => {
                let results = self.result_slots(index, command)?;
                if results.len() == 1 {
                    Ok(Location::Result(command, 0))
                } else {
                    Err(fail(CommandArgumentError::InvalidResultArity {
                        result: command,
                    }))
                }
            }
            Argument::NestedResult(command, position) => {
                let results = self.result_slots(index, command)?;
                if usize::from(position) < results.len() {
                    Ok(Location::Result(command, position))
                } else {
                    Err(fail(CommandArgumentError::SecondaryIndexOutOfBounds {
                        result: command,
                        subresult: position,
                    }))
                }
            }
        }
    }

    fn result_slots(&self, index: usize, command: u16) -> Step<&[Slot]> {
        self.results
            .get(usize::from(command))
            .map(Vec::as_slice)
            .ok_or_else(|| {
                Stop::argument(
                    index,
                    CommandArgumentError::IndexOutOfBounds { index: command },
                )
            })
    }

    pub(super) fn slot(&self, location: Location) -> Option<&Slot> {
        match location {
            Location::Gas => self.gas_coin.as_ref(),
            Location::Input(index) => self.input_slots.get(usize::from(index)),
            Location::Result(command, position) => self
                .results
                .get(usize::from(command))?
                .get(usize::from(position)),
        }
    }

    fn slot_mut(&mut self, location: Location) -> Step<&mut Slot> {
        match location {
            Location::Gas => self.gas_coin.as_mut(),
            Location::Input(index) => self.input_slots.get_mut(usize::from(index)),
            Location::Result(command, position) => self
                .results
                .get_mut(usize::from(command))
                .and_then(|slots| slots.get_mut(usize::from(position))),
        }
        .ok_or_else(|| Stop::invariant("a located value has no slot"))
    }

    /// Whether the running command has borrowed the place: mutably if
    /// `mutably_alone`, in any way otherwise.
    fn is_borrowed(&self, location: Location, mutably_alone: bool) -> bool {
        self.borrows
            .iter()
            .any(|(place, mutable)| *place == location && (*mutable || !mutably_alone))
    }

    /// Takes a value by value: moves it, or copies it if its type can be copied.
    pub(super) fn take(&mut self, index: usize, argument: Argument) -> Step<Value> {
        let fail = |kind| Err(Stop::argument(index, kind));
        let location = self.locate(index, argument)?;
        let is_borrowed = self.is_borrowed(location, false);
        if location == Location::Gas && !self.may_take_gas_coin {
            return fail(CommandArgumentError::InvalidGasCoinUsage);
        }
        let slot = self.slot_mut(location)?;
        let is_copyable = slot.value.as_ref().is_some_and(Value::is_copyable);
        if slot.value.is_none() || (is_borrowed && !is_copyable) {
            return fail(CommandArgumentError::InvalidValueUsage);
        }
        if slot.object.is_some_and(|object| !object.mutable) {
            return fail(CommandArgumentError::InvalidObjectByValue);
        }
        slot.last_used_by_value = true;
        let shared = slot.object.filter(|object| object.shared);
        let value = if is_copyable {
            slot.value.clone()
        } else {
            slot.value.take()
        };
        if let Some(object) = shared {
            self.shared_taken.insert(object.id);
        }
        value.ok_or_else(|| Stop::invariant("a value vanished while it was taken"))
    }

    /// Borrows a value mutably: it leaves its place until [`Engine::restore`].
    pub(super) fn borrow_mut(
        &mut self,
        index: usize,
        argument: Argument,
    ) -> Step<(Location, Value)> {
        let fail = |kind| Err(Stop::argument(index, kind));
        let location = self.locate(index, argument)?;
        let is_borrowed = self.is_borrowed(location, false);
        let slot = self.slot_mut(location)?;
        if is_borrowed || slot.value.is_none() {
            return fail(CommandArgumentError::InvalidValueUsage);
        }
        if slot.object.is_some_and(|object| !object.mutable) {
            return fail(CommandArgumentError::InvalidObjectByMutRef);
        }
        slot.last_used_by_value = false;
        let value = slot
            .value
            .take()
            .ok_or_else(|| Stop::invariant("a value vanished while it was borrowed"))?;
        self.borrows.push((location, true));
        Ok((location, value))
    }

    /// Puts a mutably borrowed value back, changed or not.
    pub(super) fn restore(&mut self, location: Location, value: Value) -> Step<()> {
        self.slot_mut(location)?.value = Some(value);
        Ok(())
    }

    /// Borrows a value immutably.
    pub(super) fn borrow(&mut self, index: usize, argument: Argument) -> Step<Value> {
        let location = self.locate(index, argument)?;
        let is_borrowed = self.is_borrowed(location, true);
        let slot = self.slot_mut(location)?;
        let value = slot.value.clone().filter(|_| !is_borrowed);
        let Some(value) = value else {
            return Err(Stop::argument(
                index,
                CommandArgumentError::InvalidValueUsage,
            ));
        };
        slot.last_used_by_value = false;
        self.borrows.push((location, false));
        Ok(value)
    }

    /// Whether a value fits the type that a command wants.
    pub(super) fn check_type(&self, index: usize, value: &Value, wanted: &TypeTag) -> Step<()> {
        let fail = |kind| Err(Stop::argument(index, kind));
        match value {
            Value::Object(object) => match wanted {
                TypeTag::Struct(tag) if **tag == object.type_ => Ok(()),
                _ => fail(CommandArgumentError::TypeMismatch),
            },
            Value::Typed(typed) if typed.type_ == *wanted => Ok(()),
            Value::Typed(_) => fail(CommandArgumentError::TypeMismatch),
            Value::Receiving { .. } if is_receiving(wanted) => Ok(()),
            Value::Receiving { .. } => fail(CommandArgumentError::TypeMismatch),
            Value::Pure(bytes) => match PureType::of(wanted) {
                Some(pure) if pure.accepts(bytes) => Ok(()),
                Some(_) => fail(CommandArgumentError::InvalidBcsBytes),
                None if self.setting.checks == Checks::Disabled => self
                    .setting
                    .vm
                    .validate_bcs(self.setting.host, wanted, bytes)
                    .or_else(|_| fail(CommandArgumentError::InvalidBcsBytes)),
                None => fail(CommandArgumentError::InvalidUsageOfPureArgument),
            },
        }
    }

    /// Takes a `u64`.
    pub(super) fn take_u64(&mut self, index: usize, argument: Argument) -> Step<u64> {
        let bytes = self.take_plain(index, argument, &TypeTag::U64)?;
        let bytes = bytes
            .try_into()
            .map_err(|_| Stop::argument(index, CommandArgumentError::InvalidBcsBytes))?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// Takes an `address`.
    pub(super) fn take_address(&mut self, index: usize, argument: Argument) -> Step<Address> {
        let bytes = self.take_plain(index, argument, &TypeTag::Address)?;
        Address::from_bytes(bytes)
            .map_err(|_| Stop::argument(index, CommandArgumentError::InvalidBcsBytes))
    }

    fn take_plain(&mut self, index: usize, argument: Argument, type_: &TypeTag) -> Step<Vec<u8>> {
        let value = self.take(index, argument)?;
        self.check_type(index, &value, type_)?;
        Ok(value.into_bytes())
    }
}

/// Whether a type is `0x2::transfer::Receiving<_>`.
pub(super) fn is_receiving(type_: &TypeTag) -> bool {
    matches!(type_, TypeTag::Struct(tag)
        if *tag.address() == Address::TWO
            && tag.module().as_str() == "transfer"
            && tag.name().as_str() == "Receiving")
}
