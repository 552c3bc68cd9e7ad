//! Listings in pages: a limit, and a cursor that continues after the last item.
//!
//! A cursor is the key of the last item, without the part that all keys of the
//! listing share. It stays valid when that item goes away, and when others
//! come: the listing goes on at the next key there is.

/// Where a listing goes on. Opaque to clients; they get it as bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor(Vec<u8>);

impl Cursor {
    /// Longest cursor that is looked at, in bytes.
    pub const BYTES_MAX: usize = 512;

    /// A cursor from bytes that a client sent. Whether it belongs to a listing
    /// turns out when the listing is asked for.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Cursor(bytes.into())
    }

    /// The cursor's bytes, for a client.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The cursor's bytes, for a client.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// One page of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in key order.
    pub items: Vec<T>,
    /// Where the next page starts, `None` if this was the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// The same page with each item converted.
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(convert).collect(),
            next: self.next,
        }
    }
}

/// Most items in one page; larger limits are cut down to it.
pub const PAGE_ITEMS_MAX: usize = 10_000;
