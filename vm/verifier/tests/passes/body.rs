//! A module with a datatype of each kind, for tests of function bodies.

use heddle_bytecode::{
    Ability, AbilitySet, Bytecode as B, CodeOffset, CompiledModule, DatatypeHandleIndex,
    EnumDefinitionIndex, FieldHandleIndex, FunctionHandleIndex, LocalIndex, SignatureIndex,
    SignatureToken as T, StructDefinitionIndex, VariantJumpTable, VariantJumpTableIndex,
    Visibility,
    testing::{
        FunctionSignature, ModuleBuilder, instantiation, mutable_reference, reference,
        type_parameter,
    },
};
use heddle_verifier::Rule;

use crate::{builder, verify};

const NONE: AbilitySet = AbilitySet::EMPTY;
pub(crate) const COPY_DROP: AbilitySet = AbilitySet::singleton(Ability::Copy).with(Ability::Drop);

/// The module, and the indexes of what it has.
///
/// ```text
/// struct S has copy, drop { f: u64, g: u64 }
/// struct O has copy, drop { s: S, t: S }
/// struct R { x: u64 }
/// struct G<T> has copy, drop { v: T }
/// enum E has copy, drop { A { x: u64, y: u64 }, B { x: u64 } }
/// enum F<T> has copy, drop { A { x: T }, B { x: T } }
/// ```
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) b: ModuleBuilder,
    pub(crate) s: T,
    pub(crate) s_def: StructDefinitionIndex,
    pub(crate) f: FieldHandleIndex,
    pub(crate) g: FieldHandleIndex,
    pub(crate) o: T,
    pub(crate) o_def: StructDefinitionIndex,
    pub(crate) os: FieldHandleIndex,
    pub(crate) ot: FieldHandleIndex,
    pub(crate) r: T,
    pub(crate) r_def: StructDefinitionIndex,
    pub(crate) g_def: StructDefinitionIndex,
    pub(crate) g_handle: DatatypeHandleIndex,
    pub(crate) e: T,
    pub(crate) e_def: EnumDefinitionIndex,
    pub(crate) f_def: EnumDefinitionIndex,
    pub(crate) f_handle: DatatypeHandleIndex,
    /// The signature with `u64` alone.
    pub(crate) u64s: SignatureIndex,
}

/// What is expected of a body: nothing, or a broken rule at an instruction.
pub(crate) type Expected = Result<(), (Rule, Option<u16>)>;

/// A function: parameters, results, further locals, code.
#[derive(Clone)]
pub(crate) struct Body {
    pub(crate) type_parameters: Vec<AbilitySet>,
    pub(crate) parameters: Vec<T>,
    pub(crate) returns: Vec<T>,
    pub(crate) locals: Vec<T>,
    pub(crate) code: Vec<B>,
    pub(crate) jump_tables: Vec<VariantJumpTable>,
}

pub(crate) fn body(parameters: &[T], returns: &[T], locals: &[T], code: Vec<B>) -> Body {
    Body {
        type_parameters: Vec::new(),
        parameters: parameters.to_vec(),
        returns: returns.to_vec(),
        locals: locals.to_vec(),
        code,
        jump_tables: Vec::new(),
    }
}

impl Body {
    pub(crate) fn generic(mut self, type_parameters: &[AbilitySet]) -> Self {
        self.type_parameters = type_parameters.to_vec();
        self
    }

    pub(crate) fn jump_table(mut self, head_enum: EnumDefinitionIndex, targets: &[u16]) -> Self {
        self.jump_tables.push(VariantJumpTable {
            head_enum,
            jump_table: targets.iter().map(|target| CodeOffset(*target)).collect(),
        });
        self
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let mut b = builder();
        let s = b.own_datatype("S", COPY_DROP, &[]);
        let s_def = b.struct_def(s, &[("f", T::U64), ("g", T::U64)]);
        let s = T::Datatype(s);
        let o = b.own_datatype("O", COPY_DROP, &[]);
        let o_def = b.struct_def(o, &[("s", s.clone()), ("t", s.clone())]);
        let r = b.own_datatype("R", NONE, &[]);
        let r_def = b.struct_def(r, &[("x", T::U64)]);
        let g_handle = b.own_datatype("G", COPY_DROP, &[(false, NONE)]);
        let g_def = b.struct_def(g_handle, &[("v", type_parameter(0))]);
        let e = b.own_datatype("E", COPY_DROP, &[]);
        let e_def = b.enum_def(
            e,
            &[
                ("A", &[("x", T::U64), ("y", T::U64)]),
                ("B", &[("x", T::U64)]),
            ],
        );
        let f_handle = b.own_datatype("F", COPY_DROP, &[(false, NONE)]);
        let f_def = b.enum_def(
            f_handle,
            &[
                ("A", &[("x", type_parameter(0))]),
                ("B", &[("x", type_parameter(0))]),
            ],
        );
        World {
            f: b.field(s_def, 0),
            g: b.field(s_def, 1),
            os: b.field(o_def, 0),
            ot: b.field(o_def, 1),
            u64s: b.signature(&[T::U64]),
            o: T::Datatype(o),
            r: T::Datatype(r),
            e: T::Datatype(e),
            b,
            s,
            s_def,
            o_def,
            r_def,
            g_def,
            g_handle,
            e_def,
            f_def,
            f_handle,
        }
    }

    /// `G<argument>`
    pub(crate) fn generic_struct(&self, argument: T) -> T {
        instantiation(self.g_handle, vec![argument])
    }

    /// `F<argument>`
    pub(crate) fn generic_enum(&self, argument: T) -> T {
        instantiation(self.f_handle, vec![argument])
    }

    /// A function to call.
    pub(crate) fn function(
        &mut self,
        name: &str,
        parameters: &[T],
        returns: &[T],
    ) -> FunctionHandleIndex {
        let signature = FunctionSignature {
            type_parameters: Vec::new(),
            parameters: parameters.to_vec(),
            returns: returns.to_vec(),
        };
        let function = self.b.function(name, Visibility::Private, &signature);
        self.b.module[function].function
    }

    /// The module with one more function, `test`.
    pub(crate) fn with(&self, body: Body) -> CompiledModule {
        let mut b = self.b.clone();
        let signature = FunctionSignature {
            type_parameters: body.type_parameters,
            parameters: body.parameters,
            returns: body.returns,
        };
        let function = b.function("test", Visibility::Private, &signature);
        b.body_with_jump_tables(function, &body.locals, body.code, body.jump_tables);
        b.build()
    }

    #[track_caller]
    pub(crate) fn check(&self, name: &str, body: Body, expected: Expected) {
        let found = verify(&self.with(body));
        let place = found
            .as_ref()
            .copied()
            .map_err(|error| (error.rule, error.offset.map(|offset| offset.0)));
        assert_eq!(place, expected, "{name}: {found:?}");
    }

    #[track_caller]
    pub(crate) fn accept(&self, name: &str, body: Body) {
        self.check(name, body, Ok(()));
    }

    #[track_caller]
    pub(crate) fn refuse(&self, name: &str, body: Body, rule: Rule, offset: u16) {
        self.check(name, body, Err((rule, Some(offset))));
    }
}

pub(crate) fn copy(local: u8) -> B {
    B::CopyLoc(LocalIndex(local))
}

pub(crate) fn take(local: u8) -> B {
    B::MoveLoc(LocalIndex(local))
}

pub(crate) fn store(local: u8) -> B {
    B::StLoc(LocalIndex(local))
}

pub(crate) fn borrow(local: u8) -> B {
    B::ImmBorrowLoc(LocalIndex(local))
}

pub(crate) fn borrow_mut(local: u8) -> B {
    B::MutBorrowLoc(LocalIndex(local))
}

pub(crate) fn branch(target: u16) -> B {
    B::Branch(CodeOffset(target))
}

pub(crate) fn br_true(target: u16) -> B {
    B::BrTrue(CodeOffset(target))
}

pub(crate) fn switch(table: u16) -> B {
    B::VariantSwitch(VariantJumpTableIndex(table))
}

pub(crate) fn one() -> B {
    B::LdU64(1)
}

/// `&type_`
pub(crate) fn imm(type_: &T) -> T {
    reference(type_.clone())
}

/// `&mut type_`
pub(crate) fn mutable(type_: &T) -> T {
    mutable_reference(type_.clone())
}
