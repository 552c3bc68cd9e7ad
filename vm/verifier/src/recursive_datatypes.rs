//! No datatype contains itself, directly or through others, a vector or a
//! type argument. Modules do not depend on one another in circles, so the
//! datatypes of one module are all there is to look at.

use std::collections::BTreeMap;

use heddle_bytecode::{CompiledModule, FieldDefinition, SignatureToken};

use crate::{Rule, WorkMeter, error::Violation, graph::Graph, words};

pub(crate) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    let structs = module.struct_defs.iter().map(|def| def.struct_handle);
    let handles: Vec<_> = structs
        .chain(module.enum_defs.iter().map(|def| def.enum_handle))
        .collect();
    let nodes: BTreeMap<_, _> = handles
        .iter()
        .enumerate()
        .map(|(node, handle)| (*handle, node))
        .collect();

    let mut graph = Graph::new(handles.len());
    let mut contains = |node: usize, fields: &[FieldDefinition]| -> Result<(), Violation> {
        for token in fields.iter().flat_map(|field| field.signature.preorder()) {
            meter.charge(1)?;
            let part = match token {
                SignatureToken::Datatype(handle) => handle,
                SignatureToken::DatatypeInstantiation(instantiation) => &instantiation.0,
                _ => continue,
            };
            if let Some(part) = nodes.get(part) {
                graph.add_edge(node, *part);
            }
        }
        Ok(())
    };
    for (node, def) in module.struct_defs.iter().enumerate() {
        contains(node, def.fields())?;
    }
    for (node, def) in (module.struct_defs.len()..).zip(&module.enum_defs) {
        def.variants
            .iter()
            .try_for_each(|variant| contains(node, &variant.fields))?;
    }
    graph.node_on_circle().map_or(Ok(()), |node| {
        let name = words::datatype(module, handles[node]);
        Err(Violation::new(
            Rule::RecursiveDatatype,
            format!("{name} contains itself"),
        ))
    })
}
