//! Modules that each pass accepts and refuses, one file for each pass.

mod body;
mod bounds;
mod compatibility;
mod conformance;
mod constants;
mod control_flow;
mod duplicates;
mod field_abilities;
mod friends;
mod hostile;
mod instantiation_loops;
mod instruction_consistency;
mod links;
mod locals_safety;
mod object_rules;
mod recursive_datatypes;
mod reference_safety;
mod signatures;
mod sizes;
mod stack_usage;
mod type_safety;
mod unsupported;

use heddle_bytecode::{
    BinaryLimits, Bytecode, CompiledModule,
    testing::{ModuleBuilder, address},
};
use heddle_verifier::{Rule, VerificationError, VerifierLimits, WorkMeter, verify_module};

/// Modules that the real compiler wrote; the sources lie beside them.
const COMPILED: [&[u8]; 2] = [
    include_bytes!("../../../bytecode/tests/modules/shapes.mv"),
    include_bytes!("../../../bytecode/tests/modules/user.mv"),
];

fn compiled() -> [CompiledModule; 2] {
    COMPILED.map(|bytes| CompiledModule::deserialize(bytes, &BinaryLimits::published()).unwrap())
}

/// An empty module that all passes accept.
fn builder() -> ModuleBuilder {
    ModuleBuilder::new(address(7), "m")
}

fn verify(module: &CompiledModule) -> Result<(), VerificationError> {
    verify_module(
        module,
        &VerifierLimits::default(),
        &mut WorkMeter::unlimited(),
    )
}

/// What a test expects of a module.
type Verdict = Result<(), Rule>;

/// A row of a table: a name, what is added to an empty module, the verdict.
type Row<'a> = (&'a str, fn(&mut ModuleBuilder), Verdict);

#[track_caller]
fn check_table(rows: &[Row<'_>]) {
    for (name, build, expected) in rows {
        let mut builder = builder();
        build(&mut builder);
        check(name, &builder.build(), *expected);
    }
}

#[track_caller]
fn check(name: &str, module: &CompiledModule, expected: Verdict) {
    let found = verify(module);
    let rule = found.as_ref().copied().map_err(|error| error.rule);
    assert_eq!(rule, expected, "{name}: {found:?}");
}

/// A body that fits every signature.
fn abort() -> Vec<Bytecode> {
    vec![Bytecode::LdU64(0), Bytecode::Abort]
}

#[test]
fn compiled_modules_are_accepted() {
    for module in compiled() {
        check(module.name(), &module, Ok(()));
    }
}

#[test]
fn errors_name_the_place() {
    let mut builder = builder();
    let signature = builder.signature(&[]);
    builder.simple_function(
        "f",
        &[],
        &[],
        vec![Bytecode::VecLen(signature), Bytecode::Ret],
    );
    let error = verify(&builder.build()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "module 0x7::m, function f, instruction 0: a vector instruction names 0 element types \
         (vector instructions must name exactly one element type)"
    );
}
