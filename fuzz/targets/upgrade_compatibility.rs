//! See `heddle_fuzzing::targets::upgrade_compatibility`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| heddle_fuzzing::targets::upgrade_compatibility(bytes));
