//! How passes report a broken rule, and how the verifier reports it to callers.

use std::fmt;

use heddle_bytecode::{CodeOffset, CompiledModule, FunctionDefinitionIndex, ModuleId};

use crate::{Rule, meter::WorkExhausted};

/// A module was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationError {
    /// The rule that it breaks.
    pub rule: Rule,
    /// The module; `None` if its own name is out of bounds.
    pub module: Option<ModuleId>,
    /// The function's name, if the rule is broken in a function.
    pub function: Option<String>,
    /// Where in the function's code, if it is one instruction.
    pub offset: Option<CodeOffset>,
    /// What is wrong, in words.
    pub message: String,
}

impl std::error::Error for VerificationError {}

impl fmt::Display for VerificationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.module {
            Some(module) => write!(f, "module {module}")?,
            None => f.write_str("module")?,
        }
        if let Some(function) = &self.function {
            write!(f, ", function {function}")?;
        }
        if let Some(offset) = self.offset {
            write!(f, ", instruction {offset}")?;
        }
        write!(f, ": {} ({})", self.message, self.rule)
    }
}

/// A broken rule, as a pass reports it. The driver adds the names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) rule: Rule,
    pub(crate) place: Place,
    pub(crate) message: String,
}

/// Where a rule is broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Place {
    /// Anywhere in the module; the message says where.
    #[default]
    Module,
    /// In a function, but not at one instruction.
    Function(FunctionDefinitionIndex),
    /// At an instruction.
    Code(FunctionDefinitionIndex, CodeOffset),
}

impl Violation {
    /// A violation somewhere in the module.
    pub(crate) fn new(rule: Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            place: Place::Module,
            message: message.into(),
        }
    }

    /// The violation moved to a function, if it has no place yet.
    pub(crate) fn in_function(mut self, function: FunctionDefinitionIndex) -> Self {
        if self.place == Place::Module {
            self.place = Place::Function(function);
        }
        self
    }

    /// The violation moved to an instruction, if it has no instruction yet.
    pub(crate) fn at(mut self, function: FunctionDefinitionIndex, offset: CodeOffset) -> Self {
        if !matches!(self.place, Place::Code(..)) {
            self.place = Place::Code(function, offset);
        }
        self
    }

    /// The error for callers. Every lookup tolerates indexes out of bounds,
    /// because the bounds pass itself reports through here.
    pub(crate) fn into_error(self, module: &CompiledModule) -> VerificationError {
        let (function, offset) = match self.place {
            Place::Module => (None, None),
            Place::Function(function) => (Some(function), None),
            Place::Code(function, offset) => (Some(function), Some(offset)),
        };
        let name = |function: FunctionDefinitionIndex| {
            let handle = module.get(module.get(function)?.function)?;
            Some(module.get(handle.name)?.to_string())
        };
        VerificationError {
            rule: self.rule,
            module: module_id(module),
            function: function
                .map(|function| name(function).unwrap_or_else(|| format!("#{function}"))),
            offset,
            message: self.message,
        }
    }
}

impl From<WorkExhausted> for Violation {
    fn from(exhausted: WorkExhausted) -> Self {
        Self::new(Rule::WorkLimit, exhausted.to_string())
    }
}

fn module_id(module: &CompiledModule) -> Option<ModuleId> {
    let handle = module.get(module.self_module_handle)?;
    Some(ModuleId {
        address: *module.get(handle.address)?,
        name: module.get(handle.name)?.clone(),
    })
}
