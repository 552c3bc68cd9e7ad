//! Calls, returns and aborts.

use super::{OperandType, Result, Translator, operand_type};
use crate::cost_table;
use crate::linkage::{Instance, ModulePointer};
use crate::module::entry;
use crate::natives::STD;
use crate::op::Op;
use crate::runtime_type::RuntimeType;
use heddle_bytecode::{
    FunctionHandleIndex, FunctionInstantiationIndex, SignatureIndex, Visibility,
};
use std::sync::Arc;

impl Translator<'_> {
    pub(super) fn call(&mut self, function: FunctionHandleIndex) -> Result<()> {
        self.call_instance(function, Arc::default())
    }

    pub(super) fn call_generic(&mut self, index: FunctionInstantiationIndex) -> Result<()> {
        let instantiation = entry(&self.module.module, index)?;
        let arguments = self.resolve_signature(instantiation.type_parameters)?;
        self.call_instance(instantiation.handle, arguments)
    }

    fn call_instance(
        &mut self,
        function: FunctionHandleIndex,
        type_arguments: Arc<[RuntimeType]>,
    ) -> Result<()> {
        let caller = &self.module.module;
        let handle = entry(caller, function)?;
        if handle.type_parameters.len() != type_arguments.len() {
            return Err("call with another number of type arguments than parameters".into());
        }
        let name = entry(caller, handle.name)?;
        let callee = self.context.module_of_handle(self.module, handle.module)?;
        let (index, definition) = callee.function(name.as_str())?;
        if !Arc::ptr_eq(&callee, self.module) && definition.visibility == Visibility::Private {
            return Err("call of a private function of another module".into());
        }
        let is_native = definition.is_native();
        if is_native
            && callee.package.original_id == STD
            && callee.name.as_str() == "vector"
            && let [element] = &type_arguments[..]
        {
            return self.vector_call(name.as_str(), element.clone());
        }
        // The callee's own signature decides where things lie.
        let callee_handle = entry(&callee.module, definition.function)?;
        let types = |signature: SignatureIndex| -> Result<Vec<OperandType>> {
            entry(&callee.module, signature)?
                .0
                .iter()
                .map(|token| Ok(operand_type(self.context, &callee, token, &type_arguments)?))
                .collect()
        };
        let parameters = types(callee_handle.parameters)?;
        let returns = types(callee_handle.return_)?;
        for named in parameters.iter().chain(&returns) {
            self.name_type(&named.ty)?;
        }
        let instance = Instance {
            module: ModulePointer(callee.clone()),
            function: index,
            type_arguments,
        };
        let callee = self.context.function_index(instance)?.0;

        let (base, operands) = self.pop_side_by_side(parameters.len())?;
        for (operand, parameter) in operands.iter().zip(&parameters) {
            if !operand.ty.fits(parameter) {
                return Err("argument of another type than the parameter".into());
            }
        }
        let words: u32 = parameters.iter().map(OperandType::words).sum();
        self.cost += cost_table::moved(words);
        self.emit(if is_native {
            Op::CallNative { base, callee }
        } else {
            Op::Call { base, callee }
        });
        for ty in returns {
            self.push(ty, None)?;
        }
        Ok(())
    }

    pub(super) fn ret(&mut self) -> Result<()> {
        let returns = self.returns;
        if self.stack.len() != returns.len() {
            return Err("operand stack does not hold exactly the results".into());
        }
        for (operand, expected) in self.stack.iter().zip(returns) {
            let expected = OperandType {
                passing: expected.passing,
                ty: expected.ty.clone(),
            };
            if !operand.ty.fits(&expected) {
                return Err("result of another type than declared".into());
            }
        }
        let words: u32 = returns.iter().map(|passed| passed.words()).sum();
        self.cost += cost_table::moved(words);
        if let [operand] = &self.stack[..]
            && words == 1
        {
            let operand = operand.clone();
            self.pop()?;
            let src = self.slot_of(&operand);
            self.drop_locals();
            self.emit(Op::Ret1 { src });
            return Ok(());
        }
        let (src, _) = self.pop_side_by_side(returns.len())?;
        self.drop_locals();
        self.emit(if words == 0 {
            Op::Ret0 {}
        } else {
            Op::Ret {
                src,
                words: words as u16,
            }
        });
        Ok(())
    }

    /// Drops what locals still own. Those that were moved out are empty.
    ///
    /// Many are dropped by one instruction: a function may return in many
    /// places.
    fn drop_locals(&mut self) {
        self.cost += self.drop_cost;
        if self.owning_locals.len() > 4 {
            self.emit(Op::DropLocals {});
            return;
        }
        for (slot, layout) in self.owning_locals.clone() {
            self.emit(Op::Drop { slot, layout });
        }
    }

    pub(super) fn abort(&mut self) -> Result<()> {
        let code = self.pop_of(&self.primitives().u64)?;
        let src = self.slot_of(&code);
        self.emit(Op::Abort { src });
        // Whatever else waits on the operand stack ends with the execution.
        self.stack.clear();
        self.top = self.locals_end();
        Ok(())
    }

    /// First slot above the locals.
    fn locals_end(&self) -> u32 {
        self.locals
            .last()
            .map_or(0, |local| u32::from(local.slot) + local.ty.words())
    }
}
