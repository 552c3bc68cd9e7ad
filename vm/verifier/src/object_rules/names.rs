//! Names of the framework that the rules know.

use heddle_bytecode::{
    Address, CompiledModule, DatatypeHandleIndex, FunctionHandleIndex, SignatureToken,
};

/// Address of the standard library.
pub(super) const STD: Address = Address::from_static("0x1");
/// Address of the object framework.
const FRAMEWORK: Address = Address::TWO;

/// Whether a datatype is `0x2::MODULE::NAME`.
pub(super) fn is_framework_type(
    module: &CompiledModule,
    handle: DatatypeHandleIndex,
    in_module: &str,
    name: &str,
) -> bool {
    let handle = &module[handle];
    let home = &module[handle.module];
    module[home.address] == FRAMEWORK
        && module[home.name].as_str() == in_module
        && module[handle.name].as_str() == name
}

/// Whether a type is `0x2::object::UID`.
pub(super) fn is_uid(module: &CompiledModule, token: &SignatureToken) -> bool {
    matches!(token, SignatureToken::Datatype(handle)
        if is_framework_type(module, *handle, "object", "UID"))
}

/// Address, module and name of a function.
pub(super) fn function_path(
    module: &CompiledModule,
    handle: FunctionHandleIndex,
) -> (Address, &str, &str) {
    let handle = &module[handle];
    let home = &module[handle.module];
    (
        module[home.address],
        module[home.name].as_str(),
        module[handle.name].as_str(),
    )
}

/// Whether a function is `0x2::MODULE::NAME` for one of `paths`.
pub(super) fn is_framework_function(
    module: &CompiledModule,
    handle: FunctionHandleIndex,
    paths: &[(&str, &str)],
) -> bool {
    let (address, in_module, name) = function_path(module, handle);
    address == FRAMEWORK && paths.contains(&(in_module, name))
}

/// Whether a parameter is the transaction context, by a reference of either
/// kind.
pub(super) fn is_transaction_context(module: &CompiledModule, token: &SignatureToken) -> bool {
    let (SignatureToken::MutableReference(inner) | SignatureToken::Reference(inner)) = token else {
        return false;
    };
    matches!(**inner, SignatureToken::Datatype(handle)
        if is_framework_type(module, handle, "tx_context", "TxContext"))
}

/// Whether the module is part of the object framework itself.
pub(super) fn is_framework(module: &CompiledModule) -> bool {
    *module.address() == FRAMEWORK
}
