//! Functions, with signatures.

use super::{identifier, package_id};
use crate::error::RpcError;
use crate::node_state::NodeState;
use heddle_adapter::{Ability, FunctionSignature, OpenType, Reference, Visibility};
use heddle_bytecode::CompiledModule;
use heddle_objects::sui_sdk_types::MovePackage;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::function_descriptor::Visibility as ProtoVisibility;
use sui_rpc::proto::sui::rpc::v2::open_signature::Reference as ProtoReference;
use sui_rpc::proto::sui::rpc::v2::open_signature_body::Type;

pub(super) fn get(
    state: &NodeState,
    request: &proto::GetFunctionRequest,
) -> Result<proto::GetFunctionResponse, RpcError> {
    let package = package_id(request.package_id.as_deref())?;
    let module = identifier("module_name", request.module_name.as_deref())?;
    let name = identifier("name", request.name.as_deref())?;
    let signature = state
        .executor()
        .function(state.store(), &package, &module, &name)?;
    Ok(proto::GetFunctionResponse::new(descriptor(&signature)))
}

/// All functions of a module, in order of definition.
pub(super) fn all(
    state: &NodeState,
    package: &MovePackage,
    module: &CompiledModule,
) -> Result<Vec<proto::FunctionDescriptor>, RpcError> {
    let read = |name: &str, what: &str| {
        heddle_objects::sui_sdk_types::Identifier::new(name)
            .map_err(|_| RpcError::Internal(format!("{what} `{name}` is no Move name")))
    };
    let module_name = read(module.name().as_str(), "module")?;
    module
        .entries::<heddle_bytecode::FunctionDefinitionIndex>()
        .map(|(index, _)| {
            let name = read(module.function_name(index).as_str(), "function")?;
            let signature =
                state
                    .executor()
                    .function(state.store(), &package.id, &module_name, &name)?;
            Ok(descriptor(&signature))
        })
        .collect()
}

fn descriptor(signature: &FunctionSignature) -> proto::FunctionDescriptor {
    let mut message = proto::FunctionDescriptor::default();
    message.name = Some(signature.name.to_string());
    let visibility = match signature.visibility {
        Visibility::Private => ProtoVisibility::Private,
        Visibility::Friend => ProtoVisibility::Friend,
        Visibility::Public => ProtoVisibility::Public,
    };
    message.visibility = Some(visibility as i32);
    message.is_entry = Some(signature.is_entry);
    message.type_parameters = signature
        .type_parameters
        .iter()
        .map(|parameter| {
            let mut message = proto::TypeParameter::default();
            message.constraints = parameter
                .constraints
                .iter()
                .map(|ability| ability_of(*ability) as i32)
                .collect();
            message
        })
        .collect();
    message.parameters = signature
        .parameters
        .iter()
        .map(|parameter| open_signature(parameter.reference, &parameter.type_))
        .collect();
    message.returns = signature
        .returns
        .iter()
        .map(|type_| open_signature(type_.reference, &type_.type_))
        .collect();
    message
}

fn ability_of(ability: Ability) -> proto::Ability {
    match ability {
        Ability::Copy => proto::Ability::Copy,
        Ability::Drop => proto::Ability::Drop,
        Ability::Store => proto::Ability::Store,
        Ability::Key => proto::Ability::Key,
    }
}

fn open_signature(reference: Option<Reference>, type_: &OpenType) -> proto::OpenSignature {
    let mut message = proto::OpenSignature::default();
    message.reference = reference.map(|reference| match reference {
        Reference::Immutable => ProtoReference::Immutable as i32,
        Reference::Mutable => ProtoReference::Mutable as i32,
    });
    message.body = Some(body(type_));
    message
}

pub(super) fn body(type_: &OpenType) -> proto::OpenSignatureBody {
    let mut message = proto::OpenSignatureBody::default();
    let kind = match type_ {
        OpenType::Bool => Type::Bool,
        OpenType::U8 => Type::U8,
        OpenType::U16 => Type::U16,
        OpenType::U32 => Type::U32,
        OpenType::U64 => Type::U64,
        OpenType::U128 => Type::U128,
        OpenType::U256 => Type::U256,
        OpenType::Address => Type::Address,
        // The API has no name for signers, which no transaction can pass.
        OpenType::Signer => Type::Unknown,
        OpenType::Vector(element) => {
            message.type_parameter_instantiation = vec![body(element)];
            Type::Vector
        }
        OpenType::TypeParameter(index) => {
            message.type_parameter = Some(u32::from(*index));
            Type::Parameter
        }
        OpenType::Datatype {
            address,
            module,
            name,
            type_arguments,
        } => {
            message.type_name = Some(format!("{address}::{module}::{name}"));
            message.type_parameter_instantiation = type_arguments.iter().map(body).collect();
            Type::Datatype
        }
    };
    message.r#type = Some(kind as i32);
    message
}
