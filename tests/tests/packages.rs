//! From Move source to a live package: build, test, publish, call, upgrade,
//! all by the `heddle` binary, without Node.

use heddle_tests::cli::{User, copy_package};
use heddle_tests::process::Network;
use heddle_tests::repository;
use serde_json::Value;
use std::path::Path;

fn examples() -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(repository().join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("Move.toml").is_file())
        .collect();
    paths.sort();
    assert!(paths.len() >= 4, "{paths:?}");
    paths
}

#[test]
fn a_new_package_builds_and_tests() {
    let user = User::offline();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hello");
    assert!(user.run(["move", "new", path.to_str().unwrap()]).success());
    let built = user.json(["move", "build", path.to_str().unwrap()]);
    assert!(!built["modules"].as_array().unwrap().is_empty(), "{built}");
    assert!(built["dependencies"].is_array() && built["digest"].is_array());
    let tested = user.json(["move", "test", path.to_str().unwrap()]);
    assert_eq!(tested["failed"], 0, "{tested}");
    assert!(tested["passed"].as_u64().unwrap() > 0, "{tested}");
    // A second one at the same place would overwrite: refused.
    assert_eq!(
        user.run(["move", "new", path.to_str().unwrap()]).code(),
        Some(1)
    );
}

#[test]
fn diagnostics_and_failing_tests_set_the_exit_code() {
    let user = User::offline();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hello");
    assert!(user.run(["move", "new", path.to_str().unwrap()]).success());
    let source = path.join("sources/hello.move");
    let good = std::fs::read_to_string(&source).unwrap();
    std::fs::write(&source, "module hello::hello { fun f(): u8 { true } }").unwrap();
    let run = user.run(["move", "build", path.to_str().unwrap()]);
    assert_eq!(run.code(), Some(1));
    let printed = run.stderr() + &run.stdout();
    assert!(printed.contains("error[E04007]"), "{printed}");

    std::fs::write(
        &source,
        format!("{good}\n#[test_only] module hello::bad {{ #[test] fun fails() {{ abort 7 }} #[test, expected_failure(abort_code = 7)] fun expected() {{ abort 7 }} }}"),
    )
    .unwrap();
    let run = user.run(["--json", "move", "test", path.to_str().unwrap()]);
    assert_eq!(run.code(), Some(1));
    let report: Value = serde_json::from_str(&run.stdout()).unwrap();
    assert_eq!(report["failed"], 1, "{report}");
    let run = user.run(["--json", "move", "test", path.to_str().unwrap(), "expected"]);
    assert_eq!(
        run.code(),
        Some(0),
        "the filter leaves one test that passes"
    );
}

fn changed<'a>(executed: &'a Value, key: &str, value: &str) -> &'a Value {
    executed["effects"]["changedObjects"]
        .as_array()
        .unwrap()
        .iter()
        .find(|object| object[key].as_str().is_some_and(|it| it.contains(value)))
        .unwrap_or_else(|| panic!("no object with {key} {value} in {executed}"))
}

#[test]
fn every_example_publishes() {
    let folder = tempfile::tempdir().unwrap();
    let network = Network::start(&folder.path().join("data"), &[]);
    let user = network.user();
    user.with_coins();
    for path in examples() {
        let copy = copy_package(&path, &folder.path().join(path.file_name().unwrap()));
        let published = user.json(["client", "publish", copy.to_str().unwrap()]);
        assert_eq!(
            published["effects"]["status"]["success"], true,
            "{published}"
        );
        assert!(copy.join("Published.toml").is_file());
    }
}

#[test]
fn counter_is_called_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let network = Network::start(&folder.path().join("data"), &[]);
    let user = network.user();
    user.with_coins();
    let copy = copy_package(
        &repository().join("examples/counter"),
        &folder.path().join("c"),
    );
    let published = user.json(["client", "publish", copy.to_str().unwrap()]);
    let package = changed(&published, "outputState", "PACKAGE_WRITE")["objectId"]
        .as_str()
        .unwrap()
        .to_owned();
    let created = user.json(["client", "call", &format!("{package}::counter::create")]);
    let counter = changed(&created, "objectType", "::counter::Counter")["objectId"]
        .as_str()
        .unwrap()
        .to_owned();
    let increment = format!("{package}::counter::increment");
    for _ in 0..3 {
        user.json(["client", "call", &increment, "--args", &counter]);
    }
    let object = user.json(["client", "object", &counter]);
    assert_eq!(object["json"]["value"], "3", "{object}");

    // What a person gets wrong, each with words and exit code 1.
    for (args, words) in [
        (
            vec!["client", "call", "increment"],
            "PACKAGE::MODULE::FUNCTION",
        ),
        (
            vec!["client", "call", increment.as_str()],
            "1 arguments, 0 were given",
        ),
        (
            vec!["client", "call", increment.as_str(), "--args", "seven"],
            "object id",
        ),
        (
            vec!["client", "call", increment.as_str(), "--args", "0x77"],
            "0x",
        ),
    ] {
        let run = user.run(&args);
        assert_eq!(run.code(), Some(1), "{args:?}");
        assert!(run.stderr().contains(words), "{args:?}: {}", run.stderr());
    }
    let missing = format!("{package}::counter::decrement");
    assert_eq!(user.run(["client", "call", &missing]).code(), Some(1));
}

const FIRST: &str = "module thing::thing {
    public struct Thing has key, store { id: UID, weight: u64 }
    public fun make(weight: u64, ctx: &mut TxContext): Thing { Thing { id: object::new(ctx), weight } }
    public fun weight(thing: &Thing): u64 { thing.weight }
}";

fn write_package(path: &Path, source: &str) {
    std::fs::create_dir_all(path.join("sources")).unwrap();
    std::fs::write(
        path.join("Move.toml"),
        "[package]\nname = \"thing\"\nedition = \"2024\"\n\n[addresses]\nthing = \"0x0\"\n",
    )
    .unwrap();
    std::fs::write(path.join("sources/thing.move"), source).unwrap();
}

#[test]
fn compatible_upgrades_work_and_others_are_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let network = Network::start(&folder.path().join("data"), &[]);
    let user = network.user();
    user.with_coins();
    let path = folder.path().join("thing");
    let path_text = path.to_str().unwrap();
    write_package(&path, FIRST);
    let published = user.json(["client", "publish", path_text]);
    let first = changed(&published, "outputState", "PACKAGE_WRITE")["objectId"]
        .as_str()
        .unwrap()
        .to_owned();
    let made = user.json([
        "client",
        "call",
        &format!("{first}::thing::make"),
        "--args",
        "5",
    ]);
    let thing = changed(&made, "objectType", "::thing::Thing")["objectId"]
        .as_str()
        .unwrap()
        .to_owned();

    // A new function, another body: compatible. Old objects keep their type.
    write_package(
        &path,
        &FIRST.replace(
            "thing.weight }\n}",
            "thing.weight }\n    public fun add(thing: &mut Thing, more: u64) { thing.weight = thing.weight + more }\n}",
        ),
    );
    let upgraded = user.json(["client", "upgrade", path_text]);
    assert_eq!(upgraded["effects"]["status"]["success"], true, "{upgraded}");
    let second = changed(&upgraded, "outputState", "PACKAGE_WRITE")["objectId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_ne!(first, second);
    user.json([
        "client",
        "call",
        &format!("{second}::thing::add"),
        "--args",
        &thing,
        "2",
    ]);
    assert_eq!(
        user.json(["client", "object", &thing])["json"]["weight"],
        "7"
    );
    // The first version still runs as it was.
    let old = user.run([
        "client",
        "call",
        &format!("{first}::thing::add"),
        "--args",
        &thing,
        "2",
    ]);
    assert_eq!(
        old.code(),
        Some(1),
        "the first version has no such function"
    );

    // Incompatible in each of the ways that break others' code or data.
    for (broken, why) in [
        (
            FIRST
                .replace("weight: u64 }", "weight: u64, colour: u8 }")
                .replace(", weight }", ", weight, colour: 0 }"),
            "a field more",
        ),
        (
            FIRST
                .replace("weight: u64 }", "weight: u32 }")
                .replace("weight: u64,", "weight: u32,")
                .replace("): u64", "): u32"),
            "a field of another type",
        ),
        (
            FIRST.replace("has key, store", "has key"),
            "an ability less",
        ),
        (
            FIRST.replace("public fun weight(thing: &Thing): u64 { thing.weight }", ""),
            "a public function less",
        ),
        (
            FIRST.replace(
                "public fun weight(thing: &Thing): u64",
                "public fun weight(thing: &mut Thing): u64",
            ),
            "another signature",
        ),
    ] {
        write_package(&path, &broken);
        let run = user.run(["client", "upgrade", path_text]);
        assert_eq!(run.code(), Some(1), "{why} was allowed");
        let printed = run.stderr();
        assert!(
            printed.to_lowercase().contains("incompatible"),
            "{why}: {printed}"
        );
    }
}
