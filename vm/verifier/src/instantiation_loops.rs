//! Generic calls instantiate finitely many functions.
//!
//! `fun f<T>() { f<vector<T>>() }` would need a new instance at every call.
//! To refuse such code:
//!
//! 1. Make a graph whose nodes are the type parameters of the module's
//!    functions, with an edge from `T` to `U` wherever a call passes for `U` a
//!    type that holds `T`.
//! 2. Call an edge growing if the type is larger than `T` itself.
//! 3. Refuse growing edges that lie on a circle: both ends are in the same
//!    strongly connected component.
//!
//! That refuses some functions that would end, too. Calls into other modules
//! do not matter, because modules do not depend on one another in circles.

use std::collections::{BTreeMap, BTreeSet};

use heddle_bytecode::{
    Bytecode, CodeOffset, CompiledModule, FunctionDefinitionIndex, FunctionHandleIndex,
    SignatureToken, TypeParameterIndex,
};

use crate::{Rule, WorkMeter, error::Violation, graph::Graph, words};

pub(crate) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    let nodes = Nodes::new(module);
    let mut graph = Graph::new(nodes.count);
    let mut growing = Vec::new();
    for (caller, definition) in module.entries::<FunctionDefinitionIndex>() {
        let Some(code) = &definition.code else {
            continue;
        };
        meter.charge_each(code.code.len())?;
        let mut seen = BTreeSet::new();
        for (offset, instruction) in (0u16..=u16::MAX).zip(&code.code) {
            let Bytecode::CallGeneric(index) = instruction else {
                continue;
            };
            let call = &module[*index];
            if !nodes.first.contains_key(&call.handle) || !seen.insert(*index) {
                continue;
            }
            for (position, argument) in module[call.type_parameters].0.iter().enumerate() {
                let to = nodes.at(call.handle, position);
                for (parameter, is_whole) in parameters_in(argument, meter)? {
                    let from = nodes.at(definition.function, parameter.position());
                    graph.add_edge(from, to);
                    if !is_whole {
                        growing.push((from, to, caller, CodeOffset(offset), call.handle));
                    }
                }
            }
        }
    }
    let components = graph.components();
    for (from, to, caller, offset, callee) in growing {
        if components[from] == components[to] {
            let name = words::function(module, callee);
            let message = format!("calls {name} in a circle with types that grow each time");
            return Err(Violation::new(Rule::InstantiationLoop, message).at(caller, offset));
        }
    }
    Ok(())
}

/// The type parameters in a type, each once, with whether one is the type.
fn parameters_in(
    token: &SignatureToken,
    meter: &mut WorkMeter,
) -> Result<BTreeMap<TypeParameterIndex, bool>, Violation> {
    let mut found = BTreeMap::new();
    for (part, depth) in token.preorder_with_depth() {
        meter.charge(1)?;
        if let SignatureToken::TypeParameter(index) = part {
            found.insert(*index, depth == 1);
        }
    }
    Ok(found)
}

/// Numbers for the type parameters of the module's functions.
struct Nodes {
    /// The number of each function's first type parameter.
    first: BTreeMap<FunctionHandleIndex, usize>,
    count: usize,
}

impl Nodes {
    fn new(module: &CompiledModule) -> Self {
        let mut nodes = Self {
            first: BTreeMap::new(),
            count: 0,
        };
        for definition in &module.function_defs {
            nodes.first.insert(definition.function, nodes.count);
            nodes.count += module[definition.function].type_parameters.len();
        }
        nodes
    }

    fn at(&self, function: FunctionHandleIndex, parameter: usize) -> usize {
        self.first[&function] + parameter
    }
}
