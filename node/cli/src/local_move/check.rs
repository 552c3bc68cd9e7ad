//! Whether a module may run, and which rule it breaks if not.
//!
//! What is checked is what publishing checks: the format, every pass of the
//! verifier, the rules of the object model (not for the framework, which
//! implements that model), that natives exist, that a package's modules don't
//! depend on one another in a circle, and that what a module names in other
//! modules is there and fits.

use super::advice;
use super::program::{Program, id_of};
use heddle_bytecode::{
    BinaryLimits, CompiledModule, DeserializeErrorKind, FunctionDefinitionIndex, ModuleId,
    disassemble,
};
use heddle_verifier::{
    Rule, VerificationError, VerifierLimits, WorkMeter, verify_acyclic, verify_links,
    verify_module, verify_object_rules,
};
use heddle_vm::NativeTable;
use serde::Serialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use sui_sdk_types::Identifier;

/// What is wrong with a module.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Finding {
    /// The rule broken, by its name; `Format` for bytes that are no module,
    /// `Native` for a native function that does not exist.
    pub(crate) rule: String,
    /// The rule in words.
    pub(crate) rule_text: String,
    /// The function, if the rule is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) function: Option<String>,
    /// Offset of the instruction in the function, if the rule is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) offset: Option<u16>,
    /// That instruction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instruction: Option<String>,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) advice: String,
}

impl Finding {
    /// The finding for a package that was not built.
    pub(crate) fn of_build(error: &str) -> Self {
        Self {
            rule: "Build".to_owned(),
            rule_text: "a package must compile".to_owned(),
            function: None,
            offset: None,
            instruction: None,
            message: error.trim_end().to_owned(),
            advice: "mend what the compiler names; `heddle move build` shows the same".to_owned(),
        }
    }

    /// Function and offset, if it has them.
    pub(crate) fn place(&self) -> Option<String> {
        let function = self.function.as_ref()?;
        Some(match self.offset {
            Some(offset) => format!("function {function}, instruction {offset}"),
            None => format!("function {function}"),
        })
    }
}

/// What a check found.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    /// The module; `None` if it could not be read that far.
    pub(crate) id: Option<ModuleId>,
    /// What is wrong; `None` if nothing is.
    pub(crate) finding: Option<Finding>,
    /// Modules that it names and that are not at hand: then nothing that it
    /// names in others was checked.
    pub(crate) missing: Vec<ModuleId>,
    /// Why it can't be published although it verifies.
    pub(crate) unpublishable: Option<String>,
}

impl Verdict {
    fn of_finding(id: Option<ModuleId>, finding: Finding) -> Self {
        Self {
            id,
            finding: Some(finding),
            missing: Vec::new(),
            unpublishable: None,
        }
    }
}

/// Checks modules of one program.
pub(crate) struct Checker<'p> {
    program: &'p Program,
    /// Whether a module verifies by itself, for those looked at so far.
    sound: RefCell<BTreeMap<ModuleId, bool>>,
}

impl<'p> Checker<'p> {
    /// A checker of modules whose dependencies are in `program`.
    pub(crate) fn new(program: &'p Program) -> Self {
        Self {
            program,
            sound: RefCell::default(),
        }
    }

    /// Whether links to a module of the program may be looked at.
    fn is_sound(&self, id: &ModuleId) -> bool {
        if let Some(known) = self.sound.borrow().get(id) {
            return *known;
        }
        let mut meter = WorkMeter::default();
        let is_sound = self.program.get(id).is_some_and(|member| {
            verify_module(&member.module, &VerifierLimits::default(), &mut meter).is_ok()
        });
        self.sound.borrow_mut().insert(id.clone(), is_sound);
        is_sound
    }

    /// What the module names in others, which are at hand.
    fn links(&self, module: &CompiledModule) -> Result<(), Box<Finding>> {
        // Reading links assumes that dependencies verify.
        if let Some(unsound) = module.dependencies().find(|id| !self.is_sound(id)) {
            return Err(Box::new(Finding {
                rule: format!("{:?}", Rule::MissingDependency),
                rule_text: Rule::MissingDependency.to_string(),
                function: None,
                offset: None,
                instruction: None,
                message: format!("{unsound}, which it uses, does not verify itself"),
                advice: format!("verify {unsound} and mend it first"),
            }));
        }
        let find = |id: &ModuleId| self.program.get(id).map(|member| &member.module);
        verify_links(module, &find).map_err(|error| Box::new(of_rule(&error, module)))
    }

    /// Checks the module in `bytes`.
    pub(crate) fn check(&self, bytes: &[u8]) -> Verdict {
        let (module, unpublishable) = match read(bytes) {
            Ok(read) => read,
            Err(finding) => return Verdict::of_finding(None, *finding),
        };
        let id = id_of(&module);
        let broken = |finding| Verdict::of_finding(id.clone(), finding);
        let mut meter = WorkMeter::default();
        if let Err(error) = verify_module(&module, &VerifierLimits::default(), &mut meter) {
            return broken(of_rule(&error, &module));
        }
        let Some(id) = id.clone() else {
            // The verifier's bounds check refuses such a module.
            return broken(unreadable("its own name is out of bounds".into()));
        };
        let is_framework = heddle_framework::packages()
            .iter()
            .any(|package| package.id == id.address);
        if !is_framework && let Err(error) = verify_object_rules(&module, &mut meter) {
            return broken(of_rule(&error, &module));
        }
        if let Some(finding) = missing_native(&module, &id) {
            return broken(finding);
        }
        let missing: Vec<ModuleId> = module
            .dependencies()
            .filter(|dependency| self.program.get(dependency).is_none())
            .collect();
        if missing.is_empty()
            && let Err(finding) = self.links(&module)
        {
            return broken(*finding);
        }
        Verdict {
            id: Some(id),
            finding: None,
            missing,
            unpublishable,
        }
    }
}

/// The finding for modules of one package that depend on one another in a
/// circle, with the module that it was found at. All of `modules` must have
/// passed [`Checker::check`].
pub(crate) fn circle<'m>(
    modules: impl IntoIterator<Item = &'m CompiledModule>,
) -> Option<(Option<ModuleId>, Finding)> {
    let modules: Vec<_> = modules.into_iter().collect();
    let error = verify_acyclic(modules.iter().copied()).err()?;
    let module = modules
        .into_iter()
        .find(|module| Some(module.self_id()) == error.module)?;
    Some((error.module.clone(), of_rule(&error, module)))
}

/// Reads a module within the limits for published ones, or else within those
/// for local ones with the reason why it can't be published.
fn read(bytes: &[u8]) -> Result<(CompiledModule, Option<String>), Box<Finding>> {
    let error = match CompiledModule::deserialize(bytes, &BinaryLimits::published()) {
        Ok(module) => return Ok((module, None)),
        Err(error) => error,
    };
    let is_only_local = matches!(
        error.kind,
        DeserializeErrorKind::Unpublishable
            | DeserializeErrorKind::MetadataNotAllowed
            | DeserializeErrorKind::TooLarge { .. }
            | DeserializeErrorKind::TooManyEntries { .. }
    );
    if is_only_local && let Ok(module) = CompiledModule::deserialize(bytes, &BinaryLimits::local())
    {
        return Ok((module, Some(error.kind.to_string())));
    }
    Err(Box::new(unreadable(error.to_string())))
}

fn unreadable(message: String) -> Finding {
    Finding {
        rule: "Format".to_owned(),
        rule_text: "the bytes must be a module in the binary format, version 5 to 7".to_owned(),
        function: None,
        offset: None,
        instruction: None,
        message,
        advice: "compile it again, or check how the file got here: it is cut, changed or no \
                 compiled module"
            .to_owned(),
    }
}

fn of_rule(error: &VerificationError, module: &CompiledModule) -> Finding {
    let offset = error.offset.map(|offset| offset.0);
    let instruction = error
        .function
        .as_deref()
        .zip(offset)
        .and_then(|(function, offset)| instruction_text(module, function, offset));
    Finding {
        rule: format!("{:?}", error.rule),
        rule_text: error.rule.to_string(),
        function: error.function.clone(),
        offset,
        instruction,
        message: error.message.clone(),
        advice: advice::of(error.rule).to_owned(),
    }
}

/// The instruction at `offset` of `function`, as the disassembly shows it.
fn instruction_text(module: &CompiledModule, function: &str, offset: u16) -> Option<String> {
    let text = disassemble(module);
    let is_header = |line: &str| {
        line.split_once("fun ")
            .and_then(|(_, rest)| rest.strip_prefix(function))
            .is_some_and(|rest| rest.starts_with(['<', '(']))
    };
    let start = format!("{offset}: ");
    text.lines()
        .skip_while(|line| !is_header(line))
        .skip(1)
        .take_while(|line| line.trim() != "}")
        .find_map(|line| line.trim().strip_prefix(&start).map(str::to_owned))
}

/// The finding for a native function without a body.
fn missing_native(module: &CompiledModule, id: &ModuleId) -> Option<Finding> {
    static NATIVES: OnceLock<NativeTable> = OnceLock::new();
    let natives = NATIVES.get_or_init(heddle_adapter::natives::table);
    let name = Identifier::new(id.name.as_str()).ok()?;
    let missing = module
        .entries::<FunctionDefinitionIndex>()
        .filter(|(_, definition)| definition.is_native())
        .map(|(index, _)| module.function_name(index))
        .find(|function| {
            Identifier::new(function.as_str()).map_or(true, |function| {
                !natives.contains(&id.address, &name, &function)
            })
        })?;
    Some(Finding {
        rule: "Native".to_owned(),
        rule_text: "native functions must exist in the VM".to_owned(),
        function: Some(missing.to_string()),
        offset: None,
        instruction: None,
        message: format!("there is no native {id}::{missing}"),
        advice: "only modules of the framework have native functions; give this one a body, or \
                 run the package at its framework address"
            .to_owned(),
    })
}
