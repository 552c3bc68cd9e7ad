//! Limits on what a module may contain.

/// Counts and sizes that a module must not exceed. All are inclusive.
///
/// The default is what published modules are held to; it admits whatever the
/// networks that share the format admit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierLimits {
    /// Bytes of an identifier.
    pub identifier_bytes: usize,
    /// Type parameters of a function or datatype.
    pub type_parameters: usize,
    /// Parameters of a function.
    pub function_parameters: usize,
    /// Locals of a function, parameters included. More than 255 cannot be
    /// named by an instruction.
    pub locals: usize,
    /// Functions that a module defines.
    pub function_definitions: usize,
    /// Structs and enums that a module defines, together.
    pub datatype_definitions: usize,
    /// Fields of a struct, or of all variants of an enum together.
    pub fields: usize,
    /// Variants of an enum.
    pub variants: usize,
    /// Weight of a type: 1 for each of its nodes, but
    /// [`VerifierLimits::NAMED_TYPE_WEIGHT`] for a datatype or type parameter.
    pub type_weight: usize,
    /// Weight of all type arguments in the signature and code of a function.
    pub function_type_weight: usize,
    /// Weight of all type arguments in the signatures and code of a module.
    pub module_type_weight: usize,
    /// Elements of a constant that is a vector.
    pub constant_elements: u64,
    /// Basic blocks of a function.
    pub basic_blocks: usize,
    /// Levels to which the loops of a function nest.
    pub loop_depth: usize,
    /// Values that one basic block pushes.
    pub block_pushes: usize,
    /// Values on the operand stack of a function.
    pub stack_height: usize,
}

impl VerifierLimits {
    /// What a datatype or type parameter weighs in a type: it may stand for
    /// something larger than itself.
    pub const NAMED_TYPE_WEIGHT: usize = 4;
}

impl Default for VerifierLimits {
    fn default() -> Self {
        Self {
            identifier_bytes: 128,
            type_parameters: 32,
            function_parameters: 128,
            locals: 255,
            function_definitions: 1000,
            datatype_definitions: 200,
            fields: 32,
            variants: 127,
            type_weight: 256,
            function_type_weight: 10_000,
            module_type_weight: 500_000,
            constant_elements: 1024 * 1024,
            basic_blocks: 1024,
            loop_depth: 5,
            block_pushes: 10_000,
            stack_height: 1024,
        }
    }
}
