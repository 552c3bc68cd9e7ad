//! Plans from sources.

use super::*;

fn id(address: &str, name: &str) -> ModuleId {
    ModuleId {
        address: address.parse().unwrap(),
        name: name.to_owned(),
    }
}

/// The plan of one module in a package `p` at 0x0 that depends on `d` at 0xd.
fn plan(source: &str) -> Result<Vec<ModuleTests>, CompileError> {
    let root = Files::from([
        (
            MANIFEST.to_owned(),
            "[addresses]\np = \"0x0\"\nd = \"0xd\"\nstd = \"0x1\"\n".to_owned(),
        ),
        ("sources/m.move".to_owned(), source.to_owned()),
    ]);
    let dependency = PackageGroup {
        name: "d".to_owned(),
        files: Files::from([(
            "dependencies/d/sources/e.move".to_owned(),
            "module d::e; const EFar: u64 = BASE + 2; const BASE: u64 = 0x10; \
             #[error] const ENamed: vector<u8> = b\"far\"; #[test] fun not_ours() {}"
                .to_owned(),
        )]),
        edition: None,
        address_mapping: BTreeMap::from([("d".to_owned(), "0xd".to_owned())]),
        published_id_for_output: String::new(),
        dep_alias_to_package_name: BTreeMap::new(),
        rest: BTreeMap::new(),
    };
    test_plan(&TestSources {
        root: &root,
        dependencies: &[dependency],
    })
}

/// What the one test with these attributes expects.
fn expectation(attributes: &str) -> Expectation {
    let source = format!(
        "module p::m; use d::e; use d::e as other; use std::vector; const ENear: u64 = 7; \
         #[error] const EText: vector<u8> = b\"text\"; #[test] {attributes} fun t() {{}}"
    );
    let plan = plan(&source).unwrap_or_else(|error| panic!("{attributes}: {error}"));
    assert_eq!(plan.len(), 1, "only the root's tests");
    assert_eq!(plan[0].module, id("0x0", "m"));
    plan[0].tests[0].expectation.clone()
}

#[test]
fn abort_codes() {
    let abort = |code, location| Expectation::Abort { code, location };
    let (near, far) = (id("0x0", "m"), id("0xd", "e"));
    for (attributes, expected) in [
        ("abort_code = 3", abort(AbortCode::Value(3), None)),
        (
            "abort_code = 0x1_0u64, location = Self",
            abort(AbortCode::Value(16), Some(near.clone())),
        ),
        (
            "abort_code = ENear",
            abort(AbortCode::Value(7), Some(near.clone())),
        ),
        (
            "abort_code = Self::ENear",
            abort(AbortCode::Value(7), Some(near.clone())),
        ),
        (
            "abort_code = p::m::ENear, location = d::e",
            abort(AbortCode::Value(7), Some(far.clone())),
        ),
        (
            "abort_code = EText",
            abort(AbortCode::Constant("EText".into()), Some(near)),
        ),
        (
            "abort_code = e::EFar",
            abort(AbortCode::Value(18), Some(far.clone())),
        ),
        (
            "abort_code = other::EFar",
            abort(AbortCode::Value(18), Some(far.clone())),
        ),
        (
            "abort_code = 0xd::e::ENamed,",
            abort(AbortCode::Constant("ENamed".into()), Some(far)),
        ),
    ] {
        let written = format!("#[expected_failure({attributes})]");
        assert_eq!(expectation(&written), expected, "{attributes}");
    }
}

#[test]
fn other_failures() {
    let error = |error, minor, location| Expectation::Error {
        error,
        minor,
        location,
    };
    assert_eq!(expectation(""), Expectation::Success);
    assert_eq!(expectation("#[expected_failure]"), Expectation::Failure);
    for (attributes, expected) in [
        (
            "arithmetic_error, location = Self",
            error(ExpectedError::Arithmetic, None, id("0x0", "m")),
        ),
        (
            "vector_error, minor_status = 1, location = vector",
            error(
                ExpectedError::Vector,
                Some(AbortCode::Value(1)),
                id("0x1", "vector"),
            ),
        ),
        (
            "out_of_gas, location = d::e",
            error(ExpectedError::OutOfGas, None, id("0xd", "e")),
        ),
        (
            "major_status = 4017, location = Self",
            error(ExpectedError::MajorStatus(4017), None, id("0x0", "m")),
        ),
    ] {
        let written = format!("#[expected_failure({attributes})]");
        assert_eq!(expectation(&written), expected, "{attributes}");
    }
}

#[test]
fn what_is_not_understood_names_the_test() {
    for attributes in [
        "abort_code = Nowhere",
        "abort_code = nowhere::E",
        "arithmetic_error",
        "surprise",
        "abort_code = 99999999999999999999",
        "location = Self",
    ] {
        let source =
            format!("module p::m; #[test, expected_failure({attributes})] fun broken() {{}}");
        match plan(&source) {
            Err(CompileError::TestAttribute { file, test, .. }) => {
                assert_eq!((&*file, &*test), ("sources/m.move", "broken"));
            }
            other => panic!("{attributes}: {other:?}"),
        }
    }
}

#[test]
fn random_tests_are_marked() {
    let plan = plan("module p::m; #[random_test] fun r(x: u64) {} #[test] fun t() {}").unwrap();
    let found: Vec<_> = plan[0]
        .tests
        .iter()
        .map(|test| (&*test.name, test.is_random))
        .collect();
    assert_eq!(found, [("r", true), ("t", false)]);
}
