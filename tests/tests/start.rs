//! `heddle start` as a process: refusals, signals, restarts.

use heddle_tests::cli::User;
use heddle_tests::process::Network;
use rustix::process::Signal;
use std::net::TcpListener;

#[test]
fn a_network_continues_after_an_orderly_stop() {
    for signal in [Signal::INT, Signal::TERM] {
        let folder = tempfile::tempdir().unwrap();
        let mut network = Network::start(&folder.path().join("data"), &[]);
        let chain = network.info["chain_id"].clone();
        let user = network.user();
        user.with_coins();
        let before = user.json(["client", "gas"]);
        let status = network.signal(signal);
        assert!(status.success(), "{signal:?} gave {status}");
        network.restart();
        assert_eq!(network.info["chain_id"], chain);
        let user = {
            let again = network.user();
            std::fs::copy(
                user.folder().join("heddle.keystore"),
                again.folder().join("heddle.keystore"),
            )
            .unwrap();
            std::fs::copy(
                user.folder().join("client.json"),
                again.folder().join("client.json"),
            )
            .unwrap();
            again
        };
        assert_eq!(user.json(["client", "gas"]), before);
    }
}

#[test]
fn regenesis_makes_another_network() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut network = Network::start(&data, &[]);
    let chain = network.info["chain_id"].clone();
    assert!(network.signal(Signal::TERM).success());
    drop(network);
    let network = Network::start(&data, &["--force-regenesis"]);
    assert_ne!(network.info["chain_id"], chain);
}

/// Runs `heddle start` where it cannot start, and checks that it says why in
/// one line and exits with a code that is not 0.
fn refused(args: &[&str], words: &[&str]) {
    let run = User::offline().run([&["start"], args].concat());
    assert!(!run.success(), "{args:?} started");
    let stderr = run.stderr();
    let errors: Vec<&str> = stderr
        .lines()
        .filter(|line| line.starts_with("error:"))
        .collect();
    assert_eq!(errors.len(), 1, "{args:?} said: {stderr}");
    for word in words {
        assert!(errors[0].contains(word), "{word:?} is missing in {stderr}");
    }
}

#[test]
fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    for option in ["--rpc-port", "--faucet-port", "--metrics-port"] {
        let mut args = vec!["--data-dir", data];
        for other in ["--rpc-port", "--faucet-port", "--metrics-port"] {
            args.extend([other, if other == option { &port } else { "0" }]);
        }
        refused(&args, &[&port, "in use"]);
    }
}

#[test]
fn a_data_directory_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let _network = Network::start(&data, &[]);
    let args = [
        "--data-dir",
        data.to_str().unwrap(),
        "--rpc-port",
        "0",
        "--faucet-port",
        "0",
        "--metrics-port",
        "0",
    ];
    refused(&args, &[data.to_str().unwrap(), "another process"]);
}

#[test]
fn a_data_directory_that_cannot_be_made_is_named() {
    let args = ["--data-dir", "/proc/heddle", "--rpc-port", "0"];
    refused(&args, &["/proc/heddle"]);
}

#[test]
fn a_wrong_log_filter_is_named() {
    refused(&["--log", "heddle=loud"], &["--log"]);
}
