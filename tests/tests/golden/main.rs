//! Golden files: Move source, its bytecode, the translated code, and what each
//! call gives and costs.
//!
//! ```text
//! tests/golden/TOPIC/NAME.move   source, with calls and what they must give
//!                    NAME.out    what they give, with gas
//!                    NAME.code   Move bytecode and translated code
//! ```
//!
//! The expectations in the source are written by hand (or computed by another
//! program), so a wrong result can't be blessed away; `make bless` rewrites the
//! other two. `tests/golden/README.md` says how calls are written.
//!
//! All sources are compiled by one call of the compiler.

mod case;
mod code;
mod suite;

use heddle_bytecode::Opcode;
use heddle_tests::repository;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use suite::{Source, Suite};

fn folder() -> PathBuf {
    repository().join("tests/golden")
}

/// Runs every call, and compares with the files or writes them.
#[test]
fn golden_files_hold() {
    let is_blessing = std::env::var_os("HEDDLE_BLESS").is_some_and(|value| value == "1");
    let suite = Suite::build(&folder());
    let mut problems = String::new();
    let (mut cases, mut expected_files) = (0, BTreeSet::new());
    for source in &suite.sources {
        let outcome = suite.run(source);
        cases += outcome.cases;
        for problem in &outcome.problems {
            let _ = writeln!(problems, "{}: {problem}", source.path.display());
        }
        for (extension, text) in [("out", &outcome.results), ("code", &outcome.code)] {
            let file = source.path.with_extension(extension);
            if is_blessing {
                std::fs::write(&file, text).unwrap();
            } else if let Some(difference) = difference(&file, text) {
                let _ = writeln!(problems, "{}: {difference}", file.display());
            }
            expected_files.insert(file);
        }
        expected_files.insert(source.path.clone());
    }
    for path in suite::files_below(&folder()) {
        let is_known = expected_files.contains(&path) || path.ends_with("README.md");
        if !is_known && is_blessing {
            std::fs::remove_file(&path).unwrap();
        } else if !is_known {
            let _ = writeln!(problems, "{}: belongs to no source", path.display());
        }
    }
    println!("{cases} calls in {} files", suite.sources.len());
    assert!(cases > 1000, "only {cases} calls were found");
    assert!(
        problems.is_empty(),
        "{problems}\nIf the new texts are right, run `make bless` and look at the changes."
    );
}

/// Where a file and what it should hold begin to differ.
fn difference(file: &std::path::Path, text: &str) -> Option<String> {
    let Ok(old) = std::fs::read_to_string(file) else {
        return Some("is missing".to_owned());
    };
    if old == text {
        return None;
    }
    let mut old = old.lines();
    for (number, new) in (1..).zip(text.lines()) {
        let old = old.next();
        if old != Some(new) {
            let old = old.unwrap_or("(the end)");
            return Some(format!("line {number}\n    was {old}\n    is  {new}"));
        }
    }
    Some("is longer than it should be".to_owned())
}

/// The sources make the compiler use every instruction that it knows.
#[test]
fn every_instruction_of_the_compiler_occurs() {
    let suite = Suite::build(&folder());
    let mut seen = BTreeSet::new();
    for source in &suite.sources {
        let modules = &suite.module(source).function_defs;
        let code = modules.iter().filter_map(|function| function.code.as_ref());
        seen.extend(code.flat_map(|code| code.code.iter().map(|it| it.opcode())));
    }
    let missing: Vec<_> = Opcode::ALL
        .iter()
        .filter(|opcode| !seen.contains(opcode) && !is_unused(**opcode))
        .map(|opcode| opcode.name())
        .collect();
    assert!(missing.is_empty(), "no golden file has {missing:?}");
}

/// Whether the Move 2024 compiler never emits the instruction: those on global
/// storage, which Heddle does not have, and some that it writes as branches.
fn is_unused(opcode: Opcode) -> bool {
    use Opcode::{And, BrTrue, Nop, Or};
    opcode.name().ends_with("Deprecated") || matches!(opcode, Nop | BrTrue | And | Or)
}

/// A call whose expectation is wrong is found, whatever is blessed.
#[test]
fn wrong_expectations_are_found() {
    let source = Source {
        path: PathBuf::from("wrong.move"),
        name: "wrong".to_owned(),
        text: "module golden::wrong;\n\
               //> add(1, 2) = 4\n\
               //> add(1, 2) ! overflow\n\
               //> add(255, 1) = 0\n\
               //> add(255, 1) ! cast\n\
               //> stop() ! abort 70\n\
               //> stop() ! abort 7\n\
               //> add(1) = 1\n\
               //> gone() = 1\n\
               //> add(1, 2) = 3 -> 1\n\
               //> add(1, 2)\n\
               fun add(a: u8, b: u8): u8 { a + b }\n\
               fun stop() { abort 7 }\n"
            .to_owned(),
    };
    let suite = Suite::of_sources(vec![source]);
    let outcome = suite.run(&suite.sources[0]);
    assert_eq!(outcome.cases, 10);
    assert_eq!(outcome.problems.len(), 9, "{:#?}", outcome.problems);
}
