//! The VM as a transaction uses it: started at the first call, not before,
//! because most transactions only split, merge and transfer.

use crate::failure::{Step, Stop};
use crate::host::Host;
use crate::object_runtime::ObjectRuntime;
use heddle_vm::{
    CallArg, CallReturn, Execution, ExecutionErrorKind, Extensions, GasMeter, GlobalRef, Place, Vm,
};
use sui_sdk_types::{
    Address, CommandArgumentError, ExecutionError, Identifier, MoveLocation, TypeTag,
};

enum State<'a> {
    Idle(GasMeter, Extensions),
    Running(Box<Execution<'a>>),
}

/// Meter, account and, once needed, an execution of the VM.
pub(crate) struct Machine<'a> {
    vm: &'a Vm,
    host: &'a Host<'a>,
    /// `None` only inside [`Machine::execution`].
    state: Option<State<'a>>,
}

impl<'a> Machine<'a> {
    /// A machine that has not started.
    pub(crate) fn new(
        vm: &'a Vm,
        host: &'a Host<'a>,
        gas: GasMeter,
        runtime: ObjectRuntime,
    ) -> Self {
        let mut extensions = Extensions::new();
        extensions.insert(runtime);
        Machine {
            vm,
            host,
            state: Some(State::Idle(gas, extensions)),
        }
    }

    /// The account of the transaction.
    pub(crate) fn runtime(&mut self) -> Step<&mut ObjectRuntime> {
        match &mut self.state {
            Some(State::Idle(_, extensions)) => extensions.get_mut(),
            Some(State::Running(execution)) => execution.extensions().get_mut(),
            None => None,
        }
        .ok_or_else(|| Stop::invariant("the machine has lost its object runtime"))
    }

    /// Charges VM gas units for work of the adapter itself.
    pub(crate) fn charge(&mut self, units: u64) -> Step<()> {
        let gas = match &mut self.state {
            Some(State::Idle(gas, _)) => gas,
            Some(State::Running(execution)) => execution.gas(),
            None => return Err(Stop::invariant("the machine has no meter")),
        };
        gas.charge(units)
            .map_err(|_| Stop::failed(ExecutionError::InsufficientGas, "out of gas"))
    }

    /// Units used so far.
    pub(crate) fn units_used(&mut self) -> u64 {
        match &mut self.state {
            Some(State::Idle(gas, _)) => gas.used(),
            Some(State::Running(execution)) => execution.gas().used(),
            None => u64::MAX,
        }
    }

    /// Calls a function. `argument_positions` say which argument of the command
    /// each argument of the call is.
    pub(crate) fn call(
        &mut self,
        link: Address,
        module: &Identifier,
        function: &Identifier,
        type_arguments: &[TypeTag],
        arguments: Vec<CallArg>,
        argument_positions: &[usize],
    ) -> Step<CallReturn> {
        let execution = self.execution()?;
        let result = execution.call(link, module, function, type_arguments, arguments);
        result.map_err(|error| self.translate(error, argument_positions))
    }

    /// Reads what a native placed in memory; `None` if it was taken out again.
    pub(crate) fn read_global(&mut self, global: GlobalRef) -> Step<Option<Vec<u8>>> {
        let execution = self.execution()?;
        let result = execution.read_global(global);
        result.map_err(|error| self.translate(error, &[]))
    }

    fn execution(&mut self) -> Step<&mut Execution<'a>> {
        if let Some(State::Idle(gas, extensions)) =
            self.state.take_if(|s| matches!(s, State::Idle(..)))
        {
            let execution = self.vm.start(self.host, gas, extensions);
            self.state = Some(State::Running(Box::new(execution)));
        }
        match &mut self.state {
            Some(State::Running(execution)) => Ok(execution),
            _ => Err(Stop::invariant("the machine did not start")),
        }
    }

    /// An error of the VM in the public format. A failure of the store that
    /// lies behind it is no failure of the transaction.
    fn translate(
        &mut self,
        error: heddle_vm::ExecutionError,
        argument_positions: &[usize],
    ) -> Stop {
        if let Some(fault) = self.host.take_fault() {
            return fault.into();
        }
        let detail = error.to_string();
        let location = error.place.as_deref().map(location);
        let public = match error.kind {
            ExecutionErrorKind::Abort { code } => match location {
                Some(location) => ExecutionError::MoveAbort { location, code },
                None => ExecutionError::VmInvariantViolation,
            },
            ExecutionErrorKind::OutOfGas => ExecutionError::InsufficientGas,
            ExecutionErrorKind::Arithmetic(_)
            | ExecutionErrorKind::Vector(_)
            | ExecutionErrorKind::VariantMismatch { .. }
            | ExecutionErrorKind::MemoryLimit { .. }
            | ExecutionErrorKind::CallDepth
            | ExecutionErrorKind::FrameTooLarge { .. } => {
                ExecutionError::MovePrimitiveRuntimeError { location }
            }
            ExecutionErrorKind::Resolve(_) => ExecutionError::VmVerificationOrDeserializationError,
            ExecutionErrorKind::Argument { index, .. } => {
                let index = argument_positions.get(index).copied().unwrap_or(index);
                return Stop::argument(index, CommandArgumentError::InvalidBcsBytes);
            }
            ExecutionErrorKind::ReferenceReturned { index } => {
                ExecutionError::InvalidPublicFunctionReturnType {
                    index: u16::try_from(index).unwrap_or(u16::MAX),
                }
            }
            ExecutionErrorKind::Native { .. } => match self.runtime() {
                Ok(runtime) => runtime
                    .failure
                    .take()
                    .unwrap_or(ExecutionError::VmInvariantViolation),
                Err(stop) => return stop,
            },
            ExecutionErrorKind::ArgumentCount { .. }
            | ExecutionErrorKind::ArgumentPassing { .. }
            | ExecutionErrorKind::NativeValue(_)
            | ExecutionErrorKind::InvariantViolation(_) => ExecutionError::VmInvariantViolation,
        };
        let public = match (public, error.place) {
            (ExecutionError::MovePrimitiveRuntimeError { location: None }, Some(place)) => {
                ExecutionError::MovePrimitiveRuntimeError {
                    location: Some(self::location(&place)),
                }
            }
            (public, _) => public,
        };
        Stop::failed(public, detail)
    }
}

fn location(place: &Place) -> MoveLocation {
    MoveLocation {
        package: place.package,
        module: place.module.clone(),
        function: place.function_index,
        instruction: place.instruction,
        function_name: Some(place.function.clone()),
    }
}
