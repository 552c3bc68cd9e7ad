//! Places in the ledger, as the opaque cursors of the list methods.
//!
//! A cursor is a point that items lie before or after. Items sit on odd
//! offsets, the gaps between them on even ones, so that a cursor can name an
//! item as well as the gap before everything:
//!
//! ```text
//! transaction n      (n, 1)        checkpoint n   (n, 1)
//! event i of it      (n, 2i + 1)   gap before n   (n, 0)
//! ```
//!
//! On the wire: `format(1) ‖ ledger(1) ‖ place(8) ‖ offset(4)`, big-endian.

use crate::error::RpcError;

const FORMAT: u8 = 1;
const BYTES: usize = 14;

/// What a cursor counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Counting {
    /// Checkpoints.
    Checkpoints = 1,
    /// Transactions.
    Transactions = 2,
    /// Events.
    Events = 3,
}

/// A point in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LedgerCursor {
    /// The transaction's position, or the checkpoint's number.
    pub(crate) place: u64,
    /// Where within it.
    pub(crate) offset: u32,
}

impl LedgerCursor {
    /// The gap before everything at `place`.
    pub(crate) fn before(place: u64) -> Self {
        LedgerCursor { place, offset: 0 }
    }

    /// The `index`-th item at `place`.
    pub(crate) fn item(place: u64, index: u32) -> Self {
        LedgerCursor {
            place,
            offset: index.saturating_mul(2).saturating_add(1),
        }
    }

    /// The cursor as clients get it.
    pub(crate) fn encode(self, counting: Counting) -> bytes::Bytes {
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.push(FORMAT);
        bytes.push(counting as u8);
        bytes.extend_from_slice(&self.place.to_be_bytes());
        bytes.extend_from_slice(&self.offset.to_be_bytes());
        bytes.into()
    }

    /// A cursor that a client sent.
    ///
    /// # Errors
    /// [`RpcError::FieldInvalid`] if it is none of this method's.
    pub(crate) fn decode(field: &str, counting: Counting, bytes: &[u8]) -> Result<Self, RpcError> {
        let refuse = || RpcError::invalid(field, "not a cursor of this method");
        let bytes: [u8; BYTES] = bytes.try_into().map_err(|_| refuse())?;
        if bytes[0] != FORMAT || bytes[1] != counting as u8 {
            return Err(refuse());
        }
        let mut place = [0; 8];
        place.copy_from_slice(&bytes[2..10]);
        let mut offset = [0; 4];
        offset.copy_from_slice(&bytes[10..]);
        Ok(LedgerCursor {
            place: u64::from_be_bytes(place),
            offset: u32::from_be_bytes(offset),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn items_lie_between_gaps() {
        let item = LedgerCursor::item(5, 0);
        assert!(LedgerCursor::before(5) < item && item < LedgerCursor::before(6));
        assert!(item < LedgerCursor::item(5, 1));
    }

    proptest! {
        #[test]
        fn cursors_survive_the_trip(place: u64, offset: u32) {
            let cursor = LedgerCursor { place, offset };
            let bytes = cursor.encode(Counting::Events);
            prop_assert_eq!(LedgerCursor::decode("after", Counting::Events, &bytes).expect("own"), cursor);
            prop_assert!(LedgerCursor::decode("after", Counting::Transactions, &bytes).is_err());
        }

        #[test]
        fn garbage_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..32)) {
            let own = bytes.len() == BYTES && bytes[..2] == [FORMAT, Counting::Events as u8];
            prop_assert_eq!(LedgerCursor::decode("after", Counting::Events, &bytes).is_ok(), own);
        }
    }
}
