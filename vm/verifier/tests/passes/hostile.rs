//! Verification ends well for whatever the deserialiser lets through.

use heddle_bytecode::{BinaryLimits, CompiledModule};
use heddle_verifier::{Rule, VerifierLimits, WorkMeter, verify_links, verify_module};
use proptest::prelude::*;

use crate::{COMPILED, compiled, verify};

fn check_hostile(bytes: &[u8]) {
    let Ok(module) = CompiledModule::deserialize(bytes, &BinaryLimits::published()) else {
        return;
    };
    if verify(&module).is_ok() {
        let dependencies = compiled();
        // Whether it links does not matter, only that linking ends well.
        let _ = verify_links(&module, &|id| {
            dependencies
                .iter()
                .find(|dependency| dependency.self_id() == *id)
        });
    }
}

#[test]
fn every_flipped_bit() {
    for bytes in COMPILED {
        let mut flipped = bytes.to_vec();
        for position in 0..bytes.len() {
            for bit in 0..8 {
                flipped[position] ^= 1 << bit;
                check_hostile(&flipped);
                flipped[position] ^= 1 << bit;
            }
        }
    }
}

proptest! {
    #[test]
    fn any_change(
        changes in prop::collection::vec((0..COMPILED[0].len(), any::<u8>()), 1..4),
    ) {
        let mut bytes = COMPILED[0].to_vec();
        for (position, byte) in changes {
            bytes[position] = byte;
        }
        check_hostile(&bytes);
    }
}

#[test]
fn work_is_metered_and_deterministic() {
    for module in compiled() {
        let limits = VerifierLimits::default();
        let mut meter = WorkMeter::unlimited();
        verify_module(&module, &limits, &mut meter).unwrap();
        let used = meter.used();

        let mut exact = WorkMeter::new(used);
        assert_eq!(verify_module(&module, &limits, &mut exact), Ok(()));
        assert_eq!(exact.used(), used);
        for limit in [0, 1, used / 2, used - 1] {
            let error = verify_module(&module, &limits, &mut WorkMeter::new(limit)).unwrap_err();
            assert_eq!(error.rule, Rule::WorkLimit);
        }
    }
}
