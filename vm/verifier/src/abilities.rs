//! The abilities of types.

use heddle_bytecode::{AbilitySet, CompiledModule, SignatureToken};

/// The abilities of a type of `module`, where the type parameters in it have
/// `type_parameters`.
///
/// For a module that has passed the bounds check.
#[must_use]
pub fn abilities(
    module: &CompiledModule,
    token: &SignatureToken,
    type_parameters: &[AbilitySet],
) -> AbilitySet {
    use SignatureToken as T;

    match token {
        T::Bool | T::U8 | T::U16 | T::U32 | T::U64 | T::U128 | T::U256 | T::Address => {
            AbilitySet::PRIMITIVES
        }
        T::Signer => AbilitySet::SIGNER,
        T::Reference(_) | T::MutableReference(_) => AbilitySet::REFERENCES,
        T::TypeParameter(index) => type_parameters[index.position()],
        T::Datatype(handle) => module[*handle].abilities,
        T::Vector(element) => {
            let element = abilities(module, element, type_parameters);
            AbilitySet::polymorphic(AbilitySet::VECTOR, [(false, element)])
        }
        T::DatatypeInstantiation(instantiation) => {
            let (handle, arguments) = &**instantiation;
            let arguments = arguments
                .iter()
                .map(|argument| abilities(module, argument, type_parameters));
            module[*handle].abilities_with(arguments)
        }
    }
}
