//! Modules that are small and want a lot of work: the shapes in which others
//! have been caught, at sizes to choose.

use heddle_bytecode::testing::{
    FunctionSignature, ModuleBuilder, instantiation, mutable_reference, reference, type_parameter,
    vector,
};
use heddle_bytecode::{
    AbilitySet, Bytecode as B, CodeOffset, CompiledModule, DatatypeHandleIndex,
    FunctionHandleIndex, LocalIndex, SignatureToken as T, StructDefinitionIndex, VariantJumpTable,
    VariantJumpTableIndex, Visibility,
};

use crate::generate::{MODULE, home};

const DATA: AbilitySet = AbilitySet::PRIMITIVES;

fn builder() -> ModuleBuilder {
    ModuleBuilder::new(home(), MODULE)
}

fn local(at: usize) -> LocalIndex {
    LocalIndex(u8::try_from(at).expect("shapes have few locals"))
}

fn offset(at: usize) -> CodeOffset {
    CodeOffset(u16::try_from(at).expect("shapes have little code"))
}

/// Adds a function of this module that code can call.
fn callee(
    b: &mut ModuleBuilder,
    name: &str,
    parameters: &[T],
    returns: &[T],
) -> FunctionHandleIndex {
    let code = vec![B::LdU64(0), B::Abort];
    let index = b.simple_function(name, parameters, returns, code);
    b.module[index].function
}

fn function(b: &mut ModuleBuilder, parameters: &[T], locals: &[T], code: Vec<B>) {
    let index = b.simple_function("f", parameters, &[], Vec::new());
    b.body(index, locals, code);
}

/// `S0 { a: u64, b: u64 }`, and each further struct with two fields of the
/// one before it.
fn tower(b: &mut ModuleBuilder, levels: usize) -> Vec<DatatypeHandleIndex> {
    let mut handles = Vec::new();
    let mut part = T::U64;
    for level in 0..levels {
        let handle = b.own_datatype(&format!("S{level}"), DATA, &[]);
        b.struct_def(handle, &[("a", part.clone()), ("b", part)]);
        part = T::Datatype(handle);
        handles.push(handle);
    }
    handles
}

/// A reference walks down a tower of structs, at each level into one field or
/// the other: the paths to where it may point double at each level.
#[must_use]
pub fn doubling_paths(levels: usize) -> CompiledModule {
    let mut b = builder();
    let handles = tower(&mut b, levels + 1);
    let top = T::Datatype(handles[levels]);
    let mut locals = vec![mutable_reference(top.clone())];
    let mut code = vec![B::CopyLoc(local(0)), B::StLoc(local(2))];
    for level in (1..=levels).rev() {
        let def = StructDefinitionIndex(level as u16);
        locals.push(mutable_reference(T::Datatype(handles[level - 1])));
        let from = local(locals.len());
        let to = local(locals.len() + 1);
        let start = code.len();
        code.extend([
            B::CopyLoc(local(1)),
            B::BrTrue(offset(start + 6)),
            B::MoveLoc(from),
            B::MutBorrowField(b.field(def, 0)),
            B::StLoc(to),
            B::Branch(offset(start + 9)),
            B::MoveLoc(from),
            B::MutBorrowField(b.field(def, 1)),
            B::StLoc(to),
        ]);
    }
    code.push(B::Ret);
    function(&mut b, &[mutable_reference(top), T::Bool], &locals, code);
    b.build()
}

/// Calls that make each of many references borrow from all of many others,
/// and a chain of blocks that must remember it.
#[must_use]
pub fn many_borrows(references: usize, blocks: usize) -> CompiledModule {
    let mut b = builder();
    let all = vec![mutable_reference(T::U64); references];
    let call = callee(&mut b, "g", &all, &all);
    let mut code: Vec<B> = (0..references).map(|at| B::CopyLoc(local(at))).collect();
    code.push(B::Call(call));
    code.extend((references..2 * references).map(|at| B::StLoc(local(at))));
    for _ in 0..blocks {
        code.push(B::Branch(offset(code.len() + 1)));
    }
    code.push(B::Ret);
    function(&mut b, &all, &all, code);
    b.build()
}

/// A loop in which references change their places in a circle through a call,
/// so that what is known grows with each round of the analysis.
#[must_use]
pub fn rotating_references(references: usize, loops: usize) -> CompiledModule {
    let mut b = builder();
    let one = reference(T::U64);
    let join = callee(
        &mut b,
        "g",
        &[one.clone(), one.clone()],
        std::slice::from_ref(&one),
    );
    let all = vec![one; references];
    let flag = local(references);
    let mut parameters = all.clone();
    parameters.push(T::Bool);
    let mut code = Vec::new();
    for _ in 0..loops {
        let head = code.len();
        for at in 0..references {
            code.extend([
                B::CopyLoc(local(at)),
                B::CopyLoc(local((at + 1) % references)),
                B::Call(join),
                B::StLoc(local(at)),
            ]);
        }
        code.extend([B::CopyLoc(flag), B::BrTrue(offset(head))]);
    }
    code.push(B::Ret);
    function(&mut b, &parameters, &[], code);
    b.build()
}

/// Loops inside of one another, the innermost with a call that ties all
/// references together.
#[must_use]
pub fn nested_loops(depth: usize, references: usize) -> CompiledModule {
    let mut b = builder();
    let all = vec![mutable_reference(T::U64); references];
    let call = callee(&mut b, "g", &all, &all);
    let mut parameters = all;
    parameters.push(T::Bool);
    let flag = local(references);
    let mut code = vec![B::Nop; depth];
    for at in 0..references {
        code.push(B::MoveLoc(local(at)));
    }
    code.push(B::Call(call));
    for at in 0..references {
        code.push(B::StLoc(local((at + 1) % references)));
    }
    for level in 0..depth {
        code.extend([B::CopyLoc(flag), B::BrTrue(offset(depth - 1 - level))]);
    }
    code.push(B::Ret);
    function(&mut b, &parameters, &[], code);
    b.build()
}

/// Switches over an enum of many variants, each of which leads to the next
/// switch.
#[must_use]
pub fn switches(variants: usize, count: usize) -> CompiledModule {
    let mut b = builder();
    let names: Vec<String> = (0..variants).map(|at| format!("v{at}")).collect();
    let handle = b.own_datatype("E", DATA, &[]);
    let fields: Vec<(&str, &[(&str, T)])> =
        names.iter().map(|name| (name.as_str(), &[][..])).collect();
    let head_enum = b.enum_def(handle, &fields);
    let mut code = Vec::new();
    let mut tables = Vec::new();
    for at in 0..count {
        code.extend([
            B::CopyLoc(local(0)),
            B::VariantSwitch(VariantJumpTableIndex(at as u16)),
        ]);
        tables.push(VariantJumpTable {
            head_enum,
            jump_table: vec![offset(code.len()); variants],
        });
    }
    code.push(B::Ret);
    let parameter = reference(T::Datatype(handle));
    let index = b.simple_function("f", &[parameter], &[], Vec::new());
    b.body_with_jump_tables(index, &[], code, tables);
    b.build()
}

/// Blocks that each branch to two of those that follow.
#[must_use]
pub fn ladder(rungs: usize, locals: usize) -> CompiledModule {
    let mut b = builder();
    let mut code = Vec::new();
    for rung in 0..rungs {
        let skip = (2 * (rung + 2)).min(2 * rungs);
        code.extend([B::CopyLoc(local(0)), B::BrTrue(offset(skip))]);
    }
    code.push(B::Ret);
    function(&mut b, &[T::Bool], &vec![reference(T::U64); locals], code);
    b.build()
}

/// Back edges from everywhere to one head.
#[must_use]
pub fn many_back_edges(count: usize) -> CompiledModule {
    let mut b = builder();
    let mut code = Vec::new();
    for _ in 0..count {
        code.extend([B::CopyLoc(local(0)), B::BrTrue(offset(0))]);
    }
    code.push(B::Ret);
    function(&mut b, &[T::Bool], &[reference(T::U64)], code);
    b.build()
}

/// One large type, pushed again and again by an instruction of few bytes.
#[must_use]
pub fn wide_unpack(weight: usize, count: u64, times: usize) -> CompiledModule {
    let mut b = builder();
    let mut element = T::U8;
    for _ in 0..weight {
        element = vector(element);
    }
    let index = b.signature(std::slice::from_ref(&element));
    let mut code = Vec::new();
    for _ in 0..times {
        code.extend([
            B::CopyLoc(local(0)),
            B::VecUnpack(index, count),
            B::VecPack(index, count),
            B::Pop,
        ]);
    }
    code.push(B::Ret);
    function(&mut b, &[vector(element)], &[], code);
    b.build()
}

/// A function with many results of a large type, called again and again.
#[must_use]
pub fn wide_calls(results: usize, weight: usize, times: usize) -> CompiledModule {
    let mut b = builder();
    let mut type_ = T::U8;
    for _ in 0..weight {
        type_ = vector(type_);
    }
    let call = callee(&mut b, "g", &[], &vec![type_; results]);
    let mut code = Vec::new();
    for _ in 0..times {
        code.push(B::Call(call));
        code.extend(vec![B::Pop; results]);
    }
    code.push(B::Ret);
    function(&mut b, &[], &[], code);
    b.build()
}

/// A generic datatype around itself, as deep as a type may be.
#[must_use]
pub fn deep_instantiations(depth: usize, functions: usize) -> CompiledModule {
    let mut b = builder();
    let handle = b.own_datatype("G", DATA, &[(false, AbilitySet::EMPTY)]);
    b.struct_def(handle, &[("a", type_parameter(0))]);
    let mut type_ = type_parameter(0);
    for _ in 0..depth {
        type_ = instantiation(handle, vec![type_]);
    }
    for at in 0..functions {
        let signature = FunctionSignature {
            type_parameters: vec![AbilitySet::EMPTY],
            parameters: vec![type_.clone()],
            returns: vec![type_.clone()],
        };
        let index = b.function(&format!("f{at}"), Visibility::Private, &signature);
        b.body(index, &[], vec![B::MoveLoc(local(0)), B::Ret]);
    }
    b.build()
}

/// Constants that are vectors of vectors with nothing in them.
#[must_use]
pub fn empty_constants(count: usize, bytes: usize) -> CompiledModule {
    let mut b = builder();
    for at in 0..count {
        let length = bytes - 2 - at;
        let mut data = vec![length as u8 | 0x80, (length >> 7) as u8];
        if length < 0x80 {
            data = vec![length as u8];
        }
        data.resize(data.len() + length, 0);
        b.constant(vector(vector(T::U8)), &data);
    }
    b.build()
}

/// All shapes at sizes that fit 500 bytes, with their names.
#[must_use]
pub fn small() -> Vec<(&'static str, CompiledModule)> {
    vec![
        ("doubling_paths", doubling_paths(8)),
        ("many_borrows", many_borrows(45, 40)),
        ("many_borrows_many_blocks", many_borrows(20, 90)),
        ("many_borrows_all_references", many_borrows(60, 4)),
        ("rotating_references", rotating_references(30, 1)),
        ("rotating_in_loops", rotating_references(8, 4)),
        ("nested_loops", nested_loops(5, 45)),
        ("too_deep_loops", nested_loops(8, 40)),
        ("switches", switches(10, 12)),
        ("ladder", ladder(70, 40)),
        ("ladder_of_references", ladder(20, 150)),
        ("many_back_edges", many_back_edges(75)),
        ("wide_unpack", wide_unpack(20, 400, 8)),
        ("wide_unpack_deep", wide_unpack(140, 70, 4)),
        ("wide_calls", wide_calls(100, 1, 1)),
        ("deep_instantiations", deep_instantiations(60, 2)),
        ("empty_constants", empty_constants(2, 150)),
    ]
}

/// The same shapes grown until something else stops them.
#[must_use]
pub fn large() -> Vec<(&'static str, CompiledModule)> {
    vec![
        ("doubling_paths", doubling_paths(30)),
        ("many_borrows", many_borrows(120, 1000)),
        ("rotating_references", rotating_references(100, 100)),
        ("nested_loops", nested_loops(5, 120)),
        ("switches", switches(120, 100)),
        ("ladder", ladder(500, 250)),
        ("many_back_edges", many_back_edges(500)),
        ("wide_unpack", wide_unpack(200, 1000, 2000)),
        ("wide_calls", wide_calls(250, 200, 200)),
        ("deep_instantiations", deep_instantiations(60, 400)),
        ("empty_constants", empty_constants(100, 16_000)),
    ]
}
