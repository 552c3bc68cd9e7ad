use heddle_bytecode::testing::address;
use heddle_verifier::Rule;

use crate::check_table;

#[test]
fn friends_are_other_modules_of_the_package() {
    check_table(&[
        ("another module", |b| b.friend(address(7), "other"), Ok(())),
        (
            "the module itself",
            |b| b.friend(address(7), "m"),
            Err(Rule::Friend),
        ),
        (
            "another address",
            |b| b.friend(address(8), "other"),
            Err(Rule::Friend),
        ),
        (
            "the same name elsewhere",
            |b| b.friend(address(8), "m"),
            Err(Rule::Friend),
        ),
    ]);
}
