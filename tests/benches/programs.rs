//! The programs in `bench-programs`, compiled from their Move sources and run
//! by the VM, interpreted and as native code, and the same programs in plain
//! Rust: time and gas of one call, and how many times longer than in Rust it
//! takes.
//!
//! `cargo bench --workspace --bench programs [-- FILTER]`. Times are processor
//! time of this thread, the least of several samples, so that
//! they mean something on a machine that does other things too. The figures in
//! `docs/measurements.md` set them against another Move VM that ran the same
//! bytecode.

use heddle_tests::every_function::{Packages, build, compiler};
use heddle_tests::repository;
use heddle_vm::{CallArg, Extensions, GasMeter, NativeCode, NativeTable, Package, Vm, VmConfig};
use std::time::Duration;
use sui_sdk_types::Identifier;

#[path = "programs/rust.rs"]
mod rust;

/// Samples of each program.
const SAMPLES: usize = 11;

/// Processor time of one sample, about.
const SAMPLE_TIME: Duration = Duration::from_millis(10);

/// One line of `programs.txt`.
struct Program {
    module: Identifier,
    function: Identifier,
    argument: u64,
}

fn programs(text: &str) -> Vec<Program> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [module, function, argument] = words[..] else {
                panic!("a line is `module function n`, not {line:?}");
            };
            Program {
                module: module.parse().expect("a module's name"),
                function: function.parse().expect("a function's name"),
                argument: argument.parse().expect("a number"),
            }
        })
        .collect()
}

/// Processor time that this thread has used.
fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).expect("time does not run backwards");
    Duration::new(
        seconds,
        u32::try_from(time.tv_nsec).expect("below a second"),
    )
}

/// Result and gas of one call.
fn call(vm: &Vm, packages: &Packages, package: &Package, program: &Program) -> (u64, u64) {
    let mut execution = vm.start(packages, GasMeter::new(u64::MAX / 2), Extensions::default());
    let arguments = vec![CallArg::Value(program.argument.to_le_bytes().to_vec())];
    let returned = execution
        .call(
            package.storage_id,
            &program.module,
            &program.function,
            &[],
            arguments,
        )
        .unwrap_or_else(|error| panic!("{}::{}: {error}", program.module, program.function));
    let result = returned.values[0][..].try_into().expect("a u64");
    (u64::from_le_bytes(result), execution.gas().used())
}

/// The least time of a call, over the samples.
fn measure(mut once: impl FnMut()) -> Duration {
    let begin = now();
    once();
    let estimate = (now() - begin).max(Duration::from_nanos(1));
    let calls = (SAMPLE_TIME.as_nanos() / estimate.as_nanos()).clamp(1, 100_000);
    let calls = u32::try_from(calls).expect("clamped");
    (0..SAMPLES)
        .map(|_| {
            let begin = now();
            for _ in 0..calls {
                once();
            }
            (now() - begin) / calls
        })
        .min()
        .expect("there are samples")
}

fn main() {
    let filter = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'))
        .unwrap_or_default();
    let folder = repository().join("tests/bench-programs");
    let built = build(&compiler(), &folder).unwrap_or_else(|error| panic!("{error}"));
    let mut packages = Packages::framework();
    let package = packages.publish(&built);
    let list = std::fs::read_to_string(folder.join("programs.txt")).expect("the list is there");
    let vm_with = |native_code| {
        let config = VmConfig {
            native_code,
            ..VmConfig::default()
        };
        Vm::new(NativeTable::with_std(), config)
    };
    let (interpreter, native) = (vm_with(NativeCode::Off), vm_with(NativeCode::ALWAYS));
    println!(
        "{:<32}{:>7}{:>12}{:>14}{:>8}{:>12}{:>8}{:>12}",
        "program", "n", "gas", "interpreted", "ratio", "native", "ratio", "Rust, µs"
    );
    for program in programs(&list) {
        let name = format!("{}::{}", program.module, program.function);
        if !name.contains(&filter) {
            continue;
        }
        let (result, gas) = call(&interpreter, &packages, &package, &program);
        let in_move = |vm: &Vm| {
            let least = measure(|| {
                let again = call(vm, &packages, &package, &program);
                assert_eq!(again, (result, gas), "{name} has one result");
            });
            least.as_secs_f64() * 1e6
        };
        let plain = || {
            rust::run(
                program.module.as_str(),
                program.function.as_str(),
                program.argument,
            )
            .unwrap_or_else(|| panic!("{name} has no counterpart in Rust"))
        };
        assert_eq!(plain(), result, "{name} in plain Rust");
        let (interpreted, compiled) = (in_move(&interpreter), in_move(&native));
        let in_rust = measure(|| {
            plain();
        });
        let in_rust = in_rust.as_secs_f64() * 1e6;
        println!(
            "{name:<32}{:>7}{gas:>12}{interpreted:>14.1}{:>8.1}{compiled:>12.1}{:>8.1}{in_rust:>12.1}",
            program.argument,
            interpreted / in_rust,
            compiled / in_rust,
        );
    }
}
