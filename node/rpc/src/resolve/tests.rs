//! Resolution against a catalog that is made up.

use super::sketch::{MissingSender, Sketch, sketch};
use super::*;
use heddle_adapter::{OpenType, Parameter, ParameterRole, Reference, Visibility};
use heddle_objects::sui_sdk_types::{
    Digest, Input, MoveStruct, Mutability, ObjectData, Owner, SharedInput, StructTag,
    TransactionKind, TypeTag,
};
use prost_types::value::Kind;
use std::collections::BTreeMap;
use sui_rpc::proto::sui::rpc::v2 as proto;

const PACKAGE: Address = Address::from_static("0xca11");
const OWNED: Address = Address::from_static("0xa1");
const SHARED: Address = Address::from_static("0x5a");
const CHILD: Address = Address::from_static("0xc1");

#[derive(Default)]
struct FakeChain {
    objects: BTreeMap<Address, Arc<Object>>,
    functions: BTreeMap<&'static str, Vec<Parameter>>,
}

impl Catalog for FakeChain {
    fn object(&self, id: &Address) -> Result<Arc<Object>, RpcError> {
        self.objects
            .get(id)
            .cloned()
            .ok_or_else(|| RpcError::not_found("object", id))
    }

    fn object_at(&self, id: &Address, version: u64) -> Result<Arc<Object>, RpcError> {
        self.object(id)
            .ok()
            .filter(|object| object.version() == version)
            .ok_or_else(|| RpcError::VersionNotFound {
                id: id.to_string(),
                version,
            })
    }

    fn function(
        &self,
        package: &Address,
        module: &Identifier,
        function: &Identifier,
    ) -> Result<FunctionSignature, RpcError> {
        let parameters = self
            .functions
            .get(function.as_str())
            .ok_or_else(|| RpcError::not_found("function", function))?;
        Ok(FunctionSignature {
            package: *package,
            module: module.clone(),
            name: function.clone(),
            visibility: Visibility::Public,
            is_entry: false,
            type_parameters: Vec::new(),
            parameters: parameters.clone(),
            returns: Vec::new(),
        })
    }
}

fn object(id: Address, owner: Owner) -> Arc<Object> {
    let mut contents = id.as_bytes().to_vec();
    contents.extend_from_slice(&7_u64.to_le_bytes());
    let value = MoveStruct::new(StructTag::gas_coin(), true, 5, contents).expect("begins with id");
    Arc::new(Object::new(
        ObjectData::Struct(value),
        owner,
        Digest::ZERO,
        0,
    ))
}

fn parameter(role: ParameterRole, type_: OpenType, reference: Option<Reference>) -> Parameter {
    Parameter {
        reference,
        type_,
        role,
    }
}

fn thing() -> OpenType {
    OpenType::Datatype {
        address: PACKAGE,
        module: Identifier::from_static("things"),
        name: Identifier::from_static("Thing"),
        type_arguments: Vec::new(),
    }
}

fn chain() -> FakeChain {
    let context = || {
        parameter(
            ParameterRole::TxContext,
            OpenType::Bool,
            Some(Reference::Mutable),
        )
    };
    let object_parameter = |reference| parameter(ParameterRole::Object, thing(), reference);
    let mut chain = FakeChain::default();
    for one in [
        object(OWNED, Owner::Address(Address::from_static("0xb0b"))),
        object(SHARED, Owner::Shared(3)),
        object(CHILD, Owner::Object(SHARED)),
    ] {
        chain.objects.insert(one.object_id(), one);
    }
    chain.functions = BTreeMap::from([
        (
            "read",
            vec![object_parameter(Some(Reference::Immutable)), context()],
        ),
        (
            "write",
            vec![object_parameter(Some(Reference::Mutable)), context()],
        ),
        ("take", vec![object_parameter(None)]),
        (
            "receive",
            vec![parameter(ParameterRole::Receiving, thing(), None)],
        ),
        (
            "number",
            vec![parameter(ParameterRole::Pure, OpenType::U64, None)],
        ),
        (
            "any",
            vec![parameter(
                ParameterRole::Object,
                OpenType::TypeParameter(0),
                None,
            )],
        ),
    ]);
    chain
}

fn call(function: &str, inputs: &[u32]) -> proto::Command {
    let mut call = proto::MoveCall::default();
    call.package = Some(PACKAGE.to_string());
    call.module = Some("things".into());
    call.function = Some(function.into());
    call.type_arguments = vec!["u16".into()];
    call.arguments = inputs
        .iter()
        .map(|input| proto::Argument::new_input(u16::try_from(*input).expect("small")))
        .collect();
    call.into()
}

fn by_id(id: Address) -> proto::Input {
    let mut input = proto::Input::default();
    input.object_id = Some(id.to_string());
    input
}

fn literal(kind: Kind) -> proto::Input {
    let mut input = proto::Input::default();
    input.literal = Some(Box::new(prost_types::Value { kind: Some(kind) }));
    input
}

fn message(inputs: Vec<proto::Input>, commands: Vec<proto::Command>) -> proto::Transaction {
    let mut programmable = proto::ProgrammableTransaction::default();
    programmable.inputs = inputs;
    programmable.commands = commands;
    let mut message = proto::Transaction::default();
    message.sender = Some("0xb0b".into());
    message.kind = Some(programmable.into());
    message
}

fn resolved(message: &proto::Transaction) -> Result<Sketch, RpcError> {
    sketch(message, MissingSender::Refuse, &chain())
}

fn inputs_of(message: &proto::Transaction) -> Vec<Input> {
    let sketch = resolved(message).expect("resolves");
    match sketch.transaction.kind {
        TransactionKind::ProgrammableTransaction(programmable) => programmable.inputs,
        other => panic!("a programmable transaction, not {other:?}"),
    }
}

fn refused_field(message: &proto::Transaction) -> String {
    match resolved(message) {
        Err(RpcError::FieldInvalid { field, .. } | RpcError::FieldMissing { field }) => field,
        other => panic!("a refusal that names a field, not {other:?}"),
    }
}

fn is_mutable(input: &Input) -> bool {
    matches!(input, Input::Shared(shared) if shared.mutability() == Mutability::Mutable)
}

#[test]
fn kinds_and_versions_come_from_the_objects() {
    let inputs = inputs_of(&message(
        vec![by_id(OWNED), by_id(SHARED)],
        vec![call("read", &[0]), call("read", &[1])],
    ));
    let Input::ImmutableOrOwned(owned) = &inputs[0] else {
        panic!("an owned input, not {:?}", inputs[0]);
    };
    assert_eq!((*owned.object_id(), owned.version()), (OWNED, 5));
    assert_eq!(*owned.digest(), chain().objects[&OWNED].digest());
    assert_eq!(
        inputs[1],
        Input::Shared(SharedInput::new(SHARED, 3, Mutability::Immutable))
    );
}

#[test]
fn a_shared_input_is_writable_if_any_use_may_write() {
    for (commands, expected) in [
        (vec![call("read", &[0])], false),
        (vec![call("read", &[0]), call("write", &[0])], true),
        (vec![call("take", &[0])], true),
        (vec![call("any", &[0])], true),
    ] {
        let inputs = inputs_of(&message(vec![by_id(SHARED)], commands.clone()));
        assert_eq!(is_mutable(&inputs[0]), expected, "{commands:?}");
    }
}

#[test]
fn what_the_client_says_of_mutability_stands() {
    let mut input = by_id(SHARED);
    input.mutable = Some(true);
    let inputs = inputs_of(&message(vec![input], vec![call("read", &[0])]));
    assert!(is_mutable(&inputs[0]));
}

#[test]
fn an_object_taken_as_receiving_is_received() {
    let received = message(vec![by_id(OWNED)], vec![call("receive", &[0])]);
    assert!(matches!(inputs_of(&received)[0], Input::Receiving(_)));
    let both = message(
        vec![by_id(OWNED)],
        vec![call("receive", &[0]), call("read", &[0])],
    );
    assert!(refused_field(&both).ends_with("inputs[0]"));
    let shared = message(vec![by_id(SHARED)], vec![call("receive", &[0])]);
    assert!(refused_field(&shared).ends_with("inputs[0]"));
}

#[test]
fn literals_take_the_type_of_their_use() {
    let inputs = inputs_of(&message(
        vec![
            literal(Kind::StringValue("12".into())),
            literal(Kind::NumberValue(3.0)),
            literal(Kind::StringValue(OWNED.to_string())),
        ],
        vec![call("number", &[0]), call("any", &[1]), call("read", &[2])],
    ));
    assert_eq!(inputs[0], Input::Pure(12_u64.to_le_bytes().to_vec()));
    assert_eq!(inputs[1], Input::Pure(3_u16.to_le_bytes().to_vec()));
    assert!(matches!(inputs[2], Input::ImmutableOrOwned(_)));
}

#[test]
fn a_literal_without_a_single_type_is_refused() {
    let unused = message(vec![literal(Kind::BoolValue(true))], vec![]);
    let two_types = message(
        vec![literal(Kind::NumberValue(1.0))],
        vec![call("number", &[0]), call("any", &[0])],
    );
    for case in [unused, two_types] {
        assert!(refused_field(&case).ends_with("inputs[0].literal"));
    }
}

#[test]
fn what_does_not_fit_is_refused_with_its_field() {
    let child = message(vec![by_id(CHILD)], vec![call("read", &[0])]);
    assert!(refused_field(&child).ends_with("inputs[0].object_id"));
    let as_number = message(vec![by_id(OWNED)], vec![call("number", &[0])]);
    assert!(refused_field(&as_number).ends_with("inputs[0]"));
    let too_many = message(vec![by_id(OWNED)], vec![call("take", &[0, 0])]);
    assert!(refused_field(&too_many).ends_with("commands[0].arguments"));
    let mut nobody = message(vec![], vec![]);
    nobody.sender = None;
    assert_eq!(refused_field(&nobody), "transaction.sender");
    let mut version = message(vec![], vec![]);
    version.version = Some(2);
    assert_eq!(refused_field(&version), "transaction.version");
    let mut bytes = message(vec![], vec![]);
    bytes.bcs = Some(vec![1, 2, 3].into());
    assert_eq!(refused_field(&bytes), "transaction.bcs");
}

#[test]
fn what_is_not_there_is_not_found() {
    let object = message(vec![by_id(PACKAGE)], vec![call("read", &[0])]);
    assert!(matches!(
        resolved(&object),
        Err(RpcError::NotFound { what: "object", .. })
    ));
    let function = message(vec![by_id(OWNED)], vec![call("missing", &[0])]);
    assert!(matches!(
        resolved(&function),
        Err(RpcError::NotFound {
            what: "function",
            ..
        })
    ));
}

#[test]
fn a_complete_transaction_needs_no_function() {
    let mut shared = by_id(SHARED);
    shared.set_kind(proto::input::InputKind::Shared);
    shared.version = Some(3);
    shared.mutable = Some(true);
    let mut pure = proto::Input::default();
    pure.set_kind(proto::input::InputKind::Pure);
    pure.pure = Some(vec![1].into());
    let inputs = inputs_of(&message(vec![shared, pure], vec![call("missing", &[0, 1])]));
    assert!(is_mutable(&inputs[0]));
    assert_eq!(inputs[1], Input::Pure(vec![1]));
}

#[test]
fn gas_that_is_not_given_is_left_open() {
    let mut sketched = message(vec![], vec![]);
    let open = resolved(&sketched).expect("resolves");
    assert!(!open.has_price && !open.has_budget);
    assert_eq!(open.transaction.gas_payment.owner, open.transaction.sender);

    let mut coin = proto::ObjectReference::default();
    coin.object_id = Some(OWNED.to_string());
    let mut payment = proto::GasPayment::default();
    payment.objects = vec![coin];
    payment.price = Some(1_000);
    payment.owner = Some("0x5".into());
    sketched.gas_payment = Some(payment);
    let given = resolved(&sketched).expect("resolves");
    assert!(given.has_price && !given.has_budget);
    let payment = given.transaction.gas_payment;
    assert_eq!(payment.owner, Address::from_static("0x5"));
    assert_eq!(payment.objects[0].version(), 5);
}

#[test]
fn types_are_instantiated_through_vectors_and_structs() {
    let open = OpenType::Vector(Box::new(OpenType::Datatype {
        address: PACKAGE,
        module: Identifier::from_static("things"),
        name: Identifier::from_static("Box"),
        type_arguments: vec![OpenType::TypeParameter(1)],
    }));
    let found = usage::instantiate(&open, &[TypeTag::Bool, TypeTag::U8]);
    let expected: TypeTag = format!("vector<{PACKAGE}::things::Box<u8>>")
        .parse()
        .expect("a type");
    assert_eq!(found, Some(expected));
    assert_eq!(usage::instantiate(&open, &[TypeTag::Bool]), None);
}
