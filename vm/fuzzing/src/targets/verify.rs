//! Any module gets a verdict within its work, the same each time.

use heddle_bytecode::{BinaryLimits, CompiledModule};
use heddle_verifier::{
    Rule, UpgradePolicy, VerificationError, VerifierLimits, WorkMeter, check_compatibility,
    verify_links, verify_module, verify_object_rules,
};

/// The verdict of all passes over one module of `size` bytes, and the units of
/// work.
pub fn work(module: &CompiledModule, size: usize) -> (Result<(), VerificationError>, u64) {
    let mut meter = WorkMeter::for_module(size);
    let verdict = verify_module(module, &VerifierLimits::default(), &mut meter)
        .and_then(|()| verify_object_rules(module, &mut meter));
    (verdict, meter.used())
}

/// Reads `bytes` as a module and verifies it twice, the second time with
/// exactly the work that the first took.
pub fn verify(bytes: &[u8]) {
    let Ok(module) = CompiledModule::deserialize(bytes, &BinaryLimits::published()) else {
        return;
    };
    let (verdict, used) = work(&module, bytes.len());
    let mut exact = match &verdict {
        Err(error) if error.rule == Rule::WorkLimit => WorkMeter::for_module(bytes.len()),
        _ => WorkMeter::new(used),
    };
    let again = verify_module(&module, &VerifierLimits::default(), &mut exact)
        .and_then(|()| verify_object_rules(&module, &mut exact));
    assert_eq!(again, verdict, "two verdicts on one module");
    assert_eq!(exact.used(), used, "work depends on more than the module");
    if verdict.is_ok() {
        // Nothing to link with: an error at most.
        let _ = verify_links(&module, &|_| None);
        for policy in [
            UpgradePolicy::Compatible,
            UpgradePolicy::Additive,
            UpgradePolicy::DependencyOnly,
        ] {
            assert_eq!(check_compatibility(&module, &module, policy), Ok(()));
        }
    }
}
