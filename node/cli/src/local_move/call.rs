//! What a person asks to run, as a call.

use super::input::Input;
use super::program::Program;
use super::signature::{function_text, type_text};
use crate::output::short_type;
use anyhow::{Context, bail};
use heddle_adapter::TransactionContext;
use heddle_bytecode::{FunctionDefinitionIndex, ModuleId};
use heddle_vm::value_text::value_from_text;
use heddle_vm::{CallArg, FunctionInfo, Passing, TypeLayout, Vm};
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier, TypeTag};

/// Which function to run, as typed: `module::function` or
/// `address::module::function`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) address: Option<Address>,
    pub(crate) module: String,
    pub(crate) function: String,
}

impl std::str::FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split("::").collect();
        let (address, module, function) = match parts[..] {
            [module, function] => (None, module, function),
            [address, module, function] => {
                let address = address_of(address)
                    .ok_or_else(|| format!("{address:?} is no address; write 0x…, std or sui"))?;
                (Some(address), module, function)
            }
            _ => return Err("write MODULE::FUNCTION or ADDRESS::MODULE::FUNCTION".to_owned()),
        };
        Ok(Self {
            address,
            module: module.to_owned(),
            function: function.to_owned(),
        })
    }
}

/// An address in digits, or by one of the framework's names.
fn address_of(text: &str) -> Option<Address> {
    match text {
        "std" => Some(Address::from_static("0x1")),
        "sui" => Some(Address::TWO),
        "sui_system" => Some(Address::from_static("0x3")),
        _ if text.starts_with("0x") => text.parse().ok(),
        _ => None,
    }
}

impl Target {
    /// Whether `input` has the module.
    pub(crate) fn is_in(&self, input: &Input) -> bool {
        let addresses = self.addresses_in(input);
        match self.address {
            Some(address) => addresses.contains(&address),
            None => !addresses.is_empty(),
        }
    }

    /// Addresses of modules of that name in `input`.
    fn addresses_in(&self, input: &Input) -> Vec<Address> {
        let modules = input.modules.iter();
        let ids = modules.filter_map(|module| Some(super::program::read(&module.bytes).ok()??.0));
        let mut addresses: Vec<_> = ids
            .filter(|id| id.name.as_str() == self.module)
            .map(|id| id.address)
            .collect();
        addresses.sort_unstable();
        addresses.dedup();
        addresses
    }

    /// The module's address in `program`; that in `main` goes before others.
    pub(crate) fn locate(&self, program: &Program, main: &Input) -> anyhow::Result<Address> {
        let own = self.addresses_in(main);
        let found = if own.is_empty() {
            program.addresses_of(&self.module)
        } else {
            own
        };
        let found: Vec<_> = match self.address {
            Some(address) => found.into_iter().filter(|it| *it == address).collect(),
            None => found,
        };
        match found[..] {
            [address] => Ok(address),
            [] => {
                let mut text = format!("there is no module {}", self.module);
                if let Some(address) = self.address {
                    text.push_str(&format!(" at {}", short_type(&address.to_string())));
                }
                for (path, error) in &program.unreadable {
                    text.push_str(&format!("; {} is no module: {error}", path.display()));
                }
                bail!("{text}. Without a function, `heddle move run` lists what can be run")
            }
            _ => {
                let places: Vec<_> = found
                    .iter()
                    .map(|address| {
                        let address = short_type(&address.to_string());
                        format!("{address}::{}::{}", self.module, self.function)
                    })
                    .collect();
                bail!(
                    "several modules have that name: write {}",
                    places.join(" or ")
                )
            }
        }
    }
}

/// A call that is ready to run.
pub(crate) struct Call {
    pub(crate) info: Arc<FunctionInfo>,
    pub(crate) type_arguments: Vec<TypeTag>,
    pub(crate) arguments: Vec<CallArg>,
    /// Type and layout of each parameter.
    pub(crate) parameters: Vec<(TypeTag, Arc<TypeLayout>)>,
    /// Type and layout of each result.
    pub(crate) returns: Vec<(TypeTag, Arc<TypeLayout>)>,
    /// Parameters that were filled in.
    pub(crate) injected: Vec<usize>,
}

/// Finds the function and reads its arguments. Parameters `&TxContext` and
/// `&mut TxContext` are filled in.
pub(crate) fn prepare(
    vm: &Vm,
    program: &Program,
    target: &Target,
    address: Address,
    type_args: &[String],
    args: &[String],
    facts: &TransactionContext,
) -> anyhow::Result<Call> {
    let (Ok(module), Ok(function)) = (
        Identifier::new(&*target.module),
        Identifier::new(&*target.function),
    ) else {
        bail!(
            "{}::{} is no name of a function",
            target.module,
            target.function
        );
    };
    let info = match vm.function(program, address, &module, &function) {
        Ok(info) => info,
        Err(error) => return Err(with_suggestion(error.into(), program, target, address)),
    };
    let signature = function_text(&info);
    if info.is_native && info.module.as_str() == "vector" {
        bail!(
            "{signature} is an instruction of the VM and no function; run a function that uses it"
        );
    }
    let type_arguments = type_args
        .iter()
        .map(|text| type_argument(text, program, address))
        .collect::<anyhow::Result<Vec<_>>>()?;
    if type_arguments.len() != info.type_parameters.len() {
        bail!(
            "{signature} takes {}, and --type-args gives {}",
            counted(info.type_parameters.len(), "type argument"),
            type_arguments.len()
        );
    }
    let layout = |tag: TypeTag| -> anyhow::Result<(TypeTag, Arc<TypeLayout>)> {
        let layout = vm
            .type_layout(program, &tag)
            .with_context(|| format!("type {}", short_type(&tag.to_string())))?;
        Ok((tag, layout))
    };
    let mut given = args.iter();
    let mut call = Call {
        type_arguments,
        arguments: Vec::with_capacity(info.parameters.len()),
        parameters: Vec::with_capacity(info.parameters.len()),
        returns: Vec::with_capacity(info.returns.len()),
        injected: Vec::new(),
        info: info.clone(),
    };
    for (index, parameter) in info.parameters.iter().enumerate() {
        let (passing, tag) = parameter.instantiate(&call.type_arguments)?;
        let (tag, layout) = layout(tag)?;
        let bytes = if passing != Passing::Value && is_tx_context(&tag) {
            call.injected.push(index);
            context_bytes(&layout, facts)
                .with_context(|| format!("{signature}: its TxContext has an unknown form"))?
        } else {
            let Some(text) = given.next() else {
                bail!(
                    "{signature} takes {}, and --args gives {}",
                    counted(
                        info.parameters.iter().filter(|it| !is_context(it)).count(),
                        "argument"
                    ),
                    args.len()
                );
            };
            value_from_text(&layout, text)
                .with_context(|| format!("argument {text:?} for {}", type_text(parameter)))?
        };
        call.arguments.push(match passing {
            Passing::Value => CallArg::Value(bytes),
            Passing::ImmutableReference => CallArg::ImmRef(bytes),
            Passing::MutableReference => CallArg::MutRef(bytes),
        });
        call.parameters.push((tag, layout));
    }
    if given.next().is_some() {
        bail!(
            "{signature} takes {}, and --args gives {}{}",
            counted(info.parameters.len() - call.injected.len(), "argument"),
            args.len(),
            if call.injected.is_empty() {
                ""
            } else {
                " (its TxContext is filled in)"
            }
        );
    }
    for (index, result) in info.returns.iter().enumerate() {
        let (passing, tag) = result.instantiate(&call.type_arguments)?;
        if passing != Passing::Value {
            bail!(
                "{signature} returns a reference as result {index}; a reference can't leave the \
                 VM. Run a function that calls it and returns a copy"
            );
        }
        call.returns.push(layout(tag)?);
    }
    Ok(call)
}

fn is_context(type_: &heddle_vm::SignatureType) -> bool {
    let (passing, inner) = type_.passing();
    passing != Passing::Value
        && inner
            .instantiate(&[])
            .is_ok_and(|(_, tag)| is_tx_context(&tag))
}

fn is_tx_context(type_: &TypeTag) -> bool {
    matches!(type_, TypeTag::Struct(tag)
        if *tag.address() == Address::TWO
            && tag.module().as_str() == "tx_context"
            && tag.name().as_str() == "TxContext")
}

/// A `TxContext` in BCS: fields are filled in by their names.
fn context_bytes(layout: &TypeLayout, facts: &TransactionContext) -> Option<Vec<u8>> {
    let TypeLayout::Struct(layout) = layout else {
        return None;
    };
    let mut bytes = Vec::new();
    for field in &layout.fields {
        match (field.name.as_str(), &field.layout) {
            ("sender", TypeLayout::Address) => bytes.extend_from_slice(facts.sender.as_bytes()),
            ("tx_hash", TypeLayout::Vector(_)) => {
                bytes.push(32);
                bytes.extend_from_slice(facts.digest.as_ref());
            }
            ("epoch", TypeLayout::U64) => bytes.extend_from_slice(&facts.epoch.to_le_bytes()),
            ("epoch_timestamp_ms", TypeLayout::U64) => {
                bytes.extend_from_slice(&facts.epoch_timestamp_ms.to_le_bytes());
            }
            (_, TypeLayout::U64) => bytes.extend_from_slice(&[0; 8]),
            (_, TypeLayout::Bool) => bytes.push(0),
            _ => return None,
        }
    }
    Some(bytes)
}

/// Adds the names of the module's functions to the error that one is missing.
fn with_suggestion(
    error: anyhow::Error,
    program: &Program,
    target: &Target,
    address: Address,
) -> anyhow::Error {
    let id = heddle_bytecode::Identifier::new(&target.module)
        .ok()
        .map(|name| ModuleId { address, name });
    let Some(member) = id.and_then(|id| program.get(&id)) else {
        return error;
    };
    let module = &member.module;
    let names: Vec<&str> = module
        .entries::<FunctionDefinitionIndex>()
        .filter_map(|(_, definition)| {
            let handle = module.get(definition.function)?;
            Some(module.get(handle.name)?.as_str())
        })
        .collect();
    if names.contains(&&*target.function) {
        return error;
    }
    anyhow::anyhow!(
        "module {} has no function {}; it has {}",
        target.module,
        target.function,
        names.join(", ")
    )
}

/// The type that `text` names, as `--type-args` takes it; modules at `home` go
/// before others of their name.
///
/// # Errors
/// If the text is no type, or a module in it is not in `program`.
pub(crate) fn type_argument(
    text: &str,
    program: &Program,
    home: Address,
) -> anyhow::Result<TypeTag> {
    let full = full_type(text, program, home)?;
    full.parse::<TypeTag>()
        .map_err(|error| anyhow::anyhow!("type argument {text:?}: {error}"))
}

/// A type as typed, with addresses put in: `m::T` of a module at hand (one at
/// `home` goes before others), and the names of the framework's packages.
fn full_type(text: &str, program: &Program, home: Address) -> anyhow::Result<String> {
    let mut full = String::with_capacity(text.len());
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == ':';
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let (path, tail) = rest.split_at(end);
        let parts: Vec<&str> = path.split("::").collect();
        match parts[..] {
            [module, name] => match program.addresses_of(module)[..] {
                [address] => full.push_str(&format!("{address}::{module}::{name}")),
                ref several if several.contains(&home) => {
                    full.push_str(&format!("{home}::{module}::{name}"));
                }
                [] => bail!("type {text:?}: there is no module {module}"),
                _ => bail!(
                    "type {text:?}: several modules are called {module}; put the address before it"
                ),
            },
            [address, module, name] => {
                let address = address_of(address)
                    .with_context(|| format!("type {text:?}: {address:?} is no address"))?;
                full.push_str(&format!("{address}::{module}::{name}"));
            }
            _ => full.push_str(path),
        }
        let next = tail.find(is_part).unwrap_or(tail.len());
        full.push_str(&tail[..next]);
        rest = &tail[next..];
    }
    Ok(full)
}

/// A number of things in words: `1 argument`, `2 arguments`.
fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        let target: Target = "m::f".parse().unwrap();
        assert_eq!((target.address, &*target.module), (None, "m"));
        let target: Target = "std::vector::empty".parse().unwrap();
        assert_eq!(target.address, Some(Address::from_static("0x1")));
        let target: Target = "0x2a::m::f".parse().unwrap();
        assert_eq!(target.address, Some(Address::from_static("0x2a")));
        for text in ["f", "a::b::c::d", "bob::m::f"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }

    #[test]
    fn types_get_their_addresses() {
        let none: [[&super::super::input::InputModule; 0]; 0] = [];
        let program = Program::new(none).unwrap();
        for (text, full) in [
            ("u64", "u64"),
            ("vector<u8>", "vector<u8>"),
            ("sui::SUI", "0x2::sui::SUI"),
            (
                "sui::coin::Coin<0x2::sui::SUI>",
                "0x2::coin::Coin<0x2::sui::SUI>",
            ),
            (
                "std::option::Option< option::Option<bool> >",
                "0x1::option::Option<0x1::option::Option<bool>>",
            ),
        ] {
            let tag: TypeTag = full_type(text, &program, Address::ZERO)
                .unwrap()
                .parse()
                .unwrap();
            assert_eq!(tag, full.parse().unwrap(), "{text}");
        }
        assert!(full_type("nowhere::T", &program, Address::ZERO).is_err());
        assert!(full_type("bob::m::T", &program, Address::ZERO).is_err());
    }
}
