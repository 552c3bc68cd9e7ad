//! Hostile and mistaken input, each with a typed answer; and the network works
//! as before afterwards.
//!
//! Refused before execution: a gRPC status with a code, words, and an
//! `ErrorInfo` reason. Accepted and failed: effects with the public error kind.

use heddle_tests::cli::User;
use heddle_tests::process::Network;
use heddle_tests::wallet::{Coin, GAS_BUDGET, Wallet, coins, execute};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use sui_rpc::Client;
use sui_rpc::field::{FieldMask, FieldMaskUtil};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_sdk_types::{
    Address, Argument, Command, CommandArgumentError, Digest, ExecutionError, ExecutionStatus,
    Identifier, Input, MoveCall, ObjectReference, Publish, Transaction, TransactionExpiration,
    TypeTag,
};
use tonic::Code;

/// A network with two funded accounts.
struct World {
    network: Network,
    client: Client,
    alice: Wallet,
    bob: Wallet,
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (alice, bob) = (Wallet::seeded(1), Wallet::seeded(2));
        let network = Network::start(
            &folder.path().join("data"),
            &[
                "--fund",
                &alice.address.to_string(),
                "--fund",
                &bob.address.to_string(),
            ],
        );
        let client = Client::new(network.rpc_url()).unwrap();
        World {
            network,
            client,
            alice,
            bob,
            folder,
        }
    }

    async fn coins(&self, wallet: &Wallet) -> Vec<Coin> {
        coins(&self.client, wallet.address).await.unwrap()
    }

    /// An object at its latest version.
    async fn reference(&self, id: &str) -> ObjectReference {
        let id: Address = id.parse().unwrap();
        let request =
            proto::GetObjectRequest::new(&id).with_read_mask(FieldMask::from_str("version,digest"));
        let response = self
            .client
            .clone()
            .ledger_client()
            .get_object(request)
            .await;
        let object = response.unwrap().into_inner().object.unwrap();
        ObjectReference::new(id, object.version(), object.digest().parse().unwrap())
    }

    async fn payment(&self) -> Transaction {
        let gas = self.coins(&self.alice).await[0].reference.clone();
        self.alice.pay(gas, 7, self.bob.address)
    }

    /// A signed transaction of Alice must be refused with one of these codes
    /// and these words.
    async fn refused(&self, transaction: &Transaction, codes: &[Code], words: &str) {
        let signature = self.alice.sign(transaction);
        let status = execute(&self.client, transaction, vec![signature])
            .await
            .expect_err(words);
        check_status(&status, codes, words);
    }

    /// A call by Alice must execute and fail with what `expected` accepts.
    async fn fails(
        &self,
        inputs: Vec<Input>,
        commands: Vec<Command>,
        expected: impl Fn(&ExecutionError) -> bool,
    ) {
        let gas = self.coins(&self.alice).await[0].reference.clone();
        let transaction = self.alice.transaction(gas, inputs, commands);
        let signature = self.alice.sign(&transaction);
        let effects = execute(&self.client, &transaction, vec![signature])
            .await
            .unwrap();
        match effects.status() {
            ExecutionStatus::Failure { error, command } => {
                assert!(expected(error), "{error:?} in command {command:?}");
            }
            ExecutionStatus::Success => panic!("executed: {transaction:?}"),
        }
    }

    /// The network still does its work.
    async fn still_works(&self) {
        let transaction = self.payment().await;
        let effects = execute(
            &self.client,
            &transaction,
            vec![self.alice.sign(&transaction)],
        )
        .await
        .unwrap();
        assert_eq!(effects.status(), &ExecutionStatus::Success);
    }
}

fn check_status(status: &tonic::Status, codes: &[Code], words: &str) {
    assert!(codes.contains(&status.code()), "{words}: {status:?}");
    assert!(
        status.message().to_lowercase().contains(words),
        "{words:?} is missing in {status:?}"
    );
}

/// Sends raw bytes as a transaction with a raw signature.
async fn send_raw(
    client: &Client,
    transaction: Vec<u8>,
    signature: Vec<u8>,
) -> Result<(), tonic::Status> {
    let transaction =
        proto::Transaction::default().with_bcs(proto::Bcs::default().with_value(transaction));
    let signature =
        proto::UserSignature::default().with_bcs(proto::Bcs::default().with_value(signature));
    let request =
        proto::ExecuteTransactionRequest::new(transaction).with_signatures(vec![signature]);
    client
        .clone()
        .execution_client()
        .execute_transaction(request)
        .await
        .map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_that_are_no_transaction() {
    let world = World::new();
    let transaction = world.payment().await;
    let signature = world.alice.sign(&transaction).to_bytes();
    let bytes = bcs::to_bytes(&transaction).unwrap();
    for length in 0..bytes.len() {
        let status = send_raw(&world.client, bytes[..length].to_vec(), signature.clone())
            .await
            .expect_err("truncated bytes were accepted");
        assert_eq!(status.code(), Code::InvalidArgument, "{length}: {status:?}");
    }
    let mut long = bytes.clone();
    long.push(0);
    let status = send_raw(&world.client, long, signature.clone())
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    // A flipped bit gives other bytes than were signed: never executed, whatever they decode to.
    let mut random = StdRng::seed_from_u64(1);
    for _ in 0..500 {
        let mut flipped = bytes.clone();
        let bit = random.random_range(0..flipped.len() * 8);
        flipped[bit / 8] ^= 1 << (bit % 8);
        let status = send_raw(&world.client, flipped, signature.clone())
            .await
            .expect_err("a flipped bit was accepted");
        assert!(
            !matches!(status.code(), Code::Internal | Code::Unknown),
            "bit {bit}: {status:?}"
        );
    }
    for length in [0, 1, 10, signature.len() - 1] {
        let status = send_raw(&world.client, bytes.clone(), signature[..length].to_vec())
            .await
            .unwrap_err();
        assert!(
            matches!(status.code(), Code::InvalidArgument | Code::Unauthenticated),
            "signature of {length} bytes: {status:?}"
        );
    }
    world.still_works().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transactions_that_are_refused() {
    use Code::{FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, Unauthenticated};
    let world = World::new();
    let good = world.payment().await;
    let edit = |change: &dyn Fn(&mut Transaction)| {
        let mut transaction = good.clone();
        change(&mut transaction);
        transaction
    };

    // Somebody else's signature, and none.
    let status = execute(&world.client, &good, vec![world.bob.sign(&good)])
        .await
        .unwrap_err();
    check_status(&status, &[Unauthenticated, InvalidArgument], "signature");
    let status = execute(&world.client, &good, Vec::new()).await.unwrap_err();
    check_status(&status, &[Unauthenticated, InvalidArgument], "signature");
    // A signature over another transaction.
    let other = edit(&|it| it.gas_payment.budget += 1);
    let status = execute(&world.client, &good, vec![world.alice.sign(&other)])
        .await
        .unwrap_err();
    check_status(&status, &[Unauthenticated, InvalidArgument], "signature");

    let wrong_chain = edit(&|it| {
        it.expiration = TransactionExpiration::ValidDuring {
            min_epoch: Some(0),
            max_epoch: Some(1),
            min_timestamp: None,
            max_timestamp: None,
            chain: Digest::new([9; 32]),
            nonce: 0,
        }
    });
    world
        .refused(
            &wrong_chain,
            &[InvalidArgument, FailedPrecondition],
            "chain",
        )
        .await;
    // Epoch 0 is current, so only a window that lies wholly ahead or behind is out of time.
    let early = edit(&|it| {
        it.expiration = TransactionExpiration::ValidDuring {
            min_epoch: Some(1),
            max_epoch: Some(2),
            min_timestamp: None,
            max_timestamp: None,
            chain: world.network.info["chain_id"]
                .as_str()
                .unwrap()
                .parse()
                .unwrap(),
            nonce: 0,
        }
    });
    world
        .refused(
            &early,
            &[InvalidArgument, FailedPrecondition],
            "valid from epoch",
        )
        .await;

    let cheap = edit(&|it| it.gas_payment.price = 1);
    world
        .refused(&cheap, &[InvalidArgument, FailedPrecondition], "gas price")
        .await;
    let poor = edit(&|it| it.gas_payment.budget = 1);
    world
        .refused(&poor, &[InvalidArgument, FailedPrecondition], "budget")
        .await;
    let rich = edit(&|it| it.gas_payment.budget = u64::MAX);
    world
        .refused(&rich, &[InvalidArgument, FailedPrecondition], "budget")
        .await;
    let gasless = edit(&|it| it.gas_payment.objects.clear());
    world.refused(&gasless, &[InvalidArgument], "gas").await;

    // Objects: unknown, stale, of another digest, of somebody else, of another kind.
    let coins_alice = world.coins(&world.alice).await;
    let coins_bob = world.coins(&world.bob).await;
    let gas = coins_alice[0].reference.clone();
    let give = |object: ObjectReference| world.alice.give(gas.clone(), object, Address::ZERO);
    let unknown = ObjectReference::new(Address::new([7; 32]), 1, Digest::ZERO);
    world
        .refused(
            &give(unknown),
            &[NotFound, FailedPrecondition],
            "does not exist",
        )
        .await;
    let bobs = coins_bob[0].reference.clone();
    world
        .refused(
            &give(bobs.clone()),
            &[PermissionDenied, FailedPrecondition],
            "belongs to",
        )
        .await;
    let bobs_gas = world.alice.pay(bobs, 1, Address::ZERO);
    world
        .refused(
            &bobs_gas,
            &[PermissionDenied, FailedPrecondition, InvalidArgument],
            "belongs to",
        )
        .await;
    let coin = coins_alice[1].reference.clone();
    let digest = ObjectReference::new(*coin.object_id(), coin.version(), Digest::ZERO);
    world
        .refused(
            &give(digest),
            &[InvalidArgument, FailedPrecondition],
            "digest",
        )
        .await;
    let future = ObjectReference::new(*coin.object_id(), coin.version() + 50, *coin.digest());
    world
        .refused(&give(future), &[FailedPrecondition, NotFound], "version")
        .await;
    // The system state: shared, and it does not change within an epoch.
    let shared = world.reference("0x5").await;
    world
        .refused(
            &give(shared),
            &[InvalidArgument, FailedPrecondition],
            "shared",
        )
        .await;
    let twice = world.alice.transaction(
        gas.clone(),
        vec![
            Input::ImmutableOrOwned(coin.clone()),
            Input::ImmutableOrOwned(coin.clone()),
        ],
        good_commands(&good),
    );
    world
        .refused(&twice, &[InvalidArgument], "more than once")
        .await;
    // Stale: the version before a payment that executed. (The very payment again would be answered
    // with its effects.)
    world.still_works().await;
    let stale = edit(&|it| it.gas_payment.budget += 1);
    world
        .refused(&stale, &[FailedPrecondition, Code::Aborted], "version")
        .await;

    // Size and shape.
    let gas = world.coins(&world.alice).await[0].reference.clone();
    let big = world.alice.transaction(
        gas.clone(),
        (0..10).map(|_| Input::Pure(vec![0; 16 * 1024])).collect(),
        good_commands(&good),
    );
    world.refused(&big, &[InvalidArgument], "bytes").await;
    let empty = world.alice.transaction(gas.clone(), Vec::new(), Vec::new());
    world.refused(&empty, &[InvalidArgument], "command").await;
    let many = world.alice.transaction(
        gas.clone(),
        Vec::new(),
        vec![call("0x2", "coin", "zero", vec!["0x2::sui::SUI"], Vec::new()); 1025],
    );
    world.refused(&many, &[InvalidArgument], "command").await;
    // A package that nobody published cannot be an input.
    let missing = world.alice.transaction(
        gas,
        Vec::new(),
        vec![call("0x1234", "m", "f", Vec::new(), Vec::new())],
    );
    world
        .refused(
            &missing,
            &[NotFound, FailedPrecondition, InvalidArgument],
            "0x",
        )
        .await;
    world.still_works().await;
}

fn good_commands(transaction: &Transaction) -> Vec<Command> {
    match &transaction.kind {
        sui_sdk_types::TransactionKind::ProgrammableTransaction(it) => it.commands.clone(),
        _ => unreachable!("payments are programmable transactions"),
    }
}

fn call(
    package: &str,
    module: &str,
    function: &str,
    types: Vec<&str>,
    arguments: Vec<Argument>,
) -> Command {
    Command::MoveCall(MoveCall {
        package: package.parse().unwrap(),
        module: Identifier::new(module).unwrap(),
        function: Identifier::new(function).unwrap(),
        type_arguments: types
            .into_iter()
            .map(|it| it.parse::<TypeTag>().unwrap())
            .collect(),
        arguments,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_fail() {
    let world = World::new();
    let sui = || vec!["0x2::sui::SUI"];
    let unknown = |error: &ExecutionError| {
        matches!(
            error,
            ExecutionError::FunctionNotFound | ExecutionError::VmVerificationOrDeserializationError
        )
    };
    world
        .fails(
            Vec::new(),
            vec![call("0x2", "coin", "nonsense", sui(), Vec::new())],
            unknown,
        )
        .await;
    world
        .fails(
            Vec::new(),
            vec![call("0x2", "nonsense", "zero", sui(), Vec::new())],
            unknown,
        )
        .await;
    // Argument count, argument type, type argument count and constraint.
    world
        .fails(
            vec![Input::Pure(vec![1])],
            vec![call("0x2", "coin", "zero", sui(), vec![Argument::Input(0)])],
            |error| matches!(error, ExecutionError::ArityMismatch),
        )
        .await;
    world
        .fails(
            vec![Input::Pure(vec![1, 2, 3])],
            vec![call(
                "0x2",
                "coin",
                "destroy_zero",
                sui(),
                vec![Argument::Input(0)],
            )],
            |error| {
                matches!(
                    error,
                    ExecutionError::CommandArgumentError { argument: 0, .. }
                )
            },
        )
        .await;
    world
        .fails(
            vec![Input::Pure(vec![1, 2, 3])],
            vec![
                call("0x1", "option", "none", vec!["u64"], Vec::new()),
                call(
                    "0x2",
                    "address",
                    "from_u256",
                    Vec::new(),
                    vec![Argument::Input(0)],
                ),
            ],
            |error| {
                matches!(
                    error,
                    ExecutionError::CommandArgumentError {
                        argument: 0,
                        kind: CommandArgumentError::InvalidBcsBytes,
                    }
                )
            },
        )
        .await;
    world
        .fails(
            Vec::new(),
            vec![call("0x2", "coin", "zero", Vec::new(), Vec::new())],
            |error| matches!(error, ExecutionError::TypeArityMismatch),
        )
        .await;
    world
        .fails(
            Vec::new(),
            vec![call(
                "0x2",
                "coin",
                "zero",
                vec!["0x2::coin::Nothing"],
                Vec::new(),
            )],
            |error| {
                matches!(
                    error,
                    ExecutionError::TypeArgumentError { .. }
                        | ExecutionError::VmVerificationOrDeserializationError
                )
            },
        )
        .await;
    // Private and package functions.
    world
        .fails(
            vec![Input::Pure(vec![0; 32])],
            vec![call(
                "0x2",
                "object",
                "delete_impl",
                Vec::new(),
                vec![Argument::Input(0)],
            )],
            |error| matches!(error, ExecutionError::NonEntryFunctionInvoked),
        )
        .await;
    // Use of what is not there.
    world
        .fails(
            Vec::new(),
            vec![call(
                "0x2",
                "coin",
                "destroy_zero",
                sui(),
                vec![Argument::Input(9)],
            )],
            |error| {
                matches!(
                    error,
                    ExecutionError::CommandArgumentError {
                        kind: CommandArgumentError::IndexOutOfBounds { index: 9 },
                        ..
                    }
                )
            },
        )
        .await;
    // More than there is.
    world
        .fails(
            vec![
                Input::Pure(u64::MAX.to_le_bytes().to_vec()),
                Input::Pure(vec![0; 32]),
            ],
            good_commands(&world.payment().await),
            |error| matches!(error, ExecutionError::InsufficientCoinBalance),
        )
        .await;
    world.still_works().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packages_that_are_refused() {
    let world = World::new();
    let path = world.folder.path().join("p");
    let user = User::offline();
    assert!(user.run(["move", "new", path.to_str().unwrap()]).success());
    let built = user.json(["move", "build", path.to_str().unwrap()]);
    let module = {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD
            .decode(built["modules"][0].as_str().unwrap())
            .unwrap()
    };
    let dependencies: Vec<Address> = built["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap().parse().unwrap())
        .collect();
    let publish = |modules: Vec<Vec<u8>>, dependencies: Vec<Address>| {
        vec![Command::Publish(Publish {
            modules,
            dependencies,
        })]
    };
    let invalid = |error: &ExecutionError| {
        matches!(
            error,
            ExecutionError::VmVerificationOrDeserializationError
                | ExecutionError::SuiMoveVerificationError
                | ExecutionError::PublishErrorNonZeroAddress
        )
    };
    // No module, a module twice, truncated, with flipped bits.
    world
        .fails(
            Vec::new(),
            publish(vec![module.clone(), module.clone()], dependencies.clone()),
            invalid,
        )
        .await;
    world
        .fails(
            Vec::new(),
            publish(
                vec![module[..module.len() / 2].to_vec()],
                dependencies.clone(),
            ),
            invalid,
        )
        .await;
    let mut random = StdRng::seed_from_u64(3);
    for _ in 0..50 {
        let mut flipped = module.clone();
        let bit = random.random_range(64..flipped.len() * 8);
        flipped[bit / 8] ^= 1 << (bit % 8);
        // Some flips make another valid module (a name, a constant); none may
        // do worse than a typed failure.
        let gas = world.coins(&world.alice).await[0].reference.clone();
        let mut transaction = world.alice.transaction(
            gas,
            Vec::new(),
            publish(vec![flipped], dependencies.clone()),
        );
        transaction.gas_payment.budget = 10 * GAS_BUDGET;
        let effects = execute(
            &world.client,
            &transaction,
            vec![world.alice.sign(&transaction)],
        )
        .await
        .unwrap();
        assert!(
            !matches!(
                effects.status(),
                ExecutionStatus::Failure {
                    error: ExecutionError::InvariantViolation
                        | ExecutionError::VmInvariantViolation,
                    ..
                }
            ),
            "bit {bit}: {:?}",
            effects.status()
        );
    }
    // Dependencies that are not declared.
    world
        .fails(Vec::new(), publish(vec![module], Vec::new()), |error| {
            matches!(
                error,
                ExecutionError::PublishUpgradeMissingDependency
                    | ExecutionError::VmVerificationOrDeserializationError
            )
        })
        .await;
    world.still_works().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_connections() {
    const CONNECTIONS: usize = 10_000;
    raise_file_limit(CONNECTIONS as u64 + 500);
    let world = World::new();
    let address = world
        .network
        .rpc_url()
        .trim_start_matches("http://")
        .to_owned();
    let mut open = Vec::with_capacity(CONNECTIONS);
    for number in 0..CONNECTIONS {
        match TcpStream::connect(&address) {
            Ok(stream) => open.push(stream),
            Err(error) => panic!("connection {number}: {error}"),
        }
    }
    // They stay open and silent; the network serves others meanwhile.
    world.still_works().await;
    drop(open);
    world.still_works().await;
}

/// Lets this process open enough files for the test.
fn raise_file_limit(files: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < files) {
        let wanted = Rlimit {
            current: Some(files),
            maximum: limit.maximum.map(|maximum| maximum.max(files)),
        };
        setrlimit(Resource::Nofile, wanted).expect("the limit of open files can be raised");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_of_100_megabytes() {
    let world = World::new();
    let address = world
        .network
        .rpc_url()
        .trim_start_matches("http://")
        .to_owned();
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let length = 100 * 1024 * 1024;
        write!(
            stream,
            "POST /sui.rpc.v2.TransactionExecutionService/ExecuteTransaction HTTP/1.1\r\n\
             host: heddle\r\ncontent-type: application/grpc-web+proto\r\ncontent-length: {length}\r\n\r\n"
        )
        .unwrap();
        let chunk = vec![0; 1024 * 1024];
        for _ in 0..100 {
            // The server may close before all is sent: that is the point.
            if stream.write_all(&chunk).is_err() {
                break;
            }
        }
        let mut answer = Vec::new();
        // A reset after the answer is fine too.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    })
    .await
    .unwrap();
    assert!(
        answer.contains("413") || answer.contains("grpc-status"),
        "the answer was {answer:?}"
    );
    world.still_works().await;
}
