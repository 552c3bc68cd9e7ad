//! Verification takes no longer than its size allows, whatever a module holds.

use heddle_bytecode::{BinaryLimits, CompiledModule};
use heddle_fuzzing::choices::{Choices, Seeded};
use heddle_fuzzing::mutate::mutate;
use heddle_fuzzing::targets::work;
use heddle_fuzzing::{generate, shapes};
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// The size of module that the bound on time is about.
const BYTES: usize = 500;
/// How long such a module may take, on a machine as slow as any.
const TIME_MAX: Duration = Duration::from_millis(50);
/// Mutated modules that are tried.
const MUTATED: usize = 10_000;

/// Time that this thread has run: others use this machine too.
fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// How long all of it takes, from bytes to verdict, at the best of a few
/// tries.
fn time(bytes: &[u8]) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let start = now();
        if let Ok(module) = CompiledModule::deserialize(bytes, &BinaryLimits::published()) {
            let _ = work(&module, bytes.len());
        }
        best = best.min(now() - start);
        if best < TIME_MAX {
            break;
        }
    }
    best
}

#[derive(Clone)]
struct Candidate {
    name: String,
    module: CompiledModule,
    units: u64,
}

#[test]
fn a_small_module_is_verified_soon_whatever_it_holds() {
    let mut pool: Vec<Candidate> = Vec::new();
    let mut seeds: Vec<(String, CompiledModule)> = shapes::small()
        .into_iter()
        .map(|(name, module)| (name.to_owned(), module))
        .collect();
    for seed in 0..2000 {
        let module = generate::module(&mut Choices::new(&Seeded::new(seed).bytes(120)));
        seeds.push((format!("generated {seed}"), module));
    }
    let (mut slowest, mut most) = ((Duration::ZERO, String::new()), (0, String::new()));
    let mut check = |name: &str, module: CompiledModule| -> Option<Candidate> {
        let bytes = module.serialize().ok().filter(|it| it.len() <= BYTES)?;
        let (_, units) = work(&module, bytes.len());
        let taken = time(&bytes);
        assert!(
            taken < TIME_MAX,
            "{name}: {} bytes take {taken:?} and {units} units of work: {bytes:02x?}",
            bytes.len()
        );
        if taken > slowest.0 {
            slowest = (taken, format!("{name}, {units} units"));
        }
        if units > most.0 {
            most = (units, format!("{name}, {taken:?}"));
        }
        Some(Candidate {
            name: name.to_owned(),
            module,
            units,
        })
    };
    for (name, module) in seeds {
        let size = module.serialize().map_or(0, |bytes| bytes.len());
        match check(&name, module) {
            Some(candidate) => pool.push(candidate),
            None => assert!(name.starts_with("generated"), "{name} has {size} bytes"),
        }
    }
    // One in ten is a mutation of those that want most work, so that work
    // grows from one to the next; the others are mutations of any.
    let mut hungry = pool.clone();
    let mut tried = 0;
    for seed in 0.. {
        let from = if seed % 10 == 0 { &hungry } else { &pool };
        let at = Seeded::new(seed).next_u64() as usize % from.len();
        let origin = from[at].name.clone();
        let decisions = Seeded::new(seed).bytes(200);
        let mut choices = Choices::new(&decisions);
        let mut module = from[at].module.clone();
        for _ in 0..=choices.below(4) {
            mutate(&mut module, &mut choices);
        }
        let Some(candidate) = check(&format!("{origin} mutated by {seed}"), module) else {
            continue;
        };
        hungry.push(Candidate {
            name: origin,
            ..candidate
        });
        if hungry.len() > 40 {
            hungry.sort_by_key(|candidate| std::cmp::Reverse(candidate.units));
            hungry.truncate(20);
        }
        tried += 1;
        if tried == MUTATED {
            break;
        }
    }
    println!(
        "slowest: {:?} ({}); most work: {} units ({})",
        slowest.0, slowest.1, most.0, most.1
    );
}

/// A unit of work stands for a bounded time: what takes long is charged for.
#[test]
fn all_work_is_charged_for() {
    let modules = shapes::small().into_iter().chain(shapes::large());
    for (name, module) in modules {
        let size = module.serialize().unwrap().len();
        let mut best = Duration::MAX;
        let mut units = 0;
        let mut verdict = Ok(());
        for _ in 0..3 {
            let start = now();
            (verdict, units) = work(&module, size);
            best = best.min(now() - start);
        }
        println!(
            "{name}: {size} bytes, {units} units, {best:?}, {:.0} ns a unit, {:?}",
            best.as_nanos() as f64 / units as f64,
            verdict.map_err(|error| error.to_string())
        );
        let allowed = Duration::from_micros(200) + Duration::from_nanos(500) * units as u32;
        assert!(best < allowed, "{name}: {units} units take {best:?}");
    }
}
