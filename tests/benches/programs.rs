//! The programs in `bench-programs`, compiled from their Move sources and run
//! by the VM: time and gas of one call.
//!
//! `cargo bench --workspace --bench programs [-- FILTER]`. Times are processor
//! time of this thread, the least and the median of several samples, so that
//! they mean something on a machine that does other things too. The figures in
//! `docs/measurements.md` set them against another Move VM that ran the same
//! bytecode.

use heddle_tests::every_function::{Packages, build, compiler};
use heddle_tests::repository;
use heddle_vm::{CallArg, Extensions, GasMeter, NativeTable, Package, Vm, VmConfig};
use std::time::Duration;
use sui_sdk_types::Identifier;

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

/// The least and the median time of a call.
fn measure(mut once: impl FnMut()) -> (Duration, Duration) {
    let begin = now();
    once();
    let estimate = (now() - begin).max(Duration::from_nanos(1));
    let calls = (SAMPLE_TIME.as_nanos() / estimate.as_nanos()).clamp(1, 100_000);
    let calls = u32::try_from(calls).expect("clamped");
    let mut samples: Vec<Duration> = (0..SAMPLES)
        .map(|_| {
            let begin = now();
            for _ in 0..calls {
                once();
            }
            (now() - begin) / calls
        })
        .collect();
    samples.sort_unstable();
    (samples[0], samples[SAMPLES / 2])
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
    let vm = Vm::new(NativeTable::with_std(), VmConfig::default());
    println!(
        "{:<32}{:>8}{:>24}{:>14}{:>14}{:>12}",
        "program", "n", "result", "least µs", "median µs", "gas"
    );
    for program in programs(&list) {
        let name = format!("{}::{}", program.module, program.function);
        if !name.contains(&filter) {
            continue;
        }
        let (result, gas) = call(&vm, &packages, &package, &program);
        let (least, median) = measure(|| {
            let again = call(&vm, &packages, &package, &program);
            assert_eq!(again, (result, gas), "{name} is not deterministic");
        });
        println!(
            "{name:<32}{:>8}{result:>24}{:>14.1}{:>14.1}{gas:>12}",
            program.argument,
            least.as_secs_f64() * 1e6,
            median.as_secs_f64() * 1e6,
        );
    }
}
