//! The corpora of the fuzzers, replayed; and a little fuzzing by seed.

use heddle_fuzzing::TARGETS;
use heddle_fuzzing::choices::{Choices, Seeded};
use heddle_fuzzing::generate;
use heddle_fuzzing::targets::{run_all, verify_then_run};
use std::path::{Path, PathBuf};

fn corpus(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target)
}

#[test]
fn every_corpus_passes() {
    for (name, target) in TARGETS {
        let mut files: Vec<PathBuf> = std::fs::read_dir(corpus(name))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        assert!(files.len() > 10, "the corpus of {name} is missing");
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            let passed = std::panic::catch_unwind(|| target(&bytes));
            assert!(passed.is_ok(), "{name} fails on {}", file.display());
        }
    }
}

/// Bytes for generated inputs: `HEDDLE_FUZZ_INPUTS` of them.
fn inputs() -> impl Iterator<Item = (u64, Vec<u8>)> {
    let count = std::env::var("HEDDLE_FUZZ_INPUTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(2_000);
    (1..=count).map(|seed| {
        let mut source = Seeded::new(seed);
        let length = 64 + source.next_u64() as usize % 1000;
        (seed, source.bytes(length))
    })
}

#[test]
fn generated_modules_are_accepted_and_run() {
    let (mut accepted, mut returned, mut failed, mut count) = (0, 0, 0, 0);
    for (seed, bytes) in inputs() {
        let done = std::panic::catch_unwind(|| {
            let module = generate::module(&mut Choices::new(&bytes));
            run_all(&module, &mut Choices::new(&bytes))
        });
        let outcome = done.unwrap_or_else(|_| panic!("seed {seed} breaks a promise"));
        count += 1;
        if let Some(outcome) = outcome {
            accepted += 1;
            returned += outcome.returned;
            failed += outcome.failed;
        }
    }
    println!("{accepted} of {count} modules accepted, {returned} calls returned, {failed} failed");
    // The generator is worth something only while the verifier lets it through.
    assert!(accepted * 2 > count, "{accepted} of {count}");
    assert!(returned * 4 > failed, "{returned} against {failed}");
}

#[test]
fn mutated_modules_are_refused_or_run() {
    for (seed, mut bytes) in inputs() {
        bytes[0] |= 3;
        let done = std::panic::catch_unwind(|| verify_then_run(&bytes));
        assert!(done.is_ok(), "seed {seed} breaks a promise");
    }
}

#[test]
fn upgrades_by_mutation_break_nobody() {
    let (_, target) = TARGETS[3];
    for (seed, bytes) in inputs() {
        let done = std::panic::catch_unwind(|| target(&bytes));
        assert!(done.is_ok(), "seed {seed} breaks a promise");
    }
}
