//! Any bytes are a module or an error, and a module has one encoding.

use heddle_bytecode::{BinaryLimits, CompiledModule};

/// Reads `bytes`. What is read can be written, and comes back the same; if
/// its tables were in the order in which compilers write them, byte for byte.
pub fn deserialise(bytes: &[u8]) {
    let lenient = BinaryLimits::local();
    let Ok(module) = CompiledModule::deserialize(bytes, &lenient) else {
        let strict = CompiledModule::deserialize(bytes, &BinaryLimits::published());
        assert!(strict.is_err(), "stricter limits accept more");
        return;
    };
    let written = module
        .serialize()
        .expect("a module that was read can be written");
    let again = CompiledModule::deserialize(&written, &lenient)
        .expect("a module that was written can be read");
    assert!(
        again == module,
        "a module changes on its way to bytes and back"
    );
    assert_eq!(again.serialize(), Ok(written), "a module has two encodings");
    // Total, whatever the module.
    drop(heddle_bytecode::disassemble(&module));
}
