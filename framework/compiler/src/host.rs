//! Runs the compiler's WebAssembly module.
//!
//! The module was generated for JavaScript by wasm-bindgen, in its older
//! calling convention, and is driven here without any of that. What there is to
//! know about it:
//!
//! - A string goes in as pointer and length into memory that the module's own
//!   allocator hands out (`__wbindgen_export_1(size, align)`); the callee frees
//!   it.
//! - A string comes out through a *return pointer*: the caller lowers the
//!   module's stack pointer by 16 bytes, passes that address first, reads
//!   pointer and length there, copies the string, raises the stack pointer again
//!   and frees the string (`__wbindgen_export_0(pointer, size, align)`).
//! - `compile` instead returns the address of a result object with two getters.
//! - Five imports: throw, log an error, and three which only serve to get a
//!   JavaScript stack trace into that log.
//!
//! A panic in the module logs its message and traps, so the message is kept and
//! becomes the error. One [`Session`] serves one build: its memory goes away
//! with it, and nothing that one package did can show in the next.

use std::sync::OnceLock;

use wasmtime::{
    Caller, Engine, Extern, Instance, Linker, Memory, Module, Store, StoreLimits,
    StoreLimitsBuilder, Trap,
};

use crate::engine_config::{STACK_LIMIT_BYTES, engine_config};
use crate::error::CompileError;

/// The machine code that `build.rs` made.
static IMAGE: &[u8] = include_bytes!(env!("HEDDLE_MOVE_COMPILER_IMAGE"));

/// The target triple it was made for.
const TARGET: &str = env!("HEDDLE_MOVE_COMPILER_TARGET");

/// Bytes of linear memory that one build may use.
const MEMORY_LIMIT_BYTES: usize = 2 << 30;

/// Bytes of machine stack for the thread on which the module runs: its own
/// limit and room for the host's frames below and above it.
const THREAD_STACK_BYTES: usize = STACK_LIMIT_BYTES + (4 << 20);

/// Why a call into the module has no result.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It asked for more memory than [`MEMORY_LIMIT_BYTES`].
    OutOfMemory {
        /// The limit in MiB.
        limit_mib: usize,
    },
    /// Anything else; the text says what.
    Failed(String),
}

impl Fault {
    /// A fault from an error that is not the module's own doing.
    fn of(context: &str, error: &wasmtime::Error) -> Self {
        Self::Failed(format!("{context}: {error:#}"))
    }

    /// The error it is for whoever builds `package`.
    pub(crate) fn of_package(self, package: &str) -> CompileError {
        let package = package.to_owned();
        match self {
            Self::OutOfMemory { limit_mib } => CompileError::OutOfMemory { package, limit_mib },
            Self::Failed(message) => CompileError::Compiler { package, message },
        }
    }
}

/// The loaded module, shared by all sessions of the process.
fn module() -> Result<&'static Module, Fault> {
    static MODULE: OnceLock<Result<Module, String>> = OnceLock::new();
    MODULE
        .get_or_init(|| {
            let load = || {
                let engine = Engine::new(&engine_config(TARGET)?)?;
                // SAFETY: `IMAGE` must be what `Engine::precompile_module`
                // returned. It is: this crate's build script wrote it, with the
                // same wasmtime (one version in the lock file) and the same
                // configuration function, and it is constant data since.
                unsafe { Module::deserialize(&engine, IMAGE) }
            };
            load().map_err(|error: wasmtime::Error| format!("{error:#}"))
        })
        .as_ref()
        .map_err(|error| Fault::Failed(format!("its image does not load: {error}")))
}

/// What the imports may touch.
struct HostState {
    limits: StoreLimits,
    /// The module's last words: a panic's message or a thrown error.
    message: Option<String>,
    /// Set when the memory limit refused a request.
    out_of_memory: bool,
}

impl wasmtime::ResourceLimiter for HostState {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let allowed = self.limits.memory_growing(current, desired, maximum)?;
        self.out_of_memory |= !allowed;
        Ok(allowed)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.limits.table_growing(current, desired, maximum)
    }
}

/// Runs `work` for `package` with a fresh session, on a thread with a stack that
/// fits.
///
/// # Errors
///
/// Those of `work`, and [`CompileError::Compiler`] if no session could be had.
pub(crate) fn with_session<T: Send>(
    package: &str,
    work: impl FnOnce(&mut Session) -> Result<T, CompileError> + Send,
) -> Result<T, CompileError> {
    let failed = |message: String| Fault::Failed(message).of_package(package);
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name("move-compiler".into())
            .stack_size(THREAD_STACK_BYTES)
            .spawn_scoped(scope, || {
                let mut session = Session::start().map_err(|fault| fault.of_package(package))?;
                work(&mut session)
            })
            .map_err(|error| failed(format!("cannot start its thread: {error}")))?
            .join()
            .unwrap_or_else(|_| Err(failed("its thread panicked".into())))
    })
}

/// One instance of the module.
pub(crate) struct Session {
    store: Store<HostState>,
    instance: Instance,
    memory: Memory,
}

impl Session {
    fn start() -> Result<Self, Fault> {
        let module = module()?;
        let mut store = Store::new(
            module.engine(),
            HostState {
                limits: StoreLimitsBuilder::new()
                    .memory_size(MEMORY_LIMIT_BYTES)
                    .build(),
                message: None,
                out_of_memory: false,
            },
        );
        store.limiter(|state| state);
        let instance = imports(module.engine())
            .and_then(|linker| linker.instantiate(&mut store, module))
            .map_err(|error| Fault::of("it does not start", &error))?;
        let memory = instance
            .get_memory(&mut store, "memory")
            .ok_or_else(|| Fault::Failed("it exports no memory".into()))?;
        Ok(Self {
            store,
            instance,
            memory,
        })
    }

    /// Calls an export that takes strings and returns one.
    pub(crate) fn call(&mut self, export: &str, inputs: &[&str]) -> Result<String, Fault> {
        let result = self.try_call(export, inputs);
        result.map_err(|error| self.fault(export, &error))
    }

    /// Calls `compile`. The first half of the result is true if it succeeded;
    /// the second is then the output as JSON, else the diagnostics.
    pub(crate) fn compile(
        &mut self,
        files: &str,
        dependencies: &str,
        options: &str,
    ) -> Result<(bool, String), Fault> {
        let result = self.try_compile(files, dependencies, options);
        result.map_err(|error| self.fault("compile", &error))
    }

    fn try_call(&mut self, export: &str, inputs: &[&str]) -> wasmtime::Result<String> {
        // Wasmtime types a call by a tuple, so each count of inputs is a case.
        let strings = self.pass_all(inputs)?;
        self.receive(|session, result| match *strings {
            [] => session
                .function::<i32, ()>(export)?
                .call(&mut session.store, result),
            [(pointer, length)] => session
                .function::<(i32, i32, i32), ()>(export)?
                .call(&mut session.store, (result, pointer, length)),
            _ => wasmtime::bail!("no export takes {} strings", strings.len()),
        })
    }

    fn try_compile(
        &mut self,
        files: &str,
        dependencies: &str,
        options: &str,
    ) -> wasmtime::Result<(bool, String)> {
        type Compile = (i32, i32, i32, i32, i32, i32);
        let (files, dependencies, options) = (
            self.pass(files)?,
            self.pass(dependencies)?,
            self.pass(options)?,
        );
        let object = self.function::<Compile, i32>("compile")?.call(
            &mut self.store,
            (
                files.0,
                files.1,
                dependencies.0,
                dependencies.1,
                options.0,
                options.1,
            ),
        )?;
        let success = self
            .function::<i32, i32>("wasmcompileresult_success")?
            .call(&mut self.store, object)?;
        let output = self.receive(|session, result| {
            session
                .function::<(i32, i32), ()>("wasmcompileresult_output")?
                .call(&mut session.store, (result, object))
        })?;
        self.function::<(i32, i32), ()>("__wbg_wasmcompileresult_free")?
            .call(&mut self.store, (object, 0))?;
        Ok((success != 0, output))
    }

    fn function<P: wasmtime::WasmParams, R: wasmtime::WasmResults>(
        &mut self,
        name: &str,
    ) -> wasmtime::Result<wasmtime::TypedFunc<P, R>> {
        self.instance.get_typed_func(&mut self.store, name)
    }

    fn pass_all(&mut self, texts: &[&str]) -> wasmtime::Result<Vec<(i32, i32)>> {
        texts.iter().map(|text| self.pass(text)).collect()
    }

    /// Copies `text` into the module's memory: pointer and length.
    fn pass(&mut self, text: &str) -> wasmtime::Result<(i32, i32)> {
        let length = i32::try_from(text.len())?;
        let pointer = self
            .function::<(i32, i32), i32>("__wbindgen_export_1")?
            .call(&mut self.store, (length, 1))?;
        self.memory
            .write(&mut self.store, offset(pointer), text.as_bytes())?;
        Ok((pointer, length))
    }

    /// Makes a call that returns a string through a return pointer.
    fn receive(
        &mut self,
        call: impl FnOnce(&mut Self, i32) -> wasmtime::Result<()>,
    ) -> wasmtime::Result<String> {
        let move_stack = self.function::<i32, i32>("__wbindgen_add_to_stack_pointer")?;
        let result = move_stack.call(&mut self.store, -16)?;
        call(self, result)?;
        let mut words = [0; 8];
        self.memory.read(&self.store, offset(result), &mut words)?;
        let [a, b, c, d, e, f, g, h] = words;
        let pointer = i32::from_le_bytes([a, b, c, d]);
        let length = i32::from_le_bytes([e, f, g, h]);
        let text = read_string(self.memory.data(&self.store), pointer, length)?;
        move_stack.call(&mut self.store, 16)?;
        self.function::<(i32, i32, i32), ()>("__wbindgen_export_0")?
            .call(&mut self.store, (pointer, length, 1))?;
        Ok(text)
    }

    /// The fault behind a failed call.
    fn fault(&mut self, export: &str, error: &wasmtime::Error) -> Fault {
        let state = self.store.data_mut();
        if state.out_of_memory {
            return Fault::OutOfMemory {
                limit_mib: MEMORY_LIMIT_BYTES >> 20,
            };
        }
        if matches!(error.downcast_ref(), Some(Trap::StackOverflow)) {
            return Fault::Failed("the sources are nested too deeply for its stack".into());
        }
        match state.message.take() {
            Some(message) => Fault::Failed(format!("{export}: {}", message.trim_end())),
            None => Fault::of(export, error),
        }
    }
}

/// The five imports.
fn imports(engine: &Engine) -> wasmtime::Result<Linker<HostState>> {
    const NAMESPACE: &str = "wbg";
    let mut linker = Linker::new(engine);
    linker.func_wrap(
        NAMESPACE,
        "__wbindgen_throw",
        |mut caller: Caller<'_, HostState>, pointer: i32, length: i32| -> wasmtime::Result<()> {
            keep_message(&mut caller, pointer, length)?;
            wasmtime::bail!("it threw an error")
        },
    )?;
    linker.func_wrap(
        NAMESPACE,
        "__wbg_error_7534b8e9a36f1ab4",
        |mut caller: Caller<'_, HostState>, pointer: i32, length: i32| {
            keep_message(&mut caller, pointer, length)
        },
    )?;
    // A JavaScript `Error`, made only for its stack trace: any handle will do.
    linker.func_wrap(NAMESPACE, "__wbg_new_8a6f238a6ece86ea", || 0_i32)?;
    // That trace: the empty string, as the module represents it.
    linker.func_wrap(
        NAMESPACE,
        "__wbg_stack_0ed75d68575b0f3c",
        |mut caller: Caller<'_, HostState>, result: i32, _error: i32| {
            let memory = memory_of(&mut caller)?;
            let empty = [1_u32.to_le_bytes(), 0_u32.to_le_bytes()].concat();
            memory.write(&mut caller, offset(result), &empty)?;
            wasmtime::Result::<()>::Ok(())
        },
    )?;
    linker.func_wrap(NAMESPACE, "__wbindgen_object_drop_ref", |_handle: i32| ())?;
    Ok(linker)
}

/// Remembers the text at `pointer` as the module's last words.
fn keep_message(
    caller: &mut Caller<'_, HostState>,
    pointer: i32,
    length: i32,
) -> wasmtime::Result<()> {
    let memory = memory_of(caller)?;
    let text = read_string(memory.data(&caller), pointer, length)?;
    caller.data_mut().message = Some(text);
    Ok(())
}

fn memory_of(caller: &mut Caller<'_, HostState>) -> wasmtime::Result<Memory> {
    match caller.get_export("memory") {
        Some(Extern::Memory(memory)) => Ok(memory),
        _ => wasmtime::bail!("it exports no memory"),
    }
}

/// A pointer of the module as an offset into its memory. Its pointers are
/// unsigned; wasmtime passes them as signed.
fn offset(pointer: i32) -> usize {
    pointer.cast_unsigned() as usize
}

fn read_string(memory: &[u8], pointer: i32, length: i32) -> wasmtime::Result<String> {
    let start = offset(pointer);
    let bytes = start
        .checked_add(offset(length))
        .and_then(|end| memory.get(start..end))
        .ok_or_else(|| wasmtime::format_err!("a string lies outside its memory"))?;
    Ok(std::str::from_utf8(bytes)?.to_owned())
}
