//! The embedded packages are what they say they are: well-formed, verified, and
//! with the public interface that `api.txt` lists.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use heddle_bytecode::{
    AbilitySet, BinaryLimits, CompiledModule, DatatypeHandle, FieldDefinition, FunctionDefinition,
    ModuleId, Signature, SignatureToken, Visibility,
};
use heddle_framework::{FrameworkPackage, packages, sources};
use heddle_verifier::{
    VerifierLimits, WorkMeter, verify_acyclic, verify_links, verify_module, verify_object_rules,
};

/// Set to write `api.txt` anew instead of comparing with it.
const BLESS: &str = "HEDDLE_BLESS";

fn modules(package: &FrameworkPackage) -> Vec<CompiledModule> {
    package
        .modules
        .iter()
        .map(|module| {
            CompiledModule::deserialize(module.bytes, &BinaryLimits::published())
                .unwrap_or_else(|error| panic!("{}::{}: {error}", package.name, module.name))
        })
        .collect()
}

#[test]
fn modules_are_at_their_addresses_under_their_names() {
    let names: Vec<_> = packages().iter().map(|package| package.name).collect();
    assert_eq!(names, ["MoveStdlib", "Sui", "SuiSystem"]);
    for package in packages() {
        for (compiled, module) in modules(package).iter().zip(package.modules) {
            assert_eq!(*compiled.address(), package.id, "{}", module.name);
            assert_eq!(compiled.name().as_str(), module.name);
        }
    }
}

#[test]
fn packages_depend_on_those_before_them() {
    let mut before = Vec::new();
    for package in packages() {
        assert_eq!(package.dependencies, before, "{}", package.name);
        for module in modules(package) {
            for dependency in module.dependencies() {
                assert!(
                    before.contains(&dependency.address) || dependency.address == package.id,
                    "{} names {dependency:?}",
                    package.name
                );
            }
        }
        before.push(package.id);
    }
}

#[test]
fn every_module_passes_the_verifier() {
    let all: Vec<Vec<CompiledModule>> = packages().iter().map(modules).collect();
    let by_id: BTreeMap<ModuleId, &CompiledModule> = all
        .iter()
        .flatten()
        .map(|module| (module.self_id(), module))
        .collect();
    for package in &all {
        for module in package {
            let mut meter = WorkMeter::default();
            verify_module(module, &VerifierLimits::default(), &mut meter)
                .and_then(|()| verify_object_rules(module, &mut meter))
                .and_then(|()| verify_links(module, &|id| by_id.get(id).copied()))
                .unwrap_or_else(|error| panic!("{:?}: {error}", module.self_id()));
        }
        verify_acyclic(package).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn sources_belong_to_the_packages() {
    for (package, sources) in packages().iter().zip(sources()) {
        assert_eq!(package.name, sources.name);
        for module in package.modules {
            let declaration = format!("module {}::{};", sources.address(), module.name);
            assert!(
                sources.files.iter().any(|(path, text)| {
                    path.starts_with("sources/") && text.contains(&declaration)
                }),
                "no source has `{declaration}`"
            );
        }
    }
}

/// The address's name in the sources.
trait NamedAddress {
    fn address(&self) -> &'static str;
}

impl NamedAddress for heddle_framework::PackageSources {
    fn address(&self) -> &'static str {
        match self.folder {
            "system" => "sui_system",
            folder => folder,
        }
    }
}

/// Everything that other packages, clients or natives rely on: types with their
/// abilities and fields, and all functions that are public, entry or native.
#[test]
fn the_interface_is_the_one_in_api_txt() {
    let mut found = String::new();
    for package in packages() {
        for module in modules(package) {
            write_module(&mut found, &module);
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("api.txt");
    if env::var_os(BLESS).is_some() {
        fs::write(&file, found).expect("api.txt can be written");
        return;
    }
    let listed = fs::read_to_string(&file).expect("api.txt can be read");
    for (number, (listed, found)) in listed.lines().zip(found.lines()).enumerate() {
        assert_eq!(
            listed,
            found,
            "line {} of api.txt; {BLESS}=1 writes it anew",
            number + 1
        );
    }
    assert_eq!(
        listed.lines().count(),
        found.lines().count(),
        "length of api.txt; {BLESS}=1 writes it anew"
    );
}

fn write_module(out: &mut String, module: &CompiledModule) {
    let _ = writeln!(out, "module {}::{}", short(module.address()), module.name());
    for definition in &module.struct_defs {
        let handle = &module[definition.struct_handle];
        let _ = writeln!(
            out,
            "  struct {} {{ {} }}",
            datatype_head(module, handle),
            fields(module, definition.fields())
        );
    }
    for definition in &module.enum_defs {
        let handle = &module[definition.enum_handle];
        let _ = writeln!(out, "  enum {}", datatype_head(module, handle));
        for variant in &definition.variants {
            let _ = writeln!(
                out,
                "    {} {{ {} }}",
                module[variant.variant_name],
                fields(module, &variant.fields)
            );
        }
    }
    for definition in &module.function_defs {
        if definition.visibility == Visibility::Public
            || definition.is_entry
            || definition.is_native()
        {
            let _ = writeln!(out, "  {}", function(module, definition));
        }
    }
}

fn datatype_head(module: &CompiledModule, handle: &DatatypeHandle) -> String {
    let parameters = handle
        .type_parameters
        .iter()
        .enumerate()
        .map(|(index, it)| {
            let phantom = if it.is_phantom { "phantom " } else { "" };
            format!("{phantom}{}", type_parameter(index, it.constraints))
        });
    let mut head = format!("{}{}", module[handle.name], type_list(parameters));
    if !handle.abilities.is_empty() {
        let _ = write!(head, " has {}", handle.abilities);
    }
    head
}

fn fields(module: &CompiledModule, fields: &[FieldDefinition]) -> String {
    let fields: Vec<_> = fields
        .iter()
        .map(|field| {
            format!(
                "{}: {}",
                module[field.name],
                type_text(module, &field.signature)
            )
        })
        .collect();
    fields.join(", ")
}

fn function(module: &CompiledModule, definition: &FunctionDefinition) -> String {
    let handle = &module[definition.function];
    let mut text = match definition.visibility {
        Visibility::Private => String::new(),
        Visibility::Public => "public ".to_owned(),
        Visibility::Friend => "public(package) ".to_owned(),
    };
    if definition.is_entry {
        text.push_str("entry ");
    }
    if definition.is_native() {
        text.push_str("native ");
    }
    let type_parameters = handle
        .type_parameters
        .iter()
        .enumerate()
        .map(|(index, constraints)| type_parameter(index, *constraints));
    let _ = write!(
        text,
        "fun {}{}({})",
        module[handle.name],
        type_list(type_parameters),
        types_text(module, &module[handle.parameters])
    );
    match &module[handle.return_].0[..] {
        [] => {}
        [one] => {
            let _ = write!(text, ": {}", type_text(module, one));
        }
        _ => {
            let _ = write!(text, ": ({})", types_text(module, &module[handle.return_]));
        }
    }
    text
}

fn type_parameter(index: usize, constraints: AbilitySet) -> String {
    if constraints.is_empty() {
        format!("T{index}")
    } else {
        format!("T{index}: {constraints}")
    }
}

fn type_list(parameters: impl Iterator<Item = String>) -> String {
    let parameters: Vec<_> = parameters.collect();
    if parameters.is_empty() {
        String::new()
    } else {
        format!("<{}>", parameters.join(", "))
    }
}

fn types_text(module: &CompiledModule, types: &Signature) -> String {
    let types: Vec<_> = types.0.iter().map(|it| type_text(module, it)).collect();
    types.join(", ")
}

fn type_text(module: &CompiledModule, token: &SignatureToken) -> String {
    match token {
        SignatureToken::Bool => "bool".to_owned(),
        SignatureToken::U8 => "u8".to_owned(),
        SignatureToken::U16 => "u16".to_owned(),
        SignatureToken::U32 => "u32".to_owned(),
        SignatureToken::U64 => "u64".to_owned(),
        SignatureToken::U128 => "u128".to_owned(),
        SignatureToken::U256 => "u256".to_owned(),
        SignatureToken::Address => "address".to_owned(),
        SignatureToken::Signer => "signer".to_owned(),
        SignatureToken::Vector(element) => format!("vector<{}>", type_text(module, element)),
        SignatureToken::Reference(to) => format!("&{}", type_text(module, to)),
        SignatureToken::MutableReference(to) => format!("&mut {}", type_text(module, to)),
        SignatureToken::TypeParameter(index) => format!("T{}", index.0),
        SignatureToken::Datatype(index) => datatype_name(module, &module[*index]),
        SignatureToken::DatatypeInstantiation(instance) => {
            let (index, arguments) = &**instance;
            format!(
                "{}{}",
                datatype_name(module, &module[*index]),
                type_list(arguments.iter().map(|it| type_text(module, it)))
            )
        }
    }
}

fn datatype_name(module: &CompiledModule, handle: &DatatypeHandle) -> String {
    let id = module.module_id(&module[handle.module]);
    if id == module.self_id() {
        module[handle.name].to_string()
    } else {
        format!(
            "{}::{}::{}",
            short(&id.address),
            id.name,
            module[handle.name]
        )
    }
}

/// The address without leading zeros.
fn short(address: &heddle_bytecode::Address) -> String {
    let text = address.to_string();
    format!(
        "0x{}",
        text.trim_start_matches("0x").trim_start_matches('0')
    )
}
