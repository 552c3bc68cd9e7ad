//! Bytes as decisions.

/// Bytes that decide what is generated, one decision after the other. Once
/// they have run out, every decision is the first possible one, so that
/// whatever draws from them ends.
#[derive(Clone, Debug)]
pub struct Choices<'a> {
    rest: &'a [u8],
}

impl<'a> Choices<'a> {
    /// Decisions made by `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether all bytes have been used.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next byte, 0 after the last.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.rest.split_first() else {
            return 0;
        };
        self.rest = rest;
        *first
    }

    /// A number below `limit`, 0 if that is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        let wide = match limit {
            0 | 1 => return 0,
            2..=256 => usize::from(self.byte()),
            _ => usize::from(u16::from_le_bytes([self.byte(), self.byte()])),
        };
        wide % limit
    }

    /// Whether an event of probability one in `count` happens.
    pub fn one_in(&mut self, count: usize) -> bool {
        !self.is_exhausted() && self.below(count) == 0
    }

    /// A number of 64 bits, with more small and extreme ones than there would
    /// be by chance.
    pub fn number(&mut self) -> u64 {
        match self.byte() {
            kind @ 0..=99 => u64::from(kind % 10),
            100..=149 => u64::from(self.byte()),
            150..=179 => u64::MAX - u64::from(self.byte() % 4),
            180..=209 => 1 << (self.byte() % 64),
            _ => u64::from_le_bytes(std::array::from_fn(|_| self.byte())),
        }
    }

    /// One of `entries`.
    pub fn pick<'e, T>(&mut self, entries: &'e [T]) -> Option<&'e T> {
        entries.get(self.below(entries.len()))
    }
}

/// A generator of bytes for tests: the same seed gives the same bytes
/// (xorshift64*).
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// Bytes that follow from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// The next `count` bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            bytes.extend_from_slice(&self.next_u64().to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }
}
