//! See `heddle_fuzzing::targets::deserialise`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| heddle_fuzzing::targets::deserialise(bytes));
