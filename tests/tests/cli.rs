//! The command line: help, JSON, exit codes.

use heddle_tests::cli::User;
use heddle_tests::process::Network;
use serde_json::Value;
use std::process::Stdio;

/// Walks the help of every command.
fn walk(user: &User, path: &[String], seen: &mut Vec<String>) {
    let mut args = path.to_vec();
    args.push("--help".into());
    let run = user.run(&args);
    assert!(run.success(), "{args:?}: {}", run.stderr());
    let help = run.stdout();
    assert!(help.contains("Usage:"), "{args:?}: {help}");
    seen.push(path.join(" "));
    let mut commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    for line in commands.by_ref() {
        let Some(entry) = line.strip_prefix("  ") else {
            break;
        };
        if entry.starts_with(' ') {
            continue;
        }
        let name = entry.split_whitespace().next().unwrap();
        if name != "help" {
            assert!(
                entry.trim() != name,
                "{path:?}: {name} says nothing about itself"
            );
            walk(user, &[path, &[name.to_owned()]].concat(), seen);
        }
    }
}

#[test]
fn every_command_has_help() {
    let mut seen = Vec::new();
    walk(&User::offline(), &[], &mut seen);
    for wanted in [
        "start",
        "demo",
        "completions",
        "move new",
        "move build",
        "move test",
        "move run",
        "move verify",
        "move assemble",
        "move disassemble",
        "keys new",
        "keys list",
        "keys import",
        "keys export",
        "keys use",
        "client publish",
        "client upgrade",
        "client call",
        "client transfer",
        "client split",
        "client merge",
        "client objects",
        "client object",
        "client gas",
        "client tx",
        "client events",
        "client faucet",
        "client simulate",
    ] {
        assert!(
            seen.iter().any(|it| it == wanted),
            "{wanted} is missing in {seen:?}"
        );
    }
}

#[test]
fn completions_for_every_shell() {
    let user = User::offline();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = user.run(["completions", shell]);
        assert!(run.success() && run.stdout().contains("heddle"), "{shell}");
    }
}

#[test]
fn exit_codes() {
    let user = User::offline();
    assert_eq!(user.run(["keys", "list"]).code(), Some(0));
    assert_eq!(user.run(["keys", "use", "nobody"]).code(), Some(1));
    assert_eq!(user.run(["keys", "weave"]).code(), Some(2));
    assert_eq!(
        user.run(["client", "gas", "0x1"]).code(),
        Some(1),
        "no network"
    );
    assert_eq!(user.run(["move", "build", "/nowhere"]).code(), Some(1));
}

#[test]
fn errors_are_json_too() {
    let user = User::offline();
    let run = user.run(["--json", "keys", "use", "nobody"]);
    assert_eq!(run.code(), Some(1));
    let value: Value = serde_json::from_str(&run.stdout()).unwrap();
    assert!(
        value["error"].as_str().unwrap().contains("nobody"),
        "{value}"
    );
}

#[test]
fn keys_travel() {
    let user = User::offline();
    let made = user.json(["keys", "new", "--alias", "mine"]);
    let exported = user.json(["keys", "export", "mine"]);
    let secret = exported["private_key"].as_str().unwrap();
    assert!(secret.starts_with("suiprivkey1"));
    let other = User::offline();
    let imported = other.json(["keys", "import", secret]);
    assert_eq!(imported["address"], made["address"]);
    for scheme in ["secp256k1", "secp256r1"] {
        let made = user.json(["keys", "new", "--scheme", scheme]);
        assert_eq!(made["scheme"].as_str().unwrap().to_lowercase(), scheme);
    }
    assert_eq!(user.json(["keys", "list"]).as_array().unwrap().len(), 3);
}

/// One pass over the client commands; each prints JSON that parses, and what
/// it says agrees with the others.
#[test]
fn client_commands_print_json() {
    let folder = tempfile::tempdir().unwrap();
    let network = Network::start(&folder.path().join("data"), &[]);
    let user = network.user();
    let address = user.with_coins();
    let balance = |user: &User| -> u128 {
        let gas = user.json(["client", "gas"]);
        gas["balance"].as_str().unwrap().parse().unwrap()
    };
    let start = balance(&user);
    assert!(start > 0);

    let other = network.user();
    let recipient = other.with_coins();
    let there = balance(&other);
    let sent = user.json([
        "client", "transfer", "--to", &recipient, "--amount", "12345",
    ]);
    assert_eq!(sent["effects"]["status"]["success"], true, "{sent}");
    assert_eq!(balance(&other), there + 12_345);
    assert!(balance(&user) < start - 12_345, "gas was paid");

    let digest = sent["digest"].as_str().unwrap();
    assert_eq!(
        user.json(["client", "tx", digest])["digest"],
        sent["digest"]
    );

    let gas = user.json(["client", "gas"]);
    let coin = gas["coins"][0]["coin"].as_str().unwrap().to_owned();
    let count = gas["coins"].as_array().unwrap().len();
    let split = user.json(["client", "split", &coin, "--amounts", "10", "20"]);
    assert_eq!(split["effects"]["status"]["success"], true, "{split}");
    let gas = user.json(["client", "gas"]);
    let coins = gas["coins"].as_array().unwrap().clone();
    assert_eq!(coins.len(), count + 2);
    let small = |value: &str| {
        coins
            .iter()
            .find(|coin| coin["balance"] == value)
            .unwrap_or_else(|| panic!("no coin of {value} in {coins:?}"))["coin"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let merged = user.json(["client", "merge", &small("10"), &small("20")]);
    assert_eq!(merged["effects"]["status"]["success"], true, "{merged}");

    let objects = user.json(["client", "objects"]);
    assert_eq!(objects.as_array().unwrap().len(), count + 1);
    let object = user.json(["client", "object", &coin]);
    assert!(
        object["objectType"]
            .as_str()
            .unwrap()
            .contains("::coin::Coin<"),
        "{object}"
    );

    let called = user.json([
        "client",
        "call",
        "0x2::coin::zero",
        "--type-args",
        "0x2::sui::SUI",
    ]);
    assert_eq!(called["effects"]["status"]["success"], true, "{called}");
    let before = balance(&user);
    let dry = user.json([
        "client",
        "transfer",
        "--to",
        &address,
        "--amount",
        "1",
        "--dry-run",
    ]);
    assert_eq!(dry["effects"]["status"]["success"], true, "{dry}");
    assert_eq!(balance(&user), before, "a dry run changes nothing");

    let too_much = user.run([
        "client",
        "transfer",
        "--to",
        &address,
        "--amount",
        "18000000000000000000",
    ]);
    assert_eq!(too_much.code(), Some(1));
    assert!(user.json(["client", "events"]).is_array());
}

/// `heddle … | head -1` ends as any program in a pipe does, without a word.
#[test]
fn a_reader_that_went_away_is_no_panic() {
    let user = User::offline();
    for args in [&["keys", "new", "--json"][..], &["completions", "zsh"]] {
        let mut child = user
            .command(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("heddle starts");
        drop(child.stdout.take());
        let out = child.wait_with_output().expect("it ends");
        assert_eq!(out.status.code(), Some(141), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&out.stderr), "", "{args:?}");
    }
}
