//! The same unit tests on Heddle's VM and on the public one, which the `full`
//! entry of the compiler package brings along and Node runs.
//!
//! What is compared, test by test: whether it passed, the abort code or the
//! name of the error constant, the kind of any other failure, and the module
//! where it happened. The tests of `other-vm` are made for this: each ends
//! with an abort whose code is a digest of what it computed. For integers the
//! tests are written here: every operation of every width on operands at the
//! edges.

use heddle_tests::cli::{User, copy_package};
use heddle_tests::repository;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What came of each test, by module and name.
type Outcomes = BTreeMap<String, String>;

/// Outcomes in the public VM, by folder.
fn in_the_public_vm(folders: &[PathBuf]) -> BTreeMap<PathBuf, Outcomes> {
    let output = Command::new("node")
        .arg(repository().join("tests/clients/move_unit_tests.mjs"))
        .arg(repository().join("framework/packages"))
        .args(folders)
        .current_dir(repository().join("tools/npm"))
        .output()
        .expect("node runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("the script prints JSON")
}

/// Outcomes in Heddle's VM.
fn in_heddle(folder: &Path) -> Outcomes {
    let folder = folder.to_str().expect("paths of tests are text");
    let run = User::offline().run(["--json", "move", "test", folder]);
    let report: Value = serde_json::from_str(&run.stdout())
        .unwrap_or_else(|error| panic!("{folder}: {error}: {}{}", run.stdout(), run.stderr()));
    let results = report["results"]
        .as_array()
        .expect("the report has results");
    results
        .iter()
        .map(|result| {
            let name = result["name"].as_str().expect("a test has a name");
            let (_, name) = name.split_once("::").expect("names have three parts");
            (name.to_owned(), outcome(result))
        })
        .collect()
}

/// An outcome in the words that the script uses as well.
fn outcome(result: &Value) -> String {
    let failure = &result["failure"];
    match result["outcome"].as_str() {
        Some("passed") => return "passed".to_owned(),
        Some("returned") => return "returned, unexpectedly".to_owned(),
        Some("failed") => {}
        _ => return result["outcome"].to_string(),
    }
    let what = match failure["kind"].as_str() {
        Some("abort") => match (failure["constant"].as_str(), &failure["line"]) {
            (Some(constant), _) => format!("constant {constant}"),
            (None, Value::Null) => format!("code {}", failure["code"]),
            (None, _) => "assertion".to_owned(),
        },
        Some("arithmetic") => "arithmetic".to_owned(),
        Some("vector") => format!("vector {}", failure["minor_status"]),
        Some("call_depth") => "CALL_STACK_OVERFLOW".to_owned(),
        _ => failure.to_string(),
    };
    match failure["place"]["module"].as_str() {
        Some(module) => format!("{what} in {module}"),
        None => what,
    }
}

/// Tests whose outcomes differ for a reason.
fn is_known(name: &str, public: &str) -> bool {
    // The public VM's test inventory does not know the objects that another
    // framework's scenario put into it.
    name == "test_scenario_tests::receiving" && public.starts_with("UNKNOWN_INVARIANT_VIOLATION")
}

/// Compares a package; returns how many tests it has.
fn compare(folder: &Path, public: &Outcomes, differences: &mut String) -> usize {
    let own = in_heddle(folder);
    let names = || own.keys().chain(public.keys());
    for name in names().collect::<std::collections::BTreeSet<_>>() {
        let of = |outcomes: &Outcomes| outcomes.get(name).cloned().unwrap_or("missing".into());
        let (own, public) = (of(&own), of(public));
        if own != public && !is_known(name, &public) {
            let folder = folder.file_name().unwrap_or_default().to_string_lossy();
            let _ = writeln!(
                differences,
                "{folder} {name}: Heddle {own}, public VM {public}"
            );
        }
    }
    own.len()
}

#[test]
fn unit_tests_come_out_the_same_in_the_public_vm() {
    compare_all(&["std"], 3);
}

#[test]
#[ignore = "a minute of one core; make soak runs it"]
fn unit_tests_on_more_integers_come_out_the_same_in_the_public_vm() {
    compare_all(&["std", "sui", "system"], usize::MAX);
}

/// Compares packages of the framework, the examples, and the tests made for
/// this, with integers on so many operands.
fn compare_all(framework: &[&str], operands: usize) {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let copy = |source: PathBuf| {
        let name = source.file_name().expect("packages have names").to_owned();
        copy_package(&source, &folder.path().join(name))
    };
    // The framework's packages name one another by relative paths.
    let mut folders: Vec<PathBuf> = framework
        .iter()
        .map(|name| copy(repository().join("framework/packages").join(name)))
        .collect();
    let examples = std::fs::read_dir(repository().join("examples")).expect("there are examples");
    let examples = examples.map(|entry| entry.expect("there are examples").path());
    folders.extend(
        examples
            .filter(|path| path.join("Move.toml").is_file())
            .map(copy),
    );
    let made_for_this = copy(repository().join("tests/other-vm"));
    let written = write_integer_tests(&made_for_this, operands);
    folders.push(made_for_this);

    let public = in_the_public_vm(&folders);
    let mut differences = String::new();
    let mut count = 0;
    for folder in &folders {
        count += compare(folder, &public[folder], &mut differences);
    }
    println!("{count} tests, {written} of them on integers");
    assert!(differences.is_empty(), "{differences}");
    assert!(count > written + 100, "only {count} tests were found");
}

/// Operations on two operands of one width: names of functions, operators.
const OPERATIONS: [(&str, &str); 8] = [
    ("add", "+"),
    ("sub", "-"),
    ("mul", "*"),
    ("div", "/"),
    ("rem", "%"),
    ("and", "&"),
    ("or", "|"),
    ("xor", "^"),
];

/// Writes a test for each operation on each pair of the first so many edges;
/// returns how many tests.
fn write_integer_tests(package: &Path, operands: usize) -> usize {
    let mut count = 0;
    for bits in [8u32, 16, 32, 64, 128, 256] {
        let mut source = format!(
            "#[test_only]\nmodule other_vm::numbers_u{bits};\nuse other_vm::numbers::show;\n"
        );
        let mut test = |body: String| {
            let _ = writeln!(source, "#[test] fun t{count}() {{ {body} }}");
            count += 1;
        };
        let edges: Vec<String> = edges(bits).into_iter().take(operands).collect();
        let ty = format!("u{bits}");
        for (name, operator) in OPERATIONS {
            for a in &edges {
                for b in &edges {
                    test(format!(
                        "show({name}({a}, {b}) as u256) /* {a} {operator} {b} */"
                    ));
                }
            }
        }
        for a in &edges {
            for b in &edges {
                test(format!("show(order({a}, {b}))"));
            }
            for shift in [0, 1, bits - 1, bits, bits + 1, 255].map(|shift| shift.min(255)) {
                test(format!("show(shl({a}, {shift}) as u256)"));
                test(format!("show(shr({a}, {shift}) as u256)"));
            }
            for to in [8, 16, 32, 64, 128, 256] {
                test(format!("show(to_u{to}({a}) as u256)"));
            }
        }
        for (name, operator) in OPERATIONS {
            let _ = writeln!(
                source,
                "fun {name}(a: {ty}, b: {ty}): {ty} {{ a {operator} b }}"
            );
        }
        let _ = writeln!(source, "fun shl(a: {ty}, by: u8): {ty} {{ a << by }}");
        let _ = writeln!(source, "fun shr(a: {ty}, by: u8): {ty} {{ a >> by }}");
        for to in [8, 16, 32, 64, 128, 256] {
            let _ = writeln!(source, "fun to_u{to}(a: {ty}): u{to} {{ a as u{to} }}");
        }
        source.push_str("fun bit(b: bool): u256 { if (b) 1 else 0 }\n");
        let _ = writeln!(
            source,
            "fun order(a: {ty}, b: {ty}): u256 {{ bit(a < b) + 2 * bit(a <= b) + 4 * bit(a > b) \
             + 8 * bit(a >= b) + 16 * bit(a == b) + 32 * bit(a != b) }}"
        );
        let file = package.join(format!("sources/numbers_u{bits}.move"));
        std::fs::write(file, source).expect("the copy can be written");
    }
    count
}

/// Numbers at the edges of a width, as Move writes them; those that matter most
/// come first.
fn edges(bits: u32) -> Vec<String> {
    let hex = |digits: &str| format!("0x{digits}");
    let nibbles = bits as usize / 4;
    vec![
        "1".to_owned(),
        hex(&"F".repeat(nibbles)),
        hex(&format!("8{}", "0".repeat(nibbles - 1))),
        "0".to_owned(),
        "3".to_owned(),
        hex(&format!("7{}", "F".repeat(nibbles - 1))),
        hex(&format!("{}E", "F".repeat(nibbles - 1))),
        hex(&"5A".repeat(nibbles / 2)),
    ]
}
