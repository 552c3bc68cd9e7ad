use heddle_bytecode::{
    Bytecode as B, CompiledModule, DatatypeHandleIndex, SignatureToken as T, StructDefinitionIndex,
    testing::{ModuleBuilder, mutable_reference},
};
use heddle_verifier::{Rule, VerifierLimits, WorkMeter, verify_module};

use crate::body::{World, body, br_true, branch, copy, mutable, store, take};
use crate::builder;

/// `S0 { a: u64, b: u64 }`, and each of the next `depth` structs with two
/// fields of the one before it.
fn tower(depth: u16) -> (ModuleBuilder, Vec<DatatypeHandleIndex>) {
    let mut b = builder();
    let mut handles = Vec::new();
    let mut part = T::U64;
    for level in 0..=depth {
        let handle = b.own_datatype(&format!("S{level}"), crate::body::COPY_DROP, &[]);
        b.struct_def(handle, &[("a", part.clone()), ("b", part)]);
        part = T::Datatype(handle);
        handles.push(handle);
    }
    (b, handles)
}

/// A reference walks down a tower; at each level it takes one field or the
/// other. The paths to where it may point double at each level.
fn doubling_paths(depth: u16) -> CompiledModule {
    let (mut b, handles) = tower(depth);
    let top = T::Datatype(*handles.last().unwrap());
    let mut locals = vec![mutable_reference(top.clone())];
    let mut code = vec![copy(0), store(2)];
    for level in (1..=depth).rev() {
        let target = mutable_reference(T::Datatype(handles[usize::from(level) - 1]));
        locals.push(target);
        let from = u8::try_from(1 + locals.len() - 1).unwrap();
        let start = u16::try_from(code.len()).unwrap();
        let def = StructDefinitionIndex(level);
        code.extend([
            copy(1),
            br_true(start + 6),
            take(from),
            B::MutBorrowField(b.field(def, 0)),
            store(from + 1),
            branch(start + 9),
            take(from),
            B::MutBorrowField(b.field(def, 1)),
            store(from + 1),
        ]);
    }
    code.push(B::Ret);
    let function = b.simple_function("f", &[mutable_reference(top), T::Bool], &[], Vec::new());
    b.body(function, &locals, code);
    b.build()
}

/// Many references that each borrow from many others, in a long chain of
/// blocks that each have to remember it all.
fn many_borrows(references: u8, blocks: u16) -> CompiledModule {
    let mut w = World::new();
    let references_of = |w: &World| vec![mutable(&w.s); usize::from(references)];
    let all = references_of(&w);
    let call = w.function("all", &all, &all);
    let mut code: Vec<B> = (0..references).map(copy).collect();
    code.push(B::Call(call));
    code.extend((references..2 * references).map(store));
    for _ in 0..blocks {
        let next = u16::try_from(code.len()).unwrap() + 1;
        code.push(branch(next));
    }
    code.push(B::Ret);
    w.with(body(&all, &[], &all, code))
}

#[test]
fn growth_is_bounded_by_the_meter() {
    let published = |module: &CompiledModule| {
        let mut meter = WorkMeter::default();
        let verdict = verify_module(module, &VerifierLimits::default(), &mut meter);
        (verdict.map_err(|error| error.rule), meter.used())
    };
    let (small, units) = published(&doubling_paths(4));
    assert_eq!(small, Ok(()));
    assert!(units < 100_000, "{units}");
    assert_eq!(published(&doubling_paths(30)).0, Err(Rule::WorkLimit));

    assert_eq!(published(&many_borrows(10, 10)).0, Ok(()));
    assert_eq!(published(&many_borrows(100, 1000)).0, Err(Rule::WorkLimit));
}
