//! Builds packages in all the forms that people write them, against a framework
//! of a few lines.

use std::fs;
use std::path::Path;

use heddle_compiler::{
    AbortCode, BuildOptions, BuiltPackage, CompileError, Compiler, Expectation, FrameworkSources,
    Mode, PackageFiles, PublicationRecord, TEST_MAGIC, package_digest, published_toml,
};

fn compiler() -> Compiler {
    Compiler::new(FrameworkSources {
        std: PackageFiles::from_texts([
            (
                "sources/one.move",
                "module std::one; public fun one(): u64 { 1 }",
            ),
            (
                "sources/unit_test.move",
                "#[test_only] module std::unit_test; public fun one(): u64 { 1 }",
            ),
        ]),
        sui: PackageFiles::from_texts([
            (
                "sources/two.move",
                "module sui::two; public fun two(): u64 { std::one::one() * 2 } \
                 #[test_only] public fun three(): u64 { 3 }",
            ),
            // The object rules know what may be in these two.
            (
                "sources/transfer.move",
                "module sui::transfer; public fun public_share_object<T: key + store>(obj: T) \
                 { share_object_impl(obj) } native fun share_object_impl<T: key>(obj: T);",
            ),
            (
                "sources/tx_context.move",
                "module sui::tx_context; public struct TxContext has drop { nothing: bool } \
                 #[test_only] public fun dummy(): TxContext { TxContext { nothing: true } }",
            ),
        ]),
        system: PackageFiles::default(),
    })
}

fn build(files: &[(&str, &str)], options: &BuildOptions) -> Result<BuiltPackage, CompileError> {
    let files = PackageFiles::from_texts(files.iter().copied());
    compiler().build(&files, options)
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn build_folder(folder: &Path, options: &BuildOptions) -> Result<BuiltPackage, CompileError> {
    compiler().build(&PackageFiles::read(folder)?, options)
}

fn names(built: &BuiltPackage) -> Vec<&str> {
    built.modules.iter().map(|module| &*module.name).collect()
}

const NEW_STYLE: &str = "[package]\nname = \"hello\"\nedition = \"2024\"\n";
const USES_FRAMEWORK: &str = "module hello::hello; public fun four(): u64 { sui::two::two() * 2 }";

/// Ids of std and sui, as a transaction names them.
const FRAMEWORK_IDS: [&str; 2] = [
    "0x0000000000000000000000000000000000000000000000000000000000000001",
    "0x0000000000000000000000000000000000000000000000000000000000000002",
];

#[test]
fn manifests_of_every_style_find_the_framework() {
    let git = "{ git = \"https://github.com/MystenLabs/sui.git\", \
               subdir = \"crates/sui-framework/packages/sui-framework\", rev = \"framework/testnet\" }";
    let explicit = format!(
        "[package]\nname = \"hello\"\nedition = \"2024.beta\"\n[dependencies]\nSui = {git}\n\
         [addresses]\nhello = \"0x0\"\n"
    );
    let addresses = format!("{NEW_STYLE}[addresses]\nhello = \"0x0\"\n");
    for manifest in [NEW_STYLE, &addresses, &explicit] {
        let built = build(
            &[
                ("Move.toml", manifest),
                ("sources/hello.move", USES_FRAMEWORK),
            ],
            &BuildOptions::default(),
        )
        .unwrap_or_else(|error| panic!("{manifest}\n{error}"));
        assert_eq!(built.name, "hello");
        assert_eq!(names(&built), ["hello"]);
        assert_eq!(built.dump().dependencies, FRAMEWORK_IDS);
        assert_eq!(
            built.digest,
            package_digest(
                built.modules.iter().map(|module| &module.bytes[..]),
                &built.dependencies
            ),
            "our digest is the compiler's"
        );
        assert!(
            built.modules[0]
                .bytes
                .starts_with(&[0xa1, 0x1c, 0xeb, 0x0b])
        );
    }
}

#[test]
fn warnings_and_errors_pass_through() {
    let built = build(
        &[
            ("Move.toml", NEW_STYLE),
            ("sources/hello.move", "module hello::hello; fun unused() {}"),
        ],
        &BuildOptions::default(),
    )
    .unwrap();
    assert!(
        built
            .warnings
            .starts_with("warning[W09008]: unused function\n")
    );

    let error = build(
        &[
            ("Move.toml", NEW_STYLE),
            (
                "sources/hello.move",
                "module hello::hello; public fun f(): u8 { 7u64 }",
            ),
        ],
        &BuildOptions::default(),
    )
    .unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("package `hello` does not compile\nerror[E04007]"),
        "{text}"
    );
}

#[test]
fn test_builds_have_the_tests_and_their_dependencies() {
    let files = [
        ("Move.toml", NEW_STYLE),
        (
            "sources/hello.move",
            "module hello::hello; const EBad: u64 = 7; public fun f(x: u64) { assert!(x > 0, EBad) } \
             #[test] fun good() { f(sui::two::three()) }",
        ),
        (
            "tests/more.move",
            "#[test_only] module hello::more; #[test, expected_failure(abort_code = hello::hello::EBad)] \
             fun bad() { hello::hello::f(0) }",
        ),
    ];
    let options = BuildOptions {
        mode: Mode::Test,
        ..BuildOptions::default()
    };
    let built = build(&files, &options).unwrap();
    assert_eq!(names(&built), ["hello", "more"]);
    let dependencies: Vec<_> = built
        .built_dependencies
        .iter()
        .map(|dependency| (&*dependency.name, dependency.modules.len()))
        .collect();
    assert_eq!(dependencies, [("MoveStdlib", 2), ("Sui", 3)]);

    let tests: Vec<_> = built
        .tests
        .iter()
        .flat_map(|module| module.tests.iter().map(|test| &*test.name))
        .collect();
    assert_eq!(tests, ["good", "bad"]);
    assert!(matches!(
        built.tests[1].tests[0].expectation,
        Expectation::Abort { code: AbortCode::Value(7), location: Some(ref place) }
            if place.name == "hello"
    ));

    let published = build(&files, &BuildOptions::default()).unwrap();
    assert_eq!(
        names(&published),
        ["hello"],
        "tests stay out of what is published"
    );
    assert!(published.tests.is_empty());
}

#[test]
fn tests_may_run_init_and_make_its_witness() {
    let source = "module hello::hello; public struct HELLO has drop {} \
                  fun init(_: HELLO, _: &mut TxContext) {} \
                  #[test] fun t() { init(HELLO {}, &mut tx_context::dummy()) }";
    let files = [("Move.toml", NEW_STYLE), ("sources/hello.move", source)];
    let options = BuildOptions {
        mode: Mode::Test,
        ..BuildOptions::default()
    };
    let built = build(&files, &options).unwrap();
    assert_eq!(built.warnings, "");
    assert!(built.modules[0].bytes.starts_with(&TEST_MAGIC));
}

#[test]
fn diagnostics_of_test_builds_show_the_source_as_it_is() {
    let options = BuildOptions {
        mode: Mode::Test,
        ..BuildOptions::default()
    };
    let source = "module hello::hello; #[test] fun t() { 1u8 + true; }";
    let files = [("Move.toml", NEW_STYLE), ("sources/hello.move", source)];
    let text = build(&files, &options).unwrap_err().to_string();
    assert!(text.contains(source), "{text}");

    let source = "module hello::hello; #[test] fun t() {} #[test_only] fun unused() {}";
    let files = [("Move.toml", NEW_STYLE), ("sources/hello.move", source)];
    let text = build(&files, &options).unwrap().warnings;
    assert!(
        text.contains("unused function") && text.contains("#[test_only "),
        "{text}"
    );
    assert!(!text.contains("heddle_test"), "{text}");
}

#[test]
fn errors_in_test_folders_name_the_file() {
    let error = build(
        &[
            ("Move.toml", NEW_STYLE),
            ("sources/hello.move", "module hello::hello;"),
            (
                "tests/more.move",
                "module hello::more; #[test] fun t() { 1u8 + true; }",
            ),
        ],
        &BuildOptions {
            mode: Mode::Test,
            ..BuildOptions::default()
        },
    )
    .unwrap_err();
    assert!(
        error.to_string().contains("┌─ tests/more.move:1:"),
        "{error}"
    );
}

/// `root` depends on `a` and `b`, `b` on `a` by another relative path.
fn diamond(folder: &Path) {
    let manifest = |name: &str, dependencies: &str| {
        format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n[dependencies]\n{dependencies}")
    };
    let root = manifest(
        "root",
        "a = { local = \"../deep/a\" }\nb = { local = \"./../b/\" }\n",
    );
    let b = manifest("b", "a = { local = \"../deep/a\" }\n");
    write(
        folder,
        &[
            ("root/Move.toml", &root),
            (
                "root/sources/root.move",
                "module root::root; public fun f(): u64 { a::a::f() + b::b::f() }",
            ),
            ("deep/a/Move.toml", &manifest("a", "")),
            (
                "deep/a/sources/a.move",
                "module a::a; public fun f(): u64 { std::one::one() }",
            ),
            ("b/Move.toml", &b),
            (
                "b/sources/b.move",
                "module b::b; public fun f(): u64 { a::a::f() }",
            ),
        ],
    );
}

#[test]
fn local_dependencies_are_found_from_their_parents() {
    let folder = tempfile::tempdir().unwrap();
    diamond(folder.path());
    let root = folder.path().join("root");
    let built = build_folder(&root, &BuildOptions::default()).unwrap();
    assert_eq!(names(&built), ["root"]);
    assert_eq!(built.unpublished_dependencies, ["a", "b"]);
    assert_eq!(built.dump().dependencies, FRAMEWORK_IDS);

    let built = build_folder(
        &root,
        &BuildOptions {
            with_unpublished_dependencies: true,
            ..BuildOptions::default()
        },
    )
    .unwrap();
    assert_eq!(names(&built), ["a", "b", "root"]);
    assert!(built.unpublished_dependencies.is_empty());

    let built = build_folder(
        &root,
        &BuildOptions {
            mode: Mode::Test,
            ..BuildOptions::default()
        },
    )
    .unwrap();
    let order: Vec<_> = built
        .built_dependencies
        .iter()
        .map(|one| &*one.name)
        .collect();
    assert_eq!(order, ["MoveStdlib", "Sui", "a", "b"]);
}

#[test]
fn published_dependencies_are_linked_by_their_newest_id() {
    let folder = tempfile::tempdir().unwrap();
    diamond(folder.path());
    let published = |environment: &str| {
        format!(
            "[published.{environment}]\nchain-id = \"aabbccdd\"\noriginal-id = \"0x66\"\n\
             published-at = \"0x77\"\nversion = 2\n"
        )
    };
    write(
        folder.path(),
        &[("deep/a/Published.toml", &published("heddle"))],
    );
    let root = folder.path().join("root");
    let built = build_folder(&root, &BuildOptions::default()).unwrap();
    assert_eq!(built.unpublished_dependencies, ["b"]);
    assert!(built.dependencies.contains(&"0x77".parse().unwrap()));

    write(
        folder.path(),
        &[("deep/a/Published.toml", &published("elsewhere"))],
    );
    let built = build_folder(&root, &BuildOptions::default()).unwrap();
    assert_eq!(
        built.unpublished_dependencies,
        ["a", "b"],
        "another network's id is no use"
    );
}

#[test]
fn a_published_package_knows_its_ids_and_keeps_address_zero() {
    let published = "[published.heddle]\nchain-id = \"aabbccdd\"\noriginal-id = \"0x66\"\n\
                     published-at = \"0x77\"\nversion = 2\n";
    let files = [
        ("Move.toml", NEW_STYLE),
        ("Published.toml", published),
        ("sources/hello.move", USES_FRAMEWORK),
    ];
    let built = build(&files, &BuildOptions::default()).unwrap();
    assert_eq!(built.publication.original_id, Some("0x66".parse().unwrap()));
    assert_eq!(
        built.publication.published_at,
        Some("0x77".parse().unwrap())
    );
    let own = heddle_address("0x66");
    let has_own = built.modules[0].bytes.windows(32).any(|bytes| bytes == own);
    assert!(
        !has_own,
        "a transaction names the package, its modules don't"
    );
}

fn heddle_address(text: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[31] = u8::from_str_radix(text.trim_start_matches("0x"), 16).unwrap();
    bytes
}

#[test]
fn what_is_not_here_is_refused_with_a_way_out() {
    let with = |dependency: &str| format!("{NEW_STYLE}[dependencies]\nfar = {dependency}\n");
    let attempt = |manifest: &str| {
        build(
            &[
                ("Move.toml", manifest),
                ("sources/hello.move", USES_FRAMEWORK),
            ],
            &BuildOptions::default(),
        )
        .unwrap_err()
    };
    let error = attempt(&with(
        "{ git = \"https://example.com/a/far.git\", rev = \"main\" }",
    ));
    assert!(matches!(error, CompileError::RemoteDependency { ref name, .. } if name == "far"));
    assert!(
        error.to_string().contains("far = { local = \"../far\" }"),
        "{error}"
    );

    let error = attempt(&with(
        "{ git = \"https://github.com/MystenLabs/sui.git\", \
         subdir = \"crates/sui-framework/packages/deepbook\", rev = \"main\" }",
    ));
    assert!(
        matches!(error, CompileError::UnknownFrameworkPackage { ref package, .. }
        if package == "deepbook")
    );

    let error = attempt(&with("{ local = \"../nowhere\" }"));
    assert!(
        matches!(error, CompileError::LocalDependency { .. }),
        "{error}"
    );

    let error = attempt(&with("{ r.mvr = \"@a/b\" }"));
    assert!(
        error
            .to_string()
            .contains("'far' has unsupported source form"),
        "{error}"
    );

    let error = attempt("[package\nname = 1");
    assert!(matches!(error, CompileError::Manifest { .. }), "{error}");

    let error = attempt("[package]\nedition = \"2024\"\n");
    assert!(error.to_string().contains("no `name`"), "{error}");
}

#[test]
fn sources_made_to_break_the_compiler_are_an_error() {
    let deep = format!(
        "module hello::hello; fun f(): u64 {{ {}1{} }}",
        "(".repeat(200_000),
        ")".repeat(200_000)
    );
    let error = build(
        &[("Move.toml", NEW_STYLE), ("sources/hello.move", &deep)],
        &BuildOptions::default(),
    )
    .unwrap_err();
    assert!(
        matches!(
            error,
            CompileError::Compiler { .. }
                | CompileError::OutOfMemory { .. }
                | CompileError::Diagnostics { .. }
        ),
        "{error}"
    );
    // And the next build is none the worse for it.
    build(
        &[
            ("Move.toml", NEW_STYLE),
            ("sources/hello.move", USES_FRAMEWORK),
        ],
        &BuildOptions::default(),
    )
    .unwrap();
}

#[test]
fn publications_are_recorded_and_read_back() {
    let mut record = PublicationRecord {
        environment: "heddle".to_owned(),
        chain_id: "4btiuiMPvEENsttpZC7CZ53DruC3MAgfznDbASZ7DR6S".to_owned(),
        package_id: "0xa1".parse().unwrap(),
        version: 1,
        upgrade_capability: Some("0xca".parse().unwrap()),
        is_upgrade: false,
    };
    let files = |published: &str| {
        PackageFiles::from_texts([
            ("Move.toml", NEW_STYLE),
            ("Published.toml", published),
            ("sources/hello.move", USES_FRAMEWORK),
        ])
    };
    let first = published_toml(&files(""), &record).unwrap();
    let built = compiler()
        .build(&files(&first), &BuildOptions::default())
        .unwrap();
    assert_eq!(built.publication.published_at, Some(record.package_id));
    assert_eq!(built.publication.original_id, Some(record.package_id));

    record.is_upgrade = true;
    record.version = 2;
    record.package_id = "0xa2".parse().unwrap();
    let second = published_toml(&files(&first), &record).unwrap();
    let built = compiler()
        .build(&files(&second), &BuildOptions::default())
        .unwrap();
    assert_eq!(built.publication.published_at, Some(record.package_id));
    assert_eq!(built.publication.original_id, Some("0xa1".parse().unwrap()));

    let error = published_toml(&files(""), &record).unwrap_err();
    assert!(matches!(error, CompileError::Manifest { .. }), "{error}");
}

#[test]
fn test_code_may_use_the_test_code_of_dependencies() {
    let folder = tempfile::tempdir().unwrap();
    diamond(folder.path());
    write(
        folder.path(),
        &[
            (
                "deep/a/tests/mock.move",
                "#[test_only] module a::mock; public fun g(): u64 { a::a::f() } #[test] fun t() {}",
            ),
            (
                "root/tests/t.move",
                "#[test_only] module root::t; #[test] fun t() { a::mock::g(); }",
            ),
        ],
    );
    let options = BuildOptions {
        mode: Mode::Test,
        ..BuildOptions::default()
    };
    let built = build_folder(&folder.path().join("root"), &options).unwrap();
    let a = &built.built_dependencies[2];
    let modules: Vec<_> = a.modules.iter().map(|module| &*module.name).collect();
    assert_eq!((&*a.name, modules), ("a", vec!["a", "mock"]));
    assert_eq!(built.tests.len(), 1, "only the root's tests run");
}
