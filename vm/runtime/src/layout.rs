//! Layouts: how a closed type lies in memory.
//!
//! Outside of vectors every value takes whole words, fields follow one
//! another without gaps, so packing and unpacking a struct whose fields lie
//! side by side costs nothing:
//!
//! | type | words |
//! |---|---|
//! | `bool`, `u8` … `u64` | 1, zero-extended |
//! | `u128` | 2 |
//! | `u256`, `address`, `signer` | 4 |
//! | `vector<T>` | 2: buffer (low half) and its words (high half), then the length |
//! | struct | its fields in order |
//! | enum | variant tag, then the fields of the variant, zeros up to the largest |
//! | reference | 1, a byte offset |
//!
//! An all-zero vector is empty and owns nothing. Since a local that holds
//! vectors is zeroed when it is moved out, dropping it twice does nothing.

use std::sync::Arc;

/// Words of a vector's header.
pub(crate) const VECTOR_WORDS: u32 = 2;

/// How values of one closed type lie in memory.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Size outside vectors.
    pub(crate) words: u32,
    /// Size of an element in a vector: 1, 2, 4 or 8 × `words`.
    pub(crate) element_bytes: u32,
    /// Whether a value may own vector buffers.
    pub(crate) owns_heap: bool,
    /// Whether the bytes of an element in memory are its BCS.
    pub(crate) element_is_bcs: bool,
    /// The fewest bytes that a value takes in BCS.
    pub(crate) bcs_bytes_min: u32,
    /// Nesting of the layout, 1 for a primitive.
    pub(crate) depth: u32,
    /// How many layouts it has inside, itself included, written out.
    pub(crate) nodes: u32,
    /// Parts met on a walk through a value, itself included, without the
    /// elements of vectors; of enums those of the largest variant.
    pub(crate) walk: u32,
    pub(crate) shape: Shape,
}

/// What a layout is made of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Bool,
    U8,
    U16,
    U32,
    U64,
    U128,
    U256,
    /// `address` and `signer`.
    Address,
    Vector(Arc<Layout>),
    Struct(Box<[Field]>),
    /// Fields of each variant; offsets count from the tag word.
    Enum(Box<[Box<[Field]>]>),
}

/// A field at its offset in words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) offset: u32,
    pub(crate) layout: Arc<Layout>,
}

impl Layout {
    /// The layout of a type without parts.
    pub(crate) fn primitive(shape: Shape) -> Self {
        let (words, bytes) = match shape {
            Shape::Bool | Shape::U8 => (1, 1),
            Shape::U16 => (1, 2),
            Shape::U32 => (1, 4),
            Shape::U64 => (1, 8),
            Shape::U128 => (2, 16),
            _ => (4, 32),
        };
        Self {
            words,
            element_bytes: bytes,
            owns_heap: false,
            element_is_bcs: !matches!(shape, Shape::Bool),
            bcs_bytes_min: bytes,
            depth: 1,
            nodes: 1,
            walk: 1,
            shape,
        }
    }

    /// `vector<element>`.
    pub(crate) fn vector(element: Arc<Layout>) -> Self {
        Self {
            words: VECTOR_WORDS,
            element_bytes: VECTOR_WORDS * 8,
            owns_heap: true,
            element_is_bcs: false,
            bcs_bytes_min: 1,
            depth: element.depth.saturating_add(1),
            nodes: element.nodes.saturating_add(1),
            walk: 1,
            shape: Shape::Vector(element),
        }
    }

    /// A struct of these fields. A struct without fields takes one word, which
    /// no instruction reads.
    pub(crate) fn structure(fields: impl IntoIterator<Item = Arc<Layout>>) -> Self {
        let (fields, words) = place(fields, 0);
        let bcs_identical = !fields.is_empty()
            && fields
                .iter()
                .all(|field| field.layout.element_is_bcs && field.layout.element_bytes >= 8);
        Self {
            words: words.max(1),
            element_bytes: words.max(1).saturating_mul(8),
            owns_heap: fields.iter().any(|field| field.layout.owns_heap),
            element_is_bcs: bcs_identical,
            bcs_bytes_min: bcs_min(&fields),
            depth: depth(&fields).saturating_add(1),
            nodes: nodes(&fields).saturating_add(1),
            walk: walk(&fields).saturating_add(1),
            shape: Shape::Struct(fields),
        }
    }

    /// An enum of these variants.
    pub(crate) fn enumeration(variants: Vec<Vec<Arc<Layout>>>) -> Self {
        let mut words = 1;
        let mut variant_fields = Vec::with_capacity(variants.len());
        for fields in variants {
            let (fields, end) = place(fields, 1);
            words = words.max(end);
            variant_fields.push(fields);
        }
        let all = || variant_fields.iter();
        Self {
            words,
            element_bytes: words.saturating_mul(8),
            owns_heap: all().flatten().any(|field| field.layout.owns_heap),
            element_is_bcs: false,
            bcs_bytes_min: all()
                .map(|fields| bcs_min(fields))
                .min()
                .unwrap_or(0)
                .saturating_add(1),
            depth: all()
                .map(|fields| depth(fields))
                .max()
                .unwrap_or(0)
                .saturating_add(1),
            nodes: all().fold(1, |sum, fields| sum.saturating_add(nodes(fields))),
            walk: all()
                .map(|fields| walk(fields))
                .max()
                .unwrap_or(0)
                .saturating_add(1),
            shape: Shape::Enum(variant_fields.into_boxed_slice()),
        }
    }

    /// Whether it is that of an integer, `bool`, `address` or `signer`.
    pub(crate) fn is_primitive(&self) -> bool {
        !matches!(
            self.shape,
            Shape::Vector(_) | Shape::Struct(_) | Shape::Enum(_)
        )
    }

    /// Bytes of an integer or bool that fits a word; `None` for all others.
    pub(crate) fn scalar_bytes(&self) -> Option<u32> {
        match self.shape {
            Shape::Bool | Shape::U8 => Some(1),
            Shape::U16 => Some(2),
            Shape::U32 => Some(4),
            Shape::U64 => Some(8),
            _ => None,
        }
    }
}

fn place(fields: impl IntoIterator<Item = Arc<Layout>>, start: u32) -> (Box<[Field]>, u32) {
    let mut offset = start;
    let fields = fields
        .into_iter()
        .map(|layout| {
            let field = Field { offset, layout };
            offset = offset.saturating_add(field.layout.words);
            field
        })
        .collect();
    (fields, offset)
}

fn bcs_min(fields: &[Field]) -> u32 {
    fields.iter().fold(0u32, |sum, field| {
        sum.saturating_add(field.layout.bcs_bytes_min)
    })
}

fn nodes(fields: &[Field]) -> u32 {
    fields
        .iter()
        .fold(0u32, |sum, field| sum.saturating_add(field.layout.nodes))
}

fn walk(fields: &[Field]) -> u32 {
    fields
        .iter()
        .fold(0u32, |sum, field| sum.saturating_add(field.layout.walk))
}

fn depth(fields: &[Field]) -> u32 {
    fields
        .iter()
        .map(|field| field.layout.depth)
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let word = Arc::new(Layout::primitive(Shape::U64));
        let byte = Arc::new(Layout::primitive(Shape::U8));
        let address = Arc::new(Layout::primitive(Shape::Address));
        let pair = Layout::structure([word.clone(), address.clone()]);
        assert_eq!((pair.words, pair.element_bytes), (5, 40));
        assert!(pair.element_is_bcs && !pair.owns_heap);
        let mixed = Layout::structure([byte.clone(), word.clone()]);
        assert_eq!((mixed.words, mixed.bcs_bytes_min), (2, 9));
        assert!(!mixed.element_is_bcs);
        let vector = Arc::new(Layout::vector(byte.clone()));
        assert!(vector.owns_heap);
        let choice = Layout::enumeration(vec![vec![], vec![byte, vector, address]]);
        assert_eq!(
            (choice.words, choice.bcs_bytes_min, choice.depth),
            (8, 1, 3)
        );
        assert!(choice.owns_heap);
        assert_eq!(Layout::structure([]).words, 1);
    }
}
