//! Names of parts of a module, for messages.

use heddle_bytecode::{CompiledModule, DatatypeHandleIndex, FunctionHandleIndex, ModuleHandle};

/// A datatype: its name, with its module's if that is another.
pub(crate) fn datatype(module: &CompiledModule, index: DatatypeHandleIndex) -> String {
    let handle = &module[index];
    let name = &module[handle.name];
    if handle.module == module.self_module_handle {
        name.to_string()
    } else {
        format!("{}::{name}", module_name(module, &module[handle.module]))
    }
}

/// A function: its name, with its module's if that is another.
pub(crate) fn function(module: &CompiledModule, index: FunctionHandleIndex) -> String {
    let handle = &module[index];
    let name = &module[handle.name];
    if handle.module == module.self_module_handle {
        name.to_string()
    } else {
        format!("{}::{name}", module_name(module, &module[handle.module]))
    }
}

fn module_name(module: &CompiledModule, handle: &ModuleHandle) -> String {
    module.module_id(handle).to_string()
}
