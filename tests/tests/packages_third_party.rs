//! Packages that others wrote, unmodified: they build, their modules verify and
//! translate, every function runs, their own tests pass, and they publish.
//!
//! They come from the package registry in each run, so these tests need it and
//! say so if they can't reach it. Nothing of them is kept in this repository.

use heddle_tests::cli::copy_package;
use heddle_tests::every_function::{Packages, Tally, build, call_all, compiler, vm};
use heddle_tests::process::Network;
use heddle_tests::{cli::User, npm, repository};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Cross-chain gateway, token service and governance: the largest Move code
/// that the registry hands out.
const AXELAR: &str = "@axelar-network/axelar-cgp-sui@1.1.3";

/// Its packages, each after those it depends on.
const AXELAR_PACKAGES: [&str; 11] = [
    "version_control",
    "utils",
    "abi",
    "operators",
    "interchain_token",
    "axelar_gateway",
    "gas_service",
    "governance",
    "relayer_discovery",
    "interchain_token_service",
    "example",
];

/// The twelfth: it depends on a package in a git repository.
const AXELAR_WITH_GIT: &str = "squid";

/// Unit tests in all of them.
const AXELAR_TESTS: u64 = 200;

/// Calls of each function, with other arguments each time.
const ROUNDS: u64 = 40;

/// Where the generated arguments begin.
const SEED: u64 = 7;

/// The Move packages of [`AXELAR`], fetched once per run.
fn axelar() -> &'static Path {
    static FETCHED: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = FETCHED.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = npm::fetch(AXELAR, folder.path()).join("move");
        (folder, path)
    });
    path
}

#[test]
fn nothing_is_left_out() {
    let mut found: Vec<String> = std::fs::read_dir(axelar())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    let mut expected: Vec<&str> = AXELAR_PACKAGES.to_vec();
    expected.push(AXELAR_WITH_GIT);
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn every_function_of_the_examples_and_of_axelar_runs() {
    let compiler = compiler();
    let vm = vm();
    let mut tally = Tally::default();
    let mut examples: Vec<PathBuf> = std::fs::read_dir(repository().join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("Move.toml").is_file())
        .collect();
    examples.sort();
    assert!(examples.len() >= 4, "{examples:?}");
    for path in examples {
        let built = build(&compiler, &path).unwrap_or_else(|error| panic!("{error}"));
        let mut packages = Packages::framework();
        let package = packages.publish(&built);
        let one = call_all(&vm, &packages, &package, ROUNDS, SEED);
        println!("{}: {one:?}", path.display());
        tally += one;
    }
    let mut packages = Packages::framework();
    for name in AXELAR_PACKAGES {
        let built =
            build(&compiler, &axelar().join(name)).unwrap_or_else(|error| panic!("{error}"));
        let package = packages.publish(&built);
        let one = call_all(&vm, &packages, &package, ROUNDS, SEED);
        println!("{name}: {one:?}");
        tally += one;
    }
    println!("all: {tally:?}");
    assert!(tally.modules >= 50, "{tally:?}");
    assert!(tally.functions >= 350, "{tally:?}");
    assert!(tally.returned >= 5_000, "{tally:?}");
}

#[test]
fn axelar_passes_its_own_tests() {
    let user = User::offline();
    let mut passed = 0;
    for name in AXELAR_PACKAGES {
        let report = user.json(["move", "test", axelar().join(name).to_str().unwrap()]);
        assert_eq!(report["failed"], 0, "{name}: {report}");
        println!("{name}: {} tests", report["passed"]);
        passed += report["passed"].as_u64().unwrap();
    }
    assert!(passed >= AXELAR_TESTS, "{passed}");
}

#[test]
fn axelar_publishes() {
    let folder = tempfile::tempdir().unwrap();
    let copy = copy_package(axelar(), &folder.path().join("move"));
    let network = Network::start(&folder.path().join("data"), &[]);
    let user = network.user();
    user.with_coins();
    for name in AXELAR_PACKAGES {
        let path = copy.join(name);
        let manifest = std::fs::read(path.join("Move.toml")).unwrap();
        let published = user.json(["client", "publish", path.to_str().unwrap()]);
        let status = &published["effects"]["status"];
        assert_eq!(status["success"], true, "{name}: {published}");
        assert_eq!(std::fs::read(path.join("Move.toml")).unwrap(), manifest);
    }
}
