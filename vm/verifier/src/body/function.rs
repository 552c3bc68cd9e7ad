//! A function with a body, with what the passes look up again and again.

use heddle_bytecode::{
    AbilitySet, Bytecode, CodeOffset, CodeUnit, CompiledModule, FunctionDefinitionIndex,
    SignatureToken,
};

/// A function definition that has code.
pub(crate) struct Function<'a> {
    pub(crate) module: &'a CompiledModule,
    pub(crate) index: FunctionDefinitionIndex,
    pub(crate) code: &'a CodeUnit,
    /// Types of the parameters.
    pub(crate) parameters: &'a [SignatureToken],
    /// Types of the results.
    pub(crate) returns: &'a [SignatureToken],
    /// What its type parameters have.
    pub(crate) type_parameters: &'a [AbilitySet],
    /// Types of all locals, the parameters first.
    locals: Vec<&'a SignatureToken>,
}

impl<'a> Function<'a> {
    /// The function at `index`, `None` if it is native.
    pub(crate) fn new(module: &'a CompiledModule, index: FunctionDefinitionIndex) -> Option<Self> {
        let definition = &module[index];
        let code = definition.code.as_ref()?;
        let handle = &module[definition.function];
        let parameters = &module[handle.parameters].0;
        let locals = parameters.iter().chain(&module[code.locals].0).collect();
        Some(Function {
            module,
            index,
            code,
            parameters,
            returns: &module[handle.return_].0,
            type_parameters: &handle.type_parameters,
            locals,
        })
    }

    /// Types of all locals, the parameters first.
    pub(crate) fn locals(&self) -> &[&'a SignatureToken] {
        &self.locals
    }

    /// The instruction at `offset`.
    pub(crate) fn instruction(&self, offset: CodeOffset) -> &'a Bytecode {
        &self.code.code[offset.position()]
    }
}
