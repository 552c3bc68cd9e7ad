//! Limits on what a module may contain.

/// Counts and sizes that a module must not exceed. All are inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierLimits {
    /// Parameters of a function.
    pub function_parameters: usize,
    /// Results of a function.
    pub function_returns: usize,
    /// Locals of a function, parameters included.
    pub locals: usize,
    /// Type parameters of a function or datatype.
    pub type_parameters: usize,
    /// Nodes of a type, with those of each datatype counted as
    /// [`VerifierLimits::datatype_weight`].
    pub type_nodes: usize,
    /// What a datatype counts for in [`VerifierLimits::type_nodes`].
    pub datatype_weight: usize,
    /// Depth of a type; a primitive has depth 1.
    pub type_depth: usize,
    /// Structs and enums that a module defines, each kind for itself.
    pub datatype_definitions: usize,
    /// Functions that a module defines.
    pub function_definitions: usize,
    /// Fields of a struct or of a variant.
    pub fields: usize,
    /// Variants of an enum.
    pub variants: usize,
    /// Bytes of an identifier.
    pub identifier_bytes: usize,
    /// Elements of the outermost vector of a constant.
    pub constant_elements: u64,
    /// Basic blocks of a function.
    pub basic_blocks: usize,
    /// Depth to which loops of a function nest.
    pub loop_depth: usize,
    /// Values that a function pushes within one basic block, counting what a
    /// call or unpack pushes.
    pub block_pushes: usize,
    /// Height of the operand stack within a function.
    pub stack_height: usize,
    /// Type parameters that loops of generic calls may pass through; bounds
    /// the graph of the instantiation check.
    pub generic_call_edges: usize,
    /// Levels that datatypes may nest by value, through fields.
    pub datatype_nesting: usize,
    /// Modules that a module may name, itself included.
    pub module_handles: usize,
}

impl Default for VerifierLimits {
    fn default() -> Self {
        Self {
            function_parameters: 128,
            function_returns: 128,
            locals: 255,
            type_parameters: 16,
            type_nodes: 128,
            datatype_weight: 4,
            type_depth: 16,
            datatype_definitions: 200,
            function_definitions: 1000,
            fields: 32,
            variants: 127,
            identifier_bytes: 128,
            constant_elements: 1024 * 1024,
            basic_blocks: 1024,
            loop_depth: 5,
            block_pushes: 10_000,
            stack_height: 1024,
            generic_call_edges: 100_000,
            datatype_nesting: 128,
            module_handles: 1024,
        }
    }
}
