//! See `heddle_fuzzing::targets::verify_then_run`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| heddle_fuzzing::targets::verify_then_run(bytes));
