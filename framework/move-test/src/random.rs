//! Arguments for `#[random_test]` functions.
//!
//! Deterministic: the same seed gives the same arguments on every machine.

use heddle_vm::{CallArg, SignatureType};

/// Longest random vector.
const VECTOR_LENGTH_MAX: u64 = 64;

/// How deep random vectors may nest.
const DEPTH_MAX: usize = 8;

/// Arguments for `parameters`, or nothing if one has a type that isn't built
/// in.
pub(crate) fn arguments(parameters: &[SignatureType], seed: u64) -> Option<Vec<CallArg>> {
    let mut source = SplitMix(seed);
    parameters
        .iter()
        .map(|parameter| {
            let mut bytes = Vec::new();
            value(parameter, &mut source, &mut bytes, DEPTH_MAX)?;
            Some(CallArg::Value(bytes))
        })
        .collect()
}

/// Appends the BCS of a random value.
fn value(
    type_: &SignatureType,
    source: &mut SplitMix,
    bytes: &mut Vec<u8>,
    depth: usize,
) -> Option<()> {
    let width = match type_ {
        SignatureType::Bool => {
            bytes.push(u8::from(source.next() & 1 == 1));
            return Some(());
        }
        SignatureType::Vector(element) => {
            let length = source.next() % (VECTOR_LENGTH_MAX + 1);
            // Below 128 a length is one byte.
            bytes.push(u8::try_from(length).ok()?);
            for _ in 0..length {
                value(element, source, bytes, depth.checked_sub(1)?)?;
            }
            return Some(());
        }
        SignatureType::U8 => 1,
        SignatureType::U16 => 2,
        SignatureType::U32 => 4,
        SignatureType::U64 => 8,
        SignatureType::U128 => 16,
        SignatureType::U256 | SignatureType::Address => 32,
        _ => return None,
    };
    bytes.extend((0..width).map(|_| source.byte()));
    Some(())
}

/// The SplitMix64 generator: small, and good enough to choose test arguments.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(parameter: SignatureType, seed: u64) -> Option<Vec<u8>> {
        match arguments(&[parameter], seed)?.pop()? {
            CallArg::Value(bytes) => Some(bytes),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_seed_gives_its_arguments_again_and_another_gives_others() {
        let first = bytes(SignatureType::U256, 1);
        assert_eq!(first, bytes(SignatureType::U256, 1));
        assert_ne!(first, bytes(SignatureType::U256, 2));
        assert_eq!(first.unwrap().len(), 32);
    }

    #[test]
    fn values_are_bcs_of_their_type() {
        for seed in 0..200 {
            let vector = SignatureType::Vector(Box::new(SignatureType::U16));
            bcs::from_bytes::<Vec<u16>>(&bytes(vector, seed).unwrap()).unwrap();
            bcs::from_bytes::<bool>(&bytes(SignatureType::Bool, seed).unwrap()).unwrap();
        }
        assert_eq!(bytes(SignatureType::TypeParameter(0), 0), None);
    }
}
