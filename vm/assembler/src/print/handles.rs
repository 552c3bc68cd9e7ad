//! Handles of datatypes and functions, as declarations and definitions have
//! them.

use super::names::Names;
use heddle_bytecode::{
    AbilitySet, DatatypeHandle, DatatypeHandleIndex, FunctionDefinition, FunctionHandle,
    SignatureIndex, Visibility,
};

/// ` has copy, drop`, or nothing.
fn has(abilities: AbilitySet) -> String {
    if abilities.is_empty() {
        return String::new();
    }
    format!(" has {}", abilities.to_string().replace(" + ", ", "))
}

impl Names<'_> {
    fn type_parameters(&self, list: impl ExactSizeIterator<Item = (bool, AbilitySet)>) -> String {
        if list.len() == 0 {
            return String::new();
        }
        let parameters: Vec<String> = list
            .enumerate()
            .map(|(position, (is_phantom, constraints))| {
                let phantom = if is_phantom { "phantom " } else { "" };
                let name = self.type_parameter(position);
                if constraints.is_empty() {
                    format!("{phantom}{name}")
                } else {
                    format!("{phantom}{name}: {constraints}")
                }
            })
            .collect();
        format!("<{}>", parameters.join(", "))
    }

    fn datatype_parameters(&self, handle: &DatatypeHandle) -> String {
        let parameters = handle.type_parameters.iter();
        self.type_parameters(parameters.map(|it| (it.is_phantom, it.constraints)))
    }

    pub(super) fn datatype_handle(&self, handle: &DatatypeHandle) -> String {
        let name = self.item_parts(handle.module, handle.name);
        let parameters = self.datatype_parameters(handle);
        format!("{name}{parameters}{}", has(handle.abilities))
    }

    pub(super) fn function_handle(&self, handle: &FunctionHandle) -> String {
        let name = self.item_parts(handle.module, handle.name);
        let scope = handle.type_parameters.len();
        let generics = handle.type_parameters.iter().map(|set| (false, *set));
        let parameters = match self.signature(handle.parameters) {
            Some(types) => format!("({})", self.types(types, scope)),
            None => format!(" @{}", handle.parameters),
        };
        let generics = self.type_parameters(generics);
        let returns = self.returns(handle.return_, scope);
        format!("{name}{generics}{parameters}{returns}")
    }

    fn returns(&self, index: SignatureIndex, scope: usize) -> String {
        match self.signature(index) {
            Some([]) => String::new(),
            Some([type_]) => format!(": {}", self.type_(type_, scope)),
            Some(types) => format!(": ({})", self.types(types, scope)),
            None => format!(": @{index}"),
        }
    }

    /// Name, type parameters and abilities of a definition, and how many type
    /// parameters have names in it.
    pub(super) fn datatype_header(&self, index: DatatypeHandleIndex) -> (String, usize) {
        let handle = self.module.get(index);
        match (self.own_datatype(index), handle) {
            (Some(name), Some(handle)) => {
                let parameters = self.datatype_parameters(handle);
                let header = format!("{name}{parameters}{}", has(handle.abilities));
                (header, handle.type_parameters.len())
            }
            _ => (format!("#{index}"), 0),
        }
    }

    /// How many parameters of a function have names, and how many there are.
    pub(super) fn parameter_counts(&self, def: &FunctionDefinition) -> (usize, usize) {
        let Some(handle) = self.module.get(def.function) else {
            return (0, 0);
        };
        let count = self
            .module
            .get(handle.parameters)
            .map_or(0, |list| list.0.len());
        let is_named = self.own_function(def.function).is_some()
            && self.signature(handle.parameters).is_some();
        (if is_named { count } else { 0 }, count)
    }

    /// A function's declaration, up to its body.
    pub(super) fn function_header(&self, def: &FunctionDefinition) -> String {
        let mut text = String::from(match def.visibility {
            Visibility::Private => "",
            Visibility::Public => "public ",
            Visibility::Friend => "public(friend) ",
        });
        if def.is_entry {
            text.push_str("entry ");
        }
        if def.is_native() {
            text.push_str("native ");
        }
        text.push_str("fun ");
        match (
            self.own_function(def.function),
            self.module.get(def.function),
        ) {
            (Some(name), Some(handle)) => {
                let scope = handle.type_parameters.len();
                text.push_str(name);
                let generics = handle.type_parameters.iter().map(|set| (false, *set));
                text.push_str(&self.type_parameters(generics));
                text.push_str(&match self.signature(handle.parameters) {
                    Some(types) => {
                        let parameters: Vec<String> = types
                            .iter()
                            .enumerate()
                            .map(|(number, type_)| {
                                format!("l{number}: {}", self.type_(type_, scope))
                            })
                            .collect();
                        format!("({})", parameters.join(", "))
                    }
                    None => format!(" @{}", handle.parameters),
                });
                text.push_str(&self.returns(handle.return_, scope));
            }
            _ => text.push_str(&format!("#{}", def.function)),
        }
        for (number, def) in def.acquires_global_resources.iter().enumerate() {
            text.push_str(if number == 0 { " acquires " } else { ", " });
            text.push_str(&self.struct_def(*def));
        }
        text
    }

    /// How many type parameters have names in a function's body.
    pub(super) fn scope(&self, def: &FunctionDefinition) -> usize {
        match (
            self.own_function(def.function),
            self.module.get(def.function),
        ) {
            (Some(_), Some(handle)) => handle.type_parameters.len(),
            _ => 0,
        }
    }
}
