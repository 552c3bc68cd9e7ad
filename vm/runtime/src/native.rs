//! Natives: functions declared in Move and written in Rust.

use crate::{
    BcsError, ExecutionErrorKind, Extensions, GasMeter, GlobalRef, OutOfGas, PackageSource,
    RuntimeType,
};
use ruint::aliases::U256;
use rustc_hash::FxHashMap;
use sui_sdk_types::{Address, Identifier, TypeTag};

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
        Self::default()
    }

    /// A table with nothing in it.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Registers `function` as the body of `address::module::name`, where
    /// `address` is the original id of its package. A later one replaces an
    /// earlier one.
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

/// What a native sees of the execution.
///
/// Arguments are counted from 0 and read by type; reading one as another type
/// is [`NativeError::Misuse`], never undefined. Results are pushed in order by
/// the `return_*` methods; the VM checks their number at the end.
#[derive(Debug)]
pub struct NativeContext<'a> {
    gas: &'a mut GasMeter,
    extensions: &'a mut Extensions,
}

const NOT_BUILT: NativeError = NativeError::Misuse("not built yet");

impl<'a> NativeContext<'a> {
    /// Charges `units` of VM gas.
    ///
    /// # Errors
    /// [`NativeError::OutOfGas`] if fewer are left.
    pub fn charge(&mut self, units: u64) -> Result<(), NativeError> {
        Ok(self.gas.charge(units)?)
    }
    /// The execution's meter.
    pub fn gas(&mut self) -> &mut GasMeter {
        self.gas
    }
    /// State that natives share with the caller of the VM.
    pub fn extensions(&mut self) -> &mut Extensions {
        self.extensions
    }
    /// Where packages come from; through [`PackageSource::ask`] also the way to
    /// the host's data.
    pub fn source(&self) -> &'a dyn PackageSource {
        unreachable!()
    }
    /// An `abort` with `code`: `return Err(context.abort(1))`.
    pub fn abort(&self, code: u64) -> NativeError {
        NativeError::Abort { code }
    }
    /// Number of arguments.
    pub fn arg_count(&self) -> usize {
        0
    }
    /// Argument `index`, a `bool`.
    pub fn arg_bool(&self, _index: usize) -> Result<bool, NativeError> {
        Err(NOT_BUILT)
    }
    /// Argument `index`, a `u8`.
    pub fn arg_u8(&self, _index: usize) -> Result<u8, NativeError> {
        Err(NOT_BUILT)
    }
    /// Argument `index`, a `u16`.
    pub fn arg_u16(&self, _index: usize) -> Result<u16, NativeError> {
        Err(NOT_BUILT)
    }
    /// Argument `index`, a `u32`.
    pub fn arg_u32(&self, _index: usize) -> Result<u32, NativeError> {
        Err(NOT_BUILT)
    }
    /// Argument `index`, a `u64`.
    pub fn arg_u64(&self, _index: usize) -> Result<u64, NativeError> {
        Err(NOT_BUILT)
    }
    /// Argument `index`, a `u128`.
    pub fn arg_u128(&self, _index: usize) -> Result<u128, NativeError> {
        Err(NOT_BUILT)
    }
    /// Argument `index`, a `u256`.
    pub fn arg_u256(&self, _index: usize) -> Result<U256, NativeError> {
        Err(NOT_BUILT)
    }
    /// Argument `index`, an `address` or `signer`, or a reference to one.
    pub fn arg_address(&self, _index: usize) -> Result<Address, NativeError> {
        Err(NOT_BUILT)
    }
    /// Argument `index`, a `vector<u8>` or a reference to one, without a copy.
    pub fn arg_bytes(&self, _index: usize) -> Result<&[u8], NativeError> {
        Err(NOT_BUILT)
    }
    /// Argument `index` in BCS, or what it refers to. Charges by size.
    pub fn arg_bcs(&mut self, _index: usize) -> Result<Vec<u8>, NativeError> {
        Err(NOT_BUILT)
    }
    /// Moves argument `index`, passed by value, into a place of its own.
    pub fn arg_into_global(&mut self, _index: usize) -> Result<GlobalRef, NativeError> {
        Err(NOT_BUILT)
    }
    /// The type of argument `index` without an outer reference.
    pub fn arg_type(&self, _index: usize) -> Result<RuntimeType, NativeError> {
        Err(NOT_BUILT)
    }
    /// Type argument `index`.
    pub fn type_arg(&self, _index: usize) -> Result<RuntimeType, NativeError> {
        Err(NOT_BUILT)
    }
    /// Type argument `index` as a tag with defining ids.
    pub fn type_arg_tag(&self, _index: usize) -> Result<TypeTag, NativeError> {
        Err(NOT_BUILT)
    }
    /// Decodes `bytes` as a value of type `ty` and keeps it in a place of its
    /// own until the execution's end or [`NativeContext::return_global`].
    pub fn place_global(
        &mut self,
        _ty: &RuntimeType,
        _bytes: &[u8],
    ) -> Result<GlobalRef, NativeError> {
        Err(NOT_BUILT)
    }
    /// The value at `global` in BCS. Charges by size.
    pub fn read_global(&mut self, _global: GlobalRef) -> Result<Vec<u8>, NativeError> {
        Err(NOT_BUILT)
    }
    /// The type of the value at `global`, `None` once it was taken.
    pub fn global_type(&self, _global: GlobalRef) -> Option<RuntimeType> {
        None
    }
    /// Pushes a `bool`.
    pub fn return_bool(&mut self, _value: bool) -> Result<(), NativeError> {
        Err(NOT_BUILT)
    }
    /// Pushes a `u8`.
    pub fn return_u8(&mut self, _value: u8) -> Result<(), NativeError> {
        Err(NOT_BUILT)
    }
    /// Pushes a `u64`.
    pub fn return_u64(&mut self, _value: u64) -> Result<(), NativeError> {
        Err(NOT_BUILT)
    }
    /// Pushes a `u128`.
    pub fn return_u128(&mut self, _value: u128) -> Result<(), NativeError> {
        Err(NOT_BUILT)
    }
    /// Pushes a `u256`.
    pub fn return_u256(&mut self, _value: U256) -> Result<(), NativeError> {
        Err(NOT_BUILT)
    }
    /// Pushes an `address` or `signer`.
    pub fn return_address(&mut self, _value: Address) -> Result<(), NativeError> {
        Err(NOT_BUILT)
    }
    /// Pushes a `vector<u8>`.
    pub fn return_bytes(&mut self, _value: &[u8]) -> Result<(), NativeError> {
        Err(NOT_BUILT)
    }
    /// Decodes `bytes` as the next result's type and pushes the value.
    pub fn return_bcs(&mut self, _bytes: &[u8]) -> Result<(), NativeError> {
        Err(NOT_BUILT)
    }
    /// Pushes a reference to the value at `global`.
    pub fn return_reference(&mut self, _global: GlobalRef) -> Result<(), NativeError> {
        Err(NOT_BUILT)
    }
    /// Moves the value at `global` out and pushes it.
    pub fn return_global(&mut self, _global: GlobalRef) -> Result<(), NativeError> {
        Err(NOT_BUILT)
    }
    /// Pushes a reference to field `field` of the struct that argument
    /// `index` refers to.
    pub fn return_field_reference(
        &mut self,
        _index: usize,
        _field: usize,
    ) -> Result<(), NativeError> {
        Err(NOT_BUILT)
    }
}
