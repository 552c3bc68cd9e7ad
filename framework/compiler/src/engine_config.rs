//! The one wasmtime configuration, used when the image is made (`build.rs`) and
//! when it is loaded ([`crate::host`]). Wasmtime refuses an image that was made
//! under another one.

use wasmtime::{Config, Result};

/// Bytes of machine stack that compiled code may use. The Move compiler walks
/// syntax trees recursively, and its own stack overflow check is this limit.
pub(crate) const STACK_LIMIT_BYTES: usize = 16 << 20;

/// The configuration for `target`, a target triple.
///
/// Naming the target, even though it is the host's, keeps wasmtime from using
/// instructions that the building machine happens to have: the image runs on
/// every machine of that architecture. What only serves stack traces of the
/// WebAssembly is left out, which makes the image a good deal smaller.
pub(crate) fn engine_config(target: &str) -> Result<Config> {
    let mut config = Config::new();
    config
        .target(target)?
        .max_wasm_stack(STACK_LIMIT_BYTES)
        .async_stack_size(STACK_LIMIT_BYTES)
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false)
        .native_unwind_info(false);
    Ok(config)
}
