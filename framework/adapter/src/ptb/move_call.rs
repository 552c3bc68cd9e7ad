//! `MoveCall`: checks a call against the function's signature, runs it, and
//! gives its results their types.

use super::Engine;
use super::arguments::is_receiving;
use super::tx_context::is_injected;
use super::values::{Location, ObjectValue, TypedBytes, Value};
use crate::failure::{Step, Stop};
use crate::simulation::Checks;
use heddle_bytecode::{Ability, AbilitySet, Visibility};
use heddle_vm::{CallArg, CallReturn, FunctionInfo, Passing, ResolveError, SignatureType};
use std::sync::Arc;
use sui_sdk_types::{
    Address, CommandArgumentError, ExecutionError, Identifier, MoveCall, TypeArgumentError, TypeTag,
};

/// How a function may be called, and what that means for its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FunctionKind {
    /// `entry` and not public: its arguments must not have passed through a
    /// function that is not `entry`, so that it can't be composed.
    PrivateEntry,
    /// `public entry`.
    PublicEntry,
    /// `public`: what it makes or changes is tainted.
    Public,
}

/// A parameter or result with type arguments put in.
type ClosedType = (Passing, TypeTag);

/// Arguments of a call, ready for the VM.
struct Assembled {
    arguments: Vec<CallArg>,
    /// For each, its position in the command.
    positions: Vec<usize>,
    /// Values borrowed mutably: position among `arguments`, place, and the
    /// value without its bytes.
    borrowed: Vec<(usize, Location, Value, TypeTag)>,
}

impl Engine<'_> {
    /// Calls a function. Gives its results, and the places of values that it
    /// borrowed mutably.
    pub(super) fn move_call(&mut self, call: &MoveCall) -> Step<(Vec<Value>, Vec<Location>)> {
        let info = self.load_function(call.package, &call.module, &call.function)?;
        let kind = self.function_kind(&info)?;
        let type_arguments = self.load_type_arguments(&info, &call.type_arguments)?;
        let returns = closed(&info.returns, &type_arguments)?;
        if let Some(index) = returns
            .iter()
            .position(|(passing, _)| *passing != Passing::Value)
        {
            return Err(Stop::failed(
                ExecutionError::InvalidPublicFunctionReturnType {
                    index: u16::try_from(index).unwrap_or(u16::MAX),
                },
                format!("result {index} is a reference, which can't leave Move"),
            ));
        }
        let parameters = closed(&info.parameters, &type_arguments)?;
        let assembled = self.assemble(kind, &parameters, call)?;
        self.machine.runtime()?.emitter = (call.package, call.module.clone());
        let returned = self.machine.call(
            call.package,
            &call.module,
            &call.function,
            &type_arguments,
            assembled.arguments,
            &assembled.positions,
        )?;
        self.conclude(kind, assembled.borrowed, &returns, returned)
    }

    /// Looks a function up.
    pub(super) fn load_function(
        &mut self,
        package: Address,
        module: &Identifier,
        function: &Identifier,
    ) -> Step<Arc<FunctionInfo>> {
        let found = self
            .setting
            .vm
            .function(self.setting.host, package, module, function);
        found.map_err(|error| {
            if let Some(fault) = self.setting.host.take_fault() {
                return fault.into();
            }
            let public = match error {
                ResolveError::PackageNotFound(_)
                | ResolveError::ModuleNotFound { .. }
                | ResolveError::FunctionNotFound { .. } => ExecutionError::FunctionNotFound,
                _ => ExecutionError::VmVerificationOrDeserializationError,
            };
            Stop::failed(public, error.to_string())
        })
    }

    fn function_kind(&self, info: &FunctionInfo) -> Step<FunctionKind> {
        match (info.visibility, info.is_entry) {
            (Visibility::Public, true) => Ok(FunctionKind::PublicEntry),
            (Visibility::Public, false) => Ok(FunctionKind::Public),
            (Visibility::Private | Visibility::Friend, true) => Ok(FunctionKind::PrivateEntry),
            (Visibility::Private | Visibility::Friend, false) => {
                if self.setting.checks == Checks::Disabled {
                    return Ok(FunctionKind::Public);
                }
                Err(Stop::failed(
                    ExecutionError::NonEntryFunctionInvoked,
                    format!(
                        "{}::{}::{} is neither public nor entry",
                        info.package, info.module, info.name
                    ),
                ))
            }
        }
    }

    fn load_type_arguments(
        &mut self,
        info: &FunctionInfo,
        given: &[TypeTag],
    ) -> Step<Vec<TypeTag>> {
        if given.len() != info.type_parameters.len() {
            return Err(Stop::failed(
                ExecutionError::TypeArityMismatch,
                format!(
                    "{} type arguments expected, {} given",
                    info.type_parameters.len(),
                    given.len()
                ),
            ));
        }
        let mut loaded = Vec::with_capacity(given.len());
        for (index, (tag, constraints)) in given.iter().zip(&info.type_parameters).enumerate() {
            let (tag, abilities) = self.load_type_argument(index, tag)?;
            if !constraints.is_subset(abilities) {
                return Err(Stop::type_argument(
                    index,
                    TypeArgumentError::ConstraintNotSatisfied,
                    format!("type argument {index}, {tag}, has {abilities}, needs {constraints}"),
                ));
            }
            loaded.push(tag);
        }
        Ok(loaded)
    }

    /// A type named by the transaction, by its defining ids, with its abilities.
    pub(super) fn load_type_argument(
        &mut self,
        index: usize,
        tag: &TypeTag,
    ) -> Step<(TypeTag, AbilitySet)> {
        match self.setting.vm.load_type(self.setting.host, tag) {
            Ok(type_) => Ok((type_.tag(), type_.abilities())),
            Err(error) => {
                if let Some(fault) = self.setting.host.take_fault() {
                    return Err(fault.into());
                }
                let kind = match error {
                    ResolveError::TypeArgumentAbilities { .. } => {
                        TypeArgumentError::ConstraintNotSatisfied
                    }
                    ResolveError::TypeArgumentCount { .. } => {
                        return Err(Stop::failed(
                            ExecutionError::TypeArityMismatch,
                            error.to_string(),
                        ));
                    }
                    _ => TypeArgumentError::TypeNotFound,
                };
                Err(Stop::type_argument(index, kind, error.to_string()))
            }
        }
    }

    fn assemble(
        &mut self,
        kind: FunctionKind,
        parameters: &[ClosedType],
        call: &MoveCall,
    ) -> Step<Assembled> {
        let expected = parameters
            .iter()
            .filter(|(passing, type_)| !is_injected(*passing, type_))
            .count();
        if expected != call.arguments.len() {
            return Err(Stop::failed(
                ExecutionError::ArityMismatch,
                format!(
                    "{expected} arguments expected, {} given",
                    call.arguments.len()
                ),
            ));
        }
        let mut assembled = Assembled {
            arguments: Vec::with_capacity(parameters.len()),
            positions: Vec::with_capacity(parameters.len()),
            borrowed: Vec::new(),
        };
        let mut given = call.arguments.iter().enumerate();
        for (passing, type_) in parameters {
            if is_injected(*passing, type_) {
                let bytes = self.tx_context_bytes()?;
                assembled.positions.push(expected);
                assembled.arguments.push(match passing {
                    Passing::MutableReference => CallArg::MutRef(bytes),
                    _ => CallArg::ImmRef(bytes),
                });
                continue;
            }
            let Some((index, argument)) = given.next() else {
                return Err(Stop::invariant("fewer arguments than counted"));
            };
            let (location, value) = match passing {
                Passing::Value => (None, self.take(index, *argument)?),
                Passing::ImmutableReference => (None, self.borrow(index, *argument)?),
                Passing::MutableReference => {
                    let (location, value) = self.borrow_mut(index, *argument)?;
                    (Some(location), value)
                }
            };
            self.check_argument(kind, index, &value, type_)?;
            assembled.positions.push(index);
            let position = assembled.arguments.len();
            assembled.arguments.push(match (passing, location) {
                (Passing::MutableReference, Some(location)) => {
                    let (shell, bytes) = split(value);
                    assembled
                        .borrowed
                        .push((position, location, shell, type_.clone()));
                    CallArg::MutRef(bytes)
                }
                (Passing::ImmutableReference, _) => CallArg::ImmRef(value.into_bytes()),
                _ => CallArg::Value(value.into_bytes()),
            });
        }
        Ok(assembled)
    }

    fn check_argument(
        &self,
        kind: FunctionKind,
        index: usize,
        value: &Value,
        type_: &TypeTag,
    ) -> Step<()> {
        let guarded = kind == FunctionKind::PrivateEntry && self.setting.checks == Checks::Enabled;
        if guarded && value.is_tainted() {
            return Err(Stop::argument(
                index,
                CommandArgumentError::InvalidArgumentToPrivateEntryFunction,
            ));
        }
        if is_receiving(type_) && matches!(value, Value::Object(_)) {
            return Err(Stop::argument(index, CommandArgumentError::TypeMismatch));
        }
        self.check_type(index, value, type_)
    }

    /// Puts borrowed values back and gives results their types.
    fn conclude(
        &mut self,
        kind: FunctionKind,
        borrowed: Vec<(usize, Location, Value, TypeTag)>,
        returns: &[ClosedType],
        returned: CallReturn,
    ) -> Step<(Vec<Value>, Vec<Location>)> {
        let tainted = kind == FunctionKind::Public;
        let mut mutated = returned.mutated;
        let mut places = Vec::with_capacity(borrowed.len());
        for (position, location, shell, type_) in borrowed {
            let bytes = mutated
                .iter_mut()
                .find(|(index, _)| *index == position)
                .map(|(_, bytes)| std::mem::take(bytes))
                .ok_or_else(|| Stop::invariant("the VM kept a mutable argument"))?;
            let value = self.join(shell, type_, bytes, tainted)?;
            self.restore(location, value)?;
            places.push(location);
        }
        if returned.values.len() != returns.len() {
            return Err(Stop::invariant("the VM returned another number of values"));
        }
        let values = returned
            .values
            .into_iter()
            .zip(returns)
            .map(|(bytes, (_, type_))| self.value_of_type(type_, bytes, tainted))
            .collect::<Step<Vec<Value>>>()?;
        Ok((values, places))
    }

    /// A value after a call: as before, with new bytes. What had no type
    /// before has the parameter's now.
    fn join(&self, shell: Value, type_: TypeTag, bytes: Vec<u8>, tainted: bool) -> Step<Value> {
        Ok(match shell {
            Value::Object(object) => Value::Object(ObjectValue {
                tainted: object.tainted || tainted,
                contents: bytes,
                ..object
            }),
            Value::Typed(typed) => Value::Typed(TypedBytes {
                tainted: typed.tainted || tainted,
                bytes,
                ..typed
            }),
            Value::Pure(_) => self.value_of_type(&type_, bytes, tainted)?,
            ticket @ Value::Receiving { .. } => ticket,
        })
    }

    /// A value that came out of Move.
    pub(super) fn value_of_type(
        &self,
        type_: &TypeTag,
        bytes: Vec<u8>,
        tainted: bool,
    ) -> Step<Value> {
        let abilities = self
            .setting
            .vm
            .abilities(self.setting.host, type_)
            .map_err(|error| match self.setting.host.take_fault() {
                Some(fault) => fault.into(),
                None => Stop::invariant(format!("a result's type can't be loaded: {error}")),
            })?;
        Ok(match type_ {
            TypeTag::Struct(tag) if abilities.has(Ability::Key) => Value::Object(ObjectValue {
                type_: (**tag).clone(),
                has_public_transfer: abilities.has(Ability::Store),
                tainted,
                contents: bytes,
            }),
            _ => Value::Typed(TypedBytes {
                type_: type_.clone(),
                abilities,
                tainted,
                bytes,
            }),
        })
    }
}

/// Parameters or results with the type arguments put in.
fn closed(types: &[SignatureType], type_arguments: &[TypeTag]) -> Step<Vec<ClosedType>> {
    types
        .iter()
        .map(|type_| {
            type_
                .instantiate(type_arguments)
                .map_err(|error| Stop::invariant(error.to_string()))
        })
        .collect()
}

/// A value's bytes, and the rest of it.
fn split(mut value: Value) -> (Value, Vec<u8>) {
    let bytes = match &mut value {
        Value::Object(object) => std::mem::take(&mut object.contents),
        Value::Typed(typed) => std::mem::take(&mut typed.bytes),
        Value::Pure(bytes) => std::mem::take(bytes),
        Value::Receiving { .. } => value.clone().into_bytes(),
    };
    (value, bytes)
}
