//! Entries and names occur once, definitions are the module's own, and every
//! item that it names as its own is defined.

use std::{collections::BTreeSet, fmt::Display};

use heddle_bytecode::{CompiledModule, DatatypeHandleIndex, FieldDefinition, FunctionHandleIndex};

use crate::{Rule, WorkMeter, error::Violation, words};

pub(crate) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    tables(module, meter)?;
    definitions(module, meter)?;
    datatypes(module, meter)?;
    own_items(module, meter)
}

/// Refuses keys that repeat. Keys are ordered, not hashed, so that nobody can
/// choose entries that collide.
fn unique<K: Ord>(
    keys: impl ExactSizeIterator<Item = K>,
    meter: &mut WorkMeter,
    what: impl Display,
) -> Result<(), Violation> {
    meter.charge_each(keys.len())?;
    let mut sorted: Vec<(K, usize)> = keys.zip(0..).collect();
    sorted.sort_unstable();
    let repeated = sorted
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0)
        .map(|pair| pair[1].1)
        .min();
    match repeated {
        Some(position) => Err(Violation::new(
            Rule::Duplicate,
            format!("{what} {position} repeats an earlier one"),
        )),
        None => Ok(()),
    }
}

fn tables(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    unique(module.identifiers.iter(), meter, "identifier")?;
    unique(module.address_identifiers.iter(), meter, "address")?;
    let constants = module
        .constant_pool
        .iter()
        .map(|constant| (&constant.type_, &constant.data));
    unique(constants, meter, "constant")?;
    unique(module.signatures.iter(), meter, "signature")?;
    unique(module.module_handles.iter(), meter, "module handle")?;
    unique(module.friend_decls.iter(), meter, "friend")?;
    // A datatype or function is its module and name; two handles with
    // different abilities or signatures would be two views of one item.
    let datatypes = module
        .datatype_handles
        .iter()
        .map(|handle| (handle.module, handle.name));
    unique(datatypes, meter, "datatype handle")?;
    let functions = module
        .function_handles
        .iter()
        .map(|handle| (handle.module, handle.name));
    unique(functions, meter, "function handle")?;
    unique(
        module.function_instantiations.iter(),
        meter,
        "function instantiation",
    )?;
    unique(module.field_handles.iter(), meter, "field handle")?;
    unique(
        module.field_instantiations.iter(),
        meter,
        "field instantiation",
    )?;
    unique(
        module.struct_def_instantiations.iter(),
        meter,
        "struct instantiation",
    )?;
    unique(
        module.enum_def_instantiations.iter(),
        meter,
        "enum instantiation",
    )?;
    unique(module.variant_handles.iter(), meter, "variant handle")?;
    unique(
        module.variant_instantiation_handles.iter(),
        meter,
        "variant instantiation",
    )
}

fn definitions(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    unique(
        module.function_defs.iter().map(|def| def.function),
        meter,
        "function definition",
    )?;
    let defined: Vec<_> = defined_datatypes(module).collect();
    unique(defined.into_iter(), meter, "datatype definition")
}

fn defined_datatypes(module: &CompiledModule) -> impl Iterator<Item = DatatypeHandleIndex> {
    let structs = module.struct_defs.iter().map(|def| def.struct_handle);
    structs.chain(module.enum_defs.iter().map(|def| def.enum_handle))
}

fn datatypes(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    let empty = |name: String, what: &str| {
        Err(Violation::new(
            Rule::EmptyDatatype,
            format!("{name} has no {what}"),
        ))
    };
    for def in &module.struct_defs {
        let name = words::datatype(module, def.struct_handle);
        // Compilers give a struct that is empty in the source a dummy field.
        if def.fields().is_empty() {
            return empty(name, "fields");
        }
        field_names(def.fields(), meter, &name)?;
    }
    for def in &module.enum_defs {
        let name = words::datatype(module, def.enum_handle);
        if def.variants.is_empty() {
            return empty(name, "variants");
        }
        let variants = def.variants.iter().map(|variant| variant.variant_name);
        unique(
            variants,
            meter,
            format_args!("the name of {name}'s variant"),
        )?;
        for variant in &def.variants {
            field_names(&variant.fields, meter, &name)?;
        }
    }
    Ok(())
}

fn field_names(
    fields: &[FieldDefinition],
    meter: &mut WorkMeter,
    datatype: &str,
) -> Result<(), Violation> {
    let names = fields.iter().map(|field| field.name);
    unique(names, meter, format_args!("the name of {datatype}'s field"))
}

fn own_items(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    meter.charge_each(module.datatype_handles.len() + module.function_handles.len())?;
    let own = module.self_module_handle;
    let foreign = |name: String| {
        let message = format!("{name} is defined here, but belongs to another module");
        Err(Violation::new(Rule::ForeignDefinition, message))
    };
    let unimplemented = |name: String| {
        let message = format!("{name} belongs to this module, but is not defined");
        Err(Violation::new(Rule::Unimplemented, message))
    };

    let datatypes: BTreeSet<_> = defined_datatypes(module).collect();
    for (index, handle) in module.entries::<DatatypeHandleIndex>() {
        match (handle.module == own, datatypes.contains(&index)) {
            (false, true) => return foreign(words::datatype(module, index)),
            (true, false) => return unimplemented(words::datatype(module, index)),
            _ => {}
        }
    }
    let functions: BTreeSet<_> = module
        .function_defs
        .iter()
        .map(|def| def.function)
        .collect();
    for (index, handle) in module.entries::<FunctionHandleIndex>() {
        match (handle.module == own, functions.contains(&index)) {
            (false, true) => return foreign(words::function(module, index)),
            (true, false) => return unimplemented(words::function(module, index)),
            _ => {}
        }
    }
    Ok(())
}
