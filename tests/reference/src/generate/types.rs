//! Types while a program is made: datatypes by their position among all
//! datatypes, so that a type can be written in any module.

use super::Items;
use crate::Choices;
use heddle_bytecode::testing::ModuleBuilder;
use heddle_bytecode::{
    Ability, AbilitySet, Bytecode, DatatypeHandleIndex, EnumDefinitionIndex,
    FunctionDefinitionIndex, SignatureToken, StructDefinitionIndex, TypeParameterIndex,
};

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ty {
    Bool,
    Integer(u32),
    Address,
    Vector(Box<Ty>),
    Data(usize, Vec<Ty>),
    Parameter(u16),
}

/// How a parameter, result or local is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passing {
    Value,
    Immutable,
    Mutable,
}

/// A type with how it is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) passing: Passing,
    pub(super) ty: Ty,
}

impl Kind {
    pub(super) fn value(ty: Ty) -> Self {
        Self {
            passing: Passing::Value,
            ty,
        }
    }

    pub(super) fn reference(ty: Ty, is_mutable: bool) -> Self {
        let passing = if is_mutable {
            Passing::Mutable
        } else {
            Passing::Immutable
        };
        Self { passing, ty }
    }

    pub(super) fn put_in(&self, arguments: &[Ty]) -> Self {
        Self {
            passing: self.passing,
            ty: self.ty.put_in(arguments),
        }
    }
}

/// A struct or enum.
pub(super) struct Data {
    pub(super) module: usize,
    pub(super) name: String,
    pub(super) abilities: AbilitySet,
    /// Whether a parameter is phantom, and what its arguments must have.
    pub(super) parameters: Vec<(bool, AbilitySet)>,
    pub(super) variants: Vec<Vec<Ty>>,
    pub(super) is_enum: bool,
    pub(super) struct_def: Option<StructDefinitionIndex>,
    pub(super) enum_def: Option<EnumDefinitionIndex>,
}

/// A function.
pub(super) struct Function {
    pub(super) module: usize,
    pub(super) name: String,
    pub(super) constraints: Vec<AbilitySet>,
    pub(super) parameters: Vec<Kind>,
    pub(super) returns: Vec<Kind>,
    pub(super) definition: FunctionDefinitionIndex,
    /// Whether it may call itself, with its first parameter made smaller.
    pub(super) is_recursive: bool,
}

const COPY_DROP: AbilitySet = AbilitySet::REFERENCES;

pub(super) fn datatype_abilities(choices: &mut Choices) -> AbilitySet {
    match choices.below(10) {
        0..=5 => AbilitySet::PRIMITIVES,
        6 => COPY_DROP,
        7 => AbilitySet::singleton(Ability::Drop).with(Ability::Store),
        8 => AbilitySet::singleton(Ability::Store),
        _ => AbilitySet::EMPTY,
    }
}

pub(super) fn constraint(choices: &mut Choices) -> AbilitySet {
    match choices.below(8) {
        0..=4 => COPY_DROP,
        5 => AbilitySet::PRIMITIVES,
        6 => AbilitySet::singleton(Ability::Drop),
        _ => AbilitySet::EMPTY,
    }
}

/// Whether a value can be made without one of a type parameter.
pub(super) fn is_made_from_nothing(items: &Items, ty: &Ty) -> bool {
    match ty {
        Ty::Parameter(_) => false,
        Ty::Data(index, arguments) => items.datas[*index].variants[0]
            .iter()
            .all(|field| is_made_from_nothing(items, &field.put_in(arguments))),
        _ => true,
    }
}

impl Ty {
    pub(super) fn put_in(&self, arguments: &[Ty]) -> Self {
        match self {
            Self::Parameter(index) => arguments[usize::from(*index)].clone(),
            Self::Vector(element) => Self::Vector(Box::new(element.put_in(arguments))),
            Self::Data(index, inner) => Self::Data(
                *index,
                inner.iter().map(|ty| ty.put_in(arguments)).collect(),
            ),
            other => other.clone(),
        }
    }

    /// Finds the arguments that make `self` the type `target`.
    pub(super) fn matches(&self, target: &Ty, found: &mut [Option<Ty>]) -> bool {
        match (self, target) {
            (Self::Parameter(index), _) => {
                let slot = &mut found[usize::from(*index)];
                match slot {
                    Some(known) => known == target,
                    None => {
                        *slot = Some(target.clone());
                        true
                    }
                }
            }
            (Self::Vector(own), Self::Vector(other)) => own.matches(other, found),
            (Self::Data(own, inner), Self::Data(other, targets)) => {
                own == other
                    && inner
                        .iter()
                        .zip(targets)
                        .all(|(ty, target)| ty.matches(target, found))
            }
            _ => self == target,
        }
    }
}

impl Data {
    /// Writes the definition into its module.
    pub(super) fn define(
        &mut self,
        items: &Items,
        builder: &mut ModuleBuilder,
        handle: DatatypeHandleIndex,
    ) {
        let variants: Vec<Vec<(String, SignatureToken)>> = self
            .variants
            .iter()
            .map(|fields| {
                let named = fields.iter().enumerate();
                named
                    .map(|(position, ty)| (format!("x{position}"), items.token(builder, ty)))
                    .collect()
            })
            .collect();
        let borrowed: Vec<Vec<(&str, SignatureToken)>> = variants
            .iter()
            .map(|fields| {
                let fields = fields.iter();
                fields
                    .map(|(name, ty)| (name.as_str(), ty.clone()))
                    .collect()
            })
            .collect();
        if self.is_enum {
            let names: Vec<String> = (0..borrowed.len()).map(|tag| format!("V{tag}")).collect();
            let variants: Vec<(&str, heddle_bytecode::testing::Fields<'_>)> = names
                .iter()
                .zip(&borrowed)
                .map(|(name, fields)| (name.as_str(), &fields[..]))
                .collect();
            self.enum_def = Some(builder.enum_def(handle, &variants));
        } else {
            self.struct_def = Some(builder.struct_def(handle, &borrowed[0]));
        }
    }

    fn enum_def(&self) -> EnumDefinitionIndex {
        self.enum_def.expect("an enum is defined as one")
    }

    fn struct_def(&self) -> StructDefinitionIndex {
        self.struct_def.expect("a struct is defined as one")
    }
}

impl Items {
    /// The abilities of a type where type parameters have `parameters`.
    pub(super) fn abilities(&self, ty: &Ty, parameters: &[AbilitySet]) -> AbilitySet {
        match ty {
            Ty::Bool | Ty::Integer(_) | Ty::Address => AbilitySet::PRIMITIVES,
            Ty::Parameter(index) => parameters[usize::from(*index)],
            Ty::Vector(element) => {
                let element = self.abilities(element, parameters);
                AbilitySet::polymorphic(AbilitySet::VECTOR, [(false, element)])
            }
            Ty::Data(index, arguments) => {
                let data = &self.datas[*index];
                let arguments = arguments.iter().map(|ty| self.abilities(ty, parameters));
                let phantom = data.parameters.iter().map(|(is_phantom, _)| *is_phantom);
                AbilitySet::polymorphic(data.abilities, phantom.zip(arguments))
            }
        }
    }

    /// The type as `builder`'s module writes it.
    pub(super) fn token(&self, builder: &mut ModuleBuilder, ty: &Ty) -> SignatureToken {
        use SignatureToken as T;
        match ty {
            Ty::Bool => T::Bool,
            Ty::Integer(8) => T::U8,
            Ty::Integer(16) => T::U16,
            Ty::Integer(32) => T::U32,
            Ty::Integer(64) => T::U64,
            Ty::Integer(128) => T::U128,
            Ty::Integer(_) => T::U256,
            Ty::Address => T::Address,
            Ty::Vector(element) => T::Vector(Box::new(self.token(builder, element))),
            Ty::Parameter(index) => T::TypeParameter(TypeParameterIndex(*index)),
            Ty::Data(index, arguments) => {
                let handle = self.datatype_handle(builder, *index);
                if arguments.is_empty() {
                    return T::Datatype(handle);
                }
                let arguments = self.tokens(builder, arguments);
                T::DatatypeInstantiation(Box::new((handle, arguments)))
            }
        }
    }

    pub(super) fn tokens(&self, builder: &mut ModuleBuilder, types: &[Ty]) -> Vec<SignatureToken> {
        types.iter().map(|ty| self.token(builder, ty)).collect()
    }

    pub(super) fn token_of_kind(&self, builder: &mut ModuleBuilder, kind: &Kind) -> SignatureToken {
        let target = self.token(builder, &kind.ty);
        match kind.passing {
            Passing::Value => target,
            Passing::Immutable => SignatureToken::Reference(Box::new(target)),
            Passing::Mutable => SignatureToken::MutableReference(Box::new(target)),
        }
    }

    /// The instruction that packs a variant of `ty`, which is of the module.
    pub(super) fn pack(&self, builder: &mut ModuleBuilder, ty: &Ty, tag: u16) -> Bytecode {
        let (data, arguments) = self.parts_of_data(ty);
        let arguments = self.tokens(builder, arguments);
        match (data.is_enum, arguments.is_empty()) {
            (false, true) => Bytecode::Pack(data.struct_def()),
            (false, false) => {
                let index = builder.struct_instantiation(data.struct_def(), &arguments);
                Bytecode::PackGeneric(index)
            }
            (true, true) => Bytecode::PackVariant(builder.variant(data.enum_def(), tag)),
            (true, false) => {
                let index = builder.enum_instantiation(data.enum_def(), &arguments);
                Bytecode::PackVariantGeneric(builder.variant_instantiation(index, tag))
            }
        }
    }

    /// The instruction that takes a variant of `ty` apart: a value, or what a
    /// reference (mutable or not) refers to.
    pub(super) fn unpack(
        &self,
        builder: &mut ModuleBuilder,
        ty: &Ty,
        tag: u16,
        reference: Option<bool>,
    ) -> Bytecode {
        let (data, arguments) = self.parts_of_data(ty);
        let arguments = self.tokens(builder, arguments);
        if !data.is_enum {
            return if arguments.is_empty() {
                Bytecode::Unpack(data.struct_def())
            } else {
                let index = builder.struct_instantiation(data.struct_def(), &arguments);
                Bytecode::UnpackGeneric(index)
            };
        }
        if arguments.is_empty() {
            let index = builder.variant(data.enum_def(), tag);
            return match reference {
                None => Bytecode::UnpackVariant(index),
                Some(true) => Bytecode::UnpackVariantMutRef(index),
                Some(false) => Bytecode::UnpackVariantImmRef(index),
            };
        }
        let index = builder.enum_instantiation(data.enum_def(), &arguments);
        let index = builder.variant_instantiation(index, tag);
        match reference {
            None => Bytecode::UnpackVariantGeneric(index),
            Some(true) => Bytecode::UnpackVariantGenericMutRef(index),
            Some(false) => Bytecode::UnpackVariantGenericImmRef(index),
        }
    }

    /// The instruction that borrows a field of `ty`.
    pub(super) fn borrow_field(
        &self,
        builder: &mut ModuleBuilder,
        ty: &Ty,
        field: u16,
        is_mutable: bool,
    ) -> Bytecode {
        let (data, arguments) = self.parts_of_data(ty);
        let arguments = self.tokens(builder, arguments);
        let handle = builder.field(data.struct_def(), field);
        if arguments.is_empty() {
            return if is_mutable {
                Bytecode::MutBorrowField(handle)
            } else {
                Bytecode::ImmBorrowField(handle)
            };
        }
        let index = builder.field_instantiation(handle, &arguments);
        if is_mutable {
            Bytecode::MutBorrowFieldGeneric(index)
        } else {
            Bytecode::ImmBorrowFieldGeneric(index)
        }
    }

    pub(super) fn parts_of_data<'t>(&self, ty: &'t Ty) -> (&Data, &'t [Ty]) {
        match ty {
            Ty::Data(index, arguments) => (&self.datas[*index], arguments),
            other => unreachable!("{other:?} is no datatype"),
        }
    }

    /// Types of the fields of each variant, with the type arguments put in.
    pub(super) fn variants(&self, ty: &Ty) -> Vec<Vec<Ty>> {
        let (data, arguments) = self.parts_of_data(ty);
        let variants = data.variants.iter();
        variants
            .map(|fields| fields.iter().map(|ty| ty.put_in(arguments)).collect())
            .collect()
    }
}
