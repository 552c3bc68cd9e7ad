//! Functions and types as those outside the VM see them.

use crate::module::entry;
use crate::runtime_type::{RuntimeType, TypeKind};
use crate::{
    DatatypeId, EnumLayout, FieldLayout, FunctionInfo, Package, ResolveError, SignatureType,
    StructLayout, TypeLayout, VariantLayout,
};
use heddle_bytecode::{
    CompiledModule, DatatypeHandleIndex, EnumDefinitionIndex, FieldDefinition, FunctionDefinition,
    IdentifierIndex, SignatureIndex, SignatureToken, StructDefinitionIndex,
};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier, StructTag, TypeTag};

/// Says which package version first defined a datatype, by the address that
/// modules use, the module and the datatype.
pub(crate) type Origin<'a> =
    dyn Fn(&Address, &Identifier, &Identifier) -> Result<Address, ResolveError> + 'a;

/// Deepest type in a signature.
const DEPTH_MAX: u32 = 256;

/// Describes a function of `module`, which belongs to `package`.
pub(crate) fn function(
    package: &Package,
    module: &CompiledModule,
    definition: &FunctionDefinition,
    origin: &Origin<'_>,
) -> Result<FunctionInfo, ResolveError> {
    let reader = Reader {
        package,
        module,
        origin,
    };
    let handle = reader.entry(definition.function)?;
    let own = reader.entry(reader.entry(handle.module)?.name)?;
    Ok(FunctionInfo {
        package: package.storage_id,
        original_id: package.original_id,
        module: identifier(own)?,
        name: reader.name(handle.name)?,
        visibility: definition.visibility,
        is_entry: definition.is_entry,
        is_native: definition.is_native(),
        type_parameters: handle.type_parameters.clone(),
        parameters: reader.signature(handle.parameters)?,
        returns: reader.signature(handle.return_)?,
    })
}

pub(crate) fn identifier(name: &str) -> Result<Identifier, ResolveError> {
    Identifier::new(name).map_err(|_| ResolveError::BadIdentifier(name.to_owned()))
}

struct Reader<'a> {
    package: &'a Package,
    module: &'a CompiledModule,
    origin: &'a Origin<'a>,
}

impl<'a> Reader<'a> {
    fn entry<I: heddle_bytecode::TableIndex>(
        &self,
        index: I,
    ) -> Result<&'a I::Entry, ResolveError> {
        entry(self.module, index).map_err(|detail| ResolveError::MalformedModule {
            package: self.package.storage_id,
            module: String::new(),
            detail: detail.to_owned(),
        })
    }

    fn name(&self, index: IdentifierIndex) -> Result<Identifier, ResolveError> {
        identifier(self.entry(index)?.as_str())
    }

    fn signature(&self, index: SignatureIndex) -> Result<Vec<SignatureType>, ResolveError> {
        let tokens = self.entry(index)?;
        tokens.0.iter().map(|token| self.token(token, 0)).collect()
    }

    fn token(&self, token: &SignatureToken, depth: u32) -> Result<SignatureType, ResolveError> {
        if depth > DEPTH_MAX {
            return Err(ResolveError::TypeTooLarge { limit: "depth" });
        }
        let inner = |token: &SignatureToken| self.token(token, depth + 1).map(Box::new);
        Ok(match token {
            SignatureToken::Bool => SignatureType::Bool,
            SignatureToken::U8 => SignatureType::U8,
            SignatureToken::U16 => SignatureType::U16,
            SignatureToken::U32 => SignatureType::U32,
            SignatureToken::U64 => SignatureType::U64,
            SignatureToken::U128 => SignatureType::U128,
            SignatureToken::U256 => SignatureType::U256,
            SignatureToken::Address => SignatureType::Address,
            SignatureToken::Signer => SignatureType::Signer,
            SignatureToken::Vector(element) => SignatureType::Vector(inner(element)?),
            SignatureToken::Reference(target) => SignatureType::Reference(inner(target)?),
            SignatureToken::MutableReference(target) => {
                SignatureType::MutableReference(inner(target)?)
            }
            SignatureToken::TypeParameter(index) => SignatureType::TypeParameter(index.0),
            SignatureToken::Datatype(handle) => self.datatype(*handle, &[], depth)?,
            SignatureToken::DatatypeInstantiation(instantiation) => {
                self.datatype(instantiation.0, &instantiation.1, depth)?
            }
        })
    }

    fn datatype(
        &self,
        handle: DatatypeHandleIndex,
        arguments: &[SignatureToken],
        depth: u32,
    ) -> Result<SignatureType, ResolveError> {
        let handle = self.entry(handle)?;
        let module_handle = self.entry(handle.module)?;
        let address = self.entry(module_handle.address)?;
        let module = self.name(module_handle.name)?;
        let name = self.name(handle.name)?;
        let defining_id = (self.origin)(address, &module, &name)?;
        Ok(SignatureType::Datatype {
            id: DatatypeId {
                defining_id,
                module,
                name,
            },
            type_arguments: arguments
                .iter()
                .map(|token| self.token(token, depth + 1))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// The layout of `ty` with names. Equal parts are shared: a type is small
/// where its layout written out would not be.
pub(crate) fn layout(ty: &RuntimeType) -> Result<TypeLayout, ResolveError> {
    layout_of(ty, &mut FxHashMap::default())
}

fn layout_of(
    ty: &RuntimeType,
    known: &mut FxHashMap<RuntimeType, TypeLayout>,
) -> Result<TypeLayout, ResolveError> {
    if let Some(layout) = known.get(ty) {
        return Ok(layout.clone());
    }
    let layout = match &ty.kind {
        TypeKind::Bool => TypeLayout::Bool,
        TypeKind::U8 => TypeLayout::U8,
        TypeKind::U16 => TypeLayout::U16,
        TypeKind::U32 => TypeLayout::U32,
        TypeKind::U64 => TypeLayout::U64,
        TypeKind::U128 => TypeLayout::U128,
        TypeKind::U256 => TypeLayout::U256,
        TypeKind::Address => TypeLayout::Address,
        TypeKind::Signer => TypeLayout::Signer,
        TypeKind::Vector(element) => TypeLayout::Vector(Arc::new(layout_of(element, known)?)),
        TypeKind::Datatype(datatype) => {
            let TypeTag::Struct(tag) = ty.tag() else {
                return Err(datatype.loaded_from.malformed("datatype without a tag"));
            };
            datatype_layout(ty, *tag, known)?
        }
    };
    known.insert(ty.clone(), layout.clone());
    Ok(layout)
}

fn datatype_layout(
    ty: &RuntimeType,
    tag: StructTag,
    known: &mut FxHashMap<RuntimeType, TypeLayout>,
) -> Result<TypeLayout, ResolveError> {
    let TypeKind::Datatype(datatype) = &ty.kind else {
        return Ok(TypeLayout::Bool);
    };
    let loaded = &datatype.loaded_from;
    let module = &loaded.module;
    let malformed = |detail| loaded.malformed(detail);
    let mut fields = |definitions: &[FieldDefinition], types: &[RuntimeType]| {
        definitions
            .iter()
            .zip(types)
            .map(|(field, ty)| {
                Ok(FieldLayout {
                    name: identifier(entry(module, field.name).map_err(malformed)?.as_str())?,
                    layout: layout_of(ty, known)?,
                })
            })
            .collect::<Result<Vec<_>, ResolveError>>()
    };
    if !datatype.is_enum {
        let index = StructDefinitionIndex(datatype.datatype as u16);
        let definition = entry(module, index).map_err(malformed)?;
        let types = datatype.variants.first().map_or(&[][..], |types| types);
        let fields = fields(definition.fields(), types)?;
        return Ok(TypeLayout::Struct(Arc::new(StructLayout { tag, fields })));
    }
    let index = EnumDefinitionIndex((datatype.datatype - module.struct_defs.len()) as u16);
    let definition = entry(module, index).map_err(malformed)?;
    let mut variants = Vec::with_capacity(definition.variants.len());
    for (variant, types) in definition.variants.iter().zip(&datatype.variants) {
        variants.push(VariantLayout {
            name: identifier(
                entry(module, variant.variant_name)
                    .map_err(malformed)?
                    .as_str(),
            )?,
            fields: fields(&variant.fields, types)?,
        });
    }
    Ok(TypeLayout::Enum(Arc::new(EnumLayout { tag, variants })))
}
