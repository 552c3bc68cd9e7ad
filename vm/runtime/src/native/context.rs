//! What a native sees: typed access to arguments, results, types and memory.

use super::{Global, NativeError};
use crate::code::{Body, Code, Passed};
use crate::cost_table;
use crate::fault::Fault;
use crate::interpreter::Environment;
use crate::linkage::primitives;
use crate::memory::{bytes, bytes_mut, copy, load, load_packed, slice_mut, store};
use crate::runtime_type::TypeKind;
use crate::signature::Passing;
use crate::value::{Vector, decode, drop_value, encode};
use crate::{ExecutionErrorKind, Extensions, GasMeter, GlobalRef, PackageSource, RuntimeType};
use ruint::aliases::U256;
use sui_sdk_types::{Address, TypeTag};

/// What a native sees of the execution.
///
/// Arguments are counted from 0 and read by type, those passed by reference
/// through the reference; reading one as another type is
/// [`NativeError::Misuse`], never undefined. Results are pushed in order by the
/// `return_*` methods; the VM checks their number at the end.
///
/// ```ignore
/// fn sha3_256(context: &mut NativeContext<'_>) -> Result<(), NativeError> {
///     let length = context.arg_bytes(0)?.len() as u64;
///     context.charge(30 + 3 * length)?;
///     let digest = sha3::Sha3_256::digest(context.arg_bytes(0)?);
///     context.return_bytes(&digest)
/// }
/// ```
pub struct NativeContext<'a> {
    gas: &'a mut GasMeter,
    extensions: &'a mut Extensions,
    source: &'a dyn PackageSource,
    machine: &'a mut crate::interpreter::Machine,
    linkage: &'a crate::linkage::LinkContext,
    code: &'a Code,
    start: usize,
    staging: usize,
    returned: usize,
}

impl std::fmt::Debug for NativeContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NativeContext({})", self.code.name)
    }
}

#[expect(clippy::boxed_local, reason = "faults travel in boxes")]
fn native_error(fault: Box<Fault>) -> NativeError {
    match *fault {
        Fault::OutOfGas => NativeError::OutOfGas,
        Fault::Invariant(detail) => NativeError::Misuse(detail),
        Fault::MemoryLimit => NativeError::Value(crate::BcsError::MemoryLimit),
        Fault::Bounds => NativeError::Execution(ExecutionErrorKind::InvariantViolation(
            "access out of memory",
        )),
        other => NativeError::Execution(other.into_kind(0)),
    }
}

impl<'a> NativeContext<'a> {
    pub(super) fn new(
        environment: &'a mut Environment<'_>,
        code: &'a Code,
        start: usize,
        staging: usize,
    ) -> Self {
        Self {
            gas: environment.gas,
            extensions: environment.extensions,
            source: environment.source,
            machine: environment.machine,
            linkage: environment.context,
            code,
            start,
            staging,
            returned: 0,
        }
    }

    pub(super) fn returned(&self) -> usize {
        self.returned
    }

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
        self.source
    }

    /// An `abort` with `code`: `return Err(context.abort(1))`.
    pub fn abort(&self, code: u64) -> NativeError {
        NativeError::Abort { code }
    }

    // --- arguments -----------------------------------------------------------

    /// Number of arguments.
    pub fn arg_count(&self) -> usize {
        self.code.parameters.len()
    }

    fn parameter(&self, index: usize) -> Result<&'a Passed, NativeError> {
        let code: &'a Code = self.code;
        code.parameters
            .get(index)
            .ok_or(NativeError::Misuse("argument out of range"))
    }

    /// Byte offset of the value of argument `index`.
    fn location(&self, parameter: &Passed) -> Result<usize, NativeError> {
        let slot = self.start + usize::from(parameter.slot);
        if parameter.passing == Passing::Value {
            return Ok(slot * 8);
        }
        let reference = load(&self.machine.memory.words, slot).map_err(native_error)?;
        Ok(reference as u32 as usize)
    }

    fn scalar(&self, index: usize, ty: &RuntimeType) -> Result<u64, NativeError> {
        let parameter = self.parameter(index)?;
        if parameter.ty != *ty {
            return Err(NativeError::Misuse("argument is of another type"));
        }
        let size = ty.layout.element_bytes;
        load_packed(&self.machine.memory.words, self.location(parameter)?, size)
            .map_err(native_error)
    }

    fn raw<const N: usize>(
        &self,
        index: usize,
        types: &[&RuntimeType],
    ) -> Result<[u8; N], NativeError> {
        let parameter = self.parameter(index)?;
        if !types.contains(&&parameter.ty) {
            return Err(NativeError::Misuse("argument is of another type"));
        }
        let at = self.location(parameter)?;
        let value = bytes(&self.machine.memory.words, at, N).map_err(native_error)?;
        value
            .try_into()
            .map_err(|_| NativeError::Misuse("argument is of another size"))
    }

    /// Argument `index`, a `bool`.
    ///
    /// # Errors
    /// This and the other readers fail if the argument is of another type.
    pub fn arg_bool(&self, index: usize) -> Result<bool, NativeError> {
        Ok(self.scalar(index, &primitives().bool)? != 0)
    }

    /// Argument `index`, a `u8`.
    pub fn arg_u8(&self, index: usize) -> Result<u8, NativeError> {
        Ok(self.scalar(index, &primitives().u8)? as u8)
    }

    /// Argument `index`, a `u16`.
    pub fn arg_u16(&self, index: usize) -> Result<u16, NativeError> {
        Ok(self.scalar(index, &primitives().u16)? as u16)
    }

    /// Argument `index`, a `u32`.
    pub fn arg_u32(&self, index: usize) -> Result<u32, NativeError> {
        Ok(self.scalar(index, &primitives().u32)? as u32)
    }

    /// Argument `index`, a `u64`.
    pub fn arg_u64(&self, index: usize) -> Result<u64, NativeError> {
        self.scalar(index, &primitives().u64)
    }

    /// Argument `index`, a `u128`.
    pub fn arg_u128(&self, index: usize) -> Result<u128, NativeError> {
        Ok(u128::from_le_bytes(self.raw(index, &[&primitives().u128])?))
    }

    /// Argument `index`, a `u256`.
    pub fn arg_u256(&self, index: usize) -> Result<U256, NativeError> {
        let value: [u8; 32] = self.raw(index, &[&primitives().u256])?;
        Ok(U256::from_le_bytes(value))
    }

    /// Argument `index`, an `address` or `signer`.
    pub fn arg_address(&self, index: usize) -> Result<Address, NativeError> {
        let types = primitives();
        Ok(Address::new(
            self.raw(index, &[&types.address, &types.signer])?,
        ))
    }

    /// Argument `index`, a `vector<u8>`, without a copy.
    pub fn arg_bytes(&self, index: usize) -> Result<&[u8], NativeError> {
        let parameter = self.parameter(index)?;
        if !parameter.ty.is_bytes() {
            return Err(NativeError::Misuse("argument is not a vector<u8>"));
        }
        let words = &self.machine.memory.words;
        let vector = Vector::read(words, self.location(parameter)? / 8, 1).map_err(native_error)?;
        bytes(words, vector.start(), vector.length).map_err(native_error)
    }

    /// Argument `index` in BCS. Charges by size, before the work.
    pub fn arg_bcs(&mut self, index: usize) -> Result<Vec<u8>, NativeError> {
        let parameter = self.parameter(index)?;
        let at = self.location(parameter)?;
        let layout = &parameter.ty.layout;
        let words = &self.machine.memory.words;
        let mut out = Vec::new();
        match layout.scalar_bytes() {
            // It may be an element of a vector, packed.
            Some(size) => {
                self.gas.charge(cost_table::bcs(layout))?;
                let value = load_packed(words, at, size).map_err(native_error)?;
                out.extend_from_slice(&value.to_le_bytes()[..size as usize]);
            }
            None => encode(words, self.gas, layout, at / 8, &mut out).map_err(native_error)?,
        }
        Ok(out)
    }

    /// The type of argument `index` without an outer reference.
    pub fn arg_type(&self, index: usize) -> Result<RuntimeType, NativeError> {
        Ok(self.parameter(index)?.ty.clone())
    }

    /// Number of type arguments.
    pub fn type_arg_count(&self) -> usize {
        match &self.code.body {
            Body::Native { type_arguments, .. } => type_arguments.len(),
            Body::Ops(_) => 0,
        }
    }

    /// Type argument `index`.
    pub fn type_arg(&self, index: usize) -> Result<RuntimeType, NativeError> {
        let found = match &self.code.body {
            Body::Native { type_arguments, .. } => type_arguments.get(index),
            Body::Ops(_) => None,
        };
        found
            .cloned()
            .ok_or(NativeError::Misuse("type argument out of range"))
    }

    /// Type argument `index` as a tag with defining ids.
    pub fn type_arg_tag(&self, index: usize) -> Result<TypeTag, NativeError> {
        Ok(self.type_arg(index)?.tag())
    }

    // --- values outside of frames --------------------------------------------

    fn add_global(&mut self, ty: RuntimeType) -> Result<(GlobalRef, usize), NativeError> {
        let memory = &mut self.machine.memory;
        let (block, capacity) = memory
            .heap
            .allocate(&memory.words, u64::from(ty.layout.words))
            .map_err(native_error)?;
        let global = GlobalRef(self.machine.globals.len() as u32);
        self.machine.globals.push(Global {
            ty,
            block,
            capacity,
            is_live: true,
        });
        Ok((global, block as usize))
    }

    fn global(&self, global: GlobalRef) -> Result<&Global, NativeError> {
        self.machine
            .globals
            .get(global.0 as usize)
            .filter(|global| global.is_live)
            .ok_or(NativeError::Misuse("global is not there"))
    }

    /// Moves argument `index`, passed by value, into a place of its own.
    pub fn arg_into_global(&mut self, index: usize) -> Result<GlobalRef, NativeError> {
        let parameter = self.parameter(index)?;
        if parameter.passing != Passing::Value {
            return Err(NativeError::Misuse("argument is a reference"));
        }
        let from = self.start + usize::from(parameter.slot);
        let (global, block) = self.add_global(parameter.ty.clone())?;
        let (words, count) = (
            &mut self.machine.memory.words,
            parameter.ty.layout.words as usize,
        );
        copy(words, from, block, count).map_err(native_error)?;
        slice_mut(words, from, count).map_err(native_error)?.fill(0);
        Ok(global)
    }

    /// Decodes `bytes` as a value of type `ty` and keeps it in a place of its
    /// own until the execution's end or [`NativeContext::return_global`].
    /// Charges by size.
    pub fn place_global(
        &mut self,
        ty: &RuntimeType,
        bytes: &[u8],
    ) -> Result<GlobalRef, NativeError> {
        let (global, block) = self.add_global(ty.clone())?;
        let memory = &mut self.machine.memory;
        let (words, heap) = (&mut memory.words, &mut memory.heap);
        decode(words, heap, self.gas, &ty.layout, block, bytes)?;
        Ok(global)
    }

    /// The value at `global` in BCS. Charges by size.
    pub fn read_global(&mut self, global: GlobalRef) -> Result<Vec<u8>, NativeError> {
        let found = self.global(global)?;
        let mut out = Vec::new();
        let (layout, block) = (found.ty.layout.clone(), found.block as usize);
        let words = &self.machine.memory.words;
        encode(words, self.gas, &layout, block, &mut out).map_err(native_error)?;
        Ok(out)
    }

    /// The type of the value at `global`, `None` once it was taken.
    pub fn global_type(&self, global: GlobalRef) -> Option<RuntimeType> {
        self.global(global).ok().map(|global| global.ty.clone())
    }

    // --- results --------------------------------------------------------------

    /// Type of the next result, and the word to write it to.
    fn next_result(&mut self, passing: Passing) -> Result<(RuntimeType, usize), NativeError> {
        let code: &'a Code = self.code;
        let passed = code
            .returns
            .get(self.returned)
            .ok_or(NativeError::Misuse("one result too many"))?;
        let is_reference = |passing| passing != Passing::Value;
        if is_reference(passed.passing) != is_reference(passing) {
            return Err(NativeError::Misuse("result is passed in another way"));
        }
        self.returned += 1;
        Ok((passed.ty.clone(), self.staging + usize::from(passed.slot)))
    }

    fn return_scalar(&mut self, ty: &RuntimeType, value: u64) -> Result<(), NativeError> {
        let (expected, at) = self.next_result(Passing::Value)?;
        if expected != *ty {
            return Err(NativeError::Misuse("result is of another type"));
        }
        store(&mut self.machine.memory.words, at, value).map_err(native_error)
    }

    fn return_raw(&mut self, types: &[&RuntimeType], value: &[u8]) -> Result<(), NativeError> {
        let (expected, at) = self.next_result(Passing::Value)?;
        if !types.contains(&&expected) {
            return Err(NativeError::Misuse("result is of another type"));
        }
        bytes_mut(&mut self.machine.memory.words, at * 8, value.len())
            .map_err(native_error)?
            .copy_from_slice(value);
        Ok(())
    }

    /// Pushes a `bool`.
    ///
    /// # Errors
    /// This and the others that push fail if the next result is of another
    /// type, or if there is none left.
    pub fn return_bool(&mut self, value: bool) -> Result<(), NativeError> {
        self.return_scalar(&primitives().bool, u64::from(value))
    }

    /// Pushes a `u8`.
    pub fn return_u8(&mut self, value: u8) -> Result<(), NativeError> {
        self.return_scalar(&primitives().u8, u64::from(value))
    }

    /// Pushes a `u64`.
    pub fn return_u64(&mut self, value: u64) -> Result<(), NativeError> {
        self.return_scalar(&primitives().u64, value)
    }

    /// Pushes a `u128`.
    pub fn return_u128(&mut self, value: u128) -> Result<(), NativeError> {
        self.return_raw(&[&primitives().u128], &value.to_le_bytes())
    }

    /// Pushes a `u256`.
    pub fn return_u256(&mut self, value: U256) -> Result<(), NativeError> {
        self.return_raw(&[&primitives().u256], &value.to_le_bytes::<32>())
    }

    /// Pushes an `address` or `signer`.
    pub fn return_address(&mut self, value: Address) -> Result<(), NativeError> {
        let types = primitives();
        self.return_raw(&[&types.address, &types.signer], value.as_bytes())
    }

    /// Pushes a `vector<u8>`. Charges for the copy.
    pub fn return_bytes(&mut self, value: &[u8]) -> Result<(), NativeError> {
        self.charge(cost_table::bytes(value.len() as u64))?;
        let (expected, at) = self.next_result(Passing::Value)?;
        if !expected.is_bytes() {
            return Err(NativeError::Misuse("result is of another type"));
        }
        let memory = &mut self.machine.memory;
        let (mut buffer, mut capacity) = (0, 0);
        if !value.is_empty() {
            (buffer, capacity) = memory
                .heap
                .allocate(&memory.words, (value.len() as u64).div_ceil(8))
                .map_err(native_error)?;
            bytes_mut(&mut memory.words, buffer as usize * 8, value.len())
                .map_err(native_error)?
                .copy_from_slice(value);
        }
        store(&mut memory.words, at, Vector::block(buffer, capacity)).map_err(native_error)?;
        store(&mut memory.words, at + 1, value.len() as u64).map_err(native_error)
    }

    /// Decodes `bytes` as the next result's type and pushes the value. Charges
    /// by size.
    pub fn return_bcs(&mut self, bytes: &[u8]) -> Result<(), NativeError> {
        let (ty, at) = self.next_result(Passing::Value)?;
        let memory = &mut self.machine.memory;
        let (words, heap) = (&mut memory.words, &mut memory.heap);
        Ok(decode(words, heap, self.gas, &ty.layout, at, bytes)?)
    }

    /// Pushes a reference to the value at `global`.
    pub fn return_reference(&mut self, global: GlobalRef) -> Result<(), NativeError> {
        let (ty, at) = self.next_result(Passing::MutableReference)?;
        self.adopt(global, &ty)?;
        let address = u64::from(self.global(global)?.block) * 8;
        store(&mut self.machine.memory.words, at, address).map_err(native_error)
    }

    /// Moves the value at `global` out and pushes it.
    pub fn return_global(&mut self, global: GlobalRef) -> Result<(), NativeError> {
        let (ty, at) = self.next_result(Passing::Value)?;
        self.adopt(global, &ty)?;
        let Global {
            block, capacity, ..
        } = *self.global(global)?;
        let memory = &mut self.machine.memory;
        let count = ty.layout.words as usize;
        copy(&mut memory.words, block as usize, at, count).map_err(native_error)?;
        memory.heap.free(&mut memory.words, block, capacity);
        self.machine.globals[global.0 as usize].is_live = false;
        Ok(())
    }

    /// Sees to it that the value at `global` has the layout that this code
    /// uses: it may have been placed by code that was linked with another
    /// version of the type's package.
    fn adopt(&mut self, global: GlobalRef, ty: &RuntimeType) -> Result<(), NativeError> {
        let found = self.global(global)?.clone();
        if found.ty == *ty {
            return Ok(());
        }
        if !found.ty.is_same_type_as(ty) {
            return Err(NativeError::Misuse("global is of another type"));
        }
        if found.ty.layout != ty.layout {
            let value = self.read_global(global)?;
            let replacement = self.place_global(ty, &value)?;
            let memory = &mut self.machine.memory;
            let (words, heap) = (&mut memory.words, &mut memory.heap);
            drop_value(words, heap, &found.ty.layout, found.block as usize)
                .map_err(native_error)?;
            heap.free(words, found.block, found.capacity);
            let replacement = replacement.0 as usize;
            self.machine.globals.swap(global.0 as usize, replacement);
            self.machine.globals[replacement].is_live = false;
        }
        self.machine.globals[global.0 as usize].ty = ty.clone();
        Ok(())
    }

    /// Pushes a reference to field `field` of the struct that argument
    /// `index` refers to.
    pub fn return_field_reference(
        &mut self,
        index: usize,
        field: usize,
    ) -> Result<(), NativeError> {
        let parameter = self.parameter(index)?;
        if parameter.passing == Passing::Value {
            return Err(NativeError::Misuse("argument is not a reference"));
        }
        let TypeKind::Datatype(datatype) = &parameter.ty.kind else {
            return Err(NativeError::Misuse("argument is not a struct"));
        };
        let (ty, offset) = match (&parameter.ty.layout.shape, datatype.variants.first()) {
            (crate::layout::Shape::Struct(fields), Some(types)) => fields
                .get(field)
                .zip(types.get(field))
                .map(|(field, ty)| (ty.clone(), field.offset as usize * 8))
                .ok_or(NativeError::Misuse("field out of range"))?,
            _ => return Err(NativeError::Misuse("argument is not a struct")),
        };
        let address = self.location(parameter)? + offset;
        let (expected, at) = self.next_result(Passing::ImmutableReference)?;
        if !ty.is_same_type_as(&expected) {
            return Err(NativeError::Misuse("result is of another type"));
        }
        store(&mut self.machine.memory.words, at, address as u64).map_err(native_error)
    }

    /// The type that `tag` names, as the running code's packages see it.
    ///
    /// Only types of the packages that the running code is linked with, and
    /// primitives, can be loaded here.
    pub fn linked_type(
        &self,
        original_id: &Address,
        module: &str,
        name: &str,
    ) -> Result<RuntimeType, NativeError> {
        let resolve = |error| NativeError::Execution(ExecutionErrorKind::Resolve(error));
        let module = self.linkage.module(original_id, module).map_err(resolve)?;
        let (position, definition) = module.datatype(name).map_err(resolve)?;
        self.linkage
            .instantiate(&module, position, definition, Box::default(), 0)
            .map_err(resolve)
    }
}
