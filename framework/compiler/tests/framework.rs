//! Builds a framework of a few lines, and the real one's standard library.

use heddle_compiler::{
    CompileError, FrameworkPackage, FrameworkSources, Mode, PackageFiles, TEST_MAGIC,
    build_framework, package_digest,
};

fn small_framework() -> FrameworkSources {
    FrameworkSources {
        std: PackageFiles::from_texts([
            (
                "sources/one.move",
                "module std::one; public fun one(): u64 { 1 } #[test] fun t() { one(); }",
            ),
            (
                "sources/unit_test.move",
                "#[test_only] module std::unit_test; public fun one(): u64 { 1 }",
            ),
        ]),
        sui: PackageFiles::from_texts([
            (
                "sources/b.move",
                "module sui::b; public fun two(): u64 { sui::a::two() }",
            ),
            (
                "sources/a.move",
                "module sui::a; public fun two(): u64 { std::one::one() * 2 }",
            ),
            (
                "sources/c.move",
                "module sui::c; public fun two(): u64 { sui::b::two() }",
            ),
        ]),
        system: PackageFiles::default(),
    }
}

#[test]
fn modules_come_in_dependency_order_at_their_own_address() {
    let built = build_framework(&small_framework(), Mode::Publish).unwrap();
    let [std, sui] = &built[..] else {
        panic!("a package without sources is left out: {built:?}");
    };
    assert_eq!(std.package, FrameworkPackage::MoveStdlib);
    assert_eq!(std.dependencies, []);
    assert_eq!(sui.dependencies, [FrameworkPackage::MoveStdlib.id()]);
    let names: Vec<_> = sui.modules.iter().map(|module| &module.name[..]).collect();
    assert_eq!(names, ["a", "b", "c"]);
    let own = sui.package.id();
    for module in &sui.modules {
        assert!(
            module
                .bytes
                .windows(32)
                .any(|bytes| bytes == own.as_bytes()),
            "{} is not at {own}",
            module.name
        );
    }
    assert_eq!(sui.warnings, "");
}

#[test]
fn the_same_sources_give_the_same_bytes() {
    let digests = [(); 2].map(|()| {
        build_framework(&small_framework(), Mode::Publish)
            .unwrap()
            .iter()
            .map(|package| {
                let modules = package.modules.iter().map(|module| &module.bytes[..]);
                package_digest(modules, &package.dependencies)
            })
            .collect::<Vec<_>>()
    });
    assert_eq!(digests[0], digests[1]);
}

#[test]
fn test_mode_adds_test_only_items() {
    let built = build_framework(&small_framework(), Mode::Test).unwrap();
    let names: Vec<_> = built[0]
        .modules
        .iter()
        .map(|module| &module.name[..])
        .collect();
    assert_eq!(names, ["one", "unit_test"]);
    assert!(built[0].modules[0].bytes.starts_with(&TEST_MAGIC));
}

#[test]
fn diagnostics_pass_through() {
    let sources = FrameworkSources {
        std: PackageFiles::from_texts([(
            "sources/one.move",
            "module std::one; public fun one(): u64 { true }",
        )]),
        ..FrameworkSources::default()
    };
    let Err(CompileError::Diagnostics {
        package,
        diagnostics,
    }) = build_framework(&sources, Mode::Publish)
    else {
        panic!("a type error must not compile");
    };
    assert_eq!(package, "MoveStdlib");
    assert!(diagnostics.starts_with("error[E04007]: incompatible types\n"));
    assert!(diagnostics.contains("┌─ sources/one.move:1:42\n"));
}
