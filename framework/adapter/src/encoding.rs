//! Pieces of BCS that are written by hand because their elements are bytes
//! already.

/// The length of a vector in BCS.
pub(crate) fn length_prefix(mut length: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while length >= 0x80 {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes
}

#[cfg(test)]
mod tests {
    use super::length_prefix;

    #[test]
    fn lengths_are_those_of_bcs() {
        for length in [0_usize, 1, 127, 128, 300, 16_383, 16_384] {
            let vector = vec![0_u8; length];
            let expected = bcs::to_bytes(&vector).expect("a vector");
            let prefix = length_prefix(length);
            assert_eq!(prefix, expected[..prefix.len()]);
            assert_eq!(prefix.len() + length, expected.len());
        }
    }
}
