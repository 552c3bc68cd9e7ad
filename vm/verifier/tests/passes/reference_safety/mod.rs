//! References, one file for each thing they can point into or pass through.

mod calls;
mod containers;
mod growth;
mod joins;
mod locals;
mod model;
mod programs;
mod references;

use heddle_bytecode::{Bytecode as B, SignatureToken as T};
use heddle_verifier::Rule;

use crate::body::{Body, World, body, imm, mutable};

const UNSAFE: Rule = Rule::ReferenceSafety;

fn f(w: &World) -> B {
    B::MutBorrowField(w.f)
}

/// A body whose parameter 0 is `&mut S`, with locals 1 of `&mut S`, 2 of
/// `&mut u64`, 3 of `&u64`, 4 of `&S`.
fn through(w: &World, code: Vec<B>) -> Body {
    let locals = [mutable(&w.s), mutable(&T::U64), imm(&T::U64), imm(&w.s)];
    body(&[mutable(&w.s)], &[], &locals, code)
}
