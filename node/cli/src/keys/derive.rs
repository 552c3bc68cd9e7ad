//! Reading a private key in any of the forms in which wallets give it out.
//!
//! * `suiprivkey1…`: bech32 of flag and key (SIP-15), for every scheme;
//! * a recovery phrase of 12 to 24 words (BIP-39), turned into an ed25519 key
//!   by SLIP-0010 at `m/44'/784'/0'/0'/0'`, as wallets do;
//! * base64 of flag and key, as in keystore files;
//! * 64 hexadecimal digits: a raw ed25519 key.

use base64::Engine;
use sui_crypto::ed25519::Ed25519PrivateKey;
use sui_crypto::simple::SimpleKeypair;

/// The registered coin type (SLIP-0044) at which wallets derive keys.
const COIN_TYPE: u32 = 784;

/// Why a text is no private key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum ParseKeyError {
    #[error("this bech32 key does not decode: {0}")]
    Bech32(String),
    #[error("this recovery phrase is wrong: {0}")]
    Phrase(String),
    #[error("{0:?} is no derivation path. It looks like m/44'/784'/0'/0'/0', every part hardened")]
    Path(String),
    #[error("this secp256r1 key is out of range")]
    OutOfRange,
    #[error(
        "this is no private key. Give suiprivkey1…, a recovery phrase, base64 of flag and key, or 64 hexadecimal digits"
    )]
    Unknown,
}

/// Reads a private key. `path` is the derivation path for recovery phrases.
pub(crate) fn parse_key(text: &str, path: Option<&str>) -> Result<SimpleKeypair, ParseKeyError> {
    let text = text.trim();
    check_range(text)?;
    if text.starts_with("suiprivkey") {
        return SimpleKeypair::from_suiprivkey(text)
            .map_err(|error| ParseKeyError::Bech32(error.to_string()));
    }
    if text.split_whitespace().count() >= 12 {
        return from_phrase(text, path);
    }
    let digits = text.strip_prefix("0x").unwrap_or(text);
    if digits.len() == 64
        && let Ok(bytes) = hex::decode(digits)
        && let Ok(bytes) = <[u8; 32]>::try_from(bytes)
    {
        return Ok(Ed25519PrivateKey::new(bytes).into());
    }
    SimpleKeypair::from_base64(text).map_err(|_| ParseKeyError::Unknown)
}

/// Refuses secp256r1 keys that are no number of the curve's group: the library
/// takes them for granted and would panic.
fn check_range(text: &str) -> Result<(), ParseKeyError> {
    /// Flag byte of the scheme in the public key formats.
    const FLAG: u8 = 2;
    /// Order of the group, big-endian (FIPS 186-4, D.1.2.3).
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63,
        0x25, 0x51,
    ];
    let bytes = match bech32::decode(text) {
        Ok((_, bytes)) => bytes,
        Err(_) => base64::engine::general_purpose::STANDARD
            .decode(text)
            .unwrap_or_default(),
    };
    match bytes.split_first() {
        Some((&FLAG, key)) if key >= ORDER.as_slice() || key.iter().all(|byte| *byte == 0) => {
            Err(ParseKeyError::OutOfRange)
        }
        _ => Ok(()),
    }
}

fn from_phrase(phrase: &str, path: Option<&str>) -> Result<SimpleKeypair, ParseKeyError> {
    let phrase = phrase.split_whitespace().collect::<Vec<_>>().join(" ");
    let mnemonic = bip39::Mnemonic::parse_in_normalized(bip39::Language::English, &phrase)
        .map_err(|error| ParseKeyError::Phrase(error.to_string()))?;
    let indices = match path {
        Some(path) => parse_path(path)?,
        None => vec![44, COIN_TYPE, 0, 0, 0],
    };
    let key = slip10_ed25519::derive_ed25519_private_key(&mnemonic.to_seed(""), &indices);
    Ok(Ed25519PrivateKey::new(key).into())
}

/// Parses `m/44'/784'/0'/0'/0'`. Every part is hardened: ed25519 has no other.
fn parse_path(path: &str) -> Result<Vec<u32>, ParseKeyError> {
    let wrong = || ParseKeyError::Path(path.to_owned());
    let parts = path.strip_prefix("m/").ok_or_else(wrong)?;
    parts
        .split('/')
        .map(|part| {
            let number: u32 = part
                .strip_suffix('\'')
                .and_then(|digits| digits.parse().ok())
                .ok_or_else(wrong)?;
            // The top bit marks hardening; the derivation sets it itself.
            if number < 1 << 31 {
                Ok(number)
            } else {
                Err(wrong())
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::keystore::address_of;

    /// The published test vector of the public wallet documentation: a phrase
    /// and the address that it has at the default path.
    #[test]
    fn phrase_gives_the_public_address() {
        let phrase = "film crazy soon outside stand loop subway crumble thrive popular green nuclear struggle pistol arm wife phrase warfare march wheat nephew ask sunny firm";
        let keypair = parse_key(phrase, None).unwrap();
        assert_eq!(
            address_of(&keypair).to_string(),
            "0xa2d14fad60c56049ecf75246a481934691214ce413e6a8ae2fe6834c173a6133"
        );
    }

    #[test]
    fn every_form_gives_the_same_key() {
        let keypair = parse_key(&"07".repeat(32), None).unwrap();
        let bech32 = keypair.to_suiprivkey().unwrap();
        for text in [
            bech32.clone(),
            format!("  {bech32}\n"),
            keypair.to_base64(),
            format!("0x{}", "07".repeat(32)),
        ] {
            let again = parse_key(&text, None).unwrap();
            assert_eq!(address_of(&again), address_of(&keypair), "{text}");
        }
    }

    #[test]
    fn refusals() {
        let phrase = "film ".repeat(12);
        assert!(matches!(
            parse_key(&phrase, None),
            Err(ParseKeyError::Phrase(_))
        ));
        assert!(matches!(
            parse_key("suiprivkey1qqq", None),
            Err(ParseKeyError::Bech32(_))
        ));
        assert_eq!(
            parse_key("hello", None).unwrap_err(),
            ParseKeyError::Unknown
        );
        // secp256r1 keys of all zeros and all ones, in both encodings.
        for byte in [0x00, 0xff] {
            let mut bytes = vec![byte; 33];
            bytes[0] = 2;
            let base64 = base64::engine::general_purpose::STANDARD.encode(&bytes);
            let hrp = bech32::Hrp::parse("suiprivkey").unwrap();
            let bech32 = bech32::encode::<bech32::Bech32>(hrp, &bytes).unwrap();
            for text in [base64, bech32] {
                assert_eq!(
                    parse_key(&text, None).unwrap_err(),
                    ParseKeyError::OutOfRange
                );
            }
        }
        for path in ["44'/784'", "m/44/784'", "m/x'", "m/4294967295'"] {
            assert_eq!(
                parse_path(path).unwrap_err(),
                ParseKeyError::Path(path.into())
            );
        }
    }
}
