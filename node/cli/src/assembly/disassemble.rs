//! `heddle move disassemble`: what a compiled module holds, and what the VM
//! makes of it.

use super::side_by_side;
use crate::local_move::input::{self, Input};
use crate::local_move::program::{self, Program};
use crate::local_move::type_argument;
use crate::output::{Output, short_type};
use anyhow::bail;
use clap::Args;
use heddle_assembler::function_text;
use heddle_bytecode::{CompiledModule, FunctionDefinition, FunctionDefinitionIndex, ModuleId};
use heddle_vm::{FunctionListing, ListedInstruction, Vm};
use serde::Serialize;
use std::path::PathBuf;
use sui_sdk_types::{Address, Identifier, TypeTag};

/// Options of `heddle move disassemble`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Left the Move bytecode, right the register code that the VM translates it to,
block by block with the gas that is charged when a block is entered. What
depends on data (bytes copied, natives) is charged on top while a block runs.
A generic function has no code of its own: each choice of types has, which
--type-args makes.

docs/instructions.md lists the instructions of both sides.

Examples:
  heddle move disassemble .
  heddle move disassemble counter.mv --function increment
  heddle move disassemble . --module table --function get --type-args u64 bool
  heddle move disassemble counter.mv --assembly > counter.mvasm")]
pub(crate) struct DisassembleArgs {
    /// A compiled module (.mv), the folder of a package, or a folder of both
    path: PathBuf,
    /// Only modules of this name
    #[arg(long, value_name = "NAME")]
    module: Option<String>,
    /// Only functions of this name
    #[arg(long, value_name = "NAME")]
    function: Option<String>,
    /// Type arguments of a generic function, as u64, 0x2::sui::SUI or my_module::MyType
    #[arg(long, num_args = 1.., value_name = "TYPE", requires = "function")]
    type_args: Vec<String>,
    /// Print the text that `heddle move assemble` takes, whole modules
    #[arg(long, conflicts_with_all = ["function", "type_args"])]
    assembly: bool,
}

/// A module as it is shown.
#[derive(Debug, Serialize)]
pub(super) struct ShownModule {
    /// Address and name.
    pub(super) module: String,
    /// The file that it was read from, or the package that it was built from.
    pub(super) origin: PathBuf,
    /// Version of the binary format.
    pub(super) version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) assembly: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) functions: Vec<ShownFunction>,
}

/// A function as it is shown.
#[derive(Debug, Serialize)]
pub(super) struct ShownFunction {
    pub(super) name: String,
    /// The declaration.
    pub(super) declaration: String,
    pub(super) is_native: bool,
    pub(super) type_parameters: usize,
    /// Type arguments that it is translated for.
    pub(super) type_arguments: Vec<String>,
    /// Declarations of locals.
    pub(super) locals: Vec<String>,
    /// Move bytecode by offset.
    pub(super) bytecode: Vec<String>,
    /// Register code; `null` if there is none.
    pub(super) translation: Option<Translation>,
    /// Why there is no register code, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) untranslated: Option<String>,
}

/// Register code.
#[derive(Debug, Serialize)]
pub(super) struct Translation {
    /// Gas units charged the first time that the function runs in a call from
    /// outside.
    pub(super) load_gas: u64,
    pub(super) blocks: Vec<ShownBlock>,
}

/// A basic block.
#[derive(Debug, Serialize)]
pub(super) struct ShownBlock {
    /// Offset of its first Move instruction.
    pub(super) first: u16,
    /// Offset behind its last; `first` itself for what is done on entry alone.
    pub(super) end: u16,
    /// Gas units charged when it is entered.
    pub(super) gas: u32,
    pub(super) instructions: Vec<ShownInstruction>,
}

/// An instruction of register code.
#[derive(Debug, Serialize)]
pub(super) struct ShownInstruction {
    pub(super) position: u32,
    /// Offset of the Move instruction that it stands for.
    pub(super) offset: u16,
    pub(super) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
}

impl From<ListedInstruction> for ShownInstruction {
    fn from(listed: ListedInstruction) -> Self {
        Self {
            position: listed.position,
            offset: listed.offset,
            text: listed.text,
            note: listed.note,
        }
    }
}

impl From<FunctionListing> for Translation {
    fn from(listing: FunctionListing) -> Self {
        let shown = |list: Vec<ListedInstruction>| list.into_iter().map(Into::into).collect();
        let blocks = listing.blocks.into_iter().map(|block| ShownBlock {
            first: block.offsets.start,
            end: block.offsets.end,
            gas: block.cost,
            instructions: shown(block.instructions),
        });
        Self {
            load_gas: listing.load_cost,
            blocks: blocks.collect(),
        }
    }
}

/// Runs `heddle move disassemble`.
pub(crate) fn disassemble(args: &DisassembleArgs, output: &Output) -> anyhow::Result<()> {
    let inputs = input::read(&args.path)?;
    let mut shown = Vec::new();
    let mut names = Vec::new();
    for input in &inputs {
        if let Some(error) = &input.build_error {
            output.note(format_args!(
                "{} is left out, it does not build: {error}",
                input.path.display()
            ));
        }
        let shower = Shower::new(args, input)?;
        for module in &input.modules {
            let module_shown = shower.module(module)?;
            names.push(module_shown.module.clone());
            shown.extend(Some(module_shown).filter(|it| shower.is_wanted(it)));
        }
    }
    if shown.is_empty() {
        bail!(
            "{} has no {}; its modules are {}",
            args.path.display(),
            match (&args.module, &args.function) {
                (Some(module), None) => format!("module {module}"),
                (None, Some(function)) => format!("function {function}"),
                (Some(module), Some(function)) => format!("function {module}::{function}"),
                (None, None) => "modules".to_owned(),
            },
            names.join(", ")
        );
    }
    output.print(&serde_json::json!({ "modules": shown }), || {
        let modules: Vec<String> = shown.iter().map(side_by_side::text).collect();
        modules.join("\n")
    })
}

/// Shows the modules of one input.
struct Shower<'a> {
    args: &'a DisassembleArgs,
    program: Program,
    vm: Vm,
    type_arguments: Vec<TypeTag>,
}

impl<'a> Shower<'a> {
    fn new(args: &'a DisassembleArgs, input: &Input) -> anyhow::Result<Self> {
        let program = Program::new([&input.modules, &input.dependencies])?;
        let home = input.modules.iter().find_map(|module| {
            let (id, _) = program::read(&module.bytes).ok().flatten()?;
            Some(id.address)
        });
        let home = home.unwrap_or(Address::ZERO);
        let type_arguments = args
            .type_args
            .iter()
            .map(|text| type_argument(text, &program, home))
            .collect::<anyhow::Result<_>>()?;
        Ok(Self {
            args,
            program,
            vm: program::vm(),
            type_arguments,
        })
    }

    /// Whether a module has what was asked for.
    fn is_wanted(&self, shown: &ShownModule) -> bool {
        let name = shown.module.rsplit("::").next().unwrap_or_default();
        let is_named = self
            .args
            .module
            .as_ref()
            .is_none_or(|wanted| wanted == name);
        let has_function = self.args.function.is_none() || !shown.functions.is_empty();
        is_named && has_function
    }

    fn module(&self, input: &input::InputModule) -> anyhow::Result<ShownModule> {
        let module = match CompiledModule::deserialize(
            &input.bytes,
            &heddle_bytecode::BinaryLimits::local(),
        ) {
            Ok(module) => module,
            Err(error) => bail!("{} is no module: {error}", input.origin.display()),
        };
        let id = program::id_of(&module);
        let mut shown = ShownModule {
            module: id
                .as_ref()
                .map_or_else(|| "?".to_owned(), ToString::to_string),
            origin: input.origin.clone(),
            version: module.version,
            assembly: None,
            functions: Vec::new(),
        };
        if self.args.assembly {
            shown.assembly = Some(heddle_assembler::print(&module));
            return Ok(shown);
        }
        for (_, def) in module.entries::<FunctionDefinitionIndex>() {
            let function = self.function(&module, id.as_ref(), def);
            let wanted = self.args.function.as_ref();
            if wanted.is_none_or(|wanted| *wanted == function.name) {
                shown.functions.push(function);
            }
        }
        Ok(shown)
    }

    fn function(
        &self,
        module: &CompiledModule,
        id: Option<&ModuleId>,
        def: &FunctionDefinition,
    ) -> ShownFunction {
        let text = function_text(module, def);
        let handle = module.get(def.function);
        let name = handle.and_then(|handle| module.get(handle.name));
        let mut shown = ShownFunction {
            name: name.map_or_else(|| "?".to_owned(), ToString::to_string),
            declaration: text.header,
            is_native: def.is_native(),
            type_parameters: handle.map_or(0, |handle| handle.type_parameters.len()),
            type_arguments: Vec::new(),
            locals: text.locals,
            bytecode: text.instructions,
            translation: None,
            untranslated: None,
        };
        if shown.is_native {
            return shown;
        }
        if shown.type_parameters > 0 && self.type_arguments.is_empty() {
            let types = vec!["u64"; shown.type_parameters].join(" ");
            shown.untranslated = Some(format!(
                "generic: translated for each choice of types; choose with --function {} \
                 --type-args {types}",
                shown.name
            ));
            return shown;
        }
        let types = self.type_arguments.iter();
        shown.type_arguments = types.map(ToString::to_string).collect();
        match id.map(|id| self.listing(id, &shown.name)) {
            Some(Ok(listing)) => shown.translation = Some(listing.into()),
            Some(Err(error)) => {
                let error = short_type(&format!("{error:#}"));
                shown.untranslated = Some(format!("not translated: {error}"));
            }
            None => {
                shown.untranslated =
                    Some("not translated: the module's own name is out of bounds".to_owned());
            }
        }
        shown
    }

    fn listing(&self, id: &ModuleId, function: &str) -> anyhow::Result<FunctionListing> {
        let module =
            Identifier::new(id.name.as_str()).map_err(|error| anyhow::anyhow!("{error}"))?;
        let function = Identifier::new(function).map_err(|error| anyhow::anyhow!("{error}"))?;
        let types = &self.type_arguments;
        Ok(self
            .vm
            .listing(&self.program, id.address, &module, &function, types)?)
    }
}
