//! Dry runs and questions about functions.

mod world;

use heddle_adapter::{
    Checks, OpenType, ParameterRole, QueryError, Reference, SimulationOutput, SimulationRequest,
    Visibility,
};
use std::sync::Arc;
use sui_sdk_types::{
    Address, Argument, Argument::Input as In, Argument::Result as Res, ExecutionError, Identifier,
    TypeTag,
};
use world::chain::*;
use world::*;

fn simulate(chain: &Chain, plan: &Plan, checks: Checks) -> SimulationOutput {
    let request = SimulationRequest {
        transaction: Arc::new(chain.world.transaction(plan)),
        epoch: epoch(),
        checks,
    };
    chain
        .world
        .executor
        .simulate(&request, &chain.world.store)
        .expect("a simulation")
}

#[test]
fn a_dry_run_foretells_the_run() {
    let (mut chain, package, _) = Chain::with_probe();
    let thing = chain.thing(package, 5);
    let plan = chain.plan(
        vec![chain.owned(&thing), pure(&8_u64)],
        vec![
            call(package, "set", &[In(0), In(1)]),
            call(package, "value", &[In(0)]),
        ],
    );
    let dry = simulate(&chain, &plan, Checks::Enabled);
    let wet = chain.world.try_run(&plan);
    assert_eq!(dry.execution.effects_digest, wet.effects_digest);
    assert_eq!(dry.stand_in_gas, None);

    let [set, value] = dry.command_outputs.as_slice() else {
        panic!("{:?}", dry.command_outputs);
    };
    assert_eq!(set.return_values, []);
    assert_eq!(set.mutated_by_ref.len(), 1);
    assert_eq!(set.mutated_by_ref[0].argument, Argument::Input(0));
    assert_eq!(set.mutated_by_ref[0].value.bytes[32..], 8_u64.to_le_bytes());
    assert_eq!(value.return_values.len(), 1);
    assert_eq!(value.return_values[0].type_, TypeTag::U64);
    assert_eq!(value.return_values[0].bytes, 8_u64.to_le_bytes());
    let inputs: Vec<Address> = dry.input_objects.iter().map(|o| o.object_id()).collect();
    assert!(inputs.contains(&thing) && inputs.contains(&chain.gas));

    let budget = Plan {
        budget: Some(dry.suggested_gas_budget),
        ..plan
    };
    assert_success(&chain.world.run(&budget));
}

#[test]
fn an_empty_payment_is_stood_in_for() {
    let (chain, package, _) = Chain::with_probe();
    let plan = Plan {
        inputs: vec![pure(&1_u64), pure(&ALICE)],
        commands: vec![call(package, "new", &[In(0)]), give(&[Res(0)], In(1))],
        budget: Some(0),
        ..Plan::default()
    };
    let dry = simulate(&chain, &plan, Checks::Enabled);
    assert_success(&dry.execution);
    let stand_in = dry.stand_in_gas.expect("a stand-in");
    assert!(
        dry.input_objects
            .iter()
            .all(|object| object.object_id() != stand_in)
    );
    assert!(dry.suggested_gas_budget > 0);
}

#[test]
fn inspection_may_do_what_execution_may_not() {
    let (chain, package, _) = Chain::with_probe();
    let plan = chain.plan(
        vec![pure(&1_u64)],
        vec![
            call(package, "hidden", &[]),
            call(package, "bake", &[In(0)]),
        ],
    );
    let strict = simulate(&chain, &plan, Checks::Enabled);
    assert_failure(
        &strict.execution,
        ExecutionError::NonEntryFunctionInvoked,
        Some(0),
    );
    let loose = simulate(&chain, &plan, Checks::Disabled);
    assert_success(&loose.execution);
    assert_eq!(
        loose.command_outputs[0].return_values[0].bytes,
        7_u64.to_le_bytes()
    );
}

#[test]
fn signatures_say_what_arguments_must_be() {
    let (chain, package, _) = Chain::with_probe();
    let query = |name: &str| {
        chain.world.executor.function(
            &chain.world.store,
            &package,
            &Identifier::from_static("probe"),
            &Identifier::new(name).expect("a name"),
        )
    };
    let set = query("set").expect("a function");
    assert_eq!(set.visibility, Visibility::Public);
    assert!(!set.is_entry);
    assert_eq!(set.parameters[0].reference, Some(Reference::Mutable));
    assert_eq!(set.parameters[0].role, ParameterRole::Object);
    assert!(
        set.parameters[0]
            .type_
            .is_datatype(&package, "probe", "Thing")
    );
    assert_eq!(set.parameters[1].role, ParameterRole::Pure);
    assert_eq!(set.parameters[1].type_, OpenType::U64);

    let receive = query("receive").expect("a function");
    assert_eq!(receive.parameters[1].role, ParameterRole::Receiving);
    let keep = query("keep").expect("a function");
    assert_eq!(keep.type_parameters.len(), 1);
    assert_eq!(keep.type_parameters[0].constraints.len(), 2);
    assert_eq!(keep.parameters[0].type_, OpenType::TypeParameter(0));
    assert_eq!(keep.parameters[1].role, ParameterRole::TxContext);
    let inspect = query("inspect").expect("a function");
    assert!(
        inspect
            .parameters
            .iter()
            .all(|p| p.role == ParameterRole::Pure)
    );
    assert!(query("entry_set").expect("a function").is_entry);

    assert!(matches!(
        query("missing"),
        Err(QueryError::FunctionNotFound { .. })
    ));
    let elsewhere = chain.world.executor.function(
        &chain.world.store,
        &Address::from_static("0x77"),
        &Identifier::from_static("probe"),
        &Identifier::from_static("set"),
    );
    assert!(matches!(elsewhere, Err(QueryError::PackageNotFound(_))));
}
