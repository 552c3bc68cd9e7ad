//! One execution: a memory, a meter, and calls into it.

use crate::{ExecutionError, ExecutionErrorKind, Extensions, GasMeter};
use sui_sdk_types::{Address, Identifier, TypeTag};

/// An argument of a call from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallArg {
    /// A value in BCS.
    Value(Vec<u8>),
    /// The value, in BCS, behind a parameter `&T`.
    ImmRef(Vec<u8>),
    /// The value, in BCS, behind a parameter `&mut T`.
    MutRef(Vec<u8>),
}

/// What a call from outside gives back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallReturn {
    /// Results in order, in BCS.
    pub values: Vec<Vec<u8>>,
    /// Values behind [`CallArg::MutRef`] after the call: index of the
    /// argument, and its BCS.
    pub mutated: Vec<(usize, Vec<u8>)>,
}

/// Names a value that a native keeps in execution memory, outside any frame.
/// Valid within the execution that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GlobalRef(pub(crate) u32);

/// One execution, usually of one transaction: calls share its memory, its
/// meter and its extensions.
#[derive(Debug)]
pub struct Execution<'e> {
    gas: GasMeter,
    extensions: Extensions,
    _source: std::marker::PhantomData<&'e ()>,
}

impl<'e> Execution<'e> {
    /// Calls `module::function` of the package stored as `link`, whose linkage
    /// applies to everything that the call runs.
    ///
    /// Visibility is the caller's business: any function can be called.
    ///
    /// # Errors
    /// What the program did, a limit, or arguments that don't fit.
    pub fn call(
        &mut self,
        _link: Address,
        _module: &Identifier,
        _function: &Identifier,
        _type_arguments: &[TypeTag],
        _arguments: Vec<CallArg>,
    ) -> Result<CallReturn, ExecutionError> {
        Err(ExecutionErrorKind::InvariantViolation("not built yet").into())
    }

    /// The value that a native placed, in BCS; `None` once it was taken out
    /// again.
    ///
    /// # Errors
    /// Out of gas, or a value that is not of its type.
    pub fn read_global(&mut self, _global: GlobalRef) -> Result<Option<Vec<u8>>, ExecutionError> {
        Err(ExecutionErrorKind::InvariantViolation("not built yet").into())
    }

    /// The meter.
    pub fn gas(&mut self) -> &mut GasMeter {
        &mut self.gas
    }

    /// State of natives.
    pub fn extensions(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    /// Ends the execution and gives its memory back.
    pub fn finish(self) -> (GasMeter, Extensions) {
        (self.gas, self.extensions)
    }
}
