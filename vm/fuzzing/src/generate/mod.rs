//! Bytes to a module whose code is well typed.
//!
//! The datatypes come first, each made of those before it, then constants,
//! signatures, and last the bodies (`body`), which may call any function of
//! the module and the natives in [`natives_module`]. The verifier has the last
//! word: a module may still break a rule, most often that of references.

mod body;
mod native;

pub use native::{NATIVES, natives_module, natives_package};

use crate::choices::Choices;
use heddle_bytecode::testing::{FunctionSignature, ModuleBuilder, address};
use heddle_bytecode::{
    Ability, AbilitySet, Address, CompiledModule, ConstantPoolIndex, DatatypeHandleIndex,
    EnumDefinitionIndex, FunctionDefinitionIndex, FunctionHandleIndex, SignatureToken as T,
    StructDefinitionIndex, TypeParameterIndex, Visibility,
};

/// Where generated modules live.
#[must_use]
pub fn home() -> Address {
    address(0x42)
}

/// The name of generated modules.
pub const MODULE: &str = "m";

/// The module that the next bytes decide on.
#[must_use]
pub fn module(choices: &mut Choices<'_>) -> CompiledModule {
    let mut generator = Generator::new(choices);
    generator.datatypes();
    generator.constants();
    generator.signatures();
    generator.bodies();
    generator.builder.build()
}

const PRIMITIVES: [T; 8] = [
    T::U64,
    T::Bool,
    T::U8,
    T::U16,
    T::U32,
    T::U128,
    T::U256,
    T::Address,
];

/// What defines a datatype.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Definition {
    Struct(StructDefinitionIndex),
    Enum(EnumDefinitionIndex),
}

/// A datatype of the module.
#[derive(Clone)]
struct Datatype {
    handle: DatatypeHandleIndex,
    definition: Definition,
    type_parameters: Vec<(bool, AbilitySet)>,
    /// Fields of each variant; a struct has one.
    variants: Vec<Vec<T>>,
}

/// A function that code can call.
#[derive(Clone)]
struct Function {
    handle: FunctionHandleIndex,
    /// `None` for a native of another module.
    definition: Option<FunctionDefinitionIndex>,
    signature: FunctionSignature,
}

struct Generator<'c, 'b> {
    choices: &'c mut Choices<'b>,
    builder: ModuleBuilder,
    datatypes: Vec<Datatype>,
    functions: Vec<Function>,
    constants: Vec<(ConstantPoolIndex, T)>,
}

/// `token` with `arguments` for its type parameters.
pub(crate) fn substitute(token: &T, arguments: &[T]) -> T {
    match token {
        T::TypeParameter(index) => arguments.get(usize::from(index.0)).unwrap_or(token).clone(),
        T::Vector(inner) => T::Vector(Box::new(substitute(inner, arguments))),
        T::Reference(inner) => T::Reference(Box::new(substitute(inner, arguments))),
        T::MutableReference(inner) => T::MutableReference(Box::new(substitute(inner, arguments))),
        T::DatatypeInstantiation(instantiation) => {
            let inner = instantiation.1.iter();
            let inner = inner.map(|it| substitute(it, arguments)).collect();
            T::DatatypeInstantiation(Box::new((instantiation.0, inner)))
        }
        plain => plain.clone(),
    }
}

impl<'c, 'b> Generator<'c, 'b> {
    fn new(choices: &'c mut Choices<'b>) -> Self {
        Self {
            choices,
            builder: ModuleBuilder::new(home(), MODULE),
            datatypes: Vec::new(),
            functions: Vec::new(),
            constants: Vec::new(),
        }
    }

    fn abilities_of(&self, token: &T, type_parameters: &[AbilitySet]) -> AbilitySet {
        heddle_verifier::abilities(&self.builder.module, token, type_parameters)
    }

    fn abilities(&mut self) -> AbilitySet {
        match self.choices.byte() {
            0..=159 => AbilitySet::PRIMITIVES,
            160..=199 => AbilitySet::singleton(Ability::Drop),
            bits => AbilitySet::from_bits(bits & 0x7).unwrap_or(AbilitySet::PRIMITIVES),
        }
    }

    /// A type with all of `demanded`, where there are `type_parameters`.
    fn type_(&mut self, demanded: AbilitySet, type_parameters: &[AbilitySet], depth: usize) -> T {
        for _ in 0..8 {
            let found = self.any_type(type_parameters, depth);
            if demanded.is_subset(self.abilities_of(&found, type_parameters)) {
                return found;
            }
        }
        T::U64
    }

    fn any_type(&mut self, type_parameters: &[AbilitySet], depth: usize) -> T {
        match self.choices.below(if depth == 0 { 4 } else { 10 }) {
            0 => T::U64,
            1..=3 => {
                let at = self.choices.below(PRIMITIVES.len());
                PRIMITIVES[at].clone()
            }
            4 | 5 => T::Vector(Box::new(self.any_type(type_parameters, depth - 1))),
            6 if !type_parameters.is_empty() => {
                let at = self.choices.below(type_parameters.len());
                T::TypeParameter(TypeParameterIndex(u16::try_from(at).unwrap_or(0)))
            }
            _ => {
                let Some(datatype) = self.choices.pick(&self.datatypes).cloned() else {
                    return T::Bool;
                };
                self.instance(&datatype, type_parameters, depth)
            }
        }
    }

    fn instance(&mut self, datatype: &Datatype, type_parameters: &[AbilitySet], depth: usize) -> T {
        if datatype.type_parameters.is_empty() {
            return T::Datatype(datatype.handle);
        }
        let arguments = datatype
            .type_parameters
            .iter()
            .map(|(_, demanded)| self.type_(*demanded, type_parameters, depth.saturating_sub(1)))
            .collect();
        T::DatatypeInstantiation(Box::new((datatype.handle, arguments)))
    }

    fn type_parameters(&mut self) -> Vec<AbilitySet> {
        let count = match self.choices.byte() {
            0..=179 => 0,
            180..=229 => 1,
            _ => 2,
        };
        (0..count).map(|_| self.abilities()).collect()
    }

    fn datatypes(&mut self) {
        let count = self.choices.below(6);
        for position in 0..count {
            let abilities = self.abilities();
            let parameters = self.type_parameters();
            let type_parameters: Vec<(bool, AbilitySet)> = parameters
                .iter()
                .map(|constraints| (self.choices.one_in(4), *constraints))
                .collect();
            // In a field a parameter counts as having what the datatype has.
            let inside = vec![AbilitySet::ALL; parameters.len()];
            let is_enum = self.choices.one_in(3);
            let variant_count = if is_enum {
                1 + self.choices.below(4)
            } else {
                1
            };
            let variants: Vec<Vec<T>> = (0..variant_count)
                .map(|_| {
                    let smallest = usize::from(!is_enum);
                    let fields = smallest + self.choices.below(4);
                    (0..fields)
                        .map(|_| self.type_(abilities.requires(), &inside, 2))
                        .collect()
                })
                .collect();
            let name = format!("D{position}");
            let handle = self
                .builder
                .own_datatype(&name, abilities, &type_parameters);
            let definition = self.define(handle, &variants, is_enum);
            self.datatypes.push(Datatype {
                handle,
                definition,
                type_parameters,
                variants,
            });
        }
    }

    fn define(
        &mut self,
        handle: DatatypeHandleIndex,
        variants: &[Vec<T>],
        is_enum: bool,
    ) -> Definition {
        let names: Vec<String> = (0..32).map(|at| format!("f{at}")).collect();
        let named: Vec<Vec<(&str, T)>> = variants
            .iter()
            .map(|fields| {
                let names = names.iter().map(String::as_str);
                names.zip(fields.iter().cloned()).collect()
            })
            .collect();
        if is_enum {
            let tags: Vec<String> = (0..variants.len()).map(|at| format!("V{at}")).collect();
            let variants: Vec<(&str, &[(&str, T)])> = tags
                .iter()
                .map(String::as_str)
                .zip(named.iter().map(Vec::as_slice))
                .collect();
            Definition::Enum(self.builder.enum_def(handle, &variants))
        } else {
            Definition::Struct(self.builder.struct_def(handle, &named[0]))
        }
    }

    fn constants(&mut self) {
        for _ in 0..self.choices.below(4) {
            let (type_, data) = match self.choices.below(4) {
                0 => (T::U64, self.choices.number().to_le_bytes().to_vec()),
                1 => (T::Address, vec![self.choices.byte(); 32]),
                2 => (T::Bool, vec![self.choices.byte() & 1]),
                _ => {
                    let length = self.choices.byte() % 40;
                    let mut data = vec![length];
                    data.extend((0..length).map(|_| self.choices.byte()));
                    (T::Vector(Box::new(T::U8)), data)
                }
            };
            let index = self.builder.constant(type_.clone(), &data);
            if !self.constants.iter().any(|(known, _)| *known == index) {
                self.constants.push((index, type_));
            }
        }
    }

    fn signatures(&mut self) {
        for at in 0..=self.choices.below(4) {
            let type_parameters = self.type_parameters();
            let parameter_count = self.choices.below(5);
            let parameters: Vec<T> = (0..parameter_count)
                .map(|_| self.passed(&type_parameters))
                .collect();
            let return_count = self.choices.below(3);
            let returns = (0..return_count)
                .map(|_| match self.choices.one_in(8) {
                    true => self.passed(&type_parameters),
                    false => self.type_(AbilitySet::EMPTY, &type_parameters, 2),
                })
                .collect();
            let signature = FunctionSignature {
                type_parameters,
                parameters,
                returns,
            };
            let definition =
                self.builder
                    .function(&format!("f{at}"), Visibility::Public, &signature);
            self.functions.push(Function {
                handle: self.builder.module[definition].function,
                definition: Some(definition),
                signature,
            });
        }
        native::import(&mut self.builder, &mut self.functions);
    }

    /// The type of a parameter or result: a value, or a reference to one.
    fn passed(&mut self, type_parameters: &[AbilitySet]) -> T {
        let inner = self.type_(AbilitySet::EMPTY, type_parameters, 2);
        match self.choices.below(6) {
            0 => T::Reference(Box::new(inner)),
            1 => T::MutableReference(Box::new(inner)),
            _ => inner,
        }
    }

    fn bodies(&mut self) {
        for at in 0..self.functions.len() {
            let function = self.functions[at].clone();
            if let Some(definition) = function.definition {
                body::generate(self, definition, &function.signature);
            }
        }
    }
}
