//! Rows of the instructions on values, locals and references.

use heddle_bytecode::{
    Bytecode as B, CodeOffset, ConstantPoolIndex, LocalIndex, SignatureToken as T, U256,
    VariantJumpTableIndex,
};
use heddle_verifier::Rule;

use super::Table;
use crate::body::{
    body, borrow, borrow_mut, br_true, branch, copy, imm, mutable, one, store, switch, take,
};

const INTEGERS: [T; 6] = [T::U8, T::U16, T::U32, T::U64, T::U128, T::U256];
const FAR: u16 = 999;

pub(super) fn rows(t: &mut Table) {
    constants(t);
    arithmetic(t);
    logic(t);
    comparison(t);
    branches(t);
    ends(t);
    locals(t);
    references(t);
}

fn constants(t: &mut Table) {
    for (op, type_) in [
        (B::LdU8(1), T::U8),
        (B::LdU16(1), T::U16),
        (B::LdU32(1), T::U32),
        (B::LdU64(1), T::U64),
        (B::LdU128(Box::new(1)), T::U128),
        (B::LdU256(Box::new(U256::from(1))), T::U256),
        (B::LdTrue, T::Bool),
        (B::LdFalse, T::Bool),
        (B::LdConst(t.items.constant), T::U64),
    ] {
        t.operation(&op, &[], &[type_]);
    }
    t.alone(
        &B::LdConst(ConstantPoolIndex(FAR)),
        "a constant that is not there",
        Rule::IndexOutOfBounds,
    );
    let nop = body(&[], &[], &[], vec![B::Nop, B::Ret]);
    t.accept(&B::Nop, "as it should be", nop);
    let nop = body(&[], &[], &[], vec![B::Nop]);
    t.row(&B::Nop, "the last", nop, Err((Rule::ControlFlow, None)));
}

fn arithmetic(t: &mut Table) {
    let operations = [
        B::Add,
        B::Sub,
        B::Mul,
        B::Mod,
        B::Div,
        B::BitOr,
        B::BitAnd,
        B::Xor,
    ];
    for op in operations {
        for type_ in INTEGERS {
            t.operation(
                &op,
                &[type_.clone(), type_.clone()],
                std::slice::from_ref(&type_),
            );
            let other = if type_ == T::U8 { T::U64 } else { T::U8 };
            let mixed = body(
                &[type_.clone(), other],
                std::slice::from_ref(&type_),
                &[],
                vec![take(0), take(1), op.clone(), B::Ret],
            );
            t.refuse(&op, "widths that differ", Rule::TypeMismatch, 2, mixed);
        }
    }
    for op in [B::Shl, B::Shr] {
        for type_ in INTEGERS {
            t.operation(&op, &[type_.clone(), T::U8], std::slice::from_ref(&type_));
            let wide = body(
                &[type_.clone(), T::U64],
                std::slice::from_ref(&type_),
                &[],
                vec![take(0), take(1), op.clone(), B::Ret],
            );
            t.refuse(&op, "a wide shift", Rule::TypeMismatch, 2, wide);
        }
    }
    for (op, type_) in [
        (B::CastU8, T::U8),
        (B::CastU16, T::U16),
        (B::CastU32, T::U32),
        (B::CastU64, T::U64),
        (B::CastU128, T::U128),
        (B::CastU256, T::U256),
    ] {
        for from in INTEGERS {
            t.operation(&op, &[from], std::slice::from_ref(&type_));
        }
        let address = body(
            &[T::Address],
            std::slice::from_ref(&type_),
            &[],
            vec![take(0), op.clone(), B::Ret],
        );
        t.refuse(&op, "an address", Rule::TypeMismatch, 1, address);
    }
}

fn logic(t: &mut Table) {
    t.operation(&B::And, &[T::Bool, T::Bool], &[T::Bool]);
    t.operation(&B::Or, &[T::Bool, T::Bool], &[T::Bool]);
    t.operation(&B::Not, &[T::Bool], &[T::Bool]);
}

fn comparison(t: &mut Table) {
    for op in [B::Lt, B::Gt, B::Le, B::Ge] {
        for type_ in INTEGERS {
            t.operation(&op, &[type_.clone(), type_], &[T::Bool]);
        }
        let addresses = body(
            &[T::Address, T::Address],
            &[T::Bool],
            &[],
            vec![take(0), take(1), op.clone(), B::Ret],
        );
        t.refuse(&op, "addresses", Rule::TypeMismatch, 2, addresses);
    }
    let (s, r) = (t.items.world.s.clone(), t.items.world.r.clone());
    for op in [B::Eq, B::Neq] {
        for type_ in [T::U64, T::Address, s.clone(), imm(&s)] {
            t.operation(&op, &[type_.clone(), type_], &[T::Bool]);
        }
        let mutable_references = body(
            &[mutable(&s), mutable(&s)],
            &[T::Bool],
            &[],
            vec![take(0), take(1), op.clone(), B::Ret],
        );
        t.accept(&op, "mutable references", mutable_references);
        let code = vec![take(0), take(1), op.clone(), B::Ret];
        let linear = body(&[r.clone(), r.clone()], &[T::Bool], &[], code);
        t.refuse(&op, "values without drop", Rule::MissingAbility, 2, linear);
        let code = vec![copy(0), copy(0), op.clone(), B::Ret];
        let twice = body(&[mutable(&s)], &[T::Bool], &[], code);
        t.refuse(
            &op,
            "one mutable reference twice",
            Rule::ReferenceSafety,
            2,
            twice,
        );
        let code = vec![copy(0), copy(0), op.clone(), B::Ret];
        let twice = body(&[imm(&s)], &[T::Bool], &[], code);
        t.accept(&op, "one immutable reference twice", twice);
    }
}

fn branches(t: &mut Table) {
    let code = |code: Vec<B>| body(&[], &[], &[], code);
    let op = branch(1);
    t.accept(&op, "forward", code(vec![branch(1), B::Ret]));
    t.accept(&op, "for ever", code(vec![branch(0)]));
    let far = code(vec![branch(FAR)]);
    t.refuse(&op, "outside", Rule::IndexOutOfBounds, 0, far);
    let left = code(vec![B::LdTrue, branch(2), B::Ret]);
    t.refuse(&op, "with a value on the stack", Rule::StackUsage, 1, left);
    // The loop of 3 and 4 is entered at 3, then at both.
    let one_entry = code(vec![B::LdTrue, br_true(3), B::Nop, branch(4), branch(3)]);
    t.accept(&op, "one entry", one_entry);
    let two = code(vec![B::LdTrue, br_true(4), branch(3), branch(4), branch(3)]);
    t.row(&op, "two entries", two, Err((Rule::ControlFlow, None)));

    for (op, to) in [
        (B::BrTrue(CodeOffset(2)), B::BrTrue as fn(CodeOffset) -> B),
        (B::BrFalse(CodeOffset(2)), B::BrFalse),
    ] {
        let to = |target: u16| to(CodeOffset(target));
        t.accept(&op, "forward", code(vec![B::LdTrue, to(2), B::Ret]));
        t.accept(&op, "back", code(vec![B::LdTrue, to(0), B::Ret]));
        let far = code(vec![B::LdTrue, to(FAR), B::Ret]);
        t.refuse(&op, "outside", Rule::IndexOutOfBounds, 1, far);
        let few = code(vec![to(1), B::Ret]);
        t.refuse(&op, "without a condition", Rule::StackUsage, 0, few);
        let left = code(vec![B::LdTrue, B::LdTrue, to(3), B::Ret]);
        t.refuse(&op, "with a value below", Rule::StackUsage, 2, left);
        let number = code(vec![one(), to(2), B::Ret]);
        t.refuse(&op, "a number", Rule::TypeMismatch, 1, number);
        let last = code(vec![B::LdTrue, to(0)]);
        t.row(&op, "the last", last, Err((Rule::ControlFlow, None)));
        let two = code(vec![B::LdTrue, to(3), B::Nop, B::LdTrue, to(2), B::Ret]);
        t.row(
            &op,
            "two entries into a loop",
            two,
            Err((Rule::ControlFlow, None)),
        );
    }

    let w = t.items.world.clone();
    let op = switch(0);
    let switched = |parameter: &T, code: Vec<B>, targets: &[u16]| {
        body(std::slice::from_ref(parameter), &[], &[], code).jump_table(w.e_def, targets)
    };
    let code = vec![take(0), switch(0), B::Ret, B::Ret];
    t.accept(
        &op,
        "as it should be",
        switched(&imm(&w.e), code.clone(), &[2, 3]),
    );
    let few = switched(&imm(&w.e), code.clone(), &[2]);
    t.row(&op, "a target too few", few, Err((Rule::ControlFlow, None)));
    let mut unused = switched(&imm(&w.e), code.clone(), &[2, 3]);
    unused = unused.jump_table(w.e_def, &[2, 3]);
    t.row(
        &op,
        "a second table",
        unused,
        Err((Rule::ControlFlow, None)),
    );
    let mut far = switched(&imm(&w.e), code.clone(), &[2, 3]);
    far.code[1] = B::VariantSwitch(VariantJumpTableIndex(7));
    t.refuse(
        &op,
        "a table that is not there",
        Rule::IndexOutOfBounds,
        1,
        far,
    );
    let outside = switched(&imm(&w.e), code.clone(), &[2, FAR]);
    t.row(&op, "outside", outside, Err((Rule::IndexOutOfBounds, None)));
    for (name, wrong) in [
        ("a mutable reference", mutable(&w.e)),
        ("a value", w.e.clone()),
        ("another enum", imm(&w.generic_enum(T::U64))),
        ("a struct", imm(&w.s)),
        ("a number", T::U64),
    ] {
        let wrong = switched(&wrong, code.clone(), &[2, 3]);
        t.refuse(&op, name, Rule::TypeMismatch, 1, wrong);
    }
    let nothing = vec![switch(0), B::Ret, B::Ret];
    let few = switched(&imm(&w.e), nothing, &[1, 2]);
    t.refuse(&op, "nothing on the stack", Rule::StackUsage, 0, few);
    let below = vec![B::LdTrue, take(0), switch(0), B::Ret];
    let left = switched(&imm(&w.e), below, &[3, 3]);
    t.refuse(&op, "a value below", Rule::StackUsage, 2, left);
}

fn ends(t: &mut Table) {
    let w = t.items.world.clone();
    let plain = |returns: &[T], code: Vec<B>| body(&[], returns, &[], code);
    let op = B::Ret;
    t.accept(&op, "nothing", plain(&[], vec![B::Ret]));
    t.accept(&op, "a number", plain(&[T::U64], vec![one(), B::Ret]));
    let few = plain(&[T::U64], vec![B::Ret]);
    t.refuse(&op, "a result too few", Rule::StackUsage, 0, few);
    let many = plain(&[], vec![one(), B::Ret]);
    t.refuse(&op, "a result too many", Rule::StackUsage, 1, many);
    let wrong = plain(&[T::U64], vec![B::LdTrue, B::Ret]);
    t.refuse(&op, "another type", Rule::TypeMismatch, 1, wrong);
    let held = body(std::slice::from_ref(&w.r), &[], &[], vec![B::Ret]);
    t.refuse(
        &op,
        "a value without drop is left",
        Rule::LocalUnavailable,
        0,
        held,
    );
    let given = body(
        std::slice::from_ref(&w.r),
        std::slice::from_ref(&w.r),
        &[],
        vec![take(0), B::Ret],
    );
    t.accept(&op, "a value without drop is returned", given);
    let code = vec![borrow(0), B::Ret];
    let dangling = body(&[T::U64], &[imm(&T::U64)], &[], code);
    t.refuse(
        &op,
        "a reference to a local",
        Rule::ReferenceSafety,
        1,
        dangling,
    );
    let both = [mutable(&w.s), mutable(&w.s)];
    let code = vec![copy(0), take(0), B::Ret];
    let aliased = body(&both[..1], &both, &[], code);
    t.refuse(
        &op,
        "one mutable reference twice",
        Rule::ReferenceSafety,
        2,
        aliased,
    );
    let code = vec![take(0), take(1), B::Ret];
    t.accept(&op, "two mutable references", body(&both, &both, &[], code));

    let op = B::Abort;
    t.accept(&op, "with a code", plain(&[T::U64], vec![one(), B::Abort]));
    let held = body(std::slice::from_ref(&w.r), &[], &[], vec![one(), B::Abort]);
    t.accept(&op, "a value without drop is left", held);
    t.refuse(
        &op,
        "without a code",
        Rule::StackUsage,
        0,
        plain(&[], vec![B::Abort]),
    );
    let wrong = plain(&[], vec![B::LdTrue, B::Abort]);
    t.refuse(&op, "another type", Rule::TypeMismatch, 1, wrong);

    let op = B::Pop;
    for type_ in [T::U64, w.s.clone(), imm(&w.r), mutable(&w.r)] {
        let pop = body(&[type_], &[], &[], vec![take(0), B::Pop, B::Ret]);
        t.accept(&op, "a value with drop", pop);
    }
    let code = vec![take(0), B::Pop, B::Ret];
    let linear = body(std::slice::from_ref(&w.r), &[], &[], code);
    t.refuse(&op, "a value without drop", Rule::MissingAbility, 1, linear);
    t.refuse(
        &op,
        "nothing",
        Rule::StackUsage,
        0,
        plain(&[], vec![B::Pop, B::Ret]),
    );
    let last = plain(&[], vec![one(), B::Pop]);
    t.row(&op, "the last", last, Err((Rule::ControlFlow, None)));
}

fn locals(t: &mut Table) {
    let w = t.items.world.clone();
    let far = LocalIndex(200);
    for (op, far) in [
        (copy(0), B::CopyLoc(far)),
        (take(0), B::MoveLoc(far)),
        (borrow(0), B::ImmBorrowLoc(far)),
        (borrow_mut(0), B::MutBorrowLoc(far)),
        (store(0), B::StLoc(far)),
    ] {
        t.alone(&far, "a local that is not there", Rule::IndexOutOfBounds);
        if matches!(op, B::StLoc(_)) {
            continue;
        }
        let code = vec![op.clone(), B::Pop, B::Ret];
        t.accept(
            &op,
            "a local that is there",
            body(&[T::U64], &[], &[], code),
        );
        let last = body(&[T::U64], &[], &[], vec![op.clone()]);
        t.row(&op, "the last", last, Err((Rule::ControlFlow, None)));
        let left = body(&[T::U64], &[], &[], vec![op.clone(), B::Ret]);
        t.refuse(&op, "left on the stack", Rule::StackUsage, 1, left);
        let code = vec![op.clone(), B::Pop, B::Ret];
        let unassigned = body(&[], &[], &[T::U64], code);
        t.refuse(&op, "not assigned", Rule::LocalUnavailable, 0, unassigned);
        let code = vec![take(0), B::Pop, op.clone(), B::Pop, B::Ret];
        let moved = body(&[T::U64], &[], &[], code);
        t.refuse(&op, "moved before", Rule::LocalUnavailable, 2, moved);
        // Assigned on one of two ways.
        let code = vec![
            B::LdTrue,
            br_true(4),
            one(),
            store(0),
            op.clone(),
            B::Pop,
            B::Ret,
        ];
        let maybe = body(&[], &[], &[T::U64], code);
        t.refuse(&op, "assigned on one way", Rule::LocalUnavailable, 4, maybe);
    }
    let linear = std::slice::from_ref(&w.r);
    let code = vec![copy(0), B::Pop, take(0), B::Ret];
    let copied = body(linear, linear, &[], code);
    t.refuse(
        &copy(0),
        "a value without copy",
        Rule::MissingAbility,
        0,
        copied,
    );
    for op in [copy(0), take(0), borrow(0)] {
        let code = vec![
            borrow_mut(0),
            store(1),
            op.clone(),
            B::Pop,
            take(1),
            B::Pop,
            B::Ret,
        ];
        let held = body(&[T::U64], &[], &[mutable(&T::U64)], code);
        t.refuse(
            &op,
            "a mutable reference lives",
            Rule::ReferenceSafety,
            2,
            held,
        );
    }
    for op in [borrow(0), borrow_mut(0)] {
        let code = vec![op.clone(), B::Pop, B::Ret];
        let nested = body(&[imm(&T::U64)], &[], &[], code);
        t.refuse(&op, "a reference", Rule::TypeMismatch, 0, nested);
    }

    let op = store(0);
    let assign = |type_: &T, code: Vec<B>| body(&[T::U64], &[], std::slice::from_ref(type_), code);
    t.accept(
        &op,
        "once",
        assign(&T::U64, vec![take(0), store(1), B::Ret]),
    );
    let twice = vec![copy(0), store(1), take(0), store(1), B::Ret];
    t.accept(&op, "twice", assign(&T::U64, twice));
    let last = assign(&T::U64, vec![take(0), store(1)]);
    t.row(&op, "the last", last, Err((Rule::ControlFlow, None)));
    let few = assign(&T::U64, vec![store(1), B::Ret]);
    t.refuse(&op, "nothing", Rule::StackUsage, 0, few);
    let wrong = assign(&T::Bool, vec![take(0), store(1), B::Ret]);
    t.refuse(&op, "another type", Rule::TypeMismatch, 1, wrong);
    let code = vec![take(1), store(0), take(0), B::Ret];
    let over = body(&[w.r.clone(), w.r.clone()], linear, &[], code);
    t.refuse(
        &op,
        "over a value without drop",
        Rule::LocalUnavailable,
        1,
        over,
    );
    let code = vec![
        borrow(0),
        store(1),
        one(),
        store(0),
        take(1),
        B::Pop,
        B::Ret,
    ];
    let under = body(&[T::U64], &[], &[imm(&T::U64)], code);
    t.refuse(&op, "under a reference", Rule::ReferenceSafety, 3, under);
}

fn references(t: &mut Table) {
    let w = t.items.world.clone();
    let (s, f) = (w.s.clone(), w.f);
    // Parameter 0 is `&mut S`; local 1, `&mut u64`, points into it.
    let under = |tail: Vec<B>, returns: &[T]| {
        let head = [copy(0), B::MutBorrowField(f), store(1)];
        let rest = [take(1), B::Pop, B::Ret];
        let code = [&head[..], &tail, &rest].concat();
        body(&[mutable(&s)], returns, &[mutable(&T::U64)], code)
    };
    let op = B::FreezeRef;
    t.operation(&op, &[mutable(&s)], &[imm(&s)]);
    let held = under(vec![take(0), B::FreezeRef, B::Pop], &[]);
    t.refuse(
        &op,
        "a mutable reference lives",
        Rule::ReferenceSafety,
        4,
        held,
    );

    let op = B::ReadRef;
    t.operation(&op, &[imm(&s)], std::slice::from_ref(&s));
    let code = vec![take(0), B::ReadRef, B::Ret];
    let mutable_read = body(&[mutable(&s)], std::slice::from_ref(&s), &[], code);
    t.accept(&op, "a mutable reference", mutable_read);
    let code = vec![take(0), B::ReadRef, B::Ret];
    let linear = body(&[imm(&w.r)], std::slice::from_ref(&w.r), &[], code);
    t.refuse(&op, "a value without copy", Rule::MissingAbility, 1, linear);
    let held = under(vec![take(0), B::ReadRef, B::Pop], &[]);
    t.refuse(
        &op,
        "a mutable reference lives",
        Rule::ReferenceSafety,
        4,
        held,
    );

    let op = B::WriteRef;
    t.operation(&op, &[s.clone(), mutable(&s)], &[]);
    let code = vec![take(0), take(1), B::WriteRef, B::Ret];
    let linear = body(&[w.r.clone(), mutable(&w.r)], &[], &[], code);
    t.refuse(
        &op,
        "over a value without drop",
        Rule::MissingAbility,
        2,
        linear,
    );
    let pack = [one(), one(), B::Pack(w.s_def), take(0), B::WriteRef];
    let held = under(pack.to_vec(), &[]);
    t.refuse(&op, "a reference lives", Rule::ReferenceSafety, 7, held);
}
