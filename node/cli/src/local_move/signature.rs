//! Functions and types as text, as Move writes them.

use crate::output::short_type;
use heddle_vm::{AbilitySet, FunctionInfo, SignatureType, Visibility};
use std::fmt::Write;

/// A function's signature, `public fun m::f<T0: copy>(u64, &T0): bool`.
pub(crate) fn function_text(info: &FunctionInfo) -> String {
    let mut text = String::new();
    text.push_str(match info.visibility {
        Visibility::Private => "",
        Visibility::Public => "public ",
        Visibility::Friend => "public(package) ",
    });
    if info.is_entry {
        text.push_str("entry ");
    }
    if info.is_native {
        text.push_str("native ");
    }
    let _ = write!(text, "fun {}::{}", info.module, info.name);
    if !info.type_parameters.is_empty() {
        let parameters: Vec<_> = (0..)
            .zip(&info.type_parameters)
            .map(|(index, abilities)| type_parameter(index, *abilities))
            .collect();
        let _ = write!(text, "<{}>", parameters.join(", "));
    }
    let list = |types: &[SignatureType]| -> Vec<String> { types.iter().map(type_text).collect() };
    let _ = write!(text, "({})", list(&info.parameters).join(", "));
    match &list(&info.returns)[..] {
        [] => {}
        [one] => text.push_str(&format!(": {one}")),
        several => text.push_str(&format!(": ({})", several.join(", "))),
    }
    text
}

fn type_parameter(index: u16, abilities: AbilitySet) -> String {
    match abilities.to_string() {
        names if names.is_empty() => format!("T{index}"),
        names => format!("T{index}: {names}"),
    }
}

/// A type of a signature; type parameters are called `T0`, `T1`, ….
pub(crate) fn type_text(type_: &SignatureType) -> String {
    match type_ {
        SignatureType::Bool => "bool".into(),
        SignatureType::U8 => "u8".into(),
        SignatureType::U16 => "u16".into(),
        SignatureType::U32 => "u32".into(),
        SignatureType::U64 => "u64".into(),
        SignatureType::U128 => "u128".into(),
        SignatureType::U256 => "u256".into(),
        SignatureType::Address => "address".into(),
        SignatureType::Signer => "signer".into(),
        SignatureType::Vector(element) => format!("vector<{}>", type_text(element)),
        SignatureType::TypeParameter(index) => format!("T{index}"),
        SignatureType::Reference(target) => format!("&{}", type_text(target)),
        SignatureType::MutableReference(target) => format!("&mut {}", type_text(target)),
        SignatureType::Datatype { id, type_arguments } => {
            let mut text = format!(
                "{}::{}::{}",
                short_type(&id.defining_id.to_string()),
                id.module,
                id.name
            );
            if !type_arguments.is_empty() {
                let arguments: Vec<_> = type_arguments.iter().map(type_text).collect();
                let _ = write!(text, "<{}>", arguments.join(", "));
            }
            text
        }
    }
}
