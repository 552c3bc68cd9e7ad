//! Random programs on the VM and on the reference interpreter.
//!
//! What is compared: results, what mutable arguments refer to afterwards,
//! the kind of failure with its data, its place, and gas. Every tier of the VM
//! is compared with the reference and, in all that a caller can see, with the
//! other tiers.
//!
//! `HEDDLE_DIFF_SEED` replays a run, or starts one elsewhere.

mod dimensions;
mod extremes;
mod tiers;

use heddle_bytecode::{FunctionDefinitionIndex, Opcode};
use heddle_reference::generate::{Generated, Size, call, generate};
use heddle_reference::{Call, Choices, Program, mutate, run, shrink};
use std::collections::{BTreeMap, BTreeSet};
use tiers::{TIERS, World, differs};

/// Gas of a call that is to run to its end.
const AMPLE: u64 = 30_000;

fn seed() -> u64 {
    let seed = std::env::var("HEDDLE_DIFF_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(1);
    println!("HEDDLE_DIFF_SEED={seed}");
    seed
}

/// A program as `number` and the choices make it.
fn program(choices: &mut Choices, number: u64) -> Generated {
    let size = Size {
        modules: 1 + choices.below(3),
        datatypes: choices.below(7),
        functions: 1 + choices.below(8),
        steps: 8 + choices.below(200),
    };
    let mut generated = generate(choices, size, number);
    if choices.chance(30)
        && let Some(mutated) = mutate(choices, &generated.program)
    {
        generated.program = mutated;
    }
    generated
}

/// Every function of a program, called once or twice.
fn calls(choices: &mut Choices, program: &Program) -> Vec<Call> {
    let mut made = Vec::new();
    for (position, module) in program.modules.iter().enumerate() {
        for function in 0..module.function_defs.len() {
            let function = FunctionDefinitionIndex(function as u16);
            // Makers and destroyers are called by the others.
            let name = module.function_name(function);
            let count = match name.as_str().starts_with('f') {
                true => 1 + choices.below(2),
                false => u64::from(choices.chance(10)),
            };
            made.extend((0..count).filter_map(|_| call(choices, program, position, function)));
        }
    }
    made
}

/// What a run did, to see that it does enough.
#[derive(Debug, Default)]
struct Tally {
    programs: usize,
    bodies: usize,
    stuck: usize,
    refused: usize,
    /// Why the verifier refused bodies.
    reasons: BTreeSet<String>,
    /// Instructions that are somewhere in the programs.
    opcodes: BTreeSet<Opcode>,
    executions: usize,
    beyond_limits: usize,
    ends: BTreeMap<String, usize>,
}

/// Runs one program on the reference and on all tiers; the first difference.
fn check(choices: &mut Choices, number: u64, tally: &mut Tally) -> Result<(), String> {
    let generated = program(choices, number);
    tally.programs += 1;
    tally.bodies += generated.bodies;
    tally.stuck += generated.stuck;
    tally.refused += generated.refused.len();
    for error in &generated.refused {
        tally.reasons.insert(error.rule.words().to_owned());
    }
    let program = &generated.program;
    let code = program
        .modules
        .iter()
        .flat_map(|module| &module.function_defs);
    for instruction in code
        .filter_map(|def| def.code.as_ref())
        .flat_map(|unit| &unit.code)
    {
        tally.opcodes.insert(instruction.opcode());
    }
    let worlds: Vec<World> = TIERS.iter().map(|tier| World::new(tier, program)).collect();
    for call in calls(choices, program) {
        let whole = run(program, &call, AMPLE);
        let short = choices.below(whole.gas_used.max(1));
        for (budget, expected) in [(AMPLE, whole), (short, run(program, &call, short))] {
            tally.executions += 1;
            let end = match &expected.result {
                Ok(_) => "returned".to_owned(),
                Err(failure) => {
                    let words = format!("{:?}", failure.kind);
                    let end = words.find([' ', '(']).unwrap_or(words.len());
                    words[..end].to_owned()
                }
            };
            *tally.ends.entry(end).or_default() += 1;
            let first = worlds[0].observe(program, &call, budget);
            for (tier, world) in TIERS.iter().zip(&worlds).skip(1) {
                let other = world.observe(program, &call, budget);
                if other != first {
                    return Err(format!(
                        "{call:?} with {budget} gas\n{}: {first:?}\n{}: {other:?}",
                        TIERS[0].name, tier.name
                    ));
                }
            }
            match differs(&expected, &first) {
                Ok(()) => {}
                Err(tiers::Difference::BeyondLimits) => tally.beyond_limits += 1,
                Err(tiers::Difference::Words(words)) => {
                    return Err(format!("{call:?} with {budget} gas\n{words}"));
                }
            }
        }
    }
    Ok(())
}

/// Checks programs from a seed on; what fails is made small and shown.
fn check_many(first: u64, count: u64) -> Tally {
    let mut tally = Tally::default();
    for number in first..first + count {
        let mut choices = Choices::from_seed(number);
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            check(&mut choices, number, &mut tally)
        }));
        if !matches!(checked, Ok(Ok(()))) {
            report(number, choices.drawn().to_vec());
        }
    }
    tally
}

fn report(number: u64, drawn: Vec<u64>) -> ! {
    let outcome = |numbers: &[u64]| {
        let mut choices = Choices::replay(numbers.to_vec());
        let mut tally = Tally::default();
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            check(&mut choices, number, &mut tally)
        }))
    };
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let panics = outcome(&drawn).is_err();
    let smallest = shrink(drawn, 4000, |numbers| match outcome(numbers) {
        Ok(result) => !panics && result.is_err(),
        Err(_) => panics,
    });
    std::panic::set_hook(hook);
    let mut choices = Choices::replay(smallest.clone());
    let generated = program(&mut choices, number);
    for module in &generated.program.modules {
        println!("{}", heddle_bytecode::disassemble(module));
    }
    let words = match outcome(&smallest) {
        Ok(Ok(())) => unreachable!("it failed a moment ago"),
        Ok(Err(words)) => words,
        Err(_) => "a panic".to_owned(),
    };
    panic!("program {number} differs: {words}\nchoices: {smallest:?}");
}

#[test]
fn the_vm_agrees_with_the_reference() {
    let tally = check_many(seed() << 32, 5000);
    println!("{tally:#?}");
    // Enough of everything, or the test would show little.
    assert!(tally.refused * 20 < tally.bodies, "{tally:?}");
    assert!(tally.stuck * 4 < tally.bodies, "{tally:?}");
    assert!(tally.beyond_limits * 100 < tally.executions, "{tally:?}");
    let missing: Vec<&Opcode> = Opcode::ALL
        .iter()
        .filter(|opcode| !opcode.name().ends_with("Deprecated") && !tally.opcodes.contains(opcode))
        .collect();
    assert!(missing.is_empty(), "never generated: {missing:?}");
    for end in [
        "returned",
        "Abort",
        "OutOfGas",
        "Overflow",
        "DivisionByZero",
        "Cast",
    ] {
        assert!(tally.ends.contains_key(end), "no {end}: {tally:?}");
    }
}

#[test]
#[ignore = "as long as it is told to: make soak"]
fn the_vm_agrees_with_the_reference_for_long() {
    let count = std::env::var("HEDDLE_DIFF_PROGRAMS").ok();
    let count = count.and_then(|count| count.parse().ok()).unwrap_or(60_000);
    println!("{:#?}", check_many(seed() << 32, count));
}
