//! Constants, moves, and access through references.

use super::cells::{self, Window, load, load_packed, store, store_packed};
use super::control::address;
use super::instruction::{Exit, Host, Instruction, get, set, straight, within};
use crate::code::{Body, Code, ConstantValue};
use crate::fault::{self, Fault};

straight! {
    /// `a = x`.
    fn constant(host, at, op, frame, gas) {
        set!(frame, op.a, op.x);
    }
}

/// The words of a constant.
fn constant_of(code: &Code, index: u16) -> Option<&[u64]> {
    match &code.body {
        Body::Ops(body) => match body.constants.get(usize::from(index))? {
            ConstantValue::Words(words) => Some(words),
            ConstantValue::Encoded { .. } => None,
        },
        Body::Native { .. } => None,
    }
}

straight! {
    /// `a = ` constant `b`, some words.
    fn constant_words(host, at, op, frame, gas) {
        let Some(words) = constant_of(host.running, op.b) else {
            return host.fail(at, gas, fault::invariant("constant out of range"));
        };
        let target = within!(host, at, gas, cells::slice(host.cells, host.word(op.a), words.len()));
        for (cell, word) in target.iter().zip(words) {
            cell.set(*word);
        }
    }
}

straight! {
    /// `a = b`, one word.
    fn move1(host, at, op, frame, gas) {
        set!(frame, op.a, get!(frame, op.b));
    }
}

straight! {
    /// `a = b`, two words.
    fn move2(host, at, op, frame, gas) {
        let (low, high) = (get!(frame, op.b), get!(frame, op.b.wrapping_add(1)));
        set!(frame, op.a, low);
        set!(frame, op.a.wrapping_add(1), high);
    }
}

straight! {
    /// `a = b`, four words.
    fn move4(host, at, op, frame, gas) {
        let value = super::wide::words4(frame, op.b);
        super::wide::set_words4(frame, op.a, value);
    }
}

straight! {
    /// `a = b`, `c` words.
    fn move_words(host, at, op, frame, gas) {
        let (from, to) = (host.word(op.b), host.word(op.a));
        within!(host, at, gas, cells::copy(host.cells, from, to, usize::from(op.c)));
    }
}

straight! {
    /// `a = b`, two words, and `b` is zeroed: a vector moves.
    fn move_out2(host, at, op, frame, gas) {
        let (low, high) = (get!(frame, op.b), get!(frame, op.b.wrapping_add(1)));
        set!(frame, op.a, low);
        set!(frame, op.a.wrapping_add(1), high);
        set!(frame, op.b, 0);
        set!(frame, op.b.wrapping_add(1), 0);
    }
}

straight! {
    /// `a = b`, `c` words, and `b` is zeroed.
    fn move_out(host, at, op, frame, gas) {
        let (from, to, count) = (host.word(op.b), host.word(op.a), usize::from(op.c));
        within!(host, at, gas, cells::copy(host.cells, from, to, count));
        within!(host, at, gas, cells::zero(host.cells, from, count));
    }
}

straight! {
    /// Zeroes `b` words from `a`.
    fn zero(host, at, op, frame, gas) {
        within!(host, at, gas, cells::zero(host.cells, host.word(op.a), usize::from(op.b)));
    }
}

straight! {
    /// Zeroes two words: an empty vector.
    fn zero2(host, at, op, frame, gas) {
        set!(frame, op.a, 0);
        set!(frame, op.a.wrapping_add(1), 0);
    }
}

/// Drops the vector in `a`. Most locals to drop were moved out and are zero.
pub(super) fn drop_vector<'h, 'c>(
    host: &mut Host<'h, 'c>,
    at: &'c [Instruction],
    frame: &'h Window,
    gas: u64,
) -> Exit {
    match at {
        [op, next, ..] if get!(frame, op.a) == 0 => (next.run)(host, &at[1..], frame, gas),
        _ => host.leave(at, gas, Exit::Slow),
    }
}

straight! {
    /// `a = b == c`, `d` words each; `x`: whether the result is turned round.
    fn eq_words(host, at, op, frame, gas) {
        let (left, right, count) = (host.word(op.b), host.word(op.c), usize::from(op.d));
        let equal = within!(host, at, gas, cells::equal(host.cells, left, right, count));
        set!(frame, op.a, u64::from(equal) ^ op.x);
    }
}

straight! {
    /// `a = *b == *c` of integers; `x`: whether the result is turned round.
    fn eq_ref[const BYTES: u32](host, at, op, frame, gas) {
        let (left, right) = (address(frame, op.b, 0), address(frame, op.c, 0));
        let left = within!(host, at, gas, load_packed::<BYTES>(host.cells, left));
        let right = within!(host, at, gas, load_packed::<BYTES>(host.cells, right));
        set!(frame, op.a, u64::from(left == right) ^ op.x);
    }
}

straight! {
    /// The same of values that own nothing. `d`: words.
    fn eq_ref_words(host, at, op, frame, gas) {
        let (left, right) = (address(frame, op.b, 0) >> 3, address(frame, op.c, 0) >> 3);
        let count = usize::from(op.d);
        let equal = within!(host, at, gas, cells::equal(host.cells, left, right, count));
        set!(frame, op.a, u64::from(equal) ^ op.x);
    }
}

straight! {
    /// `a` = reference to slot `b`.
    fn frame_address(host, at, op, frame, gas) {
        set!(frame, op.a, (host.word(op.b) as u64) << 3);
    }
}

straight! {
    /// `a` = reference `b` moved on by `x` bytes.
    fn add_offset(host, at, op, frame, gas) {
        set!(frame, op.a, get!(frame, op.b).wrapping_add(op.x));
    }
}

straight! {
    /// `a` = integer behind reference `b` at offset `x`.
    fn load_ref[const BYTES: u32](host, at, op, frame, gas) {
        let offset = address(frame, op.b, op.low());
        set!(frame, op.a, within!(host, at, gas, load_packed::<BYTES>(host.cells, offset)));
    }
}

straight! {
    /// `a` = `c` words behind reference `b` at offset `x`.
    fn load_words(host, at, op, frame, gas) {
        let (from, to) = (address(frame, op.b, op.low()) >> 3, host.word(op.a));
        within!(host, at, gas, cells::copy(host.cells, from, to, usize::from(op.c)));
    }
}

straight! {
    /// The same for a number of words known ahead.
    fn load_count[const COUNT: usize](host, at, op, frame, gas) {
        let (from, to) = (address(frame, op.b, op.low()) >> 3, host.word(op.a));
        within!(host, at, gas, cells::copy_words::<COUNT>(host.cells, from, to));
    }
}

straight! {
    /// Writes integer `b` behind reference `a` at offset `x`.
    fn store_ref[const BYTES: u32](host, at, op, frame, gas) {
        let (offset, value) = (address(frame, op.a, op.low()), get!(frame, op.b));
        within!(host, at, gas, store_packed::<BYTES>(host.cells, offset, value));
    }
}

straight! {
    /// Writes `c` words from `b` behind reference `a` at offset `x`.
    fn store_words(host, at, op, frame, gas) {
        let (from, to) = (host.word(op.b), address(frame, op.a, op.low()) >> 3);
        within!(host, at, gas, cells::copy(host.cells, from, to, usize::from(op.c)));
    }
}

straight! {
    /// The same for a number of words known ahead.
    fn store_count[const COUNT: usize](host, at, op, frame, gas) {
        let (from, to) = (host.word(op.b), address(frame, op.a, op.low()) >> 3);
        within!(host, at, gas, cells::copy_words::<COUNT>(host.cells, from, to));
    }
}

straight! {
    /// Makes an enum value: shifts `c` words of fields at `a` up by one, writes
    /// tag `b` before and zeroes behind them, `d` words in all.
    fn pack_variant(host, at, op, frame, gas) {
        let (base, fields, words) = (host.word(op.a), usize::from(op.c), usize::from(op.d));
        if fields >= words {
            return host.fail(at, gas, fault::invariant("variant is larger than its enum"));
        }
        within!(host, at, gas, cells::copy(host.cells, base, base + 1, fields));
        within!(host, at, gas, store(host.cells, base, u64::from(op.b)));
        let rest = base + 1 + fields;
        within!(host, at, gas, cells::zero(host.cells, rest, words - 1 - fields));
    }
}

#[cold]
fn other_variant<'c>(
    host: &mut Host<'_, 'c>,
    at: &'c [Instruction],
    gas: u64,
    expected: u16,
    actual: u64,
) -> Exit {
    host.fail(at, gas, Box::new(Fault::Variant { expected, actual }))
}

straight! {
    /// Takes an enum value at `b` apart: checks tag `c` and moves `d` words of
    /// fields to `a`.
    fn unpack_variant(host, at, op, frame, gas) {
        let tag = get!(frame, op.b);
        if tag != u64::from(op.c) {
            return other_variant(host, at, gas, op.c, tag);
        }
        let (from, to) = (host.word(op.b) + 1, host.word(op.a));
        within!(host, at, gas, cells::copy(host.cells, from, to, usize::from(op.d)));
    }
}

straight! {
    /// Checks that the value behind reference `a` at offset `x` has tag `b`.
    fn check_variant(host, at, op, frame, gas) {
        let index = address(frame, op.a, op.low()) >> 3;
        let tag = within!(host, at, gas, load(host.cells, index));
        if tag != u64::from(op.b) {
            return other_variant(host, at, gas, op.b, tag);
        }
    }
}

straight! {
    /// Checks that the value in `a` has tag `b`.
    fn check_variant_slot(host, at, op, frame, gas) {
        let tag = get!(frame, op.a);
        if tag != u64::from(op.b) {
            return other_variant(host, at, gas, op.b, tag);
        }
    }
}
