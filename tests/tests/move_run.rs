//! `heddle move run` and `heddle move verify`: code without a network.

use heddle_bytecode::{BinaryLimits, Bytecode, CompiledModule};
use heddle_tests::cli::{Run, User};
use heddle_tests::process::Network;
use serde_json::Value;
use std::path::{Path, PathBuf};

const SOURCE: &str = r#"
module pk::math;

use std::string::String;

#[error]
const EZero: vector<u8> = b"division by nothing";
const EPlain: u64 = 9;

public struct Point has copy, drop, store { x: u64, y: u64 }
public enum Shape has copy, drop { Empty, Circle { radius: u64 } }
public struct Made has copy, drop { value: u64 }

public fun divide(a: u64, b: u64): u64 {
    assert!(b != 0, EZero);
    a / b
}
fun private(x: u64): u64 { assert!(x != 0, EPlain); x + 1 }
public fun narrow(a: u8, b: u8): u8 { a + b }
public fun moved(p: &mut Point, by: u64): bool { p.x = p.x + by; true }
public fun area(shape: Shape): u64 {
    match (shape) { Shape::Empty => 0, Shape::Circle { radius } => 3 * radius * radius }
}
public fun greet(name: String): String {
    let mut text = b"hello ".to_string();
    text.append(name);
    text
}
public fun pair<T>(a: T, b: vector<T>): (vector<T>, T) { (b, a) }
public fun endless() { loop {} }
public fun refused() { assert!(false) }
public fun make(value: u64, ctx: &mut TxContext): u64 {
    std::debug::print(&value);
    sui::event::emit(Made { value });
    let coin = sui::coin::zero<sui::sui::SUI>(ctx);
    transfer::public_transfer(coin, ctx.sender());
    ctx.epoch()
}
public fun borrowed(p: &Point): &u64 { &p.x }
"#;

fn package(folder: &Path, name: &str, dependencies: &str, source: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.join("sources")).unwrap();
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n[dependencies]\n{dependencies}\n\
         [addresses]\n{name} = \"0x0\"\n"
    );
    std::fs::write(path.join("Move.toml"), manifest).unwrap();
    std::fs::write(path.join("sources/m.move"), source).unwrap();
    path
}

/// A user with the package above, as source and as a compiled module.
struct Bench {
    user: User,
    folder: tempfile::TempDir,
    package: PathBuf,
    module: PathBuf,
}

impl Bench {
    fn new() -> Self {
        let user = User::offline();
        let folder = tempfile::tempdir().unwrap();
        let package = package(folder.path(), "pk", "", SOURCE);
        let built = user.run(["move", "build", package.to_str().unwrap()]);
        assert!(built.success(), "{}", built.stderr());
        let module = folder.path().join("math.mv");
        let output = package.join("build/pk/bytecode_modules/math.mv");
        std::fs::copy(output, &module).unwrap();
        Self {
            user,
            folder,
            package,
            module,
        }
    }

    fn run(&self, path: &Path, call: &[&str]) -> Run {
        let start = ["--json", "move", "run", path.to_str().unwrap()];
        self.user.run(start.iter().chain(call))
    }

    fn json(&self, call: &[&str]) -> (Option<i32>, Value) {
        let run = self.run(&self.package, call);
        let value = serde_json::from_str(&run.stdout());
        (
            run.code(),
            value.unwrap_or_else(|_| panic!("{}{}", run.stdout(), run.stderr())),
        )
    }
}

/// Arguments of every kind, and what comes back.
#[test]
fn functions_run_and_show_what_they_return() {
    let bench = Bench::new();
    for (call, returns) in [
        (&["math::divide", "--args", "10", "3"][..], &["3"][..]),
        (&["math::private", "--args", "4"], &["5"]),
        (&["math::narrow", "--args", "0xf0", "1_5"], &["255"]),
        (&["math::area", "--args", "Circle(2)"], &["12"]),
        (&["math::area", "--args", "Empty"], &["0"]),
        (
            &["math::greet", "--args", "you, all"],
            &["\"hello you, all\""],
        ),
        (
            &["math::pair", "--type-args", "u8", "--args", "1", "[2, 3]"],
            &["x\"0203\"", "1"],
        ),
        (
            &[
                "math::pair",
                "--type-args",
                "math::Point",
                "--args",
                "(1, 2)",
                "[]",
            ],
            &["[]", "Point { x: 1, y: 2 }"],
        ),
        (&["std::u64::pow", "--args", "2", "10"], &["1024"]),
    ] {
        let (code, value) = bench.json(call);
        assert_eq!(
            (code, value["status"].as_str()),
            (Some(0), Some("success")),
            "{value}"
        );
        let texts: Vec<_> = value["returns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| &it["text"])
            .collect();
        assert_eq!(texts, returns, "{call:?}");
        assert!(value["gas_used"].as_u64().unwrap() > 0);
    }
    let (_, value) = bench.json(&["math::moved", "--args", "{ y: 2, x: 1 }", "5"]);
    assert_eq!(value["mutated"][0]["argument"], 0);
    assert_eq!(value["mutated"][0]["text"], "Point { x: 6, y: 2 }");
    assert_eq!(value["mutated"][0]["value"]["x"], "6");

    let (code, value) = bench.json(&[
        "math::make",
        "--args",
        "7",
        "--sender",
        "0x5",
        "--epoch",
        "3",
    ]);
    assert_eq!(
        (code, &value["returns"][0]["text"]),
        (Some(0), &Value::from("3")),
        "{value}"
    );
    assert_eq!(value["printed"][0]["text"], "7");
    assert_eq!(value["events"][0]["text"], "Made { value: 7 }");
    assert_eq!(value["objects"][0]["owner"], "owned by 0x5");
    assert_eq!(
        value["objects"][0]["type"],
        "0x2::coin::Coin<0x2::sui::SUI>"
    );

    // The compiled module alone, and a folder with it, give the same.
    for path in [&*bench.module, bench.folder.path()] {
        let run = bench.run(path, &["math::divide", "--args", "10", "3"]);
        if path == bench.folder.path() {
            // Both the package and its compiled module lie there.
            assert_eq!(run.code(), Some(1));
            assert!(
                run.stderr().contains("name one of them as PATH"),
                "{}",
                run.stderr()
            );
        } else {
            assert!(run.success(), "{}", run.stderr());
        }
    }
    let listed = bench
        .user
        .json(["move", "run", bench.package.to_str().unwrap()]);
    assert_eq!(listed.as_array().unwrap().len(), 11);
    assert_eq!(
        listed[0]["signature"],
        "public fun math::divide(u64, u64): u64"
    );
}

/// Failures say what, where and what next, and the exit code is 1.
#[test]
fn failures_are_explained() {
    let bench = Bench::new();
    let failed = |call: &[&str], kind: &str| {
        let (code, value) = bench.json(call);
        assert_eq!(code, Some(1), "{value}");
        assert_eq!(value["status"], "failure", "{value}");
        assert_eq!(value["failure"]["kind"], kind, "{value}");
        value["failure"].clone()
    };
    let clever = failed(&["math::divide", "--args", "1", "0"], "abort");
    assert_eq!(clever["constant"], "EZero");
    assert_eq!(clever["constant_value"], "division by nothing");
    assert_eq!(clever["line"], 15);
    assert_eq!(
        (&clever["module"], &clever["in_function"]),
        (&"0x0::math".into(), &"divide".into())
    );
    let bare = failed(&["math::refused"], "abort");
    assert_eq!(
        (bare["line"].as_u64(), &bare["constant"]),
        (Some(31), &Value::Null)
    );
    let plain = failed(&["math::private", "--args", "0"], "abort");
    assert_eq!(
        (plain["code"].as_u64(), &plain["line"]),
        (Some(9), &Value::Null)
    );
    failed(&["math::narrow", "--args", "255", "1"], "arithmetic");
    let gas = failed(&["math::endless", "--gas-budget", "1000"], "out_of_gas");
    assert!(gas["hint"].as_str().unwrap().contains("--gas-budget"));
    assert_eq!(gas["in_function"], "endless");

    let text = bench.user.run([
        "move",
        "run",
        bench.package.to_str().unwrap(),
        "math::divide",
        "--args",
        "1",
        "0",
    ]);
    for words in [
        "EZero: \"division by nothing\"",
        "0x0::math::divide",
        "line 15",
    ] {
        assert!(text.stdout().contains(words), "{}", text.stdout());
        assert!(text.stderr().contains(words), "{}", text.stderr());
    }

    for (call, words) in [
        (&["math::nothing"][..], "it has divide, private"),
        (&["nowhere::f"], "there is no module nowhere"),
        (
            &["math::divide", "--args", "1"],
            "takes 2 arguments, and --args gives 1",
        ),
        (
            &["math::divide", "--args", "1", "2", "3"],
            "takes 2 arguments, and --args gives 3",
        ),
        (
            &["math::divide", "--args", "x", "2"],
            "u64 expected, found \"x\"",
        ),
        (
            &["math::area", "--args", "Square"],
            "Shape (Empty, Circle) expected",
        ),
        (
            &["math::pair", "--args", "1", "[2]"],
            "takes 1 type argument, and --type-args gives 0",
        ),
        (
            &["math::borrowed", "--args", "(1, 2)"],
            "a reference can't leave",
        ),
    ] {
        let run = bench.run(&bench.package, call);
        assert_eq!(run.code(), Some(1));
        let error: Value = serde_json::from_str(&run.stdout()).unwrap();
        assert!(error["error"].as_str().unwrap().contains(words), "{error}");
    }
}

/// Dependencies: built along, given as compiled modules, or missing.
#[test]
fn dependencies_are_found_or_named() {
    let bench = Bench::new();
    let other = package(
        bench.folder.path(),
        "other",
        "pk = { local = \"../pk\" }",
        "module other::user;\npublic fun half(x: u64): u64 { pk::math::divide(x, 2) }",
    );
    let run = bench.run(&other, &["user::half", "--args", "10"]);
    assert!(run.success(), "{}", run.stderr());
    let built = bench.user.run(["move", "build", other.to_str().unwrap()]);
    assert!(built.success(), "{}", built.stderr());
    let module = other.join("build/other/bytecode_modules/user.mv");
    let alone = bench.run(&module, &["user::half", "--args", "10"]);
    assert_eq!(alone.code(), Some(1));
    let value: Value = serde_json::from_str(&alone.stdout()).unwrap();
    assert_eq!(value["failure"]["kind"], "missing_code", "{value}");
    let given = bench.module.to_str().unwrap();
    let run = bench.run(
        &module,
        &["user::half", "--args", "10", "--dependency", given],
    );
    assert!(run.success(), "{}", run.stderr());

    let verify = |args: &[&str]| {
        let start = ["move", "verify", module.to_str().unwrap()];
        bench.user.json(start.iter().chain(args))["modules"][0].clone()
    };
    let alone = verify(&[]);
    assert_eq!(
        (&alone["verdict"], &alone["links_checked"]),
        (&"ok".into(), &false.into())
    );
    assert_eq!(alone["missing"], serde_json::json!(["0x0::math"]));
    assert_eq!(verify(&["--dependency", given])["links_checked"], true);
}

/// A broken module is refused with the rule, its place, and what to do.
#[test]
fn broken_modules_are_named_with_their_rule() {
    let bench = Bench::new();
    let bytes = std::fs::read(&bench.module).unwrap();
    let mut module = CompiledModule::deserialize(&bytes, &BinaryLimits::published()).unwrap();
    let code = module
        .function_defs
        .iter_mut()
        .find_map(|it| it.code.as_mut())
        .unwrap();
    let last = code.code.len() - 1;
    code.code[last] = Bytecode::Pop;
    let broken = bench.folder.path().join("broken.mv");
    std::fs::write(&broken, module.serialize().unwrap()).unwrap();
    let cut = bench.folder.path().join("cut.mv");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();

    let paths = [&broken, &cut].map(|path| path.to_str().unwrap());
    let run = bench
        .user
        .run(["--json", "move", "verify", paths[0], paths[1]]);
    assert_eq!(run.code(), Some(1));
    let report: Value = serde_json::from_str(&run.stdout()).unwrap();
    assert_eq!((&report["ok"], &report["broken"]), (&0.into(), &2.into()));
    let finding = &report["modules"][0]["finding"];
    assert_eq!(finding["rule"], "ControlFlow", "{report}");
    assert_eq!(finding["function"], "divide");
    assert!(!finding["advice"].as_str().unwrap().is_empty());
    assert_eq!(report["modules"][1]["finding"]["rule"], "Format");

    let run = bench.run(&broken, &["math::divide", "--args", "1", "1"]);
    assert_eq!(run.code(), Some(1));
    assert!(run.stderr().contains("does not verify"), "{}", run.stderr());

    let good = bench
        .user
        .run(["move", "verify", bench.package.to_str().unwrap()]);
    assert!(good.success(), "{}", good.stdout());
}

/// The same error constant, on a chain: the RPC explains it, the client shows it.
#[test]
fn the_client_shows_error_constants() {
    let bench = Bench::new();
    let network = Network::start(&bench.folder.path().join("data"), &[]);
    let user = network.user();
    user.with_coins();
    let published = user.json(["client", "publish", bench.package.to_str().unwrap()]);
    let id = published["effects"]["changedObjects"]
        .as_array()
        .unwrap()
        .iter()
        .find(|object| object["objectType"] == "package")
        .unwrap()["objectId"]
        .as_str()
        .unwrap();
    let function = format!("{id}::math::divide");
    let run = user.run(["client", "call", &function, "--args", "1", "0"]);
    assert_eq!(run.code(), Some(1));
    let shown = run.stdout() + &run.stderr();
    for words in ["EZero: \"division by nothing\"", "line 15"] {
        assert!(shown.contains(words), "{shown}");
    }
}
