//! The rules, one by one.

use std::fmt;

macro_rules! rules {
    ($( $(#[doc = $doc:literal])+ $name:ident => $words:literal, )*) => {
        /// What a module can break. Stable: tests, metrics and clients may
        /// tell failures apart by it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $( $(#[doc = $doc])+ $name, )*
        }

        impl Rule {
            /// All rules.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The rule in a few words.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self {
                    $( Self::$name => $words, )*
                }
            }
        }
    };
}

rules! {
    // --- work and size --------------------------------------------------------
    /// Verification costs more than the meter allows.
    WorkLimit => "verification must stay within its work limit",
    /// A count or a size is over its limit.
    SizeLimit => "counts and sizes must stay within their limits",

    // --- tables ----------------------------------------------------------------
    /// An index points outside its table.
    IndexOutOfBounds => "every index must point into its table",
    /// Two entries of a table are equal, or two items have one name.
    Duplicate => "entries and names must not repeat",
    /// A definition has a handle of another module.
    ForeignDefinition => "a module must define only its own items",
    /// The module has a handle for an item of its own that it does not define.
    Unimplemented => "a module must define every item it names as its own",
    /// A struct has no fields, a variant list is empty.
    EmptyDatatype => "structs must have fields and enums must have variants",
    /// The module names itself as a friend, or a module at another address.
    Friend => "friends must be other modules at the same address",
    /// Modules depend on, or are friends of, one another in a circle.
    CyclicDependency => "modules must not depend on one another in a circle",

    // --- features this chain does not have -------------------------------------
    /// An instruction on global storage.
    GlobalStorage => "global storage instructions are not supported",
    /// A list of acquired resources that is not empty.
    Acquires => "functions must not acquire global resources",
    /// A struct without fields in Move.
    NativeStruct => "structs must not be native",

    // --- types -----------------------------------------------------------------
    /// A reference inside a type, a field or a type argument.
    NestedReference => "references must not be part of another type",
    /// The number of type arguments differs from the number of parameters.
    TypeArgumentCount => "type arguments must match the type parameters in number",
    /// A type argument lacks an ability that its parameter demands.
    AbilityConstraint => "type arguments must have the abilities that their parameters demand",
    /// A field lacks an ability that its datatype declares.
    FieldAbility => "fields must have the abilities that their datatype demands",
    /// A phantom type parameter is used where a value of it would exist.
    PhantomPosition => "phantom type parameters must only stand for phantom parameters",
    /// A datatype contains itself.
    RecursiveDatatype => "a datatype must not contain itself",
    /// Generic functions call one another with ever larger types.
    InstantiationLoop => "generic calls must not make types grow without end",
    /// A constant of a type that constants cannot have.
    ConstantType => "constants must be primitives or vectors of them",
    /// The bytes of a constant are not a value of its type.
    ConstantValue => "constant bytes must be a value of the constant's type",
    /// A generic instruction on an item that is not generic, or the reverse.
    GenericMismatch => "an instruction must be generic exactly if its item is",
    /// The operand of a vector instruction is not exactly one type.
    VectorOperand => "vector instructions must name exactly one element type",

    // --- function bodies ---------------------------------------------------------
    /// Code is empty, falls off its end, or branches in a way that is not
    /// reducible, or its jump table does not fit the enum.
    ControlFlow => "control flow must be complete and reducible",
    /// The operand stack has the wrong height.
    StackUsage => "the operand stack must be balanced in every block",
    /// A value of the wrong type.
    TypeMismatch => "values must have the types that instructions expect",
    /// A value is copied, dropped or otherwise used without the ability to.
    MissingAbility => "values must have the abilities that instructions need",
    /// A local is used while it is unavailable, or left with a value that
    /// cannot be dropped.
    LocalUnavailable => "locals must be available when used and droppable when left",
    /// A reference would dangle or alias a mutable one.
    ReferenceSafety => "references must not dangle or alias",

    // --- objects -------------------------------------------------------------------
    /// An object's type or an entry or initialisation function breaks the
    /// rules of the object model.
    ObjectRule => "object types, entry and init functions must follow the object model",

    // --- links ---------------------------------------------------------------------
    /// A module that is named does not exist.
    MissingDependency => "every named module must exist",
    /// A named item does not exist in its module, or is of another kind.
    MissingItem => "every named item must exist in its module",
    /// A handle differs from the definition it stands for.
    LinkMismatch => "handles must match the definitions they stand for",
    /// A function is not visible to its caller.
    Visibility => "called functions must be visible to the caller",
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
