//! What can go wrong, by whose fault it is.
//!
//! [`ExecutionErrorKind`] keeps three things apart: what the program did
//! (abort, arithmetic, limits), what its surroundings did (`Source`), and what
//! no verified module can do (`InvariantViolation`): the last means a bug in
//! the verifier or in this crate, or a module that was never verified.

use sui_sdk_types::{Address, Identifier};

/// Where in a program something happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Storage id of the package version whose code ran.
    pub package: Address,
    /// First version of that package, the address inside its modules.
    pub original_id: Address,
    /// The module.
    pub module: Identifier,
    /// Index of the function definition in its module.
    pub function_index: u16,
    /// Name of the function.
    pub function: Identifier,
    /// Offset of the Move instruction in the function's code; 0 in a native.
    pub instruction: u16,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}::{}::{} at instruction {}",
            self.package, self.module, self.function, self.instruction
        )
    }
}

/// Why an execution stopped, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}{}", .place.as_ref().map(|place| format!(" in {place}")).unwrap_or_default())]
pub struct ExecutionError {
    /// What happened.
    pub kind: ExecutionErrorKind,
    /// Where; `None` outside of any function (arguments, linking).
    pub place: Option<Box<Place>>,
}

impl ExecutionError {
    pub(crate) fn without_place(kind: ExecutionErrorKind) -> Self {
        Self { kind, place: None }
    }
}

impl From<ExecutionErrorKind> for ExecutionError {
    fn from(kind: ExecutionErrorKind) -> Self {
        Self::without_place(kind)
    }
}

impl From<ResolveError> for ExecutionError {
    fn from(error: ResolveError) -> Self {
        Self::without_place(ExecutionErrorKind::Resolve(error))
    }
}

/// What stopped an execution.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExecutionErrorKind {
    /// The program called `abort`, itself or in a native.
    #[error("aborted with code {code}")]
    Abort {
        /// The code given.
        code: u64,
    },
    /// The next block or native costs more than is left.
    #[error("out of gas")]
    OutOfGas,
    /// An overflow, underflow, division by zero, shift by the type's width or
    /// more, or a cast of a value that does not fit.
    #[error("arithmetic error: {0}")]
    Arithmetic(ArithmeticError),
    /// An index is past a vector's end, a vector was popped when empty, or
    /// unpacked at another length than it has.
    #[error("vector error: {0}")]
    Vector(VectorError),
    /// A value is of another variant than the one unpacked.
    #[error("enum value has variant {actual}, not {expected}")]
    VariantMismatch {
        /// The variant that the code expects.
        expected: u16,
        /// The variant that the value has.
        actual: u64,
    },
    /// The execution holds as much memory as it may.
    #[error("memory limit of {limit_bytes} bytes reached")]
    MemoryLimit {
        /// The limit.
        limit_bytes: u64,
    },
    /// Too many open frames, or too much data in them.
    #[error("call depth limit reached")]
    CallDepth,
    /// A function's frame is larger than any frame may be.
    #[error("a frame of {words} words is too large")]
    FrameTooLarge {
        /// Words that it would take.
        words: u64,
    },
    /// A package, module, function or type could not be found or loaded.
    #[error(transparent)]
    Resolve(ResolveError),
    /// Argument number `index` of a call does not fit its parameter.
    #[error("argument {index}: {error}")]
    Argument {
        /// Position of the argument.
        index: usize,
        /// What is wrong with it.
        error: BcsError,
    },
    /// A call with the wrong number of arguments.
    #[error("{expected} arguments expected, {given} given")]
    ArgumentCount {
        /// Parameters of the function.
        expected: usize,
        /// Arguments given.
        given: usize,
    },
    /// An argument passed by value where a reference is expected or the other
    /// way round.
    #[error("argument {index} is passed in another way than the parameter wants")]
    ArgumentPassing {
        /// Position of the argument.
        index: usize,
    },
    /// A reference would leave the VM as a result.
    #[error("result {index} is a reference, which can't leave the VM")]
    ReferenceReturned {
        /// Position of the result.
        index: usize,
    },
    /// A native got bytes that are not BCS of the type that they stand for.
    #[error("a native gave or got malformed bytes: {0}")]
    NativeValue(BcsError),
    /// A native failed for a reason of its own; the host finds the details
    /// where the native left them (in the extensions).
    #[error("native function failed: {detail}")]
    Native {
        /// The native's words.
        detail: String,
    },
    /// No verified program can do this: a bug in the verifier or the VM, or a
    /// module that was not verified.
    #[error("invariant violation: {0}")]
    InvariantViolation(&'static str),
}

/// What was wrong with an arithmetic operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArithmeticError {
    /// The result does not fit the type.
    #[error("overflow")]
    Overflow,
    /// Divisor or modulus of zero.
    #[error("division by zero")]
    DivisionByZero,
    /// A shift by at least the type's width.
    #[error("shift amount too large")]
    ShiftAmount,
    /// A cast to a type that can't hold the value.
    #[error("cast out of range")]
    Cast,
}

/// What was wrong with a vector operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VectorError {
    /// Index out of bounds.
    #[error("index {index} out of bounds, length {length}")]
    Index {
        /// The index used.
        index: u64,
        /// The vector's length.
        length: u64,
    },
    /// `pop_back` of an empty vector.
    #[error("pop from an empty vector")]
    PopEmpty,
    /// Unpacked into another number of values than it holds.
    #[error("unpacked into {expected} values, length {length}")]
    UnpackLength {
        /// Values wanted.
        expected: u64,
        /// The vector's length.
        length: u64,
    },
}

/// Bytes that are not the canonical BCS of a type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BcsError {
    /// The bytes end early.
    #[error("bytes end at {offset}, inside a value")]
    UnexpectedEnd {
        /// Length of the bytes.
        offset: usize,
    },
    /// Bytes are left over.
    #[error("{count} bytes left over")]
    TrailingBytes {
        /// How many.
        count: usize,
    },
    /// A `bool` other than 0 and 1.
    #[error("byte {value} at {offset} is no bool")]
    Bool {
        /// The byte.
        value: u8,
        /// Where.
        offset: usize,
    },
    /// A length that is too large or not written in its shortest form.
    #[error("length at {offset} is malformed")]
    Length {
        /// Where.
        offset: usize,
    },
    /// A variant that the enum does not have.
    #[error("variant {value} at {offset} does not exist")]
    Variant {
        /// The variant index read.
        value: u64,
        /// Where.
        offset: usize,
    },
    /// The value does not fit into the execution's memory.
    #[error("value exceeds the memory limit")]
    MemoryLimit,
    /// The value in memory is not of its type. Only unverified code gets here.
    #[error("value in memory is malformed")]
    Malformed,
}

/// A package, module, function or type can't be found, loaded or used so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// The package source failed.
    #[error(transparent)]
    Source(#[from] crate::SourceError),
    /// No package is stored under this id.
    #[error("package {0} not found")]
    PackageNotFound(Address),
    /// A package uses another without a linkage entry for it.
    #[error("package {package} has no linkage entry for {dependency}")]
    MissingLinkage {
        /// The package whose linkage applies.
        package: Address,
        /// Original id of the dependency.
        dependency: Address,
    },
    /// The package has no such module.
    #[error("module {module} not found in package {package}")]
    ModuleNotFound {
        /// Storage id.
        package: Address,
        /// The module.
        module: String,
    },
    /// The module has no such function.
    #[error("function {function} not found in {package}::{module}")]
    FunctionNotFound {
        /// Storage id.
        package: Address,
        /// The module.
        module: Identifier,
        /// The function.
        function: String,
    },
    /// No native is registered for a function that is declared `native`.
    #[error("no native is registered for {module}::{function} of package {package}")]
    NativeNotFound {
        /// Storage id.
        package: Address,
        /// The module.
        module: Identifier,
        /// The function.
        function: Identifier,
    },
    /// The module has no such struct or enum.
    #[error("datatype {name} not found in {package}::{module}")]
    DatatypeNotFound {
        /// Storage id.
        package: Address,
        /// The module.
        module: Identifier,
        /// The datatype.
        name: String,
    },
    /// Bytes of a module are malformed.
    #[error("module {package}::{module} can't be read: {detail}")]
    MalformedModule {
        /// Storage id.
        package: Address,
        /// The module.
        module: String,
        /// The deserialiser's words.
        detail: String,
    },
    /// A loaded module breaks a rule of the verifier.
    #[error("module {package}::{module} does not verify: {detail}")]
    Verification {
        /// Storage id.
        package: Address,
        /// The module.
        module: String,
        /// The rule, with the place.
        detail: String,
    },
    /// Type arguments don't match the type parameters.
    #[error("{expected} type arguments expected, {given} given")]
    TypeArgumentCount {
        /// Parameters declared.
        expected: usize,
        /// Arguments given.
        given: usize,
    },
    /// A type argument lacks an ability that its parameter asks for.
    #[error("type argument {index} lacks an ability that its parameter requires")]
    TypeArgumentAbilities {
        /// Position of the argument.
        index: usize,
    },
    /// A type is nested too deeply or too large.
    #[error("type exceeds limit: {limit}")]
    TypeTooLarge {
        /// Which limit.
        limit: &'static str,
    },
    /// The code of a function can't be translated: not stack-balanced, types
    /// that don't fit, or an instruction that may not occur.
    #[error("code of {module}::{function} at instruction {instruction} is malformed: {detail}")]
    MalformedCode {
        /// The module.
        module: Identifier,
        /// The function.
        function: Identifier,
        /// Offset of the instruction.
        instruction: u16,
        /// What is wrong.
        detail: &'static str,
    },
    /// More function instances than one linkage context may hold.
    #[error("linkage context of {package} holds {limit} function instances, its maximum")]
    TooManyInstances {
        /// Package whose linkage applies.
        package: Address,
        /// The limit.
        limit: u32,
    },
    /// A name is not an identifier.
    #[error("{0:?} is not an identifier")]
    BadIdentifier(String),
}

/// A package can't be published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// A package holds at least one module.
    #[error("package has no modules")]
    Empty,
    /// Bytes of a module are malformed.
    #[error("module {module} can't be read: {detail}")]
    Malformed {
        /// Name under which it was handed in.
        module: Identifier,
        /// The deserialiser's words.
        detail: String,
    },
    /// A module calls itself otherwise than the package does.
    #[error("module {module} names itself {actual}, expected {expected}")]
    WrongName {
        /// Name under which it was handed in.
        module: Identifier,
        /// `address::name` expected.
        expected: String,
        /// `address::name` inside the module.
        actual: String,
    },
    /// A rule of the verifier is broken.
    #[error("module {module} breaks a rule: {detail}")]
    Verification {
        /// The module.
        module: Identifier,
        /// The function, if the rule is about one.
        function: Option<String>,
        /// Offset of the instruction, if the rule is about code.
        offset: Option<u16>,
        /// The rule, with the place.
        detail: String,
    },
    /// A rule of the object model is broken.
    #[error("module {module} breaks a rule of objects: {detail}")]
    ObjectRule {
        /// The module.
        module: Identifier,
        /// The function, if the rule is about one.
        function: Option<String>,
        /// Offset of the instruction, if the rule is about code.
        offset: Option<u16>,
        /// The rule, with the place.
        detail: String,
    },
    /// A function is declared `native`, and the VM has no such native.
    #[error("native function {function} of module {module} does not exist")]
    UnknownNative {
        /// The module.
        module: Identifier,
        /// The function.
        function: Identifier,
    },
    /// A dependency is missing, or does not have what a module uses.
    #[error("module {module} does not link: {detail}")]
    Link {
        /// The module.
        module: Identifier,
        /// What is missing.
        detail: String,
    },
    /// A dependency can't be loaded.
    #[error(transparent)]
    Dependency(#[from] ResolveError),
}
