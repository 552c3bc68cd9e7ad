//! Move binary format.
