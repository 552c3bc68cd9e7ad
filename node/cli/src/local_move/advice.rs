//! What to do about a broken rule.
//!
//! The compiler's output breaks no rule. So who reads this either wrote
//! bytecode by hand or another tool's, has files that don't fit together, or
//! has found a defect.

use heddle_verifier::Rule;

/// What to do about a module that breaks `rule`.
pub(crate) fn of(rule: Rule) -> &'static str {
    match rule {
        Rule::WorkLimit => "make its functions smaller, or split the module",
        Rule::SizeLimit => "split the module, or the item that is too large",
        Rule::IndexOutOfBounds
        | Rule::Duplicate
        | Rule::ForeignDefinition
        | Rule::Unimplemented => {
            "the module's tables contradict each other: compile it again, or mend the tool that \
             wrote it"
        }
        Rule::EmptyDatatype => {
            "give structs a field (the compiler puts in a bool) and enums a variant"
        }
        Rule::Friend => "name only other modules of the same package as friends",
        Rule::CyclicDependency => {
            "move what both modules need into a third one, so that they need not name each other"
        }
        Rule::GlobalStorage | Rule::Acquires | Rule::NativeStruct => {
            "this is Move for chains with global storage; keep state in objects instead"
        }
        Rule::NestedReference => {
            "store values, not references, in fields, vectors and type arguments"
        }
        Rule::TypeArgumentCount | Rule::GenericMismatch | Rule::VectorOperand => {
            "give the item exactly as many type arguments as it has parameters"
        }
        Rule::AbilityConstraint => {
            "use a type that has the ability, or ask for less where the parameter is declared"
        }
        Rule::FieldAbility => {
            "take the ability from the datatype, or give it to the types of its fields"
        }
        Rule::PhantomPosition => "remove `phantom`, or use the parameter only in phantom positions",
        Rule::RecursiveDatatype => "put a vector or an id between the datatype and itself",
        Rule::InstantiationLoop => {
            "let the recursive call use the same type arguments, not larger ones"
        }
        Rule::ConstantType | Rule::ConstantValue => {
            "constants are bool, integers, addresses and vectors of them, in BCS"
        }
        Rule::ControlFlow => {
            "enter loops only at their head, end every path in Ret, Abort or Branch, and give \
             switches one target for each variant"
        }
        Rule::StackUsage => {
            "every block must leave the stack as high as it found it, and functions return \
             exactly their results"
        }
        Rule::TypeMismatch => "put a value of the expected type on the stack",
        Rule::MissingAbility => {
            "move the value instead of copying or dropping it, or give its type the ability"
        }
        Rule::LocalUnavailable => {
            "assign the local before it is used, and use up values without `drop` before the end"
        }
        Rule::ReferenceSafety => {
            "let go of the other references first: nothing may be moved, written or dropped while \
             it is borrowed"
        }
        Rule::ObjectRule => {
            "objects begin with `id: UID` made by `object::new`, witnesses are made by nobody, and \
             operations that belong to a type's own module are called from there"
        }
        Rule::MissingDependency => "give the folder that has it with --dependency",
        Rule::MissingItem | Rule::LinkMismatch => {
            "the dependency is another version than it was compiled against: compile both again"
        }
        Rule::Visibility => "make the function public, or friend of its caller in one package",
        _ => "see the rule's description in the verifier's documentation",
    }
}
