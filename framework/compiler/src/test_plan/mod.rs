//! Which tests a package has, and what each expects.
//!
//! The compiler puts test functions into the bytecode but doesn't say which
//! they are: its own test runner is another build of it, with another VM. So
//! the attributes are read from the sources here, after the compiler has
//! accepted them, in four steps: tokens ([`lexer`]), the outline of each module
//! ([`outline`]), the names that attributes use ([`names`], [`constant`]), and
//! the expectation ([`expectation`]). Before that, [`rewrite`] gets the compiler
//! to compile tests at all.

mod constant;
mod expectation;
mod lexer;
mod names;
mod outline;
mod rewrite;

use std::collections::BTreeMap;

use sui_sdk_types::Address;

use crate::error::CompileError;
use crate::manifest::addresses;
use crate::sources::MANIFEST;
use crate::wire::{Files, PackageGroup};

pub(crate) use rewrite::{TEST_MODE, original_names, rewrite_tests};

use names::{Names, ScopedModule};
use outline::{Attribute, FunctionOutline, outline};

/// A module, by address and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModuleId {
    /// Its address.
    pub address: Address,
    /// Its name.
    pub name: String,
}

/// The tests of one module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleTests {
    /// The module.
    pub module: ModuleId,
    /// Its tests, in the order of the source.
    pub tests: Vec<TestCase>,
}

/// One test function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestCase {
    /// The function's name.
    pub name: String,
    /// Marked `#[random_test]`: its arguments are to be generated.
    pub is_random: bool,
    /// What it must do to pass.
    pub expectation: Expectation,
}

/// What a test must do to pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Return.
    Success,
    /// Fail, in whatever way.
    Failure,
    /// Abort with this code.
    Abort {
        /// The code.
        code: AbortCode,
        /// The module that aborts; any if nothing is said.
        location: Option<ModuleId>,
    },
    /// Fail in another way than an abort.
    Error {
        /// The way.
        error: ExpectedError,
        /// A finer code within that way; any if nothing is said.
        minor: Option<AbortCode>,
        /// The module in which it fails.
        location: ModuleId,
    },
}

/// An abort code that a test expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AbortCode {
    /// This number.
    Value(u64),
    /// The code that the `#[error]` constant of this name makes.
    Constant(String),
}

/// Failures other than aborts that a test can expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedError {
    /// Overflow, underflow, division by zero, a cast or shift out of range.
    Arithmetic,
    /// A vector operation out of bounds.
    Vector,
    /// The gas limit was reached.
    OutOfGas,
    /// The failure to which the public VM gives this status code.
    MajorStatus(u64),
}

/// The sources of a build for tests.
pub(crate) struct TestSources<'a> {
    /// The root package. Only its tests count.
    pub(crate) root: &'a Files,
    /// Its dependencies, for the constants that tests name.
    pub(crate) dependencies: &'a [PackageGroup],
}

/// The addresses at which the modules of a source file are, by name or number.
pub(crate) fn module_addresses(source: &str) -> Vec<&str> {
    let modules = outline(source).into_iter();
    modules.map(|module| module.address).collect()
}

/// The tests of the root package, by module.
pub(crate) fn test_plan(sources: &TestSources<'_>) -> Result<Vec<ModuleTests>, CompileError> {
    let root_addresses = addresses(sources.root.get(MANIFEST).map_or("", String::as_str));
    let packages = std::iter::once((sources.root, &root_addresses)).chain(
        sources
            .dependencies
            .iter()
            .map(|group| (&group.files, &group.address_mapping)),
    );
    let outlines: Vec<_> = packages
        .enumerate()
        .flat_map(|(index, (files, addresses))| {
            files
                .iter()
                .filter(|(path, _)| path.ends_with(".move"))
                .map(move |(path, text)| (index == 0, path, outline(text), addresses))
        })
        .collect();

    let mut all = BTreeMap::new();
    let mut root_modules = Vec::new();
    for (is_root, path, modules, addresses) in &outlines {
        for outline in modules {
            let module = ScopedModule { outline, addresses };
            let Some(id) = module.id() else { continue };
            if *is_root {
                root_modules.push((*path, id.clone()));
            }
            // Of a module that is there twice, the root's was compiled.
            all.entry(id).or_insert(module);
        }
    }

    let mut plan = Vec::new();
    for (path, id) in root_modules {
        let names = Names {
            module: &all[&id],
            all: &all,
        };
        let mut tests = Vec::new();
        for function in &names.module.outline.functions {
            let test =
                test_case(function, &names).map_err(|message| CompileError::TestAttribute {
                    file: path.clone(),
                    test: function.name.to_owned(),
                    message,
                })?;
            tests.extend(test);
        }
        if !tests.is_empty() {
            plan.push(ModuleTests { module: id, tests });
        }
    }
    plan.sort_by(|one, other| one.module.cmp(&other.module));
    Ok(plan)
}

/// The test that `function` is, if it is one.
fn test_case(
    function: &FunctionOutline<'_>,
    names: &Names<'_, '_>,
) -> Result<Option<TestCase>, String> {
    let find = |name| {
        function
            .attributes
            .iter()
            .find(|attribute: &&Attribute<'_>| attribute.name == name)
    };
    let is_random = find("random_test").is_some() || find("rand_test").is_some();
    if find("test").is_none() && !is_random {
        return Ok(None);
    }
    let expectation = match find("expected_failure") {
        Some(attribute) => expectation::expected_failure(attribute, names)?,
        None => Expectation::Success,
    };
    Ok(Some(TestCase {
        name: function.name.to_owned(),
        is_random,
        expectation,
    }))
}

#[cfg(test)]
mod tests;
