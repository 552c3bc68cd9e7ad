//! Reading and writing at the level of bytes and numbers.

use crate::{
    error::{DeserializeError, DeserializeErrorKind, SerializeError},
    limits::BinaryLimits,
};

/// Reads a part of a module.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
    /// The module's version, which decides what it may contain.
    pub(crate) version: u32,
    pub(crate) limits: &'a BinaryLimits,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8], limits: &'a BinaryLimits) -> Self {
        Self {
            rest: bytes,
            offset: 0,
            version: 0,
            limits,
        }
    }

    /// How many bytes are left.
    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }

    /// An error about the byte that comes next.
    pub(crate) fn error(&self, kind: DeserializeErrorKind) -> DeserializeError {
        DeserializeError {
            offset: self.offset,
            kind,
        }
    }

    /// An error about the byte that was read last.
    pub(crate) fn error_before(&self, kind: DeserializeErrorKind) -> DeserializeError {
        DeserializeError {
            offset: self.offset.saturating_sub(1),
            kind,
        }
    }

    pub(crate) fn take(
        &mut self,
        count: usize,
        expected: &'static str,
    ) -> Result<&'a [u8], DeserializeError> {
        let Some((head, rest)) = self.rest.split_at_checked(count) else {
            return Err(self.error(DeserializeErrorKind::UnexpectedEnd { expected }));
        };
        self.rest = rest;
        self.offset += count;
        Ok(head)
    }

    /// Splits off a reader for the next `count` bytes.
    pub(crate) fn part(
        &mut self,
        count: usize,
        expected: &'static str,
    ) -> Result<Self, DeserializeError> {
        let offset = self.offset;
        let rest = self.take(count, expected)?;
        Ok(Self {
            rest,
            offset,
            version: self.version,
            limits: self.limits,
        })
    }

    pub(crate) fn bytes<const N: usize>(
        &mut self,
        expected: &'static str,
    ) -> Result<[u8; N], DeserializeError> {
        let mut bytes = [0; N];
        bytes.copy_from_slice(self.take(N, expected)?);
        Ok(bytes)
    }

    pub(crate) fn byte(&mut self, expected: &'static str) -> Result<u8, DeserializeError> {
        self.bytes::<1>(expected).map(|[byte]| byte)
    }

    /// A ULEB128 number of at most `limit`. Only its shortest form is valid,
    /// so that a module has one encoding.
    pub(crate) fn uleb128(
        &mut self,
        what: &'static str,
        limit: u64,
    ) -> Result<u64, DeserializeError> {
        let start = self.clone();
        let malformed = DeserializeErrorKind::Uleb128 { expected: what };
        let mut value = 0u64;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte(what)?;
            let bits = u64::from(byte & 0x7F);
            if bits << shift >> shift != bits || (shift > 0 && byte == 0) {
                return Err(start.error(malformed));
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return if value <= limit {
                    Ok(value)
                } else {
                    Err(start.error(DeserializeErrorKind::OutOfRange { what, value, limit }))
                };
            }
        }
        Err(start.error(malformed))
    }

    /// A count or length; never more than what its limit allows.
    pub(crate) fn count(
        &mut self,
        what: &'static str,
        limit: u64,
    ) -> Result<usize, DeserializeError> {
        let value = self.uleb128(what, limit)?;
        usize::try_from(value)
            .map_err(|_| self.error(DeserializeErrorKind::OutOfRange { what, value, limit }))
    }

    /// Refuses `feature` in modules older than `since`.
    pub(crate) fn need_version(
        &self,
        feature: &'static str,
        since: u32,
    ) -> Result<(), DeserializeError> {
        if self.version < since {
            let version = self.version;
            return Err(self.error_before(DeserializeErrorKind::NeedsVersion {
                feature,
                since,
                version,
            }));
        }
        Ok(())
    }
}

/// Writes a part of a module.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
    /// The module's version, which decides what it may contain.
    pub(crate) version: u32,
}

impl Writer {
    pub(crate) fn new(version: u32) -> Self {
        Self {
            bytes: Vec::new(),
            version,
        }
    }

    pub(crate) fn uleb128(
        &mut self,
        what: &'static str,
        value: u64,
        limit: u64,
    ) -> Result<(), SerializeError> {
        if value > limit {
            return Err(SerializeError::OutOfRange { what, value, limit });
        }
        let mut rest = value;
        while rest >= 0x80 {
            self.bytes.push(rest.to_le_bytes()[0] | 0x80);
            rest >>= 7;
        }
        self.bytes.push(rest.to_le_bytes()[0]);
        Ok(())
    }

    pub(crate) fn count(
        &mut self,
        what: &'static str,
        count: usize,
        limit: u64,
    ) -> Result<(), SerializeError> {
        self.uleb128(what, u64::try_from(count).unwrap_or(u64::MAX), limit)
    }

    pub(crate) fn need_version(
        &self,
        feature: &'static str,
        since: u32,
    ) -> Result<(), SerializeError> {
        if self.version < since {
            return Err(SerializeError::NeedsVersion {
                feature,
                since,
                version: self.version,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8]) -> Result<u64, DeserializeErrorKind> {
        let limits = BinaryLimits::published();
        Reader::new(bytes, &limits)
            .uleb128("a number", u64::MAX)
            .map_err(|error| error.kind)
    }

    #[test]
    fn only_the_shortest_form_is_a_number() {
        let malformed = Err(DeserializeErrorKind::Uleb128 {
            expected: "a number",
        });
        let end = Err(DeserializeErrorKind::UnexpectedEnd {
            expected: "a number",
        });
        let table: [(&[u8], Result<u64, DeserializeErrorKind>); 8] = [
            (&[0], Ok(0)),
            (&[0x7F], Ok(127)),
            (&[0x80, 0x01], Ok(128)),
            (&[0x80, 0x00], malformed.clone()),
            (&[0xFF; 9], end),
            (
                &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
                Ok(u64::MAX),
            ),
            (
                &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x03],
                malformed.clone(),
            ),
            (&[0xFF; 11], malformed),
        ];
        for (bytes, expected) in table {
            assert_eq!(read(bytes), expected, "{bytes:02x?}");
        }
    }

    proptest! {
        #[test]
        fn numbers_survive(value: u64) {
            let mut writer = Writer::new(7);
            writer.uleb128("a number", value, u64::MAX).unwrap();
            prop_assert_eq!(read(&writer.bytes), Ok(value));
        }
    }
}
