//! See `heddle_fuzzing::targets::verify`.
//!
//! Inputs are modules as bytes. Two mutations in three read them and change
//! the module in a few places, which leaves its tables readable; the others
//! are libFuzzer's own.
#![no_main]

use heddle_bytecode::{BinaryLimits, CompiledModule};
use heddle_fuzzing::choices::{Choices, Seeded};
use heddle_fuzzing::mutate::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|bytes: &[u8]| heddle_fuzzing::targets::verify(bytes));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    if seed % 3 != 0
        && let Ok(mut module) =
            CompiledModule::deserialize(&data[..size], &BinaryLimits::published())
    {
        let decisions = Seeded::new(u64::from(seed)).bytes(64);
        let mut choices = Choices::new(&decisions);
        for _ in 0..=choices.below(3) {
            mutate(&mut module, &mut choices);
        }
        if let Ok(bytes) = module.serialize()
            && bytes.len() <= max_size
        {
            data[..bytes.len()].copy_from_slice(&bytes);
            return bytes.len();
        }
    }
    fuzzer_mutate(data, size, max_size)
});
