//! Publishing what must not be published, and upgrading.

mod world;

use heddle_compiler::BuiltPackage;
use heddle_objects::ObjectRead;
use sui_sdk_types::{
    Address, Argument, Argument::Input as In, Argument::Result as Res, Command,
    CommandArgumentError, ExecutionError, ExecutionStatus, Identifier, MoveCall, ObjectData,
    PackageUpgradeError, Publish, Upgrade,
};
use world::chain::*;
use world::*;

const COMPATIBLE: u8 = 0;
const ADDITIVE: u8 = 128;
const DEPENDENCIES_ONLY: u8 = 192;

/// A package with one module, built from this text.
fn package(source: &str) -> BuiltPackage {
    build(&[("Move.toml", MANIFEST), ("sources/probe.move", source)])
}

const V1: &str = "module probe::probe;
public struct Thing has key, store { id: UID, value: u64 }
public fun new(value: u64, ctx: &mut TxContext): Thing { Thing { id: object::new(ctx), value } }
public fun answer(): u64 { 41 }
public fun answer_twice(): u64 { answer() * 2 }
fun hidden(): u64 { 7 }
public fun reveal(): u64 { hidden() }
";

/// A new body, a new type, a new function.
fn v2() -> BuiltPackage {
    package(
        &(V1.replace("{ 41 }", "{ 42 }")
            + "public struct Extra has key, store { id: UID }
public fun extra(ctx: &mut TxContext): Extra { Extra { id: object::new(ctx) } }
"),
    )
}

struct Upgrades {
    chain: Chain,
    package: Address,
    cap: Address,
}

impl Upgrades {
    fn new() -> Self {
        let mut chain = Chain::new();
        let output = chain.publish(&package(V1));
        assert_success(&output);
        let cap = created(&output, |_| true)[0];
        Upgrades {
            package: published(&output),
            chain,
            cap,
        }
    }

    fn framework(function: &str, arguments: &[Argument]) -> Command {
        Command::MoveCall(MoveCall {
            package: Address::TWO,
            module: Identifier::from_static("package"),
            function: Identifier::new(function).expect("a name"),
            type_arguments: vec![],
            arguments: arguments.to_vec(),
        })
    }

    /// Authorises, upgrades and commits, with every part open to be wrong.
    fn plan(&self, built: &BuiltPackage, policy: u8, digest: &[u8], of: Address) -> Plan {
        let mut plan = self.chain.plan(
            vec![
                self.chain.owned(&self.cap),
                pure(&policy),
                pure(&digest.to_vec()),
            ],
            vec![
                Self::framework("authorize_upgrade", &[In(0), In(1), In(2)]),
                Command::Upgrade(Upgrade {
                    modules: built.modules.iter().map(|m| m.bytes.clone()).collect(),
                    dependencies: built.dependencies.clone(),
                    package: of,
                    ticket: Res(0),
                }),
                Self::framework("commit_upgrade", &[In(0), Res(1)]),
            ],
        );
        plan.budget = Some(PUBLISH_BUDGET);
        plan
    }

    fn refused(&self, built: &BuiltPackage, policy: u8, expected: ExecutionError) {
        let plan = self.plan(built, policy, &built.digest, self.package);
        let output = self.chain.world.try_run(&plan);
        assert_failure(&output, expected, Some(1));
        assert!(
            output
                .written
                .iter()
                .all(|w| w.object.as_struct().is_some())
        );
    }
}

fn incompatible() -> ExecutionError {
    ExecutionError::PackageUpgradeError {
        kind: PackageUpgradeError::IncompatibleUpgrade,
    }
}

#[test]
fn a_compatible_upgrade_is_a_new_version_beside_the_old() {
    let mut upgrades = Upgrades::new();
    let built = v2();
    let plan = upgrades.plan(&built, COMPATIBLE, &built.digest, upgrades.package);
    let before = upgrades.chain.world.total();
    let output = upgrades.chain.world.run(&plan);
    assert_success(&output);
    assert_eq!(before, upgrades.chain.world.total() + earned(&output));
    let new = published(&output);
    let store = &upgrades.chain.world.store;
    let object = store.latest(&new).expect("memory").expect("a package");
    assert_eq!(object.version(), 2);
    let ObjectData::Package(stored) = object.data() else {
        panic!("no package");
    };
    // Types keep the version that first defined them.
    let origins: Vec<(&str, Address)> = stored
        .type_origin_table
        .iter()
        .map(|origin| (origin.struct_name.as_str(), origin.package))
        .collect();
    assert_eq!(origins, [("Thing", upgrades.package), ("Extra", new)]);

    // Both versions run; objects made by the new one have the old one's type.
    for (id, answer) in [(upgrades.package, 41_u64), (new, 42)] {
        let output = upgrades.chain.run(
            vec![pure(&ALICE)],
            vec![
                call(id, "answer", &[]),
                call(id, "new", &[Res(0)]),
                give(&[Res(1)], In(0)),
            ],
        );
        assert_success(&output);
        let thing = created(&output, |_| true)[0];
        assert_eq!(upgrades.chain.value(&thing), Some(answer));
        let object = upgrades
            .chain
            .world
            .store
            .latest(&thing)
            .expect("memory")
            .expect("a thing");
        let type_ = object.as_struct().expect("an object").object_type();
        assert_eq!(*type_.address(), upgrades.package);
    }
    let output = upgrades.chain.run(
        vec![pure(&ALICE)],
        vec![call(new, "extra", &[]), give(&[Res(0)], In(0))],
    );
    assert_success(&output);
    let output = upgrades
        .chain
        .run(vec![], vec![call(upgrades.package, "extra", &[])]);
    assert_failure(&output, ExecutionError::FunctionNotFound, Some(0));
}

#[test]
fn incompatible_upgrades_are_refused() {
    let upgrades = Upgrades::new();
    let sources = [
        // A public function is gone.
        V1.replace(
            "public fun reveal(): u64 { hidden() }",
            "public fun other(): u64 { hidden() }",
        ),
        // Its signature differs.
        V1.replace("answer(): u64 { 41 }", "answer(): u32 { 41 }")
            .replace("answer() * 2", "(answer() as u64) * 2"),
        // A struct has another field, or other abilities, or is gone.
        V1.replace(
            "value: u64 }\npublic fun new",
            "value: u64, more: u64 }\npublic fun new",
        )
        .replace(
            "id: object::new(ctx), value }",
            "id: object::new(ctx), value, more: 0 }",
        ),
        V1.replace("has key, store { id", "has key { id"),
        V1.replace("Thing", "Thang"),
    ];
    for source in sources {
        upgrades.refused(&package(&source), COMPATIBLE, incompatible());
    }
}

#[test]
fn policies_restrict_more_and_more() {
    let upgrades = Upgrades::new();
    let added = package(&(V1.to_owned() + "public fun more(): u64 { 3 }\n"));
    upgrades.refused(&v2(), ADDITIVE, incompatible());
    upgrades.refused(&added, DEPENDENCIES_ONLY, incompatible());
    for (built, policy) in [(&added, ADDITIVE), (&package(V1), DEPENDENCIES_ONLY)] {
        let plan = upgrades.plan(built, policy, &built.digest, upgrades.package);
        assert_success(&upgrades.chain.world.try_run(&plan));
    }
}

#[test]
fn a_ticket_is_for_one_package_and_one_digest() {
    let upgrades = Upgrades::new();
    let built = v2();
    let plan = upgrades.plan(&built, COMPATIBLE, &[7; 32], upgrades.package);
    let output = upgrades.chain.world.try_run(&plan);
    assert!(matches!(
        effects(&output).status,
        ExecutionStatus::Failure {
            error: ExecutionError::PackageUpgradeError {
                kind: PackageUpgradeError::DigestDoesNotMatch { .. }
            },
            command: Some(1)
        }
    ));
    let plan = upgrades.plan(&built, COMPATIBLE, &built.digest, Address::TWO);
    assert_failure(
        &upgrades.chain.world.try_run(&plan),
        ExecutionError::PackageUpgradeError {
            kind: PackageUpgradeError::PackageIdDoesNotMatch {
                package_id: Address::TWO,
                ticket_id: upgrades.package,
            },
        },
        Some(1),
    );
    // Anything else than a ticket.
    let mut plan = upgrades.plan(&built, COMPATIBLE, &built.digest, upgrades.package);
    if let Command::Upgrade(upgrade) = &mut plan.commands[1] {
        upgrade.ticket = In(1);
    }
    assert_failure(
        &upgrades.chain.world.try_run(&plan),
        ExecutionError::CommandArgumentError {
            argument: 0,
            kind: CommandArgumentError::TypeMismatch,
        },
        Some(1),
    );
    // A ticket or receipt that is left over.
    let mut plan = upgrades.plan(&built, COMPATIBLE, &built.digest, upgrades.package);
    plan.commands.truncate(2);
    assert_failure(
        &upgrades.chain.world.try_run(&plan),
        ExecutionError::UnusedValueWithoutDrop {
            result: 1,
            subresult: 0,
        },
        None,
    );
}

/// The status with which publishing these modules fails.
fn publish_status(
    chain: &Chain,
    modules: Vec<Vec<u8>>,
    dependencies: Vec<Address>,
) -> ExecutionStatus {
    let mut plan = chain.plan(
        vec![pure(&ALICE)],
        vec![
            Command::Publish(Publish {
                modules,
                dependencies,
            }),
            give(&[Res(0)], In(0)),
        ],
    );
    plan.budget = Some(PUBLISH_BUDGET);
    let output = chain.world.try_run(&plan);
    assert_eq!(
        effects(&output).changed_objects.len(),
        1,
        "gas alone changes"
    );
    effects(&output).status.clone()
}

#[test]
fn what_can_not_be_published() {
    let chain = Chain::new();
    let built = package(V1);
    let modules: Vec<Vec<u8>> = built.modules.iter().map(|m| m.bytes.clone()).collect();
    let failure = |error| ExecutionStatus::Failure {
        error,
        command: Some(0),
    };
    let malformed = ExecutionError::VmVerificationOrDeserializationError;

    let truncated = vec![modules[0][..modules[0].len() / 2].to_vec()];
    for modules in [truncated, vec![b"no module".to_vec()], vec![]] {
        assert_eq!(
            publish_status(&chain, modules, built.dependencies.clone()),
            failure(malformed.clone())
        );
    }
    let twice = vec![modules[0].clone(), modules[0].clone()];
    assert_eq!(
        publish_status(&chain, twice, built.dependencies.clone()),
        failure(malformed)
    );
    for dependencies in [
        vec![],
        vec![Address::from_static("0x1")],
        vec![Address::from_static("0x77")],
    ] {
        assert_eq!(
            publish_status(&chain, modules.clone(), dependencies),
            failure(ExecutionError::PublishUpgradeMissingDependency)
        );
    }
    let mut moved = heddle_bytecode::CompiledModule::deserialize(
        &modules[0],
        &heddle_bytecode::BinaryLimits::published(),
    )
    .expect("a module");
    moved.set_address(Address::from_static("0x99"));
    assert_eq!(
        publish_status(
            &chain,
            vec![moved.serialize().expect("bytes")],
            built.dependencies.clone()
        ),
        failure(ExecutionError::PublishErrorNonZeroAddress)
    );
}

#[test]
fn no_bit_flip_panics_and_none_changes_more_than_gas() {
    let chain = Chain::new();
    let built = package(V1);
    let module = &built.modules[0].bytes;
    let mut refused = 0;
    for bit in (0..module.len() * 8).step_by(97) {
        let mut flipped = module.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let mut plan = chain.plan(
            vec![pure(&ALICE)],
            vec![
                Command::Publish(Publish {
                    modules: vec![flipped],
                    dependencies: built.dependencies.clone(),
                }),
                give(&[Res(0)], In(0)),
            ],
        );
        plan.budget = Some(PUBLISH_BUDGET);
        let output = chain.world.try_run(&plan);
        if !output.is_success() {
            refused += 1;
            assert_eq!(effects(&output).changed_objects.len(), 1, "bit {bit}");
        }
    }
    assert!(refused > 0);
}

#[test]
fn an_init_that_aborts_publishes_nothing() {
    let chain = Chain::new();
    let built = package("module probe::probe;\nfun init(_: &mut TxContext) { abort 3 }\n");
    let modules = built.modules.iter().map(|m| m.bytes.clone()).collect();
    assert!(matches!(
        publish_status(&chain, modules, built.dependencies),
        ExecutionStatus::Failure {
            error: ExecutionError::MoveAbort { code: 3, .. },
            command: Some(0)
        }
    ));
}
