//! Metering: a budget in VM gas units, and the versioned table of costs.
//!
//! One unit is about the time of one simple instruction (an integer addition
//! of two locals). Straight-line costs are charged per basic block before it
//! runs, at the cost of the *Move* bytecodes in it, so every execution tier
//! charges the same; costs that depend on the size of data are charged when
//! the size is known, before the work is done.

/// What an execution may still use. Units as in the module's introduction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GasMeter {
    budget: u64,
    remaining: u64,
}

/// The budget is used up; the meter then shows all of it as used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("out of gas")]
pub struct OutOfGas;

impl GasMeter {
    /// A meter with `budget` units to use.
    pub fn new(budget: u64) -> Self {
        Self {
            budget,
            remaining: budget,
        }
    }

    /// A meter that can't run out in practice, for genesis and tests.
    pub fn unlimited() -> Self {
        Self::new(u64::MAX)
    }

    /// Units that it started with.
    pub fn budget(&self) -> u64 {
        self.budget
    }

    /// Units used so far.
    pub fn used(&self) -> u64 {
        self.budget - self.remaining
    }

    /// Units left.
    pub fn remaining(&self) -> u64 {
        self.remaining
    }

    /// Takes over what another tier has left of it.
    #[cfg(feature = "native-code")]
    pub(crate) fn set_remaining(&mut self, remaining: u64) {
        debug_assert!(remaining <= self.remaining);
        self.remaining = remaining;
    }

    /// Takes `units`; if fewer are left, takes those and fails.
    ///
    /// # Errors
    /// [`OutOfGas`] if fewer than `units` are left.
    #[inline]
    pub fn charge(&mut self, units: u64) -> Result<(), OutOfGas> {
        match self.remaining.checked_sub(units) {
            Some(rest) => {
                self.remaining = rest;
                Ok(())
            }
            None => {
                self.remaining = 0;
                Err(OutOfGas)
            }
        }
    }

    /// Hands out up to `units` of what is left, to be charged elsewhere.
    pub(crate) fn lend(&mut self, units: u64) -> u64 {
        let lent = units.min(self.remaining);
        self.remaining -= lent;
        lent
    }

    /// Takes back what is left of units that were lent.
    pub(crate) fn take_back(&mut self, units: u64) {
        self.remaining += units;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_charge_uses_everything() {
        let mut meter = GasMeter::new(10);
        assert_eq!(meter.charge(7), Ok(()));
        assert_eq!(meter.used(), 7);
        assert_eq!(meter.charge(4), Err(OutOfGas));
        assert_eq!((meter.used(), meter.remaining()), (10, 0));
        assert_eq!(meter.charge(0), Ok(()));
    }
}
