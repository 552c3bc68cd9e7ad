//! Tests of tests: packages whose tests pass and fail in every way.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use heddle_compiler::{
    BuildOptions, BuiltPackage, Compiler, FrameworkSources, Mode, PackageFiles, new_package,
};
use heddle_move_test::{Outcome, TestError, TestOptions, TestReport, list_tests, run_tests};

/// Heddle's own framework.
fn compiler() -> Compiler {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packages");
    Compiler::new(FrameworkSources::read(folder).unwrap())
}

fn build(files: &PackageFiles) -> BuiltPackage {
    let options = BuildOptions {
        mode: Mode::Test,
        ..BuildOptions::default()
    };
    compiler()
        .build(files, &options)
        .unwrap_or_else(|error| panic!("{error}"))
}

fn build_source(source: &str) -> BuiltPackage {
    build(&PackageFiles::from_texts([
        ("Move.toml", "[package]\nname = \"p\"\nedition = \"2024\"\n"),
        ("sources/m.move", source),
        ("sources/n.move", OTHER_MODULE),
    ]))
}

fn run(package: &BuiltPackage, options: &TestOptions) -> TestReport {
    run_tests(package, options, &|_| {}).unwrap()
}

/// The results as `name: WORD text`, for comparison.
fn lines(report: &TestReport) -> Vec<String> {
    report
        .results
        .iter()
        .map(|result| format!("{}: {}", result.name.function, result.outcome))
        .collect()
}

const EVERY_WAY: &str = "
module p::m;

use p::n;

#[error]
const ENamed: vector<u8> = b\"a text\";
const EPlain: u64 = 42;

fun fail(how: u64) {
    assert!(how != 0, EPlain);
    assert!(how != 1, ENamed);
    assert!(how != 2);
}

#[test] fun a_success() { fail(9) }
#[test] fun b_plain() { fail(0) }
#[test] fun c_named() { fail(1) }
#[test] fun d_no_code() { fail(2) }
#[test, expected_failure] fun e_any() { fail(2) }
#[test, expected_failure] fun f_none() { fail(9) }
#[test, expected_failure(abort_code = EPlain)] fun g_plain() { fail(0) }
#[test, expected_failure(abort_code = ENamed)] fun h_named() { fail(1) }
#[test, expected_failure(abort_code = EPlain)] fun i_other() { fail(1) }
#[test, expected_failure(abort_code = n::EFar)] fun j_far() { n::far() }
#[test, expected_failure(abort_code = n::EFar)] fun k_near() { abort 7 }
#[test, expected_failure(arithmetic_error, location = Self)] fun l_overflow() { minus_one(0); }
#[test] fun m_overflow() { minus_one(0); }
#[test, expected_failure(vector_error, location = Self)] fun n_index() { third(vector[1, 2]); }
#[test, expected_failure(out_of_gas, location = Self)] fun o_endless() { loop {} }
#[test] fun p_endless() { loop {} }

fun minus_one(x: u64): u64 { x - 1 }
fun third(v: vector<u64>): u64 { v[2] }
";

const OTHER_MODULE: &str =
    "module p::n; const EFar: u64 = 7; #[allow(unused_function)] public fun far() { abort EFar }";

#[test]
fn outcomes_say_what_happened_and_what_was_expected() {
    let package = build_source(EVERY_WAY);
    let options = TestOptions {
        gas_limit: 1_000_000,
        ..TestOptions::default()
    };
    let report = run(&package, &options);
    let place = |text: &str| {
        // Offsets in the bytecode are the compiler's business.
        let (text, rest) = text.split_once(" at instruction ").unwrap_or((text, ""));
        let rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
        format!("{text}{rest}")
    };
    let lines: Vec<_> = lines(&report).iter().map(|line| place(line)).collect();
    assert_eq!(
        lines,
        [
            "a_success: passed",
            "b_plain: aborted with code 42, in 0x0::m::fail",
            "c_named: aborted with ENamed: \"a text\", in 0x0::m::fail, line 12",
            "d_no_code: aborted with no code, in 0x0::m::fail, line 13",
            "e_any: passed",
            "f_none: returned; expected a failure",
            "g_plain: passed",
            "h_named: passed",
            "i_other: aborted with ENamed: \"a text\", in 0x0::m::fail, line 12; \
             expected an abort with code 42 in 0x0::m",
            "j_far: passed",
            "k_near: aborted with code 7, in 0x0::m::k_near; expected an abort with code 7 in 0x0::n",
            "l_overflow: passed",
            "m_overflow: arithmetic error, overflow, in 0x0::m::minus_one",
            "n_index: passed",
            "o_endless: passed",
            "p_endless: reached the gas limit",
        ]
    );
    assert_eq!((report.passed(), report.failed()), (8, 8));
    assert!(!report.is_success());
    assert_eq!(report.results[15].outcome, Outcome::Timeout);
    assert_eq!(report.results[15].gas_used, options.gas_limit);
    assert!(report.results[0].gas_used > 0);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let package = build_source(EVERY_WAY);
    let outcomes = [1, 2, 7].map(|threads| {
        let seen = Mutex::new(BTreeMap::new());
        let options = TestOptions {
            threads,
            gas_limit: 100_000,
            ..TestOptions::default()
        };
        let report = run_tests(&package, &options, &|result| {
            let count = seen.lock().unwrap().insert(result.name.clone(), ());
            assert_eq!(count, None, "{} ran twice", result.name);
        })
        .unwrap();
        assert_eq!(seen.lock().unwrap().len(), report.results.len());
        report
            .results
            .iter()
            .map(|result| (result.outcome.clone(), result.gas_used))
            .collect::<Vec<_>>()
    });
    assert_eq!(outcomes[0], outcomes[1]);
    assert_eq!(outcomes[0], outcomes[2]);
}

#[test]
fn a_filter_chooses_by_full_name() {
    let package = build_source(EVERY_WAY);
    let options = TestOptions {
        filter: Some("m::l_over".to_owned()),
        ..TestOptions::default()
    };
    let names: Vec<_> = list_tests(&package, &options)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(names, ["0x0::m::l_overflow"]);
    let report = run(&package, &options);
    assert_eq!(report.results.len(), 1);
    assert_eq!(report.filtered_out, 15);
    assert!(
        report
            .to_string()
            .contains("OK. 1 passed, 0 failed, 15 filtered out")
    );
}

#[test]
fn random_tests_run_with_many_values() {
    let package = build_source(
        "module p::m; \
         #[random_test] fun commutes(a: u32, b: u32) { assert!((a as u64) + (b as u64) == (b as u64) + (a as u64)) } \
         #[random_test] fun always_even(a: u64) { assert!(a % 2 == 0) } \
         #[random_test] fun vectors(v: vector<u8>, x: bool, who: address) { assert!(v.length() < 1000 && (x || !x) && who == who) }",
    );
    let report = run(&package, &TestOptions::default());
    let passed: Vec<_> = report
        .results
        .iter()
        .map(|result| (&*result.name.function, result.outcome.is_passed()))
        .collect();
    assert_eq!(
        passed,
        [
            ("always_even", false),
            ("commutes", true),
            ("vectors", true)
        ]
    );
}

#[test]
fn a_missing_native_is_not_built_yet_even_if_a_failure_is_expected() {
    let package = build_source(
        "module p::m; native fun nowhere(); #[test, expected_failure] fun t() { nowhere() }",
    );
    let report = run(&package, &TestOptions::default());
    let outcome = &report.results[0].outcome;
    assert!(matches!(outcome, Outcome::NotBuiltYet { what } if what.contains("m::nowhere")));
    assert!(!report.is_success());
}

#[test]
fn objects_live_in_tests() {
    let package = build_source(
        "module p::m; public struct O has key, store { id: UID, n: u64 } \
         #[test] fun made_and_deleted() { let ctx = &mut tx_context::dummy(); \
           let O { id, n } = O { id: object::new(ctx), n: 7 }; assert!(n == 7); id.delete(); } \
         #[test] fun transferred() { let ctx = &mut tx_context::dummy(); \
           transfer::public_transfer(O { id: object::new(ctx), n: 7 }, ctx.sender()); } \
         #[test] fun fields() { let ctx = &mut tx_context::dummy(); let mut id = object::new(ctx); \
           sui::dynamic_field::add(&mut id, b\"k\", 5u64); \
           *sui::dynamic_field::borrow_mut(&mut id, b\"k\") = 6u64; \
           assert!(sui::dynamic_field::remove<vector<u8>, u64>(&mut id, b\"k\") == 6); id.delete(); } \
         #[test] fun ids_differ() { let ctx = &mut tx_context::dummy(); \
           let a = object::new(ctx); let b = object::new(ctx); \
           assert!(a.to_inner() != b.to_inner()); a.delete(); b.delete(); }",
    );
    let report = run(&package, &TestOptions::default());
    assert_eq!(
        lines(&report),
        [
            "fields: passed",
            "ids_differ: passed",
            "made_and_deleted: passed",
            "transferred: passed"
        ]
    );
}

#[test]
fn a_new_package_builds_and_its_tests_pass() {
    let parent = tempfile::tempdir().unwrap();
    let folder = new_package("fresh", parent.path()).unwrap();
    let files = PackageFiles::read(&folder).unwrap();
    let package = build(&files);
    assert_eq!(package.warnings, "");
    let report = run(&package, &TestOptions::default());
    assert!(report.is_success(), "{:?}", lines(&report));
    assert_eq!(report.passed(), 2);

    let published = compiler().build(&files, &BuildOptions::default()).unwrap();
    assert_eq!(published.warnings, "");
    assert_eq!(published.modules.len(), 1);
}

#[test]
fn a_package_built_to_be_published_has_no_tests_to_run() {
    let files = PackageFiles::from_texts([
        ("Move.toml", "[package]\nname = \"p\"\nedition = \"2024\"\n"),
        ("sources/m.move", "module p::m; #[test] fun t() {}"),
    ]);
    let package = compiler().build(&files, &BuildOptions::default()).unwrap();
    assert!(matches!(
        run_tests(&package, &TestOptions::default(), &|_| {}),
        Err(TestError::NotForTests { .. })
    ));
}

#[test]
fn reports_are_json() {
    let package = build_source("module p::m; #[test] fun t() { abort 3 }");
    let report = run(&package, &TestOptions::default());
    let json = serde_json::to_value(&report).unwrap();
    let result = &json["results"][0];
    assert_eq!(result["name"], "0x0::m::t");
    assert_eq!(result["outcome"], "failed");
    assert_eq!(result["failure"]["kind"], "abort");
    assert_eq!(result["failure"]["code"], 3);
    assert_eq!(result["failure"]["place"]["function"], "t");
}

const SCENARIO: &str = "
module p::m;
use sui::test_scenario as ts;

public struct O has key, store { id: UID, n: u64 }
fun make(n: u64, ctx: &mut TxContext): O { O { id: object::new(ctx), n } }

#[test] fun owned_moves_between_senders() {
    let mut s = ts::begin(@0xA);
    transfer::public_transfer(make(1, s.ctx()), @0xA);
    assert!(!ts::has_most_recent_for_address<O>(@0xA));
    s.next_tx(@0xA);
    let mut o = s.take_from_sender<O>();
    o.n = 2;
    transfer::public_transfer(o, @0xB);
    let effects = s.next_tx(@0xB);
    assert!(effects.written().length() == 1 && effects.created().is_empty());
    assert!(!ts::has_most_recent_for_address<O>(@0xA));
    let o = s.take_from_sender<O>();
    assert!(o.n == 2);
    s.return_to_sender(o);
    s.end();
}

#[test] fun the_latest_comes_first() {
    let mut s = ts::begin(@0xA);
    transfer::public_transfer(make(1, s.ctx()), @0xA);
    transfer::public_transfer(make(2, s.ctx()), @0xA);
    transfer::public_transfer(make(3, s.ctx()), @0xA);
    let effects = s.next_tx(@0xA);
    assert!(effects.created().length() == 3);
    assert!(s.ids_for_sender<O>().length() == 3);
    let o = s.take_from_sender<O>();
    assert!(o.n == 3);
    let O { id, n: _ } = o;
    id.delete();
    let effects = s.next_tx(@0xA);
    assert!(effects.deleted().length() == 1);
    assert!(s.ids_for_sender<O>().length() == 2);
    s.end();
}

#[test] fun shared_is_lent() {
    let mut s = ts::begin(@0xA);
    transfer::public_share_object(make(1, s.ctx()));
    s.next_tx(@0xB);
    let mut o = s.take_shared<O>();
    o.n = o.n + 1;
    ts::return_shared(o);
    s.next_tx(@0xC);
    s.with_shared!<O>(|o, _| assert!(o.n == 2));
    s.end();
}

#[test] fun frozen_is_lent() {
    let mut s = ts::begin(@0xA);
    transfer::public_freeze_object(make(1, s.ctx()));
    s.next_tx(@0xB);
    let o = s.take_immutable<O>();
    assert!(o.n == 1);
    ts::return_immutable(o);
    s.end();
}

#[test] fun an_object_receives() {
    let mut s = ts::begin(@0xA);
    let parent = make(1, s.ctx());
    let parent_id = object::id(&parent);
    transfer::public_transfer(parent, @0xA);
    transfer::public_transfer(make(2, s.ctx()), parent_id.to_address());
    s.next_tx(@0xA);
    let mut parent = s.take_from_sender<O>();
    let ticket = ts::most_recent_receiving_ticket<O>(&parent_id);
    let child = transfer::public_receive(&mut parent.id, ticket);
    assert!(child.n == 2);
    s.return_to_sender(parent);
    transfer::public_transfer(child, @0xA);
    s.end();
}

#[test] fun fields_stay() {
    let mut s = ts::begin(@0xA);
    let mut o = make(1, s.ctx());
    sui::dynamic_field::add(&mut o.id, b\"k\", 5u64);
    transfer::public_transfer(o, @0xA);
    s.next_tx(@0xA);
    let mut o = s.take_from_sender<O>();
    assert!(sui::dynamic_field::remove<vector<u8>, u64>(&mut o.id, b\"k\") == 5);
    s.return_to_sender(o);
    s.end();
}

#[test, expected_failure(abort_code = 3, location = sui::test_scenario)] fun nothing_there() {
    let s = ts::begin(@0xA);
    std::unit_test::destroy(s.take_from_sender<O>());
    s.end();
}

#[test, expected_failure(abort_code = 0, location = sui::test_scenario)] fun shared_kept() {
    let mut s = ts::begin(@0xA);
    transfer::public_share_object(make(1, s.ctx()));
    s.next_tx(@0xB);
    let o = s.take_shared<O>();
    transfer::public_transfer(o, @0xB);
    s.end();
}

#[test] fun prints() { std::debug::print(&b\"hello\"); std::debug::print(&7u64); }
";

#[test]
fn scenarios_play_several_transactions() {
    let package = build_source(SCENARIO);
    let report = run(&package, &TestOptions::default());
    let lines = lines(&report);
    assert!(report.is_success(), "{lines:#?}");
    assert_eq!(report.passed(), 9);
    let printed = report
        .results
        .iter()
        .find(|result| result.name.function == "prints")
        .unwrap();
    assert_eq!(printed.output, ["\"hello\"", "7"]);
}
