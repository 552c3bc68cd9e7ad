//! What one execution costs, without signatures and without a database: one
//! function for each kind of transaction that a network sees most.

#[path = "../tests/world/mod.rs"]
mod world;

use criterion::{Criterion, criterion_group, criterion_main};
use heddle_objects::{DeclaredInputs, ExecutionRequest, SharedVersion};
use std::hint::black_box;
use std::sync::Arc;
use sui_sdk_types::{
    Argument, Argument::Input as In, Argument::Result as Res, Command, Input, Owner, SharedInput,
    SplitCoins,
};
use world::chain::{Chain, call, give};
use world::{ALICE, BOB, Plan, assert_success, epoch, pure};

fn request(chain: &Chain, plan: &Plan) -> ExecutionRequest {
    let transaction = chain.world.transaction(plan);
    let declared = DeclaredInputs::of(&transaction).expect("well-formed inputs");
    let shared_versions = declared
        .shared
        .iter()
        .map(|(id, _, _)| SharedVersion {
            object_id: *id,
            version: chain.world.store.newest_version(id).expect("it exists"),
        })
        .collect();
    ExecutionRequest {
        digest: transaction.digest(),
        transaction: Arc::new(transaction),
        shared_versions,
        epoch: epoch(),
    }
}

fn run(criterion: &mut Criterion, name: &str, chain: &Chain, plan: &Plan) {
    assert_success(&chain.world.try_run(plan));
    let request = request(chain, plan);
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| {
            let output = chain.world.executor.execute(&request, &chain.world.store);
            black_box(output.expect("an executable request"))
        });
    });
}

fn transactions(criterion: &mut Criterion) {
    let (mut chain, package, shared) = Chain::with_probe();
    let thing = chain.thing(package, 1);
    let Some(Owner::Shared(initial)) = chain.world.owner(&shared) else {
        panic!("the probe shares an object");
    };
    let transfer = chain.plan(
        vec![chain.owned(&thing), pure(&BOB)],
        vec![give(&[In(0)], In(1))],
    );
    run(criterion, "execute/kind=transfer_object", &chain, &transfer);

    let split = Command::SplitCoins(SplitCoins {
        coin: Argument::Gas,
        amounts: vec![In(0)],
    });
    let pay = chain.plan(
        vec![pure(&1_u64), pure(&BOB)],
        vec![split, give(&[Res(0)], In(1))],
    );
    run(criterion, "execute/kind=pay_from_gas", &chain, &pay);

    let set_shared = chain.plan(
        vec![
            Input::Shared(SharedInput::new(shared, initial, true)),
            pure(&1_u64),
        ],
        vec![call(package, "set", &[In(0), In(1)])],
    );
    run(criterion, "execute/kind=set_shared", &chain, &set_shared);

    let make = chain.plan(
        vec![pure(&1_u64), pure(&ALICE)],
        vec![call(package, "new", &[In(0)]), give(&[Res(0)], In(1))],
    );
    run(
        criterion,
        "execute/kind=make_object_with_event",
        &chain,
        &make,
    );

    let add_field = chain.plan(
        vec![chain.owned(&thing), pure(&1_u64)],
        vec![call(package, "add_field", &[In(0), In(1), In(1)])],
    );
    run(criterion, "execute/kind=add_field", &chain, &add_field);
}

criterion_group!(benches, transactions);
criterion_main!(benches);
