//! The framework's and the examples' own Move tests pass in Heddle's VM.

use std::path::{Path, PathBuf};

use heddle_compiler::{BuildOptions, Compiler, FrameworkSources, Mode, PackageFiles};
use heddle_move_test::{TestOptions, run_tests};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs every test of the package in `folder`, of which there are at least
/// `count`, and shows those that fail.
fn all_pass(folder: &str, count: usize) {
    let framework = repository().join("framework/packages");
    let compiler = Compiler::new(FrameworkSources::read(framework).unwrap());
    let files = PackageFiles::read(repository().join(folder)).unwrap();
    let options = BuildOptions {
        mode: Mode::Test,
        ..BuildOptions::default()
    };
    let package = compiler
        .build(&files, &options)
        .unwrap_or_else(|error| panic!("{error}"));
    let report = run_tests(&package, &TestOptions::default(), &|_| {}).unwrap();
    let failed: Vec<String> = report
        .results
        .iter()
        .filter(|result| !result.outcome.is_passed())
        .map(|result| format!("{}: {}", result.name, result.outcome))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(
        report.results.len() >= count,
        "{folder} has {} tests",
        report.results.len()
    );
}

#[test]
fn standard_library() {
    all_pass("framework/packages/std", 100);
}

#[test]
fn object_framework() {
    all_pass("framework/packages/sui", 100);
}

#[test]
fn system_package() {
    all_pass("framework/packages/system", 5);
}

#[test]
fn examples() {
    all_pass("examples/coin", 3);
    all_pass("examples/counter", 3);
    all_pass("examples/collectible", 4);
    all_pass("examples/market", 6);
}
