//! The servers in front of a real node, driven by the Rust client.

use futures::StreamExt;
use heddle_rpc::{FaucetConfig, RpcConfig, RunningServers, serve};
use heddle_validator::{FundedAccount, Node, NodeConfig};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use sui_crypto::SuiSigner;
use sui_crypto::ed25519::Ed25519PrivateKey;
use sui_rpc::Client;
use sui_rpc::field::{FieldMask, FieldMaskUtil};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::owner::OwnerKind;
use sui_sdk_types::{Address, Digest, Transaction};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::Code;

const COIN: u64 = 1_000_000_000_000;
const NATIVE: &str = "0x2::sui::SUI";

/// A node with an account that has three coins, a faucet, and servers on free
/// ports.
struct World {
    node: Arc<Node>,
    servers: Option<RunningServers>,
    client: Client,
    alice: Ed25519PrivateKey,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut RpcConfig)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let alice = Ed25519PrivateKey::new([1; 32]);
        let faucet = Ed25519PrivateKey::new([2; 32]);
        let mut node_config = NodeConfig::new(folder.path());
        node_config.checkpoint_interval = Duration::from_millis(20);
        node_config.genesis.accounts = vec![
            FundedAccount {
                address: alice.public_key().derive_address(),
                coins: vec![COIN; 3],
            },
            FundedAccount {
                address: faucet.public_key().derive_address(),
                coins: vec![1_000 * COIN],
            },
        ];
        let node = tokio::task::spawn_blocking(|| Node::start(node_config))
            .await
            .expect("no panic")
            .expect("the node starts");
        let any_port: SocketAddr = "127.0.0.1:0".parse().expect("an address");
        let mut config = RpcConfig::local();
        config.rpc_address = any_port;
        config.metrics_address = Some(any_port);
        config.limits.shutdown_grace = Duration::from_millis(100);
        let mut faucet = FaucetConfig::local(faucet);
        faucet.address = any_port;
        config.faucet = Some(faucet);
        change(&mut config);
        let servers = serve(node.clone(), config).await.expect("servers start");
        let client = Client::new(format!("http://{}", servers.rpc_address())).expect("a client");
        World {
            node,
            servers: Some(servers),
            client,
            alice,
            _folder: folder,
        }
    }

    fn servers(&self) -> &RunningServers {
        self.servers.as_ref().expect("not stopped yet")
    }

    fn address(&self) -> Address {
        self.alice.public_key().derive_address()
    }

    async fn stop(mut self) {
        if let Some(servers) = self.servers.take() {
            servers.shutdown().await;
        }
        let node = self.node.clone();
        tokio::task::spawn_blocking(move || node.shutdown())
            .await
            .expect("no panic");
    }

    /// A payment from Alice, as a client sketches it.
    fn payment(&self, amount: u64, recipient: Address) -> proto::Transaction {
        let pure = |bytes: Vec<u8>| {
            proto::Input::default()
                .with_kind(proto::input::InputKind::Pure)
                .with_pure(bytes)
        };
        let inputs = vec![
            pure(amount.to_le_bytes().to_vec()),
            pure(recipient.as_bytes().to_vec()),
        ];
        let mut split = proto::SplitCoins::default();
        split.coin = Some(proto::Argument::gas());
        split.amounts = vec![proto::Argument::new_input(0)];
        let mut transfer = proto::TransferObjects::default();
        transfer.objects = vec![proto::Argument::nested_result(0, 0)];
        transfer.address = Some(proto::Argument::new_input(1));
        let mut split_command = proto::Command::default();
        split_command.command = Some(proto::command::Command::SplitCoins(split));
        let mut programmable = proto::ProgrammableTransaction::default();
        programmable.inputs = inputs;
        programmable.commands = vec![split_command, transfer.into()];
        proto::Transaction::default()
            .with_sender(self.address().to_string())
            .with_kind(proto::TransactionKind::from(programmable))
    }

    async fn built(&mut self, sketch: proto::Transaction) -> Transaction {
        let request = proto::SimulateTransactionRequest::default()
            .with_transaction(sketch)
            .with_do_gas_selection(true);
        let response = self
            .client
            .execution_client()
            .simulate_transaction(request)
            .await
            .expect("simulates")
            .into_inner();
        let executed = response.transaction.expect("a transaction");
        let effects = executed.effects.expect("effects");
        assert!(effects.status().success(), "{:?}", effects.status());
        executed
            .transaction
            .expect("the completed transaction")
            .bcs
            .expect("its bytes")
            .deserialize()
            .expect("a transaction")
    }

    fn signed(&self, transaction: &Transaction) -> proto::ExecuteTransactionRequest {
        let signature = self.alice.sign_transaction(transaction).expect("signs");
        let mut request = proto::ExecuteTransactionRequest::new(transaction.clone().into());
        request.signatures = vec![signature.into()];
        request.read_mask = Some(FieldMask::from_str("*"));
        request
    }

    async fn pay(&mut self, amount: u64, recipient: Address) -> proto::ExecutedTransaction {
        let transaction = self.built(self.payment(amount, recipient)).await;
        let request = self.signed(&transaction);
        self.client
            .execution_client()
            .execute_transaction(request)
            .await
            .expect("executes")
            .into_inner()
            .transaction
            .expect("a transaction")
    }

    async fn balance(&mut self, owner: Address) -> u64 {
        let request = proto::GetBalanceRequest::default()
            .with_owner(owner.to_string())
            .with_coin_type(NATIVE);
        self.client
            .state_client()
            .get_balance(request)
            .await
            .expect("a balance")
            .into_inner()
            .balance()
            .balance()
    }
}

fn digest_of(executed: &proto::ExecutedTransaction) -> Digest {
    executed.digest().parse().expect("a digest")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chain_says_what_it_is() {
    let mut world = World::new().await;
    let response = world
        .client
        .ledger_client()
        .get_service_info(proto::GetServiceInfoRequest::default())
        .await
        .expect("info");
    let chain_id = world.node.chain_id().to_string();
    assert_eq!(
        response
            .metadata()
            .get("x-sui-chain-id")
            .map(|value| value.to_str().expect("text")),
        Some(chain_id.as_str())
    );
    assert_eq!(response.get_ref().chain_id(), chain_id);
    assert!(response.get_ref().server().starts_with("heddle/"));
    let epoch = world
        .client
        .ledger_client()
        .get_epoch(proto::GetEpochRequest::default().with_read_mask(FieldMask::from_str("*")))
        .await
        .expect("an epoch")
        .into_inner();
    assert_eq!(
        epoch.epoch().reference_gas_price(),
        world.node.reference_gas_price()
    );
    assert!(!epoch.epoch().committee().members().is_empty());
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_built_executed_and_read_back() {
    let mut world = World::new().await;
    let bob = Address::from_static("0xb0b");
    let executed = world.pay(12_345, bob).await;
    assert!(executed.effects().status().success());
    assert_eq!(world.balance(bob).await, 12_345);
    let gained = executed
        .balance_changes
        .iter()
        .find(|change| change.address() == bob.to_string())
        .expect("bob gained");
    assert_eq!(gained.amount(), "12345");
    let types: Vec<&str> = executed
        .effects()
        .changed_objects()
        .iter()
        .map(|change| change.object_type())
        .collect();
    assert!(
        types.iter().all(|type_| type_.contains("::coin::Coin<")),
        "{types:?}"
    );

    let request = proto::GetTransactionRequest::new(&digest_of(&executed))
        .with_read_mask(FieldMask::from_str("digest,effects.bcs,signatures,objects"));
    let read = world
        .client
        .ledger_client()
        .get_transaction(request)
        .await
        .expect("found")
        .into_inner();
    assert_eq!(read.transaction().digest(), executed.digest());
    assert_eq!(read.transaction().effects().bcs(), executed.effects().bcs());
    assert_eq!(read.transaction().signatures().len(), 1);
    assert_eq!(read.transaction().objects().objects().len(), 3);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gas_selection_leaves_coins_free_and_covers_what_is_taken() {
    let mut world = World::new().await;
    let bob = Address::from_static("0xb0b");
    let small = world.built(world.payment(1, bob)).await;
    assert_eq!(small.gas_payment.objects.len(), 1);
    let large = world.built(world.payment(COIN + COIN / 2, bob)).await;
    assert_eq!(large.gas_payment.objects.len(), 2);
    let everything = world.payment(4 * COIN, bob);
    let request = proto::SimulateTransactionRequest::default()
        .with_transaction(everything)
        .with_do_gas_selection(true);
    let response = world
        .client
        .execution_client()
        .simulate_transaction(request)
        .await
        .expect("a simulation")
        .into_inner();
    let status = response.transaction().effects().status().clone();
    assert!(!status.success());
    assert!(!status.error().description().is_empty());
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn listings_page_with_tokens_that_cannot_be_misused() {
    let mut world = World::new().await;
    let owner = world.address().to_string();
    let request = |token: Option<bytes::Bytes>, owner: &str| {
        let mut request = proto::ListOwnedObjectsRequest::default()
            .with_owner(owner)
            .with_page_size(2_u32)
            .with_object_type(format!("0x2::coin::Coin<{NATIVE}>"));
        request.page_token = token;
        request
    };
    let mut state = world.client.state_client();
    let first = state
        .list_owned_objects(request(None, &owner))
        .await
        .expect("a page")
        .into_inner();
    assert_eq!(first.objects.len(), 2);
    let token = first.next_page_token.clone().expect("there is more");
    let second = state
        .list_owned_objects(request(Some(token.clone()), &owner))
        .await
        .expect("a page")
        .into_inner();
    assert_eq!((second.objects.len(), second.next_page_token), (1, None));
    for (token, owner) in [
        (token, "0x5"),
        (bytes::Bytes::from_static(b"nonsense"), owner.as_str()),
    ] {
        let refusal = state
            .list_owned_objects(request(Some(token), owner))
            .await
            .expect_err("refused");
        assert_eq!(refusal.code(), Code::InvalidArgument);
        assert!(refusal.message().contains("page_token"));
        assert!(!refusal.details().is_empty());
    }
    drop(state);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_and_packages_of_genesis_can_be_read() {
    let mut world = World::new().await;
    let ids = ["0x6", "0x2", "0xdead"];
    let mut request = proto::BatchGetObjectsRequest::default();
    request.requests = ids
        .iter()
        .map(|id| proto::GetObjectRequest::default().with_object_id(*id))
        .collect();
    request.read_mask = Some(FieldMask::from_str(
        "object_id,object_type,owner,json,contents",
    ));
    let results = world
        .client
        .ledger_client()
        .batch_get_objects(request)
        .await
        .expect("a batch")
        .into_inner()
        .objects;
    let clock = results[0].clone().to_result().expect("the clock");
    assert_eq!(clock.owner().kind(), OwnerKind::Shared);
    assert!(clock.json.is_some());
    assert_eq!(
        results[1]
            .clone()
            .to_result()
            .expect("the framework")
            .object_type(),
        "package"
    );
    let missing = results[2].clone().to_result().expect_err("not there");
    assert_eq!(missing.code, Code::NotFound as i32);

    let mut packages = world.client.package_client();
    let function = packages
        .get_function(proto::GetFunctionRequest::new(
            &Address::TWO,
            "coin",
            "mint",
        ))
        .await
        .expect("a function")
        .into_inner();
    assert_eq!(function.function().type_parameters().len(), 1);
    assert_eq!(function.function().parameters().len(), 3);
    let datatype = packages
        .get_datatype(proto::GetDatatypeRequest::new(
            &Address::TWO,
            "coin",
            "Coin",
        ))
        .await
        .expect("a datatype")
        .into_inner();
    assert_eq!(datatype.datatype().fields().len(), 2);
    let package = packages
        .get_package(proto::GetPackageRequest::new(&Address::TWO))
        .await
        .expect("a package")
        .into_inner();
    assert!(package.package().modules().len() > 10);
    let unknown = packages
        .get_function(proto::GetFunctionRequest::new(
            &Address::TWO,
            "coin",
            "nope",
        ))
        .await
        .expect_err("not there");
    assert_eq!(unknown.code(), Code::NotFound);
    drop(packages);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn subscribers_see_every_checkpoint_and_lists_find_what_happened() {
    let mut world = World::new().await;
    let request = proto::SubscribeCheckpointsRequest::default()
        .with_read_mask(FieldMask::from_str("sequence_number,transactions.digest"));
    let mut checkpoints = world
        .client
        .subscription_client()
        .subscribe_checkpoints(request)
        .await
        .expect("a stream")
        .into_inner();
    let executed = world.pay(7, Address::from_static("0xb0b")).await;
    let mut previous = None;
    loop {
        let frame = tokio::time::timeout(Duration::from_secs(20), checkpoints.next())
            .await
            .expect("checkpoints go on")
            .expect("the stream goes on")
            .expect("no error");
        if let Some(previous) = previous {
            assert_eq!(frame.cursor(), previous + 1);
        }
        previous = Some(frame.cursor());
        let found = frame
            .checkpoint()
            .transactions()
            .iter()
            .any(|one| one.digest() == executed.digest());
        if found {
            break;
        }
    }
    drop(checkpoints);

    let filter =
        proto::TransactionFilter::matching(proto::filter::transaction::sender(world.address()));
    let request = proto::ListTransactionsRequest::default()
        .with_read_mask(FieldMask::from_str("digest,checkpoint"))
        .with_filter(filter);
    let mut listed = world
        .client
        .ledger_client()
        .list_transactions(request)
        .await
        .expect("a stream")
        .into_inner();
    let mut found = Vec::new();
    let mut end = None;
    while let Some(frame) = listed.next().await {
        let frame = frame.expect("no error");
        assert!(end.is_none(), "nothing follows the end");
        assert!(frame.watermark().cursor_opt().is_some());
        found.extend(frame.transaction.map(|one| one.digest().to_owned()));
        end = frame.end;
    }
    assert_eq!(found, [executed.digest()]);
    assert_eq!(
        end.expect("an end").reason(),
        proto::QueryEndReason::LedgerTip
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_have_codes_words_and_reasons() {
    let mut world = World::new().await;
    let bob = Address::from_static("0xb0b");
    let transaction = world.built(world.payment(1, bob)).await;

    let mut unsigned = world.signed(&transaction);
    unsigned.signatures.clear();
    let mut foreign = world.signed(&transaction);
    let stranger = Ed25519PrivateKey::new([9; 32]);
    foreign.signatures = vec![
        stranger
            .sign_transaction(&transaction)
            .expect("signs")
            .into(),
    ];
    let mut cut = world.signed(&transaction);
    let bytes = bcs::to_bytes(&transaction).expect("serialises");
    cut.transaction = Some(
        proto::Transaction::default().with_bcs(proto::Bcs::from(bytes[..bytes.len() - 1].to_vec())),
    );
    let mut empty = world.signed(&transaction);
    empty.transaction = None;
    let mut stale = transaction.clone();
    let gas = &stale.gas_payment.objects[0];
    stale.gas_payment.objects = vec![sui_sdk_types::ObjectReference::new(
        *gas.object_id(),
        gas.version() + 1,
        *gas.digest(),
    )];
    let stale = world.signed(&stale);
    for (request, code) in [
        (unsigned, Code::Unauthenticated),
        (foreign, Code::Unauthenticated),
        (cut, Code::InvalidArgument),
        (empty, Code::InvalidArgument),
        (stale, Code::FailedPrecondition),
    ] {
        let refusal = world
            .client
            .execution_client()
            .execute_transaction(request)
            .await
            .expect_err("refused");
        assert_eq!(refusal.code(), code, "{refusal:?}");
        assert!(!refusal.message().is_empty() && !refusal.details().is_empty());
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_faucet_serves_many_at_once() {
    let mut world = World::new().await;
    let faucet = world.servers().faucet_address().expect("a faucet");
    let mut asked = Vec::new();
    for number in 0..40_u8 {
        let recipient = Address::new([number + 10; 32]);
        let body = format!(r#"{{"FixedAmountRequest":{{"recipient":"{recipient}"}}}}"#);
        asked.push(tokio::spawn(
            async move { post(faucet, "/v2/gas", &body).await },
        ));
    }
    for answer in asked {
        let (status, body) = answer.await.expect("no panic");
        assert_eq!(status, 200, "{body}");
        let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(body["status"], "Success");
        assert_eq!(body["coins_sent"].as_array().expect("a list").len(), 5);
    }
    assert_eq!(
        world.balance(Address::new([10; 32])).await,
        5 * 200_000_000_000
    );
    let (status, body) = post(faucet, "/v2/gas", "{}").await;
    assert_eq!(status, 400);
    assert!(body.contains("Failure"));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_huge_body_is_refused_by_its_headers() {
    let world = World::new().await;
    let mut stream = TcpStream::connect(world.servers().rpc_address())
        .await
        .expect("connects");
    let head = "POST /sui.rpc.v2.LedgerService/GetServiceInfo HTTP/1.1\r\nhost: heddle\r\n\
        content-type: application/grpc-web+proto\r\ncontent-length: 100000000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("writes");
    let answer = read_head(&mut stream).await;
    assert!(answer.contains("grpc-status: 8"), "{answer}");
    assert!(answer.contains("grpc-message"), "{answer}");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_above_the_cap_are_told_so() {
    let world = World::with(|config| config.limits.connections_max = 8).await;
    let address = world.servers().rpc_address();
    let mut held = Vec::new();
    for _ in 0..8 {
        held.push(TcpStream::connect(address).await.expect("connects"));
    }
    let mut refused = TcpStream::connect(address).await.expect("connects");
    let mut answer = String::new();
    refused.read_to_string(&mut answer).await.expect("reads");
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
    assert!(head.contains(&format!("content-length: {}", body.len())));
    drop(held);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_connections_are_closed() {
    let world =
        World::with(|config| config.limits.header_timeout = Duration::from_millis(50)).await;
    let mut silent = TcpStream::connect(world.servers().rpc_address())
        .await
        .expect("connects");
    let mut byte = [0];
    let read = tokio::time::timeout(Duration::from_secs(10), silent.read(&mut byte)).await;
    assert!(matches!(read, Ok(Ok(0) | Err(_))), "{read:?}");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn health_metrics_and_a_port_in_use() {
    let world = World::new().await;
    let metrics = world.servers().metrics_address().expect("metrics");
    let (status, body) = get(metrics, "/health").await;
    assert_eq!(status, 200);
    assert!(body.contains(&world.node.chain_id().to_string()));
    let (status, _) = get(metrics, "/metrics").await;
    assert_eq!(status, 200);

    let channel = tonic::transport::Endpoint::from_shared(format!(
        "http://{}",
        world.servers().rpc_address()
    ))
    .expect("an address")
    .connect()
    .await
    .expect("connects");
    let health = tonic_health::pb::health_client::HealthClient::new(channel)
        .check(tonic_health::pb::HealthCheckRequest {
            service: String::new(),
        })
        .await
        .expect("healthy");
    assert_eq!(health.get_ref().status, 1);

    let mut config = RpcConfig::local();
    config.rpc_address = world.servers().rpc_address();
    let error = serve(world.node.clone(), config).await.expect_err("in use");
    assert!(error.to_string().contains("in use"), "{error}");
    world.stop().await;
}

async fn post(address: SocketAddr, path: &str, body: &str) -> (u16, String) {
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: heddle\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    exchange(address, &request).await
}

async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let request = format!("GET {path} HTTP/1.1\r\nhost: heddle\r\nconnection: close\r\n\r\n");
    exchange(address, &request).await
}

async fn exchange(address: SocketAddr, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    stream.write_all(request.as_bytes()).await.expect("writes");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("reads");
    let status = answer
        .split_whitespace()
        .nth(1)
        .and_then(|status| status.parse().ok())
        .expect("a status");
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, body.to_owned())
}

/// The head of a response on a connection that stays open.
async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        let read = stream.read(&mut byte).await.expect("reads");
        assert_eq!(read, 1, "closed after {}", String::from_utf8_lossy(&head));
        head.push(byte[0]);
    }
    String::from_utf8(head).expect("text")
}

#[tokio::test(flavor = "multi_thread")]
async fn reflection_names_the_services() {
    use tonic_reflection::pb::v1::ServerReflectionRequest;
    use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
    use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
    let world = World::new().await;
    let address = format!("http://{}", world.servers().rpc_address());
    let channel = tonic::transport::Endpoint::from_shared(address)
        .expect("an address")
        .connect()
        .await
        .expect("connects");
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let response = ServerReflectionClient::new(channel)
        .server_reflection_info(futures::stream::iter([request]))
        .await
        .expect("answers")
        .into_inner()
        .next()
        .await
        .expect("an answer")
        .expect("no error");
    let Some(MessageResponse::ListServicesResponse(list)) = response.message_response else {
        panic!("a list of services");
    };
    let names: Vec<&str> = list.service.iter().map(|one| one.name.as_str()).collect();
    for service in ["LedgerService", "StateService", "SubscriptionService"] {
        assert!(
            names.contains(&format!("sui.rpc.v2.{service}").as_str()),
            "{names:?}"
        );
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_are_listed_page_by_page_in_both_directions() {
    let mut world = World::new().await;
    let mut last = None;
    for number in 0..5_u8 {
        last = Some(
            world
                .pay(u64::from(number) + 1, Address::new([7; 32]))
                .await,
        );
    }
    let last = digest_of(&last.expect("five payments"));
    // Everything executed is in a checkpoint within moments; the list sees
    // checkpoints alone.
    let mut checkpoints = world.node.subscribe_checkpoints();
    while world.node.store().location(&last).expect("reads").is_none() {
        checkpoints.recv().await.expect("checkpoints go on");
    }
    let mut ascending = listed(&mut world, proto::Ordering::Ascending).await;
    let descending = listed(&mut world, proto::Ordering::Descending).await;
    assert!(ascending.len() >= 5);
    ascending.reverse();
    assert_eq!(ascending, descending);
    world.stop().await;
}

/// All of Alice's transactions, two at a time.
async fn listed(world: &mut World, ordering: proto::Ordering) -> Vec<String> {
    let filter =
        proto::TransactionFilter::matching(proto::filter::transaction::sender(world.address()));
    let mut digests = Vec::new();
    let mut options = proto::QueryOptions::default()
        .with_limit(2_u32)
        .with_ordering(ordering);
    loop {
        let request = proto::ListTransactionsRequest::default()
            .with_filter(filter.clone())
            .with_options(options.clone());
        let mut frames = world
            .client
            .ledger_client()
            .list_transactions(request)
            .await
            .expect("a stream")
            .into_inner();
        let mut end = None;
        let mut cursor = None;
        while let Some(frame) = frames.next().await {
            let frame = frame.expect("no error");
            cursor = frame.watermark().cursor.clone();
            digests.extend(frame.transaction.map(|one| one.digest().to_owned()));
            end = frame.end;
        }
        match ordering {
            proto::Ordering::Descending => options.before = cursor,
            _ => options.after = cursor,
        }
        if end.expect("an end").reason() != proto::QueryEndReason::ItemLimit {
            return digests;
        }
    }
}
