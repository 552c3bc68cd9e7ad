//! `heddle move run`: one call of a function, with no chain and no node.

use super::call::{self, Target};
use super::check::Checker;
use super::input::{self, Input, InputModule};
use super::outcome::{self, Ending, Outcome};
use super::program::{self, Program};
use super::signature::function_text;
use crate::output::{BAD, BOLD, FAINT, Output, short_type};
use anyhow::{Context, bail};
use clap::Args;
use heddle_adapter::{ObjectRuntime, TransactionContext};
use heddle_bytecode::{FunctionDefinitionIndex, ModuleId};
use heddle_vm::{DebugOutput, Extensions, GasMeter};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use sui_sdk_types::{Address, Identifier};

/// The version that objects made in a run get.
const LAMPORT_VERSION: u64 = 1;

/// Options of `heddle move run`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Values of arguments:
  u8 … u256          7, 1_000, 0xff           any width, checked
  bool               true, false
  address, ID, UID   0x2
  vector<u8>         0x00ff, \"text\", [0, 255]
  vector<T>          [1, 2]
  String             text, \"text\"
  Option<T>          some(7), 7, none
  structs            '{ x: 1, y: [2] }', 'Point { x: 1, y: [2] }', '(1, 2)'
  enums              Empty, 'Circle { radius: 1 }', 'Box(1, 2)'
  any type           bcs:0x…, the value's bytes
A parameter &T or &mut T takes a value of T; what is behind &mut is printed
afterwards. &TxContext and &mut TxContext are filled in, not given.

Objects need no store: write them as structs, with an id of your choice. What
the call transfers, shares, freezes, deletes and emits is printed. Nothing is
kept, and no object is found that you did not pass.

Examples:
  heddle move run . math::divide --args 10 3
  heddle move run build/ math::largest --type-args u64 --args '[3, 9, 4]'
  heddle move run . counter::increment --args '{ id: 0x7, owner: 0x1, value: 5 }'
  heddle move run . std::u64::pow --args 2 10
  heddle move run .                        names every function")]
pub(crate) struct RunArgs {
    /// A compiled module (.mv), the folder of a package, or a folder of both
    path: PathBuf,
    /// The function: MODULE::FUNCTION or ADDRESS::MODULE::FUNCTION; without it, all are listed
    ///
    /// Any function can be run, private ones and ones that are not entry too.
    function: Option<Target>,
    /// Type arguments, as u64, 0x2::sui::SUI or my_module::MyType
    #[arg(long, num_args = 1.., value_name = "TYPE")]
    type_args: Vec<String>,
    /// Arguments in order; --help tells how values are written
    #[arg(long, num_args = 1.., value_name = "VALUE", allow_negative_numbers = true)]
    args: Vec<String>,
    /// Most gas units that the call may use, about one for each instruction
    #[arg(long, value_name = "UNITS", default_value_t = heddle_move_test::GAS_LIMIT_DEFAULT)]
    gas_budget: u64,
    /// Where other modules are that it uses; the framework is built in
    #[arg(long, value_name = "PATH")]
    dependency: Vec<PathBuf>,
    /// Who the TxContext says sends the transaction
    #[arg(long, value_name = "ADDRESS", default_value_t = Address::ZERO, hide_default_value = true)]
    sender: Address,
    /// The epoch that the TxContext shows
    #[arg(long, value_name = "N", default_value_t = 0)]
    epoch: u64,
    /// When that epoch began, in milliseconds since 1970
    #[arg(long, value_name = "MS", default_value_t = 0)]
    epoch_timestamp_ms: u64,
}

/// Runs the function, or lists all there are. The exit code says whether it
/// returned.
pub(crate) fn run(args: &RunArgs, output: &Output) -> anyhow::Result<ExitCode> {
    let inputs = input::read(&args.path)?;
    let mut dependencies = Vec::new();
    for path in &args.dependency {
        dependencies.extend(input::read(path)?);
    }
    let Some(target) = &args.function else {
        list(&inputs, output)?;
        return Ok(ExitCode::SUCCESS);
    };
    let main = main_input(&inputs, target)?;
    let program = program_of(main, &inputs, &dependencies)?;
    let address = target.locate(&program, main)?;
    check_reachable(&program, address, &target.module)?;
    let outcome = execute(args, target, &program, address)?;
    output.print(&outcome, || outcome.text())?;
    match &outcome.ending {
        Ending::Success { .. } => Ok(ExitCode::SUCCESS),
        Ending::Failure { failure } => {
            anstream::eprintln!(
                "{BAD}error:{BAD:#} {}: {}",
                outcome.function,
                failure.sentence()
            );
            Ok(ExitCode::FAILURE)
        }
    }
}

/// The input that has the function's module; the first one if none has it, for
/// functions of dependencies.
fn main_input<'i>(inputs: &'i [Input], target: &Target) -> anyhow::Result<&'i Input> {
    let having: Vec<_> = inputs.iter().filter(|input| target.is_in(input)).collect();
    match having[..] {
        [only] => Ok(only),
        [] => {
            for input in inputs {
                if let Some(error) = &input.build_error {
                    anstream::eprintln!(
                        "{BAD}note:{BAD:#} {} is left out: {error}",
                        input.path.display()
                    );
                }
            }
            inputs.first().context("nothing to run")
        }
        _ => {
            let paths: Vec<_> = having
                .iter()
                .map(|input| input.path.display().to_string())
                .collect();
            bail!(
                "module {} is in {}; name one of them as PATH",
                target.module,
                paths.join(" and ")
            )
        }
    }
}

/// Everything at hand as one program: the input first, then what it was built
/// with, then other dependencies and inputs.
pub(super) fn program_of(
    main: &Input,
    inputs: &[Input],
    dependencies: &[Input],
) -> anyhow::Result<Program> {
    let own: [&[InputModule]; 2] = [&main.modules, &main.dependencies];
    let others = dependencies.iter().chain(inputs);
    let others = others.flat_map(|input| [&input.modules[..], &input.dependencies[..]]);
    Program::new(own.into_iter().chain(others))
}

/// Refuses to run code that does not verify: the VM relies on it.
fn check_reachable(program: &Program, address: Address, module: &str) -> anyhow::Result<()> {
    let checker = Checker::new(program);
    let name = heddle_bytecode::Identifier::new(module).context("no module name")?;
    let mut open = vec![ModuleId { address, name }];
    let mut seen: BTreeSet<ModuleId> = open.iter().cloned().collect();
    while let Some(id) = open.pop() {
        let Some(member) = program.get(&id) else {
            continue;
        };
        if member.is_built_in {
            continue;
        }
        let verdict = checker.check(&member.bytes);
        let is_to_run = |rule: &str| !matches!(rule, "ObjectRule" | "Native");
        if let Some(finding) = verdict.finding.filter(|it| is_to_run(&it.rule)) {
            bail!(
                "{id} does not verify: {}{}; `heddle move verify {}` says more",
                finding
                    .place()
                    .map(|place| format!("{place}: "))
                    .unwrap_or_default(),
                finding.message,
                member.origin.display()
            );
        }
        for dependency in member.module.dependencies() {
            if seen.insert(dependency.clone()) {
                open.push(dependency);
            }
        }
    }
    Ok(())
}

fn execute(
    args: &RunArgs,
    target: &Target,
    program: &Program,
    address: Address,
) -> anyhow::Result<Outcome> {
    let vm = program::vm();
    let facts = TransactionContext {
        sender: args.sender,
        epoch: args.epoch,
        epoch_timestamp_ms: args.epoch_timestamp_ms,
        ..TransactionContext::for_tests()
    };
    let call = call::prepare(
        &vm,
        program,
        target,
        address,
        &args.type_args,
        &args.args,
        &facts,
    )?;
    let mut extensions = Extensions::new();
    extensions.insert(DebugOutput::default());
    extensions.insert(ObjectRuntime::new(facts, LAMPORT_VERSION));
    let mut execution = vm.start(program, GasMeter::new(args.gas_budget), extensions);
    let result = execution.call(
        address,
        &call.info.module,
        &call.info.name,
        &call.type_arguments,
        call.arguments.clone(),
    );
    let (meter, mut extensions) = execution.finish();
    let mut outcome = Outcome {
        function: format!(
            "{}::{}::{}",
            short_type(&address.to_string()),
            call.info.module,
            call.info.name
        ),
        ending: match &result {
            Ok(returned) => outcome::success(&call, returned),
            Err(error) => outcome::failure(error, program),
        },
        gas_used: meter.used(),
        gas_budget: meter.budget(),
        printed: Vec::new(),
        events: Vec::new(),
        objects: Vec::new(),
        deleted: Vec::new(),
    };
    if let Some(printed) = extensions.get::<DebugOutput>() {
        let values = printed.values.iter();
        outcome.printed = values
            .map(|(tag, bytes)| outcome::looked_up(&vm, program, tag, bytes))
            .collect();
    }
    // What a failed call did is undone, as in a transaction.
    if outcome.is_success()
        && let Some(runtime) = extensions.get_mut::<ObjectRuntime>()
    {
        outcome.add_effects(&vm, program, &runtime.end_transaction());
    }
    Ok(outcome)
}

/// A function that can be run.
#[derive(Debug, Serialize)]
struct Listed {
    /// `address::module::name`.
    function: String,
    /// The whole signature.
    signature: String,
}

/// Lists every function of `inputs`.
fn list(inputs: &[Input], output: &Output) -> anyhow::Result<()> {
    let vm = program::vm();
    let mut listed = Vec::new();
    let mut unreadable = Vec::new();
    for input in inputs {
        if let Some(error) = &input.build_error {
            unreadable.push(format!("{} does not build: {error}", input.path.display()));
        }
        let program = program_of(input, inputs, &[])?;
        for (path, error) in &program.unreadable {
            let note = format!("{} is no module: {error}", path.display());
            if !unreadable.contains(&note) {
                unreadable.push(note);
            }
        }
        for module in &input.modules {
            let Ok(Some((id, _))) = program::read(&module.bytes) else {
                continue;
            };
            list_module(&vm, &program, &id, &mut listed, &mut unreadable);
        }
    }
    unreadable.iter().for_each(|note| output.note(note));
    output.print(&listed, || {
        let mut text = String::new();
        for function in &listed {
            text.push_str(&format!(
                "{BOLD}{}{BOLD:#}\n  {FAINT}{}{FAINT:#}\n",
                function.function, function.signature
            ));
        }
        text
    })
}

fn list_module(
    vm: &heddle_vm::Vm,
    program: &Program,
    id: &ModuleId,
    listed: &mut Vec<Listed>,
    notes: &mut Vec<String>,
) {
    let (Some(member), Ok(module)) = (program.get(id), Identifier::new(id.name.as_str())) else {
        return;
    };
    for (_, definition) in member.module.entries::<FunctionDefinitionIndex>() {
        let handle = member.module.get(definition.function);
        let name = handle
            .and_then(|handle| member.module.get(handle.name))
            .and_then(|name| Identifier::new(name.as_str()).ok());
        let Some(name) = name else { continue };
        match vm.function(program, id.address, &module, &name) {
            Ok(info) => listed.push(Listed {
                function: format!("{id}::{name}"),
                signature: function_text(&info),
            }),
            Err(error) => {
                notes.push(format!("{id}: {error}"));
                return;
            }
        }
    }
}
