//! `heddle demo`, in small, with everything that it checks.

use heddle_tests::cli::User;
use heddle_tests::repository;
use serde_json::Value;

#[test]
fn the_demo_holds_what_it_shows() {
    let examples = repository().join("examples");
    let run = User::offline().run([
        "--json",
        "demo",
        "--accounts",
        "20",
        "--transfers",
        "200",
        "--increments",
        "50",
        "--conflicts",
        "5",
        "--examples",
        examples.to_str().unwrap(),
    ]);
    assert!(run.success(), "{}", run.stderr());
    let report: Value = serde_json::from_str(&run.stdout()).unwrap();
    assert!(report["packages"].as_array().unwrap().len() >= 4);
    assert_eq!(report["conflicts"]["refused"], 5);
    for check in report["checks"].as_array().unwrap() {
        assert_eq!(check["holds"], true, "{check}");
    }
}
