//! The Move compiler.
