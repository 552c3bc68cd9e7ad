//! Compiles the Move compiler's WebAssembly module to machine code, once, when
//! this crate is built.
//!
//! The module comes from npm (`make setup` installs it); the image that results
//! is embedded into the crate. See the crate's documentation for the figures
//! behind compiling ahead.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

#[path = "src/engine_config.rs"]
mod engine_config;

/// Names another file to use instead of the installed module.
const OVERRIDE: &str = "HEDDLE_MOVE_COMPILER_WASM";

/// Where `make setup` puts the module, from the repository's root.
const INSTALLED: &str =
    "tools/npm/node_modules/@zktx.io/sui-move-builder/dist/lite/sui_move_wasm_bg.wasm";

fn main() {
    println!("cargo::rerun-if-env-changed={OVERRIDE}");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/engine_config.rs");
    let module = module_path();
    println!("cargo::rerun-if-changed={}", module.display());

    let wasm = fs::read(&module).unwrap_or_else(|error| {
        fail(&format!(
            "the Move compiler is missing: {} ({error}).\n\
             Run `make setup` to install it, or point {OVERRIDE} at the file.",
            module.display()
        ))
    });
    let target = env::var("TARGET").expect("cargo sets TARGET for build scripts");
    let image = engine_config::engine_config(&target)
        .and_then(|config| wasmtime::Engine::new(&config))
        .and_then(|engine| engine.precompile_module(&wasm))
        .unwrap_or_else(|error| fail(&format!("cannot compile {}: {error:#}", module.display())));

    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts"))
        .join("move_compiler.cwasm");
    fs::write(&out, image)
        .unwrap_or_else(|error| fail(&format!("cannot write {}: {error}", out.display())));
    println!(
        "cargo::rustc-env=HEDDLE_MOVE_COMPILER_IMAGE={}",
        out.display()
    );
    println!("cargo::rustc-env=HEDDLE_MOVE_COMPILER_TARGET={target}");
}

/// The module to compile: the override if set, else the installed one.
fn module_path() -> PathBuf {
    if let Some(path) = env::var_os(OVERRIDE) {
        return PathBuf::from(path);
    }
    let crate_folder =
        env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR for build scripts");
    let repository = Path::new(&crate_folder)
        .ancestors()
        .nth(2)
        .expect("this crate lies two folders below the repository's root");
    repository.join(INSTALLED)
}

/// Ends the build with a message that says what to do.
fn fail(message: &str) -> ! {
    println!("cargo::error={}", message.replace('\n', " "));
    process::exit(1);
}
