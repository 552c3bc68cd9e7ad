//! Who signed a transaction, and whether the signatures hold.
//!
//! A transaction is signed by its sender, and by the owner of the gas payment
//! if that is somebody else. Signatures cover the intent prefix and the
//! transaction, so one made for another purpose never verifies here.

use crate::SubmitError;
use sui_crypto::{UserSignatureVerifier, Verifier};
use sui_sdk_types::{Address, SigningDigest, Transaction, UserSignature};

/// Most signers of one transaction: sender and sponsor.
const SIGNERS_MAX: usize = 2;

/// Checks that exactly the required signers signed, and that each signature
/// verifies over `message`.
///
/// # Errors
/// [`SubmitError`] with a code that begins with `SIGNATURE`, or `NOT_BUILT`
/// for a scheme that this version does not verify.
pub(crate) fn verify(
    transaction: &Transaction,
    message: &SigningDigest,
    signatures: &[UserSignature],
) -> Result<(), SubmitError> {
    let sender = transaction.sender;
    let payer = transaction.gas_payment.owner;
    let mut signers = [sender; SIGNERS_MAX];
    let expected = if payer == sender {
        1
    } else {
        signers[1] = payer;
        SIGNERS_MAX
    };
    if signatures.len() != expected {
        return Err(SubmitError::SignatureCount {
            actual: signatures.len(),
            expected,
        });
    }
    for signer in &signers[..expected] {
        let signature = signatures
            .iter()
            .find(|signature| signature.derive_address() == *signer)
            .ok_or(SubmitError::SignatureMissing { signer: *signer })?;
        verify_one(*signer, message, signature)?;
    }
    Ok(())
}

fn verify_one(
    signer: Address,
    message: &SigningDigest,
    signature: &UserSignature,
) -> Result<(), SubmitError> {
    match signature {
        UserSignature::Simple(_) | UserSignature::Multisig(_) => UserSignatureVerifier::new()
            .verify(message, signature)
            .map_err(|error| SubmitError::SignatureInvalid {
                signer,
                reason: reason(&error),
            }),
        other => Err(SubmitError::NotBuilt {
            what: format!("signatures of scheme {:?}", other.scheme()),
        }),
    }
}

/// The innermost cause: the outer error says only that there was one.
fn reason(error: &sui_crypto::SignatureError) -> String {
    match std::error::Error::source(error) {
        Some(source) => source.to_string(),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_transactions::{any_transfer, keypair};
    use sui_crypto::{
        Signer, SuiSigner, multisig::MultisigAggregator, secp256k1::Secp256k1PrivateKey,
        secp256r1::Secp256r1PrivateKey,
    };
    use sui_sdk_types::{MultisigCommittee, MultisigMember, MultisigMemberPublicKey};

    fn check(transaction: &Transaction, signatures: &[UserSignature]) -> Result<(), SubmitError> {
        verify(transaction, &transaction.signing_digest(), signatures)
    }

    #[test]
    fn every_simple_scheme_verifies() {
        let ed25519 = keypair(1);
        let k1 = Secp256k1PrivateKey::new([2; 32]).expect("a valid scalar");
        let r1 = Secp256r1PrivateKey::new([3; 32]);
        let cases: [(Address, &dyn Signer<UserSignature>); 3] = [
            (ed25519.public_key().derive_address(), &ed25519),
            (k1.public_key().derive_address(), &k1),
            (r1.public_key().derive_address(), &r1),
        ];
        for (address, signer) in cases {
            let transaction = any_transfer(address);
            let signature = signer.sign(&transaction.signing_digest());
            assert_eq!(check(&transaction, &[signature]), Ok(()));
        }
    }

    #[test]
    fn a_multisig_verifies_from_its_threshold_on() {
        let keys = [keypair(1), keypair(2), keypair(3)];
        let members = keys
            .iter()
            .map(|key| MultisigMember::new(MultisigMemberPublicKey::Ed25519(key.public_key()), 1))
            .collect();
        let committee = MultisigCommittee::new(members, 2);
        let transaction = any_transfer(committee.derive_address());
        let mut aggregator =
            MultisigAggregator::new_with_transaction(committee.clone(), &transaction);
        for key in &keys[..2] {
            let signature = key.sign_transaction(&transaction).expect("signs");
            aggregator.add_signature(signature).expect("a member");
        }
        let enough = aggregator.finish().expect("two of two");
        let too_few = sui_sdk_types::MultisigAggregatedSignature::new(
            committee,
            enough.signatures()[..1].to_vec(),
            1,
        );
        assert_eq!(
            check(&transaction, &[UserSignature::Multisig(enough)]),
            Ok(())
        );
        assert_eq!(
            check(&transaction, &[UserSignature::Multisig(too_few)])
                .expect_err("one of two")
                .code(),
            "SIGNATURE_INVALID"
        );
    }

    #[test]
    fn wrong_signatures_are_told_apart() {
        let (alice, bob) = (keypair(1), keypair(2));
        let transaction = any_transfer(alice.public_key().derive_address());
        let good = alice.sign_transaction(&transaction).expect("signs");
        let foreign = bob.sign_transaction(&transaction).expect("signs");
        let other = any_transfer(bob.public_key().derive_address());
        let elsewhere = alice.sign_transaction(&other).expect("signs");
        for (signatures, code) in [
            (vec![], "SIGNATURE_COUNT"),
            (vec![good.clone(), good.clone()], "SIGNATURE_COUNT"),
            (vec![foreign], "SIGNATURE_MISSING"),
            (vec![elsewhere], "SIGNATURE_INVALID"),
        ] {
            let error = check(&transaction, &signatures).expect_err(code);
            assert_eq!(error.code(), code);
        }
        assert_eq!(check(&transaction, &[good]), Ok(()));
    }

    #[test]
    fn a_sponsored_transaction_needs_both_in_any_order() {
        let (alice, bob) = (keypair(1), keypair(2));
        let mut transaction = any_transfer(alice.public_key().derive_address());
        transaction.gas_payment.owner = bob.public_key().derive_address();
        let of_alice = alice.sign_transaction(&transaction).expect("signs");
        let of_bob = bob.sign_transaction(&transaction).expect("signs");
        for signatures in [
            [of_alice.clone(), of_bob.clone()],
            [of_bob, of_alice.clone()],
        ] {
            assert_eq!(check(&transaction, &signatures), Ok(()));
        }
        assert_eq!(
            check(&transaction, &[of_alice.clone(), of_alice]).map_err(|e| e.code()),
            Err("SIGNATURE_MISSING")
        );
    }
}
