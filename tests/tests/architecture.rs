//! The tree keeps the promises of its documents.

use heddle_tests::repository;
use std::collections::BTreeMap;

/// The folders in the order in which dependencies may point: each to earlier
/// ones and itself.
const ORDER: [&str; 6] = ["vm", "objects", "framework", "scheduler", "node", "tests"];

fn rank(path: &str) -> usize {
    ORDER
        .iter()
        .position(|folder| path.starts_with(folder))
        .unwrap_or_else(|| panic!("{path} lies in no known folder"))
}

#[test]
fn dependencies_point_one_way() {
    let root = repository();
    let workspace: toml::Table =
        toml::from_str(&std::fs::read_to_string(root.join("Cargo.toml")).unwrap()).unwrap();
    let crates: BTreeMap<String, String> = workspace["workspace"]["dependencies"]
        .as_table()
        .unwrap()
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), value.get("path")?.as_str()?.to_owned())))
        .collect();
    assert!(crates.len() > 10);
    for member in workspace["workspace"]["members"].as_array().unwrap() {
        let member = member.as_str().unwrap();
        let manifest: toml::Table =
            toml::from_str(&std::fs::read_to_string(root.join(member).join("Cargo.toml")).unwrap())
                .unwrap();
        // Dependencies of tests alone may point anywhere but to tests.
        for section in ["dependencies", "build-dependencies"] {
            let Some(dependencies) = manifest.get(section).and_then(|it| it.as_table()) else {
                continue;
            };
            for name in dependencies.keys() {
                if let Some(path) = crates.get(name) {
                    assert!(
                        rank(path) <= rank(member),
                        "{member} depends on {path}, which lies above it"
                    );
                }
            }
        }
    }
}

#[test]
fn paths_in_documents_exist() {
    let root = repository();
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root.join(document)).unwrap();
        for quoted in text.split('`').skip(1).step_by(2) {
            let is_path = quoted.contains('/')
                && !quoted.contains(char::is_whitespace)
                && quoted
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "/._-*".contains(c))
                && !quoted.contains('*')
                && ORDER
                    .iter()
                    .chain(&["docs", "tools", "examples"])
                    .any(|folder| quoted.starts_with(&format!("{folder}/")));
            if is_path {
                assert!(root.join(quoted).exists(), "{document} names {quoted}");
            }
        }
    }
}
