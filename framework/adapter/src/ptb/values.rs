//! Values between commands, as bytes with a type.

use heddle_bytecode::{Ability, AbilitySet};
use sui_sdk_types::{Address, Argument, StructTag, TypeTag};

/// An object between commands.
#[derive(Clone, Debug)]
pub(crate) struct ObjectValue {
    /// Its type.
    pub(crate) type_: StructTag,
    /// Whether anybody may transfer it (the type has `store`).
    pub(crate) has_public_transfer: bool,
    /// Whether a function that is not `entry` has made or changed it.
    pub(crate) tainted: bool,
    /// Its BCS contents.
    pub(crate) contents: Vec<u8>,
}

/// A value that is no object, with its type.
#[derive(Clone, Debug)]
pub(crate) struct TypedBytes {
    /// Its type, by defining ids.
    pub(crate) type_: TypeTag,
    /// Abilities of the type.
    pub(crate) abilities: AbilitySet,
    /// Whether a function that is not `entry` has made or changed it.
    pub(crate) tainted: bool,
    /// The value in BCS.
    pub(crate) bytes: Vec<u8>,
}

/// A value between commands.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// An object.
    Object(ObjectValue),
    /// Another value of known type.
    Typed(TypedBytes),
    /// Bytes from the transaction; each use gives them a type.
    Pure(Vec<u8>),
    /// A ticket for an object that may be received.
    Receiving {
        /// The object.
        id: Address,
        /// Its version.
        version: u64,
    },
}

impl Value {
    /// Whether using the value leaves it in place.
    pub(crate) fn is_copyable(&self) -> bool {
        match self {
            Value::Object(_) | Value::Receiving { .. } => false,
            Value::Typed(typed) => typed.abilities.has(Ability::Copy),
            Value::Pure(_) => true,
        }
    }

    /// Whether it may be left over at the end.
    pub(crate) fn is_droppable(&self) -> bool {
        match self {
            Value::Object(_) => false,
            Value::Typed(typed) => typed.abilities.has(Ability::Drop),
            Value::Pure(_) | Value::Receiving { .. } => true,
        }
    }

    /// Whether a function that is not `entry` has made or changed it.
    pub(crate) fn is_tainted(&self) -> bool {
        match self {
            Value::Object(object) => object.tainted,
            Value::Typed(typed) => typed.tainted,
            Value::Pure(_) | Value::Receiving { .. } => false,
        }
    }

    /// Its type, `None` for bytes that have none yet.
    pub(crate) fn type_tag(&self) -> Option<TypeTag> {
        match self {
            Value::Object(object) => Some(object.type_.clone().into()),
            Value::Typed(typed) => Some(typed.type_.clone()),
            Value::Pure(_) | Value::Receiving { .. } => None,
        }
    }

    /// Its BCS.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        match self {
            Value::Object(object) => object.contents,
            Value::Typed(typed) => typed.bytes,
            Value::Pure(bytes) => bytes,
            Value::Receiving { id, version } => {
                let mut bytes = id.into_inner().to_vec();
                bytes.extend_from_slice(&version.to_le_bytes());
                bytes
            }
        }
    }
}

/// Where a value lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// The gas coin.
    Gas,
    /// An input.
    Input(u16),
    /// A result: command, then position.
    Result(u16, u16),
}

impl Location {
    /// The same place as an argument of the public format.
    pub(crate) fn as_argument(self) -> Argument {
        match self {
            Location::Gas => Argument::Gas,
            Location::Input(index) => Argument::Input(index),
            Location::Result(command, position) => Argument::NestedResult(command, position),
        }
    }
}

/// What an input slot knows of the object in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InputObjectFacts {
    /// The object.
    pub(crate) id: Address,
    /// Whether it may be changed or taken.
    pub(crate) mutable: bool,
    /// Whether it is shared or owned through consensus.
    pub(crate) shared: bool,
}

/// A place that holds a value until it is moved out.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    /// The value, `None` once it was moved.
    pub(crate) value: Option<Value>,
    /// For inputs that are objects.
    pub(crate) object: Option<InputObjectFacts>,
    /// Whether the last use took the value or a copy of it.
    pub(crate) last_used_by_value: bool,
}

impl Slot {
    /// A slot that holds `value`, which is no input object.
    pub(crate) fn of(value: Value) -> Self {
        Slot {
            value: Some(value),
            object: None,
            last_used_by_value: false,
        }
    }
}
