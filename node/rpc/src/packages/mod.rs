//! `MovePackageService`: what packages offer.
//!
//! * [`functions`]: functions, with signatures.
//! * [`datatypes`]: structs and enums, with fields.
//! * [`versions`]: the versions of a package.

mod datatypes;
mod functions;
mod versions;

use crate::error::RpcError;
use crate::node_state::NodeState;
use crate::resolve::sketch::{address, shorten};
use heddle_bytecode::{BinaryLimits, CompiledModule};
use heddle_objects::sui_sdk_types::{Address, Identifier, MovePackage, Object, ObjectData};
use std::sync::Arc;
use sui_rpc::field::FieldMaskTree;
use sui_rpc::merge::Merge;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::move_package_service_server::MovePackageService;
use tonic::codegen::async_trait;
use tonic::{Request, Response, Status};

/// The service.
pub(crate) struct Packages {
    state: Arc<NodeState>,
}

impl Packages {
    pub(crate) fn new(state: Arc<NodeState>) -> Self {
        Packages { state }
    }
}

#[async_trait]
impl MovePackageService for Packages {
    async fn get_package(
        &self,
        request: Request<proto::GetPackageRequest>,
    ) -> Result<Response<proto::GetPackageResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| package(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }

    async fn get_datatype(
        &self,
        request: Request<proto::GetDatatypeRequest>,
    ) -> Result<Response<proto::GetDatatypeResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| datatypes::get(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }

    async fn get_function(
        &self,
        request: Request<proto::GetFunctionRequest>,
    ) -> Result<Response<proto::GetFunctionResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| functions::get(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }

    async fn list_package_versions(
        &self,
        request: Request<proto::ListPackageVersionsRequest>,
    ) -> Result<Response<proto::ListPackageVersionsResponse>, Status> {
        let request = request.into_inner();
        let call = move |state: &NodeState| versions::list(state, &request);
        Ok(Response::new(self.state.on_thread(call).await?))
    }
}

/// A package object.
struct PackageObject(Arc<Object>);

impl PackageObject {
    /// The package with this id.
    ///
    /// # Errors
    /// [`RpcError::NotFound`] if there is none.
    fn load(state: &NodeState, id: &Address) -> Result<Self, RpcError> {
        let object = state
            .store()
            .object(id)?
            .ok_or_else(|| RpcError::not_found("package", id))?;
        match object.data() {
            ObjectData::Package(_) => Ok(PackageObject(object)),
            ObjectData::Struct(_) => Err(RpcError::invalid(
                "package_id",
                format!("object {id} is no package"),
            )),
        }
    }

    fn package(&self) -> &MovePackage {
        match self.0.data() {
            ObjectData::Package(package) => package,
            ObjectData::Struct(_) => unreachable!("invariant: only packages are loaded"),
        }
    }

    /// One of its modules.
    ///
    /// # Errors
    /// [`RpcError::NotFound`] if there is none of this name.
    fn module(&self, name: &str) -> Result<CompiledModule, RpcError> {
        let package = self.package();
        let bytes = package
            .modules
            .iter()
            .find(|(one, _)| one.as_str() == name)
            .map(|(_, bytes)| bytes)
            .ok_or_else(|| {
                RpcError::not_found("module", format!("{}::{}", package.id, shorten(name)))
            })?;
        self.read(name, bytes)
    }

    fn read(&self, name: &str, bytes: &[u8]) -> Result<CompiledModule, RpcError> {
        CompiledModule::deserialize(bytes, &BinaryLimits::local()).map_err(|error| {
            RpcError::Internal(format!(
                "module {}::{name} can't be read: {error}",
                self.package().id
            ))
        })
    }

    /// The id of the package's first version: what its modules call
    /// themselves.
    ///
    /// # Errors
    /// [`RpcError::Internal`] if no module can be read.
    fn original_id(&self) -> Result<Address, RpcError> {
        let package = self.package();
        match package.modules.iter().next() {
            Some((name, bytes)) => Ok(*self.read(name.as_str(), bytes)?.address()),
            None => Ok(package.id),
        }
    }
}

/// A package with everything in it.
fn package(
    state: &NodeState,
    request: &proto::GetPackageRequest,
) -> Result<proto::GetPackageResponse, RpcError> {
    let id = package_id(request.package_id.as_deref())?;
    let object = PackageObject::load(state, &id)?;
    let package = object.package();
    let rendered = proto::Object::merge_from(package, &FieldMaskTree::new_wildcard());
    let mut message = rendered.package.unwrap_or_default();
    message.storage_id = Some(package.id.to_string());
    message.original_id = Some(object.original_id()?.to_string());
    message.version = Some(package.version);
    for module in &mut message.modules {
        let name = module.name.clone().unwrap_or_default();
        let compiled = object.module(&name)?;
        module.datatypes = datatypes::all(state, &object, &compiled)?;
        module.functions = functions::all(state, package, &compiled)?;
    }
    Ok(proto::GetPackageResponse::new(message))
}

fn package_id(text: Option<&str>) -> Result<Address, RpcError> {
    address(
        "package_id",
        text.ok_or_else(|| RpcError::missing("package_id"))?,
    )
}

/// A Move name in a required field.
fn identifier(field: &str, text: Option<&str>) -> Result<Identifier, RpcError> {
    let text = text.ok_or_else(|| RpcError::missing(field))?;
    Identifier::new(text)
        .map_err(|_| RpcError::invalid(field, format!("`{}` is no Move name", shorten(text))))
}
