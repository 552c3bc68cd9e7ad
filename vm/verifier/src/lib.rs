//! Move verifier.
