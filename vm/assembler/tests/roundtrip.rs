//! Every module comes back from its text as it was.

use heddle_assembler::{assemble, print};
use heddle_bytecode::testing::arbitrary_module;
use heddle_bytecode::{BinaryLimits, CompiledModule};
use proptest::prelude::*;

/// Modules that the real compiler wrote.
const COMPILED: [&[u8]; 2] = [
    include_bytes!("../../bytecode/tests/modules/shapes.mv"),
    include_bytes!("../../bytecode/tests/modules/user.mv"),
];

fn check(module: &CompiledModule) -> String {
    let text = print(module);
    match assemble(&text) {
        Ok(made) => assert!(made == *module, "another module comes out of\n{text}"),
        Err(error) => panic!("{}\n{text}", error.render(&text)),
    }
    text
}

/// The text of the first module. Run with `BLESS=1` in the environment to
/// accept a changed one.
const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shapes.mvasm");

#[test]
fn what_a_compiler_wrote_needs_no_tables() {
    for (number, bytes) in COMPILED.into_iter().enumerate() {
        let module = CompiledModule::deserialize(bytes, &BinaryLimits::published()).unwrap();
        let text = check(&module);
        assert!(!text.contains("table "), "{text}");
        assert_eq!(assemble(&text).unwrap().serialize().unwrap(), bytes);
        if number == 0 {
            if std::env::var_os("BLESS").is_some() {
                std::fs::write(GOLDEN, &text).unwrap();
            }
            assert_eq!(text, std::fs::read_to_string(GOLDEN).unwrap());
        }
    }
}

/// Few bytes can name a long name or list of types very often: the text says it
/// once.
#[test]
fn the_text_grows_with_the_module() {
    let long = format!("f{}", "x".repeat(60_000));
    let calls = "Call g ".repeat(20_000);
    let types = "vector<".repeat(200) + "u8" + &">".repeat(200);
    let types = vec![types; 200].join(", ");
    let lens = format!("VecLen <{types}> ") + &"VecLen @0 ".repeat(20_000);
    let text = format!(
        "module 0x1::m {{
            table signatures {{ ({types}); }}
            native fun g({types}): u64;
            fun f() {{ {calls} {lens} }}
        }}"
    );
    let mut module = assemble(&text).unwrap();
    let name = heddle_bytecode::Identifier::new(&long).unwrap();
    let index = module.identifiers.iter().position(|it| it == "g").unwrap();
    module.identifiers[index] = name;
    let bytes = module.serialize().unwrap().len();
    let text = check(&module);
    assert!(text.len() < 64 * bytes, "{} of {bytes}", text.len());
}

#[test]
fn a_module_of_nothing_comes_back() {
    for version in 5..=7 {
        check(&CompiledModule::empty(version));
    }
}

#[test]
fn flipped_bits_of_a_compiled_module_come_back() {
    for bytes in COMPILED {
        let mut flipped = bytes.to_vec();
        let mut count = 0;
        for position in 0..bytes.len() {
            // All bits take a quarter of a minute; the low ones are in most
            // indexes.
            for bit in [0, 1 + position % 7] {
                flipped[position] ^= 1 << bit;
                if let Ok(module) = CompiledModule::deserialize(&flipped, &BinaryLimits::local()) {
                    check(&module);
                    count += 1;
                }
                flipped[position] ^= 1 << bit;
            }
        }
        assert!(count > bytes.len() / 4, "only {count} modules");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_module_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        check(&arbitrary_module(&bytes));
    }

    #[test]
    fn any_change_to_a_compiled_module_comes_back(
        position in 0..COMPILED[0].len(),
        patch in prop::collection::vec(any::<u8>(), 1..8),
    ) {
        let mut bytes = COMPILED[0].to_vec();
        for (byte, new) in bytes[position..].iter_mut().zip(patch) {
            *byte = new;
        }
        if let Ok(module) = CompiledModule::deserialize(&bytes, &BinaryLimits::local()) {
            check(&module);
        }
    }
}
