//! Drives the passes over function bodies.
//!
//! Each pass looks at one function at a time and may rely on all module
//! passes and on the body passes before it in [`PASSES`].

use heddle_bytecode::{
    AbilitySet, CodeUnit, CompiledModule, FunctionDefinition, FunctionDefinitionIndex,
    FunctionHandle, LocalIndex, Signature, SignatureToken,
};

use crate::{VerifierLimits, WorkMeter, error::Violation};

type Pass = fn(&FunctionBody<'_>, &VerifierLimits, &mut WorkMeter) -> Result<(), Violation>;

/// The passes in their order.
const PASSES: &[Pass] = &[];

pub(crate) fn verify(
    module: &CompiledModule,
    limits: &VerifierLimits,
    meter: &mut WorkMeter,
) -> Result<(), Violation> {
    for (index, definition) in module.entries::<FunctionDefinitionIndex>() {
        let Some(body) = FunctionBody::new(module, index, definition) else {
            continue;
        };
        for pass in PASSES {
            pass(&body, limits, meter).map_err(|violation| violation.in_function(index))?;
        }
    }
    Ok(())
}

/// A function with a body, with what passes need at hand.
#[derive(Clone, Copy)]
#[allow(
    dead_code,
    reason = "the passes over bodies read these; none is there yet"
)]
pub(crate) struct FunctionBody<'a> {
    pub(crate) module: &'a CompiledModule,
    pub(crate) index: FunctionDefinitionIndex,
    pub(crate) definition: &'a FunctionDefinition,
    pub(crate) handle: &'a FunctionHandle,
    pub(crate) code: &'a CodeUnit,
    pub(crate) parameters: &'a Signature,
    pub(crate) returns: &'a Signature,
    /// The locals that follow the parameters.
    pub(crate) locals: &'a Signature,
}

#[allow(
    dead_code,
    reason = "the passes over bodies call these; none is there yet"
)]
impl<'a> FunctionBody<'a> {
    /// The view of a function; `None` if it is native.
    pub(crate) fn new(
        module: &'a CompiledModule,
        index: FunctionDefinitionIndex,
        definition: &'a FunctionDefinition,
    ) -> Option<Self> {
        let code = definition.code.as_ref()?;
        let handle = &module[definition.function];
        Some(Self {
            module,
            index,
            definition,
            handle,
            code,
            parameters: &module[handle.parameters],
            returns: &module[handle.return_],
            locals: &module[code.locals],
        })
    }

    /// How many locals there are, parameters included.
    pub(crate) fn local_count(&self) -> usize {
        self.parameters.len() + self.locals.len()
    }

    /// The type of a local or parameter.
    pub(crate) fn local_type(&self, local: LocalIndex) -> &'a SignatureToken {
        let position = local.position();
        match position.checked_sub(self.parameters.len()) {
            None => &self.parameters.0[position],
            Some(position) => &self.locals.0[position],
        }
    }

    /// The abilities of a type inside this function.
    pub(crate) fn abilities(&self, token: &SignatureToken) -> AbilitySet {
        crate::abilities(self.module, token, &self.handle.type_parameters)
    }
}
