//! Which functions a call from outside has run already.
//!
//! Each pays for its load once ([`cost_table`](crate::cost_table), rule 2). The
//! set is what makes that charge independent of caches: it starts empty with
//! every call.

use crate::linkage::{FUNCTIONS_MAX, FunctionIndex};

const WORDS: usize = FUNCTIONS_MAX / 64;

/// A bit for each function of a linkage context.
pub(crate) type Bits = [u64; WORDS];

/// Functions by index. 8 KiB, kept with the execution's memory; emptying it
/// costs what was put in.
pub(crate) struct Touched {
    bits: Box<Bits>,
    /// Words that hold a bit.
    used: Vec<u16>,
}

impl Touched {
    pub(crate) fn new() -> Self {
        Self {
            bits: Box::new([0; WORDS]),
            used: Vec::new(),
        }
    }

    /// Where native code looks: bit `index % 64` of word `index / 64`.
    #[cfg(feature = "native-code")]
    pub(crate) fn as_mut_ptr(&mut self) -> *mut u64 {
        self.bits.as_mut_ptr()
    }

    /// What threaded code looks at.
    pub(super) fn bits(&self) -> &Bits {
        &self.bits
    }

    /// Puts a function in; whether it was not there before.
    pub(crate) fn insert(&mut self, function: FunctionIndex) -> bool {
        let (word, bit) = position(function);
        if self.bits[word] == 0 {
            self.used.push(word as u16);
        }
        let is_new = self.bits[word] & bit == 0;
        self.bits[word] |= bit;
        is_new
    }

    /// Takes all functions out.
    pub(crate) fn clear(&mut self) {
        for word in self.used.drain(..) {
            self.bits[usize::from(word)] = 0;
        }
    }
}

/// Whether `bits` has a function.
#[inline(always)]
pub(super) fn contains(bits: &Bits, function: FunctionIndex) -> bool {
    let (word, bit) = position(function);
    bits[word] & bit != 0
}

#[inline(always)]
fn position(function: FunctionIndex) -> (usize, u64) {
    let index = function.0 as usize % FUNCTIONS_MAX;
    (index / 64, 1 << (index % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_there_until_cleared() {
        let mut touched = Touched::new();
        for round in 0..2 {
            for index in [0, 1, 63, 64, 65, 4095, (FUNCTIONS_MAX - 1) as u32] {
                let function = FunctionIndex(index);
                assert!(!contains(touched.bits(), function), "{round} {index}");
                assert!(touched.insert(function));
                assert!(!touched.insert(function));
                assert!(contains(touched.bits(), function));
            }
            touched.clear();
        }
        assert!(touched.bits().iter().all(|word| *word == 0));
    }
}
