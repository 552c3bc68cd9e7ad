//! A bound on the work of verification.

/// Counts the work of verification and stops it at a limit.
///
/// A unit stands for a step of roughly constant time: an instruction looked
/// at, a type node visited, an edge of a borrow graph copied. Passes charge
/// before they work, in amounts that depend on the module alone, so that all
/// validators stop at the same point.
#[derive(Clone, Debug)]
pub struct WorkMeter {
    used: u64,
    limit: u64,
}

/// The meter has no work left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("verification needs more than {limit} units of work: split the module or its functions")]
pub struct WorkExhausted {
    /// The limit, in units.
    pub limit: u64,
}

impl WorkMeter {
    /// Units for the largest module that arrives in a transaction: some
    /// hundred times what compilers make of a full package, and less than half
    /// a second on one core.
    pub const PUBLISHED_LIMIT: u64 = 20_000_000;
    /// Units for a module of no bytes.
    const BASE: u64 = 100_000;
    /// Units for each byte of a module. What compilers write takes less than
    /// 12.
    const PER_BYTE: u64 = 300;

    /// A meter that allows `limit` units.
    #[must_use]
    pub fn new(limit: u64) -> Self {
        Self { used: 0, limit }
    }

    /// A meter for a module of this size that arrives in a transaction: a
    /// small module that wants as much work as a large one may is hostile.
    #[must_use]
    pub fn for_module(bytes: usize) -> Self {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let limit = bytes
            .saturating_mul(Self::PER_BYTE)
            .saturating_add(Self::BASE);
        Self::new(limit.min(Self::PUBLISHED_LIMIT))
    }

    /// A meter for code that needs no bound, such as the framework's own.
    #[must_use]
    pub fn unlimited() -> Self {
        Self::new(u64::MAX)
    }

    /// Takes `units` from what is left.
    pub fn charge(&mut self, units: u64) -> Result<(), WorkExhausted> {
        self.used = self.used.saturating_add(units);
        if self.used > self.limit {
            return Err(WorkExhausted { limit: self.limit });
        }
        Ok(())
    }

    /// Takes a unit for each of `count` steps.
    pub fn charge_each(&mut self, count: usize) -> Result<(), WorkExhausted> {
        self.charge(u64::try_from(count).unwrap_or(u64::MAX))
    }

    /// The units charged so far, those of a refused charge included.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.used
    }
}

impl Default for WorkMeter {
    fn default() -> Self {
        Self::new(Self::PUBLISHED_LIMIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_is_allowed_and_one_more_is_not() {
        let mut meter = WorkMeter::new(10);
        assert_eq!(meter.charge(10), Ok(()));
        assert_eq!(meter.charge(0), Ok(()));
        assert_eq!(meter.charge(1), Err(WorkExhausted { limit: 10 }));
        assert_eq!(meter.used(), 11);
    }

    #[test]
    fn the_limit_follows_the_size_up_to_a_point() {
        let limit = |bytes| WorkMeter::for_module(bytes).limit;
        assert!(limit(0) > 0 && limit(500) < limit(5000));
        assert_eq!(limit(256 * 1024), WorkMeter::PUBLISHED_LIMIT);
        assert_eq!(limit(usize::MAX), WorkMeter::PUBLISHED_LIMIT);
    }

    #[test]
    fn charges_do_not_wrap() {
        let mut meter = WorkMeter::new(10);
        assert!(meter.charge(u64::MAX).is_err());
        assert!(meter.charge(u64::MAX).is_err());
    }
}
