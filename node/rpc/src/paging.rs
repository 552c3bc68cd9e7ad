//! Page sizes, and page tokens that clients can't misuse.
//!
//! A token is opaque to clients:
//!
//! ```text
//! format(1) ‖ listing(1) ‖ fingerprint of the request(8) ‖ cursor(≤ 512)
//! ```
//!
//! The fingerprint covers every parameter that must stay the same from page
//! to page, so a token used with another request is refused instead of
//! yielding a listing with holes. Tokens carry no authority: they only say
//! where a public listing goes on, so they need no signature.

use crate::error::RpcError;
use heddle_store::Cursor;
use sui_sdk_types::hash::Hasher;

const FORMAT: u8 = 1;
const FINGERPRINT_BYTES: usize = 8;
const HEADER_BYTES: usize = 2 + FINGERPRINT_BYTES;

/// Which method's listing a token belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Listing {
    /// `ListOwnedObjects`.
    OwnedObjects = 1,
    /// `ListDynamicFields`.
    DynamicFields = 2,
    /// `ListBalances`.
    Balances = 3,
    /// `ListPackageVersions`.
    PackageVersions = 4,
}

/// One request's listing: what its tokens are bound to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pager {
    listing: Listing,
    fingerprint: [u8; FINGERPRINT_BYTES],
}

impl Pager {
    /// A pager for a listing with these parameters.
    pub(crate) fn new(listing: Listing, parameters: &[&[u8]]) -> Self {
        let mut hasher = Hasher::new();
        for parameter in parameters {
            hasher.update((parameter.len() as u64).to_le_bytes());
            hasher.update(parameter);
        }
        let digest = hasher.finalize();
        let mut fingerprint = [0; FINGERPRINT_BYTES];
        fingerprint.copy_from_slice(&digest.as_bytes()[..FINGERPRINT_BYTES]);
        Pager {
            listing,
            fingerprint,
        }
    }

    /// The token with which a client gets the next page.
    pub(crate) fn token(&self, cursor: &[u8]) -> bytes::Bytes {
        let mut token = Vec::with_capacity(HEADER_BYTES + cursor.len());
        token.push(FORMAT);
        token.push(self.listing as u8);
        token.extend_from_slice(&self.fingerprint);
        token.extend_from_slice(cursor);
        token.into()
    }

    /// Where the listing goes on according to a token; `None` for no token,
    /// which starts at the beginning.
    ///
    /// # Errors
    /// [`RpcError::FieldInvalid`] for a token that this listing did not give out.
    pub(crate) fn cursor(&self, token: Option<&[u8]>) -> Result<Option<Vec<u8>>, RpcError> {
        let Some(token) = token.filter(|token| !token.is_empty()) else {
            return Ok(None);
        };
        let refuse = |description: &str| Err(RpcError::invalid("page_token", description));
        if token.len() > HEADER_BYTES + Cursor::BYTES_MAX {
            return refuse("too long to be a page token");
        }
        let Some((header, cursor)) = token.split_at_checked(HEADER_BYTES) else {
            return refuse("too short to be a page token");
        };
        if header[0] != FORMAT {
            return refuse("not a page token of this server");
        }
        if header[1] != self.listing as u8 {
            return refuse("a page token of another method");
        }
        if header[2..] != self.fingerprint {
            return refuse(
                "a page token of another request; all other parameters must stay the same",
            );
        }
        Ok(Some(cursor.to_vec()))
    }
}

/// The number of items to return: what was asked for, within the method's
/// bounds.
pub(crate) fn page_size(asked: Option<u32>, default: usize, maximum: usize) -> usize {
    match asked {
        None | Some(0) => default,
        Some(asked) => usize::try_from(asked).unwrap_or(maximum).min(maximum),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sizes_are_bounded() {
        for (asked, expected) in [
            (None, 50),
            (Some(0), 50),
            (Some(7), 7),
            (Some(u32::MAX), 1000),
        ] {
            assert_eq!(page_size(asked, 50, 1000), expected);
        }
    }

    #[test]
    fn parameters_cannot_run_into_each_other() {
        let one = Pager::new(Listing::OwnedObjects, &[b"ab", b"c"]);
        let other = Pager::new(Listing::OwnedObjects, &[b"a", b"bc"]);
        assert!(other.cursor(Some(&one.token(b"x"))).is_err());
    }

    proptest! {
        #[test]
        fn a_token_leads_back_to_its_cursor(owner: [u8; 32], cursor in prop::collection::vec(any::<u8>(), 0..=512)) {
            let pager = Pager::new(Listing::OwnedObjects, &[&owner]);
            let token = pager.token(&cursor);
            prop_assert_eq!(pager.cursor(Some(&token)).expect("own token"), Some(cursor));
            let elsewhere = Pager::new(Listing::DynamicFields, &[&owner]);
            prop_assert!(elsewhere.cursor(Some(&token)).is_err());
        }

        #[test]
        fn foreign_tokens_are_refused(owner: [u8; 32], token in prop::collection::vec(any::<u8>(), 1..600)) {
            let pager = Pager::new(Listing::Balances, &[&owner]);
            let own = token.len() >= HEADER_BYTES && token[..HEADER_BYTES] == pager.token(&[])[..];
            prop_assert_eq!(pager.cursor(Some(&token)).is_ok(), own && token.len() <= HEADER_BYTES + 512);
        }
    }
}
