//! One execution: a memory, a meter, and calls into it.

use crate::code::Passed;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::interpreter::{self, Environment, Machine};
use crate::linkage::LinkContext;
use crate::memory::store;
use crate::signature::Passing;
use crate::value::{DecodeError, decode, drop_value, encode};
use crate::{
    BcsError, ExecutionError, ExecutionErrorKind, Extensions, GasMeter, PackageSource,
    ResolveError, Vm,
};
use smallvec::SmallVec;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier, TypeTag};

/// An argument of a call from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallArg {
    /// A value in BCS.
    Value(Vec<u8>),
    /// The value, in BCS, behind a parameter `&T`.
    ImmRef(Vec<u8>),
    /// The value, in BCS, behind a parameter `&mut T` (or `&T`).
    MutRef(Vec<u8>),
}

impl CallArg {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Value(bytes) | Self::ImmRef(bytes) | Self::MutRef(bytes) => bytes,
        }
    }

    fn suits(&self, passing: Passing) -> bool {
        matches!(
            (self, passing),
            (Self::Value(_), Passing::Value)
                | (Self::ImmRef(_), Passing::ImmutableReference)
                | (
                    Self::MutRef(_),
                    Passing::ImmutableReference | Passing::MutableReference
                )
        )
    }
}

/// What a call from outside gives back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallReturn {
    /// Results in order, in BCS.
    pub values: Vec<Vec<u8>>,
    /// Values behind parameters `&mut T` after the call: index of the
    /// argument, and its BCS.
    pub mutated: Vec<(usize, Vec<u8>)>,
}

/// Names a value that a native keeps in execution memory, outside any frame.
/// Valid within the execution that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GlobalRef(pub(crate) u32);

/// One execution, usually of one transaction: calls share its memory, its
/// meter and its extensions. An execution whose call failed should be
/// finished: memory that the call held stays held.
pub struct Execution<'e> {
    vm: &'e Vm,
    source: &'e dyn PackageSource,
    gas: GasMeter,
    extensions: Extensions,
    /// `None` only while it is being given back.
    machine: Option<Machine>,
    /// Contexts found to be current in this execution.
    contexts: SmallVec<[(Address, Arc<LinkContext>); 4]>,
}

impl std::fmt::Debug for Execution<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Execution")
            .field("gas", &self.gas)
            .field("extensions", &self.extensions)
            .finish_non_exhaustive()
    }
}

impl Drop for Execution<'_> {
    fn drop(&mut self) {
        if let Some(machine) = self.machine.take() {
            self.vm.give_back(machine);
        }
    }
}

/// An argument behind a reference.
struct Referenced {
    argument: usize,
    block: u32,
    capacity: u32,
}

impl<'e> Execution<'e> {
    pub(crate) fn new(
        vm: &'e Vm,
        source: &'e dyn PackageSource,
        gas: GasMeter,
        extensions: Extensions,
    ) -> Self {
        Self {
            machine: Some(vm.take_machine()),
            vm,
            source,
            gas,
            extensions,
            contexts: SmallVec::new(),
        }
    }

    /// Calls `module::function` of the package stored as `link`, whose linkage
    /// applies to everything that the call runs.
    ///
    /// Visibility is the caller's business: any function can be called.
    ///
    /// # Errors
    /// What the program did, a limit, or arguments that don't fit.
    pub fn call(
        &mut self,
        link: Address,
        module: &Identifier,
        function: &Identifier,
        type_arguments: &[TypeTag],
        arguments: Vec<CallArg>,
    ) -> Result<CallReturn, ExecutionError> {
        let context = self.context(link)?;
        let entry = self.entry(&context, module, function, type_arguments)?;
        let limit_bytes = u64::from(self.vm.config().heap_bytes_max);
        let outside = |fault: Box<Fault>| ExecutionError::from(fault.into_kind(limit_bytes));
        let charged = interpreter::charge_entry(&mut self.gas);
        charged.map_err(outside)?;
        let code = context.code(entry.index)?;
        if code.parameters.len() != arguments.len() {
            return Err(ExecutionErrorKind::ArgumentCount {
                expected: code.parameters.len(),
                given: arguments.len(),
            }
            .into());
        }
        if let Some(index) = code
            .returns
            .iter()
            .position(|passed| passed.passing != Passing::Value)
        {
            return Err(ExecutionErrorKind::ReferenceReturned { index }.into());
        }
        let referenced = self.place_arguments(&code.parameters, &arguments)?;
        drop(arguments);
        let machine = machine(&mut self.machine);
        let mut environment = Environment {
            context: &context,
            source: self.source,
            gas: &mut self.gas,
            extensions: &mut self.extensions,
            machine,
        };
        environment.machine.touched.clear();
        interpreter::run(&mut environment, entry.index)?;
        self.collect(&code.parameters, &code.returns, referenced)
            .map_err(outside)
    }

    /// Writes arguments to the start of the stack, those behind references to
    /// blocks of their own.
    fn place_arguments(
        &mut self,
        parameters: &[Passed],
        arguments: &[CallArg],
    ) -> Result<Vec<Referenced>, ExecutionError> {
        let mut referenced = Vec::new();
        let memory = &mut machine(&mut self.machine).memory;
        let limit_bytes = memory.heap.limit_bytes();
        for (index, (parameter, argument)) in parameters.iter().zip(arguments).enumerate() {
            if !argument.suits(parameter.passing) {
                return Err(ExecutionErrorKind::ArgumentPassing { index }.into());
            }
            let outside = |fault: Box<Fault>| ExecutionError::from(fault.into_kind(limit_bytes));
            let layout = &parameter.ty.layout;
            let slot = usize::from(parameter.slot);
            let at = if parameter.passing == Passing::Value {
                slot
            } else {
                let (block, capacity) = memory
                    .heap
                    .allocate(&memory.words, u64::from(layout.words))
                    .map_err(outside)?;
                store(&mut memory.words, slot, u64::from(block) * 8).map_err(outside)?;
                referenced.push(Referenced {
                    argument: index,
                    block,
                    capacity,
                });
                block as usize
            };
            let (words, heap) = (&mut memory.words, &mut memory.heap);
            decode(words, heap, &mut self.gas, layout, at, argument.bytes()).map_err(|error| {
                match error {
                    DecodeError::Bcs(BcsError::MemoryLimit) => outside(Fault::MemoryLimit.into()),
                    DecodeError::Bcs(error) => ExecutionErrorKind::Argument { index, error }.into(),
                    DecodeError::OutOfGas => outside(Fault::OutOfGas.into()),
                }
            })?;
        }
        Ok(referenced)
    }

    /// Reads results and changed arguments, and frees what they hold.
    fn collect(
        &mut self,
        parameters: &[Passed],
        returns: &[Passed],
        referenced: Vec<Referenced>,
    ) -> Result<CallReturn, Box<Fault>> {
        let memory = &mut machine(&mut self.machine).memory;
        let (words, heap) = (&mut memory.words, &mut memory.heap);
        let mut result = CallReturn::default();
        for passed in returns {
            let at = usize::from(passed.slot);
            let mut value = Vec::new();
            encode(words, &mut self.gas, &passed.ty.layout, at, &mut value)?;
            drop_value(words, heap, &passed.ty.layout, at)?;
            result.values.push(value);
        }
        for Referenced {
            argument,
            block,
            capacity,
        } in referenced
        {
            let parameter = &parameters[argument];
            let layout = &parameter.ty.layout;
            if parameter.passing == Passing::MutableReference {
                let mut value = Vec::new();
                encode(words, &mut self.gas, layout, block as usize, &mut value)?;
                result.mutated.push((argument, value));
            }
            drop_value(words, heap, layout, block as usize)?;
            heap.free(words, block, capacity);
        }
        Ok(result)
    }

    /// The linkage context of a package, checked against the source once per
    /// execution.
    fn context(&mut self, link: Address) -> Result<Arc<LinkContext>, ResolveError> {
        if let Some((_, context)) = self.contexts.iter().find(|(id, _)| *id == link) {
            return Ok(context.clone());
        }
        let context = self.vm.context(self.source, &link)?;
        self.contexts.push((link, context.clone()));
        Ok(context)
    }

    fn entry(
        &mut self,
        context: &Arc<LinkContext>,
        module: &Identifier,
        function: &Identifier,
        type_arguments: &[TypeTag],
    ) -> Result<Arc<Entry>, ResolveError> {
        if let Some(entry) = context.entries.get(module, function, type_arguments)
            && self.are_current(&entry.foreign)?
        {
            return Ok(entry);
        }
        let (index, foreign) =
            self.vm
                .resolve_call(self.source, context, module, function, type_arguments)?;
        Ok(context
            .entries
            .insert(module, function, type_arguments, index, foreign))
    }

    /// Whether contexts that type arguments brought in are still what the
    /// source gives.
    fn are_current(&mut self, foreign: &[Arc<LinkContext>]) -> Result<bool, ResolveError> {
        for context in foreign {
            let known = self
                .contexts
                .iter()
                .any(|(_, known)| Arc::ptr_eq(known, context));
            if known {
                continue;
            }
            let id = context.root().package.storage_id;
            if self.contexts.iter().any(|(known, _)| *known == id)
                || !context.is_current(self.source)?
            {
                return Ok(false);
            }
            self.contexts.push((id, context.clone()));
        }
        Ok(true)
    }

    /// The value that a native placed, in BCS; `None` once it was taken out
    /// again.
    ///
    /// # Errors
    /// A value that is not of its type.
    pub fn read_global(&mut self, global: GlobalRef) -> Result<Option<Vec<u8>>, ExecutionError> {
        let machine = machine(&mut self.machine);
        let Some(found) = machine
            .globals
            .get(global.0 as usize)
            .filter(|global| global.is_live)
        else {
            return Ok(None);
        };
        let mut value = Vec::new();
        encode(
            &machine.memory.words,
            &mut GasMeter::unlimited(),
            &found.ty.layout,
            found.block as usize,
            &mut value,
        )
        .map_err(|fault| fault.into_kind(machine.memory.heap.limit_bytes()))?;
        Ok(Some(value))
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
    pub fn finish(mut self) -> (GasMeter, Extensions) {
        let gas = self.gas.clone();
        let extensions = std::mem::take(&mut self.extensions);
        (gas, extensions)
    }
}

fn machine(machine: &mut Option<Machine>) -> &mut Machine {
    machine
        .as_mut()
        .expect("invariant: an execution has a machine until it is dropped")
}
