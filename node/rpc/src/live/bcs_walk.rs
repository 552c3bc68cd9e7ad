//! Where a value ends in BCS, by its layout. Reads lengths and variant tags
//! and skips everything else.

use heddle_vm::{FieldLayout, TypeLayout};

/// Deepest nesting that is followed; no stored value is deeper.
const DEPTH_MAX: usize = 256;

/// How many of `bytes` the value at their start takes; `None` if they hold no
/// value of this layout.
pub(super) fn value_length(layout: &TypeLayout, bytes: &[u8]) -> Option<usize> {
    let mut walk = Walk { bytes, at: 0 };
    walk.value(layout, 0)?;
    Some(walk.at)
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Walk<'_> {
    fn value(&mut self, layout: &TypeLayout, depth: usize) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        match layout {
            TypeLayout::Bool | TypeLayout::U8 => self.skip(1),
            TypeLayout::U16 => self.skip(2),
            TypeLayout::U32 => self.skip(4),
            TypeLayout::U64 => self.skip(8),
            TypeLayout::U128 => self.skip(16),
            TypeLayout::U256 | TypeLayout::Address | TypeLayout::Signer => self.skip(32),
            TypeLayout::Vector(element) => {
                let length = self.length()?;
                if matches!(**element, TypeLayout::Bool | TypeLayout::U8) {
                    return self.skip(length);
                }
                for _ in 0..length {
                    let before = self.at;
                    self.value(element, depth + 1)?;
                    // An element takes at least a byte, so that a made-up
                    // length can't keep this loop busy.
                    if self.at == before {
                        return None;
                    }
                }
                Some(())
            }
            TypeLayout::Struct(layout) => self.fields(&layout.fields, depth),
            TypeLayout::Enum(layout) => {
                let variant = layout.variants.get(self.length()?)?;
                self.fields(&variant.fields, depth)
            }
        }
    }

    fn fields(&mut self, fields: &[FieldLayout], depth: usize) -> Option<()> {
        fields
            .iter()
            .try_for_each(|field| self.value(&field.layout, depth + 1))
    }

    fn skip(&mut self, bytes: usize) -> Option<()> {
        let end = self.at.checked_add(bytes)?;
        (end <= self.bytes.len()).then(|| self.at = end)
    }

    /// A length or variant tag: seven bits a byte, at most 32 of them.
    fn length(&mut self) -> Option<usize> {
        let mut value = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return usize::try_from(u32::try_from(value).ok()?).ok();
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn vector(element: TypeLayout) -> TypeLayout {
        TypeLayout::Vector(Arc::new(element))
    }

    proptest! {
        #[test]
        fn a_value_ends_where_its_bytes_end(
            value in prop::collection::vec(prop::collection::vec(any::<u16>(), 0..5), 0..200),
            rest in prop::collection::vec(any::<u8>(), 0..20),
        ) {
            let layout = vector(vector(TypeLayout::U16));
            let mut bytes = bcs::to_bytes(&value).expect("plain");
            let length = bytes.len();
            bytes.extend(rest);
            prop_assert_eq!(value_length(&layout, &bytes), Some(length));
            prop_assert_eq!(value_length(&layout, &bytes[..length - 1]), None);
        }

        #[test]
        fn no_bytes_make_it_go_wrong(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            for layout in [vector(vector(TypeLayout::U8)), vector(TypeLayout::Address), TypeLayout::U256] {
                if let Some(length) = value_length(&layout, &bytes) {
                    prop_assert!(length <= bytes.len());
                }
            }
        }
    }
}
