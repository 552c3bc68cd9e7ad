use super::*;
use crate::BcsError;
use crate::GasMeter;
use crate::layout::Shape;
use crate::memory::{Memory, STACK_WORDS};
use proptest::prelude::*;
use std::sync::Arc;

/// A layout and the BCS of a value of it.
fn typed_value() -> impl Strategy<Value = (Arc<Layout>, Vec<u8>)> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(|value| (Shape::Bool, vec![u8::from(value)])),
        any::<u8>().prop_map(|value| (Shape::U8, vec![value])),
        any::<u16>().prop_map(|value| (Shape::U16, value.to_le_bytes().to_vec())),
        any::<u32>().prop_map(|value| (Shape::U32, value.to_le_bytes().to_vec())),
        any::<u64>().prop_map(|value| (Shape::U64, value.to_le_bytes().to_vec())),
        any::<u128>().prop_map(|value| (Shape::U128, value.to_le_bytes().to_vec())),
        any::<[u8; 32]>().prop_map(|value| (Shape::U256, value.to_vec())),
        any::<[u8; 32]>().prop_map(|value| (Shape::Address, value.to_vec())),
    ]
    .prop_map(|(shape, bytes)| (Arc::new(Layout::primitive(shape)), bytes));
    leaf.prop_recursive(4, 24, 4, |inner| {
        let fields = proptest::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            fields.clone().prop_map(|fields| {
                let (layouts, bytes): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
                (Arc::new(Layout::structure(layouts)), bytes.concat())
            }),
            (fields, 0u8..3).prop_map(|(fields, tag)| {
                let (layouts, bytes): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
                let mut variants = vec![Vec::new(); 3];
                variants[usize::from(tag)] = layouts;
                let layout = Layout::enumeration(variants);
                (Arc::new(layout), [vec![tag], bytes.concat()].concat())
            }),
            (inner, 0u8..5).prop_map(|(element, count)| {
                let bytes = element.1.repeat(usize::from(count));
                (
                    Arc::new(Layout::vector(element.0)),
                    [vec![count], bytes].concat(),
                )
            }),
        ]
    })
}

/// A meter that does not matter.
fn free() -> GasMeter {
    GasMeter::unlimited()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn bcs_costs_the_same_both_ways_and_is_paid_in_full((layout, bytes) in typed_value()) {
        let mut memory = Memory::new(1 << 20);
        let Memory { words, heap } = &mut memory;
        let mut read = free();
        decode(words, heap, &mut read, &layout, 10, &bytes).expect("is BCS");
        let mut written = free();
        encode(words, &mut written, &layout, 10, &mut Vec::new()).expect("is a value");
        let mut checked = free();
        validate(&layout, &mut checked, &bytes).expect("is BCS");
        let cost = read.used();
        prop_assert_eq!((written.used(), checked.used()), (cost, cost));
        for budget in 0..cost {
            let mut gas = GasMeter::new(budget);
            let decoded = decode(words, heap, &mut gas, &layout, 10, &bytes);
            prop_assert_eq!(decoded, Err(DecodeError::OutOfGas));
            prop_assert_eq!(gas.remaining(), 0);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn bcs_round_trips_and_copies_are_equal((layout, bytes) in typed_value()) {
        let mut memory = Memory::new(1 << 20);
        let Memory { words, heap } = &mut memory;
        let (first, second) = (10, 10 + layout.words as usize);
        decode(words, heap, &mut free(), &layout, first, &bytes).expect("is BCS");
        prop_assert_eq!(validate(&layout, &mut free(), &bytes), Ok(()));
        let mut gas = GasMeter::unlimited();
        copy_value(words, heap, &mut gas, &layout, first, second).expect("fits");
        prop_assert_eq!(equal(words, &mut gas, &layout, first, second), Ok(true));
        // The copy has buffers of its own.
        drop_value(words, heap, &layout, first).expect("is a value");
        slice_fill(words, first, layout.words as usize);
        let mut out = Vec::new();
        encode(words, &mut free(), &layout, second, &mut out).expect("is a value");
        prop_assert_eq!(&out, &bytes);
        drop_value(words, heap, &layout, second).expect("is a value");
        // What was freed suffices for the same value twice more.
        let top = heap.used_words();
        decode(words, heap, &mut free(), &layout, first, &bytes).expect("is BCS");
        decode(words, heap, &mut free(), &layout, second, &bytes).expect("is BCS");
        prop_assert_eq!(heap.used_words(), top);
    }

    #[test]
    fn cut_or_extended_bytes_are_refused((layout, bytes) in typed_value(), cut in 0usize..100) {
        let mut memory = Memory::new(1 << 20);
        let Memory { words, heap } = &mut memory;
        if cut < bytes.len() {
            let result = decode(words, heap, &mut free(), &layout, 10, &bytes[..cut]);
            prop_assert!(result.is_err());
            prop_assert_eq!(validate(&layout, &mut free(), &bytes[..cut]).is_err(), true);
        }
        let longer = [&bytes[..], &[0]].concat();
        let expected = Err(DecodeError::Bcs(BcsError::TrailingBytes { count: 1 }));
        prop_assert_eq!(decode(words, heap, &mut free(), &layout, 10, &longer), expected.clone());
        prop_assert_eq!(validate(&layout, &mut free(), &longer), expected);
    }

    #[test]
    fn random_bytes_decode_alike_everywhere(
        (layout, _) in typed_value(), bytes in proptest::collection::vec(any::<u8>(), 0..64),
    ) {
        let mut memory = Memory::new(1 << 16);
        let Memory { words, heap } = &mut memory;
        let decoded = decode(words, heap, &mut free(), &layout, 10, &bytes);
        prop_assert_eq!(&decoded, &validate(&layout, &mut free(), &bytes));
        if decoded.is_ok() {
            let mut out = Vec::new();
            encode(words, &mut free(), &layout, 10, &mut out).expect("is a value");
            prop_assert_eq!(out, bytes);
        }
    }

    #[test]
    fn garbage_in_memory_is_no_crash((layout, _) in typed_value(), garbage in any::<[u64; 8]>()) {
        let mut memory = Memory::new(1 << 12);
        let Memory { words, heap } = &mut memory;
        for (index, word) in words[..4096].iter_mut().enumerate() {
            *word = garbage[index % 8];
        }
        let mut gas = GasMeter::new(1 << 20);
        let _ = encode(words, &mut free(), &layout, 10, &mut Vec::new());
        let _ = equal(words, &mut gas, &layout, 10, 20);
        let _ = copy_value(words, heap, &mut gas, &layout, 10, 2000);
        let _ = drop_value(words, heap, &layout, 10);
        prop_assert!(words.len() > STACK_WORDS);
    }
}

fn slice_fill(words: &mut Words, at: usize, count: usize) {
    for word in &mut words[at..at + count] {
        *word = u64::MAX;
    }
}
