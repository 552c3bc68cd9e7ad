//! `SignatureVerificationService`: whether a signature is valid for a message.

use crate::error::RpcError;
use crate::execution::execute::signature;
use crate::node_state::NodeState;
use crate::resolve::sketch::{address, from_bcs, shorten};
use heddle_objects::sui_sdk_types::{Address, PersonalMessage, UserSignature};
use std::borrow::Cow;
use std::sync::Arc;
use sui_crypto::{SuiVerifier, UserSignatureVerifier};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::signature_verification_service_server::SignatureVerificationService;
use tonic::codegen::async_trait;
use tonic::{Request, Response, Status};

/// Largest personal message, in bytes.
const MESSAGE_BYTES_MAX: usize = 128 * 1024;

/// The service.
pub(crate) struct Signatures {
    state: Arc<NodeState>,
}

impl Signatures {
    pub(crate) fn new(state: Arc<NodeState>) -> Self {
        Signatures { state }
    }
}

#[async_trait]
impl SignatureVerificationService for Signatures {
    async fn verify_signature(
        &self,
        request: Request<proto::VerifySignatureRequest>,
    ) -> Result<Response<proto::VerifySignatureResponse>, Status> {
        let request = request.into_inner();
        let call = move |_: &NodeState| verify(&request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }
}

fn verify(
    request: &proto::VerifySignatureRequest,
) -> Result<proto::VerifySignatureResponse, RpcError> {
    let message = request
        .message
        .as_ref()
        .ok_or_else(|| RpcError::missing("message"))?;
    let signature = request
        .signature
        .as_ref()
        .ok_or_else(|| RpcError::missing("signature"))?;
    let signature = self::signature("signature", signature)?;
    let claimed = request
        .address
        .as_deref()
        .map(|text| address("address", text))
        .transpose()?;
    let outcome = match wrong_address(&signature, claimed) {
        Some(reason) => Err(reason),
        None => verify_message(message, &signature)?,
    };
    let mut response = proto::VerifySignatureResponse::default();
    response.is_valid = Some(outcome.is_ok());
    response.reason = outcome.err();
    Ok(response)
}

/// Why a signature is not that of the claimed address.
fn wrong_address(signature: &UserSignature, claimed: Option<Address>) -> Option<String> {
    let claimed = claimed?;
    let derived = signer(signature)?;
    (derived != claimed).then(|| format!("the signature is by {derived}, not by {claimed}"))
}

/// The address that a signature proves, if its scheme fixes one.
fn signer(signature: &UserSignature) -> Option<Address> {
    match signature {
        UserSignature::Simple(simple) => {
            use heddle_objects::sui_sdk_types::SimpleSignature as Simple;
            Some(match simple {
                Simple::Ed25519 { public_key, .. } => public_key.derive_address(),
                Simple::Secp256k1 { public_key, .. } => public_key.derive_address(),
                Simple::Secp256r1 { public_key, .. } => public_key.derive_address(),
                _ => return None,
            })
        }
        UserSignature::Multisig(multisig) => Some(multisig.committee().derive_address()),
        _ => None,
    }
}

/// Verifies; the inner error is why the signature is not valid.
fn verify_message(
    message: &proto::Bcs,
    signature: &UserSignature,
) -> Result<Result<(), String>, RpcError> {
    let verifier = UserSignatureVerifier::new();
    let bytes = message
        .value
        .as_deref()
        .ok_or_else(|| RpcError::missing("message.value"))?;
    let outcome = match message.name.as_deref() {
        Some("PersonalMessage") => {
            if bytes.len() > MESSAGE_BYTES_MAX {
                let description = format!(
                    "{} bytes; at most {MESSAGE_BYTES_MAX} are allowed",
                    bytes.len()
                );
                return Err(RpcError::invalid("message.value", description));
            }
            let content: Vec<u8> = bcs::from_bytes(bytes).map_err(|error| {
                RpcError::invalid(
                    "message.value",
                    format!("no vector of bytes in BCS: {error}"),
                )
            })?;
            verifier.verify_personal_message(&PersonalMessage(Cow::Owned(content)), signature)
        }
        Some("TransactionData") => verifier.verify_transaction(&from_bcs(message)?, signature),
        Some(other) => {
            let description = format!(
                "`{}` can't be verified; only PersonalMessage and TransactionData can",
                shorten(other)
            );
            return Err(RpcError::invalid("message.name", description));
        }
        None => return Err(RpcError::missing("message.name")),
    };
    Ok(outcome.map_err(|error| error.to_string()))
}
