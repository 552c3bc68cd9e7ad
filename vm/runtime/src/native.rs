//! Natives: functions declared in Move and written in Rust.

mod context;

pub use context::NativeContext;

use crate::code::{Body, Code};
use crate::cost_table;
use crate::fault::{self, Fault};
use crate::interpreter::Environment;
use crate::memory::{STACK_WORDS, copy};
use crate::signature::Passing;
use crate::value::{DecodeError, drop_value};
use crate::{BcsError, ExecutionErrorKind, OutOfGas, RuntimeType};
use rustc_hash::FxHashMap;
use sui_sdk_types::{Address, Identifier};

/// A native's body. It reads its arguments from the context, charges for its
/// work before doing it, and pushes its results in order.
pub type NativeFunction = fn(&mut NativeContext<'_>) -> Result<(), NativeError>;

/// The natives of a VM by address, module and function. Fixed when the VM is
/// made.
#[derive(Clone, Debug, Default)]
pub struct NativeTable {
    functions: FxHashMap<(Address, Identifier, Identifier), NativeFunction>,
}

impl NativeTable {
    /// A table with the natives of the Move standard library at `0x1`.
    pub fn with_std() -> Self {
        let mut table = Self::empty();
        crate::natives::register(&mut table);
        table
    }

    /// A table with nothing in it.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Registers `function` as the body of `address::module::name`, where
    /// `address` is the original id of its package. A later one replaces an
    /// earlier one. Panics if a name is not an identifier.
    pub fn register(
        &mut self,
        address: Address,
        module: &'static str,
        name: &'static str,
        function: NativeFunction,
    ) {
        self.functions.insert(
            (
                address,
                Identifier::from_static(module),
                Identifier::from_static(name),
            ),
            function,
        );
    }

    /// Whether there is a body for `address::module::name`.
    pub fn contains(&self, address: &Address, module: &Identifier, name: &Identifier) -> bool {
        self.get(address, module, name).is_some()
    }

    /// The body of `address::module::name`.
    pub(crate) fn get(
        &self,
        address: &Address,
        module: &Identifier,
        name: &Identifier,
    ) -> Option<NativeFunction> {
        self.functions
            .get(&(*address, module.clone(), name.clone()))
            .copied()
    }
}

/// Why a native stops the execution.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NativeError {
    /// As `abort` in Move.
    #[error("aborted with code {code}")]
    Abort {
        /// The code.
        code: u64,
    },
    /// Its work costs more than is left.
    #[error("out of gas")]
    OutOfGas,
    /// Bytes that it made or got are not of their type, or don't fit.
    #[error(transparent)]
    Value(#[from] BcsError),
    /// A failure of the host's own kind, with details in its extensions.
    #[error("{detail}")]
    Host {
        /// For a person.
        detail: String,
    },
    /// An argument read as another type than it has, a result too many, or
    /// another misuse of this interface.
    #[error("native misused its context: {0}")]
    Misuse(&'static str),
    /// An error of the VM passed on.
    #[error(transparent)]
    Execution(ExecutionErrorKind),
}

impl From<OutOfGas> for NativeError {
    fn from(_: OutOfGas) -> Self {
        Self::OutOfGas
    }
}

impl From<DecodeError> for NativeError {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Bcs(error) => Self::Value(error),
            DecodeError::OutOfGas => Self::OutOfGas,
        }
    }
}

impl From<NativeError> for Box<Fault> {
    fn from(error: NativeError) -> Self {
        Box::new(match error {
            NativeError::Abort { code } => Fault::Abort(code),
            NativeError::OutOfGas => Fault::OutOfGas,
            NativeError::Value(BcsError::MemoryLimit) => Fault::MemoryLimit,
            NativeError::Value(error) => {
                Fault::Kind(Box::new(ExecutionErrorKind::NativeValue(error)))
            }
            NativeError::Host { detail } => {
                Fault::Kind(Box::new(ExecutionErrorKind::Native { detail }))
            }
            NativeError::Misuse(detail) => Fault::Invariant(detail),
            NativeError::Execution(kind) => Fault::Kind(Box::new(kind)),
        })
    }
}

/// A value that a native keeps in execution memory, outside of any frame.
#[derive(Clone, Debug)]
pub(crate) struct Global {
    pub(crate) ty: RuntimeType,
    /// First word of its block.
    pub(crate) block: u32,
    /// Words of the block.
    pub(crate) capacity: u32,
    /// Whether it is still there.
    pub(crate) is_live: bool,
}

/// Calls the native `code`, whose arguments lie at word `start` and whose
/// results will.
pub(crate) fn invoke(
    environment: &mut Environment<'_>,
    code: &Code,
    start: usize,
) -> Result<(), Box<Fault>> {
    let Body::Native { function, .. } = &code.body else {
        return Err(fault::invariant("Move code is called as a native"));
    };
    // Results are staged behind the arguments, which they would overwrite.
    let staging = start + code.parameter_words as usize;
    if staging + code.return_words as usize >= STACK_WORDS {
        return Err(Fault::CallDepth.into());
    }
    environment.gas.charge(cost_table::NATIVE_CALL)?;
    let mut context = NativeContext::new(environment, code, start, staging);
    function(&mut context)?;
    if context.returned() != code.returns.len() {
        return Err(fault::invariant("native returned too few results"));
    }
    let memory = &mut environment.machine.memory;
    for parameter in &code.parameters {
        if parameter.passing == Passing::Value && parameter.ty.layout.owns_heap {
            let at = start + usize::from(parameter.slot);
            drop_value(
                &mut memory.words,
                &mut memory.heap,
                &parameter.ty.layout,
                at,
            )?;
        }
    }
    copy(
        &mut memory.words,
        staging,
        start,
        code.return_words as usize,
    )
}
