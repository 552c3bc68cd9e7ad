//! The public TypeScript client, unmodified, against a running network.
//!
//! The test program is `clients/sui_grpc.test.mjs`; this file starts the
//! network, compiles the package that it publishes, and runs it with Node.

use heddle_tests::cli::copy_package;
use heddle_tests::process::Network;
use heddle_tests::repository;
use std::process::Command;

#[test]
fn the_public_client_works_unmodified() {
    let folder = tempfile::tempdir().unwrap();
    let network = Network::start(&folder.path().join("data"), &[]);
    let user = network.user();
    let key = user.json(["keys", "new"]);
    let secret = user.json(["keys", "export", key["alias"].as_str().unwrap()]);
    // A copy: building writes into the package's folder.
    let build = |example: &str| {
        let source = repository().join("examples").join(example);
        let copy = copy_package(&source, &folder.path().join(example));
        let file = folder.path().join(format!("{example}.json"));
        let built = user.json(["move", "build", copy.to_str().unwrap()]);
        std::fs::write(&file, built.to_string()).unwrap();
        file
    };
    let package = build("counter");
    let collectible = build("collectible");

    let output = Command::new("node")
        .arg("--test")
        .arg("--test-reporter=spec")
        .arg(repository().join("tests/clients/sui_grpc.test.mjs"))
        .env("HEDDLE_RPC_URL", network.rpc_url())
        .env("HEDDLE_FAUCET_URL", network.faucet_url())
        .env("HEDDLE_PACKAGE_JSON", &package)
        .env("HEDDLE_COLLECTIBLE_JSON", &collectible)
        .env(
            "HEDDLE_PRIVATE_KEY",
            secret["private_key"].as_str().unwrap(),
        )
        .env("HEDDLE_ADDRESS", key["address"].as_str().unwrap())
        .current_dir(repository().join("tools/npm"))
        .output()
        .expect("node runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    println!("{printed}");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(printed.contains("fail 0"));
}
