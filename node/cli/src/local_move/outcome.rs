//! What came of a call, for a person or a program.

use super::call::Call;
use super::program::Program;
use crate::output::{BAD, BOLD, FAINT, GOOD, short_type};
use heddle_adapter::{EndedTransaction, render};
use heddle_bytecode::{CleverError, ModuleId};
use heddle_vm::value_text::value_to_text;
use heddle_vm::{
    CallReturn, ExecutionError, ExecutionErrorKind, Place, ResolveError, TypeLayout, Vm,
};
use serde::Serialize;
use serde_json::Value;
use std::fmt::Write;
use sui_sdk_types::{Owner, TypeTag};

/// What came of a call.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    /// The function, `address::module::name`.
    pub(crate) function: String,
    #[serde(flatten)]
    pub(crate) ending: Ending,
    /// Units of the VM, about one for each instruction.
    pub(crate) gas_used: u64,
    pub(crate) gas_budget: u64,
    /// What `std::debug::print` printed.
    pub(crate) printed: Vec<TypedValue>,
    pub(crate) events: Vec<TypedValue>,
    /// Objects that got an owner.
    pub(crate) objects: Vec<OwnedObject>,
    /// Ids of objects deleted.
    pub(crate) deleted: Vec<String>,
}

/// How it ended.
#[derive(Debug, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub(crate) enum Ending {
    /// The function returned.
    Success {
        returns: Vec<TypedValue>,
        /// Values behind `&mut` parameters afterwards.
        mutated: Vec<MutatedArgument>,
    },
    /// It did not.
    Failure { failure: Box<Failure> },
}

/// A value in every form.
#[derive(Debug, Serialize)]
pub(crate) struct TypedValue {
    #[serde(rename = "type")]
    pub(crate) type_: String,
    /// As the command line writes and reads it.
    pub(crate) text: String,
    /// As the public API shows it; null if it nests too deeply for that.
    pub(crate) value: Value,
    /// `0x` and hexadecimal digits.
    pub(crate) bcs: String,
}

/// The value behind a `&mut` parameter.
#[derive(Debug, Serialize)]
pub(crate) struct MutatedArgument {
    /// Position of the parameter, from 0.
    pub(crate) argument: usize,
    #[serde(flatten)]
    pub(crate) value: TypedValue,
}

/// An object that got an owner.
#[derive(Debug, Serialize)]
pub(crate) struct OwnedObject {
    pub(crate) id: String,
    pub(crate) owner: String,
    #[serde(flatten)]
    pub(crate) value: TypedValue,
}

/// Why a function did not return.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    /// One word for programs: `abort`, `out_of_gas`, `arithmetic`, `vector`,
    /// `variant_mismatch`, `memory_limit`, `call_depth`, `missing_native`,
    /// `missing_code` or `other`.
    pub(crate) kind: &'static str,
    /// What happened.
    pub(crate) message: String,
    /// The code of an abort.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<u64>,
    /// The name of the error constant behind the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) constant: Option<String>,
    /// That constant's value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) constant_value: Option<String>,
    /// The number that the constant's attribute gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_code: Option<u8>,
    /// The native that is missing, `address::module::name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) native: Option<String>,
    #[serde(flatten)]
    pub(crate) place: Option<FailurePlace>,
    /// The source line, where the compiler put it into the abort code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u16>,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
}

/// Where it happened.
#[derive(Debug, Serialize)]
pub(crate) struct FailurePlace {
    pub(crate) module: String,
    pub(crate) in_function: String,
    /// Offset of the Move instruction in the function.
    pub(crate) offset: u16,
}

/// A value as text, JSON and bytes.
pub(crate) fn typed(tag: &TypeTag, layout: &TypeLayout, bytes: &[u8]) -> TypedValue {
    let bcs = format!("0x{}", hex::encode(bytes));
    TypedValue {
        type_: short_type(&tag.to_string()),
        text: value_to_text(layout, bytes).unwrap_or_else(|_| format!("bcs:{bcs}")),
        value: render::json(layout, bytes).unwrap_or(Value::Null),
        bcs,
    }
}

/// The same for a type that must be looked up.
pub(crate) fn looked_up(vm: &Vm, program: &Program, tag: &TypeTag, bytes: &[u8]) -> TypedValue {
    match vm.type_layout(program, tag) {
        Ok(layout) => typed(tag, &layout, bytes),
        Err(_) => {
            let bcs = format!("0x{}", hex::encode(bytes));
            TypedValue {
                type_: short_type(&tag.to_string()),
                text: format!("bcs:{bcs}"),
                value: Value::Null,
                bcs,
            }
        }
    }
}

/// How a call that returned ended.
pub(crate) fn success(call: &Call, returned: &CallReturn) -> Ending {
    let returns = call.returns.iter().zip(&returned.values);
    let mutated = returned
        .mutated
        .iter()
        .filter(|(index, _)| !call.injected.contains(index));
    Ending::Success {
        returns: returns
            .map(|((tag, layout), bytes)| typed(tag, layout, bytes))
            .collect(),
        mutated: mutated
            .filter_map(|(index, bytes)| {
                let (tag, layout) = call.parameters.get(*index)?;
                Some(MutatedArgument {
                    argument: *index,
                    value: typed(tag, layout, bytes),
                })
            })
            .collect(),
    }
}

/// How a call that failed ended.
pub(crate) fn failure(error: &ExecutionError, program: &Program) -> Ending {
    let place = error.place.as_deref();
    let clever = match error.kind {
        ExecutionErrorKind::Abort { code } => {
            let id = place.and_then(module_of);
            let member = id.and_then(|id| program.get(&id));
            CleverError::of(code, member.map(|member| &member.module))
        }
        _ => None,
    };
    let mut failure = Failure {
        kind: "other",
        message: error.kind.to_string(),
        code: None,
        constant: None,
        constant_value: None,
        error_code: None,
        native: None,
        line: clever.as_ref().map(|clever| clever.line),
        place: place.map(|place| FailurePlace {
            module: format!(
                "{}::{}",
                short_type(&place.original_id.to_string()),
                place.module
            ),
            in_function: place.function.to_string(),
            offset: place.instruction,
        }),
        hint: None,
    };
    match &error.kind {
        ExecutionErrorKind::Abort { code } => {
            failure.kind = "abort";
            failure.code = Some(*code);
            if let Some(clever) = clever {
                failure.message = format!("aborted with {clever}");
                failure.constant = clever.constant_name;
                failure.constant_value = clever.message;
                failure.error_code = clever.error_code;
            }
        }
        ExecutionErrorKind::OutOfGas => {
            failure.kind = "out_of_gas";
            failure.hint = Some("give it more with --gas-budget".into());
        }
        ExecutionErrorKind::Arithmetic(_) => failure.kind = "arithmetic",
        ExecutionErrorKind::Vector(_) => failure.kind = "vector",
        ExecutionErrorKind::VariantMismatch { .. } => failure.kind = "variant_mismatch",
        ExecutionErrorKind::MemoryLimit { .. } | ExecutionErrorKind::FrameTooLarge { .. } => {
            failure.kind = "memory_limit";
        }
        ExecutionErrorKind::CallDepth => failure.kind = "call_depth",
        ExecutionErrorKind::Resolve(error) => unresolved(&mut failure, error),
        _ => {}
    }
    Ending::Failure {
        failure: Box::new(failure),
    }
}

/// What could not be found or loaded.
fn unresolved(failure: &mut Failure, error: &ResolveError) {
    let short = |id: &sui_sdk_types::Address| short_type(&id.to_string());
    match error {
        ResolveError::NativeNotFound {
            package,
            module,
            function,
        } => {
            let native = format!("{}::{module}::{function}", short(package));
            failure.kind = "missing_native";
            failure.message = format!("the native function {native} does not exist in Heddle");
            failure.native = Some(native);
            failure.hint = Some("run a function that does not call it".into());
        }
        ResolveError::MissingLinkage { dependency: id, .. } | ResolveError::PackageNotFound(id) => {
            failure.kind = "missing_code";
            failure.message = format!("it needs code at {}, which is not here", short(id));
            failure.hint = Some("give the folder that has it with --dependency".into());
        }
        ResolveError::ModuleNotFound { package, module } => {
            failure.kind = "missing_code";
            failure.message = format!(
                "it needs module {}::{module}, which is not here",
                short(package)
            );
            failure.hint = Some("give the folder that has it with --dependency".into());
        }
        ResolveError::FunctionNotFound { .. } | ResolveError::DatatypeNotFound { .. } => {
            failure.kind = "missing_code";
        }
        _ => {}
    }
}

fn module_of(place: &Place) -> Option<ModuleId> {
    Some(ModuleId {
        address: place.original_id,
        name: heddle_bytecode::Identifier::new(place.module.as_str()).ok()?,
    })
}

impl Outcome {
    /// Adds what the call did besides returning.
    pub(crate) fn add_effects(&mut self, vm: &Vm, program: &Program, ended: &EndedTransaction) {
        let value = |tag: &TypeTag, contents: &[u8]| looked_up(vm, program, tag, contents);
        for event in &ended.events {
            let tag = TypeTag::Struct(Box::new(event.type_.clone()));
            self.events.push(value(&tag, &event.contents));
        }
        for object in &ended.transferred {
            let tag = TypeTag::Struct(Box::new(object.type_.clone()));
            self.objects.push(OwnedObject {
                id: short_type(&object.id.to_string()),
                owner: owner_text(&object.owner),
                value: value(&tag, &object.contents),
            });
        }
        let ids = ended.deleted.iter();
        self.deleted = ids.map(|id| short_type(&id.to_string())).collect();
    }

    /// Whether the function returned.
    pub(crate) fn is_success(&self) -> bool {
        matches!(self.ending, Ending::Success { .. })
    }

    /// The outcome for a person.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let line = |text: &mut String, name: &str, value: &TypedValue| {
            let _ = writeln!(
                text,
                "  {FAINT}{name:<10}{FAINT:#} {}: {}",
                value.type_, value.text
            );
        };
        for value in &self.printed {
            line(&mut text, "printed", value);
        }
        match &self.ending {
            Ending::Success { returns, mutated } => {
                let _ = writeln!(
                    text,
                    "{GOOD}returned{GOOD:#} {BOLD}{}{BOLD:#}",
                    self.function
                );
                for value in returns {
                    line(&mut text, "result", value);
                }
                for argument in mutated {
                    line(
                        &mut text,
                        &format!("argument {}", argument.argument),
                        &argument.value,
                    );
                }
            }
            Ending::Failure { failure } => {
                let _ = writeln!(text, "{BAD}failed{BAD:#} {BOLD}{}{BOLD:#}", self.function);
                failure.write(&mut text);
            }
        }
        for value in &self.events {
            line(&mut text, "event", value);
        }
        for object in &self.objects {
            line(&mut text, "object", &object.value);
            let _ = writeln!(
                text,
                "  {FAINT}{:<10} {} {}{FAINT:#}",
                "", object.id, object.owner
            );
        }
        for id in &self.deleted {
            let _ = writeln!(text, "  {FAINT}{:<10}{FAINT:#} {id}", "deleted");
        }
        let _ = writeln!(
            text,
            "  {FAINT}{:<10}{FAINT:#} {} {FAINT}of {}{FAINT:#}",
            "gas", self.gas_used, self.gas_budget
        );
        text
    }
}

impl Failure {
    fn write(&self, text: &mut String) {
        let _ = writeln!(text, "  {FAINT}{:<10}{FAINT:#} {}", "error", self.message);
        if let Some(code) = self.code.filter(|_| self.line.is_some()) {
            let _ = writeln!(text, "  {FAINT}{:<10} {code:#018x}{FAINT:#}", "code");
        }
        if let Some(place) = &self.place {
            let _ = write!(
                text,
                "  {FAINT}{:<10}{FAINT:#} {}::{}, instruction {}",
                "in", place.module, place.in_function, place.offset
            );
            if let Some(line) = self.line {
                let _ = write!(text, ", line {line}");
            }
            text.push('\n');
        }
        if let Some(hint) = &self.hint {
            let _ = writeln!(text, "  {FAINT}{:<10}{FAINT:#} {hint}", "next");
        }
    }

    /// The failure on one line.
    pub(crate) fn sentence(&self) -> String {
        let mut text = self.message.clone();
        if let Some(place) = &self.place {
            let _ = write!(
                text,
                ", in {}::{} at instruction {}",
                place.module, place.in_function, place.offset
            );
        }
        if let Some(line) = self.line {
            let _ = write!(text, ", line {line}");
        }
        if let Some(hint) = &self.hint {
            let _ = write!(text, "; {hint}");
        }
        text
    }
}

fn owner_text(owner: &Owner) -> String {
    match owner {
        Owner::Address(address) => format!("owned by {}", short_type(&address.to_string())),
        Owner::Object(parent) => format!("child of {}", short_type(&parent.to_string())),
        Owner::Shared(_) => "shared".to_owned(),
        Owner::Immutable => "immutable".to_owned(),
        Owner::ConsensusAddress { owner, .. } => {
            format!(
                "owned by {} through consensus",
                short_type(&owner.to_string())
            )
        }
        _ => "of unknown ownership".to_owned(),
    }
}
