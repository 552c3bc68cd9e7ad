//! Structs and enums, with fields.
//!
//! Inside a module a type is named by the *original* id of its package; the
//! API names it by its *defining* id, the version that introduced it. The way
//! from one to the other goes through the package's own tables or, for a
//! dependency, through the linkage and the dependency's tables.

use super::functions::body;
use super::{PackageObject, identifier, package_id};
use crate::error::RpcError;
use crate::node_state::NodeState;
use heddle_adapter::OpenType;
use heddle_bytecode::{
    Ability, AbilitySet, CompiledModule, DatatypeHandle, DatatypeHandleIndex, FieldDefinition,
    IdentifierIndex, SignatureToken,
};
use heddle_objects::sui_sdk_types::{Address, Identifier, MovePackage};
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::datatype_descriptor::DatatypeKind;

pub(super) fn get(
    state: &NodeState,
    request: &proto::GetDatatypeRequest,
) -> Result<proto::GetDatatypeResponse, RpcError> {
    let package = package_id(request.package_id.as_deref())?;
    let module = identifier("module_name", request.module_name.as_deref())?;
    let name = identifier("name", request.name.as_deref())?;
    let object = PackageObject::load(state, &package)?;
    let compiled = object.module(module.as_str())?;
    all(state, &object, &compiled)?
        .into_iter()
        .find(|datatype| datatype.name.as_deref() == Some(name.as_str()))
        .map(proto::GetDatatypeResponse::new)
        .ok_or_else(|| RpcError::not_found("datatype", format!("{package}::{module}::{name}")))
}

/// All structs and enums of a module, structs first.
pub(super) fn all(
    state: &NodeState,
    package: &PackageObject,
    module: &CompiledModule,
) -> Result<Vec<proto::DatatypeDescriptor>, RpcError> {
    let reader = Reader {
        state,
        package,
        module,
    };
    let mut found = Vec::new();
    for definition in &module.struct_defs {
        let mut message = reader.head(definition.struct_handle, DatatypeKind::Struct)?;
        message.fields = reader.fields(definition.fields())?;
        found.push(message);
    }
    for definition in &module.enum_defs {
        let mut message = reader.head(definition.enum_handle, DatatypeKind::Enum)?;
        for (position, variant) in (0_u32..).zip(&definition.variants) {
            let mut one = proto::VariantDescriptor::default();
            one.name = Some(reader.name(variant.variant_name)?);
            one.position = Some(position);
            one.fields = reader.fields(&variant.fields)?;
            message.variants.push(one);
        }
        found.push(message);
    }
    Ok(found)
}

struct Reader<'a> {
    state: &'a NodeState,
    package: &'a PackageObject,
    module: &'a CompiledModule,
}

impl Reader<'_> {
    fn head(
        &self,
        index: DatatypeHandleIndex,
        kind: DatatypeKind,
    ) -> Result<proto::DatatypeDescriptor, RpcError> {
        let handle = self.handle(index)?;
        let (defining, module, name) = self.qualified(handle)?;
        let mut message = proto::DatatypeDescriptor::default();
        message.type_name = Some(format!("{defining}::{module}::{name}"));
        message.defining_id = Some(defining.to_string());
        message.module = Some(module);
        message.name = Some(name);
        message.abilities = abilities(handle.abilities);
        message.type_parameters = handle
            .type_parameters
            .iter()
            .map(|parameter| {
                let mut message = proto::TypeParameter::default();
                message.constraints = abilities(parameter.constraints);
                message.is_phantom = Some(parameter.is_phantom);
                message
            })
            .collect();
        message.kind = Some(kind as i32);
        Ok(message)
    }

    fn fields(&self, fields: &[FieldDefinition]) -> Result<Vec<proto::FieldDescriptor>, RpcError> {
        (0_u32..)
            .zip(fields)
            .map(|(position, field)| {
                let mut message = proto::FieldDescriptor::default();
                message.name = Some(self.name(field.name)?);
                message.position = Some(position);
                message.r#type = Some(body(&self.open(&field.signature)?));
                Ok(message)
            })
            .collect()
    }

    fn open(&self, token: &SignatureToken) -> Result<OpenType, RpcError> {
        Ok(match token {
            SignatureToken::Bool => OpenType::Bool,
            SignatureToken::U8 => OpenType::U8,
            SignatureToken::U16 => OpenType::U16,
            SignatureToken::U32 => OpenType::U32,
            SignatureToken::U64 => OpenType::U64,
            SignatureToken::U128 => OpenType::U128,
            SignatureToken::U256 => OpenType::U256,
            SignatureToken::Address => OpenType::Address,
            SignatureToken::Signer => OpenType::Signer,
            SignatureToken::Vector(element) => OpenType::Vector(Box::new(self.open(element)?)),
            SignatureToken::TypeParameter(index) => OpenType::TypeParameter(index.0),
            SignatureToken::Datatype(index) => self.open_datatype(*index, &[])?,
            SignatureToken::DatatypeInstantiation(instantiation) => {
                self.open_datatype(instantiation.0, &instantiation.1)?
            }
            SignatureToken::Reference(_) | SignatureToken::MutableReference(_) => {
                return Err(self.broken("a field is a reference"));
            }
        })
    }

    fn open_datatype(
        &self,
        index: DatatypeHandleIndex,
        arguments: &[SignatureToken],
    ) -> Result<OpenType, RpcError> {
        let (address, module, name) = self.qualified(self.handle(index)?)?;
        let identifier =
            |text: &str| Identifier::new(text).map_err(|_| self.broken("a name is no Move name"));
        Ok(OpenType::Datatype {
            address,
            module: identifier(&module)?,
            name: identifier(&name)?,
            type_arguments: arguments
                .iter()
                .map(|argument| self.open(argument))
                .collect::<Result<_, _>>()?,
        })
    }

    fn handle(&self, index: DatatypeHandleIndex) -> Result<&DatatypeHandle, RpcError> {
        self.module
            .get(index)
            .ok_or_else(|| self.broken("a datatype handle is out of bounds"))
    }

    fn name(&self, index: IdentifierIndex) -> Result<String, RpcError> {
        self.module
            .get(index)
            .map(|name| name.as_ref().to_owned())
            .ok_or_else(|| self.broken("an identifier is out of bounds"))
    }

    /// Defining id, module and name of a datatype.
    fn qualified(&self, handle: &DatatypeHandle) -> Result<(Address, String, String), RpcError> {
        let name = self.name(handle.name)?;
        let home = self
            .module
            .get(handle.module)
            .map(|home| self.module.module_id(home))
            .ok_or_else(|| self.broken("a module handle is out of bounds"))?;
        let module = home.name.as_ref().to_owned();
        let package = self.package.package();
        let defining = if home.address == *self.module.address() {
            origin(package, &module, &name)
        } else {
            let link = package
                .linkage_table
                .get(&home.address)
                .ok_or_else(|| self.broken("a dependency is not linked"))?;
            let dependency = PackageObject::load(self.state, &link.upgraded_id)?;
            origin(dependency.package(), &module, &name)
        };
        let defining = defining.ok_or_else(|| self.broken("a datatype has no origin"))?;
        Ok((defining, module, name))
    }

    fn broken(&self, what: &str) -> RpcError {
        RpcError::Internal(format!(
            "package {}, module {}: {what}",
            self.package.package().id,
            self.module.name().as_ref() as &str
        ))
    }
}

fn origin(package: &MovePackage, module: &str, name: &str) -> Option<Address> {
    package
        .type_origin_table
        .iter()
        .find(|origin| origin.module_name.as_str() == module && origin.struct_name.as_str() == name)
        .map(|origin| origin.package)
}

fn abilities(set: AbilitySet) -> Vec<i32> {
    set.into_iter()
        .map(|ability| match ability {
            Ability::Copy => proto::Ability::Copy as i32,
            Ability::Drop => proto::Ability::Drop as i32,
            Ability::Store => proto::Ability::Store as i32,
            Ability::Key => proto::Ability::Key as i32,
        })
        .collect()
}
